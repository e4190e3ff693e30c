import "../graphile_env.ts";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Writable } from "node:stream";
import type { GraphQLSchema } from "grafast/graphql";
import pg from "pg";
import { createTestDatabase, type Furniture, type TestDatabase } from "../../db/testing/server.ts";
import { DEV_ISSUER } from "../../runtime/environment/variables.ts";
import { createLog } from "../../runtime/log.ts";
import type { Config } from "../config.ts";
import { buildSchema, type SchemaOf } from "../graphile.config.ts";
import { type DevIssuer, type DevPerson, openDevIssuer } from "../identity/dev_issuer.ts";
import { defaultRates, type Rates } from "../limits/rates.ts";
import type { StreamLimits } from "../live/event_streams.ts";
import { startServer } from "../server.ts";
import type { SocketLimits } from "../sockets/index.ts";

/** Tests of files say where theirs are. */
const nowhere = {
  bucket: "none",
  region: "eu-central-1",
  endpoint: "http://127.0.0.1:9",
  credentials: { accessKeyId: "none", secretAccessKey: "none" },
};

export const PARTY = "http://localhost:4000";

// biome-ignore lint/suspicious/noExplicitAny: a test looks into answers whose shape is what it asserts.
export type Json = any;

export type Answer = { status: number; headers: Headers; body: Json; text: string };

/** What a test asks a server. */
export type Doors = {
  fetch(path: string, init?: RequestInit): Promise<Answer>;
  graphql(
    query: string,
    options?: { token?: string; variables?: object; headers?: Record<string, string> },
  ): Promise<Answer>;
};

/** For tests that ask more than anybody would, and mean something else than the limits of it. */
export const wideRates = Object.fromEntries(
  Object.keys(defaultRates).map((name) => [name, { perMinute: 6_000_000, burst: 1_000_000 }]),
) as Rates;

/** A real API over a real database of its own, and what a test needs to talk to both. */
export type TestApi = Doors & {
  url: string;
  opsUrl: string;
  authenticatorUrl: string;
  workerUrl: string;
  adminUrl: string;
  ownerUrl: string;
  issuer: DevIssuer;
  config: Config;
  schemaOf: SchemaOf;
  token(person?: Partial<DevPerson>): string;
  /** Runs SQL as the administrator; several statements are one transaction, and the last one answers. */
  sql(text: string, values?: unknown[]): Promise<Json[]>;
  /** Everything logged so far, at the most talkative level. */
  logs(): string;
  close(): Promise<void>;
};

/**
 * Every test database has the same shape until its test changes it, and so has the schema built from it, which takes a
 * second of processor time: the first API of a process builds it for all that follow with the same probes.
 */
const schemas = new Map<string, Promise<GraphQLSchema>>();
const sharedBy =
  (probes: string): SchemaOf =>
  (preset) => {
    const schema = schemas.get(probes) ?? buildSchema(preset);
    schemas.set(probes, schema);
    return schema;
  };

/**
 * `because` says why no other API would do.
 * `probes` and `before` run as the administrator before the server starts: probes are made for the schema to show,
 * whatever else the test begins with changes nothing of it.
 */
export async function startTestApi({
  because,
  database: own,
  furniture,
  probes = "",
  before,
  config = {},
  sockets,
}: {
  because: string;
  furniture?: Furniture;
  /** One that the test has made itself; closing the API drops it. */
  database?: TestDatabase;
  probes?: string;
  before?: string;
  config?: Partial<Config>;
  sockets?: Partial<SocketLimits & StreamLimits>;
}): Promise<TestApi> {
  const database = own ?? (await createTestDatabase({ because, furniture }));
  const dataDir = mkdtempSync(join(tmpdir(), "restartix-api-"));
  // One connection, which tests that do several things at once take in turn.
  const admin = new pg.Pool({ connectionString: database.urls.admin, max: 1, idleTimeoutMillis: 0 });
  admin.on("error", () => {}); // whoever asks next is told
  if (probes) await admin.query(probes);
  if (before) await admin.query(before);

  const lines: string[] = [];
  const sink = new Writable({
    write(chunk, _encoding, done) {
      lines.push(String(chunk));
      done();
    },
  });
  const full: Config = {
    mode: "embedded",
    logLevel: "trace",
    dataDir,
    host: "127.0.0.1",
    port: 0,
    ops: { host: "127.0.0.1", port: 0 },
    trustProxy: 0,
    authenticatorUrl: database.urls.authenticator,
    listenUrl: database.urls.authenticator,
    poolSize: 5,
    // A machine that is busy with other tests is no full pool.
    poolPatienceMs: 30_000,
    storage: nowhere,
    rates: defaultRates,
    identity: { source: "dev_issuer", issuer: DEV_ISSUER, authorizedParties: [PARTY] },
    kms: { provider: "local", file: join(dataDir, "keys", "master.keys"), create: true },
    telemetry: { url: "http://telemetry.test", secret: new TextEncoder().encode("a".repeat(32)) },
    ...config,
    // What the adapters of vendors keep by themselves is kept there too.
    vendors: { DATA_DIR: dataDir, ...config.vendors },
  };
  const issuer = openDevIssuer({ ...full, mode: "embedded" });
  // How many plans a schema keeps depends on the trusted documents.
  const schemaOf = full.trustedDocuments ? buildSchema : sharedBy(probes);
  const server = await startServer(full, createLog(full, sink), { limits: sockets, schemaOf });

  return {
    ...doorsAt(server.url),
    url: server.url,
    opsUrl: server.opsUrl ?? "",
    authenticatorUrl: database.urls.authenticator,
    workerUrl: database.urls.worker,
    adminUrl: database.urls.admin,
    ownerUrl: database.urls.owner,
    issuer,
    config: full,
    schemaOf,
    token: (person = {}) =>
      issuer.mint({
        subject: "user_test",
        email: "test.person@example.org",
        name: "Test Person",
        locale: "en",
        ...person,
      }),
    sql: async (text, values) => {
      const answered: Json = await admin.query(text, values);
      return (Array.isArray(answered) ? answered.at(-1) : answered).rows;
    },
    logs: () => lines.join(""),
    async close() {
      await server.close();
      await admin.end();
      await database.drop();
      rmSync(dataDir, { recursive: true, force: true });
    },
  };
}

/** Another server over the database of the first, set up in its own way. */
export async function startBeside(
  api: TestApi,
  config: Partial<Config>,
  limits?: Partial<SocketLimits & StreamLimits>,
): Promise<Doors & { url: string; close(): Promise<void> }> {
  const log = createLog({ logLevel: "silent" });
  const server = await startServer({ ...api.config, ...config }, log, {
    schemaOf: api.schemaOf,
    limits,
  });
  return { ...doorsAt(server.url), url: server.url, close: server.close };
}

function doorsAt(url: string): Doors {
  const ask = async (path: string, init?: RequestInit): Promise<Answer> => {
    const headers = new Headers(init?.headers);
    if (!headers.has("accept-language")) headers.set("accept-language", "en");
    const response = await fetch(`${url}${path}`, { ...init, headers });
    const text = await response.text();
    return { status: response.status, headers: response.headers, text, body: readJson(text) };
  };
  return {
    fetch: ask,
    graphql: (query, { token, variables, headers = {} } = {}) =>
      ask("/graphql", {
        method: "POST",
        headers: {
          "content-type": "application/json",
          ...(token ? { authorization: `Bearer ${token}` } : {}),
          ...headers,
        },
        body: JSON.stringify({ query, variables }),
      }),
  };
}

function readJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

/** The one error of an answer that is nothing but a refusal. */
export function refusalOf(answer: Answer): {
  code: string;
  reason: string;
  details?: Json;
  hint?: string;
  message: string;
} {
  const [error] = answer.body?.errors ?? [];
  return { ...error?.extensions, message: error?.message };
}
