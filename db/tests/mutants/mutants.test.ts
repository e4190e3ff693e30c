import { describe, expect, test } from "vitest";
import { sampleOf } from "./mutants.ts";
import { problemsOf, tryMutants } from "./run.ts";
import { writtenSurvivors } from "./survivors.ts";

describe("what the proofs of catalog and functions would miss (FND-05, FND-06, FND-10, FND-12)", () => {
  test("nothing: of every way to break it, one is tried here and does not go unnoticed; npm run mutants tries all", async () => {
    let known = 0;
    const outcomes = await tryMutants(
      (all, testsAbout) => {
        known = all.length;
        return sampleOf(all, 1, testsAbout);
      },
      undefined,
      1,
    );
    expect(known).toBeGreaterThan(200);
    expect(outcomes.length).toBeGreaterThan(20);
    expect(problemsOf(outcomes, writtenSurvivors(), () => false)).toEqual([]);
  });

  test("a change that breaks nothing is not called noticed", async () => {
    const harmless = {
      kind: "harmless",
      object: "a comment",
      table: "app_private.effects",
      sql: "comment on column app_private.effects.key is 'Its key.'",
    };
    const outcomes = await tryMutants(() => [harmless], undefined, 1);
    expect(outcomes.map(({ noticed }) => noticed)).toEqual([undefined]);
  });
});
