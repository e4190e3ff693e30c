import { chmodSync, writeFileSync } from "node:fs";
import path from "node:path";
import { type Persona, personas } from "../../db/seed/personas.ts";
import { makeFolder } from "../../runtime/folders.ts";
import { openDevIssuer } from "../identity/dev_issuer.ts";
import { readIssuerConfig } from "../identity/settings.ts";

export type PersonaToken = { persona: Persona; token: string; file: string };

/**
 * A token for each persona, valid for twelve hours, and kept in a file each for shells. None where people
 * sign in at Clerk: tokens of this machine would not be taken.
 */
export function writeTokens(dataDir: string): PersonaToken[] {
  const config = { ...readIssuerConfig(), dataDir };
  if (config.identity.source !== "dev_issuer") return [];
  const issuer = openDevIssuer(config);
  const folder = path.join(dataDir, "tokens");
  makeFolder(folder, { mode: 0o700 });
  return (Object.keys(personas) as Persona[]).map((persona) => {
    const token = issuer.mint(personas[persona], { minutes: 12 * 60 });
    const file = path.join(folder, `${persona}.txt`);
    writeFileSync(file, `${token}\n`, { mode: 0o600 });
    chmodSync(file, 0o600); // the mode above counts for new files only
    return { persona, token, file };
  });
}
