import type pg from "pg";
import { tokensOf } from "./sql_tokens.ts";

/** A test, its path below db/tests and what it says. */
export type TestFile = { name: string; text: string };

/** How many tests are asked about one function or table. What none of the nearest notices is unproven. */
export const enough = 60;

/**
 * Which tests stand near a function: those in its folder, those that name it, those of what calls it, and of what calls
 * that; last those that reach it through a helper of theirs. A trigger's function is called by its tables, one that
 * policies use by the tables they guard, one that rows name (in a column …_function) by who reads that column.
 */
export class Nearness {
  readonly #callers: Map<string, Set<string>>;
  /** Functions of the tests, by what they call. */
  readonly #helpers: Map<string, Set<string>>;
  readonly #tests: { name: string; folder: string; words: Set<string> }[];
  readonly #near = new Map<string, string[]>();

  private constructor(
    callers: Map<string, Set<string>>,
    helpers: Map<string, Set<string>>,
    tests: TestFile[],
  ) {
    this.#callers = callers;
    this.#helpers = helpers;
    this.#tests = tests.map(({ name, text }) => ({
      name,
      folder: name.split("/").at(-2) ?? "",
      words: new Set(text.toLowerCase().match(/\w+/g)),
    }));
  }

  static async of(client: pg.ClientBase, tests: TestFile[]): Promise<Nearness> {
    const { rows } = await client.query<{ name: string; calls: string }>(`
      select f.proname as name, coalesce(f.prosrc, '') || ' ' || coalesce(pg_get_function_sqlbody(f.oid), '') as calls
      from tests.app_functions f
      union all
      select t.relname, tg.tgname || ' ' || p.proname
      from pg_trigger tg join tests.app_tables t on t.oid = tg.tgrelid join pg_proc p on p.oid = tg.tgfoid
      union all
      select p.relname, coalesce(p.using_text, '') || ' ' || coalesce(p.check_text, '') from tests.app_policies p
      union all
      select c.relname, pg_get_viewdef(c.oid) from pg_class c where c.relkind = 'v' and c.relnamespace = any (tests.app_schemas())`);
    const functions = new Set(
      (await client.query<{ name: string }>("select proname as name from tests.app_functions")).rows.map(
        ({ name }) => name,
      ),
    );
    const named = await functionsThatRowsName(client);
    const byCalled = (callers: { name: string; calls: string }[]) => {
      const found = new Map<string, Set<string>>();
      for (const { name, calls } of callers) {
        for (const { text } of tokensOf(calls)) {
          for (const called of named.get(text) ?? [text]) {
            if (!functions.has(called) || called === name) continue;
            found.set(called, (found.get(called) ?? new Set()).add(name));
          }
        }
      }
      return found;
    };
    const { rows: helpers } = await client.query<{ name: string; calls: string }>(
      "select proname as name, prosrc as calls from pg_proc where pronamespace = 'tests'::regnamespace and prosrc <> ''",
    );
    return new Nearness(byCalled(rows), byCalled(helpers), tests);
  }

  /** Names of tests, the nearest first. */
  testsOf(functionName: string): string[] {
    const known = this.#near.get(functionName);
    if (known) return known;
    const found = new Set<string>();
    const seen = new Set([functionName]);
    for (let circle = [functionName]; circle.length > 0 && found.size < enough; ) {
      for (const test of circle.flatMap((name) => this.#inFolderOf(name))) found.add(test);
      for (const test of circle.flatMap((name) => this.#naming(name))) found.add(test);
      circle = circle
        .flatMap((name) => [...(this.#callers.get(name) ?? [])])
        .filter((name) => !seen.has(name));
      for (const name of circle) seen.add(name);
    }
    if (found.size < enough)
      for (const helper of [...seen].flatMap((name) => [...(this.#helpers.get(name) ?? [])]))
        for (const test of this.#naming(helper)) found.add(test);
    const near = [...found].slice(0, enough);
    this.#near.set(functionName, near);
    return near;
  }

  /** Names of tests in the folders of the functions that a table's triggers call, and of those that these call. */
  testsOfWhatItCalls(table: string): string[] {
    const called = this.#calledBy(table);
    return [...called, ...called.flatMap((name) => this.#calledBy(name))].flatMap((name) =>
      this.#inFolderOf(name),
    );
  }

  #calledBy(name: string): string[] {
    return [...this.#callers].filter(([, callers]) => callers.has(name)).map(([called]) => called);
  }

  #inFolderOf(name: string): string[] {
    return this.#tests.filter(({ folder }) => folder === name).map((test) => test.name);
  }

  #naming(name: string): string[] {
    return this.#tests.filter(({ words }) => words.has(name)).map((test) => test.name);
  }
}

/** By the column that names them. */
async function functionsThatRowsName(client: pg.ClientBase): Promise<Map<string, string[]>> {
  const { rows } = await client.query<{ column: string; table: string }>(
    "select attname as column, table_name as table from tests.app_columns where attname ~ '_function$'",
  );
  const named = new Map<string, string[]>();
  for (const { column, table } of rows) {
    const { rows: found } = await client.query<{ name: string }>(
      `select distinct ${column} as name from ${table} where ${column} is not null`,
    );
    named.set(column, [...(named.get(column) ?? []), ...found.map(({ name }) => name)]);
  }
  return named;
}
