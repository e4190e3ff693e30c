import type { IncomingMessage, ServerOptions } from "node:http";

/**
 * How long every server of ours waits for a request (FND-27): one that dribbles in, a header or a byte of its body a
 * second, is answered 408 and cut off within 15 seconds of its first byte. Node looks only every so often, half a
 * minute if nobody says otherwise, and what it has not looked at is not over yet.
 */
export const serverPatience = {
  headersTimeout: 8_000,
  requestTimeout: 12_000,
  connectionsCheckingInterval: 1_000,
  keepAliveTimeout: 5_000,
  maxHeaderSize: 16_384,
} as const satisfies ServerOptions;

/** For bodies that are files and may take minutes: what counts is that they come on. */
export const filePatience = { ...serverPatience, requestTimeout: 600_000 } as const satisfies ServerOptions;

const LOOK_MS = 10_000;
const LEAST_BYTES = 64 * 1024;

/** Cuts off a body that brings less than 64 KB in ten seconds before it is whole. */
export function hurry(request: IncomingMessage, { everyMs = LOOK_MS, least = LEAST_BYTES } = {}): void {
  let before = request.socket.bytesRead;
  const looking = setInterval(() => {
    const now = request.socket.bytesRead;
    if (request.complete || request.destroyed) clearInterval(looking);
    else if (now - before < least) request.destroy();
    before = now;
  }, everyMs);
  looking.unref();
  request.once("close", () => clearInterval(looking));
}
