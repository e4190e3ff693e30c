import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import {
  chmodSync,
  chownSync,
  closeSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  readdirSync,
  readFileSync,
  realpathSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { createServer } from "node:net";
import path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import pg from "pg";
import { blockedFolder, type DatabaseUser, databaseUser, temporaryFolder } from "./database_user.ts";
import { type Binaries, findBinaries } from "./postgres_binaries.ts";
import { databaseSecrets, password as newPassword } from "./secrets.ts";
import { StartupError } from "./startup_error.ts";

export { StartupError } from "./startup_error.ts";

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

const majorVersion = "18";
const temporaryPrefix = "restartix-temporary-";

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
  unix_socket_permissions: "0700",
};

const temporarySettings = {
  fsync: "off",
  full_page_writes: "off",
  synchronous_commit: "off",
  wal_level: "minimal",
  max_wal_senders: "0",
  max_wal_size: "4GB",
  checkpoint_timeout: "1h",
  autovacuum: "off", // databases live for seconds, and a worker in the template delays its clones
};

/**
 * Starts PostgreSQL 18 from the binaries in node_modules, making the data folder when it is not
 * there. Whatever keeps it from starting is thrown as a StartupError of one line. FND-30.
 */
export async function startEmbedded(options: EmbeddedOptions): Promise<EmbeddedServer> {
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
  if (!existsSync(path.join(dataDir, "PG_VERSION"))) initialise(dataDir, { binaries, run, user, password });
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

  try {
    writeFileSync(path.join(dataDir, "starter.json"), JSON.stringify({ pid: process.pid, socketDir }));
    await untilReady(child, exited, dataDir, log);
    const adminUrl = `postgres://postgres:${encodeURIComponent(password)}@127.0.0.1:${port}/postgres`;
    await checkPassword(adminUrl, dataDir);
    process.once("exit", endWithUs);
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

type Run = (program: string, args: string[]) => { ok: boolean; output: string };

function runner(binaries: Binaries, user: DatabaseUser | undefined): Run {
  return (program, args) => {
    const result = spawnSync(program, args, {
      ...as(user),
      cwd: path.parse(binaries.postgres).root,
      encoding: "utf8",
    });
    return {
      ok: result.status === 0,
      output: `${result.stdout ?? ""}${result.stderr ?? ""}${result.error ?? ""}`,
    };
  };
}

function as(user: DatabaseUser | undefined) {
  // PG* variables of the caller (PGPORT, PGOPTIONS…) must not reach the server.
  const inherited = Object.entries(process.env).filter(([name]) => !/^(PG|LC_|LANG)/.test(name));
  return {
    env: { ...Object.fromEntries(inherited), LC_ALL: "C" },
    ...(user && { uid: user.uid, gid: user.gid }),
  };
}

function makeParent(dataDir: string, user: DatabaseUser | undefined): void {
  const parent = path.dirname(dataDir);
  attempt(`Cannot make ${parent}: give this user write permission there.`, () =>
    mkdirSync(parent, { recursive: true }),
  );
  const blocked = blockedFolder(existsSync(dataDir) ? dataDir : parent, user);
  if (blocked) {
    throw new StartupError(
      `Root may not run PostgreSQL, so it runs as ${user?.name}, who cannot enter ${blocked}: ` +
        `run "chmod o+x ${blocked}", or move the project elsewhere.`,
    );
  }
}

function makeSocketDir(wanted: string | undefined, user: DatabaseUser | undefined): string {
  const folder = wanted ?? mkdtempSync(path.join(temporaryFolder(user), "rx-"));
  attempt(`Cannot make the socket folder ${folder}: give this user write permission there.`, () => {
    mkdirSync(folder, { recursive: true });
    chmodSync(folder, 0o700);
    if (user) chownSync(folder, user.uid, user.gid);
  });
  return folder;
}

/** initdb in a folder beside, moved into place when it is complete: an interrupted start leaves no half. */
function initialise(
  dataDir: string,
  { binaries, run, user, password }: { binaries: Binaries; run: Run; user?: DatabaseUser; password: string },
): void {
  if (existsSync(dataDir) && readdirSync(dataDir).length > 0) {
    throw new StartupError(
      `${dataDir} is not empty and holds no PostgreSQL data: move it away and start again.`,
    );
  }
  const draft = `${dataDir}.new`;
  const passwordFile = path.join(draft, "password");
  const data = path.join(draft, "data");
  let result = { ok: false, output: "" };
  try {
    attempt(`Cannot write ${path.dirname(dataDir)}: give this user write permission there.`, () => {
      rmSync(draft, { recursive: true, force: true });
      mkdirSync(draft, { mode: 0o700 });
      writeFileSync(passwordFile, password, { mode: 0o600 });
      if (user) for (const file of [draft, passwordFile]) chownSync(file, user.uid, user.gid);
    });
    // Collation by code point, the same on every machine. The character classes come from the
    // system where it can tell that ș is a letter: trigrams and text search ask for that.
    for (const characters of ["C.UTF-8", "en_US.UTF-8", "C"]) {
      result = run(binaries.initdb, [
        `--pgdata=${data}`,
        "--username=postgres",
        `--pwfile=${passwordFile}`,
        "--auth=scram-sha-256",
        "--encoding=UTF8",
        "--locale-provider=builtin",
        "--builtin-locale=C.UTF-8",
        "--locale=C",
        `--lc-ctype=${characters}`,
        "--text-search-config=simple",
        "--no-sync",
        "--no-instructions",
      ]);
      if (result.ok || !/invalid locale name/.test(result.output)) break;
      rmSync(data, { recursive: true, force: true });
    }
    if (!result.ok)
      throw new StartupError(`PostgreSQL could not make its data folder: ${reason(result.output)}`);
    rmSync(dataDir, { recursive: true, force: true });
    renameSync(data, dataDir);
  } finally {
    rmSync(draft, { recursive: true, force: true });
  }
}

function checkData(dataDir: string): void {
  const version = attempt(
    `${dataDir} belongs to another user: run as that user, or move the folder away.`,
    () => readFileSync(path.join(dataDir, "PG_VERSION"), "utf8").trim(),
  );
  if (version !== majorVersion) {
    throw new StartupError(
      `${dataDir} was written by PostgreSQL ${version}, this is ${majorVersion}: move the folder away to begin anew.`,
    );
  }
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
    if (running?.pid === child.pid && running?.status === "ready") return;
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

/** postmaster.pid holds, line by line: pid, data folder, start time, port, socket folder, address, key, status. */
function readPostmaster(dataDir: string): { pid: number; port: number; status: string } | undefined {
  let lines: string[];
  try {
    lines = readFileSync(path.join(dataDir, "postmaster.pid"), "utf8").split("\n");
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === "ENOENT" || code === "ENOTDIR") return undefined;
    throw new StartupError(`${dataDir} belongs to another user: run as that user, or move the folder away.`, {
      cause: error,
    });
  }
  const pid = Math.abs(Number(lines[0]));
  return pid ? { pid, port: Number(lines[3]), status: (lines[7] ?? "").trim() } : undefined;
}

function readStarter(dataDir: string): { pid: number; socketDir: string } | undefined {
  try {
    return JSON.parse(readFileSync(path.join(dataDir, "starter.json"), "utf8"));
  } catch {
    return undefined;
  }
}

/** Process numbers are reused (after a container restart at once), so a live number is not enough. */
function isPostgres(pid: number): boolean {
  if (process.platform === "linux") {
    return path.basename(commandLine(pid).split("\0")[0] ?? "") === "postgres";
  }
  if (process.platform === "win32") return isAlive(pid);
  return /postgres/.test(spawnSync("ps", ["-o", "command=", "-p", String(pid)], { encoding: "utf8" }).stdout);
}

function parentOf(pid: number): number | undefined {
  try {
    if (process.platform === "linux") {
      return Number(/^PPid:\s*(\d+)/m.exec(readFileSync(`/proc/${pid}/status`, "utf8"))?.[1]);
    }
    return Number(spawnSync("ps", ["-o", "ppid=", "-p", String(pid)], { encoding: "utf8" }).stdout);
  } catch {
    return undefined;
  }
}

function isAlive(pid: number): boolean {
  // A killed process that nobody has reaped still has its number, but no command line.
  if (process.platform === "linux") return commandLine(pid) !== "";
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "EPERM";
  }
}

/** Linux only; empty when there is no such process. */
function commandLine(pid: number): string {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, "utf8");
  } catch {
    return "";
  }
}

function temporaryHome(): string {
  const user = databaseUser("");
  const home = realpathSync(
    mkdtempSync(path.join(temporaryFolder(user), `${temporaryPrefix}${process.pid}-`)),
  );
  chmodSync(home, 0o711);
  return home;
}

/** Temporary servers whose test run was killed would stay for ever: the next run ends them. */
async function sweepTemporaryServers(): Promise<void> {
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

/** Tries again, because a server that is just ending still writes into its folders. */
function removeFolder(folder: string): void {
  for (let attempts = 0; attempts < 20 && existsSync(folder); attempts++) {
    if (attempts > 0) Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 50); // also works on exit
    try {
      rmSync(folder, { recursive: true, force: true });
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== "ENOTEMPTY") throw error;
    }
  }
}

function attempt<T>(message: string, action: () => T): T {
  try {
    return action();
  } catch (error) {
    throw new StartupError(message, { cause: error });
  }
}

/** The line of PostgreSQL's output that says why, without its time stamp. */
function reason(output: string): string {
  const lines = output.split("\n").filter((line) => /(error|FATAL|could not|ENOENT|cannot)/i.test(line));
  const line = lines.at(-1) ?? output.trim().split("\n").at(-1) ?? "it said nothing.";
  return line.replace(/^.*?(?:FATAL|initdb: error|ERROR):\s*/, "").trim();
}
