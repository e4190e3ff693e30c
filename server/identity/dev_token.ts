import { ConfigError, readIssuerConfig } from "../config.ts";
import { openDevIssuer } from "./dev_issuer.ts";
import { type Persona, personas } from "./personas.ts";

/** `npm run token -- <persona>`: prints a session token on one line, so that a shell can put it in a header. */
function main([name]: string[]): number {
  if (!name || !Object.hasOwn(personas, name)) {
    process.stderr.write(
      `Say for whom: npm run token -- <persona>, one of ${Object.keys(personas).join(", ")}.\n`,
    );
    return 1;
  }
  try {
    process.stdout.write(`${openDevIssuer(readIssuerConfig()).mint(personas[name as Persona])}\n`);
    return 0;
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    process.stderr.write(`${error.message}\n`);
    return 1;
  }
}

process.exitCode = main(process.argv.slice(2));
