-- The times a visitor can choose from. SCH-05, APT-05.
-- It answers with starts, never with claims: who else is booked, and with whom, does not leave the database.

set role app_engine;

create or replace function app_public.available_slots(
  calendar_id uuid,
  "from" timestamptz,
  "to" timestamptz,
  specialist_id uuid default null,
  hold_token text default null,
  booking_token text default null
) returns setof app_public.slot
language plpgsql stable security definer
set search_path = ''
-- Planned once per connection: planning again costs more than running.
set plan_cache_mode = force_generic_plan
-- A year of twenty specialists is 80,000 starts, which are sorted in memory where they are not equally long.
set work_mem = '16MB'
-- Set to the calendar's below, and back by PostgreSQL when the function is left.
set timezone = 'UTC'
as $$
declare
  -- What app_private.local_time() says, at a third of its cost: the session's zone does the work.
  c_local constant text := 'YYYY-MM-DD"T"HH24:MI:SSTZH:TZM';
  v_calendar app_public.calendars;
  v_own_claim_id uuid;
  v_lengths_differ boolean;
  v_is_of_one boolean;
begin
  v_calendar := app_private.visible_calendar(available_slots.calendar_id);
  perform app_private.require_listed(v_calendar, available_slots.booking_token);
  perform app_private.require_window(v_calendar.organization_id, "from", "to", v_calendar.timezone);
  perform app_private.require_choice(v_calendar, available_slots.specialist_id);
  if available_slots.hold_token is not null then
    v_own_claim_id := app_private.own_claim_id(available_slots.hold_token);
  end if;

  perform set_config('timezone', v_calendar.timezone, true);
  select count(distinct coalesce(cs.duration_minutes, 0)) > 1, available_slots.specialist_id is not null or count(*) = 1
  into v_lengths_differ, v_is_of_one
  from app_public.calendar_specialists as cs
  where cs.organization_id = v_calendar.organization_id and cs.calendar_id = v_calendar.id;

  if v_calendar.capacity > 1 then
    -- A group that has begun to fill comes first, as a booking would be assigned.
    return query
      select slot.starts_at, slot.ends_at[1], to_char(slot.starts_at, c_local),
        case v_calendar.assignment_strategy when 'specific' then slot.specialist_ids else '{}' end,
        case when v_calendar.assignment_strategy = 'specific' and v_lengths_differ then slot.specialist_ends_at end,
        slot.seats_left
      from (
        select f.starts_at,
          array_agg(f.starts_at + f.duration order by s.seats_left is null, o.turn) as ends_at,
          array_agg(f.specialist_id order by f.specialist_id) as specialist_ids,
          array_agg(f.starts_at + f.duration order by f.specialist_id) as specialist_ends_at,
          sum(coalesce(s.seats_left, v_calendar.capacity))::int as seats_left
        from app_private.free_starts(
          available_slots.calendar_id, "from", "to", available_slots.specialist_id, v_own_claim_id) as f
        join app_private.assignment_order(available_slots.calendar_id) as o on o.specialist_id = f.specialist_id
        left join app_private.sessions_within(
          v_calendar.organization_id, v_calendar.id, "from", "to", v_own_claim_id) as s
          on s.specialist_id = f.specialist_id and s.during = tstzrange(f.starts_at, f.starts_at + f.duration)
        group by f.starts_at
      ) as slot
      order by slot.starts_at;
  elsif v_lengths_differ then
    -- One row a start, as long as with whom "any" would be assigned to by now.
    return query
      select slot.starts_at, slot.ends_at[1], to_char(slot.starts_at, c_local),
        case v_calendar.assignment_strategy when 'specific' then slot.specialist_ids else '{}' end,
        case v_calendar.assignment_strategy when 'specific' then slot.specialist_ends_at end, null::int
      from (
        select f.starts_at,
          array_agg(f.starts_at + f.duration order by o.turn) as ends_at,
          array_agg(f.specialist_id order by f.specialist_id) as specialist_ids,
          array_agg(f.starts_at + f.duration order by f.specialist_id) as specialist_ends_at
        from app_private.free_starts(
          available_slots.calendar_id, "from", "to", available_slots.specialist_id, v_own_claim_id) as f
        join app_private.assignment_order(available_slots.calendar_id) as o on o.specialist_id = f.specialist_id
        group by f.starts_at
      ) as slot
      order by slot.starts_at;
  elsif v_is_of_one then
    -- One specialist's starts need no putting together.
    return query
      select slot.starts_at, slot.starts_at + slot.duration, to_char(slot.starts_at, c_local),
        case v_calendar.assignment_strategy when 'specific' then array[slot.specialist_id] else '{}' end,
        null::timestamptz[], null::int
      from app_private.free_starts(
        available_slots.calendar_id, "from", "to", available_slots.specialist_id, v_own_claim_id) as slot
      order by slot.starts_at;
  elsif v_calendar.assignment_strategy = 'specific' then
    return query
      select slot.starts_at, slot.starts_at + slot.duration, to_char(slot.starts_at, c_local), slot.specialist_ids,
        null::timestamptz[], null::int
      from app_private.starts_with_whom(
        available_slots.calendar_id, "from", "to", available_slots.specialist_id, v_own_claim_id) as slot
      order by slot.starts_at;
  else
    -- With whom is not said: a start is listed unless it is ruled out for all.
    return query
      select slot.starts_at, slot.starts_at + slot.duration, to_char(slot.starts_at, c_local), '{}'::uuid[],
        null::timestamptz[], null::int
      from (
        select start as starts_at, any_value(t.duration) as duration
        from app_private.timetables_alike(
          available_slots.calendar_id, "from", "to", available_slots.specialist_id, v_own_claim_id) as t
        cross join lateral app_private.starts_within(
          t.windows, t.timezone, t.step, t.duration, t.ruled_out_for_all, t.earliest, t.latest) as start
        group by start
      ) as slot
      order by slot.starts_at;
  end if;
end;
$$;

comment on function app_public.available_slots is
  E'@longestPage 2000\n@cost 20\n@arg bookingToken What opens the booking that is to be moved.\n'
  'Bookable times of a calendar that start in [from, to), earliest first; at most 62 days at a time. '
  'specialistId narrows to one specialist, where the visitor picks the specialist. '
  'Whoever holds a time and shows holdToken sees it as free. To visitors STATE clinic_suspended where a clinic takes no bookings, but for '
  'whoever shows as bookingToken what opens a booking of this calendar that can be moved.';

grant execute on function app_public.available_slots to app_anonymous, app_member;

reset role;
