import { generateKeyPairSync, sign } from "node:crypto";

/** A frontend, an identity provider and its key, as tests of tokens need them. */
export const ISSUER = "https://clerk.example";
export const PARTY = "https://app.example";
const { privateKey, publicKey } = generateKeyPairSync("rsa", { modulusLength: 2048 });
export const pem = publicKey.export({ type: "spki", format: "pem" }).toString();

export const seconds = () => Math.floor(Date.now() / 1_000);
const part = (value: object | string) =>
  Buffer.from(typeof value === "string" ? value : JSON.stringify(value)).toString("base64url");

/** What a session token carries when nothing is wrong. */
export const goodClaims = (): Record<string, unknown> => ({
  iss: ISSUER,
  azp: PARTY,
  sub: "user_ana",
  sid: "sess_1",
  iat: seconds(),
  nbf: seconds() - 5,
  exp: seconds() + 60,
  email: "ana@example.org",
  email_verified: true,
  name: "Ana Pop",
  locale: "ro",
});

/** A token signed by the provider's key; a payload given as text is signed as it is. */
export function signed(changes: Record<string, unknown> | string = {}, header: object = {}): string {
  const payload = typeof changes === "string" ? changes : { ...goodClaims(), ...changes };
  const text = `${part({ alg: "RS256", typ: "JWT", kid: "one", ...header })}.${part(payload)}`;
  return `${text}.${sign("RSA-SHA256", Buffer.from(text), privateKey).toString("base64url")}`;
}
