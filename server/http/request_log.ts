import type { Request, RequestHandler, Response } from "express";
import type { Logger } from "pino";
import { requestIdOf, sessionOf } from "../identity/session.ts";

/**
 * Gives every request its id, echoes it, and writes one line when the answer has left: method, path
 * without its query (or the pattern of it, where the path holds ids), status, time, and who asked as an id (FND-28).
 */
export function requestLog(log: Logger, routeOf: RouteOf): RequestHandler {
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
          path: routeOf(request, response),
          status: response.statusCode,
          ms: Math.round(performance.now() - startedAt),
          principalId: sessionOf(request)?.principalId ?? undefined,
          ...(response.writableFinished || response.locals.isStream ? {} : { aborted: true }),
        },
        "request",
      );
    });
    next();
  };
}

/** The route a request took; one that nobody serves may hold anything, an address included, and is not told. */
export type RouteOf = (request: Request, response: Response) => string;

/** By path, or by the pattern that the route left in `locals.path` because the path holds ids. */
export function routesOf(paths: readonly string[]): RouteOf {
  const known = new Set(paths);
  return (request, response) => {
    const pattern = response.locals.path as string | undefined;
    if (pattern !== undefined) return pattern;
    for (const folder of ["/ruru-static/", "/ide/", "/assets/"]) {
      if (request.originalUrl.startsWith(folder)) return `${folder}*`;
    }
    return known.has(request.path) ? request.path : "(other)";
  };
}
