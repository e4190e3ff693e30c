import { jwtVerify } from "jose";
import { z } from "zod";
import { Refusal } from "../../runtime/refusal.ts";

/** What a session's token says: whose session it is, and what may be sent of it. */
export type SessionToken = { session: string; organizationId: string; scopes: string[]; expiresAt: number };

/** No token lives longer from now on; five seconds for clocks that differ. */
const LONGEST_MS = 75 * 60_000;
const TOLERANCE_S = 5;
const LONGEST_TOKEN = 2_048;
/** So many are remembered; the one that was verified longest ago goes first. */
const REMEMBERED = 20_000;

const claims = z.looseObject({
  aud: z.literal("telemetry"),
  sid: z.uuid(),
  org: z.uuid(),
  sub: z.uuid(),
  scope: z.array(z.string()).max(10),
  exp: z.number(),
});

/**
 * Reads the Authorization header of a session's page (TEL-01): HS256 and nothing else, made for telemetry, bound to a
 * session, a patient and an organization, for 75 minutes at most. A token that was verified is remembered until it ends: it
 * comes with every batch.
 */
export function createTokenReader(secret: Uint8Array): (authorization?: string) => Promise<SessionToken> {
  const remembered = new Map<string, SessionToken>();
  return async (authorization) => {
    const token = /^Bearer ([A-Za-z0-9._-]+)$/i.exec(authorization ?? "")?.[1];
    if (!token) throw new Refusal("UNAUTHENTICATED", "token_missing");
    if (token.length > LONGEST_TOKEN) throw new Refusal("UNAUTHENTICATED", "token_malformed");
    const known = remembered.get(token);
    if (known && Date.now() < known.expiresAt) return known;
    remembered.delete(token);

    const { payload } = await jwtVerify(token, secret, {
      algorithms: ["HS256"],
      audience: "telemetry",
      clockTolerance: TOLERANCE_S,
    }).catch((error: { code?: string }) => {
      throw new Refusal("UNAUTHENTICATED", reasons[error.code ?? ""] ?? "token_malformed");
    });
    const read = claims.safeParse(payload);
    if (!read.success) throw new Refusal("UNAUTHENTICATED", "token_malformed");
    const { sid, org, scope, exp } = read.data;
    const expiresAt = (exp + TOLERANCE_S) * 1000;
    if (expiresAt > Date.now() + LONGEST_MS + 2 * TOLERANCE_S * 1000) {
      throw new Refusal("UNAUTHENTICATED", "token_too_long");
    }
    const found = { session: sid.toLowerCase(), organizationId: org.toLowerCase(), scopes: scope, expiresAt };
    if (remembered.size >= REMEMBERED) remembered.delete(remembered.keys().next().value as string);
    remembered.set(token, found);
    return found;
  };
}

/** jose's codes in our words. */
const reasons: Record<string, string> = {
  ERR_JWT_EXPIRED: "token_expired",
  ERR_JWT_CLAIM_VALIDATION_FAILED: "token_not_for_telemetry",
  ERR_JWS_SIGNATURE_VERIFICATION_FAILED: "signature_invalid",
  ERR_JOSE_ALG_NOT_ALLOWED: "algorithm_refused",
};
