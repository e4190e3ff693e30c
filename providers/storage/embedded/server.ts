import { createHash } from "node:crypto";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import { pipeline } from "node:stream/promises";
import { filePatience, hurry } from "../../../runtime/server_patience.ts";
import type { Credentials } from "../s3.ts";
import { escapeXml, Refused, refuse, sendXml } from "./answers.ts";
import type { Disk } from "./disk.ts";
import { decoded, headerOf, type Verified, verify } from "./signature.ts";

export type ObjectsServerOptions = { disk: Disk; bucket: string; region: string; credentials: Credentials };

/** A browser uploads and downloads from another origin; the signature decides, not the origin. */
const openToBrowsers = {
  "access-control-allow-origin": "*",
  "access-control-expose-headers": "ETag, Content-Length, Content-Range, Content-Disposition",
};
const ARCHIVE = "GLACIER";
const storageClasses = new Set(["STANDARD", "STANDARD_IA", ARCHIVE]);
/** What S3 leaves to the CDN in front of it: no object is ever a page, a script or a frame. */
const harmless = {
  "x-content-type-options": "nosniff",
  "content-security-policy": "sandbox; default-src 'none'; frame-ancestors 'none'",
  "referrer-policy": "no-referrer",
  "cache-control": "private, no-store",
};

/**
 * The part of S3's protocol that clinics' files need, over one bucket (FND-13): put, get with a range, head,
 * delete, list, and the storage class of an object. It holds what Amazon holds: nothing unsigned, lengths and digests as signed, If-None-Match.
 */
export function objectsServer(options: ObjectsServerOptions): Server {
  return createServer(filePatience, (request, response) => {
    hurry(request);
    response.setHeaders(new Headers({ ...openToBrowsers, ...harmless }));
    if (request.method === "OPTIONS") {
      preflight(request, response);
      return;
    }
    answer(options, request, response).catch((error: unknown) => {
      if (response.headersSent) {
        response.destroy();
        return;
      }
      refuse(
        response,
        error instanceof Refused ? error : new Refused("InternalError", "The store could not do this."),
      );
    });
  });
}

function preflight(request: IncomingMessage, response: ServerResponse): void {
  response.writeHead(204, {
    "access-control-allow-methods": "GET, HEAD, PUT",
    "access-control-allow-headers": headerOf(request, "access-control-request-headers") ?? "content-type",
    "access-control-max-age": "3600",
  });
  response.end();
}

async function answer(
  { disk, bucket, region, credentials }: ObjectsServerOptions,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const verified = verify(request, credentials, region);
  const { pathname } = new URL(request.url ?? "/", "http://localhost");
  const [, name = "", ...rest] = pathname.split("/").map(decoded);
  const key = rest.join("/");
  if (name !== bucket) throw new Refused("NoSuchBucket", `There is one bucket here: ${bucket}.`);

  switch (request.method) {
    case "PUT":
      if (key && headerOf(request, "x-amz-copy-source") !== undefined) {
        return keepIn(disk, { bucket, key }, request, response);
      }
      if (key) return put(disk, key, request, response, verified);
      break;
    case "GET":
    case "HEAD":
      if (key) return get(disk, key, request, response, verified);
      if (request.method === "GET" && verified.query.get("list-type") === "2") {
        return list(disk, bucket, response, verified);
      }
      break;
    case "DELETE":
      if (!key) break;
      await disk.delete(key);
      response.writeHead(204).end();
      return;
  }
  throw new Refused(key ? "MethodNotAllowed" : "NotImplemented", "This store puts, gets, deletes and lists.");
}

async function put(
  disk: Disk,
  key: string,
  request: IncomingMessage,
  response: ServerResponse,
  { payloadHash, query }: Verified,
): Promise<void> {
  const length = Number(headerOf(request, "content-length") ?? Number.NaN);
  if (!Number.isInteger(length)) throw new Refused("MissingContentLength", "Say how long the body is.");
  if (payloadHash.startsWith("STREAMING-")) {
    throw new Refused("NotImplemented", "Chunked signatures are not known here.");
  }
  const declared =
    headerOf(request, "x-amz-checksum-sha256") ?? query.get("x-amz-checksum-sha256") ?? undefined;
  const condition = headerOf(request, "if-none-match");
  if (condition !== undefined && condition !== "*") {
    throw new Refused("NotImplemented", "If-None-Match takes * only.");
  }

  const sha256 = createHash("sha256");
  const md5 = createHash("md5");
  let received = 0;
  async function* measured(): AsyncIterable<Buffer> {
    for await (const piece of request as AsyncIterable<Buffer>) {
      received += piece.length;
      sha256.update(piece);
      md5.update(piece);
      yield piece;
    }
  }
  let etag = "";
  await disk.put(key, measured(), {
    ifAbsent: condition === "*",
    seal() {
      if (received !== length) throw new Refused("IncompleteBody", "The body ended early.");
      const digest = sha256.digest();
      if (declared !== undefined && declared !== digest.toString("base64")) {
        throw new Refused("BadDigest", "The body is not the one that x-amz-checksum-sha256 promised.");
      }
      if (payloadHash !== "UNSIGNED-PAYLOAD" && payloadHash !== digest.toString("hex")) {
        throw new Refused("XAmzContentSHA256Mismatch", "The body is not the one that was signed.");
      }
      etag = `"${md5.digest("hex")}"`;
      return {
        contentType: (headerOf(request, "content-type") ?? "application/octet-stream").slice(0, 200),
        etag,
      };
    },
  });
  response.writeHead(200, { etag, "content-length": 0 }).end();
}

/** Of copies only the one of an object onto itself, which says in which class it is kept. All of them lie on the same disk. */
async function keepIn(
  disk: Disk,
  { bucket, key }: { bucket: string; key: string },
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const source = decoded(headerOf(request, "x-amz-copy-source") ?? "").replace(/^\//, "");
  if (source !== `${bucket}/${key}`) {
    throw new Refused("NotImplemented", "An object is copied onto itself only, into another storage class.");
  }
  const storageClass = headerOf(request, "x-amz-storage-class") ?? "STANDARD";
  if (!storageClasses.has(storageClass)) {
    throw new Refused("InvalidStorageClass", `Storage classes here are ${[...storageClasses].join(", ")}.`);
  }
  const { etag, lastModified } = await disk.keepIn(key, storageClass);
  sendXml(
    response,
    200,
    `<CopyObjectResult><LastModified>${lastModified.toISOString()}</LastModified><ETag>${escapeXml(etag)}</ETag></CopyObjectResult>`,
  );
}

async function get(
  disk: Disk,
  key: string,
  request: IncomingMessage,
  response: ServerResponse,
  { query }: Verified,
): Promise<void> {
  const { size, contentType, etag, lastModified, storageClass = "STANDARD" } = await disk.find(key);
  if (storageClass === ARCHIVE && request.method === "GET") {
    throw new Refused("InvalidObjectState", "The object is archived.");
  }
  const range = rangeOf(headerOf(request, "range"), size);
  const { first, last } = range ?? { first: 0, last: size - 1 };
  response.writeHead(range ? 206 : 200, {
    "content-type": query.get("response-content-type") ?? contentType,
    "content-disposition": query.get("response-content-disposition") ?? "attachment",
    "content-length": last - first + 1,
    "accept-ranges": "bytes",
    etag,
    "last-modified": lastModified.toUTCString(),
    ...(storageClass === "STANDARD" ? {} : { "x-amz-storage-class": storageClass }),
    ...(range ? { "content-range": `bytes ${first}-${last}/${size}` } : {}),
  });
  if (request.method === "HEAD" || size === 0) response.end();
  else await pipeline(disk.read(key, { first, last }), response);
}

function rangeOf(header: string | undefined, size: number): { first: number; last: number } | null {
  const parts = /^bytes=(\d*)-(\d*)$/.exec(header ?? "");
  if (!parts || (parts[1] === "" && parts[2] === "")) return null;
  const [, from = "", to = ""] = parts;
  const first = from === "" ? Math.max(0, size - Number(to)) : Number(from);
  const last = from === "" || to === "" ? size - 1 : Math.min(Number(to), size - 1);
  if (first > last) throw new Refused("InvalidRange", "The object is shorter than that.");
  return { first, last };
}

async function list(
  disk: Disk,
  bucket: string,
  response: ServerResponse,
  { query }: Verified,
): Promise<void> {
  const prefix = query.get("prefix") ?? "";
  const most = Math.min(Number(query.get("max-keys") ?? 1000) || 1000, 1000);
  const after = query.get("continuation-token") ?? query.get("start-after") ?? "";
  const { keys, more } = await disk.list(prefix, after, most);
  const contents = keys.map(
    ({ key, size, lastModified }) =>
      `<Contents><Key>${escapeXml(key)}</Key><LastModified>${lastModified.toISOString()}</LastModified>` +
      `<Size>${size}</Size></Contents>`,
  );
  const next = more
    ? `<NextContinuationToken>${escapeXml(keys.at(-1)?.key ?? "")}</NextContinuationToken>`
    : "";
  sendXml(
    response,
    200,
    `<ListBucketResult xmlns="http://s3.amazonaws.com/doc/2006-03-01/"><Name>${bucket}</Name>` +
      `<Prefix>${escapeXml(prefix)}</Prefix><KeyCount>${keys.length}</KeyCount><MaxKeys>${most}</MaxKeys>` +
      `<IsTruncated>${more}</IsTruncated>${contents.join("")}${next}</ListBucketResult>`,
  );
}
