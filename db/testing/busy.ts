import os from "node:os";

/**
 * How long something may take here and now that takes so many milliseconds on a quiet machine: as many times longer as
 * there are others that wait for each processor. Where the system does not tell how many, the machine counts as quiet.
 */
export function ifBusy(ms: number): number {
  return ms * Math.max(1, (os.loadavg()[0] ?? 0) / os.availableParallelism());
}
