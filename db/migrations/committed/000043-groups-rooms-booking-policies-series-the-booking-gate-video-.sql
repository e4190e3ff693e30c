--! Previous: sha1:f0a3fcb22b81ee73079a65e1a636c8d8122d0e1c
--! Hash: sha1:9db686f5123e9d41815985decb92d8c66001ee6e
--! Message: groups, rooms, booking policies, series, the booking gate, video and reminders

--! split: 100-groups.sql
-- Group sessions: a session takes the specialist's time, its seats are claims below it. SCH-02.

alter table app_public.calendars add column if not exists capacity int not null default 1;
comment on column app_public.calendars.capacity is
  'How many can be booked at one start with one specialist. Of more than one, each start is a group session with so many seats.';
alter table app_public.calendars drop constraint if exists calendars_capacity_is_sensible;
alter table app_public.calendars
  -- squawk-ignore constraint-missing-not-valid
  add constraint calendars_capacity_is_sensible check (capacity between 1 and 200);

alter table app_private.time_claims add column if not exists session_id uuid;
alter table app_private.time_claims add column if not exists seat int;
alter table app_private.time_claims add column if not exists capacity int;
comment on column app_private.time_claims.session_id is 'The group session that it is a seat of, which has the specialist''s time.';
comment on column app_private.time_claims.seat is 'The number of the seat, from 1; one claim has it at a time.';
comment on column app_private.time_claims.capacity is 'Of a session: how many seats it has, frozen when it was made.';

alter table app_private.time_claims drop constraint if exists time_claims_no_two_at_once;
alter table app_private.time_claims drop constraint if exists time_claims_kind_is_known;
alter table app_private.time_claims drop constraint if exists time_claims_holds_expire;
alter table app_private.time_claims drop constraint if exists time_claims_sessions_have_seats;
alter table app_private.time_claims drop constraint if exists time_claims_seats_are_of_a_session;
alter table app_private.time_claims drop constraint if exists time_claims_session_id_fkey;
alter table app_private.time_claims
  -- squawk-ignore constraint-missing-not-valid
  add constraint time_claims_no_two_at_once exclude using gist (specialist_id with =, blocked with &&)
    where (released_at is null and session_id is null);
alter table app_private.time_claims
  -- squawk-ignore constraint-missing-not-valid
  add constraint time_claims_kind_is_known check (kind in ('hold', 'request', 'appointment', 'block', 'session'));
alter table app_private.time_claims
  -- squawk-ignore constraint-missing-not-valid
  add constraint time_claims_holds_expire check (
    case kind when 'hold' then expires_at is not null when 'session' then true else expires_at is null end);
alter table app_private.time_claims
  -- squawk-ignore constraint-missing-not-valid
  add constraint time_claims_sessions_have_seats check (
    (kind = 'session') = (capacity is not null) and (capacity is null or capacity > 1 and session_id is null));
alter table app_private.time_claims
  -- squawk-ignore constraint-missing-not-valid
  add constraint time_claims_seats_are_of_a_session check (seat >= 1 and (session_id is null or seat is not null));
-- A session that was let go is swept away; what was booked in it and called off stays.
alter table app_private.time_claims
  -- squawk-ignore adding-foreign-key-constraint,constraint-missing-not-valid
  add constraint time_claims_session_id_fkey foreign key (organization_id, session_id)
    references app_private.time_claims (organization_id, id) on delete set null (session_id);

-- squawk-ignore require-concurrent-index-deletion
drop index if exists app_private.time_claims_one_claim_a_seat;
-- squawk-ignore require-concurrent-index-creation
create unique index time_claims_one_claim_a_seat on app_private.time_claims (organization_id, session_id, seat)
  where released_at is null and session_id is not null;
-- squawk-ignore require-concurrent-index-deletion
drop index if exists app_private.time_claims_session_idx;
-- squawk-ignore require-concurrent-index-creation
create index time_claims_session_idx on app_private.time_claims (organization_id, session_id) where session_id is not null;
-- Sessions are swept away as holds are.
-- squawk-ignore require-concurrent-index-deletion
drop index if exists app_private.time_claims_lapsed_idx;
-- squawk-ignore require-concurrent-index-creation
create index time_claims_lapsed_idx on app_private.time_claims (released_at)
  where kind in ('hold', 'session') and released_at is not null;

alter type app_public.slot drop attribute if exists seats_left;
alter type app_public.slot add attribute seats_left int;
comment on column app_public.slot.seats_left is
  E'@nullable\nHow many more can be booked at this start, in a calendar of groups; null in others.';

--! split: 110-resources.sql
-- Rooms and equipment: what a booking needs beside a specialist, under a constraint of the same kind. SCH-11.

-- squawk-ignore ban-drop-table
drop table if exists app_private.resource_claims;
-- squawk-ignore ban-drop-table
drop table if exists app_public.calendar_resources;
-- squawk-ignore ban-drop-table
drop table if exists app_public.resources cascade;

create table app_public.resources (
  id uuid primary key default uuidv7(),
  organization_id uuid not null references app_public.organizations on delete cascade,
  kind text not null,
  type text not null,
  name text not null,
  is_active boolean not null default true,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  deleted_at timestamptz,
  constraint resources_identity unique (organization_id, id),
  constraint resources_are_of_one_type unique (organization_id, id, type),
  constraint resources_kind_is_known check (kind in ('room', 'equipment')),
  constraint resources_type_is_not_blank check (type ~ '[[:alnum:]]'),
  constraint resources_type_is_one_line check (type !~ '[[:cntrl:]]'),
  constraint resources_type_is_at_most_100_characters_long check (length(type) <= 100),
  constraint resources_name_is_not_blank check (name ~ '[[:alnum:]]'),
  constraint resources_name_is_one_line check (name !~ '[[:cntrl:]]'),
  constraint resources_name_is_at_most_200_characters_long check (length(name) <= 200)
);
create index resources_name_idx on app_public.resources (organization_id, name, id);
comment on table app_public.resources is 'A room or a device of a clinic that bookings take beside a specialist, one at a time.';
comment on constraint resources_kind_is_known on app_public.resources is
  E'room: Where it takes place.\nequipment: What is used there.';
comment on column app_public.resources.type is
  'What it is, in the clinic''s words: treatment room, ultrasound. A calendar needs one of a type.';

create table app_public.calendar_resources (
  organization_id uuid not null,
  calendar_id uuid not null,
  type text not null,
  resource_id uuid,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  primary key (organization_id, calendar_id, type),
  constraint calendar_resources_organization_id_calendar_id_fkey foreign key (organization_id, calendar_id)
    references app_public.calendars (organization_id, id) on delete cascade,
  constraint calendar_resources_organization_id_resource_id_fkey foreign key (organization_id, resource_id, type)
    references app_public.resources (organization_id, id, type) on update cascade on delete cascade,
  constraint calendar_resources_type_is_not_blank check (type ~ '[[:alnum:]]'),
  constraint calendar_resources_type_is_at_most_100_characters_long check (length(type) <= 100)
);
create index calendar_resources_resource_idx on app_public.calendar_resources (organization_id, resource_id, type);
comment on table app_public.calendar_resources is
  'What a booking in a calendar needs: one of a type of rooms or equipment, any that is free, or the one named.';
comment on column app_public.calendar_resources.type is 'Of which type one is needed, in the clinic''s words.';
comment on column app_public.calendar_resources.resource_id is 'The one that it has to be; any of the type when null.';

create table app_private.resource_claims (
  organization_id uuid not null,
  resource_id uuid not null,
  claim_id uuid not null,
  blocked tstzrange not null,
  primary key (organization_id, claim_id, resource_id),
  constraint resource_claims_organization_id_resource_id_fkey foreign key (organization_id, resource_id)
    references app_public.resources (organization_id, id) on delete restrict,
  constraint resource_claims_organization_id_claim_id_fkey foreign key (organization_id, claim_id)
    references app_private.time_claims (organization_id, id) on delete cascade,
  constraint resource_claims_no_two_at_once exclude using gist (resource_id with =, blocked with &&)
);
create index resource_claims_resource_idx on app_private.resource_claims (organization_id, resource_id);
comment on table app_private.resource_claims is
  'The rooms and equipment that a claim has beside the specialist''s time, from the hold to the end of the appointment. It lives '
  'as long as its claim; a group session has them for all of its seats.';

drop type if exists app_public.appointment_resource cascade;
create type app_public.appointment_resource as (id uuid, kind text, type text, name text);
comment on type app_public.appointment_resource is 'A room or a device that an appointment has.';
comment on column app_public.appointment_resource.kind is '@words resources.kind';
comment on column app_public.appointment_resource.type is 'What it is, in the clinic''s words.';

alter type app_private.timetable drop attribute if exists unequipped;
alter type app_private.timetable add attribute unequipped tstzmultirange;
comment on type app_private.timetable is
  'One specialist in one calendar: opening windows, and the starts that closings, claims, a lack of rooms or equipment, and all of '
  'these rule out.';

drop function if exists app_private.revive_hold(app_private.time_claims);

--! split: 120-zones.sql
-- Zones with dates: who moves for a month keeps their hours, on the clocks of where they are. SCH-01, SCH-05.

-- squawk-ignore ban-drop-table
drop table if exists app_public.specialist_zones;
create table app_public.specialist_zones (
  id uuid primary key default uuidv7(),
  organization_id uuid not null,
  specialist_id uuid not null,
  starts_on date not null,
  ends_on date not null,
  timezone text not null references app_public.time_zones on delete restrict,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  constraint specialist_zones_identity unique (organization_id, id),
  constraint specialist_zones_organization_id_specialist_id_fkey foreign key (organization_id, specialist_id)
    references app_public.specialists (organization_id, id) on delete cascade,
  constraint specialist_zones_dates_are_ordered check (starts_on <= ends_on),
  constraint specialist_zones_dates_are_finite check (isfinite(starts_on) and isfinite(ends_on) and ends_on - starts_on <= 731),
  constraint specialist_zones_no_two_at_once exclude using gist (
    organization_id with =, specialist_id with =, daterange(starts_on, ends_on, '[]') with &&)
);
create index specialist_zones_specialist_idx on app_public.specialist_zones (organization_id, specialist_id, starts_on);
create index specialist_zones_timezone_idx on app_public.specialist_zones (timezone);
comment on table app_public.specialist_zones is
  'The zone in which a specialist works on some dates, both inclusive: weekly hours, other hours and closings of these dates are '
  'read on its clocks. On all other dates the specialist''s own zone counts.';

--! split: 150-booking_policies.sql
-- What becomes of a booking that is called off late, moved, or not kept: policies of the clinic, and what of them was promised
-- with each appointment. APT-03, CAT-04.

-- squawk-ignore ban-drop-table
drop table if exists app_public.booking_policies cascade;

create table app_public.booking_policies (
  id uuid primary key default uuidv7(),
  organization_id uuid not null references app_public.organizations on delete restrict,
  name text not null,
  is_default boolean not null default false,
  cancel_minutes int not null default 0,
  late_cancel text not null default 'allowed',
  late_cancel_session text not null default 'kept',
  reschedule_minutes int not null default 0,
  reschedule_limit int,
  no_show_session text not null default 'kept',
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  constraint booking_policies_identity unique (organization_id, id),
  constraint booking_policies_name_is_not_blank check (name ~ '[[:alnum:]]'),
  constraint booking_policies_name_is_one_line check (name !~ '[[:cntrl:]]'),
  constraint booking_policies_name_is_at_most_200_characters_long check (length(name) <= 200),
  constraint booking_policies_cancel_minutes_is_sensible check (cancel_minutes between 0 and 43200),
  constraint booking_policies_reschedule_minutes_is_sensible check (reschedule_minutes between 0 and 43200),
  constraint booking_policies_reschedule_limit_is_sensible check (reschedule_limit between 0 and 100),
  constraint booking_policies_late_cancel_is_known check (late_cancel in ('allowed', 'refused')),
  constraint booking_policies_late_cancel_session_is_known check (late_cancel_session in ('kept', 'given_back')),
  constraint booking_policies_no_show_session_is_known check (no_show_session in ('kept', 'given_back'))
);
create unique index booking_policies_one_is_the_default on app_public.booking_policies (organization_id) where is_default;
create index booking_policies_created_idx on app_public.booking_policies (organization_id, created_at, id);

comment on table app_public.booking_policies is
  'Until when a patient may cancel and move an appointment, and whether the clinic keeps the session of a plan. A calendar names one, '
  'else the clinic''s default holds; without either, anything goes until the start and a session of whoever does not come is kept.';
comment on column app_public.booking_policies.is_default is 'Whether it holds for the calendars that name none.';
comment on column app_public.booking_policies.cancel_minutes is 'How long before the start a cancellation by the patient is in time.';
comment on column app_public.booking_policies.late_cancel is 'What becomes of a cancellation by the patient that is late.';
comment on column app_public.booking_policies.late_cancel_session is 'What becomes of the session of a plan when it is called off late.';
comment on column app_public.booking_policies.reschedule_minutes is 'How long before the start the patient may still move it.';
comment on column app_public.booking_policies.reschedule_limit is 'How often the patient may move it; null where they may as often as they like.';
comment on column app_public.booking_policies.no_show_session is 'What becomes of the session of a plan when the patient does not come.';
comment on constraint booking_policies_late_cancel_is_known on app_public.booking_policies is
  'allowed: It is cancelled and marked as late.
refused: The patient is told to call the clinic.';
comment on constraint booking_policies_late_cancel_session_is_known on app_public.booking_policies is
  'kept: It counts as used.
given_back: It goes back to the plan.';
comment on constraint booking_policies_no_show_session_is_known on app_public.booking_policies is
  'kept: It counts as used.
given_back: It goes back to the plan.';

alter table app_public.calendars add column if not exists booking_policy_id uuid;
comment on column app_public.calendars.booking_policy_id is 'The policy for its bookings; the clinic''s default where null.';
-- squawk-ignore require-concurrent-index-creation
create index if not exists calendars_booking_policy_idx on app_public.calendars (organization_id, booking_policy_id);
-- It went with the table of policies, when this runs again.
alter table app_public.calendars drop constraint if exists calendars_booking_policy_fkey;
alter table app_public.calendars
  -- squawk-ignore adding-foreign-key-constraint, constraint-missing-not-valid
  add constraint calendars_booking_policy_fkey foreign key (organization_id, booking_policy_id)
  references app_public.booking_policies (organization_id, id) on delete restrict;

-- What was promised with an appointment, by which plan it is, and how it was called off.
alter table app_public.appointments
  add column if not exists cancel_minutes int not null default 0,
  add column if not exists late_cancel text not null default 'allowed',
  add column if not exists late_cancel_session text not null default 'kept',
  add column if not exists reschedule_minutes int not null default 0,
  add column if not exists reschedule_limit int,
  add column if not exists no_show_session text not null default 'kept',
  add column if not exists reschedule_count int not null default 0,
  add column if not exists patient_service_plan_id uuid,
  add column if not exists plan_session_number int,
  add column if not exists is_late_cancellation boolean,
  add column if not exists excuse_reason text;
alter table app_public.appointments
  drop constraint if exists appointments_patient_service_plan_fkey,
  drop constraint if exists appointments_cancel_minutes_is_sensible,
  drop constraint if exists appointments_reschedule_minutes_is_sensible,
  drop constraint if exists appointments_reschedule_limit_is_sensible,
  drop constraint if exists appointments_late_cancel_is_known,
  drop constraint if exists appointments_late_cancel_session_is_known,
  drop constraint if exists appointments_no_show_session_is_known,
  drop constraint if exists appointments_reschedule_count_is_not_negative,
  drop constraint if exists appointments_session_is_of_a_plan,
  drop constraint if exists appointments_excuse_reason_is_short;
alter table app_public.appointments
  -- squawk-ignore adding-foreign-key-constraint, constraint-missing-not-valid
  add constraint appointments_patient_service_plan_fkey foreign key (organization_id, patient_service_plan_id)
    references app_public.patient_service_plans (organization_id, id) on delete restrict,
  -- squawk-ignore constraint-missing-not-valid
  add constraint appointments_cancel_minutes_is_sensible check (cancel_minutes between 0 and 43200),
  -- squawk-ignore constraint-missing-not-valid
  add constraint appointments_reschedule_minutes_is_sensible check (reschedule_minutes between 0 and 43200),
  -- squawk-ignore constraint-missing-not-valid
  add constraint appointments_reschedule_limit_is_sensible check (reschedule_limit between 0 and 100),
  -- squawk-ignore constraint-missing-not-valid
  add constraint appointments_late_cancel_is_known check (late_cancel in ('allowed', 'refused')),
  -- squawk-ignore constraint-missing-not-valid
  add constraint appointments_late_cancel_session_is_known check (late_cancel_session in ('kept', 'given_back')),
  -- squawk-ignore constraint-missing-not-valid
  add constraint appointments_no_show_session_is_known check (no_show_session in ('kept', 'given_back')),
  -- squawk-ignore constraint-missing-not-valid
  add constraint appointments_reschedule_count_is_not_negative check (reschedule_count >= 0),
  -- squawk-ignore constraint-missing-not-valid
  add constraint appointments_session_is_of_a_plan
    check (plan_session_number is null or (plan_session_number > 0 and patient_service_plan_id is not null)),
  -- squawk-ignore constraint-missing-not-valid
  add constraint appointments_excuse_reason_is_short check (length(excuse_reason) <= 500);
comment on column app_public.appointments.cancel_minutes is 'How long before the start a cancellation by the patient is in time, as it was promised at booking.';
comment on column app_public.appointments.late_cancel is 'What becomes of a cancellation by the patient that is late, as it was promised at booking.';
comment on column app_public.appointments.late_cancel_session is 'What becomes of the session of the plan when it is called off late, as it was promised at booking.';
comment on column app_public.appointments.reschedule_minutes is 'How long before the start the patient may still move it, as it was promised at booking.';
comment on column app_public.appointments.reschedule_limit is 'How often the patient may move it, as it was promised at booking; null where they may as often as they like.';
comment on column app_public.appointments.no_show_session is 'What becomes of the session of the plan when the patient does not come, as it was promised at booking.';
comment on column app_public.appointments.reschedule_count is 'How often the patient has moved it.';
comment on column app_public.appointments.patient_service_plan_id is 'The plan by which it is; null where it is paid for by itself.';
comment on column app_public.appointments.plan_session_number is 'Which session of the plan it is; null where none is used for it, or it was given back.';
comment on column app_public.appointments.is_late_cancellation is 'Whether the patient called it off late; null while it is not cancelled.';
comment on column app_public.appointments.excuse_reason is 'Why staff gave the session back, whatever the policy says; null where they did not.';
comment on constraint appointments_late_cancel_is_known on app_public.appointments is
  'allowed: It is cancelled and marked as late.
refused: The patient is told to call the clinic.';
comment on constraint appointments_late_cancel_session_is_known on app_public.appointments is
  'kept: It counts as used.
given_back: It goes back to the plan.';
comment on constraint appointments_no_show_session_is_known on app_public.appointments is
  'kept: It counts as used.
given_back: It goes back to the plan.';
-- Two bookings never are the same session.
-- squawk-ignore require-concurrent-index-creation
create unique index if not exists appointments_session_is_used_once
  on app_public.appointments (organization_id, patient_service_plan_id, plan_session_number) where plan_session_number is not null;
-- squawk-ignore require-concurrent-index-creation
create index if not exists appointments_plan_idx on app_public.appointments (organization_id, patient_service_plan_id);

-- Which plan may be named, why a cancellation is late, and by whom it is asked for are said to functions that there were.
drop function if exists app_private.debit_entitlement(uuid, uuid, text, text, uuid, uuid, timestamptz);
-- The verbs that call it come again with their sources.
drop function if exists app_private.move_appointment(uuid, text, text) cascade;
drop function if exists app_private.book(app_private.time_claims, app_public.appointments);
drop function if exists app_public.book_appointment(text, uuid, text);
drop function if exists app_public.book_directly(uuid, timestamptz, uuid, uuid, text);
drop function if exists app_public.confirm_booking_request(uuid, uuid, boolean, text);
drop function if exists app_public.cancel_appointment(uuid, text);
drop function if exists app_public.record_no_show(uuid);

--! split: 160-series.sql
-- Appointments that were booked as one series know each other. SCH-09.

alter table app_public.appointments add column if not exists series_id uuid;
alter table app_public.appointments drop constraint if exists appointments_series_fkey;
alter table app_public.appointments
  -- squawk-ignore adding-foreign-key-constraint, constraint-missing-not-valid
  add constraint appointments_series_fkey foreign key (organization_id, series_id)
    references app_public.appointments (organization_id, id) on delete restrict;
-- squawk-ignore require-concurrent-index-creation
create index if not exists appointments_series_idx on app_public.appointments (organization_id, series_id, starts_at);
comment on column app_public.appointments.series_id is 'The first appointment of the series that it was booked with; null where it was booked alone.';

--! split: 200-booking_gate.sql
-- What keeps a patient from being booked for, confirmed, or treated. APT-06, CNS-08.
drop function if exists app_public.agenda_appointment_missing(app_public.agenda_appointment);
drop function if exists app_public.missing_of_appointment(uuid);
drop function if exists app_public.missing_of_booking_request(uuid);
drop function if exists app_public.prepare_booking(uuid, uuid);
drop function if exists app_private.missing_for_caller(uuid);
drop function if exists app_private.hold_requirements(app_public.appointments, text);
drop function if exists app_private.refuse_unready(app_public.missing_requirement[]);
drop function if exists app_private.what_is_missing(app_public.appointments, text, text[]);
drop type if exists app_public.missing_requirement;
create type app_public.missing_requirement as (
  kind text,
  purpose text,
  version int,
  purpose_version_id uuid,
  reason text,
  template_id uuid,
  form_id uuid,
  until timestamptz,
  resolved_by text
);
comment on type app_public.missing_requirement is
  E'@foreignKey (purpose_version_id) references app_public.consent_purpose_versions (id)\n'
  '@foreignKey (template_id) references app_public.form_templates (id)\n'
  '@foreignKey (form_id) references app_public.forms (id)\n'
  'Something that is asked of a patient before an appointment and is not there yet.';
comment on column app_public.missing_requirement.kind is
  'What is missing: terms, consent, form; or blocked, where the clinic keeps the patient from booking by themselves.';
comment on column app_public.missing_requirement.purpose is E'@nullable\nWhat has to be consented to, by the code of ConsentPurpose.';
comment on column app_public.missing_requirement.version is E'@nullable\nThe number of the version that counts now.';
comment on column app_public.missing_requirement.purpose_version_id is E'@nullable\nThe version that counts now.';
comment on column app_public.missing_requirement.reason is
  'Why it is missing: never_given, older_version, withdrawn or refused of a consent; the status of a form; why the clinic blocks.';
comment on column app_public.missing_requirement.template_id is
  E'@nullable\nThe template of the form that is missing, or whose signature gives the consent.';
comment on column app_public.missing_requirement.form_id is E'@nullable\nThe form of the patient that is to be filled in or signed.';
comment on column app_public.missing_requirement.until is E'@nullable\nUntil when the clinic blocks; null where nobody said.';
comment on column app_public.missing_requirement.resolved_by is
  'What resolves it: self, where the patient accepts words; form, where one is filled in or signed; clinic, who is to be asked.';

-- What stands of a patient's consents is found without what was withdrawn.
-- squawk-ignore require-concurrent-index-deletion
drop index if exists app_public.consents_standing_idx;
-- squawk-ignore require-concurrent-index-creation
create index consents_standing_idx on app_public.consents (organization_id, patient_profile_id, purpose_code)
  where decision = 'granted' and withdrawn_at is null;

--! split: 210-forms_ahead.sql
-- Forms that are filled in and signed before there is an appointment that asks for them. FRM-08, APT-06.
alter table app_public.forms add column if not exists is_ahead boolean not null default false;
comment on column app_public.forms.is_ahead is
  'Whether it was made before the appointment: the first one that asks for its template takes it.';

-- Forms are made ahead by one more argument.
drop function if exists app_private.make_form(uuid, uuid, uuid, text, uuid, uuid);

-- The patient that front desk took a guest for, before the request is confirmed. APT-09.
alter table app_public.booking_requests add column if not exists patient_profile_id uuid;
comment on column app_public.booking_requests.patient_profile_id is
  'The patient that the guest is, where front desk has said so; confirming books for this one.';
-- squawk-ignore constraint-missing-not-valid, adding-foreign-key-constraint
alter table app_public.booking_requests drop constraint if exists booking_requests_are_of_a_patient;
-- squawk-ignore constraint-missing-not-valid, adding-foreign-key-constraint
alter table app_public.booking_requests add constraint booking_requests_are_of_a_patient
  foreign key (organization_id, patient_profile_id)
  references app_public.patients (organization_id, patient_profile_id) on delete restrict;
comment on constraint booking_requests_are_of_a_patient on app_public.booking_requests is
  E'@fieldName patient\n@behavior -backward:*\nThe patient that the guest is; null before front desk has said so.';
-- squawk-ignore require-concurrent-index-deletion
drop index if exists app_public.booking_requests_patient_idx;
-- squawk-ignore require-concurrent-index-creation
create index booking_requests_patient_idx on app_public.booking_requests (organization_id, patient_profile_id)
  where patient_profile_id is not null;

--! split: 220-booking_blocks.sql
-- Patients who may not book by themselves. APT-06.
-- squawk-ignore ban-drop-table
drop table if exists app_public.booking_blocks;
create table app_public.booking_blocks (
  id uuid primary key default uuidv7(),
  organization_id uuid not null references app_public.organizations on delete restrict,
  patient_profile_id uuid not null,
  reason text not null,
  until timestamptz,
  blocked_by uuid not null references app_public.principals on delete restrict,
  created_at timestamptz not null default now(),
  contested_at timestamptz,
  objection text,
  decision text,
  decided_at timestamptz,
  decided_by uuid references app_public.principals on delete restrict,
  decision_reason text,
  constraint booking_blocks_identity unique (organization_id, id),
  constraint booking_blocks_are_of_a_patient foreign key (organization_id, patient_profile_id)
    references app_public.patients (organization_id, patient_profile_id) on delete restrict,
  constraint booking_blocks_reason_is_not_blank check (length(btrim(reason)) >= 3),
  constraint booking_blocks_reason_is_at_most_500_characters_long check (length(reason) <= 500),
  constraint booking_blocks_objection_is_not_blank check (length(btrim(objection)) >= 3),
  constraint booking_blocks_objection_is_at_most_500_characters_long check (length(objection) <= 500),
  constraint booking_blocks_decision_reason_is_not_blank check (length(btrim(decision_reason)) >= 3),
  constraint booking_blocks_decision_reason_is_at_most_500_characters_long check (length(decision_reason) <= 500),
  constraint booking_blocks_decision_is_known check (decision in ('upheld', 'lifted')),
  constraint booking_blocks_end_after_they_began check (until > created_at),
  constraint booking_blocks_are_contested_with_words check ((contested_at is null) = (objection is null)),
  constraint booking_blocks_are_decided_by_somebody check (
    (decision is null) = (decided_at is null) and (decision is null) = (decided_by is null)
    and (decision is null) = (decision_reason is null)),
  constraint booking_blocks_are_upheld_by_somebody_else check (decision <> 'upheld' or decided_by <> blocked_by)
);
create index booking_blocks_patient_idx on app_public.booking_blocks (organization_id, patient_profile_id, created_at);
create index booking_blocks_standing_idx on app_public.booking_blocks (organization_id, patient_profile_id)
  where decision is distinct from 'lifted';
create index booking_blocks_contested_idx on app_public.booking_blocks (organization_id, contested_at, id)
  where contested_at is not null;
create index booking_blocks_blocked_by_idx on app_public.booking_blocks (blocked_by);
create index booking_blocks_decided_by_idx on app_public.booking_blocks (decided_by);
comment on table app_public.booking_blocks is
  'That a clinic keeps a patient from booking by themselves: who decided it and why, what the patient says to it, and what somebody else decided then.';
comment on column app_public.booking_blocks.reason is 'Why; the patient reads it.';
comment on column app_public.booking_blocks.until is 'Until when; null until it is lifted.';
comment on column app_public.booking_blocks.blocked_by is 'Who decided it, by the id of their account: always a person.';
comment on column app_public.booking_blocks.contested_at is 'When the patient asked for another person to look at it.';
comment on column app_public.booking_blocks.objection is 'What the patient says to it.';
comment on column app_public.booking_blocks.decision is 'What was decided about it last; null before.';
comment on column app_public.booking_blocks.decided_at is 'When that was decided.';
comment on column app_public.booking_blocks.decided_by is 'Who decided that, by the id of their account.';
comment on column app_public.booking_blocks.decision_reason is 'Why that was decided; the patient reads it.';
comment on constraint booking_blocks_decision_is_known on app_public.booking_blocks is
  E'upheld: Somebody other than who blocked looked at it, and it stays.\nlifted: The patient may book by themselves again.';
comment on constraint booking_blocks_are_of_a_patient on app_public.booking_blocks is
  E'@fieldName patient\n@foreignFieldName bookingBlocks\nThe patient who may not book by themselves.';

--! split: 250-video-rooms.sql
-- Rooms of video appointments and what was recorded in them. APT-07.

-- squawk-ignore ban-drop-table
drop table if exists app_public.video_recordings cascade;
-- squawk-ignore ban-drop-table
drop table if exists app_public.video_rooms cascade;
create table app_public.video_rooms (
  id uuid primary key default uuidv7(),
  organization_id uuid not null references app_public.organizations on delete restrict,
  appointment_id uuid not null,
  status text not null,
  room_name text not null,
  url text,
  integration_id uuid,
  opens_at timestamptz not null,
  expires_at timestamptz not null,
  problem text,
  tries int not null default 0,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  constraint video_rooms_identity unique (organization_id, id),
  constraint video_rooms_one_for_an_appointment unique (organization_id, appointment_id),
  constraint video_rooms_organization_id_appointment_id_fkey foreign key (organization_id, appointment_id)
    references app_public.appointments (organization_id, id) on delete restrict,
  constraint video_rooms_status_is_known check (
    status in ('awaits_consent', 'wanted', 'delayed', 'ready', 'closing', 'closed')),
  constraint video_rooms_problem_is_known check (
    problem in ('vendor_unreachable', 'vendor_refused', 'credentials_refused', 'not_set_up')),
  constraint video_rooms_delay_has_a_problem check (status <> 'delayed' or problem is not null),
  constraint video_rooms_room_name_is_unguessable check (room_name ~ '^rx-[0-9a-f]{32}$'),
  constraint video_rooms_ready_has_a_url check (status <> 'ready' or url is not null),
  constraint video_rooms_url_is_a_url check (url ~ '^https?://[^[:space:][:cntrl:]]+$'),
  constraint video_rooms_url_is_at_most_500_characters_long check (length(url) <= 500),
  constraint video_rooms_tries_are_counted check (tries >= 0),
  constraint video_rooms_end_after_start check (opens_at < expires_at)
);
create index video_rooms_open_idx on app_public.video_rooms (updated_at) where status <> 'closed';
create index video_rooms_room_name_idx on app_public.video_rooms (room_name);
comment on table app_public.video_rooms is
  'Where a video appointment takes place, from startLeadMinutes before its time until it is over. joinVideo lets people in.';
comment on constraint video_rooms_status_is_known on app_public.video_rooms is
  E'awaits_consent: It is made as soon as the patient has consented to telemedicine.\n'
  'wanted: It is being made.\n'
  'delayed: It could not be made yet, and is tried again; problem says why.\n'
  'ready: People may enter.\n'
  'closing: The call is over, and the room is being taken away.\n'
  'closed: There is none any more.';
comment on constraint video_rooms_problem_is_known on app_public.video_rooms is
  E'vendor_unreachable: The vendor does not answer, or is busy.\n'
  'vendor_refused: The vendor did not want to do it.\n'
  'credentials_refused: The vendor does not accept the keys of the account.\n'
  'not_set_up: There is no account, or it was switched off.';
comment on column app_public.video_rooms.integration_id is
  'The clinic''s own account that holds the room; null: the platform''s. Kept when the integration is gone.';
comment on column app_public.video_rooms.opens_at is 'Nobody enters before.';
comment on column app_public.video_rooms.expires_at is 'Whoever is still inside is put out.';
comment on column app_public.video_rooms.problem is 'What kept the vendor from it, at the last try; null where nothing did.';
comment on column app_public.video_rooms.tries is 'How often it was tried in vain since the last success.';

create table app_public.video_recordings (
  id uuid primary key default uuidv7(),
  organization_id uuid not null references app_public.organizations on delete restrict,
  video_room_id uuid not null,
  status text not null default 'starting',
  ended_because text,
  started_by uuid not null references app_public.principals on delete restrict,
  vendor_id text,
  seconds int,
  ended_at timestamptz,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  constraint video_recordings_identity unique (organization_id, id),
  constraint video_recordings_organization_id_video_room_id_fkey foreign key (organization_id, video_room_id)
    references app_public.video_rooms (organization_id, id) on delete restrict,
  constraint video_recordings_status_is_known check (status in ('starting', 'running', 'stopping', 'stopped', 'failed')),
  constraint video_recordings_ended_because_is_known check (
    ended_because in ('participant', 'consent_withdrawn', 'call_over', 'vendor', 'not_answered')),
  constraint video_recordings_end_has_a_reason check ((status in ('starting', 'running')) = (ended_because is null)),
  constraint video_recordings_vendor_id_is_one_line check (vendor_id !~ '[[:cntrl:]]'),
  constraint video_recordings_vendor_id_is_at_most_200_characters_long check (length(vendor_id) <= 200),
  constraint video_recordings_seconds_are_not_negative check (seconds >= 0)
);
create unique index video_recordings_one_at_a_time on app_public.video_recordings (organization_id, video_room_id)
  where status in ('starting', 'running', 'stopping');
create index video_recordings_room_idx on app_public.video_recordings (organization_id, video_room_id, created_at);
create index video_recordings_started_by_idx on app_public.video_recordings (started_by);
comment on table app_public.video_recordings is
  'Each time a video call was recorded: by whom, until when, and why it ended. It is never begun without the patient''s consent.';
comment on constraint video_recordings_status_is_known on app_public.video_recordings is
  E'starting: The vendor was asked to record.\n'
  'running: The call is recorded.\n'
  'stopping: It is to end; tried until the vendor has done it.\n'
  'stopped: It has ended.\n'
  'failed: The vendor did not record.';
comment on constraint video_recordings_ended_because_is_known on app_public.video_recordings is
  E'participant: Somebody in the call ended it.\n'
  'consent_withdrawn: The patient''s consent was withdrawn.\n'
  'call_over: The call ended.\n'
  'vendor: The vendor ended or refused it.\n'
  'not_answered: The vendor did not say whether it records, so it was told to stop.';
comment on column app_public.video_recordings.ended_because is 'Why it is no longer recorded; null while it is.';
comment on column app_public.video_recordings.vendor_id is 'The vendor''s own id of what was recorded, once it has told us.';
comment on column app_public.video_recordings.seconds is 'How long it is, once the vendor has told us.';

-- squawk-ignore require-concurrent-index-deletion
drop index if exists app_public.appointments_video_idx;
-- squawk-ignore require-concurrent-index-creation
create index appointments_video_idx on app_public.appointments (starts_at)
  where modality = 'video' and status in ('booked', 'upcoming', 'confirmed', 'inprogress');

--! split: 251-appointment-reviews.sql
-- What patients say of an appointment, and from which rating on the clinic wants to hear of it at once. APT-04.

-- squawk-ignore ban-drop-table
drop table if exists app_public.appointment_reviews cascade;
create table app_public.appointment_reviews (
  id uuid primary key default uuidv7(),
  organization_id uuid not null references app_public.organizations on delete restrict,
  appointment_id uuid not null,
  rating int not null,
  comment text,
  created_by uuid not null references app_public.principals on delete restrict,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  constraint appointment_reviews_identity unique (organization_id, id),
  constraint appointment_reviews_one_for_an_appointment unique (organization_id, appointment_id),
  constraint appointment_reviews_organization_id_appointment_id_fkey foreign key (organization_id, appointment_id)
    references app_public.appointments (organization_id, id) on delete restrict,
  constraint appointment_reviews_rating_is_one_to_five check (rating between 1 and 5),
  constraint appointment_reviews_comment_is_at_most_2000_characters_long check (length(comment) <= 2000),
  constraint appointment_reviews_comment_says_something check (comment ~ '[^[:space:]]')
);
create index appointment_reviews_newest_idx on app_public.appointment_reviews (organization_id, created_at, id);
create index appointment_reviews_created_by_idx on app_public.appointment_reviews (created_by);
comment on table app_public.appointment_reviews is
  'How a patient found an appointment that took place: once, and as it was said then. The clinic reads it, no other patient.';
comment on column app_public.appointment_reviews.rating is 'From 1, bad, to 5, very good.';
comment on column app_public.appointment_reviews.comment is 'In the patient''s own words; null where there are none.';

alter table app_public.organizations drop constraint if exists organizations_low_rating_below_is_a_rating;
alter table app_public.organizations add column if not exists low_rating_below int not null default 3;
-- squawk-ignore constraint-missing-not-valid
alter table app_public.organizations add constraint organizations_low_rating_below_is_a_rating
  check (low_rating_below between 1 and 6);
comment on column app_public.organizations.low_rating_below is
  'Of a review with fewer stars, members with reviews.alerted are told at once. 1: of none; 6: of every one.';

--! split: 300-reminders.sql
-- When a clinic reminds its patients, and what time does to visits that nobody closed. APT-01, APT-08.
-- squawk-ignore ban-drop-table
drop table if exists app_private.appointment_reminders;

alter table app_public.organizations add column if not exists reminder_minutes int[] not null default '{1440}';
alter table app_public.organizations add column if not exists reminders_from time not null default '08:00';
alter table app_public.organizations add column if not exists reminders_until time not null default '20:00';
alter table app_public.organizations add column if not exists no_show_after_minutes int;
alter table app_public.organizations drop constraint if exists organizations_reminder_minutes_are_sensible;
alter table app_public.organizations
  -- squawk-ignore constraint-missing-not-valid
  add constraint organizations_reminder_minutes_are_sensible
  check (cardinality(reminder_minutes) <= 5 and array_position(reminder_minutes, null) is null
         and 15 <= all (reminder_minutes) and 20160 >= all (reminder_minutes));
alter table app_public.organizations drop constraint if exists organizations_reminders_begin_before_they_end;
alter table app_public.organizations
  -- squawk-ignore constraint-missing-not-valid
  add constraint organizations_reminders_begin_before_they_end check (reminders_from < reminders_until);
alter table app_public.organizations drop constraint if exists organizations_no_show_after_minutes_is_sensible;
alter table app_public.organizations
  -- squawk-ignore constraint-missing-not-valid
  add constraint organizations_no_show_after_minutes_is_sensible check (no_show_after_minutes between 15 and 10080);
comment on column app_public.organizations.reminder_minutes is
  'How long before a visit its patient is reminded, up to five times; empty: never.';
comment on column app_public.organizations.reminders_from is
  'Reminders leave from this hour of the clinic''s day on, so that nobody is woken.';
comment on column app_public.organizations.reminders_until is
  'And until this one: what would be due in the night leaves just before it.';
comment on column app_public.organizations.no_show_after_minutes is
  'How long after its end a visit that nobody started counts as missed; null: somebody says so.';

create table app_private.appointment_reminders (
  organization_id uuid not null,
  appointment_id uuid not null,
  starts_at timestamptz not null,
  minutes_before int not null,
  reminded_at timestamptz not null,
  primary key (organization_id, appointment_id),
  foreign key (organization_id, appointment_id) references app_public.appointments (organization_id, id) on delete cascade
);
create index appointment_reminders_starts_at_idx on app_private.appointment_reminders (starts_at);
comment on table app_private.appointment_reminders is
  'The last reminder of each appointment: for which start, and how long before it. One that was moved begins anew.';

-- Everything that may still take place, by time: what is to advance, and what nobody came to.
-- squawk-ignore require-concurrent-index-creation
create index if not exists appointments_open_idx on app_public.appointments (starts_at)
  where status in ('booked', 'upcoming', 'confirmed');
-- squawk-ignore require-concurrent-index-deletion
drop index if exists app_public.appointments_awaiting_idx;

--! split: 310-calendar_feeds.sql
-- What specialists subscribe their own calendars to. APT-08.
-- squawk-ignore ban-drop-table
drop table if exists app_public.calendar_feeds;
drop type if exists app_public.calendar_feed_link cascade;

create table app_public.calendar_feeds (
  id uuid primary key default uuidv7(),
  organization_id uuid not null references app_public.organizations (id) on delete cascade,
  specialist_id uuid not null,
  shows_initials boolean not null,
  token_hash bytea not null,
  created_by uuid not null references app_public.principals (id) on delete restrict,
  created_at timestamptz not null default now(),
  revoked_at timestamptz,
  constraint calendar_feeds_identity unique (organization_id, id),
  foreign key (organization_id, specialist_id) references app_public.specialists (organization_id, id) on delete cascade,
  constraint calendar_feeds_token_hash_is_a_digest check (octet_length(token_hash) = 32)
);
create unique index calendar_feeds_token_is_unique on app_public.calendar_feeds (token_hash);
create index calendar_feeds_specialist_idx on app_public.calendar_feeds (organization_id, specialist_id, created_at);
create index calendar_feeds_created_by_idx on app_public.calendar_feeds (created_by);
comment on table app_public.calendar_feeds is
  'Secret addresses under which calendar programs read a specialist''s appointments. Nobody sees the address again.';
comment on column app_public.calendar_feeds.shows_initials is
  'Whether entries carry the initials of patients; their names never leave for the vendors of calendars.';
comment on column app_public.calendar_feeds.created_by is 'Whoever made it; it answers as long as they belong to the clinic.';
comment on column app_public.calendar_feeds.revoked_at is 'Since when it answers no more; null while it does.';

create type app_public.calendar_feed_link as (
  id uuid,
  path text
);
comment on type app_public.calendar_feed_link is 'The address of a new feed, told this once.';
comment on column app_public.calendar_feed_link.id is 'What revokeCalendarFeed names.';
comment on column app_public.calendar_feed_link.path is 'Where the feed is, behind the address of this server: /v1/calendar-feeds/….ics.';

--! split: 320-stranded_appointments.sql
-- Whom a change of hours would strand. SCH-08.
drop function if exists app_public.stranded_appointments(uuid);
drop function if exists app_public.set_weekly_hours(uuid, app_public.hours_of_a_day [], boolean);
drop function if exists app_private.stranded(uuid, uuid);
drop type if exists app_public.stranded_appointment;
drop type if exists app_public.hours_of_a_day;

create type app_public.stranded_appointment as (
  appointment_id uuid,
  booking_request_id uuid,
  calendar_id uuid,
  starts_at timestamptz,
  ends_at timestamptz,
  rule text,
  colleague_ids uuid[]
);
comment on type app_public.stranded_appointment is
  'A visit or a request that nobody could book any more, with who else could take it at the same time.';
comment on column app_public.stranded_appointment.appointment_id is E'@nullable\nThe appointment; null for a request.';
comment on column app_public.stranded_appointment.booking_request_id is E'@nullable\nThe request that waits for an answer; null for an appointment.';
comment on column app_public.stranded_appointment.calendar_id is 'In which it was booked.';
comment on column app_public.stranded_appointment.rule is
  'What is in the way now: outside_hours, closed, specialist_inactive, not_in_calendar or not_providing_service.';
comment on column app_public.stranded_appointment.colleague_ids is 'Specialists of the calendar who are free at the same time.';

create type app_public.hours_of_a_day as (
  weekday int,
  starts time,
  ends time
);
comment on type app_public.hours_of_a_day is 'Usual hours on one weekday.';
comment on column app_public.hours_of_a_day.weekday is 'ISO: 1 Monday to 7 Sunday.';
comment on column app_public.hours_of_a_day.starts is 'As clocks show it in the specialist''s zone.';
comment on column app_public.hours_of_a_day.ends is '24:00 is the end of the weekday; an end before the start runs past midnight.';

--! split: 350-due-plans.sql
drop function if exists app_private.due_patient_plans(int);

--! split: 351-repeated-links.sql
drop function if exists app_hidden.link_to_send(uuid, text, uuid, text);
drop function if exists app_hidden.send_signature_link(uuid, uuid, bytea, bytea, bytea, text, uuid);
drop function if exists app_hidden.open_kiosk(uuid, uuid, bytea, text, uuid);

--! split: 352-cancelled-forms.sql
-- A form that staff take back before anybody answered it (FRM-04).

alter table app_public.forms drop constraint if exists forms_status_is_known;
-- squawk-ignore constraint-missing-not-valid
alter table app_public.forms add constraint forms_status_is_known
  check (status in ('pending', 'in_progress', 'completed', 'signed', 'cancelled'));
comment on constraint forms_status_is_known on app_public.forms is
  E'pending: Nobody has answered yet.\n'
  'in_progress: Some of it is answered.\n'
  'completed: Everything that is asked is answered.\n'
  'signed: Signed; nothing of it changes any more.\n'
  'cancelled: Staff took it back before anybody answered.';

alter table app_public.form_moves drop constraint if exists form_moves_from_status_is_known;
-- squawk-ignore constraint-missing-not-valid
alter table app_public.form_moves add constraint form_moves_from_status_is_known
  check (from_status in ('pending', 'in_progress', 'completed', 'signed', 'cancelled'));
alter table app_public.form_moves drop constraint if exists form_moves_to_status_is_known;
-- squawk-ignore constraint-missing-not-valid
alter table app_public.form_moves add constraint form_moves_to_status_is_known
  check (to_status in ('pending', 'in_progress', 'completed', 'signed', 'cancelled'));

--! split: 353-lists-of-types.sql
-- Fixed lists that no column holds are enums as well (FND-29).

comment on column app_public.consent_state.state is
  E'@words own consent_standing\nWhere the person stands with it.\n'
  'granted: Given, in the words that count.\n'
  'older_version: Given, and newer words have to be accepted.\n'
  'withdrawn: Given, and taken back.\n'
  'refused: Asked, and refused.\n'
  'never_given: Not given, and not refused.';
comment on column app_public.likely_duplicate.agrees is
  E'@words own identifying_fact\nWhat is the same of both.\n'
  'address: The mail address.\n'
  'name: The name, as it sounds.\n'
  'telephone: The telephone number.\n'
  'birthday: The date of birth.';
comment on column app_public.likely_duplicate.differs is
  E'@words own identifying_fact\nWhat is not the same of both.\n'
  'address: The mail address.\n'
  'name: The name, as it sounds.\n'
  'telephone: The telephone number.\n'
  'birthday: The date of birth.';
comment on column app_public.audit_entries.action is
  E'@behavior -attribute:orderBy\n@words own audit_action\nWhat was done.\n'
  'insert: A row was made.\n'
  'update: A row was changed.\n'
  'delete: A row was taken away.\n'
  'truncate: A table was emptied.\n'
  'read: Something was read.\n'
  'erase: What identified a person was erased.';

--! split: 900-sources.sql
-- Written by npm run db:stage from db/functions, db/policies and db/reference: change those, not this file.

-- source: functions/core/current_principal_id.sql
-- Who acts, as the server says it for this transaction. FND-02.
-- Without settings of its own, so that the planner puts its body in place: a call that is none.

create or replace function app_hidden.current_principal_id() returns uuid
language sql stable parallel safe
return nullif(pg_catalog.current_setting('app.principal_id', true), '')::uuid;

comment on function app_hidden.current_principal_id is 'The signed-in principal; null for a visitor and for the worker.';

grant execute on function app_hidden.current_principal_id to app_anonymous, app_member, app_link, app_worker, app_engine;
-- end of source: functions/core/current_principal_id.sql

-- source: functions/core/current_organization_id.sql
-- The clinic this request is about, if the caller chose one. It only ever narrows: membership is looked up
-- wherever rights are computed. FND-04.
-- Without settings of its own, so that the planner puts its body in place: a call that is none.

create or replace function app_hidden.current_organization_id() returns uuid
language sql stable parallel safe
return nullif(pg_catalog.current_setting('app.organization_id', true), '')::uuid;

comment on function app_hidden.current_organization_id is 'The clinic the request names; null means every clinic of the caller.';

grant execute on function app_hidden.current_organization_id to app_anonymous, app_member, app_link, app_worker, app_engine;
-- end of source: functions/core/current_organization_id.sql

-- source: functions/events/payload_problem.sql
-- Says where a payload leaves its schema. FND-14.
-- The subset of JSON Schema that the catalog uses, and nothing else: a closed object of scalars. In
-- plain loops: one query over all of it takes longer to be made ready than eight fields take to be read.

create or replace function app_private.payload_problem(schema jsonb, payload jsonb) returns text
language plpgsql stable parallel safe
set search_path = ''
as $$
declare
  v_problem text;
  v_name text;
  v_value jsonb;
  v_rule jsonb;
  v_kind text;
begin
  if jsonb_typeof(payload) is distinct from 'object' then
    return '$';
  end if;
  for v_name in select jsonb_array_elements_text(schema -> 'required') loop
    if not payload ? v_name then
      v_problem := least(v_problem, v_name);
    end if;
  end loop;

  for v_name, v_value in select field.key, field.value from jsonb_each(payload) as field loop
    v_rule := schema -> 'properties' -> v_name;
    v_kind := jsonb_typeof(v_value);
    if v_kind = 'number' and v_rule @> '{"type": "integer"}' and v_value::numeric % 1 = 0 then
      v_kind := 'integer';
    end if;
    -- A list of types contains the one, and one type itself; without a rule nothing does.
    if v_rule -> 'type' @> to_jsonb(v_kind) is not true
      or (v_rule ? 'enum' and not v_rule -> 'enum' @> jsonb_build_array(v_value))
      or (v_kind = 'string' and case v_rule ->> 'format'
        when 'uuid' then v_value #>> '{}' !~ '^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$'
        when 'date-time' then
          v_value #>> '{}' !~ '^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)$'
          or not pg_catalog.pg_input_is_valid(v_value #>> '{}', 'timestamptz')
        else false
      end)
    then
      v_problem := least(v_problem, v_name);
    end if;
  end loop;
  return v_problem;
end;
$$;

comment on function app_private.payload_problem is
  'The first field that does not fit the schema ($ for the whole), or null when the payload fits.';

grant execute on function app_private.payload_problem to app_engine;
-- end of source: functions/events/payload_problem.sql

-- source: functions/appointments/decide_booking_block.sql
-- What blocks of bookings have in common: which one stands, whose it is, and how it is decided about. APT-06.

create or replace function app_private.standing_block(organization_id uuid, patient_profile_id uuid) returns app_public.booking_blocks
language sql stable
set search_path = ''
begin atomic
  select booking_blocks
  from app_public.booking_blocks
  where booking_blocks.organization_id = standing_block.organization_id
    and booking_blocks.patient_profile_id = standing_block.patient_profile_id
    and booking_blocks.decision is distinct from 'lifted'
    and (booking_blocks.until is null or booking_blocks.until > app_hidden.now())
  order by booking_blocks.until desc nulls first, booking_blocks.id
  limit 1;
end;

comment on function app_private.standing_block is 'The block that keeps a patient from booking by themselves now; null where there is none.';
grant execute on function app_private.standing_block to app_engine;

create or replace function app_private.patient_to_block(patient_id uuid) returns app_public.patients
language plpgsql volatile
set search_path = ''
as $$
declare
  v_patient app_public.patients;
begin
  select patients.* into v_patient
  from app_public.patients
  where patients.id = patient_to_block.patient_id and patients.deleted_at is null
    and patients.organization_id = any (app_hidden.organization_ids_where('patients.view'))
  for no key update;
  if not found then
    perform app_hidden.refuse('NOT_FOUND', 'patient_not_found');
  end if;
  perform app_private.require_permission(v_patient.organization_id, 'patients.block');
  return v_patient;
end;
$$;

comment on function app_private.patient_to_block is 'The patient, locked, for staff with patients.block; NOT_FOUND patient_not_found, or FORBIDDEN.';
grant execute on function app_private.patient_to_block to app_engine;

create or replace function app_private.decide_booking_block(booking_block_id uuid, decision text, reason text) returns app_public.booking_blocks
language plpgsql volatile
set search_path = ''
as $$
declare
  v_block app_public.booking_blocks;
begin
  select booking_blocks.* into v_block
  from app_public.booking_blocks
  where booking_blocks.id = decide_booking_block.booking_block_id
    and booking_blocks.organization_id = any (app_hidden.organization_ids_where('patients.view'))
  for no key update;
  if not found then
    perform app_hidden.refuse('NOT_FOUND', 'booking_block_not_found');
  end if;
  perform app_private.require_permission(v_block.organization_id, 'patients.block');
  if v_block.decision = 'lifted' then
    perform app_hidden.refuse('STATE', 'booking_block_lifted');
  elsif decide_booking_block.decision = 'upheld' and v_block.contested_at is null then
    perform app_hidden.refuse('STATE', 'booking_block_not_contested');
  elsif decide_booking_block.decision = 'upheld' and v_block.blocked_by = app_private.current_actor_id() then
    perform app_hidden.refuse('FORBIDDEN', 'review_by_another');
  end if;
  update app_public.booking_blocks set
    decision = decide_booking_block.decision,
    decided_at = app_hidden.now(),
    decided_by = app_private.current_actor_id(),
    decision_reason = app_private.require_reason(decide_booking_block.reason)
  where booking_blocks.id = v_block.id
  returning * into v_block;
  perform app_private.publish_block_event(
    case v_block.decision when 'lifted' then 'patient.booking_block_lifted' else 'patient.booking_block_upheld' end, v_block);
  return v_block;
end;
$$;

comment on function app_private.decide_booking_block is
  'Lifts a block, or says that it stays; NOT_FOUND booking_block_not_found, FORBIDDEN, or STATE.';
grant execute on function app_private.decide_booking_block to app_engine;

create or replace function app_private.publish_block_event(name text, block app_public.booking_blocks) returns void
language sql volatile
set search_path = ''
as $$
  select app_private.publish(
    publish_block_event.name, (block).organization_id, patients.id,
    jsonb_build_object('patientId', patients.id, 'bookingBlockId', (block).id))
  from app_public.patients
  where patients.organization_id = (block).organization_id and patients.patient_profile_id = (block).patient_profile_id
$$;

comment on function app_private.publish_block_event is 'Publishes what just happened to a block of bookings, as ids.';
grant execute on function app_private.publish_block_event to app_engine;
-- end of source: functions/appointments/decide_booking_block.sql

-- source: functions/appointments/block_booking.sql
-- A clinic keeps a patient from booking by themselves, for a reason that the patient reads. A person decides it, always: what is
-- computed about people may only be shown to whoever decides. APT-06, docs/decisions/0115.
-- Locks the patient, which bookings hold for share: those under way are waited for, later ones are refused.

set role app_engine;

create or replace function app_public.block_booking(patient_id uuid, reason text, until timestamptz default null)
returns app_public.booking_blocks
language plpgsql volatile security definer
set search_path = ''
as $$
declare
  v_patient app_public.patients;
  v_block app_public.booking_blocks;
begin
  v_patient := app_private.patient_to_block(patient_id);
  if until <= app_hidden.now() then
    perform app_hidden.refuse('VALIDATION', 'already_past', '{"field": "until"}');
  end if;
  v_block := app_private.standing_block(v_patient.organization_id, v_patient.patient_profile_id);
  if v_block.id is not null then
    perform app_hidden.refuse('CONFLICT', 'booking_blocked_already', jsonb_build_object('bookingBlockId', v_block.id));
  end if;

  insert into app_public.booking_blocks (organization_id, patient_profile_id, reason, until, blocked_by, created_at)
  values (
    v_patient.organization_id, v_patient.patient_profile_id, app_private.require_reason(reason), block_booking.until,
    app_private.current_actor_id(), app_hidden.now())
  returning * into v_block;
  perform app_private.publish_block_event('patient.booking_blocked', v_block);
  return v_block;
end;
$$;

comment on function app_public.block_booking is
  E'@arg reason Why; the patient reads it.\n@arg until Until when; without it, until it is lifted.\n'
  'Keeps a patient from booking by themselves; staff go on booking for them, with a reason. Needs patients.block. CONFLICT '
  'booking_blocked_already; VALIDATION already_past.';
grant execute on function app_public.block_booking to app_member;

create or replace function app_public.lift_booking_block(booking_block_id uuid, reason text) returns app_public.booking_blocks
language sql volatile strict security definer
set search_path = ''
return app_private.decide_booking_block(booking_block_id, 'lifted', reason);

comment on function app_public.lift_booking_block is
  E'@arg bookingBlockId The block, by its id.\n@arg reason Why; the patient reads it.\n'
  'The patient may book by themselves again. Needs patients.block; STATE booking_block_lifted.';
grant execute on function app_public.lift_booking_block to app_member;

create or replace function app_public.uphold_booking_block(booking_block_id uuid, reason text) returns app_public.booking_blocks
language sql volatile strict security definer
set search_path = ''
return app_private.decide_booking_block(booking_block_id, 'upheld', reason);

comment on function app_public.uphold_booking_block is
  E'@arg bookingBlockId The block, by its id.\n@arg reason Why it stays; the patient reads it.\n'
  'Answers a patient who contests a block: somebody other than who blocked has looked at it, and it stays. Needs patients.block. '
  'STATE booking_block_not_contested, booking_block_lifted; FORBIDDEN review_by_another.';
grant execute on function app_public.uphold_booking_block to app_member;

-- The person asks for another person to look at it. Law 190/2018, GDPR articles 21 and 22.
create or replace function app_public.contest_booking_block(booking_block_id uuid, objection text) returns app_public.booking_blocks
language plpgsql volatile strict security definer
set search_path = ''
as $$
declare
  v_block app_public.booking_blocks;
begin
  select booking_blocks.* into v_block
  from app_public.booking_blocks
  where booking_blocks.id = booking_block_id
    and booking_blocks.patient_profile_id = any (app_hidden.current_human_patient_profile_ids())
  for no key update;
  if not found then
    perform app_hidden.refuse('NOT_FOUND', 'booking_block_not_found');
  elsif v_block.decision = 'lifted' then
    perform app_hidden.refuse('STATE', 'booking_block_lifted');
  elsif v_block.contested_at is not null then
    perform app_hidden.refuse('STATE', 'booking_block_contested', jsonb_build_object('contestedAt', v_block.contested_at, 'timezone', (
      select organizations.timezone from app_public.organizations where organizations.id = v_block.organization_id)));
  end if;
  update app_public.booking_blocks set
    contested_at = app_hidden.now(),
    objection = app_private.require_reason(contest_booking_block.objection)
  where booking_blocks.id = v_block.id
  returning * into v_block;
  perform app_private.publish_block_event('patient.booking_block_contested', v_block);
  return v_block;
end;
$$;

comment on function app_public.contest_booking_block is
  E'@arg bookingBlockId The block, by its id.\n@arg objection What the patient says to it.\n'
  'Asks for another person of the clinic to look at a block, once: by the patient, or somebody who cares for them. STATE '
  'booking_block_contested, booking_block_lifted.';
grant execute on function app_public.contest_booking_block to app_member;

reset role;
-- end of source: functions/appointments/block_booking.sql

-- source: functions/plans/end_plan.sql
-- A plan ends: what is left lapses, and the history stays. Of a tier's plan it is kept how much the period had come to, for a
-- tier that brings it back before the period is over. CAT-06, CAT-08.

create or replace function app_private.end_plan(plan app_public.patient_service_plans, at timestamptz, reason text default null)
returns app_public.patient_service_plans
language plpgsql volatile
set search_path = ''
as $$
declare
  v_plan app_public.patient_service_plans;
  v_entitlement app_public.patient_entitlements;
  v_left int;
begin
  update app_public.patient_service_plans set ended_at = at, end_reason = end_plan.reason
  where patient_service_plans.organization_id = plan.organization_id and patient_service_plans.id = plan.id
  returning * into v_plan;

  for v_entitlement in
    select patient_entitlements.*
    from app_public.patient_entitlements
    where patient_entitlements.organization_id = plan.organization_id and patient_entitlements.patient_service_plan_id = plan.id
    order by patient_entitlements.kind
  loop
    v_left := app_public.patient_entitlements_balance(v_entitlement);
    if v_left > 0 then
      perform app_private.write_entry(v_entitlement, 'expire', -v_left, at);
    end if;
    update app_public.patient_entitlements set
      accrued_before = patient_entitlements.accrued_before + case when patient_entitlements.granted is null then 0
        else app_private.accrued(
          patient_entitlements.per_period, patient_subscriptions.anchor_on, patient_entitlements.from_month,
          patient_entitlements.to_month, (at at time zone organizations.timezone)::date) end,
      per_period = 0,
      granted = patient_entitlements.granted - v_left
    from app_public.patient_subscriptions
    join app_public.organizations on organizations.id = patient_subscriptions.organization_id
    where patient_subscriptions.organization_id = plan.organization_id
      and patient_subscriptions.id = plan.source_tier_subscription_id
      and patient_entitlements.organization_id = v_entitlement.organization_id
      and patient_entitlements.id = v_entitlement.id;
  end loop;
  return v_plan;
end;
$$;

comment on function app_private.end_plan is 'Ends a plan of a patient who is locked by settle_patient_plans(); what is left lapses.';
grant execute on function app_private.end_plan to app_engine;
-- end of source: functions/plans/end_plan.sql

-- source: functions/plans/debit_entitlement.sql
-- One of a kind is used for something: a session for an appointment. Called by the function that makes the thing, in its
-- transaction. What it is for makes it idempotent: as long as it stands, a second call answers with the same entry. Of two who
-- want the last one the second waits for the first, and finds nothing. CAT-04.
-- Of several plans the one is used that is named, else the one whose rest lapses first.

create or replace function app_private.debit_entitlement(
  organization_id uuid,
  patient_profile_id uuid,
  kind text,
  subject_kind text,
  subject_id uuid,
  service_id uuid default null,
  used_at timestamptz default null,
  patient_service_plan_id uuid default null
) returns app_public.entitlement_entries
language plpgsql volatile
set search_path = ''
as $$
declare
  v_debit app_public.entitlement_entries;
  v_entitlement app_public.patient_entitlements;
begin
  perform app_private.require_patient(organization_id, debit_entitlement.patient_profile_id);
  perform app_private.settle_patient_plans(organization_id, debit_entitlement.patient_profile_id);
  v_debit := app_private.open_debit(organization_id, kind, subject_kind, subject_id);
  if v_debit.id is not null then
    return v_debit;
  end if;

  v_entitlement := app_private.usable_entitlement(
    organization_id, debit_entitlement.patient_profile_id, kind, service_id, used_at, patient_service_plan_id);
  if app_public.patient_entitlements_balance(v_entitlement) > 0 then
    return app_private.write_entry(
      v_entitlement, 'debit', -1, app_hidden.now(),
      concat_ws(':', kind, subject_kind, subject_id, (
        select count(*)
        from app_public.entitlement_entries
        where entitlement_entries.organization_id = debit_entitlement.organization_id
          and entitlement_entries.subject_kind = debit_entitlement.subject_kind
          and entitlement_entries.subject_id = debit_entitlement.subject_id
          and entitlement_entries.entry = 'debit')),
      subject_kind => debit_entitlement.subject_kind, subject_id => debit_entitlement.subject_id);
  end if;
  perform app_hidden.refuse(
    'ENTITLEMENT_EXHAUSTED', case when v_entitlement.id is not null then 'nothing_left' else 'not_in_a_plan' end, jsonb_build_object('kind', kind));
  return null;
end;
$$;

comment on function app_private.debit_entitlement is
  'Uses one of a kind (sessions) for something, by a plan that is open, good for the service and, where used_at says when, '
  'valid until then: the one named, or any. ENTITLEMENT_EXHAUSTED nothing_left, or not_in_a_plan. The caller has checked who may.';
grant execute on function app_private.debit_entitlement to app_engine;

-- Of those with something left the one that lapses first; where nothing is left, one that is used up.
create or replace function app_private.usable_entitlement(
  organization_id uuid,
  patient_profile_id uuid,
  kind text,
  service_id uuid default null,
  used_at timestamptz default null,
  patient_service_plan_id uuid default null
) returns app_public.patient_entitlements
language plpgsql stable
set search_path = ''
as $$
declare
  v_entitlement app_public.patient_entitlements;
begin
  select patient_entitlements.* into v_entitlement
  from app_public.patient_service_plans as plans
  join app_public.patient_entitlements
    on patient_entitlements.organization_id = plans.organization_id and patient_entitlements.patient_service_plan_id = plans.id
  where plans.organization_id = usable_entitlement.organization_id
    and plans.patient_profile_id = usable_entitlement.patient_profile_id
    and (usable_entitlement.patient_service_plan_id is null or plans.id = usable_entitlement.patient_service_plan_id)
    and patient_entitlements.kind = usable_entitlement.kind
    and app_public.patient_service_plans_is_open(plans)
    and coalesce(plans.valid_until > used_at, true)
    and app_private.is_for_service(plans, usable_entitlement.service_id)
  order by
    app_public.patient_entitlements_balance(patient_entitlements) > 0 desc,
    least(plans.valid_until, case when not plans.carry_over_unused then patient_entitlements.period_ends_at end),
    patient_entitlements.id
  limit 1;
  return v_entitlement;
end;
$$;

comment on function app_private.usable_entitlement is
  'What a patient may use one of a kind from, among the plans that debit_entitlement() would take; null where there is none. The '
  'caller has settled the plans.';
grant execute on function app_private.usable_entitlement to app_engine;

create or replace function app_private.is_for_service(plan app_public.patient_service_plans, service_id uuid) returns boolean
language sql stable
set search_path = ''
return is_for_service.service_id is null or not exists (
  select from app_public.service_plan_services
  where service_plan_services.organization_id = (plan).organization_id
    and service_plan_services.service_plan_id = (plan).service_plan_id
  having count(*) > 0 and not bool_or(service_plan_services.service_id = is_for_service.service_id));

comment on function app_private.is_for_service is 'Whether sessions of a plan may be used for a service: one that it names, or any when it names none.';
grant execute on function app_private.is_for_service to app_engine;
-- end of source: functions/plans/debit_entitlement.sql

-- source: functions/appointments/choose_plan.sql
-- By which plan an appointment is. One that is named, and good for it; else, unless the caller said that it is paid for, the one
-- that debit_entitlement() takes: open, good for the service, valid at the start, with a session left, and lapsing first. The plans
-- are locked from here on, so of two who want the last session the second finds none. CAT-04.

create or replace function app_private.choose_plan(draft app_public.appointments, use_plan boolean) returns uuid
language plpgsql volatile
set search_path = ''
as $$
declare
  v_entitlement app_public.patient_entitlements;
begin
  if not use_plan then
    if draft.patient_service_plan_id is not null then
      perform app_hidden.refuse('VALIDATION', 'plan_contradicted', '{"field": "usePlan"}');
    end if;
    return null;
  end if;
  -- Most who book have no plan, and pay one look-up for it.
  if not exists (
    select from app_public.patient_service_plans
    where patient_service_plans.organization_id = draft.organization_id
      and patient_service_plans.patient_profile_id = draft.patient_profile_id
      and patient_service_plans.ended_at is null
  ) then
    return draft.patient_service_plan_id;
  end if;

  perform app_private.settle_patient_plans(draft.organization_id, draft.patient_profile_id);
  if draft.patient_service_plan_id is not null then
    return draft.patient_service_plan_id;
  end if;
  v_entitlement := app_private.usable_entitlement(
    draft.organization_id, draft.patient_profile_id, 'sessions', draft.service_id, draft.starts_at);
  if use_plan or app_public.patient_entitlements_balance(v_entitlement) > 0 then
    return v_entitlement.patient_service_plan_id;
  end if;
  return null;
end;
$$;

comment on function app_private.choose_plan is
  'The plan for an appointment, its sessions locked: the one named; else the one that lapses first, with a session left unless '
  'use_plan insists; null where none is. VALIDATION plan_contradicted when one is named and not to be used.';
grant execute on function app_private.choose_plan to app_engine;
-- end of source: functions/appointments/choose_plan.sql

-- source: functions/forms/make_form.sql
-- A form as it is made, by staff or with an appointment: the version that is published now, and what is known already, each
-- answer with where it came from. FRM-04, FRM-05.

create or replace function app_private.make_form(
  organization_id uuid,
  patient_profile_id uuid,
  template_id uuid,
  locale text,
  appointment_id uuid default null,
  amends_form_id uuid default null,
  is_ahead boolean default false
) returns app_public.forms
language plpgsql volatile
set search_path = ''
as $$
declare
  v_version app_public.form_template_versions;
  v_prefill jsonb;
  v_form app_public.forms;
begin
  select versions.* into v_version
  from app_public.form_templates
  join app_public.form_template_versions as versions
    on versions.organization_id = form_templates.organization_id and versions.template_id = form_templates.id
    and versions.number = form_templates.version
  where form_templates.organization_id = make_form.organization_id and form_templates.id = make_form.template_id
    and form_templates.published;
  if not found then
    perform app_hidden.refuse('NOT_FOUND', 'form_template_not_found');
  end if;

  v_prefill := app_private.form_prefill(make_form.organization_id, make_form.patient_profile_id, v_version.content);
  insert into app_public.forms
    (organization_id, patient_id, patient_profile_id, template_id, version_id, appointment_id, amends_form_id, is_ahead, snapshot, locale,
     prefill, answers, created_by)
  select patients.organization_id, patients.id, patients.patient_profile_id, v_version.template_id, v_version.id,
         make_form.appointment_id, make_form.amends_form_id, make_form.is_ahead, v_version.content, make_form.locale, v_prefill,
         (select coalesce(jsonb_object_agg(known.key, known.value -> 'value'), '{}') from jsonb_each(v_prefill) as known),
         app_private.current_actor_id()
  from app_public.patients
  where patients.organization_id = make_form.organization_id and patients.patient_profile_id = make_form.patient_profile_id
  returning * into v_form;
  return v_form;
end;
$$;

comment on function app_private.make_form is
  'Makes a form of the published version of a template for a patient; NOT_FOUND form_template_not_found where none is published.';
grant execute on function app_private.make_form to app_engine;

-- What the profile and the clinic's own fields know, where it would be taken as an answer.
create or replace function app_private.form_prefill(organization_id uuid, patient_profile_id uuid, content jsonb) returns jsonb
language sql stable
set search_path = ''
begin atomic
  select coalesce(
    jsonb_object_agg(linked.item ->> 'key', jsonb_build_object('value', linked.value, 'source', linked.source, 'field', linked.field)),
    '{}')
  from (
    select listed.item, 'profile' as source, listed.item ->> 'profile_field' as field,
           to_jsonb(patient_profiles) -> (listed.item ->> 'profile_field') as value
    from app_private.form_items(form_prefill.content) as listed (item)
    join app_public.patient_profiles on patient_profiles.id = form_prefill.patient_profile_id
    where listed.item ? 'profile_field'
    union all
    select listed.item, 'custom_field', listed.item ->> 'custom_field', custom_field_values.value
    from app_private.form_items(form_prefill.content) as listed (item)
    join app_public.custom_fields
      on custom_fields.organization_id = form_prefill.organization_id and custom_fields.entity_type = 'patient'
      and custom_fields.system_key = listed.item ->> 'custom_field'
    join app_public.custom_field_values
      on custom_field_values.organization_id = custom_fields.organization_id
      and custom_field_values.custom_field_id = custom_fields.id
      and custom_field_values.patient_profile_id = form_prefill.patient_profile_id
    where listed.item ? 'custom_field'
  ) as linked
  where jsonb_typeof(linked.value) <> 'null'
    and (app_private.answer_problem(linked.item, linked.item ->> 'type', linked.value)).reason is null;
end;

comment on function app_private.form_prefill is
  'By key of a field: the value that is known already, its source (profile or custom_field), and the field there.';
grant execute on function app_private.form_prefill to app_engine;
-- end of source: functions/forms/make_form.sql

-- source: functions/forms/templates_asked.sql
-- Which templates an appointment asks for, booked or about to be: those of its service and of its calendar that are in use, each
-- once. The one place for this rule: forms are made by it, and the gate knows by it which consents are asked. FRM-08, CNS-08.
-- Without settings of its own, so that the planner puts its body in place.

create or replace function app_private.templates_asked(draft app_public.appointments) returns setof app_public.form_templates
language sql stable
begin atomic
  select form_templates.*
  from app_public.form_templates
  where form_templates.organization_id = (draft).organization_id
    and form_templates.published
    and form_templates.id in (
      select service_forms.template_id from app_public.service_forms
      where service_forms.organization_id = (draft).organization_id and service_forms.service_id = (draft).service_id
      union all
      select calendar_forms.template_id from app_public.calendar_forms
      where calendar_forms.organization_id = (draft).organization_id and calendar_forms.calendar_id = (draft).calendar_id);
end;

comment on function app_private.templates_asked is 'The templates in use that service and calendar of an appointment ask for.';
grant execute on function app_private.templates_asked to app_engine;
-- end of source: functions/forms/templates_asked.sql

-- source: functions/forms/ask_forms.sql
-- Every form that the service or the calendar of an appointment asks for, once: a form of the patient that still counts, was made
-- ahead, or belonged to an appointment which fell through serves, else one is made. FRM-08. What was asked before stays asked.

create or replace function app_private.ask_forms(appointment app_public.appointments) returns void
language plpgsql volatile
set search_path = ''
as $$
declare
  v_template_id uuid;
  v_form_id uuid;
begin
  for v_template_id in
    select asked.id
    from app_private.templates_asked(appointment) as asked
    where not exists (
      select from app_public.appointment_forms as linked
      join app_public.forms on forms.organization_id = linked.organization_id and forms.id = linked.form_id
      where linked.organization_id = (appointment).organization_id and linked.appointment_id = (appointment).id
        and linked.template_id = asked.id
        -- Moved to a day on which an earlier form counts no more, it asks anew.
        and (forms.appointment_id = (appointment).id or forms.valid_until is null or forms.valid_until > (appointment).starts_at))
    order by asked.id
  loop
    v_form_id := coalesce(
      app_private.form_to_reuse(appointment, v_template_id),
      (app_private.make_form(
        (appointment).organization_id, (appointment).patient_profile_id, v_template_id, (appointment).locale, (appointment).id)).id);
    insert into app_public.appointment_forms (organization_id, appointment_id, template_id, form_id)
    values ((appointment).organization_id, (appointment).id, v_template_id, v_form_id)
    on conflict on constraint appointment_forms_pkey do update set form_id = excluded.form_id;
  end loop;
end;
$$;

comment on function app_private.ask_forms is
  'Links an appointment to the forms that its service and calendar ask for, and makes those that are not there.';
grant execute on function app_private.ask_forms to app_engine;

-- Whether what a template asks consent for now was asked by a signed form as well, and stands.
create or replace function app_private.consents_stand(form app_public.forms, template app_public.form_templates) returns boolean
language plpgsql stable
set search_path = ''
as $$
begin
  if exists (
    select
    from app_public.form_template_versions as latest
    join app_public.form_template_version_purposes as declared
      on declared.organization_id = latest.organization_id and declared.version_id = latest.id
    where latest.organization_id = (template).organization_id and latest.template_id = (template).id
      and latest.number = (template).version
      and not exists (
        select from app_public.form_template_version_purposes as signed
        where signed.organization_id = (form).organization_id and signed.version_id = (form).version_id
          and signed.purpose_version_id = declared.purpose_version_id)
  ) then
    return false;
  end if;
  return not exists (
    select
    from app_private.missing_consents((form).organization_id, (form).patient_id, array(
      select versions.purpose_code
      from app_public.form_template_version_purposes as signed
      join app_public.consent_purpose_versions as versions on versions.id = signed.purpose_version_id
      where signed.organization_id = (form).organization_id and signed.version_id = (form).version_id)));
end;
$$;

comment on function app_private.consents_stand is 'Whether every consent that a template asks for now was given by this form, and stands.';
grant execute on function app_private.consents_stand to app_engine;

-- The newest form of the patient that serves: final and valid on that day, made ahead, or left over from appointments that fell
-- through. Not one that lacks a consent which the template asks for now: that is asked again.
create or replace function app_private.form_to_reuse(appointment app_public.appointments, template_id uuid) returns uuid
language sql stable
set search_path = ''
as $$
  select forms.id
  from app_public.patients
  join app_public.forms on forms.organization_id = patients.organization_id and forms.patient_id = patients.id
  join app_public.form_templates
    on form_templates.organization_id = forms.organization_id and form_templates.id = forms.template_id
  join app_public.form_template_versions as versions
    on versions.organization_id = forms.organization_id and versions.id = forms.version_id
  where patients.organization_id = (appointment).organization_id
    and patients.patient_profile_id = (appointment).patient_profile_id
    and forms.template_id = form_to_reuse.template_id
    and forms.deleted_at is null
    and (
      forms.valid_until > (appointment).starts_at
        and (forms.status = 'signed' or forms.status = 'completed' and versions.signature_mode = 'none')
      or (forms.is_ahead or exists (
        select from app_public.appointment_forms as linked
        where linked.organization_id = forms.organization_id and linked.form_id = forms.id))
        and not exists (
          select
          from app_public.appointment_forms as linked
          join app_public.appointments as served
            on served.organization_id = linked.organization_id and served.id = linked.appointment_id
          where linked.organization_id = forms.organization_id and linked.form_id = forms.id
            and served.status not in ('cancelled', 'noshow') and served.deleted_at is null)
    )
    and (forms.status <> 'signed' or app_private.consents_stand(forms, form_templates))
  order by forms.valid_until > (appointment).starts_at desc nulls last, forms.created_at desc, forms.id desc
  limit 1
$$;

comment on function app_private.form_to_reuse is 'A form of the patient that serves an appointment as well; null where one has to be made.';
grant execute on function app_private.form_to_reuse to app_engine;

-- An appointment that went to another patient asks that patient; a form that nobody had touched goes, what was answered stays with
-- whom it was answered about.
create or replace function app_private.ask_forms_anew(appointment app_public.appointments) returns void
language plpgsql volatile
set search_path = ''
as $$
begin
  delete from app_public.appointment_forms as linked
  where linked.organization_id = (appointment).organization_id and linked.appointment_id = (appointment).id;
  update app_public.forms set deleted_at = app_hidden.now()
  where forms.organization_id = (appointment).organization_id and forms.appointment_id = (appointment).id
    and forms.patient_profile_id <> (appointment).patient_profile_id
    and forms.status = 'pending' and forms.deleted_at is null;
  perform app_private.ask_forms(appointment);
end;
$$;

comment on function app_private.ask_forms_anew is 'Takes the forms of an appointment away, and asks its new patient.';
grant execute on function app_private.ask_forms_anew to app_engine;
-- end of source: functions/forms/ask_forms.sql

-- source: functions/consents/template_that_captures.sql
-- By which form a patient can give a consent: the published template whose signature gives the version that counts now, or one
-- that still counts. FND-17, CNS-01. Of several the one that has been there longest, so that everybody is told the same.

create or replace function app_private.template_that_captures(organization_id uuid, version_id uuid) returns uuid
language sql stable
set search_path = ''
begin atomic
  select form_templates.id
  from app_public.consent_purpose_versions as asked
  join app_public.consent_purpose_versions as given
    on given.scope_id = asked.scope_id and given.purpose_code = asked.purpose_code and given.number >= asked.accepts_from
  join app_public.form_template_version_purposes as declared
    on declared.organization_id = template_that_captures.organization_id
    and declared.purpose_scope_id = given.scope_id and declared.purpose_version_id = given.id
  join app_public.form_template_versions as latest
    on latest.organization_id = declared.organization_id and latest.id = declared.version_id
  join app_public.form_templates
    on form_templates.organization_id = latest.organization_id and form_templates.id = latest.template_id
    and form_templates.version = latest.number and form_templates.published
  where asked.id = template_that_captures.version_id
  order by form_templates.created_at, form_templates.id
  limit 1;
end;

comment on function app_private.template_that_captures is
  'The published template of the clinic whose signature gives this version of a consent; null where none does.';
grant execute on function app_private.template_that_captures to app_engine;
-- end of source: functions/consents/template_that_captures.sql

-- source: functions/consents/hold_consents.sql
-- The gate without its refusal: which of these consents stand, and that they go on standing until the transaction ends.
-- FND-17, CNS-08.
-- Two locks, always in this order. The patient, for share, as bookings take it: withdrawals take it first, so whoever asks for
-- several purposes meets them nowhere else. Then the answers that stand, for share, in the order of their ids: a withdrawal
-- stamps them after us. One statement each, however many purposes there are.

create or replace function app_private.hold_consents(organization_id uuid, patient_profile_id uuid, purposes text[]) returns text[]
language plpgsql volatile
set search_path = ''
as $$
declare
  v_held text[];
begin
  perform from app_public.patients
  where patients.organization_id = hold_consents.organization_id
    and patients.patient_profile_id = hold_consents.patient_profile_id
    and patients.deleted_at is null
  for share;
  if not found then
    return '{}';
  end if;

  select array_agg(distinct held.purpose_code) into v_held
  from (
    select consents.purpose_code
    from app_public.consents
    join app_public.consent_purpose_versions as given
      on given.scope_id = consents.version_scope_id and given.id = consents.purpose_version_id
    -- "offset 0" keeps the planner from asking once for each column that is read.
    cross join lateral (
      select app_private.current_consent_version(hold_consents.organization_id, consents.purpose_code) as version offset 0
    ) as asked
    where consents.organization_id = hold_consents.organization_id
      and consents.patient_profile_id = hold_consents.patient_profile_id
      and consents.purpose_code = any (hold_consents.purposes)
      -- The index of what stands leaves withdrawn answers unread, however many there are.
      and consents.decision = 'granted'
      and consents.withdrawn_at is null
      and app_private.consent_stands(consents, given, asked.version)
    order by consents.id
    for share of consents
  ) as held;
  return coalesce(v_held, '{}');
end;
$$;

comment on function app_private.hold_consents is
  'Which of these purposes a patient''s consent stands for; locks those until the transaction ends, so that a withdrawal comes after.';
grant execute on function app_private.hold_consents to app_engine;
-- end of source: functions/consents/hold_consents.sql

-- source: functions/forms/make_forms_ahead.sql
-- Forms before the appointment: those that it will ask for, and those whose signature gives a consent without which it cannot be
-- booked. The appointment takes them as it is made (form_to_reuse). Told twice, it makes nothing twice. FRM-08, APT-06, APT-09.
-- Two at once for one patient: the second finds what the first made.

create or replace function app_private.make_forms_ahead(draft app_public.appointments) returns void
language plpgsql volatile
set search_path = ''
as $$
declare
  v_patient_id uuid := (
    select patients.id from app_public.patients
    where patients.organization_id = draft.organization_id and patients.patient_profile_id = draft.patient_profile_id);
begin
  perform pg_advisory_xact_lock(hashtextextended('forms_ahead:' || v_patient_id, 0));
  perform app_private.make_form(
    draft.organization_id, draft.patient_profile_id, asked.id, draft.locale, is_ahead => true)
  from app_private.templates_asked(draft) as asked
  where app_private.form_to_reuse(draft, asked.id) is null
  order by asked.id;

  perform app_private.make_form(
    draft.organization_id, draft.patient_profile_id, capturing.template_id, draft.locale, is_ahead => true)
  from (
    select distinct app_private.template_that_captures(draft.organization_id, missing.version_id) as template_id
    from app_private.missing_consents(draft.organization_id, v_patient_id, app_private.consents_asked(draft)) as missing
    where app_private.form_that_captures(draft.organization_id, v_patient_id, missing.version_id) is null
  ) as capturing
  where capturing.template_id is not null
  order by capturing.template_id;
end;
$$;

comment on function app_private.make_forms_ahead is
  'Makes the forms that an appointment of this draft would ask for or be refused without, where the patient has none.';
grant execute on function app_private.make_forms_ahead to app_engine;

-- An open form whose signature gives a consent that counts now.
create or replace function app_private.form_that_captures(organization_id uuid, patient_id uuid, version_id uuid) returns uuid
language sql stable
set search_path = ''
begin atomic
  select forms.id
  from app_public.forms
  join app_public.form_template_version_purposes as declared
    on declared.organization_id = forms.organization_id and declared.version_id = forms.version_id
  join app_public.consent_purpose_versions as given
    on given.scope_id = declared.purpose_scope_id and given.id = declared.purpose_version_id
  join app_public.consent_purpose_versions as asked
    on asked.scope_id = given.scope_id and asked.purpose_code = given.purpose_code and given.number >= asked.accepts_from
  where asked.id = form_that_captures.version_id
    and forms.organization_id = form_that_captures.organization_id
    and forms.patient_id = form_that_captures.patient_id
    and forms.status <> 'signed'
    and forms.deleted_at is null
  order by forms.created_at desc, forms.id desc
  limit 1;
end;

comment on function app_private.form_that_captures is
  'A form of the patient that is not signed yet and whose signature gives this version of a consent; null where there is none.';
grant execute on function app_private.form_that_captures to app_engine;
-- end of source: functions/forms/make_forms_ahead.sql

-- source: functions/appointments/what_is_missing.sql
-- What an appointment asks of its patient that is not there yet, and what resolves each: the one list that bookings, confirmations
-- and screens go by. It locks nothing: whoever writes by it asks hold_requirements(). APT-06, CNS-08, docs/decisions/0114.

-- The consents: terms and notice where the clinic has words of its own that it requires; treatments that the forms of service and
-- calendar declare; telemedicine where the two do not meet.
create or replace function app_private.consents_asked(draft app_public.appointments) returns text[]
language sql stable
set search_path = ''
begin atomic
  select array(
    select version.purpose_code
    from unnest('{org_terms,privacy_notice}'::text[]) as terms (code)
    cross join lateral app_private.current_consent_version((draft).organization_id, terms.code) as version
    where version.organization_id = (draft).organization_id and version.is_required
    union
    select versions.purpose_code
    from app_private.templates_asked(draft) as asked
    join app_public.form_template_versions as latest
      on latest.organization_id = asked.organization_id and latest.template_id = asked.id and latest.number = asked.version
    join app_public.form_template_version_purposes as declared
      on declared.organization_id = latest.organization_id and declared.version_id = latest.id
    join app_public.consent_purpose_versions as versions
      on versions.scope_id = declared.purpose_scope_id and versions.id = declared.purpose_version_id
    where starts_with(versions.purpose_code, 'treatment_specific_')
    union
    select 'telemedicine' where (draft).modality <> 'in_person');
end;

comment on function app_private.consents_asked is 'The purposes that the patient of an appointment has to have consented to, by their codes.';
grant execute on function app_private.consents_asked to app_engine;

-- Of a draft that is no appointment yet the forms are those that it would ask for.
create or replace function app_private.forms_missing(draft app_public.appointments)
returns table (template_id uuid, form_id uuid, status text)
language sql stable
set search_path = ''
begin atomic
  select asked.template_id, forms.id, coalesce(forms.status, 'pending')
  from (
    select linked.template_id, linked.form_id
    from app_public.appointment_forms as linked
    where linked.organization_id = (draft).organization_id and linked.appointment_id = (draft).id
    union all
    select template.id, app_private.form_to_reuse(draft, template.id)
    from app_private.templates_asked(draft) as template
    where (draft).id is null
  ) as asked
  left join app_public.forms
    on forms.organization_id = (draft).organization_id and forms.id = asked.form_id and forms.deleted_at is null
  left join app_public.form_template_versions as versions
    on versions.organization_id = forms.organization_id and versions.id = forms.version_id
  where (forms.status = 'signed' or forms.status = 'completed' and versions.signature_mode = 'none') is not true
  order by asked.template_id;
end;

comment on function app_private.forms_missing is
  'Forms that an appointment asks for and that are not complete, or not signed where they want a signature.';
grant execute on function app_private.forms_missing to app_engine;

create or replace function app_private.what_is_missing(draft app_public.appointments, stage text, purposes text[])
returns setof app_public.missing_requirement
language sql stable
set search_path = ''
begin atomic
  select 'blocked', null, null::int, null::uuid, blocks.reason, null::uuid, null::uuid, blocks.until, 'clinic'
  from app_private.standing_block((draft).organization_id, (draft).patient_profile_id) as blocks
  where coalesce(stage, 'booked') = 'booked' and blocks.id is not null
  union all
  (
    select case when missing.is_medical then 'consent' else 'terms' end, missing.purpose, missing.version, missing.version_id,
      missing.reason, app_private.template_that_captures((draft).organization_id, missing.version_id),
      app_private.form_that_captures((draft).organization_id, patients.id, missing.version_id), null,
      case when missing.is_medical then 'form' else 'self' end
    from app_public.patients
    cross join lateral app_private.missing_consents((draft).organization_id, patients.id, what_is_missing.purposes) as missing
    where patients.organization_id = (draft).organization_id and patients.patient_profile_id = (draft).patient_profile_id
      and cardinality(what_is_missing.purposes) > 0
    order by missing.is_medical, missing.purpose
  )
  union all
  select 'form', null, null, null, forms.status, forms.template_id, forms.form_id, null, 'form'
  from app_private.forms_missing(draft) as forms
  where coalesce(stage, 'confirmed') = 'confirmed';
end;

comment on function app_private.what_is_missing is
  'What of these purposes, and of what else the stage (booked, confirmed, inprogress; null: all) asks for, is not there, each with '
  'what resolves it.';
grant execute on function app_private.what_is_missing to app_engine;

-- The list, and that what is not on it stays so until the transaction ends. The caller has locked the patient for share, which
-- withdrawals and blocks wait for; then come the answers, in the order of their ids. Forms need no lock: one that is opened
-- again after the confirmation is as good as opened again after it was told.
create or replace function app_private.hold_requirements(draft app_public.appointments, stage text)
returns setof app_public.missing_requirement
language plpgsql volatile
set search_path = ''
as $$
declare
  v_purposes text[] := app_private.consents_asked(draft);
  v_held text[] := '{}';
begin
  if v_purposes <> '{}' then
    v_held := app_private.hold_consents(draft.organization_id, draft.patient_profile_id, v_purposes);
  end if;
  return query select * from app_private.what_is_missing(
    draft, stage, array(select asked from unnest(v_purposes) as asked where asked <> all (v_held)));
end;
$$;

comment on function app_private.hold_requirements is
  'What is missing for a stage of an appointment; the consents that are there are locked until the transaction ends.';
grant execute on function app_private.hold_requirements to app_engine;
-- end of source: functions/appointments/what_is_missing.sql

-- source: functions/appointments/booking_gate.sql
-- The gate: what a patient has to have done before the clinic books for them, confirms, and begins. Asked in the transaction that
-- writes, so no way in goes round it; what is missing is told all at once. APT-06, CNS-08, docs/decisions/0114.

-- At booking, by book() and by whatever changes calendar, service or modality; the caller has locked the patient. A block gives way
-- to staff with a reason, which is kept with the appointment beside the other rules that were set aside.
create or replace function app_private.booking_gate(draft app_public.appointments) returns text[]
language plpgsql volatile
set search_path = ''
as $$
declare
  v_missing app_public.missing_requirement[] := array(
    select missing from app_private.hold_requirements(draft, 'booked') as missing);
  v_rules text[] := '{}';
begin
  if v_missing = '{}' then
    return v_rules;
  end if;
  if v_missing[1].kind = 'blocked' and app_private.may_override(draft.organization_id, draft.override_reason) then
    v_missing := v_missing[2:];
    v_rules := '{blocked}';
  end if;
  perform app_private.refuse_unready(v_missing);
  return v_rules;
end;
$$;

comment on function app_private.booking_gate is
  'NOT_READY for a booking that the patient is not ready for, with all that is missing; else the rules that the reason of staff set aside.';
grant execute on function app_private.booking_gate to app_engine;

-- A draft behind the gate, with the rules that the reason of staff set aside; without such rules the reason is not kept.
create or replace function app_private.pass_gate(draft app_public.appointments) returns app_public.appointments
language plpgsql volatile
set search_path = ''
as $$
begin
  draft.overridden_rules := nullif(coalesce(draft.overridden_rules, '{}') || app_private.booking_gate(draft), '{}');
  draft.override_reason := case when draft.overridden_rules is not null then btrim(draft.override_reason) end;
  return draft;
end;
$$;

comment on function app_private.pass_gate is 'The draft, when the patient is ready for it, with the rules that gave way; NOT_READY otherwise.';
grant execute on function app_private.pass_gate to app_engine;

-- As it moves on: confirmed asks for the forms as well; inprogress does not, since whoever is there is treated.
create or replace function app_private.appointment_gate(appointment app_public.appointments, stage text) returns void
language plpgsql volatile
set search_path = ''
as $$
begin
  perform app_private.refuse_unready(array(
    select missing from app_private.hold_requirements(appointment, stage) as missing));
end;
$$;

comment on function app_private.appointment_gate is
  'NOT_READY with all that is missing for an appointment to be confirmed or begun; the caller has locked the patient.';
grant execute on function app_private.appointment_gate to app_engine;

create or replace function app_private.refuse_unready(missing app_public.missing_requirement[]) returns void
language plpgsql stable
set search_path = ''
as $$
begin
  if missing = '{}' then
    return;
  end if;
  perform app_hidden.refuse(
    'NOT_READY',
    case when missing[1].kind = 'blocked' then 'booking_blocked' else 'requirements_missing' end,
    jsonb_build_object('missing', (
      select jsonb_agg(jsonb_strip_nulls(jsonb_build_object(
        'kind', one.kind, 'purpose', one.purpose, 'version', one.version, 'versionId', one.version_id, 'reason', one.reason,
        'templateId', one.template_id, 'formId', one.form_id, 'until', one.until, 'resolvedBy', one.resolved_by))
        order by one.place)
      from unnest(missing) with ordinality as one
        (kind, purpose, version, version_id, reason, template_id, form_id, until, resolved_by, place))));
end;
$$;

comment on function app_private.refuse_unready is 'NOT_READY with a list of what is missing; nothing where nothing is.';
grant execute on function app_private.refuse_unready to app_engine;
-- end of source: functions/appointments/booking_gate.sql

-- source: functions/appointments/use_session.sql
-- A session of a plan is used for an appointment, whatever brings it about: booking, another service, another patient,
-- reinstating. It is numbered as the least that no other appointment of the plan has, so a session that was given back is the
-- next one again. CAT-04.

create or replace function app_private.use_session(draft app_public.appointments) returns app_public.appointments
language plpgsql volatile
set search_path = ''
as $$
declare
  v_debit app_public.entitlement_entries := app_private.debit_entitlement(
    draft.organization_id, draft.patient_profile_id, 'sessions', 'appointment', draft.id, draft.service_id, draft.starts_at,
    draft.patient_service_plan_id);
begin
  select patient_entitlements.patient_service_plan_id into strict draft.patient_service_plan_id
  from app_public.patient_entitlements
  where patient_entitlements.organization_id = v_debit.organization_id
    and patient_entitlements.id = v_debit.patient_entitlement_id;

  with used as (
    select appointments.plan_session_number as number
    from app_public.appointments
    where appointments.organization_id = draft.organization_id
      and appointments.patient_service_plan_id = draft.patient_service_plan_id
      and appointments.plan_session_number is not null
      and appointments.id <> draft.id
  )
  select min(free.number) into strict draft.plan_session_number
  from (select 1 as number union all select used.number + 1 from used) as free
  where not exists (select from used where used.number = free.number);
  draft.price_amount := 0;
  return draft;
end;
$$;

comment on function app_private.use_session is
  'An appointment with the plan it is by, the number of the session, and nothing to pay; the caller writes it. '
  'ENTITLEMENT_EXHAUSTED when there is no session for it.';
grant execute on function app_private.use_session to app_engine;
-- end of source: functions/appointments/use_session.sql

-- source: functions/appointments/book.sql
-- The one place where an appointment is made, whoever books: a patient what they held, front desk directly, the clinic that
-- confirms a request. The verb has authorized, locked the patient, and brings the claim, which is an appointment's already,
-- with what only it knows: the patient, the request, a contact that is not the patient's own, a plan, rules that were set aside.
-- What follows from calendar, service, patient and clinic is filled here, and stays as it is at this moment: the price,
-- and what the clinic's policy promises. Turns before plans, as whatever gives both back. APT-01, APT-02, APT-03, CAT-04.

create or replace function app_private.book(
  claim app_private.time_claims,
  draft app_public.appointments,
  use_plan boolean default null
) returns app_public.appointments
language plpgsql volatile
set search_path = ''
as $$
declare
  v_from_request boolean := draft.booking_request_id is not null;
  v_appointment app_public.appointments;
begin
  select
    coalesce(draft.id, uuidv7()), claim.organization_id, calendars.id, services.id, claim.specialist_id, claim.id,
    lower(claim.during), upper(claim.during), calendars.modality,
    coalesce(draft.price_amount, calendars.price_amount, services.price_amount), coalesce(draft.currency, services.currency),
    case when v_from_request then draft.contact_email else profile.email end,
    case when v_from_request then draft.contact_name else profile.given_name || ' ' || profile.family_name end,
    case when v_from_request then draft.locale else profile.locale end,
    case when v_from_request then draft.organizer_email else organizations.contact_email end,
    coalesce(policy.cancel_minutes, 0), coalesce(policy.late_cancel, 'allowed'), coalesce(policy.late_cancel_session, 'kept'),
    coalesce(policy.reschedule_minutes, 0), policy.reschedule_limit, coalesce(policy.no_show_session, 'kept')
  into strict
    draft.id, draft.organization_id, draft.calendar_id, draft.service_id, draft.specialist_id, draft.claim_id,
    draft.starts_at, draft.ends_at, draft.modality,
    draft.price_amount, draft.currency,
    draft.contact_email, draft.contact_name, draft.locale, draft.organizer_email,
    draft.cancel_minutes, draft.late_cancel, draft.late_cancel_session,
    draft.reschedule_minutes, draft.reschedule_limit, draft.no_show_session
  from app_public.calendars
  join app_public.services on services.organization_id = calendars.organization_id and services.id = calendars.service_id
  join app_public.organizations on organizations.id = calendars.organization_id
  join app_public.patient_profiles as profile on profile.id = draft.patient_profile_id
  left join app_public.booking_policies as policy
    on policy.organization_id = calendars.organization_id
    and case when calendars.booking_policy_id is null then policy.is_default else policy.id = calendars.booking_policy_id end
  where calendars.organization_id = claim.organization_id and calendars.id = claim.calendar_id;

  draft := app_private.pass_gate(draft);
  perform app_private.count_assignment(claim.id);
  draft.patient_service_plan_id := app_private.choose_plan(draft, use_plan);
  if use_plan or draft.patient_service_plan_id is not null then
    draft := app_private.use_session(draft);
  end if;

  insert into app_public.appointments (
    id, organization_id, patient_profile_id, calendar_id, service_id, specialist_id, booking_request_id, claim_id,
    starts_at, ends_at, modality, price_amount, currency, contact_email, contact_phone, contact_name, locale,
    organizer_email, created_by, override_reason, overridden_rules, cancel_minutes, late_cancel, late_cancel_session,
    reschedule_minutes, reschedule_limit, no_show_session, patient_service_plan_id, plan_session_number, series_id
  ) values (
    draft.id, draft.organization_id, draft.patient_profile_id, draft.calendar_id, draft.service_id, draft.specialist_id,
    draft.booking_request_id, draft.claim_id, draft.starts_at, draft.ends_at, draft.modality, draft.price_amount,
    draft.currency, draft.contact_email, draft.contact_phone, draft.contact_name, draft.locale,
    draft.organizer_email, app_private.current_actor_id(), draft.override_reason, draft.overridden_rules,
    draft.cancel_minutes, draft.late_cancel, draft.late_cancel_session, draft.reschedule_minutes, draft.reschedule_limit,
    draft.no_show_session, draft.patient_service_plan_id, draft.plan_session_number, draft.series_id
  )
  returning * into v_appointment;
  return v_appointment;
end;
$$;

comment on function app_private.book is
  'Makes an appointment of a claim and a draft: fills in what follows from calendar, service and clinic, asks the gate, '
  'counts the turn, uses a session of a plan. The caller has authorized and locked the patient.';
grant execute on function app_private.book to app_engine;
-- end of source: functions/appointments/book.sql

-- source: functions/scheduling/settle_sessions.sql
-- A group session is there as long as somebody has a seat: it goes with the last one, and expires when all that is left are
-- holds that do. SCH-02. A step of verbs that have locked the days.

create or replace function app_private.settle_sessions(session_ids uuid[]) returns void
language plpgsql volatile
set search_path = ''
as $$
begin
  update app_private.time_claims as session
  set expires_at = seats.expires_at,
      released_at = case when seats.taken = 0 then app_hidden.now() end
  from (
    select s.id, count(seat.id) as taken,
      case when bool_and(seat.expires_at is not null) then max(seat.expires_at) end as expires_at
    from app_private.time_claims as s
    left join app_private.time_claims as seat
      on seat.organization_id = s.organization_id and seat.session_id = s.id and seat.released_at is null
    where s.id = any (settle_sessions.session_ids)
    group by s.id
  ) as seats
  where session.id = seats.id and session.released_at is null;
  delete from app_private.resource_claims as rc
  using app_private.time_claims as session
  where session.id = any (settle_sessions.session_ids) and session.released_at is not null and rc.claim_id = session.id;
end;
$$;

comment on function app_private.settle_sessions is
  'Ends sessions in which no seat is taken, with their rooms, and sets when the others expire.';

grant execute on function app_private.settle_sessions to app_engine;
-- end of source: functions/scheduling/settle_sessions.sql

-- source: functions/scheduling/convert_claim.sql
-- The held time becomes a request or an appointment, the requested time an appointment: the same claim, so nobody can
-- slip in between. SCH-06, APT-09.

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
    perform app_hidden.refuse('STATE', 'claim_not_convertible', jsonb_build_object('kind', convert_claim.kind));
  end if;
  if v_claim.session_id is not null then
    perform app_private.settle_sessions(array[v_claim.session_id]);
  end if;
  return v_claim;
end;
$$;

comment on function app_private.convert_claim is
  'Turns a hold into a request or an appointment, a request into an appointment. It no longer expires. '
  'The caller has the claim from take_hold, which has checked that a hold is alive.';

grant execute on function app_private.convert_claim to app_engine;
-- end of source: functions/scheduling/convert_claim.sql

-- source: functions/idempotency/recalled.sql
-- What was answered to this idempotency key before, with nothing claimed: for a mutation that leaves SQL, which asks before it
-- seals or calls anybody. What it writes in the end begins with remembered() all the same. FND-26.

create or replace function app_private.recalled(operation text, arguments jsonb) returns jsonb
language plpgsql volatile
set search_path = ''
as $$
declare
  v_known app_private.remembered_mutations;
begin
  select known.* into v_known
  from app_private.remembered_mutations as known
  where known.request_digest = app_private.under_idempotency_key('request', recalled.operation)
    and known.created_at > app_hidden.now() - interval '24 hours';
  if not found then
    return null;
  end if;
  if app_hidden.current_principal_id() is not null and app_hidden.current_account_id() is null then
    perform app_hidden.refuse('UNAUTHENTICATED', 'account_disabled');
  end if;
  if v_known.arguments_digest <> app_private.under_idempotency_key(
    'arguments', recalled.operation, recalled.arguments::text) then
    perform app_hidden.refuse(
      'IDEMPOTENCY_MISMATCH', 'idempotency_key_reused', jsonb_build_object('header', 'Idempotency-Key'));
  elsif v_known.response is null then
    raise exception 'remembered: % claimed a key and never called remember()', recalled.operation;
  end if;
  return extensions.pgp_sym_decrypt(
    v_known.response, encode(app_private.under_idempotency_key('response', recalled.operation), 'hex'))::jsonb;
end;
$$;

comment on function app_private.recalled is
  'The first answer to this caller''s idempotency key for this operation, null when there is none within a day. IDEMPOTENCY_MISMATCH '
  'when the arguments are others than the first time.';
grant execute on function app_private.recalled to app_engine;
-- end of source: functions/idempotency/recalled.sql

-- source: functions/idempotency/remembered.sql
-- The first line of every verb that creates money, bookings or messages: what it answered to this idempotency key
-- before. Null means: go on, nobody did this yet, and end with remember(). FND-26.
-- The key is claimed by an insert in the verb's own transaction. A second request with the key waits for the first, and
-- then reads its answer; when the first is rolled back its claim goes with it, and the second goes on.
-- What is remembered opens nothing by itself: a verb that got an answer here asks, before it gives it, for the rights
-- that it asks for when it does the thing (a lint looks). A closed account gets none, whatever the verb.

create or replace function app_private.remembered(operation text, arguments jsonb) returns jsonb
language plpgsql volatile
set search_path = ''
as $$
declare
  v_request bytea;
  v_arguments bytea;
begin
  if nullif(current_setting('app.idempotency_key', true), '') is null then
    return null;
  end if;

  v_request := app_private.under_idempotency_key('request', remembered.operation);
  -- jsonb has one text for one value, whatever order its keys came in.
  v_arguments := app_private.under_idempotency_key('arguments', remembered.operation, remembered.arguments::text);

  insert into app_private.remembered_mutations as known (request_digest, operation, arguments_digest, created_at)
  values (v_request, remembered.operation, v_arguments, app_hidden.now())
  on conflict on constraint remembered_mutations_pkey do update
    set arguments_digest = excluded.arguments_digest, response = null, created_at = excluded.created_at
    where known.created_at <= excluded.created_at - interval '24 hours';
  if found then
    return null;
  end if;

  return app_private.recalled(remembered.operation, remembered.arguments);
end;
$$;

comment on function app_private.remembered is
  'The first answer to this caller''s idempotency key for this operation; null when there is no key, or none such within '
  'a day, and then the key is claimed. IDEMPOTENCY_MISMATCH when the arguments are others than the first time.';

grant execute on function app_private.remembered to app_engine;
-- end of source: functions/idempotency/remembered.sql

-- source: functions/scheduling/refuse_rule.sql
-- The one way to say which rule keeps a time from being booked, whoever asks: list and hold, book and confirm. SCH-05,
-- SCH-06.

create or replace function app_private.refuse_rule(rule text, calendar_id uuid, starts_at timestamptz) returns void
language plpgsql stable
set search_path = ''
as $$
declare
  v_details jsonb := jsonb_build_object('rule', rule, 'calendarId', refuse_rule.calendar_id, 'startsAt', refuse_rule.starts_at);
begin
  if rule = 'taken' then
    perform app_private.refuse_taken(refuse_rule.calendar_id, refuse_rule.starts_at);
  end if;
  if rule = 'no_resource' then
    perform app_hidden.refuse('SLOT_TAKEN', 'no_resource', v_details - 'rule');
  end if;
  if rule in ('clinic_draft', 'calendar_inactive', 'calendar_private', 'service_inactive', 'specialist_inactive',
              'not_in_calendar', 'not_providing_service') then
    perform app_hidden.refuse('GONE', rule, v_details);
  end if;
  -- A start that is none is bad input; what was there and is switched off is over.
  if rule in ('in_the_past', 'inside_notice', 'beyond_horizon', 'outside_hours', 'closed', 'off_the_grid') then
    perform app_hidden.refuse('VALIDATION', rule, v_details);
  end if;
  perform app_hidden.refuse('VALIDATION', 'no_specialist', v_details);
end;
$$;

comment on function app_private.refuse_rule is
  'Refuses a start: SLOT_TAKEN, GONE for what is switched off, else VALIDATION; the reason is the rule.';

grant execute on function app_private.refuse_rule to app_engine;
-- end of source: functions/scheduling/refuse_rule.sql

-- source: functions/scheduling/seats_taken.sql
-- How full a group session is: seats of holds that are alive, of requests and of appointments. SCH-02.

create or replace function app_private.seats_taken(organization_id uuid, session_id uuid, own_claim_id uuid) returns int
language sql stable
set search_path = ''
begin atomic
  select count(*)::int
  from app_private.time_claims as seat
  where seat.organization_id = seats_taken.organization_id
    and seat.session_id = seats_taken.session_id
    and seat.released_at is null
    and (seat.expires_at is null or seat.expires_at > app_hidden.now())
    and seat.id is distinct from seats_taken.own_claim_id;
end;

comment on function app_private.seats_taken is 'Seats of a session that somebody has, apart from the holder who asks.';

grant execute on function app_private.seats_taken to app_engine;
-- end of source: functions/scheduling/seats_taken.sql

-- source: functions/scheduling/timetables.sql
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
-- end of source: functions/scheduling/timetables.sql

-- source: functions/scheduling/verdicts.sql
-- What the rules say about one start, specialist by specialist: every rule that forbids it, in the order in which they
-- are told; none where it can be booked. Reads the same timetables as the listing; a property test holds the two
-- together. SCH-05, SCH-06.
-- Plain SQL without settings of its own, so that PostgreSQL inlines it into its callers.

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
      case when t.taken @> verdicts.starts_at then 'taken' end,
      case when t.unequipped @> verdicts.starts_at then 'no_resource' end], null)
  from app_private.timetables(
    verdicts.calendar_id, verdicts.starts_at, verdicts.starts_at + interval '1 microsecond', verdicts.specialist_id,
    false, verdicts.own_claim_id, verdicts.own_length, verdicts.asked_at) as t;
end;

comment on function app_private.verdicts is
  'For each specialist of a calendar, the rules that keep a start from being booked. A claim that exists asks with its '
  'id, its length and when it was made.';

grant execute on function app_private.verdicts to app_engine;
-- end of source: functions/scheduling/verdicts.sql

-- source: functions/scheduling/require_bookable.sql
-- The predicate of the listing, asked again of a time that is kept already: between the hold and the booking, or the
-- request and its confirmation, somebody may have closed the day, switched off the calendar, or let the start pass. SCH-06,
-- APT-01, APT-09.
-- The claim keeps its length, and its notice counts from when it was made: whoever fills the form for five minutes does
-- not come too late by them. Whether it is taken is the exclusion constraint's to say, under which the claim stands, and
-- the room that it has it keeps.
-- An override needs the permission and a reason; the caller records both. It sets aside everything but another claim, a
-- past longer than an hour (a walk-in is written down when there is time), and what is removed.

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
    || (select array_remove(array_remove(v.rules, 'taken'), 'no_resource')
        from app_private.verdicts(
          claim.calendar_id, lower(claim.during), claim.specialist_id, claim.id,
          upper(claim.during) - lower(claim.during), claim.created_at) as v),
    null);
  if app_private.may_override(claim.organization_id, override_reason) then
    -- Asked here, because of a specialist who is switched off the verdicts say nothing.
    v_rule := case when lower(claim.during) < app_hidden.now() - interval '1 hour' then 'in_the_past' end;
  else
    v_rule := v_rules[1];
  end if;
  if v_rule is not null then
    perform app_private.refuse_rule(v_rule, claim.calendar_id, lower(claim.during));
  end if;
  return v_rules;
end;
$$;

comment on function app_private.require_bookable is
  'Asks the rules again of a claim that is kept, as the public or as staff; refuses with the first one broken. With a '
  'reason of somebody who may override: the rules that were set aside.';

grant execute on function app_private.require_bookable to app_engine;
-- end of source: functions/scheduling/require_bookable.sql

-- source: functions/scheduling/lock_clinic_resources.sql
-- What is free of a clinic's rooms and equipment is looked for, and taken, by one booking at a time: then what is free stays
-- free until it is taken, and nobody waits for a room that somebody else has in hand. SCH-11.

create or replace function app_private.lock_clinic_resources(organization_id uuid) returns void
language sql volatile
set search_path = ''
begin atomic
  select pg_advisory_xact_lock(hashtextextended('resources:' || lock_clinic_resources.organization_id, 0));
end;

comment on function app_private.lock_clinic_resources is 'Locks the rooms and equipment of a clinic until the transaction ends; before its days.';

grant execute on function app_private.lock_clinic_resources to app_engine;
-- end of source: functions/scheduling/lock_clinic_resources.sql

-- source: functions/scheduling/needs_resources.sql
-- Whether a booking takes rooms or equipment: most calendars need none, and nothing of theirs is locked. SCH-11.

create or replace function app_private.needs_resources(organization_id uuid, calendar_id uuid) returns boolean
language sql stable
set search_path = ''
begin atomic
  select exists (
    select from app_public.calendar_resources as cr
    where cr.organization_id = needs_resources.organization_id and cr.calendar_id = needs_resources.calendar_id);
end;

comment on function app_private.needs_resources is
  'Whether a calendar needs rooms or equipment. Then lock_clinic_resources, before the days.';

grant execute on function app_private.needs_resources to app_engine;
-- end of source: functions/scheduling/needs_resources.sql

-- source: functions/scheduling/leave.sql
-- A claim leaves its time for another one: its seat, its rooms, and the session that nobody else is in. SCH-02, SCH-11.
-- A step of verbs that have locked the days and take another time in the same transaction.

create or replace function app_private.leave(claim app_private.time_claims) returns void
language plpgsql volatile
set search_path = ''
as $$
begin
  delete from app_private.resource_claims as rc where rc.claim_id = claim.id;
  if claim.session_id is not null then
    update app_private.time_claims as tc set released_at = app_hidden.now() where tc.id = claim.id and tc.released_at is null;
    perform app_private.settle_sessions(array[claim.session_id]);
  end if;
end;
$$;

comment on function app_private.leave is
  'Frees the rooms and the seat of a claim, without telling anybody. Call occupy after it.';

grant execute on function app_private.leave to app_engine;
-- end of source: functions/scheduling/leave.sql

-- source: functions/scheduling/free_resources.sql
-- Of each type that a calendar needs, the first by name that is free for a span: what an expired hold has is free. SCH-11.
-- The caller has locked the clinic's resources.

create or replace function app_private.free_resources(organization_id uuid, calendar_id uuid, span tstzrange) returns uuid[]
language plpgsql volatile
set search_path = ''
as $$
declare
  v_ids uuid[];
begin
  select array_agg(chosen.id order by cr.type)
  into v_ids
  from app_public.calendar_resources as cr
  left join lateral (
    select r.id
    from app_public.resources as r
    where r.organization_id = cr.organization_id and r.type = cr.type and r.is_active and r.deleted_at is null
      and (cr.resource_id is null or r.id = cr.resource_id)
      and not exists (
        select
        from app_private.resource_claims as rc
        join app_private.time_claims as tc on tc.organization_id = rc.organization_id and tc.id = rc.claim_id
        where rc.resource_id = r.id and rc.blocked && free_resources.span
          and (tc.expires_at is null or tc.expires_at > app_hidden.now()))
    order by r.name, r.id
    limit 1
  ) as chosen on true
  where cr.organization_id = free_resources.organization_id and cr.calendar_id = free_resources.calendar_id;
  return case when array_position(v_ids, null) is null then v_ids end;
end;
$$;

comment on function app_private.free_resources is
  'One free resource for each need of a calendar; null when one is missing.';

grant execute on function app_private.free_resources to app_engine;
-- end of source: functions/scheduling/free_resources.sql

-- source: functions/scheduling/let_go.sql
-- Time becomes free again, and whoever watches is told, once. A step of verbs that have locked the days. SCH-06.
-- Rooms and equipment go with it; a session goes with its last seat. SCH-02, SCH-11.

create or replace function app_private.let_go(claim_ids uuid[]) returns int
language plpgsql volatile
set search_path = ''
as $$
declare
  v_released int;
  v_session_ids uuid[];
begin
  with released as (
    update app_private.time_claims as tc
    set released_at = app_hidden.now()
    where tc.id = any (claim_ids) and tc.released_at is null
    returning tc.*
  )
  select count(app_private.publish_released(released)), array_agg(released.session_id) filter (where released.session_id is not null)
  into v_released, v_session_ids
  from released;
  if v_released > 0 then
    delete from app_private.resource_claims as rc where rc.claim_id = any (claim_ids);
  end if;
  if v_session_ids is not null then
    perform app_private.settle_sessions(v_session_ids);
  end if;
  return v_released;
end;
$$;

comment on function app_private.let_go is
  'Releases claims whose days the caller has locked, and publishes slot.released for each; how many were not free already.';

grant execute on function app_private.let_go to app_engine;
-- end of source: functions/scheduling/let_go.sql

-- source: functions/scheduling/release_expired_holds.sql
-- An expired hold is free to everybody who lists, but still trips the exclusion constraint, because now() cannot stand
-- in its predicate. Whoever finds one in the way releases it. SCH-06.
-- The caller has locked the days of the span. What somebody has locked all the same is being tidied by the worker.

create or replace function app_private.release_expired_holds(specialist_id uuid, span tstzrange) returns int
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
      and tc.kind = 'hold'
      and tc.expires_at <= app_hidden.now()
    order by tc.id
    for update skip locked));
end;
$$;

comment on function app_private.release_expired_holds is
  'Releases expired holds of a specialist that are in the way of a span, and says how many.';

grant execute on function app_private.release_expired_holds to app_engine;
-- end of source: functions/scheduling/release_expired_holds.sql

-- source: functions/scheduling/session_at.sql
-- The group session that a booking at this start would join. SCH-02.

create or replace function app_private.session_at(calendar_id uuid, free app_private.free_start) returns uuid
language sql stable
set search_path = ''
begin atomic
  select tc.id
  from app_private.time_claims as tc
  join app_public.calendars as c on c.organization_id = tc.organization_id and c.id = tc.calendar_id and c.capacity > 1
  where tc.specialist_id = (session_at.free).specialist_id
    and tc.blocked && tstzrange((session_at.free).starts_at, (session_at.free).ends_at)
    and tc.released_at is null and tc.session_id is null
    and tc.kind = 'session'
    and tc.calendar_id = session_at.calendar_id
    and tc.during = tstzrange((session_at.free).starts_at, (session_at.free).ends_at)
    and (tc.expires_at is null or tc.expires_at > app_hidden.now());
end;

comment on function app_private.session_at is 'The session of this calendar, specialist and start, whether or not it is full; null when there is none.';

grant execute on function app_private.session_at to app_engine;
-- end of source: functions/scheduling/session_at.sql

-- source: functions/scheduling/take_resources.sql
-- A claim has its rooms and equipment from here on. What an expired hold still had goes over: if that hold is honoured in
-- its last minute, it looks for others (revive_hold). SCH-11. A step of occupy.

create or replace function app_private.take_resources(claim app_private.time_claims, resource_ids uuid[]) returns void
language plpgsql volatile
set search_path = ''
as $$
begin
  if resource_ids is null then
    return;
  end if;
  delete from app_private.resource_claims as rc
  using app_private.time_claims as tc
  where rc.resource_id = any (resource_ids) and rc.blocked && claim.blocked
    and tc.organization_id = rc.organization_id and tc.id = rc.claim_id
    and tc.expires_at <= app_hidden.now();
  insert into app_private.resource_claims (organization_id, resource_id, claim_id, blocked)
  select claim.organization_id, r.id, claim.id, claim.blocked
  from unnest(resource_ids) as r (id);
end;
$$;

comment on function app_private.take_resources is 'Gives these resources, which the caller found free, to a claim.';

grant execute on function app_private.take_resources to app_engine;
-- end of source: functions/scheduling/take_resources.sql

-- source: functions/scheduling/write_claim.sql
-- The row of a claim at its time, new or moved. Nothing here checks for a free slot and then trusts it: no row back means
-- that the time is taken. SCH-06. A step of occupy.

create or replace function app_private.write_claim(draft app_private.time_claims) returns app_private.time_claims
language plpgsql volatile
set search_path = ''
as $$
declare
  v_claim app_private.time_claims;
begin
  -- The second attempt is for a time that only an expired hold blocked.
  for v_attempt in 1..2 loop
    if draft.id is null then
      insert into app_private.time_claims
        (organization_id, specialist_id, calendar_id, kind, during, blocked, expires_at, token_hash, visitor_id, address,
         created_by, created_at, session_id, seat, capacity)
      values
        (draft.organization_id, draft.specialist_id, draft.calendar_id, draft.kind, draft.during, draft.blocked,
         draft.expires_at, draft.token_hash, draft.visitor_id, draft.address, draft.created_by, app_hidden.now(),
         draft.session_id, draft.seat, draft.capacity)
      on conflict do nothing
      returning * into v_claim;
    else
      begin
        update app_private.time_claims as tc
        set calendar_id = draft.calendar_id, specialist_id = draft.specialist_id,
            during = draft.during, blocked = draft.blocked,
            session_id = draft.session_id, seat = draft.seat, released_at = null
        where tc.id = draft.id
        returning tc.* into v_claim;
      exception when exclusion_violation or unique_violation then
        v_claim := null;
      end;
    end if;
    exit when v_claim.id is not null
      or app_private.release_expired_holds(draft.specialist_id, draft.blocked) = 0;
  end loop;
  return v_claim;
end;
$$;

comment on function app_private.write_claim is 'Inserts a claim without id, or moves the one with it; null when its time is taken.';

grant execute on function app_private.write_claim to app_engine;
-- end of source: functions/scheduling/write_claim.sql

-- source: functions/scheduling/occupy.sql
-- A claim takes a free start: a new one, or one that goes there from another time. The exclusion constraint decides, and no
-- row means that somebody has it. In a calendar of groups it takes a seat of the session, which it opens if there is none.
-- Rooms and equipment are taken with it. SCH-02, SCH-06, SCH-11.
-- A step of verbs that have locked the days of the start, and the clinic's rooms where the calendar needs any. A claim that
-- goes from another time has left that.

create or replace function app_private.occupy(
  calendar app_public.calendars,
  free app_private.free_start,
  draft app_private.time_claims,
  needs_resources boolean
) returns app_private.time_claims
language plpgsql volatile
set search_path = ''
as $$
declare
  v_draft app_private.time_claims := draft;
  v_session app_private.time_claims;
  v_seats_of uuid;
  v_resource_ids uuid[];
  v_claim app_private.time_claims;
begin
  v_draft.organization_id := calendar.organization_id;
  v_draft.specialist_id := free.specialist_id;
  v_draft.calendar_id := calendar.id;
  v_draft.during := tstzrange(free.starts_at, free.ends_at);
  v_draft.blocked := free.blocked;
  v_draft.session_id := null;
  v_draft.seat := null;

  if calendar.capacity > 1 then
    perform app_private.release_expired_holds(free.specialist_id, free.blocked);
    select tc.* into v_session
    from app_private.time_claims as tc
    where tc.id = app_private.session_at(calendar.id, free);
  end if;
  if needs_resources and v_session.id is null then
    v_resource_ids := app_private.free_resources(calendar.organization_id, calendar.id, free.blocked);
    if v_resource_ids is null then
      return null;
    end if;
  end if;

  if calendar.capacity > 1 and v_session.id is null then
    v_session := v_draft;
    v_session.id := null;
    v_session.kind := 'session';
    v_session.token_hash := null;
    v_session.visitor_id := null;
    v_session.address := null;
    v_session.capacity := calendar.capacity;
    v_session := app_private.write_claim(v_session);
    if v_session.id is null then
      return null;
    end if;
    perform app_private.take_resources(v_session, v_resource_ids);
  end if;
  if v_session.id is not null then
    v_draft.session_id := v_session.id;
    v_draft.blocked := v_session.blocked;
    v_draft.seat := (
      select min(n)
      from generate_series(1, v_session.capacity) as n
      where not exists (
        select from app_private.time_claims as seat
        where seat.organization_id = v_session.organization_id and seat.session_id = v_session.id
          and seat.seat = n and seat.released_at is null));
    if v_draft.seat is null then
      return null;
    end if;
  end if;

  v_claim := app_private.write_claim(v_draft);
  if v_claim.id is null then
    return null;
  end if;
  if v_session.id is not null then
    perform app_private.settle_sessions(array[v_session.id]);
  else
    perform app_private.take_resources(v_claim, v_resource_ids);
  end if;
  return v_claim;
end;
$$;

comment on function app_private.occupy is
  'The claim at its new time, with seat, rooms and equipment; null when somebody has the time or the last seat or room.';

grant execute on function app_private.occupy to app_engine;
-- end of source: functions/scheduling/occupy.sql

-- source: functions/scheduling/revive_hold.sql
-- A hold that expired a moment ago is honoured while its time is free; whoever took it meanwhile keeps it. SCH-06.
-- A step of take_hold, which has locked the days and, where any are needed, the rooms. SCH-02, SCH-11.

create or replace function app_private.revive_hold(hold app_private.time_claims, needs_resources boolean) returns app_private.time_claims
language plpgsql volatile
set search_path = ''
as $$
declare
  v_calendar app_public.calendars;
  v_claim app_private.time_claims;
begin
  if hold.released_at is null and not needs_resources then
    -- It still stands under the constraint, so nobody took it.
    return hold;
  end if;
  select c.* into strict v_calendar from app_public.calendars as c where c.id = hold.calendar_id;
  perform app_private.leave(hold);
  v_claim := app_private.occupy(
    v_calendar, (hold.specialist_id, lower(hold.during), upper(hold.during), hold.blocked)::app_private.free_start, hold,
    needs_resources);
  if v_claim.id is null then
    perform app_private.refuse_taken(hold.calendar_id, lower(hold.during));
  end if;
  if hold.released_at is not null then
    -- Whoever watches was told that it was free.
    perform app_private.publish_held(v_claim);
  end if;
  return v_claim;
end;
$$;

comment on function app_private.revive_hold is
  'Takes the time of an expired hold again; SLOT_TAKEN when somebody else has it.';

grant execute on function app_private.revive_hold to app_engine;
-- end of source: functions/scheduling/revive_hold.sql

-- source: functions/scheduling/take_hold.sql
-- The holder shows the token; the hold, then its specialist-days, then the claim are locked, so that booking, moving,
-- extending, releasing and expiry come one after the other. Who guesses learns nothing: an unknown token is one answer,
-- a dead one another. SCH-06.
-- Booking locks specialist and calendar too, before the days, as who removes them does. And it comes in time when the
-- hold expired a moment ago and nobody else took the time: the visitor pressed the button, the clock was faster.

create or replace function app_private.take_hold(token text, to_book boolean default false)
returns app_private.time_claims
language plpgsql volatile
set search_path = ''
as $$
declare
  v_claim app_private.time_claims;
  v_is_over boolean;
  v_needs boolean;
begin
  v_claim := app_private.held_claim(take_hold.token);
  if to_book then
    perform app_private.require_specialist(v_claim.organization_id, v_claim.specialist_id);
    perform app_private.require_calendar(v_claim.organization_id, v_claim.calendar_id);
    v_needs := app_private.needs_resources(v_claim.organization_id, v_claim.calendar_id);
    if v_needs then
      perform app_private.lock_clinic_resources(v_claim.organization_id);
    end if;
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
    return app_private.revive_hold(v_claim, v_needs);
  end if;
  perform app_hidden.refuse('GONE', 'hold_expired');
end;
$$;

comment on function app_private.take_hold is
  'The live hold of this token, locked with its days. An unknown token is NOT_FOUND; expired, released or booked is GONE. '
  'to_book honours a hold for 60 seconds more, unless somebody else took the time: SLOT_TAKEN.';

grant execute on function app_private.take_hold to app_engine;
-- end of source: functions/scheduling/take_hold.sql

-- source: functions/appointments/book_appointment.sql
-- A held time becomes an appointment: for a patient by the patient, a caregiver, or front desk. APT-01, APT-02.

set role app_engine;

create or replace function app_public.book_appointment(
  hold_token text,
  patient_profile_id uuid,
  override_reason text default null,
  use_plan boolean default null,
  patient_service_plan_id uuid default null
)
returns app_public.appointments
language plpgsql volatile security definer
set search_path = ''
-- Planned once per connection, and so is every step that it calls: planning again costs more than running.
set plan_cache_mode = force_generic_plan
as $$
declare
  v_remembered jsonb := app_private.remembered('book_appointment', jsonb_build_array(
    hold_token, patient_profile_id, override_reason, use_plan, patient_service_plan_id));
  v_claim app_private.time_claims;
  v_rules text[];
  v_draft app_public.appointments;
  v_appointment app_public.appointments;
begin
  if v_remembered is not null then
    perform app_private.require_to_book((v_remembered ->> 'organization_id')::uuid, book_appointment.patient_profile_id);
    return jsonb_populate_record(v_appointment, v_remembered);
  end if;

  -- The patient before the time, as whoever books directly: a withdrawal that waits for one must not keep the other waiting.
  v_claim := app_private.held_claim(hold_token);
  perform app_private.require_to_book(v_claim.organization_id, book_appointment.patient_profile_id);
  v_claim := app_private.take_hold(hold_token, to_book => true);
  v_rules := app_private.require_bookable(
    v_claim, for_the_public => not app_private.is_staff_of(v_claim.organization_id), override_reason => override_reason);

  v_draft.patient_service_plan_id := book_appointment.patient_service_plan_id;
  v_draft.patient_profile_id := book_appointment.patient_profile_id;
  v_draft.override_reason := book_appointment.override_reason;
  v_draft.overridden_rules := v_rules;
  v_appointment := app_private.book(app_private.convert_claim(v_claim.id, 'appointment'), v_draft, use_plan);
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

-- source: functions/scheduling/lock_to_book.sql
-- Whoever books locks the calendar and whoever could be chosen, before the days, as who removes them does: so a booking is
-- either counted there or refused here. SCH-06, SPC-06.

create or replace function app_private.lock_to_book(calendar app_public.calendars, specialist_id uuid) returns void
language plpgsql volatile
set search_path = ''
as $$
begin
  perform app_private.require_specialist(calendar.organization_id, chosen.specialist_id)
  from (
    select cs.specialist_id
    from app_public.calendar_specialists as cs
    join app_public.specialists as sp
      on sp.organization_id = cs.organization_id and sp.id = cs.specialist_id and sp.deleted_at is null
    where cs.organization_id = calendar.organization_id and cs.calendar_id = calendar.id
      and (lock_to_book.specialist_id is null or cs.specialist_id = lock_to_book.specialist_id)
    order by cs.specialist_id
  ) as chosen;
  perform app_private.require_calendar(calendar.organization_id, calendar.id);
end;
$$;

comment on function app_private.lock_to_book is
  'Locks a calendar and its specialists, or the one named, until the booking is written; GONE when one was removed.';

grant execute on function app_private.lock_to_book to app_engine;
-- end of source: functions/scheduling/lock_to_book.sql

-- source: functions/scheduling/bookable.sql
-- The one predicate of list and hold: who can be booked at this start. It reads what the listing reads, so a hold succeeds
-- exactly when its start is listed; a time that is kept is asked again by require_bookable(). SCH-05, SCH-06.
-- override is for staff, who give a reason that the caller records: it sets notice, horizon, hours, closings and the grid
-- aside, never another claim, a missing room, nor a past longer than an hour. It goes to those for whom least is set aside: nobody is
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
    'taken', 'no_resource', 'off_the_grid', 'closed', 'outside_hours', 'beyond_horizon', 'inside_notice', 'in_the_past'];
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
      from app_private.verdicts(
        bookable.calendar_id, bookable.starts_at, bookable.specialist_id, bookable.own_claim_id) as v
      cross join lateral (select max(array_position(c_lightest, broken)) as place from unnest(v.rules) as broken) as heaviest
      where not v.rules && '{taken,no_resource}'
        and v.starts_at >= app_hidden.now() - interval '1 hour'
    ) as weighed
    where weighed.place = 1;
    if v_free is null then
      -- What cannot be set aside is told before what could be.
      select coalesce(min(array_position(c_closest, broken)), v_closest) into v_closest
      from app_private.verdicts(
        bookable.calendar_id, bookable.starts_at, bookable.specialist_id, bookable.own_claim_id) as v
      cross join unnest(v.rules) as broken
      where broken in ('taken', 'no_resource');
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

-- source: functions/scheduling/by_turn.sql
-- Of those who are free, whose turn it is first. SCH-04.
-- Turns are read and taken one at a time, or two who book at once would both take the same turn: where there is a choice
-- the calendar is locked, before any day. A group that has begun to fill is filled before another one is opened. SCH-02.

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
    order by
      case when (select c.capacity > 1 from app_public.calendars as c where c.id = by_turn.calendar_id)
        then app_private.session_at(by_turn.calendar_id, f) is null end,
      o.turn);
end;
$$;

comment on function app_private.by_turn is
  'These specialists in the order of their turns; the turns of the calendar are locked where there is a choice.';

grant execute on function app_private.by_turn to app_engine;
-- end of source: functions/scheduling/by_turn.sql

-- source: functions/scheduling/place_claim.sql
-- Takes a specialist's time, for a hold and for a booking alike. SCH-04, SCH-06.
-- Nothing here checks for a free slot and then trusts it: the exclusion constraint decides, and "no row came back"
-- means taken, so the next specialist is tried. Locks come in one order everywhere (calendar, then specialist-days),
-- so nobody waits in a circle: 50 visitors on one slot end in one winner and 49 refusals. Where rooms are needed the
-- clinic's are locked between the two.

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
  v_needs boolean;
  v_claim app_private.time_claims;
begin
  perform app_private.require_named(calendar, place_claim.specialist_id);

  -- Asked before any lock, so that whoever comes too late is told at once. What changes from here on is only who is
  -- taken, and that the constraint decides.
  v_free := app_private.bookable(calendar.id, place_claim.starts_at, place_claim.specialist_id, override);

  v_free := app_private.by_turn(calendar.id, v_free);
  v_needs := app_private.needs_resources(calendar.organization_id, calendar.id);
  if v_needs then
    perform app_private.lock_clinic_resources(calendar.organization_id);
  end if;
  perform app_private.lock_specialist_days(v_free);
  foreach v_try in array v_free loop
    v_claim := app_private.occupy(calendar, v_try, draft, v_needs);
    if v_claim.id is not null then
      return v_claim;
    end if;
  end loop;

  perform app_private.refuse_taken(calendar.id, place_claim.starts_at);
end;
$$;

comment on function app_private.place_claim is
  'Claims a start for whose turn it is, or for the specialist named. draft brings kind, expiry and holder.';

grant execute on function app_private.place_claim to app_engine;
-- end of source: functions/scheduling/place_claim.sql

-- source: functions/scheduling/claim_slot.sql
-- Books a time directly, without a hold before it: the front desk on the phone, a signed-in patient. SCH-06, APT-01.
-- The caller has checked permission, and records the reason for an override.

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
    perform app_hidden.refuse('VALIDATION', 'claim_kind_invalid', '{"rule": "claim_kind_invalid"}');
  end if;
  v_calendar := app_private.visible_calendar(claim_slot.calendar_id);
  perform app_private.require_choice(v_calendar, claim_slot.specialist_id);
  perform app_private.lock_to_book(v_calendar, claim_slot.specialist_id);
  v_draft.kind := claim_slot.kind;
  v_draft.created_by := app_hidden.current_principal_id();
  return app_private.place_claim(v_calendar, claim_slot.starts_at, claim_slot.specialist_id, v_draft, override);
end;
$$;

comment on function app_private.claim_slot is
  'Takes a start for a request or an appointment; the specialist by strategy when none is named. '
  'override sets notice, horizon, hours and grid aside, never another claim.';

grant execute on function app_private.claim_slot to app_engine;
-- end of source: functions/scheduling/claim_slot.sql

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
  override_reason text default null,
  use_plan boolean default null,
  patient_service_plan_id uuid default null
) returns app_public.appointments
language plpgsql volatile security definer
set search_path = ''
-- Planned once per connection, and so is every step that it calls: planning again costs more than running.
set plan_cache_mode = force_generic_plan
as $$
declare
  v_remembered jsonb := app_private.remembered('book_directly', jsonb_build_array(
    calendar_id, starts_at, patient_profile_id, specialist_id, override_reason, use_plan, patient_service_plan_id));
  v_calendar app_public.calendars;
  v_override boolean;
  v_claim app_private.time_claims;
  v_draft app_public.appointments;
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
  if v_override then
    select v.rules into v_draft.overridden_rules
    from app_private.verdicts(v_calendar.id, book_directly.starts_at, v_claim.specialist_id, v_claim.id) as v;
  end if;

  v_draft.patient_service_plan_id := book_directly.patient_service_plan_id;
  v_draft.patient_profile_id := book_directly.patient_profile_id;
  v_draft.override_reason := book_directly.override_reason;
  v_appointment := app_private.book(v_claim, v_draft, use_plan);
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

-- source: functions/appointments/claim_series.sql
-- The times of a series, all or none. SCH-09.

create or replace function app_private.starts_of_series(
  calendar app_public.calendars,
  first_start timestamptz,
  sessions int,
  every_weeks int
) returns timestamptz[]
language plpgsql stable
set search_path = ''
as $$
begin
  perform app_private.require_start(first_start);
  if sessions is null or sessions not between 2 and 52 then
    perform app_hidden.refuse('VALIDATION', 'series_too_long', '{"field": "sessions"}');
  end if;
  if every_weeks is null or every_weeks not between 1 and 12 then
    perform app_hidden.refuse('VALIDATION', 'weeks_out_of_range', '{"field": "everyWeeks"}');
  end if;
  return array(
    select (first_start at time zone calendar.timezone + make_interval(weeks => every_weeks * n)) at time zone calendar.timezone
    from generate_series(0, sessions - 1) as n
    order by n);
end;
$$;

comment on function app_private.starts_of_series is 'The starts of a series, at one hour of the calendar''s clock; VALIDATION for bounds.';
grant execute on function app_private.starts_of_series to app_engine;

create or replace function app_private.claim_series(
  calendar app_public.calendars,
  starts timestamptz[],
  specialist_id uuid,
  override boolean
) returns app_private.time_claims[]
language plpgsql volatile
set search_path = ''
as $$
declare
  v_days app_private.free_start[];
  v_start timestamptz;
  v_claims app_private.time_claims[] := '{}';
  v_in_the_way jsonb := '[]';
  v_reason text;
  v_detail text;
begin
  -- Everybody who could be taken at any of them: what is locked in a start that fails would be let go with it.
  perform app_private.lock_to_book(calendar, claim_series.specialist_id);
  v_days := app_private.by_turn(calendar.id, array(
    select (v.specialist_id, v.starts_at, v.ends_at, v.blocked)::app_private.free_start
    from unnest(starts) as one (start)
    cross join lateral app_private.verdicts(calendar.id, one.start, claim_series.specialist_id) as v));
  if app_private.needs_resources(calendar.organization_id, calendar.id) then
    perform app_private.lock_clinic_resources(calendar.organization_id);
  end if;
  perform app_private.lock_specialist_days(v_days);

  foreach v_start in array starts loop
    begin
      v_claims := v_claims || app_private.claim_slot(
        calendar.id, v_start, claim_series.specialist_id, 'appointment', override);
    exception when others then
      get stacked diagnostics v_reason = message_text, v_detail = pg_exception_detail;
      -- What is no rule of time is no answer about a start.
      if sqlstate not like 'RX%' then
        raise;
      end if;
      v_in_the_way := v_in_the_way || jsonb_build_object(
        'startsAt', v_start, 'rule', coalesce(v_detail::jsonb ->> 'rule', v_reason));
    end;
  end loop;
  if v_in_the_way <> '[]' then
    perform app_hidden.refuse('CONFLICT', 'series_in_the_way', jsonb_build_object(
      'starts', v_in_the_way, 'count', jsonb_array_length(v_in_the_way), 'calendarId', calendar.id));
  end if;
  -- Turns before plans; in one order, as whoever changes places.
  perform app_private.count_assignment(claim.id)
  from (select one.id from unnest(v_claims) as one order by one.specialist_id) as claim;
  return v_claims;
end;
$$;

comment on function app_private.claim_series is
  'Takes all of these starts for appointments; CONFLICT series_in_the_way with each that cannot be taken, and the rule.';
grant execute on function app_private.claim_series to app_engine;
-- end of source: functions/appointments/claim_series.sql

-- source: functions/appointments/book_series.sql
-- The ten sessions of a plan in one call: every start is booked, or none is, and the refusal names each that is in the way with its
-- rule. Weeks are counted on the clocks of the calendar, so summer time moves no session. All that could be taken is locked first, and
-- in the one order: calendar and specialists, turns, rooms, days. SCH-09, CAT-04.

set role app_engine;

create or replace function app_public.book_series(
  calendar_id uuid,
  starts_at timestamptz,
  patient_profile_id uuid,
  sessions int,
  every_weeks int default 1,
  specialist_id uuid default null,
  override_reason text default null,
  use_plan boolean default null,
  patient_service_plan_id uuid default null
) returns setof app_public.appointments
language plpgsql volatile security definer
set search_path = ''
set plan_cache_mode = force_generic_plan
as $$
declare
  v_remembered jsonb := app_private.remembered('book_series', jsonb_build_array(
    calendar_id, starts_at, patient_profile_id, sessions, every_weeks, specialist_id, override_reason, use_plan,
    patient_service_plan_id));
  v_calendar app_public.calendars;
  v_override boolean;
  v_starts timestamptz[];
  v_claims app_private.time_claims[];
  v_claim app_private.time_claims;
  v_use_plan boolean := use_plan;
  v_draft app_public.appointments;
  v_appointment app_public.appointments;
  v_made jsonb := '[]';
begin
  if v_remembered is not null then
    perform app_private.require_permission((v_remembered #>> '{0,organization_id}')::uuid, 'appointments.manage');
    perform app_private.require_to_book((v_remembered #>> '{0,organization_id}')::uuid, book_series.patient_profile_id);
    return query select * from jsonb_populate_recordset(null::app_public.appointments, v_remembered);
    return;
  end if;

  v_calendar := app_private.visible_calendar(book_series.calendar_id);
  perform app_private.require_permission(v_calendar.organization_id, 'appointments.manage');
  v_override := app_private.may_override(v_calendar.organization_id, override_reason);
  perform app_private.require_to_book(v_calendar.organization_id, book_series.patient_profile_id);
  v_starts := app_private.starts_of_series(v_calendar, book_series.starts_at, sessions, every_weeks);
  perform app_private.require_choice(v_calendar, book_series.specialist_id);
  v_claims := app_private.claim_series(v_calendar, v_starts, book_series.specialist_id, v_override);

  v_draft.id := uuidv7();
  v_draft.series_id := v_draft.id;
  v_draft.patient_profile_id := book_series.patient_profile_id;
  v_draft.patient_service_plan_id := book_series.patient_service_plan_id;
  v_draft.override_reason := book_series.override_reason;
  foreach v_claim in array v_claims loop
    v_draft.overridden_rules := null;
    if v_override then
      select v.rules into v_draft.overridden_rules
      from app_private.verdicts(v_calendar.id, lower(v_claim.during), v_claim.specialist_id, v_claim.id) as v;
    end if;
    v_appointment := app_private.book(v_claim, v_draft, v_use_plan);
    -- By a plan as a whole, or not at all: nobody pays for the last ones unasked.
    v_use_plan := coalesce(v_use_plan, v_appointment.plan_session_number is not null);
    v_draft.id := null;
    v_made := v_made || to_jsonb(v_appointment);
    return next v_appointment;
  end loop;
  perform app_private.remember('book_series', v_made);
end;
$$;

comment on function app_public.book_series is
  E'@arg startsAt When the first one begins.\n'
  '@arg sessions How many appointments: 2 to 52.\n'
  '@arg everyWeeks How many weeks lie between two of them: 1 to 12.\n'
  'Books a series for a patient, at the same hour of the calendar''s clock each time: all or none. Without specialistId whose turn it '
  'is, wherever they are free. Needs appointments.manage; overrideReason as bookDirectly. CONFLICT series_in_the_way names every start that cannot be '
  'booked and why; ENTITLEMENT_EXHAUSTED when the plan has too few sessions for all.';
grant execute on function app_public.book_series to app_member;

reset role;
-- end of source: functions/appointments/book_series.sql

-- source: functions/appointments/clinic_to_call.sql
-- Whom a patient calls when the clinic's policy says no to them, and on whose clock it was said. APT-03.

create or replace function app_private.clinic_to_call(organization_id uuid) returns jsonb
language sql stable
set search_path = ''
return (
  select jsonb_strip_nulls(jsonb_build_object('timezone', organizations.timezone, 'clinicPhone', organizations.contact_phone))
  from app_public.organizations
  where organizations.id = clinic_to_call.organization_id);

comment on function app_private.clinic_to_call is 'The zone and, where there is one, the number of a clinic, for the details of a refusal.';
grant execute on function app_private.clinic_to_call to app_engine;
-- end of source: functions/appointments/clinic_to_call.sql

-- source: functions/appointments/locked_appointment.sql
-- The first step of every verb on an appointment: whose it is, then the locks. The patient before the appointment, as whoever
-- merges or removes patients, and for share, as bookings do. APT-01, FND-04.

create or replace function app_private.own_appointment(appointment_id uuid) returns app_public.appointments
language plpgsql stable
set search_path = ''
as $$
declare
  v_appointment app_public.appointments;
begin
  select appointments.* into v_appointment
  from app_public.appointments
  where appointments.id = own_appointment.appointment_id
    and appointments.deleted_at is null
    and (appointments.organization_id = any (app_hidden.organization_ids_where('appointments.view'))
         or (appointments.patient_profile_id = any (app_hidden.current_human_patient_profile_ids())
             and appointments.organization_id = any (app_hidden.current_patient_organization_ids())));
  if not found then
    perform app_hidden.refuse('NOT_FOUND', 'appointment_not_found');
  end if;
  return v_appointment;
end;
$$;

comment on function app_private.own_appointment is
  'An appointment that the caller may see, of their clinic or their own, not locked; NOT_FOUND appointment_not_found otherwise.';
grant execute on function app_private.own_appointment to app_engine;

create or replace function app_private.lock_appointment(seen app_public.appointments) returns app_public.appointments
language plpgsql volatile
set search_path = ''
as $$
declare
  v_appointment app_public.appointments;
begin
  perform from app_public.patients
  where patients.organization_id = seen.organization_id and patients.patient_profile_id = seen.patient_profile_id
  for share;
  select appointments.* into v_appointment
  from app_public.appointments
  where appointments.id = seen.id and appointments.deleted_at is null
  for update;
  -- Between the two locks it may have gone to another patient: whoever asks again sees it as it is, or not at all.
  if v_appointment.patient_profile_id is distinct from seen.patient_profile_id then
    perform app_hidden.refuse('NOT_FOUND', 'appointment_not_found');
  end if;
  return v_appointment;
end;
$$;

comment on function app_private.lock_appointment is 'The same appointment as it is now, locked with its patient; NOT_FOUND when it went.';
grant execute on function app_private.lock_appointment to app_engine;

create or replace function app_private.locked_appointment(appointment_id uuid) returns app_public.appointments
language sql volatile
set search_path = ''
return app_private.lock_appointment(app_private.own_appointment(appointment_id));

comment on function app_private.locked_appointment is
  'An appointment of the caller, locked with its patient; NOT_FOUND appointment_not_found otherwise.';
grant execute on function app_private.locked_appointment to app_engine;
-- end of source: functions/appointments/locked_appointment.sql

-- source: functions/appointments/call_off.sql
-- It does not take place: called off, or nobody came. What that does to the session of a plan was promised at booking; staff may
-- give it back all the same and say why. A cancellation is late when it is the patient's, and comes later than the policy asks:
-- the clinic that calls off its own is never late. APT-03, CAT-04.

create or replace function app_private.call_off(
  appointment_id uuid,
  to_status text,
  reason text,
  for_patient boolean,
  excuse_reason text
) returns app_public.appointments
language plpgsql volatile
set search_path = ''
as $$
declare
  v_appointment app_public.appointments := app_private.locked_appointment(appointment_id);
  v_is_staff boolean := app_hidden.has_permission(v_appointment.organization_id, 'appointments.manage');
  v_until timestamptz := v_appointment.starts_at - make_interval(mins => v_appointment.cancel_minutes);
  v_is_late boolean;
  v_excuse text;
begin
  perform app_private.authorize_move(
    'appointments', v_appointment.status, to_status, v_appointment.organization_id, v_appointment.patient_profile_id);
  if excuse_reason is not null then
    perform app_private.require_permission(v_appointment.organization_id, 'appointments.manage');
    v_excuse := app_private.require_reason(excuse_reason);
  end if;
  v_is_late := (not v_is_staff or coalesce(for_patient, false)) and v_until < app_hidden.now();
  if to_status = 'cancelled' and v_is_late and not v_is_staff and v_appointment.late_cancel = 'refused' then
    perform app_hidden.refuse(
      'STATE', 'too_late_to_cancel',
      jsonb_build_object('until', v_until) || app_private.clinic_to_call(v_appointment.organization_id));
  end if;

  return app_private.take_off(v_appointment, to_status, reason, v_is_late, v_excuse);
end;
$$;

comment on function app_private.call_off is
  'Moves an appointment of the caller to cancelled or noshow and frees its time; NOT_FOUND, FORBIDDEN, STATE with the legal moves, '
  'or too_late_to_cancel.';
grant execute on function app_private.call_off to app_engine;

-- The step of whatever takes an appointment off, also where no policy is asked, as when its patient leaves the clinic.
create or replace function app_private.take_off(
  appointment app_public.appointments,
  to_status text,
  reason text,
  is_late boolean,
  excuse_reason text
) returns app_public.appointments
language plpgsql volatile
set search_path = ''
as $$
declare
  v_appointment app_public.appointments;
begin
  -- Days before plans, which the trigger locks.
  perform app_private.lock_claims(array[appointment.claim_id]);
  update app_public.appointments set
    status = to_status,
    cancellation_reason = case to_status when 'cancelled' then nullif(btrim(reason), '') end,
    is_late_cancellation = case to_status when 'cancelled' then is_late end,
    excuse_reason = take_off.excuse_reason
  where appointments.id = appointment.id
  returning * into v_appointment;
  perform app_private.uncount_assignment(v_appointment.claim_id);
  perform app_private.release_claim(v_appointment.claim_id);
  return v_appointment;
end;
$$;

comment on function app_private.take_off is
  'Moves an appointment to cancelled or noshow, frees its time, and gives its turn back; the caller has locked it and authorized.';
grant execute on function app_private.take_off to app_engine;
-- end of source: functions/appointments/call_off.sql

-- source: functions/appointments/cancel_appointment.sql
-- The patient or the clinic calls it off; the time is free at once. APT-01, APT-03.

set role app_engine;

create or replace function app_public.cancel_appointment(
  appointment_id uuid,
  reason text default null,
  for_patient boolean default null,
  excuse_reason text default null
) returns app_public.appointments
language sql volatile security definer
set search_path = ''
return app_private.call_off(appointment_id, 'cancelled', reason, for_patient, excuse_reason);

comment on function app_public.cancel_appointment is
  E'@arg forPatient Of staff: that it is the patient who calls it off, so that it may be late.\n'
  'Cancels an appointment and frees its time: by the patient, a caregiver, or staff with appointments.manage. When a patient '
  'is later than the policy of the appointment asks, it is marked as late, or STATE too_late_to_cancel says whom to call.';
grant execute on function app_public.cancel_appointment to app_member;

reset role;
-- end of source: functions/appointments/cancel_appointment.sql

-- source: functions/appointments/cancel_series.sql
-- A series is called off from one of its appointments on: that one, and all that follow and still stand. Locks as for one: the
-- patient, the appointments by their time, all their days, then the plans. SCH-09, APT-03.

set role app_engine;

create or replace function app_public.cancel_series(
  appointment_id uuid,
  reason text default null,
  for_patient boolean default null,
  excuse_reason text default null
) returns setof app_public.appointments
language plpgsql volatile security definer
set search_path = ''
as $$
declare
  v_first app_public.appointments := app_private.locked_appointment(appointment_id);
  v_standing app_public.appointments[];
begin
  if v_first.series_id is null then
    perform app_hidden.refuse('STATE', 'not_in_a_series');
  end if;
  v_standing := array(
    select appointments
    from app_public.appointments
    where appointments.organization_id = v_first.organization_id
      and appointments.series_id = v_first.series_id
      and appointments.patient_profile_id = v_first.patient_profile_id
      and appointments.starts_at >= v_first.starts_at
      and appointments.status in ('booked', 'upcoming', 'confirmed')
      and appointments.deleted_at is null
    order by appointments.starts_at, appointments.id
    for update);
  perform app_private.lock_claims(array(select standing.claim_id from unnest(v_standing) as standing));
  return query
    select off.*
    from unnest(v_standing) as standing
    cross join lateral app_private.call_off(
      standing.id, 'cancelled', cancel_series.reason, cancel_series.for_patient, cancel_series.excuse_reason) as off;
end;
$$;

comment on function app_public.cancel_series is
  E'@arg appointmentId The first one to be called off.\n'
  '@arg forPatient Of staff: that it is the patient who calls them off, so that they may be late.\n'
  'Cancels an appointment of a series and all that follow it, as cancelAppointment does, all or none; what is over already stays. '
  'STATE not_in_a_series where it was booked alone.';
grant execute on function app_public.cancel_series to app_member;

reset role;
-- end of source: functions/appointments/cancel_series.sql

-- source: functions/appointments/move_appointment.sql
-- A verb by which an appointment goes on is this one: lock, authorize, move. Of two at once the second finds what the
-- first left and is refused with the moves that are legal now. What is confirmed or begun passes the gate. APT-01, APT-06.

create or replace function app_private.move_appointment(appointment_id uuid, to_status text)
returns app_public.appointments
language plpgsql volatile
set search_path = ''
as $$
declare
  v_appointment app_public.appointments := app_private.locked_appointment(appointment_id);
begin
  perform app_private.authorize_move(
    'appointments', v_appointment.status, to_status, v_appointment.organization_id, v_appointment.patient_profile_id);
  if to_status in ('confirmed', 'inprogress') then
    perform app_private.appointment_gate(v_appointment, to_status);
  end if;

  update app_public.appointments set status = to_status
  where appointments.id = v_appointment.id
  returning * into v_appointment;
  return v_appointment;
end;
$$;

comment on function app_private.move_appointment is
  'Moves an appointment of the caller; NOT_FOUND, FORBIDDEN, or STATE with the legal moves.';
grant execute on function app_private.move_appointment to app_engine;
-- end of source: functions/appointments/move_appointment.sql

-- source: functions/appointments/confirm_appointment.sql
-- The patient, or front desk after a call, confirms. APT-01.

set role app_engine;

create or replace function app_public.confirm_appointment(appointment_id uuid) returns app_public.appointments
language sql volatile strict security definer
set search_path = ''
return app_private.move_appointment(appointment_id, 'confirmed');

comment on function app_public.confirm_appointment is
  'Confirms that the patient comes: by the patient, a caregiver, or staff with appointments.manage. STATE with the legal moves.';
grant execute on function app_public.confirm_appointment to app_member;

reset role;
-- end of source: functions/appointments/confirm_appointment.sql

-- source: functions/appointments/patient_for_request.sql
-- The patient a booking request is for: the one that staff named, the one that the guest was taken in as, the one whose address
-- and name agree, or a new one.
-- Whoever is unclear is asked about. APT-09, FND-07, FND-34.

create or replace function app_private.patient_for_request(
  request app_public.booking_requests,
  patient_profile_id uuid,
  as_new_patient boolean
) returns uuid
language plpgsql volatile
set search_path = ''
as $$
declare
  v_candidates app_private.person_candidate[];
  v_known uuid[];
  v_profile_id uuid;
begin
  if patient_profile_id is not null and as_new_patient then
    perform app_hidden.refuse('VALIDATION', 'patient_contradicted', '{"field": "asNewPatient"}');
  end if;
  if patient_profile_id is not null then
    perform app_private.require_patient(request.organization_id, patient_profile_id);
    return patient_profile_id;
  elsif request.patient_profile_id is not null and not as_new_patient then
    perform app_private.require_patient(request.organization_id, request.patient_profile_id);
    return request.patient_profile_id;
  end if;

  if not as_new_patient then
    perform app_private.lock_people(request.organization_id);
    select array_agg(candidate), array_agg(candidate.patient_profile_id) filter (where candidate.address and candidate.name)
    into v_candidates, v_known
    from app_private.people_like(
      request.organization_id, request.given_name, request.family_name, request.email, request.phone) as candidate;

    if cardinality(v_known) = 1 then
      perform app_private.require_patient(request.organization_id, v_known[1]);
      return v_known[1];
    elsif v_candidates is not null then
      perform app_private.refuse_unclear(v_candidates);
    end if;
  end if;

  insert into app_public.patient_profiles (given_name, family_name, email, phone, locale)
  values (request.given_name, request.family_name, request.email, request.phone, request.locale)
  returning id into v_profile_id;
  perform app_private.admit_patient(request.organization_id, v_profile_id);
  return v_profile_id;
end;
$$;

comment on function app_private.patient_for_request is
  'The patient profile for a request, made if need be; CONFLICT person_unclear when only a person can tell, VALIDATION '
  'patient_contradicted when one is named and said to be new.';
grant execute on function app_private.patient_for_request to app_engine;
-- end of source: functions/appointments/patient_for_request.sql

-- source: functions/appointments/require_unexpired.sql
-- Past its deadline a request is over, whether or not the worker has come by to say so. APT-09.

create or replace function app_private.require_unexpired(request app_public.booking_requests) returns void
language plpgsql stable
set search_path = ''
as $$
begin
  if (request).respond_by <= app_hidden.now() then
    perform app_hidden.refuse(
      'GONE', 'booking_request_expired',
      jsonb_build_object('respondBy', (request).respond_by, 'timezone', (
        select organizations.timezone from app_public.organizations where organizations.id = (request).organization_id)));
  end if;
end;
$$;

comment on function app_private.require_unexpired is 'GONE booking_request_expired past the deadline of a request.';
grant execute on function app_private.require_unexpired to app_engine;
-- end of source: functions/appointments/require_unexpired.sql

-- source: functions/appointments/confirm_booking_request.sql
-- The clinic says yes, in one transaction: patient found or made, gate asked, claim handed over, appointment booked. APT-09.

set role app_engine;

create or replace function app_public.confirm_booking_request(
  booking_request_id uuid,
  patient_profile_id uuid default null,
  as_new_patient boolean default false,
  override_reason text default null,
  use_plan boolean default null,
  patient_service_plan_id uuid default null
) returns app_public.appointments
language plpgsql volatile security definer
set search_path = ''
-- Planned once per connection, and so is every step that it calls: planning again costs more than running.
set plan_cache_mode = force_generic_plan
as $$
declare
  v_remembered jsonb := app_private.remembered('confirm_booking_request', jsonb_build_array(
    booking_request_id, patient_profile_id, as_new_patient, override_reason, use_plan, patient_service_plan_id));
  v_request app_public.booking_requests;
  v_profile_id uuid;
  v_rules text[];
  v_draft app_public.appointments;
  v_appointment app_public.appointments;
begin
  if v_remembered is not null then
    perform app_private.require_to_answer(booking_request_id, 'confirmed');
    return jsonb_populate_record(v_appointment, v_remembered);
  end if;

  v_request := app_private.locked_booking_request(booking_request_id, 'confirmed');
  v_profile_id := app_private.patient_for_request(v_request, patient_profile_id, coalesce(as_new_patient, false));
  perform app_private.require_unexpired(v_request);
  -- As the guest who asked: what was closed, switched off or made private meanwhile is for front desk to decide on.
  select app_private.require_bookable(time_claims, for_the_public => true, override_reason => override_reason) into v_rules
  from app_private.time_claims
  where time_claims.organization_id = v_request.organization_id and time_claims.id = v_request.claim_id;

  update app_public.booking_requests set
    status = 'confirmed',
    decided_at = app_hidden.now(),
    decided_by = app_private.current_actor_id()
  where booking_requests.id = v_request.id;

  v_draft.patient_service_plan_id := confirm_booking_request.patient_service_plan_id;
  v_draft.patient_profile_id := v_profile_id;
  v_draft.booking_request_id := v_request.id;
  v_draft.price_amount := v_request.price_amount;
  v_draft.currency := v_request.currency;
  v_draft.contact_email := v_request.email;
  v_draft.contact_phone := v_request.phone;
  v_draft.contact_name := v_request.given_name || ' ' || v_request.family_name;
  v_draft.locale := v_request.locale;
  v_draft.organizer_email := v_request.organizer_email;
  v_draft.override_reason := confirm_booking_request.override_reason;
  v_draft.overridden_rules := v_rules;
  v_appointment := app_private.book(app_private.convert_claim(v_request.claim_id, 'appointment'), v_draft, use_plan);
  perform app_private.remember('confirm_booking_request', to_jsonb(v_appointment));
  return v_appointment;
end;
$$;

comment on function app_public.confirm_booking_request is
  'Turns a booking request into an appointment of the patient whom takeInGuest named. Where nobody was, of the clinic''s '
  'patients the one is taken whose address and name agree; one who shares only the address or the number is unclear, unless '
  'patientProfileId names the patient or asNewPatient is set; where nobody is like it, the guest becomes a patient. Needs '
  'appointments.manage; STATE when it was answered already, GONE past its deadline, CONFLICT person_unclear with the '
  'candidates, NOT_READY with all that is missing of the patient. When the time can no longer be booked, what holdSlot says '
  'of the rule; overrideReason sets it aside and is kept.';
grant execute on function app_public.confirm_booking_request to app_member;

reset role;
-- end of source: functions/appointments/confirm_booking_request.sql

-- source: functions/appointments/draft_at.sql
-- An appointment as it is at a time that its claim has taken: where, when, with whom, and which rules gave way. APT-02.

create or replace function app_private.draft_at(
  appointment app_public.appointments,
  calendar app_public.calendars,
  claim app_private.time_claims,
  override_reason text
) returns app_public.appointments
language plpgsql stable
set search_path = ''
as $$
declare
  v_draft app_public.appointments := appointment;
begin
  v_draft.calendar_id := calendar.id;
  v_draft.service_id := calendar.service_id;
  if calendar.id <> appointment.calendar_id then
    v_draft.modality := calendar.modality;
  end if;
  v_draft.specialist_id := claim.specialist_id;
  v_draft.starts_at := lower(claim.during);
  v_draft.ends_at := upper(claim.during);
  v_draft.overridden_rules := null;
  if override_reason is not null then
    select nullif(v.rules, '{}') into v_draft.overridden_rules
    from app_private.verdicts(calendar.id, v_draft.starts_at, claim.specialist_id, claim.id) as v;
  end if;
  v_draft.override_reason := draft_at.override_reason;
  return v_draft;
end;
$$;

comment on function app_private.draft_at is
  'An appointment with the time, calendar and specialist of its claim, and the rules that the reason of staff set aside; the caller '
  'writes it.';
grant execute on function app_private.draft_at to app_engine;

create or replace function app_private.write_booked(draft app_public.appointments) returns app_public.appointments
language plpgsql volatile
set search_path = ''
as $$
declare
  v_appointment app_public.appointments;
begin
  update app_public.appointments set
    status = 'booked',
    calendar_id = draft.calendar_id,
    service_id = draft.service_id,
    specialist_id = draft.specialist_id,
    starts_at = draft.starts_at,
    ends_at = draft.ends_at,
    modality = draft.modality,
    price_amount = draft.price_amount,
    currency = draft.currency,
    patient_service_plan_id = draft.patient_service_plan_id,
    plan_session_number = draft.plan_session_number,
    reschedule_count = draft.reschedule_count,
    override_reason = case when draft.overridden_rules is not null then btrim(draft.override_reason) end,
    overridden_rules = draft.overridden_rules,
    cancellation_reason = null,
    is_late_cancellation = null,
    excuse_reason = null
  where appointments.id = draft.id
  returning * into v_appointment;
  return v_appointment;
end;
$$;

comment on function app_private.write_booked is 'Writes an appointment that takes place at another time, or after all; it is booked.';
grant execute on function app_private.write_booked to app_engine;
-- end of source: functions/appointments/draft_at.sql

-- source: functions/appointments/draft_in.sql
-- An appointment that is not there yet, as far as what it asks for goes: the shape that the gate reads. APT-06.

create or replace function app_private.draft_in(calendar app_public.calendars, patient_profile_id uuid, starts_at timestamptz)
returns app_public.appointments
language plpgsql stable
set search_path = ''
as $$
declare
  v_draft app_public.appointments;
begin
  v_draft.organization_id := (calendar).organization_id;
  v_draft.calendar_id := (calendar).id;
  v_draft.service_id := (calendar).service_id;
  v_draft.modality := (calendar).modality;
  v_draft.starts_at := draft_in.starts_at;
  v_draft.patient_profile_id := draft_in.patient_profile_id;
  select patient_profiles.locale into v_draft.locale
  from app_public.patient_profiles
  where patient_profiles.id = draft_in.patient_profile_id;
  return v_draft;
end;
$$;

comment on function app_private.draft_in is 'What an appointment of this patient in this calendar would be, without an id.';
grant execute on function app_private.draft_in to app_engine;

create or replace function app_private.draft_of_request(request app_public.booking_requests) returns app_public.appointments
language sql stable
set search_path = ''
begin atomic
  select app_private.draft_in(calendars, (request).patient_profile_id, (request).starts_at)
  from app_public.calendars
  where calendars.organization_id = (request).organization_id and calendars.id = (request).calendar_id;
end;

comment on function app_private.draft_of_request is 'What the appointment of a request would be, for the patient that the guest is.';
grant execute on function app_private.draft_of_request to app_engine;

-- Forms that were made ahead for a request and that nobody has touched; not while another request of the guest waits for them. What
-- an appointment has taken stays.
create or replace function app_private.drop_forms_ahead(request app_public.booking_requests) returns void
language sql volatile
set search_path = ''
begin atomic
  update app_public.forms set deleted_at = app_hidden.now()
  where forms.organization_id = (request).organization_id
    and forms.patient_profile_id = (request).patient_profile_id
    and forms.is_ahead
    and forms.status = 'pending'
    and forms.created_at >= (request).created_at
    and forms.deleted_at is null
    and not exists (
      select from app_public.appointment_forms as linked
      where linked.organization_id = forms.organization_id and linked.form_id = forms.id)
    and not exists (
      select from app_public.booking_requests as other
      where other.organization_id = (request).organization_id
        and other.patient_profile_id = (request).patient_profile_id
        and other.status = 'requested'
        and other.id <> (request).id);
end;

comment on function app_private.drop_forms_ahead is 'Takes back the forms that were made ahead for a request and touched by nobody.';
grant execute on function app_private.drop_forms_ahead to app_engine;
-- end of source: functions/appointments/draft_in.sql

-- source: functions/appointments/finish_appointment.sql
-- The specialist closes the session. APT-01.

set role app_engine;

create or replace function app_public.finish_appointment(appointment_id uuid) returns app_public.appointments
language sql volatile strict security definer
set search_path = ''
return app_private.move_appointment(appointment_id, 'done');

comment on function app_public.finish_appointment is
  'The session is over; STATE too_early before its time, or with the legal moves. Needs appointments.conduct.';
grant execute on function app_public.finish_appointment to app_member;

reset role;
-- end of source: functions/appointments/finish_appointment.sql

-- source: functions/appointments/hand_turn_over.sql
-- A booking that goes to another specialist or calendar takes its turn along: the one who had it gets it back, unless the start
-- has come. The counters are locked in one order, since two bookings may change places. SCH-04, APT-02.

create or replace function app_private.hand_turn_over(old_claim app_private.time_claims, new_claim app_private.time_claims)
returns void
language plpgsql volatile
set search_path = ''
as $$
begin
  perform app_private.lock_claims(array[(new_claim).id]);
  if (new_claim.calendar_id, new_claim.specialist_id) is not distinct from (old_claim.calendar_id, old_claim.specialist_id) then
    return;
  end if;
  perform from app_private.specialist_assignment_tracking as t
  where t.organization_id = new_claim.organization_id
    and (t.calendar_id, t.specialist_id) in (
      (old_claim.calendar_id, old_claim.specialist_id), (new_claim.calendar_id, new_claim.specialist_id))
  order by t.calendar_id, t.specialist_id
  for no key update;
  update app_private.specialist_assignment_tracking as t
  set assigned_count = greatest(0, t.assigned_count - 1)
  where t.organization_id = old_claim.organization_id
    and t.calendar_id = old_claim.calendar_id
    and t.specialist_id = old_claim.specialist_id
    and old_claim.counted_at is not null
    and lower(old_claim.during) > app_hidden.now();
  update app_private.time_claims as tc set counted_at = null where tc.id = new_claim.id;
  perform app_private.count_assignment(new_claim.id);
end;
$$;

comment on function app_private.hand_turn_over is
  'Moves the turn of a claim that was moved from the old specialist and calendar to the new; where both stay, nothing.';
grant execute on function app_private.hand_turn_over to app_engine;
-- end of source: functions/appointments/hand_turn_over.sql

-- source: functions/appointments/tell_specialist.sql
-- A specialist with an account hears of their own visits, each with its entry for a calendar: made, moved, called off, or given
-- to a colleague. APT-08, FND-15.

create or replace function app_private.tell_specialist(
  event app_private.events, appointment app_public.appointments, specialist_id uuid, template_key text
) returns void
language plpgsql volatile
set search_path = ''
as $$
begin
  perform app_private.notify(
    event.organization_id,
    tell_specialist.template_key,
    app_private.appointment_facts(
      event.organization_id, appointment.calendar_id, appointment.service_id, tell_specialist.specialist_id,
      appointment.starts_at, appointment.ends_at, appointment.modality, organizations.locale)
    || jsonb_build_object('patientName', appointment.contact_name),
    human_id => specialists.human_id,
    event_id => event.id,
    calendar_uid => appointment.id)
  from app_public.specialists
  join app_public.organizations on organizations.id = specialists.organization_id
  join app_public.memberships
    on memberships.organization_id = specialists.organization_id
    and memberships.human_id = specialists.human_id
    and memberships.ended_at is null
  where specialists.organization_id = event.organization_id and specialists.id = tell_specialist.specialist_id;
end;
$$;

comment on function app_private.tell_specialist is
  'Queues one of the messages specialist_appointment_… to a specialist who has an account at the clinic.';
grant execute on function app_private.tell_specialist to app_engine;
-- end of source: functions/appointments/tell_specialist.sql

-- source: functions/appointments/messages_about_appointment.sql
-- Who hears of an appointment: its specialist; its patient; and the clinic, of what its own people did not cancel or move. APT-09, FND-15.
-- An appointment that grew out of a request keeps the request's calendar entry, so the guest's calendar
-- turns the tentative entry into the confirmed one instead of showing two.

create or replace function app_private.messages_about_appointment(event app_private.events) returns void
language plpgsql volatile
set search_path = ''
as $$
declare
  v_clinic app_public.organizations;
  v_appointment app_public.appointments;
begin
  select appointments.* into strict v_appointment
  from app_public.appointments
  where appointments.organization_id = event.organization_id
    and appointments.id = event.subject_id;

  -- Of another time or specialist they hear by appointment.changed, whatever verb it was.
  if event.name in ('appointment.booked', 'appointment.reinstated', 'appointment.cancelled') then
    perform app_private.tell_specialist(
      event, v_appointment, v_appointment.specialist_id,
      case event.name when 'appointment.cancelled' then 'specialist_appointment_cancelled' else 'specialist_appointment_booked' end);
  end if;

  -- The guest was told with the answer to the request.
  if event.name = 'appointment.booked' and v_appointment.booking_request_id is not null then
    return;
  end if;

  perform app_private.notify(
    event.organization_id,
    -- What takes place after all is an appointment like any other; its calendar entry comes again.
    case event.name when 'appointment.reinstated' then 'appointment_booked' else replace(event.name, '.', '_') end,
    app_private.appointment_facts(
      event.organization_id, v_appointment.calendar_id, v_appointment.service_id, v_appointment.specialist_id,
      v_appointment.starts_at, v_appointment.ends_at, v_appointment.modality, v_appointment.locale)
    || case event.name
      when 'appointment.cancelled' then jsonb_build_object('reason', v_appointment.cancellation_reason)
      else '{}'
    end,
    patient_profile_id => v_appointment.patient_profile_id,
    name => v_appointment.contact_name,
    email => v_appointment.contact_email,
    phone => v_appointment.contact_phone,
    locale => v_appointment.locale,
    event_id => event.id,
    calendar_uid => coalesce(v_appointment.booking_request_id, v_appointment.id));

  select organizations.* into strict v_clinic
  from app_public.organizations
  where organizations.id = event.organization_id;
  -- The clinic knows what its own people did; of a patient it hears here that a time is free again.
  if event.name in ('appointment.cancelled', 'appointment.rescheduled') and v_clinic.contact_email is not null and not exists (
    select
    from (
      select appointment_moves.moved_by
      from app_public.appointment_moves
      where appointment_moves.organization_id = event.organization_id
        and appointment_moves.appointment_id = v_appointment.id
        and appointment_moves.to_status = case event.name when 'appointment.cancelled' then 'cancelled' else 'booked' end
      order by appointment_moves.moved_at desc, appointment_moves.id desc
      limit 1
    ) as latest
    join app_public.memberships
      on memberships.organization_id = event.organization_id
      and memberships.human_id = latest.moved_by
      and memberships.ended_at is null
  ) then
    perform app_private.notify(
      event.organization_id,
      replace(event.name, '.', '_') || '_by_patient',
      app_private.appointment_facts(
        event.organization_id, v_appointment.calendar_id, v_appointment.service_id, v_appointment.specialist_id,
        v_appointment.starts_at, v_appointment.ends_at, v_appointment.modality, v_clinic.locale)
      || jsonb_build_object('patientName', v_appointment.contact_name)
      || case event.name
        when 'appointment.cancelled' then jsonb_build_object('reason', v_appointment.cancellation_reason)
        else '{}'
      end,
      name => v_clinic.name,
      email => v_clinic.contact_email,
      locale => v_clinic.locale,
      event_id => event.id);
  end if;
end;
$$;

comment on function app_private.messages_about_appointment is
  'Queues what the events of an appointment call for: to the patient, and to the clinic.';
grant execute on function app_private.messages_about_appointment to app_engine;
-- end of source: functions/appointments/messages_about_appointment.sql

-- source: functions/appointments/messages_about_changed_appointment.sql
-- Specialists hear of another time, or that a visit is another's: whoever had it before takes the entry out. APT-08, FND-15.
create or replace function app_private.messages_about_changed_appointment(event app_private.events) returns void
language plpgsql volatile
set search_path = ''
as $$
declare
  v_appointment app_public.appointments;
  v_former_id uuid := (event.payload ->> 'fromSpecialistId')::uuid;
begin
  select appointments.* into v_appointment
  from app_public.appointments
  where appointments.organization_id = event.organization_id
    and appointments.id = event.subject_id
    and appointments.status in ('booked', 'upcoming', 'confirmed')
    and appointments.deleted_at is null;
  if not found then
    return;
  elsif v_former_id = v_appointment.specialist_id then
    perform app_private.tell_specialist(event, v_appointment, v_former_id, 'specialist_appointment_rescheduled');
  else
    perform app_private.tell_specialist(event, v_appointment, v_former_id, 'specialist_appointment_cancelled');
    perform app_private.tell_specialist(event, v_appointment, v_appointment.specialist_id, 'specialist_appointment_booked');
  end if;
end;
$$;

comment on function app_private.messages_about_changed_appointment is
  'Queues what a change of time or specialist calls for, to the specialists.';
grant execute on function app_private.messages_about_changed_appointment to app_engine;
-- end of source: functions/appointments/messages_about_changed_appointment.sql

-- source: functions/appointments/messages_about_reminder.sql
-- The patient is reminded, of the visit as it stands when the reminder is written: one that was called off or moved meanwhile is
-- not told of. APT-08, FND-15.

create or replace function app_private.messages_about_reminder(event app_private.events) returns void
language plpgsql volatile
set search_path = ''
as $$
declare
  v_appointment app_public.appointments;
begin
  select appointments.* into v_appointment
  from app_public.appointments
  join app_private.appointment_reminders
    on appointment_reminders.organization_id = appointments.organization_id
    and appointment_reminders.appointment_id = appointments.id
    and appointment_reminders.starts_at = appointments.starts_at
  where appointments.organization_id = event.organization_id
    and appointments.id = event.subject_id
    and appointments.status in ('booked', 'upcoming', 'confirmed')
    and appointments.starts_at > app_hidden.now()
    and appointments.deleted_at is null;
  if not found then
    return;
  end if;
  perform app_private.notify(
    event.organization_id,
    'appointment_reminder',
    app_private.appointment_facts(
      event.organization_id, v_appointment.calendar_id, v_appointment.service_id, v_appointment.specialist_id,
      v_appointment.starts_at, v_appointment.ends_at, v_appointment.modality, v_appointment.locale),
    patient_profile_id => v_appointment.patient_profile_id,
    name => v_appointment.contact_name,
    email => v_appointment.contact_email,
    phone => v_appointment.contact_phone,
    locale => v_appointment.locale,
    event_id => event.id);
end;
$$;

comment on function app_private.messages_about_reminder is 'Queues the reminder of an appointment to its patient, while it is still to come.';
grant execute on function app_private.messages_about_reminder to app_engine;
-- end of source: functions/appointments/messages_about_reminder.sql

-- source: functions/appointments/messages_about_review.sql
-- A review with few stars: whoever of the clinic may be told of those is told, once for each review. The message says
-- neither who wrote it nor what they wrote: that is read where rights are asked. APT-04, FND-15.

create or replace function app_private.messages_about_review(event app_private.events) returns void
language plpgsql volatile
set search_path = ''
as $$
declare
  v_recipients app_private.message_recipient[];
begin
  select array_agg(distinct row(null, memberships.human_id, null, null, null, null, null)::app_private.message_recipient)
  into v_recipients
  from app_public.memberships
  join app_public.membership_roles
    on membership_roles.organization_id = memberships.organization_id and membership_roles.membership_id = memberships.id
  join app_public.role_permissions
    on role_permissions.organization_id = membership_roles.organization_id and role_permissions.role_id = membership_roles.role_id
  where memberships.organization_id = event.organization_id
    and memberships.ended_at is null
    and role_permissions.permission = 'reviews.alerted';
  if v_recipients is null then
    return;
  end if;
  perform app_private.notify_many(
    event.organization_id, 'review_low_rating', v_recipients,
    jsonb_build_object(
      'rating', event.payload ->> 'rating',
      'specialistName', (
        select concat_ws(' ', specialists.title, specialists.given_name, specialists.family_name)
        from app_public.specialists where specialists.id = (event.payload ->> 'specialistId')::uuid)),
    event_id => event.id);
end;
$$;

comment on function app_private.messages_about_review is
  'Queues what review.low_rating calls for: a note to each member with reviews.alerted.';
grant execute on function app_private.messages_about_review to app_engine;
-- end of source: functions/appointments/messages_about_review.sql

-- source: functions/appointments/missing_of_appointment.sql
-- What an appointment waits for, for the screens: by its id, in the agenda with the whole day, and of a request before it is
-- confirmed. Read with the caller's rights, whatever else a row that comes as an argument says. APT-06, SCH-12.

create or replace function app_private.missing_for_caller(appointment_id uuid) returns setof app_public.missing_requirement
language sql stable
set search_path = ''
as $$
  select missing.*
  from app_public.appointments
  cross join lateral app_private.what_is_missing(
    appointments, 'confirmed', app_private.consents_asked(appointments)) as missing
  where appointments.id = missing_for_caller.appointment_id
    and appointments.status in ('booked', 'upcoming', 'confirmed')
    and appointments.deleted_at is null
    and (appointments.organization_id = any (app_hidden.organization_ids_where('appointments.view'))
         or (appointments.patient_profile_id = any (app_hidden.current_human_patient_profile_ids())
             and appointments.organization_id = any (app_hidden.current_patient_organization_ids())))
$$;

comment on function app_private.missing_for_caller is
  'What is missing for an appointment to be confirmed; nothing where the caller may not see it, or it has begun or was called off.';
grant execute on function app_private.missing_for_caller to app_engine;

set role app_engine;

create or replace function app_public.missing_of_appointment(appointment_id uuid) returns app_public.missing_requirement[]
language sql stable strict security definer
set search_path = ''
as $$
  select array(select missing from app_private.missing_for_caller(missing_of_appointment.appointment_id) as missing)
$$;

comment on function app_public.missing_of_appointment is
  E'@arg appointmentId The appointment, by its id.\n'
  'Consents and forms that an appointment asks for and that are not there yet, each with what resolves it: for the patient, who '
  'cares for them, and staff with appointments.view. Nothing of one that has begun or was called off.';
grant execute on function app_public.missing_of_appointment to app_member;

create or replace function app_public.agenda_appointment_missing(appointment app_public.agenda_appointment)
returns app_public.missing_requirement[]
language sql stable security definer
set search_path = ''
as $$
  select array(select missing from app_private.missing_for_caller((appointment).appointment_id) as missing)
$$;

comment on function app_public.agenda_appointment_missing is
  E'@behavior -queryField\n'
  'Consents and forms that the appointment asks for and that are not there yet, each with what resolves it.';
grant execute on function app_public.agenda_appointment_missing to app_member;

create or replace function app_public.missing_of_booking_request(booking_request_id uuid)
returns app_public.missing_requirement[]
language sql stable strict security definer
set search_path = ''
as $$
  select array(
    select missing
    from app_public.booking_requests
    cross join lateral app_private.draft_of_request(booking_requests) as draft
    cross join lateral app_private.what_is_missing(draft, null, app_private.consents_asked(draft)) as missing
    where booking_requests.id = missing_of_booking_request.booking_request_id
      and booking_requests.status = 'requested'
      and booking_requests.patient_profile_id is not null
      and booking_requests.organization_id = any (app_hidden.organization_ids_where('appointments.view')))
$$;

comment on function app_public.missing_of_booking_request is
  E'@arg bookingRequestId The request, by its id.\n'
  'What the guest, taken in as a patient, has not done yet: consents and blocks refuse the confirmation of the request, forms that '
  'of the appointment. Nothing before takeInGuest. Needs appointments.view.';
grant execute on function app_public.missing_of_booking_request to app_member;

reset role;
-- end of source: functions/appointments/missing_of_appointment.sql

-- source: functions/appointments/session_for.sql
-- What an appointment is paid by, when it changes: the session that it has while the plan is good for the new service and time, else
-- another one; or, when it is by no plan any more, the price. CAT-04.

create or replace function app_private.session_for(
  appointment app_public.appointments,
  by_plan boolean,
  list_price boolean default true
) returns app_public.appointments
language plpgsql volatile
set search_path = ''
as $$
declare
  v_changed app_public.appointments := appointment;
  v_stays boolean;
begin
  if by_plan or appointment.plan_session_number is not null then
    perform app_private.settle_patient_plans(appointment.organization_id, appointment.patient_profile_id);
  end if;
  if appointment.plan_session_number is not null then
    select coalesce(plans.valid_until > appointment.starts_at, true)
      and app_private.is_for_service(plans, appointment.service_id)
      and plans.patient_profile_id = appointment.patient_profile_id
    into strict v_stays
    from app_public.patient_service_plans as plans
    where plans.organization_id = appointment.organization_id and plans.id = appointment.patient_service_plan_id;
    if by_plan and v_stays then
      return appointment;
    end if;
    perform app_private.restore_entitlement(appointment.organization_id, 'sessions', 'appointment', appointment.id);
    v_changed.plan_session_number := null;
    v_changed.patient_service_plan_id := null;
  end if;
  if by_plan then
    return app_private.use_session(v_changed);
  end if;

  v_changed.patient_service_plan_id := null;
  if list_price or appointment.patient_service_plan_id is not null then
    select coalesce(calendars.price_amount, services.price_amount), services.currency
    into strict v_changed.price_amount, v_changed.currency
    from app_public.calendars
    join app_public.services on services.organization_id = calendars.organization_id and services.id = calendars.service_id
    where calendars.organization_id = appointment.organization_id and calendars.id = appointment.calendar_id;
  end if;
  return v_changed;
end;
$$;

comment on function app_private.session_for is
  'A changed appointment with its session or its price, which is looked up again when list_price says so or a plan paid before; '
  'the caller writes it. ENTITLEMENT_EXHAUSTED when it is to be by plan and none has a session for it.';
grant execute on function app_private.session_for to app_engine;
-- end of source: functions/appointments/session_for.sql

-- source: functions/appointments/move_appointment_to_patient.sql
-- An appointment that stands on the wrong chart goes to the right patient of the same clinic; back again the same way.
-- The answer to a booking request follows, since the request is the appointment's. What the guest gave as contact stays;
-- a contact that was the patient's own changes with the patient. Locks: the clinic's people, then the right patient, then
-- the appointment, as whoever removes or merges patients; the wrong one is locked last, by the record of the transfer.
-- FND-34, APT-01.

set role app_engine;

create or replace function app_public.move_appointment_to_patient(appointment_id uuid, patient_profile_id uuid, reason text)
returns app_public.appointments
language plpgsql volatile security definer
set search_path = ''
as $$
declare
  v_reason text;
  v_appointment app_public.appointments;
  v_person app_public.patient_profiles;
  v_from_id uuid;
  v_changed app_public.appointments;
begin
  select appointments.* into v_appointment
  from app_public.appointments
  where appointments.id = appointment_id
    and appointments.deleted_at is null
    and appointments.organization_id = any (app_hidden.organization_ids_where('appointments.view'));
  if not found then
    perform app_hidden.refuse('NOT_FOUND', 'appointment_not_found');
  end if;
  perform app_private.require_permission(v_appointment.organization_id, 'appointments.manage');
  perform app_private.require_permission(v_appointment.organization_id, 'patients.manage');
  v_reason := app_private.require_reason(reason);

  perform app_private.lock_people(v_appointment.organization_id);
  perform app_private.require_patient(v_appointment.organization_id, move_appointment_to_patient.patient_profile_id);
  select appointments.* into v_appointment
  from app_public.appointments
  where appointments.id = appointment_id and appointments.deleted_at is null
  for update;
  if not found then
    perform app_hidden.refuse('NOT_FOUND', 'appointment_not_found');
  elsif v_appointment.patient_profile_id = move_appointment_to_patient.patient_profile_id then
    perform app_hidden.refuse('CONFLICT', 'already_this_patient', '{"field": "patientProfileId"}');
  end if;

  v_from_id := v_appointment.patient_profile_id;
  select patient_profiles.* into strict v_person
  from app_public.patient_profiles where patient_profiles.id = move_appointment_to_patient.patient_profile_id;
  -- A session of the wrong one goes back to their plan; the right one uses one of theirs, or it is paid for.
  v_changed := v_appointment;
  v_changed.patient_service_plan_id := null;
  if v_appointment.plan_session_number is not null then
    v_changed := app_private.session_for(v_appointment, false);
    v_changed.patient_profile_id := v_person.id;
    v_changed.patient_service_plan_id := app_private.choose_plan(v_changed, null);
    if v_changed.patient_service_plan_id is not null then
      v_changed := app_private.use_session(v_changed);
    end if;
  end if;
  update app_public.appointments set
    patient_profile_id = v_person.id,
    patient_service_plan_id = v_changed.patient_service_plan_id,
    plan_session_number = v_changed.plan_session_number,
    price_amount = v_changed.price_amount,
    currency = v_changed.currency,
    contact_email = case when appointments.booking_request_id is null then v_person.email else appointments.contact_email end,
    contact_name = case when appointments.booking_request_id is null then v_person.given_name || ' ' || v_person.family_name
                     else appointments.contact_name end,
    locale = case when appointments.booking_request_id is null then v_person.locale else appointments.locale end
  where appointments.id = v_appointment.id
  returning * into v_appointment;
  insert into app_public.appointment_transfers
    (organization_id, appointment_id, patient_profile_id, from_profile_id, reason, moved_by)
  values (v_appointment.organization_id, v_appointment.id, v_person.id, v_from_id, v_reason, app_private.current_actor_id());

  perform app_private.ask_forms_anew(v_appointment);

  -- What has not left for the other person does not leave any more; what a worker has in hand is on its way.
  update app_public.messages set status = 'skipped', reason = 'moved_to_another_patient'
  from app_private.events
  where messages.organization_id = v_appointment.organization_id
    and messages.patient_profile_id = v_from_id
    and messages.status = 'queued'
    and messages.attempts = 0
    and events.organization_id = messages.organization_id
    and events.id = messages.event_id
    and events.subject_id = v_appointment.id;
  perform app_private.publish(
    'appointment.patient_changed', v_appointment.organization_id, v_appointment.id,
    jsonb_build_object(
      'appointmentId', v_appointment.id, 'patientProfileId', v_person.id, 'fromPatientProfileId', v_from_id));
  return v_appointment;
end;
$$;

comment on function app_public.move_appointment_to_patient is
  'Moves an appointment from the wrong chart to the right patient of the clinic. Needs appointments.manage, '
  'patients.manage and a reason; moving it back undoes it. CONFLICT already_this_patient.';
grant execute on function app_public.move_appointment_to_patient to app_member;

reset role;
-- end of source: functions/appointments/move_appointment_to_patient.sql

-- source: functions/appointments/on_merge_booking_requests.sql
-- Guests who were taken in as the duplicate are the patient who is kept: a request that waits is confirmed for that one. Not the
-- rule "moves": an appointment belongs to its request and goes to another chart alone. FND-34, APT-09.

create or replace function app_private.on_merge_booking_requests(
  kept app_public.patients,
  duplicate app_public.patients,
  is_the_clinics_own boolean
) returns jsonb
language sql volatile
set search_path = ''
begin atomic
  with moved as (
    update app_public.booking_requests set patient_profile_id = kept.patient_profile_id
    where booking_requests.organization_id = kept.organization_id
      and booking_requests.patient_profile_id = duplicate.patient_profile_id
    returning booking_requests.id, old.patient_profile_id
  )
  select jsonb_build_object('app_public.booking_requests.patient_profile_id', coalesce(jsonb_agg(to_jsonb(moved)), '[]')) from moved;
end;

comment on function app_private.on_merge_booking_requests is 'Moves the requests of guests who were taken in as the duplicate.';
grant execute on function app_private.on_merge_booking_requests to app_engine;
-- end of source: functions/appointments/on_merge_booking_requests.sql

-- source: functions/appointments/record_no_show.sql
-- Nobody came. APT-01, APT-03.

set role app_engine;

create or replace function app_public.record_no_show(appointment_id uuid, excuse_reason text default null)
returns app_public.appointments
language sql volatile security definer
set search_path = ''
return app_private.call_off(appointment_id, 'noshow', null, null, excuse_reason);

comment on function app_public.record_no_show is
  'The patient did not come; only after the start. Frees the rest of the time, and does with the session of a plan what the '
  'policy of the appointment says. Needs appointments.conduct, and appointments.manage for an excuse.';
grant execute on function app_public.record_no_show to app_member;

reset role;
-- end of source: functions/appointments/record_no_show.sql

-- source: functions/appointments/record_no_shows.sql
-- Where a clinic says so, a visit that nobody started or closed counts as missed some time after its end. The worker calls it
-- every minute; after a standstill of days the next calls catch up. APT-01, APT-03.

set role app_engine;

create or replace function app_private.record_no_shows() returns int
language plpgsql volatile security definer
set search_path = ''
as $$
declare
  v_due uuid[];
  v_claims uuid[];
begin
  with due as (
    select appointments.id, appointments.claim_id
    from app_public.appointments
    join app_public.organizations
      on organizations.id = appointments.organization_id and organizations.no_show_after_minutes is not null
    where appointments.status in ('booked', 'upcoming', 'confirmed')
      and appointments.starts_at < app_hidden.now()
      and appointments.ends_at <= app_hidden.now() - make_interval(mins => organizations.no_show_after_minutes)
      and appointments.deleted_at is null
    order by appointments.starts_at
    limit 500
    for no key update of appointments skip locked
  )
  select coalesce(array_agg(due.id), '{}'), coalesce(array_agg(due.claim_id), '{}') into v_due, v_claims
  from due;

  -- At once, so that all their days are locked in the one order.
  perform app_private.release_claims(v_claims);
  update app_public.appointments set status = 'noshow' where appointments.id = any (v_due);
  return cardinality(v_due);
end;
$$;

comment on function app_private.record_no_shows is
  'Moves up to 500 visits that nobody came to, of clinics with noShowAfterMinutes, to noshow; returns how many.';
grant execute on function app_private.record_no_shows to app_worker;

reset role;
-- end of source: functions/appointments/record_no_shows.sql

-- source: functions/scheduling/move_claim.sql
-- A hold, a request or an appointment goes to another time, specialist or calendar: the new time is taken and the old one
-- is free in one step, or nothing changes. It stays the same claim, so nobody can slip in between. SCH-06, APT-02.
-- The claim is locked first, so that its days are read once; then who could be chosen, as every booking does; then old and
-- new days at once and in the one order. A claim that was let go, of a cancelled appointment, takes a time again.
-- The caller has the calendar from visible_calendar, has checked require_choice and permission, and keeps the reason of an
-- override. Turns are the caller's to count.

create or replace function app_private.move_claim(
  claim_id uuid,
  calendar app_public.calendars,
  starts_at timestamptz,
  specialist_id uuid default null,
  override boolean default false
) returns app_private.time_claims
language plpgsql volatile
set search_path = ''
as $$
declare
  v_old app_private.time_claims;
  v_claim app_private.time_claims;
  v_free app_private.free_start[];
  v_try app_private.free_start;
  v_needs boolean;
begin
  perform app_private.require_named(calendar, move_claim.specialist_id);
  perform app_private.lock_hold(move_claim.claim_id);
  select tc.* into strict v_old from app_private.time_claims as tc where tc.id = move_claim.claim_id;
  if v_old.kind <> 'hold' then
    perform app_private.lock_to_book(calendar, move_claim.specialist_id);
  end if;

  v_free := app_private.by_turn(calendar.id, app_private.bookable(
    calendar.id, move_claim.starts_at, move_claim.specialist_id, override, own_claim_id => v_old.id));
  v_needs := app_private.needs_resources(calendar.organization_id, calendar.id);
  if v_needs then
    perform app_private.lock_clinic_resources(calendar.organization_id);
  end if;
  perform app_private.lock_specialist_days(
    v_free || (v_old.specialist_id, lower(v_old.during), upper(v_old.during), v_old.blocked)::app_private.free_start);
  select tc.* into strict v_old from app_private.time_claims as tc where tc.id = v_old.id for update;
  if v_old.kind = 'hold' and (v_old.released_at is not null or v_old.expires_at <= app_hidden.now()) then
    perform app_hidden.refuse('GONE', 'hold_expired');
  end if;

  -- Left before the new time is taken, so that what it had is not in its own way; a refusal brings all of it back.
  perform app_private.leave(v_old);
  foreach v_try in array v_free loop
    v_claim := app_private.occupy(calendar, v_try, v_old, v_needs);
    exit when v_claim.id is not null;
  end loop;
  if v_claim.id is null then
    perform app_private.refuse_taken(calendar.id, move_claim.starts_at);
  end if;

  if v_old.released_at is not null then
    perform app_private.publish_held(v_claim);
  elsif (v_claim.calendar_id, v_claim.specialist_id, v_claim.during)
    is distinct from (v_old.calendar_id, v_old.specialist_id, v_old.during) then
    perform app_private.publish_released(v_old);
    perform app_private.publish_held(v_claim);
  end if;
  return v_claim;
end;
$$;

comment on function app_private.move_claim is
  'Moves a claim to another start, specialist or calendar, whatever its kind: the old time is free only when the new one is '
  'taken. SLOT_TAKEN, VALIDATION naming the rule, GONE for a hold that is over.';

grant execute on function app_private.move_claim to app_engine;
-- end of source: functions/scheduling/move_claim.sql

-- source: functions/appointments/reinstate_appointment.sql
-- It was called off and takes place after all, at its time, while that is free. What was given back of a plan is used again. Locks as
-- reschedule_appointment(). APT-01, APT-02, CAT-04.

set role app_engine;

create or replace function app_public.reinstate_appointment(
  appointment_id uuid,
  override_reason text default null,
  use_plan boolean default null
) returns app_public.appointments
language plpgsql volatile security definer
set search_path = ''
as $$
declare
  v_remembered jsonb := app_private.remembered('reinstate_appointment', jsonb_build_array(
    appointment_id, override_reason, use_plan));
  v_appointment app_public.appointments;
  v_changed app_public.appointments;
  v_calendar app_public.calendars;
  v_override boolean;
  v_claim app_private.time_claims;
begin
  if v_remembered is not null then
    perform app_private.own_appointment(appointment_id);
    return jsonb_populate_record(v_appointment, v_remembered);
  end if;

  v_appointment := app_private.own_appointment(appointment_id);
  perform app_private.require_permission(v_appointment.organization_id, 'appointments.manage');
  v_override := app_private.may_override(v_appointment.organization_id, override_reason);
  v_calendar := app_private.visible_calendar(v_appointment.calendar_id);
  perform app_private.require_choice(v_calendar, v_appointment.specialist_id);
  perform app_private.lock_to_book(v_calendar, v_appointment.specialist_id);
  v_appointment := app_private.lock_appointment(v_appointment);
  perform app_private.authorize_move(
    'appointments', v_appointment.status, 'booked', v_appointment.organization_id, v_appointment.patient_profile_id);
  if v_appointment.status <> 'cancelled' then
    perform app_hidden.refuse('STATE', 'appointment_not_cancelled', jsonb_build_object('status', v_appointment.status));
  end if;

  v_claim := app_private.move_claim(
    v_appointment.claim_id, v_calendar, v_appointment.starts_at, v_appointment.specialist_id, v_override);
  perform app_private.count_assignment(v_claim.id);
  v_changed := app_private.draft_at(v_appointment, v_calendar, v_claim, case when v_override then override_reason end);
  v_changed := app_private.pass_gate(v_changed);
  v_changed := app_private.session_for(
    v_changed, coalesce(use_plan, v_changed.patient_service_plan_id is not null), false);
  v_appointment := app_private.write_booked(v_changed);
  perform app_private.remember('reinstate_appointment', to_jsonb(v_appointment));
  return v_appointment;
end;
$$;

comment on function app_public.reinstate_appointment is
  'Takes a cancellation back: the appointment is booked again at its time and with its specialist, by the plan it was by. Needs '
  'appointments.manage. SLOT_TAKEN when the time went to somebody else, VALIDATION naming the rule, which overrideReason sets '
  'aside; STATE appointment_not_cancelled; ENTITLEMENT_EXHAUSTED when the plan has no session left.';
grant execute on function app_public.reinstate_appointment to app_member;

reset role;
-- end of source: functions/appointments/reinstate_appointment.sql

-- source: functions/appointments/remind_of_appointments.sql
-- Patients are reminded of what is near, by the clinic's clock: what would be due in the night leaves in the last quarter of an
-- hour before it, and nothing leaves outside the hours. The worker calls it every five minutes; after a standstill the
-- reminder that fits best is sent, and none of a visit that has begun or was booked later than it would have left. APT-08.

set role app_engine;

create or replace function app_private.remind_of_appointments() returns int
language sql volatile security definer
set search_path = ''
begin atomic
  with reminding as (
    select organizations.id, chosen.minutes_before,
      -- Whatever starts before is due now.
      case when local.time >= organizations.reminders_until - interval '15 minutes'
        then (local.date + 1 + organizations.reminders_from) at time zone organizations.timezone
        else app_hidden.now()
      end + make_interval(mins => chosen.minutes_before) as until
    from app_public.organizations
    cross join lateral (
      select (app_hidden.now() at time zone organizations.timezone)::date,
             (app_hidden.now() at time zone organizations.timezone)::time
    ) as local (date, time)
    cross join lateral unnest(organizations.reminder_minutes) as chosen (minutes_before)
    where organizations.deleted_at is null
      and local.time >= organizations.reminders_from and local.time < organizations.reminders_until
  ), due as (
    select distinct on (appointments.organization_id, appointments.id)
      appointments.organization_id, appointments.id, appointments.starts_at, reminding.minutes_before
    from reminding
    join app_public.appointments
      on appointments.organization_id = reminding.id
      and appointments.status in ('booked', 'upcoming', 'confirmed')
      and appointments.starts_at > app_hidden.now() and appointments.starts_at <= reminding.until
      and appointments.created_at < appointments.starts_at - make_interval(mins => reminding.minutes_before)
      and appointments.deleted_at is null
    left join app_private.appointment_reminders as earlier
      on earlier.organization_id = appointments.organization_id and earlier.appointment_id = appointments.id
      and earlier.starts_at = appointments.starts_at
    where earlier.minutes_before is null or earlier.minutes_before > reminding.minutes_before
    order by appointments.organization_id, appointments.id, reminding.minutes_before
    limit 1000
  ), locked as (
    -- Whoever else tells of many appointments locks their rows first, too, so nobody waits in a circle.
    select due.*
    from due
    join app_public.appointments
      on appointments.organization_id = due.organization_id and appointments.id = due.id
      and appointments.starts_at = due.starts_at and appointments.status in ('booked', 'upcoming', 'confirmed')
    for no key update of appointments skip locked
  ), reminded as (
    insert into app_private.appointment_reminders as known (organization_id, appointment_id, starts_at, minutes_before, reminded_at)
    select locked.organization_id, locked.id, locked.starts_at, locked.minutes_before, app_hidden.now()
    from locked
    on conflict on constraint appointment_reminders_pkey do update
      set starts_at = excluded.starts_at, minutes_before = excluded.minutes_before, reminded_at = excluded.reminded_at
      -- Of two workers at once the second finds it done.
      where (known.starts_at, known.minutes_before) is distinct from (excluded.starts_at, excluded.minutes_before)
    returning known.organization_id, known.appointment_id, known.minutes_before
  )
  select count(app_private.publish(
    'appointment.reminder_due', reminded.organization_id, reminded.appointment_id,
    jsonb_build_object('appointmentId', reminded.appointment_id, 'minutesBefore', reminded.minutes_before)))::int
  from reminded;
end;

comment on function app_private.remind_of_appointments is
  'Publishes appointment.reminder_due for up to 1,000 appointments whose reminder is due; returns how many.';
grant execute on function app_private.remind_of_appointments to app_worker;

reset role;
-- end of source: functions/appointments/remind_of_appointments.sql

-- source: functions/appointments/remove_appointment.sql
-- What was entered by mistake is taken out of the list, once it is over: while it holds its time it is cancelled, not
-- removed. FND-10, APT-01.

set role app_engine;

create or replace function app_public.remove_appointment(appointment_id uuid) returns app_public.appointments
language plpgsql volatile strict security definer
set search_path = ''
as $$
declare
  v_appointment app_public.appointments;
begin
  perform app_private.soft_delete('app_public.appointments', appointment_id);
  select appointments.* into strict v_appointment from app_public.appointments where appointments.id = remove_appointment.appointment_id;
  if v_appointment.status not in ('done', 'cancelled', 'noshow') then
    perform app_hidden.refuse(
      'STATE', 'appointment_not_over',
      jsonb_build_object('status', v_appointment.status, 'legal', app_private.legal_moves('appointments', v_appointment.status)));
  end if;
  return v_appointment;
end;
$$;

comment on function app_public.remove_appointment is
  'Takes an appointment that is over out of the lists; restoreDeletedRow brings it back. Needs appointments.manage; STATE '
  'appointment_not_over before.';
grant execute on function app_public.remove_appointment to app_member;

reset role;
-- end of source: functions/appointments/remove_appointment.sql

-- source: functions/appointments/require_to_reschedule.sql
-- Who may move an appointment, and until when: what the policy promised a patient; staff at any time. APT-01, APT-03.

create or replace function app_private.require_to_reschedule(appointment app_public.appointments) returns boolean
language plpgsql stable
set search_path = ''
as $$
declare
  v_until timestamptz := appointment.starts_at - make_interval(mins => appointment.reschedule_minutes);
begin
  perform app_private.authorize_move(
    'appointments', appointment.status, 'booked', appointment.organization_id, appointment.patient_profile_id);
  if appointment.status = 'cancelled' then
    perform app_hidden.refuse('STATE', 'appointment_is_cancelled');
  end if;
  if app_hidden.has_permission(appointment.organization_id, 'appointments.manage') then
    return false;
  end if;
  if v_until < app_hidden.now() then
    perform app_hidden.refuse(
      'STATE', 'too_late_to_reschedule',
      jsonb_build_object('until', v_until) || app_private.clinic_to_call(appointment.organization_id));
  elsif appointment.reschedule_count >= appointment.reschedule_limit then
    perform app_hidden.refuse(
      'STATE', 'rescheduled_too_often',
      jsonb_build_object('limit', appointment.reschedule_limit) || app_private.clinic_to_call(appointment.organization_id));
  end if;
  return true;
end;
$$;

comment on function app_private.require_to_reschedule is
  'Passes who may move an appointment, and says whether it is the patient; FORBIDDEN, STATE with the legal moves or the policy.';
grant execute on function app_private.require_to_reschedule to app_engine;
-- end of source: functions/appointments/require_to_reschedule.sql

-- source: functions/appointments/reschedule_appointment.sql
-- Another time, specialist or calendar: the old time is free only when the new one is taken. It stays the same appointment, with its
-- forms, its price while the calendar stays, its calendar entry and what was promised at booking; what the patient confirmed was
-- the other time, so it is booked again. Locks: calendar and specialists, the patient, the appointment, the days, the turns, the
-- plans. APT-02, APT-03, CAT-04.

set role app_engine;

create or replace function app_public.reschedule_appointment(
  appointment_id uuid,
  starts_at timestamptz,
  calendar_id uuid default null,
  specialist_id uuid default null,
  override_reason text default null,
  use_plan boolean default null
) returns app_public.appointments
language plpgsql volatile security definer
set search_path = ''
as $$
declare
  v_remembered jsonb := app_private.remembered('reschedule_appointment', jsonb_build_array(
    appointment_id, starts_at, calendar_id, specialist_id, override_reason, use_plan));
  v_appointment app_public.appointments;
  v_changed app_public.appointments;
  v_calendar app_public.calendars;
  v_specialist_id uuid := specialist_id;
  v_is_elsewhere boolean;
  v_by_patient boolean;
  v_override boolean;
  v_old_claim app_private.time_claims;
  v_claim app_private.time_claims;
begin
  if v_remembered is not null then
    perform app_private.own_appointment(appointment_id);
    return jsonb_populate_record(v_appointment, v_remembered);
  end if;

  v_appointment := app_private.own_appointment(appointment_id);
  v_calendar := app_private.visible_calendar(coalesce(reschedule_appointment.calendar_id, v_appointment.calendar_id));
  v_is_elsewhere := v_calendar.id <> v_appointment.calendar_id;
  if v_calendar.organization_id <> v_appointment.organization_id then
    perform app_hidden.refuse('NOT_FOUND', 'calendar_not_found');
  end if;
  perform app_private.require_choice(v_calendar, v_specialist_id);
  if not v_is_elsewhere and v_calendar.assignment_strategy = 'specific' then
    v_specialist_id := coalesce(v_specialist_id, v_appointment.specialist_id);
  end if;
  v_override := app_private.may_override(v_calendar.organization_id, override_reason);
  perform app_private.lock_to_book(v_calendar, v_specialist_id);
  v_appointment := app_private.lock_appointment(v_appointment);
  v_by_patient := app_private.require_to_reschedule(v_appointment);
  if not v_is_elsewhere and reschedule_appointment.starts_at = v_appointment.starts_at
    and coalesce(v_specialist_id = v_appointment.specialist_id, true) then
    perform app_hidden.refuse('CONFLICT', 'already_at_this_time', '{"field": "startsAt"}');
  end if;

  select time_claims.* into strict v_old_claim
  from app_private.time_claims
  where time_claims.organization_id = v_appointment.organization_id and time_claims.id = v_appointment.claim_id;
  v_claim := app_private.move_claim(
    v_old_claim.id, v_calendar, reschedule_appointment.starts_at, v_specialist_id, v_override);
  perform app_private.hand_turn_over(v_old_claim, v_claim);

  v_changed := app_private.draft_at(v_appointment, v_calendar, v_claim, case when v_override then override_reason end);
  if v_is_elsewhere then
    v_changed := app_private.pass_gate(v_changed);
  end if;
  v_changed := app_private.session_for(
    v_changed, coalesce(use_plan, v_changed.plan_session_number is not null), v_is_elsewhere);
  v_changed.reschedule_count := v_changed.reschedule_count + case when v_by_patient then 1 else 0 end;
  v_appointment := app_private.write_booked(v_changed);
  perform app_private.remember('reschedule_appointment', to_jsonb(v_appointment));
  return v_appointment;
end;
$$;

comment on function app_public.reschedule_appointment is
  E'@arg calendarId Where it goes; its calendar where null.\n'
  'Moves an appointment to another time, and to another specialist or calendar of the clinic; without specialistId whose turn it is, '
  'where the visitor picks the same one. By the patient, a caregiver, or staff with appointments.manage, who may set rules of time '
  'aside with overrideReason. SLOT_TAKEN, VALIDATION naming the rule; STATE too_late_to_reschedule or rescheduled_too_often, where '
  'the policy of the appointment says so to a patient; ENTITLEMENT_EXHAUSTED when it is by plan, and no session is good for it.';
grant execute on function app_public.reschedule_appointment to app_member;

reset role;
-- end of source: functions/appointments/reschedule_appointment.sql

-- source: functions/appointments/review_appointment.sql
-- The patient says how it was: once, after the appointment, within a month. It is not edited, so that nobody is asked to.
-- APT-04.

set role app_engine;

create or replace function app_public.review_appointment(appointment_id uuid, rating int, comment text default null)
returns app_public.appointment_reviews
language plpgsql volatile security definer
set search_path = ''
as $$
declare
  v_appointment app_public.appointments;
  v_review app_public.appointment_reviews;
  v_until timestamptz;
begin
  select appointments.* into v_appointment
  from app_public.appointments
  where appointments.id = review_appointment.appointment_id
    and appointments.deleted_at is null
    and appointments.patient_profile_id = any (app_hidden.current_human_patient_profile_ids())
    and appointments.organization_id = any (app_hidden.current_patient_organization_ids())
  for share;
  if not found then
    perform app_hidden.refuse('NOT_FOUND', 'appointment_not_found');
  end if;
  if v_appointment.status <> 'done' then
    perform app_hidden.refuse('STATE', 'appointment_not_done', jsonb_build_object('status', v_appointment.status));
  end if;
  v_until := v_appointment.ends_at + interval '30 days';
  if v_until < app_hidden.now() then
    perform app_hidden.refuse('STATE', 'review_too_late', jsonb_build_object('until', v_until, 'timezone', (
      select organizations.timezone from app_public.organizations where organizations.id = v_appointment.organization_id)));
  end if;
  if rating not between 1 and 5 then
    perform app_hidden.refuse('VALIDATION', 'rating_out_of_range', '{"field": "rating"}');
  end if;
  if length(btrim(comment, e' \t\r\n')) > 2000 then
    perform app_hidden.refuse('VALIDATION', 'comment_too_long', '{"field": "comment", "most": 2000}');
  end if;

  insert into app_public.appointment_reviews (organization_id, appointment_id, rating, comment, created_by)
  values (v_appointment.organization_id, v_appointment.id, review_appointment.rating,
          nullif(btrim(review_appointment.comment, e' \t\r\n'), ''), app_hidden.current_account_id())
  on conflict on constraint appointment_reviews_one_for_an_appointment do nothing
  returning * into v_review;
  if not found then
    perform app_hidden.refuse('CONFLICT', 'reviewed_already');
  end if;

  if exists (
    select from app_public.organizations
    where organizations.id = v_review.organization_id and v_review.rating < organizations.low_rating_below
  ) then
    perform app_private.publish('review.low_rating', v_review.organization_id, v_review.id, jsonb_build_object(
      'appointmentId', v_appointment.id, 'specialistId', v_appointment.specialist_id, 'rating', v_review.rating));
  end if;
  return v_review;
end;
$$;

comment on function app_public.review_appointment is
  E'@arg rating From 1, bad, to 5, very good.\n'
  '@arg comment In the patient''s own words, at most 2000 characters.\n'
  'Says how an appointment was: by its patient or a caregiver, once it is done, within 30 days, and once. STATE '
  'appointment_not_done or review_too_late, CONFLICT reviewed_already.';
grant execute on function app_public.review_appointment to app_member;

reset role;
-- end of source: functions/appointments/review_appointment.sql

-- source: functions/appointments/specialist_ratings.sql
-- How the patients of a clinic rate its specialists: for the clinic alone. APT-04.

set role app_engine;

create or replace function app_public.specialist_ratings(organization_id uuid)
returns table (specialist_id uuid, review_count int, average_rating numeric)
language plpgsql stable strict security definer
set search_path = ''
as $$
begin
  perform app_private.require_permission(specialist_ratings.organization_id, 'reviews.view');
  return query
    select appointments.specialist_id, count(*)::int, round(avg(appointment_reviews.rating), 2)
    from app_public.appointment_reviews
    join app_public.appointments
      on appointments.organization_id = appointment_reviews.organization_id
      and appointments.id = appointment_reviews.appointment_id
      and appointments.deleted_at is null
    where appointment_reviews.organization_id = specialist_ratings.organization_id
    group by appointments.specialist_id
    order by appointments.specialist_id;
end;
$$;

comment on function app_public.specialist_ratings is
  'How many reviews each specialist of the clinic has, and their average; nobody who has none. Needs reviews.view.';
grant execute on function app_public.specialist_ratings to app_member;

reset role;
-- end of source: functions/appointments/specialist_ratings.sql

-- source: functions/appointments/start_appointment.sql
-- The specialist opens the session. APT-01.

set role app_engine;

create or replace function app_public.start_appointment(appointment_id uuid) returns app_public.appointments
language sql volatile strict security definer
set search_path = ''
return app_private.move_appointment(appointment_id, 'inprogress');

comment on function app_public.start_appointment is
  'The session begins, from the clinic''s startLeadMinutes before its time on; STATE too_early before, or with the legal moves. Needs appointments.conduct.';
grant execute on function app_public.start_appointment to app_member;

reset role;
-- end of source: functions/appointments/start_appointment.sql

-- source: functions/appointments/take_in_guest.sql
-- A guest becomes a patient before the clinic says yes: the gate asks of whoever is booked for, and nobody can sign who is nobody
-- yet. Front desk says who it is, as in confirming; the forms that the appointment will ask for are made, so that links can be
-- sent; confirming books for this patient. Said again, it is somebody else: what was made for the first and touched by nobody
-- goes. APT-09, APT-06, docs/decisions/0116.

set role app_engine;

create or replace function app_public.take_in_guest(
  booking_request_id uuid,
  patient_profile_id uuid default null,
  as_new_patient boolean default false
) returns app_public.booking_requests
language plpgsql volatile security definer
set search_path = ''
as $$
declare
  v_request app_public.booking_requests := app_private.locked_booking_request(booking_request_id, 'confirmed');
  v_profile_id uuid;
begin
  perform app_private.require_unexpired(v_request);
  v_profile_id := app_private.patient_for_request(v_request, patient_profile_id, coalesce(as_new_patient, false));
  if v_profile_id is distinct from v_request.patient_profile_id then
    perform app_private.drop_forms_ahead(v_request);
    update app_public.booking_requests set patient_profile_id = v_profile_id
    where booking_requests.id = v_request.id
    returning * into v_request;
  end if;
  perform app_private.make_forms_ahead(app_private.draft_of_request(v_request));
  return v_request;
end;
$$;

comment on function app_public.take_in_guest is
  'Says which patient the guest of a booking request is, found or made as in confirmBookingRequest, and makes the forms that the '
  'appointment will ask for. missingOfBookingRequest then lists what it waits for. Said again with patientProfileId or '
  'asNewPatient, it is somebody else. Needs appointments.manage; refuses as confirmBookingRequest does.';
grant execute on function app_public.take_in_guest to app_member;

-- Before a booking of one's own: what the calendar will ask, so that it can be answered first.
create or replace function app_public.prepare_booking(calendar_id uuid, patient_profile_id uuid)
returns app_public.missing_requirement[]
language plpgsql volatile strict security definer
set search_path = ''
as $$
declare
  v_calendar app_public.calendars := app_private.visible_calendar(prepare_booking.calendar_id);
  v_draft app_public.appointments;
begin
  perform app_private.require_to_book(v_calendar.organization_id, prepare_booking.patient_profile_id);
  v_draft := app_private.draft_in(v_calendar, prepare_booking.patient_profile_id, app_hidden.now());
  perform app_private.make_forms_ahead(v_draft);
  return array(
    select missing from app_private.what_is_missing(v_draft, null, app_private.consents_asked(v_draft)) as missing);
end;
$$;

comment on function app_public.prepare_booking is
  E'@resultFieldName missing\n'
  'Makes the forms that an appointment in this calendar will ask a patient for, and tells all that is missing before it can be '
  'booked and confirmed. For the patient, a caregiver, or staff with appointments.manage; told again, it makes nothing twice.';
grant execute on function app_public.prepare_booking to app_member;

reset role;
-- end of source: functions/appointments/take_in_guest.sql

-- source: functions/appointments/tg_appointments__record_move.sql
-- Every move has an actor, a time and an event, whoever makes it. APT-01, FND-14.
-- _200_guard_state has refused what is no move.

set role app_engine;

create or replace function app_private.tg_appointments__record_move() returns trigger
language plpgsql security definer
set search_path = ''
as $$
declare
  v_from text := case when tg_op = 'UPDATE' then old.status else '' end;
  v_event text;
begin
  insert into app_public.appointment_moves (organization_id, appointment_id, from_status, to_status, moved_by, moved_at, reason,
    overridden_rules)
  values (new.organization_id, new.id, nullif(v_from, ''), new.status, app_private.current_actor_id(), app_hidden.now(),
          case new.status when 'booked' then new.override_reason else coalesce(new.cancellation_reason, new.excuse_reason) end,
          case new.status when 'booked' then new.overridden_rules end);

  select distinct transition.event into strict v_event
  from app_private.state_transitions as transition
  where transition.entity = 'appointments' and transition.from_state = v_from and transition.to_state = new.status;

  perform app_private.publish(
    v_event, new.organization_id, new.id,
    jsonb_strip_nulls(jsonb_build_object(
      'appointmentId', new.id, 'patientProfileId', new.patient_profile_id, 'specialistId', new.specialist_id,
      'serviceId', new.service_id,
      'startsAt', new.starts_at, 'endsAt', new.ends_at, 'from', nullif(v_from, ''), 'to', new.status)
      || case when v_event = 'appointment.rescheduled' then jsonb_build_object(
        'calendarId', new.calendar_id, 'fromStartsAt', old.starts_at, 'fromEndsAt', old.ends_at,
        'fromSpecialistId', old.specialist_id, 'fromCalendarId', old.calendar_id, 'fromServiceId', old.service_id)
      else '{}' end));
  return new;
end;
$$;

comment on function app_private.tg_appointments__record_move is
  'Writes appointment_moves and publishes the event of the move. Trigger _900_record_move.';

reset role;

create or replace trigger _900_record_move after insert or update of status on app_public.appointments
  for each row execute function app_private.tg_appointments__record_move();
-- end of source: functions/appointments/tg_appointments__record_move.sql

-- source: functions/appointments/tg_appointments__settle_session.sql
-- What is called off, or missed, gives the session of its plan back or keeps it, as it was promised at booking and whoever moves
-- it: a verb, or time. The plans are locked here; whoever moves has locked the days before. APT-03, CAT-04.

set role app_engine;

create or replace function app_private.tg_appointments__settle_session() returns trigger
language plpgsql security definer
set search_path = ''
as $$
begin
  if new.excuse_reason is not null
    or (new.status = 'cancelled' and (not coalesce(new.is_late_cancellation, false) or new.late_cancel_session = 'given_back'))
    or (new.status = 'noshow' and new.no_show_session = 'given_back')
  then
    perform app_private.restore_entitlement(new.organization_id, 'sessions', 'appointment', new.id);
    new.plan_session_number := null;
  end if;
  return new;
end;
$$;

comment on function app_private.tg_appointments__settle_session is
  'Gives the session back where the appointment does not take place and the policy says so. Trigger _300_settle_session.';

reset role;

create or replace trigger _300_settle_session before update of status on app_public.appointments
  for each row
  when (new.status in ('cancelled', 'noshow') and old.status <> new.status and new.plan_session_number is not null)
  execute function app_private.tg_appointments__settle_session();
-- end of source: functions/appointments/tg_appointments__settle_session.sql

-- source: functions/appointments/tg_booking_requests__drop_forms.sql
-- A request that became no appointment leaves no forms to fill in with the patient that the guest was taken for. APT-09, FRM-08.

set role app_engine;

create or replace function app_private.tg_booking_requests__drop_forms() returns trigger
language plpgsql security definer
set search_path = ''
as $$
begin
  perform app_private.drop_forms_ahead(new);
  return null;
end;
$$;

comment on function app_private.tg_booking_requests__drop_forms is
  'Takes back forms that were made ahead for a request which fell through. Trigger _910_drop_forms.';

reset role;

create or replace trigger _910_drop_forms after update of status on app_public.booking_requests
  for each row
  when (new.patient_profile_id is not null and new.status in ('rejected', 'expired', 'withdrawn') and old.status = 'requested')
  execute function app_private.tg_booking_requests__drop_forms();
-- end of source: functions/appointments/tg_booking_requests__drop_forms.sql

-- source: functions/audit/audit_entries.sql
-- The audit log as the API shows it: to a clinic its own, to superadmins the platform's. FND-08.
-- The rows are under the policies of audit.entries. What may be personal is asked for by `values`, entry by entry.

create or replace view app_public.audit_entries with (security_invoker = true) as
select entries.id, entries.organization_id, entries.occurred_at, entries.actor_id, entries.impersonator_id,
       entries.session_role, entries.request_id, entries.action, entries.table_name, entries.row_key, entries.person_id,
       entries.changed, entries.scope_id
from audit.entries;

-- The key as the index has it, by time: a page reads a month, not the log.
comment on view app_public.audit_entries is
  E'@primaryKey occurred_at,id\n'
  '@foreignKey (actor_id) references app_public.humans (principal_id)|@fieldName actor|@foreignFieldName auditEntries\n'
  '@behavior -query:resource:single\n'
  'What was done at the clinic, by whom, to which row, and who read what. For members with audit.view; superadmins see the platform''s.';
comment on column app_public.audit_entries.id is E'@behavior -attribute:filterBy -attribute:orderBy\nThe key of the entry.';
comment on column app_public.audit_entries.occurred_at is 'When it was done.';
comment on column app_public.audit_entries.organization_id is E'@nullable\n@behavior -attribute:orderBy\nNull: what belongs to no clinic.';
comment on column app_public.audit_entries.actor_id is E'@nullable\n@behavior -attribute:orderBy\nWho did it; null for a visitor.';
comment on column app_public.audit_entries.impersonator_id is
  E'@nullable\n@behavior -attribute:filterBy -attribute:orderBy\nWho acted in the name of the actor, if somebody did.';
comment on column app_public.audit_entries.session_role is
  E'@behavior -attribute:filterBy -attribute:orderBy\napp_authenticator for the API, app_worker for what goes by the clock.';
comment on column app_public.audit_entries.request_id is E'@nullable\n@behavior -attribute:filterBy -attribute:orderBy\nAs in X-Request-Id.';
comment on column app_public.audit_entries.action is
  E'@behavior -attribute:orderBy\n@words own audit_action\nWhat was done.\n'
  'insert: A row was made.\n'
  'update: A row was changed.\n'
  'delete: A row was taken away.\n'
  'truncate: A table was emptied.\n'
  'read: Something was read.\n'
  'erase: What identified a person was erased.';
comment on column app_public.audit_entries.table_name is E'@behavior -attribute:orderBy\nWith its schema: app_public.services.';
comment on column app_public.audit_entries.row_key is
  E'@nullable\n@behavior -attribute:orderBy\nThe id of the row; keys of several columns are joined by "/".';
comment on column app_public.audit_entries.person_id is
  E'@nullable\n@behavior -attribute:orderBy\nThe person the row is about: a patient profile, or a human.';
comment on column app_public.audit_entries.changed is
  E'@nullable\n@behavior -attribute:filterBy -attribute:orderBy\nColumns that changed; of a new or deleted row those with a value. '
  'Secrets are named here and shown nowhere.';
comment on column app_public.audit_entries.scope_id is E'@behavior -*\nThe clinic as the key has it; zeros for what belongs to none.';
grant select on app_public.audit_entries to app_member;
-- end of source: functions/audit/audit_entries.sql

-- source: functions/audit/tg_entries__seal.sql
-- Seals what a transaction wrote, at its commit: a link onto the chain of every clinic it touched. FND-09.
-- Deferred, so the chain's end is locked for nothing but this; the first entry of each seal fires it, and the first
-- firing seals all. Chains are locked in the order of their names, so two transactions never wait for each other.
-- After `set constraints all immediate` it runs at once, and what follows opens a new seal.

set role app_engine;

create or replace function audit.tg_entries__seal() returns trigger
language plpgsql security definer
set search_path = ''
as $$
declare
  v_slots text[] := string_to_array(nullif(pg_catalog.current_setting('audit.open', true), ''), ' ');
  v_slot text;
  v_scope_id uuid;
  v_open jsonb;
  v_set text;
  v_looked_at timestamptz;
begin
  if v_slots is null then
    return null; -- the trigger of an earlier entry sealed them all
  end if;
  v_set := pg_catalog.set_config('audit.open', '', true);
  if cardinality(v_slots) > 1 then
    v_slots := array(select slot from unnest(v_slots) as slot order by slot);
  end if;

  foreach v_slot in array v_slots loop
    v_scope_id := substr(v_slot, length('audit.open_') + 1);
    v_open := pg_catalog.current_setting(v_slot);
    v_set := pg_catalog.set_config(v_slot, '', true);
    loop
      -- The update locks the head and moves it: who waited computes from what it has become. Who looked at the clock
      -- before waiting is not earlier than the seal before.
      v_looked_at := clock_timestamp();
      with head as (
        update audit.heads
        set sequence = heads.sequence + 1,
            sealed_at = greatest(heads.sealed_at, v_looked_at),
            hash = sha256(audit.seal_bytes(
              heads.hash, heads.scope_id, heads.sequence + 1, (v_open -> 0 ->> 0)::uuid, (v_open -> 0 ->> 3)::timestamptz,
              greatest(heads.sealed_at, v_looked_at), (v_open -> 0 -> 1)::int, (v_open -> 0 ->> 2)::bytea))
        where heads.scope_id = v_scope_id
        returning with (old as was) was.hash as previous, heads.scope_id, heads.sequence, heads.sealed_at, heads.hash,
          (v_open -> 0 ->> 0)::uuid as id, (v_open -> 0 ->> 3)::timestamptz as occurred_at, (v_open -> 0 -> 1)::int as entries,
          (v_open -> 0 ->> 2)::bytea as entries_hash
      )
      insert into audit.seals
        (id, scope_id, sequence, occurred_at, sealed_at, entries, entries_hash, bytes, hash)
      select head.id, head.scope_id, head.sequence, head.occurred_at, head.sealed_at, head.entries, head.entries_hash,
             audit.seal_bytes(head.previous, head.scope_id, head.sequence, head.id, head.occurred_at, head.sealed_at,
                              head.entries, head.entries_hash),
             head.hash
      from head;
      if not found then
        -- The first seal of this clinic. Two at once begin the same chain.
        insert into audit.heads (scope_id, sequence, hash, sealed_at)
        values (v_scope_id, 0, decode(repeat('00', 32), 'hex'), clock_timestamp())
        on conflict on constraint heads_pkey do nothing;
        continue;
      end if;
      v_open := v_open - 0;
      exit when v_open = '[]';
    end loop;
  end loop;
  return null;
end;
$$;

comment on function audit.tg_entries__seal is 'Seals the open entries of the transaction. Trigger _900_seal, deferred.';
reset role;

-- Made once: a constraint trigger cannot be replaced, and dropping it would forget what the migration that runs this file
-- wrote before. A change of it needs the drop in migrations/current, in a migration that writes nothing.
do $$
begin
  if not exists (
    select from pg_catalog.pg_trigger where tgrelid = 'audit.entries'::regclass and tgname = '_900_seal'
  ) then
    create constraint trigger _900_seal after insert on audit.entries
      deferrable initially deferred
      for each row when (new."position" = 1) execute function audit.tg_entries__seal();
  end if;
end
$$;
-- end of source: functions/audit/tg_entries__seal.sql

-- source: functions/catalog/reassign_specialist.sql
-- Everything still to come goes from one specialist to another, all or nothing: the exclusion constraint on
-- time_claims decides whether the colleague is free. SPC-06.

create or replace function app_private.reassign_specialist(
  organization_id uuid,
  from_specialist_id uuid,
  to_specialist_id uuid
) returns void
language plpgsql volatile
set search_path = ''
as $$
declare
  v_claim_ids uuid[];
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

  -- From here on they stay what they are: nobody books a specialist who is locked, nor calls off what is locked.
  v_claim_ids := array(
    select booking.id
    from app_private.bookings_to_come(reassign_specialist.organization_id) as booking
    where booking.specialist_id = from_specialist_id);
  -- A group goes as a whole: its session, and every seat of it.
  v_claim_ids := v_claim_ids || array(
    select distinct claim.id
    from app_private.time_claims as booked
    join app_private.time_claims as claim
      on claim.organization_id = booked.organization_id
     and (claim.id = booked.session_id
          or claim.session_id = booked.session_id and claim.released_at is null and claim.id <> all (v_claim_ids))
    where booked.id = any (v_claim_ids));

  -- The days of both, before any claim is touched.
  perform app_private.lock_specialist_days(array(
    select (specialist.id, lower(time_claims.during), upper(time_claims.during), time_claims.blocked)::app_private.free_start
    from app_private.time_claims
    cross join unnest(array[from_specialist_id, to_specialist_id]) as specialist (id)
    where time_claims.id = any (v_claim_ids)));
  -- What the colleague's visitors let expire is free, but still trips the constraint.
  perform app_private.release_expired_holds(to_specialist_id, time_claims.blocked)
  from app_private.time_claims
  where time_claims.id = any (v_claim_ids);

  begin
    with moved as (
      update app_private.time_claims set specialist_id = to_specialist_id
      where time_claims.id = any (v_claim_ids)
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
    perform app_hidden.refuse('CONFLICT', 'colleague_not_free', '{"field": "reassignTo"}');
  end;
end;
$$;

comment on function app_private.reassign_specialist is
  'Moves future appointments and requests to a colleague; CONFLICT colleague_not_free when any of them overlaps. '
  'The caller has locked both specialists.';
grant execute on function app_private.reassign_specialist to app_engine;
-- end of source: functions/catalog/reassign_specialist.sql

-- source: functions/identity/lock_account.sql
-- Whoever writes about an account, or counts what it asked for, does so one after the other. FND-16, FND-35.

create or replace function app_private.lock_account() returns uuid
language plpgsql volatile
set search_path = ''
as $$
declare
  v_id uuid;
begin
  select humans.principal_id into v_id
  from app_public.humans
  where humans.principal_id = app_hidden.current_account_id()
  for no key update;
  if not found then
    perform app_hidden.refuse('UNAUTHENTICATED', 'not_signed_in');
  end if;
  return v_id;
end;
$$;

comment on function app_private.lock_account is
  'The caller''s account, locked for whoever writes about it or counts what it asked for; UNAUTHENTICATED otherwise.';
grant execute on function app_private.lock_account to app_engine;
-- end of source: functions/identity/lock_account.sql

-- source: functions/consents/require_representative.sql
-- Who may answer about treatment: a patient of age for themselves, for a minor a parent or guardian, for an adult who
-- cannot a guardian. Where the age decides and nobody knows the birth date, it is asked for first: nobody is taken to be of
-- age. A guardian may at any age. CNS-01, FND-07, GDP-06; ages are in legal_ages.

create or replace function app_private.require_representative(patient_profile_id uuid, caregiver_id uuid) returns void
language plpgsql stable
set search_path = ''
as $$
declare
  v_today constant date := (app_hidden.now() at time zone 'Europe/Bucharest')::date;
  v_years int;
  v_is_minor boolean;
begin
  select legal_ages.years, (patient_profiles.birth_date + make_interval(years => legal_ages.years))::date > v_today
  into strict v_years, v_is_minor
  from app_private.legal_ages
  cross join app_public.patient_profiles
  where legal_ages.rule = 'medical_consent' and patient_profiles.id = require_representative.patient_profile_id;

  if v_is_minor is null and not exists (
    select from app_public.caregivers
    where caregivers.id = require_representative.caregiver_id and caregivers.relationship = 'guardian'
  ) then
    perform app_hidden.refuse('STATE', 'birth_date_unknown', jsonb_build_object('years', v_years));
  elsif caregiver_id is null then
    if v_is_minor then
      perform app_hidden.refuse('FORBIDDEN', 'representative_needed', jsonb_build_object('years', v_years));
    end if;
    return;
  end if;
  if not exists (
    select from app_public.caregivers
    where caregivers.id = require_representative.caregiver_id
      and caregivers.relationship in ('guardian', case when v_is_minor then 'parent' end)
  ) then
    perform app_hidden.refuse('FORBIDDEN', 'representative_may_not');
  end if;
end;
$$;

comment on function app_private.require_representative is
  'STATE birth_date_unknown where the age decides and is not known, FORBIDDEN representative_needed for a minor alone, FORBIDDEN representative_may_not for somebody who is neither a guardian nor a minor''s parent.';
grant execute on function app_private.require_representative to app_engine;

create or replace function app_private.require_caregiver(patient_profile_id uuid, caregiver_id uuid) returns void
language plpgsql stable
set search_path = ''
as $$
begin
  if caregiver_id is not null and not exists (
    select from app_public.caregivers
    where caregivers.id = require_caregiver.caregiver_id
      and caregivers.patient_profile_id = require_caregiver.patient_profile_id
      and caregivers.revoked_at is null
      and (caregivers.ends_on is null or caregivers.ends_on > (app_hidden.now() at time zone 'Europe/Bucharest')::date)
  ) then
    perform app_hidden.refuse('NOT_FOUND', 'caregiver_not_found');
  end if;
end;
$$;

comment on function app_private.require_caregiver is 'NOT_FOUND caregiver_not_found for a link that is not this patient''s, or is over.';
grant execute on function app_private.require_caregiver to app_engine;
-- end of source: functions/consents/require_representative.sql

-- source: functions/consents/hold_consent.sql
-- The same for one purpose, for what only has to know: messages ask it as they leave. FND-17, FND-15.

create or replace function app_private.hold_consent(organization_id uuid, patient_profile_id uuid, purpose text) returns boolean
language sql volatile
set search_path = ''
as $$
  select purpose = any (app_private.hold_consents(organization_id, patient_profile_id, array[purpose]))
$$;

comment on function app_private.hold_consent is
  'Whether a patient''s consent to this purpose stands; locks it until the transaction ends, so that a withdrawal comes after.';
grant execute on function app_private.hold_consent to app_engine;
-- end of source: functions/consents/hold_consent.sql

-- source: functions/consents/messages_about_privacy_notice.sql
-- A clinic's privacy notice has new words: its patients who accepted earlier ones are told. FND-19, FND-15.

create or replace function app_private.messages_about_privacy_notice(event app_private.events) returns void
language plpgsql volatile
set search_path = ''
as $$
declare
  v_recipients app_private.message_recipient[];
begin
  select array_agg(row(patients.patient_profile_id, null, null, null, null, null, null)::app_private.message_recipient)
  into v_recipients
  from app_public.patients
  where patients.organization_id = event.organization_id
    and patients.deleted_at is null
    and exists (
      select from app_public.consents
      where consents.organization_id = patients.organization_id
        and consents.patient_profile_id = patients.patient_profile_id
        and consents.purpose_code = 'privacy_notice'
        and consents.purpose_version_id <> event.subject_id
        and consents.decision = 'granted');
  perform app_private.notify_many(event.organization_id, 'privacy_notice_changed', v_recipients, event_id => event.id);
end;
$$;

comment on function app_private.messages_about_privacy_notice is
  'Queues what privacy_notice.published calls for: a note to each patient who accepted an earlier notice.';
grant execute on function app_private.messages_about_privacy_notice to app_engine;
-- end of source: functions/consents/messages_about_privacy_notice.sql

-- source: functions/consents/publish_consent_version.sql
-- A clinic writes words of its own: of a treatment that it defines by them, or instead of the platform's. The same words make
-- no version. Of two at once the second gets the next number. FND-16, CNS-01.

set role app_engine;

create or replace function app_public.publish_consent_version(
  organization_id uuid,
  purpose text,
  title_ro text,
  body_ro text,
  title_en text default null,
  body_en text default null,
  asks_again boolean default true,
  in_force_from timestamptz default null
) returns app_public.consent_purpose_versions
language plpgsql volatile security definer
set search_path = ''
as $$
declare
  v_version app_public.consent_purpose_versions;
begin
  perform app_private.require_permission(organization_id, 'consent_texts.manage');
  if purpose = 'privacy_notice' then
    perform app_hidden.refuse('VALIDATION', 'notice_has_a_template', '{"field": "purpose"}');
  end if;
  v_version.organization_id := publish_consent_version.organization_id;
  v_version.purpose_code := purpose;
  v_version.title_ro := btrim(publish_consent_version.title_ro);
  v_version.body_ro := publish_consent_version.body_ro;
  v_version.title_en := btrim(publish_consent_version.title_en);
  v_version.body_en := publish_consent_version.body_en;
  v_version.asks_again := publish_consent_version.asks_again;
  v_version.in_force_from := publish_consent_version.in_force_from;
  return app_private.add_consent_version(v_version);
end;
$$;

comment on function app_public.publish_consent_version is
  E'@arg purpose The code of ConsentPurpose; a new one begins with treatment_specific_.\n'
  '@arg titleRo The title, in Romanian.\n@arg titleEn The title, in English.\n'
  '@arg bodyRo The text, in Romanian.\n@arg bodyEn The text, in English.\n'
  '@arg asksAgain Whether those who accepted earlier words are asked again.\n'
  '@arg inForceFrom From when on it counts; now, where nothing is said.\n'
  'Publishes words of the clinic''s own for a purpose, which nobody can change; the same words again make no version. Needs consent_texts.manage.';
grant execute on function app_public.publish_consent_version to app_member;

reset role;

create or replace function app_private.add_consent_version(version app_public.consent_purpose_versions)
returns app_public.consent_purpose_versions
language plpgsql volatile
set search_path = ''
as $$
declare
  v_version app_public.consent_purpose_versions := version;
  v_last app_public.consent_purpose_versions;
  v_platforms app_public.consent_purpose_versions;
begin
  perform pg_advisory_xact_lock(hashtextextended('consent_versions:' || v_version.organization_id, 0));
  if starts_with(v_version.purpose_code, 'treatment_specific_') then
    insert into app_public.consent_purposes
      (organization_id, code, scope, legal_basis, is_withdrawable, is_medical, name, name_ro, needed_for, needed_for_ro)
    values
      (v_version.organization_id, v_version.purpose_code, 'organization', 'consent', true, true,
       coalesce(v_version.title_en, v_version.title_ro), v_version.title_ro, 'This treatment.', 'Acest tratament.')
    on conflict on constraint consent_purposes_code_is_known_by_its_clinic do nothing;
  elsif not exists (
    select from app_public.consent_purposes
    where consent_purposes.code = v_version.purpose_code
      and consent_purposes.scope = 'organization'
  ) then
    perform app_hidden.refuse('NOT_FOUND', 'consent_purpose_not_found', jsonb_build_object('purpose', left(v_version.purpose_code, 63)));
  end if;

  select versions.* into v_last
  from app_public.consent_purpose_versions as versions
  where versions.scope_id = v_version.organization_id and versions.purpose_code = v_version.purpose_code
  order by versions.number desc
  limit 1;
  if (v_last.title_ro, v_last.body_ro, v_last.title_en, v_last.body_en)
       is not distinct from (v_version.title_ro, v_version.body_ro, v_version.title_en, v_version.body_en) then
    return v_last;
  end if;
  if v_version.in_force_from < v_last.in_force_from or v_version.in_force_from < app_hidden.now() then
    perform app_hidden.refuse('VALIDATION', 'consent_version_too_early', '{"field": "inForceFrom"}');
  end if;

  select versions.* into v_platforms from app_private.current_consent_version(null, v_version.purpose_code) as versions;
  insert into app_public.consent_purpose_versions (
    organization_id, purpose_code, number, is_required, asks_again, in_force_from, title_ro, title_en, body_ro, body_en,
    notice_template, notice_sections, published_by)
  values (
    v_version.organization_id, v_version.purpose_code, coalesce(v_last.number, 0) + 1,
    coalesce(v_version.is_required, v_platforms.is_required, false), v_last.id is null or v_version.asks_again,
    coalesce(v_version.in_force_from, greatest(app_hidden.now(), v_last.in_force_from)), v_version.title_ro, v_version.title_en,
    v_version.body_ro, v_version.body_en, v_version.notice_template, v_version.notice_sections, app_private.current_actor_id())
  returning * into v_version;
  return v_version;
end;
$$;

comment on function app_private.add_consent_version is
  'Writes the next version of a clinic''s words, and its purpose where that is a new treatment; the last version when the words are the same.';
grant execute on function app_private.add_consent_version to app_engine;
-- end of source: functions/consents/publish_consent_version.sql

-- source: functions/consents/remove_who_withdrew.sql
-- Who withdrew the terms of a clinic is no patient there any more: what is to come is cancelled, so that its time is free
-- and those concerned are told, then the record goes with what hangs on it. It comes back when the person does. FND-18, FND-10.

create or replace function app_private.remove_who_withdrew(patient app_public.patients) returns void
language plpgsql volatile
set search_path = ''
as $$
declare
  v_visits app_public.appointments[] := array(
    select appointments
    from app_public.appointments
    where appointments.organization_id = patient.organization_id
      and appointments.patient_profile_id = patient.patient_profile_id
      and appointments.status in ('booked', 'upcoming', 'confirmed')
      and appointments.ends_at > app_hidden.now()
      and appointments.deleted_at is null
    order by appointments.id
    for update);
begin
  -- All of their days at once and in the one order. Whoever leaves is never late: what they had of a plan is given back.
  perform app_private.lock_claims(array(select visit.claim_id from unnest(v_visits) as visit));
  perform app_private.take_off(visit, 'cancelled', null, false, null) from unnest(v_visits) as visit;
  perform app_private.mark_deleted('app_public.patients', patient.id, app_hidden.now());
end;
$$;

comment on function app_private.remove_who_withdrew is
  'Cancels a patient''s appointments to come and removes the record, with what goes along; the caller has locked both.';
grant execute on function app_private.remove_who_withdrew to app_engine;

create or replace function app_private.ask_for_erasure(human_id uuid, cause text) returns void
language plpgsql volatile
set search_path = ''
as $$
declare
  v_id uuid;
begin
  insert into app_public.erasure_requests (human_id, cause)
  values (ask_for_erasure.human_id, ask_for_erasure.cause)
  on conflict on constraint erasure_requests_are_made_once do nothing
  returning erasure_requests.id into v_id;
  if found then
    perform app_private.publish(
      'erasure.requested', null, v_id, jsonb_build_object('erasureRequestId', v_id, 'humanId', ask_for_erasure.human_id));
  end if;
end;
$$;

comment on function app_private.ask_for_erasure is 'Records that the erasure of an account is asked for, once, and tells of it.';
grant execute on function app_private.ask_for_erasure to app_engine;
-- end of source: functions/consents/remove_who_withdrew.sql

-- source: functions/consents/require_consent.sql
-- The gate: every mutation that needs a consent calls it in its own transaction, before it writes. FND-17, CNS-08.

create or replace function app_private.require_consent(organization_id uuid, patient_id uuid, purpose text) returns void
language plpgsql volatile
set search_path = ''
as $$
declare
  v_profile_id uuid;
begin
  select patients.patient_profile_id into v_profile_id
  from app_public.patients
  where patients.organization_id = require_consent.organization_id
    and patients.id = require_consent.patient_id
    and patients.deleted_at is null;
  if not found then
    perform app_hidden.refuse('NOT_FOUND', 'patient_not_found');
  end if;
  if not app_private.hold_consent(organization_id, v_profile_id, purpose) then
    perform app_private.refuse_without_consent(organization_id, patient_id, purpose);
  end if;
end;
$$;

comment on function app_private.require_consent is
  'Locks the consent that a patient gave to this purpose; CONSENT_REQUIRED consent_missing otherwise, with purpose and version.';
grant execute on function app_private.require_consent to app_engine;

create or replace function app_private.refuse_without_consent(organization_id uuid, patient_id uuid, purpose text) returns void
language plpgsql stable
set search_path = ''
as $$
declare
  v_missing jsonb;
begin
  select jsonb_build_object(
    'purpose', missing.purpose, 'version', missing.version, 'versionId', missing.version_id, 'why', missing.reason,
    'resolvedBy', case when missing.is_medical then 'form' else 'self' end,
    'templateId', app_private.template_that_captures(organization_id, missing.version_id))
  into v_missing
  from app_private.missing_consents(organization_id, patient_id, array[purpose]) as missing;
  if v_missing is null then
    perform app_hidden.refuse('NOT_FOUND', 'consent_purpose_not_found', jsonb_build_object('purpose', purpose));
  end if;
  perform app_hidden.refuse('CONSENT_REQUIRED', 'consent_missing', v_missing);
end;
$$;

comment on function app_private.refuse_without_consent is
  'Refuses for a consent that is missing, naming purpose, version, why, whether the person or a signed form resolves it, and the '
  'template of that form.';
grant execute on function app_private.refuse_without_consent to app_engine;
-- end of source: functions/consents/require_consent.sql

-- source: functions/consents/tg_consents__refuse_change.sql
-- A row of the ledger is withdrawn once, and moves with a merge of two patients; nothing else of it changes, whoever writes.
-- A trigger runs once the row is locked, so the time of a withdrawal is after the end of everybody who held the row:
-- whatever was done by a consent was done before. CNS-03, FND-17.

create or replace function app_private.tg_consents__refuse_change() returns trigger
language plpgsql volatile
set search_path = ''
as $$
begin
  if old.withdrawn_at is null and new.withdrawn_at is not null then
    -- Not the start of the transaction, which may be long before the lock.
    new.withdrawn_at := greatest(clock_timestamp(), app_hidden.now());
  elsif tg_op <> 'UPDATE' or (new.withdrawn_at, new.withdrawn_by) is distinct from (old.withdrawn_at, old.withdrawn_by) then
    perform app_hidden.refuse('IMMUTABLE', 'consent_is_immutable');
  end if;
  if to_jsonb(new) - '{withdrawn_at,withdrawn_by,patient_profile_id}'::text[]
       is distinct from to_jsonb(old) - '{withdrawn_at,withdrawn_by,patient_profile_id}'::text[] then
    perform app_hidden.refuse('IMMUTABLE', 'consent_is_immutable');
  end if;
  return new;
end;
$$;

comment on function app_private.tg_consents__refuse_change is
  'Refuses every change of a consent but its withdrawal, which it stamps, and the move of a merge. Triggers _200_refuse_….';

create or replace trigger _200_refuse_change before update on app_public.consents
  for each row execute function app_private.tg_consents__refuse_change();
create or replace trigger _200_refuse_removal before delete or truncate on app_public.consents
  for each statement execute function app_private.tg_consents__refuse_change();
-- end of source: functions/consents/tg_consents__refuse_change.sql

-- source: functions/consents/withdraw_consent.sql
-- One call, without a reason: by the person, by somebody who cares for them, or recorded by staff whom they told. Refused
-- only where the ground is no consent or contract that ends by it. CNS-03, FND-16, FND-18.
-- Locks: the clinic's people where the patient goes, then the patient, as remove_patient() does. Whatever relies on the
-- consent holds the patient for share, so it is waited for.

set role app_engine;

create or replace function app_public.withdraw_consent(purpose text, patient_id uuid default null)
returns setof app_public.consents
language plpgsql volatile security definer
set search_path = ''
as $$
declare
  v_patient app_public.patients;
  v_purpose app_public.consent_purposes;
  v_account_id uuid;
begin
  if patient_id is null then
    v_account_id := app_private.lock_account();
  else
    v_patient := app_private.require_to_withdraw(patient_id);
  end if;
  select consent_purposes.* into v_purpose
  from app_public.consent_purposes
  where consent_purposes.scope_id in (v_patient.organization_id, '00000000-0000-0000-0000-000000000000')
    and consent_purposes.code = purpose
    and consent_purposes.scope = case when patient_id is null then 'platform' else 'organization' end;
  if not found then
    perform app_hidden.refuse('NOT_FOUND', 'consent_purpose_not_found', jsonb_build_object('purpose', left(purpose, 63)));
  elsif not v_purpose.is_withdrawable then
    perform app_hidden.refuse(
      'STATE', 'consent_not_withdrawable', jsonb_build_object('purpose', v_purpose.code, 'legalBasis', v_purpose.legal_basis));
  end if;

  if patient_id is not null then
    if v_purpose.on_withdrawal = 'removal' then
      perform app_private.lock_people(v_patient.organization_id);
    end if;
    -- Whoever was removed from the clinic withdraws as well.
    perform from app_public.patients where patients.id = v_patient.id for no key update;
  end if;
  return query select * from app_private.withdraw_standing(
    v_patient.organization_id, v_patient.patient_profile_id, v_account_id, v_purpose.code);
  if not found then
    return;
  end if;
  case v_purpose.on_withdrawal
    when 'removal' then perform app_private.remove_who_withdrew(v_patient);
    when 'erasure' then perform app_private.ask_for_erasure(v_account_id, 'platform_terms_withdrawn');
    else
  end case;
end;
$$;

comment on function app_public.withdraw_consent is
  E'@arg purpose What is withdrawn, by the code of ConsentPurpose.\n'
  '@arg patientId The patient of the clinic it was given to; without one, it was given to the platform.\n'
  'Withdraws all that was granted for a purpose, and answers it; nothing where nothing stands. org_terms: the person is no '
  'patient of the clinic any more, and appointments to come are cancelled. platform_terms: the erasure of the account is asked for. STATE '
  'consent_not_withdrawable names the legal basis.';
grant execute on function app_public.withdraw_consent to app_member;

create or replace function app_public.withdraw_medical_consents(patient_id uuid) returns setof app_public.consents
language plpgsql volatile strict security definer
set search_path = ''
as $$
declare
  v_patient app_public.patients := app_private.require_to_withdraw(patient_id);
begin
  perform from app_public.patients where patients.id = v_patient.id for no key update;
  return query select * from app_private.withdraw_standing(v_patient.organization_id, v_patient.patient_profile_id, null, null);
end;
$$;

comment on function app_public.withdraw_medical_consents is
  'Withdraws all that a patient granted about treatment, and answers it. What is not about treatment stands.';
grant execute on function app_public.withdraw_medical_consents to app_member;

reset role;

create or replace function app_private.require_to_withdraw(patient_id uuid) returns app_public.patients
language plpgsql stable
set search_path = ''
as $$
declare
  v_patient app_public.patients;
begin
  select patients.* into v_patient from app_public.patients where patients.id = require_to_withdraw.patient_id;
  if (v_patient.patient_profile_id = any (app_hidden.current_human_patient_profile_ids())) is not true then
    perform app_private.require_permission(v_patient.organization_id, 'consents.record');
  end if;
  return v_patient;
end;
$$;

comment on function app_private.require_to_withdraw is
  'The patient, for the person, somebody who cares for them, and staff with consents.record; NOT_FOUND or FORBIDDEN for others.';
grant execute on function app_private.require_to_withdraw to app_engine;
-- end of source: functions/consents/withdraw_consent.sql

-- source: functions/identity/keep_rights.sql
-- Volatile, so that it sees what the transaction has done until now: an answer out of the snapshot of a statement that
-- changed rights itself would be kept for those that come after it. FND-04.

set role app_engine;

create or replace function app_hidden.keep_rights(question text) returns uuid[]
language plpgsql volatile security definer
set search_path = ''
as $$
declare
  v_ids uuid[];
  v_kept text;
begin
  -- Statements rather than one expression: an expression is made ready with all its branches, and this one runs once.
  case keep_rights.question
    when 'staff' then v_ids := app_hidden.current_staff_organization_ids();
    when 'patient' then v_ids := app_hidden.current_patient_organization_ids();
    when 'people' then v_ids := app_hidden.current_human_patient_profile_ids();
    when 'specialist' then v_ids := app_hidden.current_specialist_ids();
    when 'colleagues' then v_ids := app_hidden.current_colleague_ids();
    else v_ids := app_hidden.organization_ids_where(keep_rights.question);
  end case;
  v_kept := set_config('rights.' || keep_rights.question, app_hidden.asker() || v_ids::text, true);
  return v_ids;
end;
$$;

comment on function app_hidden.keep_rights is 'Finds the answer to a question about the caller, and keeps it for the transaction.';
grant execute on function app_hidden.keep_rights to app_member, app_anonymous;

reset role;
-- end of source: functions/identity/keep_rights.sql

-- source: functions/files/request_upload.sql
-- The first step of an upload: what will come, and where it belongs. The bytes go from the browser to the object store
-- by the URL in File.upload, and count after confirmUpload. FND-13.

set role app_engine;

create or replace function app_public.request_upload(
  surface text,
  owner_id uuid,
  filename text,
  content_type text,
  size_bytes bigint,
  sha256 text
) returns app_public.files
language plpgsql volatile strict security definer
set search_path = ''
as $$
declare
  v_surface app_private.file_surfaces;
  v_organization_id uuid;
  v_id uuid := uuidv7();
  v_file app_public.files;
  v_content_type constant text := app_private.known_content_type(content_type);
  -- What a name has around it is a slip of whoever copied it, no part of it.
  v_filename constant text := normalize(btrim(filename, E' \t\u00A0\uFEFF'));
begin
  select file_surfaces.* into v_surface
  from app_private.file_surfaces
  where file_surfaces.key = request_upload.surface;
  if not found then
    perform app_hidden.refuse(
      'VALIDATION', 'surface_unknown',
      jsonb_build_object('field', 'surface', 'legal', (select jsonb_agg(file_surfaces.key order by file_surfaces.key) from app_private.file_surfaces)));
  end if;
  v_organization_id := app_private.require_upload_right(v_surface, owner_id);
  perform app_private.require_file_facts(v_surface, v_filename, v_content_type, size_bytes, sha256);
  perform app_private.require_upload_allowance(v_surface, v_organization_id, owner_id);

  insert into app_public.files
    (id, organization_id, surface, audience, owner_kind, owner_id, filename, content_type, size_bytes, sha256, object_key,
     uploaded_by, expires_at)
  values
    (v_id, v_organization_id, v_surface.key, v_surface.audience, v_surface.owner_kind, owner_id,
     v_filename, v_content_type, size_bytes, sha256, concat_ws('/', v_organization_id, v_surface.prefix, v_id),
     app_hidden.current_principal_id(), app_hidden.now() + interval '1 day')
  returning * into v_file;
  return v_file;
end;
$$;

comment on function app_public.request_upload is
  'Announces a file: surface names the kind (organization_logo, service_attachments, specialist_signatures, '
  'appointment_files for what the patient sees, appointment_notes for what stays within the clinic), ownerId the row it belongs to. Send the bytes with File.upload, then confirmUpload.';
grant execute on function app_public.request_upload to app_member, app_link;

reset role;
-- end of source: functions/files/request_upload.sql

-- source: functions/forms/read_items.sql
-- Goes over the items of a level in their order, and leaves of the answers what is shown and not empty. A step of
-- form_problems(). FRM-04.

create or replace function app_private.read_items(
  items jsonb, answers jsonb, outer_values jsonb, prefix text, complete boolean, inout problems jsonb, out kept jsonb
)
language plpgsql immutable
set search_path = ''
as $$
declare
  v_item jsonb;
  v_key text;
  v_type text;
  v_value jsonb;
  v_reason text;
  v_details jsonb;
begin
  kept := answers;
  for v_item in select value from jsonb_array_elements(items) loop
    v_key := v_item ->> 'key';
    v_type := v_item ->> 'type';
    if v_item ? 'visible_if' and not app_private.form_condition(v_item -> 'visible_if', kept, outer_values) then
      kept := kept - app_private.level_keys(jsonb_build_array(v_item));
      continue;
    end if;

    if v_type = 'statement' then
      continue;
    elsif v_type = 'group' then
      if v_item ? 'repeat' then
        select read.kept, read.problems into kept, problems
        from app_private.read_entries(v_item, kept, outer_values, prefix, complete, problems) as read;
      else
        select read.kept, read.problems into kept, problems
        from app_private.read_items(v_item -> 'items', kept, outer_values, prefix, complete, problems) as read;
      end if;
      continue;
    end if;

    v_value := kept -> v_key;
    if v_value is null or v_value in ('null', '[]') or btrim(v_value #>> '{}', e' \t\r\n') = '' then
      kept := kept - v_key;
      if complete and coalesce((v_item ->> 'required')::boolean, false) then
        problems := problems || jsonb_build_object('path', prefix || v_key, 'reason', 'required', 'details', '{}'::jsonb);
      end if;
      continue;
    end if;

    select found.reason, found.details into v_reason, v_details from app_private.answer_problem(v_item, v_type, v_value) as found;
    if v_reason is not null then
      problems := problems || jsonb_build_object('path', prefix || v_key, 'reason', v_reason, 'details', coalesce(v_details, '{}'));
    end if;
  end loop;
end;
$$;

comment on function app_private.read_items is 'Reads the answers to items of one level: see form_problems().';
grant execute on function app_private.read_items to app_engine;

-- The entries of a group that repeats: each is a level of its own, which sees what was answered outside before.
create or replace function app_private.read_entries(
  item jsonb, answers jsonb, outer_values jsonb, prefix text, complete boolean, inout problems jsonb, out kept jsonb
)
language plpgsql immutable
set search_path = ''
as $$
declare
  v_key constant text := item ->> 'key';
  v_path constant text := prefix || v_key;
  v_given constant jsonb := answers -> v_key;
  v_least constant int := coalesce((item #>> '{repeat,min}')::int, 0);
  v_most constant int := coalesce((item #>> '{repeat,max}')::int, 100);
  v_outer jsonb;
  v_entry record;
  v_read jsonb;
  v_entries jsonb[] := '{}';
  v_count int := 0;
begin
  kept := answers;
  if jsonb_typeof(v_given) not in ('array', 'null') then
    problems := problems || jsonb_build_object('path', v_path, 'reason', 'not_a_list', 'details', '{}'::jsonb);
    return;
  end if;
  if jsonb_typeof(v_given) = 'array' then
    v_count := jsonb_array_length(v_given);
  end if;
  if v_count > v_most then
    problems := problems || jsonb_build_object('path', v_path, 'reason', 'too_many', 'details', jsonb_build_object('bound', v_most));
    return;
  end if;
  if complete and v_count < v_least then
    problems := problems || jsonb_build_object('path', v_path, 'reason', 'too_few', 'details', jsonb_build_object('bound', v_least));
  end if;
  if v_count = 0 then
    kept := kept - v_key;
    return;
  end if;

  v_outer := outer_values || (answers - v_key);
  for v_entry in select value, ordinality - 1 as place from jsonb_array_elements(v_given) with ordinality loop
    if jsonb_typeof(v_entry.value) <> 'object' then
      problems := problems || jsonb_build_object(
        'path', format('%s[%s]', v_path, v_entry.place), 'reason', 'not_an_object', 'details', '{}'::jsonb);
      v_entries := v_entries || v_entry.value;
    else
      select level.kept, level.problems into v_read, problems
      from app_private.read_level(
        item -> 'items', v_entry.value, v_outer, format('%s[%s].', v_path, v_entry.place), complete, problems) as level;
      v_entries := v_entries || v_read;
    end if;
  end loop;
  kept := kept || jsonb_build_object(v_key, to_jsonb(v_entries));
end;
$$;

comment on function app_private.read_entries is 'Reads the entries of a group that repeats: see form_problems().';
grant execute on function app_private.read_entries to app_engine;
-- end of source: functions/forms/read_items.sql

-- source: functions/signatures/end_signature_link.sql
-- Ends a link or kiosk that is open, says so in the chain, and throws away what could still open it. CNS-05, CNS-06.

create or replace function app_private.end_signature_link(link_id uuid, status text, because text default null) returns boolean
language plpgsql volatile
set search_path = ''
as $$
declare
  v_link app_public.signature_links;
begin
  update app_public.signature_links
  set status = end_signature_link.status, ended_because = because, ended_at = app_hidden.now(), sealed_token = null,
      session_hash = null, session_ends_at = null
  where signature_links.id = end_signature_link.link_id and signature_links.status = 'open'
  returning * into v_link;
  if not found then
    return false;
  end if;
  perform app_private.record_signature_event(
    v_link.organization_id, v_link.form_id, v_link.status, v_link.id, jsonb_build_object('because', because));
  return true;
end;
$$;

comment on function app_private.end_signature_link is 'Ends a link or kiosk, once: false where it was over already.';
grant execute on function app_private.end_signature_link to app_engine;
-- end of source: functions/signatures/end_signature_link.sql

-- source: functions/forms/cancel_form.sql
-- Staff take back a form that nobody has answered: it was given to the wrong patient, or is not needed. FRM-04, FRM-08.
-- Links and the kiosk of it are over, and no appointment asks for it any more; an appointment that moves to another time, service
-- or calendar asks anew. What was answered is not taken back, so that nobody loses it.

set role app_engine;

create or replace function app_public.cancel_form(form_id uuid) returns app_public.forms
language plpgsql volatile strict security definer
set search_path = ''
as $$
declare
  v_form app_public.forms := app_private.own_form(form_id, 'cancelled');
begin
  perform app_private.end_signature_links(v_form.organization_id, v_form.id, 'staff');
  delete from app_public.appointment_forms as linked
  where linked.organization_id = v_form.organization_id and linked.form_id = v_form.id;
  update app_public.forms set status = 'cancelled'
  where forms.id = v_form.id
  returning * into v_form;
  return v_form;
end;
$$;

comment on function app_public.cancel_form is
  'Takes back a form that nobody has answered; its links and its kiosk are over, and appointments do not ask for it any more. Needs '
  'forms.fill; STATE illegal_move once it is answered, IMMUTABLE form_is_signed.';
grant execute on function app_public.cancel_form to app_member;

reset role;

create or replace function app_private.require_form_stands(form app_public.forms) returns void
language plpgsql stable
set search_path = ''
as $$
begin
  if (form).status = 'cancelled' then
    perform app_hidden.refuse('STATE', 'form_is_cancelled', jsonb_build_object('formId', (form).id));
  end if;
end;
$$;

comment on function app_private.require_form_stands is 'STATE form_is_cancelled for a form that staff took back.';
grant execute on function app_private.require_form_stands to app_engine;
-- end of source: functions/forms/cancel_form.sql

-- source: functions/forms/own_form.sql
-- Every verb on a form begins here: whose it is, the lock, and whether the move is the caller's. FRM-04, FND-04.

create or replace function app_private.own_form(form_id uuid, to_status text) returns app_public.forms
language plpgsql volatile
set search_path = ''
as $$
declare
  v_form app_public.forms;
begin
  select forms.* into v_form
  from app_public.forms
  where forms.id = form_id
    and forms.deleted_at is null
    and (forms.organization_id = any (app_hidden.organization_ids_where('forms.view'))
         or (forms.patient_profile_id = any (app_hidden.current_human_patient_profile_ids())
             and forms.organization_id = any (app_hidden.current_patient_organization_ids())))
  for update;
  if not found then
    perform app_hidden.refuse('NOT_FOUND', 'form_not_found');
  end if;
  perform app_private.require_open_form(v_form, to_status);
  perform app_private.authorize_move(
    'forms', case when v_form.status = to_status then 'pending' else v_form.status end, to_status,
    v_form.organization_id, v_form.patient_profile_id);
  return v_form;
end;
$$;

comment on function app_private.own_form is
  'Locks a form that the caller may move to this status; NOT_FOUND form_not_found, IMMUTABLE, FORBIDDEN, or STATE.';
grant execute on function app_private.own_form to app_engine;

-- What is signed stays; what is complete is opened again before it changes.
create or replace function app_private.require_open_form(form app_public.forms, to_status text) returns void
language plpgsql stable
set search_path = ''
as $$
begin
  perform app_private.require_form_stands(form);
  if (form).status = 'signed' then
    perform app_hidden.refuse('IMMUTABLE', 'form_is_signed', jsonb_build_object('formId', (form).id));
  elsif (form).status = 'completed' and to_status = 'completed' then
    perform app_hidden.refuse('IMMUTABLE', 'form_is_completed', jsonb_build_object('formId', (form).id));
  end if;
end;
$$;

comment on function app_private.require_open_form is 'STATE form_is_cancelled, IMMUTABLE form_is_signed, or form_is_completed for what would complete it again.';
grant execute on function app_private.require_open_form to app_engine;
-- end of source: functions/forms/own_form.sql

-- source: functions/forms/answer_form.sql
-- A part of the answers is saved: what is there is looked at, what is missing may come later. The caller holds the form's lock
-- and has asked who may. FRM-04.

create or replace function app_private.answer_form(form app_public.forms, answers jsonb) returns app_public.forms
language plpgsql volatile
set search_path = ''
as $$
declare
  v_form app_public.forms := form;
begin
  perform app_private.require_open_form(v_form, 'completed');
  v_form.answers := app_private.merged_answers(v_form, answer_form.answers);
  perform app_private.refuse_problems('answers_not_valid', (
    select coalesce(jsonb_agg(to_jsonb(problem)), '[]')
    from (
      select * from app_private.form_problems(v_form.snapshot, v_form.answers, false)
      union all
      select * from app_private.file_problems(v_form, v_form.answers)
    ) as problem));
  if v_form.status = 'pending' then
    update app_public.forms set answers = v_form.answers, status = 'in_progress'
    where forms.id = v_form.id
    returning * into v_form;
  else
    -- A status that is written is a move, the same one included.
    update app_public.forms set answers = v_form.answers
    where forms.id = v_form.id
    returning * into v_form;
  end if;
  return v_form;
end;
$$;

comment on function app_private.answer_form is
  'Saves answers beside those that are there; null takes one away. VALIDATION answers_not_valid with the path of each.';
grant execute on function app_private.answer_form to app_engine;

create or replace function app_private.merged_answers(form app_public.forms, answers jsonb) returns jsonb
language plpgsql stable
set search_path = ''
as $$
begin
  if answers is null then
    return (form).answers;
  elsif jsonb_typeof(answers) <> 'object' then
    perform app_private.refuse_problems('answers_not_valid', '[{"path": "", "reason": "not_an_object", "details": {}}]');
  elsif octet_length(answers::text) > 200000 then
    perform app_private.refuse_problems(
      'answers_not_valid', '[{"path": "", "reason": "too_large_in_all", "details": {"bound": 200000}}]');
  end if;
  return jsonb_strip_nulls((form).answers || answers);
end;
$$;

comment on function app_private.merged_answers is 'The answers of a form with those that are given, without those that were taken away.';
grant execute on function app_private.merged_answers to app_engine;

-- A file that is an answer is one of this form, and its bytes were checked. FRM-06.
create or replace function app_private.file_problems(form app_public.forms, answers jsonb)
returns table (path text, reason text, details jsonb)
language sql stable
set search_path = ''
as $$
  with recursive items as materialized (
    select item, item ->> 'key' as key from app_private.form_items((form).snapshot) as item
    where item ->> 'type' = 'file' or item ? 'repeat'
  ), levels (prefix, answers, depth) as (
    select '', file_problems.answers, 1
    union all
    select format('%s%s[%s].', levels.prefix, items.key, entry.ordinality - 1), entry.value, levels.depth + 1
    from levels
    join items on items.item ? 'repeat'
    cross join lateral jsonb_array_elements(
      case when jsonb_typeof(levels.answers -> items.key) = 'array' then levels.answers -> items.key else '[]' end
    ) with ordinality as entry
    where levels.depth < 4
  )
  select levels.prefix || items.key, 'not_a_file', '{}'::jsonb
  from levels
  join items on items.item ->> 'type' = 'file' and jsonb_typeof(levels.answers -> items.key) = 'array'
  where exists (
    select from jsonb_array_elements_text(levels.answers -> items.key) as given (file_id)
    where not exists (
      select from app_public.files
      where files.organization_id = (form).organization_id and files.form_id = (form).id
        and files.id::text = given.file_id and files.status = 'confirmed'))
$$;

comment on function app_private.file_problems is 'Fields that are answered with what is no checked file of this form.';
grant execute on function app_private.file_problems to app_engine;
-- end of source: functions/forms/answer_form.sql

-- source: functions/forms/write_back.sql
-- What a form says of the patient goes to where it was read from: once, where whoever completes it may write there, and not over
-- what was changed there meanwhile. What does not go is kept as a conflict, for staff to decide. FRM-05.

create or replace function app_private.write_back(form app_public.forms) returns void
language plpgsql volatile
set search_path = ''
as $$
declare
  v_item jsonb;
  v_key text;
  v_target text;
  v_field text;
  v_value jsonb;
  v_before jsonb;
  v_base jsonb;
  v_outcome text;
begin
  for v_item in
    select item from app_private.form_items((form).snapshot) as item
    where (item ? 'profile_field' or item ? 'custom_field') and (form).answers ? (item ->> 'key')
      and not exists (
        select from app_public.form_write_backs
        where form_write_backs.organization_id = (form).organization_id and form_write_backs.form_id = (form).id
          and form_write_backs.key = item ->> 'key')
  loop
    v_key := v_item ->> 'key';
    v_target := case when v_item ? 'profile_field' then 'profile' else 'custom_field' end;
    v_field := coalesce(v_item ->> 'profile_field', v_item ->> 'custom_field');
    v_value := app_private.as_written((form).organization_id, v_target, v_field, (form).answers -> v_key);
    v_before := app_private.value_to_write_back((form).organization_id, (form).patient_profile_id, v_target, v_field);
    v_base := (form).prefill -> v_key -> 'value';
    -- Nothing new, or what was filled in at the beginning and nobody touched: what is newer stays.
    continue when v_value is not distinct from v_before or v_value is not distinct from v_base;

    v_outcome := case
      when v_before is distinct from v_base then 'newer_value'
      else app_private.try_to_write_back((form).organization_id, (form).patient_id, v_target, v_field, v_value, (form).id)
    end;
    insert into app_public.form_write_backs
      (organization_id, form_id, key, target, field, outcome, value_before, value_at_creation, value, written_at)
    values
      ((form).organization_id, (form).id, v_key, v_target, v_field, v_outcome, v_before, v_base, v_value, app_hidden.now());
  end loop;
end;
$$;

comment on function app_private.write_back is
  'Writes answers back to the profile and to fields of the clinic, each once, and keeps as a conflict what may not be written.';
grant execute on function app_private.write_back to app_engine;

-- An answer as it would stand there, so that 0722 123 456 is no change of +40722123456.
create or replace function app_private.as_written(organization_id uuid, target text, field text, value jsonb) returns jsonb
language sql stable
set search_path = ''
begin atomic
  select case
    when target = 'profile' and field = 'phone' then coalesce((
      select to_jsonb(reading.number)
      from app_public.organizations
      cross join lateral app_hidden.read_phone(value #>> '{}', organizations.country) as reading
      where organizations.id = as_written.organization_id), value)
    when jsonb_typeof(value) = 'string' then to_jsonb(btrim(value #>> '{}', e' \t\r\n'))
    else value
  end;
end;

comment on function app_private.as_written is 'An answer in the way in which it would be stored.';
grant execute on function app_private.as_written to app_engine;

-- Locked, so that what is compared is what is written over.
create or replace function app_private.value_to_write_back(organization_id uuid, patient_profile_id uuid, target text, field text)
returns jsonb
language plpgsql volatile
set search_path = ''
as $$
declare
  v_value jsonb;
begin
  if target = 'profile' then
    select to_jsonb(patient_profiles) -> field into strict v_value
    from app_public.patient_profiles
    where patient_profiles.id = value_to_write_back.patient_profile_id
    for update;
  else
    select custom_field_values.value into v_value
    from app_public.custom_fields
    join app_public.custom_field_values
      on custom_field_values.organization_id = custom_fields.organization_id
      and custom_field_values.custom_field_id = custom_fields.id
      and custom_field_values.patient_profile_id = value_to_write_back.patient_profile_id
    where custom_fields.organization_id = value_to_write_back.organization_id
      and custom_fields.entity_type = 'patient' and custom_fields.system_key = value_to_write_back.field
    for update of custom_field_values;
  end if;
  return nullif(v_value, 'null');
end;
$$;

comment on function app_private.value_to_write_back is 'What stands in the profile, or in a field of the clinic, locked; null where nothing does.';
grant execute on function app_private.value_to_write_back to app_engine;

-- A profile is written by its person, by whoever cares for them, and by the clinic while the person has no account; an address
-- only if it is proved, as tg_patient_profiles__email_proof() asks. A field of the clinic is what the clinic's form asks for.
create or replace function app_private.try_to_write_back(
  organization_id uuid, patient_id uuid, target text, field text, value jsonb, form_id uuid
) returns text
language plpgsql volatile
set search_path = ''
as $$
declare
  v_person app_public.patient_profiles;
  v_field app_public.custom_fields;
begin
  if target = 'custom_field' then
    select custom_fields.* into v_field
    from app_public.custom_fields
    where custom_fields.organization_id = try_to_write_back.organization_id
      and custom_fields.entity_type = 'patient' and custom_fields.system_key = try_to_write_back.field;
    begin
      perform app_private.write_custom_field_value(v_field, try_to_write_back.patient_id, try_to_write_back.value, try_to_write_back.form_id);
    exception when sqlstate 'RX400' or sqlstate 'RX404' or sqlstate 'RX409' then
      return 'not_taken';
    end;
    return 'written';
  end if;

  select patient_profiles.* into strict v_person
  from app_public.patients
  join app_public.patient_profiles on patient_profiles.id = patients.patient_profile_id
  where patients.organization_id = try_to_write_back.organization_id and patients.id = try_to_write_back.patient_id;
  if not (
    v_person.human_id is null and app_hidden.has_permission(try_to_write_back.organization_id, 'patients.manage')
    or v_person.id = any (app_hidden.current_human_patient_profile_ids()) and (try_to_write_back.field <> 'email' or exists (
      select from app_public.humans
      where humans.principal_id = coalesce(v_person.human_id, app_hidden.current_account_id())
        and app_hidden.ascii_lower(humans.email) = app_hidden.ascii_lower(try_to_write_back.value #>> '{}') and humans.email_verified_at is not null))
  ) then
    return 'not_permitted';
  end if;
  begin
    update app_public.patient_profiles set (given_name, family_name, email, phone, birth_date) = (
      select changed.given_name, changed.family_name, changed.email, changed.phone, changed.birth_date
      from jsonb_populate_record(v_person, jsonb_build_object(try_to_write_back.field, try_to_write_back.value)) as changed)
    where patient_profiles.id = v_person.id;
  exception when sqlstate 'RX400' or sqlstate 'RX403' or sqlstate 'RX409' or integrity_constraint_violation then
    return 'not_taken';
  end;
  return 'written';
end;
$$;

comment on function app_private.try_to_write_back is 'Writes one answer back, and says what came of it: written, not_permitted or not_taken.';
grant execute on function app_private.try_to_write_back to app_engine;
-- end of source: functions/forms/write_back.sql

-- source: functions/forms/content_problems.sql
-- What a template may say: the language of forms, version 1 (docs/form-content.schema.json), with its bounds. Everything that a
-- draft holds passes here, so whoever fills a form in, or shows it, can rely on it. FRM-02. There are no patterns in it, and
-- nothing that runs: what a form costs is bounded by its size.

create or replace function app_private.content_problems(content jsonb)
returns table (path text, reason text, details jsonb)
language plpgsql immutable
set search_path = ''
as $$
declare
  v_problems jsonb := '[]';
  v_fields jsonb := '{}';
  v_count int := 0;
  v_score record;
  v_scores text[] := '{}';
begin
  if octet_length(content::text) > 200000 then
    v_problems := app_private.with_problem(v_problems, '', 'too_large_in_all', 200000);
  elsif jsonb_typeof(content) is distinct from 'object' then
    v_problems := app_private.with_problem(v_problems, '', 'not_an_object');
  else
    v_problems := app_private.with_unknown(v_problems, content, '', '{format,title,intro,intent,items,scores}');
    if content -> 'format' is distinct from '1' then
      v_problems := app_private.with_problem(v_problems, 'format', 'format_unknown', 1);
    end if;
    v_problems := app_private.with_text(v_problems, content, '', 'title', true);
    v_problems := app_private.with_text(v_problems, content, '', 'intro');
    v_problems := app_private.with_text(v_problems, content, '', 'intent');
    select walked.problems, walked.fields, walked.count into v_problems, v_fields, v_count
    from app_private.walk_items(content, '', '{}'::text[], 0, v_problems, v_fields, v_count) as walked;

    if jsonb_typeof(content -> 'scores') <> 'array' or jsonb_array_length(content -> 'scores') > 20 then
      v_problems := app_private.with_problem(v_problems, 'scores', 'not_a_list', 20);
    else
      for v_score in select value, ordinality - 1 as place from jsonb_array_elements(content -> 'scores') with ordinality loop
        v_problems := app_private.with_score(v_problems, v_score.value, format('scores[%s]', v_score.place), v_fields);
        if v_score.value ->> 'key' = any (v_scores) then
          v_problems := app_private.with_problem(v_problems, format('scores[%s].key', v_score.place), 'key_twice');
        end if;
        v_scores := v_scores || (v_score.value ->> 'key');
      end loop;
    end if;
  end if;

  return query
    select problem.value ->> 'path', problem.value ->> 'reason', problem.value -> 'details'
    from jsonb_array_elements(v_problems) as problem
    limit 100;
end;
$$;

comment on function app_private.content_problems is
  'What is wrong with the content of a template: path, reason, and the bound; nothing where all is well.';
grant execute on function app_private.content_problems to app_engine;

-- Problems are collected in one list, each with its place, and with the bound that was passed.
create or replace function app_private.with_problem(problems jsonb, path text, reason text, bound int default null) returns jsonb
language sql immutable
set search_path = ''
return with_problem.problems || jsonb_build_object(
  'path', left(with_problem.path, 200), 'reason', with_problem.reason,
  'details', case when with_problem.bound is null then '{}' else jsonb_build_object('bound', with_problem.bound) end);

comment on function app_private.with_problem is 'The problems and one more.';
grant execute on function app_private.with_problem to app_engine;

create or replace function app_private.with_unknown(problems jsonb, object jsonb, path text, known text[]) returns jsonb
language sql immutable
set search_path = ''
begin atomic
  select with_unknown.problems || coalesce(
    jsonb_agg(jsonb_build_object(
      'path', left(concat_ws('.', nullif(with_unknown.path, ''), named.key), 200), 'reason', 'property_unknown', 'details', '{}'::jsonb)),
    '[]')
  from (
    select key from jsonb_object_keys(with_unknown.object) as key where key <> all (with_unknown.known) order by key limit 20
  ) as named;
end;

comment on function app_private.with_unknown is 'The problems, and each property that is not known there.';
grant execute on function app_private.with_unknown to app_engine;

-- A text in Romanian, in English or in both.
create or replace function app_private.with_text(problems jsonb, object jsonb, path text, property text, required boolean default false)
returns jsonb
language plpgsql immutable
set search_path = ''
as $$
declare
  v_text constant jsonb := object -> property;
  v_path constant text := concat_ws('.', nullif(path, ''), property);
begin
  if v_text is null then
    return case when required then app_private.with_problem(problems, v_path, 'required') else problems end;
  elsif jsonb_typeof(v_text) <> 'object' or v_text = '{}' or v_text - '{ro,en}'::text[] <> '{}'
        or exists (select from jsonb_each(v_text) as said where jsonb_typeof(said.value) <> 'string') then
    return app_private.with_problem(problems, v_path, 'not_a_text_by_language');
  elsif exists (select from jsonb_each_text(v_text) as said where length(said.value) > 10000) then
    return app_private.with_problem(problems, v_path, 'too_long', 10000);
  elsif exists (select from jsonb_each_text(v_text) as said where btrim(said.value, e' \t\r\n') = '') then
    return app_private.with_problem(problems, v_path, 'blank');
  end if;
  return problems;
end;
$$;

comment on function app_private.with_text is 'The problems, and what is wrong with a text by language.';
grant execute on function app_private.with_text to app_engine;
-- end of source: functions/forms/content_problems.sql

-- source: functions/forms/walk_items.sql
-- Goes over the items of a template in their order, groups included, and remembers what was declared so far: a condition may
-- look at nothing else. A step of content_problems(). FRM-02.
-- levels: the groups that repeat around the items, from the outside; a field is seen from its own level and from inside of it.

create or replace function app_private.walk_items(
  object jsonb, path text, levels text[], depth int, inout problems jsonb, inout fields jsonb, inout count int
)
language plpgsql immutable
set search_path = ''
as $$
declare
  v_items constant jsonb := object -> 'items';
  v_path constant text := concat_ws('.', nullif(path, ''), 'items');
  v_entry record;
  v_item jsonb;
  v_at text;
  v_key text;
  v_type text;
begin
  if jsonb_typeof(v_items) is distinct from 'array' or jsonb_array_length(v_items) = 0 then
    problems := app_private.with_problem(problems, v_path, 'not_a_list');
    return;
  end if;

  for v_entry in select value, ordinality - 1 as place from jsonb_array_elements(v_items) with ordinality loop
    v_item := v_entry.value;
    v_at := format('%s[%s]', v_path, v_entry.place);
    count := count + 1;
    if count > 500 then
      if count = 501 then
        problems := app_private.with_problem(problems, 'items', 'too_many', 500);
      end if;
      return;
    end if;
    if jsonb_typeof(v_item) <> 'object' then
      problems := app_private.with_problem(problems, v_at, 'not_an_object');
      continue;
    end if;
    v_key := v_item ->> 'key';
    v_type := v_item ->> 'type';
    if v_key is null or jsonb_typeof(v_item -> 'key') <> 'string' or v_key !~ '^[a-z][a-z0-9_]{0,62}$' then
      problems := app_private.with_problem(problems, v_at || '.key', 'key_not_usable');
      continue;
    elsif fields ? v_key then
      problems := app_private.with_problem(problems, v_at || '.key', 'key_twice');
      continue;
    end if;
    if v_item ? 'visible_if' then
      problems := app_private.with_condition(problems, v_item -> 'visible_if', v_at || '.visible_if', 1, fields, levels);
    end if;
    problems := app_private.with_item(problems, v_item, v_at, cardinality(levels) > 0);

    if v_type = 'group' then
      fields := fields || jsonb_build_object(v_key, jsonb_build_object('type', 'group'));
      if depth >= 2 then
        problems := app_private.with_problem(problems, v_at, 'too_deep', 2);
      else
        select walked.problems, walked.fields, walked.count into problems, fields, count
        from app_private.walk_items(
          v_item, v_at, case when v_item ? 'repeat' then levels || v_key else levels end, depth + 1, problems, fields, count) as walked;
      end if;
    else
      if exists (
        select from jsonb_each(fields) as declared where declared.value -> 'profile_field' = v_item -> 'profile_field'
      ) then
        problems := app_private.with_problem(problems, v_at || '.profile_field', 'key_twice');
      end if;
      fields := fields || jsonb_build_object(v_key, jsonb_build_object(
        'type', v_type, 'profile_field', v_item -> 'profile_field', 'levels', to_jsonb(levels),
        'scored', v_type in ('integer', 'number', 'scale')
          or (v_type = 'choice' and not jsonb_path_exists(v_item, '$.options[*] ? (!exists(@.score))'))));
    end if;
  end loop;
end;
$$;

comment on function app_private.walk_items is 'The problems of items, with what they declare and how many there are: see content_problems().';
grant execute on function app_private.walk_items to app_engine;

-- {"all": […]}, {"any": […]}, {"not": …} or {"field": "key", "op": …, "value": …}, five deep at most.
create or replace function app_private.with_condition(
  problems jsonb, condition jsonb, path text, depth int, fields jsonb, levels text[]
) returns jsonb
language plpgsql immutable
set search_path = ''
as $$
declare
  v_part record;
  v_op constant text := condition ->> 'op';
  v_field constant jsonb := fields -> (condition ->> 'field');
  v_kind constant text := jsonb_typeof(condition -> 'value');
  v_word text;
begin
  if depth > 5 then
    return app_private.with_problem(problems, path, 'too_deep', 5);
  elsif jsonb_typeof(condition) <> 'object' then
    return app_private.with_problem(problems, path, 'not_a_condition');
  end if;

  select key into v_word from jsonb_object_keys(condition) as key where key in ('all', 'any', 'not') limit 1;
  if v_word is not null then
    if (select count(*) from jsonb_object_keys(condition)) <> 1 then
      return app_private.with_problem(problems, path, 'not_a_condition');
    elsif v_word = 'not' then
      return app_private.with_condition(problems, condition -> 'not', path || '.not', depth + 1, fields, levels);
    elsif jsonb_typeof(condition -> v_word) <> 'array' or jsonb_array_length(condition -> v_word) not between 1 and 50 then
      return app_private.with_problem(problems, path || '.' || v_word, 'not_a_list', 50);
    end if;
    for v_part in select value, ordinality - 1 as place from jsonb_array_elements(condition -> v_word) with ordinality loop
      problems := app_private.with_condition(
        problems, v_part.value, format('%s.%s[%s]', path, v_word, v_part.place), depth + 1, fields, levels);
    end loop;
    return problems;
  end if;

  if condition - '{field,op,value}'::text[] <> '{}' or v_op is null or condition ->> 'field' is null then
    return app_private.with_problem(problems, path, 'not_a_condition');
  elsif v_field ->> 'type' = 'statement'
        -- It is declared, is no group, and stands in the level of whoever asks, or around it.
        or v_field -> 'levels' is null or not array(select jsonb_array_elements_text(v_field -> 'levels')) <@ levels then
    return app_private.with_problem(problems, path || '.field', 'field_not_declared_before');
  end if;
  return case
    when v_op in ('answered', 'not_answered') then
      case when condition ? 'value' then app_private.with_problem(problems, path || '.value', 'value_not_usable') else problems end
    when v_op in ('equals', 'not_equals') then
      case when v_kind in ('string', 'number', 'boolean') and length(condition ->> 'value') <= 1000
        then problems else app_private.with_problem(problems, path || '.value', 'value_not_usable') end
    when v_op = 'in' then
      case when v_kind = 'array' and jsonb_array_length(condition -> 'value') between 1 and 200
             and not jsonb_path_exists(condition, 'strict $.value[*] ? (@.type() == "object" || @.type() == "array" || @.type() == "null")')
        then problems else app_private.with_problem(problems, path || '.value', 'value_not_usable', 200) end
    when v_op = 'contains' then
      case when v_kind = 'string' then problems else app_private.with_problem(problems, path || '.value', 'value_not_usable') end
    when v_op in ('greater', 'less', 'at_least', 'at_most') then
      case when v_kind = case v_field ->> 'type' when 'date' then 'string' else 'number' end
             and (v_kind <> 'string' or pg_input_is_valid(condition ->> 'value', 'date'))
             and v_field ->> 'type' in ('date', 'integer', 'number', 'scale')
        then problems else app_private.with_problem(problems, path || '.value', 'value_not_usable') end
    else app_private.with_problem(problems, path || '.op', 'operator_unknown')
  end;
end;
$$;

comment on function app_private.with_condition is 'The problems, and what is wrong with a condition: see content_problems().';
grant execute on function app_private.with_condition to app_engine;
-- end of source: functions/forms/walk_items.sql

-- source: functions/forms/with_item.sql
-- What an item of a template may say, by its type. A step of content_problems(). FRM-02.

create or replace function app_private.with_item(problems jsonb, item jsonb, path text, repeats boolean) returns jsonb
language plpgsql immutable
set search_path = ''
as $$
declare
  v_type constant text := item ->> 'type';
  v_own text[];
  v_linked constant boolean := v_type in ('text', 'long_text', 'email', 'phone', 'integer', 'number', 'scale', 'boolean', 'date', 'choice', 'choices');
  v_bad text;
begin
  v_own := case v_type
    when 'text' then '{min_length,max_length}'
    when 'long_text' then '{min_length,max_length}'
    when 'email' then '{}'
    when 'phone' then '{}'
    when 'integer' then '{min,max}'
    when 'number' then '{min,max}'
    when 'scale' then '{min,max,min_label,max_label}'
    when 'boolean' then '{}'
    when 'date' then '{min,max}'
    when 'choice' then '{options}'
    when 'choices' then '{options,min_chosen,max_chosen}'
    when 'file' then '{max_files}'
    when 'statement' then '{text}'
    when 'group' then '{items,repeat}'
  end::text[];
  if v_own is null then
    return app_private.with_problem(problems, path || '.type', 'type_unknown');
  end if;

  problems := app_private.with_unknown(problems, item, path,
    v_own || '{key,type,label,help,visible_if}'::text[]
    || case when v_type in ('statement', 'group') then '{}' else '{required}' end::text[]
    || case when v_linked then '{profile_field,custom_field}' else '{}' end::text[]);
  problems := app_private.with_text(problems, item, path, 'label', v_type <> 'statement');
  problems := app_private.with_text(problems, item, path, 'help');
  problems := app_private.with_text(problems, item, path, 'text', v_type = 'statement');
  problems := app_private.with_text(problems, item, path, 'min_label');
  problems := app_private.with_text(problems, item, path, 'max_label');
  if jsonb_typeof(item -> 'required') <> 'boolean' then
    problems := app_private.with_problem(problems, path || '.required', 'not_a_boolean');
  end if;

  v_bad := case
    when v_type in ('text', 'long_text') then app_private.bounds_problem(item, 'min_length', 'max_length', 0, 10000)
    when v_type = 'choices' then app_private.bounds_problem(item, 'min_chosen', 'max_chosen', 0, 200)
    when v_type = 'file' then app_private.bounds_problem(item, null, 'max_files', 1, 20)
    when v_type in ('integer', 'scale') then app_private.bounds_problem(item, 'min', 'max', -1000000000, 1000000000)
    when v_type = 'number' then app_private.bounds_problem(item, 'min', 'max', -1000000000, 1000000000, whole => false)
    when v_type = 'date' then (
      select case when bool_or(jsonb_typeof(bound.value) <> 'string' or bound.value #>> '{}' !~ '^[0-9]{4}-[0-9]{2}-[0-9]{2}$'
                               or not pg_input_is_valid(bound.value #>> '{}', 'date')) then 'min'
                  when item ->> 'min' collate "C" > item ->> 'max' then 'max' end
      from jsonb_each(item) as bound where bound.key in ('min', 'max'))
    when v_type = 'group' then
      case when jsonb_typeof(item -> 'repeat') <> 'object' or (item -> 'repeat') - '{min,max}'::text[] <> '{}' then 'repeat'
           when app_private.bounds_problem(item -> 'repeat', 'min', 'max', 0, 100) is not null then 'repeat' end
  end;
  if v_type = 'scale' and not (item ? 'min' and item ? 'max') then
    v_bad := coalesce(v_bad, case when item ? 'min' then 'max' else 'min' end);
  end if;
  if v_bad is not null then
    problems := app_private.with_problem(problems, path || '.' || v_bad, 'bound_not_usable');
  end if;
  if v_type in ('choice', 'choices') then
    problems := app_private.with_options(problems, item -> 'options', path || '.options');
  end if;

  if item ? 'profile_field' and (repeats or item ? 'custom_field'
      or v_type is distinct from case item ->> 'profile_field'
           when 'given_name' then 'text' when 'family_name' then 'text' when 'email' then 'email'
           when 'phone' then 'phone' when 'birth_date' then 'date' end) then
    problems := app_private.with_problem(problems, path || '.profile_field', 'field_not_usable');
  end if;
  if item ? 'custom_field' and (repeats or jsonb_typeof(item -> 'custom_field') <> 'string'
      or item ->> 'custom_field' !~ '^[a-z][a-z0-9_]{0,62}$') then
    problems := app_private.with_problem(problems, path || '.custom_field', 'field_not_usable');
  end if;
  return problems;
end;
$$;

comment on function app_private.with_item is 'The problems, and what is wrong with one item: see content_problems().';
grant execute on function app_private.with_item to app_engine;

-- The name of a bound that is no number within what is sensible, or that is beyond the other one.
create or replace function app_private.bounds_problem(
  item jsonb, lower_name text, upper_name text, lowest numeric, highest numeric, whole boolean default true
) returns text
language plpgsql immutable
set search_path = ''
as $$
declare
  v_name text;
  v_numbers numeric[] := array[null, null];
  v_place int := 0;
begin
  foreach v_name in array array[lower_name, upper_name] loop
    v_place := v_place + 1;
    if jsonb_typeof(item -> v_name) <> 'number' then
      return v_name;
    end if;
    v_numbers[v_place] := (item -> v_name)::numeric;
    if v_numbers[v_place] not between lowest and highest or (whole and v_numbers[v_place] % 1 <> 0) then
      return v_name;
    end if;
  end loop;
  return case when v_numbers[1] > v_numbers[2] then upper_name end;
end;
$$;

comment on function app_private.bounds_problem is 'Which of two bounds of an item is not usable; null where both are.';
grant execute on function app_private.bounds_problem to app_engine;

create or replace function app_private.with_options(problems jsonb, options jsonb, path text) returns jsonb
language plpgsql immutable
set search_path = ''
as $$
declare
  v_option record;
  v_at text;
  v_values jsonb := '{}';
begin
  if jsonb_typeof(options) is distinct from 'array' or jsonb_array_length(options) = 0 then
    return app_private.with_problem(problems, path, 'not_a_list');
  elsif jsonb_array_length(options) > 200 then
    return app_private.with_problem(problems, path, 'too_many', 200);
  end if;
  for v_option in select value, ordinality - 1 as place from jsonb_array_elements(options) with ordinality loop
    v_at := format('%s[%s]', path, v_option.place);
    if jsonb_typeof(v_option.value) <> 'object' then
      problems := app_private.with_problem(problems, v_at, 'not_an_object');
      continue;
    end if;
    problems := app_private.with_unknown(problems, v_option.value, v_at, '{value,label,score}');
    problems := app_private.with_text(problems, v_option.value, v_at, 'label', true);
    if jsonb_typeof(v_option.value -> 'value') is distinct from 'string' or length(v_option.value ->> 'value') not between 1 and 100 then
      problems := app_private.with_problem(problems, v_at || '.value', 'value_not_usable', 100);
    elsif v_values ? (v_option.value ->> 'value') then
      problems := app_private.with_problem(problems, v_at || '.value', 'key_twice');
    else
      v_values := v_values || jsonb_build_object(v_option.value ->> 'value', true);
    end if;
    if app_private.bounds_problem(v_option.value, 'score', null, -1000000, 1000000, whole => false) is not null then
      problems := app_private.with_problem(problems, v_at || '.score', 'bound_not_usable');
    end if;
  end loop;
  return problems;
end;
$$;

comment on function app_private.with_options is 'The problems, and what is wrong with the options of a choice: see content_problems().';
grant execute on function app_private.with_options to app_engine;
-- end of source: functions/forms/with_item.sql

-- source: functions/forms/form_event_payload.sql
-- What every event about a form says: whose, of which template, for which appointment. Nothing of what was answered. FRM-07.

create or replace function app_private.form_event_payload(form app_public.forms) returns jsonb
language sql stable
set search_path = ''
return jsonb_strip_nulls(jsonb_build_object(
  'formId', (form).id, 'patientId', (form).patient_id, 'patientProfileId', (form).patient_profile_id,
  'templateId', (form).template_id, 'versionId', (form).version_id, 'appointmentId', (form).appointment_id));

comment on function app_private.form_event_payload is 'The payload of form.created, form.completed, form.reopened, form.cancelled and form.signed.';
grant execute on function app_private.form_event_payload to app_engine;
-- end of source: functions/forms/form_event_payload.sql

-- source: functions/forms/tg_files__open_form.sql
-- Files of a form come and go while it is open: afterwards they are what was answered, and signed with it. FRM-04, FRM-06.
-- The lock makes an upload and a completion wait for each other.

set role app_engine;

create or replace function app_private.tg_files__open_form() returns trigger
language plpgsql security definer
set search_path = ''
as $$
declare
  v_form app_public.forms;
begin
  select forms.* into strict v_form from app_public.forms where forms.id = new.form_id for share;
  if new.status <> 'deleted' then
    perform app_private.require_form_stands(v_form);
  end if;
  if v_form.status in ('completed', 'signed') then
    perform app_hidden.refuse(
      'IMMUTABLE', case v_form.status when 'signed' then 'form_is_signed' else 'form_is_completed' end,
      jsonb_build_object('formId', new.form_id));
  end if;
  return null;
end;
$$;

comment on function app_private.tg_files__open_form is
  'IMMUTABLE form_is_completed or form_is_signed for files that come to a closed form or leave it, STATE form_is_cancelled. Triggers _300_open_form.';

reset role;

create or replace trigger _300_open_form after insert on app_public.files
  for each row when (new.form_id is not null)
  execute function app_private.tg_files__open_form();
create or replace trigger _300_open_form_still after update of status on app_public.files
  for each row when (new.form_id is not null and old.status <> new.status and new.status in ('confirmed', 'deleted'))
  execute function app_private.tg_files__open_form();
-- end of source: functions/forms/tg_files__open_form.sql

-- source: functions/forms/tg_forms__keep.sql
-- What was asked never changes, answers only while the form is open, and of what is signed nothing at all. Only a merge of
-- patients moves a signed form to the chart that is kept, and removing a patient takes it along. Forms are not deleted.
-- FRM-04, FND-34.

create or replace function app_private.tg_forms__keep() returns trigger
language plpgsql volatile
set search_path = ''
as $$
begin
  if tg_op = 'DELETE' then
    perform app_hidden.refuse('IMMUTABLE', 'never_changed', '{"entity": "forms"}');
  end if;

  if old.status = 'signed' then
    if to_jsonb(new) - '{patient_id,patient_profile_id,deleted_at,updated_at}'::text[]
       is distinct from to_jsonb(old) - '{patient_id,patient_profile_id,deleted_at,updated_at}'::text[] then
      perform app_hidden.refuse('IMMUTABLE', 'form_is_signed', jsonb_build_object('formId', old.id));
    end if;
    return new;
  end if;

  if (new.id, new.organization_id, new.template_id, new.version_id, new.appointment_id, new.amends_form_id, new.created_by)
     is distinct from
     (old.id, old.organization_id, old.template_id, old.version_id, old.appointment_id, old.amends_form_id, old.created_by)
     or new.snapshot <> old.snapshot or new.prefill <> old.prefill then
    perform app_hidden.refuse('IMMUTABLE', 'never_changed', '{"entity": "forms"}');
  end if;
  if new.answers <> old.answers then
    perform app_private.require_form_stands(old);
    if old.status = 'completed' then
      perform app_hidden.refuse('IMMUTABLE', 'form_is_completed', jsonb_build_object('formId', old.id));
    end if;
  end if;
  return new;
end;
$$;

comment on function app_private.tg_forms__keep is
  'Refuses IMMUTABLE: another snapshot, answers after completion or cancellation, anything of a signed form, and deletion. Trigger _300_keeps_what_was_asked.';
-- end of source: functions/forms/tg_forms__keep.sql

-- source: functions/forms/tg_forms__record_move.sql
-- Every move of a form has an actor, a time and an event, whoever makes it. What is published of a signature is said by
-- whoever signs, who knows how. FRM-04, FRM-07.

set role app_engine;

create or replace function app_private.tg_forms__record_move() returns trigger
language plpgsql security definer
set search_path = ''
as $$
declare
  v_from text := case when tg_op = 'UPDATE' then old.status else '' end;
  v_event text;
begin
  if v_from = new.status then
    return null;
  end if;
  insert into app_public.form_moves (organization_id, form_id, from_status, to_status, moved_by, moved_at, reason)
  values (new.organization_id, new.id, nullif(v_from, ''), new.status, app_private.current_actor_id(), app_hidden.now(),
          case when v_from = 'completed' and new.status = 'in_progress' then new.reopen_reason end);

  select min(transition.event) into v_event
  from app_private.state_transitions as transition
  where transition.entity = 'forms' and transition.from_state = v_from and transition.to_state = new.status;
  if v_event is not null and new.status <> 'signed' then
    perform app_private.publish(v_event, new.organization_id, new.id, app_private.form_event_payload(new));
  end if;
  return null;
end;
$$;

comment on function app_private.tg_forms__record_move is
  'Writes form_moves and publishes form.created, form.completed, form.reopened and form.cancelled. Trigger _900_record_move.';

reset role;
-- end of source: functions/forms/tg_forms__record_move.sql

-- source: functions/identity/open_invitation.sql
-- The row of a new invitation, and what stands in its way: one that is open, one that was declined, too many. FND-04, FND-07.

create or replace function app_private.open_invitation(
  organization_id uuid,
  kind text,
  email text,
  name text,
  patient_profile_id uuid default null
) returns app_public.invitations
language plpgsql volatile
set search_path = ''
as $$
declare
  v_email text := app_hidden.address_key(open_invitation.email);
  v_invitation app_public.invitations;
begin
  -- An open one whose time is over stands in nobody's way.
  update app_public.invitations set status = 'expired'
  where invitations.organization_id = open_invitation.organization_id
    and invitations.email = v_email
    and invitations.status = 'open'
    and invitations.expires_at <= app_hidden.now();

  if exists (
    select from app_public.invitations
    where invitations.organization_id = open_invitation.organization_id
      and invitations.kind = open_invitation.kind
      and invitations.email = v_email
      and invitations.status = 'declined'
      and invitations.updated_at > app_hidden.now() - interval '30 days'
  ) then
    perform app_hidden.refuse('STATE', 'invitation_declined', '{"field": "email"}');
  end if;

  -- Colleagues who invite at once are counted one after the other.
  perform pg_advisory_xact_lock(hashtextextended('invitations of ' || open_invitation.organization_id, 0));
  if (select count(*) from app_public.invitations
      where invitations.organization_id = open_invitation.organization_id
        and invitations.created_at > app_hidden.now() - interval '24 hours') >= 200 then
    perform app_hidden.refuse('RATE_LIMITED', 'many_invitations', '{"retryAfterSeconds": 86400}');
  end if;

  insert into app_public.invitations (organization_id, kind, email, name, patient_profile_id, invited_by, expires_at, created_at)
  values (open_invitation.organization_id, open_invitation.kind, v_email,
          coalesce(nullif(btrim(open_invitation.name), ''), split_part(v_email, '@', 1)), open_invitation.patient_profile_id,
          app_private.current_actor_id(), app_hidden.now() + interval '14 days', app_hidden.now())
  on conflict do nothing
  returning * into v_invitation;
  if not found then
    perform app_hidden.refuse('CONFLICT', 'already_invited', '{"field": "email"}');
  end if;
  return v_invitation;
end;
$$;

comment on function app_private.open_invitation is
  'Makes an open invitation. CONFLICT already_invited, STATE invitation_declined, RATE_LIMITED many_invitations.';
grant execute on function app_private.open_invitation to app_engine;
-- end of source: functions/identity/open_invitation.sql

-- source: functions/signatures/sealed_signature_link.sql
-- The sealed token of a link, for the message that carries it. One that is over has none any more. CNS-06, FND-15.

set role app_engine;

create or replace function app_private.sealed_signature_link(link_id uuid) returns bytea
language sql stable strict security definer
set search_path = ''
begin atomic
  select signature_links.sealed_token
  from app_public.signature_links
  where signature_links.id = sealed_signature_link.link_id
    and signature_links.expires_at > app_hidden.now();
end;

comment on function app_private.sealed_signature_link is E'@nullable\nThe sealed token of an open link; null once it is over.';
grant execute on function app_private.sealed_signature_link to app_worker;

reset role;
-- end of source: functions/signatures/sealed_signature_link.sql

-- source: functions/organizations/create_organization.sql
-- The platform opens a clinic: with its roles, its owner (or the invitation to own it) and its events, in one transaction. FND-01, FND-04, TEN-01.

set role app_engine;

create or replace function app_public.create_organization(
  slug text,
  name text,
  owner_email text,
  owner_name text,
  locale text default 'ro',
  timezone text default 'Europe/Bucharest',
  currency text default 'RON',
  contact_email text default null,
  tenancy_mode text default 'shared',
  draft boolean default false
) returns app_public.organizations
language plpgsql volatile security definer
set search_path = ''
as $$
declare
  v_remembered jsonb;
  v_organization app_public.organizations;
begin
  if not app_hidden.is_superadmin() then
    perform app_hidden.refuse('FORBIDDEN', 'superadmin_only');
  end if;
  v_remembered := app_private.remembered('create_organization', jsonb_build_array(
    slug, name, owner_email, owner_name, locale, timezone, currency, contact_email, tenancy_mode, draft));
  if v_remembered is not null then
    return jsonb_populate_record(v_organization, v_remembered);
  end if;
  if tenancy_mode is distinct from 'shared' then
    perform app_hidden.refuse('VALIDATION', 'tenancy_mode_not_built', '{"field": "tenancyMode"}');
  end if;

  insert into app_public.organizations (slug, name, locale, timezone, currency, contact_email, activated_at)
  values (create_organization.slug, create_organization.name, create_organization.locale, create_organization.timezone,
          create_organization.currency, create_organization.contact_email,
          case when draft then null else app_hidden.now() end)
  returning * into v_organization;

  perform app_private.appoint_first_owner(v_organization, owner_email, owner_name);

  perform app_private.publish(
    'organization.created', v_organization.id, v_organization.id, jsonb_build_object('slug', v_organization.slug));
  if v_organization.activated_at is not null then
    perform app_private.publish(
      'organization.activated', v_organization.id, v_organization.id, jsonb_build_object('slug', v_organization.slug));
  end if;
  perform app_private.remember('create_organization', to_jsonb(v_organization));
  return v_organization;
end;
$$;

comment on function app_public.create_organization is
  'Opens a clinic with its owner. Whoever has an account already is invited to own it, and appointOwner names another one '
  'if they decline. A draft is invisible to the public until activateOrganization. Superadmin only.';
grant execute on function app_public.create_organization to app_member;

reset role;
-- end of source: functions/organizations/create_organization.sql

-- source: functions/patients/enroll_child.sql
-- A parent or guardian signs a child up at a clinic. FND-32.
-- The profile is new, so that nobody reaches what a clinic knows of a child by saying that they are its parent: that takes
-- add_caregiver, on evidence. What the caregiver says here is written down as said, and the clinic ends the link if it is not so.

set role app_engine;

create or replace function app_public.enroll_child(
  organization_id uuid,
  accepted_version_ids uuid[],
  given_name text,
  family_name text,
  birth_date date,
  relationship text,
  phone text default null
) returns app_public.patients
language plpgsql volatile security definer
set search_path = ''
as $$
declare
  v_human app_public.humans := app_private.require_proved_address();
  v_clinic app_public.organizations := app_private.require_open_clinic(organization_id);
  v_today date := (app_hidden.now() at time zone 'Europe/Bucharest')::date;
  v_profile_id uuid;
  v_caregiver app_public.caregivers;
  v_patient app_public.patients;
begin
  if app_private.caregiver_ends_on(enroll_child.birth_date) <= v_today then
    perform app_hidden.refuse('VALIDATION', 'of_age', jsonb_build_object('field', 'birthDate', 'years', (
      select legal_ages.years from app_private.legal_ages where legal_ages.rule = 'caregiver_ends')));
  end if;
  if enroll_child.relationship is null or enroll_child.relationship not in ('parent', 'guardian') then
    perform app_hidden.refuse('VALIDATION', 'not_a_representative', '{"field": "relationship"}');
  end if;
  if exists (
    select from app_public.patient_profiles
    where patient_profiles.human_id = v_human.principal_id
      and app_private.caregiver_ends_on(patient_profiles.birth_date) > v_today
  ) then
    perform app_hidden.refuse('FORBIDDEN', 'caregiver_is_a_minor');
  end if;
  -- The account first: what it enrols is counted at all clinics together.
  perform app_private.lock_account();
  perform app_private.lock_people(v_clinic.id);

  -- Whom the caller enrolled before is this child, not another one.
  select patient_profiles.id into v_profile_id
  from app_public.patient_profiles
  join app_public.patients
    on patients.organization_id = v_clinic.id and patients.patient_profile_id = patient_profiles.id and patients.deleted_at is null
  where patient_profiles.id = any (app_hidden.current_human_patient_profile_ids())
    and patient_profiles.human_id is null
    and app_private.name_key(patient_profiles.given_name || ' ' || patient_profiles.family_name)
        = app_private.name_key(enroll_child.given_name || ' ' || enroll_child.family_name)
    and patient_profiles.birth_date = enroll_child.birth_date
  limit 1;
  if not found then
    if (select count(*) from app_public.caregivers
        where caregivers.human_id = v_human.principal_id and caregivers.added_by = v_human.principal_id
          and caregivers.created_at > app_hidden.now() - interval '24 hours') >= 10 then
      perform app_hidden.refuse('RATE_LIMITED', 'many_children', '{"retryAfterSeconds": 86400}');
    end if;
    v_profile_id := app_private.new_profile(
      v_clinic, given_name, family_name, enroll_child.birth_date, enroll_child.phone);
    insert into app_public.caregivers (patient_profile_id, human_id, relationship, added_by, ends_on, created_at)
    values (v_profile_id, v_human.principal_id, enroll_child.relationship, v_human.principal_id,
            app_private.caregiver_ends_on(enroll_child.birth_date), app_hidden.now())
    returning * into v_caregiver;
  end if;
  v_patient := app_private.admit_patient(v_clinic.id, v_profile_id);
  if v_caregiver.id is not null then
    insert into app_private.caregiver_evidence (organization_id, caregiver_id, patient_profile_id, evidence)
    values (v_clinic.id, v_caregiver.id, v_profile_id, case v_clinic.locale
      when 'en' then 'Said by the caregiver when signing up; nothing was shown yet.'
      else 'Declarat de aparținător la înscriere; încă nu a arătat un document.' end);
  end if;
  perform app_private.accept_required_consents(v_clinic.id, v_patient.id, accepted_version_ids);
  return v_patient;
end;
$$;

comment on function app_public.enroll_child is
  E'@arg relationship parent or guardian.\n'
  'Makes a child a patient of a clinic that is open, with the caller as parent or guardian, until the child is of age. Once is enough. '
  'CONSENT_REQUIRED as in joinClinic; VALIDATION of_age, not_a_representative; FORBIDDEN caregiver_is_a_minor; RATE_LIMITED '
  'many_children.';
grant execute on function app_public.enroll_child to app_member;

reset role;
-- end of source: functions/patients/enroll_child.sql

-- source: functions/patients/request_profile_claim.sql
-- Somebody whom a clinic registered takes over their profile there, although they sign in with another address: they name the
-- address or the number that the clinic has, and a code goes there. FND-32.
-- The answer is the same whoever was found, or nobody: who is treated where is told to nobody who only asks. A patient is sent three
-- codes a day and each is tried five times, so that guessing is hopeless.

set role app_engine;

create or replace function app_public.request_profile_claim(
  organization_id uuid,
  contact text,
  given_name text,
  family_name text,
  birth_date date default null
) returns app_public.profile_claim
language plpgsql volatile security definer
set search_path = ''
as $$
declare
  v_human app_public.humans := app_private.require_proved_address();
  v_clinic app_public.organizations;
  v_remembered jsonb := app_private.remembered(
    'request_profile_claim', jsonb_build_array(organization_id, contact, given_name, family_name, birth_date));
  v_answer app_public.profile_claim;
  v_email text;
  v_phone text;
  v_patient app_public.patients;
  v_profile app_public.patient_profiles;
  v_code app_private.codes;
  v_claim app_private.profile_claims;
begin
  if v_remembered is not null then
    perform app_private.require_open_clinic(organization_id);
    return jsonb_populate_record(v_answer, v_remembered);
  end if;
  v_clinic := app_private.require_open_clinic(organization_id);
  if strpos(contact, '@') > 0 then
    v_email := app_hidden.address_key(contact);
  else
    v_phone := app_hidden.e164(contact, v_clinic.country, 'contact');
  end if;
  if v_email is null and v_phone is null then
    perform app_hidden.refuse('VALIDATION', 'required', '{"field": "contact"}');
  end if;

  -- One after the other, or both would be the last that is allowed: an account may name several contacts, and several
  -- accounts one patient, by address and by number.
  perform app_private.lock_account();
  if (select count(*) from app_private.profile_claims
      where profile_claims.human_id = v_human.principal_id
        and profile_claims.created_at > app_hidden.now() - interval '24 hours') >= 5 then
    perform app_hidden.refuse('RATE_LIMITED', 'many_claims', '{"retryAfterSeconds": 86400}');
  end if;

  v_patient := app_private.profile_to_claim(
    v_clinic.id, v_email, v_phone, app_private.name_key(given_name || ' ' || family_name), request_profile_claim.birth_date);
  perform pg_advisory_xact_lock(hashtextextended('claims of ' || v_patient.id, 0));
  if (select count(*) from app_private.profile_claims
      where profile_claims.organization_id = v_clinic.id
        and profile_claims.patient_profile_id = v_patient.patient_profile_id
        and profile_claims.created_at > app_hidden.now() - interval '24 hours') >= 3 then
    v_patient := null;
  end if;

  v_code := app_private.new_code(v_clinic.id, interval '15 minutes');
  insert into app_private.profile_claims (organization_id, human_id, code_id, patient_profile_id, created_at)
  values (v_clinic.id, v_human.principal_id, v_code.id, v_patient.patient_profile_id, app_hidden.now())
  returning * into v_claim;
  if v_patient.id is not null then
    select patient_profiles.* into strict v_profile
    from app_public.patient_profiles
    where patient_profiles.id = v_patient.patient_profile_id;
    -- To what the clinic has, and only where the caller named it.
    perform app_private.notify(
      v_clinic.id, 'profile_claim_code', jsonb_build_object('code', v_code.id),
      name => v_profile.given_name || ' ' || v_profile.family_name,
      email => case when v_email is not null then v_profile.email end,
      phone => case when v_phone is not null then v_profile.phone end,
      locale => v_profile.locale);
  end if;
  v_answer := app_private.profile_claim_of(v_claim);
  perform app_private.remember('request_profile_claim', to_jsonb(v_answer));
  return v_answer;
end;
$$;

comment on function app_public.request_profile_claim is
  E'@arg contact The address or the telephone number that the clinic has.\n'
  'Asks a clinic to hand over the profile that it has of the caller. If it has a patient of this name with this address or number, a '
  'code goes there; the answer is the same if not. confirmProfileClaim takes the code. FORBIDDEN email_not_verified; RATE_LIMITED '
  'many_claims.';
grant execute on function app_public.request_profile_claim to app_member;

reset role;
-- end of source: functions/patients/request_profile_claim.sql

-- source: functions/plans/due_patient_plans.sql
-- Whose plans time has changed something about: for the worker, which settles one patient after the other, each in a
-- transaction of its own. Patients are counted, however many plans of theirs are due, and whoever could not be settled is
-- passed: the next page begins after the last one. CAT-06.

set role app_engine;

create or replace function app_private.due_patient_plans(
  up_to int,
  after_due_at timestamptz default null,
  after_organization_id uuid default null,
  after_patient_profile_id uuid default null
) returns table (organization_id uuid, patient_profile_id uuid, due_at timestamptz)
language plpgsql stable security definer
set search_path = ''
as $$
begin
  return query
    select due.organization_id, due.patient_profile_id, min(due.due_at)
    from (
      select patient_subscriptions.organization_id, patient_subscriptions.patient_profile_id, patient_subscriptions.settle_at
      from app_public.patient_subscriptions
      where patient_subscriptions.settle_at <= app_hidden.now()
      union all
      select patient_service_plans.organization_id, patient_service_plans.patient_profile_id, patient_service_plans.valid_until
      from app_public.patient_service_plans
      where patient_service_plans.ended_at is null and patient_service_plans.valid_until <= app_hidden.now()
    ) as due (organization_id, patient_profile_id, due_at)
    group by 1, 2
    having after_due_at is null
      or (min(due.due_at), due.organization_id, due.patient_profile_id)
         > (after_due_at, after_organization_id, after_patient_profile_id)
    order by 3, 1, 2
    limit up_to;
end;
$$;

comment on function app_private.due_patient_plans is
  'Patients with a subscription or a plan that is due, the oldest first, up to so many, after the last one of the page before.';
grant execute on function app_private.due_patient_plans to app_worker;

reset role;
-- end of source: functions/plans/due_patient_plans.sql

-- source: functions/plans/grant_access.sql
-- A clinic opens something for a patient by hand. CAT-08.

set role app_engine;

create or replace function app_public.grant_access(
  patient_id uuid,
  access text,
  reason text,
  expires_at timestamptz default null
) returns app_public.access_grants
language plpgsql volatile security definer
set search_path = ''
as $$
declare
  v_remembered jsonb := app_private.remembered(
    'grant_access', jsonb_build_array(patient_id, access, reason, expires_at));
  v_patient app_public.patients;
  v_reason text;
  v_grant app_public.access_grants;
begin
  if v_remembered is not null then
    perform app_private.patient_to_serve(patient_id);
    return jsonb_populate_record(v_grant, v_remembered);
  end if;
  v_patient := app_private.patient_to_serve(patient_id);
  v_reason := app_private.require_reason(reason);
  if expires_at <= app_hidden.now() then
    perform app_hidden.refuse('VALIDATION', 'already_past', '{"field": "expiresAt"}');
  end if;
  insert into app_public.access_grants (organization_id, patient_profile_id, access, reason, expires_at, granted_by)
  values (v_patient.organization_id, v_patient.patient_profile_id, grant_access.access, v_reason, grant_access.expires_at,
          app_private.current_actor_id())
  returning * into v_grant;
  perform app_private.remember('grant_access', to_jsonb(v_grant));
  return v_grant;
end;
$$;

comment on function app_public.grant_access is
  E'@words access access_grants.access\n@arg access What is opened.\nOpens the library or sessions from home for a patient, without a plan. Needs '
  'patient_plans.manage and a reason; until expiresAt, or until it is revoked.';
grant execute on function app_public.grant_access to app_member;

reset role;
-- end of source: functions/plans/grant_access.sql

-- source: functions/scheduling/working_hours.sql
-- When specialists work, whatever they are booked for: the usual hours and those that their calendars have of their own;
-- a date's other hours instead of them, more hours beside them, and closings out of all. SCH-01, SCH-02.
-- timetables() reads the same rows for one calendar, where the nearest hours alone count; a test holds both together.

create or replace function app_private.working_hours(
  organization_id uuid,
  specialist_ids uuid[],
  "from" timestamptz,
  "to" timestamptz
) returns table (specialist_id uuid, hours tstzmultirange)
language sql stable
begin atomic
  with people as materialized (
    select specialists.id, specialists.scheduling_timezone as timezone
    from app_public.specialists
    where specialists.organization_id = working_hours.organization_id
      and specialists.id = any (working_hours.specialist_ids)
  ),
  -- Whoever is somewhere else for some dates works on the clocks there.
  dated as materialized (
    select people.id, z.timezone, z.starts_on, z.ends_on
    from people
    join app_public.specialist_zones as z
      on z.organization_id = working_hours.organization_id and z.specialist_id = people.id
  ),
  weekly as (
    select people.id, null::text as timezone, h.weekday, h.starts, h.ends
    from people
    join app_public.specialist_weekly_hours as h
      on h.organization_id = working_hours.organization_id and h.specialist_id = people.id
    union
    select people.id, calendars.timezone, h.weekday, h.starts, h.ends
    from people
    join app_public.calendar_specialists as cs
      on cs.organization_id = working_hours.organization_id and cs.specialist_id = people.id
    join app_public.calendars
      on calendars.organization_id = cs.organization_id and calendars.id = cs.calendar_id
     and calendars.is_active and calendars.deleted_at is null
    join app_public.calendar_hours as h
      on h.organization_id = cs.organization_id and h.calendar_id = cs.calendar_id
     and h.specialist_id is not distinct from case
           when exists (select from app_public.calendar_hours as own
                        where own.organization_id = cs.organization_id and own.calendar_id = cs.calendar_id
                          and own.specialist_id = people.id)
           then people.id end
  ),
  -- From the day before, whose hours may run past midnight, and the dates that other zones have meanwhile.
  days as materialized (
    select first.day + n as date, extract(isodow from first.day + n)::int as weekday
    from (select (working_hours."from" at time zone 'UTC')::date - 2 as day) as first
    cross join generate_series(0, (working_hours."to" at time zone 'UTC')::date - first.day + 1) as n
  ),
  zone_of as materialized (
    select people.id, days.date, coalesce(dated.timezone, people.timezone) as timezone
    from people
    cross join days
    left join dated on dated.id = people.id and days.date between dated.starts_on and dated.ends_on
  ),
  overrides as materialized (
    select people.id, o.kind, days.date, coalesce(o.starts, '00:00') as starts, coalesce(o.ends, '24:00') as ends
    from people
    join app_public.specialist_schedule_overrides as o
      on o.organization_id = working_hours.organization_id and o.specialist_id = people.id
    join days on days.date between o.starts_on and o.ends_on
  ),
  pieces as (
    select weekly.id, coalesce(weekly.timezone, zone_of.timezone) as timezone, 'open' as kind, days.date, weekly.starts, weekly.ends
    from weekly
    join days on days.weekday = weekly.weekday
    join zone_of on zone_of.id = weekly.id and zone_of.date = days.date
    where (weekly.id, days.date) not in (select o.id, o.date from overrides as o where o.kind = 'replace')
    union all
    select o.id, zone_of.timezone, o.kind, o.date, o.starts, o.ends
    from overrides as o
    join zone_of on zone_of.id = o.id and zone_of.date = o.date
  ),
  -- Times that clocks skip or show twice are looked at closely, on the nights when they change.
  zones as materialized (
    select distinct pieces.timezone, days.date,
      (days.date + 2)::timestamp at time zone pieces.timezone - days.date::timestamp at time zone pieces.timezone
        <> interval '48 hours' as clocks_change
    from pieces
    join days on days.date = pieces.date
  ),
  spans as (
    select pieces.id, pieces.kind,
      case when zones.clocks_change then app_private.on_clocks(piece.opens, pieces.timezone)
        else piece.opens at time zone pieces.timezone end as opens,
      case when zones.clocks_change then app_private.on_clocks(piece.closes, pieces.timezone)
        else piece.closes at time zone pieces.timezone end as closes
    from pieces
    join zones on zones.timezone = pieces.timezone and zones.date = pieces.date
    cross join lateral (
      select pieces.date + pieces.starts as opens,
             pieces.date + case when pieces.ends <= pieces.starts then 1 else 0 end + pieces.ends as closes
    ) as piece
  )
  select spans.id,
    range_agg(tstzrange(spans.opens, spans.closes))
    - coalesce(range_agg(tstzrange(spans.opens, spans.closes)) filter (where spans.kind = 'closed'), '{}')
  from spans
  group by spans.id;
end;

comment on function app_private.working_hours is
  'When these specialists work from the day of one instant to that of another; a specialist without hours has no row.';
grant execute on function app_private.working_hours to app_engine;
-- end of source: functions/scheduling/working_hours.sql

-- source: functions/scheduling/appointment_resources.sql
-- Where an appointment is, and what is used there: told to whoever sees the appointment, patients too, who do not see the
-- clinic's list of rooms. SCH-11.

set role app_engine;

create or replace function app_public.appointment_resources(appointment_id uuid) returns setof app_public.appointment_resource
language sql stable security definer
set search_path = ''
begin atomic
  select r.id, r.kind, r.type, r.name
  from app_public.appointments
  join app_private.time_claims as tc
    on tc.organization_id = appointments.organization_id and tc.id = appointments.claim_id
  join app_private.resource_claims as rc
    on rc.organization_id = tc.organization_id and rc.claim_id = coalesce(tc.session_id, tc.id)
  join app_public.resources as r on r.organization_id = rc.organization_id and r.id = rc.resource_id
  where appointments.id = appointment_resources.appointment_id
    and appointments.deleted_at is null
    and (appointments.organization_id = any (app_hidden.organization_ids_where('appointments.view'))
         or (appointments.patient_profile_id = any (app_hidden.current_human_patient_profile_ids())
             and appointments.organization_id = any (app_hidden.current_patient_organization_ids())))
  order by r.kind desc, r.name, r.id;
end;

comment on function app_public.appointment_resources is
  'The room and the equipment of an appointment that the caller may see, the room first; nothing once it was called off.';
grant execute on function app_public.appointment_resources to app_member;

reset role;
-- end of source: functions/scheduling/appointment_resources.sql

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
    select t.specialist_id, t.windows, t.timezone, t.step, t.duration, t.ruled_out, t.earliest, t.latest
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

-- source: functions/scheduling/sessions_within.sql
-- The group sessions of a calendar that start in a window, and how many seats each has left. SCH-02.

create or replace function app_private.sessions_within(
  organization_id uuid, calendar_id uuid, "from" timestamptz, "to" timestamptz, own_claim_id uuid
) returns table (specialist_id uuid, during tstzrange, seats_left int)
language sql stable
begin atomic
  select tc.specialist_id, tc.during,
    tc.capacity - app_private.seats_taken(tc.organization_id, tc.id, sessions_within.own_claim_id)
  from app_public.calendar_specialists as cs
  join app_private.time_claims as tc
    on tc.specialist_id = cs.specialist_id
   and tc.blocked && tstzrange(sessions_within."from", sessions_within."to")
   and tc.released_at is null and tc.session_id is null
   and tc.kind = 'session' and tc.calendar_id = cs.calendar_id
   and (tc.expires_at is null or tc.expires_at > app_hidden.now())
  where cs.organization_id = sessions_within.organization_id and cs.calendar_id = sessions_within.calendar_id;
end;

comment on function app_private.sessions_within is 'Sessions of a calendar in a window of time, with the seats that are left.';

grant execute on function app_private.sessions_within to app_engine;
-- end of source: functions/scheduling/sessions_within.sql

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
  elsif v_calendar.assignment_strategy = 'specific' then
    return query
      select slot.starts_at, slot.starts_at + slot.duration, to_char(slot.starts_at, c_local),
        array_sort(slot.specialist_ids), null::timestamptz[], null::int
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
        '{}'::uuid[], null::timestamptz[], null::int
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

-- source: functions/scheduling/stranded.sql
-- Visits and requests to come that nobody could book any more: outside the hours as they are now, in a vacation, or of somebody
-- who was taken out of the calendar. What staff set aside when they booked is not asked again; notice, horizon and the grid
-- strand nobody. Asks the verdicts that booking asks. SCH-08.

create or replace function app_private.stranded(organization_id uuid, specialist_id uuid)
returns setof app_public.stranded_appointment
language sql stable
set search_path = ''
begin atomic
  select appointments.id, booking_requests.id, claims.calendar_id, lower(claims.during), upper(claims.during), broken.rule,
    array(
      select colleague.specialist_id
      from app_private.verdicts(claims.calendar_id, lower(claims.during)) as colleague
      where colleague.specialist_id <> claims.specialist_id and cardinality(colleague.rules) = 0
      order by colleague.specialist_id)
  from app_private.bookings_to_come(stranded.organization_id) as claims
  left join app_public.appointments
    on appointments.organization_id = claims.organization_id and appointments.claim_id = claims.id
    and claims.kind = 'appointment'
  left join app_public.booking_requests
    on booking_requests.organization_id = claims.organization_id and booking_requests.claim_id = claims.id
    and claims.kind = 'request'
  cross join lateral (
    select said.rule
    from unnest(
      app_private.switched_off(claims.organization_id, claims.calendar_id, claims.specialist_id, false)
      || coalesce((
        select verdict.rules
        from app_private.verdicts(
          claims.calendar_id, lower(claims.during), claims.specialist_id, claims.id,
          upper(claims.during) - lower(claims.during), claims.created_at) as verdict), '{}')
    ) with ordinality as said (rule, place)
    where said.rule in ('specialist_inactive', 'not_in_calendar', 'not_providing_service', 'outside_hours', 'closed')
      and said.rule <> all (coalesce(appointments.overridden_rules, '{}'))
    order by said.place
    limit 1
  ) as broken
  where claims.specialist_id = stranded.specialist_id
    and lower(claims.during) > app_hidden.now()
  order by lower(claims.during), claims.id;
end;

comment on function app_private.stranded is 'Visits and requests to come of a specialist whose time the rules no longer allow, earliest first.';
grant execute on function app_private.stranded to app_engine;
-- end of source: functions/scheduling/stranded.sql

-- source: functions/scheduling/require_nobody_stranded.sql
-- A change of hours that would leave patients standing says whom, and is taken back unless that was meant. Whoever stood there
-- before the change is known already. SCH-08.

create or replace function app_private.require_nobody_stranded(specialist app_public.specialists, known_before uuid[])
returns void
language plpgsql stable
set search_path = ''
as $$
declare
  v_count int;
  v_first jsonb;
begin
  select count(*), jsonb_agg(jsonb_build_object(
      'appointmentId', stranded.appointment_id, 'bookingRequestId', stranded.booking_request_id,
      'startsAt', stranded.starts_at, 'rule', stranded.rule, 'colleagueIds', stranded.colleague_ids)
    order by stranded.place) filter (where stranded.place <= 50)
  into v_count, v_first
  from (
    select visits.*, row_number() over (order by visits.starts_at) as place
    from app_private.stranded((specialist).organization_id, (specialist).id) as visits
    where coalesce(visits.appointment_id, visits.booking_request_id) <> all (known_before)
  ) as stranded;
  if v_count > 0 then
    perform app_hidden.refuse('CONFLICT', 'appointments_stranded', jsonb_build_object('count', v_count, 'appointments', v_first));
  end if;
end;
$$;

comment on function app_private.require_nobody_stranded is
  'CONFLICT appointments_stranded with the count and the first fifty of those who were not known before.';
grant execute on function app_private.require_nobody_stranded to app_engine;

-- Who is stranded already, before hours change.
create or replace function app_private.stranded_ids(specialist app_public.specialists) returns uuid[]
language sql stable
set search_path = ''
return array(
  select coalesce(visits.appointment_id, visits.booking_request_id)
  from app_private.stranded((specialist).organization_id, (specialist).id) as visits);

comment on function app_private.stranded_ids is 'Appointments and requests of a specialist that are stranded now.';
grant execute on function app_private.stranded_ids to app_engine;
-- end of source: functions/scheduling/require_nobody_stranded.sql

-- source: functions/scheduling/require_own_schedule.sql
-- Who decides about a specialist's hours and calendar: schedules.manage, or the specialist with schedules.manage_own. SCH-01,
-- APT-08.

create or replace function app_private.require_own_schedule(specialist_id uuid) returns app_public.specialists
language plpgsql stable
set search_path = ''
as $$
declare
  v_specialist app_public.specialists;
begin
  select specialists.* into v_specialist
  from app_public.specialists
  where specialists.id = require_own_schedule.specialist_id
    and specialists.deleted_at is null
    and specialists.organization_id = any (app_hidden.current_staff_organization_ids());
  if not found then
    perform app_hidden.refuse('NOT_FOUND', 'specialist_not_found');
  end if;
  if not (v_specialist.id = any (app_hidden.current_specialist_ids())
          and app_hidden.has_permission(v_specialist.organization_id, 'schedules.manage_own')) then
    perform app_private.require_permission(v_specialist.organization_id, 'schedules.manage');
  end if;
  return v_specialist;
end;
$$;

comment on function app_private.require_own_schedule is
  'A specialist of the caller''s clinic whose hours the caller may decide about; NOT_FOUND specialist_not_found, or FORBIDDEN.';
grant execute on function app_private.require_own_schedule to app_engine;
-- end of source: functions/scheduling/require_own_schedule.sql

-- source: functions/scheduling/close_schedule.sql
-- A vacation, a training day, an illness: told with whom it would leave standing before it counts. SCH-01, SCH-08.

set role app_engine;

create or replace function app_public.close_schedule(
  specialist_id uuid,
  starts_on date,
  ends_on date,
  starts time default null,
  ends time default null,
  note text default null,
  leaves_stranded boolean default false
) returns app_public.specialist_schedule_overrides
language plpgsql volatile security definer
set search_path = ''
as $$
declare
  v_specialist app_public.specialists := app_private.require_own_schedule(close_schedule.specialist_id);
  v_closing app_public.specialist_schedule_overrides;
  v_known uuid[];
begin
  perform from app_public.specialists
  where specialists.organization_id = v_specialist.organization_id and specialists.id = v_specialist.id
  for no key update;
  if not coalesce(leaves_stranded, false) then
    v_known := app_private.stranded_ids(v_specialist);
  end if;
  insert into app_public.specialist_schedule_overrides
    (organization_id, specialist_id, kind, starts_on, ends_on, starts, ends, note)
  values (v_specialist.organization_id, v_specialist.id, 'closed', close_schedule.starts_on, close_schedule.ends_on,
          close_schedule.starts, close_schedule.ends, nullif(btrim(close_schedule.note), ''))
  returning * into v_closing;
  if not coalesce(leaves_stranded, false) then
    perform app_private.require_nobody_stranded(v_specialist, v_known);
  end if;
  return v_closing;
end;
$$;

comment on function app_public.close_schedule is
  E'@arg startsOn The first day, as the specialist''s zone has it.\n@arg endsOn The last day, included.\n'
  '@arg starts From when on each of the days; without it whole days are closed.\n@arg ends Until when; 24:00 is the end of the day.\n'
  '@arg note Why, for colleagues.\n'
  '@arg leavesStranded Whether to go on although appointments to come are left in that time.\n'
  'Closes days, or hours of days, of a specialist. For the specialist, or schedules.manage. CONFLICT appointments_stranded with '
  'the appointments and requests in that time, and who is free instead; then nothing has changed.';
grant execute on function app_public.close_schedule to app_member;

reset role;
-- end of source: functions/scheduling/close_schedule.sql

-- source: functions/scheduling/create_calendar_feed.sql
-- A specialist subscribes the calendar on their telephone. The address is the secret: only its digest is kept. APT-08.

set role app_engine;

create or replace function app_public.create_calendar_feed(specialist_id uuid, shows_initials boolean default false)
returns app_public.calendar_feed_link
language plpgsql volatile security definer
set search_path = ''
as $$
declare
  v_specialist app_public.specialists := app_private.require_own_schedule(create_calendar_feed.specialist_id);
  v_token text := encode(extensions.gen_random_bytes(16), 'hex');
  v_id uuid;
begin
  perform app_private.require_permission(v_specialist.organization_id, 'appointments.view');
  -- Two at once are counted one after the other.
  perform app_private.require_specialist(v_specialist.organization_id, v_specialist.id);
  perform pg_advisory_xact_lock(hashtextextended('calendar feeds of ' || v_specialist.id, 0));
  if (
    select count(*) from app_public.calendar_feeds
    where calendar_feeds.organization_id = v_specialist.organization_id
      and calendar_feeds.specialist_id = v_specialist.id
      and calendar_feeds.revoked_at is null
  ) >= 5 then
    perform app_hidden.refuse('CONFLICT', 'too_many_feeds', '{"limit": 5}');
  end if;
  insert into app_public.calendar_feeds (organization_id, specialist_id, shows_initials, token_hash, created_by, created_at)
  values (v_specialist.organization_id, v_specialist.id, coalesce(create_calendar_feed.shows_initials, false),
          sha256(convert_to(v_token, 'UTF8')), app_hidden.current_account_id(), app_hidden.now())
  returning id into v_id;
  return (v_id, '/v1/calendar-feeds/' || v_token || '.ics')::app_public.calendar_feed_link;
end;
$$;

comment on function app_public.create_calendar_feed is
  E'@arg showsInitials Whether entries carry the initials of patients. Names never leave.\n'
  'Makes a secret address under which a calendar program reads the specialist''s appointments; it is told this once. For the '
  'specialist, or schedules.manage; needs appointments.view. CONFLICT too_many_feeds beyond five.';
grant execute on function app_public.create_calendar_feed to app_member;

reset role;
-- end of source: functions/scheduling/create_calendar_feed.sql

-- source: functions/scheduling/explain_availability.sql
-- "Why can nobody book me on Tuesday?" answered for the front desk. SCH-05.

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
    perform app_hidden.refuse('NOT_FOUND', 'calendar_not_found');
  end if;
  perform app_private.require_start(at, 'at');

  select sp.* into v_specialist
  from app_public.specialists as sp
  where sp.organization_id = v_calendar.organization_id and sp.id = explain_availability.specialist_id
    and sp.deleted_at is null;
  if not found then
    perform app_hidden.refuse('NOT_FOUND', 'specialist_not_found');
  end if;
  return coalesce(
    app_private.switched_off(v_calendar.organization_id, v_calendar.id, v_specialist.id, false),
    (select v.rules[1] from app_private.verdicts(v_calendar.id, at, v_specialist.id) as v),
    'free');
end;
$$;

comment on function app_public.explain_availability is
  E'@cost 20\n'
  'For staff: "free", or the first rule that keeps this specialist from being booked at that start: calendar_inactive, '
  'service_inactive, specialist_inactive, not_in_calendar, not_providing_service, in_the_past, inside_notice, '
  'beyond_horizon, outside_hours, closed, off_the_grid, taken or no_resource.';

grant execute on function app_public.explain_availability to app_member;

reset role;
-- end of source: functions/scheduling/explain_availability.sql

-- source: functions/scheduling/prolong_hold.sql
-- A hold lasts longer: the clinic's hold time from now, and at most twice of it from its making. SCH-06.
-- A step of verbs that have locked the hold. Whoever asked for it again gets a token of its own; the first one stays good,
-- because of two answers that cross the one that arrives last is kept.

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
      first_token_hash = coalesce(tc.first_token_hash, tc.token_hash),
      token_hash = coalesce(prolong_hold.token_hash, tc.token_hash)
  where tc.id = hold.id
  returning tc.* into v_claim;
  if v_claim.session_id is not null then
    perform app_private.settle_sessions(array[v_claim.session_id]);
  end if;
  return v_claim;
end;
$$;

comment on function app_private.prolong_hold is
  'Moves the expiry of a live hold within its bound; with token_hash it also answers to that token.';

grant execute on function app_private.prolong_hold to app_engine;
-- end of source: functions/scheduling/prolong_hold.sql

-- source: functions/scheduling/move_hold.sql
-- The visitor chooses another time: the new one is taken and the old one is free in one step, or nothing changes. SCH-06,
-- APT-05. It stays the same hold under the same token, with the expiry of its making, so nobody keeps a clinic's week by
-- moving about.

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
begin
  if v_remembered is not null then
    return jsonb_populate_record(v_hold, v_remembered);
  end if;

  v_old := app_private.held_claim(move_hold.token);
  v_calendar := app_private.visible_calendar(v_old.calendar_id);
  perform app_private.require_choice(v_calendar, move_hold.specialist_id);
  v_claim := app_private.move_claim(v_old.id, v_calendar, move_hold.starts_at, move_hold.specialist_id);
  v_claim := app_private.prolong_hold(v_claim);

  v_hold := (move_hold.token, v_claim.calendar_id, v_claim.specialist_id,
             lower(v_claim.during), upper(v_claim.during), v_claim.expires_at)::app_public.slot_hold;
  perform app_private.remember('move_hold', to_jsonb(v_hold));
  return v_hold;
end;
$$;

comment on function app_public.move_hold is
  'Changes a held time to another start of the same calendar: the old one is free only when the new one is taken, else '
  'nothing changes. The token stays, and the hold ends at most twice the clinic''s hold time from when it was first held. '
  'SLOT_TAKEN, VALIDATION naming the rule, GONE or NOT_FOUND as holdSlot and extendHold say.';

grant execute on function app_public.move_hold to app_anonymous, app_member;

reset role;
-- end of source: functions/scheduling/move_hold.sql

-- source: functions/scheduling/read_calendar_feed.sql
-- What a feed says to whoever has its address: the visits of a month back and of half a year ahead, without names. It answers
-- as long as it was not revoked, the specialist is there, and whoever made it belongs to the clinic. APT-08.

set role app_engine;

create or replace function app_hidden.read_calendar_feed(token text) returns jsonb
language sql stable strict security definer
set search_path = ''
as $$
  select jsonb_build_object(
    'name', concat_ws(' ', specialists.title, specialists.given_name, specialists.family_name) || ', ' || organizations.name,
    'timezone', specialists.scheduling_timezone,
    'clinic', organizations.name,
    'entries', coalesce((
      select jsonb_agg(jsonb_build_object(
        'id', visits.id,
        'startsAt', visits.starts_at,
        'endsAt', visits.ends_at,
        'changedAt', visits.updated_at,
        'serviceName', services.name,
        'modality', visits.modality,
        'initials', case when calendar_feeds.shows_initials
          then left(patient_profiles.given_name, 1) || '. ' || left(patient_profiles.family_name, 1) || '.' end
      ) order by visits.starts_at, visits.id)
      from app_public.appointments as visits
      join app_public.services on services.organization_id = visits.organization_id and services.id = visits.service_id
      join app_public.patient_profiles on patient_profiles.id = visits.patient_profile_id
      where visits.organization_id = specialists.organization_id
        and visits.specialist_id = specialists.id
        and visits.starts_at >= app_hidden.now() - interval '30 days'
        and visits.starts_at < app_hidden.now() + interval '180 days'
        and visits.status not in ('cancelled', 'noshow')
        and visits.deleted_at is null), '[]'))
  from app_public.calendar_feeds
  join app_public.organizations on organizations.id = calendar_feeds.organization_id and organizations.deleted_at is null
  join app_public.specialists
    on specialists.organization_id = calendar_feeds.organization_id
    and specialists.id = calendar_feeds.specialist_id
    and specialists.deleted_at is null
  where calendar_feeds.token_hash = sha256(convert_to(read_calendar_feed.token, 'UTF8'))
    and calendar_feeds.revoked_at is null
    and exists (
      select from app_public.memberships
      where memberships.organization_id = calendar_feeds.organization_id
        and memberships.human_id = calendar_feeds.created_by
        and memberships.ended_at is null)
$$;

comment on function app_hidden.read_calendar_feed is
  'Name, zone and entries of the feed with this token; null when there is none that answers.';
grant execute on function app_hidden.read_calendar_feed to app_anonymous, app_member;

reset role;
-- end of source: functions/scheduling/read_calendar_feed.sql

-- source: functions/scheduling/remove_resource.sql
-- A room or a device goes once nothing to come takes place there. FND-10, SCH-11.

set role app_engine;

create or replace function app_public.remove_resource(resource_id uuid) returns app_public.resources
language plpgsql volatile strict security definer
set search_path = ''
as $$
declare
  v_resource app_public.resources;
begin
  perform app_private.soft_delete('app_public.resources', resource_id);
  select resources.* into strict v_resource from app_public.resources where resources.id = remove_resource.resource_id;
  -- Who chooses one at this moment is waited for; whoever comes later does not find it.
  perform app_private.lock_clinic_resources(v_resource.organization_id);
  perform app_private.require_nothing_to_come((
    select count(*)
    from app_private.bookings_to_come(v_resource.organization_id) as booking
    join app_private.resource_claims as rc
      on rc.organization_id = booking.organization_id and rc.claim_id = coalesce(booking.session_id, booking.id)
    where rc.resource_id = v_resource.id));
  return v_resource;
end;
$$;

comment on function app_public.remove_resource is
  'Removes a room or a device; restoreDeletedRow brings it back. Needs calendars.manage; CONFLICT has_future_appointments with '
  'their count.';
grant execute on function app_public.remove_resource to app_member;

reset role;
-- end of source: functions/scheduling/remove_resource.sql

-- source: functions/scheduling/revoke_calendar_feed.sql
-- A telephone was lost, or somebody else has the address: the feed answers no more. APT-08.

set role app_engine;

create or replace function app_public.revoke_calendar_feed(calendar_feed_id uuid) returns app_public.calendar_feeds
language plpgsql volatile strict security definer
set search_path = ''
as $$
declare
  v_feed app_public.calendar_feeds;
begin
  select calendar_feeds.* into v_feed
  from app_public.calendar_feeds
  where calendar_feeds.id = revoke_calendar_feed.calendar_feed_id
    and calendar_feeds.organization_id = any (app_hidden.current_staff_organization_ids());
  if not found then
    perform app_hidden.refuse('NOT_FOUND', 'calendar_feed_not_found');
  end if;
  perform app_private.require_own_schedule(v_feed.specialist_id);
  update app_public.calendar_feeds set revoked_at = coalesce(calendar_feeds.revoked_at, app_hidden.now())
  where calendar_feeds.id = v_feed.id
  returning * into v_feed;
  return v_feed;
end;
$$;

comment on function app_public.revoke_calendar_feed is
  'Ends a feed at once; once more changes nothing. For the specialist, or schedules.manage.';
grant execute on function app_public.revoke_calendar_feed to app_member;

reset role;
-- end of source: functions/scheduling/revoke_calendar_feed.sql

-- source: functions/scheduling/set_weekly_hours.sql
-- A specialist's usual hours, all at once: either the whole week is new, or nothing changed. Bookings lock their specialist, so
-- each is seen here or refused by the new hours. SCH-01, SCH-08.

set role app_engine;

create or replace function app_public.set_weekly_hours(
  specialist_id uuid,
  hours app_public.hours_of_a_day[],
  leaves_stranded boolean default false
) returns app_public.specialists
language plpgsql volatile security definer
set search_path = ''
as $$
declare
  v_specialist app_public.specialists := app_private.require_own_schedule(set_weekly_hours.specialist_id);
  v_known uuid[];
begin
  if cardinality(set_weekly_hours.hours) > 70 then
    perform app_hidden.refuse('VALIDATION', 'too_many_hours', '{"field": "hours", "limit": 70}');
  end if;
  perform from app_public.specialists
  where specialists.organization_id = v_specialist.organization_id and specialists.id = v_specialist.id
  for no key update;
  if not coalesce(leaves_stranded, false) then
    v_known := app_private.stranded_ids(v_specialist);
  end if;

  delete from app_public.specialist_weekly_hours as known
  where known.organization_id = v_specialist.organization_id and known.specialist_id = v_specialist.id
    and (known.weekday, known.starts, known.ends) not in (
      select given.weekday, given.starts, given.ends from unnest(set_weekly_hours.hours) as given
      where given.weekday is not null and given.starts is not null and given.ends is not null);
  insert into app_public.specialist_weekly_hours (organization_id, specialist_id, weekday, starts, ends)
  select v_specialist.organization_id, v_specialist.id, given.weekday, given.starts, given.ends
  from (select distinct weekday, starts, ends from unnest(set_weekly_hours.hours)) as given
  where not exists (
    select from app_public.specialist_weekly_hours as known
    where known.organization_id = v_specialist.organization_id and known.specialist_id = v_specialist.id
      and (known.weekday, known.starts, known.ends) = (given.weekday, given.starts, given.ends));
  if not coalesce(leaves_stranded, false) then
    perform app_private.require_nobody_stranded(v_specialist, v_known);
  end if;
  return v_specialist;
end;
$$;

comment on function app_public.set_weekly_hours is
  E'@arg hours The whole week; an empty list for somebody without usual hours.\n'
  '@arg leavesStranded Whether to go on although appointments to come are left outside the hours.\n'
  'Replaces the usual hours of a specialist. For the specialist, or schedules.manage. CONFLICT appointments_stranded with the '
  'appointments and requests that would be left outside, and who is free instead; then nothing has changed.';
grant execute on function app_public.set_weekly_hours to app_member;

reset role;
-- end of source: functions/scheduling/set_weekly_hours.sql

-- source: functions/scheduling/stranded_appointments.sql
-- Who is left without a specialist: asked after hours were edited, vacations entered or somebody fell ill. SCH-08.

set role app_engine;

create or replace function app_public.stranded_appointments(specialist_id uuid) returns setof app_public.stranded_appointment
language plpgsql stable security definer
set search_path = ''
as $$
declare
  v_specialist app_public.specialists;
begin
  select specialists.* into v_specialist
  from app_public.specialists
  where specialists.id = stranded_appointments.specialist_id
    and specialists.deleted_at is null
    and specialists.organization_id = any (app_hidden.current_staff_organization_ids());
  if not found then
    perform app_hidden.refuse('NOT_FOUND', 'specialist_not_found');
  end if;
  perform app_private.require_permission(v_specialist.organization_id, 'appointments.view');
  return query select * from app_private.stranded(v_specialist.organization_id, v_specialist.id);
end;
$$;

comment on function app_public.stranded_appointments is
  E'@longestPage 400\n@cost 20\n'
  'Appointments and requests to come of a specialist that the hours, vacations and calendars of now would not allow any more, '
  'earliest first, with the colleagues who are free. For staff with appointments.view.';
grant execute on function app_public.stranded_appointments to app_member;

reset role;
-- end of source: functions/scheduling/stranded_appointments.sql

-- source: functions/signatures/take_back_link.sql
-- The open link or kiosk of a form, taken back by staff. CNS-05, CNS-06.

create or replace function app_private.take_back_link(form_id uuid, kind text) returns app_public.signature_links
language plpgsql volatile
set search_path = ''
as $$
declare
  v_form app_public.forms;
  v_link app_public.signature_links;
begin
  select forms.* into v_form
  from app_public.forms
  where forms.id = take_back_link.form_id and forms.deleted_at is null
    and forms.organization_id = any (app_hidden.current_staff_organization_ids());
  if not found then
    perform app_hidden.refuse('NOT_FOUND', 'form_not_found');
  end if;
  perform app_private.require_permission(v_form.organization_id, 'forms.fill');
  select signature_links.* into v_link
  from app_public.signature_links
  where signature_links.organization_id = v_form.organization_id
    and signature_links.form_id = v_form.id
    and signature_links.kind = take_back_link.kind
    and signature_links.status = 'open'
  for update;
  if not found or v_link.expires_at <= app_hidden.now() then
    perform app_hidden.refuse('STATE', 'nothing_to_revoke');
  end if;
  perform app_private.end_signature_link(v_link.id, 'revoked', 'staff');
  select signature_links.* into strict v_link from app_public.signature_links where signature_links.id = v_link.id;
  return v_link;
end;
$$;

comment on function app_private.take_back_link is
  'Revokes the open link or kiosk of a form of the caller''s clinic; NOT_FOUND, FORBIDDEN or STATE nothing_to_revoke otherwise.';
grant execute on function app_private.take_back_link to app_engine;
-- end of source: functions/signatures/take_back_link.sql

-- source: functions/signatures/shown_items.sql
-- What the fields of a form say to whoever fills it in, line by line, in one language. CNS-07.
-- Fields that are shown under a condition are among them: they are part of what is asked.

create or replace function app_private.shown_items(items jsonb, locale text) returns text
language plpgsql immutable parallel safe
set search_path = ''
as $$
begin
  return (
    select string_agg(line.words, E'\n' order by item.place, line.place)
    from jsonb_array_elements(shown_items.items) with ordinality as item (field, place)
    cross join lateral (
      values
        (1, app_private.words_in(item.field -> 'label', shown_items.locale)),
        (2, app_private.words_in(item.field -> 'help', shown_items.locale)),
        (3, app_private.words_in(item.field -> 'text', shown_items.locale)),
        (4, app_private.words_in(item.field -> 'min_label', shown_items.locale)),
        (5, app_private.words_in(item.field -> 'max_label', shown_items.locale)),
        (6, (select string_agg(app_private.words_in(option.value -> 'label', shown_items.locale), E'\n' order by option.place)
             from jsonb_array_elements(item.field -> 'options') with ordinality as option (value, place))),
        (7, case when item.field ? 'items' then app_private.shown_items(item.field -> 'items', shown_items.locale) end)
    ) as line (place, words)
  );
end;
$$;

comment on function app_private.shown_items is 'Labels, helps, texts and options of fields, groups included, a line each.';
grant execute on function app_private.shown_items to app_engine;
-- end of source: functions/signatures/shown_items.sql

-- source: functions/signatures/locked_form_to_send.sql
-- A form that staff want signed outside of the portal, locked: of their clinic, not signed yet, of this mode, and with a
-- caregiver of its patient where one is named. CNS-05, CNS-06.

create or replace function app_private.locked_form_to_send(form_id uuid, mode text, caregiver_id uuid)
returns app_public.forms
language plpgsql volatile
set search_path = ''
as $$
declare
  v_form app_public.forms;
  v_mode text;
begin
  select forms.* into v_form
  from app_public.forms
  where forms.id = locked_form_to_send.form_id and forms.deleted_at is null
    and forms.organization_id = any (app_hidden.current_staff_organization_ids())
  for update;
  if not found then
    perform app_hidden.refuse('NOT_FOUND', 'form_not_found');
  end if;
  perform app_private.require_permission(v_form.organization_id, 'forms.fill');
  perform app_private.require_form_stands(v_form);
  if v_form.status = 'signed' then
    perform app_hidden.refuse('STATE', 'already_signed', jsonb_build_object('signedAt', v_form.signed_at));
  end if;
  select form_template_versions.signature_mode into strict v_mode
  from app_public.form_template_versions
  where form_template_versions.organization_id = v_form.organization_id and form_template_versions.id = v_form.version_id;
  if v_mode <> locked_form_to_send.mode then
    perform app_hidden.refuse('STATE', 'signed_in_another_way', jsonb_build_object('mode', v_mode));
  end if;
  if locked_form_to_send.caregiver_id is not null and not exists (
    select from app_public.caregivers
    where caregivers.id = locked_form_to_send.caregiver_id and caregivers.patient_profile_id = v_form.patient_profile_id
      and caregivers.revoked_at is null
      and (caregivers.ends_on is null or caregivers.ends_on > (app_hidden.now() at time zone 'Europe/Bucharest')::date)
  ) then
    perform app_hidden.refuse('VALIDATION', 'no_caregiver_of_the_patient', '{"field": "caregiverId"}');
  end if;
  return v_form;
end;
$$;

comment on function app_private.locked_form_to_send is
  'Locks a form for whoever may have it signed by a link or kiosk; NOT_FOUND, FORBIDDEN, STATE or VALIDATION otherwise.';
grant execute on function app_private.locked_form_to_send to app_engine;
-- end of source: functions/signatures/locked_form_to_send.sql

-- source: functions/signatures/link_to_send.sql
-- What the server has to know before it makes a token: whether this person may send one, which row it will be, and for whom.
-- Behind sendSignatureLink and startKiosk, which seal the token before SQL hears of it. CNS-05, CNS-06.

set role app_engine;

create or replace function app_hidden.link_to_send(
  form_id uuid,
  mode text,
  caregiver_id uuid default null,
  identify_by text default null,
  request jsonb default null
) returns table (link_id uuid, organization_id uuid, patient_id uuid, asks_for text, answered jsonb)
language plpgsql volatile security definer rows 1
set search_path = ''
as $$
declare
  v_remembered jsonb := app_private.recalled(
    case mode when 'drawn_kiosk' then 'open_kiosk' else 'send_signature_link' end, request);
  v_form app_public.forms;
begin
  if v_remembered is not null then
    perform app_private.require_to_send_again(link_to_send.form_id);
    return query select null::uuid, null::uuid, null::uuid, null::text, v_remembered;
    return;
  end if;
  v_form := app_private.locked_form_to_send(link_to_send.form_id, mode, link_to_send.caregiver_id);
  return query
  select uuidv7(), v_form.organization_id, v_form.patient_id,
         case when mode = 'remote_link' then
           coalesce(link_to_send.identify_by, case when patient_profiles.birth_date is null then 'code' else 'birth_date' end) end,
         null::jsonb
  from app_public.patient_profiles
  where patient_profiles.id = v_form.patient_profile_id;
end;
$$;

comment on function app_hidden.link_to_send is
  'Permission and facts for a link or kiosk that is about to be made; or what was answered to the same request before.';
grant execute on function app_hidden.link_to_send to app_member;

reset role;

create or replace function app_private.require_to_send_again(form_id uuid) returns void
language plpgsql stable
set search_path = ''
as $$
begin
  -- Of one that is not there the clinic is null: refused as another clinic's.
  perform app_private.require_permission(
    (select forms.organization_id from app_public.forms where forms.id = require_to_send_again.form_id), 'forms.fill');
  perform app_private.require_own_hand();
end;
$$;

comment on function app_private.require_to_send_again is
  'Passes for whoever may hear once more what opens a form: NOT_FOUND or FORBIDDEN for others.';
grant execute on function app_private.require_to_send_again to app_engine;
-- end of source: functions/signatures/link_to_send.sql

-- source: functions/signatures/open_kiosk.sql
-- Staff open one form on a tablet, for a quarter of an hour, for the patient who stands before them. CNS-05.

set role app_engine;

create or replace function app_hidden.open_kiosk(
  id uuid,
  form_id uuid,
  token_hash bytea,
  device text default null,
  caregiver_id uuid default null,
  request jsonb default null,
  sealed_answer text default null
) returns jsonb
language plpgsql volatile security definer
set search_path = ''
as $$
declare
  v_remembered jsonb := app_private.remembered('open_kiosk', request);
  v_answer constant jsonb := jsonb_build_object('id', open_kiosk.id, 'sealed', sealed_answer);
  v_form app_public.forms;
begin
  if v_remembered is not null then
    perform app_private.require_to_send_again(open_kiosk.form_id);
    return v_remembered;
  end if;
  v_form := app_private.locked_form_to_send(open_kiosk.form_id, 'drawn_kiosk', open_kiosk.caregiver_id);
  perform app_private.require_own_hand();
  perform app_private.end_signature_links(v_form.organization_id, v_form.id, 'sent_again', 'kiosk');
  insert into app_public.signature_links
    (id, organization_id, form_id, kind, signature, caregiver_id, token_hash, device, created_by, expires_at, created_at)
  values
    (open_kiosk.id, v_form.organization_id, v_form.id, 'kiosk', 'drawn', open_kiosk.caregiver_id, open_kiosk.token_hash,
     nullif(btrim(open_kiosk.device), ''), app_private.current_actor_id(), app_hidden.now() + interval '15 minutes', app_hidden.now());
  perform app_private.record_signature_event(
    v_form.organization_id, v_form.id, 'kiosk_opened', open_kiosk.id,
    jsonb_build_object('device', nullif(btrim(open_kiosk.device), ''), 'caregiver', open_kiosk.caregiver_id));
  perform app_private.remember('open_kiosk', v_answer);
  return v_answer;
end;
$$;

comment on function app_hidden.open_kiosk is
  'Makes a kiosk for one form; answers id and what was sealed of the answer. Needs forms.fill; STATE signed_in_another_way or already_signed.';
grant execute on function app_hidden.open_kiosk to app_member;

reset role;
-- end of source: functions/signatures/open_kiosk.sql

-- source: functions/signatures/refuse_form.sql
-- A form that somebody does not want to sign: an event of the chain, a no for each purpose, an end to links and kiosks. The form
-- stays, and may be signed another day. CNS-07, CNS-01.

create or replace function app_private.refuse_form(
  form_id uuid,
  link_id uuid,
  human_id uuid,
  caregiver_id uuid,
  reason text
) returns void
language plpgsql volatile
set search_path = ''
as $$
declare
  v_form app_public.forms;
  v_purposes uuid[];
begin
  select forms.* into v_form
  from app_public.forms
  where forms.id = refuse_form.form_id and forms.deleted_at is null
  for no key update;
  if not found then
    perform app_hidden.refuse('NOT_FOUND', 'form_not_found');
  end if;
  perform app_private.require_own_hand();
  perform app_private.require_form_stands(v_form);
  if v_form.status = 'signed' then
    perform app_hidden.refuse('STATE', 'already_signed', jsonb_build_object('signedAt', v_form.signed_at));
  elsif length(refuse_form.reason) > 500 then
    perform app_hidden.refuse('VALIDATION', 'refusal_too_long', '{"field": "reason", "most": 500}');
  end if;
  perform app_private.record_signature_event(
    v_form.organization_id, v_form.id, 'refused', refuse_form.link_id,
    jsonb_build_object('reason', nullif(btrim(refuse_form.reason), ''), 'caregiver', refuse_form.caregiver_id));
  perform app_private.end_signature_links(v_form.organization_id, v_form.id, 'refused');
  select array_agg(purpose.version_id order by purpose.version_id) into v_purposes
  from app_private.purposes_of_form(v_form, v_form.locale) as purpose;
  if v_purposes is not null then
    perform app_private.grant_by_form(
      v_form.organization_id, v_form.patient_id, v_form.id, v_purposes, 'refused', null, refuse_form.human_id,
      refuse_form.caregiver_id, app_hidden.now());
  end if;
end;
$$;

comment on function app_private.refuse_form is 'Records that somebody does not want to sign a form; STATE already_signed once it is.';
grant execute on function app_private.refuse_form to app_engine;
-- end of source: functions/signatures/refuse_form.sql

-- source: functions/signatures/send_signature_link.sql
-- Makes a link and tells the person of it, by mail and SMS. What opens it comes sealed for this row and is opened once more, as
-- the message leaves. A link that was sent before is over. CNS-06, FND-15.

set role app_engine;

create or replace function app_hidden.send_signature_link(
  id uuid,
  form_id uuid,
  token_hash bytea,
  sealed_token bytea,
  code_hash bytea,
  identify_by text,
  caregiver_id uuid default null,
  request jsonb default null,
  sealed_answer text default null
) returns jsonb
language plpgsql volatile security definer
set search_path = ''
as $$
declare
  v_remembered jsonb := app_private.remembered('send_signature_link', request);
  v_answer constant jsonb := jsonb_build_object('id', send_signature_link.id, 'sealed', sealed_answer);
  v_form app_public.forms;
  v_link app_public.signature_links;
  v_person record;
begin
  if v_remembered is not null then
    perform app_private.require_to_send_again(send_signature_link.form_id);
    return v_remembered;
  end if;
  v_form := app_private.locked_form_to_send(send_signature_link.form_id, 'remote_link', send_signature_link.caregiver_id);
  if (
    select count(*) from app_public.signature_links
    where signature_links.organization_id = v_form.organization_id and signature_links.form_id = v_form.id
      and signature_links.kind = 'link' and signature_links.created_at > app_hidden.now() - interval '1 day'
  ) >= 5 then
    perform app_hidden.refuse('RATE_LIMITED', 'link_sent_often', '{"retryAfterSeconds": 86400}');
  end if;
  -- A caregiver has an account, and with it an address.
  select patient_profiles.birth_date, humans.principal_id as reader, coalesce(humans.email, patient_profiles.email) as email,
         patient_profiles.phone
  into strict v_person
  from app_public.patient_profiles
  left join app_public.caregivers on caregivers.id = send_signature_link.caregiver_id
  left join app_public.humans on humans.principal_id = caregivers.human_id
  where patient_profiles.id = v_form.patient_profile_id;
  if v_person.email is null and v_person.phone is null then
    perform app_hidden.refuse('STATE', 'nowhere_to_send');
  elsif send_signature_link.identify_by = 'birth_date' and v_person.birth_date is null then
    perform app_hidden.refuse('VALIDATION', 'no_birth_date', '{"field": "identifyBy"}');
  end if;

  perform app_private.end_signature_links(v_form.organization_id, v_form.id, 'sent_again', 'link');
  insert into app_public.signature_links
    (id, organization_id, form_id, kind, signature, identify_by, caregiver_id, token_hash, sealed_token, code_hash, created_by,
     expires_at, created_at)
  select send_signature_link.id, v_form.organization_id, v_form.id, 'link', form_template_versions.link_inner_mode,
         send_signature_link.identify_by, send_signature_link.caregiver_id, send_signature_link.token_hash,
         send_signature_link.sealed_token, send_signature_link.code_hash, app_private.current_actor_id(),
         app_hidden.now() + make_interval(mins => form_template_versions.link_expires_minutes), app_hidden.now()
  from app_public.form_template_versions
  where form_template_versions.organization_id = v_form.organization_id and form_template_versions.id = v_form.version_id
  returning * into v_link;
  perform app_private.record_signature_event(
    v_form.organization_id, v_form.id, 'link_created', v_link.id,
    jsonb_build_object('identifyBy', v_link.identify_by, 'expiresAt', app_private.instant_text(v_link.expires_at),
                       'caregiver', v_link.caregiver_id));
  perform app_private.notify(
    v_form.organization_id, 'form_to_sign',
    jsonb_build_object(
      'signatureLinkId', v_link.id, 'expiresAt', v_link.expires_at, 'timezone', organizations.timezone,
      'byCode', case v_link.identify_by when 'code' then 'yes' end),
    patient_profile_id => case when v_person.reader is null then v_form.patient_profile_id end,
    human_id => v_person.reader)
  from app_public.organizations
  where organizations.id = v_form.organization_id;
  perform app_private.remember('send_signature_link', v_answer);
  return v_answer;
end;
$$;

comment on function app_hidden.send_signature_link is
  'Makes a link that was sealed for this row and queues its messages; answers id and what was sealed of the answer. Needs forms.fill; STATE nowhere_to_send or '
  'signed_in_another_way, RATE_LIMITED link_sent_often.';
grant execute on function app_hidden.send_signature_link to app_member;

reset role;
-- end of source: functions/signatures/send_signature_link.sql

-- source: functions/signatures/sign.sql
-- The one way in which a form is signed, whoever signs and wherever: completes it where that is left, writes the proof, locks
-- the form, gives the consents, ends what else could sign it, and adds the last event. All of it or nothing. CNS-02, CNS-04..07.

create or replace function app_private.sign(
  form_id uuid,
  signer app_private.signer,
  answers jsonb,
  text_hash text,
  locale text,
  agreed boolean,
  typed_name text default null,
  drawing app_private.drawing default null,
  location jsonb default null
) returns app_public.form_signatures
language plpgsql volatile
set search_path = ''
as $$
declare
  v_form app_public.forms;
  v_version app_public.form_template_versions;
  v_text text;
  v_proof text;
  v_signature app_public.form_signatures;
  v_purposes uuid[];
begin
  -- No key: an appointment that is just booked may refer to the form, and holds the patient whom consents wait for.
  select forms.* into v_form
  from app_public.forms
  where forms.id = sign.form_id and forms.deleted_at is null
  for no key update;
  if not found then
    perform app_hidden.refuse('NOT_FOUND', 'form_not_found');
  end if;
  perform app_private.require_own_hand();
  perform app_private.require_form_stands(v_form);
  if v_form.status = 'signed' then
    perform app_hidden.refuse('STATE', 'already_signed', jsonb_build_object('signedAt', v_form.signed_at));
  end if;
  select form_template_versions.* into strict v_version
  from app_public.form_template_versions
  where form_template_versions.organization_id = v_form.organization_id and form_template_versions.id = v_form.version_id;
  perform app_private.require_signature(v_version, signer, agreed, typed_name, drawing, location);

  if v_form.status <> 'completed' then
    v_form := app_private.complete(v_form, sign.answers);
  elsif app_private.merged_answers(v_form, sign.answers) <> v_form.answers then
    v_form := app_private.answer_form(v_form, sign.answers); -- which refuses: what is complete is not answered anew
  end if;
  v_text := app_private.shown_text(v_form, sign.locale);
  if app_private.hex_digest(v_text) is distinct from sign.text_hash then
    perform app_hidden.refuse('CONFLICT', 'text_is_another', jsonb_build_object('field', 'textHash'));
  end if;

  perform app_private.end_signature_links(v_form.organization_id, v_form.id, 'signed_elsewhere');
  v_proof := app_private.proof_of(
    v_form, v_version, signer, v_text, sign.locale, typed_name, drawing, location);
  insert into app_public.form_signatures
    (organization_id, form_id, mode, signature, signer_name, typed_name, signer_human_id, caregiver_id, link_id, identified_by,
     locale, proof_sha256, signed_at)
  values
    (v_form.organization_id, v_form.id, signer.mode, signer.signature, app_private.signer_name(v_form, signer),
     btrim(typed_name), signer.human_id, signer.caregiver_id, signer.link_id, signer.identified_by, sign.locale,
     app_private.hex_digest(v_proof), app_hidden.now())
  returning * into v_signature;
  insert into app_private.signature_documents (organization_id, form_id, proof, content, shown, answers, image, path)
  values (v_form.organization_id, v_form.id, v_proof, v_form.snapshot::text, v_text, app_private.canonical_json(v_form.answers),
          drawing.image, drawing.path);
  perform app_private.record_signature_event(
    v_form.organization_id, v_form.id, 'signed', signer.link_id, jsonb_build_object('proofHash', v_signature.proof_sha256));

  update app_public.forms
  set status = 'signed', signed_at = app_hidden.now(),
      valid_until = app_hidden.now() + make_interval(months => v_version.validity_months)
  where forms.id = v_form.id;
  perform app_private.publish(
    'form.signed', v_form.organization_id, v_form.id,
    app_private.form_event_payload(v_form) || jsonb_build_object('signatureMode', signer.mode));
  select array_agg(purpose.version_id order by purpose.version_id) into v_purposes
  from app_private.purposes_of_form(v_form, sign.locale) as purpose;
  if v_purposes is not null then
    perform app_private.grant_by_form(
      v_form.organization_id, v_form.patient_id, v_form.id, v_purposes, 'granted', decode(v_signature.proof_sha256, 'hex'),
      signer.human_id, signer.caregiver_id, app_hidden.now());
  end if;
  return v_signature;
end;
$$;

comment on function app_private.sign is
  'Signs a form: STATE already_signed or signed_in_another_way, VALIDATION for what is missing, CONFLICT text_is_another for a '
  'text that is not the present one.';
grant execute on function app_private.sign to app_engine;
-- end of source: functions/signatures/sign.sql

-- source: functions/video/video_window.sql
-- From when to when the room of an appointment may be entered: as long before its time as a session may be started, and an
-- hour after it, for a session that takes longer. APT-07.

create or replace function app_private.video_window(
  appointment app_public.appointments, out opens_at timestamptz, out expires_at timestamptz
)
language sql stable
set search_path = ''
begin atomic
  select (appointment).starts_at - make_interval(mins => organizations.start_lead_minutes),
    (appointment).ends_at + interval '1 hour'
  from app_public.organizations
  where organizations.id = (appointment).organization_id;
end;

comment on function app_private.video_window is 'When the room of this appointment is open.';
grant execute on function app_private.video_window to app_engine;

-- The end of an appointment that has not begun is the end of its room: nobody is inside.
create or replace function app_private.takes_place_by_video(appointment app_public.appointments) returns boolean
language sql stable
set search_path = ''
return coalesce(
  (appointment).modality = 'video' and (appointment).deleted_at is null
  and (app_private.video_window(appointment)).opens_at <= app_hidden.now()
  and case (appointment).status
    when 'inprogress' then app_hidden.now() < (app_private.video_window(appointment)).expires_at
    when 'done' then false
    when 'cancelled' then false
    when 'noshow' then false
    else app_hidden.now() < (appointment).ends_at
  end, false);

comment on function app_private.takes_place_by_video is 'Whether this appointment needs a room now.';
grant execute on function app_private.takes_place_by_video to app_engine;
-- end of source: functions/video/video_window.sql

-- source: functions/video/seat_in_call.sql
-- Who may take part in the video call of an appointment: its patient, those who care for the patient, its specialist, and
-- staff who may conduct sessions. Asked for a token, and for everything that is done in the call. APT-07.

create or replace function app_private.seat_in_call(appointment_id uuid, out appointment app_public.appointments, out role text)
language plpgsql stable
set search_path = ''
as $$
begin
  select appointments.* into appointment
  from app_public.appointments
  where appointments.id = seat_in_call.appointment_id
    and appointments.deleted_at is null
    and (appointments.organization_id = any (app_hidden.organization_ids_where('appointments.view'))
         or (appointments.patient_profile_id = any (app_hidden.current_human_patient_profile_ids())
             and appointments.organization_id = any (app_hidden.current_patient_organization_ids())));
  if not found then
    perform app_hidden.refuse('NOT_FOUND', 'appointment_not_found');
  end if;

  -- Whoever is both patient and colleague enters their own appointment as the patient.
  role := case
    when (appointment).patient_profile_id = any (app_hidden.current_human_patient_profile_ids())
        and (appointment).organization_id = any (app_hidden.current_patient_organization_ids()) then
      case when exists (
        select from app_public.patient_profiles
        where patient_profiles.id = (appointment).patient_profile_id
          and patient_profiles.human_id = app_hidden.current_account_id()) then 'patient' else 'caregiver' end
    when (appointment).specialist_id = any (app_hidden.current_specialist_ids()) then 'specialist'
  end;
  if role is null then
    perform app_private.require_permission((appointment).organization_id, 'appointments.conduct');
    role := 'staff';
  end if;
  if (appointment).modality <> 'video' then
    perform app_hidden.refuse('STATE', 'appointment_not_by_video', jsonb_build_object('modality', (appointment).modality));
  end if;
end;
$$;

comment on function app_private.seat_in_call is
  'The appointment, and as what the caller takes part in its call; NOT_FOUND, FORBIDDEN, or STATE where it is not by video.';
grant execute on function app_private.seat_in_call to app_engine;

-- The room, while it is open: too early, over, or not ready are told apart, since only the last is worth asking again.
create or replace function app_private.require_room(appointment app_public.appointments) returns app_public.video_rooms
language plpgsql stable
set search_path = ''
as $$
declare
  v_room app_public.video_rooms;
  v_opens_at constant timestamptz := (app_private.video_window(appointment)).opens_at;
begin
  if app_hidden.now() < v_opens_at then
    perform app_hidden.refuse('STATE', 'call_not_open', jsonb_build_object('opensAt', v_opens_at, 'timezone', (
      select organizations.timezone from app_public.organizations where organizations.id = (appointment).organization_id)));
  end if;
  if not app_private.takes_place_by_video(appointment) then
    perform app_hidden.refuse('STATE', 'call_over', jsonb_build_object('status', (appointment).status));
  end if;
  select video_rooms.* into v_room from app_public.video_rooms
  where video_rooms.organization_id = (appointment).organization_id
    and video_rooms.appointment_id = (appointment).id
    and video_rooms.status = 'ready';
  if not found then
    perform app_hidden.refuse('STATE', 'call_not_ready');
  end if;
  return v_room;
end;
$$;

comment on function app_private.require_room is 'The room that is open now; STATE call_not_open, call_over or call_not_ready.';
grant execute on function app_private.require_room to app_engine;

-- The consent to a purpose, by the patient of an appointment: held until the transaction ends.
create or replace function app_private.require_consent_of(appointment app_public.appointments, purpose text) returns void
language plpgsql volatile
set search_path = ''
as $$
begin
  perform app_private.require_consent((appointment).organization_id, patients.id, purpose)
  from app_public.patients
  where patients.organization_id = (appointment).organization_id
    and patients.patient_profile_id = (appointment).patient_profile_id;
end;
$$;

comment on function app_private.require_consent_of is 'require_consent() for the patient of this appointment.';
grant execute on function app_private.require_consent_of to app_engine;
-- end of source: functions/video/seat_in_call.sql

-- source: functions/video/tend_video_room.sql
-- Queues the work on a room. One job a room waits at most, and two of one room never run at once. APT-07.

create or replace function app_private.tend_video_room(room app_public.video_rooms, after interval default '0') returns void
language sql volatile
set search_path = ''
as $$
  select graphile_worker.add_job(
    'tend_video_room', json_build_object('videoRoomId', (room).id),
    queue_name => 'video_room:' || (room).id,
    run_at => clock_timestamp() + after,
    max_attempts => 5,
    job_key => 'video_room:' || (room).id)
$$;

comment on function app_private.tend_video_room is
  'Job for the task tend_video_room: the room''s id and nothing about the people in it.';
grant execute on function app_private.tend_video_room to app_engine;
-- end of source: functions/video/tend_video_room.sql

-- source: functions/video/stop_recordings.sql
-- Whatever of a room is being recorded is to end: by a participant, by a withdrawal, by the end of the call. The room is
-- locked first, as by whoever begins. APT-07, CNS-08.

create or replace function app_private.stop_recordings(organization_id uuid, video_room_id uuid, because text) returns boolean
language plpgsql volatile
set search_path = ''
as $$
declare
  v_room app_public.video_rooms;
begin
  select video_rooms.* into v_room from app_public.video_rooms
  where video_rooms.organization_id = stop_recordings.organization_id and video_rooms.id = stop_recordings.video_room_id
  for update;
  update app_public.video_recordings set status = 'stopping', ended_because = because, ended_at = app_hidden.now()
  where video_recordings.organization_id = stop_recordings.organization_id
    and video_recordings.video_room_id = stop_recordings.video_room_id
    and video_recordings.status in ('starting', 'running');
  if not found then
    return false;
  end if;
  perform app_private.tend_video_room(v_room);
  return true;
end;
$$;

comment on function app_private.stop_recordings is 'Ends what is recorded in a room and queues the work; whether anything was.';
grant execute on function app_private.stop_recordings to app_engine;
-- end of source: functions/video/stop_recordings.sql

-- source: functions/video/begin_recording.sql
-- Recording begins here, before the vendor is asked: the consent is held while the row is written, so a withdrawal that
-- comes after finds a recording to stop, whether or not the vendor has begun by then. APT-07, CNS-08.

set role app_engine;

create or replace function app_hidden.begin_recording(appointment_id uuid)
returns table (id uuid, organization_id uuid, room_name text, integration_id uuid)
language plpgsql volatile strict security definer
set search_path = ''
as $$
declare
  v_seat record;
  v_room app_public.video_rooms;
begin
  v_seat := app_private.seat_in_call(begin_recording.appointment_id);
  if v_seat.role not in ('specialist', 'staff') then
    perform app_hidden.refuse('FORBIDDEN', 'recording_is_for_staff');
  end if;
  v_room := app_private.require_room(v_seat.appointment);
  perform app_private.require_consent_of(v_seat.appointment, 'video_recording');
  return query
    insert into app_public.video_recordings (organization_id, video_room_id, started_by)
    values (v_room.organization_id, v_room.id, app_hidden.current_account_id())
    on conflict do nothing
    returning video_recordings.id, video_recordings.organization_id, v_room.room_name, v_room.integration_id;
  if not found then
    perform app_hidden.refuse('CONFLICT', 'recording_runs');
  end if;
end;
$$;

comment on function app_hidden.begin_recording is
  'Writes down that a call is about to be recorded: for its specialist and staff, with the patient''s consent.';
grant execute on function app_hidden.begin_recording to app_member;

-- What the vendor said. An answer that never came means that nobody knows: then it is told to stop.
create or replace function app_hidden.record_recording(recording_id uuid, outcome text) returns text
language plpgsql volatile strict security definer
set search_path = ''
as $$
declare
  v_recording app_public.video_recordings;
begin
  perform from app_public.video_rooms
  join app_public.video_recordings
    on video_recordings.organization_id = video_rooms.organization_id and video_recordings.video_room_id = video_rooms.id
  where video_recordings.id = recording_id
  for update of video_rooms;
  select video_recordings.* into strict v_recording from app_public.video_recordings where video_recordings.id = recording_id;
  if v_recording.status <> 'starting' then
    return v_recording.status;
  elsif outcome = 'unknown' then
    perform app_private.stop_recordings(v_recording.organization_id, v_recording.video_room_id, 'not_answered');
    return 'stopping';
  end if;
  update app_public.video_recordings set status = outcome,
    ended_because = case outcome when 'failed' then 'vendor' end,
    ended_at = case outcome when 'failed' then app_hidden.now() end
  where video_recordings.id = recording_id;
  return outcome;
end;
$$;

comment on function app_hidden.record_recording is
  'What became of a recording that was begun: running, failed, or unknown; answers how it stands now.';
grant execute on function app_hidden.record_recording to app_authenticator;

reset role;
-- end of source: functions/video/begin_recording.sql

-- source: functions/video/settle_video_room.sql
-- The one place that knows whether an appointment has a room: compares what there is with what there should be, and queues
-- the difference. Called for every event that may change either and every minute, so whatever was missed is made up. APT-07.
-- The consent is held first, then the room is locked, as whoever records does. The appointment is read after that: of what
-- happens to it later, its event tells.

set role app_engine;

create or replace function app_private.settle_video_room(organization_id uuid, appointment_id uuid) returns void
language plpgsql volatile security definer
set search_path = ''
as $$
declare
  v_appointment app_public.appointments;
  v_room app_public.video_rooms;
  v_consents boolean;
  v_window record;
  v_status text;
begin
  select appointments.* into v_appointment from app_public.appointments
  where appointments.organization_id = settle_video_room.organization_id and appointments.id = settle_video_room.appointment_id;
  v_consents := app_private.takes_place_by_video(v_appointment)
    and app_private.hold_consent(organization_id, v_appointment.patient_profile_id, 'telemedicine');

  select video_rooms.* into v_room from app_public.video_rooms
  where video_rooms.organization_id = settle_video_room.organization_id
    and video_rooms.appointment_id = settle_video_room.appointment_id
  for update;
  select appointments.* into v_appointment from app_public.appointments
  where appointments.organization_id = settle_video_room.organization_id and appointments.id = settle_video_room.appointment_id;

  v_window := app_private.video_window(v_appointment);

  v_status := case
    when v_room.status = 'closing' then 'closing'
    when not app_private.takes_place_by_video(v_appointment) or not v_consents
        or v_room.expires_at <> v_window.expires_at then
      case
        when v_room.status in ('wanted', 'delayed', 'ready') then 'closing'
        when app_private.takes_place_by_video(v_appointment) and not v_consents then 'awaits_consent'
        when app_private.takes_place_by_video(v_appointment) then 'wanted'
        when v_room.id is not null then 'closed'
      end
    when v_room.status in ('wanted', 'delayed', 'ready') then v_room.status
    else 'wanted'
  end;
  if v_status is not distinct from v_room.status then
    return;
  end if;

  if v_room.id is null then
    -- Whoever settles at the same moment and comes first has made it: then there is nothing left to do.
    insert into app_public.video_rooms as room (organization_id, appointment_id, status, room_name, opens_at, expires_at)
    values (
      settle_video_room.organization_id, settle_video_room.appointment_id, v_status,
      app_private.new_room_name(), v_window.opens_at, v_window.expires_at)
    on conflict on constraint video_rooms_one_for_an_appointment do nothing
    returning room.* into v_room;
    if not found then
      return;
    end if;
  elsif v_status in ('awaits_consent', 'wanted') then
    update app_public.video_rooms set status = v_status, room_name = app_private.new_room_name(),
      opens_at = v_window.opens_at, expires_at = v_window.expires_at, url = null, integration_id = null, problem = null, tries = 0
    where video_rooms.id = v_room.id
    returning * into v_room;
  else
    update app_public.video_rooms set status = v_status, problem = null, tries = 0
    where video_rooms.id = v_room.id
    returning * into v_room;
  end if;

  if v_status = 'closing' then
    perform app_private.stop_recordings(v_room.organization_id, v_room.id, 'call_over');
  end if;
  if v_status in ('wanted', 'closing') then
    perform app_private.tend_video_room(v_room);
  end if;
end;
$$;

comment on function app_private.settle_video_room is
  'Sees to it that an appointment has a room when it should have one, and none otherwise.';
grant execute on function app_private.settle_video_room to app_worker;

reset role;

-- Nobody guesses it, and no room before had it.
create or replace function app_private.new_room_name() returns text
language sql volatile
set search_path = ''
return 'rx-' || encode(extensions.gen_random_bytes(16), 'hex');

comment on function app_private.new_room_name is 'A name for a room: 128 random bits.';
grant execute on function app_private.new_room_name to app_engine;
-- end of source: functions/video/settle_video_room.sql

-- source: functions/video/consume_video.sql
-- The consumer "video": an appointment moved, or a consent that rooms and recordings rely on. APT-07, CNS-08, FND-14.
-- A withdrawal ends what is recorded in the first place, and then the call, where it was about that.

set role app_engine;

create or replace function app_private.consume_video(event_id uuid) returns void
language plpgsql volatile strict security definer
set search_path = ''
as $$
declare
  v_event app_private.events;
  v_profile_id uuid;
  v_room record;
begin
  select events.* into strict v_event from app_private.events where events.id = consume_video.event_id;
  if v_event.subject_type = 'appointment' then
    perform app_private.settle_video_room(v_event.organization_id, v_event.subject_id);
    return;
  end if;

  select patients.patient_profile_id into v_profile_id
  from app_public.patients
  where patients.organization_id = v_event.organization_id and patients.id = (v_event.payload ->> 'patientId')::uuid;
  for v_room in
    select video_rooms.id, video_rooms.appointment_id
    from app_public.appointments
    join app_public.video_rooms
      on video_rooms.organization_id = appointments.organization_id and video_rooms.appointment_id = appointments.id
    where appointments.organization_id = v_event.organization_id
      and appointments.patient_profile_id = v_profile_id
      and video_rooms.status <> 'closed'
    order by video_rooms.id
  loop
    if not app_private.hold_consent(v_event.organization_id, v_profile_id, 'video_recording') then
      perform app_private.stop_recordings(v_event.organization_id, v_room.id, 'consent_withdrawn');
    end if;
    perform app_private.settle_video_room(v_event.organization_id, v_room.appointment_id);
  end loop;
end;
$$;

comment on function app_private.consume_video is 'Makes and takes away rooms, and ends recordings, as an event calls for it.';
grant execute on function app_private.consume_video to app_worker;
reset role;
-- end of source: functions/video/consume_video.sql

-- source: functions/video/due_video_rooms.sql
-- Whose room may have to be made, moved or taken away: appointments that are near and have none, and every room that is not
-- closed. What events told already costs a look; what they did not, because a worker was away, is made up. APT-07.

set role app_engine;

create or replace function app_private.due_video_rooms() returns table (organization_id uuid, appointment_id uuid)
language sql stable security definer
set search_path = ''
begin atomic
  select appointments.organization_id, appointments.id
  from app_public.appointments
  where appointments.modality = 'video'
    and appointments.status in ('booked', 'upcoming', 'confirmed', 'inprogress')
    -- No session may be started more than a day before.
    and appointments.starts_at between app_hidden.now() - interval '2 days' and app_hidden.now() + interval '1 day'
    and app_private.takes_place_by_video(appointments)
    and not exists (
      select from app_public.video_rooms
      where video_rooms.organization_id = appointments.organization_id
        and video_rooms.appointment_id = appointments.id
        and video_rooms.status <> 'closed')
  union all
  select video_rooms.organization_id, video_rooms.appointment_id
  from app_public.video_rooms
  where video_rooms.status <> 'closed';
end;

comment on function app_private.due_video_rooms is 'The appointments whose rooms are to be looked at.';
grant execute on function app_private.due_video_rooms to app_worker;

-- What the queue lost, or gave up: a room on which nobody works, and a recording of which nobody knows whether it began.
create or replace function app_private.pick_up_video_rooms() returns void
language plpgsql volatile security definer
set search_path = ''
as $$
declare
  v_room app_public.video_rooms;
begin
  for v_room in
    select video_rooms.* from app_public.video_rooms
    where video_rooms.status in ('wanted', 'delayed', 'ready', 'closing')
      and video_rooms.updated_at < app_hidden.now() - interval '2 minutes'
      and (video_rooms.status <> 'ready' or exists (
        select from app_public.video_recordings
        where video_recordings.organization_id = video_rooms.organization_id
          and video_recordings.video_room_id = video_rooms.id
          and video_recordings.status in ('starting', 'stopping')
          and video_recordings.updated_at < app_hidden.now() - interval '2 minutes'))
    order by video_rooms.id
    for update skip locked
  loop
    update app_public.video_recordings set status = 'stopping', ended_because = 'not_answered', ended_at = app_hidden.now()
    where video_recordings.organization_id = v_room.organization_id
      and video_recordings.video_room_id = v_room.id
      and video_recordings.status = 'starting'
      and video_recordings.updated_at < app_hidden.now() - interval '2 minutes';
    perform app_private.tend_video_room(v_room);
  end loop;
end;
$$;

comment on function app_private.pick_up_video_rooms is 'Queues the work on rooms that has been waiting for longer than it should.';
grant execute on function app_private.pick_up_video_rooms to app_worker;

-- For the reaper: whose accounts may hold rooms that nobody took away.
create or replace function app_private.clinics_with_video() returns setof uuid
language sql stable security definer
set search_path = ''
begin atomic
  select distinct video_rooms.organization_id from app_public.video_rooms
  where video_rooms.expires_at > app_hidden.now() - interval '7 days';
end;

comment on function app_private.clinics_with_video is 'The clinics that had a room within the last week.';
grant execute on function app_private.clinics_with_video to app_worker;

reset role;
-- end of source: functions/video/due_video_rooms.sql

-- source: functions/video/record_video_report.sql
-- What the vendor tells of a room of ours: the call ended, what was recorded can be had, a recording broke off. It may come
-- late, twice or in another order: it changes what is still so, and nothing else. APT-07, FND-25.

set role app_engine;

create or replace function app_private.record_video_report(
  integration_id uuid, room_name text, type text, vendor_id text, seconds int
) returns text
language plpgsql volatile security definer
set search_path = ''
as $$
declare
  v_room app_public.video_rooms;
begin
  select video_rooms.* into v_room
  from app_public.video_rooms
  where video_rooms.room_name = record_video_report.room_name
    and video_rooms.integration_id is not distinct from record_video_report.integration_id
  for update;
  if not found then
    return 'unknown_room';
  end if;

  if type in ('meeting.ended', 'recording.error') then
    update app_public.video_recordings set status = 'stopped', ended_at = app_hidden.now(),
      ended_because = case type when 'meeting.ended' then 'call_over' else 'vendor' end
    where video_recordings.organization_id = v_room.organization_id
      and video_recordings.video_room_id = v_room.id
      and video_recordings.status = 'running';
  elsif type = 'recording.ready-to-download' then
    update app_public.video_recordings set vendor_id = record_video_report.vendor_id, seconds = record_video_report.seconds
    where video_recordings.id = (
      select recordings.id from app_public.video_recordings as recordings
      where recordings.organization_id = v_room.organization_id
        and recordings.video_room_id = v_room.id
        and recordings.vendor_id is null
        and recordings.status <> 'failed'
      order by recordings.created_at
      limit 1)
      and not exists (
        select from app_public.video_recordings as known
        where known.organization_id = v_room.organization_id
          and known.video_room_id = v_room.id
          and known.vendor_id = record_video_report.vendor_id);
  else
    return 'ignored';
  end if;
  return case when found then 'recorded' else 'known' end;
end;
$$;

comment on function app_private.record_video_report is 'Takes over what a vendor says of one of our rooms; answers in a word what it came to.';
grant execute on function app_private.record_video_report to app_worker;

reset role;
-- end of source: functions/video/record_video_report.sql

-- source: functions/video/seat_in_room.sql
-- What a token for a participant is made of. The vendor hears no patient's name: they are shown as what they are, and in
-- their clinic's language. APT-07, CNS-08.

set role app_engine;

create or replace function app_hidden.seat_in_room(appointment_id uuid)
returns table (organization_id uuid, room_name text, room_url text, display_name text, is_owner boolean, locale text,
               integration_id uuid)
language plpgsql volatile strict security definer
set search_path = ''
as $$
declare
  v_seat record;
  v_room app_public.video_rooms;
begin
  v_seat := app_private.seat_in_call(seat_in_room.appointment_id);
  v_room := app_private.require_room(v_seat.appointment);
  perform app_private.require_consent_of(v_seat.appointment, 'telemedicine');
  return query
    select v_room.organization_id, v_room.room_name, v_room.url,
      case v_seat.role
        when 'specialist' then (
          select concat_ws(' ', specialists.title, specialists.given_name, specialists.family_name)
          from app_public.specialists where specialists.id = (v_seat.appointment).specialist_id)
        when 'staff' then organizations.name
        when 'patient' then case organizations.locale when 'ro' then 'Pacient' else 'Patient' end
        else case organizations.locale when 'ro' then 'Însoțitor' else 'Caregiver' end
      end,
      v_seat.role = 'specialist',
      organizations.locale,
      v_room.integration_id
    from app_public.organizations
    where organizations.id = v_room.organization_id;
end;
$$;

comment on function app_hidden.seat_in_room is
  'Whom to let into which room: for participants while it is open, with the patient''s consent to telemedicine.';
grant execute on function app_hidden.seat_in_room to app_member;

reset role;
-- end of source: functions/video/seat_in_room.sql

-- source: functions/video/stop_recording.sql
-- Anybody in the call may end what is recorded, without saying why; the worker tells the vendor until it has heard. APT-07.

set role app_engine;

create or replace function app_public.stop_recording(appointment_id uuid) returns app_public.video_recordings
language plpgsql volatile strict security definer
set search_path = ''
as $$
declare
  v_seat record;
  v_room app_public.video_rooms;
  v_recording app_public.video_recordings;
begin
  v_seat := app_private.seat_in_call(stop_recording.appointment_id);
  select video_rooms.* into v_room
  from app_public.video_rooms
  where video_rooms.organization_id = (v_seat.appointment).organization_id
    and video_rooms.appointment_id = (v_seat.appointment).id;
  if not app_private.stop_recordings(v_room.organization_id, v_room.id, 'participant') then
    perform app_hidden.refuse('STATE', 'nothing_is_recorded');
  end if;
  select video_recordings.* into v_recording
  from app_public.video_recordings
  where video_recordings.organization_id = v_room.organization_id
    and video_recordings.video_room_id = v_room.id
    and video_recordings.status = 'stopping';
  return v_recording;
end;
$$;

comment on function app_public.stop_recording is
  'Ends the recording of a video call: for its patient and those who care for them, its specialist, and staff with '
  'appointments.conduct. STATE nothing_is_recorded where none runs.';
grant execute on function app_public.stop_recording to app_member;

reset role;
-- end of source: functions/video/stop_recording.sql

-- source: functions/video/video_room_work.sql
-- What the worker has to do about a room, and what it says when it is done or was in vain. APT-07.

set role app_engine;

create or replace function app_private.video_room_work(video_room_id uuid)
returns table (organization_id uuid, appointment_id uuid, room_name text, status text, integration_id uuid, opens_at timestamptz, expires_at timestamptz,
               is_over boolean, stops_recording boolean)
language sql stable strict security definer
set search_path = ''
begin atomic
  select video_rooms.organization_id, video_rooms.appointment_id, video_rooms.room_name, video_rooms.status, video_rooms.integration_id, video_rooms.opens_at,
    video_rooms.expires_at, video_rooms.expires_at <= app_hidden.now(),
    exists (
      select from app_public.video_recordings
      where video_recordings.organization_id = video_rooms.organization_id
        and video_recordings.video_room_id = video_rooms.id
        and video_recordings.status = 'stopping')
  from app_public.video_rooms
  where video_rooms.id = video_room_work.video_room_id;
end;

comment on function app_private.video_room_work is 'A room as the worker needs to know it.';
grant execute on function app_private.video_room_work to app_worker;

create or replace function app_private.record_video_room_made(video_room_id uuid, room_name text, url text, integration_id uuid)
returns void
language sql volatile security definer
set search_path = ''
as $$
  -- Of a room that is to go meanwhile, nothing: its name is known, and so it goes.
  update app_public.video_rooms set status = 'ready', url = record_video_room_made.url,
    integration_id = record_video_room_made.integration_id, problem = null, tries = 0
  where video_rooms.id = record_video_room_made.video_room_id
    and video_rooms.room_name = record_video_room_made.room_name
    and video_rooms.status in ('wanted', 'delayed')
$$;

comment on function app_private.record_video_room_made is 'The vendor has the room.';
grant execute on function app_private.record_video_room_made to app_worker;

create or replace function app_private.record_video_room_gone(video_room_id uuid, room_name text) returns void
language sql volatile security definer
set search_path = ''
as $$
  update app_public.video_rooms set status = 'closed', problem = null, tries = 0
  where video_rooms.id = record_video_room_gone.video_room_id
    and video_rooms.room_name = record_video_room_gone.room_name
    and video_rooms.status = 'closing'
$$;

comment on function app_private.record_video_room_gone is 'The vendor has the room no more.';
grant execute on function app_private.record_video_room_gone to app_worker;

create or replace function app_private.record_video_trouble(video_room_id uuid, problem text, retry_after int) returns void
language plpgsql volatile security definer
set search_path = ''
as $$
declare
  v_room app_public.video_rooms;
begin
  update app_public.video_rooms set problem = record_video_trouble.problem, tries = video_rooms.tries + 1
  where video_rooms.id = record_video_trouble.video_room_id
    and video_rooms.status in ('wanted', 'delayed', 'ready', 'closing')
  returning * into v_room;
  if not found then
    return;
  end if;
  update app_public.video_rooms set status = 'delayed' where video_rooms.id = v_room.id and video_rooms.status = 'wanted';
  -- Two seconds, four, eight, at most a minute: somebody waits before the door. Longer only where the vendor asks for it.
  perform app_private.tend_video_room(v_room, make_interval(
    secs => greatest(least(2 ^ least(v_room.tries, 6), 60), least(coalesce(retry_after, 0), 300))));
end;
$$;

comment on function app_private.record_video_trouble is
  'The vendor did not do it: the room says why, and the work is queued again.';
grant execute on function app_private.record_video_trouble to app_worker;

create or replace function app_private.record_recording_stopped(video_room_id uuid) returns void
language sql volatile strict security definer
set search_path = ''
as $$
  update app_public.video_recordings set status = 'stopped'
  where video_recordings.video_room_id = record_recording_stopped.video_room_id
    and video_recordings.organization_id = (
      select video_rooms.organization_id from app_public.video_rooms where video_rooms.id = record_recording_stopped.video_room_id)
    and video_recordings.status = 'stopping'
$$;

comment on function app_private.record_recording_stopped is 'The vendor records nothing in this room any more.';
grant execute on function app_private.record_recording_stopped to app_worker;

reset role;
-- end of source: functions/video/video_room_work.sql

-- source: policies/appointments/appointment_reminders.sql
-- Of which appointments patients were reminded; only the worker's functions read and write it. APT-08.

select app_private.classify('app_private.appointment_reminders', home => 'clinic', retention => 'operations', classes =>
  '{"operational": ["organization_id", "appointment_id", "starts_at", "minutes_before", "reminded_at"]}',
  unaudited => 'What was told stands in messages.');
select app_private.protect('app_private.appointment_reminders', engine => 'select, insert, update, delete');
select app_private.retain('app_private.appointment_reminders', 'operations', 'delete', kept_from => 'starts_at');
-- end of source: policies/appointments/appointment_reminders.sql

-- source: policies/appointments/appointment_reviews.sql
-- Staff with reviews.view, and the patient whom the appointment was for: no other patient, and no visitor. Written by a verb,
-- once. APT-04.

select app_private.classify('app_public.appointment_reviews', home => 'clinic', retention => 'medical_record', classes =>
  '{"operational": ["id", "organization_id", "created_by", "created_at", "updated_at"],
    "phi": ["appointment_id", "rating", "comment"]}');
select app_private.protect('app_public.appointment_reviews', engine => 'select, insert');

grant select on app_public.appointment_reviews to app_member;

create policy appointment_reviews_select_staff on app_public.appointment_reviews for select to app_member
  using (
    organization_id = any ((select app_hidden.rights('reviews.view'))::uuid[])
    -- One look-up a row, and the appointment's own policies hide what was deleted.
    and exists (select from app_public.appointments where appointments.id = appointment_reviews.appointment_id)
  );

create policy appointment_reviews_select_patient on app_public.appointment_reviews for select to app_member
  using (
    appointment_id in (
      select appointments.id from app_public.appointments
      where appointments.patient_profile_id = any ((select app_hidden.rights('people'))::uuid[]))
  );
-- end of source: policies/appointments/appointment_reviews.sql

-- source: policies/appointments/appointments.sql
-- Staff with appointments.view at the clinic; the patient and those who care for the patient. Written by verbs only.
-- APT-01, APT-02.

select app_private.classify('app_public.appointments', home => 'clinic', retention => 'medical_record', classes =>
  '{"operational": ["id", "organization_id", "booking_request_id", "claim_id", "series_id", "locale", "overridden_rules",
                    "created_by", "cancel_minutes", "late_cancel", "late_cancel_session", "reschedule_minutes", "reschedule_limit",
                    "no_show_session", "created_at", "updated_at", "deleted_at"],
    "public": ["organizer_email"],
    "pii_basic": ["contact_email", "contact_phone", "contact_name"],
    "phi": ["patient_profile_id", "calendar_id", "service_id", "specialist_id", "status", "starts_at",
            "ends_at", "modality", "price_amount", "currency", "cancellation_reason", "override_reason", "reschedule_count",
            "patient_service_plan_id", "plan_session_number", "is_late_cancellation", "excuse_reason"]}',
  person_column => 'patient_profile_id');
select app_private.on_merge('app_public.appointments', 'patient_profile_id', 'moves');
select app_private.allow_soft_delete('app_public.appointments', 'appointments.manage',
  'r.contact_name || '', '' || to_char(r.starts_at at time zone
     (select timezone from app_public.organizations where id = r.organization_id), ''YYYY-MM-DD HH24:MI'')',
  follows => 'app_public.patients');
select app_private.protect('app_public.appointments', engine => 'select, insert, update', guard => true);

grant select (id, organization_id, patient_profile_id, calendar_id, service_id, specialist_id, booking_request_id, series_id,
              status, starts_at, ends_at, modality, price_amount, currency, contact_email, contact_phone, contact_name, locale,
              cancellation_reason, cancel_minutes, late_cancel, late_cancel_session, reschedule_minutes, reschedule_limit,
              no_show_session, reschedule_count, patient_service_plan_id, plan_session_number, is_late_cancellation,
              excuse_reason, created_by, created_at, updated_at)
   on app_public.appointments to app_member;

create policy appointments_select_staff on app_public.appointments for select to app_member
  using (organization_id = any ((select app_hidden.rights('appointments.view'))::uuid[]) and deleted_at is null);

create policy appointments_select_patient on app_public.appointments for select to app_member
  using (
    patient_profile_id = any ((select app_hidden.rights('people'))::uuid[])
    and organization_id = any ((select app_hidden.rights('patient'))::uuid[])
    and deleted_at is null
  );
-- end of source: policies/appointments/appointments.sql

-- source: policies/appointments/booking_blocks.sql
-- The patient reads why and until when, and staff who see patients. Written by verbs only, deleted by nobody. APT-06,
-- docs/decisions/0115.

select app_private.classify('app_public.booking_blocks', home => 'clinic', retention => 'medical_record', classes =>
  '{"operational": ["id", "organization_id", "blocked_by", "created_at", "contested_at", "decided_at", "decided_by"],
    "phi": ["patient_profile_id", "reason", "until", "objection", "decision", "decision_reason"]}',
  person_column => 'patient_profile_id');
select app_private.on_merge('app_public.booking_blocks', 'patient_profile_id', 'moves');
select app_private.protect('app_public.booking_blocks', engine => 'select, insert, update');

grant select on app_public.booking_blocks to app_member;

create policy booking_blocks_select_staff on app_public.booking_blocks for select to app_member
  using (organization_id = any ((select app_hidden.rights('patients.view'))::uuid[]));

create policy booking_blocks_select_person on app_public.booking_blocks for select to app_member
  using (patient_profile_id = any ((select app_hidden.rights('people'))::uuid[]));
-- end of source: policies/appointments/booking_blocks.sql

-- source: policies/appointments/booking_policies.sql
-- Until when a patient may cancel or move, and what becomes of the session: told to staff and to the clinic's patients. APT-03.

select app_private.classify('app_public.booking_policies', home => 'clinic', retention => 'clinic', classes =>
  '{"public": ["id", "organization_id", "name", "cancel_minutes", "late_cancel", "late_cancel_session", "reschedule_minutes",
               "reschedule_limit", "no_show_session"],
    "operational": ["is_default", "created_at", "updated_at"]}');
select app_private.protect('app_public.booking_policies', engine => 'select', facts => '{name name}');

grant select, delete on app_public.booking_policies to app_member;
grant insert (organization_id, name, is_default, cancel_minutes, late_cancel, late_cancel_session, reschedule_minutes,
              reschedule_limit, no_show_session),
      update (name, is_default, cancel_minutes, late_cancel, late_cancel_session, reschedule_minutes, reschedule_limit,
              no_show_session)
   on app_public.booking_policies to app_member;

create policy booking_policies_select_staff on app_public.booking_policies for select to app_member
  using (organization_id = any ((select app_hidden.rights('staff'))::uuid[]));

create policy booking_policies_select_patient on app_public.booking_policies for select to app_member
  using (organization_id = any ((select app_hidden.rights('patient'))::uuid[]));

create policy booking_policies_insert_manager on app_public.booking_policies for insert to app_member
  with check (organization_id = any ((select app_hidden.rights('calendars.manage'))::uuid[]));

create policy booking_policies_update_manager on app_public.booking_policies for update to app_member
  using (organization_id = any ((select app_hidden.rights('calendars.manage'))::uuid[]))
  with check (organization_id = any ((select app_hidden.rights('calendars.manage'))::uuid[]));

create policy booking_policies_delete_manager on app_public.booking_policies for delete to app_member
  using (organization_id = any ((select app_hidden.rights('calendars.manage'))::uuid[]));
-- end of source: policies/appointments/booking_policies.sql

-- source: policies/appointments/booking_requests.sql
-- Staff with appointments.view; the guest only through the token of the request. APT-09.

select app_private.classify('app_public.booking_requests', home => 'clinic', retention => 'clinic', classes =>
  '{"operational": ["id", "organization_id", "claim_id", "locale", "respond_by", "decided_at", "decided_by",
                    "created_at", "updated_at"],
    "pii_basic": ["given_name", "family_name", "email", "phone"],
    "public": ["organizer_email"],
    "phi": ["patient_profile_id", "calendar_id", "service_id", "specialist_id", "status", "message", "starts_at", "ends_at",
            "price_amount", "currency", "rejection_reason"],
    "auth_secret": ["token_hash"]}',
  protected => '{"digest": ["token_hash"]}',
  person_column => 'patient_profile_id');
select app_private.on_merge('app_public.booking_requests', 'patient_profile_id', 'on_merge_booking_requests');
select app_private.protect('app_public.booking_requests',
  engine => 'select, insert, update',
  guard => true,
  facts => '{person given_name, person family_name, email email, phone phone}');

grant select (id, organization_id, patient_profile_id, calendar_id, service_id, specialist_id, status, given_name, family_name,
              email, phone, message, locale, starts_at, ends_at, price_amount, currency, respond_by, decided_at, decided_by,
              rejection_reason, created_at, updated_at)
   on app_public.booking_requests to app_member;

create policy booking_requests_select_staff on app_public.booking_requests for select to app_member
  using (organization_id = any ((select app_hidden.rights('appointments.view'))::uuid[]));
-- end of source: policies/appointments/booking_requests.sql

-- source: policies/forms/forms.sql
-- The patient, those who care for the patient, and staff with forms.view. Written by verbs only; what is signed is written
-- by nobody. FRM-04.

select app_private.classify('app_public.forms', home => 'clinic', retention => 'medical_record', classes =>
  '{"operational": ["id", "organization_id", "patient_id", "locale", "completions", "is_ahead", "created_by", "created_at",
                    "updated_at", "deleted_at"],
    "phi": ["patient_profile_id", "template_id", "version_id", "appointment_id", "amends_form_id", "snapshot", "status",
            "answers", "prefill", "completed_at", "signed_at", "valid_until", "reopen_reason"]}',
  person_column => 'patient_profile_id');
select app_private.on_merge('app_public.forms', 'patient_id', 'on_merge_forms');
select app_private.on_merge('app_public.forms', 'patient_profile_id', 'on_merge_forms');
select app_private.allow_soft_delete('app_public.forms', 'patients.manage',
  '(select form_templates.name from app_public.form_templates where form_templates.id = r.template_id)',
  follows => 'app_public.patients');
select app_private.protect('app_public.forms', engine => 'select, insert, update', guard => true);

grant select on app_public.forms to app_member;

create policy forms_select_staff on app_public.forms for select to app_member
  using (organization_id = any ((select app_hidden.rights('forms.view'))::uuid[]) and deleted_at is null);

create policy forms_select_patient on app_public.forms for select to app_member
  using (
    patient_profile_id = any ((select app_hidden.rights('people'))::uuid[])
    and organization_id = any ((select app_hidden.rights('patient'))::uuid[])
    and deleted_at is null
  );

-- The holder of a signature link or kiosk sees the one form that it leads to, once it is known who they are (CNS-06).
grant select (id, organization_id, snapshot, answers, prefill, locale, status) on app_public.forms to app_link;

create policy forms_select_link on app_public.forms for select to app_link
  using (id = (select app_hidden.current_link_form_id()) and deleted_at is null);

create or replace trigger _300_keeps_what_was_asked before update or delete on app_public.forms
  for each row execute function app_private.tg_forms__keep();

create or replace trigger _300_keeps_every_form before truncate on app_public.forms
  for each statement execute function app_private.tg_frozen();

create or replace trigger _900_record_move after insert or update of status on app_public.forms
  for each row execute function app_private.tg_forms__record_move();
-- end of source: policies/forms/forms.sql

-- source: policies/organizations/organizations.sql
-- Clinics as their members, their patients and the platform see them. Visitors only meet active ones, through
-- `clinic_by_slug`. FND-01.

-- How to reach a clinic stands on its booking page.
select app_private.classify('app_public.organizations', home => 'clinic', retention => 'clinic', classes =>
  '{"public": ["id", "slug", "name", "locale", "timezone", "currency", "country", "calling_code",
               "contact_email", "contact_phone", "street", "city"],
    "operational": ["tenancy_mode", "activated_at", "booking_response_hours", "response_lead_hours",
                    "start_lead_minutes", "hold_minutes", "low_rating_below",
                    "holds_per_visitor", "holds_per_address", "library_access_is_free", "telerehab_access_is_free", "required_profile_fields", "reminder_minutes",
                    "reminders_from", "reminders_until", "no_show_after_minutes",
                    "created_at", "updated_at", "deleted_at"]}');
select app_private.allow_soft_delete('app_public.organizations', null, 'r.name');
select app_private.protect('app_public.organizations',
  engine => 'select, insert, update',
  facts => '{name name, name street, name city, email contact_email, phone contact_phone}');

grant select on app_public.organizations to app_member;
grant update (name, locale, timezone, contact_email, contact_phone, street, city, booking_response_hours,
              response_lead_hours, start_lead_minutes, hold_minutes, low_rating_below, holds_per_visitor, holds_per_address,
              library_access_is_free, telerehab_access_is_free, required_profile_fields, reminder_minutes, reminders_from,
              reminders_until, no_show_after_minutes)
   on app_public.organizations to app_member;

create policy organizations_select_staff on app_public.organizations for select to app_member
  using (id = any ((select app_hidden.rights('staff'))::uuid[]) and deleted_at is null);

create policy organizations_select_patient on app_public.organizations for select to app_member
  using (id = any ((select app_hidden.rights('patient'))::uuid[]) and activated_at is not null and deleted_at is null);

create policy organizations_select_superadmin on app_public.organizations for select to app_member
  using ((select app_hidden.is_superadmin()) and deleted_at is null);

create policy organizations_update_manager on app_public.organizations for update to app_member
  using (id = any ((select app_hidden.rights('organization.manage'))::uuid[]) and deleted_at is null)
  with check (id = any ((select app_hidden.rights('organization.manage'))::uuid[]));

create or replace trigger _900_forget_rights after insert or update or delete on app_public.organizations
  for each statement execute function app_private.tg_forget_rights();
-- end of source: policies/organizations/organizations.sql

-- source: policies/scheduling/calendar_feeds.sql
-- Staff see which feeds there are, whose and by whom; nobody sees their addresses. Made and revoked by verbs. APT-08.

select app_private.classify('app_public.calendar_feeds', home => 'clinic', retention => 'clinic', classes =>
  '{"operational": ["id", "organization_id", "specialist_id", "shows_initials", "created_by", "created_at", "revoked_at"],
    "auth_secret": ["token_hash"]}',
  protected => '{"digest": ["token_hash"]}');
select app_private.protect('app_public.calendar_feeds', engine => 'select, insert, update (revoked_at)');

grant select (id, organization_id, specialist_id, shows_initials, created_by, created_at, revoked_at)
   on app_public.calendar_feeds to app_member;

create policy calendar_feeds_select_staff on app_public.calendar_feeds for select to app_member
  using (organization_id = any ((select app_hidden.rights('staff'))::uuid[]));
-- end of source: policies/scheduling/calendar_feeds.sql

-- source: policies/scheduling/calendar_resources.sql
-- What bookings of a calendar need: staff see it, calendars.manage edits it. SCH-11.

select app_private.classify('app_public.calendar_resources', home => 'clinic', retention => 'clinic', classes =>
  '{"operational": ["organization_id", "calendar_id", "type", "resource_id", "created_at", "updated_at"]}');
select app_private.protect('app_public.calendar_resources', engine => 'select', facts => '{name type}');

grant select, delete on app_public.calendar_resources to app_member;
grant insert (organization_id, calendar_id, type, resource_id),
      update (type, resource_id)
   on app_public.calendar_resources to app_member;

create policy calendar_resources_select_staff on app_public.calendar_resources for select to app_member
  using (organization_id = any ((select app_hidden.rights('staff'))::uuid[]));

create policy calendar_resources_insert_manager on app_public.calendar_resources for insert to app_member
  with check (organization_id = any ((select app_hidden.rights('calendars.manage'))::uuid[]));

create policy calendar_resources_update_manager on app_public.calendar_resources for update to app_member
  using (organization_id = any ((select app_hidden.rights('calendars.manage'))::uuid[]))
  with check (organization_id = any ((select app_hidden.rights('calendars.manage'))::uuid[]));

create policy calendar_resources_delete_manager on app_public.calendar_resources for delete to app_member
  using (organization_id = any ((select app_hidden.rights('calendars.manage'))::uuid[]));

create or replace trigger _010_clinic before insert on app_public.calendar_resources
  for each row execute function app_private.tg_clinic_of('app_public.calendars', 'calendar_id');
-- end of source: policies/scheduling/calendar_resources.sql

-- source: policies/scheduling/calendars.sql
-- Who sees and edits calendars. Staff by membership, patients of the clinic those that are open to them; guests only
-- through `available_slots`. SCH-02, SPC-05.

select app_private.classify('app_public.calendars', home => 'clinic', retention => 'clinic', classes =>
  '{"public": ["id", "organization_id", "service_id", "name", "translations", "timezone", "modality",
               "duration_minutes", "price_amount", "capacity"],
    "operational": ["assignment_strategy", "allows_any_specialist", "step_minutes", "buffer_before_minutes",
                    "buffer_after_minutes", "notice_minutes", "horizon_days", "is_public", "is_active",
                    "booking_policy_id", "created_at", "updated_at", "deleted_at"]}');
select app_private.allow_soft_delete('app_public.calendars', 'calendars.manage', 'r.name', follows => 'app_public.services');
select app_private.protect('app_public.calendars', engine => 'select, update (deleted_at)', facts => '{name name}');

grant select on app_public.calendars to app_member;
grant insert (organization_id, service_id, name, translations, timezone, modality, assignment_strategy, allows_any_specialist,
              duration_minutes, step_minutes, buffer_before_minutes, buffer_after_minutes, notice_minutes, horizon_days,
              price_amount, capacity, is_public, is_active, booking_policy_id),
      update (name, translations, timezone, modality, assignment_strategy, allows_any_specialist,
              duration_minutes, step_minutes, buffer_before_minutes, buffer_after_minutes, notice_minutes, horizon_days,
              price_amount, capacity, is_public, is_active, booking_policy_id)
   on app_public.calendars to app_member;

create policy calendars_select_staff on app_public.calendars for select to app_member
  using (organization_id = any ((select app_hidden.rights('staff'))::uuid[]) and deleted_at is null);

create policy calendars_select_patient on app_public.calendars for select to app_member
  using (organization_id = any ((select app_hidden.rights('patient'))::uuid[])
         and is_public and is_active and deleted_at is null);

create policy calendars_insert_manager on app_public.calendars for insert to app_member
  with check (organization_id = any ((select app_hidden.rights('calendars.manage'))::uuid[]));

create policy calendars_update_manager on app_public.calendars for update to app_member
  using (organization_id = any ((select app_hidden.rights('calendars.manage'))::uuid[]) and deleted_at is null)
  with check (organization_id = any ((select app_hidden.rights('calendars.manage'))::uuid[]));

create or replace trigger _010_clinic before insert on app_public.calendars
  for each row execute function app_private.tg_clinic_of('app_public.services', 'service_id');
-- end of source: policies/scheduling/calendars.sql

-- source: policies/scheduling/resource_claims.sql
-- Nobody sees which rooms are taken by what: appointment_resources() tells those of an appointment. SCH-11.

select app_private.classify('app_private.resource_claims', home => 'clinic', retention => 'medical_record', classes =>
  '{"operational": ["organization_id", "resource_id", "claim_id", "blocked"]}',
  unaudited => 'Written with every claim, as time_claims is; what became of it is an audited request or appointment.');
select app_private.protect('app_private.resource_claims', engine => 'select, insert, delete');
-- end of source: policies/scheduling/resource_claims.sql

-- source: policies/scheduling/resources.sql
-- Rooms and equipment: staff see them, calendars.manage edits them. Patients meet those of their appointments by
-- appointment_resources(), guests only as free times. SCH-11.

select app_private.classify('app_public.resources', home => 'clinic', retention => 'clinic', classes =>
  '{"public": ["id", "organization_id", "kind", "type", "name"],
    "operational": ["is_active", "created_at", "updated_at", "deleted_at"]}');
select app_private.allow_soft_delete('app_public.resources', 'calendars.manage', 'r.name');
select app_private.protect('app_public.resources', engine => 'select, update (deleted_at)', facts => '{name name, name type}');

grant select on app_public.resources to app_member;
grant insert (organization_id, kind, type, name, is_active),
      update (kind, type, name, is_active)
   on app_public.resources to app_member;

create policy resources_select_staff on app_public.resources for select to app_member
  using (organization_id = any ((select app_hidden.rights('staff'))::uuid[]) and deleted_at is null);

create policy resources_insert_manager on app_public.resources for insert to app_member
  with check (organization_id = any ((select app_hidden.rights('calendars.manage'))::uuid[]));

create policy resources_update_manager on app_public.resources for update to app_member
  using (organization_id = any ((select app_hidden.rights('calendars.manage'))::uuid[]) and deleted_at is null)
  with check (organization_id = any ((select app_hidden.rights('calendars.manage'))::uuid[]));
-- end of source: policies/scheduling/resources.sql

-- source: policies/scheduling/specialist_schedule_overrides.sql
-- Staff see everybody's vacations and other hours; schedules.manage edits them, a specialist edits their own.
-- Visitors meet them only as free times. SCH-01.

-- A note may say why somebody is away: "concediu medical" is about health.
select app_private.classify('app_public.specialist_schedule_overrides', home => 'clinic', retention => 'clinic', classes =>
  '{"operational": ["id", "organization_id", "specialist_id", "kind", "starts_on", "ends_on", "starts",
                    "ends", "created_at", "updated_at"],
    "phi": ["note"]}');
select app_private.protect('app_public.specialist_schedule_overrides', engine => 'select, insert');

grant select, delete on app_public.specialist_schedule_overrides to app_member;
grant insert (organization_id, specialist_id, kind, starts_on, ends_on, starts, ends, note),
      update (kind, starts_on, ends_on, starts, ends, note)
   on app_public.specialist_schedule_overrides to app_member;

create policy specialist_schedule_overrides_select_staff on app_public.specialist_schedule_overrides
  for select to app_member
  using (organization_id = any ((select app_hidden.rights('staff'))::uuid[]));

create policy specialist_schedule_overrides_insert_manager on app_public.specialist_schedule_overrides
  for insert to app_member
  with check (organization_id = any ((select app_hidden.rights('schedules.manage'))::uuid[]));

create policy specialist_schedule_overrides_insert_self on app_public.specialist_schedule_overrides
  for insert to app_member
  with check (
    organization_id = any ((select app_hidden.rights('schedules.manage_own'))::uuid[])
    and specialist_id = any ((select app_hidden.rights('specialist'))::uuid[])
  );

create policy specialist_schedule_overrides_update_manager on app_public.specialist_schedule_overrides
  for update to app_member
  using (organization_id = any ((select app_hidden.rights('schedules.manage'))::uuid[]))
  with check (organization_id = any ((select app_hidden.rights('schedules.manage'))::uuid[]));

create policy specialist_schedule_overrides_update_self on app_public.specialist_schedule_overrides
  for update to app_member
  using (
    organization_id = any ((select app_hidden.rights('schedules.manage_own'))::uuid[])
    and specialist_id = any ((select app_hidden.rights('specialist'))::uuid[])
  )
  with check (
    organization_id = any ((select app_hidden.rights('schedules.manage_own'))::uuid[])
    and specialist_id = any ((select app_hidden.rights('specialist'))::uuid[])
  );

create policy specialist_schedule_overrides_delete_manager on app_public.specialist_schedule_overrides
  for delete to app_member
  using (organization_id = any ((select app_hidden.rights('schedules.manage'))::uuid[]));

create policy specialist_schedule_overrides_delete_self on app_public.specialist_schedule_overrides
  for delete to app_member
  using (
    organization_id = any ((select app_hidden.rights('schedules.manage_own'))::uuid[])
    and specialist_id = any ((select app_hidden.rights('specialist'))::uuid[])
  );

create or replace trigger _010_clinic before insert on app_public.specialist_schedule_overrides
  for each row execute function app_private.tg_clinic_of('app_public.specialists', 'specialist_id');
-- end of source: policies/scheduling/specialist_schedule_overrides.sql

-- source: policies/scheduling/specialist_weekly_hours.sql
-- Staff see everybody's usual hours; schedules.manage edits them, a specialist edits their own. Visitors meet them
-- only as free times. SCH-01.

select app_private.classify('app_public.specialist_weekly_hours', home => 'clinic', retention => 'clinic', classes =>
  '{"operational": ["id", "organization_id", "specialist_id", "weekday", "starts", "ends", "created_at",
                    "updated_at"]}');
select app_private.protect('app_public.specialist_weekly_hours', engine => 'select, insert, delete');

grant select, delete on app_public.specialist_weekly_hours to app_member;
grant insert (organization_id, specialist_id, weekday, starts, ends),
      update (weekday, starts, ends)
   on app_public.specialist_weekly_hours to app_member;

create policy specialist_weekly_hours_select_staff on app_public.specialist_weekly_hours for select to app_member
  using (organization_id = any ((select app_hidden.rights('staff'))::uuid[]));

create policy specialist_weekly_hours_insert_manager on app_public.specialist_weekly_hours for insert to app_member
  with check (organization_id = any ((select app_hidden.rights('schedules.manage'))::uuid[]));

create policy specialist_weekly_hours_insert_self on app_public.specialist_weekly_hours for insert to app_member
  with check (
    organization_id = any ((select app_hidden.rights('schedules.manage_own'))::uuid[])
    and specialist_id = any ((select app_hidden.rights('specialist'))::uuid[])
  );

create policy specialist_weekly_hours_update_manager on app_public.specialist_weekly_hours for update to app_member
  using (organization_id = any ((select app_hidden.rights('schedules.manage'))::uuid[]))
  with check (organization_id = any ((select app_hidden.rights('schedules.manage'))::uuid[]));

create policy specialist_weekly_hours_update_self on app_public.specialist_weekly_hours for update to app_member
  using (
    organization_id = any ((select app_hidden.rights('schedules.manage_own'))::uuid[])
    and specialist_id = any ((select app_hidden.rights('specialist'))::uuid[])
  )
  with check (
    organization_id = any ((select app_hidden.rights('schedules.manage_own'))::uuid[])
    and specialist_id = any ((select app_hidden.rights('specialist'))::uuid[])
  );

create policy specialist_weekly_hours_delete_manager on app_public.specialist_weekly_hours for delete to app_member
  using (organization_id = any ((select app_hidden.rights('schedules.manage'))::uuid[]));

create policy specialist_weekly_hours_delete_self on app_public.specialist_weekly_hours for delete to app_member
  using (
    organization_id = any ((select app_hidden.rights('schedules.manage_own'))::uuid[])
    and specialist_id = any ((select app_hidden.rights('specialist'))::uuid[])
  );

create or replace trigger _010_clinic before insert on app_public.specialist_weekly_hours
  for each row execute function app_private.tg_clinic_of('app_public.specialists', 'specialist_id');
-- end of source: policies/scheduling/specialist_weekly_hours.sql

-- source: policies/scheduling/specialist_zones.sql
-- Where specialists are on some dates: staff see it, schedules.manage edits it, a specialist their own. SCH-01.

select app_private.classify('app_public.specialist_zones', home => 'clinic', retention => 'clinic', classes =>
  '{"operational": ["id", "organization_id", "specialist_id", "starts_on", "ends_on", "timezone", "created_at", "updated_at"]}');
select app_private.protect('app_public.specialist_zones', engine => 'select');

grant select, delete on app_public.specialist_zones to app_member;
grant insert (organization_id, specialist_id, starts_on, ends_on, timezone),
      update (starts_on, ends_on, timezone)
   on app_public.specialist_zones to app_member;

create policy specialist_zones_select_staff on app_public.specialist_zones
  for select to app_member
  using (organization_id = any ((select app_hidden.rights('staff'))::uuid[]));

create policy specialist_zones_insert_manager on app_public.specialist_zones
  for insert to app_member
  with check (organization_id = any ((select app_hidden.rights('schedules.manage'))::uuid[]));

create policy specialist_zones_insert_self on app_public.specialist_zones
  for insert to app_member
  with check (
    organization_id = any ((select app_hidden.rights('schedules.manage_own'))::uuid[])
    and specialist_id = any ((select app_hidden.rights('specialist'))::uuid[])
  );

create policy specialist_zones_update_manager on app_public.specialist_zones
  for update to app_member
  using (organization_id = any ((select app_hidden.rights('schedules.manage'))::uuid[]))
  with check (organization_id = any ((select app_hidden.rights('schedules.manage'))::uuid[]));

create policy specialist_zones_update_self on app_public.specialist_zones
  for update to app_member
  using (
    organization_id = any ((select app_hidden.rights('schedules.manage_own'))::uuid[])
    and specialist_id = any ((select app_hidden.rights('specialist'))::uuid[])
  )
  with check (
    organization_id = any ((select app_hidden.rights('schedules.manage_own'))::uuid[])
    and specialist_id = any ((select app_hidden.rights('specialist'))::uuid[])
  );

create policy specialist_zones_delete_manager on app_public.specialist_zones
  for delete to app_member
  using (organization_id = any ((select app_hidden.rights('schedules.manage'))::uuid[]));

create policy specialist_zones_delete_self on app_public.specialist_zones
  for delete to app_member
  using (
    organization_id = any ((select app_hidden.rights('schedules.manage_own'))::uuid[])
    and specialist_id = any ((select app_hidden.rights('specialist'))::uuid[])
  );

create or replace trigger _010_clinic before insert on app_public.specialist_zones
  for each row execute function app_private.tg_clinic_of('app_public.specialists', 'specialist_id');
-- end of source: policies/scheduling/specialist_zones.sql

-- source: policies/scheduling/time_claims.sql
-- Nobody sees claims: who is booked when, and under which token, is the engine's alone. SCH-06.

-- Who holds a time is nobody's business once it is booked or let go; the claim stays with its appointment.
select app_private.classify('app_private.time_claims', home => 'clinic', retention => 'medical_record', classes =>
  '{"operational": ["id", "organization_id", "specialist_id", "calendar_id", "kind", "during", "blocked",
                    "expires_at", "released_at", "counted_at", "created_by", "created_at", "session_id", "seat", "capacity"],
    "pii_basic": ["visitor_id", "address"],
    "auth_secret": ["token_hash", "first_token_hash"]}',
  protected => '{"digest": ["token_hash", "first_token_hash"]}', kept => '{"operations": ["visitor_id", "address", "token_hash", "first_token_hash"]}',
  unaudited => 'Every look at a time writes here; what became of it is an audited request or appointment.');
select app_private.protect('app_private.time_claims', engine => 'select, insert, update, delete');
-- A hold that was let go became nothing, and so did a session without seats; what was booked in it stays without it.
select app_private.retain('app_private.time_claims', 'lapsed_holds', 'delete', kept_from => 'released_at', only_if => 'kind in (''hold'', ''session'')');
select app_private.retain('app_private.time_claims', 'operations', 'blank', kept_from => 'created_at', only_if => 'kind <> ''hold''');
-- end of source: policies/scheduling/time_claims.sql

-- source: policies/video/video_recordings.sql
-- Whoever sees the room sees when it was recorded. Written by verbs and the worker. APT-07, CNS-08.

select app_private.classify('app_public.video_recordings', home => 'clinic', retention => 'medical_record', classes =>
  '{"operational": ["id", "organization_id", "video_room_id", "started_by", "vendor_id", "created_at", "updated_at"],
    "phi": ["status", "ended_because", "seconds", "ended_at"]}');
select app_private.protect('app_public.video_recordings', engine => 'select, insert, update', guard => true);

grant select (id, organization_id, video_room_id, status, ended_because, started_by, seconds, ended_at, created_at, updated_at)
   on app_public.video_recordings to app_member;

create policy video_recordings_select_room on app_public.video_recordings for select to app_member
  using (video_room_id in (select video_rooms.id from app_public.video_rooms));
-- end of source: policies/video/video_recordings.sql

-- source: policies/video/video_rooms.sql
-- Whoever sees the appointment sees its room, without name and address: those come with a token, from joinVideo. Written by
-- the worker. APT-07.

select app_private.classify('app_public.video_rooms', home => 'clinic', retention => 'medical_record', classes =>
  '{"operational": ["id", "organization_id", "room_name", "url", "integration_id", "opens_at", "expires_at", "problem",
                    "tries", "created_at", "updated_at"],
    "phi": ["appointment_id", "status"]}');
select app_private.protect('app_public.video_rooms', engine => 'select, insert, update', guard => true);

grant select (id, organization_id, appointment_id, status, opens_at, expires_at, problem, tries, created_at, updated_at)
   on app_public.video_rooms to app_member;

create policy video_rooms_select_staff on app_public.video_rooms for select to app_member
  using (
    organization_id = any ((select app_hidden.rights('appointments.view'))::uuid[])
    -- One look-up a row, and the appointment's own policies hide what was deleted.
    and exists (select from app_public.appointments where appointments.id = video_rooms.appointment_id)
  );

create policy video_rooms_select_patient on app_public.video_rooms for select to app_member
  using (
    appointment_id in (
      select appointments.id from app_public.appointments
      where appointments.patient_profile_id = any ((select app_hidden.rights('people'))::uuid[]))
  );
-- end of source: policies/video/video_rooms.sql

-- source: reference/appointments/appointment_events.sql
-- What is published about appointments. A version is never changed: a new one is added. FND-14.

select app_private.own_rows('app_private.event_types', scope => '{"subject_type": "appointment"}', rows => '
name: appointment.booked
version: 1
description: An appointment was made.
payload_schema:
{"type": "object", "additionalProperties": false,
 "required": ["appointmentId", "patientProfileId", "specialistId", "serviceId", "startsAt", "endsAt"],
 "properties": {
   "to": {"enum": ["booked", "upcoming", "confirmed", "inprogress", "done", "cancelled", "noshow"], "type": "string"},
   "from": {"enum": ["booked", "upcoming", "confirmed", "inprogress", "done", "cancelled", "noshow", null], "type": ["string", "null"]},
   "endsAt": {"type": "string", "format": "date-time"},
   "startsAt": {"type": "string", "format": "date-time"},
   "serviceId": {"type": "string", "format": "uuid"},
   "specialistId": {"type": "string", "format": "uuid"},
   "appointmentId": {"type": "string", "format": "uuid"},
   "patientProfileId": {"type": "string", "format": "uuid"}}}
==========
name: appointment.cancelled
version: 1
description: The appointment will not take place.
payload_schema:
{"type": "object", "additionalProperties": false,
 "required": ["appointmentId", "patientProfileId", "specialistId", "serviceId", "startsAt", "endsAt"],
 "properties": {
   "to": {"enum": ["booked", "upcoming", "confirmed", "inprogress", "done", "cancelled", "noshow"], "type": "string"},
   "from": {"enum": ["booked", "upcoming", "confirmed", "inprogress", "done", "cancelled", "noshow", null], "type": ["string", "null"]},
   "endsAt": {"type": "string", "format": "date-time"},
   "startsAt": {"type": "string", "format": "date-time"},
   "serviceId": {"type": "string", "format": "uuid"},
   "specialistId": {"type": "string", "format": "uuid"},
   "appointmentId": {"type": "string", "format": "uuid"},
   "patientProfileId": {"type": "string", "format": "uuid"}}}
==========
name: appointment.changed
version: 1
description: It has another time or specialist, was taken out of the lists, or brought back.
payload_schema:
{"type": "object", "additionalProperties": false,
 "required": ["appointmentId", "specialistId", "fromSpecialistId"],
 "properties": {
   "specialistId": {"type": "string", "format": "uuid"},
   "appointmentId": {"type": "string", "format": "uuid"},
   "fromSpecialistId": {"type": "string", "format": "uuid"}}}
==========
name: appointment.confirmed
version: 1
description: The patient said they will come.
payload_schema:
{"type": "object", "additionalProperties": false,
 "required": ["appointmentId", "patientProfileId", "specialistId", "serviceId", "startsAt", "endsAt"],
 "properties": {
   "to": {"enum": ["booked", "upcoming", "confirmed", "inprogress", "done", "cancelled", "noshow"], "type": "string"},
   "from": {"enum": ["booked", "upcoming", "confirmed", "inprogress", "done", "cancelled", "noshow", null], "type": ["string", "null"]},
   "endsAt": {"type": "string", "format": "date-time"},
   "startsAt": {"type": "string", "format": "date-time"},
   "serviceId": {"type": "string", "format": "uuid"},
   "specialistId": {"type": "string", "format": "uuid"},
   "appointmentId": {"type": "string", "format": "uuid"},
   "patientProfileId": {"type": "string", "format": "uuid"}}}
==========
name: appointment.done
version: 1
description: The appointment took place.
payload_schema:
{"type": "object", "additionalProperties": false,
 "required": ["appointmentId", "patientProfileId", "specialistId", "serviceId", "startsAt", "endsAt"],
 "properties": {
   "to": {"enum": ["booked", "upcoming", "confirmed", "inprogress", "done", "cancelled", "noshow"], "type": "string"},
   "from": {"enum": ["booked", "upcoming", "confirmed", "inprogress", "done", "cancelled", "noshow", null], "type": ["string", "null"]},
   "endsAt": {"type": "string", "format": "date-time"},
   "startsAt": {"type": "string", "format": "date-time"},
   "serviceId": {"type": "string", "format": "uuid"},
   "specialistId": {"type": "string", "format": "uuid"},
   "appointmentId": {"type": "string", "format": "uuid"},
   "patientProfileId": {"type": "string", "format": "uuid"}}}
==========
name: appointment.noshow
version: 1
description: The patient did not come.
payload_schema:
{"type": "object", "additionalProperties": false,
 "required": ["appointmentId", "patientProfileId", "specialistId", "serviceId", "startsAt", "endsAt"],
 "properties": {
   "to": {"enum": ["booked", "upcoming", "confirmed", "inprogress", "done", "cancelled", "noshow"], "type": "string"},
   "from": {"enum": ["booked", "upcoming", "confirmed", "inprogress", "done", "cancelled", "noshow", null], "type": ["string", "null"]},
   "endsAt": {"type": "string", "format": "date-time"},
   "startsAt": {"type": "string", "format": "date-time"},
   "serviceId": {"type": "string", "format": "uuid"},
   "specialistId": {"type": "string", "format": "uuid"},
   "appointmentId": {"type": "string", "format": "uuid"},
   "patientProfileId": {"type": "string", "format": "uuid"}}}
==========
name: appointment.patient_changed
version: 1
description: An appointment moved to the chart of the right patient.
payload_schema:
{"type": "object", "additionalProperties": false,
 "required": ["appointmentId", "patientProfileId", "fromPatientProfileId"],
 "properties": {
   "appointmentId": {"type": "string", "format": "uuid"},
   "patientProfileId": {"type": "string", "format": "uuid"},
   "fromPatientProfileId": {"type": "string", "format": "uuid"}}}
==========
name: appointment.reinstated
version: 1
description: The cancellation was taken back.
payload_schema:
{"type": "object", "additionalProperties": false,
 "required": ["appointmentId", "patientProfileId", "specialistId", "serviceId", "startsAt", "endsAt"],
 "properties": {
   "to": {"enum": ["booked", "upcoming", "confirmed", "inprogress", "done", "cancelled", "noshow"], "type": "string"},
   "from": {"enum": ["booked", "upcoming", "confirmed", "inprogress", "done", "cancelled", "noshow", null], "type": ["string", "null"]},
   "endsAt": {"type": "string", "format": "date-time"},
   "startsAt": {"type": "string", "format": "date-time"},
   "serviceId": {"type": "string", "format": "uuid"},
   "specialistId": {"type": "string", "format": "uuid"},
   "appointmentId": {"type": "string", "format": "uuid"},
   "patientProfileId": {"type": "string", "format": "uuid"}}}
=============
name: appointment.rescheduled
version: 1
description: It has another time, specialist or calendar.
payload_schema:
{"type": "object", "additionalProperties": false,
 "required": ["appointmentId", "patientProfileId", "calendarId", "specialistId", "serviceId", "startsAt", "endsAt",
              "fromCalendarId", "fromSpecialistId", "fromServiceId", "fromStartsAt", "fromEndsAt"],
 "properties": {
   "to": {"enum": ["booked", "upcoming", "confirmed", "inprogress", "done", "cancelled", "noshow"], "type": "string"},
   "from": {"enum": ["booked", "upcoming", "confirmed", "inprogress", "done", "cancelled", "noshow", null], "type": ["string", "null"]},
   "endsAt": {"type": "string", "format": "date-time"},
   "startsAt": {"type": "string", "format": "date-time"},
   "calendarId": {"type": "string", "format": "uuid"},
   "fromEndsAt": {"type": "string", "format": "date-time"},
   "fromStartsAt": {"type": "string", "format": "date-time"},
   "fromCalendarId": {"type": "string", "format": "uuid"},
   "fromServiceId": {"type": "string", "format": "uuid"},
   "fromSpecialistId": {"type": "string", "format": "uuid"},
   "serviceId": {"type": "string", "format": "uuid"},
   "specialistId": {"type": "string", "format": "uuid"},
   "appointmentId": {"type": "string", "format": "uuid"},
   "patientProfileId": {"type": "string", "format": "uuid"}}}
=======
name: appointment.reminder_due
version: 1
description: The clinic reminds of a visit that is near.
payload_schema:
{"type": "object", "additionalProperties": false,
 "required": ["appointmentId", "minutesBefore"],
 "properties": {
   "appointmentId": {"type": "string", "format": "uuid"},
   "minutesBefore": {"type": "integer"}}}
==========
name: appointment.started
version: 1
description: The patient is with the specialist.
payload_schema:
{"type": "object", "additionalProperties": false,
 "required": ["appointmentId", "patientProfileId", "specialistId", "serviceId", "startsAt", "endsAt"],
 "properties": {
   "to": {"enum": ["booked", "upcoming", "confirmed", "inprogress", "done", "cancelled", "noshow"], "type": "string"},
   "from": {"enum": ["booked", "upcoming", "confirmed", "inprogress", "done", "cancelled", "noshow", null], "type": ["string", "null"]},
   "endsAt": {"type": "string", "format": "date-time"},
   "startsAt": {"type": "string", "format": "date-time"},
   "serviceId": {"type": "string", "format": "uuid"},
   "specialistId": {"type": "string", "format": "uuid"},
   "appointmentId": {"type": "string", "format": "uuid"},
   "patientProfileId": {"type": "string", "format": "uuid"}}}
==========
name: appointment.upcoming
version: 1
description: An appointment is near.
payload_schema:
{"type": "object", "additionalProperties": false,
 "required": ["appointmentId", "patientProfileId", "specialistId", "serviceId", "startsAt", "endsAt"],
 "properties": {
   "to": {"enum": ["booked", "upcoming", "confirmed", "inprogress", "done", "cancelled", "noshow"], "type": "string"},
   "from": {"enum": ["booked", "upcoming", "confirmed", "inprogress", "done", "cancelled", "noshow", null], "type": ["string", "null"]},
   "endsAt": {"type": "string", "format": "date-time"},
   "startsAt": {"type": "string", "format": "date-time"},
   "serviceId": {"type": "string", "format": "uuid"},
   "specialistId": {"type": "string", "format": "uuid"},
   "appointmentId": {"type": "string", "format": "uuid"},
   "patientProfileId": {"type": "string", "format": "uuid"}}}
');
-- end of source: reference/appointments/appointment_events.sql

-- source: reference/appointments/appointment_transitions.sql
-- Who may move an appointment from where to where, from when on, what is published, and why nobody is told of it.
-- lead_minutes: the setting of the clinic that says how much earlier than not_before it may be. APT-01.
-- An empty from_state is creation. docs/state-machines/appointments.md is drawn from these rows.

select app_private.own_rows('app_private.state_transitions', scope => '{"entity": "appointments"}', rows => '
  from_state | to_state   | actor   | permission           | not_before | lead_minutes       | event                   | quiet_because
  -----------+------------+---------+----------------------+------------+--------------------+-------------------------+--------------------------------------------------------------------
             | booked     | patient |                      |            |                    | appointment.booked      |
             | booked     | staff   | appointments.manage  |            |                    | appointment.booked      |
  booked     | booked     | patient |                      |            |                    | appointment.rescheduled |
  booked     | booked     | staff   | appointments.manage  |            |                    | appointment.rescheduled |
  booked     | upcoming   | system  |                      |            |                    | appointment.upcoming    | Only time has passed: neither hour nor place has changed.
  booked     | confirmed  | patient |                      |            |                    | appointment.confirmed   | The invitation that the patient has stays as it is.
  booked     | confirmed  | staff   | appointments.manage  |            |                    | appointment.confirmed   | The invitation that the patient has stays as it is.
  booked     | inprogress | staff   | appointments.conduct | starts_at  | start_lead_minutes | appointment.started     | Patient and specialist are together.
  booked     | cancelled  | patient |                      |            |                    | appointment.cancelled   |
  booked     | cancelled  | staff   | appointments.manage  |            |                    | appointment.cancelled   |
  booked     | noshow     | staff   | appointments.conduct | starts_at  |                    | appointment.noshow      | What to say to somebody who did not come is for a person to decide.
  booked     | noshow     | system  |                      | ends_at    |                    | appointment.noshow      | What to say to somebody who did not come is for a person to decide.
  upcoming   | booked     | patient |                      |            |                    | appointment.rescheduled |
  upcoming   | booked     | staff   | appointments.manage  |            |                    | appointment.rescheduled |
  upcoming   | confirmed  | patient |                      |            |                    | appointment.confirmed   | The invitation that the patient has stays as it is.
  upcoming   | confirmed  | staff   | appointments.manage  |            |                    | appointment.confirmed   | The invitation that the patient has stays as it is.
  upcoming   | inprogress | staff   | appointments.conduct | starts_at  | start_lead_minutes | appointment.started     | Patient and specialist are together.
  upcoming   | cancelled  | patient |                      |            |                    | appointment.cancelled   |
  upcoming   | cancelled  | staff   | appointments.manage  |            |                    | appointment.cancelled   |
  upcoming   | noshow     | staff   | appointments.conduct | starts_at  |                    | appointment.noshow      | What to say to somebody who did not come is for a person to decide.
  upcoming   | noshow     | system  |                      | ends_at    |                    | appointment.noshow      | What to say to somebody who did not come is for a person to decide.
  confirmed  | booked     | patient |                      |            |                    | appointment.rescheduled |
  confirmed  | booked     | staff   | appointments.manage  |            |                    | appointment.rescheduled |
  confirmed  | inprogress | staff   | appointments.conduct | starts_at  | start_lead_minutes | appointment.started     | Patient and specialist are together.
  confirmed  | cancelled  | patient |                      |            |                    | appointment.cancelled   |
  confirmed  | cancelled  | staff   | appointments.manage  |            |                    | appointment.cancelled   |
  confirmed  | noshow     | staff   | appointments.conduct | starts_at  |                    | appointment.noshow      | What to say to somebody who did not come is for a person to decide.
  confirmed  | noshow     | system  |                      | ends_at    |                    | appointment.noshow      | What to say to somebody who did not come is for a person to decide.
  inprogress | done       | staff   | appointments.conduct | starts_at  |                    | appointment.done        | Patient and specialist were together.
  cancelled  | booked     | staff   | appointments.manage  |            |                    | appointment.reinstated  |
');
-- end of source: reference/appointments/appointment_transitions.sql

-- source: reference/appointments/review_events.sql
-- What is published about reviews. A version is never changed: a new one is added. FND-14.

select app_private.own_rows('app_private.event_types', scope => '{"subject_type": "appointment_review"}', rows => '
name: review.low_rating
version: 1
description: A patient gave fewer stars than the clinic wants to hear of at once.
payload_schema:
{"type": "object", "additionalProperties": false,
 "required": ["appointmentId", "specialistId", "rating"],
 "properties": {
   "rating": {"type": "integer"},
   "specialistId": {"type": "string", "format": "uuid"},
   "appointmentId": {"type": "string", "format": "uuid"}}}
');
-- end of source: reference/appointments/review_events.sql

-- source: reference/core/error_codes.sql
-- The codes of refusals: part of the API's contract (docs/error-codes.md). FND-29.

select app_private.own_rows('app_hidden.error_codes', rows => '
  code                  | sqlstate | http_status | meaning
  ----------------------+----------+-------------+-------------------------------------------------------------
  VALIDATION            | RX400    | 400         | The input breaks a rule; details.field or details.rule names which.
  UNAUTHENTICATED       | RX401    | 401         | The caller must sign in, or sign in again.
  FORBIDDEN             | RX403    | 403         | The caller is known but may not do this.
  NOT_FOUND             | RX404    | 404         | There is no such thing, or it is not the caller''s to see.
  ENTITLEMENT_EXHAUSTED | RX402    | 409         | The plan does not include this, or includes no more of it.
  CONFLICT              | RX409    | 409         | Something else already stands in the way.
  STATE                 | RX412    | 409         | The move is not legal from the present state; details.legal lists the legal ones.
  IMMUTABLE             | RX423    | 409         | What is written there is never changed.
  CAPABILITY_NOT_BUILT  | RX424    | 409         | The capability is declared and nothing implements it yet; details.capability names it.
  CONSENT_REQUIRED      | RX451    | 409         | A consent is missing; details names purpose and version.
  FORM_REQUIRED         | RX452    | 409         | A form must be signed first; details names it.
  NOT_READY             | RX453    | 409         | Something is asked of the patient first; details.missing lists all of it, each with what resolves it.
  SLOT_TAKEN            | RXSLT    | 409         | Somebody else has that time.
  GONE                  | RX410    | 410         | It existed and is over: used, expired or revoked.
  IDEMPOTENCY_MISMATCH  | RX422    | 422         | The idempotency key was used before with other content.
  RATE_LIMITED          | RX429    | 429         | Too many; details.retryAfterSeconds says when to try again.
');
-- end of source: reference/core/error_codes.sql

-- source: reference/events/event_consumers.sql
-- Who hears of events: each is a file of tasks/consumers. FND-14.

select app_private.own_rows('app_private.event_consumers', rows => '
  name             | description
  -----------------+---------------------------------------------------------------------------
  notifications    | Writes to guests, patients and the clinic about requests and appointments.
  predefined_forms | Gives a new clinic the templates of forms that the product brings.
  video            | Makes rooms for video appointments, takes them away, ends recordings.
');
-- end of source: reference/events/event_consumers.sql

-- source: reference/files/file_surfaces.sql
-- Where files may be attached: to what, by whom, how many, how large, what they hold and for how long; and which types
-- each takes. FND-13.

select app_private.own_rows('app_private.file_surfaces', rows => '
key: appointment_files
description: Findings, letters and pictures of an appointment that its patient sees.
owner_kind: appointment
audience: owner_readers
uploaded_by_owner: true
manage_permission: appointments.conduct
prefix: appointments
max_bytes: 26214400
max_files: 100
class: phi
retention: medical_record
written_anew: false
==========
key: appointment_notes
description: Papers of an appointment that stay within the clinic: the patient does not see them.
owner_kind: appointment
audience: staff
uploaded_by_owner: false
manage_permission: appointments.conduct
prefix: internal
max_bytes: 26214400
max_files: 100
class: phi
retention: medical_record
written_anew: false
==========
key: forms
description: What a form''s fields for files are answered with.
owner_kind: form
audience: owner_readers
uploaded_by_owner: true
manage_permission: forms.fill
prefix: forms
max_bytes: 26214400
max_files: 50
class: phi
retention: medical_record
written_anew: false
==========
key: organization_logo
description: The clinic''s logo.
owner_kind: organization
audience: owner_readers
uploaded_by_owner: false
manage_permission: organization.manage
prefix: logo
max_bytes: 1048576
max_files: 1
class: public
retention: clinic
written_anew: false
==========
key: service_attachments
description: What helps to choose or prepare: leaflets, pictures.
owner_kind: service
audience: owner_readers
uploaded_by_owner: false
manage_permission: services.manage
prefix: services
max_bytes: 10485760
max_files: 20
class: public
retention: clinic
written_anew: false
==========
key: specialist_signatures
description: The signature that goes onto documents.
owner_kind: specialist
audience: staff
uploaded_by_owner: true
manage_permission: specialists.manage
prefix: signatures
max_bytes: 524288
max_files: 100
class: pii_basic
retention: clinic
written_anew: true
');

select app_private.own_rows('app_private.file_surface_types', rows => '
  surface               | content_type
  ----------------------+----------------
  appointment_files     | application/pdf
  appointment_files     | image/jpeg
  appointment_files     | image/png
  appointment_files     | image/webp
  appointment_notes     | application/pdf
  appointment_notes     | image/jpeg
  appointment_notes     | image/png
  appointment_notes     | image/webp
  forms                 | application/pdf
  forms                 | image/jpeg
  forms                 | image/png
  forms                 | image/webp
  organization_logo     | image/jpeg
  organization_logo     | image/png
  organization_logo     | image/webp
  service_attachments   | application/pdf
  service_attachments   | image/jpeg
  service_attachments   | image/png
  service_attachments   | image/webp
  specialist_signatures | image/png
');
-- end of source: reference/files/file_surfaces.sql

-- source: reference/forms/form_events.sql
-- What is published about forms. A version is never changed: a new one is added. FRM-07, FND-14.

select app_private.own_rows('app_private.event_types', scope => '{"subject_type": "form"}', rows => '
name: form.cancelled
version: 1
description: A form that nobody had answered was taken back.
payload_schema:
{"type": "object", "additionalProperties": false,
 "required": ["formId", "patientId", "patientProfileId", "templateId", "versionId"],
 "properties": {
   "formId": {"type": "string", "format": "uuid"},
   "patientId": {"type": "string", "format": "uuid"},
   "versionId": {"type": "string", "format": "uuid"},
   "templateId": {"type": "string", "format": "uuid"},
   "appointmentId": {"type": "string", "format": "uuid"},
   "patientProfileId": {"type": "string", "format": "uuid"}}}
==========
name: form.completed
version: 1
description: Everything that a form asks was answered.
payload_schema:
{"type": "object", "additionalProperties": false,
 "required": ["formId", "patientId", "patientProfileId", "templateId", "versionId"],
 "properties": {
   "formId": {"type": "string", "format": "uuid"},
   "patientId": {"type": "string", "format": "uuid"},
   "versionId": {"type": "string", "format": "uuid"},
   "templateId": {"type": "string", "format": "uuid"},
   "appointmentId": {"type": "string", "format": "uuid"},
   "patientProfileId": {"type": "string", "format": "uuid"}}}
==========
name: form.created
version: 1
description: A patient has a form to fill in.
payload_schema:
{"type": "object", "additionalProperties": false,
 "required": ["formId", "patientId", "patientProfileId", "templateId", "versionId"],
 "properties": {
   "formId": {"type": "string", "format": "uuid"},
   "patientId": {"type": "string", "format": "uuid"},
   "versionId": {"type": "string", "format": "uuid"},
   "templateId": {"type": "string", "format": "uuid"},
   "appointmentId": {"type": "string", "format": "uuid"},
   "patientProfileId": {"type": "string", "format": "uuid"}}}
==========
name: form.reopened
version: 1
description: A complete form was opened again.
payload_schema:
{"type": "object", "additionalProperties": false,
 "required": ["formId", "patientId", "patientProfileId", "templateId", "versionId"],
 "properties": {
   "formId": {"type": "string", "format": "uuid"},
   "patientId": {"type": "string", "format": "uuid"},
   "versionId": {"type": "string", "format": "uuid"},
   "templateId": {"type": "string", "format": "uuid"},
   "appointmentId": {"type": "string", "format": "uuid"},
   "patientProfileId": {"type": "string", "format": "uuid"}}}
==========
name: form.signed
version: 1
description: A form was signed.
payload_schema:
{"type": "object", "additionalProperties": false,
 "required": ["formId", "patientId", "patientProfileId", "templateId", "versionId"],
 "properties": {
   "formId": {"type": "string", "format": "uuid"},
   "patientId": {"type": "string", "format": "uuid"},
   "versionId": {"type": "string", "format": "uuid"},
   "templateId": {"type": "string", "format": "uuid"},
   "appointmentId": {"type": "string", "format": "uuid"},
   "patientProfileId": {"type": "string", "format": "uuid"},
   "signatureMode": {"enum": ["click_typed", "drawn_kiosk", "remote_link"], "type": "string"}}}
');
-- end of source: reference/forms/form_events.sql

-- source: reference/forms/form_transitions.sql
-- Who may move a form from where to where, and what is published. Nothing follows signed: a correction is a new form that
-- amends it. FRM-04.
-- An empty from_state is creation. docs/state-machines/forms.md is drawn from these rows.

select app_private.own_rows('app_private.state_transitions', scope => '{"entity": "forms"}', rows => '
  from_state  | to_state    | actor   | permission | event          | quiet_because
  ------------+-------------+---------+------------+----------------+-------------------------------------------------------------
              | pending     | staff   | forms.fill | form.created   | It stands with the patient''s other forms, and a signature link says so itself.
              | pending     | system  |            | form.created   | It comes with an appointment, whose message is enough.
  pending     | in_progress | patient |            |                |
  pending     | in_progress | staff   | forms.fill |                |
  pending     | in_progress | system  |            |                |
  pending     | completed   | patient |            | form.completed | Whoever completed it was there.
  pending     | completed   | staff   | forms.fill | form.completed | Whoever completed it was there.
  pending     | completed   | system  |            | form.completed | Whoever completed it was there.
  pending     | cancelled   | staff   | forms.fill | form.cancelled | The clinic took back what nobody had answered.
  in_progress | completed   | patient |            | form.completed | Whoever completed it was there.
  in_progress | completed   | staff   | forms.fill | form.completed | Whoever completed it was there.
  in_progress | completed   | system  |            | form.completed | Whoever completed it was there.
  completed   | in_progress | patient |            | form.reopened  | Whoever opens it again goes on with it.
  completed   | in_progress | staff   | forms.fill | form.reopened  | Whoever opens it again goes on with it.
  completed   | signed      | patient |            | form.signed    | Whoever signed was there.
  completed   | signed      | staff   | forms.fill | form.signed    | Whoever signed was there.
  completed   | signed      | system  |            | form.signed    | Whoever signed was there.
');
-- end of source: reference/forms/form_transitions.sql

-- source: reference/identity/permissions.sql
-- Everything that can be allowed. FND-04. What the system roles have of it stands in system_roles.sql.

select app_private.own_rows('app_public.permissions', rows => '
  name                     | description
  -------------------------+-------------------------------------------------------------
  appointments.conduct     | Start and finish appointments, record no-shows
  appointments.manage      | Book, confirm, cancel; answer booking requests
  appointments.view        | See the clinic''s appointments and booking requests
  audit.view               | Read the clinic''s audit log
  calendars.manage         | Edit bookable calendars
  consent_texts.manage     | Publish the clinic''s consent texts and privacy notices
  consents.override        | Go on without a consent in an emergency, with a reason
  consents.record          | Record what patients accept, refuse and withdraw, on evidence
  form_templates.manage    | Edit and publish templates of forms and the clinic''s own fields
  forms.fill               | Make forms for patients, fill them in, complete and reopen them
  forms.view               | See the patients'' forms and what was answered
  integrations.manage      | Choose vendors and enter the keys of the clinic''s own accounts
  members.manage           | Add and remove members, give and take roles
  message_templates.manage | Edit the words of the clinic''s messages
  messages.view            | See which messages the clinic''s patients were sent
  organization.manage      | Change the clinic''s details and booking settings
  owners.manage            | Name and remove owners of the clinic
  patient_plans.manage     | Sell plans to patients, open access, change subscriptions, adjust what is left
  patient_plans.view       | See the plans and subscriptions of the clinic''s patients
  patient_tiers.manage     | Edit tiers and what they include
  patients.block           | Keep patients from booking by themselves, and decide about it
  patients.manage          | Add and edit patients and their caregivers
  patients.merge           | Merge two patients who are one person, and undo it
  patients.view            | See the clinic''s patients
  reviews.alerted          | Be told at once of reviews with few stars
  reviews.view             | Read patients'' reviews and the specialists'' ratings
  roles.manage             | Define the clinic''s own roles
  schedules.manage         | Edit every specialist''s hours
  schedules.manage_own     | Edit one''s own hours as a specialist
  service_plans.manage     | Edit service plans and products
  services.manage          | Edit services and who provides them
  specialists.manage       | Add, edit and remove specialists
  specialists.view_org     | See specialists'' accounts and contacts
  specialties.manage       | Edit the clinic''s own specialties
  suppressions.lift        | Let the clinic write again to an address that was reported as dead
');
-- end of source: reference/identity/permissions.sql

-- source: reference/identity/system_roles.sql
-- The roles that every clinic has, and what each allows in a clinic that is new. FND-04.
-- A clinic that is there already keeps what its roles have: give it more in a file of db/migrations/current that is
-- numbered above 900, under set role app_engine; take away before, in one that is numbered below.

select app_private.own_rows('app_public.system_roles', rows => '
  key        | name          | name_ro
  -----------+---------------+--------------
  owner      | Owner         | Proprietar
  admin      | Administrator | Administrator
  specialist | Specialist    | Specialist
  front_desk | Front desk    | Recepție
  billing    | Billing       | Facturare
');

select app_private.own_rows('app_public.system_role_permissions', scope => '{"role_key": "owner"}', rows => '
  permission
  ------------------------
  appointments.conduct
  appointments.manage
  appointments.view
  audit.view
  calendars.manage
  consent_texts.manage
  consents.override
  consents.record
  form_templates.manage
  forms.fill
  forms.view
  integrations.manage
  members.manage
  message_templates.manage
  messages.view
  organization.manage
  owners.manage
  patient_plans.manage
  patient_plans.view
  patient_tiers.manage
  patients.block
  patients.manage
  patients.merge
  patients.view
  reviews.alerted
  reviews.view
  roles.manage
  schedules.manage
  schedules.manage_own
  service_plans.manage
  services.manage
  specialists.manage
  specialists.view_org
  specialties.manage
  suppressions.lift
');

select app_private.own_rows('app_public.system_role_permissions', scope => '{"role_key": "admin"}', rows => '
  permission
  ------------------------
  appointments.conduct
  appointments.manage
  appointments.view
  audit.view
  calendars.manage
  consent_texts.manage
  consents.override
  consents.record
  form_templates.manage
  forms.fill
  forms.view
  integrations.manage
  members.manage
  message_templates.manage
  messages.view
  organization.manage
  patient_plans.manage
  patient_plans.view
  patient_tiers.manage
  patients.block
  patients.manage
  patients.merge
  patients.view
  reviews.alerted
  reviews.view
  roles.manage
  schedules.manage
  schedules.manage_own
  service_plans.manage
  services.manage
  specialists.manage
  specialists.view_org
  specialties.manage
  suppressions.lift
');

select app_private.own_rows('app_public.system_role_permissions', scope => '{"role_key": "specialist"}', rows => '
  permission
  --------------------
  appointments.conduct
  appointments.view
  consents.override
  consents.record
  forms.fill
  forms.view
  patient_plans.view
  patients.view
  schedules.manage_own
  specialists.view_org
');

select app_private.own_rows('app_public.system_role_permissions', scope => '{"role_key": "front_desk"}', rows => '
  permission
  --------------------
  appointments.conduct
  appointments.manage
  appointments.view
  consents.record
  forms.fill
  forms.view
  messages.view
  patient_plans.manage
  patient_plans.view
  patients.block
  patients.manage
  patients.view
  schedules.manage
  specialists.view_org
');

select app_private.own_rows('app_public.system_role_permissions', scope => '{"role_key": "billing"}', rows => '
  permission
  --------------------
  patient_plans.manage
  patient_plans.view
  specialists.view_org
');
-- end of source: reference/identity/system_roles.sql
reset role;

-- source: reference/notify/message_appointment_reminder.sql
-- The message appointment_reminder: what it needs, by which ways it goes, and its words on each. FND-15.
-- Sent messages point at the words they were written with, so a text is changed by a record of the next version.

select app_private.own_rows('app_private.message_types', scope => '{"key": "appointment_reminder"}', rows => '
topic: appointments
expires_with: startsAt
lasts: 15 days
variables: {serviceName,specialistName,startsAt,endsAt,timezone,modality}
sample: {"endsAt": "2027-03-08T08:00:00Z", "modality": "in_person", "startsAt": "2027-03-08T07:00:00Z", "timezone": "Europe/Bucharest", "serviceName": "Ședință de kinetoterapie", "specialistName": "Dr. Ana Ionescu"}
');

select app_private.own_rows('app_private.message_channels', scope => '{"template_key": "appointment_reminder"}', rows => '
  channel  | route  | rank | is_default
  ---------+--------+------+-----------
  email    | letter | 1    | true
  in_app   | inbox  | 1    | true
  push     | alert  | 1    | true
  whatsapp | alert  | 2    | false
  sms      | alert  | 3    | true
');

select app_private.own_rows('app_private.message_templates', scope => '{"template_key": "appointment_reminder"}', rows => '
channel: email
locale: ro
version: 1
title: Vă așteptăm: {{when}}
body:
Bună ziua, {{recipientName}},

Vă reamintim de programarea dumneavoastră:

{{serviceName}}
{{specialistName}}
{{when}}
{{#inPerson}}{{clinicAddress}}{{/inPerson}}{{#video}}Consultație video{{/video}}{{#phone}}Consultație telefonică{{/phone}}

Dacă nu puteți ajunge, vă rugăm să ne anunțați din timp{{#clinicPhone}} la {{clinicPhone}}{{/clinicPhone}}, ca ora să fie liberă pentru altcineva.

Vă așteptăm cu drag,
{{clinicName}}

==========
channel: email
locale: en
version: 1
title: See you: {{when}}
body:
Hello {{recipientName}},

This is a reminder of your appointment:

{{serviceName}}
{{specialistName}}
{{when}}
{{#inPerson}}{{clinicAddress}}{{/inPerson}}{{#video}}Video consultation{{/video}}{{#phone}}Phone consultation{{/phone}}

If you cannot make it, please let us know in good time{{#clinicPhone}} at {{clinicPhone}}{{/clinicPhone}}, so that somebody else can have the time.

We look forward to seeing you,
{{clinicName}}

==========
channel: in_app
locale: ro
version: 1
title: Vă așteptăm: {{when}}
body:
{{serviceName}}
{{specialistName}}
{{when}}
{{#inPerson}}{{clinicAddress}}{{/inPerson}}{{#video}}Consultație video{{/video}}{{#phone}}Consultație telefonică{{/phone}}
==========
channel: in_app
locale: en
version: 1
title: See you: {{when}}
body:
{{serviceName}}
{{specialistName}}
{{when}}
{{#inPerson}}{{clinicAddress}}{{/inPerson}}{{#video}}Video consultation{{/video}}{{#phone}}Phone consultation{{/phone}}
==========
channel: push
locale: ro
version: 1
title: {{clinicName}}
body: Vă așteptăm {{when}}.
==========
channel: push
locale: en
version: 1
title: {{clinicName}}
body: Your appointment is on {{when}}.
==========
channel: sms
locale: ro
version: 1
body: {{clinicName}}: vă așteptăm {{when}}.{{#inPerson}}{{#clinicAddress}} Adresa: {{clinicAddress}}.{{/clinicAddress}}{{/inPerson}}{{#clinicPhone}} Nu puteți ajunge? Sunați la {{clinicPhone}}.{{/clinicPhone}}
==========
channel: sms
locale: en
version: 1
body: {{clinicName}}: your appointment is on {{when}}.{{#inPerson}}{{#clinicAddress}} We are at {{clinicAddress}}.{{/clinicAddress}}{{/inPerson}}{{#clinicPhone}} Cannot make it? Call {{clinicPhone}}.{{/clinicPhone}}
==========
channel: whatsapp
locale: ro
version: 1
body: {{clinicName}}: vă așteptăm {{when}}.{{#inPerson}}{{#clinicAddress}} Adresa: {{clinicAddress}}.{{/clinicAddress}}{{/inPerson}}{{#clinicPhone}} Nu puteți ajunge? Sunați la {{clinicPhone}}.{{/clinicPhone}}
==========
channel: whatsapp
locale: en
version: 1
body: {{clinicName}}: your appointment is on {{when}}.{{#inPerson}}{{#clinicAddress}} We are at {{clinicAddress}}.{{/clinicAddress}}{{/inPerson}}{{#clinicPhone}} Cannot make it? Call {{clinicPhone}}.{{/clinicPhone}}
');
-- end of source: reference/notify/message_appointment_reminder.sql

-- source: reference/notify/message_appointment_rescheduled.sql
-- The message appointment_rescheduled: what it needs, by which ways it goes, and its words on each. FND-15.
-- Sent messages point at the words they were written with, so a text is changed by a record of the next version.

select app_private.own_rows('app_private.message_types', scope => '{"key": "appointment_rescheduled"}', rows => '
topic: appointments
calendar_status: CONFIRMED
urgent_within: 12:00:00
expires_with: startsAt
lasts: 2 days
variables: {serviceName,specialistName,startsAt,endsAt,timezone,modality}
sample: {"endsAt": "2027-03-08T08:00:00Z", "modality": "in_person", "startsAt": "2027-03-08T07:00:00Z", "timezone": "Europe/Bucharest", "serviceName": "Ședință de kinetoterapie", "specialistName": "Dr. Ana Ionescu"}
');

select app_private.own_rows('app_private.message_channels', scope => '{"template_key": "appointment_rescheduled"}', rows => '
  channel  | route  | rank | is_default
  ---------+--------+------+-----------
  email    | letter | 1    | true
  in_app   | inbox  | 1    | true
  push     | alert  | 1    | true
  whatsapp | alert  | 2    | false
  sms      | alert  | 3    | true
');

select app_private.own_rows('app_private.message_templates', scope => '{"template_key": "appointment_rescheduled"}', rows => '
channel: email
locale: ro
version: 1
title: Programare mutată: {{when}}
body:
Bună ziua, {{recipientName}},

Programarea dumneavoastră a fost mutată. Noua oră:

{{serviceName}}
{{specialistName}}
{{when}}
{{#inPerson}}{{clinicAddress}}{{/inPerson}}{{#video}}Consultație video{{/video}}{{#phone}}Consultație telefonică{{/phone}}

Dacă nu puteți ajunge, vă rugăm să ne anunțați din timp{{#clinicPhone}} la {{clinicPhone}}{{/clinicPhone}}.

Vă așteptăm cu drag,
{{clinicName}}

==========
channel: email
locale: en
version: 1
title: Appointment moved: {{when}}
body:
Hello {{recipientName}},

Your appointment was moved. The new time:

{{serviceName}}
{{specialistName}}
{{when}}
{{#inPerson}}{{clinicAddress}}{{/inPerson}}{{#video}}Video consultation{{/video}}{{#phone}}Phone consultation{{/phone}}

If you cannot make it, please let us know in good time{{#clinicPhone}} at {{clinicPhone}}{{/clinicPhone}}.

We look forward to seeing you,
{{clinicName}}

==========
channel: in_app
locale: ro
version: 1
title: Programare mutată: {{when}}
body:
{{serviceName}}
{{specialistName}}
{{when}}
{{#inPerson}}{{clinicAddress}}{{/inPerson}}{{#video}}Consultație video{{/video}}{{#phone}}Consultație telefonică{{/phone}}
==========
channel: in_app
locale: en
version: 1
title: Appointment moved: {{when}}
body:
{{serviceName}}
{{specialistName}}
{{when}}
{{#inPerson}}{{clinicAddress}}{{/inPerson}}{{#video}}Video consultation{{/video}}{{#phone}}Phone consultation{{/phone}}
==========
channel: push
locale: ro
version: 1
title: {{clinicName}}
body: Programarea dumneavoastră a fost mutată: {{when}}.
==========
channel: push
locale: en
version: 1
title: {{clinicName}}
body: Your appointment was moved to {{when}}.
==========
channel: sms
locale: ro
version: 1
body: {{clinicName}}: programarea dumneavoastră a fost mutată: {{when}}.{{#inPerson}}{{#clinicAddress}} Vă așteptăm la {{clinicAddress}}.{{/clinicAddress}}{{/inPerson}}{{#clinicPhone}} Întrebări: {{clinicPhone}}.{{/clinicPhone}}
==========
channel: sms
locale: en
version: 1
body: {{clinicName}}: your appointment was moved to {{when}}.{{#inPerson}}{{#clinicAddress}} We are at {{clinicAddress}}.{{/clinicAddress}}{{/inPerson}}{{#clinicPhone}} Questions: {{clinicPhone}}.{{/clinicPhone}}
==========
channel: whatsapp
locale: ro
version: 1
body: {{clinicName}}: programarea dumneavoastră a fost mutată: {{when}}.{{#inPerson}}{{#clinicAddress}} Vă așteptăm la {{clinicAddress}}.{{/clinicAddress}}{{/inPerson}}{{#clinicPhone}} Întrebări: {{clinicPhone}}.{{/clinicPhone}}
==========
channel: whatsapp
locale: en
version: 1
body: {{clinicName}}: your appointment was moved to {{when}}.{{#inPerson}}{{#clinicAddress}} We are at {{clinicAddress}}.{{/clinicAddress}}{{/inPerson}}{{#clinicPhone}} Questions: {{clinicPhone}}.{{/clinicPhone}}
');
-- end of source: reference/notify/message_appointment_rescheduled.sql

-- source: reference/notify/message_appointment_rescheduled_by_patient.sql
-- The message appointment_rescheduled_by_patient: what it needs, by which ways it goes, and its words on each. FND-15.
-- Sent messages point at the words they were written with, so a text is changed by a record of the next version.

select app_private.own_rows('app_private.message_types', scope => '{"key": "appointment_rescheduled_by_patient"}', rows => '
topic: clinic
expires_with: startsAt
lasts: 2 days
variables: {serviceName,specialistName,startsAt,endsAt,timezone,modality,patientName}
sample: {"endsAt": "2027-03-08T08:00:00Z", "modality": "in_person", "startsAt": "2027-03-08T07:00:00Z", "timezone": "Europe/Bucharest", "patientName": "Maria Ionescu", "serviceName": "Ședință de kinetoterapie", "specialistName": "Dr. Ana Ionescu"}
');

select app_private.own_rows('app_private.message_channels', scope => '{"template_key": "appointment_rescheduled_by_patient"}', rows => '
  channel | route  | rank | is_default
  --------+--------+------+-----------
  email   | letter | 1    | true
');

select app_private.own_rows('app_private.message_templates', scope => '{"template_key": "appointment_rescheduled_by_patient"}', rows => '
channel: email
locale: ro
version: 1
title: Programare mutată de pacient: {{when}}
body:
Bună ziua,

Programarea pacientului {{patientName}} a fost mutată din contul de pacient. Noua oră:

{{serviceName}}
{{specialistName}}
{{when}}
Ora de dinainte este din nou liberă.

==========
channel: email
locale: en
version: 1
title: Appointment moved by the patient: {{when}}
body:
Hello,

The appointment of {{patientName}} was moved from the patient account. The new time:

{{serviceName}}
{{specialistName}}
{{when}}
The time before is free again.

');
-- end of source: reference/notify/message_appointment_rescheduled_by_patient.sql

-- source: reference/notify/message_review_low_rating.sql
-- The message review_low_rating: what it needs, by which ways it goes, and its words on each. APT-04, FND-15.
-- Sent messages point at the words they were written with, so a text is changed by a record of the next version.

select app_private.own_rows('app_private.message_types', scope => '{"key": "review_low_rating"}', rows => '
topic: clinic
lasts: 7 days
variables: {rating,specialistName}
sample: {"rating": "2", "specialistName": "Dr. Ana Ionescu"}
');

select app_private.own_rows('app_private.message_channels', scope => '{"template_key": "review_low_rating"}', rows => '
  channel | route  | rank | is_default
  --------+--------+------+-----------
  email   | letter | 1    | true
  in_app  | inbox  | 1    | true
');

select app_private.own_rows('app_private.message_templates', scope => '{"template_key": "review_low_rating"}', rows => '
channel: email
locale: ro
version: 1
title: O evaluare cu {{rating}} din 5 stele
body:
Bună ziua, {{recipientName}},

Un pacient a evaluat o programare la {{specialistName}} cu {{rating}} din 5 stele.

Ce a scris se citește în lista de evaluări a clinicii. O discuție în primele zile ajută cel mai mult.

{{clinicName}}

==========
channel: email
locale: en
version: 1
title: A review with {{rating}} of 5 stars
body:
Hello {{recipientName}},

A patient gave an appointment with {{specialistName}} {{rating}} of 5 stars.

What they wrote stands in the clinic''s list of reviews. A talk within the first days helps most.

{{clinicName}}

==========
channel: in_app
locale: ro
version: 1
title: Evaluare: {{rating}} din 5 stele
body:
{{specialistName}}
==========
channel: in_app
locale: en
version: 1
title: Review: {{rating}} of 5 stars
body:
{{specialistName}}
');
-- end of source: reference/notify/message_review_low_rating.sql

-- source: reference/notify/message_specialist_appointment_booked.sql
-- The message specialist_appointment_booked: what it needs, by which ways it goes, and its words on each. APT-08, FND-15.
-- Sent messages point at the words they were written with, so a text is changed by a record of the next version.

select app_private.own_rows('app_private.message_types', scope => '{"key": "specialist_appointment_booked"}', rows => '
topic: own_visits
calendar_status: CONFIRMED
expires_with: startsAt
lasts: 2 days
variables: {serviceName,specialistName,startsAt,endsAt,timezone,modality,patientName}
sample: {"endsAt": "2027-03-08T08:00:00Z", "modality": "in_person", "startsAt": "2027-03-08T07:00:00Z", "timezone": "Europe/Bucharest", "patientName": "Maria Ionescu", "serviceName": "Ședință de kinetoterapie", "specialistName": "Dr. Ana Ionescu"}
');

select app_private.own_rows('app_private.message_channels', scope => '{"template_key": "specialist_appointment_booked"}', rows => '
  channel | route  | rank | is_default
  --------+--------+------+-----------
  email   | letter | 1    | true
  in_app  | inbox  | 1    | true
');

select app_private.own_rows('app_private.message_templates', scope => '{"template_key": "specialist_appointment_booked"}', rows => '
channel: email
locale: ro
version: 1
title: Programare nouă: {{when}}
body:
Bună ziua, {{recipientName}},

Aveți o programare nouă:

{{serviceName}}
{{patientName}}
{{when}}
{{#video}}Consultație video{{/video}}{{#phone}}Consultație telefonică{{/phone}}

Fișierul de calendar este atașat.

{{clinicName}}

==========
channel: in_app
locale: ro
version: 1
title: Programare nouă: {{when}}
body:
{{serviceName}}
{{patientName}}
{{when}}
{{#video}}Consultație video{{/video}}{{#phone}}Consultație telefonică{{/phone}}
==========
channel: email
locale: en
version: 1
title: New appointment: {{when}}
body:
Hello {{recipientName}},

You have a new appointment:

{{serviceName}}
{{patientName}}
{{when}}
{{#video}}Video consultation{{/video}}{{#phone}}Phone consultation{{/phone}}

The calendar file is attached.

{{clinicName}}

==========
channel: in_app
locale: en
version: 1
title: New appointment: {{when}}
body:
{{serviceName}}
{{patientName}}
{{when}}
{{#video}}Video consultation{{/video}}{{#phone}}Phone consultation{{/phone}}
');
-- end of source: reference/notify/message_specialist_appointment_booked.sql

-- source: reference/notify/message_specialist_appointment_cancelled.sql
-- The message specialist_appointment_cancelled: what it needs, by which ways it goes, and its words on each. APT-08, FND-15.
-- Sent messages point at the words they were written with, so a text is changed by a record of the next version.

select app_private.own_rows('app_private.message_types', scope => '{"key": "specialist_appointment_cancelled"}', rows => '
topic: own_visits
calendar_status: CANCELLED
expires_with: startsAt
lasts: 2 days
variables: {serviceName,specialistName,startsAt,endsAt,timezone,modality,patientName}
sample: {"endsAt": "2027-03-08T08:00:00Z", "modality": "in_person", "startsAt": "2027-03-08T07:00:00Z", "timezone": "Europe/Bucharest", "patientName": "Maria Ionescu", "serviceName": "Ședință de kinetoterapie", "specialistName": "Dr. Ana Ionescu"}
');

select app_private.own_rows('app_private.message_channels', scope => '{"template_key": "specialist_appointment_cancelled"}', rows => '
  channel | route  | rank | is_default
  --------+--------+------+-----------
  email   | letter | 1    | true
  in_app  | inbox  | 1    | true
');

select app_private.own_rows('app_private.message_templates', scope => '{"template_key": "specialist_appointment_cancelled"}', rows => '
channel: email
locale: ro
version: 1
title: Programare anulată: {{when}}
body:
Bună ziua, {{recipientName}},

O programare nu mai este a dumneavoastră:

{{serviceName}}
{{patientName}}
{{when}}
{{#video}}Consultație video{{/video}}{{#phone}}Consultație telefonică{{/phone}}

Fișierul de calendar atașat scoate intrarea.

{{clinicName}}

==========
channel: in_app
locale: ro
version: 1
title: Programare anulată: {{when}}
body:
{{serviceName}}
{{patientName}}
{{when}}
{{#video}}Consultație video{{/video}}{{#phone}}Consultație telefonică{{/phone}}
==========
channel: email
locale: en
version: 1
title: Appointment called off: {{when}}
body:
Hello {{recipientName}},

An appointment is no longer yours:

{{serviceName}}
{{patientName}}
{{when}}
{{#video}}Video consultation{{/video}}{{#phone}}Phone consultation{{/phone}}

The attached calendar file takes the entry out.

{{clinicName}}

==========
channel: in_app
locale: en
version: 1
title: Appointment called off: {{when}}
body:
{{serviceName}}
{{patientName}}
{{when}}
{{#video}}Video consultation{{/video}}{{#phone}}Phone consultation{{/phone}}
');
-- end of source: reference/notify/message_specialist_appointment_cancelled.sql

-- source: reference/notify/message_specialist_appointment_rescheduled.sql
-- The message specialist_appointment_rescheduled: what it needs, by which ways it goes, and its words on each. APT-08, FND-15.
-- Sent messages point at the words they were written with, so a text is changed by a record of the next version.

select app_private.own_rows('app_private.message_types', scope => '{"key": "specialist_appointment_rescheduled"}', rows => '
topic: own_visits
calendar_status: CONFIRMED
expires_with: startsAt
lasts: 2 days
variables: {serviceName,specialistName,startsAt,endsAt,timezone,modality,patientName}
sample: {"endsAt": "2027-03-08T08:00:00Z", "modality": "in_person", "startsAt": "2027-03-08T07:00:00Z", "timezone": "Europe/Bucharest", "patientName": "Maria Ionescu", "serviceName": "Ședință de kinetoterapie", "specialistName": "Dr. Ana Ionescu"}
');

select app_private.own_rows('app_private.message_channels', scope => '{"template_key": "specialist_appointment_rescheduled"}', rows => '
  channel | route  | rank | is_default
  --------+--------+------+-----------
  email   | letter | 1    | true
  in_app  | inbox  | 1    | true
');

select app_private.own_rows('app_private.message_templates', scope => '{"template_key": "specialist_appointment_rescheduled"}', rows => '
channel: email
locale: ro
version: 1
title: Programare mutată: {{when}}
body:
Bună ziua, {{recipientName}},

O programare a dumneavoastră are altă oră:

{{serviceName}}
{{patientName}}
{{when}}
{{#video}}Consultație video{{/video}}{{#phone}}Consultație telefonică{{/phone}}

Fișierul de calendar atașat înlocuiește intrarea de dinainte.

{{clinicName}}

==========
channel: in_app
locale: ro
version: 1
title: Programare mutată: {{when}}
body:
{{serviceName}}
{{patientName}}
{{when}}
{{#video}}Consultație video{{/video}}{{#phone}}Consultație telefonică{{/phone}}
==========
channel: email
locale: en
version: 1
title: Appointment moved: {{when}}
body:
Hello {{recipientName}},

One of your appointments has another time:

{{serviceName}}
{{patientName}}
{{when}}
{{#video}}Video consultation{{/video}}{{#phone}}Phone consultation{{/phone}}

The attached calendar file replaces the entry before.

{{clinicName}}

==========
channel: in_app
locale: en
version: 1
title: Appointment moved: {{when}}
body:
{{serviceName}}
{{patientName}}
{{when}}
{{#video}}Video consultation{{/video}}{{#phone}}Phone consultation{{/phone}}
');
-- end of source: reference/notify/message_specialist_appointment_rescheduled.sql

-- source: reference/notify/message_topics.sql
-- What people may choose to hear about. FND-15.

select app_private.own_rows('app_public.message_topics', rows => '
  key          | kind          | name                              | name_ro
  -------------+---------------+-----------------------------------+-----------------------------------
  appointments | transactional | Appointments and booking requests | Programări și cereri de programare
  clinic       | transactional | Work at the clinic                | Activitatea clinicii
  forms        | transactional | Forms to fill in and sign         | Formulare de completat și semnat
  news         | marketing     | News and offers                   | Noutăți și oferte
  own_visits   | transactional | My appointments as a specialist   | Programările mele ca specialist
  terms        | transactional | Terms and privacy notices         | Termeni și note de informare
');
-- end of source: reference/notify/message_topics.sql

-- source: reference/notify/notifications.sql
-- Which events people are written to about, and by which function of app_private each area says who is told. FND-14, FND-15.

select app_private.own_rows('app_private.event_subscriptions', scope => '{"consumer": "notifications"}', rows => '
  event_name                  | messages_function
  ----------------------------+-------------------------------
  appointment.booked          | messages_about_appointment
  appointment.cancelled       | messages_about_appointment
  appointment.changed         | messages_about_changed_appointment
  appointment.patient_changed | messages_about_changed_patient
  appointment.reinstated      | messages_about_appointment
  appointment.rescheduled     | messages_about_appointment
  appointment.reminder_due    | messages_about_reminder
  booking_request.confirmed   | messages_about_booking_request
  booking_request.expired     | messages_about_booking_request
  booking_request.received    | messages_about_booking_request
  booking_request.rejected    | messages_about_booking_request
  booking_request.withdrawn   | messages_about_booking_request
  organization.activated      | messages_about_organization
  privacy_notice.published    | messages_about_privacy_notice
  review.low_rating           | messages_about_review
');
-- end of source: reference/notify/notifications.sql

-- source: reference/patients/patient_events.sql
-- What is published about patients. A version is never changed: a new one is added. FND-14.

select app_private.own_rows('app_private.event_types', scope => '{"subject_type": "patient"}', rows => '
name: patient.booking_block_contested
version: 1
description: A patient asked for another person to look at why they may not book by themselves.
payload_schema:
{"type": "object", "additionalProperties": false,
 "required": ["patientId", "bookingBlockId"],
 "properties": {
   "patientId": {"type": "string", "format": "uuid"},
   "bookingBlockId": {"type": "string", "format": "uuid"}}}
==========
name: patient.booking_block_lifted
version: 1
description: A patient may book by themselves again.
payload_schema:
{"type": "object", "additionalProperties": false,
 "required": ["patientId", "bookingBlockId"],
 "properties": {
   "patientId": {"type": "string", "format": "uuid"},
   "bookingBlockId": {"type": "string", "format": "uuid"}}}
==========
name: patient.booking_block_upheld
version: 1
description: Somebody else looked at it, and the patient still may not book by themselves.
payload_schema:
{"type": "object", "additionalProperties": false,
 "required": ["patientId", "bookingBlockId"],
 "properties": {
   "patientId": {"type": "string", "format": "uuid"},
   "bookingBlockId": {"type": "string", "format": "uuid"}}}
==========
name: patient.booking_blocked
version: 1
description: A clinic keeps a patient from booking by themselves.
payload_schema:
{"type": "object", "additionalProperties": false,
 "required": ["patientId", "bookingBlockId"],
 "properties": {
   "patientId": {"type": "string", "format": "uuid"},
   "bookingBlockId": {"type": "string", "format": "uuid"}}}
==========
name: patient.merge_undone
version: 1
description: Two patients who were merged are two again.
payload_schema:
{"type": "object", "additionalProperties": false,
 "required": ["patientId", "mergedPatientId"],
 "properties": {
   "patientId": {"type": "string", "format": "uuid"},
   "mergedPatientId": {"type": "string", "format": "uuid"}}}
==========
name: patient.merged
version: 1
description: Two patients of a clinic were one person, and are one patient now.
payload_schema:
{"type": "object", "additionalProperties": false,
 "required": ["patientId", "mergedPatientId"],
 "properties": {
   "patientId": {"type": "string", "format": "uuid"},
   "mergedPatientId": {"type": "string", "format": "uuid"}}}
==========
name: patient.onboarded
version: 1
description: A person became a patient of a clinic.
payload_schema:
{"type": "object", "additionalProperties": false,
 "required": ["patientId", "patientProfileId"],
 "properties": {
   "patientId": {"type": "string", "format": "uuid"},
   "patientProfileId": {"type": "string", "format": "uuid"}}}
==========
name: patient.profile_completed
version: 1
description: A clinic has every fact of a patient that it asks for, for the first time.
payload_schema:
{"type": "object", "additionalProperties": false,
 "required": ["patientId", "patientProfileId"],
 "properties": {
   "patientId": {"type": "string", "format": "uuid"},
   "patientProfileId": {"type": "string", "format": "uuid"}}}
');
-- end of source: reference/patients/patient_events.sql

-- source: reference/providers/service_providers.sql
-- Vendors, and what a clinic enters to use an account of its own there. FND-22, FND-23.
-- kind: how a value is read; secret and password are sealed. destination: a change of it makes the keys be entered anew.

select app_private.own_rows('app_public.service_providers', rows => '
key: bunny
name: Bunny Stream
credential_fields: [
  {"kind": "secret", "name": "apiKey", "label": "Library API key", "labelRo": "Cheie API a bibliotecii", "required": true},
  {"kind": "secret", "name": "tokenKey", "label": "Token authentication key", "labelRo": "Cheie de autentificare", "required": true}]
settings_fields: [
  {"kind": "text", "name": "libraryId", "label": "Library ID", "labelRo": "ID bibliotecă", "required": true, "destination": true},
  {"kind": "text", "name": "pullZone", "label": "Pull zone", "labelRo": "Zonă de distribuție", "required": true, "destination": true}]
==========
key: daily
name: Daily.co
credential_fields: [
  {"kind": "secret", "name": "apiKey", "label": "API key", "labelRo": "Cheie API", "required": true},
  {"kind": "secret", "name": "webhookSecret", "label": "Webhook signing secret", "labelRo": "Secret de semnare webhook", "required": false}]
settings_fields: [
  {"kind": "text", "name": "domain", "label": "Domain", "labelRo": "Domeniu", "required": true, "destination": true}]
==========
key: fgo
name: FGO
credential_fields: [
  {"kind": "secret", "name": "privateKey", "label": "Private key", "labelRo": "Cheie privată", "required": true}]
settings_fields: [
  {"kind": "text", "name": "companyCode", "label": "Tax code of the company", "labelRo": "Cod unic de înregistrare", "required": true, "destination": true},
  {"kind": "text", "name": "invoiceSeries", "label": "Invoice series", "labelRo": "Serie facturi", "required": true, "destination": false}]
==========
key: manual
name: By hand
credential_fields: []
settings_fields: []
==========
key: s3
name: Amazon S3 or compatible
credential_fields: [
  {"kind": "text", "name": "accessKeyId", "label": "Access key ID", "labelRo": "ID cheie de acces", "required": true},
  {"kind": "secret", "name": "secretAccessKey", "label": "Secret access key", "labelRo": "Cheie secretă de acces", "required": true}]
settings_fields: [
  {"kind": "text", "name": "bucket", "label": "Bucket", "labelRo": "Bucket", "required": true, "destination": true},
  {"kind": "text", "name": "region", "label": "Region", "labelRo": "Regiune", "required": true, "destination": true},
  {"kind": "url", "name": "endpoint", "label": "Endpoint, if not Amazon", "labelRo": "Adresa serviciului, dacă nu este Amazon", "required": false, "destination": true}]
==========
key: ses
name: Amazon SES
credential_fields: [
  {"kind": "text", "name": "accessKeyId", "label": "Access key ID", "labelRo": "ID cheie de acces", "required": true},
  {"kind": "secret", "name": "secretAccessKey", "label": "Secret access key", "labelRo": "Cheie secretă de acces", "required": true}]
settings_fields: [
  {"kind": "text", "name": "region", "label": "Region", "labelRo": "Regiune", "required": true, "destination": true},
  {"kind": "email", "name": "sender", "label": "Verified sender", "labelRo": "Expeditor verificat", "required": true, "destination": true},
  {"kind": "text", "name": "configurationSet", "label": "Configuration set", "labelRo": "Set de configurare", "required": false, "destination": false}]
==========
key: smtp
name: SMTP
credential_fields: [
  {"kind": "text", "name": "username", "label": "User name", "labelRo": "Utilizator", "required": true},
  {"kind": "password", "name": "password", "label": "Password", "labelRo": "Parolă", "required": true}]
settings_fields: [
  {"kind": "text", "name": "host", "label": "Server", "labelRo": "Server", "required": true, "destination": true},
  {"kind": "integer", "name": "port", "label": "Port", "labelRo": "Port", "required": true, "destination": true},
  {"kind": "email", "name": "sender", "label": "Sender", "labelRo": "Expeditor", "required": true, "destination": true}]
==========
key: stripe
name: Stripe
credential_fields: [
  {"kind": "secret", "name": "secretKey", "label": "Secret key", "labelRo": "Cheie secretă", "required": true},
  {"kind": "secret", "name": "webhookSecret", "label": "Webhook signing secret", "labelRo": "Secret de semnare webhook", "required": true}]
settings_fields: []
==========
key: twilio
name: Twilio
credential_fields: [
  {"kind": "text", "name": "accountSid", "label": "Account SID", "labelRo": "Account SID", "required": true},
  {"kind": "secret", "name": "authToken", "label": "Auth token", "labelRo": "Auth token", "required": true}]
settings_fields: [
  {"kind": "text", "name": "smsSender", "label": "SMS sender (number or name)", "labelRo": "Expeditor SMS (număr sau nume)", "required": false, "destination": true},
  {"kind": "phone", "name": "whatsappSender", "label": "WhatsApp number", "labelRo": "Număr WhatsApp", "required": false, "destination": true},
  {"kind": "text", "name": "messagingServiceSid", "label": "Messaging service SID", "labelRo": "SID serviciu de mesaje", "required": false, "destination": true}]
==========
key: web_push
name: Web Push
credential_fields: [
  {"kind": "secret", "name": "vapidPrivateKey", "label": "VAPID private key", "labelRo": "Cheie VAPID privată", "required": true}]
settings_fields: [
  {"kind": "text", "name": "vapidPublicKey", "label": "VAPID public key", "labelRo": "Cheie VAPID publică", "required": true, "destination": true}]
');
-- end of source: reference/providers/service_providers.sql

-- source: reference/video/video_consumer.sql
-- What the consumer "video" hears of: whatever may change whether an appointment has a room. APT-07, FND-14.

select app_private.own_rows('app_private.event_subscriptions', scope => '{"consumer": "video"}', rows => '
  event_name                  | messages_function
  ----------------------------+------------------
  appointment.cancelled       |
  appointment.changed         |
  appointment.done            |
  appointment.noshow          |
  appointment.patient_changed |
  appointment.started         |
  consent.granted             |
  consent.withdrawn           |
');
-- end of source: reference/video/video_consumer.sql

-- source: reference/video/video_transitions.sql
-- What becomes of rooms for video calls and of recordings: the worker moves them. APT-07.
-- An empty from_state is creation. docs/state-machines/video_rooms.md and video_recordings.md are drawn from these rows.

select app_private.own_rows('app_private.state_transitions', scope => '{"entity": "video_rooms"}', rows => '
  from_state     | to_state       | actor
  ---------------+----------------+-------
                 | awaits_consent | system
                 | wanted         | system
  awaits_consent | wanted         | system
  awaits_consent | closed         | system
  wanted         | ready          | system
  wanted         | delayed        | system
  wanted         | closing        | system
  delayed        | ready          | system
  delayed        | closing        | system
  ready          | closing        | system
  closing        | closed         | system
  closed         | awaits_consent | system
  closed         | wanted         | system
');

select app_private.own_rows('app_private.state_transitions', scope => '{"entity": "video_recordings"}', rows => '
  from_state | to_state | actor
  -----------+----------+-------
             | starting | system
  starting   | running  | system
  starting   | stopping | system
  starting   | failed   | system
  running    | stopping | system
  running    | stopped  | system
  stopping   | stopped  | system
');
-- end of source: reference/video/video_transitions.sql

select app_private.write_owned_rows();

--! split: 924-booking_blocks_permission.sql
-- Clinics that are there already: their system roles get what new clinics' roles have. FND-04, APT-06.
set local role app_engine;
insert into app_public.role_permissions (organization_id, role_id, permission)
select roles.organization_id, roles.id, system_role_permissions.permission
from app_public.roles
join app_public.system_role_permissions on system_role_permissions.role_key = roles.key
where system_role_permissions.permission = 'patients.block'
on conflict do nothing;
reset role;

--! split: 951-review-permissions.sql
-- Owners and administrators of clinics that are there already read reviews, and are told of low ratings. APT-04.

set local role app_engine;
insert into app_public.role_permissions (organization_id, role_id, permission)
select roles.organization_id, roles.id, permissions.name
from app_public.roles
cross join app_public.permissions
where roles.system_role_key in ('owner', 'admin') and permissions.name in ('reviews.view', 'reviews.alerted')
on conflict do nothing;
reset role;
