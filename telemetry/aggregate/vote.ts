import type { Parameters } from "./parameters.ts";
import type { Signal } from "./signals.ts";
import type { Swing } from "./swings.ts";

/** `likeness`: 0..1, how alike the swings of a signal are. */
export type Counted = { signal: Signal; swings: Swing[]; likeness: number };

/**
 * The signals vote on the count; a vote weighs as much as its signal stands out of the noise and as its repetitions are
 * alike. The weighted median wins, at a tie the more periodic of the two in the middle. `agreement`: the share of votes within one repetition (or one in
 * ten) of it.
 */
export function chooseByVote(
  counted: readonly Counted[],
  { fullVoteOverNoise, likenessPower }: Parameters,
): { chosen: Counted | null; agreement: number } {
  const votes = counted
    .map((vote) => ({
      ...vote,
      weight: Math.min(1, vote.signal.overNoise / fullVoteOverNoise) * vote.likeness ** likenessPower,
    }))
    .sort((a, b) => a.swings.length - b.swings.length || a.signal.clarity - b.signal.clarity);
  const total = votes.reduce((sum, { weight }) => sum + weight, 0);
  let passed = 0;
  const middle = votes.findIndex(({ weight }) => {
    passed += weight;
    return passed >= total / 2 - 1e-9;
  });
  if (middle < 0) return { chosen: null, agreement: 0 };
  const [here, next] = [votes[middle]!, votes[middle + 1]];
  const isTie = next !== undefined && Math.abs(passed - total / 2) < 1e-9;
  const median = isTie && next.signal.clarity > here.signal.clarity ? next : here;
  const count = median.swings.length;
  const near = votes.filter(({ swings }) => Math.abs(swings.length - count) <= Math.max(1, count / 10));
  const agreement = near.reduce((sum, { weight }) => sum + weight, 0) / total;
  // Of those that counted the same, the one that stands out most is shown.
  const same = votes.filter(({ swings }) => swings.length === count);
  const chosen = same.reduce((best, vote) => (vote.signal.overNoise > best.signal.overNoise ? vote : best));
  return { chosen, agreement };
}
