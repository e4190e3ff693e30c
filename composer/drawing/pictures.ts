import { type Colour, createCanvas } from "./canvas.ts";
import { furniture } from "./furniture.ts";
import { between, type Movement, progressAt, secondsOf } from "./movement.ts";
import { type Body, bodiesOf } from "./skeleton.ts";
import type { Point } from "./space.ts";

export type Size = { width: number; height: number; fps: number };

const PAPER: Colour = [244, 247, 249];
const GROUND: Colour = [205, 214, 221];
const THINGS: Colour = [168, 180, 190];
const NEAR: Colour = [30, 90, 122];
const FAR: Colour = [128, 166, 187];
const SKIN: Colour = [214, 160, 128];
const NOSE: Colour = [188, 126, 96];

/** How much of the picture is left free: above and below for what is written there. */
const MARGINS = { x: 0.06, y: 0.17 };

/** What joins two places of the body, and how thick it is, in metres. */
const limbs: [from: number, to: number, radius: number][] = [
  [23, 25, 0.065],
  [25, 27, 0.048],
  [29, 31, 0.03],
  [11, 13, 0.042],
  [13, 15, 0.034],
  [15, 19, 0.03],
];

/** The bodies of one repetition, a picture after another. */
export function framesOf(movement: Movement, fps: number): Body[] {
  const bodyOf = bodiesOf(movement);
  const count = Math.max(1, Math.round(secondsOf(movement.tempo) * fps));
  return Array.from({ length: count }, (_, i) =>
    bodyOf(between(movement.from, movement.to, progressAt(i / fps, movement.tempo))),
  );
}

/** Draws one repetition: raw pictures, three bytes a point. Each is only good until the next is asked for. EXL-05. */
export function* picturesOf(movement: Movement, { width, height, fps }: Size): Generator<Uint8Array> {
  const bodies = framesOf(movement, fps);
  const things = furniture(movement, bodies[0]!);
  const turn = (movement.yaw * Math.PI) / 180;
  const across = ([x, , z]: Point) => x * Math.cos(turn) + z * Math.sin(turn);
  const towards = ([x, , z]: Point) => z * Math.cos(turn) - x * Math.sin(turn);

  // The same scale for the whole movement: everything that will be seen fits.
  const places = [
    ...bodies.flatMap(({ landmarks, head }) => [
      ...(movement.shows === "all" ? landmarks : landmarks.slice(0, 17)),
      [head[0], head[1] + 0.12, head[2]] as Point,
    ]),
    ...(movement.shows === "all" ? things.flatMap(({ from, to }) => [from, to]) : []),
  ];
  const [low, high] = [Math.min(...places.map(across)), Math.max(...places.map(across))];
  const top = Math.max(...places.map(([, y]) => y));
  const bottom = movement.shows === "all" ? 0 : Math.min(...places.map(([, y]) => y));
  const scale = Math.min(
    (width * (1 - 2 * MARGINS.x)) / (high - low + 0.2),
    (height * (1 - 2 * MARGINS.y)) / (top - bottom),
  );
  const floor = height * (1 - MARGINS.y) + bottom * scale;
  const shown = (place: Point) =>
    [width / 2 + (across(place) - (low + high) / 2) * scale, floor - place[1] * scale] as const;

  const canvas = createCanvas(width, height, PAPER);
  for (const body of bodies) {
    canvas.clear();
    canvas.stroke([0, floor + 3], [width, floor + 3], 2, GROUND);
    for (const { from, to, radius } of things) canvas.stroke(shown(from), shown(to), radius * scale, THINGS);
    const { landmarks, pelvis, waist, chest, head } = body;
    const strokes = limbs.flatMap(([from, to, radius]) =>
      ([0, 1] as const).map((side) => {
        const [a, b] = [landmarks[from + side]!, landmarks[to + side]!];
        const depth = towards(a) + towards(b) - 2 * towards(waist);
        return { a, b, radius, depth, colour: depth < -0.02 ? FAR : NEAR };
      }),
    );
    const trunk = [
      { a: landmarks[23]!, b: landmarks[24]!, radius: 0.075, depth: 0, colour: NEAR },
      { a: pelvis, b: waist, radius: 0.1, depth: 0, colour: NEAR },
      { a: waist, b: chest, radius: 0.1, depth: 0, colour: NEAR },
      { a: landmarks[11]!, b: landmarks[12]!, radius: 0.055, depth: 0, colour: NEAR },
      { a: chest, b: head, radius: 0.045, depth: -0.001, colour: SKIN },
      { a: head, b: head, radius: 0.105, depth: 0, colour: SKIN },
      {
        a: landmarks[0]!,
        b: landmarks[0]!,
        radius: 0.022,
        depth: towards(landmarks[0]!) - towards(head),
        colour: NOSE,
      },
    ];
    const ordered = [...strokes, ...trunk].toSorted((one, other) => one.depth - other.depth);
    for (const { a, b, radius, colour } of ordered) canvas.stroke(shown(a), shown(b), radius * scale, colour);
    yield canvas.bytes;
  }
}
