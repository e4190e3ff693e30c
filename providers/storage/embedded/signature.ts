import { createHash, createHmac, timingSafeEqual } from "node:crypto";
import type { IncomingMessage } from "node:http";
import type { Credentials } from "../s3.ts";
import { Refused } from "./answers.ts";

const ALGORITHM = "AWS4-HMAC-SHA256";
const SKEW_MS = 15 * 60_000;
const LONGEST_SECONDS = 7 * 24 * 3600;

/** What the signature vouches for besides the request itself. */
export type Verified = { payloadHash: string; query: URLSearchParams };

/**
 * Lets a request in whose Signature Version 4 is ours, in the header or, for presigned URLs, in the query;
 * without one nothing is answered. Rules as Amazon writes them:
 * https://docs.aws.amazon.com/AmazonS3/latest/API/sig-v4-authenticating-requests.html
 */
export function verify(request: IncomingMessage, credentials: Credentials, region: string): Verified {
  const url = new URL(request.url ?? "/", "http://localhost");
  const claim = request.headers.authorization ? fromHeader(request) : fromQuery(url.searchParams);
  if (!claim) throw new Refused("AccessDenied", "Sign the request: nothing here is public.");

  const [accessKeyId, day, scopeRegion, service, end] = claim.credential.split("/");
  if (accessKeyId !== credentials.accessKeyId) {
    throw new Refused("InvalidAccessKeyId", "This store does not know the access key.");
  }
  if (
    scopeRegion !== region ||
    service !== "s3" ||
    end !== "aws4_request" ||
    day !== claim.date.slice(0, 8)
  ) {
    throw new Refused("AuthorizationHeaderMalformed", `The credential is for ${region}/s3/aws4_request.`);
  }
  checkTime(claim);
  checkSignedHeaders(request, claim.signedHeaders);

  const scope = `${day}/${region}/s3/aws4_request`;
  const stringToSign = [ALGORITHM, claim.date, scope, sha256(canonicalRequest(request, url, claim))].join(
    "\n",
  );
  const key = [day, region, "s3", "aws4_request"].reduce<Buffer>(
    (secret, part) => hmac(secret, part),
    Buffer.from(`AWS4${credentials.secretAccessKey}`),
  );
  const expected = hmac(key, stringToSign);
  const given = Buffer.from(claim.signature, "hex");
  if (given.length !== expected.length || !timingSafeEqual(given, expected)) {
    throw new Refused("SignatureDoesNotMatch", "The request is not the one that was signed.");
  }
  return { payloadHash: claim.payloadHash, query: url.searchParams };
}

type Claim = {
  credential: string;
  date: string;
  expiresInSeconds?: number;
  signedHeaders: string[];
  signature: string;
  payloadHash: string;
};

function fromHeader(request: IncomingMessage): Claim {
  const parts = /^AWS4-HMAC-SHA256 Credential=([^,]+), ?SignedHeaders=([^,]+), ?Signature=([0-9a-f]+)$/.exec(
    request.headers.authorization ?? "",
  );
  const date = headerOf(request, "x-amz-date");
  const payloadHash = headerOf(request, "x-amz-content-sha256");
  if (!parts || !date || !payloadHash) {
    throw new Refused("AuthorizationHeaderMalformed", "Only Signature Version 4 with x-amz-date is known.");
  }
  const [, credential = "", signedHeaders = "", signature = ""] = parts;
  return { credential, date, signedHeaders: signedHeaders.split(";"), signature, payloadHash };
}

function fromQuery(query: URLSearchParams): Claim | null {
  if (query.get("X-Amz-Algorithm") !== ALGORITHM) return null;
  return {
    credential: query.get("X-Amz-Credential") ?? "",
    date: query.get("X-Amz-Date") ?? "",
    expiresInSeconds: Number(query.get("X-Amz-Expires") ?? Number.NaN),
    signedHeaders: (query.get("X-Amz-SignedHeaders") ?? "").split(";"),
    signature: query.get("X-Amz-Signature") ?? "",
    payloadHash: "UNSIGNED-PAYLOAD",
  };
}

function checkTime({ date, expiresInSeconds }: Claim): void {
  const signedAt = Date.parse(
    date.replace(/^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/, "$1-$2-$3T$4:$5:$6Z"),
  );
  if (Number.isNaN(signedAt)) throw new Refused("AccessDenied", "The signature needs its date.");
  const age = Date.now() - signedAt;
  if (expiresInSeconds === undefined) {
    if (Math.abs(age) > SKEW_MS)
      throw new Refused("RequestTimeTooSkewed", "The clocks differ by more than 15 minutes.");
    return;
  }
  if (!(expiresInSeconds > 0 && expiresInSeconds <= LONGEST_SECONDS) || age < -SKEW_MS) {
    throw new Refused("AccessDenied", "The time this URL is good for cannot be read.");
  }
  if (age > expiresInSeconds * 1000) throw new Refused("AccessDenied", "Request has expired");
}

/** Amazon's own headers mean something, so none may be added to what was signed. */
function checkSignedHeaders(request: IncomingMessage, signedHeaders: string[]): void {
  const unsigned = Object.keys(request.headers).find(
    (name) => name.startsWith("x-amz-") && !signedHeaders.includes(name),
  );
  if (unsigned || !signedHeaders.includes("host")) {
    throw new Refused("AccessDenied", `The signature must cover ${unsigned ?? "host"}.`);
  }
}

function canonicalRequest(request: IncomingMessage, url: URL, claim: Claim): string {
  const query = [...url.searchParams]
    .filter(([name]) => name !== "X-Amz-Signature")
    .map(([name, value]) => `${encode(name)}=${encode(value)}`)
    .sort();
  const headers = claim.signedHeaders.map(
    (name) => `${name}:${(headerOf(request, name) ?? "").trim().replaceAll(/ +/g, " ")}\n`,
  );
  return [
    request.method,
    url.pathname.split("/").map(decoded).map(encode).join("/"),
    query.join("&"),
    headers.join(""),
    claim.signedHeaders.join(";"),
    claim.payloadHash,
  ].join("\n");
}

export function decoded(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    throw new Refused("InvalidArgument", "The path cannot be read.");
  }
}

function encode(text: string): string {
  return encodeURIComponent(text).replaceAll(
    /[!'()*]/g,
    (sign) => `%${sign.charCodeAt(0).toString(16).toUpperCase()}`,
  );
}

export function headerOf(request: IncomingMessage, name: string): string | undefined {
  const value = request.headers[name];
  return Array.isArray(value) ? value.join(",") : value;
}

function sha256(text: string): string {
  return createHash("sha256").update(text).digest("hex");
}

function hmac(key: Buffer, text: string): Buffer {
  return createHmac("sha256", key).update(text).digest();
}
