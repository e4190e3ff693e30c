import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { float32Codec } from "../../bench/pose/float32_codec.ts";
import { propertyRuns } from "../../db/testing/property.ts";
import { JOINTS, jointAngle } from "../aggregate/angles.ts";
import { PARAMETERS } from "../aggregate/parameters.ts";
import { quantile } from "../aggregate/smoothing.ts";
import { asCaptured, inOrder } from "../aggregate/timeline.ts";
import { codecV1 } from "../codec/codec_v1.ts";
import { readHeader } from "../codec/header.ts";
import { MAX_BODY_BYTES, MAX_FRAMES } from "../codec/landmark_codec.ts";
import { NUMBERS, type PoseBatch } from "../codec/pose_batch.ts";
import { anyBatch, inBatches } from "./batches.ts";
import { record, STANDING } from "./skeleton.ts";

const squats = inBatches(
  record(
    (seconds) => {
      const depth = (1 - Math.cos(seconds * 2)) / 2;
      return { ...STANDING, knee: 178 - 80 * depth, hip: 178 - 60 * depth, shoulder: 12 + 60 * depth };
    },
    { seconds: 12, jitter: 0.0007 },
  ),
);
const one = squats[1]!;
const withFrames = (frames: PoseBatch["frames"]): PoseBatch => ({ ...one, frames });

describe("codec v1 (TEL-03)", () => {
  test("gives back any batch: what was counted exactly, moments within 0.1 ms, numbers within their step", async () => {
    await fc.assert(
      fc.asyncProperty(anyBatch, async (batch) => {
        const body = await codecV1.encode(batch);
        expect(body.length).toBeLessThanOrEqual(MAX_BODY_BYTES);
        const back = await codecV1.decode(body);
        const { frames, ...head } = back;
        expect(head).toEqual({
          sequence: batch.sequence,
          image: batch.image,
          droppedBefore: batch.droppedBefore,
        });
        expect(frames.length).toBe(batch.frames.length);
        for (const [i, { at, landmarks }] of frames.entries()) {
          const was = batch.frames[i]!;
          expect(Math.abs(at - was.at)).toBeLessThanOrEqual(0.101);
          expect(landmarks === null).toBe(was.landmarks === null);
          const most = landmarks?.reduce(
            (far, value, n) => Math.max(far, stepsOff(value, was.landmarks![n]!, n)),
            0,
          );
          expect(most ?? 0).toBeLessThanOrEqual(0.501);
        }
      }),
      propertyRuns(40),
    );
  });

  test("says of whom it is before anything is inflated", async () => {
    const body = await codecV1.encode({ ...one, sequence: 7, droppedBefore: 3 });
    expect(readHeader(body.subarray(0, 34))).toMatchObject({
      sequence: 7,
      droppedBefore: 3,
      startedAt: one.frames[0]!.at,
      frames: 60,
    });
  });

  test("is 3.9 times smaller than float32 with gzip, and joint angles stay within 0.15° (99 of 100)", async () => {
    let [ours, peer] = [0, 0];
    const off: number[] = [];
    for (const batch of squats) {
      const body = await codecV1.encode(batch);
      ours += body.length;
      const plain = await float32Codec.encode(batch);
      peer += plain.length;
      // The peer keeps everything as well.
      expect((await float32Codec.decode(plain)).frames[7]!.landmarks).toEqual(batch.frames[7]!.landmarks);
      const [was, is] = [batch, await codecV1.decode(body)].map((one) =>
        asCaptured(inOrder([one], PARAMETERS), new Set(Object.values(JOINTS).flat(2)), PARAMETERS),
      );
      for (const joint of ["shoulder", "elbow", "hip", "knee"] as const) {
        for (const limbs of JOINTS[joint]) {
          const angles = jointAngle(is!, limbs);
          jointAngle(was!, limbs).forEach((angle, i) => {
            off.push(Math.abs(angle - angles[i]!));
          });
        }
      }
    }
    expect(peer / ours).toBeGreaterThanOrEqual(3.9);
    expect(quantile(Float64Array.from(off), 0.99)).toBeLessThanOrEqual(0.15);
  });

  test("calls a landmark invisible that lies nowhere or outside of the limits, and keeps the rest", async () => {
    const landmarks = one.frames[0]!.landmarks!.slice();
    landmarks.set([Number.NaN, 0.5, 0, 1], 5 * NUMBERS);
    landmarks.set([0.5, 9, Number.NEGATIVE_INFINITY, 1], 16 * NUMBERS);
    const back = await codecV1.decode(await codecV1.encode(withFrames([{ at: 1, landmarks }])));
    const kept = back.frames[0]!.landmarks!;
    expect(kept.every((value) => Math.abs(value) <= 4)).toBe(true);
    expect([kept[5 * NUMBERS + 3], kept[16 * NUMBERS + 3]]).toEqual([0, 0]);
    expect(kept[11 * NUMBERS]).toBeCloseTo(landmarks[11 * NUMBERS]!, 3);
  });

  const { landmarks } = one.frames[0]!;
  test.each<[string, PoseBatch]>([
    ["frames_missing", withFrames([])],
    ["too_many_frames", withFrames(Array.from({ length: MAX_FRAMES + 1 }, (_, i) => ({ at: i, landmarks })))],
    ["time_not_rising", withFrames([{ at: 5, landmarks }, { at: 5, landmarks }])], // biome-ignore format: short
    ["time_not_rising", withFrames([{ at: 5, landmarks }, { at: Number.NaN, landmarks }])], // biome-ignore format: short
    ["gap_too_long", withFrames([{ at: 5, landmarks }, { at: 9000, landmarks }])], // biome-ignore format: short
    ["header_not_valid", { ...one, sequence: -1 }],
    ["header_not_valid", { ...one, sequence: 1.5 }],
    ["header_not_valid", { ...one, image: { width: 0, height: 480 } }],
    ["header_not_valid", { ...one, droppedBefore: 2 ** 32 }],
    ["header_not_valid", withFrames([{ at: -1, landmarks }])],
  ])("refuses to encode what could not be decoded: %s", async (reason, batch) => {
    await expect(codecV1.encode(batch)).rejects.toMatchObject({ name: "LandmarkCodecError", reason });
  });
});

/** How many steps of its scale a number is off. */
function stepsOff(value: number, was: number, n: number): number {
  const axis = n % NUMBERS;
  if (axis === 3) return Math.abs(value - was) * 64;
  const isCoarse = [1, 2, 3, 4, 5, 6, 9, 10, 17, 18, 21, 22].includes(Math.floor(n / NUMBERS));
  return Math.abs(value - was) * (isCoarse ? (axis < 2 ? 2048 : 1024) : 8192);
}
