-- Where the grid of starts counts from. A window's grid counts from its start, whatever is asked, booked or closed.
-- Hours around the clock have no start: there the grid begins anew on the first Monday after a week without a gap,
-- and on every Monday after. So a start is on the grid or not, and no query can see it otherwise. SCH-05.
-- Plain SQL, so that PostgreSQL inlines it.

create or replace function app_private.grid(open tstzrange, timezone text)
returns table (anchor timestamptz, until timestamptz)
language sql immutable
begin atomic
  select lower(grid.open), upper(grid.open)
  where upper(grid.open) - lower(grid.open) <= interval '168 hours'
  union all
  select part.anchor, part.until
  from (
    select date_trunc('week', (lower(grid.open) + interval '168 hours') at time zone grid.timezone
                              - interval '1 microsecond') + interval '7 days' as monday
    where upper(grid.open) - lower(grid.open) > interval '168 hours'
  ) as first
  cross join lateral generate_series(
    0, ((upper(grid.open) at time zone grid.timezone)::date - first.monday::date) / 7 + 1
  ) as week
  cross join lateral (
    select
      case week when 0 then lower(grid.open)
        else (first.monday + (week - 1) * interval '7 days') at time zone grid.timezone
      end as anchor,
      least(upper(grid.open), (first.monday + week * interval '7 days') at time zone grid.timezone) as until
  ) as part
  where part.anchor < part.until;
end;

comment on function app_private.grid is
  'The stretches of an open window within which starts are counted from anchor: one, unless it is longer than a week.';

grant execute on function app_private.grid to app_engine;
