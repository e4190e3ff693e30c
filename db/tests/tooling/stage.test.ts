import { readFileSync, rmSync } from "node:fs";
import path from "node:path";
import { describe, expect, test } from "vitest";
import { currentParts, sourcesIn, sourcesText } from "../../migrating/current.ts";
import { readSources } from "../../migrating/sources.ts";
import { stage, uncommitted } from "../../migrating/stage.ts";
import { sampleDb, write } from "./sample.ts";

const staged = (folder: string) =>
  readFileSync(path.join(folder, "migrations/current/900-sources.sql"), "utf8");

/** A committed migration as graphile-migrate writes it, holding these sources. */
const committed = (sources: Record<string, string>) =>
  `--! Previous: -\n--! Hash: sha1:0\n\n--! split: 900-sources.sql\n${sourcesText(
    Object.entries(sources).map(([name, text]) => ({ name, text })),
  )}`;

const sqlFunction = (name: string, result: string) =>
  `create or replace function ${name}() returns text language sql as $$\n  select ${result}\n$$;`;

describe("order", () => {
  test("sources are alphabetical, functions before policies", () => {
    const folder = sampleDb({
      "policies/a/a.sql": "select 1;",
      "functions/b/a.sql": "select 2;",
      "functions/a/z.sql": "select 3;",
    });
    expect(stage(folder)).toEqual(["functions/a/z.sql", "functions/b/a.sql", "policies/a/a.sql"]);
  });

  test("what a source names comes first, also by way of a source that has not changed", () => {
    const middle = sqlFunction("a.middle", "a.last()");
    const folder = sampleDb({
      "functions/a/first.sql": sqlFunction("a.first", "a.middle()"),
      "functions/m/middle.sql": middle,
      "functions/z/last.sql": sqlFunction("a.last", "1"),
      "migrations/committed/000001.sql": committed({ "functions/m/middle.sql": middle }),
    });
    expect(stage(folder)).toEqual(["functions/z/last.sql", "functions/a/first.sql"]);
  });

  test("a name in a comment is no need, one in a string is", () => {
    const folder = sampleDb({
      "functions/a/a.sql": `-- Beside a.z().\n${sqlFunction("a.a", "1 -- not a.z()")}`,
      "functions/a/b.sql": sqlFunction("a.b", "'a.y'::regproc::text"),
      "functions/z/y.sql": sqlFunction("a.y", "1"),
      "functions/z/z.sql": sqlFunction("a.z", "1"),
    });
    expect(stage(folder)).toEqual([
      "functions/a/a.sql",
      "functions/z/y.sql",
      "functions/a/b.sql",
      "functions/z/z.sql",
    ]);
  });

  test("functions may call each other in a circle where a body is read late: what is read at once comes first", () => {
    const late = (name: string, calls: string) =>
      `create or replace function ${name}() returns void language plpgsql as $$ begin perform ${calls}(); end; $$;`;
    const folder = sampleDb({
      "functions/a/a.sql": sqlFunction("a.a", "a.b()"),
      "functions/a/b.sql": sqlFunction("a.b", "a.c()"),
      "functions/a/c.sql": late("a.c", "a.a"),
    });
    expect(stage(folder)).toEqual(["functions/a/c.sql", "functions/a/b.sql", "functions/a/a.sql"]);
  });

  test("rows run behind policies, those that policies need before; each group is written at its end", () => {
    const folder = sampleDb({
      "functions/a/a.sql": "select 1;",
      "policies/a/b.sql": "select 3;",
      "reference/a/c.sql": "select 4;",
      "reference/classification/d.sql": "select 2;",
      "reference/z/e.sql": "select 5;",
    });
    expect(stage(folder)).toEqual([
      "functions/a/a.sql",
      "reference/classification/d.sql",
      "policies/a/b.sql",
      "reference/a/c.sql",
      "reference/z/e.sql",
    ]);
    const statements = staged(folder).match(/^select .*$/gm);
    const written = "select app_private.write_owned_rows();";
    expect(statements).toEqual([
      "select 1;",
      "select 2;",
      written,
      "select 3;",
      "select 4;",
      "select 5;",
      written,
    ]);
    expect(currentParts(folder).map(({ file }) => file)).toEqual([
      "functions/a/a.sql",
      "reference/classification/d.sql",
      "reference",
      "policies/a/b.sql",
      "reference/a/c.sql",
      "reference/z/e.sql",
      "reference",
    ]);
  });

  test("without rows nothing is written", () => {
    const folder = sampleDb({ "functions/a/a.sql": "select 1;", "policies/a/b.sql": "select 2;" });
    stage(folder);
    expect(staged(folder)).not.toContain("write_owned_rows");
  });

  test("two files of one name are refused, naming both", () => {
    const folder = sampleDb({ "functions/a/a.sql": "select 1;", "functions/b/a.sql": "select 2;" });
    expect(() => stage(folder)).toThrow("db/functions/b/a.sql has the same name as db/functions/a/a.sql");
  });
});

describe("what is staged", () => {
  test("only sources that differ from the latest committed migration that has them", () => {
    const folder = sampleDb({
      "functions/a/same.sql": "select 'same';\n",
      "functions/a/back.sql": "select 'first';\n",
      "functions/a/new.sql": "select 'new';\n",
      "migrations/committed/000001.sql": committed({
        "functions/a/same.sql": "select 'same';",
        "functions/a/back.sql": "select 'first';",
      }),
      "migrations/committed/000002-later.sql": committed({ "functions/a/back.sql": "select 'second';" }),
    });
    expect(stage(folder)).toEqual(["functions/a/back.sql", "functions/a/new.sql"]);
  });

  test("a source in another area, under another comment, is the same source", () => {
    const folder = sampleDb({
      "functions/b/a.sql": "-- Rewritten.\n-- Twice.\n\nselect 1;",
      "migrations/committed/000001.sql": committed({ "functions/a/a.sql": "-- As it was.\nselect 1;" }),
    });
    expect(stage(folder)).toEqual([]);
    expect(uncommitted(folder)).toEqual([]);
    write(folder, "functions/b/a.sql", "-- Rewritten.\nselect 1; -- another comment");
    expect(stage(folder)).toEqual(["functions/b/a.sql"]);
  });

  test("nothing is staged, and no file is left, when all is committed", () => {
    const folder = sampleDb({ "functions/a/a.sql": "select 1;" });
    stage(folder);
    write(folder, "migrations/committed/000001.sql", committed({ "functions/a/a.sql": "select 1;" }));
    expect(stage(folder)).toEqual([]);
    expect(() => staged(folder)).toThrow(/ENOENT/);
    expect(uncommitted(folder)).toEqual([]);
  });

  test("a file that leaves the role set is followed by a reset, and reads back as it was", () => {
    const folder = sampleDb({
      "functions/a/a.sql": "set role app_engine;\nselect 1;\n",
      "functions/a/b.sql": "set role app_engine;\nselect 1;\nreset role;\n",
    });
    stage(folder);
    const text = staged(folder);
    expect(text).toMatch(/end of source: functions\/a\/a.sql\nreset role;\n/);
    expect(text.match(/reset role/g)).toHaveLength(2);
    for (const source of readSources(folder)) expect(sourcesIn(text).get(source.name)).toBe(source.text);
  });

  test("check lists sources and hand-written files that are not committed", () => {
    const folder = sampleDb({
      "functions/a/a.sql": "select 1;",
      "migrations/current/010-table.sql": "create table t (id uuid);",
      "migrations/current/020-nothing.sql": "-- only a comment\n",
    });
    expect(uncommitted(folder)).toEqual([
      "db/functions/a/a.sql is not in a committed migration.",
      "db/migrations/current/010-table.sql is not committed.",
    ]);
  });
});

describe("what is refused", () => {
  test.each([
    ["function", "create or replace function f() returns int language sql return 1;"],
    ["procedure", "CREATE PROCEDURE p() language sql as '';"],
    ["view", "create  view v as select 1;"],
    ["view", "create or replace recursive view v (n) as select 1;"],
    ["policy", "create\npolicy p on t using (true);"],
  ])("a hand-written file may not create a %s: %s", (kind, sql) => {
    const folder = sampleDb({ "migrations/current/010-x.sql": `create table t (id uuid);\n${sql}` });
    expect(() => stage(folder)).toThrow(`db/migrations/current/010-x.sql creates a ${kind}`);
  });

  const reference = {
    "policies/a/colours.sql": "select app_private.classify('app_public.colours', 'reference', '{}');",
    "policies/a/toys.sql": "select app_private.classify(\n  'app_public.toys', 'clinic', '{}');",
  };

  test.each([
    "insert into app_public.colours values ('red');",
    "-- Why not.\nINSERT\n  INTO app_public.Colours (name) values ('red');",
    'insert into "app_public"."colours" values (1);',
    "merge into only app_public.colours using x on true when not matched then do nothing;",
    "copy app_public.colours from stdin;",
    "-- not in db/reference:\ninsert into app_public.colours values (1);",
    "-- not in db/reference: it is a toy\ninsert into app_public.colours values (1);\ninsert into app_public.colours values (2);",
  ])("a hand-written file may not insert the product's rows: %s", (sql) => {
    const folder = sampleDb({ ...reference, "migrations/current/010-x.sql": sql });
    expect(() => stage(folder)).toThrow(
      "db/migrations/current/010-x.sql inserts into app_public.colours: its rows belong in a file of db/reference.",
    );
  });

  test.each([
    "insert into app_public.toys values (1);",
    "insert into app_public.colours_of_toys values (1);",
    "-- insert into app_public.colours values (1);\nselect 1;",
    "update app_public.colours set name = 'blue';",
    "  -- not in db/reference: it is a toy\n  insert into app_public.colours values (1);",
  ])("a hand-written file may say: %s", (sql) => {
    const folder = sampleDb({ ...reference, "migrations/current/010-x.sql": sql });
    expect(stage(folder)).toEqual(["policies/a/colours.sql", "policies/a/toys.sql"]);
  });

  test("a comment about a function, and a dropped one, are not a created one", () => {
    const folder = sampleDb({
      "migrations/current/010-x.sql": "-- create function later\n/* create view */\ndrop function f();\n",
    });
    expect(stage(folder)).toEqual([]);
  });

  test("names and numbers that graphile-migrate would not take", () => {
    expect(() => stage(sampleDb({ "migrations/current/x.sql": "" }))).toThrow("NNN-what-it-does.sql");
    expect(() => stage(sampleDb({ "migrations/current/900-x.sql": "" }))).toThrow("900 is taken");
    expect(() =>
      stage(sampleDb({ "migrations/current/01-a.sql": "", "migrations/current/1-b.sql": "" })),
    ).toThrow("the number 1 is taken by 01-a.sql");
  });

  test("what graphile-migrate would read as its own", () => {
    expect(() => stage(sampleDb({ "functions/a/a.sql": "select 1;\n--! Message: no\n" }))).toThrow("--!");
    expect(() =>
      stage(sampleDb({ "functions/a/a.sql": "comment on database :DATABASE_NAME is '';" })),
    ).toThrow(":DATABASE_NAME");
  });

  test("a deleted source, until a hand-written file retires it", () => {
    const folder = sampleDb({
      "functions/a/a.sql": "select 1;",
      "migrations/committed/000001.sql": committed({ "functions/a/a.sql": "select 1;" }),
    });
    rmSync(path.join(folder, "functions/a/a.sql"));
    expect(() => stage(folder)).toThrow('-- retired: functions/a/a.sql"');

    const drop = "-- retired: functions/a/a.sql\ndrop function a();\n";
    write(folder, "migrations/current/010-drop.sql", drop);
    expect(stage(folder)).toEqual([]);

    rmSync(path.join(folder, "migrations/current/010-drop.sql"));
    write(folder, "migrations/committed/000002.sql", `--! Previous: sha1:0\n--! Hash: sha1:1\n\n${drop}`);
    expect(uncommitted(folder)).toEqual([]);
  });
});
