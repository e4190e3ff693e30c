import { createHash } from "node:crypto";
import type { ObjectStore } from "../../providers/storage/port.ts";
import type { Rejection } from "./examine/rejection.ts";

/** The bytes of an upload, when they are as many and the very ones that were announced; null when there are none. */
export async function readUpload(
  store: ObjectStore,
  key: string,
  { size, sha256 }: { size: number; sha256: string },
): Promise<{ bytes: Buffer } | { rejection: Rejection } | null> {
  const pieces = await store.get(key);
  if (!pieces) return null;

  const bytes = Buffer.alloc(size);
  const digest = createHash("sha256");
  let read = 0;
  for await (const piece of pieces) {
    // However much lies there, no more is read than was announced.
    if (read + piece.length > size) return { rejection: "size_mismatch" };
    bytes.set(piece, read);
    read += piece.length;
    digest.update(piece);
  }
  if (read !== size) return { rejection: "size_mismatch" };
  return digest.digest("hex") === sha256 ? { bytes } : { rejection: "digest_mismatch" };
}
