// The embedded database starts by itself, says in one line why it cannot, and survives being killed. FND-30.
// Starts processes: servers are started, refused and killed; that is what is tested.
import { type ChildProcess, spawn } from "node:child_process";
import {
  chmodSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { createServer } from "node:net";
import os from "node:os";
import path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { describe, expect, onTestFinished, test } from "vitest";
import { StartupError } from "../../../runtime/startup_error.ts";
import { type EmbeddedOptions, findRunning, startEmbedded } from "../../embedded/server.ts";
import { withClient } from "../../migrating/prepare.ts";
import { temporaryFolder } from "./sample.ts";

const isRoot = process.getuid?.() === 0;

/** A folder that the database user may enter, as a project's .data is. */
function dataFolder(): string {
  const folder = temporaryFolder();
  chmodSync(folder, 0o755);
  return path.join(folder, "postgres");
}

async function start(options: EmbeddedOptions) {
  const server = await startEmbedded({ port: 0, ...options });
  onTestFinished(() => server.stop());
  return server;
}

/** The one line with which a start is refused. */
async function refusal(options: EmbeddedOptions): Promise<string> {
  const error = await startEmbedded({ port: 0, ...options }).then(
    async (server) => {
      await server.stop();
      throw new Error("it started");
    },
    (error: unknown) => error,
  );
  expect(error).toBeInstanceOf(StartupError);
  const { message } = error as StartupError;
  expect(message).not.toContain("\n");
  return message;
}

/** Starts a server in a process of its own, to be killed. */
async function startElsewhere(
  ...args: string[]
): Promise<{ parent: ChildProcess; pid: number; adminUrl: string }> {
  const parent = spawn(process.execPath, [path.join(import.meta.dirname, "start_server.ts"), ...args], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  onTestFinished(() => {
    parent.kill("SIGKILL");
  });
  const line = await new Promise<string>((resolve, reject) => {
    parent.stdout?.setEncoding("utf8").once("data", resolve);
    parent.once("exit", (code) => reject(new Error(`it ended with ${code}`)));
  });
  return { parent, ...JSON.parse(line) };
}

async function kill(pid: number): Promise<void> {
  process.kill(pid, "SIGKILL");
  for (let waited = 0; waited < 100 && isAlive(pid); waited++) await sleep(20);
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    // In a container nobody may reap what was killed: such a process has no command line any more.
    return process.platform !== "linux" || readFileSync(`/proc/${pid}/cmdline`, "utf8") !== "";
  } catch {
    return false;
  }
}

const mark = (url: string) => withClient(url, (client) => client.query("create table mark ()"));
const hasMark = (url: string) =>
  withClient(
    url,
    async (client) => (await client.query("select to_regclass('mark') as mark")).rows[0].mark !== null,
  );

describe("a start", () => {
  test("makes the data folder for the server's eyes only, keeps its data, and leaves nothing in the temporary folder", async () => {
    const dataDir = dataFolder();
    const first = await startEmbedded({ dataDir, port: 0 });
    await mark(first.adminUrl);
    expect(await findRunning(dataDir)).toEqual({ adminUrl: first.adminUrl, pid: first.pid });
    await first.stop();
    expect(await findRunning(dataDir)).toBeUndefined();
    expect(isAlive(first.pid)).toBe(false);
    expect(existsSync(first.socketDir)).toBe(false);
    expect(statSync(dataDir).mode & 0o777).toBe(0o700);
    expect(statSync(path.join(dataDir, "..", "secrets.json")).mode & 0o777).toBe(0o600);

    const second = await start({ dataDir });
    expect(await hasMark(second.adminUrl)).toBe(true);
  });

  test("asks for the password on every door", async () => {
    const { adminUrl, socketDir, port } = await start({ temporary: true });
    const wrong = new URL(adminUrl);
    wrong.password = "wrong";
    await expect(withClient(wrong.href, async () => "in")).rejects.toThrow(/password authentication failed/);
    const socket = `postgres://postgres:wrong@/postgres?host=${encodeURIComponent(socketDir)}&port=${port}`;
    await expect(withClient(socket, async () => "in")).rejects.toThrow();
  });

  test("a temporary server leaves nothing behind", async () => {
    const before = readdirSync(os.tmpdir()).filter((name) => name.includes(`temporary-${process.pid}-`));
    const server = await startEmbedded({ temporary: true });
    await server.stop();
    const after = readdirSync(os.tmpdir()).filter((name) => name.includes(`temporary-${process.pid}-`));
    expect(after).toEqual(before);
    expect(existsSync(server.socketDir)).toBe(false);
  });
});

describe("a start is refused in one line", () => {
  test("when the port is taken, naming the variable to set", async () => {
    const other = createServer();
    const port = await new Promise<number>((resolve) =>
      other.listen(0, "127.0.0.1", () => resolve((other.address() as { port: number }).port)),
    );
    onTestFinished(() => void other.close());
    expect(await refusal({ dataDir: dataFolder(), port })).toBe(
      `Port ${port} is taken by another program: set DATABASE_PORT to a free one.`,
    );
  });

  test("when another living process has the database, and that one is left running", async () => {
    const dataDir = dataFolder();
    const { parent, adminUrl } = await startElsewhere(dataDir);
    expect(await refusal({ dataDir })).toContain(`is in use by process ${parent.pid}`);
    await mark(adminUrl);
    parent.kill("SIGTERM");
  });

  test("when the folder cannot be written", async () => {
    const folder = temporaryFolder();
    writeFileSync(path.join(folder, "file"), "");
    expect(await refusal({ dataDir: path.join(folder, "file", "postgres") })).toMatch(
      /^Cannot make .*file: give this user write permission there\.$/,
    );
  });

  test("when the folder holds something else, which stays", async () => {
    const dataDir = dataFolder();
    mkdirSync(dataDir);
    writeFileSync(path.join(dataDir, "photo.jpg"), "");
    expect(await refusal({ dataDir })).toContain("is not empty and holds no PostgreSQL data");
    expect(readdirSync(dataDir)).toEqual(["photo.jpg"]);
  });

  test("when the data is of another version of PostgreSQL", async () => {
    const dataDir = dataFolder();
    mkdirSync(dataDir);
    writeFileSync(path.join(dataDir, "PG_VERSION"), "17\n");
    expect(await refusal({ dataDir })).toContain("was written by PostgreSQL 17, this is 18");
  });

  test("when secrets.json is not the one that belongs to the data", async () => {
    const dataDir = dataFolder();
    await (await startEmbedded({ dataDir, port: 0 })).stop();
    rmSync(path.join(dataDir, "..", "secrets.json"));
    expect(await refusal({ dataDir })).toMatch(/secrets\.json does not hold the password of/);
  });

  test.skipIf(!isRoot)(
    "when root's server cannot enter the project, naming the folder (only root has this problem)",
    async () => {
      const folder = temporaryFolder();
      chmodSync(folder, 0o700);
      mkdirSync(path.join(folder, "project"));
      expect(await refusal({ dataDir: path.join(folder, "project", ".data", "postgres") })).toMatch(
        new RegExp(`cannot enter ${folder}: run "chmod o\\+x ${folder}", or move the project elsewhere\\.$`),
      );
    },
  );
});

describe("after kill -9", () => {
  test("of the server, the next start recovers what was committed", async () => {
    const dataDir = dataFolder();
    const { parent, pid, adminUrl } = await startElsewhere(dataDir);
    await mark(adminUrl);
    await kill(pid);
    await kill(parent.pid as number);
    const again = await start({ dataDir });
    expect(await hasMark(again.adminUrl)).toBe(true);
  });

  test("of its parent, the next start stops the server that was left, and takes the same port", async () => {
    const dataDir = dataFolder();
    const { parent, pid, adminUrl } = await startElsewhere(dataDir);
    await mark(adminUrl);
    await kill(parent.pid as number);
    expect(isAlive(pid)).toBe(true);
    const again = await start({ dataDir, port: Number(new URL(adminUrl).port) });
    expect(isAlive(pid)).toBe(false);
    expect(await hasMark(again.adminUrl)).toBe(true);
  });

  test("of a test run, the next run ends its temporary server and removes its files", async () => {
    const { parent, pid } = await startElsewhere();
    const left = () => readdirSync(os.tmpdir()).filter((name) => name.includes(`temporary-${parent.pid}-`));
    await kill(parent.pid as number);
    expect(left()).toHaveLength(1);
    await start({ temporary: true });
    expect(left()).toEqual([]);
    for (let waited = 0; waited < 100 && isAlive(pid); waited++) await sleep(20);
    expect(isAlive(pid)).toBe(false);
  });

  test("a stale postmaster.pid whose number now belongs to another process does not stop the start, nor that process", async () => {
    const dataDir = dataFolder();
    await (await startEmbedded({ dataDir, port: 0 })).stop();
    const bystander = spawn("sleep", ["60"]);
    onTestFinished(() => void bystander.kill());
    writeFileSync(
      path.join(dataDir, "postmaster.pid"),
      `${bystander.pid}\n${dataDir}\n0\n5432\n\n\n\nready   \n`,
    );
    await start({ dataDir });
    expect(bystander.exitCode).toBeNull();
  });
});
