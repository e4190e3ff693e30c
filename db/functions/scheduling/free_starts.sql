-- The engine: every start at which a specialist of the calendar can be booked. Listing, holding and booking ask
-- nothing else, so a hold succeeds exactly when its start is listed. SCH-05, SCH-06.
-- Lengths rather than ends: of 80,000 starts most end together, and whoever lists them adds once.
-- Plain SQL without settings of its own, so that PostgreSQL inlines it into its callers.

create or replace function app_private.free_starts(
  calendar_id uuid,
  "from" timestamptz,
  "to" timestamptz,
  specialist_id uuid default null,
  own_claim_id uuid default null
) returns table (specialist_id uuid, starts_at timestamptz, duration interval)
language sql stable
begin atomic
  with timetables as materialized (
    select t.specialist_id, t.windows, t.timezone, t.step, t.duration, t.ruled_out, t.earliest, t.latest
    from app_private.timetables(
      free_starts.calendar_id, free_starts."from", free_starts."to", free_starts.specialist_id, true,
      free_starts.own_claim_id) as t
  )
  select t.specialist_id, start, t.duration
  from timetables as t
  cross join lateral app_private.starts_within(
    t.windows, t.timezone, t.step, t.duration, t.ruled_out, t.earliest, t.latest) as start;
end;

comment on function app_private.free_starts is
  'Every start in a window at which a specialist of the calendar can be booked, within notice and horizon. '
  'own_claim_id stands aside.';

grant execute on function app_private.free_starts to app_engine;
