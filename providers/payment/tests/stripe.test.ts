import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { ifBusy } from "../../../db/testing/busy.ts";
import { type StripeVendor, startStripe } from "../../stripe/tests/stripe_double.ts";
import { type Effect, keepsTheContract, newId } from "../../tests/billing_contract.ts";
import { paymentVendorsFrom } from "../index.ts";
import type { Charge, PaymentVendor } from "../port.ts";
import { stripePayments } from "../stripe.ts";

let stripe: StripeVendor;
let vendor: PaymentVendor;
let stranger: PaymentVendor;
let customer: string;
beforeAll(async () => {
  stripe = await startStripe();
  vendor = stripePayments(stripe.account, ifBusy(1_000));
  stranger = stripePayments({ ...stripe.account, secretKey: "sk_test_of_somebody_else" }, ifBusy(1_000));
  customer = await newCustomer();
});
afterAll(async () => {
  expect(stripe.misfits).toEqual([]); // what was sent is Stripe's own API
  await stripe.stop();
});

async function newCustomer(): Promise<string> {
  const organizationId = newId();
  await vendor.startCardUpdate(
    {
      organizationId,
      customerId: null,
      name: "Atlas SRL",
      email: `${organizationId}@atlas.test`,
      currency: "RON",
      returnUrl: "https://restartix.test/billing",
    },
    async () => {},
  );
  const id = stripe.all("customers")[0]?.id as string;
  stripe.addCard(id);
  return id;
}
const chargeOf = (attemptId: string, more: Partial<Charge> = {}): Charge => ({
  attemptId,
  invoiceId: newId(),
  description: "RX-12",
  customerId: customer,
  amount: 12_345n,
  currency: "RON",
  ...more,
});
const invoices = new Map<string, string>();
const sameCharge = (id: string) => {
  const invoiceId = invoices.get(id) ?? newId();
  invoices.set(id, invoiceId);
  return chargeOf(id, { invoiceId });
};

describe("BIL-04: charges at Stripe", () => {
  keepsTheContract(
    (): Effect => ({
      faults: stripe,
      hangUps: 2,
      request: /^POST \/v1\/payment_intents/,
      make: async (id) => (await vendor.charge(sameCharge(id))).id as string,
      makeAsStranger: async (id) => (await stranger.charge(sameCharge(id))).id as string,
      made: () => stripe.all("payment_intents").length,
      unknown: async () => {
        const other = await newCustomer();
        stripe.addCard(other, { status: "in_review" });
        return vendor.charge(chargeOf(newId(), { customerId: other }));
      },
    }),
  );

  test("an amount is sent in minor units and the currency in small letters, and our ids go with it", async () => {
    const attemptId = newId();
    expect(await vendor.charge(chargeOf(attemptId))).toMatchObject({
      status: "succeeded",
      failureCode: null,
    });
    expect(stripe.all("payment_intents")[0]).toMatchObject({
      amount: 12_345,
      currency: "ron",
      metadata: { attempt_id: attemptId },
    });
    await expect(vendor.charge(chargeOf(newId(), { amount: 2n ** 53n }))).rejects.toThrow(RangeError);
  });

  test("a repeat after Stripe has forgotten its keys finds the charge all the same", async () => {
    const charge = chargeOf(newId());
    const first = await vendor.charge(charge);
    stripe.moveClock(3 * 86_400);
    const before = stripe.all("payment_intents").length;
    expect(await vendor.charge(charge)).toMatchObject({ id: first.id, status: "succeeded" });
    expect(stripe.all("payment_intents")).toHaveLength(before);
    expect(await vendor.findCharge(charge)).toMatchObject({ id: first.id });
    expect(await vendor.findCharge(chargeOf(newId()))).toBeNull();
  });

  test("it is found among more than a page of others", async () => {
    const [busy, charge] = [await newCustomer(), chargeOf(newId())];
    charge.customerId = busy;
    const first = await vendor.charge(charge);
    for (let n = 0; n < 101; n++) {
      stripe
        .all("payment_intents")
        .unshift({ ...stripe.all("payment_intents")[0], id: `pi_other_${n}`, metadata: {} });
    }
    expect(await vendor.findCharge(charge)).toMatchObject({ id: first.id });
  });

  test("a declined card is an outcome with its code, the card that was entered last is taken, and without one Stripe is not asked to charge", async () => {
    const other = await newCustomer();
    stripe.addCard(other, { decline: "insufficient_funds" });
    const declined = await vendor.charge(chargeOf(newId(), { customerId: other }));
    expect(declined).toMatchObject({
      status: "failed",
      failureCode: "insufficient_funds",
      id: expect.any(String),
    });
    const asked = stripe.asked.length;
    expect(await vendor.charge(chargeOf(newId(), { customerId: null }))).toMatchObject({
      status: "failed",
      failureCode: "no_card",
      id: null,
    });
    expect(stripe.asked).toHaveLength(asked);
  });

  test("a charge that takes time is under way, and is told by Stripe's clock", async () => {
    const other = await newCustomer();
    stripe.addCard(other, { status: "processing" });
    const outcome = await vendor.charge(chargeOf(newId(), { customerId: other }));
    expect(outcome.status).toBe("processing");
    expect(Math.abs(outcome.asOf.getTime() / 1000 - stripe.now())).toBeLessThanOrEqual(1);
  });
});

describe("BIL-05: refunds at Stripe", () => {
  let paymentId: string;
  beforeAll(async () => {
    paymentId = (await vendor.charge(chargeOf(newId(), { amount: 1_000_000n }))).id as string;
  });
  const order = (refundId: string) => ({ refundId, paymentId, amount: 100n, currency: "RON" });

  keepsTheContract(
    (): Effect => ({
      faults: stripe,
      hangUps: 2,
      request: /^POST \/v1\/refunds/,
      make: async (id) => (await vendor.refund(order(id))).id as string,
      makeAsStranger: async (id) => (await stranger.refund(order(id))).id as string,
      made: () => stripe.all("refunds").length,
      unknown: async () => {
        stripe.refundsCome("in_review");
        const outcome = await vendor.refund(order(newId()));
        stripe.refundsCome("succeeded");
        return outcome;
      },
    }),
  );

  test("more than was paid is refused", async () => {
    await expect(vendor.refund({ ...order(newId()), amount: 2_000_000n })).rejects.toThrow(
      "stripe HTTP 400 charge_already_refunded",
    );
  });
});

describe("BIL-08: a page where a card is entered", () => {
  const update = (organizationId: string, customerId: string | null = null) => ({
    organizationId,
    customerId,
    name: "Nordic SRL",
    email: `${organizationId}@nordic.test`,
    currency: "EUR",
    returnUrl: "https://restartix.test/billing?tab=card",
  });

  test("the clinic is made at Stripe once, and kept before the page is made", async () => {
    const id = newId();
    const kept: string[] = [];
    stripe.behaveFor(1, "is broken", /checkout/);
    const keep = async (made: string) => void kept.push(made);
    await expect(vendor.startCardUpdate(update(id), keep)).rejects.toThrow("stripe HTTP 503");
    stripe.moveClock(2 * 86_400); // no key helps any more
    const { url } = await vendor.startCardUpdate(update(id), keep);
    expect(url).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/c\/pay\/cs_\d+$/);
    const made = stripe.all("customers").filter(({ metadata }) => metadata.organization_id === id);
    expect(made).toHaveLength(1);
    expect(kept).toEqual([made[0]?.id, made[0]?.id]);
    expect(stripe.all("sessions")[0]).toMatchObject({
      mode: "setup",
      customer: made[0]?.id,
      success_url: "https://restartix.test/billing?tab=card&card=saved",
      cancel_url: "https://restartix.test/billing?tab=card&card=canceled",
    });
  });

  test("a clinic that Stripe knows is not asked for again, and the same request leads to the same page", async () => {
    const asked = stripe.asked.length;
    const again = { ...update(newId(), customer), requestId: newId() };
    const unheard = async () => expect.unreachable("it was known");
    const one = await vendor.startCardUpdate(again, unheard);
    expect(await vendor.startCardUpdate(again, unheard)).toEqual(one);
    expect(stripe.asked.slice(asked)).toEqual(["POST /v1/checkout/sessions", "POST /v1/checkout/sessions"]);
  });
});

describe("BIL-04: which vendor takes money", () => {
  test("manual takes nothing by itself; netopia and euplatesc are declared and not built", async () => {
    const vendors = paymentVendorsFrom({});
    const manual = vendors.for("manual");
    await expect(manual.charge(chargeOf(newId()))).rejects.toThrow(
      "manual: money comes and goes by bank transfer",
    );
    await expect(manual.startCardUpdate({} as never, async () => {})).rejects.toMatchObject({
      code: "STATE",
      reason: "paid_by_transfer",
    });
    for (const provider of ["netopia", "euplatesc"]) {
      expect(() => vendors.for(provider)).toThrow(
        expect.objectContaining({
          code: "CAPABILITY_NOT_BUILT",
          reason: "provider_not_built",
          details: { provider },
        }),
      );
    }
    expect(() => vendors.for("stripe")).toThrow("no account is set up at stripe");
    expect(() => vendors.for("paypal")).toThrow("there is no adapter for paypal");
    expect(paymentVendorsFrom({ STRIPE_SECRET_KEY: "sk_test_0123" }).for("stripe").provider).toBe("stripe");
    expect(() => paymentVendorsFrom({ STRIPE_SECRET_KEY: "pk_live_x" })).toThrow(/STRIPE_SECRET_KEY must be/);
    const inTheClear = {
      STRIPE_SECRET_KEY: "sk_test_x",
      STRIPE_API_URL: "http://stripe.test",
      APP_MODE: "production",
    };
    expect(() => paymentVendorsFrom(inTheClear)).toThrow("STRIPE_API_URL must be an https URL.");
  });
});
