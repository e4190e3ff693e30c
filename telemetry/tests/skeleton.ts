import { LANDMARKS, NUMBERS, type PoseFrame } from "../codec/pose_batch.ts";

/** What the drawn person does: the degrees of elbows, shoulders (0: arm hangs), hips and knees (180: stretched). */
export type Posture = { elbow: number; shoulder: number; hip: number; knee: number };
export const STANDING: Posture = { elbow: 175, shoulder: 12, hip: 178, knee: 178 };

type Point = [number, number, number];
const add = (a: Point, b: Point, length = 1): Point => [
  a[0] + b[0] * length,
  a[1] + b[1] * length,
  a[2] + b[2] * length,
];
const radians = (degrees: number) => (degrees * Math.PI) / 180;
/** Straight down, turned forwards (towards the camera) by so many degrees. */
const forwards = (degrees: number): Point => [0, Math.cos(radians(degrees)), -Math.sin(radians(degrees))];
/** Straight down, turned away from the body's middle by so many degrees. */
const sideways = (degrees: number, side: number): Point => [
  side * Math.sin(radians(degrees)),
  Math.cos(radians(degrees)),
  0,
];

/**
 * A person drawn from limbs of fixed length, so that each joint's angle in space is known: a posture, and from which
 * side the camera sees it (degrees; 0: from the front, 90: from the side). Lengths are heights of the picture.
 * Arms are raised sideways and bend forwards; both sides do the same.
 */
function skeleton(posture: Posture, { yaw = 0, width = 640, height = 480 } = {}): Float32Array {
  const points: Point[] = Array.from({ length: LANDMARKS }, () => [0, 0, 0]);
  const lean = 180 - posture.hip;
  const bend = 180 - posture.knee;
  // From the ankles up, as they stand on the floor: shanks lean forwards by half of the bend, thighs backwards.
  for (const [side, i] of [
    [1, 0],
    [-1, 1],
  ] as const) {
    const ankle: Point = [side * 0.09, 0.92, 0];
    const shank = forwards(-bend / 2);
    const thigh = forwards(bend / 2);
    const knee = add(ankle, shank, -0.21);
    const hip = add(knee, thigh, -0.22);
    const torso = forwards(bend / 2 - lean);
    const shoulder = add(add(hip, torso, -0.26), [side * 0.04, 0, 0]);
    // The arm lies in the plane of the torso, so that its angle to the torso is the one asked for.
    const out = sideways(posture.shoulder, side);
    const tilt = radians(bend / 2 - lean);
    const upper: Point = [out[0], out[1] * Math.cos(tilt), -out[1] * Math.sin(tilt)];
    const ahead: Point = [0, -Math.sin(tilt), -Math.cos(tilt)];
    const fold = radians(180 - posture.elbow);
    const lower: Point = add(
      [upper[0] * Math.cos(fold), upper[1] * Math.cos(fold), upper[2] * Math.cos(fold)],
      ahead,
      Math.sin(fold),
    );
    const elbow = add(shoulder, upper, 0.15);
    const wrist = add(elbow, lower, 0.14);
    const hand = add(wrist, lower, 0.05);
    const head = add(add(shoulder, torso, -0.12), [-side * 0.13, 0, 0]);
    const face = add(head, [side * 0.02, 0, -0.06]);
    points[11 + i] = shoulder;
    points[13 + i] = elbow;
    points[15 + i] = wrist;
    for (const [k, finger] of [17, 19, 21].entries()) points[finger + i] = add(hand, [0, 0, -0.01], k - 1);
    points[23 + i] = hip;
    points[25 + i] = knee;
    points[27 + i] = ankle;
    points[29 + i] = add(ankle, [0, 0.02, 0.03]);
    points[31 + i] = add(ankle, [0, 0.03, -0.1]);
    points[7 + i] = add(head, [side * 0.06, 0, 0]);
    for (const eye of [1, 2, 3]) points[eye + 3 * i] = add(face, [side * 0.01 * eye, -0.02, 0]);
    points[9 + i] = add(face, [0, 0.03, 0]);
    points[0] = add(face, [-side * 0.02, 0, -0.02]);
  }
  const turn = radians(yaw);
  const numbers = new Float32Array(LANDMARKS * NUMBERS);
  points.forEach(([x, y, z], landmark) => {
    const across = x * Math.cos(turn) + z * Math.sin(turn);
    const away = z * Math.cos(turn) - x * Math.sin(turn);
    numbers.set([0.5 + (across * height) / width, y, (away * height) / width, 0.98], landmark * NUMBERS);
  });
  return numbers;
}

/** Numbers in [0, 1) that follow from a seed. */
export function randomFrom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}

/** A recording: the posture at each second, pictures a second, and what the camera adds. */
export function record(
  postureAt: (seconds: number) => Posture,
  {
    seconds,
    fps = 30,
    startedAt = 1_700_000_000_000,
    yaw = 20,
    jitter = 0,
    seed = 1,
  }: { seconds: number; fps?: number; startedAt?: number; yaw?: number; jitter?: number; seed?: number },
): PoseFrame[] {
  const random = randomFrom(seed);
  const noise = () => (random() + random() + random() + random() - 2) * jitter * 1.73;
  return Array.from({ length: Math.round(seconds * fps) }, (_, i) => {
    const landmarks = skeleton(postureAt(i / fps), { yaw });
    if (jitter > 0) for (let n = 0; n < landmarks.length; n++) if (n % NUMBERS < 3) landmarks[n]! += noise();
    return { at: startedAt + (i * 1000) / fps, landmarks };
  });
}

/** The same with a slow tremble, as landmarkers that smooth over time have it: twice as much in depth. */
export function trembling(frames: readonly PoseFrame[], size: number, seed: number): PoseFrame[] {
  const random = randomFrom(seed);
  const offset = new Float64Array(LANDMARKS * NUMBERS);
  return frames.map(({ at, landmarks }) => ({
    at,
    landmarks: landmarks!.map((value, n) => {
      if (n % NUMBERS === 3) return value;
      offset[n] = 0.8 * offset[n]! + 0.6 * 1.73 * (random() + random() + random() + random() - 2);
      return value + size * offset[n]! * (n % NUMBERS === 2 ? 2 : 1);
    }),
  }));
}
