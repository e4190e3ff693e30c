import { expect, test } from "vitest";
import { pathOf, type Stroke, withPoint } from "../signing/strokes.ts";

// CNS-05: a drawn signature is sent as the data of a path, in the letters that the database takes.

const drawn = (points: readonly (readonly [number, number])[]): Stroke =>
  points.reduce<Stroke>((stroke, point) => withPoint(stroke, point), []);

test("a line, a curve and a point are paths of MLCQZ, digits and separators", () => {
  const line = drawn([
    [0, 0],
    [10, 0],
  ]);
  const curve = drawn([
    [0, 0],
    [10, 0],
    [20, 10],
    [30.04, 30.06],
  ]);
  expect(pathOf([line])).toBe("M0 0L10 0");
  expect(pathOf([curve])).toBe("M0 0Q10 0 15 5Q20 10 25 20.1L30 30.1");
  expect(pathOf([drawn([[5, 5]])])).toBe("M5 5L5.1 5");
  expect(pathOf([line, curve])).toMatch(/^[MLCQZ0-9 .,-]+$/);
  expect(pathOf([])).toBe("");
});

test("what lies too near says nothing, and nobody draws without end", () => {
  expect(
    drawn([
      [0, 0],
      [1, 1],
      [2, 2],
    ]),
  ).toEqual([
    [0, 0],
    [2, 2],
  ]);
  const long = drawn(Array.from({ length: 10_000 }, (_, index) => [index * 3, 0] as const));
  expect(long).toHaveLength(2_400);
  expect(pathOf([long]).length).toBeLessThan(65_536);
});
