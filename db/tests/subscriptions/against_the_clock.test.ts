import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { createTestDatabase, type TestDatabase } from "../../testing/server.ts";
import { ask, atOnce, furnish, oneBehindTheOther } from "../at_once.ts";
import { type Day, dayStarts, monthBegins } from "./calendar_oracle.ts";

let database: TestDatabase;
beforeAll(async () => {
  database = await createTestDatabase({
    because: "two workers settle one subscription and commit beside each other",
  });
  await furnish(
    database,
    `select tests.offered_tier('plus');
     select tests.clinic('atlas'), tests.staff('olga', 'owner'), tests.billing_details(), tests.clinic_subscribed('plus')`,
  );
});
afterAll(() => database.drop());

/** SUBSCRIPTION_PERIODS: how many periods are compared; the suite takes some hundred of them. */
const periods = Number(process.env.SUBSCRIPTION_PERIODS ?? 600);

describe("billing periods (BIL-02)", () => {
  test("agree with an independent calculation, in every zone, on the last days of months, and as the clocks change", async () => {
    const zones = await ask<string[]>(
      database,
      "select array_agg(name order by name) from app_public.time_zones where name ~ '^[A-Z][a-z]+/'",
    );
    const known = new Set(Intl.supportedValuesOf("timeZone"));
    const both = await knownAlike(zones.filter((zone) => known.has(zone)));
    expect(both.length).toBeGreaterThan(100);
    const random = seeded(20270301);
    const pick = <T>(list: readonly T[]): T => list[Math.floor(random() * list.length)] as T;
    const hard = ["Europe/Bucharest", "America/Havana", "Africa/Cairo", "Asia/Beirut", "America/Santiago"];

    const cases = Array.from({ length: periods }, (_, place) => {
      const anchor: Day = {
        year: 2026 + Math.floor(random() * 7),
        month: 1 + Math.floor(random() * 12),
        day: pick([1, 15, 28]),
      };
      if (random() < 0.6) anchor.day = lastDay(anchor);
      const zone = place % 2 === 0 ? pick(hard) : pick(both);
      return { anchor, zone, month: Math.floor(random() * 40) };
    });
    const computed = cases.map(({ anchor, zone, month }) => {
      const [begins, ends] = [monthBegins(anchor, month), monthBegins(anchor, month + 1)];
      return [text(begins), text(ends), dayStarts(begins, zone), dayStarts(ends, zone)].join(" ");
    });
    const written = await ask<string[]>(
      database,
      `select array_agg(concat_ws(' ', starts_on, ends_on,
         (extract(epoch from app_private.day_starts(starts_on, c.zone)) * 1000)::bigint,
         (extract(epoch from app_private.day_starts(ends_on, c.zone)) * 1000)::bigint) order by c.place)
       from json_to_recordset('${JSON.stringify(
         cases.map(({ anchor, ...rest }, place) => ({ ...rest, place, anchor: text(anchor) })),
       )}') as c (place int, anchor date, zone text, month int)
       cross join lateral (select app_private.month_day(c.anchor, c.month), app_private.month_day(c.anchor, c.month + 1)) as d (starts_on, ends_on)`,
    );
    const named = (answers: string[]) =>
      answers.map((answer, place) => {
        const { anchor, zone, month } = cases[place] as (typeof cases)[number];
        return `${text(anchor)} ${zone} ${month}: ${answer}`;
      });
    expect(named(written)).toEqual(named(computed));
  });
});

describe("settle_subscription at once (BIL-01)", () => {
  const settle = {
    as: "the database",
    sql: "select app_private.settle_subscription(tests.id('atlas'), tests.id('subscription of atlas'))",
  };
  /** The last period ended a moment ago. */
  const aMonthPasses = () =>
    furnish(
      database,
      `alter table app_public.billing_periods disable trigger user;
       update app_public.organization_subscriptions set anchor_on = anchor_on - 40;
       update app_public.billing_periods set starts_on = starts_on - 40, ends_on = ends_on - 40,
         during = tstzrange(lower(during) - interval '40 days', upper(during) - interval '40 days');
       alter table app_public.billing_periods enable trigger user;
       update app_public.organization_subscriptions set settle_at = now() - interval '1 minute'`,
    );
  const count = () => ask<number>(database, "select count(*)::int from app_public.billing_periods");
  const open = () =>
    ask<number>(database, "select count(*)::int from app_public.billing_periods where closed_at is null");

  test("of two workers the second waits, and finds nothing due", async () => {
    await aMonthPasses();
    const before = await count();
    const { first, second, waited } = await oneBehindTheOther(database, settle, settle);
    expect([first, second].map((outcome) => "value" in outcome)).toEqual([true, true]);
    expect(waited).toBe(true);
    expect(await count()).toBeGreaterThan(before);
    expect(await open()).toBe(1);
    const settled = await count();
    await oneBehindTheOther(database, settle, settle);
    expect(await count()).toBe(settled);
  });

  test("many at once open each month once", async () => {
    await aMonthPasses();
    const outcomes = await atOnce(
      database,
      Array.from({ length: 8 }, () => settle),
    );
    expect(outcomes.every((outcome) => "value" in outcome)).toBe(true);
    expect(await open()).toBe(1);
    expect(
      await ask<number>(
        database,
        "select count(*)::int - count(distinct starts_on)::int from app_public.billing_periods",
      ),
    ).toBe(0);
  });

  test("a change of the plan waits for the clock, and lands in the month that it opened", async () => {
    await furnish(database, "select tests.offered_tier('max')");
    await aMonthPasses();
    const { second, waited } = await oneBehindTheOther(database, settle, {
      as: "olga",
      sql: "select (app_public.change_organization_tier(tests.id('atlas'), tests.id('max'))).status",
    });
    expect(waited).toBe(true);
    expect(second).toEqual({ value: "active" });
    expect(
      await ask<boolean>(
        database,
        `select t.starts_on >= p.starts_on from app_public.organization_subscription_tiers t, app_public.billing_periods p
         order by t.position desc, p.position desc limit 1`,
      ),
    ).toBe(true);
  });
});

/** Those whose clocks both have the same rules for: laws change, and each has its own version of them. */
async function knownAlike(zones: string[]): Promise<string[]> {
  const written = await ask<Record<string, string>>(
    database,
    `select json_object_agg(zone, days) from (
       select zone, string_agg(to_char(at at time zone zone, 'DD HH24'), ',' order by at) as days
       from unnest('{${zones.join(",")}}'::text[]) as zone
       cross join generate_series('2026-01-01 12:00Z'::timestamptz, '2037-12-01', '15 days') as at
       group by zone) as z`,
  );
  const instants: number[] = [];
  for (let at = Date.UTC(2026, 0, 1, 12); at <= Date.UTC(2037, 11, 1); at += 15 * 86_400_000)
    instants.push(at);
  return zones.filter((timeZone) => {
    const shown = new Intl.DateTimeFormat("en-GB", {
      timeZone,
      day: "2-digit",
      hour: "2-digit",
      hourCycle: "h23",
    });
    const own = instants.map((at) => {
      const parts = shown.formatToParts(at);
      const part = (type: string) => parts.find((found) => found.type === type)?.value;
      return `${part("day")} ${part("hour")}`;
    });
    return own.join(",") === written[timeZone];
  });
}

const text = ({ year, month, day }: Day) =>
  [year, String(month).padStart(2, "0"), String(day).padStart(2, "0")].join("-");

function lastDay({ year, month }: Day): number {
  return new Date(Date.UTC(year, month, 0)).getUTCDate();
}

/** The same cases each time: a linear congruential generator. */
function seeded(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state * 1_664_525 + 1_013_904_223) % 4_294_967_296;
    return state / 4_294_967_296;
  };
}
