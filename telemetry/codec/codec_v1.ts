import { builtIn } from "./deflate.ts";
import { type BatchHeader, HEADER_BYTES, readHeader, VERSION, writeHeader } from "./header.ts";
import {
  type Compression,
  type LandmarkCodec,
  LandmarkCodecError,
  MAX_COORDINATE,
  MAX_FRAMES,
} from "./landmark_codec.ts";
import { LANDMARKS, NUMBERS, type PoseFrame } from "./pose_batch.ts";

/** Steps to 1. At these the angles of joints stay within 0.1° (docs/decisions/0160); the others are only drawn. */
const SCALES = { fine: { xy: 8192, z: 8192 }, coarse: { xy: 2048, z: 1024 }, visibility: 64 };
/** Tenths of a millisecond between frames fit into sixteen bits. */
const STEPS_PER_MILLISECOND = 10;
const LONGEST_STEP = 0xffff;

/** Eyes, mouth, little fingers and thumbs: drawn in a replay, but no angle is made of them. */
const COARSE = new Set([1, 2, 3, 4, 5, 6, 9, 10, 17, 18, 21, 22]);

/** For each landmark the one that it moves with, which is earlier in the list; what both do is written once. */
// biome-ignore format: one line for the face, one for the arms, one for the legs
const MOVES_WITH = [
  -1, 0, 1, 2, 0, 4, 5, 0, 0, 0, 0,
  -1, 11, 11, 12, 13, 14, 15, 16, 15, 16, 15, 16,
  11, 12, 23, 24, 25, 26, 27, 28, 27, 28,
];

/**
 * Codec v1. Behind the header, compressed: times between frames, which frames have nobody, then for x, y and z of
 * each landmark how far it moved since the frame before, less what its neighbour moved, as zigzag numbers: first all
 * low bytes, then all high ones, then visibility. Sixteen-bit numbers wrap around on both sides alike, so every
 * difference fits.
 */
export function codecV1With({ deflate, inflate }: Compression): LandmarkCodec {
  return {
    version: VERSION,

    async encode({ sequence, image, droppedBefore, frames }) {
      const startedAt = frames[0]?.at ?? 0;
      const header = { sequence, startedAt, droppedBefore, image, frames: frames.length, ...SCALES };
      const head = new Uint8Array(HEADER_BYTES);
      writeHeader(header, head);
      const steps = stepsBetween(frames);
      const seen = frames.flatMap(({ landmarks }) => (landmarks ? [landmarks] : []));
      const plain = new Uint8Array(lengthOf(frames.length, seen.length));
      for (const [i, step] of steps.entries()) {
        plain[i] = step & 0xff;
        plain[steps.length + i] = step >> 8;
      }
      for (const [i, { landmarks }] of frames.entries()) {
        if (!landmarks) plain[2 * steps.length + (i >> 3)]! |= 1 << (i & 7);
      }
      writePlanes(header, quantised(header, seen), plain.subarray(planesAt(frames.length)), seen.length);
      const packed = await deflate(plain);
      const body = new Uint8Array(HEADER_BYTES + packed.length);
      body.set(head);
      body.set(packed, HEADER_BYTES);
      return body;
    },

    async decode(body) {
      const header = readHeader(body);
      const packed = body.slice(HEADER_BYTES) as Uint8Array<ArrayBuffer>;
      const plain = await inflate(packed, lengthOf(header.frames, header.frames));
      const gaps = header.frames - 1;
      const isEmpty = Array.from({ length: header.frames }, (_, i) => {
        return ((plain[2 * gaps + (i >> 3)] ?? 0) & (1 << (i & 7))) !== 0;
      });
      const count = isEmpty.filter((empty) => !empty).length;
      if (plain.length !== lengthOf(header.frames, count)) throw new LandmarkCodecError("length_wrong");
      const seen = restored(
        header,
        readPlanes(header, plain.subarray(planesAt(header.frames)), count),
        count,
      );
      let at = 0;
      let next = 0;
      const frames = isEmpty.map((empty, i): PoseFrame => {
        const step = i === 0 ? 0 : plain[i - 1]! | (plain[gaps + i - 1]! << 8);
        if (i > 0 && step === 0) throw new LandmarkCodecError("time_not_rising");
        at += step;
        return {
          at: header.startedAt + at / STEPS_PER_MILLISECOND,
          landmarks: empty ? null : seen[next++]!,
        };
      });
      const { sequence, image, droppedBefore } = header;
      return { sequence, image, droppedBefore, frames };
    },
  };
}

/** As browsers and servers have it without anything else. */
export const codecV1 = codecV1With(builtIn);

/** Where the planes begin, behind the times and the marks of empty frames. */
const planesAt = (frames: number) => 2 * (frames - 1) + Math.ceil(frames / 8);
const lengthOf = (frames: number, seen: number) => planesAt(frames) + seen * LANDMARKS * (3 * 2 + 1);

function stepsBetween(frames: readonly PoseFrame[]): number[] {
  if (frames.length > MAX_FRAMES) throw new LandmarkCodecError("too_many_frames");
  const start = frames[0]!.at;
  // Counted from the start, so that what is rounded does not add up.
  const times = frames.map(({ at }) => Math.round((at - start) * STEPS_PER_MILLISECOND));
  return times.slice(1).map((time, i) => {
    const step = time - times[i]!;
    if (!(step > 0)) throw new LandmarkCodecError("time_not_rising");
    if (step > LONGEST_STEP) throw new LandmarkCodecError("gap_too_long");
    return step;
  });
}

/** One number of one landmark through all frames: its row, and that of the neighbour that it moves with. */
type Row = { row: number; other: number; ratio: number };

/** All rows of coordinates in the order in which they are written, every neighbour before those that need it. */
function rowsOf(header: BatchHeader, count: number): Row[] {
  return [0, 1, 2].flatMap((axis) =>
    MOVES_WITH.map((other, landmark) => ({
      row: (axis * LANDMARKS + landmark) * count,
      other: (axis * LANDMARKS + other) * count,
      ratio: other < 0 ? 0 : scaleOf(header, landmark, axis) / scaleOf(header, other, axis),
    })),
  );
}

/** What the past of a number and its neighbour let expect. */
function expectedAt(values: Int16Array, { row, other, ratio }: Row, i: number): number {
  const before = i > 0 ? values[row + i - 1]! : 0;
  if (ratio === 0) return before;
  const moved = values[other + i]! - (i > 0 ? values[other + i - 1]! : 0);
  return before + (ratio === 1 ? moved : Math.round(moved * ratio));
}

function writePlanes(header: BatchHeader, values: Int16Array, planes: Uint8Array, count: number): void {
  const high = 3 * LANDMARKS * count;
  for (const row of rowsOf(header, count)) {
    for (let i = 0; i < count; i++) {
      const residual = ((values[row.row + i]! - expectedAt(values, row, i)) << 16) >> 16;
      const written = (residual << 1) ^ (residual >> 15);
      planes[row.row + i] = written & 0xff;
      planes[high + row.row + i] = (written >> 8) & 0xff;
    }
  }
  for (let row = high; row < values.length; row += count) {
    for (let i = 0; i < count; i++) {
      const residual = values[row + i]! - (i > 0 ? values[row + i - 1]! : 0);
      planes[high + row + i] = (residual << 1) ^ (residual >> 15);
    }
  }
}

function readPlanes(header: BatchHeader, planes: Uint8Array, count: number): Int16Array {
  const values = new Int16Array(LANDMARKS * NUMBERS * count);
  const high = 3 * LANDMARKS * count;
  for (const row of rowsOf(header, count)) {
    for (let i = 0; i < count; i++) {
      const written = planes[row.row + i]! | (planes[high + row.row + i]! << 8);
      values[row.row + i] = expectedAt(values, row, i) + ((written >> 1) ^ -(written & 1));
    }
  }
  for (let row = high; row < values.length; row += count) {
    for (let i = 0; i < count; i++) {
      const written = planes[high + row + i]!;
      values[row + i] = (i > 0 ? values[row + i - 1]! : 0) + ((written >> 1) ^ -(written & 1));
    }
  }
  return values;
}

function scaleOf(header: BatchHeader, landmark: number, axis: number): number {
  if (axis === 3) return header.visibility;
  const scales = COARSE.has(landmark) ? header.coarse : header.fine;
  return axis < 2 ? scales.xy : scales.z;
}

/** In whole steps, a row for each number. A landmark that lies nowhere, or too far outside, becomes invisible. */
function quantised(header: BatchHeader, seen: readonly Float32Array[]): Int16Array {
  const count = seen.length;
  const values = new Int16Array(LANDMARKS * NUMBERS * count);
  for (let landmark = 0; landmark < LANDMARKS; landmark++) {
    const at = landmark * NUMBERS;
    for (const [i, numbers] of seen.entries()) {
      let isInside = true;
      for (let axis = 0; axis < 3; axis++) {
        const value = numbers[at + axis]!;
        const scale = scaleOf(header, landmark, axis);
        const most = Math.min(MAX_COORDINATE * scale, 0x7fff);
        if (!(Math.abs(value) <= MAX_COORDINATE)) isInside = false;
        const step = Math.max(-most, Math.min(most, Math.round(value * scale)));
        values[(axis * LANDMARKS + landmark) * count + i] = step; // what is no number becomes 0
      }
      const visibility = Math.max(0, Math.min(1, numbers[at + 3]!)) || 0;
      const step = isInside ? Math.round(visibility * header.visibility) : 0;
      values[(3 * LANDMARKS + landmark) * count + i] = step;
    }
  }
  return values;
}

/** The landmarks of each frame; they lie in one buffer, one after the other. */
function restored(header: BatchHeader, values: Int16Array, count: number): Float32Array[] {
  const size = LANDMARKS * NUMBERS;
  const all = new Float32Array(size * count);
  for (let axis = 0; axis < NUMBERS; axis++) {
    for (let landmark = 0; landmark < LANDMARKS; landmark++) {
      const scale = scaleOf(header, landmark, axis);
      const [least, most] = axis < 3 ? [-MAX_COORDINATE * scale, MAX_COORDINATE * scale] : [0, scale];
      const row = (axis * LANDMARKS + landmark) * count;
      const place = landmark * NUMBERS + axis;
      for (let i = 0; i < count; i++) {
        const value = values[row + i]!;
        if (value < least || value > most) {
          throw new LandmarkCodecError(axis < 3 ? "coordinate_out_of_range" : "visibility_out_of_range");
        }
        all[i * size + place] = value / scale;
      }
    }
  }
  return Array.from({ length: count }, (_, i) => all.subarray(i * size, (i + 1) * size));
}
