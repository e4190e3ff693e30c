import type { ClientBase, Pool } from "pg";
import { type Allowed, allowedBy } from "./allowed.ts";
import { type ServerCode, serverCodes } from "./server_codes.ts";

export type ErrorCode = { code: string; sqlstate: string; httpStatus: number; meaning: string };

/** What of the catalog helps to name a broken rule without repeating what the row holds. */
export type Constraint = { table: string; columns: string[]; allows?: Allowed };

/**
 * The database's error codes and constraints, read once when the server starts (FND-29). A constraint
 * that is not in it (a migration ran since) is still refused correctly, only without its field.
 */
export type ErrorRegistry = {
  bySqlstate: ReadonlyMap<string, ErrorCode>;
  constraints: ReadonlyMap<string, Constraint>;
  statusOf(code: string): number;
};

const codesQuery = "select code, sqlstate, http_status from app_hidden.error_codes";

// Unique indexes name themselves in an error exactly as constraints do.
const constraintsQuery = `
  select c.conname as name, t.relname as table,
         array(select a.attname::text
               from unnest(c.conkey) with ordinality k (attnum, place)
               join pg_catalog.pg_attribute a on a.attrelid = c.conrelid and a.attnum = k.attnum
               order by k.place) as columns,
         case when c.contype = 'c' then pg_catalog.pg_get_constraintdef(c.oid) end as definition
  from pg_catalog.pg_constraint c
  join pg_catalog.pg_class t on t.oid = c.conrelid
  where c.connamespace = any ($1::text[]::regnamespace[])
  union all
  select i.relname, t.relname,
         array(select a.attname::text
               from generate_series(1, x.indnkeyatts) place
               join pg_catalog.pg_attribute a on a.attrelid = x.indrelid and a.attnum > 0
                and (a.attnum = x.indkey[place - 1]
                     -- A key that is an expression, lower(name): the columns its text names.
                     or x.indkey[place - 1] = 0
                        and pg_get_indexdef(x.indexrelid, place, true) ~ concat('\\m', a.attname, '\\M'))
               order by place) as columns,
         null
  from pg_catalog.pg_index x
  join pg_catalog.pg_class i on i.oid = x.indexrelid
  join pg_catalog.pg_class t on t.oid = x.indrelid
  where x.indisunique and i.relnamespace = any ($1::text[]::regnamespace[])
    and not exists (select from pg_catalog.pg_constraint c where c.conindid = x.indexrelid)`;

export async function loadErrorRegistry(pool: Pool | ClientBase): Promise<ErrorRegistry> {
  const codes = await pool.query<{ code: string; sqlstate: string; http_status: number }>(codesQuery);
  const constraints = await pool.query<{
    name: string;
    table: string;
    columns: string[];
    definition: string | null;
  }>(constraintsQuery, [["app_public", "app_private"]]);
  return buildRegistry(
    codes.rows.map((row) => ({
      code: row.code,
      sqlstate: row.sqlstate,
      httpStatus: row.http_status,
      meaning: "",
    })),
    constraints.rows.map(({ definition, ...row }) => ({ ...row, allows: allowedBy(definition) })),
  );
}

function buildRegistry(codes: ErrorCode[], constraints: ({ name: string } & Constraint)[]): ErrorRegistry {
  const byCode = new Map(codes.map((code) => [code.code, code]));
  return {
    bySqlstate: new Map(codes.map((code) => [code.sqlstate, code])),
    constraints: new Map(constraints.map(({ name, ...known }) => [name, known])),
    statusOf: (code) => byCode.get(code)?.httpStatus ?? serverCodes[code as ServerCode]?.status ?? 500,
  };
}
