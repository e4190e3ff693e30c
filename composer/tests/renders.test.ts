// ffmpeg itself makes the videos here, in well under a second each.
import { readdirSync } from "node:fs";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import {
  ExerciseVideoDelayed,
  ExerciseVideoRefused,
  type ExerciseVideos,
} from "../../providers/exercise_video/index.ts";
import { localVideos } from "../../providers/exercise_video/local.ts";
import { StorageUnavailable } from "../../providers/storage/index.ts";
import { type Ffmpeg, ffmpegOf } from "../ffmpeg.ts";
import { RenderDelayed, RenderRefused } from "../refusals.ts";
import { json, manifestOf, program, putBundle, sha256 } from "./bundles.ts";
import { openRendering, type Rendering } from "./rendering.ts";

let here: Rendering;
beforeAll(async () => {
  here = await openRendering();
});
afterAll(() => here.stop());

/** Counts how often videos were made, which is when captions are written into them. */
function counted() {
  const real = ffmpegOf(program, { timeoutMs: 60_000 });
  const ffmpeg: Ffmpeg & { videos: number } = {
    ...real,
    videos: 0,
    run(args, options) {
      if (args.includes("list.txt")) ffmpeg.videos += 1;
      return real.run(args, options);
    },
  };
  return ffmpeg;
}

describe("a render (EXL-05)", () => {
  test("puts the video where it was asked to, says what it is, and leaves nothing behind", async () => {
    const asked = here.order();
    const rendered = await here.rendersWith().render(asked);
    const bytes = await here.kept(asked.objectKey);
    expect(rendered).toEqual({
      provider: "local",
      videoId: asked.objectKey,
      objectKey: asked.objectKey,
      collectionId: null,
      durationS: 1,
      sha256: sha256(bytes as Buffer),
      bytes: bytes?.length,
    });
    expect(readdirSync(here.workFolder)).toEqual([]);
  });

  test("of the same at once is one; what differs in anything is another", async () => {
    const ffmpeg = counted();
    const renders = here.rendersWith({ ffmpeg });
    const asked = here.order();
    const [one, two, other] = await Promise.all([
      renders.render(asked),
      renders.render({ ...asked, recipe: { side: "right", reps: 1, sets: 1 } }),
      renders.render({ ...asked, language: "en" }),
    ]);
    expect(two).toEqual(one);
    expect(other?.sha256).not.toBe(one?.sha256);
    expect(ffmpeg.videos).toBe(2);
    expect(await renders.render(asked)).toEqual(one);
    expect(renders.busy()).toEqual({ running: 0, waiting: 0 });
  });

  test("waits for its turn, and is told to come again where too many wait", async () => {
    let most = 0;
    const renders = here.rendersWith({
      parallel: 1,
      mostWaiting: 1,
      videos: {
        ...localVideos(here.stores),
        async keep(video) {
          most = Math.max(most, renders.busy().running);
          return localVideos(here.stores).keep(video);
        },
      },
    });
    const outcomes = await Promise.allSettled(
      [here.order(), here.order(), here.order()].map((asked) => renders.render(asked)),
    );
    expect(outcomes.map(({ status }) => status)).toEqual(["fulfilled", "fulfilled", "rejected"]);
    expect(outcomes[2]).toMatchObject({ reason: new RenderDelayed("too many renders wait already") });
    expect(most).toBe(1);
  });

  test("whose ffmpeg is killed leaves nothing, and the next try makes the video", async () => {
    const calledOff = new AbortController();
    const asked = here.order();
    const killed = here
      .rendersWith({
        ffmpeg: ffmpegOf(program, { timeoutMs: 60_000, signal: calledOff.signal }),
      })
      .render(asked);
    setTimeout(() => calledOff.abort(), 60);
    await expect(killed).rejects.toThrow(RenderDelayed);
    expect(readdirSync(here.workFolder)).toEqual([]);
    expect(await here.kept(asked.objectKey)).toBeNull();
    expect((await here.rendersWith().render(asked)).videoId).toBe(asked.objectKey);
  });

  test("that fails is forgotten: the next is tried anew", async () => {
    const renders = here.rendersWith();
    const asked = here.order({ bundle: "exercises/arm-raise/9/", assetVersion: 9 });
    await expect(renders.render(asked)).rejects.toThrow("manifest.json is not in the bundle");
    await putBundle(here.store, manifestOf({ assetVersion: 9 }), { version: "9" });
    expect((await renders.render(asked)).durationS).toBe(1);
  });

  test.each([
    [new ExerciseVideoRefused("no"), RenderRefused],
    [new ExerciseVideoDelayed("later"), RenderDelayed],
    [new StorageUnavailable("about a key"), RenderDelayed],
  ])("says whether another try helps: %s", async (failure, refusal) => {
    const videos: ExerciseVideos = { ...localVideos(here.stores), keep: () => Promise.reject(failure) };
    await expect(here.rendersWith({ videos }).render(here.order())).rejects.toThrow(refusal);
  });
});

describe("a bundle is what its manifest says, or nothing is made of it (EXL-05)", () => {
  const bytes = Buffer.from("not a film");
  const clip = { file: "right.mp4", sha256: sha256(bytes), bytes: bytes.length, seconds: 1 };
  const filmed = (changes: object) =>
    manifestOf({ drawing: undefined, clips: { right: { ...clip, ...changes } } });

  test.each<[string, object | Buffer, Record<string, Buffer>, RegExp]>([
    ["no JSON", Buffer.from("{"), {}, /manifest.json is no JSON/],
    ["of another exercise", manifestOf({ slug: "leg-raise" }), {}, /is of leg-raise, version 1/],
    ["of another version", manifestOf({ assetVersion: 2 }), {}, /is of arm-raise, version 2/],
    ["without material", manifestOf({ drawing: undefined }), {}, /either clips or a drawing/],
    ["with a word that nobody knows", manifestOf({ music: "loud" }), {}, /manifest.json/],
    [
      "larger than any picture",
      manifestOf({ size: { width: 8000, height: 4000, fps: 10 } }),
      {},
      /size.width/,
    ],
    ["of files elsewhere", filmed({ file: "../right.mp4" }), {}, /clips/],
    ["of a file that is not there", filmed({}), {}, /right.mp4 is not in the bundle/],
    ["of a file that is larger", filmed({ bytes: 3 }), { "right.mp4": bytes }, /larger than 3 bytes/],
    [
      "of a file that is smaller",
      filmed({ bytes: 300 }),
      { "right.mp4": bytes },
      /not what the manifest says/,
    ],
    [
      "of another file",
      filmed({ sha256: "0".repeat(64) }),
      { "right.mp4": bytes },
      /not what the manifest says/,
    ],
    ["of a file that is no film", filmed({}), { "right.mp4": bytes }, /no film with a picture/],
    ["too large", json(manifestOf({ texts: "x".repeat(70_000) })), {}, /larger than 65536 bytes/],
  ])("one %s", async (name, manifest, files, says) => {
    const version = name.replaceAll(/\W+/g, "-").toLowerCase();
    const prefix = await putBundle(here.store, manifest, { version, files });
    const failure = await here
      .rendersWith()
      .render(here.order({ bundle: prefix }))
      .catch((error: Error) => error);
    expect(failure).toBeInstanceOf(RenderRefused);
    expect((failure as Error).message).toMatch(says);
    expect(readdirSync(here.workFolder)).toEqual([]);
  });
});
