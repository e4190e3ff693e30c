import path from "node:path";
import { composerPort } from "../../providers/composer/account.ts";
import { capturesMail } from "../../providers/mailbox/captures_mail.ts";
import { isEmbedded, objectsPort } from "../../providers/storage/index.ts";
import { ConfigError } from "../../runtime/config_error.ts";
import { dataDir } from "../../runtime/environment/data_dir.ts";
import { readVariable } from "../../runtime/environment/variable.ts";
import { port } from "../../runtime/environment/variables.ts";

export type Settings = {
  /** Everything a start creates is in here. */
  dataDir: string;
  apiPort: number;
  /** Where sessions send what they record. */
  telemetryPort: number;
  /** Where API, worker and telemetry are asked for health and metrics. */
  opsPorts: { api: number; worker: number; telemetry: number };
  /** The embedded mailbox; absent where mails, texts and calls go to real vendors. */
  mailbox?: { pagePort: number; smtpPort: number | null };
  /** Where the composer of videos listens; absent where COMPOSER_URL names another. */
  composerPort?: number;
  /** Where the embedded object store listens; absent where files go to a real S3. */
  objectsPort?: number;
  /** The server to use instead of the embedded one. */
  databaseUrl?: string;
};

/** Reads what `npm start` decides by the environment. Throws ConfigError with one line. FND-30. */
export function readSettings(env: NodeJS.ProcessEnv = process.env): Settings {
  if (env.APP_MODE === "production" || env.NODE_ENV === "production") {
    throw new ConfigError(
      "npm start is the demo: in production there are npm run api, npm run worker and npm run telemetry (docs/guides/operators.md).",
    );
  }
  const readPort = (name: string, fallback: number) => readVariable(env, name, port, String(fallback));
  const smtpUrl = env.SMTP_URL || "smtp://127.0.0.1:4025";
  const databaseUrl = env.DATABASE_URL || undefined;
  if (!/^smtps?:\/\/[^/]/.test(smtpUrl) || !URL.canParse(smtpUrl)) {
    throw new ConfigError("SMTP_URL must be an smtp:// or smtps:// URL.");
  }
  if (databaseUrl && !(/^postgres(ql)?:\/\//.test(databaseUrl) && URL.canParse(databaseUrl))) {
    throw new ConfigError("DATABASE_URL must be a postgres:// URL of an administrator.");
  }

  const smtpPort = capturesMail(env);
  const takesTexts = !env.TWILIO_ACCOUNT_SID;
  const takesCalls = !env.DAILY_API_KEY;
  return {
    dataDir: path.resolve(dataDir(env)),
    apiPort: readPort("PORT", 4000),
    telemetryPort: readPort("TELEMETRY_PORT", 4003),
    opsPorts: {
      api: readPort("OPS_PORT", 4001),
      worker: readPort("WORKER_OPS_PORT", 4002),
      telemetry: readPort("TELEMETRY_OPS_PORT", 4004),
    },
    ...((smtpPort !== null || takesTexts || takesCalls) && {
      mailbox: { pagePort: readPort("MAILBOX_PORT", 4080), smtpPort },
    }),
    ...(!env.COMPOSER_URL && { composerPort: composerPort(env) }),
    ...(isEmbedded(env) && { objectsPort: objectsPort(env) }),
    ...(databaseUrl && { databaseUrl }),
  };
}
