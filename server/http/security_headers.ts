import cors from "cors";
import type { RequestHandler } from "express";
import { type ContentSecurity, protectiveHeaders } from "../../runtime/protective_headers.ts";

/** Ruru brings inline scripts and workers of its own; it exists in embedded mode only. */
const forRuru: ContentSecurity = {
  defaultSrc: ["'self'"],
  scriptSrc: ["'self'", "'unsafe-inline'", "'unsafe-eval'", "blob:"],
  styleSrc: ["'self'", "'unsafe-inline'"],
  imgSrc: ["'self'", "data:"],
  fontSrc: ["'self'", "data:"],
  workerSrc: ["'self'", "blob:"],
  connectSrc: ["'self'"],
  frameAncestors: ["'none'"],
  baseUri: ["'self'"],
};

/** Headers of the API, which is not a page, and of its IDE, which is one. */
export function securityHeaders({ ide }: { ide: boolean }): RequestHandler {
  const ofApi = protectiveHeaders({ embeddable: true });
  const ofRuru = protectiveHeaders({ content: forRuru });
  return (request, response, next) => {
    const isIde = ide && /^\/(?:ruru-static|ide)(?:\/|$)/.test(request.path);
    (isIde ? ofRuru : ofApi)(request, response);
    next();
  };
}

/**
 * Open CORS: callers are known by a bearer token that the browser never adds by itself, so another origin gains
 * nothing by asking.
 */
export function openToOtherOrigins(): RequestHandler {
  return cors({
    origin: "*",
    methods: ["GET", "POST"],
    allowedHeaders: [
      "Authorization",
      "Content-Type",
      "Idempotency-Key",
      "Last-Event-ID",
      "X-Organization",
      "X-Request-Id",
      "X-Visitor-Id",
    ],
    exposedHeaders: ["X-Request-Id", "Retry-After", "RateLimit", "RateLimit-Policy"],
    maxAge: 7_200,
  });
}
