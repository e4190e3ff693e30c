import type { Pool, PoolClient } from "pg";
import type { PgClient, PgClientQuery, WithPgClient } from "postgraphile/@dataplan/pg";
import { makePgService } from "postgraphile/adaptors/pg";
import { asCaller } from "./http/transaction.ts";
import { isOfQuery } from "./operation_settings.ts";
import { keepPrepared } from "./prepared_statements.ts";
import type { Replica } from "./replica.ts";

/**
 * What the schema asks the database through. The library's own adaptor waits for the answer to each step of a
 * transaction, and for the commit of what only reads; docs/decisions/0086 says what is gained.
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
    if (settings) {
      const ask = (client: PoolClient) => work(new AsPgClient(client));
      const readOnly = isOfQuery(settings);
      return replica && readOnly ? replica.read(settings, ask) : asCaller(pool, settings, ask, { readOnly });
    }
    return readCatalog(pool, work);
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
    const { rows, rowCount } = await this.rawClient.query({
      text,
      values,
      name,
      ...(arrayMode && { rowMode: "array" }),
    });
    return { rows: rows as TData[], rowCount };
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
