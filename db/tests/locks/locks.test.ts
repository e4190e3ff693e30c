import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { bodyMutantsOf } from "../mutants/body_mutants.ts";
import type { Mutant } from "../mutants/mutants.ts";
import { lockCases } from "./cases.ts";
import { TwoSessions } from "./two_sessions.ts";

/** What one call brings too much of, with nothing counted beside it. */
const ofTheCallAlone = [
  "app_public.mark_inbox_items_read: too_many_at_once",
  "app_public.replay_webhook_events: too_many_to_replay",
  "app_public.set_weekly_hours: too_many_hours",
];

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

  test("of a limit makes whoever is counted with it wait, whatever else differs (FND-35)", async () => {
    const { rows } = await sessions.client.query<{ limit: string }>(`
      select distinct pronamespace::regnamespace || '.' || proname || ': ' || reason[1] as limit
      from pg_proc, regexp_matches(prosrc, $$'((?:\\w+_)?(?:many|often|cap|limit)(?:_\\w+)?)'$$, 'g') as reason
      where pronamespace in ('app_public'::regnamespace, 'app_private'::regnamespace, 'app_hidden'::regnamespace)
        and reason[1] <> 'limit' and prosrc ~ 'count\\(|cardinality\\(|recipient_is_full|per_hour' and provolatile = 'v'`);
    const limits = lockCases.flatMap((lockCase) => (lockCase.limit ? [{ ...lockCase.limit, lockCase }] : []));
    const proven = new Set([...ofTheCallAlone, ...limits.map(({ of }) => of)]);
    expect(rows.map(({ limit }) => limit).filter((limit) => !proven.has(limit))).toEqual([]);
    const passed: string[] = [];
    for (const { of, another, lockCase } of limits) {
      const problem = await sessions.problemOf({ ...lockCase, call: another });
      if (problem) passed.push(`${of}: ${problem}`);
    }
    expect(passed).toEqual([]);
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
