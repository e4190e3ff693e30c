import type pg from "pg";

/**
 * Takes the rows out of the tables that were put in and taken back: each reading passes over all of them, and in a database
 * where many tests roll back that becomes most of what a test costs. Nobody else does it, as tests' servers have no
 * autovacuum. A table that was never measured is so again: an empty one, once measured, is planned for as if it stayed so.
 */
export async function sweep(client: pg.ClientBase): Promise<void> {
  await client.query("select pg_stat_force_next_flush()");
  const { rows } = await client.query<{ name: string; oid: number; was_measured: boolean }>(
    `select c.oid::regclass::text as name, c.oid, c.reltuples >= 0 as was_measured
     from pg_stat_all_tables as s join pg_class as c on c.oid = s.relid
     where s.n_dead_tup > 1000 and s.schemaname <> 'pg_toast'`,
  );
  if (rows.length === 0) return;
  await client.query(`vacuum ${rows.map(({ name }) => name).join(", ")}`);
  await client.query(
    `select pg_clear_relation_stats(relnamespace::regnamespace::text, relname)
     from pg_class where oid = any ($1::oid[])`,
    [rows.filter((row) => !row.was_measured).map(({ oid }) => oid)],
  );
}
