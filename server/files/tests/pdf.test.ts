import { randomBytes } from "node:crypto";
import { describe, expect, test, vi } from "vitest";
import { examine } from "../examine/index.ts";
import { changed, type PdfObject, packedObjects, packedTwice, pdfOf, pdfWith, plainObjects } from "./pdfs.ts";
import { pdfSample } from "./samples.ts";

const found = (bytes: Buffer) => examine(bytes, "application/pdf");
const joined = (...parts: (string | Buffer)[]) =>
  Buffer.concat(parts.map((part) => (typeof part === "string" ? Buffer.from(part, "latin1") : part)));
const plain = pdfWith();
const text = plain.toString("latin1");
/** Objects of a document that does this as it opens. */
const opensAt = (what: string) => [
  `<< /Type /Catalog /Pages 2 0 R /OpenAction ${what} >>`,
  ...plainObjects.slice(1),
];
const opening = (what: string) => pdfOf(opensAt(what));
const jumps = (count: number) => `${"<< /S /GoTo /Next ".repeat(count)}0${" >>".repeat(count)}`;

describe("what ordinary readers open is taken (FND-13)", () => {
  test.each<[string, Buffer]>([
    ["plain", plain],
    ["filled up with 3,000 NULs", joined(plain, Buffer.alloc(3_000))],
    ["filled up with 3,000,000 NULs", joined(plain, Buffer.alloc(3_000_000))],
    ["with a byte order mark", joined("\xef\xbb\xbf", plain)],
    ["after blank lines", joined("\r\n\n ", plain)],
    [
      "in a printer's job",
      joined('\x1b%-12345X@PJL JOB NAME="raport"\r\n@PJL ENTER LANGUAGE=PDF\r\n', plain, "\x1b%-12345X"),
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
    ["and 1,023 blanks", joined(plain, " ".repeat(1_023))],
  ])("a PDF %s", async (_, bytes) => {
    expect(await found(bytes)).toBeNull();
  });
});

describe("what a PDF does by itself is found wherever it is, and refused with the reason (FND-13)", () => {
  const active: [string, string, string][] = [
    ["JavaScript", "scripts", "<< /S /JavaScript /JS (app.alert(1)) >>"],
    ["JavaScript with letters as numbers", "scripts", "<< /S /J#61v#61Script /J#53 (app.alert(1)) >>"],
    ["JavaScript in lower-case numbers", "scripts", "<< /S /#4aavaScript /J#53 7 0 R >>"],
    ["a tree of named scripts", "scripts", "<< /Names << /JavaScript << /Names [(a) 9 0 R] >> >> >>"],
    ["what happens when a page opens", "scripts", "<< /Type /Page /AA << /O << /S /Named /N /Print >> >> >>"],
    ["a script deep in an array", "scripts", "[ [ [ << /A << /S /JavaScript /JS (1) >> >> ] ] ]"],
    ["Launch", "launches", "<< /S /Launch /F (cmd.exe) >>"],
    ["Launch in numbers", "launches", "<< /S /#4c#61unch /F (cmd.exe) >>"],
    [
      "a jump into a document that lies elsewhere",
      "launches",
      "<< /S /GoToR /F (\\\\\\\\evil\\\\a) /D [0 /Fit] >>",
    ],
    ["a thread that goes on elsewhere", "launches", "<< /S /Thread /F (a.pdf) /D 0 >>"],
    ["a link to a script", "scripts", "<< /S /URI /URI (java\\nscript:alert\\(1\\)) >>"],
    ["a link to a file", "launches", "<< /S /URI /URI <66696C653A2F2F2F6574632F706173737764> >>"],
    ["a link to a file server", "launches", "<< /S /URI /URI (//evil.example/a) >>"],
    ["links that begin with a script", "scripts", "<< /URI << /Base (javascript:) >> >>"],
    ["PostScript", "scripts", "<< /Type /XObject /Subtype /PS >>"],
    ["a file inside", "attachments", "<< /Type /Filespec /F (a.exe) /EF << /F 9 0 R >> >>"],
    ["a list of files inside", "attachments", "<< /Names << /EmbeddedFiles << /Names [] >> >> >>"],
    ["a jump into a file inside", "attachments", "<< /S /GoToE /T << /R /C >> >>"],
    ["a portfolio", "attachments", "<< /Type /Catalog /Collection << /View /D >> >>"],
    ["a form that is sent", "submits", "<< /S /SubmitForm /F (https://evil.example) >>"],
    ["film", "media", "<< /Subtype /RichMedia /RichMediaContent 9 0 R >>"],
    ["3D", "media", "<< /Subtype /3D >>"],
    ["a script by its entry alone", "scripts", "<< /JS (app.alert(1)) >>"],
    ["film by its entry alone", "media", "<< /RichMediaContent 9 0 R >>"],
    ["what is done with film", "media", "<< /S /RichMediaExecute >>"],
    ["a rendition", "media", "<< /S /Rendition >>"],
    ["sound", "media", "<< /S /Sound >>"],
    ["a screen", "media", "<< /Subtype /Screen >>"],
    ["a key", "encrypted", "<< /Encrypt true >>"],
    ["the bytes of a file", "attachments", "<< /Type /EmbeddedFile >>"],
    ["a file pinned to a page", "attachments", "<< /Subtype /FileAttachment >>"],
    ["data that is fetched", "submits", "<< /S /ImportData >>"],
    ["a link to anything but the web", "launches", "<< /S /URI /URI (ftp://evil.example) >>"],
    ["an XFA form", "dynamic_form", "<< /XFA [(template) 9 0 R] >>"],
  ];
  test.each(active)("%s", async (_, reason, object) => {
    expect(await found(pdfWith(object)), "in an object").toBe(reason);
    expect(await found(pdfWith(packedObjects(["<< >>", object]))), "packed").toBe(reason);
    expect(
      await found(
        pdfWith({
          entries: object.replace(/^\[.*/, `/X ${object}`).replace(/^<<|>>$/g, ""),
          bytes: Buffer.alloc(5),
        }),
      ),
      "in a stream's entries",
    ).toBe(reason);
    expect(await found(changed(plain, 7, object)), "in a later version").toBe(reason);
    expect(
      await found(changed(pdfWith("<< >>", packedObjects([object])), 5, "<< >>")),
      "in a former version",
    ).toBe(reason);
  });

  test.each<[string, string, PdfObject[]]>([
    ["the name of an action", "attachments", ["<< /S 5 0 R >>", "/GoToE"]],
    ["the name of a film", "media", ["<< /Subtype 5 0 R >>", "/Movie"]],
    ["the address of a link", "scripts", ["<< /S /URI /URI 5 0 R >>", "(javascript:1)"]],
  ])("%s that stands in an object of its own", async (_, reason, objects) => {
    expect(await found(pdfWith(...objects))).toBe(reason);
    expect(await found(pdfWith(packedObjects(objects as string[])))).toBe(reason);
  });

  test.each<[string, PdfObject]>([
    ["its bytes", { entries: "/F (a.bin) /FFilter /FlateDecode", bytes: Buffer.from("a") }],
    ["its page", { entries: "/Subtype /Form /Ref << /F (a.pdf) /Page 0 >>", bytes: Buffer.from("a") }],
  ])("a stream that takes %s from another file", async (_, object) => {
    expect(await found(pdfWith(object))).toBe("launches");
  });

  test.each([
    ["a page of the web", "<< /S /URI /URI (https://evil.example) >>"],
    [
      "a jump, and then the web",
      "<< /S /GoTo /D [3 0 R /Fit] /Next [<< /S /URI /URI (https://evil.example) >>] >>",
    ],
    ["a jump, and then the web alone", "<< /S /GoTo /Next << /S /URI /URI (https://evil.example) >> >>"],
    ["layers that come and go", "<< /S /SetOCGState /State [] >>"],
  ])("%s as the document opens", async (_, action) => {
    expect(await found(opening(action))).toBe("launches");
    expect(await found(pdfOf([...opensAt("4 0 R"), action]))).toBe("launches");
    expect(await found(pdfOf([...opensAt("50 0 R"), packedObjects([action])]))).toBe("launches");
    expect(await found(changed(pdfOf([...opensAt("4 0 R"), "<< >>"]), 4, action))).toBe("launches");
  });

  test("more than fifty jumps as the document opens, or jumps without an end", async () => {
    expect(await found(opening(jumps(51)))).toBe("too_complex");
    expect(await found(pdfOf([...opensAt("4 0 R"), "<< /S /GoTo /Next 4 0 R >>"]))).toBe("too_complex");
  });

  test.each([
    ["JavaScript", "scripts"],
    ["#4AavaScript", "scripts"],
    ["#4aavaScript", "scripts"],
    ["Launch", "launches"],
    ["EmbeddedFile", "attachments"],
    ["RichMedia", "media"],
    ["SubmitForm", "submits"],
    ["ImportData", "submits"],
  ])("/%s where nobody reads", async (name, reason) => {
    expect(await found(Buffer.from(text.replace("xref", `% /${name}\nxref`), "latin1"))).toBe(reason);
  });

  test("a script in the trailer, in a comment, or where nothing can be read", async () => {
    const script = "<< /S /J#61vaScript /JS (1) >>";
    expect(
      await found(pdfOf(plainObjects, { more: `/Root << /Type /Catalog /OpenAction ${script} >> ` })),
    ).toBe("scripts");
    expect(await found(Buffer.from(text.replace("xref", `%7 0 obj ${script} endobj\nxref`), "latin1"))).toBe(
      "scripts",
    );
    expect(await found(pdfWith(`<< /A << /B ${script}`))).toBe("scripts");
  });

  test("packed objects under a false name, or hidden in a stream, a comment, or what cannot be read", async () => {
    const script = "<< /S /JavaScript /JS (1) >>";
    const hidden = packedObjects([script]) as Exclude<PdfObject, string>;
    const stream = joined(
      `9 0 obj\n<< ${hidden.entries} /Length ${hidden.bytes.length} >>\nstream\n`,
      hidden.bytes,
      "\nendstream\nendobj\n",
    );
    expect(await found(pdfWith(packedObjects([script], { entries: "/Type /Other" })))).toBe("malformed");
    expect(await found(pdfWith(packedObjects([script], { entries: "" })))).toBe("malformed");
    expect(await found(pdfWith({ entries: "", bytes: stream }))).toBe("malformed");
    expect(
      await found(
        pdfWith({
          entries: "",
          bytes: joined(stream.toString("latin1").replace("9 0 obj", "9 % a comment\n 0\n obj")),
        }),
      ),
    ).toBe("malformed");
    const at = plain.indexOf("xref");
    expect(await found(joined(plain.subarray(0, at), "%", stream, plain.subarray(at)))).toBe("malformed");
    expect(await found(joined(plain.subarray(0, at), "8 0 obj\n<< /A [", stream, plain.subarray(at)))).toBe(
      "malformed",
    );
    expect(
      await found(
        pdfWith({
          ...hidden,
          entries: hidden.entries.replace("/FlateDecode", "[/ASCIIHexDecode /FlateDecode]"),
          bytes: Buffer.from(`${hidden.bytes.toString("hex")}>`),
        }),
      ),
    ).toBe("malformed");
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
    ["with a byte behind its end", joined(plain, "x"), "second_type"],
    ["with 1,024 blanks behind its end", joined(plain, " ".repeat(1_024)), "second_type"],
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
      pdfWith({ entries: "", bytes: joined(" ".repeat(9_000), "<html><script>alert(1)</script>") }),
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
