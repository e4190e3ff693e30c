import type { Token } from "./sql_tokens.ts";

/** Tokens from..to (exclusive). */
export type Place = { from: number; to: number };

/** One part of a condition, what takes its place when it is left out, and what has to be true as well. */
export type Term = Place & { neutral: "true" | "false"; isWhole: boolean; beside: Place[] };

/** A condition, where it stands and the terms it is made of. */
export type Condition = { opener: string; from: number; to: number; terms: Term[] };

/** Words behind which a condition stands. */
const openers = new Set(["where", "on", "having", "if", "elsif", "when", "while", "return"]);
/** Words that end a condition at its own depth. */
const ends = new Set(
  (
    "then loop group order limit offset for returning union except intersect window having where join inner cross " +
    "full set do else end when from as"
  ).split(" "),
);

/**
 * Every condition in a body, with the terms that `and` and `or` join, those in parentheses too. A condition of a join
 * that is one term is left out: without it the query says something else altogether, and everybody notices.
 */
export function conditionsOf(tokens: Token[]): Condition[] {
  const found: Condition[] = [];
  tokens.forEach((token, at) => {
    if (token.kind !== "word" || !openers.has(token.text) || isNotACondition(tokens, at)) return;
    const end = endOf(tokens, at + 1, token.text);
    if (end <= at + 1) return;
    const terms = termsOf(tokens, at + 1, end, "true");
    const [from, to] = insideParentheses(tokens, at + 1, end) ?? [at + 1, end];
    // What is returned is a condition only where it is joined of several.
    if (token.text === "return" && terms.length < 2) return;
    found.push({
      opener: token.text,
      from,
      to,
      terms: token.text === "on" ? terms.filter(({ isWhole }) => !isWhole) : terms,
    });
  });
  return found;
}

function isNotACondition(tokens: Token[], at: number): boolean {
  const token = tokens[at];
  const before = tokens[at - 1]?.text;
  const after = tokens[at + 1]?.text;
  if (token?.text === "on") return ["conflict", "constraint", "delete", "update"].includes(after ?? "");
  if (token?.text === "if")
    return before === "end" || (after === "exists" && before !== ";" && before === "table");
  if (token?.text === "return") return after === ";" || after === "query" || after === "next";
  // `exception when unique_violation then` names errors.
  if (token?.text === "when") return namesErrors(tokens, at) || namesAValue(tokens, at);
  return false;
}

/** `case kind when 'hold' then`: a value to compare with, not a condition. */
function namesAValue(tokens: Token[], at: number): boolean {
  const end = endOf(tokens, at + 1, "when");
  return tokens
    .slice(at + 1, end)
    .every(
      ({ kind, text }, index, all) =>
        kind === "string" || kind === "number" || text === "::" || all[index - 1]?.text === "::",
    );
}

function namesErrors(tokens: Token[], at: number): boolean {
  let end = at + 1;
  while (tokens[end] && tokens[end]?.text !== "then") end++;
  const words = tokens.slice(at + 1, end);
  if (words[0]?.text === "sqlstate") return true;
  return (
    words.length % 2 === 1 &&
    words.every(({ text, kind }, index) => (index % 2 === 0 ? kind === "word" : text === "or")) &&
    words.every(({ text }) => ["or", "others"].includes(text) || /_/.test(text)) &&
    !words.some(({ text }) => text.startsWith("v_"))
  );
}

function endOf(tokens: Token[], from: number, opener: string): number {
  let depth = 0;
  let cases = 0;
  for (let at = from; at < tokens.length; at++) {
    const { text, kind } = tokens[at] as Token;
    if (text === "(" || text === "[") depth++;
    else if (text === ")" || text === "]") {
      if (depth === 0) return at;
      depth--;
    } else if (depth > 0) continue;
    else if (text === "case") cases++;
    else if (text === "end" && cases > 0) cases--;
    else if (cases > 0) continue;
    else if (text === ";") return at;
    else if (text === "," && opener !== "return") return at;
    else if (text === "on" && tokens[at + 1]?.text === "conflict") return at;
    else if (kind === "word" && (text === "left" || text === "right") && tokens[at + 1]?.text !== "(")
      return at;
    else if (kind === "word" && ends.has(text)) {
      // `is distinct from` does not end anything.
      if (text === "from" && tokens[at - 1]?.text === "distinct") continue;
      return at;
    }
  }
  return tokens.length;
}

function termsOf(tokens: Token[], from: number, to: number, neutral: "true" | "false"): Term[] {
  const alternatives = split(tokens, from, to, "or");
  if (alternatives.length > 1) {
    return alternatives.flatMap(([start, end]) => [
      { from: start, to: end, neutral: "false" as const, isWhole: false, beside: [] },
      ...conjunctsOf(tokens, start, end, neutral, false),
    ]);
  }
  return conjunctsOf(tokens, from, to, neutral, true);
}

function conjunctsOf(
  tokens: Token[],
  from: number,
  to: number,
  neutral: "true" | "false",
  isWhole: boolean,
): Term[] {
  const parts = split(tokens, from, to, "and");
  if (parts.length === 1) {
    const inner = insideParentheses(tokens, from, to);
    if (inner)
      return termsOf(tokens, ...inner, neutral).map((term) => ({
        ...term,
        isWhole: term.isWhole && isWhole,
      }));
    return isWhole ? [{ from, to, neutral, isWhole, beside: [] }] : [];
  }
  return parts.flatMap(([start, end]) => {
    const inner = insideParentheses(tokens, start, end);
    const beside = parts.filter(([other]) => other !== start).map(([from, to]) => ({ from, to }));
    return [
      { from: start, to: end, neutral: "true" as const, isWhole: false, beside },
      ...(inner ? termsOf(tokens, ...inner, "true").filter((term) => !term.isWhole) : []),
    ];
  });
}

/** The places between the words `and` or `or` at this depth; the `and` of a `between` joins nothing. */
function split(tokens: Token[], from: number, to: number, word: "and" | "or"): [number, number][] {
  const parts: [number, number][] = [];
  let depth = 0;
  let cases = 0;
  let isBetween = false;
  let start = from;
  for (let at = from; at < to; at++) {
    const { text } = tokens[at] as Token;
    if (text === "(" || text === "[") depth++;
    else if (text === ")" || text === "]") depth--;
    else if (text === "case") cases++;
    else if (text === "end") cases--;
    else if (depth > 0 || cases > 0) continue;
    else if (text === "between") isBetween = true;
    else if (text === "and" && isBetween) isBetween = false;
    else if (text === word) {
      parts.push([start, at]);
      start = at + 1;
    }
  }
  parts.push([start, to]);
  return parts;
}

/** `not (a or b)`, `(a or b)`: the places inside, unless it is a query. */
function insideParentheses(tokens: Token[], from: number, to: number): [number, number] | undefined {
  const start = tokens[from]?.text === "not" ? from + 1 : from;
  if (tokens[start]?.text !== "(" || tokens[to - 1]?.text !== ")") return undefined;
  if (["select", "with", "values"].includes(tokens[start + 1]?.text ?? "")) return undefined;
  let depth = 0;
  for (let at = start; at < to - 1; at++) {
    if (tokens[at]?.text === "(") depth++;
    if (tokens[at]?.text === ")" && --depth === 0) return undefined;
  }
  return [start + 1, to - 1];
}
