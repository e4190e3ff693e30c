/** Points and turns in space: x to the person's left, y up, z ahead; in metres. */
export type Point = readonly [x: number, y: number, z: number];
/** A turn, as its three columns. */
export type Turn = readonly [Point, Point, Point];

const radians = (degrees: number) => (degrees * Math.PI) / 180;

export const plus = (a: Point, b: Point, times = 1): Point => [
  a[0] + b[0] * times,
  a[1] + b[1] * times,
  a[2] + b[2] * times,
];
export const minus = (a: Point, b: Point): Point => plus(a, b, -1);
export const dot = (a: Point, b: Point): number => a[0] * b[0] + a[1] * b[1] + a[2] * b[2];
export const lengthOf = (a: Point): number => Math.hypot(...a);
export const scaled = (a: Point, times: number): Point => [a[0] * times, a[1] * times, a[2] * times];

export function apply([a, b, c]: Turn, [x, y, z]: Point): Point {
  return plus(plus(scaled(a, x), b, y), c, z);
}

/** One turn after another: the last is what is done first. */
export function compose(first: Turn, ...others: Turn[]): Turn {
  return others.reduce(
    (done, next) => [apply(done, next[0]), apply(done, next[1]), apply(done, next[2])],
    first,
  );
}

/** What stands tips ahead; what hangs swings back. */
export function ahead(degrees: number): Turn {
  const [c, s] = [Math.cos(radians(degrees)), Math.sin(radians(degrees))];
  return [
    [1, 0, 0],
    [0, c, s],
    [0, -s, c],
  ];
}

/** What hangs swings ahead. */
export const forwards = (degrees: number): Turn => ahead(-degrees);

/** What stands tips to the left; what hangs swings to the right. */
export function left(degrees: number): Turn {
  const [c, s] = [Math.cos(radians(degrees)), Math.sin(radians(degrees))];
  return [
    [c, -s, 0],
    [s, c, 0],
    [0, 0, 1],
  ];
}

/** What looks ahead looks to the left. */
export function around(degrees: number): Turn {
  const [c, s] = [Math.cos(radians(degrees)), Math.sin(radians(degrees))];
  return [
    [c, 0, -s],
    [0, 1, 0],
    [s, 0, c],
  ];
}
