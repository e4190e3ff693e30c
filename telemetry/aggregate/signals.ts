import { JOINTS, type Joint, jointAngle, meanOf } from "./angles.ts";
import { alongDirection, bodySize, mainDirection } from "./movement.ts";
import type { Parameters } from "./parameters.ts";
import { type Periodicity, periodicity } from "./periodicity.ts";
import { knownShare, lowPass, quantile, rangeOf } from "./smoothing.ts";
import type { Timeline } from "./timeline.ts";

/** One way of looking at a session: `movement` and `limbs` are principal components, counted from the hips or not. */
export type SignalName = `${Joint}.${"left" | "right" | "mean"}` | "movement" | "limbs";

/** `values`: smooth, degrees of an angle or heights of the picture. `least`: the least range that is a movement. */
export type Signal = Periodicity & {
  name: SignalName;
  /** Whether it is the body's or of a joint that the exercise names; joints that it does not name only vote beside others. */
  isNamed: boolean;
  unit: "degree" | "height";
  values: Float64Array;
  known: number;
  range: number;
  least: number;
  /** How many times its noise the range is, and from how many pictures that is known. */
  overNoise: number;
  pictures: number;
};

/**
 * All signals of a session: of the joints that the exercise names, of the others given, of the body as a whole.
 * `captured` and `even` are the same landmarks, as they came and at equal steps.
 */
export function signalsOf(
  captured: Timeline,
  even: Timeline,
  { named, others }: { named: readonly Joint[]; others: readonly Joint[] },
  parameters: Parameters,
): Signal[] {
  const signal = (
    name: SignalName,
    raw: Float64Array,
    plain: Float64Array,
    least: number,
    isNamed = true,
  ): Signal => {
    const values = lowPass(plain, parameters.lowPass, parameters.rate);
    const range = rangeOf(values);
    const overNoise =
      range / (noiseOf(raw, captured.times, parameters.longestGap * 1000) || Number.MIN_VALUE);
    return {
      name,
      isNamed,
      unit: name === "movement" || name === "limbs" ? "height" : "degree",
      values,
      known: knownShare(values),
      range,
      least,
      overNoise,
      pictures: raw.length,
      ...periodicity(values, parameters),
    };
  };
  const angles = [...new Set([...named, ...others])].flatMap((joint) => {
    const isNamed = named.includes(joint);
    const sides = JOINTS[joint].map(
      (limbs) => [jointAngle(captured, limbs), jointAngle(even, limbs)] as const,
    );
    const [left, right] = [sides[0]!, sides[1]!];
    const angles = [
      signal(`${joint}.left`, ...left, parameters.leastDegrees, isNamed),
      signal(`${joint}.right`, ...right, parameters.leastDegrees, isNamed),
    ];
    if (!isNamed) return angles;
    const mean = [meanOf(left[0], right[0]), meanOf(left[1], right[1])] as const;
    return [...angles, signal(`${joint}.mean`, ...mean, parameters.leastDegrees)];
  });
  const least = parameters.leastMovement * bodySize(even);
  const components = (
    [
      ["movement", false],
      ["limbs", true],
    ] as const
  ).map(([name, isCentred]) => {
    const direction = mainDirection(even, isCentred, parameters);
    return signal(name, alongDirection(captured, direction), alongDirection(even, direction), least);
  });
  return [...angles, ...components];
}

/**
 * The signals in which something moved: enough, out of the noise, and seen for long enough. Depth is what a camera
 * knows least and trembles slowly, which looks like a movement of joints: angles that no place of the body
 * takes part in must be of joints that the exercise names, and stand out by more or repeat themselves clearly.
 */
export function movementsAmong(signals: readonly Signal[], parameters: Parameters): Signal[] {
  const moving = signals.filter((signal) => isMovement(signal, parameters));
  if (moving.some(({ unit }) => unit === "height")) return moving;
  const { leastOverNoiseAlone, leastClarityAlone } = parameters;
  return moving.filter(
    ({ isNamed, overNoise, clarity }) =>
      isNamed && (overNoise >= leastOverNoiseAlone || clarity >= leastClarityAlone),
  );
}

function isMovement(signal: Signal, parameters: Parameters): boolean {
  const { leastKnown, leastOverNoise, fewPictures, large, leastOverNoiseIfLarge } = parameters;
  // From few pictures the noise is known less well, and chance looks more like a movement.
  const usual = leastOverNoise + fewPictures / Math.sqrt(signal.pictures);
  const isLarge = signal.unit === "height" && signal.range > large * signal.least;
  const least = isLarge ? Math.min(usual, leastOverNoiseIfLarge) : usual;
  return signal.known >= leastKnown && signal.range >= signal.least && signal.overNoise >= least;
}

/**
 * The noise of a signal as it was captured: how far moments lie beside the line between their neighbours, as a
 * standard deviation, by the median so that single mistakes do not count.
 */
function noiseOf(raw: Float64Array, times: Float64Array, longestGap: number): number {
  const beside = new Float64Array(raw.length).fill(Number.NaN);
  for (let i = 1; i + 1 < raw.length; i++) {
    const [before, at, after] = [times[i - 1]!, times[i]!, times[i + 1]!];
    if (after - before > 2 * longestGap) continue;
    const share = (at - before) / (after - before);
    const distance = raw[i]! - (raw[i - 1]! + (raw[i + 1]! - raw[i - 1]!) * share);
    beside[i] = Math.abs(distance);
  }
  // Of a normal distribution half lies within 0.674 deviations; three independent errors make up the distance.
  return quantile(beside, 0.5) / 0.674 / Math.sqrt(1.5);
}
