import type { RequestHandler } from "express";
import { z } from "zod";
import { Refusal } from "../errors/refusal.ts";
import { checkDocument } from "./document_limits.ts";

const request = z.looseObject({
  query: z.string().min(1),
  operationName: z.string().nullish(),
  variables: z.record(z.string(), z.unknown()).nullish(),
  extensions: z.record(z.string(), z.unknown()).nullish(),
});

/** GraphQL arrives as one POSTed object: no GET, so no mutation by link, and no batches (FND-29). */
export const graphqlMethod: RequestHandler = (request, response, next) => {
  if (request.method === "POST") return next();
  response.setHeader("Allow", "POST");
  throw new Refusal("METHOD_NOT_ALLOWED", "post_only", { hint: "POST the document." });
};

/** Checks the shape of the request and the size of its document, before the schema looks at it. */
export const graphqlRequest: RequestHandler = (incoming, _response, next) => {
  const parsed = request.safeParse(incoming.body);
  if (!parsed.success) {
    const field = String(parsed.error.issues[0]?.path[0] ?? "body");
    throw new Refusal("VALIDATION", "request_malformed", {
      details: { field },
      hint: 'Send one object: {"query": "…", "variables": {…}}.',
    });
  }
  checkDocument(parsed.data.query, parsed.data.variables ?? {});
  // `onError` and document ids are features nobody decided on yet; they do not pass by accident.
  incoming.headers["content-type"] = "application/json"; // as jsonBody has read it, however it was spelt
  incoming.body = {
    query: parsed.data.query,
    operationName: parsed.data.operationName ?? undefined,
    variables: parsed.data.variables ?? undefined,
  };
  next();
};
