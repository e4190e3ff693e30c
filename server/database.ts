import pg from "pg";
import type { Logger } from "pino";
import { ConfigError } from "../runtime/config_error.ts";
import { describeError } from "../runtime/log.ts";
import type { Config } from "./config.ts";

/**
 * The pool of `app_authenticator`, the only role the API connects as. A full pool answers within a second; that
 * statements end, and when, is set with the role (db/migrations/roles.sql), because a pooler in transaction mode takes
 * no such setting from who connects (FND-29, SCA-01).
 */
export function createPool(config: Pick<Config, "authenticatorUrl" | "poolSize">, log: Logger): pg.Pool {
  return poolAt(config.authenticatorUrl, config.poolSize, 600, log);
}

/** The same at the replica, which is given up earlier: the primary must still have its time. */
export function createReplicaPool(config: Pick<Config, "replicaUrl" | "poolSize">, log: Logger): pg.Pool {
  return poolAt(config.replicaUrl, config.poolSize, 250, log);
}

function poolAt(url: string | undefined, max: number, patienceMs: number, log: Logger): pg.Pool {
  const pool = new pg.Pool({
    connectionString: url,
    max,
    application_name: "restartix-api",
    connectionTimeoutMillis: patienceMs,
    idleTimeoutMillis: 30_000,
    keepAlive: true,
    // Statements leave when they are asked for, without waiting for the answer to the one before.
    pipeline: true,
  });
  // A connection that dies while idle is replaced by the pool; unheard, its error would end the process.
  pool.on("error", (error) => log.warn({ error: describeError(error) }, "idle database connection lost"));
  pool.on("connect", (client) => {
    client.on("error", (error) => log.warn({ error: describeError(error) }, "database connection lost"));
  });
  return pool;
}

/** Refuses a role that brings no limits: `npm run migrate` of this version has not been here, or a pooler takes another role. */
export async function requireLimits(pool: pg.Pool): Promise<void> {
  const { rows } = await pool.query<{ without: string | null }>(
    `select string_agg(name, ', ' order by name) as without from pg_catalog.pg_settings
     where name in ('statement_timeout', 'lock_timeout', 'idle_in_transaction_session_timeout') and setting = '0'`,
  );
  if (rows[0]?.without) {
    throw new ConfigError(
      `AUTHENTICATOR_DATABASE_URL must lead in with a limit for ${rows[0].without}: run npm run migrate, which sets them.`,
    );
  }
}
