// Starts processes: the compiler checks the client as a browser's, and Node runs it as it is.
import { execFile } from "node:child_process";
import { readFileSync } from "node:fs";
import path from "node:path";
import { promisify } from "node:util";
import { gzipSync } from "node:zlib";
import { build, type Rolldown } from "vite";
import { expect, test } from "vitest";

// FND-29: the client is run as it is written, by Node and by a bundler, and needs neither's world.

const client = path.join(import.meta.dirname, "..");
const root = path.join(client, "..");
const run = promisify(execFile);

test("it type-checks with the types of a browser and none of Node", async () => {
  const tsc = path.join(root, "node_modules", ".bin", "tsc");
  const { stdout } = await run(tsc, ["--noEmit", "--project", client], { cwd: root });
  expect(stdout).toBe("");
});

test("Node runs it without a build, under the name of its package", async () => {
  const program = `import { createClient, uuid } from "@restartix/client"; console.log(typeof createClient, typeof uuid);`;
  const args = ["--input-type=module-typescript", "--eval", program];
  const { stdout, stderr } = await run(process.execPath, args, { cwd: client });
  expect([stdout, stderr]).toEqual(["function function\n", ""]);
});

test("a bundler makes something small of it, with nothing of Node in it", async () => {
  const built = await build({
    root: client,
    logLevel: "error",
    configFile: false,
    build: {
      write: false,
      rolldownOptions: { input: path.join(client, "index.ts"), preserveEntrySignatures: "strict" },
    },
  });
  const { output } = built as Rolldown.RolldownOutput;
  const [{ code, imports }] = output;
  expect(imports).toEqual([]);
  expect(/\bprocess\.|\bBuffer\b|\brequire\(/.test(code)).toBe(false);
  const bytes = gzipSync(code).length;
  expect(bytes).toBeGreaterThan(1_000);
  expect(bytes).toBeLessThan(10_000);
});

test("its package is named and versioned for a frontend that installs it by its path", () => {
  const { name, exports, version } = JSON.parse(readFileSync(path.join(client, "package.json"), "utf8"));
  expect(name).toBe("@restartix/client");
  expect(exports).toEqual({ ".": "./index.ts" });
  expect(version).toMatch(/^\d+\.\d+\.\d+$/);
});
