import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { createRequire } from "node:module";
import os from "node:os";
import path from "node:path";
import { codecV1 } from "../../../telemetry/codec/codec_v1.ts";
import { LANDMARKS, NUMBERS } from "../../../telemetry/codec/pose_batch.ts";
import { writeReplay } from "../../../telemetry/codec/replay.ts";

/** A video of 64 pixels for a second, as browsers play it. */
export function movingPicture(): Buffer {
  const folder = mkdtempSync(path.join(os.tmpdir(), "restartix-video-"));
  const file = path.join(folder, "one.mp4");
  const { path: program } = createRequire(import.meta.url)("@ffmpeg-installer/ffmpeg");
  const drawn = ["-f", "lavfi", "-i", "testsrc=size=64x64:rate=10:duration=1"];
  const made = [
    "-c:v",
    "libx264",
    "-profile:v",
    "baseline",
    "-pix_fmt",
    "yuv420p",
    "-movflags",
    "+faststart",
  ];
  try {
    execFileSync(program, ["-loglevel", "error", ...drawn, ...made, file]);
    return readFileSync(file);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** Three and a half seconds of somebody in the middle of the picture, in two batches with a second between them. */
export async function movement(): Promise<Buffer> {
  const batch = (sequence: number, at: number) =>
    codecV1.encode({
      sequence,
      image: { width: 640, height: 480 },
      droppedBefore: 0,
      frames: Array.from({ length: 12 }, (_, i) => ({
        at: Date.UTC(2027, 2, 1) + at + i * 100,
        landmarks: body(i),
      })),
    });
  const bodies = [await batch(0, 0), await batch(1, 2_800)];
  return Buffer.from(writeReplay(bodies.map((one) => ({ exercise: 1, body: one }))));
}

/** A body by its landmarks: spread over the picture, and a little higher with each frame. */
function body(frame: number): Float32Array {
  const landmarks = new Float32Array(LANDMARKS * NUMBERS);
  for (let one = 0; one < LANDMARKS; one++)
    landmarks.set([0.3 + (one % 2) * 0.4, 0.1 + one * 0.025 - frame * 0.002, 0, 1], one * NUMBERS);
  return landmarks;
}
