import { once } from "node:events";
import { createServer, type RequestListener } from "node:http";
import type { AddressInfo } from "node:net";
import { buffer } from "node:stream/consumers";
import { inspect } from "node:util";
import { describe, expect, test } from "vitest";
import { CredentialsRefused } from "../../failures.ts";
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
});
