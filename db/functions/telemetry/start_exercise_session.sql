-- A session at home begins: what may be done is asked, what may be recorded follows from the consents of this moment, and the API makes the
-- token for telemetry of the answer. Without consent to biometric capture the exercises are done all the same, and nobody looks on. A
-- repeated start answers the same recording while that runs. EXE-05, TEL-01, TEL-06, CAT-08.

set role app_engine;

create or replace function app_hidden.start_exercise_session(
  patient_session_id uuid,
  patient_treatment_plan_id uuid,
  session_position int,
  acknowledged_ids uuid[]
) returns table (id uuid, organization_id uuid, patient_profile_id uuid, scopes text[], expires_at timestamptz)
language plpgsql volatile security definer
set search_path = ''
as $$
declare
  v_session app_public.patient_sessions;
  v_recording app_public.exercise_sessions;
  v_viewer_id uuid;
  v_granted text[];
begin
  if (start_exercise_session.patient_session_id is null)
    <> (num_nonnulls(start_exercise_session.patient_treatment_plan_id, start_exercise_session.session_position) = 2)
    or num_nonnulls(start_exercise_session.patient_treatment_plan_id, start_exercise_session.session_position) = 1 then
    perform app_hidden.refuse('VALIDATION', 'session_or_plan', '{"field": "patientSessionId"}');
  end if;
  if start_exercise_session.patient_session_id is null then
    v_session := app_private.add_extra_session(
      start_exercise_session.patient_treatment_plan_id, start_exercise_session.session_position);
  end if;
  v_session := app_private.begin_session(
    coalesce(start_exercise_session.patient_session_id, v_session.id), start_exercise_session.acknowledged_ids);
  perform app_private.require_telerehab(v_session);

  select coalesce(patient_profiles.human_id, app_hidden.current_account_id()) into strict v_viewer_id
  from app_public.patient_profiles where patient_profiles.id = v_session.patient_profile_id;
  v_granted := array_remove(array[
    case when app_private.hold_account_consent(v_viewer_id, 'analytics') then 'media' end,
    case when app_private.hold_consent(v_session.organization_id, v_session.patient_profile_id, 'biometric_capture') then 'pose' end
  ], null);

  -- What was consented to meanwhile counts for the recording that runs as well.
  update app_public.exercise_sessions as running
  set scopes = array(select unnest(running.scopes || v_granted) as scope group by scope order by scope)
  where running.id = (
    select latest.id from app_public.exercise_sessions as latest
    where latest.organization_id = v_session.organization_id and latest.patient_session_id = v_session.id
      and latest.ended_at is null and latest.expires_at > app_hidden.now()
    order by latest.started_at desc, latest.id desc
    limit 1)
  returning running.* into v_recording;
  if v_recording.id is null then
    insert into app_public.exercise_sessions
      (organization_id, patient_session_id, patient_profile_id, viewer_id, scopes, tracked, started_at, expires_at)
    select v_session.organization_id, v_session.id, v_session.patient_profile_id, v_viewer_id, v_granted,
      coalesce(jsonb_agg(jsonb_build_object(
        'place', asked.place, 'joints', coalesce(asked.tracking -> 'joints', '[]'), 'seconds', (asked.exercise).video_duration_s)
        order by asked.place), '[]'),
      app_hidden.now(), app_hidden.now() + interval '75 minutes'
    from unnest(app_public.patient_sessions_to_do(v_session)) as asked
    returning * into v_recording;
  end if;
  return query
    select v_recording.id, v_recording.organization_id, v_recording.patient_profile_id,
      array(select granted from unnest(v_granted) as granted
            where not app_private.withdrawals_since(v_recording) ? granted),
      v_recording.expires_at;
end;
$$;

comment on function app_hidden.start_exercise_session is
  'Starts a session at home of the caller, or one more of a plan that allows it, and says what the token for telemetry is made of. What '
  'begin_session() and add_extra_session() refuse; VALIDATION session_or_plan; FORBIDDEN telerehab_closed.';
grant execute on function app_hidden.start_exercise_session to app_member;

reset role;

-- Sessions from home are open by a plan, by hand, or since the clinic makes them free; and by the service plan that the treatment plan was
-- counted to, as long as that is open.
create or replace function app_private.require_telerehab(session app_public.patient_sessions) returns void
language plpgsql stable
set search_path = ''
as $$
begin
  perform from app_public.patient_treatment_plans as enrolments
  join app_public.patients
    on patients.organization_id = enrolments.organization_id and patients.patient_profile_id = enrolments.patient_profile_id
  left join app_public.patient_service_plans as counted
    on counted.organization_id = enrolments.organization_id and counted.id = enrolments.patient_service_plan_id
  where enrolments.organization_id = (session).organization_id and enrolments.id = (session).patient_treatment_plan_id
    and (app_hidden.has_access(patients.organization_id, patients.id, 'telerehab_access')
         or app_public.patient_service_plans_is_open(counted));
  if not found then
    perform app_hidden.refuse('FORBIDDEN', 'telerehab_closed');
  end if;
end;
$$;

comment on function app_private.require_telerehab is
  'Passes while sessions from home are open to the patient of a session; FORBIDDEN telerehab_closed.';
grant execute on function app_private.require_telerehab to app_engine;
