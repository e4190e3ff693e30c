import { z } from "zod";
import { type KmsConfig, readKmsConfig } from "../providers/kms/settings.ts";
import { storageSettings } from "../providers/storage/index.ts";
import type { S3Settings } from "../providers/storage/s3.ts";
import { together } from "../runtime/config_error.ts";
import { type Mode, readMode, withSomeMode } from "../runtime/environment/mode.ts";
import { need, readVariables, type Variable } from "../runtime/environment/variable.ts";
import { type LogLevel, variables } from "../runtime/environment/variables.ts";
import { telemetrySecret } from "../secrets/telemetry_secret.ts";
import { type IdentityConfig, readIdentity } from "./identity/settings.ts";
import { parseRates, type Rates } from "./limits/rates.ts";

export type Config = {
  mode: Mode;
  logLevel: LogLevel;
  dataDir: string;
  host: string;
  port: number;
  /** Where operators ask for health and metrics, never a public address; nowhere when absent. */
  ops?: { host: string; port: number };
  trustProxy: number;
  authenticatorUrl: string;
  /** The same role past any pooler, to hear announcements. */
  listenUrl: string;
  /** The same role at a streaming replica that answers queries, if there is one. */
  replicaUrl?: string | undefined;
  poolSize: number;
  /** How long a request waits for a free connection before it is told UNAVAILABLE; some 600 ms unless a test says otherwise. */
  poolPatienceMs?: number;
  rates: Rates;
  /** The list of documents that frontends were built with; in production nothing else is answered. */
  trustedDocuments?: string | undefined;
  identity: IdentityConfig;
  /** Where files are kept. */
  storage: S3Settings;
  kms: KmsConfig;
  /** Where pages send what they record of sessions, and what the tokens for it are signed with. */
  telemetry: { url: string; secret: Uint8Array };
  /** What the adapters of vendors read by themselves: other endpoints than the vendors' own, and the mode. */
  vendors: NodeJS.ProcessEnv;
};

/** What the API alone asks for. */
const own = {
  TRUSTED_DOCUMENTS: {
    schema: z.string().min(1).optional(),
    expects: "the file that npm run documents wrote",
  },
  TELEMETRY_URL: {
    schema: z.url({ protocol: /^https?$/ }).optional(),
    expects: "the http or https URL under which pages reach telemetry",
  },
  RATE_LIMITS: {
    schema: z
      .string()
      .default("")
      .transform((text, context) => {
        const rates = parseRates(text);
        if (!rates) context.addIssue("no rates");
        return rates ?? z.NEVER;
      }),
    expects: "rates such as graphql=1200/600,badTokens=60/60: name=perMinute/burst, separated by commas",
  },
} as const satisfies Record<string, Variable>;

const { LOG_LEVEL, DATA_DIR, HOST, OPS_HOST, OPS_PORT, PORT, TELEMETRY_PORT, TRUST_PROXY } = variables;
const { AUTHENTICATOR_DATABASE_URL, LISTEN_DATABASE_URL, DATABASE_REPLICA_URL, DATABASE_POOL_SIZE } =
  variables;
const needed = {
  ...{ LOG_LEVEL, DATA_DIR, HOST, OPS_HOST, OPS_PORT, PORT, TELEMETRY_PORT, TRUST_PROXY },
  ...{ AUTHENTICATOR_DATABASE_URL, LISTEN_DATABASE_URL, DATABASE_REPLICA_URL, DATABASE_POOL_SIZE },
  ...own,
};

/**
 * Reads the API server's settings (FND-30).
 * Throws a ConfigError that names each variable that is missing or wrong, and what it must be.
 */
export function readConfig(env: NodeJS.ProcessEnv = process.env): Config {
  const asked = withSomeMode(env);
  const [mode, values, identity, storage, kms, secret] = together(
    () => readMode(env),
    () => readVariables(env, needed),
    () => readIdentity(env, asked.APP_MODE),
    () => storageSettings(asked),
    () => readKmsConfig(asked),
    () => telemetrySecret(asked),
    () =>
      asked.APP_MODE === "production" &&
      need("TRUSTED_DOCUMENTS", own.TRUSTED_DOCUMENTS, env.TRUSTED_DOCUMENTS || undefined),
    () =>
      asked.APP_MODE === "production" &&
      need("TELEMETRY_URL", own.TELEMETRY_URL, env.TELEMETRY_URL || undefined),
  );
  return {
    mode,
    logLevel: values.LOG_LEVEL,
    dataDir: values.DATA_DIR,
    host: values.HOST ?? (mode === "production" ? "0.0.0.0" : "127.0.0.1"),
    port: values.PORT,
    ...(values.OPS_PORT !== undefined && { ops: { host: values.OPS_HOST, port: values.OPS_PORT } }),
    trustProxy: values.TRUST_PROXY,
    authenticatorUrl: values.AUTHENTICATOR_DATABASE_URL,
    listenUrl: values.LISTEN_DATABASE_URL ?? values.AUTHENTICATOR_DATABASE_URL,
    replicaUrl: values.DATABASE_REPLICA_URL,
    poolSize: values.DATABASE_POOL_SIZE,
    storage,
    rates: values.RATE_LIMITS,
    trustedDocuments: values.TRUSTED_DOCUMENTS,
    identity,
    kms,
    telemetry: { url: values.TELEMETRY_URL ?? `http://localhost:${values.TELEMETRY_PORT}`, secret },
    vendors: env,
  };
}
