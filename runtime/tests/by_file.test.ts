import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { pathToFileURL } from "node:url";
import { afterEach, beforeEach, expect, test } from "vitest";
import { byFile } from "../by_file.ts";

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(path.join(os.tmpdir(), "by-file-"));
});
afterEach(() => rmSync(folder, { recursive: true }));

const isNumber = (found: unknown): found is number => typeof found === "number";
const write = (name: string, text: string) => writeFileSync(path.join(folder, name), text);
const read = () => byFile(pathToFileURL(`${folder}${path.sep}`), isNumber, "a number");

test("each file of the folder is one, by its name", async () => {
  write("two.ts", "export default 2;");
  write("one.ts", "export default 1;");
  write("README.md", "None of them.");
  const found = await read();
  expect(Object.entries(found)).toEqual([
    ["one", 1],
    ["two", 2],
  ]);
});

test.each([
  ["something else", 'export default "two";'],
  ["nothing by default", "export const two = 2;"],
  ["nothing at all", ""],
])("a file that exports %s is named", async (_, text) => {
  write("one.ts", "export default 1;");
  write("two.ts", text);
  await expect(read()).rejects.toThrow("two.ts does not export a number by default");
});
