-- Booking requests of guests and the appointments they become. APT-01, APT-02, APT-09.

create table app_public.booking_requests (
  id uuid primary key default uuidv7(),
  organization_id uuid not null references app_public.organizations on delete restrict,
  calendar_id uuid not null,
  service_id uuid not null,
  specialist_id uuid not null,
  claim_id uuid not null,
  status text not null default 'requested',
  given_name text not null,
  family_name text not null,
  email text not null,
  phone text not null,
  message text,
  locale text not null,
  starts_at timestamptz not null,
  ends_at timestamptz not null,
  price_amount bigint not null,
  currency char(3) not null,
  respond_by timestamptz not null,
  decided_at timestamptz,
  decided_by uuid references app_public.principals on delete restrict,
  rejection_reason text,
  token_hash bytea not null,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  constraint booking_requests_identity unique (organization_id, id),
  foreign key (organization_id, calendar_id) references app_public.calendars (organization_id, id) on delete restrict,
  foreign key (organization_id, service_id) references app_public.services (organization_id, id) on delete restrict,
  foreign key (organization_id, specialist_id) references app_public.specialists (organization_id, id) on delete restrict,
  foreign key (organization_id, claim_id) references app_private.time_claims (organization_id, id) on delete restrict,
  constraint booking_requests_status_is_known check (status in ('requested', 'confirmed', 'rejected', 'expired', 'withdrawn')),
  constraint booking_requests_given_name_is_not_blank check (given_name ~ '[[:alnum:]]' and length(given_name) <= 100),
  constraint booking_requests_given_name_is_one_line check (given_name !~ '[[:cntrl:]]'),
  constraint booking_requests_family_name_is_not_blank check (family_name ~ '[[:alnum:]]' and length(family_name) <= 100),
  constraint booking_requests_family_name_is_one_line check (family_name !~ '[[:cntrl:]]'),
  constraint booking_requests_email_is_valid check (email ~ '^[A-Za-z0-9.!#$%&''*+/=?^_`{|}~-]+@[A-Za-z0-9]([A-Za-z0-9-]*[A-Za-z0-9])?(\.[A-Za-z0-9]([A-Za-z0-9-]*[A-Za-z0-9])?)+$' and length(email) <= 254),
  constraint booking_requests_phone_is_a_phone_number check (phone ~ '^\+[1-9][0-9]{6,14}$'),
  constraint booking_requests_message_is_short check (length(message) <= 2000),
  constraint booking_requests_locale_is_supported check (locale in ('ro', 'en')),
  constraint booking_requests_ends_after_start check (starts_at < ends_at),
  constraint booking_requests_rejection_reason_is_short check (length(rejection_reason) <= 500)
);
create unique index booking_requests_claim_is_used_once on app_public.booking_requests (organization_id, claim_id);
create unique index booking_requests_token_is_unique on app_public.booking_requests (token_hash);
create index booking_requests_status_idx on app_public.booking_requests (organization_id, status, starts_at);
create index booking_requests_created_idx on app_public.booking_requests (organization_id, created_at);
create index booking_requests_respond_by_idx on app_public.booking_requests (respond_by) where status = 'requested';
create index booking_requests_calendar_idx on app_public.booking_requests (organization_id, calendar_id);
create index booking_requests_service_idx on app_public.booking_requests (organization_id, service_id);
create index booking_requests_specialist_idx on app_public.booking_requests (organization_id, specialist_id);
create index booking_requests_decided_by_idx on app_public.booking_requests (decided_by);
comment on table app_public.booking_requests is
  'What a visitor without an account asked for. It keeps its time until the clinic answers or respondBy passes.';

create table app_public.appointments (
  id uuid primary key default uuidv7(),
  organization_id uuid not null references app_public.organizations on delete restrict,
  patient_profile_id uuid not null,
  calendar_id uuid not null,
  service_id uuid not null,
  specialist_id uuid not null,
  booking_request_id uuid,
  claim_id uuid not null,
  status text not null default 'booked',
  starts_at timestamptz not null,
  ends_at timestamptz not null,
  modality text not null,
  price_amount bigint not null,
  currency char(3) not null,
  contact_email text,
  contact_name text not null,
  locale text not null,
  cancellation_reason text,
  created_by uuid references app_public.principals on delete restrict,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  deleted_at timestamptz,
  constraint appointments_identity unique (organization_id, id),
  foreign key (organization_id, patient_profile_id) references app_public.patients (organization_id, patient_profile_id) on delete restrict,
  foreign key (organization_id, calendar_id) references app_public.calendars (organization_id, id) on delete restrict,
  foreign key (organization_id, service_id) references app_public.services (organization_id, id) on delete restrict,
  foreign key (organization_id, specialist_id) references app_public.specialists (organization_id, id) on delete restrict,
  foreign key (organization_id, booking_request_id) references app_public.booking_requests (organization_id, id) on delete restrict,
  foreign key (organization_id, claim_id) references app_private.time_claims (organization_id, id) on delete restrict,
  constraint appointments_request_becomes_one_appointment unique (organization_id, booking_request_id),
  constraint appointments_status_is_known check (status in ('booked', 'upcoming', 'confirmed', 'inprogress', 'done', 'cancelled', 'noshow')),
  constraint appointments_end_after_start check (starts_at < ends_at),
  constraint appointments_modality_is_known check (modality in ('in_person', 'video', 'phone')),
  constraint appointments_price_amount_is_not_negative check (price_amount >= 0),
  constraint appointments_currency_is_a_code check (currency ~ '^[A-Z]{3}$'),
  constraint appointments_contact_email_is_valid check (contact_email ~ '^[A-Za-z0-9.!#$%&''*+/=?^_`{|}~-]+@[A-Za-z0-9]([A-Za-z0-9-]*[A-Za-z0-9])?(\.[A-Za-z0-9]([A-Za-z0-9-]*[A-Za-z0-9])?)+$' and length(contact_email) <= 254),
  constraint appointments_locale_is_supported check (locale in ('ro', 'en')),
  constraint appointments_cancellation_reason_is_short check (length(cancellation_reason) <= 500)
);
create unique index appointments_claim_is_used_once on app_public.appointments (organization_id, claim_id);
create index appointments_starts_at_idx on app_public.appointments (organization_id, starts_at, id);
create index appointments_status_idx on app_public.appointments (organization_id, status, starts_at);
create index appointments_patient_idx on app_public.appointments (patient_profile_id, starts_at);
create index appointments_patient_of_clinic_idx on app_public.appointments (organization_id, patient_profile_id, starts_at);
create index appointments_specialist_idx on app_public.appointments (organization_id, specialist_id, starts_at);
create index appointments_calendar_idx on app_public.appointments (organization_id, calendar_id);
create index appointments_service_idx on app_public.appointments (organization_id, service_id);
create index appointments_created_by_idx on app_public.appointments (created_by);
create index appointments_awaiting_idx on app_public.appointments (starts_at) where status = 'booked';
comment on table app_public.appointments is 'A patient''s time with a specialist.';
comment on column app_public.appointments.price_amount is 'Frozen at booking, in minor units of currency.';

create table app_public.appointment_moves (
  id uuid primary key default uuidv7(),
  organization_id uuid not null,
  appointment_id uuid not null,
  from_status text,
  to_status text not null,
  moved_by uuid references app_public.principals on delete restrict,
  moved_at timestamptz not null default now(),
  reason text,
  constraint appointment_moves_identity unique (organization_id, id),
  foreign key (organization_id, appointment_id) references app_public.appointments (organization_id, id) on delete restrict
);
create index appointment_moves_appointment_idx on app_public.appointment_moves (organization_id, appointment_id, moved_at);
create index appointment_moves_moved_by_idx on app_public.appointment_moves (moved_by);
comment on table app_public.appointment_moves is 'Every move of an appointment: from, to, who, when.';

insert into app_private.state_transitions (entity, from_state, to_state, actor, permission, not_before, event) values
  ('booking_requests', '', 'requested', 'guest', null, null, 'booking_request.received'),
  ('booking_requests', 'requested', 'confirmed', 'staff', 'appointments.manage', null, 'booking_request.confirmed'),
  ('booking_requests', 'requested', 'rejected', 'staff', 'appointments.manage', null, 'booking_request.rejected'),
  ('booking_requests', 'requested', 'withdrawn', 'guest', null, null, 'booking_request.withdrawn'),
  ('booking_requests', 'requested', 'expired', 'system', null, 'respond_by', 'booking_request.expired'),
  ('appointments', '', 'booked', 'staff', 'appointments.manage', null, 'appointment.booked'),
  ('appointments', '', 'booked', 'patient', null, null, 'appointment.booked'),
  ('appointments', 'booked', 'upcoming', 'system', null, null, 'appointment.upcoming'),
  ('appointments', 'booked', 'confirmed', 'staff', 'appointments.manage', null, 'appointment.confirmed'),
  ('appointments', 'booked', 'confirmed', 'patient', null, null, 'appointment.confirmed'),
  ('appointments', 'upcoming', 'confirmed', 'staff', 'appointments.manage', null, 'appointment.confirmed'),
  ('appointments', 'upcoming', 'confirmed', 'patient', null, null, 'appointment.confirmed'),
  ('appointments', 'booked', 'inprogress', 'staff', 'appointments.conduct', null, 'appointment.started'),
  ('appointments', 'upcoming', 'inprogress', 'staff', 'appointments.conduct', null, 'appointment.started'),
  ('appointments', 'confirmed', 'inprogress', 'staff', 'appointments.conduct', null, 'appointment.started'),
  ('appointments', 'inprogress', 'done', 'staff', 'appointments.conduct', null, 'appointment.done'),
  ('appointments', 'booked', 'cancelled', 'staff', 'appointments.manage', null, 'appointment.cancelled'),
  ('appointments', 'booked', 'cancelled', 'patient', null, null, 'appointment.cancelled'),
  ('appointments', 'upcoming', 'cancelled', 'staff', 'appointments.manage', null, 'appointment.cancelled'),
  ('appointments', 'upcoming', 'cancelled', 'patient', null, null, 'appointment.cancelled'),
  ('appointments', 'confirmed', 'cancelled', 'staff', 'appointments.manage', null, 'appointment.cancelled'),
  ('appointments', 'confirmed', 'cancelled', 'patient', null, null, 'appointment.cancelled'),
  ('appointments', 'booked', 'noshow', 'staff', 'appointments.conduct', 'starts_at', 'appointment.noshow'),
  ('appointments', 'upcoming', 'noshow', 'staff', 'appointments.conduct', 'starts_at', 'appointment.noshow'),
  ('appointments', 'confirmed', 'noshow', 'staff', 'appointments.conduct', 'starts_at', 'appointment.noshow');

create type app_public.booking_receipt as (
  booking_request_id uuid,
  token text,
  status text,
  service_name text,
  specialist_name text,
  starts_at timestamptz,
  ends_at timestamptz,
  timezone text,
  respond_by timestamptz
);
comment on type app_public.booking_receipt is
  'What a visitor gets for a booking request. The token is shown once; it reads and withdraws the request.';

create type app_public.public_specialist as (id uuid, title text, given_name text, family_name text, specialties text[]);
comment on type app_public.public_specialist is 'A specialist as visitors meet them: name, title, specialties.';
create type app_public.public_service as (
  id uuid, name text, description text, translations jsonb, duration_minutes int, price_amount bigint, currency text, modality text
);
comment on type app_public.public_service is 'A service as visitors see it. priceAmount is in minor units of currency.';
create type app_public.public_calendar as (
  id uuid, service_id uuid, name text, translations jsonb, timezone text, modality text, assignment_strategy text,
  allows_any_specialist boolean, duration_minutes int, price_amount bigint, currency text,
  specialists app_public.public_specialist[]
);
comment on type app_public.public_calendar is
  'A bookable calendar. Specialists are listed where the visitor picks one (strategy specific).';
create type app_public.public_clinic as (
  id uuid, slug text, name text, locale text, timezone text, currency text, contact_email text, contact_phone text,
  street text, city text, services app_public.public_service[], calendars app_public.public_calendar[]
);
comment on type app_public.public_clinic is 'An active clinic with all that a booking page shows.';
