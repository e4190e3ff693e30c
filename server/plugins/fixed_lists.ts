import { withPgClientFromPgService } from "postgraphile/@dataplan/pg";

/** A list of words that the product decides on: those that a column may hold, and what each of them means. */
export type FixedList = { name: string; description: string; words: { word: string; description: string }[] };

export type FixedLists = {
  /** The list of a column, as `schema.table.column` or `table.column` of app_public. */
  ofColumn(column: string): FixedList | undefined;
  /** The one list of all columns of this name; undefined where there are several, or none. */
  ofName(column: string): FixedList | undefined;
};

type Found = {
  schema_name: string;
  table_name: string;
  column_name: string;
  /** Of the rows that a column refers to; null for those of a check. */
  list_name: string | null;
  definition: string;
  comment: string | null;
  words: { word: string; description: string }[] | null;
  /** Whether only comments lead to it: other columns and arguments of its name have other words. */
  is_local: boolean;
};

/**
 * One source for every fixed list (FND-29): the check of its column, whose comment says what each word means in lines of
 * `word: what it means`; or the rows of the table that the column refers to, where the API does not list them itself.
 */
const query = `
  select n.nspname as schema_name, t.relname as table_name, a.attname as column_name, null as list_name,
         pg_get_constraintdef(c.oid) as definition, obj_description(c.oid, 'pg_constraint') as comment, null as words,
         c.conname ~ '_here$' as is_local
  from pg_constraint c
  join pg_class t on t.oid = c.conrelid
  join pg_namespace n on n.oid = t.relnamespace
  join pg_attribute a on a.attrelid = t.oid and a.attnum = c.conkey[1]
  where c.contype = 'c' and cardinality(c.conkey) = 1 and n.nspname in ('app_public', 'app_private', 'audit')
    and c.conname ~ '_is_(known|supported|built)(_here)?$' and a.atttypid = 'text'::regtype
  union all
  select n.nspname, t.relname, a.attname, r.relname, '', obj_description(r.oid, 'pg_class'), lists.words, false
  from app_hidden.fixed_lists() as lists
  join pg_namespace s on s.nspname = split_part(lists.table_name, '.', 1)
  join pg_class r on r.relnamespace = s.oid and r.relname = split_part(lists.table_name, '.', 2)
  join pg_constraint c on c.contype = 'f' and c.confrelid = r.oid
  join pg_class t on t.oid = c.conrelid
  join pg_namespace n on n.oid = t.relnamespace
  join pg_attribute a on a.attrelid = t.oid and a.attnum = c.conkey[1]
  order by 1, 2, 3`;

export async function readFixedLists(service: GraphileConfig.PgServiceConfiguration): Promise<FixedLists> {
  const { rows } = await withPgClientFromPgService(service, null, (client) =>
    client.query<Found>({ text: query }),
  );
  const columns = rows.flatMap((found) => {
    const words = found.words ?? wordsOf(found);
    return words ? [{ ...found, words }] : [];
  });
  const shown = columns.filter(({ schema_name }) => schema_name === "app_public");
  const byColumn = new Map<string, FixedList>();
  const byName = new Map<string, Set<FixedList>>();
  const lists = new Map<string, FixedList>();
  for (const column of columns) {
    const name = nameOf(column, shown);
    const described = lists.get(name);
    const list = described ?? {
      name,
      description: `What ${column.column_name.replaceAll("_", " ")} says.`,
      words: column.words,
    };
    if (list.words.some(({ description }) => !description)) list.words = column.words;
    lists.set(name, list);
    byColumn.set(`${column.schema_name}.${column.table_name}.${column.column_name}`, list);
    if (column.schema_name !== "app_public" || column.is_local) continue;
    const namesakes = byName.get(column.column_name) ?? new Set();
    byName.set(column.column_name, namesakes.add(list));
  }
  return {
    ofColumn: (column) => byColumn.get(column) ?? byColumn.get(`app_public.${column}`),
    ofName(column) {
      const [only, ...others] = byName.get(column) ?? [];
      return others.length === 0 ? only : undefined;
    },
  };
}

/** The words of a check that says nothing but which there are. */
function wordsOf({ definition, comment }: Found): FixedList["words"] | null {
  const [, many, one] =
    /^CHECK \(\(\w+ = (?:ANY \(ARRAY\[(.*)\]\)|('[^']*'::text))\)\)$/.exec(definition) ?? [];
  const written = many ?? one;
  if (!written) return null;
  const meanings = new Map(
    (comment ?? "").split("\n").map((line) => line.split(/: (.*)/, 2) as [string, string]),
  );
  return [...written.matchAll(/'([^']*)'::text/g)].map(([, word = ""]) => ({
    word,
    description: meanings.get(word) ?? "",
  }));
}

/** `Modality` where several tables have it, `AppointmentStatus` where a table has its own; `Channel` after its rows. */
function nameOf(column: Found, shown: Found[]): string {
  if (column.list_name) return singular(column.list_name);
  const alike = shown.filter((other) => other.column_name === column.column_name);
  const tables = new Set(alike.map((other) => other.table_name));
  const lists = new Set(alike.map((other) => (other.words ?? []).map(({ word }) => word).join()));
  return tables.size > 1 && lists.size === 1
    ? column.column_name
    : `${singular(column.table_name)}_${column.column_name}`;
}

const singular = (table: string): string => table.replace(/ies$/, "y").replace(/s$/, "");
