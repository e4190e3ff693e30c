-- A session in the clinic is done without its appointment saying so: staff complete it and say why. Its appointment links it otherwise, and
-- whatever becomes of that is settled by a trigger. Of two at once the second finds it done. EXE-04.

set role app_engine;

create or replace function app_public.complete_clinic_session(patient_session_id uuid, reason text) returns app_public.patient_sessions
language plpgsql volatile strict security definer
set search_path = ''
as $$
declare
  v_session app_public.patient_sessions := app_private.clinic_session(complete_clinic_session.patient_session_id);
  v_reason text := app_private.require_reason(complete_clinic_session.reason);
begin
  if v_session.status = 'completed' then
    return v_session;
  end if;
  perform app_private.authorize_move('patient_sessions', v_session.status, 'completed', v_session.organization_id);
  update app_public.patient_sessions as sessions set
    status = 'completed', completed_at = app_hidden.now(), completed_by = app_private.current_actor_id(), completion_reason = v_reason
  where sessions.id = v_session.id
  returning * into v_session;
  perform app_private.settle_enrolment(enrolments)
  from app_public.patient_treatment_plans as enrolments
  where enrolments.organization_id = v_session.organization_id and enrolments.id = v_session.patient_treatment_plan_id;
  return v_session;
end;
$$;

comment on function app_public.complete_clinic_session is
  'Completes a session in the clinic without an appointment. Needs treatment_plans.assign and a reason. NOT_FOUND; STATE session_is_at_home, '
  'illegal_move. A second time answers the same.';
grant execute on function app_public.complete_clinic_session to app_member;

create or replace function app_public.link_session(patient_session_id uuid, appointment_id uuid default null)
returns app_public.patient_sessions
language plpgsql volatile security definer
set search_path = ''
as $$
declare
  v_appointment app_public.appointments;
  v_session app_public.patient_sessions;
begin
  -- The appointment before the session, as whoever finishes or cancels one.
  if link_session.appointment_id is not null then
    v_appointment := app_private.locked_appointment(link_session.appointment_id);
  end if;
  v_session := app_private.clinic_session(link_session.patient_session_id);
  if v_session.appointment_id is not distinct from v_appointment.id then
    return v_session;
  elsif v_session.status <> 'due' then
    perform app_hidden.refuse('STATE', 'session_not_open', jsonb_build_object('status', v_session.status));
  elsif v_appointment.id is not null and (v_appointment.organization_id, v_appointment.patient_profile_id)
    is distinct from (v_session.organization_id, v_session.patient_profile_id) then
    perform app_hidden.refuse('NOT_FOUND', 'appointment_not_found');
  elsif v_appointment.status in ('done', 'cancelled', 'noshow') then
    perform app_hidden.refuse('STATE', 'appointment_has_ended', jsonb_build_object('status', v_appointment.status));
  elsif exists (
    select from app_public.patient_sessions as sessions
    where sessions.organization_id = v_appointment.organization_id and sessions.appointment_id = v_appointment.id
  ) then
    perform app_hidden.refuse('CONFLICT', 'appointment_is_linked');
  end if;
  update app_public.patient_sessions as sessions set appointment_id = v_appointment.id
  where sessions.id = v_session.id
  returning * into v_session;
  return v_session;
end;
$$;

comment on function app_public.link_session is
  E'@arg appointmentId An appointment of the same patient that is not over; without one the link is taken away.\n'
  'Says in which appointment a session in the clinic takes place: it is done as that is. Needs treatment_plans.assign. NOT_FOUND; STATE '
  'session_is_at_home, session_not_open, appointment_has_ended; CONFLICT appointment_is_linked.';
grant execute on function app_public.link_session to app_member;

reset role;

create or replace function app_private.clinic_session(patient_session_id uuid) returns app_public.patient_sessions
language plpgsql volatile
set search_path = ''
as $$
declare
  v_session app_public.patient_sessions := app_private.locked_session(clinic_session.patient_session_id);
begin
  perform app_private.require_permission(v_session.organization_id, 'treatment_plans.assign');
  if v_session.place <> 'clinic' then
    perform app_hidden.refuse('STATE', 'session_is_at_home');
  end if;
  return v_session;
end;
$$;

comment on function app_private.clinic_session is
  'A session in the clinic that the caller may look after, locked; NOT_FOUND, FORBIDDEN permission_missing, STATE session_is_at_home.';
grant execute on function app_private.clinic_session to app_engine;
