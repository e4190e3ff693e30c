import type { IncomingMessage, ServerResponse } from "node:http";

/** How a vendor fails. "after" means that it did what it was asked, and the answer is lost. */
export type Weather =
  | "well"
  | "hangs up"
  | "hangs up after"
  | "is silent after"
  | "is broken"
  | "is broken after"
  | "answers something else"
  | { status: number; retryAfter?: number };

export type Faults = {
  /** From now on, whatever it is asked. */
  behave(weather: Weather): void;
  /** How often requests that match fail before all is well again. */
  behaveFor(times: number, weather: Weather, which?: RegExp): void;
};

/** The weather over a vendor that a test double plays. */
export function createFaults(): Faults & { at(what: string): Weather } {
  let weather: Weather = "well";
  let left = 0;
  let which = /./;
  return {
    at(what) {
      if (left <= 0 || !which.test(what)) return "well";
      left -= 1;
      return weather;
    },
    behave(next) {
      [weather, left, which] = [next, Number.POSITIVE_INFINITY, /./];
    },
    behaveFor(times, next, matching = /./) {
      [weather, left, which] = [next, times, matching];
    },
  };
}

/** What comes before a vendor does anything; true: it did not come to that. */
export function failsBefore(
  weather: Weather,
  request: IncomingMessage,
  response: ServerResponse,
  failure: object = {},
): boolean {
  if (weather === "hangs up") request.socket.destroy();
  else if (weather === "is broken") send(response, 503, failure);
  else if (weather === "answers something else") response.end("<html>A gateway.</html>");
  else if (typeof weather === "object") {
    const after: Record<string, string> =
      weather.retryAfter === undefined ? {} : { "retry-after": String(weather.retryAfter) };
    send(response, weather.status, failure, after);
  } else return false;
  return true;
}

/** What becomes of the answer of a vendor that did what it was asked; true: it is lost. */
export function failsAfter(
  weather: Weather,
  request: IncomingMessage,
  response: ServerResponse,
  failure: object = {},
): boolean {
  if (weather === "hangs up after") request.socket.destroy();
  else if (weather === "is broken after") send(response, 500, failure);
  else return weather === "is silent after";
  return true;
}

export function send(
  response: ServerResponse,
  status: number,
  body: object | string,
  headers: Record<string, string> = {},
): void {
  const type = typeof body === "string" ? "application/xml" : "application/json";
  response
    .writeHead(status, { "content-type": type, ...headers })
    .end(typeof body === "string" ? body : JSON.stringify(body));
}
