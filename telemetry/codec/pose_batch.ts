/** Landmarks of one person in one picture, as MediaPipe's pose landmarker numbers them. */
export const LANDMARKS = 33;
/** Numbers of one landmark: x, y, z, visibility. */
export const NUMBERS = 4;

/**
 * One picture of the camera.
 *
 * `at`: milliseconds since 1970, rising strictly within a session.
 * `landmarks`: 33 × (x, y, z, visibility), flat; null where nobody was seen. x is a share of the picture's width, y of
 * its height, z (depth, negative towards the camera) a share of its width; visibility is 0..1.
 */
export type PoseFrame = { at: number; landmarks: Float32Array | null };

/** What the browser sends at once, about two seconds of it. */
export type PoseBatch = {
  /** Counted from 0 in each session. */
  sequence: number;
  /** The camera's picture in pixels; by it shares of width and height become equally long. */
  image: { width: number; height: number };
  /** Frames that the browser had to leave out since the batch before. */
  droppedBefore: number;
  /** In the order of their capture. */
  frames: PoseFrame[];
};
