import { awsKms } from "./aws.ts";
import { localKms } from "./local.ts";
import type { Kms } from "./port.ts";
import type { KmsConfig } from "./settings.ts";

export type { Kms } from "./port.ts";
export { KeyRefused, KmsUnavailable } from "./port.ts";

/**
 * The master key that the settings name (FND-11). A file that cannot be used is a ConfigError at once;
 * AWS is asked when it is needed, so that a KMS that is down does not keep anybody from starting.
 */
export function openKms(config: KmsConfig): Kms {
  if (config.provider === "aws") return awsKms(config);
  const kms = localKms(config);
  kms.requireFile();
  return kms;
}
