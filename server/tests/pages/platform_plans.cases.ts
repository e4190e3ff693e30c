import { writeFileSync } from "node:fs";
import path from "node:path";
import type { Browser, BrowserContext, Page } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { refusalOf } from "../support.ts";
import type { Clinic } from "./clinic.ts";
import { lookAt, problemsOn } from "./looked_at.ts";

/** The platform's treatment plans, as one superadmin writes them and another approves them. */
export function platformPlanCases(browser: () => Browser, clinic: () => Clinic): void {
  let context: BrowserContext;
  let page: Page;
  let problems: string[];
  const sql = (text: string, values?: unknown[]) => clinic().api.sql(text, values);

  beforeAll(async () => {
    await sql(`
      begin;
      select set_config('tests.clinic', 'atlas', true);
      select tests.person('ruxandra', superadmin => true), tests.person('remus', superadmin => true);
      select tests.treatment_plan('de baza', by_platform => true);
      update app_private.identities set issuer = '${clinic().api.issuer.issuer}';
      commit`);
    for (const name of ["ruxandra", "remus"])
      writeFileSync(path.join(clinic().api.config.dataDir, "tokens", `${name}.txt`), clinic().token(name));
    context = await browser().newContext({ locale: "ro-RO", viewport: { width: 360, height: 740 } });
    page = await context.newPage();
    problems = problemsOn(page);
  });
  afterAll(async () => {
    await context.close();
    expect(problems).toEqual([]);
  });

  const press = (name: string | RegExp) => page.getByRole("button", { name }).first().press("Enter");
  const versions = async () =>
    sql(
      `select plans.scope, plans.organization_id, versions.number, versions.status
       from app_public.treatment_plans as plans
       join app_public.treatment_plan_versions as versions on versions.treatment_plan_id = plans.id
       where plans.slug = 'umar-acasa' order by versions.number`,
    );

  test("TPL-01: a superadmin writes a plan of the platform in the clinic's editor; a short name that is used is told at its field", async () => {
    await page.goto(`${clinic().api.url}/treatment`);
    await press(/ruxandra/);
    await page.getByRole("heading", { name: "Planurile platformei" }).waitFor();
    expect(await page.getByLabel("Caută un pacient").count()).toBe(0);
    await lookAt(page, "treatment-platform");
    await press("Plan nou");
    await page.getByLabel(/^Nume scurt/).fill("de-baza");
    await page.getByLabel(/^Numele planului/).fill("Umăr, acasă");
    await page
      .getByRole("group", { name: /^Ce citesc pacienții/ })
      .getByLabel(/^În română/)
      .fill("Prima ședință");
    await page
      .getByRole("group", { name: /^Exerciții, în ordine/ })
      .getByRole("button", { name: "Adaugă încă una" })
      .press("Enter");
    await page.getByLabel("Exercițiu", { exact: true }).selectOption({ label: "Exercițiul podul" });
    await page.getByLabel("Serii", { exact: true }).fill("3");
    await page.getByLabel(/^Repetări într-o serie/).fill("8");
    await page.getByLabel(/^Secunde de pauză/).fill("20");
    await press("Salvează ciorna");
    await page.locator('[data-place="$.slug"] > .problem').waitFor();
    await page.getByLabel(/^Nume scurt/).fill("umar-acasa");
    await press("Salvează ciorna");
    await page.getByText("Umăr, acasă").first().waitFor();
    expect(await versions()).toEqual([
      { scope: "global", organization_id: null, number: 1, status: "draft" },
    ]);
  });

  test("TPL-02: who wrote it is refused its approval; another superadmin approves it, and the next version is begun", async () => {
    await press(/^Trimite spre aprobare.*Umăr, acasă/);
    await page.getByText("A fost trimis; îl aprobă altcineva.").waitFor();
    await press(/^Aprobă.*Umăr, acasă/);
    await page.getByText("FORBIDDEN own_version").waitFor();
    await press("Ieșiți din cont");
    await press(/remus/);
    await press(/^Aprobă.*Umăr, acasă/);
    await page.getByText("Este aprobat și poate fi prescris.").waitFor();
    await press(/^Începe versiunea următoare.*Umăr, acasă/);
    expect(await page.getByLabel(/^Nume scurt/).count()).toBe(0);
    await page.getByLabel("Serii", { exact: true }).fill("4");
    await press("Salvează ciorna");
    await page.getByText("versiunea 2").waitFor();
    expect(await versions()).toMatchObject([{ status: "approved" }, { number: 2, status: "draft" }]);
  });

  test("TPL-01: a clinic's owner is shown no plans of the platform to write, and is refused writing one", async () => {
    await press("Ieșiți din cont");
    await press(/olga/);
    await page.getByRole("heading", { name: "Planurile clinicii" }).waitFor();
    expect(await page.getByText("Umăr, acasă").count()).toBe(0);
    const answer = await clinic().api.graphql(
      `mutation { draftTreatmentPlan(input: { name: "Al nostru", slug: "al-nostru", sessions: [] }) { __typename } }`,
      { token: clinic().token("olga") },
    );
    expect(refusalOf(answer)).toMatchObject({ code: "FORBIDDEN", reason: "superadmin_only" });
  });
}
