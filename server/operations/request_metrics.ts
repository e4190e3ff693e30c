import { Counter, Histogram, type Registry } from "@prometheus-io/client";
import type { RequestHandler } from "express";
import type { RouteOf } from "../http/request_log.ts";

/** Counts and times every request by route, method and status (FND-28). */
export function requestMetrics(registry: Registry, routeOf: RouteOf): RequestHandler {
  const seconds = new Histogram({
    name: "restartix_http_request_seconds",
    help: "Time from the first byte of a request to the last of its answer.",
    labelNames: ["method", "route", "status"],
    buckets: [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10],
    registers: [registry],
  });
  const methods = new Set(["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"]);
  return (request, response, next) => {
    const stop = seconds.startTimer();
    response.once("close", () => {
      // A stream is told apart by a gauge of its own: how long somebody listened is no time that an answer took.
      if (response.locals.isStream) return;
      stop({
        method: methods.has(request.method) ? request.method : "other",
        route: routeOf(request, response),
        // A caller who left before the answer is not a status of ours.
        status: response.writableFinished ? String(response.statusCode) : "aborted",
      });
    });
    next();
  };
}

export type RefusalCounter = Counter<"code" | "reason">;

/** Refusals by code and reason: both are words of our own contract (docs/error-codes.md). */
export function refusalCounter(registry: Registry): RefusalCounter {
  return new Counter({
    name: "restartix_refusals_total",
    help: "Answers that were a refusal, inside GraphQL or over HTTP.",
    labelNames: ["code", "reason"],
    registers: [registry],
  });
}
