import { rmSync } from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";
import graphileMigrate from "graphile-migrate";
import { runProgram } from "../../runtime/run_program.ts";
import { SourceError, StartupError } from "../../runtime/startup_error.ts";
import { password } from "../connection/login_roles.ts";
import { startEmbedded } from "../embedded/server.ts";
import { currentParts, handWritten } from "./current.ts";
import { lintCurrent } from "./lint.ts";
import { migrateDatabase, migrationSettings, quietLogger, releaseConnections } from "./migrate.ts";
import { prepareDatabase, withDatabase } from "./prepare.ts";
import { dbFolder } from "./sources.ts";
import { isBlank } from "./sql_text.ts";
import { stage } from "./stage.ts";

/** Where a commit is tried out. All but the root are reached as app_owner. */
export type CommitDatabases = {
  /** Holds the committed migrations; gets the new one too. */
  committed: string;
  /** Dropped and made again from the whole history. */
  shadow: string;
  /** The administrator's, to drop and make databases. */
  root: string;
  /** A prepared empty database on which files run one by one, so that an error is told by its file. */
  trial?: string;
};

/**
 * Stages and lints, then freezes migrations/current into migrations/committed with graphile-migrate, which
 * first runs the whole history on a database of its own. Nothing is frozen that a step before refuses.
 */
export async function commit(
  message: string,
  { folder = dbFolder, databases }: { folder?: string; databases?: CommitDatabases } = {},
): Promise<void> {
  stage(folder);
  if (currentParts(folder).length === 0) {
    throw new SourceError(
      "There is nothing to commit: the sources are committed, migrations/current is empty.",
    );
  }
  lintCurrent(folder);
  if (databases) return commitOn(databases, message, folder);

  const server = await startEmbedded({ temporary: true });
  try {
    await commitOn(await throwAwayDatabases(server.adminUrl), message, folder);
  } finally {
    await server.stop();
  }
}

async function commitOn(databases: CommitDatabases, message: string, folder: string): Promise<void> {
  if (databases.trial) await migrateDatabase({ owner: databases.trial }, { folder, current: true });
  try {
    await graphileMigrate.commit(
      {
        ...(await migrationSettings()),
        // The same command as in .gmrc, wherever this was started and whatever `node` is on the PATH.
        beforeAllMigrations: [{ _: "command", command: `"${process.execPath}" "${installJobs}"` }],
        migrationsFolder: path.join(folder, "migrations"),
        connectionString: databases.committed,
        shadowConnectionString: databases.shadow,
        rootConnectionString: databases.root,
        databaseOwner: "app_owner",
        logger: quietLogger,
      },
      message,
    );
  } finally {
    await releaseConnections();
  }
  // graphile-migrate leaves a file with one comment behind; an empty folder says it better.
  for (const { file, sql } of handWritten(folder)) if (isBlank(sql)) rmSync(path.join(folder, file));
}

const installJobs = fileURLToPath(new URL("install_jobs.ts", import.meta.url));

/** On a server of its own: the developer's database is left alone and follows on the next npm start. */
async function throwAwayDatabases(adminUrl: string): Promise<CommitDatabases> {
  const passwords = {
    owner: password(),
    authenticator: password(),
    worker: password(),
    telemetry: password(),
  };
  const trial = await prepareDatabase(adminUrl, { database: "trial", passwords });
  const committed = await prepareDatabase(adminUrl, { database: "committed", passwords });
  return {
    trial: trial.owner,
    committed: committed.owner,
    shadow: withDatabase(trial.owner, "shadow"),
    root: adminUrl,
  };
}

/** graphile-migrate's own variables, for machines on which the embedded server does not run. */
function configuredDatabases(env = process.env): CommitDatabases | undefined {
  const { OWNER_DATABASE_URL: committed, SHADOW_DATABASE_URL: shadow, ROOT_DATABASE_URL: root } = env;
  return committed && shadow && root ? { committed, shadow, root } : undefined;
}

if (import.meta.main) {
  await runProgram(async () => {
    const message = process.argv.slice(2).join(" ").trim();
    if (!message)
      throw new StartupError('Say what changed: npm run db:commit -- "patients have a phone number".');
    const databases = configuredDatabases();
    await commit(message, databases && { databases });
    console.log("Committed. Run npm run db:snapshot, and look at the difference.");
    return 0;
  });
}
