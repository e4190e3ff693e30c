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
