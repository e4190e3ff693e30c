/**
 * Codes that HTTP and GraphQL add to those of `app_hidden.error_codes`; the database raises
 * none of them. Both lists together are docs/error-codes.md (FND-29).
 */
export const serverCodes = {
  GRAPHQL_VALIDATION: {
    status: 400,
    meaning: "The document is not valid GraphQL for this schema, or its variables do not fit it.",
  },
  DOCUMENT_TOO_LARGE: {
    status: 400,
    meaning: "The document goes too deep or asks for too much at once; details names the limit.",
  },
  TRUSTED_DOCUMENTS_REQUIRED: {
    status: 400,
    meaning:
      "Only documents that a frontend was built with are answered here; send the id of one as documentId.",
  },
  DOCUMENT_UNKNOWN: {
    status: 404,
    meaning: "No trusted document has this id; frontend and server were deployed with different lists.",
  },
  ROUTE_NOT_FOUND: { status: 404, meaning: "There is no such path." },
  METHOD_NOT_ALLOWED: {
    status: 405,
    meaning: "The path exists, the method does not; the Allow header lists what does.",
  },
  PAYLOAD_TOO_LARGE: { status: 413, meaning: "The body is larger than the server reads." },
  UNSUPPORTED_MEDIA_TYPE: { status: 415, meaning: "Bodies are application/json and nothing else." },
  INTERNAL: {
    status: 500,
    meaning: "Something of ours broke. details.errorId finds it in the logs; nothing else is told.",
  },
  UNAVAILABLE: {
    status: 503,
    meaning:
      "The server is busy, or the database or the file store does not answer. Try again after Retry-After.",
  },
  TIMEOUT: { status: 504, meaning: "The statement took too long and was stopped; nothing was written." },
} as const satisfies Record<string, { status: number; meaning: string }>;

export type ServerCode = keyof typeof serverCodes;
