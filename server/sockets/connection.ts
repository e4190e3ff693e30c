import type { IncomingMessage } from "node:http";
import type { WebSocket } from "ws";
import type { Place } from "../limits/places.ts";
import { close } from "./close.ts";
import type { OpenSocket } from "./open_socket.ts";

/** One socket from its upgrade to its end; its caller is known once it said who it is. */
export type Connection = {
  socket: WebSocket;
  request: IncomingMessage;
  /** As limits count it. */
  address: string;
  place: Place;
  caller: OpenSocket | null;
  expiry?: NodeJS.Timeout;
};

/** The longest that a timer counts; a token that lasts longer is looked at again then. */
const LONGEST_TIMER_MS = 2_147_483_647;

/** Closes the socket when the token that its caller came with has ended (FND-03). */
export function endWithToken(connection: Connection, expiresAt: Date): void {
  clearTimeout(connection.expiry);
  const left = expiresAt.getTime() - Date.now();
  connection.expiry = setTimeout(
    () =>
      left > LONGEST_TIMER_MS
        ? endWithToken(connection, expiresAt)
        : close(connection.socket, "token_expired"),
    Math.min(Math.max(left, 0), LONGEST_TIMER_MS),
  );
}

/** Pings the socket; one that does not answer before the next ping is gone. */
export function keepAlive(socket: WebSocket, everyMs: number): NodeJS.Timeout {
  let isAlive = true;
  socket.on("pong", () => {
    isAlive = true;
  });
  return setInterval(() => {
    if (!isAlive) return socket.terminate();
    isAlive = false;
    socket.ping();
  }, everyMs);
}
