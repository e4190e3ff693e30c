import type { Parameters } from "./parameters.ts";
import { quantile } from "./smoothing.ts";
import type { Timeline } from "./timeline.ts";

/** From where the camera saw the shoulders, by how far they are turned in space most of the time. */
export function viewOf(
  { times, points }: Timeline,
  { front, side }: Parameters,
): "front" | "side" | "oblique" | null {
  const [left, right] = [points.get(11)!, points.get(12)!];
  const turned = Float64Array.from(times, (_, i) => {
    const [x, z] = [left[i * 3]! - right[i * 3]!, left[i * 3 + 2]! - right[i * 3 + 2]!];
    return (Math.atan2(Math.abs(z), Math.abs(x)) * 180) / Math.PI;
  });
  const usual = quantile(turned, 0.5);
  if (Number.isNaN(usual)) return null;
  return usual < front ? "front" : usual > side ? "side" : "oblique";
}
