import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { z } from "zod";
import type { DevPerson } from "../identity/dev_issuer.ts";

const claims = z.object({ sub: z.string(), email: z.string(), name: z.string(), locale: z.string() });

/**
 * The personas of this machine, by their names: those whose tokens `npm start` wrote into the data folder. Where it wrote
 * none, because people sign in at Clerk or nothing was started, there are none.
 */
export function personasIn(dataDir: string): Map<string, DevPerson> {
  const folder = path.join(dataDir, "tokens");
  const people = new Map<string, DevPerson>();
  for (const file of filesIn(folder)) {
    const payload = readFileSync(path.join(folder, file), "utf8").split(".")[1] ?? "";
    const { sub: subject, ...person } = claims.parse(
      JSON.parse(Buffer.from(payload, "base64url").toString()),
    );
    people.set(path.basename(file, ".txt"), { subject, ...person });
  }
  return people;
}

function filesIn(folder: string): string[] {
  try {
    return readdirSync(folder).filter((file) => file.endsWith(".txt"));
  } catch {
    return [];
  }
}
