// Starts processes: a broken copy of the project is compiled, and tested in a process that may hang.
import { describe, expect, test } from "vitest";
import { nameOf, readAccepted } from "./accepted.ts";
import { kinds, type Mutant, mutantsOf, mutantsOfFiles } from "./mutants.ts";
import { createRelated, sourcesOf } from "./related.ts";
import { askTests, inLaboratories, project } from "./run.ts";

const all = mutantsOfFiles(project, sourcesOf(project));
const the = (kind: Mutant["kind"], file: string, was: string): Mutant => {
  const found = all.find((mutant) => mutant.kind === kind && mutant.file === file && mutant.was === was);
  if (!found) throw new Error(`no mutant any more: ${kind}, ${file}: ${was}`);
  return found;
};

const address = "providers/outbound/address.ts";
const allowances = "server/limits/allowances.ts";
/** One of each kind, the three among them that once nobody noticed. */
const sample: Mutant[] = [
  the("entry left out", address, '["100.64.0.0", 10],'),
  the("negation left out", "providers/email/smtp.ts", "!isHere"),
  the("comparison turned around", address, "isIP(address) === 4"),
  the(
    "operand left out",
    "server/files/index.ts",
    'status !== "pending" || uploadedBy !== settings["app.principal_id"]',
  ),
  the("condition is true", address, 'reach === "anywhere"'),
  the("condition is false", address, "isIP(address) === 4"),
  the("negation left out", address, '!special.check(address, "ipv4")'),
  the("edge moved", allowances, "spent.size >= MOST_CALLERS"),
  the("number plus one", allowances, "50_000"),
  the("number minus one", "providers/webhooks/sns_certificates.ts", "1"),
  the("call left out", "server/limits/permits.ts", "next();"),
  the("yes for no", "server/limits/permits.ts", "true"),
  the("throw left out", "server/identity/verify.ts", 'throw unauthenticated("scheme_not_bearer");'),
  the("every for some", "providers/outbound/lookup.ts", "every"),
];

describe("what the tests of the ways in and out would miss", () => {
  test("nothing: one mutant of each kind is tried here and noticed, and what changes nothing is not; npm run mutants:ts tries all", async () => {
    const [first] = sample;
    const harmless: Mutant = { ...(first as Mutant), text: `/* as it was */ ${first?.was}` };
    const related = createRelated(project);
    const noticed = new Map<Mutant, string>();
    const left = await inLaboratories((laboratories) =>
      askTests(
        laboratories,
        [...sample, harmless],
        (file) => related(file).tests.slice(0, 1),
        (mutant, who) => noticed.set(mutant, who),
      ),
    );
    expect(left.map(({ kind, was }) => `${kind}: ${was}`)).toEqual([`${harmless.kind}: ${harmless.was}`]);
    expect([...noticed.values()].filter((who) => !who.includes(".test.ts: "))).toEqual([]);
  });

  test("every kind there is, but the one that only the compiler minds, is in the sample", () => {
    expect(kinds.filter((kind) => !sample.some((mutant) => mutant.kind === kind))).toEqual([
      "fallback left out",
    ]);
    expect(all.length).toBeGreaterThan(2_000);
  });

  test("what is accepted is there, once, and says why", () => {
    const known = new Set(all.map(nameOf));
    const accepted = readAccepted();
    expect(accepted.filter((line) => !known.has(nameOf(line)))).toEqual([]);
    expect(new Set(accepted.map(nameOf)).size).toBe(accepted.length);
    expect(accepted.filter(({ why }) => why.length < 10)).toEqual([]);
  });
});

describe("a mutant is one change", () => {
  const changes = (source: string) =>
    mutantsOf("x.ts", source).map(({ was, becomes }) => `${was} > ${becomes}`);
  test.each<[string, string[]]>([
    ["if (a < 1) b();", ["a < 1 > true", "a < 1 > false", "a < 1 > a <= 1", "1 > 0"]],
    ["if (a || b) throw c;", ["a || b > true", "a || b > (a)", "a || b > (b)"]],
    ["const x = a === b ? c : d;", ["a === b > true", "a === b > false"]],
    ["const x = a === b;", ["a === b > a !== b"]],
    ["while (!a) b();", ["!a > false", "b(); > {}"]],
    ["const x = a ?? b;", ["a ?? b > a"]],
    ["await a();", ["await a(); > {}"]],
    ["const MOST = 8;", ["8 > 9"]],
    ["const LONGEST_MS = 8;", []],
    ["const table = [[1, 2], [3, 4]];", ["[1, 2], > ", ", [3, 4] > "]],
    ["type A = { b: true } | 8;", []],
    ["const x = list.some((a) => !a) as boolean;", ["some > every", "!a > a"]],
  ])("%s", (source, expected) => expect(changes(source)).toEqual(expected));
});
