import { promisify } from "node:util";
import { gunzip, gzip } from "node:zlib";
import type { LandmarkCodec } from "../../telemetry/codec/landmark_codec.ts";
import { LANDMARKS, NUMBERS } from "../../telemetry/codec/pose_batch.ts";

/** The peer: numbers as the camera gives them, four bytes each, and gzip. */
export const float32Codec: LandmarkCodec = {
  version: 0,
  async encode({ sequence, image, droppedBefore, frames }) {
    const head = {
      sequence,
      image,
      droppedBefore,
      times: frames.map(({ at, landmarks }) => [at, landmarks !== null]),
    };
    const text = Buffer.from(`${JSON.stringify(head)}\n`);
    const seen = frames.flatMap(({ landmarks }) =>
      landmarks ? [Buffer.from(new Float32Array(landmarks).buffer)] : [],
    );
    return new Uint8Array(await promisify(gzip)(Buffer.concat([text, ...seen])));
  },
  async decode(body) {
    const plain = await promisify(gunzip)(body);
    const end = plain.indexOf("\n");
    const { times, ...head } = JSON.parse(plain.subarray(0, end).toString());
    const numbers = new Float32Array(new Uint8Array(plain.subarray(end + 1)).buffer);
    let next = 0;
    const frames = times.map(([at, isSeen]: [number, boolean]) => {
      if (!isSeen) return { at, landmarks: null };
      next += LANDMARKS * NUMBERS;
      return { at, landmarks: numbers.slice(next - LANDMARKS * NUMBERS, next) };
    });
    return { ...head, frames };
  },
};
