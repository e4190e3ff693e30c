import { describe, expect, it } from "vitest";
import { subscriptionReport } from "../clinic_stripe.ts";

const occurredAt = new Date("2027-03-01T08:00:00Z");
const read = (type: string, object: object) =>
  subscriptionReport({
    id: "0190a5a0-1111-7111-8111-000000000000",
    provider: "stripe",
    integrationId: "0190a5a0-1111-7111-8111-000000000001",
    eventId: "evt_1",
    type,
    occurredAt,
    receivedAt: new Date("2027-03-01T09:00:00Z"),
    headers: {},
    rawBody: Buffer.from(JSON.stringify({ id: "evt_1", object: "event", type, data: { object } })),
  });
const bill = {
  object: "invoice",
  created: 1_800_000_000,
  amount_due: 9900,
  billing_reason: "subscription_cycle",
  parent: { type: "subscription_details", subscription_details: { subscription: "sub_1" } },
};

describe("BIL-09: what a clinic's own account at Stripe says", () => {
  it.each([
    ["created", "incomplete"],
    ["updated", "past_due"],
    ["deleted", "canceled"],
    ["paused", "paused"],
    ["resumed", "active"],
  ])("of a subscription that was %s: its status, in Stripe's word, as of the event", (what, status) => {
    expect(read(`customer.subscription.${what}`, { id: "sub_1", status, trial_end: 1_800_000_000 })).toEqual({
      externalReference: "sub_1",
      status,
      asOf: occurredAt,
      chargedAt: null,
      trialEndsAt: null,
    });
  });

  it("of a trial: until when it lasts", () => {
    const report = read("customer.subscription.updated", {
      id: "sub_1",
      status: "trialing",
      trial_end: 1_800_000_000,
    });
    expect(report?.trialEndsAt).toEqual(new Date(1_800_000_000_000));
  });

  it.each([
    ["this year's API", bill],
    ["an older one", { ...bill, parent: undefined, subscription: "sub_1" }],
    ["one that expands it", { ...bill, parent: null, subscription: { id: "sub_1", object: "subscription" } }],
  ])("of an invoice, by %s: that a charge of its day was paid, or was not", (_api, object) => {
    for (const type of ["invoice.paid", "invoice.payment_failed"]) {
      expect(read(type, object)).toEqual({
        externalReference: "sub_1",
        status: type,
        asOf: occurredAt,
        chargedAt: new Date(1_800_000_000_000),
        trialEndsAt: null,
      });
    }
  });

  it.each([
    ["an invoice of nothing, as of a trial that begins", "invoice.paid", { ...bill, amount_due: 0 }],
    [
      "a first charge that failed",
      "invoice.payment_failed",
      { ...bill, billing_reason: "subscription_create" },
    ],
    ["an invoice of no subscription", "invoice.paid", { ...bill, parent: null }],
    ["a card", "payment_method.attached", { id: "pm_1", card: { last4: "4242" } }],
    ["a trial that will end", "customer.subscription.trial_will_end", { id: "sub_1", status: "trialing" }],
  ])("nothing by %s", (_what, type, object) => {
    expect(read(type, object)).toBeNull();
  });

  it("nothing by what is no such object: it waits for an operator", () => {
    expect(() => read("customer.subscription.updated", { id: "sub_1" })).toThrow();
    expect(() => read("invoice.paid", { subscription: "sub_1" })).toThrow();
  });
});
