/** How much of a session is sent at once, in milliseconds of its recording. */
export const BATCH_MS = 2_000;
/** Once so much waits to be sent, half of the pictures are left out. */
export const THIN_ABOVE_MS = 15_000;
/** So much waits at most. What is older is left out, and the next batch says how many pictures that were. */
export const MOST_WAITING_MS = 30_000;
/** Pictures a second while half of them are left out. */
export const THINNED_RATE = 15;
/** Within one batch the codec takes no longer pause than this. */
export const LONGEST_PAUSE_MS = 6_000;
/** Between two requests of one kind while several wait: the server takes two a second. */
export const APART_MS = 500;
/** Events of players wait so long for others. */
export const EVENTS_WAIT_MS = 5_000;
/** The server takes so many events at once. */
export const EVENTS_AT_ONCE = 200;
/** A request that is not answered by then has failed. */
export const ANSWER_MS = 15_000;
/** The longest time between two tries while there is no network. */
export const LONGEST_WAIT_MS = 15_000;
/** The server takes batches in any order within so many of the highest number. */
export const WINDOW = 64;
