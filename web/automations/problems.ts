import type { ProblemFound } from "../schema_form/problems.ts";

const conditions = "$.conditions";

/** What is wrong with the conditions, as a builder of rules takes it: the reason by the path within the rule. */
export function problemsOfConditions(found: readonly ProblemFound[]): Map<string, string> {
  return new Map(
    found
      .filter(({ path }) => path.startsWith(conditions))
      .map(({ path, reason }) => [`$${path.slice(conditions.length)}`, reason]),
  );
}
