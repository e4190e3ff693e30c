import { readdirSync } from "node:fs";
import path from "node:path";
import type { Pool } from "pg";

/** The number of the newest committed migration of this code; 0 while nothing is committed yet. */
export function newestMigration(): number {
  const folder = path.join(import.meta.dirname, "..", "migrations", "committed");
  return Math.max(0, ...readdirSync(folder).map(numberOf));
}

/** Files are named 000003-what-it-does.sql, and the database records 000003.sql. */
export function numberOf(migration: string): number {
  return Number(/^\d+/.exec(migration)?.[0] ?? 0);
}

/**
 * How a worker whose code has migrations up to `own` stands to the database (FND-28, docs/decisions/0204): `behind` where it is not
 * migrated so far yet, `ahead` where a later migration changed what workers call.
 */
export async function standingOfWorker(
  pool: Pool,
  own = newestMigration(),
): Promise<{ standing: "current" | "behind" | "ahead"; says: string }> {
  const { at, from } = await pool
    .query<{ at: string | null; from: number }>(
      'select app_hidden.migrated_to() as at, app_hidden.workers_from() as "from"',
    )
    .then(
      ({ rows: [row] }) => ({ at: numberOf(row?.at ?? ""), from: row?.from ?? 0 }),
      (error: { code?: string }) => {
        // A database from before these functions, or from before workers might ask them.
        if (error.code === "42883" || error.code === "42501") return { at: 0, from: 0 };
        throw error;
      },
    );
  if (at < own)
    return {
      standing: "behind",
      says: `The database is not migrated to ${own} yet, which this worker needs. Run npm run migrate, and start it again.`,
    };
  if (from > own)
    return {
      standing: "ahead",
      says: `This worker is of migration ${own}, and the database takes workers from ${from} on: its jobs would fail. Start the new version's.`,
    };
  return { standing: "current", says: "" };
}
