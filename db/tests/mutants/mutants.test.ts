import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { beforeAll, describe, expect, test } from "vitest";
import { type Mutant, sampleOf } from "./mutants.ts";
import { type Outcome, partOf, problemsOf, tryMutants } from "./run.ts";
import { writtenSurvivors } from "./survivors.ts";
import { Ledger } from "./tried.ts";

const harmless: Mutant = {
  kind: "harmless",
  object: "a comment",
  table: "app_private.data_keys",
  sql: "comment on column app_private.data_keys.id is 'Its key.'",
};

describe("what the proofs of catalog and functions would miss (FND-05, FND-06, FND-10, FND-12)", () => {
  let known = 0;
  let outcomes: Outcome[] = [];
  beforeAll(async () => {
    outcomes = await tryMutants(
      (all, testsAbout) => {
        known = all.length;
        return [...sampleOf(all, 1, testsAbout), harmless];
      },
      undefined,
      1,
    );
  });

  test("nothing: of every way to break it, one is tried here and does not go unnoticed; npm run mutants tries all", () => {
    const broken = outcomes.filter(({ mutant }) => mutant !== harmless);
    expect(known).toBeGreaterThan(200);
    expect(broken.length).toBeGreaterThan(20);
    expect(problemsOf(broken, writtenSurvivors(), () => false)).toEqual([]);
  });

  test("a change that breaks nothing is not called noticed", () => {
    expect(outcomes.find(({ mutant }) => mutant === harmless)).toEqual({
      mutant: harmless,
      noticed: undefined,
    });
  });
});

test("the parts of a run hold every mutant once, and a part that is none is refused", () => {
  const all = Array.from({ length: 11 }, () => harmless);
  const held = ["1/3", "2/3", "3/3"].map((part) =>
    all.map((_, place) => place).filter((place) => partOf(part)(harmless, place)),
  );
  expect(held.flat().sort((a, b) => a - b)).toEqual(all.map((_, place) => place));
  for (const part of ["0/3", "4/3", "1", "a/b", ""]) expect(() => partOf(part)).toThrow("such as 2/4");
});

test("a function is tried once its last mutant is settled, until it changes or more of it can be broken", () => {
  const folder = mkdtempSync(path.join(os.tmpdir(), "restartix-tried-"));
  const mutant = (object: string, definition: string): Mutant => ({
    kind: "never ask",
    object,
    function: "app_private.tg_frozen()",
    definition,
    sql: "",
  });
  const [one, other] = [mutant("one", "as it is"), mutant("other", "as it is")] as [Mutant, Mutant];
  const isTried = (all: Mutant[]) => all.map((each) => new Ledger(all, folder).isTried(each));
  try {
    const ledger = new Ledger([one, other, harmless], folder);
    ledger.settle(one);
    ledger.settle(harmless);
    expect(isTried([one, other, harmless])).toEqual([false, false, false]);
    ledger.settle(other);
    expect(isTried([one, other, harmless])).toEqual([true, true, false]);
    expect(isTried([one, other, mutant("third", "as it is")])).toEqual([false, false, false]);
    expect(isTried([mutant("one", "changed"), mutant("other", "changed")])).toEqual([false, false]);
    expect(readFileSync(path.join(folder, "forms.csv"), "utf8")).toMatch(
      /^definition,mutants,function\n\w{12},2,app_private\.tg_frozen\(\)\n$/,
    );
  } finally {
    rmSync(folder, { recursive: true });
  }
});
