import {
  CopyObjectCommand,
  DeleteObjectCommand,
  GetObjectCommand,
  HeadObjectCommand,
  ListObjectsV2Command,
  PutObjectCommand,
  S3Client,
  S3ServiceException,
} from "@aws-sdk/client-s3";
import { CredentialsRefused } from "../failures.ts";
import { outboundAgents } from "../outbound/index.ts";
import { attachment } from "./attachment.ts";
import { type ObjectStore, type StorageClass, StorageUnavailable } from "./port.ts";
import { presigner } from "./presign.ts";

export type Credentials = { accessKeyId: string; secretAccessKey: string };

export type S3Settings = {
  bucket: string;
  region: string;
  /** Another endpoint than Amazon's. */
  endpoint?: string;
  /** `endpoint/bucket/key` instead of `bucket.endpoint/key`. */
  pathStyle?: boolean;
  /** Absent: the SDK finds them (role of the machine, environment). */
  credentials?: Credentials | (() => Promise<Credentials>);
  timeoutMs?: number;
};

/**
 * Objects in a bucket of Amazon S3 or of anything that speaks its protocol (FND-13).
 *
 * An upload's signature covers type, length, SHA-256 and If-None-Match: Amazon refuses other bytes than the
 * declared ones, and a second write to the key. Not every S3 does, so nothing here relies on it: the bytes
 * are read and hashed before a file counts, and then lie under a key that was never signed for anybody.
 */
export function s3Store({
  bucket,
  region,
  endpoint,
  pathStyle = false,
  credentials,
  timeoutMs = 10_000,
}: S3Settings): ObjectStore {
  const client = new S3Client({
    region,
    ...(endpoint ? { endpoint } : {}),
    ...(credentials
      ? { credentials: typeof credentials === "function" ? credentials : { ...credentials } }
      : {}), // the SDK writes into it
    forcePathStyle: pathStyle,
    // Otherwise the SDK signs the CRC of an empty body into upload URLs, and asks for trailers few others know.
    requestChecksumCalculation: "WHEN_REQUIRED",
    responseChecksumValidation: "WHEN_REQUIRED",
    maxAttempts: 3,
    requestHandler: {
      ...outboundAgents({ reach: "anywhere" }, { keepAlive: true, maxSockets: 50 }),
      connectionTimeout: 3_000,
      requestTimeout: timeoutMs,
      throwOnRequestTimeout: true,
    },
  });
  // Others may not know the header; Amazon's default bucket encryption is only as good as the bucket's settings.
  const encryption = endpoint ? {} : ({ ServerSideEncryption: "AES256" } as const);

  const presign = presigner(client, bucket);

  return {
    async presignUpload(key, { contentType, size, sha256, expiresInSeconds }) {
      const expiresAt = expiry(expiresInSeconds);
      const headers: Record<string, string> = {
        "content-type": contentType,
        "if-none-match": "*",
        "x-amz-checksum-sha256": sha256.toString("base64"),
        ...(endpoint ? {} : { "x-amz-server-side-encryption": "AES256" }),
      };
      const url = await told(
        presign({
          method: "PUT",
          key,
          expiresInSeconds,
          // The length is no header that anybody sets: whoever sends the body sends it.
          headers: { ...headers, "content-length": String(size) },
        }),
      );
      return { url, headers, expiresAt };
    },

    async presignDownload(key, { filename, contentType, expiresInSeconds }) {
      const expiresAt = expiry(expiresInSeconds);
      const url = await told(
        presign({
          method: "GET",
          key,
          expiresInSeconds,
          query: {
            "response-cache-control": "private, no-store",
            "response-content-disposition": attachment(filename),
            "response-content-type": contentType,
          },
        }),
      );
      return { url, expiresAt };
    },

    async put(key, body, { contentType, ifAbsent = false }) {
      const written = await asked(
        () =>
          client.send(
            new PutObjectCommand({
              Bucket: bucket,
              Key: key,
              Body: body,
              ContentType: contentType,
              ...encryption,
              ...(ifAbsent ? { IfNoneMatch: "*" } : {}),
            }),
          ),
        ifAbsent ? alreadyThere : undefined,
      );
      return written !== null;
    },

    async get(key) {
      const found = await asked(
        () => client.send(new GetObjectCommand({ Bucket: bucket, Key: key })),
        notThere,
      );
      return found?.Body ? piecesOf(found.Body as AsyncIterable<Uint8Array>) : null;
    },

    async head(key) {
      const found = await asked(
        () => client.send(new HeadObjectCommand({ Bucket: bucket, Key: key })),
        notThere,
      );
      return (
        found && {
          size: found.ContentLength ?? 0,
          contentType: found.ContentType ?? "application/octet-stream",
          etag: found.ETag ?? "",
          lastModified: found.LastModified ?? new Date(0),
        }
      );
    },

    async delete(key) {
      await asked(() => client.send(new DeleteObjectCommand({ Bucket: bucket, Key: key })), notThere);
    },

    async keepIn(key, storageClass) {
      try {
        await client.send(
          new CopyObjectCommand({
            Bucket: bucket,
            Key: key,
            CopySource: `${bucket}/${key.split("/").map(encodeURIComponent).join("/")}`,
            StorageClass: classes[storageClass],
            ...encryption,
          }),
        );
        return "kept";
      } catch (error) {
        const name = error instanceof S3ServiceException ? error.name : "";
        if (name === "NoSuchKey" || name === "NotFound") return "absent";
        if (!refusedClasses.has(name)) throw failure(error);
        // A copy that changes nothing is refused, and so is one of what is archived: an earlier try may have done it.
        const there = await asked(
          () => client.send(new HeadObjectCommand({ Bucket: bucket, Key: key })),
          notThere,
        );
        if (there === null) return "absent";
        return there.StorageClass === classes[storageClass] ? "kept" : "not_offered";
      }
    },

    async *list(prefix) {
      let ContinuationToken: string | undefined;
      do {
        const page = await asked(() =>
          client.send(new ListObjectsV2Command({ Bucket: bucket, Prefix: prefix, ContinuationToken })),
        );
        for (const { Key, Size = 0, LastModified = new Date(0) } of page?.Contents ?? []) {
          if (Key !== undefined) yield { key: Key, size: Size, lastModified: LastModified };
        }
        ContinuationToken = page?.IsTruncated ? page.NextContinuationToken : undefined;
      } while (ContinuationToken);
    },

    close: () => client.destroy(),
  };
}

/** Amazon's names. Glacier Flexible Retrieval: brought back within hours. */
const classes = {
  standard: "STANDARD",
  infrequent: "STANDARD_IA",
  archive: "GLACIER",
} as const satisfies Record<StorageClass, string>;
/** How stores say that they have no such class, that they make no such copies, or that an object is there already. */
const refusedClasses = new Set([
  "InvalidArgument",
  "InvalidObjectState",
  "InvalidRequest",
  "InvalidStorageClass",
  "NotImplemented",
  "ObjectNotInActiveTierError",
]);

function expiry(seconds: number): Date {
  return new Date(Date.now() + seconds * 1000);
}

/** Signing asks nobody, but the credentials may have to be fetched first. */
function told<T>(signing: Promise<T>): Promise<T> {
  return signing.catch((error: unknown) => {
    throw failure(error);
  });
}

/** The store's answer; null for the failure that is an answer too. */
async function asked<T>(ask: () => Promise<T>, isAnswer?: (status: number) => boolean): Promise<T | null> {
  try {
    return await ask();
  } catch (error) {
    if (error instanceof S3ServiceException && error.name !== "NoSuchBucket") {
      if (isAnswer?.(error.$metadata.httpStatusCode ?? 0)) return null;
    }
    throw failure(error);
  }
}

async function* piecesOf(body: AsyncIterable<Uint8Array>): AsyncIterable<Uint8Array> {
  try {
    yield* body;
  } catch (error) {
    throw failure(error);
  }
}

const notThere = (status: number): boolean => status === 404;
/** 409 is Amazon's word for two such writes at the same moment: this one lost. */
const alreadyThere = (status: number): boolean => status === 412 || status === 409;

const refusals = new Set([
  "AccessDenied",
  "ExpiredToken",
  "InvalidAccessKeyId",
  "InvalidToken",
  "SignatureDoesNotMatch",
  "CredentialsProviderError",
  "Forbidden",
]);

/** What went wrong in one word; the SDK's messages may quote keys and signatures. */
function failure(error: unknown): CredentialsRefused | StorageUnavailable {
  const name = nameOf(error);
  const status = error instanceof S3ServiceException ? error.$metadata.httpStatusCode : undefined;
  // 403 as well, and it says nothing about the keys.
  if (name === "InvalidObjectState") return new StorageUnavailable(`s3 ${name}`, { cause: error });
  if (refusals.has(name) || status === 401 || status === 403) return new CredentialsRefused(`s3 ${name}`);
  return new StorageUnavailable(`s3 ${name}`, { cause: error });
}

/** The store's own word; where the line to it is cut or not trusted, that of the system: ECONNREFUSED. */
function nameOf(error: unknown): string {
  if (!(error instanceof Error)) return "unknown";
  const { code } = error as NodeJS.ErrnoException;
  return error instanceof S3ServiceException || typeof code !== "string" ? error.name : code;
}
