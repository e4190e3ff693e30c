import type { Pool, PoolClient } from "pg";
import type { Settings } from "../identity/session.ts";

/**
 * Runs `work` in one transaction under the caller's settings, as GraphQL operations do: the HTTP paths
 * are thin over the same SQL and see exactly what it lets them see.
 */
export async function asCaller<T>(
  pool: Pool,
  settings: Settings,
  work: (client: PoolClient) => Promise<T>,
): Promise<T> {
  const client = await pool.connect();
  let broken: Error | undefined;
  try {
    await client.query("begin");
    await client.query(
      "select set_config(name, value, true) from jsonb_each_text($1) as setting (name, value)",
      [JSON.stringify(settings)],
    );
    const result = await work(client);
    await client.query("commit");
    return result;
  } catch (error) {
    await client.query("rollback").catch((failure: Error) => {
      broken = failure;
    });
    throw error;
  } finally {
    // A connection that could not even roll back is closed, not handed to the next caller.
    client.release(broken);
  }
}
