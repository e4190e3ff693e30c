-- Nobody came. APT-01, APT-03.

set role app_engine;

create or replace function app_public.record_no_show(appointment_id uuid, excuse_reason text default null)
returns app_public.appointments
language sql volatile security definer
set search_path = ''
return app_private.call_off(appointment_id, 'noshow', null, null, excuse_reason);

comment on function app_public.record_no_show is
  'The patient did not come; only after the start. Frees the rest of the time, and does with the session of a plan what the '
  'policy of the appointment says. Needs appointments.conduct, and appointments.manage for an excuse.';
grant execute on function app_public.record_no_show to app_member;

reset role;
