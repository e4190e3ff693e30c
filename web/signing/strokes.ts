/** A signature as it was drawn: lines of points, in the units of the pad. */
export type Point = readonly [x: number, y: number];
export type Stroke = readonly Point[];

/** More points than this in one signature say nothing more about it, and make a longer path than is taken. */
export const MOST_POINTS = 2_400;

/** A point is worth keeping when it lies a little away from the last one, and there is room for it. */
export function withPoint(stroke: Stroke, [x, y]: Point, most = MOST_POINTS): Stroke {
  const last = stroke.at(-1);
  const point: Point = [tenth(x), tenth(y)];
  if (last && Math.hypot(point[0] - last[0], point[1] - last[1]) < 1.5) return stroke;
  return stroke.length >= most ? stroke : [...stroke, point];
}

/** As the data of a path: curves through the middles between points, a short line where there is but one point. */
export function pathOf(strokes: readonly Stroke[]): string {
  return strokes.map(pathOfStroke).join("");
}

function pathOfStroke(stroke: Stroke): string {
  const [first, ...others] = stroke;
  if (!first) return "";
  const [x, y] = first;
  const last = others.at(-1);
  if (!last) return `M${x} ${y}L${tenth(x + 0.1)} ${y}`;
  const curves = others.slice(0, -1).map(([px, py], index) => {
    const [nx, ny] = others[index + 1] as Point;
    return `Q${px} ${py} ${tenth((px + nx) / 2)} ${tenth((py + ny) / 2)}`;
  });
  return `M${x} ${y}${curves.join("")}L${last[0]} ${last[1]}`;
}

function tenth(value: number): number {
  return Math.round(value * 10) / 10;
}
