/**
 * Who may do what: observed in a database by db/tests/helpers/050-matrix.sql, and decided in the files of each area
 * beside this one (files.ts). FND-05, SPC-05.
 *
 *   decisions.csv   whose rows each persona sees, inserts, changes and deletes
 *   grants.csv      which columns each role may select, insert and update ("*" all, "-" none)
 *   functions.csv   which roles may call each function
 */
import type pg from "pg";

export type Kind = "decisions" | "grants" | "functions";

export const kinds: readonly Kind[] = ["decisions", "grants", "functions"];

/** What holds of a table for some personas or a role; of a function, without anybody's name, who may call it. */
export type Line = { subject: string; who: string[]; says: string };

type Row = Record<string, string>;

export const untouched = "denied,denied,denied,denied";
export const everyoneElse = "everyone else";
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

const asked = {
  decisions: "select, insert, update, delete",
  grants: "select, insert, update, delete",
  functions: "executable_by",
};

/** What holds in this database now. Needs the fixture tests.two_clinics() for decisions. */
export async function observe(client: pg.ClientBase, kind: Kind, onlyTable?: string): Promise<Line[]> {
  const only = onlyTable ?? null;
  if (kind === "functions") {
    const { rows } = await client.query<Row>("select * from tests.granted_functions()");
    return rows.map(({ function_name = "", executable_by = "" }) => ({
      subject: function_name,
      who: [""],
      says: executable_by,
    }));
  }
  if (kind === "grants") {
    const { rows } = await client.query<Row>("select * from tests.granted_columns($1)", [only]);
    return rows.map((row) => ({
      subject: row.table_name ?? "",
      who: [row.role_name ?? ""],
      says: verdict(row),
    }));
  }
  const { rows } = await client.query<Row>("select * from tests.matrix($1)", [only]);
  return alike(rows);
}

/**
 * Personas with the same verdict share a line. What holds for most of those who sign in is said once, for "other
 * members"; who may nothing at all is "everyone else".
 */
function alike(rows: Row[]): Line[] {
  const tables = Map.groupBy(rows, (row) => row.table_name ?? "");
  return [...tables].flatMap(([subject, ofTable]) => {
    const lines = Map.groupBy(ofTable, verdict);
    const members = (line: Row[]) => line.filter(isMember).length;
    const most = [...lines.values()].reduce((a, b) => (members(b) > members(a) ? b : a));
    const named = [...lines].flatMap(([says, line]): Line[] => {
      if (says === untouched) return [];
      const few = line === most && members(line) > 1 ? line.filter((row) => !isMember(row)) : line;
      return few.length > 0 ? [{ subject, who: few.map(({ persona = "" }) => persona), says }] : [];
    });
    const mostSays = verdict(most[0] ?? {});
    return [
      ...named,
      ...(members(most) > 1 && mostSays !== untouched
        ? [{ subject, who: [otherMembers], says: mostSays }]
        : []),
      ...(lines.has(untouched) ? [{ subject, who: [everyoneElse], says: untouched }] : []),
    ];
  });
}

function isMember({ persona = "" }: Row): boolean {
  return !rolesThemselves.includes(persona);
}

function verdict(row: Row): string {
  return [row.may_select, row.may_insert, row.may_update, row.may_delete].join(",");
}

/** Lines that speak of somebody whom the matrix does not ask about: they would say nothing. */
export async function strangers(client: pg.ClientBase, kind: Kind, decided: Line[]): Promise<string[]> {
  if (kind === "functions") return [];
  const names =
    kind === "grants"
      ? "select role_name as name from tests.judged_roles"
      : "select persona as name from tests.company";
  const { rows } = await client.query<{ name: string }>(names);
  const known = new Set(rows.map(({ name }) => name));
  if (kind === "decisions") known.add(otherMembers).add(everyoneElse);
  return decided.flatMap(({ subject, who }) =>
    who.filter((one) => !known.has(one)).map((one) => `${subject}: nobody is called "${one}".`),
  );
}

/** One entry per table and persona, table and role, or function. */
function entries(lines: Line[]): Map<string, { subject: string; persona: string; says: string }> {
  return new Map(
    lines.flatMap(({ subject, who, says }) =>
      who.map((persona) => [`${subject} ${persona}`.trim(), { subject, persona, says }] as const),
    ),
  );
}

/** Where the database and the decisions differ, one sentence each. `onlyTable` leaves the other tables out. */
export function disagreements(kind: Kind, decided: Line[], observed: Line[], onlyTable?: string): string[] {
  const before = entries(decided);
  const now = entries(observed);
  const decidedOn = new Set(decided.map(({ subject }) => subject));
  const found = new Set(observed.map(({ subject }) => subject));
  const undecided = [...found]
    .filter((subject) => !decidedOn.has(subject))
    .map((subject) =>
      kind === "functions"
        ? `${subject}: nobody decided yet who may call it; ${whereToDecide(kind)}`
        : `${subject}: nobody decided yet who may see and change its rows; ${whereToDecide(kind)}`,
    );

  const differing = [...new Map([...before, ...now])].flatMap(([key, { subject, persona }]) => {
    if (onlyTable !== undefined && subject !== onlyTable) return [];
    if (persona === everyoneElse || (kind !== "grants" && !decidedOn.has(subject))) return [];
    const says = (all: typeof before): string => {
      const asMember = isMember({ persona }) ? all.get(`${subject} ${otherMembers}`) : undefined;
      return (all.get(key) ?? asMember)?.says ?? nothing[kind];
    };
    const wanted = says(before);
    const holds = kind === "decisions" && !found.has(subject) ? "no such table" : says(now);
    return wanted === holds ? [] : [`${key}: decided "${wanted}", found "${holds}" (${asked[kind]})`];
  });
  return [...differing, ...(kind === "grants" ? [] : undecided)];
}

function whereToDecide(kind: Kind): string {
  return `decide in db/tests/rls/<area>/${kind}.csv (npm run decide prints what holds now)`;
}
