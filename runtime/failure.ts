import { describeError } from "./log.ts";

/**
 * One line about a failure for the queue and the delivery ledger, which are kept for long: no personal data
 * (FND-28). Our own refusals name a reason; other database messages may quote a row and are left out.
 */
export function describeFailure(error: unknown): string {
  const { name, sqlstate, constraint, message } = describeError(error);
  const reason = sqlstate?.startsWith("RX") && error instanceof Error ? error.message : message;
  return [name, sqlstate, constraint, reason].filter(Boolean).join(" ");
}
