import { randomBytes } from "node:crypto";
import { describe, expect, test, vi } from "vitest";
import { found, jumps, opening, plain, text } from "./pdf_questions.ts";
import { changed, packedObjects, packedTwice, pdfOf, pdfWith, plainObjects } from "./pdfs.ts";
import { bytesOf, pdfSample } from "./samples.ts";

describe("what ordinary readers open is taken (FND-13)", () => {
  test.each<[string, Buffer]>([
    ["plain", plain],
    ["filled up with 3,000 NULs", bytesOf(plain, Buffer.alloc(3_000))],
    ["filled up with 3,000,000 NULs", bytesOf(plain, Buffer.alloc(3_000_000))],
    ["with a byte order mark", bytesOf("\xef\xbb\xbf", plain)],
    ["after blank lines", bytesOf("\r\n\n ", plain)],
    [
      "in a printer's job",
      bytesOf('\x1b%-12345X@PJL JOB NAME="raport"\r\n@PJL ENTER LANGUAGE=PDF\r\n', plain, "\x1b%-12345X"),
    ],
    ["changed once", changed(plain, 3, "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 200 300] >>")],
    [
      "whose table is a little off",
      Buffer.from(
        text.replace(/startxref\n(\d+)/, (_, at) => `startxref\n${Number(at) - 3}`),
        "latin1",
      ),
    ],
    ["whose table is nowhere", Buffer.from(text.replace(/xref\n0 [\s\S]*?trailer/, "trailer"), "latin1")],
    ["with lines of Windows", Buffer.from(text.replaceAll("\n", "\r\n"), "latin1")],
    ["packed", pdfWith(packedObjects(["<< /Producer (a) >>", "[1 2 3]"]))],
    [
      "with a link and a jump",
      pdfWith(
        "<< /S /URI /URI (https://example.org/javascript) >>",
        "<< /S /URI /URI (mailto:ana@example.org) >>",
        "<< /S /URI /URI (rapoarte/2.html) >>",
        "<< /S /GoTo /D [3 0 R /Fit] >>",
        "(Nota: file)",
        "<< /Type /Thread /F 9 0 R >>",
      ),
    ],
    [
      "that opens at a page and is to be printed",
      pdfOf([
        "<< /Type /Catalog /Pages 2 0 R /OpenAction 4 0 R >>",
        ...plainObjects.slice(1),
        "<< /S /GoTo /D [3 0 R /Fit] /Next << /S /Named /N /Print >> >>",
      ]),
    ],
    [
      "that opens at a page",
      pdfOf(["<< /Type /Catalog /Pages 2 0 R /OpenAction [3 0 R /Fit] >>", ...plainObjects.slice(1)]),
    ],
    [
      "with a form of fields",
      pdfWith("<< /Fields [] /DA (/Helv 0 Tf) >>", "<< /FT /Tx /T (Nume) /Subtype /Widget >>"),
    ],
    [
      "with a scan",
      pdfWith({
        entries: "/Subtype /Image /Width 4000 /Height 3000 /Filter /DCTDecode",
        bytes: randomBytes(50_000),
      }),
    ],
    [
      "that writes of JavaScript",
      pdfWith({ entries: "", bytes: Buffer.from("BT (JavaScript, Launch) Tj ET") }),
    ],
    [
      "in the old packings",
      pdfWith(
        { entries: "/Filter [/ASCII85Decode /FlateDecode]", bytes: Buffer.from("GhVa!zz~>") },
        { entries: "/Filter /RunLengthDecode", bytes: Buffer.from([2, 65, 66, 67, 250, 68, 128]) },
        { entries: "/Filter /LZWDecode", bytes: Buffer.from("800b6050220c0c8501", "hex") },
        { entries: "/Filter /ASCIIHexDecode", bytes: Buffer.from("48656c6c6f>") },
      ),
    ],
    [
      "in the old packings by their short names",
      pdfWith(
        { entries: "/Filter [/A85 /Fl]", bytes: Buffer.from("GhVa!zz~>") },
        { entries: "/Filter /RL", bytes: Buffer.from([2, 65, 66, 67, 250, 68, 128]) },
        { entries: "/Filter /LZW", bytes: Buffer.from("800b6050220c0c8501", "hex") },
        { entries: "/Filter /AHx", bytes: Buffer.from("48656c6c6f>") },
        { entries: "/Filter [/FlateDecode /FlateDecode]", bytes: Buffer.from("none") },
      ),
    ],
    ["with objects that are not packed", pdfWith(packedObjects(["<< /A 1 >>"], { packed: false }))],
    [
      "with objects in a list of one packing",
      pdfWith(packedObjects(["<< >>"], { filter: "[/FlateDecode]" })),
    ],
    ["with a colour profile", pdfWith({ entries: "/N 3", bytes: Buffer.from("a") })],
    ["with a stream that begins somewhere", pdfWith({ entries: "/First 1", bytes: Buffer.from("a") })],
    ["with a thread of its own", pdfWith("<< /S /Thread /D 0 >>")],
    ["that tells of a stream", pdfWith("[(a stream of words)]")],
    ["with a part that cannot be read", pdfWith("<< /A << /B")],
    ["with arrays 500 deep", pdfWith("[".repeat(500) + "]".repeat(500))],
    ["that opens with fifty jumps, one after the other", opening(jumps(50))],
    ["and 1,023 blanks", bytesOf(plain, " ".repeat(1_023))],
  ])("a PDF %s", async (_, bytes) => {
    expect(await found(bytes)).toBeNull();
  });
});

describe("a PDF that stays refused says why (FND-13)", () => {
  test.each<[string, Buffer, string]>([
    [
      "with a password",
      pdfOf([...plainObjects, "<< /Filter /Standard /V 2 >>"], { more: "/Encrypt 4 0 R " }),
      "encrypted",
    ],
    ["cut off", pdfSample("Raport", 9_000).subarray(0, 5_000), "truncated"],
    ["with a byte behind its end", bytesOf(plain, "x"), "second_type"],
    ["with 1,024 blanks behind its end", bytesOf(plain, " ".repeat(1_024)), "second_type"],
    ["without a catalog", pdfOf(["<< /Pages 2 0 R >>", ...plainObjects.slice(1)]), "malformed"],
    ["whose pages are none", pdfOf(["<< /Type /Catalog >>", "<< /Type /Pages /Count 0 >>"]), "malformed"],
    ["with a stream that cannot be read", pdfWith("<< /A [ << /B\nstream\nabc\nendstream"), "malformed"],
    ["with arrays 501 deep", pdfWith("[".repeat(501) + "]".repeat(501)), "too_complex"],
    [
      "packed in a way of its own",
      pdfWith({ entries: "/Filter /Own", bytes: Buffer.from("a") }),
      "malformed",
    ],
    ["locked in a part", pdfWith({ entries: "/Filter /Crypt", bytes: Buffer.from("a") }), "encrypted"],
    [
      "with objects packed twice",
      pdfWith(packedTwice(packedObjects(["<< >>"], { filter: "[/FlateDecode /FlateDecode]" }))),
      "malformed",
    ],
    [
      "with packed objects that do not unpack",
      pdfWith({ entries: "/Type /ObjStm /N 1 /First 4 /Filter /FlateDecode", bytes: Buffer.from("none") }),
      "malformed",
    ],
    ["without a page", pdfOf(["<< /Type /Catalog >>"]), "malformed"],
    ["of nothing but a header", Buffer.from("%PDF-1.7\n%%EOF\n"), "malformed"],
    [
      "with a page of the web far inside",
      pdfWith({ entries: "", bytes: bytesOf(" ".repeat(9_000), "<html><script>alert(1)</script>") }),
      "second_type",
    ],
    [
      "with a picture of 900 megapixels",
      pdfWith({
        entries: "/Subtype /Image /Width 30000 /Height 30000 /Filter /JPXDecode",
        bytes: Buffer.alloc(9),
      }),
      "too_many_pixels",
    ],
  ])("%s", async (_, bytes, reason) => {
    expect(await found(bytes)).toBe(reason);
  });

  test.each(["DCTDecode", "DCT", "JPXDecode", "CCITTFaxDecode", "CCF", "JBIG2Decode"])(
    "with a picture too large for whoever opens it, as %s",
    async (filter) => {
      const entries = `/Subtype /Image /Width 12001 /Height 10000 /Filter /${filter}`;
      expect(await found(pdfWith({ entries, bytes: Buffer.alloc(9) }))).toBe("too_many_pixels");
    },
  );

  test("and nobody is warned of it in the log", async () => {
    const warn = vi.spyOn(console, "warn");
    expect(await found(pdfWith("<< /A << /B"))).toBeNull();
    expect(warn).not.toHaveBeenCalled();
    warn.mockRestore();
  });
});
