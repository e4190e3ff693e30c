--! Previous: sha1:9db686f5123e9d41815985decb92d8c66001ee6e
--! Hash: sha1:5deaf98cbd66a810272190c952744b753e874ff1
--! Message: live times, the booking page, bookings behind a link, a waitlist, add-ons and screens

--! split: 150-guest-links.sql
-- Links in messages to people without an account: what they open, and the digest of each token. APT-05.

-- squawk-ignore ban-drop-table
drop table if exists app_private.guest_links;
-- squawk-ignore ban-drop-table
drop table if exists app_private.link_kinds;

create table app_private.link_kinds (
  key text primary key,
  data_key text not null,
  url_name text not null,
  target_function text not null,
  constraint link_kinds_data_key_is_of_one unique (data_key),
  constraint link_kinds_url_name_is_of_one unique (url_name)
);
comment on table app_private.link_kinds is 'What links in messages open.';
comment on column app_private.link_kinds.data_key is 'The variable of a message that names what its link opens; null there: no link.';
comment on column app_private.link_kinds.url_name is 'What the texts call the link.';
comment on column app_private.link_kinds.target_function is
  'The function of app_private that says where such a link leads and until when, or null when it opens nothing any more.';

create table app_private.guest_links (
  id uuid primary key default uuidv7(),
  organization_id uuid not null references app_public.organizations on delete restrict,
  opens text not null references app_private.link_kinds on delete restrict,
  subject_id uuid not null,
  token_hash bytea not null,
  expires_at timestamptz not null,
  created_at timestamptz not null default now(),
  constraint guest_links_identity unique (organization_id, id),
  constraint guest_links_token_hash_is_a_digest check (octet_length(token_hash) = 32),
  constraint guest_links_token_hash_is_of_one unique (token_hash)
);
create index guest_links_opens_idx on app_private.guest_links (opens, subject_id);
create index guest_links_expires_idx on app_private.guest_links (expires_at);
comment on table app_private.guest_links is
  'A token that left in a message: it is made as the message leaves, and only its digest is kept. One thing may have several.';
comment on column app_private.guest_links.opens is 'What kind of thing it opens.';
comment on column app_private.guest_links.subject_id is 'The booking request, or whatever else it opens.';
comment on column app_private.guest_links.expires_at is 'When it ends at the latest; what it opens may end it sooner.';

-- Functions of the kinds answer it; made once, since a source names it.
do $$
begin
  if to_regtype('app_private.link_target') is null then
    create type app_private.link_target as (path text, ends_at timestamptz);
  end if;
end;
$$;
comment on type app_private.link_target is 'Where a link leads: the path of the page up to the token, and until when it is good.';

-- Its answer grew by the link.
drop function if exists app_private.claim_message(uuid);

--! split: 160-guest-bookings.sql
-- What a guest sees and does behind the link of a booking. APT-05, APT-09.

alter table app_public.booking_requests add column if not exists withdrawal_reason text;
comment on column app_public.booking_requests.withdrawal_reason is 'Why the guest took it back, where they said so.';
alter table app_public.booking_requests drop constraint if exists booking_requests_withdrawal_reason_is_short;
alter table app_public.booking_requests
  -- squawk-ignore constraint-missing-not-valid
  add constraint booking_requests_withdrawal_reason_is_short check (length(withdrawal_reason) <= 500);

drop function if exists app_public.move_booking(text, timestamptz, uuid);
drop function if exists app_public.cancel_booking(text, text);
drop function if exists app_public.booking_by_token(text);
drop function if exists app_private.guest_booking_of(app_public.booking_requests);
drop type if exists app_public.guest_booking;
drop type if exists app_public.guest_booking_appointment;
drop type if exists app_public.guest_booking_clinic;

create type app_public.guest_booking_appointment as (
  status text,
  starts_at timestamptz,
  ends_at timestamptz,
  specialist_name text,
  modality text,
  is_late_cancellation boolean,
  cancellation_reason text
);
comment on type app_public.guest_booking_appointment is 'The appointment that a booking request became, as the guest may know it.';
comment on column app_public.guest_booking_appointment.status is E'@words appointments.status\nWhere the appointment stands.';
comment on column app_public.guest_booking_appointment.modality is E'@words appointments.modality\nHow patient and specialist meet.';
comment on column app_public.guest_booking_appointment.is_late_cancellation is
  E'@nullable\nWhether it was called off later than the policy asks; null where it was not called off.';
comment on column app_public.guest_booking_appointment.cancellation_reason is
  E'@nullable\nWhy it was called off, where it was and somebody said why.';

create type app_public.guest_booking_clinic as (slug text, name text, phone text, email text, locale text);
comment on type app_public.guest_booking_clinic is 'The clinic of a booking, and how to reach it.';
comment on column app_public.guest_booking_clinic.phone is E'@nullable\nThe number to call; null where the clinic has named none.';
comment on column app_public.guest_booking_clinic.email is E'@nullable\nThe address of mail; null where the clinic has named none.';
comment on column app_public.guest_booking_clinic.locale is E'@words organizations.locale\nThe language of the clinic.';

create type app_public.guest_booking as (
  booking_request_id uuid,
  status text,
  appointment app_public.guest_booking_appointment,
  calendar_id uuid,
  specialist_id uuid,
  service_name text,
  specialist_name text,
  modality text,
  starts_at timestamptz,
  ends_at timestamptz,
  timezone text,
  locale text,
  clinic app_public.guest_booking_clinic,
  may_cancel boolean,
  may_move boolean,
  cancel_freely_until timestamptz,
  move_until timestamptz,
  respond_by timestamptz,
  rejection_reason text
);
comment on type app_public.guest_booking is
  'What a guest sees of the own booking behind its link: the request, the appointment that it became, and what may be done.';
comment on column app_public.guest_booking.status is E'@words booking_requests.status\nWhere the request stands.';
comment on column app_public.guest_booking.appointment is E'@nullable\nThe appointment, once the clinic has confirmed; null before.';
comment on column app_public.guest_booking.specialist_id is
  E'@nullable\nThe specialist, where the visitor picks one; null where the clinic assigns.';
comment on column app_public.guest_booking.modality is E'@words appointments.modality\nHow patient and specialist meet.';
comment on column app_public.guest_booking.starts_at is 'When it begins, as it stands now.';
comment on column app_public.guest_booking.ends_at is 'When it ends, as it stands now.';
comment on column app_public.guest_booking.locale is E'@words organizations.locale\nThe language that the guest booked in.';
comment on column app_public.guest_booking.clinic is 'The clinic, and how to reach it.';
comment on column app_public.guest_booking.may_cancel is 'Whether cancelBooking goes now: withdraws the request, or calls the appointment off.';
comment on column app_public.guest_booking.may_move is 'Whether moveBooking goes now.';
comment on column app_public.guest_booking.cancel_freely_until is
  E'@nullable\nUntil when an appointment is called off without being late; null for what is no appointment, or over.';
comment on column app_public.guest_booking.move_until is
  E'@nullable\nUntil when an appointment can be moved; null for what is no appointment, or over.';
comment on column app_public.guest_booking.respond_by is
  E'@nullable\nUntil when the clinic answers; null when it has answered, or promises nothing.';
comment on column app_public.guest_booking.rejection_reason is E'@nullable\nWhy the clinic declined, where it did and said why.';

comment on column app_public.booking_receipt.token is
  E'@nullable\nWhat opens the request again: bookingByToken, moveBooking, cancelBooking. Shown once, by requestBooking; null afterwards.';

--! split: 170-invited-guests.sql
-- Whoever is confirmed as a guest can be invited to an account with it. APT-05.

alter table app_public.organizations add column if not exists invites_guests boolean not null default false;
comment on column app_public.organizations.invites_guests is
  'Whether a guest whose request is confirmed is invited to an account, where staff do not say otherwise.';

drop function if exists app_public.confirm_booking_request(uuid, uuid, boolean, text, boolean, uuid);

--! split: 200-booking-page.sql
-- What the booking page needs beside the catalog: how large groups are, and whose pages may show it. APT-05.

alter type app_public.public_calendar drop attribute if exists capacity;
alter type app_public.public_calendar add attribute capacity int;
comment on column app_public.public_calendar.capacity is
  'How many can be booked at one start. Of more than one, it is a group, and times say how many seats are left.';

alter table app_public.organizations drop constraint if exists organizations_embedding_origins_are_https_origins;
alter table app_public.organizations add column if not exists embedding_origins text[] not null default '{}';
-- Joined by spaces, which no origin has: what comes apart as it was put together holds no null and no space.
alter table app_public.organizations
  -- squawk-ignore constraint-missing-not-valid
  add constraint organizations_embedding_origins_are_https_origins
  check (cardinality(embedding_origins) <= 20
         and string_to_array(array_to_string(embedding_origins, ' '), ' ') = embedding_origins
         and array_to_string(embedding_origins, ' ')
           ~ '^(https://[a-z0-9-]+(\.[a-z0-9-]+)+(:[1-9][0-9]{0,4})?( (?=.)|$))*$');
comment on column app_public.organizations.embedding_origins is
  'Whose pages may show the booking page of the clinic inside of them, as origins: https://www.example.ro. None: nobody may.';

--! split: 250-waitlist.sql
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

--! split: 260-add_ons.sql
-- What was added to an appointment: services and products. APT-02.
-- squawk-ignore ban-drop-table
drop table if exists app_public.appointment_add_ons;

create table app_public.appointment_add_ons (
  id uuid primary key default uuidv7(),
  organization_id uuid not null references app_public.organizations on delete restrict,
  appointment_id uuid not null,
  service_id uuid,
  product_id uuid,
  quantity int not null,
  price_amount bigint not null,
  currency char(3) not null,
  added_minutes int not null default 0,
  created_by uuid not null references app_public.principals on delete restrict,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  constraint appointment_add_ons_identity unique (organization_id, id),
  constraint appointment_add_ons_appointment_fkey foreign key (organization_id, appointment_id)
    references app_public.appointments (organization_id, id) on delete restrict,
  constraint appointment_add_ons_service_fkey foreign key (organization_id, service_id)
    references app_public.services (organization_id, id) on delete restrict,
  constraint appointment_add_ons_product_fkey foreign key (organization_id, product_id)
    references app_public.products (organization_id, id) on delete restrict,
  constraint appointment_add_ons_are_a_service_or_a_product check (num_nonnulls(service_id, product_id) = 1),
  constraint appointment_add_ons_quantity_is_sensible check (quantity between 1 and 100),
  constraint appointment_add_ons_price_amount_is_not_negative check (price_amount >= 0),
  constraint appointment_add_ons_currency_is_a_code check (currency ~ '^[A-Z]{3}$'),
  constraint appointment_add_ons_added_minutes_is_sensible check (added_minutes between 0 and 1440),
  constraint appointment_add_ons_products_take_no_time check (product_id is null or added_minutes = 0)
);
create index appointment_add_ons_appointment_idx on app_public.appointment_add_ons (organization_id, appointment_id, created_at, id);
create index appointment_add_ons_service_idx on app_public.appointment_add_ons (organization_id, service_id);
create index appointment_add_ons_product_idx on app_public.appointment_add_ons (organization_id, product_id);
create index appointment_add_ons_created_by_idx on app_public.appointment_add_ons (created_by);
comment on table app_public.appointment_add_ons is 'A service or a product that was added to an appointment, at the price of that moment.';
comment on column app_public.appointment_add_ons.service_id is 'The service, by its id; null where it is a product.';
comment on column app_public.appointment_add_ons.product_id is 'The product, by its id; null where it is a service.';
comment on column app_public.appointment_add_ons.quantity is 'How many.';
comment on column app_public.appointment_add_ons.price_amount is 'The price of one, frozen when it was added, in minor units of currency.';
comment on column app_public.appointment_add_ons.added_minutes is 'By how much the appointment became longer.';
comment on column app_public.appointment_add_ons.created_by is 'Who added it, by the id of their account.';
comment on constraint appointment_add_ons_appointment_fkey on app_public.appointment_add_ons is E'@foreignFieldName addOns';

-- What an appointment costs with all of it.
alter table app_public.appointments add column if not exists add_ons_amount bigint not null default 0;
-- Virtual: nothing is rewritten.
-- squawk-ignore adding-field-with-default
alter table app_public.appointments add column if not exists total_amount bigint generated always as (price_amount + add_ons_amount) virtual;
alter table app_public.appointments drop constraint if exists appointments_add_ons_amount_is_not_negative;
alter table app_public.appointments
  -- squawk-ignore constraint-missing-not-valid
  add constraint appointments_add_ons_amount_is_not_negative check (add_ons_amount >= 0);
comment on column app_public.appointments.add_ons_amount is 'What was added to it, in minor units of currency.';
comment on column app_public.appointments.total_amount is 'The price with all that was added, in minor units of currency.';

--! split: 300-what-is-missing.sql
-- What is missing says it in words of fixed lists, a session of a plan among it. APT-06, CAT-04, FND-29.
drop function if exists app_private.hold_requirements(app_public.appointments, text);
drop function if exists app_private.hold_requirements(app_public.appointments, text, boolean);
drop function if exists app_private.what_is_missing(app_public.appointments, text, text []);
drop function if exists app_private.what_is_missing(app_public.appointments, text, text [], boolean);
drop function if exists app_private.booking_gate(app_public.appointments);
drop function if exists app_private.pass_gate(app_public.appointments);

alter type app_public.missing_requirement drop attribute if exists message;
alter type app_public.missing_requirement add attribute message text;
alter type app_public.missing_requirement drop attribute if exists patient_service_plan_id;
alter type app_public.missing_requirement add attribute patient_service_plan_id uuid;
comment on type app_public.missing_requirement is
  E'@foreignKey (purpose_version_id) references app_public.consent_purpose_versions (id)\n'
  '@foreignKey (template_id) references app_public.form_templates (id)\n'
  '@foreignKey (form_id) references app_public.forms (id)\n'
  '@foreignKey (patient_service_plan_id) references app_public.patient_service_plans (id)\n'
  'Something that is asked of a patient before an appointment and is not there yet.';
comment on column app_public.missing_requirement.kind is
  E'@words own missing_kind\nWhat is missing.\n'
  'terms: Terms or a notice of the clinic are not accepted.\n'
  'consent: A consent is not given.\n'
  'form: A form is not filled in, or not signed.\n'
  'entitlement: It is to be by a plan, and none pays for it.\n'
  'blocked: The clinic keeps the patient from booking by themselves.';
comment on column app_public.missing_requirement.reason is
  E'@nullable\n@words own missing_reason\nWhy it is missing; null where the clinic blocks, which message explains.\n'
  'older_version: Given, and newer words have to be accepted.\n'
  'withdrawn: Given, and taken back.\n'
  'refused: Asked, and refused.\n'
  'never_given: Not given, and not refused.\n'
  'pending: Nobody has begun the form.\n'
  'in_progress: Some of the form is answered.\n'
  'completed: The form is complete, and not signed.\n'
  'cancelled: Staff took the form back.\n'
  'nothing_left: The sessions of the plan are used up.\n'
  'plan_ended: The plan has ended, or will have by then.\n'
  'plan_paused: The plan has not begun, or its subscription awaits a payment.\n'
  'other_service: The plan is for other services.\n'
  'no_plan: The patient has no open plan that is good for it.';
comment on column app_public.missing_requirement.resolved_by is
  E'@words own missing_resolution\nWhat resolves it.\n'
  'self: The patient accepts words.\n'
  'form: A form is filled in or signed.\n'
  'plan: Another plan is named, or the appointment is paid for by itself.\n'
  'clinic: The clinic is to be asked.';
comment on column app_public.missing_requirement.message is E'@nullable\nWhy the clinic blocks, in its words.';
comment on column app_public.missing_requirement.patient_service_plan_id is E'@nullable\nThe plan that does not pay for it.';

-- Fixed lists that no column holds are enums as well (FND-29).
comment on column app_public.stranded_appointment.rule is
  E'@words own stranded_rule\nWhat is in the way now.\n'
  'specialist_inactive: The specialist is switched off.\n'
  'not_in_calendar: The specialist is not in the calendar any more.\n'
  'not_providing_service: The specialist does not provide the service any more.\n'
  'outside_hours: It is outside the specialist''s hours.\n'
  'closed: The specialist is away.';
comment on column app_public.appointment_moves.overridden_rules is
  E'@words own booking_rule\nRules that were set aside at booking; reason says why.\n'
  'clinic_draft: The clinic is not open yet.\n'
  'calendar_inactive: The calendar is switched off.\n'
  'service_inactive: The service is switched off.\n'
  'calendar_private: The calendar is not public.\n'
  'specialist_inactive: The specialist is switched off.\n'
  'not_in_calendar: The specialist is not in the calendar.\n'
  'not_providing_service: The specialist does not provide the service.\n'
  'in_the_past: It had begun.\n'
  'inside_notice: It began sooner than the notice of the calendar allows.\n'
  'beyond_horizon: It began later than the calendar was open for.\n'
  'outside_hours: It was outside the specialist''s hours.\n'
  'closed: The specialist was away.\n'
  'off_the_grid: It did not begin at a step of the calendar.\n'
  'taken: The time was taken.\n'
  'no_resource: No room or device that it needs was free.\n'
  'blocked: The clinic keeps the patient from booking by themselves.';

--! split: 301-made-patients.sql
-- A patient who was made for one request alone goes when the guest was somebody else. APT-09, FND-34.
drop function if exists app_private.patient_for_request(app_public.booking_requests, uuid, boolean);

alter table app_public.booking_requests add column if not exists has_made_patient boolean not null default false;
comment on column app_public.booking_requests.has_made_patient is
  'Whether the patient was made for this request; such a one goes when the guest is somebody else, or the request falls through.';

--! split: 302-agenda.sql
-- Groups and rooms in the agenda, and the days of a room. SCH-12, SCH-02, SCH-11.
drop function if exists app_public.resource_agenda(uuid, date, int, uuid []);
drop function if exists app_public.agenda_appointment_resources(app_public.agenda_appointment);
drop type if exists app_public.agenda_resource;
drop type if exists app_public.agenda_resource_day;
drop type if exists app_public.agenda_use;
alter type app_public.agenda_day drop attribute if exists sessions;
drop type if exists app_public.agenda_session;
alter type app_public.agenda_appointment drop attribute if exists session_id;

alter type app_public.agenda_appointment add attribute session_id uuid;
comment on column app_public.agenda_appointment.session_id is
  E'@nullable\nThe group session in which it has a seat, by the id in sessions of the day; null where it has the time for itself.';

create type app_public.agenda_session as (
  session_id uuid,
  calendar_id uuid,
  starts_at timestamptz,
  ends_at timestamptz,
  local_start text,
  local_end text,
  capacity int,
  seats_taken int,
  appointments app_public.agenda_appointment[]
);
comment on type app_public.agenda_session is
  E'@foreignKey (calendar_id) references app_public.calendars (id)\nA group session: one time of the specialist with seats.';
comment on column app_public.agenda_session.session_id is 'The session, while it lasts.';
comment on column app_public.agenda_session.calendar_id is 'In which it is booked.';
comment on column app_public.agenda_session.capacity is 'How many seats it has.';
comment on column app_public.agenda_session.seats_taken is 'How many of them appointments, requests and holds have.';
comment on column app_public.agenda_session.appointments is 'Those of the seats; they are in appointments of the day as well.';

alter type app_public.agenda_day add attribute sessions app_public.agenda_session[];
comment on column app_public.agenda_day.sessions is 'Group sessions, in the order of their times, each with what is booked of it.';

create type app_public.agenda_use as (
  starts_at timestamptz,
  ends_at timestamptz,
  local_start text,
  local_end text,
  kind text,
  specialist_id uuid,
  expires_at timestamptz,
  appointments app_public.agenda_appointment[],
  requests app_public.agenda_request[]
);
comment on type app_public.agenda_use is
  E'@foreignKey (specialist_id) references app_public.specialists (id)\nWho has a room or a device, and for what.';
comment on column app_public.agenda_use.kind is
  E'@words own resource_use\nWhat it is for.\n'
  'hold: A time that somebody keeps while they fill in a form.\n'
  'request: A booking request that waits for an answer.\n'
  'appointment: An appointment.\n'
  'session: A group session.';
comment on column app_public.agenda_use.specialist_id is 'Who works there then.';
comment on column app_public.agenda_use.expires_at is E'@nullable\nUntil when it is kept, where it is a hold.';
comment on column app_public.agenda_use.appointments is 'The appointment, or those of the session.';
comment on column app_public.agenda_use.requests is 'The request, or those for seats of the session.';

create type app_public.agenda_resource_day as (
  day date,
  starts_at timestamptz,
  ends_at timestamptz,
  uses app_public.agenda_use[],
  gaps app_public.agenda_stretch[]
);
comment on type app_public.agenda_resource_day is
  'A day of a room or a device, on the clocks of the clinic; 23 or 25 hours long when they change. What runs past midnight is in both days.';
comment on column app_public.agenda_resource_day.day is 'The date at the clinic.';
comment on column app_public.agenda_resource_day.uses is 'Who has it, in the order of the times.';
comment on column app_public.agenda_resource_day.gaps is 'When nobody has it, cooldowns included.';

create type app_public.agenda_resource as (resource_id uuid, days app_public.agenda_resource_day[]);
comment on type app_public.agenda_resource is
  E'@foreignKey (resource_id) references app_public.resources (id)\nA room or a device with the days that were asked for.';
comment on column app_public.agenda_resource.resource_id is 'The room or the device, by its id.';
comment on column app_public.agenda_resource.days is 'The days, in their order.';

--! split: 303-patient-card.sql
-- What a desk or a therapist sees as they open a patient. SCH-12, FND-08.
drop function if exists app_public.patient_chart_attendance(app_public.patient_chart);
drop function if exists app_public.patient_chart_next_appointments(app_public.patient_chart);
drop function if exists app_public.patient_chart_last_appointments(app_public.patient_chart);
drop function if exists app_public.patient_chart_missing(app_public.patient_chart);
drop function if exists app_public.patient_chart_plans(app_public.patient_chart);
drop function if exists app_public.patient_chart_booking_blocks(app_public.patient_chart);
drop function if exists app_public.patient_chart_requests(app_public.patient_chart);
drop function if exists app_public.patient_chart_signature_links(app_public.patient_chart);
drop type if exists app_public.chart_attendance;
drop type if exists app_public.chart_plan;
drop type if exists app_public.chart_block;
drop type if exists app_public.chart_request;
drop type if exists app_public.chart_link;

comment on type app_public.patient_chart is
  E'@foreignKey (patient_id) references app_public.patients (id)\n'
  'A patient at a clinic: the person, those who act for them, and the newest 200 appointments, newest first. What is asked beyond that '
  'is shown as the rows of it are: whoever may not see them finds nothing.';

create type app_public.chart_attendance as (visits int, no_shows int, late_cancellations int);
comment on type app_public.chart_attendance is 'How often the patient came to this clinic, and how often not.';
comment on column app_public.chart_attendance.visits is 'Appointments that took place.';
comment on column app_public.chart_attendance.no_shows is 'Appointments that they did not come to; excused ones are none.';
comment on column app_public.chart_attendance.late_cancellations is 'Appointments that were called off too late; excused ones are none.';

create type app_public.chart_plan as (
  patient_service_plan_id uuid,
  name text,
  is_open boolean,
  valid_until timestamptz,
  sessions_left int,
  sessions_given int
);
comment on type app_public.chart_plan is
  E'@foreignKey (patient_service_plan_id) references app_public.patient_service_plans (id)\nA plan of the patient that has not ended.';
comment on column app_public.chart_plan.name is 'What the clinic calls it.';
comment on column app_public.chart_plan.is_open is 'Whether it can be used now; not while its subscription awaits a payment.';
comment on column app_public.chart_plan.valid_until is E'@nullable\nWhen it ends; null where it does not end by itself.';
comment on column app_public.chart_plan.sessions_left is E'@nullable\nHow many sessions are left; null where it counts none.';
comment on column app_public.chart_plan.sessions_given is E'@nullable\nHow many it gives at a time; null where it counts none.';

create type app_public.chart_block as (booking_block_id uuid, reason text, until timestamptz, since timestamptz, is_contested boolean);
comment on type app_public.chart_block is
  E'@foreignKey (booking_block_id) references app_public.booking_blocks (id)\nA block that keeps the patient from booking by themselves now.';
comment on column app_public.chart_block.reason is 'Why; the patient reads it.';
comment on column app_public.chart_block.until is E'@nullable\nUntil when; null until it is lifted.';
comment on column app_public.chart_block.since is 'When it was decided.';
comment on column app_public.chart_block.is_contested is 'Whether the patient asked for another person to look at it, and nobody has.';

create type app_public.chart_request as (
  booking_request_id uuid,
  starts_at timestamptz,
  ends_at timestamptz,
  service_name text,
  specialist_name text,
  respond_by timestamptz
);
comment on type app_public.chart_request is
  E'@foreignKey (booking_request_id) references app_public.booking_requests (id)\nA booking request of the patient that waits for an answer.';

create type app_public.chart_link as (
  signature_link_id uuid,
  form_id uuid,
  kind text,
  expires_at timestamptz,
  created_at timestamptz
);
comment on type app_public.chart_link is
  E'@foreignKey (signature_link_id) references app_public.signature_links (id)\n'
  '@foreignKey (form_id) references app_public.forms (id)\nA link or a kiosk at which the patient can sign now.';
comment on column app_public.chart_link.form_id is 'The form that is signed.';
comment on column app_public.chart_link.kind is '@words signature_links.kind';
comment on column app_public.chart_link.expires_at is 'Until when it may be used.';

--! split: 304-claims-say-the-age.sql
-- Whoever claims a profile that has no date of birth says it as they do. FND-32.
drop function if exists app_public.confirm_profile_claim(uuid, text, uuid[]);

--! split: 900-sources.sql
-- Written by npm run db:stage from db/functions, db/policies and db/reference: change those, not this file.

-- source: functions/waitlist/wake_waitlist.sql
-- A time is free: the worker looks whether somebody waits for one, after this transaction and not in it. Nothing is queued where
-- nobody waits. A job for each time rather than one for the clinic: two transactions that free times do not wait for each
-- other. SCH-10.

create or replace function app_private.wake_waitlist(organization_id uuid, cause_id uuid) returns void
language plpgsql volatile
set search_path = ''
as $$
begin
  if exists (
    select from app_public.waitlist_entries
    where waitlist_entries.organization_id = wake_waitlist.organization_id and waitlist_entries.status in ('waiting', 'offered')
  ) then
    perform graphile_worker.add_jobs(array[row(
      'offer_freed_times', json_build_object('organizationId', wake_waitlist.organization_id),
      null, null, null, 'waitlist:' || wake_waitlist.cause_id, null, null)::graphile_worker.job_spec]);
  end if;
end;
$$;

comment on function app_private.wake_waitlist is 'Queues a look at the waitlists of a clinic where somebody waits; one for each cause.';
grant execute on function app_private.wake_waitlist to app_engine;
-- end of source: functions/waitlist/wake_waitlist.sql

-- source: functions/scheduling/publish_released.sql
-- Whoever watches a calendar is told that a time is free again, and whoever waits for one may be offered it. SCH-06, SCH-10, FND-14.

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
  perform app_private.wake_waitlist(claim.organization_id, claim.id);
end;
$$;

comment on function app_private.publish_released is 'Publishes slot.released for a claim.';

grant execute on function app_private.publish_released to app_engine;
-- end of source: functions/scheduling/publish_released.sql

-- source: functions/scheduling/resize_claim.sql
-- A claim becomes longer or shorter and keeps its start, its specialist and its rooms. What is added must be free, and within the
-- hours, like the time of any booking; only that the start is near, past or off the grid is asked nothing of any more. APT-02.
-- The caller has locked calendar, specialist, patient and appointment, and says which rules were set aside already. All days of
-- the old and the new span are locked at once.

create or replace function app_private.resize_claim(
  claim_id uuid,
  calendar app_public.calendars,
  minutes int,
  set_aside text[] default '{}'
) returns app_private.time_claims
language plpgsql volatile
set search_path = ''
as $$
declare
  v_old app_private.time_claims;
  v_new app_private.time_claims;
  v_rule text;
begin
  select tc.* into strict v_old from app_private.time_claims as tc where tc.id = resize_claim.claim_id;
  if v_old.session_id is not null then
    perform app_hidden.refuse('STATE', 'group_has_one_length');
  end if;
  v_new := v_old;
  v_new.during := tstzrange(lower(v_old.during), upper(v_old.during) + make_interval(mins => resize_claim.minutes));
  v_new.blocked := tstzrange(lower(v_old.blocked), upper(v_old.blocked) + make_interval(mins => resize_claim.minutes));
  if upper(v_new.during) > lower(v_new.during) + interval '24 hours' then
    perform app_hidden.refuse('VALIDATION', 'longer_than_a_day', '{"field": "minutes"}');
  end if;
  if app_private.needs_resources(v_old.organization_id, calendar.id) then
    perform app_private.lock_clinic_resources(v_old.organization_id);
  end if;
  perform app_private.lock_specialist_days(array[
    (v_old.specialist_id, lower(v_old.during), upper(v_old.during), v_old.blocked)::app_private.free_start,
    (v_new.specialist_id, lower(v_new.during), upper(v_new.during), v_new.blocked)::app_private.free_start]);

  if resize_claim.minutes > 0 then
    select broken into v_rule
    from app_private.verdicts(
      calendar.id, lower(v_old.during), v_old.specialist_id, v_old.id, upper(v_new.during) - lower(v_new.during)) as v
    cross join unnest(v.rules) as broken
    where broken in ('outside_hours', 'closed') and broken <> all (coalesce(resize_claim.set_aside, '{}'))
    limit 1;
    if v_rule is not null then
      perform app_private.refuse_rule(v_rule, calendar.id, lower(v_old.during));
    end if;
  end if;
  v_new := app_private.write_claim(v_new);
  if v_new.id is null then
    perform app_private.refuse_taken(calendar.id, lower(v_old.during));
  end if;
  -- What an expired hold still has of the room goes over, as for any booking.
  delete from app_private.resource_claims as other
  using app_private.resource_claims as own, app_private.time_claims as tc
  where own.claim_id = v_new.id and other.resource_id = own.resource_id and other.claim_id <> own.claim_id
    and other.blocked && v_new.blocked
    and tc.organization_id = other.organization_id and tc.id = other.claim_id and tc.expires_at <= app_hidden.now();
  begin
    update app_private.resource_claims as rc set blocked = v_new.blocked where rc.claim_id = v_new.id;
  exception when exclusion_violation then
    perform app_private.refuse_rule('no_resource', calendar.id, lower(v_old.during));
  end;
  if resize_claim.minutes < 0 then
    perform app_private.publish_released(v_old);
  end if;
  perform app_private.publish_held(v_new);
  return v_new;
end;
$$;

comment on function app_private.resize_claim is
  'Gives a claim so many minutes more, or less; SLOT_TAKEN, VALIDATION naming the rule, STATE group_has_one_length.';
grant execute on function app_private.resize_claim to app_engine;
-- end of source: functions/scheduling/resize_claim.sql

-- source: functions/appointments/priced_add_on.sql
-- Steps of add_to_appointment and remove_from_appointment. APT-02.

create or replace function app_private.appointment_to_add_to(appointment_id uuid) returns app_public.appointments
language plpgsql stable
set search_path = ''
as $$
declare
  v_appointment app_public.appointments := app_private.own_appointment(appointment_id);
begin
  perform app_private.require_permission(v_appointment.organization_id, 'appointments.manage');
  return v_appointment;
end;
$$;

comment on function app_private.appointment_to_add_to is
  'An appointment to which the caller may add; NOT_FOUND appointment_not_found, or FORBIDDEN.';
grant execute on function app_private.appointment_to_add_to to app_engine;

create or replace function app_private.priced_add_on(
  appointment app_public.appointments,
  service_id uuid,
  product_id uuid,
  quantity int,
  minutes int
) returns app_public.appointment_add_ons
language plpgsql stable
set search_path = ''
as $$
declare
  v_add_on app_public.appointment_add_ons;
  v_minutes int;
begin
  if num_nonnulls(priced_add_on.service_id, priced_add_on.product_id) <> 1 then
    perform app_hidden.refuse('VALIDATION', 'service_or_product', '{"field": "serviceId"}');
  elsif coalesce(priced_add_on.quantity, 0) not between 1 and 100 then
    perform app_hidden.refuse('VALIDATION', 'quantity_out_of_range', '{"field": "quantity", "most": 100}');
  end if;
  if priced_add_on.service_id is not null then
    select services.price_amount, services.currency, services.duration_minutes * priced_add_on.quantity
    into v_add_on.price_amount, v_add_on.currency, v_minutes
    from app_public.services
    where services.organization_id = appointment.organization_id and services.id = priced_add_on.service_id
      and services.is_active and services.deleted_at is null;
    if not found then
      perform app_hidden.refuse('NOT_FOUND', 'service_not_found');
    end if;
  else
    select products.price_amount, products.currency, 0
    into v_add_on.price_amount, v_add_on.currency, v_minutes
    from app_public.products
    where products.organization_id = appointment.organization_id and products.id = priced_add_on.product_id and products.is_active;
    if not found then
      perform app_hidden.refuse('NOT_FOUND', 'product_not_found');
    end if;
  end if;
  if v_add_on.currency <> appointment.currency then
    perform app_hidden.refuse('VALIDATION', 'other_currency', '{"field": "serviceId"}');
  end if;
  v_add_on.added_minutes := coalesce(priced_add_on.minutes, v_minutes);
  if v_add_on.added_minutes not between 0 and (case when priced_add_on.product_id is null then 1440 else 0 end) then
    perform app_hidden.refuse('VALIDATION', 'minutes_out_of_range', '{"field": "minutes"}');
  end if;
  v_add_on.service_id := priced_add_on.service_id;
  v_add_on.product_id := priced_add_on.product_id;
  v_add_on.quantity := priced_add_on.quantity;
  return v_add_on;
end;
$$;

comment on function app_private.priced_add_on is
  'What is to be added, with its price and how much longer it takes; refuses what the clinic does not offer.';
grant execute on function app_private.priced_add_on to app_engine;

create or replace function app_private.lock_appointment_to_resize(seen app_public.appointments, minutes int)
returns app_public.appointments
language plpgsql volatile
set search_path = ''
as $$
declare
  v_appointment app_public.appointments;
begin
  if minutes <> 0 then
    perform app_private.require_specialist(seen.organization_id, seen.specialist_id);
    perform app_private.require_calendar(seen.organization_id, seen.calendar_id);
  end if;
  v_appointment := app_private.lock_appointment(seen);
  if v_appointment.status not in ('booked', 'upcoming', 'confirmed', 'inprogress') then
    perform app_hidden.refuse('STATE', 'appointment_is_over', jsonb_build_object('status', v_appointment.status));
  end if;
  return v_appointment;
end;
$$;

comment on function app_private.lock_appointment_to_resize is
  'The appointment, locked with its patient, and with calendar and specialist where its time changes; STATE appointment_is_over.';
grant execute on function app_private.lock_appointment_to_resize to app_engine;

create or replace function app_private.resize_appointment(appointment app_public.appointments, minutes int, amount bigint)
returns app_public.appointments
language plpgsql volatile
set search_path = ''
as $$
declare
  v_calendar app_public.calendars;
  v_claim app_private.time_claims;
  v_appointment app_public.appointments;
begin
  if minutes <> 0 then
    select calendars.* into strict v_calendar from app_public.calendars where calendars.id = appointment.calendar_id;
    v_claim := app_private.resize_claim(appointment.claim_id, v_calendar, minutes, appointment.overridden_rules);
  end if;
  update app_public.appointments set
    ends_at = coalesce(upper(v_claim.during), appointments.ends_at),
    add_ons_amount = appointments.add_ons_amount + amount
  where appointments.id = appointment.id
  returning * into v_appointment;
  return v_appointment;
end;
$$;

comment on function app_private.resize_appointment is 'An appointment that takes so many minutes and costs so much more, or less, with its claim.';
grant execute on function app_private.resize_appointment to app_engine;

-- Who goes to another time takes along what was added.
create or replace function app_private.with_add_ons(
  claim app_private.time_claims,
  appointment app_public.appointments,
  calendar app_public.calendars,
  override boolean
) returns app_private.time_claims
language plpgsql volatile
set search_path = ''
as $$
declare
  v_minutes int;
begin
  select coalesce(sum(appointment_add_ons.added_minutes), 0) into v_minutes
  from app_public.appointment_add_ons
  where appointment_add_ons.organization_id = appointment.organization_id and appointment_add_ons.appointment_id = appointment.id;
  if v_minutes = 0 then
    return claim;
  end if;
  return app_private.resize_claim(
    claim.id, calendar, v_minutes, case when override then '{outside_hours,closed}'::text[] else '{}' end);
end;
$$;

comment on function app_private.with_add_ons is
  'The claim of an appointment that took another time, as long as what was added to it asks; refuses as resize_claim.';
grant execute on function app_private.with_add_ons to app_engine;
-- end of source: functions/appointments/priced_add_on.sql

-- source: functions/appointments/add_to_appointment.sql
-- A massage after the exercises, a pair of insoles: added to an appointment by the clinic, at the price of this moment. A service takes
-- its time as well, unless somebody says otherwise, and that time must be free. Locks as reschedule_appointment(). APT-02.

set role app_engine;

create or replace function app_public.add_to_appointment(
  appointment_id uuid,
  service_id uuid default null,
  product_id uuid default null,
  quantity int default 1,
  minutes int default null
) returns app_public.appointment_add_ons
language plpgsql volatile security definer
set search_path = ''
as $$
declare
  v_remembered jsonb := app_private.remembered('add_to_appointment', jsonb_build_array(
    appointment_id, service_id, product_id, quantity, minutes));
  v_appointment app_public.appointments;
  v_add_on app_public.appointment_add_ons;
begin
  if v_remembered is not null then
    perform app_private.appointment_to_add_to(appointment_id);
    return jsonb_populate_record(v_add_on, v_remembered);
  end if;

  v_appointment := app_private.appointment_to_add_to(appointment_id);
  v_add_on := app_private.priced_add_on(v_appointment, service_id, product_id, quantity, minutes);
  v_appointment := app_private.lock_appointment_to_resize(v_appointment, v_add_on.added_minutes);

  insert into app_public.appointment_add_ons (
    organization_id, appointment_id, service_id, product_id, quantity, price_amount, currency, added_minutes, created_by)
  values (
    v_appointment.organization_id, v_appointment.id, v_add_on.service_id, v_add_on.product_id, v_add_on.quantity,
    v_add_on.price_amount, v_add_on.currency, v_add_on.added_minutes, app_private.current_actor_id())
  returning * into v_add_on;
  perform app_private.resize_appointment(
    v_appointment, v_add_on.added_minutes, v_add_on.quantity * v_add_on.price_amount);
  perform app_private.remember('add_to_appointment', to_jsonb(v_add_on));
  return v_add_on;
end;
$$;

comment on function app_public.add_to_appointment is
  E'@arg serviceId The service, by its id; or productId.\n@arg productId The product, by its id; or serviceId.\n@arg quantity How many.\n'
  '@arg minutes By how much the appointment becomes longer; null: as long as the service takes, times the quantity.\n'
  'Adds a service or a product to an appointment that is not over, at the price of now. Needs appointments.manage. SLOT_TAKEN when the '
  'time that a service takes is not free, VALIDATION naming the rule; STATE appointment_is_over, group_has_one_length; '
  'VALIDATION other_currency.';
grant execute on function app_public.add_to_appointment to app_member;

create or replace function app_public.remove_from_appointment(appointment_add_on_id uuid) returns app_public.appointments
language plpgsql volatile strict security definer
set search_path = ''
as $$
declare
  v_add_on app_public.appointment_add_ons;
  v_appointment app_public.appointments;
begin
  select appointment_add_ons.* into v_add_on
  from app_public.appointment_add_ons
  where appointment_add_ons.id = appointment_add_on_id
    and appointment_add_ons.organization_id = any (app_hidden.organization_ids_where('appointments.view'));
  if not found then
    perform app_hidden.refuse('NOT_FOUND', 'add_on_not_found');
  end if;
  v_appointment := app_private.lock_appointment_to_resize(
    app_private.appointment_to_add_to(v_add_on.appointment_id), v_add_on.added_minutes);
  delete from app_public.appointment_add_ons where appointment_add_ons.id = v_add_on.id;
  if not found then
    perform app_hidden.refuse('NOT_FOUND', 'add_on_not_found');
  end if;
  return app_private.resize_appointment(
    v_appointment, -v_add_on.added_minutes, -v_add_on.quantity * v_add_on.price_amount);
end;
$$;

comment on function app_public.remove_from_appointment is
  E'@arg appointmentAddOnId What was added, by its id.\n'
  'Takes back what was added to an appointment that is not over, and its time. Needs appointments.manage. NOT_FOUND add_on_not_found, '
  'STATE appointment_is_over.';
grant execute on function app_public.remove_from_appointment to app_member;

reset role;
-- end of source: functions/appointments/add_to_appointment.sql

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
  if use_plan is null and draft.patient_service_plan_id is null and not exists (
    select from app_public.patient_service_plans
    where patient_service_plans.organization_id = draft.organization_id
      and patient_service_plans.patient_profile_id = draft.patient_profile_id
      and patient_service_plans.ended_at is null
  ) then
    return null;
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

-- Why no session of a plan pays for a draft that is to be by one. Its plans are the patient's own, so nothing is told of others'.
create or replace function app_private.why_unpaid(draft app_public.appointments) returns text
language sql stable
set search_path = ''
begin atomic
  select coalesce((
    select case
        when plans.ended_at is not null or plans.valid_until <= greatest((draft).starts_at, app_hidden.now()) then 'plan_ended'
        when not app_public.patient_service_plans_is_open(plans) then 'plan_paused'
        when not app_private.is_for_service(plans, (draft).service_id) then 'other_service'
        else 'nothing_left'
      end
    from app_public.patient_service_plans as plans
    where plans.organization_id = (draft).organization_id
      and plans.patient_profile_id = (draft).patient_profile_id
      and plans.id = (draft).patient_service_plan_id), 'no_plan');
end;

comment on function app_private.why_unpaid is
  'Why the plan that a draft names has no session for it: plan_ended, plan_paused, other_service, nothing_left; no_plan where it names none.';
grant execute on function app_private.why_unpaid to app_engine;

create or replace function app_private.what_is_missing(
  draft app_public.appointments, stage text, purposes text[], by_plan boolean default false
) returns setof app_public.missing_requirement
language sql stable
set search_path = ''
begin atomic
  select 'blocked', null, null::int, null::uuid, null, null::uuid, null::uuid, blocks.until, 'clinic', blocks.reason, null::uuid
  from app_private.standing_block((draft).organization_id, (draft).patient_profile_id) as blocks
  where coalesce(stage, 'booked') = 'booked' and blocks.id is not null
  union all
  (
    select case when missing.is_medical then 'consent' else 'terms' end, missing.purpose, missing.version, missing.version_id,
      missing.reason, app_private.template_that_captures((draft).organization_id, missing.version_id),
      app_private.form_that_captures((draft).organization_id, patients.id, missing.version_id), null,
      case when missing.is_medical then 'form' else 'self' end, null, null
    from app_public.patients
    cross join lateral app_private.missing_consents((draft).organization_id, patients.id, what_is_missing.purposes) as missing
    where patients.organization_id = (draft).organization_id and patients.patient_profile_id = (draft).patient_profile_id
      and cardinality(what_is_missing.purposes) > 0
    order by missing.is_medical, missing.purpose
  )
  union all
  select 'form', null, null, null, forms.status, forms.template_id, forms.form_id, null, 'form', null, null
  from app_private.forms_missing(draft) as forms
  where coalesce(stage, 'confirmed') = 'confirmed'
  union all
  select 'entitlement', null, null, null, app_private.why_unpaid(draft), null, null, null, 'plan', null, plans.id
  from (select) as one
  left join app_public.patient_service_plans as plans
    on plans.organization_id = (draft).organization_id and plans.patient_profile_id = (draft).patient_profile_id
    and plans.id = (draft).patient_service_plan_id
  where by_plan and (draft).plan_session_number is null;
end;

comment on function app_private.what_is_missing is
  'What of these purposes, and of what else the stage (booked, confirmed, inprogress, paid; null: all) asks for, is not there, each '
  'with what resolves it; a session, where the draft is to be by a plan and has none.';
grant execute on function app_private.what_is_missing to app_engine;

-- The list, and that what is not on it stays so until the transaction ends. The caller has locked the patient for share, which
-- withdrawals and blocks wait for; then come the answers, in the order of their ids. Forms need no lock: one that is opened
-- again after the confirmation is as good as opened again after it was told.
create or replace function app_private.hold_requirements(draft app_public.appointments, stage text, by_plan boolean default false)
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
    draft, stage, array(select asked from unnest(v_purposes) as asked where asked <> all (v_held)), by_plan);
end;
$$;

comment on function app_private.hold_requirements is
  'What is missing for a stage of an appointment; the consents that are there are locked until the transaction ends.';
grant execute on function app_private.hold_requirements to app_engine;
-- end of source: functions/appointments/what_is_missing.sql

-- source: functions/appointments/booking_gate.sql
-- The gate: what a patient has to have done before the clinic books for them, confirms, and begins. Asked in the transaction that
-- writes, so no way in goes round it; what is missing is told all at once. APT-06, CNS-08, docs/decisions/0114.

-- At booking, by book() and by whatever changes calendar, service or modality; the caller has locked the patient, and where it is to
-- be by a plan, has tried to use a session: a draft without one says so beside what else is missing. A block gives way
-- to staff with a reason, which is kept with the appointment beside the other rules that were set aside.
create or replace function app_private.booking_gate(draft app_public.appointments, by_plan boolean default false) returns text[]
language plpgsql volatile
set search_path = ''
as $$
declare
  v_missing app_public.missing_requirement[] := array(
    select missing from app_private.hold_requirements(draft, 'booked', by_plan) as missing);
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
create or replace function app_private.pass_gate(draft app_public.appointments, by_plan boolean default false)
returns app_public.appointments
language plpgsql volatile
set search_path = ''
as $$
begin
  draft.overridden_rules := nullif(coalesce(draft.overridden_rules, '{}') || app_private.booking_gate(draft, by_plan), '{}');
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
    case missing[1].kind when 'blocked' then 'booking_blocked' when 'entitlement' then 'session_missing' else 'requirements_missing' end,
    jsonb_build_object('missing', (
      select jsonb_agg(jsonb_strip_nulls(jsonb_build_object(
        'kind', one.kind, 'purpose', one.purpose, 'version', one.version, 'versionId', one.version_id, 'reason', one.reason,
        'templateId', one.template_id, 'formId', one.form_id, 'until', one.until, 'resolvedBy', one.resolved_by,
        'message', one.message, 'patientServicePlanId', one.patient_service_plan_id))
        order by one.place)
      from unnest(missing) with ordinality as one
        (kind, purpose, version, version_id, reason, template_id, form_id, until, resolved_by, message, patient_service_plan_id,
         place))));
end;
$$;

comment on function app_private.refuse_unready is 'NOT_READY with a list of what is missing; nothing where nothing is.';
grant execute on function app_private.refuse_unready to app_engine;
-- end of source: functions/appointments/booking_gate.sql

-- source: functions/appointments/use_session.sql
-- A session of a plan is used for an appointment, whatever brings it about: booking, another service, another patient,
-- reinstating. It is numbered as the least that no other appointment of the plan has, so a session that was given back is the
-- next one again. Where none is left, the draft comes back without a number, and the gate says so. CAT-04.

create or replace function app_private.use_session(draft app_public.appointments) returns app_public.appointments
language plpgsql volatile
set search_path = ''
as $$
declare
  v_entitlement app_public.patient_entitlements := app_private.usable_entitlement(
    draft.organization_id, draft.patient_profile_id, 'sessions', draft.service_id, draft.starts_at, draft.patient_service_plan_id);
begin
  if v_entitlement.id is null or app_public.patient_entitlements_balance(v_entitlement) <= 0 then
    return draft;
  end if;
  draft.patient_service_plan_id := v_entitlement.patient_service_plan_id;
  perform app_private.debit_entitlement(
    draft.organization_id, draft.patient_profile_id, 'sessions', 'appointment', draft.id, draft.service_id, draft.starts_at,
    draft.patient_service_plan_id);

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
  'An appointment with the plan it is by, the number of the session, and nothing to pay; as it was where no session is left for it. '
  'The caller has settled the plans, asks the gate and writes it.';
grant execute on function app_private.use_session to app_engine;
-- end of source: functions/appointments/use_session.sql

-- source: functions/appointments/book.sql
-- The one place where an appointment is made, whoever books: a patient what they held, front desk directly, the clinic that
-- confirms a request. The verb has authorized, locked the patient, and brings the claim, which is an appointment's already,
-- with what only it knows: the patient, the request, a contact that is not the patient's own, a plan, rules that were set aside.
-- What follows from calendar, service, patient and clinic is filled here, and stays as it is at this moment: the price,
-- and what the clinic's policy promises. Turns before plans, as whatever gives both back; the gate last, so that a session which
-- is not there is told with all else. APT-01, APT-02, APT-03, APT-06, CAT-04.

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
  v_by_plan boolean;
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

  perform app_private.count_assignment(claim.id);
  draft.patient_service_plan_id := app_private.choose_plan(draft, use_plan);
  v_by_plan := coalesce(use_plan, false) or draft.patient_service_plan_id is not null;
  if v_by_plan then
    draft := app_private.use_session(draft);
  end if;
  draft := app_private.pass_gate(draft, v_by_plan);

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
  'Makes an appointment of a claim and a draft: fills in what follows from calendar, service and clinic, counts the turn, '
  'uses a session of a plan, asks the gate. The caller has authorized and locked the patient.';
grant execute on function app_private.book to app_engine;
-- end of source: functions/appointments/book.sql

-- source: functions/waitlist/record_offer_taken.sql
-- What was kept for somebody who waits is a request or an appointment now: they wait no more, even where the offer had just run
-- out and was honoured all the same. A step of convert_claim, after the days. SCH-10.

create or replace function app_private.record_offer_taken(organization_id uuid, claim_id uuid) returns void
language plpgsql volatile
set search_path = ''
as $$
declare
  v_entry_id uuid;
begin
  update app_public.waitlist_offers set outcome = 'taken', ended_at = app_hidden.now()
  where waitlist_offers.organization_id = record_offer_taken.organization_id
    and waitlist_offers.claim_id = record_offer_taken.claim_id
    and waitlist_offers.outcome is distinct from 'taken'
  returning waitlist_offers.waitlist_entry_id into v_entry_id;
  if v_entry_id is not null then
    update app_public.waitlist_entries set status = 'taken', ended_at = app_hidden.now()
    where waitlist_entries.id = v_entry_id and waitlist_entries.status in ('waiting', 'offered');
  end if;
end;
$$;

comment on function app_private.record_offer_taken is 'Says of the offer that a claim was, if any, that it was taken, and ends the wait.';
grant execute on function app_private.record_offer_taken to app_engine;
-- end of source: functions/waitlist/record_offer_taken.sql

-- source: functions/scheduling/convert_claim.sql
-- The held time becomes a request or an appointment, the requested time an appointment: the same claim, so nobody can
-- slip in between. Whoever had it from the waitlist waits no more. SCH-06, SCH-10, APT-09.

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
  perform app_private.record_offer_taken(v_claim.organization_id, v_claim.id);
  return v_claim;
end;
$$;

comment on function app_private.convert_claim is
  'Turns a hold into a request or an appointment, a request into an appointment. It no longer expires. '
  'The caller has the claim from take_hold, which has checked that a hold is alive.';

grant execute on function app_private.convert_claim to app_engine;
-- end of source: functions/scheduling/convert_claim.sql

-- source: functions/scheduling/revive_hold.sql
-- A hold that expired a moment ago is honoured while its time is free; whoever took it meanwhile keeps it. SCH-06.
-- Whoever watches was shown that it was free, and is told that it no longer is. SCH-07.
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
    -- It still stands under the constraint, so nobody took it; but it was listed as free.
    perform app_private.publish_held(hold);
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
  perform app_private.publish_held(v_claim);
  return v_claim;
end;
$$;

comment on function app_private.revive_hold is
  'Takes the time of an expired hold again; SLOT_TAKEN when somebody else has it.';

grant execute on function app_private.revive_hold to app_engine;
-- end of source: functions/scheduling/revive_hold.sql

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
  'booked and why; NOT_READY when the plan has too few sessions for all.';
grant execute on function app_public.book_series to app_member;

reset role;
-- end of source: functions/appointments/book_series.sql

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
  v_excuse text;
begin
  perform app_private.authorize_move(
    'appointments', v_appointment.status, to_status, v_appointment.organization_id, v_appointment.patient_profile_id);
  if excuse_reason is not null then
    perform app_private.require_permission(v_appointment.organization_id, 'appointments.manage');
    v_excuse := app_private.require_reason(excuse_reason);
  end if;
  return app_private.take_off_by_policy(
    v_appointment, to_status, reason, by_patient => not v_is_staff, for_patient => for_patient, excuse_reason => v_excuse);
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
  -- Days and turns before plans, which the trigger locks.
  perform app_private.lock_claims(array[appointment.claim_id]);
  perform app_private.uncount_assignment(appointment.claim_id);
  update app_public.appointments set
    status = to_status,
    cancellation_reason = case to_status when 'cancelled' then nullif(btrim(reason), '') end,
    is_late_cancellation = case to_status when 'cancelled' then is_late end,
    excuse_reason = take_off.excuse_reason
  where appointments.id = appointment.id
  returning * into v_appointment;
  perform app_private.release_claim(v_appointment.claim_id);
  return v_appointment;
end;
$$;

comment on function app_private.take_off is
  'Moves an appointment to cancelled or noshow, frees its time, and gives its turn back; the caller has locked it and authorized.';
grant execute on function app_private.take_off to app_engine;

-- Until when a cancellation by the patient is not late.
create or replace function app_private.cancel_until(appointment app_public.appointments) returns timestamptz
language sql immutable
set search_path = ''
return (appointment).starts_at - make_interval(mins => (appointment).cancel_minutes);

comment on function app_private.cancel_until is 'Until when an appointment can be called off without being late, as was promised at booking.';
grant execute on function app_private.cancel_until to app_engine;

-- What was promised at booking decides, whether the patient comes with an account or as a guest with a link.
create or replace function app_private.take_off_by_policy(
  appointment app_public.appointments,
  to_status text,
  reason text,
  by_patient boolean,
  for_patient boolean default false,
  excuse_reason text default null
) returns app_public.appointments
language plpgsql volatile
set search_path = ''
as $$
declare
  v_until timestamptz := app_private.cancel_until(appointment);
  v_is_late boolean := (by_patient or coalesce(for_patient, false)) and v_until < app_hidden.now();
begin
  if to_status = 'cancelled' and v_is_late and by_patient and appointment.late_cancel = 'refused' then
    perform app_hidden.refuse(
      'STATE', 'too_late_to_cancel',
      jsonb_build_object('until', v_until) || app_private.clinic_to_call(appointment.organization_id));
  end if;
  return app_private.take_off(appointment, to_status, reason, v_is_late, excuse_reason);
end;
$$;

comment on function app_private.take_off_by_policy is
  'Takes an appointment off that the caller has locked and authorized; late, or STATE too_late_to_cancel, as its policy says.';
grant execute on function app_private.take_off_by_policy to app_engine;
-- end of source: functions/appointments/call_off.sql

-- source: functions/appointments/guest_may.sql
-- Who holds the link of a booking acts as its guest: moves that the table gives to guests, until somebody has an account for the
-- patient, through whom it is done from then on. APT-05, APT-09.

create or replace function app_private.guest_may(entity text, from_state text, to_state text) returns boolean
language sql stable
set search_path = ''
return exists (
  select
  from app_private.state_transitions as transition
  where transition.entity = guest_may.entity
    and transition.from_state = guest_may.from_state
    and transition.to_state = guest_may.to_state
    and transition.actor = 'guest');

comment on function app_private.guest_may is 'Whether a guest may make this move.';
grant execute on function app_private.guest_may to app_engine;

create or replace function app_private.has_account(appointment app_public.appointments) returns boolean
language sql stable
set search_path = ''
return exists (
  select from app_public.patient_profiles
  where patient_profiles.id = (appointment).patient_profile_id and patient_profiles.human_id is not null);

comment on function app_private.has_account is 'Whether the patient of an appointment has an account.';
grant execute on function app_private.has_account to app_engine;

create or replace function app_private.authorize_guest(appointment app_public.appointments, to_state text) returns void
language plpgsql stable
set search_path = ''
as $$
begin
  if not app_private.guest_may('appointments', (appointment).status, to_state) then
    perform app_hidden.refuse(
      'STATE', 'illegal_move',
      jsonb_build_object('entity', 'appointments', 'from', (appointment).status, 'to', to_state,
                         'legal', app_private.legal_moves('appointments', (appointment).status)));
  elsif app_private.has_account(appointment) then
    perform app_hidden.refuse(
      'STATE', 'booking_has_an_account', app_private.clinic_to_call((appointment).organization_id));
  end if;
end;
$$;

comment on function app_private.authorize_guest is
  'Passes when whoever holds the link may make this move; STATE naming the legal ones, or booking_has_an_account.';
grant execute on function app_private.authorize_guest to app_engine;
-- end of source: functions/appointments/guest_may.sql

-- source: functions/appointments/require_to_reschedule.sql
-- Who may move an appointment, and until when: what the policy promised a patient; staff at any time. APT-01, APT-03.

create or replace function app_private.require_to_reschedule(appointment app_public.appointments) returns boolean
language plpgsql stable
set search_path = ''
as $$
begin
  perform app_private.authorize_move(
    'appointments', appointment.status, 'booked', appointment.organization_id, appointment.patient_profile_id);
  if appointment.status = 'cancelled' then
    perform app_hidden.refuse('STATE', 'appointment_is_cancelled');
  end if;
  if app_hidden.has_permission(appointment.organization_id, 'appointments.manage') then
    return false;
  end if;
  perform app_private.require_window_to_reschedule(appointment);
  return true;
end;
$$;

comment on function app_private.require_to_reschedule is
  'Passes who may move an appointment, and says whether it is the patient; FORBIDDEN, STATE with the legal moves or the policy.';
grant execute on function app_private.require_to_reschedule to app_engine;

create or replace function app_private.reschedule_until(appointment app_public.appointments) returns timestamptz
language sql immutable
set search_path = ''
return (appointment).starts_at - make_interval(mins => (appointment).reschedule_minutes);

comment on function app_private.reschedule_until is 'Until when a patient may move an appointment, as was promised at booking.';
grant execute on function app_private.reschedule_until to app_engine;

create or replace function app_private.require_window_to_reschedule(appointment app_public.appointments) returns void
language plpgsql stable
set search_path = ''
as $$
declare
  v_until timestamptz := app_private.reschedule_until(appointment);
begin
  if v_until < app_hidden.now() then
    perform app_hidden.refuse(
      'STATE', 'too_late_to_reschedule',
      jsonb_build_object('until', v_until) || app_private.clinic_to_call(appointment.organization_id));
  elsif appointment.reschedule_count >= appointment.reschedule_limit then
    perform app_hidden.refuse(
      'STATE', 'rescheduled_too_often',
      jsonb_build_object('limit', appointment.reschedule_limit) || app_private.clinic_to_call(appointment.organization_id));
  end if;
end;
$$;

comment on function app_private.require_window_to_reschedule is
  'What the policy of an appointment says to its patient: STATE too_late_to_reschedule or rescheduled_too_often.';
grant execute on function app_private.require_window_to_reschedule to app_engine;
-- end of source: functions/appointments/require_to_reschedule.sql

-- source: functions/appointments/guest_booking_of.sql
-- What the guest may know of the own booking, and what may be done about it now: the steps that do it ask the same. APT-05, APT-09.

create or replace function app_private.guest_booking_of(request app_public.booking_requests)
returns app_public.guest_booking
language sql stable
set search_path = ''
begin atomic
  select row(
    request.id,
    request.status,
    case when visit.id is not null then row(
      visit.status, visit.starts_at, visit.ends_at,
      concat_ws(' ', specialists.title, specialists.given_name, specialists.family_name),
      visit.modality, visit.is_late_cancellation, visit.cancellation_reason)::app_public.guest_booking_appointment end,
    calendars.id,
    case when calendars.assignment_strategy = 'specific' then specialists.id end,
    coalesce(services.translations #>> array[request.locale, 'name'], services.name),
    concat_ws(' ', specialists.title, specialists.given_name, specialists.family_name),
    coalesce(visit.modality, calendars.modality),
    coalesce(visit.starts_at, request.starts_at),
    coalesce(visit.ends_at, request.ends_at),
    calendars.timezone,
    request.locale,
    row(organizations.slug, organizations.name, organizations.contact_phone, organizations.contact_email,
        organizations.locale)::app_public.guest_booking_clinic,
    case
      when visit.id is null then app_private.guest_may('booking_requests', request.status, 'withdrawn')
      else not app_private.has_account(visit) and app_private.guest_may('appointments', visit.status, 'cancelled')
        and (visit.late_cancel <> 'refused' or app_private.cancel_until(visit) >= app_hidden.now())
    end,
    case
      when visit.id is null then request.status = 'requested' and request.respond_by > app_hidden.now()
      else not app_private.has_account(visit) and app_private.guest_may('appointments', visit.status, 'booked')
        and app_private.reschedule_until(visit) >= app_hidden.now()
        and coalesce(visit.reschedule_count < visit.reschedule_limit, true)
    end,
    case when app_private.guest_may('appointments', visit.status, 'cancelled') then app_private.cancel_until(visit) end,
    case when app_private.guest_may('appointments', visit.status, 'booked') then app_private.reschedule_until(visit) end,
    case when request.status = 'requested' and app_private.promises_answer(request) then request.respond_by end,
    request.rejection_reason
  )::app_public.guest_booking
  from (select) as one
  left join app_public.appointments as visit
    on visit.organization_id = request.organization_id and visit.booking_request_id = request.id
  join app_public.organizations on organizations.id = request.organization_id
  join app_public.services
    on services.organization_id = request.organization_id and services.id = coalesce(visit.service_id, request.service_id)
  join app_public.specialists
    on specialists.organization_id = request.organization_id
    and specialists.id = coalesce(visit.specialist_id, request.specialist_id)
  join app_public.calendars
    on calendars.organization_id = request.organization_id and calendars.id = coalesce(visit.calendar_id, request.calendar_id);
end;

comment on function app_private.guest_booking_of is 'A booking request and the appointment that it became, as its guest sees them.';
grant execute on function app_private.guest_booking_of to app_engine;
-- end of source: functions/appointments/guest_booking_of.sql

-- source: functions/appointments/target_of_booking.sql
-- Where the link of a booking leads and when it ends: a week after the time it is about. It follows the person who booked: their
-- messages go on to the address that they gave, whichever chart the appointment is on, and so does the link. Once the patient has
-- an account, messages bring no new links. APT-05.

create or replace function app_private.booking_link_ends_at(
  request app_public.booking_requests,
  appointment app_public.appointments
) returns timestamptz
language sql immutable
set search_path = ''
return case
  when (appointment).deleted_at is null then coalesce((appointment).ends_at, (request).ends_at) + interval '7 days'
end;

comment on function app_private.booking_link_ends_at is
  'When the links of a booking end: a week after its time; null when its appointment was removed.';
grant execute on function app_private.booking_link_ends_at to app_engine;

create or replace function app_private.target_of_booking(organization_id uuid, booking_request_id uuid)
returns app_private.link_target
language sql stable
set search_path = ''
begin atomic
  select row('/booking#', app_private.booking_link_ends_at(booking_requests, appointments))::app_private.link_target
  from app_public.booking_requests
  left join app_public.appointments
    on appointments.organization_id = booking_requests.organization_id
    and appointments.booking_request_id = booking_requests.id
  left join app_public.patient_profiles on patient_profiles.id = appointments.patient_profile_id
  where booking_requests.organization_id = target_of_booking.organization_id
    and booking_requests.id = target_of_booking.booking_request_id
    and patient_profiles.human_id is null;
end;

comment on function app_private.target_of_booking is
  'The page of a booking and until when a link opens it; null once the patient has an account.';
grant execute on function app_private.target_of_booking to app_engine;
-- end of source: functions/appointments/target_of_booking.sql

-- source: functions/notify/opened_by_link.sql
-- What a token from a message opens. An unknown token, a malformed one and one that is over answer alike. APT-05.

create or replace function app_private.opened_by_link(kind text, token text) returns uuid
language sql stable strict
set search_path = ''
begin atomic
  select guest_links.subject_id
  from app_private.guest_links
  where guest_links.token_hash = extensions.digest(opened_by_link.token, 'sha256')
    and guest_links.opens = opened_by_link.kind
    and guest_links.expires_at > app_hidden.now();
end;

comment on function app_private.opened_by_link is
  'The id that a token of this kind of link opens; null when there is none. Whether it is open still, its own functions say.';
grant execute on function app_private.opened_by_link to app_engine;
-- end of source: functions/notify/opened_by_link.sql

-- source: functions/appointments/request_by_token.sql
-- Which booking request a token opens: the one that the page was answered with, or one that left in a message. Of what is over
-- nothing is opened. APT-05, APT-09.

create or replace function app_private.request_by_token(token text) returns app_public.booking_requests
language sql stable strict
set search_path = ''
begin atomic
  select booking_requests
  from app_public.booking_requests
  join app_public.organizations
    on organizations.id = booking_requests.organization_id and organizations.deleted_at is null
  left join app_public.appointments
    on appointments.organization_id = booking_requests.organization_id
    and appointments.booking_request_id = booking_requests.id
  where booking_requests.id = coalesce(
      (select own.id from app_public.booking_requests as own
       where own.token_hash = extensions.digest(request_by_token.token, 'sha256')),
      app_private.opened_by_link('booking', request_by_token.token))
    and app_private.booking_link_ends_at(booking_requests, appointments) > app_hidden.now();
end;

comment on function app_private.request_by_token is 'The booking request that a token opens; null for every other token.';
grant execute on function app_private.request_by_token to app_engine;

create or replace function app_private.required_request_by_token(token text) returns app_public.booking_requests
language plpgsql stable
set search_path = ''
as $$
declare
  v_request app_public.booking_requests := app_private.request_by_token(token);
begin
  if v_request.id is null then
    perform app_hidden.refuse('NOT_FOUND', 'booking_not_found');
  end if;
  return v_request;
end;
$$;

comment on function app_private.required_request_by_token is 'The booking request that a token opens; NOT_FOUND booking_not_found for every other token.';
grant execute on function app_private.required_request_by_token to app_engine;
-- end of source: functions/appointments/request_by_token.sql

-- source: functions/appointments/booking_by_token.sql
-- A guest looks the own booking up, with the token of the page or one from a message. An unknown token, a malformed one and one
-- that is over answer alike. APT-05, APT-09.

set role app_engine;

create or replace function app_public.booking_by_token(token text) returns app_public.guest_booking
language sql stable strict security definer
set search_path = ''
return (
  select app_private.guest_booking_of(request)
  from app_private.request_by_token(booking_by_token.token) as request
  where request.id is not null
);

comment on function app_public.booking_by_token is
  E'@nullable\nThe booking that this token opens, until a week after its time; null when there is none.';
grant execute on function app_public.booking_by_token to app_anonymous, app_member;

reset role;
-- end of source: functions/appointments/booking_by_token.sql

-- source: functions/appointments/locked_guest_request.sql
-- The request that its guest is about to change, locked: the clinic may be answering it at this moment. APT-09.

create or replace function app_private.locked_guest_request(seen app_public.booking_requests) returns app_public.booking_requests
language plpgsql volatile
set search_path = ''
as $$
declare
  v_request app_public.booking_requests;
begin
  if seen.status <> 'requested' then
    return seen;
  end if;
  select booking_requests.* into strict v_request
  from app_public.booking_requests
  where booking_requests.id = seen.id
  for update;
  return v_request;
end;
$$;

comment on function app_private.locked_guest_request is
  'The same request as it is now, locked while it waits for an answer; one that was answered never changes.';
grant execute on function app_private.locked_guest_request to app_engine;

create or replace function app_private.withdraw_request(request app_public.booking_requests, reason text default null)
returns app_public.booking_requests
language plpgsql volatile
set search_path = ''
as $$
declare
  v_request app_public.booking_requests;
begin
  update app_public.booking_requests
  set status = 'withdrawn', decided_at = app_hidden.now(), withdrawal_reason = nullif(btrim(reason), '')
  where booking_requests.id = (request).id
  returning * into v_request;
  perform app_private.release_claim(v_request.claim_id);
  return v_request;
end;
$$;

comment on function app_private.withdraw_request is
  'Takes a request back and frees its time; the caller has locked it. STATE once the clinic has answered.';
grant execute on function app_private.withdraw_request to app_engine;
-- end of source: functions/appointments/locked_guest_request.sql

-- source: functions/appointments/cancel_booking.sql
-- Behind the link of a booking: the request is withdrawn while it waits, the appointment is called off by its policy, as its
-- patient would. Locks: the request, or the patient and the appointment, then the days. APT-03, APT-05, APT-09.

set role app_engine;

create or replace function app_public.cancel_booking(token text, reason text default null) returns app_public.guest_booking
language plpgsql volatile security definer
set search_path = ''
as $$
declare
  v_remembered jsonb := app_private.remembered('cancel_booking', jsonb_build_array(token, reason));
  v_request app_public.booking_requests := app_private.required_request_by_token(token);
  v_appointment app_public.appointments;
  v_booking app_public.guest_booking;
begin
  if v_remembered is not null then
    return jsonb_populate_record(v_booking, v_remembered);
  end if;

  v_request := app_private.locked_guest_request(v_request);
  if v_request.status = 'confirmed' then
    v_appointment := app_private.lock_appointment(app_private.appointment_of_request(v_request));
    perform app_private.authorize_guest(v_appointment, 'cancelled');
    perform app_private.take_off_by_policy(v_appointment, 'cancelled', reason, by_patient => true);
  else
    v_request := app_private.withdraw_request(v_request, reason);
  end if;
  v_booking := app_private.guest_booking_of(v_request);
  perform app_private.remember('cancel_booking', to_jsonb(v_booking));
  return v_booking;
end;
$$;

comment on function app_public.cancel_booking is
  E'@arg reason Why, for the clinic to read.\n'
  'Withdraws the booking request that a token opens, or calls off the appointment that it became, and frees the time. Later than the '
  'policy of the appointment asks it is marked as late, or STATE too_late_to_cancel says until when it went and whom to call. '
  'NOT_FOUND for every other token, STATE booking_has_an_account once the patient has one, or naming the legal moves when it is over.';
grant execute on function app_public.cancel_booking to app_anonymous, app_member;

reset role;

create or replace function app_private.appointment_of_request(request app_public.booking_requests) returns app_public.appointments
language sql stable
set search_path = ''
begin atomic
  select appointments
  from app_public.appointments
  where appointments.organization_id = (request).organization_id
    and appointments.booking_request_id = (request).id
    and appointments.deleted_at is null;
end;

comment on function app_private.appointment_of_request is 'The appointment that a request became, not locked; null when there is none.';
grant execute on function app_private.appointment_of_request to app_engine;
-- end of source: functions/appointments/cancel_booking.sql

-- source: functions/appointments/cancel_series.sql
-- A series is called off from one of its appointments on: that one, and all that follow and still stand. Locks as for one: the
-- patient, all appointments of the series, all their days, then the plans. SCH-09, APT-03.

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
  v_first app_public.appointments := app_private.own_appointment(appointment_id);
  v_standing app_public.appointments[];
begin
  if v_first.series_id is null then
    perform app_hidden.refuse('STATE', 'not_in_a_series');
  end if;
  -- By their ids, which no move changes, as whoever hands visits to a colleague: one series may be called off by two at once.
  perform app_private.lock_appointment(one.appointment)
  from (
    select appointments as appointment
    from app_public.appointments
    where appointments.organization_id = v_first.organization_id
      and appointments.series_id = v_first.series_id
      and appointments.patient_profile_id = v_first.patient_profile_id
      and appointments.deleted_at is null
    order by appointments.id
  ) as one;
  v_first := app_private.lock_appointment(v_first);
  v_standing := array(
    select appointments
    from app_public.appointments
    where appointments.organization_id = v_first.organization_id
      and appointments.series_id = v_first.series_id
      and appointments.patient_profile_id = v_first.patient_profile_id
      and appointments.starts_at >= v_first.starts_at
      and appointments.status in ('booked', 'upcoming', 'confirmed')
      and appointments.deleted_at is null
    order by appointments.starts_at, appointments.id);
  perform app_private.lock_claims(array(select standing.claim_id from unnest(v_standing) as standing));
  -- All turns before the first plan; in one order, as whoever changes places.
  perform app_private.uncount_assignment(one.claim_id)
  from (select standing.claim_id from unnest(v_standing) as standing order by standing.calendar_id, standing.specialist_id) as one;
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

-- source: functions/patients/require_own_account_age.sql
-- Whether somebody born then may have an account of their own. Where the age decides and nobody knows it, it is asked for. FND-07,
-- docs/decisions/0123.

create or replace function app_private.require_own_account_age(birth_date date, field text) returns void
language plpgsql stable
set search_path = ''
as $$
declare
  v_years int;
begin
  select legal_ages.years into strict v_years from app_private.legal_ages where legal_ages.rule = 'own_account';
  if birth_date is null then
    perform app_hidden.refuse('STATE', 'account_age_unknown', jsonb_build_object('years', v_years));
  elsif birth_date + make_interval(years => v_years) > (app_hidden.now() at time zone 'Europe/Bucharest')::date then
    perform app_hidden.refuse(
      'VALIDATION', 'too_young_for_own_account', jsonb_build_object('field', field, 'years', v_years));
  end if;
end;
$$;

comment on function app_private.require_own_account_age is
  'VALIDATION too_young_for_own_account below the age in legal_ages; STATE account_age_unknown where the date is not known.';
grant execute on function app_private.require_own_account_age to app_engine;
-- end of source: functions/patients/require_own_account_age.sql

-- source: functions/notify/notify_many.sql
-- Tells many people the same thing in the transaction of its cause. FND-15.
-- Telling the same person about the same event twice tells once, so a consumer may be retried.

set role app_engine;
create or replace function app_private.notify_many(
  organization_id uuid,
  template_key text,
  recipients app_private.message_recipient[],
  data jsonb default '{}',
  event_id uuid default null,
  calendar_uid uuid default null
) returns uuid[]
language plpgsql volatile security definer
set search_path = ''
as $$
declare
  v_type app_private.message_types;
  v_recipients app_private.message_recipient[];
  v_problem text;
begin
  select message_types.* into v_type
  from app_private.message_types
  where message_types.key = notify_many.template_key;
  if not found then
    perform app_hidden.refuse('VALIDATION', 'message_template_unknown', jsonb_build_object('template', notify_many.template_key));
  end if;

  if (v_type.calendar_status is null) <> (notify_many.calendar_uid is null) then
    perform app_hidden.refuse('VALIDATION', 'message_calendar_mismatch', jsonb_build_object('template', v_type.key));
  end if;

  select recipient.locale into v_problem
  from unnest(notify_many.recipients) as recipient
  where recipient.locale <> all (array['ro', 'en'])
  limit 1;
  if v_problem is not null then
    perform app_hidden.refuse('VALIDATION', 'message_template_unknown', jsonb_build_object(
      'template', v_type.key, 'locale', v_problem));
  end if;

  select difference.name into v_problem
  from unnest(notify_many.recipients) as recipient
  cross join lateral (
    select given.name
    from jsonb_object_keys(coalesce(notify_many.data, '{}') || coalesce(recipient.data, '{}')) as given (name)
    where given.name <> all (v_type.variables)
    union all
    select needed.name
    from unnest(v_type.variables) as needed (name)
    where not coalesce(notify_many.data, '{}') || coalesce(recipient.data, '{}') ? needed.name
      -- What is left out has no link.
      and not exists (select from app_private.link_kinds where link_kinds.data_key = needed.name)
  ) as difference
  order by difference.name
  limit 1;
  if v_problem is not null then
    perform app_hidden.refuse('VALIDATION', 'message_variables_mismatch', jsonb_build_object(
      'template', v_type.key, 'variable', v_problem));
  end if;

  if exists (
    select from unnest(notify_many.recipients) as recipient
    where case
      when recipient.patient_profile_id is not null then not exists (
        select from app_public.patients
        where patients.organization_id = notify_many.organization_id
          and patients.patient_profile_id = recipient.patient_profile_id)
      when recipient.human_id is not null then not exists (
        select from app_public.humans where humans.principal_id = recipient.human_id)
      else recipient.name is null
    end
  ) then
    perform app_hidden.refuse('NOT_FOUND', 'message_recipient_unknown', jsonb_build_object('template', v_type.key));
  end if;

  select array_agg(
    row(recipient.patient_profile_id, recipient.human_id, recipient.name, recipient.email, recipient.phone,
        recipient.locale, coalesce(notify_many.data, '{}') || coalesce(recipient.data, '{}'))::app_private.message_recipient)
  into v_recipients
  from unnest(notify_many.recipients) as recipient
  where notify_many.event_id is null or not exists (
    select from app_public.messages
    where messages.organization_id = notify_many.organization_id
      and messages.event_id = notify_many.event_id
      and messages.template_key = notify_many.template_key
      and messages.recipient = coalesce(
        recipient.patient_profile_id::text, recipient.human_id::text, app_hidden.ascii_lower(recipient.email), recipient.phone, ''));

  return app_private.queue_messages(
    notify_many.organization_id, v_type.key, v_recipients, notify_many.event_id, notify_many.calendar_uid);
end;
$$;

comment on function app_private.notify_many is
  'Queues a message to each of these people over the channels that suit them; answers the ids of the new messages. '
  'An unknown message, person or language, a missing or an unknown variable is refused, and then nobody is told.';

reset role;
-- end of source: functions/notify/notify_many.sql

-- source: functions/patients/invite_patient.sql
-- A clinic asks a patient to take over their own profile. The person accepts with an account that proved the address.
-- FND-07.
-- A profile that has or had an account is the person's at every clinic: they sign in, or claim it, and no single clinic
-- hands it on.

set role app_engine;

create or replace function app_public.invite_patient(
  organization_id uuid,
  patient_profile_id uuid,
  email text default null
) returns app_public.invitations
language plpgsql volatile security definer
set search_path = ''
as $$
declare
  v_remembered jsonb;
  v_invitation app_public.invitations;
begin
  perform app_private.require_permission(organization_id, 'patients.manage');
  v_remembered := app_private.remembered('invite_patient', jsonb_build_array(organization_id, patient_profile_id, email));
  if v_remembered is not null then
    return jsonb_populate_record(v_invitation, v_remembered);
  end if;

  v_invitation := app_private.invite_to_profile(organization_id, patient_profile_id, email);
  perform app_private.remember('invite_patient', to_jsonb(v_invitation));
  return v_invitation;
end;
$$;

comment on function app_public.invite_patient is
  'Invites a patient without an account to take over their profile, by mail to this address or to the one of the profile. '
  'Needs patients.manage; CONFLICT profile_has_an_account or already_invited, VALIDATION too_young_for_own_account.';
grant execute on function app_public.invite_patient to app_member;

reset role;

create or replace function app_private.invite_to_profile(organization_id uuid, patient_profile_id uuid, email text default null)
returns app_public.invitations
language plpgsql volatile
set search_path = ''
as $$
declare
  v_profile app_public.patient_profiles;
  v_email text;
begin
  perform app_private.require_patient(organization_id, patient_profile_id);
  select patient_profiles.* into strict v_profile
  from app_public.patient_profiles
  where patient_profiles.id = invite_to_profile.patient_profile_id;
  if v_profile.human_id is not null then
    perform app_hidden.refuse('CONFLICT', 'profile_has_an_account');
  end if;
  -- Where the chart has no date of birth, the person says it as they accept.
  if v_profile.birth_date is not null then
    perform app_private.require_own_account_age(v_profile.birth_date, 'patientProfileId');
  end if;
  v_email := coalesce(nullif(btrim(invite_to_profile.email), ''), v_profile.email);
  if v_email is null then
    perform app_hidden.refuse('VALIDATION', 'required', '{"field": "email"}');
  end if;

  return app_private.send_invitation(
    app_private.open_invitation(
      organization_id, 'patient', v_email, v_profile.given_name || ' ' || v_profile.family_name, patient_profile_id),
    v_profile.locale);
end;
$$;

comment on function app_private.invite_to_profile is
  'Invites a patient of the clinic to take over their profile, at this address or at the profile''s; the caller has the permission. '
  'CONFLICT, VALIDATION, STATE and RATE_LIMITED as invite_patient().';
grant execute on function app_private.invite_to_profile to app_engine;
-- end of source: functions/patients/invite_patient.sql

-- source: functions/appointments/invite_guest.sql
-- With the confirmation the guest can be invited to an account. The invitation goes to the address of the patient's own profile:
-- that of a new patient is the guest's, and what a guest typed never opens a chart that was there before. Where staff ask for it and
-- it cannot be, they are told, and nothing is confirmed; where it is the clinic's custom, it stands in nobody's way. APT-05, FND-07.

create or replace function app_private.invite_guest(appointment app_public.appointments, is_asked boolean) returns void
language plpgsql volatile
set search_path = ''
as $$
begin
  if is_asked then
    perform app_private.require_permission(appointment.organization_id, 'patients.manage');
    perform app_private.invite_to_profile(appointment.organization_id, appointment.patient_profile_id);
  elsif is_asked is null
    and app_hidden.has_permission(appointment.organization_id, 'patients.manage')
    and (select organizations.invites_guests from app_public.organizations where organizations.id = appointment.organization_id)
  then
    begin
      perform app_private.invite_to_profile(appointment.organization_id, appointment.patient_profile_id);
    exception
      -- An account, an invitation or a no that is there already; too young, no address; too many today.
      when sqlstate 'RX409' or sqlstate 'RX412' or sqlstate 'RX400' or sqlstate 'RX429' then
        null;
    end;
  end if;
end;
$$;

comment on function app_private.invite_guest is
  'Invites the patient of a confirmed request to an account: when staff ask, or when the clinic does so and nothing is in the way.';
grant execute on function app_private.invite_guest to app_engine;
-- end of source: functions/appointments/invite_guest.sql

-- source: functions/appointments/let_go_of_guest.sql
-- What a request brought about for a guest who was somebody else, or whose request fell through: forms that nobody touched go, and
-- so does a patient who was made for it, while nothing else is known of them. Asked of every table that names patients, by what it
-- said for merges; so a new one cannot be forgotten. APT-09, FND-34, docs/decisions/0134.

create or replace function app_private.let_go_of_guest(request app_public.booking_requests) returns void
language plpgsql volatile
set search_path = ''
as $$
declare
  v_patient app_public.patients;
begin
  perform app_private.drop_forms_ahead(request);
  if not request.has_made_patient then
    return;
  end if;
  -- Bookings, consents and forms hold their patient for share: those under way are waited for, and seen.
  select patients.* into v_patient
  from app_public.patients
  where patients.organization_id = request.organization_id
    and patients.patient_profile_id = request.patient_profile_id
    and patients.deleted_at is null
  for update;
  if found and app_private.is_known_by_request_alone(v_patient, request.id) then
    perform app_private.mark_deleted('app_public.patients', v_patient.id, app_hidden.now());
  end if;
end;
$$;

comment on function app_private.let_go_of_guest is
  'Takes back what was made for the guest of a request: untouched forms, and the patient, where nothing else is known of them.';
grant execute on function app_private.let_go_of_guest to app_engine;

create or replace function app_private.is_known_by_request_alone(patient app_public.patients, booking_request_id uuid) returns boolean
language plpgsql stable
set search_path = ''
as $$
declare
  v_is_known boolean;
begin
  if exists (
    select from app_public.patient_profiles
    where patient_profiles.id = patient.patient_profile_id and patient_profiles.human_id is not null
  ) then
    return false;
  end if;
  execute (
    select 'select ' || string_agg(
      format('exists (select from %s as theirs where theirs.%I in ($1, $2)%s%s)', rules.table_name::regclass, rules.column_name,
        case when soft_deletes.table_name is not null then ' and theirs.deleted_at is null' end,
        case rules.table_name when 'app_public.booking_requests' then ' and theirs.id <> $3' end),
      ' or ')
    from app_private.merge_rules as rules
    left join app_private.soft_deletes on soft_deletes.table_name = rules.table_name
    -- The patient themselves, and the words by which they are found.
    where rules.table_name not in ('app_public.patients', 'app_private.patient_search'))
  into strict v_is_known using patient.patient_profile_id, patient.id, booking_request_id;
  return not v_is_known;
end;
$$;

comment on function app_private.is_known_by_request_alone is
  'Whether a patient has no account, and no row of any table names them but that of this request.';
grant execute on function app_private.is_known_by_request_alone to app_engine;
-- end of source: functions/appointments/let_go_of_guest.sql

-- source: functions/appointments/patient_for_request.sql
-- The patient a booking request is for: the one that staff named, the one that the guest was taken in as, the one whose address
-- and name agree, or nobody yet. Whoever is unclear is asked about. APT-09, FND-07, FND-34.

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
  return null;
end;
$$;

comment on function app_private.patient_for_request is
  'The patient profile for a request, null where nobody is it yet; CONFLICT person_unclear when only a person can tell, VALIDATION '
  'patient_contradicted when one is named and said to be new.';
grant execute on function app_private.patient_for_request to app_engine;

-- The request with its patient, made where nobody is it yet; the caller writes it. Whoever was made for it before, and is not it,
-- goes.
create or replace function app_private.say_who_it_is(
  request app_public.booking_requests,
  patient_profile_id uuid,
  as_new_patient boolean
) returns app_public.booking_requests
language plpgsql volatile
set search_path = ''
as $$
declare
  v_said app_public.booking_requests := request;
begin
  -- First, as whoever removes patients: of two requests whose guests were taken for each other both would wait.
  if request.has_made_patient then
    perform app_private.lock_people(request.organization_id);
  end if;
  v_said.patient_profile_id := app_private.patient_for_request(request, say_who_it_is.patient_profile_id, as_new_patient);
  if v_said.patient_profile_id = request.patient_profile_id then
    return request;
  end if;
  v_said.has_made_patient := v_said.patient_profile_id is null;
  if v_said.has_made_patient then
    insert into app_public.patient_profiles (given_name, family_name, email, phone, locale)
    values (request.given_name, request.family_name, request.email, request.phone, request.locale)
    returning id into v_said.patient_profile_id;
    perform app_private.admit_patient(request.organization_id, v_said.patient_profile_id);
  end if;
  if request.patient_profile_id is not null then
    perform app_private.let_go_of_guest(request);
  end if;
  return v_said;
end;
$$;

comment on function app_private.say_who_it_is is
  'A request with who its guest is, a new patient where it is nobody yet; the caller writes it. Refuses as patient_for_request() does.';
grant execute on function app_private.say_who_it_is to app_engine;
-- end of source: functions/appointments/patient_for_request.sql

-- source: functions/appointments/confirm_booking_request.sql
-- The clinic says yes, in one transaction: patient found or made, gate asked, claim handed over, appointment booked. APT-09.

set role app_engine;

create or replace function app_public.confirm_booking_request(
  booking_request_id uuid,
  patient_profile_id uuid default null,
  as_new_patient boolean default false,
  override_reason text default null,
  use_plan boolean default null,
  patient_service_plan_id uuid default null,
  invite boolean default null
) returns app_public.appointments
language plpgsql volatile security definer
set search_path = ''
-- Planned once per connection, and so is every step that it calls: planning again costs more than running.
set plan_cache_mode = force_generic_plan
as $$
declare
  v_remembered jsonb := app_private.remembered('confirm_booking_request', jsonb_build_array(
    booking_request_id, patient_profile_id, as_new_patient, override_reason, use_plan, patient_service_plan_id, invite));
  v_request app_public.booking_requests;
  v_rules text[];
  v_draft app_public.appointments;
  v_appointment app_public.appointments;
begin
  if v_remembered is not null then
    perform app_private.require_to_answer(booking_request_id, 'confirmed');
    return jsonb_populate_record(v_appointment, v_remembered);
  end if;

  v_request := app_private.locked_booking_request(booking_request_id, 'confirmed');
  v_request := app_private.say_who_it_is(v_request, patient_profile_id, coalesce(as_new_patient, false));
  perform app_private.require_unexpired(v_request);
  -- As the guest who asked: what was closed, switched off or made private meanwhile is for front desk to decide on.
  select app_private.require_bookable(time_claims, for_the_public => true, override_reason => override_reason) into v_rules
  from app_private.time_claims
  where time_claims.organization_id = v_request.organization_id and time_claims.id = v_request.claim_id;

  update app_public.booking_requests set
    status = 'confirmed',
    patient_profile_id = v_request.patient_profile_id,
    has_made_patient = v_request.has_made_patient,
    decided_at = app_hidden.now(),
    decided_by = app_private.current_actor_id()
  where booking_requests.id = v_request.id;

  v_draft.patient_service_plan_id := confirm_booking_request.patient_service_plan_id;
  v_draft.patient_profile_id := v_request.patient_profile_id;
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
  perform app_private.invite_guest(v_appointment, invite);
  perform app_private.remember('confirm_booking_request', to_jsonb(v_appointment));
  return v_appointment;
end;
$$;

comment on function app_public.confirm_booking_request is
  E'@arg invite Whether the patient is invited to an account with it, which needs patients.manage and is refused as invitePatient refuses. Null: as the clinic does (invitesGuests), where nothing is in the way.\n'
  'Turns a booking request into an appointment of the patient whom takeInGuest named. Where nobody was, of the clinic''s '
  'patients the one is taken whose address and name agree; one who shares only the address or the number is unclear, unless '
  'patientProfileId names the patient or asNewPatient is set; where nobody is like it, the guest becomes a patient. Needs '
  'appointments.manage; STATE when it was answered already, GONE past its deadline, CONFLICT person_unclear with the '
  'candidates, NOT_READY with all that is missing of the patient. When the time can no longer be booked, what holdSlot says '
  'of the rule; overrideReason sets it aside and is kept.';
grant execute on function app_public.confirm_booking_request to app_member;

reset role;
-- end of source: functions/appointments/confirm_booking_request.sql

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
      else jsonb_build_object('bookingRequestId', v_appointment.booking_request_id)
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

-- source: functions/appointments/messages_about_booking_request.sql
-- Who hears of a booking request: the guest who made it, of everything; the clinic, of what it has to answer, and
-- of what was moved or taken back. APT-08, FND-15.

create or replace function app_private.messages_about_booking_request(event app_private.events) returns void
language plpgsql volatile
set search_path = ''
as $$
declare
  v_clinic app_public.organizations;
  v_request app_public.booking_requests;
begin
  select organizations.* into strict v_clinic
  from app_public.organizations
  where organizations.id = event.organization_id;
  select booking_requests.* into strict v_request
  from app_public.booking_requests
  where booking_requests.organization_id = event.organization_id
    and booking_requests.id = event.subject_id;

  perform app_private.notify(
    event.organization_id,
    -- At another time it is received once more; the entry in the guest's calendar moves.
    case event.name when 'booking_request.moved' then 'booking_request_received' else replace(event.name, '.', '_') end,
    app_private.appointment_facts(
      event.organization_id, v_request.calendar_id, v_request.service_id, v_request.specialist_id,
      v_request.starts_at, v_request.ends_at, null, v_request.locale)
    || case
      when event.name in ('booking_request.received', 'booking_request.moved') then jsonb_build_object(
        'bookingRequestId', v_request.id,
        'respondBy', case when app_private.promises_answer(v_request) then v_request.respond_by end)
      when event.name = 'booking_request.confirmed' then jsonb_build_object('bookingRequestId', v_request.id)
      when event.name = 'booking_request.rejected' then jsonb_build_object('reason', v_request.rejection_reason)
      else '{}'
    end,
    name => v_request.given_name || ' ' || v_request.family_name,
    email => v_request.email,
    phone => v_request.phone,
    locale => v_request.locale,
    event_id => event.id,
    calendar_uid => v_request.id);

  if event.name in ('booking_request.received', 'booking_request.moved', 'booking_request.withdrawn') and v_clinic.contact_email is not null then
    perform app_private.notify(
      event.organization_id,
      case event.name
        when 'booking_request.received' then 'booking_request_to_review'
        when 'booking_request.moved' then 'booking_request_moved_by_guest'
        else 'booking_request_withdrawn_by_guest'
      end,
      app_private.appointment_facts(
        event.organization_id, v_request.calendar_id, v_request.service_id, v_request.specialist_id,
        v_request.starts_at, v_request.ends_at, null, v_clinic.locale)
      || jsonb_build_object('guestName', v_request.given_name || ' ' || v_request.family_name)
      || case event.name
        when 'booking_request.withdrawn' then '{}'
        else jsonb_build_object('respondBy', v_request.respond_by)
      end,
      name => v_clinic.name,
      email => v_clinic.contact_email,
      locale => v_clinic.locale,
      event_id => event.id);
  end if;
end;
$$;

comment on function app_private.messages_about_booking_request is
  'Queues what the events of a booking request call for: to the guest, and to the clinic.';
grant execute on function app_private.messages_about_booking_request to app_engine;
-- end of source: functions/appointments/messages_about_booking_request.sql

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
      v_appointment.starts_at, v_appointment.ends_at, v_appointment.modality, v_appointment.locale)
    || jsonb_build_object('bookingRequestId', v_appointment.booking_request_id),
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
    v_changed := app_private.use_session(v_changed);
    if v_changed.plan_session_number is null then
      v_changed.patient_service_plan_id := appointment.patient_service_plan_id;
    end if;
    return v_changed;
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
  'the caller asks the gate and writes it. Without a number of a session when it is to be by plan and none has one for it.';
grant execute on function app_private.session_for to app_engine;
-- end of source: functions/appointments/session_for.sql

-- source: functions/appointments/move_request.sql
-- The guest wants another time before the clinic has answered: the claim goes there, and the request waits on. APT-05, APT-09.

create or replace function app_private.move_request(
  request app_public.booking_requests,
  calendar app_public.calendars,
  starts_at timestamptz,
  specialist_id uuid
) returns app_public.booking_requests
language plpgsql volatile
set search_path = ''
as $$
declare
  v_request app_public.booking_requests := request;
  v_claim app_private.time_claims;
begin
  if request.status <> 'requested' then
    perform app_hidden.refuse(
      'STATE', 'illegal_move',
      jsonb_build_object('entity', 'booking_requests', 'from', request.status, 'to', 'requested',
                         'legal', app_private.legal_moves('booking_requests', request.status)));
  elsif request.respond_by <= app_hidden.now() then
    perform app_hidden.refuse('GONE', 'booking_unanswered', app_private.clinic_to_call(request.organization_id));
  elsif move_request.starts_at = request.starts_at
    and coalesce(move_request.specialist_id = request.specialist_id, true) then
    perform app_hidden.refuse('CONFLICT', 'already_at_this_time', '{"field": "startsAt"}');
  end if;

  v_claim := app_private.move_claim(request.claim_id, calendar, move_request.starts_at, move_request.specialist_id);
  update app_public.booking_requests set
    specialist_id = v_claim.specialist_id,
    starts_at = lower(v_claim.during),
    ends_at = upper(v_claim.during),
    -- Whoever moves it about keeps the clinic's time no longer than twice.
    respond_by = least(
      app_private.respond_by(organizations, lower(v_claim.during)),
      greatest(request.respond_by, request.created_at + 2 * make_interval(hours => organizations.booking_response_hours)))
  from app_public.organizations
  where booking_requests.id = request.id and organizations.id = booking_requests.organization_id
  returning booking_requests.* into v_request;
  perform app_private.publish('booking_request.moved', v_request.organization_id, v_request.id, jsonb_build_object(
    'bookingRequestId', v_request.id, 'calendarId', v_request.calendar_id, 'specialistId', v_request.specialist_id,
    'startsAt', v_request.starts_at, 'endsAt', v_request.ends_at,
    'fromStartsAt', request.starts_at, 'fromEndsAt', request.ends_at));
  return v_request;
end;
$$;

comment on function app_private.move_request is
  'Moves a booking request, which the caller has locked with its calendar, to another time; SLOT_TAKEN, VALIDATION naming the '
  'rule, STATE once it was answered, GONE past its deadline.';
grant execute on function app_private.move_request to app_engine;

-- Each move is told to guest, clinic and specialist: to and fro in a loop is bounded. Counted under the lock of what is moved.
create or replace function app_private.require_move_allowance(subject_id uuid) returns void
language plpgsql stable
set search_path = ''
as $$
declare
  v_now timestamptz := app_hidden.now();
  v_limit app_private.visitor_limits;
  v_moved timestamptz[];
  v_free_at timestamptz;
begin
  select visitor_limits.* into strict v_limit from app_private.visitor_limits where visitor_limits.name = 'moves_of_a_booking';
  v_moved := array(
    select events.occurred_at
    from app_private.events
    where events.subject_id = require_move_allowance.subject_id
      and events.name in ('appointment.rescheduled', 'booking_request.moved')
      and events.occurred_at > v_now - interval '1 day'
    order by events.occurred_at desc
    limit v_limit.per_day);
  v_free_at := greatest(
    v_moved[v_limit.per_day] + interval '1 day',
    case when v_moved[v_limit.per_hour] > v_now - interval '1 hour' then v_moved[v_limit.per_hour] + interval '1 hour' end);
  if v_free_at is not null then
    perform app_hidden.refuse('RATE_LIMITED', 'moved_too_often', jsonb_build_object(
      'retryAfterSeconds', greatest(ceil(extract(epoch from v_free_at - v_now)), 1)));
  end if;
end;
$$;

comment on function app_private.require_move_allowance is
  'RATE_LIMITED moved_too_often when a booking was moved as often as an hour or a day allows.';
grant execute on function app_private.require_move_allowance to app_engine;
-- end of source: functions/appointments/move_request.sql

-- source: functions/appointments/move_to.sql
-- The one place where an appointment goes to another time, whoever moves it: the old time is free only when the new one is taken. It
-- stays the same appointment, with its forms, its price while the calendar stays, its calendar entry and what was promised at
-- booking; what the patient confirmed was the other time, so it is booked again. APT-02, APT-03, CAT-04.

create or replace function app_private.move_to(
  appointment app_public.appointments,
  calendar app_public.calendars,
  starts_at timestamptz,
  specialist_id uuid,
  by_patient boolean,
  override_reason text default null,
  use_plan boolean default null
) returns app_public.appointments
language plpgsql volatile
set search_path = ''
as $$
declare
  v_is_elsewhere boolean := calendar.id <> appointment.calendar_id;
  v_by_plan boolean;
  v_changed app_public.appointments;
  v_old_claim app_private.time_claims;
  v_claim app_private.time_claims;
begin
  if not v_is_elsewhere and move_to.starts_at = appointment.starts_at
    and coalesce(move_to.specialist_id = appointment.specialist_id, true) then
    perform app_hidden.refuse('CONFLICT', 'already_at_this_time', '{"field": "startsAt"}');
  end if;

  select time_claims.* into strict v_old_claim
  from app_private.time_claims
  where time_claims.organization_id = appointment.organization_id and time_claims.id = appointment.claim_id;
  v_claim := app_private.move_claim(
    v_old_claim.id, calendar, move_to.starts_at, move_to.specialist_id, override_reason is not null);
  v_claim := app_private.with_add_ons(v_claim, appointment, calendar, override_reason is not null);
  perform app_private.hand_turn_over(v_old_claim, v_claim);

  v_changed := app_private.draft_at(appointment, calendar, v_claim, override_reason);
  v_by_plan := coalesce(use_plan, v_changed.plan_session_number is not null);
  v_changed := app_private.session_for(v_changed, v_by_plan, v_is_elsewhere);
  if v_is_elsewhere then
    v_changed := app_private.pass_gate(v_changed, v_by_plan);
  else
    perform app_private.refuse_unready(array(
      select missing from app_private.what_is_missing(v_changed, 'paid', '{}', v_by_plan) as missing));
  end if;
  v_changed.reschedule_count := v_changed.reschedule_count + case when by_patient then 1 else 0 end;
  return app_private.write_booked(v_changed);
end;
$$;

comment on function app_private.move_to is
  'Moves an appointment to another time, specialist or calendar; the caller has authorized, and locked the calendar and it. '
  'override_reason sets rules of time aside. SLOT_TAKEN, VALIDATION naming the rule, NOT_READY.';
grant execute on function app_private.move_to to app_engine;
-- end of source: functions/appointments/move_to.sql

-- source: functions/appointments/move_booking.sql
-- Behind the link of a booking: another time for the request while it waits, or for the appointment by its policy. The old time is
-- free only when the new one is taken. A request waits on, and the clinic has as long to answer as for a new one, at most twice
-- from when it was asked. Locks: calendar and specialists, then the request, or the patient and the appointment, then the days.
-- APT-02, APT-03, APT-05, APT-09.

set role app_engine;

create or replace function app_public.move_booking(
  token text,
  starts_at timestamptz,
  specialist_id uuid default null
) returns app_public.guest_booking
language plpgsql volatile security definer
set search_path = ''
as $$
declare
  v_remembered jsonb := app_private.remembered('move_booking', jsonb_build_array(token, starts_at, specialist_id));
  v_request app_public.booking_requests := app_private.required_request_by_token(token);
  v_appointment app_public.appointments;
  v_calendar app_public.calendars;
  v_specialist_id uuid;
  v_booking app_public.guest_booking;
begin
  if v_remembered is not null then
    return jsonb_populate_record(v_booking, v_remembered);
  end if;

  v_appointment := app_private.appointment_of_request(v_request);
  v_calendar := app_private.visible_calendar(coalesce(v_appointment.calendar_id, v_request.calendar_id));
  perform app_private.require_choice(v_calendar, move_booking.specialist_id);
  v_specialist_id := case v_calendar.assignment_strategy
    when 'specific' then coalesce(move_booking.specialist_id, v_appointment.specialist_id, v_request.specialist_id)
    else move_booking.specialist_id
  end;
  perform app_private.lock_to_book(v_calendar, v_specialist_id);
  v_request := app_private.locked_guest_request(v_request);
  if v_request.status = 'confirmed' then
    v_appointment := app_private.lock_appointment(app_private.appointment_of_request(v_request));
    perform app_private.authorize_guest(v_appointment, 'booked');
    perform app_private.require_window_to_reschedule(v_appointment);
    perform app_private.require_move_allowance(v_appointment.id);
    perform app_private.move_to(
      v_appointment, v_calendar, move_booking.starts_at, v_specialist_id, by_patient => true);
  else
    perform app_private.require_move_allowance(v_request.id);
    v_request := app_private.move_request(v_request, v_calendar, move_booking.starts_at, v_specialist_id);
  end if;
  v_booking := app_private.guest_booking_of(v_request);
  perform app_private.remember('move_booking', to_jsonb(v_booking));
  return v_booking;
end;
$$;

comment on function app_public.move_booking is
  E'@arg specialistId The specialist, where the visitor picks one; the same one where null.\n'
  'Moves the booking request that a token opens, or the appointment that it became, to another time that its calendar lists. '
  'NOT_FOUND for every other token; SLOT_TAKEN, VALIDATION naming the rule; STATE too_late_to_reschedule or rescheduled_too_often, '
  'where the policy of the appointment says so; GONE booking_unanswered past the deadline of a request; STATE '
  'booking_has_an_account once the patient has one; RATE_LIMITED for whoever moves it to and fro.';
grant execute on function app_public.move_booking to app_anonymous, app_member;

reset role;
-- end of source: functions/appointments/move_booking.sql

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
    update app_public.booking_requests set patient_profile_id = kept.patient_profile_id, has_made_patient = false
    where booking_requests.organization_id = kept.organization_id
      and booking_requests.patient_profile_id = duplicate.patient_profile_id
    returning booking_requests.id, old.patient_profile_id
  )
  select jsonb_build_object('app_public.booking_requests.patient_profile_id', coalesce(jsonb_agg(to_jsonb(moved)), '[]')) from moved;
end;

comment on function app_private.on_merge_booking_requests is 'Moves the requests of guests who were taken in as the duplicate; the one who is kept was not made for them.';
grant execute on function app_private.on_merge_booking_requests to app_engine;
-- end of source: functions/appointments/on_merge_booking_requests.sql

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
    join app_public.organizations on organizations.id = appointments.organization_id
    where appointments.status in ('booked', 'upcoming', 'confirmed')
      -- Where the index ends: what is still to come is not looked at.
      and appointments.starts_at < app_hidden.now()
      -- Never, where the clinic does not say after how long.
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
  v_by_plan boolean;
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
  v_claim := app_private.with_add_ons(v_claim, v_appointment, v_calendar, v_override);
  perform app_private.count_assignment(v_claim.id);
  v_changed := app_private.draft_at(v_appointment, v_calendar, v_claim, case when v_override then override_reason end);
  v_by_plan := coalesce(use_plan, v_changed.patient_service_plan_id is not null);
  v_changed := app_private.session_for(v_changed, v_by_plan, false);
  v_changed := app_private.pass_gate(v_changed, v_by_plan);
  v_appointment := app_private.write_booked(v_changed);
  perform app_private.remember('reinstate_appointment', to_jsonb(v_appointment));
  return v_appointment;
end;
$$;

comment on function app_public.reinstate_appointment is
  'Takes a cancellation back: the appointment is booked again at its time and with its specialist, by the plan it was by. Needs '
  'appointments.manage. SLOT_TAKEN when the time went to somebody else, VALIDATION naming the rule, which overrideReason sets '
  'aside; STATE appointment_not_cancelled; NOT_READY with all that is missing, a session of the plan among it.';
grant execute on function app_public.reinstate_appointment to app_member;

reset role;
-- end of source: functions/appointments/reinstate_appointment.sql

-- source: functions/appointments/reschedule_appointment.sql
-- Another time, specialist or calendar, by whoever has the appointment as their own or manages it: move_to() does it. Locks:
-- calendar and specialists, the patient, the appointment, the days, the turns, the plans. APT-02, APT-03, CAT-04.

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
  v_calendar app_public.calendars;
  v_specialist_id uuid := specialist_id;
  v_is_elsewhere boolean;
  v_by_patient boolean;
  v_override boolean;
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
  v_appointment := app_private.move_to(
    v_appointment, v_calendar, reschedule_appointment.starts_at, v_specialist_id, v_by_patient,
    override_reason => case when v_override then override_reason end, use_plan => use_plan);
  perform app_private.remember('reschedule_appointment', to_jsonb(v_appointment));
  return v_appointment;
end;
$$;

comment on function app_public.reschedule_appointment is
  E'@arg calendarId Where it goes; its calendar where null.\n'
  'Moves an appointment to another time, and to another specialist or calendar of the clinic; without specialistId whose turn it is, '
  'where the visitor picks the same one. By the patient, a caregiver, or staff with appointments.manage, who may set rules of time '
  'aside with overrideReason. SLOT_TAKEN, VALIDATION naming the rule; STATE too_late_to_reschedule or rescheduled_too_often, where '
  'the policy of the appointment says so to a patient; NOT_READY with all that is missing, a session among it when it is by plan and none is good for it.';
grant execute on function app_public.reschedule_appointment to app_member;

reset role;
-- end of source: functions/appointments/reschedule_appointment.sql

-- source: functions/appointments/take_in_guest.sql
-- A guest becomes a patient before the clinic says yes: the gate asks of whoever is booked for, and nobody can sign who is nobody
-- yet. Front desk says who it is, as in confirming; the forms that the appointment will ask for are made, so that links can be
-- sent; confirming books for this patient. Said again, it is somebody else: what was made for the first and touched by nobody
-- goes, the patient included. APT-09, APT-06, docs/decisions/0116.

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
  v_said app_public.booking_requests;
begin
  perform app_private.require_unexpired(v_request);
  v_said := app_private.say_who_it_is(v_request, patient_profile_id, coalesce(as_new_patient, false));
  if v_said is distinct from v_request then
    update app_public.booking_requests set
      patient_profile_id = v_said.patient_profile_id,
      has_made_patient = v_said.has_made_patient
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
  'asNewPatient, it is somebody else; a patient who was made for the request and of whom nothing else is known goes. Needs appointments.manage; refuses as confirmBookingRequest does.';
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

-- source: functions/appointments/tg_booking_requests__drop_forms.sql
-- A request that became no appointment leaves no forms to fill in with the patient that the guest was taken for, and no patient
-- who was made for it alone. APT-09, FRM-08.

set role app_engine;

create or replace function app_private.tg_booking_requests__drop_forms() returns trigger
language plpgsql security definer
set search_path = ''
as $$
begin
  perform app_private.let_go_of_guest(new);
  return null;
end;
$$;

comment on function app_private.tg_booking_requests__drop_forms is
  'Takes back what was made ahead for a request which fell through: forms, and the patient. Trigger _910_drop_forms.';

reset role;

create or replace trigger _910_drop_forms after update of status on app_public.booking_requests
  for each row
  when (new.patient_profile_id is not null and new.status in ('rejected', 'expired', 'withdrawn') and old.status = 'requested')
  execute function app_private.tg_booking_requests__drop_forms();
-- end of source: functions/appointments/tg_booking_requests__drop_forms.sql

-- source: functions/appointments/withdraw_booking_request.sql
-- The guest changes their mind before the clinic has answered; the time is free again. cancelBooking does the same, and calls off
-- what the clinic has confirmed. APT-09.

set role app_engine;

create or replace function app_public.withdraw_booking_request(token text) returns app_public.booking_receipt
language plpgsql volatile strict security definer
set search_path = ''
as $$
declare
  v_request app_public.booking_requests := app_private.request_by_token(token);
begin
  if v_request.id is null then
    perform app_hidden.refuse('NOT_FOUND', 'booking_request_not_found');
  end if;
  return app_private.booking_receipt_of(app_private.withdraw_request(app_private.locked_guest_request(v_request)));
end;
$$;

comment on function app_public.withdraw_booking_request is
  'Withdraws a booking request by its token and frees the time. STATE once the clinic has answered.';
grant execute on function app_public.withdraw_booking_request to app_anonymous, app_member;

reset role;
-- end of source: functions/appointments/withdraw_booking_request.sql

-- source: functions/audit/patient_chart_fields.sql
-- What a patient's card shows beyond the person: each field is a step of the one query that opens the chart, costs nothing where it is
-- not asked for, and reads its rows with the reader's own rights, so that whoever may not see them finds none here. SCH-12, FND-08,
-- CAT-04, APT-06, docs/decisions/0134.

-- Null where the reader sees no appointments: none would read as never.
create or replace function app_public.patient_chart_attendance(chart app_public.patient_chart) returns app_public.chart_attendance
language sql stable
set search_path = ''
begin atomic
  select (
    count(*) filter (where appointments.status = 'done'),
    count(*) filter (where appointments.status = 'noshow' and appointments.excuse_reason is null),
    count(*) filter (where appointments.status = 'cancelled' and appointments.is_late_cancellation and appointments.excuse_reason is null)
  )::app_public.chart_attendance
  from app_public.appointments
  where appointments.organization_id = (chart).organization_id
    and appointments.patient_profile_id = (chart).patient_profile_id
  having app_hidden.has_permission((chart).organization_id, 'appointments.view');
end;

comment on function app_public.patient_chart_attendance is
  E'@nullable\n@behavior -queryField\nHow often the patient came, and how often not. Needs appointments.view.';
grant execute on function app_public.patient_chart_attendance to app_member;

create or replace function app_public.patient_chart_next_appointments(chart app_public.patient_chart) returns app_public.chart_appointment[]
language sql stable
set search_path = ''
return array(
  select (appointments.id, appointments.status, appointments.starts_at, appointments.ends_at, appointments.modality, services.name,
          concat_ws(' ', specialists.title, specialists.given_name, specialists.family_name), null)::app_public.chart_appointment
  from app_public.appointments
  join app_public.services on services.organization_id = appointments.organization_id and services.id = appointments.service_id
  join app_public.specialists
    on specialists.organization_id = appointments.organization_id and specialists.id = appointments.specialist_id
  where appointments.organization_id = (chart).organization_id
    and appointments.patient_profile_id = (chart).patient_profile_id
    and appointments.status in ('booked', 'upcoming', 'confirmed', 'inprogress')
    and appointments.starts_at >= app_hidden.now() - interval '24 hours'
    and appointments.ends_at > app_hidden.now()
  order by appointments.starts_at, appointments.id
  limit 10);

comment on function app_public.patient_chart_next_appointments is
  E'@behavior -queryField\nThe next ten appointments that are to take place, the one of now among them, the nearest first.';
grant execute on function app_public.patient_chart_next_appointments to app_member;

create or replace function app_public.patient_chart_last_appointments(chart app_public.patient_chart) returns app_public.chart_appointment[]
language sql stable
set search_path = ''
return array(
  select (appointments.id, appointments.status, appointments.starts_at, appointments.ends_at, appointments.modality, services.name,
          concat_ws(' ', specialists.title, specialists.given_name, specialists.family_name),
          appointments.cancellation_reason)::app_public.chart_appointment
  from app_public.appointments
  join app_public.services on services.organization_id = appointments.organization_id and services.id = appointments.service_id
  join app_public.specialists
    on specialists.organization_id = appointments.organization_id and specialists.id = appointments.specialist_id
  where appointments.organization_id = (chart).organization_id
    and appointments.patient_profile_id = (chart).patient_profile_id
    and appointments.ends_at <= app_hidden.now()
  order by appointments.starts_at desc, appointments.id
  limit 10);

comment on function app_public.patient_chart_last_appointments is
  E'@behavior -queryField\nThe last ten appointments whose time is over, however they ended, the newest first.';
grant execute on function app_public.patient_chart_last_appointments to app_member;

-- Asked of the nearest appointment by the one list of the gate, which shows it to whoever may see the appointment.
create or replace function app_public.patient_chart_missing(chart app_public.patient_chart) returns app_public.missing_requirement[]
language sql stable
set search_path = ''
return coalesce((
  select app_public.missing_of_appointment(appointments.id)
  from app_public.appointments
  where appointments.organization_id = (chart).organization_id
    and appointments.patient_profile_id = (chart).patient_profile_id
    and appointments.status in ('booked', 'upcoming', 'confirmed')
    and appointments.starts_at > app_hidden.now()
  order by appointments.starts_at, appointments.id
  limit 1), '{}');

comment on function app_public.patient_chart_missing is
  E'@behavior -queryField\nConsents and forms that the next appointment asks for and that are not there yet, each with what resolves it.';
grant execute on function app_public.patient_chart_missing to app_member;

create or replace function app_public.patient_chart_plans(chart app_public.patient_chart) returns app_public.chart_plan[]
language sql stable
set search_path = ''
return array(
  select (plans.id, service_plans.name, app_public.patient_service_plans_is_open(plans), plans.valid_until,
          case when sessions.id is not null then app_public.patient_entitlements_balance(sessions) end, sessions.per_period)::app_public.chart_plan
  from app_public.patient_service_plans as plans
  join app_public.service_plans
    on service_plans.organization_id = plans.organization_id and service_plans.id = plans.service_plan_id
  left join app_public.patient_entitlements as sessions
    on sessions.organization_id = plans.organization_id and sessions.patient_service_plan_id = plans.id and sessions.kind = 'sessions'
  where plans.organization_id = (chart).organization_id
    and plans.patient_profile_id = (chart).patient_profile_id
    and plans.ended_at is null
    and coalesce(plans.valid_until > app_hidden.now(), true)
  order by plans.valid_until, plans.id
  limit 50);

comment on function app_public.patient_chart_plans is
  E'@behavior -queryField\nPlans that have not ended, with what is left of each, the one that ends first before. Needs patient_plans.view.';
grant execute on function app_public.patient_chart_plans to app_member;

create or replace function app_public.patient_chart_booking_blocks(chart app_public.patient_chart) returns app_public.chart_block[]
language sql stable
set search_path = ''
return array(
  select (blocks.id, blocks.reason, blocks.until, blocks.created_at,
          blocks.contested_at is not null and blocks.decision is null)::app_public.chart_block
  from app_public.booking_blocks as blocks
  where blocks.organization_id = (chart).organization_id
    and blocks.patient_profile_id = (chart).patient_profile_id
    and blocks.decision is distinct from 'lifted'
    and coalesce(blocks.until > app_hidden.now(), true)
  order by blocks.created_at desc, blocks.id
  limit 10);

comment on function app_public.patient_chart_booking_blocks is
  E'@behavior -queryField\nBlocks that stand: the clinic keeps the patient from booking by themselves.';
grant execute on function app_public.patient_chart_booking_blocks to app_member;

create or replace function app_public.patient_chart_requests(chart app_public.patient_chart) returns app_public.chart_request[]
language sql stable
set search_path = ''
return array(
  select (requests.id, requests.starts_at, requests.ends_at, services.name,
          concat_ws(' ', specialists.title, specialists.given_name, specialists.family_name), requests.respond_by)::app_public.chart_request
  from app_public.booking_requests as requests
  join app_public.services on services.organization_id = requests.organization_id and services.id = requests.service_id
  join app_public.specialists
    on specialists.organization_id = requests.organization_id and specialists.id = requests.specialist_id
  where requests.organization_id = (chart).organization_id
    and requests.patient_profile_id = (chart).patient_profile_id
    and requests.status = 'requested'
  order by requests.starts_at, requests.id
  limit 50);

comment on function app_public.patient_chart_requests is
  E'@behavior -queryField\nBooking requests for which the patient was taken in and that wait for an answer. Needs appointments.view.';
grant execute on function app_public.patient_chart_requests to app_member;

create or replace function app_public.patient_chart_signature_links(chart app_public.patient_chart) returns app_public.chart_link[]
language sql stable
set search_path = ''
return array(
  select (links.id, links.form_id, links.kind, links.expires_at, links.created_at)::app_public.chart_link
  from app_public.forms
  join app_public.signature_links as links on links.organization_id = forms.organization_id and links.form_id = forms.id
  where forms.organization_id = (chart).organization_id
    and forms.patient_id = (chart).patient_id
    and forms.patient_profile_id = (chart).patient_profile_id
    and links.status = 'open'
    and links.expires_at > app_hidden.now()
  order by links.created_at desc, links.id
  limit 50);

comment on function app_public.patient_chart_signature_links is
  E'@behavior -queryField\nLinks and kiosks at which a form of the patient can be signed now. Needs forms.view.';
grant execute on function app_public.patient_chart_signature_links to app_member;
-- end of source: functions/audit/patient_chart_fields.sql

-- source: functions/catalog/reassign_specialist.sql
-- Everything still to come goes from one specialist to another, all or nothing: the exclusion constraint on
-- time_claims decides whether the colleague is free. SPC-06. Whoever watches either of them is told. SCH-07.

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

  perform app_private.publish_released(tc)
  from (select * from app_private.time_claims where time_claims.id = any (v_claim_ids) and time_claims.kind <> 'session' order by id) as tc;
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
  perform app_private.publish_held(tc)
  from (select * from app_private.time_claims where time_claims.id = any (v_claim_ids) and time_claims.kind <> 'session' order by id) as tc;
end;
$$;

comment on function app_private.reassign_specialist is
  'Moves future appointments and requests to a colleague; CONFLICT colleague_not_free when any of them overlaps. '
  'The caller has locked both specialists.';
grant execute on function app_private.reassign_specialist to app_engine;
-- end of source: functions/catalog/reassign_specialist.sql

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
  -- All of their days at once and in the one order, then all turns, then the plans. Whoever leaves is never late: what they had
  -- of a plan is given back.
  perform app_private.lock_claims(array(select visit.claim_id from unnest(v_visits) as visit));
  perform app_private.uncount_assignment(one.claim_id)
  from (select visit.claim_id from unnest(v_visits) as visit order by visit.calendar_id, visit.specialist_id) as one;
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

-- source: functions/core/first_id_at.sql
-- Where an index of ids begins for what is younger than an instant: of version 7, the first 48 bits are milliseconds.

create or replace function app_private.first_id_at(at timestamptz) returns uuid
language sql stable
return (lpad(to_hex((extract(epoch from first_id_at.at) * 1000)::bigint), 12, '0') || '70008000000000000000')::uuid;

comment on function app_private.first_id_at is 'The least id that uuidv7() can make at an instant.';

grant execute on function app_private.first_id_at to app_engine;
-- end of source: functions/core/first_id_at.sql

-- source: functions/events/news_of.sql
-- What screens of clinics are told: ids of what happened lately, out of the ledger of events. The servers
-- ask while somebody watches, so that a booking pays nothing for it; they know what they have told already, and whoever is
-- told reads the row under their own rights. FND-15, SCH-12.
-- Half a minute, because an event has the time at which it was written and is seen when its transaction has ended.

set role app_engine;

create or replace function app_hidden.news_of(organization_ids uuid[], subject_types text[], seconds int default 30)
returns table (id uuid, organization_id uuid, subject_type text, subject_id uuid, specialist_ids uuid[])
language sql stable strict security definer
set search_path = ''
as $$
  select events.id, events.organization_id, events.subject_type, events.subject_id,
         array_remove(array[(events.payload ->> 'specialistId')::uuid, (events.payload ->> 'fromSpecialistId')::uuid], null)
  from app_private.events
  -- By the time in the id: the last rows of the index.
  where events.id >= (select app_private.first_id_at(clock_timestamp() - make_interval(secs => seconds)))
    and events.organization_id = any (organization_ids)
    and events.subject_type = any (subject_types)
  order by events.id
$$;

comment on function app_hidden.news_of is
  'Events of these clinics about such subjects in the last seconds, oldest first, by their ids, with the specialists they name.';
grant execute on function app_hidden.news_of to app_authenticator;

reset role;
-- end of source: functions/events/news_of.sql

-- source: functions/identity/accept_invitation.sql
-- The invited person says yes, and only now do person and clinic know each other. FND-04, FND-07.
-- The proof is the address: the account has proved the one that the clinic wrote to. Nothing secret stands in the mail, so
-- whoever it is forwarded to gets nothing. The name of the account stays what the person calls themselves. An address may
-- be a family's, so that a profile is handed on only to whoever has its name as well, as if it was claimed. A patient accepts
-- what everybody accepts there in the same transaction (FND-32).

set role app_engine;

create or replace function app_public.accept_invitation(
  invitation_id uuid,
  given_name text default null,
  family_name text default null,
  birth_date date default null,
  accepted_version_ids uuid[] default '{}'
) returns app_public.received_invitation
language plpgsql volatile security definer
set search_path = ''
as $$
declare
  v_me uuid := app_hidden.current_account_id();
  v_invitation app_public.invitations := app_private.invitation_to_me(invitation_id);
  v_membership app_public.memberships;
  v_profile app_public.patient_profiles;
  v_said record;
  v_differs text;
begin
  perform app_private.require_inviter(v_invitation);
  if v_invitation.kind = 'member' then
    insert into app_public.memberships (organization_id, human_id)
    values (v_invitation.organization_id, v_me)
    on conflict on constraint memberships_human_is_member_once do nothing;
    select memberships.* into strict v_membership
    from app_public.memberships
    where memberships.organization_id = v_invitation.organization_id and memberships.human_id = v_me
    for update;
    -- Whoever comes back holds what they are given now, and nothing of before.
    if v_membership.ended_at is not null then
      delete from app_public.membership_roles
      where membership_roles.organization_id = v_membership.organization_id
        and membership_roles.membership_id = v_membership.id;
      update app_public.memberships set ended_at = null where memberships.id = v_membership.id;
    end if;
    insert into app_public.membership_roles (organization_id, membership_id, role_id, granted_by)
    select invitation_roles.organization_id, v_membership.id, invitation_roles.role_id, v_invitation.invited_by
    from app_public.invitation_roles
    where invitation_roles.organization_id = v_invitation.organization_id
      and invitation_roles.invitation_id = v_invitation.id
    on conflict do nothing;
    if not exists (
      select from app_public.membership_roles
      where membership_roles.organization_id = v_membership.organization_id
        and membership_roles.membership_id = v_membership.id
    ) then
      perform app_hidden.refuse('GONE', 'role_is_gone');
    end if;
  else
    -- Caregivers of a person share addresses with them, and are not the person.
    if exists (
      select from app_public.caregivers
      where caregivers.patient_profile_id = v_invitation.patient_profile_id and caregivers.human_id = v_me
    ) then
      perform app_hidden.refuse('CONFLICT', 'caregiver_is_not_the_patient');
    end if;
    select patient_profiles.* into v_profile
    from app_public.patient_profiles
    join app_public.patients on patients.patient_profile_id = patient_profiles.id
    where patient_profiles.id = v_invitation.patient_profile_id
      and patient_profiles.human_id is null
      and patients.organization_id = v_invitation.organization_id
      and patients.deleted_at is null
    for update of patient_profiles;
    if not found then
      perform app_hidden.refuse('GONE', 'profile_is_gone');
    end if;
    v_said := app_private.asserted_identity(
      accept_invitation.given_name, accept_invitation.family_name, accept_invitation.birth_date);
    v_differs := app_private.fact_that_differs(v_profile, v_said.name_key, v_said.birth_date);
    if v_differs is not null then
      perform app_private.refuse_person_unclear(v_differs);
    end if;
    update app_public.patient_profiles set
      human_id = v_me,
      birth_date = coalesce(patient_profiles.birth_date, v_said.birth_date)
    where patient_profiles.id = v_profile.id;
    perform app_private.accept_required_consents(v_invitation.organization_id, patients.id, accepted_version_ids)
    from app_public.patients
    where patients.organization_id = v_invitation.organization_id and patients.patient_profile_id = v_profile.id;
  end if;

  update app_public.invitations set status = 'accepted'
  where invitations.id = v_invitation.id
  returning * into v_invitation;
  return app_private.received_invitation_of(v_invitation);
end;
$$;

comment on function app_public.accept_invitation is
  'Joins the clinic with the roles offered, or takes over the patient profile. The caller''s verified address must be the '
  'invited one: NOT_FOUND invitation_not_found otherwise, GONE invitation_is_over or inviter_may_no_longer. Of a profile '
  'the name must agree too, givenName and familyName or else the name of the account, and birthDate must not differ: '
  'CONFLICT person_unclear names the fact that is missing. A patient accepts the clinic''s terms, too: CONSENT_REQUIRED '
  'terms_not_accepted lists what is missing of them.';
grant execute on function app_public.accept_invitation to app_member;

reset role;
-- end of source: functions/identity/accept_invitation.sql

-- source: functions/notify/issue_link.sql
-- Makes the link of a message as the message leaves: the token exists in that message and with whoever reads it. A message that
-- is sent once more has another token, and both are good. APT-05.

create or replace function app_private.issue_link(organization_id uuid, kind app_private.link_kinds, subject_id uuid)
returns text
language plpgsql volatile strict
set search_path = ''
as $$
declare
  v_target app_private.link_target;
  v_token text := encode(extensions.gen_random_bytes(16), 'hex');
begin
  execute format('select * from app_private.%I($1, $2)', (kind).target_function)
  into v_target using issue_link.organization_id, issue_link.subject_id;
  if v_target.ends_at <= app_hidden.now() or v_target.ends_at is null then
    return null;
  end if;
  insert into app_private.guest_links (organization_id, opens, subject_id, token_hash, expires_at, created_at)
  values (issue_link.organization_id, (kind).key, issue_link.subject_id, extensions.digest(v_token, 'sha256'),
          v_target.ends_at, app_hidden.now());
  return v_target.path || v_token;
end;
$$;

comment on function app_private.issue_link is
  'The path of the page with a new token for what a message is about; null when a link would open nothing.';
grant execute on function app_private.issue_link to app_engine;
-- end of source: functions/notify/issue_link.sql

-- source: functions/notify/claim_message.sql
-- What a message needs to leave, read when it leaves; decides whether it may. FND-15.
-- The rules are asked again: since it was queued the person may have switched the channel off, the address may have
-- bounced, or night may have come. A message in quiet hours waits for their end, it is not lost.

set role app_engine;
create or replace function app_private.claim_message(message_id uuid)
returns table (
  wait_until timestamptz,
  organization_id uuid,
  channel text,
  locale text,
  address text,
  account_id uuid,
  recipient_name text,
  title text,
  body text,
  content_sid text,
  content_variables text[],
  data jsonb,
  calendar_status text,
  calendar_uid uuid,
  calendar_sequence int,
  created_at timestamptz,
  expires_at timestamptz,
  clinic_name text,
  clinic_email text,
  clinic_phone text,
  clinic_address text,
  link_name text,
  link_path text
)
language plpgsql volatile strict security definer rows 1
set search_path = ''
as $$
#variable_conflict use_column
declare
  v_message app_public.messages;
  v_way record;
  v_cap int;
  v_code text;
  v_kind app_private.link_kinds;
  v_path text;
begin
  select messages.* into v_message
  from app_public.messages
  where messages.id = claim_message.message_id and messages.status = 'queued'
  for update;
  if not found then
    return;
  end if;
  if v_message.expires_at <= app_hidden.now() then
    perform app_private.end_message(v_message.id, 'skipped', 'expired');
    return;
  end if;
  -- A link that was used or taken back meanwhile is told to nobody.
  if v_message.data ? 'signatureLinkId'
    and app_private.sealed_signature_link((v_message.data ->> 'signatureLinkId')::uuid) is null then
    perform app_private.end_message(v_message.id, 'skipped', 'expired');
    return;
  end if;

  select ways.* into v_way
  from app_private.ways_to_reach(
    v_message.organization_id, v_message.template_key, array[app_private.recipient_of(v_message)]) as ways
  where ways.channel = v_message.channel and ways.account_id is not distinct from v_message.account_id;
  -- What marketing rests on is locked: a withdrawal that comes now comes after the message.
  if v_way.obstacle is null and exists (
       select from app_private.message_types
       join app_public.message_topics on message_topics.key = message_types.topic
       where message_types.key = v_message.template_key and message_topics.kind = 'marketing')
     and not app_private.hold_consent(
       v_message.organization_id, v_message.patient_profile_id, 'marketing_' || v_message.channel) then
    v_way.obstacle := 'consent_missing';
  end if;
  if v_way.is_reachable is not true or not v_way.is_wanted or v_way.obstacle is not null then
    perform app_private.end_message(
      v_message.id,
      case when v_way.obstacle in ('bounce', 'complaint', 'request', 'opted_out') then 'suppressed' else 'skipped' end,
      case
        when v_way.obstacle is not null then v_way.obstacle
        when v_way.is_reachable then 'switched_off'
        else 'unreachable'
      end);
    return;
  end if;

  if not v_message.is_urgent and v_way.not_before > app_hidden.now() then
    if v_way.not_before >= v_message.expires_at then
      perform app_private.end_message(v_message.id, 'skipped', 'expires_in_quiet_hours');
      return;
    end if;
    update app_public.messages set not_before = v_way.not_before where messages.id = v_message.id;
    perform graphile_worker.add_jobs(array[app_private.delivery_of(v_message.id, v_way.not_before)]);
    wait_until := v_way.not_before;
    return next;
    return;
  end if;

  select channels.per_person_and_day into v_cap
  from app_private.channels
  where channels.name = v_message.channel;
  if v_cap is not null then
    -- Two workers count one after the other, or both would take the last place. Each clinic counts its own: one that
    -- writes a lot does not silence another (FND-35).
    perform pg_advisory_xact_lock(hashtextextended(
      'cap:' || v_message.organization_id || ':' || v_message.channel || ':' || v_message.address, 0));
    if v_cap <= (
      select count(*)
      from app_public.messages as other
      where other.organization_id = v_message.organization_id
        and other.address = v_message.address
        and other.channel = v_message.channel
        and other.attempted_at > app_hidden.now() - interval '24 hours'
        and other.id <> v_message.id
    ) then
      perform app_private.end_message(v_message.id, 'skipped', 'daily_cap');
      return;
    end if;
  end if;

  -- Made now and kept nowhere: what was queued only names it (FND-32).
  if exists (
    select from app_private.message_types where message_types.key = v_message.template_key and message_types.carries_code
  ) then
    v_code := app_private.issue_code(v_message.organization_id, (v_message.data ->> 'code')::uuid);
    if v_code is null then
      perform app_private.end_message(v_message.id, 'skipped', 'expired');
      return;
    end if;
    v_message.data := v_message.data || jsonb_build_object('code', v_code);
  end if;

  -- So is a link. What somebody reads in an account needs none, and would be kept there.
  select link_kinds.* into v_kind
  from app_private.link_kinds
  where v_message.data ->> link_kinds.data_key is not null;
  if found then
    if v_message.account_id is null then
      v_path := app_private.issue_link(
        v_message.organization_id, v_kind, (v_message.data ->> v_kind.data_key)::uuid);
    end if;
    if v_path is null then
      v_message.data := v_message.data || jsonb_build_object(v_kind.data_key, null);
    end if;
  end if;

  update app_public.messages
  set attempts = messages.attempts + 1, attempted_at = app_hidden.now()
  where messages.id = v_message.id;

  return query
  select
    null::timestamptz, v_message.organization_id, v_message.channel, v_message.locale, v_message.address,
    v_message.account_id, v_message.recipient_name,
    case when clinic_message_templates.id is null then message_templates.title else clinic_message_templates.title end,
    coalesce(clinic_message_templates.body, message_templates.body),
    whatsapp_templates.content_sid, whatsapp_templates.variables,
    v_message.data, message_types.calendar_status, v_message.calendar_uid, v_message.calendar_sequence,
    v_message.created_at, v_message.expires_at,
    organizations.name, organizations.contact_email, organizations.contact_phone,
    nullif(concat_ws(', ', organizations.street, organizations.city), ''),
    case when v_path is not null then v_kind.url_name end, v_path
  from app_public.organizations
  join app_private.message_types on message_types.key = v_message.template_key
  join app_private.message_templates
    on message_templates.template_key = v_message.template_key
    and message_templates.channel = v_message.channel
    and message_templates.locale = v_message.locale
    and message_templates.version = v_message.template_version
  left join app_public.clinic_message_templates
    on clinic_message_templates.organization_id = v_message.organization_id
    and clinic_message_templates.id = v_message.clinic_template_id
  left join app_public.whatsapp_templates
    on v_message.channel = 'whatsapp'
    and whatsapp_templates.organization_id = v_message.organization_id
    and whatsapp_templates.template_key = v_message.template_key
    and whatsapp_templates.locale = v_message.locale
  where organizations.id = v_message.organization_id;
end;
$$;

comment on function app_private.claim_message is
  'The queued message with its words and sender. Only wait_until: it waits for the end of quiet hours and is queued '
  'again. No row: it was sent, or it may not be sent and says why.';

grant execute on function app_private.claim_message to app_worker;
reset role;
-- end of source: functions/notify/claim_message.sql

-- source: functions/notify/printable_variables.sql
-- The names that a text may use. FND-15.
-- Times are given as instants and printed as people write them, so their raw forms are not for texts; and what stands on
-- a locked screen may name the clinic and the time, never what is treated or by whom. Whoever reads in an account needs no link.

create or replace function app_private.printable_variables(variables text[], channel text) returns text[]
language sql immutable strict parallel safe
set search_path = ''
return (
  select array_agg(names.name order by names.name)
  from (
    select given.name from unnest(printable_variables.variables) as given (name)
    where given.name <> all (array['startsAt', 'endsAt', 'timezone', 'modality', 'respondBy', 'signatureLinkId', 'expiresAt', 'bookingRequestId',
                                   'waitlistOfferId'])
    union
    select unnest(array['recipientName', 'clinicName', 'clinicPhone', 'clinicEmail', 'clinicAddress'])
    union
    select derived.name
    from (values ('when', 'startsAt'), ('respondByWhen', 'respondBy'), ('inPerson', 'modality'), ('video', 'modality'),
                 ('phone', 'modality'), ('signingUrl', 'signatureLinkId'), ('expiresWhen', 'expiresAt'),
                 ('bookingUrl', 'bookingRequestId'), ('offerUrl', 'waitlistOfferId')) as derived (name, source)
    where derived.source = any (printable_variables.variables)
  ) as names
  where (printable_variables.channel not in ('sms', 'whatsapp', 'push')
         or names.name <> all (array['serviceName', 'specialistName', 'reason']))
    and (printable_variables.channel not in ('in_app', 'push') or names.name <> all (array['bookingUrl', 'offerUrl']))
);

comment on function app_private.printable_variables is
  'What a text on this channel may name: the message''s own variables that are words, and what the renderer adds.';
grant execute on function app_private.printable_variables to app_engine;
-- end of source: functions/notify/printable_variables.sql

-- source: functions/organizations/clinic_by_slug.sql
-- The booking page's first query: a clinic with its services and bookable calendars, in one statement. Guests meet
-- catalog rows here and nowhere else. FND-01, SPC-05, APT-05.

set role app_engine;

create or replace function app_public.clinic_by_slug(slug text) returns app_public.public_clinic
language sql stable strict security definer
set search_path = ''
begin atomic
  select row(
    organizations.id, organizations.slug, organizations.name, organizations.locale, organizations.timezone,
    organizations.currency, organizations.contact_email, organizations.contact_phone, organizations.street, organizations.city,
    (select coalesce(array_agg(row(
       services.id, services.name, services.description, services.translations, services.duration_minutes,
       services.price_amount, services.currency, services.modality
     )::app_public.public_service order by services.name), '{}')
     from app_public.services
     where services.organization_id = organizations.id and services.is_active and services.deleted_at is null),
    (select coalesce(array_agg(row(
       calendars.id, calendars.service_id, calendars.name, calendars.translations, calendars.timezone, calendars.modality,
       calendars.assignment_strategy, calendars.allows_any_specialist,
       coalesce(calendars.duration_minutes, services.duration_minutes),
       coalesce(calendars.price_amount, services.price_amount), services.currency,
       app_private.public_specialists(calendars.organization_id, calendars.id), calendars.capacity
     )::app_public.public_calendar order by calendars.name), '{}')
     from app_public.calendars
     join app_public.services on services.organization_id = calendars.organization_id and services.id = calendars.service_id
     where calendars.organization_id = organizations.id
       and calendars.is_public and calendars.is_active and calendars.deleted_at is null
       and services.is_active and services.deleted_at is null)
  )::app_public.public_clinic
  from app_public.organizations
  where organizations.slug = clinic_by_slug.slug
    and organizations.activated_at is not null
    and organizations.deleted_at is null;
end;

comment on function app_public.clinic_by_slug is
  E'@nullable\nAn active clinic with its services and bookable calendars; null when there is none, or only a draft.';
grant execute on function app_public.clinic_by_slug to app_anonymous, app_member;

reset role;
-- end of source: functions/organizations/clinic_by_slug.sql

-- source: functions/organizations/embedding_origins_of.sql
-- Whose pages may show the booking page of a clinic: the server writes it into the policy of the page, and answers 404
-- where there is no such clinic to a visitor. APT-05.

set role app_engine;

create or replace function app_hidden.embedding_origins_of(slug text) returns text[]
language sql stable strict security definer
set search_path = ''
begin atomic
  select organizations.embedding_origins
  from app_public.organizations
  where organizations.slug = embedding_origins_of.slug
    and organizations.activated_at is not null
    and organizations.deleted_at is null;
end;

comment on function app_hidden.embedding_origins_of is
  'The origins that may frame the booking page of an active clinic; null when there is none, or only a draft.';
grant execute on function app_hidden.embedding_origins_of to app_anonymous, app_member;

reset role;
-- end of source: functions/organizations/embedding_origins_of.sql

-- source: functions/patients/claim_patient_profiles.sql
-- Someone who was registered by a clinic, or booked as a guest, takes over their own profile by this one explicit act.
-- The identity provider's verification of the address proves the mailbox, and a mailbox may be a family's: the name
-- must agree as well, and a birthday must not differ; where the profile has none, the one that they say is written. Profiles
-- of two clinics stay two. FND-07, FND-34.

set role app_engine;

create or replace function app_public.claim_patient_profiles(
  given_name text default null,
  family_name text default null,
  birth_date date default null
) returns setof app_public.patient_profiles
language plpgsql volatile security definer
set search_path = ''
as $$
declare
  v_human app_public.humans;
  v_me record;
  v_with_address uuid[];
  v_of_name uuid[];
  v_own uuid[];
  v_birth_dates int;
begin
  v_human := app_private.require_proved_address();
  v_me := app_private.asserted_identity(
    claim_patient_profiles.given_name, claim_patient_profiles.family_name, claim_patient_profiles.birth_date);

  -- Locked in one order, as whoever merges two of them does.
  with claimable as materialized (
    select patient_profiles as profile
    from app_public.patient_profiles
    where app_hidden.ascii_lower(patient_profiles.email) = v_human.email
      -- Nobody's, or the same address' account of before that the provider deleted.
      and (patient_profiles.human_id is null
           or exists (
             select from app_public.humans as former
             where former.principal_id = patient_profiles.human_id
               and former.closed_at is not null
               and former.email = v_human.email
               and former.email_verified_at is not null))
      and app_private.may_be_claimed(patient_profiles)
    order by patient_profiles.id
    for update of patient_profiles
  ),
  compared as (
    select (claimable.profile).id, (claimable.profile).birth_date,
           app_private.fact_that_differs(claimable.profile, v_me.name_key, v_me.birth_date) as differs
    from claimable
  )
  select array_agg(compared.id), array_agg(compared.id) filter (where compared.differs is distinct from 'name'),
         array_agg(compared.id) filter (where compared.differs is null),
         count(distinct compared.birth_date) filter (where compared.differs is null)
  into v_with_address, v_of_name, v_own, v_birth_dates
  from compared;

  -- Two of one name and address, born on two days, are two people.
  if v_birth_dates > 1 or (v_own is null and v_of_name is not null) then
    perform app_private.refuse_person_unclear('birthday');
  elsif v_own is null and v_with_address is not null and not exists (
    select from app_public.patient_profiles
    where patient_profiles.human_id = v_human.principal_id and app_hidden.ascii_lower(patient_profiles.email) = v_human.email
  ) then
    perform app_private.refuse_person_unclear('name');
  end if;

  return query
    update app_public.patient_profiles set
      human_id = v_human.principal_id,
      birth_date = coalesce(patient_profiles.birth_date, v_me.birth_date)
    where patient_profiles.id = any (v_own)
    returning patient_profiles.*;
end;
$$;

comment on function app_public.claim_patient_profiles is
  'Links the profiles that carry the caller''s verified address and name with the caller; without givenName and '
  'familyName the name of the account counts. FORBIDDEN email_not_verified; CONFLICT person_unclear names the fact that is missing; '
  'STATE account_age_unknown where neither profile nor caller says the date of birth.';
grant execute on function app_public.claim_patient_profiles to app_member;

reset role;
-- end of source: functions/patients/claim_patient_profiles.sql

-- source: functions/patients/confirm_profile_claim.sql
-- The code that went to the contact of a profile: whoever types it is the person, and accepts what everybody accepts there. FND-32.
-- A wrong code is an answer with the tries that are left, because a refusal would not be counted.

set role app_engine;

create or replace function app_public.confirm_profile_claim(
  claim_id uuid,
  code text,
  accepted_version_ids uuid[] default '{}',
  birth_date date default null
) returns app_public.profile_claim
language plpgsql volatile security definer
set search_path = ''
as $$
declare
  v_claim app_private.profile_claims;
  v_patient app_public.patients;
begin
  select profile_claims.* into v_claim
  from app_private.profile_claims
  where profile_claims.id = confirm_profile_claim.claim_id
    and profile_claims.human_id = app_hidden.current_account_id()
  for update;
  if not found then
    perform app_hidden.refuse('NOT_FOUND', 'claim_not_found');
  end if;
  if v_claim.claimed_at is not null then
    return app_private.profile_claim_of(v_claim);
  end if;

  case app_private.try_code(v_claim.organization_id, v_claim.code_id, code)
    when 'over' then
      perform app_hidden.refuse('GONE', 'claim_is_over');
    when 'right' then
      select patients.* into v_patient
      from app_public.patients
      join app_public.patient_profiles on patient_profiles.id = patients.patient_profile_id
      where patients.organization_id = v_claim.organization_id
        and patients.patient_profile_id = v_claim.patient_profile_id
        and patients.deleted_at is null
        and patient_profiles.human_id is null
        and app_private.may_be_claimed(patient_profiles)
      for update of patient_profiles;
      if not found then
        perform app_hidden.refuse('GONE', 'claim_is_over');
      end if;
      update app_public.patient_profiles set
        human_id = v_claim.human_id,
        birth_date = coalesce(patient_profiles.birth_date, confirm_profile_claim.birth_date)
      where patient_profiles.id = v_patient.patient_profile_id;
      perform app_private.accept_required_consents(v_patient.organization_id, v_patient.id, accepted_version_ids);
      update app_private.profile_claims set claimed_at = app_hidden.now()
      where profile_claims.id = v_claim.id
      returning * into v_claim;
    else null;
  end case;
  return app_private.profile_claim_of(v_claim);
end;
$$;

comment on function app_public.confirm_profile_claim is
  E'@arg code The six digits.\n@arg birthDate When they were born, where the clinic does not know it.\n'
  'Takes over the profile if the code is the one that was sent. isClaimed says whether; attemptsLeft how many tries are left. '
  'NOT_FOUND claim_not_found; GONE claim_is_over when it expired, was used, or five codes were wrong; CONSENT_REQUIRED and STATE '
  'account_age_unknown as in joinClinic.';
grant execute on function app_public.confirm_profile_claim to app_member;

reset role;
-- end of source: functions/patients/confirm_profile_claim.sql

-- source: functions/patients/take_over_by_address.sql
-- The profile that a clinic has with the caller's proved address and name: signing up is claiming it. Where two are alike, or the
-- birthday differs, it is left to front desk. FND-32, FND-34.

create or replace function app_private.take_over_by_address(
  organization_id uuid,
  given_name text,
  family_name text,
  birth_date date
) returns uuid
language plpgsql volatile
set search_path = ''
as $$
declare
  v_human app_public.humans := app_private.require_proved_address();
  v_said record := app_private.asserted_identity(given_name, family_name, take_over_by_address.birth_date);
  v_patient app_public.patients := app_private.profile_to_claim(
    organization_id, v_human.email, null, v_said.name_key, v_said.birth_date);
  v_profile_id uuid;
begin
  update app_public.patient_profiles set
    human_id = v_human.principal_id,
    birth_date = coalesce(patient_profiles.birth_date, v_said.birth_date)
  where patient_profiles.id = v_patient.patient_profile_id and patient_profiles.human_id is null
  returning patient_profiles.id into v_profile_id;
  return v_profile_id;
end;
$$;

comment on function app_private.take_over_by_address is
  'Takes over the one profile of the clinic that has the caller''s proved address, name and no other birthday; null when there is none.';
grant execute on function app_private.take_over_by_address to app_engine;
-- end of source: functions/patients/take_over_by_address.sql

-- source: functions/patients/tg_patient_profiles__own_account.sql
-- Below the age of consent to online services a person has no account of their own: a caregiver acts. Nobody is taken to be old
-- enough: where the date of birth is unknown, it is asked for first (docs/decisions/0123). FND-07.

set role app_engine;

create or replace function app_private.tg_patient_profiles__own_account() returns trigger
language plpgsql security definer
set search_path = ''
as $$
begin
  if new.human_id is not null
    and (tg_op = 'INSERT' or (new.human_id, new.birth_date) is distinct from (old.human_id, old.birth_date)) then
    perform app_private.require_own_account_age(new.birth_date, 'birthDate');
  end if;
  return new;
end;
$$;

comment on function app_private.tg_patient_profiles__own_account is
  'Refuses an own account below the age in legal_ages, or of an age that nobody knows. Trigger _200_own_account.';

reset role;

create or replace trigger _200_own_account before insert or update of human_id, birth_date on app_public.patient_profiles
  for each row execute function app_private.tg_patient_profiles__own_account();
-- end of source: functions/patients/tg_patient_profiles__own_account.sql

-- source: functions/scheduling/agenda_frame.sql
-- What every agenda asks first: who may see it, how many days, on which clocks. SCH-12.

create or replace function app_private.agenda_frame(
  organization_id uuid,
  from_day date,
  days int,
  out timezone text,
  out first_day date,
  out begins_at timestamptz,
  out ends_at timestamptz
)
language plpgsql stable
set search_path = ''
as $$
begin
  perform app_private.require_permission(agenda_frame.organization_id, 'appointments.view');
  if days is null or days not between 1 and 31 then
    perform app_hidden.refuse('VALIDATION', 'days_out_of_bounds', '{"field": "days", "least": 1, "most": 31}');
  end if;
  select organizations.timezone into strict agenda_frame.timezone
  from app_public.organizations
  where organizations.id = agenda_frame.organization_id;
  -- What is out of bounds is refused below, by its window, and not by arithmetic.
  first_day := case when isfinite(from_day) then least(greatest(from_day, date '1999-01-01'), date '2201-01-01') else from_day end;
  begins_at := first_day::timestamp at time zone agenda_frame.timezone;
  ends_at := (first_day + days)::timestamp at time zone agenda_frame.timezone;
  perform app_private.require_window(agenda_frame.organization_id, begins_at, agenda_frame.ends_at, agenda_frame.timezone);
end;
$$;

comment on function app_private.agenda_frame is
  'The zone of a clinic and the span of days in it, for who has appointments.view; VALIDATION days_out_of_bounds, or of the window.';
grant execute on function app_private.agenda_frame to app_engine;

create or replace function app_private.agenda_dates(first_day date, days int, timezone text)
returns table (day date, starts_at timestamptz, ends_at timestamptz)
language sql stable
set search_path = ''
begin atomic
  select date.day, date.day::timestamp at time zone agenda_dates.timezone, (date.day + 1)::timestamp at time zone agenda_dates.timezone
  from generate_series(0, agenda_dates.days - 1) as n
  cross join lateral (select agenda_dates.first_day + n as day) as date;
end;

comment on function app_private.agenda_dates is 'The days of an agenda, each with when it begins and ends on these clocks.';
grant execute on function app_private.agenda_dates to app_engine;

-- An appointment and a request as agendas list them. Without settings of their own, so that the planner puts their bodies in place.
create or replace function app_private.agenda_appointment_of(
  appointment app_public.appointments, service_name text, timezone text, session_id uuid
) returns app_public.agenda_appointment
language sql stable
return ((appointment).id, (appointment).starts_at, (appointment).ends_at,
        app_private.local_time((appointment).starts_at, timezone), app_private.local_time((appointment).ends_at, timezone),
        (appointment).status, (appointment).contact_name, service_name, session_id)::app_public.agenda_appointment;

comment on function app_private.agenda_appointment_of is 'An appointment as agendas list it.';
grant execute on function app_private.agenda_appointment_of to app_engine;

create or replace function app_private.agenda_request_of(request app_public.booking_requests, service_name text, timezone text)
returns app_public.agenda_request
language sql stable
return ((request).id, (request).starts_at, (request).ends_at,
        app_private.local_time((request).starts_at, timezone), app_private.local_time((request).ends_at, timezone),
        (request).given_name || ' ' || (request).family_name, service_name, (request).respond_by)::app_public.agenda_request;

comment on function app_private.agenda_request_of is 'A booking request as agendas list it.';
grant execute on function app_private.agenda_request_of to app_engine;
-- end of source: functions/scheduling/agenda_frame.sql

-- source: functions/scheduling/agenda.sql
-- The screen of a clinic's day, week or month: everybody's hours, what takes them, and what is free, in one question.
-- Who may see the appointments of a clinic sees it; the rows behind it are read under the reader's own rights. SCH-12, APT-01.
-- Only what touches the days is looked at, so that its cost does not grow with the clinic's history.

set role app_engine;

create or replace function app_public.agenda(
  organization_id uuid,
  from_day date,
  days int,
  specialist_ids uuid[] default null
) returns setof app_public.agenda_specialist
language plpgsql stable security definer
set search_path = ''
as $$
declare
  v_frame record := app_private.agenda_frame(agenda.organization_id, from_day, days);
  v_timezone text := v_frame.timezone;
  v_from timestamptz := v_frame.begins_at;
  v_to timestamptz := v_frame.ends_at;
  v_ids uuid[];
begin
  -- Who has left is shown with what they had.
  v_ids := array(
    select specialists.id
    from app_public.specialists
    where specialists.organization_id = agenda.organization_id and specialists.deleted_at is null
      and (agenda.specialist_ids is null or specialists.id = any (agenda.specialist_ids))
    union
    select appointments.specialist_id
    from app_public.appointments
    where appointments.organization_id = agenda.organization_id and appointments.deleted_at is null
      and appointments.starts_at >= v_from - interval '24 hours' and appointments.starts_at < v_to and appointments.ends_at > v_from
      and (agenda.specialist_ids is null or appointments.specialist_id = any (agenda.specialist_ids)));

  return query
    with days as materialized (
      select dates.* from app_private.agenda_dates(v_frame.first_day, agenda.days, v_timezone) as dates
    ),
    -- By specialist alone, who belongs to one clinic: so the index of the exclusion constraint serves.
    claims as materialized (
      select claim.*
      from unnest(v_ids) as specialist (id)
      cross join lateral (
        select time_claims.id, time_claims.specialist_id, time_claims.calendar_id, time_claims.kind, time_claims.during,
               time_claims.blocked, time_claims.expires_at, time_claims.session_id, time_claims.capacity
        from app_private.time_claims
        where time_claims.specialist_id = specialist.id
          and time_claims.blocked && tstzrange(v_from, v_to)
          and time_claims.released_at is null
          and (time_claims.expires_at is null or time_claims.expires_at > app_hidden.now())
      ) as claim
    ),
    -- No service takes longer than a day.
    visits as materialized (
      select appointments.specialist_id, appointments.starts_at, appointments.ends_at, claims.session_id,
             app_private.agenda_appointment_of(appointments, services.name, v_timezone, claims.session_id) as listed
      from app_public.appointments
      join app_public.services on services.organization_id = appointments.organization_id and services.id = appointments.service_id
      left join claims on claims.id = appointments.claim_id
      where appointments.organization_id = agenda.organization_id and appointments.deleted_at is null
        and appointments.starts_at >= v_from - interval '24 hours' and appointments.starts_at < v_to
        and appointments.specialist_id = any (v_ids)
    ),
    booked as (
      select visits.specialist_id, days.day,
             array_agg(visits.listed order by visits.starts_at, (visits.listed).appointment_id) as list
      from visits
      join days on visits.starts_at < days.ends_at and visits.ends_at > days.starts_at
      group by visits.specialist_id, days.day
    ),
    grouped as (
      select sessions.specialist_id, days.day, array_agg(
        (sessions.id, sessions.calendar_id, lower(sessions.during), upper(sessions.during),
         app_private.local_time(lower(sessions.during), v_timezone), app_private.local_time(upper(sessions.during), v_timezone),
         sessions.capacity, (select count(*) from claims as seats where seats.session_id = sessions.id),
         array(select visits.listed from visits where visits.session_id = sessions.id order by (visits.listed).appointment_id)
        )::app_public.agenda_session
        order by sessions.during) as list
      from claims as sessions
      join days on sessions.during && tstzrange(days.starts_at, days.ends_at)
      where sessions.kind = 'session'
      group by sessions.specialist_id, days.day
    ),
    requested as (
      select requests.specialist_id, days.day, array_agg(
        app_private.agenda_request_of(requests, services.name, v_timezone)
        order by requests.starts_at, requests.id) as list
      from app_public.booking_requests as requests
      join app_public.services on services.organization_id = requests.organization_id and services.id = requests.service_id
      join days on requests.starts_at < days.ends_at and requests.ends_at > days.starts_at
      where requests.organization_id = agenda.organization_id and requests.status = 'requested'
        and requests.starts_at >= v_from - interval '24 hours' and requests.starts_at < v_to
        and requests.specialist_id = any (v_ids)
      group by requests.specialist_id, days.day
    ),
    taken as (
      select claims.specialist_id, range_agg(claims.blocked) as times,
             range_agg(claims.during) filter (where claims.kind = 'block') as blocks
      from claims
      group by claims.specialist_id
    ),
    held as (
      select claims.specialist_id, days.day, array_agg(
        (lower(claims.during), upper(claims.during), app_private.local_time(lower(claims.during), v_timezone),
         app_private.local_time(upper(claims.during), v_timezone), claims.expires_at)::app_public.agenda_hold
        order by claims.during) as list
      from claims
      join days on claims.during && tstzrange(days.starts_at, days.ends_at)
      where claims.kind = 'hold'
      group by claims.specialist_id, days.day
    ),
    worked as materialized (
      select w.specialist_id, w.hours
      from app_private.working_hours(agenda.organization_id, v_ids, v_from, v_to) as w
    ),
    whole as (
      select person.id, days.day, days.starts_at, days.ends_at,
             coalesce(worked.hours, '{}') * tstzrange(days.starts_at, days.ends_at)::tstzmultirange as hours,
             coalesce(taken.times, '{}') as taken,
             coalesce(taken.blocks, '{}') * tstzrange(days.starts_at, days.ends_at)::tstzmultirange as blocks,
             booked.list as booked, requested.list as requested, held.list as held, grouped.list as grouped
      from unnest(v_ids) as person (id)
      cross join days
      left join worked on worked.specialist_id = person.id
      left join taken on taken.specialist_id = person.id
      left join booked on booked.specialist_id = person.id and booked.day = days.day
      left join requested on requested.specialist_id = person.id and requested.day = days.day
      left join held on held.specialist_id = person.id and held.day = days.day
      left join grouped on grouped.specialist_id = person.id and grouped.day = days.day
    )
    select whole.id, array_agg(
      (whole.day, whole.starts_at, whole.ends_at, isempty(whole.hours),
       app_private.agenda_stretches(whole.hours, v_timezone),
       app_private.agenda_stretches(whole.hours - whole.taken, v_timezone),
       coalesce(whole.booked, '{}'), coalesce(whole.requested, '{}'), coalesce(whole.held, '{}'),
       app_private.agenda_stretches(whole.blocks, v_timezone), coalesce(whole.grouped, '{}'))::app_public.agenda_day
      order by whole.day)
    from whole
    join app_public.specialists on specialists.id = whole.id
    group by whole.id, specialists.family_name, specialists.given_name
    order by specialists.family_name collate "ro-x-icu", specialists.given_name collate "ro-x-icu", whole.id;
end;
$$;

comment on function app_public.agenda is
  E'@cost 40\n'
  '@arg fromDay The first day, as the clinic''s calendar has it.\n'
  '@arg days How many days, 31 at most.\n'
  '@arg specialistIds Only these; everybody when null.\n'
  'Days of a clinic for each of its specialists: working hours, appointments, group sessions, requests, what is kept, and what is '
  'free. Needs appointments.view.';
grant execute on function app_public.agenda to app_member;

reset role;
-- end of source: functions/scheduling/agenda.sql

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
    on tc.organization_id = appointments.organization_id and tc.id = appointments.claim_id and tc.released_at is null
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

-- In the agenda, where it is asked for.
create or replace function app_public.agenda_appointment_resources(appointment app_public.agenda_appointment)
returns app_public.appointment_resource[]
language sql stable
set search_path = ''
return array(select resource from app_public.appointment_resources((appointment).appointment_id) as resource);

comment on function app_public.agenda_appointment_resources is
  E'@behavior -queryField\nThe room and the equipment of the appointment, the room first.';
grant execute on function app_public.agenda_appointment_resources to app_member;
-- end of source: functions/scheduling/appointment_resources.sql

-- source: functions/scheduling/calendar_listeners_over.sql
-- Which of those who listen to calendars that are not public may not any more: is_staff_of() for each of them in one query,
-- as listeners_over() asks for permissions. SCH-07.

set role app_engine;

create or replace function app_hidden.calendar_listeners_over(
  principal_ids uuid[],
  named_organization_ids uuid[],
  calendar_ids uuid[]
) returns table (place int)
language plpgsql volatile strict security definer
set search_path = ''
as $$
begin
  for v_place in 1 .. cardinality(principal_ids) loop
    -- Until the transaction ends, which is when this function does: the server asks by itself.
    perform set_config('app.principal_id', principal_ids[v_place]::text, true),
            set_config('app.organization_id', coalesce(named_organization_ids[v_place]::text, ''), true);
    continue when exists (
      select from app_public.calendars as c
      where c.id = calendar_ids[v_place] and app_private.is_staff_of(c.organization_id));
    place := v_place;
    return next;
  end loop;
end;
$$;

comment on function app_hidden.calendar_listeners_over is
  'Of people given as columns, with the clinic that their connection names (or null) and the calendar that they listen to: '
  'the places, from 1, of those who do not work at the calendar''s clinic.';
grant execute on function app_hidden.calendar_listeners_over to app_authenticator;

reset role;
-- end of source: functions/scheduling/calendar_listeners_over.sql

-- source: functions/scheduling/caller_as_holder.sql
-- Who the caller is where holds are counted: an account, a visitor who says who they are, an address. SCH-06, SCH-10.

create or replace function app_private.caller_as_holder() returns app_private.time_claims
language plpgsql stable
set search_path = ''
as $$
declare
  v_holder app_private.time_claims;
  v_address inet := nullif(current_setting('app.ip', true), '')::inet;
begin
  v_holder.created_by := app_hidden.current_principal_id();
  -- Two name spaces, or a visitor could call themselves by somebody's id and use up that person's allowance.
  v_holder.visitor_id := coalesce(
    'principal:' || v_holder.created_by, 'visitor:' || nullif(current_setting('app.visitor_id', true), ''));
  -- Whoever has one IPv6 address has the 2^64 of its network.
  v_holder.address := case family(v_address) when 6 then network(set_masklen(v_address, 64)) else v_address end;
  if v_holder.visitor_id is null and v_holder.address is null then
    v_holder.visitor_id := 'unknown';
  end if;
  return v_holder;
end;
$$;

comment on function app_private.caller_as_holder is 'A claim that says who the caller is: created_by, visitor_id, address.';
grant execute on function app_private.caller_as_holder to app_engine;
-- end of source: functions/scheduling/caller_as_holder.sql

-- source: functions/scheduling/require_nobody_stranded.sql
-- A change of hours that would leave patients standing says whom, and is taken back unless that was meant. Whoever stood there
-- before the change is known already. SCH-08.

-- Before hours change. Bookings lock their specialist, so each is seen here or refused by the new hours.
create or replace function app_private.lock_schedule(specialist app_public.specialists, leaves_stranded boolean) returns uuid[]
language plpgsql volatile
set search_path = ''
as $$
begin
  perform from app_public.specialists
  where specialists.organization_id = (specialist).organization_id and specialists.id = (specialist).id
  for no key update;
  return case when not coalesce(leaves_stranded, false) then app_private.stranded_ids(specialist) end;
end;
$$;

comment on function app_private.lock_schedule is
  'Locks a specialist whose hours change; answers with whom require_nobody_stranded() knows already, null where stranding is meant.';
grant execute on function app_private.lock_schedule to app_engine;

create or replace function app_private.require_nobody_stranded(specialist app_public.specialists, known_before uuid[])
returns void
language plpgsql stable
set search_path = ''
as $$
declare
  v_count int;
  v_first jsonb;
begin
  if known_before is null then
    return;
  end if;
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
  'CONFLICT appointments_stranded with the count and the first fifty of those whom lock_schedule() did not know; nothing for null.';
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
  v_known uuid[] := app_private.lock_schedule(v_specialist, leaves_stranded);
begin
  insert into app_public.specialist_schedule_overrides
    (organization_id, specialist_id, kind, starts_on, ends_on, starts, ends, note)
  values (v_specialist.organization_id, v_specialist.id, 'closed', close_schedule.starts_on, close_schedule.ends_on,
          close_schedule.starts, close_schedule.ends, nullif(btrim(close_schedule.note), ''))
  returning * into v_closing;
  perform app_private.require_nobody_stranded(v_specialist, v_known);
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

  v_draft := app_private.caller_as_holder();
  v_draft.kind := 'hold';
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

-- source: functions/scheduling/tables_of_listings.sql
-- What a clinic sets and a listing reads; an edit of it may change any day. SCH-07.
-- A test asks the catalog which tables available_slots() reads, and names one that is missing here.

create or replace function app_private.tables_of_listings() returns text[]
language sql immutable
return '{
  app_public.organizations, app_public.services, app_public.service_specialists,
  app_public.calendars, app_public.calendar_specialists, app_public.calendar_hours, app_public.calendar_resources,
  app_public.resources,
  app_public.specialists, app_public.specialist_zones, app_public.specialist_weekly_hours,
  app_public.specialist_schedule_overrides
}'::text[];

comment on function app_private.tables_of_listings is 'The audited tables that a listing is computed from.';

grant execute on function app_private.tables_of_listings to app_engine;
-- end of source: functions/scheduling/tables_of_listings.sql

-- source: functions/scheduling/listing_changes.sql
-- What became of the listings that somebody watches. Nothing is written for it: the servers ask while they have listeners,
-- of all their calendars at once, and know what they have told already. Days leave, never whose time it is. SCH-07.
-- A listing changes when
--   a claim is made: read from the claims themselves, by the time in their ids;
--   a claim moves, is given back, or is taken again after it had expired: slot.held and slot.released say so;
--   a hold expires, which writes nothing: read by its expiry;
--   whoever manages the clinic edits what timetables() reads: the audit has an entry;
--   a day ends, by the calendar's clocks.
-- A calendar is concerned by the claims of its specialists, in whichever calendar they are booked, and by all claims of
-- the clinic if it needs rooms or equipment. A day too many costs a question, a day too few a wrong answer.

set role app_engine;

create or replace function app_hidden.listing_changes(calendar_ids uuid[], lookback interval default '30 seconds')
returns table (calendar_id uuid, standing text, change text, days date[])
language sql stable strict security definer
set search_path = ''
-- Planned once per connection: planning again costs more than running.
set plan_cache_mode = force_generic_plan
as $$
  with watched as materialized (
    select c.id, c.organization_id, c.timezone,
      (app_hidden.now() at time zone c.timezone)::date as today,
      (app_hidden.now() at time zone c.timezone)::date + c.horizon_days as last_day,
      -- As app_private.visible_calendar() decides.
      case when c.is_public and o.activated_at is not null then 'public' else 'staff' end as standing,
      -- A start is concerned when its slot, cooldown included, would touch the claim.
      make_interval(mins => lengths.longest + c.buffer_after_minutes) as reaches_forward,
      make_interval(mins => c.buffer_before_minutes) as reaches_back,
      -- When a slot of "any" ends is told by whose turn it is, on all days.
      lengths.differ and c.assignment_strategy <> 'specific' as is_by_turn,
      exists (select from app_public.calendar_resources as cr
              where cr.organization_id = c.organization_id and cr.calendar_id = c.id) as needs_resources
    from app_public.calendars as c
    join app_public.organizations as o on o.id = c.organization_id and o.deleted_at is null
    join app_public.services as s on s.organization_id = c.organization_id and s.id = c.service_id
    cross join lateral (
      select coalesce(max(coalesce(cs.duration_minutes, c.duration_minutes, s.duration_minutes)), 0) as longest,
             count(distinct coalesce(cs.duration_minutes, 0)) > 1 as differ
      from app_public.calendar_specialists as cs
      where cs.organization_id = c.organization_id and cs.calendar_id = c.id
    ) as lengths
    where c.id = any (calendar_ids)
      and c.is_active and c.deleted_at is null
      and s.is_active and s.deleted_at is null
  ),
  clinics as materialized (
    select array_agg(distinct watched.organization_id) as ids from watched
  ),
  bounds as materialized (
    -- Two ends each: of what has one alone, the planner expects a third of the table, and reads it whole.
    select app_private.first_id_at(clock_timestamp() - lookback) as first_id,
           app_private.first_id_at(clock_timestamp() + interval '1 hour') as last_id,
           app_hidden.now() - lookback as "from", app_hidden.now() + interval '1 hour' as until
  ),
  claims as materialized (
    select 'made ' || tc.id as change, tc.organization_id, tc.calendar_id, tc.specialist_id, tc.blocked
    from app_private.time_claims as tc
    where tc.id >= (select bounds.first_id from bounds) and tc.id < (select bounds.last_id from bounds)
      and tc.organization_id = any ((select clinics.ids from clinics)::uuid[])
    union all
    select 'expired ' || tc.id || ' ' || tc.expires_at, tc.organization_id, tc.calendar_id, tc.specialist_id, tc.blocked
    from app_private.time_claims as tc
    where tc.kind = 'hold' and tc.released_at is null
      and tc.expires_at > (select bounds."from" from bounds) and tc.expires_at <= app_hidden.now()
      and tc.organization_id = any ((select clinics.ids from clinics)::uuid[])
    union all
    select 'event ' || e.id, e.organization_id, (e.payload ->> 'calendarId')::uuid, (e.payload ->> 'specialistId')::uuid,
      -- The claim's own cooldown; of one that has another time by now, the longest that there is.
      case when tc.during = told.during then tc.blocked
        else tstzrange(lower(told.during) - interval '480 minutes', upper(told.during) + interval '480 minutes') end
    from app_private.events as e
    cross join lateral (
      select tstzrange((e.payload ->> 'startsAt')::timestamptz, (e.payload ->> 'endsAt')::timestamptz) as during
    ) as told
    left join app_private.time_claims as tc on tc.organization_id = e.organization_id and tc.id = e.subject_id
    where e.id >= (select bounds.first_id from bounds) and e.id < (select bounds.last_id from bounds)
      and e.organization_id = any ((select clinics.ids from clinics)::uuid[])
      and e.name in ('slot.held', 'slot.released')
  ),
  -- Who is concerned first, since clocks are dear.
  concerned as materialized (
    select watched.*, claims.change, claims.blocked
    from claims
    join watched on watched.organization_id = claims.organization_id
    where watched.needs_resources
      or watched.is_by_turn and claims.calendar_id = watched.id
      or exists (select from app_public.calendar_specialists as cs
                 where cs.organization_id = watched.organization_id and cs.calendar_id = watched.id
                   and cs.specialist_id = claims.specialist_id)
  ),
  changes as materialized (
    select concerned.id, concerned.change,
      case when not concerned.is_by_turn and span.last - span.first < 62 then array(
        select span.first + n from generate_series(0, span.last - span.first) as n) end as days
    from concerned
    cross join lateral (
      select greatest(concerned.today,
               ((lower(concerned.blocked) - concerned.reaches_forward + interval '1 microsecond')
                at time zone concerned.timezone)::date) as first,
             least(concerned.last_day,
               ((upper(concerned.blocked) + concerned.reaches_back - interval '1 microsecond')
                at time zone concerned.timezone)::date) as last
    ) as span
    where span.first <= span.last or concerned.is_by_turn
    union all
    -- Turns are counted when a booking is made or called off.
    select watched.id, 'event ' || e.id, null
    from app_private.events as e
    join watched on watched.organization_id = e.organization_id and watched.is_by_turn
    where e.id >= (select bounds.first_id from bounds) and e.id < (select bounds.last_id from bounds)
      and e.subject_type in ('appointment', 'booking_request')
    union all
    -- Of a thousand edits at once the last ones will do.
    select watched.id, 'entry ' || edited.id, null
    from (select distinct watched.organization_id from watched) as clinic
    cross join lateral (
      select entries.id
      from audit.entries
      where entries.scope_id = clinic.organization_id
        and entries.occurred_at >= (select bounds."from" from bounds)
        and entries.occurred_at < (select bounds.until from bounds)
        and entries.table_name = any ((select app_private.tables_of_listings())::text[])
        and (entries.table_name <> 'app_public.organizations' or entries.changed && '{activated_at,deleted_at}')
      order by entries.occurred_at desc, entries.id desc
      limit 100
    ) as edited
    join watched on watched.organization_id = clinic.organization_id
    union all
    select watched.id, 'day ' || watched.today, array[watched.today, watched.last_day]
    from watched
    where ((select bounds."from" from bounds) at time zone watched.timezone)::date < watched.today
  )
  select asked.id, coalesce(watched.standing, 'off'), changes.change, changes.days
  from unnest(calendar_ids) as asked (id)
  left join watched on watched.id = asked.id
  left join changes on changes.id = watched.id
$$;

comment on function app_hidden.listing_changes is
  'Of each calendar: public (whoever may list it), staff or off, and a row for each change of its listing lately, with the '
  'days concerned or null for all of them.';
grant execute on function app_hidden.listing_changes to app_authenticator;

reset role;
-- end of source: functions/scheduling/listing_changes.sql

-- source: functions/scheduling/resource_agenda.sql
-- The days of a clinic's rooms and devices: who has them, for what, and when nobody does. For whoever sees the clinic's appointments.
-- Only what touches the days is looked at, by the index of the exclusion constraint. SCH-12, SCH-11.

set role app_engine;

create or replace function app_public.resource_agenda(
  organization_id uuid,
  from_day date,
  days int,
  resource_ids uuid[] default null
) returns setof app_public.agenda_resource
language plpgsql stable security definer
set search_path = ''
as $$
declare
  v_frame record := app_private.agenda_frame(resource_agenda.organization_id, from_day, days);
  v_ids uuid[];
begin
  v_ids := array(
    select resources.id
    from app_public.resources
    where resources.organization_id = resource_agenda.organization_id and resources.deleted_at is null
      and (resource_agenda.resource_ids is null or resources.id = any (resource_agenda.resource_ids)));

  return query
    with uses as materialized (
      select resource.id as resource_id, used.*
      from unnest(v_ids) as resource (id)
      cross join lateral (
        select claims.id as claim_id, claims.kind, claims.specialist_id, claims.during, claims.expires_at, taken.blocked
        from app_private.resource_claims as taken
        join app_private.time_claims as claims
          on claims.organization_id = taken.organization_id and claims.id = taken.claim_id
        where taken.resource_id = resource.id
          and taken.blocked && tstzrange(v_frame.begins_at, v_frame.ends_at)
          and claims.released_at is null
          and (claims.expires_at is null or claims.expires_at > app_hidden.now())
      ) as used
    ),
    -- What has the room through its own claim, or by a seat of the session that has it.
    holders as (
      select distinct uses.claim_id, uses.claim_id as held_by from uses
      union
      select seats.session_id, seats.id
      from app_private.time_claims as seats
      where seats.organization_id = resource_agenda.organization_id
        and seats.session_id in (select uses.claim_id from uses where uses.kind = 'session')
        and seats.released_at is null
    ),
    booked as (
      select holders.claim_id, array_agg(
        app_private.agenda_appointment_of(
          appointments, services.name, v_frame.timezone, nullif(holders.claim_id, holders.held_by))
        order by appointments.starts_at, appointments.id) as list
      from holders
      join app_public.appointments
        on appointments.organization_id = resource_agenda.organization_id and appointments.claim_id = holders.held_by
        and appointments.deleted_at is null
      join app_public.services on services.organization_id = appointments.organization_id and services.id = appointments.service_id
      group by holders.claim_id
    ),
    requested as (
      select holders.claim_id, array_agg(
        app_private.agenda_request_of(requests, services.name, v_frame.timezone)
        order by requests.starts_at, requests.id) as list
      from holders
      join app_public.booking_requests as requests
        on requests.organization_id = resource_agenda.organization_id and requests.claim_id = holders.held_by
        and requests.status = 'requested'
      join app_public.services on services.organization_id = requests.organization_id and services.id = requests.service_id
      group by holders.claim_id
    ),
    whole as (
      select resource.id, dates.day, dates.starts_at, dates.ends_at, (
          select array_agg(
            (lower(uses.during), upper(uses.during), app_private.local_time(lower(uses.during), v_frame.timezone),
             app_private.local_time(upper(uses.during), v_frame.timezone), uses.kind, uses.specialist_id,
             case uses.kind when 'hold' then uses.expires_at end,
             coalesce(booked.list, '{}'), coalesce(requested.list, '{}'))::app_public.agenda_use
            order by uses.during)
          from uses
          left join booked on booked.claim_id = uses.claim_id
          left join requested on requested.claim_id = uses.claim_id
          where uses.resource_id = resource.id and uses.during && tstzrange(dates.starts_at, dates.ends_at)
        ) as list,
        tstzrange(dates.starts_at, dates.ends_at)::tstzmultirange - coalesce((
          select range_agg(uses.blocked) from uses where uses.resource_id = resource.id), '{}') as gaps
      from unnest(v_ids) as resource (id)
      cross join app_private.agenda_dates(v_frame.first_day, resource_agenda.days, v_frame.timezone) as dates
    )
    select whole.id, array_agg(
      (whole.day, whole.starts_at, whole.ends_at, coalesce(whole.list, '{}'),
       app_private.agenda_stretches(whole.gaps, v_frame.timezone))::app_public.agenda_resource_day
      order by whole.day)
    from whole
    join app_public.resources on resources.id = whole.id
    group by whole.id, resources.kind, resources.type, resources.name
    order by resources.kind desc, resources.type collate "ro-x-icu", resources.name collate "ro-x-icu", whole.id;
end;
$$;

comment on function app_public.resource_agenda is
  E'@cost 40\n'
  '@arg fromDay The first day, as the clinic''s calendar has it.\n'
  '@arg days How many days, 31 at most.\n'
  '@arg resourceIds Only these; all when null.\n'
  'Days of a clinic for each of its rooms and devices: who has it, for what, and when nobody does. Needs appointments.view.';
grant execute on function app_public.resource_agenda to app_member;

reset role;
-- end of source: functions/scheduling/resource_agenda.sql

-- source: functions/scheduling/set_weekly_hours.sql
-- A specialist's usual hours, all at once: either the whole week is new, or nothing changed. SCH-01, SCH-08.

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
  v_known := app_private.lock_schedule(v_specialist, leaves_stranded);

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
  perform app_private.require_nobody_stranded(v_specialist, v_known);
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

-- source: functions/waitlist/calendar_to_wait_in.sql
-- In which calendar somebody may wait, with whom, and for whom: as for a booking. SCH-10.

create or replace function app_private.calendar_to_wait_in(calendar_id uuid, specialist_id uuid, patient_profile_id uuid)
returns app_public.calendars
language plpgsql volatile
set search_path = ''
as $$
declare
  v_calendar app_public.calendars := app_private.visible_calendar(calendar_id);
begin
  perform app_private.require_choice(v_calendar, specialist_id);
  if patient_profile_id is not null then
    perform app_private.require_to_book(v_calendar.organization_id, patient_profile_id);
  end if;
  return v_calendar;
end;
$$;

comment on function app_private.calendar_to_wait_in is
  'The calendar, where the caller may book in it and for the patient, if one is named; refuses as bookings do.';
grant execute on function app_private.calendar_to_wait_in to app_engine;

-- What suits: days and times that can come.
create or replace function app_private.require_wish(wish app_public.waitlist_entries, timezone text) returns void
language plpgsql stable
set search_path = ''
as $$
declare
  v_today date := (app_hidden.now() at time zone timezone)::date;
begin
  if wish.starts_on > wish.ends_on then
    perform app_hidden.refuse('VALIDATION', 'last_day_before_first', '{"field": "endsOn"}');
  elsif wish.ends_on < v_today or wish.ends_on > v_today + 366 or not isfinite(wish.starts_on) then
    perform app_hidden.refuse('VALIDATION', 'wish_out_of_bounds', '{"field": "endsOn", "most": 366}');
  elsif cardinality(wish.weekdays) not between 1 and 7 or array_position(wish.weekdays, null) is not null
    or not wish.weekdays <@ '{1,2,3,4,5,6,7}' then
    perform app_hidden.refuse('VALIDATION', 'weekday_unknown', '{"field": "weekdays"}');
  elsif wish.earliest > wish.latest then
    perform app_hidden.refuse('VALIDATION', 'latest_before_earliest', '{"field": "latest"}');
  end if;
end;
$$;

comment on function app_private.require_wish is 'VALIDATION, naming the field, for days and times that cannot come.';
grant execute on function app_private.require_wish to app_engine;

-- Whom to write to: all four of a guest, none of a patient, whose profile says it.
create or replace function app_private.require_contact(entry app_public.waitlist_entries) returns void
language plpgsql stable
set search_path = ''
as $$
declare
  v_missing text;
  v_given text[] := array[entry.given_name, entry.family_name, entry.email, entry.phone];
begin
  if entry.patient_profile_id is not null then
    if array_remove(v_given, null) <> '{}' then
      perform app_hidden.refuse('VALIDATION', 'patient_has_a_contact', '{"field": "patientProfileId"}');
    end if;
    return;
  end if;
  v_missing := ('{givenName,familyName,email,phone}'::text[])[array_position(v_given, null)];
  if v_missing is not null then
    perform app_hidden.refuse('VALIDATION', 'contact_is_missing', jsonb_build_object('field', v_missing));
  end if;
end;
$$;

comment on function app_private.require_contact is 'VALIDATION contact_is_missing, or patient_has_a_contact.';
grant execute on function app_private.require_contact to app_engine;
-- end of source: functions/waitlist/calendar_to_wait_in.sql

-- source: functions/waitlist/lock_waitlist.sql
-- Who waits at a clinic and what they are offered is changed by one transaction at a time: so nobody is offered two times at
-- once, and one time goes to one person. Before the days, as whatever comes before a booking. SCH-10.

create or replace function app_private.lock_waitlist(organization_id uuid) returns void
language sql volatile
set search_path = ''
begin atomic
  select pg_advisory_xact_lock(hashtextextended('waitlist:' || lock_waitlist.organization_id, 0));
end;

comment on function app_private.lock_waitlist is 'Locks the waitlists of a clinic until the transaction ends.';
grant execute on function app_private.lock_waitlist to app_engine;
-- end of source: functions/waitlist/lock_waitlist.sql

-- source: functions/waitlist/require_waitlist_allowance.sql
-- How often one visitor or network joins in an hour and a day, how often one person waits at a clinic, and how many wait in a
-- calendar. No answer depends on who else waits: that an address waits already is told to nobody, so of one address many entries
-- may stand, and it is offered one time at once (waitlist_match). SCH-10, FND-35.
-- The caller has locked the waitlists of the clinic. Locks as for requests: visitor first, then address.

create or replace function app_private.require_waitlist_allowance(entry app_public.waitlist_entries) returns void
language plpgsql volatile
set search_path = ''
as $$
declare
  c_of_a_person constant int := 5;
  c_of_a_calendar constant int := 500;
  v_now timestamptz := app_hidden.now();
  v_limit app_private.visitor_limits;
  v_joined timestamptz[];
  v_free_at timestamptz;
begin
  for v_limit in
    select visitor_limits.*
    from app_private.visitor_limits
    where visitor_limits.name = 'waitlist_visitor' and entry.visitor_id is not null
      or visitor_limits.name = 'waitlist_address' and entry.address is not null
    order by visitor_limits.name desc
  loop
    if v_limit.name = 'waitlist_visitor' then
      perform pg_advisory_xact_lock(hashtextextended('waits of visitor:' || entry.visitor_id, 0));
      v_joined := array(
        select waitlist_entries.created_at from app_public.waitlist_entries
        where waitlist_entries.visitor_id = entry.visitor_id and waitlist_entries.created_at > v_now - interval '1 day'
        order by waitlist_entries.created_at desc limit v_limit.per_day);
    else
      perform pg_advisory_xact_lock(hashtextextended('waits of address:' || entry.address, 0));
      v_joined := array(
        select waitlist_entries.created_at from app_public.waitlist_entries
        where waitlist_entries.address = entry.address and waitlist_entries.created_at > v_now - interval '1 day'
        order by waitlist_entries.created_at desc limit v_limit.per_day);
    end if;
    v_free_at := greatest(
      v_joined[v_limit.per_day] + interval '1 day',
      case when v_joined[v_limit.per_hour] > v_now - interval '1 hour' then v_joined[v_limit.per_hour] + interval '1 hour' end);
    if v_free_at is not null then
      perform app_hidden.refuse('RATE_LIMITED', 'too_many_waits', jsonb_build_object(
        'retryAfterSeconds', greatest(ceil(extract(epoch from v_free_at - v_now)), 1)));
    end if;
  end loop;

  if c_of_a_person <= (
    select count(*) from app_public.waitlist_entries
    where waitlist_entries.organization_id = entry.organization_id and waitlist_entries.status in ('waiting', 'offered')
      and case when entry.patient_profile_id is null then waitlist_entries.visitor_id = entry.visitor_id
        else waitlist_entries.patient_profile_id = entry.patient_profile_id end
  ) then
    perform app_hidden.refuse('CONFLICT', 'waits_too_often', jsonb_build_object('limit', c_of_a_person));
  elsif c_of_a_calendar <= (
    select count(*) from app_public.waitlist_entries
    where waitlist_entries.organization_id = entry.organization_id and waitlist_entries.calendar_id = entry.calendar_id
      and waitlist_entries.status in ('waiting', 'offered')
  ) then
    perform app_hidden.refuse('CONFLICT', 'waitlist_is_full', jsonb_build_object('limit', c_of_a_calendar));
  end if;
end;
$$;

comment on function app_private.require_waitlist_allowance is
  'RATE_LIMITED too_many_waits; CONFLICT waits_too_often of one person at a clinic, waitlist_is_full of a calendar.';
grant execute on function app_private.require_waitlist_allowance to app_engine;
-- end of source: functions/waitlist/require_waitlist_allowance.sql

-- source: functions/waitlist/join_waitlist.sql
-- Nothing suits, and somebody waits until something does: a guest, a patient, whoever cares for one, front desk for both. SCH-10.

set role app_engine;

create or replace function app_public.join_waitlist(
  calendar_id uuid,
  starts_on date,
  ends_on date,
  specialist_id uuid default null,
  weekdays int[] default null,
  earliest time default null,
  latest time default null,
  patient_profile_id uuid default null,
  given_name text default null,
  family_name text default null,
  email text default null,
  phone text default null,
  locale text default null
) returns app_public.waitlist_receipt
language plpgsql volatile security definer
set search_path = ''
as $$
declare
  v_remembered jsonb := app_private.remembered('join_waitlist', jsonb_build_array(
    calendar_id, starts_on, ends_on, specialist_id, weekdays, earliest, latest, patient_profile_id, given_name, family_name,
    email, phone, locale));
  v_receipt app_public.waitlist_receipt;
  v_calendar app_public.calendars;
  v_holder app_private.time_claims := app_private.caller_as_holder();
  v_is_staff boolean;
  v_entry app_public.waitlist_entries;
  v_token text := encode(extensions.gen_random_bytes(16), 'hex');
begin
  if v_remembered is not null then
    perform app_private.calendar_to_wait_in(
      join_waitlist.calendar_id, join_waitlist.specialist_id, join_waitlist.patient_profile_id);
    return jsonb_populate_record(v_receipt, v_remembered);
  end if;

  v_calendar := app_private.calendar_to_wait_in(
    join_waitlist.calendar_id, join_waitlist.specialist_id, join_waitlist.patient_profile_id);
  v_is_staff := app_private.is_staff_of(v_calendar.organization_id);
  if v_is_staff and join_waitlist.patient_profile_id is null then
    perform app_private.require_permission(v_calendar.organization_id, 'appointments.manage');
  end if;

  v_entry.organization_id := v_calendar.organization_id;
  v_entry.calendar_id := v_calendar.id;
  v_entry.specialist_id := join_waitlist.specialist_id;
  v_entry.patient_profile_id := join_waitlist.patient_profile_id;
  v_entry.starts_on := join_waitlist.starts_on;
  v_entry.ends_on := join_waitlist.ends_on;
  v_entry.weekdays := coalesce(join_waitlist.weekdays, '{1,2,3,4,5,6,7}');
  v_entry.earliest := coalesce(join_waitlist.earliest, '00:00');
  v_entry.latest := coalesce(join_waitlist.latest, '24:00');
  v_entry.given_name := join_waitlist.given_name;
  v_entry.family_name := join_waitlist.family_name;
  v_entry.email := join_waitlist.email;
  v_entry.phone := join_waitlist.phone;
  v_entry.visitor_id := case when not v_is_staff then v_holder.visitor_id end;
  v_entry.address := case when not v_is_staff then v_holder.address end;
  perform app_private.require_wish(v_entry, v_calendar.timezone);
  perform app_private.require_contact(v_entry);

  perform app_private.lock_waitlist(v_entry.organization_id);
  if not v_is_staff then
    perform app_private.require_waitlist_allowance(v_entry);
  end if;
  insert into app_public.waitlist_entries (
    organization_id, calendar_id, specialist_id, patient_profile_id, starts_on, ends_on, weekdays, earliest, latest,
    given_name, family_name, email, phone, locale, token_hash, visitor_id, address, created_by, created_at
  )
  select
    v_entry.organization_id, v_entry.calendar_id, v_entry.specialist_id, v_entry.patient_profile_id, v_entry.starts_on,
    v_entry.ends_on, v_entry.weekdays, v_entry.earliest, v_entry.latest, v_entry.given_name, v_entry.family_name, v_entry.email,
    v_entry.phone, coalesce(join_waitlist.locale, profile.locale, organizations.locale), sha256(convert_to(v_token, 'UTF8')),
    v_entry.visitor_id, v_entry.address, v_holder.created_by, app_hidden.now()
  from app_public.organizations
  left join app_public.patient_profiles as profile on profile.id = v_entry.patient_profile_id
  where organizations.id = v_entry.organization_id
  returning * into v_entry;
  -- What suits may be free already.
  perform app_private.wake_waitlist(v_entry.organization_id, v_entry.id);

  v_receipt := (v_entry.id, v_token, v_entry.status)::app_public.waitlist_receipt;
  perform app_private.remember('join_waitlist', to_jsonb(v_receipt));
  return v_receipt;
end;
$$;

comment on function app_public.join_waitlist is
  E'@arg calendarId In which calendar.\n@arg specialistId With whom; with anybody where null.\n'
  '@arg startsOn The first day that suits, on the calendar''s clocks.\n@arg endsOn The last day that suits, at most 366 days from now.\n'
  '@arg weekdays Which days of the week suit, 1 is Monday; all where null.\n'
  '@arg earliest From which time of the day on it may begin.\n@arg latest Until which time of the day it may begin.\n'
  '@arg patientProfileId The patient who waits; for a guest null, with name, address and number instead.\n'
  'Waits for a time of a calendar: what suits and becomes free is offered in the order of joining, by a message with a link, and kept '
  'meanwhile. A guest, a patient, whoever cares for one, or staff with appointments.manage for anybody. VALIDATION with the field; '
  'RATE_LIMITED too_many_waits; CONFLICT waits_too_often, waitlist_is_full.';
grant execute on function app_public.join_waitlist to app_anonymous, app_member;

reset role;
-- end of source: functions/waitlist/join_waitlist.sql

-- source: functions/waitlist/offer_of_token.sql
-- What the link of an offer opens, and where it leads: to the clinic's booking page, which begins with the time that is kept. A week
-- longer than the offer, so that whoever comes late is told so, and can still leave. SCH-10.

create or replace function app_private.target_of_waitlist_offer(organization_id uuid, waitlist_offer_id uuid)
returns app_private.link_target
language sql stable
set search_path = ''
begin atomic
  select row('/book/' || organizations.slug || '#offer=', waitlist_offers.expires_at + interval '7 days')::app_private.link_target
  from app_public.waitlist_offers
  join app_public.organizations on organizations.id = waitlist_offers.organization_id
  where waitlist_offers.organization_id = target_of_waitlist_offer.organization_id
    and waitlist_offers.id = target_of_waitlist_offer.waitlist_offer_id
    and waitlist_offers.outcome is null and waitlist_offers.expires_at > app_hidden.now();
end;

comment on function app_private.target_of_waitlist_offer is
  'The page that takes an offer and until when a link opens it; null when the offer is over.';
grant execute on function app_private.target_of_waitlist_offer to app_engine;

create or replace function app_private.offer_of_token(token text) returns app_public.waitlist_offers
language sql stable
set search_path = ''
begin atomic
  select waitlist_offers
  from app_public.waitlist_offers
  where waitlist_offers.id = app_private.opened_by_link('waitlist_offer', offer_of_token.token);
end;

comment on function app_private.offer_of_token is 'The offer that a token stands for, over or not; null where there is none.';
grant execute on function app_private.offer_of_token to app_engine;
-- end of source: functions/waitlist/offer_of_token.sql

-- source: functions/waitlist/leave_waitlist.sql
-- They do not wait any more; what was kept for them goes to the next. SCH-10.

set role app_engine;

create or replace function app_public.leave_waitlist(token text) returns app_public.waitlist_receipt
language plpgsql volatile strict security definer
set search_path = ''
as $$
declare
  v_hash bytea := sha256(convert_to(leave_waitlist.token, 'UTF8'));
  v_entry app_public.waitlist_entries;
begin
  select waitlist_entries.* into v_entry
  from app_public.waitlist_entries
  where waitlist_entries.token_hash = v_hash
    or waitlist_entries.id = (select offer.waitlist_entry_id from app_private.offer_of_token(leave_waitlist.token) as offer);
  if not found then
    perform app_hidden.refuse('NOT_FOUND', 'waitlist_entry_not_found');
  end if;
  v_entry := app_private.end_wait(v_entry);
  return (v_entry.id, null, v_entry.status)::app_public.waitlist_receipt;
end;
$$;

comment on function app_public.leave_waitlist is
  E'@arg token What joinWaitlist answered, or that of an offer.\n'
  'Ends a wait, by its token; what was kept is free for the next. Asked again, or when it was over already, it says how it stands. '
  'NOT_FOUND waitlist_entry_not_found.';
grant execute on function app_public.leave_waitlist to app_anonymous, app_member;

create or replace function app_public.remove_from_waitlist(waitlist_entry_id uuid) returns app_public.waitlist_entries
language plpgsql volatile strict security definer
set search_path = ''
as $$
declare
  v_entry app_public.waitlist_entries := app_private.own_waitlist_entry(waitlist_entry_id);
begin
  perform app_private.authorize_move(
    'waitlist_entries', v_entry.status, 'left', v_entry.organization_id, v_entry.patient_profile_id);
  return app_private.end_wait(v_entry);
end;
$$;

comment on function app_public.remove_from_waitlist is
  E'@arg waitlistEntryId The entry, by its id.\n'
  'Ends a wait: by the patient, whoever cares for them, or staff with appointments.manage; what was kept is free for the next. '
  'NOT_FOUND waitlist_entry_not_found, STATE when it is over.';
grant execute on function app_public.remove_from_waitlist to app_member;

reset role;

create or replace function app_private.own_waitlist_entry(waitlist_entry_id uuid) returns app_public.waitlist_entries
language plpgsql stable
set search_path = ''
as $$
declare
  v_entry app_public.waitlist_entries;
begin
  select waitlist_entries.* into v_entry
  from app_public.waitlist_entries
  where waitlist_entries.id = own_waitlist_entry.waitlist_entry_id
    and (waitlist_entries.organization_id = any (app_hidden.organization_ids_where('appointments.view'))
         or (waitlist_entries.patient_profile_id = any (app_hidden.current_human_patient_profile_ids())
             and waitlist_entries.organization_id = any (app_hidden.current_patient_organization_ids())));
  if not found then
    perform app_hidden.refuse('NOT_FOUND', 'waitlist_entry_not_found');
  end if;
  return v_entry;
end;
$$;

comment on function app_private.own_waitlist_entry is
  'An entry that the caller may see, of their clinic or their own; NOT_FOUND waitlist_entry_not_found otherwise.';
grant execute on function app_private.own_waitlist_entry to app_engine;

-- The waitlist before the hold and its days, as whoever offers; the rows last, as whoever books.
create or replace function app_private.end_wait(entry app_public.waitlist_entries) returns app_public.waitlist_entries
language plpgsql volatile
set search_path = ''
as $$
declare
  v_claim_id uuid;
  v_entry app_public.waitlist_entries;
begin
  perform app_private.lock_waitlist(entry.organization_id);
  select waitlist_offers.claim_id into v_claim_id
  from app_public.waitlist_offers
  where waitlist_offers.organization_id = entry.organization_id and waitlist_offers.waitlist_entry_id = entry.id
    and waitlist_offers.outcome is null;
  if v_claim_id is not null then
    perform app_private.lock_hold(v_claim_id);
    perform app_private.lock_claims(array[v_claim_id]);
    -- What they have just booked stays theirs.
    perform app_private.let_go(array(
      select time_claims.id from app_private.time_claims
      where time_claims.id = v_claim_id and time_claims.kind = 'hold' and time_claims.released_at is null
      for update));
  end if;
  update app_public.waitlist_offers set outcome = 'declined', ended_at = app_hidden.now()
  where waitlist_offers.organization_id = entry.organization_id and waitlist_offers.waitlist_entry_id = entry.id
    and waitlist_offers.outcome is null;
  update app_public.waitlist_entries set status = 'left', ended_at = app_hidden.now()
  where waitlist_entries.id = entry.id and waitlist_entries.status in ('waiting', 'offered');
  select waitlist_entries.* into strict v_entry from app_public.waitlist_entries where waitlist_entries.id = entry.id;
  return v_entry;
end;
$$;

comment on function app_private.end_wait is 'Ends a wait and lets go what is kept for it; one that is over stays as it is.';
grant execute on function app_private.end_wait to app_engine;
-- end of source: functions/waitlist/leave_waitlist.sql

-- source: functions/waitlist/make_offer.sql
-- A time is kept for somebody who waits, as a hold that nobody has the token of yet, and they are told. The engine decides whether it
-- is free, seats, rooms and equipment included. A step of whoever has locked the waitlists of the clinic. SCH-10.

create or replace function app_private.make_offer(
  entry app_public.waitlist_entries,
  calendar app_public.calendars,
  starts_at timestamptz,
  specialist_id uuid,
  expires_at timestamptz
) returns app_public.waitlist_offers
language plpgsql volatile
set search_path = ''
as $$
declare
  v_draft app_private.time_claims;
  v_claim app_private.time_claims;
  v_offer app_public.waitlist_offers;
begin
  v_draft.kind := 'hold';
  v_draft.expires_at := make_offer.expires_at;
  v_draft.token_hash := sha256(extensions.gen_random_bytes(16));
  v_draft.visitor_id := 'waitlist:' || entry.id;
  v_claim := app_private.place_claim(calendar, make_offer.starts_at, make_offer.specialist_id, v_draft);
  perform app_private.publish_held(v_claim);

  insert into app_public.waitlist_offers (
    organization_id, waitlist_entry_id, claim_id, specialist_id, starts_at, ends_at, expires_at, created_by, created_at)
  values (
    entry.organization_id, entry.id, v_claim.id, v_claim.specialist_id, lower(v_claim.during), upper(v_claim.during),
    v_claim.expires_at, app_hidden.current_principal_id(), app_hidden.now())
  returning * into v_offer;
  update app_public.waitlist_entries set status = 'offered' where waitlist_entries.id = entry.id;
  perform app_private.publish('waitlist_entry.offered', entry.organization_id, entry.id, jsonb_build_object(
    'waitlistEntryId', entry.id, 'waitlistOfferId', v_offer.id));
  return v_offer;
end;
$$;

comment on function app_private.make_offer is
  'Keeps a time for an entry until the offer expires, and publishes it; SLOT_TAKEN or VALIDATION as for a hold.';
grant execute on function app_private.make_offer to app_engine;
-- end of source: functions/waitlist/make_offer.sql

-- source: functions/waitlist/messages_about_waitlist_offer.sql
-- Whoever waits hears that a time is kept for them, while it is. SCH-10, FND-15.

create or replace function app_private.messages_about_waitlist_offer(event app_private.events) returns void
language plpgsql volatile
set search_path = ''
as $$
declare
  v_offer app_public.waitlist_offers;
  v_entry app_public.waitlist_entries;
begin
  select waitlist_offers.* into v_offer
  from app_public.waitlist_offers
  where waitlist_offers.organization_id = event.organization_id
    and waitlist_offers.id = (event.payload ->> 'waitlistOfferId')::uuid
    and waitlist_offers.outcome is null and waitlist_offers.expires_at > app_hidden.now();
  if not found then
    return;
  end if;
  select waitlist_entries.* into strict v_entry
  from app_public.waitlist_entries
  where waitlist_entries.organization_id = event.organization_id and waitlist_entries.id = v_offer.waitlist_entry_id;

  perform app_private.notify(
    event.organization_id,
    'waitlist_offer',
    (select app_private.appointment_facts(
       event.organization_id, calendars.id, calendars.service_id, v_offer.specialist_id, v_offer.starts_at, v_offer.ends_at, null,
       v_entry.locale)
     from app_public.calendars
     where calendars.organization_id = event.organization_id and calendars.id = v_entry.calendar_id)
    || jsonb_build_object('waitlistOfferId', v_offer.id, 'expiresAt', v_offer.expires_at),
    patient_profile_id => v_entry.patient_profile_id,
    name => v_entry.given_name || ' ' || v_entry.family_name,
    email => v_entry.email,
    phone => v_entry.phone,
    locale => v_entry.locale,
    event_id => event.id);
end;
$$;

comment on function app_private.messages_about_waitlist_offer is 'Queues the message about an offer to whoever waits, while it is open.';
grant execute on function app_private.messages_about_waitlist_offer to app_engine;
-- end of source: functions/waitlist/messages_about_waitlist_offer.sql

-- source: functions/waitlist/offer_until.sql
-- Until when an offer lasts: the clinic's minutes, counted within the hours in which it writes to people, so that a night does not
-- eat them; and never past the notice of the start, so that the time can still go to somebody else. Null outside those
-- hours, where too little is left to answer, and of a clinic that takes no bookings. SCH-10.

create or replace function app_private.offer_until(organization_id uuid, last_moment timestamptz, by_hand boolean default false)
returns timestamptz
language sql stable
set search_path = ''
begin atomic
  with clinic as (
    select organizations.waitlist_offer_minutes as minutes, organizations.timezone, organizations.reminders_from as opens,
      organizations.reminders_until as closes, app_hidden.now() as now, (app_hidden.now() at time zone organizations.timezone) as local
    from app_public.organizations
    where organizations.id = offer_until.organization_id
      and organizations.deleted_at is null and organizations.activated_at is not null
  ),
  awake as (
    select greatest((clinic.local::date + n + clinic.opens) at time zone clinic.timezone, clinic.now) as begins,
      (clinic.local::date + n + clinic.closes) at time zone clinic.timezone as ends
    from clinic
    cross join generate_series(0, 14) as n
  ),
  counted as (
    select awake.begins, awake.ends, sum(awake.ends - awake.begins) over (order by awake.begins) as upto
    from awake
    where awake.ends > awake.begins
  ),
  lasting as (
    select least(
      coalesce(
        (select min(counted.ends - (counted.upto - make_interval(mins => clinic.minutes)))
         from counted where counted.upto >= make_interval(mins => clinic.minutes)),
        (select max(counted.ends) from counted)),
      offer_until.last_moment) as until, clinic.now
    from clinic
    where offer_until.by_hand or clinic.local::time >= clinic.opens and clinic.local::time < clinic.closes
  )
  select lasting.until from lasting where lasting.until >= lasting.now + interval '15 minutes';
end;

comment on function app_private.offer_until is
  'When an offer that is made now ends, at last_moment at the latest; null where none can be made. By hand at any hour.';
grant execute on function app_private.offer_until to app_engine;
-- end of source: functions/waitlist/offer_until.sql

-- source: functions/waitlist/waitlist_match.sql
-- Who is next for a time that is free: of those who wait longest first, whoever it suits, with the earliest time that suits them. It
-- reads the listing of the engine, so whatever frees a time is seen alike: a hold let go, an appointment called off, hours
-- that were added. SCH-10.
-- Passed over: who has an offer at the clinic already, was offered this start before, is kept from booking, or is no patient any
-- more. Times stay everybody's: three of a calendar are kept for the waitlist at once, and what three people did not want is
-- offered to no fourth.

create or replace function app_private.waitlist_match(
  organization_id uuid,
  passed_over uuid[],
  out waitlist_entry_id uuid,
  out calendar_id uuid,
  out specialist_id uuid,
  out starts_at timestamptz
)
language plpgsql stable
set search_path = ''
as $$
declare
  c_at_once constant int := 3;
  c_of_a_start constant int := 3;
  v_calendar record;
begin
  for v_calendar in
    select calendars.id, calendars.timezone, calendars.capacity, wished.first_day, wished.last_day,
      app_hidden.now() + make_interval(mins => calendars.notice_minutes) + interval '15 minutes' as soonest
    from app_public.calendars
    join app_public.services on services.organization_id = calendars.organization_id and services.id = calendars.service_id
    cross join lateral (
      select min(waitlist_entries.starts_on) as first_day, max(waitlist_entries.ends_on) as last_day
      from app_public.waitlist_entries
      where waitlist_entries.organization_id = calendars.organization_id and waitlist_entries.calendar_id = calendars.id
        and waitlist_entries.status = 'waiting'
    ) as wished
    where calendars.organization_id = waitlist_match.organization_id
      and calendars.is_active and calendars.deleted_at is null and services.is_active and services.deleted_at is null
      and wished.first_day is not null
      and c_at_once > (
        select count(*)
        from app_public.waitlist_entries
        where waitlist_entries.organization_id = calendars.organization_id and waitlist_entries.calendar_id = calendars.id
          and waitlist_entries.status = 'offered')
    order by calendars.id
  loop
    with free as materialized (
      select f.specialist_id, f.starts_at, f.starts_at at time zone v_calendar.timezone as local
      from app_private.free_starts(
        v_calendar.id,
        greatest(v_calendar.soonest, v_calendar.first_day::timestamp at time zone v_calendar.timezone),
        (v_calendar.last_day + 1)::timestamp at time zone v_calendar.timezone) as f
      where c_of_a_start * v_calendar.capacity > (
        select count(*) from app_public.waitlist_offers
        where waitlist_offers.organization_id = waitlist_match.organization_id
          and waitlist_offers.specialist_id = f.specialist_id and waitlist_offers.starts_at = f.starts_at)
    ),
    waiting as (
      select e.*
      from app_public.waitlist_entries as e
      where e.organization_id = waitlist_match.organization_id and e.calendar_id = v_calendar.id and e.status = 'waiting'
        and e.id <> all (waitlist_match.passed_over)
        and not exists (
          select from app_public.waitlist_entries as other
          where other.organization_id = e.organization_id and other.status = 'offered'
            and (other.patient_profile_id = e.patient_profile_id or other.email = e.email))
        and (e.patient_profile_id is null
             or (app_private.standing_block(e.organization_id, e.patient_profile_id)).id is null
                and exists (
                  select from app_public.patients
                  where patients.organization_id = e.organization_id and patients.patient_profile_id = e.patient_profile_id
                    and patients.deleted_at is null))
      order by e.created_at, e.id
    )
    select waiting.id, v_calendar.id, suits.specialist_id, suits.starts_at
    into waitlist_entry_id, calendar_id, specialist_id, starts_at
    from waiting
    cross join lateral (
      select free.specialist_id, free.starts_at
      from free
      where free.local::date between waiting.starts_on and waiting.ends_on
        and extract(isodow from free.local)::int = any (waiting.weekdays)
        and free.local::time between waiting.earliest and waiting.latest
        and (waiting.specialist_id is null or free.specialist_id = waiting.specialist_id)
        and not exists (
          select from app_public.waitlist_offers
          where waitlist_offers.organization_id = waiting.organization_id and waitlist_offers.waitlist_entry_id = waiting.id
            and waitlist_offers.starts_at = free.starts_at)
      order by free.starts_at, free.specialist_id
      limit 1
    ) as suits
    order by waiting.created_at, waiting.id
    limit 1;
    if waitlist_entry_id is not null then
      return;
    end if;
  end loop;
end;
$$;

comment on function app_private.waitlist_match is
  'Whom to offer which free time next; nothing where nobody waits for one. The caller has locked the waitlists of the clinic.';
grant execute on function app_private.waitlist_match to app_engine;
-- end of source: functions/waitlist/waitlist_match.sql

-- source: functions/waitlist/offer_next_time.sql
-- One free time goes to the next in line, in a transaction of its own: the worker asks again until there is none. Killed in between, it
-- leaves whole offers behind and goes on from what is there. Nobody but the listing says what is free, so after an outage
-- nothing that has passed is offered. SCH-10.

set role app_engine;

create or replace function app_private.offer_next_time(organization_id uuid) returns uuid
language plpgsql volatile strict security definer
set search_path = ''
as $$
declare
  v_match record;
  v_entry app_public.waitlist_entries;
  v_calendar app_public.calendars;
  v_until timestamptz;
  v_passed_over uuid[] := '{}';
  v_offer app_public.waitlist_offers;
begin
  if app_private.offer_until(offer_next_time.organization_id, 'infinity') is null then
    return null;
  end if;
  perform app_private.lock_waitlist(offer_next_time.organization_id);
  loop
    select m.* into v_match from app_private.waitlist_match(offer_next_time.organization_id, v_passed_over) as m;
    if v_match.waitlist_entry_id is null then
      return null;
    end if;
    select waitlist_entries.* into strict v_entry from app_public.waitlist_entries where waitlist_entries.id = v_match.waitlist_entry_id;
    select calendars.* into strict v_calendar from app_public.calendars where calendars.id = v_match.calendar_id;
    v_until := app_private.offer_until(
      v_entry.organization_id, v_match.starts_at - make_interval(mins => v_calendar.notice_minutes));
    begin
      v_offer := app_private.make_offer(v_entry, v_calendar, v_match.starts_at, v_match.specialist_id, v_until);
      return v_offer.id;
    -- Somebody was faster than the waitlist, or a rule changed since it was read.
    exception when sqlstate 'RXSLT' or sqlstate 'RX400' or sqlstate 'RX410' then
      v_passed_over := v_passed_over || v_entry.id;
    end;
  end loop;
end;
$$;

comment on function app_private.offer_next_time is 'Offers one free time to the next in line; the id of the offer, or null when there is none to make.';
grant execute on function app_private.offer_next_time to app_worker;

-- Where somebody waits.
create or replace function app_private.due_waitlists() returns setof uuid
language sql stable security definer
set search_path = ''
begin atomic
  select distinct waitlist_entries.organization_id
  from app_public.waitlist_entries
  where waitlist_entries.status in ('waiting', 'offered');
end;

comment on function app_private.due_waitlists is 'The clinics at which somebody waits.';
grant execute on function app_private.due_waitlists to app_worker;

reset role;
-- end of source: functions/waitlist/offer_next_time.sql

-- source: functions/waitlist/offer_time.sql
-- Front desk offers a time by hand, out of turn, at any hour. SCH-10.

set role app_engine;

create or replace function app_public.offer_time(waitlist_entry_id uuid, starts_at timestamptz, specialist_id uuid default null)
returns app_public.waitlist_offers
language plpgsql volatile security definer
set search_path = ''
as $$
declare
  v_remembered jsonb := app_private.remembered('offer_time', jsonb_build_array(waitlist_entry_id, starts_at, specialist_id));
  v_entry app_public.waitlist_entries;
  v_calendar app_public.calendars;
  v_until timestamptz;
  v_offer app_public.waitlist_offers;
begin
  if v_remembered is not null then
    perform app_private.require_permission((v_remembered ->> 'organization_id')::uuid, 'appointments.manage');
    return jsonb_populate_record(v_offer, v_remembered);
  end if;

  v_entry := app_private.own_waitlist_entry(waitlist_entry_id);
  perform app_private.require_permission(v_entry.organization_id, 'appointments.manage');
  v_calendar := app_private.visible_calendar(v_entry.calendar_id);
  perform app_private.require_choice(v_calendar, offer_time.specialist_id);
  perform app_private.require_start(offer_time.starts_at);

  perform app_private.lock_waitlist(v_entry.organization_id);
  select waitlist_entries.* into strict v_entry from app_public.waitlist_entries where waitlist_entries.id = v_entry.id;
  perform app_private.authorize_move(
    'waitlist_entries', v_entry.status, 'offered', v_entry.organization_id, v_entry.patient_profile_id);
  if exists (
    select from app_public.waitlist_entries as other
    where other.organization_id = v_entry.organization_id and other.status = 'offered'
      and (other.patient_profile_id = v_entry.patient_profile_id or other.email = v_entry.email)
  ) then
    perform app_hidden.refuse('CONFLICT', 'has_an_offer');
  end if;
  v_until := app_private.offer_until(
    v_entry.organization_id, offer_time.starts_at - make_interval(mins => v_calendar.notice_minutes), by_hand => true);
  if v_until is null then
    perform app_hidden.refuse('VALIDATION', 'too_near_to_offer', '{"field": "startsAt"}');
  end if;

  v_offer := app_private.make_offer(v_entry, v_calendar, offer_time.starts_at, offer_time.specialist_id, v_until);
  perform app_private.remember('offer_time', to_jsonb(v_offer));
  return v_offer;
end;
$$;

comment on function app_public.offer_time is
  E'@arg waitlistEntryId Whom it is offered to, by the id of the entry.\n@arg startsAt When it begins: a time that is free.\n'
  'Offers a time to somebody who waits, out of turn; it is kept for them and they are told. Needs appointments.manage. STATE when '
  'they wait no more, CONFLICT has_an_offer, VALIDATION too_near_to_offer, otherwise as holdSlot.';
grant execute on function app_public.offer_time to app_member;

reset role;
-- end of source: functions/waitlist/offer_time.sql

-- source: functions/waitlist/settle_waitlist.sql
-- What became of offers that nobody booked, and of waits whose days are over. Holds end by themselves; here it is written down. SCH-10.
-- An offer is over when its hold is: let go, or a minute past its time, which is how long a hold is still honoured. Whoever let
-- three run out without a word waits no more. Who booked in the same calendar meanwhile has what they waited for.
-- Days before rows, and offers before entries, as whoever books.

set role app_engine;

create or replace function app_private.settle_waitlist(organization_id uuid) returns void
language plpgsql volatile strict security definer
set search_path = ''
as $$
declare
  c_unanswered constant int := 3;
  v_now timestamptz := app_hidden.now();
  v_over uuid[];
begin
  perform app_private.lock_waitlist(settle_waitlist.organization_id);

  update app_public.waitlist_entries as e set status = 'taken', ended_at = v_now
  where e.organization_id = settle_waitlist.organization_id and e.status = 'waiting'
    and (exists (
      select from app_public.appointments
      where appointments.organization_id = e.organization_id and appointments.patient_profile_id = e.patient_profile_id
        and appointments.calendar_id = e.calendar_id and appointments.created_at >= e.created_at
        and appointments.status in ('booked', 'upcoming', 'confirmed', 'inprogress', 'done') and appointments.deleted_at is null)
    or exists (
      select from app_public.booking_requests
      where booking_requests.organization_id = e.organization_id and booking_requests.calendar_id = e.calendar_id
        and booking_requests.created_at >= e.created_at and booking_requests.status in ('requested', 'confirmed')
        and (booking_requests.email = e.email or booking_requests.patient_profile_id = e.patient_profile_id)));

  v_over := array(
    select waitlist_offers.id
    from app_public.waitlist_offers
    left join app_private.time_claims
      on time_claims.organization_id = waitlist_offers.organization_id and time_claims.id = waitlist_offers.claim_id
    where waitlist_offers.organization_id = settle_waitlist.organization_id and waitlist_offers.outcome is null
      and (time_claims.id is null
           or time_claims.kind = 'hold' and (time_claims.released_at < time_claims.expires_at
                                             or time_claims.expires_at <= v_now - interval '60 seconds')));
  with ended as (
    update app_public.waitlist_offers set ended_at = v_now,
      outcome = case when exists (
        select from app_private.time_claims
        where time_claims.organization_id = waitlist_offers.organization_id and time_claims.id = waitlist_offers.claim_id
          and time_claims.released_at < time_claims.expires_at) then 'declined' else 'expired' end
    where waitlist_offers.id = any (v_over) and waitlist_offers.outcome is null
    returning waitlist_offers.waitlist_entry_id
  )
  update app_public.waitlist_entries as e set status = 'waiting'
  from ended
  where e.id = ended.waitlist_entry_id and e.status = 'offered';

  update app_public.waitlist_entries as e set status = 'expired', ended_at = v_now
  from app_public.calendars
  where e.organization_id = settle_waitlist.organization_id and e.status = 'waiting'
    and calendars.organization_id = e.organization_id and calendars.id = e.calendar_id
    and (e.ends_on < (v_now at time zone calendars.timezone)::date
         or calendars.deleted_at is not null
         or (select count(*) = c_unanswered and bool_and(latest.outcome = 'expired')
             from (
               select waitlist_offers.outcome
               from app_public.waitlist_offers
               where waitlist_offers.organization_id = e.organization_id and waitlist_offers.waitlist_entry_id = e.id
                 and waitlist_offers.created_by is null
               order by waitlist_offers.created_at desc, waitlist_offers.id desc
               limit c_unanswered
             ) as latest));
end;
$$;

comment on function app_private.settle_waitlist is
  'Writes down what became of the offers of a clinic, and ends waits that are over.';
grant execute on function app_private.settle_waitlist to app_worker;

reset role;
-- end of source: functions/waitlist/settle_waitlist.sql

-- source: functions/waitlist/take_offer.sql
-- Whoever was offered a time takes it: the hold becomes theirs, and they go on as with any hold. Until it is booked, the offer stands:
-- the link may be opened once more, on the telephone or after a broken line. SCH-10.

set role app_engine;

create or replace function app_public.take_offer(token text) returns app_public.slot_hold
language plpgsql volatile security definer
set search_path = ''
as $$
declare
  v_remembered jsonb := app_private.remembered('take_offer', jsonb_build_array(token));
  v_hold app_public.slot_hold;
begin
  if v_remembered is not null then
    perform app_private.require_offer(app_private.offer_of_token(take_offer.token));
    return jsonb_populate_record(v_hold, v_remembered);
  end if;

  v_hold := app_private.take_offered(app_private.require_offer(app_private.offer_of_token(take_offer.token)));
  perform app_private.remember('take_offer', to_jsonb(v_hold));
  return v_hold;
end;
$$;

comment on function app_public.take_offer is
  E'@arg token What stands in the link of the message.\n'
  'Takes an offered time: a hold like that of holdSlot, which lasts at least as long as one. Giving it back by releaseHold declines the '
  'offer. NOT_FOUND offer_not_found, GONE offer_over.';
grant execute on function app_public.take_offer to app_anonymous, app_member;

create or replace function app_public.take_own_offer(waitlist_offer_id uuid) returns app_public.slot_hold
language plpgsql volatile security definer
set search_path = ''
as $$
declare
  v_remembered jsonb := app_private.remembered('take_own_offer', jsonb_build_array(waitlist_offer_id));
  v_hold app_public.slot_hold;
begin
  if v_remembered is not null then
    perform app_private.own_offer(waitlist_offer_id);
    return jsonb_populate_record(v_hold, v_remembered);
  end if;

  v_hold := app_private.take_offered(app_private.own_offer(waitlist_offer_id));
  perform app_private.remember('take_own_offer', to_jsonb(v_hold));
  return v_hold;
end;
$$;

comment on function app_public.take_own_offer is
  E'@arg waitlistOfferId The offer, by its id.\n'
  'Takes an offered time without its link: the patient, whoever cares for them, or staff with appointments.manage who have them on the '
  'telephone. As takeOffer.';
grant execute on function app_public.take_own_offer to app_member;

reset role;

create or replace function app_private.require_offer(offer app_public.waitlist_offers) returns app_public.waitlist_offers
language plpgsql stable
set search_path = ''
as $$
begin
  if offer.id is null then
    perform app_hidden.refuse('NOT_FOUND', 'offer_not_found');
  end if;
  return offer;
end;
$$;

comment on function app_private.require_offer is 'The offer; NOT_FOUND offer_not_found where there is none.';
grant execute on function app_private.require_offer to app_engine;

create or replace function app_private.own_offer(waitlist_offer_id uuid) returns app_public.waitlist_offers
language plpgsql stable
set search_path = ''
as $$
declare
  v_offer app_public.waitlist_offers;
begin
  select waitlist_offers.* into v_offer
  from app_public.waitlist_offers
  join app_public.waitlist_entries
    on waitlist_entries.organization_id = waitlist_offers.organization_id and waitlist_entries.id = waitlist_offers.waitlist_entry_id
  where waitlist_offers.id = own_offer.waitlist_offer_id
    and (waitlist_offers.organization_id = any (app_hidden.organization_ids_where('appointments.manage'))
         or (waitlist_entries.patient_profile_id = any (app_hidden.current_human_patient_profile_ids())
             and waitlist_entries.organization_id = any (app_hidden.current_patient_organization_ids())));
  return app_private.require_offer(v_offer);
end;
$$;

comment on function app_private.own_offer is
  'An offer to the caller, or of the clinic where they manage appointments; NOT_FOUND offer_not_found otherwise.';
grant execute on function app_private.own_offer to app_engine;

-- The hold before its days and its row, as whatever acts on a hold.
create or replace function app_private.take_offered(offer app_public.waitlist_offers) returns app_public.slot_hold
language plpgsql volatile
set search_path = ''
as $$
declare
  v_holder app_private.time_claims := app_private.caller_as_holder();
  v_token text := encode(extensions.gen_random_bytes(16), 'hex');
  v_claim app_private.time_claims;
begin
  perform app_private.lock_hold(offer.claim_id);
  perform app_private.lock_claims(array[offer.claim_id]);
  update app_private.time_claims as tc
  set expires_at = greatest(tc.expires_at, app_hidden.now() + make_interval(mins => (
        select organizations.hold_minutes from app_public.organizations where organizations.id = tc.organization_id))),
      -- Of two answers that cross the one that arrives last is kept.
      first_token_hash = tc.token_hash,
      token_hash = sha256(convert_to(v_token, 'UTF8')),
      visitor_id = v_holder.visitor_id, address = v_holder.address, created_by = v_holder.created_by
  where tc.id = offer.claim_id and tc.kind = 'hold' and tc.released_at is null and tc.expires_at > app_hidden.now()
    -- Its last minute is not put off by opening the link again.
    and offer.expires_at > app_hidden.now()
  returning tc.* into v_claim;
  if not found then
    perform app_hidden.refuse('GONE', 'offer_over');
  end if;
  if v_claim.session_id is not null then
    perform app_private.settle_sessions(array[v_claim.session_id]);
  end if;
  return (v_token, v_claim.calendar_id, v_claim.specialist_id, lower(v_claim.during), upper(v_claim.during),
          v_claim.expires_at)::app_public.slot_hold;
end;
$$;

comment on function app_private.take_offered is 'Gives the hold of an offer to the caller, with a token of its own; GONE offer_over.';
grant execute on function app_private.take_offered to app_engine;
-- end of source: functions/waitlist/take_offer.sql

-- source: reference/classification/retentions.sql
-- How long rows are kept after they ended; nothing in keep_for: as long as what they belong to. FND-12, GDP-03.
-- Acted on once confirmed_by says who confirmed it: counsel, or the product where no law asks for the rows; on rows with
-- health data only where that was decided, too (with_health_data): what is told are copies, and the file stays. A reason to
-- hold one back (held_because) is set where the need arises, and stays.

select app_private.own_rows('app_private.retentions', given_once => '{held_because}', rows => '
  key              | keep_for | confirmed_by | with_health_data | citation                                                    | description
  -----------------+----------+--------------+------------------+-------------------------------------------------------------+-------------------------------------------------------------
  account          |          |              | false            | GDPR art. 5(1)(e)                                           | As long as the account exists.
  clinic           | 3 years  |              | false            | Civil Code art. 2517                                        | As long as the clinic is a customer, and three years after for claims.
  correspondence   | 5 years  | the product  | true             |                                                             | What was told to people, and about which event. Claims end after three years, and a calendar may be booked two years ahead.
  idempotency_keys | 1 day    | the product  | false            |                                                             | Answers to requests that may come once more.
  lapsed_holds     | 90 days  | the product  | false            |                                                             | Times that somebody looked at and nobody booked.
  ledger           | 10 years |              | false            | GDPR art. 5(2)                                              | What proves what was done: the audit.
  medical_record   | 10 years |              | false            | Law 95/2006 and Order 1411/2016: to be confirmed by counsel | The patient''s file.
  operations       | 90 days  | the product  | false            |                                                             | Work in progress and its traces.
  reference        |          |              | false            |                                                             | Kept by migrations; names no person.
  waitlist         | 90 days  | the product  | true             |                                                             | Who waited for a time, after it was over, and what was offered.
  webhook_bodies   | 30 days  | the product  | false            |                                                             | What vendors wrote, after it was applied.
');
-- end of source: reference/classification/retentions.sql

select app_private.write_owned_rows();

-- source: policies/appointments/appointment_add_ons.sql
-- Whoever sees the appointment sees what was added to it. Written by verbs, until the appointment is over. APT-02.

select app_private.classify('app_public.appointment_add_ons', home => 'clinic', retention => 'medical_record', classes =>
  '{"operational": ["id", "organization_id", "created_by", "created_at", "updated_at"],
    "phi": ["appointment_id", "service_id", "product_id", "quantity", "price_amount", "currency", "added_minutes"]}');
select app_private.protect('app_public.appointment_add_ons', engine => 'select, insert, delete');

grant select on app_public.appointment_add_ons to app_member;

create policy appointment_add_ons_select_staff on app_public.appointment_add_ons for select to app_member
  using (
    organization_id = any ((select app_hidden.rights('appointments.view'))::uuid[])
    -- One look-up a row, and the appointment's own policies hide what was deleted.
    and exists (select from app_public.appointments where appointments.id = appointment_add_ons.appointment_id)
  );

create policy appointment_add_ons_select_patient on app_public.appointment_add_ons for select to app_member
  using (
    appointment_id in (
      select appointments.id from app_public.appointments
      where appointments.patient_profile_id = any ((select app_hidden.rights('people'))::uuid[]))
  );
-- end of source: policies/appointments/appointment_add_ons.sql

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
            "ends_at", "modality", "price_amount", "add_ons_amount", "total_amount", "currency", "cancellation_reason",
            "override_reason", "reschedule_count", "patient_service_plan_id", "plan_session_number", "is_late_cancellation", "excuse_reason"]}',
  person_column => 'patient_profile_id');
select app_private.on_merge('app_public.appointments', 'patient_profile_id', 'moves');
select app_private.allow_soft_delete('app_public.appointments', 'appointments.manage',
  'r.contact_name || '', '' || to_char(r.starts_at at time zone
     (select timezone from app_public.organizations where id = r.organization_id), ''YYYY-MM-DD HH24:MI'')',
  follows => 'app_public.patients');
select app_private.protect('app_public.appointments', engine => 'select, insert, update', guard => true);

grant select (id, organization_id, patient_profile_id, calendar_id, service_id, specialist_id, booking_request_id, series_id,
              status, starts_at, ends_at, modality, price_amount, add_ons_amount, total_amount, currency, contact_email,
              contact_phone, contact_name, locale, cancellation_reason, cancel_minutes, late_cancel, late_cancel_session, reschedule_minutes, reschedule_limit,
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

-- source: policies/appointments/booking_requests.sql
-- Staff with appointments.view; the guest only through the token of the request. APT-09.

select app_private.classify('app_public.booking_requests', home => 'clinic', retention => 'clinic', classes =>
  '{"operational": ["id", "organization_id", "claim_id", "locale", "respond_by", "decided_at", "decided_by",
                    "created_at", "updated_at"],
    "pii_basic": ["given_name", "family_name", "email", "phone"],
    "public": ["organizer_email"],
    "phi": ["patient_profile_id", "calendar_id", "service_id", "specialist_id", "status", "message", "starts_at", "ends_at",
            "price_amount", "currency", "rejection_reason", "withdrawal_reason", "has_made_patient"],
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
              rejection_reason, withdrawal_reason, created_at, updated_at)
   on app_public.booking_requests to app_member;

create policy booking_requests_select_staff on app_public.booking_requests for select to app_member
  using (organization_id = any ((select app_hidden.rights('appointments.view'))::uuid[]));
-- end of source: policies/appointments/booking_requests.sql

-- source: policies/notify/guest_links.sql
-- Made as a message leaves, and read by whoever brings a token; nobody reads the table. APT-05.

select app_private.classify('app_private.guest_links', home => 'clinic', retention => 'operations', classes =>
  '{"operational": ["id", "organization_id", "opens", "subject_id", "expires_at", "created_at"],
    "auth_secret": ["token_hash"]}',
  protected => '{"digest": ["token_hash"]}',
  unaudited => 'The message that carries it is on record, and what it is used for is audited where that happens.');
select app_private.protect('app_private.guest_links', engine => 'select, insert, update, delete');
select app_private.retain('app_private.guest_links', 'operations', 'delete', kept_from => 'expires_at');
-- end of source: policies/notify/guest_links.sql

-- source: policies/notify/link_kinds.sql
-- What links in messages open; changed by migrations only. APT-05.

select app_private.classify('app_private.link_kinds', home => 'platform', retention => 'reference', classes =>
  '{"public": ["key", "data_key", "url_name", "target_function"]}',
  unaudited => 'Reference data that only migrations change.');
select app_private.protect('app_private.link_kinds', engine => 'select');

create or replace trigger _200_guard_function before insert or update on app_private.link_kinds
  for each row execute function app_private.tg_guard_function('target_function', 'uuid,uuid', 'app_private.link_target');
-- end of source: policies/notify/link_kinds.sql

-- source: policies/organizations/organizations.sql
-- Clinics as their members, their patients and the platform see them. Visitors only meet active ones, through
-- `clinic_by_slug`. FND-01.

-- How to reach a clinic stands on its booking page.
select app_private.classify('app_public.organizations', home => 'clinic', retention => 'clinic', classes =>
  '{"public": ["id", "slug", "name", "locale", "timezone", "currency", "country", "calling_code",
               "contact_email", "contact_phone", "street", "city", "embedding_origins"],
    "operational": ["tenancy_mode", "activated_at", "booking_response_hours", "response_lead_hours",
                    "start_lead_minutes", "hold_minutes", "low_rating_below",
                    "holds_per_visitor", "holds_per_address", "library_access_is_free", "telerehab_access_is_free", "required_profile_fields", "reminder_minutes",
                    "reminders_from", "reminders_until", "no_show_after_minutes", "waitlist_offer_minutes", "invites_guests",
                    "created_at", "updated_at", "deleted_at"]}');
select app_private.allow_soft_delete('app_public.organizations', null, 'r.name');
select app_private.protect('app_public.organizations',
  engine => 'select, insert, update',
  facts => '{name name, name street, name city, email contact_email, phone contact_phone}');

grant select on app_public.organizations to app_member;
grant update (name, locale, timezone, contact_email, contact_phone, street, city, booking_response_hours,
              response_lead_hours, start_lead_minutes, hold_minutes, low_rating_below, holds_per_visitor, holds_per_address,
              library_access_is_free, telerehab_access_is_free, required_profile_fields, reminder_minutes, reminders_from,
              reminders_until, no_show_after_minutes, embedding_origins, waitlist_offer_minutes, invites_guests)
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

-- source: policies/plans/entitlement_kinds.sql
-- What plans count: the platform's list, for anybody who is signed in. CAT-03.

select app_private.classify('app_public.entitlement_kinds', home => 'platform', retention => 'reference', classes =>
  '{"public": ["key", "description"]}', unaudited => 'Written by migrations only.');
select app_private.protect('app_public.entitlement_kinds', engine => 'select');

grant select on app_public.entitlement_kinds to app_member;

create policy entitlement_kinds_select_member on app_public.entitlement_kinds for select to app_member
  using (true);
-- end of source: policies/plans/entitlement_kinds.sql

-- source: policies/scheduling/resource_claims.sql
-- Nobody sees which rooms are taken by what: appointment_resources() tells those of an appointment. SCH-11.

select app_private.classify('app_private.resource_claims', home => 'clinic', retention => 'medical_record', classes =>
  '{"operational": ["organization_id", "resource_id", "claim_id", "blocked"]}',
  unaudited => 'Written with every claim, as time_claims is; what became of it is an audited request or appointment.');
select app_private.protect('app_private.resource_claims', engine => 'select, insert, update (blocked), delete');
-- end of source: policies/scheduling/resource_claims.sql

-- source: policies/waitlist/waitlist_entries.sql
-- Staff with appointments.view, and the patient who waits. Nobody else learns who waits, nor how many; a guest has a token.
-- Written by verbs and the worker. SCH-10.

select app_private.classify('app_public.waitlist_entries', home => 'clinic', retention => 'waitlist', classes =>
  '{"operational": ["id", "organization_id", "locale", "created_by", "created_at", "updated_at", "ended_at"],
    "pii_basic": ["given_name", "family_name", "email", "phone", "visitor_id", "address"],
    "phi": ["patient_profile_id", "calendar_id", "specialist_id", "status", "starts_on", "ends_on", "weekdays", "earliest", "latest"],
    "auth_secret": ["token_hash"]}',
  protected => '{"digest": ["token_hash"]}',
  person_column => 'patient_profile_id');
select app_private.on_merge('app_public.waitlist_entries', 'patient_profile_id', 'moves');
select app_private.protect('app_public.waitlist_entries',
  engine => 'select, insert, update, delete',
  guard => true,
  facts => '{person given_name, person family_name, email email, phone phone}');
select app_private.retain('app_public.waitlist_entries', 'waitlist', 'delete', kept_from => 'ended_at');

grant select (id, organization_id, calendar_id, specialist_id, patient_profile_id, status, starts_on, ends_on, weekdays, earliest,
              latest, given_name, family_name, email, phone, locale, created_by, created_at, updated_at, ended_at)
   on app_public.waitlist_entries to app_member;

create policy waitlist_entries_select_staff on app_public.waitlist_entries for select to app_member
  using (organization_id = any ((select app_hidden.rights('appointments.view'))::uuid[]));

create policy waitlist_entries_select_patient on app_public.waitlist_entries for select to app_member
  using (patient_profile_id = any ((select app_hidden.rights('people'))::uuid[])
         and organization_id = any ((select app_hidden.rights('patient'))::uuid[]));
-- end of source: policies/waitlist/waitlist_entries.sql

-- source: policies/waitlist/waitlist_offers.sql
-- Whoever sees the entry sees what it was offered. Rows are added, and say once what became of them. SCH-10.

select app_private.classify('app_public.waitlist_offers', home => 'clinic', retention => 'waitlist', classes =>
  '{"operational": ["id", "organization_id", "waitlist_entry_id", "claim_id", "expires_at", "created_by", "created_at", "ended_at"],
    "phi": ["specialist_id", "starts_at", "ends_at", "outcome"]}');
select app_private.protect('app_public.waitlist_offers', engine => 'select, insert, update (outcome, ended_at), delete');
select app_private.retain('app_public.waitlist_offers', 'waitlist', 'delete', kept_from => 'ended_at');

grant select (id, organization_id, waitlist_entry_id, specialist_id, starts_at, ends_at, expires_at, created_by, created_at, outcome,
              ended_at)
   on app_public.waitlist_offers to app_member;

create policy waitlist_offers_select_staff on app_public.waitlist_offers for select to app_member
  using (organization_id = any ((select app_hidden.rights('appointments.view'))::uuid[]));

create policy waitlist_offers_select_patient on app_public.waitlist_offers for select to app_member
  using (
    waitlist_entry_id in (
      select waitlist_entries.id from app_public.waitlist_entries
      where waitlist_entries.patient_profile_id = any ((select app_hidden.rights('people'))::uuid[])));
-- end of source: policies/waitlist/waitlist_offers.sql

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
  booked     | booked     | guest   |                      |            |                    | appointment.rescheduled |
  booked     | booked     | staff   | appointments.manage  |            |                    | appointment.rescheduled |
  booked     | upcoming   | system  |                      |            |                    | appointment.upcoming    | Only time has passed: neither hour nor place has changed.
  booked     | confirmed  | patient |                      |            |                    | appointment.confirmed   | The invitation that the patient has stays as it is.
  booked     | confirmed  | staff   | appointments.manage  |            |                    | appointment.confirmed   | The invitation that the patient has stays as it is.
  booked     | inprogress | staff   | appointments.conduct | starts_at  | start_lead_minutes | appointment.started     | Patient and specialist are together.
  booked     | cancelled  | patient |                      |            |                    | appointment.cancelled   |
  booked     | cancelled  | guest   |                      |            |                    | appointment.cancelled   |
  booked     | cancelled  | staff   | appointments.manage  |            |                    | appointment.cancelled   |
  booked     | noshow     | staff   | appointments.conduct | starts_at  |                    | appointment.noshow      | What to say to somebody who did not come is for a person to decide.
  booked     | noshow     | system  |                      | ends_at    |                    | appointment.noshow      | What to say to somebody who did not come is for a person to decide.
  upcoming   | booked     | patient |                      |            |                    | appointment.rescheduled |
  upcoming   | booked     | guest   |                      |            |                    | appointment.rescheduled |
  upcoming   | booked     | staff   | appointments.manage  |            |                    | appointment.rescheduled |
  upcoming   | confirmed  | patient |                      |            |                    | appointment.confirmed   | The invitation that the patient has stays as it is.
  upcoming   | confirmed  | staff   | appointments.manage  |            |                    | appointment.confirmed   | The invitation that the patient has stays as it is.
  upcoming   | inprogress | staff   | appointments.conduct | starts_at  | start_lead_minutes | appointment.started     | Patient and specialist are together.
  upcoming   | cancelled  | patient |                      |            |                    | appointment.cancelled   |
  upcoming   | cancelled  | guest   |                      |            |                    | appointment.cancelled   |
  upcoming   | cancelled  | staff   | appointments.manage  |            |                    | appointment.cancelled   |
  upcoming   | noshow     | staff   | appointments.conduct | starts_at  |                    | appointment.noshow      | What to say to somebody who did not come is for a person to decide.
  upcoming   | noshow     | system  |                      | ends_at    |                    | appointment.noshow      | What to say to somebody who did not come is for a person to decide.
  confirmed  | booked     | patient |                      |            |                    | appointment.rescheduled |
  confirmed  | booked     | guest   |                      |            |                    | appointment.rescheduled |
  confirmed  | booked     | staff   | appointments.manage  |            |                    | appointment.rescheduled |
  confirmed  | inprogress | staff   | appointments.conduct | starts_at  | start_lead_minutes | appointment.started     | Patient and specialist are together.
  confirmed  | cancelled  | patient |                      |            |                    | appointment.cancelled   |
  confirmed  | cancelled  | guest   |                      |            |                    | appointment.cancelled   |
  confirmed  | cancelled  | staff   | appointments.manage  |            |                    | appointment.cancelled   |
  confirmed  | noshow     | staff   | appointments.conduct | starts_at  |                    | appointment.noshow      | What to say to somebody who did not come is for a person to decide.
  confirmed  | noshow     | system  |                      | ends_at    |                    | appointment.noshow      | What to say to somebody who did not come is for a person to decide.
  inprogress | done       | staff   | appointments.conduct | starts_at  |                    | appointment.done        | Patient and specialist were together.
  cancelled  | booked     | staff   | appointments.manage  |            |                    | appointment.reinstated  |
');
-- end of source: reference/appointments/appointment_transitions.sql

-- source: reference/appointments/booking_request_events.sql
-- What is published about booking requests. A version is never changed: a new one is added. FND-14.

select app_private.own_rows('app_private.event_types', scope => '{"subject_type": "booking_request"}', rows => '
name: booking_request.changed
version: 1
description: It has another time or specialist.
payload_schema:
{"type": "object", "additionalProperties": false,
 "required": ["bookingRequestId", "specialistId", "fromSpecialistId"],
 "properties": {
   "specialistId": {"type": "string", "format": "uuid"},
   "bookingRequestId": {"type": "string", "format": "uuid"},
   "fromSpecialistId": {"type": "string", "format": "uuid"}}}
==========
name: booking_request.confirmed
version: 1
description: The clinic said yes: the request became an appointment.
payload_schema:
{"type": "object", "additionalProperties": false,
 "required": ["bookingRequestId", "calendarId", "specialistId", "startsAt", "endsAt"],
 "properties": {
   "endsAt": {"type": "string", "format": "date-time"},
   "startsAt": {"type": "string", "format": "date-time"},
   "calendarId": {"type": "string", "format": "uuid"},
   "specialistId": {"type": "string", "format": "uuid"},
   "appointmentId": {"type": ["string", "null"], "format": "uuid"},
   "bookingRequestId": {"type": "string", "format": "uuid"}}}
==========
name: booking_request.expired
version: 1
description: The clinic did not answer in time; the time is free again.
payload_schema:
{"type": "object", "additionalProperties": false,
 "required": ["bookingRequestId", "calendarId", "specialistId", "startsAt", "endsAt"],
 "properties": {
   "endsAt": {"type": "string", "format": "date-time"},
   "startsAt": {"type": "string", "format": "date-time"},
   "calendarId": {"type": "string", "format": "uuid"},
   "specialistId": {"type": "string", "format": "uuid"},
   "appointmentId": {"type": ["string", "null"], "format": "uuid"},
   "bookingRequestId": {"type": "string", "format": "uuid"}}}
==========
name: booking_request.moved
version: 1
description: The guest asked for another time before the clinic has answered.
payload_schema:
{"type": "object", "additionalProperties": false,
 "required": ["bookingRequestId", "calendarId", "specialistId", "startsAt", "endsAt", "fromStartsAt", "fromEndsAt"],
 "properties": {
   "endsAt": {"type": "string", "format": "date-time"},
   "startsAt": {"type": "string", "format": "date-time"},
   "fromEndsAt": {"type": "string", "format": "date-time"},
   "fromStartsAt": {"type": "string", "format": "date-time"},
   "calendarId": {"type": "string", "format": "uuid"},
   "specialistId": {"type": "string", "format": "uuid"},
   "bookingRequestId": {"type": "string", "format": "uuid"}}}
==========
name: booking_request.received
version: 1
description: A guest asked for a time; the clinic has to answer.
payload_schema:
{"type": "object", "additionalProperties": false,
 "required": ["bookingRequestId", "calendarId", "specialistId", "startsAt", "endsAt"],
 "properties": {
   "endsAt": {"type": "string", "format": "date-time"},
   "startsAt": {"type": "string", "format": "date-time"},
   "calendarId": {"type": "string", "format": "uuid"},
   "specialistId": {"type": "string", "format": "uuid"},
   "appointmentId": {"type": ["string", "null"], "format": "uuid"},
   "bookingRequestId": {"type": "string", "format": "uuid"}}}
==========
name: booking_request.rejected
version: 1
description: The clinic said no; the time is free again.
payload_schema:
{"type": "object", "additionalProperties": false,
 "required": ["bookingRequestId", "calendarId", "specialistId", "startsAt", "endsAt"],
 "properties": {
   "endsAt": {"type": "string", "format": "date-time"},
   "startsAt": {"type": "string", "format": "date-time"},
   "calendarId": {"type": "string", "format": "uuid"},
   "specialistId": {"type": "string", "format": "uuid"},
   "appointmentId": {"type": ["string", "null"], "format": "uuid"},
   "bookingRequestId": {"type": "string", "format": "uuid"}}}
==========
name: booking_request.withdrawn
version: 1
description: The guest took the request back; the time is free again.
payload_schema:
{"type": "object", "additionalProperties": false,
 "required": ["bookingRequestId", "calendarId", "specialistId", "startsAt", "endsAt"],
 "properties": {
   "endsAt": {"type": "string", "format": "date-time"},
   "startsAt": {"type": "string", "format": "date-time"},
   "calendarId": {"type": "string", "format": "uuid"},
   "specialistId": {"type": "string", "format": "uuid"},
   "appointmentId": {"type": ["string", "null"], "format": "uuid"},
   "bookingRequestId": {"type": "string", "format": "uuid"}}}
');
-- end of source: reference/appointments/booking_request_events.sql

-- source: reference/notify/link_kinds.sql
-- What links in messages open, and the function of app_private that tells where such a link leads. APT-05, SCH-10.

select app_private.own_rows('app_private.link_kinds', rows => '
  key            | data_key         | url_name   | target_function
  ---------------+------------------+------------+-------------------------
  booking        | bookingRequestId | bookingUrl | target_of_booking
  waitlist_offer | waitlistOfferId  | offerUrl   | target_of_waitlist_offer
');
-- end of source: reference/notify/link_kinds.sql

-- source: reference/notify/message_appointment_booked.sql
-- The message appointment_booked: what it needs, by which ways it goes, and its words on each. FND-15.
-- Sent messages point at the words they were written with, so a text is changed by a record of the next version.

select app_private.own_rows('app_private.message_types', scope => '{"key": "appointment_booked"}', rows => '
topic: appointments
calendar_status: CONFIRMED
urgent_within: 12:00:00
expires_with: startsAt
lasts: 2 days
variables: {serviceName,specialistName,startsAt,endsAt,timezone,modality,bookingRequestId}
sample: {"endsAt": "2027-03-08T08:00:00Z", "bookingRequestId": "0195f3c0-0000-7000-8000-000000000000", "modality": "in_person", "startsAt": "2027-03-08T07:00:00Z", "timezone": "Europe/Bucharest", "serviceName": "Ședință de kinetoterapie", "specialistName": "Dr. Ana Ionescu"}
');

select app_private.own_rows('app_private.message_channels', scope => '{"template_key": "appointment_booked"}', rows => '
  channel  | route  | rank | is_default
  ---------+--------+------+-----------
  email    | letter | 1    | true
  in_app   | inbox  | 1    | true
  push     | alert  | 1    | true
  whatsapp | alert  | 2    | false
  sms      | alert  | 3    | true
');

select app_private.own_rows('app_private.message_templates', scope => '{"template_key": "appointment_booked"}', rows => '
channel: email
locale: ro
version: 2
title: Programarea dumneavoastră: {{when}}
body:
Bună ziua, {{recipientName}},

V-am făcut o programare:

{{serviceName}}
{{specialistName}}
{{when}}
{{#inPerson}}{{clinicAddress}}{{/inPerson}}{{#video}}Consultație video{{/video}}{{#phone}}Consultație telefonică{{/phone}}

Dacă nu puteți ajunge, vă rugăm să ne anunțați din timp{{#clinicPhone}} la {{clinicPhone}}{{/clinicPhone}}.
{{#bookingUrl}}

Puteți vedea, muta sau anula programarea aici:
{{bookingUrl}}
{{/bookingUrl}}

Vă așteptăm cu drag,
{{clinicName}}

==========
channel: email
locale: ro
version: 1
title: Programarea dumneavoastră: {{when}}
body:
Bună ziua, {{recipientName}},

V-am făcut o programare:

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
version: 2
title: Your appointment: {{when}}
body:
Hello {{recipientName}},

Your appointment is booked:

{{serviceName}}
{{specialistName}}
{{when}}
{{#inPerson}}{{clinicAddress}}{{/inPerson}}{{#video}}Video consultation{{/video}}{{#phone}}Phone consultation{{/phone}}

If you cannot make it, please let us know in good time{{#clinicPhone}} at {{clinicPhone}}{{/clinicPhone}}.
{{#bookingUrl}}

You can see, move or cancel your appointment here:
{{bookingUrl}}
{{/bookingUrl}}

We look forward to seeing you,
{{clinicName}}

==========
channel: email
locale: en
version: 1
title: Your appointment: {{when}}
body:
Hello {{recipientName}},

Your appointment is booked:

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
title: Programare: {{when}}
body:
{{serviceName}}
{{specialistName}}
{{when}}
{{#inPerson}}{{clinicAddress}}{{/inPerson}}{{#video}}Consultație video{{/video}}{{#phone}}Consultație telefonică{{/phone}}
==========
channel: in_app
locale: en
version: 1
title: Appointment: {{when}}
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
body: Aveți o programare {{when}}.
==========
channel: push
locale: en
version: 1
title: {{clinicName}}
body: You have an appointment on {{when}}.
==========
channel: sms
locale: ro
version: 2
body: {{clinicName}}: aveți o programare {{when}}.{{#bookingUrl}} Mutați sau anulați aici: {{bookingUrl}}{{/bookingUrl}}{{#inPerson}}{{#clinicAddress}} Vă așteptăm la {{clinicAddress}}.{{/clinicAddress}}{{/inPerson}}{{#clinicPhone}} Întrebări: {{clinicPhone}}.{{/clinicPhone}}
==========
channel: sms
locale: ro
version: 1
body: {{clinicName}}: aveți o programare {{when}}.{{#inPerson}}{{#clinicAddress}} Vă așteptăm la {{clinicAddress}}.{{/clinicAddress}}{{/inPerson}}{{#clinicPhone}} Întrebări: {{clinicPhone}}.{{/clinicPhone}}
==========
channel: sms
locale: en
version: 2
body: {{clinicName}}: you have an appointment on {{when}}.{{#bookingUrl}} Move or cancel here: {{bookingUrl}}{{/bookingUrl}}{{#inPerson}}{{#clinicAddress}} We are at {{clinicAddress}}.{{/clinicAddress}}{{/inPerson}}{{#clinicPhone}} Questions: {{clinicPhone}}.{{/clinicPhone}}
==========
channel: sms
locale: en
version: 1
body: {{clinicName}}: you have an appointment on {{when}}.{{#inPerson}}{{#clinicAddress}} We are at {{clinicAddress}}.{{/clinicAddress}}{{/inPerson}}{{#clinicPhone}} Questions: {{clinicPhone}}.{{/clinicPhone}}
==========
channel: whatsapp
locale: ro
version: 2
body: {{clinicName}}: aveți o programare {{when}}.{{#bookingUrl}} Mutați sau anulați aici: {{bookingUrl}}{{/bookingUrl}}{{#inPerson}}{{#clinicAddress}} Vă așteptăm la {{clinicAddress}}.{{/clinicAddress}}{{/inPerson}}{{#clinicPhone}} Întrebări: {{clinicPhone}}.{{/clinicPhone}}
==========
channel: whatsapp
locale: ro
version: 1
body: {{clinicName}}: aveți o programare {{when}}.{{#inPerson}}{{#clinicAddress}} Vă așteptăm la {{clinicAddress}}.{{/clinicAddress}}{{/inPerson}}{{#clinicPhone}} Întrebări: {{clinicPhone}}.{{/clinicPhone}}
==========
channel: whatsapp
locale: en
version: 2
body: {{clinicName}}: you have an appointment on {{when}}.{{#bookingUrl}} Move or cancel here: {{bookingUrl}}{{/bookingUrl}}{{#inPerson}}{{#clinicAddress}} We are at {{clinicAddress}}.{{/clinicAddress}}{{/inPerson}}{{#clinicPhone}} Questions: {{clinicPhone}}.{{/clinicPhone}}
==========
channel: whatsapp
locale: en
version: 1
body: {{clinicName}}: you have an appointment on {{when}}.{{#inPerson}}{{#clinicAddress}} We are at {{clinicAddress}}.{{/clinicAddress}}{{/inPerson}}{{#clinicPhone}} Questions: {{clinicPhone}}.{{/clinicPhone}}
');
-- end of source: reference/notify/message_appointment_booked.sql

-- source: reference/notify/message_appointment_cancelled_by_patient.sql
-- The message appointment_cancelled_by_patient: what it needs, by which ways it goes, and its words on each. FND-15.
-- Sent messages point at the words they were written with, so a text is changed by a record of the next version.

select app_private.own_rows('app_private.message_types', scope => '{"key": "appointment_cancelled_by_patient"}', rows => '
topic: clinic
expires_with: startsAt
lasts: 2 days
variables: {serviceName,specialistName,startsAt,endsAt,timezone,modality,patientName,reason}
sample: {"endsAt": "2027-03-08T08:00:00Z", "reason": "Sunt răcită.", "modality": "in_person", "startsAt": "2027-03-08T07:00:00Z", "timezone": "Europe/Bucharest", "patientName": "Maria Ionescu", "serviceName": "Ședință de kinetoterapie", "specialistName": "Dr. Ana Ionescu"}
');

select app_private.own_rows('app_private.message_channels', scope => '{"template_key": "appointment_cancelled_by_patient"}', rows => '
  channel | route  | rank | is_default
  --------+--------+------+-----------
  email   | letter | 1    | true
');

select app_private.own_rows('app_private.message_templates', scope => '{"template_key": "appointment_cancelled_by_patient"}', rows => '
channel: email
locale: ro
version: 2
title: Programare anulată de pacient: {{when}}
body:
Bună ziua,

{{patientName}} și-a anulat programarea:

{{serviceName}}
{{specialistName}}
{{when}}
{{#reason}}

{{reason}}
{{/reason}}

Ora este din nou liberă.

==========
channel: email
locale: ro
version: 1
title: Programare anulată de pacient: {{when}}
body:
Bună ziua,

Programarea pacientului {{patientName}} a fost anulată din contul de pacient:

{{serviceName}}
{{specialistName}}
{{when}}
{{#reason}}

{{reason}}
{{/reason}}

Ora este din nou liberă.

==========
channel: email
locale: en
version: 2
title: Appointment cancelled by the patient: {{when}}
body:
Hello,

{{patientName}} has cancelled the appointment:

{{serviceName}}
{{specialistName}}
{{when}}
{{#reason}}

{{reason}}
{{/reason}}

The time is free again.

==========
channel: email
locale: en
version: 1
title: Appointment cancelled by the patient: {{when}}
body:
Hello,

The appointment of {{patientName}} was cancelled from the patient account:

{{serviceName}}
{{specialistName}}
{{when}}
{{#reason}}

{{reason}}
{{/reason}}

The time is free again.

');
-- end of source: reference/notify/message_appointment_cancelled_by_patient.sql

-- source: reference/notify/message_appointment_reminder.sql
-- The message appointment_reminder: what it needs, by which ways it goes, and its words on each. FND-15.
-- Sent messages point at the words they were written with, so a text is changed by a record of the next version.

select app_private.own_rows('app_private.message_types', scope => '{"key": "appointment_reminder"}', rows => '
topic: appointments
expires_with: startsAt
lasts: 15 days
variables: {serviceName,specialistName,startsAt,endsAt,timezone,modality,bookingRequestId}
sample: {"endsAt": "2027-03-08T08:00:00Z", "bookingRequestId": "0195f3c0-0000-7000-8000-000000000000", "modality": "in_person", "startsAt": "2027-03-08T07:00:00Z", "timezone": "Europe/Bucharest", "serviceName": "Ședință de kinetoterapie", "specialistName": "Dr. Ana Ionescu"}
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
version: 2
title: Vă așteptăm: {{when}}
body:
Bună ziua, {{recipientName}},

Vă reamintim de programarea dumneavoastră:

{{serviceName}}
{{specialistName}}
{{when}}
{{#inPerson}}{{clinicAddress}}{{/inPerson}}{{#video}}Consultație video{{/video}}{{#phone}}Consultație telefonică{{/phone}}

Dacă nu puteți ajunge, vă rugăm să ne anunțați din timp{{#clinicPhone}} la {{clinicPhone}}{{/clinicPhone}}, ca ora să fie liberă pentru altcineva.
{{#bookingUrl}}

Puteți vedea, muta sau anula programarea aici:
{{bookingUrl}}
{{/bookingUrl}}

Vă așteptăm cu drag,
{{clinicName}}

==========
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
version: 2
title: See you: {{when}}
body:
Hello {{recipientName}},

This is a reminder of your appointment:

{{serviceName}}
{{specialistName}}
{{when}}
{{#inPerson}}{{clinicAddress}}{{/inPerson}}{{#video}}Video consultation{{/video}}{{#phone}}Phone consultation{{/phone}}

If you cannot make it, please let us know in good time{{#clinicPhone}} at {{clinicPhone}}{{/clinicPhone}}, so that somebody else can have the time.
{{#bookingUrl}}

You can see, move or cancel your appointment here:
{{bookingUrl}}
{{/bookingUrl}}

We look forward to seeing you,
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
version: 2
body: {{clinicName}}: vă așteptăm {{when}}.{{#bookingUrl}} Mutați sau anulați aici: {{bookingUrl}}{{/bookingUrl}}{{#inPerson}}{{#clinicAddress}} Adresa: {{clinicAddress}}.{{/clinicAddress}}{{/inPerson}}{{#clinicPhone}} Nu puteți ajunge? Sunați la {{clinicPhone}}.{{/clinicPhone}}
==========
channel: sms
locale: ro
version: 1
body: {{clinicName}}: vă așteptăm {{when}}.{{#inPerson}}{{#clinicAddress}} Adresa: {{clinicAddress}}.{{/clinicAddress}}{{/inPerson}}{{#clinicPhone}} Nu puteți ajunge? Sunați la {{clinicPhone}}.{{/clinicPhone}}
==========
channel: sms
locale: en
version: 2
body: {{clinicName}}: your appointment is on {{when}}.{{#bookingUrl}} Move or cancel here: {{bookingUrl}}{{/bookingUrl}}{{#inPerson}}{{#clinicAddress}} We are at {{clinicAddress}}.{{/clinicAddress}}{{/inPerson}}{{#clinicPhone}} Cannot make it? Call {{clinicPhone}}.{{/clinicPhone}}
==========
channel: sms
locale: en
version: 1
body: {{clinicName}}: your appointment is on {{when}}.{{#inPerson}}{{#clinicAddress}} We are at {{clinicAddress}}.{{/clinicAddress}}{{/inPerson}}{{#clinicPhone}} Cannot make it? Call {{clinicPhone}}.{{/clinicPhone}}
==========
channel: whatsapp
locale: ro
version: 2
body: {{clinicName}}: vă așteptăm {{when}}.{{#bookingUrl}} Mutați sau anulați aici: {{bookingUrl}}{{/bookingUrl}}{{#inPerson}}{{#clinicAddress}} Adresa: {{clinicAddress}}.{{/clinicAddress}}{{/inPerson}}{{#clinicPhone}} Nu puteți ajunge? Sunați la {{clinicPhone}}.{{/clinicPhone}}
==========
channel: whatsapp
locale: ro
version: 1
body: {{clinicName}}: vă așteptăm {{when}}.{{#inPerson}}{{#clinicAddress}} Adresa: {{clinicAddress}}.{{/clinicAddress}}{{/inPerson}}{{#clinicPhone}} Nu puteți ajunge? Sunați la {{clinicPhone}}.{{/clinicPhone}}
==========
channel: whatsapp
locale: en
version: 2
body: {{clinicName}}: your appointment is on {{when}}.{{#bookingUrl}} Move or cancel here: {{bookingUrl}}{{/bookingUrl}}{{#inPerson}}{{#clinicAddress}} We are at {{clinicAddress}}.{{/clinicAddress}}{{/inPerson}}{{#clinicPhone}} Cannot make it? Call {{clinicPhone}}.{{/clinicPhone}}
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
variables: {serviceName,specialistName,startsAt,endsAt,timezone,modality,bookingRequestId}
sample: {"endsAt": "2027-03-08T08:00:00Z", "bookingRequestId": "0195f3c0-0000-7000-8000-000000000000", "modality": "in_person", "startsAt": "2027-03-08T07:00:00Z", "timezone": "Europe/Bucharest", "serviceName": "Ședință de kinetoterapie", "specialistName": "Dr. Ana Ionescu"}
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
version: 2
title: Programare mutată: {{when}}
body:
Bună ziua, {{recipientName}},

Programarea dumneavoastră a fost mutată. Noua oră:

{{serviceName}}
{{specialistName}}
{{when}}
{{#inPerson}}{{clinicAddress}}{{/inPerson}}{{#video}}Consultație video{{/video}}{{#phone}}Consultație telefonică{{/phone}}

Dacă nu puteți ajunge, vă rugăm să ne anunțați din timp{{#clinicPhone}} la {{clinicPhone}}{{/clinicPhone}}.
{{#bookingUrl}}

Puteți vedea, muta sau anula programarea aici:
{{bookingUrl}}
{{/bookingUrl}}

Vă așteptăm cu drag,
{{clinicName}}

==========
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
version: 2
title: Appointment moved: {{when}}
body:
Hello {{recipientName}},

Your appointment was moved. The new time:

{{serviceName}}
{{specialistName}}
{{when}}
{{#inPerson}}{{clinicAddress}}{{/inPerson}}{{#video}}Video consultation{{/video}}{{#phone}}Phone consultation{{/phone}}

If you cannot make it, please let us know in good time{{#clinicPhone}} at {{clinicPhone}}{{/clinicPhone}}.
{{#bookingUrl}}

You can see, move or cancel your appointment here:
{{bookingUrl}}
{{/bookingUrl}}

We look forward to seeing you,
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
version: 2
body: {{clinicName}}: programarea dumneavoastră a fost mutată: {{when}}.{{#bookingUrl}} Mutați sau anulați aici: {{bookingUrl}}{{/bookingUrl}}{{#inPerson}}{{#clinicAddress}} Vă așteptăm la {{clinicAddress}}.{{/clinicAddress}}{{/inPerson}}{{#clinicPhone}} Întrebări: {{clinicPhone}}.{{/clinicPhone}}
==========
channel: sms
locale: ro
version: 1
body: {{clinicName}}: programarea dumneavoastră a fost mutată: {{when}}.{{#inPerson}}{{#clinicAddress}} Vă așteptăm la {{clinicAddress}}.{{/clinicAddress}}{{/inPerson}}{{#clinicPhone}} Întrebări: {{clinicPhone}}.{{/clinicPhone}}
==========
channel: sms
locale: en
version: 2
body: {{clinicName}}: your appointment was moved to {{when}}.{{#bookingUrl}} Move or cancel here: {{bookingUrl}}{{/bookingUrl}}{{#inPerson}}{{#clinicAddress}} We are at {{clinicAddress}}.{{/clinicAddress}}{{/inPerson}}{{#clinicPhone}} Questions: {{clinicPhone}}.{{/clinicPhone}}
==========
channel: sms
locale: en
version: 1
body: {{clinicName}}: your appointment was moved to {{when}}.{{#inPerson}}{{#clinicAddress}} We are at {{clinicAddress}}.{{/clinicAddress}}{{/inPerson}}{{#clinicPhone}} Questions: {{clinicPhone}}.{{/clinicPhone}}
==========
channel: whatsapp
locale: ro
version: 2
body: {{clinicName}}: programarea dumneavoastră a fost mutată: {{when}}.{{#bookingUrl}} Mutați sau anulați aici: {{bookingUrl}}{{/bookingUrl}}{{#inPerson}}{{#clinicAddress}} Vă așteptăm la {{clinicAddress}}.{{/clinicAddress}}{{/inPerson}}{{#clinicPhone}} Întrebări: {{clinicPhone}}.{{/clinicPhone}}
==========
channel: whatsapp
locale: ro
version: 1
body: {{clinicName}}: programarea dumneavoastră a fost mutată: {{when}}.{{#inPerson}}{{#clinicAddress}} Vă așteptăm la {{clinicAddress}}.{{/clinicAddress}}{{/inPerson}}{{#clinicPhone}} Întrebări: {{clinicPhone}}.{{/clinicPhone}}
==========
channel: whatsapp
locale: en
version: 2
body: {{clinicName}}: your appointment was moved to {{when}}.{{#bookingUrl}} Move or cancel here: {{bookingUrl}}{{/bookingUrl}}{{#inPerson}}{{#clinicAddress}} We are at {{clinicAddress}}.{{/clinicAddress}}{{/inPerson}}{{#clinicPhone}} Questions: {{clinicPhone}}.{{/clinicPhone}}
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
version: 2
title: Programare mutată de pacient: {{when}}
body:
Bună ziua,

{{patientName}} și-a mutat programarea. Noua oră:

{{serviceName}}
{{specialistName}}
{{when}}
Ora de dinainte este din nou liberă.

==========
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
version: 2
title: Appointment moved by the patient: {{when}}
body:
Hello,

{{patientName}} has moved the appointment. The new time:

{{serviceName}}
{{specialistName}}
{{when}}
The time before is free again.

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

-- source: reference/notify/message_booking_request_confirmed.sql
-- The message booking_request_confirmed: what it needs, by which ways it goes, and its words on each. FND-15.
-- Sent messages point at the words they were written with, so a text is changed by a record of the next version.

select app_private.own_rows('app_private.message_types', scope => '{"key": "booking_request_confirmed"}', rows => '
topic: appointments
calendar_status: CONFIRMED
urgent_within: 12:00:00
expires_with: startsAt
lasts: 2 days
variables: {serviceName,specialistName,startsAt,endsAt,timezone,modality,bookingRequestId}
sample: {"endsAt": "2027-03-08T08:00:00Z", "bookingRequestId": "0195f3c0-0000-7000-8000-000000000000", "modality": "in_person", "startsAt": "2027-03-08T07:00:00Z", "timezone": "Europe/Bucharest", "serviceName": "Ședință de kinetoterapie", "specialistName": "Dr. Ana Ionescu"}
');

select app_private.own_rows('app_private.message_channels', scope => '{"template_key": "booking_request_confirmed"}', rows => '
  channel  | route  | rank | is_default
  ---------+--------+------+-----------
  email    | letter | 1    | true
  whatsapp | alert  | 1    | false
  sms      | alert  | 2    | true
');

select app_private.own_rows('app_private.message_templates', scope => '{"template_key": "booking_request_confirmed"}', rows => '
channel: email
locale: ro
version: 2
title: Programare confirmată: {{when}}
body:
Bună ziua, {{recipientName}},

Programarea dumneavoastră este confirmată:

{{serviceName}}
{{specialistName}}
{{when}}
{{#inPerson}}{{clinicAddress}}{{/inPerson}}{{#video}}Consultație video{{/video}}{{#phone}}Consultație telefonică{{/phone}}

Dacă nu puteți ajunge, vă rugăm să ne anunțați din timp{{#clinicPhone}} la {{clinicPhone}}{{/clinicPhone}}.
{{#bookingUrl}}

Puteți vedea, muta sau anula programarea aici:
{{bookingUrl}}
{{/bookingUrl}}

Vă așteptăm cu drag,
{{clinicName}}

==========
channel: email
locale: ro
version: 1
title: Programare confirmată: {{when}}
body:
Bună ziua, {{recipientName}},

Programarea dumneavoastră este confirmată:

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
version: 2
title: Appointment confirmed: {{when}}
body:
Hello {{recipientName}},

Your appointment is confirmed:

{{serviceName}}
{{specialistName}}
{{when}}
{{#inPerson}}{{clinicAddress}}{{/inPerson}}{{#video}}Video consultation{{/video}}{{#phone}}Phone consultation{{/phone}}

If you cannot make it, please let us know in good time{{#clinicPhone}} at {{clinicPhone}}{{/clinicPhone}}.
{{#bookingUrl}}

You can see, move or cancel your appointment here:
{{bookingUrl}}
{{/bookingUrl}}

We look forward to seeing you,
{{clinicName}}

==========
channel: email
locale: en
version: 1
title: Appointment confirmed: {{when}}
body:
Hello {{recipientName}},

Your appointment is confirmed:

{{serviceName}}
{{specialistName}}
{{when}}
{{#inPerson}}{{clinicAddress}}{{/inPerson}}{{#video}}Video consultation{{/video}}{{#phone}}Phone consultation{{/phone}}

If you cannot make it, please let us know in good time{{#clinicPhone}} at {{clinicPhone}}{{/clinicPhone}}.

We look forward to seeing you,
{{clinicName}}

==========
channel: sms
locale: ro
version: 2
body: {{clinicName}}: programarea dumneavoastră este confirmată, {{when}}.{{#bookingUrl}} Mutați sau anulați aici: {{bookingUrl}}{{/bookingUrl}}{{#inPerson}}{{#clinicAddress}} Vă așteptăm la {{clinicAddress}}.{{/clinicAddress}}{{/inPerson}}{{#clinicPhone}} Întrebări: {{clinicPhone}}.{{/clinicPhone}}
==========
channel: sms
locale: ro
version: 1
body: {{clinicName}}: programarea dumneavoastră este confirmată, {{when}}.{{#inPerson}}{{#clinicAddress}} Vă așteptăm la {{clinicAddress}}.{{/clinicAddress}}{{/inPerson}}{{#clinicPhone}} Întrebări: {{clinicPhone}}.{{/clinicPhone}}
==========
channel: sms
locale: en
version: 2
body: {{clinicName}}: your appointment is confirmed, {{when}}.{{#bookingUrl}} Move or cancel here: {{bookingUrl}}{{/bookingUrl}}{{#inPerson}}{{#clinicAddress}} We are at {{clinicAddress}}.{{/clinicAddress}}{{/inPerson}}{{#clinicPhone}} Questions: {{clinicPhone}}.{{/clinicPhone}}
==========
channel: sms
locale: en
version: 1
body: {{clinicName}}: your appointment is confirmed, {{when}}.{{#inPerson}}{{#clinicAddress}} We are at {{clinicAddress}}.{{/clinicAddress}}{{/inPerson}}{{#clinicPhone}} Questions: {{clinicPhone}}.{{/clinicPhone}}
==========
channel: whatsapp
locale: ro
version: 2
body: {{clinicName}}: programarea dumneavoastră este confirmată, {{when}}.{{#bookingUrl}} Mutați sau anulați aici: {{bookingUrl}}{{/bookingUrl}}{{#inPerson}}{{#clinicAddress}} Vă așteptăm la {{clinicAddress}}.{{/clinicAddress}}{{/inPerson}}{{#clinicPhone}} Întrebări: {{clinicPhone}}.{{/clinicPhone}}
==========
channel: whatsapp
locale: ro
version: 1
body: {{clinicName}}: programarea dumneavoastră este confirmată, {{when}}.{{#inPerson}}{{#clinicAddress}} Vă așteptăm la {{clinicAddress}}.{{/clinicAddress}}{{/inPerson}}{{#clinicPhone}} Întrebări: {{clinicPhone}}.{{/clinicPhone}}
==========
channel: whatsapp
locale: en
version: 2
body: {{clinicName}}: your appointment is confirmed, {{when}}.{{#bookingUrl}} Move or cancel here: {{bookingUrl}}{{/bookingUrl}}{{#inPerson}}{{#clinicAddress}} We are at {{clinicAddress}}.{{/clinicAddress}}{{/inPerson}}{{#clinicPhone}} Questions: {{clinicPhone}}.{{/clinicPhone}}
==========
channel: whatsapp
locale: en
version: 1
body: {{clinicName}}: your appointment is confirmed, {{when}}.{{#inPerson}}{{#clinicAddress}} We are at {{clinicAddress}}.{{/clinicAddress}}{{/inPerson}}{{#clinicPhone}} Questions: {{clinicPhone}}.{{/clinicPhone}}
');
-- end of source: reference/notify/message_booking_request_confirmed.sql

-- source: reference/notify/message_booking_request_moved_by_guest.sql
-- The message booking_request_moved_by_guest: what it needs, by which ways it goes, and its words on each. FND-15.
-- Sent messages point at the words they were written with, so a text is changed by a record of the next version.

select app_private.own_rows('app_private.message_types', scope => '{"key": "booking_request_moved_by_guest"}', rows => '
topic: clinic
visitor_limit: front_desk
expires_with: respondBy
lasts: 2 days
variables: {serviceName,specialistName,startsAt,endsAt,timezone,modality,respondBy,guestName}
sample: {"endsAt": "2027-03-08T08:00:00Z", "modality": "in_person", "startsAt": "2027-03-08T07:00:00Z", "timezone": "Europe/Bucharest", "guestName": "Maria Ionescu", "respondBy": "2027-03-02T10:00:00Z", "serviceName": "Ședință de kinetoterapie", "specialistName": "Dr. Ana Ionescu"}
');

select app_private.own_rows('app_private.message_channels', scope => '{"template_key": "booking_request_moved_by_guest"}', rows => '
  channel | route  | rank | is_default
  --------+--------+------+-----------
  email   | letter | 1    | true
');

select app_private.own_rows('app_private.message_templates', scope => '{"template_key": "booking_request_moved_by_guest"}', rows => '
channel: email
locale: ro
version: 1
title: Cerere mutată: {{when}}
body:
Bună ziua,

O cerere de programare care așteaptă răspunsul dumneavoastră a fost mutată de cel care a făcut-o. Noua oră:

{{serviceName}}
{{specialistName}}
{{when}}

Numele, așa cum l-a scris vizitatorul (neverificat): „{{guestName}}”

Ora de dinainte este din nou liberă. Cea nouă rămâne rezervată până {{respondByWhen}}. Dacă nu răspundeți până atunci, cererea expiră și ora se eliberează.

==========
channel: email
locale: en
version: 1
title: Request moved: {{when}}
body:
Hello,

A booking request that waits for your answer was moved by whoever made it. The new time:

{{serviceName}}
{{specialistName}}
{{when}}

The name, as the visitor typed it (not verified): "{{guestName}}"

The time before is free again. The new one is kept until {{respondByWhen}}. If nobody answers by then, the request expires and the time becomes free.

');
-- end of source: reference/notify/message_booking_request_moved_by_guest.sql

-- source: reference/notify/message_booking_request_received.sql
-- The message booking_request_received: what it needs, by which ways it goes, and its words on each. FND-15.
-- Sent messages point at the words they were written with, so a text is changed by a record of the next version.

select app_private.own_rows('app_private.message_types', scope => '{"key": "booking_request_received"}', rows => '
topic: appointments
visitor_limit: guest
calendar_status: TENTATIVE
expires_with: startsAt
lasts: 2 days
variables: {serviceName,specialistName,startsAt,endsAt,timezone,modality,respondBy,bookingRequestId}
sample: {"endsAt": "2027-03-08T08:00:00Z", "bookingRequestId": "0195f3c0-0000-7000-8000-000000000000", "modality": "in_person", "startsAt": "2027-03-08T07:00:00Z", "timezone": "Europe/Bucharest", "respondBy": "2027-03-02T10:00:00Z", "serviceName": "Ședință de kinetoterapie", "specialistName": "Dr. Ana Ionescu"}
');

select app_private.own_rows('app_private.message_channels', scope => '{"template_key": "booking_request_received"}', rows => '
  channel  | route  | rank | is_default
  ---------+--------+------+-----------
  email    | letter | 1    | true
  whatsapp | alert  | 1    | false
  sms      | alert  | 2    | false
');

select app_private.own_rows('app_private.message_templates', scope => '{"template_key": "booking_request_received"}', rows => '
channel: email
locale: ro
version: 3
title: Am primit cererea dumneavoastră pentru {{when}}
body:
Bună ziua, {{recipientName}},

Am primit cererea dumneavoastră:

{{serviceName}}
{{specialistName}}
{{when}}
{{#inPerson}}{{clinicAddress}}{{/inPerson}}{{#video}}Consultație video{{/video}}{{#phone}}Consultație telefonică{{/phone}}

{{#respondByWhen}}
Vă păstrăm ora și vă răspundem cel târziu {{respondByWhen}}.
{{/respondByWhen}}
{{^respondByWhen}}
Vă păstrăm ora. Este aproape, așa că vă rugăm să veniți numai după ce v-am confirmat-o.
{{/respondByWhen}}
{{#bookingUrl}}

Puteți vedea, muta sau retrage cererea aici:
{{bookingUrl}}
{{/bookingUrl}}
{{#clinicPhone}}

Aveți o întrebare? Sunați-ne la {{clinicPhone}}.
{{/clinicPhone}}

Cu drag,
{{clinicName}}

==========
channel: email
locale: ro
version: 2
title: Am primit cererea dumneavoastră pentru {{when}}
body:
Bună ziua, {{recipientName}},

Am primit cererea dumneavoastră:

{{serviceName}}
{{specialistName}}
{{when}}
{{#inPerson}}{{clinicAddress}}{{/inPerson}}{{#video}}Consultație video{{/video}}{{#phone}}Consultație telefonică{{/phone}}

{{#respondByWhen}}
Vă păstrăm ora și vă răspundem cel târziu {{respondByWhen}}.
{{/respondByWhen}}
{{^respondByWhen}}
Vă păstrăm ora. Este aproape, așa că vă rugăm să veniți numai după ce v-am confirmat-o.
{{/respondByWhen}}
{{#clinicPhone}}

Aveți o întrebare? Sunați-ne la {{clinicPhone}}.
{{/clinicPhone}}

Cu drag,
{{clinicName}}

==========
channel: email
locale: ro
version: 1
title: Am primit cererea dumneavoastră pentru {{when}}
body:
Bună ziua, {{recipientName}},

Am primit cererea dumneavoastră:

{{serviceName}}
{{specialistName}}
{{when}}
{{#inPerson}}{{clinicAddress}}{{/inPerson}}{{#video}}Consultație video{{/video}}{{#phone}}Consultație telefonică{{/phone}}

Vă păstrăm ora și vă răspundem cel târziu {{respondByWhen}}.
{{#clinicPhone}}

Aveți o întrebare? Sunați-ne la {{clinicPhone}}.
{{/clinicPhone}}

Cu drag,
{{clinicName}}

==========
channel: email
locale: en
version: 3
title: We have received your request for {{when}}
body:
Hello {{recipientName}},

We have received your request:

{{serviceName}}
{{specialistName}}
{{when}}
{{#inPerson}}{{clinicAddress}}{{/inPerson}}{{#video}}Video consultation{{/video}}{{#phone}}Phone consultation{{/phone}}

{{#respondByWhen}}
We are keeping this time for you and will answer by {{respondByWhen}}.
{{/respondByWhen}}
{{^respondByWhen}}
We are keeping this time for you. It is soon, so please come only once we have confirmed it.
{{/respondByWhen}}
{{#bookingUrl}}

You can see, move or withdraw your request here:
{{bookingUrl}}
{{/bookingUrl}}
{{#clinicPhone}}

Any questions? Call us at {{clinicPhone}}.
{{/clinicPhone}}

Warm regards,
{{clinicName}}

==========
channel: email
locale: en
version: 2
title: We have received your request for {{when}}
body:
Hello {{recipientName}},

We have received your request:

{{serviceName}}
{{specialistName}}
{{when}}
{{#inPerson}}{{clinicAddress}}{{/inPerson}}{{#video}}Video consultation{{/video}}{{#phone}}Phone consultation{{/phone}}

{{#respondByWhen}}
We are keeping this time for you and will answer by {{respondByWhen}}.
{{/respondByWhen}}
{{^respondByWhen}}
We are keeping this time for you. It is soon, so please come only once we have confirmed it.
{{/respondByWhen}}
{{#clinicPhone}}

Any questions? Call us at {{clinicPhone}}.
{{/clinicPhone}}

Warm regards,
{{clinicName}}

==========
channel: email
locale: en
version: 1
title: We have received your request for {{when}}
body:
Hello {{recipientName}},

We have received your request:

{{serviceName}}
{{specialistName}}
{{when}}
{{#inPerson}}{{clinicAddress}}{{/inPerson}}{{#video}}Video consultation{{/video}}{{#phone}}Phone consultation{{/phone}}

We are keeping this time for you and will answer by {{respondByWhen}}.
{{#clinicPhone}}

Any questions? Call us at {{clinicPhone}}.
{{/clinicPhone}}

Warm regards,
{{clinicName}}

==========
channel: sms
locale: ro
version: 3
body: {{clinicName}}: am primit cererea dumneavoastră pentru {{when}}.{{#respondByWhen}} Vă răspundem cel târziu {{respondByWhen}}.{{/respondByWhen}}{{#bookingUrl}} Mutați sau retrageți aici: {{bookingUrl}}{{/bookingUrl}}{{#clinicPhone}} Întrebări: {{clinicPhone}}.{{/clinicPhone}}
==========
channel: sms
locale: ro
version: 2
body: {{clinicName}}: am primit cererea dumneavoastră pentru {{when}}.{{#respondByWhen}} Vă răspundem cel târziu {{respondByWhen}}.{{/respondByWhen}}{{#clinicPhone}} Întrebări: {{clinicPhone}}.{{/clinicPhone}}
==========
channel: sms
locale: ro
version: 1
body: {{clinicName}}: am primit cererea dumneavoastră pentru {{when}}. Vă răspundem cel târziu {{respondByWhen}}.{{#clinicPhone}} Întrebări: {{clinicPhone}}.{{/clinicPhone}}
==========
channel: sms
locale: en
version: 3
body: {{clinicName}}: we have received your request for {{when}}{{#respondByWhen}} and will answer by {{respondByWhen}}{{/respondByWhen}}.{{#bookingUrl}} Move or withdraw here: {{bookingUrl}}{{/bookingUrl}}{{#clinicPhone}} Questions: {{clinicPhone}}.{{/clinicPhone}}
==========
channel: sms
locale: en
version: 2
body: {{clinicName}}: we have received your request for {{when}}{{#respondByWhen}} and will answer by {{respondByWhen}}{{/respondByWhen}}.{{#clinicPhone}} Questions: {{clinicPhone}}.{{/clinicPhone}}
==========
channel: sms
locale: en
version: 1
body: {{clinicName}}: we have received your request for {{when}} and will answer by {{respondByWhen}}.{{#clinicPhone}} Questions: {{clinicPhone}}.{{/clinicPhone}}
==========
channel: whatsapp
locale: ro
version: 3
body: {{clinicName}}: am primit cererea dumneavoastră pentru {{when}}.{{#respondByWhen}} Vă răspundem cel târziu {{respondByWhen}}.{{/respondByWhen}}{{#bookingUrl}} Mutați sau retrageți aici: {{bookingUrl}}{{/bookingUrl}}{{#clinicPhone}} Întrebări: {{clinicPhone}}.{{/clinicPhone}}
==========
channel: whatsapp
locale: ro
version: 2
body: {{clinicName}}: am primit cererea dumneavoastră pentru {{when}}.{{#respondByWhen}} Vă răspundem cel târziu {{respondByWhen}}.{{/respondByWhen}}{{#clinicPhone}} Întrebări: {{clinicPhone}}.{{/clinicPhone}}
==========
channel: whatsapp
locale: ro
version: 1
body: {{clinicName}}: am primit cererea dumneavoastră pentru {{when}}. Vă răspundem cel târziu {{respondByWhen}}.{{#clinicPhone}} Întrebări: {{clinicPhone}}.{{/clinicPhone}}
==========
channel: whatsapp
locale: en
version: 3
body: {{clinicName}}: we have received your request for {{when}}{{#respondByWhen}} and will answer by {{respondByWhen}}{{/respondByWhen}}.{{#bookingUrl}} Move or withdraw here: {{bookingUrl}}{{/bookingUrl}}{{#clinicPhone}} Questions: {{clinicPhone}}.{{/clinicPhone}}
==========
channel: whatsapp
locale: en
version: 2
body: {{clinicName}}: we have received your request for {{when}}{{#respondByWhen}} and will answer by {{respondByWhen}}{{/respondByWhen}}.{{#clinicPhone}} Questions: {{clinicPhone}}.{{/clinicPhone}}
==========
channel: whatsapp
locale: en
version: 1
body: {{clinicName}}: we have received your request for {{when}} and will answer by {{respondByWhen}}.{{#clinicPhone}} Questions: {{clinicPhone}}.{{/clinicPhone}}
');
-- end of source: reference/notify/message_booking_request_received.sql

-- source: reference/notify/message_waitlist_offer.sql
-- The message waitlist_offer: what it needs, by which ways it goes, and its words on each. FND-15, SCH-10.
-- Sent messages point at the words they were written with, so a text is changed by a record of the next version.

select app_private.own_rows('app_private.message_types', scope => '{"key": "waitlist_offer"}', rows => '
topic: appointments
visitor_limit: guest
expires_with: expiresAt
lasts: 3 days
variables: {serviceName,specialistName,startsAt,endsAt,timezone,modality,waitlistOfferId,expiresAt}
sample: {"endsAt": "2027-03-08T08:00:00Z", "modality": "in_person", "startsAt": "2027-03-08T07:00:00Z", "timezone": "Europe/Bucharest", "expiresAt": "2027-03-02T10:00:00Z", "serviceName": "Ședință de kinetoterapie", "specialistName": "Dr. Ana Ionescu", "waitlistOfferId": "0196f0a0-0000-7000-8000-000000000001"}
');

select app_private.own_rows('app_private.message_channels', scope => '{"template_key": "waitlist_offer"}', rows => '
  channel  | route  | rank | is_default
  ---------+--------+------+-----------
  email    | letter | 1    | true
  in_app   | inbox  | 1    | true
  push     | alert  | 1    | true
  whatsapp | alert  | 2    | false
  sms      | alert  | 3    | true
');

select app_private.own_rows('app_private.message_templates', scope => '{"template_key": "waitlist_offer"}', rows => '
channel: email
locale: ro
version: 1
title: S-a eliberat o oră: {{when}}
body:
Bună ziua, {{recipientName}},

S-a eliberat o oră, așa cum ați dorit:

{{serviceName}}
{{specialistName}}
{{when}}
{{#inPerson}}{{clinicAddress}}{{/inPerson}}{{#video}}Consultație video{{/video}}{{#phone}}Consultație telefonică{{/phone}}

O păstrăm pentru dumneavoastră până {{expiresWhen}}.
{{#offerUrl}}
O luați aici:

{{offerUrl}}
{{/offerUrl}}

Dacă nu vi se potrivește, nu trebuie să faceți nimic: ora trece la altcineva, iar dumneavoastră rămâneți pe lista de așteptare. La aceeași adresă puteți și ieși de pe listă.
{{#clinicPhone}}

Aveți o întrebare? Sunați la {{clinicPhone}}.
{{/clinicPhone}}

Cu drag,
{{clinicName}}

==========
channel: email
locale: en
version: 1
title: A time is free: {{when}}
body:
Hello {{recipientName}},

A time is free that suits what you are waiting for:

{{serviceName}}
{{specialistName}}
{{when}}
{{#inPerson}}{{clinicAddress}}{{/inPerson}}{{#video}}Video consultation{{/video}}{{#phone}}Phone consultation{{/phone}}

We keep it for you until {{expiresWhen}}.
{{#offerUrl}}
You take it here:

{{offerUrl}}
{{/offerUrl}}

If it does not suit you, you need not do anything: the time goes to somebody else, and you stay on the waiting list. At the same address you can leave the list, too.
{{#clinicPhone}}

Questions? Call {{clinicPhone}}.
{{/clinicPhone}}

Warm regards,
{{clinicName}}

==========
channel: in_app
locale: ro
version: 1
title: S-a eliberat o oră: {{when}}
body:
{{serviceName}}
{{specialistName}}
{{when}}

O păstrăm pentru dumneavoastră până {{expiresWhen}}.
==========
channel: in_app
locale: en
version: 1
title: A time is free: {{when}}
body:
{{serviceName}}
{{specialistName}}
{{when}}

We keep it for you until {{expiresWhen}}.
==========
channel: push
locale: ro
version: 1
title: {{clinicName}}
body: S-a eliberat o oră: {{when}}.
==========
channel: push
locale: en
version: 1
title: {{clinicName}}
body: A time is free: {{when}}.
==========
channel: sms
locale: ro
version: 1
body: {{#offerUrl}}{{offerUrl}} {{/offerUrl}}{{clinicName}}: s-a eliberat o oră, {{when}}. O păstrăm până {{expiresWhen}}.
==========
channel: sms
locale: en
version: 1
body: {{#offerUrl}}{{offerUrl}} {{/offerUrl}}{{clinicName}}: a time is free, {{when}}. We keep it until {{expiresWhen}}.
==========
channel: whatsapp
locale: ro
version: 1
body: {{clinicName}}: s-a eliberat o oră, {{when}}. O păstrăm până {{expiresWhen}}.{{#offerUrl}} {{offerUrl}}{{/offerUrl}}
==========
channel: whatsapp
locale: en
version: 1
body: {{clinicName}}: a time is free, {{when}}. We keep it until {{expiresWhen}}.{{#offerUrl}} {{offerUrl}}{{/offerUrl}}
');
-- end of source: reference/notify/message_waitlist_offer.sql

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
  booking_request.moved       | messages_about_booking_request
  booking_request.received    | messages_about_booking_request
  booking_request.rejected    | messages_about_booking_request
  booking_request.withdrawn   | messages_about_booking_request
  organization.activated      | messages_about_organization
  privacy_notice.published    | messages_about_privacy_notice
  review.low_rating           | messages_about_review
  waitlist_entry.offered      | messages_about_waitlist_offer
');
-- end of source: reference/notify/notifications.sql

-- source: reference/notify/visitor_limits.sql
-- How much visitors can cause in an hour and in a day. FND-35. visitor, address: booking requests, whatever became of
-- them, at all clinics; waitlist_visitor, waitlist_address: joining waitlists, likewise. moves_of_a_booking: how often a
-- guest moves one booking. The others are messages to one mailbox or telephone: from one clinic, and _of_platform from all
-- that send through the platform's account. What an operator changed under attack stands until this file changes.

select app_private.own_rows('app_private.visitor_limits', rows => '
  name                   | per_hour | per_day
  -----------------------+----------+--------
  address                | 100      | 300
  front_desk             | 30       | 150
  front_desk_of_platform | 60       | 300
  guest                  | 6        | 15
  guest_of_platform      | 12       | 30
  moves_of_a_booking     | 6        | 12
  visitor                | 10       | 30
  waitlist_address       | 30       | 100
  waitlist_visitor       | 5        | 15
');
-- end of source: reference/notify/visitor_limits.sql

-- source: reference/waitlist/waitlist_events.sql
-- What is published about people who wait. A version is never changed: a new one is added. FND-14, SCH-10.

select app_private.own_rows('app_private.event_types', scope => '{"subject_type": "waitlist_entry"}', rows => '
name: waitlist_entry.offered
version: 1
description: A time is kept for somebody who waits.
payload_schema:
{"type": "object", "additionalProperties": false,
 "required": ["waitlistEntryId", "waitlistOfferId"],
 "properties": {
   "waitlistEntryId": {"type": "string", "format": "uuid"},
   "waitlistOfferId": {"type": "string", "format": "uuid"}}}
');
-- end of source: reference/waitlist/waitlist_events.sql

-- source: reference/waitlist/waitlist_transitions.sql
-- Who joins and leaves a waitlist, and what becomes of who waits. What becomes of an offer stands with the offer: whoever did not
-- want one time waits on for another. SCH-10.
-- An empty from_state is creation. docs/state-machines/waitlist_entries.md is drawn from these rows.

select app_private.own_rows('app_private.state_transitions', scope => '{"entity": "waitlist_entries"}', rows => '
  from_state | to_state | actor   | permission          | event
  -----------+----------+---------+---------------------+-----------------------
             | waiting  | guest   |                     |
             | waiting  | patient |                     |
             | waiting  | staff   | appointments.manage |
  waiting    | offered  | system  |                     | waitlist_entry.offered
  waiting    | offered  | staff   | appointments.manage | waitlist_entry.offered
  waiting    | taken    | system  |                     |
  waiting    | left     | guest   |                     |
  waiting    | left     | patient |                     |
  waiting    | left     | staff   | appointments.manage |
  waiting    | expired  | system  |                     |
  offered    | waiting  | system  |                     |
  offered    | taken    | system  |                     |
  offered    | left     | guest   |                     |
  offered    | left     | patient |                     |
  offered    | left     | staff   | appointments.manage |
  offered    | expired  | system  |                     |
');
-- end of source: reference/waitlist/waitlist_transitions.sql

select app_private.write_owned_rows();
