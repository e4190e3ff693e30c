import type { Pool, PoolClient } from "pg";
import { SETTINGS, type Settings } from "../identity/session.ts";

/** What kind of transaction; `replayed` is how far a replica must have come to answer it. */
type Kind = { readOnly?: boolean; replayed?: string | undefined };

/**
 * Runs `work` in one transaction under the caller's settings: GraphQL operations and HTTP paths see exactly what it lets
 * them see. The transaction's beginning, the settings and the first statement of `work` leave together: the server takes
 * them in their order, and what follows one that failed fails with it. A statement whose transaction could not even
 * begin runs as the login role, which has nothing, and is not answered either.
 *
 * What may write is answered when it is committed, since deferred constraints speak there. What only reads (`readOnly`,
 * which the server enforces) is answered at once, and its connection goes back when the transaction has ended.
 */
export async function asCaller<T>(
  pool: Pool,
  settings: Settings,
  work: (client: PoolClient) => T | PromiseLike<T>,
  { readOnly = false, replayed }: Kind = {},
): Promise<T> {
  const client = await pool.connect();
  const [beginning, outcome] = await Promise.allSettled([
    begin(client, settings, { readOnly, replayed }),
    Promise.try(work, client),
  ]);
  const failure = [beginning, outcome].find(({ status }) => status === "rejected");
  const ended = failure ? rollback(client) : commit(client);
  if (!readOnly) await ended;
  else ended.catch(() => {}); // nothing was written
  if (beginning.status === "rejected") throw beginning.reason;
  if (outcome.status === "rejected") throw outcome.reason;
  return outcome.value;
}

/**
 * The same in the caller's name, with the rights of the login role: what only the server may say of a caller, and whoever
 * speaks GraphQL has no way to.
 */
export function asServer<T>(
  pool: Pool,
  settings: Settings,
  work: (client: PoolClient) => Promise<T>,
): Promise<T> {
  return asCaller(pool, { ...settings, role: undefined }, work);
}

function begin(client: PoolClient, settings: Settings, { readOnly, replayed }: Kind): Promise<unknown> {
  return Promise.all([
    client.query(readOnly ? "begin read only" : "begin"),
    replayed && client.query("select app_hidden.require_replayed($1)", [replayed]),
    client.query({ ...SETTINGS, values: [JSON.stringify(settings)] }),
  ]);
}

async function commit(client: PoolClient): Promise<void> {
  const { command } = await client.query("commit").catch(async (error) => {
    await rollback(client);
    throw error;
  });
  client.release();
  // So PostgreSQL answers where a statement had failed and `work` went on all the same.
  if (command !== "COMMIT") throw new Error("a transaction was rolled back instead of committed");
}

/** Never fails: a connection that could not even roll back is closed, not handed to the next caller. */
async function rollback(client: PoolClient): Promise<void> {
  await client.query("rollback").then(
    () => client.release(),
    (error) => client.release(error),
  );
}
