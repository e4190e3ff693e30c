import { z } from "zod";
import type { ObjectStore } from "../../providers/storage/port.ts";
import { defineTask } from "../task.ts";

/** Younger ones may belong to an upload that is just being confirmed. */
const STRAY_AFTER_MS = 24 * 3600 * 1000;
const PAGE = 500;

/**
 * Removes a clinic's objects that no file names: uploads that were copied and not removed, and what a crash or a
 * late upload left behind (FND-13). Looks into the folders of files only; what else lies in the bucket stays.
 */
export default defineTask({
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
