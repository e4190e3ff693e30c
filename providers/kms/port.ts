/** A data key as KMS hands it out: in the clear for now, and wrapped for the database. */
export type DataKey = { plaintext: Buffer; wrapped: Buffer; masterKeyId: string };

/**
 * The master key and what may be asked of it (FND-11). The context is bound to the wrapped key: unwrapping
 * with another one fails. Rejects with KmsUnavailable when it cannot be asked, with CredentialsRefused when
 * it will not have us, and with KeyRefused when this wrapped key is not one of its own.
 */
export interface Kms {
  /** Names the master key that new data keys are wrapped with. */
  readonly masterKeyId: string;
  generateDataKey(context: Record<string, string>): Promise<DataKey>;
  unwrap(wrapped: Buffer, context: Record<string, string>): Promise<Buffer>;
  /** Wraps the same data key with the present master key. */
  rewrap(wrapped: Buffer, context: Record<string, string>): Promise<{ wrapped: Buffer; masterKeyId: string }>;
  /** Asks the master key whether it is there and would have us; rejects as the other calls do. */
  describe(): Promise<KmsDescription>;
  close(): void;
}

/** What an operator wants to know of the master key; no secret. */
export type KmsDescription = {
  provider: "aws" | "local";
  /** The key that new data keys are wrapped with, by the name that data_keys records. */
  masterKeyId: string;
  /** Where it is kept: a region, a file. */
  place: string;
};

export class KmsUnavailable extends Error {
  override name = "KmsUnavailable";
}

/** This key was wrapped by another master key, for something else, or was changed. */
export class KeyRefused extends Error {
  override name = "KeyRefused";
}
