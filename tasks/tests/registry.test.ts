import { parseCrontab } from "graphile-worker";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { consumers } from "../consumers.ts";
import { crontab } from "../crontab.ts";
import { tasks } from "../registry.ts";
import { type Clinic, openClinic } from "./database.ts";

let clinic: Clinic;
beforeAll(async () => {
  clinic = await openClinic("what it queues is compared with what the worker can do");
});
afterAll(() => clinic.drop());

describe("database and worker name the same things (FND-14)", () => {
  test("every consumer has a handler, and every handler a consumer", async () => {
    const { rows } = await clinic.admin.query<{ name: string }>(
      "select name from app_private.event_consumers order by name",
    );
    expect(Object.keys(consumers).sort()).toEqual(rows.map(({ name }) => name));
  });

  test("every job that SQL queues has a task", async () => {
    const { rows } = await clinic.admin.query<{ name: string }>(`
      select distinct match[2] as name
      from pg_proc join pg_namespace on pg_namespace.oid = pronamespace
      cross join regexp_matches(prosrc, $re$(add_job\\(|select row\\()\\s*'([a-z_]+)'$re$, 'g') as match
      where nspname in ('app_public', 'app_hidden', 'app_private')`);
    const names = rows.map(({ name }) => name);
    expect(names).toEqual(expect.arrayContaining(["deliver_events", "deliver_message"]));
    expect(Object.keys(tasks)).toEqual(expect.arrayContaining(names));
  });

  test("every line of the crontab has a task, and app_worker may do its work", async () => {
    const timed = parseCrontab(crontab).map(({ task }) => task);
    expect(timed).toEqual([
      "expire_booking_requests",
      "release_expired_claims",
      "advance_appointments",
      "act_on_retentions",
      "forget_spent_allowances",
      "enqueue_overdue_deliveries",
      "end_stuck_messages",
      "go_on_with_key_rotation",
      "anchor_audit_heads",
      "open_audit_months",
      "sweep_uploads",
      "enqueue_object_sweeps",
    ]);
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

  test("a payload that is not as declared is refused before anything is done", () => {
    expect(tasks.deliver_message?.payload.safeParse({ messageId: "1" }).success).toBe(false);
    expect(tasks.deliver_events?.payload.safeParse({ consumer: "notifications" }).success).toBe(false);
  });
});
