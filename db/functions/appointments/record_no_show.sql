-- Nobody came. APT-01.

set role app_engine;

create or replace function app_public.record_no_show(appointment_id uuid) returns app_public.appointments
language sql volatile strict security definer
set search_path = ''
return app_private.move_appointment(appointment_id, 'noshow');

comment on function app_public.record_no_show is
  'The patient did not come; only after the start. Frees the rest of the time. Needs appointments.conduct.';
grant execute on function app_public.record_no_show to app_member;

reset role;
