import { examine } from "../examine/index.ts";
import { pdfOf, pdfWith, plainObjects } from "./pdfs.ts";

/** What the tests of PDFs ask, and the documents that several of them start from. */
export const found = (bytes: Buffer) => examine(bytes, "application/pdf");
export const plain = pdfWith();
export const text = plain.toString("latin1");
/** Objects of a document that does this as it opens. */
export const opensAt = (what: string) => [
  `<< /Type /Catalog /Pages 2 0 R /OpenAction ${what} >>`,
  ...plainObjects.slice(1),
];
export const opening = (what: string) => pdfOf(opensAt(what));
export const jumps = (count: number) => `${"<< /S /GoTo /Next ".repeat(count)}0${" >>".repeat(count)}`;
