/** Reads TypeScript with positions, by the parser that the tests are run with. */
import { parseAst } from "vitest/node";

/** A node of the tree, of any type. */
// biome-ignore lint/suspicious/noExplicitAny: which properties it has depends on its type.
export type Node = { type: string; start: number; end: number } & Record<string, any>;

export function parse(text: string): Node {
  return parseAst(text, { lang: "ts" }) as Node;
}

/** What is there for the compiler alone. Of these, the expression is run all the same. */
const around = new Set(["TSAsExpression", "TSSatisfiesExpression", "TSNonNullExpression"]);

/** The nodes right below this one that are run, with the property they are in. */
function* childrenOf(node: Node): Generator<[property: string, child: Node]> {
  if (around.has(node.type)) {
    yield ["expression", node.expression];
    return;
  }
  for (const [property, value] of Object.entries(node)) {
    for (const child of Array.isArray(value) ? value : [value]) {
      if (typeof child?.type !== "string" || typeof child.start !== "number") continue;
      if (child.type.startsWith("TS") && !around.has(child.type)) continue;
      yield [property, child];
    }
  }
}

/** Every node that is run, each with the ones around it, the nearest last. */
export function* nodesOf(node: Node, ancestors: Node[] = []): Generator<[node: Node, ancestors: Node[]]> {
  yield [node, ancestors];
  for (const [, child] of childrenOf(node)) yield* nodesOf(child, [...ancestors, node]);
}
