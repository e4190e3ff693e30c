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

