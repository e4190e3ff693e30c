// Starts processes: the store is asked as the process that npm start makes of it.
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import path from "node:path";
import { text } from "node:stream/consumers";
import { fileURLToPath } from "node:url";
import { afterEach, beforeEach, describe, expect, test } from "vitest";

const main = fileURLToPath(new URL("../embedded/main.ts", import.meta.url));

let cwd: string;
let child: ChildProcess | undefined;
beforeEach(() => {
  cwd = mkdtempSync(path.join(tmpdir(), "restartix-objects-"));
});
afterEach(async () => {
  if (child && child.exitCode === null && child.signalCode === null) {
    child.kill("SIGKILL");
    await once(child, "exit");
  }
  rmSync(cwd, { recursive: true });
});

/** Runs it, or something else, in a folder of its own; what it says is there when it has ended. */
function start(env: Record<string, string>, args: string[] = [main]) {
  const started = spawn(process.execPath, args, {
    cwd,
    env: { ...process.env, DATA_DIR: "", ...env },
    stdio: ["ignore", "pipe", "pipe", "ipc"],
  });
  child = started;
  const ended = Promise.all([
    once(started, "exit").then(([code]) => code as number | null),
    text(started.stdout as NonNullable<typeof started.stdout>),
    text(started.stderr as NonNullable<typeof started.stderr>),
  ]);
  return { started, ended, ready: once(started, "message") };
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, "close");
  return port;
}

describe("the embedded store as a process of its own (FND-30)", () => {
  test.each([
    ["SIGTERM", (started: ChildProcess) => started.kill("SIGTERM")],
    ["SIGINT", (started: ChildProcess) => started.kill("SIGINT")],
    ["the end of whoever started it", (started: ChildProcess) => started.disconnect()],
  ])("it says where it is and answers, and %s ends it", async (_, leave) => {
    const port = await freePort();
    const { started, ready, ended } = start({ OBJECTS_PORT: String(port) });
    expect((await ready)[0]).toBe("ready");
    expect((await fetch(`http://127.0.0.1:${port}/restartix/a`)).status).toBe(403);
    expect(existsSync(path.join(cwd, ".data", "objects", "credentials.json"))).toBe(true);
    leave(started);
    expect(await ended).toEqual([0, `Objects: http://localhost:${port}\n`, ""]);
  });

  test("its data lies where DATA_DIR says", async () => {
    const { started, ready, ended } = start({
      OBJECTS_PORT: String(await freePort()),
      DATA_DIR: "elsewhere",
    });
    await ready;
    expect(existsSync(path.join(cwd, "elsewhere", "objects", "credentials.json"))).toBe(true);
    expect(existsSync(path.join(cwd, ".data"))).toBe(false);
    started.kill("SIGTERM");
    await ended;
  });

  test("a port that is taken and one that is none are told in a line", async () => {
    const server = createServer().listen(0, "127.0.0.1");
    await once(server, "listening");
    const { port } = server.address() as AddressInfo;
    const taken = `Port ${port} is taken: set OBJECTS_PORT.\n`;
    expect(await start({ OBJECTS_PORT: String(port) }).ended).toEqual([1, "", taken]);
    server.close();
    const none = "OBJECTS_PORT must be a port number between 1 and 65535.\n";
    expect(await start({ OBJECTS_PORT: "x" }).ended).toEqual([1, "", none]);
  });

  test("what nobody foresaw is told with all that is known of it", async () => {
    mkdirSync(path.join(cwd, ".data", "objects"), { recursive: true });
    writeFileSync(path.join(cwd, ".data", "objects", "restartix"), "a file where a folder should be");
    const told = expect.stringContaining("code: 'ENOTDIR'");
    expect(await start({ OBJECTS_PORT: String(await freePort()) }).ended).toEqual([1, "", told]);
  });

  test("reading its source starts nothing", async () => {
    const reading = [
      "--input-type=module",
      "-e",
      `await import(${JSON.stringify(main)}); process.disconnect()`,
    ];
    expect(await start({ OBJECTS_PORT: "x" }, reading).ended).toEqual([0, "", ""]);
  });
});
