import type { Timeline } from "./timeline.ts";

type Limbs = readonly [from: number, joint: number, to: number];

/** Joints by name: left, then right, each by the landmarks of one limb's end, of the joint, of the other limb's end. */
export const JOINTS = {
  neck: [[7, 11, 12] as Limbs, [8, 12, 11] as Limbs],
  shoulder: [[23, 11, 13] as Limbs, [24, 12, 14] as Limbs],
  elbow: [[11, 13, 15] as Limbs, [12, 14, 16] as Limbs],
  wrist: [[13, 15, 19] as Limbs, [14, 16, 20] as Limbs],
  hip: [[11, 23, 25] as Limbs, [12, 24, 26] as Limbs],
  knee: [[23, 25, 27] as Limbs, [24, 26, 28] as Limbs],
  ankle: [[25, 27, 31] as Limbs, [26, 28, 32] as Limbs],
} as const;
export type Joint = keyof typeof JOINTS;

/** The angle between two limbs in space, in degrees (180: stretched), at each moment. Never of the flat picture. */
export function jointAngle({ times, points }: Timeline, [from, joint, to]: Limbs): Float64Array {
  const angle = new Float64Array(times.length);
  const [a, b, c] = [points.get(from)!, points.get(joint)!, points.get(to)!];
  for (let i = 0; i < angle.length; i++) {
    const n = i * 3;
    const [ux, uy, uz] = [a[n]! - b[n]!, a[n + 1]! - b[n + 1]!, a[n + 2]! - b[n + 2]!];
    const [vx, vy, vz] = [c[n]! - b[n]!, c[n + 1]! - b[n + 1]!, c[n + 2]! - b[n + 2]!];
    const [x, y, z] = [uy * vz - uz * vy, uz * vx - ux * vz, ux * vy - uy * vx];
    const across = Math.sqrt(x * x + y * y + z * z);
    angle[i] = (Math.atan2(across, ux * vx + uy * vy + uz * vz) * 180) / Math.PI;
  }
  return angle;
}

/** The mean of two angles; where one is not known nothing is, as a change of sides would look like a movement. */
export function meanOf(a: Float64Array, b: Float64Array): Float64Array {
  return a.map((value, i) => (value + b[i]!) / 2);
}
