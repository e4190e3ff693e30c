import { bigClinic } from "../big_clinic.ts";
import { type Bench, type Row, timeCall } from "../row.ts";

const days = { short: 5, whole: 625 };

/** SCH-12: the day of 20 specialists, before the clinic has a history and with 200,000 appointments of it. */
export default {
  claim: "agenda of 20 specialists, with 200,000 appointments behind",
  unit: "/s",
  goal: { ratioAtLeast: 0.75 },
  async measure(bench) {
    const { organizationId, frontDeskId } = await bigClinic(bench.admin);
    const ask = async () => {
      const { median, rows } = await timeCall(
        bench,
        { principalId: frontDeskId },
        { text: "select * from app_public.agenda($1, current_date, 1)", values: [organizationId] },
      );
      return { rate: 1_000 / median, rows };
    };
    await bench.admin.query(specialists);
    await book(bench, 0, 6);
    const young = await ask();
    await book(bench, -(bench.short ? days.short : days.whole), -1);
    const old = await ask();
    return {
      measured: old.rate,
      against: { what: "the same without a history", value: young.rate },
      conditions: { "everybody is there": old.rows === 20 && young.rows === 20 },
    };
  },
} satisfies Row;

const specialists = `
  set session_replication_role = replica;
  insert into app_public.services (id, organization_id, name, duration_minutes, price_amount, currency)
  values (bench_id('big service'), bench_id('big clinic'), 'Session', 30, 15000, 'RON');
  insert into app_public.specialists (id, organization_id, given_name, family_name)
  select bench_id('big', s), bench_id('big clinic'), 'Ioana', 'Stan ' || s from generate_series(1, 20) as s;
  insert into app_public.calendars (id, organization_id, service_id, name)
  values (bench_id('big calendar'), bench_id('big clinic'), bench_id('big service'), 'Sessions');
  insert into app_public.specialist_weekly_hours (organization_id, specialist_id, weekday, starts, ends)
  select bench_id('big clinic'), bench_id('big', s), d, '08:00', '18:00' from generate_series(1, 20) as s, generate_series(1, 7) as d;
  insert into app_public.patient_profiles (id, given_name, family_name) values (bench_id('big patient'), 'Ioana', 'Popescu');
  insert into app_public.patients (organization_id, patient_profile_id) values (bench_id('big clinic'), bench_id('big patient'));
  reset session_replication_role`;

/** Sixteen sessions a day for each of the 20 specialists. */
async function book({ admin }: Bench, first: number, last: number): Promise<void> {
  await admin.query("set session_replication_role = replica");
  await admin.query(
    `with times as (
       select uuidv7() as claim_id, bench_id('big', s) as specialist_id, start, start + interval '30 minutes' as ends
       from generate_series($1::int, $2::int) as day, generate_series(1, 20) as s, generate_series(0, 15) as n
       cross join lateral (
         select (current_date + day)::timestamp at time zone 'Europe/Bucharest' + make_interval(mins => 480 + n * 30) as start
       ) as start
     ), claims as (
       insert into app_private.time_claims (id, organization_id, specialist_id, calendar_id, kind, during, blocked, counted_at)
       select claim_id, bench_id('big clinic'), specialist_id, bench_id('big calendar'), 'appointment',
              tstzrange(start, ends), tstzrange(start, ends), now()
       from times
     )
     insert into app_public.appointments (organization_id, patient_profile_id, calendar_id, service_id, specialist_id, claim_id,
                                          starts_at, ends_at, modality, price_amount, currency, contact_name, locale)
     select bench_id('big clinic'), bench_id('big patient'), bench_id('big calendar'), bench_id('big service'), specialist_id,
            claim_id, start, ends, 'in_person', 15000, 'RON', 'Ioana Popescu', 'ro'
     from times`,
    [first, last],
  );
  await admin.query("reset session_replication_role");
  await admin.query("vacuum (analyze)");
}
