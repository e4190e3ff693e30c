/** Whoever opens a picture makes room for all of its pixels, whatever the file weighs. */
const MOST_PIXELS = 100_000_000;

/** Whether a picture of this size is one, and can be opened without filling the memory. */
export function isPicture(width: number, height: number): boolean {
  return width > 0 && height > 0 && width * height <= MOST_PIXELS;
}
