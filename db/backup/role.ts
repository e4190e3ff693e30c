import type pg from "pg";
import { ConfigError, together } from "../../runtime/config_error.ts";
import { runProgram } from "../../runtime/run_program.ts";
import { StartupError } from "../../runtime/startup_error.ts";
import { scramVerifier } from "../connection/scram.ts";
import { databaseIn } from "../migrating/open_database.ts";
import { checkDatabaseUrls, migrationFile, withClient, withDatabase } from "../migrating/prepare.ts";

/**
 * `npm run backup:role` (FND-36): makes app_backup as the administrator of DATABASE_URL, with the password of
 * BACKUP_DATABASE_URL. Safe to run again: the password becomes the one of the URL.
 */
async function main(env = process.env): Promise<void> {
  const need = (name: string, expects: string) => {
    const url = env[name];
    if (!url) throw new ConfigError(`${name} must be ${expects}.`);
    return url;
  };
  const [admin, backup] = together(
    () => need("DATABASE_URL", "a postgres:// URL of an administrator"),
    () => need("BACKUP_DATABASE_URL", "a postgres:// URL of the app_backup role, with its password"),
  );
  checkDatabaseUrls(env);
  const password = decodeURIComponent(new URL(backup).password);
  if (!password) throw new StartupError("BACKUP_DATABASE_URL must hold the password of app_backup.");

  await withClient(withDatabase(admin, databaseIn(admin)), async (client) => {
    await client.query("begin");
    await client.query(await migrationFile("backup_role.sql")).catch((error: pg.DatabaseError) => {
      if (error.code !== "42501") throw error;
      throw new StartupError(
        `DATABASE_URL must lead in, for this command, as a superuser, or as a role with bypassrls, replication and the admin option on pg_read_all_data: ${error.message}.`,
        { cause: error },
      );
    });
    await client.query(`alter role app_backup password ${client.escapeLiteral(scramVerifier(password))}`);
    await client.query("commit");
  });
  console.log("app_backup is there, with the password of BACKUP_DATABASE_URL.");
}

await runProgram(main);
