import pg from "pg";
import { ConfigError } from "../../runtime/config_error.ts";
import { mendConnection } from "../../runtime/connection_error.ts";

/**
 * Before a process begins: its URL leads into a migrated database, as the role whose rights it is made for. Another
 * role would have more rights, or fewer. Throws a ConfigError that says what to do. FND-29, FND-36.
 */
export async function requireDatabase(
  pool: pg.Pool,
  { variable, role }: { variable: string; role: string },
): Promise<void> {
  const { rows } = await patiently(() =>
    pool.query<{ role: string; migrated: boolean }>(
      `select session_user::text as role,
              exists (select from pg_catalog.pg_class c
                      join pg_catalog.pg_namespace n on n.oid = c.relnamespace
                      where (n.nspname, c.relname) = ('app_hidden', 'error_codes')) as migrated`,
    ),
  ).catch((error: Error & { code?: string }) => {
    const why = error.code ?? (isSlow(error) ? "timeout" : error.name);
    throw new ConfigError(
      `${variable} must lead to a migrated database that answers (${why}). ${mendConnection(error)}`,
    );
  });
  if (rows[0]?.role !== role)
    throw new ConfigError(`${variable} must lead in as ${role}, not as ${rows[0]?.role}.`);
  if (!rows[0].migrated) {
    throw new ConfigError(`${variable} must lead to a migrated database: run npm run migrate on this one.`);
  }
}

/**
 * The same for whoever listens, or holds a lock of the session: a pooler would hand the session to others between two
 * transactions, and what is lost then is not told. It gives its clients a number of its own for the process of the
 * server; the server itself gives the true one. SCA-01.
 */
export async function requireDirect(
  connectionString: string,
  asked: { variable: string; role: string },
): Promise<void> {
  const pool = new pg.Pool({ connectionString, max: 1, connectionTimeoutMillis: 5_000 });
  pool.on("error", () => {}); // whoever asks next is told
  try {
    await requireDatabase(pool, asked);
    const client = await pool.connect();
    const { rows } = await client
      .query<{ pid: number }>("select pg_catalog.pg_backend_pid() as pid")
      .finally(() => client.release());
    if (rows[0]?.pid !== (client as unknown as { processID: number }).processID)
      throw new ConfigError(`${asked.variable} must lead to the server itself, past any pooler.`);
  } finally {
    await pool.end();
  }
}

/**
 * Asks again, five times at most, while the database only takes long to accept a connection; any other failure is
 * final.
 */
async function patiently<T>(ask: () => Promise<T>, attempts = 5): Promise<T> {
  return ask().catch((error: Error) => {
    if (attempts <= 1 || !isSlow(error)) throw error;
    return patiently(ask, attempts - 1);
  });
}

/** Whether no connection came about in time: the pool says so in other words than the client that it waits for. */
const isSlow = ({ message }: Error): boolean =>
  /timeout exceeded when trying to connect|due to connection timeout/.test(message);
