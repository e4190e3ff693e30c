import pg from "pg";
import { createTestDatabase, type TestDatabase } from "../../testing/server.ts";
import { areas } from "./cases.ts";
import { type LockCase, partsOf } from "./lock_case.ts";

/** How long a caller waits before it is called waiting. Nobody else is in the database, so a moment is enough. */
const moment = "10ms";

type Waited = { functions: string[]; relation?: string; statement?: string };

/**
 * Two sessions in one furnished database: the first holds what a lock is about, the second calls what takes the lock.
 * Both take back everything, so that one database serves all cases.
 */
export class TwoSessions {
  readonly client: pg.Client;
  readonly #database: TestDatabase;
  readonly #other: pg.Client;

  private constructor(database: TestDatabase) {
    this.#database = database;
    this.client = new pg.Client(database.urls.admin);
    this.#other = new pg.Client(database.urls.admin);
  }

  static async open(): Promise<TwoSessions> {
    const sessions = new TwoSessions(
      await createTestDatabase({
        because: "one session waits for the other, and rows that both see are committed",
        furniture: "two clinics",
      }),
    );
    await Promise.all([sessions.client.connect(), sessions.#other.connect()]);
    // Nobody can be in the way of the first session: where somebody is, the case fails and does not hang.
    await sessions.#other.query("set lock_timeout = '1s'");
    await sessions.client.query(areas.map(({ furniture }) => furniture).join(";\n"));
    return sessions;
  }

  async close(): Promise<void> {
    await Promise.all([this.client.end(), this.#other.end()]);
    await this.#database.drop();
  }

  /** What is wrong with the lock of a case; nothing when it is taken. `breaking` changes something before. */
  async problemOf(lockCase: LockCase, breaking = ""): Promise<string | undefined> {
    const { client } = this;
    try {
      const held = await this.#hold(lockCase);
      if (held === 0) return "the other session has nothing to hold";
      await client.query(`begin; ${breaking}`);
      await client.query(lockCase.before ?? "");
      const due = lockCase.leaves ? await this.#count(lockCase.leaves) : 0;
      if (lockCase.leaves && due <= held) return "nothing is due beside what is held";
      await client.query("select tests.act_as($1::text)", [lockCase.as]);
      await client.query(`set local lock_timeout = '${moment}'`);
      const outcome = await this.#call(lockCase.call);
      if ("functions" in outcome) return problemOfWaiting(lockCase, outcome);
      if (lockCase.leaves) {
        await client.query("reset role");
        const left = await this.#count(lockCase.leaves);
        return left === held ? undefined : `${left} of ${due} are left, and ${held} are held`;
      }
      if (lockCase.answers !== undefined && outcome.answer === lockCase.answers) return undefined;
      return `nobody waits: the answer is ${String(outcome.answer).slice(0, 80)}`;
    } catch (error) {
      return (error as Error).message;
    } finally {
      await Promise.all([client.query("rollback"), this.#other.query("rollback")]);
    }
  }

  /** How many rows, or keys, the first session holds now. */
  async #hold({ rows, key }: LockCase): Promise<number> {
    await this.#other.query("begin");
    // It conflicts with every lock but that of foreign keys.
    if (rows) return (await this.#other.query(`select from ${rows} for no key update`)).rowCount ?? 0;
    const { rowCount } = await this.#other.query(
      `select pg_advisory_xact_lock(hashtextextended(k, 0)) from (select ${key}) as held (k) where k is not null`,
    );
    return rowCount ?? 0;
  }

  async #count(rows: string): Promise<number> {
    const { rowCount } = await this.client.query(`select from ${rows}`);
    return rowCount ?? 0;
  }

  async #call(sql: string): Promise<Waited | { answer: unknown }> {
    try {
      const [last] = [await this.client.query({ text: sql, rowMode: "array" })].flat().toReversed();
      return { answer: last?.rows[0]?.[0] };
    } catch (error) {
      const { code, where = "" } = error as pg.DatabaseError;
      if (code !== "55P03") throw error;
      return waitedIn(where);
    }
  }
}

/** The functions that were running, innermost first, the statement of that, and the table whose row was to be locked. */
function waitedIn(context: string): Waited {
  return {
    functions: [...context.matchAll(/^(?:PL\/pgSQL function \w+\.(\w+)\(|SQL function "(\w+)")/gm)].map(
      ([, ofPlpgsql, ofSql]) => ofPlpgsql ?? ofSql ?? "",
    ),
    relation: /^while locking tuple \S+ in relation "(\w+)"/m.exec(context)?.[1],
    // Of an expression, such as a variable begins with, nothing is told; what follows then is the caller's statement.
    statement: /^(?:while locking tuple .*\n)?SQL statement "([\s\S]*?)"\nPL\/pgSQL/
      .exec(context)?.[1]
      ?.replace(/\s+/g, " "),
  };
}

/** Another lock is waited for, in another function, or only the change that comes after the lock. */
function problemOfWaiting(lockCase: LockCase, waited: Waited): string | undefined {
  const { taker, words, step } = partsOf(lockCase);
  const { functions, relation, statement } = waited;
  const place = `it waits in ${functions.join(", called by ")}`;
  if (lockCase.leaves || lockCase.answers !== undefined) return place;
  const at = functions.indexOf(taker);
  if (step ? functions[at - 1] !== step : at !== 0) return place;
  if (lockCase.rows && !new RegExp(`^\\w+\\.${relation}\\b`).test(lockCase.rows))
    return `${place}, and not to lock the row (${relation ?? "it changes it"})`;
  // Before a trigger of the row an update locks it as well.
  if (words && lockCase.rows && statement && !statement.includes(words))
    return `${place}, and not to lock the row: ${statement}`;
  return undefined;
}
