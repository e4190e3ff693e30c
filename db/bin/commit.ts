import { rmSync } from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";
import graphileMigrate from "graphile-migrate";
import { handWritten, isBlank, runCurrent } from "./current.ts";
import { startEmbedded } from "./embedded.ts";
import { migrateDatabase, migrationSettings, quietLogger, releaseConnections } from "./migrate.ts";
import { prepareDatabase, withDatabase } from "./prepare.ts";
import { password } from "./secrets.ts";
import { dbFolder } from "./sources.ts";
import { stage } from "./stage.ts";
import { runProgram, StartupError } from "./startup_error.ts";

/**
 * Stages, then freezes migrations/current into migrations/committed with graphile-migrate, which
 * first runs the whole history on a database of its own.
 */
export async function commit(message: string, folder: string = dbFolder): Promise<void> {
  stage(folder);
  const server = await shadowServer();
  try {
    // Once file by file, so that an error is told by the file a person edits.
    await migrateDatabase({ owner: server.urls.owner }, { folder });
    const ran = await runCurrent(server.urls.owner, folder);
    if (ran.length === 0) throw new StartupError("There is nothing to commit: migrations/current is empty.");

    await graphileMigrate.commit(
      {
        ...(await migrationSettings()),
        // The same command as in .gmrc, wherever this was started and whatever `node` is on the PATH.
        beforeAllMigrations: [{ _: "command", command: `"${process.execPath}" "${installJobs}"` }],
        migrationsFolder: path.join(folder, "migrations"),
        connectionString: server.urls.committed,
        shadowConnectionString: server.urls.shadow,
        rootConnectionString: server.urls.root,
        databaseOwner: "app_owner",
        logger: quietLogger,
      },
      message,
    );
    // graphile-migrate leaves a file with one comment behind; an empty folder says it better.
    for (const { file, sql } of handWritten(folder)) if (isBlank(sql)) rmSync(path.join(folder, file));
  } finally {
    await releaseConnections();
    await server.stop();
  }
}

const installJobs = fileURLToPath(new URL("install_jobs.ts", import.meta.url));

/**
 * A throw-away server with three databases: one for the trial, and two for graphile-migrate, which
 * wants a database to migrate and a shadow to reset. The developer's own database is left alone: it
 * follows on the next npm start.
 */
async function shadowServer() {
  const server = await startEmbedded({ temporary: true });
  try {
    const passwords = {
      owner: password(),
      authenticator: password(),
      worker: password(),
      telemetry: password(),
    };
    const trial = await prepareDatabase(server.adminUrl, { database: "trial", passwords });
    const committed = await prepareDatabase(server.adminUrl, { database: "committed", passwords });
    return {
      urls: {
        owner: trial.owner,
        committed: committed.owner,
        shadow: withDatabase(trial.owner, "shadow"),
        root: server.adminUrl,
      },
      stop: server.stop,
    };
  } catch (error) {
    await server.stop();
    throw error;
  }
}

if (import.meta.main) {
  await runProgram(async () => {
    const message = process.argv.slice(2).join(" ").trim();
    if (!message)
      throw new StartupError('Say what changed: npm run db:commit -- "patients have a phone number".');
    await commit(message);
    console.log("Committed. Run npm run db:snapshot, and look at the difference.");
    return 0;
  });
}
