/** What a caller is told: a stable code, a reason in snake_case, and what helps to mend it. */
export type RefusalBody = {
  message: string;
  extensions: { code: string; reason: string; details?: Record<string, unknown>; hint?: string };
};

/** Of a row that is not there, or that this caller may not see or change. */
export const notYours = "There is no such thing, or it is not yours to see or change.";

/** An answer of "no" that is safe to show to the caller in full, with a hint that helps. Everything else is masked. */
export class Refusal extends Error {
  override name = "Refusal";
  readonly code: string;
  readonly reason: string;
  readonly details: Record<string, unknown> | undefined;
  readonly hint: string | undefined;

  constructor(
    code: string,
    reason: string,
    { details, hint }: { details?: Record<string, unknown>; hint: string },
  ) {
    super(hint || sentence(reason.replaceAll("_", " ")));
    this.code = code;
    this.reason = reason;
    this.details = details && Object.keys(details).length > 0 ? details : undefined;
    this.hint = hint || undefined;
  }

  get extensions(): RefusalBody["extensions"] {
    return {
      code: this.code,
      reason: this.reason,
      ...(this.details ? { details: this.details } : {}),
      ...(this.hint ? { hint: this.hint } : {}),
    };
  }

  toJSON(): RefusalBody {
    return { message: this.message, extensions: this.extensions };
  }
}

/** `slot_taken` reads "Slot taken." where no hint was written. */
export function sentence(words: string): string {
  const text = words.trim();
  return `${text.charAt(0).toUpperCase()}${text.slice(1)}.`;
}
