import { createHash, createHmac } from "node:crypto";
import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { type ClientRequest, type IncomingMessage, type RequestOptions, request } from "node:http";
import { tmpdir } from "node:os";
import path from "node:path";
import { text } from "node:stream/consumers";
import { setTimeout as passed } from "node:timers/promises";
import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from "vitest";
import { type EmbeddedObjects, startObjects } from "../embedded/index.ts";
import type { Credentials } from "../s3.ts";

let dataDir: string;
let objects: EmbeddedObjects;
beforeAll(async () => {
  dataDir = mkdtempSync(path.join(tmpdir(), "restartix-objects-"));
  objects = await startObjects({ port: 0, dataDir });
});
afterEach(() => vi.useRealTimers());
afterAll(async () => {
  await objects.stop();
  rmSync(dataDir, { recursive: true });
});

const sha256 = (body: string | Buffer) => createHash("sha256").update(body).digest("hex");
const hmac = (key: Buffer | string, of: string) => createHmac("sha256", key).update(of).digest();

type Wish = { payloadHash?: string; headers?: Record<string, string>; query?: string };

/** A request signed in its header, not yet sent, and the answer to it; what its body is comes later. */
function signed(
  method: string,
  key: string,
  { payloadHash = "UNSIGNED-PAYLOAD", headers = {}, query = "" }: Wish = {},
) {
  const { accessKeyId, secretAccessKey } = objects.settings.credentials as Credentials;
  const { port, settings } = objects;
  const date = new Date().toISOString().replaceAll(/[-:]|\.\d{3}/g, "");
  const scope = [date.slice(0, 8), settings.region, "s3", "aws4_request"];
  const covered = { host: `127.0.0.1:${port}`, "x-amz-content-sha256": payloadHash, "x-amz-date": date };
  const names = Object.keys(covered).join(";");
  const canonical = [
    method,
    `/restartix/${key}`,
    query,
    ...Object.entries(covered).map(([name, value]) => `${name}:${value}`),
    "",
    names,
    payloadHash,
  ].join("\n");
  const signature = hmac(
    scope.reduce<Buffer | string>(hmac, `AWS4${secretAccessKey}`) as Buffer,
    ["AWS4-HMAC-SHA256", date, scope.join("/"), sha256(canonical)].join("\n"),
  ).toString("hex");
  const authorization =
    `AWS4-HMAC-SHA256 Credential=${accessKeyId}/${scope.join("/")}, ` +
    `SignedHeaders=${names}, Signature=${signature}`;
  return sending({
    method,
    path: `/restartix/${key}${query && `?${query}`}`,
    headers: { ...covered, authorization, ...headers },
  });
}

function sending(options: RequestOptions) {
  const sent = request({ host: "127.0.0.1", port: objects.port, ...options });
  const response = new Promise<IncomingMessage>((resolve, reject) => {
    sent.once("response", resolve).once("error", reject);
  });
  response.catch(() => {}); // a test that cuts the line off does not wait for the answer
  return { sent, response };
}

/** Status, the code of a refusal or the text. */
async function told(
  { sent, response }: { sent: ClientRequest; response: Promise<IncomingMessage> },
  body = "",
) {
  sent.end(body);
  const answer = await response;
  const said = await text(answer);
  return [answer.statusCode, /<Code>(\w+)/.exec(said)?.[1] ?? said];
}
const length = (body: string) => ({ headers: { "content-length": String(body.length) } });

describe("the embedded store holds a request to the letter (FND-13)", () => {
  test("a body is the one whose digest was signed", async () => {
    const put = (payloadHash: string) =>
      told(signed("PUT", "a/digest", { payloadHash, ...length("x") }), "x");
    expect(await put(sha256("y"))).toEqual([400, "XAmzContentSHA256Mismatch"]);
    expect(await told(signed("GET", "a/digest"))).toEqual([404, "NoSuchKey"]);
    expect(await put(sha256("x"))).toEqual([200, ""]);
    expect(await told(signed("GET", "a/digest"))).toEqual([200, "x"]);
  });

  test("a body comes with its length, and in no chunks that are signed one by one", async () => {
    const chunked = signed("PUT", "a/chunks", { headers: { "transfer-encoding": "chunked" } });
    expect(await told(chunked, "x")).toEqual([411, "MissingContentLength"]);
    const payloadHash = "STREAMING-AWS4-HMAC-SHA256-PAYLOAD";
    const streaming = signed("PUT", "a/chunks", { payloadHash, ...length("x") });
    expect(await told(streaming, "x")).toEqual([501, "NotImplemented"]);
    expect(await told(signed("GET", "a/chunks"))).toEqual([404, "NoSuchKey"]);
  });

  test("of a type 200 letters are kept, and where none is said the bytes are of none", async () => {
    const typeOf = async (headers: Record<string, string>) => {
      await told(signed("PUT", "a/type", { headers: { "content-length": "1", ...headers } }), "x");
      const head = signed("HEAD", "a/type");
      head.sent.end();
      return (await head.response).headers["content-type"];
    };
    expect(await typeOf({ "content-type": "t".repeat(250) })).toBe("t".repeat(200));
    expect(await typeOf({})).toBe("application/octet-stream");
  });

  test("the bucket is listed for GET alone", async () => {
    expect(await told(signed("HEAD", "", { query: "list-type=2" }))).toEqual([501, ""]);
    expect((await told(signed("GET", "", { query: "list-type=2" })))[0]).toBe(200);
  });

  test("a browser that wants no header of its own is told of one all the same", async () => {
    const { sent, response } = sending({ method: "OPTIONS", path: "/restartix/a" });
    sent.end();
    expect((await response).headers["access-control-allow-headers"]).toBe("content-type");
  });

  test("what the store cannot read is its own failure, in no words of the system", async () => {
    mkdirSync(path.join(dataDir, "objects", "restartix", "folder.object"));
    const { sent, response } = signed("GET", "folder");
    sent.end();
    const answer = await response;
    expect([answer.statusCode, await text(answer)]).toEqual([
      500,
      expect.stringContaining("<Code>InternalError</Code><Message>The store could not do this.</Message>"),
    ]);
  });
});

describe("the embedded store survives whom it serves (FND-27, FND-30)", () => {
  test("a reader that leaves in the middle troubles nobody else", async () => {
    const body = "x".repeat(4_000_000);
    expect(await told(signed("PUT", "a/long", length(body)), body)).toEqual([200, ""]);
    const unhandled = vi.fn();
    process.on("unhandledRejection", unhandled);
    const { sent, response } = signed("GET", "a/long");
    sent.end();
    const answer = await response;
    answer.once("error", () => {});
    answer.destroy();
    await passed(150);
    process.off("unhandledRejection", unhandled);
    expect(unhandled).not.toHaveBeenCalled();
    expect((await told(signed("GET", "a/long")))[0]).toBe(200);
  });

  test("a body that does not come on is cut off, and nothing is kept of it", async () => {
    vi.useFakeTimers({ toFake: ["setInterval", "clearInterval"] });
    const { sent, response } = signed("PUT", "a/slow", { headers: { "content-length": "10" } });
    sent.write("x");
    await vi.waitFor(() => expect(vi.getTimerCount()).toBe(1));
    vi.advanceTimersByTime(20_000);
    await expect(response).rejects.toMatchObject({ code: "ECONNRESET" });
    vi.useRealTimers();
    expect(await told(signed("GET", "a/slow"))).toEqual([404, "NoSuchKey"]);
  });

  test("once stopped it waits for nothing more", async () => {
    const own = mkdtempSync(path.join(tmpdir(), "restartix-objects-"));
    const other = await startObjects({ port: 0, dataDir: own });
    vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
    await other.stop();
    expect(vi.getTimerCount()).toBe(0);
    rmSync(own, { recursive: true });
  });
});
