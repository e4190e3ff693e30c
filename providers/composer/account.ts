import { randomBytes } from "node:crypto";
import path from "node:path";
import { z } from "zod";
import { dataDir } from "../../runtime/environment/data_dir.ts";
import { readVariable } from "../../runtime/environment/variable.ts";
import { variables } from "../../runtime/environment/variables.ts";
import { keptSecret } from "../kept_secret.ts";

const secret = { schema: z.string().min(32), expects: "a secret of at least 32 characters" };

/** What composer and worker share: COMPOSER_SECRET, or outside production one that is made on this machine and stays there. EXL-05. */
export function composerSecret(env: NodeJS.ProcessEnv): string {
  if (env.COMPOSER_SECRET || env.APP_MODE === "production")
    return readVariable(env, "COMPOSER_SECRET", secret);
  const file = path.join(dataDir(env), "keys", "composer_secret");
  return keptSecret(file, () => randomBytes(32).toString("hex"));
}

/** Where the composer of this machine listens. */
export function composerPort(env: NodeJS.ProcessEnv): number {
  return readVariable(env, "COMPOSER_PORT", variables.COMPOSER_PORT);
}
