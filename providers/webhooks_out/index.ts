import {
  createCutOff,
  isThisMachine,
  keptConnections,
  type ResolveAll,
  request,
  requireReachable,
} from "../outbound/index.ts";
import { webhookUrl } from "./endpoint.ts";
import { problemOf, type WebhookProblem } from "./problem.ts";
import { signedHeaders } from "./signature.ts";

export { newWebhookSecret } from "./signature.ts";

export type WebhookAttempt = { id: string; url: string; body: string; secrets: string[] };

/** What came of an attempt; problem null: it was taken. The words are those of webhook_events.problem. */
export type WebhookOutcome = {
  status: number | null;
  problem: WebhookProblem | null;
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
  /** Whether our own way out is down, asked where a receiver was not reached. */
  isCutOff?: () => Promise<boolean>;
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
  isCutOff = createCutOff(),
}: WebhookSenderSettings): WebhookSender {
  /** Of a receiver that was not reached: it is ours to mend when nobody can be, or when nothing went wrong outside. */
  const blame = async (text: string, error: unknown): Promise<WebhookProblem> => {
    const problem = problemOf(error);
    if (problem !== "unreachable" && problem !== "timeout") return problem;
    // The way to this machine needs no network.
    const isFar = !(loopback && isThisMachine(new URL(text).hostname));
    return isFar && (await isCutOff()) ? "not_sent" : problem;
  };
  const reachOf = ({ hostname }: URL) =>
    ({ reach: loopback && isThisMachine(hostname) ? "here" : "public", resolve }) as const;
  const connections = keptConnections();
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
          kept: connections,
        });
        return {
          status,
          problem: status >= 200 && status <= 299 ? null : "refused",
          answer: kept(answered),
          retryAfter: secondsOf(headers["retry-after"]),
          ...since(),
        };
      } catch (error) {
        const spent = since();
        return { status: null, problem: await blame(text, error), answer: null, retryAfter: null, ...spent };
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
