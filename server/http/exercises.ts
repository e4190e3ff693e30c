import { type Request, type RequestHandler, type Response, Router } from "express";
import type { Pool } from "pg";
import { z } from "zod";
import { jsonBody } from "./json_body.ts";
import { askingOneRow, isWrite, noStore } from "./one_row.ts";
import { parseInput } from "./read_input.ts";

const language = z.enum(["ro", "en"]);
const provider = z.string().meta({ description: "Of the capability exercise_video: bunny, local." });

/** `GET /v1/portal/exercises`. */
export const catalogQuery = z.strictObject({
  patientId: z.uuid().optional().meta({
    description: "For whom of the caller's it is; where nobody is named, for the one to whom it is open.",
  }),
  terms: z
    .string()
    .regex(/^[a-z0-9-]+(,[a-z0-9-]+)*$/)
    .optional()
    .meta({
      description:
        "Only exercises with all of these, by their slugs, with commas between; a category holds those below it.",
    }),
});

export const catalogAnswer = z.object({
  exercises: z.array(
    z.object({
      exerciseId: z.uuid(),
      slug: z.string(),
      kind: z.enum(["reps_based", "duration_based"]),
      difficulty: z.int(),
      language: language.meta({ description: "The language of the texts: the patient's." }),
      name: z.string(),
      description: z.string(),
      terms: z.array(
        z.object({
          kind: z.enum(["category", "body_region", "equipment", "tag"]),
          slug: z.string(),
          name: z.string(),
        }),
      ),
      instructions: z.array(
        z.object({ kind: z.enum(["setup", "step", "breathing", "caution", "end"]), text: z.string() }),
      ),
      contraindications: z
        .array(
          z.object({
            id: z.uuid(),
            severity: z.enum(["absolute", "relative", "caution"]),
            text: z.string(),
          }),
        )
        .meta({ description: "For whom it is not: to be shown wherever the exercise is." }),
      renderId: z.uuid().nullable(),
      videoProvider: provider.nullable(),
      videoId: z.string().nullable(),
      videoObjectKey: z.string().nullable(),
      videoLanguage: language.nullable(),
      videoDurationS: z.int().nullable(),
    }),
  ),
});

const whole = z.int().nullish();

/** `POST /v1/admin/exercises/{slug}/renders`. */
export const renderBody = z.strictObject({
  language,
  recipe: z
    .strictObject({
      sets: z.int(),
      reps: whole,
      seconds: whole,
      restSeconds: z.int(),
      tempo: z.strictObject({ up: z.int(), hold: z.int(), down: z.int() }).nullish(),
      side: z.enum(["left", "right", "both", "alternate"]).nullish(),
    })
    .nullish()
    .meta({
      description: "What is prescribed, in reps or in seconds; without it, the video of the catalog.",
    }),
});

export const renderAnswer = z.object({
  id: z.uuid(),
  slug: z.string(),
  language,
  status: z.enum(["queued", "rendering", "ready", "failed"]),
  progress: z.int().meta({ description: "In percent." }),
  assetVersion: z.int(),
  recipe: z.record(z.string(), z.unknown()).nullable(),
  provider: provider.nullable(),
  videoId: z.string().nullable().meta({ description: "While it is made again, the one from before." }),
  durationS: z.int().nullable(),
  problem: z.string().nullable(),
});

const path = z.object({ slug: z.string().max(63) });

const rendered = `
  select to_jsonb(made) || jsonb_build_object('slug', $1::text) as answer
  from (
    select render.id, render.language, render.status, render.progress, render.asset_version, render.recipe, render.provider,
           render.video_id, render.duration_s, render.problem
    from app_public.render_exercise(
      (select exercises.id from app_public.exercises where exercises.slug = $1), $2, $3::jsonb) as render
  ) as made`;

/**
 * The library of exercises over HTTP (FND-31): what a patient sees of it (EXL-04), and the videos that a superadmin asks for
 * (EXL-03). Each path is one function of the database.
 */
export function exercisePaths(pool: Pool, entering: RequestHandler[]): Router {
  const router = Router();
  const ask = askingOneRow(pool);

  /** What logs call the path, without slugs. */
  const known =
    (name: string): RequestHandler =>
    (_request, response, next) => {
      response.locals.path = name;
      next();
    };

  router.get(
    "/portal/exercises",
    known("/v1/portal/exercises"),
    noStore,
    entering,
    async (request: Request, response: Response) => {
      const { patientId, terms } = parseInput(catalogQuery, request.query);
      const sql =
        "select coalesce(jsonb_agg(shown), '[]') as answer from app_public.exercise_catalog($1, $2) as shown";
      response.json({ exercises: await ask(request, sql, [patientId ?? null, terms?.split(",") ?? []]) });
    },
  );

  router.post(
    "/admin/exercises/:slug/renders",
    known("/v1/admin/exercises/{slug}/renders"),
    isWrite,
    jsonBody,
    entering,
    async (request: Request, response: Response) => {
      const { slug } = parseInput(path, request.params);
      const { language, recipe } = parseInput(renderBody, request.body);
      const render = (await ask(request, rendered, [
        slug,
        language,
        recipe ? JSON.stringify(recipe) : null,
      ])) as z.infer<typeof renderAnswer>;
      response.status(render.status === "ready" ? 200 : 202).json(render);
    },
  );

  return router;
}
