import type { Bench } from "./row.ts";

/** A clinic of its own with 100,000 patients and 50 segments, as a clinic might have them; filled when a row first asks. */
export type BigSegments = { organizationId: string; patients: number; segments: number; firstFillMs: number };

let made: { of: Bench; segments: BigSegments } | undefined;

export async function bigSegments(bench: Bench): Promise<BigSegments> {
  if (made?.of === bench) return made.segments;
  const patients = bench.short ? 200 : 100_000;
  const { admin } = bench;
  await admin.query(`
    set session_replication_role = replica;
    insert into app_public.organizations (id, slug, name, timezone, activated_at)
    values (bench_id('segments'), 'segments', 'Segments', 'Europe/Bucharest', now());
    insert into app_public.patient_profiles (id, given_name, family_name, birth_date, locale, phone)
    select bench_id('in segments', n), (array['Ana', 'Ion', 'Ștefan', 'Maria'])[1 + n % 4], 'Pop ' || n,
      current_date - 365 * (1 + n % 90) - n % 365, (array['ro', 'en'])[1 + n % 2], case when n % 3 > 0 then '+40722000111' end
    from generate_series(1, ${patients}) as n;
    insert into app_public.patients (id, organization_id, patient_profile_id)
    select bench_id('in segments', n), bench_id('segments'), bench_id('in segments', n) from generate_series(1, ${patients}) as n;
    -- Every third has two visits, every fifth a plan; of both some are over.
    insert into app_public.appointments (organization_id, patient_profile_id, calendar_id, claim_id, service_id, specialist_id, status,
      modality, starts_at, ends_at, contact_name, locale, price_amount, currency)
    select bench_id('segments'), bench_id('in segments', n), bench_id('segments'), uuidv7(), bench_id('segments'), bench_id('segments'),
      'done', 'in_person', started, started + interval '1 hour', 'Ana Pop', 'ro', 100, 'RON'
    from generate_series(1, ${patients}) as n, generate_series(0, 1) as visit,
      lateral (select now() - make_interval(days => n % 200 + 90 * visit) as started) as at
    where n % 3 = 0;
    insert into app_public.patient_service_plans (organization_id, patient_profile_id, service_plan_id, telerehab_access, library_access,
      starts_at, valid_until, price_amount, currency)
    select bench_id('segments'), bench_id('in segments', n), bench_id('segments'), false, false,
      now() - interval '30 days', now() + make_interval(days => n % 60 - 20), 100, 'RON'
    from generate_series(1, ${patients}) as n where n % 5 = 0;
    insert into app_public.segments (id, organization_id, name, kind, rule)
    select bench_id('segment', n), bench_id('segments'), 'Segment ' || n, 'rule', case n % 5
      when 0 then jsonb_build_object('field', 'profile.age', 'operator', 'at_least', 'value', 80 + n % 10)
      when 1 then jsonb_build_object('all', jsonb_build_array(
        jsonb_build_object('field', 'profile.locale', 'operator', 'is', 'value', 'en'),
        jsonb_build_object('field', 'profile.given_name', 'operator', 'is', 'value', 'Ion'),
        jsonb_build_object('field', 'profile.family_name', 'operator', 'contains', 'value', '7' || n)))
      when 2 then jsonb_build_object('count', jsonb_build_object('of', 'appointments', 'within', jsonb_build_object('days', 30 + n)),
        'operator', 'at_least', 'value', 1)
      when 3 then jsonb_build_object('field', 'patient.has_open_plan', 'operator', 'is', 'value', true)
      else jsonb_build_object('all', jsonb_build_array(
        jsonb_build_object('segment', bench_id('segment', n - 4)), jsonb_build_object('segment', bench_id('segment', n - 3))))
      end
    from generate_series(1, 50) as n;
    reset session_replication_role;
    select app_private.follow_rule(segments) from app_public.segments where segments.organization_id = bench_id('segments')`);
  await admin.query(
    "analyze app_public.patients, app_public.patient_profiles, app_public.appointments, app_public.patient_service_plans, app_public.segments",
  );
  const began = performance.now();
  await refresh(bench);
  const firstFillMs = performance.now() - began;
  await admin.query("analyze app_public.segment_members, app_private.segment_rechecks");
  const { rows } = await admin.query(`select bench_id('segments') as id`);
  const segments = { organizationId: rows[0].id, patients, segments: 50, firstFillMs };
  made = { of: bench, segments };
  return segments;
}

/** Looks at whom is marked, as the worker does: one transaction after the other. */
export async function refresh({ admin }: Bench): Promise<void> {
  for (;;) {
    const { rows } = await admin.query("select app_private.refresh_segments(bench_id('segments')) as left");
    if (!rows[0].left) return;
  }
}
