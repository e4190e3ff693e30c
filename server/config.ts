import { join } from "node:path";
import { z } from "zod";
import { storageSettings } from "../providers/storage/index.ts";
import type { S3Settings } from "../providers/storage/s3.ts";
import { ConfigError, together } from "../runtime/config_error.ts";
import { parseRates, type Rates } from "./limits/rates.ts";

export { ConfigError };

const portNumber = z.coerce.number().int().min(1).max(65_535);
const databaseUrl = z.string().regex(/^postgres(ql)?:\/\//);
const list = z.string().transform((text) =>
  text
    .split(",")
    .map((part) => part.trim())
    .filter(Boolean),
);

const variables = {
  NODE_ENV: {
    schema: z.enum(["development", "test", "production"]).default("development"),
    expects: "development, test or production",
  },
  APP_MODE: { schema: z.enum(["embedded", "production"]), expects: "embedded or production" },
  LOG_LEVEL: {
    schema: z.enum(["fatal", "error", "warn", "info", "debug", "trace", "silent"]).default("info"),
    expects: "fatal, error, warn, info, debug, trace or silent",
  },
  DATA_DIR: { schema: z.string().min(1).default(".data"), expects: "a folder" },
  HOST: { schema: z.string().min(1).optional(), expects: "an address to listen on" },
  OPS_HOST: { schema: z.string().min(1).default("127.0.0.1"), expects: "an address to listen on" },
  OPS_PORT: { schema: portNumber.optional(), expects: "a port number between 1 and 65535" },
  PORT: { schema: portNumber.default(4000), expects: "a port number between 1 and 65535" },
  TRUST_PROXY: {
    schema: z.coerce.number().int().min(0).max(10).default(0),
    expects: "how many proxies stand in front of the server (0 to 10)",
  },
  AUTHENTICATOR_DATABASE_URL: {
    schema: databaseUrl,
    expects: "a postgres:// URL of the app_authenticator role",
  },
  DATABASE_POOL_SIZE: {
    schema: z.coerce.number().int().min(1).max(200).default(10),
    expects: "a number of connections between 1 and 200",
  },
  TRUSTED_DOCUMENTS: {
    schema: z.string().min(1).optional(),
    expects: "the file that npm run documents wrote",
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
  CLERK_JWT_KEY: {
    schema: z
      .string()
      .transform((text) => text.replaceAll("\\n", "\n").trim())
      .refine((text) => text.startsWith("-----BEGIN PUBLIC KEY-----"))
      .optional(),
    expects: "the PEM public key (-----BEGIN PUBLIC KEY-----) that Clerk shows under API keys",
  },
  CLERK_JWKS_URL: {
    schema: z.url({ protocol: /^https$/ }).optional(),
    expects: "the https URL of Clerk's JWKS",
  },
  CLERK_ISSUER: {
    schema: z.url({ protocol: /^https$/ }).optional(),
    expects: "the exact https issuer of Clerk's tokens",
  },
  CLERK_WEBHOOK_SECRET: {
    schema: z
      .string()
      .regex(/^whsec_[A-Za-z0-9+/]{16,}={0,2}$/)
      .optional(),
    expects: "the signing secret (whsec_…) that Clerk shows at the endpoint of its webhooks",
  },
  AUTHORIZED_PARTIES: {
    schema: list.pipe(z.array(z.url({ protocol: /^https?$/ })).min(1)).optional(),
    expects: "origins that may present tokens, separated by commas",
  },
  KMS_PROVIDER: { schema: z.enum(["aws", "local"]).optional(), expects: "aws or local" },
  KMS_KEY_ID: {
    schema: z.string().min(1).optional(),
    expects: "the id, ARN or alias of a symmetric key in AWS KMS",
  },
  KMS_OLD_KEY_IDS: { schema: list.optional(), expects: "ids of former keys in AWS KMS, separated by commas" },
  KMS_ENDPOINT: {
    schema: z.url({ protocol: /^https?$/ }).optional(),
    expects: "a URL that speaks for AWS KMS",
  },
  AWS_REGION: {
    schema: z
      .string()
      .regex(/^[a-z]{2}(-[a-z]+)+-\d$/)
      .optional(),
    expects: "an AWS region",
  },
  MASTER_KEY_FILE: { schema: z.string().min(1).optional(), expects: "a file that holds the master key" },
} as const;

type Variable = keyof typeof variables;
type Values = { [name in Variable]: z.output<(typeof variables)[name]["schema"]> };

/** Where session tokens come from: Clerk, or the issuer of this machine. */
export type IdentityConfig =
  | {
      source: "clerk";
      issuer: string;
      authorizedParties: string[];
      pem?: string;
      jwksUrl?: string;
      webhookSecret?: string;
    }
  | { source: "dev_issuer"; issuer: string; authorizedParties: string[] };

/** Where the master key is (FND-11): in AWS KMS, or in a file. */
export type KmsConfig =
  | { provider: "aws"; keyId: string; oldKeyIds: string[]; region: string; endpoint?: string }
  | { provider: "local"; file: string; create: boolean };

export type Config = {
  mode: "embedded" | "production";
  logLevel: Values["LOG_LEVEL"];
  dataDir: string;
  host: string;
  port: number;
  /** Where operators ask for health and metrics, never a public address; nowhere when absent. */
  ops?: { host: string; port: number };
  trustProxy: number;
  authenticatorUrl: string;
  poolSize: number;
  rates: Rates;
  /** The list of documents that frontends were built with; in production nothing else is answered. */
  trustedDocuments?: string | undefined;
  identity: IdentityConfig;
  /** Where files are kept. */
  storage: S3Settings;
  kms: KmsConfig;
  /** What the adapters of vendors read by themselves: other endpoints than the vendors' own, and the mode. */
  vendors: NodeJS.ProcessEnv;
};

/** The issuer of tokens minted on this machine; no network answers to that name. */
export const DEV_ISSUER = "https://identity.restartix.localhost";
const DEV_PARTIES = ["http://localhost:4000", "http://localhost:3000", "http://localhost:5173"];

function readVariables<N extends Variable>(env: NodeJS.ProcessEnv, names: readonly N[]): Pick<Values, N> {
  const values = together(...names.map((name) => () => [name, readVariable(env, name)] as const));
  return Object.fromEntries(values) as Pick<Values, N>;
}

function readVariable<N extends Variable>(env: NodeJS.ProcessEnv, name: N): Values[N] {
  // An empty variable is a variable that was not set: shells and compose files write both.
  const parsed = (variables[name].schema as z.ZodType).safeParse(env[name] === "" ? undefined : env[name]);
  if (!parsed.success) throw missing(name);
  return parsed.data as Values[N];
}

function missing(name: Variable): ConfigError {
  return new ConfigError(`${name} must be ${variables[name].expects}.`);
}

/** The mode that the environment names; what it does not name is no production (FND-30). */
export function readMode(env: NodeJS.ProcessEnv): Config["mode"] {
  const { NODE_ENV } = readVariables(env, ["NODE_ENV"]);
  // A production deployment that forgot APP_MODE must not come up with the development issuer.
  if (!env.APP_MODE && NODE_ENV !== "production") return "embedded";
  return readVariable(env, "APP_MODE");
}

/** The environment for the rest of a list whose first line says that the mode is wrong: production's is asked for. */
export function withSomeMode(env: NodeJS.ProcessEnv): NodeJS.ProcessEnv & { APP_MODE: Config["mode"] } {
  try {
    return { ...env, APP_MODE: readMode(env) };
  } catch {
    return { ...env, APP_MODE: "production" };
  }
}

function readIdentity(env: NodeJS.ProcessEnv, mode: Config["mode"]): IdentityConfig {
  const production = mode === "production";
  const { CLERK_JWT_KEY, CLERK_JWKS_URL, CLERK_ISSUER, CLERK_WEBHOOK_SECRET, AUTHORIZED_PARTIES } =
    readVariables(env, [
      "CLERK_JWT_KEY",
      "CLERK_JWKS_URL",
      "CLERK_ISSUER",
      "CLERK_WEBHOOK_SECRET",
      "AUTHORIZED_PARTIES",
    ]);
  if (!CLERK_JWT_KEY && !CLERK_JWKS_URL && !production) {
    return {
      source: "dev_issuer",
      issuer: CLERK_ISSUER ?? DEV_ISSUER,
      authorizedParties: AUTHORIZED_PARTIES ?? DEV_PARTIES,
    };
  }
  const need = <Value>(name: Variable, value: Value | undefined): Value => {
    if (value === undefined) throw missing(name);
    return value;
  };
  const [, issuer, , authorizedParties] = together(
    () => {
      if (CLERK_JWT_KEY || CLERK_JWKS_URL) return;
      const { CLERK_JWT_KEY: key } = variables;
      throw new ConfigError(
        `CLERK_JWT_KEY must be ${key.expects}, or CLERK_JWKS_URL where it publishes its keys.`,
      );
    },
    () => need("CLERK_ISSUER", CLERK_ISSUER),
    // Without its events a session that was revoked would go on until its token ends.
    () => production && need("CLERK_WEBHOOK_SECRET", CLERK_WEBHOOK_SECRET),
    () => need("AUTHORIZED_PARTIES", AUTHORIZED_PARTIES),
  );
  return {
    source: "clerk",
    issuer,
    authorizedParties,
    ...(CLERK_JWT_KEY ? { pem: CLERK_JWT_KEY } : {}),
    ...(CLERK_JWKS_URL ? { jwksUrl: CLERK_JWKS_URL } : {}),
    ...(CLERK_WEBHOOK_SECRET ? { webhookSecret: CLERK_WEBHOOK_SECRET } : {}),
  };
}

/**
 * Reads where the master key is. In production it is named, and a file that is named is never made: a new file
 * on a new machine would be a key that opens nothing. Only the file of the data folder is made when it is not there.
 */
export function readKmsConfig(env: NodeJS.ProcessEnv = process.env): KmsConfig {
  const production = readMode(env) === "production";
  const values = readVariables(env, [
    "KMS_PROVIDER",
    "KMS_KEY_ID",
    "KMS_OLD_KEY_IDS",
    "KMS_ENDPOINT",
    "AWS_REGION",
    "MASTER_KEY_FILE",
    "DATA_DIR",
  ]);
  const need = (name: "KMS_PROVIDER" | "KMS_KEY_ID" | "AWS_REGION" | "MASTER_KEY_FILE") => {
    const value = values[name];
    if (!value) throw missing(name);
    return value;
  };
  const provider = production ? need("KMS_PROVIDER") : (values.KMS_PROVIDER ?? "local");
  if (provider === "aws") {
    const [keyId, region] = together(
      () => need("KMS_KEY_ID"),
      () => need("AWS_REGION"),
    );
    return {
      provider,
      keyId,
      oldKeyIds: values.KMS_OLD_KEY_IDS ?? [],
      region,
      ...(values.KMS_ENDPOINT ? { endpoint: values.KMS_ENDPOINT } : {}),
    };
  }
  if (production || values.MASTER_KEY_FILE) {
    return { provider: "local", file: need("MASTER_KEY_FILE"), create: false };
  }
  return { provider: "local", file: join(values.DATA_DIR, "keys", "master.keys"), create: true };
}

/**
 * Reads the API server's settings; the one place that looks at the environment (FND-30).
 * Throws a ConfigError that names each variable that is missing or wrong, and what it must be.
 */
export function readConfig(env: NodeJS.ProcessEnv = process.env): Config {
  const asked = withSomeMode(env);
  const [mode, values, identity, storage, kms] = together(
    () => readMode(env),
    () =>
      readVariables(env, [
        "LOG_LEVEL",
        "DATA_DIR",
        "HOST",
        "OPS_HOST",
        "OPS_PORT",
        "PORT",
        "TRUST_PROXY",
        "AUTHENTICATOR_DATABASE_URL",
        "DATABASE_POOL_SIZE",
        "TRUSTED_DOCUMENTS",
        "RATE_LIMITS",
      ]),
    () => readIdentity(env, asked.APP_MODE),
    () => storageSettings(asked),
    () => readKmsConfig(asked),
    () => {
      if (asked.APP_MODE === "production" && !env.TRUSTED_DOCUMENTS) throw missing("TRUSTED_DOCUMENTS");
    },
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
    poolSize: values.DATABASE_POOL_SIZE,
    storage,
    rates: values.RATE_LIMITS,
    trustedDocuments: values.TRUSTED_DOCUMENTS,
    identity,
    kms,
    vendors: env,
  };
}

/** Only what minting a token and ending its session need, so that `npm run token` works while no database runs. */
export function readIssuerConfig(
  env: NodeJS.ProcessEnv = process.env,
): Pick<Config, "mode" | "dataDir" | "identity" | "port"> {
  const mode = readMode(env);
  const { DATA_DIR, PORT } = readVariables(env, ["DATA_DIR", "PORT"]);
  return { mode, dataDir: DATA_DIR, port: PORT, identity: readIdentity(env, mode) };
}
