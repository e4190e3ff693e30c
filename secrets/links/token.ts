import { createHash, randomBytes } from "node:crypto";
import { jwtVerify, SignJWT } from "jose";
import { z } from "zod";
import type { LinkKeys } from "./link_key.ts";

export type LinkKind = "link" | "kiosk";

/** What a token says: its row, the form, and the patient as a keyed digest. */
export type LinkToken = { kind: LinkKind; linkId: string; formId: string; patientDigest: string };

/** No token is longer; one that is was never ours. */
const LONGEST = 400;

const short = z.string().regex(/^[A-Za-z0-9_-]{22}$/);
const claims = z.strictObject({
  aud: z.enum(["link", "kiosk"]),
  jti: short,
  form: short,
  sub: short,
  rnd: z.string().regex(/^[A-Za-z0-9_-]{43}$/),
});

/**
 * A new token (CNS-05, CNS-06): a JWT that names its row, its form and, by a digest, its patient, with 256 random bits. The
 * database keeps its SHA-256 and decides everything else: until when it is good, whether it was used or taken back. Names are
 * short and ids are packed, so that it fits into an SMS.
 */
export async function issueToken(
  keys: LinkKeys,
  kind: LinkKind,
  { linkId, formId, patientId }: { linkId: string; formId: string; patientId: string },
): Promise<{ token: string; hash: Buffer }> {
  const token = await new SignJWT({ form: packed(formId), rnd: randomBytes(32).toString("base64url") })
    .setProtectedHeader({ alg: "HS256" })
    .setAudience(kind)
    .setJti(packed(linkId))
    .setSubject(keys.patientDigest(patientId))
    .sign(keys.token);
  return { token, hash: hashOf(token) };
}

/** What a token says, if we made it for this kind of door; null for anything else, by whatever it was signed or not signed. */
export async function readToken(keys: LinkKeys, kind: LinkKind, token: string): Promise<LinkToken | null> {
  if (token.length > LONGEST) return null;
  const verified = await jwtVerify(token, keys.token, { algorithms: ["HS256"], audience: kind }).catch(
    () => null,
  );
  const read = claims.safeParse(verified?.payload);
  if (!read.success) return null;
  const { aud, jti, form, sub } = read.data;
  return { kind: aud, linkId: unpacked(jti), formId: unpacked(form), patientDigest: sub };
}

/** What the database keeps of a token. */
export function hashOf(token: string): Buffer {
  return createHash("sha256").update(token).digest();
}

const packed = (id: string) => Buffer.from(id.replaceAll("-", ""), "hex").toString("base64url");

function unpacked(id: string): string {
  const hex = Buffer.from(id, "base64url").toString("hex");
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, "$1-$2-$3-$4-$5");
}
