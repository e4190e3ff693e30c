import { LandmarkCodecError, MAX_BODY_BYTES, MAX_FRAMES } from "./landmark_codec.ts";

/** How finely numbers are kept: so many steps to 1. */
export type Scales = { xy: number; z: number };

/** The part of a body that is not compressed: who asks only for the sequence inflates nothing. */
export type BatchHeader = {
  sequence: number;
  startedAt: number;
  droppedBefore: number;
  image: { width: number; height: number };
  frames: number;
  /** Of the landmarks that joint angles are made of, of the others, and of visibility. */
  fine: Scales;
  coarse: Scales;
  visibility: number;
};

export const HEADER_BYTES = 34;
export const VERSION = 1;
/** "PL". */
const MARK = 0x4c50;
/** The last moment that a Date can name. */
const LAST_MOMENT = 8.64e15;

export function writeHeader(header: BatchHeader, into: Uint8Array<ArrayBuffer>): void {
  const view = new DataView(into.buffer, into.byteOffset, HEADER_BYTES);
  requireValid(header);
  view.setUint16(0, MARK, true);
  view.setUint8(2, VERSION);
  view.setUint8(3, header.frames);
  view.setUint32(4, header.sequence, true);
  view.setFloat64(8, header.startedAt, true);
  view.setUint32(16, header.droppedBefore, true);
  const shorts = [
    header.image.width,
    header.image.height,
    header.fine.xy,
    header.fine.z,
    header.coarse.xy,
    header.coarse.z,
    header.visibility,
  ];
  for (const [i, short] of shorts.entries()) view.setUint16(20 + 2 * i, short, true);
}

/** Reads the header of any bytes, or refuses them. */
export function readHeader(body: Uint8Array): BatchHeader {
  if (body.length > MAX_BODY_BYTES) throw new LandmarkCodecError("body_too_large");
  if (body.length < HEADER_BYTES) throw new LandmarkCodecError("not_a_batch");
  const view = new DataView(body.buffer, body.byteOffset, HEADER_BYTES);
  if (view.getUint16(0, true) !== MARK) throw new LandmarkCodecError("not_a_batch");
  if (view.getUint8(2) !== VERSION) throw new LandmarkCodecError("version_unknown");
  const short = (i: number) => view.getUint16(20 + 2 * i, true);
  const header = {
    frames: view.getUint8(3),
    sequence: view.getUint32(4, true),
    startedAt: view.getFloat64(8, true),
    droppedBefore: view.getUint32(16, true),
    image: { width: short(0), height: short(1) },
    fine: { xy: short(2), z: short(3) },
    coarse: { xy: short(4), z: short(5) },
    visibility: short(6),
  };
  requireValid(header);
  return header;
}

function requireValid(header: BatchHeader): void {
  if (header.frames === 0) throw new LandmarkCodecError("frames_missing");
  if (header.frames > MAX_FRAMES) throw new LandmarkCodecError("too_many_frames");
  const isWithin = (value: number, least: number, most: number) =>
    Number.isInteger(value) && value >= least && value <= most;
  const { image, fine, coarse } = header;
  const sizes = [image.width, image.height, fine.xy, fine.z, coarse.xy, coarse.z];
  const isValid =
    isWithin(header.sequence, 0, 0xffffffff) &&
    isWithin(header.droppedBefore, 0, 0xffffffff) &&
    header.startedAt >= 0 &&
    header.startedAt <= LAST_MOMENT &&
    sizes.every((size) => isWithin(size, 1, 0xffff)) &&
    isWithin(header.visibility, 1, 0xff);
  if (!isValid) throw new LandmarkCodecError("header_not_valid");
}
