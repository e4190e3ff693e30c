import type { Browser } from "playwright-core";
import { expect, test } from "vitest";
import { visitBilling } from "./billing_visit.ts";
import type { Clinic } from "./clinic.ts";
import { lookAt } from "./looked_at.ts";
import { scriptsOf } from "./weighed.ts";

/** Keys of programs: a clinic's own page, and the platform's among what superadmins see. After billingCases. */
export function serviceKeyCases(browser: () => Browser, clinic: () => Clinic): void {
  const { page, region, button, press, sql, as } = visitBilling(browser, clinic);
  const keys = (what: string) =>
    sql(
      `select ${what} from app_public.service_account_keys where organization_id is not distinct from tests.id('cedru') order by id`,
    );
  const reports = (token: string) =>
    clinic().api.fetch("/v1/patient-subscriptions/none/status", {
      method: "POST",
      headers: { "content-type": "application/json", authorization: `Bearer ${token}` },
      body: JSON.stringify({ status: "active", asOf: "2026-01-01T08:00:00Z" }),
    });
  let token = "";

  test("FND-29: the page of keys loads little before it can be used", async () => {
    const bytes = await scriptsOf(`${clinic().api.url}/service-keys`);
    process.stdout.write(`/service-keys: ${bytes} bytes of scripts, compressed\n`);
    expect(bytes).toBeGreaterThan(10_000);
    expect(bytes).toBeLessThanOrEqual(60_000);
  });

  test("BIL-09: whoever manages no integrations is told so, and is shown nothing", async () => {
    await as("felicia", "/service-keys");
    await page().getByText("Contul acesta nu administrează integrările").waitFor();
    expect(await region("Chei").count()).toBe(0);
  });

  test("BIL-09: a key is made by keyboard, shown once, and opens its door; nothing in the browser keeps it", async () => {
    await as("carmen", "/service-keys");
    await page().getByText("Nicio cheie, deocamdată.").waitFor();
    await lookAt(page(), "service-keys");
    await press("Cheie nouă");
    const form = page().getByRole("form", { name: "Cheie nouă" });
    await form.getByRole("button", { name: "Fă cheia" }).press("Enter");
    await form.locator('[data-place="$.name"] > .problem').waitFor();
    await form.getByLabel(/^Cum se numește/).fill("Casa de marcat");
    await form.getByLabel(/^Cum se numește/).press("Enter");
    const field = page().getByLabel("Cheia „Casa de marcat”");
    await field.waitFor();
    token = await field.inputValue();
    expect(token).toMatch(/^rxsk_[\w-]{43}$/);
    expect(await page().evaluate("document.activeElement.id")).toBe("the-key");
    await lookAt(page(), "service-key-once");
    // There is no such subscription, but who asks is known.
    expect((await reports(token)).status).toBe(404);
    await press("Am copiat-o");
    await region("Chei").getByRole("heading", { name: "Casa de marcat" }).waitFor();
    const kept =
      "JSON.stringify([{ ...sessionStorage }, { ...localStorage }]) + document.documentElement.outerHTML";
    expect(await page().evaluate(kept)).not.toContain(token);
    await page().reload();
    await region("Chei")
      .getByText(`se termină în ${token.slice(-4)}`)
      .waitFor();
    expect(await page().content()).not.toContain(token);
    await region("Chei")
      .getByText(/folosită ultima dată la|nefolosită/)
      .waitFor();
    expect(await keys("name, scope")).toEqual([{ name: "Casa de marcat", scope: "patient_subscriptions" }]);
  });

  test("BIL-09: a key is revoked after it was said what follows, and its door is closed at once", async () => {
    await press("Revocă „Casa de marcat”");
    await page().getByText("nu mai poate intra din clipa aceasta").waitFor();
    await lookAt(page(), "service-key-revoke");
    await button("Revocă").last().press("Enter");
    await page().getByText("Cheia este revocată.").waitFor();
    await region("Chei")
      .getByText(/revocată la/)
      .waitFor();
    expect(await button(/^Revocă/).count()).toBe(0);
    expect((await reports(token)).status).toBe(401);
    await press("English");
    await page().getByText("A key opens one door of the platform").waitFor();
    await page().getByRole("button", { name: "Română" }).press("Enter");
  });

  test("FND-24: the platform's own keys are made by a superadmin; a clinic's page does not show them", async () => {
    await as("rada", "/billing-admin");
    await press("Chei pentru programe");
    await press("Cheie nouă");
    await page()
      .getByLabel(/^Cum se numește/)
      .fill("Asistent");
    await press("Fă cheia");
    await page().getByLabel("Cheia „Asistent”").waitFor();
    await press("Am copiat-o");
    await region("Chei").getByText("înregistrează apeluri de inteligență artificială").waitFor();
    expect(await region("Chei").getByRole("heading", { name: "Casa de marcat" }).count()).toBe(0);
    await lookAt(page(), "billing-admin-keys");
    await as("carmen", "/service-keys");
    await region("Chei").getByRole("heading", { name: "Casa de marcat" }).waitFor();
    expect(await region("Chei").getByRole("heading", { name: "Asistent" }).count()).toBe(0);
  });
}
