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
