import { JOINTS, type Joint, jointAngle } from "../../telemetry/aggregate/angles.ts";
import { PARAMETERS } from "../../telemetry/aggregate/parameters.ts";
import { asCaptured, inOrder } from "../../telemetry/aggregate/timeline.ts";
import { codecV1 } from "../../telemetry/codec/codec_v1.ts";
import type { LandmarkCodec } from "../../telemetry/codec/landmark_codec.ts";
import { NUMBERS, type PoseBatch } from "../../telemetry/codec/pose_batch.ts";
import { float32Codec } from "./float32_codec.ts";
import { batchesOf, type Recording } from "./recordings.ts";

const MEASURED: Joint[] = ["shoulder", "elbow", "hip", "knee"];

/**
 * Bytes a frame of both codecs, and how far joint angles differ after v1, in degrees. Recordings whose numbers were
 * rounded when they were written down compress better than a camera's, with float32 most of all; `restored` puts
 * digits back at random, evenly within what rounding took away, and is the figure that holds for a camera.
 */
export async function codecFigures(recordings: readonly Recording[]): Promise<string[]> {
  const whole = recordings.filter(({ isWhole }) => isWhole);
  if (whole.length === 0) return ["codec: no recording has all landmarks with their visibility"];
  const lines: string[] = [];
  for (const [name, restore] of [
    ["as recorded", false],
    ["digits restored", true],
  ] as const) {
    const batches = whole.flatMap((recording) =>
      batchesOf(recording).map((batch) => (restore ? restored(batch) : batch)),
    );
    const [peer, ours] = [await bytesAFrame(float32Codec, batches), await bytesAFrame(codecV1, batches)];
    const errors = new Float64Array(await angleErrors(batches)).sort();
    const mean = errors.reduce((sum, error) => sum + error, 0) / errors.length;
    lines.push(
      `codec, ${name}: float32+gzip ${peer.toFixed(1)} bytes a frame, v1 ${ours.toFixed(1)}: ${(peer / ours).toFixed(2)} times smaller; ` +
        `angle error mean ${mean.toFixed(3)}°, p99 ${errors[Math.floor(errors.length * 0.99)]!.toFixed(3)}°, most ${errors.at(-1)!.toFixed(3)}° ` +
        `(${batches.length} batches)`,
    );
  }
  return lines;
}

async function bytesAFrame(codec: LandmarkCodec, batches: readonly PoseBatch[]): Promise<number> {
  let [bytes, frames] = [0, 0];
  for (const batch of batches) {
    bytes += (await codec.encode(batch)).length;
    frames += batch.frames.length;
  }
  return bytes / frames;
}

async function angleErrors(batches: readonly PoseBatch[]): Promise<number[]> {
  const errors: number[] = [];
  const parameters = { ...PARAMETERS, leastVisibility: 0 };
  for (const batch of batches) {
    const sides = MEASURED.flatMap((joint) => [...JOINTS[joint]]);
    const [before, after] = [batch, await codecV1.decode(await codecV1.encode(batch))].map((one) =>
      asCaptured(inOrder([one], PARAMETERS), new Set(sides.flat()), parameters),
    );
    for (const limbs of sides) {
      const was = jointAngle(before!, limbs);
      const is = jointAngle(after!, limbs);
      for (const [i, degrees] of was.entries()) errors.push(Math.abs(degrees - is[i]!));
    }
  }
  return errors;
}

/** Steps to which recordings were rounded: of x, y, z and visibility. */
const ROUNDED = [1e-4, 1e-4, 1e-3, 1e-2];

function restored(batch: PoseBatch): PoseBatch {
  let state = batch.sequence + 1;
  const random = () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 32 - 0.5;
  };
  const frames = batch.frames.map(({ at, landmarks }) => ({
    at,
    landmarks: landmarks?.map((value, i) => value + random() * ROUNDED[i % NUMBERS]!) ?? null,
  }));
  return { ...batch, frames };
}
