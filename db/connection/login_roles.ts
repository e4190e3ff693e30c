import { randomBytes } from "node:crypto";
import { readFile, rename, writeFile } from "node:fs/promises";
import path from "node:path";
import { makeFolder } from "../../runtime/folders.ts";
import { StartupError } from "../../runtime/startup_error.ts";

/** The roles that log in, by the short names used in URLs and in .data/secrets.json. */
export const loginRoles = {
  owner: "app_owner",
  authenticator: "app_authenticator",
  worker: "app_worker",
  telemetry: "app_telemetry",
} as const;

export type LoginRole = keyof typeof loginRoles;

/** Passwords we generated; a role that is missing here is left as the administrator made it. */
export type Passwords = Partial<Record<LoginRole, string>>;

/** What `.data/secrets.json` holds under `database`. `admin` is the embedded server's superuser. */
export type DatabaseSecrets = Record<LoginRole | "admin", string>;

/**
 * Reads the database passwords from `<dataFolder>/secrets.json`, generating those that are not
 * there yet. Other keys of the file are kept: it is shared with the rest of the program.
 */
export async function databaseSecrets(dataFolder: string): Promise<DatabaseSecrets> {
  const file = path.join(dataFolder, "secrets.json");
  const stored = await readSecrets(file);
  const known = stored.database ?? {};
  const names = ["admin", ...Object.keys(loginRoles)] as (keyof DatabaseSecrets)[];
  const secrets = Object.fromEntries(names.map((name) => [name, known[name] ?? password()]));

  if (names.some((name) => known[name] === undefined)) {
    try {
      makeFolder(dataFolder);
      const draft = `${file}.${process.pid}`;
      await writeFile(draft, `${JSON.stringify({ ...stored, database: secrets }, null, 2)}\n`, {
        mode: 0o600,
      });
      await rename(draft, file);
    } catch (error) {
      throw new StartupError(`Cannot write ${file}: give this user write permission to ${dataFolder}.`, {
        cause: error,
      });
    }
  }
  return secrets as DatabaseSecrets;
}

/** A password that needs no escaping in a URL or in SQL. */
export function password(): string {
  return randomBytes(24).toString("base64url");
}

async function readSecrets(
  file: string,
): Promise<Record<string, unknown> & { database?: Partial<DatabaseSecrets> }> {
  let text: string;
  try {
    text = await readFile(file, "utf8");
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return {};
    throw new StartupError(`Cannot read ${file}: it belongs to another user.`, { cause: error });
  }
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new StartupError(`${file} is not JSON: mend it, or run npm run reset to begin anew.`, {
      cause: error,
    });
  }
}
