import { openKms } from "../../providers/kms/index.ts";
import { readKmsConfig } from "../../providers/kms/settings.ts";
import { ConfigError } from "../../runtime/config_error.ts";
import { broken, type Examination, ok } from "./finding.ts";

/** Whether secrets can be sealed and opened (FND-11, FND-28): the master key wraps a key and unwraps it again. */
export const keys: Examination = {
  name: "keys",
  async examine({ env }) {
    const context = { purpose: "doctor" };
    try {
      // The doctor looks; only a process that needs the file makes it.
      const config = readKmsConfig(env);
      const kms = openKms(config.provider === "local" ? { ...config, create: false } : config);
      try {
        const { provider, masterKeyId, place } = await kms.describe();
        const { plaintext, wrapped } = await kms.generateDataKey(context);
        const opened = await kms.unwrap(wrapped, context);
        return [
          opened.equals(plaintext)
            ? ok(`the master key ${masterKeyId} (${provider}, ${place}) wraps and unwraps`)
            : broken(
                "the master key does not open what it wrapped",
                "Look at KMS_KEY_ID: it must be a symmetric key.",
              ),
        ];
      } finally {
        kms.close();
      }
    } catch (error) {
      const why = error instanceof Error ? error.message : "unknown";
      return [
        broken(
          `secrets cannot be sealed (${why})`,
          error instanceof ConfigError
            ? "Mend what the message names."
            : "Look at KMS_PROVIDER, KMS_KEY_ID, AWS_REGION and the role's rights: kms:GenerateDataKey, Decrypt, ReEncrypt, DescribeKey; or at MASTER_KEY_FILE.",
        ),
      ];
    }
  },
};
