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
    functions: oneAreaEach(
      sqlFiles(path.join(folder, "functions")).flatMap((file) =>
        functionsIn(readText(file)).map((name): [string, string] => [name, areaOf(file)]),
      ),
    ),
  };
}

/** Functions of one name, whatever their arguments, are of one area. */
function oneAreaEach(found: [name: string, area: string][]): Map<string, string> {
  const areas = new Map<string, string>();
  for (const [name, area] of found) {
    const other = areas.get(name);
    if (other && other !== area)
      throw new SourceError(`${name} is written in db/functions/${other} and in db/functions/${area}.`);
    areas.set(name, area);
  }
  return areas;
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
