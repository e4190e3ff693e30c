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

/** A coordinate after the other, each over its moments and counted from its middle, and how much each of them moves. */
type Path = { places: Float64Array; moved: Float64Array };

/**
 * Where the joints are on the way to the turn and back. Where somebody stands decides nothing; a joint that is not seen
 * for a moment is taken to be in its middle, and one that is seen less than half of the way is not known.
 */
function pathOf({ start, turn, end }: Swing, { points }: Timeline): Path {
  const places = new Float64Array(2 * MOMENTS * SIZE);
  const moved = new Float64Array(SIZE);
  for (let c = 0; c < SIZE; c++) {
    const point = points.get(TWELVE[c >> 1]!)!;
    const column = places.subarray(c * 2 * MOMENTS, (c + 1) * 2 * MOMENTS);
    let [sum, known] = [0, 0];
    for (let moment = 0; moment < column.length; moment++) {
      const share = (moment % MOMENTS) / (MOMENTS - 1);
      const [from, to] = moment < MOMENTS ? [start, turn] : [turn, end];
      const place = point[Math.round(from + (to - from) * share) * 3 + (c & 1)]!;
      column[moment] = place;
      if (Number.isNaN(place)) continue;
      sum += place;
      known += 1;
    }
    for (let moment = 0; moment < column.length; moment++) {
      const place = column[moment]!;
      column[moment] = known < MOMENTS || Number.isNaN(place) ? 0 : place - sum / known;
      moved[c]! += column[moment]! ** 2;
    }
    if (known < MOMENTS) moved[c] = Number.NaN;
  }
  return { places, moved };
}

/**
 * The correlation of two paths (-1..1), or NaN where too little of both was seen. Exercises that change sides are
 * alike in a mirror: left taken for right, from the side as it is and from the front turned round as well.
 */
function likenessOf(a: Path, b: Path, { leastLikeSize }: Parameters): number {
  const plain = correlation(a, b, 0, leastLikeSize);
  if (!(plain.asItIs < PLAINLY_ALIKE)) return plain.asItIs;
  const mirrored = correlation(a, b, 2, leastLikeSize);
  const best = Math.max(mirrored.asItIs, mirrored.turned);
  return best > plain.asItIs ? best : plain.asItIs;
}

/** `swap`: what the number of a coordinate is mixed with to find it in `b`. `turned`: with x to the other side. */
function correlation(
  a: Path,
  b: Path,
  swap: number,
  leastLikeSize: number,
): { asItIs: number; turned: number } {
  const product = [0, 0];
  let [here, there, known] = [0, 0, 0];
  for (let c = 0; c < SIZE; c++) {
    const other = c ^ swap;
    const moved = a.moved[c]! + b.moved[other]!;
    if (Number.isNaN(moved)) continue;
    known += 1;
    here += a.moved[c]!;
    there += b.moved[other]!;
    let sum = 0;
    for (let moment = 0; moment < 2 * MOMENTS; moment++) {
      sum += a.places[c * 2 * MOMENTS + moment]! * b.places[other * 2 * MOMENTS + moment]!;
    }
    product[c & 1]! += sum;
  }
  if (known * 3 < SIZE) return { asItIs: Number.NaN, turned: Number.NaN };
  const size = Math.sqrt(Math.min(here, there) / (Math.max(here, there) || 1));
  if (size < leastLikeSize) return { asItIs: 0, turned: 0 };
  const whole = Math.sqrt(here * there) || 1;
  return { asItIs: (product[1]! + product[0]!) / whole, turned: (product[1]! - product[0]!) / whole };
}
