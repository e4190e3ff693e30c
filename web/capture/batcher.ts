import { MAX_FRAMES } from "../../telemetry/codec/landmark_codec.ts";
import type { PoseBatch, PoseFrame } from "../../telemetry/codec/pose_batch.ts";
import { BATCH_MS, LONGEST_PAUSE_MS, THINNED_RATE } from "./limits.ts";

/** A picture's size in pixels; a phone that is turned changes it. */
export type ImageSize = PoseBatch["image"];

/** A batch that is whole but for its number, and the place of the exercise in which it was recorded. */
export type MadeBatch = { exercise: number; batch: Omit<PoseBatch, "sequence"> };

/**
 * Makes batches of pictures (TEL-08), whether they come from a camera or out of a file. A batch holds two seconds of one
 * exercise and one size of picture. `made` is called with each batch that is whole; `isThinned` says whether so much waits that
 * half of the pictures are left out.
 */
export function createBatcher({ made, isThinned }: { made(batch: MadeBatch): void; isThinned(): boolean }) {
  let frames: PoseFrame[] = [];
  let of: { exercise: number; image: ImageSize } | null = null;
  let dropped = 0;
  let total = 0;
  let lastAt = Number.NEGATIVE_INFINITY;

  function flush(): void {
    if (!of || frames.length === 0) return;
    const batch = { image: of.image, droppedBefore: dropped, frames };
    const { exercise } = of;
    frames = [];
    dropped = 0;
    made({ exercise, batch });
  }

  return {
    /** One picture. Those that are not later than the one before are left out: a clock that stands still tells nothing. */
    add(frame: PoseFrame, exercise: number, image: ImageSize): void {
      if (!(frame.at > lastAt)) return;
      // A little less than the time between two pictures: cameras are not punctual.
      if (isThinned() && frame.at - lastAt < 800 / THINNED_RATE) {
        dropped += 1;
        total += 1;
        return;
      }
      const begun = frames[0]?.at ?? frame.at;
      const isOther =
        of !== null &&
        (of.exercise !== exercise || of.image.width !== image.width || of.image.height !== image.height);
      const isPaused = frames.length > 0 && frame.at - lastAt > LONGEST_PAUSE_MS;
      if (isOther || isPaused || frames.length >= MAX_FRAMES || frame.at - begun >= BATCH_MS) flush();
      of = { exercise, image };
      lastAt = frame.at;
      frames.push(frame);
    },
    /** A batch was left out: its pictures, and those that it said were left out before it, which nobody hears of otherwise. */
    leaveOut({ frames, droppedBefore }: { frames: number; droppedBefore: number }): void {
      dropped += frames + droppedBefore;
      total += frames;
    },
    /** How many pictures were left out, each once. */
    get leftOut() {
      return total;
    },
    /** Makes a batch of what there is, as an exercise or the page ends. */
    flush,
  };
}

/** How long a batch is, from its first picture to the one that would follow its last. */
export function lengthOf(frames: readonly PoseFrame[]): number {
  const [first, last] = [frames[0], frames.at(-1)];
  if (!first || !last || frames.length < 2) return 0;
  const length = last.at - first.at;
  return length + length / (frames.length - 1);
}
