import type { DatabaseError } from "pg";
import { Refusal, sentence } from "../../runtime/refusal.ts";
import { type Allowed, wordsOfAllowed } from "./allowed.ts";
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
        isBroken: false,
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

/** `isBroken`: the rule is written as it should hold, so the sentence must say that it does not. `says` says it better. */
type Rule = { field?: string; rule: string; isBroken: boolean; says?: string } & Partial<Allowed>;

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
    ...(only && error.code === "23514" ? helpOf(name, only, known?.allows) : {}),
    ...readRule(name, known?.table ?? error.table ?? "", columns, generated),
  };
}

function helpOf(constraint: string, column: string, allows: Allowed | undefined): Partial<Rule> {
  const says = wordsOfAllowed(words(column), constraint, allows);
  return { ...allows, ...(says ? { says } : {}) };
}

/** `services_name_is_not_blank` reads "name is not blank"; names PostgreSQL made up read from the columns. */
function readRule(
  name: string,
  table: string,
  columns: string[],
  generated: string | undefined,
): Omit<Rule, "field"> {
  const own = table && name.startsWith(`${table}_`) ? name.slice(table.length + 1) : name;
  const isGenerated = own === "" || /_(fkey|key|pkey|excl|check|idx)\d*$/.test(`_${own}`);
  if (!isGenerated) return { rule: words(own), isBroken: true };
  const what = columns.length > 0 ? columns.map(words).join(" and ") : "it";
  return { rule: `${what} ${generated ?? "breaks a rule"}`, isBroken: false };
}

function invalid(reason: string, rule: Rule): Refusal {
  return refusal("VALIDATION", reason, rule);
}

function conflict(reason: string, rule: Rule): Refusal {
  return refusal("CONFLICT", reason, rule);
}

function refusal(code: string, reason: string, { isBroken, says, ...details }: Rule): Refusal {
  const rule = says ?? details.rule;
  return new Refusal(code, reason, {
    details,
    hint: sentence(isBroken ? `This must hold: ${rule}` : rule),
  });
}

function words(name: string): string {
  return name.replace(/_id$/, "").replaceAll("_", " ");
}

function camel(name: string): string {
  return name.replace(/_([a-z0-9])/g, (_, letter: string) => letter.toUpperCase());
}
