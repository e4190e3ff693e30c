import pg from "pg";
import type { TestDatabase } from "../testing/server.ts";

/**
 * One statement, sent by somebody: a name that the SQL helpers know, "a visitor", "the authenticator" (the login of
 * the API itself) or "the database" (the superuser). `andThen` follows once the other waits.
 */
export type Act = { as: string; sql: string; andThen?: string };

/** What came back: the first column of the first row, or the refusal. */
export type Outcome = { value: unknown } | { code: string; reason: string };

/** Runs SQL as the superuser, as one transaction: the builders of db/tests/helpers know each other within it. */
export async function furnish(database: TestDatabase, sql: string): Promise<void> {
  await asAdmin(database, (client) => client.query(sql));
}

/** The first column of the first row, read as the superuser. */
export async function ask<T = unknown>(database: TestDatabase, sql: string): Promise<T> {
  return asAdmin(database, async (client) => {
    const { rows } = await client.query({ text: sql, rowMode: "array" });
    return rows[0]?.[0] as T;
  });
}

async function asAdmin<T>(database: TestDatabase, work: (client: pg.Client) => Promise<T>): Promise<T> {
  const client = new pg.Client(database.urls.admin);
  await client.connect();
  try {
    return await work(client);
  } finally {
    await client.end();
  }
}

/**
 * Two requests on two connections: the first has done its work and not committed when the second is sent; it commits
 * once the second waits for it. `waited` is false when the second did not have to.
 */
export async function oneBehindTheOther(
  database: TestDatabase,
  first: Act,
  second: Act,
): Promise<{ first: Outcome; second: Outcome; waited: boolean }> {
  const one = await Request.open(database, first);
  const other = await Request.open(database, second);
  try {
    const firstOutcome = await one.run();
    const running = other.run();
    const waited = await waitsOrEnds(database, other, running);
    const followUp = first.andThen ? await one.run(first.andThen) : firstOutcome;
    await one.end(followUp);
    const secondOutcome = await running;
    await other.end(secondOutcome);
    return { first: "value" in followUp ? firstOutcome : followUp, second: secondOutcome, waited };
  } finally {
    await Promise.all([one.close(), other.close()]);
  }
}

/** All at once, each on a connection of its own, committed as soon as it is through. */
export async function atOnce(database: TestDatabase, acts: Act[]): Promise<Outcome[]> {
  const requests = await Promise.all(acts.map((act) => Request.open(database, act)));
  try {
    return await Promise.all(
      requests.map(async (request) => {
        const outcome = await request.run();
        await request.end(outcome);
        return outcome;
      }),
    );
  } finally {
    await Promise.all(requests.map((request) => request.close()));
  }
}

/** On a busy machine the other one may take longer than the limits that come with the API's role. */
export const patient = "-c lock_timeout=0 -c statement_timeout=0 -c idle_in_transaction_session_timeout=0";

/** A request's transaction, as the server opens it. */
class Request {
  readonly client: pg.Client;
  readonly act: Act;
  pid = 0;

  constructor(client: pg.Client, act: Act) {
    this.client = client;
    this.act = act;
  }

  static async open(database: TestDatabase, act: Act): Promise<Request> {
    const url = act.as === "the database" ? database.urls.admin : database.urls.authenticator;
    const request = new Request(new pg.Client({ connectionString: url, options: patient }), act);
    await request.client.connect();
    const { rows } = await request.client.query("select pg_backend_pid() as pid");
    request.pid = rows[0].pid;
    await request.client.query("begin");
    if (!["the authenticator", "the database"].includes(act.as))
      await request.client.query("select tests.act_as($1::text)", [act.as]);
    return request;
  }

  async run(sql = this.act.sql): Promise<Outcome> {
    try {
      const { rows } = await this.client.query({ text: sql, rowMode: "array" });
      return { value: rows[0]?.[0] };
    } catch (error) {
      const { code = "", message } = error as pg.DatabaseError;
      return { code, reason: message };
    }
  }

  async end(outcome: Outcome): Promise<void> {
    await this.client.query("value" in outcome ? "commit" : "rollback");
  }

  close(): Promise<void> {
    return this.client.end();
  }
}

async function waitsOrEnds(
  database: TestDatabase,
  request: Request,
  running: Promise<Outcome>,
): Promise<boolean> {
  let ended = false;
  running.then(() => {
    ended = true;
  });
  return asAdmin(database, async (client) => {
    while (!ended) {
      const { rows } = await client.query(
        "select wait_event_type = 'Lock' as waits from pg_stat_activity where pid = $1",
        [request.pid],
      );
      if (rows[0]?.waits) return true;
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
    return false;
  });
}
