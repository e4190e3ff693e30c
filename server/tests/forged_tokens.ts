import { createHmac, generateKeyPairSync, sign } from "node:crypto";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { DEV_ISSUER } from "../../runtime/environment/variables.ts";
import type { TestApi } from "./support.ts";

const stranger = generateKeyPairSync("rsa", { modulusLength: 2048 });
export const now = () => Math.floor(Date.now() / 1000);
const part = (value: object) => Buffer.from(JSON.stringify(value)).toString("base64url");
export const strangersKey = stranger.privateKey.export({ type: "pkcs8", format: "pem" }).toString();

/** Tokens as the issuer of this API signs them, and as others would like to. */
export function forgedTokens(api: () => TestApi) {
  function goodClaims(): Record<string, unknown> {
    const [, payload = ""] = api().token().split(".");
    return JSON.parse(Buffer.from(payload, "base64url").toString());
  }

  /** A token with these claims changed, signed with the issuer's own key (`openDevIssuer` keeps it). */
  async function signed(
    changes: Record<string, unknown>,
    header: object = {},
    key?: string,
  ): Promise<string> {
    const own = key ?? readFileSync(join(api().config.dataDir, "identity", "dev_issuer.pem"), "utf8");
    const text = `${part({ alg: "RS256", typ: "JWT", kid: "restartix-dev", ...header })}.${part({ ...goodClaims(), ...changes })}`;
    return `${text}.${sign("RSA-SHA256", Buffer.from(text), own).toString("base64url")}`;
  }

  const forgeries: [name: string, reason: string, token: () => Promise<string>][] = [
    ["expired", "token_expired", () => signed({ exp: now() - 6 })],
    ["without an end", "signature_invalid", () => signed({ exp: undefined })],
    ["not yet valid", "token_not_yet_valid", () => signed({ nbf: now() + 30 })],
    ["issued in the future", "token_not_yet_valid", () => signed({ iat: now() + 30 })],
    ["signed by a stranger's key", "signature_invalid", () => signed({}, {}, strangersKey)],
    ["changed after signing", "signature_invalid", async () => changedAfterSigning(await signed({}))],
    [
      "without a signature",
      "signature_invalid",
      async () => `${(await signed({})).split(".").slice(0, 2).join(".")}.`,
    ],
    [
      "with alg none",
      "algorithm_refused",
      async () => `${part({ alg: "none", typ: "JWT" })}.${part(goodClaims())}.`,
    ],
    [
      "with alg None spelled otherwise",
      "algorithm_refused",
      async () => `${part({ alg: "nOnE" })}.${part(goodClaims())}.`,
    ],
    ["HS256 signed with the public key", "algorithm_refused", async () => signedWithPublicKey()],
    ["RS512 by the right key", "algorithm_refused", () => signed({}, { alg: "RS512" })],
    ["of a foreign issuer", "issuer_unknown", () => signed({ iss: "https://somebody.clerk.accounts.dev" })],
    [
      "of an issuer that only begins like ours",
      "issuer_unknown",
      () => signed({ iss: `${DEV_ISSUER}.evil.example` }),
    ],
    ["without an issuer", "issuer_unknown", () => signed({ iss: undefined })],
    ["of a foreign party", "party_not_allowed", () => signed({ azp: "https://evil.example" })],
    ["without a party", "party_not_allowed", () => signed({ azp: undefined })],
    ["with an empty party", "party_not_allowed", () => signed({ azp: "" })],
    ["without a session", "session_missing", () => signed({ sid: undefined })],
    ["with an empty session", "session_missing", () => signed({ sid: "" })],
    ["without a subject", "signature_invalid", () => signed({ sub: undefined })],
    ["with an empty subject", "subject_missing", () => signed({ sub: "" })],
    ["with a subject that is no text", "signature_invalid", () => signed({ sub: { $ne: null } })],
    ["with an email that is no text", "claims_malformed", () => signed({ email: ["a@b.example"] })],
    [
      "that says in words whether it is verified",
      "claims_malformed",
      () => signed({ email_verified: "true" }),
    ],
    ["with a name that is no text", "claims_malformed", () => signed({ name: { first: "Ana" } })],
    ["of a sign-in that lacks a step", "session_pending", () => signed({ sts: "pending" })],
    ["of an impersonation", "impersonation_refused", () => signed({ act: { sub: "user_somebody" } })],
    ["with a critical extension", "token_malformed", () => signed({}, { crit: ["b64"], b64: false })],
    ["longer than any session token", "token_malformed", () => signed({ padding: "x".repeat(9_000) })],
    ["that is garbage", "token_malformed", async () => "garbage"],
    ["of three parts of garbage", "token_malformed", async () => "aaaa.bbbb.cccc"],
    ["that is empty", "token_malformed", async () => ""],
  ];

  function changedAfterSigning(token: string): string {
    const [header, , signature] = token.split(".");
    return `${header}.${part({ ...goodClaims(), sub: "user_somebody_else" })}.${signature}`;
  }

  function signedWithPublicKey(): string {
    const text = `${part({ alg: "HS256", typ: "JWT", kid: "restartix-dev" })}.${part(goodClaims())}`;
    return `${text}.${createHmac("sha256", api().issuer.publicKeyPem).update(text).digest("base64url")}`;
  }

  return { forgeries, goodClaims, signed };
}
