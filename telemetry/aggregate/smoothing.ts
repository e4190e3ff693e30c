// Signals are numbers at equal steps of time; NaN is a moment at which nothing is known.

/** [from, to) of each stretch without NaN. */
function stretches(signal: Float64Array): { from: number; to: number }[] {
  const found: { from: number; to: number }[] = [];
  let from = -1;
  for (let i = 0; i <= signal.length; i++) {
    const isKnown = i < signal.length && !Number.isNaN(signal[i]);
    if (isKnown && from < 0) from = i;
    if (!isKnown && from >= 0) {
      found.push({ from, to: i });
      from = -1;
    }
  }
  return found;
}

/** The running median of `width` values (odd), all of them known; at both ends the window is as wide as it can be. */
export function runningMedian(values: Float64Array, width: number): Float64Array {
  const smooth = values.slice();
  const window = new Float64Array(width);
  for (let i = 0; i < values.length; i++) {
    const half = Math.min((width - 1) / 2, i, values.length - 1 - i);
    // Sorted by insertion: for a handful of numbers nothing is faster.
    for (let k = 0; k <= 2 * half; k++) {
      const value = values[i - half + k]!;
      let at = k;
      while (at > 0 && window[at - 1]! > value) {
        window[at] = window[at - 1]!;
        at -= 1;
      }
      window[at] = value;
    }
    smooth[i] = window[half]!;
  }
  return smooth;
}

/** A Butterworth low-pass of second order, run forwards and backwards, so that nothing is moved in time. */
export function lowPass(signal: Float64Array, cutoff: number, rate: number): Float64Array {
  const k = Math.tan((Math.PI * cutoff) / rate);
  const norm = 1 / (1 + Math.SQRT2 * k + k * k);
  const gain = k * k * norm;
  const a1 = 2 * (k * k - 1) * norm;
  const a2 = (1 - Math.SQRT2 * k + k * k) * norm;
  const smooth = signal.slice();
  for (const { from, to } of stretches(signal)) {
    // Both ends are continued by their mirror image about the last sample, so that the filter is settled within.
    const pad = Math.min(Math.ceil((3 * rate) / cutoff), to - from - 1);
    const padded = new Float64Array(to - from + 2 * pad);
    for (let i = 0; i < padded.length; i++) {
      const at = from + i - pad;
      if (at < from) padded[i] = 2 * signal[from]! - signal[2 * from - at]!;
      else if (at >= to) padded[i] = 2 * signal[to - 1]! - signal[2 * (to - 1) - at]!;
      else padded[i] = signal[at]!;
    }
    for (let pass = 0; pass < 2; pass++) {
      const first = padded[0]!;
      let [x1, x2, y1, y2] = [first, first, first, first];
      for (let i = 0; i < padded.length; i++) {
        const x = padded[i]!;
        const y = gain * (x + 2 * x1 + x2) - a1 * y1 - a2 * y2;
        x2 = x1;
        x1 = x;
        y2 = y1;
        y1 = y;
        padded[i] = y;
      }
      padded.reverse();
    }
    smooth.set(padded.subarray(pad, pad + to - from), from);
  }
  return smooth;
}

/** Every so many-th number. */
export function everyNth(signal: Float64Array, step: number): Float64Array {
  const few = new Float64Array(Math.ceil(signal.length / step));
  for (let i = 0; i < few.length; i++) few[i] = signal[i * step]!;
  return few;
}

/** The known numbers, the smallest first; of a long signal evenly chosen ones, as many as its distribution needs. */
export function sorted(signal: Float64Array): Float64Array {
  const step = Math.ceil(signal.length / ENOUGH);
  const known = new Float64Array(Math.ceil(signal.length / (step || 1)));
  let count = 0;
  for (let i = 0; i < signal.length; i += step) {
    const value = signal[i]!;
    if (!Number.isNaN(value)) known[count++] = value;
  }
  return known.subarray(0, count).sort();
}
const ENOUGH = 5000;

/** The value below which the given share (0..1) of sorted numbers lies; NaN where there are none. */
export function quantileOf(numbers: Float64Array, share: number): number {
  if (numbers.length === 0) return Number.NaN;
  const at = share * (numbers.length - 1);
  const below = Math.floor(at);
  const next = numbers[Math.min(below + 1, numbers.length - 1)]!;
  return numbers[below]! + (next - numbers[below]!) * (at - below);
}

/** The same of a signal. */
export function quantile(signal: Float64Array, share: number): number {
  return quantileOf(sorted(signal), share);
}

/** From the 2nd to the 98th of a hundred: the range without its outliers. */
export function rangeOf(signal: Float64Array): number {
  const numbers = sorted(signal);
  return quantileOf(numbers, 0.98) - quantileOf(numbers, 0.02);
}

/** The share of moments at which something is known. */
export function knownShare(signal: Float64Array): number {
  let known = 0;
  for (const value of signal) if (!Number.isNaN(value)) known += 1;
  return signal.length === 0 ? 0 : known / signal.length;
}
