import dns from "node:dns";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { createServer, type RequestListener } from "node:http";
import { syncBuiltinESMExports } from "node:module";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from "vitest";
import { accountTrials } from "../../accounts.ts";
import { type EmbeddedObjects, startObjects } from "../embedded/index.ts";
import type { Credentials } from "../s3.ts";
import { tryBucket } from "../try_bucket.ts";

let dataDir: string;
let objects: EmbeddedObjects;
let keys: Credentials;
beforeAll(async () => {
  dataDir = mkdtempSync(path.join(tmpdir(), "restartix-objects-"));
  objects = await startObjects({ port: 0, dataDir });
  keys = objects.settings.credentials as Credentials;
});
afterEach(() => {
  vi.restoreAllMocks();
  vi.unstubAllEnvs();
  syncBuiltinESMExports();
});
afterAll(async () => {
  await objects.stop();
  rmSync(dataDir, { recursive: true });
});

const tried = (
  settings: object = {},
  credentials: object = {},
  env: NodeJS.ProcessEnv = {},
  timeoutMs?: number,
) =>
  tryBucket(
    env,
    {
      settings: {
        bucket: "restartix",
        region: "eu-central-1",
        endpoint: objects.settings.endpoint,
        ...settings,
      },
      credentials: { ...keys, ...credentials },
    },
    timeoutMs,
  );

describe("a clinic's bucket is tried before it is used (FND-23)", () => {
  test("it is there and takes the keys", async () => {
    expect(await tried()).toBeNull();
    const { bucket, region, endpoint } = objects.settings;
    const account = { provider: "s3", settings: { bucket, region, endpoint }, credentials: { ...keys } };
    expect(await accountTrials({})(account)).toBeNull();
    expect(await accountTrials({})({ ...account, provider: "twilio" })).toBe("credentials_refused");
  });

  test.each([
    [{}, { accessKeyId: "somebody-else-entirely" }, "credentials_refused"],
    [{}, { secretAccessKey: "x" }, "credentials_refused"],
    [{}, { accessKeyId: "x" }, "credentials_refused"],
    [{ bucket: "nothing-there" }, {}, "bucket_not_found"],
    [{}, { accessKeyId: "" }, "settings_incomplete"],
    [{}, { secretAccessKey: "" }, "settings_incomplete"],
    [{ bucket: "a" }, {}, "settings_incomplete"],
    [{ endpoint: "ftp://127.0.0.1" }, {}, "settings_incomplete"],
    [{ endpoint: "http://127.0.0.1:9" }, {}, "unreachable"],
    [{ endpoint: "http://169.254.169.254" }, {}, "address_not_allowed"],
    [{ endpoint: "http://10.0.0.1" }, {}, "address_not_allowed"],
  ])("with %j and keys %j", async (settings, credentials, problem) => {
    expect(await tried(settings, credentials)).toBe(problem);
  });

  test.each([
    ["https://127.0.0.1", "address_not_allowed"],
    ["https://localhost", "address_not_allowed"],
    ["http://s3.example.com", "address_not_allowed"],
  ])("in production %s is not called", async (endpoint, problem) => {
    expect(await tried({ endpoint }, {}, { APP_MODE: "production" })).toBe(problem);
  });

  const answered = async (answer: RequestListener, timeoutMs?: number) => {
    let asked = 0;
    const server = createServer((request, response) => {
      asked += 1;
      answer(request, response);
    }).listen(0, "127.0.0.1");
    await once(server, "listening");
    const endpoint = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    const problem = await tried({ endpoint }, {}, {}, timeoutMs);
    server.closeAllConnections();
    server.close();
    return [problem, asked];
  };
  test.each([
    [400, "AccessDenied", "credentials_refused"],
    [400, "ExpiredToken", "credentials_refused"],
    [400, "InvalidAccessKeyId", "credentials_refused"],
    [400, "InvalidToken", "credentials_refused"],
    [400, "SignatureDoesNotMatch", "credentials_refused"],
    [400, "Forbidden", "credentials_refused"],
    [401, "Nonsense", "credentials_refused"],
    [403, "Nonsense", "credentials_refused"],
    [404, "Nonsense", "bucket_not_found"],
    [400, "NoSuchBucket", "bucket_not_found"],
    [400, "Nonsense", "unreachable"],
    [500, "InternalError", "unreachable"],
  ])("%i %s is asked once and says %s", async (status, code, problem) => {
    expect(
      await answered((_, response) =>
        response
          .writeHead(status, { "content-type": "application/xml" })
          .end(`<Error><Code>${code}</Code><Message>no</Message></Error>`),
      ),
    ).toEqual([problem, 1]);
  });

  test("one that is silent is given up in time", async () => {
    const begun = performance.now();
    expect(await answered(() => {}, 300)).toEqual(["unreachable", 1]);
    expect(performance.now() - begun).toBeLessThan(3_000);
  });

  test("in production a name that leads to this machine is not called either", async () => {
    const leadsHere = (_: string, __: unknown, answer: (error: null, found: dns.LookupAddress[]) => void) =>
      answer(null, [{ address: "127.0.0.1", family: 4 }]);
    vi.spyOn(dns, "lookup").mockImplementation(leadsHere as unknown as typeof dns.lookup);
    syncBuiltinESMExports();
    const endpoint = "https://s3.example.com";
    expect(await tried({ endpoint }, {}, { APP_MODE: "production" })).toBe("address_not_allowed");
  });

  test("in production one of the open net is asked for", async () => {
    const knowsNobody = (_: string, __: unknown, answer: (error: Error) => void) =>
      answer(Object.assign(new Error("no such name"), { code: "ENOTFOUND" }));
    const asked = vi.spyOn(dns, "lookup").mockImplementation(knowsNobody as unknown as typeof dns.lookup);
    syncBuiltinESMExports();
    const endpoint = "https://s3.example.com";
    expect(await tried({ endpoint }, {}, { APP_MODE: "production" })).toBe("unreachable");
    expect(asked.mock.calls.map(([name]) => name)).toEqual(["s3.example.com"]);
  });

  test("without an address it is Amazon's, where a bucket has a name of its own", async () => {
    const heard: string[] = [];
    const server = createServer((request, response) => {
      heard.push(`${request.headers.host?.split(".")[0]} ${request.url?.split("?")[0]}`);
      response.writeHead(200, { "content-type": "application/xml" }).end("<ListBucketResult/>");
    }).listen(0, "localhost");
    await once(server, "listening");
    const { port } = server.address() as AddressInfo;
    const own = dns.lookup;
    const everyLocal = (name: string, ...rest: never[]) =>
      (own as (...all: unknown[]) => void)(name.replace(/^.*\.localhost$/, "localhost"), ...rest);
    vi.spyOn(dns, "lookup").mockImplementation(everyLocal as unknown as typeof dns.lookup);
    syncBuiltinESMExports();
    // The machine's own setting leads the SDK here.
    vi.stubEnv("AWS_ENDPOINT_URL_S3", `http://localhost:${port}`);
    expect(await tried({ endpoint: undefined })).toBeNull();
    expect(heard).toEqual(["restartix /"]);
    server.closeAllConnections();
    server.close();
  });
});
