// ffmpeg itself makes the videos here, in well under a second each.
import type { Server } from "node:http";
import type { AddressInfo } from "node:net";
import type { JobHelpers } from "graphile-worker";
import { pino } from "pino";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { composerServer } from "../../composer/server.ts";
import { json, manifestOf } from "../../composer/tests/bundles.ts";
import { openRendering, type Rendering } from "../../composer/tests/rendering.ts";
import { type Composer, composerFrom } from "../../providers/composer/index.ts";
import { bunnyVideos } from "../../providers/exercise_video/bunny.ts";
import { localVideos } from "../../providers/exercise_video/local.ts";
import type { ExerciseVideos } from "../../providers/exercise_video/port.ts";
import { type BunnyVendor, startBunny } from "../../providers/exercise_video/tests/bunny_double.ts";
import renderExercise from "../definitions/render_exercise.ts";
import { type Clinic, openClinic, transaction } from "./database.ts";
import { nowhere } from "./nowhere.ts";

const secret = "a secret that composer and worker share";

let clinic: Clinic;
let here: Rendering;
let bunny: BunnyVendor;
const servers: Server[] = [];
const composers: Record<"local" | "bunny", { composer: Composer; exerciseVideos: ExerciseVideos }> =
  {} as never;
beforeAll(async () => {
  [clinic, here, bunny] = await Promise.all([
    openClinic("videos are rendered in commits of their own, two at once"),
    openRendering(),
    startBunny(),
  ]);
  composers.local = await composerOf(localVideos(here.stores));
  composers.bunny = await composerOf(bunnyVideos(bunny.library));
});
afterAll(async () => {
  for (const server of servers) server.close();
  await Promise.all([bunny.stop(), here.stop(), clinic.drop()]);
});

async function composerOf(exerciseVideos: ExerciseVideos) {
  const renders = here.rendersWith({ videos: exerciseVideos });
  const server = composerServer({ secret, renders, log: pino({ level: "silent" }), noteOutcome() {} });
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return {
    composer: composerFrom({ COMPOSER_URL: url, COMPOSER_SECRET: secret }) as Composer,
    exerciseVideos,
  };
}

/** An exercise of the library, with the bundle of its first version. */
async function exercise(slug: string, { kind = "reps_based", hasBundle = true } = {}): Promise<string> {
  const { rows } = await transaction(clinic.admin, (client) =>
    client.query<{ id: string }>("select tests.exercise($1, $2) as id", [slug, kind]),
  );
  if (hasBundle) await putBundleOf(slug, 1);
  return rows[0]?.id as string;
}

async function putBundleOf(slug: string, assetVersion: number): Promise<void> {
  const manifest = json(manifestOf({ slug, assetVersion }));
  await here.store.put(`exercises/${slug}/${assetVersion}/manifest.json`, manifest, {
    contentType: "application/json",
  });
}

const recipe = { sets: 1, reps: 1, seconds: null, restSeconds: 0, tempo: null, side: "right" };
async function ask(exerciseId: string, language = "ro"): Promise<string> {
  const { rows } = await transaction(clinic.admin, (client) =>
    client.query<{ id: string }>("select (app_private.request_render($1, $2, $3)).id", [
      exerciseId,
      recipe,
      language,
    ]),
  );
  return rows[0]?.id as string;
}

const run = (renderId: string, way: Partial<(typeof composers)["local"]> = composers.local) =>
  renderExercise.run(
    { renderId },
    { query: clinic.worker.query.bind(clinic.worker) } as unknown as JobHelpers,
    {
      ...nowhere,
      ...way,
    },
  );
const rowOf = async (renderId: string) =>
  (await clinic.admin.query("select * from app_public.exercise_renders where id = $1", [renderId])).rows[0];
const videosOf = async (slug: string) =>
  (await Array.fromAsync(here.store.list(`exercise-renders/${slug}/`))).map(({ key }) => key);
const told = async (name: string, renderId: string) =>
  (
    await clinic.admin.query(
      "select count(*)::int as told from app_private.events where name = $1 and payload ->> 'renderId' = $2",
      [name, renderId],
    )
  ).rows[0].told;

describe("render_exercise (EXL-03, EXL-05)", () => {
  test("what was asked for is made, kept in the store and recorded; done again it changes nothing", async () => {
    const id = await ask(await exercise("arm-raise-once"));
    await run(id);
    const row = await rowOf(id);
    expect(row).toMatchObject({
      status: "ready",
      provider: "local",
      duration_s: 1,
      problem: null,
      asset_version: 1,
    });
    expect(row.video_id).toBe(row.object_key);
    expect((await here.kept(row.object_key))?.length).toBeGreaterThan(1000);
    await run(id);
    expect(await rowOf(id)).toEqual(row);
    expect(await told("exercise.rendered", id)).toBe(1);
  });

  test("two at once leave one video and one row", async () => {
    const id = await ask(await exercise("arm-raise-twice"));
    await Promise.all([run(id), run(id)]);
    expect(await videosOf("arm-raise-twice")).toEqual([(await rowOf(id)).object_key]);
    expect(await told("exercise.rendered", id)).toBe(1);
  });

  test("a composer that does not answer is tried again, and the row says why", async () => {
    const id = await ask(await exercise("arm-raise-later"));
    const gone = composerFrom({ COMPOSER_URL: "http://127.0.0.1:9", COMPOSER_SECRET: secret }) as Composer;
    await expect(run(id, { ...composers.local, composer: gone })).rejects.toThrow(
      "the composer does not answer",
    );
    expect(await rowOf(id)).toMatchObject({ status: "failed", problem: "the composer does not answer" });
    await expect(run(id, {})).rejects.toThrow("no composer is set up");
    await run(id);
    expect(await rowOf(id)).toMatchObject({ status: "ready", problem: null });
  });

  test("one whose record was lost is made again as the same video", async () => {
    const id = await ask(await exercise("arm-raise-lost"));
    const query = (text: string, values: unknown[]) => {
      if (text.includes("record_render(")) return Promise.reject(new Error("the worker died here"));
      return clinic.worker.query(text, values as never);
    };
    const dying = renderExercise.run({ renderId: id }, { query } as unknown as JobHelpers, {
      ...nowhere,
      ...composers.bunny,
    });
    await expect(dying).rejects.toThrow("the worker died here");
    expect(bunny.videos.length).toBe(1);
    await run(id, composers.bunny);
    expect(bunny.videos.map(({ guid }) => guid)).toEqual([(await rowOf(id)).video_id]);
  });

  test("what no try will mend is said, and not tried again", async () => {
    const id = await ask(await exercise("arm-raise-bare", { hasBundle: false }));
    await run(id);
    expect(await rowOf(id)).toMatchObject({
      status: "failed",
      problem: "manifest.json is not in the bundle",
    });
    expect(await told("exercise.render_failed", id)).toBe(1);
  });

  test("of new material another video is made, and the one before is taken away", async () => {
    const slug = "arm-raise-anew";
    const exerciseId = await exercise(slug);
    const id = await ask(exerciseId);
    await run(id);
    const before = await rowOf(id);
    await putBundleOf(slug, 2);
    await clinic.admin.query("update app_public.exercises set asset_version = 2 where id = $1", [exerciseId]);
    expect(await ask(exerciseId)).toBe(id);
    await run(id);
    const after = await rowOf(id);
    expect(after.object_key).not.toBe(before.object_key);
    expect(await videosOf(slug)).toEqual([after.object_key]);
  });

  test("material that became old while its video was made leaves no video of it", async () => {
    const slug = "arm-raise-overtaken";
    const exerciseId = await exercise(slug);
    const id = await ask(exerciseId);
    await putBundleOf(slug, 2);
    const overtaken: Composer = {
      async render(order) {
        const video = await composers.local.composer.render(order);
        await clinic.admin.query("update app_public.exercises set asset_version = 2 where id = $1", [
          exerciseId,
        ]);
        await ask(exerciseId);
        return video;
      },
    };
    await run(id, { ...composers.local, composer: overtaken });
    expect(await videosOf(slug)).toEqual([]);
    expect(await rowOf(id)).toMatchObject({ status: "queued", asset_version: 2 });
    await run(id);
    expect(await videosOf(slug)).toEqual([(await rowOf(id)).object_key]);
  });

  test("at Bunny Stream both languages lie in one collection, which the exercise remembers", async () => {
    const exerciseId = await exercise("arm-raise-bunny");
    for (const language of ["ro", "en"]) await run(await ask(exerciseId, language), composers.bunny);
    const { rows } = await clinic.admin.query(
      "select bunny_collection_id from app_public.exercises where id = $1",
      [exerciseId],
    );
    const collections = bunny.collections.filter(({ name }) => name === "arm-raise-bunny");
    expect(collections.map(({ guid }) => guid)).toEqual([rows[0].bunny_collection_id]);
    expect(bunny.videos.filter(({ title }) => title.startsWith("arm-raise-bunny ")).length).toBe(2);
  });
});
