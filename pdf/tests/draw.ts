/**
 * `npm run pictures:documents`: the examples of an input, each page as a picture in
 * docs/pictures/documents.
 */
import { mkdirSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { renderDocument } from "../render.ts";
import { example, picturesFor } from "./examples.ts";
import { picturesOfPages } from "./read_pdf.ts";

const folder = fileURLToPath(new URL("../../docs/pictures/documents/", import.meta.url));
mkdirSync(folder, { recursive: true });
for (const [name, title] of [
  ["example_input", "report"],
  ["example_form_input", "signed-form"],
] as const) {
  const input = example(name);
  const { bytes } = await renderDocument(input, picturesFor(input));
  for (const [place, picture] of (await picturesOfPages(bytes)).entries())
    writeFileSync(`${folder}${title}-${place + 1}.png`, picture);
}
