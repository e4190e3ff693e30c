import type { ClientBase } from "pg";
import { z } from "zod";
import type { WebhookReceipt } from "./receipt.ts";

const id = z.string().min(1).max(200);
const seconds = z.number().int().positive();
const reference = z.union([id, z.looseObject({ id }).transform((object) => object.id)]);

const subscription = z.looseObject({
  id,
  status: z.string().min(1).max(100),
  trial_end: seconds.nullish(),
});
/** Where the subscription of an invoice stands depends on the version of the API that the account's endpoint has. */
const invoice = z.looseObject({
  created: seconds,
  billing_reason: z.string().nullish(),
  amount_due: z.number().int(),
  subscription: reference.nullish(),
  parent: z
    .looseObject({ subscription_details: z.looseObject({ subscription: reference }).nullish() })
    .nullish(),
});
const event = z.looseObject({ data: z.looseObject({ object: z.unknown() }) });

const aboutSubscriptions = new Set([
  "customer.subscription.created",
  "customer.subscription.updated",
  "customer.subscription.deleted",
  "customer.subscription.paused",
  "customer.subscription.resumed",
]);
const aboutInvoices = new Set(["invoice.paid", "invoice.payment_failed"]);

/** What a clinic's own account says of one subscription there. */
export type SubscriptionReport = {
  externalReference: string;
  /** The status in Stripe's word, or the event of an invoice. */
  status: string;
  asOf: Date;
  /** When the charge was made, where it is about one. */
  chargedAt: Date | null;
  trialEndsAt: Date | null;
};

/**
 * Reads an event of a clinic's own account (BIL-09). Null: nothing that is about a subscription, an invoice of nothing (a trial that
 * begins is "paid" so), or a first charge that failed, since the subscription has not begun then.
 */
export function subscriptionReport({
  type,
  occurredAt,
  receivedAt,
  rawBody,
}: WebhookReceipt): SubscriptionReport | null {
  const asOf = occurredAt ?? receivedAt;
  const objectOf = () => event.parse(JSON.parse(rawBody.toString("utf8"))).data.object;

  if (aboutSubscriptions.has(type)) {
    const { id, status, trial_end } = subscription.parse(objectOf());
    const trialEndsAt = status === "trialing" && trial_end ? new Date(trial_end * 1000) : null;
    return { externalReference: id, status, asOf, chargedAt: null, trialEndsAt };
  }
  if (!aboutInvoices.has(type)) return null;
  const { created, billing_reason, amount_due, ...bill } = invoice.parse(objectOf());
  const externalReference = bill.parent?.subscription_details?.subscription ?? bill.subscription;
  if (!externalReference || amount_due === 0) return null;
  if (type === "invoice.payment_failed" && billing_reason === "subscription_create") return null;
  return { externalReference, status: type, asOf, chargedAt: new Date(created * 1000), trialEndsAt: null };
}

/**
 * Applies what a clinic's own account at Stripe tells: the status of its patients' subscriptions and nothing else. What the patient
 * pays, and how, stays between them and the clinic.
 */
export async function applyClinicStripe(client: ClientBase, receipt: WebhookReceipt): Promise<string> {
  const report = subscriptionReport(receipt);
  if (!report) return "ignored";
  const { rows } = await client.query<{ outcome: string }>(
    "select app_private.record_payment_report($1, $2, $3, $4, $5, $6) as outcome",
    [
      receipt.integrationId,
      report.externalReference,
      report.status,
      report.asOf,
      report.chargedAt,
      report.trialEndsAt,
    ],
  );
  return rows[0]?.outcome as string;
}
