import { composerFrom } from "../providers/composer/index.ts";
import { mailersFrom } from "../providers/email/index.ts";
import { exerciseVideosFrom } from "../providers/exercise_video/index.ts";
import { invoicingVendorsFrom } from "../providers/invoicing/index.ts";
import { openKms } from "../providers/kms/index.ts";
import { type KmsConfig, readKmsConfig } from "../providers/kms/settings.ts";
import { paymentVendorsFrom } from "../providers/payment/index.ts";
import { publicUrl } from "../providers/public_url.ts";
import { pusherFrom } from "../providers/push/index.ts";
import { textMessengersFrom } from "../providers/sms/index.ts";
import { storesFrom } from "../providers/storage/index.ts";
import { taxOfficeFrom } from "../providers/tax_office/index.ts";
import { together } from "../runtime/config_error.ts";
import { need, readVariable } from "../runtime/environment/variable.ts";
import { DEV_ISSUER, type LogLevel, variables } from "../runtime/environment/variables.ts";
import { jobNotify, pollMs } from "../runtime/job_notify.ts";

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
  logLevel: LogLevel;
};

/**
 * Reads the worker's settings. Throws a ConfigError that names each variable that is missing or wrong. FND-30.
 * WORKER_OPS_PORT comes before OPS_PORT, so that one file of settings serves the API and the worker.
 */
function readWorkerConfig(env: NodeJS.ProcessEnv): WorkerConfig {
  const production = env.APP_MODE === "production";
  const [databaseUrl, identityIssuer, concurrency, notify, opsPort, host, kms, logLevel] = together(
    () => readVariable(env, "WORKER_DATABASE_URL", variables.WORKER_DATABASE_URL),
    () => readIssuer(env, production),
    () => readVariable(env, "WORKER_CONCURRENCY", variables.WORKER_CONCURRENCY),
    () => jobNotify(env),
    () =>
      readVariable(env, "WORKER_OPS_PORT", variables.WORKER_OPS_PORT) ??
      readVariable(env, "OPS_PORT", variables.OPS_PORT),
    () => readVariable(env, "OPS_HOST", variables.OPS_HOST),
    () => readKmsConfig(env),
    () => readVariable(env, "LOG_LEVEL", variables.LOG_LEVEL),
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

/** Whose events of people are taken: in production it is named. */
function readIssuer(env: NodeJS.ProcessEnv, production: boolean): string {
  const { CLERK_ISSUER } = variables;
  const named = readVariable(env, "CLERK_ISSUER", CLERK_ISSUER, production ? undefined : DEV_ISSUER);
  return need("CLERK_ISSUER", CLERK_ISSUER, named);
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
    () => {
      const stores = storesFrom(env);
      exerciseVideosFrom(env, stores);
      stores.close();
    },
    () => composerFrom(env),
    () => paymentVendorsFrom(env),
    () => invoicingVendorsFrom(env),
    () => taxOfficeFrom(env),
  );
  return config;
}
