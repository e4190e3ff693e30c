-- The starts of one specialist's timetable in [from, to): on the grid of their window, with the slot ending before the
-- window does, and not ruled out by a closing or a claim. SCH-05.
-- Plain SQL, so that PostgreSQL inlines it.

create or replace function app_private.starts_within(
  windows tstzmultirange,
  timezone text,
  step interval,
  duration interval,
  ruled_out tstzmultirange,
  "from" timestamptz,
  "to" timestamptz
) returns setof timestamptz
language sql stable
begin atomic
  select grid.start
  from (
    -- Sets in the select list are streamed; in `from` each would be stored first, at twice the cost.
    select generate_series(
      -- The first instant of the grid that is not before `from`.
      greatest(g.anchor,
               date_bin(starts_within.step, starts_within."from" + starts_within.step - interval '1 microsecond', g.anchor)),
      least(g.until - interval '1 microsecond',
            upper(w.open) - starts_within.duration,
            starts_within."to" - interval '1 microsecond'),
      starts_within.step) as start
    from (select unnest(starts_within.windows) as open) as w
    cross join lateral app_private.grid(w.open, starts_within.timezone) as g
    where upper(w.open) > starts_within."from"
      and lower(w.open) < starts_within."to"
  ) as grid
  where not starts_within.ruled_out @> grid.start;
end;

comment on function app_private.starts_within is 'The free starts of one timetable in [from, to).';

grant execute on function app_private.starts_within to app_engine;
