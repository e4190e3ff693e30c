import { z } from "zod";
import { ConfigError, DEV_ISSUER, type KmsConfig, readKmsConfig } from "../server/config.ts";

export type WorkerConfig = {
  databaseUrl: string;
  /** Whose people the identity provider's events are about. */
  identityIssuer: string;
  concurrency: number;
  /** Where operators ask for health and metrics; nowhere when absent. */
  ops?: { host: string; port: number };
  kms: KmsConfig;
  logLevel: "fatal" | "error" | "warn" | "info" | "debug" | "trace" | "silent";
};

const variables = {
  WORKER_DATABASE_URL: [z.string().regex(/^postgres(ql)?:\/\//), "a postgres:// URL of the app_worker role"],
  WORKER_CONCURRENCY: [
    z.coerce.number().int().min(1).max(100).default(5),
    "a number of jobs between 1 and 100",
  ],
  OPS_HOST: [z.string().min(1).default("127.0.0.1"), "an address to listen on"],
  OPS_PORT: [z.coerce.number().int().min(1).max(65_535).optional(), "a port number between 1 and 65535"],
  CLERK_ISSUER: [z.url({ protocol: /^https$/ }), "the exact https issuer of Clerk's tokens"],
  LOG_LEVEL: [
    z.enum(["fatal", "error", "warn", "info", "debug", "trace", "silent"]).default("info"),
    "fatal, error, warn, info, debug, trace or silent",
  ],
} as const;

/** Reads the worker's settings. Throws ConfigError with one line that names the variable. FND-30. */
export function readWorkerConfig(env: NodeJS.ProcessEnv): WorkerConfig {
  const read = <Name extends keyof typeof variables>(name: Name, fallback?: string) => {
    const [schema, expects] = variables[name];
    const parsed = (schema as z.ZodType).safeParse(env[name] || fallback);
    if (!parsed.success) throw new ConfigError(`${name} must be ${expects}.`);
    return parsed.data as z.output<(typeof variables)[Name][0]>;
  };
  const opsPort = read("OPS_PORT");
  return {
    databaseUrl: read("WORKER_DATABASE_URL"),
    identityIssuer: read("CLERK_ISSUER", env.APP_MODE === "production" ? undefined : DEV_ISSUER),
    concurrency: read("WORKER_CONCURRENCY"),
    ...(opsPort !== undefined && { ops: { host: read("OPS_HOST"), port: opsPort } }),
    kms: readKmsConfig(env),
    logLevel: read("LOG_LEVEL"),
  };
}
