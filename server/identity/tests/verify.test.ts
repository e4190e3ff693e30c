import { describe, expect, test } from "vitest";
import type { Refusal } from "../../../runtime/refusal.ts";
import { claimProblems } from "../claims.ts";
import { fixedKey } from "../keys.ts";
import { createVerifier, unauthenticated } from "../verify.ts";
import { goodClaims, ISSUER, PARTY, pem, seconds, signed } from "./tokens.ts";

const parties = ["https://other.example", PARTY];
const verify = createVerifier({ keys: fixedKey(pem), issuer: ISSUER, authorizedParties: parties });
const claimsOf = (changes: Record<string, unknown>, scheme = "Bearer") =>
  verify([`${scheme} ${signed(changes)}`]);
const refusalOf = (header: readonly string[]): Promise<Refusal> =>
  verify(header).then(
    () => Promise.reject(new Error("taken")),
    (refusal) => refusal,
  );

describe("what a good token says (FND-03)", () => {
  test("is read as it stands, and its end is the tolerance later", async () => {
    const exp = seconds() + 60;
    expect(await claimsOf({ exp })).toEqual({
      issuer: ISSUER,
      subject: "user_ana",
      sessionId: "sess_1",
      email: "ana@example.org",
      emailVerified: true,
      displayName: "Ana Pop",
      locale: "ro",
      expiresAt: new Date(exp * 1_000 + 5_000),
    });
    expect(await claimsOf({ email_verified: false })).toMatchObject({ emailVerified: false });
    expect(await claimsOf({}, "bEARER")).toMatchObject({ subject: "user_ana" });
  });

  test.each([undefined, null, ""])("may lack what known people need not say (%j)", async (nothing) => {
    expect(
      await claimsOf({ email: nothing, email_verified: nothing, name: nothing, locale: nothing }),
    ).toMatchObject({ email: null, emailVerified: null, displayName: null, locale: null });
  });

  test("is cut where the database has no room, and blanks are no name", async () => {
    expect(await claimsOf({ name: `  ${"a".repeat(201)}`, locale: "b".repeat(36) })).toMatchObject({
      displayName: "a".repeat(200),
      locale: "b".repeat(35),
    });
    expect(await claimsOf({ name: "   " })).toMatchObject({ displayName: null });
  });

  test("may be 8,192 characters long and not one more", async () => {
    expect(await verify([`Bearer ${ofLength(8_192)}`])).toMatchObject({ subject: "user_ana" });
    expect(await refusalOf([`Bearer ${ofLength(8_193)}`])).toMatchObject({ reason: "token_malformed" });
  });

  test("is good for the tolerance of five seconds on either side", async () => {
    expect(await claimsOf({ exp: seconds() - 3, nbf: seconds() + 3, iat: seconds() + 3 })).toMatchObject({
      subject: "user_ana",
    });
  });
});

describe("what is wrong with a token is said (FND-03)", () => {
  test.each<[string, readonly string[], string, object | undefined]>([
    ["no header", [], "header_repeated", undefined],
    ["two headers", ["Bearer a.b.c", "Bearer a.b.c"], "header_repeated", undefined],
    ["another scheme", ["Basic dXNlcjpwYXNz"], "scheme_not_bearer", undefined],
    ["a word that begins like it", ["Bearers a.b.c"], "scheme_not_bearer", undefined],
    ["nothing behind it", ["Bearer"], "token_malformed", undefined],
    ["no JSON in the header", ["Bearer aaaa.bbbb.cccc"], "token_malformed", undefined],
    ["no JSON in the payload", [`Bearer ${signed("{")}`], "token_malformed", undefined],
    ["another algorithm", [`Bearer ${signed({}, { alg: "RS512" })}`], "algorithm_refused", undefined],
    ["a critical extension", [`Bearer ${signed({}, { crit: ["b64"] })}`], "token_malformed", undefined],
    ["a changed signature", [`Bearer ${signed({}).slice(0, -8)}AAAAAAAA`], "signature_invalid", undefined],
    ["expired", [`Bearer ${signed({ exp: seconds() - 8 })}`], "token_expired", undefined],
    ["not yet", [`Bearer ${signed({ nbf: seconds() + 30 })}`], "token_not_yet_valid", undefined],
    ["of the future", [`Bearer ${signed({ iat: seconds() + 30 })}`], "token_not_yet_valid", undefined],
    [
      "one that would outlive what is known of its session",
      [`Bearer ${signed({ exp: seconds() + 31 * 86_400 })}`],
      "claims_malformed",
      { claim: "iat" },
    ],
    ["no subject", [`Bearer ${signed({ sub: undefined })}`], "signature_invalid", undefined],
    [
      "a foreign issuer",
      [`Bearer ${signed({ iss: `${ISSUER}.evil.example` })}`],
      "issuer_unknown",
      { claim: "iss" },
    ],
    [
      "a foreign party",
      [`Bearer ${signed({ azp: "https://evil.example" })}`],
      "party_not_allowed",
      { claim: "azp" },
    ],
    ["no party", [`Bearer ${signed({ azp: undefined })}`], "party_not_allowed", { claim: "azp" }],
    ["no session", [`Bearer ${signed({ sid: undefined })}`], "session_missing", { claim: "sid" }],
    ["a lacking step", [`Bearer ${signed({ sts: "pending" })}`], "session_pending", { claim: "sts" }],
    [
      "somebody acting",
      [`Bearer ${signed({ act: { sub: "x" } })}`],
      "impersonation_refused",
      { claim: "act" },
    ],
    ["an email of no text", [`Bearer ${signed({ email: 7 })}`], "claims_malformed", { claim: "email" }],
  ])("%s", async (_name, header, reason, details) => {
    const refusal = await refusalOf(header);
    expect(refusal).toMatchObject({ code: "UNAUTHENTICATED", reason });
    expect(refusal.details).toEqual(details);
  });

  test("a key that nobody published opens nothing, and it is asked for by its id", async () => {
    const asked: (string | undefined)[] = [];
    const none = createVerifier({
      keys: async (id) => {
        asked.push(id);
        return null;
      },
      issuer: ISSUER,
      authorizedParties: parties,
    });
    await expect(none([`Bearer ${signed({})}`])).rejects.toMatchObject({ reason: "key_unknown" });
    await expect(none([`Bearer ${signed({}, { kid: undefined })}`])).rejects.toMatchObject({
      reason: "key_unknown",
    });
    expect(asked).toEqual(["one", undefined]);
  });

  test("by one refusal, which says no more than it knows", () => {
    const refusal = unauthenticated("token_expired");
    expect([refusal.code, refusal.reason, refusal.details]).toEqual([
      "UNAUTHENTICATED",
      "token_expired",
      undefined,
    ]);
  });
});

describe("what each claim must be (FND-03)", () => {
  const expected = { issuer: ISSUER, authorizedParties: parties };
  const problemsWith = (changes: Record<string, unknown>) =>
    claimProblems({ ...goodClaims(), ...changes }, expected).map(
      ({ claim, problem, reason, stops }) => `${claim} ${problem} ${reason} ${stops}`,
    );

  test.each<[Record<string, unknown>, string[]]>([
    [{}, []],
    [{ azp: "https://other.example" }, []],
    [{ sid: "s".repeat(255), sub: "s".repeat(255), email: "e".repeat(254) }, []],
    [{ sid: "s", sub: "s", email: "e" }, []],
    [{ sts: "active", name: "", locale: null, act: "" }, []],
    [{ iss: null }, ["iss missing issuer_unknown every_request"]],
    [{ iss: "https://evil.example" }, ["iss wrong issuer_unknown every_request"]],
    [{ azp: "" }, ["azp missing party_not_allowed every_request"]],
    [{ azp: "https://evil.example" }, ["azp wrong party_not_allowed every_request"]],
    [{ sid: "" }, ["sid missing session_missing every_request"]],
    [{ sid: "s".repeat(256) }, ["sid wrong session_missing every_request"]],
    [{ sub: undefined }, ["sub missing subject_missing every_request"]],
    [{ sub: "s".repeat(256) }, ["sub wrong subject_missing every_request"]],
    [{ exp: undefined }, ["exp missing claims_malformed every_request"]],
    [{ exp: "soon" }, ["exp wrong claims_malformed every_request"]],
    [{ exp: seconds() + 30 * 86_400, iat: seconds() }, []],
    [{ exp: seconds() + 30 * 86_400 + 1, iat: seconds() }, ["iat wrong claims_malformed every_request"]],
    [{ iat: undefined }, ["iat missing claims_malformed every_request"]],
    [{ iat: "today" }, ["iat wrong claims_malformed every_request"]],
    [{ sts: "pending" }, ["sts wrong session_pending every_request"]],
    [{ act: { sub: "x" } }, ["act wrong impersonation_refused every_request"]],
    [{ email: "" }, ["email missing email_missing first_sign_in"]],
    [{ email: "e".repeat(255) }, ["email wrong claims_malformed every_request"]],
    [{ email_verified: null }, ["email_verified missing email_verified_missing first_sign_in"]],
    [{ email_verified: "true" }, ["email_verified wrong claims_malformed every_request"]],
    [{ name: { first: "Ana" } }, ["name wrong claims_malformed every_request"]],
    [{ locale: ["ro"] }, ["locale wrong claims_malformed every_request"]],
  ])("%j", (changes, problems) => expect(problemsWith(changes)).toEqual(problems));

  test("has its own hint, for whoever sets the provider up", () => {
    const hintOf = (changes: Record<string, unknown>) =>
      claimProblems({ ...goodClaims(), ...changes }, expected).map(({ hint }) => hint);
    expect(hintOf({ exp: undefined, iat: seconds() })).toEqual(["The token has no end."]);
    expect(hintOf({ sub: undefined })).toEqual(["The token names nobody."]);
  });
});

/** Padded in payload and header, so that every length comes about. */
function ofLength(wanted: number): string {
  for (const header of ["", "x", "xx"]) {
    const short = signed({ padding: "" }, { padding: header }).length;
    for (let more = Math.floor((wanted - short) * 0.75) - 3; more < wanted; more++) {
      const token = signed({ padding: "x".repeat(Math.max(0, more)) }, { padding: header });
      if (token.length === wanted) return token;
      if (token.length > wanted) break;
    }
  }
  throw new Error("no such length");
}
