import { describe, expect, test } from "vitest";
import { found, jumps, opening, opensAt, plain, text } from "./pdf_questions.ts";
import { changed, type PdfObject, packedObjects, pdfOf, pdfWith, plainObjects } from "./pdfs.ts";
import { bytesOf } from "./samples.ts";

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
    const stream = bytesOf(
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
          bytes: bytesOf(stream.toString("latin1").replace("9 0 obj", "9 % a comment\n 0\n obj")),
        }),
      ),
    ).toBe("malformed");
    const at = plain.indexOf("xref");
    expect(await found(bytesOf(plain.subarray(0, at), "%", stream, plain.subarray(at)))).toBe("malformed");
    expect(await found(bytesOf(plain.subarray(0, at), "8 0 obj\n<< /A [", stream, plain.subarray(at)))).toBe(
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
