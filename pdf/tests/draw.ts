/**
 * `npm run pictures:documents`: the examples of an input and a document with every type of block, each page as a picture in
 * docs/pictures/documents.
 */
import { mkdirSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { renderDocument } from "../render.ts";
import { everyBlock, flag } from "./every_block.ts";
import { example, picturesFor } from "./examples.ts";
import { picturesOfPages } from "./read_pdf.ts";

const folder = fileURLToPath(new URL("../../docs/pictures/documents/", import.meta.url));
mkdirSync(folder, { recursive: true });
const documents = {
  report: example(),
  "signed-form": example("example_form_input"),
  "every-block": everyBlock(),
};
for (const [title, input] of Object.entries(documents)) {
  const { bytes } = await renderDocument(input, new Map([...picturesFor(input), flag()]));
  for (const [place, picture] of (await picturesOfPages(bytes)).entries())
    writeFileSync(`${folder}${title}-${place + 1}.png`, picture);
}
