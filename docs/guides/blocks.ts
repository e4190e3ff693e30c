import { readFileSync } from "node:fs";
import path from "node:path";

/** A block of code in a guide: ```sql place. */
export type Block = { kind: string; tag: string; text: string };

/** The blocks of a guide, in their order. */
export function blocksOf(guide: string): Block[] {
  const text = readFileSync(path.join(import.meta.dirname, guide), "utf8");
  return [...text.matchAll(/^```(\w+) ?(.*)\n([\s\S]*?)^```$/gm)].map(
    ([, kind = "", tag = "", code = ""]) => ({
      kind,
      tag,
      text: code,
    }),
  );
}

/** What a guide says is printed, with `…` for anything. */
export function shown(text: string): RegExp {
  return new RegExp(`^${text.split("…").map(RegExp.escape).join(".*")}$`);
}
