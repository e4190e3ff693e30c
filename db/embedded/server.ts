import { type ChildProcess, spawn } from "node:child_process";
import {
  chmodSync,
  chownSync,
  closeSync,
  existsSync,
  mkdtempSync,
  openSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { createServer } from "node:net";
import path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import pg from "pg";
import { attempt, makeFolder, removeFolder } from "../../runtime/folders.ts";
import { refuseInProduction } from "../../runtime/production.ts";
import { StartupError } from "../../runtime/startup_error.ts";
import { databaseSecrets, password as newPassword } from "../connection/login_roles.ts";
import { as, checkData, copyData, initialise, makeParent, type Run, reason, runner } from "./data_folder.ts";
import { type DatabaseUser, databaseUser, temporaryFolder } from "./database_user.ts";
import { type Binaries, findBinaries } from "./postgres_binaries.ts";
import { isAlive, isPostgres, parentOf, readPostmaster, readStarter } from "./postmaster.ts";
import { sweepTemporaryServers, temporaryHome, temporarySettings } from "./temporary.ts";

export type EmbeddedOptions = {
  /** Where the data is kept; made on the first start. A temporary server needs none. */
  dataDir?: string;
  /** TCP port on 127.0.0.1. 0 takes any free one. */
  port?: number;
  /** The environment variable that sets the port, named when the port is taken. */
  portVariable?: string;
  /** Folder of the unix socket; a short temporary one when absent. */
  socketDir?: string;
  /** For tests: nothing is synced to disk and everything is removed by `stop`. */
  temporary?: boolean;
  /** The superuser's password; kept in secrets.json beside the data when absent. */
  password?: string;
  /** The data folder of a stopped server, whose password is `password`, to begin with a copy of instead of an empty one. */
  from?: string;
  /** Further settings of postgresql.conf. */
  settings?: Record<string, string>;
};

export type EmbeddedServer = {
  /** Superuser connection to the database `postgres`. */
  adminUrl: string;
  pid: number;
  port: number;
  socketDir: string;
  /** Settles when the server has ended, wanted or not. */
  exited: Promise<{ code: number | null; signal: NodeJS.Signals | null }>;
  /** Lets running statements be cancelled, writes everything down, and ends the server. */
  stop(): Promise<void>;
};

const settings = {
  listen_addresses: "127.0.0.1",
  max_connections: "200",
  shared_buffers: "128MB",
  jit: "off", // our queries are short: compiling them costs more than it saves
  random_page_cost: "1.1",
  timezone: "UTC",
  log_timezone: "UTC",
  log_min_messages: "warning",
  log_min_error_statement: "panic", // statements carry personal data; the log is no place for it
  log_parameter_max_length_on_error: "0",
  log_error_verbosity: "terse", // likewise the DETAIL of a constraint: it quotes the row
  unix_socket_permissions: "0700",
};

/**
 * Starts PostgreSQL 18 from the binaries in node_modules, making the data folder when it is not
 * there. Whatever keeps it from starting is thrown as a StartupError of one line. FND-30.
 */
export async function startEmbedded(options: EmbeddedOptions): Promise<EmbeddedServer> {
  refuseInProduction("A database server of this folder");
  if (options.temporary) await sweepTemporaryServers();
  const home = options.dataDir ? undefined : temporaryHome();
  const dataDir = path.resolve(options.dataDir ?? path.join(home as string, "data"));
  const user = databaseUser(dataDir);

  makeParent(dataDir, user);
  const binaries = findBinaries(user, `${dataDir}.programs`);
  const run = runner(binaries, user);
  await stopLeftover(dataDir, binaries, run);

  const password =
    options.password ?? (home ? newPassword() : (await databaseSecrets(path.dirname(dataDir))).admin);
  if (!existsSync(path.join(dataDir, "PG_VERSION"))) {
    if (options.from) copyData(options.from, dataDir, user);
    else initialise(dataDir, { binaries, run, user, password });
  }
  checkData(dataDir);

  const port = await freePort(
    options.port ?? (options.temporary ? 0 : 54329),
    options.portVariable ?? "DATABASE_PORT",
  );
  const socketDir = makeSocketDir(options.socketDir, user);
  const log = `${dataDir}.log`;
  const child = launch(binaries, user, dataDir, log, {
    ...settings,
    ...(options.temporary ? temporarySettings : {}),
    ...options.settings,
    port: String(port),
    ...(process.platform === "win32" ? {} : { unix_socket_directories: socketDir }),
  });
  const exited = new Promise<{ code: number | null; signal: NodeJS.Signals | null }>((resolve) => {
    child.once("exit", (code, signal) => resolve({ code, signal }));
    child.once("error", () => resolve({ code: 1, signal: null }));
  });

  const remove = () => {
    if (!options.socketDir) removeFolder(socketDir);
    if (options.temporary)
      for (const left of [home ?? dataDir, log, `${dataDir}.programs`]) removeFolder(left);
  };
  const endWithUs = () => {
    child.kill(options.temporary ? "SIGQUIT" : "SIGINT");
    if (options.temporary) remove();
  };
  const stop = async () => {
    process.off("exit", endWithUs);
    child.kill(options.temporary ? "SIGQUIT" : "SIGINT"); // immediate : fast shutdown
    const slow = setTimeout(() => child.kill("SIGQUIT"), 20_000);
    await exited;
    clearTimeout(slow);
    remove();
  };

  // From its first moment: told to stop while it starts, we leave no server behind either.
  process.once("exit", endWithUs);
  try {
    writeFileSync(path.join(dataDir, "starter.json"), JSON.stringify({ pid: process.pid, socketDir }));
    await untilReady(child, exited, dataDir, log);
    const adminUrl = `postgres://postgres:${encodeURIComponent(password)}@127.0.0.1:${port}/postgres`;
    await checkPassword(adminUrl, dataDir);
    return { adminUrl, pid: child.pid as number, port, socketDir, exited, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

/** The running server of a data folder, whoever started it; undefined when there is none. */
export async function findRunning(dataDir: string): Promise<{ adminUrl: string; pid: number } | undefined> {
  const running = readPostmaster(dataDir);
  if (running?.status !== "ready" || !isPostgres(running.pid)) return undefined;
  const { admin } = await databaseSecrets(path.dirname(path.resolve(dataDir)));
  return {
    adminUrl: `postgres://postgres:${encodeURIComponent(admin)}@127.0.0.1:${running.port}/postgres`,
    pid: running.pid,
  };
}

function makeSocketDir(wanted: string | undefined, user: DatabaseUser | undefined): string {
  const folder = wanted ?? mkdtempSync(path.join(temporaryFolder(user), "rx-"));
  attempt(`Cannot make the socket folder ${folder}: give this user write permission there.`, () => {
    makeFolder(folder);
    chmodSync(folder, 0o700);
    if (user) chownSync(folder, user.uid, user.gid);
  });
  return folder;
}

/** Ends a server whose parent was killed, and clears what a killed server left. */
async function stopLeftover(dataDir: string, binaries: Binaries, run: Run): Promise<void> {
  const left = readPostmaster(dataDir);
  if (!left) return;
  const starter = readStarter(dataDir);
  if (starter?.socketDir && path.basename(starter.socketDir).startsWith("rx-")) {
    removeFolder(starter.socketDir);
  }
  if (!isPostgres(left.pid)) {
    // Its process is gone; a new process may have its number, which would make postgres refuse.
    rmSync(path.join(dataDir, "postmaster.pid"), { force: true });
    return;
  }
  if (starter && isAlive(starter.pid) && parentOf(left.pid) === starter.pid) {
    throw new StartupError(
      `The database in ${dataDir} is in use by process ${starter.pid} (another npm start?): stop it first.`,
    );
  }
  for (const mode of ["fast", "immediate"]) {
    if (run(binaries.pgCtl, ["stop", "-D", dataDir, "-m", mode, "-w", "-t", "20"]).ok) return;
    if (!isPostgres(left.pid)) return;
  }
  throw new StartupError(`A database server (process ${left.pid}) still uses ${dataDir}: stop it first.`);
}

function launch(
  binaries: Binaries,
  user: DatabaseUser | undefined,
  dataDir: string,
  log: string,
  config: Record<string, string>,
): ChildProcess {
  const output = attempt(`Cannot write ${log}: give this user write permission there.`, () =>
    openSync(log, "w", 0o600),
  );
  const flags = Object.entries(config).flatMap(([name, value]) => ["-c", `${name}=${value}`]);
  const child = spawn(binaries.postgres, ["-D", dataDir, ...flags], {
    ...as(user),
    cwd: dataDir,
    // Its own process group: Ctrl-C must reach the database last, when nobody uses it any more.
    detached: process.platform !== "win32",
    stdio: ["ignore", output, output],
  });
  closeSync(output);
  child.unref();
  return child;
}

async function untilReady(
  child: ChildProcess,
  exited: Promise<unknown>,
  dataDir: string,
  log: string,
): Promise<void> {
  let ended = false;
  exited.then(() => {
    ended = true;
  });
  const deadline = Date.now() + 60_000; // crash recovery may take a while
  while (Date.now() < deadline) {
    const running = readPostmaster(dataDir);
    // A replica never says more of itself than that it is one.
    if (running?.pid === child.pid && /^(ready|standby)$/.test(running?.status ?? "")) return;
    if (ended) {
      throw new StartupError(
        `PostgreSQL did not start: ${reason(readFileSync(log, "utf8"))} The log is ${log}.`,
      );
    }
    await sleep(20);
  }
  throw new StartupError(`PostgreSQL was not ready after a minute: the log is ${log}.`);
}

async function checkPassword(adminUrl: string, dataDir: string): Promise<void> {
  const client = new pg.Client({ connectionString: adminUrl, connectionTimeoutMillis: 10_000 });
  try {
    await client.connect();
  } catch (error) {
    if ((error as { code?: string }).code !== "28P01") throw error;
    throw new StartupError(
      `${path.join(path.dirname(dataDir), "secrets.json")} does not hold the password of ${dataDir}: ` +
        "put the file back, or run npm run reset to begin anew.",
      { cause: error },
    );
  } finally {
    await client.end();
  }
}

/** Resolves to a port that is free on 127.0.0.1 now: the one asked for, or any when asked for 0. */
async function freePort(port: number, variable: string): Promise<number> {
  const probe = createServer();
  try {
    return await new Promise<number>((resolve, reject) => {
      probe.once("error", reject);
      probe.listen({ host: "127.0.0.1", port, exclusive: true }, () => {
        const address = probe.address();
        resolve(typeof address === "object" && address ? address.port : port);
      });
    });
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    const why = code === "EADDRINUSE" ? "is taken by another program" : `cannot be used (${code})`;
    throw new StartupError(`Port ${port} ${why}: set ${variable} to a free one.`, { cause: error });
  } finally {
    await new Promise((resolve) => probe.close(resolve));
  }
}
