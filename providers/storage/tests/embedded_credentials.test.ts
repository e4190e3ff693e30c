import { once } from "node:events";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { Worker } from "node:worker_threads";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { ConfigError } from "../../../runtime/config_error.ts";
import { openCredentials } from "../embedded/credentials.ts";

let dataDir: string;
let file: string;
beforeEach(() => {
  dataDir = mkdtempSync(path.join(tmpdir(), "restartix-credentials-"));
  mkdirSync(path.join(dataDir, "objects"));
  file = path.join(dataDir, "objects", "credentials.json");
});
afterEach(() => rmSync(dataDir, { recursive: true }));

const keys = (id: number, secret: number) => ({
  accessKeyId: "i".repeat(id),
  secretAccessKey: "s".repeat(secret),
});

describe("the key of the embedded store is read from its file (FND-30)", () => {
  test("one of 16 and 32 letters is long enough", () => {
    writeFileSync(file, JSON.stringify(keys(16, 32)));
    expect(openCredentials(dataDir)).toEqual(keys(16, 32));
  });

  test.each([JSON.stringify(keys(15, 32)), JSON.stringify(keys(16, 31)), "{"])("%s is none", (text) => {
    writeFileSync(file, text);
    expect(() => openCredentials(dataDir)).toThrow(
      new ConfigError(`${file} must hold the store's key: remove it, and a new one is made.`),
    );
  });

  test("one that another process is just writing is waited for", async () => {
    writeFileSync(file, "");
    const writer = new Worker(
      `const { parentPort, workerData } = require("node:worker_threads");
       parentPort.postMessage("here");
       Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 80);
       require("node:fs").writeFileSync(workerData.file, workerData.text);`,
      { eval: true, workerData: { file, text: JSON.stringify(keys(16, 32)) } },
    );
    await once(writer, "message");
    expect(openCredentials(dataDir)).toEqual(keys(16, 32));
    await writer.terminate();
  });
});
