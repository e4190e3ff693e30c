/** What the browser sends a file with: the URL, and headers that are part of its signature. */
export type PresignedUpload = { url: string; headers: Record<string, string>; expiresAt: Date };

export type StoredObject = {
  /** Bytes. */
  size: number;
  contentType: string;
  etag: string;
  lastModified: Date;
};

/** infrequent: read at once, at a price. archive: brought back first, which takes hours. */
export type StorageClass = "standard" | "infrequent" | "archive";

/**
 * Objects in one bucket of any S3 (FND-13). Keys are paths that start with the organization's id. Every call
 * rejects with StorageUnavailable when the store cannot be asked, and with CredentialsRefused when it will not
 * have us; an object that is not there is null, not an error.
 */
export interface ObjectStore {
  /** A PUT for exactly this type and size, for a few minutes. */
  presignUpload(
    key: string,
    options: { contentType: string; size: number; sha256: Buffer; expiresInSeconds: number },
  ): Promise<PresignedUpload>;
  /** A GET that downloads as an attachment under this name and never renders in the browser. */
  presignDownload(
    key: string,
    options: { filename: string; contentType: string; expiresInSeconds: number },
  ): Promise<{ url: string; expiresAt: Date }>;
  /** Writes an object; with `ifAbsent`, false when one is there already and is left as it is. */
  put(key: string, body: Uint8Array, options: { contentType: string; ifAbsent?: boolean }): Promise<boolean>;
  get(key: string): Promise<AsyncIterable<Uint8Array> | null>;
  head(key: string): Promise<StoredObject | null>;
  delete(key: string): Promise<void>;
  /**
   * Keeps an object where it costs less to keep, and more to read; what lies there already is well. "absent" when there is no
   * such object, "not_offered" where the store has no such class: the object then stays as it is.
   */
  keepIn(key: string, storageClass: StorageClass): Promise<"kept" | "absent" | "not_offered">;
  /** Keys below a prefix, in order. */
  list(prefix: string): AsyncIterable<{ key: string; size: number; lastModified: Date }>;
  close(): void;
}

/** The store that keeps a clinic's objects; null is the platform's own (audit anchors). */
export type ObjectStores = { for(organizationId: string | null): Promise<ObjectStore>; close(): void };

/** The store could not be asked this time. */
export class StorageUnavailable extends Error {
  override name = "StorageUnavailable";
}
