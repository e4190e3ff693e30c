import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { S3Client } from "@aws-sdk/client-s3";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { outboundAgents } from "../../outbound/index.ts";
import { type EmbeddedObjects, startObjects } from "../embedded/index.ts";
import { type Presign, presigner } from "../presign.ts";
import type { Credentials } from "../s3.ts";
import { freshKey } from "./store_contract.ts";

let dataDir: string;
let objects: EmbeddedObjects;
let client: S3Client;
let presign: Presign;
beforeAll(async () => {
  dataDir = mkdtempSync(path.join(tmpdir(), "restartix-objects-"));
  objects = await startObjects({ port: 0, dataDir });
  const { region, endpoint = "", credentials } = objects.settings;
  client = new S3Client({
    region,
    endpoint,
    forcePathStyle: true,
    credentials: { ...(credentials as Credentials) },
    requestHandler: outboundAgents({ reach: "here" }),
  });
  presign = presigner(client, "restartix");
});
afterAll(async () => {
  client.destroy();
  await objects.stop();
  rmSync(dataDir, { recursive: true });
});

type Wish = { headers?: Record<string, string>; query?: Record<string, string>; body?: string };
/** Asks as somebody who may. */
async function ask(method: string, key: string, { headers = {}, query = {}, body }: Wish = {}) {
  const signed = Object.fromEntries(Object.entries(headers).filter(([name]) => name !== "range"));
  const url = await presign({
    method: method as "GET",
    key,
    expiresInSeconds: 60,
    headers: signed,
    query,
  });
  const response = await fetch(url, { method, headers, ...(body !== undefined && { body }) });
  const text = await response.text();
  return { status: response.status, headers: response.headers, text, code: /<Code>(\w+)/.exec(text)?.[1] };
}
async function kept(body: string, headers: Record<string, string> = {}): Promise<string> {
  const key = freshKey();
  expect((await ask("PUT", key, { body, headers })).status).toBe(200);
  return key;
}

describe("the embedded store answers as S3 does (FND-13, FND-30)", () => {
  test.each([
    ["bytes=0-0", 206, "0", "bytes 0-0/10"],
    ["bytes=2-4", 206, "234", "bytes 2-4/10"],
    ["bytes=8-", 206, "89", "bytes 8-9/10"],
    ["bytes=8-99", 206, "89", "bytes 8-9/10"],
    ["bytes=-3", 206, "789", "bytes 7-9/10"],
    ["bytes=-99", 206, "0123456789", "bytes 0-9/10"],
    ["bytes=9-9", 206, "9", "bytes 9-9/10"],
    ["bytes=-", 200, "0123456789", null],
    ["lines=0-1", 200, "0123456789", null],
  ])("the range %s", async (range, status, text, contentRange) => {
    const key = await kept("0123456789");
    const answer = await ask("GET", key, { headers: { range } });
    expect([answer.status, answer.text, answer.headers.get("content-range")]).toEqual([
      status,
      text,
      contentRange,
    ]);
    expect(answer.headers.get("content-length")).toBe(String(text.length));
  });

  test.each(["bytes=10-", "bytes=5-4"])("the range %s is none of it", async (range) => {
    const answer = await ask("GET", await kept("0123456789"), { headers: { range } });
    expect([answer.status, answer.code]).toEqual([416, "InvalidRange"]);
  });

  test("an empty object is read, and of one only the head", async () => {
    const empty = await ask("GET", await kept(""));
    expect([empty.status, empty.text, empty.headers.get("content-length")]).toEqual([200, "", "0"]);
    const head = await ask("HEAD", await kept("0123456789", { "content-type": "text/x" }));
    expect([head.status, head.text, head.headers.get("content-length")]).toEqual([200, "", "10"]);
    expect(head.headers.get("content-type")).toBe("text/x");
    // However little is said of it, it is no page.
    expect(head.headers.get("content-disposition")).toBe("attachment");
    expect(head.headers.get("etag")).toBe('"781e5e245d69b566979b86e28d23f2c7"');
  });

  test.each<[string, Wish, number, string]>([
    ["PUT", { headers: { "if-none-match": '"abc"' }, body: "x" }, 501, "NotImplemented"],
    ["PUT", { headers: { "x-amz-copy-source": "/restartix/a" } }, 501, "NotImplemented"],
    ["PUT", { headers: { "x-amz-checksum-sha256": "AAAA" }, body: "x" }, 400, "BadDigest"],
    ["PUT", { query: { "x-amz-checksum-sha256": "AAAA" }, body: "x" }, 400, "BadDigest"],
    ["GET", {}, 404, "NoSuchKey"],
    ["POST", { body: "x" }, 405, "MethodNotAllowed"],
  ])("%s with %j", async (method, wish, status, code) => {
    const answer = await ask(method, freshKey(), wish);
    expect([answer.status, answer.code]).toEqual([status, code]);
  });

  test.each([
    ["GET", 501],
    ["PUT", 501],
    ["DELETE", 501],
    ["HEAD", 501],
  ])("%s of the bucket itself is not known", async (method, status) => {
    expect((await ask(method, "")).status).toBe(status);
  });

  test("another bucket is none", async () => {
    const other = presigner(client, "others");
    const response = await fetch(await other({ method: "GET", key: "a", expiresInSeconds: 60 }));
    expect([response.status, await response.text()]).toEqual([404, expect.stringContaining("NoSuchBucket")]);
  });

  test("a key of 512 letters is one, a longer one is none", async () => {
    const long = (length: number) => `a/${"x".repeat(200)}/${"x".repeat(200)}/${"x".repeat(length - 404)}`;
    expect((await ask("PUT", long(512), { body: "x" })).status).toBe(200);
    expect((await ask("PUT", long(513), { body: "x" })).code).toBe("InvalidArgument");
  });

  test("a list is cut where it was asked to be, and goes on from there", async () => {
    for (const name of ["1", "2", "3"]) await ask("PUT", `list/${name}`, { body: "x" });
    const list = async (query: Record<string, string>) => {
      const { text } = await ask("GET", "", { query: { "list-type": "2", prefix: "list/", ...query } });
      return {
        keys: [...text.matchAll(/<Key>(.*?)<\/Key>/g)].map(([, key]) => key),
        next: /<NextContinuationToken>(.*?)</.exec(text)?.[1],
        most: /<MaxKeys>(.*?)</.exec(text)?.[1],
      };
    };
    expect(await list({})).toEqual({ keys: ["list/1", "list/2", "list/3"], next: undefined, most: "1000" });
    expect(await list({ "max-keys": "3" })).toMatchObject({ next: undefined });
    expect(await list({ "max-keys": "2" })).toEqual({
      keys: ["list/1", "list/2"],
      next: "list/2",
      most: "2",
    });
    expect((await list({ "continuation-token": "list/2" })).keys).toEqual(["list/3"]);
    expect((await list({ "start-after": "list/1" })).keys).toEqual(["list/2", "list/3"]);
    for (const many of ["1001", "x", "0"]) expect((await list({ "max-keys": many })).most).toBe("1000");
  });
});
