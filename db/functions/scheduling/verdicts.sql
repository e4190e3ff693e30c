-- What the rules say about one start, specialist by specialist: null where it can be booked, else the first rule that
-- forbids it. Reads the same timetables as the listing; a property test holds the two together. SCH-05, SCH-06.
-- Plain SQL without settings of its own, so that PostgreSQL inlines it into its callers.
-- requires: functions/scheduling/timetables.sql
-- requires: functions/scheduling/grid.sql

create or replace function app_private.verdicts(
  calendar_id uuid,
  starts_at timestamptz,
  specialist_id uuid default null
) returns setof app_private.verdict
language sql stable
begin atomic
  select
    t.specialist_id,
    verdicts.starts_at,
    verdicts.starts_at + t.duration,
    tstzrange(verdicts.starts_at - t.before, verdicts.starts_at + t.duration + t.after),
    case
      when verdicts.starts_at < t.now then 'in_the_past'
      when verdicts.starts_at < t.bookable_from then 'inside_notice'
      when verdicts.starts_at >= t.bookable_until then 'beyond_horizon'
      when not t.windows @> tstzrange(verdicts.starts_at, verdicts.starts_at + t.duration) then 'outside_hours'
      when t.closed @> verdicts.starts_at then 'closed'
      when not exists (
        select
        from unnest(t.windows) as w (open)
        cross join lateral app_private.grid(w.open, t.timezone) as g
        where g.anchor <= verdicts.starts_at and verdicts.starts_at < g.until
          and date_bin(t.step, verdicts.starts_at, g.anchor) = verdicts.starts_at
      ) then 'off_the_grid'
      when t.taken @> verdicts.starts_at then 'taken'
    end
  from app_private.timetables(
    verdicts.calendar_id, verdicts.starts_at, verdicts.starts_at + interval '1 microsecond', verdicts.specialist_id,
    false) as t;
end;

comment on function app_private.verdicts(uuid, timestamptz, uuid) is
  'For each specialist of a calendar, the rule that keeps a start from being booked; null where nothing does.';

grant execute on function app_private.verdicts(uuid, timestamptz, uuid) to app_engine;
