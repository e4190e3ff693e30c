import { previewBody } from "./document_templates.ts";
import { body, jsonSchema, refusals } from "./openapi_parts.ts";

/** What is done with documents over HTTP (DOC-01, FND-31). */
export const documentPaths: Record<string, object> = {
  "/v1/document-templates/preview": {
    post: {
      operationId: "previewDocumentTemplate",
      summary: "A draft of a template as a PDF, with sample data or those of a record (DOC-01).",
      description:
        "VALIDATION content_not_valid names each place of the draft that is wrong, as saving it would; " +
        "document_not_renderable says why the draft makes no document. Two previews are made at once; more are UNAVAILABLE.",
      security: [{ session: [] }],
      requestBody: body("DocumentPreview"),
      responses: {
        200: {
          description: "The document.",
          content: { "application/pdf": { schema: { type: "string", format: "binary" } } },
        },
        ...refusals(400, 401, 403, 404, 413, 415, 429, 503),
      },
    },
  },
};

export const documentSchemas = { DocumentPreview: jsonSchema(previewBody, "input") };
