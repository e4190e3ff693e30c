import { type ClientBase, DatabaseError } from "pg";
import { z } from "zod";
import { chargeOutcome, refundOutcome } from "../providers/payment/stripe.ts";
import { applyClinicStripe } from "./clinic_stripe.ts";
import type { WebhookHandler, WebhookReceipt } from "./receipt.ts";

const id = z.string().min(1).max(255);
const metadata = z.record(z.string(), z.string()).default({});
const code = z
  .string()
  .nullish()
  .transform((value) => value ?? undefined);

const intent = z.looseObject({
  id,
  status: z.string(),
  metadata,
  last_payment_error: z.looseObject({ code, decline_code: code }).nullish(),
});
const refund = z.looseObject({ id, status: z.string().nullable(), failure_reason: code, metadata });
const charge = z.looseObject({ refunds: z.looseObject({ data: z.array(refund) }).nullish() });
const subscription = z.looseObject({ id, status: z.string().max(100) });
const method = z.looseObject({
  id,
  customer: id.nullish(),
  created: z.number().int().positive(),
  card: z.looseObject({ brand: z.string(), last4: z.string() }).nullish(),
});
const before = z.looseObject({ customer: id.nullish() }).nullish();
const event = z.looseObject({ data: z.looseObject({ object: z.unknown(), previous_attributes: before }) });
const uuid = z.uuid();

/**
 * What Stripe tells of charges, refunds, cards and subscriptions (BIL-01, BIL-04, BIL-05, BIL-08). Deliveries come twice, late and in any order: each
 * says how its object stood when the event was made, and that time decides. What names none of ours, and what we do not know, is
 * kept and changes nothing.
 */
export const stripeEvents: WebhookHandler = {
  provider: "stripe",

  async apply(client, receipt) {
    // A clinic's own account tells of its patients' subscriptions (BIL-09), the platform's of what clinics pay.
    if (receipt.integrationId !== null) return applyClinicStripe(client, receipt);
    const { object, previous_attributes: previous } = event.parse(
      JSON.parse(receipt.rawBody.toString("utf8")),
    ).data;
    const { type } = receipt;
    if (type.startsWith("payment_intent.")) return chargeReport(client, receipt, intent.parse(object));
    if (type.startsWith("refund.") || type === "charge.refund.updated") {
      return refundReport(client, receipt, refund.parse(object));
    }
    if (type === "charge.refunded") {
      // Newer versions of the API leave the refunds out here, and tell each by its own event.
      const outcomes = [];
      for (const one of charge.parse(object).refunds?.data ?? []) {
        outcomes.push(await refundReport(client, receipt, one));
      }
      return outcomes[0] ?? "ignored";
    }
    if (type.startsWith("payment_method.")) {
      const { id, customer, created, card } = method.parse(object);
      // A card that was taken away names nobody any more; whose it was stands beside it.
      const owner = customer ?? previous?.customer;
      if (!card || !owner) return "ignored";
      return call(client, "app_hidden.record_payment_card($1, $2, $3, $4, $5, $6, $7)", [
        "stripe",
        owner,
        id,
        card.brand,
        card.last4,
        new Date(created * 1000),
        type === "payment_method.detached",
      ]);
    }
    if (type.startsWith("customer.subscription.")) {
      const { id, status } = subscription.parse(object);
      return call(client, "app_hidden.record_provider_subscription($1, $2, $3, $4)", [
        "stripe",
        id,
        status,
        asOf(receipt),
      ]);
    }
    return "ignored";
  },
};

const asOf = ({ occurredAt, receivedAt }: WebhookReceipt): Date => occurredAt ?? receivedAt;

async function chargeReport(
  client: ClientBase,
  receipt: WebhookReceipt,
  { metadata, ...object }: z.output<typeof intent>,
): Promise<string> {
  const attempt = uuid.safeParse(metadata.attempt_id);
  if (!attempt.success) return "ignored";
  const { status, id, failureCode } = chargeOutcome(object as never, asOf(receipt));
  return recorded(client, "app_hidden.record_attempt($1, $2, $3, $4, $5)", [
    attempt.data,
    object.status === "canceled" ? "canceled" : status,
    id,
    failureCode,
    asOf(receipt),
  ]);
}

async function refundReport(
  client: ClientBase,
  receipt: WebhookReceipt,
  { metadata, ...object }: z.output<typeof refund>,
): Promise<string> {
  const ours = uuid.safeParse(metadata.refund_id);
  if (!ours.success) return "ignored";
  const { status, id, failureCode } = refundOutcome(object, asOf(receipt));
  return recorded(client, "app_hidden.record_refund($1, $2, $3, $4, $5)", [
    ours.data,
    status,
    id,
    failureCode,
    asOf(receipt),
  ]);
}

async function call(client: ClientBase, sql: string, values: unknown[]): Promise<string> {
  const { rows } = await client.query<{ outcome: string }>(`select ${sql} as outcome`, values);
  return rows[0]?.outcome ?? "ignored";
}

/** The same, where the id may be of another installation that uses the same account. */
async function recorded(client: ClientBase, sql: string, values: unknown[]): Promise<string> {
  await client.query("savepoint report");
  try {
    return await call(client, sql, values);
  } catch (error) {
    const isNotOurs =
      error instanceof DatabaseError && /^(payment_attempt|refund)_not_found$/.test(error.message);
    if (!isNotOurs) throw error;
    await client.query("rollback to savepoint report");
    return "not_ours";
  }
}
