import http from "node:http";
import https from "node:https";
import { type OutboundSettings, outboundAgents } from "./connect.ts";

export type OutboundRequest = OutboundSettings & {
  method?: string;
  headers?: Record<string, string>;
  body?: Buffer | string;
  /** The whole of it, from the first look-up to the last byte. */
  timeoutMs: number;
  /** Longest answer that is read, in bytes. */
  longest: number;
  /** Whether a longer one is cut off there and answered; else it rejects with AnswerTooLong. */
  cut?: boolean;
  /** For tests of TLS. */
  ca?: string | Buffer | undefined;
};

export type OutboundAnswer = { status: number; headers: http.IncomingHttpHeaders; body: Buffer };

/** The answer was longer than anybody wants to read. */
export class AnswerTooLong extends Error {
  override name = "AnswerTooLong";
}

/**
 * Asks a URL over http or https: no redirect is followed, and time and size are bounded. Rejects with NotPublic for a
 * host that may not be reached, with AnswerTooLong, and with what kept the answer from coming.
 */
export function request(
  url: string | URL,
  { method = "GET", headers, body, timeoutMs, longest, cut = false, ca, ...settings }: OutboundRequest,
): Promise<OutboundAnswer> {
  const { promise, resolve, reject } = Promise.withResolvers<OutboundAnswer>();
  const target = new URL(url);
  const isTls = target.protocol === "https:";
  const { httpAgent, httpsAgent } = outboundAgents(settings);
  const signal = AbortSignal.timeout(timeoutMs);
  const options = { method, signal, headers };
  const read = (response: http.IncomingMessage) => {
    const pieces: Buffer[] = [];
    let length = 0;
    const answer = () =>
      resolve({
        status: response.statusCode ?? 0,
        headers: response.headers,
        body: Buffer.concat(pieces).subarray(0, longest),
      });
    response.on("data", (piece: Buffer) => {
      length += piece.length;
      pieces.push(piece);
      if (length <= longest) return;
      if (cut) answer();
      response.destroy(new AnswerTooLong("the answer has no end"));
    });
    response.on("error", reject);
    response.on("end", answer);
  };
  const sent = isTls
    ? https.request(target, { ...options, agent: httpsAgent, ca }, read)
    : http.request(target, { ...options, agent: httpAgent }, read);
  sent.on("error", reject);
  sent.end(body);
  return promise;
}
