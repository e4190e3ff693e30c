import type { WithPgClient } from "graphile-worker";
import { z } from "zod";
import type { ObjectStore } from "../providers/storage/port.ts";
import { defineTask } from "./task.ts";

/** Younger ones may belong to an upload that is just being confirmed. */
const STRAY_AFTER_MS = 24 * 3600 * 1000;
const PAGE = 500;

/**
 * Ends uploads that nobody confirmed within their day, and removes the bytes of what was rejected or deleted
 * (FND-13). Deleting twice is deleting once: cut off anywhere, the next sweep goes on.
 */
export const sweepUploads = defineTask({
  payload: z.looseObject({}), // the queue adds when it was due

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

/**
 * Removes a clinic's objects that no file names: uploads that were copied and not removed, and what a crash or a
 * late upload left behind (FND-13). Looks into the folders of files only; what else lies in the bucket stays.
 */
export const sweepObjects = defineTask({
  payload: z.object({ organizationId: z.uuid() }),

  async run({ organizationId }, { withPgClient, logger }, { objects }) {
    const store = await objects.for(organizationId);
    const prefixes = await withPgClient((client) =>
      client.query<{ prefix: string }>("select app_private.object_prefixes($1) as prefix", [organizationId]),
    );
    let removed = 0;
    for (const { prefix } of prefixes.rows) {
      for await (const page of pagesOf(oldKeys(store, prefix))) {
        const { rows } = await withPgClient((client) =>
          client.query<{ key: string }>("select app_private.stray_objects($1, $2) as key", [
            organizationId,
            page,
          ]),
        );
        for (const { key } of rows) await store.delete(key);
        removed += rows.length;
      }
    }
    if (removed > 0) logger.info(`removed ${removed} stray objects`);
  },
});

async function* oldKeys(store: ObjectStore, prefix: string): AsyncIterable<string> {
  const before = Date.now() - STRAY_AFTER_MS;
  for await (const { key, lastModified } of store.list(prefix)) {
    if (lastModified.getTime() < before) yield key;
  }
}

async function* pagesOf(keys: AsyncIterable<string>): AsyncIterable<string[]> {
  let page: string[] = [];
  for await (const key of keys) {
    page.push(key);
    if (page.length < PAGE) continue;
    yield page;
    page = [];
  }
  if (page.length > 0) yield page;
}

async function one(withPgClient: WithPgClient, sql: string, values: unknown[] = []): Promise<unknown> {
  const { rows } = await withPgClient((client) => client.query<{ result: unknown }>(sql, values));
  return rows[0]?.result;
}

async function until(result: unknown, ask: () => Promise<unknown>): Promise<void> {
  while ((await ask()) !== result);
}
