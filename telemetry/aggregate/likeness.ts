import { TWELVE } from "./movement.ts";
import type { Parameters } from "./parameters.ts";
import type { Swing } from "./swings.ts";
import type { Timeline } from "./timeline.ts";

/** At how many moments the way to the turn is looked at, and as often the way back. */
const MOMENTS = 5;
/** Coordinates of a posture: x and y of each of the twelve joints, left and right beside each other. */
const SIZE = TWELVE.length * 2;
/** Paths that are so alike are not compared in a mirror too. */
const PLAINLY_ALIKE = 0.8;

/**
 * Repetitions of one exercise resemble each other; walking in, lying down and reaching for the camera do not. Each
 * swing is compared with its neighbours by the paths of the twelve joints in the picture.
 * `kept`: the swings that have enough fellows; all of them where there are too few to tell.
 * `likeness`: 0..1, how alike all of them are on average. A signal that takes halves for wholes is less alike.
 */
export function alikeAmong(
  swings: readonly Swing[],
  even: Timeline,
  parameters: Parameters,
): { kept: Swing[]; likeness: number } {
  const { comparedWith, leastAlike, leastFellows, fewestCompared, likenessOfOne } = parameters;
  const paths = swings.map((swing) => pathOf(swing, even));
  const fellows = new Float64Array(swings.length);
  const compared = new Float64Array(swings.length);
  let [sum, pairs] = [0, 0];
  for (let a = 0; a < swings.length; a++) {
    for (let b = a + 1; b < swings.length && b <= a + comparedWith; b++) {
      const alike = likenessOf(paths[a]!, paths[b]!, parameters);
      if (Number.isNaN(alike)) continue;
      sum += Math.max(0, alike);
      pairs += 1;
      for (const i of [a, b]) {
        compared[i]! += 1;
        if (alike >= leastAlike) fellows[i]! += 1;
      }
    }
  }
  const kept = swings.filter((_, i) => fellows[i]! >= Math.max(1, leastFellows * compared[i]!));
  const isTelling = swings.length >= fewestCompared && kept.length >= 2;
  return { kept: isTelling ? kept : [...swings], likeness: pairs === 0 ? likenessOfOne : sum / pairs };
}

/** Where the joints are on the way to the turn and back: one posture after the other. */
function pathOf({ start, turn, end }: Swing, { points }: Timeline): Float64Array {
  const path = new Float64Array(2 * MOMENTS * SIZE);
  for (let moment = 0; moment < 2 * MOMENTS; moment++) {
    const share = (moment % MOMENTS) / (MOMENTS - 1);
    const [from, to] = moment < MOMENTS ? [start, turn] : [turn, end];
    const at = Math.round(from + (to - from) * share);
    for (const [k, landmark] of TWELVE.entries()) {
      const point = points.get(landmark)!;
      path[moment * SIZE + k * 2] = point[at * 3]!;
      path[moment * SIZE + k * 2 + 1] = point[at * 3 + 1]!;
    }
  }
  return path;
}

/**
 * The correlation of two paths (-1..1), or NaN where too little of both was seen. Exercises that change sides are
 * alike in a mirror: left taken for right, from the side as it is and from the front turned round as well.
 */
function likenessOf(a: Float64Array, b: Float64Array, parameters: Parameters): number {
  const plain = correlation(a, b, 0, 1, parameters);
  if (!(plain < PLAINLY_ALIKE)) return plain;
  const mirrored = [1, -1].map((sign) => correlation(a, b, 2, sign, parameters));
  return mirrored.reduce((best, one) => (one > best ? one : best), plain);
}

/** `swap`: what the number of a coordinate is mixed with to find it in `b`. `sign`: of x in `b`. */
function correlation(
  a: Float64Array,
  b: Float64Array,
  swap: number,
  sign: number,
  { leastLikeSize }: Parameters,
): number {
  let [product, here, there, known] = [0, 0, 0, 0];
  for (let c = 0; c < SIZE; c++) {
    const other = (c ^ swap) - c;
    // Each coordinate is counted from its own middle, so that where somebody stands decides nothing.
    let [meanA, meanB, count] = [0, 0, 0];
    for (let i = c; i < a.length; i += SIZE) {
      if (Number.isNaN(a[i]! + b[i + other]!)) continue;
      meanA += a[i]!;
      meanB += b[i + other]!;
      count += 1;
    }
    if (count < MOMENTS) continue;
    known += 1;
    meanA /= count;
    meanB /= count;
    for (let i = c; i < a.length; i += SIZE) {
      if (Number.isNaN(a[i]! + b[i + other]!)) continue;
      const [da, db] = [a[i]! - meanA, b[i + other]! - meanB];
      product += c % 2 === 0 ? sign * da * db : da * db;
      here += da * da;
      there += db * db;
    }
  }
  if (known * 3 < SIZE) return Number.NaN;
  const size = Math.sqrt(Math.min(here, there) / (Math.max(here, there) || 1));
  return size < leastLikeSize ? 0 : product / (Math.sqrt(here * there) || 1);
}
