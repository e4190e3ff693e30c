import { isThisMachine, NotPublic, type ResolveAll, request, requireReachable } from "../outbound/index.ts";
import { webhookUrl } from "./endpoint.ts";
import { signedHeaders } from "./signature.ts";

export { newWebhookSecret } from "./signature.ts";

export type WebhookAttempt = { id: string; url: string; body: string; secrets: string[] };

/** What came of an attempt; problem null: it was taken. The words are those of webhook_events.problem. */
export type WebhookOutcome = {
  status: number | null;
  problem: "refused" | "timeout" | "unreachable" | "not_public" | "tls" | "bad_answer" | null;
  /** The first 4 KB of the answer. */
  answer: string | null;
  durationMs: number;
  /** Seconds that it asks to be left alone. */
  retryAfter: number | null;
};

export type WebhookSender = {
  /** Whether a URL may be called, as it is saved; throws NotPublic, or what the look-up said. */
  check(url: string): Promise<void>;
  /** Never rejects. */
  send(attempt: WebhookAttempt): Promise<WebhookOutcome>;
};

export type WebhookSenderSettings = {
  /** Lets receivers on this machine be called. */
  loopback: boolean;
  timeoutMs?: number;
  /** Instead of DNS, for tests. */
  resolve?: ResolveAll;
  /** For tests of TLS. */
  ca?: string | Buffer;
};

const longestRead = 64 * 1024;
const longestKept = 4 * 1024;
const longestPause = 24 * 60 * 60;

/** Sends to clinics' receivers (WHK-01, WHK-03). Receivers on this machine are called outside production only. */
export function webhookSenderFrom(env: NodeJS.ProcessEnv): WebhookSender {
  return webhookSender({ loopback: env.APP_MODE !== "production" });
}

export function webhookSender({
  loopback,
  timeoutMs = 15_000,
  resolve,
  ca,
}: WebhookSenderSettings): WebhookSender {
  const reachOf = ({ hostname }: URL) =>
    ({ reach: loopback && isThisMachine(hostname) ? "here" : "public", resolve }) as const;
  return {
    async check(text) {
      const url = webhookUrl(text, { loopback });
      await requireReachable(url.hostname, reachOf(url));
    },
    async send({ id, url: text, body, secrets }) {
      const started = Date.now();
      const since = () => ({ durationMs: Date.now() - started });
      try {
        const url = webhookUrl(text, { loopback });
        const {
          status,
          headers,
          body: answered,
        } = await request(url, {
          ...reachOf(url),
          method: "POST",
          headers: {
            ...signedHeaders(id, new Date(), body, secrets),
            "content-type": "application/json",
            "content-length": String(Buffer.byteLength(body)),
            "user-agent": "RestartiX-Webhooks/1.0",
          },
          body,
          timeoutMs,
          longest: longestRead,
          cut: true,
          ca,
        });
        return {
          status,
          problem: status >= 200 && status <= 299 ? null : "refused",
          answer: kept(answered),
          retryAfter: secondsOf(headers["retry-after"]),
          ...since(),
        };
      } catch (error) {
        return { status: null, problem: problemOf(error), answer: null, retryAfter: null, ...since() };
      }
    },
  };
}

/** Text that a database takes, of at most so many characters as of bytes. */
function kept(answer: Buffer): string {
  return answer.subarray(0, longestKept).toString("utf8").replaceAll("\0", "\uFFFD");
}

/** Seconds or a date, as HTTP allows both. */
function secondsOf(header: string | undefined): number | null {
  if (!header) return null;
  const seconds = /^\d{1,9}$/.test(header.trim())
    ? Number(header)
    : (Date.parse(header) - Date.now()) / 1_000;
  return Number.isFinite(seconds) && seconds > 0 ? Math.min(Math.ceil(seconds), longestPause) : null;
}

/** By code alone: what Node throws quotes hosts and paths. */
function problemOf(error: unknown): NonNullable<WebhookOutcome["problem"]> {
  if (error instanceof NotPublic) return "not_public";
  const { code, name } = error as { code?: unknown; name?: unknown };
  if (name === "AbortError" || name === "TimeoutError") return "timeout";
  if (typeof code !== "string") return "unreachable";
  if (code.startsWith("HPE_")) return "bad_answer";
  const isTls =
    code.startsWith("ERR_TLS") || code.startsWith("ERR_SSL") || code.includes("CERT") || code === "EPROTO";
  return isTls || code.includes("SIGNATURE") || code.includes("ISSUER") ? "tls" : "unreachable";
}
