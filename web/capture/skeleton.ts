import { NUMBERS } from "../../telemetry/codec/pose_batch.ts";

/** Trunk, arms and legs; faces and fingers are not drawn. */
// biome-ignore format: one line for the trunk, one for the arms, one for the legs
const LIMBS = [
  [11, 12], [11, 23], [12, 24], [23, 24],
  [11, 13], [13, 15], [12, 14], [14, 16],
  [23, 25], [25, 27], [27, 31], [24, 26], [26, 28], [28, 32],
] as const;
const LEAST_VISIBILITY = 0.5;

/** Draws what is recorded of a person over a picture of the canvas's size; nothing where nobody is seen. */
export function drawSkeleton(canvas: HTMLCanvasElement, landmarks: Float32Array | null): void {
  const pen = canvas.getContext("2d");
  if (!pen) return;
  pen.clearRect(0, 0, canvas.width, canvas.height);
  if (!landmarks) return;
  const at = (landmark: number): [number, number] | null => {
    const [x = 0, y = 0, , visibility = 0] = landmarks.subarray(landmark * NUMBERS, (landmark + 1) * NUMBERS);
    return visibility < LEAST_VISIBILITY ? null : [x * canvas.width, y * canvas.height];
  };
  pen.lineWidth = Math.max(3, canvas.width / 120);
  pen.lineCap = "round";
  // A light line within a dark one is seen on any picture.
  for (const [color, extra] of [
    ["#10243e", 3],
    ["#7ee0c3", 0],
  ] as const) {
    pen.strokeStyle = color;
    pen.lineWidth = Math.max(3, canvas.width / 120) + extra;
    pen.beginPath();
    for (const [from, to] of LIMBS) {
      const [a, b] = [at(from), at(to)];
      if (!a || !b) continue;
      pen.moveTo(...a);
      pen.lineTo(...b);
    }
    pen.stroke();
  }
}
