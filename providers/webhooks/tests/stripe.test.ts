import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type StripeVendor, startStripe } from "../../stripe/tests/stripe_double.ts";
import { stripeWebhookSecret, stripeWebhooks } from "../stripe.ts";

let stripe: StripeVendor;
beforeAll(async () => {
  stripe = await startStripe();
});
afterAll(() => stripe.stop());

const clinicSecret = "whsec_of_a_clinic_0123456789";
const verifier = stripeWebhooks({
  secretOf: async (id) => (id === null ? stripe.webhookSecret : id === "clinic" ? clinicSecret : null),
});
const verify = (
  event: object,
  options = {},
  change: (body: string) => string = (body) => body,
  integrationId: string | null = null,
) => {
  const { body, headers } = stripe.signed(event, options);
  return verifier.verify({ rawBody: Buffer.from(change(body)), headers, url: "", integrationId });
};
const paid = () => stripe.tell("payment_intent.succeeded", { id: "pi_1", object: "payment_intent" });

describe("FND-25, BIL-04: deliveries of Stripe", () => {
  test("what Stripe signed is taken, by its own id and time", async () => {
    const event = paid();
    expect(await verify(event)).toEqual({
      eventId: event.id,
      type: "payment_intent.succeeded",
      occurredAt: new Date(event.created * 1000),
    });
  });

  test("another secret, another body and no signature are refused", async () => {
    const event = paid();
    await expect(verify(event, { secret: "whsec_of_another_0123456789" })).rejects.toThrow(
      "signature_invalid",
    );
    await expect(verify(event, {}, (body) => body.replace("pi_1", "pi_2"))).rejects.toThrow(
      "signature_invalid",
    );
    const bare = { rawBody: Buffer.from("{}"), headers: {}, url: "", integrationId: null };
    await expect(verifier.verify(bare)).rejects.toThrow("signature_missing");
    await expect(verifier.verify({ ...bare, headers: { "stripe-signature": "v1=nothing" } })).rejects.toThrow(
      "signature_invalid",
    );
  });

  test("one that is older than five minutes is refused", async () => {
    const now = Math.floor(Date.now() / 1000);
    await expect(verify(paid(), { at: now - 290 })).resolves.toBeTruthy();
    await expect(verify(paid(), { at: now - 310 })).rejects.toThrow("timestamp_too_old");
  });

  test("what is signed and is no event is malformed", async () => {
    await expect(verify({ hello: "world" })).rejects.toThrow("body_malformed");
    const text = stripe.signed({}).body;
    expect(text).toBe("{}");
  });

  test("a clinic's address takes what the clinic's own account signed, and nothing of the platform's", async () => {
    const same = (body: string) => body;
    await expect(verify(paid(), { secret: clinicSecret }, same, "clinic")).resolves.toBeTruthy();
    await expect(verify(paid(), {}, same, "clinic")).rejects.toThrow("signature_invalid");
    await expect(verify(paid(), { secret: clinicSecret })).rejects.toThrow("signature_invalid");
    await expect(verify(paid(), { secret: clinicSecret }, same, "nobody")).rejects.toThrow(
      "signature_invalid",
    );
  });

  test("in production an account of Stripe needs the secret of its endpoint", () => {
    expect(stripeWebhookSecret({})).toBeUndefined();
    expect(stripeWebhookSecret({ STRIPE_WEBHOOK_SECRET: clinicSecret })).toBe(clinicSecret);
    const production = { APP_MODE: "production", STRIPE_SECRET_KEY: "sk_live_x" };
    expect(() => stripeWebhookSecret(production)).toThrow(/STRIPE_WEBHOOK_SECRET must be/);
    expect(() => stripeWebhookSecret({ STRIPE_WEBHOOK_SECRET: "secret" })).toThrow(
      /STRIPE_WEBHOOK_SECRET must be/,
    );
  });
});
