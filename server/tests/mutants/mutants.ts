import { readFileSync } from "node:fs";
import path from "node:path";
import { type Node, nodesOf, parse } from "./syntax.ts";

/** One change of one source that somebody should notice. */
export type Mutant = {
  kind: Kind;
  /** From the project's folder. */
  file: string;
  line: number;
  /** The function it is in, with those around it. */
  inside: string;
  /** What stands there, on one line; what stands there instead. */
  was: string;
  becomes: string;
  /** Which of several that read alike, from 1. */
  nth: number;
  start: number;
  end: number;
  text: string;
};

export const kinds = [
  "condition is true",
  "condition is false",
  "comparison turned around",
  "edge moved",
  "operand left out",
  "fallback left out",
  "negation left out",
  "yes for no",
  "every for some",
  "throw left out",
  "call left out",
  "entry left out",
  "number plus one",
  "number minus one",
] as const;
export type Kind = (typeof kinds)[number];

type Change = { kind: Kind; node: Node; text: string };

const tests = ["IfStatement", "ConditionalExpression", "WhileStatement", "DoWhileStatement", "ForStatement"];
const turned: Record<string, string> = { "===": "!==", "!==": "===", "==": "!=", "!=": "==" };
const moved: Record<string, string> = { "<": "<=", "<=": "<", ">": ">=", ">=": ">" };
/** Of a bound in time nobody can tell one unit. */
const isTime = /(?:Ms|_MS|[sS]econds|_SECONDS|minutes|hours|days)$/;

/**
 * The changes of one node. A change that is noticed whenever another one here is, is left out: a whole condition is
 * made true and false, so it is not turned around; each operand of && and || is left out, so && is not made ||, the whole
 * of an && not true, and that of an || not false.
 */
function* changesOf(node: Node, ancestors: Node[], source: string): Generator<Change> {
  const parent = ancestors.at(-1);
  const written = ({ start, end }: Node) => source.slice(start, end);
  const isTest = parent !== undefined && tests.includes(parent.type) && parent.test === node;

  if (isTest) {
    const isLoop = !["IfStatement", "ConditionalExpression"].includes(parent.type);
    // A loop without an end tells nothing.
    if (!isLoop && node.operator !== "&&") yield { kind: "condition is true", node, text: "true" };
    if (node.operator !== "||") yield { kind: "condition is false", node, text: "false" };
  }
  switch (node.type) {
    case "BinaryExpression": {
      const { left, right, operator } = node;
      const around = (instead: string) => `${written(left)} ${instead} ${written(right)}`;
      if (turned[operator] && !isTest) {
        yield { kind: "comparison turned around", node, text: around(turned[operator]) };
      }
      if (moved[operator]) yield { kind: "edge moved", node, text: around(moved[operator]) };
      break;
    }
    case "LogicalExpression": {
      const { left, right, operator } = node;
      if (operator === "??") yield { kind: "fallback left out", node, text: written(left) };
      else
        for (const kept of [left, right])
          yield { kind: "operand left out", node, text: `(${written(kept)})` };
      break;
    }
    case "UnaryExpression":
      if (node.operator === "!" && !isTest) {
        yield { kind: "negation left out", node, text: written(node.argument) };
      }
      break;
    case "Literal":
      if (typeof node.value === "boolean" && !isTest) {
        yield { kind: "yes for no", node, text: String(!node.value) };
      }
      if (typeof node.value === "number") yield* numberChanges(node, ancestors);
      break;
    case "CallExpression": {
      const method = node.callee.type === "MemberExpression" ? node.callee.property : undefined;
      if (method?.name === "every") yield { kind: "every for some", node: method, text: "some" };
      if (method?.name === "some") yield { kind: "every for some", node: method, text: "every" };
      break;
    }
    case "ThrowStatement":
      // One that is all that an if does goes with its condition.
      if (!isAllOfAnIf(node, ancestors)) yield { kind: "throw left out", node, text: "{}" };
      break;
    case "ExpressionStatement": {
      const called = node.expression.type === "AwaitExpression" ? node.expression.argument : node.expression;
      if (called.type === "CallExpression" && !isAllOfAnIf(node, ancestors)) {
        yield { kind: "call left out", node, text: "{}" };
      }
      break;
    }
    case "ArrayExpression": {
      const isOfModule = !ancestors.some(({ type }) => /Function|Method|Class/.test(type));
      if (!isOfModule || node.elements.length < 2) break;
      for (const [place, element] of node.elements.entries()) {
        const next = node.elements[place + 1];
        const gap = next
          ? { ...element, end: next.start }
          : { ...element, start: node.elements[place - 1].end };
        // A row of a table is left out whole, and what it holds is not.
        if (parent?.type !== "ArrayExpression") yield { kind: "entry left out", node: gap, text: "" };
      }
    }
  }
}

/** Numbers that bound something: in a constant of the module, beside a comparison, of a schema. */
function* numberChanges(node: Node, ancestors: Node[]): Generator<Change> {
  const parent = ancestors.at(-1);
  const more: Change = { kind: "number plus one", node, text: String(node.value + 1) };
  const less: Change = { kind: "number minus one", node, text: String(node.value - 1) };
  const isOfModule = !ancestors.some(({ type }) => /Function|Method|Class/.test(type));
  const owner = ancestors.findLast(({ type }) => type === "VariableDeclarator");
  if (parent?.type === "BinaryExpression" && moved[parent.operator]) {
    // The edge is moved to one side already; this is the other.
    const isRight = parent.right === node;
    const up = (parent.operator === "<" || parent.operator === ">=") === isRight;
    yield up ? less : more;
  } else if (parent?.type === "BinaryExpression" && turned[parent.operator]) {
    yield more;
  } else if (parent?.type === "CallExpression" && parent.arguments.includes(node)) {
    const method = parent.callee.property?.name;
    if (["min", "max", "length", "slice", "subarray"].includes(method)) yield more;
  } else if (isOfModule && owner && !isTime.test(owner.id.name ?? "") && parent?.type !== "ArrayExpression") {
    yield more;
  }
}

function isAllOfAnIf(statement: Node, ancestors: Node[]): boolean {
  const [above, parent] = ancestors.slice(-2) as [Node?, Node?];
  const block = parent?.type === "BlockStatement" ? parent : undefined;
  if (block && block.body.length > 1) return false;
  const owner = block ? above : parent;
  return owner?.type === "IfStatement" && owner.consequent === (block ?? statement) && !owner.alternate;
}

/** The names of the functions and constants around a node, the outermost first. */
function insideOf(ancestors: Node[]): string {
  return ancestors
    .filter(({ type }) =>
      /^(?:Function|Class)Declaration$|VariableDeclarator|^Property$|MethodDef/.test(type),
    )
    .map(({ id, key }) => (id ?? key)?.name)
    .filter(Boolean)
    .join(".");
}

const onOneLine = (text: string) => text.replace(/\s+/g, " ").trim();

/** All mutants of one source. */
export function mutantsOf(file: string, source: string): Mutant[] {
  const mutants: Mutant[] = [];
  const seen = new Map<string, number>();
  for (const [node, ancestors] of nodesOf(parse(source))) {
    for (const { kind, node: at, text } of changesOf(node, ancestors, source)) {
      const inside = insideOf(ancestors);
      const was = onOneLine(source.slice(at.start, at.end));
      const becomes = onOneLine(text);
      const alike = JSON.stringify([kind, inside, was, becomes]);
      const nth = (seen.get(alike) ?? 0) + 1;
      seen.set(alike, nth);
      const line = source.slice(0, at.start).split("\n").length;
      mutants.push({ kind, file, line, inside, was, becomes, nth, start: at.start, end: at.end, text });
    }
  }
  return mutants;
}

export function mutantsOfFiles(root: string, files: readonly string[]): Mutant[] {
  return files.flatMap((file) => mutantsOf(file, readFileSync(path.join(root, file), "utf8")));
}

/** The source with the change made. */
export function mutated(source: string, { start, end, text }: Mutant): string {
  return source.slice(0, start) + text + source.slice(end);
}
