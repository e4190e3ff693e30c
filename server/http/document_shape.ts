import {
  type ArgumentNode,
  type DirectiveNode,
  type DocumentNode,
  type FieldNode,
  type FragmentDefinitionNode,
  Kind,
  type OperationDefinitionNode,
  type OperationTypeNode,
  parse,
  type SelectionSetNode,
  type ValueNode,
} from "grafast/graphql";
import { Refusal } from "../../runtime/refusal.ts";
import { DEFAULT_PAGE, LONGEST_PAGE } from "../plugins/page_bounds.ts";
import { limits, tooLarge } from "./document_limits.ts";

/** A field as far as its cost goes: how long a page it asks for, and what is inside. */
export type Shape = {
  name: string;
  /** Rows of the page: a number, a variable that holds it, or null where the field is no page. */
  page: number | { variable: string } | null;
  inner: Shape[];
};

/** What is known of an operation without its variables. */
export type OperationShape = { name: string | undefined; type: OperationTypeNode; fields: Shape[] };

/**
 * Reads a document as far as limits go, before it is validated or planned: both take longer than linear
 * time in what a caller can write in a few kilobytes. Refuses what is too deep or too much whatever the
 * variables say. Fragments count where they are spread, and the counting stops at the limit, so that it
 * cannot be made slow itself. Null when it does not parse: the schema's own validation says what is wrong.
 */
export function readDocument(query: string): OperationShape[] | null {
  const document = parseWithin(query);
  if (!document) return null;

  const fragments = new Map<string, FragmentDefinitionNode>();
  const operations: OperationDefinitionNode[] = [];
  for (const definition of document.definitions) {
    if (definition.kind === Kind.FRAGMENT_DEFINITION) fragments.set(definition.name.value, definition);
    else if (definition.kind === Kind.OPERATION_DEFINITION) operations.push(definition);
  }
  if (operations.length > limits.operations) throw tooLarge("operations");
  if (fragments.size > limits.fragments) throw tooLarge("fragments");
  const context: Context = { fragments, used: new Set(), pages: new Map() };

  // Each operation alone: only one of them runs.
  const shapes = operations.map((operation) => {
    const counting = newCounting(context);
    if ((operation.variableDefinitions?.length ?? 0) > limits.variables) throw tooLarge("variables");
    countDirectives(operation.directives, counting);
    for (const variable of operation.variableDefinitions ?? []) {
      countDirectives(variable.directives, counting);
      if (variable.defaultValue) countValue(variable.defaultValue, 1, counting);
    }
    return {
      name: operation.name?.value,
      type: operation.operation,
      fields: read(operation.selectionSet, 1, counting),
    };
  });

  // Unused fragments are validated too, all of them, before the document is refused for having them.
  const counting = newCounting(context);
  for (const [name, fragment] of fragments) {
    countDirectives(fragment.directives, counting);
    if (!context.used.has(name)) read(fragment.selectionSet, 1, counting);
  }
  return shapes;
}

type Context = {
  fragments: ReadonlyMap<string, FragmentDefinitionNode>;
  used: Set<string>;
  pages: Map<string, boolean>;
};

type Counting = Context & {
  open: Set<string>;
  fields: number;
  aliases: number;
  directives: number;
  inputs: number;
};

function newCounting(context: Context): Counting {
  return { ...context, open: new Set(), fields: 0, aliases: 0, directives: 0, inputs: 0 };
}

function read(set: SelectionSetNode, depth: number, counting: Counting): Shape[] {
  if (depth > limits.depth) throw tooLarge("depth");
  return set.selections.flatMap((selection): Shape[] => {
    // Fragments and inline fragments count as fields: a thousand empty wrappers cost as much.
    counting.fields += 1;
    if (counting.fields > limits.fields) throw tooLarge("fields");
    countDirectives(selection.directives, counting);

    if (selection.kind === Kind.FIELD) {
      if (selection.alias) counting.aliases += 1;
      if (counting.aliases > limits.aliases) throw tooLarge("aliases");
      countArguments(selection.arguments, counting);
      const { selectionSet } = selection;
      return [
        {
          name: selection.name.value,
          page: selectionSet && selectsRows(selectionSet, counting) ? pageOf(selection) : null,
          inner: selectionSet ? read(selectionSet, depth + 1, counting) : [],
        },
      ];
    }
    if (selection.kind === Kind.INLINE_FRAGMENT) return read(selection.selectionSet, depth, counting);

    const name = selection.name.value;
    const fragment = counting.fragments.get(name);
    // A fragment inside itself, or one that is missing, is for the validation to refuse.
    if (!fragment || counting.open.has(name)) return [];
    counting.used.add(name);
    counting.open.add(name);
    const fields = read(fragment.selectionSet, depth, counting);
    counting.open.delete(name);
    return fields;
  });
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

/** How many rows the page asks for. */
function pageOf(field: FieldNode): Shape["page"] {
  for (const { name, value } of field.arguments ?? []) {
    if (name.value !== "first" && name.value !== "last") continue;
    if (value.kind === Kind.VARIABLE) return { variable: value.name.value };
    if (value.kind === Kind.INT) return possiblePage(Number(value.value));
  }
  return DEFAULT_PAGE;
}

/** A length that no page may have is refused here; one that this page may not have, by the page itself. */
export function possiblePage(asked: number): number {
  if (asked > limits.rows) {
    throw new Refusal("VALIDATION", "page_out_of_bounds", { field: "first", least: 0, most: LONGEST_PAGE });
  }
  return asked >= 0 ? asked : DEFAULT_PAGE;
}

function countDirectives(directives: readonly DirectiveNode[] | undefined, counting: Counting): void {
  counting.directives += directives?.length ?? 0;
  if (counting.directives > limits.directives) throw tooLarge("directives");
  for (const directive of directives ?? []) countArguments(directive.arguments, counting);
}

function countArguments(list: readonly ArgumentNode[] | undefined, counting: Counting): void {
  for (const { value } of list ?? []) countValue(value, 1, counting);
}

function countValue(value: ValueNode, depth: number, counting: Counting): void {
  if (depth > limits.inputDepth) throw tooLarge("inputDepth");
  counting.inputs += 1;
  if (counting.inputs > limits.inputs) throw tooLarge("inputs");
  if (value.kind === Kind.LIST) for (const inner of value.values) countValue(inner, depth + 1, counting);
  if (value.kind === Kind.OBJECT)
    for (const { value: inner } of value.fields) countValue(inner, depth + 1, counting);
}

/** Brackets inside brackets that any document within the limits could have: levels, arguments, values. */
const DEEPEST_BRACKETS = 2 * limits.depth + limits.inputDepth;
const bracketsAndWhatHidesThem = /"""(?:\\"""|[\s\S])*?"""|"(?:\\.|[^"\\\n])*"|#[^\n\r]*|[([{]|[)\]}]/g;

/** The parser goes down with every bracket, and thousands of them are more than its stack. */
function checkBrackets(query: string): void {
  let depth = 0;
  for (const [found] of query.matchAll(bracketsAndWhatHidesThem)) {
    if (found === "(" || found === "[" || found === "{") depth += 1;
    else if (found === ")" || found === "]" || found === "}") depth -= 1;
    if (depth > DEEPEST_BRACKETS) throw tooLarge("depth");
  }
}

function parseWithin(query: string): DocumentNode | null {
  checkBrackets(query);
  try {
    return parse(query, { maxTokens: limits.tokens, noLocation: true });
  } catch (error) {
    if (error instanceof Error && /tokens\. Parsing aborted/.test(error.message)) throw tooLarge("tokens");
    return null;
  }
}
