import { createSecretKey, type KeyObject } from "node:crypto";
import { CredentialsRefused } from "../providers/failures.ts";
import { type Kms, KmsUnavailable } from "../providers/kms/index.ts";

/** Whatever can ask the database: a pool, or one connection. */
export type Queryable = {
  // biome-ignore lint/suspicious/noExplicitAny: rows are what the SQL beside the call says.
  query(text: string, values?: unknown[]): Promise<{ rows: any[] }>;
};

export type DataKey = { version: number; key: KeyObject };

export type CacheSettings = {
  /** How long an unwrapped key is kept. */
  keepMs?: number;
  /** How long a process may go on sealing with a key that was replaced; retirement waits for twice as long. */
  sealMs?: number;
  /** Unwrapped keys at once; the one that was not used for longest makes room. */
  most?: number;
};

/** See CacheSettings.sealMs; tasks that retire keys read it here. */
export const SEAL_MS = 30_000;

type WrappedKey = { key_version: number; wrapped_key: Buffer };

/**
 * The data keys of clinics, unwrapped (FND-11). They are kept for some minutes, so that KMS is asked rarely
 * and what is known goes on while it is down. Keys are KeyObjects: no heap dump or log prints one.
 */
export class DataKeys {
  readonly #kms: Kms;
  readonly #db: Queryable;
  readonly #settings: Required<CacheSettings>;
  /** In the order of their last use. */
  readonly #keys = new Map<string, { until: number; key: Promise<KeyObject> }>();
  readonly #active = new Map<string, { until: number; version: number }>();

  constructor(kms: Kms, db: Queryable, settings: CacheSettings = {}) {
    this.#kms = kms;
    this.#db = db;
    this.#settings = { keepMs: 5 * 60_000, sealMs: SEAL_MS, most: 1_000, ...settings };
  }

  /** The key that seals now; made, by whoever comes first, when the clinic has none. */
  async active(organizationId: string | null): Promise<DataKey> {
    const owner = organizationId ?? "platform";
    const known = this.#active.get(owner);
    if (known && known.until > Date.now()) {
      const key = await this.version(organizationId, known.version);
      if (key) return { version: known.version, key };
    }
    const stored = (await this.#stored(organizationId, null)) ?? (await this.#first(organizationId));
    const key = await this.#keep(organizationId, stored);
    if (this.#active.size >= this.#settings.most) this.#active.clear();
    this.#active.set(owner, { version: stored.key_version, until: Date.now() + this.#settings.sealMs });
    return { version: stored.key_version, key };
  }

  /** The key of an envelope; undefined when the clinic never had this version. */
  async version(organizationId: string | null, version: number): Promise<KeyObject | undefined> {
    const cached = this.#cached(organizationId, version);
    if (cached) return cached;
    const stored = await this.#stored(organizationId, version);
    return stored && this.#keep(organizationId, stored);
  }

  /** Asks again which key seals: the database has refused the one we used. */
  forgetActive(organizationId: string | null): void {
    this.#active.delete(organizationId ?? "platform");
  }

  /** Only what is unwrapped for good: a KMS that did not answer is asked again. */
  #cached(organizationId: string | null, version: number): Promise<KeyObject> | undefined {
    const name = nameOf(organizationId, version);
    const cached = this.#keys.get(name);
    if (!cached) return undefined;
    this.#keys.delete(name);
    if (cached.until <= Date.now()) return undefined;
    this.#keys.set(name, cached);
    return cached.key;
  }

  #keep(organizationId: string | null, { key_version, wrapped_key }: WrappedKey): Promise<KeyObject> {
    const cached = this.#cached(organizationId, key_version);
    if (cached) return cached;
    const name = nameOf(organizationId, key_version);
    const key = asked(this.#kms.unwrap(wrapped_key, wrappingContext(organizationId, key_version))).then(
      (bytes) => createSecretKey(bytes),
    );
    this.#keys.set(name, { key, until: Date.now() + this.#settings.keepMs });
    key.catch(() => {
      if (this.#keys.get(name)?.key === key) this.#keys.delete(name);
    });
    for (const oldest of this.#keys.keys()) {
      if (this.#keys.size <= this.#settings.most) break;
      this.#keys.delete(oldest);
    }
    return key;
  }

  async #stored(organizationId: string | null, version: number | null): Promise<WrappedKey | undefined> {
    const { rows } = await this.#db.query("select * from app_hidden.data_key($1, $2)", [
      organizationId,
      version,
    ]);
    return rows[0];
  }

  async #first(organizationId: string | null): Promise<WrappedKey> {
    const { wrapped, masterKeyId } = await asked(
      this.#kms.generateDataKey(wrappingContext(organizationId, 1)),
    );
    const { rows } = await this.#db.query("select * from app_hidden.add_first_data_key($1, $2, $3)", [
      organizationId,
      wrapped,
      masterKeyId,
    ]);
    return rows[0];
  }
}

/** What a wrapped data key is bound to: a row of data_keys that was exchanged for another does not unwrap. */
export function wrappingContext(organizationId: string | null, version: number): Record<string, string> {
  return { purpose: "data_key", organization: organizationId ?? "platform", version: String(version) };
}

function nameOf(organizationId: string | null, version: number): string {
  return `${organizationId ?? "platform"} ${version}`;
}

/**
 * Turns a refusal of our own credentials into KmsUnavailable: otherwise it would count against the vendor whose keys
 * were to be opened.
 */
function asked<T>(answer: Promise<T>): Promise<T> {
  return answer.catch((error: unknown) => {
    throw error instanceof CredentialsRefused ? new KmsUnavailable(error.message) : error;
  });
}
