import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { buffer } from "node:stream/consumers";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { Refused } from "../embedded/answers.ts";
import { Disk } from "../embedded/disk.ts";

let folder: string;
let disk: Disk;
beforeEach(async () => {
  folder = mkdtempSync(path.join(tmpdir(), "restartix-disk-"));
  disk = await Disk.open(folder);
});
afterEach(() => rmSync(folder, { recursive: true }));

async function* pieces(text: string): AsyncIterable<Buffer> {
  for (const letter of text) yield Buffer.from(letter);
}
const facts = { contentType: "a/b", etag: '"e"' };
const put = (key: string, text: string, { seal = () => facts, ifAbsent = false } = {}) =>
  disk.put(key, pieces(text), { seal, ifAbsent });
const textOf = async (key: string) => {
  const { size } = await disk.find(key);
  return (await buffer(disk.read(key, { first: 0, last: size - 1 }))).toString();
};
const drafts = () => readdirSync(path.join(folder, ".incoming"));

describe("objects are files of a folder (FND-13, FND-30)", () => {
  test("a later write replaces the object, unless it is to be the first", async () => {
    await put("a/b", "first");
    await put("a/b", "second");
    expect(await textOf("a/b")).toBe("second");
    await expect(put("a/b", "third", { ifAbsent: true })).rejects.toMatchObject({
      code: "PreconditionFailed",
    });
    expect(await textOf("a/b")).toBe("second");
  });

  test("a file from before is read: 512 bytes of facts, and then the object", async () => {
    writeFileSync(path.join(folder, "old.object"), `${JSON.stringify(facts).padEnd(512)}from before`);
    expect(await disk.find("old")).toMatchObject({ ...facts, size: 11 });
    expect(await textOf("old")).toBe("from before");
  });

  test("of a write nothing is left but the object, whatever comes of it", async () => {
    await put("a", "x", { ifAbsent: true });
    await put("b", "x");
    await expect(put("a", "y", { ifAbsent: true })).rejects.toThrow();
    const seal = () => {
      throw new Refused("BadDigest", "no");
    };
    await expect(put("c", "z", { seal })).rejects.toMatchObject({ code: "BadDigest" });
    expect(drafts()).toEqual([]);
    expect(readdirSync(folder).sort()).toEqual([".incoming", "a.object", "b.object"]);
  });

  test.runIf(existsSync("/proc/self/fd"))("no file stays open", async () => {
    const open = () => readdirSync("/proc/self/fd").length;
    await put("a", "x");
    const before = open();
    for (let round = 0; round < 20; round++) {
      await put("a", "x");
      await disk.find("a");
    }
    expect(open() - before).toBeLessThan(10);
  });

  test("what is still coming in is not listed, nor is a folder", async () => {
    await put("a", "x");
    writeFileSync(path.join(folder, ".incoming", "half-of-one"), "x");
    mkdirSync(path.join(folder, "b.object"));
    expect((await disk.list("", "", 10)).keys.map(({ key }) => key)).toEqual(["a"]);
  });

  test("what cannot be deleted is a failure, and what is not there is none", async () => {
    mkdirSync(path.join(folder, "b.object"));
    await expect(disk.delete("b")).rejects.toThrow();
    await disk.delete("nothing");
  });
});
