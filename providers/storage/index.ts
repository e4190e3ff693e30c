import { z } from "zod";
import { ConfigError, together } from "../../runtime/config_error.ts";
import { dataDir } from "../../runtime/environment/data_dir.ts";
import { readVariable, type Variable } from "../../runtime/environment/variable.ts";
import { variables } from "../../runtime/environment/variables.ts";
import { openCredentials } from "./embedded/credentials.ts";
import type { ObjectStores } from "./port.ts";
import { type S3Settings, s3Store } from "./s3.ts";

export type { ObjectStore, ObjectStores } from "./port.ts";
export { StorageUnavailable } from "./port.ts";

/** Where `npm start` keeps objects. */
export const EMBEDDED_BUCKET = "restartix";
export const EMBEDDED_REGION = "eu-central-1";

/**
 * The bucket named by the environment (FND-13): S3_BUCKET, S3_REGION, S3_ENDPOINT for another S3 than
 * Amazon's, S3_PATH_STYLE, S3_ACCESS_KEY_ID with S3_SECRET_ACCESS_KEY where the machine has no role.
 * Without any: the embedded store of this machine at OBJECTS_PORT. One bucket for all clinics today; a
 * clinic's own is looked up here when there is one.
 */
export function storesFrom(env: NodeJS.ProcessEnv): ObjectStores {
  return storesOf(storageSettings(env));
}

/** One store for every clinic. */
export function storesOf(settings: S3Settings): ObjectStores {
  const store = s3Store(settings);
  return { for: async () => store, close: () => store.close() };
}

/** Whether objects stay on this machine. */
export function isEmbedded(env: NodeJS.ProcessEnv): boolean {
  return !env.S3_BUCKET && env.APP_MODE !== "production";
}

const s3 = {
  S3_BUCKET: {
    schema: z.string().regex(/^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/),
    expects: "the name of a bucket",
  },
  S3_REGION: { schema: z.string().regex(/^[a-z0-9-]{2,40}$/), expects: "the bucket's region" },
  S3_ENDPOINT: { schema: z.url({ protocol: /^https?$/ }), expects: "the https URL of an S3" },
  S3_PATH_STYLE: {
    schema: z.enum(["true", "false"]).transform((text) => text === "true"),
    expects: "true or false",
  },
} as const satisfies Record<string, Variable>;

/** Reads them, and throws a ConfigError with one line that names the variable. */
export function storageSettings(env: NodeJS.ProcessEnv): S3Settings {
  if (isEmbedded(env)) {
    return {
      bucket: EMBEDDED_BUCKET,
      region: EMBEDDED_REGION,
      endpoint: `http://localhost:${objectsPort(env)}`,
      pathStyle: true,
      credentials: async () => openCredentials(dataDir(env)),
    };
  }
  const { S3_ACCESS_KEY_ID: accessKeyId, S3_SECRET_ACCESS_KEY: secretAccessKey } = env;
  const [bucket, bucketRegion, url, pathStyle] = together(
    () => readVariable(env, "S3_BUCKET", s3.S3_BUCKET),
    () => readVariable(env, "S3_REGION", s3.S3_REGION, env.AWS_REGION),
    () => ownEndpoint(env),
    () => readVariable(env, "S3_PATH_STYLE", s3.S3_PATH_STYLE, "false"),
    () => {
      if (Boolean(accessKeyId) === Boolean(secretAccessKey)) return;
      throw new ConfigError("S3_ACCESS_KEY_ID and S3_SECRET_ACCESS_KEY must be set together, or not at all.");
    },
  );
  return {
    bucket,
    region: bucketRegion,
    ...(url ? { endpoint: url } : {}),
    pathStyle,
    ...(accessKeyId && secretAccessKey ? { credentials: { accessKeyId, secretAccessKey } } : {}),
  };
}

function ownEndpoint(env: NodeJS.ProcessEnv): string | undefined {
  if (!env.S3_ENDPOINT) return undefined;
  const url = readVariable(env, "S3_ENDPOINT", s3.S3_ENDPOINT);
  if (env.APP_MODE === "production" && !/^https:|^http:\/\/(localhost|127\.)/.test(url)) {
    throw new ConfigError("S3_ENDPOINT must be an https URL: files would travel in the clear.");
  }
  return url;
}

/** Where the embedded store listens. */
export function objectsPort(env: NodeJS.ProcessEnv): number {
  return readVariable(env, "OBJECTS_PORT", variables.OBJECTS_PORT);
}
