import type { Browser, BrowserContext, Page } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { Clinic } from "./clinic.ts";
import { problemsOn } from "./looked_at.ts";

/** Automations that several people edit: what a colleague does meanwhile is not overwritten unseen, and their order is one. */
export function sharedAutomationCases(browser: () => Browser, clinic: () => Clinic): void {
  let context: BrowserContext;
  let page: Page;
  let problems: string[];
  const names = ["Întâi", "Apoi", "La urmă"];

  beforeAll(async () => {
    context = await browser().newContext({ locale: "ro-RO", viewport: { width: 360, height: 740 } });
    page = await context.newPage();
    problems = problemsOn(page);
  });
  afterAll(async () => {
    await context.close();
    expect(problems).toEqual([]);
  });

  const button = (name: string | RegExp) => page.getByRole("button", { name });
  const removed = (which: string) =>
    clinic().api.sql(
      `update app_public.automation_rules set removed_at = now(), is_enabled = false, position = null
       where removed_at is null and ${which}`,
    );
  const order = async () =>
    (
      await clinic().api.sql(
        "select name from app_public.automation_rules where organization_id = tests.id('atlas') and removed_at is null order by position",
      )
    ).map(({ name }) => name);
  const focused = () =>
    page.evaluate("document.activeElement.ariaLabel ?? document.activeElement.textContent");

  test("AUT-01: the order in which they begin is changed by pressing and by keys, and the focus goes with what is moved", async () => {
    const { api, ask, id } = clinic();
    await removed("organization_id = tests.id('atlas')");
    const words = { title: "Bun venit", body: "Bună" };
    for (const name of names)
      await ask(
        "adrian",
        `mutation ($clinic: UUID!, $name: String!, $actions: JSON!) {
          createAutomation(input: { organizationId: $clinic, name: $name, eventName: "patient.onboarded", actions: $actions }) {
            automationRule { id } } }`,
        {
          clinic: await id("atlas"),
          name,
          actions: [{ action: "send_email", config: { words: { ro: words, en: words } } }],
        },
      );
    await page.goto(`${api.url}/automations`);
    await button(/adrian/).click();
    await button(/^Întâi/).waitFor();
    expect(await order()).toEqual(names);
    await button("Mută mai jos: Întâi").click();
    await page.getByText("Întâi: acum pe locul 2 din 3").waitFor({ state: "attached" });
    expect(await order()).toEqual(["Apoi", "Întâi", "La urmă"]);
    expect(await focused()).toBe("Mută mai jos: Întâi");
    await page.keyboard.press("Enter");
    await page.getByText("Întâi: acum pe locul 3 din 3").waitFor({ state: "attached" });
    // There is nothing to press there any more: its name has the focus, and is moved by keys.
    expect(await focused()).toContain("Întâi");
    await page.keyboard.press("Alt+ArrowUp");
    await page.getByText("Întâi: acum pe locul 2 din 3").waitFor({ state: "attached" });
    await page.keyboard.press("Alt+ArrowUp");
    await page.getByText("Întâi: acum pe locul 1 din 3").waitFor({ state: "attached" });
    await page.keyboard.press("Alt+ArrowUp");
    expect(await order()).toEqual(names);
    expect(await focused()).toContain("Întâi");
  });

  test("AUT-01: where a colleague has removed one meanwhile, nothing is moved and the list is read again", async () => {
    await removed("name = 'La urmă'");
    await button("Mută mai jos: Întâi").click();
    await page.getByText("CONFLICT automations_have_changed").waitFor();
    expect(await button(/^La urmă/).count()).toBe(0);
    expect(await order()).toEqual(["Întâi", "Apoi"]);
  });

  test("AUT-01: who saves over what a colleague saved meanwhile is told, also after switching it on; nothing that was written is lost", async () => {
    await button(/^Apoi/).click();
    await clinic().api.sql(
      "update app_public.automation_rules set name = 'Apoi, spune Flavia' where name = 'Apoi' and removed_at is null",
    );
    await button("Oprește").click();
    await page.getByText("Automatizarea este oprită.").waitFor();
    await page.getByLabel("Nume", { exact: true }).fill("Apoi, spun eu");
    await button("Salvează").click();
    await page.getByText("CONFLICT changed_meanwhile").waitFor();
    expect(await page.getByLabel("Nume", { exact: true }).inputValue()).toBe("Apoi, spun eu");
    await button("Înapoi la automatizări").click();
    await button(/^Apoi, spune Flavia/).click();
    await page.getByLabel("Nume", { exact: true }).fill("Apoi, spunem amândoi");
    await button("Salvează").click();
    await page.getByText("Automatizarea a fost salvată: versiunea 1.").waitFor();
    expect(await order()).toEqual(["Întâi", "Apoi, spunem amândoi"]);
  });
}
