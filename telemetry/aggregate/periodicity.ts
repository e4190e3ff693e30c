import { everyNth } from "./smoothing.ts";

/** How alike a signal is to itself one period later (0..1), and the period in seconds; both 0 where there is none. */
export type Periodicity = { clarity: number; period: number };

/** Every third sample is enough for movements of people. */
const STEP = 3;
/** A longer period must be this much clearer than a shorter one: each period's multiple is one as well. */
const CLEARER = 0.08;

/** Searches the period between two bounds (seconds) by autocorrelation, each lag over the part that overlaps. */
export function periodicity(
  signal: Float64Array,
  { rate, shortestPeriod, longestPeriod }: { rate: number; shortestPeriod: number; longestPeriod: number },
): Periodicity {
  const every = rate / STEP;
  const values = everyNth(signal, STEP);
  let [sum, known] = [0, 0];
  for (const value of values) {
    if (Number.isNaN(value)) continue;
    sum += value;
    known += 1;
  }
  const mean = sum / (known || 1);
  for (let i = 0; i < values.length; i++) values[i] = Number.isNaN(values[i]) ? 0 : values[i]! - mean;
  const squares = new Float64Array(values.length + 1);
  for (let i = 0; i < values.length; i++) squares[i + 1] = squares[i]! + values[i]! ** 2;
  const lags = Math.min(Math.floor(longestPeriod * every), Math.floor(values.length * 0.7));
  const alike = Float64Array.from({ length: lags + 1 }, (_, lag) => likeness(values, squares, lag));
  let lag = 1;
  // Past the first fall below nothing, so that slowness is not taken for a period.
  while (lag < lags && alike[lag]! > 0) lag += 1;
  let best: Periodicity = { clarity: 0, period: 0 };
  for (lag = Math.max(lag, Math.ceil(shortestPeriod * every)); lag < lags; lag++) {
    const isPeak = alike[lag]! >= alike[lag - 1]! && alike[lag]! >= alike[lag + 1]!;
    if (isPeak && alike[lag]! > best.clarity + CLEARER) best = { clarity: alike[lag]!, period: lag / every };
  }
  return best;
}

/** `squares`: the sum of squares before each value, and of all. */
function likeness(values: Float64Array, squares: Float64Array, lag: number): number {
  let product = 0;
  for (let i = lag; i < values.length; i++) product += values[i]! * values[i - lag]!;
  const here = squares[values.length]! - squares[lag]!;
  const there = squares[values.length - lag]!;
  return product / (Math.sqrt(here * there) || 1);
}
