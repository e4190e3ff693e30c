import { chmodSync, mkdtempSync, readdirSync, realpathSync, statSync } from "node:fs";
import path from "node:path";
import { removeFolder } from "../../runtime/folders.ts";
import { databaseUser, temporaryFolder } from "./database_user.ts";
import { isAlive, isPostgres, readPostmaster, readStarter } from "./postmaster.ts";

const temporaryPrefix = "restartix-temporary-";

/** Settings of a server that lives for one test run: nothing has to survive. */
export const temporarySettings = {
  fsync: "off",
  full_page_writes: "off",
  synchronous_commit: "off",
  wal_level: "minimal",
  max_wal_senders: "0",
  max_wal_size: "1GB",
  checkpoint_timeout: "1h",
  autovacuum: "off", // databases live for seconds, and a worker in the template delays its clones
};

/** A new folder for a temporary server, named after the process that starts it. */
export function temporaryHome(): string {
  const user = databaseUser("");
  const home = realpathSync(
    mkdtempSync(path.join(temporaryFolder(user), `${temporaryPrefix}${process.pid}-`)),
  );
  chmodSync(home, 0o711);
  return home;
}

/** Ends the temporary servers of test runs that were killed, and removes their folders: nobody else would. */
export async function sweepTemporaryServers(): Promise<void> {
  const folder = temporaryFolder(databaseUser(""));
  for (const name of readdirSync(folder).filter((entry) => entry.startsWith(temporaryPrefix))) {
    const home = path.join(folder, name);
    try {
      if (process.getuid && statSync(home).uid !== process.getuid()) continue;
      if (isAlive(Number(name.slice(temporaryPrefix.length).split("-")[0]))) continue;
      const left = readPostmaster(path.join(home, "data"));
      if (left && isPostgres(left.pid)) process.kill(left.pid, "SIGQUIT");
      const socketDir = readStarter(path.join(home, "data"))?.socketDir;
      if (socketDir && path.basename(socketDir).startsWith("rx-")) removeFolder(socketDir);
      removeFolder(home);
    } catch {
      // Another run sweeps at the same time, or the folder is just being made.
    }
  }
}
