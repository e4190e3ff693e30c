import { codecV1 } from "../../telemetry/codec/codec_v1.ts";
import type { PoseFrame } from "../../telemetry/codec/pose_batch.ts";
import { readReplay } from "../../telemetry/codec/replay.ts";

/** What was recorded of a session, to be played again. */
export type Movement = {
  image: { width: number; height: number };
  /** Of which exercise each frame is, by its place, in the order of time. */
  frames: readonly (PoseFrame & { exercise: number })[];
};

/** The frames of a replay, in order; each batch once, however often it was sent. */
export async function movementIn(bytes: Uint8Array): Promise<Movement> {
  const seen = new Set<number>();
  let image = { width: 4, height: 3 };
  const frames: (PoseFrame & { exercise: number })[] = [];
  for (const { exercise, body } of readReplay(bytes)) {
    const batch = await codecV1.decode(body);
    if (seen.has(batch.sequence)) continue;
    seen.add(batch.sequence);
    image = batch.image;
    frames.push(...batch.frames.map((frame) => ({ ...frame, exercise })));
  }
  frames.sort((a, b) => a.at - b.at);
  return { image, frames };
}

/** How long it is, in milliseconds. */
export function lengthOf({ frames }: Movement): number {
  return (frames.at(-1)?.at ?? 0) - (frames[0]?.at ?? 0);
}

/** Longer than this between two frames nobody knows where the body was: nothing is shown. */
const GAP_MS = 500;

/** The frame that is shown so many milliseconds after the beginning; null within a gap. */
export function frameAt({ frames }: Movement, ms: number): Movement["frames"][number] | null {
  const begun = frames[0]?.at ?? 0;
  let [low, high] = [0, frames.length - 1];
  while (low < high) {
    const middle = Math.ceil((low + high) / 2);
    if ((frames[middle]?.at ?? 0) - begun <= ms) low = middle;
    else high = middle - 1;
  }
  const frame = frames[low];
  return frame && ms - (frame.at - begun) <= GAP_MS ? frame : null;
}

/** When each exercise begins, in milliseconds after the beginning. */
export function beginningsIn({ frames }: Movement): { exercise: number; ms: number }[] {
  const begun = frames[0]?.at ?? 0;
  return frames
    .filter(({ exercise }, i) => exercise !== frames[i - 1]?.exercise)
    .map(({ exercise, at }) => ({ exercise, ms: at - begun }));
}
