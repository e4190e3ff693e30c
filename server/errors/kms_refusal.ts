import { KmsUnavailable } from "../../providers/kms/index.ts";
import { Refusal } from "../../runtime/refusal.ts";

/** The refusal of a request that needs a key while the key service cannot be asked (FND-11). */
export function kmsRefusal(error: unknown): Refusal | null {
  if (!(error instanceof KmsUnavailable)) return null;
  return new Refusal("UNAVAILABLE", "kms_unavailable");
}
