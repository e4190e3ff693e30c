import http from "node:http";
import https from "node:https";
import { type OutboundSettings, outboundAgents } from "./connect.ts";
import { type Aimed, aimAt, type KeptConnections } from "./kept.ts";

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
  /** Connections of earlier requests that may be used again; without them each request has its own. */
  kept?: KeptConnections | undefined;
};

export type OutboundAnswer = { status: number; headers: http.IncomingHttpHeaders; body: Buffer };

/** The answer was longer than anybody wants to read. */
export class AnswerTooLong extends Error {
  override name = "AnswerTooLong";
}

/** No whole answer came in time; named as those who ask know it from AbortSignal.timeout(). */
class RequestTimeout extends Error {
  override name = "TimeoutError";
}

/** The other side had closed a connection that was kept, or did so as a request was on its way: no answer of it will come. */
class ClosedMeanwhile extends Error {
  override name = "ClosedMeanwhile";
}

/**
 * Asks a URL over http or https: no redirect is followed, and time and size are bounded. Rejects with NotPublic for a
 * host that may not be reached, with AnswerTooLong, and with what kept the answer from coming.
 *
 * With kept connections the host is looked up and checked as well, each time. What cannot go over one that is closed meanwhile
 * goes once more, over a new one; so the other side may get it twice.
 */
export async function request(url: string | URL, asked: OutboundRequest): Promise<OutboundAnswer> {
  const target = new URL(url);
  const { timeoutMs, kept, reach, resolve } = asked;
  const over = new AbortController();
  const { signal } = over;
  // Unlike AbortSignal.timeout() it is gone with the request, and makes no error for each that came back in time.
  const timer = setTimeout(() => over.abort(new RequestTimeout("no whole answer in time")), timeoutMs);
  try {
    if (!kept) return await exchange(target, asked, signal, outboundAgents({ reach, resolve }));
    const aim = await aimAt(target.hostname, { reach, resolve }, signal);
    try {
      return await exchange(target, asked, signal, kept, { aim, url: target.href });
    } catch (error) {
      if (!(error instanceof ClosedMeanwhile)) throw error;
      const again = outboundAgents({ reach, resolve: async () => aim.addresses });
      return await exchange(target, asked, signal, again);
    }
  } finally {
    clearTimeout(timer);
  }
}

function exchange(
  target: URL,
  { method = "GET", headers, body, longest, cut = false, ca }: OutboundRequest,
  signal: AbortSignal,
  { httpAgent, httpsAgent }: KeptConnections,
  aimed?: Aimed,
): Promise<OutboundAnswer> {
  const { promise, resolve, reject } = Promise.withResolvers<OutboundAnswer>();
  const options = { method, signal, headers, ...aimed };
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
  const isTls = target.protocol === "https:";
  const sent = isTls
    ? https.request(target, { ...options, agent: httpsAgent, ca }, read)
    : http.request(target, { ...options, agent: httpAgent }, read);
  let isAnswered = false;
  sent.on("response", () => {
    isAnswered = true;
  });
  sent.on("error", (error: NodeJS.ErrnoException) => {
    const isClosed = error.code === "ECONNRESET" || error.code === "EPIPE";
    reject(sent.reusedSocket && isClosed && !isAnswered ? new ClosedMeanwhile("closed meanwhile") : error);
  });
  sent.end(body);
  return promise;
}
