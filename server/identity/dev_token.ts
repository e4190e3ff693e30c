import { z } from "zod";
import { type Persona, personas } from "../../db/seed/personas.ts";
import { asciiLower } from "../../providers/ascii_lower.ts";
import { refuseInProduction } from "../../runtime/production.ts";
import { runProgram } from "../../runtime/run_program.ts";
import { type DevPerson, guestOf, openDevIssuer } from "./dev_issuer.ts";
import { readIssuerConfig } from "./settings.ts";

/**
 * `npm run token -- <persona or email> [name]`: prints a session token on one line, so that a shell can put
 * it in a header. With an address it speaks for whoever owns that address, verified, as a guest who has
 * booked and now signs up. `npm run token -- --revoke <token>` ends a session as the identity provider would:
 * by an event to the running server, which forgets the token at once.
 */
export async function devToken([who, name]: string[]): Promise<number> {
  refuseInProduction("npm run token");
  if (who === "--revoke") return revoke(name ?? "");
  const person = who === undefined ? null : personOf(who, name);
  if (!person) {
    process.stderr.write(
      `Say for whom: npm run token -- <persona>, one of ${Object.keys(personas).join(", ")}, or an email address.\n`,
    );
    return 1;
  }
  process.stdout.write(`${openDevIssuer(readIssuerConfig()).mint(person)}\n`);
  return 0;
}

async function revoke(token: string): Promise<number> {
  const claims = sessionClaims.safeParse(readPayload(token));
  if (!claims.success) {
    process.stderr.write("Say which: npm run token -- --revoke <a token that npm run token printed>.\n");
    return 1;
  }
  const config = readIssuerConfig();
  const event = openDevIssuer(config).event("session.revoked", {
    id: claims.data.sid,
    user_id: claims.data.sub,
    object: "session",
  });
  const url = `http://localhost:${config.port}/v1/webhooks/clerk`;
  const status = await fetch(url, { method: "POST", ...event }).then(
    (response) => response.status,
    () => 0,
  );
  if (status !== 200) {
    process.stderr.write(
      `${url} did not take the event (${status || "nobody answers"}). Is npm start running?\n`,
    );
    return 1;
  }
  process.stdout.write("The session is over.\n");
  return 0;
}

const sessionClaims = z.object({ sid: z.string(), sub: z.string() });

function readPayload(token: string): unknown {
  try {
    return JSON.parse(Buffer.from(token.split(".")[1] ?? "", "base64url").toString("utf8"));
  } catch {
    return null;
  }
}

function personOf(who: string, name?: string): DevPerson | null {
  if (Object.hasOwn(personas, who)) return personas[who as Persona];
  const email = z.email().safeParse(asciiLower(who));
  return email.success ? guestOf(email.data, name) : null;
}

if (import.meta.main) await runProgram(() => devToken(process.argv.slice(2)));
