import type { RequestHandler } from "express";
import type { Logger } from "pino";
import { requestIdOf, sessionOf } from "../identity/session.ts";

/**
 * Gives every request its id, echoes it, and writes one line when the answer has left: method, path
 * without its query, status, time, and who asked as an id (FND-28).
 */
export function requestLog(log: Logger, routeOf: (path: string) => string): RequestHandler {
  return (request, response, next) => {
    const startedAt = performance.now();
    const requestId = requestIdOf(request.headers);
    response.locals.requestId = requestId;
    response.setHeader("X-Request-Id", requestId);
    response.once("close", () => {
      log.info(
        {
          requestId,
          method: request.method,
          path: routeOf(request.path),
          status: response.statusCode,
          ms: Math.round(performance.now() - startedAt),
          principalId: sessionOf(request)?.principalId ?? undefined,
          ...(response.writableFinished ? {} : { aborted: true }),
        },
        "request",
      );
    });
    next();
  };
}

/**
 * The route of a path, for logs and metrics. A path that nobody serves may hold anything, an address included;
 * its text is not kept.
 */
export function routesOf(paths: readonly string[]): (path: string) => string {
  const known = new Set(paths);
  return (path) => {
    if (path.startsWith("/ruru-static/")) return "/ruru-static/*";
    return known.has(path) ? path : "(other)";
  };
}
