import { globSync, readFileSync } from "node:fs";
import path from "node:path";

const root = path.join(import.meta.dirname, "..", "..");

/** The mutations that keep their answer under the caller's Idempotency-Key (docs/decisions/0038): a lint holds that
 * every verb that makes money, bookings or messages begins by asking for it. */
export function rememberedMutations(): Set<string> {
  const verbs = globSync("db/functions/*/*.sql", { cwd: root })
    .filter((file) => /\bapp_private\.remembered\(\s*'/.test(readFileSync(path.join(root, file), "utf8")))
    .map((file) => path.basename(file, ".sql"));
  return new Set(verbs.map((verb) => verb.replace(/_(\w)/g, (_, letter: string) => letter.toUpperCase())));
}
