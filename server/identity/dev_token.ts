import { z } from "zod";
import { ConfigError, readIssuerConfig } from "../config.ts";
import { type DevPerson, openDevIssuer } from "./dev_issuer.ts";
import { type Persona, personas } from "./personas.ts";

/**
 * `npm run token -- <persona or email> [name]`: prints a session token on one line, so that a shell can put
 * it in a header. With an address it speaks for whoever owns that address, verified, as a guest who has
 * booked and now signs up.
 */
function main([who, name]: string[]): number {
  const person = who === undefined ? null : personOf(who, name);
  if (!person) {
    process.stderr.write(
      `Say for whom: npm run token -- <persona>, one of ${Object.keys(personas).join(", ")}, or an email address.\n`,
    );
    return 1;
  }
  try {
    process.stdout.write(`${openDevIssuer(readIssuerConfig()).mint(person)}\n`);
    return 0;
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    process.stderr.write(`${error.message}\n`);
    return 1;
  }
}

function personOf(who: string, name?: string): DevPerson | null {
  if (Object.hasOwn(personas, who)) return personas[who as Persona];
  const email = z.email().safeParse(who.toLowerCase());
  if (!email.success) return null;
  return { subject: `dev_${email.data}`, email: email.data, name: name ?? email.data, locale: "ro" };
}

process.exitCode = main(process.argv.slice(2));
