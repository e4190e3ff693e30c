-- Who may move an appointment, and until when: what the policy promised a patient; staff at any time. APT-01, APT-03.

create or replace function app_private.require_to_reschedule(appointment app_public.appointments) returns boolean
language plpgsql stable
set search_path = ''
as $$
begin
  perform app_private.authorize_move(
    'appointments', appointment.status, 'booked', appointment.organization_id, appointment.patient_profile_id);
  if appointment.status = 'cancelled' then
    perform app_hidden.refuse('STATE', 'appointment_is_cancelled');
  end if;
  if app_hidden.has_permission(appointment.organization_id, 'appointments.manage') then
    return false;
  end if;
  perform app_private.require_window_to_reschedule(appointment);
  return true;
end;
$$;

comment on function app_private.require_to_reschedule is
  'Passes who may move an appointment, and says whether it is the patient; FORBIDDEN, STATE with the legal moves or the policy.';
grant execute on function app_private.require_to_reschedule to app_engine;

create or replace function app_private.reschedule_until(appointment app_public.appointments) returns timestamptz
language sql immutable
set search_path = ''
return (appointment).starts_at - make_interval(mins => (appointment).reschedule_minutes);

comment on function app_private.reschedule_until is 'Until when a patient may move an appointment, as was promised at booking.';
grant execute on function app_private.reschedule_until to app_engine;

create or replace function app_private.require_window_to_reschedule(appointment app_public.appointments) returns void
language plpgsql stable
set search_path = ''
as $$
declare
  v_until timestamptz := app_private.reschedule_until(appointment);
begin
  if v_until < app_hidden.now() then
    perform app_hidden.refuse(
      'STATE', 'too_late_to_reschedule',
      jsonb_build_object('until', v_until) || app_private.clinic_to_call(appointment.organization_id));
  elsif appointment.reschedule_count >= appointment.reschedule_limit then
    perform app_hidden.refuse(
      'STATE', 'rescheduled_too_often',
      jsonb_build_object('limit', appointment.reschedule_limit) || app_private.clinic_to_call(appointment.organization_id));
  end if;
end;
$$;

comment on function app_private.require_window_to_reschedule is
  'What the policy of an appointment says to its patient: STATE too_late_to_reschedule or rescheduled_too_often.';
grant execute on function app_private.require_window_to_reschedule to app_engine;
