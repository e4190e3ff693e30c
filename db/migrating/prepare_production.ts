import pg from "pg";
import { ConfigError } from "../../runtime/config_error.ts";
import { mendConnection } from "../../runtime/connection_error.ts";
import { StartupError } from "../../runtime/startup_error.ts";
import { type LoginRole, loginRoles } from "../connection/login_roles.ts";
import { scramVerifier } from "../connection/scram.ts";
import { databaseIn } from "./open_database.ts";
import { checkDatabaseUrls, prepareDatabase, withServer } from "./prepare.ts";

/** What `npm run migrate` needs in production, and what each must be. */
const needed = {
  DATABASE_URL: "a postgres:// URL of an administrator of your PostgreSQL 18",
  OWNER_DATABASE_URL: "a postgres:// URL of the app_owner role",
} as const;

/** What keeps the database from being prepared, one line each. */
export function migrationProblems(env: NodeJS.ProcessEnv): string[] {
  return Object.entries(needed)
    .filter(([name]) => !env[name])
    .map(([name, expects]) => `${name} must be ${expects}.`);
}

/**
 * Prepares the database of a deployment with what the operator named and nothing else: no server is started, and no
 * password is made up. A role that is made now gets the password of its URL; one that was there before keeps its own,
 * unless `setPasswords` says otherwise. Answers with the owner's URL. FND-36.
 */
export async function prepareProduction(
  env: NodeJS.ProcessEnv,
  { setPasswords = false } = {},
): Promise<{ owner: string; says: string[] }> {
  const problems = migrationProblems(env);
  if (problems.length > 0) throw new ConfigError(...problems);
  checkDatabaseUrls(env);
  const admin = env.DATABASE_URL as string;
  const owner = env.OWNER_DATABASE_URL as string;
  const database = databaseIn(admin);
  if (databaseIn(owner) !== database) {
    throw new StartupError(
      `OWNER_DATABASE_URL must name the database that DATABASE_URL names: ${databaseIn(owner)} is not ${database}.`,
    );
  }

  const there = await withServer(admin, (client) =>
    client.query<{ rolname: string }>("select rolname from pg_catalog.pg_roles where rolname like 'app\\_%'"),
  );
  const existed = new Set(there.rows.map(({ rolname }) => rolname));
  const given = Object.fromEntries(
    (Object.keys(loginRoles) as LoginRole[]).map((name) => [name, env[`${name.toUpperCase()}_DATABASE_URL`]]),
  ) as Partial<Record<LoginRole, string>>;
  const toSet = Object.entries(given).flatMap(([name, url]) => {
    const role = loginRoles[name as LoginRole];
    const password = url && decodeURIComponent(new URL(url).password);
    return password && (setPasswords || !existed.has(role)) ? [{ role, password }] : [];
  });

  await prepareDatabase(admin, {
    database,
    // Every role has a URL here, so that none is derived from the administrator's.
    given: Object.fromEntries(
      Object.keys(loginRoles).map((name) => [name, given[name as LoginRole] ?? owner]),
    ),
    beforeDatabase: async (client) => {
      for (const { role, password } of toSet) {
        // The verifier, not the password: a statement may be written to the server's log.
        await client.query(`alter role ${role} password ${client.escapeLiteral(scramVerifier(password))}`);
      }
    },
  });
  await requireSignIn(owner);
  return { owner, says: toSet.map(({ role }) => `${role} has the password of its URL`) };
}

async function requireSignIn(owner: string): Promise<void> {
  const client = new pg.Client({ connectionString: owner, connectionTimeoutMillis: 10_000 });
  try {
    await client.connect();
  } catch (error) {
    const { code, message } = error as pg.DatabaseError;
    const mend =
      code === "28P01"
        ? 'Put the right password into it, or run "npm run migrate -- --set-passwords" to give the roles those of their URLs.'
        : mendConnection(error);
    throw new StartupError(`OWNER_DATABASE_URL does not lead to the database: ${message || code}. ${mend}`, {
      cause: error,
    });
  } finally {
    await client.end();
  }
}
