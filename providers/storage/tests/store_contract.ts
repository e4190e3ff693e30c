import { createHash, randomBytes, randomUUID } from "node:crypto";
import { buffer } from "node:stream/consumers";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { ObjectStore, PresignedUpload } from "../port.ts";
import { type S3Settings, s3Store } from "../s3.ts";

/** A server that speaks S3, as the contract needs it. */
export type S3Server = { settings: S3Settings; stop(): Promise<void> };

const sha256 = (bytes: Uint8Array): Buffer => createHash("sha256").update(bytes).digest();
export const freshKey = (): string => `${randomUUID()}/services/${randomUUID()}`;

/** What a browser does with what it was given. */
export function upload({ url, headers }: PresignedUpload, body: Buffer, others: Record<string, string> = {}) {
  return fetch(url, { method: "PUT", body: new Uint8Array(body), headers: { ...headers, ...others } });
}

export function presign(store: ObjectStore, key: string, body: Buffer, contentType = "application/pdf") {
  return store.presignUpload(key, {
    contentType,
    size: body.length,
    sha256: sha256(body),
    expiresInSeconds: 60,
  });
}

/** What every store promises, whoever keeps the objects. FND-13. */
export function storeContract(
  name: string,
  start: () => Promise<S3Server>,
  { lists = true, quotes = true, classes = true } = {},
): void {
  describe(`${name} keeps the object store's contract (FND-13)`, () => {
    let server: S3Server;
    let store: ObjectStore;
    beforeAll(async () => {
      server = await start();
      store = s3Store(server.settings);
    });
    afterAll(async () => {
      store.close();
      await server.stop();
    });
    const contents = async (key: string) => {
      const pieces = await store.get(key);
      return pieces && buffer(pieces as AsyncIterable<Uint8Array> as never);
    };

    test("what was put is read back byte for byte, with its type and size", async () => {
      const key = freshKey();
      const body = randomBytes(300_000);
      expect(await store.put(key, body, { contentType: "image/png" })).toBe(true);
      expect(await contents(key)).toEqual(body);
      expect(await store.head(key)).toMatchObject({ size: body.length, contentType: "image/png" });
      expect((await store.head(key))?.etag).not.toBe("");
    });

    test("what is not there is null, and deleting it is no failure", async () => {
      const key = freshKey();
      expect(await store.get(key)).toBeNull();
      expect(await store.head(key)).toBeNull();
      await store.delete(key);
    });

    test("a deleted object is gone", async () => {
      const key = freshKey();
      await store.put(key, Buffer.from("x"), { contentType: "image/png" });
      await store.delete(key);
      expect(await store.head(key)).toBeNull();
    });

    test("a browser uploads with the URL and its headers", async () => {
      const key = freshKey();
      const body = Buffer.from("%PDF-1.7 …");
      expect((await upload(await presign(store, key, body), body)).status).toBe(200);
      expect(await contents(key)).toEqual(body);
      expect(await store.head(key)).toMatchObject({ contentType: "application/pdf" });
    });

    test.runIf(quotes)("a download is an attachment under the name that was given", async () => {
      const key = freshKey();
      const body = Buffer.from("%PDF-1.7 …");
      await store.put(key, body, { contentType: "application/pdf" });
      const { url } = await store.presignDownload(key, {
        filename: "Rețetă „Ștefan Țăranu”.pdf",
        contentType: "application/pdf",
        expiresInSeconds: 60,
      });
      const response = await fetch(url);
      expect(response.status).toBe(200);
      expect(Buffer.from(await response.arrayBuffer())).toEqual(body);
      expect(response.headers.get("content-type")).toBe("application/pdf");
      expect(response.headers.get("content-disposition")).toBe(
        "attachment; filename=\"Reteta _Stefan Taranu_.pdf\"; filename*=UTF-8''Re%C8%9Bet%C4%83%20%E2%80%9E%C8%98tefan%20%C8%9A%C4%83ranu%E2%80%9D.pdf",
      );
      expect(response.headers.get("cache-control")).toBe("private, no-store");
    });

    test("an upload of another length or another type than signed is refused", async () => {
      const key = freshKey();
      const body = Buffer.from("%PDF-1.7 …");
      const signed = await presign(store, key, body);
      expect((await upload(signed, Buffer.concat([body, body]))).status).toBe(403);
      expect((await upload(signed, body, { "content-type": "text/html" })).status).toBe(403);
      expect(await store.head(key)).toBeNull();
    });

    test("an object is kept in another class, byte for byte, however often it is asked for, where the store has classes (TEL-07)", async () => {
      const key = freshKey();
      const body = randomBytes(5_000);
      expect(await store.keepIn(key, "infrequent")).toBe("absent");
      await store.put(key, body, { contentType: "image/png" });
      const moved = [await store.keepIn(key, "infrequent"), await store.keepIn(key, "infrequent")];
      expect([...new Set(moved)]).toEqual([classes ? "kept" : expect.stringMatching(/^(kept|not_offered)$/)]);
      expect(await contents(key)).toEqual(body);
      expect(await store.head(key)).toMatchObject({ size: body.length, contentType: "image/png" });
    });

    test.runIf(classes)("what is archived is there, and is not read", async () => {
      const key = freshKey();
      await store.put(key, Buffer.from("x"), { contentType: "image/png" });
      expect([await store.keepIn(key, "archive"), await store.keepIn(key, "archive")]).toEqual([
        "kept",
        "kept",
      ]);
      expect(await store.head(key)).toMatchObject({ size: 1, contentType: "image/png" });
      await expect(store.get(key)).rejects.toThrow("InvalidObjectState");
      await store.delete(key);
      expect(await store.head(key)).toBeNull();
    });

    test("a URL is good for its key, its verb and its time only", async () => {
      const key = freshKey();
      const body = Buffer.from("%PDF-1.7 …");
      await store.put(key, body, { contentType: "application/pdf" });
      const options = { filename: "a.pdf", contentType: "application/pdf" };
      const { url } = await store.presignDownload(key, { ...options, expiresInSeconds: 60 });
      expect((await fetch(url.replace(key, `${key}0`))).status).toBe(403);
      expect((await fetch(url, { method: "DELETE" })).status).toBe(403);
      expect((await fetch(url.replace("a.pdf", "a.html"))).status).toBe(403);
      const brief = await store.presignDownload(key, { ...options, expiresInSeconds: 1 });
      await new Promise((resolve) => setTimeout(resolve, 2_100));
      expect((await fetch(brief.url)).status).toBe(403);
    });

    test("a wrong key of ours is CredentialsRefused, a store that is away StorageUnavailable", async () => {
      const intruder = s3Store({
        ...server.settings,
        credentials: { accessKeyId: "somebody-else-entirely", secretAccessKey: "x".repeat(40) },
      });
      await expect(intruder.get(freshKey())).rejects.toMatchObject({ name: "CredentialsRefused" });
      intruder.close();
      const away = s3Store({ ...server.settings, endpoint: "http://127.0.0.1:9", timeoutMs: 500 });
      await expect(away.get(freshKey())).rejects.toMatchObject({ name: "StorageUnavailable" });
      await expect(away.put(freshKey(), Buffer.from("x"), { contentType: "a/b" })).rejects.toMatchObject({
        name: "StorageUnavailable",
      });
      away.close();
    });

    test.runIf(lists)("a prefix is listed in order and whole, also beyond one page", async () => {
      const prefix = `${randomUUID()}/`;
      const keys = Array.from(
        { length: 1100 },
        (_, place) => `${prefix}services/${String(place).padStart(5, "0")}`,
      );
      for (let from = 0; from < keys.length; from += 50) {
        await Promise.all(
          keys.slice(from, from + 50).map((key) => store.put(key, Buffer.from("x"), { contentType: "a/b" })),
        );
      }
      const listed = await Array.fromAsync(store.list(prefix));
      expect(listed.map(({ key }) => key)).toEqual(keys);
      expect(listed[0]).toMatchObject({ size: 1 });
      expect(await Array.fromAsync(store.list(`${randomUUID()}/`))).toEqual([]);
    });
  });
}
