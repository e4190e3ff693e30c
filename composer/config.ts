import { createRequire } from "node:module";
import os from "node:os";
import { z } from "zod";
import { composerPort, composerSecret } from "../providers/composer/account.ts";
import { exerciseVideosFrom } from "../providers/exercise_video/index.ts";
import { storesFrom } from "../providers/storage/index.ts";
import { ConfigError, together } from "../runtime/config_error.ts";
import { readVariable } from "../runtime/environment/variable.ts";
import { type LogLevel, port, variables } from "../runtime/environment/variables.ts";

export type ComposerConfig = {
  host: string;
  port: number;
  secret: string;
  /** The program that makes the videos. */
  ffmpeg: string;
  parallel: number;
  /** How long one run of the program may take. */
  timeoutMs: number;
  ops?: { host: string; port: number; variable: string };
  logLevel: LogLevel;
};

const whole = (least: number, most: number) => ({
  schema: z.coerce.number().int().min(least).max(most),
  expects: `a whole number between ${least} and ${most}`,
});

/** Reads what the composer decides by the environment. Throws one ConfigError with all that is wrong. FND-30. */
export function readComposerSettings(env: NodeJS.ProcessEnv): ComposerConfig {
  const half = String(Math.max(1, Math.floor(os.availableParallelism() / 2)));
  const [host, listens, secret, ffmpeg, parallel, seconds, opsHost, opsPort, logLevel] = together(
    () => readVariable(env, "COMPOSER_HOST", variables.OPS_HOST),
    () => composerPort(env),
    () => composerSecret(env),
    () => programOf(env),
    () => readVariable(env, "COMPOSER_PARALLEL", whole(1, 32), half),
    () => readVariable(env, "COMPOSER_TIMEOUT_SECONDS", whole(10, 3600), "300"),
    () => readVariable(env, "OPS_HOST", variables.OPS_HOST),
    () => readVariable(env, "COMPOSER_OPS_PORT", { ...port, schema: port.schema.optional() }),
    () => readVariable(env, "LOG_LEVEL", variables.LOG_LEVEL),
    () => {
      const stores = storesFrom(env);
      exerciseVideosFrom(env, stores);
      stores.close();
    },
  );
  return {
    host,
    port: listens,
    secret,
    ffmpeg,
    parallel,
    timeoutMs: seconds * 1000,
    ...(opsPort !== undefined && { ops: { host: opsHost, port: opsPort, variable: "COMPOSER_OPS_PORT" } }),
    logLevel,
  };
}

/** FFMPEG_PATH, else the program that came with the packages, which there is not for every machine. */
function programOf(env: NodeJS.ProcessEnv): string {
  const expects = "the path of an ffmpeg with libx264 and libass";
  if (env.FFMPEG_PATH) return readVariable(env, "FFMPEG_PATH", { schema: z.string().min(1), expects });
  try {
    return createRequire(import.meta.url)("@ffmpeg-installer/ffmpeg").path;
  } catch {
    throw new ConfigError(`FFMPEG_PATH must be ${expects}.`);
  }
}
