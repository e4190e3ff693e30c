import { GraphQLError } from "grafast/graphql";
import { type Context, makeServer, type SubscribePayload } from "graphql-ws";
import type { Pool } from "pg";
import type { Logger } from "pino";
import { type GrafservBase, makeGraphQLWSConfig } from "postgraphile/grafserv";
import { Refusal } from "../../runtime/refusal.ts";
import { masked, toRefusal } from "../errors/graphql_errors.ts";
import type { ErrorRegistry } from "../errors/registry.ts";
import type { CheckedRequest, CheckRequest } from "../http/document_check.ts";
import { personWho, type RateLimits } from "../http/rate_limits.ts";
import { keepSession } from "../identity/session.ts";
import type { Verifier } from "../identity/verify.ts";
import { callerOf, renewedClaims } from "./caller.ts";
import { close, closeFor } from "./close.ts";
import { type Connection, endWithToken } from "./connection.ts";
import type { SocketLimits } from "./limits.ts";
import type { OpenSockets } from "./open_sockets.ts";

/** What the protocol works with. */
export type ProtocolParts = {
  graphql: GrafservBase;
  pool: Pool;
  verify: Verifier;
  registry: ErrorRegistry;
  log: Logger;
  trustProxy: number;
  checkRequest: CheckRequest;
  rates: RateLimits;
};

/**
 * The protocol graphql-transport-ws on our sockets: who says hello is let in by their token (FND-03), a ping may bring a
 * newer one, and each subscription is checked and counted as a request over HTTP is (FND-15, FND-27).
 */
export function protocolOf(parts: ProtocolParts, open: OpenSockets, limits: SocketLimits) {
  const { graphql, registry, log, rates } = parts;
  const execution = makeGraphQLWSConfig(graphql);
  const refusalFor = (error: unknown): Refusal => toRefusal(error, registry) ?? masked(error, log);
  /** Who brings no good token is told so, until there were too many from there. */
  const turnedAway = (error: unknown, { address }: Connection): Refusal => {
    const refusal = refusalFor(error);
    if (refusal.code !== "UNAUTHENTICATED") return refusal;
    try {
      rates.count("badTokens", address);
      return refusal;
    } catch (tooMany) {
      return refusalFor(tooMany);
    }
  };

  return makeServer<Record<string, unknown>, Connection>({
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
 * empty one stands in, until the check has found the text that is meant.
 */
function withText(message: unknown): unknown {
  const { type, payload } = (message ?? {}) as { type?: unknown; payload?: Record<string, unknown> };
  const isById =
    payload && typeof payload === "object" && ("documentId" in payload || "extensions" in payload);
  if (type === "subscribe" && isById && payload.query === undefined) payload.query = "";
  return message;
}

/** The same limits as over HTTP, and how many subscriptions one socket carries. */
function admit(
  { subscriptions, extra }: Context<Record<string, unknown>, Connection>,
  payload: SubscribePayload,
  { checkRequest, rates }: Pick<ProtocolParts, "checkRequest" | "rates">,
  limits: SocketLimits,
): CheckedRequest {
  // The one that asks is counted already.
  if (Object.keys(subscriptions).length > limits.subscriptionsPerSocket) {
    throw new Refusal("RATE_LIMITED", "too_many_subscriptions", { most: limits.subscriptionsPerSocket });
  }
  const checked = checkRequest(payload.query === "" ? { ...payload, query: undefined } : payload, "socket");
  if (extra.caller) {
    const who = personWho(extra.caller.claims);
    rates.count("graphql", who);
    if (checked.cost) rates.count("graphqlCost", who, checked.cost.cost + checked.planning);
  }
  return checked;
}
