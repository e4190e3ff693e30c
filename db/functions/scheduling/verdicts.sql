-- What the rules say about one start, specialist by specialist: every rule that forbids it, in the order in which they
-- are told; none where it can be booked. Reads the same timetables as the listing; a property test holds the two
-- together. SCH-05, SCH-06.
-- Plain SQL without settings of its own, so that PostgreSQL inlines it into its callers.

create or replace function app_private.verdicts(
  calendar_id uuid,
  starts_at timestamptz,
  specialist_id uuid default null,
  own_claim_id uuid default null,
  own_length interval default null,
  asked_at timestamptz default null
) returns setof app_private.verdict
language sql stable
begin atomic
  select
    t.specialist_id,
    verdicts.starts_at,
    verdicts.starts_at + t.duration,
    tstzrange(verdicts.starts_at - t.before, verdicts.starts_at + t.duration + t.after),
    array_remove(array[
      case when verdicts.starts_at < t.now then 'in_the_past' end,
      case when verdicts.starts_at < t.bookable_from then 'inside_notice' end,
      case when verdicts.starts_at >= t.bookable_until then 'beyond_horizon' end,
      case when not t.windows @> tstzrange(verdicts.starts_at, verdicts.starts_at + t.duration) then 'outside_hours' end,
      case when t.closed @> verdicts.starts_at then 'closed' end,
      case when not exists (
        select
        from unnest(t.windows) as w (open)
        cross join lateral app_private.grid(w.open, t.timezone) as g
        where g.anchor <= verdicts.starts_at and verdicts.starts_at < g.until
          and date_bin(t.step, verdicts.starts_at, g.anchor) = verdicts.starts_at
      ) then 'off_the_grid' end,
      case when t.taken @> verdicts.starts_at then 'taken' end,
      case when t.unequipped @> verdicts.starts_at then 'no_resource' end], null)
  from app_private.timetables(
    verdicts.calendar_id, verdicts.starts_at, verdicts.starts_at + interval '1 microsecond', verdicts.specialist_id,
    false, verdicts.own_claim_id, verdicts.own_length, verdicts.asked_at) as t;
end;

comment on function app_private.verdicts is
  'For each specialist of a calendar, the rules that keep a start from being booked. A claim that exists asks with its '
  'id, its length and when it was made.';

grant execute on function app_private.verdicts to app_engine;
