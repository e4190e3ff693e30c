import { NUMBERS, type PoseBatch } from "../codec/pose_batch.ts";
import type { Parameters } from "./parameters.ts";
import { quantile, runningMedian } from "./smoothing.ts";

/** A frame with the shape of its picture (width ÷ height). */
type Picture = { at: number; landmarks: Float32Array; aspect: number };

/**
 * Points in space over time. `times`: milliseconds, rising. `points` by landmark: x, y, z at each of them, flat, all in
 * heights of the picture; NaN where the landmark was not seen.
 */
export type Timeline = { times: Float64Array; points: Map<number, Float64Array> };

/**
 * The frames with a person in all batches, in the order of their capture, whichever way the batches came. What came
 * twice counts once: the first of each sequence, and the first of each moment. Pictures beyond the longest session are
 * left out.
 */
export function inOrder(batches: Iterable<PoseBatch>, { longestSession }: Parameters): Picture[] {
  const bySequence = new Map<number, PoseBatch>();
  for (const batch of batches) if (!bySequence.has(batch.sequence)) bySequence.set(batch.sequence, batch);
  const pictures = [...bySequence.values()]
    .sort((a, b) => a.sequence - b.sequence)
    .flatMap(({ frames, image }) =>
      frames.flatMap(({ at, landmarks }) =>
        landmarks ? [{ at, landmarks, aspect: image.width / image.height }] : [],
      ),
    )
    .sort((a, b) => a.at - b.at);
  const end = (pictures[0]?.at ?? 0) + longestSession * 1000;
  return pictures.filter(({ at }, i) => at <= end && (i === 0 || at > pictures[i - 1]!.at));
}

/** The landmarks as they were captured. Shares of the picture become lengths here. */
export function asCaptured(
  pictures: readonly Picture[],
  landmarks: Iterable<number>,
  { leastVisibility }: Parameters,
): Timeline {
  const times = Float64Array.from(pictures, ({ at }) => at);
  const points = new Map<number, Float64Array>();
  for (const landmark of landmarks) {
    const point = new Float64Array(pictures.length * 3).fill(Number.NaN);
    const from = landmark * NUMBERS;
    for (const [i, picture] of pictures.entries()) {
      const numbers = picture.landmarks;
      if (!(numbers[from + 3]! >= leastVisibility)) continue;
      point[i * 3] = numbers[from]! * picture.aspect;
      point[i * 3 + 1] = numbers[from + 1]!;
      point[i * 3 + 2] = numbers[from + 2]! * picture.aspect;
    }
    points.set(landmark, point);
  }
  return { times, points };
}

/**
 * The same without limbs that jump for a moment, at equal steps of time: a running median over pictures, then straight
 * lines between neighbours. Between those further apart than the longest gap nothing is known.
 */
export function atEqualSteps(captured: Timeline, parameters: Parameters): Timeline {
  const { rate, longestGap, median, longestMedian } = parameters;
  const step = 1000 / rate;
  const startedAt = captured.times[0] ?? 0;
  const length = (captured.times.at(-1) ?? startedAt) - startedAt;
  const samples = captured.times.length === 0 ? 0 : Math.floor(length / step + 1e-6) + 1;
  const times = Float64Array.from({ length: samples }, (_, i) => startedAt + i * step);
  const width = medianWidth(captured.times, median, longestMedian);
  const points = new Map<number, Float64Array>();
  for (const [landmark, point] of captured.points) {
    const seen: number[] = [];
    for (let i = 0; i < captured.times.length; i++) if (!Number.isNaN(point[i * 3])) seen.push(i);
    const seenAt = new Float64Array(seen.length);
    for (let k = 0; k < seen.length; k++) seenAt[k] = captured.times[seen[k]!]!;
    const even = new Float64Array(samples * 3);
    for (let axis = 0; axis < 3; axis++) {
      const values = new Float64Array(seen.length);
      for (let k = 0; k < seen.length; k++) values[k] = point[seen[k]! * 3 + axis]!;
      drawLines(seenAt, runningMedian(values, width), times, longestGap * 1000, (i, value) => {
        even[i * 3 + axis] = value;
      });
    }
    points.set(landmark, even);
  }
  return { times, points };
}

/** The widest odd number of pictures, up to `most`, that spans no more than so many seconds; at least 3. */
function medianWidth(times: Float64Array, most: number, longest: number): number {
  if (times.length < 3) return 1;
  const usual = quantile(
    times.slice(1).map((at, i) => at - times[i]!),
    0.5,
  );
  let width = most;
  while (width > 3 && (width - 1) * usual > longest * 1000) width -= 2;
  return width;
}

function drawLines(
  from: Float64Array,
  values: Float64Array,
  to: Float64Array,
  longestGap: number,
  put: (i: number, value: number) => void,
): void {
  let k = 0;
  for (let i = 0; i < to.length; i++) {
    const at = to[i]!;
    while (k + 1 < from.length && from[k + 1]! <= at) k += 1;
    const [before, after] = [from[k], from[k + 1]];
    if (before === undefined || before > at) put(i, Number.NaN);
    // A last frame stands for the step that it lies in.
    else if (after === undefined) put(i, at - before < 1 ? values[k]! : Number.NaN);
    else if (after - before > longestGap && at > before) put(i, Number.NaN);
    else put(i, values[k]! + ((values[k + 1]! - values[k]!) * (at - before)) / (after - before));
  }
}
