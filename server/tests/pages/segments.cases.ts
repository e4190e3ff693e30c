import type { Browser, BrowserContext, Page } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { Clinic } from "./clinic.ts";
import { lookAt, problemsOn } from "./looked_at.ts";

/** A segment that an administrator builds from nothing, with what the builder contract offers. */
export function segmentCases(browser: () => Browser, clinic: () => Clinic): void {
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

  const segments = () =>
    clinic().api.sql(
      "select name, version, rule from app_public.segments where deleted_at is null order by name",
    );

  test("SEG-05: whoever may make segments finds none yet, and begins one with every patient in it", async () => {
    await page.goto(`${clinic().api.url}/segments`);
    await page.getByRole("button", { name: /adrian/ }).click();
    await page.getByText("Niciun segment, deocamdată.").waitFor();
    await lookAt(page, "segments");
    await page.getByRole("button", { name: "Segment nou" }).click();
    await page.getByRole("button", { name: "Elimină" }).click();
    await page.getByText("Fără nicio condiție: toți pacienții.").waitFor();
    const [{ count }] = await clinic().api.sql(
      "select count(*)::int from app_public.patients where organization_id = tests.id('atlas') and deleted_at is null",
    );
    await page.getByText(new RegExp(`^${count} (de )?pacienți acum$`)).waitFor();
  });

  test("SEG-04, SEG-05: conditions are added, wrong ones are marked where they stand, and who is in it is counted as they change", async () => {
    await page.getByLabel("Nume", { exact: true }).fill("Ioana, cel puțin 40 de ani");
    await page.getByRole("button", { name: "Adaugă o condiție" }).click();
    await page.getByLabel("Ce se compară", { exact: true }).selectOption({ label: "Vârsta" });
    await page.getByLabel("Cum se compară").selectOption({ label: "este cel puțin" });
    await page.getByText("Completați ce este marcat").waitFor();
    await page.getByText("Scrieți un număr.").waitFor();
    await page.getByLabel("Cu ce se compară").fill("40");
    await page.getByRole("button", { name: "Adaugă o condiție" }).click();
    const second = page.locator(".part").nth(1);
    await second.getByLabel("Ce se compară", { exact: true }).selectOption({ label: "Prenume" });
    await second.getByLabel("Cu ce se compară").fill("IOANA");
    await page.getByText("Un pacient acum", { exact: true }).waitFor();
    await page.getByRole("button", { name: /De ce este inclus: Ioana/i }).click();
    await page.locator(".explanation").getByText("Prenume este IOANA").waitFor();
    expect(await page.locator(".explanation .state.granted").count()).toBe(3);
    await lookAt(page, "segment");
  });

  test("SEG-01: it is saved as it was built, opened again, and its next rule is a next version", async () => {
    await page.getByRole("button", { name: "Salvează" }).click();
    await page.getByText("Segmentul a fost salvat.").waitFor();
    expect(await segments()).toEqual([
      {
        name: "Ioana, cel puțin 40 de ani",
        version: 1,
        rule: {
          all: [
            { field: "profile.age", operator: "at_least", value: 40 },
            { field: "profile.given_name", operator: "is", value: "IOANA" },
          ],
        },
      },
    ]);
    await page.getByRole("button", { name: /^Ioana, cel puțin/ }).click();
    await page.getByRole("button", { name: "Adaugă o numărătoare" }).click();
    const counting = page.locator(".counting");
    await counting.getByLabel("Din ce perioadă").selectOption({ label: "în ultimele zile" });
    await page.getByText(/pacient acum|pacienți acum/).waitFor();
    await page.getByRole("button", { name: "Salvează" }).click();
    await page.getByText("Segmentul a fost salvat.").waitFor();
    const [saved] = await segments();
    expect(saved?.version).toBe(2);
    expect(saved?.rule.all[2]).toEqual({
      count: { of: expect.any(String), within: { days: 30 } },
      operator: expect.any(String),
      value: 1,
    });
  });

  test("SEG-01: who saves over what a colleague saved meanwhile is told, loses nothing, and finds the colleague's on opening it again", async () => {
    await page.getByRole("button", { name: /^Ioana, cel puțin/ }).click();
    await clinic().api.sql("update app_public.segments set name = 'Ioana de la patruzeci'");
    await page.getByLabel("Nume", { exact: true }).fill("Ioana mea");
    await page.getByRole("button", { name: "Salvează" }).click();
    await page.getByText("CONFLICT changed_meanwhile").waitFor();
    expect(await page.getByLabel("Nume", { exact: true }).inputValue()).toBe("Ioana mea");
    await page.getByRole("button", { name: "Înapoi la segmente" }).click();
    await page.getByRole("button", { name: /^Ioana de la patruzeci/ }).click();
    await page.getByLabel("Nume", { exact: true }).fill("Ioana, cel puțin 40 de ani");
    await page.getByRole("button", { name: "Salvează" }).click();
    await page.getByText("Segmentul a fost salvat.").waitFor();
  });

  test("SEG-05: by keyboard alone a segment is made of those who are not in another one; then both go, the named one last", async () => {
    await page.getByRole("button", { name: "Segment nou" }).focus();
    await page.keyboard.press("Enter");
    await page.getByLabel("Nume", { exact: true }).focus();
    await page.keyboard.type("Ceilalți");
    await page.getByRole("button", { name: "Elimină" }).press("Enter");
    await page.getByRole("button", { name: "Adaugă un segment" }).press("Enter");
    await page.getByLabel("nu este adevărat că…").press("Space");
    await page.getByRole("button", { name: "Salvează" }).press("Enter");
    await page.getByText("Segmentul a fost salvat.").waitFor();
    const [others] = await segments();
    expect(others?.rule).toEqual({ all: [{ not: { segment: expect.any(String) } }] });

    const remove = async (name: RegExp) => {
      await page.getByRole("button", { name }).press("Enter");
      await page.getByRole("button", { name: "Elimină segmentul" }).press("Enter");
      await page.getByRole("button", { name: "Mai apăsați o dată" }).press("Enter");
    };
    await remove(/^Ioana, cel puțin/);
    await page.getByText("CONFLICT segment_is_named").waitFor();
    await page.getByRole("button", { name: "Înapoi la segmente" }).press("Enter");
    await remove(/^Ceilalți/);
    await page.getByText("Segmentul a fost salvat.").waitFor();
    await remove(/^Ioana, cel puțin/);
    await page.getByText("Niciun segment, deocamdată.").waitFor();
  });
}
