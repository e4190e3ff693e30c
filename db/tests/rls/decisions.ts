/**
 * Who may do what: observed in a database by db/tests/helpers/050-matrix.sql, and decided in the three tables beside
 * this file. FND-05, SPC-05.
 *
 *   decisions.csv   whose rows each persona sees, inserts, changes and deletes
 *   grants.csv      which columns each role may select, insert and update ("*" all, "-" none)
 *   functions.csv   which roles may call each function
 */
import { readFileSync } from "node:fs";
import type pg from "pg";

/** One file of decisions: rows by key ("table persona"), each with its verdict. */
export type Decisions = Map<string, string>;

export type Kind = "decisions" | "grants" | "functions";

export const kinds: readonly Kind[] = ["decisions", "grants", "functions"];

type Row = Record<string, string>;

const heads = {
  decisions: "table,persona,select,insert,update,delete",
  grants: "table,role,select,insert,update,delete",
  functions: "function,executable_by",
};

const untouched = "denied,denied,denied,denied";
const everyoneElse = "everyone else";

/** What holds for somebody whom a file does not mention. */
const nothing = { decisions: untouched, grants: "-,-,-,-", functions: "no such function" };

export function fileOf(kind: Kind): URL {
  return new URL(`${kind}.csv`, import.meta.url);
}

export function readDecisions(kind: Kind): string {
  return readFileSync(fileOf(kind), "utf8");
}

/** What holds in this database now, as the text of the file. Needs the fixture tests.two_clinics() for decisions. */
export async function observe(client: pg.ClientBase, kind: Kind, onlyTable?: string): Promise<string> {
  const only = onlyTable ?? null;
  if (kind === "functions") {
    const { rows } = await client.query<Row>("select * from tests.granted_functions()");
    return render(kind, rows.map((row) => `${quoted(row.function_name)},${row.executable_by}`));
  }
  if (kind === "grants") {
    const { rows } = await client.query<Row>("select * from tests.granted_columns($1)", [only]);
    return render(kind, byTable(rows.map((row) => [row.table_name, `${row.role_name},${verdict(row)}`])));
  }
  const { rows } = await client.query<Row>("select * from tests.matrix($1)", [only]);
  return render(kind, byTable(alike(rows)));
}

/** Personas with the same verdict share a line; those who may nothing are "everyone else". */
function alike(rows: Row[]): [string, string][] {
  const lines = new Map<string, { table: string; verdict: string; personas: string[] }>();
  for (const row of rows) {
    const table = row.table_name ?? "";
    const key = `${table},${verdict(row)}`;
    const line = lines.get(key) ?? { table, verdict: verdict(row), personas: [] };
    line.personas.push(row.persona ?? "");
    lines.set(key, line);
  }
  return [...lines.values()]
    .sort((a, b) => compare(a.table, b.table) || Number(a.verdict === untouched) - Number(b.verdict === untouched))
    .map(({ table, verdict, personas }) => [
      table,
      `${verdict === untouched ? everyoneElse : personas.join(" / ")},${verdict}`,
    ]);
}

/** The file's text, taken apart again: one entry per table and persona, table and role, or function. */
export function parse(kind: Kind, text: string): Decisions {
  const decisions: Decisions = new Map();
  for (const line of text.split("\n").slice(1)) {
    if (line.trim() === "") continue;
    if (kind === "functions") {
      const [, name = "", roles = ""] = /^"([^"]*)",(.*)$/.exec(line) ?? [];
      decisions.set(name, roles);
      continue;
    }
    const [table = "", who = "", ...verdict] = line.split(",");
    for (const one of who.split(" / ")) decisions.set(`${table} ${one}`, verdict.join(","));
  }
  return decisions;
}

/** Where the database and the decisions differ, one sentence each. `onlyTable` leaves the other tables out. */
export function disagreements(kind: Kind, decided: string, observed: string, onlyTable?: string): string[] {
  const before = parse(kind, decided);
  const now = parse(kind, observed);
  const knownTables = new Set([...before.keys()].map(tableOf));
  const foundTables = new Set([...now.keys()].map(tableOf));
  const problems: string[] = [];

  for (const key of new Set([...before.keys(), ...now.keys()])) {
    const table = tableOf(key);
    if (onlyTable !== undefined && table !== onlyTable) continue;
    if (kind === "decisions" && !knownTables.has(table)) continue;
    const wanted = before.get(key) ?? nothing[kind];
    const found = now.get(key) ?? (kind === "decisions" && !foundTables.has(table) ? "no such table" : nothing[kind]);
    if (!key.endsWith(` ${everyoneElse}`) && wanted !== found) {
      problems.push(`${key}: decided "${wanted}", found "${found}" (${columnsOf(kind)})`);
    }
  }
  if (kind === "decisions") {
    for (const table of foundTables) {
      if (knownTables.has(table)) continue;
      problems.push(
        `${table}: nobody decided yet who may see and change its rows; decide in db/tests/rls/decisions.csv ` +
          "(node db/tests/rls/decide.ts prints what holds now)",
      );
    }
  }
  return problems;
}

function compare(a: string, b: string): number {
  return a < b ? -1 : Number(a > b);
}

function tableOf(key: string): string {
  return key.split(" ")[0] ?? "";
}

function columnsOf(kind: Kind): string {
  return heads[kind].split(",").slice(kind === "functions" ? 1 : 2).join(", ");
}

function verdict(row: Row): string {
  return [row.may_select, row.may_insert, row.may_update, row.may_delete].join(",");
}

function quoted(name: string | undefined): string {
  return `"${name}"`;
}

/** Lines with their table in front, tables set apart by an empty line. */
function byTable(rows: [string | undefined, string][]): string[] {
  return rows.flatMap(([table, rest], place) =>
    place > 0 && rows[place - 1]?.[0] !== table ? ["", `${table},${rest}`] : [`${table},${rest}`],
  );
}

function render(kind: Kind, lines: string[]): string {
  return `${[heads[kind], ...lines].join("\n")}\n`;
}
