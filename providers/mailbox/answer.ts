import type { IncomingHttpHeaders } from "node:http";

/** A request as the mailbox reads it. */
export type Ask = {
  method: string;
  /** The path by its parts, decoded. */
  path: string[];
  query: URLSearchParams;
  headers: IncomingHttpHeaders;
  body: Buffer;
};

export type Answer = {
  status?: number;
  type: string;
  body: string | Buffer;
  headers?: Record<string, string>;
  /** Instead of the body come events, until whoever asked is gone. */
  follows?: true;
};

export const notFound: Answer = { status: 404, type: "text/plain", body: "There is nothing here.\n" };

export function json(value: unknown, status = 200): Answer {
  return { status, type: "application/json", body: JSON.stringify(value) };
}
