import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import type { Kms } from "../index.ts";
import { localKms } from "../local.ts";

/** A real master key in a folder of its own. */
export function temporaryKms(): { kms: Kms; file: string; remove(): void } {
  const folder = mkdtempSync(path.join(tmpdir(), "restartix-keys-"));
  const file = path.join(folder, "keys", "master.keys");
  const kms = localKms({ file, create: true });
  kms.requireFile();
  return { kms, file, remove: () => rmSync(folder, { recursive: true, force: true }) };
}
