import type { Browser, BrowserContext, Page } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { Clinic } from "./clinic.ts";
import { lookAt, problemsOn } from "./looked_at.ts";

const item = { key: "pain", type: "text", label: { ro: "Ce vă doare?" } };

/** An automation that an administrator builds of nothing but the builder contract, tries, switches on, and watches. */
export function automationCases(browser: () => Browser, clinic: () => Clinic): void {
  let context: BrowserContext;
  let page: Page;
  let problems: string[];
  let template: string;

  beforeAll(async () => {
    template = await clinic().publish("dureri", { format: 1, title: { ro: "Dureri" }, items: [item] });
    await clinic().api.sql(
      "select tests.happens('patient.onboarded', p, clinic => 'atlas') from unnest('{ioana,vlad}'::text[]) p",
    );
    context = await browser().newContext({ locale: "ro-RO", viewport: { width: 360, height: 740 } });
    page = await context.newPage();
    problems = problemsOn(page);
  });
  afterAll(async () => {
    await context.close();
    expect(problems).toEqual([]);
  });

  const button = (name: string | RegExp) => page.getByRole("button", { name });
  const group = (name: string | RegExp) => page.getByRole("group", { name });
  const saved = () =>
    clinic().api.sql(
      `select automation_rules.name, automation_rules.event_name, automation_rules.is_enabled, automation_rules.version,
              versions.conditions, versions.actions, versions.most_per_day, versions.most_ever
       from app_public.automation_rules
       join app_public.automation_rule_versions as versions
         on versions.automation_rule_id = automation_rules.id and versions.version = automation_rules.version
       where removed_at is null and automation_rules.organization_id = tests.id('atlas') order by position`,
    );

  test("AUT-01: who may make automations finds none yet, and begins one of an event, a condition and two actions", async () => {
    await page.goto(`${clinic().api.url}/automations`);
    await button(/adrian/).click();
    await page.getByText("Nicio automatizare, deocamdată.").waitFor();
    await button("Automatizare nouă").click();
    await page.getByLabel("Nume", { exact: true }).fill("Bun venit");
    await page.getByLabel("Când se întâmplă").selectOption({ label: "Pacient nou" });
    await button("Adaugă o condiție").click();
    await page.getByLabel("Ce se compară", { exact: true }).selectOption({ label: "Vârsta" });
    await page.getByLabel("Cum se compară").selectOption({ label: "este cel puțin" });
    for (const [place, action] of ["Trimite un e-mail", "Cere un formular"].entries()) {
      await button("Adaugă o acțiune").click();
      await page.getByLabel("Ce se face").nth(place).selectOption({ label: action });
    }
    // Nothing of a visit can follow what is about a patient alone; the contract says what an event has.
    expect(await page.getByLabel("Ce se face").first().locator("option").count()).toBeGreaterThan(5);
  });

  test("AUT-02: what is wrong is told at each field that its path names, and nothing that was written is lost", async () => {
    await button("Salvează").click();
    await page.getByText("VALIDATION automation_not_valid").waitFor();
    await group(/Acțiunea 1/)
      .getByLabel("Titlu")
      .first()
      .and(page.locator("[aria-invalid=true]"))
      .waitFor();
    const wrong = page.locator("[aria-invalid=true]");
    // What the condition compares with, the title and the message in two languages, and the form.
    expect(await wrong.count()).toBe(6);
    expect(
      await group(/Acțiunea 2/)
        .getByLabel("Formular", { exact: true })
        .getAttribute("aria-invalid"),
    ).toBe("true");
    await page.locator(".part").getByText("Scrieți un număr.").waitFor();
    expect(await wrong.first().evaluate((one) => one === one.ownerDocument.activeElement)).toBe(true);
    await lookAt(page, "automation-refused");
    expect(await page.getByLabel("Nume", { exact: true }).inputValue()).toBe("Bun venit");
  });

  test("AUT-02: it is mended: with a name put into the text, and one that this channel does not know refused where it stands", async () => {
    await page.getByLabel("Cu ce se compară").fill("40");
    await button("Adaugă o condiție").click();
    const second = page.locator(".part").nth(1);
    await second.getByLabel("Ce se compară", { exact: true }).selectOption({ label: "Prenume" });
    await second.getByLabel("Cu ce se compară").fill("ioana");
    for (const language of ["În română", "În engleză"]) {
      const words = group(/Acțiunea 1/).getByRole("group", { name: language });
      await words.getByLabel("Titlu").fill("Bun venit");
      await words.getByLabel("Mesaj").fill("Bună, {{nume}}");
    }
    await group(/Acțiunea 2/)
      .getByLabel("Formular", { exact: true })
      .selectOption({ label: "dureri" });
    await button("Salvează").click();
    await page.getByText("Numele dintre {{ și }} nu este cunoscut pe această cale.").first().waitFor();
    expect(await page.locator("[aria-invalid=true]").count()).toBe(2);
    for (const language of ["În română", "În engleză"]) {
      const words = group(/Acțiunea 1/).getByRole("group", { name: language });
      await words.getByLabel("Mesaj").fill("Bună, ");
      await words.getByLabel("Adaugă în text…").nth(1).selectOption({ label: "numele pacientului" });
    }
    await group(/Acțiunea 2/)
      .getByRole("button", { name: "Adaugă: Cu cât mai târziu" })
      .click();
    await group(/Acțiunea 2/)
      .getByLabel("Zile")
      .fill("2");
    await button("Mută mai sus numărul 2").click();
    await group(/Acțiunea 1: Cere un formular/).waitFor();
    await page.getByLabel("Cel mult în total").fill("1");
    await button("Salvează").click();
    await page.getByText("Automatizarea a fost salvată: versiunea 1.").waitFor();
    const words = { title: "Bun venit", body: "Bună, {{patientName}}" };
    expect(await saved()).toEqual([
      {
        name: "Bun venit",
        event_name: "patient.onboarded",
        is_enabled: false,
        version: 1,
        conditions: {
          all: [
            { field: "profile.age", operator: "at_least", value: 40 },
            { field: "profile.given_name", operator: "is", value: "ioana" },
          ],
        },
        actions: [
          { action: "require_form", config: { templateId: template }, after: { days: 2 } },
          { action: "send_email", config: { words: { ro: words, en: words } } },
        ],
        most_per_day: 10,
        most_ever: 1,
      },
    ]);
  });

  test("AUT-03: the trial tells who would have got what, and why others would not, and does nothing", async () => {
    await page.getByLabel("Câte zile în urmă").fill("91");
    await button("Încearcă").click();
    await page.getByText("Între 1 și 90 de zile.").waitFor();
    await page.getByLabel("Câte zile în urmă").fill("7");
    await button("Încearcă").click();
    // Other people came to the clinic as well, by the tests of other pages.
    await page.getByText(/^\d+ (de )?evenimente; \d+ (de )?acțiuni s-ar fi făcut\.$/).waitFor();
    const told = page.getByRole("list", { name: "Încercare" }).getByRole("listitem");
    const lines = await told.allInnerTexts();
    expect(
      lines.filter((line) => /Vlad.*automatizarea nefăcut Condițiile nu sunt îndeplinite/i.test(line)),
    ).toHaveLength(1);
    expect(lines.filter((line) => /Ioana.*Trimite un e-mail făcut/i.test(line))).toHaveLength(1);
    expect(lines.filter((line) => /Ioana.*Cere un formular așteaptă până la/i.test(line))).toHaveLength(1);
    const [{ count }] = await clinic().api.sql("select count(*)::int from app_public.automation_executions");
    expect(count).toBe(0);
  });

  test("AUT-01, AUT-03: it is switched on, the event happens, and what became of each action is shown", async () => {
    await page.getByText("Încă nimic.").waitFor();
    await button("Pornește").click();
    await page.getByText("Automatizarea este pornită.").waitFor();
    await clinic().api.sql(
      "select tests.happens('patient.onboarded', p, clinic => 'atlas') from unnest('{ioana,vlad}'::text[]) p",
    );
    await clinic().api.sql("select tests.automations_follow()");
    await button("Verifică din nou").click();
    const did = page.getByRole("list", { name: "Ce a făcut de curând" });
    await did.getByText("Condițiile nu sunt îndeplinite").waitFor();
    const lines = await did.getByRole("listitem").allInnerTexts();
    expect(lines).toHaveLength(3);
    expect(lines.filter((line) => /Ioana.*Trimite un e-mail făcut/i.test(line))).toHaveLength(1);
    expect(lines.filter((line) => /Ioana.*Cere un formular așteaptă/i.test(line))).toHaveLength(1);
    await lookAt(page, "automation");
    await page.getByLabel("Nume", { exact: true }).fill("Bun venit la noi");
    await page.getByText("Schimbările nu sunt încă salvate.").waitFor();
    await page.getByLabel("Cel mult într-o zi").fill("3");
    await button("Salvează").click();
    await page.getByText("Automatizarea a fost salvată: versiunea 2.").waitFor();
    await clinic().api.sql("select tests.happens('patient.onboarded', 'ioana', clinic => 'atlas')");
    await clinic().api.sql("select tests.automations_follow()");
    await button("Oprește").click();
    await page.getByText("Automatizarea este oprită.").waitFor();
    await button("Înapoi la automatizări").click();
    await button(/^Bun venit la noi Pacient nou · oprită · versiunea 2/).waitFor();
    await page
      .getByRole("list", { name: "Ce a făcut de curând" })
      .getByText("S-a făcut deja de câte ori este permis")
      .waitFor();
    await lookAt(page, "automations");
  });

  test("AUT-02: an action that the page never heard of is on it, by its row alone; by keyboard it is scheduled, saved and removed", async () => {
    await clinic().api.sql(
      `insert into app_private.automation_actions
         (code, label_ro, label_en, description_ro, description_en, needs, act_function, config_schema)
       values ('paint', 'Vopsește', 'Paint', 'Vopsește un perete.', 'Paints a wall.', '{}', 'act_block_booking', $1)`,
      [
        JSON.stringify({
          type: "object",
          required: ["colour", "walls"],
          "x-order": ["colour", "shade", "walls", "on"],
          properties: {
            colour: {
              ...{ type: "string", enum: ["red", "grey"], title: "Colour", "x-title-ro": "Culoare" },
              "x-labels": { red: { en: "Red", ro: "Roșu" }, grey: { en: "Grey", ro: "Gri" } },
            },
            shade: {
              ...{ type: "integer", minimum: 1, maximum: 9, title: "Shade", "x-title-ro": "Nuanță" },
              "x-when": { colour: ["grey"] },
            },
            walls: {
              ...{ type: "array", minItems: 1, title: "Walls", "x-title-ro": "Pereți" },
              items: { type: "string", minLength: 1, title: "Wall", "x-title-ro": "Perete" },
            },
            on: { type: "string", format: "date", title: "On", "x-title-ro": "În ziua" },
          },
        }),
      ],
    );
    await page.reload();
    await button("Automatizare nouă").press("Enter");
    await page.getByLabel("Nume", { exact: true }).focus();
    await page.keyboard.type("Vopsitorie");
    await button("Adaugă o acțiune").press("Enter");
    const choose = async (label: string, option: string) => {
      const select = page.getByLabel(label, { exact: true }).last();
      await select.focus();
      await page.keyboard.press("Home");
      for (let i = 0; i < 40 && (await select.locator("option:checked").innerText()) !== option; i++)
        await page.keyboard.press("ArrowDown");
    };
    await choose("Ce se face", "Programează o acțiune");
    await choose("Acțiune", "Vopsește");
    await choose("Culoare", "Gri");
    await page.getByLabel("Nuanță").focus();
    await page.keyboard.type("4");
    await button("Adaugă încă una").press("Enter");
    await page.getByLabel("Perete", { exact: true }).focus();
    await page.keyboard.type("nord");
    await page.getByLabel("Zile").first().focus();
    await page.keyboard.type("3");
    await button("Salvează").press("Enter");
    await page.getByText("Automatizarea a fost salvată: versiunea 1.").waitFor();
    const [, painted] = await saved();
    expect(painted?.actions).toEqual([
      {
        action: "schedule_action",
        config: {
          action: "paint",
          config: { colour: "grey", shade: 4, walls: ["nord"] },
          after: { days: 3 },
        },
      },
    ]);
    await choose("Culoare", "Roșu");
    expect(await page.getByLabel("Nuanță").count()).toBe(0);
    await button("Elimină automatizarea").press("Enter");
    await button("Mai apăsați o dată").press("Enter");
    await button(/^Bun venit la noi/).waitFor();
    expect(await saved()).toHaveLength(1);
    await clinic().api.sql("delete from app_private.automation_actions where code = 'paint'");
  });
}
