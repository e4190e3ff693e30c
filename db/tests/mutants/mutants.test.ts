import { beforeAll, describe, expect, test } from "vitest";
import { type Mutant, sampleOf } from "./mutants.ts";
import { type Outcome, partOf, problemsOf, tryMutants } from "./run.ts";
import { writtenSurvivors } from "./survivors.ts";

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
