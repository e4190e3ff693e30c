import type { RequestHandler } from "express";
import type { Logger } from "pino";
import { requestIdOf, sessionOf } from "../identity/session.ts";

/**
 * Gives every request its id, echoes it, and writes one line when the answer has left: method, path
 * without its query (or the pattern of it, where the path holds ids), status, time, and who asked as an id (FND-28).
 */
export function requestLog(log: Logger, paths: readonly string[]): RequestHandler {
  const known = new Set(paths);
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
          path: (response.locals.path as string | undefined) ?? loggedPath(request.path, known),
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

/** A path that nobody serves may hold anything, an address included; its text is not kept. */
function loggedPath(path: string, known: ReadonlySet<string>): string {
  if (path.startsWith("/ruru-static/")) return "/ruru-static/*";
  return known.has(path) ? path : "(other)";
}
