import type { DatabaseError } from "pg";
import { Refusal } from "../../runtime/refusal.ts";
import { shapeOf } from "./allowed.ts";
import type { ErrorRegistry } from "./registry.ts";

/**
 * A broken constraint as VALIDATION or CONFLICT: which field, and the constraint's name read as a rule.
 * The row's values stay in the database's own log: DETAIL is never repeated (FND-29).
 */
export function constraintRefusal(error: DatabaseError, registry: ErrorRegistry): Refusal | null {
  switch (error.code) {
    case "23502":
      return invalid("required", {
        field: camel(error.column ?? ""),
        rule: `${words(error.column ?? "value")} is required`,
      });
    case "23514":
      return invalid("rule_broken", ruleOf(error, registry));
    case "23503":
      // Deleting what others still name is a conflict; naming what is not there is a mistake of the input.
      return /^update or delete on/.test(error.message)
        ? conflict("still_referenced", ruleOf(error, registry, "is still referenced"))
        : invalid("reference_not_found", ruleOf(error, registry, "names something that does not exist"));
    case "23001":
      return conflict("still_referenced", ruleOf(error, registry, "is still referenced"));
    case "23505":
      return conflict("already_exists", ruleOf(error, registry, "already exists"));
    case "23P01":
      return conflict("overlaps", ruleOf(error, registry, "overlaps"));
    default:
      return null;
  }
}

/** The rule as it should hold, or what is wrong where the constraint has no name of ours; `shape` has words of its own. */
type Rule = { field?: string; rule: string } & ReturnType<typeof shapeOf>;

function ruleOf(error: DatabaseError, registry: ErrorRegistry, generated?: string): Rule {
  const name = error.constraint ?? "";
  const known = registry.constraints.get(name);
  // The tenant column is in every key and never what the caller got wrong.
  const columns = (known?.columns ?? []).filter(
    (column, _, all) => column !== "organization_id" || all.length === 1,
  );
  const [only] = columns;
  const field = columns.length === 1 && only ? camel(only) : undefined;
  return {
    ...(field ? { field } : {}),
    ...(only && error.code === "23514" ? shapeOf(name, known?.allows) : {}),
    rule: readRule(name, known?.table ?? error.table ?? "", columns, generated),
  };
}

/** `services_name_is_not_blank` reads "name is not blank"; names PostgreSQL made up read from the columns. */
function readRule(name: string, table: string, columns: string[], generated: string | undefined): string {
  const own = table && name.startsWith(`${table}_`) ? name.slice(table.length + 1) : name;
  const isGenerated = own === "" || /_(fkey|key|pkey|excl|check|idx)\d*$/.test(`_${own}`);
  if (!isGenerated) return words(own);
  const what = columns.length > 0 ? columns.map(words).join(" and ") : "it";
  return `${what} ${generated ?? "breaks a rule"}`;
}

function invalid(reason: string, rule: Rule): Refusal {
  return new Refusal("VALIDATION", reason, rule);
}

function conflict(reason: string, rule: Rule): Refusal {
  return new Refusal("CONFLICT", reason, rule);
}

function words(name: string): string {
  return name.replace(/_id$/, "").replaceAll("_", " ");
}

function camel(name: string): string {
  return name.replace(/_([a-z0-9])/g, (_, letter: string) => letter.toUpperCase());
}
