/**
 * The files that people decide in: db/tests/rls/<area>/decisions.csv, grants.csv and functions.csv.
 * A decision has one place: its area's file, and one line there. FND-05.
 */
import { existsSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";
import { makeFolder } from "../../../runtime/folders.ts";
import { readText } from "../../../runtime/line_ends.ts";
import { SourceError } from "../../../runtime/startup_error.ts";
import { dbFolder } from "../../migrating/sources.ts";
import { type Areas, areas } from "./areas.ts";
import { everyoneElse, type Kind, type Line, untouched } from "./decisions.ts";

const ownFolder = path.join(dbFolder, "tests", "rls");

export const heads: Record<Kind, string> = {
  decisions: "table,persona,select,insert,update,delete",
  grants: "table,role,select,insert,update,delete",
  functions: "function,executable_by",
};

/** A line and where it stands, such as `db/tests/rls/audit/grants.csv:7`. */
type Placed = Line & { area: string; place: string };

/** What was decided, and what is wrong with the files, one sentence each. */
export type Decided = { lines: Line[]; problems: string[] };

export function readDecided(kind: Kind, folder: string = ownFolder, known: Areas = areas()): Decided {
  const problems: string[] = [];
  const lines = areasIn(folder, kind).flatMap((area) => {
    const file = `db/tests/rls/${area}/${kind}.csv`;
    const [head, ...rest] = readText(path.join(folder, area, `${kind}.csv`)).split("\n");
    if (head !== heads[kind]) problems.push(`${file}:1: the first line is "${heads[kind]}".`);
    return rest.flatMap((text, place): Placed[] => {
      if (text.trim() === "") return [];
      const line = parseLine(kind, text);
      if (line) return [{ ...line, area, place: `${file}:${place + 2}` }];
      problems.push(`${file}:${place + 2}: is no line of ${heads[kind]}: ${text}`);
      return [];
    });
  });
  return {
    lines: lines.map(({ subject, who, says }) => ({ subject, who, says })),
    problems: [...problems, ...lines.flatMap((line) => misplaced(kind, line, known)), ...saidTwice(lines)],
  };
}

/** Files that nobody reads: one of a misspelt name, or one that lies in no area's folder. */
export function strayFiles(folder: string = ownFolder): string[] {
  return readdirSync(folder, { recursive: true, encoding: "utf8" })
    .map((name) => name.split(path.sep).join("/"))
    .filter((name) => name.endsWith(".csv") && !/^\w+\/(decisions|grants|functions)\.csv$/.test(name))
    .sort()
    .map(
      (name) =>
        `db/tests/rls/${name} is not read: decisions are in <area>/decisions.csv, grants.csv, functions.csv.`,
    );
}

function areasIn(folder: string, kind: Kind): string[] {
  if (!existsSync(folder)) return [];
  return readdirSync(folder)
    .filter((area) => existsSync(path.join(folder, area, `${kind}.csv`)))
    .sort();
}

function parseLine(kind: Kind, text: string): Line | undefined {
  if (kind === "functions") {
    const [, subject, says] = /^"([^"]+)",([\w ]+|-)$/.exec(text) ?? [];
    return subject && says ? { subject, who: [""], says } : undefined;
  }
  const [subject, who, ...verdict] = text.split(",");
  if (!subject || !who || verdict.length !== 4 || verdict.includes("")) return undefined;
  return { subject, who: who.split(" / "), says: verdict.join(",") };
}

function misplaced(kind: Kind, { subject, who, says, area, place }: Placed, known: Areas): string[] {
  if (who.includes(everyoneElse) && says !== untouched) {
    return [`${place}: "${everyoneElse}" is who may nothing; name those who may.`];
  }
  const right = areaOf(kind, subject, known);
  if (right === area) return [];
  return right
    ? [`${place}: ${subject} is of the area ${right}: the line belongs in db/tests/rls/${right}/${kind}.csv.`]
    : [
        `${place}: there is no ${kind === "functions" ? "function" : "table"} ${subject}: ${whereAreaIs(kind)}`,
      ];
}

function saidTwice(lines: Placed[]): string[] {
  const first = new Map<string, Placed>();
  return lines.flatMap((line) =>
    line.who.flatMap((one) => {
      const key = `${line.subject} ${one}`.trim();
      const before = first.get(key);
      if (!before) {
        first.set(key, line);
        return [];
      }
      const how = before.says === line.says ? "the same" : `"${before.says}" and "${line.says}"`;
      return [`${before.place} and ${line.place} both decide on ${key}: ${how}.`];
    }),
  );
}

function areaOf(kind: Kind, subject: string, known: Areas): string | undefined {
  return kind === "functions"
    ? known.functions.get(subject.replace(/\(.*/, ""))
    : known.tables.get(subject.slice(subject.indexOf(".") + 1));
}

function whereAreaIs(kind: Kind): string {
  return kind === "functions"
    ? "the folder below db/functions whose file creates it is its area."
    : "the folder of db/policies/<area>/<table>.sql is its area.";
}

/** The text of each area's file, by area. */
function textsOf(kind: Kind, lines: Line[], known: Areas = areas()): Map<string, string> {
  const byArea = Map.groupBy(lines, ({ subject }) => {
    const area = areaOf(kind, subject, known);
    if (!area) throw new SourceError(`${subject} has no area: ${whereAreaIs(kind)}`);
    return area;
  });
  return new Map([...byArea].map(([area, ofArea]) => [area, render(kind, ofArea)]));
}

/** Writes the files of all areas, and removes those of areas where nothing is left to decide. Answers with the names. */
export function writeDecided(kind: Kind, lines: Line[], folder: string = ownFolder, known?: Areas): string[] {
  const texts = textsOf(kind, lines, known);
  const changed: string[] = [];
  for (const [area, text] of texts) {
    const file = path.join(folder, area, `${kind}.csv`);
    if (existsSync(file) && readText(file) === text) continue;
    makeFolder(path.dirname(file));
    writeFileSync(file, text);
    changed.push(`${area}/${kind}.csv`);
  }
  for (const area of areasIn(folder, kind).filter((one) => !texts.has(one))) {
    rmSync(path.join(folder, area, `${kind}.csv`));
    changed.push(`${area}/${kind}.csv`);
  }
  return changed;
}

/** The lines as the file has them: tables are set apart by an empty line. */
function render(kind: Kind, lines: Line[]): string {
  const text = lines.flatMap((line, place) => {
    const apart = kind !== "functions" && place > 0 && lines[place - 1]?.subject !== line.subject;
    return apart ? ["", asText(kind, line)] : [asText(kind, line)];
  });
  return `${[heads[kind], ...text].join("\n")}\n`;
}

export function asText(kind: Kind, { subject, who, says }: Line): string {
  return kind === "functions" ? `"${subject}",${says}` : `${subject},${who.join(" / ")},${says}`;
}
