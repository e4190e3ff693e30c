import type { ErrorRequestHandler } from "express";
import type { Logger } from "pino";
import { Refusal } from "../../runtime/refusal.ts";
import { masked, toRefusal } from "../errors/graphql_errors.ts";
import { languageOf } from "../errors/language.ts";
import type { ErrorRegistry } from "../errors/registry.ts";
import { signInFirst } from "../errors/sign_in_first.ts";
import { written } from "../errors/written.ts";
import { isVisitor } from "../identity/session.ts";
import type { RefusalCounter } from "../operations/request_metrics.ts";
import { LARGEST_BODY } from "./json_body.ts";
import { refuse } from "./respond.ts";

/** The last handler: refusals with their status, everything else as INTERNAL with an id for the log. */
export function failures(
  registry: ErrorRegistry,
  log: Logger,
  refusals: RefusalCounter,
): ErrorRequestHandler {
  return (error, request, response, next) => {
    if (response.headersSent) return next(error);
    const found = bodyRefusal(error) ?? toRefusal(error, registry) ?? masked(error, log);
    const refusal = found.code === "FORBIDDEN" && isVisitor(request) ? signInFirst() : found;
    refusals.inc({ code: refusal.code, reason: refusal.reason });
    refuse(response, registry.statusOf(refusal.code), written(refusal, languageOf(request)));
  };
}

/** What the body parser of express says, by its documented `type`. */
function bodyRefusal(error: { type?: string; status?: number; limit?: number }): Refusal | null {
  switch (error.type) {
    case "entity.too.large":
      return new Refusal("PAYLOAD_TOO_LARGE", "body_too_large", { most: error.limit ?? LARGEST_BODY });
    case "encoding.unsupported":
    case "charset.unsupported":
      return new Refusal("UNSUPPORTED_MEDIA_TYPE", "encoding_not_accepted");
    case "entity.parse.failed":
      return new Refusal("VALIDATION", "body_not_json");
    case "entity.verify.failed":
      return new Refusal("VALIDATION", "body_not_utf8");
    case "request.aborted":
    case "request.size.invalid":
      return new Refusal("VALIDATION", "body_incomplete");
    default:
      // A malformed percent-encoding in the path.
      return error instanceof URIError ? new Refusal("VALIDATION", "path_not_readable") : null;
  }
}
