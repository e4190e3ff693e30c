import { cpSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import os from "node:os";
import path from "node:path";

/** The text of a file with line feeds alone: an editor or an archive may have made them CRLF, and means nothing by it. */
export function readText(file: string | URL): string {
  return readFileSync(file, "utf8").replaceAll("\r\n", "\n");
}

/**
 * Runs something with a folder of migrations whose files hold line feeds alone: graphile-migrate hashes what it reads,
 * and would take every committed migration with CRLF for changed. The folder itself, where nothing is to be mended.
 */
export async function withLineFeeds<T>(migrations: string, use: (folder: string) => Promise<T>): Promise<T> {
  const committed = path.join(migrations, "committed");
  const names = (existsSync(committed) ? readdirSync(committed) : []).filter((name) => name.endsWith(".sql"));
  if (!names.some((name) => readFileSync(path.join(committed, name), "utf8").includes("\r\n"))) {
    return use(migrations);
  }
  const copy = mkdtempSync(path.join(os.tmpdir(), "restartix-migrations-"));
  try {
    cpSync(migrations, copy, { recursive: true });
    for (const name of names) {
      writeFileSync(path.join(copy, "committed", name), readText(path.join(committed, name)));
    }
    return await use(copy);
  } finally {
    rmSync(copy, { recursive: true });
  }
}
