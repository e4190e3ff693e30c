import type pg from "pg";

export const homes = ["clinic", "person", "platform", "cell"] as const;
export type Home = (typeof homes)[number];

/** A table of ours: where its rows are at home, the columns that a row is made of, and its primary key. */
export type Table = {
  name: string;
  home: Home;
  columns: string[];
  key: string[];
  personColumn: string | null;
};

/** A foreign key between two tables of ours; columns and theirs go in pairs. */
export type ForeignKey = { name: string; child: string; columns: string[]; parent: string; theirs: string[] };

export type Catalog = { tables: Map<string, Table>; foreignKeys: ForeignKey[] };

/** Reads the catalog; a table without a home is an error, since nobody could say whether it moves. */
export async function readCatalog(client: pg.Client): Promise<Catalog> {
  const tables = await client.query<Table>(`
    select t.name, h.home, c.person_column as "personColumn", tests.primary_key_of(t.oid) as key,
           array(select a.attname::text from pg_attribute a
                 where a.attrelid = t.oid and a.attnum > 0 and not a.attisdropped and a.attgenerated = ''
                 order by a.attnum) as columns
    from tests.app_tables t
    left join tests.table_homes h on h.name = t.name
    left join app_private.classified_tables c on c.table_name = t.name
    order by t.name`);
  for (const { name, home } of tables.rows) {
    if (!homes.includes(home))
      throw new Error(`${name} has no home: say where its rows go when a clinic moves`);
  }
  const keys = await client.query<ForeignKey>(
    "select name, child, columns, parent, parent_columns as theirs from tests.app_foreign_keys order by name",
  );
  return { tables: new Map(tables.rows.map((table) => [table.name, table])), foreignKeys: keys.rows };
}

export function ofHome({ tables }: Catalog, home: Home): Table[] {
  return [...tables.values()].filter((table) => table.home === home);
}

/** Which rows of a clinic's table, called t, are the clinic's: its id is the first parameter. */
export function ofClinic({ name, columns, key }: Table): string {
  if (name === "app_public.organizations") return "t.id = $1";
  const column = ["organization_id", "scope_id"].find((one) => columns.includes(one) || key.includes(one));
  if (!column) throw new Error(`${name} is a clinic's and has no organization_id`);
  return `t.${column} = $1`;
}

/** The condition that joins a child row c to its parent row p. */
export function joined({ columns, theirs }: ForeignKey): string {
  return columns.map((own, place) => `c.${quoted(own)} = p.${quoted(theirs[place] as string)}`).join(" and ");
}

export function quoted(name: string): string {
  return `"${name}"`;
}
