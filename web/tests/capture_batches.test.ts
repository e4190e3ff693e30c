import { describe, expect, test } from "vitest";
import { codecV1 } from "../../telemetry/codec/codec_v1.ts";
import type { PoseFrame } from "../../telemetry/codec/pose_batch.ts";
import { record, STANDING } from "../../telemetry/tests/skeleton.ts";
import { createBatcher, lengthOf, type MadeBatch } from "../capture/batcher.ts";
import type { PlayerEvent } from "../capture/kept.ts";
import { watchPlayer } from "../capture/player.ts";

// TEL-08: pictures become batches that the server takes, and players say what they do.

const image = { width: 640, height: 480 };
const frames = (seconds: number, fps = 30, startedAt?: number) =>
  record(() => STANDING, { seconds, fps, ...(startedAt !== undefined && { startedAt }) });

function batched(add: (batcher: ReturnType<typeof createBatcher>) => void, isThinned = () => false) {
  const made: MadeBatch[] = [];
  const batcher = createBatcher({ made: (batch) => made.push(batch), isThinned });
  add(batcher);
  batcher.flush();
  return made;
}
const addAll = (all: readonly PoseFrame[], exercise = 1, size = image) =>
  batched((batcher) => {
    for (const frame of all) batcher.add(frame, exercise, size);
  });

describe("batches", () => {
  test("hold two seconds, each picture once and in order, and can be encoded", async () => {
    const all = frames(7);
    const made = addAll(all);
    expect(made.map(({ batch }) => batch.frames.length)).toEqual([60, 60, 60, 30]);
    expect(made.flatMap(({ batch }) => batch.frames)).toEqual(all);
    for (const [sequence, { batch }] of made.entries())
      expect((await codecV1.encode({ ...batch, sequence })).length).toBeLessThan(15_000);
  });

  test("end where the exercise, the shape of the picture or a long pause begins another", () => {
    const all = frames(1);
    const made = batched((batcher) => {
      for (const frame of all.slice(0, 10)) batcher.add(frame, 1, image);
      for (const frame of all.slice(10, 20)) batcher.add(frame, 2, image);
      for (const frame of all.slice(20)) batcher.add(frame, 2, { width: 480, height: 640 });
      for (const frame of frames(1, 30, (all.at(-1)?.at ?? 0) + 7_000))
        batcher.add(frame, 2, { width: 480, height: 640 });
    });
    expect(made.map(({ exercise, batch }) => [exercise, batch.image.width, batch.frames.length])).toEqual([
      [1, 640, 10],
      [2, 640, 10],
      [2, 480, 10],
      [2, 480, 30],
    ]);
  });

  test("leave out what a clock brings twice or late, and take no more than the codec does", () => {
    const all = frames(1);
    const again = addAll([...all, ...all.slice(5), { at: Number.NaN, landmarks: null }]);
    expect(again.flatMap(({ batch }) => batch.frames)).toEqual(all);
    const fast = addAll(frames(1.9, 120));
    expect(fast.map(({ batch }) => batch.frames.length)).toEqual([150, 78]);
  });

  test("have half of the pictures while too much waits, and say what was left out", () => {
    let isThinned = false;
    const all = frames(6);
    const made = batched(
      (batcher) => {
        for (const [i, frame] of all.entries()) {
          isThinned = i >= 60 && i < 120;
          batcher.add(frame, 1, image);
        }
        batcher.leaveOut({ frames: 5, droppedBefore: 2 });
        expect(batcher.leftOut).toBe(30 + 5);
      },
      () => isThinned,
    );
    const kept = made.reduce((sum, { batch }) => sum + batch.frames.length, 0);
    const dropped = made.reduce((sum, { batch }) => sum + batch.droppedBefore, 0);
    expect(dropped).toBe(30 + 7);
    expect(kept + dropped).toBe(180 + 7);
    expect(Math.max(...made.map(({ batch }) => lengthOf(batch.frames)))).toBeLessThan(2_100);
  });
});

/** A player as far as it is listened to, that does what it is told. */
class FakePlayer extends EventTarget {
  currentTime = 0;
  playbackRate = 1;
  paused = true;
  ended = false;
  now = 1_700_000_000_000;
  told: Omit<PlayerEvent, "id">[] = [];
  watch = () =>
    watchPlayer(this, { exercise: 2, say: (event) => this.told.push(event), now: () => this.now });
  say(...names: string[]): void {
    for (const name of names) this.dispatchEvent(new Event(name));
  }
  plays(seconds: number): void {
    for (let i = 0; i < seconds * 4; i++) {
      this.currentTime += 0.25 * this.playbackRate;
      this.now += 250;
      this.say("timeupdate");
    }
  }
  get line(): string {
    return this.told
      .map(({ kind, position, from }) => `${kind} ${from === undefined ? "" : `${from}>`}${position}`)
      .join(", ");
  }
}

describe("TEL-11: a player", () => {
  test("says where it plays, every five seconds, and where it stops", () => {
    const player = new FakePlayer();
    player.watch();
    player.say("play", "playing");
    player.plays(11);
    player.say("pause");
    player.plays(0);
    expect(player.line).toBe("play 0, reached 5, reached 10, pause 11");
    expect(player.told[1]).toEqual({
      exercise: 2,
      kind: "reached",
      at: 1_700_000_005_000,
      position: 5,
      rate: 1,
    });
  });

  test("says from where to where it jumped, however far it was dragged on the way", () => {
    const player = new FakePlayer();
    player.watch();
    player.say("playing");
    player.plays(2);
    for (const place of [20, 25, 8]) {
      player.currentTime = place;
      player.say("seeking", "timeupdate");
    }
    player.say("waiting", "seeked", "playing");
    player.plays(1);
    player.say("pause");
    expect(player.line).toBe("play 0, seek 2>8, pause 9");
  });

  test("says when it waits, how fast it is, and that it ended, once", () => {
    const player = new FakePlayer();
    player.watch();
    player.say("waiting", "playing");
    player.plays(1);
    player.say("waiting", "waiting");
    player.now += 3_000;
    player.say("playing");
    player.playbackRate = 2;
    player.say("ratechange");
    player.plays(1);
    player.ended = true;
    player.say("pause", "ended");
    expect(player.line).toBe("play 0, stall 1, resume 1, rate 1, end 3");
    expect(player.told.map(({ rate }) => rate)).toEqual([1, 1, 1, 2, 2]);
  });

  test("that is left while it plays has paused there", () => {
    const player = new FakePlayer();
    const leave = player.watch();
    player.say("playing");
    player.plays(3);
    leave();
    leave();
    player.say("playing");
    expect(player.line).toBe("play 0, pause 3");
  });
});
