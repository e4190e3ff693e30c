import { existsSync, writeFileSync } from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { makeFolder } from "../../runtime/folders.ts";
import { runProgram } from "../../runtime/run_program.ts";
import { StartupError } from "../../runtime/startup_error.ts";
import { newTable } from "./new_table.ts";
import { newTask } from "./new_task.ts";
import { newVerb } from "./new_verb.ts";

const project = fileURLToPath(new URL("../..", import.meta.url));

const kinds = { table: newTable, verb: newVerb, task: newTask };

const usage = `npm run db:new -- table <area> <name>    a table with its rights and their test
npm run db:new -- verb <area> <name>     a mutation: one function with its test
npm run db:new -- task <area> <name>     work for the worker: a task, its function in SQL, and tests
Names are in snake_case; a table's is plural.`;

/**
 * Writes what a new table, verb or task needs into the folders where such things are, red until it is decided: its
 * tests fail, and so does the lint, until somebody has said what it holds and who may do what. Overwrites nothing.
 * Throws a StartupError that says what is wrong with a name.
 */
export function writeNew(
  [kind = "", area = "", name = ""]: string[],
  folder: string = project,
): { written: string[]; next: string[] } {
  if (!(kind in kinds) || ![area, name].every((word) => /^[a-z][a-z0-9_]*$/.test(word)))
    throw new StartupError(usage);
  const { files, next } = kinds[kind as keyof typeof kinds](area, name, folder);
  const there = files.find(({ file }) => existsSync(path.join(folder, file)));
  if (there) throw new StartupError(`${there.file} is there already.`);
  for (const { file, text } of files) {
    const target = path.join(folder, file);
    makeFolder(path.dirname(target));
    writeFileSync(target, text);
  }
  return { written: files.map(({ file }) => file), next };
}

if (import.meta.main) {
  await runProgram(async () => {
    const { written, next } = writeNew(process.argv.slice(2));
    for (const file of written) console.log(`wrote ${file}`);
    console.log(`\nNext:\n${next.map((step, i) => `${i + 1}. ${step}`).join("\n")}`);
    return 0;
  });
}
