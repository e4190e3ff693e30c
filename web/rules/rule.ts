/** A rule as the API takes it: the JSON that `ruleBuilder` says how to compose. */
export type Rule =
  | { all: Rule[] }
  | { any: Rule[] }
  | { not: Rule }
  | Comparison
  | { count: Counted; operator: string; value: unknown }
  | { segment: string };

/** A field beside what it is compared with; without a value where the operator asks for none. */
export type Comparison = { field: string; operator: string; value?: unknown };

/** What is counted: all of it, or that for which a rule over its own fields holds, or that of some time. */
export type Counted = { of: string; where?: Rule; within?: Window };
export type Window = { days: number } | { from: string; to: string };

/** The parts of a group, and which kind of group it is; null of a rule that is none. */
export function groupOf(rule: Rule): { kind: "all" | "any"; parts: Rule[] } | null {
  if ("all" in rule) return { kind: "all", parts: rule.all };
  if ("any" in rule) return { kind: "any", parts: rule.any };
  return null;
}

export function groupWith(kind: "all" | "any", parts: Rule[]): Rule {
  return kind === "all" ? { all: parts } : { any: parts };
}

/** A rule with one of its parts replaced, or left out where there is none to put in its place. */
export function withPart(parts: Rule[], place: number, part: Rule | null): Rule[] {
  return part ? parts.map((one, i) => (i === place ? part : one)) : parts.filter((_, i) => i !== place);
}
