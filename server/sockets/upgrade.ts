import type { IncomingMessage, Server } from "node:http";
import type { Duplex } from "node:stream";
import { GraphQLError } from "grafast/graphql";
import { type Context, handleProtocols, makeServer, type SubscribePayload } from "graphql-ws";
import type { Pool } from "pg";
import type { Logger } from "pino";
import { type GrafservBase, makeGraphQLWSConfig } from "postgraphile/grafserv";
import { type ServerOptions, type WebSocket, WebSocketServer } from "ws";
import { Refusal } from "../../runtime/refusal.ts";
import { masked, toRefusal } from "../errors/graphql_errors.ts";
import type { ErrorRegistry } from "../errors/registry.ts";
import type { Judge, Judged } from "../http/document_check.ts";
import { LARGEST_BODY } from "../http/json_body.ts";
import { personWho, type RateLimits } from "../http/rate_limits.ts";
import { keepSession } from "../identity/session.ts";
import type { Verifier } from "../identity/verify.ts";
import { limitedAddress } from "../limits/address.ts";
import { addressOf, callerOf, renewedClaims } from "./caller.ts";
import { close, closeFor } from "./close.ts";
import { MessageRate } from "./message_rate.ts";
import { type OpenSocket, OpenSockets } from "./open_sockets.ts";
import { type Place, type PlaceLimits, Places } from "./places.ts";

/** What the door allows (FND-15, FND-27). */
export type SocketLimits = PlaceLimits & {
  socketsPerPerson: number;
  subscriptionsPerSocket: number;
  /** Messages in ten seconds. */
  messages: number;
  initMs: number;
  pingMs: number;
  lookMs: number;
};

const socketLimits: SocketLimits = {
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
};

export type SocketParts = {
  server: Server;
  graphql: GrafservBase;
  pool: Pool;
  verify: Verifier;
  registry: ErrorRegistry;
  log: Logger;
  trustProxy: number;
  judge: Judge;
  rates: RateLimits;
  limits?: Partial<SocketLimits> | undefined;
};

/** How long a socket that is being closed has for its good-bye. */
const CLOSE_MS = 2_000;

export type SocketDoor = { open: OpenSockets; close(): Promise<void> };

type Extra = {
  socket: WebSocket;
  request: IncomingMessage;
  /** As limits count it. */
  address: string;
  place: Place;
  caller: OpenSocket | null;
  expiry?: NodeJS.Timeout;
};

/**
 * WebSockets on /graphql in the protocol graphql-transport-ws, for subscriptions (FND-15). Who comes without a token is
 * sent away; who is in stays as long as the token and the session behind it, and not a few seconds longer (FND-03).
 * What comes in here is counted by the rates of the other door: connections by address, bad tokens, and by person what
 * is asked (FND-27).
 */
export function openSocketDoor(parts: SocketParts): SocketDoor {
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
  const open = new OpenSockets(parts.pool, log, limits.lookMs);
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

  const serve = (extra: Extra): void => {
    const { socket } = extra;
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
            await take(String(data)).catch((error: unknown) => {
              if (socket.readyState === socket.OPEN) closeFor(socket, masked(error, log));
            });
          });
        },
      },
      extra,
    );
    socket.once("close", (code, reason) => {
      clearInterval(ping);
      clearTimeout(extra.expiry);
      log.info(
        {
          requestId: extra.caller?.session.requestId,
          principalId: extra.caller?.session.principalId ?? undefined,
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

function protocolOf(parts: SocketParts, open: OpenSockets, limits: SocketLimits) {
  const { graphql, registry, log, rates } = parts;
  const execution = makeGraphQLWSConfig(graphql);
  const refusalFor = (error: unknown): Refusal => toRefusal(error, registry) ?? masked(error, log);
  /** Who brings no good token is told so, until there were too many from there. */
  const turnedAway = (error: unknown, { address }: Extra): Refusal => {
    const refusal = refusalFor(error);
    if (refusal.code !== "UNAUTHENTICATED") return refusal;
    try {
      rates.count("badTokens", address);
      return refusal;
    } catch (tooMany) {
      return refusalFor(tooMany);
    }
  };

  return makeServer<Record<string, unknown>, Extra>({
    ...(execution as object),
    connectionInitWaitTimeout: limits.initMs,
    jsonMessageReviver: (key, value) => (key === "" ? withText(value) : value),

    async onConnect({ extra, connectionParams }) {
      try {
        const { claims, session, organizationId } = await callerOf(connectionParams, extra.request, parts);
        // Whoever left meanwhile is not let in.
        if (extra.socket.readyState !== extra.socket.OPEN) return false;
        if (open.ofPerson(session.principalId ?? "").length >= limits.socketsPerPerson) {
          close(extra.socket, "too_many_sockets");
          return false;
        }
        const caller = {
          socket: extra.socket,
          claims,
          session,
          organizationId,
          streams: new Set<never>(),
          toTell: [],
        };
        extra.caller = caller;
        extra.place.known();
        keepSession(extra.request, session);
        open.add(extra.request, caller);
        endWithToken(extra, claims.expiresAt);
        return true;
      } catch (error) {
        closeFor(extra.socket, turnedAway(error, extra));
        return false;
      }
    },

    async onPing({ extra }, payload) {
      if (!extra.caller) return;
      try {
        const renewed = await renewedClaims(payload, extra.caller.claims, parts.verify);
        if (!renewed) return;
        extra.caller.claims = renewed;
        endWithToken(extra, renewed.expiresAt);
      } catch (error) {
        closeFor(extra.socket, turnedAway(error, extra));
      }
    },

    async onSubscribe(context, id, payload) {
      try {
        const { query, operationName, variables } = admit(context, payload, parts, limits);
        Object.assign(payload, { query, operationName, variables });
      } catch (error) {
        return [new GraphQLError((error as Error).message, { originalError: error as Error })];
      }
      return execution.onSubscribe?.(context as never, id, payload);
    },
  });
}

/**
 * The library of the protocol wants a text in every subscription. Where a document is named by its id (FND-27) an
 * empty one stands in, until the judge has found the text that is meant.
 */
function withText(message: unknown): unknown {
  const { type, payload } = (message ?? {}) as { type?: unknown; payload?: Record<string, unknown> };
  const isById =
    payload && typeof payload === "object" && ("documentId" in payload || "extensions" in payload);
  if (type === "subscribe" && isById && payload.query === undefined) payload.query = "";
  return message;
}

/** The same limits as at the other door, and how many subscriptions one socket carries. */
function admit(
  { subscriptions, extra }: Context<Record<string, unknown>, Extra>,
  payload: SubscribePayload,
  { judge, rates }: Pick<SocketParts, "judge" | "rates">,
  limits: SocketLimits,
): Judged {
  // The one that asks is counted already.
  if (Object.keys(subscriptions).length > limits.subscriptionsPerSocket) {
    throw new Refusal("RATE_LIMITED", "too_many_subscriptions", {
      details: { most: limits.subscriptionsPerSocket },
      hint: `A connection carries at most ${limits.subscriptionsPerSocket} subscriptions.`,
    });
  }
  const judged = judge(payload.query === "" ? { ...payload, query: undefined } : payload, "socket");
  if (extra.caller) {
    const who = personWho(extra.caller.claims);
    rates.count("graphql", who);
    if (judged.cost) rates.count("graphqlCost", who, judged.cost.cost + judged.planning);
  }
  return judged;
}

function isOver(count: () => void): boolean {
  try {
    count();
    return false;
  } catch {
    return true;
  }
}

/** Longer than this a timer does not count; a token that lasts longer is looked at again then. */
const LONGEST_TIMER_MS = 2_147_483_647;

function endWithToken(extra: Extra, expiresAt: Date): void {
  clearTimeout(extra.expiry);
  const left = expiresAt.getTime() - Date.now();
  extra.expiry = setTimeout(
    () => (left > LONGEST_TIMER_MS ? endWithToken(extra, expiresAt) : close(extra.socket, "token_expired")),
    Math.min(Math.max(left, 0), LONGEST_TIMER_MS),
  );
}

/** A socket that does not answer a ping before the next one is gone. */
function keepAlive(socket: WebSocket, everyMs: number): NodeJS.Timeout {
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

/** Says why and hangs up: a caller who keeps the other half open holds nothing of ours. */
function turnAway(raw: Duplex, status: string): void {
  const retry = status.startsWith("4") && !status.startsWith("404") ? "Retry-After: 5\r\n" : "";
  raw.end(`HTTP/1.1 ${status}\r\nConnection: close\r\n${retry}Content-Length: 0\r\n\r\n`, () =>
    raw.destroy(),
  );
}
