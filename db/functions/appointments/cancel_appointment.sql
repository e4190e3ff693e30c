-- The patient or the clinic calls it off; the time is free at once. APT-01.

set role app_engine;

create or replace function app_public.cancel_appointment(appointment_id uuid, reason text default null)
returns app_public.appointments
language sql volatile security definer
set search_path = ''
return app_private.move_appointment(appointment_id, 'cancelled', reason);

comment on function app_public.cancel_appointment is
  'Cancels an appointment and frees its time: by the patient, a caregiver, or staff with appointments.manage.';
grant execute on function app_public.cancel_appointment to app_member;

reset role;
