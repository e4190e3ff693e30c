import type { LockArea } from "../lock_case.ts";

const session = "tests.id('ana''s lock plan 1')";
const start = `select app_hidden.start_exercise_session(${session}, null, null, array(
  select (warning.value ->> 'id')::uuid from app_public.patient_sessions as s
  cross join lateral jsonb_array_elements(app_public.patient_sessions_exercises(s)) as exercise
  cross join lateral jsonb_array_elements(exercise.value -> 'contraindications') as warning
  where s.id = ${session}))`;

/** Recordings of sessions: the session is locked before, then the answers that they rest on. EXE-05, TEL-06. */
export const telemetry: LockArea = {
  furniture: `
    select set_config('tests.clinic', 'atlas', true);
    select tests.treatment_plan('lock plan', 1, 0), tests.assigned('ana', 'lock plan', clinic => 'atlas');
    update app_public.organizations set telerehab_access_is_free = true where id = tests.id('atlas');
    insert into app_public.consents
      (human_id, purpose_code, version_scope_id, purpose_version_id, legal_basis, decision, source, decided_by, decided_at)
    select tests.id('ana''s account'), v.purpose_code, v.scope_id, v.id, 'consent', 'granted', 'self', null, app_hidden.now()
    from app_private.current_consent_version(null, 'analytics') v`,
  cases: [
    {
      lock: "app_private.hold_account_consent: for share of consents",
      as: "ana",
      rows: "app_public.consents where purpose_code = 'analytics'",
      call: start,
    },
  ],
};
