-- Why a start cannot be booked. Reads the same timetables as the listing. SCH-05, SCH-06.
-- Of several specialists it names the rule that came closest: one who is merely taken says more than one who is off.
-- requires: functions/core/now.sql
-- requires: functions/scheduling/timetables.sql
-- requires: functions/scheduling/grid.sql

create or replace function app_private.blocking_rule(
  calendar_id uuid,
  starts_at timestamptz,
  specialist_id uuid default null
) returns text
language sql stable
set search_path = ''
set plan_cache_mode = force_generic_plan
as $$
  with bounds as (
    select case
      when blocking_rule.starts_at < clock.now then 'in_the_past'
      when blocking_rule.starts_at < clock.now + make_interval(mins => c.notice_minutes) then 'inside_notice'
      when (blocking_rule.starts_at at time zone c.timezone)::date
           > (clock.now at time zone c.timezone)::date + c.horizon_days then 'beyond_horizon'
    end as rule
    from app_public.calendars as c
    cross join (select app_hidden.now() as now) as clock
    where c.id = blocking_rule.calendar_id
  ),
  reasons as (
    select case
      when not t.windows @> tstzrange(blocking_rule.starts_at, blocking_rule.starts_at + t.duration) then 'outside_hours'
      when t.closed @> blocking_rule.starts_at then 'closed'
      when not exists (
        select
        from unnest(t.windows) as w (open)
        cross join lateral app_private.grid(w.open, t.timezone) as g
        where g.anchor <= blocking_rule.starts_at and blocking_rule.starts_at < g.until
          and date_bin(t.step, blocking_rule.starts_at, g.anchor) = blocking_rule.starts_at
      ) then 'off_the_grid'
      when t.taken @> blocking_rule.starts_at then 'taken'
    end as rule
    from bounds
    cross join app_private.timetables(
      blocking_rule.calendar_id, blocking_rule.starts_at,
      blocking_rule.starts_at + interval '1 microsecond', blocking_rule.specialist_id, false) as t
    where bounds.rule is null
  )
  select coalesce(
    (select bounds.rule from bounds),
    case
      when not exists (select from reasons) then 'no_specialist'
      when exists (select from reasons where reasons.rule is null) then null
      else (select reasons.rule from reasons
            order by array_position(array['taken', 'off_the_grid', 'closed', 'outside_hours'], reasons.rule)
            limit 1)
    end);
$$;

comment on function app_private.blocking_rule(uuid, timestamptz, uuid) is
  'The rule that keeps a start from being booked; null when nothing does.';

grant execute on function app_private.blocking_rule(uuid, timestamptz, uuid) to app_engine;
