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

