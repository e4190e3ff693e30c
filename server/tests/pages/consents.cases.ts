import type { Browser, BrowserContext, Page } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { refusalOf } from "../support.ts";
import type { Clinic } from "./clinic.ts";
import { lookAt, problemsOn } from "./looked_at.ts";

/** A person's own consents, after what they signed by link and at the kiosk; and the page that leads there. */
export function consentCases(browser: () => Browser, clinic: () => Clinic): void {
  let context: BrowserContext;
  let page: Page;
  let problems: string[];

  beforeAll(async () => {
    context = await browser().newContext({ locale: "ro-RO", viewport: { width: 360, height: 740 } });
    page = await context.newPage();
    problems = problemsOn(page);
  });
  afterAll(async () => {
    await context.close();
    expect(problems).toEqual([]);
  });

  const purpose = (name: string) => page.getByRole("article", { name });
  const stateOf = (code: string) =>
    clinic()
      .api.sql(
        "select withdrawn_at is null as stands from app_public.consents where purpose_code = $1 and decision = 'granted'",
        [code],
      )
      .then((rows) => rows.map(({ stands }) => stands));

  test("FND-30: the start page leads to people, pages and tools, and every one of them is there", async () => {
    await page.goto(clinic().api.url);
    await page.getByRole("heading", { name: "O clinică pe acest calculator" }).waitFor();
    await page.getByRole("link", { name: "Căsuța de mesaje" }).waitFor();
    await lookAt(page, "start");
    const places = await page
      .locator(".places a")
      .evaluateAll((all) => all.map((one) => (one as unknown as { href: string }).href));
    expect(places.length).toBeGreaterThan(7);
    // The clinic that npm start makes, whose booking page is among them.
    await clinic().api.sql("select tests.clinic('atlas-recuperare')");
    for (const place of places.filter((one) => one.startsWith(clinic().api.url)))
      expect([place, (await fetch(place)).status]).toEqual([place, 200]);
  });

  test("CNS-09: somebody signs in and sees each purpose with its state and what depends on it", async () => {
    await page.goto(`${clinic().api.url}/consents`);
    await page.getByRole("heading", { name: "Intrați în cont" }).waitFor();
    await lookAt(page, "consents-sign-in");
    await page.getByRole("button", { name: /ioana/ }).click();
    await page.getByRole("heading", { name: "Acordurile mele" }).waitFor();
    await page.locator(".state.granted").first().waitFor();
    await lookAt(page, "consents");
    expect(await page.locator(".purpose", { hasText: "De acest acord depinde" }).count()).toBeGreaterThan(3);
  });

  test("CNS-09: how it was signed is shown, with the drawn signature and whether its proof holds", async () => {
    const [{ name }] = await clinic().api.sql(
      "select name_ro as name from app_public.consent_purposes where code = 'biometric_capture'",
    );
    const shown = purpose(name);
    await shown.getByText("Un răspuns").click();
    await shown.getByRole("button", { name: "Arată cum a fost semnat" }).click();
    const picture = shown.getByRole("img");
    await picture.waitFor();
    expect(await picture.evaluate((one) => (one as unknown as { naturalWidth: number }).naturalWidth)).toBe(
      600,
    );
    await shown.getByText("Dovada este întreagă.").waitFor();
    await lookAt(page, "consents-signature");
  });

  test("CNS-03: one is withdrawn by keyboard after it was said what follows, then all medical ones at once", async () => {
    const [{ name }] = await clinic().api.sql(
      "select name_ro as name from app_public.consent_purposes where code = 'telemedicine'",
    );
    expect(await stateOf("telemedicine")).toEqual([true]);
    await page.getByRole("button", { name: "Retrag toate acordurile medicale" }).waitFor();
    await purpose(name)
      .getByRole("button", { name: /^Retrag/ })
      .focus();
    await page.keyboard.press("Enter");
    await page.getByRole("dialog").getByText("Programările rămân.").waitFor();
    await page.keyboard.press("Escape");
    expect(await stateOf("telemedicine")).toEqual([true]);
    await page.keyboard.press("Enter");
    await lookAt(page, "consents-withdraw");
    await page.getByRole("dialog").getByRole("button", { name: "Retrag acordul" }).focus();
    await page.keyboard.press("Enter");
    await purpose(name).locator(".state.withdrawn").waitFor();
    expect(await stateOf("telemedicine")).toEqual([false]);
    await purpose(name).getByText("Se dă semnând un formular al clinicii.").waitFor();

    await page.getByRole("button", { name: "Retrag toate acordurile medicale" }).click();
    await page.getByRole("dialog").getByRole("button", { name: "Le retrag pe toate" }).click();
    await expect.poll(() => page.locator(".state.granted").count()).toBe(0);
    expect(await stateOf("biometric_capture")).toEqual([false]);
  });

  test("FND-16: terms are accepted after their words were shown", async () => {
    const [{ name }] = await clinic().api.sql(
      "select name_ro as name from app_public.consent_purposes where code = 'org_terms'",
    );
    await purpose(name)
      .getByRole("button", { name: /^Accept/ })
      .click();
    await lookAt(page, "consents-accept");
    await page.getByRole("dialog").getByRole("button", { name: "Accept", exact: true }).click();
    await purpose(name).locator(".state.granted").waitFor();
    expect(await stateOf("org_terms")).toEqual([true]);
  });

  test("FND-31: who read the chart is listed", async () => {
    await clinic().ask(
      "flavia",
      "mutation ($patient: UUID!) { openPatientChart(input: { patientId: $patient }) { query { __typename } } }",
      {
        patient: await clinic().id("ioana at atlas"),
      },
    );
    await page.reload();
    await page.getByRole("listitem").filter({ hasText: "fișa" }).filter({ hasText: "flavia" }).waitFor();
  });

  test("CNS-09: after signing out somebody else sees nothing of it, and is refused the signature", async () => {
    await page.getByRole("button", { name: "Ieșiți din cont" }).click();
    await page.getByRole("button", { name: /vlad/ }).click();
    await page.getByRole("heading", { name: "Cine v-a citit fișa" }).waitFor();
    expect(await page.locator(".state.granted, .state.withdrawn").count()).toBe(0);
    await page.getByText("Nimeni, până acum.").waitFor();
    const [{ id }] = await clinic().api.sql("select form_id as id from app_public.form_signatures limit 1");
    const answer = await clinic().api.graphql("query ($form: UUID!) { signatureImage(formId: $form) }", {
      token: clinic().token("vlad"),
      variables: { form: id },
    });
    expect(refusalOf(answer).code).toBe("NOT_FOUND");
  });
}
