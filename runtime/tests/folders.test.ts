import { mkdtempSync, rmSync, statSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { afterAll, expect, test } from "vitest";
import { makeFolder } from "../folders.ts";

const folder = mkdtempSync(path.join(os.tmpdir(), "restartix-folders-"));
afterAll(() => rmSync(folder, { recursive: true }));

const modeOf = (name: string) => statSync(path.join(folder, name)).mode & 0o777;

test("FND-36: a folder is closed by itself, and not what lies around it", () => {
  makeFolder(path.join(folder, "data", "keys"), { mode: 0o700 });
  expect([modeOf("data/keys"), modeOf("data") & 0o001]).toEqual([0o700, 0o001]);
});
