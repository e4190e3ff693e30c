import { catalogAnswer, catalogQuery, renderAnswer, renderBody } from "./exercises.ts";
import { answer, body, jsonSchema, parametersOf, refusals } from "./openapi_parts.ts";

/** The library of exercises over HTTP (EXL-03, EXL-04, FND-31). */
export const exercisePathsDocument: Record<string, object> = {
  "/v1/portal/exercises": {
    get: {
      operationId: "getExerciseCatalog",
      summary: "The published exercises in the patient's language, each with its contraindications (EXL-04).",
      description: "FORBIDDEN library_closed while no plan, no tier and not the clinic opens the library.",
      security: [{ session: [] }],
      parameters: parametersOf(catalogQuery),
      responses: {
        200: answer("The exercises, by name.", "ExerciseCatalog"),
        ...refusals(400, 401, 403, 404, 429, 503),
      },
    },
  },
  "/v1/admin/exercises/{slug}/renders": {
    post: {
      operationId: "renderExercise",
      summary: "Asks for a video of an exercise; superadmins only (EXL-03).",
      description:
        "Looked up first: what was made for the same prescription in the same language is answered at once.",
      security: [{ session: [] }],
      parameters: [
        {
          name: "slug",
          in: "path",
          required: true,
          schema: { type: "string" },
          description: "The exercise, by its slug.",
        },
      ],
      requestBody: body("ExerciseRenderRequest"),
      responses: {
        200: answer("The video is there.", "ExerciseRender"),
        202: answer("It is being made; ask again.", "ExerciseRender"),
        ...refusals(400, 401, 403, 404, 409, 413, 415, 429, 503),
      },
    },
  },
};

export const exerciseSchemas = {
  ExerciseCatalog: jsonSchema(catalogAnswer, "output"),
  ExerciseRenderRequest: jsonSchema(renderBody, "input"),
  ExerciseRender: jsonSchema(renderAnswer, "output"),
};
