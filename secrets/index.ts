import type { Kms } from "../providers/kms/index.ts";
import { type CacheSettings, DataKeys, type Queryable } from "./data_keys.ts";
import { EnvelopeRefused, keyVersionOf, openEnvelope, type Place, sealEnvelope } from "./envelope.ts";

export type { CacheSettings, Queryable } from "./data_keys.ts";
export { EnvelopeRefused, type Place } from "./envelope.ts";

/**
 * Seals what only ciphertext of may reach the database, and opens it again (FND-11). `organizationId` null is
 * the platform, and whatever belongs to a person rather than to a clinic.
 *
 * Both reject with KmsUnavailable when a key is needed that is not cached and KMS cannot be asked; `open` rejects with EnvelopeRefused when this is not what was sealed for this place.
 */
export type Secrets = {
  seal(organizationId: string | null, place: Place, plaintext: Uint8Array): Promise<Buffer>;
  open(organizationId: string | null, place: Place, envelope: Buffer): Promise<Buffer>;
  /** Asks again which key seals, after the database refused an envelope with data_key_not_in_use. */
  refresh(organizationId: string | null): void;
};

/** `db` is asked as app_authenticator or app_worker, outside of any transaction of the caller's. */
export function createSecrets(kms: Kms, db: Queryable, settings?: CacheSettings): Secrets {
  const keys = new DataKeys(kms, db, settings);
  return {
    async seal(organizationId, place, plaintext) {
      const { version, key } = await keys.active(organizationId);
      return sealEnvelope(key, version, organizationId, place, plaintext);
    },
    async open(organizationId, place, envelope) {
      const key = await keys.version(organizationId, keyVersionOf(envelope));
      if (!key) throw new EnvelopeRefused("key_unknown");
      return openEnvelope(key, organizationId, place, envelope);
    },
    refresh: (organizationId) => keys.forgetActive(organizationId),
  };
}
