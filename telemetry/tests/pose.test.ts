import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { propertyRuns } from "../../db/testing/property.ts";
import type { Joint } from "../aggregate/angles.ts";
import { ALGORITHM_VERSION } from "../aggregate/parameters.ts";
import { aggregatePose } from "../aggregate/pose.ts";
import { codecV1 } from "../codec/codec_v1.ts";
import type { PoseBatch, PoseFrame } from "../codec/pose_batch.ts";
import { anyBatch, inBatches } from "./batches.ts";
import { type Posture, randomFrom, record, STANDING, trembling } from "./skeleton.ts";

/** A movement of `count` repetitions of `period` seconds, between two times of standing still. `depth` is 0..1. */
function motion(
  posture: (depth: number) => Posture,
  {
    count,
    period = 2.5,
    before = 2,
    after = 2,
  }: { count: number; period?: number; before?: number; after?: number },
) {
  const seconds = before + count * period + after;
  const at = (second: number) => {
    const moving = second - before;
    const isMoving = moving > 0 && moving < count * period;
    return posture(isMoving ? (1 - Math.cos((2 * Math.PI * moving) / period)) / 2 : 0);
  };
  return { at, seconds };
}

const squat = (depth: number) => ({ ...STANDING, knee: 178 - 80 * depth, hip: 178 - 60 * depth });
const curl = (depth: number) => ({ ...STANDING, elbow: 170 - 110 * depth });
const raise = (depth: number) => ({ ...STANDING, shoulder: 12 + 80 * depth });
const MOVEMENTS: [string, (depth: number) => Posture, Joint, number][] = [
  ["squats", squat, "knee", 80],
  ["curls", curl, "elbow", 110],
  ["raises", raise, "shoulder", 80],
];

const aggregate = (batches: PoseBatch[], joint: Joint = "knee") =>
  aggregatePose(batches, { joints: [joint] });
const countOf = (frames: PoseFrame[], joint?: Joint) =>
  aggregate(inBatches(frames), joint).repetitions.length;

describe("repetitions and range of motion (TEL-04)", () => {
  test.each(MOVEMENTS)(
    "of %s through the codec: each is counted, and its angle is within 1°",
    async (_, posture, joint, degrees) => {
      const { at, seconds } = motion(posture, { count: 6 });
      for (const yaw of [0, 35, 80]) {
        const batches = await Promise.all(
          inBatches(record(at, { seconds, yaw })).map(async (batch) =>
            codecV1.decode(await codecV1.encode(batch)),
          ),
        );
        const { repetitions, measured, view, algorithmVersion, signal } = aggregate(batches, joint);
        expect(repetitions.length).toBe(6);
        expect(measured).toMatchObject({ joint });
        expect(Math.abs(measured!.range - degrees)).toBeLessThanOrEqual(1);
        for (const { range } of repetitions) expect(Math.abs(range! - degrees)).toBeLessThanOrEqual(1);
        expect(view).toBe(yaw === 0 ? "front" : yaw === 35 ? "oblique" : "side");
        expect(algorithmVersion).toBe(ALGORITHM_VERSION);
        expect(signal).not.toBeNull();
      }
    },
  );

  test("each repetition says when it began, turned and ended, on the clock of the capture", () => {
    const { at, seconds } = motion(squat, { count: 4, period: 3, before: 5 });
    const { repetitions, confidence } = aggregate(inBatches(record(at, { seconds, startedAt: 1_000_000 })));
    expect(repetitions.length).toBe(4);
    for (const [i, { start, turn, end }] of repetitions.entries()) {
      const began = 1_000_000 + 5_000 + i * 3_000;
      expect(Math.abs(turn - began - 1_500)).toBeLessThan(150);
      expect(start).toBeGreaterThanOrEqual(began - 150);
      expect(start).toBeLessThan(began + 700);
      expect(end).toBeGreaterThan(began + 2_300);
      expect(end).toBeLessThanOrEqual(began + 3_150);
    }
    expect(confidence).toBeGreaterThan(0.9);
  });

  test.each([
    ["nobody in the picture", 0, 0, true],
    ["standing still", 0, 0, false],
    ["jitter of a good camera", 0.003, 0, false],
    ["jitter of a bad camera", 0.02, 0, false],
    ["sway", 0.002, 2, false],
  ])("nothing is counted without a movement: %s", (_, jitter, sway, isEmpty) => {
    for (const fps of [8, 15, 30]) {
      for (const seed of [1, 2]) {
        const still = (second: number) => ({
          ...STANDING,
          hip: 176 + sway * Math.sin(second * 1.3),
          elbow: 120,
        });
        const frames = record(still, { seconds: 20, fps, jitter, seed }).map((frame) =>
          isEmpty ? { ...frame, landmarks: null } : frame,
        );
        const { repetitions, signal, confidence } = aggregate(
          inBatches(frames),
          seed === 1 ? "knee" : "elbow",
        );
        expect([repetitions, signal, confidence]).toEqual([[], null, 0]);
      }
    }
  });

  test("nothing is counted where landmarks tremble slowly, and most of all in depth", () => {
    for (const [i, fps] of [10, 15, 30].entries()) {
      const still = record(() => ({ ...STANDING, elbow: 130, shoulder: 40 }), { seconds: 20, fps });
      expect(countOf(trembling(still, 0.006, i + 1), "elbow")).toBe(0);
      const moved = record(motion(curl, { count: 6 }).at, { seconds: 19, fps });
      expect(countOf(trembling(moved, 0.006, i + 1), "elbow")).toBe(6);
    }
  });

  test("a joint too small to be seen in the body's places is counted by its angle alone", () => {
    const { at, seconds } = motion((depth) => ({ ...STANDING, elbow: depth }), { count: 8, period: 2 });
    const frames = record(() => STANDING, { seconds, fps: 15, yaw: 80, jitter: 0.001 });
    for (const [i, { landmarks }] of frames.entries()) {
      // The tips of both feet are lifted by up to a twentieth of the picture.
      for (const foot of [31, 32]) landmarks![foot * 4 + 1]! -= 0.05 * at(i / 15).elbow;
    }
    const { repetitions, signal } = aggregate(inBatches(frames), "ankle");
    expect(repetitions.length).toBe(8);
    expect(signal).toMatch(/^ankle/);
  });

  test.each([8, 10, 12, 15, 24])("at %i pictures a second the same is counted", (fps) => {
    const { at, seconds } = motion(squat, { count: 7, period: 2 });
    expect(countOf(record(at, { seconds, fps, jitter: 0.002 }))).toBe(7);
  });

  test("long idleness before, between and after is not counted", () => {
    const [first, second] = [
      motion(squat, { count: 4, before: 40 }),
      motion(squat, { count: 3, before: 25, after: 30 }),
    ];
    const at = (at: number) => (at < first.seconds ? first.at(at) : second.at(at - first.seconds));
    expect(countOf(record(at, { seconds: first.seconds + second.seconds, fps: 15, jitter: 0.003 }))).toBe(7);
  });

  test("other movements before and after are no repetitions, however large", () => {
    const { at, seconds } = motion(squat, { count: 6, before: 5, after: 5 });
    const once = (second: number, from: number) =>
      second > from && second < from + 3 ? (1 - Math.cos((2 * Math.PI * (second - from)) / 3)) / 2 : 0;
    // Both arms are stretched upwards before, and somebody bends down after.
    const all = (second: number) => ({
      ...at(second),
      shoulder: 12 + 150 * once(second, 1),
      hip: at(second).hip - 70 * once(second, seconds - 4),
    });
    for (const yaw of [0, 35, 80])
      expect(countOf(record(all, { seconds, fps: 15, yaw, jitter: 0.002 }))).toBe(6);
  });

  test("small movements beside large ones are not counted, however many they are", () => {
    const { at, seconds } = motion(squat, { count: 5, after: 20 });
    const small = (second: number) => (1 - Math.cos((second - seconds + 20) * 3)) / 2;
    const both = (second: number) => (second > seconds - 19 ? squat(0.25 * small(second)) : at(second));
    expect(countOf(record(both, { seconds }))).toBe(5);
  });

  test("pictures without a person, and limbs that jump for a moment, change nothing", () => {
    const { at, seconds } = motion(squat, { count: 8 });
    const random = randomFrom(5);
    const frames = record(at, { seconds, jitter: 0.002 }).map((frame): PoseFrame => {
      const chance = random();
      if (chance < 0.15) return { ...frame, landmarks: null };
      if (chance < 0.18) return { ...frame, landmarks: mirrored(frame.landmarks!) };
      return frame;
    });
    expect(countOf(frames)).toBe(8);
  });

  test("a gap of seconds stays one: nothing is measured within, what lies beside is counted", () => {
    const { at, seconds } = motion(squat, { count: 8, before: 1 });
    const frames = record(at, { seconds });
    const start = frames[0]!.at;
    // The third repetition, from standing to standing.
    const left = frames.filter((frame) => frame.at < start + 6_000 || frame.at > start + 8_500);
    const { repetitions } = aggregate(inBatches(left));
    expect(repetitions.length).toBe(7);
  });

  test("batches that come twice, in any order or late change nothing", () => {
    const { at, seconds } = motion(raise, { count: 5 });
    const batches = inBatches(record(at, { seconds, jitter: 0.002 }), 40).map((batch) => ({
      ...batch,
      droppedBefore: 2,
    }));
    const once = aggregate(batches, "shoulder");
    const random = randomFrom(9);
    for (let round = 0; round < 3; round++) {
      const shuffled = [...batches, ...batches.slice(2, 6), batches[0]!]
        .map((batch) => ({ batch, place: random() }))
        .sort((a, b) => a.place - b.place)
        .map(({ batch }) => batch);
      expect(aggregate(shuffled, "shoulder")).toEqual(once);
    }
    expect(once.frames).toEqual({
      withPerson: Math.round(seconds * 30),
      withoutPerson: 0,
      dropped: 2 * batches.length,
    });
  });

  test("a moment that two batches show counts once, as the earlier of them shows it", () => {
    const { at, seconds } = motion(squat, { count: 5 });
    const batches = inBatches(record(at, { seconds }));
    const other = record(() => STANDING, { seconds: 2 });
    const again = {
      ...batches[2]!,
      sequence: 99,
      frames: batches[2]!.frames.map(({ at }, i) => ({ ...other[i]!, at })),
    };
    const { repetitions, measured } = aggregate(batches);
    expect(aggregate([again, ...batches])).toMatchObject({ repetitions, measured });
  });

  test("a repetition that the recording cuts off is counted, and ends with it", () => {
    const { at } = motion(squat, { count: 4, before: 2 });
    const { repetitions } = aggregate(inBatches(record(at, { seconds: 2 + 3.6 * 2.5 })));
    expect(repetitions.length).toBe(4);
  });

  test("a joint that is not seen is not measured, and the rest of the body is counted", () => {
    const { at, seconds } = motion(curl, { count: 5 });
    const frames = record(at, { seconds }).map(({ at, landmarks }) => {
      for (const hidden of [25, 26, 27, 28]) landmarks![hidden * 4 + 3] = 0.2;
      return { at, landmarks };
    });
    const { repetitions, ranges, measured } = aggregate(inBatches(frames), "knee");
    expect([ranges, measured]).toEqual([[], null]);
    expect(repetitions.map(({ range }) => range)).toEqual([null, null, null, null, null]);
  });

  test("an exercise that names no joint is counted by the body, and measured where most moved", () => {
    const { at, seconds } = motion(raise, { count: 5 });
    const { repetitions, measured, ranges } = aggregatePose(inBatches(record(at, { seconds })), {
      joints: [],
    });
    expect(repetitions.length).toBe(5);
    expect(ranges.length).toBe(8);
    expect(measured?.joint).toBe("shoulder");
  });

  test("any batches at all give numbers or nothing, and clocks that jump by centuries no memory", () => {
    fc.assert(
      fc.property(fc.array(anyBatch, { maxLength: 4 }), (batches) => {
        const { repetitions, ranges, confidence } = aggregatePose(batches, { joints: ["knee", "elbow"] });
        for (const { start, turn, end } of repetitions) expect(start <= turn && turn <= end).toBe(true);
        for (const { low, high } of ranges) expect(low >= 0 && low <= high && high <= 180).toBe(true);
        expect(confidence >= 0 && confidence <= 1).toBe(true);
      }),
      propertyRuns(15),
    );
  });

  test("nothing at all is nothing, and no error", () => {
    for (const batches of [[], inBatches(record(() => STANDING, { seconds: 0.03 }))]) {
      expect(aggregate(batches)).toMatchObject({ repetitions: [], signal: null, confidence: 0 });
    }
  });
});

/** Left and right mistaken for each other, as landmarkers do for a moment. */
function mirrored(landmarks: Float32Array): Float32Array {
  const swapped = landmarks.slice();
  for (let left = 11; left < 33; left += 2) {
    swapped.set(landmarks.subarray(left * 4, left * 4 + 4), (left + 1) * 4);
    swapped.set(landmarks.subarray((left + 1) * 4, (left + 1) * 4 + 4), left * 4);
  }
  return swapped;
}
