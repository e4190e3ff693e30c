import path from "node:path";
import { storageSettings } from "../providers/storage/index.ts";
import type { S3Settings } from "../providers/storage/s3.ts";
import { together } from "../runtime/config_error.ts";
import { readMode, withSomeMode } from "../runtime/environment/mode.ts";
import { readVariables } from "../runtime/environment/variable.ts";
import { type LogLevel, variables } from "../runtime/environment/variables.ts";
import { telemetrySecret } from "../secrets/telemetry_secret.ts";

export type TelemetryConfig = {
  databaseUrl: string;
  host: string;
  port: number;
  /** Where operators ask for health and metrics, never a public address; nowhere when absent. */
  ops?: { host: string; port: number };
  /** Where sessions are kept until they are finalized. */
  bufferFolder: string;
  secret: Uint8Array;
  storage: S3Settings;
  logLevel: LogLevel;
};

const { DATA_DIR, HOST, LOG_LEVEL, OPS_HOST, TELEMETRY_DATABASE_URL, TELEMETRY_OPS_PORT, TELEMETRY_PORT } =
  variables;
const needed = {
  ...{ DATA_DIR, HOST, LOG_LEVEL, OPS_HOST },
  ...{ TELEMETRY_DATABASE_URL, TELEMETRY_OPS_PORT, TELEMETRY_PORT },
};

/** Reads the settings of telemetry. Throws a ConfigError that names each variable that is missing or wrong. FND-30. */
export function readTelemetrySettings(env: NodeJS.ProcessEnv): TelemetryConfig {
  const [mode, values, secret, storage] = together(
    () => readMode(env),
    () => readVariables(env, needed),
    () => telemetrySecret(withSomeMode(env)),
    () => storageSettings(withSomeMode(env)),
  );
  return {
    databaseUrl: values.TELEMETRY_DATABASE_URL,
    host: values.HOST ?? (mode === "production" ? "0.0.0.0" : "127.0.0.1"),
    port: values.TELEMETRY_PORT,
    ...(values.TELEMETRY_OPS_PORT !== undefined && {
      ops: { host: values.OPS_HOST, port: values.TELEMETRY_OPS_PORT },
    }),
    bufferFolder: path.join(path.resolve(values.DATA_DIR), "telemetry"),
    secret,
    storage,
    logLevel: values.LOG_LEVEL,
  };
}
