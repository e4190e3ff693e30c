/**
 * Writes the numbering plans of the world as rows of app_hidden.phone_regions: `npm run phone-numbers`, after an
 * update of libphonenumber-js. The same metadata makes the same file; a test says when the rows are not the installed
 * library's any more (FND-07).
 */
import { writeFileSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import metadata from "libphonenumber-js/max/metadata";
import { makeFolder } from "../../runtime/folders.ts";
import { rowText } from "./row_text.ts";
import { dbFolder } from "./sources.ts";

/** One numbering plan as a row of app_hidden.phone_regions. */
export type PhoneRegion = {
  region: string;
  calling_code: string;
  place: number;
  idd_prefix: string | null;
  national_prefix: string | null;
  national_prefix_becomes: string | null;
  national_number: string;
  leading_digits: string | null;
  assigned_numbers: string | null;
  possible_lengths: number[];
};

/** Places in the library's compact rows: https://gitlab.com/catamphetamine/libphonenumber-js/-/blob/master/METADATA.md */
const at = {
  idd: 1,
  pattern: 2,
  lengths: 3,
  prefix: 5,
  prefixForParsing: 7,
  transform: 8,
  leading: 10,
  types: 11,
} as const;
type Plan = readonly unknown[];
type NumberType = readonly [pattern?: string, lengths?: number[]] | 0 | null;

/** Every numbering plan, by calling code and place. */
export function phoneRegions(): PhoneRegion[] {
  const countries = metadata.countries as Record<string, Plan>;
  const nonGeographic = metadata.nonGeographic as Record<string, Plan>;
  const codes = Object.entries(metadata.country_calling_codes as Record<string, string[]>);
  return [
    ...codes.flatMap(([code, regions]) =>
      regions.map((region, index) =>
        phoneRegion(region, code, index + 1, countries[region] ?? [], regions.length > 1),
      ),
    ),
    ...Object.entries(nonGeographic).map(([code, plan]) => phoneRegion(`+${code}`, code, 1, plan, false)),
  ].sort((a, b) => Number(a.calling_code) - Number(b.calling_code) || a.place - b.place);
}

function phoneRegion(
  region: string,
  code: string,
  place: number,
  plan: Plan,
  isShared: boolean,
): PhoneRegion {
  const text = (index: number): string | null => (plan[index] as string | undefined) || null;
  const lengths = plan[at.lengths] as number[];
  const leading = text(at.leading);
  return {
    region,
    calling_code: code,
    place,
    idd_prefix: text(at.idd),
    national_prefix: text(at.prefixForParsing) ?? text(at.prefix),
    // $1 is \1 in PostgreSQL.
    national_prefix_becomes: text(at.transform)?.replaceAll("$", "\\") ?? null,
    national_number: text(at.pattern) ?? "",
    leading_digits: leading,
    assigned_numbers:
      isShared && !leading ? assigned((plan[at.types] as NumberType[] | undefined) ?? [], lengths) : null,
    possible_lengths: lengths,
  };
}

/** One pattern of all types of numbers, each with its lengths. */
function assigned(types: NumberType[], ofRegion: number[]): string {
  return types
    .flatMap((type) => {
      const [pattern, lengths = ofRegion] = type || [];
      return pattern ? [`(?=(?:${lengths.map((n) => `\\d{${n}}`).join("|")})$)(?:${pattern})`] : [];
    })
    .join("|");
}

/** The file that makes the table hold these plans and nothing else. */
export function phoneRegionsFile(regions: PhoneRegion[] = phoneRegions()): string {
  const rows = regions.map((region) =>
    Object.fromEntries(
      Object.entries(region).map(([column, value]) => [
        column,
        value === null ? null : Array.isArray(value) ? `{${value.join(",")}}` : String(value),
      ]),
    ),
  );
  return [
    "-- The numbering plans of the world, by which telephone numbers are read and told apart. Written by",
    "-- npm run phone-numbers from libphonenumber's metadata; do not edit. FND-07.",
    "",
    `select app_private.own_rows('app_hidden.phone_regions', rows => ${rowText(Object.keys(rows[0] ?? {}), rows)});`,
    "",
  ].join("\n");
}

if (import.meta.main) {
  const file = join(dbFolder, "reference", "facts", "phone_regions.sql");
  const regions = phoneRegions();
  makeFolder(dirname(file));
  writeFileSync(file, phoneRegionsFile(regions));
  console.log(`${regions.length} numbering plans stand in ${relative(process.cwd(), file)}`);
}
