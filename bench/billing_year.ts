import { type Bench, median } from "./row.ts";

export type { Bench, Row } from "./row.ts";

const months = 12;

type Timed = {
  recordsASecond: number;
  periodsASecond: number;
  isComplete: boolean;
  isRight: boolean;
  hasNoGap: boolean;
};

/**
 * Bills a year of so many clinics with so many records each: text messages, minutes of video and AI calls, on the tier
 * "start". One worker, a transaction a month. What is filled before is not measured.
 */
export async function timed(
  bench: Bench,
  name: string,
  clinics: number,
  recordsEach: number,
): Promise<Timed> {
  const { admin } = bench;
  await fill(bench, name, clinics, recordsEach);
  const { rows: periods } = await admin.query<{
    clinic: string;
    id: string;
    position: number;
    next: string | null;
  }>(
    `select organization_id as clinic, id, position, lead(id) over (partition by organization_id order by position) as next
     from app_public.billing_periods
     where organization_id in (select bench_id('billed ${name}', n) from generate_series(1, $1::int) as n)
     order by position, organization_id`,
    [clinics],
  );
  const first = periods.filter(({ next }) => next !== null).slice(0, clinics);
  for (const { clinic, id } of first)
    await admin.query("select app_private.open_period_invoice($1, $2)", [clinic, id]);

  const seconds: number[] = [];
  let told = 0;
  for (const { clinic, id, position, next } of periods) {
    if (position !== told) {
      told = position;
      await admin.query(tellUntil(name), [clinics, position]);
    }
    const began = performance.now();
    await admin.query({
      name: "a month",
      text: "select app_private.close_period($1, $2), app_private.open_period_invoice($1, $3)",
      values: [clinic, id, next ?? id],
    });
    seconds.push((performance.now() - began) / 1_000);
  }
  const all = seconds.reduce((sum, one) => sum + one, 0);
  const { rows } = await admin.query(
    `select
       (select count(*)::int from app_public.period_bills where organization_id = any ($1)) = 2 * $2 as "isComplete",
       not exists (
         select from unnest(($1::uuid[])[:5]) as clinic cross join lateral app_private.verify_bills(clinic))
         and not exists (select from app_private.events where name = 'billing_period.usage_differs')
         and exists (select from app_public.invoice_lines where kind = 'late_ai') as "isRight",
       not exists (select from app_private.verify_numbers()) as "hasNoGap"`,
    [[...new Set(periods.map(({ clinic }) => clinic))], periods.length],
  );
  return {
    recordsASecond: (clinics * recordsEach) / all,
    // The median: what a month takes, whatever else the machine did meanwhile.
    periodsASecond: 1 / median(seconds),
    ...rows[0],
  };
}

/** By the end of a month so much of the year was told; what was told late comes with the next. */
const tellUntil = (name: string) =>
  `update app_private.usage_positions set last_position = (
     select max(position) from app_public.usage_records
     where usage_records.organization_id = usage_positions.organization_id
       and recorded_at < (date '2025-01-01' + make_interval(months => $2::int))::timestamp at time zone 'Europe/Bucharest')
   where organization_id in (select bench_id('billed ${name}', n) from generate_series(1, $1::int) as n)`;

async function fill({ admin }: Bench, name: string, clinics: number, recordsEach: number): Promise<void> {
  await admin.query("set session_replication_role = replica");
  for (const statement of statements(name)) {
    await admin.query(statement, [clinics, recordsEach].slice(0, statement.includes("$2") ? 2 : 1));
  }
  await admin.query("reset session_replication_role");
  await admin.query(
    "analyze app_public.usage_records, app_public.ai_calls, app_public.billing_periods, app_public.usage_summaries",
  );
}

const statements = (name: string) => [
  `insert into app_public.organizations (id, slug, name, timezone, contact_email, activated_at)
   select bench_id('billed ${name}', n), 'billed-${name}-' || n, 'Billed ' || n, 'Europe/Bucharest', 'billed@clinics.test', now()
   from generate_series(1, $1::int) as n`,
  `insert into app_public.organization_billing
     (organization_id, legal_name, street, city, county, country, billing_email, currency, timezone, cadence)
   select bench_id('billed ${name}', n), 'Billed SRL', 'Strada 1', 'Brașov', 'Brașov', 'RO', 'billed@clinics.test', 'RON',
     'Europe/Bucharest', 'monthly'
   from generate_series(1, $1::int) as n`,
  `insert into app_public.organization_subscriptions
     (id, organization_id, status, tier_version_id, cadence, currency, timezone, provider, anchor_on)
   select bench_id('subscription ${name}', n), bench_id('billed ${name}', n), 'active', versions.id, 'monthly', 'RON',
     'Europe/Bucharest', 'manual', '2025-01-01'
   from generate_series(1, $1::int) as n
   cross join (
     select versions.id from app_public.platform_tier_versions as versions
     join app_public.platform_tiers on platform_tiers.id = versions.tier_id and platform_tiers.slug = 'start'
     order by versions.version desc limit 1) as versions`,
  `insert into app_public.organization_subscription_tiers (organization_id, subscription_id, position, starts_on, tier_version_id)
   select organization_id, id, 1, '2025-01-01', tier_version_id
   from app_public.organization_subscriptions
   where id in (select bench_id('subscription ${name}', n) from generate_series(1, $1::int) as n)`,
  `insert into app_public.billing_periods (organization_id, subscription_id, position, starts_on, ends_on, during)
   select bench_id('billed ${name}', n), bench_id('subscription ${name}', n), month, starts, ends,
     tstzrange(starts::timestamp at time zone 'Europe/Bucharest', ends::timestamp at time zone 'Europe/Bucharest')
   from generate_series(1, $1::int) as n cross join generate_series(1, ${months}) as month
   cross join lateral (
     select (date '2025-01-01' + make_interval(months => month - 1))::date as starts,
       (date '2025-01-01' + make_interval(months => month))::date as ends) as days`,
  // The year in order of time; every tenth record was told a month late.
  `insert into app_public.usage_records (organization_id, position, meter, source, key, quantity, occurred_at, recorded_at)
   select bench_id('billed ${name}', n), place, (array['sms_messages', 'video_minutes', 'ai_calls'])[1 + place % 3], 'bench', place::text,
     case place % 3 when 1 then 90 else 1 end,
     greatest(at - case when place % 10 = 0 then interval '1 month' else '0' end, timestamptz '2025-01-01 00:00+02'), at
   from generate_series(1, $1::int) as n cross join generate_series(1, $2::int) as place
   cross join lateral (
     select timestamptz '2025-01-01 00:00+02' + (place - 1) * interval '364 days' / $2::int as at) as time`,
  `insert into app_public.ai_calls (organization_id, usage_record_id, model, units, occurred_at, currency, cost, priced_position)
   select organization_id, id, 'bench', '{}', occurred_at, 'RON', position * 0.0173, position
   from app_public.usage_records
   where meter = 'ai_calls' and organization_id in (select bench_id('billed ${name}', n) from generate_series(1, $1::int) as n)`,
  `insert into app_private.usage_positions (organization_id)
   select bench_id('billed ${name}', n) from generate_series(1, $1::int) as n`,
  `insert into app_public.usage_summaries (organization_id, meter, period_starts_at, period_ends_at, quantity, records, last_occurred_at)
   select usage.organization_id, usage.meter, lower(periods.during), upper(periods.during),
     case usage.meter when 'video_minutes' then sum(usage.quantity) else count(*) end, count(*), max(usage.occurred_at)
   from app_public.usage_records as usage
   join app_public.billing_periods as periods
     on periods.organization_id = usage.organization_id and periods.during @> usage.occurred_at
   where usage.organization_id in (select bench_id('billed ${name}', n) from generate_series(1, $1::int) as n)
     and usage.recorded_at < upper(periods.during)
   group by usage.organization_id, usage.meter, periods.during`,
];
