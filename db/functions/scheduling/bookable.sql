-- The one predicate that hold and book share: who can be booked at this start. It reads what the listing reads, so a
-- hold succeeds exactly when its start is listed. SCH-05, SCH-06.
-- override is for staff, who give a reason that the caller records: it sets notice, horizon, hours, closings and the
-- grid aside, never the past and never another claim.
-- requires: functions/core/refuse.sql
-- requires: functions/scheduling/verdicts.sql
-- requires: functions/scheduling/refuse_taken.sql

create or replace function app_private.bookable(
  calendar_id uuid,
  starts_at timestamptz,
  specialist_id uuid default null,
  override boolean default false
) returns app_private.free_start[]
language plpgsql stable
set search_path = ''
-- Planned once per connection: planning again costs more than running.
set plan_cache_mode = force_generic_plan
as $$
declare
  -- Of several specialists the rule that came closest is told: who is merely taken says more than who is off.
  c_closest constant text[] := array[
    'taken', 'off_the_grid', 'closed', 'outside_hours', 'beyond_horizon', 'inside_notice', 'in_the_past'];
  v_free app_private.free_start[];
  v_rule text;
begin
  if bookable.starts_at is null or not isfinite(bookable.starts_at) then
    perform app_hidden.refuse(
      'VALIDATION', 'start_invalid', jsonb_build_object('rule', 'start_invalid', 'field', 'startsAt'),
      'Say which time.');
  end if;

  select
    array_agg((v.specialist_id, v.starts_at, v.ends_at, v.blocked)::app_private.free_start)
      filter (where v.rule is null or override and v.rule not in ('in_the_past', 'taken')),
    (array_agg(v.rule order by array_position(c_closest, v.rule)))[1]
  into v_free, v_rule
  from app_private.verdicts(bookable.calendar_id, bookable.starts_at, bookable.specialist_id) as v;

  if v_free is not null then
    return v_free;
  elsif v_rule = 'taken' then
    perform app_private.refuse_taken(bookable.calendar_id, bookable.starts_at);
  end if;
  v_rule := coalesce(v_rule, 'no_specialist');
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
