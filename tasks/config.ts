import { z } from "zod";
import { mailersFrom } from "../providers/email/index.ts";
import { openKms } from "../providers/kms/index.ts";
import { publicUrl } from "../providers/public_url.ts";
import { pusherFrom } from "../providers/push/index.ts";
import { textMessengersFrom } from "../providers/sms/index.ts";
import { storesFrom } from "../providers/storage/index.ts";
import { together } from "../runtime/config_error.ts";
import { jobNotify, pollMs } from "../runtime/job_notify.ts";
import { ConfigError, DEV_ISSUER, type KmsConfig, readKmsConfig } from "../server/config.ts";

export type WorkerConfig = {
  databaseUrl: string;
  /** Whose people the identity provider's events are about. */
  identityIssuer: string;
  concurrency: number;
  /** How often to look for jobs that nobody announced. */
  pollMs: number;
  /** Where operators ask for health and metrics; nowhere when absent. */
  ops?: { host: string; port: number; variable: string };
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
  WORKER_OPS_PORT: [
    z.coerce.number().int().min(1).max(65_535).optional(),
    "a port number between 1 and 65535",
  ],
  OPS_PORT: [z.coerce.number().int().min(1).max(65_535).optional(), "a port number between 1 and 65535"],
  CLERK_ISSUER: [z.url({ protocol: /^https$/ }), "the exact https issuer of Clerk's tokens"],
  LOG_LEVEL: [
    z.enum(["fatal", "error", "warn", "info", "debug", "trace", "silent"]).default("info"),
    "fatal, error, warn, info, debug, trace or silent",
  ],
} as const;

/**
 * Reads the worker's settings. Throws a ConfigError that names each variable that is missing or wrong. FND-30.
 * WORKER_OPS_PORT comes before OPS_PORT, so that one file of settings serves the API and the worker.
 */
export function readWorkerConfig(env: NodeJS.ProcessEnv): WorkerConfig {
  const read = <Name extends keyof typeof variables>(name: Name, fallback?: string) => {
    const [schema, expects] = variables[name];
    const parsed = (schema as z.ZodType).safeParse(env[name] || fallback);
    if (!parsed.success) throw new ConfigError(`${name} must be ${expects}.`);
    return parsed.data as z.output<(typeof variables)[Name][0]>;
  };
  const [databaseUrl, identityIssuer, concurrency, notify, opsPort, host, kms, logLevel] = together(
    () => read("WORKER_DATABASE_URL"),
    () => read("CLERK_ISSUER", env.APP_MODE === "production" ? undefined : DEV_ISSUER),
    () => read("WORKER_CONCURRENCY"),
    () => jobNotify(env),
    () => read("WORKER_OPS_PORT") ?? read("OPS_PORT"),
    () => read("OPS_HOST"),
    () => readKmsConfig(env),
    () => read("LOG_LEVEL"),
  );
  return {
    databaseUrl,
    identityIssuer,
    concurrency,
    pollMs: pollMs(notify),
    ...(opsPort !== undefined && {
      ops: { host, port: opsPort, variable: env.WORKER_OPS_PORT ? "WORKER_OPS_PORT" : "OPS_PORT" },
    }),
    kms,
    logLevel,
  };
}

/**
 * Everything that the worker decides by the environment, looked at before anything is opened: also the files that
 * settings name, and what its vendors read by themselves. Throws one ConfigError with all that is wrong. FND-36.
 */
export function readWorkerSettings(env: NodeJS.ProcessEnv): WorkerConfig {
  const [config] = together(
    () => readWorkerConfig(env),
    () => openKms(readKmsConfig(env)).close(),
    () => mailersFrom(env).close(),
    () => publicUrl(env),
    () => textMessengersFrom(env),
    () => pusherFrom(env),
    () => storesFrom(env).close(),
  );
  return config;
}
