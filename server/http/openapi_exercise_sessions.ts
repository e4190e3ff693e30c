import { recordingsAnswer, replayAnswer } from "./exercise_sessions.ts";
import { answer, jsonSchema, refusals } from "./openapi_parts.ts";

const id = (description: string) => ({
  name: "id",
  in: "path",
  required: true,
  schema: { type: "string", format: "uuid" },
  description,
});

/** Recordings of sessions over HTTP (TEL-07, FND-31). */
export const exerciseSessionPathsDocument: Record<string, object> = {
  "/v1/me/exercise-sessions": {
    get: {
      operationId: "getMyExerciseSessions",
      summary:
        "What was recorded of the caller, and of whom they care for: the newest 100, newest first (TEL-07).",
      security: [{ session: [] }],
      responses: { 200: answer("The recordings.", "ExerciseSessions"), ...refusals(401, 429, 503) },
    },
  },
  "/v1/patients/{id}/exercise-sessions": {
    get: {
      operationId: "getPatientExerciseSessions",
      summary: "What was recorded of a patient of the clinic: the newest 100, newest first (TEL-07).",
      description: "Needs exercise_sessions.view. The reading is on record.",
      security: [{ session: [] }],
      parameters: [id("The patient's id at the clinic.")],
      responses: {
        200: answer("The recordings.", "ExerciseSessions"),
        ...refusals(400, 401, 403, 404, 429, 503),
      },
    },
  },
  "/v1/exercise-sessions/{id}/replay": {
    get: {
      operationId: "getExerciseSessionReplay",
      summary: "A link of minutes to the recorded movement of a session (TEL-07).",
      description:
        "For the person, and for staff with exercise_sessions.view. Who asked is on record before the link is made. STATE replay_not_ready while it is recorded, replay_archived while it is in the archive; GONE replay_removed once it is not kept.",
      security: [{ session: [] }],
      parameters: [id("The recording.")],
      responses: {
        200: answer("The link.", "ExerciseSessionReplay"),
        ...refusals(400, 401, 403, 404, 409, 410, 429, 503),
      },
    },
  },
};

export const exerciseSessionSchemas = {
  ExerciseSessions: jsonSchema(recordingsAnswer, "output"),
  ExerciseSessionReplay: jsonSchema(replayAnswer, "output"),
};
