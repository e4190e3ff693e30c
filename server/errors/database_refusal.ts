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

/** Values that PostgreSQL could not read; its message repeats the value, ours does not. */
const unreadable: Record<string, string> = {
  "22001": "value_too_long",
  "22003": "value_out_of_range",
  "22007": "date_not_readable",
  "22008": "date_out_of_range",
  "22009": "time_zone_not_readable",
  "22021": "text_not_readable",
  "22023": "value_not_accepted",
  "22P02": "value_not_readable",
  "22P05": "text_not_readable",
};

/**
 * An error of PostgreSQL, or of the way to it, as something the caller may read; null when there is
 * nothing of the kind and the error must be masked (FND-29, FND-05).
 */
export function databaseRefusal(error: unknown, registry: ErrorRegistry): Refusal | null {
  if (isUnavailable(error)) {
    return new Refusal("UNAVAILABLE", "database_busy");
  }
  if (!(error instanceof pg.DatabaseError) || !error.code) return null;

  const ours = registry.bySqlstate.get(error.code);
  if (ours) return new Refusal(ours.code, error.message, readDetails(error.detail));

  const broken = constraintRefusal(error, registry);
  if (broken) return broken;

  const unread = unreadable[error.code];
  if (unread) return new Refusal("VALIDATION", unread);

  switch (error.code) {
    case "42501":
      // Which table or column it was is nobody's business.
      return new Refusal("FORBIDDEN", "not_allowed");
    case "57014":
      return new Refusal("TIMEOUT", "statement_timeout");
    case "55P03":
      return new Refusal("TIMEOUT", "lock_timeout");
    case "40001":
    case "40P01":
      return new Refusal("CONFLICT", "concurrent_change");
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
    /^(timeout exceeded when trying to connect|Connection terminated|Client (has encountered|was closed)|Cannot use a pool after calling end|Query read timeout)/.test(
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
