import os from "node:os";

/**
 * How long a test may wait for something that it relies on and says nothing about, such as a process that starts: so
 * many milliseconds on a quiet machine, and as many times longer as there are others that wait for each processor.
 * What is promised in milliseconds is asked for as it is promised. Where the system does not tell how many wait, the
 * machine counts as quiet.
 */
export function ifBusy(ms: number): number {
  return ms * Math.max(1, (os.loadavg()[0] ?? 0) / os.availableParallelism());
}
