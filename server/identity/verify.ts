import { verifyToken } from "@clerk/backend";
import { TokenVerificationError } from "@clerk/backend/errors";
import { z } from "zod";
import { Refusal } from "../../runtime/refusal.ts";
import { claimProblems } from "./claims.ts";
import type { KeySource } from "./keys.ts";
import { createRememberedTokens } from "./remembered_tokens.ts";

/** What a verified session token says about its holder. Roles are never read from it: they are rows of ours. */
export type Claims = {
  issuer: string;
  subject: string;
  sessionId: string;
  email: string | null;
  /** Null: the token does not say. */
  emailVerified: boolean | null;
  displayName: string | null;
  locale: string | null;
  /** When the token opens nothing any more, the tolerance included. */
  expiresAt: Date;
};

export type Verifier = (authorization: readonly string[]) => Promise<Claims>;

const CLOCK_SKEW_MS = 5_000;
const LONGEST_TOKEN = 8_192;

const header = z.looseObject({ alg: z.string(), kid: z.string().optional(), crit: z.undefined().optional() });
const payload = z.object({
  iss: z.string(),
  exp: z.number(),
  sub: z.string(),
  sid: z.string(),
  email: z.string().nullish(),
  email_verified: z
    .boolean()
    .or(z.literal("").transform(() => null))
    .nullish(),
  name: z.string().nullish(),
  locale: z.string().nullish(),
});

/** Clerk's reasons in our words; what is not listed is a signature that does not verify. */
const reasons: Record<string, string> = {
  "token-expired": "token_expired",
  "token-not-active-yet": "token_not_yet_valid",
  "token-iat-in-the-future": "token_not_yet_valid",
  "token-invalid": "token_malformed",
  "token-invalid-algorithm": "algorithm_refused",
  "token-invalid-authorized-parties": "party_not_allowed",
  "token-invalid-issuer": "issuer_unknown",
  "token-invalid-signature": "signature_invalid",
};

/** The claims that Clerk's own check refuses before ours looks. */
const claimBehind: Record<string, string> = { issuer_unknown: "iss", party_not_allowed: "azp" };

/**
 * Verifies the Authorization header of a request (FND-03). Promises: RS256 and nothing else, the exact
 * issuer, an authorized party of our list, a session and a subject, times with five seconds of tolerance.
 * Whatever is wrong ends in UNAUTHENTICATED with its reason; a present header never makes a visitor.
 */
export function createVerifier(options: {
  keys: KeySource;
  issuer: string;
  authorizedParties: readonly string[];
}): Verifier {
  const { keys, issuer } = options;
  const authorizedParties = [...options.authorizedParties];
  const tokens = createRememberedTokens<Claims>();

  return async (authorization) => {
    const token = bearerToken(authorization);
    const { alg, kid } = readHeader(token);
    if (alg !== "RS256") throw unauthenticated("algorithm_refused");
    const key = await keys(kid);
    if (key === null) throw unauthenticated("key_unknown");
    const known = tokens.claimsOf(token, key);
    if (known) return known;

    const verified = await verifyToken(token, {
      jwtKey: key,
      authorizedParties,
      issuer,
      clockSkewInMs: CLOCK_SKEW_MS,
    }).catch((error: unknown) => {
      const reason =
        error instanceof TokenVerificationError
          ? (reasons[error.reason] ?? "signature_invalid")
          : "token_malformed";
      throw unauthenticated(reason, claimBehind[reason]);
    });
    const claims = readClaims(verified, issuer, authorizedParties);
    tokens.remember(token, key, claims);
    return claims;
  };
}

function bearerToken(authorization: readonly string[]): string {
  // Two headers are two identities: choosing one would be guessing.
  if (authorization.length !== 1) throw unauthenticated("header_repeated");
  const match = /^Bearer ([A-Za-z0-9_-]+\.[A-Za-z0-9_-]+\.[A-Za-z0-9_-]*)$/i.exec(authorization[0] ?? "");
  if (!match?.[1]) {
    if (/^Bearer\b/i.test(authorization[0] ?? "")) throw unauthenticated("token_malformed");
    throw unauthenticated("scheme_not_bearer");
  }
  if (match[1].length > LONGEST_TOKEN) throw unauthenticated("token_malformed");
  return match[1];
}

function readHeader(token: string): { alg: string; kid?: string | undefined } {
  try {
    const [part = ""] = token.split(".");
    // `crit` asks the verifier to understand an extension; none is understood here (RFC 7515, 4.1.11).
    return header.parse(JSON.parse(Buffer.from(part, "base64url").toString("utf8")));
  } catch {
    throw unauthenticated("token_malformed");
  }
}

function readClaims(verified: unknown, issuer: string, authorizedParties: readonly string[]): Claims {
  const raw = verified as Record<string, unknown>;
  const [problem] = claimProblems(raw, { issuer, authorizedParties }).filter(
    ({ stops }) => stops === "every_request",
  );
  if (problem) throw unauthenticated(problem.reason, problem.claim);
  const claims = payload.parse(raw);
  return {
    issuer: claims.iss,
    subject: claims.sub,
    sessionId: claims.sid,
    email: claims.email || null,
    emailVerified: claims.email_verified ?? null,
    displayName: claims.name?.trim().slice(0, 200) || null,
    locale: claims.locale?.slice(0, 35) || null,
    expiresAt: new Date(claims.exp * 1_000 + CLOCK_SKEW_MS),
  };
}

/** The one refusal for a bad header: what was wrong, and which claim if it was one. */
export function unauthenticated(reason: string, claim?: string): Refusal {
  return new Refusal("UNAUTHENTICATED", reason, claim ? { claim } : {});
}
