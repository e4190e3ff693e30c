import { ConfigError } from "../../runtime/config_error.ts";
import { runProgram } from "../../runtime/run_program.ts";
import { checkDatabaseUrls, withClient } from "../migrating/prepare.ts";

/**
 * `npm run backup:sums` (FND-36): a line for each table with its rows and a sum over their content, as app_backup. The
 * same lines of a database and of what was restored from its backup say that they hold the same.
 */
async function main(env = process.env): Promise<void> {
  if (!env.BACKUP_DATABASE_URL) {
    throw new ConfigError("BACKUP_DATABASE_URL must be a postgres:// URL of the app_backup role.");
  }
  checkDatabaseUrls(env);
  await withClient(env.BACKUP_DATABASE_URL, async (client) => {
    // One moment for all tables, and an error instead of fewer rows should this role be under row security.
    await client.query(
      "begin transaction isolation level repeatable read, read only; set local row_security = off",
    );
    const { rows: tables } = await client.query<{ name: string }>(`
      select format('%I.%I', n.nspname, c.relname) as name
      from pg_catalog.pg_class c
      join pg_catalog.pg_namespace n on n.oid = c.relnamespace
      where c.relkind = 'r' and n.nspname !~ '^(pg_|information_schema)'
      order by 1`);
    for (const { name } of tables) {
      // Independent of the order, so nothing is sorted.
      const { rows } = await client.query<{ count: string; sum: string }>(
        `select count(*) as count, coalesce(sum(hashtextextended(t::text, 0)::numeric), 0)::text as sum from ${name} t`,
      );
      console.log(`${name} ${rows[0]?.count} ${rows[0]?.sum}`);
    }
    await client.query("commit");
  });
}

await runProgram(main);
