import { z } from "zod";

const degrees = z.number().min(-200).max(200);
/** One number for both sides, or the left's and the right's. */
const sides = z.union([degrees, z.tuple([degrees, degrees])]);

/** How a body is, in degrees. Positive is forwards (flexion), outwards, or to the left. */
const angles = {
  /** The whole body: 90 lies on the belly, -90 on the back. */
  pitch: degrees,
  roll: degrees,
  turn: degrees,
  /** Where the hips are, in metres ahead and up from where the movement begins. */
  pelvis: z.tuple([z.number().min(-1).max(1), z.number().min(-1).max(1)]),
  /** The spine above the hips. */
  trunk: degrees,
  trunkSide: degrees,
  trunkTurn: degrees,
  neck: degrees,
  neckSide: degrees,
  neckTurn: degrees,
  shoulder: sides,
  shoulderOut: sides,
  shoulderTurn: sides,
  elbow: sides,
  hip: sides,
  hipOut: sides,
  hipTurn: sides,
  knee: sides,
  ankle: sides,
};
const posture = z.strictObject(angles);
export type Posture = z.output<typeof posture>;

/** Upright, arms hanging, legs straight. */
const STANDING: Posture = {
  ...{ pitch: 0, roll: 0, turn: 0, pelvis: [0, 0], trunk: 0, trunkSide: 0, trunkTurn: 0 },
  ...{ neck: 0, neckSide: 0, neckTurn: 0, shoulder: 0, shoulderOut: 6, shoulderTurn: 0, elbow: 8 },
  ...{ hip: 0, hipOut: 2, hipTurn: 0, knee: 0, ankle: 0 },
};

const seconds = z.number().min(0.1).max(30);
const tempo = z.strictObject({ up: seconds, hold: z.number().min(0).max(60), down: seconds });
export type Tempo = z.output<typeof tempo>;

/**
 * A movement as our skeleton shows it: from one posture to another, held, and back (EXL-05). `from` says how it differs from
 * standing upright, `to` how it differs from `from`. For an exercise of one side both are the right side's; the left's is their
 * mirror image.
 */
export const movement = z
  .strictObject({
    /** From where it is seen, in degrees: 0 from the front, 90 from the person's right. */
    yaw: z.number().min(-180).max(180),
    from: posture.partial(),
    to: posture.partial(),
    /** Whether one side moves at a time. */
    oneSided: z.boolean().default(false),
    /** What stays where it is: the hips, feet that stand (hips and knees give way), or whatever touches the ground. */
    keeps: z.enum(["hips", "feet", "ground"]).default("hips"),
    /** How high the hips are above the ground, in metres; else the lowest part of the body touches it. */
    height: z.number().min(0).max(2).optional(),
    tempo,
    /** How much of the body is seen. */
    shows: z.enum(["all", "upper"]).default("all"),
    props: z.array(z.enum(["chair", "wall-behind", "wall-ahead", "mat", "step", "table"])).default([]),
  })
  .transform(({ from, to, ...others }) => {
    const begins = { ...STANDING, ...given(from) };
    return { ...others, from: begins, to: { ...begins, ...given(to) } };
  });
export type Movement = z.output<typeof movement>;

const given = <T extends object>(partial: T) => partial as { [K in keyof T]: Exclude<T[K], undefined> };

/** How long a body rests between two repetitions, in seconds. */
const PAUSE = 0.4;

/** How far a movement is at a moment of its loop, 0 to 1: it begins and ends gently. */
export function progressAt(at: number, { up, hold, down }: Tempo): number {
  const gently = (share: number) => (1 - Math.cos(Math.PI * Math.min(Math.max(share, 0), 1))) / 2;
  if (at < up) return gently(at / up);
  if (at < up + hold) return 1;
  return gently(1 - (at - up - hold) / down);
}

/** How long one repetition takes, in seconds. */
export const secondsOf = ({ up, hold, down }: Tempo): number => up + hold + down + PAUSE;

type Value = number | [number, number];

/** What a value is for the left (0) or the right (1) side. */
export const ofSide = (value: Value, side: 0 | 1): number =>
  typeof value === "number" ? value : value[side];

/** A posture on the way from one to another. */
export function between(from: Posture, to: Posture, share: number): Posture {
  const mix = (a: number, b: number) => a + (b - a) * share;
  const mixed = Object.entries(from).map(([name, a]) => {
    const b = to[name as keyof Posture];
    if (typeof a === "number" && typeof b === "number") return [name, mix(a, b)];
    return [name, ([0, 1] as const).map((side) => mix(ofSide(a, side), ofSide(b, side)))];
  });
  return Object.fromEntries(mixed) as Posture;
}

/** The same movement by the other side. */
export function mirrored(movement: Movement): Movement {
  return { ...movement, yaw: -movement.yaw, from: mirror(movement.from), to: mirror(movement.to) };
}

const sideways = new Set(["roll", "turn", "trunkSide", "trunkTurn", "neckSide", "neckTurn"]);

function mirror(posture: Posture): Posture {
  const swapped = Object.entries(posture).map(([name, value]) => {
    if (sideways.has(name)) return [name, -(value as number)];
    return [name, name !== "pelvis" && Array.isArray(value) ? value.toReversed() : value];
  });
  return Object.fromEntries(swapped) as Posture;
}
