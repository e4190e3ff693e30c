import { setTimeout as pause } from "node:timers/promises";
import type { Pool } from "pg";
import type { Turns } from "../providers/invoicing/port.ts";

/** How often a worker looks whether it is its turn, in milliseconds. */
const LOOKS_EVERY = 100;

const heard = () => {};

/**
 * Turns at a vendor for all workers together: who has the turn holds an advisory lock of the database until `spacingMs` after the vendor
 * has answered. A worker that dies loses its connection, and with it the turn. It is tried for rather than waited for, since a
 * statement that waits is ended by the role's timeouts. A turn holds a connection of the pool.
 */
export function turnsInDatabase(pool: Pool): Turns {
  return async (name, spacingMs, work) => {
    const client = await pool.connect();
    // A connection that is lost while it is held is told by what is asked next.
    client.on("error", heard);
    const end = (isBroken: boolean) => {
      client.off("error", heard);
      client.release(isBroken);
    };
    const leave = async () => {
      await pause(spacingMs, undefined, { ref: false });
      await client.query("select pg_advisory_unlock(hashtextextended($1, 0))", [name]);
      end(false);
    };
    try {
      for (;;) {
        const { rows } = await client.query<{ is_mine: boolean }>(
          "select pg_try_advisory_lock(hashtextextended($1, 0)) as is_mine",
          [name],
        );
        if (rows[0]?.is_mine) break;
        await pause(LOOKS_EVERY);
      }
    } catch (error) {
      end(true);
      throw error;
    }
    try {
      return await work();
    } finally {
      // The answer does not wait for the pause after it.
      void leave().catch(() => end(true));
    }
  };
}
