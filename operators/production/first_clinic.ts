import { parseArgs } from "node:util";
import { z } from "zod";
import { joinDatabase } from "../../db/migrating/open_database.ts";
import { checkDatabaseUrls, withClient } from "../../db/migrating/prepare.ts";
import { ConfigError } from "../../runtime/config_error.ts";
import { isProduction } from "../../runtime/production.ts";
import { runProgram } from "../../runtime/run_program.ts";
import { StartupError } from "../../runtime/startup_error.ts";
import { databaseRefusal } from "../../server/errors/database_refusal.ts";
import { loadErrorRegistry } from "../../server/errors/registry.ts";
import { inEnglish } from "../../server/errors/written.ts";

const usage = `npm run first-clinic -- --superadmin irina@platform.ro --superadmin-name "Irina Vasilescu" \\
  --slug atlas --name "Clinica Atlas" --owner olga@atlas.ro --owner-name "Olga Dobre"

--locale ro, --timezone Europe/Bucharest and --currency RON are the clinic's unless you say otherwise.
--another adds a superadmin to a platform that has one.`;

const email = z.email().max(254);
const name = z.string().trim().min(1).max(200);
const expects = {
  superadmin: [email, "the email address that the first superadmin will sign in with"],
  "superadmin-name": [name, "their name"],
  slug: [z.string().regex(/^[a-z0-9]+(-[a-z0-9]+)*$/), "the clinic's name in addresses, such as atlas"],
  name: [name, "the clinic's name, as patients read it"],
  owner: [email, "the email address that the clinic's owner will sign in with"],
  "owner-name": [name, "their name"],
  locale: [z.enum(["ro", "en"]), "ro or en"],
  timezone: [z.string().min(1), "a time zone such as Europe/Bucharest"],
  currency: [z.string().regex(/^[A-Z]{3}$/), "a currency such as RON"],
} as const;

type Wish = Record<keyof typeof expects, string> & { another: boolean };

/**
 * `npm run first-clinic` (FND-36): the first superadmin and the first clinic with its owner, whom their first sign-in
 * with these addresses, verified, makes theirs. The same once more changes nothing. As app_owner: OWNER_DATABASE_URL in
 * production, the database that runs here otherwise.
 */
async function main(): Promise<void> {
  const wish = readWish();
  const { url, close } = await openAsOwner();
  try {
    const made = await withClient(url, async (client) => {
      await client.query("begin");
      await client.query("set local role app_engine");
      const { rows } = await client
        .query<{ made: boolean }>(
          `select app_private.open_first_clinic(
             superadmin_email => $1, superadmin_name => $2, slug => $3, name => $4, owner_email => $5, owner_name => $6,
             locale => $7, timezone => $8, currency => $9, another => $10) as made`,
          [
            wish.superadmin,
            wish["superadmin-name"],
            wish.slug,
            wish.name,
            wish.owner,
            wish["owner-name"],
            wish.locale,
            wish.timezone,
            wish.currency,
            wish.another,
          ],
        )
        .catch(async (error: Error & { code?: string }) => {
          if (!/^(RX|2[23])/.test(error.code ?? "")) throw error;
          await client.query("rollback");
          const refusal = databaseRefusal(error, await loadErrorRegistry(client));
          throw new StartupError(`Nothing was made: ${inEnglish(refusal ?? error)}`, { cause: error });
        });
      await client.query("commit");
      return rows[0]?.made === true;
    });
    console.log(
      made
        ? `${wish.superadmin} is superadmin, and ${wish.owner} owns ${wish.name} (${wish.slug}).`
        : "They were there already; nothing was changed.",
    );
    console.log("Both sign in with these addresses, which the identity provider must have verified.");
    console.log("An owner who had an account before has an invitation in their mail, and accepts it.");
  } finally {
    await close();
  }
}

function readWish(): Wish {
  let values: Record<string, string | boolean | undefined>;
  try {
    ({ values } = parseArgs({
      options: {
        ...Object.fromEntries(Object.keys(expects).map((option) => [option, { type: "string" as const }])),
        another: { type: "boolean", default: false },
      },
    }));
  } catch (error) {
    throw new ConfigError(`${(error as Error).message.split("\n")[0]}\n${usage}`);
  }
  const given: typeof values = { locale: "ro", timezone: "Europe/Bucharest", currency: "RON", ...values };
  const problems = Object.entries(expects).flatMap(([option, [schema, what]]) =>
    schema.safeParse(given[option]).success ? [] : [`--${option} must be ${what}.`],
  );
  if (problems.length > 0) throw new ConfigError(`${problems.join("\n")}\n\n${usage}`);
  return given as Wish;
}

async function openAsOwner(env = process.env): Promise<{ url: string; close(): Promise<void> }> {
  checkDatabaseUrls(env);
  if (isProduction(env)) {
    if (!env.OWNER_DATABASE_URL) {
      throw new ConfigError("OWNER_DATABASE_URL must be a postgres:// URL of the app_owner role.");
    }
    return { url: env.OWNER_DATABASE_URL, close: async () => {} };
  }
  const { urls, close } = await joinDatabase(env);
  return { url: urls.owner, close };
}

await runProgram(main);
