import { PDFArray, PDFDict, PDFHexString, PDFName, type PDFObject, PDFString } from "@cantoo/pdf-lib";
import { asciiLower } from "../../../providers/ascii_lower.ts";
import type { Rejection } from "./rejection.ts";

const nameOf = (text: string) => PDFName.of(text);
/** Where a link may lead: the web, a mail, a telephone. */
const harmless = /^(?:https?|mailto|tel|sms|geo)$/;
const scripts = /^(?:javascript|vbscript)$/;
/** Asked of a text that stands alone, of which nobody knows yet whether it is a link: `Nota: …` is none. */
const harmful = /^(?:javascript|vbscript|file|smb|data)$/;
const MOST_ACTIONS = 50;

export function isText(object: PDFObject | undefined): object is PDFString | PDFHexString {
  return object instanceof PDFString || object instanceof PDFHexString;
}

/** A link that runs a script, or that makes the reader call a file server, with the password of whoever reads it. */
export function findLink(link: PDFString | PDFHexString, { isAlone = false } = {}): Rejection | null {
  // Browsers skip control characters and blanks in front of and within a scheme.
  const text = link.decodeText().replaceAll(/[\p{Cc}\s]/gu, "");
  if (/^[\\/]{2}/.test(text)) return "launches";
  const scheme = /^([a-z][a-z0-9+.-]*):/.exec(asciiLower(text))?.[1];
  if (scheme === undefined || harmless.test(scheme) || (isAlone && !harmful.test(scheme))) return null;
  return scripts.test(scheme) ? "scripts" : "launches";
}

/** What happens as the document opens, whoever opens it: a jump to one of its pages, and nothing that goes elsewhere. */
export function findOpening(object: PDFDict): Rejection | null {
  const left = [object.lookup(nameOf("OpenAction"))];
  for (let seen = 0; left.length > 0; seen += 1) {
    if (seen > MOST_ACTIONS) return "too_complex";
    const action = left.pop();
    if (!(action instanceof PDFDict)) continue; // a place in the document
    const kind = action.lookup(nameOf("S"));
    if (kind !== nameOf("GoTo") && kind !== nameOf("Named")) return "launches";
    const next = action.lookup(nameOf("Next"));
    if (next instanceof PDFArray) for (const one of next.asArray()) left.push(action.context.lookup(one));
    else left.push(next);
  }
  return null;
}
