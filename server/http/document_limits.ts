import {
  type DocumentNode,
  type FieldNode,
  type FragmentDefinitionNode,
  Kind,
  OperationTypeNode,
  parse,
  type SelectionSetNode,
} from "grafast/graphql";
import { Refusal } from "../errors/refusal.ts";
import { DEFAULT_PAGE, LONGEST_PAGE } from "../plugins/page_bounds.ts";

/**
 * What one document may ask for (FND-29). `rows` is what its pages could hold together: pages inside pages
 * multiply, so a hundred characters can ask for a million rows. Rates per caller come with FND-27.
 */
export const limits = {
  tokens: 5_000,
  depth: 15,
  aliases: 100,
  fields: 1_000,
  operations: 20,
  rows: 20_000,
} as const;

/**
 * Refuses a document that is too deep or asks for too much, before it is validated or planned: both
 * take longer than linear time in what a caller can write in a few kilobytes. Fragments count where
 * they are spread, and the counting stops at the limit, so that it cannot be made slow itself.
 * A document that does not parse passes: the schema's own validation says what is wrong with it.
 */
export function checkDocument(
  query: string,
  variables: Record<string, unknown> = {},
  door: Door = "post",
): void {
  const document = parseWithin(query);
  if (!document) return;

  const fragments = new Map<string, FragmentDefinitionNode>();
  let operations = 0;
  for (const definition of document.definitions) {
    if (definition.kind === Kind.FRAGMENT_DEFINITION) fragments.set(definition.name.value, definition);
    else if (definition.kind === Kind.OPERATION_DEFINITION) {
      operations += 1;
      if ((definition.operation === OperationTypeNode.SUBSCRIPTION) !== (door === "socket")) {
        throw wrongDoor(door);
      }
    }
  }
  if (operations > limits.operations) throw tooLarge("operations");
  const context: Context = { fragments, variables, pages: new Map() };

  // Each operation alone: only one of them runs. Unused fragments are validated too, so they count as roots.
  for (const definition of document.definitions) {
    if (definition.kind === Kind.OPERATION_DEFINITION || definition.kind === Kind.FRAGMENT_DEFINITION) {
      count(definition.selectionSet, 1, 1, { ...context, open: new Set(), fields: 0, aliases: 0, rows: 0 });
    }
  }
}

/** Subscriptions go through sockets and nothing else does: what one request pays for is counted at the other door. */
type Door = "post" | "socket";

function wrongDoor(door: Door): Refusal {
  return door === "post"
    ? new Refusal("VALIDATION", "subscriptions_need_a_socket", {
        hint: "Subscribe over a WebSocket at this path, in the protocol graphql-transport-ws.",
      })
    : new Refusal("VALIDATION", "only_subscriptions", { hint: "POST queries and mutations." });
}

type Context = {
  fragments: ReadonlyMap<string, FragmentDefinitionNode>;
  variables: Record<string, unknown>;
  /** Whether a fragment, by name, selects the rows of a page. */
  pages: Map<string, boolean>;
};

type Counting = Context & { open: Set<string>; fields: number; aliases: number; rows: number };

/** `times` is how often this selection may be answered: the rows of all pages around it, multiplied. */
function count(set: SelectionSetNode, depth: number, times: number, counting: Counting): void {
  if (depth > limits.depth) throw tooLarge("depth");
  for (const selection of set.selections) {
    // Fragments and inline fragments count as fields: a thousand empty wrappers cost as much.
    counting.fields += 1;
    if (counting.fields > limits.fields) throw tooLarge("fields");

    if (selection.kind === Kind.FIELD) {
      if (selection.alias) counting.aliases += 1;
      if (counting.aliases > limits.aliases) throw tooLarge("aliases");
      if (!selection.selectionSet) continue;
      const rows = selectsRows(selection.selectionSet, counting)
        ? times * pageOf(selection, counting)
        : times;
      if (rows > times) counting.rows += rows;
      if (counting.rows > limits.rows) throw tooLarge("rows");
      count(selection.selectionSet, depth + 1, rows, counting);
    } else if (selection.kind === Kind.INLINE_FRAGMENT) {
      count(selection.selectionSet, depth, times, counting);
    } else {
      const name = selection.name.value;
      const fragment = counting.fragments.get(name);
      // A fragment inside itself, or one that is missing, is for the validation to refuse.
      if (!fragment || counting.open.has(name)) continue;
      counting.open.add(name);
      count(fragment.selectionSet, depth, times, counting);
      counting.open.delete(name);
    }
  }
}

/** A field with `nodes` or `edges` below it is a page. */
function selectsRows(set: SelectionSetNode, context: Context): boolean {
  return set.selections.some((selection) => {
    if (selection.kind === Kind.FIELD) return /^(nodes|edges)$/.test(selection.name.value);
    if (selection.kind === Kind.INLINE_FRAGMENT) return selectsRows(selection.selectionSet, context);
    const name = selection.name.value;
    const known = context.pages.get(name);
    if (known !== undefined) return known;
    context.pages.set(name, false); // until it is known: a fragment inside itself selects nothing more
    const fragment = context.fragments.get(name);
    const found = fragment !== undefined && selectsRows(fragment.selectionSet, context);
    context.pages.set(name, found);
    return found;
  });
}

/** How many rows the page asks for; a number that no page may have is for the page itself to refuse. */
function pageOf(field: FieldNode, { variables }: Context): number {
  for (const { name, value } of field.arguments ?? []) {
    if (name.value !== "first" && name.value !== "last") continue;
    const asked =
      value.kind === Kind.INT
        ? Number(value.value)
        : value.kind === Kind.VARIABLE
          ? Number(variables[value.name.value] ?? LONGEST_PAGE)
          : DEFAULT_PAGE;
    if (asked >= 0 && asked <= limits.rows) return asked;
  }
  return DEFAULT_PAGE;
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
