import pg from "pg";

/** So many statements a connection keeps prepared; the one that was longest unused is let go. */
const KEPT = 100;

/** By connection, the names of what it keeps, the longest unused first. */
const keptBy = new WeakMap<pg.PoolClient, Set<string>>();

/** Notes that a connection is about to run a prepared statement, and lets go of one that it would keep beyond its hundred. */
export function keepPrepared(client: pg.PoolClient, name: string): void {
  const kept = keptBy.get(client) ?? new Set();
  keptBy.set(client, kept);
  kept.delete(name);
  kept.add(name);
  const [oldest] = kept;
  if (kept.size <= KEPT || oldest === undefined) return;
  kept.delete(oldest);
  client.query(new LettingGo(oldest));
}

/** Whether the statement of this name is prepared, or on its way to be. */
export function isPrepared(client: pg.PoolClient, name: string): boolean {
  const { parsedStatements, submittedNamedStatements } = (client as unknown as { connection: Connection })
    .connection;
  return name in parsedStatements || name in submittedNamedStatements;
}

/** What the driver speaks to the server through; its types do not say it. */
export type Connection = {
  bind(what: { statement: string; values: string[] }): void;
  execute(what: { rows?: number }): void;
  close(what: { type: "S"; name: string }): void;
  sync(): void;
  parsedStatements: Record<string, string>;
  submittedNamedStatements: Record<string, string>;
};

/**
 * Lets go of a prepared statement in the words of the protocol (SCA-01). A pooler that carries prepared statements knows
 * them by other names: the SQL command `deallocate` would find none there, and fail the transaction that it is in.
 */
class LettingGo extends pg.Query {
  readonly #name: string;

  constructor(name: string) {
    super({ text: "" }, () => {}); // a connection that is lost says so to whoever uses it
    this.#name = name;
  }

  override submit = (connection: unknown): void => {
    const { parsedStatements } = connection as Connection;
    delete parsedStatements[this.#name];
    (connection as Connection).close({ type: "S", name: this.#name });
    (connection as Connection).sync();
  };
}
