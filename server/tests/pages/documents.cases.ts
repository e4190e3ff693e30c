import type { Browser, BrowserContext, Page } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { render } from "../../../pdf/index.ts";
import { textOf } from "../../../pdf/tests/read_pdf.ts";
import type { Clinic } from "./clinic.ts";
import { lookAt, problemsOn } from "./looked_at.ts";

/** A letterhead and a report that an administrator makes from nothing, with what the builder contract offers. */
export function documentCases(browser: () => Browser, clinic: () => Clinic): void {
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

  const preview = () => page.getByRole("region", { name: "Cum arată" });
  const ready = () => preview().getByText("Cu date de exemplu.").waitFor();
  const begin = async (kind: string) => {
    await page.getByLabel("Ce se începe").selectOption({ label: kind });
    await page.getByRole("button", { name: "Începe" }).press("Enter");
  };
  const add = async (block: string, list = "Conținut") => {
    const blocks = page.getByRole("region", { name: list, exact: true });
    await blocks.getByLabel("Ce bloc se adaugă").last().selectOption({ label: block });
    await blocks.getByRole("button", { name: "Adaugă blocul" }).last().press("Enter");
  };
  const insert = async (text: string, field: string) => {
    await page.getByRole("textbox", { name: text, exact: true }).last().press("End");
    await page.getByRole("button", { name: "Inserează un câmp…" }).last().press("Enter");
    await page.getByLabel("Câmp", { exact: true }).selectOption({ label: field });
    await page.getByRole("button", { name: "Inserează", exact: true }).press("Enter");
  };
  const saved = async (title: string) =>
    (
      await clinic().api.sql(
        `select id, editor_state -> 'blocks' as blocks, layout_config, version, published
         from app_public.pdf_templates where title = $1`,
        [title],
      )
    )[0];

  test("DOC-01: whoever may make templates finds none, and makes a letterhead with a picture of the clinic", async () => {
    await page.goto(`${clinic().api.url}/documents`);
    await page.getByRole("button", { name: /adrian/ }).click();
    await page.getByText("Niciunul, deocamdată.").first().waitFor();
    await lookAt(page, "documents");
    await begin("antet");
    await page.getByLabel("Titlu", { exact: true }).fill("Antetul nostru");
    await add("Text");
    await page.getByRole("textbox", { name: "Paragraf", exact: true }).fill("Recuperare la ");
    await insert("Paragraf", "Numele clinicii");
    await ready();
    await preview().getByText("Recuperare la Clinica Atlas").waitFor({ state: "attached" });
    await page.getByRole("button", { name: "Salvează ca versiune nouă" }).press("Enter");
    await page.getByText("Salvat.").waitFor();
    await page.getByRole("button", { name: "Înapoi la șabloane" }).press("Enter");
    await page.getByRole("button", { name: /Antetul nostru/ }).waitFor();
  });

  test("DOC-01: by keyboard alone a report is made from nothing; what is refused is marked at its block and property, and mended", async () => {
    await begin("raport");
    await page.getByLabel("Titlu", { exact: true }).press("Control+a");
    await page.keyboard.type("Raport de probă");
    await add("Spațiu");
    await page.getByLabel("Înălțime (mm)").press("Control+a");
    await page.keyboard.type("900");
    await preview().getByText("Se desenează din nou după ce îndreptați").waitFor();
    await page.getByRole("button", { name: "Salvează ciorna" }).press("Enter");
    await page.getByText("VALIDATION content_not_valid").waitFor();
    const height = page.getByLabel("Înălțime (mm)");
    expect(await height.getAttribute("aria-invalid")).toBe("true");
    await page.locator(".field.wrong").getByText("cel mult 100").waitFor();
    await page.getByText("$.blocks[0].height").waitFor();
    await page.getByRole("button", { name: /^Spațiu: Prea mic/ }).press("Enter");
    expect(await height.evaluate("(one) => one === document.activeElement")).toBe(true);
    await page.keyboard.press("Control+a");
    await page.keyboard.type("8");
    await ready();

    await add("Titlu");
    await page.getByRole("textbox", { name: "Cuvinte" }).focus();
    await page.keyboard.type("Fișa lui ");
    await insert("Cuvinte", "Numele pacientului");
    await page.keyboard.type(", pe scurt");
    await ready();
    await preview().getByText("Fișa lui Ștefania Mureșan, pe scurt").waitFor({ state: "attached" });
    await lookAt(page, "document");
  });

  test("DOC-01: blocks are moved and nested, by buttons and by keys; going back loses nothing", async () => {
    await page.getByRole("button", { name: /^Titlu: Fișa lui/ }).press("Alt+ArrowUp");
    await page.getByText("Titlu: acum al 1-lea din 2").waitFor({ state: "attached" });
    const focused = () => page.evaluate("document.activeElement.textContent");
    expect(await focused()).toContain("Fișa lui");
    await add("Coloane");
    await add("Condiție", "În coloană");
    await page.getByLabel("Câmp", { exact: true }).selectOption({ label: "E-mailul pacientului" });
    await page.getByRole("button", { name: /^Mută mai jos: Titlu/ }).press("Enter");
    await page.getByLabel("Mută în altă parte").first().selectOption({ label: /Ce apare atunci/ as never });
    await page.getByRole("button", { name: "Înapoi la șabloane" }).press("Enter");
    await begin("raport");
    await page.getByText("Ați mai scris aici fără să salvați").waitFor();
    await ready();
  });
}
