import { randomUUID } from "node:crypto";
import type { IncomingMessage, RequestListener, ServerResponse } from "node:http";
import { Counter, Histogram, type Registry } from "@prometheus-io/client";
import type { Logger } from "pino";
import { describeError } from "../../runtime/log.ts";
import type { Readiness } from "../../runtime/operations/listener.ts";
import { protectiveHeaders } from "../../runtime/protective_headers.ts";
import { Refusal } from "../../runtime/refusal.ts";
import type { SessionBuffer } from "../buffer/port.ts";
import type { Publisher } from "../publisher.ts";
import type { Answer, Handler } from "./handler.ts";
import { mediaEvents } from "./media_events.ts";
import { poseFrames } from "./pose_frames.ts";
import { sessionEnd } from "./session_end.ts";
import { KnownStates } from "./session_states.ts";
import { createTokenReader } from "./token.ts";

const statuses: Record<string, number> = {
  VALIDATION: 400,
  UNAUTHENTICATED: 401,
  FORBIDDEN: 403,
  NOT_FOUND: 404,
  METHOD_NOT_ALLOWED: 405,
  CONFLICT: 409,
  GONE: 410,
  PAYLOAD_TOO_LARGE: 413,
  UNSUPPORTED_MEDIA_TYPE: 415,
  RATE_LIMITED: 429,
  UNAVAILABLE: 503,
};

/** A page of any origin may ask: nothing is allowed by a cookie, everything by the token. */
const crossOrigin = {
  "Access-Control-Allow-Origin": "*",
  "Access-Control-Allow-Methods": "POST",
  "Access-Control-Allow-Headers": "authorization, content-type, x-exercise",
  "Access-Control-Expose-Headers": "retry-after, x-request-id",
  "Access-Control-Max-Age": "7200",
};
const protect = protectiveHeaders({ embeddable: true });

type Options = {
  secret: Uint8Array;
  buffer: SessionBuffer;
  publisher: Publisher;
  readiness(): Promise<Readiness>;
  metrics: Registry;
  log: Logger;
  /** Told that a session has ended. */
  ended(): void;
};

/**
 * The HTTP side of telemetry (TEL-01): the batches and events of sessions, and their end. Handlers reach the buffer and the
 * publisher and nothing else (TEL-10).
 */
export function createIngest(options: Options): { answer: RequestListener; close(): void } {
  const { buffer, publisher, readiness, log } = options;
  const readToken = createTokenReader(options.secret);
  const reach = { buffer, states: new KnownStates(publisher) };
  const routes: Record<string, Handler> = {
    "/v1/pose/frames": poseFrames(reach),
    "/v1/media/events": mediaEvents(reach),
    "/v1/sessions/{id}/end": sessionEnd(reach, options.ended),
  };
  const { seconds, refusals } = requestMetrics(options.metrics);

  async function answer(request: IncomingMessage, route: string): Promise<Answer> {
    if (route === "/healthz") return { status: 200, body: { status: "up" } };
    if (route === "/readyz") {
      const { ready, checks } = await readiness();
      return { status: ready ? 200 : 503, body: { status: ready ? "ready" : "not ready", checks } };
    }
    const handler = routes[route];
    if (!handler) throw new Refusal("NOT_FOUND", "no_such_path");
    if (request.method !== "POST") throw new Refusal("METHOD_NOT_ALLOWED", "post_only");
    return handler(request, await readToken(request.headers.authorization));
  }

  const listener: RequestListener = (request, response) => {
    const startedAt = performance.now();
    const requestId = randomUUID();
    const route = routeOf(request.url ?? "");
    protect(request, response);
    for (const [name, value] of Object.entries(crossOrigin)) response.setHeader(name, value);
    response.setHeader("X-Request-Id", requestId);
    response.setHeader("Cache-Control", "no-store");
    response.once("close", () => {
      const ms = performance.now() - startedAt;
      const status = response.writableFinished ? response.statusCode : 0;
      seconds.observe({ route, status: status === 0 ? "aborted" : String(status) }, ms / 1000);
      const line = { requestId, method: request.method, path: route, status, ms: Math.round(ms) };
      // Batches come by the thousand a second: those that are taken are counted, and not each written down.
      log[status < 400 ? "debug" : "info"](line, "request");
    });
    if (request.method === "OPTIONS") {
      response.writeHead(204).end();
      return;
    }
    answer(request, route)
      .catch((error: unknown) => {
        const refusal = error instanceof Refusal ? error : unexpected(error, requestId);
        refusals.inc({ code: refusal.code, reason: refusal.reason });
        return refused(refusal, response);
      })
      .then(({ status, body }) => {
        // What was not read of a body is not read any more.
        if (!request.complete) response.setHeader("Connection", "close");
        const text = JSON.stringify(body);
        response.setHeader("Content-Type", "application/json");
        response.setHeader("Content-Length", Buffer.byteLength(text));
        response.writeHead(status).end(text);
      });
  };

  return { answer: listener, close: () => reach.states.close() };

  /** The disk or the database did not do as they should: what was sent may be sent again. */
  function unexpected(error: unknown, requestId: string): Refusal {
    log.error({ requestId, error: describeError(error) }, "a request failed");
    return new Refusal("UNAVAILABLE", "try_again");
  }
}

/** The pattern of a path: paths that hold ids, or anything that nobody serves, are not told. */
function routeOf(url: string): string {
  const path = url.split("?")[0] ?? "";
  if (["/v1/pose/frames", "/v1/media/events", "/healthz", "/readyz"].includes(path)) return path;
  return /^\/v1\/sessions\/[^/]+\/end$/.test(url) ? "/v1/sessions/{id}/end" : "(other)";
}

/** In the shape of every refusal (docs/error-codes.md). */
function refused({ code, reason, details }: Refusal, response: ServerResponse): Answer {
  const status = statuses[code] ?? 500;
  if (status === 401) response.setHeader("WWW-Authenticate", "Bearer");
  if (status === 405) response.setHeader("Allow", "POST, OPTIONS");
  if (status === 503) response.setHeader("Retry-After", "2");
  if (status === 429) response.setHeader("Retry-After", String(details?.retryAfterSeconds ?? 1));
  const extensions = { code, reason, ...(details && { details }) };
  return { status, body: { errors: [{ message: `${code}: ${reason}`, extensions }] } };
}

function requestMetrics(registry: Registry) {
  const seconds = new Histogram({
    name: "restartix_http_request_seconds",
    help: "Time from the first byte of a request to the last of its answer.",
    labelNames: ["route", "status"],
    buckets: [0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5],
    registers: [registry],
  });
  const refusals = new Counter({
    name: "restartix_refusals_total",
    help: "Answers that were a refusal.",
    labelNames: ["code", "reason"],
    registers: [registry],
  });
  return { seconds, refusals };
}
