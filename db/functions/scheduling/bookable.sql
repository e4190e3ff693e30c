-- The one predicate that hold and book share: who can be booked at this start. It asks the listing for a window of one
-- instant, so it cannot promise less or more than the listing. SCH-05, SCH-06.
-- override is for staff, who give a reason that the caller records: it sets notice, horizon, hours, closings and the
-- grid aside, never the past and never another claim.
-- requires: functions/core/now.sql
-- requires: functions/core/refuse.sql
-- requires: functions/scheduling/free_starts.sql
-- requires: functions/scheduling/blocking_rule.sql
-- requires: functions/scheduling/refuse_taken.sql

create or replace function app_private.bookable(
  calendar_id uuid,
  starts_at timestamptz,
  specialist_id uuid default null,
  override boolean default false
) returns setof app_private.free_start
language plpgsql stable
set search_path = ''
set plan_cache_mode = force_generic_plan
as $$
#variable_conflict use_column
declare
  v_just_after timestamptz := bookable.starts_at + interval '1 microsecond';
  v_rule text;
begin
  if bookable.starts_at is null or not isfinite(bookable.starts_at) then
    perform app_hidden.refuse(
      'VALIDATION', 'start_invalid', jsonb_build_object('rule', 'start_invalid', 'field', 'startsAt'),
      'Say which time.');
  end if;

  if override and bookable.starts_at >= app_hidden.now() then
    return query
      select t.specialist_id, bookable.starts_at, bookable.starts_at + t.duration,
        tstzrange(bookable.starts_at - t.before, bookable.starts_at + t.duration + t.after)
      from app_private.timetables(
        bookable.calendar_id, bookable.starts_at, v_just_after, bookable.specialist_id, false) as t
      where not t.taken @> bookable.starts_at;
  else
    return query
      select f.*
      from app_private.free_starts(
        bookable.calendar_id, bookable.starts_at, v_just_after, bookable.specialist_id) as f;
  end if;
  if found then
    return;
  end if;

  v_rule := app_private.blocking_rule(bookable.calendar_id, bookable.starts_at, bookable.specialist_id);
  if override and v_rule not in ('in_the_past', 'no_specialist') or v_rule = 'taken' then
    perform app_private.refuse_taken(bookable.calendar_id, bookable.starts_at);
  end if;
  perform app_hidden.refuse(
    'VALIDATION', v_rule,
    jsonb_build_object('rule', v_rule, 'calendarId', bookable.calendar_id, 'startsAt', bookable.starts_at),
    case v_rule
      when 'in_the_past' then 'This time has passed.'
      when 'inside_notice' then 'This time is too soon to book.'
      when 'beyond_horizon' then 'This time is too far ahead to book.'
      when 'outside_hours' then 'Nobody works at this time.'
      when 'closed' then 'This time is closed.'
      when 'off_the_grid' then 'Appointments do not start at this time.'
      else 'Nobody can be booked in this calendar.'
    end);
end;
$$;

comment on function app_private.bookable(uuid, timestamptz, uuid, boolean) is
  'Who can be booked at a start. Nobody: SLOT_TAKEN, or VALIDATION naming the rule.';

grant execute on function app_private.bookable(uuid, timestamptz, uuid, boolean) to app_engine;
