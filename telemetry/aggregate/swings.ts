import type { Parameters } from "./parameters.ts";
import { everyNth, quantile, quantileOf, sorted } from "./smoothing.ts";

/** A repetition by its samples: where it leaves rest, where it turns, where it is back or the recording ends. */
export type Swing = { start: number; turn: number; end: number };

type Phase = { isHigh: boolean; from: number; to: number; peak: number };

/**
 * Counts away-and-back movements of a smooth signal. Rest is the side on which it stays
 * longer, or else where the recording begins; a repetition goes to the other side and comes back, and one whose return
 * is cut off is counted. What the signal must cross follows its
 * range nearby, so neither its unit nor a change of depth matters; where it hardly moves, nothing is counted.
 * `period`: seconds, 0 where there is none. `least`: the least range that is a movement, in the unit of the signal.
 */
export function swingsOf(
  signal: Float64Array,
  period: number,
  least: number,
  parameters: Parameters,
): Swing[] {
  const { rate, shortestWindow, longestWindow, usualPeriod, window } = parameters;
  const seconds = Math.min(longestWindow, Math.max(shortestWindow, (period || usualPeriod) * window));
  const nearby = rangeNearby(signal, Math.round(seconds * rate));
  const range = nearby.high.map((high, i) => high - nearby.low[i]!);
  const idle = Math.max(least, parameters.idle * quantile(range, parameters.usualRange));
  const phases: Phase[] = [];
  for (let i = 0; i < signal.length; i++) {
    const value = signal[i]!;
    if (Number.isNaN(value)) continue;
    let last = phases.at(-1);
    if (range[i]! > idle) {
      const share = (value - nearby.low[i]!) / range[i]!;
      const isHigh = share > parameters.high ? true : share < parameters.low ? false : last?.isHigh;
      if (isHigh !== undefined && isHigh !== last?.isHigh) {
        last = { isHigh, from: i, to: i, peak: i };
        phases.push(last);
      }
    }
    if (!last) continue;
    last.to = i;
    if (last.isHigh ? value > signal[last.peak]! : value < signal[last.peak]!) last.peak = i;
  }
  const swings: Swing[] = [];
  for (let k = beginsAway(phases, parameters) ? 2 : 1; k < phases.length; k += 2) {
    const [before, away, back] = [phases[k - 1]!, phases[k]!, phases[k + 1]];
    const slack = parameters.edge * range[away.peak]!;
    const isAtRest = (i: number, rest: Phase) => Math.abs(signal[i]! - signal[rest.peak]!) <= slack;
    let start = before.to;
    while (start > before.peak && !isAtRest(start, before)) start -= 1;
    let end = back ? back.from : away.to;
    while (back && end < back.peak && !isAtRest(end, back)) end += 1;
    swings.push({ start, turn: away.peak, end });
  }
  return swings;
}

/**
 * Whether the recording begins on the side that is not rest, so that its first phase is the end of a movement that
 * nobody saw begin. Where it begins and ends on the same side, what lies between are whole repetitions either way.
 */
function beginsAway(phases: readonly Phase[], { clearlyLonger }: Parameters): boolean {
  if (phases.length % 2 === 1) return false;
  let [here, there] = [0, 0];
  for (const { isHigh, from, to } of phases) {
    if (isHigh === phases[0]!.isHigh) here += to - from;
    else there += to - from;
  }
  return there > here * clearlyLonger;
}

/** The 5th and the 95th of a hundred within so many samples to each side, looked up twice a second. */
function rangeNearby(signal: Float64Array, reach: number): { low: Float64Array; high: Float64Array } {
  const [step, hop] = [3, 15];
  const few = everyNth(signal, step);
  const low = new Float64Array(signal.length);
  const high = new Float64Array(signal.length);
  for (let at = 0; at < signal.length; at += hop) {
    const middle = at + hop / 2;
    const from = Math.max(0, Math.ceil((middle - reach) / step));
    const near = sorted(few.subarray(from, Math.floor((middle + reach) / step) + 1));
    low.fill(quantileOf(near, 0.05), at, at + hop);
    high.fill(quantileOf(near, 0.95), at, at + hop);
  }
  return { low, high };
}
