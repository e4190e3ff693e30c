import { readdirSync, readFileSync } from "node:fs";
import type pg from "pg";
import { withClient } from "../migrating/prepare.ts";
import { actAs } from "./acting.ts";
import { personas } from "./personas.ts";
import type { Keep } from "./signatures.ts";

type ExerciseFile = {
  slug: string;
  kind: string;
  difficulty: number;
  translations: Record<"ro" | "en", { name: string; description: string }>;
  /** What is written above the video. */
  cue: Record<"ro" | "en", string>;
  terms: string[];
  instructions: object[];
  contraindications: object[];
  tracking: object | null;
  /** The movement that the composer draws. */
  drawing: object;
};

const folder = new URL("./exercises/", import.meta.url);

/** The exercises of the demo: a file each. */
export function exerciseFiles(): ExerciseFile[] {
  return readdirSync(folder)
    .filter((name) => name.endsWith(".json"))
    .toSorted()
    .map((name) => JSON.parse(readFileSync(new URL(name, folder), "utf8")));
}

/** What the composer makes the videos of an exercise of, as it lies in the object store. */
export function bundleOf({ slug, translations, cue, drawing }: ExerciseFile): object {
  const textIn = (language: "ro" | "en") => ({ name: translations[language].name, cue: cue[language] });
  return { version: 1, slug, assetVersion: 1, texts: { ro: textIn("ro"), en: textIn("en") }, drawing };
}

/**
 * The library of exercises (EXL-05, FND-30), written by the platform's superadmin with the verbs, and its material, where there is
 * a store for that. They are drafts until publishExercises() has had their videos made.
 */
export async function fillExercises(
  client: pg.Client,
  { humans, keep }: { humans: Map<string, string>; keep: Keep | undefined },
): Promise<void> {
  await client.query("set local role app_engine");
  await actAs(client, humans.get(personas.superadmin.email) ?? "", "");
  for (const file of exerciseFiles()) {
    const { slug, kind, difficulty, translations, tracking, terms } = file;
    const { rows } = await client.query<{ id: string }>(
      "select id from app_public.create_exercise($1, $2, $3, $4, $5, $6)",
      [slug, kind, difficulty, translations, tracking, terms],
    );
    const id = rows[0]?.id;
    const [instructions, contraindications] = [file.instructions, file.contraindications].map((lines) =>
      JSON.stringify(lines),
    );
    await client.query("select app_public.set_exercise_instructions($1, $2)", [id, instructions]);
    await client.query("select app_public.set_exercise_contraindications($1, $2)", [id, contraindications]);
    await client.query("select app_public.review_contraindications($1)", [id]);
    const manifest = Buffer.from(JSON.stringify(bundleOf(file)));
    await keep?.(`exercises/${slug}/1/manifest.json`, manifest, "application/json");
  }
  await actAs(client, "", "");
  await client.query("reset role");
}

/**
 * Asks for the videos of the demo's exercises that nobody asked for yet, and brings those into the catalog whose video is there by
 * now. Answers how many still wait for theirs. Called while the demo runs already, so that nobody waits for the videos.
 */
export async function publishExercises(ownerUrl: string): Promise<number> {
  return withClient(ownerUrl, async (client) => {
    await client.query("begin");
    await client.query("set local role app_engine");
    const { rows: admins } = await client.query<{ id: string }>(
      "select id from app_public.principals where platform_role = 'superadmin' order by id limit 1",
    );
    await actAs(client, admins[0]?.id ?? "", "");
    const drafts = "exercises.slug = any ($1) and exercises.status = 'draft'";
    const slugs = [exerciseFiles().map(({ slug }) => slug)];
    await client.query(
      `select app_public.render_exercise(exercises.id, language)
       from app_public.exercises, unnest('{ro,en}'::text[]) with ordinality as spoken (language, place)
       where ${drafts} and exercises.catalog_render_id is null
       order by exercises.slug, spoken.place`,
      slugs,
    );
    await client.query(
      `select app_public.publish_exercise(exercises.id) from app_public.exercises
       where ${drafts} and app_public.exercises_missing(exercises) = '{}'`,
      slugs,
    );
    const { rows } = await client.query<{ waiting: number }>(
      `select count(*)::int as waiting
       from app_public.exercises
       join app_public.exercise_renders on exercise_renders.id = exercises.catalog_render_id
       where ${drafts} and exercise_renders.status in ('queued', 'rendering')`,
      slugs,
    );
    await client.query("commit");
    return rows[0]?.waiting ?? 0;
  });
}
