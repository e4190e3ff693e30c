/** One operation, as `npm run client` writes it: its text, what goes in, what comes out, and how it is named in production. */
export type Operation<Result, Variables> = {
  readonly __apiType?: ((variables: Variables) => Result) | undefined;
  readonly __meta__?: Record<string, unknown> | undefined;
  toString(): string;
};

/** The variables of an operation that needs none. */
export type None = Record<string, never>;

/** What may be said of one call. */
export type CallOptions = {
  /** The key of a call that was made before (before the page was loaded again): it is answered as then (FND-26). */
  idempotencyKey?: string;
  /** Ends the waiting, and the tries. */
  signal?: AbortSignal;
};

/** What the generator knows of an operation. */
export type Meta = {
  /** By this the API knows it in production: as in the list that `npm run documents` writes (FND-27). */
  documentId: string;
  kind: "query" | "mutation" | "subscription";
  /** The API answers a repeat under the same Idempotency-Key as it answered the first time. */
  isRemembered: boolean;
};

export function metaOf({ __meta__: meta }: Operation<unknown, never>): Meta {
  if (typeof meta?.documentId !== "string")
    throw new TypeError("This operation was not written by npm run client.");
  return meta as Meta;
}

/** How an operation is named in a request: by its id where the API has the list of what a frontend asks, else by its text. */
export function named(
  operation: Operation<unknown, never>,
  documents: "texts" | "ids",
): { query: string } | { documentId: string } {
  return documents === "ids" ? { documentId: metaOf(operation).documentId } : { query: String(operation) };
}

/** Variables as JSON; a bigint is written as text, as the API writes it. */
export function asJson(value: unknown): string {
  return JSON.stringify(value, (_, inner) => (typeof inner === "bigint" ? String(inner) : inner));
}
