import { readFileSync } from "node:fs";
import path from "node:path";
import pg from "pg";
import { differences, renderDataClasses, writtenDataClasses } from "../../../docs/compliance/data_classes.ts";
import { dbFolder, sqlFiles } from "../../migrating/sources.ts";
import { createTestDatabase, type TestDatabase } from "../../testing/server.ts";
import { lockCases } from "../locks/cases.ts";
import { TwoSessions } from "../locks/two_sessions.ts";
import { disagreements, type Kind, observe } from "../rls/decisions.ts";
import { readDecided } from "../rls/files.ts";
import type { Memory } from "./memory.ts";
import type { Mutant } from "./mutants.ts";
import { enough, Nearness, type TestFile } from "./nearness.ts";
import { type Baseline, type Baselines, Order, type Proof } from "./order.ts";

/** The change of a mutant cannot be made: nothing is known about it, and its kind needs mending. */
export class NotBroken extends Error {}

/** A loop that no longer ends is noticed: by a proof that takes so many times as long, and as long at least. */
const patience = { times: 20, atLeastMs: 10_000 };

/**
 * Breaks one thing at a time in a database of its own and asks every proof that could notice: the matrix of rights,
 * the lint, the keys, what is written down of each column, the cases of locks, and the SQL tests that speak of the
 * thing. Each mutant lives in a transaction that is taken back.
 */
export class Laboratory {
  readonly client: pg.Client;
  readonly #database: TestDatabase;
  readonly #empty: pg.Client;
  readonly #emptyDatabase: TestDatabase;
  readonly #tests: TestFile[];
  #nearness?: Nearness;
  /** Opened when the first mutant takes a lock away. */
  #sessions?: TwoSessions;
  /** What each proof says when nothing is broken: no mutant may take credit for it. */
  readonly #before: Baselines;
  readonly #rules: string[] = [];
  readonly #order: Order;
  readonly #speaking = new Map<string, TestFile[]>();

  private constructor(
    database: TestDatabase,
    emptyDatabase: TestDatabase,
    tests: TestFile[],
    memory: Memory,
    before: Baselines,
  ) {
    this.#order = new Order(memory, before);
    this.#before = before;
    this.#database = database;
    this.#emptyDatabase = emptyDatabase;
    this.client = new pg.Client({ connectionString: database.urls.admin });
    this.#empty = new pg.Client({ connectionString: emptyDatabase.urls.admin });
    this.#tests = tests;
  }

  static async open(memory: Memory, before: Baselines): Promise<Laboratory> {
    const [furnished, empty] = await Promise.all([
      createTestDatabase({ because: "functions and tables are broken in it", furniture: "two clinics" }),
      createTestDatabase({ because: "the same where no row is" }),
    ]);
    const laboratory = new Laboratory(furnished, empty, sqlTests(), memory, before);
    await Promise.all([laboratory.client.connect(), laboratory.#empty.connect()]);
    await laboratory.#empty.query("set track_functions = 'all'");
    laboratory.#nearness = await Nearness.of(laboratory.#empty, laboratory.#tests);
    await laboratory.client.query("analyze");
    const { rows } = await laboratory.client.query<{ rule: string }>(
      "select rule from tests.lint_rules() rule",
    );
    laboratory.#rules.push(...rows.map(({ rule }) => rule));
    return laboratory;
  }

  async close(): Promise<void> {
    await Promise.all([this.client.end(), this.#empty.end(), this.#sessions?.close()]);
    await Promise.all([this.#database.drop(), this.#emptyDatabase.drop()]);
  }

  /** How many tests are asked about a mutant that nothing else notices. */
  testsAbout(mutant: Mutant): number {
    return mutant.function ? this.#nearestTestsOf(mutant.function).length : this.#testsOf(mutant).length;
  }

  /** The first proof that notices, with its first words; undefined when the mutant survives. */
  async kill(mutant: Mutant): Promise<string | undefined> {
    if (mutant.function) {
      const noticed = mutant.lock && (await this.#missTheLock(mutant));
      return noticed || this.#try(mutant, this.#nearestTestsOf(mutant.function));
    }
    // The catalog, and behaviour: what can still be built, and what the tests that speak of it say.
    return this.#try(mutant, [...this.#proofsOf(mutant), this.#furnishing(), ...this.#testsOf(mutant)]);
  }

  /** The case of the lock that is taken away: of two sessions the second no longer waits where it did. */
  async #missTheLock(mutant: Mutant): Promise<string | undefined> {
    this.#sessions ??= await TwoSessions.open();
    const lockCase = lockCases.find(({ lock }) => lock === mutant.lock);
    // A case that fails by itself proves nothing; its own test says so.
    if (!lockCase || (await this.#sessions.problemOf(lockCase))) return undefined;
    const problem = await this.#sessions.problemOf(lockCase, mutant.sql);
    return problem && `${lockCase.lock}: ${problem}`;
  }

  async #try(mutant: Mutant, proofs: Proof[]): Promise<string | undefined> {
    for (const proof of this.#order.mostLikelyFirst(mutant, proofs)) {
      const { client } = proof;
      const before = await this.#withoutMutant(proof);
      if (mutant.runs === "counted" && !before.called.has(mutant.function ?? "")) continue;
      await client.query("begin");
      try {
        const longestMs = Math.ceil(Math.max(patience.atLeastMs, patience.times * before.ms));
        await client.query(`set local statement_timeout = ${longestMs}`);
        await client.query(mutant.sql).catch((error: Error) => {
          throw new NotBroken(`${error.message} (${mutant.sql})`);
        });
        const news = (await proof.run()).filter((line) => !before.lines.includes(line));
        if (news[0] !== undefined) {
          this.#order.remember(mutant, proof);
          return `${proof.name}: ${news[0]}`;
        }
      } finally {
        await client.query("rollback");
      }
    }
    return undefined;
  }

  async #withoutMutant(proof: Proof): Promise<Baseline> {
    const known = this.#before.get(proof.name);
    if (known) return known;
    const { client } = proof;
    await client.query("begin");
    const began = performance.now();
    const lines = await proof.run();
    const ms = performance.now() - began;
    const { rows } = await client
      .query<{ name: string }>("select funcid::regprocedure::text as name from pg_stat_xact_user_functions")
      .catch(() => ({ rows: [] })); // the proof failed, and with it the transaction
    await client.query("rollback");
    const before = { lines, called: new Set(rows.map(({ name }) => name)), ms };
    this.#before.set(proof.name, before);
    return before;
  }

  #proofsOf(mutant: Mutant): Proof[] {
    const { table } = mutant;
    return [
      ...(table
        ? [this.#decided("grants", table), this.#decided("decisions", table)]
        : [this.#decided("functions")]),
      ...this.#rules.map((rule) =>
        this.#rows(`lint ${rule}`, `select object || ' ' || problem as line from tests.lint('${rule}')`),
      ),
      this.#rows(
        "foreign keys",
        "select foreign_key || ' ' || outcome as line from tests.crossing_links() where outcome <> 'refused'",
      ),
      this.#rows(
        "keys",
        `select says || ' ' || columns as line from tests.keys_that_do_not_hold()
         union all select index_name || ' is undeclared' from tests.undeclared_keys`,
      ),
      {
        sort: "classes",
        name: "docs/compliance/data-classes.md",
        client: this.client,
        run: async () => differences(writtenDataClasses(), await renderDataClasses(this.client)),
      },
    ];
  }

  #decided(kind: Kind, table?: string): Proof {
    return {
      sort: kind,
      name: table ? `${kind} of ${table}` : kind,
      client: this.client,
      run: () =>
        orItsError(async () =>
          disagreements(kind, readDecided(kind).lines, await observe(this.client, kind, table), table),
        ),
    };
  }

  #rows(name: string, query: string): Proof {
    return {
      sort: name,
      name,
      client: this.client,
      run: () =>
        orItsError(async () =>
          (await this.client.query<{ line: string }>(query)).rows.map((row) => row.line),
        ),
    };
  }

  #furnishing(): Proof {
    return {
      sort: "furnishing",
      name: "two clinics can be furnished",
      client: this.#empty,
      run: () =>
        orItsError(async () => {
          await this.#empty.query("select tests.two_clinics()");
          return [];
        }),
    };
  }

  #nearestTestsOf(signature: string): Proof[] {
    const name = /\.(\w+)\(/.exec(signature)?.[1] ?? "";
    return (this.#nearness?.testsOf(name) ?? []).flatMap((near) =>
      this.#tests.filter((test) => test.name === near).map((test) => this.#asProof(test)),
    );
  }

  #asProof({ name, text }: TestFile): Proof {
    return { sort: name, name, client: this.#empty, run: () => this.#runTest(text) };
  }

  /**
   * The SQL tests that name the table, or the function, that the mutant touches, and those of what the triggers of the
   * table do; the nearest of them.
   */
  #testsOf(mutant: Mutant): Proof[] {
    const name = /^(?:app_\w+|audit|analytics)\.(\w+)/.exec(mutant.table ?? mutant.object)?.[1];
    if (!name) return [];
    let speaking = this.#speaking.get(name);
    if (!speaking) {
      const speaks = new RegExp(`\\b(${name}|${name.replace(/s$/, "")})\\b`);
      const ofTriggers = this.#nearness?.testsOfWhatItCalls(name) ?? [];
      speaking = this.#tests.filter(
        ({ name: file, text }) => speaks.test(file) || speaks.test(text) || ofTriggers.includes(file),
      );
      this.#speaking.set(name, speaking);
    }
    // Those that are named like what the mutant changes come first: most often one of them notices.
    const changed = (mutant.sql.match(/\w{6,}/g) ?? []).map((word) => word.replace(/s$/, ""));
    const isNear = (test: TestFile) => changed.some((word) => test.name.includes(word));
    return speaking
      .toSorted((a, b) => Number(isNear(b)) - Number(isNear(a)))
      .slice(0, enough)
      .map((test) => this.#asProof(test));
  }

  async #runTest(sql: string): Promise<string[]> {
    // The file's own transaction would end ours.
    const body = sql.replace(/^begin;$/im, "").replace(/^rollback;$/im, "");
    try {
      // No rollback takes prepared statements back: a test that makes one would fail the second time, whatever is broken.
      await this.#empty.query("deallocate all");
      const results = [await this.#empty.query(body)].flat() as pg.QueryResult<Record<string, unknown>>[];
      const lines = results
        .flatMap((result) => result.rows ?? [])
        .flatMap((row) => String(Object.values(row)[0]).split("\n"));
      return lines.filter((line) => line.startsWith("not ok"));
    } catch (error) {
      return [(error as Error).message];
    }
  }
}

/** A thing may be broken so that the proof cannot be asked at all: its error is what it says then. */
async function orItsError(ask: () => Promise<string[]>): Promise<string[]> {
  try {
    return await ask();
  } catch (error) {
    return [(error as Error).message];
  }
}

/** Tests of behaviour: the lint and the matrix are proofs already. */
function sqlTests(): TestFile[] {
  return sqlFiles(path.join(dbFolder, "tests"))
    .filter((file) => file.endsWith(".test.sql"))
    .map((file) => ({
      name: path.relative(path.join(dbFolder, "tests"), file),
      text: readFileSync(file, "utf8"),
    }))
    .filter(({ name }) => !/^(lint|rls|mutants|helpers)\//.test(name));
}
