/**
 * How a property test runs: the same cases every time, so that a run fails for what was changed and for nothing else.
 * PROPERTY_SEED=<number> tries others, PROPERTY_RUNS=<number> more, to look for what nobody has met yet; what is found
 * becomes an example of its test.
 */
export function propertyRuns(fewest: number): { numRuns: number; seed: number } {
  return {
    numRuns: Number(process.env.PROPERTY_RUNS ?? fewest),
    seed: Number(process.env.PROPERTY_SEED ?? 20270328),
  };
}
