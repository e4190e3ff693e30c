-- A vacation, a training day, an illness: told with whom it would leave standing before it counts. SCH-01, SCH-08.

set role app_engine;

create or replace function app_public.close_schedule(
  specialist_id uuid,
  starts_on date,
  ends_on date,
  starts time default null,
  ends time default null,
  note text default null,
  leaves_stranded boolean default false
) returns app_public.specialist_schedule_overrides
language plpgsql volatile security definer
set search_path = ''
as $$
declare
  v_specialist app_public.specialists := app_private.require_own_schedule(close_schedule.specialist_id);
  v_closing app_public.specialist_schedule_overrides;
  v_known uuid[] := app_private.lock_schedule(v_specialist, leaves_stranded);
begin
  insert into app_public.specialist_schedule_overrides
    (organization_id, specialist_id, kind, starts_on, ends_on, starts, ends, note)
  values (v_specialist.organization_id, v_specialist.id, 'closed', close_schedule.starts_on, close_schedule.ends_on,
          close_schedule.starts, close_schedule.ends, nullif(btrim(close_schedule.note), ''))
  returning * into v_closing;
  perform app_private.require_nobody_stranded(v_specialist, v_known);
  return v_closing;
end;
$$;

comment on function app_public.close_schedule is
  E'@arg startsOn The first day, as the specialist''s zone has it.\n@arg endsOn The last day, included.\n'
  '@arg starts From when on each of the days; without it whole days are closed.\n@arg ends Until when; 24:00 is the end of the day.\n'
  '@arg note Why, for colleagues.\n'
  '@arg leavesStranded Whether to go on although appointments to come are left in that time.\n'
  'Closes days, or hours of days, of a specialist. For the specialist, or schedules.manage. CONFLICT appointments_stranded with '
  'the appointments and requests in that time, and who is free instead; then nothing has changed.';
grant execute on function app_public.close_schedule to app_member;

reset role;
