import pg from "pg";
import { pino } from "pino";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { installJobs } from "../../db/migrating/install_jobs.ts";
import { jobsNotify } from "../../db/migrating/job_notify.ts";
import { withClient } from "../../db/migrating/prepare.ts";
import { jobNotify, pollMs } from "../../runtime/job_notify.ts";
import { startWorker } from "../worker.ts";
import { type Clinic, eventually, openClinic } from "./database.ts";
import { nowhere } from "./nowhere.ts";

let clinic: Clinic;
let listener: pg.Client;
const heard: string[] = [];

beforeAll(async () => {
  clinic = await openClinic("whether jobs are announced is switched for the whole database");
  listener = new pg.Client({ connectionString: clinic.urls.worker });
  await listener.connect();
  listener.on("notification", ({ channel, payload }) =>
    heard.push(channel === "fence" ? `${payload}` : channel),
  );
  await listener.query(`listen "jobs:insert"; listen sessions; listen fence`);
});
afterAll(async () => {
  await listener.end();
  await clinic.drop();
});

const install = (said: string) => installJobs(clinic.urls.owner, { JOB_NOTIFY: said });
const notifies = () => withClient(clinic.urls.worker, jobsNotify);

/** The channels on which `sql`, as the worker or whoever, was announced; a fence behind it says that this is all. */
let fences = 0;
async function announced(sql: string, by: pg.Pool = clinic.worker): Promise<string[]> {
  heard.length = 0;
  await by.query(sql);
  const fence = `fence ${++fences}`;
  await clinic.admin.query("select pg_notify('fence', $1)", [fence]);
  await eventually(async () => heard.at(-1) === fence, "the fence");
  return heard.slice(0, -1);
}

const waysToQueue: [string, string][] = [
  ["one job", "select graphile_worker.add_job('nothing')"],
  [
    "several",
    "select graphile_worker.add_jobs(array[row('nothing', null, null, null, null, null, null, null)::graphile_worker.job_spec])",
  ],
  [
    "a job under a key",
    "select graphile_worker.add_job('nothing', job_key => 'k', job_key_mode => 'unsafe_dedupe')",
  ],
  ["what a function of ours queues", "select app_private.enqueue_object_sweeps()"],
];

describe("JOB_NOTIFY (FND-14)", () => {
  test.each(waysToQueue)("on: %s is announced", async (_, sql) => {
    expect(await notifies()).toBe(true);
    expect(await announced(sql)).toEqual(["jobs:insert"]);
  });

  test.each(waysToQueue)("off: %s is queued, and nobody is told", async (_, sql) => {
    await install("off");
    await install("off");
    expect(await notifies()).toBe(false);
    await clinic.admin.query("delete from graphile_worker._private_jobs");
    expect(await announced(sql)).toEqual([]);
    const { rows } = await clinic.admin.query(
      "select count(*)::int as jobs from graphile_worker._private_jobs",
    );
    expect(rows).toEqual([{ jobs: 1 }]);
  });

  test("off: what is no job is announced as before", async () => {
    await install("off");
    expect(
      await announced(
        "insert into app_private.revoked_sessions (session_id) values ('sess_over')",
        clinic.admin,
      ),
    ).toEqual(["sessions"]);
  });

  test("off: an upgrade that replaced the functions is switched off again, and doctor sees it until then", async () => {
    await install("off");
    await clinic.admin.query(
      "alter function graphile_worker.add_jobs(graphile_worker.job_spec[], boolean) reset all",
    );
    expect(await notifies()).toBeNull();
    await install("off");
    expect(await notifies()).toBe(false);
  });

  test("off: a worker finds jobs by looking", async () => {
    await install("off");
    const done: unknown[] = [];
    const worker = await startWorker({
      databaseUrl: clinic.urls.worker,
      ...nowhere,
      log: pino({ level: "silent" }),
      timed: false,
      pollMs: 50,
      tasks: { look: async (payload) => void done.push(payload) },
    });
    try {
      expect(await announced(`select graphile_worker.add_job('look', '{"n": 1}')`)).toEqual([]);
      await eventually(async () => done.length > 0, "the job to be done");
      expect(done).toEqual([{ n: 1 }]);
    } finally {
      await worker.stop();
    }
  });

  test("on again: jobs are announced, and nothing of the silence is left", async () => {
    await install("off");
    await install("on");
    expect(await announced("select graphile_worker.add_job('nothing')")).toEqual(["jobs:insert"]);
    const { rows } = await clinic.admin.query(
      `select nspname from pg_namespace where nspname = 'job_silence'
       union all select proname from pg_proc where pronamespace = 'graphile_worker'::regnamespace and proconfig is not null`,
    );
    expect(rows).toEqual([]);
  });

  test("is on or off, and decides how often workers look", () => {
    expect([jobNotify({}), jobNotify({ JOB_NOTIFY: "" }), jobNotify({ JOB_NOTIFY: "off" })]).toEqual([
      true,
      true,
      false,
    ]);
    expect(() => jobNotify({ JOB_NOTIFY: "no" })).toThrow("JOB_NOTIFY must be on or off.");
    expect([pollMs(true), pollMs(false)]).toEqual([2_000, 500]);
  });
});
