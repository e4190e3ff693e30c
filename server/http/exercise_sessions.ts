import { type Request, type RequestHandler, type Response, Router } from "express";
import type { Pool } from "pg";
import { z } from "zod";
import { settingsOf } from "../identity/session.ts";
import type { ExerciseSessions } from "../telemetry/index.ts";
import { underPermit } from "./held_permit.ts";
import { askingOneRow, noStore } from "./one_row.ts";
import { parseInput } from "./read_input.ts";

const instant = z.iso.datetime({ offset: true });
const count = z.int().nullable();

/** `GET /v1/me/exercise-sessions` and `GET /v1/patients/{id}/exercise-sessions`. */
export const recordingsAnswer = z.object({
  exerciseSessions: z.array(
    z.object({
      id: z.uuid(),
      organizationId: z.uuid(),
      patientProfileId: z.uuid(),
      patientSessionId: z.uuid().meta({ description: "The session of the treatment plan." }),
      scopes: z.array(z.enum(["pose", "media"])).meta({ description: "What may be recorded." }),
      startedAt: instant,
      endedAt: instant.nullable(),
      replayState: z.enum(["none", "kept", "archived", "removed"]),
      painBefore: count,
      painAfter: count,
      exercises: z
        .array(
          z.object({
            place: z.int(),
            slug: z.string(),
            reps: count,
            sets: count,
            rangeDegrees: z.number().nullable(),
            joint: z.string().nullable(),
            side: z.enum(["left", "right"]).nullable(),
            confidence: z.number().nullable(),
            watchedPercentage: count,
            algorithmVersion: count,
          }),
        )
        .meta({ description: "What each exercise came to; null where nothing of it was recorded." }),
    }),
  ),
});

/** `GET /v1/exercise-sessions/{id}/replay`. */
export const replayAnswer = z.object({
  url: z.url().meta({ description: "Where the recorded movement is, for a few minutes." }),
  expiresAt: instant,
});

const path = z.object({ id: z.uuid() });

/** Recordings of sessions over HTTP (FND-31, TEL-07), by the functions of the database that say who sees what. */
export function exerciseSessionPaths(
  pool: Pool,
  exerciseSessions: ExerciseSessions,
  entering: RequestHandler[],
): Router {
  const router = Router();
  const ask = askingOneRow(pool);

  /** What logs call the path, without ids. */
  const known =
    (name: string): RequestHandler =>
    (_request, response, next) => {
      response.locals.path = name;
      next();
    };

  router.get(
    "/me/exercise-sessions",
    known("/v1/me/exercise-sessions"),
    noStore,
    entering,
    async (request: Request, response: Response) => {
      const sql = "select app_hidden.my_exercise_sessions() as answer";
      response.json({ exerciseSessions: await ask(request, sql, []) });
    },
  );

  router.get(
    "/patients/:id/exercise-sessions",
    known("/v1/patients/{id}/exercise-sessions"),
    noStore,
    entering,
    async (request: Request, response: Response) => {
      const { id } = parseInput(path, request.params);
      const sql = "select app_hidden.patient_exercise_sessions($1) as answer";
      response.json({ exerciseSessions: await ask(request, sql, [id]) });
    },
  );

  router.get(
    "/exercise-sessions/:id/replay",
    known("/v1/exercise-sessions/{id}/replay"),
    noStore,
    entering,
    async (request: Request, response: Response) => {
      const { id } = parseInput(path, request.params);
      response.json(await underPermit(request, () => exerciseSessions.replay(settingsOf(request), id)));
    },
  );

  return router;
}
