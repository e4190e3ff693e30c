import type pg from "pg";
import { type Catalog, joined, ofClinic, ofHome, quoted, readCatalog, type Table } from "./homes.ts";

/** What went over: rows of each table, as one JSON text each, and their digests on the server they came from. */
export type Moved = Map<string, { rows: string; count: number; digest: string }>;

/**
 * Copies a clinic with its people to another server, by homes and foreign keys alone (SCA-01): rows of the clinic by
 * organization_id; of people, those that its rows name and what is theirs; the platform's rows must be there
 * already, the same; what a cell knows stays. All rows are of one moment. The copy is made as a replica makes it:
 * no trigger runs, so what arrives is what was there.
 */
export async function moveClinic(from: pg.Client, to: pg.Client, clinicId: string): Promise<Moved> {
  const catalog = await readCatalog(from);
  await from.query("begin transaction isolation level repeatable read");
  await to.query("begin");
  try {
    for (const table of ofHome(catalog, "platform")) await requireSame(from, to, table);
    await markPeople(from, catalog, clinicId);
    const moved: Moved = new Map();
    for (const table of ofHome(catalog, "clinic")) {
      moved.set(table.name, await read(from, table, ofClinic(table), [clinicId]));
    }
    for (const table of ofHome(catalog, "person")) {
      moved.set(table.name, await read(from, table, isMarked, [table.name]));
    }
    await write(to, catalog, moved);
    await from.query("rollback");
    await to.query("commit");
    return moved;
  } catch (error) {
    await from.query("rollback");
    await to.query("rollback");
    throw error;
  }
}

/** The rows of one table that are a clinic's, with their digest. */
export async function read(client: pg.Client, table: Table, where: string, parameters: unknown[]) {
  const { rows } = await client.query<{ rows: string; count: number; digest: string }>(
    `select coalesce(jsonb_agg(r), '[]')::text as rows, count(*)::int as count,
            encode(sha256(convert_to(coalesce(string_agg(r::text, ',' order by r::text), ''), 'UTF8')), 'hex') as digest
     from (select to_jsonb(t) as r from ${table.name} t where ${where}) as read`,
    parameters,
  );
  return rows[0] as { rows: string; count: number; digest: string };
}

/** When a row was made differs from server to server; what it says does not. */
async function requireSame(from: pg.Client, to: pg.Client, table: Table): Promise<void> {
  const all = `select coalesce(string_agg(r::text, ',' order by r::text), '') as rows
    from (select to_jsonb(t) - '{created_at,updated_at}'::text[] as r from ${table.name} t) as read`;
  const [here, there] = [await from.query(all), await to.query(all)];
  if (here.rows[0].rows !== there.rows[0].rows)
    throw new Error(`${table.name} is another on the other server`);
}

const isMarked = "exists (select from marked m where m.name = $1 and m.place = t.ctid)";

/**
 * Marks the rows of people that go along: those that the clinic's rows name, or marked rows do, and what belongs to
 * somebody who is marked. To whom a row belongs says its person column (as in classified_tables) or, where that is
 * empty, its other keys: who cares for a patient of another clinic does not bring that patient along.
 */
async function markPeople(client: pg.Client, catalog: Catalog, clinicId: string): Promise<void> {
  const { tables, foreignKeys } = catalog;
  const people = new Set(ofHome(catalog, "person").map(({ name }) => name));
  const mark = (name: string, rows: string, parameters: unknown[] = []) =>
    client.query(
      `insert into marked select distinct '${name}', found.place from (${rows}) as found on conflict do nothing`,
      parameters,
    );

  await client.query(
    "create temporary table marked (name text, place tid, primary key (name, place)) on commit drop",
  );
  const toPeople = foreignKeys.filter(({ parent }) => people.has(parent));
  for (const key of toPeople) {
    const child = tables.get(key.child) as Table;
    if (child.home !== "clinic") continue;
    const theirs = ofClinic(child).replace("t.", "c.");
    await mark(
      key.parent,
      `select p.ctid as place from ${key.parent} p join ${key.child} c on ${joined(key)} where ${theirs}`,
      [clinicId],
    );
  }

  const amongPeople = toPeople.filter(({ child }) => people.has(child));
  for (let added = 1; added > 0; ) {
    added = 0;
    for (const key of amongPeople) {
      const both = `${key.parent} p join ${key.child} c on ${joined(key)} join marked m`;
      const named = await mark(
        key.parent,
        `select p.ctid as place from ${both} on m.name = '${key.child}' and m.place = c.ctid`,
      );
      added += named.rowCount ?? 0;
      const person = (tables.get(key.child) as Table).personColumn;
      const belongs = person && !key.columns.includes(person) ? `c.${quoted(person)} is null` : "true";
      const owned = await mark(
        key.child,
        `select c.ctid as place from ${both} on m.name = '${key.parent}' and m.place = p.ctid where ${belongs}`,
      );
      added += owned.rowCount ?? 0;
    }
  }
}

/** Writes what was read. People may be there already, as patients of another clinic: then they stay as they are. */
async function write(client: pg.Client, { tables }: Catalog, moved: Moved): Promise<void> {
  await client.query("set local session_replication_role = replica");
  const seals = moved.get("audit.seals")?.rows ?? "[]";
  await client.query(
    `select audit.open_month(month) from (
       select distinct date_trunc('month', (seal ->> 'occurred_at')::timestamptz, 'UTC') as month
       from jsonb_array_elements($1::jsonb) as seal) as months`,
    [seals],
  );
  for (const [name, { rows }] of moved) {
    const { home, columns } = tables.get(name) as Table;
    const list = columns.map(quoted).join(", ");
    await client.query(
      `insert into ${name} (${list}) overriding system value
       select ${list} from jsonb_populate_recordset(null::${name}, $1::jsonb)
       ${home === "person" ? "on conflict do nothing" : ""}`,
      [rows],
    );
  }
}
