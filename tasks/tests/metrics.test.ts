import pg from "pg";
import { pino } from "pino";
import { afterAll, beforeAll, expect, test } from "vitest";
import { newestMigration, standingOfWorker } from "../../db/connection/standing.ts";
import { startWorker, type Worker } from "../worker.ts";
import { type Clinic, eventually, openClinic } from "./database.ts";
import { nowhere } from "./nowhere.ts";

let clinic: Clinic;
let worker: Worker;

beforeAll(async () => {
  clinic = await openClinic("all jobs of it are counted");
  worker = await startWorker({
    databaseUrl: clinic.urls.worker,
    ...nowhere,
    log: pino({ level: "silent" }),
    ops: { host: "127.0.0.1", port: 0 },
    timed: false,
    pollMs: 100,
    tasks: {
      succeed: async () => {},
      fail: async () => {
        throw new Error("as always");
      },
    },
  });
});
afterAll(async () => {
  await worker.stop();
  await clinic.drop();
});

const scrape = async () => (await fetch(`http://localhost:${worker.opsPort}/metrics`)).text();

test("FND-28: the worker tells how its jobs ended and what the queue holds, dead jobs included", async () => {
  await clinic.admin.query(
    `select graphile_worker.add_job('succeed'), graphile_worker.add_job('fail', max_attempts => 1, job_key => 'dead'),
            graphile_worker.add_job('fail', max_attempts => 5),
            graphile_worker.add_job('succeed', run_at => now() + interval '1 hour')`,
  );
  const text = await eventually(async () => {
    const found = await scrape();
    const both = ["dead", "failed"].every((outcome) => found.includes(`task="fail",outcome="${outcome}"`));
    return (
      both && found.includes('restartix_queue{figure="jobs_dead",task="fail",process="worker"} 1') && found
    );
  }, "a dead and a failed job in the metrics");
  expect(text).toMatch(/restartix_jobs_total\{task="succeed",outcome="done",process="worker"\} 1/);
  expect(text).toMatch(/restartix_jobs_total\{task="fail",outcome="dead",process="worker"\} 1/);
  expect(text).toMatch(/restartix_jobs_total\{task="fail",outcome="failed",process="worker"\} 1/);
  expect(text).toMatch(/restartix_job_seconds_count\{process="worker",task="succeed"\} 1/);
  expect(text).toMatch(/restartix_queue\{figure="jobs_planned",task="succeed",process="worker"\} 1/);
  expect(text).toMatch(/restartix_queue\{figure="workers_alive",task="",process="worker"\} 1/);
});

test("GDP-03: the worker tells what retentions removed, and how long ago they were acted on", async () => {
  await clinic.admin.query(
    `update app_private.retention_runs set removed = 12, ran_at = now() - interval '1 hour'
     where table_name = 'app_private.effects'`,
  );
  const rows =
    'restartix_retention_rows_total{table="app_private.effects",retention="operations",act="delete",process="worker"} 12\n';
  const text = await eventually(async () => {
    const found = await scrape();
    return found.includes(rows) && found;
  }, "the rows in the metrics");
  expect(text).toMatch(
    /restartix_retention_idle_seconds\{table="app_private.effects",retention="operations",process="worker"\} 36\d\d/,
  );
});

test("FND-28: a worker whose heartbeat reaches the database is ready, and on its way out it is not", async () => {
  const ready = await fetch(`http://localhost:${worker.opsPort}/readyz`);
  expect([ready.status, await ready.json()]).toEqual([
    200,
    { status: "ready", checks: { heartbeat: "fresh", schema: "current" } },
  ]);
  expect(await (await fetch(`http://localhost:${worker.opsPort}/healthz`)).json()).toEqual({ status: "up" });

  await clinic.admin.query(
    "alter function app_private.beat(text, text, int) rename to beat_no_more; revoke all on function app_private.beat_no_more(text, text, int) from app_worker",
  );
  const silent = await startWorker({
    databaseUrl: clinic.urls.worker,
    ...nowhere,
    log: pino({ level: "silent" }),
    ops: { host: "127.0.0.1", port: 0 },
    timed: false,
    tasks: {},
  }).catch((error: Error) => error);
  expect(silent).toBeInstanceOf(Error); // a worker that cannot give signs of life does not start
});

test("FND-28: a worker that is older than what the database takes, or newer than it is migrated, is not ready and says what to do", async () => {
  const pool = new pg.Pool({ connectionString: clinic.urls.worker, max: 1 });
  const own = newestMigration();
  try {
    expect(await standingOfWorker(pool)).toEqual({ standing: "current", says: "" });
    expect(await standingOfWorker(pool, own + 1)).toMatchObject({
      standing: "behind",
      says: expect.stringContaining("npm run migrate"),
    });
    await clinic.admin.query(
      `create or replace function app_hidden.workers_from() returns int language sql immutable set search_path = '' return ${own + 1}`,
    );
    expect(await standingOfWorker(pool)).toMatchObject({
      standing: "ahead",
      says: expect.stringContaining(`from ${own + 1} on`),
    });
    // An answer is remembered for a moment.
    await eventually(async () => {
      const answer = await fetch(`http://localhost:${worker.opsPort}/readyz`);
      const { checks } = (await answer.json()) as { checks: { schema: string } };
      return answer.status === 503 && checks.schema === "ahead";
    }, "the worker not to be ready");
    await clinic.admin.query("drop function app_hidden.workers_from()");
    expect(await standingOfWorker(pool)).toMatchObject({ standing: "behind" });
  } finally {
    await pool.end();
  }
});
