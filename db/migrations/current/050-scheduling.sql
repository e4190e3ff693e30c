-- When specialists work, which calendars are bookable, and every claim on a specialist's time.
-- SCH-01..06.

create table app_public.specialist_weekly_hours (
  id uuid primary key default uuidv7(),
  organization_id uuid not null,
  specialist_id uuid not null,
  weekday int not null,
  starts time not null,
  ends time not null,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  constraint specialist_weekly_hours_identity unique (organization_id, id),
  foreign key (organization_id, specialist_id) references app_public.specialists (organization_id, id) on delete cascade,
  constraint specialist_weekly_hours_weekday_is_iso check (weekday between 1 and 7),
  constraint specialist_weekly_hours_starts_within_the_day check (starts < time '24:00')
);
create index specialist_weekly_hours_specialist_idx on app_public.specialist_weekly_hours (organization_id, specialist_id, weekday);
comment on table app_public.specialist_weekly_hours is
  'Usual hours, in the specialist''s zone. Ends 24:00 is midnight; ends at or before starts runs past midnight.';
comment on column app_public.specialist_weekly_hours.weekday is 'ISO: 1 Monday to 7 Sunday.';

create table app_public.specialist_schedule_overrides (
  id uuid primary key default uuidv7(),
  organization_id uuid not null,
  specialist_id uuid not null,
  kind text not null,
  starts_on date not null,
  ends_on date not null,
  starts time,
  ends time,
  note text,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  constraint specialist_schedule_overrides_identity unique (organization_id, id),
  foreign key (organization_id, specialist_id) references app_public.specialists (organization_id, id) on delete cascade,
  constraint specialist_schedule_overrides_kind_is_known check (kind in ('closed', 'replace', 'extra')),
  constraint specialist_schedule_overrides_dates_are_ordered check (starts_on <= ends_on),
  constraint specialist_schedule_overrides_dates_are_finite check (isfinite(starts_on) and isfinite(ends_on) and ends_on - starts_on <= 731),
  constraint specialist_schedule_overrides_times_come_in_pairs check ((starts is null) = (ends is null)),
  constraint specialist_schedule_overrides_hours_are_given_unless_closed check (kind = 'closed' or starts is not null),
  constraint specialist_schedule_overrides_starts_within_the_day check (starts < time '24:00'),
  constraint specialist_schedule_overrides_note_is_short check (length(note) <= 500)
);
create index specialist_schedule_overrides_specialist_idx on app_public.specialist_schedule_overrides (organization_id, specialist_id, starts_on);
comment on table app_public.specialist_schedule_overrides is
  'Vacations and partial closings (closed), other hours on a date (replace), more hours (extra); local dates, inclusive.';

create table app_public.calendars (
  id uuid primary key default uuidv7(),
  organization_id uuid not null references app_public.organizations on delete cascade,
  service_id uuid not null,
  name text not null,
  translations jsonb not null default '{}',
  timezone text not null default 'Europe/Bucharest' references app_public.time_zones on delete restrict,
  modality text not null default 'in_person',
  assignment_strategy text not null default 'round_robin',
  allows_any_specialist boolean not null default true,
  duration_minutes int,
  step_minutes int,
  buffer_before_minutes int not null default 0,
  buffer_after_minutes int not null default 0,
  notice_minutes int not null default 120,
  horizon_days int not null default 60,
  price_amount bigint,
  is_public boolean not null default true,
  is_active boolean not null default true,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  deleted_at timestamptz,
  constraint calendars_identity unique (organization_id, id),
  foreign key (organization_id, service_id) references app_public.services (organization_id, id) on delete restrict,
  constraint calendars_name_is_not_blank check (name ~ '[[:alnum:]]' and length(name) <= 200),
  constraint calendars_name_is_one_line check (name !~ '[[:cntrl:]]'),
  constraint calendars_translations_is_an_object check (jsonb_typeof(translations) = 'object'),
  constraint calendars_modality_is_known check (modality in ('in_person', 'video', 'phone')),
  constraint calendars_assignment_strategy_is_known check (assignment_strategy in ('round_robin', 'priority', 'specific')),
  constraint calendars_duration_minutes_is_sensible check (duration_minutes between 5 and 1440),
  constraint calendars_step_minutes_is_sensible check (step_minutes between 5 and 1440),
  constraint calendars_buffer_before_minutes_is_sensible check (buffer_before_minutes between 0 and 480),
  constraint calendars_buffer_after_minutes_is_sensible check (buffer_after_minutes between 0 and 480),
  constraint calendars_notice_minutes_is_sensible check (notice_minutes between 0 and 525600),
  constraint calendars_horizon_days_is_sensible check (horizon_days between 0 and 730),
  constraint calendars_price_amount_is_not_negative check (price_amount >= 0)
);
create index calendars_service_idx on app_public.calendars (organization_id, service_id);
create index calendars_timezone_idx on app_public.calendars (timezone);
comment on table app_public.calendars is 'What can be booked: a service, by whom, under which rules.';
comment on column app_public.calendars.assignment_strategy is
  'round_robin: evenly among those free; priority: the highest tier that is free, evenly inside it; specific: the visitor picks.';
comment on column app_public.calendars.allows_any_specialist is 'For specific: whether "any" is offered besides a named specialist.';
comment on column app_public.calendars.step_minutes is 'Distance between starts; the duration when null.';
comment on column app_public.calendars.duration_minutes is 'Overrides the service''s duration.';

create table app_public.calendar_specialists (
  organization_id uuid not null,
  calendar_id uuid not null,
  specialist_id uuid not null,
  priority int not null default 1,
  duration_minutes int,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  primary key (organization_id, calendar_id, specialist_id),
  foreign key (organization_id, calendar_id) references app_public.calendars (organization_id, id) on delete cascade,
  foreign key (organization_id, specialist_id) references app_public.specialists (organization_id, id) on delete cascade,
  constraint calendar_specialists_priority_is_a_tier check (priority between 1 and 100),
  constraint calendar_specialists_duration_minutes_is_sensible check (duration_minutes between 5 and 1440)
);
create index calendar_specialists_specialist_idx on app_public.calendar_specialists (organization_id, specialist_id);
comment on table app_public.calendar_specialists is 'Who can be booked in a calendar, and in which tier (1 first).';

create table app_public.calendar_hours (
  id uuid primary key default uuidv7(),
  organization_id uuid not null,
  calendar_id uuid not null,
  specialist_id uuid,
  weekday int not null,
  starts time not null,
  ends time not null,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  constraint calendar_hours_identity unique (organization_id, id),
  foreign key (organization_id, calendar_id) references app_public.calendars (organization_id, id) on delete cascade,
  foreign key (organization_id, calendar_id, specialist_id)
    references app_public.calendar_specialists (organization_id, calendar_id, specialist_id) on delete cascade,
  constraint calendar_hours_weekday_is_iso check (weekday between 1 and 7),
  constraint calendar_hours_starts_within_the_day check (starts < time '24:00')
);
create index calendar_hours_calendar_idx on app_public.calendar_hours (organization_id, calendar_id, specialist_id, weekday);
comment on table app_public.calendar_hours is
  'A calendar''s own hours, in its zone: where any exist they replace the specialists'' weekly hours.';
comment on column app_public.calendar_hours.specialist_id is
  'Set: hours of this specialist in this calendar, which replace the calendar''s hours and the weekly ones for them.';

create table app_private.specialist_assignment_tracking (
  organization_id uuid not null,
  calendar_id uuid not null,
  specialist_id uuid not null,
  assigned_count bigint not null default 0,
  last_assigned_at timestamptz,
  primary key (organization_id, calendar_id, specialist_id),
  foreign key (organization_id, calendar_id, specialist_id)
    references app_public.calendar_specialists (organization_id, calendar_id, specialist_id) on delete cascade,
  constraint specialist_assignment_tracking_count_is_not_negative check (assigned_count >= 0)
);
comment on table app_private.specialist_assignment_tracking is 'Round robin: how often and when last each specialist was assigned.';

-- The one table that takes a specialist's time. The exclusion constraint is the whole defence against
-- double booking: nobody checks for a free slot and then writes. Not deferrable: ON CONFLICT refuses that.
create table app_private.time_claims (
  id uuid primary key default uuidv7(),
  organization_id uuid not null,
  specialist_id uuid not null,
  calendar_id uuid,
  kind text not null,
  during tstzrange not null,
  blocked tstzrange not null,
  expires_at timestamptz,
  released_at timestamptz,
  counted_at timestamptz,
  token_hash bytea,
  visitor_id text,
  address inet,
  created_by uuid references app_public.principals on delete restrict,
  created_at timestamptz not null default now(),
  constraint time_claims_identity unique (organization_id, id),
  foreign key (organization_id, specialist_id) references app_public.specialists (organization_id, id) on delete restrict,
  foreign key (organization_id, calendar_id) references app_public.calendars (organization_id, id) on delete restrict,
  constraint time_claims_kind_is_known check (kind in ('hold', 'request', 'appointment', 'block')),
  constraint time_claims_during_is_within_blocked check (not isempty(during) and during <@ blocked),
  constraint time_claims_blocked_is_bounded check (not lower_inf(blocked) and not upper_inf(blocked)),
  constraint time_claims_holds_expire check ((kind = 'hold') = (expires_at is not null)),
  constraint time_claims_holds_have_a_token check ((kind = 'hold') <= (token_hash is not null)),
  constraint time_claims_no_two_at_once exclude using gist (specialist_id with =, blocked with &&) where (released_at is null)
);
create unique index time_claims_token_is_unique on app_private.time_claims (token_hash) where token_hash is not null;
create index time_claims_calendar_idx on app_private.time_claims (organization_id, calendar_id);
create index time_claims_specialist_idx on app_private.time_claims (organization_id, specialist_id);
create index time_claims_created_by_idx on app_private.time_claims (created_by);
create index time_claims_active_holds_idx on app_private.time_claims (expires_at) where kind = 'hold' and released_at is null;
create index time_claims_holder_idx on app_private.time_claims (organization_id, visitor_id)
  where kind in ('hold', 'request') and released_at is null;
create index time_claims_address_idx on app_private.time_claims (organization_id, address)
  where kind in ('hold', 'request') and released_at is null;
create index time_claims_uncounted_idx on app_private.time_claims (organization_id, calendar_id, specialist_id)
  where kind in ('hold', 'request') and released_at is null and counted_at is null;
comment on table app_private.time_claims is
  'Holds, booking requests, appointments and blocks: whatever takes a specialist''s time, under one exclusion constraint.';
comment on column app_private.time_claims.during is 'What was booked, half-open.';
comment on column app_private.time_claims.blocked is 'With the cooldown before and after, frozen when the claim was made.';
comment on column app_private.time_claims.token_hash is 'SHA-256 of the holder''s token; the token itself is never stored.';
comment on column app_private.time_claims.counted_at is
  'When it moved the round robin''s counter; a hold or request that has not yet still weighs in the next assignment.';

-- What the scheduling functions answer with.

create type app_public.slot as (
  starts_at timestamptz,
  ends_at timestamptz,
  local_start text,
  specialist_ids uuid[]
);
comment on type app_public.slot is 'A time that can be booked.';
comment on column app_public.slot.local_start is 'The start as clocks show it in the calendar''s zone, with the offset: 2027-03-29T09:00:00+03:00.';
comment on column app_public.slot.specialist_ids is 'Who is free then, where the visitor picks the specialist; empty where the clinic assigns.';

create type app_public.slot_hold as (
  token text,
  calendar_id uuid,
  specialist_id uuid,
  starts_at timestamptz,
  ends_at timestamptz,
  expires_at timestamptz
);
comment on type app_public.slot_hold is 'A time kept for its holder until expiresAt.';
comment on column app_public.slot_hold.token is 'What the holder shows to extend, release or book. Known to nobody else.';

create type app_private.timetable as (
  specialist_id uuid,
  timezone text,
  duration interval,
  step interval,
  before interval,
  after interval,
  now timestamptz,
  bookable_from timestamptz,
  bookable_until timestamptz,
  earliest timestamptz,
  latest timestamptz,
  windows tstzmultirange,
  closed tstzmultirange,
  taken tstzmultirange,
  ruled_out tstzmultirange
);
comment on type app_private.timetable is
  'One specialist in one calendar: opening windows, and the starts that closings, claims and both rule out.';

create type app_private.free_start as (
  specialist_id uuid,
  starts_at timestamptz,
  ends_at timestamptz,
  blocked tstzrange
);
comment on type app_private.free_start is 'A start at which a specialist can be booked, and the time a claim would block.';

create type app_private.verdict as (
  specialist_id uuid,
  starts_at timestamptz,
  ends_at timestamptz,
  blocked tstzrange,
  rule text
);
comment on type app_private.verdict is 'Whether a specialist can be booked at a start: the rule that forbids it, or null.';
