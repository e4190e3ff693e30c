-- What becomes of an appointment becomes of the session that takes place in it: it is done with it; called off, it is open again; where the
-- session of a service plan is kept, as was promised at booking, it is used up here as well. An appointment that is reinstated opens what it
-- had used up. EXE-04, APT-03.

set role app_engine;

create or replace function app_private.tg_appointments__settle_treatment_session() returns trigger
language plpgsql security definer
set search_path = ''
as $$
declare
  v_session app_public.patient_sessions;
  v_kept boolean := new.excuse_reason is null and case new.status
    when 'noshow' then new.no_show_session = 'kept'
    when 'cancelled' then coalesce(new.is_late_cancellation, false) and new.late_cancel_session = 'kept'
    else false end;
begin
  select sessions.* into v_session
  from app_public.patient_sessions as sessions
  where sessions.organization_id = new.organization_id and sessions.appointment_id = new.id;
  if not found then
    return null;
  end if;
  v_session := app_private.lock_session(v_session);
  if v_session.patient_profile_id <> new.patient_profile_id
    or v_session.status not in ('due', 'missed')
    or new.status = 'booked' and v_session.status <> 'missed' then
    return null;
  end if;
  if new.status in ('done', 'booked') or v_kept then
    update app_public.patient_sessions as sessions set
      status = case new.status when 'done' then 'completed' when 'booked' then 'due' else 'missed' end,
      completed_at = case new.status when 'done' then app_hidden.now() end
    where sessions.id = v_session.id;
  else
    update app_public.patient_sessions as sessions set appointment_id = null
    where sessions.id = v_session.id;
  end if;
  perform app_private.settle_enrolment(enrolments)
  from app_public.patient_treatment_plans as enrolments
  where enrolments.organization_id = v_session.organization_id and enrolments.id = v_session.patient_treatment_plan_id;
  return null;
end;
$$;

comment on function app_private.tg_appointments__settle_treatment_session is
  'Settles the session of a treatment plan that takes place in an appointment. Trigger _400_settle_treatment_session.';

reset role;

create or replace trigger _400_settle_treatment_session after update of status on app_public.appointments
  for each row
  when (old.status <> new.status and new.status in ('done', 'cancelled', 'noshow', 'booked'))
  execute function app_private.tg_appointments__settle_treatment_session();
