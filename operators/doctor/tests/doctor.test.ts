import { chmodSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import pg from "pg";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createTestDatabase, type TestDatabase } from "../../../db/testing/server.ts";
import { temporaryKms } from "../../../providers/kms/tests/temporary.ts";
import { type EmbeddedObjects, startObjects } from "../../../providers/storage/embedded/index.ts";
import { type SmtpSink, startSmtpSink } from "../../../server/tests/chaos/smtp_sink.ts";
import { diagnose } from "../examine.ts";
import { examineToken } from "../token.ts";

let database: TestDatabase;
let admin: pg.Client;
let env: NodeJS.ProcessEnv;
const dataDir = mkdtempSync(join(tmpdir(), "restartix-doctor-"));
const master = temporaryKms();
let objects: EmbeddedObjects;
let smtp: SmtpSink;

beforeAll(async () => {
  [database, objects, smtp] = await Promise.all([
    createTestDatabase({ because: "it is broken in every way that the doctor knows", bare: true }),
    startObjects({ port: 0, dataDir }),
    startSmtpSink(),
  ]);
  env = {
    DATA_DIR: dataDir,
    OBJECTS_PORT: String(objects.port),
    MASTER_KEY_FILE: master.file,
    SMTP_URL: smtp.url,
  };
  admin = new pg.Client(database.urls.admin);
  await admin.connect();
  await admin.query(
    "insert into app_private.worker_heartbeats (worker_id, host, pid, started_at, seen_at) values ('w', 'h', 1, now(), now() + interval '1 hour')",
  );
});
afterAll(async () => {
  await admin.end();
  await Promise.all([database.drop(), objects.stop(), smtp.stop()]);
  master.remove();
  rmSync(dataDir, { recursive: true });
});

/** What the doctor does not find in order, "examination: what it says". */
async function complaints(
  other: NodeJS.ProcessEnv = {},
  urls: { authenticator: string; worker: string } = database.urls,
) {
  return (await diagnose({ ...env, ...other }, urls)).flatMap(({ name, findings }) =>
    findings.filter(({ level }) => level !== "ok").map(({ says }) => `${name}: ${says}`),
  );
}

const developersTokens = "identity: tokens of this machine are accepted";

/** Breaks something in the database, asks the doctor, and mends it again. */
async function whileBroken(sql: string, mend: string): Promise<string[]> {
  await admin.query(sql);
  try {
    return await complaints();
  } finally {
    await admin.query(mend);
  }
}

describe("FND-28: npm run doctor", () => {
  it("finds a fresh deployment in order, but for the developer's tokens", async () => {
    expect(await complaints()).toEqual([developersTokens]);
  });

  it.each([
    [
      "a table without row security",
      "alter table app_public.patients disable row level security",
      "alter table app_public.patients enable row level security",
      "rights: app_public.patients has no forced row security",
    ],
    [
      "a table that does not force it",
      "alter table app_public.patients no force row level security",
      "alter table app_public.patients force row level security",
      "rights: app_public.patients has no forced row security",
    ],
    [
      "a function that everybody may execute",
      "grant execute on function app_public.me() to public",
      "revoke execute on function app_public.me() from public",
      "rights: PUBLIC may execute app_public.me()",
    ],
    [
      "a table that everybody may read",
      "grant select on app_public.patients to public",
      "revoke select on app_public.patients from public",
      "rights: PUBLIC has SELECT on app_public.patients",
    ],
    [
      "a table of somebody else's",
      "alter table app_public.patients owner to app_engine",
      "alter table app_public.patients owner to app_owner",
      "rights: app_public.patients belongs to app_engine",
    ],
    [
      "a migration that did not run",
      "create table public.kept as select * from graphile_migrate.migrations; delete from graphile_migrate.migrations where filename > '000002'",
      "insert into graphile_migrate.migrations overriding system value select * from public.kept on conflict do nothing; drop table public.kept",
      "database: migrated to 1, and this code expects",
    ],
    [
      "an extension that was moved away",
      "create schema elsewhere; alter extension unaccent set schema elsewhere",
      "alter extension unaccent set schema extensions; drop schema elsewhere",
      "database: extensions missing: unaccent",
    ],
    [
      "workers that are silent",
      "update app_private.worker_heartbeats set seen_at = now() - interval '1 hour'",
      "update app_private.worker_heartbeats set seen_at = now() + interval '1 hour'",
      "work: no worker gave a sign of life in the last 30 seconds",
    ],
    [
      "dead jobs",
      "select graphile_worker.add_job('deliver_email', max_attempts => 1); update graphile_worker._private_jobs set attempts = 1",
      "delete from graphile_worker._private_jobs",
      "work: dead jobs: 1 × deliver_email",
    ],
    [
      "jobs that nobody takes",
      "select graphile_worker.add_job('deliver_email', run_at => now() - interval '10 minutes')",
      "delete from graphile_worker._private_jobs",
      "work: the oldest job has waited for 60",
    ],
    [
      "retentions that nobody acts on",
      "update app_private.retention_runs set ran_at = now() - interval '30 hours' where table_name in ('app_private.effects', 'app_private.time_claims')",
      "update app_private.retention_runs set ran_at = now()",
      "work: nothing was purged for 30 hours: app_private.effects, app_private.time_claims",
    ],
    [
      "jobs that are announced otherwise than the settings say",
      "alter function graphile_worker.add_jobs(graphile_worker.job_spec[], boolean) set search_path = job_silence, pg_catalog",
      "alter function graphile_worker.add_jobs(graphile_worker.job_spec[], boolean) reset search_path",
      "work: JOB_NOTIFY is on, and the database announces some jobs",
    ],
    [
      "a login that reads all data and sees no row",
      "create role curious login in role pg_read_all_data",
      "drop role curious",
      "rights: role curious reads with pg_read_all_data, and row security shows it no row",
    ],
    [
      "a login that row security does not hold",
      "create role careless login bypassrls",
      "drop role careless",
      "rights: role careless passes row security by",
    ],
    [
      "a role for backups that would copy no row",
      "create role app_backup login",
      "drop role app_backup",
      "rights: role app_backup does not pass row security by: its backups hold no rows",
    ],
  ])("finds %s", async (_what, sql, mend, expected) => {
    const found = await whileBroken(sql, mend);
    expect(found.filter((says) => says !== developersTokens)).toEqual([expect.stringContaining(expected)]);
    expect(await complaints()).toEqual([developersTokens]);
  });

  it("says what to do about everything it finds", async () => {
    await admin.query("grant select on app_public.patients to public");
    const findings = (await diagnose(env, database.urls)).flatMap(({ findings }) => findings);
    await admin.query("revoke select on app_public.patients from public");
    expect(findings.filter(({ level, mend }) => level !== "ok" && !mend)).toEqual([]);
    expect(findings).toContainEqual({
      level: "broken",
      says: "PUBLIC has SELECT on app_public.patients",
      mend: "revoke all on app_public.patients from public",
    });
  });

  it("tells a database that does not answer from one that does, and shows no password", async () => {
    const found = await complaints(
      {},
      { ...database.urls, worker: "postgres://app_worker:canary@127.0.0.1:1/none" },
    );
    expect(found).toEqual(["database: WORKER_DATABASE_URL does not lead to a database (ECONNREFUSED)"]);
  });

  it("finds processes whose URLs were exchanged", async () => {
    const { authenticator, worker } = database.urls;
    const found = await complaints({}, { authenticator: worker, worker: authenticator });
    expect(found).toContain("database: AUTHENTICATOR_DATABASE_URL leads in as app_worker");
    expect(found).toContain("database: WORKER_DATABASE_URL leads in as app_authenticator");
  });

  it("finds a production server that archives nothing (FND-36)", async () => {
    expect((await complaints({ APP_MODE: "production" })).join("\n")).toContain(
      "backups: changes are not archived",
    );
  });

  it("finds a process that comes in as somebody else", async () => {
    const found = await complaints({}, { authenticator: database.urls.admin, worker: database.urls.owner });
    expect(found).toContain("database: AUTHENTICATOR_DATABASE_URL leads in as postgres");
    expect(found).toContain("database: WORKER_DATABASE_URL leads in as app_owner");
  });

  it.each([
    ["an object store that does not answer", { OBJECTS_PORT: "9" }, "storage: files cannot be kept"],
    [
      "a mail server that does not answer",
      { SMTP_URL: "smtp://127.0.0.1:9" },
      "mail: mail cannot leave: unreachable",
    ],
    [
      "a master key that is not there",
      { MASTER_KEY_FILE: "/nowhere/master.keys" },
      "keys: secrets cannot be sealed",
    ],
  ])("finds %s", async (_what, other, expected) => {
    const found = await complaints(other);
    expect(found.filter((says) => says !== developersTokens)).toEqual([expect.stringContaining(expected)]);
  });

  it("finds a master key that others may read", async () => {
    chmodSync(master.file, 0o644);
    const found = await complaints();
    chmodSync(master.file, 0o600);
    expect(found).toContainEqual(expect.stringContaining("keys: secrets cannot be sealed"));
  });

  it("does not take a developer's tokens for granted in production", async () => {
    const found = await diagnose({ APP_MODE: "production" }, database.urls);
    expect(found.find(({ name }) => name === "identity")?.findings).toEqual([
      { level: "broken", says: expect.stringContaining("CLERK_JWT_KEY"), mend: expect.any(String) },
    ]);
  });
});

describe("FND-36: npm run doctor with a session token in hand", () => {
  const claims = {
    iss: "https://identity.restartix.localhost",
    azp: "http://localhost:4000",
    sub: "user_canary",
    sid: "sess_canary",
    iat: Math.floor(Date.now() / 1000),
    exp: Math.floor(Date.now() / 1000) + 60,
    email: "canary@example.com",
    email_verified: true,
    name: "Canary",
    locale: "ro",
  };
  const tokenWith = (changes: object) =>
    `e30.${Buffer.from(JSON.stringify({ ...claims, ...changes })).toString("base64url")}.x`;
  const said = (changes: object) =>
    examineToken(tokenWith(changes), {}).map(({ level, says }) => `${level}: ${says}`);

  it("is content with one that carries everything", () => {
    expect(said({})).toEqual(["ok: it carries every claim that is needed"]);
  });

  it.each([
    [{ email: undefined }, "broken: the claim email is missing: nobody new can sign in"],
    [{ email_verified: undefined }, "broken: the claim email_verified is missing: nobody new can sign in"],
    [{ azp: undefined }, "broken: the claim azp is missing: every request is refused"],
    [{ iss: "https://elsewhere.example" }, "broken: the claim iss is wrong: every request is refused"],
    [
      { email_verified: false },
      "warning: its holder's address is not verified: they cannot sign in for the first time",
    ],
    [{ exp: 1 }, "warning: it has ended: only its claims were looked at"],
  ])("names what it lacks, and nothing of its holder: %j", (changes, line) => {
    expect(said(changes)).toContain(line);
    expect(JSON.stringify(examineToken(tokenWith(changes), {}))).not.toMatch(/canary/i);
  });

  it.each(["", "no token", "a.b.c", "e30.e30", `e30.${Buffer.from("[]").toString("base64url")}.x`])(
    "does not take %j for a token",
    (text) => {
      expect(examineToken(text, {}).map(({ level }) => level)).toEqual(["broken"]);
    },
  );
});
