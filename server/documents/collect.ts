import {
  buildSchema,
  type DefinitionNode,
  type FragmentDefinitionNode,
  type GraphQLSchema,
  Kind,
  NoSchemaIntrospectionCustomRule,
  type OperationDefinitionNode,
  parse,
  print,
  Source,
  specifiedRules,
  validate,
  visit,
} from "grafast/graphql";
import { inEnglish } from "../errors/written.ts";
import { costOf, fieldCosts } from "../http/document_cost.ts";
import { readDocument } from "../http/document_shape.ts";
import { idOf } from "./trusted.ts";

/** A file of a frontend: where it lies, and what stands in it. */
export type DocumentFile = { path: string; text: string };

export type Collected = {
  /** What the server reads: documents by the SHA-256 of their text. */
  documents: Record<string, { name: string; document: string }>;
  /** What keeps the list from being written, one line each, with file and line. */
  problems: string[];
};

/**
 * Makes the list of trusted documents from a frontend's files (FND-27): one document per operation, with the
 * fragments it uses, whichever file they stand in. Each is valid for the schema and within the limits that
 * hold for anybody, so that what a frontend was built with is never refused for its size.
 */
export function collectDocuments(schemaText: string, files: readonly DocumentFile[]): Collected {
  const schema = buildSchema(schemaText, { assumeValid: true });
  const problems: string[] = [];
  const operations = new Map<string, OperationDefinitionNode>();
  const fragments = new Map<string, FragmentDefinitionNode>();

  for (const { path, text } of files) {
    for (const definition of definitionsOf(path, text, problems)) {
      const where = placeOf(path, definition);
      if (definition.kind === Kind.FRAGMENT_DEFINITION) {
        addOnce(fragments, definition.name.value, definition, "fragment", where, problems);
      } else if (definition.kind !== Kind.OPERATION_DEFINITION) {
        problems.push(`${where} neither an operation nor a fragment`);
      } else if (!definition.name) {
        problems.push(`${where} an operation without a name`);
      } else {
        addOnce(operations, definition.name.value, definition, "operation", where, problems);
      }
    }
  }

  const costs = fieldCosts(schema);
  const documents: Collected["documents"] = {};
  for (const [name, operation] of [...operations].sort(([a], [b]) => (a < b ? -1 : 1))) {
    const definitions = [operation, ...fragmentsOf(operation, fragments)];
    const found = problemsOf(schema, costs, definitions);
    if (found.length > 0) {
      const file = operation.loc?.source.name ?? "";
      problems.push(...found.map((problem) => `${placeOf(file, operation)} ${name}: ${problem}`));
      continue;
    }
    const document = `${definitions.map((definition) => print(definition)).join("\n\n")}\n`;
    documents[idOf(document)] = { name, document };
  }
  return { documents, problems };
}

function definitionsOf(path: string, text: string, problems: string[]): readonly DefinitionNode[] {
  try {
    return parse(new Source(text, path)).definitions;
  } catch (error) {
    const { locations, message } = error as { locations?: { line: number }[]; message: string };
    problems.push(`${path}:${locations?.[0]?.line ?? 1} ${message}`);
    return [];
  }
}

function addOnce<T extends DefinitionNode>(
  known: Map<string, T>,
  name: string,
  definition: T,
  what: string,
  where: string,
  problems: string[],
): void {
  const other = known.get(name);
  if (!other) known.set(name, definition);
  else if (print(other) !== print(definition)) problems.push(`${where} a second ${what} named ${name}`);
}

/** The fragments an operation uses, and those that these use, by name. */
function fragmentsOf(
  operation: OperationDefinitionNode,
  known: ReadonlyMap<string, FragmentDefinitionNode>,
): FragmentDefinitionNode[] {
  const used = new Map<string, FragmentDefinitionNode>();
  const follow = (definition: DefinitionNode): void => {
    visit(definition, {
      FragmentSpread({ name: { value } }) {
        const fragment = known.get(value);
        if (!fragment || used.has(value)) return;
        used.set(value, fragment);
        follow(fragment);
      },
    });
  };
  follow(operation);
  return [...used].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, fragment]) => fragment);
}

function problemsOf(
  schema: GraphQLSchema,
  costs: ReturnType<typeof fieldCosts>,
  definitions: DefinitionNode[],
): string[] {
  const rules = [...specifiedRules, NoSchemaIntrospectionCustomRule];
  const invalid = validate(schema, { kind: Kind.DOCUMENT, definitions }, rules);
  if (invalid.length > 0) return invalid.map(({ message }) => message);
  try {
    // Variables are not known yet: a page that one of them decides counts as the longest.
    for (const shape of readDocument(definitions.map(print).join("\n")) ?? []) costOf(shape, {}, costs);
    return [];
  } catch (refusal) {
    return [inEnglish(refusal)];
  }
}

function placeOf(path: string, { loc }: DefinitionNode): string {
  return `${path}:${loc?.startToken.line ?? 1}`;
}
