-- People who wait for a time of a calendar, and what they were offered. SCH-10.
-- squawk-ignore ban-drop-table
drop table if exists app_public.waitlist_offers;
-- squawk-ignore ban-drop-table
drop table if exists app_public.waitlist_entries;
drop type if exists app_public.waitlist_receipt;

create table app_public.waitlist_entries (
  id uuid primary key default uuidv7(),
  organization_id uuid not null references app_public.organizations on delete restrict,
  calendar_id uuid not null,
  specialist_id uuid,
  patient_profile_id uuid,
  status text not null default 'waiting',
  starts_on date not null,
  ends_on date not null,
  weekdays int[] not null default '{1,2,3,4,5,6,7}',
  earliest time not null default '00:00',
  latest time not null default '24:00',
  given_name text,
  family_name text,
  email text,
  phone text,
  locale text not null,
  token_hash bytea not null,
  visitor_id text,
  address inet,
  created_by uuid references app_public.principals on delete restrict,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  ended_at timestamptz,
  constraint waitlist_entries_identity unique (organization_id, id),
  constraint waitlist_entries_calendar_fkey foreign key (organization_id, calendar_id)
    references app_public.calendars (organization_id, id) on delete restrict,
  constraint waitlist_entries_specialist_fkey foreign key (organization_id, specialist_id)
    references app_public.specialists (organization_id, id) on delete restrict,
  constraint waitlist_entries_are_of_a_patient foreign key (organization_id, patient_profile_id)
    references app_public.patients (organization_id, patient_profile_id) on delete restrict,
  constraint waitlist_entries_status_is_known check (status in ('waiting', 'offered', 'taken', 'left', 'expired')),
  constraint waitlist_entries_first_day_before_last check (starts_on <= ends_on and isfinite(starts_on) and isfinite(ends_on)),
  constraint waitlist_entries_weekdays_are_days check (
    cardinality(weekdays) between 1 and 7 and array_position(weekdays, null) is null and weekdays <@ '{1,2,3,4,5,6,7}'),
  constraint waitlist_entries_earliest_before_latest check (earliest <= latest),
  constraint waitlist_entries_name_whom_to_write_to check (
    case when patient_profile_id is null
      then given_name is not null and family_name is not null and email is not null and phone is not null
      else given_name is null and family_name is null and email is null and phone is null end),
  constraint waitlist_entries_given_name_is_not_blank check (given_name ~ '[[:alnum:]]'),
  constraint waitlist_entries_given_name_is_at_most_100_characters_long check (length(given_name) <= 100),
  constraint waitlist_entries_given_name_is_one_line check (given_name !~ '[[:cntrl:]]'),
  constraint waitlist_entries_family_name_is_not_blank check (family_name ~ '[[:alnum:]]'),
  constraint waitlist_entries_family_name_is_at_most_100_characters_long check (length(family_name) <= 100),
  constraint waitlist_entries_family_name_is_one_line check (family_name !~ '[[:cntrl:]]'),
  constraint waitlist_entries_email_is_valid check (email ~ '^[A-Za-z0-9.!#$%&''*+/=?^_`{|}~-]+@[A-Za-z0-9]([A-Za-z0-9-]*[A-Za-z0-9])?(\.[A-Za-z0-9]([A-Za-z0-9-]*[A-Za-z0-9])?)+$' and length(email) <= 254),
  constraint waitlist_entries_phone_is_a_phone_number check (phone ~ '^\+[1-9][0-9]{6,14}$'),
  constraint waitlist_entries_locale_is_supported check (locale in ('ro', 'en')),
  constraint waitlist_entries_token_hash_is_a_digest check (octet_length(token_hash) = 32),
  constraint waitlist_entries_end_once_they_are_over check ((status in ('waiting', 'offered')) = (ended_at is null))
);
create index waitlist_entries_calendar_idx on app_public.waitlist_entries (organization_id, calendar_id, created_at, id);
create index waitlist_entries_waiting_idx on app_public.waitlist_entries (organization_id, calendar_id, created_at, id)
  where status in ('waiting', 'offered');
create index waitlist_entries_specialist_idx on app_public.waitlist_entries (organization_id, specialist_id);
create index waitlist_entries_patient_idx on app_public.waitlist_entries (organization_id, patient_profile_id, created_at);
create index waitlist_entries_email_idx on app_public.waitlist_entries (organization_id, email) where status in ('waiting', 'offered');
create index waitlist_entries_visitor_idx on app_public.waitlist_entries (visitor_id, created_at);
create index waitlist_entries_address_idx on app_public.waitlist_entries (address, created_at);
create index waitlist_entries_created_by_idx on app_public.waitlist_entries (created_by);
create index waitlist_entries_ended_idx on app_public.waitlist_entries (ended_at);
create unique index waitlist_entries_token_is_unique on app_public.waitlist_entries (token_hash);
comment on table app_public.waitlist_entries is 'Somebody who waits for a time of a calendar, in the order of joining.';
comment on column app_public.waitlist_entries.calendar_id is 'In which calendar a time is wished for, by its id.';
comment on column app_public.waitlist_entries.specialist_id is 'With whom; null with anybody.';
comment on column app_public.waitlist_entries.patient_profile_id is 'The patient who waits; null for a guest, who says name and address.';
comment on column app_public.waitlist_entries.starts_on is 'The first day that suits, on the calendar''s clocks.';
comment on column app_public.waitlist_entries.ends_on is 'The last day that suits.';
comment on column app_public.waitlist_entries.weekdays is 'Which days of the week suit: 1 is Monday, 7 Sunday.';
comment on column app_public.waitlist_entries.earliest is 'From which time of the day on it may begin, on the calendar''s clocks.';
comment on column app_public.waitlist_entries.latest is 'Until which time of the day it may begin.';
comment on column app_public.waitlist_entries.given_name is 'The given name of a guest; null where a patient waits.';
comment on column app_public.waitlist_entries.family_name is 'The family name of a guest; null where a patient waits.';
comment on column app_public.waitlist_entries.email is 'Where a guest is written to; null where a patient waits.';
comment on column app_public.waitlist_entries.phone is 'Where a guest is called; null where a patient waits.';
comment on column app_public.waitlist_entries.created_by is 'Who wrote it down, by the id of their account; null for a visitor.';
comment on column app_public.waitlist_entries.ended_at is 'When it was over; null while somebody waits.';
comment on constraint waitlist_entries_status_is_known on app_public.waitlist_entries is E'waiting: A time that suits is offered when there is one.\n'
  'offered: A time is kept for them until they take it, or the offer ends.\ntaken: They have a time.\nleft: They do not wait any more.\n'
  'expired: The days are over, or no offer was answered.';
comment on constraint waitlist_entries_are_of_a_patient on app_public.waitlist_entries is E'@fieldName patient\n@behavior -backward:*';

create table app_public.waitlist_offers (
  id uuid primary key default uuidv7(),
  organization_id uuid not null references app_public.organizations on delete restrict,
  waitlist_entry_id uuid not null,
  claim_id uuid,
  specialist_id uuid not null,
  starts_at timestamptz not null,
  ends_at timestamptz not null,
  expires_at timestamptz not null,
  created_by uuid references app_public.principals on delete restrict,
  created_at timestamptz not null default now(),
  outcome text,
  ended_at timestamptz,
  constraint waitlist_offers_identity unique (organization_id, id),
  constraint waitlist_offers_entry_fkey foreign key (organization_id, waitlist_entry_id)
    references app_public.waitlist_entries (organization_id, id) on delete cascade,
  constraint waitlist_offers_claim_fkey foreign key (organization_id, claim_id)
    references app_private.time_claims (organization_id, id) on delete set null (claim_id),
  constraint waitlist_offers_specialist_fkey foreign key (organization_id, specialist_id)
    references app_public.specialists (organization_id, id) on delete restrict,
  constraint waitlist_offers_end_after_start check (starts_at < ends_at),
  constraint waitlist_offers_outcome_is_known check (outcome in ('taken', 'declined', 'expired', 'withdrawn')),
  constraint waitlist_offers_end_with_an_outcome check ((outcome is null) = (ended_at is null))
);
create index waitlist_offers_entry_idx on app_public.waitlist_offers (organization_id, waitlist_entry_id, created_at, id);
create unique index waitlist_offers_one_is_open on app_public.waitlist_offers (organization_id, waitlist_entry_id) where outcome is null;
create unique index waitlist_offers_claim_is_offered_once on app_public.waitlist_offers (organization_id, claim_id);
create index waitlist_offers_specialist_idx on app_public.waitlist_offers (organization_id, specialist_id, starts_at);
create index waitlist_offers_created_by_idx on app_public.waitlist_offers (created_by);
create index waitlist_offers_ended_idx on app_public.waitlist_offers (ended_at);
comment on table app_public.waitlist_offers is 'A time that was kept for somebody who waits, and what became of it.';
comment on column app_public.waitlist_offers.waitlist_entry_id is 'For whom, by the id of the entry.';
comment on column app_public.waitlist_offers.expires_at is 'Until when it can be taken.';
comment on column app_public.waitlist_offers.created_by is 'Who offered it by hand, by the id of their account; null where the waitlist did.';
comment on column app_public.waitlist_offers.outcome is 'What became of it; null while it is open.';
comment on column app_public.waitlist_offers.ended_at is 'When it was over; null while it is open.';
comment on constraint waitlist_offers_outcome_is_known on app_public.waitlist_offers is E'taken: They booked it.\n'
  'declined: They let it go, or left.\nexpired: They did not answer in time.\nwithdrawn: They had another time by then.';

create type app_public.waitlist_receipt as (waitlist_entry_id uuid, token text, status text);
comment on type app_public.waitlist_receipt is 'What somebody gets who waits. The token is shown once; with it they leave again.';
comment on column app_public.waitlist_receipt.waitlist_entry_id is 'The entry, by its id.';
comment on column app_public.waitlist_receipt.token is E'@nullable\nWith it they leave again. Null where it was shown before.';
comment on column app_public.waitlist_receipt.status is E'@words waitlist_entries.status\nHow it stands.';

-- How long an offer lasts is the clinic's to say.
alter table app_public.organizations add column if not exists waitlist_offer_minutes int not null default 120;
alter table app_public.organizations drop constraint if exists organizations_waitlist_offer_minutes_is_sensible;
alter table app_public.organizations
  -- squawk-ignore constraint-missing-not-valid
  add constraint organizations_waitlist_offer_minutes_is_sensible check (waitlist_offer_minutes between 15 and 2880);
comment on column app_public.organizations.waitlist_offer_minutes is
  'How long a time is kept for whom the waitlist offers it, counted within the hours of reminders; never past the notice of the start.';

