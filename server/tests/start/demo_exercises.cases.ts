import { expect, test } from "vitest";
import { exerciseFiles, publishExercises } from "../../../db/seed/exercises.ts";

// biome-ignore lint/suspicious/noExplicitAny: what a statement answers is what the test expects of it
type Row = any;

/** The library of exercises of the demo; see demo.test.ts. Kept are the keys of the objects that were put into the store. */
export function exerciseCases(
  rows: (sql: string, values?: unknown[]) => Promise<Row[]>,
  kept: () => string[],
  ownerUrl: () => string,
): void {
  const slugs = exerciseFiles().map(({ slug }) => slug);

  test("FND-30, EXL-05: every exercise is a draft that lacks its video alone, its material is in the store, and nothing is rendered yet", async () => {
    const found = await rows(
      `select slug, status, app_public.exercises_missing(exercises) as missing
       from app_public.exercises where slug = any ($1) order by slug collate "C"`,
      [slugs],
    );
    expect(found).toEqual(slugs.map((slug) => ({ slug, status: "draft", missing: ["catalog_render"] })));
    const bundles = kept().filter((key) => key.startsWith("exercises/"));
    expect(bundles.toSorted()).toEqual(slugs.map((slug) => `exercises/${slug}/1/manifest.json`));
    expect(await rows("select id from app_public.exercise_renders")).toEqual([]);
  });

  test("EXL-05: while the demo runs their videos are asked for, and each is published when its own is there, not before", async () => {
    expect(await publishExercises(ownerUrl())).toBe(slugs.length);
    expect(await publishExercises(ownerUrl())).toBe(slugs.length);
    const jobs =
      "select queue_name, count(*)::int from graphile_worker.jobs where task_identifier = 'render_exercise' group by 1 order by 1";
    expect(await rows(jobs)).toEqual([
      { queue_name: "render_exercise:en", count: slugs.length },
      { queue_name: "render_exercise:ro", count: slugs.length },
    ]);
    const [{ id, slug }] = await rows(
      "select catalog_render_id as id, slug from app_public.exercises where slug = any ($1) order by slug limit 1",
      [slugs],
    );
    await rows("select app_private.claim_render($1)", [id]);
    await rows(
      "select app_private.record_render($1, 1, 'local', 'exercise-renders/x/y.mp4', 'exercise-renders/x/y.mp4', 12)",
      [id],
    );
    expect(await publishExercises(ownerUrl())).toBe(slugs.length - 1);
    expect(await rows("select slug from app_public.exercises where status = 'published'")).toEqual([
      { slug },
    ]);
  });
}
