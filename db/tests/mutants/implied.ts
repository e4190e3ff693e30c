import type pg from "pg";
import type { Place } from "./conditions.ts";
import type { Token } from "./sql_tokens.ts";

/**
 * A column that leads to a row which its id alone names, and one that is held to a column of that row by the same key:
 * `form_id` and `organization_id` of a link, to `id` and `organization_id` of its form.
 */
export type HeldPair = { table: string; column: string; beside: string; parent: string };

/** The tables that a name in a body may stand for. */
export type Tables = (name: string) => string[];

/** Every such pair. Where a column of a key may be null the key holds nothing, so there it is no pair. */
export async function heldPairsOf(client: pg.ClientBase): Promise<HeldPair[]> {
  const { rows } = await client.query<HeldPair>(`
    with recursive columns as (
      select attrelid as table_id, attnum, attname, attnotnull from pg_attribute where attnum > 0 and not attisdropped
    ), found as (
      select k.conrelid as table_id, a.attname as column, b.attname as beside,
             k.conrelid::regclass || '.' || a.attname || ', ' || b.attname as parent
      from pg_constraint k
      join columns a on a.table_id = k.conrelid and a.attnum = k.conkey[1]
      join columns b on b.table_id = k.conrelid and b.attnum <> a.attnum and b.attname ~ '_id$' and b.attnotnull
      where k.contype in ('p', 'u') and cardinality(k.conkey) = 1
      union
      select k.conrelid, own.attname, held.attname, found.parent
      from found
      join pg_constraint k on k.confrelid = found.table_id and k.contype = 'f' and k.convalidated
      cross join lateral unnest(k.conkey, k.confkey) as id_pair (own, theirs)
      cross join lateral unnest(k.conkey, k.confkey) as held_pair (own, theirs)
      join columns own on own.table_id = k.conrelid and own.attnum = id_pair.own
      join columns held on held.table_id = k.conrelid and held.attnum = held_pair.own and held.attnotnull
      join columns their_id on their_id.table_id = k.confrelid and their_id.attnum = id_pair.theirs and their_id.attname = found.column
      join columns theirs on theirs.table_id = k.confrelid and theirs.attnum = held_pair.theirs and theirs.attname = found.beside
      where not exists (
        select from columns other
        where other.table_id = k.conrelid and other.attnum = any (k.conkey) and other.attnum <> own.attnum and not other.attnotnull)
    )
    select table_id::regclass::text as table, "column"::text, beside::text, parent from found`);
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
  pairs: HeldPair[],
): boolean {
  const asked = comparedColumns(tokens, term);
  if (!asked) return false;
  return beside.some((place) => {
    const other = comparedColumns(tokens, place);
    if (!other) return false;
    const [ofOne = [], ofTwo = []] = asked.map(({ of, column }) => {
      const id = other.find((side) => side.of === of)?.column;
      return tables(of).map((table) =>
        pairs
          .filter((pair) => pair.table === table && pair.column === id && pair.beside === column)
          .map(({ parent }) => parent),
      );
    });
    return (
      asked[0]?.of !== asked[1]?.of &&
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
