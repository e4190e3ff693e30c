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
