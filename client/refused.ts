import type { ErrorCode, ErrorExtensions, ErrorReason } from "./generated/errors.ts";

/** A refusal with this code and this reason, or with any reason of the code. */
export type RefusalOf<Code extends ErrorCode, Reason extends ErrorReason<Code> = ErrorReason<Code>> = Extract<
  ErrorExtensions,
  { code: Code; reason: Reason }
>;

/**
 * The API said no. `message` is for people, in their language; programs decide by `refusal`, whose code and reason say
 * what its details hold (docs/error-codes.md). A server that is newer than this client may know others.
 */
export class Refused extends Error {
  override readonly name = "Refused";
  readonly refusal: ErrorExtensions;

  constructor(message: string, refusal: ErrorExtensions) {
    super(message);
    this.refusal = refusal;
  }
}

/** No answer came, or one that is not the API's: whether it was done is not known. */
export class Unreachable extends Error {
  override readonly name = "Unreachable";
}

/** The refusal behind an error, if it is one: of this code, and this reason, where they are named. */
export function refusalOf(error: unknown): ErrorExtensions | null;
export function refusalOf<Code extends ErrorCode, Reason extends ErrorReason<Code> = ErrorReason<Code>>(
  error: unknown,
  code: Code,
  reason?: Reason,
): RefusalOf<Code, Reason> | null;
export function refusalOf(error: unknown, code?: string, reason?: string): ErrorExtensions | null {
  if (!(error instanceof Refused)) return null;
  const { refusal } = error;
  const isMeant =
    (code === undefined || refusal.code === code) && (reason === undefined || refusal.reason === reason);
  return isMeant ? refusal : null;
}

/** What an answer says about errors, as the API writes it; null where it says none. */
export function errorIn(answer: unknown): Refused | null {
  const { errors } = (answer ?? {}) as { errors?: unknown };
  if (!Array.isArray(errors) || errors.length === 0) return null;
  const { message, extensions } = errors[0] as { message?: unknown; extensions?: unknown };
  return isRefusal(extensions) ? new Refused(String(message), extensions) : null;
}

function isRefusal(extensions: unknown): extensions is ErrorExtensions {
  const { code, reason } = (extensions ?? {}) as { code?: unknown; reason?: unknown };
  return typeof code === "string" && typeof reason === "string";
}
