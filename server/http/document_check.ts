import { OperationTypeNode } from "grafast/graphql";
import { z } from "zod";
import { asciiLower } from "../../providers/ascii_lower.ts";
import { Refusal } from "../../runtime/refusal.ts";
import { idOf, type TrustedDocuments } from "../documents/trusted.ts";
import { KEPT_DOCUMENTS } from "../plugins/bounded_plans.ts";
import { type Cost, checkVariables, costOf, type FieldCosts, PLANNING_COST } from "./document_cost.ts";
import { type OperationShape, readDocument } from "./document_shape.ts";

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

/** How a document arrives. Subscriptions come over sockets and nothing else does: a request that is POSTed ends, and is charged. */
export type Transport = "post" | "socket";

/** A request that may run: its document in full, and what the operation that runs costs, as far as that can be told. */
export type CheckedRequest = {
  query: string;
  operationName: string | undefined;
  variables: Record<string, unknown> | undefined;
  cost: Cost | undefined;
  /** What making its plan costs on top; nothing for one whose plan is kept. */
  planning: number;
  /** The fields that the operation asks for, by their names in the schema. */
  rootFields: string[];
  /** One of those that frontends were built with: its plan is kept. */
  isTrusted: boolean;
};

/** Checks one request; throws a Refusal. */
export type CheckRequest = (body: unknown, transport: Transport) => CheckedRequest;

/**
 * Checks the shape of a request, finds its document, and looks at what it asks for before the schema does: refuses
 * what is too much for anybody (FND-29, FND-27).
 */
export function createRequestCheck(documents: Documents, costs: FieldCosts): CheckRequest {
  const isPlanned = remembers(KEPT_DOCUMENTS);
  return (body, transport) => {
    const parsed = request.safeParse(body);
    if (!parsed.success) throw malformed(String(parsed.error.issues[0]?.path[0] ?? "body"));
    const { operationName, variables } = parsed.data;
    const { query, operations, isTrusted } = documentOf(parsed.data, documents);
    checkVariables(variables ?? {});
    for (const { type } of operations ?? []) {
      if ((type === OperationTypeNode.SUBSCRIPTION) !== (transport === "socket"))
        throw wrongTransport(transport);
    }

    // Every operation must be one that may run; the one that runs is paid for.
    const all = (operations ?? []).map((operation) => ({
      name: operation.name,
      rootFields: operation.fields.map((field) => field.name),
      cost: costOf(operation, variables ?? {}, costs),
    }));
    const chosen = all.length > 1 ? all.find(({ name }) => name === operationName) : all[0];
    return {
      query,
      operationName: operationName ?? undefined,
      variables: variables ?? undefined,
      cost: chosen?.cost,
      planning: isTrusted || !chosen || isPlanned(query) ? 0 : chosen.cost.lookups * PLANNING_COST,
      rootFields: chosen?.rootFields ?? [],
      isTrusted,
    };
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
    throw new Refusal("TRUSTED_DOCUMENTS_REQUIRED", "document_not_trusted");
  }
  if (given === undefined) {
    if (body.query === undefined) throw malformed("query");
    return read(body.query);
  }

  const id = /^(?:sha256:)?([0-9a-f]{64})$/.exec(asciiLower(given))?.[1];
  if (!id) throw malformed("documentId");
  if (body.query !== undefined && idOf(body.query) !== id) throw malformed("documentId");
  const document = trusted.get(id);
  if (document) return { ...document, isTrusted: true };
  if (body.query !== undefined) return read(body.query);
  throw new Refusal("DOCUMENT_UNKNOWN", "document_unknown");
}

function read(query: string): { query: string; operations: OperationShape[] | null; isTrusted: boolean } {
  return { query, operations: readDocument(query), isTrusted: false };
}

function malformed(field: string): Refusal {
  return new Refusal("VALIDATION", "request_malformed", { field });
}

function wrongTransport(transport: Transport): Refusal {
  return transport === "post"
    ? new Refusal("VALIDATION", "subscriptions_need_a_socket")
    : new Refusal("VALIDATION", "only_subscriptions");
}
