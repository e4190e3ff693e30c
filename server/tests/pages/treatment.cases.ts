import { writeFileSync } from "node:fs";
import path from "node:path";
import type { Browser, BrowserContext, Page } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { storesOf } from "../../../providers/storage/index.ts";
import { refusalOf } from "../support.ts";
import type { Clinic } from "./clinic.ts";
import { lookAt, problemsOn } from "./looked_at.ts";
import { movement } from "./recorded.ts";

/** Treatment plans, as a specialist writes one for a patient, somebody else approves it, and it is assigned and followed. */
export function treatmentCases(browser: () => Browser, clinic: () => Clinic): void {
  let context: BrowserContext;
  let page: Page;
  let problems: string[];
  const sql = (text: string, values?: unknown[]) => clinic().api.sql(text, values);

  beforeAll(async () => {
    await sql(`
      begin;
      select tests.clinic('boreal'), tests.patient('bogdan');
      select set_config('tests.clinic', 'atlas', true);
      select tests.specialist('stela', account => true), tests.staff('olga', 'owner');
      select tests.patient('dora', email => 'dora@people.test');
      select tests.remember('squat', tests.published_exercise('podul'));
      select tests.treatment_plan('Genunchi după operație', home => 3, clinic => 1);
      select tests.assigned('dora', 'Genunchi după operație', current_date - 3);
      update app_public.organizations set telerehab_access_is_free = true where slug = 'atlas';
      update app_private.identities set issuer = '${clinic().api.issuer.issuer}';
      commit`);
    await sql(`
      begin;
      update app_public.patient_sessions set status = 'started', started_at = now() where id = tests.id('dora''s Genunchi după operație 1');
      insert into app_public.patient_exercise_logs
        (organization_id, patient_session_id, place, exercise_id, prescribed, client_id, entered_sets, entered_reps, actual_sets, actual_reps,
         actual_source, video_watch_percentage, performed_at)
      select organization_id, id, 1, tests.id('squat'), '{"sets": 3}', uuidv7(), 3, 30, 3, 27, 'pose', 80, now()
      from app_public.patient_sessions where id = tests.id('dora''s Genunchi după operație 1');
      update app_public.patient_sessions set status = 'completed', completed_at = now(), pain_before = 6, pain_after = 3
      where id = tests.id('dora''s Genunchi după operație 1');
      update app_public.patient_sessions set status = 'missed' where id = tests.id('dora''s Genunchi după operație 2');
      select tests.recording('dora''s Genunchi după operație 1', name => 'recorded', ended => true);
      commit`);
    const [{ key }] = await sql(
      "select replay_object_key as key from app_public.exercise_sessions where id = tests.id('recorded')",
    );
    const store = await storesOf(clinic().api.config.storage).for(null);
    await store.put(key, await movement(), { contentType: "application/octet-stream" });
    for (const name of ["stela", "olga"])
      writeFileSync(path.join(clinic().api.config.dataDir, "tokens", `${name}.txt`), clinic().token(name));
    context = await browser().newContext({ locale: "ro-RO", viewport: { width: 360, height: 740 } });
    page = await context.newPage();
    problems = problemsOn(page);
  });
  afterAll(async () => {
    await context.close();
    expect(problems).toEqual([]);
  });

  const button = (name: string | RegExp) => page.getByRole("button", { name });
  const press = (name: string | RegExp) => button(name).first().press("Enter");
  const group = (name: string | RegExp) => page.getByRole("group", { name });
  const fact = (name: string) => page.locator("dt", { hasText: name }).first().locator("+ dd");

  test("EXE-03: a specialist sees who has a plan, and how much of what was due was done", async () => {
    await page.goto(`${clinic().api.url}/treatment`);
    await button(/stela/).press("Enter");

    await button(/Dora.*Genunchi după operație · În curs · făcut 50 %/).waitFor();
    await lookAt(page, "treatment");
    await page.getByLabel("Caută un pacient").fill("dora");
    await press("Caută");
    await page.getByText("Un pacient.").waitFor();
    await button(/^Dora/).first().press("Enter");
    await page.getByRole("heading", { name: "Genunchi după operație" }).waitFor();
  });

  test("EXE-01, EXE-02: sessions done, due and missed, pain before and after, and what was prescribed beside what was done", async () => {
    await page.getByText("Ce se vede aici este informație").waitFor();
    expect(await fact("Făcut din ce era de făcut").textContent()).toContain("50 %");
    expect(await fact("Ședințe făcute").textContent()).toBe("1");
    expect(await fact("Ședințe de făcut").textContent()).toBe("2");
    expect(await fact("Ședințe pierdute").textContent()).toBe("1");
    expect(await fact("La clinică, rămase").textContent()).toBe("1 din 1");
    await page.locator("summary", { hasText: "ca tabel" }).press("Enter");
    const [row] = await page
      .locator("figure tbody tr")
      .evaluateAll((rows) =>
        rows.map((one) => [...one.querySelectorAll("td")].map(({ textContent }) => textContent)),
      );
    expect(row).toEqual(["6", "3"]);
    await page.locator("summary", { hasText: "Ședința 1" }).press("Enter");
    const session = page.locator("details[open]", { hasText: "Ședința 1" });
    await session.getByText("3 serii de 10 repetări, pauză 30 s, ambele părți deodată").waitFor();
    await session.getByText("3 serii, 27 de repetări (numărat de cameră)").waitFor();
    await session.getByText("3 serii, 30 de repetări", { exact: true }).waitFor();
    await session.getByText("Absolută: nu se face: Fractură recentă.").waitFor();
    await lookAt(page, "treatment-patient");
  });

  test("TEL-07, TEL-04: what the camera counted is shown as information, and how it goes as curves with a table", async () => {
    const session = page.locator("details[open]", { hasText: "Ședința 1" }).first();
    const measured = session.getByRole("region", { name: /^Măsurat/ });
    await measured.getByText("o serie, 10 repetări (numărat de cameră)").waitFor();
    await measured.getByText("81°").first().waitFor();
    await press(/^Arată evoluția/);
    const curves = page
      .locator("figure")
      .filter({ has: page.getByText("Repetări, Exercițiul podul", { exact: true }) });
    await curves.locator("summary").press("Enter");
    const cells = curves.locator("tbody td");
    expect(await cells.allTextContents()).toEqual(["10", "30"]);
  });

  test("TEL-07: the movement is played beside what was prescribed, by keyboard alone", async () => {
    await press("Redă mișcarea");
    const place = page.getByRole("slider", { name: "Locul în înregistrare" });
    await place.waitFor();
    const drawn = () =>
      page.locator(".replay canvas").evaluate((canvas) => {
        const { width, height } = canvas as unknown as { width: number; height: number };
        const pen = (
          canvas as unknown as {
            getContext(kind: string): { getImageData(...at: number[]): { data: number[] } };
          }
        ).getContext("2d");
        return pen.getImageData(0, 0, width, height).data.filter((one) => one > 0).length;
      });
    const first = await drawn();
    expect(first).toBeGreaterThan(500);
    await page.locator(".replay").getByText("Prescris: 3 serii de 10 repetări").waitFor();
    await lookAt(page, "treatment-replay");
    await place.focus();
    for (let presses = 0; presses < 12; presses++) await page.keyboard.press("ArrowRight");
    await page.locator(".replay").getByText("0:01 din 0:03").waitFor();
    // Between the two batches nobody was seen for a second.
    for (let presses = 0; presses < 14; presses++) await page.keyboard.press("ArrowRight");
    expect(await drawn()).toBe(0);
    await page.keyboard.press("Home");
    await press("Redă");
    await page.locator(".replay").getByText("0:03 din 0:03").waitFor();
    await button("Redă").first().waitFor();
    const [{ count }] = await sql(
      `select count(*)::int from audit.entries where action = 'read' and table_name = 'app_public.exercise_sessions'
       and row_key = tests.id('recorded')::text and person_id = tests.id('dora')`,
    );
    expect(count).toBeGreaterThan(0);
  });

  test("TEL-07: nobody without the permission, or of another clinic, gets a link to the movement", async () => {
    const open = "mutation ($id: UUID!) { openReplay(input: { exerciseSessionId: $id }) { url } }";
    for (const who of ["vlad", "ioana"]) {
      const answer = await clinic().api.graphql(open, {
        token: clinic().token(who),
        variables: { id: await clinic().id("recorded") },
      });
      expect(refusalOf(answer).code).toBe("NOT_FOUND");
    }
  });

  test("TPL-01: a plan for one patient is drafted; what is wrong is told where it is written, and going back loses nothing", async () => {
    await press("Plan nou pentru pacient");
    await press("Salvează ciorna");
    await page.locator("[aria-invalid=true], fieldset.wrong").first().waitFor();
    await page.getByLabel(/^Numele planului/).fill("Numai pentru Dora");
    await group(/^Ce citesc pacienții/)
      .getByLabel(/^În română/)
      .fill("Prima ședință");
    await group(/^Exerciții, în ordine/)
      .getByRole("button", { name: "Adaugă încă una" })
      .press("Enter");
    await page.getByLabel("Exercițiu", { exact: true }).selectOption({ label: "Exercițiul podul" });
    await page.getByLabel("Serii", { exact: true }).fill("30");
    await page.getByLabel(/^Repetări într-o serie/).fill("12");
    await page.getByLabel(/^Secunde de pauză/).fill("20");
    await press("Salvează ciorna");
    await page.locator('[data-place="$.sessions[0].exercises[0].prescription.sets"] > .problem').waitFor();
    expect(await page.getByLabel("Serii", { exact: true }).getAttribute("aria-invalid")).toBe("true");
    await lookAt(page, "treatment-plan");
    await press("Înapoi");
    await press("Plan nou pentru pacient");
    await page.getByLabel("Serii", { exact: true }).fill("3");
    expect(await page.getByLabel(/^Numele planului/).inputValue()).toBe("Numai pentru Dora");
    await press("Salvează ciorna");
    await page.getByRole("heading", { name: "Planuri numai pentru acest pacient" }).waitFor();
    const [written] = await sql(
      `select scope, patient_profile_id = tests.id('dora') as is_hers, prescription
       from app_public.treatment_plans as plans
       join app_public.treatment_plan_versions as versions on versions.treatment_plan_id = plans.id
       join app_public.treatment_plan_exercises as prescribed on prescribed.version_id = versions.id
       where plans.name = 'Numai pentru Dora'`,
    );
    expect(written).toEqual({
      scope: "custom",
      is_hers: true,
      prescription: expect.objectContaining({ sets: 3, reps: 12, restSeconds: 20 }),
    });
  });

  test("TPL-02: whoever wrote it submits it and cannot approve it; somebody else does", async () => {
    await press(/^Trimite spre aprobare/);
    await page.getByText("A fost trimis; îl aprobă altcineva.").waitFor();
    expect(await button(/^Aprobă/).count()).toBe(0);
    await press("Înapoi");
    await press("Ieșiți din cont");
    await button(/olga/).press("Enter");
    await button(/^Dora/).first().press("Enter");
    await press(/^Trimite înapoi/);
    await press("Continuă");
    await page.locator(".field.wrong").waitFor();
    await press("Renunță");
    await press(/^Aprobă/);
    await page.getByText("Este aprobat și poate fi prescris.").waitFor();
  });

  test("EXE-01: it is assigned for some weekdays; a day that is past, and none, are told at their field", async () => {
    await press("Prescrie");
    await page.locator(".field.wrong").getByText("Alegeți un plan aprobat.").waitFor();
    await page
      .getByLabel("Plan", { exact: true })
      .selectOption({ label: "Numai pentru Dora (numai al pacientului, versiunea 1)" });
    const today = await page.getByLabel("Din ce zi").inputValue();
    await page.getByLabel("Din ce zi").fill("2020-01-01");
    await press("Prescrie");
    await page.locator('[data-place="$.startsOn"] > .problem').waitFor();
    await page.getByLabel("Din ce zi").fill(today);
    for (const day of ["luni", "marți", "miercuri", "joi", "vineri", "sâmbătă", "duminică"])
      await page.getByLabel(day).uncheck();
    await press("Prescrie");
    await page.locator('[data-place="$.weekdays"] > .problem').waitFor();
    await lookAt(page, "treatment-assign");
    await page.getByLabel("luni").check();
    await press("Prescrie");
    await page.getByText("Planul este prescris.").waitFor();
    await page.getByRole("heading", { name: "Numai pentru Dora" }).first().waitFor();
    const [assigned] = await sql(
      `select enrolments.weekdays, enrolments.status from app_public.patient_treatment_plans as enrolments
       join app_public.treatment_plans as plans on plans.id = enrolments.treatment_plan_id where plans.name = 'Numai pentru Dora'`,
    );
    expect(assigned).toEqual({ weekdays: [1], status: "active" });
  });

  test("EXE-01: it is paused with a reason, which is asked for at its field", async () => {
    const own = page.getByRole("region", { name: "Numai pentru Dora" });
    await own.getByRole("button", { name: "Pune în pauză" }).press("Enter");
    await own.getByRole("button", { name: "Continuă" }).press("Enter");
    await own.locator(".field.wrong").waitFor();
    await own.getByLabel("Motivul").fill("Pleacă în concediu");
    await own.getByRole("button", { name: "Continuă" }).press("Enter");
    await own.getByText("În pauză").waitFor();
    await own.getByText("Motivul: Pleacă în concediu").waitFor();
  });

  test("TPL-01: another clinic's patient does not exist, as one that never was", async () => {
    const shown = async (patient: string) => {
      await page.goto("about:blank");
      await page.goto(`${clinic().api.url}/treatment#${patient}`);
      return await page.getByRole("heading").first().textContent();
    };
    const heading = page.getByRole("heading", { name: "Pacientul nu există." });
    await shown(await clinic().id("bogdan at boreal"));
    await heading.waitFor();
    await shown("0198c000-0000-7000-8000-000000000000");
    await heading.waitFor();
    await shown(await clinic().id("dora at atlas"));
    await page.getByRole("heading", { name: "Dora Popescu" }).waitFor();
  });

  test("FND-29: plans are shown in English too", async () => {
    await button("English").press("Enter");
    await page.getByText("What is shown here is information: the specialist decides.").waitFor();
    await lookAt(page, "treatment-english");
  });
}
