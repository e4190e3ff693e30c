import { createHash } from "node:crypto";
import { documentInput, type Pictures, picturesOf } from "./input.ts";
import { RenderingRefused } from "./rejection.ts";

/** More than any picture of a template or a signature may have. */
const LARGEST = 10 * 1024 * 1024;

type Store = { get(key: string): Promise<AsyncIterable<Uint8Array> | null> };

/** The pictures that an input names, out of the clinic's store. Bytes that are not those which were frozen end it. */
export async function picturesIn(input: unknown, store: Store): Promise<Pictures> {
  const read = documentInput.safeParse(input);
  const pictures: Pictures = new Map();
  for (const { objectKey, sha256 } of read.success ? picturesOf(read.data) : []) {
    const chunks = await store.get(objectKey);
    if (!chunks) throw new RenderingRefused("picture_missing", objectKey);
    const bytes = await whole(chunks, objectKey);
    if (sha256 && createHash("sha256").update(bytes).digest("hex") !== sha256)
      throw new RenderingRefused("picture_changed", objectKey);
    pictures.set(objectKey, bytes);
  }
  return pictures;
}

async function whole(chunks: AsyncIterable<Uint8Array>, objectKey: string): Promise<Uint8Array> {
  const kept: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of chunks) {
    size += chunk.length;
    if (size > LARGEST) throw new RenderingRefused("picture_not_readable", objectKey);
    kept.push(chunk);
  }
  return Buffer.concat(kept);
}
