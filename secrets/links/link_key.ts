import { createCipheriv, createDecipheriv, createHmac, hkdfSync, randomBytes, randomUUID } from "node:crypto";
import type { Queryable, Secrets } from "../index.ts";

/** What the key of links is used for, each with a key of its own. */
export type LinkKeys = {
  /** Signs tokens. */
  token: Uint8Array;
  /** Names a patient in a token so that nobody else can tell who it is. */
  patientDigest(patientId: string): string;
  /** A code of six digits could be found from a plain digest by trying them all. */
  codeDigest(linkId: string, code: string): Buffer;
  /** What is shown once is kept for whoever repeats the request, and the database cannot read it. */
  sealAnswer(answer: string): string;
  openAnswer(sealed: string): string;
};

const placeOf = (id: string) => ({ table: "app_private.link_keys", column: "secret", row: id });

/**
 * The key that tokens of links and kiosks are signed with on this server (CNS-06). It lies in the database as an envelope of
 * the platform's data key, which rotates around it; whoever needs it first makes it. Rejects with KmsUnavailable while it
 * cannot be opened, and is asked again then.
 */
export function createLinkKeys(db: Queryable, secrets: Secrets): () => Promise<LinkKeys> {
  let kept: Promise<LinkKeys> | undefined;
  return () => {
    kept ??= open(db, secrets).catch((error) => {
      kept = undefined;
      throw error;
    });
    return kept;
  };
}

async function open(db: Queryable, secrets: Secrets): Promise<LinkKeys> {
  const stored = (await read(db)) ?? (await make(db, secrets));
  return keysFrom(await secrets.open(null, placeOf(stored.id), stored.secret));
}

async function read(db: Queryable): Promise<{ id: string; secret: Buffer } | undefined> {
  const { rows } = await db.query("select id, secret from app_hidden.link_key()");
  return rows[0];
}

async function make(db: Queryable, secrets: Secrets) {
  const id = randomUUID();
  const secret = await secrets.seal(null, placeOf(id), randomBytes(32));
  await db.query("select app_hidden.keep_link_key($1, $2)", [id, secret]);
  const stored = await read(db);
  if (!stored) throw new Error("the key of links was not kept");
  return stored;
}

/** Each purpose has its own key, so that what one of them shows says nothing about another. */
function keysFrom(secret: Buffer): LinkKeys {
  const derived = (purpose: string) =>
    Buffer.from(hkdfSync("sha256", secret, "", `restartix link ${purpose}`, 32));
  const patients = derived("patient");
  const codes = derived("code");
  const answers = derived("answer");
  return {
    token: derived("token"),
    patientDigest: (patientId) =>
      createHmac("sha256", patients).update(patientId).digest().subarray(0, 16).toString("base64url"),
    codeDigest: (linkId, code) => createHmac("sha256", codes).update(`${linkId} ${code}`).digest(),
    sealAnswer(answer) {
      const nonce = randomBytes(12);
      const cipher = createCipheriv("aes-256-gcm", answers, nonce);
      const sealed = [nonce, cipher.update(answer, "utf8"), cipher.final(), cipher.getAuthTag()];
      return Buffer.concat(sealed).toString("base64");
    },
    openAnswer(sealed) {
      const bytes = Buffer.from(sealed, "base64");
      const cipher = createDecipheriv("aes-256-gcm", answers, bytes.subarray(0, 12));
      cipher.setAuthTag(bytes.subarray(-16));
      return cipher.update(bytes.subarray(12, -16), undefined, "utf8") + cipher.final("utf8");
    },
  };
}
