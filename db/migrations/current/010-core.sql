-- The ground everything stands on: schemas, error codes, time zones, state machines, organizations.
-- FND-01, FND-29, APT-01.

create schema app_public;
create schema app_hidden;
create schema app_private;
comment on schema app_public is 'What the API exposes.';
comment on schema app_hidden is 'Helpers that policies and functions call; usable, not exposed.';
comment on schema app_private is 'Ledgers, outbox and internals; only engine functions reach them.';

grant usage on schema app_public to app_anonymous, app_member, app_link;
grant usage on schema app_hidden to app_anonymous, app_member, app_link, app_authenticator;
grant usage on schema app_hidden, app_private to app_worker;
grant usage, create on schema app_public, app_hidden, app_private to app_engine;

create table app_hidden.error_codes (
  code text primary key,
  sqlstate text not null,
  http_status int not null,
  meaning text not null,
  constraint error_codes_sqlstate_is_unique unique (sqlstate),
  constraint error_codes_sqlstate_is_ours check (sqlstate ~ '^RX[0-9A-Z]{3}$'),
  constraint error_codes_http_status_is_an_error check (http_status between 400 and 499)
);
comment on table app_hidden.error_codes is
  'Every refusal the database can give, with its SQLSTATE and HTTP status. The API contract for errors.';

insert into app_hidden.error_codes (code, sqlstate, http_status, meaning) values
  ('VALIDATION', 'RX400', 400, 'The input breaks a rule; details.field or details.rule names which.'),
  ('UNAUTHENTICATED', 'RX401', 401, 'The caller must sign in, or sign in again.'),
  ('ENTITLEMENT_EXHAUSTED', 'RX402', 409, 'The plan does not include this, or includes no more of it.'),
  ('FORBIDDEN', 'RX403', 403, 'The caller is known but may not do this.'),
  ('NOT_FOUND', 'RX404', 404, 'There is no such thing, or it is not the caller''s to see.'),
  ('CONFLICT', 'RX409', 409, 'Something else already stands in the way.'),
  ('GONE', 'RX410', 410, 'It existed and is over: used, expired or revoked.'),
  ('STATE', 'RX412', 409, 'The move is not legal from the present state; details.legal lists the legal ones.'),
  ('IDEMPOTENCY_MISMATCH', 'RX422', 422, 'The idempotency key was used before with other content.'),
  ('IMMUTABLE', 'RX423', 409, 'What is written there is never changed.'),
  ('RATE_LIMITED', 'RX429', 429, 'Too many; details.retryAfterSeconds says when to try again.'),
  ('CONSENT_REQUIRED', 'RX451', 409, 'A consent is missing; details names purpose and version.'),
  ('FORM_REQUIRED', 'RX452', 409, 'A form must be signed first; details names it.'),
  ('SLOT_TAKEN', 'RXSLT', 409, 'Somebody else has that time.');

-- A foreign key is the validation: what PostgreSQL would guess at as a POSIX zone ('Foo/Bar3') is not listed.
create table app_public.time_zones (
  name text primary key
);
comment on table app_public.time_zones is 'IANA time zones that clinics, calendars and specialists may use.';
insert into app_public.time_zones (name)
select name from pg_catalog.pg_timezone_names
where name = 'UTC' or name ~ '^(Africa|America|Antarctica|Arctic|Asia|Atlantic|Australia|Europe|Indian|Pacific)/';

create table app_public.organizations (
  id uuid primary key default uuidv7(),
  slug text not null,
  name text not null,
  locale text not null default 'ro',
  timezone text not null default 'Europe/Bucharest' references app_public.time_zones on delete restrict,
  currency char(3) not null default 'RON',
  country char(2) not null default 'RO',
  calling_code text not null default '40',
  tenancy_mode text not null default 'shared',
  activated_at timestamptz,
  contact_email text,
  contact_phone text,
  street text,
  city text,
  booking_response_hours int not null default 24,
  hold_minutes int not null default 10,
  holds_per_visitor int not null default 5,
  holds_per_address int not null default 50,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  deleted_at timestamptz,
  constraint organizations_slug_is_unique unique (slug),
  constraint organizations_slug_is_a_slug check (slug ~ '^[a-z0-9]+(-[a-z0-9]+)*$' and length(slug) between 2 and 63),
  constraint organizations_name_is_not_blank check (name ~ '[[:alnum:]]' and length(name) <= 200),
  constraint organizations_name_is_one_line check (name !~ '[[:cntrl:]]'),
  constraint organizations_locale_is_supported check (locale in ('ro', 'en')),
  constraint organizations_currency_is_a_code check (currency ~ '^[A-Z]{3}$'),
  constraint organizations_country_is_a_code check (country ~ '^[A-Z]{2}$'),
  constraint organizations_calling_code_is_digits check (calling_code ~ '^[1-9][0-9]{0,2}$'),
  -- `dedicated` is a commitment, not a feature: no path creates it (TEN-01).
  constraint organizations_tenancy_mode_is_built check (tenancy_mode = 'shared'),
  constraint organizations_contact_email_is_valid check (contact_email ~ '^[A-Za-z0-9.!#$%&''*+/=?^_`{|}~-]+@[A-Za-z0-9]([A-Za-z0-9-]*[A-Za-z0-9])?(\.[A-Za-z0-9]([A-Za-z0-9-]*[A-Za-z0-9])?)+$' and length(contact_email) <= 254),
  constraint organizations_contact_phone_is_a_phone_number check (contact_phone ~ '^\+[1-9][0-9]{6,14}$'),
  constraint organizations_booking_response_hours_is_sensible check (booking_response_hours between 1 and 720),
  constraint organizations_hold_minutes_is_sensible check (hold_minutes between 1 and 60),
  constraint organizations_holds_per_visitor_is_sensible check (holds_per_visitor between 1 and 20),
  constraint organizations_holds_per_address_is_sensible check (holds_per_address between 1 and 1000)
);
create index organizations_draft_idx on app_public.organizations (id) where activated_at is null;
create index organizations_timezone_idx on app_public.organizations (timezone);
comment on table app_public.organizations is 'A clinic: the tenant. activatedAt null means draft, invisible to the public.';
comment on column app_public.organizations.tenancy_mode is 'Always shared; dedicated is declared and refused (TEN-01).';
comment on column app_public.organizations.holds_per_visitor is 'How many times one visitor may keep at once, held or requested.';
comment on column app_public.organizations.holds_per_address is 'The same for one network address.';
comment on column app_public.organizations.booking_response_hours is 'How long a booking request keeps its time before it expires.';

-- One table for every state machine; one trigger refuses what is not in it, one function says who may.
create table app_private.state_transitions (
  entity text not null,
  from_state text not null,
  to_state text not null,
  actor text not null,
  permission text,
  not_before text,
  event text,
  primary key (entity, from_state, to_state, actor),
  constraint state_transitions_actor_is_known check (actor in ('staff', 'patient', 'guest', 'system')),
  constraint state_transitions_staff_name_a_permission check ((actor = 'staff') = (permission is not null)),
  constraint state_transitions_not_before_is_a_column check (not_before ~ '^[a-z_]+$')
);
comment on table app_private.state_transitions is
  'Legal moves: entity is the table, from_state "" is creation; actor and permission say who, '
  'not_before names the column whose time must have come, event what is published.';
