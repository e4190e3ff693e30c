/**
 * Holds the requirement registry and the tests together.
 *
 * Prints each requirement with its state and its tests, and fails when the two disagree (README.md beside this
 * file lists the rules). `--check` prints only what is wrong and one closing line.
 */
import { readdirSync, readFileSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import { fileURLToPath } from "node:url";

export type Requirement = {
  id: string;
  text: string;
  state: "open" | "partial" | "done";
  /** What a partial row still misses, in words. */
  missing: string;
};

export type Proof = {
  file: string;
  title: string;
  ids: string[];
  /** The test shows that something is refused, hidden or left undone. */
  refuses: boolean;
};

const ID = /\b[A-Z]{3}-\d{2}\b/g;
const ROW = /^\|\s*([A-Z]{3}-\d{2})\s*\|(.*)\|([^|]*)\|\s*$/;
const REFUSAL =
  /\b(refus\w*|reject\w*|den(y|ies|ied)|forbid\w*|cannot|can't|never|not|no|none|nothing|nobody|only|without|hidden|invisible|fails?|stops?|keeps? out)\b/i;
const SQL_ASSERTS_AN_ERROR = /\bthrows_(ok|like|ilike|matching|imatching)\s*\(/;

/** Reads the tables of one registry file; says what is wrong instead of guessing. */
export function readRequirements(markdown: string): { requirements: Requirement[]; problems: string[] } {
  const requirements: Requirement[] = [];
  const problems: string[] = [];
  for (const line of markdown.split("\n")) {
    if (!/^\|\s*[A-Z]{3}-\d/.test(line)) continue;
    const row = ROW.exec(line);
    if (!row) {
      problems.push(`unreadable row: ${line.slice(0, 60)}`);
      continue;
    }
    const [, id = "", text = "", cell = ""] = row;
    const state = /^(open|done|partial: *(\S.*))$/.exec(cell.trim());
    if (!state) {
      problems.push(
        `${id}: "${cell.trim()}" is no state (open, done, or partial: followed by what is missing)`,
      );
      continue;
    }
    requirements.push({
      id,
      text: text.trim(),
      state: state[2] ? "partial" : (state[1] as "open" | "done"),
      missing: state[2] ?? "",
    });
  }
  return { requirements, problems };
}

/** One proof per SQL test file: the comment on top names what it proves. */
export function readSqlTest(file: string, sql: string): Proof[] {
  const header = leadingComment(sql, /^\s*--/);
  const title = header[0]?.replace(/^\s*--\s*(Test:\s*)?/, "") ?? "";
  const ids = idsIn(header.join("\n"));
  if (ids.length === 0) return [];
  const words = `${header.join(" ")} ${(file.split("/").pop() ?? "").replaceAll("_", " ")}`;
  return [{ file, title, ids, refuses: REFUSAL.test(words) || SQL_ASSERTS_AN_ERROR.test(sql) }];
}

/** One proof per test title; IDs of the describes around it and of the file's opening comment count for it too. */
export function readTypeScriptTest(file: string, source: string): Proof[] {
  const fileIds = idsIn(leadingComment(source, /^\s*(\/\/|\/\*|\*)/).join("\n"));
  const lines = source.split("\n");
  const open: { indent: number; ids: string[]; title: string; skipped: boolean }[] = [];
  const proofs: Proof[] = [];
  let offset = 0;
  for (const line of lines) {
    const indent = line.length - line.trimStart().length;
    // The formatter closes a describe at the indentation it was opened with.
    while (line.trim() !== "" && open.length > 0 && indent <= (open.at(-1)?.indent ?? -1)) open.pop();
    const call = /^\s*(test|it|describe)((?:\.\w+)*)\s*\(/.exec(line);
    if (call) {
      const [head, kind, modifiers = ""] = call;
      const title = titleAfter(source, offset + head.length, /\.(each|for|skipIf|runIf)\b/.test(modifiers));
      const skipped = /\.(skip|todo)\b/.test(modifiers) || open.some((scope) => scope.skipped);
      const ids = [...new Set([...fileIds, ...open.flatMap((scope) => scope.ids), ...idsIn(title)])];
      if (kind === "describe") open.push({ indent, ids: idsIn(title), title, skipped });
      else if (!skipped && ids.length > 0) {
        const words = [...open.map((scope) => scope.title), title].join(" ");
        proofs.push({ file, title, ids, refuses: REFUSAL.test(words) });
      }
    }
    offset += line.length + 1;
  }
  return proofs;
}

/** What is wrong between the registry and the tests, one sentence each. */
export function disagreements(requirements: Requirement[], proofs: Proof[]): string[] {
  const problems: string[] = [];
  const known = new Map<string, Requirement>();
  for (const requirement of requirements) {
    if (known.has(requirement.id)) problems.push(`${requirement.id} stands in the registry twice`);
    known.set(requirement.id, requirement);
  }
  for (const proof of proofs) {
    for (const id of proof.ids.filter((id) => !known.has(id))) {
      problems.push(`${proof.file} names ${id}, which is not in the registry`);
    }
  }
  for (const { id, state } of known.values()) {
    const own = proofs.filter((proof) => proof.ids.includes(id));
    if (state === "open" && own.length > 0) {
      problems.push(
        `${id} is open although ${own[0]?.file} names it: say partial, with what is missing, or done`,
      );
    }
    if (state !== "open" && own.length === 0) problems.push(`${id} is ${state} and no test names it`);
    if (state === "done" && own.length > 0 && !own.some((proof) => proof.refuses)) {
      problems.push(`${id} is done and none of its tests proves a refusal`);
    }
  }
  return problems;
}

function idsIn(text: string): string[] {
  return [...new Set(text.match(ID) ?? [])];
}

function leadingComment(source: string, comment: RegExp): string[] {
  const lines = source.split("\n");
  const end = lines.findIndex((line) => !comment.test(line));
  return lines.slice(0, end === -1 ? lines.length : end);
}

/** The string literal that starts the argument list; `curried` skips the first list, as in test.each(rows)("…"). */
function titleAfter(source: string, start: number, curried: boolean): string {
  let at = start;
  if (curried) {
    at = afterClosingParenthesis(source, at);
    while (at < source.length && source[at] !== "(") at += 1;
    at += 1;
  }
  const literal = /^\s*(["'`])((?:\\.|(?!\1)[^\\])*)\1/s.exec(source.slice(at, at + 2000));
  return literal?.[2] ?? "";
}

function afterClosingParenthesis(source: string, start: number): number {
  let depth = 1;
  let quote = "";
  for (let at = start; at < source.length; at += 1) {
    const character = source[at] ?? "";
    if (quote) {
      if (character === "\\") at += 1;
      else if (character === quote) quote = "";
    } else if (`"'\``.includes(character)) quote = character;
    else if (character === "(") depth += 1;
    else if (character === ")") {
      depth -= 1;
      if (depth === 0) return at + 1;
    }
  }
  return source.length;
}

function testFiles(root: string): string[] {
  return readdirSync(root, { withFileTypes: true }).flatMap((entry) => {
    if (entry.name === "node_modules" || entry.name.startsWith(".")) return [];
    const path = join(root, entry.name);
    if (entry.isDirectory()) return testFiles(path);
    return /\.(test\.(sql|ts)|cases\.ts)$/.test(entry.name) ? [path] : [];
  });
}

function main(): void {
  const here = dirname(fileURLToPath(import.meta.url));
  const root = join(here, "../..");
  const registry = readdirSync(here).filter((name) => name.endsWith(".md") && name !== "README.md");
  const parsed = registry.map((name) => readRequirements(readFileSync(join(here, name), "utf8")));
  const requirements = parsed.flatMap((file) => file.requirements);
  const proofs = testFiles(root).flatMap((path) => {
    const read = path.endsWith(".sql") ? readSqlTest : readTypeScriptTest;
    return read(relative(root, path), readFileSync(path, "utf8"));
  });
  const problems = [...parsed.flatMap((file) => file.problems), ...disagreements(requirements, proofs)];

  if (!process.argv.includes("--check")) {
    for (const { id, state, missing } of requirements) {
      const own = proofs.filter((proof) => proof.ids.includes(id));
      const files = [...new Set(own.map((proof) => proof.file))];
      console.log(
        `${id}  ${state.padEnd(7)}  ${String(own.length).padStart(3)} tests${missing && `  missing: ${missing}`}`,
      );
      for (const file of files) console.log(`${" ".repeat(10)}${file}`);
    }
    console.log();
  }
  for (const problem of problems) console.error(problem);
  const count = (state: Requirement["state"]) => requirements.filter((row) => row.state === state).length;
  console.log(
    `${requirements.length} requirements: ${count("done")} done, ${count("partial")} partial, ${count("open")} open; ` +
      `${proofs.length} tests name them; ${problems.length} disagreements`,
  );
  process.exitCode = problems.length > 0 ? 1 : 0;
}

if (import.meta.main) main();
