import { promisify } from "node:util";
import { gunzip, gzip } from "node:zlib";
import type { LandmarkCodec } from "../../telemetry/codec/landmark_codec.ts";
import { LANDMARKS, NUMBERS, type PoseFrame } from "../../telemetry/codec/pose_batch.ts";

const SIZE = LANDMARKS * NUMBERS;

/** The peer: numbers as the camera gives them, four bytes each, and gzip. A frame with nobody is a lonely time. */
export const float32Codec: LandmarkCodec = {
  version: 0,

  async encode({ frames, ...rest }) {
    const startedAt = frames[0]?.at ?? 0;
    const empty = frames.flatMap(({ landmarks }, i) => (landmarks ? [] : [i]));
    const head = Buffer.from(`${JSON.stringify({ ...rest, startedAt, count: frames.length, empty })}\n`);
    const times = Float32Array.from(frames, ({ at }) => at - startedAt);
    const seen = frames.flatMap(({ landmarks }) =>
      landmarks ? [Buffer.from(landmarks.slice().buffer)] : [],
    );
    return new Uint8Array(await promisify(gzip)(Buffer.concat([head, Buffer.from(times.buffer), ...seen])));
  },

  async decode(body) {
    const plain = await promisify(gunzip)(body);
    const end = plain.indexOf("\n");
    const { startedAt, count, empty, ...rest } = JSON.parse(plain.subarray(0, end).toString());
    const numbers = new Float32Array(new Uint8Array(plain.subarray(end + 1)).buffer);
    let next: number = count;
    const frames = Array.from({ length: count }, (_, i): PoseFrame => {
      const at = startedAt + numbers[i]!;
      if (empty.includes(i)) return { at, landmarks: null };
      next += SIZE;
      return { at, landmarks: numbers.slice(next - SIZE, next) };
    });
    return { ...rest, frames };
  },
};
