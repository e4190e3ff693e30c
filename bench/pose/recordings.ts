import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { gunzipSync } from "node:zlib";
import type { Joint } from "../../telemetry/aggregate/angles.ts";
import { LANDMARKS, NUMBERS, type PoseBatch, type PoseFrame } from "../../telemetry/codec/pose_batch.ts";

/** A recording of a folder. `expected`: its repetitions as somebody counted them; null where nobody did. */
export type Recording = {
  id: string;
  /** What stands before the first underscore of the id. */
  set: string;
  isEven: boolean;
  joints: Joint[];
  expected: number | null;
  image: { width: number; height: number };
  fps: number;
  frames: PoseFrame[];
  /** All 33 landmarks with their visibility, as a camera gives them. */
  isWhole: boolean;
};

// biome-ignore format: as MediaPipe lists them
export const NAMES = [
  "nose", "left_eye_inner", "left_eye", "left_eye_outer", "right_eye_inner", "right_eye", "right_eye_outer",
  "left_ear", "right_ear", "mouth_left", "mouth_right", "left_shoulder", "right_shoulder", "left_elbow",
  "right_elbow", "left_wrist", "right_wrist", "left_pinky", "right_pinky", "left_index", "right_index",
  "left_thumb", "right_thumb", "left_hip", "right_hip", "left_knee", "right_knee", "left_ankle", "right_ankle",
  "left_heel", "right_heel", "left_foot_index", "right_foot_index",
];
/** Where a recording does not say how fast it is. */
const USUAL_FPS = 25;

/** The joints that an exercise moves, by words of its name, as an exercise of the library says them. */
const JOINTS_BY_WORD: [RegExp, Joint[]][] = [
  [/push|pull|dip|bench|curl|press/, ["elbow"]],
  [/squat|lunge/, ["knee"]],
  [/jack|raise|shoulder|torso/, ["shoulder"]],
  [/sit_?up|crunch/, ["hip"]],
];

type File = {
  id: string;
  fps?: number | null;
  image?: [number, number] | null;
  exercise?: string;
  landmark_names: string[];
  frames: ((number | null)[] | null)[][];
  expected_reps: number | null;
};

/** All recordings of a folder (`*.json.gz`). */
export function readRecordings(folder: string): Recording[] {
  const files = readdirSync(folder).filter((name) => name.endsWith(".json.gz"));
  return files
    .sort()
    .map((name) => recordingOf(JSON.parse(gunzipSync(readFileSync(path.join(folder, name))).toString())));
}

function recordingOf(file: File): Recording {
  const places = file.landmark_names.map((name) => NAMES.indexOf(name) * NUMBERS);
  const fps = file.fps ?? USUAL_FPS;
  const [width, height] = file.image ?? [1000, 1000];
  const name = `${file.exercise ?? ""} ${file.id}`.toLowerCase();
  const number = file.id.match(/\d+/g)?.at(-1);
  const first = file.frames.find((frame) => frame)?.find((point) => point);
  return {
    id: file.id,
    set: file.id.split("_")[0]!,
    isEven: Number(number ?? 0) % 2 === 0,
    joints: JOINTS_BY_WORD.find(([word]) => word.test(name))?.[1] ?? [],
    expected: file.expected_reps,
    image: { width, height },
    fps,
    isWhole: places.length === LANDMARKS && first?.length === NUMBERS,
    frames: file.frames.map((points, i) => {
      const at = (i * 1000) / fps;
      if (!points) return { at, landmarks: null };
      const landmarks = new Float32Array(LANDMARKS * NUMBERS);
      for (const [k, point] of points.entries()) {
        if (point && point[0] !== null)
          landmarks.set([point[0]!, point[1]!, point[2]!, point[3] ?? 1], places[k]!);
      }
      return { at, landmarks };
    }),
  };
}

/** A recording in batches of two seconds, as a browser sends them. */
export function batchesOf({ frames, image, fps }: Recording): PoseBatch[] {
  const size = Math.round(fps * 2);
  return Array.from({ length: Math.ceil(frames.length / size) }, (_, sequence) => ({
    sequence,
    image,
    droppedBefore: 0,
    frames: frames.slice(sequence * size, (sequence + 1) * size),
  }));
}

/** Every second picture. */
export function halved(recording: Recording): Recording {
  const frames = recording.frames.filter((_, i) => i % 2 === 0);
  return { ...recording, fps: recording.fps / 2, frames };
}
