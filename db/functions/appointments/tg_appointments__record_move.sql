-- Every move has an actor, a time and an event, whoever makes it. APT-01, FND-14.
-- _200_guard_state has refused what is no move.

set role app_engine;

create or replace function app_private.tg_appointments__record_move() returns trigger
language plpgsql security definer
set search_path = ''
as $$
declare
  v_from text := case when tg_op = 'UPDATE' then old.status else '' end;
  v_event text;
begin
  insert into app_public.appointment_moves (organization_id, appointment_id, from_status, to_status, moved_by, moved_at, reason,
    overridden_rules)
  values (new.organization_id, new.id, nullif(v_from, ''), new.status, app_private.current_actor_id(), app_hidden.now(),
          case new.status when 'booked' then new.override_reason else coalesce(new.cancellation_reason, new.excuse_reason) end,
          case new.status when 'booked' then new.overridden_rules end);

  select distinct transition.event into strict v_event
  from app_private.state_transitions as transition
  where transition.entity = 'appointments' and transition.from_state = v_from and transition.to_state = new.status;

  perform app_private.publish(
    v_event, new.organization_id, new.id,
    jsonb_strip_nulls(jsonb_build_object(
      'appointmentId', new.id, 'patientProfileId', new.patient_profile_id, 'specialistId', new.specialist_id,
      'serviceId', new.service_id,
      'startsAt', new.starts_at, 'endsAt', new.ends_at, 'from', nullif(v_from, ''), 'to', new.status)
      || case when v_event = 'appointment.rescheduled' then jsonb_build_object(
        'calendarId', new.calendar_id, 'fromStartsAt', old.starts_at, 'fromEndsAt', old.ends_at,
        'fromSpecialistId', old.specialist_id, 'fromCalendarId', old.calendar_id, 'fromServiceId', old.service_id)
      else '{}' end));
  return new;
end;
$$;

comment on function app_private.tg_appointments__record_move is
  'Writes appointment_moves and publishes the event of the move. Trigger _900_record_move.';

reset role;

create or replace trigger _900_record_move after insert or update of status on app_public.appointments
  for each row execute function app_private.tg_appointments__record_move();
