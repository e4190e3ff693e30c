import type pg from "pg";

/**
 * Switches NOTIFY at every job on or off, for the whole database and at once (JOB_NOTIFY).
 *
 * graphile-worker calls pg_notify in the bodies of its functions, without a schema and without a search path of their
 * own. Off gives those functions a path on which a pg_notify comes first that does nothing; their text is not
 * touched. An upgrade of graphile-worker replaces the functions and so loses the path: whoever installs it calls this
 * afterwards. Wants the owner of the schema graphile_worker.
 */
export async function switchJobNotify(client: pg.ClientBase, on: boolean): Promise<void> {
  await client.query("begin");
  try {
    const { rows } = await client.query<{ name: string; silent: boolean }>(notifying);
    if (rows.length === 0)
      throw new Error("no function of graphile-worker calls pg_notify: JOB_NOTIFY has no way in");
    if (!on) await client.query(silence);
    for (const { name, silent } of rows) {
      if (silent !== on) continue;
      await client.query(
        `alter function ${name} ${on ? "reset search_path" : "set search_path = job_silence, pg_catalog"}`,
      );
    }
    if (on) await client.query("drop schema if exists job_silence cascade");
    await client.query("commit");
  } catch (error) {
    await client.query("rollback");
    throw error;
  }
}

/** Whether jobs are announced: true or false, or null where some are and others are not. Any role may ask. */
export async function jobsNotify(client: pg.ClientBase): Promise<boolean | null> {
  const { rows } = await client.query<{ silent: boolean }>(notifying);
  const silent = rows.filter((row) => row.silent).length;
  return silent === 0 ? true : silent === rows.length ? false : null;
}

const notifying = `
  select p.oid::regprocedure::text as name,
         coalesce('search_path=job_silence, pg_catalog' = any (p.proconfig), false) as silent
  from pg_catalog.pg_proc p
  join pg_catalog.pg_namespace n on n.oid = p.pronamespace
  where n.nspname = 'graphile_worker' and p.prosrc ~ 'pg_notify'
  order by 1`;

const silence = `
  create schema if not exists job_silence;
  grant usage on schema job_silence to public;
  create or replace function job_silence.pg_notify(channel text, payload text) returns void
  language sql volatile set search_path = '' as 'select';
  grant execute on function job_silence.pg_notify(text, text) to public;
  comment on function job_silence.pg_notify(text, text) is 'Does nothing: JOB_NOTIFY is off, and workers look for jobs by themselves.'`;
