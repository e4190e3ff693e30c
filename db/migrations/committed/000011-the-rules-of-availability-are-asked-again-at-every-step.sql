--! Previous: sha1:3a979690404f0a3c6f71ffb75afd0a1c6d4cc343
--! Hash: sha1:08578b1346ae35fbfd751738480b49ad82914a3e
--! Message: the rules of availability are asked again at every step

--! split: 250-scheduling.sql
-- One predicate from the listing to the appointment, holds that move, and bookings that set rules aside. SCH-05, SCH-06.

-- Functions whose arguments or answers change; the sources make them anew.
drop function if exists app_private.free_starts(uuid, timestamptz, timestamptz, uuid);
drop function if exists app_private.free_starts(uuid, timestamptz, timestamptz, uuid, uuid);
drop function if exists app_private.verdicts(uuid, timestamptz, uuid);
drop function if exists app_private.verdicts(uuid, timestamptz, uuid, uuid, interval, timestamptz);
drop function if exists app_private.timetables(uuid, timestamptz, timestamptz, uuid, boolean);
drop function if exists app_private.timetables(uuid, timestamptz, timestamptz, uuid, boolean, uuid, interval, timestamptz);
drop function if exists app_private.bookable(uuid, timestamptz, uuid, boolean);
drop function if exists app_private.require_window(uuid, timestamptz, timestamptz);
drop function if exists app_private.release_expired_holds(uuid, tstzrange);
drop function if exists app_private.take_hold(text);
drop function if exists app_public.available_slots(uuid, timestamptz, timestamptz, uuid);
drop function if exists app_public.available_days(uuid, date, date, uuid);
drop function if exists app_public.book_appointment(text, uuid);
drop function if exists app_public.confirm_booking_request(uuid, uuid, boolean);

-- Every rule that forbids a start, not only the first: an override says what it sets aside.
alter type app_private.verdict drop attribute if exists rule;
alter type app_private.verdict drop attribute if exists rules;
alter type app_private.verdict add attribute rules text[];
comment on type app_private.verdict is 'Whether a specialist can be booked at a start: the rules that forbid it, first the one to tell.';

alter type app_public.slot drop attribute if exists specialist_ends_at;
alter type app_public.slot add attribute specialist_ends_at timestamptz[];
comment on column app_public.slot.ends_at is 'When it ends, with whom "any" would be assigned to by now.';
comment on column app_public.slot.specialist_ends_at is
  'Where lengths differ from specialist to specialist: when each of specialistIds would end, in their order; else null.';

-- A holder who asks again gets a token of its own, and the first one stays good.
alter table app_private.time_claims add column if not exists first_token_hash bytea;
alter table app_private.time_claims drop constraint if exists time_claims_first_token_hash_is_a_digest;
alter table app_private.time_claims
  -- squawk-ignore constraint-missing-not-valid
  add constraint time_claims_first_token_hash_is_a_digest check (octet_length(first_token_hash) = 32);
comment on column app_private.time_claims.first_token_hash is
  'SHA-256 of the token that the hold was made with, where the holder asked again and has another one since.';
-- squawk-ignore require-concurrent-index-deletion
drop index if exists app_private.time_claims_first_token_idx;
-- squawk-ignore require-concurrent-index-creation
create index time_claims_first_token_idx on app_private.time_claims (first_token_hash) where first_token_hash is not null;

-- What was set aside, and why.
alter table app_public.appointments
  add column if not exists override_reason text,
  add column if not exists overridden_rules text[];
alter table app_public.appointments
  drop constraint if exists appointments_override_reason_is_short,
  drop constraint if exists appointments_override_has_a_reason;
alter table app_public.appointments
  -- squawk-ignore constraint-missing-not-valid
  add constraint appointments_override_reason_is_short check (length(override_reason) <= 500),
  -- squawk-ignore constraint-missing-not-valid
  add constraint appointments_override_has_a_reason check ((override_reason is null) = (overridden_rules is null));
comment on column app_public.appointments.override_reason is 'Why rules were set aside when it was booked; null when none was.';
comment on column app_public.appointments.overridden_rules is 'The rules that were set aside, such as inside_notice.';

alter table app_public.appointment_moves add column if not exists overridden_rules text[];
comment on column app_public.appointment_moves.overridden_rules is
  'Rules of time that were set aside at booking, such as inside_notice; reason says why.';

-- Hours of no length were read as a day and a night. They keep that meaning, told in two rows, and no new ones come.
-- Row security is forced on the owner, so it is lifted for the mending.
alter table app_public.specialist_weekly_hours no force row level security;
alter table app_public.calendar_hours no force row level security;
alter table app_public.specialist_schedule_overrides no force row level security;
with whole_days as (
  delete from app_public.specialist_weekly_hours where starts = ends returning *
)
insert into app_public.specialist_weekly_hours (organization_id, specialist_id, weekday, starts, ends)
select organization_id, specialist_id, weekday, starts, time '24:00' from whole_days
union all
select organization_id, specialist_id, weekday % 7 + 1, time '00:00', starts from whole_days where starts > time '00:00';

with whole_days as (
  delete from app_public.calendar_hours where starts = ends returning *
)
insert into app_public.calendar_hours (organization_id, calendar_id, specialist_id, weekday, starts, ends)
select organization_id, calendar_id, specialist_id, weekday, starts, time '24:00' from whole_days
union all
select organization_id, calendar_id, specialist_id, weekday % 7 + 1, time '00:00', starts
from whole_days where starts > time '00:00';

with whole_days as (
  delete from app_public.specialist_schedule_overrides where starts = ends returning *
)
insert into app_public.specialist_schedule_overrides
  (organization_id, specialist_id, kind, starts_on, ends_on, starts, ends, note)
select organization_id, specialist_id, kind, starts_on, ends_on, starts, time '24:00', note from whole_days
union all
select organization_id, specialist_id, case kind when 'replace' then 'extra' else kind end,
  starts_on + 1, ends_on + 1, time '00:00', starts, note
from whole_days where starts > time '00:00';

alter table app_public.specialist_weekly_hours force row level security;
alter table app_public.calendar_hours force row level security;
alter table app_public.specialist_schedule_overrides force row level security;

alter table app_public.specialist_weekly_hours drop constraint if exists specialist_weekly_hours_have_a_length;
alter table app_public.specialist_weekly_hours
  -- squawk-ignore constraint-missing-not-valid
  add constraint specialist_weekly_hours_have_a_length check (starts <> ends);
alter table app_public.calendar_hours drop constraint if exists calendar_hours_have_a_length;
alter table app_public.calendar_hours
  -- squawk-ignore constraint-missing-not-valid
  add constraint calendar_hours_have_a_length check (starts <> ends);
alter table app_public.specialist_schedule_overrides drop constraint if exists specialist_schedule_overrides_have_a_length;
alter table app_public.specialist_schedule_overrides
  -- squawk-ignore constraint-missing-not-valid
  add constraint specialist_schedule_overrides_have_a_length check (starts <> ends);

comment on column app_public.specialist_weekly_hours.starts is 'On the weekday, as clocks show it in the specialist''s zone.';
comment on column app_public.specialist_weekly_hours.ends is
  '24:00 is the end of the weekday. An end before the start runs past midnight: 22:00 to 06:00 ends on the next day. Never '
  'the same as the start: two rows make a day and a night.';
comment on column app_public.calendar_hours.starts is 'On the weekday, as clocks show it in the calendar''s zone.';
comment on column app_public.calendar_hours.ends is
  '24:00 is the end of the weekday. An end before the start runs past midnight: 22:00 to 06:00 ends on the next day. Never '
  'the same as the start: two rows make a day and a night.';
comment on column app_public.specialist_schedule_overrides.starts is
  'On each of the dates, as clocks show it in the specialist''s zone; null for whole days.';
comment on column app_public.specialist_schedule_overrides.ends is
  '24:00 is the end of the day. An end before the start runs past midnight into the next day. Never the same as the start.';
comment on table app_public.specialist_weekly_hours is
  'Usual hours, in the specialist''s zone. Ends 24:00 is midnight; ends before starts runs past midnight.';

drop function if exists app_public.overlapping_hours(uuid);
drop type if exists app_public.hours_overlap;
create type app_public.hours_overlap as (
  specialist_id uuid,
  calendar_id uuid,
  weekday int,
  starts time,
  ends time,
  other_weekday int,
  other_starts time,
  other_ends time
);
comment on type app_public.hours_overlap is
  'Two rows of weekly hours that overlap: a specialist''s own without calendarId, a calendar''s without specialistId.';

--! split: 900-sources.sql
-- Written by npm run db:stage from db/functions and db/policies: change those, not this file.

-- source: functions/scheduling/lock_claims.sql
-- Whoever changes claims first locks the days that they block, before any of their rows: every verb that writes claims
-- says this, or is told by its caller that it was said. Locks that are held already are not waited for, so a step may
-- say it again; all that a transaction touches is locked at the first time. SCH-06.
-- requires: functions/scheduling/lock_specialist_days.sql

create or replace function app_private.lock_claims(claim_ids uuid[]) returns void
language plpgsql volatile
set search_path = ''
as $$
begin
  perform app_private.lock_specialist_days(array(
    select (tc.specialist_id, lower(tc.during), upper(tc.during), tc.blocked)::app_private.free_start
    from app_private.time_claims as tc
    where tc.id = any (claim_ids)));
end;
$$;

comment on function app_private.lock_claims(uuid[]) is
  'Locks the specialist-days of these claims until the transaction ends. Call it once for all, before their rows.';

grant execute on function app_private.lock_claims(uuid[]) to app_engine;
-- end of source: functions/scheduling/lock_claims.sql

-- source: functions/scheduling/convert_claim.sql
-- The held time becomes a request or an appointment, the requested time an appointment: the same claim, so nobody can
-- slip in between. SCH-06, APT-09.
-- requires: functions/core/refuse.sql
-- requires: functions/scheduling/lock_claims.sql

create or replace function app_private.convert_claim(claim_id uuid, kind text) returns app_private.time_claims
language plpgsql volatile
set search_path = ''
as $$
declare
  v_claim app_private.time_claims;
begin
  perform app_private.lock_claims(array[claim_id]);
  update app_private.time_claims as tc
  set kind = convert_claim.kind, expires_at = null
  where tc.id = convert_claim.claim_id
    and tc.released_at is null
    and (tc.kind, convert_claim.kind) in (('hold', 'request'), ('hold', 'appointment'), ('request', 'appointment'))
  returning * into v_claim;

  if not found then
    perform app_hidden.refuse(
      'STATE', 'claim_not_convertible', jsonb_build_object('kind', convert_claim.kind),
      'The time is no longer kept.');
  end if;
  return v_claim;
end;
$$;

comment on function app_private.convert_claim(uuid, text) is
  'Turns a hold into a request or an appointment, a request into an appointment. It no longer expires. '
  'The caller has the claim from take_hold, which has checked that a hold is alive.';

grant execute on function app_private.convert_claim(uuid, text) to app_engine;
-- end of source: functions/scheduling/convert_claim.sql

-- source: functions/scheduling/count_assignment.sql
-- The round robin moves when a booking is made, not when a time is held: who only looks costs nobody a turn. SCH-04.
-- requires: functions/core/now.sql
-- requires: functions/scheduling/lock_claims.sql

create or replace function app_private.count_assignment(claim_id uuid) returns void
language plpgsql volatile
set search_path = ''
as $$
declare
  v_claim app_private.time_claims;
begin
  perform app_private.lock_claims(array[claim_id]);
  update app_private.time_claims as tc
  set counted_at = app_hidden.now()
  where tc.id = count_assignment.claim_id and tc.counted_at is null
  returning * into v_claim;
  if not found then
    return;
  end if;

  update app_private.specialist_assignment_tracking as t
  set assigned_count = t.assigned_count + 1,
      last_assigned_at = greatest(t.last_assigned_at, app_hidden.now())
  where t.organization_id = v_claim.organization_id
    and t.calendar_id = v_claim.calendar_id
    and t.specialist_id = v_claim.specialist_id;
end;
$$;

comment on function app_private.count_assignment(uuid) is
  'Counts a claim in its calendar''s round robin, once however often it is called.';

grant execute on function app_private.count_assignment(uuid) to app_engine;
-- end of source: functions/scheduling/count_assignment.sql

-- source: functions/scheduling/may_override.sql
-- Rules of time are the clinic's own: front desk may set them aside for a patient who stands there, and says why. SCH-06,
-- APT-01.
-- requires: functions/core/refuse.sql
-- requires: functions/identity/require_permission.sql

create or replace function app_private.may_override(organization_id uuid, override_reason text) returns boolean
language plpgsql stable
set search_path = ''
as $$
begin
  if override_reason is null then
    return false;
  end if;
  perform app_private.require_permission(may_override.organization_id, 'appointments.manage');
  if btrim(override_reason) = '' or length(override_reason) > 500 then
    perform app_hidden.refuse(
      'VALIDATION', 'reason_missing', jsonb_build_object('field', 'overrideReason'),
      'Say in up to 500 characters why the rules are set aside.');
  end if;
  return true;
end;
$$;

comment on function app_private.may_override(uuid, text) is
  'Whether a reason was given to set rules aside; FORBIDDEN or NOT_FOUND for whoever may not, VALIDATION for a reason that is none.';

grant execute on function app_private.may_override(uuid, text) to app_engine;
-- end of source: functions/scheduling/may_override.sql

-- source: functions/scheduling/refuse_rule.sql
-- The one way to say which rule keeps a time from being booked, whoever asks: list and hold, book and confirm. SCH-05,
-- SCH-06.
-- requires: functions/core/refuse.sql
-- requires: functions/scheduling/refuse_taken.sql

create or replace function app_private.refuse_rule(rule text, calendar_id uuid, starts_at timestamptz) returns void
language plpgsql stable
set search_path = ''
as $$
begin
  if rule = 'taken' then
    perform app_private.refuse_taken(refuse_rule.calendar_id, refuse_rule.starts_at);
  end if;
  perform app_hidden.refuse(
    -- A start that is none is bad input; what was there and is switched off is over.
    case when rule in ('clinic_draft', 'calendar_inactive', 'calendar_private', 'service_inactive',
                       'specialist_inactive', 'not_in_calendar', 'not_providing_service') then 'GONE' else 'VALIDATION' end,
    rule,
    jsonb_build_object('rule', rule, 'calendarId', refuse_rule.calendar_id, 'startsAt', refuse_rule.starts_at),
    case rule
      when 'in_the_past' then 'This time has passed.'
      when 'inside_notice' then 'This time is too soon to book.'
      when 'beyond_horizon' then 'This time is too far ahead to book.'
      when 'outside_hours' then 'Nobody works at this time.'
      when 'closed' then 'This time is closed.'
      when 'off_the_grid' then 'Appointments do not start at this time.'
      when 'clinic_draft' then 'The clinic takes no bookings at the moment.'
      when 'calendar_inactive' then 'This calendar takes no bookings any more. Choose something else.'
      when 'calendar_private' then 'This calendar is no longer open to the public. Ask the clinic.'
      when 'service_inactive' then 'This service is no longer offered. Choose something else.'
      when 'specialist_inactive' then 'This specialist takes no appointments at the moment. Choose another time.'
      when 'not_in_calendar' then 'This specialist can no longer be booked here. Choose another time.'
      when 'not_providing_service' then 'This specialist no longer provides this service. Choose another time.'
      else 'Nobody can be booked in this calendar.'
    end);
end;
$$;

comment on function app_private.refuse_rule(text, uuid, timestamptz) is
  'Refuses a start: SLOT_TAKEN, GONE for what is switched off, else VALIDATION; the reason is the rule.';

grant execute on function app_private.refuse_rule(text, uuid, timestamptz) to app_engine;
-- end of source: functions/scheduling/refuse_rule.sql

-- source: functions/scheduling/switched_off.sql
-- What stands above hours and claims: clinic, calendar, service and specialist have to be there for a time to be booked.
-- Explaining, booking and confirming ask here; the listing joins the same rows. SCH-02, SCH-05, SCH-06.

create or replace function app_private.switched_off(
  organization_id uuid, calendar_id uuid, specialist_id uuid, for_the_public boolean
) returns text
language sql stable
set search_path = ''
begin atomic
  select case
    when for_the_public and o.activated_at is null then 'clinic_draft'
    when not c.is_active or c.deleted_at is not null then 'calendar_inactive'
    when not s.is_active or s.deleted_at is not null then 'service_inactive'
    when for_the_public and not c.is_public then 'calendar_private'
    when not sp.scheduling_active or sp.deleted_at is not null then 'specialist_inactive'
    when not exists (
      select from app_public.calendar_specialists as cs
      where cs.organization_id = c.organization_id and cs.calendar_id = c.id and cs.specialist_id = sp.id)
      then 'not_in_calendar'
    when not exists (
      select from app_public.service_specialists as ss
      where ss.organization_id = c.organization_id and ss.service_id = s.id and ss.specialist_id = sp.id)
      then 'not_providing_service'
  end
  from app_public.calendars as c
  join app_public.organizations as o on o.id = c.organization_id
  join app_public.services as s on s.organization_id = c.organization_id and s.id = c.service_id
  join app_public.specialists as sp on sp.organization_id = c.organization_id and sp.id = switched_off.specialist_id
  where c.organization_id = switched_off.organization_id and c.id = switched_off.calendar_id;
end;

comment on function app_private.switched_off(uuid, uuid, uuid, boolean) is
  'The rule above hours and claims that keeps a specialist from being booked in a calendar; null when none does.';

grant execute on function app_private.switched_off(uuid, uuid, uuid, boolean) to app_engine;
-- end of source: functions/scheduling/switched_off.sql

-- source: functions/scheduling/on_clocks.sql
-- The instant at which clocks of a zone show a local time. Clocks that are put forward skip some: those are the instant
-- of the change, so that a window in the gap is empty and one that reaches into it is cut there. Of a time that comes
-- twice it is the second. SCH-05.
-- `at time zone` alone reads a skipped time an hour later, and would open 03:15 at 04:15.
-- Looked for minute by minute: the gap's start is not known, and a gap is met twice a year.

create or replace function app_private.on_clocks(local timestamp, timezone text) returns timestamptz
language sql immutable
return case
  when (on_clocks.local at time zone on_clocks.timezone) at time zone on_clocks.timezone = on_clocks.local
    then on_clocks.local at time zone on_clocks.timezone
  else (
    select min(minute)
    from generate_series(
      date_trunc('minute', on_clocks.local at time zone on_clocks.timezone, 'UTC')
        - ((on_clocks.local at time zone on_clocks.timezone) at time zone on_clocks.timezone - on_clocks.local),
      date_trunc('minute', on_clocks.local at time zone on_clocks.timezone, 'UTC'),
      interval '1 minute') as minute
    where minute at time zone on_clocks.timezone > on_clocks.local)
end;

comment on function app_private.on_clocks(timestamp, text) is
  'A local time as an instant; a time that the clocks skip is the instant of the change.';

grant execute on function app_private.on_clocks(timestamp, text) to app_engine;
-- end of source: functions/scheduling/on_clocks.sql

-- source: functions/scheduling/timetables.sql
-- Everything about time that a calendar's specialists bring to a window of instants, one row each: when they are
-- open, and which starts closings and claims rule out. The listing, the hold, the booking and the explanation all
-- read this, so they cannot disagree. SCH-01, SCH-02, SCH-03, SCH-05.
-- A holder's own claim stands aside: for whoever holds a time it is free. A claim that exists keeps its length, whatever
-- the settings say by now, and its notice is counted from when it was asked for.
-- Plain SQL without settings of its own, so that PostgreSQL inlines it into its callers.
-- requires: functions/core/now.sql
-- requires: functions/scheduling/on_clocks.sql

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
  -- Materialized, or the conversions to UTC would be done again for the comparison below.
  openings as materialized (
    select h.id,
      case when days.clocks_change then app_private.on_clocks(days.date + h.starts, h.timezone)
        else (days.date + h.starts) at time zone h.timezone end as opens,
      case when days.clocks_change
        then app_private.on_clocks(days.date + case when h.ends <= h.starts then 1 else 0 end + h.ends, h.timezone)
        else (days.date + case when h.ends <= h.starts then 1 else 0 end + h.ends) at time zone h.timezone end as closes
    from hours as h
    join days on days.weekday = h.weekday
    -- `not in` rather than `not exists`: it is hashed whatever the planner guesses about the number of overrides.
    where (h.id, days.date) not in (select o.id, o.date from override_days as o where o.kind = 'replace')
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
  closings as (
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

comment on function app_private.timetables(
  uuid, timestamptz, timestamptz, uuid, boolean, uuid, interval, timestamptz) is
  'Who can be booked in a calendar and when: open windows, and the starts that closings and claims rule out. '
  'within_bounds narrows the window by notice and horizon; own_claim_id stands aside, own_length and asked_at are its own.';

grant execute on function app_private.timetables(
  uuid, timestamptz, timestamptz, uuid, boolean, uuid, interval, timestamptz) to app_engine;
-- end of source: functions/scheduling/timetables.sql

-- source: functions/scheduling/verdicts.sql
-- What the rules say about one start, specialist by specialist: every rule that forbids it, in the order in which they
-- are told; none where it can be booked. Reads the same timetables as the listing; a property test holds the two
-- together. SCH-05, SCH-06.
-- Plain SQL without settings of its own, so that PostgreSQL inlines it into its callers.
-- requires: functions/scheduling/timetables.sql
-- requires: functions/scheduling/grid.sql

create or replace function app_private.verdicts(
  calendar_id uuid,
  starts_at timestamptz,
  specialist_id uuid default null,
  own_claim_id uuid default null,
  own_length interval default null,
  asked_at timestamptz default null
) returns setof app_private.verdict
language sql stable
begin atomic
  select
    t.specialist_id,
    verdicts.starts_at,
    verdicts.starts_at + t.duration,
    tstzrange(verdicts.starts_at - t.before, verdicts.starts_at + t.duration + t.after),
    array_remove(array[
      case when verdicts.starts_at < t.now then 'in_the_past' end,
      case when verdicts.starts_at < t.bookable_from then 'inside_notice' end,
      case when verdicts.starts_at >= t.bookable_until then 'beyond_horizon' end,
      case when not t.windows @> tstzrange(verdicts.starts_at, verdicts.starts_at + t.duration) then 'outside_hours' end,
      case when t.closed @> verdicts.starts_at then 'closed' end,
      case when not exists (
        select
        from unnest(t.windows) as w (open)
        cross join lateral app_private.grid(w.open, t.timezone) as g
        where g.anchor <= verdicts.starts_at and verdicts.starts_at < g.until
          and date_bin(t.step, verdicts.starts_at, g.anchor) = verdicts.starts_at
      ) then 'off_the_grid' end,
      case when t.taken @> verdicts.starts_at then 'taken' end], null)
  from app_private.timetables(
    verdicts.calendar_id, verdicts.starts_at, verdicts.starts_at + interval '1 microsecond', verdicts.specialist_id,
    false, verdicts.own_claim_id, verdicts.own_length, verdicts.asked_at) as t;
end;

comment on function app_private.verdicts(uuid, timestamptz, uuid, uuid, interval, timestamptz) is
  'For each specialist of a calendar, the rules that keep a start from being booked. A claim that exists asks with its '
  'id, its length and when it was made.';

grant execute on function app_private.verdicts(uuid, timestamptz, uuid, uuid, interval, timestamptz) to app_engine;
-- end of source: functions/scheduling/verdicts.sql

-- source: functions/scheduling/require_bookable.sql
-- The predicate of the listing, asked again of a time that is kept already: between the hold and the booking, or the
-- request and its confirmation, somebody may have closed the day, switched off the calendar, or let the start pass. SCH-06,
-- APT-01, APT-09.
-- The claim keeps its length, and its notice counts from when it was made: whoever fills the form for five minutes does
-- not come too late by them. Whether it is taken is the exclusion constraint's to say, under which the claim stands.
-- An override needs the permission and a reason; the caller records both. It sets aside everything but another claim, a
-- past longer than an hour (a walk-in is written down when there is time), and what is removed.
-- requires: functions/core/now.sql
-- requires: functions/core/refuse.sql
-- requires: functions/identity/require_permission.sql
-- requires: functions/scheduling/verdicts.sql
-- requires: functions/scheduling/switched_off.sql
-- requires: functions/scheduling/refuse_rule.sql
-- requires: functions/scheduling/may_override.sql

create or replace function app_private.require_bookable(
  claim app_private.time_claims,
  for_the_public boolean,
  override_reason text default null
) returns text[]
language plpgsql stable
set search_path = ''
as $$
declare
  v_rules text[];
  v_rule text;
begin
  v_rules := array_remove(
    array[app_private.switched_off(claim.organization_id, claim.calendar_id, claim.specialist_id, for_the_public)]
    || (select v.rules
        from app_private.verdicts(
          claim.calendar_id, lower(claim.during), claim.specialist_id, claim.id,
          upper(claim.during) - lower(claim.during), claim.created_at) as v),
    null);
  if app_private.may_override(claim.organization_id, override_reason) then
    -- What is left is what no reason sets aside.
    select broken into v_rule
    from unnest(v_rules) as broken
    where broken = 'in_the_past' and lower(claim.during) < app_hidden.now() - interval '1 hour';
  else
    v_rule := v_rules[1];
  end if;
  if v_rule is not null then
    perform app_private.refuse_rule(v_rule, claim.calendar_id, lower(claim.during));
  end if;
  return v_rules;
end;
$$;

comment on function app_private.require_bookable(app_private.time_claims, boolean, text) is
  'Asks the rules again of a claim that is kept, as the public or as staff; refuses with the first one broken. With a '
  'reason of somebody who may override: the rules that were set aside.';

grant execute on function app_private.require_bookable(app_private.time_claims, boolean, text) to app_engine;
-- end of source: functions/scheduling/require_bookable.sql

-- source: functions/scheduling/lock_hold.sql
-- A hold may move to another day, and then its days are others: whoever acts on a hold locks it before its days, so that
-- they are read once. SCH-06.

create or replace function app_private.lock_hold(claim_id uuid) returns void
language sql volatile
set search_path = ''
begin atomic
  select pg_advisory_xact_lock(hashtextextended('hold:' || lock_hold.claim_id, 0));
end;

comment on function app_private.lock_hold(uuid) is 'Locks a hold until the transaction ends. Call it before the locks of days.';

grant execute on function app_private.lock_hold(uuid) to app_engine;
-- end of source: functions/scheduling/lock_hold.sql

-- source: functions/scheduling/held_claim.sql
-- The hold of a token as it stands, before any of its days is locked: what a verb needs to know which days to lock. The
-- hold itself is locked, so nobody else moves it. SCH-06.
-- requires: functions/core/refuse.sql
-- requires: functions/scheduling/lock_hold.sql

create or replace function app_private.held_claim(token text) returns app_private.time_claims
language plpgsql volatile
set search_path = ''
as $$
declare
  v_hash bytea := sha256(convert_to(held_claim.token, 'UTF8'));
  v_claim app_private.time_claims;
begin
  select tc.* into v_claim
  from app_private.time_claims as tc
  where tc.token_hash = v_hash or tc.first_token_hash = v_hash;
  if not found then
    perform app_hidden.refuse('NOT_FOUND', 'hold_not_found', '{}', 'No time is kept under this token.');
  end if;
  perform app_private.lock_hold(v_claim.id);
  select tc.* into strict v_claim from app_private.time_claims as tc where tc.id = v_claim.id;
  return v_claim;
end;
$$;

comment on function app_private.held_claim(text) is
  'The claim of this token, the hold locked and its days not yet; NOT_FOUND for an unknown token. Whether it is alive is '
  'asked once the days are locked.';

grant execute on function app_private.held_claim(text) to app_engine;
-- end of source: functions/scheduling/held_claim.sql

-- source: functions/scheduling/publish_held.sql
-- Whoever watches a calendar is told that a time is kept. SCH-06, FND-14.
-- requires: functions/events/publish.sql

create or replace function app_private.publish_held(claim app_private.time_claims) returns void
language plpgsql volatile
set search_path = ''
as $$
begin
  perform app_private.publish('slot.held', claim.organization_id, claim.id, jsonb_build_object(
    'calendarId', claim.calendar_id,
    'specialistId', claim.specialist_id,
    'startsAt', lower(claim.during),
    'endsAt', upper(claim.during)));
end;
$$;

comment on function app_private.publish_held(app_private.time_claims) is 'Publishes slot.held for a claim.';

grant execute on function app_private.publish_held(app_private.time_claims) to app_engine;
-- end of source: functions/scheduling/publish_held.sql

-- source: functions/scheduling/publish_released.sql
-- Whoever watches a calendar is told that a time is free again. SCH-06, FND-14.
-- requires: functions/events/publish.sql

create or replace function app_private.publish_released(claim app_private.time_claims) returns void
language plpgsql volatile
set search_path = ''
as $$
begin
  perform app_private.publish('slot.released', claim.organization_id, claim.id, jsonb_build_object(
    'calendarId', claim.calendar_id,
    'specialistId', claim.specialist_id,
    'startsAt', lower(claim.during),
    'endsAt', upper(claim.during)));
end;
$$;

comment on function app_private.publish_released(app_private.time_claims) is 'Publishes slot.released for a claim.';

grant execute on function app_private.publish_released(app_private.time_claims) to app_engine;
-- end of source: functions/scheduling/publish_released.sql

-- source: functions/scheduling/let_go.sql
-- Time becomes free again, and whoever watches is told, once. A step of verbs that have locked the days. SCH-06.
-- requires: functions/core/now.sql
-- requires: functions/scheduling/publish_released.sql

create or replace function app_private.let_go(claim_ids uuid[]) returns int
language plpgsql volatile
set search_path = ''
as $$
declare
  v_released int;
begin
  if cardinality(claim_ids) = 0 then
    return 0;
  end if;

  with released as (
    update app_private.time_claims as tc
    set released_at = app_hidden.now()
    where tc.id = any (claim_ids) and tc.released_at is null
    returning tc.*
  )
  select count(app_private.publish_released(released))
  into v_released
  from released;
  return v_released;
end;
$$;

comment on function app_private.let_go(uuid[]) is
  'Releases claims whose days the caller has locked, and publishes slot.released for each; how many were not free already.';

grant execute on function app_private.let_go(uuid[]) to app_engine;
-- end of source: functions/scheduling/let_go.sql

-- source: functions/scheduling/release_expired_holds.sql
-- An expired hold is free to everybody who lists, but still trips the exclusion constraint, because now() cannot stand
-- in its predicate. Whoever finds one in the way releases it. SCH-06.
-- The caller has locked the days of the span. What somebody has locked all the same is being tidied by the worker.
-- requires: functions/core/now.sql
-- requires: functions/scheduling/let_go.sql

create or replace function app_private.release_expired_holds(
  specialist_id uuid, span tstzrange, own_claim_id uuid default null
) returns int
language plpgsql volatile
set search_path = ''
as $$
begin
  return app_private.let_go(array(
    select tc.id
    from app_private.time_claims as tc
    where tc.specialist_id = release_expired_holds.specialist_id
      and tc.blocked && span
      and tc.released_at is null
      and tc.expires_at <= app_hidden.now()
      and tc.id is distinct from own_claim_id
    order by tc.id
    for update skip locked));
end;
$$;

comment on function app_private.release_expired_holds(uuid, tstzrange, uuid) is
  'Releases expired holds of a specialist that are in the way of a span, and says how many.';

grant execute on function app_private.release_expired_holds(uuid, tstzrange, uuid) to app_engine;
-- end of source: functions/scheduling/release_expired_holds.sql

-- source: functions/scheduling/revive_hold.sql
-- A hold that expired a moment ago is honoured while its time is free; whoever took it meanwhile keeps it. SCH-06.
-- A step of take_hold, which has locked the days.
-- requires: functions/core/now.sql
-- requires: functions/events/publish.sql
-- requires: functions/scheduling/release_expired_holds.sql
-- requires: functions/scheduling/refuse_taken.sql
-- requires: functions/scheduling/publish_held.sql

create or replace function app_private.revive_hold(hold app_private.time_claims) returns app_private.time_claims
language plpgsql volatile
set search_path = ''
as $$
declare
  v_claim app_private.time_claims := hold;
begin
  if hold.released_at is null then
    -- It still stands under the constraint, so nobody took it.
    return hold;
  end if;
  perform app_private.release_expired_holds(hold.specialist_id, hold.blocked, hold.id);
  update app_private.time_claims as tc
  set released_at = null
  where tc.id = hold.id
  returning tc.* into v_claim;
  -- Whoever watches was told that it was free.
  perform app_private.publish_held(v_claim);
  return v_claim;
exception when exclusion_violation then
  perform app_private.refuse_taken(hold.calendar_id, lower(hold.during));
end;
$$;

comment on function app_private.revive_hold(app_private.time_claims) is
  'Takes the time of an expired hold again; SLOT_TAKEN when somebody else has it.';

grant execute on function app_private.revive_hold(app_private.time_claims) to app_engine;
-- end of source: functions/scheduling/revive_hold.sql

-- source: functions/scheduling/take_hold.sql
-- The holder shows the token; the hold, then its specialist-days, then the claim are locked, so that booking, moving,
-- extending, releasing and expiry come one after the other. Who guesses learns nothing: an unknown token is one answer,
-- a dead one another. SCH-06.
-- Booking locks specialist and calendar too, before the days, as who removes them does. And it comes in time when the
-- hold expired a moment ago and nobody else took the time: the visitor pressed the button, the clock was faster.
-- requires: functions/core/now.sql
-- requires: functions/core/refuse.sql
-- requires: functions/catalog/require_specialist.sql
-- requires: functions/scheduling/require_calendar.sql
-- requires: functions/scheduling/held_claim.sql
-- requires: functions/scheduling/lock_claims.sql
-- requires: functions/scheduling/revive_hold.sql

create or replace function app_private.take_hold(token text, to_book boolean default false)
returns app_private.time_claims
language plpgsql volatile
set search_path = ''
as $$
declare
  v_claim app_private.time_claims;
  v_is_over boolean;
begin
  v_claim := app_private.held_claim(take_hold.token);
  if to_book then
    perform app_private.require_specialist(v_claim.organization_id, v_claim.specialist_id);
    perform app_private.require_calendar(v_claim.organization_id, v_claim.calendar_id);
  end if;
  perform app_private.lock_claims(array[v_claim.id]);
  select tc.* into strict v_claim
  from app_private.time_claims as tc
  where tc.id = v_claim.id
  for update;

  v_is_over := v_claim.released_at is not null or v_claim.expires_at <= app_hidden.now();
  if v_claim.kind = 'hold' and not v_is_over then
    return v_claim;
  elsif v_claim.kind = 'hold' and to_book
    -- Given back is given back: only who waited too long is waited for.
    and (v_claim.released_at is null or v_claim.released_at >= v_claim.expires_at)
    and v_claim.expires_at > app_hidden.now() - interval '60 seconds'
  then
    return app_private.revive_hold(v_claim);
  end if;
  perform app_hidden.refuse(
    'GONE', 'hold_expired', '{}', 'This time is no longer kept for you. Choose a time again.');
end;
$$;

comment on function app_private.take_hold(text, boolean) is
  'The live hold of this token, locked with its days. An unknown token is NOT_FOUND; expired, released or booked is GONE. '
  'to_book honours a hold for 60 seconds more, unless somebody else took the time: SLOT_TAKEN.';

grant execute on function app_private.take_hold(text, boolean) to app_engine;
-- end of source: functions/scheduling/take_hold.sql

-- source: functions/appointments/book_appointment.sql
-- A held time becomes an appointment: for a patient by the patient, a caregiver, or front desk. APT-01, APT-02.
-- requires: functions/core/refuse.sql
-- requires: functions/core/current_actor_id.sql
-- requires: functions/core/remembered.sql
-- requires: functions/core/remember.sql
-- requires: functions/core/authorize_move.sql
-- requires: functions/scheduling/take_hold.sql
-- requires: functions/scheduling/is_staff_of.sql
-- requires: functions/scheduling/require_bookable.sql
-- requires: functions/scheduling/convert_claim.sql
-- requires: functions/scheduling/count_assignment.sql

set role app_engine;

create or replace function app_public.book_appointment(
  hold_token text,
  patient_profile_id uuid,
  override_reason text default null
)
returns app_public.appointments
language plpgsql volatile security definer
set search_path = ''
as $$
declare
  v_remembered jsonb := app_private.remembered('book_appointment', jsonb_build_array(
    hold_token, patient_profile_id, override_reason));
  v_claim app_private.time_claims;
  v_rules text[];
  v_appointment app_public.appointments;
begin
  if v_remembered is not null then
    return jsonb_populate_record(v_appointment, v_remembered);
  end if;

  v_claim := app_private.take_hold(hold_token, to_book => true);
  perform from app_public.patients
  where patients.organization_id = v_claim.organization_id
    and patients.patient_profile_id = book_appointment.patient_profile_id
    and patients.deleted_at is null
    and (patients.organization_id = any (app_hidden.organization_ids_where('patients.view'))
         or (patients.patient_profile_id = any (app_hidden.current_human_patient_profile_ids())
             and patients.organization_id = any (app_hidden.current_patient_organization_ids())))
  for share;
  if not found then
    perform app_hidden.refuse('NOT_FOUND', 'patient_not_found', '{}', 'There is no such patient at the clinic of this time.');
  end if;
  perform app_private.authorize_move('appointments', '', 'booked', v_claim.organization_id, book_appointment.patient_profile_id);
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

comment on function app_public.book_appointment(text, uuid, text) is
  'Books a held time for a patient of that clinic. For the patient, a caregiver, or staff with appointments.manage. '
  'When the time can no longer be booked, what holdSlot says of the rule; staff set it aside with overrideReason.';
grant execute on function app_public.book_appointment(text, uuid, text) to app_member;

reset role;
-- end of source: functions/appointments/book_appointment.sql

-- source: functions/scheduling/is_thinkable.sql
-- Instants of the years 294276 and -4713 are real to PostgreSQL until something is added to them: then it raises its own
-- error. Whoever takes an instant, or a date, asks here first. SCH-05.

create or replace function app_private.is_thinkable(at timestamptz) returns boolean
language sql immutable
return is_thinkable.at between timestamptz '2000-01-01 00:00+00' and timestamptz '2200-01-01 00:00+00';

comment on function app_private.is_thinkable(timestamptz) is
  'Whether an instant is in a year for which anybody plans appointments: 2000 to 2200. Infinity is not.';

grant execute on function app_private.is_thinkable(timestamptz) to app_engine;
-- end of source: functions/scheduling/is_thinkable.sql

-- source: functions/scheduling/require_start.sql
-- The start that somebody names is a time of this world. SCH-05, SCH-06.
-- requires: functions/core/refuse.sql
-- requires: functions/scheduling/is_thinkable.sql

create or replace function app_private.require_start(at timestamptz, field text default 'startsAt') returns void
language plpgsql stable
set search_path = ''
as $$
begin
  if at is null or not app_private.is_thinkable(at) then
    perform app_hidden.refuse(
      'VALIDATION', 'start_invalid', jsonb_build_object('rule', 'start_invalid', 'field', field),
      'Say which time, between the years 2000 and 2200.');
  end if;
end;
$$;

comment on function app_private.require_start(timestamptz, text) is
  'VALIDATION start_invalid for a start that is missing, infinite or in no year that we plan for.';

grant execute on function app_private.require_start(timestamptz, text) to app_engine;
-- end of source: functions/scheduling/require_start.sql

-- source: functions/scheduling/bookable.sql
-- The one predicate of list and hold: who can be booked at this start. It reads what the listing reads, so a hold succeeds
-- exactly when its start is listed; a time that is kept is asked again by require_bookable(). SCH-05, SCH-06.
-- override is for staff, who give a reason that the caller records: it sets notice, horizon, hours, closings and the grid
-- aside, never another claim, nor a past longer than an hour. It goes to those for whom least is set aside: nobody is
-- called back from a vacation while a colleague is there.
-- requires: functions/scheduling/verdicts.sql
-- requires: functions/scheduling/refuse_rule.sql
-- requires: functions/scheduling/require_start.sql

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
  v_rule text;
begin
  perform app_private.require_start(bookable.starts_at);

  select
    array_agg((v.specialist_id, v.starts_at, v.ends_at, v.blocked)::app_private.free_start)
      filter (where cardinality(v.rules) = 0),
    (array_agg(v.rules[1] order by array_position(c_closest, v.rules[1])))[1]
  into v_free, v_rule
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
        and not ('in_the_past' = any (v.rules) and v.starts_at < app_hidden.now() - interval '1 hour')
    ) as weighed
    where weighed.place = 1;
    if v_free is null and exists (
      select from app_private.verdicts(bookable.calendar_id, bookable.starts_at, bookable.specialist_id) as v
      where 'taken' = any (v.rules)
    ) then
      v_rule := 'taken';
    end if;
  end if;

  if v_free is null then
    perform app_private.refuse_rule(coalesce(v_rule, 'no_specialist'), bookable.calendar_id, bookable.starts_at);
  end if;
  return v_free;
end;
$$;

comment on function app_private.bookable(uuid, timestamptz, uuid, boolean, uuid) is
  'Who can be booked at a start. Nobody: SLOT_TAKEN, or VALIDATION naming the rule.';

grant execute on function app_private.bookable(uuid, timestamptz, uuid, boolean, uuid) to app_engine;
-- end of source: functions/scheduling/bookable.sql

-- source: functions/scheduling/by_turn.sql
-- Of those who are free, whose turn it is first. SCH-04.
-- Turns are read and taken one at a time, or two who book at once would both take the same turn: where there is a choice
-- the calendar is locked, before any day.
-- requires: functions/scheduling/assignment_order.sql

create or replace function app_private.by_turn(calendar_id uuid, free app_private.free_start[])
returns app_private.free_start[]
language plpgsql volatile
set search_path = ''
as $$
begin
  if cardinality(free) < 2 then
    return free;
  end if;
  perform pg_advisory_xact_lock(hashtextextended('assignment:' || by_turn.calendar_id, 0));
  return array(
    select f
    from unnest(free) as f
    join app_private.assignment_order(by_turn.calendar_id) as o on o.specialist_id = f.specialist_id
    order by o.turn);
end;
$$;

comment on function app_private.by_turn(uuid, app_private.free_start[]) is
  'These specialists in the order of their turns; the turns of the calendar are locked where there is a choice.';

grant execute on function app_private.by_turn(uuid, app_private.free_start[]) to app_engine;
-- end of source: functions/scheduling/by_turn.sql

-- source: functions/scheduling/require_named.sql
-- Where the visitor picks the specialist and "any" is not offered, one has to be named. SCH-02, SCH-06.
-- requires: functions/core/refuse.sql

create or replace function app_private.require_named(calendar app_public.calendars, specialist_id uuid) returns void
language plpgsql stable
set search_path = ''
as $$
begin
  if require_named.specialist_id is null
    and calendar.assignment_strategy = 'specific' and not calendar.allows_any_specialist then
    perform app_hidden.refuse(
      'VALIDATION', 'specialist_required',
      jsonb_build_object('rule', 'specialist_required', 'field', 'specialistId'),
      'Choose a specialist.');
  end if;
end;
$$;

comment on function app_private.require_named(app_public.calendars, uuid) is
  'VALIDATION specialist_required where the calendar offers no "any" and nobody is named.';

grant execute on function app_private.require_named(app_public.calendars, uuid) to app_engine;
-- end of source: functions/scheduling/require_named.sql

-- source: functions/scheduling/place_claim.sql
-- Takes a specialist's time, for a hold and for a booking alike. SCH-04, SCH-06.
-- Nothing here checks for a free slot and then trusts it: the exclusion constraint decides, and "no row came back"
-- means taken, so the next specialist is tried. Locks come in one order everywhere (calendar, then specialist-days),
-- so nobody waits in a circle: 50 visitors on one slot end in one winner and 49 refusals.
-- requires: functions/core/now.sql
-- requires: functions/scheduling/require_named.sql
-- requires: functions/scheduling/by_turn.sql
-- requires: functions/scheduling/bookable.sql
-- requires: functions/scheduling/refuse_taken.sql
-- requires: functions/scheduling/lock_specialist_days.sql
-- requires: functions/scheduling/release_expired_holds.sql

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
      on conflict do nothing
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

comment on function app_private.place_claim(app_public.calendars, timestamptz, uuid, app_private.time_claims, boolean) is
  'Claims a start for whose turn it is, or for the specialist named. draft brings kind, expiry and holder.';

grant execute on function app_private.place_claim(app_public.calendars, timestamptz, uuid, app_private.time_claims, boolean)
  to app_engine;
-- end of source: functions/scheduling/place_claim.sql

-- source: functions/scheduling/claim_slot.sql
-- Books a time directly, without a hold before it: the front desk on the phone, a signed-in patient. SCH-06, APT-01.
-- The caller has checked permission, and records the reason for an override. Whoever could be chosen is locked before the
-- days, as who removes a specialist does, so that a booking is either counted there or refused here.
-- requires: functions/core/refuse.sql
-- requires: functions/core/current_principal_id.sql
-- requires: functions/scheduling/require_start.sql
-- requires: functions/scheduling/visible_calendar.sql
-- requires: functions/scheduling/require_choice.sql
-- requires: functions/catalog/require_specialist.sql
-- requires: functions/scheduling/require_calendar.sql
-- requires: functions/scheduling/place_claim.sql

create or replace function app_private.claim_slot(
  calendar_id uuid,
  starts_at timestamptz,
  specialist_id uuid,
  kind text,
  override boolean default false
) returns app_private.time_claims
language plpgsql volatile
set search_path = ''
as $$
declare
  v_calendar app_public.calendars;
  v_draft app_private.time_claims;
begin
  if claim_slot.kind is null or claim_slot.kind not in ('request', 'appointment') then
    perform app_hidden.refuse('VALIDATION', 'claim_kind_invalid', jsonb_build_object('rule', 'claim_kind_invalid'));
  end if;
  v_calendar := app_private.visible_calendar(claim_slot.calendar_id);
  perform app_private.require_choice(v_calendar, claim_slot.specialist_id);
  perform app_private.require_start(claim_slot.starts_at);
  perform app_private.require_specialist(v_calendar.organization_id, chosen.specialist_id)
  from (
    select cs.specialist_id
    from app_public.calendar_specialists as cs
    join app_public.specialists as sp
      on sp.organization_id = cs.organization_id and sp.id = cs.specialist_id and sp.deleted_at is null
    where cs.organization_id = v_calendar.organization_id and cs.calendar_id = v_calendar.id
      and (claim_slot.specialist_id is null or cs.specialist_id = claim_slot.specialist_id)
    order by cs.specialist_id
  ) as chosen;
  perform app_private.require_calendar(v_calendar.organization_id, v_calendar.id);
  v_draft.kind := claim_slot.kind;
  v_draft.created_by := app_hidden.current_principal_id();
  return app_private.place_claim(v_calendar, claim_slot.starts_at, claim_slot.specialist_id, v_draft, override);
end;
$$;

comment on function app_private.claim_slot(uuid, timestamptz, uuid, text, boolean) is
  'Takes a start for a request or an appointment; the specialist by strategy when none is named. '
  'override sets notice, horizon, hours and grid aside, never another claim.';

grant execute on function app_private.claim_slot(uuid, timestamptz, uuid, text, boolean) to app_engine;
-- end of source: functions/scheduling/claim_slot.sql

-- source: functions/appointments/book_directly.sql
-- Somebody stands at the desk, or is on the telephone: front desk books a time without holding it first. Notice, hours,
-- closings and the grid are the clinic's own rules and give way to a reason, which is kept with the appointment and its
-- first move; another claim never does. APT-01, SCH-06.
-- requires: functions/core/refuse.sql
-- requires: functions/core/current_actor_id.sql
-- requires: functions/core/remembered.sql
-- requires: functions/core/remember.sql
-- requires: functions/identity/require_permission.sql
-- requires: functions/scheduling/claim_slot.sql
-- requires: functions/scheduling/visible_calendar.sql
-- requires: functions/scheduling/may_override.sql
-- requires: functions/scheduling/verdicts.sql
-- requires: functions/scheduling/count_assignment.sql

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
    return jsonb_populate_record(v_appointment, v_remembered);
  end if;

  v_calendar := app_private.visible_calendar(book_directly.calendar_id);
  perform app_private.require_permission(v_calendar.organization_id, 'appointments.manage');
  v_override := app_private.may_override(v_calendar.organization_id, override_reason);
  perform from app_public.patients
  where patients.organization_id = v_calendar.organization_id
    and patients.patient_profile_id = book_directly.patient_profile_id
    and patients.deleted_at is null
    and patients.organization_id = any (app_hidden.organization_ids_where('patients.view'))
  for share;
  if not found then
    perform app_hidden.refuse('NOT_FOUND', 'patient_not_found', '{}', 'There is no such patient at this clinic.');
  end if;

  v_claim := app_private.claim_slot(
    v_calendar.id, book_directly.starts_at, book_directly.specialist_id, 'appointment', v_override);
  perform app_private.count_assignment(v_claim.id);
  if v_override then
    select nullif(v.rules, '{}') into v_rules
    from app_private.verdicts(v_calendar.id, book_directly.starts_at, v_claim.specialist_id, v_claim.id) as v;
  end if;

  insert into app_public.appointments (
    organization_id, patient_profile_id, calendar_id, service_id, specialist_id, claim_id,
    starts_at, ends_at, modality, price_amount, currency, contact_email, contact_name, locale, created_by,
    override_reason, overridden_rules
  )
  select
    v_claim.organization_id, profile.id, v_calendar.id, services.id, v_claim.specialist_id, v_claim.id,
    lower(v_claim.during), upper(v_claim.during), v_calendar.modality,
    coalesce(v_calendar.price_amount, services.price_amount), services.currency,
    profile.email, profile.given_name || ' ' || profile.family_name, profile.locale, app_private.current_actor_id(),
    case when v_rules is not null then btrim(override_reason) end, v_rules
  from app_public.services
  join app_public.patient_profiles as profile on profile.id = book_directly.patient_profile_id
  where services.organization_id = v_calendar.organization_id and services.id = v_calendar.service_id
  returning * into v_appointment;
  perform app_private.remember('book_directly', to_jsonb(v_appointment));
  return v_appointment;
end;
$$;

comment on function app_public.book_directly(uuid, timestamptz, uuid, uuid, text) is
  'Books a time for a patient of the clinic without a hold: a walk-in, a call. Needs appointments.manage. overrideReason '
  'sets notice, horizon, hours, closings and the grid aside and is kept with the appointment; a walk-in may be entered up '
  'to an hour after its start. SLOT_TAKEN whatever the reason; VALIDATION names the rule.';
grant execute on function app_public.book_directly(uuid, timestamptz, uuid, uuid, text) to app_member;

reset role;
-- end of source: functions/appointments/book_directly.sql

-- source: functions/scheduling/release_claims.sql
-- Time becomes free again, and whoever watches is told, once. SCH-06.
-- requires: functions/scheduling/lock_claims.sql
-- requires: functions/scheduling/let_go.sql

create or replace function app_private.release_claims(claim_ids uuid[]) returns int
language plpgsql volatile
set search_path = ''
as $$
begin
  perform app_private.lock_claims(claim_ids);
  return app_private.let_go(claim_ids);
end;
$$;

comment on function app_private.release_claims(uuid[]) is
  'Frees the time of these claims and publishes slot.released for each; how many were not free already.';

grant execute on function app_private.release_claims(uuid[]) to app_engine;
-- end of source: functions/scheduling/release_claims.sql

-- source: functions/scheduling/uncount_assignment.sql
-- A booking cancelled before its start gives the turn back. SCH-04.
-- requires: functions/core/now.sql
-- requires: functions/scheduling/lock_claims.sql

create or replace function app_private.uncount_assignment(claim_id uuid) returns void
language plpgsql volatile
set search_path = ''
as $$
declare
  v_claim app_private.time_claims;
begin
  perform app_private.lock_claims(array[claim_id]);
  update app_private.time_claims as tc
  set counted_at = null
  where tc.id = uncount_assignment.claim_id
    and tc.counted_at is not null
    and lower(tc.during) > app_hidden.now()
  returning * into v_claim;
  if not found then
    return;
  end if;

  update app_private.specialist_assignment_tracking as t
  set assigned_count = greatest(0, t.assigned_count - 1)
  where t.organization_id = v_claim.organization_id
    and t.calendar_id = v_claim.calendar_id
    and t.specialist_id = v_claim.specialist_id;
end;
$$;

comment on function app_private.uncount_assignment(uuid) is
  'Takes a counted claim back out of the round robin, unless its start has come.';

grant execute on function app_private.uncount_assignment(uuid) to app_engine;
-- end of source: functions/scheduling/uncount_assignment.sql

-- source: functions/appointments/confirm_booking_request.sql
-- The clinic says yes, in one transaction: patient found or made, claim handed over, appointment booked. APT-09.
-- requires: functions/core/refuse.sql
-- requires: functions/core/now.sql
-- requires: functions/core/current_actor_id.sql
-- requires: functions/core/remembered.sql
-- requires: functions/core/remember.sql
-- requires: functions/appointments/locked_booking_request.sql
-- requires: functions/appointments/patient_for_request.sql
-- requires: functions/scheduling/require_bookable.sql
-- requires: functions/scheduling/convert_claim.sql
-- requires: functions/scheduling/count_assignment.sql

set role app_engine;

create or replace function app_public.confirm_booking_request(
  booking_request_id uuid,
  patient_profile_id uuid default null,
  as_new_patient boolean default false,
  override_reason text default null
) returns app_public.appointments
language plpgsql volatile security definer
set search_path = ''
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
    return jsonb_populate_record(v_appointment, v_remembered);
  end if;

  v_request := app_private.locked_booking_request(booking_request_id, 'confirmed');
  v_profile_id := app_private.patient_for_request(v_request, patient_profile_id, coalesce(as_new_patient, false));
  -- Past its deadline a request is over, whether or not the worker has come by to say so.
  if v_request.respond_by <= app_hidden.now() then
    perform app_hidden.refuse(
      'GONE', 'booking_request_expired', jsonb_build_object('respondBy', v_request.respond_by),
      'The time to answer has passed. Ask the guest to choose again.');
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
    locale, created_by, override_reason, overridden_rules
  )
  select
    v_request.organization_id, v_profile_id, v_request.calendar_id, v_request.service_id, v_request.specialist_id,
    v_request.id, v_request.claim_id, v_request.starts_at, v_request.ends_at, calendars.modality,
    v_request.price_amount, v_request.currency, v_request.email, v_request.phone,
    v_request.given_name || ' ' || v_request.family_name, v_request.locale, app_private.current_actor_id(),
    case when v_rules <> '{}' then btrim(override_reason) end, nullif(v_rules, '{}')
  from app_public.calendars
  where calendars.organization_id = v_request.organization_id and calendars.id = v_request.calendar_id
  returning * into v_appointment;
  perform app_private.remember('confirm_booking_request', to_jsonb(v_appointment));
  return v_appointment;
end;
$$;

comment on function app_public.confirm_booking_request(uuid, uuid, boolean, text) is
  'Turns a booking request into an appointment. Of the clinic''s patients the one is taken whose address and name agree; '
  'one who shares only the address or the number is unclear, unless patientProfileId names the patient or asNewPatient is '
  'set; where nobody is like it, the guest becomes a patient. Needs appointments.manage; STATE when it was answered '
  'already, GONE past its deadline, CONFLICT person_unclear with the candidates. When the time can no longer be booked, '
  'what holdSlot says of the rule; overrideReason sets it aside and is kept.';
grant execute on function app_public.confirm_booking_request(uuid, uuid, boolean, text) to app_member;

reset role;
-- end of source: functions/appointments/confirm_booking_request.sql

-- source: functions/appointments/expire_booking_requests.sql
-- Requests that nobody answered in time let their time go. The worker calls it every minute; however late it
-- comes, what is due is done. APT-09.
-- requires: functions/core/now.sql
-- requires: functions/scheduling/release_claims.sql

set role app_engine;

create or replace function app_private.expire_booking_requests() returns int
language plpgsql volatile security definer
set search_path = ''
as $$
declare
  v_claim_ids uuid[];
begin
  with expired as (
    with due as (
      select booking_requests.id
      from app_public.booking_requests
      where booking_requests.status = 'requested' and booking_requests.respond_by <= app_hidden.now()
      order by booking_requests.respond_by
      limit 500
      for update skip locked
    )
    update app_public.booking_requests set status = 'expired', decided_at = app_hidden.now()
    from due
    where booking_requests.id = due.id
    returning booking_requests.claim_id
  )
  select coalesce(array_agg(expired.claim_id), '{}') into v_claim_ids from expired;
  -- At once, so that all their days are locked in the one order.
  perform app_private.release_claims(v_claim_ids);
  return cardinality(v_claim_ids);
end;
$$;

comment on function app_private.expire_booking_requests() is 'Expires up to 500 overdue booking requests and frees their time; returns how many.';
grant execute on function app_private.expire_booking_requests() to app_worker;

reset role;
-- end of source: functions/appointments/expire_booking_requests.sql

-- source: functions/appointments/request_booking.sql
-- A visitor without an account asks for the time they hold. The request keeps the time until the clinic answers;
-- hold, request and appointment are the same claim, so the time is never let go in between. APT-05, APT-09.
-- requires: functions/core/refuse.sql
-- requires: functions/core/now.sql
-- requires: functions/core/remembered.sql
-- requires: functions/core/remember.sql
-- requires: functions/appointments/require_no_link.sql
-- requires: functions/scheduling/is_staff_of.sql
-- requires: functions/scheduling/require_request_allowance.sql
-- requires: functions/scheduling/take_hold.sql
-- requires: functions/scheduling/require_bookable.sql
-- requires: functions/scheduling/convert_claim.sql
-- requires: functions/appointments/respond_by.sql
-- requires: functions/appointments/booking_receipt_of.sql

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
  -- Both are read by somebody who did not ask for it, if the address beside them is not the visitor's own (FND-35).
  perform app_private.require_no_link('givenName', given_name);
  perform app_private.require_no_link('familyName', family_name);
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

comment on function app_public.request_booking(text, text, text, text, text, text, text) is
  'Turns a hold into a booking request. The receipt''s token is shown once. NOT_FOUND or GONE for the hold, '
  'VALIDATION with the field for the contact, also for a name with a link in it (link_in_text); when the time can no longer '
  'be booked, what holdSlot says of the rule; RATE_LIMITED when the caller has asked too often, whatever became of it.';
grant execute on function app_public.request_booking(text, text, text, text, text, text, text) to app_anonymous, app_member;

reset role;
-- end of source: functions/appointments/request_booking.sql

-- source: functions/appointments/tg_appointments__record_move.sql
-- Every move has an actor, a time and an event, whoever makes it. APT-01, FND-14.
-- requires: functions/core/now.sql
-- requires: functions/core/current_actor_id.sql
-- requires: functions/events/publish.sql

set role app_engine;

create or replace function app_private.tg_appointments__record_move() returns trigger
language plpgsql security definer
set search_path = ''
as $$
declare
  v_from text := case when tg_op = 'UPDATE' then old.status else '' end;
  v_event text;
begin
  if v_from = new.status then
    return new;
  end if;

  insert into app_public.appointment_moves (organization_id, appointment_id, from_status, to_status, moved_by, moved_at, reason,
    overridden_rules)
  values (new.organization_id, new.id, nullif(v_from, ''), new.status, app_private.current_actor_id(), app_hidden.now(),
          case when v_from = '' then new.override_reason else new.cancellation_reason end,
          case when v_from = '' then new.overridden_rules end);

  select distinct transition.event into strict v_event
  from app_private.state_transitions as transition
  where transition.entity = 'appointments' and transition.from_state = v_from and transition.to_state = new.status;

  perform app_private.publish(
    v_event, new.organization_id, new.id,
    jsonb_strip_nulls(jsonb_build_object(
      'appointmentId', new.id, 'patientProfileId', new.patient_profile_id, 'specialistId', new.specialist_id,
      'serviceId', new.service_id,
      'startsAt', new.starts_at, 'endsAt', new.ends_at, 'from', nullif(v_from, ''), 'to', new.status)));
  return new;
end;
$$;

comment on function app_private.tg_appointments__record_move() is
  'Writes appointment_moves and publishes the event of the move. Trigger _900_record_move.';

reset role;

create or replace trigger _900_record_move after insert or update of status on app_public.appointments
  for each row execute function app_private.tg_appointments__record_move();
-- end of source: functions/appointments/tg_appointments__record_move.sql

-- source: functions/catalog/reassign_specialist.sql
-- Everything still to come goes from one specialist to another, all or nothing: the exclusion constraint on
-- time_claims decides whether the colleague is free. SPC-06.
-- requires: functions/core/refuse.sql
-- requires: functions/core/now.sql
-- requires: functions/scheduling/lock_specialist_days.sql
-- requires: functions/scheduling/release_expired_holds.sql

set role app_engine;

create or replace function app_private.reassign_specialist(
  organization_id uuid,
  from_specialist_id uuid,
  to_specialist_id uuid
) returns void
language plpgsql volatile
set search_path = ''
as $$
begin
  -- Answers to requests and moves of appointments lock the row first and its claim second; so does this.
  perform from app_public.appointments
  where appointments.organization_id = reassign_specialist.organization_id
    and appointments.specialist_id = from_specialist_id
    and appointments.ends_at > app_hidden.now()
  order by appointments.id
  for no key update;
  perform from app_public.booking_requests
  where booking_requests.organization_id = reassign_specialist.organization_id
    and booking_requests.specialist_id = from_specialist_id
    and booking_requests.ends_at > app_hidden.now()
  order by booking_requests.id
  for no key update;

  -- The days of both, before any claim is touched.
  perform app_private.lock_specialist_days(array(
    select (specialist.id, lower(time_claims.during), upper(time_claims.during), time_claims.blocked)::app_private.free_start
    from app_private.time_claims
    cross join unnest(array[from_specialist_id, to_specialist_id]) as specialist (id)
    where time_claims.organization_id = reassign_specialist.organization_id
      and time_claims.specialist_id = from_specialist_id
      and time_claims.released_at is null
      and upper(time_claims.during) > app_hidden.now()));

  -- What the colleague's visitors let expire is free, but still trips the constraint.
  perform app_private.release_expired_holds(to_specialist_id, time_claims.blocked)
  from app_private.time_claims
  where time_claims.organization_id = reassign_specialist.organization_id
    and time_claims.specialist_id = from_specialist_id
    and time_claims.released_at is null
    and upper(time_claims.during) > app_hidden.now();

  begin
    with moved as (
      update app_private.time_claims set specialist_id = to_specialist_id
      where time_claims.organization_id = reassign_specialist.organization_id
        and time_claims.specialist_id = from_specialist_id
        and time_claims.kind in ('appointment', 'request')
        and time_claims.released_at is null
        and upper(time_claims.during) > app_hidden.now()
      returning time_claims.id
    ), appointments as (
      update app_public.appointments set specialist_id = to_specialist_id
      from moved
      where appointments.organization_id = reassign_specialist.organization_id and appointments.claim_id = moved.id
    )
    update app_public.booking_requests set specialist_id = to_specialist_id
    from moved
    where booking_requests.organization_id = reassign_specialist.organization_id and booking_requests.claim_id = moved.id;
  exception when exclusion_violation then
    perform app_hidden.refuse(
      'CONFLICT', 'colleague_not_free', '{"field": "reassignTo"}',
      'The colleague is not free at all of these times. Choose another, or move the appointments one by one.');
  end;
end;
$$;

comment on function app_private.reassign_specialist(uuid, uuid, uuid) is
  'Moves future appointments and requests to a colleague; CONFLICT colleague_not_free when any of them overlaps. '
  'The caller has locked both specialists.';

reset role;
-- end of source: functions/catalog/reassign_specialist.sql

-- source: functions/scheduling/bookings_to_come.sql
-- What people count on: appointments and open requests whose time is not over. Whatever they rely on is not removed
-- under them. SPC-06, FND-10.
-- requires: functions/core/now.sql

set role app_engine;

create or replace function app_private.bookings_to_come(organization_id uuid) returns setof app_private.time_claims
language sql stable
set search_path = ''
begin atomic
  -- As a whole, so that a column that is added later comes along.
  select time_claims
  from app_private.time_claims
  where time_claims.organization_id = bookings_to_come.organization_id
    and time_claims.kind in ('appointment', 'request')
    and time_claims.released_at is null
    and upper(time_claims.during) > app_hidden.now();
end;

comment on function app_private.bookings_to_come(uuid) is 'Claims of appointments and open requests of a clinic that are not over.';

reset role;
-- end of source: functions/scheduling/bookings_to_come.sql

-- source: functions/scheduling/own_claim_id.sql
-- The claim that a holder's token stands for while it is alive; a token that is over, or nobody's, changes nothing. SCH-05.
-- requires: functions/core/now.sql

create or replace function app_private.own_claim_id(hold_token text) returns uuid
language sql stable
set search_path = ''
begin atomic
  select tc.id
  from app_private.time_claims as tc
  where (tc.token_hash = sha256(convert_to(own_claim_id.hold_token, 'UTF8'))
         or tc.first_token_hash = sha256(convert_to(own_claim_id.hold_token, 'UTF8')))
    and tc.kind = 'hold' and tc.released_at is null and tc.expires_at > app_hidden.now();
end;

comment on function app_private.own_claim_id(text) is 'The claim of a live hold, by its token; null for any other.';

grant execute on function app_private.own_claim_id(text) to app_engine;
-- end of source: functions/scheduling/own_claim_id.sql

-- source: functions/scheduling/require_window.sql
-- A window that is asked for has two ends, in order, and an affordable length: 62 days for everybody, 400 for staff.
-- Days are those of the zone the window is read in: two local months are sixty-two days, also when one of them has an
-- hour more. Instants that no calendar knows are refused before anything is computed with them. SCH-05.
-- requires: functions/core/refuse.sql
-- requires: functions/scheduling/is_staff_of.sql
-- requires: functions/scheduling/is_thinkable.sql

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
  elsif not app_private.is_thinkable("from") or not app_private.is_thinkable("to") then
    perform app_hidden.refuse(
      'VALIDATION', 'window_out_of_range', jsonb_build_object('rule', 'window_out_of_range'),
      'Ask for days between the years 2000 and 2200.');
  end if;

  -- The shorter of the two: whoever counts in elapsed days is within the bound as well.
  v_length := least("to" - "from", ("to" at time zone timezone) - ("from" at time zone timezone));
  if v_length > interval '62 days' then
    v_days := case when app_private.is_staff_of(organization_id) then 400 else 62 end;
    if v_length > make_interval(days => v_days) then
      perform app_hidden.refuse(
        'VALIDATION', 'window_too_long',
        jsonb_build_object('rule', 'window_too_long', 'maxDays', v_days),
        format('Ask for at most %s days at a time.', v_days));
    end if;
  end if;
end;
$$;

comment on function app_private.require_window(uuid, timestamptz, timestamptz, text) is
  'Refuses a window of time that is incomplete, infinite, inverted, too long in local days, or in no year that we plan for.';

grant execute on function app_private.require_window(uuid, timestamptz, timestamptz, text) to app_engine;
-- end of source: functions/scheduling/require_window.sql

-- source: functions/scheduling/available_days.sql
-- Which days of a month picker can be clicked. SCH-05.
-- requires: functions/scheduling/visible_calendar.sql
-- requires: functions/scheduling/require_window.sql
-- requires: functions/scheduling/require_choice.sql
-- requires: functions/scheduling/timetables.sql
-- requires: functions/scheduling/starts_within.sql
-- requires: functions/scheduling/own_claim_id.sql

set role app_engine;

create or replace function app_public.available_days(
  calendar_id uuid,
  "from" date,
  "to" date,
  specialist_id uuid default null,
  hold_token text default null
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

comment on function app_public.available_days(uuid, date, date, uuid, text) is
  E'@longestPage 400\n@cost 40\n'
  'Days in [from, to), in the calendar''s zone, on which at least one time can be booked; at most 62 days at a time. '
  'holdToken as availableSlots takes it.';

grant execute on function app_public.available_days(uuid, date, date, uuid, text) to app_anonymous, app_member;

reset role;
-- end of source: functions/scheduling/available_days.sql

-- source: functions/scheduling/free_starts.sql
-- The engine: every start at which a specialist of the calendar can be booked. Listing, holding and booking ask
-- nothing else, so a hold succeeds exactly when its start is listed. SCH-05, SCH-06.
-- Plain SQL without settings of its own, so that PostgreSQL inlines it into its callers.
-- requires: functions/scheduling/timetables.sql
-- requires: functions/scheduling/starts_within.sql

create or replace function app_private.free_starts(
  calendar_id uuid,
  "from" timestamptz,
  "to" timestamptz,
  specialist_id uuid default null,
  own_claim_id uuid default null
) returns setof app_private.free_start
language sql stable
begin atomic
  with timetables as materialized (
    select t.*
    from app_private.timetables(
      free_starts.calendar_id, free_starts."from", free_starts."to", free_starts.specialist_id, true,
      free_starts.own_claim_id) as t
  )
  select
    t.specialist_id,
    start,
    start + t.duration,
    tstzrange(start - t.before, start + t.duration + t.after)
  from timetables as t
  cross join lateral app_private.starts_within(
    t.windows, t.timezone, t.step, t.duration, t.ruled_out, t.earliest, t.latest) as start;
end;

comment on function app_private.free_starts(uuid, timestamptz, timestamptz, uuid, uuid) is
  'Every start in a window at which a specialist of the calendar can be booked, within notice and horizon. '
  'own_claim_id stands aside.';

grant execute on function app_private.free_starts(uuid, timestamptz, timestamptz, uuid, uuid) to app_engine;
-- end of source: functions/scheduling/free_starts.sql

-- source: functions/scheduling/available_slots.sql
-- The times a visitor can choose from. SCH-05, APT-05.
-- It answers with starts, never with claims: who else is booked, and with whom, does not leave the database.
-- requires: functions/scheduling/visible_calendar.sql
-- requires: functions/scheduling/require_window.sql
-- requires: functions/scheduling/require_choice.sql
-- requires: functions/scheduling/free_starts.sql
-- requires: functions/scheduling/local_time.sql
-- requires: functions/scheduling/assignment_order.sql
-- requires: functions/scheduling/own_claim_id.sql

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
as $$
declare
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

  select count(distinct coalesce(cs.duration_minutes, 0)) > 1 into v_lengths_differ
  from app_public.calendar_specialists as cs
  where cs.organization_id = v_calendar.organization_id and cs.calendar_id = v_calendar.id;

  if v_lengths_differ then
    -- One row a start, as long as with whom "any" would be assigned to by now.
    return query
      select slot.starts_at, slot.ends_at[1], app_private.local_time(slot.starts_at, v_calendar.timezone),
        case v_calendar.assignment_strategy when 'specific' then slot.specialist_ids else '{}' end,
        case v_calendar.assignment_strategy when 'specific' then slot.specialist_ends_at end
      from (
        select f.starts_at,
          array_agg(f.ends_at order by o.turn) as ends_at,
          array_agg(f.specialist_id order by f.specialist_id) as specialist_ids,
          array_agg(f.ends_at order by f.specialist_id) as specialist_ends_at
        from app_private.free_starts(
          available_slots.calendar_id, "from", "to", available_slots.specialist_id, v_own_claim_id) as f
        join app_private.assignment_order(available_slots.calendar_id) as o on o.specialist_id = f.specialist_id
        group by f.starts_at
      ) as slot
      order by slot.starts_at;
  elsif v_calendar.assignment_strategy = 'specific' then
    return query
      select slot.starts_at, slot.ends_at, app_private.local_time(slot.starts_at, v_calendar.timezone),
        slot.specialist_ids, null::timestamptz[]
      from (
        select f.starts_at, f.ends_at, array_agg(f.specialist_id order by f.specialist_id) as specialist_ids
        from app_private.free_starts(
          available_slots.calendar_id, "from", "to", available_slots.specialist_id, v_own_claim_id) as f
        group by f.starts_at, f.ends_at
      ) as slot
      order by slot.starts_at, slot.ends_at;
  else
    return query
      select slot.starts_at, slot.ends_at, app_private.local_time(slot.starts_at, v_calendar.timezone), '{}'::uuid[],
        null::timestamptz[]
      from (
        select distinct f.starts_at, f.ends_at
        from app_private.free_starts(
          available_slots.calendar_id, "from", "to", available_slots.specialist_id, v_own_claim_id) as f
      ) as slot
      order by slot.starts_at, slot.ends_at;
  end if;
end;
$$;

comment on function app_public.available_slots(uuid, timestamptz, timestamptz, uuid, text) is
  E'@longestPage 2000\n@cost 20\n'
  'Bookable times of a calendar that start in [from, to), earliest first; at most 62 days at a time. '
  'specialistId narrows to one specialist, where the visitor picks the specialist. '
  'Whoever holds a time and shows holdToken sees it as free.';

grant execute on function app_public.available_slots(uuid, timestamptz, timestamptz, uuid, text) to app_anonymous, app_member;

reset role;
-- end of source: functions/scheduling/available_slots.sql

-- source: functions/scheduling/explain_availability.sql
-- "Why can nobody book me on Tuesday?" answered for the front desk. SCH-05.
-- requires: functions/core/refuse.sql
-- requires: functions/scheduling/is_staff_of.sql
-- requires: functions/scheduling/verdicts.sql
-- requires: functions/scheduling/switched_off.sql
-- requires: functions/scheduling/require_start.sql

set role app_engine;

create or replace function app_public.explain_availability(
  calendar_id uuid,
  specialist_id uuid,
  at timestamptz
) returns text
language plpgsql stable security definer
set search_path = ''
as $$
declare
  v_calendar app_public.calendars;
  v_specialist app_public.specialists;
begin
  select c.* into v_calendar
  from app_public.calendars as c
  where c.id = explain_availability.calendar_id and c.deleted_at is null
    and app_private.is_staff_of(c.organization_id);
  if not found then
    perform app_hidden.refuse('NOT_FOUND', 'calendar_not_found', '{}', 'There is no such calendar at your clinic.');
  end if;
  perform app_private.require_start(at, 'at');

  select sp.* into v_specialist
  from app_public.specialists as sp
  where sp.organization_id = v_calendar.organization_id and sp.id = explain_availability.specialist_id
    and sp.deleted_at is null;
  if not found then
    perform app_hidden.refuse('NOT_FOUND', 'specialist_not_found', '{}', 'There is no such specialist at your clinic.');
  end if;
  return coalesce(
    app_private.switched_off(v_calendar.organization_id, v_calendar.id, v_specialist.id, false),
    (select v.rules[1] from app_private.verdicts(v_calendar.id, at, v_specialist.id) as v),
    'free');
end;
$$;

comment on function app_public.explain_availability(uuid, uuid, timestamptz) is
  E'@cost 20\n'
  'For staff: "free", or the first rule that keeps this specialist from being booked at that start: calendar_inactive, '
  'service_inactive, specialist_inactive, not_in_calendar, not_providing_service, in_the_past, inside_notice, '
  'beyond_horizon, outside_hours, closed, off_the_grid or taken.';

grant execute on function app_public.explain_availability(uuid, uuid, timestamptz) to app_member;

reset role;
-- end of source: functions/scheduling/explain_availability.sql

-- source: functions/scheduling/prolong_hold.sql
-- A hold lasts longer: the clinic's hold time from now, and at most twice of it from its making. SCH-06.
-- A step of verbs that have locked the hold. Whoever asked for it again gets a token of its own; the first one stays good,
-- because of two answers that cross the one that arrives last is kept.
-- requires: functions/core/now.sql
-- requires: functions/scheduling/lock_claims.sql

create or replace function app_private.prolong_hold(hold app_private.time_claims, token_hash bytea default null)
returns app_private.time_claims
language plpgsql volatile
set search_path = ''
as $$
declare
  v_minutes int;
  v_claim app_private.time_claims;
begin
  select o.hold_minutes into strict v_minutes
  from app_public.organizations as o
  where o.id = hold.organization_id;

  perform app_private.lock_claims(array[hold.id]);
  update app_private.time_claims as tc
  set expires_at = greatest(
        tc.expires_at,
        least(app_hidden.now() + make_interval(mins => v_minutes),
              tc.created_at + make_interval(mins => 2 * v_minutes))),
      first_token_hash = case when prolong_hold.token_hash is null then tc.first_token_hash
                              else coalesce(tc.first_token_hash, tc.token_hash) end,
      token_hash = coalesce(prolong_hold.token_hash, tc.token_hash)
  where tc.id = hold.id
  returning tc.* into v_claim;
  return v_claim;
end;
$$;

comment on function app_private.prolong_hold(app_private.time_claims, bytea) is
  'Moves the expiry of a live hold within its bound; with token_hash it also answers to that token.';

grant execute on function app_private.prolong_hold(app_private.time_claims, bytea) to app_engine;
-- end of source: functions/scheduling/prolong_hold.sql

-- source: functions/scheduling/extend_hold.sql
-- A long form takes longer; but nobody keeps a time for ever: at most twice the hold time from its making. SCH-06.
-- requires: functions/scheduling/take_hold.sql
-- requires: functions/scheduling/prolong_hold.sql

set role app_engine;

create or replace function app_public.extend_hold(token text) returns app_public.slot_hold
language plpgsql volatile security definer
set search_path = ''
as $$
declare
  v_claim app_private.time_claims;
begin
  v_claim := app_private.take_hold(extend_hold.token);
  v_claim := app_private.prolong_hold(v_claim);

  return (extend_hold.token, v_claim.calendar_id, v_claim.specialist_id,
          lower(v_claim.during), upper(v_claim.during), v_claim.expires_at)::app_public.slot_hold;
end;
$$;

comment on function app_public.extend_hold(text) is
  'Keeps a held time longer, at most twice the clinic''s hold time from when it was first held; at that bound '
  'expiresAt no longer moves. GONE when the hold is over, NOT_FOUND when there never was one.';

grant execute on function app_public.extend_hold(text) to app_anonymous, app_member;

reset role;
-- end of source: functions/scheduling/extend_hold.sql

-- source: functions/scheduling/lock_holder.sql
-- What one visitor keeps at a clinic is read and changed by one request at a time. SCH-06.

create or replace function app_private.lock_holder(organization_id uuid, visitor_id text) returns void
language sql volatile
set search_path = ''
begin atomic
  select pg_advisory_xact_lock(hashtextextended('holder:' || lock_holder.organization_id || ':' || lock_holder.visitor_id, 0));
end;

comment on function app_private.lock_holder(uuid, text) is 'Locks what a visitor keeps at a clinic until the transaction ends.';

grant execute on function app_private.lock_holder(uuid, text) to app_engine;
-- end of source: functions/scheduling/lock_holder.sql

-- source: functions/scheduling/own_hold.sql
-- The time that a visitor keeps already, when they ask for it again: locked, alive, and still one that can be booked.
-- SCH-06. The holder is locked first, so that of two clicks the second finds what the first has made.
-- Whoever does not say who they are is nobody in particular: an address may be a whole town.
-- requires: functions/core/now.sql
-- requires: functions/scheduling/lock_holder.sql
-- requires: functions/scheduling/lock_hold.sql
-- requires: functions/scheduling/lock_claims.sql
-- requires: functions/scheduling/require_bookable.sql

create or replace function app_private.own_hold(
  calendar app_public.calendars, starts_at timestamptz, specialist_id uuid, visitor_id text
) returns app_private.time_claims
language plpgsql volatile
set search_path = ''
as $$
declare
  v_claim app_private.time_claims;
begin
  if own_hold.visitor_id is null or own_hold.visitor_id = 'unknown' then
    return null;
  end if;
  perform app_private.lock_holder(calendar.organization_id, own_hold.visitor_id);

  select tc.* into v_claim
  from app_private.time_claims as tc
  where tc.organization_id = calendar.organization_id
    and tc.visitor_id = own_hold.visitor_id
    and tc.calendar_id = calendar.id
    and lower(tc.during) = own_hold.starts_at
    and (own_hold.specialist_id is null or tc.specialist_id = own_hold.specialist_id)
    and tc.kind = 'hold' and tc.released_at is null and tc.expires_at > app_hidden.now()
  order by tc.id
  limit 1;
  if not found then
    return null;
  end if;

  perform app_private.lock_hold(v_claim.id);
  perform app_private.lock_claims(array[v_claim.id]);
  select tc.* into v_claim
  from app_private.time_claims as tc
  where tc.id = v_claim.id
    and lower(tc.during) = own_hold.starts_at
    and tc.kind = 'hold' and tc.released_at is null
  for update;
  if found then
    perform app_private.require_bookable(v_claim, false);
  end if;
  return v_claim;
end;
$$;

comment on function app_private.own_hold(app_public.calendars, timestamptz, uuid, text) is
  'The live hold of this visitor at this start, locked; null when there is none.';

grant execute on function app_private.own_hold(app_public.calendars, timestamptz, uuid, text) to app_engine;
-- end of source: functions/scheduling/own_hold.sql

-- source: functions/scheduling/require_hold_allowance.sql
-- One visitor may keep only so many times at once, and one address only so many more, or a bot holds a clinic's
-- week. A request that waits for its answer keeps its time too, so it counts. SCH-06, APT-09. The locks make the count true for visitors who ask in parallel: visitor first, then address.
-- requires: functions/core/now.sql
-- requires: functions/core/refuse.sql
-- requires: functions/scheduling/lock_holder.sql

create or replace function app_private.require_hold_allowance(
  organization app_public.organizations,
  visitor_id text,
  address inet
) returns void
language plpgsql volatile
set search_path = ''
as $$
declare
  v_holds int;
  v_next_free timestamptz;
begin
  if require_hold_allowance.visitor_id is not null then
    perform app_private.lock_holder(organization.id, require_hold_allowance.visitor_id);
    select count(*), min(tc.expires_at) into v_holds, v_next_free
    from app_private.time_claims as tc
    where tc.organization_id = organization.id and tc.visitor_id = require_hold_allowance.visitor_id
      and tc.kind in ('hold', 'request') and tc.released_at is null
      and (tc.expires_at is null or tc.expires_at > app_hidden.now());
    if v_holds >= organization.holds_per_visitor then
      perform app_hidden.refuse(
        'RATE_LIMITED', 'too_many_holds',
        jsonb_build_object(
          'limit', organization.holds_per_visitor,
          'retryAfterSeconds', coalesce(
            ceil(extract(epoch from v_next_free - app_hidden.now())), organization.hold_minutes * 60)),
        'You are keeping as many times as one person can. Book or release one first.');
    end if;
  end if;

  if require_hold_allowance.address is not null then
    perform pg_advisory_xact_lock(
      hashtextextended('holder_address:' || organization.id || ':' || require_hold_allowance.address, 0));
    select count(*), min(tc.expires_at) into v_holds, v_next_free
    from app_private.time_claims as tc
    where tc.organization_id = organization.id and tc.address = require_hold_allowance.address
      and tc.kind in ('hold', 'request') and tc.released_at is null
      and (tc.expires_at is null or tc.expires_at > app_hidden.now());
    if v_holds >= organization.holds_per_address then
      perform app_hidden.refuse(
        'RATE_LIMITED', 'too_many_holds_from_address',
        jsonb_build_object(
          'limit', organization.holds_per_address,
          'retryAfterSeconds', coalesce(
            ceil(extract(epoch from v_next_free - app_hidden.now())), organization.hold_minutes * 60)),
        'Too many times are being kept from your network. Try again in a few minutes.');
    end if;
  end if;
end;
$$;

comment on function app_private.require_hold_allowance(app_public.organizations, text, inet) is
  'Refuses with RATE_LIMITED when a visitor, or an address, keeps as many times as the clinic allows.';

grant execute on function app_private.require_hold_allowance(app_public.organizations, text, inet) to app_engine;
-- end of source: functions/scheduling/require_hold_allowance.sql

-- source: functions/scheduling/hold_slot.sql
-- A visitor keeps a time while filling the form. SCH-06, APT-05.
-- requires: functions/core/now.sql
-- requires: functions/core/current_principal_id.sql
-- requires: functions/core/remembered.sql
-- requires: functions/core/remember.sql
-- requires: functions/scheduling/publish_held.sql
-- requires: functions/scheduling/is_staff_of.sql
-- requires: functions/scheduling/visible_calendar.sql
-- requires: functions/scheduling/require_choice.sql
-- requires: functions/scheduling/require_hold_allowance.sql
-- requires: functions/scheduling/place_claim.sql
-- requires: functions/scheduling/own_hold.sql
-- requires: functions/scheduling/prolong_hold.sql

set role app_engine;

create or replace function app_public.hold_slot(
  calendar_id uuid,
  starts_at timestamptz,
  specialist_id uuid default null
) returns app_public.slot_hold
language plpgsql volatile security definer
set search_path = ''
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

comment on function app_public.hold_slot(uuid, timestamptz, uuid) is
  'Keeps a listed time for a few minutes and answers with the token that extends, releases or books it. SLOT_TAKEN '
  'when somebody was faster; VALIDATION, naming the rule, when the start is not one that availableSlots lists; '
  'RATE_LIMITED when the caller keeps too many times already. Asked again by the same caller it is the same hold, longer '
  'as extendHold makes it, under a token of its own.';

grant execute on function app_public.hold_slot(uuid, timestamptz, uuid) to app_anonymous, app_member;

reset role;
-- end of source: functions/scheduling/hold_slot.sql

-- source: functions/scheduling/move_hold.sql
-- The visitor chooses another time: the new one is taken and the old one is free in one step, or nothing changes. SCH-06,
-- APT-05. It stays the same hold under the same token, with the expiry of its making, so nobody keeps a clinic's week by
-- moving about.
-- requires: functions/core/refuse.sql
-- requires: functions/core/remembered.sql
-- requires: functions/core/remember.sql
-- requires: functions/scheduling/take_hold.sql
-- requires: functions/scheduling/held_claim.sql
-- requires: functions/scheduling/visible_calendar.sql
-- requires: functions/scheduling/require_choice.sql
-- requires: functions/scheduling/require_named.sql
-- requires: functions/scheduling/bookable.sql
-- requires: functions/scheduling/by_turn.sql
-- requires: functions/scheduling/lock_hold.sql
-- requires: functions/scheduling/lock_specialist_days.sql
-- requires: functions/scheduling/release_expired_holds.sql
-- requires: functions/scheduling/prolong_hold.sql
-- requires: functions/scheduling/publish_held.sql
-- requires: functions/scheduling/publish_released.sql
-- requires: functions/scheduling/refuse_taken.sql

set role app_engine;

create or replace function app_public.move_hold(
  token text,
  starts_at timestamptz,
  specialist_id uuid default null
) returns app_public.slot_hold
language plpgsql volatile security definer
set search_path = ''
as $$
declare
  v_remembered jsonb := app_private.remembered('move_hold', jsonb_build_array(token, starts_at, specialist_id));
  v_hold app_public.slot_hold;
  v_calendar app_public.calendars;
  v_old app_private.time_claims;
  v_claim app_private.time_claims;
  v_free app_private.free_start[];
  v_try app_private.free_start;
begin
  if v_remembered is not null then
    return jsonb_populate_record(v_hold, v_remembered);
  end if;

  v_old := app_private.held_claim(move_hold.token);
  v_calendar := app_private.visible_calendar(v_old.calendar_id);
  perform app_private.require_choice(v_calendar, move_hold.specialist_id);
  perform app_private.require_named(v_calendar, move_hold.specialist_id);
  v_free := app_private.by_turn(v_calendar.id, app_private.bookable(
    v_calendar.id, move_hold.starts_at, move_hold.specialist_id, own_claim_id => v_old.id));

  -- Old and new days at once and in the one order.
  perform app_private.lock_specialist_days(
    v_free || (v_old.specialist_id, lower(v_old.during), upper(v_old.during), v_old.blocked)::app_private.free_start);
  v_old := app_private.take_hold(move_hold.token);

  foreach v_try in array v_free loop
    perform app_private.release_expired_holds(v_try.specialist_id, v_try.blocked, v_old.id);
    begin
      update app_private.time_claims as tc
      set specialist_id = v_try.specialist_id,
          during = tstzrange(v_try.starts_at, v_try.ends_at),
          blocked = v_try.blocked
      where tc.id = v_old.id
      returning tc.* into v_claim;
      exit;
    exception when exclusion_violation then
      -- Somebody was faster here; the next one in turn may be free.
      v_claim := null;
    end;
  end loop;
  if v_claim.id is null then
    perform app_private.refuse_taken(v_calendar.id, move_hold.starts_at);
  end if;
  v_claim := app_private.prolong_hold(v_claim);
  if (v_claim.specialist_id, v_claim.during) <> (v_old.specialist_id, v_old.during) then
    perform app_private.publish_released(v_old);
    perform app_private.publish_held(v_claim);
  end if;

  v_hold := (move_hold.token, v_claim.calendar_id, v_claim.specialist_id,
             lower(v_claim.during), upper(v_claim.during), v_claim.expires_at)::app_public.slot_hold;
  perform app_private.remember('move_hold', to_jsonb(v_hold));
  return v_hold;
end;
$$;

comment on function app_public.move_hold(text, timestamptz, uuid) is
  'Changes a held time to another start of the same calendar: the old one is free only when the new one is taken, else '
  'nothing changes. The token stays, and the hold ends at most twice the clinic''s hold time from when it was first held. '
  'SLOT_TAKEN, VALIDATION naming the rule, GONE or NOT_FOUND as holdSlot and extendHold say.';

grant execute on function app_public.move_hold(text, timestamptz, uuid) to app_anonymous, app_member;

reset role;
-- end of source: functions/scheduling/move_hold.sql

-- source: functions/scheduling/overlapping_hours.sql
-- Hours that stand in each other: two rows of a weekday that overlap, or a night that runs into the next morning's row. The
-- listing reads them as one stretch, so nothing breaks; but whoever typed 09:00 to 17:00 beside 12:00 to 20:00 may have
-- meant something else, and is told. SCH-01, SCH-02.
-- requires: functions/core/refuse.sql
-- requires: functions/scheduling/is_staff_of.sql

set role app_engine;

create or replace function app_public.overlapping_hours(organization_id uuid) returns setof app_public.hours_overlap
language plpgsql stable security definer
set search_path = ''
as $$
begin
  if overlapping_hours.organization_id is null or not app_private.is_staff_of(overlapping_hours.organization_id) then
    perform app_hidden.refuse('NOT_FOUND', 'not_found', '{}', 'There is no such thing, or it is not yours to see.');
  end if;

  -- Minutes of the week; what runs past Sunday midnight goes on on Monday.
  return query
    with hours as (
      select h.id, h.specialist_id, null::uuid as calendar_id, h.weekday, h.starts, h.ends
      from app_public.specialist_weekly_hours as h
      where h.organization_id = overlapping_hours.organization_id
      union all
      select h.id, h.specialist_id, h.calendar_id, h.weekday, h.starts, h.ends
      from app_public.calendar_hours as h
      where h.organization_id = overlapping_hours.organization_id
    ), stretches as (
      select hours.*, int4range(
        stretch.first, stretch.first + (extract(epoch from hours.ends - hours.starts)::int / 60 + 1439) % 1440 + 1) as stretch
      from hours
      cross join lateral (
        select (hours.weekday - 1) * 1440 + extract(epoch from hours.starts)::int / 60 as first
      ) as stretch
    )
    select one.specialist_id, one.calendar_id, one.weekday, one.starts, one.ends, other.weekday, other.starts, other.ends
    from stretches as one
    join stretches as other
      on other.specialist_id is not distinct from one.specialist_id
     and other.calendar_id is not distinct from one.calendar_id
     and other.id <> one.id
     and (one.stretch && other.stretch and (lower(one.stretch), one.id) < (lower(other.stretch), other.id)
          or one.stretch && int4range(lower(other.stretch) + 10080, upper(other.stretch) + 10080))
    order by one.calendar_id nulls first, one.specialist_id, one.weekday, one.starts, other.weekday, other.starts;
end;
$$;

comment on function app_public.overlapping_hours(uuid) is
  E'@longestPage 400\n'
  'For staff: weekly hours of the clinic that overlap, of one specialist or of one calendar; they count as one stretch.';

grant execute on function app_public.overlapping_hours(uuid) to app_member;

reset role;
-- end of source: functions/scheduling/overlapping_hours.sql

-- source: functions/scheduling/release_expired_claims.sql
-- Holds nobody came back for: the worker tidies them, so that watchers learn of it and the constraint stays small.
-- Correctness does not wait for it: an expired hold is already free. SCH-06.
-- requires: functions/core/now.sql
-- requires: functions/scheduling/lock_claims.sql
-- requires: functions/scheduling/let_go.sql

set role app_engine;

create or replace function app_private.release_expired_claims() returns int
language plpgsql volatile security definer
set search_path = ''
as $$
declare
  v_due uuid[] := array(
    select tc.id
    from app_private.time_claims as tc
    where tc.kind = 'hold' and tc.released_at is null and tc.expires_at <= app_hidden.now()
    order by tc.expires_at
    limit 1000);
begin
  -- Read again once their days are locked: some were booked within the grace, or released by who came after.
  perform app_private.lock_claims(v_due);
  return app_private.let_go(array(
    select tc.id
    from app_private.time_claims as tc
    where tc.id = any (v_due)
      and tc.kind = 'hold' and tc.released_at is null and tc.expires_at <= app_hidden.now()
    order by tc.id
    for update skip locked));
end;
$$;

comment on function app_private.release_expired_claims() is
  'Releases holds that have expired, up to 1000 at a time, and says how many.';

grant execute on function app_private.release_expired_claims() to app_worker;

reset role;
-- end of source: functions/scheduling/release_expired_claims.sql

-- source: policies/appointments/appointment_moves.sql
-- The history of an appointment: staff with appointments.view. Append-only: nobody holds update or delete. APT-01.
-- requires: functions/identity/organization_ids_where.sql
-- requires: functions/core/classify.sql

alter table app_public.appointment_moves enable row level security;
alter table app_public.appointment_moves force row level security;

grant select on app_public.appointment_moves to app_member;

drop policy if exists appointment_moves_select_staff on app_public.appointment_moves;
create policy appointment_moves_select_staff on app_public.appointment_moves
  for select to app_member
  using (
    organization_id = any ((select app_hidden.organization_ids_where('appointments.view'))::uuid[])
    -- One look-up a row, and the appointment's own policies hide what was deleted.
    and exists (select from app_public.appointments where appointments.id = appointment_moves.appointment_id)
  );

grant select, insert on app_public.appointment_moves to app_engine;
drop policy if exists appointment_moves_all_engine on app_public.appointment_moves;
create policy appointment_moves_all_engine on app_public.appointment_moves
  for all to app_engine
  using (true)
  with check (true);

select app_private.classify('app_public.appointment_moves', 'medical_record',
  '{"operational": ["id", "organization_id", "appointment_id", "moved_by", "moved_at", "overridden_rules"],
    "phi": ["from_status", "to_status", "reason"]}',
  unaudited => 'Is itself a ledger; each move is also in the audit, as the change of its appointment.');
-- end of source: policies/appointments/appointment_moves.sql

-- source: policies/appointments/appointments.sql
-- Staff with appointments.view at the clinic; the patient and those who care for the patient. Written by verbs only.
-- APT-01, APT-02.
-- requires: functions/identity/organization_ids_where.sql
-- requires: functions/identity/current_human_patient_profile_ids.sql
-- requires: functions/identity/current_patient_organization_ids.sql
-- requires: functions/core/tg_stamp.sql
-- requires: functions/core/tg_guard_state.sql
-- requires: functions/core/classify.sql
-- requires: functions/core/allow_soft_delete.sql
-- requires: policies/identity/patients.sql

alter table app_public.appointments enable row level security;
alter table app_public.appointments force row level security;

grant select (id, organization_id, patient_profile_id, calendar_id, service_id, specialist_id, booking_request_id, status,
              starts_at, ends_at, modality, price_amount, currency, contact_email, contact_phone, contact_name, locale,
              cancellation_reason, created_by, created_at, updated_at)
   on app_public.appointments to app_member;

drop policy if exists appointments_select_staff on app_public.appointments;
create policy appointments_select_staff on app_public.appointments
  for select to app_member
  using (organization_id = any ((select app_hidden.organization_ids_where('appointments.view'))::uuid[]) and deleted_at is null);

drop policy if exists appointments_select_patient on app_public.appointments;
create policy appointments_select_patient on app_public.appointments
  for select to app_member
  using (
    patient_profile_id = any ((select app_hidden.current_human_patient_profile_ids())::uuid[])
    and organization_id = any ((select app_hidden.current_patient_organization_ids())::uuid[])
    and deleted_at is null
  );

grant select, insert, update on app_public.appointments to app_engine;
drop policy if exists appointments_all_engine on app_public.appointments;
create policy appointments_all_engine on app_public.appointments
  for all to app_engine
  using (true)
  with check (true);

create or replace trigger _200_guard_state before insert or update of status on app_public.appointments
  for each row execute function app_private.tg_guard_state();

create or replace trigger _100_stamp before insert or update on app_public.appointments
  for each row execute function app_private.tg_stamp();

select app_private.classify('app_public.appointments', 'medical_record',
  '{"operational": ["id", "organization_id", "booking_request_id", "claim_id", "locale", "overridden_rules", "created_by",
                    "created_at", "updated_at", "deleted_at"],
    "public": ["organizer_email"],
    "pii_basic": ["contact_email", "contact_phone", "contact_name"],
    "phi": ["patient_profile_id", "calendar_id", "service_id", "specialist_id", "status", "starts_at",
            "ends_at", "modality", "price_amount", "currency", "cancellation_reason", "override_reason"]}',
  person_column => 'patient_profile_id');
select app_private.allow_soft_delete('app_public.appointments', 'appointments.manage',
  'r.contact_name || '', '' || to_char(r.starts_at at time zone
     (select timezone from app_public.organizations where id = r.organization_id), ''YYYY-MM-DD HH24:MI'')',
  follows => 'app_public.patients');
-- end of source: policies/appointments/appointments.sql

-- source: policies/scheduling/time_claims.sql
-- Nobody sees claims: who is booked when, and under which token, is the engine's alone. SCH-06.
-- requires: functions/core/classify.sql

alter table app_private.time_claims enable row level security;
alter table app_private.time_claims force row level security;

grant select, insert, update on app_private.time_claims to app_engine;
drop policy if exists time_claims_all_engine on app_private.time_claims;
create policy time_claims_all_engine on app_private.time_claims
  for all to app_engine
  using (true)
  with check (true);

-- Who holds a time is nobody's business once it is booked or let go; the claim stays with its appointment.
select app_private.classify('app_private.time_claims', 'medical_record',
  '{"operational": ["id", "organization_id", "specialist_id", "calendar_id", "kind", "during", "blocked",
                    "expires_at", "released_at", "counted_at", "created_by", "created_at"],
    "pii_basic": ["visitor_id", "address"],
    "auth_secret": ["token_hash", "first_token_hash"]}',
  protected => '{"digest": ["token_hash", "first_token_hash"]}', kept => '{"operations": ["visitor_id", "address", "token_hash", "first_token_hash"]}',
  unaudited => 'Every look at a time writes here; what became of it is an audited request or appointment.');
-- end of source: policies/scheduling/time_claims.sql
