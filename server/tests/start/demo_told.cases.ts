import { expect, test } from "vitest";
import type { Json } from "../support.ts";

/** What of the demo is told to anybody, and done by the worker. */
export function toldCases(rows: (sql: string) => Promise<Json[]>): void {
  test("FND-14: nothing of the past is told to anybody, and what is published now is", async () => {
    // What clinics subscribe to begins today, and so does the first bill.
    expect(
      await rows(
        `select distinct events.name from app_private.event_deliveries
         join app_private.events on events.id = event_deliveries.event_id
         where events.name !~ '^subscription\\.' order by events.name`,
      ),
    ).toEqual([{ name: "invoice.issued" }]);
    // Documents and the bill of a plan are of today: the worker renders and issues them, and finds out who is in the segments.
    expect(
      await rows(
        `select task_identifier from graphile_worker.jobs
         where task_identifier not in ('render_document', 'refresh_segments', 'issue_document', 'deliver_events')`,
      ),
    ).toEqual([]);
    expect(
      await rows("select from graphile_worker.jobs where task_identifier = 'render_document'"),
    ).toHaveLength(
      (await rows("select from app_public.appointment_documents where issued_at is not null")).length,
    );
    const [trigger] = await rows(
      "select tgenabled from pg_trigger where tgname = '_900_deliver' and tgrelid = 'app_private.events'::regclass",
    );
    expect(trigger.tgenabled).toBe("O");
  });
}
