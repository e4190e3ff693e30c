import type { Pool } from "pg";
import type { Sharing } from "./allowances.ts";

/**
 * Shares allowances between servers through the database that they all have: one statement a second, for all callers
 * of a server.
 */
export function shareInDatabase(pool: Pool): Sharing {
  return async (spending) => {
    const { rows } = await pool.query<{ key: Buffer; ahead_ms: number }>({
      name: "share_spending",
      text: "select key, ahead_ms from app_hidden.share_spending($1, $2)",
      values: [spending.map(({ key }) => key), spending.map(({ spentMs }) => spentMs)],
    });
    return new Map(rows.map((row) => [row.key.toString("hex"), row.ahead_ms]));
  };
}
