import { domainToASCII } from "node:url";
import fc from "fast-check";
import pg from "pg";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { propertyRuns } from "../../../testing/property.ts";
import { createTestDatabase, type TestDatabase } from "../../../testing/server.ts";

let database: TestDatabase;
let client: pg.Client;
beforeAll(async () => {
  database = await createTestDatabase({
    because: "Node compares it with its own reading of domains, which SQL cannot ask",
  });
  client = new pg.Client(database.urls.admin);
  await client.connect();
});
afterAll(async () => {
  await client?.end();
  await database?.drop();
});

async function labels(written: string[]): Promise<(string | null)[]> {
  const { rows } = await client.query<{ label: string | null }>(
    `select app_hidden.domain_label(written) as label
     from unnest($1::text[]) with ordinality as t (written, n) order by n`,
    [written],
  );
  return rows.map(({ label }) => label);
}

/** What browsers and mail servers make of a label; null where they refuse it. */
function asNode(label: string): string | null {
  const ascii = domainToASCII(`${label}.ro`);
  return ascii === "" ? null : ascii.replace(/\.ro$/, "");
}

const range = (from: number, to: number) =>
  fc.integer({ min: from, max: to }).map((code) => String.fromCodePoint(code));
const ascii = fc.constantFrom(..."abcxyzABCXYZ0189");
const letter = fc.oneof(
  { weight: 3, arbitrary: ascii },
  { weight: 3, arbitrary: fc.constantFrom(..."ăâîșțşţĂÂÎȘȚéüßẞñøłđςσΣ") },
  range(0x00c0, 0x024f),
  range(0x0370, 0x052f),
  range(0x10a0, 0x10ff),
  range(0x1e00, 0x1fff),
  range(0x3041, 0x30ff),
  range(0x4e00, 0x4eff),
  range(0xac00, 0xacff),
);

describe("FND-34: international domains", () => {
  test("every label that is taken is what Node makes of it, whatever is written", async () => {
    const anything = fc.oneof(
      { weight: 3, arbitrary: letter },
      { weight: 1, arbitrary: fc.constantFrom("-", "-", "\u0301", "\u0326", "\u0345") },
      { weight: 1, arbitrary: fc.string({ unit: "grapheme", minLength: 1, maxLength: 1 }) },
    );
    const written = fc
      .array(anything, { minLength: 1, maxLength: 20 })
      .map((parts) => parts.join(""))
      // These part a URL, and no label has them.
      .filter((text) => !/[.\u3002\uff0e\uff61/\\?#@:[\]%\s]/.test(text));
    await fc.assert(
      fc.asyncProperty(fc.array(written, { minLength: 100, maxLength: 100 }), async (batch) => {
        const taken = await labels(batch);
        const theirs = batch.map((label, index) => (taken[index] === null ? null : asNode(label)));
        expect(taken).toEqual(theirs);
      }),
      { ...propertyRuns(20), endOnFailure: true },
    );
  });

  test("letters of the alphabets we name are taken, and punycode is read back", async () => {
    const plain = fc
      .array(letter, { minLength: 1, maxLength: 15 })
      .map((parts) => parts.join(""))
      .filter((text) => text.normalize("NFC") === text.normalize("NFKC") && /^[\p{L}\p{Nd}]+$/u.test(text))
      // Letters that fold to ASCII, and the Greek iota below, are refused on purpose.
      .filter((text) => !/[\u0130\u017f\u212a]/.test(text) && !text.normalize("NFD").includes("\u0345"))
      // So are letters that modify others: the Greek numeral sign composes to one.
      .filter((text) => !/[\u02b0-\u02ff]/.test(text.normalize("NFC")));
    await fc.assert(
      fc.asyncProperty(fc.array(plain, { minLength: 100, maxLength: 100 }), async (batch) => {
        const taken = await labels(batch);
        expect(taken).toEqual(batch.map(asNode));
        expect(await labels(taken.map((label) => label ?? ""))).toEqual(taken);
      }),
      { ...propertyRuns(20), endOnFailure: true },
    );
  });
});
