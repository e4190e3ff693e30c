import fc from "fast-check";
import pg from "pg";
import { afterAll, beforeAll, expect, test } from "vitest";
import { propertyRuns } from "../../testing/property.ts";
import { createTestDatabase, type TestDatabase } from "../../testing/server.ts";
import {
  type Aggregation,
  addUp,
  conflictsOf,
  type Period,
  recordsOf,
  sumsOf,
  type Told,
} from "./usage_model.ts";

let database: TestDatabase;
let client: pg.Client;
beforeAll(async () => {
  database = await createTestDatabase({
    because: "fast-check makes the histories, each a transaction that is rolled back",
  });
  client = new pg.Client({ connectionString: database.urls.admin });
  await client.connect();
  await client.query(`
    select tests.clinic('atlas');
    insert into app_public.meters (key, unit, aggregation, is_standing, can_be_hard, description, description_ro)
    select 'test_' || word, 'thing', word, false, false, 'For a test.', 'Pentru un test.'
    from unnest('{sum,count,max,unique,latest}'::text[]) as word`);
});
afterAll(async () => {
  await client.end();
  await database.drop();
});

/** Days of Bucharest from 20 February 2027: two months begin, and the clock changes on day 36. */
const firstDay = "2027-02-20";
const days = 60;
const months = [-19, 9, 40];
const at = (day: number | string) =>
  `('${firstDay}'::date + (${day}))::timestamp at time zone 'Europe/Bucharest'`;

const meter = fc.constantFrom<Aggregation[]>("sum", "count", "max", "unique", "latest");
const told: fc.Arbitrary<Told> = fc.record({
  meter,
  key: fc.integer({ min: 1, max: 25 }),
  quantity: fc.integer({ min: 0, max: 5 }),
  day: fc.integer({ min: 0, max: days - 1 }),
  subject: fc.integer({ min: 1, max: 4 }),
});
/** One after the other, many at once, the same once more, or a billing period that begins (and so many days). */
type Step =
  | { do: "tell"; told: Told }
  | { do: "tell many"; meter: Aggregation; told: Told[] }
  | { do: "again"; index: number }
  | { do: "period"; days: number };
const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 10, arbitrary: fc.record({ do: fc.constant("tell" as const), told }) },
  {
    weight: 3,
    arbitrary: fc.record({
      do: fc.constant("tell many" as const),
      meter,
      told: fc.array(told, { minLength: 1, maxLength: 12 }),
    }),
  },
  { weight: 4, arbitrary: fc.record({ do: fc.constant("again" as const), index: fc.nat(100) }) },
  {
    weight: 2,
    arbitrary: fc.record({ do: fc.constant("period" as const), days: fc.integer({ min: 1, max: 31 }) }),
  },
);

const uuid = (subject: number) => `00000000-0000-4000-8000-00000000000${subject}`;

async function tell(one: Told): Promise<void> {
  await client.query(
    `select app_private.record_usage(tests.id('atlas'), 'test_' || $1, 'test', $2, $3, ${at("$4::int")}, $5)`,
    [one.meter, String(one.key), one.quantity, one.day, uuid(one.subject)],
  );
}

async function tellMany(of: Aggregation, many: Told[]): Promise<void> {
  await client.query(
    `select app_private.record_usages(tests.id('atlas'), 'test_' || $1, 'test', $2, $3,
       array(select ${at("day")} from unnest($4::int[]) with ordinality as d (day, place) order by place), $5)`,
    [
      of,
      many.map(({ key }) => String(key)),
      many.map(({ quantity }) => quantity),
      many.map(({ day }) => day),
      many.map(({ subject }) => uuid(subject)),
    ],
  );
}

async function begin(period: Period, position: number): Promise<void> {
  await client.query(
    `insert into app_public.billing_periods (organization_id, subscription_id, position, starts_on, ends_on, during)
     select organization_id, id, $1, '${firstDay}'::date + $2::int, '${firstDay}'::date + $3::int,
       tstzrange(${at("$2::int")}, ${at("$3::int")})
     from app_public.organization_subscriptions where organization_id = tests.id('atlas')`,
    [position, period.from, period.to],
  );
}

/** Plays the steps; what was told, in order, and the periods. */
async function play(first: number, steps: Step[]): Promise<{ all: Told[]; periods: Period[] }> {
  const all: Told[] = [];
  const periods: Period[] = [];
  for (const one of steps) {
    if (one.do === "tell") {
      all.push(one.told);
      await tell(one.told);
    } else if (one.do === "tell many") {
      const many = one.told.map((each) => ({ ...each, meter: one.meter }));
      all.push(...many);
      await tellMany(one.meter, many);
    } else if (one.do === "again") {
      const again = all[one.index % Math.max(1, all.length)];
      if (again) await tell(again);
    } else {
      const from = periods.at(-1)?.to ?? first;
      const period = { from, to: from + one.days };
      periods.push(period);
      await begin(period, periods.length);
    }
  }
  return { all, periods };
}

test("FND-24: whatever is told, in whatever order and however often, the summaries are what the records and a second model add up to", async () => {
  const met = { conflicts: 0, late: 0, again: 0 };
  await fc.assert(
    fc.asyncProperty(
      fc.integer({ min: -10, max: 30 }),
      fc.array(step, { minLength: 3, maxLength: 30 }),
      fc.tuple(
        fc.integer({ min: 0, max: days }),
        fc.integer({ min: 0, max: days }),
        fc.integer({ min: 0, max: 30 }),
        fc.integer({ min: 0, max: 30 }),
      ),
      async (first, steps, [dayA, dayB, positionA, positionB]) => {
        await client.query("begin");
        try {
          await client.query(
            `insert into app_public.organization_subscriptions (organization_id, status, tier_version_id, cadence, currency, timezone, provider)
             select tests.id('atlas'), 'pending', versions.id, 'monthly', 'RON', 'Europe/Bucharest', 'manual'
             from app_public.platform_tier_versions as versions where published_at is not null limit 1`,
          );
          const { all, periods } = await play(first, steps);

          const summaries = await client.query(
            `select substr(meter, 6) as meter, (period_starts_at at time zone 'Europe/Bucharest')::date - '${firstDay}'::date as "from",
               quantity::float as quantity, records::int as records
             from app_public.usage_summaries where organization_id = tests.id('atlas') order by 2`,
          );
          const grouped: Record<string, object[]> = {};
          for (const { meter: of, ...sum } of summaries.rows) grouped[of] = [...(grouped[of] ?? []), sum];
          expect(grouped).toEqual(sumsOf(all, periods, months));

          const differences = await client.query(
            "select * from app_private.usage_differences(tests.id('atlas'))",
          );
          expect(differences.rows).toEqual([]);

          const conflicts = await client.query(
            `select concat_ws(' ', substr(meter, 6), key, quantity, (occurred_at at time zone 'Europe/Bucharest')::date - '${firstDay}'::date,
               right(subject_id::text, 1)) as said
             from app_public.usage_conflicts where organization_id = tests.id('atlas')`,
          );
          expect(conflicts.rows.map(({ said }) => said).sort()).toEqual(conflictsOf(all));
          const alerts = await client.query(
            "select count(*)::int as n from app_private.events where name = 'usage.conflict'",
          );
          expect(alerts.rows[0].n).toBe(conflicts.rows.length);

          // What a bill asks: by days and by positions, which count the records.
          const [from, to] = [Math.min(dayA, dayB), Math.max(dayA, dayB)];
          const [after, until] = [Math.min(positionA, positionB), Math.max(positionA, positionB)];
          const asked = recordsOf(all)
            .slice(after, until)
            .filter(({ day }) => from <= day && day < to);
          for (const of of ["sum", "count", "max", "unique", "latest"] as const) {
            const { rows } = await client.query(
              `select app_private.usage_between(tests.id('atlas'), $1, tstzrange(${at(from)}, ${at(to)}), $2, $3)::float as used`,
              [`test_${of}`, after, until],
            );
            expect([of, rows[0].used]).toEqual([
              of,
              addUp(
                of,
                asked.filter((record) => record.meter === of),
              ),
            ]);
          }
          met.conflicts += conflicts.rows.length;
          met.again += steps.filter((one) => one.do === "again").length;
          met.late += all.filter(({ day }, n) => all.slice(0, n).some((before) => before.day > day)).length;
        } finally {
          await client.query("rollback");
        }
      },
    ),
    propertyRuns(40),
  );
  // Or the agreement would say little.
  expect(Object.values(met).every((count) => count > 50)).toBe(true);
});
