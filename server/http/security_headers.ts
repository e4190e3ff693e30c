import type { RequestHandler } from "express";

const strict = "default-src 'none'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'";
// Ruru brings inline scripts and workers of its own; it exists in embedded mode only.
const forRuru =
  "default-src 'self'; script-src 'self' 'unsafe-inline' 'unsafe-eval' blob:; style-src 'self' 'unsafe-inline'; " +
  "img-src 'self' data:; font-src 'self' data:; worker-src 'self' blob:; connect-src 'self'; frame-ancestors 'none'; base-uri 'self'";

/**
 * Headers for an API that is not a page, and open CORS: callers are known by a bearer token that the
 * browser never adds by itself, so another origin gains nothing by asking.
 */
export function securityHeaders({ ide }: { ide: boolean }): RequestHandler {
  return (request, response, next) => {
    const isIde = ide && (request.path === "/" || request.path.startsWith("/ruru-static/"));
    response.setHeader("Content-Security-Policy", isIde ? forRuru : strict);
    response.setHeader("X-Content-Type-Options", "nosniff");
    response.setHeader("X-Frame-Options", "DENY");
    response.setHeader("Referrer-Policy", "no-referrer");
    response.setHeader("Cross-Origin-Opener-Policy", "same-origin");
    response.setHeader("Cross-Origin-Resource-Policy", isIde ? "same-origin" : "cross-origin");
    if (request.secure)
      response.setHeader("Strict-Transport-Security", "max-age=31536000; includeSubDomains");

    response.setHeader("Access-Control-Allow-Origin", "*");
    response.setHeader(
      "Access-Control-Expose-Headers",
      "X-Request-Id, Retry-After, RateLimit, RateLimit-Policy",
    );
    if (request.method === "OPTIONS" && request.headers["access-control-request-method"] !== undefined) {
      response.setHeader("Access-Control-Allow-Methods", "GET, POST");
      response.setHeader(
        "Access-Control-Allow-Headers",
        "Authorization, Content-Type, Idempotency-Key, X-Organization, X-Request-Id, X-Visitor-Id",
      );
      response.setHeader("Access-Control-Max-Age", "7200");
      response.status(204).end();
      return;
    }
    next();
  };
}
