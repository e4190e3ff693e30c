import { randomBytes } from "node:crypto";
import { linkSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";
import { z } from "zod";
import { ConfigError } from "../runtime/config_error.ts";
import { dataDir } from "../runtime/environment/data_dir.ts";
import { readMode } from "../runtime/environment/mode.ts";
import { need, readVariable } from "../runtime/environment/variable.ts";
import { makeFolder } from "../runtime/folders.ts";

const TELEMETRY_SECRET = {
  schema: z
    .string()
    .regex(/^[\x21-\x7e]{32,200}$/)
    .optional(),
  expects: "32 to 200 letters, digits and signs, the same for the API and telemetry",
} as const;

/**
 * What the API signs the tokens of sessions with, and telemetry verifies them with (TEL-01): TELEMETRY_SECRET; outside
 * production, without it, a secret of this machine that is made on first use.
 */
export function telemetrySecret(env: NodeJS.ProcessEnv): Uint8Array {
  const named = readVariable(env, "TELEMETRY_SECRET", TELEMETRY_SECRET);
  if (named === undefined && readMode(env) === "production") {
    need("TELEMETRY_SECRET", TELEMETRY_SECRET, named);
  }
  return new TextEncoder().encode(named ?? ofThisMachine(dataDir(env)));
}

function ofThisMachine(folder: string): string {
  const file = path.join(folder, "telemetry.secret");
  const draft = `${file}.${process.pid}`;
  try {
    makeFolder(folder);
    writeFileSync(draft, randomBytes(32).toString("base64url"), { mode: 0o600 });
    linkSync(draft, file); // whole, or not at all where another process was first
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code !== "EEXIST") {
      throw new ConfigError(`DATA_DIR must be a folder this user may write to: ${folder} is not (${code}).`);
    }
  } finally {
    rmSync(draft, { force: true });
  }
  return readFileSync(file, "utf8");
}
