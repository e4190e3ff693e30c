import type { Format } from "./index.ts";

const LAST = 2048;

/**
 * PDF as ISO 32000 writes it, not as forgiving readers take it: the header at the first byte, the end mark at
 * the end, and between them a table of objects where the file says it is.
 */
export const pdf: Format = {
  begins: (bytes) => /^%PDF-[12]\.\d/.test(bytes.toString("latin1", 0, 16)),

  read(bytes) {
    const tail = bytes.toString("latin1", Math.max(0, bytes.length - LAST));
    const end = tail.lastIndexOf("%%EOF");
    if (end === -1) return bytes.lastIndexOf("%%EOF") === -1 ? "broken" : "trailed";
    if (!/^[\s\0]*$/.test(tail.slice(end + 5))) return "trailed";

    const table = /startxref\s+(\d{1,10})\s+$/.exec(tail.slice(0, end));
    if (!table) return "broken";
    const place = Number(table[1]);
    if (place === 0 || place >= bytes.length) return "broken";
    const at = bytes.toString("latin1", place, place + 40).trimStart();
    return /^(?:xref\b|\d+\s+\d+\s+obj\b)/.test(at) ? "whole" : "broken";
  },
};
