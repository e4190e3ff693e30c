/**
 * Operations made from the schema, so that a new type, relation, argument or root field is asked about the day it
 * appears. FND-05.
 */
import {
  type GraphQLArgument,
  type GraphQLField,
  type GraphQLInputType,
  type GraphQLObjectType,
  type GraphQLOutputType,
  type GraphQLSchema,
  getNamedType,
  getNullableType,
  isEnumType,
  isInputObjectType,
  isListType,
  isObjectType,
} from "grafast/graphql";

type AnyField = GraphQLField<unknown, unknown>;

/** Well under the server's limit, because fragments and arguments count too. */
const fieldsPerDocument = 600;

export function rootFields(schema: GraphQLSchema, kind: "query" | "mutation"): AnyField[] {
  const root = kind === "query" ? schema.getQueryType() : schema.getMutationType();
  return Object.values(root?.getFields() ?? {});
}

/** A list of rows as such; a function that answers with a list is asked with arguments instead. */
export function isList(field: AnyField): boolean {
  return getNamedType(field.type).name.endsWith("Connection") && slotsOf(field).length === 0;
}

/** Every list and every single thing that takes no argument, three relations deep. */
export function walks(schema: GraphQLSchema): { name: string; query: string }[] {
  return rootFields(schema, "query")
    .filter((field) => slotsOf(field).length === 0)
    .flatMap((field) => {
      const type = getNamedType(field.type) as GraphQLObjectType;
      if (!("getFields" in type)) return [{ name: field.name, query: `{ ${field.name} }` }];
      return selectionsOf(type, 2).map((selection) => ({
        name: field.name,
        query: `{ ${field.name}${type.name.endsWith("Connection") ? "(first: 20)" : ""} ${selection} }`,
      }));
    });
}

/** Everything a type says about itself, without going further. */
function leavesOf(type: GraphQLObjectType): string[] {
  return Object.values(type.getFields())
    .filter((field) => !isObjectType(getNamedType(field.type)))
    .filter((field) => field.args.every((arg) => !isRequired(arg)))
    .map((field) => field.name);
}

/** What tells rows of a type apart: their id, or all that they say, where two ids or a word are the key. */
export function keyOf(type: GraphQLObjectType): string[] {
  return "id" in type.getFields() ? ["id"] : leavesOf(type);
}

/** Fields that lead to other objects and need no argument. */
export function relationsOf(type: GraphQLObjectType): AnyField[] {
  return Object.values(type.getFields()).filter(
    (field) =>
      field.name !== "query" &&
      field.name !== "nodes" &&
      field.name !== "edges" &&
      isObjectType(getNamedType(field.type)) &&
      field.args.every((arg) => !isRequired(arg)),
  );
}

/** All that can be seen through a field down to `depth` relations, as selections of bounded size. */
export function selectionsOf(type: GraphQLObjectType, depth: number): string[] {
  if (type.name.endsWith("Connection")) {
    const fields = type.getFields();
    const node = getNamedType(fields.nodes?.type as GraphQLOutputType);
    const total = fields.totalCount ? "totalCount" : "";
    if (!isObjectType(node)) return [`{ ${total} nodes }`];
    return selectionsOf(node, depth).map((inner) => `{ ${total} nodes ${inner} }`);
  }
  const own = leavesOf(type).join(" ");
  const branches =
    depth === 0
      ? []
      : relationsOf(type).flatMap((field) => {
          const inner = getNamedType(field.type) as GraphQLObjectType;
          // Short pages: rows of pages inside pages multiply, and the door counts them.
          const page = inner.name.endsWith("Connection") ? "(first: 4)" : "";
          return selectionsOf(inner, depth - 1).map((selection) => `${field.name}${page} ${selection}`);
        });
  // Branches share a document as long as it stays small; two of the same field cannot.
  const groups: string[][] = [];
  for (const branch of branches) {
    const name = branch.slice(0, branch.indexOf(" "));
    const group = groups.find(
      (group) =>
        !group.some((other) => other.startsWith(`${name} `)) &&
        sizeOf(own) + sizeOf(group.join(" ")) + sizeOf(branch) <
          fieldsPerDocument / 3 ** Math.max(0, 2 - depth),
    );
    if (group) group.push(branch);
    else groups.push([branch]);
  }
  if (own === "" && groups.length === 0) return ["{ __typename }"];
  return groups.length === 0 ? [`{ ${own} }`] : groups.map((group) => `{ ${own} ${group.join(" ")} }`);
}

function sizeOf(selection: string): number {
  return selection.split(/[\s{}]+/).filter(Boolean).length;
}

/** Every argument or input field below a field that takes an id, an address, a token: by its path. */
export type Slot = { path: string[]; name: string; type: GraphQLInputType; required: boolean };

const paging = ["filter", "orderBy", "first", "last", "offset", "before", "after"];

/** The arguments of a field, laid out flat; `input`, `patch` and the like are looked into, paging is not. */
export function slotsOf(field: AnyField): Slot[] {
  return field.args
    .filter((arg) => !paging.includes(arg.name))
    .flatMap((arg) => slotsIn(arg.type, [arg.name]));
}

function slotsIn(type: GraphQLInputType, path: string[]): Slot[] {
  const named = getNamedType(type);
  if (isInputObjectType(named) && !isListType(getNullableType(type))) {
    return Object.values(named.getFields()).flatMap((field) => slotsIn(field.type, [...path, field.name]));
  }
  const name = path.at(-1) ?? "";
  return [{ path, name, type, required: String(type).endsWith("!") }];
}

/** A call of a field with values for its slots; what is not given is left out. */
export function callOf(
  field: AnyField,
  slots: Slot[],
  values: unknown[],
): { head: string; variables: object; uses: string } {
  const variables: Record<string, unknown> = {};
  for (const [place, slot] of slots.entries()) {
    const value = values[place];
    if (value === undefined) continue;
    let at = variables;
    for (const step of slot.path.slice(0, -1)) {
      at[step] ??= {};
      at = at[step] as Record<string, unknown>;
    }
    at[slot.path.at(-1) ?? ""] = value;
  }
  const used = field.args.filter((arg) => arg.name in variables || isRequired(arg));
  for (const arg of used) variables[arg.name] ??= {};
  return {
    head: used.length > 0 ? `(${used.map((arg) => `$${arg.name}: ${arg.type}`).join(", ")})` : "",
    uses: used.length > 0 ? `(${used.map((arg) => `${arg.name}: $${arg.name}`).join(", ")})` : "",
    variables,
  };
}

/** One document for all orders a connection can be asked in. */
export function ordersOf(field: AnyField): string[] {
  const orderBy = field.args.find((arg) => arg.name === "orderBy");
  const named = orderBy && getNamedType(orderBy.type);
  if (!isEnumType(named)) return [];
  const node = nodeOf(field);
  const key = keyOf(node).join(" ");
  const aliased = named
    .getValues()
    .map((value, place) => `o${place}: ${field.name}(orderBy: [${value.name}]) { nodes { ${key} } }`);
  return inParts(aliased, 80).map((part) => `{ ${part.join(" ")} }`);
}

/** Every aggregate of a connection, and the number of rows they may speak about. */
export function aggregatesOf(field: AnyField): string | undefined {
  const connection = getNamedType(field.type) as GraphQLObjectType;
  const aggregates = connection.getFields().aggregates;
  if (!aggregates) return undefined;
  const type = getNamedType(aggregates.type) as GraphQLObjectType;
  const inner = Object.values(type.getFields())
    .map((part) => {
      const named = getNamedType(part.type);
      return isObjectType(named) ? `${part.name} { ${leavesOf(named).join(" ")} }` : part.name;
    })
    .join(" ");
  return `{ ${field.name} { totalCount aggregates { ${inner} } } }`;
}

/** For each field a connection can be filtered by: its operators that take a value like the column's. */
export function filtersOf(field: AnyField): { column: string; operators: string[]; scalar: string }[] {
  const filter = field.args.find((arg) => arg.name === "filter");
  const named = filter && getNamedType(filter.type);
  if (!isInputObjectType(named)) return [];
  return Object.values(named.getFields()).flatMap((column) => {
    const operators = getNamedType(column.type);
    if (!isInputObjectType(operators) || ["and", "or", "not"].includes(column.name)) return [];
    const names = Object.values(operators.getFields())
      .filter((operator) => !isListType(getNullableType(operator.type)) && operator.name !== "isNull")
      .map((operator) => operator.name);
    const equal = operators.getFields().equalTo;
    return equal ? [{ column: column.name, operators: names, scalar: getNamedType(equal.type).name }] : [];
  });
}

export function nodeOf(connection: AnyField): GraphQLObjectType {
  const type = getNamedType(connection.type) as GraphQLObjectType;
  return getNamedType(type.getFields().nodes?.type as GraphQLOutputType) as GraphQLObjectType;
}

function isRequired(arg: GraphQLArgument): boolean {
  return String(arg.type).endsWith("!") && arg.defaultValue === undefined;
}

/** A list with its rows and how many there are, as a part of a document. */
export function rowsOf(list: AnyField): string {
  const [leaves] = selectionsOf(nodeOf(list), 0);
  return `${list.name} ${leaves ? `{ totalCount nodes ${leaves} }` : ""}`;
}

export function inParts<T>(all: T[], size: number): T[][] {
  return Array.from({ length: Math.ceil(all.length / size) }, (_, place) =>
    all.slice(place * size, (place + 1) * size),
  );
}
