// A replica answers queries, and nobody reads less there than was written when they asked. SCA-01.
// Starts processes: a primary and a replica that follows it, which is paused, promoted and killed.
import pg from "pg";
import { afterAll, beforeAll, expect, test } from "vitest";
import { diagnose } from "../../operators/doctor/examine.ts";
import { createLog } from "../../runtime/log.ts";
import { createPool, createReplicaPool } from "../database.ts";
import { requireCopy } from "../replica.ts";
import { until } from "./listener.ts";
import { probes } from "./probes.ts";
import { type Replicated, startReplicated } from "./replicated.ts";
import { type Answer, type Json, refusalOf, startBeside, startTestApi, type TestApi } from "./support.ts";

let servers: Replicated;
let api: TestApi;
let replica: pg.Client;

beforeAll(async () => {
  servers = await startReplicated();
  api = await startTestApi({
    because: "its database has a replica",
    database: servers.database,
    probes,
    config: { replicaUrl: servers.replica.authenticator },
    before: `
      begin;
      select tests.clinic('atlas');
      select tests.staff('reader', 'owner', email => 'reader@people.test');
      select tests.patient('ana');
      commit;`,
  });
  replica = new pg.Client(servers.replica.admin);
  replica.on("error", () => {});
  await replica.connect();
  await untilItAnswers();
});
afterAll(async () => {
  await replica?.end().catch(() => {});
  await api?.close();
});

const reader = () => api.token({ subject: "reader", email: "reader@people.test", name: "reader" });
const member = () => api.token();
/** What the replica answers, however often a busy machine lets it fall behind before. */
const atReplica = async (ask: () => Promise<Answer>): Promise<Json> => {
  let data: Json;
  await until(async () => {
    data = (await ask()).body.data;
    return data?.probeSession.onReplica === true;
  }, "an answer of the replica");
  return data;
};
const untilItAnswers = () => atReplica(() => api.graphql("{ probeSession }"));
const rename = (name: string) =>
  api.graphql(
    "mutation ($name: String!) { updateProbeThing(input: {id: 1, patch: {name: $name}}) { probeThing { name } } }",
    { token: member(), variables: { name } },
  );
const thing = async () => {
  const { status, body } = await api.graphql("{ probeSession probeThing(id: 1) { name } }", {
    token: member(),
  });
  return { status, name: body.data?.probeThing?.name, onReplica: body.data?.probeSession?.onReplica };
};
/** The metrics are made once a second. */
const reads = async (outcome: string): Promise<number> => {
  await new Promise((resolve) => setTimeout(resolve, 1_100));
  const text = await (await fetch(`${api.opsUrl}/metrics`)).text();
  return Number(
    new RegExp(`restartix_replica_reads_total\\{.*outcome="${outcome}".*\\} (\\d+)`).exec(text)?.[1] ?? 0,
  );
};
/** While nothing reaches the replica's data, what `work` does. */
const whilePaused = async (work: () => Promise<void>) => {
  await untilItAnswers();
  await replica.query("select pg_wal_replay_pause()");
  try {
    await work();
  } finally {
    await replica.query("select pg_wal_replay_resume()");
  }
  await untilItAnswers();
};

test("SCA-01: whoever has written something reads it, and the replica is who answers", async () => {
  const before = await reads("answered");
  let onReplica = 0;
  for (let round = 0; round < 20 || (onReplica === 0 && round < 500); round++) {
    expect((await rename(`round ${round}`)).body.errors).toBeUndefined();
    const found = await thing();
    expect(found).toMatchObject({ status: 200, name: `round ${round}` });
    onReplica += found.onReplica ? 1 : 0;
  }
  expect(onReplica).toBeGreaterThan(0);
  expect(await reads("answered")).toBeGreaterThanOrEqual(before + onReplica);
});

test("SCA-01: mutations, and what is read in them, stay at the primary", async () => {
  const { body } = await api.graphql(
    'mutation { updateProbeThing(input: {id: 1, patch: {name: "mutated"}}) { probeThing { name } query { probeSession } } }',
    { token: member() },
  );
  const { probeThing, query } = body.data.updateProbeThing;
  expect(probeThing).toEqual({ name: "mutated" });
  expect(query.probeSession).toMatchObject({ onReplica: false, readOnly: "off" });
});

test("SCA-01: row security, roles and limits are the same there", async () => {
  const data = await atReplica(() =>
    api.graphql("{ probeSession seen: probeThing(id: 148) { id } hidden: probeThing(id: 149) { id } }"),
  );
  expect(data).toMatchObject({ seen: { id: 148 }, hidden: null });
  expect(data.probeSession).toMatchObject({
    readOnly: "on",
    role: "app_anonymous",
    statementTimeout: "5s",
    lockTimeout: "2s",
    idleTimeout: "10s",
  });
});

test("SCA-01: a query that takes too long there ends there, and is not begun anew", async () => {
  await untilItAnswers();
  const startedAt = performance.now();
  expect(refusalOf(await api.graphql("{ probeWait }"))).toMatchObject({
    code: "TIMEOUT",
    reason: "statement_timeout",
  });
  // Five seconds there; begun anew, it would be ten.
  expect(performance.now() - startedAt).toBeLessThan(9_000);
  expect(await reads("refused")).toBe(0);
});

test("SCA-01, FND-08: whose record is read there is on record at the primary before the answer", async () => {
  const [{ id }] = await api.sql("select tests.id('ana') as id");
  const data = await atReplica(() =>
    api.graphql("query ($id: UUID!) { probeSession patientProfile(id: $id) { id } }", {
      token: reader(),
      variables: { id },
    }),
  );
  expect(data.patientProfile).toEqual({ id });
  const found = await api.sql(
    "select entries.new ->> 'what' as what from audit.entries join tests.personas on principal_id = actor_id and name = 'reader' where action = 'read'",
  );
  expect(found).toEqual([{ what: "record" }]);
});

test("SCA-01: while the replica is behind, the primary answers, and nobody waits for it twice", async () => {
  await whilePaused(async () => {
    await rename("while it sleeps");
    expect(await thing()).toEqual({ status: 200, name: "while it sleeps", onReplica: false });
    expect(await reads("behind")).toBeGreaterThan(0);
    const before = await reads("not_asked");
    await thing();
    expect(await reads("not_asked")).toBeGreaterThan(before);
    expect(api.logs()).toContain("the primary answers queries");
  });
});

test("SCA-01: a right or a session that ended is over at once, however far the replica is", async () => {
  const clinics = async () =>
    (await api.graphql("{ patients(first: 5) { nodes { id } } }", { token: reader() })).body.data.patients
      .nodes.length;
  expect(await clinics()).toBeGreaterThan(0);
  await whilePaused(async () => {
    await api.sql(
      "delete from app_public.membership_roles using tests.personas, app_public.memberships m where m.human_id = principal_id and personas.name = 'reader' and membership_id = m.id",
    );
    expect(await clinics()).toBe(0);
    const token = api.issuer.mint({
      subject: "reader",
      email: "reader@people.test",
      name: "reader",
      locale: "en",
    });
    const { sid } = JSON.parse(Buffer.from(token.split(".")[1] ?? "", "base64url").toString());
    await api.sql("insert into app_private.revoked_sessions (session_id) values ($1)", [sid]);
    const refused = await api.graphql("{ probeSession }", { token });
    expect(refused.status).toBe(401);
    expect(refusalOf(refused).reason).toBe("session_revoked");
  });
});

test("SCA-01: a record that the primary has flushed in half does not keep the replica from answering", async () => {
  // What a reader has written whose transaction was rolled back: hints in pages. It is flushed up to the end of a page.
  const isHalf = async () => {
    await api.sql("begin; select pg_logical_emit_message(false, '', repeat('x', 10000)); rollback");
    await new Promise((resolve) => setTimeout(resolve, 300));
    const [{ flushed }] = await api.sql("select pg_current_wal_flush_lsn() as flushed");
    await new Promise((resolve) => setTimeout(resolve, 300));
    const { rows } = await replica.query("select pg_last_wal_replay_lsn() < $1 as half", [flushed]);
    return rows[0].half;
  };
  const log = createLog({ logLevel: "silent" });
  const primary = createPool({ authenticatorUrl: api.authenticatorUrl, poolSize: 1 }, log);
  const copy = createReplicaPool({ replicaUrl: servers.replica.authenticator, poolSize: 1 }, log);
  // On a busy machine a single look may be too short for any record.
  let isWell = false;
  for (let look = 0; look < 5 && !isWell; look++) {
    await until(isHalf, "a record flushed in half", 15_000);
    isWell = await requireCopy(primary, copy).then(
      () => true,
      () => false,
    );
  }
  await Promise.all([primary.end(), copy.end()]);
  expect(isWell).toBe(true);
});

test("SCA-01: a server that is not the primary's replica, or entered by another role, is never asked", async () => {
  for (const replicaUrl of [api.authenticatorUrl, servers.replica.admin]) {
    const beside = await startBeside(api, { replicaUrl, ops: undefined });
    await new Promise((resolve) => setTimeout(resolve, 300));
    for (let round = 0; round < 3; round++)
      expect((await beside.graphql("{ probeSession }")).body.data.probeSession.onReplica).toBe(false);
    await beside.close();
  }
});

test("SCA-01, FND-28: doctor says whether there is a replica, whether it follows, and what else to mend", async () => {
  const says = async (DATABASE_REPLICA_URL?: string) => {
    const urls = { authenticator: api.authenticatorUrl, worker: api.workerUrl };
    const diagnosis = await diagnose({ DATA_DIR: api.config.dataDir, DATABASE_REPLICA_URL }, urls);
    const found = diagnosis.find(({ name }) => name === "replica")?.findings ?? [];
    return found.map(({ level, says }) => `${level}: ${says.split(" (")[0]}`);
  };
  const url = servers.replica.authenticator;
  const cleanedUp =
    "warning: what the primary cleans up may end queries at the replica, which are then asked anew";
  expect(await says()).toEqual([]);
  await expect.poll(() => says(url)).toEqual(["ok: the replica has what is stored", cleanedUp]);
  await replica.query("alter system set hot_standby_feedback = on");
  await replica.query("select pg_reload_conf()");
  await until(async () => (await says(url)).length === 1, "a replica that tells the primary what it reads");
  await whilePaused(async () => {
    await rename("behind");
    expect(await says(url)).toEqual([
      "warning: the replica is behind: the primary answers queries until it is not",
    ]);
  });
  expect(await says(api.authenticatorUrl)).toEqual([
    "broken: DATABASE_REPLICA_URL leads to a server that follows no other: it is never asked",
  ]);
  expect(await says(servers.replica.admin)).toEqual([
    "broken: DATABASE_REPLICA_URL leads to another cluster or database, or in as another role: it is never asked",
  ]);
  expect(await says("postgres://app_authenticator@127.0.0.1:9/none")).toEqual([
    "warning: DATABASE_REPLICA_URL does not lead to a database",
  ]);
  await api.sql("alter role app_authenticator set synchronous_commit = off");
  expect(await says(url)).toContain("broken: commits are acknowledged before they are written");
  await api.sql("alter role app_authenticator reset synchronous_commit");
});

test("SCA-01: a replica that dies takes no answer with it", async () => {
  await untilItAnswers();
  await rename("before it died");
  const asked = Array.from({ length: 30 }, async (_, number) => {
    await new Promise((resolve) => setTimeout(resolve, number * 5));
    return thing();
  });
  await new Promise((resolve) => setTimeout(resolve, 50));
  await servers.replica.kill();
  for (const found of await Promise.all(asked))
    expect(found, JSON.stringify(found)).toMatchObject({ status: 200, name: "before it died" });
  expect(await thing()).toMatchObject({ status: 200, onReplica: false });
  expect((await rename("alone")).body.errors).toBeUndefined();
  expect(await thing()).toMatchObject({ name: "alone", onReplica: false });
});
