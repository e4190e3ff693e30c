import type { PlaceLimits } from "../limits/places.ts";

/** What one caller may have open, and how long a socket may be silent (FND-15, FND-27). */
export type SocketLimits = PlaceLimits & {
  socketsPerPerson: number;
  subscriptionsPerSocket: number;
  /** Messages in ten seconds. */
  messages: number;
  initMs: number;
  pingMs: number;
  lookMs: number;
  newsMs: number;
};

/** The limits where nothing else is said. */
export const socketLimits: SocketLimits = {
  sockets: 5_000,
  // A clinic sits behind one address, with all its people and what they have open.
  socketsPerAddress: 500,
  silentPerAddress: 50,
  socketsPerPerson: 10,
  subscriptionsPerSocket: 10,
  messages: 100,
  initMs: 5_000,
  pingMs: 30_000,
  lookMs: 3_000,
  newsMs: 400,
};
