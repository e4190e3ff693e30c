import { aggregatePose } from "../../telemetry/aggregate/pose.ts";
import type { PoseBatch } from "../../telemetry/codec/pose_batch.ts";
import type { Counted, ToCounter } from "./messages.ts";

/** Counts as telemetry will when the session has ended, over what was seen of the exercise so far, in a thread of its own. */
const batches: PoseBatch[] = [];
addEventListener("message", ({ data: { joints, image, frames } }: MessageEvent<ToCounter>) => {
  batches.push({ sequence: batches.length, image, droppedBefore: 0, frames });
  const { repetitions, measured, frames: seen } = aggregatePose(batches, { joints });
  postMessage({
    repetitions: repetitions.length,
    range: measured && Math.round(measured.range),
    isSeen: seen.withPerson > 0,
  } satisfies Counted);
});
