import { Refusal } from "../../runtime/refusal.ts";

/**
 * What one document may ask for (FND-29, FND-27). `rows` is what its pages could hold together: pages inside
 * pages multiply, so a hundred characters can ask for a million rows. `cost` is what answering takes, in the
 * units of document_cost.ts. `inputs` and `inputDepth` bound what is handed in, written out or in variables:
 * filters inside filters and lists of values end up in one statement. `lookups` are the fields that lead
 * somewhere: each is a step of the plan, which takes milliseconds to make and 50 KB to keep.
 */
export const limits = {
  tokens: 5_000,
  depth: 15,
  aliases: 100,
  fields: 1_000,
  directives: 50,
  fragments: 100,
  variables: 100,
  operations: 20,
  inputs: 2_000,
  inputDepth: 20,
  lookups: 60,
  rows: 20_000,
  cost: 8_000,
} as const;

export type Limit = keyof typeof limits;

export function tooLarge(limit: Limit): Refusal {
  return new Refusal("DOCUMENT_TOO_LARGE", "over_limit", { limit, most: limits[limit] });
}
