import type { Pool, PoolClient, QueryConfig, QueryResult } from "pg";
import type { PgClient, PgClientQuery, WithPgClient } from "postgraphile/@dataplan/pg";
import { makePgService } from "postgraphile/adaptors/pg";
import { isUnavailable } from "./errors/database_refusal.ts";
import { asCaller } from "./http/transaction.ts";
import type { Settings } from "./identity/session.ts";
import { readInOneFlight } from "./one_flight.ts";
import { isOfQuery } from "./operation_settings.ts";
import { keepPrepared } from "./prepared_statements.ts";
import type { Replica } from "./replica.ts";

/**
 * What the schema asks the database through. The library's own adaptor waits for the answer to each step of a
 * transaction, and for the commit of what only reads; docs/decisions/0086 and 0125 say what is gained.
 */
export function createPgService(
  pool: Pool,
  replica?: Replica,
): GraphileConfig.PgServiceConfiguration<"@dataplan/pg/adaptors/pg"> {
  const service = makePgService({ pool, schemas: ["app_public"], pubsub: false });
  const withPgClient = createWithPgClient(pool, replica);
  return { ...service, adaptor: { ...service.adaptor, createWithPgClient: () => withPgClient } };
}

/** Statements of a query run in a transaction that can write nothing, all others in one that is committed before its answer. */
export function createWithPgClient(pool: Pool, replica?: Replica): WithPgClient<AsPgClient> {
  return async (settings, work) => {
    const ask = (client: PoolClient) => work(new AsPgClient(client));
    if (settings && !isOfQuery(settings)) return asCaller(pool, settings, ask);
    if (settings && replica) return replica.read(settings, ask);
    if (!settings) return readCatalog(pool, work);
    const client = await pool.connect();
    let lost: Error | undefined;
    try {
      return await work(new Reader(client, settings));
    } catch (error) {
      // The server says that it ends a connection before the connection ends: nobody is to get it meanwhile.
      if (isUnavailable(error)) lost = error as Error;
      throw error;
    } finally {
      client.release(lost);
    }
  };
}

/**
 * Without a caller the library reads the catalog, once, as the process starts. On a busy machine that takes longer than a
 * caller may wait, and a process that gives up would only begin again.
 */
async function readCatalog<T>(pool: Pool, work: (client: AsPgClient) => T | PromiseLike<T>): Promise<T> {
  const client = await pool.connect();
  try {
    await client.query("begin read only; set local statement_timeout = '60s'");
    return await work(new AsPgClient(client));
  } finally {
    await client.query("rollback").then(
      () => client.release(),
      (error) => client.release(error),
    );
  }
}

/** A connection as the library speaks to it. */
class AsPgClient implements PgClient {
  readonly rawClient: PoolClient;

  constructor(client: PoolClient) {
    this.rawClient = client;
  }

  async query<TData>({ text, values, arrayMode, name }: PgClientQuery) {
    if (name !== undefined) keepPrepared(this.rawClient, name);
    const { rows, rowCount } = await this.ask({ text, values, name, ...(arrayMode && { rowMode: "array" }) });
    return { rows: rows as TData[], rowCount };
  }

  protected ask(statement: QueryConfig): Promise<QueryResult> {
    return this.rawClient.query(statement);
  }

  /** A part of the transaction that can be undone alone. */
  async withTransaction<T>(work: (client: this) => Promise<T>): Promise<T> {
    await this.rawClient.query("savepoint part");
    try {
      const result = await work(this);
      await this.rawClient.query("release savepoint part");
      return result;
    } catch (error) {
      await this.rawClient.query("rollback to savepoint part");
      throw error;
    }
  }
}

/** A connection for statements of a query: each is a transaction of its own. */
class Reader extends AsPgClient {
  readonly #settings: Settings;

  constructor(client: PoolClient, settings: Settings) {
    super(client);
    this.#settings = settings;
  }

  protected override ask(statement: QueryConfig): Promise<QueryResult> {
    return readInOneFlight(this.rawClient, this.#settings, statement);
  }

  override withTransaction<T>(work: (client: this) => Promise<T>): Promise<T> {
    return work(this); // there is nothing to undo
  }
}
