import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { dbFolder } from "../../migrating/sources.ts";
import { areas } from "../rls/areas.ts";
import type { Mutant } from "./mutants.ts";

/** A mutant that nobody can tell from the original, and why. */
export type Survivor = { kind: string; object: string; reason: string };

const folder = path.join(dbFolder, "tests", "mutants", "survivors");

/** What is written in `survivors/<area>.csv`: kind, object and the reason, quoted where a comma or a quote is in it. */
export function writtenSurvivors(): Survivor[] {
  return readdirSync(folder)
    .filter((file) => file.endsWith(".csv"))
    .flatMap((file) => readCsv(readFileSync(path.join(folder, file), "utf8"), file));
}

function readCsv(text: string, file: string): Survivor[] {
  const [, ...lines] = text.split("\n").filter((line) => line.trim() !== "");
  return lines.map((line) => {
    const [kind, object, reason, ...rest] = [...line.matchAll(/(?:^|,)(?:"((?:[^"]|"")*)"|([^,"]*))/g)].map(
      ([, quoted, plain]) => quoted?.replaceAll('""', '"') ?? plain ?? "",
    );
    if (!kind || !object || !reason?.trim() || rest.length > 0)
      throw new Error(`${file} has a line without kind, object and reason: ${line}`);
    return { kind, object, reason };
  });
}

/** The line that declares a survivor. */
export function asLine({ kind, object }: Mutant, reason: string): string {
  return [kind, object, reason].map((text) => `"${text.replaceAll('"', '""')}"`).join(",");
}

/** The folder below db/functions in whose files a function is written, such as `scheduling`. */
export function areaOf(mutant: Mutant): string | undefined {
  return areas().functions.get(mutant.function?.replace(/\(.*/, "") ?? "");
}
