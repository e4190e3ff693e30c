-- send_session_reminder: reminds the patient of the session that comes next. AUT-02, APT-08.
-- A session is a visit: the one that the event is about, while it is to come, else the next one of the patient.

create or replace function app_private.act_send_session_reminder(step app_private.action_step) returns app_private.action_outcome
language plpgsql volatile
set search_path = ''
as $$
declare
  v_appointment app_public.appointments;
  v_ids uuid[];
  v_reason text;
begin
  select appointments.* into v_appointment
  from app_public.appointments
  where appointments.organization_id = step.organization_id
    and appointments.patient_profile_id = step.patient_profile_id
    and appointments.status in ('booked', 'upcoming', 'confirmed')
    and appointments.starts_at > app_hidden.now()
    and appointments.deleted_at is null
  order by appointments.id = step.appointment_id desc nulls last, appointments.starts_at, appointments.id
  limit 1;
  if not found then
    return app_private.acted('skipped', 'nothing_to_come');
  end if;
  v_ids := app_private.remind_of(v_appointment, step.event_id);
  if v_ids = '{}' then
    return app_private.acted('skipped', 'reminded_already', jsonb_build_object('appointmentId', v_appointment.id));
  end if;
  select min(messages.reason) into v_reason
  from app_public.messages
  where messages.id = any (v_ids)
  having not bool_or(messages.status = 'queued');
  return app_private.acted(
    case when v_reason is null then 'done' else 'skipped' end, v_reason,
    jsonb_build_object('appointmentId', v_appointment.id, 'messageIds', v_ids));
end;
$$;

comment on function app_private.act_send_session_reminder is 'Reminds the patient of the visit of the event or the next one; skipped where none is to come.';
grant execute on function app_private.act_send_session_reminder to app_engine;
