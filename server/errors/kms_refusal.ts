import { KmsUnavailable } from "../../providers/kms/index.ts";
import { Refusal } from "../../runtime/refusal.ts";

/** The refusal of a request that needs a key while the key service cannot be asked (FND-11). */
export function kmsRefusal(error: unknown): Refusal | null {
  if (!(error instanceof KmsUnavailable)) return null;
  return new Refusal("UNAVAILABLE", "kms_unavailable", {
    hint: "The key service does not answer, so what is encrypted cannot be read or written. The rest works; try again in a moment.",
  });
}
