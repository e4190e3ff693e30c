import { spawnSync } from "node:child_process";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { SourceError } from "../../runtime/startup_error.ts";
import { dbFolder, sqlFiles } from "./sources.ts";

const project = fileURLToPath(new URL("../..", import.meta.url));

/**
 * Refuses with a SourceError what squawk finds in migrations/current: what it would do to a database that people are
 * using. Asked before a migration is frozen, while it can still be written otherwise.
 */
export function lintCurrent(folder: string = dbFolder): void {
  const files = sqlFiles(path.join(folder, "migrations", "current"));
  if (files.length === 0) return;
  const { status, stdout, error } = spawnSync(
    path.join(project, "node_modules", ".bin", "squawk"),
    ["--reporter=gcc", `--config=${path.join(project, ".squawk.toml")}`, ...files],
    { encoding: "utf8" },
  );
  if (error) throw new SourceError(`squawk could not be started: ${error.message}`);
  if (status !== 0) throw new SourceError(stdout.replaceAll(`${path.dirname(folder)}${path.sep}`, "").trim());
}
