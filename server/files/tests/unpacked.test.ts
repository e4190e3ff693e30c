import { describe, expect, test } from "vitest";
import { fromBase85, fromHex, unpackedByRuns, unpackedByWords } from "../examine/unpacked.ts";

/** Bytes that are the same in every run, with words that come again. */
function sample(length: number): Buffer {
  const bytes = Buffer.alloc(length);
  let state = 42;
  for (let at = 0; at < length; at++) {
    state = (state * 1_103_515_245 + 12_345) % 2 ** 31;
    bytes[at] = state % 3 === 0 ? (state >> 8) & 0xff : (bytes[at - 7] ?? 1);
  }
  return bytes;
}

describe("RunLengthDecode is measured (FND-13)", () => {
  test.each<[string, number[], number]>([
    ["nothing", [], 0],
    ["one byte as it is", [0, 65], 1],
    ["128 bytes as they are", [127, ...Buffer.alloc(128, 65)], 128],
    ["one byte 128 times", [129, 65], 128],
    ["one byte twice", [255, 65], 2],
    ["both, and the end", [2, 65, 66, 67, 254, 68, 128], 6],
    ["one byte thrice, and two as they are", [254, 65, 1, 66, 67], 5],
    ["what stands behind the end", [0, 65, 128, 129, 65], 1],
  ])("%s", (_, bytes, length) => expect(unpackedByRuns(Buffer.from(bytes))).toBe(length));
});

describe("LZWDecode is measured (FND-13)", () => {
  /** What PDF calls LZW, written by the book: codes of 9 to 12 bits, cleared when the table is full. */
  function packed(bytes: Buffer, earlyChange: number, { clears = true, ends = true } = {}): Buffer {
    const bits: string[] = [];
    const width = (next: number) => [9, 10, 11].find((size) => next + earlyChange < 2 ** size) ?? 12;
    let table = new Map<string, number>();
    const clear = () => {
      table = new Map(Array.from({ length: 256 }, (_, byte) => [String.fromCharCode(byte), byte]));
    };
    /** The decoder learns each word one code later than the encoder. */
    let known = 258;
    let isFirst = true;
    const write = (code: number) => {
      bits.push(code.toString(2).padStart(width(known), "0"));
      if (code === 256) {
        known = 258;
        isFirst = true;
      } else if (isFirst) isFirst = false;
      else if (known < 4096) known += 1;
    };
    clear();
    let next = 258;
    let word = "";
    if (clears) write(256);
    for (const byte of bytes) {
      const longer = word + String.fromCharCode(byte);
      if (table.has(longer)) {
        word = longer;
        continue;
      }
      write(table.get(word) ?? 0);
      if (next < 4096) table.set(longer, next++);
      word = String.fromCharCode(byte);
      if (clears && next === 4096 - earlyChange) {
        write(table.get(word) ?? 0);
        word = "";
        write(256);
        clear();
        next = 258;
      }
    }
    if (word !== "") write(table.get(word) ?? 0);
    if (ends) write(257);
    const joined = bits.join("");
    return Buffer.from(
      (joined.match(/.{1,8}/g) ?? []).map((byte) => Number.parseInt(byte.padEnd(8, "0"), 2)),
    );
  }

  test.each([0, 1, 2, 300, 1_000, 5_000, 30_000])("%d bytes, in either of its ways to widen", (length) => {
    const bytes = sample(length);
    expect(unpackedByWords(packed(bytes, 1))).toBe(length);
    expect(unpackedByWords(packed(bytes, 0), 0)).toBe(length);
  });
  test("one byte 100,000 times, which says words that are just being made", () => {
    for (const early of [0, 1]) {
      expect(unpackedByWords(packed(Buffer.alloc(100_000, 7), early), early)).toBe(100_000);
    }
  });
  test("a table that is full and stays so", () => {
    const bytes = sample(60_000);
    expect(unpackedByWords(packed(bytes, 1, { clears: false }))).toBe(60_000);
  });
  test("what stands behind the end is not counted", () => {
    const whole = packed(sample(100), 1);
    expect(unpackedByWords(Buffer.concat([whole, whole]))).toBe(100);
  });
  test("eight codes that fill their nine bytes, and no end", () => {
    expect(unpackedByWords(packed(Buffer.from("abcdefg"), 1, { ends: false }))).toBe(7);
  });
  test("the example of the specification", () => {
    expect(unpackedByWords(Buffer.from("800b6050220c0c8501", "hex"))).toBe(10);
  });
});

describe("ASCIIHexDecode and ASCII85Decode are read (FND-13)", () => {
  test("hexadecimal digits, up to their end", () => {
    expect(fromHex(Buffer.from("48 65\n6C6c6F>4242"))).toEqual(Buffer.from("Hello"));
    expect(fromHex(Buffer.from("zz4865"))).toEqual(Buffer.from("He"));
    expect(fromHex(Buffer.from(">"))).toHaveLength(0);
  });

  function base85(bytes: Buffer): string {
    let text = "";
    for (let at = 0; at < bytes.length; at += 4) {
      const group = Buffer.alloc(4);
      const length = bytes.copy(group, 0, at, at + 4);
      let value = group.readUInt32BE();
      let digits = "";
      for (let digit = 0; digit < 5; digit++) {
        digits = String.fromCharCode(33 + (value % 85)) + digits;
        value = Math.floor(value / 85);
      }
      text += length === 4 && digits === "!!!!!" ? "z" : digits.slice(0, length + 1);
    }
    return text;
  }

  test.each(Array.from({ length: 13 }, (_, length) => length))("%d bytes", (length) => {
    for (const bytes of [sample(length), Buffer.alloc(length), Buffer.alloc(length, 255)]) {
      expect(fromBase85(Buffer.from(`${base85(bytes)}~>`))).toEqual(bytes);
    }
  });
  test("blanks and what is no digit are passed over, and nothing is read behind the end", () => {
    expect(fromBase85(Buffer.from('87 cz\nURvD]i,"Ebo7&~>zzzz'))).toEqual(
      fromBase85(Buffer.from('87cURD]i,"Ebo7&')),
    );
    expect(fromBase85(Buffer.from('87cURD]i,"Ebo80~>')).toString()).toBe("Hello World!");
  });
  test("digits of too much, and a digit alone, are no error", () => {
    expect(fromBase85(Buffer.from("uuuuu"))).toHaveLength(4);
    expect(fromBase85(Buffer.from("!"))).toHaveLength(0);
  });
});
