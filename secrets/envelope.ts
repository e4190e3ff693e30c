import { createCipheriv, createDecipheriv, type KeyObject, randomBytes } from "node:crypto";

/** Where an envelope lies. It is bound to it: laid anywhere else, it does not open. */
export type Place = {
  /** With its schema: `app_public.organization_integrations`. */
  table: string;
  column: string;
  /** The primary key of the row. */
  row: string;
};

/** An envelope that does not open here. What is in it is not told, because nobody knows. */
export class EnvelopeRefused extends Error {
  override name = "EnvelopeRefused";
  /**
   * malformed: it never was an envelope; key_unknown: there is no such version of this clinic's key;
   * moved_or_changed: it was sealed for another row, column, table or clinic, or bits of it are not the ones
   * that were sealed.
   */
  readonly reason: "malformed" | "key_unknown" | "moved_or_changed";

  constructor(reason: EnvelopeRefused["reason"]) {
    super(reason);
    this.reason = reason;
  }
}

/** 'RXE' and the format; the database's domain app_private.ciphertext looks for the same four bytes. */
const MAGIC = Buffer.from("RXE\x01", "latin1");
const FORMAT = 1;
const VERSION_AT = 4;
const NONCE_AT = 8;
const CIPHERTEXT_AT = 20;
const TAG = 16;

/**
 * Seals for one place with one version of a clinic's data key: AES-256-GCM, a random nonce of 96 bits, and
 * the place as additional data (FND-11). magic 4 | key version 4 | nonce 12 | ciphertext | tag 16.
 *
 * Random nonces are safe for 2^32 messages under one key; a clinic's secrets are some dozens, and keys rotate.
 */
export function sealEnvelope(
  key: KeyObject,
  version: number,
  organizationId: string | null,
  place: Place,
  plaintext: Uint8Array,
): Buffer {
  const header = Buffer.alloc(CIPHERTEXT_AT);
  MAGIC.copy(header);
  header.writeUInt32BE(version, VERSION_AT);
  randomBytes(CIPHERTEXT_AT - NONCE_AT).copy(header, NONCE_AT);
  const cipher = createCipheriv("aes-256-gcm", key, header.subarray(NONCE_AT), { authTagLength: TAG });
  cipher.setAAD(boundTo(version, organizationId, place));
  return Buffer.concat([header, cipher.update(plaintext), cipher.final(), cipher.getAuthTag()]);
}

/** Which version of the data key opens it. Throws EnvelopeRefused when it is no envelope. */
export function keyVersionOf(envelope: Buffer): number {
  if (envelope.length < CIPHERTEXT_AT + TAG || !envelope.subarray(0, VERSION_AT).equals(MAGIC))
    throw new EnvelopeRefused("malformed");
  return envelope.readUInt32BE(VERSION_AT);
}

/** The opposite of sealEnvelope. Throws EnvelopeRefused. */
export function openEnvelope(
  key: KeyObject,
  organizationId: string | null,
  place: Place,
  envelope: Buffer,
): Buffer {
  const version = keyVersionOf(envelope);
  const decipher = createDecipheriv("aes-256-gcm", key, envelope.subarray(NONCE_AT, CIPHERTEXT_AT), {
    authTagLength: TAG,
  });
  decipher.setAAD(boundTo(version, organizationId, place));
  decipher.setAuthTag(envelope.subarray(-TAG));
  try {
    return Buffer.concat([decipher.update(envelope.subarray(CIPHERTEXT_AT, -TAG)), decipher.final()]);
  } catch {
    throw new EnvelopeRefused("moved_or_changed");
  }
}

/** JSON, because a list of strings in it can be read in one way only. */
function boundTo(version: number, organizationId: string | null, { table, column, row }: Place): Buffer {
  return Buffer.from(
    JSON.stringify(["restartix", FORMAT, table, column, row, organizationId ?? "platform", version]),
  );
}
