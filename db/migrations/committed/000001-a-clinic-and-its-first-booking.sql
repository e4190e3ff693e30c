--! Previous: -
--! Hash: sha1:a4fd7990caf87127d6679d45806b7d4e40625476
--! Message: A clinic and its first booking

--! split: 010-core.sql
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

--! split: 020-identity.sql
-- Who acts, where they work, whom they care for. FND-02, FND-03, FND-04, FND-06, FND-07.

create table app_public.principals (
  id uuid primary key default uuidv7(),
  kind text not null,
  platform_role text,
  disabled_at timestamptz,
  created_at timestamptz not null default now(),
  constraint principals_kind_is_known check (kind in ('human', 'service_account')),
  constraint principals_platform_role_is_known check (platform_role in ('superadmin')),
  constraint principals_superadmin_is_human check (platform_role is null or kind = 'human')
);
comment on table app_public.principals is 'Whoever can write: a human or a service account. Every write is attributable to one.';

create table app_public.humans (
  principal_id uuid primary key references app_public.principals on delete restrict,
  provider_org_id text,
  email text not null,
  email_verified_at timestamptz,
  display_name text not null,
  locale text not null default 'ro',
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  constraint humans_email_is_unique_per_provider_org unique nulls not distinct (email, provider_org_id),
  constraint humans_email_is_valid check (email ~ '^[A-Za-z0-9.!#$%&''*+/=?^_`{|}~-]+@[A-Za-z0-9]([A-Za-z0-9-]*[A-Za-z0-9])?(\.[A-Za-z0-9]([A-Za-z0-9-]*[A-Za-z0-9])?)+$' and length(email) <= 254),
  constraint humans_email_is_lower_case check (email = lower(email)),
  constraint humans_display_name_is_not_blank check (display_name ~ '[[:alnum:]]' and length(display_name) <= 200),
  constraint humans_display_name_is_one_line check (display_name !~ '[[:cntrl:]]'),
  constraint humans_locale_is_supported check (locale in ('ro', 'en'))
);
comment on table app_public.humans is 'A person who signs in: clinic staff, patient, caregiver or platform superadmin.';

create table app_public.service_accounts (
  principal_id uuid primary key references app_public.principals on delete restrict,
  name text not null,
  created_at timestamptz not null default now(),
  constraint service_accounts_name_is_unique unique (name),
  constraint service_accounts_name_is_a_slug check (name ~ '^[a-z0-9]+(-[a-z0-9]+)*$')
);
comment on table app_public.service_accounts is 'A process that writes in its own name: the worker, telemetry, integrations.';

with accounts as (
  insert into app_public.principals (kind) values ('service_account'), ('service_account') returning id
)
insert into app_public.service_accounts (principal_id, name)
select id, (array['worker', 'telemetry'])[row_number() over (order by id)] from accounts;

create table app_private.identities (
  issuer text not null,
  subject text not null,
  principal_id uuid not null references app_public.humans on delete restrict,
  linked_at timestamptz not null default now(),
  primary key (issuer, subject)
);
create index identities_principal_idx on app_private.identities (principal_id);
comment on table app_private.identities is 'Which sign-in (issuer, subject) is which human.';

create table app_private.revoked_sessions (
  session_id text primary key,
  revoked_at timestamptz not null default now()
);
comment on table app_private.revoked_sessions is 'Sessions that end before their token does.';

create table app_public.permissions (
  name text primary key,
  description text not null,
  constraint permissions_name_is_subject_dot_verb check (name ~ '^[a-z_]+\.[a-z_]+$')
);
comment on table app_public.permissions is 'Everything a role can allow.';

create table app_public.system_roles (
  key text primary key,
  name text not null,
  name_ro text not null
);
comment on table app_public.system_roles is 'The roles every clinic starts with.';

create table app_public.system_role_permissions (
  role_key text not null references app_public.system_roles on delete cascade,
  permission text not null references app_public.permissions on delete cascade,
  primary key (role_key, permission)
);
create index system_role_permissions_permission_idx on app_public.system_role_permissions (permission);
comment on table app_public.system_role_permissions is 'What each system role allows by default.';

create table app_public.roles (
  id uuid primary key default uuidv7(),
  organization_id uuid not null references app_public.organizations on delete cascade,
  key text not null,
  name text not null,
  system_role_key text references app_public.system_roles on delete restrict,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  constraint roles_identity unique (organization_id, id),
  constraint roles_key_is_unique_per_organization unique (organization_id, key),
  constraint roles_key_is_a_slug check (key ~ '^[a-z0-9]+([_-][a-z0-9]+)*$' and length(key) <= 63),
  constraint roles_name_is_not_blank check (name ~ '[[:alnum:]]' and length(name) <= 100),
  constraint roles_name_is_one_line check (name !~ '[[:cntrl:]]')
);
create index roles_system_role_idx on app_public.roles (system_role_key);
comment on table app_public.roles is 'A clinic''s roles: a copy of each system role, and its own.';

create table app_public.role_permissions (
  organization_id uuid not null,
  role_id uuid not null,
  permission text not null references app_public.permissions on delete cascade,
  primary key (organization_id, role_id, permission),
  foreign key (organization_id, role_id) references app_public.roles (organization_id, id) on delete cascade
);
create index role_permissions_permission_idx on app_public.role_permissions (permission);
comment on table app_public.role_permissions is 'What a clinic''s role allows.';

create table app_public.memberships (
  id uuid primary key default uuidv7(),
  organization_id uuid not null references app_public.organizations on delete cascade,
  human_id uuid not null references app_public.humans on delete restrict,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  ended_at timestamptz,
  constraint memberships_identity unique (organization_id, id),
  constraint memberships_human_is_member_once unique (organization_id, human_id)
);
create index memberships_human_idx on app_public.memberships (human_id, organization_id);
comment on table app_public.memberships is 'A human who works at a clinic. endedAt closes it, coming back opens it again.';

create table app_public.membership_roles (
  organization_id uuid not null,
  membership_id uuid not null,
  role_id uuid not null,
  granted_by uuid references app_public.principals on delete restrict,
  created_at timestamptz not null default now(),
  primary key (organization_id, membership_id, role_id),
  foreign key (organization_id, membership_id) references app_public.memberships (organization_id, id) on delete cascade,
  foreign key (organization_id, role_id) references app_public.roles (organization_id, id) on delete restrict
);
create index membership_roles_role_idx on app_public.membership_roles (organization_id, role_id);
create index membership_roles_granted_by_idx on app_public.membership_roles (granted_by);
comment on table app_public.membership_roles is 'Which roles a member holds.';

-- A profile is a person, known to every clinic that has them as a patient; without a link to a human
-- it belongs to the one clinic that made it, because profiles are never matched across clinics.
create table app_public.patient_profiles (
  id uuid primary key default uuidv7(),
  human_id uuid references app_public.humans on delete restrict,
  given_name text not null,
  family_name text not null,
  email text,
  phone text,
  birth_date date,
  locale text not null default 'ro',
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  constraint patient_profiles_given_name_is_not_blank check (given_name ~ '[[:alnum:]]' and length(given_name) <= 100),
  constraint patient_profiles_given_name_is_one_line check (given_name !~ '[[:cntrl:]]'),
  constraint patient_profiles_family_name_is_not_blank check (family_name ~ '[[:alnum:]]' and length(family_name) <= 100),
  constraint patient_profiles_family_name_is_one_line check (family_name !~ '[[:cntrl:]]'),
  constraint patient_profiles_email_is_valid check (email ~ '^[A-Za-z0-9.!#$%&''*+/=?^_`{|}~-]+@[A-Za-z0-9]([A-Za-z0-9-]*[A-Za-z0-9])?(\.[A-Za-z0-9]([A-Za-z0-9-]*[A-Za-z0-9])?)+$' and length(email) <= 254),
  constraint patient_profiles_phone_is_a_phone_number check (phone ~ '^\+[1-9][0-9]{6,14}$'),
  constraint patient_profiles_birth_date_is_plausible check (birth_date between date '1900-01-01' and date '2200-01-01'),
  constraint patient_profiles_locale_is_supported check (locale in ('ro', 'en'))
);
create index patient_profiles_human_idx on app_public.patient_profiles (human_id);
create index patient_profiles_email_idx on app_public.patient_profiles (lower(email));
create index patient_profiles_family_name_idx on app_public.patient_profiles (family_name, given_name, id);
comment on table app_public.patient_profiles is 'A person who is treated, whether or not they ever sign in.';

create table app_public.patients (
  id uuid primary key default uuidv7(),
  organization_id uuid not null references app_public.organizations on delete restrict,
  patient_profile_id uuid not null references app_public.patient_profiles on delete restrict,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  deleted_at timestamptz,
  constraint patients_identity unique (organization_id, id),
  constraint patients_profile_is_patient_once unique (organization_id, patient_profile_id)
);
create index patients_profile_idx on app_public.patients (patient_profile_id, organization_id);
create index patients_created_idx on app_public.patients (organization_id, created_at);
comment on table app_public.patients is 'A person at a clinic.';

create table app_public.caregivers (
  id uuid primary key default uuidv7(),
  patient_profile_id uuid not null references app_public.patient_profiles on delete restrict,
  human_id uuid not null references app_public.humans on delete restrict,
  relationship text not null,
  evidence text not null,
  added_by uuid references app_public.principals on delete restrict,
  ends_on date,
  revoked_at timestamptz,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  constraint caregivers_relationship_is_known check (relationship in ('parent', 'guardian', 'spouse', 'child', 'other')),
  constraint caregivers_evidence_is_not_blank check (length(btrim(evidence)) between 3 and 500)
);
create unique index caregivers_link_is_active_once on app_public.caregivers (patient_profile_id, human_id) where revoked_at is null;
create index caregivers_human_idx on app_public.caregivers (human_id, patient_profile_id);
create index caregivers_profile_idx on app_public.caregivers (patient_profile_id);
create index caregivers_added_by_idx on app_public.caregivers (added_by);
comment on table app_public.caregivers is
  'A human who acts for a patient profile. Ends when revoked, or on endsOn: for a minor, the eighteenth birthday.';

create table app_private.legal_ages (
  rule text primary key,
  years int not null,
  citation text not null,
  confirmed_by text,
  constraint legal_ages_years_is_an_age check (years between 1 and 120)
);
comment on table app_private.legal_ages is 'Ages that the law sets, as data that counsel confirms (confirmed_by null until then).';
insert into app_private.legal_ages (rule, years, citation) values
  ('own_account', 16, 'GDPR art. 8 as applied in Romania: consent to online services from 16'),
  ('caregiver_ends', 18, 'Law 95/2006: medical consent in one''s own name from 18');

insert into app_public.permissions (name, description) values
  ('organization.manage', 'Change the clinic''s details and booking settings'),
  ('owners.manage', 'Name and remove owners of the clinic'),
  ('members.manage', 'Add and remove members, give and take roles'),
  ('roles.manage', 'Define the clinic''s own roles'),
  ('specialties.manage', 'Edit the clinic''s own specialties'),
  ('specialists.view_org', 'See specialists'' accounts and contacts'),
  ('specialists.manage', 'Add, edit and remove specialists'),
  ('services.manage', 'Edit services and who provides them'),
  ('calendars.manage', 'Edit bookable calendars'),
  ('schedules.manage', 'Edit every specialist''s hours'),
  ('schedules.manage_own', 'Edit one''s own hours as a specialist'),
  ('patients.view', 'See the clinic''s patients'),
  ('patients.manage', 'Add and edit patients and their caregivers'),
  ('appointments.view', 'See the clinic''s appointments and booking requests'),
  ('appointments.manage', 'Book, confirm, cancel; answer booking requests'),
  ('appointments.conduct', 'Start and finish appointments, record no-shows');

insert into app_public.system_roles (key, name, name_ro) values
  ('owner', 'Owner', 'Proprietar'),
  ('admin', 'Administrator', 'Administrator'),
  ('specialist', 'Specialist', 'Specialist'),
  ('front_desk', 'Front desk', 'Recepție'),
  ('billing', 'Billing', 'Facturare');

insert into app_public.system_role_permissions (role_key, permission)
select 'owner', name from app_public.permissions
union all
select 'admin', name from app_public.permissions where name <> 'owners.manage'
union all
select 'specialist', unnest(array['specialists.view_org', 'schedules.manage_own', 'patients.view', 'appointments.view', 'appointments.conduct'])
union all
select 'front_desk', unnest(array['specialists.view_org', 'schedules.manage', 'patients.view', 'patients.manage',
                                  'appointments.view', 'appointments.manage', 'appointments.conduct'])
union all
select 'billing', unnest(array['specialists.view_org']);

--! split: 030-events.sql
-- The outbox: what happened, who wants to know, what they were told; and the ledgers of the worker. FND-14.

create table app_private.event_types (
  name text not null,
  version int not null,
  description text not null,
  subject_type text not null,
  payload_schema jsonb not null,
  primary key (name, version),
  constraint event_types_name_is_subject_dot_past check (name ~ '^[a-z]+(_[a-z]+)*\.[a-z]+(_[a-z]+)*$'),
  constraint event_types_version_counts_from_one check (version >= 1),
  constraint event_types_payload_schema_is_closed check (
    payload_schema ->> 'type' = 'object'
    and payload_schema -> 'additionalProperties' = 'false'
    and jsonb_typeof(payload_schema -> 'properties') = 'object'
    and jsonb_typeof(payload_schema -> 'required') = 'array'
  )
);
comment on table app_private.event_types is
  'The catalog of events: publishing takes the highest version. A version is never changed, a new one is added.';
comment on column app_private.event_types.payload_schema is
  'JSON Schema, the subset payload_problem() reads: type object, properties (type, format uuid or date-time, enum), '
  'required, additionalProperties false. Ids and times only, never personal data.';

create table app_private.events (
  id uuid primary key default uuidv7(),
  position bigint generated always as identity,
  organization_id uuid references app_public.organizations on delete restrict,
  name text not null,
  version int not null,
  subject_type text not null,
  subject_id uuid not null,
  payload jsonb not null,
  actor_id uuid references app_public.principals on delete restrict,
  request_id text,
  cause_id uuid,
  occurred_at timestamptz not null,
  constraint events_identity unique (organization_id, id),
  foreign key (name, version) references app_private.event_types (name, version) on delete restrict,
  -- A cause belongs to the same clinic. Not checked for events of the platform, which have no clinic.
  foreign key (organization_id, cause_id) references app_private.events (organization_id, id) on delete restrict
);
create index events_organization_idx on app_private.events (organization_id, position);
create index events_subject_idx on app_private.events (subject_id, position);
create index events_type_idx on app_private.events (name, version);
create index events_actor_idx on app_private.events (actor_id);
create index events_cause_idx on app_private.events (organization_id, cause_id);
comment on table app_private.events is
  'What happened, written in the transaction in which it happened. Append-only, for its owner too.';
comment on column app_private.events.position is
  'Order of publishing. Within one subject it is also the order of commits, because publish() locks the subject.';
comment on column app_private.events.cause_id is 'The event that led to this one.';

create table app_private.event_consumers (
  name text primary key,
  description text not null,
  constraint event_consumers_name_is_a_slug check (name ~ '^[a-z]+(_[a-z]+)*$')
);
comment on table app_private.event_consumers is 'Who is told about events; each has a handler of this name in tasks/consumers.ts.';

create table app_private.event_subscriptions (
  consumer text not null references app_private.event_consumers on delete cascade,
  event_name text not null,
  primary key (event_name, consumer)
);
create index event_subscriptions_consumer_idx on app_private.event_subscriptions (consumer);
comment on table app_private.event_subscriptions is 'Which events a consumer is told about, from now on.';

create table app_private.event_deliveries (
  event_id uuid not null references app_private.events on delete restrict,
  consumer text not null references app_private.event_consumers on delete restrict,
  subject_id uuid not null,
  position bigint not null,
  delivered_at timestamptz,
  attempts int not null default 0,
  last_error text,
  primary key (event_id, consumer)
);
create index event_deliveries_pending_idx
  on app_private.event_deliveries (consumer, delivered_at, subject_id, position);
comment on table app_private.event_deliveries is
  'One row per event and consumer: told, or still to be told. Told in order of position within a subject.';

create table app_private.effects (
  key text primary key,
  attempts int not null default 1,
  claimed_at timestamptz not null,
  claimed_by text not null,
  done_at timestamptz,
  result jsonb,
  constraint effects_key_names_kind_and_id check (key ~ '^[a-z_]+:.+$' and length(key) <= 200)
);
comment on table app_private.effects is
  'Ledger of what was done to the outside world, by idempotency key. Claimed before, done after; '
  'a finished job is deleted, so the queue itself remembers nothing.';

create table app_private.worker_heartbeats (
  worker_id text primary key,
  host text not null,
  pid int not null,
  started_at timestamptz not null,
  seen_at timestamptz not null
);
comment on table app_private.worker_heartbeats is
  'Sign of life of every worker process; a silent worker''s jobs are freed by reap_silent_workers().';

-- Reference data --------------------------------------------------------------------------------

with shapes (shape, payload_schema) as (values
  ('organization', '{
    "type": "object", "additionalProperties": false, "required": ["slug"],
    "properties": {"slug": {"type": "string"}}
  }'::jsonb),
  ('patient', '{
    "type": "object", "additionalProperties": false, "required": ["patientId", "patientProfileId"],
    "properties": {
      "patientId": {"type": "string", "format": "uuid"},
      "patientProfileId": {"type": "string", "format": "uuid"}
    }
  }'),
  ('slot', '{
    "type": "object", "additionalProperties": false,
    "required": ["calendarId", "specialistId", "startsAt", "endsAt"],
    "properties": {
      "calendarId": {"type": ["string", "null"], "format": "uuid"},
      "specialistId": {"type": "string", "format": "uuid"},
      "startsAt": {"type": "string", "format": "date-time"},
      "endsAt": {"type": "string", "format": "date-time"}
    }
  }'),
  ('booking_request', '{
    "type": "object", "additionalProperties": false,
    "required": ["bookingRequestId", "calendarId", "specialistId", "startsAt", "endsAt"],
    "properties": {
      "bookingRequestId": {"type": "string", "format": "uuid"},
      "calendarId": {"type": "string", "format": "uuid"},
      "specialistId": {"type": "string", "format": "uuid"},
      "startsAt": {"type": "string", "format": "date-time"},
      "endsAt": {"type": "string", "format": "date-time"},
      "appointmentId": {"type": ["string", "null"], "format": "uuid"}
    }
  }'),
  ('appointment', '{
    "type": "object", "additionalProperties": false,
    "required": ["appointmentId", "patientProfileId", "specialistId", "serviceId", "startsAt", "endsAt"],
    "properties": {
      "appointmentId": {"type": "string", "format": "uuid"},
      "patientProfileId": {"type": "string", "format": "uuid"},
      "specialistId": {"type": "string", "format": "uuid"},
      "serviceId": {"type": "string", "format": "uuid"},
      "startsAt": {"type": "string", "format": "date-time"},
      "endsAt": {"type": "string", "format": "date-time"},
      "from": {"type": ["string", "null"],
               "enum": ["booked", "upcoming", "confirmed", "inprogress", "done", "cancelled", "noshow", null]},
      "to": {"type": "string",
             "enum": ["booked", "upcoming", "confirmed", "inprogress", "done", "cancelled", "noshow"]}
    }
  }')
),
names (name, shape, subject_type, description) as (values
  ('organization.created', 'organization', 'organization', 'A clinic was registered, still a draft.'),
  ('organization.activated', 'organization', 'organization', 'A clinic opened to the public.'),
  ('patient.onboarded', 'patient', 'patient', 'A person became a patient of a clinic.'),
  ('slot.held', 'slot', 'time_claim', 'A visitor keeps a time while filling the form.'),
  ('slot.released', 'slot', 'time_claim', 'A kept time is free again.'),
  ('booking_request.received', 'booking_request', 'booking_request', 'A guest asked for a time; the clinic has to answer.'),
  ('booking_request.confirmed', 'booking_request', 'booking_request', 'The clinic said yes: the request became an appointment.'),
  ('booking_request.rejected', 'booking_request', 'booking_request', 'The clinic said no; the time is free again.'),
  ('booking_request.expired', 'booking_request', 'booking_request', 'The clinic did not answer in time; the time is free again.'),
  ('booking_request.withdrawn', 'booking_request', 'booking_request', 'The guest took the request back; the time is free again.'),
  ('appointment.booked', 'appointment', 'appointment', 'An appointment was made.'),
  ('appointment.upcoming', 'appointment', 'appointment', 'An appointment is near.'),
  ('appointment.confirmed', 'appointment', 'appointment', 'The patient said they will come.'),
  ('appointment.started', 'appointment', 'appointment', 'The patient is with the specialist.'),
  ('appointment.done', 'appointment', 'appointment', 'The appointment took place.'),
  ('appointment.cancelled', 'appointment', 'appointment', 'The appointment will not take place.'),
  ('appointment.noshow', 'appointment', 'appointment', 'The patient did not come.')
)
insert into app_private.event_types (name, version, description, subject_type, payload_schema)
select names.name, 1, names.description, names.subject_type, shapes.payload_schema
from names join shapes using (shape)
on conflict (name, version) do update
  set description = excluded.description,
      subject_type = excluded.subject_type,
      payload_schema = excluded.payload_schema;

insert into app_private.event_consumers (name, description) values
  ('notifications', 'Writes to guests, patients and the clinic about requests and appointments.')
on conflict (name) do update set description = excluded.description;

insert into app_private.event_subscriptions (consumer, event_name) values
  ('notifications', 'organization.activated'),
  ('notifications', 'booking_request.received'),
  ('notifications', 'booking_request.confirmed'),
  ('notifications', 'booking_request.rejected'),
  ('notifications', 'booking_request.expired'),
  ('notifications', 'appointment.booked'),
  ('notifications', 'appointment.cancelled')
on conflict do nothing;

--! split: 035-notify.sql
-- What is written to people, and whom nobody writes to any more. FND-15, APT-08, APT-09.

create table app_private.message_templates (
  key text not null,
  locale text not null,
  version int not null,
  subject text not null,
  body text not null,
  variables text[] not null,
  calendar_status text,
  primary key (key, locale, version),
  constraint message_templates_key_is_a_slug check (key ~ '^[a-z]+(_[a-z]+)*$'),
  constraint message_templates_locale_is_supported check (locale in ('ro', 'en')),
  constraint message_templates_version_counts_from_one check (version >= 1),
  constraint message_templates_subject_is_one_line check (subject !~ '[\r\n]' and length(btrim(subject)) between 1 and 200),
  constraint message_templates_body_is_not_blank check (length(btrim(body)) between 1 and 20000),
  constraint message_templates_calendar_status_is_known check (calendar_status in ('TENTATIVE', 'CONFIRMED', 'CANCELLED'))
);
comment on table app_private.message_templates is
  'Texts in mustache, plain text; the HTML alternative is made from the text. The highest version is used.';
comment on column app_private.message_templates.variables is
  'What notify() must be given, no more and no less. The renderer adds when, respondByWhen, recipientName, '
  'inPerson, video, phone, clinicName, clinicPhone, clinicEmail and clinicAddress.';
comment on column app_private.message_templates.calendar_status is
  'The mail carries a calendar file with this status; null: none.';

create table app_private.messages (
  id uuid primary key default uuidv7(),
  organization_id uuid not null references app_public.organizations on delete restrict,
  channel text not null default 'email',
  template_key text not null,
  template_version int not null,
  locale text not null,
  recipient_email text not null,
  recipient_name text not null,
  data jsonb not null,
  event_id uuid,
  calendar_uid uuid,
  calendar_sequence int,
  status text not null default 'queued',
  attempts int not null default 0,
  vendor_id text,
  sent_at timestamptz,
  failed_reason text,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  constraint messages_identity unique (organization_id, id),
  constraint messages_event_is_told_once unique (organization_id, event_id, template_key, recipient_email),
  foreign key (template_key, locale, template_version)
    references app_private.message_templates (key, locale, version) on delete restrict,
  foreign key (organization_id, event_id) references app_private.events (organization_id, id) on delete restrict,
  constraint messages_channel_is_built check (channel in ('email')),
  constraint messages_recipient_email_is_valid check (recipient_email ~ '^[A-Za-z0-9.!#$%&''*+/=?^_`{|}~-]+@[A-Za-z0-9]([A-Za-z0-9-]*[A-Za-z0-9])?(\.[A-Za-z0-9]([A-Za-z0-9-]*[A-Za-z0-9])?)+$' and length(recipient_email) <= 254),
  constraint messages_recipient_name_is_one_line check (recipient_name !~ '[\r\n]' and length(recipient_name) <= 250),
  constraint messages_data_is_an_object check (jsonb_typeof(data) = 'object'),
  constraint messages_status_is_known check (status in ('queued', 'sent', 'failed')),
  constraint messages_sent_have_a_time check ((status = 'sent') = (sent_at is not null)),
  constraint messages_failed_have_a_reason check ((status = 'failed') = (failed_reason is not null)),
  constraint messages_calendar_has_uid_and_sequence check ((calendar_uid is null) = (calendar_sequence is null))
);
create index messages_status_idx on app_private.messages (organization_id, status, created_at);
create index messages_template_idx on app_private.messages (template_key, locale, template_version);
create index messages_calendar_idx on app_private.messages (organization_id, calendar_uid, recipient_email);
comment on table app_private.messages is
  'Every message to a person: queued in the transaction of its cause, rendered when it leaves.';
comment on column app_private.messages.calendar_sequence is
  'SEQUENCE of the calendar file: counts up per calendar_uid and recipient, so calendars replace the older entry.';

create table app_private.suppressed_addresses (
  address text primary key,
  reason text not null,
  since timestamptz not null default now(),
  constraint suppressed_addresses_address_is_lower_case check (address = lower(address)),
  constraint suppressed_addresses_reason_is_known check (reason in ('bounce', 'complaint', 'request'))
);
comment on table app_private.suppressed_addresses is
  'Addresses nobody writes to any more. Across clinics: the sending reputation is shared.';

-- Reference data --------------------------------------------------------------------------------

insert into app_private.message_templates (key, locale, version, subject, body, variables, calendar_status) values
  ('organization_activated', 'ro', 1,
   'Bine ați venit pe RestartiX, {{clinicName}}',
   $text$Bună ziua, {{recipientName}},

{{clinicName}} este acum publică: pacienții o găsesc la adresa „{{clinicSlug}}” și pot cere programări.

Ce urmează: adăugați specialiștii, serviciile și calendarele, apoi invitați-vă colegii.

Cu drag,
echipa RestartiX
$text$,
   '{clinicSlug}', null),
  ('organization_activated', 'en', 1,
   'Welcome to RestartiX, {{clinicName}}',
   $text$Hello {{recipientName}},

{{clinicName}} is public now: patients find it under "{{clinicSlug}}" and can ask for appointments.

What comes next: add your specialists, services and calendars, then invite your colleagues.

Warm regards,
the RestartiX team
$text$,
   '{clinicSlug}', null),

  ('booking_request_received', 'ro', 1,
   'Am primit cererea dumneavoastră pentru {{when}}',
   $text$Bună ziua, {{recipientName}},

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
$text$,
   '{serviceName,specialistName,startsAt,endsAt,timezone,modality,respondBy}', 'TENTATIVE'),
  ('booking_request_received', 'en', 1,
   'We have received your request for {{when}}',
   $text$Hello {{recipientName}},

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
$text$,
   '{serviceName,specialistName,startsAt,endsAt,timezone,modality,respondBy}', 'TENTATIVE'),

  ('booking_request_to_review', 'ro', 1,
   'Cerere nouă de programare: {{when}}',
   $text$Bună ziua,

{{guestName}} a cerut o programare:

{{serviceName}}
{{specialistName}}
{{when}}

Ora rămâne rezervată până {{respondByWhen}}. Dacă nu răspundeți până atunci, cererea expiră și ora se eliberează.
$text$,
   '{serviceName,specialistName,startsAt,endsAt,timezone,modality,respondBy,guestName}', null),
  ('booking_request_to_review', 'en', 1,
   'New booking request: {{when}}',
   $text$Hello,

{{guestName}} has asked for an appointment:

{{serviceName}}
{{specialistName}}
{{when}}

The time is kept until {{respondByWhen}}. If nobody answers by then, the request expires and the time becomes free.
$text$,
   '{serviceName,specialistName,startsAt,endsAt,timezone,modality,respondBy,guestName}', null),

  ('booking_request_confirmed', 'ro', 1,
   'Programare confirmată: {{when}}',
   $text$Bună ziua, {{recipientName}},

Programarea dumneavoastră este confirmată:

{{serviceName}}
{{specialistName}}
{{when}}
{{#inPerson}}{{clinicAddress}}{{/inPerson}}{{#video}}Consultație video{{/video}}{{#phone}}Consultație telefonică{{/phone}}

Dacă nu puteți ajunge, vă rugăm să ne anunțați din timp{{#clinicPhone}} la {{clinicPhone}}{{/clinicPhone}}.

Vă așteptăm cu drag,
{{clinicName}}
$text$,
   '{serviceName,specialistName,startsAt,endsAt,timezone,modality}', 'CONFIRMED'),
  ('booking_request_confirmed', 'en', 1,
   'Appointment confirmed: {{when}}',
   $text$Hello {{recipientName}},

Your appointment is confirmed:

{{serviceName}}
{{specialistName}}
{{when}}
{{#inPerson}}{{clinicAddress}}{{/inPerson}}{{#video}}Video consultation{{/video}}{{#phone}}Phone consultation{{/phone}}

If you cannot make it, please let us know in good time{{#clinicPhone}} at {{clinicPhone}}{{/clinicPhone}}.

We look forward to seeing you,
{{clinicName}}
$text$,
   '{serviceName,specialistName,startsAt,endsAt,timezone,modality}', 'CONFIRMED'),

  ('booking_request_rejected', 'ro', 1,
   'Nu putem confirma ora {{when}}',
   $text$Bună ziua, {{recipientName}},

Ne pare rău, nu putem confirma cererea dumneavoastră:

{{serviceName}}
{{specialistName}}
{{when}}
{{#reason}}

{{reason}}
{{/reason}}

Ne-ar bucura să găsim împreună o altă oră.{{#clinicPhone}} Ne găsiți la {{clinicPhone}}.{{/clinicPhone}}

Cu drag,
{{clinicName}}
$text$,
   '{serviceName,specialistName,startsAt,endsAt,timezone,modality,reason}', 'CANCELLED'),
  ('booking_request_rejected', 'en', 1,
   'We cannot confirm {{when}}',
   $text$Hello {{recipientName}},

We are sorry, we cannot confirm your request:

{{serviceName}}
{{specialistName}}
{{when}}
{{#reason}}

{{reason}}
{{/reason}}

We would be glad to find another time with you.{{#clinicPhone}} You can reach us at {{clinicPhone}}.{{/clinicPhone}}

Warm regards,
{{clinicName}}
$text$,
   '{serviceName,specialistName,startsAt,endsAt,timezone,modality,reason}', 'CANCELLED'),

  ('booking_request_expired', 'ro', 1,
   'Cererea pentru {{when}} a expirat',
   $text$Bună ziua, {{recipientName}},

Ne pare rău, nu am reușit să vă răspundem la timp și cererea dumneavoastră a expirat:

{{serviceName}}
{{specialistName}}
{{when}}

Vă rugăm să alegeți o altă oră.{{#clinicPhone}} Vă ajutăm și telefonic, la {{clinicPhone}}.{{/clinicPhone}}

Cu drag,
{{clinicName}}
$text$,
   '{serviceName,specialistName,startsAt,endsAt,timezone,modality}', 'CANCELLED'),
  ('booking_request_expired', 'en', 1,
   'Your request for {{when}} has expired',
   $text$Hello {{recipientName}},

We are sorry, we did not manage to answer in time and your request has expired:

{{serviceName}}
{{specialistName}}
{{when}}

Please choose another time.{{#clinicPhone}} We are glad to help by phone too, at {{clinicPhone}}.{{/clinicPhone}}

Warm regards,
{{clinicName}}
$text$,
   '{serviceName,specialistName,startsAt,endsAt,timezone,modality}', 'CANCELLED'),

  ('appointment_booked', 'ro', 1,
   'Programarea dumneavoastră: {{when}}',
   $text$Bună ziua, {{recipientName}},

V-am făcut o programare:

{{serviceName}}
{{specialistName}}
{{when}}
{{#inPerson}}{{clinicAddress}}{{/inPerson}}{{#video}}Consultație video{{/video}}{{#phone}}Consultație telefonică{{/phone}}

Dacă nu puteți ajunge, vă rugăm să ne anunțați din timp{{#clinicPhone}} la {{clinicPhone}}{{/clinicPhone}}.

Vă așteptăm cu drag,
{{clinicName}}
$text$,
   '{serviceName,specialistName,startsAt,endsAt,timezone,modality}', 'CONFIRMED'),
  ('appointment_booked', 'en', 1,
   'Your appointment: {{when}}',
   $text$Hello {{recipientName}},

Your appointment is booked:

{{serviceName}}
{{specialistName}}
{{when}}
{{#inPerson}}{{clinicAddress}}{{/inPerson}}{{#video}}Video consultation{{/video}}{{#phone}}Phone consultation{{/phone}}

If you cannot make it, please let us know in good time{{#clinicPhone}} at {{clinicPhone}}{{/clinicPhone}}.

We look forward to seeing you,
{{clinicName}}
$text$,
   '{serviceName,specialistName,startsAt,endsAt,timezone,modality}', 'CONFIRMED'),

  ('appointment_cancelled', 'ro', 1,
   'Programare anulată: {{when}}',
   $text$Bună ziua, {{recipientName}},

Programarea dumneavoastră a fost anulată:

{{serviceName}}
{{specialistName}}
{{when}}
{{#reason}}

{{reason}}
{{/reason}}

Dacă doriți o altă oră, vă stăm la dispoziție{{#clinicPhone}} la {{clinicPhone}}{{/clinicPhone}}.

Cu drag,
{{clinicName}}
$text$,
   '{serviceName,specialistName,startsAt,endsAt,timezone,modality,reason}', 'CANCELLED'),
  ('appointment_cancelled', 'en', 1,
   'Appointment cancelled: {{when}}',
   $text$Hello {{recipientName}},

Your appointment has been cancelled:

{{serviceName}}
{{specialistName}}
{{when}}
{{#reason}}

{{reason}}
{{/reason}}

If you would like another time, we are here for you{{#clinicPhone}} at {{clinicPhone}}{{/clinicPhone}}.

Warm regards,
{{clinicName}}
$text$,
   '{serviceName,specialistName,startsAt,endsAt,timezone,modality,reason}', 'CANCELLED')
on conflict (key, locale, version) do update
  set subject = excluded.subject,
      body = excluded.body,
      variables = excluded.variables,
      calendar_status = excluded.calendar_status;

--! split: 040-catalog.sql
-- Specialists and what a clinic offers. SPC-01..03, CAT-01, CAT-02.

create table app_public.specialties (
  id uuid primary key default uuidv7(),
  organization_id uuid references app_public.organizations on delete cascade,
  -- The clinic, or zero for the platform: what a composite key can reference although organization_id may be null.
  scope_id uuid not null generated always as (coalesce(organization_id, '00000000-0000-0000-0000-000000000000')) stored,
  slug text not null,
  name text not null,
  translations jsonb not null default '{}',
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  constraint specialties_identity unique (scope_id, id),
  constraint specialties_slug_is_unique_per_organization unique nulls not distinct (organization_id, slug),
  constraint specialties_slug_is_a_slug check (slug ~ '^[a-z0-9]+(-[a-z0-9]+)*$' and length(slug) <= 63),
  constraint specialties_name_is_not_blank check (name ~ '[[:alnum:]]' and length(name) <= 200),
  constraint specialties_name_is_one_line check (name !~ '[[:cntrl:]]'),
  constraint specialties_translations_is_an_object check (jsonb_typeof(translations) = 'object')
);
comment on table app_public.specialties is 'Fields of practice: the platform''s (organization null) and a clinic''s own.';
comment on column app_public.specialties.translations is 'Per locale: {"en": {"name": "…"}}.';

create table app_public.specialists (
  id uuid primary key default uuidv7(),
  organization_id uuid not null references app_public.organizations on delete cascade,
  human_id uuid,
  title text,
  given_name text not null,
  family_name text not null,
  registration_number text,
  contact_email text,
  contact_phone text,
  scheduling_timezone text not null default 'Europe/Bucharest' references app_public.time_zones on delete restrict,
  scheduling_active boolean not null default true,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  deleted_at timestamptz,
  constraint specialists_identity unique (organization_id, id),
  -- Only a member of the clinic can be its specialist.
  foreign key (organization_id, human_id) references app_public.memberships (organization_id, human_id) on delete restrict,
  constraint specialists_title_is_short check (title ~ '[[:alnum:]]' and length(title) <= 50),
  constraint specialists_title_is_one_line check (title !~ '[[:cntrl:]]'),
  constraint specialists_given_name_is_not_blank check (given_name ~ '[[:alnum:]]' and length(given_name) <= 100),
  constraint specialists_given_name_is_one_line check (given_name !~ '[[:cntrl:]]'),
  constraint specialists_family_name_is_not_blank check (family_name ~ '[[:alnum:]]' and length(family_name) <= 100),
  constraint specialists_family_name_is_one_line check (family_name !~ '[[:cntrl:]]'),
  constraint specialists_contact_email_is_valid check (contact_email ~ '^[A-Za-z0-9.!#$%&''*+/=?^_`{|}~-]+@[A-Za-z0-9]([A-Za-z0-9-]*[A-Za-z0-9])?(\.[A-Za-z0-9]([A-Za-z0-9-]*[A-Za-z0-9])?)+$' and length(contact_email) <= 254),
  constraint specialists_contact_phone_is_a_phone_number check (contact_phone ~ '^\+[1-9][0-9]{6,14}$')
);
create unique index specialists_human_is_specialist_once on app_public.specialists (organization_id, human_id) where deleted_at is null;
create index specialists_human_idx on app_public.specialists (organization_id, human_id);
create index specialists_name_idx on app_public.specialists (organization_id, family_name, given_name, id);
create index specialists_timezone_idx on app_public.specialists (scheduling_timezone);
comment on constraint specialists_scheduling_timezone_fkey on app_public.specialists is
  E'@behavior -*\nOnly staff see a specialist''s zone.';
comment on constraint specialists_organization_id_human_id_fkey on app_public.specialists is
  E'@behavior -*\nOnly staff see a specialist''s account.';
comment on table app_public.specialists is 'Who treats patients. May exist before they ever sign in.';

create table app_public.specialist_specialties (
  organization_id uuid not null,
  specialist_id uuid not null,
  specialty_id uuid not null references app_public.specialties on delete restrict,
  specialty_scope_id uuid not null,
  created_at timestamptz not null default now(),
  primary key (organization_id, specialist_id, specialty_id),
  -- A specialty of another clinic cannot be linked, whoever writes: the scope is this clinic or the platform.
  constraint specialist_specialties_specialty_is_in_scope
    foreign key (specialty_scope_id, specialty_id) references app_public.specialties (scope_id, id) on delete restrict,
  constraint specialist_specialties_scope_is_own_or_platform
    check (specialty_scope_id in (organization_id, '00000000-0000-0000-0000-000000000000')),
  foreign key (organization_id, specialist_id) references app_public.specialists (organization_id, id) on delete cascade
);
create index specialist_specialties_specialty_idx on app_public.specialist_specialties (specialty_id);
create index specialist_specialties_scope_idx on app_public.specialist_specialties (specialty_scope_id, specialty_id);
comment on constraint specialist_specialties_specialty_is_in_scope on app_public.specialist_specialties is
  E'@behavior -*\nKeeps the link inside the clinic; the API follows the plain foreign key.';
comment on column app_public.specialties.scope_id is E'@behavior -*\nThe clinic, or zero for the platform.';
comment on table app_public.specialist_specialties is 'Which specialties a specialist practises.';

create table app_public.services (
  id uuid primary key default uuidv7(),
  organization_id uuid not null references app_public.organizations on delete cascade,
  name text not null,
  description text,
  translations jsonb not null default '{}',
  duration_minutes int not null,
  price_amount bigint not null,
  currency char(3) not null,
  modality text not null default 'in_person',
  is_active boolean not null default true,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  deleted_at timestamptz,
  constraint services_identity unique (organization_id, id),
  constraint services_name_is_not_blank check (name ~ '[[:alnum:]]' and length(name) <= 200),
  constraint services_name_is_one_line check (name !~ '[[:cntrl:]]'),
  constraint services_description_is_short check (length(description) <= 5000),
  constraint services_translations_is_an_object check (jsonb_typeof(translations) = 'object'),
  constraint services_duration_minutes_is_sensible check (duration_minutes between 5 and 1440),
  constraint services_price_amount_is_not_negative check (price_amount >= 0),
  constraint services_currency_is_a_code check (currency ~ '^[A-Z]{3}$'),
  constraint services_modality_is_known check (modality in ('in_person', 'video', 'phone'))
);
create unique index services_name_is_unique_per_organization on app_public.services (organization_id, lower(name)) where deleted_at is null;
comment on table app_public.services is 'What a clinic offers. Scheduling lives in calendars.';
comment on column app_public.services.price_amount is 'In minor units (bani) of currency.';
comment on column app_public.services.translations is 'Per locale: {"en": {"name": "…", "description": "…"}}.';

create table app_public.service_specialists (
  organization_id uuid not null,
  service_id uuid not null,
  specialist_id uuid not null,
  created_at timestamptz not null default now(),
  primary key (organization_id, service_id, specialist_id),
  foreign key (organization_id, service_id) references app_public.services (organization_id, id) on delete cascade,
  foreign key (organization_id, specialist_id) references app_public.specialists (organization_id, id) on delete cascade
);
create index service_specialists_specialist_idx on app_public.service_specialists (organization_id, specialist_id);
comment on table app_public.service_specialists is 'Who can provide a service.';

insert into app_public.specialties (slug, name, translations) values
  ('physiotherapy', 'Fizioterapie', '{"en": {"name": "Physiotherapy"}}'),
  ('kinesiotherapy', 'Kinetoterapie', '{"en": {"name": "Kinesiotherapy"}}'),
  ('medical-rehabilitation', 'Medicină fizică și de reabilitare', '{"en": {"name": "Physical and rehabilitation medicine"}}'),
  ('sports-rehabilitation', 'Recuperare sportivă', '{"en": {"name": "Sports rehabilitation"}}'),
  ('neurological-rehabilitation', 'Recuperare neurologică', '{"en": {"name": "Neurological rehabilitation"}}'),
  ('pediatric-rehabilitation', 'Recuperare pediatrică', '{"en": {"name": "Pediatric rehabilitation"}}'),
  ('orthopedics', 'Ortopedie și traumatologie', '{"en": {"name": "Orthopedics and traumatology"}}'),
  ('rheumatology', 'Reumatologie', '{"en": {"name": "Rheumatology"}}'),
  ('massage-therapy', 'Masaj terapeutic', '{"en": {"name": "Massage therapy"}}'),
  ('speech-therapy', 'Logopedie', '{"en": {"name": "Speech therapy"}}');

create type app_public.specialist_details as (
  human_id uuid,
  registration_number text,
  contact_email text,
  contact_phone text,
  scheduling_timezone text
);
comment on type app_public.specialist_details is 'What staff know of a specialist beyond the listing.';

--! split: 050-scheduling.sql
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

--! split: 060-appointments.sql
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

--! split: 900-sources.sql
-- Written by npm run db:stage from db/functions and db/policies: change those, not this file.

-- source: functions/core/now.sql
-- The one clock of the domain: the start of the transaction. Tests replace it to stand in another time.

create or replace function app_hidden.now() returns timestamptz
language sql stable parallel safe
set search_path = ''
return pg_catalog.now();

comment on function app_hidden.now() is 'The present, as every rule of the domain reads it.';

grant execute on function app_hidden.now() to app_anonymous, app_member, app_link, app_worker, app_engine;
-- end of source: functions/core/now.sql

-- source: functions/appointments/advance_appointments.sql
-- A day before, a booked appointment is upcoming: by time, not by anyone's hand. The worker calls it every minute;
-- after a standstill the next call catches up. APT-01.
-- requires: functions/core/now.sql

set role app_engine;

create or replace function app_private.advance_appointments() returns int
language sql volatile security definer
set search_path = ''
begin atomic
  with due as (
    select appointments.id
    from app_public.appointments
    where appointments.status = 'booked'
      and appointments.starts_at <= app_hidden.now() + interval '24 hours'
      and appointments.deleted_at is null
    order by appointments.starts_at
    limit 1000
    for update skip locked
  ), advanced as (
    update app_public.appointments set status = 'upcoming'
    from due
    where appointments.id = due.id
    returning appointments.id
  )
  select count(*)::int from advanced;
end;

comment on function app_private.advance_appointments() is 'Moves up to 1,000 booked appointments of the next 24 hours to upcoming; returns how many.';
grant execute on function app_private.advance_appointments() to app_worker;

reset role;
-- end of source: functions/appointments/advance_appointments.sql

-- source: functions/core/refuse.sql
-- Every refusal of the database leaves through here, so that its code is registered. FND-29.

create or replace function app_hidden.refuse(
  code text,
  reason text,
  details jsonb default '{}',
  hint text default null
) returns void
language plpgsql stable
set search_path = ''
as $$
declare
  v_sqlstate text;
begin
  select error_codes.sqlstate into strict v_sqlstate
  from app_hidden.error_codes
  where error_codes.code = refuse.code;

  raise exception using
    errcode = v_sqlstate,
    message = refuse.reason,
    detail = coalesce(refuse.details, '{}')::text,
    hint = coalesce(refuse.hint, '');
end;
$$;

comment on function app_hidden.refuse(text, text, jsonb, text) is
  'Raises a registered error: code from error_codes, reason in snake_case, details for programs, hint for people.';

grant execute on function app_hidden.refuse(text, text, jsonb, text)
  to app_anonymous, app_member, app_link, app_authenticator, app_worker, app_engine;
-- end of source: functions/core/refuse.sql

-- source: functions/catalog/require_specialist.sql
-- A booking is for somebody who still takes appointments when it is written. The lock makes remove_specialist wait
-- for it, so that every booking is either counted there or refused here. SPC-06.
-- requires: functions/core/refuse.sql

set role app_engine;

create or replace function app_private.require_specialist(organization_id uuid, specialist_id uuid) returns void
language plpgsql volatile
set search_path = ''
as $$
begin
  perform from app_public.specialists
  where specialists.organization_id = require_specialist.organization_id
    and specialists.id = require_specialist.specialist_id
    and specialists.deleted_at is null
  for share;
  if not found then
    perform app_hidden.refuse(
      'GONE', 'specialist_gone', '{}', 'This specialist takes no more appointments. Choose another time.');
  end if;
end;
$$;

comment on function app_private.require_specialist(uuid, uuid) is
  'Locks a specialist who is not removed; GONE specialist_gone otherwise.';

reset role;
-- end of source: functions/catalog/require_specialist.sql

-- source: functions/core/legal_moves.sql
-- Where a state may go; refusals name it. APT-01.

create or replace function app_private.legal_moves(entity text, from_state text) returns jsonb
language sql stable
set search_path = ''
begin atomic
  select coalesce(jsonb_agg(distinct transition.to_state), '[]')
  from app_private.state_transitions as transition
  where transition.entity = legal_moves.entity and transition.from_state = legal_moves.from_state;
end;

comment on function app_private.legal_moves(text, text) is 'The states that may follow, as a JSON array.';

grant execute on function app_private.legal_moves(text, text) to app_engine;
-- end of source: functions/core/legal_moves.sql

-- source: functions/core/current_principal_id.sql
-- Who acts, as the server says it for this transaction. FND-02.

create or replace function app_hidden.current_principal_id() returns uuid
language sql stable parallel safe
set search_path = ''
return nullif(pg_catalog.current_setting('app.principal_id', true), '')::uuid;

comment on function app_hidden.current_principal_id() is 'The signed-in principal; null for a visitor and for the worker.';

grant execute on function app_hidden.current_principal_id() to app_anonymous, app_member, app_link, app_worker, app_engine;
-- end of source: functions/core/current_principal_id.sql

-- source: functions/identity/current_human_patient_profile_ids.sql
-- The people the caller may act for: themselves, and those they care for while the link lasts. FND-07.
-- requires: functions/core/current_principal_id.sql
-- requires: functions/core/now.sql

set role app_engine;

create or replace function app_hidden.current_human_patient_profile_ids() returns uuid[]
language sql stable parallel safe security definer
set search_path = ''
begin atomic
  select coalesce(array_agg(profile.id), '{}')
  from (
    select patient_profiles.id
    from app_public.patient_profiles
    where patient_profiles.human_id = app_hidden.current_principal_id()
    union
    select caregivers.patient_profile_id
    from app_public.caregivers
    where caregivers.human_id = app_hidden.current_principal_id()
      and caregivers.revoked_at is null
      -- The law that sets the age is Romanian, so its days are.
      and (caregivers.ends_on is null or caregivers.ends_on > (app_hidden.now() at time zone 'Europe/Bucharest')::date)
  ) as profile
  where exists (
    select from app_public.principals
    where principals.id = app_hidden.current_principal_id() and principals.disabled_at is null
  );
end;

comment on function app_hidden.current_human_patient_profile_ids() is
  'Patient profiles the caller may act for. Every patient-side policy is driven by it.';
grant execute on function app_hidden.current_human_patient_profile_ids() to app_member, app_anonymous;

reset role;
-- end of source: functions/identity/current_human_patient_profile_ids.sql

-- source: functions/core/current_organization_id.sql
-- The clinic this request is about, if the caller chose one. It only ever narrows: membership is looked up
-- wherever rights are computed. FND-04.

create or replace function app_hidden.current_organization_id() returns uuid
language sql stable parallel safe
set search_path = ''
return nullif(pg_catalog.current_setting('app.organization_id', true), '')::uuid;

comment on function app_hidden.current_organization_id() is 'The clinic the request names; null means every clinic of the caller.';

grant execute on function app_hidden.current_organization_id() to app_anonymous, app_member, app_link, app_worker, app_engine;
-- end of source: functions/core/current_organization_id.sql

-- source: functions/identity/organization_ids_where.sql
-- The permission check, in the form that policies use: once per query, as an array. FND-04.
-- requires: functions/core/current_principal_id.sql
-- requires: functions/core/current_organization_id.sql

set role app_engine;

create or replace function app_hidden.organization_ids_where(permission text) returns uuid[]
language sql stable parallel safe security definer
set search_path = ''
begin atomic
  select coalesce(array_agg(distinct memberships.organization_id), '{}')
  from app_public.memberships
  join app_public.principals on principals.id = memberships.human_id and principals.disabled_at is null
  join app_public.membership_roles
    on membership_roles.organization_id = memberships.organization_id
   and membership_roles.membership_id = memberships.id
  join app_public.role_permissions
    on role_permissions.organization_id = membership_roles.organization_id
   and role_permissions.role_id = membership_roles.role_id
   and role_permissions.permission = organization_ids_where.permission
  where memberships.human_id = app_hidden.current_principal_id()
    and memberships.ended_at is null
    and (app_hidden.current_organization_id() is null
         or memberships.organization_id = app_hidden.current_organization_id());
end;

comment on function app_hidden.organization_ids_where(text) is
  'Clinics where one of the caller''s roles allows this permission, narrowed to the one the request names.';
grant execute on function app_hidden.organization_ids_where(text) to app_member, app_anonymous;

reset role;
-- end of source: functions/identity/organization_ids_where.sql

-- source: functions/identity/has_permission.sql
-- The permission check, in the form that functions use. FND-04.
-- requires: functions/identity/organization_ids_where.sql

create or replace function app_hidden.has_permission(organization_id uuid, permission text) returns boolean
language sql stable
set search_path = ''
return has_permission.organization_id = any (app_hidden.organization_ids_where(has_permission.permission));

comment on function app_hidden.has_permission(uuid, text) is 'Whether the caller may do this at that clinic.';
grant execute on function app_hidden.has_permission(uuid, text) to app_member, app_anonymous, app_engine;
-- end of source: functions/identity/has_permission.sql

-- source: functions/core/authorize_move.sql
-- Who may make a legal move: staff by permission, the patient (or a caregiver) where the table says so.
-- Verbs call it after they have locked the row. APT-01, FND-04.
-- requires: functions/core/refuse.sql
-- requires: functions/core/legal_moves.sql
-- requires: functions/identity/has_permission.sql
-- requires: functions/identity/current_human_patient_profile_ids.sql

create or replace function app_private.authorize_move(
  entity text,
  from_state text,
  to_state text,
  organization_id uuid,
  patient_profile_id uuid default null
) returns void
language plpgsql stable
set search_path = ''
as $$
begin
  if exists (
    select
    from app_private.state_transitions as transition
    where transition.entity = authorize_move.entity
      and transition.from_state = authorize_move.from_state
      and transition.to_state = authorize_move.to_state
      and case transition.actor
            when 'staff' then app_hidden.has_permission(authorize_move.organization_id, transition.permission)
            when 'patient' then authorize_move.patient_profile_id = any (app_hidden.current_human_patient_profile_ids())
            else false
          end
  ) then
    return;
  end if;

  if exists (
    select
    from app_private.state_transitions as transition
    where transition.entity = authorize_move.entity
      and transition.from_state = authorize_move.from_state
      and transition.to_state = authorize_move.to_state
  ) then
    perform app_hidden.refuse(
      'FORBIDDEN', 'move_not_allowed',
      jsonb_build_object('entity', entity, 'from', from_state, 'to', to_state),
      'Ask someone at the clinic who may do this.');
  end if;

  perform app_hidden.refuse(
    'STATE', 'illegal_move',
    jsonb_build_object('entity', entity, 'from', from_state, 'to', to_state,
                       'legal', app_private.legal_moves(entity, from_state)),
    format('A move from "%s" to "%s" is not possible.', from_state, to_state));
end;
$$;

comment on function app_private.authorize_move(text, text, text, uuid, uuid) is
  'Passes when the current principal may make this move; refuses with FORBIDDEN, or STATE naming the legal moves.';

grant execute on function app_private.authorize_move(text, text, text, uuid, uuid) to app_engine;
-- end of source: functions/core/authorize_move.sql

-- source: functions/core/current_actor_id.sql
-- To whom a write is attributed: the signed-in principal, or the service account of the process. FND-02.
-- requires: functions/core/current_principal_id.sql

set role app_engine;

create or replace function app_private.current_actor_id() returns uuid
language sql stable security definer
set search_path = ''
begin atomic
  select coalesce(
    app_hidden.current_principal_id(),
    (select service_accounts.principal_id
     from app_public.service_accounts
     where 'app_' || service_accounts.name = session_user));
end;

comment on function app_private.current_actor_id() is 'The principal a write is attributed to; null for a visitor.';
grant execute on function app_private.current_actor_id() to app_worker;

reset role;
-- end of source: functions/core/current_actor_id.sql

-- source: functions/scheduling/convert_claim.sql
-- The held time becomes a request or an appointment, the requested time an appointment: the same claim, so nobody can
-- slip in between. SCH-06, APT-09.
-- requires: functions/core/refuse.sql

create or replace function app_private.convert_claim(claim_id uuid, kind text) returns app_private.time_claims
language plpgsql volatile
set search_path = ''
as $$
declare
  v_claim app_private.time_claims;
begin
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
  'The caller holds the lock of take_hold, which has checked that a hold is alive.';

grant execute on function app_private.convert_claim(uuid, text) to app_engine;
-- end of source: functions/scheduling/convert_claim.sql

-- source: functions/scheduling/count_assignment.sql
-- The round robin moves when a booking is made, not when a time is held: who only looks costs nobody a turn. SCH-04.
-- requires: functions/core/now.sql

create or replace function app_private.count_assignment(claim_id uuid) returns void
language plpgsql volatile
set search_path = ''
as $$
declare
  v_claim app_private.time_claims;
begin
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

-- source: functions/scheduling/take_hold.sql
-- The holder shows the token; the claim is locked, so that booking, extending, releasing and expiry come one after
-- the other. Who guesses learns nothing: an unknown token is one answer, a dead one another. SCH-06.
-- requires: functions/core/now.sql
-- requires: functions/core/refuse.sql

create or replace function app_private.take_hold(token text) returns app_private.time_claims
language plpgsql volatile
set search_path = ''
as $$
declare
  v_claim app_private.time_claims;
begin
  select tc.* into v_claim
  from app_private.time_claims as tc
  where tc.token_hash = sha256(convert_to(take_hold.token, 'UTF8'))
  for update;

  if not found then
    perform app_hidden.refuse('NOT_FOUND', 'hold_not_found', '{}', 'No time is kept under this token.');
  elsif v_claim.kind <> 'hold' or v_claim.released_at is not null or v_claim.expires_at <= app_hidden.now() then
    perform app_hidden.refuse(
      'GONE', 'hold_expired', '{}', 'This time is no longer kept for you. Choose a time again.');
  end if;
  return v_claim;
end;
$$;

comment on function app_private.take_hold(text) is
  'The live hold of this token, locked. An unknown token is NOT_FOUND; expired, released or booked is GONE.';

grant execute on function app_private.take_hold(text) to app_engine;
-- end of source: functions/scheduling/take_hold.sql

-- source: functions/appointments/book_appointment.sql
-- A held time becomes an appointment: for a patient by the patient, a caregiver, or front desk. APT-01, APT-02.
-- requires: functions/core/refuse.sql
-- requires: functions/core/current_actor_id.sql
-- requires: functions/core/authorize_move.sql
-- requires: functions/scheduling/take_hold.sql
-- requires: functions/catalog/require_specialist.sql
-- requires: functions/scheduling/convert_claim.sql
-- requires: functions/scheduling/count_assignment.sql

set role app_engine;

create or replace function app_public.book_appointment(hold_token text, patient_profile_id uuid)
returns app_public.appointments
language plpgsql volatile strict security definer
set search_path = ''
as $$
declare
  v_claim app_private.time_claims := app_private.take_hold(hold_token);
  v_appointment app_public.appointments;
begin
  perform app_private.require_specialist(v_claim.organization_id, v_claim.specialist_id);
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

  perform app_private.convert_claim(v_claim.id, 'appointment');
  perform app_private.count_assignment(v_claim.id);

  insert into app_public.appointments (
    organization_id, patient_profile_id, calendar_id, service_id, specialist_id, claim_id,
    starts_at, ends_at, modality, price_amount, currency, contact_email, contact_name, locale, created_by
  )
  select
    v_claim.organization_id, profile.id, calendars.id, services.id, v_claim.specialist_id, v_claim.id,
    lower(v_claim.during), upper(v_claim.during), calendars.modality,
    coalesce(calendars.price_amount, services.price_amount), services.currency,
    profile.email, profile.given_name || ' ' || profile.family_name, profile.locale, app_private.current_actor_id()
  from app_public.calendars
  join app_public.services on services.organization_id = calendars.organization_id and services.id = calendars.service_id
  join app_public.patient_profiles as profile on profile.id = book_appointment.patient_profile_id
  where calendars.organization_id = v_claim.organization_id and calendars.id = v_claim.calendar_id
  returning * into v_appointment;
  return v_appointment;
end;
$$;

comment on function app_public.book_appointment(text, uuid) is
  'Books a held time for a patient of that clinic. For the patient, a caregiver, or staff with appointments.manage.';
grant execute on function app_public.book_appointment(text, uuid) to app_member;

reset role;
-- end of source: functions/appointments/book_appointment.sql

-- source: functions/appointments/booking_receipt_of.sql
-- What the guest may know of the own request. APT-09.

set role app_engine;

create or replace function app_private.booking_receipt_of(request app_public.booking_requests)
returns app_public.booking_receipt
language sql stable
set search_path = ''
begin atomic
  select row(
    request.id, null, request.status, services.name,
    concat_ws(' ', specialists.title, specialists.given_name, specialists.family_name),
    request.starts_at, request.ends_at, calendars.timezone, request.respond_by
  )::app_public.booking_receipt
  from app_public.services, app_public.specialists, app_public.calendars
  where services.organization_id = request.organization_id and services.id = request.service_id
    and specialists.organization_id = request.organization_id and specialists.id = request.specialist_id
    and calendars.organization_id = request.organization_id and calendars.id = request.calendar_id;
end;

comment on function app_private.booking_receipt_of(app_public.booking_requests) is 'The receipt of a request, without its token.';

reset role;
-- end of source: functions/appointments/booking_receipt_of.sql

-- source: functions/appointments/booking_by_token.sql
-- A guest looks the own request up. An unknown token and a malformed one answer alike. APT-09.
-- requires: functions/appointments/booking_receipt_of.sql

set role app_engine;

create or replace function app_public.booking_by_token(token text) returns app_public.booking_receipt
language sql stable strict security definer
set search_path = ''
begin atomic
  select app_private.booking_receipt_of(booking_requests)
  from app_public.booking_requests
  where booking_requests.token_hash = extensions.digest(booking_by_token.token, 'sha256');
end;

comment on function app_public.booking_by_token(text) is 'The booking request that this token belongs to; null when there is none.';
grant execute on function app_public.booking_by_token(text) to app_anonymous, app_member;

reset role;
-- end of source: functions/appointments/booking_by_token.sql

-- source: functions/events/payload_problem.sql
-- Says where a payload leaves its schema. FND-14.
-- The subset of JSON Schema that the catalog uses, and nothing else: a closed object of scalars.

create or replace function app_private.payload_problem(schema jsonb, payload jsonb) returns text
language sql stable parallel safe
set search_path = ''
as $$
  select problem.path
  from (
    select '$' as path
    where jsonb_typeof(payload) is distinct from 'object'
    union all
    select required.name
    from jsonb_array_elements_text(schema -> 'required') as required (name)
    where not coalesce(payload ? required.name, false)
    union all
    select field.key
    from jsonb_each(case when jsonb_typeof(payload) = 'object' then payload else '{}' end) as field (key, value)
    left join lateral (select schema -> 'properties' -> field.key as rule) as property on true
    where property.rule is null
      or not (
        case jsonb_typeof(property.rule -> 'type')
          when 'array' then property.rule -> 'type'
          else jsonb_build_array(property.rule -> 'type')
        end
        @> to_jsonb(
          case
            when jsonb_typeof(field.value) = 'number' and property.rule @> '{"type": "integer"}'
              and (field.value)::numeric % 1 = 0 then 'integer'
            else jsonb_typeof(field.value)
          end
        )
      )
      or (property.rule ? 'enum' and not property.rule -> 'enum' @> jsonb_build_array(field.value))
      or (
        jsonb_typeof(field.value) = 'string'
        and case property.rule ->> 'format'
          when 'uuid' then field.value #>> '{}' !~ '^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$'
          when 'date-time' then
            field.value #>> '{}' !~ '^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)$'
            or not pg_catalog.pg_input_is_valid(field.value #>> '{}', 'timestamptz')
          else false
        end
      )
  ) as problem
  order by problem.path
  limit 1
$$;

comment on function app_private.payload_problem(jsonb, jsonb) is
  'The first field that does not fit the schema ($ for the whole), or null when the payload fits.';

revoke all on function app_private.payload_problem(jsonb, jsonb) from public;
grant execute on function app_private.payload_problem(jsonb, jsonb) to app_engine;
-- end of source: functions/events/payload_problem.sql

-- source: functions/events/publish.sql
-- Publishes an event in the transaction of the change: both happen or neither. FND-14.
-- The lock on the subject is held until commit, so positions within a subject are in the order of
-- commits and no consumer can be told the later of two events first.
-- requires: functions/core/refuse.sql
-- requires: functions/core/now.sql
-- requires: functions/core/current_actor_id.sql
-- requires: functions/events/payload_problem.sql

set role app_engine;
create or replace function app_private.publish(
  name text,
  organization_id uuid,
  subject_id uuid,
  payload jsonb default '{}',
  cause_id uuid default null
) returns uuid
language plpgsql volatile security definer
set search_path = ''
as $$
declare
  v_type app_private.event_types;
  v_problem text;
  v_id uuid;
begin
  select event_types.* into v_type
  from app_private.event_types
  where event_types.name = publish.name
  order by event_types.version desc
  limit 1;
  if not found then
    perform app_hidden.refuse('VALIDATION', 'event_name_unknown', jsonb_build_object('name', publish.name));
  end if;

  v_problem := app_private.payload_problem(v_type.payload_schema, publish.payload);
  if v_problem is not null then
    perform app_hidden.refuse('VALIDATION', 'event_payload_off_schema', jsonb_build_object(
      'name', v_type.name, 'version', v_type.version, 'path', v_problem));
  end if;

  perform pg_advisory_xact_lock(hashtextextended('event:' || publish.subject_id, 0));

  insert into app_private.events
    (organization_id, name, version, subject_type, subject_id, payload, actor_id, request_id, cause_id, occurred_at)
  values
    (publish.organization_id, v_type.name, v_type.version, v_type.subject_type, publish.subject_id,
     publish.payload, app_private.current_actor_id(), nullif(current_setting('app.request_id', true), ''),
     publish.cause_id, app_hidden.now())
  returning id into v_id;
  return v_id;
end;
$$;

comment on function app_private.publish(text, uuid, uuid, jsonb, uuid) is
  'Writes an event of the catalog in the current transaction and queues its deliveries. An unknown name or '
  'a payload off its schema is refused, which takes the whole change back.';

revoke all on function app_private.publish(text, uuid, uuid, jsonb, uuid) from public;
reset role;
-- end of source: functions/events/publish.sql

-- source: functions/scheduling/release_claims.sql
-- Time becomes free again, and whoever watches is told, once. SCH-06.
-- requires: functions/core/now.sql
-- requires: functions/events/publish.sql

create or replace function app_private.release_claims(claim_ids uuid[]) returns int
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
  select count(app_private.publish('slot.released', released.organization_id, released.id, jsonb_build_object(
    'calendarId', released.calendar_id,
    'specialistId', released.specialist_id,
    'startsAt', lower(released.during),
    'endsAt', upper(released.during))))
  into v_released
  from released;
  return v_released;
end;
$$;

comment on function app_private.release_claims(uuid[]) is
  'Frees the time of these claims and publishes slot.released for each; how many were not free already.';

grant execute on function app_private.release_claims(uuid[]) to app_engine;
-- end of source: functions/scheduling/release_claims.sql

-- source: functions/scheduling/release_claim.sql
-- A rejected request, a cancelled appointment: the time is free again. SCH-06, APT-09.
-- requires: functions/scheduling/release_claims.sql

create or replace function app_private.release_claim(claim_id uuid) returns void
language plpgsql volatile
set search_path = ''
as $$
begin
  perform app_private.release_claims(array[claim_id]);
end;
$$;

comment on function app_private.release_claim(uuid) is
  'Frees the time of a claim and publishes slot.released; a claim that is free already stays as it is.';

grant execute on function app_private.release_claim(uuid) to app_engine;
-- end of source: functions/scheduling/release_claim.sql

-- source: functions/scheduling/uncount_assignment.sql
-- A booking cancelled before its start gives the turn back. SCH-04.
-- requires: functions/core/now.sql

create or replace function app_private.uncount_assignment(claim_id uuid) returns void
language plpgsql volatile
set search_path = ''
as $$
declare
  v_claim app_private.time_claims;
begin
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

-- source: functions/appointments/move_appointment.sql
-- Every verb on an appointment is this one: lock, authorize, move. Of two at once the second finds what the first
-- left and is refused with the moves that are legal now. APT-01.
-- requires: functions/core/refuse.sql
-- requires: functions/core/now.sql
-- requires: functions/core/authorize_move.sql
-- requires: functions/scheduling/release_claim.sql
-- requires: functions/scheduling/uncount_assignment.sql

set role app_engine;

create or replace function app_private.move_appointment(appointment_id uuid, to_status text, reason text default null)
returns app_public.appointments
language plpgsql volatile
set search_path = ''
as $$
declare
  v_appointment app_public.appointments;
begin
  select appointments.* into v_appointment
  from app_public.appointments
  where appointments.id = appointment_id
    and appointments.deleted_at is null
    and (appointments.organization_id = any (app_hidden.organization_ids_where('appointments.view'))
         or (appointments.patient_profile_id = any (app_hidden.current_human_patient_profile_ids())
             and appointments.organization_id = any (app_hidden.current_patient_organization_ids())))
  for update;
  if not found then
    perform app_hidden.refuse('NOT_FOUND', 'appointment_not_found', '{}', 'There is no such appointment, or it is not yours to see.');
  end if;
  perform app_private.authorize_move(
    'appointments', v_appointment.status, to_status, v_appointment.organization_id, v_appointment.patient_profile_id);

  update app_public.appointments set
    status = to_status,
    cancellation_reason = case to_status when 'cancelled' then nullif(btrim(reason), '') end
  where appointments.id = v_appointment.id
  returning * into v_appointment;

  if to_status in ('cancelled', 'noshow') then
    if v_appointment.starts_at > app_hidden.now() then
      perform app_private.uncount_assignment(v_appointment.claim_id);
    end if;
    perform app_private.release_claim(v_appointment.claim_id);
  end if;
  return v_appointment;
end;
$$;

comment on function app_private.move_appointment(uuid, text, text) is
  'Moves an appointment of the caller; NOT_FOUND, FORBIDDEN, or STATE with the legal moves. Cancelled and no-show free the time.';

reset role;
-- end of source: functions/appointments/move_appointment.sql

-- source: functions/appointments/cancel_appointment.sql
-- The patient or the clinic calls it off; the time is free at once. APT-01.
-- requires: functions/appointments/move_appointment.sql

set role app_engine;

create or replace function app_public.cancel_appointment(appointment_id uuid, reason text default null)
returns app_public.appointments
language sql volatile security definer
set search_path = ''
return app_private.move_appointment(appointment_id, 'cancelled', reason);

comment on function app_public.cancel_appointment(uuid, text) is
  'Cancels an appointment and frees its time: by the patient, a caregiver, or staff with appointments.manage.';
grant execute on function app_public.cancel_appointment(uuid, text) to app_member;

reset role;
-- end of source: functions/appointments/cancel_appointment.sql

-- source: functions/appointments/public_specialists.sql
-- Whom a visitor can pick in a calendar: listing columns only. SPC-05.

set role app_engine;

create or replace function app_private.public_specialists(organization_id uuid, calendar_id uuid)
returns app_public.public_specialist[]
language sql stable
set search_path = ''
begin atomic
  select coalesce(array_agg(row(
    specialists.id, specialists.title, specialists.given_name, specialists.family_name,
    (select coalesce(array_agg(specialties.name order by specialties.name), '{}')
     from app_public.specialist_specialties
     join app_public.specialties on specialties.id = specialist_specialties.specialty_id
     where specialist_specialties.organization_id = specialists.organization_id
       and specialist_specialties.specialist_id = specialists.id)
  )::app_public.public_specialist order by calendar_specialists.priority, specialists.family_name, specialists.given_name), '{}')
  from app_public.calendars
  join app_public.calendar_specialists
    on calendar_specialists.organization_id = calendars.organization_id and calendar_specialists.calendar_id = calendars.id
  join app_public.specialists
    on specialists.organization_id = calendar_specialists.organization_id and specialists.id = calendar_specialists.specialist_id
  where calendars.organization_id = public_specialists.organization_id
    and calendars.id = public_specialists.calendar_id
    and calendars.assignment_strategy = 'specific'
    and specialists.scheduling_active
    and specialists.deleted_at is null;
end;

comment on function app_private.public_specialists(uuid, uuid) is
  'The specialists of a calendar where the visitor picks one; empty for the other strategies.';

reset role;
-- end of source: functions/appointments/public_specialists.sql

-- source: functions/appointments/clinic_by_slug.sql
-- The booking page's first query: a clinic with its services and bookable calendars, in one statement. Guests meet
-- catalog rows here and nowhere else. FND-01, SPC-05, APT-05.
-- requires: functions/appointments/public_specialists.sql

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
       app_private.public_specialists(calendars.organization_id, calendars.id)
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

comment on function app_public.clinic_by_slug(text) is
  'An active clinic with its services and bookable calendars; null when there is none, or only a draft.';
grant execute on function app_public.clinic_by_slug(text) to app_anonymous, app_member;

reset role;
-- end of source: functions/appointments/clinic_by_slug.sql

-- source: functions/appointments/confirm_appointment.sql
-- The patient, or front desk after a call, confirms. APT-01.
-- requires: functions/appointments/move_appointment.sql

set role app_engine;

create or replace function app_public.confirm_appointment(appointment_id uuid) returns app_public.appointments
language sql volatile strict security definer
set search_path = ''
return app_private.move_appointment(appointment_id, 'confirmed');

comment on function app_public.confirm_appointment(uuid) is
  'Confirms that the patient comes: by the patient, a caregiver, or staff with appointments.manage.';
grant execute on function app_public.confirm_appointment(uuid) to app_member;

reset role;
-- end of source: functions/appointments/confirm_appointment.sql

-- source: functions/identity/current_staff_organization_ids.sql
-- Where the caller works. Policies compare with it once per query. FND-04, FND-05.
-- requires: functions/core/current_principal_id.sql
-- requires: functions/core/current_organization_id.sql

set role app_engine;

create or replace function app_hidden.current_staff_organization_ids() returns uuid[]
language sql stable parallel safe security definer
set search_path = ''
begin atomic
  select coalesce(array_agg(memberships.organization_id), '{}')
  from app_public.memberships
  join app_public.principals on principals.id = memberships.human_id and principals.disabled_at is null
  where memberships.human_id = app_hidden.current_principal_id()
    and memberships.ended_at is null
    and (app_hidden.current_organization_id() is null
         or memberships.organization_id = app_hidden.current_organization_id());
end;

comment on function app_hidden.current_staff_organization_ids() is
  'Clinics where the caller is a member, narrowed to the one the request names.';
grant execute on function app_hidden.current_staff_organization_ids() to app_member, app_anonymous;

reset role;
-- end of source: functions/identity/current_staff_organization_ids.sql

-- source: functions/identity/require_permission.sql
-- What a verb says first. A stranger is told that there is no such clinic; a colleague is told what is missing.
-- FND-04.
-- requires: functions/core/refuse.sql
-- requires: functions/identity/has_permission.sql
-- requires: functions/identity/current_staff_organization_ids.sql

create or replace function app_private.require_permission(organization_id uuid, permission text) returns void
language plpgsql stable
set search_path = ''
as $$
begin
  if app_hidden.has_permission(organization_id, permission) then
    return;
  end if;
  if organization_id = any (app_hidden.current_staff_organization_ids()) then
    perform app_hidden.refuse(
      'FORBIDDEN', 'permission_missing', jsonb_build_object('permission', permission),
      'Ask an administrator of your clinic for the permission ' || permission || '.');
  end if;
  perform app_hidden.refuse('NOT_FOUND', 'not_found', '{}', 'There is no such thing, or it is not yours to see.');
end;
$$;

comment on function app_private.require_permission(uuid, text) is
  'Refuses with FORBIDDEN for a colleague without the permission, with NOT_FOUND for anyone else.';
grant execute on function app_private.require_permission(uuid, text) to app_engine;
-- end of source: functions/identity/require_permission.sql

-- source: functions/appointments/locked_booking_request.sql
-- The request that staff are about to answer, locked: of two colleagues, the second finds the first one's answer. APT-09.
-- requires: functions/core/refuse.sql
-- requires: functions/identity/require_permission.sql
-- requires: functions/core/authorize_move.sql

set role app_engine;

create or replace function app_private.locked_booking_request(booking_request_id uuid, to_status text)
returns app_public.booking_requests
language plpgsql volatile
set search_path = ''
as $$
declare
  v_request app_public.booking_requests;
begin
  select booking_requests.* into v_request
  from app_public.booking_requests
  where booking_requests.id = booking_request_id
    and booking_requests.organization_id = any (app_hidden.organization_ids_where('appointments.view'))
  for update;
  if not found then
    perform app_hidden.refuse('NOT_FOUND', 'booking_request_not_found', '{}', 'There is no such booking request at your clinic.');
  end if;
  perform app_private.authorize_move('booking_requests', v_request.status, to_status, v_request.organization_id);
  return v_request;
end;
$$;

comment on function app_private.locked_booking_request(uuid, text) is
  'A booking request of the caller''s clinic, locked, after the move to to_status was authorized.';

reset role;
-- end of source: functions/appointments/locked_booking_request.sql

-- source: functions/appointments/patients_matching.sql
-- Who at this clinic a booking request may be from: same email; of several, those of the same name come first.
-- Other clinics' patients are never looked at. APT-05, APT-09.

set role app_engine;

create or replace function app_private.patients_matching(request app_public.booking_requests)
returns table (patient_profile_id uuid, same_name boolean)
language sql stable
set search_path = ''
begin atomic
  select profile.id, profile.name = asked.name
  from (
    select patient_profiles.id,
           lower(extensions.unaccent(patient_profiles.given_name || ' ' || patient_profiles.family_name)) as name
    from app_public.patient_profiles
    join app_public.patients on patients.patient_profile_id = patient_profiles.id
    where lower(patient_profiles.email) = lower(request.email)
      and patients.organization_id = request.organization_id
      and patients.deleted_at is null
  ) as profile,
  (select lower(extensions.unaccent(request.given_name || ' ' || request.family_name))) as asked (name)
  order by 2 desc, 1;
end;

comment on function app_private.patients_matching(app_public.booking_requests) is
  'Patients of the clinic with the email of the request, those of the same name first.';

reset role;
-- end of source: functions/appointments/patients_matching.sql

-- source: functions/identity/admit_patient.sql
-- A profile becomes a patient of a clinic, or comes back as one. FND-07.
-- requires: functions/events/publish.sql

set role app_engine;

create or replace function app_private.admit_patient(organization_id uuid, patient_profile_id uuid) returns app_public.patients
language plpgsql volatile
set search_path = ''
as $$
declare
  v_patient app_public.patients;
begin
  insert into app_public.patients (organization_id, patient_profile_id)
  values (admit_patient.organization_id, admit_patient.patient_profile_id)
  on conflict on constraint patients_profile_is_patient_once do update set deleted_at = null
    where patients.deleted_at is not null
  returning * into v_patient;
  if found then
    perform app_private.publish(
      'patient.onboarded', v_patient.organization_id, v_patient.id,
      jsonb_build_object('patientId', v_patient.id, 'patientProfileId', v_patient.patient_profile_id));
    return v_patient;
  end if;

  select patients.* into strict v_patient
  from app_public.patients
  where patients.organization_id = admit_patient.organization_id
    and patients.patient_profile_id = admit_patient.patient_profile_id;
  return v_patient;
end;
$$;

comment on function app_private.admit_patient(uuid, uuid) is
  'The patient row of this profile at this clinic, made if there is none; publishes patient.onboarded when it is.';

reset role;
-- end of source: functions/identity/admit_patient.sql

-- source: functions/appointments/patient_for_request.sql
-- The patient a booking request is for: the one that staff named, the one that matches, or a new one. APT-09, FND-07.
-- requires: functions/core/refuse.sql
-- requires: functions/identity/admit_patient.sql
-- requires: functions/appointments/patients_matching.sql

set role app_engine;

create or replace function app_private.patient_for_request(
  request app_public.booking_requests,
  patient_profile_id uuid,
  as_new_patient boolean
) returns uuid
language plpgsql volatile
set search_path = ''
as $$
declare
  v_candidates uuid[];
  v_namesakes uuid[];
  v_profile_id uuid;
begin
  if patient_profile_id is not null then
    if not exists (
      select from app_public.patients
      where patients.organization_id = request.organization_id
        and patients.patient_profile_id = patient_for_request.patient_profile_id
        and patients.deleted_at is null
    ) then
      perform app_hidden.refuse('NOT_FOUND', 'patient_not_found', '{}', 'There is no such patient at your clinic.');
    end if;
    return patient_profile_id;
  end if;

  if not as_new_patient then
    -- Two requests of one new person confirmed at once make one patient.
    perform pg_advisory_xact_lock(hashtextextended('patient:' || request.organization_id || ':' || lower(request.email), 0));
    select array_agg(matching.patient_profile_id), array_agg(matching.patient_profile_id) filter (where matching.same_name)
    into v_candidates, v_namesakes
    from app_private.patients_matching(request) as matching;

    if cardinality(v_candidates) = 1 then
      return v_candidates[1];
    elsif cardinality(v_namesakes) = 1 then
      return v_namesakes[1];
    elsif cardinality(v_candidates) > 1 then
      perform app_hidden.refuse(
        'CONFLICT', 'several_patients_match', jsonb_build_object('patientProfileIds', to_jsonb(v_candidates)),
        'Several patients share this email. Name one with patientProfileId, or pass asNewPatient.');
    end if;
  end if;

  insert into app_public.patient_profiles (given_name, family_name, email, phone, locale)
  values (request.given_name, request.family_name, request.email, request.phone, request.locale)
  returning id into v_profile_id;
  perform app_private.admit_patient(request.organization_id, v_profile_id);
  return v_profile_id;
end;
$$;

comment on function app_private.patient_for_request(app_public.booking_requests, uuid, boolean) is
  'The patient profile for a request, made if need be; CONFLICT several_patients_match when only a person can tell.';

reset role;
-- end of source: functions/appointments/patient_for_request.sql

-- source: functions/appointments/confirm_booking_request.sql
-- The clinic says yes, in one transaction: patient found or made, claim handed over, appointment booked. APT-09.
-- requires: functions/core/refuse.sql
-- requires: functions/core/now.sql
-- requires: functions/core/current_actor_id.sql
-- requires: functions/appointments/locked_booking_request.sql
-- requires: functions/appointments/patient_for_request.sql
-- requires: functions/scheduling/convert_claim.sql
-- requires: functions/scheduling/count_assignment.sql

set role app_engine;

create or replace function app_public.confirm_booking_request(
  booking_request_id uuid,
  patient_profile_id uuid default null,
  as_new_patient boolean default false
) returns app_public.appointments
language plpgsql volatile security definer
set search_path = ''
as $$
declare
  v_request app_public.booking_requests := app_private.locked_booking_request(booking_request_id, 'confirmed');
  v_profile_id uuid := app_private.patient_for_request(v_request, patient_profile_id, coalesce(as_new_patient, false));
  v_appointment app_public.appointments;
begin
  -- Past its deadline a request is over, whether or not the worker has come by to say so.
  if v_request.respond_by <= app_hidden.now() then
    perform app_hidden.refuse(
      'GONE', 'booking_request_expired', jsonb_build_object('respondBy', v_request.respond_by),
      'The time to answer has passed. Ask the guest to choose again.');
  end if;

  update app_public.booking_requests set
    status = 'confirmed',
    decided_at = app_hidden.now(),
    decided_by = app_private.current_actor_id()
  where booking_requests.id = v_request.id;

  perform app_private.convert_claim(v_request.claim_id, 'appointment');
  perform app_private.count_assignment(v_request.claim_id);

  insert into app_public.appointments (
    organization_id, patient_profile_id, calendar_id, service_id, specialist_id, booking_request_id, claim_id,
    starts_at, ends_at, modality, price_amount, currency, contact_email, contact_name, locale, created_by
  )
  select
    v_request.organization_id, v_profile_id, v_request.calendar_id, v_request.service_id, v_request.specialist_id,
    v_request.id, v_request.claim_id, v_request.starts_at, v_request.ends_at, calendars.modality,
    v_request.price_amount, v_request.currency, v_request.email,
    v_request.given_name || ' ' || v_request.family_name, v_request.locale, app_private.current_actor_id()
  from app_public.calendars
  where calendars.organization_id = v_request.organization_id and calendars.id = v_request.calendar_id
  returning * into v_appointment;
  return v_appointment;
end;
$$;

comment on function app_public.confirm_booking_request(uuid, uuid, boolean) is
  'Turns a booking request into an appointment. The patient is matched by email within the clinic unless one is named '
  'or asNewPatient is set. Needs appointments.manage; STATE when it was answered already, GONE past its deadline, CONFLICT several_patients_match.';
grant execute on function app_public.confirm_booking_request(uuid, uuid, boolean) to app_member;

reset role;
-- end of source: functions/appointments/confirm_booking_request.sql

-- source: functions/appointments/expire_booking_requests.sql
-- Requests that nobody answered in time let their time go. The worker calls it every minute; however late it
-- comes, what is due is done. APT-09.
-- requires: functions/core/now.sql
-- requires: functions/scheduling/release_claim.sql

set role app_engine;

create or replace function app_private.expire_booking_requests() returns int
language plpgsql volatile security definer
set search_path = ''
as $$
declare
  v_claim_id uuid;
  v_count int := 0;
begin
  for v_claim_id in
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
  loop
    perform app_private.release_claim(v_claim_id);
    v_count := v_count + 1;
  end loop;
  return v_count;
end;
$$;

comment on function app_private.expire_booking_requests() is 'Expires up to 500 overdue booking requests and frees their time; returns how many.';
grant execute on function app_private.expire_booking_requests() to app_worker;

reset role;
-- end of source: functions/appointments/expire_booking_requests.sql

-- source: functions/appointments/finish_appointment.sql
-- The specialist closes the session. APT-01.
-- requires: functions/appointments/move_appointment.sql

set role app_engine;

create or replace function app_public.finish_appointment(appointment_id uuid) returns app_public.appointments
language sql volatile strict security definer
set search_path = ''
return app_private.move_appointment(appointment_id, 'done');

comment on function app_public.finish_appointment(uuid) is
  'The session is over. Needs appointments.conduct.';
grant execute on function app_public.finish_appointment(uuid) to app_member;

reset role;
-- end of source: functions/appointments/finish_appointment.sql

-- source: functions/appointments/record_no_show.sql
-- Nobody came. APT-01.
-- requires: functions/appointments/move_appointment.sql

set role app_engine;

create or replace function app_public.record_no_show(appointment_id uuid) returns app_public.appointments
language sql volatile strict security definer
set search_path = ''
return app_private.move_appointment(appointment_id, 'noshow');

comment on function app_public.record_no_show(uuid) is
  'The patient did not come; only after the start. Frees the rest of the time. Needs appointments.conduct.';
grant execute on function app_public.record_no_show(uuid) to app_member;

reset role;
-- end of source: functions/appointments/record_no_show.sql

-- source: functions/appointments/reject_booking_request.sql
-- The clinic says no; the time is free again and the guest is told why. APT-09.
-- requires: functions/core/now.sql
-- requires: functions/core/current_actor_id.sql
-- requires: functions/appointments/locked_booking_request.sql
-- requires: functions/scheduling/release_claim.sql

set role app_engine;

create or replace function app_public.reject_booking_request(booking_request_id uuid, reason text default null)
returns app_public.booking_requests
language plpgsql volatile security definer
set search_path = ''
as $$
declare
  v_request app_public.booking_requests := app_private.locked_booking_request(booking_request_id, 'rejected');
begin
  update app_public.booking_requests set
    status = 'rejected',
    rejection_reason = nullif(btrim(reason), ''),
    decided_at = app_hidden.now(),
    decided_by = app_private.current_actor_id()
  where booking_requests.id = v_request.id
  returning * into v_request;
  perform app_private.release_claim(v_request.claim_id);
  return v_request;
end;
$$;

comment on function app_public.reject_booking_request(uuid, text) is
  'Declines a booking request and frees its time. Needs appointments.manage; STATE when it was answered already.';
grant execute on function app_public.reject_booking_request(uuid, text) to app_member;

reset role;
-- end of source: functions/appointments/reject_booking_request.sql

-- source: functions/identity/e164.sql
-- People write 0722 123 456; what is stored is +40722123456, so that it can be compared and dialled. FND-07.

create or replace function app_hidden.e164(phone text, calling_code text) returns text
language sql immutable parallel safe
set search_path = ''
return (
  select case
    when digits = '' then null
    when digits like '+%' then digits
    when digits like '00%' then '+' || substr(digits, 3)
    when digits like '0%' then '+' || calling_code || substr(digits, 2)
    else '+' || calling_code || digits
  end
  from (select regexp_replace(btrim(phone), '[ ().\-/]', '', 'g')) as stripped (digits)
);

comment on function app_hidden.e164(text, text) is
  'A phone number in E.164, read with the clinic''s calling code when it has none. What is no number stays recognisably wrong.';
grant execute on function app_hidden.e164(text, text) to app_engine;
-- end of source: functions/identity/e164.sql

-- source: functions/appointments/request_booking.sql
-- A visitor without an account asks for the time they hold. The request keeps the time until the clinic answers;
-- hold, request and appointment are the same claim, so the time is never let go in between. APT-05, APT-09.
-- requires: functions/core/refuse.sql
-- requires: functions/core/now.sql
-- requires: functions/identity/e164.sql
-- requires: functions/scheduling/take_hold.sql
-- requires: functions/catalog/require_specialist.sql
-- requires: functions/scheduling/convert_claim.sql
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
  v_claim app_private.time_claims := app_private.take_hold(hold_token);
  v_token text := encode(extensions.gen_random_bytes(16), 'hex');
  v_request app_public.booking_requests;
  v_receipt app_public.booking_receipt;
begin
  perform app_private.require_specialist(v_claim.organization_id, v_claim.specialist_id);
  insert into app_public.booking_requests (
    organization_id, calendar_id, service_id, specialist_id, claim_id, given_name, family_name, email, phone, message,
    locale, starts_at, ends_at, price_amount, currency, respond_by, token_hash
  )
  select
    v_claim.organization_id, calendars.id, services.id, v_claim.specialist_id, v_claim.id,
    btrim(request_booking.given_name), btrim(request_booking.family_name), lower(btrim(request_booking.email)),
    app_hidden.e164(request_booking.phone, organizations.calling_code), nullif(btrim(request_booking.message), ''),
    coalesce(request_booking.locale, organizations.locale), lower(v_claim.during), upper(v_claim.during),
    coalesce(calendars.price_amount, services.price_amount), services.currency,
    -- Nobody answers a request after its time has come.
    least(app_hidden.now() + make_interval(hours => organizations.booking_response_hours), lower(v_claim.during)),
    extensions.digest(v_token, 'sha256')
  from app_public.calendars
  join app_public.services on services.organization_id = calendars.organization_id and services.id = calendars.service_id
  join app_public.organizations on organizations.id = calendars.organization_id
  where calendars.organization_id = v_claim.organization_id and calendars.id = v_claim.calendar_id
  returning * into v_request;

  perform app_private.convert_claim(v_claim.id, 'request');

  v_receipt := app_private.booking_receipt_of(v_request);
  v_receipt.token := v_token;
  return v_receipt;
end;
$$;

comment on function app_public.request_booking(text, text, text, text, text, text, text) is
  'Turns a hold into a booking request. The receipt''s token is shown once. NOT_FOUND or GONE for the hold, '
  'VALIDATION with the field for the contact.';
grant execute on function app_public.request_booking(text, text, text, text, text, text, text) to app_anonymous, app_member;

reset role;
-- end of source: functions/appointments/request_booking.sql

-- source: functions/appointments/start_appointment.sql
-- The specialist opens the session. APT-01.
-- requires: functions/appointments/move_appointment.sql

set role app_engine;

create or replace function app_public.start_appointment(appointment_id uuid) returns app_public.appointments
language sql volatile strict security definer
set search_path = ''
return app_private.move_appointment(appointment_id, 'inprogress');

comment on function app_public.start_appointment(uuid) is
  'The session begins. Needs appointments.conduct.';
grant execute on function app_public.start_appointment(uuid) to app_member;

reset role;
-- end of source: functions/appointments/start_appointment.sql

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

  insert into app_public.appointment_moves (organization_id, appointment_id, from_status, to_status, moved_by, moved_at, reason)
  values (new.organization_id, new.id, nullif(v_from, ''), new.status, app_private.current_actor_id(), app_hidden.now(),
          new.cancellation_reason);

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

-- source: functions/appointments/tg_booking_requests__publish.sql
-- Every answer to a request is an event; mails to the guest follow from it. APT-09, FND-14.
-- requires: functions/events/publish.sql

set role app_engine;

create or replace function app_private.tg_booking_requests__publish() returns trigger
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
  select distinct transition.event into strict v_event
  from app_private.state_transitions as transition
  where transition.entity = 'booking_requests' and transition.from_state = v_from and transition.to_state = new.status;

  perform app_private.publish(
    v_event, new.organization_id, new.id,
    jsonb_build_object(
      'bookingRequestId', new.id, 'calendarId', new.calendar_id, 'specialistId', new.specialist_id,
      'startsAt', new.starts_at, 'endsAt', new.ends_at));
  return new;
end;
$$;

comment on function app_private.tg_booking_requests__publish() is 'Publishes the event of a move. Trigger _900_publish.';

reset role;

create or replace trigger _900_publish after insert or update of status on app_public.booking_requests
  for each row execute function app_private.tg_booking_requests__publish();
-- end of source: functions/appointments/tg_booking_requests__publish.sql

-- source: functions/appointments/withdraw_booking_request.sql
-- The guest changes their mind before the clinic has answered; the time is free again. APT-09.
-- requires: functions/core/refuse.sql
-- requires: functions/core/now.sql
-- requires: functions/scheduling/release_claim.sql
-- requires: functions/appointments/booking_receipt_of.sql

set role app_engine;

create or replace function app_public.withdraw_booking_request(token text) returns app_public.booking_receipt
language plpgsql volatile strict security definer
set search_path = ''
as $$
declare
  v_request app_public.booking_requests;
begin
  select booking_requests.* into v_request
  from app_public.booking_requests
  where booking_requests.token_hash = extensions.digest(withdraw_booking_request.token, 'sha256')
  for update;
  if not found then
    perform app_hidden.refuse('NOT_FOUND', 'booking_request_not_found', '{}', 'There is no booking request for this token.');
  end if;

  update app_public.booking_requests set status = 'withdrawn', decided_at = app_hidden.now()
  where booking_requests.id = v_request.id
  returning * into v_request;
  perform app_private.release_claim(v_request.claim_id);
  return app_private.booking_receipt_of(v_request);
end;
$$;

comment on function app_public.withdraw_booking_request(text) is
  'Withdraws a booking request by its token and frees the time. STATE once the clinic has answered.';
grant execute on function app_public.withdraw_booking_request(text) to app_anonymous, app_member;

reset role;
-- end of source: functions/appointments/withdraw_booking_request.sql

-- source: functions/scheduling/release_expired_holds.sql
-- An expired hold is free to everybody who lists, but still trips the exclusion constraint, because now() cannot stand
-- in its predicate. Whoever finds one in the way releases it. SCH-06.
-- A hold that somebody has locked is being booked or released at this moment: the constraint decides then.
-- requires: functions/core/now.sql
-- requires: functions/scheduling/release_claims.sql

create or replace function app_private.release_expired_holds(specialist_id uuid, span tstzrange) returns int
language plpgsql volatile
set search_path = ''
as $$
begin
  return app_private.release_claims(array(
    select tc.id
    from app_private.time_claims as tc
    where tc.specialist_id = release_expired_holds.specialist_id
      and tc.blocked && span
      and tc.released_at is null
      and tc.expires_at <= app_hidden.now()
    order by tc.id
    for update skip locked));
end;
$$;

comment on function app_private.release_expired_holds(uuid, tstzrange) is
  'Releases expired holds of a specialist that are in the way of a span, and says how many.';

grant execute on function app_private.release_expired_holds(uuid, tstzrange) to app_engine;
-- end of source: functions/scheduling/release_expired_holds.sql

-- source: functions/catalog/reassign_specialist.sql
-- Everything still to come goes from one specialist to another, all or nothing: the exclusion constraint on
-- time_claims decides whether the colleague is free. SPC-06.
-- requires: functions/core/refuse.sql
-- requires: functions/core/now.sql
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

-- source: functions/catalog/remove_specialist.sql
-- A specialist goes. Whoever still has appointments with them is counted in the refusal, or moves to a colleague. SPC-06.
-- requires: functions/core/refuse.sql
-- requires: functions/core/now.sql
-- requires: functions/identity/require_permission.sql
-- requires: functions/catalog/reassign_specialist.sql

set role app_engine;

create or replace function app_public.remove_specialist(
  specialist_id uuid,
  reassign_to uuid default null
) returns app_public.specialists
language plpgsql volatile security definer
set search_path = ''
as $$
declare
  v_specialist app_public.specialists;
  v_count bigint;
begin
  select specialists.* into v_specialist
  from app_public.specialists
  where specialists.id = remove_specialist.specialist_id and specialists.deleted_at is null;
  if not found then
    perform app_hidden.refuse('NOT_FOUND', 'not_found', '{}', 'There is no such thing, or it is not yours to see.');
  end if;
  perform app_private.require_permission(v_specialist.organization_id, 'specialists.manage');

  -- Both at once and by id, so that two who hand over to each other do not wait in a circle. Bookings lock their
  -- specialist for share (require_specialist): those under way are waited for, later ones are refused.
  perform from app_public.specialists
  where specialists.organization_id = v_specialist.organization_id
    and specialists.id in (remove_specialist.specialist_id, remove_specialist.reassign_to)
  order by specialists.id
  for no key update;
  if not exists (select from app_public.specialists where id = v_specialist.id and deleted_at is null) then
    perform app_hidden.refuse('NOT_FOUND', 'not_found', '{}', 'There is no such thing, or it is not yours to see.');
  end if;
  if reassign_to is not null and not exists (
    select from app_public.specialists
    where specialists.organization_id = v_specialist.organization_id
      and specialists.id = reassign_to
      and specialists.deleted_at is null
      and specialists.id <> v_specialist.id
  ) then
    perform app_hidden.refuse(
      'VALIDATION', 'colleague_not_found', '{"field": "reassignTo"}', 'Choose a colleague of this clinic.');
  end if;

  update app_public.specialists set scheduling_active = false, deleted_at = app_hidden.now()
  where specialists.id = v_specialist.id
  returning * into v_specialist;

  select count(*) into v_count
  from app_private.time_claims
  where time_claims.organization_id = v_specialist.organization_id
    and time_claims.specialist_id = v_specialist.id
    and time_claims.kind in ('appointment', 'request')
    and time_claims.released_at is null
    and upper(time_claims.during) > app_hidden.now();

  if v_count > 0 and reassign_to is null then
    perform app_hidden.refuse(
      'CONFLICT', 'has_future_appointments', jsonb_build_object('count', v_count),
      format('%s appointments are still to come. Cancel them, or name a colleague who takes them over.', v_count));
  elsif v_count > 0 then
    perform app_private.reassign_specialist(v_specialist.organization_id, v_specialist.id, reassign_to);
  end if;
  return v_specialist;
end;
$$;

comment on function app_public.remove_specialist(uuid, uuid) is
  'Removes a specialist. With appointments to come: CONFLICT has_future_appointments with their count, or they go to reassignTo.';
grant execute on function app_public.remove_specialist(uuid, uuid) to app_member;

reset role;
-- end of source: functions/catalog/remove_specialist.sql

-- source: functions/catalog/specialist_details.sql
-- What staff may know of a specialist beyond the listing; patients and guests are refused. SPC-02, SPC-05, SPC-06.
-- By id: a computed column would be handed the whole row, and members may not read all of it.
-- requires: functions/core/refuse.sql
-- requires: functions/identity/require_permission.sql

set role app_engine;

create or replace function app_public.specialist_details(specialist_id uuid) returns app_public.specialist_details
language plpgsql stable strict security definer
set search_path = ''
as $$
declare
  v_specialist app_public.specialists;
begin
  select specialists.* into v_specialist
  from app_public.specialists
  where specialists.id = specialist_details.specialist_id and specialists.deleted_at is null;
  if not found then
    perform app_hidden.refuse('NOT_FOUND', 'not_found', '{}', 'There is no such thing, or it is not yours to see.');
  end if;
  perform app_private.require_permission(v_specialist.organization_id, 'specialists.view_org');
  return (
    v_specialist.human_id, v_specialist.registration_number, v_specialist.contact_email, v_specialist.contact_phone,
    v_specialist.scheduling_timezone
  )::app_public.specialist_details;
end;
$$;

comment on function app_public.specialist_details(uuid) is
  'Account, contact and zone of a specialist: for staff with specialists.view_org. Others get FORBIDDEN or NOT_FOUND.';
grant execute on function app_public.specialist_details(uuid) to app_member;

reset role;
-- end of source: functions/catalog/specialist_details.sql

-- source: functions/catalog/tg_specialist_specialties__scope.sql
-- Which specialties may be linked: the platform's and the clinic's own. The constraint on specialty_scope_id
-- holds it; this only fills it in. As the caller: what they may not see answers as what does not exist. SPC-03, FND-06.
-- requires: functions/core/refuse.sql

create or replace function app_private.tg_specialist_specialties__scope() returns trigger
language plpgsql
set search_path = ''
as $$
begin
  select coalesce(specialties.organization_id, '00000000-0000-0000-0000-000000000000') into new.specialty_scope_id
  from app_public.specialties
  where specialties.id = new.specialty_id
    and (specialties.organization_id is null or specialties.organization_id = new.organization_id);
  if not found then
    perform app_hidden.refuse(
      'VALIDATION', 'specialty_not_found', '{"field": "specialtyId"}', 'Choose a specialty of the platform or of your clinic.');
  end if;
  return new;
end;
$$;

comment on function app_private.tg_specialist_specialties__scope() is 'Fills specialty_scope_id. Trigger _150_scope.';
-- end of source: functions/catalog/tg_specialist_specialties__scope.sql

-- source: functions/identity/is_superadmin.sql
-- Platform staff. They run the platform; nothing of a patient is theirs to see. FND-02, FND-04.
-- requires: functions/core/current_principal_id.sql

set role app_engine;

create or replace function app_hidden.is_superadmin() returns boolean
language sql stable parallel safe security definer
set search_path = ''
begin atomic
  select exists (
    select from app_public.principals
    where principals.id = app_hidden.current_principal_id()
      and principals.platform_role = 'superadmin'
      and principals.disabled_at is null
  );
end;

comment on function app_hidden.is_superadmin() is 'Whether the caller is a platform superadmin.';
grant execute on function app_hidden.is_superadmin() to app_member, app_anonymous;

reset role;
-- end of source: functions/identity/is_superadmin.sql

-- source: functions/core/activate_organization.sql
-- A draft clinic goes public. FND-01.
-- requires: functions/core/refuse.sql
-- requires: functions/core/now.sql
-- requires: functions/identity/is_superadmin.sql
-- requires: functions/events/publish.sql

set role app_engine;

create or replace function app_public.activate_organization(organization_id uuid) returns app_public.organizations
language plpgsql volatile strict security definer
set search_path = ''
as $$
declare
  v_organization app_public.organizations;
begin
  if not app_hidden.is_superadmin() then
    perform app_hidden.refuse('FORBIDDEN', 'superadmin_only', '{}', 'Only the platform activates clinics.');
  end if;
  update app_public.organizations set activated_at = app_hidden.now()
  where organizations.id = activate_organization.organization_id
    and organizations.activated_at is null
    and organizations.deleted_at is null
  returning * into v_organization;
  if not found then
    perform app_hidden.refuse('NOT_FOUND', 'draft_not_found', '{}', 'There is no draft clinic with this id.');
  end if;
  perform app_private.publish(
    'organization.activated', v_organization.id, v_organization.id, jsonb_build_object('slug', v_organization.slug));
  return v_organization;
end;
$$;

comment on function app_public.activate_organization(uuid) is 'Makes a draft clinic public. Superadmin only; NOT_FOUND when it is no draft.';
grant execute on function app_public.activate_organization(uuid) to app_member;

reset role;
-- end of source: functions/core/activate_organization.sql

-- source: functions/identity/human_by_email.sql
-- Finds or makes a human. Staff and caregivers may be named before they ever sign in. FND-02.
-- requires: functions/core/refuse.sql

set role app_engine;

create or replace function app_private.human_by_email(email text, display_name text, locale text) returns uuid
language plpgsql volatile
set search_path = ''
as $$
declare
  v_email text := lower(btrim(human_by_email.email));
  v_id uuid;
begin
  -- Two who name the same person at the same moment: the second finds what the first made.
  perform pg_advisory_xact_lock(hashtextextended('human:' || v_email, 0));
  select humans.principal_id into v_id
  from app_public.humans
  where humans.email = v_email and humans.provider_org_id is null;
  if found then
    return v_id;
  end if;

  insert into app_public.principals (kind) values ('human') returning id into v_id;
  insert into app_public.humans (principal_id, email, display_name, locale)
  values (v_id, v_email,
          coalesce(nullif(btrim(human_by_email.display_name), ''), split_part(v_email, '@', 1)),
          case when human_by_email.locale in ('ro', 'en') then human_by_email.locale else 'ro' end);
  return v_id;
end;
$$;

comment on function app_private.human_by_email(text, text, text) is 'The human with this email, made if there is none.';

reset role;
-- end of source: functions/identity/human_by_email.sql

-- source: functions/identity/tg_organizations__roles.sql
-- A new clinic has its roles in the same transaction, whoever creates it. FND-04.

set role app_engine;

create or replace function app_private.tg_organizations__roles() returns trigger
language plpgsql security definer
set search_path = ''
as $$
begin
  insert into app_public.roles (organization_id, key, name, system_role_key)
  select new.id, system_roles.key, case new.locale when 'ro' then system_roles.name_ro else system_roles.name end, system_roles.key
  from app_public.system_roles;

  insert into app_public.role_permissions (organization_id, role_id, permission)
  select roles.organization_id, roles.id, system_role_permissions.permission
  from app_public.roles
  join app_public.system_role_permissions on system_role_permissions.role_key = roles.system_role_key
  where roles.organization_id = new.id;
  return new;
end;
$$;

comment on function app_private.tg_organizations__roles() is 'Copies the system roles into a new clinic. Trigger _500_roles.';

reset role;

create or replace trigger _500_roles after insert on app_public.organizations
  for each row execute function app_private.tg_organizations__roles();
-- end of source: functions/identity/tg_organizations__roles.sql

-- source: functions/core/create_organization.sql
-- The platform opens a clinic: with its roles, its owner and its events, in one transaction. FND-01, FND-04, TEN-01.
-- requires: functions/core/refuse.sql
-- requires: functions/core/now.sql
-- requires: functions/core/current_actor_id.sql
-- requires: functions/identity/is_superadmin.sql
-- requires: functions/identity/human_by_email.sql
-- requires: functions/identity/tg_organizations__roles.sql
-- requires: functions/events/publish.sql

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
  v_organization app_public.organizations;
  v_membership_id uuid;
begin
  if not app_hidden.is_superadmin() then
    perform app_hidden.refuse('FORBIDDEN', 'superadmin_only', '{}', 'Only the platform opens clinics.');
  end if;
  if tenancy_mode is distinct from 'shared' then
    perform app_hidden.refuse(
      'VALIDATION', 'tenancy_mode_not_built', '{"field": "tenancyMode"}', 'Only shared tenancy is available.');
  end if;

  insert into app_public.organizations (slug, name, locale, timezone, currency, contact_email, activated_at)
  values (create_organization.slug, create_organization.name, create_organization.locale, create_organization.timezone,
          create_organization.currency, lower(btrim(create_organization.contact_email)),
          case when draft then null else app_hidden.now() end)
  returning * into v_organization;

  insert into app_public.memberships (organization_id, human_id)
  values (v_organization.id, app_private.human_by_email(owner_email, owner_name, v_organization.locale))
  returning id into v_membership_id;
  insert into app_public.membership_roles (organization_id, membership_id, role_id, granted_by)
  select v_organization.id, v_membership_id, roles.id, app_private.current_actor_id()
  from app_public.roles
  where roles.organization_id = v_organization.id and roles.system_role_key = 'owner';

  perform app_private.publish(
    'organization.created', v_organization.id, v_organization.id, jsonb_build_object('slug', v_organization.slug));
  if v_organization.activated_at is not null then
    perform app_private.publish(
      'organization.activated', v_organization.id, v_organization.id, jsonb_build_object('slug', v_organization.slug));
  end if;
  return v_organization;
end;
$$;

comment on function app_public.create_organization(text, text, text, text, text, text, text, text, text, boolean) is
  'Opens a clinic with its owner. A draft is invisible to the public until activateOrganization. Superadmin only.';
grant execute on function app_public.create_organization(text, text, text, text, text, text, text, text, text, boolean) to app_member;

reset role;
-- end of source: functions/core/create_organization.sql

-- source: functions/core/migrated_to.sql
-- How far the database is migrated, so that a server can say whether it is ready. FND-28.

grant usage on schema graphile_migrate to app_engine;
grant select on graphile_migrate.migrations to app_engine;

set role app_engine;

create or replace function app_hidden.migrated_to() returns text
language sql stable security definer
set search_path = ''
begin atomic
  select max(migrations.filename) from graphile_migrate.migrations;
end;

comment on function app_hidden.migrated_to() is 'The newest committed migration that ran here, by file name; null when none did.';
grant execute on function app_hidden.migrated_to() to app_authenticator;

reset role;
-- end of source: functions/core/migrated_to.sql

-- source: functions/core/tg_guard_state.sql
-- A status moves only along state_transitions, whoever writes: verbs, the worker, the owner of the table. APT-01.
-- requires: functions/core/refuse.sql
-- requires: functions/core/now.sql

set role app_engine;

create or replace function app_private.tg_guard_state() returns trigger
language plpgsql security definer
set search_path = ''
as $$
declare
  v_from text := case when tg_op = 'UPDATE' then old.status else '' end;
  v_not_before text;
  v_earliest timestamptz;
begin
  select transition.not_before into v_not_before
  from app_private.state_transitions as transition
  where transition.entity = tg_table_name and transition.from_state = v_from and transition.to_state = new.status
  limit 1;

  if not found then
    perform app_hidden.refuse(
      'STATE', 'illegal_move',
      jsonb_build_object('entity', tg_table_name, 'from', v_from, 'to', new.status,
                         'legal', app_private.legal_moves(tg_table_name, v_from)),
      format('A move from "%s" to "%s" is not possible.', v_from, new.status));
  end if;

  if v_not_before is not null then
    v_earliest := (to_jsonb(new) ->> v_not_before)::timestamptz;
    if v_earliest > app_hidden.now() then
      perform app_hidden.refuse(
        'STATE', 'too_early',
        jsonb_build_object('entity', tg_table_name, 'from', v_from, 'to', new.status, 'notBefore', v_earliest),
        format('This is possible from %s on.', v_earliest));
    end if;
  end if;
  return new;
end;
$$;

comment on function app_private.tg_guard_state() is
  'Refuses a status that state_transitions does not list, naming the legal ones. Trigger _200_guard_state.';

reset role;
-- end of source: functions/core/tg_guard_state.sql

-- source: functions/core/tg_stamp.sql
-- created_at and updated_at are the database's word, whoever writes.

create or replace function app_private.tg_stamp() returns trigger
language plpgsql
set search_path = ''
as $$
begin
  if tg_op = 'UPDATE' then
    new.created_at := old.created_at;
  end if;
  new.updated_at := app_hidden.now();
  return new;
end;
$$;

comment on function app_private.tg_stamp() is 'Keeps created_at and sets updated_at. Trigger _100_stamp.';
-- end of source: functions/core/tg_stamp.sql

-- source: functions/events/beat.sql
-- A worker says that it lives. FND-14.

set role app_engine;
create or replace function app_private.beat(worker_id text, host text, pid int) returns void
language sql volatile strict security definer
set search_path = ''
as $$
  insert into app_private.worker_heartbeats (worker_id, host, pid, started_at, seen_at)
  values (beat.worker_id, beat.host, beat.pid, clock_timestamp(), clock_timestamp())
  on conflict (worker_id) do update set seen_at = excluded.seen_at
$$;

comment on function app_private.beat(text, text, int) is 'Sign of life of a worker, every few seconds.';

revoke all on function app_private.beat(text, text, int) from public;
grant execute on function app_private.beat(text, text, int) to app_worker;
reset role;
-- end of source: functions/events/beat.sql

-- source: functions/events/claim_effect.sql
-- Claims an effect on the outside world before it is made. FND-14, FND-15.
-- The claim is a lock of the connection, so it ends with the process that holds it: no lease to wait for
-- after a crash, no second worker while the first one is only slow. The row remembers what was done.

set role app_engine;
create or replace function app_private.claim_effect(key text, claimed_by text) returns text
language plpgsql volatile strict security definer
set search_path = ''
as $$
begin
  if not pg_try_advisory_lock(hashtextextended('effect:' || claim_effect.key, 0)) then
    return 'busy';
  end if;

  insert into app_private.effects (key, claimed_at, claimed_by)
  values (claim_effect.key, clock_timestamp(), claim_effect.claimed_by)
  on conflict on constraint effects_pkey do update
    set claimed_at = excluded.claimed_at,
        claimed_by = excluded.claimed_by,
        attempts = effects.attempts + 1
    where effects.done_at is null;
  if found then
    return 'claimed';
  end if;

  perform pg_advisory_unlock(hashtextextended('effect:' || claim_effect.key, 0));
  return 'done';
end;
$$;

comment on function app_private.claim_effect(text, text) is
  'claimed: do it, then finish_effect and release_effect on the same connection; busy: somebody is doing it; '
  'done: it was done before.';

revoke all on function app_private.claim_effect(text, text) from public;
grant execute on function app_private.claim_effect(text, text) to app_worker;
reset role;
-- end of source: functions/events/claim_effect.sql

-- source: functions/events/claim_event_delivery.sql
-- The next event that a consumer must be told about a subject. FND-14.
-- Locks the delivery until the caller commits. A second drain waits for it instead of skipping it:
-- whatever comes back is the oldest that is still pending, so order holds and nothing is told twice at once.

set role app_engine;
create or replace function app_private.claim_event_delivery(consumer text, subject_id uuid)
returns setof app_private.events
language sql volatile strict security definer rows 1
set search_path = ''
as $$
  select events.*
  from app_private.event_deliveries
  join app_private.events on events.id = event_deliveries.event_id
  where event_deliveries.consumer = claim_event_delivery.consumer
    and event_deliveries.delivered_at is null
    and event_deliveries.subject_id = claim_event_delivery.subject_id
  order by event_deliveries.position
  limit 1
  for update of event_deliveries
$$;

comment on function app_private.claim_event_delivery(text, uuid) is
  'The oldest event about the subject that the consumer was not told yet, locked for this transaction; no row: none.';

revoke all on function app_private.claim_event_delivery(text, uuid) from public;
grant execute on function app_private.claim_event_delivery(text, uuid) to app_worker;
reset role;
-- end of source: functions/events/claim_event_delivery.sql

-- source: policies/events/graphile_worker.sql
-- Who may queue jobs and who may run them. FND-14.
-- The queue's tables come with row security and without a policy, made for a worker that owns them. Ours
-- owns nothing: the engine queues jobs and frees those of a dead worker, app_worker runs them.

grant usage on schema graphile_worker to app_engine, app_worker;
grant usage on type graphile_worker.job_spec to app_engine, app_worker;

grant select, insert, update on graphile_worker._private_jobs to app_engine;
grant select, insert, update on graphile_worker._private_job_queues to app_engine;
grant select, insert on graphile_worker._private_tasks to app_engine;
grant execute on function
  graphile_worker.add_job(text, json, text, timestamptz, integer, text, integer, text[], text),
  graphile_worker.add_jobs(graphile_worker.job_spec[], boolean),
  graphile_worker.force_unlock_workers(text[])
  to app_engine;

grant select, insert, update, delete on graphile_worker._private_jobs to app_worker;
grant select, insert, update, delete on graphile_worker._private_job_queues to app_worker;
grant select, insert on graphile_worker._private_tasks to app_worker;
grant select, insert, update on graphile_worker._private_known_crontabs to app_worker;
grant select on graphile_worker.migrations to app_worker;
grant execute on function
  graphile_worker.add_job(text, json, text, timestamptz, integer, text, integer, text[], text),
  graphile_worker.add_jobs(graphile_worker.job_spec[], boolean)
  to app_worker;

drop policy if exists _private_jobs_engine on graphile_worker._private_jobs;
create policy _private_jobs_engine on graphile_worker._private_jobs
  to app_engine using (true) with check (true);
drop policy if exists _private_job_queues_engine on graphile_worker._private_job_queues;
create policy _private_job_queues_engine on graphile_worker._private_job_queues
  to app_engine using (true) with check (true);
drop policy if exists _private_tasks_engine on graphile_worker._private_tasks;
create policy _private_tasks_engine on graphile_worker._private_tasks
  to app_engine using (true) with check (true);

drop policy if exists _private_jobs_worker on graphile_worker._private_jobs;
create policy _private_jobs_worker on graphile_worker._private_jobs
  to app_worker using (true) with check (true);
drop policy if exists _private_job_queues_worker on graphile_worker._private_job_queues;
create policy _private_job_queues_worker on graphile_worker._private_job_queues
  to app_worker using (true) with check (true);
drop policy if exists _private_tasks_worker on graphile_worker._private_tasks;
create policy _private_tasks_worker on graphile_worker._private_tasks
  to app_worker using (true) with check (true);
drop policy if exists _private_known_crontabs_worker on graphile_worker._private_known_crontabs;
create policy _private_known_crontabs_worker on graphile_worker._private_known_crontabs
  to app_worker using (true) with check (true);
-- end of source: policies/events/graphile_worker.sql

-- source: functions/events/delivery_job.sql
-- The job that tells one consumer what is pending about one subject. FND-14.
-- requires: policies/events/graphile_worker.sql

create or replace function app_private.delivery_job(consumer text, subject_id uuid)
returns graphile_worker.job_spec
language sql stable strict
set search_path = ''
as $$
  select row(
    'deliver_events',
    json_build_object('consumer', consumer, 'subjectId', subject_id),
    null, null, null, consumer || ':' || subject_id, null, null
  )::graphile_worker.job_spec
$$;

comment on function app_private.delivery_job(text, uuid) is
  'Job for the task deliver_events; its key is consumer and subject, so that one waits at most.';

revoke all on function app_private.delivery_job(text, uuid) from public;
grant execute on function app_private.delivery_job(text, uuid) to app_engine;
-- end of source: functions/events/delivery_job.sql

-- source: functions/events/enqueue_overdue_deliveries.sql
-- Queues again what is pending without a job. FND-14.
-- The queue can lose a wake-up: when a job is taken between the two statements of add_jobs, the new
-- request is dropped while the running job may not see the new event yet. A minute later this finds it.
-- A job that has used up its attempts still exists and is left alone: it waits for a person.
-- requires: functions/core/now.sql
-- requires: functions/events/delivery_job.sql

set role app_engine;
create or replace function app_private.enqueue_overdue_deliveries() returns int
language plpgsql volatile security definer
set search_path = ''
as $$
declare
  v_jobs graphile_worker.job_spec[];
begin
  select array_agg(app_private.delivery_job(consumer, subject_id) order by consumer, subject_id) into v_jobs
  from (
    select distinct event_deliveries.consumer, event_deliveries.subject_id
    from app_private.event_consumers
    join app_private.event_deliveries on event_deliveries.consumer = event_consumers.name
    join app_private.events on events.id = event_deliveries.event_id
    where event_deliveries.delivered_at is null
      and events.occurred_at < app_hidden.now() - interval '30 seconds'
      and not exists (
        select from graphile_worker._private_jobs as jobs
        where jobs.key = event_deliveries.consumer || ':' || event_deliveries.subject_id)
    limit 1000
  ) as overdue;

  if v_jobs is not null then
    perform graphile_worker.add_jobs(v_jobs);
  end if;
  return coalesce(cardinality(v_jobs), 0);
end;
$$;

comment on function app_private.enqueue_overdue_deliveries() is
  'Queues a job for deliveries that have been pending for half a minute without one; returns how many.';

revoke all on function app_private.enqueue_overdue_deliveries() from public;
grant execute on function app_private.enqueue_overdue_deliveries() to app_worker;
reset role;
-- end of source: functions/events/enqueue_overdue_deliveries.sql

-- source: functions/events/finish_effect.sql
-- Records that an effect was made, so that no retry makes it again. FND-14, FND-15.

set role app_engine;
create or replace function app_private.finish_effect(key text, result jsonb) returns void
language sql volatile security definer
set search_path = ''
as $$
  update app_private.effects
  set done_at = clock_timestamp(), result = finish_effect.result
  where effects.key = finish_effect.key
$$;

comment on function app_private.finish_effect(text, jsonb) is 'The claimed effect is done; result is what the vendor answered.';

revoke all on function app_private.finish_effect(text, jsonb) from public;
grant execute on function app_private.finish_effect(text, jsonb) to app_worker;
reset role;
-- end of source: functions/events/finish_effect.sql

-- source: functions/events/reap_silent_workers.sql
-- Frees the jobs of workers that died. FND-14.
-- The queue itself would keep them locked for four hours. A worker without a heartbeat row died before
-- its first beat; the time it took its jobs is then its last sign of life.
-- requires: policies/events/graphile_worker.sql

set role app_engine;
create or replace function app_private.reap_silent_workers(silent_for interval default '30 seconds')
returns text[]
language plpgsql volatile strict security definer
set search_path = ''
as $$
declare
  v_dead text[];
begin
  select array_agg(holder.locked_by) into v_dead
  from (
    select jobs.locked_by, max(jobs.locked_at) as locked_at
    from graphile_worker._private_jobs as jobs
    where jobs.locked_by is not null
    group by jobs.locked_by
  ) as holder
  left join app_private.worker_heartbeats on worker_heartbeats.worker_id = holder.locked_by
  where coalesce(worker_heartbeats.seen_at, holder.locked_at) < clock_timestamp() - silent_for;

  if v_dead is not null then
    perform graphile_worker.force_unlock_workers(v_dead);
  end if;
  delete from app_private.worker_heartbeats where seen_at < clock_timestamp() - interval '1 day';
  return coalesce(v_dead, '{}');
end;
$$;

comment on function app_private.reap_silent_workers(interval) is
  'Unlocks the jobs of workers that gave no sign of life for the interval; returns their ids.';

revoke all on function app_private.reap_silent_workers(interval) from public;
grant execute on function app_private.reap_silent_workers(interval) to app_worker;
reset role;
-- end of source: functions/events/reap_silent_workers.sql

-- source: functions/events/record_event_delivered.sql
-- The consumer was told; in the transaction in which it did its work. FND-14.
-- requires: functions/core/now.sql

set role app_engine;
create or replace function app_private.record_event_delivered(event_id uuid, consumer text) returns void
language sql volatile strict security definer
set search_path = ''
as $$
  update app_private.event_deliveries
  set delivered_at = app_hidden.now(), attempts = attempts + 1, last_error = null
  where event_deliveries.event_id = record_event_delivered.event_id
    and event_deliveries.consumer = record_event_delivered.consumer
    and delivered_at is null
$$;

comment on function app_private.record_event_delivered(uuid, text) is 'Marks an event as told to a consumer.';

revoke all on function app_private.record_event_delivered(uuid, text) from public;
grant execute on function app_private.record_event_delivered(uuid, text) to app_worker;
reset role;
-- end of source: functions/events/record_event_delivered.sql

-- source: functions/events/record_event_failed.sql
-- The consumer failed; its own work was rolled back, this remembers why. FND-14.

set role app_engine;
create or replace function app_private.record_event_failed(event_id uuid, consumer text, error text) returns void
language sql volatile strict security definer
set search_path = ''
as $$
  update app_private.event_deliveries
  set attempts = attempts + 1, last_error = left(record_event_failed.error, 500)
  where event_deliveries.event_id = record_event_failed.event_id
    and event_deliveries.consumer = record_event_failed.consumer
    and delivered_at is null
$$;

comment on function app_private.record_event_failed(uuid, text, text) is
  'Counts a failed delivery and keeps the error; the delivery stays pending.';

revoke all on function app_private.record_event_failed(uuid, text, text) from public;
grant execute on function app_private.record_event_failed(uuid, text, text) to app_worker;
reset role;
-- end of source: functions/events/record_event_failed.sql

-- source: functions/events/release_effect.sql
-- Gives a claim back, whether the effect was made or failed. FND-14, FND-15.

set role app_engine;
create or replace function app_private.release_effect(key text) returns void
language sql volatile strict security definer
set search_path = ''
as $$
  select pg_advisory_unlock(hashtextextended('effect:' || release_effect.key, 0))
$$;

comment on function app_private.release_effect(text) is 'Ends the claim of this connection on an effect.';

revoke all on function app_private.release_effect(text) from public;
grant execute on function app_private.release_effect(text) to app_worker;
reset role;
-- end of source: functions/events/release_effect.sql

-- source: functions/events/retire_worker.sql
-- A worker leaves in good order. FND-14.

set role app_engine;
create or replace function app_private.retire_worker(worker_id text) returns void
language sql volatile strict security definer
set search_path = ''
as $$
  delete from app_private.worker_heartbeats where worker_heartbeats.worker_id = retire_worker.worker_id
$$;

comment on function app_private.retire_worker(text) is 'Removes the heartbeat of a worker that stopped cleanly.';

revoke all on function app_private.retire_worker(text) from public;
grant execute on function app_private.retire_worker(text) to app_worker;
reset role;
-- end of source: functions/events/retire_worker.sql

-- source: functions/events/tg_events__deliver.sql
-- Queues what was published for those who want to know. FND-14.
-- Once per statement, whatever its size: one insert, one add_jobs call. A job per consumer and subject
-- drains all that is pending, so a job_key keeps one of them; sorted, so that two statements lock in one order.
-- requires: functions/events/delivery_job.sql
-- requires: policies/events/graphile_worker.sql

set role app_engine;
create or replace function app_private.tg_events__deliver() returns trigger
language plpgsql volatile security definer
set search_path = ''
as $$
declare
  v_jobs graphile_worker.job_spec[];
begin
  with queued as (
    insert into app_private.event_deliveries (event_id, consumer, subject_id, position)
    select published.id, event_subscriptions.consumer, published.subject_id, published.position
    from published
    join app_private.event_subscriptions on event_subscriptions.event_name = published.name
    returning consumer, subject_id
  )
  select array_agg(app_private.delivery_job(consumer, subject_id) order by consumer, subject_id) into v_jobs
  from (select distinct queued.consumer, queued.subject_id from queued) as drain;

  if v_jobs is not null then
    perform graphile_worker.add_jobs(v_jobs);
  end if;
  return null;
end;
$$;

comment on function app_private.tg_events__deliver() is 'Queues the deliveries of the events a statement published.';

revoke all on function app_private.tg_events__deliver() from public;
grant execute on function app_private.tg_events__deliver() to app_owner;
reset role;

create or replace trigger _900_deliver
  after insert on app_private.events
  referencing new table as published
  for each statement execute function app_private.tg_events__deliver();
-- end of source: functions/events/tg_events__deliver.sql

-- source: functions/events/tg_events__refuse_change.sql
-- What happened is not rewritten, by nobody. FND-14.
-- Per statement: it refuses before a row is looked for, so the answer is the same for whoever sees no row.
-- requires: functions/core/refuse.sql

set role app_engine;
create or replace function app_private.tg_events__refuse_change() returns trigger
language plpgsql volatile
set search_path = ''
as $$
begin
  perform app_hidden.refuse('IMMUTABLE', 'event_is_immutable');
  return null;
end;
$$;

comment on function app_private.tg_events__refuse_change() is 'Refuses update, delete and truncate of events.';

revoke all on function app_private.tg_events__refuse_change() from public;
grant execute on function app_private.tg_events__refuse_change() to app_owner;
reset role;

create or replace trigger _200_refuse_change
  before update or delete or truncate on app_private.events
  for each statement execute function app_private.tg_events__refuse_change();
-- end of source: functions/events/tg_events__refuse_change.sql

-- source: functions/identity/caregiver_ends_on.sql
-- The day on which a person of this birth date speaks for themselves. FND-07.

set role app_engine;

create or replace function app_private.caregiver_ends_on(birth_date date) returns date
language sql stable
set search_path = ''
begin atomic
  select (caregiver_ends_on.birth_date + make_interval(years => legal_ages.years))::date
  from app_private.legal_ages
  where legal_ages.rule = 'caregiver_ends';
end;

comment on function app_private.caregiver_ends_on(date) is 'The birthday that ends a minor''s caregiver links, by legal_ages.';

reset role;
-- end of source: functions/identity/caregiver_ends_on.sql

-- source: functions/identity/add_caregiver.sql
-- A parent, guardian or relative acts for a patient: on evidence, and for a minor until the age the law sets. Whoever
-- has an account decides for themselves. FND-07.
-- requires: functions/core/refuse.sql
-- requires: functions/core/now.sql
-- requires: functions/core/current_actor_id.sql
-- requires: functions/core/current_principal_id.sql
-- requires: functions/identity/require_permission.sql
-- requires: functions/identity/human_by_email.sql
-- requires: functions/identity/caregiver_ends_on.sql

set role app_engine;

create or replace function app_public.add_caregiver(
  organization_id uuid,
  patient_profile_id uuid,
  email text,
  display_name text,
  relationship text,
  evidence text
) returns app_public.caregivers
language plpgsql volatile strict security definer
set search_path = ''
as $$
#variable_conflict use_column
declare
  v_profile app_public.patient_profiles;
  v_human_id uuid;
  v_today date := (app_hidden.now() at time zone 'Europe/Bucharest')::date;
  v_ends_on date;
  v_caregiver app_public.caregivers;
begin
  select patient_profiles.* into v_profile
  from app_public.patients
  join app_public.patient_profiles on patient_profiles.id = patients.patient_profile_id
  where patients.organization_id = add_caregiver.organization_id
    and patients.patient_profile_id = add_caregiver.patient_profile_id
    and patients.deleted_at is null
  for share of patient_profiles;
  if v_profile.human_id is distinct from app_hidden.current_principal_id() then
    perform app_private.require_permission(add_caregiver.organization_id, 'patients.manage');
    if v_profile.id is null then
      perform app_hidden.refuse('NOT_FOUND', 'patient_not_found', '{}', 'There is no such patient at your clinic.');
    end if;
    -- A caregiver sees the person at every clinic; of somebody with an account no clinic can decide that.
    if v_profile.human_id is not null then
      perform app_hidden.refuse(
        'FORBIDDEN', 'person_decides', '{}', 'This patient has an account: only they can name a caregiver.');
    end if;
  end if;

  v_human_id := app_private.human_by_email(add_caregiver.email, add_caregiver.display_name, v_profile.locale);
  -- An adult may have a caregiver too; that link has no date.
  v_ends_on := app_private.caregiver_ends_on(v_profile.birth_date);
  if v_ends_on <= v_today then
    v_ends_on := null;
  end if;

  -- Who cared for the minor may go on caring for the adult, on new evidence.
  update app_public.caregivers set revoked_at = app_hidden.now()
  where caregivers.patient_profile_id = v_profile.id
    and caregivers.human_id = v_human_id
    and caregivers.revoked_at is null
    and caregivers.ends_on <= v_today;

  insert into app_public.caregivers (patient_profile_id, human_id, relationship, evidence, added_by, ends_on)
  values (v_profile.id, v_human_id, add_caregiver.relationship, add_caregiver.evidence,
          app_private.current_actor_id(), v_ends_on)
  on conflict (patient_profile_id, human_id) where revoked_at is null do nothing
  returning * into v_caregiver;
  if not found then
    perform app_hidden.refuse('CONFLICT', 'already_a_caregiver', '{"field": "email"}', 'This person is a caregiver already.');
  end if;
  return v_caregiver;
end;
$$;

comment on function app_public.add_caregiver(uuid, uuid, text, text, text, text) is
  'Lets a human act for a patient, on evidence: named by the patient, or by staff with patients.manage while the patient '
  'has no account. For a minor the link ends on the birthday that the law sets.';
grant execute on function app_public.add_caregiver(uuid, uuid, text, text, text, text) to app_member;

reset role;
-- end of source: functions/identity/add_caregiver.sql

-- source: functions/identity/permissions_of.sql
-- What a role allows, as an array. FND-04.

set role app_engine;

create or replace function app_private.permissions_of(organization_id uuid, role_id uuid) returns text[]
language sql stable
set search_path = ''
begin atomic
  select coalesce(array_agg(role_permissions.permission), '{}')
  from app_public.role_permissions
  where role_permissions.organization_id = permissions_of.organization_id
    and role_permissions.role_id = permissions_of.role_id;
end;

comment on function app_private.permissions_of(uuid, uuid) is 'The permissions of a role.';

reset role;
-- end of source: functions/identity/permissions_of.sql

-- source: functions/identity/require_grantable.sql
-- Nobody grants, or takes away, more than they hold. FND-04.
-- requires: functions/core/refuse.sql
-- requires: functions/identity/has_permission.sql

set role app_engine;

create or replace function app_private.require_grantable(organization_id uuid, permissions text[]) returns void
language plpgsql stable
set search_path = ''
as $$
declare
  v_above text[];
begin
  select array_agg(asked.permission order by asked.permission) into v_above
  from unnest(permissions) as asked (permission)
  where not app_hidden.has_permission(require_grantable.organization_id, asked.permission);

  if v_above is not null then
    perform app_hidden.refuse(
      'FORBIDDEN', 'above_yourself', jsonb_build_object('permissions', to_jsonb(v_above)),
      'You can only give or take what you hold yourself. Ask someone who holds more.');
  end if;
end;
$$;

comment on function app_private.require_grantable(uuid, text[]) is
  'Refuses with FORBIDDEN when the caller lacks one of these permissions at the clinic.';

reset role;
-- end of source: functions/identity/require_grantable.sql

-- source: functions/identity/add_member.sql
-- A colleague joins, or comes back. They are matched by email when they first sign in. FND-04.
-- requires: functions/identity/require_permission.sql
-- requires: functions/identity/require_grantable.sql
-- requires: functions/identity/permissions_of.sql
-- requires: functions/identity/human_by_email.sql
-- requires: functions/core/current_actor_id.sql

set role app_engine;

create or replace function app_public.add_member(
  organization_id uuid,
  email text,
  display_name text,
  role_ids uuid[]
) returns app_public.memberships
language plpgsql volatile security definer
set search_path = ''
as $$
declare
  v_role_id uuid;
  v_membership app_public.memberships;
begin
  perform app_private.require_permission(organization_id, 'members.manage');
  if coalesce(cardinality(role_ids), 0) = 0 then
    perform app_hidden.refuse('VALIDATION', 'role_missing', '{"field": "roleIds"}', 'Choose at least one role.');
  end if;

  insert into app_public.memberships (organization_id, human_id)
  values (add_member.organization_id,
          app_private.human_by_email(add_member.email, add_member.display_name, 'ro'))
  on conflict on constraint memberships_human_is_member_once do update set ended_at = null
    where memberships.ended_at is not null
  returning * into v_membership;
  if not found then
    perform app_hidden.refuse('CONFLICT', 'already_a_member', '{"field": "email"}', 'This person is a member already.');
  end if;

  delete from app_public.membership_roles
  where membership_roles.organization_id = v_membership.organization_id
    and membership_roles.membership_id = v_membership.id;
  foreach v_role_id in array role_ids loop
    perform app_private.give_role(v_membership.organization_id, v_membership.id, v_role_id);
  end loop;
  return v_membership;
end;
$$;

comment on function app_public.add_member(uuid, text, text, uuid[]) is
  'Adds a colleague with these roles. Needs members.manage; FORBIDDEN above_yourself for a role that allows more than you may.';
grant execute on function app_public.add_member(uuid, text, text, uuid[]) to app_member;

reset role;
-- end of source: functions/identity/add_member.sql

-- source: functions/identity/belongs_to.sql
-- Whether a person has anything to do with a clinic: works there, is a patient there, cares for one, or runs
-- the platform. A clinic may not be named in a request otherwise. FND-04, FND-07.
-- requires: functions/core/now.sql

set role app_engine;

create or replace function app_private.belongs_to(principal_id uuid, organization_id uuid) returns boolean
language sql stable
set search_path = ''
begin atomic
  select exists (
    select from app_public.memberships
    where memberships.organization_id = belongs_to.organization_id
      and memberships.human_id = belongs_to.principal_id
      and memberships.ended_at is null
  ) or exists (
    select from app_public.patients
    join app_public.patient_profiles on patient_profiles.id = patients.patient_profile_id
    where patients.organization_id = belongs_to.organization_id
      and patients.deleted_at is null
      and (patient_profiles.human_id = belongs_to.principal_id
           or exists (
             select from app_public.caregivers
             where caregivers.patient_profile_id = patient_profiles.id
               and caregivers.human_id = belongs_to.principal_id
               and caregivers.revoked_at is null
               and (caregivers.ends_on is null
                    or caregivers.ends_on > (app_hidden.now() at time zone 'Europe/Bucharest')::date)))
  ) or exists (
    select from app_public.principals
    where principals.id = belongs_to.principal_id and principals.platform_role = 'superadmin'
  );
end;

comment on function app_private.belongs_to(uuid, uuid) is 'Staff, patient, caregiver of a patient, or platform superadmin.';

reset role;
-- end of source: functions/identity/belongs_to.sql

-- source: functions/identity/claim_patient_profiles.sql
-- Someone who was registered by a clinic, or booked as a guest, takes over their own profile. The identity
-- provider's verification of the same email is the proof; every profile is claimed by this one explicit act,
-- and profiles of two clinics stay two. FND-07.
-- requires: functions/core/refuse.sql
-- requires: functions/core/now.sql
-- requires: functions/core/current_principal_id.sql

set role app_engine;

create or replace function app_public.claim_patient_profiles() returns setof app_public.patient_profiles
language plpgsql volatile security definer
set search_path = ''
as $$
begin
  if not exists (
    select from app_public.humans
    where humans.principal_id = app_hidden.current_principal_id() and humans.email_verified_at is not null
  ) then
    perform app_hidden.refuse('FORBIDDEN', 'email_not_verified', '{}', 'Verify your email address, then try again.');
  end if;
  return query
    update app_public.patient_profiles set human_id = humans.principal_id
    from app_public.humans
    where humans.principal_id = app_hidden.current_principal_id()
      and lower(patient_profiles.email) = humans.email
      and patient_profiles.human_id is null
      -- A child's profile carries the parent's address; the child is not the parent.
      and not exists (select from app_public.caregivers where caregivers.patient_profile_id = patient_profiles.id)
      -- Nor is someone who is too young for an account of their own.
      and (patient_profiles.birth_date is null
           or patient_profiles.birth_date
              + make_interval(years => (select legal_ages.years from app_private.legal_ages where legal_ages.rule = 'own_account'))
              <= (app_hidden.now() at time zone 'Europe/Bucharest')::date)
    returning patient_profiles.*;
end;
$$;

comment on function app_public.claim_patient_profiles() is
  'Links the profiles that carry the caller''s verified email with the caller. FORBIDDEN email_not_verified.';
grant execute on function app_public.claim_patient_profiles() to app_member;

reset role;
-- end of source: functions/identity/claim_patient_profiles.sql

-- source: functions/identity/create_patient.sql
-- Front desk registers a person. The profile is new: one who is known elsewhere is never matched silently. FND-07.
-- requires: functions/core/refuse.sql
-- requires: functions/identity/require_permission.sql
-- requires: functions/identity/admit_patient.sql
-- requires: functions/identity/e164.sql

set role app_engine;

create or replace function app_public.create_patient(
  organization_id uuid,
  given_name text,
  family_name text,
  email text default null,
  phone text default null,
  birth_date date default null,
  locale text default 'ro'
) returns app_public.patients
language plpgsql volatile security definer
set search_path = ''
as $$
declare
  v_profile_id uuid;
begin
  perform app_private.require_permission(organization_id, 'patients.manage');
  insert into app_public.patient_profiles (given_name, family_name, email, phone, birth_date, locale)
  select btrim(create_patient.given_name), btrim(create_patient.family_name), lower(btrim(create_patient.email)),
         app_hidden.e164(create_patient.phone, organizations.calling_code), create_patient.birth_date, create_patient.locale
  from app_public.organizations
  where organizations.id = create_patient.organization_id
  returning id into v_profile_id;
  return app_private.admit_patient(create_patient.organization_id, v_profile_id);
end;
$$;

comment on function app_public.create_patient(uuid, text, text, text, text, date, text) is
  'Registers a person as a patient of the clinic. Needs patients.manage; VALIDATION names the field.';
grant execute on function app_public.create_patient(uuid, text, text, text, text, date, text) to app_member;

reset role;
-- end of source: functions/identity/create_patient.sql

-- source: functions/identity/current_colleague_ids.sql
-- Humans whose names the caller sees: who works, or worked, at the caller's clinics. FND-04.
-- requires: functions/identity/current_staff_organization_ids.sql

set role app_engine;

create or replace function app_hidden.current_colleague_ids() returns uuid[]
language sql stable parallel safe security definer
set search_path = ''
begin atomic
  select coalesce(array_agg(distinct memberships.human_id), '{}')
  from app_public.memberships
  where memberships.organization_id = any (app_hidden.current_staff_organization_ids());
end;

comment on function app_hidden.current_colleague_ids() is 'Present and former members of the caller''s clinics.';
grant execute on function app_hidden.current_colleague_ids() to app_member, app_anonymous;

reset role;
-- end of source: functions/identity/current_colleague_ids.sql

-- source: functions/identity/current_patient_organization_ids.sql
-- Where the caller, or someone they care for, is a patient. A soft-deleted patient is none. FND-07, SPC-05.
-- requires: functions/core/current_organization_id.sql
-- requires: functions/identity/current_human_patient_profile_ids.sql

set role app_engine;

create or replace function app_hidden.current_patient_organization_ids() returns uuid[]
language sql stable parallel safe security definer
set search_path = ''
begin atomic
  select coalesce(array_agg(distinct patients.organization_id), '{}')
  from app_public.patients
  where patients.patient_profile_id = any (app_hidden.current_human_patient_profile_ids())
    and patients.deleted_at is null
    and (app_hidden.current_organization_id() is null
         or patients.organization_id = app_hidden.current_organization_id());
end;

comment on function app_hidden.current_patient_organization_ids() is
  'Clinics of which the caller, or a person they care for, is a patient, narrowed to the one the request names.';
grant execute on function app_hidden.current_patient_organization_ids() to app_member, app_anonymous;

reset role;
-- end of source: functions/identity/current_patient_organization_ids.sql

-- source: functions/identity/current_specialist_ids.sql
-- The caller as a specialist, in every clinic where they are one and still work. SPC-02.
-- requires: functions/core/current_principal_id.sql
-- requires: functions/identity/current_staff_organization_ids.sql

set role app_engine;

create or replace function app_hidden.current_specialist_ids() returns uuid[]
language sql stable parallel safe security definer
set search_path = ''
begin atomic
  select coalesce(array_agg(specialists.id), '{}')
  from app_public.specialists
  where specialists.human_id = app_hidden.current_principal_id()
    and specialists.deleted_at is null
    and specialists.organization_id = any (app_hidden.current_staff_organization_ids());
end;

comment on function app_hidden.current_specialist_ids() is 'The caller''s own specialist rows.';
grant execute on function app_hidden.current_specialist_ids() to app_member, app_anonymous;

reset role;
-- end of source: functions/identity/current_specialist_ids.sql

-- source: functions/identity/define_role.sql
-- A clinic's own role, made or changed in one statement. System roles stay as they are. FND-04.
-- requires: functions/core/refuse.sql
-- requires: functions/identity/require_permission.sql
-- requires: functions/identity/require_grantable.sql
-- requires: functions/identity/permissions_of.sql

set role app_engine;

create or replace function app_public.define_role(
  organization_id uuid,
  key text,
  name text,
  permissions text[]
) returns app_public.roles
language plpgsql volatile security definer
set search_path = ''
as $$
declare
  v_role app_public.roles;
  v_unknown text;
begin
  perform app_private.require_permission(organization_id, 'roles.manage');
  -- Null would neither give nor take: an empty list says "nothing", null says nothing.
  if permissions is null then
    perform app_hidden.refuse(
      'VALIDATION', 'permissions_missing', '{"field": "permissions"}', 'Say what the role allows; an empty list is an answer.');
  end if;

  select asked.permission into v_unknown
  from unnest(permissions) as asked (permission)
  where not exists (select from app_public.permissions as known where known.name = asked.permission)
  limit 1;
  if found then
    perform app_hidden.refuse(
      'VALIDATION', 'permission_unknown', jsonb_build_object('field', 'permissions', 'permission', v_unknown),
      'Choose from the list of permissions.');
  end if;
  perform app_private.require_grantable(organization_id, permissions);

  insert into app_public.roles (organization_id, key, name)
  values (define_role.organization_id, define_role.key, define_role.name)
  on conflict on constraint roles_key_is_unique_per_organization do update set name = excluded.name
    where roles.system_role_key is null
  returning * into v_role;
  if not found then
    perform app_hidden.refuse('IMMUTABLE', 'system_role', '{"field": "key"}', 'Choose another key: this one is a system role.');
  end if;
  perform app_private.require_grantable(organization_id, app_private.permissions_of(v_role.organization_id, v_role.id));

  delete from app_public.role_permissions
  where role_permissions.organization_id = v_role.organization_id
    and role_permissions.role_id = v_role.id
    and role_permissions.permission <> all (permissions);
  insert into app_public.role_permissions (organization_id, role_id, permission)
  select v_role.organization_id, v_role.id, asked.permission
  from unnest(permissions) as asked (permission)
  on conflict do nothing;
  return v_role;
end;
$$;

comment on function app_public.define_role(uuid, text, text, text[]) is
  'Makes or changes a clinic''s own role. Needs roles.manage and every permission named; IMMUTABLE for system roles.';
grant execute on function app_public.define_role(uuid, text, text, text[]) to app_member;

reset role;
-- end of source: functions/identity/define_role.sql

-- source: functions/identity/locked_membership.sql
-- The membership a verb is about, locked, for callers of the same clinic. FND-04.
-- requires: functions/core/refuse.sql
-- requires: functions/identity/current_staff_organization_ids.sql

set role app_engine;

create or replace function app_private.locked_membership(membership_id uuid) returns app_public.memberships
language plpgsql volatile
set search_path = ''
as $$
declare
  v_membership app_public.memberships;
begin
  select memberships.* into v_membership
  from app_public.memberships
  where memberships.id = membership_id
    and memberships.ended_at is null
    and memberships.organization_id = any (app_hidden.current_staff_organization_ids())
  for update;
  if not found then
    perform app_hidden.refuse('NOT_FOUND', 'membership_not_found', '{}', 'There is no such member at your clinic.');
  end if;
  return v_membership;
end;
$$;

comment on function app_private.locked_membership(uuid) is 'An active membership at one of the caller''s clinics, locked; NOT_FOUND otherwise.';

reset role;
-- end of source: functions/identity/locked_membership.sql

-- source: functions/identity/require_another_owner.sql
-- The last owner cannot leave. Two owners leaving at once queue on the clinic's row, so one stays. FND-04.
-- requires: functions/core/refuse.sql

set role app_engine;

create or replace function app_private.require_another_owner(organization_id uuid, leaving_membership_id uuid) returns void
language plpgsql volatile
set search_path = ''
as $$
begin
  perform from app_public.organizations where organizations.id = require_another_owner.organization_id for no key update;
  if exists (
    select
    from app_public.membership_roles
    join app_public.roles on roles.organization_id = membership_roles.organization_id and roles.id = membership_roles.role_id
    join app_public.memberships
      on memberships.organization_id = membership_roles.organization_id and memberships.id = membership_roles.membership_id
    join app_public.principals on principals.id = memberships.human_id and principals.disabled_at is null
    where membership_roles.organization_id = require_another_owner.organization_id
      and roles.system_role_key = 'owner'
      and memberships.ended_at is null
      and memberships.id <> leaving_membership_id
  ) then
    return;
  end if;
  perform app_hidden.refuse('STATE', 'last_owner', '{}', 'Name another owner first.');
end;
$$;

comment on function app_private.require_another_owner(uuid, uuid) is
  'Refuses with STATE last_owner when no other active owner would remain. Locks the clinic''s row.';

reset role;
-- end of source: functions/identity/require_another_owner.sql

-- source: functions/identity/end_membership.sql
-- A member leaves, or is let go; the last owner cannot. Appointments and history stay. FND-04.
-- requires: functions/core/now.sql
-- requires: functions/core/current_principal_id.sql
-- requires: functions/identity/require_permission.sql
-- requires: functions/identity/locked_membership.sql
-- requires: functions/identity/require_grantable.sql
-- requires: functions/identity/require_another_owner.sql

set role app_engine;

create or replace function app_public.end_membership(membership_id uuid) returns app_public.memberships
language plpgsql volatile strict security definer
set search_path = ''
as $$
declare
  v_membership app_public.memberships := app_private.locked_membership(membership_id);
  v_permissions text[];
  v_is_owner boolean;
begin
  select coalesce(array_agg(distinct role_permissions.permission), '{}'), coalesce(bool_or(roles.system_role_key = 'owner'), false)
  into v_permissions, v_is_owner
  from app_public.membership_roles
  join app_public.roles on roles.organization_id = membership_roles.organization_id and roles.id = membership_roles.role_id
  left join app_public.role_permissions
    on role_permissions.organization_id = roles.organization_id and role_permissions.role_id = roles.id
  where membership_roles.organization_id = v_membership.organization_id
    and membership_roles.membership_id = v_membership.id;

  if v_membership.human_id is distinct from app_hidden.current_principal_id() then
    perform app_private.require_permission(v_membership.organization_id, 'members.manage');
    perform app_private.require_grantable(v_membership.organization_id, array_remove(v_permissions, null));
  end if;
  if v_is_owner then
    perform app_private.require_another_owner(v_membership.organization_id, v_membership.id);
  end if;

  update app_public.memberships set ended_at = app_hidden.now()
  where memberships.organization_id = v_membership.organization_id and memberships.id = v_membership.id
  returning * into v_membership;
  return v_membership;
end;
$$;

comment on function app_public.end_membership(uuid) is
  'Ends a membership: one''s own, or a colleague''s with members.manage. STATE last_owner when nobody else owns the clinic.';
grant execute on function app_public.end_membership(uuid) to app_member;

reset role;
-- end of source: functions/identity/end_membership.sql

-- source: functions/identity/first_sign_in.sql
-- Links a sign-in with a human, once, whoever comes twice at the same moment. FND-03.
-- Only a verified email proves who somebody is. An unverified one makes no human either: whoever came first with
-- somebody else's address would share the account with its owner, or be given what a clinic means for that owner.
-- requires: functions/core/refuse.sql
-- requires: functions/core/now.sql
-- requires: functions/identity/human_by_email.sql

set role app_engine;

create or replace function app_private.first_sign_in(
  issuer text,
  subject text,
  email text,
  email_verified boolean,
  display_name text,
  locale text
) returns uuid
language plpgsql volatile
set search_path = ''
as $$
declare
  v_email text := lower(btrim(first_sign_in.email));
  v_principal_id uuid;
begin
  if coalesce(v_email, '') = '' then
    perform app_hidden.refuse('UNAUTHENTICATED', 'email_missing', '{}', 'The sign-in must carry an email address.');
  end if;
  perform pg_advisory_xact_lock(hashtextextended('sign_in:' || v_email, 0));

  select identities.principal_id into v_principal_id
  from app_private.identities
  where identities.issuer = first_sign_in.issuer and identities.subject = first_sign_in.subject;
  if found then
    return v_principal_id;
  end if;

  if email_verified is not true then
    perform app_hidden.refuse('UNAUTHENTICATED', 'email_not_verified', '{}', 'Verify your email address, then sign in again.');
  end if;

  v_principal_id := app_private.human_by_email(v_email, display_name, locale);
  update app_public.humans set email_verified_at = coalesce(email_verified_at, app_hidden.now())
  where principal_id = v_principal_id;
  insert into app_private.identities (issuer, subject, principal_id)
  values (first_sign_in.issuer, first_sign_in.subject, v_principal_id);
  return v_principal_id;
end;
$$;

comment on function app_private.first_sign_in(text, text, text, boolean, text, text) is
  'Links or creates the human of a sign-in that was never seen before.';

reset role;
-- end of source: functions/identity/first_sign_in.sql

-- source: functions/identity/give_role.sql
-- Gives a role that exists at the clinic and allows no more than the giver may. FND-04.
-- requires: functions/core/refuse.sql
-- requires: functions/core/current_actor_id.sql
-- requires: functions/identity/require_grantable.sql
-- requires: functions/identity/permissions_of.sql

set role app_engine;

create or replace function app_private.give_role(organization_id uuid, membership_id uuid, role_id uuid) returns void
language plpgsql volatile
set search_path = ''
as $$
begin
  if not exists (
    select from app_public.roles
    where roles.organization_id = give_role.organization_id and roles.id = give_role.role_id
  ) then
    perform app_hidden.refuse('VALIDATION', 'role_not_found', '{"field": "roleId"}', 'Choose a role of this clinic.');
  end if;
  perform app_private.require_grantable(organization_id, app_private.permissions_of(organization_id, role_id));
  insert into app_public.membership_roles (organization_id, membership_id, role_id, granted_by)
  values (give_role.organization_id, give_role.membership_id, give_role.role_id, app_private.current_actor_id())
  on conflict do nothing;
end;
$$;

comment on function app_private.give_role(uuid, uuid, uuid) is 'Gives a role to a member; FORBIDDEN above_yourself, VALIDATION role_not_found.';

reset role;
-- end of source: functions/identity/give_role.sql

-- source: functions/identity/grant_role.sql
-- A member is given one more role. FND-04.
-- requires: functions/identity/require_permission.sql
-- requires: functions/identity/locked_membership.sql
-- requires: functions/identity/give_role.sql

set role app_engine;

create or replace function app_public.grant_role(membership_id uuid, role_id uuid) returns app_public.memberships
language plpgsql volatile strict security definer
set search_path = ''
as $$
declare
  v_membership app_public.memberships := app_private.locked_membership(membership_id);
begin
  perform app_private.require_permission(v_membership.organization_id, 'members.manage');
  perform app_private.give_role(v_membership.organization_id, v_membership.id, grant_role.role_id);
  return v_membership;
end;
$$;

comment on function app_public.grant_role(uuid, uuid) is
  'Gives a member a role. Needs members.manage and every permission of that role.';
grant execute on function app_public.grant_role(uuid, uuid) to app_member;

reset role;
-- end of source: functions/identity/grant_role.sql

-- source: functions/identity/me.sql
-- Who am I: the first thing a frontend asks. FND-03.
-- A whole row of humans asks for every column, and members may not read them all.
-- requires: functions/core/current_principal_id.sql

set role app_engine;

create or replace function app_public.me() returns app_public.humans
language sql stable security definer
set search_path = ''
begin atomic
  select humans from app_public.humans where humans.principal_id = app_hidden.current_principal_id();
end;

comment on function app_public.me() is 'The signed-in human; null for a visitor.';
grant execute on function app_public.me() to app_member;

reset role;
-- end of source: functions/identity/me.sql

-- source: policies/identity/membership_roles.sql
-- Who holds which role: seen by colleagues, written by `grant_role` and `revoke_role`. FND-04.
-- requires: functions/identity/current_staff_organization_ids.sql

alter table app_public.membership_roles enable row level security;
alter table app_public.membership_roles force row level security;

grant select on app_public.membership_roles to app_member;

drop policy if exists membership_roles_select_staff on app_public.membership_roles;
create policy membership_roles_select_staff on app_public.membership_roles
  for select to app_member
  using (organization_id = any ((select app_hidden.current_staff_organization_ids())::uuid[]));

grant select, insert, delete on app_public.membership_roles to app_engine;
drop policy if exists membership_roles_all_engine on app_public.membership_roles;
create policy membership_roles_all_engine on app_public.membership_roles
  for all to app_engine
  using (true)
  with check (true);
-- end of source: policies/identity/membership_roles.sql

-- source: policies/identity/memberships.sql
-- Who works where: seen by colleagues and by oneself, written by `add_member` and `end_membership`. FND-04.
-- requires: functions/identity/current_staff_organization_ids.sql
-- requires: functions/core/tg_stamp.sql

alter table app_public.memberships enable row level security;
alter table app_public.memberships force row level security;

grant select on app_public.memberships to app_member;

drop policy if exists memberships_select_staff on app_public.memberships;
create policy memberships_select_staff on app_public.memberships
  for select to app_member
  using (organization_id = any ((select app_hidden.current_staff_organization_ids())::uuid[]));

grant select, insert, update on app_public.memberships to app_engine;
drop policy if exists memberships_all_engine on app_public.memberships;
create policy memberships_all_engine on app_public.memberships
  for all to app_engine
  using (true)
  with check (true);

create or replace trigger _100_stamp before insert or update on app_public.memberships
  for each row execute function app_private.tg_stamp();
-- end of source: policies/identity/memberships.sql

-- source: policies/identity/role_permissions.sql
-- What a clinic's roles allow, seen by its members, written by `define_role`. FND-04.
-- requires: functions/identity/current_staff_organization_ids.sql

alter table app_public.role_permissions enable row level security;
alter table app_public.role_permissions force row level security;

grant select on app_public.role_permissions to app_member;

drop policy if exists role_permissions_select_staff on app_public.role_permissions;
create policy role_permissions_select_staff on app_public.role_permissions
  for select to app_member
  using (organization_id = any ((select app_hidden.current_staff_organization_ids())::uuid[]));

grant select, insert, delete on app_public.role_permissions to app_engine;
drop policy if exists role_permissions_all_engine on app_public.role_permissions;
create policy role_permissions_all_engine on app_public.role_permissions
  for all to app_engine
  using (true)
  with check (true);
-- end of source: policies/identity/role_permissions.sql

-- source: functions/identity/my_permissions.sql
-- What the caller may do at a clinic, so that a frontend shows what works. FND-04.
-- requires: functions/core/current_principal_id.sql
-- requires: policies/identity/memberships.sql
-- requires: policies/identity/membership_roles.sql
-- requires: policies/identity/role_permissions.sql

create or replace function app_public.my_permissions(organization_id uuid) returns setof text
language sql stable strict
set search_path = ''
begin atomic
  select distinct role_permissions.permission
  from app_public.memberships
  join app_public.membership_roles
    on membership_roles.organization_id = memberships.organization_id
   and membership_roles.membership_id = memberships.id
  join app_public.role_permissions
    on role_permissions.organization_id = membership_roles.organization_id
   and role_permissions.role_id = membership_roles.role_id
  where memberships.organization_id = my_permissions.organization_id
    and memberships.human_id = app_hidden.current_principal_id()
    and memberships.ended_at is null
  order by 1;
end;

comment on function app_public.my_permissions(uuid) is 'Names of the permissions the caller holds at this clinic.';
grant execute on function app_public.my_permissions(uuid) to app_member;
-- end of source: functions/identity/my_permissions.sql

-- source: functions/identity/revoke_caregiver.sql
-- The link ends: by the caregiver, by the person, or by the clinic. FND-07.
-- requires: functions/core/refuse.sql
-- requires: functions/core/now.sql
-- requires: functions/core/current_principal_id.sql
-- requires: functions/identity/has_permission.sql

set role app_engine;

create or replace function app_public.revoke_caregiver(caregiver_id uuid) returns app_public.caregivers
language plpgsql volatile strict security definer
set search_path = ''
as $$
declare
  v_caregiver app_public.caregivers;
begin
  update app_public.caregivers set revoked_at = app_hidden.now()
  where caregivers.id = caregiver_id
    and caregivers.revoked_at is null
    and (caregivers.human_id = app_hidden.current_principal_id()
         or exists (
           select from app_public.patient_profiles
           where patient_profiles.id = caregivers.patient_profile_id
             and patient_profiles.human_id = app_hidden.current_principal_id())
         or exists (
           select from app_public.patients
           where patients.patient_profile_id = caregivers.patient_profile_id
             and patients.deleted_at is null
             and app_hidden.has_permission(patients.organization_id, 'patients.manage')))
  returning * into v_caregiver;
  if not found then
    perform app_hidden.refuse('NOT_FOUND', 'caregiver_not_found', '{}', 'There is no such caregiver, or it is not yours to end.');
  end if;
  return v_caregiver;
end;
$$;

comment on function app_public.revoke_caregiver(uuid) is
  'Ends a caregiver link at once: by the caregiver, the person cared for, or staff with patients.manage.';
grant execute on function app_public.revoke_caregiver(uuid) to app_member;

reset role;
-- end of source: functions/identity/revoke_caregiver.sql

-- source: functions/identity/revoke_role.sql
-- A role is taken away again; the last owner keeps theirs. FND-04.
-- requires: functions/identity/require_permission.sql
-- requires: functions/identity/locked_membership.sql
-- requires: functions/identity/require_grantable.sql
-- requires: functions/identity/require_another_owner.sql

set role app_engine;

create or replace function app_public.revoke_role(membership_id uuid, role_id uuid) returns app_public.memberships
language plpgsql volatile strict security definer
set search_path = ''
as $$
declare
  v_membership app_public.memberships := app_private.locked_membership(membership_id);
begin
  perform app_private.require_permission(v_membership.organization_id, 'members.manage');
  perform app_private.require_grantable(
    v_membership.organization_id, app_private.permissions_of(v_membership.organization_id, revoke_role.role_id));
  if exists (
    select from app_public.roles
    where roles.organization_id = v_membership.organization_id
      and roles.id = revoke_role.role_id
      and roles.system_role_key = 'owner'
  ) then
    perform app_private.require_another_owner(v_membership.organization_id, v_membership.id);
  end if;

  delete from app_public.membership_roles
  where membership_roles.organization_id = v_membership.organization_id
    and membership_roles.membership_id = v_membership.id
    and membership_roles.role_id = revoke_role.role_id;
  if not found then
    perform app_hidden.refuse('NOT_FOUND', 'role_not_held', '{}', 'This member does not hold that role.');
  end if;
  return v_membership;
end;
$$;

comment on function app_public.revoke_role(uuid, uuid) is
  'Takes a role from a member. Needs members.manage and every permission of that role; STATE last_owner.';
grant execute on function app_public.revoke_role(uuid, uuid) to app_member;

reset role;
-- end of source: functions/identity/revoke_role.sql

-- source: functions/identity/sign_in.sql
-- The session check of every request: whom the verified token means, whether the session still stands, and
-- whether the person belongs to the clinic the request names. FND-03, FND-02, FND-04.
-- A first sign-in links the human with that verified email, or creates one.
-- requires: functions/core/refuse.sql
-- requires: functions/core/now.sql
-- requires: functions/identity/human_by_email.sql

set role app_engine;

create or replace function app_hidden.sign_in(
  issuer text,
  subject text,
  session_id text,
  email text,
  email_verified boolean,
  display_name text,
  locale text,
  organization_id uuid
) returns uuid
language plpgsql volatile security definer
set search_path = ''
as $$
declare
  v_principal_id uuid;
begin
  if exists (select from app_private.revoked_sessions where revoked_sessions.session_id = sign_in.session_id) then
    perform app_hidden.refuse('UNAUTHENTICATED', 'session_revoked', '{}', 'Sign in again.');
  end if;

  select identities.principal_id into v_principal_id
  from app_private.identities
  where identities.issuer = sign_in.issuer and identities.subject = sign_in.subject;

  if not found then
    v_principal_id := app_private.first_sign_in(issuer, subject, email, email_verified, display_name, locale);
  end if;

  if exists (select from app_public.principals where id = v_principal_id and disabled_at is not null) then
    perform app_hidden.refuse('UNAUTHENTICATED', 'account_disabled', '{}', 'This account is closed. Ask the clinic.');
  end if;

  if sign_in.organization_id is not null and not app_private.belongs_to(v_principal_id, sign_in.organization_id) then
    perform app_hidden.refuse(
      'FORBIDDEN', 'not_of_this_clinic', '{}', 'You are neither staff nor patient of the clinic in X-Organization.');
  end if;

  return v_principal_id;
end;
$$;

comment on function app_hidden.sign_in(text, text, text, text, boolean, text, text, uuid) is
  'The principal behind a verified token. Refuses with UNAUTHENTICATED (session_revoked, account_disabled, '
  'email_missing, email_not_verified) or FORBIDDEN (not_of_this_clinic).';
grant execute on function app_hidden.sign_in(text, text, text, text, boolean, text, text, uuid) to app_authenticator;

reset role;
-- end of source: functions/identity/sign_in.sql

-- source: functions/identity/tg_patient_profiles__caregivers.sql
-- A birth date that becomes known, or is corrected, sets the day on which a minor's caregivers end. FND-07.
-- Never later than before: caregivers edit the profile too, and may not lengthen their own link. Who was of age
-- when the link was made keeps a link without a date.
-- requires: functions/identity/caregiver_ends_on.sql

set role app_engine;

create or replace function app_private.tg_patient_profiles__caregivers() returns trigger
language plpgsql security definer
set search_path = ''
as $$
begin
  update app_public.caregivers set ends_on = app_private.caregiver_ends_on(new.birth_date)
  where caregivers.patient_profile_id = new.id
    and caregivers.revoked_at is null
    and app_private.caregiver_ends_on(new.birth_date) > (caregivers.created_at at time zone 'Europe/Bucharest')::date
    and (caregivers.ends_on is null or caregivers.ends_on > app_private.caregiver_ends_on(new.birth_date));
  return new;
end;
$$;

comment on function app_private.tg_patient_profiles__caregivers() is
  'Moves the end of caregiver links with the birth date, never to a later day. Trigger _500_caregivers.';

reset role;

create or replace trigger _500_caregivers after update of birth_date on app_public.patient_profiles
  for each row when (old.birth_date is distinct from new.birth_date)
  execute function app_private.tg_patient_profiles__caregivers();
-- end of source: functions/identity/tg_patient_profiles__caregivers.sql

-- source: functions/identity/tg_patient_profiles__own_account.sql
-- Below the age of consent to online services a person has no account of their own: a caregiver acts. FND-07.
-- requires: functions/core/refuse.sql
-- requires: functions/core/now.sql

set role app_engine;

create or replace function app_private.tg_patient_profiles__own_account() returns trigger
language plpgsql security definer
set search_path = ''
as $$
declare
  v_years int;
begin
  if new.human_id is null or new.birth_date is null then
    return new;
  end if;
  select legal_ages.years into strict v_years from app_private.legal_ages where legal_ages.rule = 'own_account';
  if new.birth_date + make_interval(years => v_years) > (app_hidden.now() at time zone 'Europe/Bucharest')::date then
    perform app_hidden.refuse(
      'VALIDATION', 'too_young_for_own_account', jsonb_build_object('field', 'birthDate', 'years', v_years),
      format('Under %s a caregiver acts for the patient: add one.', v_years));
  end if;
  return new;
end;
$$;

comment on function app_private.tg_patient_profiles__own_account() is
  'Refuses an own account below the age in legal_ages. Trigger _200_own_account.';

reset role;

create or replace trigger _200_own_account before insert or update of human_id, birth_date on app_public.patient_profiles
  for each row execute function app_private.tg_patient_profiles__own_account();
-- end of source: functions/identity/tg_patient_profiles__own_account.sql

-- source: functions/notify/appointment_facts.sql
-- What every message about a time says: which service, with whom, when and in which zone. FND-15.

set role app_engine;
create or replace function app_private.appointment_facts(
  organization_id uuid,
  calendar_id uuid,
  service_id uuid,
  specialist_id uuid,
  starts_at timestamptz,
  ends_at timestamptz,
  modality text,
  locale text
) returns jsonb
language sql stable security definer
set search_path = ''
as $$
  select jsonb_build_object(
    'serviceName', coalesce(services.translations #>> array[appointment_facts.locale, 'name'], services.name),
    'specialistName', concat_ws(' ', specialists.title, specialists.given_name, specialists.family_name),
    'startsAt', appointment_facts.starts_at,
    'endsAt', appointment_facts.ends_at,
    'timezone', calendars.timezone,
    'modality', coalesce(appointment_facts.modality, calendars.modality)
  )
  from app_public.calendars
  join app_public.services
    on services.organization_id = calendars.organization_id and services.id = appointment_facts.service_id
  join app_public.specialists
    on specialists.organization_id = calendars.organization_id and specialists.id = appointment_facts.specialist_id
  where calendars.organization_id = appointment_facts.organization_id
    and calendars.id = appointment_facts.calendar_id
$$;

comment on function app_private.appointment_facts(uuid, uuid, uuid, uuid, timestamptz, timestamptz, text, text) is
  'The variables that messages about a time share, names in the language of the reader.';

revoke all on function app_private.appointment_facts(uuid, uuid, uuid, uuid, timestamptz, timestamptz, text, text) from public;
reset role;
-- end of source: functions/notify/appointment_facts.sql

-- source: functions/notify/claim_message.sql
-- What a message needs to leave, read when it leaves; decides whether it may. FND-15.
-- requires: functions/core/now.sql

set role app_engine;
create or replace function app_private.claim_message(message_id uuid)
returns table (
  organization_id uuid,
  locale text,
  recipient_email text,
  recipient_name text,
  subject text,
  body text,
  data jsonb,
  calendar_status text,
  calendar_uid uuid,
  calendar_sequence int,
  created_at timestamptz,
  clinic_name text,
  clinic_email text,
  clinic_phone text,
  clinic_address text
)
language plpgsql volatile strict security definer rows 1
set search_path = ''
as $$
begin
  update app_private.messages
  set status = 'failed', failed_reason = 'suppressed'
  where messages.id = claim_message.message_id
    and messages.status = 'queued'
    and exists (
      select from app_private.suppressed_addresses
      where suppressed_addresses.address = lower(messages.recipient_email));

  return query
  with claimed as (
    update app_private.messages
    set attempts = messages.attempts + 1
    where messages.id = claim_message.message_id and messages.status = 'queued'
    returning messages.*
  )
  select
    claimed.organization_id, claimed.locale, claimed.recipient_email, claimed.recipient_name,
    message_templates.subject, message_templates.body, claimed.data, message_templates.calendar_status,
    claimed.calendar_uid, claimed.calendar_sequence, claimed.created_at,
    organizations.name, organizations.contact_email, organizations.contact_phone,
    nullif(concat_ws(', ', organizations.street, organizations.city), '')
  from claimed
  join app_private.message_templates
    on message_templates.key = claimed.template_key
    and message_templates.locale = claimed.locale
    and message_templates.version = claimed.template_version
  join app_public.organizations on organizations.id = claimed.organization_id;
end;
$$;

comment on function app_private.claim_message(uuid) is
  'The queued message with its template and sender; no row when it was sent, has failed or may not be sent.';

revoke all on function app_private.claim_message(uuid) from public;
grant execute on function app_private.claim_message(uuid) to app_worker;
reset role;
-- end of source: functions/notify/claim_message.sql

-- source: functions/notify/notify.sql
-- Queues one message to a person in the transaction of its cause. FND-15.
-- Telling the same person about the same event twice is the same message, so a consumer may be retried.
-- requires: functions/core/refuse.sql
-- requires: functions/core/now.sql
-- requires: policies/events/graphile_worker.sql

set role app_engine;
create or replace function app_private.notify(
  organization_id uuid,
  template_key text,
  recipient_email text,
  recipient_name text,
  locale text,
  data jsonb,
  event_id uuid default null,
  calendar_uid uuid default null
) returns uuid
language plpgsql volatile security definer
set search_path = ''
as $$
declare
  v_template app_private.message_templates;
  v_problem text;
  v_sequence int;
  v_id uuid;
begin
  select message_templates.* into v_template
  from app_private.message_templates
  where message_templates.key = notify.template_key and message_templates.locale = notify.locale
  order by message_templates.version desc
  limit 1;
  if not found then
    perform app_hidden.refuse('VALIDATION', 'message_template_unknown', jsonb_build_object(
      'template', notify.template_key, 'locale', notify.locale));
  end if;

  select coalesce(given.name, needed.name) into v_problem
  from jsonb_object_keys(notify.data) as given (name)
  full join unnest(v_template.variables) as needed (name) on given.name = needed.name
  where given.name is null or needed.name is null
  order by 1
  limit 1;
  if v_problem is not null then
    perform app_hidden.refuse('VALIDATION', 'message_variables_mismatch', jsonb_build_object(
      'template', notify.template_key, 'variable', v_problem));
  end if;

  if (v_template.calendar_status is null) <> (notify.calendar_uid is null) then
    perform app_hidden.refuse('VALIDATION', 'message_calendar_mismatch', jsonb_build_object(
      'template', notify.template_key));
  end if;
  if notify.calendar_uid is not null then
    select count(*) into v_sequence
    from app_private.messages
    where messages.organization_id = notify.organization_id
      and messages.calendar_uid = notify.calendar_uid
      and messages.recipient_email = notify.recipient_email;
  end if;

  insert into app_private.messages
    (organization_id, template_key, template_version, locale, recipient_email, recipient_name, data,
     event_id, calendar_uid, calendar_sequence, created_at)
  values
    (notify.organization_id, v_template.key, v_template.version, v_template.locale, notify.recipient_email,
     notify.recipient_name, notify.data, notify.event_id, notify.calendar_uid, v_sequence, app_hidden.now())
  on conflict on constraint messages_event_is_told_once do nothing
  returning id into v_id;

  if v_id is null then
    select messages.id into strict v_id
    from app_private.messages
    where messages.organization_id = notify.organization_id
      and messages.event_id = notify.event_id
      and messages.template_key = notify.template_key
      and messages.recipient_email = notify.recipient_email;
    return v_id;
  end if;

  -- Twelve attempts take about sixteen hours; after that a mail about a time helps nobody.
  perform graphile_worker.add_job(
    'deliver_email', json_build_object('messageId', v_id), job_key => 'email:' || v_id, max_attempts => 12);
  return v_id;
end;
$$;

comment on function app_private.notify(uuid, text, text, text, text, jsonb, uuid, uuid) is
  'Queues a message from a template. An unknown template, a missing or an unknown variable is refused; the same '
  'event, template and recipient give the same message.';

revoke all on function app_private.notify(uuid, text, text, text, text, jsonb, uuid, uuid) from public;
reset role;
-- end of source: functions/notify/notify.sql

-- source: functions/notify/consume_notifications.sql
-- The consumer "notifications": who is written to about which event. FND-01, FND-15, APT-08, APT-09.
-- An appointment that grew out of a request keeps the request's calendar entry, so the guest's calendar
-- turns the tentative entry into the confirmed one instead of showing two.
-- requires: functions/notify/appointment_facts.sql
-- requires: functions/notify/notify.sql

set role app_engine;
create or replace function app_private.consume_notifications(event_id uuid) returns void
language plpgsql volatile strict security definer
set search_path = ''
as $$
declare
  v_event app_private.events;
  v_clinic app_public.organizations;
  v_request app_public.booking_requests;
  v_appointment app_public.appointments;
  v_facts jsonb;
begin
  select events.* into strict v_event
  from app_private.events
  where events.id = consume_notifications.event_id;

  select organizations.* into strict v_clinic
  from app_public.organizations
  where organizations.id = v_event.organization_id;

  if v_event.name = 'organization.activated' then
    perform app_private.notify(
      v_event.organization_id, 'organization_activated', humans.email, humans.display_name, humans.locale,
      jsonb_build_object('clinicSlug', v_clinic.slug), v_event.id)
    from app_public.memberships
    join app_public.membership_roles
      on membership_roles.organization_id = memberships.organization_id and membership_roles.membership_id = memberships.id
    join app_public.roles
      on roles.organization_id = membership_roles.organization_id and roles.id = membership_roles.role_id
    join app_public.humans on humans.principal_id = memberships.human_id
    where memberships.organization_id = v_event.organization_id
      and memberships.ended_at is null
      and roles.system_role_key = 'owner';

  elsif v_event.subject_type = 'booking_request' then
    select booking_requests.* into strict v_request
    from app_public.booking_requests
    where booking_requests.organization_id = v_event.organization_id
      and booking_requests.id = v_event.subject_id;

    v_facts := app_private.appointment_facts(
      v_event.organization_id, v_request.calendar_id, v_request.service_id, v_request.specialist_id,
      v_request.starts_at, v_request.ends_at, null, v_request.locale);

    perform app_private.notify(
      v_event.organization_id,
      replace(v_event.name, '.', '_'),
      v_request.email,
      v_request.given_name || ' ' || v_request.family_name,
      v_request.locale,
      v_facts || case v_event.name
        when 'booking_request.received' then jsonb_build_object('respondBy', v_request.respond_by)
        when 'booking_request.rejected' then jsonb_build_object('reason', v_request.rejection_reason)
        else '{}'
      end,
      v_event.id,
      v_request.id);

    if v_event.name = 'booking_request.received' and v_clinic.contact_email is not null then
      perform app_private.notify(
        v_event.organization_id,
        'booking_request_to_review',
        v_clinic.contact_email,
        v_clinic.name,
        v_clinic.locale,
        app_private.appointment_facts(
          v_event.organization_id, v_request.calendar_id, v_request.service_id, v_request.specialist_id,
          v_request.starts_at, v_request.ends_at, null, v_clinic.locale)
        || jsonb_build_object(
          'respondBy', v_request.respond_by,
          'guestName', v_request.given_name || ' ' || v_request.family_name),
        v_event.id);
    end if;

  elsif v_event.subject_type = 'appointment' then
    select appointments.* into strict v_appointment
    from app_public.appointments
    where appointments.organization_id = v_event.organization_id
      and appointments.id = v_event.subject_id;

    -- Nobody to write to, or the guest was told with the answer to the request.
    if v_appointment.contact_email is null
      or (v_event.name = 'appointment.booked' and v_appointment.booking_request_id is not null) then
      return;
    end if;

    perform app_private.notify(
      v_event.organization_id,
      replace(v_event.name, '.', '_'),
      v_appointment.contact_email,
      v_appointment.contact_name,
      v_appointment.locale,
      app_private.appointment_facts(
        v_event.organization_id, v_appointment.calendar_id, v_appointment.service_id, v_appointment.specialist_id,
        v_appointment.starts_at, v_appointment.ends_at, v_appointment.modality, v_appointment.locale)
      || case v_event.name
        when 'appointment.cancelled' then jsonb_build_object('reason', v_appointment.cancellation_reason)
        else '{}'
      end,
      v_event.id,
      coalesce(v_appointment.booking_request_id, v_appointment.id));
  end if;
end;
$$;

comment on function app_private.consume_notifications(uuid) is
  'Queues the messages that an event calls for: to the guest, to the patient, to the clinic.';

revoke all on function app_private.consume_notifications(uuid) from public;
grant execute on function app_private.consume_notifications(uuid) to app_worker;
reset role;
-- end of source: functions/notify/consume_notifications.sql

-- source: functions/notify/record_message_accepted.sql
-- The vendor took the message. FND-15.
-- requires: functions/core/now.sql

set role app_engine;
create or replace function app_private.record_message_accepted(message_id uuid, vendor_id text) returns void
language sql volatile strict security definer
set search_path = ''
as $$
  update app_private.messages
  set status = 'sent', sent_at = app_hidden.now(), vendor_id = record_message_accepted.vendor_id
  where messages.id = record_message_accepted.message_id and messages.status = 'queued'
$$;

comment on function app_private.record_message_accepted(uuid, text) is 'Marks a message as sent, with the vendor''s id for it.';

revoke all on function app_private.record_message_accepted(uuid, text) from public;
grant execute on function app_private.record_message_accepted(uuid, text) to app_worker;
reset role;
-- end of source: functions/notify/record_message_accepted.sql

-- source: functions/notify/record_message_refused.sql
-- The vendor will never take the message. FND-15.
-- requires: functions/core/now.sql

set role app_engine;
create or replace function app_private.record_message_refused(
  message_id uuid,
  reason text,
  address_is_dead boolean
) returns void
language sql volatile strict security definer
set search_path = ''
as $$
  with refused as (
    update app_private.messages
    set status = 'failed', failed_reason = left(record_message_refused.reason, 500)
    where messages.id = record_message_refused.message_id and messages.status = 'queued'
    returning messages.recipient_email
  )
  insert into app_private.suppressed_addresses (address, reason, since)
  select lower(refused.recipient_email), 'bounce', app_hidden.now()
  from refused
  where record_message_refused.address_is_dead
  on conflict (address) do nothing
$$;

comment on function app_private.record_message_refused(uuid, text, boolean) is
  'Marks a message as failed for good; an address that does not exist is not written to again.';

revoke all on function app_private.record_message_refused(uuid, text, boolean) from public;
grant execute on function app_private.record_message_refused(uuid, text, boolean) to app_worker;
reset role;
-- end of source: functions/notify/record_message_refused.sql

-- source: functions/scheduling/assignment_order.sql
-- Whose turn it is in a calendar. Round robin: who was assigned least, then who waited longest (never comes first),
-- then by id; priority: the same inside each tier. SCH-02, SCH-04.
-- Counters move when a booking is counted. What is held or requested but not counted yet weighs in, or visitors who
-- fill their forms at the same time would all be given the same specialist.
-- Plain SQL, so that PostgreSQL inlines it.
-- requires: functions/core/now.sql

create or replace function app_private.assignment_order(calendar_id uuid)
returns table (specialist_id uuid, turn bigint)
language sql stable
begin atomic
  select standing.specialist_id,
    row_number() over (
      order by standing.tier, standing.assigned, standing.last_assigned_at nulls first, standing.specialist_id)
  from (
    select
      cs.specialist_id,
      case when c.assignment_strategy = 'priority' then cs.priority else 1 end as tier,
      coalesce(t.assigned_count, 0) + pending.claims as assigned,
      greatest(t.last_assigned_at, pending.last_made_at) as last_assigned_at
    from app_public.calendars as c
    join app_public.calendar_specialists as cs
      on cs.organization_id = c.organization_id and cs.calendar_id = c.id
    left join app_private.specialist_assignment_tracking as t
      on t.organization_id = c.organization_id and t.calendar_id = c.id and t.specialist_id = cs.specialist_id
    cross join lateral (
      select count(*) as claims, max(tc.created_at) as last_made_at
      from app_private.time_claims as tc
      where tc.organization_id = c.organization_id and tc.calendar_id = c.id and tc.specialist_id = cs.specialist_id
        and tc.kind in ('hold', 'request') and tc.released_at is null and tc.counted_at is null
        and (tc.expires_at is null or tc.expires_at > (select app_hidden.now()))
    ) as pending
    where c.id = assignment_order.calendar_id
  ) as standing;
end;

comment on function app_private.assignment_order(uuid) is
  'The specialists of a calendar, whose turn it is first, whether or not they are free.';

grant execute on function app_private.assignment_order(uuid) to app_engine;
-- end of source: functions/scheduling/assignment_order.sql

-- source: functions/scheduling/is_staff_of.sql
-- Staff of the clinic see further and are not limited like visitors. SCH-05, SCH-06.
-- requires: functions/identity/current_staff_organization_ids.sql

create or replace function app_private.is_staff_of(organization_id uuid) returns boolean
language sql stable
set search_path = ''
return is_staff_of.organization_id = any (app_hidden.current_staff_organization_ids());

comment on function app_private.is_staff_of(uuid) is 'Whether the caller works at this clinic.';

grant execute on function app_private.is_staff_of(uuid) to app_engine;
-- end of source: functions/scheduling/is_staff_of.sql

-- source: functions/scheduling/require_choice.sql
-- Who may name a specialist: the visitor where the calendar lets them pick, staff always. Elsewhere the clinic
-- assigns, and an answer per specialist would tell who is away. SCH-02, SCH-04.
-- requires: functions/core/refuse.sql
-- requires: functions/scheduling/is_staff_of.sql

create or replace function app_private.require_choice(
  calendar app_public.calendars,
  specialist_id uuid
) returns void
language plpgsql stable
set search_path = ''
as $$
begin
  if specialist_id is null then
    return;
  end if;

  if calendar.assignment_strategy <> 'specific' and not app_private.is_staff_of(calendar.organization_id) then
    perform app_hidden.refuse(
      'VALIDATION', 'specialist_is_assigned',
      jsonb_build_object('rule', 'specialist_is_assigned', 'field', 'specialistId'),
      'The clinic assigns the specialist here; ask without naming one.');
  end if;

  if not exists (
    select
    from app_public.calendar_specialists as cs
    join app_public.service_specialists as ss
      on ss.organization_id = cs.organization_id and ss.specialist_id = cs.specialist_id
     and ss.service_id = calendar.service_id
    join app_public.specialists as sp
      on sp.organization_id = cs.organization_id and sp.id = cs.specialist_id
     and sp.scheduling_active and sp.deleted_at is null
    where cs.organization_id = calendar.organization_id
      and cs.calendar_id = calendar.id
      and cs.specialist_id = require_choice.specialist_id
  ) then
    perform app_hidden.refuse(
      'VALIDATION', 'unknown_specialist',
      jsonb_build_object('rule', 'unknown_specialist', 'field', 'specialistId'),
      'This specialist cannot be booked in this calendar.');
  end if;
end;
$$;

comment on function app_private.require_choice(app_public.calendars, uuid) is
  'Refuses a specialist whom the caller may not pick, or who cannot be booked in this calendar.';

grant execute on function app_private.require_choice(app_public.calendars, uuid) to app_engine;
-- end of source: functions/scheduling/require_choice.sql

-- source: functions/scheduling/require_window.sql
-- A window that is asked for has two ends, in order, and an affordable length: 62 days for everybody, 400 for staff.
-- SCH-05.
-- requires: functions/core/refuse.sql
-- requires: functions/scheduling/is_staff_of.sql

create or replace function app_private.require_window(
  organization_id uuid,
  "from" timestamptz,
  "to" timestamptz
) returns void
language plpgsql stable
set search_path = ''
as $$
declare
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
  end if;

  -- Compared as a difference of seconds, because adding days depends on the session's time zone.
  if "to" - "from" > interval '62 days' then
    v_days := case when app_private.is_staff_of(organization_id) then 400 else 62 end;
    if "to" - "from" > make_interval(days => v_days) then
      perform app_hidden.refuse(
        'VALIDATION', 'window_too_long',
        jsonb_build_object('rule', 'window_too_long', 'maxDays', v_days),
        format('Ask for at most %s days at a time.', v_days));
    end if;
  end if;
end;
$$;

comment on function app_private.require_window(uuid, timestamptz, timestamptz) is
  'Refuses a window of time that is incomplete, infinite, inverted or too long.';

grant execute on function app_private.require_window(uuid, timestamptz, timestamptz) to app_engine;
-- end of source: functions/scheduling/require_window.sql

-- source: functions/scheduling/grid.sql
-- Where the grid of starts counts from. A window's grid counts from its start, whatever is asked, booked or closed.
-- Hours around the clock have no start: there the grid begins anew on the first Monday after a week without a gap,
-- and on every Monday after. So a start is on the grid or not, and no query can see it otherwise. SCH-05.
-- Plain SQL, so that PostgreSQL inlines it.

create or replace function app_private.grid(open tstzrange, timezone text)
returns table (anchor timestamptz, until timestamptz)
language sql immutable
begin atomic
  select lower(grid.open), upper(grid.open)
  where upper(grid.open) - lower(grid.open) <= interval '168 hours'
  union all
  select part.anchor, part.until
  from (
    select date_trunc('week', (lower(grid.open) + interval '168 hours') at time zone grid.timezone
                              - interval '1 microsecond') + interval '7 days' as monday
    where upper(grid.open) - lower(grid.open) > interval '168 hours'
  ) as first
  cross join lateral generate_series(
    0, ((upper(grid.open) at time zone grid.timezone)::date - first.monday::date) / 7 + 1
  ) as week
  cross join lateral (
    select
      case week when 0 then lower(grid.open)
        else (first.monday + (week - 1) * interval '7 days') at time zone grid.timezone
      end as anchor,
      least(upper(grid.open), (first.monday + week * interval '7 days') at time zone grid.timezone) as until
  ) as part
  where part.anchor < part.until;
end;

comment on function app_private.grid(tstzrange, text) is
  'The stretches of an open window within which starts are counted from anchor: one, unless it is longer than a week.';

grant execute on function app_private.grid(tstzrange, text) to app_engine;
-- end of source: functions/scheduling/grid.sql

-- source: functions/scheduling/starts_within.sql
-- The starts of one specialist's timetable in [from, to): on the grid of their window, with the slot ending before the
-- window does, and not ruled out by a closing or a claim. SCH-05.
-- Plain SQL, so that PostgreSQL inlines it.
-- requires: functions/scheduling/grid.sql

create or replace function app_private.starts_within(
  windows tstzmultirange,
  timezone text,
  step interval,
  duration interval,
  ruled_out tstzmultirange,
  "from" timestamptz,
  "to" timestamptz
) returns setof timestamptz
language sql stable
begin atomic
  select grid.start
  from (
    -- Sets in the select list are streamed; in `from` each would be stored first, at twice the cost.
    select generate_series(
      -- The first instant of the grid that is not before `from`.
      greatest(g.anchor,
               date_bin(starts_within.step, starts_within."from" + starts_within.step - interval '1 microsecond', g.anchor)),
      least(g.until - interval '1 microsecond',
            upper(w.open) - starts_within.duration,
            starts_within."to" - interval '1 microsecond'),
      starts_within.step) as start
    from (select unnest(starts_within.windows) as open) as w
    cross join lateral app_private.grid(w.open, starts_within.timezone) as g
    where upper(w.open) > starts_within."from"
      and lower(w.open) < starts_within."to"
  ) as grid
  where not starts_within.ruled_out @> grid.start;
end;

comment on function app_private.starts_within(
  tstzmultirange, text, interval, interval, tstzmultirange, timestamptz, timestamptz) is
  'The free starts of one timetable in [from, to).';

grant execute on function app_private.starts_within(
  tstzmultirange, text, interval, interval, tstzmultirange, timestamptz, timestamptz) to app_engine;
-- end of source: functions/scheduling/starts_within.sql

-- source: functions/scheduling/timetables.sql
-- Everything about time that a calendar's specialists bring to a window of instants, one row each: when they are
-- open, and which starts closings and claims rule out. The listing, the hold, the booking and the explanation all
-- read this, so they cannot disagree. SCH-01, SCH-02, SCH-03, SCH-05.
-- Plain SQL without settings of its own, so that PostgreSQL inlines it into its callers.
-- requires: functions/core/now.sql

create or replace function app_private.timetables(
  calendar_id uuid,
  "from" timestamptz,
  "to" timestamptz,
  specialist_id uuid,
  within_bounds boolean
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
      clock.now + make_interval(mins => c.notice_minutes) as bookable_from,
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
      make_interval(mins => coalesce(cs.duration_minutes, calendar.duration_minutes)) as duration,
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
  overrides as materialized (
    select k.id, k.timezone, o.kind, o.starts_on, o.ends_on, o.starts, o.ends
    from candidates as k
    cross join calendar
    join app_public.specialist_schedule_overrides as o
      on o.organization_id = calendar.organization_id and o.specialist_id = k.id
     and o.starts_on <= (calendar.latest at time zone 'UTC')::date + 3
     and o.ends_on >= (calendar.earliest at time zone 'UTC')::date - 17
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
  days as materialized (
    select span.first_day + n as date, extract(isodow from span.first_day + n)::int as weekday
    from span
    cross join lateral generate_series(0, span.last_day - span.first_day) as n
  ),
  override_days as materialized (
    select o.id, o.kind, days.date,
      (days.date + o.starts) at time zone o.timezone as opens,
      (days.date + case when o.ends <= o.starts then 1 else 0 end + o.ends) at time zone o.timezone as closes
    from overrides as o
    join days on days.date between o.starts_on and o.ends_on
    where o.starts is not null
  ),
  -- Materialized, or the conversions to UTC would be done again for the comparison below.
  openings as materialized (
    select h.id,
      (days.date + h.starts) at time zone h.timezone as opens,
      (days.date + case when h.ends <= h.starts then 1 else 0 end + h.ends) at time zone h.timezone as closes
    from hours as h
    join days on days.weekday = h.weekday
    -- `not in` rather than `not exists`: it is hashed whatever the planner guesses about the number of overrides.
    where (h.id, days.date) not in (select o.id, o.date from override_days as o where o.kind = 'replace')
    union all
    select o.id, o.opens, o.closes from override_days as o where o.kind in ('replace', 'extra')
  ),
  -- Hours that fall into the gap of a spring night end at or before they start: no time, and no error.
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
      and (tc.expires_at is null or tc.expires_at > calendar.now)
  ) as t;
end;

comment on function app_private.timetables(uuid, timestamptz, timestamptz, uuid, boolean) is
  'Who can be booked in a calendar and when: open windows, and the starts that closings and claims rule out. '
  'within_bounds narrows the window by notice and horizon.';

grant execute on function app_private.timetables(uuid, timestamptz, timestamptz, uuid, boolean) to app_engine;
-- end of source: functions/scheduling/timetables.sql

-- source: functions/scheduling/visible_calendar.sql
-- Which calendars a caller may ask about: everybody the public ones of open clinics, staff all of their own clinic.
-- Whatever is not theirs to see is the same "not found" as what does not exist. SCH-02, APT-05.
-- requires: functions/core/refuse.sql
-- requires: functions/scheduling/is_staff_of.sql

create or replace function app_private.visible_calendar(calendar_id uuid) returns app_public.calendars
language plpgsql stable
set search_path = ''
as $$
declare
  v_calendar app_public.calendars;
begin
  select c.* into v_calendar
  from app_public.calendars as c
  join app_public.organizations as o on o.id = c.organization_id and o.deleted_at is null
  join app_public.services as s on s.organization_id = c.organization_id and s.id = c.service_id
  where c.id = visible_calendar.calendar_id
    and c.is_active and c.deleted_at is null
    and s.is_active and s.deleted_at is null
    and ((c.is_public and o.activated_at is not null) or app_private.is_staff_of(c.organization_id));

  if not found then
    perform app_hidden.refuse(
      'NOT_FOUND', 'calendar_not_found', '{}', 'There is no such calendar, or it is not open for booking.');
  end if;
  return v_calendar;
end;
$$;

comment on function app_private.visible_calendar(uuid) is
  'The calendar, when it is active and the caller may see it; else NOT_FOUND.';

grant execute on function app_private.visible_calendar(uuid) to app_engine;
-- end of source: functions/scheduling/visible_calendar.sql

-- source: functions/scheduling/available_days.sql
-- Which days of a month picker can be clicked. SCH-05.
-- requires: functions/scheduling/visible_calendar.sql
-- requires: functions/scheduling/require_window.sql
-- requires: functions/scheduling/require_choice.sql
-- requires: functions/scheduling/timetables.sql
-- requires: functions/scheduling/starts_within.sql

set role app_engine;

create or replace function app_public.available_days(
  calendar_id uuid,
  "from" date,
  "to" date,
  specialist_id uuid default null
) returns setof date
language plpgsql stable security definer
set search_path = ''
set plan_cache_mode = force_generic_plan
as $$
declare
  v_calendar app_public.calendars;
  v_from timestamptz;
  v_to timestamptz;
begin
  v_calendar := app_private.visible_calendar(available_days.calendar_id);
  -- Days are counted as days: an autumn month is an hour longer than its days times 24.
  perform app_private.require_window(
    v_calendar.organization_id, "from"::timestamp at time zone 'UTC', "to"::timestamp at time zone 'UTC');
  perform app_private.require_choice(v_calendar, available_days.specialist_id);
  v_from := "from"::timestamp at time zone v_calendar.timezone;
  v_to := "to"::timestamp at time zone v_calendar.timezone;

  -- One slot makes a day: the rest of it is not looked at.
  return query
    with timetables as materialized (
      select t.*
      from app_private.timetables(available_days.calendar_id, v_from, v_to, available_days.specialist_id, true) as t
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

comment on function app_public.available_days(uuid, date, date, uuid) is
  E'@longestPage 400\n'
  'Days in [from, to), in the calendar''s zone, on which at least one time can be booked; at most 62 days at a time.';

grant execute on function app_public.available_days(uuid, date, date, uuid) to app_anonymous, app_member;

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
  specialist_id uuid default null
) returns setof app_private.free_start
language sql stable
begin atomic
  with timetables as materialized (
    select t.*
    from app_private.timetables(
      free_starts.calendar_id, free_starts."from", free_starts."to", free_starts.specialist_id, true) as t
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

comment on function app_private.free_starts(uuid, timestamptz, timestamptz, uuid) is
  'Every start in a window at which a specialist of the calendar can be booked, within notice and horizon.';

grant execute on function app_private.free_starts(uuid, timestamptz, timestamptz, uuid) to app_engine;
-- end of source: functions/scheduling/free_starts.sql

-- source: functions/scheduling/local_time.sql
-- An instant as the clocks of a zone show it, offset included: what a person reads, and what no client can get
-- wrong on the night the clocks change. SCH-05.
-- One expression, so that PostgreSQL inlines it.

create or replace function app_private.local_time(at timestamptz, timezone text) returns text
language sql stable
return to_char(local_time.at at time zone local_time.timezone, 'YYYY-MM-DD"T"HH24:MI:SS')
  || case when local_time.at at time zone local_time.timezone < local_time.at at time zone 'UTC' then '-' else '+' end
  || to_char(
       greatest((local_time.at at time zone local_time.timezone) - (local_time.at at time zone 'UTC'),
                (local_time.at at time zone 'UTC') - (local_time.at at time zone local_time.timezone)),
       'HH24:MI');

comment on function app_private.local_time(timestamptz, text) is
  'ISO 8601 with the offset of the zone at that instant: 2027-03-29T09:00:00+03:00.';

grant execute on function app_private.local_time(timestamptz, text) to app_engine;
-- end of source: functions/scheduling/local_time.sql

-- source: functions/scheduling/available_slots.sql
-- The times a visitor can choose from. SCH-05, APT-05.
-- It answers with starts, never with claims: who else is booked, and with whom, does not leave the database.
-- requires: functions/scheduling/visible_calendar.sql
-- requires: functions/scheduling/require_window.sql
-- requires: functions/scheduling/require_choice.sql
-- requires: functions/scheduling/free_starts.sql
-- requires: functions/scheduling/local_time.sql

set role app_engine;

create or replace function app_public.available_slots(
  calendar_id uuid,
  "from" timestamptz,
  "to" timestamptz,
  specialist_id uuid default null
) returns setof app_public.slot
language plpgsql stable security definer
set search_path = ''
-- Planned once per connection: planning again costs more than running.
set plan_cache_mode = force_generic_plan
as $$
declare
  v_calendar app_public.calendars;
begin
  v_calendar := app_private.visible_calendar(available_slots.calendar_id);
  perform app_private.require_window(v_calendar.organization_id, "from", "to");
  perform app_private.require_choice(v_calendar, available_slots.specialist_id);

  if v_calendar.assignment_strategy = 'specific' then
    return query
      select slot.starts_at, slot.ends_at, app_private.local_time(slot.starts_at, v_calendar.timezone),
        slot.specialist_ids
      from (
        select f.starts_at, f.ends_at, array_agg(f.specialist_id order by f.specialist_id) as specialist_ids
        from app_private.free_starts(
          available_slots.calendar_id, "from", "to", available_slots.specialist_id) as f
        group by f.starts_at, f.ends_at
      ) as slot
      order by slot.starts_at, slot.ends_at;
  else
    return query
      select slot.starts_at, slot.ends_at, app_private.local_time(slot.starts_at, v_calendar.timezone), '{}'::uuid[]
      from (
        select distinct f.starts_at, f.ends_at
        from app_private.free_starts(
          available_slots.calendar_id, "from", "to", available_slots.specialist_id) as f
      ) as slot
      order by slot.starts_at, slot.ends_at;
  end if;
end;
$$;

comment on function app_public.available_slots(uuid, timestamptz, timestamptz, uuid) is
  E'@longestPage 2000\n'
  'Bookable times of a calendar that start in [from, to), earliest first; at most 62 days at a time. '
  'specialistId narrows to one specialist, where the visitor picks the specialist.';

grant execute on function app_public.available_slots(uuid, timestamptz, timestamptz, uuid) to app_anonymous, app_member;

reset role;
-- end of source: functions/scheduling/available_slots.sql

-- source: functions/scheduling/refuse_taken.sql
-- The one way to say that somebody was faster. SCH-06.
-- requires: functions/core/refuse.sql

create or replace function app_private.refuse_taken(calendar_id uuid, starts_at timestamptz) returns void
language sql stable
set search_path = ''
as $$
  select app_hidden.refuse(
    'SLOT_TAKEN', 'slot_taken',
    jsonb_build_object('calendarId', refuse_taken.calendar_id, 'startsAt', refuse_taken.starts_at),
    'Somebody else has just taken this time. Choose another.');
$$;

comment on function app_private.refuse_taken(uuid, timestamptz) is 'Refuses with SLOT_TAKEN.';

grant execute on function app_private.refuse_taken(uuid, timestamptz) to app_engine;
-- end of source: functions/scheduling/refuse_taken.sql

-- source: functions/scheduling/verdicts.sql
-- What the rules say about one start, specialist by specialist: null where it can be booked, else the first rule that
-- forbids it. Reads the same timetables as the listing; a property test holds the two together. SCH-05, SCH-06.
-- Plain SQL without settings of its own, so that PostgreSQL inlines it into its callers.
-- requires: functions/scheduling/timetables.sql
-- requires: functions/scheduling/grid.sql

create or replace function app_private.verdicts(
  calendar_id uuid,
  starts_at timestamptz,
  specialist_id uuid default null
) returns setof app_private.verdict
language sql stable
begin atomic
  select
    t.specialist_id,
    verdicts.starts_at,
    verdicts.starts_at + t.duration,
    tstzrange(verdicts.starts_at - t.before, verdicts.starts_at + t.duration + t.after),
    case
      when verdicts.starts_at < t.now then 'in_the_past'
      when verdicts.starts_at < t.bookable_from then 'inside_notice'
      when verdicts.starts_at >= t.bookable_until then 'beyond_horizon'
      when not t.windows @> tstzrange(verdicts.starts_at, verdicts.starts_at + t.duration) then 'outside_hours'
      when t.closed @> verdicts.starts_at then 'closed'
      when not exists (
        select
        from unnest(t.windows) as w (open)
        cross join lateral app_private.grid(w.open, t.timezone) as g
        where g.anchor <= verdicts.starts_at and verdicts.starts_at < g.until
          and date_bin(t.step, verdicts.starts_at, g.anchor) = verdicts.starts_at
      ) then 'off_the_grid'
      when t.taken @> verdicts.starts_at then 'taken'
    end
  from app_private.timetables(
    verdicts.calendar_id, verdicts.starts_at, verdicts.starts_at + interval '1 microsecond', verdicts.specialist_id,
    false) as t;
end;

comment on function app_private.verdicts(uuid, timestamptz, uuid) is
  'For each specialist of a calendar, the rule that keeps a start from being booked; null where nothing does.';

grant execute on function app_private.verdicts(uuid, timestamptz, uuid) to app_engine;
-- end of source: functions/scheduling/verdicts.sql

-- source: functions/scheduling/bookable.sql
-- The one predicate that hold and book share: who can be booked at this start. It reads what the listing reads, so a
-- hold succeeds exactly when its start is listed. SCH-05, SCH-06.
-- override is for staff, who give a reason that the caller records: it sets notice, horizon, hours, closings and the
-- grid aside, never the past and never another claim.
-- requires: functions/core/refuse.sql
-- requires: functions/scheduling/verdicts.sql
-- requires: functions/scheduling/refuse_taken.sql

create or replace function app_private.bookable(
  calendar_id uuid,
  starts_at timestamptz,
  specialist_id uuid default null,
  override boolean default false
) returns app_private.free_start[]
language plpgsql stable
set search_path = ''
-- Planned once per connection: planning again costs more than running.
set plan_cache_mode = force_generic_plan
as $$
declare
  -- Of several specialists the rule that came closest is told: who is merely taken says more than who is off.
  c_closest constant text[] := array[
    'taken', 'off_the_grid', 'closed', 'outside_hours', 'beyond_horizon', 'inside_notice', 'in_the_past'];
  v_free app_private.free_start[];
  v_rule text;
begin
  if bookable.starts_at is null or not isfinite(bookable.starts_at) then
    perform app_hidden.refuse(
      'VALIDATION', 'start_invalid', jsonb_build_object('rule', 'start_invalid', 'field', 'startsAt'),
      'Say which time.');
  end if;

  select
    array_agg((v.specialist_id, v.starts_at, v.ends_at, v.blocked)::app_private.free_start)
      filter (where v.rule is null or override and v.rule not in ('in_the_past', 'taken')),
    (array_agg(v.rule order by array_position(c_closest, v.rule)))[1]
  into v_free, v_rule
  from app_private.verdicts(bookable.calendar_id, bookable.starts_at, bookable.specialist_id) as v;

  if v_free is not null then
    return v_free;
  elsif v_rule = 'taken' then
    perform app_private.refuse_taken(bookable.calendar_id, bookable.starts_at);
  end if;
  v_rule := coalesce(v_rule, 'no_specialist');
  perform app_hidden.refuse(
    'VALIDATION', v_rule,
    jsonb_build_object('rule', v_rule, 'calendarId', bookable.calendar_id, 'startsAt', bookable.starts_at),
    case v_rule
      when 'in_the_past' then 'This time has passed.'
      when 'inside_notice' then 'This time is too soon to book.'
      when 'beyond_horizon' then 'This time is too far ahead to book.'
      when 'outside_hours' then 'Nobody works at this time.'
      when 'closed' then 'This time is closed.'
      when 'off_the_grid' then 'Appointments do not start at this time.'
      else 'Nobody can be booked in this calendar.'
    end);
end;
$$;

comment on function app_private.bookable(uuid, timestamptz, uuid, boolean) is
  'Who can be booked at a start. Nobody: SLOT_TAKEN, or VALIDATION naming the rule.';

grant execute on function app_private.bookable(uuid, timestamptz, uuid, boolean) to app_engine;
-- end of source: functions/scheduling/bookable.sql

-- source: functions/scheduling/lock_specialist_days.sql
-- Whoever is about to take or free time of specialists first locks the days it touches: always all at once and in
-- the same order, so that nobody waits in a circle. Days are UTC dates; two spans that overlap share one. SCH-06.

create or replace function app_private.lock_specialist_days(spans app_private.free_start[]) returns void
language plpgsql volatile
set search_path = ''
as $$
declare
  v_key bigint;
begin
  for v_key in
    select distinct hashtextextended(
      span.specialist_id || ' ' || (lower(span.blocked) at time zone 'UTC')::date + n, 0) as key
    from unnest(spans) as span
    cross join lateral generate_series(
      0, (upper(span.blocked) at time zone 'UTC')::date - (lower(span.blocked) at time zone 'UTC')::date) as n
    order by key
  loop
    perform pg_advisory_xact_lock(v_key);
  end loop;
end;
$$;

comment on function app_private.lock_specialist_days(app_private.free_start[]) is
  'Locks the days that these spans block for their specialists, until the transaction ends.';

grant execute on function app_private.lock_specialist_days(app_private.free_start[]) to app_engine;
-- end of source: functions/scheduling/lock_specialist_days.sql

-- source: functions/scheduling/place_claim.sql
-- Takes a specialist's time, for a hold and for a booking alike. SCH-04, SCH-06.
-- Nothing here checks for a free slot and then trusts it: the exclusion constraint decides, and "no row came back"
-- means taken, so the next specialist is tried. Locks come in one order everywhere (calendar, then specialist-days),
-- so nobody waits in a circle: 50 visitors on one slot end in one winner and 49 refusals.
-- requires: functions/core/now.sql
-- requires: functions/core/refuse.sql
-- requires: functions/scheduling/assignment_order.sql
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
  if place_claim.specialist_id is null
    and calendar.assignment_strategy = 'specific' and not calendar.allows_any_specialist then
    perform app_hidden.refuse(
      'VALIDATION', 'specialist_required',
      jsonb_build_object('rule', 'specialist_required', 'field', 'specialistId'),
      'Choose a specialist.');
  end if;

  -- Asked before any lock, so that whoever comes too late is told at once. What changes from here on is only who is
  -- taken, and that the constraint decides.
  v_free := app_private.bookable(calendar.id, place_claim.starts_at, place_claim.specialist_id, override);

  if cardinality(v_free) > 1 then
    -- Turns are read and taken one at a time, or two who book at once would both take the same turn.
    perform pg_advisory_xact_lock(hashtextextended('assignment:' || calendar.id, 0));
    v_free := array(
      select f
      from unnest(v_free) as f
      join app_private.assignment_order(calendar.id) as o on o.specialist_id = f.specialist_id
      order by o.turn);
  end if;

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
-- The caller has checked permission, and records the reason for an override.
-- requires: functions/core/refuse.sql
-- requires: functions/core/current_principal_id.sql
-- requires: functions/scheduling/visible_calendar.sql
-- requires: functions/scheduling/require_choice.sql
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

-- source: functions/scheduling/explain_availability.sql
-- "Why can nobody book me on Tuesday?" answered for the front desk. SCH-05.
-- requires: functions/core/refuse.sql
-- requires: functions/scheduling/is_staff_of.sql
-- requires: functions/scheduling/verdicts.sql

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
  v_service app_public.services;
begin
  select c.* into v_calendar
  from app_public.calendars as c
  where c.id = explain_availability.calendar_id and c.deleted_at is null
    and app_private.is_staff_of(c.organization_id);
  if not found then
    perform app_hidden.refuse('NOT_FOUND', 'calendar_not_found', '{}', 'There is no such calendar at your clinic.');
  end if;
  if at is null or not isfinite(at) then
    perform app_hidden.refuse(
      'VALIDATION', 'start_invalid', jsonb_build_object('rule', 'start_invalid', 'field', 'at'), 'Say which time.');
  end if;

  select sp.* into v_specialist
  from app_public.specialists as sp
  where sp.organization_id = v_calendar.organization_id and sp.id = explain_availability.specialist_id
    and sp.deleted_at is null;
  if not found then
    perform app_hidden.refuse('NOT_FOUND', 'specialist_not_found', '{}', 'There is no such specialist at your clinic.');
  end if;
  select s.* into v_service
  from app_public.services as s
  where s.organization_id = v_calendar.organization_id and s.id = v_calendar.service_id;

  return case
    when not v_calendar.is_active then 'calendar_inactive'
    when not v_service.is_active or v_service.deleted_at is not null then 'service_inactive'
    when not v_specialist.scheduling_active then 'specialist_inactive'
    when not exists (
      select from app_public.calendar_specialists as cs
      where cs.organization_id = v_calendar.organization_id and cs.calendar_id = v_calendar.id
        and cs.specialist_id = v_specialist.id) then 'not_in_calendar'
    when not exists (
      select from app_public.service_specialists as ss
      where ss.organization_id = v_calendar.organization_id and ss.service_id = v_calendar.service_id
        and ss.specialist_id = v_specialist.id) then 'not_providing_service'
    else coalesce((select v.rule from app_private.verdicts(v_calendar.id, at, v_specialist.id) as v), 'free')
  end;
end;
$$;

comment on function app_public.explain_availability(uuid, uuid, timestamptz) is
  'For staff: "free", or the first rule that keeps this specialist from being booked at that start: calendar_inactive, '
  'service_inactive, specialist_inactive, not_in_calendar, not_providing_service, in_the_past, inside_notice, '
  'beyond_horizon, outside_hours, closed, off_the_grid or taken.';

grant execute on function app_public.explain_availability(uuid, uuid, timestamptz) to app_member;

reset role;
-- end of source: functions/scheduling/explain_availability.sql

-- source: functions/scheduling/extend_hold.sql
-- A long form takes longer; but nobody keeps a time for ever: at most twice the hold time from its making. SCH-06.
-- requires: functions/core/now.sql
-- requires: functions/scheduling/take_hold.sql

set role app_engine;

create or replace function app_public.extend_hold(token text) returns app_public.slot_hold
language plpgsql volatile security definer
set search_path = ''
as $$
declare
  v_claim app_private.time_claims;
  v_minutes int;
begin
  v_claim := app_private.take_hold(extend_hold.token);
  select o.hold_minutes into strict v_minutes
  from app_public.organizations as o
  where o.id = v_claim.organization_id;

  update app_private.time_claims as tc
  set expires_at = greatest(
    tc.expires_at,
    least(app_hidden.now() + make_interval(mins => v_minutes),
          tc.created_at + make_interval(mins => 2 * v_minutes)))
  where tc.id = v_claim.id
  returning * into v_claim;

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

-- source: functions/scheduling/require_hold_allowance.sql
-- One visitor may keep only so many times at once, and one address only so many more, or a bot holds a clinic's
-- week. A request that waits for its answer keeps its time too, so it counts. SCH-06, APT-09. The locks make the count true for visitors who ask in parallel: visitor first, then address.
-- requires: functions/core/now.sql
-- requires: functions/core/refuse.sql

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
    perform pg_advisory_xact_lock(
      hashtextextended('holder:' || organization.id || ':' || require_hold_allowance.visitor_id, 0));
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
-- requires: functions/events/publish.sql
-- requires: functions/scheduling/is_staff_of.sql
-- requires: functions/scheduling/visible_calendar.sql
-- requires: functions/scheduling/require_choice.sql
-- requires: functions/scheduling/require_hold_allowance.sql
-- requires: functions/scheduling/place_claim.sql

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
  v_calendar app_public.calendars;
  v_organization app_public.organizations;
  v_draft app_private.time_claims;
  v_claim app_private.time_claims;
  v_address inet := nullif(current_setting('app.ip', true), '')::inet;
  v_token text;
begin
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

  if not app_private.is_staff_of(v_calendar.organization_id) then
    perform app_private.require_hold_allowance(v_organization, v_draft.visitor_id, v_draft.address);
  end if;

  v_claim := app_private.place_claim(v_calendar, hold_slot.starts_at, hold_slot.specialist_id, v_draft);

  perform app_private.publish('slot.held', v_claim.organization_id, v_claim.id, jsonb_build_object(
    'calendarId', v_claim.calendar_id,
    'specialistId', v_claim.specialist_id,
    'startsAt', lower(v_claim.during),
    'endsAt', upper(v_claim.during)));

  return (v_token, v_claim.calendar_id, v_claim.specialist_id,
          lower(v_claim.during), upper(v_claim.during), v_claim.expires_at)::app_public.slot_hold;
end;
$$;

comment on function app_public.hold_slot(uuid, timestamptz, uuid) is
  'Keeps a listed time for a few minutes and answers with the token that extends, releases or books it. SLOT_TAKEN '
  'when somebody was faster; VALIDATION, naming the rule, when the start is not one that availableSlots lists; '
  'RATE_LIMITED when the caller keeps too many times already.';

grant execute on function app_public.hold_slot(uuid, timestamptz, uuid) to app_anonymous, app_member;

reset role;
-- end of source: functions/scheduling/hold_slot.sql

-- source: functions/scheduling/next_available.sql
-- "The next free times", without the caller guessing a window. SCH-05.
-- requires: functions/core/now.sql
-- requires: functions/core/refuse.sql
-- requires: functions/scheduling/visible_calendar.sql
-- requires: functions/scheduling/available_slots.sql

set role app_engine;

create or replace function app_public.next_available(
  calendar_id uuid,
  n int default 1,
  specialist_id uuid default null
) returns setof app_public.slot
language plpgsql stable security definer
set search_path = ''
as $$
declare
  v_calendar app_public.calendars;
  v_from timestamptz;
  v_to timestamptz;
  v_last timestamptz;
  v_days int := 4;
  v_found int := 0;
  v_slot app_public.slot;
begin
  v_calendar := app_private.visible_calendar(next_available.calendar_id);
  if n is null or n not between 1 and 50 then
    perform app_hidden.refuse(
      'VALIDATION', 'count_out_of_range',
      jsonb_build_object('rule', 'count_out_of_range', 'field', 'n', 'min', 1, 'max', 50),
      'Ask for 1 to 50 times.');
  end if;

  -- Usually the first days answer; each round looks twice as far, until the horizon.
  v_from := app_hidden.now() + make_interval(mins => v_calendar.notice_minutes);
  v_last := app_hidden.now() + make_interval(hours => (v_calendar.horizon_days + 2) * 24);
  while v_found < n and v_from < v_last loop
    v_to := least(v_from + make_interval(hours => v_days * 24), v_last);
    for v_slot in
      select s.*
      from app_public.available_slots(next_available.calendar_id, v_from, v_to, next_available.specialist_id) as s
      limit n - v_found
    loop
      v_found := v_found + 1;
      return next v_slot;
    end loop;
    v_from := v_to;
    v_days := least(v_days * 2, 62);
  end loop;
end;
$$;

comment on function app_public.next_available(uuid, int, uuid) is
  'The next n (at most 50) bookable times of a calendar, up to its horizon.';

grant execute on function app_public.next_available(uuid, int, uuid) to app_anonymous, app_member;

reset role;
-- end of source: functions/scheduling/next_available.sql

-- source: functions/scheduling/release_expired_claims.sql
-- Holds nobody came back for: the worker tidies them, so that watchers learn of it and the constraint stays small.
-- Correctness does not wait for it: an expired hold is already free. SCH-06.
-- requires: functions/core/now.sql
-- requires: functions/scheduling/release_claims.sql

set role app_engine;

create or replace function app_private.release_expired_claims() returns int
language plpgsql volatile security definer
set search_path = ''
as $$
begin
  return app_private.release_claims(array(
    select tc.id
    from app_private.time_claims as tc
    where tc.kind = 'hold' and tc.released_at is null and tc.expires_at <= app_hidden.now()
    order by tc.id
    limit 1000
    for update skip locked));
end;
$$;

comment on function app_private.release_expired_claims() is
  'Releases holds that have expired, up to 1000 at a time, and says how many.';

grant execute on function app_private.release_expired_claims() to app_worker;

reset role;
-- end of source: functions/scheduling/release_expired_claims.sql

-- source: functions/scheduling/release_hold.sql
-- The visitor chose another time, or closed the form: others need not wait for the timeout. SCH-06.
-- requires: functions/scheduling/take_hold.sql
-- requires: functions/scheduling/release_claim.sql

set role app_engine;

create or replace function app_public.release_hold(token text) returns void
language plpgsql volatile security definer
set search_path = ''
as $$
declare
  v_claim app_private.time_claims;
begin
  v_claim := app_private.take_hold(release_hold.token);
  perform app_private.release_claim(v_claim.id);
end;
$$;

comment on function app_public.release_hold(text) is
  'Gives a held time back. GONE when the hold is over, NOT_FOUND when there never was one.';

grant execute on function app_public.release_hold(text) to app_anonymous, app_member;

reset role;
-- end of source: functions/scheduling/release_hold.sql

-- source: functions/scheduling/tg_calendar_specialists__take_turns.sql
-- A newcomer joins the round robin at the current minimum of their tier: at zero every booking would be theirs until
-- they had caught up with years. Who leaves and comes back is a newcomer. SCH-04.

set role app_engine;

create or replace function app_private.tg_calendar_specialists__take_turns() returns trigger
language plpgsql security definer
set search_path = ''
as $$
begin
  insert into app_private.specialist_assignment_tracking (organization_id, calendar_id, specialist_id, assigned_count)
  select new.organization_id, new.calendar_id, new.specialist_id, coalesce(min(t.assigned_count), 0)
  from app_public.calendars as c
  join app_public.calendar_specialists as cs
    on cs.organization_id = c.organization_id and cs.calendar_id = c.id
   and (c.assignment_strategy <> 'priority' or cs.priority = new.priority)
  join app_public.specialists as sp
    on sp.organization_id = cs.organization_id and sp.id = cs.specialist_id
   and sp.scheduling_active and sp.deleted_at is null
  join app_private.specialist_assignment_tracking as t
    on t.organization_id = cs.organization_id and t.calendar_id = cs.calendar_id and t.specialist_id = cs.specialist_id
  where c.organization_id = new.organization_id and c.id = new.calendar_id;
  return null;
end;
$$;

comment on function app_private.tg_calendar_specialists__take_turns() is
  'Gives a specialist who joins a calendar their place in its round robin. Trigger _500_take_turns.';

reset role;
-- end of source: functions/scheduling/tg_calendar_specialists__take_turns.sql

-- source: policies/appointments/appointment_moves.sql
-- The history of an appointment: staff with appointments.view. Append-only: nobody holds update or delete. APT-01.
-- requires: functions/identity/organization_ids_where.sql

alter table app_public.appointment_moves enable row level security;
alter table app_public.appointment_moves force row level security;

grant select on app_public.appointment_moves to app_member;

drop policy if exists appointment_moves_select_staff on app_public.appointment_moves;
create policy appointment_moves_select_staff on app_public.appointment_moves
  for select to app_member
  using (organization_id = any ((select app_hidden.organization_ids_where('appointments.view'))::uuid[]));

grant select, insert on app_public.appointment_moves to app_engine;
drop policy if exists appointment_moves_all_engine on app_public.appointment_moves;
create policy appointment_moves_all_engine on app_public.appointment_moves
  for all to app_engine
  using (true)
  with check (true);
-- end of source: policies/appointments/appointment_moves.sql

-- source: policies/appointments/appointments.sql
-- Staff with appointments.view at the clinic; the patient and those who care for the patient. Written by verbs only.
-- APT-01, APT-02.
-- requires: functions/identity/organization_ids_where.sql
-- requires: functions/identity/current_human_patient_profile_ids.sql
-- requires: functions/identity/current_patient_organization_ids.sql
-- requires: functions/core/tg_stamp.sql
-- requires: functions/core/tg_guard_state.sql

alter table app_public.appointments enable row level security;
alter table app_public.appointments force row level security;

grant select (id, organization_id, patient_profile_id, calendar_id, service_id, specialist_id, booking_request_id, status,
              starts_at, ends_at, modality, price_amount, currency, contact_email, contact_name, locale,
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
-- end of source: policies/appointments/appointments.sql

-- source: policies/appointments/booking_requests.sql
-- Staff with appointments.view; the guest only through the token of the request. APT-09.
-- requires: functions/identity/organization_ids_where.sql
-- requires: functions/core/tg_stamp.sql
-- requires: functions/core/tg_guard_state.sql

alter table app_public.booking_requests enable row level security;
alter table app_public.booking_requests force row level security;

grant select (id, organization_id, calendar_id, service_id, specialist_id, status, given_name, family_name, email, phone, message,
              locale, starts_at, ends_at, price_amount, currency, respond_by, decided_at, decided_by, rejection_reason,
              created_at, updated_at)
   on app_public.booking_requests to app_member;

drop policy if exists booking_requests_select_staff on app_public.booking_requests;
create policy booking_requests_select_staff on app_public.booking_requests
  for select to app_member
  using (organization_id = any ((select app_hidden.organization_ids_where('appointments.view'))::uuid[]));

grant select, insert, update on app_public.booking_requests to app_engine;
drop policy if exists booking_requests_all_engine on app_public.booking_requests;
create policy booking_requests_all_engine on app_public.booking_requests
  for all to app_engine
  using (true)
  with check (true);

create or replace trigger _200_guard_state before insert or update of status on app_public.booking_requests
  for each row execute function app_private.tg_guard_state();

create or replace trigger _100_stamp before insert or update on app_public.booking_requests
  for each row execute function app_private.tg_stamp();
-- end of source: policies/appointments/booking_requests.sql

-- source: policies/catalog/service_specialists.sql
-- Who can provide what: staff and patients of the clinic. CAT-02, SPC-05.
-- requires: functions/identity/current_staff_organization_ids.sql
-- requires: functions/identity/current_patient_organization_ids.sql
-- requires: functions/identity/organization_ids_where.sql

alter table app_public.service_specialists enable row level security;
alter table app_public.service_specialists force row level security;

grant select on app_public.service_specialists to app_member;

grant insert (organization_id, service_id, specialist_id), delete on app_public.service_specialists to app_member;

drop policy if exists service_specialists_select_staff on app_public.service_specialists;
create policy service_specialists_select_staff on app_public.service_specialists
  for select to app_member
  using (organization_id = any ((select app_hidden.current_staff_organization_ids())::uuid[]));

drop policy if exists service_specialists_select_patient on app_public.service_specialists;
create policy service_specialists_select_patient on app_public.service_specialists
  for select to app_member
  using (
    organization_id = any ((select app_hidden.current_patient_organization_ids())::uuid[])
    and service_id in (select services.id from app_public.services)
    and specialist_id in (select specialists.id from app_public.specialists)
  );

drop policy if exists service_specialists_insert_manager on app_public.service_specialists;
create policy service_specialists_insert_manager on app_public.service_specialists
  for insert to app_member
  with check (organization_id = any ((select app_hidden.organization_ids_where('services.manage'))::uuid[]));

drop policy if exists service_specialists_delete_manager on app_public.service_specialists;
create policy service_specialists_delete_manager on app_public.service_specialists
  for delete to app_member
  using (organization_id = any ((select app_hidden.organization_ids_where('services.manage'))::uuid[]));

grant select on app_public.service_specialists to app_engine;
drop policy if exists service_specialists_select_engine on app_public.service_specialists;
create policy service_specialists_select_engine on app_public.service_specialists
  for select to app_engine
  using (true);
-- end of source: policies/catalog/service_specialists.sql

-- source: policies/catalog/services.sql
-- Staff see all, patients of the clinic the active ones, guests only through `clinic_by_slug`. CAT-01, SPC-05.
-- requires: functions/identity/current_staff_organization_ids.sql
-- requires: functions/identity/current_patient_organization_ids.sql
-- requires: functions/identity/organization_ids_where.sql
-- requires: functions/core/tg_stamp.sql

alter table app_public.services enable row level security;
alter table app_public.services force row level security;

grant select on app_public.services to app_member;

grant insert (organization_id, name, description, translations, duration_minutes, price_amount, currency, modality, is_active),
      update (name, description, translations, duration_minutes, price_amount, currency, modality, is_active)
   on app_public.services to app_member;

drop policy if exists services_select_staff on app_public.services;
create policy services_select_staff on app_public.services
  for select to app_member
  using (organization_id = any ((select app_hidden.current_staff_organization_ids())::uuid[]) and deleted_at is null);

drop policy if exists services_select_patient on app_public.services;
create policy services_select_patient on app_public.services
  for select to app_member
  using (organization_id = any ((select app_hidden.current_patient_organization_ids())::uuid[]) and is_active and deleted_at is null);

drop policy if exists services_insert_manager on app_public.services;
create policy services_insert_manager on app_public.services
  for insert to app_member
  with check (organization_id = any ((select app_hidden.organization_ids_where('services.manage'))::uuid[]));

drop policy if exists services_update_manager on app_public.services;
create policy services_update_manager on app_public.services
  for update to app_member
  using (organization_id = any ((select app_hidden.organization_ids_where('services.manage'))::uuid[]) and deleted_at is null)
  with check (organization_id = any ((select app_hidden.organization_ids_where('services.manage'))::uuid[]));

grant select on app_public.services to app_engine;
drop policy if exists services_select_engine on app_public.services;
create policy services_select_engine on app_public.services
  for select to app_engine
  using (true);

create or replace trigger _100_stamp before insert or update on app_public.services
  for each row execute function app_private.tg_stamp();
-- end of source: policies/catalog/services.sql

-- source: policies/catalog/specialist_specialties.sql
-- Part of the listing: staff and patients of the clinic. SPC-03, SPC-05.
-- requires: functions/identity/current_staff_organization_ids.sql
-- requires: functions/identity/current_patient_organization_ids.sql
-- requires: functions/identity/organization_ids_where.sql
-- requires: functions/catalog/tg_specialist_specialties__scope.sql

alter table app_public.specialist_specialties enable row level security;
alter table app_public.specialist_specialties force row level security;

grant select (organization_id, specialist_id, specialty_id, created_at) on app_public.specialist_specialties to app_member;

grant insert (organization_id, specialist_id, specialty_id), delete on app_public.specialist_specialties to app_member;

drop policy if exists specialist_specialties_select_staff on app_public.specialist_specialties;
create policy specialist_specialties_select_staff on app_public.specialist_specialties
  for select to app_member
  using (organization_id = any ((select app_hidden.current_staff_organization_ids())::uuid[]));

drop policy if exists specialist_specialties_select_patient on app_public.specialist_specialties;
create policy specialist_specialties_select_patient on app_public.specialist_specialties
  for select to app_member
  using (
    organization_id = any ((select app_hidden.current_patient_organization_ids())::uuid[])
    and specialist_id in (select specialists.id from app_public.specialists)
  );

drop policy if exists specialist_specialties_insert_manager on app_public.specialist_specialties;
create policy specialist_specialties_insert_manager on app_public.specialist_specialties
  for insert to app_member
  with check (organization_id = any ((select app_hidden.organization_ids_where('specialists.manage'))::uuid[]));

drop policy if exists specialist_specialties_delete_manager on app_public.specialist_specialties;
create policy specialist_specialties_delete_manager on app_public.specialist_specialties
  for delete to app_member
  using (organization_id = any ((select app_hidden.organization_ids_where('specialists.manage'))::uuid[]));

grant select on app_public.specialist_specialties to app_engine;
drop policy if exists specialist_specialties_select_engine on app_public.specialist_specialties;
create policy specialist_specialties_select_engine on app_public.specialist_specialties
  for select to app_engine
  using (true);

create or replace trigger _150_scope before insert on app_public.specialist_specialties
  for each row execute function app_private.tg_specialist_specialties__scope();
-- end of source: policies/catalog/specialist_specialties.sql

-- source: policies/catalog/specialists.sql
-- Staff see their clinic's specialists, patients those of their clinics, guests none. The listing columns are
-- all that is granted: account, contact and the rest come from `specialist_details`, to staff only. SPC-05, SPC-06.
-- requires: functions/identity/current_staff_organization_ids.sql
-- requires: functions/identity/current_patient_organization_ids.sql
-- requires: functions/identity/organization_ids_where.sql
-- requires: functions/core/tg_stamp.sql

alter table app_public.specialists enable row level security;
alter table app_public.specialists force row level security;

grant select (id, organization_id, title, given_name, family_name, scheduling_active, created_at, updated_at) on app_public.specialists to app_member;

grant insert (organization_id, human_id, title, given_name, family_name, registration_number,
              contact_email, contact_phone, scheduling_timezone, scheduling_active),
      update (human_id, title, given_name, family_name, registration_number,
              contact_email, contact_phone, scheduling_timezone, scheduling_active)
   on app_public.specialists to app_member;

drop policy if exists specialists_select_staff on app_public.specialists;
create policy specialists_select_staff on app_public.specialists
  for select to app_member
  using (organization_id = any ((select app_hidden.current_staff_organization_ids())::uuid[]) and deleted_at is null);

drop policy if exists specialists_select_patient on app_public.specialists;
create policy specialists_select_patient on app_public.specialists
  for select to app_member
  using (organization_id = any ((select app_hidden.current_patient_organization_ids())::uuid[]) and deleted_at is null);

drop policy if exists specialists_insert_manager on app_public.specialists;
create policy specialists_insert_manager on app_public.specialists
  for insert to app_member
  with check (organization_id = any ((select app_hidden.organization_ids_where('specialists.manage'))::uuid[]));

drop policy if exists specialists_update_manager on app_public.specialists;
create policy specialists_update_manager on app_public.specialists
  for update to app_member
  using (organization_id = any ((select app_hidden.organization_ids_where('specialists.manage'))::uuid[]) and deleted_at is null)
  with check (organization_id = any ((select app_hidden.organization_ids_where('specialists.manage'))::uuid[]));

grant select, update on app_public.specialists to app_engine;
drop policy if exists specialists_all_engine on app_public.specialists;
create policy specialists_all_engine on app_public.specialists
  for all to app_engine
  using (true)
  with check (true);

create or replace trigger _100_stamp before insert or update on app_public.specialists
  for each row execute function app_private.tg_stamp();
-- end of source: policies/catalog/specialists.sql

-- source: policies/catalog/specialties.sql
-- The platform's specialties are everyone's to read; a clinic adds its own with specialties.manage. SPC-01.
-- requires: functions/identity/current_staff_organization_ids.sql
-- requires: functions/identity/current_patient_organization_ids.sql
-- requires: functions/identity/organization_ids_where.sql
-- requires: functions/core/tg_stamp.sql

alter table app_public.specialties enable row level security;
alter table app_public.specialties force row level security;

grant select (id, organization_id, slug, name, translations, created_at, updated_at) on app_public.specialties to app_member;

grant insert (organization_id, slug, name, translations),
      update (slug, name, translations),
      delete on app_public.specialties to app_member;

drop policy if exists specialties_select_everyone on app_public.specialties;
create policy specialties_select_everyone on app_public.specialties
  for select to app_member
  using (organization_id is null);

drop policy if exists specialties_select_staff on app_public.specialties;
create policy specialties_select_staff on app_public.specialties
  for select to app_member
  using (organization_id = any ((select app_hidden.current_staff_organization_ids())::uuid[]));

drop policy if exists specialties_select_patient on app_public.specialties;
create policy specialties_select_patient on app_public.specialties
  for select to app_member
  using (organization_id = any ((select app_hidden.current_patient_organization_ids())::uuid[]));

drop policy if exists specialties_insert_manager on app_public.specialties;
create policy specialties_insert_manager on app_public.specialties
  for insert to app_member
  with check (organization_id = any ((select app_hidden.organization_ids_where('specialties.manage'))::uuid[]));

drop policy if exists specialties_update_manager on app_public.specialties;
create policy specialties_update_manager on app_public.specialties
  for update to app_member
  using (organization_id = any ((select app_hidden.organization_ids_where('specialties.manage'))::uuid[]))
  with check (organization_id = any ((select app_hidden.organization_ids_where('specialties.manage'))::uuid[]));

drop policy if exists specialties_delete_manager on app_public.specialties;
create policy specialties_delete_manager on app_public.specialties
  for delete to app_member
  using (organization_id = any ((select app_hidden.organization_ids_where('specialties.manage'))::uuid[]));

grant select on app_public.specialties to app_engine;
drop policy if exists specialties_select_engine on app_public.specialties;
create policy specialties_select_engine on app_public.specialties
  for select to app_engine
  using (true);

drop policy if exists specialties_all_migrator on app_public.specialties;
create policy specialties_all_migrator on app_public.specialties
  for all to app_owner
  using (organization_id is null)
  with check (organization_id is null);

create or replace trigger _100_stamp before insert or update on app_public.specialties
  for each row execute function app_private.tg_stamp();
-- end of source: policies/catalog/specialties.sql

-- source: policies/core/error_codes.sql
-- Everyone may read what an error code means; only migrations write it. FND-29.

alter table app_hidden.error_codes enable row level security;
alter table app_hidden.error_codes force row level security;

grant select on app_hidden.error_codes to app_anonymous, app_member, app_link, app_authenticator, app_worker, app_engine;

drop policy if exists error_codes_select_everyone on app_hidden.error_codes;
create policy error_codes_select_everyone on app_hidden.error_codes
  for select to app_anonymous, app_member, app_link, app_authenticator, app_worker, app_engine
  using (true);

drop policy if exists error_codes_all_migrator on app_hidden.error_codes;
create policy error_codes_all_migrator on app_hidden.error_codes
  to app_owner using (true) with check (true);
-- end of source: policies/core/error_codes.sql

-- source: policies/core/organizations.sql
-- Clinics as their members, their patients and the platform see them. Visitors only meet active ones, through
-- `clinic_by_slug`. FND-01.
-- requires: functions/identity/current_staff_organization_ids.sql
-- requires: functions/identity/current_patient_organization_ids.sql
-- requires: functions/identity/organization_ids_where.sql
-- requires: functions/identity/is_superadmin.sql
-- requires: functions/core/tg_stamp.sql

alter table app_public.organizations enable row level security;
alter table app_public.organizations force row level security;

grant select on app_public.organizations to app_member;

grant update (name, locale, timezone, contact_email, contact_phone, street, city, booking_response_hours,
              hold_minutes, holds_per_visitor, holds_per_address)
   on app_public.organizations to app_member;

drop policy if exists organizations_select_staff on app_public.organizations;
create policy organizations_select_staff on app_public.organizations
  for select to app_member
  using (id = any ((select app_hidden.current_staff_organization_ids())::uuid[]) and deleted_at is null);

drop policy if exists organizations_select_patient on app_public.organizations;
create policy organizations_select_patient on app_public.organizations
  for select to app_member
  using (id = any ((select app_hidden.current_patient_organization_ids())::uuid[]) and activated_at is not null and deleted_at is null);

drop policy if exists organizations_select_superadmin on app_public.organizations;
create policy organizations_select_superadmin on app_public.organizations
  for select to app_member
  using ((select app_hidden.is_superadmin()) and deleted_at is null);

drop policy if exists organizations_update_manager on app_public.organizations;
create policy organizations_update_manager on app_public.organizations
  for update to app_member
  using (id = any ((select app_hidden.organization_ids_where('organization.manage'))::uuid[]) and deleted_at is null)
  with check (id = any ((select app_hidden.organization_ids_where('organization.manage'))::uuid[]));

grant select, insert, update on app_public.organizations to app_engine;
drop policy if exists organizations_all_engine on app_public.organizations;
create policy organizations_all_engine on app_public.organizations
  for all to app_engine
  using (true)
  with check (true);

create or replace trigger _100_stamp before insert or update on app_public.organizations
  for each row execute function app_private.tg_stamp();
-- end of source: policies/core/organizations.sql

-- source: policies/core/state_transitions.sql
-- Read by the guard and by verbs, written by migrations only. APT-01.

alter table app_private.state_transitions enable row level security;
alter table app_private.state_transitions force row level security;

grant select on app_private.state_transitions to app_engine;

drop policy if exists state_transitions_select_engine on app_private.state_transitions;
create policy state_transitions_select_engine on app_private.state_transitions
  for select to app_engine
  using (true);

drop policy if exists state_transitions_all_migrator on app_private.state_transitions;
create policy state_transitions_all_migrator on app_private.state_transitions
  to app_owner using (true) with check (true);
-- end of source: policies/core/state_transitions.sql

-- source: policies/core/time_zones.sql
-- The zones one may choose from are public; migrations keep them. FND-01.

alter table app_public.time_zones enable row level security;
alter table app_public.time_zones force row level security;

grant select on app_public.time_zones to app_anonymous, app_member, app_engine;

drop policy if exists time_zones_select_everyone on app_public.time_zones;
create policy time_zones_select_everyone on app_public.time_zones
  for select to app_anonymous, app_member, app_engine
  using (true);

drop policy if exists time_zones_all_migrator on app_public.time_zones;
create policy time_zones_all_migrator on app_public.time_zones
  to app_owner using (true) with check (true);
-- end of source: policies/core/time_zones.sql

-- source: policies/events/effects.sql
-- The worker claims and finishes effects through functions. FND-14, FND-15.

alter table app_private.effects enable row level security;
alter table app_private.effects force row level security;

grant select, insert, update on app_private.effects to app_engine;

drop policy if exists effects_all_engine on app_private.effects;
create policy effects_all_engine on app_private.effects
  for all to app_engine
  using (true) with check (true);
-- end of source: policies/events/effects.sql

-- source: policies/events/event_consumers.sql
-- Read by the engine; changed by migrations only. FND-14.

alter table app_private.event_consumers enable row level security;
alter table app_private.event_consumers force row level security;

grant select on app_private.event_consumers to app_engine;

drop policy if exists event_consumers_all_engine on app_private.event_consumers;
create policy event_consumers_all_engine on app_private.event_consumers
  for all to app_engine
  using (true) with check (true);
-- end of source: policies/events/event_consumers.sql

-- source: policies/events/event_deliveries.sql
-- Queued by the trigger of events, worked off through functions. FND-14.

alter table app_private.event_deliveries enable row level security;
alter table app_private.event_deliveries force row level security;

grant select, insert, update on app_private.event_deliveries to app_engine;

drop policy if exists event_deliveries_all_engine on app_private.event_deliveries;
create policy event_deliveries_all_engine on app_private.event_deliveries
  for all to app_engine
  using (true) with check (true);
-- end of source: policies/events/event_deliveries.sql

-- source: policies/events/event_subscriptions.sql
-- Read when an event is published; changed by migrations only. FND-14.

alter table app_private.event_subscriptions enable row level security;
alter table app_private.event_subscriptions force row level security;

grant select on app_private.event_subscriptions to app_engine;

drop policy if exists event_subscriptions_all_engine on app_private.event_subscriptions;
create policy event_subscriptions_all_engine on app_private.event_subscriptions
  for all to app_engine
  using (true) with check (true);
-- end of source: policies/events/event_subscriptions.sql

-- source: policies/events/event_types.sql
-- Read by publish(); changed by migrations only. FND-14.

alter table app_private.event_types enable row level security;
alter table app_private.event_types force row level security;

grant select on app_private.event_types to app_engine;

drop policy if exists event_types_all_engine on app_private.event_types;
create policy event_types_all_engine on app_private.event_types
  for all to app_engine
  using (true) with check (true);
-- end of source: policies/events/event_types.sql

-- source: policies/events/events.sql
-- Written by publish(), read by consumers; never changed. FND-14.

alter table app_private.events enable row level security;
alter table app_private.events force row level security;

grant select, insert on app_private.events to app_engine;

drop policy if exists events_all_engine on app_private.events;
create policy events_all_engine on app_private.events
  for all to app_engine
  using (true) with check (true);
-- end of source: policies/events/events.sql

-- source: policies/events/worker_heartbeats.sql
-- Workers beat, and are reaped, through functions. FND-14.

alter table app_private.worker_heartbeats enable row level security;
alter table app_private.worker_heartbeats force row level security;

grant select, insert, update, delete on app_private.worker_heartbeats to app_engine;

drop policy if exists worker_heartbeats_all_engine on app_private.worker_heartbeats;
create policy worker_heartbeats_all_engine on app_private.worker_heartbeats
  for all to app_engine
  using (true) with check (true);
-- end of source: policies/events/worker_heartbeats.sql

-- source: policies/identity/caregivers.sql
-- Who acts for whom: the caregiver, the person, and staff of a clinic of the person. FND-07.
-- requires: functions/core/current_principal_id.sql
-- requires: functions/identity/current_human_patient_profile_ids.sql
-- requires: functions/identity/organization_ids_where.sql
-- requires: functions/core/tg_stamp.sql

alter table app_public.caregivers enable row level security;
alter table app_public.caregivers force row level security;

grant select on app_public.caregivers to app_member;

drop policy if exists caregivers_select_self on app_public.caregivers;
create policy caregivers_select_self on app_public.caregivers
  for select to app_member
  using (human_id = (select app_hidden.current_principal_id()));

drop policy if exists caregivers_select_person on app_public.caregivers;
create policy caregivers_select_person on app_public.caregivers
  for select to app_member
  using (patient_profile_id = any ((select app_hidden.current_human_patient_profile_ids())::uuid[]));

drop policy if exists caregivers_select_staff on app_public.caregivers;
create policy caregivers_select_staff on app_public.caregivers
  for select to app_member
  using (
    exists (
      select from app_public.patients
      where patients.patient_profile_id = caregivers.patient_profile_id
        and patients.organization_id = any ((select app_hidden.organization_ids_where('patients.view'))::uuid[])
        and patients.deleted_at is null
    )
  );

grant select, insert, update on app_public.caregivers to app_engine;
drop policy if exists caregivers_all_engine on app_public.caregivers;
create policy caregivers_all_engine on app_public.caregivers
  for all to app_engine
  using (true)
  with check (true);

create or replace trigger _100_stamp before insert or update on app_public.caregivers
  for each row execute function app_private.tg_stamp();
-- end of source: policies/identity/caregivers.sql

-- source: policies/identity/humans.sql
-- One sees oneself and one's colleagues; a patient's account is the patient's own. FND-02.
-- requires: functions/core/current_principal_id.sql
-- requires: functions/identity/current_colleague_ids.sql
-- requires: functions/core/tg_stamp.sql

alter table app_public.humans enable row level security;
alter table app_public.humans force row level security;

grant select (principal_id, email, email_verified_at, display_name, locale, created_at, updated_at) on app_public.humans to app_member;

grant update (display_name, locale) on app_public.humans to app_member;

drop policy if exists humans_select_self on app_public.humans;
create policy humans_select_self on app_public.humans
  for select to app_member
  using (principal_id = (select app_hidden.current_principal_id()));

drop policy if exists humans_select_colleague on app_public.humans;
create policy humans_select_colleague on app_public.humans
  for select to app_member
  using (principal_id = any ((select app_hidden.current_colleague_ids())::uuid[]));

drop policy if exists humans_update_self on app_public.humans;
create policy humans_update_self on app_public.humans
  for update to app_member
  using (principal_id = (select app_hidden.current_principal_id()))
  with check (principal_id = (select app_hidden.current_principal_id()));

grant select, insert, update on app_public.humans to app_engine;
drop policy if exists humans_all_engine on app_public.humans;
create policy humans_all_engine on app_public.humans
  for all to app_engine
  using (true)
  with check (true);

create or replace trigger _100_stamp before insert or update on app_public.humans
  for each row execute function app_private.tg_stamp();
-- end of source: policies/identity/humans.sql

-- source: policies/identity/identities.sql
-- Which sign-in is which human: only `sign_in` reads and writes it. FND-03.

alter table app_private.identities enable row level security;
alter table app_private.identities force row level security;

grant select, insert on app_private.identities to app_engine;
drop policy if exists identities_all_engine on app_private.identities;
create policy identities_all_engine on app_private.identities
  for all to app_engine
  using (true)
  with check (true);
-- end of source: policies/identity/identities.sql

-- source: policies/identity/legal_ages.sql
-- Ages the law sets; migrations write them, functions read them. FND-07.

alter table app_private.legal_ages enable row level security;
alter table app_private.legal_ages force row level security;

grant select on app_private.legal_ages to app_engine;

drop policy if exists legal_ages_select_engine on app_private.legal_ages;
create policy legal_ages_select_engine on app_private.legal_ages
  for select to app_engine
  using (true);

drop policy if exists legal_ages_all_migrator on app_private.legal_ages;
create policy legal_ages_all_migrator on app_private.legal_ages
  for all to app_owner
  using (true)
  with check (true);
-- end of source: policies/identity/legal_ages.sql

-- source: policies/identity/patient_profiles.sql
-- The person and those who care for them; staff of the clinics where the person is a patient. The test for
-- staff is one index look-up a row, never a list of every patient. FND-07.
-- requires: functions/identity/current_human_patient_profile_ids.sql
-- requires: functions/identity/organization_ids_where.sql
-- requires: functions/core/tg_stamp.sql

alter table app_public.patient_profiles enable row level security;
alter table app_public.patient_profiles force row level security;

grant select on app_public.patient_profiles to app_member;

grant update (given_name, family_name, phone, birth_date, locale) on app_public.patient_profiles to app_member;

drop policy if exists patient_profiles_select_person on app_public.patient_profiles;
create policy patient_profiles_select_person on app_public.patient_profiles
  for select to app_member
  using (id = any ((select app_hidden.current_human_patient_profile_ids())::uuid[]));

drop policy if exists patient_profiles_select_staff on app_public.patient_profiles;
create policy patient_profiles_select_staff on app_public.patient_profiles
  for select to app_member
  using (
    exists (
      select from app_public.patients
      where patients.patient_profile_id = patient_profiles.id
        and patients.organization_id = any ((select app_hidden.organization_ids_where('patients.view'))::uuid[])
        and patients.deleted_at is null
    )
  );

drop policy if exists patient_profiles_update_person on app_public.patient_profiles;
create policy patient_profiles_update_person on app_public.patient_profiles
  for update to app_member
  using (id = any ((select app_hidden.current_human_patient_profile_ids())::uuid[]))
  with check (id = any ((select app_hidden.current_human_patient_profile_ids())::uuid[]));

-- Until the person has an account, the clinic that made the profile keeps it.
drop policy if exists patient_profiles_update_staff on app_public.patient_profiles;
create policy patient_profiles_update_staff on app_public.patient_profiles
  for update to app_member
  using (
    human_id is null and exists (
      select from app_public.patients
      where patients.patient_profile_id = patient_profiles.id
        and patients.organization_id = any ((select app_hidden.organization_ids_where('patients.manage'))::uuid[])
        and patients.deleted_at is null
    )
  )
  with check (
    human_id is null and exists (
      select from app_public.patients
      where patients.patient_profile_id = patient_profiles.id
        and patients.organization_id = any ((select app_hidden.organization_ids_where('patients.manage'))::uuid[])
        and patients.deleted_at is null
    )
  );

grant select, insert, update on app_public.patient_profiles to app_engine;
drop policy if exists patient_profiles_all_engine on app_public.patient_profiles;
create policy patient_profiles_all_engine on app_public.patient_profiles
  for all to app_engine
  using (true)
  with check (true);

create or replace trigger _100_stamp before insert or update on app_public.patient_profiles
  for each row execute function app_private.tg_stamp();
-- end of source: policies/identity/patient_profiles.sql

-- source: policies/identity/patients.sql
-- A clinic's patients: staff with patients.view, and the person. FND-07.
-- requires: functions/identity/organization_ids_where.sql
-- requires: functions/identity/current_human_patient_profile_ids.sql
-- requires: functions/core/tg_stamp.sql

alter table app_public.patients enable row level security;
alter table app_public.patients force row level security;

grant select on app_public.patients to app_member;

drop policy if exists patients_select_staff on app_public.patients;
create policy patients_select_staff on app_public.patients
  for select to app_member
  using (organization_id = any ((select app_hidden.organization_ids_where('patients.view'))::uuid[]) and deleted_at is null);

drop policy if exists patients_select_person on app_public.patients;
create policy patients_select_person on app_public.patients
  for select to app_member
  using (patient_profile_id = any ((select app_hidden.current_human_patient_profile_ids())::uuid[]) and organization_id = any ((select app_hidden.current_patient_organization_ids())::uuid[]) and deleted_at is null);

grant select, insert, update on app_public.patients to app_engine;
drop policy if exists patients_all_engine on app_public.patients;
create policy patients_all_engine on app_public.patients
  for all to app_engine
  using (true)
  with check (true);

create or replace trigger _100_stamp before insert or update on app_public.patients
  for each row execute function app_private.tg_stamp();
-- end of source: policies/identity/patients.sql

-- source: policies/identity/permissions.sql
-- What can be allowed is no secret to whoever edits roles. FND-04.

alter table app_public.permissions enable row level security;
alter table app_public.permissions force row level security;

grant select on app_public.permissions to app_member, app_engine;

drop policy if exists permissions_select_everyone on app_public.permissions;
create policy permissions_select_everyone on app_public.permissions
  for select to app_member, app_engine
  using (true);

drop policy if exists permissions_all_migrator on app_public.permissions;
create policy permissions_all_migrator on app_public.permissions
  for all to app_owner
  using (true)
  with check (true);
-- end of source: policies/identity/permissions.sql

-- source: policies/identity/principals.sql
-- One sees oneself and one's colleagues. FND-02.
-- requires: functions/core/current_principal_id.sql
-- requires: functions/identity/current_colleague_ids.sql
-- requires: functions/identity/is_superadmin.sql

alter table app_public.principals enable row level security;
alter table app_public.principals force row level security;

grant select (id, kind, disabled_at, created_at) on app_public.principals to app_member;

drop policy if exists principals_select_self on app_public.principals;
create policy principals_select_self on app_public.principals
  for select to app_member
  using (id = (select app_hidden.current_principal_id()));

drop policy if exists principals_select_colleague on app_public.principals;
create policy principals_select_colleague on app_public.principals
  for select to app_member
  using (id = any ((select app_hidden.current_colleague_ids())::uuid[]));

drop policy if exists principals_select_superadmin on app_public.principals;
create policy principals_select_superadmin on app_public.principals
  for select to app_member
  using ((select app_hidden.is_superadmin()));

grant select, insert, update on app_public.principals to app_engine;
drop policy if exists principals_all_engine on app_public.principals;
create policy principals_all_engine on app_public.principals
  for all to app_engine
  using (true)
  with check (true);
-- end of source: policies/identity/principals.sql

-- source: policies/identity/revoked_sessions.sql
-- Sessions ended before their token: read at every request. FND-03.

alter table app_private.revoked_sessions enable row level security;
alter table app_private.revoked_sessions force row level security;

grant select, insert on app_private.revoked_sessions to app_engine;
drop policy if exists revoked_sessions_all_engine on app_private.revoked_sessions;
create policy revoked_sessions_all_engine on app_private.revoked_sessions
  for all to app_engine
  using (true)
  with check (true);
-- end of source: policies/identity/revoked_sessions.sql

-- source: policies/identity/roles.sql
-- A clinic's roles, seen by its members and written by `define_role`, which keeps anyone from granting above themselves. FND-04.
-- requires: functions/identity/current_staff_organization_ids.sql
-- requires: functions/core/tg_stamp.sql

alter table app_public.roles enable row level security;
alter table app_public.roles force row level security;

grant select on app_public.roles to app_member;

drop policy if exists roles_select_staff on app_public.roles;
create policy roles_select_staff on app_public.roles
  for select to app_member
  using (organization_id = any ((select app_hidden.current_staff_organization_ids())::uuid[]));

grant select, insert, update on app_public.roles to app_engine;
drop policy if exists roles_all_engine on app_public.roles;
create policy roles_all_engine on app_public.roles
  for all to app_engine
  using (true)
  with check (true);

create or replace trigger _100_stamp before insert or update on app_public.roles
  for each row execute function app_private.tg_stamp();
-- end of source: policies/identity/roles.sql

-- source: policies/identity/service_accounts.sql
-- The platform's processes; clinics need not know them. FND-02.
-- requires: functions/identity/is_superadmin.sql

alter table app_public.service_accounts enable row level security;
alter table app_public.service_accounts force row level security;

grant select on app_public.service_accounts to app_member;

drop policy if exists service_accounts_select_superadmin on app_public.service_accounts;
create policy service_accounts_select_superadmin on app_public.service_accounts
  for select to app_member
  using ((select app_hidden.is_superadmin()));

grant select on app_public.service_accounts to app_engine;

drop policy if exists service_accounts_select_engine on app_public.service_accounts;
create policy service_accounts_select_engine on app_public.service_accounts
  for select to app_engine
  using (true);

drop policy if exists service_accounts_all_migrator on app_public.service_accounts;
create policy service_accounts_all_migrator on app_public.service_accounts
  for all to app_owner
  using (true)
  with check (true);
-- end of source: policies/identity/service_accounts.sql

-- source: policies/identity/system_role_permissions.sql
-- What they allow. FND-04.

alter table app_public.system_role_permissions enable row level security;
alter table app_public.system_role_permissions force row level security;

grant select on app_public.system_role_permissions to app_member, app_engine;

drop policy if exists system_role_permissions_select_everyone on app_public.system_role_permissions;
create policy system_role_permissions_select_everyone on app_public.system_role_permissions
  for select to app_member, app_engine
  using (true);

drop policy if exists system_role_permissions_all_migrator on app_public.system_role_permissions;
create policy system_role_permissions_all_migrator on app_public.system_role_permissions
  for all to app_owner
  using (true)
  with check (true);
-- end of source: policies/identity/system_role_permissions.sql

-- source: policies/identity/system_roles.sql
-- The roles every clinic starts with. FND-04.

alter table app_public.system_roles enable row level security;
alter table app_public.system_roles force row level security;

grant select on app_public.system_roles to app_member, app_engine;

drop policy if exists system_roles_select_everyone on app_public.system_roles;
create policy system_roles_select_everyone on app_public.system_roles
  for select to app_member, app_engine
  using (true);

drop policy if exists system_roles_all_migrator on app_public.system_roles;
create policy system_roles_all_migrator on app_public.system_roles
  for all to app_owner
  using (true)
  with check (true);
-- end of source: policies/identity/system_roles.sql

-- source: policies/notify/message_templates.sql
-- Read by notify() and when a message leaves; changed by migrations only. FND-15.

alter table app_private.message_templates enable row level security;
alter table app_private.message_templates force row level security;

grant select on app_private.message_templates to app_engine;

drop policy if exists message_templates_all_engine on app_private.message_templates;
create policy message_templates_all_engine on app_private.message_templates
  for all to app_engine
  using (true) with check (true);
-- end of source: policies/notify/message_templates.sql

-- source: policies/notify/messages.sql
-- Queued by notify(), worked off through functions. FND-15.
-- requires: functions/core/tg_stamp.sql

alter table app_private.messages enable row level security;
alter table app_private.messages force row level security;

grant select, insert, update on app_private.messages to app_engine;

drop policy if exists messages_all_engine on app_private.messages;
create policy messages_all_engine on app_private.messages
  for all to app_engine
  using (true) with check (true);

create or replace trigger _100_stamp
  before insert or update on app_private.messages
  for each row execute function app_private.tg_stamp();
-- end of source: policies/notify/messages.sql

-- source: policies/notify/suppressed_addresses.sql
-- Read when a message leaves, added to by bounces. FND-15.

alter table app_private.suppressed_addresses enable row level security;
alter table app_private.suppressed_addresses force row level security;

grant select, insert on app_private.suppressed_addresses to app_engine;

drop policy if exists suppressed_addresses_all_engine on app_private.suppressed_addresses;
create policy suppressed_addresses_all_engine on app_private.suppressed_addresses
  for all to app_engine
  using (true) with check (true);
-- end of source: policies/notify/suppressed_addresses.sql

-- source: policies/scheduling/calendar_hours.sql
-- Staff see a calendar's own hours, calendars.manage edits them. SCH-02, SCH-03.
-- requires: functions/identity/current_staff_organization_ids.sql
-- requires: functions/identity/organization_ids_where.sql
-- requires: functions/core/tg_stamp.sql

alter table app_public.calendar_hours enable row level security;
alter table app_public.calendar_hours force row level security;

grant select, delete on app_public.calendar_hours to app_member;
grant insert (organization_id, calendar_id, specialist_id, weekday, starts, ends),
      update (specialist_id, weekday, starts, ends)
   on app_public.calendar_hours to app_member;

drop policy if exists calendar_hours_select_staff on app_public.calendar_hours;
create policy calendar_hours_select_staff on app_public.calendar_hours
  for select to app_member
  using (organization_id = any ((select app_hidden.current_staff_organization_ids())::uuid[]));

drop policy if exists calendar_hours_insert_manager on app_public.calendar_hours;
create policy calendar_hours_insert_manager on app_public.calendar_hours
  for insert to app_member
  with check (organization_id = any ((select app_hidden.organization_ids_where('calendars.manage'))::uuid[]));

drop policy if exists calendar_hours_update_manager on app_public.calendar_hours;
create policy calendar_hours_update_manager on app_public.calendar_hours
  for update to app_member
  using (organization_id = any ((select app_hidden.organization_ids_where('calendars.manage'))::uuid[]))
  with check (organization_id = any ((select app_hidden.organization_ids_where('calendars.manage'))::uuid[]));

drop policy if exists calendar_hours_delete_manager on app_public.calendar_hours;
create policy calendar_hours_delete_manager on app_public.calendar_hours
  for delete to app_member
  using (organization_id = any ((select app_hidden.organization_ids_where('calendars.manage'))::uuid[]));

grant select on app_public.calendar_hours to app_engine;
drop policy if exists calendar_hours_select_engine on app_public.calendar_hours;
create policy calendar_hours_select_engine on app_public.calendar_hours
  for select to app_engine
  using (true);

create or replace trigger _100_stamp before insert or update on app_public.calendar_hours
  for each row execute function app_private.tg_stamp();
-- end of source: policies/scheduling/calendar_hours.sql

-- source: policies/scheduling/calendar_specialists.sql
-- Who can be booked in a calendar: staff and patients of the clinic see it, calendars.manage edits it. SCH-03, SPC-05.
-- requires: functions/identity/current_staff_organization_ids.sql
-- requires: functions/identity/current_patient_organization_ids.sql
-- requires: functions/identity/organization_ids_where.sql
-- requires: functions/core/tg_stamp.sql
-- requires: functions/scheduling/tg_calendar_specialists__take_turns.sql

alter table app_public.calendar_specialists enable row level security;
alter table app_public.calendar_specialists force row level security;

grant select, delete on app_public.calendar_specialists to app_member;
grant insert (organization_id, calendar_id, specialist_id, priority, duration_minutes),
      update (priority, duration_minutes)
   on app_public.calendar_specialists to app_member;

drop policy if exists calendar_specialists_select_staff on app_public.calendar_specialists;
create policy calendar_specialists_select_staff on app_public.calendar_specialists
  for select to app_member
  using (organization_id = any ((select app_hidden.current_staff_organization_ids())::uuid[]));

drop policy if exists calendar_specialists_select_patient on app_public.calendar_specialists;
create policy calendar_specialists_select_patient on app_public.calendar_specialists
  for select to app_member
  using (
    organization_id = any ((select app_hidden.current_patient_organization_ids())::uuid[])
    and calendar_id in (select calendars.id from app_public.calendars)
    and specialist_id in (select specialists.id from app_public.specialists)
  );

drop policy if exists calendar_specialists_insert_manager on app_public.calendar_specialists;
create policy calendar_specialists_insert_manager on app_public.calendar_specialists
  for insert to app_member
  with check (organization_id = any ((select app_hidden.organization_ids_where('calendars.manage'))::uuid[]));

drop policy if exists calendar_specialists_update_manager on app_public.calendar_specialists;
create policy calendar_specialists_update_manager on app_public.calendar_specialists
  for update to app_member
  using (organization_id = any ((select app_hidden.organization_ids_where('calendars.manage'))::uuid[]))
  with check (organization_id = any ((select app_hidden.organization_ids_where('calendars.manage'))::uuid[]));

drop policy if exists calendar_specialists_delete_manager on app_public.calendar_specialists;
create policy calendar_specialists_delete_manager on app_public.calendar_specialists
  for delete to app_member
  using (organization_id = any ((select app_hidden.organization_ids_where('calendars.manage'))::uuid[]));

grant select on app_public.calendar_specialists to app_engine;
drop policy if exists calendar_specialists_select_engine on app_public.calendar_specialists;
create policy calendar_specialists_select_engine on app_public.calendar_specialists
  for select to app_engine
  using (true);

create or replace trigger _100_stamp before insert or update on app_public.calendar_specialists
  for each row execute function app_private.tg_stamp();

create or replace trigger _500_take_turns after insert on app_public.calendar_specialists
  for each row execute function app_private.tg_calendar_specialists__take_turns();
-- end of source: policies/scheduling/calendar_specialists.sql

-- source: policies/scheduling/calendars.sql
-- Who sees and edits calendars. Staff by membership, patients of the clinic those that are open to them; guests only
-- through `available_slots`. SCH-02, SPC-05.
-- requires: functions/identity/current_staff_organization_ids.sql
-- requires: functions/identity/current_patient_organization_ids.sql
-- requires: functions/identity/organization_ids_where.sql
-- requires: functions/core/tg_stamp.sql

alter table app_public.calendars enable row level security;
alter table app_public.calendars force row level security;

grant select on app_public.calendars to app_member;
grant insert (organization_id, service_id, name, translations, timezone, modality, assignment_strategy, allows_any_specialist,
              duration_minutes, step_minutes, buffer_before_minutes, buffer_after_minutes, notice_minutes, horizon_days,
              price_amount, is_public, is_active),
      update (name, translations, timezone, modality, assignment_strategy, allows_any_specialist,
              duration_minutes, step_minutes, buffer_before_minutes, buffer_after_minutes, notice_minutes, horizon_days,
              price_amount, is_public, is_active)
   on app_public.calendars to app_member;

drop policy if exists calendars_select_staff on app_public.calendars;
create policy calendars_select_staff on app_public.calendars
  for select to app_member
  using (organization_id = any ((select app_hidden.current_staff_organization_ids())::uuid[]) and deleted_at is null);

drop policy if exists calendars_select_patient on app_public.calendars;
create policy calendars_select_patient on app_public.calendars
  for select to app_member
  using (organization_id = any ((select app_hidden.current_patient_organization_ids())::uuid[])
         and is_public and is_active and deleted_at is null);

drop policy if exists calendars_insert_manager on app_public.calendars;
create policy calendars_insert_manager on app_public.calendars
  for insert to app_member
  with check (organization_id = any ((select app_hidden.organization_ids_where('calendars.manage'))::uuid[]));

drop policy if exists calendars_update_manager on app_public.calendars;
create policy calendars_update_manager on app_public.calendars
  for update to app_member
  using (organization_id = any ((select app_hidden.organization_ids_where('calendars.manage'))::uuid[]) and deleted_at is null)
  with check (organization_id = any ((select app_hidden.organization_ids_where('calendars.manage'))::uuid[]));

grant select on app_public.calendars to app_engine;
drop policy if exists calendars_select_engine on app_public.calendars;
create policy calendars_select_engine on app_public.calendars
  for select to app_engine
  using (true);

create or replace trigger _100_stamp before insert or update on app_public.calendars
  for each row execute function app_private.tg_stamp();
-- end of source: policies/scheduling/calendars.sql

-- source: policies/scheduling/specialist_assignment_tracking.sql
-- The round robin's counters are the engine's alone: nobody may lend their turn a hand. SCH-04.

alter table app_private.specialist_assignment_tracking enable row level security;
alter table app_private.specialist_assignment_tracking force row level security;

grant select, insert, update on app_private.specialist_assignment_tracking to app_engine;
drop policy if exists specialist_assignment_tracking_all_engine on app_private.specialist_assignment_tracking;
create policy specialist_assignment_tracking_all_engine on app_private.specialist_assignment_tracking
  for all to app_engine
  using (true)
  with check (true);
-- end of source: policies/scheduling/specialist_assignment_tracking.sql

-- source: policies/scheduling/specialist_schedule_overrides.sql
-- Staff see everybody's vacations and other hours; schedules.manage edits them, a specialist edits their own.
-- Visitors meet them only as free times. SCH-01.
-- requires: functions/identity/current_staff_organization_ids.sql
-- requires: functions/identity/organization_ids_where.sql
-- requires: functions/identity/current_specialist_ids.sql
-- requires: functions/core/tg_stamp.sql

alter table app_public.specialist_schedule_overrides enable row level security;
alter table app_public.specialist_schedule_overrides force row level security;

grant select, delete on app_public.specialist_schedule_overrides to app_member;
grant insert (organization_id, specialist_id, kind, starts_on, ends_on, starts, ends, note),
      update (kind, starts_on, ends_on, starts, ends, note)
   on app_public.specialist_schedule_overrides to app_member;

drop policy if exists specialist_schedule_overrides_select_staff on app_public.specialist_schedule_overrides;
create policy specialist_schedule_overrides_select_staff on app_public.specialist_schedule_overrides
  for select to app_member
  using (organization_id = any ((select app_hidden.current_staff_organization_ids())::uuid[]));

drop policy if exists specialist_schedule_overrides_insert_manager on app_public.specialist_schedule_overrides;
create policy specialist_schedule_overrides_insert_manager on app_public.specialist_schedule_overrides
  for insert to app_member
  with check (organization_id = any ((select app_hidden.organization_ids_where('schedules.manage'))::uuid[]));

drop policy if exists specialist_schedule_overrides_insert_self on app_public.specialist_schedule_overrides;
create policy specialist_schedule_overrides_insert_self on app_public.specialist_schedule_overrides
  for insert to app_member
  with check (
    organization_id = any ((select app_hidden.organization_ids_where('schedules.manage_own'))::uuid[])
    and specialist_id = any ((select app_hidden.current_specialist_ids())::uuid[])
  );

drop policy if exists specialist_schedule_overrides_update_manager on app_public.specialist_schedule_overrides;
create policy specialist_schedule_overrides_update_manager on app_public.specialist_schedule_overrides
  for update to app_member
  using (organization_id = any ((select app_hidden.organization_ids_where('schedules.manage'))::uuid[]))
  with check (organization_id = any ((select app_hidden.organization_ids_where('schedules.manage'))::uuid[]));

drop policy if exists specialist_schedule_overrides_update_self on app_public.specialist_schedule_overrides;
create policy specialist_schedule_overrides_update_self on app_public.specialist_schedule_overrides
  for update to app_member
  using (
    organization_id = any ((select app_hidden.organization_ids_where('schedules.manage_own'))::uuid[])
    and specialist_id = any ((select app_hidden.current_specialist_ids())::uuid[])
  )
  with check (
    organization_id = any ((select app_hidden.organization_ids_where('schedules.manage_own'))::uuid[])
    and specialist_id = any ((select app_hidden.current_specialist_ids())::uuid[])
  );

drop policy if exists specialist_schedule_overrides_delete_manager on app_public.specialist_schedule_overrides;
create policy specialist_schedule_overrides_delete_manager on app_public.specialist_schedule_overrides
  for delete to app_member
  using (organization_id = any ((select app_hidden.organization_ids_where('schedules.manage'))::uuid[]));

drop policy if exists specialist_schedule_overrides_delete_self on app_public.specialist_schedule_overrides;
create policy specialist_schedule_overrides_delete_self on app_public.specialist_schedule_overrides
  for delete to app_member
  using (
    organization_id = any ((select app_hidden.organization_ids_where('schedules.manage_own'))::uuid[])
    and specialist_id = any ((select app_hidden.current_specialist_ids())::uuid[])
  );

grant select on app_public.specialist_schedule_overrides to app_engine;
drop policy if exists specialist_schedule_overrides_select_engine on app_public.specialist_schedule_overrides;
create policy specialist_schedule_overrides_select_engine on app_public.specialist_schedule_overrides
  for select to app_engine
  using (true);

create or replace trigger _100_stamp before insert or update on app_public.specialist_schedule_overrides
  for each row execute function app_private.tg_stamp();
-- end of source: policies/scheduling/specialist_schedule_overrides.sql

-- source: policies/scheduling/specialist_weekly_hours.sql
-- Staff see everybody's usual hours; schedules.manage edits them, a specialist edits their own. Visitors meet them
-- only as free times. SCH-01.
-- requires: functions/identity/current_staff_organization_ids.sql
-- requires: functions/identity/organization_ids_where.sql
-- requires: functions/identity/current_specialist_ids.sql
-- requires: functions/core/tg_stamp.sql

alter table app_public.specialist_weekly_hours enable row level security;
alter table app_public.specialist_weekly_hours force row level security;

grant select, delete on app_public.specialist_weekly_hours to app_member;
grant insert (organization_id, specialist_id, weekday, starts, ends),
      update (weekday, starts, ends)
   on app_public.specialist_weekly_hours to app_member;

drop policy if exists specialist_weekly_hours_select_staff on app_public.specialist_weekly_hours;
create policy specialist_weekly_hours_select_staff on app_public.specialist_weekly_hours
  for select to app_member
  using (organization_id = any ((select app_hidden.current_staff_organization_ids())::uuid[]));

drop policy if exists specialist_weekly_hours_insert_manager on app_public.specialist_weekly_hours;
create policy specialist_weekly_hours_insert_manager on app_public.specialist_weekly_hours
  for insert to app_member
  with check (organization_id = any ((select app_hidden.organization_ids_where('schedules.manage'))::uuid[]));

drop policy if exists specialist_weekly_hours_insert_self on app_public.specialist_weekly_hours;
create policy specialist_weekly_hours_insert_self on app_public.specialist_weekly_hours
  for insert to app_member
  with check (
    organization_id = any ((select app_hidden.organization_ids_where('schedules.manage_own'))::uuid[])
    and specialist_id = any ((select app_hidden.current_specialist_ids())::uuid[])
  );

drop policy if exists specialist_weekly_hours_update_manager on app_public.specialist_weekly_hours;
create policy specialist_weekly_hours_update_manager on app_public.specialist_weekly_hours
  for update to app_member
  using (organization_id = any ((select app_hidden.organization_ids_where('schedules.manage'))::uuid[]))
  with check (organization_id = any ((select app_hidden.organization_ids_where('schedules.manage'))::uuid[]));

drop policy if exists specialist_weekly_hours_update_self on app_public.specialist_weekly_hours;
create policy specialist_weekly_hours_update_self on app_public.specialist_weekly_hours
  for update to app_member
  using (
    organization_id = any ((select app_hidden.organization_ids_where('schedules.manage_own'))::uuid[])
    and specialist_id = any ((select app_hidden.current_specialist_ids())::uuid[])
  )
  with check (
    organization_id = any ((select app_hidden.organization_ids_where('schedules.manage_own'))::uuid[])
    and specialist_id = any ((select app_hidden.current_specialist_ids())::uuid[])
  );

drop policy if exists specialist_weekly_hours_delete_manager on app_public.specialist_weekly_hours;
create policy specialist_weekly_hours_delete_manager on app_public.specialist_weekly_hours
  for delete to app_member
  using (organization_id = any ((select app_hidden.organization_ids_where('schedules.manage'))::uuid[]));

drop policy if exists specialist_weekly_hours_delete_self on app_public.specialist_weekly_hours;
create policy specialist_weekly_hours_delete_self on app_public.specialist_weekly_hours
  for delete to app_member
  using (
    organization_id = any ((select app_hidden.organization_ids_where('schedules.manage_own'))::uuid[])
    and specialist_id = any ((select app_hidden.current_specialist_ids())::uuid[])
  );

grant select on app_public.specialist_weekly_hours to app_engine;
drop policy if exists specialist_weekly_hours_select_engine on app_public.specialist_weekly_hours;
create policy specialist_weekly_hours_select_engine on app_public.specialist_weekly_hours
  for select to app_engine
  using (true);

create or replace trigger _100_stamp before insert or update on app_public.specialist_weekly_hours
  for each row execute function app_private.tg_stamp();
-- end of source: policies/scheduling/specialist_weekly_hours.sql

-- source: policies/scheduling/time_claims.sql
-- Nobody sees claims: who is booked when, and under which token, is the engine's alone. SCH-06.

alter table app_private.time_claims enable row level security;
alter table app_private.time_claims force row level security;

grant select, insert, update on app_private.time_claims to app_engine;
drop policy if exists time_claims_all_engine on app_private.time_claims;
create policy time_claims_all_engine on app_private.time_claims
  for all to app_engine
  using (true)
  with check (true);
-- end of source: policies/scheduling/time_claims.sql
