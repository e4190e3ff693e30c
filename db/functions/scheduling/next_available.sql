-- "The next free times", without the caller guessing a window. SCH-05.

set role app_engine;

create or replace function app_public.next_available(
  calendar_id uuid,
  n int default 1,
  specialist_id uuid default null,
  booking_token text default null
) returns setof app_public.slot
language plpgsql stable security definer
set search_path = ''
as $$
declare
  v_calendar app_public.calendars;
  v_from timestamptz;
  v_to timestamptz;
  v_last timestamptz;
  v_days int := 4;
  v_found int := 0;
  v_slot app_public.slot;
begin
  v_calendar := app_private.visible_calendar(next_available.calendar_id);
  perform app_private.require_listed(v_calendar, next_available.booking_token);
  if n is null or n not between 1 and 50 then
    perform app_hidden.refuse(
      'VALIDATION', 'count_out_of_range',
      jsonb_build_object('rule', 'count_out_of_range', 'field', 'n', 'min', 1, 'max', 50));
  end if;

  -- Usually the first days answer; each round looks twice as far, until the horizon.
  v_from := app_hidden.now() + make_interval(mins => v_calendar.notice_minutes);
  v_last := app_hidden.now() + make_interval(hours => (v_calendar.horizon_days + 2) * 24);
  while v_found < n and v_from < v_last loop
    v_to := least(v_from + make_interval(hours => v_days * 24), v_last);
    for v_slot in
      select s.*
      from app_public.available_slots(
        next_available.calendar_id, v_from, v_to, next_available.specialist_id, booking_token => next_available.booking_token) as s
      limit n - v_found
    loop
      v_found := v_found + 1;
      return next v_slot;
    end loop;
    v_from := v_to;
    v_days := least(v_days * 2, 62);
  end loop;
end;
$$;

comment on function app_public.next_available is
  E'@cost 20\n@arg bookingToken What opens the booking that is to be moved.\n'
  'The next n (at most 50) bookable times of a calendar, up to its horizon. bookingToken as availableSlots takes it. To visitors STATE '
  'clinic_suspended.';

grant execute on function app_public.next_available to app_anonymous, app_member;

reset role;
