import fc from "fast-check";
import { LANDMARKS, NUMBERS, type PoseBatch, type PoseFrame } from "../codec/pose_batch.ts";

/** Any batch that a camera could give: people who jump about, frames with nobody, any rhythm, any picture. */
export const anyBatch: fc.Arbitrary<PoseBatch> = fc
  .record({
    sequence: fc.integer({ min: 0, max: 0xffffffff }),
    image: fc.record({
      width: fc.integer({ min: 1, max: 65535 }),
      height: fc.integer({ min: 1, max: 65535 }),
    }),
    droppedBefore: fc.integer({ min: 0, max: 0xffffffff }),
    startedAt: fc.double({ min: 0, max: 4e12, noNaN: true }),
    frames: fc.array(
      fc.record({
        step: fc.double({ min: 0.2, max: 6000, noNaN: true }),
        seed: fc.option(fc.integer({ min: 1, max: 1e9 }), { nil: null }),
      }),
      { minLength: 1, maxLength: 150 },
    ),
  })
  .map(({ startedAt, frames, ...batch }) => {
    let at = startedAt;
    return {
      ...batch,
      frames: frames.map(({ step, seed }, i): PoseFrame => {
        if (i > 0) at += step;
        return { at, landmarks: seed === null ? null : anyLandmarks(seed) };
      }),
    };
  });

function anyLandmarks(seed: number): Float32Array {
  let state = seed;
  const random = () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 32;
  };
  return Float32Array.from({ length: LANDMARKS * NUMBERS }, (_, i) =>
    i % NUMBERS === 3 ? random() : random() * 7.99 - 3.995,
  );
}

export function inBatches(
  frames: readonly PoseFrame[],
  size = 60,
  image = { width: 640, height: 480 },
): PoseBatch[] {
  return Array.from({ length: Math.ceil(frames.length / size) }, (_, sequence) => ({
    sequence,
    image,
    droppedBefore: 0,
    frames: frames.slice(sequence * size, (sequence + 1) * size),
  }));
}
