import type { Joint } from "../../telemetry/aggregate/angles.ts";
import type { PoseFrame } from "../../telemetry/codec/pose_batch.ts";
import type { ImageSize } from "./batcher.ts";
import workerUrl from "./counter.worker.ts?worker&url";
import type { Counted, ToCounter } from "./messages.ts";
import { startWorker } from "./worker.ts";

/** Between two counts at least so long, and ten times what the last one took, so that a slow phone is left for the camera. */
const COUNT_MS = 700;

/** Counts the repetitions of one set as they are done. */
export function startCounter(joints: Joint[], counted: (count: Counted) => void) {
  const worker = startWorker(workerUrl);
  let waiting: { image: ImageSize; frames: PoseFrame[] } | null = null;
  let isCounting = false;
  let countAgainAt = 0;
  let askedAt = 0;
  worker.onmessage = ({ data }: MessageEvent<Counted>) => {
    isCounting = false;
    const now = performance.now();
    countAgainAt = now + Math.max(COUNT_MS, 10 * (now - askedAt));
    counted(data);
  };
  return {
    add(frame: PoseFrame, image: ImageSize): void {
      // A phone that was turned sees another picture: what was seen before it counts with its own shape at most once a count.
      waiting = { image, frames: [...(waiting?.frames ?? []), frame] };
      askedAt = performance.now();
      if (isCounting || askedAt < countAgainAt) return;
      isCounting = true;
      worker.postMessage({ joints, ...waiting } satisfies ToCounter);
      waiting = null;
    },
    close: () => worker.terminate(),
  };
}
