-- The patient, or front desk after a call, confirms. APT-01.

set role app_engine;

create or replace function app_public.confirm_appointment(appointment_id uuid) returns app_public.appointments
language sql volatile strict security definer
set search_path = ''
return app_private.move_appointment(appointment_id, 'confirmed');

comment on function app_public.confirm_appointment is
  'Confirms that the patient comes: by the patient, a caregiver, or staff with appointments.manage. STATE with the legal moves.';
grant execute on function app_public.confirm_appointment to app_member;

reset role;
