import { createCipheriv, createDecipheriv, type KeyObject, randomBytes } from "node:crypto";

/** Where an envelope lies. It is bound to it: laid anywhere else, it does not open. */
export type Place = {
  /** With its schema: `app_public.organization_integrations`. */
  table: string;
  column: string;
  /** The primary key of the row. */
  row: string;
  /** What the secret may be used for, where it must go nowhere else: the destination of a key (FND-35). */
  boundTo?: string | undefined;
};

/** An envelope that does not open at this place. */
export class EnvelopeRefused extends Error {
  override name = "EnvelopeRefused";
  /**
   * malformed: it never was an envelope; key_unknown: there is no such version of this clinic's key;
   * moved_or_changed: it was sealed for another row, column, table, clinic or destination, or bits of it are not
   * the ones that were sealed.
   */
  readonly reason: "malformed" | "key_unknown" | "moved_or_changed";

  constructor(reason: EnvelopeRefused["reason"]) {
    super(reason);
    this.reason = reason;
  }
}

/** 'RXE', then the format; the database's domain app_private.ciphertext looks for the same four bytes. */
const MAGIC = Buffer.from("RXE", "latin1");
/** Bound to its place; 2 is bound to a destination, too. What format 1 holds is sealed again by the worker. */
const FORMATS = [1, 2];
const FORMAT_AT = 3;
const VERSION_AT = 4;
const NONCE_AT = 8;
const CIPHERTEXT_AT = 20;
const TAG = 16;

/**
 * Seals for one place with one version of a clinic's data key: AES-256-GCM, a random nonce of 96 bits, and
 * the place as additional data (FND-11). magic 3 | format 1 | key version 4 | nonce 12 | ciphertext | tag 16.
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
  const format = place.boundTo === undefined ? 1 : 2;
  MAGIC.copy(header);
  header.writeUInt8(format, FORMAT_AT);
  header.writeUInt32BE(version, VERSION_AT);
  randomBytes(CIPHERTEXT_AT - NONCE_AT).copy(header, NONCE_AT);
  const cipher = createCipheriv("aes-256-gcm", key, header.subarray(NONCE_AT), { authTagLength: TAG });
  cipher.setAAD(additionalData(format, version, organizationId, place));
  return Buffer.concat([header, cipher.update(plaintext), cipher.final(), cipher.getAuthTag()]);
}

/** Which version of the data key opens it. Throws EnvelopeRefused when it is no envelope. */
export function keyVersionOf(envelope: Buffer): number {
  const isOne =
    envelope.length >= CIPHERTEXT_AT + TAG &&
    envelope.subarray(0, FORMAT_AT).equals(MAGIC) &&
    FORMATS.includes(envelope.readUInt8(FORMAT_AT));
  if (!isOne) throw new EnvelopeRefused("malformed");
  return envelope.readUInt32BE(VERSION_AT);
}

/** The opposite of sealEnvelope; one that is older than destinations opens for any. Throws EnvelopeRefused. */
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
  decipher.setAAD(additionalData(envelope.readUInt8(FORMAT_AT), version, organizationId, place));
  decipher.setAuthTag(envelope.subarray(-TAG));
  try {
    return Buffer.concat([decipher.update(envelope.subarray(CIPHERTEXT_AT, -TAG)), decipher.final()]);
  } catch {
    throw new EnvelopeRefused("moved_or_changed");
  }
}

/** JSON, because a list of strings in it can be read in one way only. */
function additionalData(
  format: number,
  version: number,
  organizationId: string | null,
  { table, column, row, boundTo }: Place,
): Buffer {
  const where = ["restartix", format, table, column, row, organizationId ?? "platform", version];
  return Buffer.from(JSON.stringify(format === 1 ? where : [...where, boundTo ?? null]));
}
