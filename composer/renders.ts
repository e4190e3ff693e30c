import { createHash } from "node:crypto";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import path from "node:path";
import {
  ExerciseVideoDelayed,
  ExerciseVideoRefused,
  type ExerciseVideos,
} from "../providers/exercise_video/index.ts";
import { CredentialsRefused } from "../providers/failures.ts";
import { type ObjectStores, StorageUnavailable } from "../providers/storage/index.ts";
import { fetchFile, fetchFiles, fetchManifest } from "./bundle.ts";
import { compose, LARGEST_VIDEO } from "./compose.ts";
import type { Ffmpeg } from "./ffmpeg.ts";
import { makePlayable } from "./import.ts";
import { RenderDelayed, RenderRefused } from "./refusals.ts";
import { keyOf, type Rendered, type RenderRequest } from "./request.ts";

export type Renders = {
  /** Rejects with RenderRefused or RenderDelayed. */
  render(request: RenderRequest): Promise<Rendered>;
  /** How many are being made, and how many wait. */
  busy(): { running: number; waiting: number };
};

export type RendersOptions = {
  ffmpeg: Ffmpeg;
  stores: ObjectStores;
  videos: ExerciseVideos;
  /** Each render has a folder of its own in here, which goes with it. */
  workFolder: string;
  /** How many are made at once, and how many may wait beside. */
  parallel: number;
  mostWaiting: number;
};

/** Renders, so many at once; whoever asks for what is being made already gets that one. EXL-05. */
export function createRenders(options: RendersOptions): Renders {
  const { parallel, mostWaiting } = options;
  const underway = new Map<string, Promise<Rendered>>();
  const waiting: (() => void)[] = [];
  let running = 0;

  const inTurn = async <T>(work: () => Promise<T>): Promise<T> => {
    if (running >= parallel) {
      if (waiting.length >= mostWaiting) throw new RenderDelayed("too many renders wait already");
      await new Promise<void>((resolve) => waiting.push(resolve));
    } else {
      running += 1;
    }
    try {
      return await work();
    } finally {
      const next = waiting.shift();
      if (next) next();
      else running -= 1;
    }
  };

  return {
    render(request) {
      const key = keyOf(request);
      const found =
        underway.get(key) ?? inTurn(() => make(options, request)).finally(() => underway.delete(key));
      underway.set(key, found);
      return found;
    },
    busy: () => ({ running, waiting: waiting.length }),
  };
}

async function make(
  { ffmpeg, stores, videos, workFolder }: RendersOptions,
  asked: RenderRequest,
): Promise<Rendered> {
  const folder = await mkdtemp(path.join(workFolder, "render-"));
  try {
    const store = await stores.for(null);
    const { exercise: slug, language, assetVersion, recipe, bundle, source, objectKey } = asked;
    let made: { file: string; seconds: number };
    let material: string;
    if (recipe && bundle) {
      const manifest = await fetchManifest(store, bundle, { slug, assetVersion });
      await fetchFiles(store, bundle, manifest, folder);
      material = keyOf(manifest);
      made = await compose(ffmpeg, folder, { manifest, recipe, language });
    } else {
      const name = `source${path.extname(source as string)}`;
      const to = path.join(folder, name);
      const fetched = await fetchFile(store, source as string, {
        to,
        most: LARGEST_VIDEO,
        name: "the video",
      });
      material = fetched.sha256;
      made = await makePlayable(ffmpeg, folder, name);
    }
    const bytes = await readFile(path.join(folder, made.file));
    const key = keyOf({ slug, language, assetVersion, recipe, material });
    const kept = await videos.keep({ key, slug, language, objectKey, bytes });
    return {
      provider: videos.provider,
      ...kept,
      durationS: Math.max(1, Math.round(made.seconds)),
      sha256: createHash("sha256").update(bytes).digest("hex"),
      bytes: bytes.length,
    };
  } catch (error) {
    throw asRefusal(error);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** What the worker is told of a failure: nothing of it quotes keys or addresses. */
function asRefusal(error: unknown): Error {
  if (error instanceof RenderRefused || error instanceof RenderDelayed) return error;
  if (error instanceof ExerciseVideoRefused) return new RenderRefused(error.message);
  if (error instanceof ExerciseVideoDelayed) return new RenderDelayed(error.message);
  if (error instanceof StorageUnavailable) return new RenderDelayed("the object store cannot be asked");
  if (error instanceof CredentialsRefused)
    return new RenderDelayed("an account of the deployment is not accepted");
  return error as Error;
}
