import type { Parameters } from "./parameters.ts";
import { quantile } from "./smoothing.ts";
import type { Timeline } from "./timeline.ts";

/** Shoulders, elbows, wrists, hips, knees, ankles. */
export const TWELVE = [11, 12, 13, 14, 15, 16, 23, 24, 25, 26, 27, 28];
const HIPS: [number, number] = [23, 24];

/** The direction in which the twelve joints move most together, in the picture's plane. */
type Direction = {
  columns: { landmark: number; axis: number; mean: number; weight: number }[];
  centred: boolean;
};

/** Every third moment is enough to find a direction. */
const STEP = 3;

/**
 * Finds the first principal component of how the twelve joints move: of differences over a moment, not of places, so
 * that where somebody stood or a new view of the camera decides nothing. Centred, places are counted from the hips.
 */
export function mainDirection(timeline: Timeline, centred: boolean, parameters: Parameters): Direction {
  const columns = TWELVE.flatMap((landmark) =>
    [0, 1].map((axis) => ({ landmark, axis, ...seldom(column(timeline, landmark, axis, centred)) })),
  ).filter(({ known, values }) => known > 0 && known >= values.length / 2);
  const lag = Math.round((parameters.movementOver * parameters.rate) / STEP);
  const size = columns.length;
  const moments = Math.max(0, Math.ceil(timeline.times.length / STEP) - lag);
  const moved = new Float64Array(moments * size);
  const length = new Float64Array(moments);
  for (let c = 0; c < size; c++) {
    const { values } = columns[c]!;
    for (let i = 0; i < moments; i++) {
      const difference = values[i + lag]! - values[i]!;
      if (Number.isNaN(difference)) continue;
      moved[i * size + c] = difference;
      length[i]! += difference * difference;
    }
  }
  const most = quantile(length, parameters.ordinaryMovement);
  const covariance = new Float64Array(size * size);
  for (let i = 0; i < moments; i++) {
    const weight = length[i]! > most ? most / length[i]! : 1;
    for (let a = 0; a < size; a++) {
      const scaled = weight * moved[i * size + a]!;
      if (scaled === 0) continue;
      for (let b = 0; b <= a; b++) covariance[a * size + b]! += scaled * moved[i * size + b]!;
    }
  }
  const weights = firstVector(covariance, size);
  return {
    centred,
    columns: columns.map(({ landmark, axis, mean }, c) => ({ landmark, axis, mean, weight: weights[c]! })),
  };
}

/** Every third value, how many of them are known, and their mean. */
function seldom(all: Float64Array): { values: Float64Array; known: number; mean: number } {
  const values = new Float64Array(Math.ceil(all.length / STEP));
  let [known, sum] = [0, 0];
  for (let i = 0; i < values.length; i++) {
    const value = all[i * STEP]!;
    values[i] = value;
    if (Number.isNaN(value)) continue;
    known += 1;
    sum += value;
  }
  return { values, known, mean: sum / known };
}

/** How far the body is along that direction at each moment, in heights of the picture. */
export function alongDirection(timeline: Timeline, { columns, centred }: Direction): Float64Array {
  const along = new Float64Array(timeline.times.length);
  const missing = new Uint8Array(along.length);
  for (const { landmark, axis, mean, weight } of columns) {
    const values = column(timeline, landmark, axis, centred);
    for (let i = 0; i < along.length; i++) {
      // A joint that is not seen for a moment is taken to be where it usually is.
      if (Number.isNaN(values[i])) missing[i]! += 1;
      else along[i]! += (values[i]! - mean) * weight;
    }
  }
  for (let i = 0; i < along.length; i++) if (missing[i]! * 2 >= columns.length) along[i] = Number.NaN;
  return along;
}

/** How large the body is in the picture: the usual distance of the twelve joints from their middle, in heights. */
export function bodySize({ times, points }: Timeline): number {
  const sizes = new Float64Array(Math.ceil(times.length / 10)).fill(Number.NaN);
  for (let k = 0; k < sizes.length; k++) {
    const n = k * 30;
    const seen = TWELVE.map((landmark) => points.get(landmark)!).filter((point) => !Number.isNaN(point[n]));
    const x = seen.reduce((sum, point) => sum + point[n]!, 0) / seen.length;
    const y = seen.reduce((sum, point) => sum + point[n + 1]!, 0) / seen.length;
    const squares = seen.reduce((sum, point) => sum + (point[n]! - x) ** 2 + (point[n + 1]! - y) ** 2, 0);
    sizes[k] = Math.sqrt(squares / seen.length);
  }
  return quantile(sizes, 0.5);
}

function column({ times, points }: Timeline, landmark: number, axis: number, centred: boolean): Float64Array {
  const point = points.get(landmark)!;
  const [left, right] = [points.get(HIPS[0])!, points.get(HIPS[1])!];
  const values = new Float64Array(times.length);
  for (let i = 0; i < values.length; i++) {
    const n = i * 3 + axis;
    values[i] = centred ? point[n]! - (left[n]! + right[n]!) / 2 : point[n]!;
  }
  return values;
}

/** The first eigenvector of a symmetric matrix of which the lower half is given, by repeated multiplication. */
function firstVector(lower: Float64Array, size: number): Float64Array {
  let vector = Float64Array.from({ length: size }, (_, i) => 1 + i * 0.013);
  for (let round = 0; round < 100; round++) {
    const next = new Float64Array(size);
    for (let a = 0; a < size; a++) {
      for (let b = 0; b < size; b++) next[a]! += lower[Math.max(a, b) * size + Math.min(a, b)]! * vector[b]!;
    }
    const length = Math.hypot(...next) || 1;
    vector = next.map((value) => value / length);
  }
  return vector;
}
