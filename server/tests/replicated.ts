import { cpSync, statSync, writeFileSync } from "node:fs";
import path from "node:path";
import { password } from "../../db/connection/login_roles.ts";
import { giveTo } from "../../db/embedded/data_folder.ts";
import { type EmbeddedServer, startEmbedded } from "../../db/embedded/server.ts";
import { migrateDatabase } from "../../db/migrating/migrate.ts";
import { prepareDatabase, type RoleUrls, withClient, withDatabase } from "../../db/migrating/prepare.ts";
import { keptDatabase, keptServer } from "../../db/testing/kept_server.ts";
import { loadTestHelpers, type TestDatabase } from "../../db/testing/server.ts";

/** A migrated database with the helpers of tests, on a server of its own, and a second server that follows the first. */
export type Replicated = {
  database: TestDatabase;
  /** The same database at the replica, as the administrator and as the role of the API; `kill` leaves its files. */
  replica: { admin: string; authenticator: string; kill(): Promise<void> };
};

// What a commit has acknowledged is flushed, as in production: by that a replica is known to have it.
const settings = { wal_level: "replica", max_wal_senders: "3", synchronous_commit: "on" };

export async function startReplicated(): Promise<Replicated> {
  const passwords = {
    owner: password(),
    authenticator: password(),
    worker: password(),
    telemetry: password(),
  };
  const { data, password: admin } = await keptServer();
  const primary = await startEmbedded({ temporary: true, from: data, password: admin, settings });
  let standby: EmbeddedServer | undefined;
  const stop = async () => {
    await standby?.stop();
    await primary.stop();
  };
  try {
    const urls = await prepareDatabase(primary.adminUrl, { database: keptDatabase, passwords });
    await migrateDatabase(urls, { current: true });
    const database: RoleUrls = { ...urls, admin: withDatabase(primary.adminUrl, keptDatabase) };
    await loadTestHelpers(database.admin);
    standby = await startStandby(primary.adminUrl);
    const { port, pid, exited } = standby;
    const kill = async () => {
      process.kill(pid, "SIGQUIT");
      await exited;
    };
    return {
      database: { urls: database, drop: stop },
      replica: {
        admin: at(port, database.admin),
        authenticator: at(port, urls.authenticator),
        kill,
      },
    };
  } catch (error) {
    await stop();
    throw error;
  }
}

/** The embedded server brings no pg_basebackup: its files are copied between the two calls that allow it. */
async function startStandby(primaryUrl: string): Promise<EmbeddedServer> {
  const dataDir = await withClient(primaryUrl, async (client) => {
    const { rows } = await client.query("show data_directory");
    const from: string = rows[0].data_directory;
    const to = path.join(path.dirname(from), "standby");
    await client.query("select pg_backup_start('standby', fast => true)");
    const itsOwn = new Set(
      ["postmaster.pid", "postmaster.opts", "starter.json"].map((name) => path.join(from, name)),
    );
    cpSync(from, to, {
      recursive: true,
      filter: (file) =>
        !itsOwn.has(file) && !(path.dirname(file) === path.join(from, "pg_wal") && statSync(file).isFile()),
    });
    const { rows: stopped } = await client.query(
      "select labelfile from pg_backup_stop(wait_for_archive => false)",
    );
    writeFileSync(path.join(to, "backup_label"), stopped[0].labelfile);
    writeFileSync(path.join(to, "standby.signal"), "");
    // Where the server runs as another user than we, its files must be that user's.
    if (process.getuid?.() === 0) giveTo(statSync(from), to);
    return to;
  });
  const { port, password, username } = new URL(primaryUrl);
  return startEmbedded({
    dataDir,
    port: 0,
    temporary: true,
    password: decodeURIComponent(password),
    settings: {
      ...settings,
      primary_conninfo: `host=127.0.0.1 port=${port} user=${username} password=${decodeURIComponent(password)}`,
    },
  });
}

function at(port: number, text: string): string {
  const url = new URL(text);
  url.port = String(port);
  return url.href;
}
