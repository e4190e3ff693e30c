import fc from "fast-check";
import pg from "pg";
import { afterAll, beforeAll, expect, test } from "vitest";
import { propertyRuns } from "../../testing/property.ts";
import { createTestDatabase, type TestDatabase } from "../../testing/server.ts";
import { sweep } from "../../testing/sweep.ts";
import { type Case, cases, type Try } from "./booking_cases.ts";
import { walk } from "./booking_walk.ts";
import { type Cast, iso, makeCast, setClock } from "./cast.ts";
import { minute } from "./clocks.ts";
import { freeStarts, type Specialist, seatsLeft } from "./oracle.ts";
import { build, list, slot } from "./written_case.ts";

// `PROPERTY_RUNS=10000 vitest run …` is the long form: a world costs some 20 ms of processor time, half of it for two bookings.
let database: TestDatabase;
let client: pg.Client;
let cast: Cast;
beforeAll(async () => {
  database = await createTestDatabase({
    because: "thousands of worlds with one cast that stays, each rolled back",
  });
  client = new pg.Client({ connectionString: database.urls.admin });
  await client.connect();
  cast = await makeCast(client);
});
afterAll(async () => {
  await client.end();
  await database.drop();
});

type Starts = { start: number }[];

function wanted({ at, pick }: Try, given: Case, free: Starts, idle: () => Starts): number {
  if (at === "now") return given.now + ((pick % 40) - 10) * 5 * minute;
  const among = at === "listed" ? free : at === "idle" ? idle() : [];
  return among[pick % Math.max(1, among.length)]?.start ?? given.now + (pick % (8 * 288)) * 5 * minute;
}

test(
  "SCH-05, SCH-06: the listing is what the rules say, a hold succeeds exactly when its start is listed, and book and confirm ask again",
  async () => {
    const seen = new Set<string>();
    const { numRuns, seed } = propertyRuns(1_000);
    let worlds = 0;
    await fc.assert(
      fc.asyncProperty(cases, async (given) => {
        if (++worlds % 50 === 0) await sweep(client);
        await client.query("begin");
        try {
          await setClock(client, given.now);
          const { specialists, calendar } = await build(client, cast, given);
          const starts = (of: Specialist, at = calendar) =>
            freeStarts(at, of, given.now, given.from, given.to);
          const free = specialists.map((specialist) => starts(specialist));
          const left: Record<string, number> = {};
          for (const [n, list] of free.entries()) {
            for (const { start } of calendar.capacity > 1 ? list : []) {
              const own = seatsLeft(calendar, specialists[n] as Specialist, start);
              left[iso(start)] = (left[iso(start)] ?? 0) + own;
            }
          }
          const slots = free.flatMap((list, n) =>
            list.map(({ start, end }) => slot(start, end, cast.specialistIds[n] as string)),
          );
          expect(await list(client, cast.calendarId, given.from, given.to)).toEqual({
            slots: slots.sort(),
            seats: left,
          });

          for (const one of given.tries) {
            const who = one.who % specialists.length;
            const specialist = specialists[who] as Specialist;
            const ids = { calendarId: cast.calendarId, specialistId: cast.specialistIds[who] as string };
            const start = wanted(one, given, free[who] ?? [], () => {
              const opened = specialist.overrides.filter(({ kind }) => kind !== "closed");
              return starts({ ...specialist, overrides: opened, claims: [] }, { ...calendar, needs: [] });
            });
            for (const step of await walk(client, { ...given, calendar }, specialist, ids, start, one))
              seen.add(step);
          }
        } finally {
          await client.query("rollback");
        }
      }),
      { numRuns, seed },
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
  },
  4 * 3_600_000,
);
