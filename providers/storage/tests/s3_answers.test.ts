import { once } from "node:events";
import { createServer, type IncomingMessage, type RequestListener } from "node:http";
import type { AddressInfo } from "node:net";
import { buffer } from "node:stream/consumers";
import { inspect } from "node:util";
import { afterEach, describe, expect, test, vi } from "vitest";
import { CredentialsRefused } from "../../failures.ts";
import { verify } from "../embedded/signature.ts";
import { type ObjectStore, StorageUnavailable } from "../port.ts";
import { type S3Settings, s3Store } from "../s3.ts";

/** What a store makes of a server that answers so. */
async function against<T>(
  answer: RequestListener,
  use: (store: ObjectStore) => Promise<T>,
  changes: Partial<S3Settings> = {},
): Promise<T | Error> {
  const server = createServer(answer).listen(0, "127.0.0.1");
  await once(server, "listening");
  const store = s3Store({
    bucket: "clinics",
    region: "eu-central-1",
    endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    pathStyle: true,
    credentials: { accessKeyId: "a", secretAccessKey: "b" },
    ...changes,
  });
  const outcome = await use(store).catch((error: Error) => error);
  store.close();
  server.closeAllConnections();
  server.close();
  return outcome;
}
const no =
  (status: number, code: string): RequestListener =>
  (_, response) =>
    response
      .writeHead(status, { "content-type": "application/xml" })
      .end(`<Error><Code>${code}</Code><Message>for stefan@people.test</Message></Error>`);
const get = (store: ObjectStore) => store.get("a/b");
const put = (ifAbsent: boolean) => (store: ObjectStore) =>
  store.put("a/b", Buffer.from("x"), { contentType: "a/b", ifAbsent });

describe("an answer of an S3 is read for what it says (FND-13)", () => {
  test.each([
    ["InvalidStorageClass", "STANDARD", "not_offered"],
    ["NotImplemented", "STANDARD", "not_offered"],
    ["InvalidRequest", "GLACIER", "kept"],
    ["InvalidObjectState", "GLACIER", "kept"],
    ["InvalidObjectState", "STANDARD_IA", "not_offered"],
  ])("a copy refused with %s, of an object in %s, is %s (TEL-07)", async (code, storageClass, outcome) => {
    const answers: RequestListener = (request, response) =>
      request.method === "HEAD"
        ? response.writeHead(200, { "x-amz-storage-class": storageClass, "content-length": "1" }).end()
        : no(400, code)(request, response);
    expect(await against(answers, (store) => store.keepIn("a/b", "archive"))).toBe(outcome);
  });

  test.each([
    [400, "AccessDenied"],
    [400, "ExpiredToken"],
    [400, "InvalidAccessKeyId"],
    [400, "InvalidToken"],
    [400, "SignatureDoesNotMatch"],
    [400, "Forbidden"],
    [401, "Nonsense"],
    [403, "Nonsense"],
  ])("%i %s refuses our keys", async (status, code) => {
    expect(await against(no(status, code), get)).toEqual(new CredentialsRefused(`s3 ${code}`));
  });

  test("keys that cannot be fetched are refused ones, for a call as for a URL", async () => {
    const credentials = () =>
      Promise.reject(Object.assign(new Error("no role"), { name: "CredentialsProviderError" }));
    const refused = new CredentialsRefused("s3 CredentialsProviderError");
    expect(await against(no(500, "x"), get, { credentials })).toEqual(refused);
    const options = { filename: "a.pdf", contentType: "a/b", expiresInSeconds: 60 };
    expect(
      await against(no(500, "x"), (store) => store.presignDownload("a/b", options), { credentials }),
    ).toEqual(refused);
  });

  test("a URL can be had as soon as keys are there", async () => {
    let asked = 0;
    const credentials = async () => {
      asked += 1;
      if (asked === 1) throw new Error("no role yet");
      return { accessKeyId: "a", secretAccessKey: "b" };
    };
    const options = { filename: "a.pdf", contentType: "a/b", expiresInSeconds: 60 };
    const both = async (store: ObjectStore) => {
      await expect(store.presignDownload("a/b", options)).rejects.toBeInstanceOf(StorageUnavailable);
      return store.presignDownload("a/b", options);
    };
    expect(await against(no(500, "x"), both, { credentials })).toHaveProperty("url");
  });

  test("what is not there is null, but a bucket that is not is a store that is away", async () => {
    expect(await against(no(404, "NoSuchKey"), get)).toBeNull();
    expect(await against(no(404, "NoSuchBucket"), get)).toEqual(new StorageUnavailable("s3 NoSuchBucket"));
    expect(await against(no(400, "Nonsense"), get)).toEqual(new StorageUnavailable("s3 Nonsense"));
  });

  test("a write where one is already is told, and only where it was asked for", async () => {
    for (const [status, code] of [
      [412, "PreconditionFailed"],
      [409, "ConditionalRequestConflict"],
    ] as const) {
      expect(await against(no(status, code), put(true))).toBe(false);
      expect(await against(no(status, code), put(false))).toEqual(new StorageUnavailable(`s3 ${code}`));
    }
    expect(await against(no(404, "NoSuchKey"), put(true))).toEqual(new StorageUnavailable("s3 NoSuchKey"));
  });

  test("the condition is sent where it is asked for", async () => {
    const heard: unknown[] = [];
    const hear: RequestListener = (request, response) => {
      heard.push(request.headers["if-none-match"], request.headers["x-amz-server-side-encryption"]);
      request.resume().once("end", () => response.end());
    };
    expect(await against(hear, put(true))).toBe(true);
    expect(await against(hear, put(false))).toBe(true);
    expect(heard).toEqual(["*", undefined, undefined, undefined]);
  });

  test("an upload brings no header that others than Amazon may not know", async () => {
    const options = { contentType: "a/b", size: 1, sha256: Buffer.from("x"), expiresInSeconds: 60 };
    const signed = await against(no(500, "x"), (store) => store.presignUpload("a/b", options));
    expect(signed).toHaveProperty("headers", {
      "content-type": "a/b",
      "if-none-match": "*",
      "x-amz-checksum-sha256": "eA==",
    });
  });

  test("an object that breaks off is a store that is away", async () => {
    const outcome = await against(
      (_, response) => {
        response.writeHead(200, { "content-length": "10" }).write("he");
        setTimeout(() => response.destroy(), 50);
      },
      async (store) => buffer((await store.get("a/b")) as never),
    );
    expect(outcome).toBeInstanceOf(StorageUnavailable);
  });

  test("one that is silent is given up in time", async () => {
    const begun = performance.now();
    expect(await against(() => {}, get, { timeoutMs: 200 })).toBeInstanceOf(StorageUnavailable);
    expect(performance.now() - begun).toBeLessThan(5_000);
  });

  test("nobody there is told by the system's word; nothing that was said is in the message (FND-28)", async () => {
    expect(await against(no(500, "x"), get, { endpoint: "http://127.0.0.1:9" })).toEqual(
      new StorageUnavailable("s3 ECONNREFUSED"),
    );
    for (const [status, code] of [
      [403, "AccessDenied"],
      [400, "Nonsense"],
    ] as const) {
      const error = (await against(no(status, code), get)) as Error;
      expect(inspect(error.message)).not.toContain("stefan");
    }
  });

  test("a word of the system in a store's answer is not taken for the system's", async () => {
    const lower: RequestListener = (_, response) =>
      response
        .writeHead(400, { "content-type": "application/xml" })
        .end("<Error><Code>Nonsense</Code><code>for stefan@people.test</code></Error>");
    expect(await against(lower, get)).toEqual(new StorageUnavailable("s3 Nonsense"));
  });

  test("a list ends where the store says so, whatever token it gives", async () => {
    let asked = 0;
    const pages: RequestListener = (_, response) => {
      asked += 1;
      const next = `<IsTruncated>${asked === 1}</IsTruncated><NextContinuationToken>n</NextContinuationToken>`;
      response
        .writeHead(asked > 2 ? 400 : 200, { "content-type": "application/xml" })
        .end(`<ListBucketResult>${next}<Contents><Key>a/${asked}</Key></Contents></ListBucketResult>`);
    };
    expect(await against(pages, (store) => Array.fromAsync(store.list("a/")))).toEqual([
      { key: "a/1", size: 0, lastModified: new Date(0) },
      { key: "a/2", size: 0, lastModified: new Date(0) },
    ]);
  });
});

describe("towards Amazon (FND-13)", () => {
  afterEach(() => vi.unstubAllEnvs());

  test("an object is written encrypted, and without a condition unless one was asked for", async () => {
    const heard: unknown[] = [];
    const hear: RequestListener = (request, response) => {
      const { "x-amz-server-side-encryption": encryption, "if-none-match": condition } = request.headers;
      heard.push([request.url?.split("?")[0], encryption, condition]);
      request.resume().once("end", () => response.end());
    };
    const server = createServer(hear).listen(0, "127.0.0.1");
    await once(server, "listening");
    // The machine's own setting leads the SDK here; the store takes the endpoint for Amazon's.
    vi.stubEnv("AWS_ENDPOINT_URL_S3", `http://127.0.0.1:${(server.address() as AddressInfo).port}`);
    const store = s3Store({
      bucket: "clinics",
      region: "eu-central-1",
      pathStyle: true,
      credentials: { accessKeyId: "a", secretAccessKey: "b" },
    });
    expect(await store.put("a/b", Buffer.from("x"), { contentType: "a/b" })).toBe(true);
    expect(heard).toEqual([["/clinics/a/b", "AES256", undefined]]);
    store.close();
    server.closeAllConnections();
    server.close();
  });

  test("a URL is signed for the name of the bucket, on the port that goes without saying", async () => {
    const credentials = { accessKeyId: "AKIDEXAMPLE", secretAccessKey: "x".repeat(40) };
    const store = s3Store({ bucket: "clinics", region: "eu-central-1", credentials });
    const { url } = await store.presignDownload("a/b", {
      filename: "a.pdf",
      contentType: "a/b",
      expiresInSeconds: 60,
    });
    store.close();
    const { host, pathname, search } = new URL(url);
    expect([host, pathname]).toEqual(["clinics.s3.eu-central-1.amazonaws.com", "/a/b"]);
    const asked = { method: "GET", url: `${pathname}${search}`, headers: { host } } as IncomingMessage;
    expect(verify(asked, credentials, "eu-central-1").payloadHash).toBe("UNSIGNED-PAYLOAD");
  });
});
