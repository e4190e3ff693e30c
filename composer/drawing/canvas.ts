export type Colour = readonly [red: number, green: number, blue: number];
export type Canvas = {
  readonly width: number;
  readonly height: number;
  /** Three bytes a point, row after row. */
  readonly bytes: Uint8Array;
  /** A stroke with round ends, as thick as twice its radius; in points from the top left. */
  stroke(
    from: readonly [number, number],
    to: readonly [number, number],
    radius: number,
    colour: Colour,
  ): void;
  /** Begins the next picture. */
  clear(): void;
};

/** What frames are drawn on: strokes with soft edges, which is all that a drawn body is made of. */
export function createCanvas(width: number, height: number, paper: Colour): Canvas {
  const bytes = new Uint8Array(width * height * 3);
  const empty = Uint8Array.from(bytes, (_, i) => paper[i % 3]!);
  bytes.set(empty);
  return {
    width,
    height,
    bytes,
    clear: () => bytes.set(empty),
    stroke([x1, y1], [x2, y2], radius, colour) {
      const [dx, dy] = [x2 - x1, y2 - y1];
      const long = dx * dx + dy * dy;
      const left = Math.max(0, Math.floor(Math.min(x1, x2) - radius - 1));
      const right = Math.min(width - 1, Math.ceil(Math.max(x1, x2) + radius + 1));
      const top = Math.max(0, Math.floor(Math.min(y1, y2) - radius - 1));
      const bottom = Math.min(height - 1, Math.ceil(Math.max(y1, y2) + radius + 1));
      const reach = (radius + 0.5) ** 2;
      for (let y = top; y <= bottom; y++) {
        const py = y + 0.5 - y1;
        for (let x = left; x <= right; x++) {
          const px = x + 0.5 - x1;
          const along = long === 0 ? 0 : Math.min(1, Math.max(0, (px * dx + py * dy) / long));
          const [ax, ay] = [px - along * dx, py - along * dy];
          const squared = ax * ax + ay * ay;
          if (squared >= reach) continue;
          const share = Math.min(1, radius + 0.5 - Math.sqrt(squared));
          const i = (y * width + x) * 3;
          for (let k = 0; k < 3; k++) bytes[i + k] = bytes[i + k]! + (colour[k]! - bytes[i + k]!) * share;
        }
      }
    },
  };
}
