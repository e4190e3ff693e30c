import { existsSync, rmSync } from "node:fs";
import path from "node:path";
import { findRunning, startEmbedded } from "../../db/embedded/server.ts";
import { databaseIn } from "../../db/migrating/open_database.ts";
import { withClient, withDatabase } from "../../db/migrating/prepare.ts";
import { refuseInProduction } from "../../runtime/production.ts";
import { runProgram } from "../../runtime/run_program.ts";
import { StartupError } from "../../runtime/startup_error.ts";
import { supervisorOf } from "../../runtime/supervisor.ts";
import { readSettings } from "./settings.ts";

/** What a start makes in the data folder; whatever else somebody keeps there stays. */
const made = [
  "postgres",
  "postgres.log",
  "postgres.new",
  "postgres.programs",
  "mailbox",
  "objects",
  "log",
  "tokens",
  "identity",
  "keys",
  "secrets.json",
  "telemetry",
  "telemetry.secret",
  "supervisor.pid",
];

/** `npm run reset` (FND-30): the next start begins anew. */
async function reset(): Promise<undefined> {
  refuseInProduction("npm run reset");
  const { dataDir, databaseUrl } = readSettings();
  const running = supervisorOf(dataDir);
  if (running) {
    throw new StartupError(`RestartiX runs, as process ${running}: stop it with Ctrl-C, then reset.`);
  }

  if (databaseUrl) await dropDatabase(databaseUrl);
  else await stopDatabase(path.join(dataDir, "postgres"));

  const found = made.filter((name) => existsSync(path.join(dataDir, name)));
  try {
    for (const name of found) rmSync(path.join(dataDir, name), { recursive: true, force: true });
  } catch (error) {
    throw new StartupError(
      `Cannot remove everything in ${dataDir} (${(error as NodeJS.ErrnoException).code}): run this as the user who started RestartiX.`,
      { cause: error },
    );
  }
  console.log(
    found.length > 0
      ? `Removed ${found.join(", ")} from ${dataDir}. The next npm start begins anew.`
      : `There was nothing to remove in ${dataDir}.`,
  );
}

async function dropDatabase(url: string): Promise<void> {
  const database = databaseIn(url);
  const { host } = new URL(url);
  if (database !== "restartix") {
    throw new StartupError(
      `DATABASE_URL names ${database}, and reset drops only a database called restartix: drop it yourself if it may go.`,
    );
  }
  if (!process.argv.includes("--yes")) {
    throw new StartupError(
      `This drops the database restartix on ${host}: run "npm run reset -- --yes" if it may go.`,
    );
  }
  await withClient(withDatabase(url, "postgres"), (client) =>
    client.query("drop database if exists restartix with (force)"),
  );
  console.log(`Dropped the database restartix on ${host}.`);
}

/** A server that outlived its start still writes to the folder. One that somebody uses is refused by name. */
async function stopDatabase(dataDir: string): Promise<void> {
  if (!existsSync(dataDir) || !(await findRunning(dataDir))) return;
  const server = await startEmbedded({ dataDir, port: 0 });
  await server.stop();
}

await runProgram(reset);
