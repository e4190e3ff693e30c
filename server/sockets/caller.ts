import type { IncomingMessage } from "node:http";
import type { Pool } from "pg";
import { z } from "zod";
import { asciiLower } from "../../providers/ascii_lower.ts";
import { Refusal } from "../../runtime/refusal.ts";
import { personWho, type RateLimits } from "../http/rate_limits.ts";
import { memberSession, requestIdOf, type Session } from "../identity/session.ts";
import type { Claims, Verifier } from "../identity/verify.ts";

/** `connection_init` carries what a request carries in its headers, under the same names. */
const params = z.looseObject({
  authorization: z.string(),
  "x-organization": z.string().optional(),
});

export type Caller = { claims: Claims; session: Session; organizationId: string | null };

/**
 * Who a socket speaks for: the token by the same verifier, the session by the same sign_in as over HTTP (FND-03).
 * There is no visitor here: without a token there is nothing to listen to. As over HTTP, what a person may do is
 * counted between the token and the database (FND-27).
 */
export async function callerOf(
  payload: unknown,
  request: IncomingMessage,
  {
    verify,
    pool,
    trustProxy,
    rates,
  }: { verify: Verifier; pool: Pool; trustProxy: number; rates: RateLimits },
): Promise<Caller> {
  const parsed = params.safeParse(payload ?? {});
  if (!parsed.success) throw refusalFor(parsed.error);
  const claims = await verify([parsed.data.authorization]);
  const organization = parsed.data["x-organization"];
  rates.count("graphql", personWho(claims));
  const giveBack = await rates.permitOf(personWho(claims));
  const session = await memberSession(pool, claims, requestIdOf(request.headers), {
    // The payload alone names the clinic: browsers cannot set headers here.
    headers: { ...request.headers, "x-organization": organization },
    ip: addressOf(request, trustProxy),
  }).finally(giveBack);
  if (organization !== undefined) rates.count("organization", asciiLower(organization));
  return { claims, session, organizationId: organization ?? null };
}

/**
 * A `ping` may bring a newer token of the same session, as short-lived ones need; the socket then lasts as long as that.
 * Answers nothing for a ping that brings none.
 */
export async function renewedClaims(
  payload: unknown,
  claims: Claims,
  verify: Verifier,
): Promise<Claims | null> {
  if (typeof payload !== "object" || payload === null || !("authorization" in payload)) return null;
  const parsed = params.safeParse(payload);
  if (!parsed.success) throw refusalFor(parsed.error);
  const renewed = await verify([parsed.data.authorization]);
  const isSame =
    renewed.issuer === claims.issuer &&
    renewed.subject === claims.subject &&
    renewed.sessionId === claims.sessionId;
  if (!isSame) {
    throw new Refusal("UNAUTHENTICATED", "session_differs");
  }
  return renewed;
}

function refusalFor(error: z.ZodError): Refusal {
  return error.issues[0]?.path[0] === "x-organization"
    ? new Refusal("VALIDATION", "organization_malformed", { field: "x-organization" })
    : new Refusal("UNAUTHENTICATED", "token_missing");
}

/** The caller's address behind so many proxies, each of which appended the one it saw. */
export function addressOf(request: IncomingMessage, trustProxy: number): string | undefined {
  const header = request.headers["x-forwarded-for"];
  const forwarded = (Array.isArray(header) ? header.join(",") : (header ?? ""))
    .split(",")
    .map((part) => part.trim())
    .filter(Boolean);
  const seen = [...forwarded, request.socket.remoteAddress];
  return seen[Math.max(0, seen.length - 1 - trustProxy)];
}
