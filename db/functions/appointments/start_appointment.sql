-- The specialist opens the session. APT-01.

set role app_engine;

create or replace function app_public.start_appointment(appointment_id uuid) returns app_public.appointments
language sql volatile strict security definer
set search_path = ''
return app_private.move_appointment(appointment_id, 'inprogress');

comment on function app_public.start_appointment is
  'The session begins, from the clinic''s startLeadMinutes before its time on; STATE too_early before, or with the legal moves. Needs appointments.conduct.';
grant execute on function app_public.start_appointment to app_member;

reset role;
