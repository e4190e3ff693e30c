import type { LockArea } from "../lock_case.ts";

const session = "tests.id('ana''s lock plan 1')";
const start = `select app_hidden.start_exercise_session(${session}, null, null, array(
  select (warning.value ->> 'id')::uuid from app_public.patient_sessions as s
  cross join lateral jsonb_array_elements(app_public.patient_sessions_exercises(s)) as exercise
  cross join lateral jsonb_array_elements(exercise.value -> 'contraindications') as warning
  where s.id = ${session}))`;

/** Recordings of sessions: the session is locked before, then the answers that they rest on. EXE-05, TEL-05, TEL-06. */
export const telemetry: LockArea = {
  furniture: `
    select set_config('tests.clinic', 'atlas', true);
    select tests.treatment_plan('lock plan', 1, 0), tests.assigned('ana', 'lock plan', clinic => 'atlas');
    update app_public.organizations set telerehab_access_is_free = true where id = tests.id('atlas');
    insert into app_public.consents
      (human_id, purpose_code, version_scope_id, purpose_version_id, legal_basis, decision, source, decided_by, decided_at)
    select (select human_id from app_public.patient_profiles where id = tests.id('ana')), v.purpose_code, v.scope_id, v.id, 'consent', 'granted', 'self', null, app_hidden.now()
    from app_private.current_consent_version(null, 'analytics') v;
    select tests.recording('ana''s plan of atlas 1', name => 'lock recording');
    select tests.recording('ana''s plan of atlas 1', name => 'another recording');
    update app_public.exercise_sessions set started_at = started_at - interval '3 days', expires_at = expires_at - interval '3 days'
    where id in (tests.id('lock recording'), tests.id('another recording'))`,
  cases: [
    {
      lock: "app_private.hold_account_consent: for share of consents",
      as: "ana",
      rows: "app_public.consents where purpose_code = 'analytics'",
      call: start,
    },
    {
      lock: "app_private.open_metrics_month: pg_advisory_xact_lock",
      as: "the engine",
      key: "'telemetry: open_metrics_month'",
      call: "select app_private.open_metrics_month('2099-01-01 00:00+00')",
    },
    {
      lock: "app_telemetry.claim_to_finalize: for no key update of open skip locked",
      as: "the telemetry",
      rows: "app_public.exercise_sessions where id = tests.id('lock recording')",
      call: "select * from app_telemetry.claim_to_finalize(uuidv7(), 20)",
      leaves:
        "app_public.exercise_sessions where claimed_by is null and ended_at is null and expires_at < now() - interval '1 day'",
    },
  ],
};
