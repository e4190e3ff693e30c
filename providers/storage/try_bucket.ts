import { ListObjectsV2Command, S3Client } from "@aws-sdk/client-s3";
import { z } from "zod";
import { isAllowedHost, outboundAgents, type Reach } from "../outbound/index.ts";

/** What trying a bucket came to: null is well. */
export type BucketProblem =
  | "credentials_refused"
  | "bucket_not_found"
  | "address_not_allowed"
  | "settings_incomplete"
  | "unreachable";

const account = z.object({
  settings: z.looseObject({
    bucket: z.string().regex(/^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/),
    region: z.string().regex(/^[a-z0-9-]{2,40}$/),
    endpoint: z.url({ protocol: /^https?$/ }).optional(),
  }),
  credentials: z.looseObject({ accessKeyId: z.string().min(1), secretAccessKey: z.string().min(1) }),
});

const refusals = new Set([
  "AccessDenied",
  "ExpiredToken",
  "InvalidAccessKeyId",
  "InvalidToken",
  "SignatureDoesNotMatch",
  "Forbidden",
]);

/**
 * Asks a clinic's own bucket for one name in a folder that nobody uses (FND-23). The address is the clinic's
 * choice: only public ones are called, over TLS, except on a developer's machine.
 */
export async function tryBucket(
  env: NodeJS.ProcessEnv,
  given: { settings: Record<string, unknown>; credentials: Record<string, string> },
  timeoutMs = 8_000,
): Promise<BucketProblem | null> {
  const { success, data } = account.safeParse(given);
  if (!success) return "settings_incomplete";
  const { bucket, region, endpoint } = data.settings;
  const reach: Reach = env.APP_MODE === "production" ? "public" : "here";
  if (endpoint) {
    const { hostname, protocol } = new URL(endpoint);
    if (!isAllowedHost(hostname, reach) || (protocol === "http:" && reach === "public"))
      return "address_not_allowed";
  }
  const { accessKeyId, secretAccessKey } = data.credentials;
  const client = new S3Client({
    region,
    ...(endpoint ? { endpoint, forcePathStyle: true } : {}),
    credentials: { accessKeyId, secretAccessKey },
    maxAttempts: 1,
    requestHandler: {
      connectionTimeout: 3_000,
      requestTimeout: timeoutMs,
      throwOnRequestTimeout: true,
      ...outboundAgents({ reach }),
    },
  });
  try {
    await client.send(new ListObjectsV2Command({ Bucket: bucket, Prefix: "connection-test/", MaxKeys: 1 }));
    return null;
  } catch (error) {
    const { name = "", $metadata } = error as Error & { $metadata?: { httpStatusCode?: number } };
    if (refusals.has(name) || [401, 403].includes($metadata?.httpStatusCode ?? 0))
      return "credentials_refused";
    if (name === "NoSuchBucket" || $metadata?.httpStatusCode === 404) return "bucket_not_found";
    return name === "NotPublic" ? "address_not_allowed" : "unreachable";
  } finally {
    client.destroy();
  }
}
