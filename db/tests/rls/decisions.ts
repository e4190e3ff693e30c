/**
 * Who may do what: observed in a database by db/tests/helpers/050-matrix.sql, and decided in the three tables beside
 * this file. FND-05, SPC-05.
 *
 *   decisions.csv   whose rows each persona sees, inserts, changes and deletes
 *   grants.csv      which columns each role may select, insert and update ("*" all, "-" none)
 *   functions.csv   which roles may call each function
 */
import type pg from "pg";
import { readText } from "../../../runtime/line_ends.ts";

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
const otherMembers = "other members";

/** Personas that are a role and no person who signs in. */
const rolesThemselves = [
  "visitor",
  "signing link",
  "authenticator",
  "worker",
  "telemetry",
  "analyst",
  "migrator",
  "engine",
];

/** What holds for somebody whom a file does not mention. */
const nothing = { decisions: untouched, grants: "-,-,-,-", functions: "no such function" };

export function fileOf(kind: Kind): URL {
  return new URL(`${kind}.csv`, import.meta.url);
}

export function readDecisions(kind: Kind): string {
  return readText(fileOf(kind));
}

/** What holds in this database now, as the text of the file. Needs the fixture tests.two_clinics() for decisions. */
export async function observe(client: pg.ClientBase, kind: Kind, onlyTable?: string): Promise<string> {
  const only = onlyTable ?? null;
  if (kind === "functions") {
    const { rows } = await client.query<Row>("select * from tests.granted_functions()");
    return render(
      kind,
      rows.map((row) => `${quoted(row.function_name)},${row.executable_by}`),
    );
  }
  if (kind === "grants") {
    const { rows } = await client.query<Row>("select * from tests.granted_columns($1)", [only]);
    return render(kind, byTable(rows.map((row) => [row.table_name, `${row.role_name},${verdict(row)}`])));
  }
  const { rows } = await client.query<Row>("select * from tests.matrix($1)", [only]);
  return render(kind, byTable(alike(rows)));
}

/**
 * Personas with the same verdict share a line. What holds for most of those who sign in is said once, for "other
 * members"; who may nothing at all is "everyone else".
 */
function alike(rows: Row[]): [string, string][] {
  const tables = Map.groupBy(rows, (row) => row.table_name ?? "");
  return [...tables].flatMap(([table, ofTable]) => {
    const lines = Map.groupBy(ofTable, verdict);
    const members = (line: Row[]) => line.filter(isMember).length;
    const most = [...lines.values()].reduce((a, b) => (members(b) > members(a) ? b : a));
    const named = [...lines].flatMap(([says, line]): [string, string][] => {
      if (says === untouched) return [];
      const few = line === most && members(line) > 1 ? line.filter((row) => !isMember(row)) : line;
      return few.length > 0 ? [[table, `${few.map((row) => row.persona).join(" / ")},${says}`]] : [];
    });
    const rest = (who: string, says: string): [string, string] => [table, `${who},${says}`];
    const mostSays = verdict(most[0] ?? {});
    return [
      ...named,
      ...(members(most) > 1 && mostSays !== untouched ? [rest(otherMembers, mostSays)] : []),
      ...(lines.has(untouched) ? [rest(everyoneElse, untouched)] : []),
    ];
  });
}

function isMember({ persona = "" }: Row): boolean {
  return !rolesThemselves.includes(persona);
}

/** The file's text, taken apart again: one entry per table and persona, table and role, or function. */
function parse(kind: Kind, text: string): Decisions {
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

  const says = (decisions: Decisions, key: string, table: string): string => {
    const persona = key.slice(table.length + 1);
    const asMember = isMember({ persona }) ? decisions.get(`${table} ${otherMembers}`) : undefined;
    return decisions.get(key) ?? asMember ?? nothing[kind];
  };

  for (const key of new Set([...before.keys(), ...now.keys()])) {
    const table = tableOf(key);
    if (onlyTable !== undefined && table !== onlyTable) continue;
    if (kind === "decisions" && !knownTables.has(table)) continue;
    const wanted = says(before, key, table);
    const found = kind === "decisions" && !foundTables.has(table) ? "no such table" : says(now, key, table);
    if (kind === "functions" && !before.has(key)) {
      problems.push(
        `${key}: nobody decided yet who may call it; decide in db/tests/rls/functions.csv ` +
          "(npm run decide prints what holds now)",
      );
    } else if (!key.endsWith(` ${everyoneElse}`) && wanted !== found) {
      problems.push(`${key}: decided "${wanted}", found "${found}" (${columnsOf(kind)})`);
    }
  }
  if (kind === "decisions") {
    for (const table of foundTables) {
      if (knownTables.has(table)) continue;
      problems.push(
        `${table}: nobody decided yet who may see and change its rows; decide in db/tests/rls/decisions.csv ` +
          "(npm run decide prints what holds now)",
      );
    }
  }
  return problems;
}

function tableOf(key: string): string {
  return key.split(" ")[0] ?? "";
}

function columnsOf(kind: Kind): string {
  return heads[kind]
    .split(",")
    .slice(kind === "functions" ? 1 : 2)
    .join(", ");
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
