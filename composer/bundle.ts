import { createHash } from "node:crypto";
import { createWriteStream } from "node:fs";
import path from "node:path";
import { pipeline } from "node:stream/promises";
import type { ObjectStore } from "../providers/storage/port.ts";
import { filesOf, LARGEST_MANIFEST, type Manifest, manifest } from "./manifest.ts";
import { RenderRefused } from "./refusals.ts";

/** Reads an object of at most so many bytes, piece by piece. */
async function* bounded(pieces: AsyncIterable<Uint8Array>, most: number, name: string) {
  let size = 0;
  for await (const piece of pieces) {
    size += piece.length;
    if (size > most) throw new RenderRefused(`${name} is larger than ${most} bytes`);
    yield piece;
  }
}

async function open(store: ObjectStore, key: string, name: string): Promise<AsyncIterable<Uint8Array>> {
  const pieces = await store.get(key);
  if (!pieces) throw new RenderRefused(`${name} is not in the bundle`);
  return pieces;
}

/** Brings an object into a file; answers its SHA-256, in hex. */
export async function fetchFile(
  store: ObjectStore,
  key: string,
  { to, most, name }: { to: string; most: number; name: string },
): Promise<{ sha256: string; bytes: number }> {
  const hash = createHash("sha256");
  let bytes = 0;
  const pieces = bounded(await open(store, key, name), most, name);
  await pipeline(
    async function* () {
      for await (const piece of pieces) {
        hash.update(piece);
        bytes += piece.length;
        yield piece;
      }
    },
    createWriteStream(to, { flags: "wx", mode: 0o600 }),
  );
  return { sha256: hash.digest("hex"), bytes };
}

/** Fetches a bundle's manifest. Rejects with RenderRefused where it is not what it must be. */
export async function fetchManifest(
  store: ObjectStore,
  prefix: string,
  expected: { slug: string; assetVersion: number },
): Promise<Manifest> {
  const pieces: Uint8Array[] = [];
  const name = "manifest.json";
  for await (const piece of bounded(await open(store, `${prefix}${name}`, name), LARGEST_MANIFEST, name)) {
    pieces.push(piece);
  }
  let json: unknown;
  try {
    json = JSON.parse(Buffer.concat(pieces).toString("utf8"));
  } catch {
    throw new RenderRefused("manifest.json is no JSON");
  }
  const { data, error } = manifest.safeParse(json);
  if (!data) {
    const [issue] = error.issues;
    throw new RenderRefused(`manifest.json: ${issue?.path.join(".") || "as a whole"}: ${issue?.message}`);
  }
  if (data.slug !== expected.slug || data.assetVersion !== expected.assetVersion) {
    throw new RenderRefused(`manifest.json is of ${data.slug}, version ${data.assetVersion}`);
  }
  return data;
}

/** Fetches the files that a manifest names into a folder, each as large and with the digest that it says. */
export async function fetchFiles(
  store: ObjectStore,
  prefix: string,
  named: Manifest,
  folder: string,
): Promise<void> {
  const wanted = new Map(filesOf(named).map((one) => [one.file, one]));
  for (const { file: name, sha256, bytes } of wanted.values()) {
    const got = await fetchFile(store, `${prefix}${name}`, {
      to: path.join(folder, name),
      most: bytes,
      name,
    });
    if (got.bytes !== bytes || got.sha256 !== sha256)
      throw new RenderRefused(`${name} is not what the manifest says`);
  }
}
