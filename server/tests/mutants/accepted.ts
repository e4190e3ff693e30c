import { readdirSync, readFileSync } from "node:fs";
import type { Mutant } from "./mutants.ts";

/** A mutant that nobody notices, and why that is right. */
export type Accepted = Pick<Mutant, "file" | "kind" | "inside" | "was" | "becomes"> & {
  nth: number;
  why: string;
};

const columns = ["file", "kind", "inside", "was", "becomes", "nth", "why"] as const;

const folder = new URL("./accepted/", import.meta.url);

/** What stands in `accepted/<room>.csv`. */
export function readAccepted(): Accepted[] {
  return readdirSync(folder).flatMap((file) => readCsv(readFileSync(new URL(file, folder), "utf8"), file));
}

/** Fields with commas or quotes stand in quotes, a quote is written twice; no field has a line break. */
function readCsv(text: string, name: string): Accepted[] {
  const [head, ...lines] = text.split("\n").filter((line) => line !== "");
  if (head !== columns.join(",")) throw new Error(`${name} begins with ${columns.join(",")}`);
  return lines.map((line) => {
    const fields = [...line.matchAll(/(?:^|,)(?:"((?:[^"]|"")*)"|([^,]*))/g)].map(
      ([, quoted, plain]) => quoted?.replaceAll('""', '"') ?? plain ?? "",
    );
    if (fields.length !== columns.length) throw new Error(`${name}: not ${columns.length} fields: ${line}`);
    const [file = "", kind, inside = "", was = "", becomes = "", nth, why = ""] = fields;
    return { file, kind: kind as Mutant["kind"], inside, was, becomes, nth: Number(nth), why };
  });
}

/** A mutant as a line of the list, to be copied there; the reason is for people to write. */
export function lineOf({ file, kind, inside, was, becomes, nth }: Mutant, why = ""): string {
  const quoted = (field: string) => (/[",]/.test(field) ? `"${field.replaceAll('"', '""')}"` : field);
  return [file, kind, inside, was, becomes, String(nth), why].map(quoted).join(",");
}

/** What a mutant is known by, wherever it has moved in its file. */
export function nameOf({ file, kind, inside, was, becomes, nth }: Omit<Accepted, "why">): string {
  return JSON.stringify([file, kind, inside, was, becomes, nth]);
}
