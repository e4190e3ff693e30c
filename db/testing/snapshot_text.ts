/** The schema of a database as text, for reading and for the review of a migration. */
import { readFileSync } from "node:fs";
import type pg from "pg";
import { withClient } from "../migrating/prepare.ts";

/**
 * Everything that migrations make, down to column grants: a text per object, under the name of its file below
 * db/snapshot, such as `app_public/appointments.txt`. Objects that share a name (overloaded functions) share a file.
 */
export type Snapshot = Map<string, string>;

type Fact = {
  schema: string | null;
  name: string;
  kind: string;
  object: string;
  section: string | null;
  fact: string;
};

/** The files of what belongs to no schema: one for all of a kind. */
const ofTheDatabase: Record<string, string> = {
  role: "roles.txt",
  extension: "extensions.txt",
  schema: "schemas.txt",
  "default privileges": "default_privileges.txt",
};

/** What the server's or the role's settings could change in the text. */
const session = `
  set local search_path = '';
  set local timezone = 'UTC';
  set local datestyle = 'ISO, MDY';
  set local intervalstyle = 'postgres';
  set local extra_float_digits = 1;
  set local quote_all_identifiers = off`;

export async function snapshot(url: string): Promise<Snapshot> {
  const sql = readFileSync(new URL("snapshot.sql", import.meta.url), "utf8");
  const facts = await withClient(url, async (client) => {
    await client.query("begin read only");
    await client.query(session);
    const { rows } = await client.query<Fact>(sql, [JSON.stringify(await classes(client))]);
    await client.query("rollback");
    return rows.map(ofAnyMonth);
  });
  const files = Map.groupBy(facts, fileOf);
  return new Map([...files].map(([file, ofFile]) => [file, render(ofFile)]));
}

/** What app_private.classify() wrote of tables and their columns; nothing before the first migration. */
async function classes(client: pg.ClientBase): Promise<unknown[]> {
  const { rows: present } = await client.query(
    "select where to_regclass('app_private.classified_columns') is not null",
  );
  if (present.length === 0) return [];
  const { rows } = await client.query(`
    select c.table_name, c.column_name,
           concat_ws(', ', c.class, 'kept ' || nullif(c.retention, t.retention), c.protection) as says
    from app_private.classified_columns c
    join app_private.classified_tables t on t.table_name = c.table_name
    union all
    -- Every column that the table of tables has: what is declared of a table later is told, too.
    select t.table_name, null, (
      select string_agg(replace(said.key, '_', ' ') || ' ' || said.value, ', ' order by said.key collate "C")
      from jsonb_each_text(to_jsonb(t) - 'table_name') as said
      where said.value is not null)
    from app_private.classified_tables t`);
  return rows;
}

/** Migrations make the partition of the month that they run in: it is told without saying which, so that the text is the same next month. */
function ofAnyMonth(fact: Fact): Fact {
  const named = (text: string) => text.replaceAll(/_\d{4}_\d{2}(?!\d)/g, "_yyyy_mm");
  const text = named(fact.fact).replace(
    /partition FOR VALUES FROM \('\d{4}-\d{2}-01 .*?'\) TO \('\d{4}-\d{2}-01 .*?'\)/,
    "partition for values of a month",
  );
  return { ...fact, name: named(fact.name), object: named(fact.object), fact: text };
}

function fileOf({ schema, name, kind }: Fact): string {
  const file = schema === null ? ofTheDatabase[kind] : `${schema}/${name}.txt`;
  if (file === undefined) throw new Error(`snapshot.sql tells of a ${kind} without a schema.`);
  return file;
}

/** A heading per object, its facts below it, those of a section below the section's name. */
function render(facts: Fact[]): string {
  const objects = Map.groupBy(facts, ({ kind, object }) => `${kind} ${object}`);
  const texts = [...objects].map(([heading, ofObject]) => {
    const sections = Map.groupBy(ofObject, ({ section }) => section);
    const parts = [...sections].map(([section, ofSection]) =>
      section === null
        ? ofSection.map(({ fact }) => indented(fact, 2)).join("\n")
        : `\n  ${section}\n${ofSection.map(({ fact }) => indented(fact, 4)).join("\n")}`,
    );
    return [heading, ...parts].join("\n");
  });
  return `${texts.join("\n\n")}\n`;
}

/** The lines of a fact, those after the first below it. */
function indented(fact: string, by: number): string {
  return fact
    .split("\n")
    .map((line, place) => (" ".repeat(place === 0 ? by : by + 2) + line.trim()).trimEnd())
    .join("\n");
}

/** The lines that differ, each with the headings it stands under; empty when the texts are the same. */
export function difference(before: Snapshot, after: Snapshot): string[] {
  const [old, now] = [allLines(before), allLines(after)];
  return [
    ...[...old].filter((line) => !now.has(line)).map((line) => `- ${line}`),
    ...[...now].filter((line) => !old.has(line)).map((line) => `+ ${line}`),
  ];
}

function allLines(snapshot: Snapshot): Set<string> {
  return new Set([...snapshot.values()].flatMap(linesWithHeadings));
}

/** `table app_public.patients: columns: id uuid not null` for every line that has no lines below it. */
function linesWithHeadings(text: string): string[] {
  const lines = text.split("\n").filter((line) => line.trim() !== "");
  const depthOf = (line = "") => line.search(/\S/);
  const above: string[] = [];
  return lines.flatMap((line, place) => {
    above.length = depthOf(line) / 2;
    above.push(line.trim());
    const hasLinesBelow = depthOf(lines[place + 1]) > depthOf(line);
    return hasLinesBelow ? [] : [above.join(": ")];
  });
}
