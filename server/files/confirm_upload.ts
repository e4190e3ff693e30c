import { createHash } from "node:crypto";
import type { Pool } from "pg";
import { z } from "zod";
import type { ObjectStore, ObjectStores } from "../../providers/storage/port.ts";
import { Refusal } from "../../runtime/refusal.ts";
import { asCaller, asServer } from "../http/transaction.ts";
import type { Settings } from "../identity/session.ts";
import { examineApart } from "./examine/apart.ts";
import type { Rejection } from "./examine/rejection.ts";
import { readUpload } from "./read_upload.ts";

const upload = z.object({
  status: z.enum(["pending", "confirmed"]),
  organization_id: z.uuid(),
  uploaded_key: z.string(),
  object_key: z.string(),
  content_type: z.string(),
  size_bytes: z.number(),
  sha256: z.string(),
  written_anew: z.boolean(),
});
type Upload = z.output<typeof upload>;

/**
 * Looks at every byte of an upload and makes it a file, or rejects it for good (FND-13).
 *
 * Three steps, and no transaction is open while the store is waited for: ask what is awaited; read, check and
 * write the bytes that were checked, the very same, under a key that no URL was ever signed for; say so in the
 * database. The picture of a signature is written anew on the way (SPC-04). Cut off anywhere, the next call does it again, and two at once write the same bytes. What is
 * uploaded afterwards by a URL that is still good lands beside and is swept.
 */
export async function confirmUpload(
  { pool, objects }: { pool: Pool; objects: ObjectStores },
  settings: Settings,
  fileId: string,
): Promise<void> {
  const file = await uploadToCheck(pool, settings, fileId);
  if (file.status === "confirmed") return;
  const store = await objects.for(file.organization_id);

  const checked = await check(store, file);
  if (checked === null) {
    // Gone or never there: another confirmation may have been faster.
    if ((await uploadToCheck(pool, settings, fileId)).status === "confirmed") return;
    throw new Refusal("STATE", "nothing_uploaded");
  }
  if ("rejection" in checked) {
    await asServer(pool, settings, (client) =>
      client.query("select app_hidden.reject_upload($1, $2)", [fileId, checked.rejection]),
    );
    await uploadToCheck(pool, settings, fileId); // refuses with what was written
    return;
  }
  await store.put(file.object_key, checked.bytes, { contentType: file.content_type });
  await asServer(pool, settings, (client) =>
    client.query("select app_hidden.attach_upload($1, $2, $3)", [
      fileId,
      ...(file.written_anew ? [checked.bytes.length, sha256(checked.bytes)] : [null, null]),
    ]),
  );
  // If this is lost the sweep does it.
  await store.delete(file.uploaded_key).catch(() => {});
}

async function check(
  store: ObjectStore,
  { uploaded_key, content_type, size_bytes, sha256, written_anew }: Upload,
): Promise<{ bytes: Buffer } | { rejection: Rejection } | null> {
  const read = await readUpload(store, uploaded_key, { size: size_bytes, sha256 });
  if (read === null || "rejection" in read) return read;
  const { bytes, rejection } = await examineApart(read.bytes, content_type, { asSignature: written_anew });
  return rejection ? { rejection } : { bytes };
}

const sha256 = (bytes: Buffer) => createHash("sha256").update(bytes).digest("hex");

async function uploadToCheck(pool: Pool, settings: Settings, fileId: string): Promise<Upload> {
  const { rows } = await asCaller(pool, settings, (client) =>
    client.query("select * from app_hidden.upload_to_check($1)", [fileId]),
  );
  return upload.parse(rows[0]);
}
