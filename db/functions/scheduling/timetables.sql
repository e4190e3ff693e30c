-- Everything about time that a calendar's specialists bring to a window of instants, one row each: when they are
-- open, and which starts closings and claims rule out. The listing, the hold, the booking and the explanation all
-- read this, so they cannot disagree. SCH-01, SCH-02, SCH-03, SCH-05.
-- A holder's own claim stands aside: for whoever holds a time it is free. A claim that exists keeps its length, whatever
-- the settings say by now, and its notice is counted from when it was asked for.
-- SCH-02, SCH-11: seats of sessions, rooms and equipment stand in the same timetable.
-- Plain SQL without settings of its own, so that PostgreSQL inlines it into its callers.

create or replace function app_private.timetables(
  calendar_id uuid,
  "from" timestamptz,
  "to" timestamptz,
  specialist_id uuid,
  within_bounds boolean,
  own_claim_id uuid default null,
  own_length interval default null,
  asked_at timestamptz default null
) returns setof app_private.timetable
language sql stable
begin atomic
  with rules as materialized (
    select
      c.id, c.organization_id, c.service_id, c.timezone, c.step_minutes,
      coalesce(c.duration_minutes, s.duration_minutes) as duration_minutes,
      make_interval(mins => c.buffer_before_minutes) as before,
      make_interval(mins => c.buffer_after_minutes) as after,
      c.capacity, clock.now,
      coalesce(timetables.asked_at, clock.now) + make_interval(mins => c.notice_minutes) as bookable_from,
      ((clock.now at time zone c.timezone)::date + c.horizon_days + 1)::timestamp at time zone c.timezone as bookable_until
    from app_public.calendars as c
    join app_public.services as s on s.organization_id = c.organization_id and s.id = c.service_id
    cross join (select app_hidden.now() as now) as clock
    where c.id = timetables.calendar_id
  ),
  calendar as materialized (
    select
      rules.*,
      case when timetables.within_bounds then greatest(timetables."from", rules.bookable_from)
        else timetables."from" end as earliest,
      case when timetables.within_bounds then least(timetables."to", rules.bookable_until)
        else timetables."to" end as latest
    from rules
  ),
  candidates as materialized (
    select
      sp.id,
      sp.scheduling_timezone as timezone,
      coalesce(timetables.own_length,
        make_interval(mins => coalesce(cs.duration_minutes, calendar.duration_minutes))) as duration,
      make_interval(mins => coalesce(calendar.step_minutes, cs.duration_minutes, calendar.duration_minutes)) as step,
      -- The nearest hours count: the specialist's own in this calendar, else the calendar's, else the weekly ones.
      case
        when exists (select from app_public.calendar_hours as ch
                     where ch.organization_id = calendar.organization_id and ch.calendar_id = calendar.id
                       and ch.specialist_id = sp.id) then 'own'
        when exists (select from app_public.calendar_hours as ch
                     where ch.organization_id = calendar.organization_id and ch.calendar_id = calendar.id
                       and ch.specialist_id is null) then 'calendar'
        else 'weekly'
      end as hours
    from calendar
    join app_public.calendar_specialists as cs
      on cs.organization_id = calendar.organization_id and cs.calendar_id = calendar.id
    join app_public.service_specialists as ss
      on ss.organization_id = calendar.organization_id and ss.service_id = calendar.service_id
     and ss.specialist_id = cs.specialist_id
    join app_public.specialists as sp
      on sp.organization_id = calendar.organization_id and sp.id = cs.specialist_id
    where sp.scheduling_active
      and sp.deleted_at is null
      and (timetables.specialist_id is null or sp.id = timetables.specialist_id)
  ),
  -- Whoever is somewhere else for some dates works on the clocks there; on all others, on their own.
  dated as materialized (
    select k.id, z.timezone, z.starts_on, z.ends_on
    from candidates as k
    cross join calendar
    join app_public.specialist_zones as z
      on z.organization_id = calendar.organization_id and z.specialist_id = k.id
  ),
  stretches as materialized (
    select dated.id, dated.timezone, dated.starts_on, dated.ends_on from dated
    union all
    select k.id, k.timezone, coalesce(lower(span), '-infinity'), coalesce(upper(span) - 1, 'infinity')
    from candidates as k
    left join (
      select dated.id, range_agg(daterange(dated.starts_on, dated.ends_on, '[]')) as dates from dated group by dated.id
    ) as away on away.id = k.id
    cross join lateral unnest('{(,)}'::datemultirange - coalesce(away.dates, '{}')) as span
  ),
  zones as materialized (
    select stretches.timezone from stretches union select calendar.timezone from calendar
  ),
  hours as materialized (
    select k.id, s.timezone, s.starts_on, s.ends_on, h.weekday, h.starts, h.ends,
      h.ends <= h.starts or h.ends = time '24:00' or isfinite(s.starts_on) or isfinite(s.ends_on) as reaches_midnight
    from candidates as k
    join stretches as s on s.id = k.id
    cross join calendar
    join app_public.specialist_weekly_hours as h
      on h.organization_id = calendar.organization_id and h.specialist_id = k.id
    where k.hours = 'weekly'
    union all
    select k.id, calendar.timezone, '-infinity', 'infinity', h.weekday, h.starts, h.ends,
      h.ends <= h.starts or h.ends = time '24:00' or calendar.timezone <> k.timezone
      or exists (select from dated where dated.id = k.id)
    from candidates as k
    cross join calendar
    join app_public.calendar_hours as h
      on h.organization_id = calendar.organization_id and h.calendar_id = calendar.id
     and h.specialist_id is not distinct from case k.hours when 'own' then k.id end
    where k.hours <> 'weekly'
  ),
  -- Merged before days are made of them: a clinic may write the same vacation a thousand times.
  overrides as materialized (
    select o.id, s.timezone, o.kind, o.starts, o.ends,
      greatest(lower(span), s.starts_on) as starts_on, least(upper(span) - 1, s.ends_on) as ends_on
    from (
      select k.id, o.kind, o.starts, o.ends, range_agg(daterange(o.starts_on, o.ends_on, '[]')) as spans
      from candidates as k
      cross join calendar
      join app_public.specialist_schedule_overrides as o
        on o.organization_id = calendar.organization_id and o.specialist_id = k.id
       and o.starts_on <= (calendar.latest at time zone 'UTC')::date + 3
       and o.ends_on >= (calendar.earliest at time zone 'UTC')::date - 17
      group by k.id, o.kind, o.starts, o.ends
    ) as o
    cross join lateral unnest(o.spans) as span
    join stretches as s on s.id = o.id and s.starts_on < upper(span) and s.ends_on >= lower(span)
  ),
  -- Local dates that can matter anywhere on earth: from the date of `earliest`, which west of Greenwich may be the day
  -- before, to the date on which a slot that starts last ends. Hours that touch at midnight make one window, whose
  -- start counts: then 16 days more are read, by when the grid has begun anew on a Monday (app_private.grid).
  span as materialized (
    select
      (calendar.earliest at time zone 'UTC')::date - 1 - case when
        exists (select from hours as h where h.reaches_midnight)
        or exists (select from overrides as o
                   where o.kind <> 'closed' and (o.ends <= o.starts or o.ends = time '24:00'))
        then 16 else 0 end as first_day,
      ((calendar.latest + (select max(k.duration) from candidates as k)) at time zone 'UTC')::date + 1 as last_day
    from calendar
    where calendar.earliest < calendar.latest
  ),
  -- On the night that clocks change, and the day before whose hours may reach into it, every time is looked at closely.
  days as materialized (
    select day.date, extract(isodow from day.date)::int as weekday,
      exists (
        select from zones
        where (day.date + 2)::timestamp at time zone zones.timezone - day.date::timestamp at time zone zones.timezone
              <> interval '48 hours'
      ) as clocks_change
    from span
    cross join lateral generate_series(0, span.last_day - span.first_day) as n
    cross join lateral (select span.first_day + n as date) as day
  ),
  override_days as materialized (
    select piece.id, piece.kind, piece.date,
      case when piece.clocks_change then app_private.on_clocks(lower(piece.local), piece.timezone)
        else lower(piece.local) at time zone piece.timezone end as opens,
      case when piece.clocks_change then app_private.on_clocks(upper(piece.local), piece.timezone)
        else upper(piece.local) at time zone piece.timezone end as closes
    from (
      select o.id, o.timezone, o.kind, days.date, days.clocks_change, unnest(range_agg(tsrange(
        days.date + o.starts, days.date + case when o.ends <= o.starts then 1 else 0 end + o.ends))) as local
      from overrides as o
      join days on days.date between o.starts_on and o.ends_on
      where o.starts is not null
      group by o.id, o.timezone, o.kind, days.date, days.clocks_change
    ) as piece
  ),
  -- The same hours of many specialists are looked up on the clocks once. Materialized, or the conversions to UTC would be
  -- done again for the comparison below.
  hours_on_clocks as materialized (
    select h.timezone, h.starts, h.ends, days.date, days.weekday,
      case when days.clocks_change then app_private.on_clocks(days.date + h.starts, h.timezone)
        else (days.date + h.starts) at time zone h.timezone end as opens,
      case when days.clocks_change
        then app_private.on_clocks(days.date + case when h.ends <= h.starts then 1 else 0 end + h.ends, h.timezone)
        else (days.date + case when h.ends <= h.starts then 1 else 0 end + h.ends) at time zone h.timezone end as closes
    from (select distinct hours.timezone, hours.weekday, hours.starts, hours.ends from hours) as h
    join days on days.weekday = h.weekday
  ),
  openings as materialized (
    select h.id, o.opens, o.closes
    from hours as h
    join hours_on_clocks as o on o.timezone = h.timezone and o.weekday = h.weekday and o.starts = h.starts and o.ends = h.ends
     and o.date between h.starts_on and h.ends_on
    -- `not in` rather than `not exists`: it is hashed whatever the planner guesses about the number of overrides.
    where (h.id, o.date) not in (select o.id, o.date from override_days as o where o.kind = 'replace')
    union all
    select o.id, o.opens, o.closes from override_days as o where o.kind in ('replace', 'extra')
  ),
  -- Hours that fall into the gap of a spring night end when they start: no time, and no error.
  windows as materialized (
    select o.id, range_agg(tstzrange(o.opens, o.closes)) as windows
    from openings as o
    where o.opens < o.closes
    group by o.id
  ),
  -- Materialized, or each would be looked up on the clocks once for every specialist.
  closings as materialized (
    select o.id,
      o.starts_on::timestamp at time zone o.timezone as closes,
      (o.ends_on + 1)::timestamp at time zone o.timezone as opens
    from overrides as o
    where o.kind = 'closed' and o.starts is null
    union all
    select o.id, o.opens, o.closes from override_days as o where o.kind = 'closed'
  ),
  -- A start is ruled out when its slot would overlap. Open at both ends: a slot may touch.
  closed as materialized (
    select c.id, range_agg(tstzrange(c.closes - k.duration, c.opens, '()')) as closed
    from closings as c
    join candidates as k on k.id = c.id
    where c.closes < c.opens
    group by c.id
  ),
  -- A start is ruled out when no resource of a type is free for it: starts that each of them rules out, of any type.
  unequipped as materialized (
    select need.duration, range_agg(need.missing) as missing
    from (
      select length.duration,
        range_intersect_agg(case when r.id is null then '{(,)}'::tstzmultirange else coalesce(busy.times, '{}') end) as missing
      from calendar
      join app_public.calendar_resources as cr
        on cr.organization_id = calendar.organization_id and cr.calendar_id = calendar.id
      cross join (select distinct k.duration from candidates as k) as length
      left join app_public.resources as r
        on r.organization_id = cr.organization_id and r.type = cr.type and r.is_active and r.deleted_at is null
       and (cr.resource_id is null or r.id = cr.resource_id)
      left join lateral (
        select range_agg(tstzrange(lower(rc.blocked) - length.duration - calendar.after,
                                   upper(rc.blocked) + calendar.before, '()')) as times
        from app_private.resource_claims as rc
        join app_private.time_claims as tc on tc.organization_id = rc.organization_id and tc.id = rc.claim_id
        where rc.resource_id = r.id
          and rc.blocked && tstzrange(calendar.earliest - calendar.before,
                                      greatest(calendar.earliest, calendar.latest) + length.duration + calendar.after)
          and tc.id is distinct from timetables.own_claim_id
          and (tc.expires_at is null or tc.expires_at > calendar.now)
          and (tc.kind <> 'session' or app_private.seats_taken(tc.organization_id, tc.id, timetables.own_claim_id) > 0)
      ) as busy on true
      group by length.duration, cr.type
    ) as need
    group by need.duration
  )
  select
    k.id, k.timezone, k.duration, k.step, calendar.before, calendar.after,
    calendar.now, calendar.bookable_from, calendar.bookable_until, calendar.earliest, calendar.latest,
    coalesce(w.windows, '{}'), coalesce(c.closed, '{}'), rest.taken,
    coalesce(c.closed, '{}') + rest.taken + rest.unequipped, rest.unequipped
  from candidates as k
  cross join calendar
  left join windows as w on w.id = k.id
  left join closed as c on c.id = k.id
  left join unequipped as u on u.duration = k.duration
  -- By specialist alone, who belongs to one clinic: so the index of the exclusion constraint serves. A session in which
  -- nobody is but the holder stands aside with them; one with seats left is joined at its own start.
  cross join lateral (
    select
      range_agg(tstzrange(lower(tc.blocked) - k.duration - calendar.after,
                          upper(tc.blocked) + calendar.before, '()')) as taken,
      range_agg(tstzrange(lower(tc.during), lower(tc.during), '[]')) filter (where
        tc.kind = 'session' and tc.calendar_id = calendar.id and calendar.capacity > 1
        and tc.during = tstzrange(lower(tc.during), lower(tc.during) + k.duration)
        and app_private.seats_taken(tc.organization_id, tc.id, timetables.own_claim_id) < tc.capacity) as joined
    from app_private.time_claims as tc
    where tc.specialist_id = k.id
      and tc.blocked && tstzrange(calendar.earliest - calendar.before,
                                  greatest(calendar.earliest, calendar.latest) + k.duration + calendar.after)
      and tc.released_at is null and tc.session_id is null
      and tc.id is distinct from timetables.own_claim_id
      and (tc.expires_at is null or tc.expires_at > calendar.now)
      and (tc.kind <> 'session' or app_private.seats_taken(tc.organization_id, tc.id, timetables.own_claim_id) > 0)
  ) as t
  cross join lateral (
    select coalesce(t.taken, '{}') - coalesce(t.joined, '{}') as taken,
      coalesce(u.missing, '{}') - coalesce(t.joined, '{}') as unequipped
  ) as rest;
end;

comment on function app_private.timetables is
  'Who can be booked in a calendar and when: open windows, and the starts that closings, claims and a lack of rooms rule out. '
  'within_bounds narrows the window by notice and horizon; own_claim_id stands aside, own_length and asked_at are its own.';

grant execute on function app_private.timetables to app_engine;
