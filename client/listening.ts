import { type Client, createClient, type SubscribePayload } from "graphql-ws";
import type { ErrorExtensions } from "./generated/errors.ts";
import { errorIn, Refused, Unreachable } from "./refused.ts";
import { backoff, usualPatience, wait } from "./retry.ts";
import type { ClientSettings } from "./settings.ts";

/** What is done with what a subscription tells. */
export type Handlers<Result> = {
  /** Something was told. */
  next(result: Result): void;
  /**
   * Listening began, for the first time or again. Ask now for what there is: what was told before that may be missed,
   * what is told from now on is not. Where both bring the same, keep them apart by its id. It is called again where it
   * finds the API `Unreachable`; another error of it, or of a promise that it answers with, ends the subscription.
   */
  began(isAgain: boolean): unknown;
  /** Nothing is heard for the moment; the client comes back by itself, and `began` says when it did. */
  lost?(): void;
  /** It is over and will not come again: a refusal, or a session that has ended. */
  ended(error: Error): void;
};

export type Listening = {
  listen<Result>(payload: object, handlers: Handlers<Result>): () => void;
  close(): void;
};

type Subscription = {
  hasBegun: boolean;
  handlers: Handlers<never>;
  end(error: unknown): void;
  beginning?: ReturnType<typeof setTimeout>;
};
type Closed = { code: number; reason: string };

/** The protocol has no word for "I am listening now": by then the server has taken up what it was asked. */
const SETTLING_MS = 300;
const BEAT_MS = 20_000;
const BEAT_ANSWERED_MS = 10_000;
const UNAUTHORIZED = 4401;
const FORBIDDEN = 4403;

/** One socket for all subscriptions of a client. It comes again when it is lost, and lives longer than its token. */
export function openListening(settings: ClientSettings): Listening {
  const subscriptions = new Set<Subscription>();
  let socket: WebSocket | null = null;
  let renewing: ReturnType<typeof setTimeout> | undefined;
  let unanswered: ReturnType<typeof setTimeout> | undefined;
  /** Whether the token is known to have ended, and whether the one that came after it was refused, too. */
  let token: "good" | "ended" | "refused" = "good";

  const parameters = async (isStale: boolean): Promise<Record<string, unknown>> => {
    const fresh = await settings.token?.(isStale);
    if (fresh) renewBefore(fresh);
    return {
      ...(fresh ? { authorization: `Bearer ${fresh}` } : {}),
      ...(settings.organization ? { "x-organization": settings.organization } : {}),
    };
  };

  /** A socket ends with its token, unless a ping brings a newer one of the same session. */
  const renewBefore = (current: string): void => {
    clearTimeout(renewing);
    const left = endOf(current) - Date.now();
    if (!(left > 0)) return;
    const early = Math.min(10_000, left / 3);
    renewing = setTimeout(
      async () => {
        const payload = await parameters(true).catch(() => null);
        if (payload && socket?.readyState === 1) socket.send(JSON.stringify({ type: "ping", payload }));
      },
      Math.min(left - early, 2_147_483_647),
    );
  };

  const begin = (subscription: Subscription): void => {
    clearTimeout(subscription.beginning);
    subscription.beginning = setTimeout(async () => {
      const isAgain = subscription.hasBegun;
      subscription.hasBegun = true;
      try {
        await subscription.handlers.began(isAgain);
      } catch (error) {
        if (!(error instanceof Unreachable)) subscription.end(error);
        else if (subscriptions.has(subscription)) begin(subscription);
      }
    }, SETTLING_MS);
  };

  const client: Client = createClient({
    url: `${settings.url.replace(/^http/, "ws").replace(/\/+$/, "")}/graphql`,
    ...(settings.WebSocket ? { webSocketImpl: settings.WebSocket } : {}),
    connectionParams: () => parameters(token === "ended"),
    jsonMessageReplacer: (_, value) => (typeof value === "bigint" ? String(value) : value),
    retryAttempts: Number.POSITIVE_INFINITY,
    // Whoever may not listen does not come again; what the library takes for final, 4401 among it, does not either.
    // What is neither closed nor a failure of the network is an error of the program, and no time heals it.
    shouldRetry: (problem) => (isClosed(problem) ? problem.code !== FORBIDDEN : !(problem instanceof Error)),
    retryWait: (retries) => wait(backoff(retries + 1, usualPatience)),
    keepAlive: BEAT_MS,
    on: {
      connected: (opened) => {
        socket = opened as WebSocket;
        token = "good";
        for (const subscription of subscriptions) begin(subscription);
      },
      // A network that is gone says nothing: a beat without its answer tells.
      ping: (isReceived) => {
        if (!isReceived) unanswered = setTimeout(() => client.terminate(), BEAT_ANSWERED_MS);
      },
      pong: () => clearTimeout(unanswered),
      closed: (event) => {
        const wasOpen = socket !== null;
        socket = null;
        clearTimeout(renewing);
        clearTimeout(unanswered);
        if ((event as Closed).code === UNAUTHORIZED) token = wasOpen ? "ended" : "refused";
        for (const { beginning, handlers } of subscriptions) {
          clearTimeout(beginning);
          if (wasOpen) handlers.lost?.();
        }
      },
    },
  });

  return {
    listen<Result>(payload: object, handlers: Handlers<Result>) {
      let stop: () => void = () => {};
      const forget = (): void => {
        clearTimeout(subscription.beginning);
        subscriptions.delete(subscription);
      };
      const end = (error: unknown): void => {
        if (!subscriptions.has(subscription)) return;
        forget();
        stop();
        handlers.ended(error instanceof Error ? error : new Error(String(error)));
      };
      const subscription: Subscription = { hasBegun: false, handlers: handlers as Handlers<never>, end };
      const subscribe = (): void => {
        // The library wants a text; where an id names the document, the API takes an empty one for none.
        stop = client.subscribe<Result>({ query: "", ...payload } satisfies SubscribePayload, {
          next: (result) => {
            const error = errorIn(result);
            if (error) end(error);
            else handlers.next(result.data as Result);
          },
          error: (problem) => {
            // The token has ended with the socket: with a fresh one it begins again.
            if (isClosed(problem) && problem.code === UNAUTHORIZED && token === "ended") subscribe();
            else end(asError(problem));
          },
          complete: () => end(new Unreachable("The API has ended the subscription.")),
        });
      };
      subscriptions.add(subscription);
      subscribe();
      if (socket) begin(subscription);
      return () => {
        forget();
        stop();
      };
    },
    close() {
      for (const { beginning } of subscriptions) clearTimeout(beginning);
      subscriptions.clear();
      void client.dispose();
    },
  };
}

function isClosed(problem: unknown): problem is Closed {
  return typeof (problem as Closed | null)?.code === "number";
}

function asError(problem: unknown): Error {
  if (isClosed(problem)) {
    const { code, reason } = problem;
    const message = `The socket was closed: ${code} ${reason}`;
    if (code !== UNAUTHORIZED) return new Unreachable(message);
    const refusal = { code: "UNAUTHENTICATED", reason, hint: message, details: {} };
    return new Refused(message, refusal as ErrorExtensions);
  }
  if (problem instanceof Error) return problem;
  return errorIn({ errors: problem }) ?? new Unreachable("The subscription was refused.", { cause: problem });
}

/** When a token ends, by its own word; NaN where it does not say. */
function endOf(token: string): number {
  try {
    const claims = token.split(".")[1] ?? "";
    const { exp } = JSON.parse(atob(claims.replaceAll("-", "+").replaceAll("_", "/"))) as { exp?: number };
    return Number(exp) * 1_000;
  } catch {
    return Number.NaN;
  }
}
