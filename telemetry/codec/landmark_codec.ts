import type { PoseBatch } from "./pose_batch.ts";

/**
 * From a batch to the bytes that are sent and kept, and back. Browser and server load the same file, so neither side
 * can differ from the other, and nothing here belongs to only one of the two.
 */
export interface LandmarkCodec {
  /** Stands in the bytes; a body of another version is refused. */
  readonly version: number;
  /** Refuses a batch that could not be decoded again. */
  encode(batch: PoseBatch): Promise<Uint8Array<ArrayBuffer>>;
  /** Takes any bytes: gives a batch within the limits below, or refuses with a LandmarkCodecError. */
  decode(body: Uint8Array): Promise<PoseBatch>;
}

/**
 * How bytes are compressed. `inflate` gives at most `most` bytes: it refuses more with `inflated_too_large`, and what
 * was not compressed, ends too early or goes on after its end with `not_inflatable`; what is both, with either.
 */
export type Compression = {
  deflate(bytes: Uint8Array<ArrayBuffer>): Promise<Uint8Array> | Uint8Array;
  inflate(bytes: Uint8Array<ArrayBuffer>, most: number): Promise<Uint8Array> | Uint8Array;
};

/** The most that one batch may hold. What lies beyond is refused before memory is taken for it. */
export const MAX_BODY_BYTES = 64 * 1024;
export const MAX_INFLATED_BYTES = 256 * 1024;
export const MAX_FRAMES = 150;
/** A limb outside of the picture lies a little outside of 0..1, and never beyond this. */
export const MAX_COORDINATE = 4;

export type CodecRefusal =
  | "body_too_large"
  | "inflated_too_large"
  | "not_a_batch"
  | "version_unknown"
  | "header_not_valid"
  | "frames_missing"
  | "too_many_frames"
  | "not_inflatable"
  | "length_wrong"
  | "time_not_rising"
  | "gap_too_long"
  | "coordinate_out_of_range"
  | "visibility_out_of_range";

export class LandmarkCodecError extends Error {
  override name = "LandmarkCodecError";
  readonly reason: CodecRefusal;
  constructor(reason: CodecRefusal) {
    super(`The batch of landmarks is refused: ${reason}`);
    this.reason = reason;
  }
}
