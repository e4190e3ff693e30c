import type { WithPgClient } from "graphile-worker";
import { z } from "zod";
import { defineTask } from "../task.ts";

/**
 * Ends uploads that nobody confirmed within their day, and removes the bytes of what was rejected or deleted
 * (FND-13). Deleting twice is deleting once: cut off anywhere, the next sweep goes on.
 */
export default defineTask({
  payload: z.looseObject({}), // the queue adds when it was due
  clock: { at: "17 * * * *", attempts: 5 },

  async run(_, { withPgClient }, { objects }) {
    await until(0, () => one(withPgClient, "select app_private.expire_uploads() as result"));
    for (;;) {
      const { rows } = await withPgClient((client) =>
        client.query<{ file_id: string; organization_id: string; keys: string[] }>(
          "select * from app_private.objects_to_remove()",
        ),
      );
      if (rows.length === 0) return;
      for (const { file_id, organization_id, keys } of rows) {
        const store = await objects.for(organization_id);
        for (const key of keys) await store.delete(key);
        await one(withPgClient, "select app_private.record_objects_removed($1) as result", [file_id]);
      }
    }
  },
});

async function one(withPgClient: WithPgClient, sql: string, values: unknown[] = []): Promise<unknown> {
  const { rows } = await withPgClient((client) => client.query<{ result: unknown }>(sql, values));
  return rows[0]?.result;
}

async function until(result: unknown, ask: () => Promise<unknown>): Promise<void> {
  while ((await ask()) !== result);
}
