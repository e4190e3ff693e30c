import { type GraphQLSchema, isObjectType, OperationTypeNode } from "grafast/graphql";
import { LONGEST_PAGE } from "../plugins/page_bounds.ts";
import { limits, tooLarge } from "./document_limits.ts";
import { type OperationShape, possiblePage, type Shape } from "./document_shape.ts";

/**
 * What things cost: 1 is about what looking up one row takes. A row on a page costs a tenth, because a page
 * is one statement. An aggregate reads everything it counts. A mutation writes, and waits for the disk.
 */
const weights = { field: 1, row: 0.1, totalCount: 2, aggregates: 10, mutation: 25 } as const;

/** What stands around rows and costs nothing by itself. */
const wrappers = new Set(["nodes", "edges", "node", "pageInfo"]);

/** Costs of fields by name: `@cost 20` in the comment of a function that computes rather than looks up. */
export type FieldCosts = ReadonlyMap<string, number>;

/**
 * What a document costs on top when the server must make a plan for it: milliseconds of the one thread that
 * everybody shares. Plans are kept, so it is paid once for a document that many send.
 */
export const PLANNING_COST = 20;

export type Cost = { cost: number; rows: number; lookups: number; mutations: number };

/** Which fields of the schema cost more than others, whatever type they stand on. */
export function fieldCosts(schema: GraphQLSchema): FieldCosts {
  const costs = new Map([
    ["__schema", 200],
    ["__type", 20],
    ["totalCount", weights.totalCount],
    ["aggregates", weights.aggregates],
  ]);
  for (const type of Object.values(schema.getTypeMap())) {
    if (!isObjectType(type)) continue;
    for (const field of Object.values(type.getFields())) {
      const cost = Number(field.extensions.cost);
      if (cost > 0) costs.set(field.name, Math.max(cost, costs.get(field.name) ?? 0));
    }
  }
  return costs;
}

/** What an operation costs with these variables; refuses what no caller may ask for at once (FND-27, FND-29). */
export function costOf(
  operation: OperationShape,
  variables: Record<string, unknown>,
  costs: FieldCosts,
): Cost {
  const total: Cost = { cost: 0, rows: 0, lookups: 0, mutations: 0 };
  if (operation.type === OperationTypeNode.MUTATION) {
    total.mutations = operation.fields.filter(({ name }) => name !== "__typename").length;
    total.cost = total.mutations * weights.mutation;
  }
  const isMutation = operation.type === OperationTypeNode.MUTATION;
  add(operation.fields, 1, 1, { total, variables, costs, isRoot: true, isMutation });
  return { ...total, cost: Math.ceil(total.cost) };
}

type Adding = {
  total: Cost;
  variables: Record<string, unknown>;
  costs: FieldCosts;
  isRoot: boolean;
  /** Whether these are mutations: what they answer with is at hand, but for the way back to every query. */
  isMutation: boolean;
  isPayload?: boolean;
};

/**
 * `around` is how often these fields may be answered: the rows of all pages around them, multiplied. Of a page,
 * its nodes and edges are answered once for each of `pageRows`, its total and aggregates once.
 */
function add(fields: readonly Shape[], around: number, pageRows: number, adding: Adding): void {
  const { total, costs, isRoot, isMutation, isPayload = false } = adding;
  for (const { name, page, inner } of fields) {
    const times = name === "nodes" || name === "edges" ? pageRows : around;
    const rows = page === null ? times : times * pageLength(page, adding.variables);
    if (rows > times) total.rows += rows;
    if (total.rows > limits.rows) throw tooLarge("rows");
    if ((isRoot || inner.length > 0) && !wrappers.has(name) && (!isPayload || name === "query")) {
      total.lookups += inner.length > 0 ? 1 : 0;
      total.cost += Math.max(weights.field, rows * weights.row);
    }
    if (total.lookups > limits.lookups) throw tooLarge("lookups");
    total.cost += times * (costs.get(name) ?? 0);
    if (total.cost > limits.cost) throw tooLarge("cost");
    // What the schema says of itself is not looked up, whatever its own rule lets pass.
    if (inner.length > 0 && !name.startsWith("__")) {
      add(inner, times, rows, { ...adding, isRoot: false, isMutation: false, isPayload: isMutation });
    }
  }
}

function pageLength(page: NonNullable<Shape["page"]>, variables: Record<string, unknown>): number {
  if (typeof page === "number") return page;
  const asked = variables[page.variable];
  return asked === undefined || asked === null ? LONGEST_PAGE : possiblePage(Number(asked));
}

/** Refuses variables that nest too deep or hold too many values, wherever they are used. */
export function checkVariables(variables: Record<string, unknown>): void {
  let inputs = 0;
  const visit = (value: unknown, depth: number): void => {
    if (depth > limits.inputDepth) throw tooLarge("inputDepth");
    inputs += 1;
    if (inputs > limits.inputs) throw tooLarge("inputs");
    if (typeof value !== "object" || value === null) return;
    for (const inner of Array.isArray(value) ? value : Object.values(value)) visit(inner, depth + 1);
  };
  for (const value of Object.values(variables)) visit(value, 1);
}
