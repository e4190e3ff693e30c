import { deflateSync } from "node:zlib";
import { describe, expect, test } from "vitest";
import { examine } from "../examine/index.ts";
import { jpegSample, pngChunk, pngHeader, pngSample, webpSample } from "./samples.ts";

const behind = (bytes: Buffer, more: Buffer | string) => Buffer.concat([bytes, Buffer.from(more)]);
/** A PNG that says it has this size, whose pixels unpack to so many bytes. */
const pngThat = (width: number, height: number, unpacks: number, more: Buffer[] = []) =>
  Buffer.concat([
    Buffer.from("\x89PNG\r\n\x1a\n", "latin1"),
    pngHeader(width, height),
    ...more,
    pngChunk("IDAT", deflateSync(Buffer.alloc(unpacks))),
    pngChunk("IEND", Buffer.alloc(0)),
  ]);
const jpegOf = (width: number, height: number) => {
  const bytes = Buffer.from(jpegSample);
  const frame = bytes.indexOf(Buffer.from([0xff, 0xc0]));
  bytes.writeUInt16BE(height, frame + 5);
  bytes.writeUInt16BE(width, frame + 7);
  return bytes;
};
const webpOf = (width: number, height: number) => {
  const header = Buffer.alloc(18);
  header.write("VP8X");
  header.writeUInt32LE(10, 4);
  header.writeUIntLE(width - 1, 12, 3);
  header.writeUIntLE(height - 1, 15, 3);
  const body = Buffer.concat([Buffer.from("WEBP"), header, webpSample.subarray(12)]);
  const length = Buffer.alloc(4);
  length.writeUInt32LE(body.length);
  return Buffer.concat([Buffer.from("RIFF"), length, body]);
};
const profile = (unpacks: number) =>
  pngChunk("iCCP", Buffer.concat([Buffer.from("icc\0\0"), deflateSync(Buffer.alloc(unpacks))]));
const note = (unpacks: number) =>
  pngChunk("zTXt", Buffer.concat([Buffer.from("Comment\0\0"), deflateSync(Buffer.alloc(unpacks))]));
const remark = (unpacks: number) =>
  pngChunk("iTXt", Buffer.concat([Buffer.from("Comment\0\x01\0ro\0\0"), deflateSync(Buffer.alloc(unpacks))]));

describe("pictures are as large as a viewer can hold (FND-13)", () => {
  test("a PNG that says it unpacks to 100 MB is refused by what it says, and nothing is unpacked", async () => {
    const bytes = pngThat(6_000, 6_000, 10);
    expect(await examine(bytes, "image/png")).toBe("too_many_pixels");
    bytes.fill(1, bytes.indexOf("IDAT") + 4); // whoever went on would find no checksum
    expect(await examine(bytes, "image/png")).toBe("too_many_pixels");
  });

  test("a PNG that unpacks to more than it says is refused when it passes that", async () => {
    expect(await examine(pngThat(4, 4, 100 << 20), "image/png")).toBe("inflates_too_far");
    expect(await examine(pngThat(100, 100, 100 * 301 + 1), "image/png")).toBe("inflates_too_far");
    expect(await examine(pngThat(100, 100, 100 * 301), "image/png")).toBeNull();
  });

  test("profiles and texts in a PNG unpack to little", async () => {
    for (const chunk of [profile, note, remark]) {
      expect(await examine(pngSample(4, [chunk(100_000)]), "image/png"), chunk.name).toBeNull();
      expect(await examine(pngSample(4, [chunk(9 << 20)]), "image/png"), chunk.name).toBe("inflates_too_far");
    }
    expect(await examine(pngSample(4, [note(5 << 20), note(5 << 20)]), "image/png")).toBe("inflates_too_far");
  });

  test.each([
    ["image/jpeg", jpegOf],
    ["image/webp", webpOf],
  ] as const)("a photo of 108 megapixels is taken, larger ones are told so: %s", async (type, of) => {
    expect(await examine(of(12_032, 9_024), type)).toBeNull();
    expect(await examine(of(16_320, 12_240), type)).toBe("too_many_pixels");
    if (type === "image/jpeg") expect(await examine(of(0, 10), type)).toBe("malformed");
  });

  test("a photo that lost its end says so", async () => {
    expect(await examine(jpegSample.subarray(0, -2), "image/jpeg")).toBe("truncated");
    expect(await examine(pngSample(40).subarray(0, -20), "image/png")).toBe("truncated");
    expect(await examine(webpSample.subarray(0, -4), "image/webp")).toBe("truncated");
  });
});

describe("what is two things is refused, however far inside (FND-13)", () => {
  test.each(["<script>alert(1)</script>", "<!DOCTYPE html>", "<html lang=ro>", "<?php system(1);"])(
    "%s",
    async (markup) => {
      const far = `${" ".repeat(20_000)}${markup} `;
      const comment = Buffer.alloc(2);
      comment.writeUInt16BE(far.length + 2);
      const jpeg = Buffer.concat([
        jpegSample.subarray(0, 2),
        Buffer.from([0xff, 0xfe]),
        comment,
        Buffer.from(far),
        jpegSample.subarray(2),
      ]);
      expect(await examine(jpeg, "image/jpeg")).toBe("second_type");
      expect(await examine(pngSample(4, [pngChunk("tEXt", Buffer.from(`a\0${far}`))]), "image/png")).toBe(
        "second_type",
      );
      for (const [type, bytes] of [
        ["image/jpeg", jpegSample],
        ["image/png", pngSample()],
        ["image/webp", webpSample],
      ] as const) {
        expect(await examine(behind(bytes, far), type), type).toBe("second_type");
      }
    },
  );

  test.each(["heic", "heix", "mif1", "hevc"])(
    "a HEIC photo is told apart, whatever it is called: %s",
    async (brand) => {
      const photo = Buffer.from(`\0\0\0\x18ftyp${brand}\0\0\0\0${brand}`.padEnd(400, "\0"), "latin1");
      for (const type of ["image/jpeg", "image/png", "application/pdf"]) {
        expect(await examine(photo, type)).toBe("heic");
      }
    },
  );
});
