import type { RequestHandler } from "express";
import type { Pool } from "pg";
import { newestMigration, numberOf } from "../../db/connection/standing.ts";
import type { Readiness } from "../../runtime/operations/listener.ts";

/** Answers that the process is up. It does not ask the database, whose outage is no reason to restart the process. */
export const healthz: RequestHandler = (_request, response) => {
  response.setHeader("Cache-Control", "no-store");
  response.json({ status: "up" });
};

/**
 * The database answers within a second and is migrated at least as far as this code expects (FND-28). One
 * that is ahead is ready too: while a new version rolls out, the old servers go on.
 */
export function readinessOf(pool: Pool): () => Promise<Readiness> {
  const expected = newestMigration();
  return async () => {
    const migrations = await standing(pool, expected).catch(() => null);
    return {
      ready: migrations === "current",
      checks: { database: migrations === null ? "down" : "up", migrations: migrations ?? "unknown" },
    };
  };
}

/** The same question on the public port, for load balancers. */
export function readyz(readiness: () => Promise<Readiness>): RequestHandler {
  return async (_request, response) => {
    response.setHeader("Cache-Control", "no-store");
    const { ready, checks } = await readiness();
    response.status(ready ? 200 : 503).json({ status: ready ? "ready" : "not ready", checks });
  };
}

async function standing(pool: Pool, expected: number): Promise<"current" | "behind"> {
  const { rows } = await pool.query<{ at: string | null }>("select app_hidden.migrated_to() as at");
  return numberOf(rows[0]?.at ?? "") >= expected ? "current" : "behind";
}
