import type { IncomingMessage, ServerResponse } from "node:http";
import helmet from "helmet";

export type ContentSecurity = Record<string, string[]>;

/** For answers that are no page: nothing in them loads, runs, sends or is framed. */
const noPage: ContentSecurity = {
  defaultSrc: ["'none'"],
  frameAncestors: ["'none'"],
  baseUri: ["'none'"],
  formAction: ["'none'"],
};

/**
 * Sets the headers that keep an answer from being more to a browser than it is, by Helmet's list. Every HTTP server of
 * ours uses it; `embeddable` lets pages of other origins read what they may ask for. Strict transport is asked for where
 * the request came by TLS.
 */
export function protectiveHeaders({
  content = noPage,
  embeddable = false,
}: {
  content?: ContentSecurity;
  embeddable?: boolean;
} = {}): (request: IncomingMessage & { secure?: boolean }, response: ServerResponse) => void {
  // The older way to say who may frame a page knows everybody and nobody: where some may, only the policy speaks.
  const isFramed = content.frameAncestors?.join() !== "'none'";
  const setting = helmet({
    contentSecurityPolicy: { useDefaults: false, directives: content },
    crossOriginResourcePolicy: { policy: embeddable ? "cross-origin" : "same-origin" },
    xFrameOptions: isFramed ? false : { action: "deny" },
    strictTransportSecurity: false,
  });
  const transport = helmet.strictTransportSecurity({ maxAge: 31_536_000, includeSubDomains: true });
  return (request, response) => {
    const failed = (error?: unknown) => {
      if (error) throw error;
    };
    setting(request, response, failed);
    if (isFramed) response.removeHeader("X-Frame-Options");
    if (request.secure) transport(request, response, failed);
  };
}
