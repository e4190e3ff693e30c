import { readFile } from "node:fs/promises";
import path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { parseArgs } from "node:util";
import graphileMigrate from "graphile-migrate";
import graphileMigratePools from "graphile-migrate/dist/pg.js";
import { dataDir } from "../../runtime/environment/data_dir.ts";
import { withLineFeeds } from "../../runtime/line_ends.ts";
import { isProduction } from "../../runtime/production.ts";
import { runProgram } from "../../runtime/run_program.ts";
import { SourceError } from "../../runtime/startup_error.ts";
import { announceSchema } from "../../runtime/supervisor.ts";
import { runCurrent } from "./current.ts";
import { installJobs } from "./install_jobs.ts";
import { joinDatabase } from "./open_database.ts";
import type { RoleUrls } from "./prepare.ts";
import { prepareProduction } from "./prepare_production.ts";
import { dbFolder } from "./sources.ts";

const { Logger, migrate } = graphileMigrate;

export type MigrateOptions = {
  /** Also run what is not committed yet: for development and tests, never in production. */
  current?: boolean;
  /** The db folder; the project's own unless a test says otherwise. */
  folder?: string;
};

/**
 * Brings a prepared database to the present: graphile-worker's schema, the committed migrations,
 * and, when asked, the current one. All as app_owner.
 */
export async function migrateDatabase(
  urls: Pick<RoleUrls, "owner">,
  options: MigrateOptions = {},
): Promise<void> {
  const { current = false, folder = dbFolder } = options;
  await installJobs(urls.owner);
  try {
    await withLineFeeds(path.join(folder, "migrations"), (migrationsFolder) =>
      migrate({ connectionString: urls.owner, migrationsFolder, logger: quietLogger }),
    );
  } catch (error) {
    throw new SourceError(`A committed migration did not run: ${(error as Error).message}`, { cause: error });
  } finally {
    await releaseConnections();
  }
  if (current) await runCurrent(urls.owner, folder);
}

/**
 * graphile-migrate keeps its connections for a moment, and ends the process when the server ends
 * them first.
 */
export async function releaseConnections(): Promise<void> {
  graphileMigratePools.clearAllPools();
  await sleep(20); // it does not tell when they are closed
}

/** graphile-migrate tells each step; only what goes wrong is worth a line here. */
export const quietLogger = new Logger(() => (level, message) => {
  if (level === "error" || level === "warning") console.error(message);
});

/** The settings of `.gmrc`: JSON with comments. */
export async function migrationSettings(): Promise<Record<string, unknown>> {
  const text = await readFile(path.join(dbFolder, "..", ".gmrc"), "utf8");
  return JSON.parse(text.replaceAll("\r\n", "\n").replace(/^\s*\/\/.*$/gm, ""));
}

/** `npm run migrate`: what a deployment runs before its processes start. */
async function main(): Promise<number> {
  if (isProduction()) {
    const { values } = parseArgs({ options: { "set-passwords": { type: "boolean", default: false } } });
    const { owner, says } = await prepareProduction(process.env, { setPasswords: values["set-passwords"] });
    for (const line of says) console.log(line);
    await migrateDatabase({ owner });
    sayMigrated(owner);
  } else {
    const { urls, close } = await joinDatabase();
    try {
      await migrateDatabase(urls);
      announceSchema(path.resolve(dataDir(process.env)));
    } finally {
      await close();
    }
    sayMigrated(urls.owner);
  }
  return 0;
}

/** Says which database was migrated: a command that worked on another one than meant looks the same otherwise. */
function sayMigrated(url: string): void {
  const { host, pathname } = new URL(url);
  console.log(`The database is migrated: ${decodeURIComponent(pathname.slice(1))} on ${host}.`);
}

if (import.meta.main) await runProgram(main);
