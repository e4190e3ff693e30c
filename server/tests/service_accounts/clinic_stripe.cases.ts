import pg from "pg";
import Stripe from "stripe";
import { beforeAll, beforeEach, expect, it } from "vitest";
import { applyReceipt } from "../../../webhooks/apply_receipt.ts";
import { createWebhookHandlers } from "../../../webhooks/index.ts";
import { type Answer, refusalOf } from "../support.ts";
import { api, as, begin, ids } from "./world.ts";

const secrets = { atlas: `whsec_${"a".repeat(32)}`, boreal: `whsec_${"b".repeat(32)}` };
type Clinic = keyof typeof secrets;
const integrations = {} as Record<Clinic, string>;
/** A few seconds ago: Stripe's events are of whole seconds, and none is of the future. */
const now = Math.floor(Date.now() / 1000) - 100;
let number = 0;

const subscription = (status: string, second: number, id = "sub_ana") =>
  event(status === "canceled" ? "customer.subscription.deleted" : "customer.subscription.updated", second, {
    id,
    object: "subscription",
    status,
    customer: "cus_1",
    trial_end: null,
  });
const invoice = (type: string, second: number, created: number) =>
  event(type, second, {
    id: "in_1",
    object: "invoice",
    created: now + created,
    amount_due: 9900,
    billing_reason: "subscription_cycle",
    customer_email: "ana@people.test",
    parent: { type: "subscription_details", subscription_details: { subscription: "sub_ana" } },
  });
function event(type: string, second: number, object: object) {
  return { id: `evt_${++number}`, object: "event", type, created: now + second, data: { object } };
}

async function send(
  sent: object,
  {
    clinic = "atlas",
    secret = secrets[clinic],
    at = Math.floor(Date.now() / 1000),
    to = integrations[clinic],
  }: {
    clinic?: Clinic;
    secret?: string;
    at?: number;
    to?: string;
  } = {},
): Promise<Answer> {
  const payload = JSON.stringify(sent);
  const signature = Stripe.webhooks.generateTestHeaderString({ payload, secret, timestamp: at });
  return api.fetch(`/v1/webhooks/stripe/${to}`, {
    method: "POST",
    headers: { "content-type": "application/json", "stripe-signature": signature },
    body: payload,
  });
}

/** Applies what was received, as the worker does, and says what came of each. */
async function apply(order: "asc" | "desc" = "asc"): Promise<string[]> {
  const handlers = createWebhookHandlers({ identityIssuer: "https://identity.test" });
  const rows = await api.sql(
    `select id from app_private.webhook_receipts where provider = 'stripe' and status = 'received' order by id ${order}`,
  );
  const worker = new pg.Client({ connectionString: api.workerUrl });
  await worker.connect();
  try {
    for (const { id } of rows) await applyReceipt(worker, handlers, id);
  } finally {
    await worker.end();
  }
  const done = await api.sql("select id, outcome from app_private.webhook_receipts where id = any ($1)", [
    rows.map(({ id }) => id),
  ]);
  return rows.map(({ id }) => done.find((row) => row.id === id).outcome);
}

const standing = async () =>
  (await api.sql("select status from app_public.patient_subscriptions where id = $1", [ids["ana's gold"]]))[0]
    .status;

export function clinicStripeCases(): void {
  beforeAll(async () => {
    for (const [clinic, owner] of [
      ["atlas", "olga"],
      ["boreal", "otto"],
    ] as const) {
      const { body } = await as(
        owner,
        "mutation ($input: SaveIntegrationInput!) { saveIntegration(input: $input) { organizationIntegration { id } } }",
        {
          input: {
            organizationId: ids[clinic],
            provider: "stripe",
            label: "Stripe",
            settings: {},
            credentials: [{ field: "webhookSecret", value: secrets[clinic] }],
          },
        },
      );
      expect(body.errors).toBeUndefined();
      integrations[clinic] = body.data.saveIntegration.organizationIntegration.id;
    }
  });
  beforeEach(async () => {
    await begin();
    await api.sql(
      "delete from app_private.webhook_receipts; delete from app_public.patient_subscription_links",
    );
    await api.sql("select tests.linked('ana''s gold', 'sub_ana', 'stripe')");
  });

  it("moves the subscription, signed with the secret of the clinic's integration", async () => {
    const answer = await send(subscription("active", 1));
    expect([answer.status, answer.text]).toEqual([200, ""]);
    expect(await apply()).toEqual(["applied"]);
    expect(await standing()).toBe("active");
    const [{ name }] = await api.sql(
      "select s.name from app_public.patient_subscription_reports r join app_public.service_accounts s on s.principal_id = r.reported_by",
    );
    expect(name).toBe("webhooks");
  });

  it("is refused with another clinic's secret, the platform's address, an old time or a changed body, and leaves nothing", async () => {
    const sent = subscription("canceled", 1);
    const refused = [
      await send(sent, { secret: secrets.boreal }),
      await send(sent, { to: integrations.boreal }),
      await send(sent, { to: "0190a5a0-1111-7111-8111-000000000000" }),
      await send(sent, { at: Math.floor(Date.now() / 1000) - 301 }),
      await api.fetch("/v1/webhooks/stripe", {
        method: "POST",
        headers: {
          "stripe-signature": Stripe.webhooks.generateTestHeaderString({
            payload: JSON.stringify(sent),
            secret: secrets.atlas,
          }),
        },
        body: JSON.stringify(sent),
      }),
      await api.fetch(`/v1/webhooks/stripe/${integrations.atlas}`, {
        method: "POST",
        body: JSON.stringify(sent),
      }),
      await api.fetch(`/v1/webhooks/stripe/${integrations.atlas}`, {
        method: "POST",
        headers: {
          "stripe-signature": Stripe.webhooks.generateTestHeaderString({
            payload: JSON.stringify(sent),
            secret: secrets.atlas,
          }),
        },
        body: JSON.stringify(sent).replace("sub_ana", "sub_eve"),
      }),
    ];
    expect(refused.map((answer) => `${answer.status} ${refusalOf(answer).reason}`)).toEqual([
      "401 signature_invalid",
      "401 signature_invalid",
      "401 signature_invalid",
      "401 timestamp_too_old",
      "401 signature_invalid",
      "401 signature_missing",
      "401 signature_invalid",
    ]);
    expect(await api.sql("select from app_private.webhook_receipts")).toEqual([]);
  });

  it("reaches no other clinic's subscription, though it knows its id", async () => {
    expect((await send(subscription("canceled", 1), { clinic: "boreal" })).status).toBe(200);
    expect(await apply()).toEqual(["unknown_subscription"]);
    expect(await standing()).toBe("pending");
    expect(await api.sql("select from app_public.patient_subscription_reports")).toEqual([]);
  });

  it("takes an event once, and refuses its id with another body", async () => {
    const sent = subscription("active", 1);
    const many = await Promise.all(Array.from({ length: 10 }, () => send(sent)));
    expect(many.map(({ status }) => status)).toEqual(Array(10).fill(200));
    expect(await apply()).toEqual(["applied"]);
    const replayed = await send({ ...subscription("canceled", 2), id: sent.id });
    expect([replayed.status, refusalOf(replayed).reason]).toEqual([409, "event_id_reused"]);
    expect((await send(sent)).status).toBe(200);
    expect(await apply()).toEqual([]);
    expect(await standing()).toBe("active");
  });

  it.each(["asc", "desc"] as const)(
    "ends alike when its events are applied in the order %s",
    async (order) => {
      for (const sent of [
        subscription("active", 1),
        invoice("invoice.payment_failed", 30, 29),
        subscription("past_due", 30),
        subscription("somewhere_else", 31),
        invoice("invoice.paid", 40, 29),
        subscription("active", 40),
      ])
        await send(sent);
      const outcomes = await apply(order);
      expect(outcomes).toContain("unknown_status");
      expect(outcomes).toContain("applied");
      expect(await standing()).toBe("active");
      expect(await api.sql("select from app_public.entitlement_entries where entry = 'grant'")).toHaveLength(
        1,
      );
    },
  );

  it("is applied later where it came before anybody linked it", async () => {
    await api.sql("delete from app_public.patient_subscription_links");
    await send(subscription("active", 1));
    expect(await apply()).toEqual(["unknown_subscription"]);
    const { body } = await as(
      "olga",
      `mutation ($input: LinkPatientSubscriptionInput!) {
         linkPatientSubscription(input: $input) { patientSubscriptionLink { provider externalReference } } }`,
      { input: { subscriptionId: ids["ana's gold"], provider: "STRIPE", externalReference: "sub_ana" } },
    );
    expect(body.data.linkPatientSubscription.patientSubscriptionLink).toEqual({
      provider: "STRIPE",
      externalReference: "sub_ana",
    });
    expect(await apply()).toEqual(["applied"]);
    expect(await standing()).toBe("active");
  });

  it("says nothing of what the platform is paid, whatever it claims", async () => {
    const before = await api.sql("select from app_public.payments");
    await send(
      event("payment_intent.succeeded", 1, {
        id: "pi_1",
        status: "succeeded",
        metadata: { attempt_id: ids.atlas },
      }),
    );
    await send(event("customer.subscription.updated", 2, { id: "sub_platform", status: "canceled" }));
    expect(await apply()).toEqual(["ignored", "unknown_subscription"]);
    expect(await api.sql("select from app_public.payments")).toHaveLength(before.length);
  });

  it("leaves neither its secret nor the patient in a log", () => {
    for (const secret of [...Object.values(secrets), "ana@people.test", "cus_1"])
      expect(api.logs()).not.toContain(secret);
  });
}
