-- The patient or the clinic calls it off; the time is free at once. APT-01, APT-03.

set role app_engine;

create or replace function app_public.cancel_appointment(
  appointment_id uuid,
  reason text default null,
  for_patient boolean default null,
  excuse_reason text default null
) returns app_public.appointments
language sql volatile security definer
set search_path = ''
return app_private.call_off(appointment_id, 'cancelled', reason, for_patient, excuse_reason);

comment on function app_public.cancel_appointment is
  E'@arg forPatient Of staff: that it is the patient who calls it off, so that it may be late.\n'
  'Cancels an appointment and frees its time: by the patient, a caregiver, or staff with appointments.manage. When a patient '
  'is later than the policy of the appointment asks, it is marked as late, or STATE too_late_to_cancel says whom to call.';
grant execute on function app_public.cancel_appointment to app_member;

reset role;
