import type pg from "pg";

/**
 * Takes the rows out of the tables that were put in and taken back: each reading passes over all of them, and in a database
 * where many tests roll back that becomes most of what a test costs. Nobody else does it, as tests' servers have no
 * autovacuum.
 */
export async function sweep(client: pg.ClientBase): Promise<void> {
  await client.query("select pg_stat_force_next_flush()");
  const { rows } = await client.query(
    `select string_agg(relid::regclass::text, ', ') as tables from pg_stat_all_tables
     where n_dead_tup > 1000 and schemaname <> 'pg_toast'`,
  );
  if (rows[0].tables) await client.query(`vacuum ${rows[0].tables}`);
}
