import path from "node:path";
import type { Source } from "../../migrating/sources.ts";
import { withoutComments } from "../../migrating/sql_text.ts";

/** What of a source is not written as db/CONVENTIONS.md says. What the catalog shows is asked by db/tests/lint. */
export function styleProblems({ name, text }: Source): string[] {
  const code = withoutComments(text);
  const problems = [...layoutProblems(text, code)];
  if (name.startsWith("functions/")) problems.push(...functionProblems(code));
  // The tables of graphile-worker are its own: nobody classifies them.
  if (name.startsWith("policies/") && path.basename(name) !== "graphile_worker.sql")
    problems.push(...policyProblems(name, code));
  return problems.map((problem) => `db/${name}: ${problem}`);
}

const keywords =
  /\b(SELECT|INSERT|UPDATE|DELETE|FROM|WHERE|JOIN|CREATE|ALTER|DROP|GRANT|REVOKE|FUNCTION|POLICY|TRIGGER|BEGIN|END|RETURNS?|AND|OR|NOT|NULL|TRUE|FALSE|USING)\b/;

function* layoutProblems(text: string, code: string): Iterable<string> {
  if (!text.startsWith("-- ")) yield "begin with a comment that says what it is for.";
  if (/\t/.test(text)) yield "indent with two spaces, not with tabs.";
  if (/[ \t]$/m.test(text)) yield "a line ends with spaces.";
  if (/\n{3}/.test(text)) yield "one blank line is enough.";
  const keyword = keywords.exec(code.replace(/'(?:[^']|'')*'/g, "''"))?.[0];
  if (keyword) yield `write ${keyword} in lower case.`;
}

function* functionProblems(code: string): Iterable<string> {
  for (const [, verb, of] of code.matchAll(
    /^(comment|grant execute|revoke \w+) on function ([\w.]+)\s*(?=\()/gm,
  ))
    yield `${verb} on function ${of}: leave its arguments out; a name is one function.`;
  if (/^revoke /m.test(code)) yield "revokes: a new function can be called by nobody.";
}

function* policyProblems(name: string, code: string): Iterable<string> {
  const file = path.basename(name, ".sql");
  const [classify, protect] = [...code.matchAll(/^select app_private\.(classify|protect)\('([\w.]+)'/gm)];
  const table = classify?.[2] ?? "";
  if (classify?.[1] !== "classify" || !table.endsWith(`.${file}`))
    yield `begin with select app_private.classify('<schema>.${file}', …).`;
  if (protect?.[1] !== "protect" || protect[2] !== table)
    yield `after classify comes select app_private.protect('<schema>.${file}', …).`;

  const opened = code.slice(0, protect?.index).match(/^(grant|create)\b/m)?.[0];
  if (opened) yield `${opened} stands before protect, which takes away what is there.`;
  const done = /^(drop policy|drop trigger|revoke|alter table)\b/m.exec(code)?.[0];
  if (done) yield `${done} is not needed: protect takes away what was there.`;
  for (const [, other] of code.matchAll(
    /^(?:create policy|create[^;]* trigger|grant)\b[^;]*?\bon (\w+\.\w+)/gm,
  ))
    if (other !== table) yield `is about ${other}, too: its own file takes that away again.`;
}
