import pg from "pg";
import { SETTINGS, type Settings } from "./identity/session.ts";
import { type Connection, isPrepared } from "./prepared_statements.ts";

/**
 * Runs one statement that only reads under a caller's settings. Settings and statement leave in one write, as two steps of
 * one transaction that nobody begins or commits: the server opens it with the first and ends it with the `Sync` behind the
 * second. Where the settings are refused, it passes over the statement.
 */
export function readInOneFlight(
  client: pg.PoolClient,
  settings: Settings,
  statement: pg.QueryConfig & { rowMode?: "array" },
): Promise<pg.QueryResult> {
  // Alone and before, once for each connection: of two statements in one flight, the driver could not tell which was parsed.
  // Where that fails, so does the flight behind it, which says why.
  if (!isPrepared(client, SETTINGS.name)) client.query({ ...SETTINGS, values: ["{}"] }).catch(() => {});
  return new Promise((resolve, reject) => {
    const answer: Answer = (error, result) => (error ? reject(error) : resolve(result));
    client.query(new UnderSettings(settings, statement, answer));
  });
}

type Answer = (error: Error | null | undefined, result: pg.QueryResult) => void;

class UnderSettings extends pg.Query {
  readonly #settings: string;
  #areSet = false;

  constructor(settings: Settings, statement: pg.QueryConfig, answer: Answer) {
    super({ ...statement, queryMode: "extended" } as pg.QueryConfig, undefined, answer);
    this.#settings = JSON.stringify({ ...settings, transaction_read_only: "on" });
  }

  prepare(connection: Connection): void {
    connection.bind({ statement: SETTINGS.name, values: [this.#settings] });
    connection.execute({});
    parent.prepare.call(this, connection);
  }

  /** The first of the two answers is that of the settings, which has no rows. */
  handleCommandComplete(message: unknown, connection: Connection): void {
    if (this.#areSet) parent.handleCommandComplete.call(this, message, connection);
    this.#areSet = true;
  }
}

/** What the driver's own statements do, of which its types say nothing. */
const parent = pg.Query.prototype as unknown as {
  prepare(connection: Connection): void;
  handleCommandComplete(message: unknown, connection: Connection): void;
};
