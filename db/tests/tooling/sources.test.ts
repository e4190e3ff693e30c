import { describe, expect, test } from "vitest";
import { readSources } from "../../migrating/sources.ts";
import { styleProblems } from "./source_style.ts";

describe("the sources", () => {
  test("are written as db/CONVENTIONS.md says", () => {
    expect(readSources().flatMap(styleProblems)).toEqual([]);
  });

  const top = "-- Toys.\n";
  const begun = `${top}
select app_private.classify('app_public.toys', home => 'clinic', retention => 'clinic', classes => '{}');
select app_private.protect('app_public.toys', engine => 'select');
`;
  const inFunction: [string, string, string][] = [
    ["a missing comment", "select 1;", "begin with a comment"],
    ["a tab", `${top}select\t1;`, "not with tabs"],
    ["a space at the end of a line", `${top}select 1; \nselect 2;`, "ends with spaces"],
    ["two blank lines", `${top}\n\nselect 1;`, "one blank line"],
    ["capitals", `${top}SELECT 1;`, "write SELECT in lower case"],
    [
      "arguments in a comment",
      `${top}comment on function app_public.play(uuid) is 'Plays.';`,
      "leave its arguments out",
    ],
    [
      "arguments in a grant",
      `${top}grant execute on function app_public.play(\n  uuid) to app_member;`,
      "leave its arguments out",
    ],
    ["a revoke", `${top}revoke all on function app_public.play from public;`, "can be called by nobody"],
  ];
  test.each(inFunction)("are told of %s in a function", (_, text, problem) => {
    expect(styleProblems({ name: "functions/toys/play.sql", text })).toEqual([
      expect.stringContaining(problem),
    ]);
  });

  const inPolicy: [string, string, string][] = [
    [
      "another order",
      begun.replace(/^(select.*classify.*)\n(.*)$/m, "$2\n$1"),
      "begin with select app_private.classify",
    ],
    ["another table", begun.replaceAll("toys'", "games'"), "begin with select app_private.classify"],
    ["a missing protect", begun.replace(/^.*protect.*\n/m, ""), "after classify comes"],
    [
      "a grant before protect",
      begun.replace(/^(select.*protect)/m, "grant select on app_public.toys to app_member;\n$1"),
      "stands before protect",
    ],
    [
      "a drop",
      `${begun}drop policy if exists toys_select_staff on app_public.toys;`,
      "drop policy is not needed",
    ],
    [
      "row security",
      `${begun}alter table app_public.toys enable row level security;`,
      "alter table is not needed",
    ],
    [
      "a policy of another table",
      `${begun}create policy a on app_public.games for select to app_member using (true);`,
      "is about app_public.games",
    ],
    [
      "a grant on another table",
      `${begun}grant select (id),\n  update (name)\n  on app_public.games to app_member;`,
      "is about app_public.games",
    ],
    [
      "a trigger of another table",
      `${begun}create or replace trigger _500_a after insert on app_public.games execute function app_private.tg_a();`,
      "is about app_public.games",
    ],
  ];
  test.each(inPolicy)("are told of %s in a policy file", (_, text, problem) => {
    expect(styleProblems({ name: "policies/toys/toys.sql", text })).toContainEqual(
      expect.stringContaining(problem),
    );
  });

  test("say nothing of what is as it should be: words in strings and comments are free", () => {
    const text = `${begun}
-- SELECT is written in lower case.
create policy toys_select_staff on app_public.toys for select to app_member using (name <> 'SELECT from app_public.games');
`;
    expect(styleProblems({ name: "policies/toys/toys.sql", text })).toEqual([]);
  });
});
