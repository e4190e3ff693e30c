-- Another time, specialist or calendar, by whoever has the appointment as their own or manages it: move_to() does it. Locks:
-- calendar and specialists, the patient, the appointment, the days, the turns, the plans. APT-02, APT-03, CAT-04.

set role app_engine;

create or replace function app_public.reschedule_appointment(
  appointment_id uuid,
  starts_at timestamptz,
  calendar_id uuid default null,
  specialist_id uuid default null,
  override_reason text default null,
  use_plan boolean default null
) returns app_public.appointments
language plpgsql volatile security definer
set search_path = ''
as $$
declare
  v_remembered jsonb := app_private.remembered('reschedule_appointment', jsonb_build_array(
    appointment_id, starts_at, calendar_id, specialist_id, override_reason, use_plan));
  v_appointment app_public.appointments;
  v_calendar app_public.calendars;
  v_specialist_id uuid := specialist_id;
  v_is_elsewhere boolean;
  v_by_patient boolean;
  v_override boolean;
begin
  if v_remembered is not null then
    perform app_private.own_appointment(appointment_id);
    return jsonb_populate_record(v_appointment, v_remembered);
  end if;

  v_appointment := app_private.own_appointment(appointment_id);
  v_calendar := app_private.visible_calendar(coalesce(reschedule_appointment.calendar_id, v_appointment.calendar_id));
  v_is_elsewhere := v_calendar.id <> v_appointment.calendar_id;
  if v_calendar.organization_id <> v_appointment.organization_id then
    perform app_hidden.refuse('NOT_FOUND', 'calendar_not_found');
  end if;
  perform app_private.require_choice(v_calendar, v_specialist_id);
  if not v_is_elsewhere and v_calendar.assignment_strategy = 'specific' then
    v_specialist_id := coalesce(v_specialist_id, v_appointment.specialist_id);
  end if;
  v_override := app_private.may_override(v_calendar.organization_id, override_reason);
  perform app_private.lock_to_book(v_calendar, v_specialist_id);
  v_appointment := app_private.lock_appointment(v_appointment);
  v_by_patient := app_private.require_to_reschedule(v_appointment);
  v_appointment := app_private.move_to(
    v_appointment, v_calendar, reschedule_appointment.starts_at, v_specialist_id, v_by_patient,
    override_reason => case when v_override then override_reason end, use_plan => use_plan);
  perform app_private.remember('reschedule_appointment', to_jsonb(v_appointment));
  return v_appointment;
end;
$$;

comment on function app_public.reschedule_appointment is
  E'@arg calendarId Where it goes; its calendar where null.\n'
  'Moves an appointment to another time, and to another specialist or calendar of the clinic; without specialistId whose turn it is, '
  'where the visitor picks the same one. By the patient, a caregiver, or staff with appointments.manage, who may set rules of time '
  'aside with overrideReason. SLOT_TAKEN, VALIDATION naming the rule; STATE too_late_to_reschedule or rescheduled_too_often, where '
  'the policy of the appointment says so to a patient; ENTITLEMENT_EXHAUSTED when it is by plan, and no session is good for it.';
grant execute on function app_public.reschedule_appointment to app_member;

reset role;
