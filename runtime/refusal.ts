/**
 * An answer of "no" that is safe to show to the caller: a stable code, a reason in snake_case, and details for programs.
 * What people read of it stands in server/errors/texts. Everything else that is thrown is masked (FND-29).
 */
export class Refusal extends Error {
  override name = "Refusal";
  readonly code: string;
  readonly reason: string;
  readonly details: Record<string, unknown> | undefined;

  constructor(code: string, reason: string, details?: Record<string, unknown>) {
    super(`${code} ${reason}`);
    this.code = code;
    this.reason = reason;
    this.details = details && Object.keys(details).length > 0 ? details : undefined;
  }
}
