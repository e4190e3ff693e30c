import fc from "fast-check";
import pg from "pg";
import { afterAll, beforeAll, expect, test } from "vitest";
import { propertyRuns } from "../../testing/property.ts";
import { createTestDatabase, type TestDatabase } from "../../testing/server.ts";
import { cases, type Turn } from "./booking_cases.ts";
import { walk } from "./booking_walk.ts";
import { freeStarts, minute, type Specialist, seatsLeft } from "./oracle.ts";
import { build, iso, list, seats, slot } from "./written_case.ts";

let database: TestDatabase;
let client: pg.Client;
beforeAll(async () => {
  database = await createTestDatabase({
    because: "fast-check makes the cases, each in a transaction that is rolled back",
  });
  client = new pg.Client({ connectionString: database.urls.admin });
  await client.connect();
});
afterAll(async () => {
  await client.end();
  await database.drop();
});

const pick = <T>(list: T[], number: number): T | undefined => list[number % Math.max(1, list.length)];

test("SCH-05, SCH-06: the listing is what the rules say, a hold succeeds exactly when its start is listed, and book and confirm ask again", async () => {
  const seen = new Set<string>();
  await fc.assert(
    fc.asyncProperty(cases, async (given) => {
      await client.query("begin");
      try {
        const { calendarId, specialistIds, specialists, calendar } = await build(client, given);
        const starts = (of: Specialist, at = calendar) => freeStarts(at, of, given.now, given.from, given.to);
        const free = specialists.map((specialist) => starts(specialist));
        const expected = free.flatMap((list, n) =>
          list.map(({ start, end }) => slot(start, end, specialistIds[n] as string)),
        );
        expect(await list(client, calendarId, given.from, given.to)).toEqual(expected.sort());

        const left: Record<string, number> = {};
        for (const [n, list] of free.entries()) {
          for (const { start } of calendar.capacity > 1 ? list : []) {
            const own = seatsLeft(calendar, specialists[n] as Specialist, start);
            left[iso(start)] = (left[iso(start)] ?? 0) + own;
          }
        }
        expect(await seats(client, calendarId, given.from, given.to)).toEqual(left);

        // A listed start, one that would be listed without claims, closings and rooms, one around now, one anywhere.
        const open = { ...calendar, needs: [] };
        const idle = specialists.map(({ overrides, ...specialist }) => {
          const opened = overrides.filter(({ kind }) => kind !== "closed");
          return starts({ ...specialist, overrides: opened, claims: [] }, open);
        });
        for (const [n, number] of given.tries.entries()) {
          const who = (n >> 2) % specialists.length;
          const specialist = specialists[who] as Specialist;
          const soon = given.now + ((number % 40) - 10) * 5 * minute;
          const later = given.now + (number % (8 * 288)) * 5 * minute;
          const candidates = [free[who], idle[who], [{ start: soon }], []][n % 4] ?? [];
          const start = pick(candidates, number)?.start ?? later;
          const ids = { calendarId, specialistId: specialistIds[who] as string };
          const [first, second] = given.turns.slice(2 * n, 2 * n + 2) as [Turn, Turn];
          for (const step of await walk(client, { ...given, calendar }, specialist, ids, start, [
            first,
            second,
          ]))
            seen.add(step);
        }
      } finally {
        await client.query("rollback");
      }
    }),
    propertyRuns(40),
  );
  // Or the agreement would say little.
  const rules = [
    "beyond_horizon",
    "closed",
    "free",
    "in_the_past",
    "inside_notice",
    "no_resource",
    "off_the_grid",
    "outside_hours",
    "taken",
  ];
  expect([...seen].filter((step) => step.startsWith("hold")).sort()).toEqual(
    rules.map((rule) => `hold: ${rule}`),
  );
  const meanwhile = [
    "calendar_inactive",
    "closed",
    "free",
    "off_the_grid",
    "outside_hours",
    "specialist_inactive",
  ];
  for (const rule of meanwhile) {
    expect([...seen].filter((step) => step === `book: ${rule}` || step === `confirm: ${rule}`)).not.toEqual(
      [],
    );
  }
  expect([...seen].filter((step) => step.startsWith("confirm")).length).toBeGreaterThan(4);
  expect(seen).toContain("book: hold_expired");
  expect(seen).toContain("confirm: overridden");
}, 600_000);
