import { readFileSync } from "node:fs";

/** One operation of the story that the README tells. */
export type Step = {
  name: string;
  /** What the README says before it. */
  words: string;
  operation: string;
  /** Whose token it is run with: a persona, or the address of a guest. A visitor has none. */
  as?: string;
  /** Its variables as the README shows them, with what to put there between < and >. */
  variables?: string;
};

const readme = new URL("../../README.md", import.meta.url);
const block = /(?<words>[\s\S]*?)^```(?<kind>\w+)(?: (?<as>\S+))?\n(?<text>[\s\S]*?)^```$/gm;

/**
 * The booking of the README, operation by operation. The README is its one source: a block of GraphQL is a step, named
 * as whom it is run behind the word `graphql`, and the block of JSON after it holds its variables.
 */
export function readStory(text = readFileSync(readme, "utf8")): Step[] {
  const steps: Step[] = [];
  const section = /^## A booking.*\n([\s\S]*?)^## /m.exec(text)?.[1] ?? "";
  for (const { groups = {} } of section.matchAll(block)) {
    const { words = "", kind, as, text: content = "" } = groups;
    const last = steps.at(-1);
    if (kind === "graphql") {
      const name = /^(?:query|mutation) (\w+)/.exec(content)?.[1] ?? "";
      steps.push({ name, words: plain(words), operation: content, ...(as && { as }) });
    } else if (kind === "json" && last) {
      last.variables = JSON.stringify(JSON.parse(content), null, 2);
    }
  }
  return steps;
}

/** Without the marks of Markdown. */
function plain(words: string): string {
  return words
    .replaceAll(/\[([^\]]*)\]\([^)]*\)/g, "$1")
    .replaceAll(/\*\*|`/g, "")
    .trim();
}
