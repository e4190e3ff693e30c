/** The areas of the database: a table's is the folder of its policy file, a function's that of its source. */
import path from "node:path";
import { readText } from "../../../runtime/line_ends.ts";
import { SourceError } from "../../../runtime/startup_error.ts";
import { dbFolder, sqlFiles } from "../../migrating/sources.ts";

/** The area of each table by its name without the schema, and of each function by its full name without arguments. */
export type Areas = { tables: Map<string, string>; functions: Map<string, string> };

export function readAreas(folder: string = dbFolder): Areas {
  const areaOf = (file: string) => path.basename(path.dirname(file));
  return {
    tables: new Map(
      sqlFiles(path.join(folder, "policies")).map((file) => [path.basename(file, ".sql"), areaOf(file)]),
    ),
    functions: new Map(
      [...oneFileEach(sqlFiles(path.join(folder, "functions")))].map(([name, file]) => [name, areaOf(file)]),
    ),
  };
}

/** Functions of one name, whatever their arguments, are written in one file: of two, the one that runs last would hold. */
function oneFileEach(files: string[]): Map<string, string> {
  const fileOf = new Map<string, string>();
  for (const file of files)
    for (const name of functionsIn(readText(file))) {
      const other = fileOf.get(name) ?? file;
      if (other !== file)
        throw new SourceError(`${name} is written in ${shortened(other)} and in ${shortened(file)}.`);
      fileOf.set(name, file);
    }
  return fileOf;
}

function shortened(file: string): string {
  return `db/functions/${path.basename(path.dirname(file))}/${path.basename(file)}`;
}

function functionsIn(sql: string): string[] {
  const creations = /^create\s+(?:or\s+replace\s+)?function\s+(\w+\.\w+)\s*\(/gim;
  return [...sql.matchAll(creations)].map(([, name = ""]) => name);
}

let known: Areas | undefined;

/** Those of the project's own sources, read once. */
export function areas(): Areas {
  known ??= readAreas();
  return known;
}
