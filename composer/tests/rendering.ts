import { mkdirSync } from "node:fs";
import path from "node:path";
import { buffer } from "node:stream/consumers";
import { localVideos } from "../../providers/exercise_video/local.ts";
import type { ObjectStores } from "../../providers/storage/index.ts";
import { ffmpegOf } from "../ffmpeg.ts";
import { createRenders, type Renders, type RendersOptions } from "../renders.ts";
import type { RenderRequest } from "../request.ts";
import { type Bench, manifestOf, openBench, program, putBundle } from "./bundles.ts";

export type Rendering = Bench & {
  stores: ObjectStores;
  workFolder: string;
  rendersWith(changes?: Partial<RendersOptions>): Renders;
  /** A request for a short video, each for another place. */
  order(changes?: Partial<RenderRequest>): RenderRequest;
  /** The bytes of an object. */
  kept(key: string): Promise<Buffer | null>;
};

/** A store with a bundle in it, and renders that use it. */
export async function openRendering(): Promise<Rendering> {
  const bench = await openBench();
  const stores: ObjectStores = { for: async () => bench.store, close() {} };
  const workFolder = path.join(bench.dataDir, "work");
  mkdirSync(workFolder);
  const bundle = await putBundle(bench.store, manifestOf());
  let count = 0;
  return {
    ...bench,
    stores,
    workFolder,
    rendersWith: (changes = {}) =>
      createRenders({
        ffmpeg: ffmpegOf(program, { timeoutMs: 60_000 }),
        stores,
        videos: localVideos(stores),
        workFolder,
        parallel: 2,
        mostWaiting: 10,
        ...changes,
      }),
    order: (changes = {}) => ({
      exercise: "arm-raise",
      kind: "reps_based",
      recipe: { sets: 1, reps: 1, side: "right" },
      language: "ro",
      assetVersion: 1,
      bundle,
      source: null,
      objectKey: `exercise-renders/arm-raise/${++count}.mp4`,
      ...changes,
    }),
    async kept(key) {
      const pieces = await bench.store.get(key);
      return pieces && buffer(pieces as never);
    },
  };
}
