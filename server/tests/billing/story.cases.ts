import { expect, it } from "vitest";
import { type Json, refusalOf } from "../support.ts";
import type { World } from "./world.ts";

/** The tier of a small clinic: 249 lei a month, 300 texts, the next at 35 bani. */
const start = "bd6fa211-9a22-8e2c-844e-d8479412ef5a";
const verb = (name: string, answer: string) => {
  const type = `${name[0]?.toUpperCase()}${name.slice(1)}Input`;
  return `mutation ($input: ${type}!) { ${name}(input: $input) { ${answer} } }`;
};
export const save = verb("saveOrganizationBilling", "organizationBilling { taxIdLastFour }");
export const subscribe = verb("subscribeOrganization", "organizationSubscription { status }");
export const offer = verb("setPlatformProvider", "platformServiceProvider { hasPlatformAccount }");
const card = verb("startCardUpdate", "url organizationSubscription { id }");
const hold = verb("holdSlot", "slotHold { token }");
const refund = verb("refundPayment", "refund { status }");
const serviceKey = verb("createServiceAccountKey", "serviceAccountKeyToken { token }");
const aiPrice = verb("enterAiPrice", "aiModelPrice { id }");
const transfer = verb("recordBankTransfer", "payment { amount }");

export const detailsOf = (organizationId: string | undefined, name: string) => ({
  organizationId,
  legalName: `${name} SRL`,
  street: "Strada Lungă 1",
  city: "Cluj-Napoca",
  county: "Cluj",
  country: "RO",
  registrationNumber: "J12/345/2020",
  taxId: "RO14399840",
  billingEmail: `facturi@${name.toLowerCase()}.test`,
  currency: "RON",
  timezone: "Europe/Bucharest",
  cadence: "MONTHLY",
});
export const subscriptionOf = (organizationId: string | undefined) => ({
  organizationId,
  tierId: start,
  cadence: "MONTHLY",
});

/** From the sign-up of a clinic to a refund: every step through public doors, every vendor a server. */
export function storyCases(world: () => World): void {
  const sql = (text: string, ...values: unknown[]): Promise<Json[]> => world().api.sql(text, values);
  const status = async () =>
    (
      await sql(
        "select status from app_public.organization_subscriptions where organization_id = $1",
        world().ids.atlas,
      )
    )[0].status;
  const invoices = () =>
    sql(
      `select i.id, i.kind, i.status, i.payment_state, i.total_amount, array(
         select l.kind || ' ' || l.amount from app_public.invoice_lines l where l.invoice_id = i.id order by l.position) as lines
       from app_public.invoices i where i.organization_id = $1 order by i.number`,
      world().ids.atlas,
    );
  const mails = async (address: string, template: string) => {
    const messages = await sql(
      "select id from app_public.messages where organization_id = $1 and template_key = $2 and channel = 'email' and status = 'sent'",
      world().ids.atlas,
      template,
    );
    const taken = await world().smtp.taken();
    return taken.filter((raw) => raw.includes(address) && messages.some(({ id }) => raw.includes(id)));
  };
  /** Holds a time a day or more from now, as a visitor. */
  const holds = async () => {
    const [{ at }] = await sql(
      `select (date_trunc('week', app_hidden.now() at time zone 'Europe/Bucharest') + interval '7 days 10 hours')
         at time zone 'Europe/Bucharest' as at`,
    );
    return world().ask(null, hold, { input: { calendarId: world().ids.visits, startsAt: at } });
  };
  /** A program of the platform records two million tokens, twice by mistake, with a key that a superadmin made for it. */
  const recordsAiCalls = async () => {
    const { createServiceAccountKey } = await world().does("root", serviceKey, {
      input: { scope: "AI_CALLS", name: "Gateway" },
    });
    const [{ now, year_ago }] = await sql(
      "select app_hidden.now() as now, app_hidden.now() - interval '1 year' as year_ago",
    );
    const price = {
      model: "test-model",
      unit: "input_tokens",
      currency: "RON",
      pricePerMillion: "1000",
      validFrom: year_ago,
    };
    await world().does("root", aiPrice, { input: price });
    const call = {
      organizationId: world().ids.atlas,
      key: "call-1",
      model: "test-model",
      units: { input_tokens: 2_000_000 },
      occurredAt: now,
    };
    for (let time = 0; time < 2; time++) {
      const answer = await world().api.fetch("/v1/ai-calls", {
        method: "POST",
        headers: {
          "content-type": "application/json",
          authorization: `Bearer ${createServiceAccountKey.serviceAccountKeyToken.token}`,
        },
        body: JSON.stringify(call),
      });
      expect([answer.status, answer.body.cost?.amount ?? answer.body.cost]).toEqual([200, expect.anything()]);
    }
  };
  const newCard = async (does?: { decline: string } | { status: string }) => {
    const { startCardUpdate } = await world().does("adrian", card, {
      input: { organizationId: world().ids.atlas, returnUrl: "http://localhost:4000/billing" },
    });
    expect(new URL(startCardUpdate.url).origin).toBe(world().vendors.stripe.account.apiUrl);
    const { stripe } = world().vendors;
    stripe.addCard(stripe.all("sessions")[0]?.customer, does);
  };

  it("BIL-01, BIL-08, BIL-10: a clinic signs up, is on trial, and enters its card at Stripe", async () => {
    const { does, ask, ids } = world();
    const stripe = {
      capability: "payment",
      provider: "stripe",
      isOffered: true,
      isDefault: true,
      hasPlatformAccount: true,
    };
    await does("root", offer, { input: stripe });
    const saved = await does("adrian", save, { input: detailsOf(ids.atlas, "Atlas") });
    expect(saved.saveOrganizationBilling.organizationBilling.taxIdLastFour).toBe("9840");
    const begun = await does("adrian", subscribe, { input: subscriptionOf(ids.atlas) });
    expect(begun.subscribeOrganization.organizationSubscription.status).toBe("TRIALING");

    const input = { organizationId: ids.atlas, returnUrl: "http://localhost:4000/billing" };
    expect(refusalOf(await ask("flavia", card, { input }))).toMatchObject({
      code: "FORBIDDEN",
      reason: "permission_missing",
    });
    expect(refusalOf(await ask("nora", card, { input }))).toMatchObject({ code: "NOT_FOUND" });
    for (const returnUrl of [
      "https://evil.test/",
      "http://localhost:4000@evil.test/",
      "javascript:alert(1)",
      "billing",
    ]) {
      expect(refusalOf(await ask("adrian", card, { input: { ...input, returnUrl } }))).toMatchObject({
        reason: "return_url_not_allowed",
      });
    }
    await newCard();
    expect(world().vendors.stripe.all("customers")).toHaveLength(1);
    await world().settle();
    expect(await invoices()).toEqual([]);
  });

  it("BIL-02, BIL-04: after the trial the plan is billed in advance, charged, and a receipt is mailed once", async () => {
    await world().pass("31 days");
    await world().pass("15 minutes");
    expect(await status()).toBe("active");
    expect(await invoices()).toMatchObject([
      { kind: "advance", status: "paid", payment_state: "paid", lines: ["plan 24900"] },
    ]);
    expect(world().vendors.stripe.all("payment_intents")).toMatchObject([
      { amount: 24_900, currency: "ron", status: "succeeded" },
    ]);
    expect(await mails("facturi@atlas.test", "payment_received")).toHaveLength(1);
  });

  it("BIL-02, FND-20, FND-24: the month's messages and AI calls, each told by its own door, are billed when it ends, beside the next month's plan", async () => {
    // 310 people are told by telephone that their appointment is off; 300 are included.
    await sql(
      `select app_private.notify($1, 'appointment_cancelled', jsonb_build_object('serviceName', 'Ședință', 'specialistName', 'Dr. Ana Ionescu',
           'startsAt', app_hidden.now() + interval '2 days', 'endsAt', app_hidden.now() + interval '2 days 1 hour',
           'timezone', 'Europe/Bucharest', 'modality', 'in_person', 'reason', null),
         name => 'Pacient ' || n, phone => '+40722' || lpad(n::text, 6, '0'), locale => 'ro', calendar_uid => uuidv7())
       from generate_series(1, 310) as n`,
      world().ids.atlas,
    );
    await world().settle();
    expect(world().phones.texts).toHaveLength(310);
    await recordsAiCalls();
    await world().pass("1 mon");
    await world().pass("15 minutes");
    const [, used, next] = await invoices();
    expect([used, next]).toMatchObject([
      { kind: "period", status: "paid", lines: ["overage 350", "ai 2600"] },
      { kind: "advance", status: "paid", lines: ["plan 24900"] },
    ]);
    expect(await mails("facturi@atlas.test", "payment_received")).toHaveLength(3);
  });

  it("BIL-05: a declined card is tried again, then the clinic is suspended and takes no booking", async () => {
    expect(refusalOf(await holds())?.reason).not.toBe("clinic_suspended");
    await newCard({ decline: "insufficient_funds" });
    await world().pass("1 mon");
    await world().pass("15 minutes");
    await world().pass("2 days");
    expect(await status()).toBe("past_due");
    const tries = () =>
      sql("select status, failure_code from app_public.payment_attempts where status = 'failed'");
    expect((await tries()).length).toBeGreaterThanOrEqual(2);
    expect(new Set((await tries()).map(({ failure_code }) => failure_code))).toEqual(
      new Set(["insufficient_funds"]),
    );
    await world().pass("13 days");
    expect(await status()).toBe("suspended");
    expect(refusalOf(await holds())).toMatchObject({ code: "STATE", reason: "clinic_suspended" });
  });

  it("BIL-05, BIL-07: paying brings the clinic back", async () => {
    for (const { id, total_amount } of (await invoices()).filter(({ status }) => status === "issued")) {
      await world().does("root", transfer, {
        input: {
          invoiceId: id,
          amount: total_amount,
          receivedOn: new Date().toISOString().slice(0, 10),
          reference: `FT-${id.slice(-8)}`,
        },
      });
    }
    await world().settle();
    expect(await status()).toBe("active");
    expect(refusalOf(await holds())?.reason).not.toBe("clinic_suspended");
  });

  it("BIL-04: a charge that takes time is settled by Stripe's webhook, in whatever order it comes and however often", async () => {
    const { stripe } = world().vendors;
    await newCard({ status: "processing" });
    await world().pass("20 days");
    await world().pass("15 minutes");
    const open = stripe.all("payment_intents").find(({ status }) => status === "processing");
    expect(open).toBeDefined();
    const told = stripe.events.filter(({ data }) => data.object.id === open?.id);
    stripe.becomes(
      "payment_intents",
      open?.id as string,
      { status: "succeeded" },
      "payment_intent.succeeded",
    );
    const last = stripe.events.at(-1) as object;
    for (const event of [last, ...told, last]) {
      const { body, headers } = stripe.signed(event);
      const answer = await world().api.fetch("/v1/webhooks/stripe", { method: "POST", body, headers });
      expect(answer.status).toBe(200);
    }
    const { body, headers } = stripe.signed(last, { secret: "whsec_of_somebody_else" });
    expect((await world().api.fetch("/v1/webhooks/stripe", { method: "POST", body, headers })).status).toBe(
      401,
    );
    await world().settle();
    const payments = await sql(
      "select a.status, count(p.*)::int as payments from app_public.payment_attempts a left join app_public.payments p on p.attempt_id = a.id where a.provider_payment_id = $1 group by a.status",
      open?.id,
    );
    expect(payments).toEqual([{ status: "succeeded", payments: 1 }]);
  });

  it("BIL-05, BIL-08: a refund goes back at Stripe with its credit note, and is told once", async () => {
    const [{ id }] = await sql(
      "select id from app_public.payments where organization_id = $1 and method = 'card' order by created_at limit 1",
      world().ids.atlas,
    );
    const input = { paymentId: id, amount: "4900", reason: "A week without telephone" };
    expect(refusalOf(await world().ask("adrian", refund, { input }))).toMatchObject({
      reason: "superadmin_only",
    });
    await world().does("root", refund, { input });
    await world().settle();
    expect(world().vendors.stripe.all("refunds")).toMatchObject([{ amount: 4_900, status: "succeeded" }]);
    expect(await sql("select net_amount, provider_state from app_public.credit_notes")).toEqual([
      { net_amount: "4900", provider_state: "issued" },
    ]);
    expect(await mails("facturi@atlas.test", "credit_notice")).toHaveLength(1);
  });

  it("BIL-08: another clinic's invoices do not exist, and the books balance", async () => {
    const query = "query { invoices { nodes { id } } }";
    expect((await world().does("adrian", query)).invoices.nodes.length).toBeGreaterThanOrEqual(5);
    expect((await world().does("nora", query)).invoices.nodes).toEqual([]);
    const odd = await sql(
      "select document_id from app_private.postings group by document_id having sum(amount) <> 0",
    );
    expect(odd).toEqual([]);
    expect(world().vendors.stripe.misfits).toEqual([]);
  });
}
