-- When specialists work, whatever they are booked for: the usual hours and those that their calendars have of their own;
-- a date's other hours instead of them, more hours beside them, and closings out of all. SCH-01, SCH-02.
-- timetables() reads the same rows for one calendar, where the nearest hours alone count; a test holds both together.

create or replace function app_private.working_hours(
  organization_id uuid,
  specialist_ids uuid[],
  "from" timestamptz,
  "to" timestamptz
) returns table (specialist_id uuid, hours tstzmultirange)
language sql stable
begin atomic
  with people as materialized (
    select specialists.id, specialists.scheduling_timezone as timezone
    from app_public.specialists
    where specialists.organization_id = working_hours.organization_id
      and specialists.id = any (working_hours.specialist_ids)
  ),
  -- Whoever is somewhere else for some dates works on the clocks there.
  dated as materialized (
    select people.id, z.timezone, z.starts_on, z.ends_on
    from people
    join app_public.specialist_zones as z
      on z.organization_id = working_hours.organization_id and z.specialist_id = people.id
  ),
  weekly as (
    select people.id, null::text as timezone, h.weekday, h.starts, h.ends
    from people
    join app_public.specialist_weekly_hours as h
      on h.organization_id = working_hours.organization_id and h.specialist_id = people.id
    union
    select people.id, calendars.timezone, h.weekday, h.starts, h.ends
    from people
    join app_public.calendar_specialists as cs
      on cs.organization_id = working_hours.organization_id and cs.specialist_id = people.id
    join app_public.calendars
      on calendars.organization_id = cs.organization_id and calendars.id = cs.calendar_id
     and calendars.is_active and calendars.deleted_at is null
    join app_public.calendar_hours as h
      on h.organization_id = cs.organization_id and h.calendar_id = cs.calendar_id
     and h.specialist_id is not distinct from case
           when exists (select from app_public.calendar_hours as own
                        where own.organization_id = cs.organization_id and own.calendar_id = cs.calendar_id
                          and own.specialist_id = people.id)
           then people.id end
  ),
  -- From the day before, whose hours may run past midnight, and the dates that other zones have meanwhile.
  days as materialized (
    select first.day + n as date, extract(isodow from first.day + n)::int as weekday
    from (select (working_hours."from" at time zone 'UTC')::date - 2 as day) as first
    cross join generate_series(0, (working_hours."to" at time zone 'UTC')::date - first.day + 1) as n
  ),
  zone_of as materialized (
    select people.id, days.date, coalesce(dated.timezone, people.timezone) as timezone
    from people
    cross join days
    left join dated on dated.id = people.id and days.date between dated.starts_on and dated.ends_on
  ),
  overrides as materialized (
    select people.id, o.kind, days.date, coalesce(o.starts, '00:00') as starts, coalesce(o.ends, '24:00') as ends
    from people
    join app_public.specialist_schedule_overrides as o
      on o.organization_id = working_hours.organization_id and o.specialist_id = people.id
    join days on days.date between o.starts_on and o.ends_on
  ),
  pieces as (
    select weekly.id, coalesce(weekly.timezone, zone_of.timezone) as timezone, 'open' as kind, days.date, weekly.starts, weekly.ends
    from weekly
    join days on days.weekday = weekly.weekday
    join zone_of on zone_of.id = weekly.id and zone_of.date = days.date
    where (weekly.id, days.date) not in (select o.id, o.date from overrides as o where o.kind = 'replace')
    union all
    select o.id, zone_of.timezone, o.kind, o.date, o.starts, o.ends
    from overrides as o
    join zone_of on zone_of.id = o.id and zone_of.date = o.date
  ),
  -- Times that clocks skip or show twice are looked at closely, on the nights when they change.
  zones as materialized (
    select distinct pieces.timezone, days.date,
      (days.date + 2)::timestamp at time zone pieces.timezone - days.date::timestamp at time zone pieces.timezone
        <> interval '48 hours' as clocks_change
    from pieces
    join days on days.date = pieces.date
  ),
  spans as (
    select pieces.id, pieces.kind,
      case when zones.clocks_change then app_private.on_clocks(piece.opens, pieces.timezone)
        else piece.opens at time zone pieces.timezone end as opens,
      case when zones.clocks_change then app_private.on_clocks(piece.closes, pieces.timezone)
        else piece.closes at time zone pieces.timezone end as closes
    from pieces
    join zones on zones.timezone = pieces.timezone and zones.date = pieces.date
    cross join lateral (
      select pieces.date + pieces.starts as opens,
             pieces.date + case when pieces.ends <= pieces.starts then 1 else 0 end + pieces.ends as closes
    ) as piece
  )
  select spans.id,
    range_agg(tstzrange(spans.opens, spans.closes))
    - coalesce(range_agg(tstzrange(spans.opens, spans.closes)) filter (where spans.kind = 'closed'), '{}')
  from spans
  group by spans.id;
end;

comment on function app_private.working_hours is
  'When these specialists work from the day of one instant to that of another; a specialist without hours has no row.';
grant execute on function app_private.working_hours to app_engine;
