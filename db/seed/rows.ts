import type pg from "pg";

/** A row by its columns. Times are Dates, ranges and bytes are text; a column that is left out gets its default. */
export type Row = Record<string, unknown>;

/** Inserts rows of the same columns in one statement. */
export async function insert(client: pg.Client, table: string, rows: Row[]): Promise<void> {
  if (rows.length === 0) return;
  const columns = Object.keys(rows[0] as Row).join(", ");
  await client.query(
    `insert into ${table} (${columns}) select ${columns} from jsonb_populate_recordset(null::${table}, $1)`,
    [JSON.stringify(rows)],
  );
}

/** A half-open range of instants. */
export function range(from: Date, to: Date): string {
  return `[${from.toISOString()},${to.toISOString()})`;
}
