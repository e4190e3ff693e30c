import type { Browser } from "playwright-core";
import { expect, test } from "vitest";
import { plain, visitBilling } from "./billing_visit.ts";
import type { Clinic } from "./clinic.ts";
import { lookAt } from "./looked_at.ts";

/** Billing of every clinic, as a superadmin sees it and sets it right, after what billingCases did. */
export function platformBillingCases(browser: () => Browser, clinic: () => Clinic): void {
  const { page, button, region, sql, press, fact, chooseTier, as } = visitBilling(browser, clinic);

  test("BIL-06: a superadmin finds clinics by name and by how they stand, with what they owe and since when", async () => {
    await as("rada", "/billing-admin");
    await button(/^Cedru/).waitFor();
    await page().getByLabel("Starea abonamentului").selectOption({ label: "Suspendat" });
    await page().getByText("O clinică.").waitFor();
    expect(plain(await button(/^Echo/).textContent())).toMatch(
      /^EchoStart · Suspendat · neplătit [\d.,]+ RON · întârziat din /,
    );
    await page().getByLabel("Starea abonamentului").selectOption({ label: "Oricare" });
    await page().getByLabel("Caută o clinică").fill("ECHÓ");
    await press("Caută");
    await page().getByText("O clinică.").waitFor();
    await lookAt(page(), "billing-admin");
    await press("Planuri și prețuri");
    await region("Start").locator("summary", { hasText: "Versiunea 1" }).press("Enter");
    await region("Start").getByText("RON, server propriu").waitFor();
    await lookAt(page(), "billing-admin-tiers");
    await press("Înapoi");
    await button(/^Echo/).press("Enter");
    await region("Ce urmează dacă rămâne neplătit")
      .getByText(/abonamentul se suspendă · făcut la/)
      .first()
      .waitFor();
    await lookAt(page(), "billing-admin-clinic");
  });

  test("BIL-07: a bank transfer is recorded; no amount is told at its field; the clinic is active again", async () => {
    await region("Facturi")
      .getByRole("button", { name: /termen depășit/ })
      .press("Enter");
    await press("Înregistrează un transfer");
    const form = page().getByRole("form", { name: "Înregistrează un transfer" });
    expect(await form.getByLabel(/^Suma/).inputValue()).toBe("301,29");
    await form.getByLabel(/^Suma/).fill("1.234");
    await form.getByLabel(/^Referința/).fill("FT 4711");
    await form.getByRole("button", { name: "Înregistrează" }).press("Enter");
    await form.locator('[data-place="$.amount"] > .problem').getByText("Scrieți o sumă").waitFor();
    await form.getByLabel(/^Suma/).fill("301,29");
    await lookAt(page(), "billing-admin-transfer");
    await form.getByRole("button", { name: "Înregistrează" }).press("Enter");
    await page().getByText("Transferul este înregistrat.").waitFor();
    expect(await fact("De plată")).toBe("0,00 RON");
    const [{ status }] = await sql(
      "select status from app_public.organization_subscriptions where organization_id = tests.id('echo')",
    );
    expect(status).toBe("active");
  });

  test("BIL-08: a refund without a reason is refused at its field; with one it makes a credit note, which the clinic sees", async () => {
    await press(/^Restituie din/);
    const form = page().getByRole("form", { name: "Restituire, cu notă de credit" });
    await form.getByLabel(/^Suma/).fill("100");
    await form.getByRole("button", { name: "Restituie" }).press("Enter");
    await form.locator('[data-place="$.reason"] > .problem').waitFor();
    const refunds = async () => (await sql("select count(*)::int as count from app_public.refunds"))[0].count;
    expect(await refunds()).toBe(0);
    await form.getByLabel(/^Motivul/).fill("Serviciul a lipsit o săptămână");
    await form.getByRole("button", { name: "Restituie" }).press("Enter");
    await page().getByText("Restituirea este pornită.").waitFor();
    expect(await refunds()).toBe(1);
    await lookAt(page(), "billing-admin-invoice");
    await as("elena", "/billing");
    expect(await fact("Plan")).toBe("Start Activ");
    await region("Facturi")
      .getByRole("button", { name: /plătită/ })
      .last()
      .press("Enter");
    await region("Note de credit").getByText("Motivul: Serviciul a lipsit o săptămână").waitFor();
    await region("Plăți")
      .getByText(/^Restituit 100,00\sRON/)
      .waitFor();
    expect(await button("Înregistrează un transfer").count()).toBe(0);
  });

  test("BIL-08: the platform changes a plan only with a reason", async () => {
    await as("rada", "/billing-admin");
    await button(/^Echo/).press("Enter");
    await press("Schimbă planul");
    await chooseTier(/^Pro:/);
    await page().getByText("Pe factura următoare").waitFor();
    await press("Schimbă planul de azi");
    await page().locator('[data-place="$.reason"] > .problem').waitFor();
    await page().getByLabel("Motivul").fill("A cerut-o la telefon");
    await press("Schimbă planul de azi");
    await page().getByText("Planul este schimbat.").waitFor();
    expect(await fact("Motivul")).toBe("A cerut-o la telefon");
  });
}
