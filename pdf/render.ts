import { Document, Page, pdf, Text, View } from "@react-pdf/renderer";
import { cloneElement, createElement as h, type ReactElement } from "react";
import type { Block } from "./block_schemas.ts";
import { drawn } from "./blocks/index.ts";
import type { DocumentInput, Pictures } from "./input.ts";
import { Budget, type Context, type Drawn, MM } from "./theme/context.ts";
import { families, openFonts, registerFonts } from "./theme/fonts.ts";
import { clean } from "./values/clean.ts";
import { wordsOf } from "./words.ts";

registerFonts();

/** The sides of a sheet in points. */
const papers = { A4: [595.28, 841.89], A5: [419.53, 595.28], Letter: [612, 792] } as const;

/**
 * The bytes of a document: the same for the same input, on every day and in every time zone, since nothing is read but the input
 * and the pictures (DOC-02). Letterhead and footer stand on every page, which keeps their room free; the pages are counted by
 * the new pagination of react-pdf, whose work grows with the length of a document and not with its square.
 */
export async function renderDocument(
  input: DocumentInput,
  pictures: Pictures,
): Promise<{ bytes: Buffer; pages: number }> {
  openFonts();
  const { document, layout } = input;
  const [short, long] = papers[layout.paper];
  const size: [number, number] = layout.orientation === "portrait" ? [short, long] : [long, short];
  const { top, right, bottom, left } = layout.margins;
  const words = wordsOf(document.locale);
  const context: Context = {
    input,
    pictures,
    words,
    writing: { locale: document.locale, timezone: document.timezone, words },
    scope: { data: input.data },
    width: size[0] - (left + right) * MM,
    budget: new Budget(),
    inside,
  };
  const body = inside(input.blocks, context, "body");
  const page = h(
    Page,
    {
      size,
      layout: ({ pageNumber = 1, totalPages, children }) =>
        chrome({ number: pageNumber, count: totalPages ?? 0 }, children, context),
      style: {
        fontFamily: families,
        fontSize: layout.font_size,
        color: "#1b1f24",
        paddingTop: top * MM,
        paddingRight: right * MM,
        paddingBottom: bottom * MM,
        paddingLeft: left * MM,
      },
    },
    body,
  );
  let pages = 0;
  const whole = h(
    Document,
    {
      title: clean(document.title),
      language: document.locale,
      author: clean(String((input.data.clinic as { name?: unknown } | undefined)?.name ?? "")),
      creator: "RestartiX",
      producer: "RestartiX",
      creationDate: new Date(document.issuedAt),
      pdfVersion: "1.7",
      onRender: (rendered: { _INTERNAL__LAYOUT__DATA_?: { children: unknown[] } }) => {
        pages = rendered._INTERNAL__LAYOUT__DATA_?.children.length ?? 0;
      },
    } as object,
    page,
  );
  const chunks: Buffer[] = [];
  for await (const chunk of await pdf(whole).toBuffer()) chunks.push(Buffer.from(chunk));
  return { bytes: Buffer.concat(chunks), pages };
}

/** Blocks as the elements of a page, in their order. */
function inside(blocks: Block[], context: Context, key: string): ReactElement[] {
  return blocks.flatMap((block, place) => {
    context.budget.take(0);
    const one = (drawn[block.type] as Drawn<Block["type"]>)(block as never, context) ?? [];
    const named = (element: ReactElement, part: number) => `${key}.${place}.${part}.${element.key}`;
    return [one].flat().map((element, part) => cloneElement(element, { key: named(element, part) }));
  });
}

/** What stands on every page, around what flows through them. */
function chrome(page: { number: number; count: number }, flowing: unknown, context: Context): ReactElement {
  const around = { ...context, scope: { ...context.scope, page }, budget: new Budget() };
  const { letterhead, footer, layout } = context.input;
  return h(View, { style: { flexGrow: 1 } }, [
    h(View, { key: "head", style: { marginBottom: 6 } }, inside(letterhead?.blocks ?? [], around, "head")),
    h(View, { key: "body", style: { flexGrow: 1 } }, flowing as ReactElement),
    h(View, { key: "foot", style: { marginTop: 6 } }, [
      ...inside(footer?.blocks ?? [], around, "foot"),
      ...(JSON.stringify(footer).includes('"page.number"')
        ? []
        : [
            h(
              Text,
              { key: "page", style: { fontSize: Math.min(layout.font_size, 8), textAlign: "right" } },
              context.words.page(page.number, page.count),
            ),
          ]),
    ]),
  ]);
}
