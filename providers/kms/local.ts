import { createCipheriv, createDecipheriv, randomBytes } from "node:crypto";
import { ConfigError } from "../../runtime/config_error.ts";
import { type MasterKey, readMasterKeys } from "./master_key_file.ts";
import { type DataKey, KeyRefused, type Kms, KmsUnavailable } from "./port.ts";

const MAGIC = Buffer.from("RXM\x01", "latin1");
const NONCE = 12;
const TAG = 16;
const ID = 8;
/** Length of a data key, in bytes. */
const KEY = 32;

/**
 * The master key in a file of this machine (FND-11, FND-30): the embedded default, and good for a
 * deployment that mounts the file as a secret. The file is read for each call: there are few, because data
 * keys are cached, and a key that another process added is known at once.
 */
export function localKms({ file, create }: { file: string; create: boolean }): Kms & { requireFile(): void } {
  // What was in order when the process started and is not any more is a KMS that cannot be asked.
  const keys = () => {
    try {
      return readMasterKeys(file, { create: false });
    } catch (error) {
      throw error instanceof ConfigError ? new KmsUnavailable(error.message) : error;
    }
  };
  const present = () => keys().at(-1) as MasterKey;

  return {
    requireFile() {
      readMasterKeys(file, { create });
    },
    get masterKeyId() {
      return nameOf(present());
    },
    async generateDataKey(context): Promise<DataKey> {
      const master = present();
      const plaintext = randomBytes(KEY);
      return { plaintext, wrapped: wrap(master, plaintext, context), masterKeyId: nameOf(master) };
    },
    async unwrap(wrapped, context) {
      return unwrap(keys(), wrapped, context);
    },
    async rewrap(wrapped, context) {
      const all = keys();
      const master = all.at(-1) as MasterKey;
      const plaintext = unwrap(all, wrapped, context);
      return { wrapped: wrap(master, plaintext, context), masterKeyId: nameOf(master) };
    },
    async describe() {
      return { provider: "local", masterKeyId: nameOf(present()), place: file };
    },
    close() {},
  };
}

/** How data_keys records it. */
function nameOf({ id }: MasterKey): string {
  return `local:${id.toString("hex")}`;
}

/** Magic, id of the master key, nonce, ciphertext, tag. */
function wrap({ id, key }: MasterKey, plaintext: Buffer, context: Record<string, string>): Buffer {
  const nonce = randomBytes(NONCE);
  const cipher = createCipheriv("aes-256-gcm", key, nonce);
  cipher.setAAD(boundTo(id, context));
  return Buffer.concat([MAGIC, id, nonce, cipher.update(plaintext), cipher.final(), cipher.getAuthTag()]);
}

function unwrap(keys: MasterKey[], wrapped: Buffer, context: Record<string, string>): Buffer {
  const length = MAGIC.length + ID + NONCE + KEY + TAG;
  if (wrapped.length !== length || !wrapped.subarray(0, MAGIC.length).equals(MAGIC)) {
    throw new KeyRefused("this was not wrapped by a local master key");
  }
  const id = wrapped.subarray(MAGIC.length, MAGIC.length + ID);
  const master = keys.find((key) => key.id.equals(id));
  if (!master) throw new KeyRefused(`the master key file does not hold local:${id.toString("hex")}`);

  const at = MAGIC.length + ID;
  const decipher = createDecipheriv("aes-256-gcm", master.key, wrapped.subarray(at, at + NONCE), {
    authTagLength: TAG,
  });
  decipher.setAAD(boundTo(id, context));
  decipher.setAuthTag(wrapped.subarray(-TAG));
  try {
    return Buffer.concat([decipher.update(wrapped.subarray(at + NONCE, -TAG)), decipher.final()]);
  } catch {
    throw new KeyRefused("this data key was changed, or wrapped for something else");
  }
}

function boundTo(id: Buffer, context: Record<string, string>): Buffer {
  const sorted = Object.keys(context)
    .sort()
    .map((name) => [name, context[name]]);
  return Buffer.from(JSON.stringify(["restartix data key", id.toString("hex"), sorted]));
}
