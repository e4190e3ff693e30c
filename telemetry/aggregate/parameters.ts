/**
 * Every number that decides how repetitions are counted and ranges measured. One set for all exercises and people;
 * whoever changes one raises the version, which is kept beside each result.
 */
export const ALGORITHM_VERSION = 2;

export const PARAMETERS = {
  /** Seconds from the first picture beyond which nothing is looked at: a clock that jumps may not ask for any memory. */
  longestSession: 3600,
  /** Samples a second after resampling. */
  rate: 30,
  /** Seconds without a landmark beyond which nothing is put in between. */
  longestGap: 0.5,
  /** A landmark seen less than this is not used. */
  leastVisibility: 0.5,
  /** Pictures of the running median that takes away limbs which jump for a moment, and the seconds it may span. */
  median: 5,
  longestMedian: 0.3,
  /** Hz, of the low-pass that is run forwards and backwards. */
  lowPass: 3,
  /** Seconds over which movement is compared for the principal component. */
  movementOver: 0.3,
  /** The share of moments whose movement counts in full there; what is faster, such as a mistaken limb, is cut down. */
  ordinaryMovement: 0.8,
  /** The share of the session in which a signal must be known. */
  leastKnown: 0.6,
  /** The least range of a movement: degrees of an angle, body sizes of a principal component. */
  leastDegrees: 12,
  leastMovement: 0.55,
  /** How far the range must stand out of the noise, and how much further by few pictures (÷ the root of their number). */
  leastOverNoise: 3.2,
  fewPictures: 20,
  /** A principal component of so many times its least range is no jitter, unless it is hardly more than its own noise. */
  large: 2.7,
  leastOverNoiseIfLarge: 2,
  /** How far angles must stand out, or how clear their period must be, where no principal component shows a movement. */
  leastOverNoiseAlone: 20,
  leastClarityAlone: 0.7,
  /** Seconds of a repetition, for the search of its period. */
  shortestPeriod: 0.4,
  longestPeriod: 15,
  /** Where no period is found. */
  usualPeriod: 4,
  /** The window of the local range in periods to each side, and its bounds in seconds. */
  window: 2,
  shortestWindow: 2.5,
  longestWindow: 20,
  /** Shares of the local range that a movement must leave behind to have changed its phase. */
  high: 0.6,
  low: 0.4,
  /** A local range of less than this share of the usual one (this quantile of all) is idleness. */
  idle: 0.4,
  usualRange: 0.7,
  /** A side on which a movement stays so many times as long as on the other is where it rests. */
  clearlyLonger: 1.4,
  /** A repetition begins and ends where the movement has left a resting point by this share of the local range. */
  edge: 0.1,
  /** With how many that follow a repetition is compared. */
  comparedWith: 12,
  /** The least correlation of the paths of two repetitions that makes them fellows, and how large one must be of the other. */
  leastAlike: 0.3,
  leastLikeSize: 0.35,
  /** The share of those it is compared with that must be its fellows, one at least; among fewer than so many nothing is told. */
  leastFellows: 0.2,
  fewestCompared: 3,
  /** How alike a single repetition counts as, which is compared with none. */
  likenessOfOne: 0.3,
  /** At this distance from its noise a signal votes in full, times this power of how alike its repetitions are. */
  fullVoteOverNoise: 40,
  likenessPower: 2,
  /** Seconds before and after a repetition that count for its range too, up to where the next ones turn. */
  beside: 1,
  /** Degrees that the body is turned to count as seen from the front (below) or from the side (above). */
  front: 30,
  side: 60,
};
export type Parameters = typeof PARAMETERS;
