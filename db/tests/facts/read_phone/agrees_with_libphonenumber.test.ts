import fc from "fast-check";
import {
  type CountryCode,
  getCountries,
  getCountryCallingCode,
  getExampleNumber,
  type PhoneNumber,
  parsePhoneNumberFromString,
  validatePhoneNumberLength,
} from "libphonenumber-js/max";
import examples from "libphonenumber-js/mobile/examples";
import pg from "pg";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { phoneRegions } from "../../../migrating/phone_numbers.ts";
import { propertyRuns } from "../../../testing/property.ts";
import { createTestDatabase, type TestDatabase } from "../../../testing/server.ts";

/** A number as somebody writes it, and the region of the clinic they write it for. */
type Written = { text: string; region: CountryCode };
type Reading = { number: string | null; problem: string | null };

const regions = getCountries();
const region = fc.oneof(
  { weight: 2, arbitrary: fc.constant<CountryCode>("RO") },
  // Regions that share calling codes, keep their zero, or rewrite what is dialled at home.
  {
    weight: 3,
    arbitrary: fc.constantFrom<CountryCode>(
      "IT",
      "VA",
      "GB",
      "JE",
      "US",
      "CA",
      "AG",
      "RU",
      "KZ",
      "AR",
      "BR",
      "MX",
    ),
  },
  { weight: 5, arbitrary: fc.constantFrom(...regions) },
);
const digits = fc.string({ unit: fc.constantFrom(..."0123456789"), minLength: 1, maxLength: 18 });
const mark = fc.constantFrom("", "", "", "", "", " ", "-", ".", "/", "(", ")", " ", "–", "‑");

/** A number that exists, in the ways it is written, sometimes with a digit too few or too many. */
const real = region.chain((of) => {
  const number = getExampleNumber(of, examples);
  const forms = number
    ? [
        number.formatNational(),
        number.formatInternational(),
        number.number,
        number.number.slice(1),
        `00${number.number.slice(1)}`,
        `011${number.number.slice(1)}`,
        `+${number.countryCallingCode} (0)${number.nationalNumber}`,
        `0${number.nationalNumber}`,
        number.nationalNumber,
      ]
    : ["112"];
  return fc.record({
    region: fc.oneof({ weight: 4, arbitrary: fc.constant(of) }, { weight: 1, arbitrary: region }),
    text: fc
      .tuple(fc.constantFrom(...forms), fc.constantFrom(0, 0, 0, -1, 1, 2), fc.constantFrom("0", "5", "9"))
      .map(([form, change, digit]) => (change < 0 ? form.slice(0, change) : form + digit.repeat(change))),
  });
});
const invented = fc.record({
  region,
  text: fc
    .tuple(
      fc.constantFrom("", "", "+", "00", "0", "8", "1", "+0", "+39 0", "+44 ", "+1 ", "+7", "+54 9", "+800"),
      fc.oneof(
        digits,
        region.chain((of) => digits.map((rest) => getCountryCallingCode(of) + rest)),
      ),
    )
    .map(([start, rest]) => start + rest),
});
const written: fc.Arbitrary<Written> = fc
  .tuple(fc.oneof(real, invented), fc.array(mark, { maxLength: 12 }))
  .map(([{ text, region }, marks]) => ({
    region,
    text: marks.reduce((marked, sign, index) => {
      const at = 2 + index * 2;
      return at < marked.length ? marked.slice(0, at) + sign + marked.slice(at) : marked;
    }, text),
  }));

const plans = phoneRegions();

/**
 * "Possible" asks for the length only, and takes 072200012 with its zero for a number of nine digits; "valid" refuses
 * what is assigned since its metadata was written. We stand between them: the plan's general shape must fit.
 */
function inUse({ number, nationalNumber, country, countryCallingCode }: PhoneNumber): Reading {
  const ofCode = plans.filter((plan) => plan.calling_code === countryCallingCode);
  const plan = ofCode.find((candidate) => candidate.region === country) ?? ofCode[0];
  const readsAsItself = parsePhoneNumberFromString(number)?.number === number;
  if (readsAsItself && new RegExp(`^(?:${plan?.national_number})$`).test(nationalNumber)) {
    return { number, problem: null };
  }
  return { number: null, problem: "another" };
}

/** What libphonenumber reads. Where we differ on purpose, the difference stands here and nowhere else. */
function expected({ text, region }: Written): Reading {
  const number = parsePhoneNumberFromString(text, { defaultCountry: region, extract: false });
  // E.164 ends at 15 digits, and nothing under 7 can be dialled from abroad; some plans say otherwise.
  if (number && number.number.length > 16) return { number: null, problem: "too_long" };
  if (number && number.number.length < 8) return { number: null, problem: "too_short" };
  // Two digits name no country, also where the first is the way to call abroad, as Samoa's 0 is in 08.
  if (!number && text.replaceAll(/\D/g, "").length === 2) return { number: null, problem: "too_short" };
  // Some numbers are dialled within their region alone; what is kept can be dialled from anywhere.
  const problem =
    validatePhoneNumberLength(text, region) ?? (number && validatePhoneNumberLength(number.number));
  if (!problem) return number ? inUse(number) : { number: null, problem: null };
  return {
    number: null,
    problem:
      { INVALID_LENGTH: "wrong_length", INVALID_COUNTRY: "unknown_country" }[problem as string] ??
      problem.toLowerCase(),
  };
}

/** Seldom come up by themselves. */
const rare: Written[] = [
  { region: "WS", text: "08" },
  { region: "BO", text: "0015062345678" },
  { region: "BR", text: "+55 90 90 539011431" },
  { region: "BR", text: "+55 90 539011431" },
];

let database: TestDatabase;
let client: pg.Client;
beforeAll(async () => {
  database = await createTestDatabase({
    because: "Node compares it with libphonenumber, which SQL cannot ask",
  });
  client = new pg.Client(database.urls.admin);
  await client.connect();
});
afterAll(async () => {
  await client?.end();
  await database?.drop();
});

async function read(cases: Written[]): Promise<Reading[]> {
  const { rows } = await client.query<Reading>(
    `select reading.number, reading.problem
     from unnest($1::text[], $2::text[]) with ordinality as written (text, region, n),
          app_hidden.read_phone(written.text, written.region) as reading
     order by n`,
    [cases.map(({ text }) => text), cases.map(({ region }) => region)],
  );
  return rows;
}

describe("FND-07: telephone numbers", () => {
  test("the rows are those of the installed library; npm run phone-numbers writes them", async () => {
    const { rows } = await client.query(
      `select region, calling_code, place, idd_prefix, national_prefix, national_prefix_becomes, national_number,
              leading_digits, assigned_numbers, possible_lengths
       from app_hidden.phone_regions order by calling_code::int, place`,
    );
    expect(rows).toEqual(phoneRegions());
  });

  test("are read as libphonenumber reads them, in every region", async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(written, { minLength: 100, maxLength: 100 }), async (cases) => {
        const readings = await read(cases);
        expect(
          readings.map(({ number, problem }, index) => {
            const { problem: theirs } = expected(cases[index] as Written);
            return { number, problem: problem && theirs === "another" ? theirs : problem };
          }),
        ).toEqual(cases.map(expected));

        const again = readings.flatMap(({ number }) =>
          number ? [{ text: number, region: "IT" as const }] : [],
        );
        expect(await read(again)).toEqual(again.map(({ text }) => ({ number: text, problem: null })));
      }),
      {
        ...propertyRuns(40),
        endOnFailure: true,
        examples: rare.map((one) => [Array(100).fill(one)]),
      },
    );
  });
});
