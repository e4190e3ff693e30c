-- The specialist closes the session. APT-01.

set role app_engine;

create or replace function app_public.finish_appointment(appointment_id uuid) returns app_public.appointments
language sql volatile strict security definer
set search_path = ''
return app_private.move_appointment(appointment_id, 'done');

comment on function app_public.finish_appointment is
  'The session is over; STATE too_early before its time, or with the legal moves. Needs appointments.conduct.';
grant execute on function app_public.finish_appointment to app_member;

reset role;
