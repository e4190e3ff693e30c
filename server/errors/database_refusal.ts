import pg from "pg";
import { Refusal } from "../../runtime/refusal.ts";
import { constraintRefusal } from "./constraint_refusal.ts";
import type { ErrorRegistry } from "./registry.ts";

/** SQLSTATEs of failures on the way to the database rather than in it: nobody's input is at fault. */
const unavailable = new Set([
  "08000",
  "08001",
  "08003",
  "08004",
  "08006",
  "53300",
  "57P01",
  "57P02",
  "57P03",
]);
const unreachable = new Set(["ECONNREFUSED", "ECONNRESET", "ENOENT", "ENOTFOUND", "EPIPE", "ETIMEDOUT"]);

const unfitText = "A text holds a character that cannot be kept, such as NUL. Take it out.";
/** Values that PostgreSQL could not read; its message repeats the value, ours does not. */
const unreadable: Record<string, [reason: string, hint: string]> = {
  "22001": ["value_too_long", "A text is longer than its field. Shorten it."],
  "22003": ["value_out_of_range", "A number is larger or smaller than its field can hold."],
  "22007": ["date_not_readable", "Write a date as YYYY-MM-DD, and an instant with its offset or Z."],
  "22008": ["date_out_of_range", "A date or an instant lies outside the years 0001 to 9999."],
  "22009": [
    "time_zone_not_readable",
    "Name a time zone such as Europe/Bucharest: knownTimeZones lists them.",
  ],
  "22021": ["text_not_readable", unfitText],
  "22023": ["value_not_accepted", "A value is not one that its field takes."],
  "22P02": ["value_not_readable", "A value is not of the type of its field, such as a UUID or a number."],
  "22P05": ["text_not_readable", unfitText],
};

/**
 * An error of PostgreSQL, or of the way to it, as something the caller may read; null when there is
 * nothing of the kind and the error must be masked (FND-29, FND-05).
 */
export function databaseRefusal(error: unknown, registry: ErrorRegistry): Refusal | null {
  if (isUnavailable(error)) {
    return new Refusal("UNAVAILABLE", "database_busy", {
      hint: "The server is busy. Try again in a moment.",
    });
  }
  if (!(error instanceof pg.DatabaseError) || !error.code) return null;

  const ours = registry.bySqlstate.get(error.code);
  if (ours)
    return new Refusal(ours.code, error.message, {
      details: readDetails(error.detail),
      hint: error.hint ?? "",
    });

  const broken = constraintRefusal(error, registry);
  if (broken) return broken;

  const unread = unreadable[error.code];
  if (unread) return new Refusal("VALIDATION", unread[0], { hint: unread[1] });

  switch (error.code) {
    case "42501":
      // Which table or column it was is nobody's business.
      return new Refusal("FORBIDDEN", "not_allowed", { hint: "You may not do this." });
    case "57014":
      return new Refusal("TIMEOUT", "statement_timeout", { hint: "This took too long and was stopped." });
    case "55P03":
      return new Refusal("TIMEOUT", "lock_timeout", { hint: "Somebody else is changing this. Try again." });
    case "40001":
    case "40P01":
      return new Refusal("CONFLICT", "concurrent_change", {
        hint: "Somebody else changed this at the same moment. Try again.",
      });
    default:
      return null;
  }
}

/** True when the database could not be asked at all: no free connection, none possible, or shutting down. */
export function isUnavailable(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  const code = (error as { code?: string }).code;
  if (error instanceof pg.DatabaseError) return code !== undefined && unavailable.has(code);
  // pg-pool gives its time-out no code, and a connection that broke under a query none either.
  return (
    (code !== undefined && unreachable.has(code)) ||
    /^(timeout exceeded when trying to connect|Connection terminated|Cannot use a pool after calling end|Query read timeout)/.test(
      error.message,
    )
  );
}

/** `app_hidden.refuse` writes its details as JSON; another DETAIL under our SQLSTATE says nothing. */
function readDetails(detail: string | undefined): Record<string, unknown> {
  try {
    const details: unknown = JSON.parse(detail ?? "{}");
    return typeof details === "object" && details !== null && !Array.isArray(details)
      ? (details as Record<string, unknown>)
      : {};
  } catch {
    return {};
  }
}
