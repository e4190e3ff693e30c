-- The times a visitor can choose from. SCH-05, APT-05.
-- It answers with starts, never with claims: who else is booked, and with whom, does not leave the database.
-- requires: functions/scheduling/visible_calendar.sql
-- requires: functions/scheduling/require_window.sql
-- requires: functions/scheduling/require_choice.sql
-- requires: functions/scheduling/free_starts.sql
-- requires: functions/scheduling/local_time.sql

set role app_engine;

create or replace function app_public.available_slots(
  calendar_id uuid,
  "from" timestamptz,
  "to" timestamptz,
  specialist_id uuid default null
) returns setof app_public.slot
language plpgsql stable security definer
set search_path = ''
-- Planned once per connection: planning again costs more than running.
set plan_cache_mode = force_generic_plan
as $$
declare
  v_calendar app_public.calendars;
begin
  v_calendar := app_private.visible_calendar(available_slots.calendar_id);
  perform app_private.require_window(v_calendar.organization_id, "from", "to");
  perform app_private.require_choice(v_calendar, available_slots.specialist_id);

  if v_calendar.assignment_strategy = 'specific' then
    return query
      select slot.starts_at, slot.ends_at, app_private.local_time(slot.starts_at, v_calendar.timezone),
        slot.specialist_ids
      from (
        select f.starts_at, f.ends_at, array_agg(f.specialist_id order by f.specialist_id) as specialist_ids
        from app_private.free_starts(
          available_slots.calendar_id, "from", "to", available_slots.specialist_id) as f
        group by f.starts_at, f.ends_at
      ) as slot
      order by slot.starts_at, slot.ends_at;
  else
    return query
      select slot.starts_at, slot.ends_at, app_private.local_time(slot.starts_at, v_calendar.timezone), '{}'::uuid[]
      from (
        select distinct f.starts_at, f.ends_at
        from app_private.free_starts(
          available_slots.calendar_id, "from", "to", available_slots.specialist_id) as f
      ) as slot
      order by slot.starts_at, slot.ends_at;
  end if;
end;
$$;

comment on function app_public.available_slots(uuid, timestamptz, timestamptz, uuid) is
  E'@longestPage 2000\n@cost 20\n'
  'Bookable times of a calendar that start in [from, to), earliest first; at most 62 days at a time. '
  'specialistId narrows to one specialist, where the visitor picks the specialist.';

grant execute on function app_public.available_slots(uuid, timestamptz, timestamptz, uuid) to app_anonymous, app_member;

reset role;
