import { createHash, createHmac } from "node:crypto";
import type { IncomingMessage } from "node:http";
import { afterEach, describe, expect, test, vi } from "vitest";
import { verify } from "../embedded/signature.ts";

const credentials = { accessKeyId: "AKIDEXAMPLE", secretAccessKey: "of this machine" };
const region = "eu-central-1";
const stamp = (at: Date) => at.toISOString().replaceAll(/[-:]|\.\d{3}/g, "");
const ago = (seconds: number) => stamp(new Date(Date.now() - seconds * 1000));
const hmac = (key: Buffer | string, text: string) => createHmac("sha256", key).update(text).digest();

type Wish = {
  date?: string;
  /** The parts of the credential, as they are signed for. */
  day?: string;
  region?: string;
  service?: string;
  end?: string;
  accessKeyId?: string;
  signed?: string[];
  /** Parameters of a presigned URL; absent: signed in the header. */
  query?: Record<string, string>;
  headers?: Record<string, string>;
  path?: string;
  /** What is asked in the end, where it is not what was signed. */
  asked?: Partial<Pick<IncomingMessage, "method" | "url">> & { headers?: Record<string, string> };
  signature?: (real: string) => string;
};

/** Signs by Amazon's rules, written anew here, and asks what the store says of it. */
function said(wish: Wish = {}): string {
  const { date = ago(0), service = "s3", end = "aws4_request", path = "/restartix/a/b" } = wish;
  const { day = date.slice(0, 8), region: inRegion = region, accessKeyId = credentials.accessKeyId } = wish;
  const scope = [day, inRegion, service, end].join("/");
  const isQuery = wish.query !== undefined;
  const headers: Record<string, string> = {
    host: "localhost",
    ...(isQuery ? {} : { "x-amz-date": date, "x-amz-content-sha256": "UNSIGNED-PAYLOAD" }),
    ...wish.headers,
  };
  const signed = wish.signed ?? Object.keys(headers).sort();
  const parameters: Record<string, string> = isQuery
    ? {
        "X-Amz-Algorithm": "AWS4-HMAC-SHA256",
        "X-Amz-Credential": `${accessKeyId}/${scope}`,
        "X-Amz-Date": date,
        "X-Amz-Expires": "60",
        "X-Amz-SignedHeaders": signed.join(";"),
        ...wish.query,
      }
    : {};
  const search = Object.entries(parameters)
    .map(([name, value]) => `${encodeURIComponent(name)}=${encodeURIComponent(value)}`)
    .sort()
    .join("&");
  const canonical = [
    "GET",
    path,
    search,
    signed.map((name) => `${name}:${(headers[name] ?? "").trim()}\n`).join(""),
    signed.join(";"),
    "UNSIGNED-PAYLOAD",
  ].join("\n");
  const digest = createHash("sha256").update(canonical).digest("hex");
  const key = [day, inRegion, service, end].reduce<Buffer | string>(
    hmac,
    `AWS4${credentials.secretAccessKey}`,
  );
  const real = hmac(key, ["AWS4-HMAC-SHA256", date, scope, digest].join("\n")).toString("hex");
  const signature = wish.signature?.(real) ?? real;
  const request = {
    method: "GET",
    url: isQuery ? `${path}?${search}&X-Amz-Signature=${signature}` : path,
    headers: isQuery
      ? headers
      : {
          ...headers,
          authorization: `AWS4-HMAC-SHA256 Credential=${accessKeyId}/${scope}, SignedHeaders=${signed.join(";")}, Signature=${signature}`,
        },
  };
  const asked = { ...request, ...wish.asked, headers: { ...request.headers, ...wish.asked?.headers } };
  try {
    verify(asked as unknown as IncomingMessage, credentials, region);
    return "taken";
  } catch (error) {
    const { code, message } = error as { code: string; message: string };
    return `${code}: ${message}`;
  }
}

describe("a signature of version 4 is held to what it signs (FND-13)", () => {
  test("in the header and in a URL", () => {
    expect(said()).toBe("taken");
    expect(said({ query: {} })).toBe("taken");
    expect(said({ headers: { "x-amz-meta-a": " b " } })).toBe("taken");
  });

  test.each<[Wish, string]>([
    [{ accessKeyId: "SOMEBODY" }, "InvalidAccessKeyId"],
    [{ region: "us-east-1" }, "AuthorizationHeaderMalformed"],
    [{ service: "ses" }, "AuthorizationHeaderMalformed"],
    [{ end: "aws5_request" }, "AuthorizationHeaderMalformed"],
    [{ day: "20200101" }, "AuthorizationHeaderMalformed"],
    [{ signed: ["x-amz-content-sha256", "x-amz-date"] }, "AccessDenied: The signature must cover host."],
    [
      { asked: { headers: { "x-amz-acl": "public-read" } } },
      "AccessDenied: The signature must cover x-amz-acl.",
    ],
    [{ asked: { method: "DELETE" } }, "SignatureDoesNotMatch"],
    [{ asked: { url: "/restartix/a/c" } }, "SignatureDoesNotMatch"],
    [{ asked: { url: "/restartix/a/b?list-type=2" } }, "SignatureDoesNotMatch"],
    [{ asked: { headers: { host: "elsewhere" } } }, "SignatureDoesNotMatch"],
    [{ signature: (real) => real.slice(2) }, "SignatureDoesNotMatch"],
    [{ signature: (real) => `${real}00` }, "SignatureDoesNotMatch"],
    [{ signature: () => "00".repeat(32) }, "SignatureDoesNotMatch"],
    [{ asked: { headers: { authorization: "Basic abc" } } }, "AuthorizationHeaderMalformed"],
    [{ asked: { headers: { "x-amz-date": "" } } }, "AuthorizationHeaderMalformed"],
    [{ asked: { headers: { "x-amz-content-sha256": "" } } }, "AuthorizationHeaderMalformed"],
    [
      { asked: { headers: { authorization: "" } } },
      "AccessDenied: Sign the request: nothing here is public.",
    ],
    [{ query: { "X-Amz-Algorithm": "none" } }, "AccessDenied: Sign the request: nothing here is public."],
    [{ date: "nonsense", day: "nonsense" }, "AccessDenied: The signature needs its date."],
    [{ asked: { url: "/restartix/%" } }, "InvalidArgument"],
  ])("%j", (wish, refusal) => {
    expect(said(wish)).toMatch(new RegExp(`^${refusal}`));
  });

  test("for a quarter of an hour in the header, whichever clock is ahead", () => {
    for (const seconds of [890, -890]) expect(said({ date: ago(seconds) })).toBe("taken");
    for (const seconds of [910, -910]) expect(said({ date: ago(seconds) })).toMatch(/^RequestTimeTooSkewed/);
  });

  test("for as long as a URL says, which is a week at most and begins in time", () => {
    const url = (expires: string, seconds: number) =>
      said({ date: ago(seconds), query: { "X-Amz-Expires": expires } });
    expect(url("60", 50)).toBe("taken");
    expect(url("60", 70)).toBe("AccessDenied: Request has expired");
    expect(url("604800", 604_000)).toBe("taken");
    expect(url("1", 0)).toBe("taken");
    expect(url("60", -890)).toBe("taken");
    for (const [expires, seconds] of [
      ["604801", 0],
      ["0", 0],
      ["-1", 0],
      ["soon", 0],
      ["60", -910],
    ] as const) {
      expect(url(expires, seconds), expires).toBe(
        "AccessDenied: The time this URL is good for cannot be read.",
      );
    }
  });

  describe("to the very millisecond", () => {
    afterEach(() => vi.useRealTimers());
    const later = (ms: number, wish: Wish) => {
      const signedAt = Date.parse("2026-05-04T10:00:00Z");
      vi.useFakeTimers({ toFake: ["Date"], now: signedAt + ms });
      return said({ ...wish, date: stamp(new Date(signedAt)) });
    };

    test.each([
      [900_000, {}, "RequestTimeTooSkewed"],
      [-900_000, {}, "RequestTimeTooSkewed"],
      [60_000, { query: {} }, "AccessDenied: Request has expired"],
      [-900_000, { query: {} }, "AccessDenied: The time this URL is good for cannot be read"],
    ] as const)("%i ms after %j is the last", (ms, wish, refusal) => {
      expect(later(ms, wish)).toBe("taken");
      expect(later(ms + Math.sign(ms), wish)).toMatch(new RegExp(`^${refusal}`));
    });
  });
});
