import { writeFileSync } from "node:fs";
import path from "node:path";
import type { Browser, BrowserContext, Page } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { refusalOf } from "../support.ts";
import type { Clinic } from "./clinic.ts";
import { lookAt, problemsOn } from "./looked_at.ts";

/** A plan that a patient has, as its specialist steers it: to another version, and its sessions in the clinic to their appointments. */
export function treatmentSteeringCases(browser: () => Browser, clinic: () => Clinic): void {
  let context: BrowserContext;
  let page: Page;
  let problems: string[];
  const sql = (text: string, values?: unknown[]) => clinic().api.sql(text, values);

  beforeAll(async () => {
    await sql(`
      begin;
      select set_config('tests.clinic', 'atlas', true);
      select tests.patient('sorin', email => 'sorin@people.test');
      insert into app_public.roles (organization_id, key, name) values (tests.id('atlas'), 'looks_on', 'Doar privește');
      insert into app_public.role_permissions (organization_id, role_id, permission)
      select tests.id('atlas'), tests.role_id('looks_on'), permission
      from unnest('{treatment_plans.view,patients.view,appointments.view}'::text[]) as permission;
      select tests.staff('vera', 'looks_on');
      select tests.treatment_plan('Umăr', home => 3, clinic => 1), tests.assigned('sorin', 'Umăr');
      select tests.treatment_version('Umăr mai târziu', 'Umăr', home => 2, clinic => 2);
      select tests.calendar('La sală', '{stela}', is_public => false);
      select tests.appointment('first', 'sorin', 'La sală', 'stela', now() + interval '2 days'),
             tests.appointment('second', 'sorin', 'La sală', 'stela', now() + interval '3 days'),
             tests.appointment('of another', 'dora', 'La sală', 'stela', now() + interval '4 days');
      update app_private.identities set issuer = '${clinic().api.issuer.issuer}';
      update app_public.patient_sessions set status = 'started', started_at = now() where id = tests.id('sorin''s Umăr 1');
      update app_public.patient_sessions set status = 'completed', completed_at = now() where id = tests.id('sorin''s Umăr 1');
      commit`);
    writeFileSync(path.join(clinic().api.config.dataDir, "tokens", "vera.txt"), clinic().token("vera"));
    context = await browser().newContext({ locale: "ro-RO", viewport: { width: 360, height: 740 } });
    page = await context.newPage();
    problems = problemsOn(page);
  });
  afterAll(async () => {
    await context.close();
    expect(problems).toEqual([]);
  });

  const button = (name: string | RegExp) => page.getByRole("button", { name, exact: true });
  const press = (name: string | RegExp) => button(name).first().press("Enter");
  const plan = () => page.getByRole("region", { name: "Umăr", exact: true });
  const patient = async () => `${clinic().api.url}/treatment#${await clinic().id("sorin at atlas")}`;
  const session = (title: string) =>
    page.locator("details", { hasText: title }).filter({ hasNotText: "Anulată" });
  const row = async (position: number) =>
    (
      await sql(
        `select sessions.*, sessions.appointment_id = tests.id('second') as is_second
         from app_public.patient_sessions as sessions
         where sessions.patient_treatment_plan_id = tests.id('sorin''s Umăr') and sessions.position = $1
           and sessions.status <> 'cancelled'`,
        [position],
      )
    )[0];
  const setPlan = (status: string) =>
    sql(
      `update app_public.patient_treatment_plans set status = $1,
         paused_on = case when $1 = 'paused' then current_date end where id = tests.id('sorin''s Umăr')`,
      [status],
    );

  test("EXE-01: who only looks on is offered nothing that needs the right to assign, and is refused it", async () => {
    await page.goto(await patient());
    await page.getByRole("button", { name: /vera/ }).press("Enter");
    await plan().waitFor();
    await session("Ședința 4").locator("summary").press("Enter");
    await session("Ședința 4").getByText("Nu este legată de nicio programare.").waitFor();
    for (const name of ["Trece la altă versiune", "Leagă de o programare", "A avut loc", "Prescrie"])
      expect([name, await button(name).count()]).toEqual([name, 0]);
    const verbs = {
      migrateTreatmentPlan: 'patientTreatmentPlanId: $id, versionId: $id, reason: "Merge bine"',
      completeClinicSession: 'patientSessionId: $id, reason: "A venit"',
      linkSession: "patientSessionId: $id",
    };
    const ids = {
      migrateTreatmentPlan: "sorin's Umăr",
      completeClinicSession: "sorin's Umăr 4",
      linkSession: "sorin's Umăr 4",
    };
    for (const [verb, input] of Object.entries(verbs)) {
      const answer = await clinic().api.graphql(
        `mutation ($id: UUID!) { ${verb}(input: { ${input} }) { __typename } }`,
        {
          token: clinic().token("vera"),
          variables: { id: await clinic().id(ids[verb as keyof typeof ids]) },
        },
      );
      expect([verb, refusalOf(answer)]).toMatchObject([
        verb,
        { code: "FORBIDDEN", reason: "permission_missing" },
      ]);
    }
    await press("Înapoi");
    await press("Ieșiți din cont");
  });

  test("EXE-01, TPL-02: a plan goes to another approved version: what changes is seen, a reason is asked, and a refusal is told", async () => {
    await page.goto("about:blank");
    await page.goto(await patient());
    await page.getByRole("button", { name: /stela/ }).press("Enter");
    await press("Trece la altă versiune");
    await page.getByText("Se schimbă o ședință:").waitFor();
    await page.getByText("Are loc la clinică, nu acasă.").waitFor();
    await page.getByText("Nu se mai face: Exercițiul podul.").waitFor();
    await press("Continuă");
    await plan().locator(".field.wrong").waitFor();
    await lookAt(page, "treatment-version");
    await page.getByLabel("Motivul").fill("Vine mai des la clinică");
    await setPlan("paused");
    await press("Continuă");
    await page.getByText("STATE treatment_plan_not_active").waitFor();
    expect(await page.getByLabel("Motivul").inputValue()).toBe("Vine mai des la clinică");
    await setPlan("active");
    await press("Continuă");
    await page.getByText("Planul continuă cu versiunea 2; au rămas 3 ședințe de făcut.").waitFor();
    await page.getByText(/a trecut de la versiunea 1 la versiunea 2\. Motivul: Vine mai des/).waitFor();
    expect(await row(3)).toMatchObject({ place: "clinic", status: "due" });
    expect(await row(1)).toMatchObject({ status: "completed" });
  });

  test("EXE-04: a session in the clinic is linked to an appointment of the patient that is no other session's", async () => {
    const third = session("Ședința 3");
    await third.locator("summary").press("Enter");
    await third.getByRole("button", { name: "Leagă de o programare" }).press("Enter");
    const choice = third.getByLabel("De ce programare");
    await choice.waitFor();
    expect(await choice.locator("option").count()).toBe(3);
    await third.getByRole("button", { name: "Leagă", exact: true }).press("Enter");
    await third.locator(".field.wrong").getByText("Alegeți o programare.").waitFor();
    await lookAt(page, "treatment-link");
    const link = (appointment: string | null) =>
      sql("update app_public.patient_sessions set appointment_id = tests.id($1) where id = $2", [
        appointment,
        fourth.id,
      ]);
    const fourth = await row(4);
    await choice.selectOption(await clinic().id("first"));
    await link("first");
    await third.getByRole("button", { name: "Leagă", exact: true }).press("Enter");
    await third.getByText("CONFLICT appointment_is_linked").waitFor();
    await choice.selectOption(await clinic().id("second"));
    await third.getByRole("button", { name: "Leagă", exact: true }).press("Enter");
    await third.getByText(/^Programarea: /).waitFor();
    expect(await row(3)).toMatchObject({ is_second: true, status: "due" });
    await third.getByRole("button", { name: "Dezleagă de programare" }).press("Enter");
    await third.getByText("Nu este legată de nicio programare.").waitFor();
    expect((await row(3)).appointment_id).toBeNull();
  });

  test("EXE-04: a session in the clinic that took place without its appointment saying so is marked, with a reason", async () => {
    const third = session("Ședința 3");
    await third.getByRole("button", { name: "A avut loc" }).press("Enter");
    await third.getByRole("button", { name: "Continuă" }).press("Enter");
    await third.locator(".field.wrong").waitFor();
    await third.getByLabel("Motivul").fill("A venit neprogramat");
    await third.getByRole("button", { name: "Continuă" }).press("Enter");
    await third.getByText("Motivul: A venit neprogramat").waitFor();
    expect(await row(3)).toMatchObject({ status: "completed", completion_reason: "A venit neprogramat" });
    expect(await third.getByRole("button", { name: "A avut loc" }).count()).toBe(0);
  });
}
