-- Which days of a month picker can be clicked. SCH-05.

set role app_engine;

create or replace function app_public.available_days(
  calendar_id uuid,
  "from" date,
  "to" date,
  specialist_id uuid default null,
  hold_token text default null,
  booking_token text default null
) returns setof date
language plpgsql stable security definer
set search_path = ''
set plan_cache_mode = force_generic_plan
as $$
declare
  v_calendar app_public.calendars;
  v_from timestamptz;
  v_to timestamptz;
  v_first date;
  v_last date;
  v_own_claim_id uuid;
begin
  v_calendar := app_private.visible_calendar(available_days.calendar_id);
  perform app_private.require_listed(v_calendar, available_days.booking_token);
  -- Clamped first: a date may be in a year that no instant reaches.
  select case when isfinite(day.first) then least(greatest(day.first, date '1999-01-01'), date '2201-01-01') else day.first end,
         case when isfinite(day.last) then least(greatest(day.last, date '1999-01-01'), date '2201-01-01') else day.last end
  into v_first, v_last
  from (select "from" as first, "to" as last) as day;
  perform app_private.require_window(
    v_calendar.organization_id, v_first::timestamp at time zone 'UTC', v_last::timestamp at time zone 'UTC', 'UTC');
  if available_days.hold_token is not null then
    v_own_claim_id := app_private.own_claim_id(available_days.hold_token);
  end if;
  perform app_private.require_choice(v_calendar, available_days.specialist_id);
  v_from := "from"::timestamp at time zone v_calendar.timezone;
  v_to := "to"::timestamp at time zone v_calendar.timezone;

  -- One slot makes a day: the rest of it is not looked at.
  return query
    with timetables as materialized (
      select t.*
      from app_private.timetables(available_days.calendar_id, v_from, v_to, available_days.specialist_id, true,
        v_own_claim_id) as t
    ),
    days as materialized (
      select "from" + n as date,
        ("from" + n)::timestamp at time zone v_calendar.timezone as midnight,
        ("from" + n + 1)::timestamp at time zone v_calendar.timezone as next_midnight
      from generate_series(0, "to" - "from" - 1) as n
    )
    select days.date
    from days
    where exists (
      select
      from timetables as t
      cross join lateral app_private.starts_within(
        t.windows, t.timezone, t.step, t.duration, t.ruled_out,
        greatest(days.midnight, t.earliest), least(days.next_midnight, t.latest))
    )
    order by days.date;
end;
$$;

comment on function app_public.available_days is
  E'@longestPage 400\n@cost 40\n@arg bookingToken What opens the booking that is to be moved.\n'
  'Days in [from, to), in the calendar''s zone, on which at least one time can be booked; at most 62 days at a time. '
  'holdToken and bookingToken as availableSlots takes them. To visitors STATE clinic_suspended.';

grant execute on function app_public.available_days to app_anonymous, app_member;

reset role;
