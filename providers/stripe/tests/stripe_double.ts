import { once } from "node:events";
import { createServer, type IncomingMessage } from "node:http";
import type { AddressInfo } from "node:net";
import { text } from "node:stream/consumers";
import Stripe from "stripe";
import { createFaults, type Faults, failsAfter, failsBefore, send } from "../../tests/weather.ts";
import type { StripeAccount } from "../client.ts";
import { servePage } from "./checkout.ts";
import { readForm } from "./openapi.ts";
import { type Answer, type Card, createState, methodOf, type Thing } from "./state.ts";

/** What Stripe tells us of, as it is sent. */
export type StripeEvent = { id: string; type: string; created: number; data: { object: Thing } };

export type StripeVendor = Faults & {
  account: Required<StripeAccount>;
  webhookSecret: string;
  /** What it was asked, in order: "POST /v1/payment_intents". */
  asked: string[];
  /** What does not fit Stripe's own description of its API; nothing is made of it. */
  misfits: string[];
  /** What it has of a kind, the newest first. */
  all(kind: string): Thing[];
  /** A card that somebody entered; by itself it is told to nobody. */
  addCard(customer: string, does?: Card["does"]): void;
  /** Where it sends its signed events as soon as somebody has entered a card on its page. */
  deliversTo(url: string): void;
  tax(percent: bigint): void;
  refundsCome(status: string): void;
  /** A thing becomes another, and Stripe tells of it. */
  becomes(kind: string, id: string, fields: object, type: string): void;
  events: StripeEvent[];
  /** Tells of something by itself, such as a subscription. */
  tell(type: string, object: object, created?: number): StripeEvent;
  /** An event as a request: its body and its signature. */
  signed(
    event: object,
    options?: { secret?: string; at?: number },
  ): { body: string; headers: Record<string, string> };
  /** By Stripe's clock, in seconds. */
  now(): number;
  moveClock(seconds: number): void;
  stop(): Promise<void>;
};

const secretKey = "sk_test_of_the_double_0123456789";
const webhookSecret = "whsec_of_the_double_0123456789";
/** How long Stripe knows a repeat by its key, in seconds. */
const KEYS_LAST = 86_400;

/** Stripe's HTTP API as far as we use it, every request held against Stripe's own description, kept in memory. */
export async function startStripe(): Promise<StripeVendor> {
  const faults = createFaults();
  const asked: string[] = [];
  const misfits: string[] = [];
  const events: StripeEvent[] = [];
  const keys = new Map<string, { request: string; at: number; answer: Answer | null }>();
  let moved = 0;
  let cards = 0;
  let receiver: string | null = null;
  let delivered = 0;
  const now = () => Math.floor(Date.now() / 1000) + moved;
  const tell: StripeVendor["tell"] = (type, object, created = now()) => {
    const event = {
      id: `evt_${events.length + 1}`,
      object: "event",
      type,
      created,
      data: { object: structuredClone(object) as Thing },
    };
    events.push(event);
    return event;
  };
  const state = createState(tell, now, () => `http://127.0.0.1:${port}`);
  function add(
    customer: string,
    does: Card["does"] = { status: "succeeded" },
    { brand, last4 } = { brand: "visa", last4: "4242" },
  ): Thing {
    const card: Card = { id: `pm_${++cards}`, customer, does, brand, last4, created: now() };
    state.cards.push(card);
    return methodOf(card);
  }
  const signed: StripeVendor["signed"] = (
    event,
    { secret = webhookSecret, at = Math.floor(Date.now() / 1000) } = {},
  ) => {
    const body = JSON.stringify(event);
    const signature = Stripe.webhooks.generateTestHeaderString({ payload: body, secret, timestamp: at });
    return { body, headers: { "content-type": "application/json", "stripe-signature": signature } };
  };
  async function deliver(): Promise<void> {
    while (receiver && delivered < events.length) {
      const { body, headers } = signed(events[delivered++] as object);
      await fetch(receiver, { method: "POST", body, headers });
    }
  }

  function answerTo(request: IncomingMessage, what: string, url: URL, body: string): Answer {
    if (request.headers.authorization !== `Bearer ${secretKey}`) {
      return [401, { error: { type: "invalid_request_error", message: "Invalid API Key provided" } }];
    }
    const method = request.method as string;
    const read = readForm(method, url.pathname, method === "GET" ? url.search.slice(1) : body);
    if ("wrong" in read) {
      misfits.push(read.wrong);
      return [
        400,
        { error: { type: "invalid_request_error", code: "parameter_unknown", message: read.wrong } },
      ];
    }
    const key = request.headers["idempotency-key"];
    if (typeof key !== "string" || method === "GET") return state.does(method, url.pathname, read.form);
    const known = keys.get(key);
    if (known && known.at > now() - KEYS_LAST) {
      if (known.request !== what + body) {
        return [400, { error: { type: "idempotency_error", message: "Keys for idempotent requests" } }];
      }
      if (known.answer) return known.answer;
    }
    const answer = state.does(method, url.pathname, read.form);
    // As it was answered: the thing itself goes on changing.
    keys.set(key, { request: what + body, at: now(), answer: structuredClone(answer) });
    return answer;
  }

  const failure = { error: { type: "api_error", message: "about the card of Ana" } };
  const server = createServer(async (request, response) => {
    const body = await text(request);
    const url = new URL(request.url ?? "/", "http://stripe");
    const what = `${request.method} ${url.pathname}`;
    const [, id] = /^\/c\/pay\/(\w+)$/.exec(url.pathname) ?? [];
    if (id) {
      const session = (wanted: string) => state.all("sessions").find((one) => one.id === wanted);
      const checkout = {
        session,
        add: (of: string, card: { brand: string; last4: string }) => add(of, undefined, card),
        emit: tell,
        deliver,
      };
      const filled = { method: request.method ?? "GET", id, form: new URLSearchParams(body) };
      return servePage(checkout, filled, response);
    }
    asked.push(what);
    const weather = faults.at(what);
    if (failsBefore(weather, request, response, failure)) return;
    const [status, answer] = answerTo(request, what, url, body);
    if (failsAfter(weather, request, response, failure)) return;
    send(response, status, answer, { date: new Date(now() * 1000).toUTCString() });
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;

  return {
    ...faults,
    account: { secretKey, apiUrl: `http://127.0.0.1:${port}` },
    webhookSecret,
    asked,
    misfits,
    all: state.all,
    tax: state.tax,
    refundsCome: state.refundsCome,
    addCard(customer, does) {
      add(customer, does);
    },
    deliversTo(url) {
      receiver = url;
      delivered = events.length;
    },
    becomes(kind, id, fields, type) {
      const thing = state.all(kind).find((one) => one.id === id);
      tell(type, Object.assign(thing, fields));
    },
    events,
    tell,
    signed,
    now,
    moveClock(seconds) {
      moved += seconds;
    },
    async stop() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
