import type { ServerResponse } from "node:http";
import type { Emit, Thing } from "./state.ts";

/** Cards by their numbers, as Stripe's own for tests. One that is not here, or that Stripe declines, is not taken. */
const brands: [RegExp, string][] = [
  [/^4/, "visa"],
  [/^5[1-5]/, "mastercard"],
];
const declined = new Set(["4000000000000002"]);

export type Checkout = {
  session(id: string): Thing | undefined;
  /** A card of the customer's, as a PaymentMethod. */
  add(customer: string, card: { brand: string; last4: string }): Thing;
  emit: Emit;
  /** Sends what was told since to where webhooks go. */
  deliver(): Promise<void>;
};

/** The page of a session where a card is entered: by GET as it is, by POST as it was filled in. Leads back as the session says. */
export async function servePage(
  { session: sessionOf, add, emit, deliver }: Checkout,
  { method, id, form }: { method: string; id: string; form: URLSearchParams },
  response: ServerResponse,
): Promise<void> {
  const session = sessionOf(id);
  if (!session || session.status === "complete") return page(response, 404, "<p>This page has expired.</p>");
  if (method === "GET") return page(response, 200, asking(session));
  if (form.has("cancel")) return leave(response, session.cancel_url);
  const number = form.get("number")?.replaceAll(" ", "") ?? "";
  const brand = brands.find(([begins]) => begins.test(number))?.[1];
  if (!brand || number.length !== 16 || declined.has(number))
    return page(response, 402, asking(session, "Your card was declined."));
  const card = add(session.customer, { brand, last4: number.slice(-4) });
  session.status = "complete";
  emit("payment_method.attached", card);
  emit("checkout.session.completed", session);
  await deliver();
  leave(response, session.success_url);
}

const asking = ({ currency }: Thing, problem = "") => `<form method="post">
  <p role="alert">${problem}</p>
  <p>Save a card for payments in ${String(currency).toUpperCase().replace(/\W/g, "")}.</p>
  <label>Card number <input name="number" autocomplete="cc-number"></label>
  <button>Save card</button> <button name="cancel" value="1">Back</button></form>`;

function page(response: ServerResponse, status: number, body: string): void {
  response.writeHead(status, { "content-type": "text/html; charset=utf-8" });
  response.end(`<!doctype html><html lang="en"><title>Checkout</title><main><h1>Checkout</h1>${body}</main>`);
}

function leave(response: ServerResponse, location: string): void {
  response.writeHead(303, { location }).end();
}
