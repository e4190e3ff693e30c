import type { Browser } from "playwright-core";
import { expect, test } from "vitest";
import { leaves } from "../billing/leaves.ts";
import { plain, visitBilling } from "./billing_visit.ts";
import type { Clinic } from "./clinic.ts";
import { lookAt } from "./looked_at.ts";

/** What a superadmin offers, credits and tells clinics to pay to, after what platformBillingCases did. */
export function platformOfferCases(browser: () => Browser, clinic: () => Clinic): void {
  const { page, button, region, sql, press, fact, as } = visitBilling(browser, clinic);
  const notes = async () =>
    (
      await sql(
        "select net_amount, reason from app_public.credit_notes where organization_id = tests.id('cedru') order by id",
      )
    ).map(({ net_amount, reason }) => `${net_amount} ${reason}`);

  test("BIL-06: clinics that never subscribed stand in the list, are found by that, and can be subscribed with a reason", async () => {
    await sql("begin; select tests.clinic('fara'); commit");
    await as("rada", "/billing-admin");
    await button(/^Fara.*fără abonament/).waitFor();
    await page().getByLabel("Starea abonamentului").selectOption({ label: "Fără abonament" });
    await button(/^Cedru/).waitFor({ state: "detached" });
    await lookAt(page(), "billing-admin-without-plan");
    await button(/^Fara/).press("Enter");
    await press("Alege un plan");
    const option = page().locator("option", { hasText: /^Start:/ });
    await option.waitFor({ state: "attached" });
    await page()
      .getByLabel("Planul", { exact: true })
      .selectOption({ label: (await option.textContent()) ?? "" });
    await press("Abonează clinica");
    await page().locator('[data-place="$.reason"] > .problem').waitFor();
    await page().getByLabel("Motivul").fill("S-a înțeles la telefon");
    await press("Abonează clinica");
    await page().getByText("Clinica este abonată.").waitFor();
    // Its billing details are missing: it begins once they are there.
    expect(await fact("Plan")).toBe("Start Neînceput");
    expect(await fact("Motivul")).toBe("S-a înțeles la telefon");
  });

  test("BIL-07: the account for transfers is set; a digit that is wrong is told at its field; the clinic sees it on its page and on its invoice", async () => {
    await as("rada", "/billing-admin");
    await press("Conturi bancare");
    await page().getByText("Niciun cont, deocamdată.").waitFor();
    await press("Cont nou");
    const form = page().getByRole("form", { name: "Cont nou" });
    await form.getByLabel(/^Moneda/).fill("ron");
    await form.getByLabel(/^Titularul/).fill("RestartiX SRL");
    await form.getByLabel("IBAN").fill("RO49 AAAA 1B31 0075 9384 0001");
    await form.getByLabel(/^Banca/).fill("Banca Exemplu");
    await form.getByRole("button", { name: "Salvează contul" }).press("Enter");
    await form.locator('[data-place="$.iban"] > .problem').getByText("IBAN-ul nu este corect").waitFor();
    await lookAt(page(), "billing-admin-account");
    await form.getByLabel("IBAN").fill("RO49 AAAA 1B31 0075 9384 0000");
    await form.getByRole("button", { name: "Salvează contul" }).press("Enter");
    await page().getByText("Contul este salvat.").waitFor();
    expect(await fact("IBAN")).toBe("RO49 AAAA 1B31 0075 9384 0000");
    await lookAt(page(), "billing-admin-accounts");

    await as("carmen", "/billing");
    await region("Cum se plătește").getByText("RO49 AAAA 1B31 0075 9384 0000").waitFor();
    await lookAt(page(), "billing-transfer");
    await region("Facturi").getByRole("button").first().press("Enter");
    const due = region("Unde se plătește");
    await due.getByText("RO49 AAAA 1B31 0075 9384 0000").waitFor();
    const [, number] =
      /^Factura (.+)$/.exec((await page().getByRole("heading", { level: 1 }).textContent()) ?? "") ?? [];
    expect(await fact("La detaliile plății")).toBe(plain(number ?? ""));
    await press("English");
    await region("Where to pay").waitFor();
    await page().getByRole("button", { name: "Română" }).press("Enter");
  });

  test("BIL-08: a discount and a void need a reason and make credit notes; what is void is owed no more", async () => {
    await sql(
      `begin;
       select tests.document_of(id, 0) from app_public.invoices where organization_id = tests.id('cedru') and total_amount is null;
       commit`,
    );
    await as("rada", "/billing-admin");
    await button(/^Cedru/).press("Enter");
    await region("Facturi").getByRole("button").first().press("Enter");
    await press("Reducere");
    const form = page().getByRole("form", { name: "Reducere" });
    await form.getByLabel(/^Suma/).fill("49,00");
    await form.getByRole("button", { name: "Acordă reducerea" }).press("Enter");
    await form.locator('[data-place="$.reason"] > .problem').waitFor();
    expect(await notes()).toEqual([]);
    await form.getByLabel(/^Motivul/).fill("O săptămână fără SMS");
    await lookAt(page(), "billing-admin-discount");
    await form.getByRole("button", { name: "Acordă reducerea" }).press("Enter");
    await page().getByText("Reducerea este acordată").waitFor();
    expect(await notes()).toEqual(["4900 O săptămână fără SMS"]);
    expect(await fact("De plată")).toBe("200,00 RON");
    await press("Anulează factura");
    const whole = page().getByRole("form", { name: "Anulează factura" });
    await whole.getByLabel(/^Motivul/).fill("Emisă din greșeală");
    await whole.getByRole("button", { name: "Anulează factura" }).press("Enter");
    await page().getByText("Factura este anulată").waitFor();
    expect(await notes()).toEqual(["4900 O săptămână fără SMS", "20000 Emisă din greșeală"]);
    expect(await fact("De plată")).toBe("0,00 RON");
    expect(await button("Anulează factura").count()).toBe(0);
  });

  test("FND-20: a tier gets a version that is written, priced and published; what is wrong is told at its field; clinics keep theirs", async () => {
    const clinics = await subscribed();
    expect(clinics.length).toBeGreaterThan(1);
    await as("rada", "/billing-admin");
    await press("Planuri și prețuri");
    const tier = region("Start");
    await tier.getByRole("button", { name: "Scrie o versiune nouă" }).press("Enter");
    await tier.getByRole("button", { name: "Scrie o versiune nouă" }).press("Enter");
    await tier.getByText("Ciorna este făcută").waitFor();
    await tier.getByRole("button", { name: "Schimbă ciorna" }).press("Enter");
    const form = page().getByRole("form", { name: "Schimbă ciorna" });
    await form
      .getByLabel(/^Pe lună/)
      .first()
      .fill("mult");
    await form.getByRole("button", { name: "Salvează ciorna" }).press("Enter");
    await form
      .locator('[data-place="$.prices[0].monthly"] > .problem')
      .getByText("Scrieți un preț")
      .waitFor();
    await lookAt(page(), "billing-admin-version");
    const [before] = await draftOfStart();
    await form
      .getByLabel(/^Pe lună/)
      .first()
      .fill("259,50");
    await form.getByRole("button", { name: "Salvează ciorna" }).press("Enter");
    await tier.getByText("Ciorna este salvată.").waitFor();
    const [after] = await draftOfStart();
    const changed = after.prices.filter((one: string, i: number) => one !== before.prices[i]);
    expect(changed).toEqual([expect.stringMatching(/ 25950 /)]);
    expect({ ...after, prices: [] }).toEqual({ ...before, prices: [] });
    await tier.getByRole("button", { name: "Publică" }).press("Enter");
    await tier.getByText("O versiune publicată nu se mai schimbă.").waitFor();
    await lookAt(page(), "billing-admin-publish");
    await tier.getByRole("button", { name: "Publică versiunea 2" }).press("Enter");
    await tier.getByText("Versiunea este publicată.").waitFor();
    expect(await draftOfStart()).toEqual([]);
    expect(await subscribed()).toEqual(clinics);
  });

  test("BIL-05: what a clinic that left has to its credit is shown, and given back with a reason, once", async () => {
    await sql(leaves("plecat"));
    await as("rada", "/billing-admin");
    await button(/^Plecat/).press("Enter");
    expect(await fact("Credit")).toMatch(/ RON fără TVA, de întors clinicii$/);
    await press("Întoarce creditul");
    const form = page().getByRole("form", { name: "Întoarce creditul" });
    await form.getByRole("button", { name: "Întoarce creditul" }).press("Enter");
    await form.locator('[data-place="$.reason"] > .problem').waitFor();
    await lookAt(page(), "billing-admin-give-back");
    await form.getByLabel(/^Motivul/).fill("A plecat");
    await form.getByRole("button", { name: "Întoarce creditul" }).press("Enter");
    await form.waitFor({ state: "detached" });
    await page()
      .locator("dt", { hasText: /^Credit$/ })
      .waitFor({ state: "detached" });
    expect(await button("Întoarce creditul").count()).toBe(0);
    const notes = await sql(
      "select reason from app_public.credit_notes where organization_id = tests.id('plecat')",
    );
    expect(notes).toEqual([{ reason: "A plecat" }]);
  });

  /** Which version of which tier each clinic has. */
  const subscribed = () =>
    sql("select organization_id, tier_version_id from app_public.organization_subscriptions order by id");

  /** What the draft of Start says. */
  const draftOfStart = () =>
    sql(`select v.trial_days, v.ai_markup_basis_points,
           array(select concat_ws(' ', p.currency, p.tenancy_mode, p.monthly_amount, p.annual_amount, p.setup_amount) from app_public.platform_tier_prices p where p.tier_version_id = v.id order by p.currency, p.tenancy_mode) as prices,
           (select jsonb_agg(l order by l.meter)::text from (select meter, enforcement, included from app_public.platform_tier_limits where tier_version_id = v.id) as l) as limits,
           (select jsonb_agg(o order by o.meter, o.currency)::text from (select meter, currency, unit_price from app_public.platform_overage_prices where tier_version_id = v.id) as o) as overage
         from app_public.platform_tier_versions v join app_public.platform_tiers t on t.id = v.tier_id
         where t.slug = 'start' and v.published_at is null`);
}
