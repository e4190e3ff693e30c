import { Refusal } from "../../runtime/refusal.ts";

/** What a visitor is told where only somebody who is known may go. FORBIDDEN is for those who are known (FND-29). */
export function signInFirst(): Refusal {
  return new Refusal("UNAUTHENTICATED", "not_signed_in");
}
