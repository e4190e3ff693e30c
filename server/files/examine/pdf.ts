import type { PDFDocumentObjects } from "./pdf_objects.ts";
import type { Format } from "./rejection.ts";

/** Tells a printer that another language begins. */
const LANGUAGE = "\u001b%-12345X";

/**
 * What ordinary readers skip in front of the header: a byte order mark, blank lines, and what a driver tells a printer.
 * Nothing else: any other beginning is that of another type.
 */
const beginning = new RegExp(`^(?:\\xef\\xbb\\xbf)?[\\s\\0]*(?:${LANGUAGE}[^%]{0,900})?%PDF-[12]\\.\\d`);
const FIRST = 1024;
/** And behind the end: blanks, NULs that fill a block, and the end of the printer's job. */
const ending = new RegExp(`^[\\s\\0]*(?:${LANGUAGE}[\\s\\0]*)?$`);

/**
 * PDF, as forgiving as ordinary readers: where the table of objects is, and whether it is right, does not matter, because
 * the parser goes through the whole file and finds every object that is in it, those of former versions and those packed
 * in object streams included. What it refuses: what it cannot read, what is encrypted, what does something by itself, and
 * what unpacks to more than a viewer can hold.
 */
export const pdf: Format = {
  begins(bytes) {
    const found = beginning.exec(bytes.toString("latin1", 0, FIRST));
    return found ? found[0].length - "%PDF-1.0".length : -1;
  },

  async read(bytes) {
    const end = bytes.lastIndexOf("%%EOF");
    if (end === -1) return "truncated";
    if (!isBlank(bytes.subarray(end + 5))) return "second_type";
    // The library takes a fifth of a second to load: only where there is a PDF.
    const { readObjects } = await import("./pdf_objects.ts");
    const { findActive } = await import("./pdf_active.ts");
    const read = await readObjects(bytes, findActive);
    if (typeof read === "string") return read;
    return hasPages(read) ? null : "malformed";
  },
};

/** A file may be filled up with NULs as far as it likes, so not by a regular expression alone. */
function isBlank(tail: Buffer): boolean {
  let last = tail.length;
  while (tail[last - 1] === 0) last -= 1;
  return last <= FIRST && ending.test(tail.toString("latin1", 0, last));
}

function hasPages({ rootKinds }: PDFDocumentObjects): boolean {
  return rootKinds.catalog && rootKinds.pages;
}
