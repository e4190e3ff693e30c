import type { Server } from "node:http";

/** How long an answer may take to leave after the order to stop; longer than any statement may run. */
const GRACE_MS = 10_000;

/** No new requests; those in flight finish; a connection that only idles is closed at once (FND-28). */
export function drain(server: Server): Promise<void> {
  return new Promise((resolve) => {
    const impatient = setTimeout(() => server.closeAllConnections(), GRACE_MS);
    // A connection whose last answer has just left is idle only now.
    const sweep = setInterval(() => server.closeIdleConnections(), 100);
    server.close(() => {
      clearInterval(sweep);
      clearTimeout(impatient);
      resolve();
    });
  });
}
