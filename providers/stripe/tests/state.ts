/** What a card does when it is charged: a decline by its code, or the status that its PaymentIntent comes to. */
export type Card = {
  id: string;
  customer: string;
  does: { decline: string } | { status: string };
  brand: string;
  last4: string;
  created: number;
};
// biome-ignore lint/suspicious/noExplicitAny: Stripe's objects, as far as anything reads them.
export type Thing = { id: string; object: string; created: number; metadata: Record<string, string> } & any;
export type Form = Record<string, unknown>;

/** What Stripe answers: a status, an object. */
export type Answer = [number, object];
export type Emit = (type: string, object: object) => void;

/** The part of Stripe that clinics' payments and documents need: its objects, and what requests make of them. */
export function createState(emit: Emit, now: () => number, origin: () => string) {
  const kept: Record<string, Thing[]> = {};
  const cards: Card[] = [];
  let made = 0;
  /** Stripe Tax, in percent. */
  let taxPercent = 0n;
  /** What a refund comes to. */
  let refundStatus = "succeeded";

  const all = (kind: string): Thing[] => (kept[kind] ??= []);
  const named = (kind: string, id: unknown): Thing | undefined => all(kind).find((one) => one.id === id);
  function make(kind: string, prefix: string, object: string, fields: Form): Thing {
    const metadata = (fields.metadata as Record<string, string>) ?? {};
    const one = { id: `${prefix}_${++made}`, object, created: now(), livemode: false, ...fields, metadata };
    all(kind).unshift(one); // the newest comes first
    return one;
  }
  const withTax = (net: bigint) => net + (net * taxPercent + 50n) / 100n;
  const missing = (what: string): Answer => [
    404,
    { error: { type: "invalid_request_error", code: "resource_missing", message: `No such ${what}` } },
  ];
  const wrong = (code: string, message: string): Answer => [
    400,
    { error: { type: "invalid_request_error", code, message } },
  ];

  function charge(form: Form): Answer {
    const card = cards.find(({ id, customer }) => id === form.payment_method && customer === form.customer);
    if (!named("customers", form.customer)) return missing("customer");
    if (!card) return missing("payment_method");
    const intent = make("payment_intents", "pi", "payment_intent", {
      ...form,
      amount: Number(form.amount),
      last_payment_error: null,
    });
    if ("decline" in card.does) {
      const error = {
        type: "card_error",
        code: "card_declined",
        decline_code: card.does.decline,
        message: "about the card of Ana",
      };
      Object.assign(intent, { status: "requires_payment_method", last_payment_error: error });
      emit("payment_intent.payment_failed", intent);
      return [402, { error: { ...error, payment_intent: intent } }];
    }
    intent.status = card.does.status;
    emit(card.does.status === "succeeded" ? "payment_intent.succeeded" : "payment_intent.processing", intent);
    return [200, intent];
  }

  function refund(form: Form): Answer {
    const intent = named("payment_intents", form.payment_intent);
    if (!intent) return missing("payment_intent");
    const given = all("refunds").filter((one) => one.payment_intent === intent.id && one.status !== "failed");
    const sum = given.reduce((total, { amount }) => total + amount, 0) + Number(form.amount);
    if (intent.status !== "succeeded" || sum > intent.amount) {
      return wrong("charge_already_refunded", "greater than what is left of it");
    }
    const one = make("refunds", "re", "refund", {
      ...form,
      amount: Number(form.amount),
      currency: intent.currency,
      status: refundStatus,
    });
    emit("refund.created", one);
    return [200, one];
  }

  function finalize(invoice: Thing): Answer {
    if (invoice.status !== "draft") return wrong("invoice_not_editable", "This invoice is already finalized");
    const items = all("invoiceitems").filter((one) => one.invoice === invoice.id);
    const net = items.reduce((sum, { amount }) => sum + BigInt(amount), 0n);
    Object.assign(invoice, {
      status: "open",
      number: `STR-${String(made).padStart(4, "0")}`,
      subtotal: Number(net),
      total_excluding_tax: Number(net),
      total: Number(withTax(net)),
      amount_remaining: Number(withTax(net)),
      invoice_pdf: `https://pay.stripe.test/${invoice.id}/pdf`,
    });
    emit("invoice.finalized", invoice);
    return [200, invoice];
  }

  function credit(form: Form): Answer {
    const invoice = named("invoices", form.invoice);
    if (!invoice) return missing("invoice");
    const lines = (form.lines ?? []) as { quantity: string; unit_amount: string }[];
    const net = lines.reduce((sum, line) => sum + BigInt(line.quantity) * BigInt(line.unit_amount), 0n);
    const total = Number(withTax(net));
    if (invoice.status === "draft" || total > invoice.amount_remaining) {
      return wrong("amount_too_large", "more than what is left of the invoice");
    }
    invoice.amount_remaining -= total;
    const fields = {
      ...form,
      number: `STR-CN-${String(made).padStart(4, "0")}`,
      subtotal: Number(net),
      total_excluding_tax: Number(net),
      total,
      pdf: `https://pay.stripe.test/credit/${made}/pdf`,
    };
    return [200, make("credit_notes", "cn", "credit_note", fields)];
  }

  return {
    all,
    cards,
    tax(percent: bigint) {
      taxPercent = percent;
    },
    refundsCome(status: string) {
      refundStatus = status;
    },
    /** What a request that is in order makes. */
    does(method: string, pathname: string, form: Form): Answer {
      const [, , kind = "", id, verb] = pathname.split("/");
      if (pathname === "/v1/balance") return [200, { object: "balance", available: [], pending: [] }];
      if (pathname === "/v1/checkout/sessions") {
        if (!named("customers", form.customer)) return missing("customer");
        const session = make("sessions", "cs", "checkout.session", form);
        return [200, { ...session, url: `${origin()}/c/pay/${session.id}` }];
      }
      if (kind === "customers" && verb === "payment_methods") {
        const own = cards.filter(({ customer }) => customer === id).reverse();
        const data = own.map(methodOf);
        return [200, listed(data, form, pathname)];
      }
      if (method === "GET") {
        const one = id && named(kind, id);
        if (id) return one ? [200, one] : missing(kind);
        const fits = (thing: Thing) =>
          ["customer", "email", "invoice", "payment_intent"].every(
            (name) => form[name] === undefined || thing[name] === form[name],
          );
        return [200, listed(all(kind).filter(fits), form, pathname)];
      }
      if (kind === "customers") return [200, make(kind, "cus", "customer", form)];
      if (kind === "payment_intents") return charge(form);
      if (kind === "refunds") return refund(form);
      if (kind === "credit_notes") return credit(form);
      if (kind === "invoiceitems") {
        const invoice = named("invoices", form.invoice);
        if (invoice?.status !== "draft") return wrong("invoice_not_editable", "not a draft");
        return [200, make(kind, "ii", "invoiceitem", { ...form, amount: Number(form.amount) })];
      }
      if (kind === "invoices" && !id) return [200, make(kind, "in", "invoice", { ...form, status: "draft" })];
      const invoice = named("invoices", id);
      if (!invoice) return missing("invoice");
      if (verb === "finalize") return finalize(invoice);
      if (verb === "pay" && form.paid_out_of_band) {
        if (invoice.status !== "open") return wrong("invoice_not_editable", "not open");
        return [200, Object.assign(invoice, { status: "paid" })];
      }
      return wrong("parameter_unknown", "this double does not do that");
    },
  };
}

/** A card as Stripe shows it. */
export function methodOf({ id, customer, created, brand, last4 }: Card): Thing {
  return {
    id,
    object: "payment_method",
    type: "card",
    created,
    customer,
    card: { brand, last4 },
    metadata: {},
  };
}

function listed(things: { id: string }[], { limit, starting_after: after }: Form, url: string): object {
  const from = after ? things.findIndex(({ id }) => id === after) + 1 : 0;
  const size = Number(limit ?? 10);
  return {
    object: "list",
    url,
    data: things.slice(from, from + size),
    has_more: things.length > from + size,
  };
}
