import { randomBytes } from "node:crypto";
import { password } from "../../db/connection/login_roles.ts";
import { newVapidKeys } from "../../providers/push/index.ts";

export type Place = {
  /** The folder of the files, absolute. */
  folder: string;
  /** host, host:port or host:port/name of the PostgreSQL server. */
  database: string;
};

export type SettingsFiles = { restartix: string; administrator: string };

/**
 * The text of both files of settings, with passwords and push keys made now. One line is one variable and nothing is
 * quoted: systemd, containers and SETTINGS_FILE read the same. What is left empty is what only the operator knows. FND-36.
 */
export function settingsFiles({ folder, database }: Place): SettingsFiles {
  const { publicKey, privateKey } = newVapidKeys();
  const url = (role: string) => `postgres://${role}:${password()}@${where(database)}`;
  const authenticator = url("app_authenticator");
  const worker = url("app_worker");
  return {
    restartix: `# Settings of the API and the worker of RestartiX. Only the user they run as may read this file.
# The whole list of settings: README.md. What is missing or wrong is said by: npm run production:settings

APP_MODE=production

# The database, for each process as its own role. The passwords were made for this deployment; npm run migrate gives
# them to the roles when it makes these.
AUTHENTICATOR_DATABASE_URL=${authenticator}
WORKER_DATABASE_URL=${worker}
TELEMETRY_DATABASE_URL=${url("app_telemetry")}
# Where the first of them leads through a pooler (docs/guides/operators.md): the same role at the server itself.
#LISTEN_DATABASE_URL=
# A streaming replica that answers queries (docs/guides/operators.md): the same role and password there.
#DATABASE_REPLICA_URL=

# Where the database, the store or the mail server have a certificate of an authority of your own: its file, in PEM.
#NODE_EXTRA_CA_CERTS=${folder}/ca.pem

# The https URL under which the outside reaches the API, and how many proxies stand before it.
PUBLIC_URL=
TRUST_PROXY=1
HOST=127.0.0.1
PORT=4000

# The https URL under which pages reach telemetry, where it listens, and what the
# API signs the tokens of sessions with.
TELEMETRY_URL=
TELEMETRY_PORT=4003
TELEMETRY_SECRET=${randomBytes(32).toString("base64url")}

# Where health and metrics of each are asked for: never public.
OPS_PORT=4001
WORKER_OPS_PORT=4002
TELEMETRY_OPS_PORT=4004

# Sign-in through Clerk: the issuer that stands in its tokens, where it publishes its keys, the origins of your
# frontends separated by commas, and the signing secret (whsec_...) of the endpoint PUBLIC_URL/v1/webhooks/clerk.
CLERK_ISSUER=
CLERK_JWKS_URL=
AUTHORIZED_PARTIES=
CLERK_WEBHOOK_SECRET=

# What frontends may ask: the file that npm run documents writes from their operations.
TRUSTED_DOCUMENTS=${folder}/documents.json

# The key that wraps the keys of clinics. Keep a copy where the backups are not: without it nothing that was encrypted
# can be read again. Or KMS_PROVIDER=aws with KMS_KEY_ID and AWS_REGION.
KMS_PROVIDER=local
MASTER_KEY_FILE=${folder}/keys/master.keys

# The bucket that holds files and audit anchors: private, with versions kept. S3_ENDPOINT and S3_PATH_STYLE=true for
# another S3 than Amazon's; the keys where the machine has no role.
S3_BUCKET=
S3_REGION=
#S3_ENDPOINT=
#S3_PATH_STYLE=true
#S3_ACCESS_KEY_ID=
#S3_SECRET_ACCESS_KEY=

# Mail: the address it comes from, and the server that takes it. Or EMAIL_PROVIDER=ses with SES_REGION.
EMAIL_FROM=
SMTP_URL=

# SMS and WhatsApp, where they are used: an account of Twilio, and who texts come from.
#TWILIO_ACCOUNT_SID=
#TWILIO_AUTH_TOKEN=
#TWILIO_SMS_FROM=
#TWILIO_WHATSAPP_FROM=

# Video appointments, where they are used and clinics have no account of their own: an account at Daily.co, and what its
# webhooks are signed with.
#DAILY_API_KEY=
#DAILY_WEBHOOK_SECRET=

# Videos of exercises, where they are used: where the composer is asked, what it and the worker share (32 characters at least),
# and an ffmpeg of your system. The library at Bunny Stream that keeps them; without one the bucket does.
#COMPOSER_URL=http://127.0.0.1:4070
#COMPOSER_SECRET=
#FFMPEG_PATH=/usr/bin/ffmpeg
#BUNNY_STREAM_API_KEY=
#BUNNY_STREAM_LIBRARY_ID=
#BUNNY_STREAM_HOST=
#BUNNY_STREAM_TOKEN_KEY=

# What clinics pay the platform, where cards are taken: an account of Stripe, and the signing secret (whsec_...) of its endpoint
# PUBLIC_URL/v1/webhooks/stripe.
#STRIPE_SECRET_KEY=
#STRIPE_WEBHOOK_SECRET=

# Who issues the invoices, where FGO does: the private key of an API user, the company's tax number, a series that is defined there,
# and the rate of tax in percent that FGO puts on the lines. And who may ask ANAF what became of them: a token for ninety days.
#FGO_PRIVATE_KEY=
#FGO_COMPANY_CODE=
#FGO_SERIES=
#FGO_VAT_RATE=21
#ANAF_ACCESS_TOKEN=
#ANAF_COMPANY_CODE=

# Notices in browsers. The keys were made for this deployment: new ones would end every subscription.
VAPID_PUBLIC_KEY=${publicKey}
VAPID_PRIVATE_KEY=${privateKey}
VAPID_SUBJECT=
`,
    administrator: `# What npm run migrate, first-clinic and backup:role need beside restartix.env; the processes never see it.

# An administrator of your PostgreSQL 18: a superuser, or createrole and createdb. The database is made if it is missing.
DATABASE_URL=

# The role that owns the schema, and the one that backups are taken as. The passwords were made for this deployment.
OWNER_DATABASE_URL=${url("app_owner")}
BACKUP_DATABASE_URL=${url("app_backup")}
`,
  };
}

function where(database: string): string {
  const [server = "", name = "restartix"] = database.split("/");
  const [host = ""] = server.split(":");
  const local = /^(localhost|127\.\d+\.\d+\.\d+)$/.test(host);
  return `${server}/${name}${local ? "" : "?sslmode=verify-full"}`;
}
