-- A person says when it is to be quiet. FND-15.

set role app_engine;
create or replace function app_public.set_quiet_hours(
  quiet_from time,
  quiet_until time,
  timezone text,
  patient_profile_id uuid default null
) returns app_public.quiet_hours
language plpgsql volatile security definer
set search_path = ''
as $$
#variable_conflict use_column
declare
  v_human_id uuid := app_private.require_own_person(set_quiet_hours.patient_profile_id);
  v_hours app_public.quiet_hours;
begin
  if set_quiet_hours.quiet_from is null or set_quiet_hours.quiet_until is null then
    perform app_hidden.refuse('VALIDATION', 'quiet_hours_have_both_ends', '{"field": "quietFrom"}');
  end if;
  if not exists (select from app_public.time_zones where time_zones.name = set_quiet_hours.timezone) then
    perform app_hidden.refuse('VALIDATION', 'timezone_unknown', '{"field": "timezone"}');
  end if;

  insert into app_public.quiet_hours (human_id, patient_profile_id, quiet_from, quiet_until, timezone)
  values (v_human_id, set_quiet_hours.patient_profile_id, set_quiet_hours.quiet_from, set_quiet_hours.quiet_until,
          set_quiet_hours.timezone)
  on conflict on constraint quiet_hours_are_set_once do update
    set quiet_from = excluded.quiet_from, quiet_until = excluded.quiet_until, timezone = excluded.timezone
  returning quiet_hours.* into v_hours;
  return v_hours;
end;
$$;

comment on function app_public.set_quiet_hours is
  'Sets when no SMS, WhatsApp or push arrives, for oneself or for a person one acts for. The same time twice: never '
  'quiet. Messages that are not urgent wait for the end.';
grant execute on function app_public.set_quiet_hours to app_member;

reset role;
