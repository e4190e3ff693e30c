import type { Browser } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { DEV_ISSUER } from "../../../runtime/environment/variables.ts";
import { detailsOf, offer, save, subscribe, subscriptionOf } from "../billing/story.cases.ts";
import { openWorld, type World } from "../billing/world.ts";
import { freePorts } from "../chaos/deployment.ts";
import { type Json, refusalOf } from "../support.ts";
import { visitBilling } from "./billing_visit.ts";
import { lookAt } from "./looked_at.ts";

/** A clinic's card, from the billing page over the page of Stripe (the local one) and back, with a worker that hears what Stripe tells. */
export function billingCardCases(browser: () => Browser): void {
  let world: World;
  beforeAll(async () => {
    const [port = 0] = await freePorts(1);
    world = await openWorld({ port });
    const { does, ids, api, vendors } = world;
    const stripe = { capability: "payment", provider: "stripe", isOffered: true, isDefault: true };
    await does("root", offer, { input: { ...stripe, hasPlatformAccount: true } });
    await does("adrian", save, { input: detailsOf(ids.atlas, "Atlas") });
    await does("adrian", subscribe, { input: subscriptionOf(ids.atlas) });
    // Who sees what the clinic pays, and sets nothing of it.
    await api.sql(
      `begin;
       insert into app_public.roles (organization_id, key, name) values (tests.id('atlas'), 'reader', 'Vede facturi');
       insert into app_public.role_permissions (organization_id, role_id, permission)
       select organization_id, id, 'billing.view' from app_public.roles where organization_id = tests.id('atlas') and key = 'reader';
       select tests.staff('bianca', 'reader', clinic => 'atlas');
       insert into app_private.identities (issuer, subject, principal_id)
       select '${DEV_ISSUER}', 'dev_bianca', principal_id from tests.personas where name = 'bianca' on conflict do nothing;
       commit`,
    );
    vendors.stripe.deliversTo(`${api.url}/v1/webhooks/stripe`);
  });
  afterAll(() => world.stop());
  const { page, region, button, press, fact, as } = visitBilling(browser, () => world, ["adrian", "bianca"]);
  const pays = () => region("Cum se plătește");
  const filled = async (number: string) => {
    await page().getByRole("heading", { name: "Checkout" }).waitFor();
    await page().getByLabel("Card number").fill(number);
    await button("Save card").press("Enter");
  };

  test("BIL-08: before, no card is known; the button leads to the provider's own page, and whoever turns back there changes nothing", async () => {
    await as("adrian", "/billing");
    await pays().getByText("niciun card cunoscut").waitFor();
    await lookAt(page(), "billing-card-none");
    await pays().getByRole("button", { name: "Adaugă un card" }).press("Enter");
    await page().getByRole("heading", { name: "Checkout" }).waitFor();
    expect(new URL(page().url()).origin).toBe(world.vendors.stripe.account.apiUrl);
    await button("Back").press("Enter");
    await pays().getByText("Cardul nu a fost schimbat.").waitFor();
    expect(await fact("Card")).toBe("niciun card cunoscut");
  });

  test("BIL-08: a card that the provider declines stays there; one that it takes is shown by brand and last four digits, and no more of it", async () => {
    await pays().getByRole("button", { name: "Adaugă un card" }).press("Enter");
    await filled("4000 0000 0000 0002");
    await page().getByText("Your card was declined.").waitFor();
    await filled("4242 4242 4242 4242");
    await pays().getByText("Cardul este schimbat.").waitFor();
    expect(await fact("Card")).toBe("Visa, se termină în 4242");
    await lookAt(page(), "billing-card");
    expect(await page().content()).not.toMatch(/4242\s?4242/);
    await press("English");
    await region("How to pay").getByText("Visa, ending in 4242").waitFor();
    await press("Română");
  });

  test("BIL-08: while the provider's word is on its way the page says so, and shows the new card once it is there", async () => {
    const { stripe } = world.vendors;
    stripe.deliversTo(`${world.api.url}/nowhere`);
    await pays().getByRole("button", { name: "Schimbă cardul" }).press("Enter");
    await filled("5555 5555 5555 4444");
    await pays().getByText("Se așteaptă confirmarea lui…").waitFor();
    expect(await fact("Card")).toBe("Visa, se termină în 4242");
    const attached = stripe.events.findLast(({ type }) => type === "payment_method.attached");
    for (let time = 0; time < 2; time++) {
      const { body, headers } = stripe.signed(attached as object);
      const { status } = await world.api.fetch("/v1/webhooks/stripe", { method: "POST", body, headers });
      expect(status).toBe(200);
    }
    await pays().getByText("Mastercard, se termină în 4444").waitFor();
    await pays().getByText("Cardul este schimbat.").waitFor();
    stripe.deliversTo(`${world.api.url}/v1/webhooks/stripe`);
  });

  test("BIL-08: where the provider is down it is told, in Romanian and in English, and the page stays as it is", async () => {
    world.vendors.stripe.behave({ status: 429 });
    await pays().getByRole("button", { name: "Schimbă cardul" }).press("Enter");
    await pays().getByRole("alert").getByText("UNAVAILABLE payment_vendor_unavailable").waitFor();
    await pays().getByRole("alert").getByText("Furnizorul de plăți nu răspunde acum.").waitFor();
    await lookAt(page(), "billing-card-unavailable");
    // Refusals come in the language that the person chose for themselves, whatever the page is shown in.
    await world.api.sql("update app_public.humans set locale = 'en' where principal_id = tests.id('adrian')");
    const english = await browser().newContext({ locale: "en-GB" });
    const theirs = await english.newPage();
    await theirs.goto(`${world.api.url}/billing`);
    await theirs.getByRole("button", { name: /adrian/ }).press("Enter");
    const part = theirs.getByRole("region", { name: "How to pay" });
    await part.getByRole("button", { name: "Change the card" }).press("Enter");
    await part.getByRole("alert").getByText("The payment vendor does not answer right now.").waitFor();
    await english.close();
    world.vendors.stripe.behave("well");
  });

  test("BIL-08: who sees what the clinic pays and sets nothing of it has no button, and is refused", async () => {
    await as("bianca", "/billing");
    await pays().getByText("Mastercard, se termină în 4444").waitFor();
    expect(await pays().getByRole("button").count()).toBe(0);
    const started = await world.ask(
      "bianca",
      "mutation ($input: StartCardUpdateInput!) { startCardUpdate(input: $input) { url } }",
      { input: { organizationId: world.ids.atlas, returnUrl: `${world.api.url}/billing` } },
    );
    expect(refusalOf(started)).toMatchObject({ code: "FORBIDDEN", reason: "permission_missing" });
    expect(world.vendors.stripe.misfits).toEqual([]);
  });

  test("BIL-08: the later card is taken away at the provider: the earlier one, which stands, is shown again, in whatever order it is told", async () => {
    const { stripe } = world.vendors;
    const attached = stripe.events.findLast(({ type }) => type === "payment_method.attached") as Json;
    const { customer, ...card } = attached.data.object;
    const detached = {
      ...attached,
      id: "evt_detached_of_test",
      type: "payment_method.detached",
      data: { object: { ...card, customer: null }, previous_attributes: { customer } },
    };
    // That it was entered comes once more, late and under another id.
    for (const event of [detached, { ...attached, id: "evt_attached_late" }, detached]) {
      const { body, headers } = stripe.signed(event);
      const { status } = await world.api.fetch("/v1/webhooks/stripe", { method: "POST", body, headers });
      expect(status).toBe(200);
    }
    await world.settle();
    await as("adrian", "/billing");
    await pays().getByText("Visa, se termină în 4242").waitFor();
    expect(await page().content()).not.toContain("4444");
  });
}
