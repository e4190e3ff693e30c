import type { IncomingMessage, Server } from "node:http";
import type { Duplex } from "node:stream";
import { handleProtocols } from "graphql-ws";
import { type ServerOptions, WebSocketServer } from "ws";
import { inRequest } from "../errors/current_request.ts";
import { masked } from "../errors/graphql_errors.ts";
import { LARGEST_BODY } from "../http/json_body.ts";
import { limitedAddress } from "../limits/address.ts";
import { Places } from "../limits/places.ts";
import type { Listings } from "../live/listings.ts";
import { addressOf } from "./caller.ts";
import { close, closeFor } from "./close.ts";
import { type Connection, keepAlive } from "./connection.ts";
import { type SocketLimits, socketLimits } from "./limits.ts";
import { MessageRate } from "./message_rate.ts";
import { OpenSockets } from "./open_sockets.ts";
import { type ProtocolParts, protocolOf } from "./protocol.ts";

export type SocketParts = ProtocolParts & {
  server: Server;
  listings: Listings;
  limits?: Partial<SocketLimits> | undefined;
};

/** How long a socket that is being closed has for its good-bye. */
const CLOSE_MS = 2_000;

/** The sockets that are open, and what ends them. */
export type SocketServer = { open: OpenSockets; close(): Promise<void> };

/**
 * WebSockets on /graphql in the protocol graphql-transport-ws, for subscriptions (FND-15). Who comes without a token is
 * sent away; who is in stays as long as the token and the session behind it, and not a few seconds longer (FND-03).
 * What comes in here is counted by the rates of HTTP: connections by address, bad tokens, and by person what
 * is asked (FND-27).
 */
export function acceptSockets(parts: SocketParts): SocketServer {
  const { server, log } = parts;
  const limits = { ...socketLimits, ...parts.limits };
  const sockets = new WebSocketServer({
    noServer: true,
    maxPayload: LARGEST_BODY,
    perMessageDeflate: false,
    handleProtocols,
    // Who was told to go and does not, is dropped.
    closeTimeout: CLOSE_MS,
  } as ServerOptions);
  const places = new Places(limits);
  const open = new OpenSockets(parts.pool, log, parts.listings, limits);
  const protocol = protocolOf(parts, open, limits);
  let isClosing = false;

  const onUpgrade = (request: IncomingMessage, raw: Duplex, head: Buffer): void => {
    raw.on("error", () => {}); // a caller who is gone already
    const address = limitedAddress(addressOf(request, parts.trustProxy));
    const status = statusFor(request, address);
    const place = status === null ? places.take(address) : null;
    if (!place) {
      turnAway(raw, status ?? "429 Too Many Requests");
      return;
    }
    raw.once("close", place.leave);
    sockets.handleUpgrade(request, raw, head, (socket) =>
      serve({ socket, request, address, place, caller: null }),
    );
  };

  /** Why this connection is not to become a socket, if it is not. */
  const statusFor = (request: IncomingMessage, address: string): string | null => {
    if (isOver(() => parts.rates.count("address", address))) return "429 Too Many Requests";
    if (request.url?.split("?")[0] !== "/graphql") return "404 Not Found";
    return isClosing || places.isFull ? "503 Service Unavailable" : null;
  };

  const serve = (connection: Connection): void => {
    const { socket, request } = connection;
    const openedAt = performance.now();
    const rate = new MessageRate(limits.messages);
    socket.on("error", () => {}); // too large or no frame at all: ws closes with the code for it
    const ping = keepAlive(socket, limits.pingMs);
    const closed = protocol.opened(
      {
        protocol: socket.protocol,
        send: (data) =>
          new Promise((resolve, reject) => socket.send(data, (error) => (error ? reject(error) : resolve()))),
        close: (code, reason) => socket.close(code, reason),
        onMessage: (take) => {
          socket.on("message", async (data) => {
            if (socket.readyState !== socket.OPEN) return;
            if (!rate.allows()) return close(socket, "too_many_messages");
            await inRequest(request, () => take(String(data))).catch((error: unknown) => {
              if (socket.readyState === socket.OPEN) closeFor(socket, masked(error, log));
            });
          });
        },
      },
      connection,
    );
    socket.once("close", (code, reason) => {
      clearInterval(ping);
      clearTimeout(connection.expiry);
      log.info(
        {
          requestId: connection.caller?.session.requestId,
          principalId: connection.caller?.session.principalId ?? undefined,
          path: "/graphql",
          code,
          ms: Math.round(performance.now() - openedAt),
        },
        "socket",
      );
      closed(code, String(reason)).catch((error: unknown) => masked(error, log));
    });
  };

  server.on("upgrade", onUpgrade);
  return {
    open,
    async close() {
      isClosing = true;
      open.stop();
      for (const socket of sockets.clients) close(socket, "server_stops");
      const impatient = setTimeout(() => {
        for (const socket of sockets.clients) socket.terminate();
      }, 2_000);
      await new Promise<void>((resolve) => sockets.close(() => resolve()));
      clearTimeout(impatient);
      server.off("upgrade", onUpgrade);
    },
  };
}

function isOver(count: () => void): boolean {
  try {
    count();
    return false;
  } catch {
    return true;
  }
}

/** Says why and hangs up: a caller who keeps the other half open holds nothing of ours. */
function turnAway(raw: Duplex, status: string): void {
  const retry = status.startsWith("4") && !status.startsWith("404") ? "Retry-After: 5\r\n" : "";
  raw.end(`HTTP/1.1 ${status}\r\nConnection: close\r\n${retry}Content-Length: 0\r\n\r\n`, () =>
    raw.destroy(),
  );
}
