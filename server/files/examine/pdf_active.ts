import { PDFArray, PDFDict, PDFInvalidObject, PDFName, type PDFObject, PDFStream } from "@cantoo/pdf-lib";
import { findLink, isText } from "./pdf_links.ts";
import type { Rejection } from "./rejection.ts";

/** Entries of a dictionary that are there only for something that does something by itself, or hides a file. */
const keys = new Map<string, Rejection>([
  ["JS", "scripts"],
  ["JavaScript", "scripts"],
  ["AA", "scripts"],
  ["EmbeddedFiles", "attachments"],
  ["EF", "attachments"],
  ["Collection", "attachments"],
  ["RichMediaContent", "media"],
  ["XFA", "dynamic_form"],
  ["Encrypt", "encrypted"],
]);

/** Names that say what an action, an annotation or a stream is. */
const names = new Map<string, Rejection>([
  ["JavaScript", "scripts"],
  ["Launch", "launches"],
  ["GoToR", "launches"], // another document, which may lie on a stranger's server
  ["GoToE", "attachments"],
  ["EmbeddedFile", "attachments"],
  ["FileAttachment", "attachments"],
  ["SubmitForm", "submits"],
  ["ImportData", "submits"],
  ["RichMedia", "media"],
  ["RichMediaExecute", "media"],
  ["Rendition", "media"],
  ["Movie", "media"],
  ["Sound", "media"],
  ["Screen", "media"],
  ["3D", "media"],
  ["PS", "scripts"],
]);
const says = ["S", "Subtype", "Type"].map((key) => PDFName.of(key));
/** Where the address of a link stands, and what the document's links begin with. */
const links = ["URI", "Base"].map((key) => PDFName.of(key));
const S = PDFName.of("S");
const F = PDFName.of("F");
const REF = PDFName.of("Ref");
const THREAD = PDFName.of("Thread");

/**
 * What an object does by itself, looked for in every dictionary at every depth of it; null for what only shows something.
 * Links to web pages and jumps within the document are not active. The parser has read names as readers do
 * (`/J#61vaScript`).
 */
export function findActive(object: PDFObject): Rejection | null {
  // A name or a text that stands alone is what another object refers to.
  if (object instanceof PDFName) return names.get(object.decodeText()) ?? null;
  if (isText(object)) return findLink(object, { isAlone: true });
  const left = [object];
  for (let next = left.pop(); next; next = left.pop()) {
    if (next instanceof PDFArray) {
      for (const item of next.asArray()) left.push(item);
    } else if (next instanceof PDFStream) {
      const { dict } = next;
      const found = findActive(dict);
      if (found) return found;
      // The bytes, or a page, of another file.
      if (dict.has(F) || dict.has(REF)) return "launches";
    } else if (next instanceof PDFDict) {
      for (const [key, value] of next.entries()) {
        const found = keys.get(key.decodeText());
        if (found) return found;
        left.push(value);
      }
      for (const key of says) {
        const value = next.get(key);
        const found = value instanceof PDFName && names.get(value.decodeText());
        if (found) return found;
      }
      if (next.get(S) === THREAD && next.has(F)) return "launches";
      for (const key of links) {
        const value = next.get(key);
        const found = isText(value) && findLink(value);
        if (found) return found;
      }
    } else if (next instanceof PDFInvalidObject) {
      const bytes = Buffer.alloc(next.sizeInBytes());
      next.copyBytesInto(bytes, 0);
      // What it names was found with the whole text; packed objects that were not taken out here, another parser might.
      if (/\bstream\b/.test(bytes.toString("latin1"))) return "malformed";
    }
  }
  return null;
}

/** Long names that no packed data holds by chance, each letter as itself or as its number. */
const written = new RegExp(
  `/(?:${["JavaScript", "Launch", "EmbeddedFile", "RichMedia", "SubmitForm", "ImportData"]
    .map((name) => `(?<${name}>${[...name].map(letterOrNumber).join("")})`)
    .join("|")})`,
);

function letterOrNumber(letter: string): string {
  const number = letter.charCodeAt(0).toString(16);
  const digits = [...number].map((digit) => `[${digit}${digit.toUpperCase()}]`);
  return `(?:${letter}|#${digits.join("")})`;
}

/** The same by the letters alone, for what stands where no object is: trailers, comments, what cannot be read. */
export function namedIn(text: string): Rejection | null {
  const groups = written.exec(text)?.groups ?? {};
  const name = Object.keys(groups).find((key) => groups[key] !== undefined);
  if (!name) return null;
  return names.get(name) ?? "attachments";
}
