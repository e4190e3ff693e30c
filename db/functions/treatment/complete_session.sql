-- A session at home is done: by the patient, also from a device that was without a network meanwhile. A repeated call changes nothing.
-- EXE-02.

set role app_engine;

create or replace function app_public.complete_session(
  patient_session_id uuid,
  pain_before int default null,
  pain_after int default null,
  performed_at timestamptz default null
) returns app_public.patient_sessions
language plpgsql volatile security definer
set search_path = ''
as $$
declare
  v_session app_public.patient_sessions := app_private.locked_session(complete_session.patient_session_id);
  v_at timestamptz := coalesce(complete_session.performed_at, app_hidden.now());
begin
  perform app_private.require_own_session(v_session);
  if v_session.status = 'completed' then
    return v_session;
  end if;
  if v_session.started_at is null then
    perform app_hidden.refuse('STATE', 'session_not_started');
  end if;
  perform app_private.authorize_move(
    'patient_sessions', v_session.status, 'completed', v_session.organization_id, v_session.patient_profile_id);
  perform app_private.require_performed_in(v_session, v_at);
  if least(pain_before, pain_after) < 0 or greatest(pain_before, pain_after) > 10 then
    perform app_hidden.refuse('VALIDATION', 'pain_out_of_range', jsonb_build_object(
      'field', case when complete_session.pain_before between 0 and 10 then 'painAfter' else 'painBefore' end));
  end if;

  update app_public.patient_sessions as sessions set
    status = 'completed', completed_at = v_at, completed_by = app_private.current_actor_id(),
    pain_before = complete_session.pain_before, pain_after = complete_session.pain_after,
    form_id = app_private.form_after_session(sessions)
  where sessions.id = v_session.id
  returning * into v_session;
  perform app_private.settle_enrolment(enrolments)
  from app_public.patient_treatment_plans as enrolments
  where enrolments.organization_id = v_session.organization_id and enrolments.id = v_session.patient_treatment_plan_id;
  return v_session;
end;
$$;

comment on function app_public.complete_session is
  E'@arg painBefore Pain before it: 0 none, 10 the worst.\n@arg painAfter Pain after it: 0 none, 10 the worst.\n'
  '@arg performedAt When it was done, where a device sends it later; within a day of its start.\n'
  'Completes a session at home that was started. For the patient and who cares for them. A form is asked where the plan has one. FORBIDDEN '
  'only_the_patient; STATE session_not_started, session_is_in_the_clinic, illegal_move; VALIDATION in_the_future, not_within_the_session, '
  'pain_out_of_range. A second time answers the same.';
grant execute on function app_public.complete_session to app_member;

reset role;

-- From a device that was without a network: never in the future, and within a day of the start.
create or replace function app_private.require_performed_in(session app_public.patient_sessions, performed_at timestamptz) returns void
language plpgsql stable
set search_path = ''
as $$
begin
  if require_performed_in.performed_at > app_hidden.now() then
    perform app_hidden.refuse('VALIDATION', 'in_the_future', '{"field": "performedAt"}');
  elsif require_performed_in.performed_at not between (session).started_at and (session).started_at + interval '1 day' then
    perform app_hidden.refuse('VALIDATION', 'not_within_the_session', '{"field": "performedAt"}');
  end if;
end;
$$;

comment on function app_private.require_performed_in is
  'Passes for an instant of a session that was started; VALIDATION in_the_future, not_within_the_session.';
grant execute on function app_private.require_performed_in to app_engine;

create or replace function app_private.form_after_session(session app_public.patient_sessions) returns uuid
language sql volatile
set search_path = ''
begin atomic
  select (app_private.make_form(
    enrolments.organization_id, enrolments.patient_profile_id, enrolments.form_template_id, profiles.locale)).id
  from app_public.patient_treatment_plans as enrolments
  join app_public.form_templates as templates
    on templates.organization_id = enrolments.organization_id and templates.id = enrolments.form_template_id and templates.published
  join app_public.patient_profiles as profiles on profiles.id = enrolments.patient_profile_id
  where enrolments.organization_id = (session).organization_id and enrolments.id = (session).patient_treatment_plan_id;
end;

comment on function app_private.form_after_session is
  'Makes the form that a plan asks after a session; null where it asks none, or its template is not published any more.';
grant execute on function app_private.form_after_session to app_engine;
