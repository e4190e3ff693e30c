import type pg from "pg";
import {
  type Catalog,
  type ForeignKey,
  joined,
  ofClinic,
  ofHome,
  quoted,
  readCatalog,
  type Table,
} from "./homes.ts";

/** What went over: rows of each table, as one JSON text each, and their digests on the server they came from. */
export type Moved = Map<string, { rows: string; count: number; digest: string }>;

/**
 * Copies a clinic with its people to another server, by homes and foreign keys alone (SCA-01): rows of the clinic by
 * organization_id; of people, those that its rows name and what is theirs, such as what they agreed to at no clinic, with
 * the events about it; the platform's rows must be there already, the same; what a cell knows stays. All rows are of one moment. The copy is made as a replica makes it:
 * no trigger runs, so what arrives is what was there.
 */
export async function moveClinic(from: pg.Client, to: pg.Client, clinicId: string): Promise<Moved> {
  const catalog = await readCatalog(from);
  await from.query("begin transaction isolation level repeatable read");
  await to.query("begin");
  try {
    for (const table of ofHome(catalog, "platform")) await requireSame(from, to, table);
    await openMonths(from, to);
    await markPeople(from, catalog, clinicId);
    const moved: Moved = new Map();
    for (const table of ofHome(catalog, "clinic")) {
      moved.set(table.name, await read(from, table, `${ofClinic(table)} or ${isMarked(table)}`, [clinicId]));
    }
    for (const table of ofHome(catalog, "person")) {
      moved.set(table.name, await read(from, table, isMarked(table), []));
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

/** What recordings come to lies in partitions of months, which the other server may not have had use for. */
async function openMonths(from: pg.Client, to: pg.Client): Promise<void> {
  const { rows } = await from.query("select distinct started_at from app_public.exercise_sessions");
  for (const { started_at } of rows)
    await to.query("select app_private.open_metrics_month($1)", [started_at]);
}

const isMarked = ({ name }: Table) =>
  `exists (select from marked m where m.name = '${name}' and m.place = t.ctid)`;

/** Which rows of a clinic's table, called c, are of no clinic; null where each has one. */
function ofNoClinic({ columns }: Table): string | null {
  if (columns.includes("organization_id")) return "c.organization_id is null";
  return columns.includes("scope_id") ? "c.scope_id = '00000000-0000-0000-0000-000000000000'" : null;
}

/**
 * Marks the rows of people that go along: those that the clinic's rows name, or marked rows do, and what belongs to
 * somebody who is marked. To whom a row belongs says its person column (as in classified_tables) or, where that is
 * empty, its other keys: who cares for a patient of another clinic does not bring that patient along. A row of a clinic's
 * table that is of no clinic belongs to the account that it names as its own, and events about it go along with it.
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

  const withOwn = new Set(
    toPeople.filter((key) => isOwn(key, tables.get(key.child) as Table)).map(({ child }) => child),
  );
  const amongPeople = toPeople.filter(({ child }) => people.has(child) || withOwn.has(child));
  for (let added = 1; added > 0; ) {
    added = 0;
    for (const key of amongPeople) {
      const both = `${key.parent} p join ${key.child} c on ${joined(key)} join marked m`;
      const named = await mark(
        key.parent,
        `select p.ctid as place from ${both} on m.name = '${key.child}' and m.place = c.ctid`,
      );
      added += named.rowCount ?? 0;
      const belongs = belongsBy(key, tables.get(key.child) as Table);
      if (!belongs) continue;
      const owned = await mark(
        key.child,
        `select c.ctid as place from ${both} on m.name = '${key.parent}' and m.place = p.ctid where ${belongs}`,
      );
      added += owned.rowCount ?? 0;
    }
  }

  const ledgers = ofHome(catalog, "clinic").filter(({ columns }) => columns.includes("subject_id"));
  for (const ledger of ledgers) {
    for (const subject of withOwn) {
      await mark(
        ledger.name,
        `select c.ctid as place from ${ledger.name} c join ${subject} p on p.id = c.subject_id
         join marked m on m.name = '${subject}' and m.place = p.ctid where ${ofNoClinic(ledger)}`,
      );
    }
  }
}

/** Whether a clinic's table may hold rows of no clinic that are an account's own by this key. */
function isOwn({ columns }: ForeignKey, table: Table): boolean {
  return columns.join() === "human_id" && table.home === "clinic" && table.columns.includes("id");
}

/** When a child row, called c, belongs to the person that this key of it names; null for never. */
function belongsBy(key: ForeignKey, table: Table): string | null {
  const { columns } = key;
  const { home, personColumn } = table;
  if (home === "clinic") return isOwn(key, table) ? ofNoClinic(table) : null;
  return personColumn && !columns.includes(personColumn) ? `c.${quoted(personColumn)} is null` : "true";
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
    const table = tables.get(name) as Table;
    const { home, columns } = table;
    const list = columns.map(quoted).join(", ");
    await client.query(
      `insert into ${name} (${list}) overriding system value
       select ${list} from jsonb_populate_recordset(null::${name}, $1::jsonb) c
       ${home === "person" ? "on conflict do nothing" : unlessThere(table)}`,
      [rows],
    );
  }
}

/** What is of no clinic came with its person if that is there already. */
function unlessThere(table: Table): string {
  const isOfNone = ofNoClinic(table);
  if (!isOfNone) return "";
  const same = table.key.map((column) => `t.${quoted(column)} = c.${quoted(column)}`).join(" and ");
  return `where not (${isOfNone} and exists (select from ${table.name} t where ${same}))`;
}
