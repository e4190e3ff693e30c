import { createHash } from "node:crypto";
import { z } from "zod";
import type { ObjectStore } from "../../providers/storage/port.ts";

/** Where anchors are kept in the platform's store, one object each, by number. */
export const anchorPrefix = "audit/anchors/";

/** What audit.prepare_anchor() writes; `previous` is the hash of the anchor before it. */
const document = z.strictObject({
  number: z.int().min(1),
  previous: z.hex().length(64).nullable(),
  at: z.iso.datetime({ precision: 6 }),
  heads: z
    .array(
      z.strictObject({
        organization: z.uuid().nullable(),
        sequence: z.int().min(1),
        hash: z.hex().length(64),
      }),
    )
    .min(1),
});

/** An anchor as the store has it. `document` is null when its bytes are not what we write. */
export type StoredAnchor = { key: string; hash: string; document: z.output<typeof document> | null };

/** Every anchor in the store, in the order of their numbers (FND-09). */
export async function* storedAnchors(store: ObjectStore): AsyncGenerator<StoredAnchor> {
  for await (const { key } of store.list(anchorPrefix)) {
    const bytes = await readObject(store, key);
    if (!bytes) continue; // gone since it was listed: the numbers will tell
    yield { key, hash: sha256(bytes), document: parse(bytes) };
  }
}

/** The whole object, or null when there is none. */
export async function readObject(store: ObjectStore, key: string): Promise<Buffer | null> {
  const object = await store.get(key);
  return object ? Buffer.concat(await Array.fromAsync(object)) : null;
}

function sha256(bytes: Uint8Array): string {
  return createHash("sha256").update(bytes).digest("hex");
}

function parse(bytes: Buffer): StoredAnchor["document"] {
  try {
    return document.parse(JSON.parse(bytes.toString("utf8")));
  } catch {
    return null;
  }
}
