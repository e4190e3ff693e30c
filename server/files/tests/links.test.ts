import { createHash } from "node:crypto";
import { mkdtempSync, rmSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { Pool } from "pg";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { CredentialsRefused } from "../../../providers/failures.ts";
import { type EmbeddedObjects, startObjects } from "../../../providers/storage/embedded/index.ts";
import { type ObjectStore, StorageUnavailable } from "../../../providers/storage/port.ts";
import { s3Store } from "../../../providers/storage/s3.ts";
import { createFiles, type FileRow } from "../index.ts";
import { readUpload } from "../read_upload.ts";

const bytes = Buffer.from("%PDF-1.7\n%%EOF\n");
const sha256 = createHash("sha256").update(bytes).digest("hex");
const dataDir = mkdtempSync(path.join(os.tmpdir(), "restartix-links-"));
/** Links and bytes need no database: a pool that nobody connects with. */
const pool = new Pool({ connectionString: "postgres://nobody@127.0.0.1:9/none" });
let objects: EmbeddedObjects;
let store: ObjectStore;
const asked: (string | null)[] = [];
const filesFrom = (answer: () => Promise<ObjectStore>) =>
  createFiles({
    pool,
    objects: {
      for: (organizationId) => {
        asked.push(organizationId);
        return answer();
      },
      close() {},
    },
  });
const files = filesFrom(async () => store);

beforeAll(async () => {
  objects = await startObjects({ port: 0, dataDir });
  store = s3Store(objects.settings);
});
afterAll(async () => {
  store.close();
  await objects.stop();
  await pool.end();
  rmSync(dataDir, { recursive: true });
});

const ana = { "app.principal_id": "ana" };
const row = (changes: Partial<FileRow> = {}): FileRow => ({
  organizationId: "atlas",
  status: "pending",
  filename: "Scrisoare medicală.pdf",
  contentType: "application/pdf",
  sizeBytes: String(bytes.length),
  sha256,
  objectKey: "atlas/files/1",
  uploadedKey: "atlas/uploads/1",
  uploadedBy: "ana",
  expiresAt: new Date(Date.now() + 60_000).toISOString(),
  ...changes,
});

describe("a link is for whom it is meant, and for what (FND-13)", () => {
  test("the uploader's puts the very bytes that were announced, within ten minutes", async () => {
    const link = await files.upload(ana, row());
    expect(asked.at(-1)).toBe("atlas");
    const left = Date.parse(link?.expiresAt ?? "") - Date.now();
    expect(left).toBeGreaterThan(590_000);
    expect(left).toBeLessThanOrEqual(600_000);
    expect(link?.headers.map(({ name }) => name).sort()).toEqual([
      "content-type",
      "if-none-match",
      "x-amz-checksum-sha256",
    ]);
    const put = (body: Buffer) =>
      fetch(link?.url ?? "", {
        method: "PUT",
        body: new Uint8Array(body),
        headers: Object.fromEntries(link?.headers.map(({ name, value }) => [name, value]) ?? []),
      });
    expect((await put(Buffer.from("x".repeat(bytes.length)))).status).toBe(400);
    expect((await put(bytes)).status).toBe(200);
    expect(await store.head("atlas/uploads/1")).toMatchObject({ size: bytes.length });
  });

  test.each<[string, Partial<FileRow>]>([
    ["somebody else's upload", { uploadedBy: "dan" }],
    ["what is confirmed", { status: "confirmed" }],
    ["what was rejected", { status: "rejected" }],
    ["what has no end", { expiresAt: null }],
  ])("there is none for the bytes of %s", async (_, changes) => {
    expect(await files.upload(ana, row(changes))).toBeNull();
  });

  test("nor for nobody, nor from the moment on at which the upload ends", async () => {
    expect(await files.upload({}, row())).toBeNull();
    vi.useFakeTimers({ toFake: ["Date"] });
    const at = (ms: number) => row({ expiresAt: new Date(Date.now() + ms).toISOString() });
    try {
      expect(await files.upload(ana, at(0))).toBeNull();
      expect(await files.upload(ana, at(1))).not.toBeNull();
    } finally {
      vi.useRealTimers();
    }
  });

  test("what is confirmed downloads as an attachment for five minutes; what is not, does not", async () => {
    await store.put("atlas/files/1", bytes, { contentType: "application/pdf" });
    for (const status of ["pending", "rejected"]) expect(await files.download(row({ status }))).toBeNull();
    const link = await files.download(row({ status: "confirmed" }));
    const left = Date.parse(link?.expiresAt ?? "") - Date.now();
    expect(left).toBeGreaterThan(290_000);
    expect(left).toBeLessThanOrEqual(300_000);
    const answer = await fetch(link?.url ?? "");
    expect(Buffer.from(await answer.arrayBuffer()).equals(bytes)).toBe(true);
    expect(answer.headers.get("content-disposition")).toMatch(/^attachment/);
  });

  test.each([new StorageUnavailable("no"), new CredentialsRefused("no")])(
    "%s of the store is told as such, without its reasons",
    async (failure) => {
      const broken = filesFrom(() => Promise.reject(failure));
      for (const link of [broken.upload(ana, row()), broken.download(row({ status: "confirmed" }))]) {
        await expect(link).rejects.toMatchObject({ code: "UNAVAILABLE", reason: "storage_unavailable" });
      }
    },
  );
  test("any other fault stays one of ours", async () => {
    const broken = filesFrom(() => Promise.reject(new TypeError("ours")));
    await expect(broken.upload(ana, row())).rejects.toBeInstanceOf(TypeError);
  });
});

describe("an upload is read for what was announced (FND-13)", () => {
  const read = async (stored: Buffer | null, size = bytes.length, digest = sha256) => {
    const key = "atlas/uploads/read";
    if (stored) await store.put(key, stored, { contentType: "application/pdf" });
    else await store.delete(key);
    return readUpload(store, key, { size, sha256: digest });
  };

  test("the very bytes, in as many pieces as they come", async () => {
    expect(await read(bytes)).toEqual({ bytes });
    const large = Buffer.alloc(1_000_000, "abc");
    expect(await read(large, large.length, createHash("sha256").update(large).digest("hex"))).toEqual({
      bytes: large,
    });
    const empty = createHash("sha256").digest("hex");
    expect(await read(Buffer.alloc(0), 0, empty)).toEqual({ bytes: Buffer.alloc(0) });
  });
  test("nothing there is no file", async () => expect(await read(null)).toBeNull());
  test("one byte more, one byte less, another byte", async () => {
    expect(await read(Buffer.concat([bytes, Buffer.from("x")]))).toEqual({ rejection: "size_mismatch" });
    expect(await read(bytes.subarray(1))).toEqual({ rejection: "size_mismatch" });
    expect(await read(Buffer.alloc(bytes.length, "x"))).toEqual({ rejection: "digest_mismatch" });
  });
});
