-- book_followup_appointment: books the patient's next visit at the first time that is free. AUT-02.
-- By the steps of every booking: the patient first, then calendar and time, the gate last. What cannot be booked leaves nothing
-- behind, and the front desk is told.

create or replace function app_private.act_book_followup_appointment(step app_private.action_step)
returns app_private.action_outcome
language plpgsql volatile
set search_path = ''
as $$
declare
  v_calendar app_public.calendars;
  v_specialist_id uuid;
  v_booked app_public.appointments;
  v_state text;
  v_reason text;
  v_detail text;
begin
  if app_private.is_suspended(step.organization_id) then
    return app_private.acted('skipped', 'clinic_suspended');
  end if;
  perform app_private.patient_of_step(step);
  select calendars.* into v_calendar
  from app_public.calendars
  where calendars.organization_id = step.organization_id and calendars.id = (step.config ->> 'calendarId')::uuid
    and calendars.is_active and calendars.deleted_at is null;
  if not found then
    return app_private.acted('failed', 'calendar_not_found');
  end if;
  select appointments.* into v_booked
  from app_public.appointments
  where appointments.organization_id = step.organization_id and appointments.calendar_id = v_calendar.id
    and appointments.patient_profile_id = step.patient_profile_id
    and appointments.status in ('booked', 'upcoming', 'confirmed')
    and appointments.starts_at > app_hidden.now() and appointments.id is distinct from step.appointment_id
    and appointments.deleted_at is null
  order by appointments.starts_at
  limit 1;
  if found then
    return app_private.acted('skipped', 'booked_already', jsonb_build_object('appointmentId', v_booked.id));
  end if;

  if (step.config -> 'sameSpecialist')::boolean then
    select appointments.specialist_id into v_specialist_id
    from app_public.appointments
    where appointments.organization_id = step.organization_id and appointments.id = step.appointment_id;
  end if;
  begin
    v_booked := app_private.book_first_free(step, v_calendar, v_specialist_id);
  exception
    when serialization_failure or deadlock_detected or lock_not_available then
      raise;
    when others then
      get stacked diagnostics v_state = returned_sqlstate, v_reason = message_text, v_detail = pg_exception_detail;
      if not exists (select from app_hidden.error_codes where error_codes.sqlstate = v_state) then
        raise;
      end if;
  end;
  if v_booked.id is not null then
    return app_private.acted('done', null, jsonb_build_object('appointmentId', v_booked.id));
  end if;
  perform app_private.tell_front_desk(step, v_calendar);
  return app_private.acted(
    'failed', coalesce(v_reason, 'no_free_time'), coalesce(nullif(v_detail, '')::jsonb, '{}'));
end;
$$;

comment on function app_private.act_book_followup_appointment is
  'Books the first free time of a calendar in a window after the event; failed, and the front desk told, where there is none or the gate refuses.';
grant execute on function app_private.act_book_followup_appointment to app_engine;

create or replace function app_private.check_book_followup_appointment(organization_id uuid, config jsonb)
returns table (path text, reason text, details jsonb)
language sql stable
set search_path = ''
begin atomic
  select '$.calendarId', 'calendar_not_found', '{}'::jsonb
  where not exists (
    select from app_public.calendars
    where calendars.organization_id = check_book_followup_appointment.organization_id
      and calendars.id = (check_book_followup_appointment.config ->> 'calendarId')::uuid
      and calendars.is_active and calendars.deleted_at is null)
  union all
  select '$.until', 'out_of_bounds', jsonb_build_object('least', check_book_followup_appointment.config -> 'from')
  where check_book_followup_appointment.config ->> 'until' <= check_book_followup_appointment.config ->> 'from';
end;

comment on function app_private.check_book_followup_appointment is 'A calendar of this clinic that is in use, and hours that have a length.';
grant execute on function app_private.check_book_followup_appointment to app_engine;
