import {
  type DocumentNode,
  type FragmentDefinitionNode,
  Kind,
  parse,
  type SelectionSetNode,
} from "grafast/graphql";
import { Refusal } from "../errors/refusal.ts";

/** What one document may ask for (FND-29). Rates and costs per caller come with FND-27. */
export const limits = { tokens: 5_000, depth: 15, aliases: 100, fields: 1_000, operations: 20 } as const;

/**
 * Refuses a document that is too deep or asks for too much, before it is validated or planned: both
 * take longer than linear time in what a caller can write in a few kilobytes. Fragments count where
 * they are spread, and the counting stops at the limit, so that it cannot be made slow itself.
 * A document that does not parse passes: the schema's own validation says what is wrong with it.
 */
export function checkDocument(query: string): void {
  const document = parseWithin(query);
  if (!document) return;

  const fragments = new Map<string, FragmentDefinitionNode>();
  let operations = 0;
  for (const definition of document.definitions) {
    if (definition.kind === Kind.FRAGMENT_DEFINITION) fragments.set(definition.name.value, definition);
    else if (definition.kind === Kind.OPERATION_DEFINITION) operations += 1;
  }
  if (operations > limits.operations) throw tooLarge("operations");

  // Each operation alone: only one of them runs. Unused fragments are validated too, so they count as roots.
  for (const definition of document.definitions) {
    if (definition.kind === Kind.OPERATION_DEFINITION || definition.kind === Kind.FRAGMENT_DEFINITION) {
      count(definition.selectionSet, 1, new Set(), { fields: 0, aliases: 0 }, fragments);
    }
  }
}

type Counted = { fields: number; aliases: number };

function count(
  set: SelectionSetNode,
  depth: number,
  open: Set<string>,
  counted: Counted,
  fragments: ReadonlyMap<string, FragmentDefinitionNode>,
): void {
  if (depth > limits.depth) throw tooLarge("depth");
  for (const selection of set.selections) {
    if (selection.kind === Kind.FIELD) {
      counted.fields += 1;
      if (selection.alias) counted.aliases += 1;
      if (counted.fields > limits.fields) throw tooLarge("fields");
      if (counted.aliases > limits.aliases) throw tooLarge("aliases");
      if (selection.selectionSet) count(selection.selectionSet, depth + 1, open, counted, fragments);
    } else if (selection.kind === Kind.INLINE_FRAGMENT) {
      // Counted as a field: a thousand empty wrappers cost as much.
      counted.fields += 1;
      if (counted.fields > limits.fields) throw tooLarge("fields");
      count(selection.selectionSet, depth, open, counted, fragments);
    } else {
      counted.fields += 1;
      if (counted.fields > limits.fields) throw tooLarge("fields");
      const name = selection.name.value;
      const fragment = fragments.get(name);
      // A fragment inside itself, or one that is missing, is for the validation to refuse.
      if (!fragment || open.has(name)) continue;
      open.add(name);
      count(fragment.selectionSet, depth, open, counted, fragments);
      open.delete(name);
    }
  }
}

function parseWithin(query: string): DocumentNode | null {
  try {
    return parse(query, { maxTokens: limits.tokens, noLocation: true });
  } catch (error) {
    if (error instanceof Error && /tokens\. Parsing aborted/.test(error.message)) throw tooLarge("tokens");
    return null;
  }
}

function tooLarge(limit: keyof typeof limits): Refusal {
  return new Refusal("DOCUMENT_TOO_LARGE", "over_limit", {
    details: { limit, most: limits[limit] },
    hint:
      limit === "depth"
        ? `Nest at most ${limits.depth} levels.`
        : `Ask for at most ${limits[limit]} ${limit} at once.`,
  });
}
