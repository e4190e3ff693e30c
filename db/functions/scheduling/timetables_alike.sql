-- The timetables of a calendar, one row for all specialists whose starts come from the same windows, step and length:
-- what is looked at start by start is then looked at once for all of them. Most clinics have few kinds of hours. SCH-05.
-- specialist_ids and ruled_out belong together, place by place.
-- Plain SQL, so that PostgreSQL inlines it.

create or replace function app_private.timetables_alike(
  calendar_id uuid,
  "from" timestamptz,
  "to" timestamptz,
  specialist_id uuid default null,
  own_claim_id uuid default null
) returns table (
  specialist_ids uuid[],
  ruled_out tstzmultirange[],
  ruled_out_for_some tstzmultirange,
  ruled_out_for_all tstzmultirange,
  windows tstzmultirange,
  timezone text,
  step interval,
  duration interval,
  earliest timestamptz,
  latest timestamptz
)
language sql stable
begin atomic
  select array_agg(t.specialist_id), array_agg(t.ruled_out), range_agg(t.ruled_out), range_intersect_agg(t.ruled_out),
    t.windows, t.timezone, t.step, t.duration, any_value(t.earliest), any_value(t.latest)
  from app_private.timetables(
    timetables_alike.calendar_id, timetables_alike."from", timetables_alike."to", timetables_alike.specialist_id, true,
    timetables_alike.own_claim_id) as t
  group by t.windows, t.timezone, t.step, t.duration;
end;

comment on function app_private.timetables_alike is
  'The timetables of a calendar within notice and horizon, those with the same hours, step and length in one row.';

grant execute on function app_private.timetables_alike to app_engine;
