import { existsSync, watch } from "node:fs";
import path from "node:path";
import { dataDir } from "../../runtime/environment/data_dir.ts";
import { refuseInProduction } from "../../runtime/production.ts";
import { runProgram } from "../../runtime/run_program.ts";
import { SourceError } from "../../runtime/startup_error.ts";
import { announceSchema } from "../../runtime/supervisor.ts";
import { toldToStop } from "../../runtime/told_to_stop.ts";
import { runCurrent, sourcesFile } from "./current.ts";
import { migrateDatabase } from "./migrate.ts";
import { openDatabase } from "./open_database.ts";
import { dbFolder, sourceFolders } from "./sources.ts";
import { stage } from "./stage.ts";

/** Stages and runs what is not committed; tells the outcome and never throws because of the SQL. */
async function apply(ownerUrl: string): Promise<void> {
  const begun = performance.now();
  try {
    stage();
    const ran = await runCurrent(ownerUrl);
    const took = Math.round(performance.now() - begun);
    console.log(
      ran.length > 0 ? `${time()} ran ${ran.length} files in ${took} ms` : `${time()} nothing changed`,
    );
    if (ran.length > 0 && announceSchema(path.resolve(dataDir(process.env)))) {
      console.log(`${time()} API and worker start again, and know it`);
    }
  } catch (error) {
    if (!(error instanceof SourceError)) throw error;
    console.error(`${time()} ${error.message}`);
  }
}

function time(): string {
  return new Date().toTimeString().slice(0, 8);
}

/** Calls `action` when one of the folders changed and has been quiet for a moment; one call at a time. */
function onChange(folders: string[], action: () => Promise<void>): () => void {
  let timer: NodeJS.Timeout | undefined;
  let queue = Promise.resolve();
  const watchers = folders.filter(existsSync).map((folder) =>
    watch(folder, { recursive: true }, (_event, name) => {
      if (!name?.endsWith(".sql") || path.basename(name) === sourcesFile) return;
      clearTimeout(timer);
      timer = setTimeout(() => {
        queue = queue.then(action);
      }, 100); // editors write a file in several steps
    }),
  );
  return () => {
    clearTimeout(timer);
    for (const watcher of watchers) watcher.close();
  };
}

// From the first moment: a signal while the database starts ends it as well.
const stopped = toldToStop();

await runProgram(
  async () => {
    refuseInProduction("npm run db:watch");
    const { urls, server, close } = await openDatabase({ join: true });
    try {
      await migrateDatabase(urls);
      console.log(
        `Watching ${sourceFolders.map((name) => `db/${name}`).join(", ")} and db/migrations/current; the database is ${
          server ? "started here" : "the one that is running"
        }.`,
      );
      await apply(urls.owner);
      const stopWatching = onChange(
        [...sourceFolders, "migrations/current"].map((name) => path.join(dbFolder, name)),
        () => apply(urls.owner),
      );
      await stopped;
      stopWatching();
    } finally {
      await close();
    }
    return 0;
  },
  { hearsSignals: true },
);
