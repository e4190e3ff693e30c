--! Previous: sha1:92c33989458800a1bed7371620d924183a83a316
--! Hash: sha1:0a429e3cd01e6e10b3f548834f8b5c564b277ad0
--! Message: holds and listings ask less

--! split: 400-free_starts.sql
-- Says lengths instead of ends, and so has another signature.
drop function if exists app_private.free_starts(uuid, timestamptz, timestamptz, uuid, uuid);

--! split: 900-sources.sql
-- Written by npm run db:stage from db/functions, db/policies and db/reference: change those, not this file.

-- source: functions/scheduling/lock_specialist_days.sql
-- Whoever is about to take or free time of specialists first locks the days it touches: always all at once and in
-- the same order, so that nobody waits in a circle. Days are UTC dates; two spans that overlap share one. SCH-06.

create or replace function app_private.lock_specialist_days(spans app_private.free_start[]) returns void
language sql volatile
set search_path = ''
begin atomic
  select pg_advisory_xact_lock(day.key)
  from (
    select distinct hashtextextended(
      span.specialist_id || ' ' || (lower(span.blocked) at time zone 'UTC')::date + n, 0) as key
    from unnest(lock_specialist_days.spans) as span
    cross join lateral generate_series(
      0, (upper(span.blocked) at time zone 'UTC')::date - (lower(span.blocked) at time zone 'UTC')::date) as n
    order by key
  ) as day;
end;

comment on function app_private.lock_specialist_days is
  'Locks the days that these spans block for their specialists, until the transaction ends.';

grant execute on function app_private.lock_specialist_days to app_engine;
-- end of source: functions/scheduling/lock_specialist_days.sql

-- source: functions/scheduling/is_staff_of.sql
-- Staff of the clinic see further and are not limited like visitors. SCH-05, SCH-06.
-- A visitor is staff of nothing: nobody is looked for.

create or replace function app_private.is_staff_of(organization_id uuid) returns boolean
language sql stable
set search_path = ''
return app_hidden.current_principal_id() is not null
  and is_staff_of.organization_id = any (app_hidden.current_staff_organization_ids());

comment on function app_private.is_staff_of is 'Whether the caller works at this clinic.';

grant execute on function app_private.is_staff_of to app_engine;
-- end of source: functions/scheduling/is_staff_of.sql

-- source: functions/scheduling/timetables.sql
-- Everything about time that a calendar's specialists bring to a window of instants, one row each: when they are
-- open, and which starts closings and claims rule out. The listing, the hold, the booking and the explanation all
-- read this, so they cannot disagree. SCH-01, SCH-02, SCH-03, SCH-05.
-- A holder's own claim stands aside: for whoever holds a time it is free. A claim that exists keeps its length, whatever
-- the settings say by now, and its notice is counted from when it was asked for.
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
      clock.now,
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
  zones as materialized (
    select k.timezone from candidates as k union select calendar.timezone from calendar
  ),
  hours as materialized (
    select k.id, k.timezone, h.weekday, h.starts, h.ends,
      h.ends <= h.starts or h.ends = time '24:00' as reaches_midnight
    from candidates as k
    cross join calendar
    join app_public.specialist_weekly_hours as h
      on h.organization_id = calendar.organization_id and h.specialist_id = k.id
    where k.hours = 'weekly'
    union all
    select k.id, calendar.timezone, h.weekday, h.starts, h.ends,
      h.ends <= h.starts or h.ends = time '24:00' or calendar.timezone <> k.timezone
    from candidates as k
    cross join calendar
    join app_public.calendar_hours as h
      on h.organization_id = calendar.organization_id and h.calendar_id = calendar.id
     and h.specialist_id is not distinct from case k.hours when 'own' then k.id end
    where k.hours <> 'weekly'
  ),
  -- Merged before days are made of them: a clinic may write the same vacation a thousand times.
  overrides as materialized (
    select o.id, o.timezone, o.kind, o.starts, o.ends, lower(span) as starts_on, upper(span) - 1 as ends_on
    from (
      select k.id, k.timezone, o.kind, o.starts, o.ends, range_agg(daterange(o.starts_on, o.ends_on, '[]')) as spans
      from candidates as k
      cross join calendar
      join app_public.specialist_schedule_overrides as o
        on o.organization_id = calendar.organization_id and o.specialist_id = k.id
       and o.starts_on <= (calendar.latest at time zone 'UTC')::date + 3
       and o.ends_on >= (calendar.earliest at time zone 'UTC')::date - 17
      group by k.id, k.timezone, o.kind, o.starts, o.ends
    ) as o
    cross join lateral unnest(o.spans) as span
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
  )
  select
    k.id, k.timezone, k.duration, k.step, calendar.before, calendar.after,
    calendar.now, calendar.bookable_from, calendar.bookable_until, calendar.earliest, calendar.latest,
    coalesce(w.windows, '{}'), coalesce(c.closed, '{}'), coalesce(t.taken, '{}'),
    coalesce(c.closed, '{}') + coalesce(t.taken, '{}')
  from candidates as k
  cross join calendar
  left join windows as w on w.id = k.id
  left join closed as c on c.id = k.id
  -- By specialist alone, who belongs to one clinic: so the index of the exclusion constraint serves.
  cross join lateral (
    select range_agg(tstzrange(lower(tc.blocked) - k.duration - calendar.after,
                               upper(tc.blocked) + calendar.before, '()')) as taken
    from app_private.time_claims as tc
    where tc.specialist_id = k.id
      and tc.blocked && tstzrange(calendar.earliest - calendar.before,
                                  greatest(calendar.earliest, calendar.latest) + k.duration + calendar.after)
      and tc.released_at is null
      and tc.id is distinct from timetables.own_claim_id
      and (tc.expires_at is null or tc.expires_at > calendar.now)
  ) as t;
end;

comment on function app_private.timetables is
  'Who can be booked in a calendar and when: open windows, and the starts that closings and claims rule out. '
  'within_bounds narrows the window by notice and horizon; own_claim_id stands aside, own_length and asked_at are its own.';

grant execute on function app_private.timetables to app_engine;
-- end of source: functions/scheduling/timetables.sql

-- source: functions/appointments/book_appointment.sql
-- A held time becomes an appointment: for a patient by the patient, a caregiver, or front desk. APT-01, APT-02.

set role app_engine;

create or replace function app_public.book_appointment(
  hold_token text,
  patient_profile_id uuid,
  override_reason text default null
)
returns app_public.appointments
language plpgsql volatile security definer
set search_path = ''
-- Planned once per connection, and so is every step that it calls: planning again costs more than running.
set plan_cache_mode = force_generic_plan
as $$
declare
  v_remembered jsonb := app_private.remembered('book_appointment', jsonb_build_array(
    hold_token, patient_profile_id, override_reason));
  v_claim app_private.time_claims;
  v_rules text[];
  v_appointment app_public.appointments;
begin
  if v_remembered is not null then
    perform app_private.require_to_book((v_remembered ->> 'organization_id')::uuid, book_appointment.patient_profile_id);
    return jsonb_populate_record(v_appointment, v_remembered);
  end if;

  v_claim := app_private.take_hold(hold_token, to_book => true);
  perform app_private.require_to_book(v_claim.organization_id, book_appointment.patient_profile_id);
  v_rules := app_private.require_bookable(
    v_claim, for_the_public => not app_private.is_staff_of(v_claim.organization_id), override_reason => override_reason);

  perform app_private.convert_claim(v_claim.id, 'appointment');
  perform app_private.count_assignment(v_claim.id);

  insert into app_public.appointments (
    organization_id, patient_profile_id, calendar_id, service_id, specialist_id, claim_id,
    starts_at, ends_at, modality, price_amount, currency, contact_email, contact_name, locale,
    organizer_email, created_by, override_reason, overridden_rules
  )
  select
    v_claim.organization_id, profile.id, calendars.id, services.id, v_claim.specialist_id, v_claim.id,
    lower(v_claim.during), upper(v_claim.during), calendars.modality,
    coalesce(calendars.price_amount, services.price_amount), services.currency,
    profile.email, profile.given_name || ' ' || profile.family_name, profile.locale,
    organizations.contact_email, app_private.current_actor_id(),
    case when v_rules <> '{}' then btrim(override_reason) end, nullif(v_rules, '{}')
  from app_public.calendars
  join app_public.services on services.organization_id = calendars.organization_id and services.id = calendars.service_id
  join app_public.organizations on organizations.id = calendars.organization_id
  join app_public.patient_profiles as profile on profile.id = book_appointment.patient_profile_id
  where calendars.organization_id = v_claim.organization_id and calendars.id = v_claim.calendar_id
  returning * into v_appointment;
  perform app_private.remember('book_appointment', to_jsonb(v_appointment));
  return v_appointment;
end;
$$;

comment on function app_public.book_appointment is
  'Books a held time for a patient of that clinic. For the patient, a caregiver, or staff with appointments.manage. '
  'When the time can no longer be booked, what holdSlot says of the rule; staff set it aside with overrideReason.';
grant execute on function app_public.book_appointment to app_member;

reset role;
-- end of source: functions/appointments/book_appointment.sql

-- source: functions/scheduling/bookable.sql
-- The one predicate of list and hold: who can be booked at this start. It reads what the listing reads, so a hold succeeds
-- exactly when its start is listed; a time that is kept is asked again by require_bookable(). SCH-05, SCH-06.
-- override is for staff, who give a reason that the caller records: it sets notice, horizon, hours, closings and the grid
-- aside, never another claim, nor a past longer than an hour. It goes to those for whom least is set aside: nobody is
-- called back from a vacation while a colleague is there.

create or replace function app_private.bookable(
  calendar_id uuid,
  starts_at timestamptz,
  specialist_id uuid default null,
  override boolean default false,
  own_claim_id uuid default null
) returns app_private.free_start[]
language plpgsql stable
set search_path = ''
-- Planned once per connection: planning again costs more than running.
set plan_cache_mode = force_generic_plan
as $$
declare
  -- Of several specialists the rule that came closest is told: who is merely taken says more than who is off. The same
  -- order says what is the least to set aside.
  c_closest constant text[] := array[
    'taken', 'off_the_grid', 'closed', 'outside_hours', 'beyond_horizon', 'inside_notice', 'in_the_past'];
  c_lightest constant text[] := array[
    'inside_notice', 'beyond_horizon', 'in_the_past', 'off_the_grid', 'outside_hours', 'closed'];
  v_free app_private.free_start[];
  v_closest int;
begin
  perform app_private.require_start(bookable.starts_at);

  select
    array_agg((v.specialist_id, v.starts_at, v.ends_at, v.blocked)::app_private.free_start)
      filter (where cardinality(v.rules) = 0),
    min(array_position(c_closest, v.rules[1]))
  into v_free, v_closest
  from app_private.verdicts(
    bookable.calendar_id, bookable.starts_at, bookable.specialist_id, bookable.own_claim_id) as v;

  if v_free is null and override then
    select array_agg((weighed.specialist_id, weighed.starts_at, weighed.ends_at, weighed.blocked)::app_private.free_start)
    into v_free
    from (
      select v.*, rank() over (order by heaviest.place) as place
      from app_private.verdicts(bookable.calendar_id, bookable.starts_at, bookable.specialist_id) as v
      cross join lateral (select max(array_position(c_lightest, broken)) as place from unnest(v.rules) as broken) as heaviest
      where not 'taken' = any (v.rules)
        and v.starts_at >= app_hidden.now() - interval '1 hour'
    ) as weighed
    where weighed.place = 1;
    if v_free is null and exists (
      select from app_private.verdicts(bookable.calendar_id, bookable.starts_at, bookable.specialist_id) as v
      where 'taken' = any (v.rules)
    ) then
      v_closest := array_position(c_closest, 'taken');
    end if;
  end if;

  if v_free is null then
    perform app_private.refuse_rule(coalesce(c_closest[v_closest], 'no_specialist'), bookable.calendar_id, bookable.starts_at);
  end if;
  return v_free;
end;
$$;

comment on function app_private.bookable is
  'Who can be booked at a start. Nobody: SLOT_TAKEN, or VALIDATION naming the rule.';

grant execute on function app_private.bookable to app_engine;
-- end of source: functions/scheduling/bookable.sql

-- source: functions/scheduling/place_claim.sql
-- Takes a specialist's time, for a hold and for a booking alike. SCH-04, SCH-06.
-- Nothing here checks for a free slot and then trusts it: the exclusion constraint decides, and "no row came back"
-- means taken, so the next specialist is tried. Locks come in one order everywhere (calendar, then specialist-days),
-- so nobody waits in a circle: 50 visitors on one slot end in one winner and 49 refusals.

create or replace function app_private.place_claim(
  calendar app_public.calendars,
  starts_at timestamptz,
  specialist_id uuid,
  draft app_private.time_claims,
  override boolean default false
) returns app_private.time_claims
language plpgsql volatile
set search_path = ''
as $$
declare
  v_free app_private.free_start[];
  v_try app_private.free_start;
  v_claim app_private.time_claims;
begin
  perform app_private.require_named(calendar, place_claim.specialist_id);

  -- Asked before any lock, so that whoever comes too late is told at once. What changes from here on is only who is
  -- taken, and that the constraint decides.
  v_free := app_private.bookable(calendar.id, place_claim.starts_at, place_claim.specialist_id, override);

  v_free := app_private.by_turn(calendar.id, v_free);
  perform app_private.lock_specialist_days(v_free);
  foreach v_try in array v_free loop
    -- The second attempt is for a time that only an expired hold blocked.
    for v_attempt in 1..2 loop
      insert into app_private.time_claims
        (organization_id, specialist_id, calendar_id, kind, during, blocked, expires_at,
         token_hash, visitor_id, address, created_by, created_at)
      values
        (calendar.organization_id, v_try.specialist_id, calendar.id, draft.kind,
         tstzrange(v_try.starts_at, v_try.ends_at), v_try.blocked, draft.expires_at,
         draft.token_hash, draft.visitor_id, draft.address, draft.created_by, app_hidden.now())
      on conflict on constraint time_claims_no_two_at_once do nothing
      returning * into v_claim;
      if found then
        return v_claim;
      end if;
      exit when app_private.release_expired_holds(v_try.specialist_id, v_try.blocked) = 0;
    end loop;
  end loop;

  perform app_private.refuse_taken(calendar.id, place_claim.starts_at);
end;
$$;

comment on function app_private.place_claim is
  'Claims a start for whose turn it is, or for the specialist named. draft brings kind, expiry and holder.';

grant execute on function app_private.place_claim to app_engine;
-- end of source: functions/scheduling/place_claim.sql

-- source: functions/appointments/book_directly.sql
-- Somebody stands at the desk, or is on the telephone: front desk books a time without holding it first. Notice, hours,
-- closings and the grid are the clinic's own rules and give way to a reason, which is kept with the appointment and its
-- first move; another claim never does. APT-01, SCH-06.

set role app_engine;

create or replace function app_public.book_directly(
  calendar_id uuid,
  starts_at timestamptz,
  patient_profile_id uuid,
  specialist_id uuid default null,
  override_reason text default null
) returns app_public.appointments
language plpgsql volatile security definer
set search_path = ''
-- Planned once per connection, and so is every step that it calls: planning again costs more than running.
set plan_cache_mode = force_generic_plan
as $$
declare
  v_remembered jsonb := app_private.remembered('book_directly', jsonb_build_array(
    calendar_id, starts_at, patient_profile_id, specialist_id, override_reason));
  v_calendar app_public.calendars;
  v_override boolean;
  v_claim app_private.time_claims;
  v_rules text[];
  v_appointment app_public.appointments;
begin
  if v_remembered is not null then
    perform app_private.require_permission((v_remembered ->> 'organization_id')::uuid, 'appointments.manage');
    perform app_private.require_to_book((v_remembered ->> 'organization_id')::uuid, book_directly.patient_profile_id);
    return jsonb_populate_record(v_appointment, v_remembered);
  end if;

  v_calendar := app_private.visible_calendar(book_directly.calendar_id);
  perform app_private.require_permission(v_calendar.organization_id, 'appointments.manage');
  v_override := app_private.may_override(v_calendar.organization_id, override_reason);
  perform app_private.require_to_book(v_calendar.organization_id, book_directly.patient_profile_id);

  v_claim := app_private.claim_slot(
    v_calendar.id, book_directly.starts_at, book_directly.specialist_id, 'appointment', v_override);
  perform app_private.count_assignment(v_claim.id);
  if v_override then
    select nullif(v.rules, '{}') into v_rules
    from app_private.verdicts(v_calendar.id, book_directly.starts_at, v_claim.specialist_id, v_claim.id) as v;
  end if;

  insert into app_public.appointments (
    organization_id, patient_profile_id, calendar_id, service_id, specialist_id, claim_id,
    starts_at, ends_at, modality, price_amount, currency, contact_email, contact_name, locale,
    organizer_email, created_by, override_reason, overridden_rules
  )
  select
    v_claim.organization_id, profile.id, v_calendar.id, services.id, v_claim.specialist_id, v_claim.id,
    lower(v_claim.during), upper(v_claim.during), v_calendar.modality,
    coalesce(v_calendar.price_amount, services.price_amount), services.currency,
    profile.email, profile.given_name || ' ' || profile.family_name, profile.locale,
    organizations.contact_email, app_private.current_actor_id(),
    case when v_rules is not null then btrim(override_reason) end, v_rules
  from app_public.services
  join app_public.organizations on organizations.id = services.organization_id
  join app_public.patient_profiles as profile on profile.id = book_directly.patient_profile_id
  where services.organization_id = v_calendar.organization_id and services.id = v_calendar.service_id
  returning * into v_appointment;
  perform app_private.remember('book_directly', to_jsonb(v_appointment));
  return v_appointment;
end;
$$;

comment on function app_public.book_directly is
  'Books a time for a patient of the clinic without a hold: a walk-in, a call. Needs appointments.manage. overrideReason '
  'sets notice, horizon, hours, closings and the grid aside and is kept with the appointment; a walk-in may be entered up '
  'to an hour after its start. SLOT_TAKEN whatever the reason; VALIDATION names the rule.';
grant execute on function app_public.book_directly to app_member;

reset role;
-- end of source: functions/appointments/book_directly.sql

-- source: functions/appointments/confirm_booking_request.sql
-- The clinic says yes, in one transaction: patient found or made, claim handed over, appointment booked. APT-09.

set role app_engine;

create or replace function app_public.confirm_booking_request(
  booking_request_id uuid,
  patient_profile_id uuid default null,
  as_new_patient boolean default false,
  override_reason text default null
) returns app_public.appointments
language plpgsql volatile security definer
set search_path = ''
-- Planned once per connection, and so is every step that it calls: planning again costs more than running.
set plan_cache_mode = force_generic_plan
as $$
declare
  v_remembered jsonb := app_private.remembered('confirm_booking_request', jsonb_build_array(
    booking_request_id, patient_profile_id, as_new_patient, override_reason));
  v_request app_public.booking_requests;
  v_profile_id uuid;
  v_rules text[];
  v_appointment app_public.appointments;
begin
  if v_remembered is not null then
    perform app_private.require_to_answer(booking_request_id, 'confirmed');
    return jsonb_populate_record(v_appointment, v_remembered);
  end if;

  v_request := app_private.locked_booking_request(booking_request_id, 'confirmed');
  v_profile_id := app_private.patient_for_request(v_request, patient_profile_id, coalesce(as_new_patient, false));
  -- Past its deadline a request is over, whether or not the worker has come by to say so.
  if v_request.respond_by <= app_hidden.now() then
    perform app_hidden.refuse(
      'GONE', 'booking_request_expired',
      jsonb_build_object('respondBy', v_request.respond_by, 'timezone', (
        select organizations.timezone from app_public.organizations where organizations.id = v_request.organization_id)));
  end if;
  -- As the guest who asked: what was closed, switched off or made private meanwhile is for front desk to decide on.
  select app_private.require_bookable(time_claims, for_the_public => true, override_reason => override_reason) into v_rules
  from app_private.time_claims
  where time_claims.organization_id = v_request.organization_id and time_claims.id = v_request.claim_id;

  update app_public.booking_requests set
    status = 'confirmed',
    decided_at = app_hidden.now(),
    decided_by = app_private.current_actor_id()
  where booking_requests.id = v_request.id;

  perform app_private.convert_claim(v_request.claim_id, 'appointment');
  perform app_private.count_assignment(v_request.claim_id);

  insert into app_public.appointments (
    organization_id, patient_profile_id, calendar_id, service_id, specialist_id, booking_request_id, claim_id,
    starts_at, ends_at, modality, price_amount, currency, contact_email, contact_phone, contact_name,
    locale, organizer_email, created_by, override_reason, overridden_rules
  )
  select
    v_request.organization_id, v_profile_id, v_request.calendar_id, v_request.service_id, v_request.specialist_id,
    v_request.id, v_request.claim_id, v_request.starts_at, v_request.ends_at, calendars.modality,
    v_request.price_amount, v_request.currency, v_request.email, v_request.phone,
    v_request.given_name || ' ' || v_request.family_name, v_request.locale, v_request.organizer_email,
    app_private.current_actor_id(),
    case when v_rules <> '{}' then btrim(override_reason) end, nullif(v_rules, '{}')
  from app_public.calendars
  where calendars.organization_id = v_request.organization_id and calendars.id = v_request.calendar_id
  returning * into v_appointment;
  perform app_private.remember('confirm_booking_request', to_jsonb(v_appointment));
  return v_appointment;
end;
$$;

comment on function app_public.confirm_booking_request is
  'Turns a booking request into an appointment. Of the clinic''s patients the one is taken whose address and name agree; '
  'one who shares only the address or the number is unclear, unless patientProfileId names the patient or asNewPatient is '
  'set; where nobody is like it, the guest becomes a patient. Needs appointments.manage; STATE when it was answered '
  'already, GONE past its deadline, CONFLICT person_unclear with the candidates. When the time can no longer be booked, '
  'what holdSlot says of the rule; overrideReason sets it aside and is kept.';
grant execute on function app_public.confirm_booking_request to app_member;

reset role;
-- end of source: functions/appointments/confirm_booking_request.sql

-- source: functions/appointments/request_booking.sql
-- A visitor without an account asks for the time they hold. The request keeps the time until the clinic answers;
-- hold, request and appointment are the same claim, so the time is never let go in between. APT-05, APT-09.

set role app_engine;

create or replace function app_public.request_booking(
  hold_token text,
  given_name text,
  family_name text,
  email text,
  phone text,
  message text default null,
  locale text default null
) returns app_public.booking_receipt
language plpgsql volatile security definer
set search_path = ''
-- Planned once per connection, and so is every step that it calls: planning again costs more than running.
set plan_cache_mode = force_generic_plan
as $$
declare
  v_remembered jsonb := app_private.remembered('request_booking', jsonb_build_array(
    hold_token, given_name, family_name, email, phone, message, locale));
  v_claim app_private.time_claims;
  v_token text := encode(extensions.gen_random_bytes(16), 'hex');
  v_request app_public.booking_requests;
  v_receipt app_public.booking_receipt;
begin
  if v_remembered is not null then
    return jsonb_populate_record(v_receipt, v_remembered);
  end if;

  v_claim := app_private.take_hold(hold_token, to_book => true);
  if not app_private.is_staff_of(v_claim.organization_id) then
    perform app_private.require_request_allowance(v_claim.visitor_id, v_claim.address);
  end if;
  perform app_private.require_bookable(v_claim, for_the_public => not app_private.is_staff_of(v_claim.organization_id));
  insert into app_public.booking_requests (
    organization_id, calendar_id, service_id, specialist_id, claim_id, given_name, family_name, email, phone, message,
    locale, starts_at, ends_at, price_amount, currency, respond_by, organizer_email, token_hash
  )
  select
    v_claim.organization_id, calendars.id, services.id, v_claim.specialist_id, v_claim.id,
    request_booking.given_name, request_booking.family_name, request_booking.email, request_booking.phone,
    nullif(btrim(request_booking.message), ''),
    coalesce(request_booking.locale, organizations.locale), lower(v_claim.during), upper(v_claim.during),
    coalesce(calendars.price_amount, services.price_amount), services.currency,
    app_private.respond_by(organizations, lower(v_claim.during)), organizations.contact_email,
    extensions.digest(v_token, 'sha256')
  from app_public.calendars
  join app_public.services on services.organization_id = calendars.organization_id and services.id = calendars.service_id
  join app_public.organizations on organizations.id = calendars.organization_id
  where calendars.organization_id = v_claim.organization_id and calendars.id = v_claim.calendar_id
  returning * into v_request;

  perform app_private.convert_claim(v_claim.id, 'request');

  v_receipt := app_private.booking_receipt_of(v_request);
  v_receipt.token := v_token;
  perform app_private.remember('request_booking', to_jsonb(v_receipt));
  return v_receipt;
end;
$$;

comment on function app_public.request_booking is
  'Turns a hold into a booking request. The receipt''s token is shown once. NOT_FOUND or GONE for the hold, '
  'VALIDATION with the field for the contact, also for a name with a link in it (link_in_text); when the time can no longer '
  'be booked, what holdSlot says of the rule; RATE_LIMITED when the caller has asked too often, whatever became of it.';
grant execute on function app_public.request_booking to app_anonymous, app_member;

reset role;
-- end of source: functions/appointments/request_booking.sql

-- source: functions/audit/first_fault.sql
-- Reads a part of a chain again and names the first thing that is not as it was sealed. FND-09.
-- One statement: each row is held to its own bytes, hash and digest where it is read, then to its neighbours. `return
-- query` may use parallel workers, where `select into` may not.
-- `offset 0` keeps a row's own checks where it is read, and a fault from being worked out twice.
-- The bytes of a row begin with a count (4 bytes) and the hash before it (type and length, 8, then the hash or nothing).

set role app_engine;

create or replace function audit.first_fault(
  scope_id uuid, first bigint, last bigint, earliest timestamptz, latest timestamptz
) returns table (finding text, sequence bigint, "position" int, entry_id uuid)
language plpgsql stable security definer
set search_path = ''
set work_mem = '64MB'
set jit = off
set parallel_setup_cost = 0
set parallel_tuple_cost = 0
set min_parallel_table_scan_size = '1MB'
as $$
#variable_conflict use_column
begin
  return query
  with sealed as (
    select s.sequence, s.occurred_at, s.id, s.entries, s.entries_hash, s.hash, substr(s.bytes, 13, 32) as previous,
      case
        when sha256(s.bytes) <> s.hash then 'changed'
        when s.bytes <> own.bytes then
          -- All but the sequence: eight bytes after the chain.
          case when overlay(s.bytes placing '' from 77 for 8) = overlay(own.bytes placing '' from 77 for 8)
            then 'reordered' else 'changed' end
      end as fault
    from audit.seals as s
    cross join lateral (
      select audit.seal_bytes(substr(s.bytes, 13, 32), s.scope_id, s.sequence, s.id, s.occurred_at, s.sealed_at,
                              s.entries, s.entries_hash) as bytes
    ) as own
    where s.scope_id = first_fault.scope_id and s.sequence between first_fault.first - 1 and first_fault.last
    offset 0
  ),
  chain as (
    select s.sequence, s.previous_sequence, s.id, s.entries, s.entries_hash,
      case
        when s.sequence < first_fault.first then null
        when s.sequence > s.previous_sequence + 1 then 'missing|seal'
        when s.sequence = s.previous_sequence then 'added|seal'
        when s.fault is not null then s.fault || '|seal'
        when s.previous <> s.previous_hash then 'changed|seal before' -- this one remembers another
      end as fault
    from (
      select sealed.*,
        lag(sealed.sequence, 1, case when first_fault.first = 1 then 0 else first_fault.first - 2 end) over before as previous_sequence,
        lag(sealed.hash, 1, decode(repeat('00', 32), 'hex')) over before as previous_hash
      from sealed
      window before as (order by sealed.sequence, sealed.occurred_at rows unbounded preceding)
    ) as s
  ),
  written as (
    select e.seal_id, e.position, e.id, e.hash, own.previous,
      case
        when sha256(e.bytes) <> e.hash then 'changed'
        when e.bytes <> own.bytes then
          -- All but seal and position: 36 bytes after the hash before.
          case when overlay(e.bytes placing '' from own.place for 36) = overlay(own.bytes placing '' from own.place for 36)
            then 'reordered' else 'changed' end
        when e.key is null then case when num_nonnulls(e.old, e.new, e.ip, e.user_agent) > 0 then 'values differ' else 'erased' end
        when audit.entry_digest(e.old, e.new, e.ip, e.user_agent, e.key) <> e.digest then 'values differ'
      end as fault
    from audit.entries as e
    cross join lateral (
      select case when get_byte(e.bytes, 8) = 0 then substr(e.bytes, 13, 32) end as previous -- a length, or -1 for null
    ) as before
    cross join lateral (
      select before.previous,
             audit.entry_bytes(before.previous, e.seal_id, e.position, e.id, e.organization_id, e.occurred_at, e.actor_id,
               e.impersonator_id, e.session_role, e.request_id, e.action, e.table_name, e.row_key, e.person_id, e.changed,
               e.digest) as bytes,
             case when before.previous is null then 13 else 45 end as place
    ) as own
    where e.scope_id = first_fault.scope_id and e.occurred_at between first_fault.earliest and first_fault.latest
    offset 0
  ),
  placed as (
    select w.seal_id, w.position, w.id, w.hash, w.fault, w.is_last,
      w.position > case when w.is_first then 0 else w.previous_position end + 1 as is_after_a_gap,
      not w.is_first and w.position = w.previous_position as is_second,
      w.previous is distinct from case when not w.is_first then w.previous_hash end as is_unlinked
    from (
      -- One window over all: a partition for each seal would cost more than the look at its neighbour.
      select written.*, lag(written.seal_id) over written_order is distinct from written.seal_id as is_first,
             lead(written.seal_id) over written_order is distinct from written.seal_id as is_last,
             lag(written.position) over written_order as previous_position, lag(written.hash) over written_order as previous_hash
      from written
      window written_order as (order by written.seal_id, written.position, written.id rows unbounded preceding)
    ) as w
  ),
  found as (
    select s.sequence, s.previous_sequence, e.seal_id, e.position, e.id,
      case
        when s.id is null then
          case when e.seal_id not in (
            select other.id from audit.seals as other
            where other.scope_id = first_fault.scope_id and other.occurred_at between first_fault.earliest and first_fault.latest
          ) then 'unsealed' end
        when s.sequence < first_fault.first then null
        when s.fault is not null then s.fault
        when e.id is null then 'missing|after'
        when e.is_after_a_gap then 'missing|before'
        when e.is_second or e.position > s.entries then 'added'
        when e.fault <> 'erased' then e.fault
        when coalesce(e.fault = 'erased', false) and e.id::text not in (
          select erasure.row_key
          from audit.entries as erasure
          join audit.seals as of_erasure on of_erasure.scope_id = erasure.scope_id and of_erasure.id = erasure.seal_id
          where erasure.scope_id = first_fault.scope_id and erasure.action = 'erase' and erasure.row_key is not null
        ) then 'values missing'
        when e.is_unlinked then 'changed|before'
        when e.is_last and e.position < s.entries then 'missing|after'
        when e.is_last and e.hash <> s.entries_hash then 'changed'
      end as fault
    from chain as s
    full join placed as e on e.seal_id = s.id
    offset 0
  ),
  first_found as (
    select f.* from found as f where f.fault is not null order by f.sequence nulls last, f.position limit 1
  )
  select split_part(f.fault, '|', 1),
    case f.fault when 'missing|seal' then f.previous_sequence + 1 when 'changed|seal before' then f.sequence - 1 else f.sequence end,
    case when f.fault like '%|seal%' then null when f.fault like '%|before' then f.position - 1
         when f.fault like '%|after' then coalesce(f.position, 0) + 1 else f.position end,
    case when f.fault = 'changed|before' then before.id when f.fault not like '%|%' then f.id end
  from first_found as f
  left join lateral (
    select e.id
    from audit.entries as e
    where e.scope_id = first_fault.scope_id and e.occurred_at between first_fault.earliest and first_fault.latest
      and e.seal_id = f.seal_id and e.position < f.position
    order by e.position desc, e.id desc
    limit 1
  ) as before on f.fault = 'changed|before';
end;
$$;

comment on function audit.first_fault is
  'The first thing in these sequences of a chain that is not as it was sealed, or no row. Times enclose the seals.';

reset role;
-- end of source: functions/audit/first_fault.sql

-- source: functions/scheduling/free_starts.sql
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
    select t.*
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
-- end of source: functions/scheduling/free_starts.sql

-- source: functions/scheduling/available_slots.sql
-- The times a visitor can choose from. SCH-05, APT-05.
-- It answers with starts, never with claims: who else is booked, and with whom, does not leave the database.

set role app_engine;

create or replace function app_public.available_slots(
  calendar_id uuid,
  "from" timestamptz,
  "to" timestamptz,
  specialist_id uuid default null,
  hold_token text default null
) returns setof app_public.slot
language plpgsql stable security definer
set search_path = ''
-- Planned once per connection: planning again costs more than running.
set plan_cache_mode = force_generic_plan
-- A year of twenty specialists is 80,000 starts, which are sorted in memory.
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
begin
  v_calendar := app_private.visible_calendar(available_slots.calendar_id);
  perform app_private.require_window(v_calendar.organization_id, "from", "to", v_calendar.timezone);
  perform app_private.require_choice(v_calendar, available_slots.specialist_id);
  if available_slots.hold_token is not null then
    v_own_claim_id := app_private.own_claim_id(available_slots.hold_token);
  end if;

  perform set_config('timezone', v_calendar.timezone, true);
  select count(distinct coalesce(cs.duration_minutes, 0)) > 1 into v_lengths_differ
  from app_public.calendar_specialists as cs
  where cs.organization_id = v_calendar.organization_id and cs.calendar_id = v_calendar.id;

  if v_lengths_differ then
    -- One row a start, as long as with whom "any" would be assigned to by now.
    return query
      select slot.starts_at, slot.ends_at[1], to_char(slot.starts_at, c_local),
        case v_calendar.assignment_strategy when 'specific' then slot.specialist_ids else '{}' end,
        case v_calendar.assignment_strategy when 'specific' then slot.specialist_ends_at end
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
  elsif v_calendar.assignment_strategy = 'specific' then
    return query
      select slot.starts_at, slot.starts_at + slot.duration, to_char(slot.starts_at, c_local),
        array_sort(slot.specialist_ids), null::timestamptz[]
      from (
        -- All are equally long, so what starts together ends together. Names are sorted afterwards, a few at a time.
        select f.starts_at, any_value(f.duration) as duration, array_agg(f.specialist_id) as specialist_ids
        from app_private.free_starts(
          available_slots.calendar_id, "from", "to", available_slots.specialist_id, v_own_claim_id) as f
        group by f.starts_at
      ) as slot
      order by slot.starts_at;
  else
    return query
      select slot.starts_at, slot.starts_at + slot.duration, to_char(slot.starts_at, c_local),
        '{}'::uuid[], null::timestamptz[]
      from (
        select f.starts_at, any_value(f.duration) as duration
        from app_private.free_starts(
          available_slots.calendar_id, "from", "to", available_slots.specialist_id, v_own_claim_id) as f
        group by f.starts_at
      ) as slot
      order by slot.starts_at;
  end if;
end;
$$;

comment on function app_public.available_slots is
  E'@longestPage 2000\n@cost 20\n'
  'Bookable times of a calendar that start in [from, to), earliest first; at most 62 days at a time. '
  'specialistId narrows to one specialist, where the visitor picks the specialist. '
  'Whoever holds a time and shows holdToken sees it as free.';

grant execute on function app_public.available_slots to app_anonymous, app_member;

reset role;
-- end of source: functions/scheduling/available_slots.sql

-- source: functions/scheduling/hold_slot.sql
-- A visitor keeps a time while filling the form. SCH-06, APT-05.

set role app_engine;

create or replace function app_public.hold_slot(
  calendar_id uuid,
  starts_at timestamptz,
  specialist_id uuid default null
) returns app_public.slot_hold
language plpgsql volatile security definer
set search_path = ''
-- Planned once per connection, and so is every step that it calls: planning again costs more than running.
set plan_cache_mode = force_generic_plan
as $$
declare
  v_remembered jsonb := app_private.remembered('hold_slot', jsonb_build_array(calendar_id, starts_at, specialist_id));
  v_hold app_public.slot_hold;
  v_calendar app_public.calendars;
  v_organization app_public.organizations;
  v_draft app_private.time_claims;
  v_claim app_private.time_claims;
  v_address inet := nullif(current_setting('app.ip', true), '')::inet;
  v_token text;
begin
  if v_remembered is not null then
    perform app_private.visible_calendar(hold_slot.calendar_id);
    return jsonb_populate_record(v_hold, v_remembered);
  end if;

  v_calendar := app_private.visible_calendar(hold_slot.calendar_id);
  perform app_private.require_choice(v_calendar, hold_slot.specialist_id);
  select o.* into strict v_organization
  from app_public.organizations as o
  where o.id = v_calendar.organization_id;

  v_draft.kind := 'hold';
  v_draft.created_by := app_hidden.current_principal_id();
  -- Two name spaces, or a visitor could call themselves by somebody's id and use up that person's allowance.
  v_draft.visitor_id := coalesce(
    'principal:' || v_draft.created_by, 'visitor:' || nullif(current_setting('app.visitor_id', true), ''));
  -- Whoever has one IPv6 address has the 2^64 of its network.
  v_draft.address := case family(v_address) when 6 then network(set_masklen(v_address, 64)) else v_address end;
  if v_draft.visitor_id is null and v_draft.address is null then
    v_draft.visitor_id := 'unknown';
  end if;
  v_draft.expires_at := app_hidden.now() + make_interval(mins => v_organization.hold_minutes);
  v_token := encode(extensions.gen_random_bytes(16), 'hex');
  v_draft.token_hash := sha256(convert_to(v_token, 'UTF8'));

  -- Whoever asks for the own time again has it longer, and not another one beside it.
  v_claim := app_private.own_hold(v_calendar, hold_slot.starts_at, hold_slot.specialist_id, v_draft.visitor_id);
  if v_claim.id is not null then
    v_claim := app_private.prolong_hold(v_claim, v_draft.token_hash);
  else
    if not app_private.is_staff_of(v_calendar.organization_id) then
      perform app_private.require_hold_allowance(v_organization, v_draft.visitor_id, v_draft.address);
    end if;
    v_claim := app_private.place_claim(v_calendar, hold_slot.starts_at, hold_slot.specialist_id, v_draft);
    perform app_private.publish_held(v_claim);
  end if;

  v_hold := (v_token, v_claim.calendar_id, v_claim.specialist_id,
             lower(v_claim.during), upper(v_claim.during), v_claim.expires_at)::app_public.slot_hold;
  perform app_private.remember('hold_slot', to_jsonb(v_hold));
  return v_hold;
end;
$$;

comment on function app_public.hold_slot is
  'Keeps a listed time for a few minutes and answers with the token that extends, releases or books it. SLOT_TAKEN '
  'when somebody was faster; VALIDATION, naming the rule, when the start is not one that availableSlots lists; '
  'RATE_LIMITED when the caller keeps too many times already. Asked again by the same caller it is the same hold, longer '
  'as extendHold makes it, under a token of its own.';

grant execute on function app_public.hold_slot to app_anonymous, app_member;

reset role;
-- end of source: functions/scheduling/hold_slot.sql
