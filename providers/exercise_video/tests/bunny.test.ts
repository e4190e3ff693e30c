import { createHash, randomBytes } from "node:crypto";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { CredentialsRefused } from "../../failures.ts";
import type { ObjectStores } from "../../storage/index.ts";
import { bunnyVideos } from "../bunny.ts";
import { ExerciseVideoDelayed, ExerciseVideoRefused, exerciseVideosFrom } from "../index.ts";
import type { NewVideo } from "../port.ts";
import { type BunnyVendor, startBunny, type Weather } from "./bunny_double.ts";

let bunny: BunnyVendor;
beforeAll(async () => {
  bunny = await startBunny();
});
beforeEach(() => {
  bunny.behave("well");
  bunny.asked.length = 0;
  bunny.videos.length = 0;
  bunny.collections.length = 0;
});
afterAll(() => bunny.stop());

const videos = () => bunnyVideos(bunny.library, { timeoutMs: 400, uploadTimeoutMs: 400 });
const sha256 = (bytes: Buffer) => createHash("sha256").update(bytes).digest("hex");
const newVideo = (slug = "mini-squat"): NewVideo => {
  const bytes = randomBytes(2000);
  return { key: sha256(bytes), slug, language: "ro", objectKey: "exercise-renders/x/y.mp4", bytes };
};

/** Tries again, as the worker does. */
async function untilKept(video: NewVideo, tries = 6) {
  for (let n = 1; ; n++) {
    try {
      return await videos().keep(video);
    } catch (error) {
      if (n === tries || !(error instanceof ExerciseVideoDelayed)) throw error;
    }
  }
}

describe("videos of exercises at Bunny Stream (EXL-05)", () => {
  test("a video is made in the collection of its exercise and gets its bytes; a repeat finds both", async () => {
    const video = newVideo();
    const kept = await videos().keep(video);
    expect(kept).toEqual({
      videoId: bunny.videos[0]?.guid,
      objectKey: null,
      collectionId: bunny.collections[0]?.guid,
    });
    expect(bunny.videos).toMatchObject([
      { title: `mini-squat ro ${video.key}`, collectionId: kept.collectionId, sha256: sha256(video.bytes) },
    ]);
    bunny.asked.length = 0;
    expect(await videos().keep(video)).toEqual(kept);
    expect(bunny.asked).toEqual(["GET /collections", "GET /videos"]);
  });

  test("videos of one exercise share its collection, those of another have their own", async () => {
    const [one, two, other] = [newVideo(), newVideo(), newVideo("mini-squat-deep")];
    const kept = [await videos().keep(one), await videos().keep(two), await videos().keep(other)];
    expect(bunny.collections.map(({ name }) => name)).toEqual(["mini-squat", "mini-squat-deep"]);
    expect(kept.map(({ collectionId }) => collectionId)).toEqual([
      bunny.collections[0]?.guid,
      bunny.collections[0]?.guid,
      bunny.collections[1]?.guid,
    ]);
  });

  const faults: [string, Weather][] = [
    ["hangs up", "hangs up"],
    ["does it and hangs up", "hangs up after"],
    ["does it and stays silent", "is silent after"],
    ["is broken", "is broken"],
    ["does it and says that it is broken", "is broken after"],
    ["answers as a gateway does", "answers something else"],
    ["asks for patience", { status: 429, retryAfter: 3 }],
  ];
  for (const which of [/POST \/collections/, /POST \/videos/, /PUT/, /GET \/videos/]) {
    test.each(faults)(
      `where it %s at ${which.source}, tries leave one video in one collection`,
      async (_, weather) => {
        const video = newVideo();
        bunny.behaveFor(1, weather, which);
        const kept = await untilKept(video);
        expect(bunny.collections.length).toBe(1);
        expect(bunny.videos).toMatchObject([{ guid: kept.videoId, sha256: sha256(video.bytes) }]);
      },
    );
  }

  test("two that make the same at once keep one video and one collection", async () => {
    const video = newVideo();
    bunny.gather(2, /POST \/collections/);
    const collections = await Promise.all([videos().keep(newVideo()), videos().keep(newVideo())]);
    expect(new Set(collections.map(({ collectionId }) => collectionId)).size).toBe(1);
    expect(bunny.collections.length).toBe(1);

    bunny.videos.length = 0;
    bunny.gather(2, /POST \/videos/);
    const kept = await Promise.allSettled([untilKept(video), untilKept(video)]);
    expect(kept.map(({ status }) => status)).toEqual(["fulfilled", "fulfilled"]);
    expect(bunny.videos).toMatchObject([{ sha256: sha256(video.bytes) }]);
    expect(await untilKept(video)).toMatchObject({ videoId: bunny.videos[0]?.guid });
  });

  test("one process asks once for a collection, however many want it", async () => {
    const ours = videos();
    await Promise.all([ours.keep(newVideo()), ours.keep(newVideo()), ours.keep(newVideo())]);
    expect(bunny.asked.filter((what) => what === "POST /collections").length).toBe(1);
    expect(bunny.videos.length).toBe(3);
  });

  test("what Bunny could not prepare is made anew", async () => {
    const video = newVideo();
    await videos().keep(video);
    Object.assign(bunny.videos[0] ?? {}, { status: 5 });
    const { videoId } = await videos().keep(video);
    expect(bunny.videos).toMatchObject([{ guid: videoId, status: 1 }]);
  });

  test("its states and its URL: signed, for minutes, and only once it can be played", async () => {
    const { videoId } = await videos().keep(newVideo());
    expect(await videos().state(videoId)).toBe("preparing");
    expect(await videos().playback(videoId)).toBeNull();
    Object.assign(bunny.videos[0] ?? {}, { status: 4, availableResolutions: "240p,360p,1080p" });
    expect(await videos().state(videoId)).toBe("playable");
    const { url, expiresAt } = (await videos().playback(videoId)) ?? { url: "", expiresAt: new Date() };
    const expires = Math.floor(expiresAt.getTime() / 1000);
    const path = `/${videoId}/play_360p.mp4`;
    const token = createHash("sha256").update(`token-key-0123456789${path}${expires}`).digest("base64url");
    expect(url).toBe(`https://vz-test.b-cdn.net${path}?token=${token}&expires=${expires}`);
    expect(expiresAt.getTime() - Date.now()).toBeLessThanOrEqual(15 * 60_000);
    Object.assign(bunny.videos[0] ?? {}, { status: 6 });
    expect(await videos().state(videoId)).toBe("failed");
    await videos().remove(videoId);
    await videos().remove(videoId);
    expect([await videos().state(videoId), await videos().playback(videoId)]).toEqual([null, null]);
  });

  test("a key that is not accepted, and what is refused for good, are told apart, and nothing of its sentences", async () => {
    const strangers = bunnyVideos({ ...bunny.library, apiKey: "bunny-key-of-somebody-else" });
    await expect(strangers.keep(newVideo())).rejects.toThrow(CredentialsRefused);
    bunny.behave({ status: 422 });
    await expect(videos().keep(newVideo())).rejects.toThrow(ExerciseVideoRefused);
    bunny.behave({ status: 429, retryAfter: 7 });
    await expect(videos().keep(newVideo())).rejects.toMatchObject({ retryAfter: 7 });
    bunny.behave("is broken");
    await expect(videos().keep(newVideo())).rejects.toThrow("bunny HTTP 503");
  });
});

describe("which provider keeps them (EXL-05, FND-22)", () => {
  const stores = {} as ObjectStores;
  test("Bunny where its key is set, and then all of its settings; else the object store", () => {
    expect(exerciseVideosFrom({}, stores).provider).toBe("local");
    expect(() => exerciseVideosFrom({ BUNNY_STREAM_API_KEY: bunny.library.apiKey }, stores)).toThrow(
      /BUNNY_STREAM_LIBRARY_ID[\s\S]*BUNNY_STREAM_HOST[\s\S]*BUNNY_STREAM_TOKEN_KEY/,
    );
    const whole = {
      BUNNY_STREAM_API_KEY: bunny.library.apiKey,
      BUNNY_STREAM_LIBRARY_ID: "4711",
      BUNNY_STREAM_HOST: bunny.library.host,
      BUNNY_STREAM_TOKEN_KEY: bunny.library.tokenKey,
    };
    expect(exerciseVideosFrom(whole, stores).provider).toBe("bunny");
    const clear = { ...whole, APP_MODE: "production", BUNNY_STREAM_API_URL: "http://bunny.test" };
    expect(() => exerciseVideosFrom(clear, stores)).toThrow("BUNNY_STREAM_API_URL must be an https URL");
  });
});
