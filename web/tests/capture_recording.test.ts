import { pino } from "pino";
import { afterAll, beforeAll, describe, expect, onTestFinished, test, vi } from "vitest";
import type { UUID } from "../../client/index.ts";
import { codecV1 } from "../../telemetry/codec/codec_v1.ts";
import type { PoseFrame } from "../../telemetry/codec/pose_batch.ts";
import { readReplay } from "../../telemetry/codec/replay.ts";
import { type RunningTelemetry, startTelemetry } from "../../telemetry/service.ts";
import { record, STANDING } from "../../telemetry/tests/skeleton.ts";
import {
  type Begun,
  objectAt,
  type Surroundings,
  startSurroundings,
  tokenOf,
} from "../../telemetry/tests/support.ts";
import { createPost, type Post } from "../capture/ingest.ts";
import { type KeptRecording, type KeptRecordings, keptInMemory } from "../capture/kept.ts";
import { openRecording } from "../capture/recording.ts";

// TEL-08: what a page records reaches the telemetry process, whatever the network, the token and the page do meanwhile.

let around: Surroundings;
let telemetry: RunningTelemetry;
beforeAll(async () => {
  around = await startSurroundings("a stand-in of the core's functions is put into it");
  telemetry = await startTelemetry(around.config, pino({ level: "silent" }), { claimMs: 200 });
});
afterAll(async () => {
  await telemetry.close();
  await around.stop();
});

const image = { width: 640, height: 480 };
const recorded = (begun: Begun, change: Partial<KeptRecording> = {}): KeptRecording => ({
  session: begun.session,
  patientSession: begun.session as UUID,
  url: telemetry.url,
  token: begun.token,
  scopes: ["pose", "media"],
  until: Date.now() + 3_600_000,
  nextSequence: 0,
  nextEvents: {},
  exercises: [],
  hasEnded: false,
  ...change,
});

/** Two squats and a moment, of ten seconds each time, later each time. */
let startedAt = 1_700_000_000_000;
function squats(seconds = 10): PoseFrame[] {
  startedAt += 100_000;
  return record(
    (second) => {
      const depth = (1 - Math.cos((second * Math.PI * 2) / 4)) / 2;
      return { ...STANDING, knee: 178 - depth * 80, hip: 178 - depth * 70 };
    },
    { seconds, startedAt },
  );
}

/** A recording with a network that tests may take away. */
async function open(
  kept: KeptRecordings,
  recording: KeptRecording,
  renew = async (): Promise<string | null> => null,
) {
  let isAway = false;
  const real = createPost(() => recording);
  const post = vi.fn<Post>((...asked) =>
    isAway ? Promise.resolve({ kind: "later", afterMs: null, isNetwork: true }) : real(...asked),
  );
  const opened = await openRecording(recording, { kept, renew, post });
  return {
    opened,
    post,
    away(value: boolean) {
      isAway = value;
      if (!value) opened.wake();
    },
    async record(frames: readonly PoseFrame[], place = 1) {
      for (const frame of frames) opened.frame(frame, place, image);
      await opened.flush();
    },
  };
}

async function replayOf(session: string) {
  await vi.waitFor(async () => expect((await around.stored(session)).replay_object_key).not.toBeNull(), {
    timeout: 60_000,
    interval: 50,
  });
  const { replay_object_key, results, gaps } = await around.stored(session);
  const replay = readReplay(await objectAt(around.objects, replay_object_key as string));
  const batches = await Promise.all(replay.map(({ body }) => codecV1.decode(body)));
  return { batches, frames: batches.flatMap((batch) => batch.frames), result: results[0], gaps };
}

describe("a recording", () => {
  test("arrives whole, with what the player said and when exercises were done", async () => {
    const kept = keptInMemory();
    const begun = await around.begin({ tracked: [{ place: 1, joints: ["knee"], seconds: 20 }] });
    const page = await open(kept, recorded(begun));
    const frames = squats();
    page.opened.event({ exercise: 1, kind: "play", at: startedAt, position: 0, rate: 1 });
    page.opened.event({ exercise: 1, kind: "pause", at: startedAt + 8_000, position: 8, rate: 1 });
    await page.record(frames);
    page.opened.did(1, startedAt, startedAt + 10_000);
    await page.opened.end();
    expect(page.opened.state).toMatchObject({ hasEnded: true, waitingMs: 0, leftOut: 0, stops: [] });
    expect(await kept.all()).toEqual([]);
    const replay = await replayOf(begun.session);
    expect(replay.frames.map(({ at }) => Math.round(at))).toEqual(frames.map(({ at }) => Math.round(at)));
    expect(replay.gaps).toEqual([]);
    expect(replay.result.exercises[0]).toMatchObject({ place: 1 });
    expect(replay.result.exercises[0].reps.length).toBeGreaterThanOrEqual(2);
    expect(replay.result.media[0]).toMatchObject({ place: 1, watched: 8 });
  });

  test("of a page that was closed is sent by the next one, under the numbers that it had", async () => {
    const kept = keptInMemory();
    const begun = await around.begin();
    const first = await open(kept, recorded(begun));
    const frames = squats();
    await first.record(frames.slice(0, 60));
    await vi.waitFor(() => expect(first.opened.state.waitingMs).toBe(0));
    first.away(true);
    await first.record(frames.slice(60, 200));
    first.opened.close();

    const [left] = await kept.all();
    expect(await kept.batches(begun.session)).toHaveLength(3);
    const second = await open(kept, left as KeptRecording);
    await second.record(frames.slice(200));
    await second.opened.end();
    const replay = await replayOf(begun.session);
    expect(replay.frames).toHaveLength(300);
    expect(replay.gaps).toEqual([]);
  });

  test("without a network leaves out half of the pictures, then the oldest, and says how many", async () => {
    const begun = await around.begin();
    const page = await open(keptInMemory(), recorded(begun));
    page.away(true);
    const frames = squats(60);
    for (let second = 0; second < 60; second += 2)
      await page.record(frames.slice(second * 30, second * 30 + 60));
    const { waitingMs, leftOut, isOffline } = page.opened.state;
    expect(isOffline).toBe(true);
    expect(waitingMs).toBeGreaterThan(26_000);
    expect(waitingMs).toBeLessThanOrEqual(30_000);
    expect(leftOut).toBeGreaterThan(500);
    page.away(false);
    await page.opened.end();
    const replay = await replayOf(begun.session);
    const dropped = replay.batches.reduce((sum, { droppedBefore }) => sum + droppedBefore, 0);
    expect(replay.frames.length).toBeGreaterThan(400);
    // The last ones that were left out had no batch behind them that could say so.
    expect(1_800 - replay.frames.length - dropped).toBeLessThanOrEqual(60);
    expect(replay.gaps.length).toBeGreaterThan(0);
  }, 60_000);

  test("waits as long as it is told to, and sends two a second where much waits", async () => {
    const begun = await around.begin();
    const page = await open(keptInMemory(), recorded(begun));
    page.away(true);
    await page.record(squats(14));
    page.away(false);
    await page.opened.end();
    const refused = page.post.mock.settledResults.filter(({ value }) => value.kind !== "taken");
    expect(refused.every(({ value }) => value.isNetwork)).toBe(true);
    expect((await replayOf(begun.session)).gaps).toEqual([]);
  }, 60_000);
});

describe("a token", () => {
  test("that is over is asked for anew, and nothing is lost", async () => {
    const begun = await around.begin();
    const over = await tokenOf(begun.session, { exp: Math.floor(Date.now() / 1000) - 60 });
    const renew = vi.fn(async () => begun.token);
    const page = await open(keptInMemory(), recorded({ ...begun, token: over }), renew);
    await page.record(squats(4));
    await page.opened.end();
    expect(renew).toHaveBeenCalledTimes(1);
    expect((await replayOf(begun.session)).frames).toHaveLength(120);
  });

  test("that nobody gives anew ends the recording, and nothing stays on the device", async () => {
    const kept = keptInMemory();
    const begun = await around.begin();
    const over = await tokenOf(begun.session, { exp: Math.floor(Date.now() / 1000) - 60 });
    const page = await open(kept, recorded({ ...begun, token: over }));
    await page.record(squats(4));
    await vi.waitFor(() => expect(page.opened.state.pose).toBe(false));
    expect(page.opened.state.stops).toEqual([{ stream: "pose", reason: "token_expired" }]);
    await vi.waitFor(async () => expect(await kept.batches(begun.session)).toEqual([]));
    await page.opened.end();
    expect(await kept.all()).toEqual([]);
  });
});

describe("a consent", () => {
  test("that is taken back ends its stream alone, and what waited of it is forgotten", async () => {
    const kept = keptInMemory();
    const begun = await around.begin();
    // Past the triggers: a consent that was withdrawn is never given back otherwise.
    const withdraw = async (at: Date | null) => {
      await around.admin.query("set session_replication_role = replica");
      await around.admin.query(
        "update app_public.consents set withdrawn_at = $1 where purpose_code = 'biometric_capture'",
        [at],
      );
      await around.admin.query("reset session_replication_role");
    };
    await withdraw(new Date());
    onTestFinished(() => withdraw(null));
    const page = await open(kept, recorded(begun));
    await page.record(squats(6));
    await vi.waitFor(() => expect(page.opened.state.pose).toBe(false));
    expect(page.opened.state).toMatchObject({
      media: true,
      stops: [{ stream: "pose", reason: "consent_withdrawn" }],
    });
    await vi.waitFor(async () => expect(await kept.batches(begun.session)).toEqual([]));
    await page.record(squats(4));
    expect(page.opened.state.waitingMs).toBe(0);
  });

  test("that never was makes no pictures; stopping forgets those that wait", async () => {
    const kept = keptInMemory();
    const begun = await around.begin();
    const without = await open(kept, recorded(begun, { scopes: ["media"] }));
    await without.record(squats(4));
    expect(without.post).not.toHaveBeenCalled();

    const other = await around.begin();
    const page = await open(kept, recorded(other));
    page.away(true);
    await page.record(squats(4));
    expect(await kept.batches(other.session)).toHaveLength(2);
    await page.opened.stop("pose");
    expect(await kept.batches(other.session)).toEqual([]);
    expect(page.opened.state).toMatchObject({ pose: false, media: true, waitingMs: 0 });
  });
});

test("numbers that another device used are passed over, and the recording goes on behind them", async () => {
  const begun = await around.begin();
  const one = await open(keptInMemory(), recorded(begun));
  await one.record(squats(6));
  await vi.waitFor(() => expect(one.opened.state.waitingMs).toBe(0));
  const other = await open(keptInMemory(), recorded(begun));
  const frames = squats(8);
  await other.record(frames.slice(0, 60));
  await vi.waitFor(() => expect(other.opened.state).toMatchObject({ waitingMs: 0, leftOut: 60 }));
  await other.record(frames.slice(60));
  await other.opened.end();
  const replay = await replayOf(begun.session);
  expect(replay.frames).toHaveLength(180 + 180);
});

test("what the server will never take is left out and said, and the rest goes on", async () => {
  const begun = await around.begin();
  const page = await open(keptInMemory(), recorded(begun));
  page.post.mockResolvedValueOnce({ kind: "refused", status: 413, reason: "body_too_large" });
  const frames = squats(6);
  await page.record(frames.slice(0, 60));
  await vi.waitFor(() => expect(page.opened.state).toMatchObject({ waitingMs: 0, leftOut: 60 }));
  await page.record(frames.slice(60));
  await page.opened.end();
  const { batches, gaps } = await replayOf(begun.session);
  expect(batches[0]?.droppedBefore).toBe(60);
  expect(gaps).toEqual([[0, 0]]);
});
