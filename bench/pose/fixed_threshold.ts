import { JOINTS, type Joint, jointAngle, meanOf } from "../../telemetry/aggregate/angles.ts";
import { PARAMETERS } from "../../telemetry/aggregate/parameters.ts";
import { asCaptured, inOrder } from "../../telemetry/aggregate/timeline.ts";
import type { PoseBatch } from "../../telemetry/codec/pose_batch.ts";

/** The degrees that tutorials use. */
const [BENT, STRETCHED] = [90, 160];

/** The peer: a repetition is a joint that was stretched, then bent, then stretched, by fixed degrees. */
export function countByFixedDegrees(batches: readonly PoseBatch[], joints: readonly Joint[]): number {
  const [left, right] = JOINTS[joints[0] ?? "knee"];
  const timeline = asCaptured(inOrder(batches, PARAMETERS), [...left, ...right], PARAMETERS);
  const angle = meanOf(jointAngle(timeline, left), jointAngle(timeline, right));
  let count = 0;
  let isBent = false;
  for (const degrees of angle) {
    if (degrees < BENT) isBent = true;
    if (degrees > STRETCHED && isBent) {
      count += 1;
      isBent = false;
    }
  }
  return count;
}
