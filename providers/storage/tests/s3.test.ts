import { mkdtempSync, rmSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import path from "node:path";
import { expect, test } from "vitest";
import { startObjects } from "../embedded/index.ts";
import { s3Store } from "../s3.ts";
import { presign, type S3Server, storeContract } from "./store_contract.ts";

storeContract("the embedded store", async () => {
  const dataDir = mkdtempSync(path.join(tmpdir(), "restartix-objects-"));
  const objects = await startObjects({ port: 0, dataDir });
  return {
    settings: objects.settings,
    async stop() {
      await objects.stop();
      rmSync(dataDir, { recursive: true });
    },
  };
});

// Written by somebody else, so that our client and our server cannot agree on a misreading. It miscounts the
// signature of calls on the bucket itself, which listing is, and of queries with a quote, which downloads have.
storeContract("s3rver", startS3rver, { lists: false, quotes: false, classes: false });

test("towards Amazon an upload's signature covers type, length, digest, condition and encryption (FND-13)", async () => {
  const store = s3Store({
    bucket: "clinics",
    region: "eu-central-1",
    credentials: { accessKeyId: "AKIDEXAMPLE", secretAccessKey: "x".repeat(40) },
  });
  const { url, headers } = await presign(store, "a/b/c", Buffer.from("x"));
  const { host, searchParams } = new URL(url);
  expect(host).toBe("clinics.s3.eu-central-1.amazonaws.com");
  expect(searchParams.get("X-Amz-SignedHeaders")?.split(";")).toEqual([
    "content-length",
    "content-type",
    "host",
    "if-none-match",
    "x-amz-checksum-sha256",
    "x-amz-server-side-encryption",
  ]);
  expect(headers).toEqual({
    "content-type": "application/pdf",
    "if-none-match": "*",
    "x-amz-checksum-sha256": "LXEWQrcmsEQBYnyp+6wy9chTD7GQPMTbAiWHF5IaSIE=",
    "x-amz-server-side-encryption": "AES256",
  });
  store.close();
});

async function startS3rver(): Promise<S3Server> {
  type Options = {
    port: number;
    address: string;
    silent: boolean;
    directory: string;
    configureBuckets: object[];
  };
  const S3rver = createRequire(import.meta.url)("@20minutes/s3rver") as new (
    options: Options,
  ) => { run(): Promise<{ port: number }>; close(): Promise<void> };
  const directory = mkdtempSync(path.join(tmpdir(), "restartix-s3rver-"));
  const server = new S3rver({
    port: 0,
    address: "127.0.0.1",
    silent: true,
    directory,
    configureBuckets: [{ name: "clinics", configs: [] }],
  });
  const { port } = await server.run();
  return {
    settings: {
      bucket: "clinics",
      region: "eu-central-1",
      endpoint: `http://127.0.0.1:${port}`,
      pathStyle: true,
      credentials: { accessKeyId: "S3RVER", secretAccessKey: "S3RVER" },
      timeoutMs: 3_000,
    },
    async stop() {
      await server.close();
      rmSync(directory, { recursive: true });
    },
  };
}
