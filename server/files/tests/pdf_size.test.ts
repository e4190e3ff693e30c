import { deflateSync } from "node:zlib";
import { describe, expect, test } from "vitest";
import { examine } from "../examine/index.ts";
import { type PdfObject, partsOf, pdfWith } from "./pdfs.ts";

const found = (bytes: Buffer) => examine(bytes, "application/pdf");

describe("what unpacks to too much is refused before it is unpacked (FND-13)", () => {
  const zeros = deflateSync(Buffer.alloc(130 << 20));
  test.each<[string, PdfObject]>([
    ["one stream", { entries: "/Filter /FlateDecode", bytes: zeros }],
    ["packed twice", { entries: "/Filter [/FlateDecode /FlateDecode]", bytes: deflateSync(zeros) }],
    [
      "written as text",
      { entries: "/Filter [/ASCIIHexDecode /FlateDecode]", bytes: Buffer.from(`${zeros.toString("hex")}>`) },
    ],
    ["of objects", { entries: "/Type /ObjStm /N 1 /First 5 /Filter /FlateDecode", bytes: zeros }],
    ["of a table", { entries: "/Type /XRef /W [1 2 1] /Size 9 /Filter /FlateDecode", bytes: zeros }],
    [
      "in runs",
      { entries: "/Filter /RunLengthDecode", bytes: Buffer.alloc(2_200_000, Buffer.from([129, 65])) },
    ],
    [
      "in runs once more packed",
      { entries: "/Filter [/RunLengthDecode /FlateDecode]", bytes: Buffer.from([1, 1, 1]) },
    ],
  ])("a stream %s", async (_, object) => {
    expect(await found(pdfWith(object))).toBe("inflates_too_far");
  });

  test("many streams together", async () => {
    const bytes = deflateSync(Buffer.alloc(100 << 20));
    expect(
      await found(pdfWith(...Array.from({ length: 6 }, () => ({ entries: "/Filter /FlateDecode", bytes })))),
    ).toBe("inflates_too_far");
  });

  test("more parts than any document has", async () => {
    expect(await found(partsOf(260_000))).toBe("too_complex");
  });

  test("parts within parts without end are no document", async () => {
    expect(await found(pdfWith("[".repeat(2_000_000)))).toBe("too_complex");
    expect(await found(pdfWith("[".repeat(100) + "]".repeat(100)))).toBeNull();
  });
});
