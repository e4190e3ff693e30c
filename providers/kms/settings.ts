import { join } from "node:path";
import { z } from "zod";
import { together } from "../../runtime/config_error.ts";
import { readMode } from "../../runtime/environment/mode.ts";
import { need, readVariables, type Variable } from "../../runtime/environment/variable.ts";
import { list, variables } from "../../runtime/environment/variables.ts";

/** Where the master key is (FND-11): in AWS KMS, or in a file. */
export type KmsConfig =
  | { provider: "aws"; keyId: string; oldKeyIds: string[]; region: string; endpoint?: string }
  | { provider: "local"; file: string; create: boolean };

const kms = {
  KMS_PROVIDER: { schema: z.enum(["aws", "local"]).optional(), expects: "aws or local" },
  KMS_KEY_ID: {
    schema: z.string().min(1).optional(),
    expects: "the id, ARN or alias of a symmetric key in AWS KMS",
  },
  KMS_OLD_KEY_IDS: { schema: list.optional(), expects: "ids of former keys in AWS KMS, separated by commas" },
  KMS_ENDPOINT: {
    schema: z.url({ protocol: /^https?$/ }).optional(),
    expects: "a URL that speaks for AWS KMS",
  },
  AWS_REGION: variables.AWS_REGION,
  MASTER_KEY_FILE: { schema: z.string().min(1).optional(), expects: "a file that holds the master key" },
  DATA_DIR: variables.DATA_DIR,
} as const satisfies Record<string, Variable>;

/**
 * Reads where the master key is. In production it is named, and a file that is named is never made: a new file
 * on a new machine would be a key that opens nothing. Only the file of the data folder is made when it is not there.
 */
export function readKmsConfig(env: NodeJS.ProcessEnv = process.env): KmsConfig {
  const production = readMode(env) === "production";
  const values = readVariables(env, kms);
  const needed = (name: "KMS_PROVIDER" | "KMS_KEY_ID" | "AWS_REGION" | "MASTER_KEY_FILE") =>
    need<string>(name, kms[name], values[name]);
  const provider = production ? needed("KMS_PROVIDER") : values.KMS_PROVIDER;
  if (provider === "aws") {
    const [keyId, region] = together(
      () => needed("KMS_KEY_ID"),
      () => needed("AWS_REGION"),
    );
    return {
      provider,
      keyId,
      oldKeyIds: values.KMS_OLD_KEY_IDS ?? [],
      region,
      ...(values.KMS_ENDPOINT ? { endpoint: values.KMS_ENDPOINT } : {}),
    };
  }
  if (production || values.MASTER_KEY_FILE) {
    return { provider: "local", file: needed("MASTER_KEY_FILE"), create: false };
  }
  return { provider: "local", file: join(values.DATA_DIR, "keys", "master.keys"), create: true };
}
