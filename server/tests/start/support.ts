import { type ChildProcess, spawn } from "node:child_process";
import { chmodSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import os from "node:os";
import path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { copyData } from "../../../db/embedded/data_folder.ts";
import { databaseUser } from "../../../db/embedded/database_user.ts";
import { bareEnv } from "../../../db/testing/bare_env.ts";
import { ifBusy } from "../../../db/testing/busy.ts";
import { keptServer } from "../../../db/testing/kept_server.ts";

export const project = path.join(import.meta.dirname, "..", "..", "..");

export type Place = {
  dataDir: string;
  ports: Record<
    | "api"
    | "page"
    | "smtp"
    | "objects"
    | "composer"
    | "database"
    | "apiOps"
    | "workerOps"
    | "telemetry"
    | "telemetryOps",
    number
  >;
  env: NodeJS.ProcessEnv;
};

/**
 * A data folder of its own and free ports. Removed by `remove`. It is empty, as a newcomer's, unless a server whose database is
 * migrated lies there: a start takes seconds less by that.
 */
export async function newPlace({ isMigrated = false } = {}): Promise<Place & { remove(): void }> {
  const dataDir = mkdtempSync(path.join(os.tmpdir(), "restartix-start-"));
  chmodSync(dataDir, 0o711); // the user of the database must get in
  if (isMigrated) {
    const kept = await keptServer();
    const postgres = path.join(dataDir, "postgres");
    copyData(kept.data, postgres, databaseUser(postgres));
    const secrets = { database: { admin: kept.password } };
    writeFileSync(path.join(dataDir, "secrets.json"), JSON.stringify(secrets), { mode: 0o600 });
  }
  const [api = 0, page = 0, smtp = 0, objects = 0, database = 0, composer = 0, ...others] =
    await freePorts(10);
  const [apiOps = 0, workerOps = 0, telemetry = 0, telemetryOps = 0] = others;
  return {
    dataDir,
    ports: { api, page, smtp, objects, composer, database, apiOps, workerOps, telemetry, telemetryOps },
    env: {
      ...bareEnv,
      DATA_DIR: dataDir,
      PORT: String(api),
      OPS_PORT: String(apiOps),
      WORKER_OPS_PORT: String(workerOps),
      TELEMETRY_PORT: String(telemetry),
      TELEMETRY_OPS_PORT: String(telemetryOps),
      MAILBOX_PORT: String(page),
      SMTP_URL: `smtp://127.0.0.1:${smtp}`,
      COMPOSER_PORT: String(composer),
      OBJECTS_PORT: String(objects),
      DATABASE_PORT: String(database),
    },
    remove: () => rmSync(dataDir, { recursive: true, force: true }),
  };
}

async function freePorts(count: number): Promise<number[]> {
  const servers = Array.from({ length: count }, () => createServer().listen(0, "127.0.0.1"));
  await Promise.all(servers.map((server) => new Promise((resolve) => server.once("listening", resolve))));
  const ports = servers.map((server) => (server.address() as { port: number }).port);
  await Promise.all(servers.map((server) => new Promise((resolve) => server.close(resolve))));
  return ports;
}

export type Run = {
  child: ChildProcess;
  output(): string;
  /** Waits until it printed this. */
  printed(text: string): Promise<string>;
  /** Waits until it ended; its exit code, or the signal. */
  ended: Promise<number | NodeJS.Signals>;
};

/** Starts a program of the project. */
export function run(
  file: string,
  env: NodeJS.ProcessEnv,
  { uid, args = [] }: { uid?: number; args?: string[] } = {},
): Run {
  const options = { cwd: project, env, ...(uid !== undefined && { uid, gid: uid }) };
  return watch(spawn(process.execPath, [path.join(project, file), ...args], options));
}

/** What `npm run token -- <email>` prints. */
export async function tokenFor({ env }: Place, email: string): Promise<string> {
  const command = run("server/identity/dev_token.ts", env, { args: [email] });
  if ((await command.ended) !== 0) throw new Error(command.output());
  return command.output().trim();
}

/** Starts what a newcomer types. */
export function npm(args: string[], env: NodeJS.ProcessEnv): Run {
  return watch(spawn("npm", args, { cwd: project, env }));
}

function watch(child: ChildProcess): Run {
  let output = "";
  for (const stream of [child.stdout, child.stderr]) {
    stream?.setEncoding("utf8").on("data", (text: string) => {
      output += text;
    });
  }
  let hasEnded = false;
  const ended = new Promise<number | NodeJS.Signals>((resolve) => {
    child.once("close", (code, signal) => {
      hasEnded = true;
      resolve(code ?? signal ?? 1);
    });
  });
  return {
    child,
    ended,
    output: () => output,
    async printed(text) {
      while (!output.includes(text)) {
        if (hasEnded) throw new Error(`It ended without printing "${text}":\n${output}`);
        await sleep(20);
      }
      return output;
    },
  };
}

/** Processes whose environment names this folder, or that run on it: nothing escapes by a new parent. Linux only. */
export function processesOf(dataDir: string): string[] {
  if (process.platform !== "linux") return [];
  return readdirSync("/proc")
    .filter((name) => /^\d+$/.test(name) && Number(name) !== process.pid)
    .flatMap((pid) => {
      const command = read(`/proc/${pid}/cmdline`);
      const here =
        command.includes(dataDir) || read(`/proc/${pid}/environ`).includes(`DATA_DIR=${dataDir}\0`);
      return command && here ? [`${pid} ${command.replaceAll("\0", " ").trim()}`] : [];
    });
}

function read(file: string): string {
  try {
    return readFileSync(file, "utf8");
  } catch {
    return "";
  }
}

export async function isFree(port: number): Promise<boolean> {
  const probe = createServer();
  return new Promise((resolve) => {
    probe.once("error", () => resolve(false));
    probe.listen({ port, host: "127.0.0.1", exclusive: true }, () => probe.close(() => resolve(true)));
  });
}

export async function until<T>(what: () => Promise<T | undefined | false>, within = 10_000): Promise<T> {
  for (const deadline = Date.now() + ifBusy(within); ; await sleep(50)) {
    const found = await what();
    if (found) return found;
    if (Date.now() > deadline) throw new Error(`It did not come true within ${within} ms: ${what}`);
  }
}
