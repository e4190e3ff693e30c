import type { RequestHandler } from "express";
import { OperationTypeNode } from "grafast/graphql";
import { z } from "zod";
import { idOf, type TrustedDocuments } from "../documents/trusted.ts";
import { Refusal } from "../errors/refusal.ts";
import { KEPT_DOCUMENTS } from "../plugins/bounded_plans.ts";
import { checkVariables, costOf, type FieldCosts, PLANNING_COST } from "./document_cost.ts";
import { type OperationShape, readDocument } from "./document_shape.ts";
import type { RateLimits } from "./rate_limits.ts";

const request = z.looseObject({
  query: z.string().min(1).optional(),
  documentId: z.string().optional(),
  operationName: z.string().nullish(),
  variables: z.record(z.string(), z.unknown()).nullish(),
  extensions: z
    .looseObject({ persistedQuery: z.looseObject({ sha256Hash: z.string() }).optional() })
    .nullish(),
});

/** Which documents are taken: any, and those of the list by their id; or those of the list only (FND-27). */
export type Documents = { trusted: TrustedDocuments; othersToo: boolean };

/** GraphQL arrives as one POSTed object: no GET, so no mutation by link, and no batches (FND-29). */
export const graphqlMethod: RequestHandler = (request, response, next) => {
  if (request.method === "POST") return next();
  response.setHeader("Allow", "POST");
  throw new Refusal("METHOD_NOT_ALLOWED", "post_only", { hint: "POST the document." });
};

/**
 * Checks the shape of the request, finds its document, and looks at what it asks for before the schema does:
 * refuses what is too much for anybody, and charges the caller with the rest (FND-29, FND-27).
 */
export function graphqlRequest(documents: Documents, costs: FieldCosts, limits: RateLimits): RequestHandler {
  const isPlanned = remembers(KEPT_DOCUMENTS);
  return (incoming, response, next) => {
    const parsed = request.safeParse(incoming.body);
    if (!parsed.success) throw malformed(String(parsed.error.issues[0]?.path[0] ?? "body"));
    const variables = parsed.data.variables ?? {};
    const { query, operations, isTrusted } = documentOf(parsed.data, documents);
    checkVariables(variables);

    if (operations?.some(({ type }) => type === OperationTypeNode.SUBSCRIPTION)) {
      throw new Refusal("VALIDATION", "no_subscriptions", { hint: "There is nothing to subscribe to." });
    }
    // Every operation must be one that may run; the one that runs is paid for.
    const all = (operations ?? []).map((operation) => ({
      operation,
      ...costOf(operation, variables, costs),
    }));
    const chosen =
      all.length > 1 ? all.find(({ operation }) => operation.name === parsed.data.operationName) : all[0];
    if (chosen) {
      if (chosen.mutations > 1 && incoming.headers["idempotency-key"] !== undefined) {
        throw new Refusal("VALIDATION", "idempotency_key_for_several", {
          details: { field: "Idempotency-Key" },
          hint: "Send mutations one by one, each with an Idempotency-Key of its own.",
        });
      }
      const planning = isTrusted || isPlanned(query) ? 0 : chosen.lookups * PLANNING_COST;
      limits.spend(incoming, response, "graphqlCost", chosen.cost + planning);
      if (chosen.mutations > 0) limits.spend(incoming, response, "mutations", chosen.mutations);
      response.locals.writes = chosen.mutations > 0;
    }

    // `onError` and other extensions are features nobody decided on yet; they do not pass by accident.
    incoming.headers["content-type"] = "application/json"; // as jsonBody has read it, however it was spelt
    incoming.body = {
      query,
      operationName: parsed.data.operationName ?? undefined,
      variables: parsed.data.variables ?? undefined,
    };
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

/** The text and the shape of the document that is meant; no shape when the text does not parse. */
function documentOf(
  body: z.output<typeof request>,
  { trusted, othersToo }: Documents,
): { query: string; operations: OperationShape[] | null; isTrusted: boolean } {
  const given = body.documentId ?? body.extensions?.persistedQuery?.sha256Hash;
  if (body.query !== undefined && !othersToo) {
    throw new Refusal("TRUSTED_DOCUMENTS_REQUIRED", "document_not_trusted", {
      hint: "Send documentId: only documents that a frontend was built with are answered here.",
    });
  }
  if (given === undefined) {
    if (body.query === undefined) throw malformed("query");
    return read(body.query);
  }

  const id = /^(?:sha256:)?([0-9a-f]{64})$/i.exec(given)?.[1]?.toLowerCase();
  if (!id) throw malformed("documentId");
  if (body.query !== undefined && idOf(body.query) !== id) throw malformed("documentId");
  const document = trusted.get(id);
  if (document) return { ...document, isTrusted: true };
  if (body.query !== undefined) return read(body.query);
  throw new Refusal("DOCUMENT_UNKNOWN", "document_unknown", {
    hint: "No document is known by this id: the server was started with another list.",
  });
}

function read(query: string): { query: string; operations: OperationShape[] | null; isTrusted: boolean } {
  return { query, operations: readDocument(query), isTrusted: false };
}

function malformed(field: string): Refusal {
  return new Refusal("VALIDATION", "request_malformed", {
    details: { field },
    hint: 'Send one object: {"query": "…", "variables": {…}}, or {"documentId": "sha256:…", "variables": {…}}.',
  });
}
