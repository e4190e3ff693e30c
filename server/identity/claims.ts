import { z } from "zod";

/** What a token's holder cannot do until it is mended: anything, or sign in for the first time. */
export type Stops = "every_request" | "first_sign_in";

/** What is wrong with one claim of a token: which, whether it is absent or not what it should be, and what to do. */
export type ClaimProblem = {
  claim: string;
  problem: "missing" | "wrong";
  /** The reason that the refusal carries. */
  reason: string;
  stops: Stops;
  hint: string;
};

const inGuide = "docs/guides/sign_in.md says what Clerk's session token must carry.";
const isText = z.string().max(255);

type Rule = {
  claim: string;
  is: z.ZodType;
  reason: { missing: string; wrong: string };
  stops: Stops;
  hint: string;
  optional?: boolean;
};

const malformed = { missing: "claims_malformed", wrong: "claims_malformed" };

/**
 * How long a token may live. A session that ends early is remembered for longer than that and then forgotten
 * (retention of app_private.revoked_sessions): no token of it may still be good by then.
 */
export const longestTokenDays = 30;

/** In the order in which a refusal names them. */
function rules(issuer: string, authorizedParties: readonly string[], expires: unknown): Rule[] {
  return [
    {
      claim: "iss",
      is: z.literal(issuer),
      reason: { missing: "issuer_unknown", wrong: "issuer_unknown" },
      stops: "every_request",
      hint: "CLERK_ISSUER must be the issuer of the token, to the letter.",
    },
    {
      claim: "azp",
      is: z.enum(authorizedParties as [string, ...string[]]),
      reason: { missing: "party_not_allowed", wrong: "party_not_allowed" },
      stops: "every_request",
      hint: "The origin of the frontend belongs into AUTHORIZED_PARTIES; a request without an Origin gets no azp.",
    },
    {
      claim: "sid",
      is: isText,
      reason: { missing: "session_missing", wrong: "session_missing" },
      stops: "every_request",
      hint: `Send the session token (getToken()); a token of a JWT template has no sid. ${inGuide}`,
    },
    {
      claim: "sub",
      is: isText,
      reason: { missing: "subject_missing", wrong: "subject_missing" },
      stops: "every_request",
      hint: "The token names nobody.",
    },
    {
      claim: "exp",
      is: z.number(),
      reason: malformed,
      stops: "every_request",
      hint: "The token has no end.",
    },
    {
      claim: "iat",
      is: z.number().min((typeof expires === "number" ? expires : 0) - longestTokenDays * 86_400),
      reason: malformed,
      stops: "every_request",
      hint: `The token lives for more than ${longestTokenDays} days, or does not say since when it does. Session tokens live for minutes.`,
    },
    {
      claim: "sts",
      is: z.string().refine((status) => status !== "pending"),
      reason: { missing: "session_pending", wrong: "session_pending" },
      stops: "every_request",
      hint: "The sign-in still lacks a step: finish it.",
      optional: true,
    },
    {
      claim: "act",
      is: z.never(),
      reason: { missing: "impersonation_refused", wrong: "impersonation_refused" },
      stops: "every_request",
      hint: "Nobody acts as somebody else here.",
      optional: true,
    },
    {
      claim: "email",
      is: z.string().max(254),
      reason: { missing: "email_missing", wrong: "claims_malformed" },
      stops: "first_sign_in",
      hint: `Add "email": "{{user.primary_email_address}}" to the session token. ${inGuide}`,
    },
    {
      claim: "email_verified",
      is: z.boolean(),
      reason: { missing: "email_verified_missing", wrong: "claims_malformed" },
      stops: "first_sign_in",
      hint: `Add "email_verified": "{{user.email_verified}}" to the session token. ${inGuide}`,
    },
    {
      claim: "name",
      is: z.string(),
      reason: malformed,
      stops: "every_request",
      hint: 'It is text: "name": "{{user.full_name}}".',
      optional: true,
    },
    {
      claim: "locale",
      is: z.string(),
      reason: malformed,
      stops: "every_request",
      hint: 'It is text, "ro" or "en".',
      optional: true,
    },
  ];
}

/**
 * What a verified session token lacks, or carries wrongly, in the order in which requests are refused for it
 * (FND-03). Empty: its holder can sign in. A missing address stops first sign-ins alone, since whoever is known needs
 * none; one that is there and no text stops every request. `npm run doctor` asks the same.
 */
export function claimProblems(
  claims: Readonly<Record<string, unknown>>,
  expected: { issuer: string; authorizedParties: readonly string[] },
): ClaimProblem[] {
  return rules(expected.issuer, expected.authorizedParties, claims.exp).flatMap((rule) => {
    const value = claims[rule.claim];
    const isMissing = value === undefined || value === null || value === "";
    if (isMissing ? rule.optional : rule.is.safeParse(value).success) return [];
    const problem = isMissing ? "missing" : "wrong";
    return {
      claim: rule.claim,
      problem,
      reason: rule.reason[problem],
      stops: isMissing ? rule.stops : "every_request",
      hint: rule.hint,
    };
  });
}
