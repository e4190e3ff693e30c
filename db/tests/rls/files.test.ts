import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { beforeEach, describe, expect, onTestFinished, test } from "vitest";
import { readAreas } from "./areas.ts";
import type { Kind } from "./decisions.ts";
import { heads, readDecided, strayFiles, writeDecided } from "./files.ts";

const known = {
  tables: new Map([
    ["entries", "audit"],
    ["seals", "audit"],
    ["patients", "patients"],
  ]),
  functions: new Map([["audit.seal", "audit"]]),
};

let folder: string;

beforeEach(() => {
  folder = mkdtempSync(path.join(os.tmpdir(), "restartix-decisions-"));
  onTestFinished(() => rmSync(folder, { recursive: true }));
});

function write(area: string, kind: Kind, ...lines: string[]): void {
  mkdirSync(path.join(folder, area), { recursive: true });
  writeFileSync(path.join(folder, area, `${kind}.csv`), `${[heads[kind], ...lines].join("\n")}\n`);
}

const problems = (kind: Kind) => readDecided(kind, folder, known).problems;

describe("a line of a decision is refused", () => {
  test("where another decides on the same persona, alike or otherwise, and both lines are named (FND-05)", () => {
    write(
      "audit",
      "decisions",
      "audit.entries,superadmin root,some of atlas itself + platform,denied,denied,denied",
      "audit.entries,owner olga / engine,atlas,denied,denied,denied",
      "audit.entries,superadmin root,platform,denied,denied,denied",
      "",
      "audit.entries,engine,atlas,denied,denied,denied",
    );
    expect(problems("decisions")).toEqual([
      "db/tests/rls/audit/decisions.csv:2 and db/tests/rls/audit/decisions.csv:4 both decide on audit.entries superadmin root: " +
        '"some of atlas itself + platform,denied,denied,denied" and "platform,denied,denied,denied".',
      "db/tests/rls/audit/decisions.csv:3 and db/tests/rls/audit/decisions.csv:6 both decide on audit.entries engine: the same.",
    ]);
  });

  test("where one line names a persona twice, a role has two grants, or a function two lists of callers (FND-05)", () => {
    write("audit", "decisions", "audit.entries,engine / engine,atlas,denied,denied,denied");
    write("audit", "grants", "audit.entries,app_member,*,-,-,-", "audit.entries,app_member,id,-,-,-");
    write("audit", "functions", '"audit.seal(uuid)",app_worker', '"audit.seal(uuid)",-');
    expect(problems("decisions")).toEqual([expect.stringContaining("both decide on audit.entries engine")]);
    expect(problems("grants")).toEqual([expect.stringContaining('app_member: "*,-,-,-" and "id,-,-,-"')]);
    expect(problems("functions")).toEqual([
      expect.stringContaining('both decide on audit.seal(uuid): "app_worker" and "-"'),
    ]);
  });

  test("where it stands in another area's file, also when the right one has it too (FND-05)", () => {
    write("patients", "decisions", "audit.entries,engine,atlas,denied,denied,denied");
    write("audit", "decisions", "audit.entries,engine,nothing,denied,denied,denied");
    write("patients", "functions", '"audit.seal(uuid)",app_worker');
    expect(problems("decisions")).toEqual([
      "db/tests/rls/patients/decisions.csv:2: audit.entries is of the area audit: the line belongs in db/tests/rls/audit/decisions.csv.",
      expect.stringMatching(
        /^db\/tests\/rls\/audit\/decisions\.csv:2 and db\/tests\/rls\/patients\/decisions\.csv:2 both/,
      ),
    ]);
    expect(problems("functions")).toEqual([
      expect.stringContaining("belongs in db/tests/rls/audit/functions.csv"),
    ]);
  });

  test("where the table or the function is not there (FND-05)", () => {
    write("audit", "grants", "audit.entris,app_member,*,-,-,-");
    write("audit", "functions", '"audit.sael(uuid)",app_worker');
    expect(problems("grants")).toEqual([
      expect.stringMatching(/^db\/tests\/rls\/audit\/grants\.csv:2: there is no table audit\.entris/),
    ]);
    expect(problems("functions")).toEqual([
      expect.stringMatching(
        /^db\/tests\/rls\/audit\/functions\.csv:2: there is no function audit\.sael\(uuid\)/,
      ),
    ]);
  });

  test("where it cannot be read, or gives something to everyone else (FND-05)", () => {
    write(
      "audit",
      "decisions",
      "audit.entries,engine,atlas,denied,denied",
      "audit.seals,everyone else,atlas,denied,denied,denied",
    );
    write("audit", "functions", "audit.seal(uuid),app_worker");
    expect(problems("decisions")).toEqual([
      "db/tests/rls/audit/decisions.csv:2: is no line of table,persona,select,insert,update,delete: " +
        "audit.entries,engine,atlas,denied,denied",
      'db/tests/rls/audit/decisions.csv:3: "everyone else" is who may nothing; name those who may.',
    ]);
    expect(problems("functions")).toEqual([expect.stringContaining("functions.csv:2: is no line of")]);
  });

  test("where nobody reads its file (FND-05)", () => {
    write("audit", "decisions");
    writeFileSync(path.join(folder, "decisions.csv"), "");
    writeFileSync(path.join(folder, "audit", "grant.csv"), "");
    expect(strayFiles(folder)).toEqual([
      expect.stringMatching(/^db\/tests\/rls\/audit\/grant\.csv is not read/),
      expect.stringMatching(/^db\/tests\/rls\/decisions\.csv is not read/),
    ]);
  });
});

describe("what holds, taken as decided", () => {
  const lines = [
    { subject: "app_public.patients", who: ["owner olga", "engine"], says: "atlas,denied,denied,denied" },
    { subject: "audit.entries", who: ["engine"], says: "everything,denied,denied,denied" },
    { subject: "audit.seals", who: ["everyone else"], says: "denied,denied,denied,denied" },
  ];

  test("is written to the file of each area, read back as it was, and an area without lines loses its file", () => {
    write("secrets", "decisions", "audit.entries,engine,atlas,denied,denied,denied");
    expect(writeDecided("decisions", lines, folder, known)).toEqual([
      "patients/decisions.csv",
      "audit/decisions.csv",
      "secrets/decisions.csv",
    ]);
    expect(existsSync(path.join(folder, "secrets", "decisions.csv"))).toBe(false);
    expect(readFileSync(path.join(folder, "audit", "decisions.csv"), "utf8")).toBe(
      `${heads.decisions}\naudit.entries,engine,everything,denied,denied,denied\n\n` +
        "audit.seals,everyone else,denied,denied,denied,denied\n",
    );
    const read = readDecided("decisions", folder, known);
    expect(read.problems).toEqual([]);
    expect(new Set(read.lines)).toEqual(new Set(lines));
    expect(writeDecided("decisions", lines, folder, known)).toEqual([]);
  });

  test("is refused for a table without a policy file, and nothing is written", () => {
    const toys = { subject: "app_public.toys", who: ["engine"], says: "atlas,denied,denied,denied" };
    expect(() => writeDecided("decisions", [...lines, toys], folder, known)).toThrow(
      "app_public.toys has no area: the folder of db/policies/<area>/<table>.sql is its area.",
    );
    expect(existsSync(path.join(folder, "audit"))).toBe(false);
  });
});

test("an area is the folder of the policy file, or of the source that creates the function", () => {
  for (const [file, text] of [
    ["policies/audit/entries.sql", "alter table audit.entries enable row level security;"],
    [
      "functions/files/restore.sql",
      "create or replace function app_public.restore(id uuid) returns void language sql return 1;\n" +
        "create function app_hidden.restorable(\n  id uuid\n) returns void language sql return 1;",
    ],
  ] as const) {
    mkdirSync(path.dirname(path.join(folder, file)), { recursive: true });
    writeFileSync(path.join(folder, file), text);
  }
  expect(readAreas(folder)).toEqual({
    tables: new Map([["entries", "audit"]]),
    functions: new Map([
      ["app_public.restore", "files"],
      ["app_hidden.restorable", "files"],
    ]),
  });
});

test("a function is written in one file: of two the one that runs last would hold", () => {
  const write = (file: string) => {
    mkdirSync(path.dirname(path.join(folder, file)), { recursive: true });
    writeFileSync(path.join(folder, file), "create function app_public.restore(name text) returns void");
    return path.join(folder, file);
  };
  const both = (other: string) =>
    `app_public.restore is written in ${other} and in db/functions/files/restore.sql.`;
  write("functions/files/restore.sql");
  const again = write("functions/files/again.sql");
  expect(() => readAreas(folder)).toThrow(both("db/functions/files/again.sql"));
  rmSync(again);
  expect(readAreas(folder).functions.get("app_public.restore")).toBe("files");
  write("functions/appointments/again.sql");
  expect(() => readAreas(folder)).toThrow(both("db/functions/appointments/again.sql"));
});
