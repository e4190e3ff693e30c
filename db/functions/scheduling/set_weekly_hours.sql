-- A specialist's usual hours, all at once: either the whole week is new, or nothing changed. SCH-01, SCH-08.

set role app_engine;

create or replace function app_public.set_weekly_hours(
  specialist_id uuid,
  hours app_public.hours_of_a_day[],
  leaves_stranded boolean default false
) returns app_public.specialists
language plpgsql volatile security definer
set search_path = ''
as $$
declare
  v_specialist app_public.specialists := app_private.require_own_schedule(set_weekly_hours.specialist_id);
  v_known uuid[];
begin
  if cardinality(set_weekly_hours.hours) > 70 then
    perform app_hidden.refuse('VALIDATION', 'too_many_hours', '{"field": "hours", "limit": 70}');
  end if;
  v_known := app_private.lock_schedule(v_specialist, leaves_stranded);

  delete from app_public.specialist_weekly_hours as known
  where known.organization_id = v_specialist.organization_id and known.specialist_id = v_specialist.id
    and (known.weekday, known.starts, known.ends) not in (
      select given.weekday, given.starts, given.ends from unnest(set_weekly_hours.hours) as given
      where given.weekday is not null and given.starts is not null and given.ends is not null);
  insert into app_public.specialist_weekly_hours (organization_id, specialist_id, weekday, starts, ends)
  select v_specialist.organization_id, v_specialist.id, given.weekday, given.starts, given.ends
  from (select distinct weekday, starts, ends from unnest(set_weekly_hours.hours)) as given
  where not exists (
    select from app_public.specialist_weekly_hours as known
    where known.organization_id = v_specialist.organization_id and known.specialist_id = v_specialist.id
      and (known.weekday, known.starts, known.ends) = (given.weekday, given.starts, given.ends));
  perform app_private.require_nobody_stranded(v_specialist, v_known);
  return v_specialist;
end;
$$;

comment on function app_public.set_weekly_hours is
  E'@arg hours The whole week; an empty list for somebody without usual hours.\n'
  '@arg leavesStranded Whether to go on although appointments to come are left outside the hours.\n'
  'Replaces the usual hours of a specialist. For the specialist, or schedules.manage. CONFLICT appointments_stranded with the '
  'appointments and requests that would be left outside, and who is free instead; then nothing has changed.';
grant execute on function app_public.set_weekly_hours to app_member;

reset role;
