import type { RequestHandler } from "express";
import { Refusal } from "../errors/refusal.ts";
import { KEPT_DOCUMENTS } from "../plugins/bounded_plans.ts";
import { PLANNING_COST } from "./document_cost.ts";
import type { Judge } from "./document_judge.ts";
import type { RateLimits } from "./rate_limits.ts";

/** GraphQL arrives as one POSTed object: no GET, so no mutation by link, and no batches (FND-29). */
export const graphqlMethod: RequestHandler = (request, response, next) => {
  if (request.method === "POST") return next();
  response.setHeader("Allow", "POST");
  throw new Refusal("METHOD_NOT_ALLOWED", "post_only", { hint: "POST the document." });
};

/** Mutations that make the server sign a URL, or read a whole object. */
const uploading = new Set(["requestUpload", "confirmUpload"]);

/** Judges the document before the schema sees it, and charges the caller with what it costs (FND-29, FND-27). */
export function graphqlRequest(judge: Judge, limits: RateLimits): RequestHandler {
  const isPlanned = remembers(KEPT_DOCUMENTS);
  return (incoming, response, next) => {
    const { cost, rootFields, isTrusted, ...body } = judge(incoming.body, "post");
    if (cost) {
      if (cost.mutations > 1 && incoming.headers["idempotency-key"] !== undefined) {
        throw new Refusal("VALIDATION", "idempotency_key_for_several", {
          details: { field: "Idempotency-Key" },
          hint: "Send mutations one by one, each with an Idempotency-Key of its own.",
        });
      }
      const planning = isTrusted || isPlanned(body.query) ? 0 : cost.lookups * PLANNING_COST;
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

/** Says of each text whether it was among the last `most` different ones. */
function remembers(most: number): (text: string) => boolean {
  const texts = new Set<string>();
  return (text) => {
    const isKnown = texts.delete(text);
    texts.add(text);
    if (texts.size > most) texts.delete(texts.values().next().value as string);
    return isKnown;
  };
}
