import type { Rejection } from "./rejection.ts";

/**
 * The most pixels of a picture: whoever opens it makes room for all of them, however small the file is. Telephones
 * take 108 million.
 */
const MOST_PIXELS = 120_000_000;

/** Whether a picture of this size is one, and can be opened without filling the memory. */
export function sizeRejection(width: number, height: number): Rejection | null {
  if (!(width > 0 && height > 0)) return "malformed";
  return width * height > MOST_PIXELS ? "too_many_pixels" : null;
}
