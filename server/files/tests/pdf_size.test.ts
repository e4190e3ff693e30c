import { deflateSync } from "node:zlib";
import { describe, expect, test } from "vitest";
import { examine } from "../examine/index.ts";
import { type PdfObject, packedObjects, pdfWith } from "./pdfs.ts";

const found = (bytes: Buffer) => examine(bytes, "application/pdf");

const flate = "/Filter /FlateDecode";
const zeros = (length: number) => deflateSync(Buffer.alloc(length));
/** RunLengthDecode: so many times 128 bytes, and then bytes as they are. */
const runs = (count: number, more: number[] = []): PdfObject => ({
  entries: "/Filter /RunLengthDecode",
  bytes: Buffer.concat([Buffer.alloc(2 * count, Buffer.from([129, 65])), Buffer.from(more)]),
});
/** LZWDecode: words that get longer by a byte each until the table is full, and then the longest again and again. */
function words(repeated: number): Buffer {
  const codes = [256, 0, ...Array.from({ length: 4_096 - 258 }, (_, place) => 258 + place)];
  let next = 256;
  const width = () => (next >= 2_047 ? 12 : next >= 1_023 ? 11 : next >= 511 ? 10 : 9);
  const bits = codes.map((code) => {
    const written = code.toString(2).padStart(width(), "0");
    next += 1;
    return written;
  });
  const all = bits.join("") + (4_095).toString(2).repeat(repeated);
  return Buffer.from((all.match(/.{8}/g) ?? []).map((byte) => Number.parseInt(byte, 2)));
}
const MB = 1 << 20;

describe("what unpacks to too much is refused before it is unpacked (FND-13)", () => {
  const tooLong = zeros(128 * MB + 1);
  test.each<[string, PdfObject]>([
    ["one stream", { entries: flate, bytes: tooLong }],
    ["packed twice", { entries: "/Filter [/FlateDecode /FlateDecode]", bytes: deflateSync(tooLong) }],
    [
      "written as text",
      {
        entries: "/Filter [/ASCIIHexDecode /FlateDecode]",
        bytes: Buffer.from(`${tooLong.toString("hex")}>`),
      },
    ],
    ["of objects", { entries: `/Type /ObjStm /N 1 /First 5 ${flate}`, bytes: zeros(32 * MB + 1) }],
    ["of a table", { entries: `/Type /XRef /W [1 2 1] /Size 9 ${flate}`, bytes: zeros(32 * MB + 1) }],
    ["in runs", runs(MB, [0, 65])],
    ["in words", { entries: "/Filter /LZWDecode", bytes: words(40_000) }],
    [
      "in runs once more packed",
      { entries: "/Filter [/RunLengthDecode /FlateDecode]", bytes: Buffer.from([1, 1, 1]) },
    ],
  ])("a stream %s", async (_, object) => {
    expect(await found(pdfWith(object))).toBe("inflates_too_far");
  });

  test("what is just as long as it may be is taken", async () => {
    expect(await found(pdfWith({ entries: flate, bytes: zeros(128 * MB) }))).toBeNull();
    expect(await found(pdfWith(runs(MB)))).toBeNull();
  });

  test("many streams together", async () => {
    const most = [runs(MB), runs(MB), runs(MB), runs(MB)];
    expect(await found(pdfWith(...most))).toBeNull();
    expect(await found(pdfWith(...most, runs(0, [0, 65])))).toBe("inflates_too_far");
  });

  test("many streams of objects together", async () => {
    // In an array they are measured, and the parser, which takes seconds for each, leaves them packed.
    const objects = (entries: string, bytes: Buffer) =>
      `<< /Type /ObjStm /N 0 /First 0 ${entries} /Length ${bytes.length} >>\nstream\n${bytes.toString("latin1")}\nendstream\n`;
    const most = objects(flate, zeros(32 * MB)).repeat(16);
    expect(await found(pdfWith(`[${most}]`))).toBeNull();
    expect(await found(pdfWith(`[${most}${objects("", Buffer.from(" "))}]`))).toBe("inflates_too_far");
  });

  test("more parts than any document has", async () => {
    const parts = (count: number) => packedObjects(Array.from({ length: count }, () => "0"));
    // The three of every document are among them, and the stream that holds the others.
    expect(await found(pdfWith(parts(250_000 - 4)))).toBeNull();
    expect(await found(pdfWith(parts(250_000 - 3)))).toBe("too_complex");
  });

  test("parts within parts without end are no document", async () => {
    expect(await found(pdfWith("[".repeat(2_000_000)))).toBe("too_complex");
    expect(await found(pdfWith("[".repeat(100) + "]".repeat(100)))).toBeNull();
  });
});
