import { randomBytes } from "node:crypto";
import { readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { z } from "zod";
import { ConfigError } from "../../../runtime/config_error.ts";
import { makeFolder } from "../../../runtime/folders.ts";
import type { Credentials } from "../s3.ts";

const stored = z.object({ accessKeyId: z.string().min(16), secretAccessKey: z.string().min(32) });

/** Where the embedded store keeps its key and its objects. */
export function objectsFolder(dataDir: string): string {
  return path.join(dataDir, "objects");
}

/**
 * The one key of the embedded store, made on first use; whoever needs it reads the same file. Pages of a
 * browser on this machine reach the store's port too, so a key that stands in the sources would be none.
 */
export function openCredentials(dataDir: string): Credentials {
  const folder = objectsFolder(dataDir);
  const file = path.join(folder, "credentials.json");
  try {
    makeFolder(folder, { mode: 0o700 });
    const fresh: Credentials = {
      accessKeyId: `local${randomBytes(12).toString("hex")}`,
      secretAccessKey: randomBytes(32).toString("base64url"),
    };
    writeFileSync(file, `${JSON.stringify(fresh, null, 2)}\n`, { mode: 0o600, flag: "wx" });
    return fresh;
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code !== "EEXIST") {
      throw new ConfigError(`DATA_DIR must be a folder this user may write to: ${folder} is not (${code}).`);
    }
  }
  for (let attempt = 0; ; attempt++) {
    // Another process may be writing it at this very moment.
    const parsed = stored.safeParse(readJson(file));
    if (parsed.success) return parsed.data;
    if (attempt === 20) {
      throw new ConfigError(`${file} must hold the store's key: remove it, and a new one is made.`);
    }
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 25);
  }
}

function readJson(file: string): unknown {
  try {
    return JSON.parse(readFileSync(file, "utf8"));
  } catch {
    return undefined;
  }
}
