import { describe, expect, test } from "vitest";
import { bundleOf, exerciseFiles } from "../../../db/seed/exercises.ts";
import { JOINTS, type Joint, jointAngle } from "../../../telemetry/aggregate/angles.ts";
import { aggregatePose } from "../../../telemetry/aggregate/pose.ts";
import type { PoseFrame } from "../../../telemetry/codec/pose_batch.ts";
import { manifest } from "../../manifest.ts";
import { type Movement, mirrored, secondsOf } from "../movement.ts";
import { framesOf, picturesOf } from "../pictures.ts";
import type { Body } from "../skeleton.ts";

const files = exerciseFiles();
const fps = 30;
const movements = new Map(
  files.map((file) => [file.slug, manifest.parse(bundleOf(file)).drawing as Movement]),
);
const each = files.map((file) => [file.slug, file] as const);

/** A body as a camera two metres and a half away would report it: shares of a picture of 640 by 480. */
function seen({ landmarks }: Body, yaw: number): Float32Array {
  const turn = (yaw * Math.PI) / 180;
  return Float32Array.from(
    landmarks.flatMap(([x, y, z]) => {
      const across = x * Math.cos(turn) + z * Math.sin(turn);
      const towards = z * Math.cos(turn) - x * Math.sin(turn);
      return [0.5 + across / 2.7, 0.95 - (y * 4) / (2.7 * 3), -towards / 2.7, 0.98];
    }),
  );
}

/** What a session of so many repetitions says, by the aggregation that sessions of patients go through. */
function aggregated(movement: Movement, joints: Joint[], repetitions: number) {
  const loop = framesOf(movement, fps);
  const frames: PoseFrame[] = Array.from({ length: repetitions * loop.length }, (_, i) => ({
    at: 1_700_000_000_000 + (i * 1000) / fps,
    landmarks: seen(loop[i % loop.length]!, movement.yaw),
  }));
  const batch = { sequence: 0, image: { width: 640, height: 480 }, droppedBefore: 0, frames };
  return aggregatePose([batch], { joints });
}

/** How far an angle of a body moves in one repetition, in degrees. */
function rangeOf(bodies: Body[], joint: Joint, side: 0 | 1): number {
  const points = new Map(
    Array.from({ length: 33 }, (_, i) => [
      i,
      Float64Array.from(bodies.flatMap(({ landmarks }) => [...landmarks[i]!])),
    ]),
  );
  const angles = jointAngle({ times: Float64Array.from(bodies.keys()), points }, JOINTS[joint][side]!);
  return Math.max(...angles) - Math.min(...angles);
}

describe("the exercises of the demo are drawn (EXL-05)", () => {
  test("there are two dozen and more, of every region, each in a file of its own name", () => {
    expect(files.length).toBeGreaterThanOrEqual(24);
    const terms = new Set(files.flatMap((file) => file.terms));
    for (const region of [
      "knee",
      "hip",
      "shoulder",
      "lower-back",
      "upper-back",
      "ankle-and-foot",
      "neck",
      "elbow",
    ]) {
      expect(terms).toContain(region);
    }
    expect(new Set(files.map(({ slug }) => slug)).size).toBe(files.length);
  });

  test.each(each)(
    "%s: in both languages, in letters that Romanian has, with what a patient must know",
    (_, file) => {
      expect(JSON.stringify(file)).not.toMatch(/[şţŞŢ]/);
      for (const texts of [
        file.translations,
        file.cue,
        ...[...file.instructions, ...file.contraindications].map((line) => (line as { text: object }).text),
      ]) {
        expect(Object.keys(texts)).toEqual(["ro", "en"]);
      }
      expect(file.instructions.length).toBeGreaterThanOrEqual(4);
      expect(file.contraindications.length).toBeGreaterThanOrEqual(2);
    },
  );

  test.each(each)(
    "%s: bones keep their lengths, nothing sinks into the ground, and the loop closes",
    (slug) => {
      const movement = movements.get(slug)!;
      const bodies = framesOf(movement, fps);
      const bones = [
        [11, 13],
        [13, 15],
        [23, 25],
        [25, 27],
        [12, 14],
        [14, 16],
        [24, 26],
        [26, 28],
      ] as const;
      const lengthOf = ({ landmarks }: Body, [a, b]: readonly [number, number]) =>
        Math.hypot(...landmarks[a]!.map((at, i) => at - landmarks[b]![i]!));
      for (const bone of bones) {
        const lengths = bodies.map((body) => lengthOf(body, bone));
        expect(Math.max(...lengths) - Math.min(...lengths), bone.join("-")).toBeLessThan(0.005);
      }
      const lowest = Math.min(...bodies.flatMap(({ landmarks }) => landmarks.slice(11).map(([, y]) => y)));
      if (movement.shows === "all") expect(lowest).toBeGreaterThan(-0.03);
      const apart = bodies[0]!.landmarks.map((point, i) =>
        Math.hypot(...point.map((at, axis) => at - bodies.at(-1)!.landmarks[i]![axis]!)),
      );
      expect(Math.max(...apart)).toBeLessThan(0.02);
    },
  );

  const tracked = files.filter(({ tracking }) => tracking).map((file) => [file.slug, file] as const);
  test.each(tracked)(
    "%s: what the camera is told to follow moves as far as it is told (EXL-01)",
    (slug, file) => {
      const movement = movements.get(slug)!;
      const { joints, primary, minRange, view } = file.tracking as {
        joints: Joint[];
        primary: Joint;
        minRange: number;
        view: string;
      };
      expect(joints).toContain(primary);
      expect(view === "side" ? Math.abs(movement.yaw) >= 55 : Math.abs(movement.yaw) <= 25).toBe(true);
      const bodies = framesOf(movement, fps);
      expect(Math.max(rangeOf(bodies, primary, 0), rangeOf(bodies, primary, 1))).toBeGreaterThanOrEqual(
        minRange,
      );
    },
  );

  test.each(["mini-squat", "seated-knee-extension", "standing-row", "shoulder-abduction", "standing-march"])(
    "%s: the aggregation counts the repetitions that are drawn (TEL-04)",
    (slug) => {
      const { joints } = files.find((file) => file.slug === slug)!.tracking as { joints: Joint[] };
      expect(aggregated(movements.get(slug)!, joints, 8).repetitions.length).toBe(8);
    },
  );
});

describe("pictures of a movement (EXL-05)", () => {
  const movement = movements.get("straight-leg-raise")!;
  const size = { width: 160, height: 90, fps: 5 };
  const drawn = (one: Movement) => Array.from(picturesOf(one, size), (bytes) => Buffer.from(bytes));

  test("as many as the movement is long, each of its own", () => {
    const pictures = drawn(movement);
    expect(pictures.length).toBe(Math.round(secondsOf(movement.tempo) * 5));
    expect(pictures[0]?.length).toBe(160 * 90 * 3);
    expect(pictures[0]?.equals(pictures[7] as Buffer)).toBe(false);
  });

  test("the other side is the mirror image", () => {
    const [right, left] = [drawn(movement)[7] as Buffer, drawn(mirrored(movement))[7] as Buffer];
    let differs = 0;
    for (let y = 0; y < 90; y++) {
      for (let x = 0; x < 160; x++) {
        const [a, b] = [right[(y * 160 + x) * 3]!, left[(y * 160 + 159 - x) * 3]!];
        if (Math.abs(a - b) > 40) differs += 1;
      }
    }
    expect(differs / (160 * 90)).toBeLessThan(0.005);
    expect(right.equals(left)).toBe(false);
  });
});
