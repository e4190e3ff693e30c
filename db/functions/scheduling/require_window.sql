-- A window that is asked for has two ends, in order, and an affordable length: 62 days for everybody, 400 for staff.
-- Days are those of the zone the window is read in: two local months are sixty-two days, also when one of them has an
-- hour more. Instants that no calendar knows are refused before anything is computed with them. SCH-05.

create or replace function app_private.require_window(
  organization_id uuid,
  "from" timestamptz,
  "to" timestamptz,
  timezone text
) returns void
language plpgsql stable
set search_path = ''
as $$
declare
  v_length interval;
  v_days int;
begin
  if "from" is null or "to" is null then
    perform app_hidden.refuse('VALIDATION', 'window_incomplete', jsonb_build_object('rule', 'window_incomplete'));
  elsif not isfinite("from") or not isfinite("to") then
    perform app_hidden.refuse('VALIDATION', 'window_infinite', jsonb_build_object('rule', 'window_infinite'));
  elsif "to" < "from" then
    perform app_hidden.refuse('VALIDATION', 'window_inverted', jsonb_build_object('rule', 'window_inverted'));
  elsif not app_private.is_thinkable("from") or not app_private.is_thinkable("to") then
    perform app_hidden.refuse('VALIDATION', 'window_out_of_range', jsonb_build_object('rule', 'window_out_of_range'));
  end if;

  -- The shorter of the two: whoever counts in elapsed days is within the bound as well.
  v_length := least("to" - "from", ("to" at time zone timezone) - ("from" at time zone timezone));
  if v_length > interval '62 days' then
    v_days := case when app_private.is_staff_of(organization_id) then 400 else 62 end;
    if v_length > make_interval(days => v_days) then
      perform app_hidden.refuse(
        'VALIDATION', 'window_too_long',
        jsonb_build_object('rule', 'window_too_long', 'maxDays', v_days));
    end if;
  end if;
end;
$$;

comment on function app_private.require_window is
  'Refuses a window of time that is incomplete, infinite, inverted, too long in local days, or in no year that we plan for.';

grant execute on function app_private.require_window to app_engine;
