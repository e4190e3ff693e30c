import pg from "pg";
import type { Logger } from "pino";
import { describeError } from "../runtime/log.ts";
import type { Config } from "./config.ts";

/**
 * The pool of `app_authenticator`, the only role the API connects as. Statements end after 5 s, waits
 * for a lock after 2 s, idle transactions after 10 s, and a full pool answers within a second (FND-29).
 */
export function createPool(config: Pick<Config, "authenticatorUrl" | "poolSize">, log: Logger): pg.Pool {
  const pool = new pg.Pool({
    connectionString: config.authenticatorUrl,
    max: config.poolSize,
    application_name: "restartix-api",
    connectionTimeoutMillis: 600,
    idleTimeoutMillis: 30_000,
    statement_timeout: 5_000,
    lock_timeout: 2_000,
    idle_in_transaction_session_timeout: 10_000,
    options: "-c TimeZone=UTC -c jit=off",
    keepAlive: true,
  });
  // A connection that dies while idle is replaced by the pool; unheard, its error would end the process.
  pool.on("error", (error) => log.warn({ error: describeError(error) }, "idle database connection lost"));
  pool.on("connect", (client) => {
    client.on("error", (error) => log.warn({ error: describeError(error) }, "database connection lost"));
  });
  return pool;
}
