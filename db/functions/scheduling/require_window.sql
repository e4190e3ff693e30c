-- A window that is asked for has two ends, in order, and an affordable length: 62 days for everybody, 400 for staff.
-- SCH-05.
-- requires: functions/core/refuse.sql
-- requires: functions/scheduling/is_staff_of.sql

create or replace function app_private.require_window(
  organization_id uuid,
  "from" timestamptz,
  "to" timestamptz
) returns void
language plpgsql stable
set search_path = ''
as $$
declare
  v_days int;
begin
  if "from" is null or "to" is null then
    perform app_hidden.refuse(
      'VALIDATION', 'window_incomplete', jsonb_build_object('rule', 'window_incomplete'),
      'Say from when and to when.');
  elsif not isfinite("from") or not isfinite("to") then
    perform app_hidden.refuse(
      'VALIDATION', 'window_infinite', jsonb_build_object('rule', 'window_infinite'),
      'Both ends of the window must be real dates.');
  elsif "to" < "from" then
    perform app_hidden.refuse(
      'VALIDATION', 'window_inverted', jsonb_build_object('rule', 'window_inverted'),
      'The window ends before it starts.');
  end if;

  -- Compared as a difference of seconds, because adding days depends on the session's time zone.
  if "to" - "from" > interval '62 days' then
    v_days := case when app_private.is_staff_of(organization_id) then 400 else 62 end;
    if "to" - "from" > make_interval(days => v_days) then
      perform app_hidden.refuse(
        'VALIDATION', 'window_too_long',
        jsonb_build_object('rule', 'window_too_long', 'maxDays', v_days),
        format('Ask for at most %s days at a time.', v_days));
    end if;
  end if;
end;
$$;

comment on function app_private.require_window(uuid, timestamptz, timestamptz) is
  'Refuses a window of time that is incomplete, infinite, inverted or too long.';

grant execute on function app_private.require_window(uuid, timestamptz, timestamptz) to app_engine;
