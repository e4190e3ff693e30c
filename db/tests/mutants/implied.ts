import type pg from "pg";
import type { Place } from "./conditions.ts";
import type { Token } from "./sql_tokens.ts";

/** A column that holds a key together with the clinic: what it names is one row, and the clinic beside it is that row's. */
export type ClinicKey = { table: string; column: string; parent: string };

/** The tables that a name in a body may stand for. */
export type Tables = (name: string) => string[];

const clinic = "organization_id";

/**
 * Every column whose foreign key leads over the clinic to a row that its id alone names already, and those ids. A row
 * without a clinic is held by no such key.
 */
export async function clinicKeysOf(client: pg.ClientBase): Promise<ClinicKey[]> {
  const { rows } = await client.query<ClinicKey>(`
    with recursive of_a_clinic as (
      select attrelid as table_id from pg_attribute where attname = '${clinic}' and attnotnull and not attisdropped
    ), led as (
      select k.conrelid as table_id, own.attname as column, k.confrelid as parent_id, theirs.attname as parent_column
      from pg_constraint k
      join of_a_clinic on of_a_clinic.table_id = k.conrelid
      cross join lateral unnest(k.conkey, k.confkey) as pair (own, theirs)
      join pg_attribute own on own.attrelid = k.conrelid and own.attnum = pair.own and own.attname <> '${clinic}'
      join pg_attribute theirs on theirs.attrelid = k.confrelid and theirs.attnum = pair.theirs
      where k.contype = 'f' and k.convalidated and exists (
        select from unnest(k.conkey, k.confkey) as clinics (own, theirs)
        join pg_attribute a on a.attrelid = k.conrelid and a.attnum = clinics.own and a.attname = '${clinic}'
        join pg_attribute b on b.attrelid = k.confrelid and b.attnum = clinics.theirs and b.attname = '${clinic}')
      -- Where another column of the key is null, the key holds nothing.
      and not exists (
        select from pg_attribute a
        where a.attrelid = k.conrelid and a.attnum = any (k.conkey) and a.attnum <> pair.own and not a.attnotnull)
    ), found as (
      select k.conrelid as table_id, a.attname as column, k.conrelid::regclass || '.' || a.attname as parent
      from pg_constraint k
      join of_a_clinic on of_a_clinic.table_id = k.conrelid
      join pg_attribute a on a.attrelid = k.conrelid and a.attnum = k.conkey[1]
      where k.contype in ('p', 'u') and cardinality(k.conkey) = 1
      union
      select led.table_id, led.column, found.parent
      from led join found on found.table_id = led.parent_id and found.column = led.parent_column
    )
    select table_id::regclass::text as table, "column"::text, parent from found`);
  return rows;
}

/**
 * Whether `a.organization_id = b.organization_id` is true wherever the condition beside it is: `a.form_id = b.id`, where
 * both columns hold the same key with their clinics. Such a condition leads into an index; without it the answers are
 * the same, so no proof could notice.
 */
export function isImplied(
  tokens: Token[],
  term: Place,
  beside: Place[],
  tables: Tables,
  keys: ClinicKey[],
): boolean {
  const asked = comparedColumns(tokens, term);
  if (!asked || asked.some(({ column }) => column !== clinic)) return false;
  return beside.some((place) => {
    const other = comparedColumns(tokens, place);
    if (!other) return false;
    const [one, two] = asked.map(({ of }) => other.find((side) => side.of === of));
    if (!one || !two || one === two) return false;
    const parents = [one, two].map(({ of, column }) =>
      tables(of).map((table) =>
        keys.filter((key) => key.table === table && key.column === column).map((key) => key.parent),
      ),
    );
    const [ofOne = [], ofTwo = []] = parents;
    return (
      ofOne.length > 0 &&
      ofTwo.length > 0 &&
      ofOne.every((some) => ofTwo.every((others) => some.some((parent) => others.includes(parent))))
    );
  });
}

/** `a.x = b.y`; also `(f.a).x`, as PostgreSQL writes an argument of a function. */
function comparedColumns(tokens: Token[], { from, to }: Place): { of: string; column: string }[] | undefined {
  const words = tokens.slice(from, to).map(({ text }) => text);
  const sides = words.join(" ").split(" = ");
  const columns = sides.map((side) =>
    /^(?:\( )*(?:(\w+)|\( (?:\w+ \. )?(\w+) \)) \. (\w+)(?: \))*$/.exec(side)?.slice(1),
  );
  if (columns.length !== 2 || columns.some((found) => !found)) return undefined;
  return columns.map(([plain, argument, column] = []) => ({
    of: plain ?? argument ?? "",
    column: column ?? "",
  }));
}

/**
 * What the names in a function stand for: `from app_public.forms f`, a variable or argument `v_form app_public.forms`,
 * and `new` and `old` of the tables whose trigger it is.
 */
export function tablesNamedIn(tokens: Token[], ofTrigger: string[]): Tables {
  const named = new Map<string, Set<string>>([
    ["new", new Set(ofTrigger)],
    ["old", new Set(ofTrigger)],
  ]);
  const say = (name: string, table: string) => named.set(name, (named.get(name) ?? new Set()).add(table));
  tokens.forEach(({ text }, at) => {
    if (text !== "." || !/^(app_\w+|audit)$/.test(tokens[at - 1]?.text ?? "")) return;
    const table = `${tokens[at - 1]?.text}.${tokens[at + 1]?.text}`;
    const [before, behind] = [tokens[at - 2], tokens[at + 2]];
    if (["from", "join", "into", "update", "using", ",", "("].includes(before?.text ?? "")) {
      say(tokens[at + 1]?.text ?? "", table);
      const alias = behind?.text === "as" ? tokens[at + 3] : behind;
      if (alias?.kind === "word") say(alias.text, table);
    } else if (before?.kind === "word")
      say(before.text === "constant" ? (tokens[at - 3]?.text ?? "") : before.text, table);
  });
  return (name) => [...(named.get(name) ?? [])];
}
