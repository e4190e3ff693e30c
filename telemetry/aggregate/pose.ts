import type { PoseBatch } from "../codec/pose_batch.ts";
import { JOINTS, type Joint, jointAngle } from "./angles.ts";
import { alikeAmong } from "./likeness.ts";
import { TWELVE } from "./movement.ts";
import { ALGORITHM_VERSION, PARAMETERS, type Parameters } from "./parameters.ts";
import { movementsAmong, type SignalName, signalsOf } from "./signals.ts";
import { knownShare, lowPass, quantileOf, sorted } from "./smoothing.ts";
import { type Swing, swingsOf } from "./swings.ts";
import { asCaptured, atEqualSteps, inOrder, type Timeline } from "./timeline.ts";
import { viewOf } from "./view.ts";
import { chooseByVote } from "./vote.ts";

/**
 * One repetition. Moments in milliseconds since 1970: where it left rest, where it turned, where it was back or the
 * recording ended. `range`: how far the measured joint moved meanwhile, in degrees; null where it was not seen.
 */
export type Repetition = { start: number; turn: number; end: number; range: number | null };

/** How far a joint moved in the session, in degrees: the 2nd and the 98th of a hundred, and what lies between. */
export type JointRange = { joint: Joint; side: "left" | "right"; low: number; high: number; range: number };

/**
 * What a session's landmarks say. It informs and judges nothing: neither how well somebody moved nor whether it did
 * them good.
 */
export type PoseAggregate = {
  algorithmVersion: number;
  repetitions: Repetition[];
  /** Of the exercise's joints, those that were seen for long enough. */
  ranges: JointRange[];
  /** The one of them that repetitions are measured by: it moved most. */
  measured: JointRange | null;
  /** What the repetitions were counted by; null where nothing moved. */
  signal: SignalName | null;
  /** 0..1: how many of the signals agree with the count, times how long they were seen. Not how good the movement was. */
  confidence: number;
  /** From where the camera saw the body; null where it was not seen. */
  view: "front" | "side" | "oblique" | null;
  frames: { withPerson: number; withoutPerson: number; dropped: number };
};

/** They vote beside the joints that an exercise names; where it names none, their ranges are measured. */
const USUAL_JOINTS: Joint[] = ["shoulder", "elbow", "hip", "knee"];

/**
 * Repetitions and ranges of motion of one session, from its batches in any order; repeated ones change nothing.
 * `joints`: those that the exercise moves, the most important first.
 */
export function aggregatePose(
  batches: Iterable<PoseBatch>,
  { joints, parameters = PARAMETERS }: { joints: readonly Joint[]; parameters?: Parameters },
): PoseAggregate {
  const all = [...batches];
  const pictures = inOrder(all, parameters);
  const looked = joints.length > 0 ? joints : USUAL_JOINTS;
  const landmarks = new Set([
    ...TWELVE,
    ...[...looked, ...USUAL_JOINTS].flatMap((joint) => JOINTS[joint].flat()),
  ]);
  const captured = asCaptured(pictures, landmarks, parameters);
  const even = atEqualSteps(captured, parameters);
  const signals = signalsOf(captured, even, { named: joints, others: USUAL_JOINTS }, parameters);
  const counted = movementsAmong(signals, parameters).map((signal) => {
    const swings = swingsOf(signal.values, signal.period, signal.least, parameters);
    const { kept, likeness } = alikeAmong(swings, even, parameters);
    return { signal, swings: kept, likeness };
  });
  const { chosen, agreement } = chooseByVote(counted, parameters);
  const ranges = rangesOf(even, looked, parameters);
  const measured = ranges.toSorted((a, b) => b.range - a.range)[0] ?? null;
  return {
    algorithmVersion: ALGORITHM_VERSION,
    repetitions: chosen ? repetitionsOf(chosen.swings, even, measured, parameters) : [],
    ranges,
    measured,
    signal: chosen?.signal.name ?? null,
    confidence: chosen ? agreement * chosen.signal.known : 0,
    view: viewOf(even, parameters),
    frames: countFrames(all, pictures.length),
  };
}

function rangesOf(even: Timeline, joints: readonly Joint[], parameters: Parameters): JointRange[] {
  return joints.flatMap((joint) =>
    (["left", "right"] as const).flatMap((side, i) => {
      const angle = smoothAngle(even, joint, i, parameters);
      if (knownShare(angle) < parameters.leastKnown) return [];
      const degrees = sorted(angle);
      const [low, high] = [quantileOf(degrees, 0.02), quantileOf(degrees, 0.98)];
      return [{ joint, side, low, high, range: high - low }];
    }),
  );
}

function smoothAngle(
  even: Timeline,
  joint: Joint,
  side: number,
  { lowPass: cutoff, rate }: Parameters,
): Float64Array {
  const angle = lowPass(jointAngle(even, JOINTS[joint][side]!), cutoff, rate);
  // A low-pass swings a little beyond a sudden change, where no angle is.
  return angle.map((degrees) => Math.min(180, Math.max(0, degrees)));
}

function repetitionsOf(
  swings: readonly Swing[],
  even: Timeline,
  measured: JointRange | null,
  parameters: Parameters,
): Repetition[] {
  const angle = measured && smoothAngle(even, measured.joint, measured.side === "left" ? 0 : 1, parameters);
  // The joint may begin before the body as a whole does, and end after it.
  const beside = parameters.rate * parameters.beside;
  return swings.map(({ start, turn, end }, k) => {
    const from = Math.max(swings[k - 1]?.turn ?? 0, start - beside);
    const to = Math.min(swings[k + 1]?.turn ?? even.times.length, end + beside);
    const during = angle?.subarray(from, to + 1);
    const isSeen = during !== undefined && knownShare(during) >= parameters.leastKnown;
    return {
      start: even.times[start]!,
      turn: even.times[turn]!,
      end: even.times[end]!,
      range: isSeen ? spread(during) : null,
    };
  });
}

function spread(values: Float64Array): number {
  const numbers = sorted(values);
  return numbers.at(-1)! - numbers[0]!;
}

function countFrames(batches: readonly PoseBatch[], withPerson: number): PoseAggregate["frames"] {
  const bySequence = new Map(batches.map((batch) => [batch.sequence, batch]));
  let [withoutPerson, dropped] = [0, 0];
  for (const { frames, droppedBefore } of bySequence.values()) {
    withoutPerson += frames.filter(({ landmarks }) => landmarks === null).length;
    dropped += droppedBefore;
  }
  return { withPerson, withoutPerson, dropped };
}
