import { parseCrontab } from "graphile-worker";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { z } from "zod";
import { consumers } from "../consumer_registry.ts";
import { crontabOf } from "../crontab.ts";
import { taskList, tasks } from "../registry.ts";
import { defineTask } from "../task.ts";
import { type Clinic, openClinic } from "./database.ts";

let clinic: Clinic;
beforeAll(async () => {
  clinic = await openClinic("what it queues is compared with what the worker can do");
});
afterAll(() => clinic.drop());

/** The names under which functions queue jobs: one by add_job(), or many as rows of job_spec. */
async function queuedBySql(): Promise<string[]> {
  const { rows } = await clinic.admin.query<{ name: string }>(`
    select distinct match[2] as name
    from pg_proc join pg_namespace on pg_namespace.oid = pronamespace
    cross join regexp_matches(coalesce(pg_get_function_sqlbody(pg_proc.oid), prosrc), $re$(add_job\\(|\\mrow\\()\\s*'([a-z_]+)'$re$, 'g') as match
    where nspname in ('app_public', 'app_hidden', 'app_private')
      and (match[1] like 'add\\_job%' or coalesce(pg_get_function_sqlbody(pg_proc.oid), prosrc) like '%job\\_spec%')`);
  return rows.map(({ name }) => name);
}

describe("database and worker name the same things (FND-14)", () => {
  test("every consumer has a file, and every file a consumer", async () => {
    const { rows } = await clinic.admin.query<{ name: string }>(
      "select name from app_private.event_consumers order by name",
    );
    expect(Object.keys(consumers)).toEqual(rows.map(({ name }) => name));
  });

  test("every job that SQL queues has a task", async () => {
    const names = await queuedBySql();
    expect(names).toEqual(expect.arrayContaining(["deliver_events", "deliver_message"]));
    expect(Object.keys(tasks)).toEqual(expect.arrayContaining(names));
  });

  // What has lost its key was queued again, and reap_silent_workers removes it. A look at segments never has one
  // (docs/decisions/0140), and the clock's next look does what a dead one did not.
  test("every job that SQL queues has a key, but the looks at segments", async () => {
    const { rows } = await clinic.admin.query<{ of: string; key: string | null }>(`
      select proname as of, nullif(btrim(coalesce(call[1], spec[1], 'null')), 'null') as key
      from pg_proc join pg_namespace on pg_namespace.oid = pronamespace
      cross join lateral (select coalesce(pg_get_function_sqlbody(pg_proc.oid), prosrc) as text) as body
      cross join lateral regexp_matches(body.text, $re$(?:\\madd_job\\(|\\mrow\\()\\s*'[a-z_]+'.*?(?:;|$)$re$, 'g') as queued
      left join lateral regexp_match(queued[1], $re$job_key => ([^,)]+)$re$) as call on true
      left join lateral regexp_match(queued[1], $re$([^,]+),\\s*null,\\s*null\\s*\\)::graphile_worker.job_spec$re$) as spec on true
      where nspname in ('app_public', 'app_hidden', 'app_private')
        and queued[1] ~ $re$^add_job\\(|::graphile_worker.job_spec$re$`);
    expect(rows.map((row) => row.of)).toEqual(
      expect.arrayContaining(["delivery_of", "receive_webhook", "tend_video_room"]),
    );
    expect(rows.filter(({ key }) => key === null).map((row) => row.of)).toEqual(["queue_segments"]);
  });

  test("every task is queued by SQL, or due by the clock", async () => {
    const queued = await queuedBySql();
    const idle = Object.keys(tasks).filter((name) => !queued.includes(name) && !tasks[name]?.clock);
    expect(idle).toEqual([]);
  });

  test("what is due by the clock says when, and app_worker may do its work", async () => {
    const timed = parseCrontab(crontabOf(tasks)).map(({ task }) => task);
    expect(timed).toEqual(Object.keys(tasks).filter((name) => tasks[name]?.clock));
    expect(timed).toEqual(expect.arrayContaining(["expire_booking_requests", "anchor_audit_heads"]));
    const objects = { for: async () => ({ put: async () => true }), close() {} };
    for (const name of timed) {
      const run = tasks[name]?.run(
        { _cron: {} },
        { withPgClient: clinic.withPgClient, job: { locked_by: "a worker" } } as never,
        { objects } as never,
      );
      await expect(run, name).resolves.toBeUndefined();
    }
  });

  test("a line of the crontab says when, which task, that one tick waits at most, and how often it is tried", () => {
    const payload = z.looseObject({});
    const run = async () => {};
    const crontab = crontabOf({
      count_toys: defineTask({ payload, run, clock: { at: "*/5 * * * *" } }),
      deliver_toy: defineTask({ payload, run }),
      polish_toys: defineTask({ payload, run, clock: { at: "7 3 * * 1", attempts: 4 } }),
    });
    expect(crontab).toBe(
      "*/5 * * * * count_toys ?jobKey=count_toys&max=3\n7 3 * * 1 polish_toys ?jobKey=polish_toys&max=4\n",
    );
  });

  test("jobs that wait under the earlier name of a task are done, and no two tasks share a name", () => {
    const names = Object.entries(tasks).flatMap(([name, { formerly = [] }]) => [name, ...formerly]);
    expect(names).toContain("deliver_email");
    expect(Object.keys(taskList({} as never)).sort()).toEqual(names.sort());
  });

  test("a payload that is not as declared is refused before anything is done", () => {
    expect(tasks.deliver_message?.payload.safeParse({ messageId: "1" }).success).toBe(false);
    expect(tasks.deliver_events?.payload.safeParse({ consumer: "notifications" }).success).toBe(false);
  });
});
