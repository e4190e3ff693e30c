import type { RequestHandler } from "express";
import type { Pool } from "pg";

/** The process is up; says nothing about the database, so that a database that rests is no reason to restart us. */
export const healthz: RequestHandler = (_request, response) => {
  response.setHeader("Cache-Control", "no-store");
  response.json({ status: "up" });
};

/**
 * The database answers within a second and holds our schema (FND-28). The server does not start without
 * it; this tells a database that was replaced or is being restored underneath from one that is there.
 */
export function readyz(pool: Pool): RequestHandler {
  return async (_request, response) => {
    response.setHeader("Cache-Control", "no-store");
    const migrated = await isMigrated(pool).catch(() => null);
    const checks = {
      database: migrated === null ? "down" : "up",
      migrations: migrated === null ? "unknown" : migrated ? "present" : "missing",
    };
    response
      .status(migrated === true ? 200 : 503)
      .json({ status: migrated === true ? "ready" : "not ready", checks });
  };
}

async function isMigrated(pool: Pool): Promise<boolean> {
  const { rows } = await pool.query<{ migrated: boolean }>(
    "select to_regprocedure('app_hidden.sign_in(text,text,text,text,boolean,text,text,uuid)') is not null as migrated",
  );
  return rows[0]?.migrated === true;
}
