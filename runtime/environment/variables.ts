import os from "node:os";
import { z } from "zod";
import type { Variable } from "./variable.ts";

const portNumber = z.coerce.number().int().min(1).max(65_535);
const databaseUrl = z.string().regex(/^postgres(ql)?:\/\//);
const httpsUrl = z.url({ protocol: /^https$/ });

/** A port that must be named, or has a fallback that the reader gives. */
export const port = { schema: portNumber, expects: "a port number between 1 and 65535" } as const;

/**
 * The variables that decide how the processes run, with the schema of each and what it must be. A process picks those
 * that it needs and reads them with readVariables(). What a vendor's adapter alone asks for stands with the adapter,
 * and is read the same way.
 */
export const variables = {
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
  PORT: { schema: portNumber.default(4000), expects: port.expects },
  OPS_HOST: { schema: z.string().min(1).default("127.0.0.1"), expects: "an address to listen on" },
  OPS_PORT: { schema: portNumber.optional(), expects: port.expects },
  WORKER_OPS_PORT: { schema: portNumber.optional(), expects: port.expects },
  TELEMETRY_PORT: { schema: portNumber.default(4003), expects: port.expects },
  TELEMETRY_OPS_PORT: { schema: portNumber.optional(), expects: port.expects },
  DATABASE_PORT: { schema: portNumber.default(54_329), expects: port.expects },
  MAILBOX_PORT: { schema: portNumber.default(4080), expects: port.expects },
  COMPOSER_PORT: { schema: portNumber.default(4070), expects: port.expects },
  OBJECTS_PORT: { schema: portNumber.default(4090), expects: port.expects },
  TRUST_PROXY: {
    schema: z.coerce.number().int().min(0).max(10).default(0),
    expects: "how many proxies stand in front of the server (0 to 10)",
  },
  AUTHENTICATOR_DATABASE_URL: {
    schema: databaseUrl,
    expects: "a postgres:// URL of the app_authenticator role",
  },
  LISTEN_DATABASE_URL: {
    schema: databaseUrl.optional(),
    expects: "a postgres:// URL of the app_authenticator role, past any pooler",
  },
  DATABASE_REPLICA_URL: {
    schema: databaseUrl.optional(),
    expects: "a postgres:// URL of the app_authenticator role at a streaming replica",
  },
  TELEMETRY_DATABASE_URL: { schema: databaseUrl, expects: "a postgres:// URL of the app_telemetry role" },
  WORKER_DATABASE_URL: { schema: databaseUrl, expects: "a postgres:// URL of the app_worker role" },
  // Three for each core of the database, which is mostly as large as this machine: more statements at once would wait for
  // each other there. Ten at least, since a writer that waits for a lock keeps a connection and no core.
  DATABASE_POOL_SIZE: {
    schema: z.coerce
      .number()
      .int()
      .min(1)
      .max(200)
      .default(Math.min(200, Math.max(10, 3 * os.availableParallelism()))),
    expects: "a number of connections between 1 and 200",
  },
  WORKER_CONCURRENCY: {
    schema: z.coerce.number().int().min(1).max(100).default(5),
    expects: "a number of jobs between 1 and 100",
  },
  CLERK_ISSUER: { schema: httpsUrl.optional(), expects: "the exact https issuer of Clerk's tokens" },
  AWS_REGION: {
    schema: z
      .string()
      .regex(/^[a-z]{2}(-[a-z]+)+-\d$/)
      .optional(),
    expects: "an AWS region",
  },
} as const satisfies Record<string, Variable>;

export type LogLevel = z.output<typeof variables.LOG_LEVEL.schema>;

/** The issuer of tokens minted on this machine, where CLERK_ISSUER names none; no network answers to that name. */
export const DEV_ISSUER = "https://identity.restartix.localhost";

/** What is named by words or URLs in a list, separated by commas. */
export const list = z.string().transform((text) =>
  text
    .split(",")
    .map((part) => part.trim())
    .filter(Boolean),
);
