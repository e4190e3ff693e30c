import { createHash, randomUUID } from "node:crypto";
import { isSafeError } from "grafast";
import { GraphQLError } from "grafast/graphql";
import type { Logger } from "pino";
import { describeError } from "../../runtime/log.ts";
import { Refusal } from "../../runtime/refusal.ts";
import type { RefusalCounter } from "../operations/request_metrics.ts";
import { currentRequest } from "./current_request.ts";
import { databaseRefusal } from "./database_refusal.ts";
import { kmsRefusal } from "./kms_refusal.ts";
import { languageOf } from "./language.ts";
import type { ErrorRegistry } from "./registry.ts";
import { written } from "./written.ts";

/** Plain errors that libraries throw about the caller's own input, by their fixed texts. */
const aboutInput: [pattern: RegExp, code: string, reason: string][] = [
  [/^(Null literals|Empty objects) are forbidden in filter argument input/, "VALIDATION", "filter_is_empty"],
  [
    /^Invalid ('before' |'after' )?cursor|^Can only use '(before|after)' cursor/,
    "VALIDATION",
    "cursor_not_readable",
  ],
  [/^No values were (updated|deleted) in collection/, "NOT_FOUND", "not_found"],
];

/**
 * What a caller sees of an error inside a GraphQL answer (FND-29): refusals pass with code, reason,
 * details and hint; everything else becomes INTERNAL with an id that finds it in the log.
 */
export function createErrorMask(
  registry: ErrorRegistry,
  log: Logger,
  refusals: RefusalCounter,
): (error: GraphQLError) => GraphQLError {
  const shown = (error: GraphQLError): GraphQLError => {
    const cause = rootOf(error);
    const refusal = toRefusal(cause, registry);
    if (refusal) return present(error, refusal);
    if (cause instanceof GraphQLError && error.path === undefined) return validationError(cause);
    return present(error, masked(cause, log));
  };
  return (error) => {
    const answer = shown(error);
    refusals.inc({ code: String(answer.extensions.code), reason: String(answer.extensions.reason) });
    return answer;
  };
}

/**
 * The document did not fit the schema: a clean message with places, without guesses at other names. A value that a
 * scalar of ours refused is told as any refusal.
 */
export function validationError(error: GraphQLError): GraphQLError {
  const cause = rootOf(error);
  if (cause instanceof Refusal) return present(error, cause);
  const problem = withoutValues(error.message).slice(0, 300);
  return present(error, new Refusal("GRAPHQL_VALIDATION", "document_invalid", { problem }));
}

/**
 * What does not fit may be a key that somebody put into the wrong field: the message says where, never what
 * (FND-23). graphql-js quotes values after these words and nowhere else.
 */
function withoutValues(message: string): string {
  return message
    .replace(/ Did you mean [^?]*\?/g, "")
    .replace(
      /^(Variable "\$\w+") got invalid value .*?( at "[\w.[\]]+")?; .*$/s,
      "$1 got an invalid value$2.",
    )
    .replace(/^(\w+ cannot represent [^:]*): .*$/s, "$1.")
    .replace(/, found .*$/s, ".")
    .replace(/^(Value) .* (does not exist in|is not valid)/s, "$1 $2");
}

export function toRefusal(cause: unknown, registry: ErrorRegistry): Refusal | null {
  if (cause instanceof Refusal) return cause;
  const known = databaseRefusal(cause, registry) ?? kmsRefusal(cause);
  if (known) return known;
  if (!(cause instanceof Error) || cause instanceof GraphQLError) return null;
  const aboutThis = aboutInput.find(([pattern]) => pattern.test(cause.message));
  if (aboutThis) return new Refusal(aboutThis[1], aboutThis[2]);
  return isSafeError(cause)
    ? new Refusal("VALIDATION", "request_not_accepted", { problem: cause.message.replace(/\.$/, "") })
    : null;
}

/** Logs what broke and answers with an id only. The hash groups repeats of the same fault. */
export function masked(cause: unknown, log: Logger): Refusal {
  const errorId = randomUUID();
  const error = describeError(cause);
  const hash = createHash("sha256")
    .update(JSON.stringify([error.name, error.sqlstate, error.stack]))
    .digest("hex")
    .slice(0, 12);
  log.error({ errorId, hash, error }, "unexpected error");
  return new Refusal("INTERNAL", "unexpected", { errorId });
}

/** In the language of whoever asked. */
function present(error: GraphQLError, refusal: Refusal): GraphQLError {
  const { message, extensions } = written(refusal, languageOf(currentRequest()));
  return new GraphQLError(message, {
    nodes: error.nodes,
    source: error.source,
    positions: error.positions,
    path: error.path,
    originalError: refusal,
    extensions,
  });
}

function rootOf(error: GraphQLError): unknown {
  let cause: unknown = error;
  while (cause instanceof GraphQLError && cause.originalError) cause = cause.originalError;
  return cause;
}
