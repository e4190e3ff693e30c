import { readFileSync } from "node:fs";
import path from "node:path";
import { project } from "../start/support.ts";

const guide = readFileSync(path.join(project, "docs", "guides", "operators.md"), "utf8");

/** The commands of the operators' guide under one word: ```sh word. A guide that lost them is an error. */
export function commandsOf(word: string): string[] {
  const blocks = [...guide.matchAll(/^```sh (\w+)\n([\s\S]*?)^```$/gm)];
  const found = blocks.filter(([, tag]) => tag === word).map(([, , text]) => text as string);
  if (found.length === 0) throw new Error(`the operators' guide holds no commands under ${word}`);
  return found;
}

/** Blocks of another kind: ini settings, conf of PostgreSQL. */
export function blocksOf(kind: "ini" | "conf"): string[] {
  return [...guide.matchAll(new RegExp(`^\`\`\`${kind}\\n([\\s\\S]*?)^\`\`\`$`, "gm"))].map(
    ([, text]) => text as string,
  );
}
