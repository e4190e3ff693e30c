import type { Request, RequestHandler } from "express";
import type { Pool } from "pg";
import { settingsOf } from "../identity/session.ts";
import { camelKeys } from "./camel_keys.ts";
import { underPermit } from "./held_permit.ts";
import { asCaller } from "./transaction.ts";

/** For paths that are one function of the database each: the one row that `sql` answers with, as the caller. */
export function askingOneRow(pool: Pool) {
  return async (request: Request, sql: string, values: unknown[]): Promise<unknown> => {
    const { rows } = await underPermit(request, () =>
      asCaller(pool, settingsOf(request), (client) =>
        client.query<{ answer: Record<string, unknown> | null }>(sql, values),
      ),
    );
    return camelKeys(rows[0]?.answer);
  };
}

/** What is answered is the caller's alone, or true for this moment. */
export const noStore: RequestHandler = (_request, response, next) => {
  response.setHeader("Cache-Control", "no-store");
  next();
};

export const isWrite: RequestHandler = (_request, response, next) => {
  response.locals.writes = true;
  next();
};
