import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import { keptSecret } from "../kept_secret.ts";

const root = mkdtempSync(path.join(os.tmpdir(), "restartix-kept-"));
afterAll(() => rmSync(root, { recursive: true }));
const never = () => {
  throw new Error("made once more");
};

describe("a secret of this machine (FND-28)", () => {
  test("is made once, for its owner alone, whatever the umask", () => {
    const file = path.join(root, "once", "secret");
    const before = process.umask(0o277);
    try {
      expect(keptSecret(file, () => "ours")).toBe("ours");
    } finally {
      process.umask(before);
    }
    expect(statSync(file).mode & 0o777).toBe(0o600);
    expect(readdirSync(path.dirname(file))).toEqual(["secret"]);
    expect(keptSecret(file, never)).toBe("ours");
  });

  test("is that of whoever was faster", () => {
    const file = path.join(root, "race", "secret");
    const made = () => {
      writeFileSync(file, "theirs");
      return "ours";
    };
    expect(keptSecret(file, made)).toBe("theirs");
    expect(statSync(path.dirname(file)).mode & 0o777).toBe(0o700);
    expect(readFileSync(file, "utf8")).toBe("theirs");
    expect(readdirSync(path.dirname(file))).toEqual(["secret"]);
  });

  test("is not made where one is that cannot be read", () => {
    const file = path.join(root, "folder", "secret");
    mkdirSync(file, { recursive: true });
    expect(() => keptSecret(file, never)).toThrow("EISDIR");
  });
});
