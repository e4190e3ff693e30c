import type { Response } from "express";
import type { RefusalBody } from "../errors/written.ts";

/** Answers with a refusal: over HTTP and inside GraphQL it has the same shape (FND-29). */
export function refuse(response: Response, status: number, refusal: RefusalBody): void {
  if (status === 401) response.setHeader("WWW-Authenticate", "Bearer");
  if (status === 503) response.setHeader("Retry-After", "1");
  const { code, details } = refusal.extensions;
  if (code === "RATE_LIMITED") response.setHeader("Retry-After", String(details?.retryAfterSeconds ?? 60));
  response.setHeader("Cache-Control", "no-store");
  response.status(status).json({ errors: [refusal] });
}
