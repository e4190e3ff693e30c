import { createHash } from "node:crypto";
import webPush from "web-push";
import { CredentialsRefused } from "../failures.ts";
import { NotPublic, type ResolveAll, request } from "../outbound/index.ts";
import { isPushEndpoint } from "./endpoint.ts";
import {
  PushDelayed,
  type Pusher,
  PushGone,
  type PushNotice,
  PushRefused,
  type PushSubscription,
} from "./port.ts";

/** What push services know us by (RFC 8292). Browsers subscribe for the public key. */
export type VapidKeys = { publicKey: string; privateKey: string };

export type WebPushSettings = {
  vapid: VapidKeys;
  /** Whom a push service writes to when we misbehave: a mailto: or https: URL. */
  subject: string;
  /** Lets endpoints of this machine be called: the embedded mailbox. */
  loopback?: boolean;
  timeoutMs?: number;
  /** Instead of DNS, for tests. */
  resolve?: ResolveAll;
};

/** Longest answer that is read, in bytes. Push services answer with a line. */
const longestAnswer = 16 * 1024;

/**
 * Sends Web Push, encrypted for the one browser (RFC 8291) and signed by VAPID (FND-15). `web-push` makes the
 * request and we carry it: only to public addresses, without following anybody, and with an end to waiting.
 *
 * The topic is made from the key, so a notice that is sent twice while the browser is away is shown once.
 */
export function webPusher({
  vapid,
  subject,
  loopback = false,
  timeoutMs = 10_000,
  resolve,
}: WebPushSettings): Pusher {
  return {
    vendor: "web_push",
    publicKey: vapid.publicKey,
    async send(subscription, notice, { key, ttlSeconds }) {
      if (!isPushEndpoint(subscription.endpoint, { loopback })) {
        throw new PushGone("push: the endpoint is no public https address");
      }
      const topic = topicOf(key);
      const { url, headers, body } = encrypt(subscription, notice, { vapid, subject, ttlSeconds, topic });
      const answer = await request(url, {
        reach: loopback ? "here" : "public",
        resolve,
        method: "POST",
        headers,
        body,
        timeoutMs,
        longest: longestAnswer,
      }).catch((error: unknown) => {
        throw failure(error);
      });
      if (answer.status > 299) throw refusal(answer.status);
      const messageId = answer.headers.location?.split("/").at(-1)?.slice(0, 200);
      return { vendorId: messageId || topic };
    },
  };
}

/** At most 32 characters that may stand in a topic. */
function topicOf(key: string): string {
  return createHash("sha256").update(key).digest("base64url").slice(0, 32);
}

type PushRequest = { url: URL; headers: Record<string, string>; body: Buffer };

function encrypt(
  { endpoint, p256dh, auth }: PushSubscription,
  notice: PushNotice,
  options: { vapid: VapidKeys; subject: string; ttlSeconds: number; topic: string },
): PushRequest {
  const url = new URL(endpoint);
  try {
    const { headers, body } = webPush.generateRequestDetails(
      { endpoint: url.href, keys: { p256dh, auth } },
      JSON.stringify(notice),
      {
        vapidDetails: { subject: options.subject, ...options.vapid },
        TTL: options.ttlSeconds,
        // What is worthless in an hour may wake the telephone; the rest waits until it is awake.
        urgency: options.ttlSeconds <= 3_600 ? "high" : "normal",
        topic: options.topic,
        contentEncoding: "aes128gcm",
      },
    );
    return { url, headers: headers as Record<string, string>, body: body as Buffer };
  } catch {
    // Its errors quote keys. Ours were checked at start, so it is the browser's that are none.
    throw new PushGone("push: the subscription's keys are not usable");
  }
}

/** By code only: what Node throws names the host and may carry the path, which is a secret of the browser. */
function failure(error: unknown): PushDelayed | PushRefused {
  if (error instanceof NotPublic) return new PushRefused("push: the endpoint is not at a public address");
  const { code, name } = error as { code?: unknown; name?: unknown };
  if (name === "AbortError" || name === "TimeoutError") return new PushDelayed("push timeout");
  return new PushDelayed(`push ${typeof code === "string" && /^[A-Z_]+$/.test(code) ? code : "no answer"}`);
}

/** RFC 8030 and the services' own documents; a redirect is followed nowhere. */
function refusal(status: number): Error {
  if (status === 404 || status === 410) return new PushGone(`push ${status}`);
  // The subscription was made for another key, or ours is not accepted.
  if (status === 401 || status === 403) return new CredentialsRefused(`push ${status}`);
  const later = status === 406 || status === 408 || status === 425 || status === 429 || status >= 500;
  return later ? new PushDelayed(`push ${status}`) : new PushRefused(`push ${status}`);
}
