import type { WebSocket } from "ws";
import type { Refusal } from "../../runtime/refusal.ts";

/**
 * What a closing code says to a client of graphql-transport-ws: after 4400, 4401, 4403 and 4429 it must not simply
 * come again; after 1001 and 1013 it should, a little later.
 */
const codes: Record<string, number> = {
  not_of_this_clinic: 4403,
  too_many_sockets: 4429,
  too_many_messages: 4429,
  server_stops: 1001,
  unavailable: 1013,
  too_slow: 1013,
};

const codesOfRefusals: Record<string, number> = {
  VALIDATION: 4400,
  UNAUTHENTICATED: 4401,
  FORBIDDEN: 4403,
  RATE_LIMITED: 4429,
  UNAVAILABLE: 1013,
  TIMEOUT: 1013,
  INTERNAL: 4500,
};

/** Closes with the reason as a word; whatever is wrong with the caller's session is 4401. */
export function close(socket: WebSocket, reason: string, code = codes[reason] ?? 4401): void {
  if (socket.readyState === socket.OPEN) socket.close(code, reason);
}

/** Closes for what kept the caller out. */
export function closeFor(socket: WebSocket, { code, reason }: Refusal): void {
  close(socket, reason, codesOfRefusals[code] ?? 4400);
}
