import { randomBytes } from "node:crypto";
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { gunzipSync } from "node:zlib";
import type pg from "pg";
import { readText } from "../../runtime/line_ends.ts";
import { type Passwords, password } from "../connection/login_roles.ts";
import { startEmbedded } from "../embedded/server.ts";
import { runPart } from "../migrating/current.ts";
import { migrateDatabase } from "../migrating/migrate.ts";
import {
  migrationFile,
  prepareDatabase,
  type RoleUrls,
  roleUrls,
  withClient,
  withDatabase,
} from "../migrating/prepare.ts";
import { dbFolder, sqlFiles } from "../migrating/sources.ts";
import { keptDatabase, keptServer } from "./kept_server.ts";
import { keepFilesInMemory } from "./memory_folder.ts";

/** A server for one test run, holding the templates that test databases are cloned from. */
export type TestServer = { adminUrl: string; passwords: Passwords };

/** A reason is some words; whether it is a good one, whoever reads it says. */
const saysWhy = (because: string): boolean => /\w+\W+\w+\W+\w+/.test(because);

/** A database of one test's own. */
export type TestDatabase = { urls: RoleUrls; drop(): Promise<void> };

/** Processes of one run find its server in this variable: `npm test` starts one for all of them. */
const variable = "RESTARTIX_TEST_SERVER";

/** Holds the migrations and nothing else: what snapshots and the API schema are taken from. */
const bareTemplate = "template_bare";
/** The same with pgTAP and db/tests/helpers. */
const fullTemplate = "template_full";
/** What a database may be furnished with, each on top of the one before; made for the first who asks for it. */
const furnitures = { "two clinics": "tests.two_clinics()", canaries: "tests.plant_canaries()" } as const;
export type Furniture = keyof typeof furnitures;

let started: Promise<TestServer> | undefined;
const furnished = new Map<Furniture, Promise<string>>();

/** The server of this run; started now, for this process, when nobody started it before. */
export function testServer(): Promise<TestServer> {
  started ??= process.env[variable]
    ? Promise.resolve(JSON.parse(process.env[variable]))
    : startTestServer().then(({ server }) => server);
  return started;
}

/** Starts the server and builds the templates; this process and its children will use it. */
export async function startTestServer(): Promise<{ server: TestServer; stop(): Promise<void> }> {
  keepFilesInMemory();
  const kept = await keptServer();
  const { adminUrl, stop } = await startEmbedded({
    temporary: true,
    from: kept.data,
    password: kept.password,
  });
  try {
    await withClient(adminUrl, (client) =>
      client.query(`alter database ${keptDatabase} rename to ${bareTemplate}`),
    );
    const passwords = {
      owner: password(),
      authenticator: password(),
      worker: password(),
      telemetry: password(),
    };
    const server = { adminUrl, passwords };
    const bare = await prepareDatabase(adminUrl, { database: bareTemplate, passwords });
    await migrateDatabase(bare, { current: true });
    const full = await clone(server, bareTemplate, fullTemplate);
    await loadTestHelpers(full.admin);

    process.env[variable] = JSON.stringify(server);
    started = Promise.resolve(server);
    return { server, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

/**
 * A fresh database with all migrations (committed and current). It also has pgTAP and the test
 * helpers, unless `bare`, and its furniture: the two clinics that have everything, or their canaries too. Takes some
 * tens of milliseconds: it is a copy of files. Whoever takes one says why a transaction that is rolled back, in a
 * database of others, would not do.
 */
export async function createTestDatabase({
  because,
  bare = false,
  furniture,
}: {
  because: string;
  bare?: boolean;
  furniture?: Furniture | undefined;
}): Promise<TestDatabase> {
  if (!saysWhy(because)) throw new Error("A database of its own: say because of what, in words.");
  const server = await testServer();
  const name = `test_${randomBytes(6).toString("hex")}`;
  const template = furniture ? await furnish(server, furniture) : bare ? bareTemplate : fullTemplate;
  const urls = await clone(server, template, name);
  return {
    urls,
    drop: () =>
      withClient(server.adminUrl, async (client) => {
        await untilNobodyIsIn(client, name);
        await client.query(`drop database if exists ${name} with (force)`);
      }),
  };
}

/** Furnishing costs seconds of processor time, and a copy a tenth of one: one process of the run does it for all. */
function furnish(server: TestServer, furniture: Furniture): Promise<string> {
  const template = `template_${furniture.replace(" ", "_")}`;
  const make = () =>
    withClient(server.adminUrl, async (client) => {
      const below = furniture === "canaries" ? await furnish(server, "two clinics") : fullTemplate;
      await client.query("select pg_advisory_lock(hashtextextended($1, 0))", [template]);
      const made = await client.query("select from pg_database where datname = $1", [template]);
      if (made.rowCount) return template;
      const unfinished = `${template}_${randomBytes(6).toString("hex")}`;
      const { admin } = await clone(server, below, unfinished);
      await withClient(admin, (inside) => inside.query(`select ${furnitures[furniture]}`));
      await client.query(`alter database ${unfinished} rename to ${template}`);
      return template;
    });
  const making = furnished.get(furniture) ?? make();
  furnished.set(furniture, making);
  return making;
}

/**
 * A pool that has ended may still be saying good-bye to the server; a connection that is forced out at that moment
 * fails where nobody listens any more. Whoever is left after two seconds is forced out all the same.
 */
async function untilNobodyIsIn(client: pg.ClientBase, database: string): Promise<void> {
  for (const deadline = Date.now() + 2_000; Date.now() < deadline; await sleep(10)) {
    const { rowCount } = await client.query("select from pg_stat_activity where datname = $1 limit 1", [
      database,
    ]);
    if (rowCount === 0) return;
  }
}

async function clone(server: TestServer, template: string, name: string): Promise<RoleUrls> {
  await withClient(server.adminUrl, (client) =>
    client.query(`create database ${name} template ${template} strategy file_copy owner app_owner`),
  );
  const admin = withDatabase(server.adminUrl, name);
  // Rights on the database itself are not part of a template.
  const rights = await migrationFile("database.sql");
  await withClient(admin, (client) => client.query(rights));
  return roleUrls(admin, { passwords: server.passwords });
}

/** Puts pgTAP and db/tests/helpers into a migrated database. */
export async function loadTestHelpers(adminUrl: string): Promise<void> {
  await withClient(adminUrl, async (client) => {
    await client.query("create schema tests");
    // Plain SQL in public: files with `select plan(3)` run with every pgTAP runner as they are.
    await runPart(client, { file: "pgtap.sql", sql: pgtap() });
    for (const file of sqlFiles(path.join(dbFolder, "tests", "helpers"))) {
      await runPart(client, { file: path.relative(dbFolder, file), sql: readText(file) });
    }
  });
}

/** pgTAP's own SQL, out of the archive that the npm package brings for another build of PostgreSQL. */
function pgtap(): string {
  const entry = createRequire(import.meta.url).resolve("@electric-sql/pglite-pgtap");
  const archive = gunzipSync(readFileSync(path.join(path.dirname(entry), "pgtap.tar.gz")));
  return fileInTar(archive, "share/postgresql/extension/pgtap.sql");
}

/** A tar archive is 512-byte blocks: a header with name (100 bytes) and size (octal, at 124), then the content. */
function fileInTar(archive: Buffer, wanted: string): string {
  for (let at = 0; at + 512 <= archive.length; ) {
    const field = (from: number, to: number) =>
      archive.toString("utf8", at + from, at + to).split("\0")[0] ?? "";
    const name = field(0, 100);
    const size = Number.parseInt(field(124, 136), 8) || 0;
    if (name.replace(/^\.\//, "") === wanted) return archive.toString("utf8", at + 512, at + 512 + size);
    at += 512 + Math.ceil(size / 512) * 512;
  }
  throw new Error(`${wanted} is not in pgtap.tar.gz`);
}
