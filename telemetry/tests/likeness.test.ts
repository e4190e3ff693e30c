import { describe, expect, test } from "vitest";
import { alikeAmong } from "../aggregate/likeness.ts";
import { TWELVE } from "../aggregate/movement.ts";
import { PARAMETERS } from "../aggregate/parameters.ts";
import type { Timeline } from "../aggregate/timeline.ts";

type Place = [x: number, y: number];
/** Where a joint is, by its number among the twelve, while `depth` goes from 0 to 1 and back. */
type Movement = (joint: number, depth: number) => Place;

const LENGTH = 30;
const down: Movement = (joint, depth) => [joint / 12, depth * (joint % 3)];
const aside: Movement = (joint, depth) => [joint / 12 + depth * (joint % 5), 0];
/** One arm is lifted: of the left, even joints, or of the right ones, to the other side of the picture. */
const lifts =
  (side: 0 | 1, across: 1 | -1): Movement =>
  (joint, depth) => {
    const away = joint % 2 === side ? depth * (1 + joint) : 0;
    const pair = joint - (joint % 2);
    return [pair / 12 + (side === 0 ? 1 : across) * away, -away * (1 + pair)];
  };

/** Movements one after the other, and the swings that a signal finds in them. */
function session(movements: Movement[]) {
  const samples = movements.length * LENGTH + 1;
  const at = (i: number) => movements[Math.min(Math.floor(i / LENGTH), movements.length - 1)]!;
  const points = new Map(
    TWELVE.map((landmark, joint) => [
      landmark,
      Float64Array.from({ length: samples * 3 }, (_, n) => {
        const i = Math.floor(n / 3);
        const depth = (1 - Math.cos((2 * Math.PI * i) / LENGTH)) / 2;
        return [...at(i)(joint % 12, depth), 0][n % 3]!;
      }),
    ]),
  );
  const even: Timeline = { times: Float64Array.from({ length: samples }, (_, i) => (i * 1000) / 30), points };
  const swings = movements.map((_, k) => ({
    start: k * LENGTH,
    turn: k * LENGTH + LENGTH / 2,
    end: (k + 1) * LENGTH - 1,
  }));
  return { even, swings };
}

/** The places of those that are kept, and how alike all are. */
function judged(movements: Movement[], hidden: readonly number[] = []) {
  const { even, swings } = session(movements);
  for (const landmark of hidden) even.points.get(landmark)!.fill(Number.NaN);
  const { kept, likeness } = alikeAmong(swings, even, PARAMETERS);
  return { kept: kept.map(({ start }) => start / LENGTH), likeness };
}

describe("which movements are repetitions of each other (TEL-04)", () => {
  test("what nothing else resembles is left out, wherever it lies", () => {
    const { kept, likeness } = judged([aside, down, down, down, down]);
    expect(kept).toEqual([1, 2, 3, 4]);
    expect(likeness).toBeCloseTo(0.6);
    expect(judged([down, down, aside, down]).kept).toEqual([0, 1, 3]);
    expect(judged([down, down, down]).likeness).toBeCloseTo(1);
  });

  test("among two, or where none resembles another, nothing is told", () => {
    expect(judged([aside, down])).toMatchObject({ kept: [0, 1] });
    const up: Movement = (joint, depth) => [joint / 12, -depth * (joint % 3)];
    expect(judged([aside, down, up]).kept).toEqual([0, 1, 2]);
    expect(judged([down])).toEqual({ kept: [0], likeness: PARAMETERS.likenessOfOne });
  });

  test("the same much smaller is not like it, half as large is", () => {
    const by =
      (size: number): Movement =>
      (joint, depth) =>
        down(joint, depth * size);
    expect(judged([by(0.2), down, down]).kept).toEqual([1, 2]);
    expect(judged([by(0.5), down, down]).kept).toEqual([0, 1, 2]);
  });

  test("where somebody stands decides nothing", () => {
    const beside: Movement = (joint, depth) => [down(joint, depth)[0] + 3, down(joint, depth)[1] + 1];
    expect(judged([down, beside, down]).likeness).toBeCloseTo(1);
  });

  test.each<[string, 1 | -1]>([
    ["front", -1],
    ["side", 1],
  ])("sides that take turns are alike, seen from the %s", (_, across) => {
    const [left, right] = [lifts(0, across), lifts(1, across)];
    const { kept, likeness } = judged([left, right, left, right, left]);
    expect(kept).toEqual([0, 1, 2, 3, 4]);
    expect(likeness).toBeCloseTo(1);
  });

  test("joints that are not seen are left out of it; with too few nothing is compared", () => {
    expect(judged([aside, down, down], TWELVE.slice(0, 6)).kept).toEqual([1, 2]);
    const { kept, likeness } = judged([aside, down, down], TWELVE.slice(0, 9));
    expect([kept, likeness]).toEqual([[0, 1, 2], PARAMETERS.likenessOfOne]);
  });
});
