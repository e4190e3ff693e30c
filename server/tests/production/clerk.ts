import { generateKeyPairSync } from "node:crypto";
import { SignJWT } from "jose";

const keys = generateKeyPairSync("rsa", { modulusLength: 2048 });
const issuer = "https://clerk.example.com";
const party = "https://app.example.com";

/** What the settings say of the provider: the key that its tokens are verified with. */
export const { publicKey } = keys;

/** A session token as Clerk signs it. */
export function tokenOf(email: string): Promise<string> {
  return new SignJWT({
    azp: party,
    sid: `sess_${email}`,
    email,
    email_verified: true,
    name: email.split("@")[0],
    locale: "ro",
  })
    .setProtectedHeader({ alg: "RS256", typ: "JWT", kid: "one" })
    .setIssuer(issuer)
    .setSubject(`user_${email}`)
    .setIssuedAt()
    .setExpirationTime("5m")
    .sign(keys.privateKey);
}
