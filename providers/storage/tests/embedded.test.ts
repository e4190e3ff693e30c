import { mkdirSync, mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { openCredentials } from "../embedded/credentials.ts";
import { type EmbeddedObjects, startObjects } from "../embedded/index.ts";
import { type ObjectStore, storesFrom } from "../index.ts";
import { s3Store } from "../s3.ts";
import { freshKey, presign, upload } from "./store_contract.ts";

let dataDir: string;
let objects: EmbeddedObjects;
let store: ObjectStore;

beforeAll(async () => {
  dataDir = mkdtempSync(path.join(tmpdir(), "restartix-objects-"));
  objects = await startObjects({ port: 0, dataDir });
  store = s3Store(objects.settings);
});
afterAll(async () => {
  store.close();
  await objects.stop();
  rmSync(dataDir, { recursive: true });
});

const pdf = Buffer.from("%PDF-1.7\n%%EOF\n");
const bucket = () => `http://127.0.0.1:${objects.port}/restartix`;
const codeOf = async (response: Response) => /<Code>(\w+)/.exec(await response.text())?.[1];

describe("the embedded store holds what Amazon holds (FND-13, FND-30)", () => {
  test("nothing unsigned is answered, not even whether something is there", async () => {
    const key = freshKey();
    await store.put(key, pdf, { contentType: "application/pdf" });
    for (const method of ["GET", "HEAD", "PUT", "DELETE", "POST"]) {
      for (const at of [key, freshKey(), "", "../../secrets.json"]) {
        const response = await fetch(`${bucket()}/${at}`, {
          method,
          ...(method === "PUT" ? { body: "x" } : {}),
        });
        expect(response.status, `${method} ${at}`).toBe(403);
      }
    }
    expect(await store.head(key)).not.toBeNull();
  });

  test("other bytes of the same length are refused by the digest, and nothing is kept", async () => {
    const key = freshKey();
    const signed = await presign(store, key, pdf);
    const response = await upload(signed, Buffer.from("<html>".padEnd(pdf.length)));
    expect([response.status, await codeOf(response)]).toEqual([400, "BadDigest"]);
    expect(await store.head(key)).toBeNull();
  });

  test("the digest can neither be left out nor replaced", async () => {
    const signed = await presign(store, freshKey(), pdf);
    const { "x-amz-checksum-sha256": _, ...without } = signed.headers;
    expect((await upload({ ...signed, headers: without }, pdf)).status).toBe(403);
    expect((await upload(signed, pdf, { "x-amz-checksum-sha256": "AAAA" })).status).toBe(403);
  });

  test("an uploaded object cannot be replaced, and of twenty uploads at once one counts", async () => {
    const key = freshKey();
    const signed = await presign(store, key, pdf);
    const answers = await Promise.all(Array.from({ length: 20 }, () => upload(signed, pdf)));
    expect(answers.map(({ status }) => status).sort()).toEqual([200, ...Array(19).fill(412)]);
    expect(await store.put(key, Buffer.from("other"), { contentType: "a/b", ifAbsent: true })).toBe(false);
    expect(await store.head(key)).toMatchObject({ size: pdf.length });
  });

  test("headers that mean something to S3 cannot be added to a signed URL", async () => {
    const signed = await presign(store, freshKey(), pdf);
    const response = await upload(signed, pdf, { "x-amz-acl": "public-read" });
    expect([response.status, await codeOf(response)]).toEqual([403, "AccessDenied"]);
  });

  test("downloads carry nosniff and cannot be framed or run", async () => {
    const key = freshKey();
    await store.put(key, pdf, { contentType: "application/pdf" });
    const { url } = await store.presignDownload(key, {
      filename: "raport.pdf",
      contentType: "application/pdf",
      expiresInSeconds: 60,
    });
    const { headers } = await fetch(url);
    expect(headers.get("x-content-type-options")).toBe("nosniff");
    expect(headers.get("content-security-policy")).toContain("sandbox");
    expect(headers.get("content-disposition")).toMatch(/^attachment; /);
  });

  test("a part is read by its range", async () => {
    const key = freshKey();
    await store.put(key, pdf, { contentType: "application/pdf" });
    const { url } = await store.presignDownload(key, {
      filename: "a.pdf",
      contentType: "application/pdf",
      expiresInSeconds: 60,
    });
    const part = await fetch(url, { headers: { range: "bytes=0-3" } });
    expect([part.status, part.headers.get("content-range"), await part.text()]).toEqual([
      206,
      `bytes 0-3/${pdf.length}`,
      "%PDF",
    ]);
    expect((await fetch(url, { headers: { range: "bytes=-6" } })).status).toBe(206);
    expect((await fetch(url, { headers: { range: "bytes=900-" } })).status).toBe(416);
  });

  test("a browser of another origin may upload with the signed headers", async () => {
    const preflight = await fetch(`${bucket()}/${freshKey()}`, {
      method: "OPTIONS",
      headers: {
        origin: "http://localhost:3000",
        "access-control-request-method": "PUT",
        "access-control-request-headers": "content-type,if-none-match,x-amz-checksum-sha256",
      },
    });
    expect(preflight.status).toBe(204);
    expect(preflight.headers.get("access-control-allow-origin")).toBe("*");
    expect(preflight.headers.get("access-control-allow-methods")).toContain("PUT");
    expect(preflight.headers.get("access-control-allow-headers")).toContain("x-amz-checksum-sha256");
  });

  test("a key never leaves the folder", async () => {
    for (const key of [
      "a/../../credentials.json",
      "../x",
      "a/.incoming/x",
      "a//b",
      "a/b.object",
      "a\u0000b",
    ]) {
      await expect(store.put(key, pdf, { contentType: "a/b" }), key).rejects.toThrow();
    }
    expect(readdirSync(path.join(dataDir, "objects")).sort()).toEqual(["credentials.json", "restartix"]);
  });
});

describe("what is on disk survives (FND-30)", () => {
  test("a restart finds the objects and the key again, and clears what a crash cut off", async () => {
    const own = mkdtempSync(path.join(tmpdir(), "restartix-objects-"));
    const first = await startObjects({ port: 0, dataDir: own });
    const before = s3Store(first.settings);
    await before.put("a/b/c", pdf, { contentType: "application/pdf" });
    before.close();
    await first.stop();
    const incoming = path.join(own, "objects", "restartix", ".incoming");
    mkdirSync(incoming, { recursive: true });
    writeFileSync(path.join(incoming, "half"), "half");

    const second = await startObjects({ port: 0, dataDir: own });
    const after = s3Store(second.settings);
    expect(second.settings.credentials).toEqual(first.settings.credentials);
    expect(await after.head("a/b/c")).toMatchObject({ size: pdf.length, contentType: "application/pdf" });
    expect(readdirSync(incoming)).toEqual([]);
    after.close();
    await second.stop();
    rmSync(own, { recursive: true });
  });

  test("a folder nobody may write to is told by its variable", () => {
    expect(() => openCredentials(import.meta.filename)).toThrow(
      "DATA_DIR must be a folder this user may write to",
    );
  });

  test("the key is for its owner's eyes only", () => {
    expect(statSync(path.join(dataDir, "objects", "credentials.json")).mode & 0o077).toBe(0);
  });
});

describe("the environment names the bucket (FND-13, FND-30)", () => {
  const production = { APP_MODE: "production", S3_BUCKET: "clinics", S3_REGION: "eu-central-1" };

  test("without any, objects stay on this machine", async () => {
    const stores = storesFrom({ DATA_DIR: dataDir, OBJECTS_PORT: String(objects.port) });
    const found = await stores.for(null);
    expect(await found.put(freshKey(), pdf, { contentType: "a/b" })).toBe(true);
    stores.close();
  });

  test.each([
    [{ APP_MODE: "production" }, "S3_BUCKET must be the name of a bucket."],
    [{ ...production, S3_REGION: "" }, "S3_REGION must be the bucket's region."],
    [{ ...production, S3_ENDPOINT: "http://minio.internal:9000" }, "S3_ENDPOINT must be an https URL"],
    [
      { ...production, S3_ACCESS_KEY_ID: "a" },
      "S3_ACCESS_KEY_ID and S3_SECRET_ACCESS_KEY must be set together",
    ],
    [{ ...production, S3_PATH_STYLE: "maybe" }, "S3_PATH_STYLE must be true or false."],
  ])("%o is refused in one line", (env, line) => {
    expect(() => storesFrom(env)).toThrow(line);
  });
});
