import { createHash } from "node:crypto";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import path from "node:path";
import { type EmbeddedObjects, startObjects } from "../../providers/storage/embedded/index.ts";
import type { ObjectStore } from "../../providers/storage/index.ts";
import { s3Store } from "../../providers/storage/s3.ts";
import type { Ffmpeg } from "../ffmpeg.ts";

/** The program of the packages, which is what `npm start` renders with. */
export const program: string = createRequire(import.meta.url)("@ffmpeg-installer/ffmpeg").path;

export const sha256 = (bytes: Uint8Array) => createHash("sha256").update(bytes).digest("hex");

export type Bench = { objects: EmbeddedObjects; store: ObjectStore; dataDir: string; stop(): Promise<void> };

/** An object store of its own, for bundles and videos. */
export async function openBench(): Promise<Bench> {
  const dataDir = mkdtempSync(path.join(tmpdir(), "restartix-bundles-"));
  const objects = await startObjects({ port: 0, dataDir });
  const store = s3Store(objects.settings);
  return {
    objects,
    store,
    dataDir,
    async stop() {
      store.close();
      await objects.stop();
      rmSync(dataDir, { recursive: true });
    },
  };
}

/** A small movement, so that tests of everything else are quick. */
const drawing = {
  yaw: 80,
  oneSided: true,
  from: { elbow: 4 },
  to: { shoulder: [0, 90] },
  tempo: { up: 0.4, hold: 0.2, down: 0.4 },
};
export const texts = {
  ro: { name: "Ridicarea brațului", cue: "Umărul rămâne jos" },
  en: { name: "Arm raise", cue: "Keep the shoulder down" },
};
const size = { width: 320, height: 180, fps: 10 };

export function manifestOf(changes: object = {}): Record<string, unknown> {
  return { version: 1, slug: "arm-raise", assetVersion: 1, texts, size, drawing, ...changes };
}

export const json = (value: unknown) => Buffer.from(JSON.stringify(value));

/** Puts a bundle into the store; answers its prefix. */
export async function putBundle(
  store: ObjectStore,
  manifest: object | Buffer,
  { version = "1", files = {} }: { version?: string; files?: Record<string, Buffer> } = {},
): Promise<string> {
  const prefix = `exercises/arm-raise/${version}/`;
  const type = { contentType: "application/octet-stream" };
  for (const [name, bytes] of Object.entries(files)) await store.put(`${prefix}${name}`, bytes, type);
  await store.put(`${prefix}manifest.json`, Buffer.isBuffer(manifest) ? manifest : json(manifest), type);
  return prefix;
}

/** Films a test picture that changes: so many seconds of it. */
export async function film(ffmpeg: Ffmpeg, folder: string, name: string, args: string[]): Promise<Buffer> {
  await ffmpeg.run([...args, name], { folder });
  return readFileSync(path.join(folder, name));
}

/** In which order the parts of an MP4 stand. */
export function boxesOf(bytes: Buffer): string[] {
  const boxes: string[] = [];
  for (let at = 0; at + 8 <= bytes.length; at += Math.max(8, bytes.readUInt32BE(at))) {
    boxes.push(bytes.toString("latin1", at + 4, at + 8));
  }
  return boxes;
}
