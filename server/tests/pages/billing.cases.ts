import type { Browser } from "playwright-core";
import { beforeAll, expect, test } from "vitest";
import { billedClinics } from "./billed.ts";
import { plain, visitBilling } from "./billing_visit.ts";
import type { Clinic } from "./clinic.ts";
import { lookAt } from "./looked_at.ts";
import { scriptsOf } from "./weighed.ts";

/** Billing, as a clinic's administrator reads and sets it, and as its front desk does not. */
export function billingCases(browser: () => Browser, clinic: () => Clinic): void {
  beforeAll(() => clinic().api.sql(billedClinics(clinic().api.issuer.issuer)));
  const { page, region, amounts, amountsIn, sql, press, fact, chooseTier, as } = visitBilling(
    browser,
    clinic,
  );

  test("FND-29: both pages of billing load little before they can be used", async () => {
    for (const address of ["/billing", "/billing-admin"]) {
      const bytes = await scriptsOf(`${clinic().api.url}${address}`);
      process.stdout.write(`${address}: ${bytes} bytes of scripts, compressed\n`);
      expect(bytes).toBeGreaterThan(10_000);
      expect(bytes).toBeLessThanOrEqual(60_000);
    }
  });

  test("BIL-08: the front desk, which may not see what a clinic pays, is told so, and is shown nothing", async () => {
    await as("felicia", "/billing");
    await page().getByText("Contul acesta nu vede abonamentul").waitFor();
    expect(await page().getByRole("heading", { level: 2 }).count()).toBe(0);
    await lookAt(page(), "billing-refused");
    await as("carmen", "/billing-admin");
    await page().getByText("Pagina este a superadministratorilor").waitFor();
    expect(await page().getByLabel("Caută o clinică").count()).toBe(0);
  });

  test("BIL-06: the administrator sees the plan, what was used of it, and the next invoice, which adds up", async () => {
    await as("carmen", "/billing");
    expect(await fact("Plan")).toBe("Start Activ");
    expect(await fact("Preț")).toBe("249,00 RON pe lună, fără TVA");
    await region("Consum").locator("summary").press("Enter");
    const sms = region("Consum").locator("tbody tr", { hasText: "SMS" });
    expect((await sms.locator("td").allTextContents()).map(plain)).toEqual([
      "350",
      "300",
      "se facturează",
      "17,50 RON",
    ]);
    const lines = await amounts(/^Factura de consum/);
    const total = lines.pop();
    expect(lines.length).toBeGreaterThan(0);
    expect(lines).toContain(1750);
    expect(lines.reduce((sum, one) => sum + one, 0)).toBe(total);
    await lookAt(page(), "billing");
  });

  test("BIL-06: an invoice shows what it is of, how it stands, and from which usage a line comes", async () => {
    const invoices = region("Facturi").getByRole("button");
    await invoices.first().press("Enter");
    await page()
      .getByRole("heading", { name: /^Factura / })
      .waitFor();
    expect(await fact("Fără TVA")).toBe("249,00 RON");
    await lookAt(page(), "billing-invoice");
    await press("Înapoi");
    await region("Facturi").waitFor();
  });

  test("BIL-06: another clinic's invoice does not exist, as one that never was", async () => {
    const shown = async (invoice: string) => {
      await page().goto("about:blank");
      await page().goto(`${clinic().api.url}/billing#${invoice}`);
      await page()
        .getByRole("heading", { name: /^Factura / })
        .waitFor();
      return plain(await page().locator("main").textContent());
    };
    const [{ id: own }] = await sql(
      "select id from app_public.invoices where organization_id = tests.id('cedru') limit 1",
    );
    const [{ id: others }] = await sql(
      "select id from app_public.invoices where organization_id = tests.id('echo') limit 1",
    );
    expect(await shown(own)).toContain("249,00 RON");
    const none = await shown("0198a000-0000-7000-8000-00000000000a");
    expect(none).toContain("Factura nu există.");
    expect(await shown(others)).toBe(none);
  });

  test("BIL-10: a clinic that has just signed up enters its billing details; what is wrong is told at its field", async () => {
    await as("dumitru", "/billing");
    await page().getByText("Clinica nu are un abonament.").waitFor();
    await press("Completează datele");
    const form = page().getByRole("form", { name: "Date de facturare" });
    const field = (name: string | RegExp) => form.getByLabel(name);
    await field(/^Denumirea firmei/).fill("Delta Recuperare SRL");
    await field(/^Codul fiscal/).fill("12345");
    await field(/^Numărul de la registrul/).fill("J12/99/2024");
    await field(/^Strada/).fill("Strada Scurtă 2");
    await field(/^Localitatea/).fill("Cluj-Napoca");
    await field(/^Județul/).fill("Cluj");
    await field(/^Emailul/).fill("facturi la delta");
    await form.getByRole("button", { name: "Salvează" }).press("Enter");
    await form
      .locator('[data-place="$.taxId"] > .problem, [data-place="$.billingEmail"] > .problem')
      .first()
      .waitFor();
    await field(/^Codul fiscal/).fill("RO18547290");
    await form.getByRole("button", { name: "Salvează" }).press("Enter");
    await form.locator('[data-place="$.billingEmail"] > .problem').waitFor();
    expect(await field(/^Emailul/).getAttribute("aria-invalid")).toBe("true");
    await lookAt(page(), "billing-details");
    await page().reload();
    await press("Completează datele");
    expect(await field(/^Denumirea firmei/).inputValue()).toBe("Delta Recuperare SRL");
    expect(await field(/^Codul fiscal/).inputValue()).toBe("");
    await field(/^Codul fiscal/).fill("RO18547290");
    await field(/^Emailul/).fill("facturi@delta.test");
    await form.getByRole("button", { name: "Salvează" }).press("Enter");
    await page().getByText("Datele de facturare sunt salvate.").waitFor();
    expect(await fact("Codul fiscal")).toBe("…7290");
    expect(await page().content()).not.toContain("18547290");
  });

  test("BIL-01: it subscribes, by keyboard, seeing what the tier includes, and is on trial", async () => {
    await press("Alege un plan");
    await press("Abonează clinica");
    await page().locator('[data-place="$.tierId"] > .problem').getByText("Alegeți un plan.").waitFor();
    expect(await chooseTier(/^Start:/)).toBe("Start: 249,00 RON pe lună, 2.490,00 RON pe an");
    await page().getByRole("heading", { name: "Ce include Start" }).waitFor();
    await page().getByText("30 de zile de probă").waitFor();
    await lookAt(page(), "billing-subscribe");
    await press("Abonează clinica");
    await page().getByText("Clinica este abonată.").waitFor();
    expect(await fact("Plan")).toBe("Start În perioada de probă");
    await page().getByText("În perioada de probă nu se facturează nimic").waitFor();
  });

  test("BIL-08: what a change of the plan costs is shown before it is made, and is what the next invoice has then", async () => {
    await as("carmen", "/billing");
    await press("Schimbă planul");
    await chooseTier(/^Pro:/);
    await page().getByText("Pe factura următoare").waitFor();
    const shown = await amountsIn(page().getByRole("status", { name: /^Cât costă schimbarea/ }));
    expect(shown).toHaveLength(3);
    const [credit = 0, charge = 0, difference] = shown;
    expect(credit).toBeLessThan(0);
    expect(credit + charge).toBe(difference);
    await lookAt(page(), "billing-change");
    await press("Schimbă planul de azi");
    await page().getByText("Planul este schimbat.").waitFor();
    expect(await fact("Plan")).toBe("Pro Activ");
    const lines = await amounts(/^Factura de consum/);
    expect(lines).toContain(credit);
    expect(lines).toContain(charge);
    expect(lines.slice(0, -1).reduce((sum, one) => sum + one, 0)).toBe(lines.at(-1));
  });

  test("BIL-08: how often the plan is billed changes with its next term, seeing what that will cost, and can be taken back", async () => {
    const [pro] = await sql(
      `select p.annual_amount::int as year, p.monthly_amount::int as month
       from app_public.organization_subscriptions s
       join app_public.platform_tier_prices p on (p.tier_version_id, p.currency, p.tenancy_mode) = (s.tier_version_id, s.currency, 'shared')
       where s.organization_id = tests.id('cedru') and s.status <> 'canceled'`,
    );
    await as("carmen", "/billing");
    const costs = page().getByRole("status", { name: /^Cât va costa următoarea perioadă/ });
    for (const [asked, cost, cadence] of [
      ["Plătește anual", pro?.year, "în fiecare an; consumul în fiecare lună"],
      ["Plătește lunar", pro?.month, "în fiecare lună"],
    ] as const) {
      await press(asked);
      await costs.locator("strong").waitFor();
      expect(await amountsIn(costs)).toEqual([cost]);
      await lookAt(page(), `billing-cadence-${asked.slice(-5)}`);
      await press("Schimbă de la următoarea perioadă");
      await page().getByText("se schimbă de la următoarea perioadă.").waitFor();
      expect(await fact("Se plătește")).toBe(cadence);
    }
  });

  test("BIL-05: a suspended clinic is told what that means and what to do, and how to pay", async () => {
    await as("elena", "/billing");
    await page().locator(".notice.bad").getByText("Suspendat.").waitFor();
    await page().getByText("Abonamentul revine singur după ce facturile").waitFor();
    await region("Cum se plătește").getByText("Prin transfer bancar").waitFor();
    await region("Facturi")
      .getByRole("button", { name: /neplătită · termen depășit/ })
      .waitFor();
    await lookAt(page(), "billing-suspended");
    await press("English");
    await page().getByText("The clinic makes no new bookings").waitFor();
    await page().getByRole("button", { name: "Română" }).press("Enter");
  });
}
