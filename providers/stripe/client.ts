import Stripe from "stripe";
import { CredentialsRefused, Delayed, OutcomeUnknown, Refused } from "../failures.ts";
import { outboundAgents } from "../outbound/index.ts";

/** An account at Stripe. */
export type StripeAccount = {
  secretKey: string;
  /** Another server that speaks Stripe's protocol; absent: Stripe's own. */
  apiUrl?: string;
};

/** Stripe's SDK, bounded: our connections, no retries of its own, an end to waiting, and nothing told about us. */
export function stripeClient({ secretKey, apiUrl }: StripeAccount, timeoutMs: number): Stripe {
  const url = new URL(apiUrl ?? "https://api.stripe.com");
  const isTls = url.protocol === "https:";
  const { httpAgent, httpsAgent } = outboundAgents({ reach: "anywhere" }); // the operator's choice: Stripe, or STRIPE_API_URL
  return new Stripe(secretKey, {
    host: url.hostname,
    port: url.port || (isTls ? 443 : 80),
    protocol: isTls ? "https" : "http",
    httpClient: Stripe.createNodeHttpClient(isTls ? httpsAgent : httpAgent),
    // The queue tries again, with the same key. The SDK itself does so once, where a connection was cut.
    maxNetworkRetries: 0,
    timeout: timeoutMs,
    telemetry: false,
  });
}

/** Errors that left before anything reached Stripe. */
const neverLeft = new Set(["ECONNREFUSED", "ENOTFOUND", "EAI_AGAIN", "EHOSTUNREACH", "ENETUNREACH"]);

/**
 * What Stripe answers, or our word for why it does not. A declined card passes as Stripe's own error: it is an outcome.
 * The SDK takes a 404 whose body has no `error` for an answer: what has neither `object` nor `id` is none.
 */
export async function answered<Answer extends { object: string }>(asked: Promise<Answer>): Promise<Answer> {
  const answer = await asked.catch((error: unknown) => {
    throw isDecline(error) ? error : problemOf(error);
  });
  const { object, id, data } = answer as { object?: unknown; id?: unknown; data?: unknown };
  const isWhole = object === "list" ? Array.isArray(data) : object === "balance" || typeof id === "string";
  if (typeof object !== "string" || !isWhole) throw new OutcomeUnknown("stripe answered something else");
  return answer;
}

/** A card that was declined; what it is about may hang on it. */
export function isDecline(error: unknown): error is InstanceType<typeof Stripe.errors.StripeCardError> {
  return error instanceof Stripe.errors.StripeCardError;
}

function problemOf(error: unknown): Error {
  const { errors } = Stripe;
  if (!(error instanceof errors.StripeError)) return new OutcomeUnknown("stripe no answer");
  const { statusCode, code, type, headers } = error;
  const word = code && /^[a-z_]{1,60}$/.test(code) ? code : type;
  const reason = `stripe ${statusCode ? `HTTP ${statusCode} ${word}` : word}`;
  if (error instanceof errors.StripeAuthenticationError || error instanceof errors.StripePermissionError) {
    return new CredentialsRefused(reason);
  }
  if (statusCode === 429) return new Delayed(reason, secondsOf(headers?.["retry-after"]));
  // The same key is being worked on: the answer comes with the next try.
  if (statusCode === 409) return new OutcomeUnknown(reason);
  if (error instanceof errors.StripeConnectionError) {
    const { code: cause } = (error.detail ?? {}) as { code?: string };
    return cause && neverLeft.has(cause)
      ? new Delayed(`stripe ${cause}`)
      : new OutcomeUnknown("stripe no answer");
  }
  if (!statusCode || statusCode >= 500 || statusCode < 400)
    return new OutcomeUnknown(reason, secondsOf(headers?.["retry-after"]));
  return new Refused(reason);
}

function secondsOf(header: unknown): number | null {
  const seconds = Number(header);
  return Number.isFinite(seconds) && seconds > 0 ? seconds : null;
}

/** When Stripe answered, by its own clock, which orders what it tells of a thing. */
export function answeredAt(answer: { lastResponse?: { headers: Record<string, string> } }): Date {
  const at = Date.parse(answer.lastResponse?.headers.date ?? "");
  return Number.isNaN(at) ? new Date(Math.floor(Date.now() / 1000) * 1000) : new Date(at);
}

/** Reads the account's balance, which makes nothing. Rejects with CredentialsRefused, or Delayed when Stripe could not be asked. */
export async function tryStripe(account: StripeAccount): Promise<void> {
  await answered(stripeClient(account, 10_000).balance.retrieve());
}
