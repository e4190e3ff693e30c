import { randomBytes } from "node:crypto";
import pg from "pg";
import { describe, expect, test } from "vitest";
import { createTestDatabase } from "../../../db/testing/server.ts";
import { examine, formats } from "../examine/index.ts";
import {
  gifSample,
  jpegSample,
  pageSample,
  pdfSample,
  pngChunk,
  pngHeader,
  pngSample,
  webpSample,
  zipSample,
} from "./samples.ts";

const samples = {
  "application/pdf": pdfSample(),
  "image/png": pngSample(),
  "image/jpeg": jpegSample,
  "image/webp": webpSample,
};
const types = Object.keys(samples) as (keyof typeof samples)[];
const behind = (bytes: Buffer, more: Buffer | string) => Buffer.concat([bytes, Buffer.from(more)]);
const insertAt = (bytes: Buffer, place: number, more: Buffer | string) =>
  Buffer.concat([bytes.subarray(0, place), Buffer.from(more), bytes.subarray(place)]);
const jpegComment = (text: Buffer | string) => {
  const length = Buffer.alloc(2);
  length.writeUInt16BE(Buffer.byteLength(text) + 2);
  return Buffer.concat([Buffer.from([0xff, 0xfe]), length, Buffer.from(text)]);
};
const marked = (bytes: Buffer, place: number, mark: string) => {
  const copy = Buffer.concat([bytes, Buffer.alloc(Math.max(0, place + mark.length - bytes.length))]);
  copy.write(mark, place, "latin1");
  return copy;
};

describe("what is announced is what is found (FND-13)", () => {
  test.each(types)("%s passes as itself and as nothing else", async (type) => {
    for (const announced of types) {
      expect(await examine(samples[type], announced)).toBe(announced === type ? null : "type_mismatch");
    }
  });

  test("large ones pass", async () => {
    expect(await examine(pdfSample("Raport", 3_000_000), "application/pdf")).toBeNull();
    expect(await examine(pngSample(900), "image/png")).toBeNull();
    expect(await examine(insertAt(jpegSample, 2, jpegComment(randomBytes(60_000))), "image/jpeg")).toBeNull();
  });

  test.each([
    ["a GIF", gifSample],
    ["a ZIP", zipSample()],
    ["a page", pageSample],
    ["an SVG", Buffer.from('<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>')],
    ["a program", Buffer.from("MZ\x90\x00".padEnd(200, "\0"), "latin1")],
    ["a DICOM file", marked(Buffer.alloc(200), 128, "DICM")],
    ["noise", randomBytes(2_000)],
    ["nothing", Buffer.alloc(0)],
    ["one byte", Buffer.from([0xff])],
  ])("%s passes as nothing", async (_, bytes) => {
    for (const announced of [...types, "image/svg+xml", "text/html", "image/gif", "application/zip"]) {
      expect(await examine(bytes, announced), announced).toBe("type_mismatch");
    }
  });

  test("a relative that begins alike is told apart", async () => {
    const animation = pngChunk("acTL", Buffer.from([0, 0, 0, 1, 0, 0, 0, 0]));
    expect(await examine(pngSample(4, [animation]), "image/png")).toBe("type_mismatch");
  });

  test("every type that the database lists is known here, and no other", async () => {
    const database = await createTestDatabase({
      because: "the surfaces that it offers are compared with what is examined",
      bare: true,
    });
    const admin = new pg.Client(database.urls.admin);
    await admin.connect();
    const { rows } = await admin.query("select content_type from app_private.file_types order by 1");
    await admin.end();
    await database.drop();
    expect(rows.map((row) => row.content_type)).toEqual(Object.keys(formats).sort());
  });
});

describe("a file of two types is refused (FND-13)", () => {
  test.each(types)("%s with an archive behind it", async (type) => {
    const bytes = samples[type];
    for (const archive of [
      zipSample(),
      zipSample("META-INF/MANIFEST.MF", "Main-Class: Evil", bytes.length),
      behind(zipSample(), "a comment that readers skip"),
      Buffer.from("PK\x05\x06".padEnd(22, "\0"), "latin1"),
      Buffer.from("Rar!\x1a\x07\x01\x00 and so on", "latin1"),
      Buffer.from("7z\xbc\xaf\x27\x1c and so on", "latin1"),
    ]) {
      expect(await examine(behind(bytes, archive), type)).toBe("second_type");
    }
  });

  test("an archive in a comment at the end of an otherwise whole file", async () => {
    const archive = zipSample();
    const inPdf = insertAt(pdfSample(), pdfSample().lastIndexOf("startxref"), archive);
    expect(await examine(inPdf, "application/pdf")).toBe("second_type");
    expect(await examine(insertAt(jpegSample, 2, jpegComment(archive)), "image/jpeg")).toBe("second_type");
    expect(await examine(pngSample(4, [pngChunk("zIPx", archive)]), "image/png")).toBe("second_type");
  });

  test.each([
    pageSample.toString(),
    "<script>alert(1)</script>",
    "<?php system($_GET['c']); ?>",
    '<SVG onload="alert(1)">',
    '<iframe src="//evil">',
    "<%@ page import='java.io.*' %>",
  ])("markup at the beginning: %s", async (markup) => {
    expect(await examine(behind(Buffer.from(markup), pdfSample()), "application/pdf")).toBe("type_mismatch");
    expect(await examine(insertAt(pdfSample(), 9, `%${markup}\n`), "application/pdf")).toBe("second_type");
    expect(await examine(insertAt(jpegSample, 2, jpegComment(markup)), "image/jpeg")).toBe("second_type");
    expect(
      await examine(pngSample(4, [pngChunk("tEXt", Buffer.from(`Comment\0${markup}`))]), "image/png"),
    ).toBe("second_type");
  });

  test("marks of other types where those look for them", async () => {
    const roomy = insertAt(pdfSample("Raport", 40_000), 9, `%${" ".repeat(600)}\n`);
    for (const [place, mark] of [
      [128, "DICM"],
      [257, "ustar"],
      [32_769, "CD001"],
    ] as const) {
      expect(await examine(marked(roomy, place, mark), "application/pdf"), mark).toBe("second_type");
    }
    const comment = jpegComment(" ".repeat(300));
    expect(await examine(marked(insertAt(jpegSample, 2, comment), 128, "DICM"), "image/jpeg")).toBe(
      "second_type",
    );
  });

  test.each(types)("%s with anything behind its end", async (type) => {
    for (const more of ["x", jpegSample, pageSample, "\nMZ", pdfSample().subarray(0, 300)]) {
      expect(await examine(behind(samples[type], more), type)).toBe("second_type");
    }
  });
});

describe("a file that cannot be read is refused (FND-13)", () => {
  test.each(types)("%s cut off anywhere", async (type) => {
    const bytes = samples[type];
    const step = Math.max(1, Math.floor(bytes.length / 60));
    for (let length = 0; length < bytes.length - 1; length += step) {
      expect(await examine(bytes.subarray(0, length), type), `${length} bytes`).not.toBeNull();
    }
  });

  test("a PDF whose table is not where it says", async () => {
    const bytes = pdfSample().toString("latin1");
    for (const [table, found] of [
      ["0", null],
      ["7", null],
      ["99999999", null],
      ["", "malformed"],
    ] as const) {
      const moved = bytes.replace(/startxref\n\d+/, `startxref\n${table}`);
      expect(await examine(Buffer.from(moved, "latin1"), "application/pdf"), table).toBe(found);
    }
  });

  test("a PNG whose pixels were changed, or that begins with something else", async () => {
    const changed = Buffer.from(pngSample());
    changed[45] = (changed[45] ?? 0) ^ 1;
    expect(await examine(changed, "image/png")).toBe("malformed");
    expect(
      await examine(pngSample(4, [], pngChunk("tEXt", Buffer.from("a\0b"))), "image/png"),
    ).not.toBeNull();
  });

  test("a picture that would fill the memory of whoever opens it", async () => {
    expect(await examine(pngSample(4, [], pngHeader(60_000, 60_000)), "image/png")).toBe("too_many_pixels");
    expect(await examine(pngSample(4, [], pngHeader(0, 10)), "image/png")).toBe("malformed");
  });

  test("noise behind a good beginning is refused, and comes to an end", async () => {
    for (const type of types) {
      const bytes = behind(samples[type].subarray(0, 24), randomBytes(5_000_000));
      expect(await examine(bytes, type)).not.toBeNull();
    }
  });
});
