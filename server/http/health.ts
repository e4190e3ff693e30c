import { readdirSync } from "node:fs";
import path from "node:path";
import type { RequestHandler } from "express";
import type { Pool } from "pg";

/** The process is up; says nothing about the database, so that a database that rests is no reason to restart us. */
export const healthz: RequestHandler = (_request, response) => {
  response.setHeader("Cache-Control", "no-store");
  response.json({ status: "up" });
};

/**
 * The database answers within a second and is migrated at least as far as this code expects (FND-28). One
 * that is ahead is ready too: while a new version rolls out, the old servers go on.
 */
export function readyz(pool: Pool): RequestHandler {
  const expected = newestMigration();
  return async (_request, response) => {
    response.setHeader("Cache-Control", "no-store");
    const migrations = await standing(pool, expected).catch(() => null);
    const ready = migrations === "current";
    response.status(ready ? 200 : 503).json({
      status: ready ? "ready" : "not ready",
      checks: { database: migrations === null ? "down" : "up", migrations: migrations ?? "unknown" },
    });
  };
}

async function standing(pool: Pool, expected: string): Promise<"current" | "behind"> {
  const { rows } = await pool.query<{ at: string | null }>("select app_hidden.migrated_to() as at");
  return (rows[0]?.at ?? "") >= expected ? "current" : "behind";
}

/** File names count up, so the greatest is the newest; empty while nothing is committed yet. */
function newestMigration(): string {
  const folder = path.join(import.meta.dirname, "..", "..", "db", "migrations", "committed");
  return (
    readdirSync(folder)
      .filter((name) => name.endsWith(".sql"))
      .sort()
      .at(-1) ?? ""
  );
}
