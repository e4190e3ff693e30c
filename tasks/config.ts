import { z } from "zod";
import { ConfigError, type KmsConfig, readKmsConfig } from "../server/config.ts";

export type WorkerConfig = {
  databaseUrl: string;
  concurrency: number;
  kms: KmsConfig;
  logLevel: "fatal" | "error" | "warn" | "info" | "debug" | "trace" | "silent";
};

const variables = {
  WORKER_DATABASE_URL: [z.string().regex(/^postgres(ql)?:\/\//), "a postgres:// URL of the app_worker role"],
  WORKER_CONCURRENCY: [
    z.coerce.number().int().min(1).max(100).default(5),
    "a number of jobs between 1 and 100",
  ],
  LOG_LEVEL: [
    z.enum(["fatal", "error", "warn", "info", "debug", "trace", "silent"]).default("info"),
    "fatal, error, warn, info, debug, trace or silent",
  ],
} as const;

/** Reads the worker's settings. Throws ConfigError with one line that names the variable. FND-30. */
export function readWorkerConfig(env: NodeJS.ProcessEnv): WorkerConfig {
  const read = <Name extends keyof typeof variables>(name: Name) => {
    const [schema, expects] = variables[name];
    const parsed = (schema as z.ZodType).safeParse(env[name] || undefined);
    if (!parsed.success) throw new ConfigError(`${name} must be ${expects}.`);
    return parsed.data as z.output<(typeof variables)[Name][0]>;
  };
  return {
    databaseUrl: read("WORKER_DATABASE_URL"),
    concurrency: read("WORKER_CONCURRENCY"),
    kms: readKmsConfig(env),
    logLevel: read("LOG_LEVEL"),
  };
}
