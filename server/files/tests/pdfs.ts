import { deflateSync } from "node:zlib";

/** An object of a PDF as it stands there: `<< … >>`, or a stream of these bytes with more entries. */
export type PdfObject = string | { entries: string; bytes: Buffer };

export const plainObjects: PdfObject[] = [
  "<< /Type /Catalog /Pages 2 0 R >>",
  "<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
  "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 300 200] >>",
];

/** A PDF of these objects, numbered from one; the first is the catalog. `more` stands in the trailer. */
export function pdfOf(objects: PdfObject[], { more = "", before = "" } = {}): Buffer {
  const parts: Buffer[] = [Buffer.from(`${before}%PDF-1.7\n%\xe2\xe3\xcf\xd3\n`, "latin1")];
  const places: number[] = [];
  let at = parts[0]?.length ?? 0;
  const add = (part: Buffer) => {
    parts.push(part);
    at += part.length;
  };
  for (const [place, object] of objects.entries()) {
    places.push(at);
    add(Buffer.from(`${place + 1} 0 obj\n`));
    if (typeof object === "string") add(Buffer.from(object, "latin1"));
    else {
      add(Buffer.from(`<< ${object.entries} /Length ${object.bytes.length} >>\nstream\n`, "latin1"));
      add(object.bytes);
      add(Buffer.from("\nendstream"));
    }
    add(Buffer.from("\nendobj\n"));
  }
  const table = places.map((place) => `${String(place).padStart(10, "0")} 00000 n \n`).join("");
  parts.push(
    Buffer.from(
      `xref\n0 ${places.length + 1}\n0000000000 65535 f \n${table}trailer\n<< /Size ${places.length + 1} /Root 1 0 R ${more}>>\nstartxref\n${at}\n%%EOF\n`,
      "latin1",
    ),
  );
  return Buffer.concat(parts);
}

/** A PDF that has these objects beside its pages. */
export function pdfWith(...objects: PdfObject[]): Buffer {
  return pdfOf([...plainObjects, ...objects]);
}

/** Objects packed in an object stream, numbered from 50. */
export function packedObjects(
  objects: string[],
  { entries = "/Type /ObjStm", packed = true, filter = "/FlateDecode" } = {},
): Exclude<PdfObject, string> {
  let at = 0;
  const numbers = objects.map((object, place) => {
    const pair = `${50 + place} ${at}`;
    at += object.length + 1;
    return pair;
  });
  const head = `${numbers.join(" ")} `;
  const text = Buffer.from(`${head}${objects.join(" ")} `, "latin1");
  return {
    entries: `${entries} /N ${objects.length} /First ${head.length}${packed ? ` /Filter ${filter}` : ""}`,
    bytes: packed ? deflateSync(text) : text,
  };
}

/** What comes after a whole PDF when a program changes one object of it. */
export function changed(pdf: Buffer, number: number, object: string): Buffer {
  const start = pdf.length;
  const body = `${number} 0 obj\n${object}\nendobj\n`;
  const former = /startxref\n(\d+)/.exec(pdf.toString("latin1"))?.[1];
  const table = `xref\n${number} 1\n${String(start).padStart(10, "0")} 00000 n \n`;
  return Buffer.concat([
    pdf,
    Buffer.from(
      `${body}${table}trailer\n<< /Size 9 /Root 1 0 R /Prev ${former} >>\nstartxref\n${start + body.length}\n%%EOF\n`,
      "latin1",
    ),
  ]);
}

/** A PDF of so many more parts with nothing in them, which takes a while: 100,000 of them more than a second. */
export function partsOf(count: number): Buffer {
  const plain = pdfWith();
  const at = plain.indexOf("xref");
  const parts = Array.from({ length: count }, (_, place) => `${place + 9} 0 obj null endobj\n`).join("");
  return Buffer.concat([plain.subarray(0, at), Buffer.from(parts), plain.subarray(at)]);
}

/** A stream whose bytes are packed once more than they were. */
export function packedTwice({ entries, bytes }: Exclude<PdfObject, string>): PdfObject {
  return { entries, bytes: deflateSync(bytes) };
}
