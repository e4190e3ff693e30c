import { expect, test } from "vitest";
import { codecV1 } from "../../telemetry/codec/codec_v1.ts";
import { LANDMARKS, NUMBERS } from "../../telemetry/codec/pose_batch.ts";
import { writeReplay } from "../../telemetry/codec/replay.ts";
import { beginningsIn, frameAt, lengthOf, movementIn } from "../treatment/movement.ts";

const begun = Date.UTC(2027, 2, 1, 10);

/** Two seconds of somebody whose left wrist stands at a height. */
async function batch(sequence: number, y: number): Promise<Uint8Array> {
  const frames = Array.from({ length: 20 }, (_, i) => {
    const landmarks = new Float32Array(LANDMARKS * NUMBERS).fill(0.5);
    landmarks[15 * NUMBERS + 1] = y;
    return { at: begun + sequence * 2_000 + i * 100, landmarks };
  });
  return codecV1.encode({ sequence, image: { width: 640, height: 480 }, droppedBefore: 0, frames });
}

test("TEL-07: batches are played in the order of time, each once, and nothing is shown where nothing was recorded", async () => {
  const [first, second, last] = await Promise.all([batch(0, 0.2), batch(1, 0.4), batch(4, 0.8)]);
  const movement = await movementIn(
    writeReplay([
      { exercise: 1, body: second },
      { exercise: 1, body: first },
      { exercise: 1, body: second },
      { exercise: 2, body: last },
    ]),
  );
  expect(movement.frames.length).toBe(60);
  expect(lengthOf(movement)).toBe(9_900);
  expect(movement.image).toEqual({ width: 640, height: 480 });
  const wrist = (ms: number) => frameAt(movement, ms)?.landmarks?.[15 * NUMBERS + 1];
  expect([0, 1_950, 2_000, 3_999, 8_050].map((ms) => wrist(ms)?.toFixed(2))).toEqual([
    "0.20",
    "0.20",
    "0.40",
    "0.40",
    "0.80",
  ]);
  expect([5_000, 7_900].map(wrist)).toEqual([undefined, undefined]);
  expect(beginningsIn(movement)).toEqual([
    { exercise: 1, ms: 0 },
    { exercise: 2, ms: 8_000 },
  ]);
});

test("TEL-07: what is no replay is refused", async () => {
  await expect(movementIn(new Uint8Array([1, 2, 3]))).rejects.toThrow(RangeError);
});
