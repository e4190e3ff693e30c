import type { RequestHandler } from "express";
import { Refusal } from "../../runtime/refusal.ts";
import type { CheckRequest } from "./document_check.ts";
import type { RateLimits } from "./rate_limits.ts";

/** GraphQL arrives as one POSTed object: no GET, so no mutation by link, and no batches (FND-29). */
export const graphqlMethod: RequestHandler = (request, response, next) => {
  if (request.method === "POST") return next();
  response.setHeader("Allow", "POST");
  throw new Refusal("METHOD_NOT_ALLOWED", "post_only");
};

/** Mutations that make the server sign a URL, or read a whole object. */
const uploading = new Set(["requestUpload", "confirmUpload"]);

/** Checks the document before the schema sees it, and charges the caller with what it costs (FND-29, FND-27). */
export function graphqlRequest(checkRequest: CheckRequest, limits: RateLimits): RequestHandler {
  return (incoming, response, next) => {
    const { cost, planning, rootFields, isTrusted: _, ...body } = checkRequest(incoming.body, "post");
    if (cost) {
      if (cost.mutations > 1 && incoming.headers["idempotency-key"] !== undefined) {
        throw new Refusal("VALIDATION", "idempotency_key_for_several", {
          field: "Idempotency-Key",
        });
      }
      limits.spend(incoming, response, "graphqlCost", cost.cost + planning);
      if (cost.mutations > 0) limits.spend(incoming, response, "mutations", cost.mutations);
      const uploads = rootFields.filter((name) => uploading.has(name)).length;
      if (uploads > 0) limits.spend(incoming, response, "uploads", uploads);
      response.locals.writes = cost.mutations > 0;
    }

    // `onError` and other extensions are features nobody decided on yet; they do not pass by accident.
    incoming.headers["content-type"] = "application/json"; // as jsonBody has read it, however it was spelt
    incoming.body = body;
    next();
  };
}
