import { setTimeout as sleep } from "node:timers/promises";
import pg from "pg";
import { pino } from "pino";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { startHeartbeat } from "../heartbeat.ts";
import { startWorker, type Worker } from "../worker.ts";
import { type CutLine, startCutLine } from "./cut_line.ts";
import { type Clinic, eventually, openClinic } from "./database.ts";
import { nowhere } from "./nowhere.ts";

const log = pino({ level: "silent" });
let clinic: Clinic;
let line: CutLine;
let worker: Worker;
const ran: string[] = [];

beforeAll(async () => {
  clinic = await openClinic("a worker of its own runs jobs while its connections are cut");
  line = await startCutLine(clinic.urls.worker);
  worker = await startWorker({
    ...nowhere,
    databaseUrl: line.url,
    log,
    timed: false,
    pollMs: 100,
    heartbeat: { everyMs: 200, silentMs: 3_600_000 },
    tasks: {
      async greet(payload) {
        ran.push((payload as { who: string }).who);
      },
      async stumble() {
        throw new Error("it does not work");
      },
    },
  });
});
afterEach(() => clinic.admin.query("delete from graphile_worker._private_jobs"));
afterAll(async () => {
  await worker.stop();
  line.stop();
  await clinic.drop();
});

const queue = (task: string, who: string) =>
  clinic.admin.query(
    "select graphile_worker.add_job($1, json_build_object('who', $2::text), job_key => $2)",
    [task, who],
  );
const jobs = async () =>
  (
    await clinic.admin.query(
      "select key, attempts, last_error, locked_by from graphile_worker._private_jobs order by id",
    )
  ).rows;
const isEmpty = async () => (await jobs()).length === 0;

describe("a backend may die at any statement of the queue (FND-14, quality: Faults)", () => {
  test("a job is taken and the answer is lost: it is given back, and run once", async () => {
    const cut = line.cut({ asked: "get_job/", answered: "Ana" });
    await queue("greet", "Ana");
    await cut;
    await eventually(isEmpty, "the job to be run", 5_000);
    expect(ran.filter((who) => who === "Ana")).toEqual(["Ana"]);
  });

  test.each([
    ["never arrives", "Dan", { asked: "complete_job/" }],
    ["is done, and the answer is lost", "Ema", { asked: "complete_job/", answered: "DELETE" }],
  ])("a job has run, and its completion %s: it is completed, and not run again", async (_, who, where) => {
    const cut = line.cut(where);
    await queue("greet", who);
    await cut;
    await eventually(isEmpty, "the job to be completed", 5_000);
    await sleep(500);
    expect(ran.filter((one) => one === who)).toEqual([who]);
  });

  test("a job has failed, and that never arrives: it is written down, and the job is free", async () => {
    const cut = line.cut({ asked: "fail_job/" });
    await queue("stumble", "Ion");
    await cut;
    await eventually(async () => (await jobs())[0]?.last_error, "the failure to be written down", 5_000);
    expect(await jobs()).toEqual([
      { key: "Ion", attempts: 1, last_error: "it does not work", locked_by: null },
    ]);
  });

  test("the worker goes on", async () => {
    await expect(Promise.race([worker.ended.then(() => "ended"), sleep(100, "goes on")])).resolves.toBe(
      "goes on",
    );
    await queue("greet", "Zoe");
    await eventually(isEmpty, "the next job to be run");
    expect(ran).toContain("Zoe");
  });
});

test("after an outage a worker waits for the signs of life of the others before it takes them for dead (FND-14)", async () => {
  const pool = new pg.Pool({ connectionString: clinic.urls.worker });
  const beat = () => pool.query("select app_private.beat('of another', 'host', 1)");
  const held = async () => (await jobs())[0]?.locked_by === "of another";
  await beat();
  await clinic.admin.query("update app_private.worker_heartbeats set seen_at = now() - interval '1 minute'");
  await clinic.admin.query(
    "select graphile_worker.add_job('greet', job_key => 'of another', run_at => now() + interval '1 hour')",
  );
  await clinic.admin.query(
    "update graphile_worker._private_jobs set locked_by = 'of another', locked_at = now(), attempts = 1",
  );
  const taken = { giveBackLost: async () => [] };
  const heartbeat = await startHeartbeat(pool, "the first to reach it", taken, log, {
    everyMs: 300,
    silentMs: 1_500,
  });
  try {
    expect(await held()).toBe(true);
    await beat();
    await sleep(800);
    expect(await held()).toBe(true);
    await eventually(async () => !(await held()), "one that stays silent to be taken for dead", 5_000);
    expect(await jobs()).toMatchObject([{ attempts: 1, last_error: "the worker that ran it died" }]);
  } finally {
    await heartbeat.stop();
    await pool.end();
  }
});
