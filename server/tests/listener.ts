import { createClient } from "graphql-ws";
import { WebSocket } from "ws";
import { ifBusy } from "../../db/testing/busy.ts";
import type { Json, TestApi } from "./support.ts";

export const SUBSCRIPTION = "subscription { inboxItemArrived { title body readAt } }";

export type Listener = {
  titles(): string[];
  /** Errors that came instead of a message. */
  errors: Json[];
  /** How the connection ended. */
  closed: Promise<{ code: number; reason: string }>;
  socket(): WebSocket;
  stop(): Promise<void>;
};

/** Subscribes as the client library of the protocol does; `params` is the payload of connection_init. */
export function subscribe(api: TestApi, params: object | undefined, query = SUBSCRIPTION): Listener {
  const items: Json[] = [];
  const errors: Json[] = [];
  let socket: WebSocket | undefined;
  let isIn = false;
  const isBusy = (event: unknown) => !isIn && (event as { code?: number }).code === 1013;
  const ended = Promise.withResolvers<{ code: number; reason: string }>();
  const client = createClient({
    url: socketUrl(api),
    webSocketImpl: WebSocket,
    // A server that cannot reach its database yet says so, and a client comes again.
    retryAttempts: 20,
    shouldRetry: (event) => isBusy(event),
    retryWait: () => new Promise((resolve) => setTimeout(resolve, 100)),
    lazy: false,
    onNonLazyError: () => {},
    ...(params ? { connectionParams: params as Record<string, unknown> } : {}),
    on: {
      opened: (opened) => {
        socket = opened as WebSocket;
      },
      connected: () => {
        isIn = true;
      },
      closed: (event) => {
        if (isBusy(event)) return;
        const { code, reason } = event as { code: number; reason: string };
        ended.resolve({ code, reason });
      },
    },
  });
  client.subscribe(
    { query },
    {
      next: (result: Json) => {
        items.push(result.data?.inboxItemArrived);
        if (result.errors) errors.push(...result.errors);
      },
      error: (error) => {
        if (Array.isArray(error)) errors.push(...error);
      },
      complete: () => {},
    },
  );
  return {
    titles: () => items.map((item) => item?.title ?? "(nothing)"),
    errors,
    closed: ended.promise,
    socket: () => socket as WebSocket,
    stop: async () => client.dispose(),
  };
}

/** A bare socket, for what no client would send. Answers whatever came back until it closed. */
export function speak(
  api: TestApi,
  say: (socket: WebSocket) => void,
  protocol = "graphql-transport-ws",
): Promise<{ code: number; reason: string; heard: Json[] }> {
  const heard: Json[] = [];
  const socket = new WebSocket(socketUrl(api), protocol || undefined);
  socket.on("open", () => say(socket));
  socket.on("message", (data) => heard.push(JSON.parse(String(data))));
  return new Promise((resolve, reject) => {
    socket.on("close", (code, reason) => resolve({ code, reason: String(reason), heard }));
    socket.on("error", reject);
  });
}

export function socketUrl(api: TestApi): string {
  return `${api.url.replace("http", "ws")}/graphql`;
}

export const clinics = `
  select tests.clinic('boreal');
  select tests.patient('dan');
  select tests.clinic('atlas');
  select tests.patient('ana');
  select tests.patient('bogdan');
  select tests.patient('ana', 'boreal');
`;

export function tokenOf(
  api: TestApi,
  name: string,
  options: { minutes?: number; sessionId?: string } = {},
): string {
  return api.issuer.mint(
    { subject: `user_${name}`, email: `${name}@people.test`, name, locale: "ro" },
    options,
  );
}

export function bearer(token: string): { authorization: string } {
  return { authorization: `Bearer ${token}` };
}

export async function clinicId(api: TestApi, slug: string): Promise<string> {
  const [{ id }] = await api.sql("select id from app_public.organizations where slug = $1", [slug]);
  return id;
}

/** A message arrives, as a task would bring it. */
export async function put(api: TestApi, name: string, title: string, clinic = "atlas"): Promise<void> {
  await api.sql(
    `select app_private.put_in_inbox(
       (select id from app_public.organizations where slug = $3), (select principal_id from app_public.humans where email = $1),
       gen_random_uuid(), $2, 'Vă așteptăm.', now())`,
    [`${name}@people.test`, title, clinic],
  );
}

/** Waits until the subscription hears something: the protocol has no word for "now I listen". */
export async function listening(
  api: TestApi,
  name: string,
  listener: Listener,
  clinic = "atlas",
): Promise<void> {
  for (let tries = 0; listener.titles().length === 0; tries += 1) {
    if (tries > 50 || listener.errors.length > 0)
      throw new Error(
        `nothing heard: ${JSON.stringify([listener.errors, await Promise.race([listener.closed, "open"])])}`,
      );
    await put(api, name, "ready?", clinic);
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}

export function heardBesides(listener: Listener): string[] {
  return listener.titles().filter((title) => title !== "ready?");
}

/** What is promised within so many milliseconds, however busy the machine is. */
export async function within<T>(ms: number, promise: Promise<T>, what: string): Promise<T> {
  const late = Promise.withResolvers<never>();
  const timer = setTimeout(() => late.reject(new Error(`not within ${ms} ms: ${what}`)), ms);
  return Promise.race([promise, late.promise]).finally(() => clearTimeout(timer));
}

export async function until(
  holds: () => boolean | Promise<boolean>,
  what: string,
  ms = 5_000,
): Promise<void> {
  const end = Date.now() + ifBusy(ms);
  while (!(await holds())) {
    if (Date.now() > end) throw new Error(`waited in vain: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 25));
  }
}
