import type pg from "pg";

/** What the rows of the benchmark work on. */
export type Fixture = {
  organizationId: string;
  /** The visitor picks one of 20 specialists, who have 800 bookings in the next 30 days and 2,000 in the next 365. */
  pickCalendarId: string;
  /** The same 20 specialists, assigned by round robin. */
  poolCalendarId: string;
  /** One of the 20, alone. */
  singleCalendarId: string;
  specialistIds: string[];
  /** Somebody who works at the clinic, and may ask for a year. */
  staffId: string;
  /** Bookings of other clinics in the same tables. */
  otherBookings: number;
};

/** Clinics, specialists of each, bookings of each of those. */
const whole = [40, 10, 500];
const small = [30, 1, 40];

/**
 * Fills a migrated database: 200,000 bookings of 40 other clinics, and one clinic of ours with 20 specialists
 * and 2,000 bookings. Takes about ten seconds. Needs a superuser: triggers and foreign keys are off while it writes,
 * since the rows are right by construction. `short` leaves out most of the others.
 */
export async function fillDatabase(admin: pg.Client, short = false): Promise<Fixture> {
  await admin.query("set session_replication_role = replica");
  for (const statement of otherClinics) {
    await admin.query(statement, (short ? small : whole).slice(0, parameters(statement)));
  }
  for (const statement of ourClinic) await admin.query(statement);
  await admin.query("reset session_replication_role");
  await admin.query("vacuum (analyze)");

  const { rows } = await admin.query(`
    select
      bench_id('clinic') as "organizationId",
      bench_id('pick') as "pickCalendarId",
      bench_id('pool') as "poolCalendarId",
      bench_id('single') as "singleCalendarId",
      bench_id('staff') as "staffId",
      (select array_agg(bench_id('specialist', n) order by n) from generate_series(1, 20) as n) as "specialistIds",
      (select count(*)::int from app_private.time_claims where organization_id <> bench_id('clinic')) as "otherBookings"`);
  return rows[0];
}

function parameters(statement: string): number {
  return Math.max(0, ...[...statement.matchAll(/\$(\d)/g)].map((match) => Number(match[1])));
}

// Ids that statements can compute again, so that one writes what the next refers to: of version 8, as any id is of one.
const otherClinics = [
  `create or replace function bench_id(variadic parts text[]) returns uuid
   language sql immutable parallel safe
   as $$ select overlay(overlay(md5('bench ' || array_to_string(parts, ' ')) placing '8' from 13) placing 'a' from 17)::uuid $$`,
  `create or replace function bench_id(part text, number int) returns uuid
   language sql immutable parallel safe
   as $$ select bench_id(part, number::text) $$`,

  `insert into app_public.organizations (id, slug, name, activated_at)
   select bench_id('other', c), 'other-' || c, 'Other ' || c, now() from generate_series(1, $1::int) as c`,
  `insert into app_public.services (id, organization_id, name, duration_minutes, price_amount, currency)
   select bench_id('other', c), bench_id('other', c), 'Session', 30, 15000, 'RON' from generate_series(1, $1::int) as c`,
  `insert into app_public.specialists (id, organization_id, given_name, family_name)
   select bench_id('other', (c * 1000 + s)), bench_id('other', c), 'Ana', 'Pop ' || s
   from generate_series(1, $1::int) as c, generate_series(1, $2::int) as s`,
  `insert into app_public.service_specialists (organization_id, service_id, specialist_id)
   select bench_id('other', c), bench_id('other', c), bench_id('other', c * 1000 + s)
   from generate_series(1, $1::int) as c, generate_series(1, $2::int) as s`,
  `insert into app_public.calendars (id, organization_id, service_id, name)
   select bench_id('other', c), bench_id('other', c), bench_id('other', c), 'Sessions' from generate_series(1, $1::int) as c`,
  `insert into app_public.calendar_specialists (organization_id, calendar_id, specialist_id)
   select bench_id('other', c), bench_id('other', c), bench_id('other', c * 1000 + s)
   from generate_series(1, $1::int) as c, generate_series(1, $2::int) as s`,
  `insert into app_public.specialist_weekly_hours (organization_id, specialist_id, weekday, starts, ends)
   select bench_id('other', c), bench_id('other', c * 1000 + s), d, '09:00', '17:00'
   from generate_series(1, $1::int) as c, generate_series(1, $2::int) as s, generate_series(1, 5) as d`,

  `insert into app_public.specialist_schedule_overrides (organization_id, specialist_id, kind, starts_on, ends_on)
   select bench_id('other', c), bench_id('other', c * 1000 + s), 'closed', current_date + o * 20, current_date + o * 20 + 2
   from generate_series(1, $1::int) as c, generate_series(1, $2::int) as s, generate_series(1, 10) as o`,

  // Sixteen sessions a day, from ten days ago on.
  `insert into app_private.time_claims (id, organization_id, specialist_id, calendar_id, kind, during, blocked, counted_at)
   select bench_id('claim ' || c || ' ' || s, b), bench_id('other', c), bench_id('other', c * 1000 + s),
     bench_id('other', c), 'appointment', time.during, time.during, now()
   from generate_series(1, $1::int) as c, generate_series(1, $2::int) as s, generate_series(0, $3::int - 1) as b
   cross join lateral (
     select tstzrange(start, start + interval '30 minutes') as during
     from (select date_trunc('day', now()) + make_interval(days => b / 16 - 10, mins => 420 + b % 16 * 30) as start) as t
   ) as time`,
];

const ourClinic = [
  `insert into app_public.organizations (id, slug, name, activated_at, holds_per_visitor, holds_per_address)
   values (bench_id('clinic'), 'bench', 'Bench', now(), 20, 1000)`,
  `insert into app_public.services (id, organization_id, name, duration_minutes, price_amount, currency)
   values (bench_id('service'), bench_id('clinic'), 'Session', 30, 15000, 'RON')`,
  `insert into app_public.specialists (id, organization_id, given_name, family_name)
   select bench_id('specialist', s), bench_id('clinic'), 'Ioana', 'Stan ' || s from generate_series(1, 20) as s`,
  `insert into app_public.service_specialists (organization_id, service_id, specialist_id)
   select bench_id('clinic'), bench_id('service'), bench_id('specialist', s) from generate_series(1, 20) as s`,
  `insert into app_public.specialist_weekly_hours (organization_id, specialist_id, weekday, starts, ends)
   select bench_id('clinic'), bench_id('specialist', s), d, hours.starts, hours.ends
   from generate_series(1, 20) as s, generate_series(1, 5) as d,
     (values (time '09:00', time '13:00'), (time '14:00', time '18:00')) as hours (starts, ends)`,
  `insert into app_public.specialist_schedule_overrides (organization_id, specialist_id, kind, starts_on, ends_on)
   select bench_id('clinic'), bench_id('specialist', s), 'closed', current_date + s, current_date + s + 1
   from generate_series(1, 20) as s`,
  `insert into app_public.calendars (id, organization_id, service_id, name, assignment_strategy, notice_minutes, horizon_days,
                                     buffer_after_minutes)
   select bench_id(name), bench_id('clinic'), bench_id('service'), name, strategy, 0, 730, 10
   from (values ('pick', 'specific'), ('pool', 'round_robin'), ('single', 'specific')) as c (name, strategy)`,
  `insert into app_public.calendar_specialists (organization_id, calendar_id, specialist_id)
   select bench_id('clinic'), bench_id(name), bench_id('specialist', s)
   from generate_series(1, 20) as s, (values ('pick', 20), ('pool', 20), ('single', 1)) as c (name, specialists)
   where s <= c.specialists`,
  `insert into app_private.specialist_assignment_tracking (organization_id, calendar_id, specialist_id)
   select organization_id, calendar_id, specialist_id from app_public.calendar_specialists
   where organization_id = bench_id('clinic')`,
  `insert into app_public.principals (id, kind) values (bench_id('staff'), 'human')`,
  `insert into app_public.humans (principal_id, email, display_name) values (bench_id('staff'), 'staff@bench.test', 'Staff')`,
  `insert into app_public.memberships (organization_id, human_id) values (bench_id('clinic'), bench_id('staff'))`,
  // A hundred each: forty spread over the next 30 days, sixty over the rest of the year, and over the hours of the day.
  `insert into app_private.time_claims (organization_id, specialist_id, calendar_id, kind, during, blocked, counted_at)
   select bench_id('clinic'), bench_id('specialist', s), bench_id('pool'), 'appointment',
     tstzrange(start, start + interval '30 minutes'), tstzrange(start, start + interval '40 minutes'), now()
   from generate_series(1, 20) as s, generate_series(0, 99) as b
   cross join lateral (
     select date_trunc('day', now()) + make_interval(
       days => case when b < 40 then b * 3 / 4 else 30 + (b - 40) * 5 end,
       mins => 480 + (b * 7 + s * 3) % 8 * 60) as start
   ) as time`,
];
