import type { Browser, BrowserContext, Page } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { picturesIn, render } from "../../../pdf/index.ts";
import { textOf } from "../../../pdf/tests/read_pdf.ts";
import { s3Store } from "../../../providers/storage/s3.ts";
import { encodePng } from "../../files/pictures/encode_png.ts";
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
    await page.getByRole("dialog").getByLabel("Câmp", { exact: true }).selectOption({ label: field });
    await page.getByRole("button", { name: "Inserează", exact: true }).press("Enter");
    // Whoever types next types there again.
    await page.getByRole("textbox", { name: text, exact: true }).last().and(page.locator(":focus")).waitFor();
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
    await add("Imagine");
    const buffer = Buffer.from(encodePng({ width: 8, height: 8, rgba: Buffer.alloc(256, 200) }));
    const picture = { name: "sigla.png", mimeType: "image/png", buffer };
    await page.getByLabel("Aduceți altă imagine").setInputFiles(picture);
    await page.getByLabel("Imagine", { exact: true }).getByText("sigla.png").waitFor({ state: "attached" });
    await ready();
    await preview().getByText("Recuperare la Clinica Atlas").waitFor({ state: "attached" });
    await page.getByRole("button", { name: "Salvează ca versiune nouă" }).press("Enter");
    await page.getByText("Salvat.").waitFor();
    await page.getByRole("button", { name: "Înapoi la șabloane" }).press("Enter");
    await page.getByRole("button", { name: /Antetul nostru/ }).waitFor();
  });

  test("DOC-01: by keyboard alone a report is made from nothing; what is refused is marked at its block and property, and mended", async () => {
    await begin("raport");
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
    await lookAt(page, "document-problems");
    await page.getByRole("button", { name: /^Spațiu: Prea mic/ }).press("Enter");
    expect(await page.evaluate("document.activeElement.id")).toBe(await height.getAttribute("id"));
    await page.keyboard.press("Control+a");
    await page.keyboard.type("8");
    await ready();
    await page.getByRole("button", { name: "Salvează ciorna" }).press("Enter");
    await page.getByText("$.title").waitFor();
    await page.getByRole("button", { name: /^Titlu: Completați/ }).press("Enter");
    await page.keyboard.type("Raport de probă");

    await add("Titlu");
    await page.getByRole("textbox", { name: "Cuvinte" }).focus();
    await page.keyboard.type("Fișa lui ");
    await insert("Cuvinte", "Numele pacientului");
    await page.keyboard.type(", pe scurt");
    await page.keyboard.press("Control+a");
    await page.keyboard.press("Control+i");
    await ready();
    await preview().getByText("Fișa lui Ștefania Mureșan, pe scurt").waitFor({ state: "attached" });
    await page.getByRole("button", { name: "Salvează ciorna" }).press("Enter");
    await page.getByText("Salvat.").waitFor();
    expect((await saved("Raport de probă")).blocks).toEqual([
      { type: "spacer", id: "spacer_1", height: 8 },
      {
        type: "heading",
        id: "heading_1",
        level: 2,
        content: [
          { text: "Fișa lui ", italic: true },
          { field: "patient.name", italic: true },
          { text: ", pe scurt", italic: true },
        ],
      },
    ]);
  });

  test("DOC-01: blocks are moved and nested, by buttons and by keys; going back loses nothing", async () => {
    await page.getByRole("button", { name: /^Titlu: Fișa lui/ }).press("Alt+ArrowUp");
    await page.getByText("Titlu: acum al 1-lea din 2").waitFor({ state: "attached" });
    expect(await page.evaluate("document.activeElement.textContent")).toContain("Fișa lui");
    await add("Condiție");
    await page.getByLabel("Câmp", { exact: true }).selectOption({ label: "E-mailul pacientului" });
    await add("Text", "Ce apare atunci");
    await page.getByRole("textbox", { name: "Paragraf" }).focus();
    await page.keyboard.type("Scrieți la ");
    await insert("Paragraf", "E-mailul pacientului");
    await page
      .getByRole("button", { name: /^Condiție/ })
      .first()
      .press("Enter");
    const spacer = page.getByRole("button", { name: "Mai jos: Spațiu" });
    await spacer.press("Enter");
    expect(await page.evaluate("document.activeElement.id")).toBe("down-spacer_1");
    const card = page.locator(".block", { has: spacer });
    await card.getByLabel("Mută în altă parte").selectOption({ index: 1 });
    await page.getByText("Mutat în: Condiție").waitFor({ state: "attached" });
    await page.getByRole("button", { name: "Înapoi la șabloane" }).press("Enter");
    await page.getByRole("button", { name: /^Raport de probă.*ciornă, nepublicată/ }).press("Enter");
    await page.getByText("Ați mai scris aici fără să salvați").waitFor();
    await ready();
    await page
      .getByRole("button", { name: /^Condiție/ })
      .first()
      .press("Enter");
    await page.getByRole("button", { name: /^Text: Scrieți la \[E-mailul/ }).waitFor();
  });

  test("DOC-01: it is published with the letterhead as that is, and a document issued from it says the same for ever", async () => {
    await add("Antet");
    await page.getByLabel("Antetul", { exact: true }).last().selectOption({ label: "Antetul nostru" });
    await page.locator("summary", { hasText: "Pagina" }).press("Enter");
    await page.getByLabel("Hârtie").selectOption({ label: "A5" });
    await ready();
    await preview().getByText("Recuperare la Clinica Atlas").waitFor({ state: "attached" });
    await lookAt(page, "document");
    await page.getByRole("button", { name: "Salvează și publică" }).press("Enter");
    await page.getByText("Versiunea 1 este publicată").waitFor();
    const template = await saved("Raport de probă");
    expect([template.version, template.published, template.layout_config]).toEqual([
      1,
      true,
      { paper: "A5" },
    ]);
    expect(template.blocks.map(({ type }: { type: string }) => type)).toEqual([
      "heading",
      "condition",
      "letterhead",
    ]);
    expect(template.blocks[1].blocks.map(({ type }: { type: string }) => type)).toEqual(["text", "spacer"]);

    await page.getByRole("button", { name: "Înapoi la șabloane" }).press("Enter");
    await page.getByRole("button", { name: /^Raport de probă.*publicat · versiunea 1/ }).waitFor();
    await clinic().api.sql(
      "update app_public.pdf_template_components set editor_state = jsonb_set(editor_state, '{blocks,0,paragraphs,0,0,text}', '\"Altundeva, \"')",
    );
    await page.reload();
    await page.getByRole("button", { name: /^Raport de probă.*o parte comună este mai nouă/ }).waitFor();

    const pdf = await issued(template.id);
    expect(pdf).toContain("Recuperare la Atlas");
    expect(pdf).toContain("Fișa lui Ioana Popescu, pe scurt");
    expect(pdf).toContain("Scrieți la ioana@people.test");
  });

  test("DOC-01: the draft is shown with the data of an appointment that the reader may see, and that reading is recorded", async () => {
    await page.getByRole("button", { name: /^Raport de probă/ }).press("Enter");
    await ready();
    await page.getByRole("button", { name: "Arată cu datele unei programări…" }).press("Enter");
    const shown = page.getByLabel("Cu ce date");
    const visit = await shown.locator("option", { hasText: "Ioana Popescu" }).first().getAttribute("value");
    await shown.selectOption(visit);
    await preview().getByText("Cu datele alese.").waitFor();
    await preview().getByText("Fișa lui Ioana Popescu, pe scurt").waitFor({ state: "attached" });
    const reads = await clinic().api.sql(
      "select from audit.entries where action = 'read' and new ->> 'what' = 'document preview' and row_key = $1",
      [visit],
    );
    expect(reads).toHaveLength(1);
    await shown.selectOption("");
    await ready();
    await page.getByRole("button", { name: "Înapoi la șabloane" }).press("Enter");
  });

  test("DOC-01: who saves over what a colleague saved meanwhile is told; what was written stays until it is given up", async () => {
    const title = page.getByLabel("Titlu", { exact: true });
    const save = page.getByRole("button", { name: "Salvează ciorna" });
    await page.getByRole("button", { name: /^Raport de probă/ }).press("Enter");
    await clinic().api.sql(
      "update app_public.pdf_templates set title = 'Raport, spune Flavia' where title = 'Raport de probă'",
    );
    await title.fill("Raport al meu");
    await save.press("Enter");
    await page.getByText("CONFLICT changed_meanwhile").waitFor();
    await page.getByRole("button", { name: "Înapoi la șabloane" }).press("Enter");
    await page.getByRole("button", { name: /^Raport, spune Flavia/ }).press("Enter");
    expect(await title.inputValue()).toBe("Raport al meu");
    await save.press("Enter");
    await page.getByText("CONFLICT changed_meanwhile").waitFor();
    await page.getByRole("button", { name: "Înapoi la ce este salvat" }).press("Enter");
    expect(await title.inputValue()).toBe("Raport, spune Flavia");
    await title.fill("Raport de probă");
    await save.press("Enter");
    await page.getByText("Salvat.").waitFor();
    await page.getByRole("button", { name: "Înapoi la șabloane" }).press("Enter");
    await page.getByRole("button", { name: /^Raport de probă/ }).waitFor();
  });

  /** The words of a document that staff issue of the template, for an appointment. */
  async function issued(template: string): Promise<string> {
    const { api, ask, id } = clinic();
    await api.sql(
      `select tests.specialist('stan', clinic => 'atlas'), tests.calendar('fișe', '{stan}', clinic => 'atlas');
       select tests.appointment('vizita fișei', 'ioana', 'fișe', 'stan', now() - interval '3 days')`,
    );
    const draft = `mutation ($visit: UUID!, $template: UUID!) {
      draftDocument(input: { appointmentId: $visit, templateId: $template }) { appointmentDocument { id } } }`;
    const { draftDocument } = await ask("adrian", draft, { visit: await id("vizita fișei"), template });
    const document = draftDocument.appointmentDocument.id;
    const issue =
      "mutation ($document: UUID!) { issueDocument(input: { documentId: $document }) { appointmentDocument { id } } }";
    await ask("adrian", issue, { document });
    const [{ input }] = await api.sql(
      "select input from app_private.document_inputs where document_id = $1",
      [document],
    );
    const store = s3Store(api.config.storage);
    try {
      const { bytes } = await render(input, await picturesIn(input, store));
      return (await textOf(bytes)).join("\n");
    } finally {
      store.close();
    }
  }
}
