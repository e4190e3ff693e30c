import { globSync, readFileSync } from "node:fs";
import path from "node:path";
import { describe, expect, test } from "vitest";

const root = path.resolve(import.meta.dirname, "../plugins");

/** The plans of plugins/beyond_sql.ts for fields of each type. */
const helpers = { Mutation: ["mutationBeyondSql"], Query: ["queryBeyondSql", "answerBeyondSql"] };

/** What an extension of the schema does by itself that plugins/beyond_sql.ts does for all of them. */
function ownWays(source: string): string[] {
  const code = source.replace(/\/\*[\s\S]*?\*\/|^\s*\/\/.*$|gql`[\s\S]*?`/gm, "");
  if (!/\bextendSchema\(/.test(code)) return [];
  const fields = [...code.matchAll(/\b(Mutation|Query): \{\s*plans: \{([\s\S]*?)\n {8}\},/g)].flatMap(
    ([, type, plans = ""]) =>
      [...plans.matchAll(/^ {10}(\w+)(: (\w+)\(|\()/gm)]
        .filter(([, , , helper = ""]) => !helpers[type as keyof typeof helpers].includes(helper))
        .map(([, name]) => `${name} has a plan of its own`),
  );
  const asked = ["sideEffect", "withPgClient", "loadOneWithPgClient", "asCaller"].filter((name) =>
    new RegExp(`\\b${name}\\(`).test(code),
  );
  return [...fields, ...asked, ...(/ as (never|any)\b/.test(code) ? ["a type that is not checked"] : [])];
}

describe("what leaves SQL does so in one way (FND-23, FND-13)", () => {
  test("every field that is added to the schema", () => {
    const extensions = globSync("**/*.ts", { cwd: root }).map((name) => [
      name,
      ownWays(readFileSync(path.join(root, name), "utf8")),
    ]);
    expect(extensions.filter(([, ways]) => ways?.length)).toEqual([]);
  });

  test("one that does it by itself is found", () => {
    const plans = (body: string) => `extendSchema((build) => ({
    objects: {
      Mutation: {
        plans: {
          ${body}
        },
      },
    },
  }))`;
    expect(ownWays(plans("sendFax: mutationBeyondSql({\n            run,\n          }),"))).toEqual([]);
    expect(
      ownWays(plans("sendFax(_$root, { $input }) { return sideEffect([$input] as never, send); },")),
    ).toEqual(["sendFax has a plan of its own", "sideEffect", "a type that is not checked"]);
    expect(ownWays(plans("sendFax: queryBeyondSql({ run }),"))).toEqual(["sendFax has a plan of its own"]);
  });
});
