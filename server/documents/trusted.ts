import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { type GraphQLSchema, parse, validate } from "grafast/graphql";
import { z } from "zod";
import { ConfigError } from "../../runtime/config_error.ts";
import { inEnglish } from "../errors/written.ts";
import { type OperationShape, readDocument } from "../http/document_shape.ts";

/** A document that a frontend was built with. Its limits were looked at when it was read. */
export type TrustedDocument = { name: string; query: string; operations: OperationShape[] };

/** By the SHA-256 of their text, in hexadecimal. */
export type TrustedDocuments = ReadonlyMap<string, TrustedDocument>;

/** What `npm run documents` writes and the server reads. */
const documentsFile = z.record(
  z.string().regex(/^[0-9a-f]{64}$/),
  z.strictObject({ name: z.string().min(1), document: z.string().min(1) }),
);

export function idOf(document: string): string {
  return createHash("sha256").update(document).digest("hex");
}

/**
 * Reads the list of trusted documents (FND-27). Throws ConfigError when the file cannot be read, is no such
 * list, holds a document under another's id, or one that asks for more than anybody may.
 */
export function readTrustedDocuments(path: string): TrustedDocuments {
  const must = (what: string): ConfigError =>
    new ConfigError(`TRUSTED_DOCUMENTS must be a file that npm run documents wrote: ${what}.`);
  let text: string;
  try {
    text = readFileSync(path, "utf8");
  } catch (error) {
    throw must(`it cannot be read (${(error as NodeJS.ErrnoException).code})`);
  }
  const parsed = documentsFile.safeParse(readJson(text));
  if (!parsed.success) throw must("its content is something else");

  const documents = new Map<string, TrustedDocument>();
  for (const [id, { name, document }] of Object.entries(parsed.data)) {
    if (idOf(document) !== id) throw must(`${name} was changed after it was written`);
    let operations: OperationShape[] | null;
    try {
      operations = readDocument(document);
    } catch (error) {
      throw must(`${name} asks for too much. ${inEnglish(error)}`);
    }
    if (!operations) throw must(`${name} is not GraphQL`);
    documents.set(id, { name, query: document, operations });
  }
  return documents;
}

/** Names of documents that this schema does not know how to answer: their frontend is older, or newer. */
export function staleDocuments(documents: TrustedDocuments, schema: GraphQLSchema): string[] {
  return [...documents.values()]
    .filter(({ query }) => validate(schema, parse(query), undefined, { maxErrors: 1 }).length > 0)
    .map(({ name }) => name);
}

function readJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
