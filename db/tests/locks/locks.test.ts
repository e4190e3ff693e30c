import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { bodyMutantsOf } from "../mutants/body_mutants.ts";
import type { Mutant } from "../mutants/mutants.ts";
import { lockCases } from "./cases.ts";
import { TwoSessions } from "./two_sessions.ts";

describe("every lock that a function takes (SCH-06, APT-01, FND-04, FND-14, FND-34)", () => {
  let sessions: TwoSessions;
  let withoutALock: Mutant[];
  beforeAll(async () => {
    sessions = await TwoSessions.open();
    withoutALock = (await bodyMutantsOf(sessions.client)).filter(({ lock }) => lock);
  });
  afterAll(() => sessions?.close());

  test("has one case, and each case is of a lock that is there", () => {
    const taken = new Set(withoutALock.map(({ lock }) => lock));
    expect(taken.size).toBeGreaterThan(80);
    expect(lockCases.map(({ lock }) => lock).toSorted()).toEqual([...taken].toSorted());
  });

  test.each(lockCases)("$lock", async (lockCase) => {
    expect(await sessions.problemOf(lockCase)).toBeUndefined();
  });

  test("is missed by its own case when the function does not take it", async () => {
    const unnoticed: string[] = [];
    for (const { kind, object, lock, sql } of withoutALock) {
      const own = lockCases.find((lockCase) => lockCase.lock === lock);
      if (own && !(await sessions.problemOf(own, sql))) unnoticed.push(`${kind}: ${object}`);
    }
    expect(unnoticed).toEqual([]);
  });
});
