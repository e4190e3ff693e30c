import type Stripe from "stripe";
import { toInteger } from "../minor_units.ts";
import { answered, answeredAt, isDecline, type StripeAccount, stripeClient } from "../stripe/client.ts";
import { customerOf } from "../stripe/customer.ts";
import type { Charge, Outcome, PaymentVendor, RefundOrder } from "./port.ts";

/** What Stripe calls the state of a PaymentIntent, as an outcome. A charge of ours is confirmed at once, without anybody there. */
const chargeStatuses: Record<string, Outcome["status"]> = {
  succeeded: "succeeded",
  processing: "processing",
  requires_payment_method: "failed",
  requires_action: "failed",
  canceled: "failed",
};
const refundStatuses: Record<string, Outcome["status"]> = {
  succeeded: "succeeded",
  pending: "processing",
  requires_action: "processing",
  failed: "failed",
  canceled: "failed",
};
const word = /^[a-z_]{1,60}$/;
/** As many as Stripe lists at once. */
const page = 100;

/** Why it failed, or the word that nobody knows, which is kept. */
function wordOf(status: Outcome["status"], code: string): string | null {
  return (status === "failed" || status === "unknown") && word.test(code) ? code : null;
}

/** The outcome of a PaymentIntent, as answers and webhooks carry it. */
export function chargeOutcome(
  intent: Pick<Stripe.PaymentIntent, "id" | "status" | "last_payment_error">,
  asOf: Date,
): Outcome {
  const status = chargeStatuses[intent.status] ?? "unknown";
  const error = intent.last_payment_error;
  const code = error?.decline_code ?? error?.code ?? intent.status;
  return {
    status,
    id: intent.id,
    vendorStatus: intent.status,
    failureCode: wordOf(status, code),
    asOf,
  };
}

/** The outcome of a Refund, likewise. */
export function refundOutcome(
  refund: { id: string; status: string | null; failure_reason?: string | undefined },
  asOf: Date,
): Outcome {
  const vendorStatus = refund.status ?? "none";
  const status = refundStatuses[vendorStatus] ?? "unknown";
  const code = refund.failure_reason ?? vendorStatus;
  return {
    status,
    id: refund.id,
    vendorStatus,
    failureCode: wordOf(status, code),
    asOf,
  };
}

/**
 * Cards at Stripe. What we make carries our id in `metadata` and as Idempotency-Key. Stripe forgets keys after a day, so what may have
 * been made is looked for among what it has of the clinic, which its lists show at once, before anything is made.
 */
export function stripePayments(account: StripeAccount, timeoutMs = 20_000): PaymentVendor {
  const stripe = stripeClient(account, timeoutMs);

  async function findIntent({ attemptId, customerId }: Charge): Promise<Outcome | null> {
    if (!customerId) return null;
    let after: string | undefined;
    for (;;) {
      const list = await answered(
        stripe.paymentIntents.list({
          customer: customerId,
          limit: page,
          ...(after && { starting_after: after }),
        }),
      );
      const found = list.data.find(({ metadata }) => metadata?.attempt_id === attemptId);
      if (found) return chargeOutcome(found, answeredAt(list));
      after = list.data.at(-1)?.id;
      if (!list.has_more || !after) return null;
    }
  }

  async function findRefund({ refundId, paymentId }: RefundOrder): Promise<Outcome | null> {
    const list = await answered(stripe.refunds.list({ payment_intent: paymentId, limit: page }));
    const found = list.data.find(({ metadata }) => metadata?.refund_id === refundId);
    return found ? refundOutcome(found, answeredAt(list)) : null;
  }

  return {
    provider: "stripe",
    findCharge: findIntent,
    findRefund,

    async charge(charge) {
      const { attemptId, invoiceId, customerId, amount, currency, description } = charge;
      const made = await findIntent(charge);
      if (made) return made;
      const nothing = (failureCode: string): Outcome => ({
        status: "failed",
        id: null,
        vendorStatus: "none",
        failureCode,
        asOf: new Date(),
      });
      if (!customerId) return nothing("no_card");
      // The card that was entered last; Stripe lists the newest first.
      const cards = await answered(
        stripe.customers.listPaymentMethods(customerId, { type: "card", limit: 1 }),
      );
      const card = cards.data[0];
      if (!card) return nothing("no_card");
      try {
        const intent = await answered(
          stripe.paymentIntents.create(
            {
              amount: toInteger(amount),
              currency: currency.toLowerCase(),
              customer: customerId,
              payment_method: card.id,
              automatic_payment_methods: { enabled: true, allow_redirects: "never" },
              confirm: true,
              off_session: true,
              description,
              metadata: { attempt_id: attemptId, invoice_id: invoiceId },
            },
            { idempotencyKey: `charge:${attemptId}` },
          ),
        );
        return chargeOutcome(intent, answeredAt(intent));
      } catch (error) {
        if (!isDecline(error)) throw error;
        const { payment_intent: intent, headers } = error;
        const asOf = answeredAt({ lastResponse: { headers: headers ?? {} } });
        const code = error.decline_code ?? error.code ?? "card_declined";
        if (!intent) return { ...nothing(word.test(code) ? code : "card_declined"), asOf };
        return {
          status: "failed",
          id: intent.id,
          vendorStatus: intent.status,
          failureCode: word.test(code) ? code : "card_declined",
          asOf,
        };
      }
    },

    async refund(order) {
      const made = await findRefund(order);
      if (made) return made;
      const refund = await answered(
        stripe.refunds.create(
          {
            payment_intent: order.paymentId,
            amount: toInteger(order.amount),
            metadata: { refund_id: order.refundId },
          },
          { idempotencyKey: `refund:${order.refundId}` },
        ),
      );
      return refundOutcome(refund, answeredAt(refund));
    },

    async startCardUpdate(update, keep) {
      const customer = update.customerId ?? (await customerOf(stripe, update));
      if (!update.customerId) await keep(customer);
      const { currency, returnUrl, requestId } = update;
      const session = await answered(
        stripe.checkout.sessions.create(
          {
            mode: "setup",
            customer,
            currency: currency.toLowerCase(),
            allowed_payment_method_types: ["card"],
            success_url: withWord(returnUrl, "saved"),
            cancel_url: withWord(returnUrl, "canceled"),
          },
          requestId ? { idempotencyKey: `card:${requestId}` } : {},
        ),
      );
      // Of what Stripe answers only where it is open: a page that is closed has no address.
      if (!session.url) throw new Error("stripe gave no page");
      return { url: session.url };
    },
  };
}

/** The return URL with a word of what happened, which the page there may show. */
function withWord(returnUrl: string, outcome: "saved" | "canceled"): string {
  const url = new URL(returnUrl);
  url.searchParams.set("card", outcome);
  return url.href;
}
