import { type ChildProcess, spawn } from "node:child_process";
import {
  appendFileSync,
  chmodSync,
  chownSync,
  copyFileSync,
  mkdirSync,
  mkdtempSync,
  realpathSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import path from "node:path";
import { as, runner } from "../../../db/embedded/data_folder.ts";
import { type DatabaseUser, databaseUser, temporaryFolder } from "../../../db/embedded/database_user.ts";
import { findBinaries } from "../../../db/embedded/postgres_binaries.ts";
import { project, until } from "../start/support.ts";

const fixtures = path.join(project, "providers", "webhooks", "tests", "fixtures");
/** A certificate for localhost that only its own authority signed, under the names that PostgreSQL looks for. */
export const ownCertificate = {
  "server.crt": path.join(fixtures, "sns.cert.pem"),
  "server.key": path.join(fixtures, "sns.key.pem"),
};

export type ForeignServer = {
  /** A folder that the server's user may write to. */
  home: string;
  /** Folder of postgres, pg_ctl and initdb. */
  programs: string;
  user: DatabaseUser | undefined;
  /** The administrator's URL: another name than ours, another password, another database. */
  adminUrl: string;
  stop(): Promise<void>;
};

/**
 * A PostgreSQL 18 that is not ours: made by plain initdb with its own superuser, its own settings and passwords, as an
 * operator would have it, with a certificate of its own authority. `conf` is added to its postgresql.conf; `<home>` stands for its folder.
 */
export async function startForeignServer(
  port: number,
  conf: (home: string) => string,
): Promise<ForeignServer> {
  const user = databaseUser("");
  const home = realpathSync(mkdtempSync(path.join(temporaryFolder(user), "restartix-foreign-")));
  const own = (file: string) => user && chownSync(file, user.uid, user.gid);
  chmodSync(home, 0o755);
  own(home);
  const binaries = findBinaries(user, path.join(home, "programs"));
  const run = runner(binaries, user);
  const passwordFile = path.join(home, "password");
  writeFileSync(passwordFile, "what the administrator chose!", { mode: 0o600 });
  own(passwordFile);

  const data = path.join(home, "data");
  const made = run(binaries.initdb, [
    `--pgdata=${data}`,
    "--username=dba",
    `--pwfile=${passwordFile}`,
    "--auth=scram-sha-256",
    "--encoding=UTF8",
    "--locale=C.UTF-8",
    "--no-sync",
  ]);
  if (!made.ok) throw new Error(made.output);
  const sockets = path.join(home, "sockets");
  mkdirSync(sockets);
  own(sockets);
  for (const [name, file] of Object.entries(ownCertificate)) {
    copyFileSync(file, path.join(data, name));
    chmodSync(path.join(data, name), 0o600);
    own(path.join(data, name));
  }
  appendFileSync(
    path.join(data, "postgresql.conf"),
    `\nport = ${port}\nlisten_addresses = '127.0.0.1'\nunix_socket_directories = '${home}/sockets'\nfsync = off\nssl = on\n${conf(home)}\n`,
  );
  const server: ChildProcess = spawn(binaries.postgres, ["-D", data], {
    ...as(user),
    cwd: home,
    stdio: ["ignore", "ignore", "pipe"],
  });
  let log = "";
  server.stderr?.setEncoding("utf8").on("data", (text: string) => {
    log += text;
  });
  await until(async () => {
    if (server.exitCode !== null) throw new Error(log);
    return log.includes("ready to accept connections");
  });
  return {
    home,
    programs: path.dirname(binaries.postgres),
    user,
    adminUrl: `postgres://dba:${encodeURIComponent("what the administrator chose!")}@127.0.0.1:${port}/postgres`,
    async stop() {
      const ended = new Promise((resolve) => server.once("exit", resolve));
      server.kill("SIGINT");
      if (server.exitCode === null) await ended;
      rmSync(home, { recursive: true, force: true });
    },
  };
}
