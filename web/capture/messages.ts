import type { Joint } from "../../telemetry/aggregate/angles.ts";
import type { PoseFrame } from "../../telemetry/codec/pose_batch.ts";
import type { ImageSize } from "./batcher.ts";

/** A picture, and when it was taken: milliseconds since 1970, rising. */
export type ToLandmarker = { picture: ImageBitmap; at: number };
export type FromLandmarker =
  | { kind: "ready" }
  | { kind: "pose"; at: number; landmarks: Float32Array | null }
  | { kind: "failed"; reason: string };

export type ToCounter = { joints: Joint[]; image: ImageSize; frames: PoseFrame[] };
/** Repetitions so far, and how far the joint moved that moved most, in degrees. For information: it judges nothing. */
export type Counted = { repetitions: number; range: number | null; isSeen: boolean };
