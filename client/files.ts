import { Unreachable } from "./refused.ts";
import type { BigInteger } from "./scalars.ts";

/** What `requestUpload` asks about a file besides its name and type. */
export async function describeFile(file: Blob): Promise<{ sizeBytes: BigInteger; sha256: string }> {
  const digest = new Uint8Array(await crypto.subtle.digest("SHA-256", await file.arrayBuffer()));
  return {
    sizeBytes: String(file.size) as BigInteger,
    sha256: Array.from(digest, (byte) => byte.toString(16).padStart(2, "0")).join(""),
  };
}

/** Sends the bytes to the object store, as `File.upload` says; `confirmUpload` then makes the file usable. */
export async function sendFile(
  { url, headers }: { url: string; headers: readonly { name: string; value: string }[] },
  file: Blob,
  signal?: AbortSignal,
): Promise<void> {
  const { ok, status } = await fetch(url, {
    method: "PUT",
    headers: Object.fromEntries(headers.map(({ name, value }) => [name, value])),
    body: file,
    ...(signal ? { signal } : {}),
  }).catch((cause: unknown) => {
    if (signal?.aborted) throw signal.reason;
    throw new Unreachable("The object store could not be reached.", { cause });
  });
  if (!ok) throw new Unreachable(`The object store answered with status ${status}.`);
}
