-- Whose treatment plan and whose session it is, and the locks: the patient for share, then the plan, then its session, in this order
-- everywhere. EXE-01, EXE-02, FND-04.

create or replace function app_private.locked_enrolment(patient_treatment_plan_id uuid) returns app_public.patient_treatment_plans
language plpgsql volatile
set search_path = ''
as $$
declare
  v_enrolment app_public.patient_treatment_plans;
begin
  select enrolments.* into v_enrolment
  from app_public.patient_treatment_plans as enrolments
  where enrolments.id = locked_enrolment.patient_treatment_plan_id;
  perform app_private.require_permission(v_enrolment.organization_id, 'treatment_plans.assign');
  perform app_private.require_patient(v_enrolment.organization_id, v_enrolment.patient_profile_id);
  return app_private.lock_enrolment(v_enrolment.organization_id, v_enrolment.id);
end;
$$;

comment on function app_private.locked_enrolment is
  'A treatment plan of a patient that the caller may look after, locked with the patient; NOT_FOUND, FORBIDDEN permission_missing.';
grant execute on function app_private.locked_enrolment to app_engine;

create or replace function app_private.lock_enrolment(organization_id uuid, patient_treatment_plan_id uuid)
returns app_public.patient_treatment_plans
language plpgsql volatile
set search_path = ''
as $$
declare
  v_enrolment app_public.patient_treatment_plans;
begin
  select enrolments.* into strict v_enrolment
  from app_public.patient_treatment_plans as enrolments
  where enrolments.organization_id = lock_enrolment.organization_id and enrolments.id = lock_enrolment.patient_treatment_plan_id
  for no key update;
  return v_enrolment;
end;
$$;

comment on function app_private.lock_enrolment is 'A treatment plan of a patient as it is now, locked.';
grant execute on function app_private.lock_enrolment to app_engine;

-- For the patient and those who care for them; for staff, what verbs of theirs then ask.
create or replace function app_private.locked_session(patient_session_id uuid) returns app_public.patient_sessions
language plpgsql volatile
set search_path = ''
as $$
declare
  v_session app_public.patient_sessions;
begin
  select sessions.* into v_session
  from app_public.patient_sessions as sessions
  where sessions.id = locked_session.patient_session_id
    and (sessions.organization_id = any (app_hidden.organization_ids_where('treatment_plans.view'))
         or (sessions.patient_profile_id = any (app_hidden.current_human_patient_profile_ids())
             and sessions.organization_id = any (app_hidden.current_patient_organization_ids())));
  if not found then
    perform app_hidden.refuse('NOT_FOUND', 'session_not_found');
  end if;
  perform app_private.require_patient(v_session.organization_id, v_session.patient_profile_id);
  return app_private.lock_session(v_session);
end;
$$;

comment on function app_private.locked_session is
  'A session that the caller sees, locked with its patient and its plan; NOT_FOUND session_not_found.';
grant execute on function app_private.locked_session to app_engine;

create or replace function app_private.lock_session(seen app_public.patient_sessions) returns app_public.patient_sessions
language plpgsql volatile
set search_path = ''
as $$
declare
  v_session app_public.patient_sessions;
begin
  perform app_private.lock_enrolment(seen.organization_id, seen.patient_treatment_plan_id);
  select sessions.* into strict v_session
  from app_public.patient_sessions as sessions
  where sessions.organization_id = seen.organization_id and sessions.id = seen.id
  for no key update;
  return v_session;
end;
$$;

comment on function app_private.lock_session is 'The same session as it is now, locked with its plan.';
grant execute on function app_private.lock_session to app_engine;

-- What is done at home is done, and told, by the patient or who cares for them.
create or replace function app_private.require_own_session(session app_public.patient_sessions) returns void
language plpgsql stable
set search_path = ''
as $$
begin
  if (session).patient_profile_id <> all (app_hidden.current_human_patient_profile_ids()) then
    perform app_hidden.refuse('FORBIDDEN', 'only_the_patient');
  elsif (session).place <> 'home' then
    perform app_hidden.refuse('STATE', 'session_is_in_the_clinic');
  end if;
end;
$$;

comment on function app_private.require_own_session is
  'Passes for a session at home of the caller; FORBIDDEN only_the_patient, STATE session_is_in_the_clinic.';
grant execute on function app_private.require_own_session to app_engine;
