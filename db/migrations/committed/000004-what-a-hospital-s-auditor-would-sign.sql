--! Previous: sha1:244eef92c110209399190ad5a0e28bc58ad14ea1
--! Hash: sha1:f1c4ed9941c95ef1a558955c9e990047670e789e
--! Message: What a hospital's auditor would sign

--! split: 100-audit.sql
-- Who did what to which row: entries, sealed at commit into one chain per clinic and one for the platform, and
-- the anchors that stand outside the database. FND-08, FND-09.

-- Again at every save: whatever is audited lets go of the schema before it is dropped.
drop schema if exists audit cascade;
create schema audit;
comment on schema audit is 'The audit log: append-only for every role, a hash chain per clinic, anchored outside.';
grant usage, create on schema audit to app_engine;
grant usage on schema audit to app_member, app_worker;

-- Partitions are made by audit.open_month(), by the clock; none is made here, so that every database gets the
-- same migration. No check constraints on them: a partition compiles them anew at every insert, which took half of it
-- (80 µs with three, 38 without), and only audit.append() and the seal write here. Verification finds what is not theirs.
create table audit.entries (
  id uuid not null default uuidv7(),
  organization_id uuid,
  -- What has no clinic is chained by the platform: zero stands for it in keys, as in specialties.
  scope_id uuid not null generated always as (coalesce(organization_id, '00000000-0000-0000-0000-000000000000')) stored,
  occurred_at timestamptz not null,
  seal_id uuid not null,
  position int not null,
  actor_id uuid,
  impersonator_id uuid,
  session_role text not null,
  request_id text,
  action text not null,
  table_name text not null,
  row_key text,
  person_id uuid,
  changed text[],
  old jsonb,
  new jsonb,
  ip text,
  user_agent text,
  key bytea,
  digest bytea not null,
  bytes bytea not null,
  hash bytea not null,
  primary key (scope_id, occurred_at, id)
) partition by range (occurred_at);
create index entries_row_idx on audit.entries (row_key, occurred_at);
create index entries_person_idx on audit.entries (person_id, occurred_at) where person_id is not null;
create index entries_actor_idx on audit.entries (actor_id, occurred_at);
comment on table audit.entries is
  'What was done, by whom, to which row. The bytes carry ids and a digest of what may be personal (old, new, ip, '
  'user_agent), keyed with a random key per entry: erasure takes those and the key, and the chain still verifies.';
comment on column audit.entries.seal_id is 'Entries of one transaction and chain; each is hashed onto the one before.';
comment on column audit.entries.session_role is 'The database login that wrote: tells the API from a worker and from a hand.';
comment on column audit.entries.row_key is 'The primary key as text, its columns joined by "/"; without those that name somebody.';
comment on column audit.entries.person_id is 'The person the row is about, as classified_tables says.';
comment on column audit.entries.changed is 'Columns that changed, masked ones included; of a new or deleted row those with a value.';
comment on column audit.entries.digest is 'HMAC-SHA256 with key over the wire format of (old, new, ip, user_agent).';
comment on column audit.entries.bytes is 'Exactly what was hashed: the wire format of the row that audit.entry_bytes() builds.';

create table audit.seals (
  id uuid not null,
  scope_id uuid not null,
  sequence bigint not null,
  occurred_at timestamptz not null,
  sealed_at timestamptz not null,
  entries int not null,
  entries_hash bytea not null,
  bytes bytea not null,
  hash bytea not null,
  primary key (scope_id, sequence, occurred_at)
) partition by range (occurred_at);
comment on table audit.seals is
  'A link of a clinic''s chain: the entries that one transaction wrote, sealed at its commit onto the seal before.';
comment on column audit.seals.entries_hash is 'The hash of the last of its entries, which is hashed onto all before it.';
comment on column audit.seals.bytes is 'Exactly what was hashed: the wire format of the row that audit.seal_bytes() builds.';

create table audit.heads (
  scope_id uuid primary key,
  sequence bigint not null,
  hash bytea not null,
  sealed_at timestamptz not null
) with (fillfactor = 20);
comment on table audit.heads is 'The end of each chain; its row lock is what commits of one clinic queue for.';

create table audit.anchors (
  number bigint primary key,
  object_key text not null,
  bytes bytea not null,
  hash bytea not null,
  previous_hash bytea,
  created_at timestamptz not null,
  stored_at timestamptz,
  constraint anchors_number_counts_from_one check (number >= 1),
  constraint anchors_only_the_first_has_nothing_before check ((number = 1) = (previous_hash is null))
);
comment on table audit.anchors is
  'Documents with the heads of all chains that moved, each naming the hash of the one before; the bytes go to object storage.';
comment on column audit.anchors.stored_at is 'When object storage had it; null: the next run of the task brings it there.';

create table audit.anchored_heads (
  anchor_number bigint not null references audit.anchors on delete restrict,
  scope_id uuid not null,
  sequence bigint not null,
  hash bytea not null,
  primary key (scope_id, sequence)
);
create index anchored_heads_anchor_idx on audit.anchored_heads (anchor_number);
comment on table audit.anchored_heads is 'The heads an anchor holds, where verification looks them up.';

--! split: 101-audit_view.sql
-- Who reads the audit log, and what reading a chart answers with. FND-08.

insert into app_public.permissions (name, description) values
  ('audit.view', 'Read the clinic''s audit log')
on conflict (name) do nothing;
insert into app_public.system_role_permissions (role_key, permission) values
  ('owner', 'audit.view'),
  ('admin', 'audit.view')
on conflict (role_key, permission) do nothing;

-- Clinics that are open already: their owners and administrators get it, too. Row security is forced on the migrator,
-- so it is lifted for these lines (0003).
alter table app_public.roles no force row level security;
alter table app_public.role_permissions no force row level security;
insert into app_public.role_permissions (organization_id, role_id, permission)
select roles.organization_id, roles.id, 'audit.view'
from app_public.roles
where roles.system_role_key in ('owner', 'admin')
on conflict (organization_id, role_id, permission) do nothing;
alter table app_public.roles force row level security;
alter table app_public.role_permissions force row level security;

drop function if exists app_public.open_patient_chart(uuid);
drop function if exists app_public.my_chart_readings(uuid);
drop view if exists app_public.audit_entries cascade;
drop type if exists app_public.audit_values;
drop type if exists app_public.chart_reading;
drop type if exists app_public.patient_chart;
drop type if exists app_public.chart_caregiver;
drop type if exists app_public.chart_appointment;

create type app_public.audit_values as (old jsonb, new jsonb, ip text, user_agent text);
comment on type app_public.audit_values is
  'What an audit entry says beyond ids: changed columns before and after, and from where. Masked columns are not in it.';

create type app_public.chart_caregiver as (
  human_id uuid, name text, email text, relationship text, since timestamptz, ends_on date
);
comment on type app_public.chart_caregiver is 'Who acts for the patient, as the chart shows it.';
create type app_public.chart_appointment as (
  appointment_id uuid, status text, starts_at timestamptz, ends_at timestamptz, modality text,
  service_name text, specialist_name text, cancellation_reason text
);
comment on type app_public.chart_appointment is 'An appointment of the patient at this clinic, as the chart shows it.';
create type app_public.patient_chart as (
  patient_id uuid, organization_id uuid, patient_profile_id uuid, patient_since timestamptz,
  given_name text, family_name text, email text, phone text, birth_date date, locale text,
  caregivers app_public.chart_caregiver[], appointments app_public.chart_appointment[]
);
comment on type app_public.patient_chart is
  'A patient at a clinic: the person, those who act for them, and the newest 200 appointments, newest first.';

create type app_public.chart_reading as (
  read_at timestamptz, organization_id uuid, organization_name text, patient_profile_id uuid, reader_id uuid,
  reader_name text, what text
);
comment on type app_public.chart_reading is 'That somebody at a clinic looked at a patient''s record.';
comment on column app_public.chart_reading.what is '"chart", or the name of the export.';

--! split: 110-classes.sql
-- Every column says how it is protected and how long it is kept, not only its table. FND-12.

-- A few hundred rows that only migrations read and write: locks and scans concern nobody.
alter table app_private.classified_columns
  -- squawk-ignore adding-foreign-key-constraint
  add column if not exists retention text references app_private.retentions on delete restrict,
  add column if not exists protection text;
update app_private.classified_columns
set retention = classified_tables.retention
from app_private.classified_tables
where classified_tables.table_name = classified_columns.table_name and classified_columns.retention is null;
-- squawk-ignore adding-not-nullable-field
alter table app_private.classified_columns alter column retention set not null;
-- squawk-ignore require-concurrent-index-creation
create index if not exists classified_columns_retention_idx on app_private.classified_columns (retention);

alter table app_private.classified_columns drop constraint if exists classified_columns_protection_is_known;
-- squawk-ignore constraint-missing-not-valid
alter table app_private.classified_columns add constraint classified_columns_protection_is_known
  check (protection in ('digest', 'ciphertext'));
comment on column app_private.classified_columns.protection is
  'How a column of an encrypted class is protected. digest: one way, never read back; ciphertext: sealed under a data key.';
comment on column app_private.classified_columns.retention is
  'The table''s, unless the column is kept for a shorter or longer time than its row.';

comment on table app_private.data_classes is
  'The classes a column or an object surface may carry. is_masked: no audit entry shows the value; '
  'is_encrypted: only a digest or ciphertext reaches the database.';

-- classify() gained two arguments.
drop function if exists app_private.classify(text, text, jsonb, text, text);

--! split: 111-digests.sql
-- What is said to be a digest has the length of one: a token stored as it is would not fit. FND-12.

-- Verbs always wrote digests; the demo did not. Row security is forced on the owner, so it is lifted for the mending.
alter table app_private.time_claims no force row level security;
update app_private.time_claims set token_hash = sha256(token_hash) where octet_length(token_hash) <> 32;
alter table app_private.time_claims force row level security;
alter table app_private.time_claims drop constraint if exists time_claims_token_hash_is_a_digest;
alter table app_private.time_claims
  -- squawk-ignore constraint-missing-not-valid
  add constraint time_claims_token_hash_is_a_digest check (octet_length(token_hash) = 32);

alter table app_public.booking_requests no force row level security;
update app_public.booking_requests set token_hash = sha256(token_hash) where octet_length(token_hash) <> 32;
alter table app_public.booking_requests force row level security;
alter table app_public.booking_requests drop constraint if exists booking_requests_token_hash_is_a_digest;
alter table app_public.booking_requests
  -- squawk-ignore constraint-missing-not-valid
  add constraint booking_requests_token_hash_is_a_digest check (octet_length(token_hash) = 32);

--! split: 112-soft-deletes.sql
-- What can be deleted and brought back: one row per table. FND-10.

-- squawk-ignore ban-drop-table
drop table if exists app_private.soft_deletes;
drop type if exists app_public.deleted_row cascade;

create table app_private.soft_deletes (
  table_name text primary key references app_private.classified_tables on delete cascade,
  permission text references app_public.permissions on delete restrict,
  label text not null,
  follows text references app_private.soft_deletes on delete restrict,
  constraint soft_deletes_follows_another check (follows <> table_name)
);
create index soft_deletes_permission_idx on app_private.soft_deletes (permission);
create index soft_deletes_follows_idx on app_private.soft_deletes (follows);
comment on table app_private.soft_deletes is 'Tables whose rows are deleted by deleted_at, and come back. Written by allow_soft_delete(), from each table''s policy file.';
comment on column app_private.soft_deletes.permission is 'Who may delete and restore at the clinic of the row; null: the platform''s superadmins.';
comment on column app_private.soft_deletes.label is 'SQL over the row r: by what people recognise it.';
comment on column app_private.soft_deletes.follows is 'Goes with rows of this table, and comes back with them.';

create type app_public.deleted_row as (
  entity text,
  row_id uuid,
  organization_id uuid,
  label text,
  deleted_at timestamptz
);
comment on type app_public.deleted_row is 'A row that was deleted and can be brought back with restoreDeletedRow.';
comment on column app_public.deleted_row.entity is 'What it is: services, calendars, patients, …';
comment on column app_public.deleted_row.label is 'By what people recognise it.';

alter table app_public.specialties add column if not exists deleted_at timestamptz;
alter table app_public.specialties drop constraint if exists specialties_slug_is_unique_per_organization;
-- squawk-ignore require-concurrent-index-deletion
drop index if exists app_public.specialties_slug_is_unique_per_organization;
-- squawk-ignore require-concurrent-index-creation
create unique index specialties_slug_is_unique_per_organization on app_public.specialties (organization_id, slug)
  nulls not distinct where deleted_at is null;
-- squawk-ignore require-concurrent-index-creation
create index if not exists specialties_organization_id_idx on app_public.specialties (organization_id);

-- The list of what was deleted does not read what was not.
-- squawk-ignore require-concurrent-index-creation
create index if not exists appointments_deleted_idx on app_public.appointments (organization_id) where deleted_at is not null;
-- squawk-ignore require-concurrent-index-creation
create index if not exists patients_deleted_idx on app_public.patients (organization_id) where deleted_at is not null;

--! split: 113-object-surfaces.sql
-- What stands in the object store besides files: each surface with its class and its retention. FND-12.

-- squawk-ignore ban-drop-table
drop table if exists app_private.object_surfaces cascade;

create table app_private.object_surfaces (
  key text primary key,
  prefix text not null,
  description text not null,
  class text not null references app_private.data_classes on delete restrict,
  retention text not null references app_private.retentions on delete restrict,
  constraint object_surfaces_key_is_a_slug check (key ~ '^[a-z]+(_[a-z]+)*$'),
  constraint object_surfaces_prefix_is_a_folder check (prefix ~ '^[a-z/-]+/$')
);
create unique index object_surfaces_prefix_is_unique on app_private.object_surfaces (prefix);
create index object_surfaces_class_idx on app_private.object_surfaces (class);
create index object_surfaces_retention_idx on app_private.object_surfaces (retention);
comment on table app_private.object_surfaces is
  'What processes keep in the object store, besides the files of file_surfaces: where, what it holds, and for how long.';
insert into app_private.object_surfaces (key, prefix, description, class, retention) values
  ('audit_anchors', 'audit/anchors/', 'Heads of the audit''s chains: numbers and hashes, nothing of anybody.', 'operational', 'ledger');

alter table audit.anchors add column if not exists surface text not null default 'audit_anchors';
alter table audit.anchors
  -- squawk-ignore adding-foreign-key-constraint, constraint-missing-not-valid
  add constraint anchors_are_a_surface foreign key (surface) references app_private.object_surfaces on delete restrict;
-- squawk-ignore require-concurrent-index-creation
create index if not exists anchors_surface_idx on audit.anchors (surface);

--! split: 120-secrets.sql
-- Secrets at rest: what an encrypted column looks like, the data keys, and the rotations. FND-11.

-- squawk-ignore ban-drop-table
drop table if exists app_public.organization_service_providers;
-- squawk-ignore ban-drop-table
drop table if exists app_public.organization_integrations;
-- squawk-ignore ban-drop-table
drop table if exists app_private.key_rotations;
-- squawk-ignore ban-drop-table
drop table if exists app_private.data_keys;
drop domain if exists app_private.ciphertext cascade;

-- The envelope that secrets/envelope.ts makes: 'RXE', format 1, four bytes of key version, twelve of nonce, the
-- ciphertext, sixteen of tag. Whoever forgets to encrypt cannot store what they have.
create domain app_private.ciphertext as bytea
  constraint ciphertext_is_an_envelope check (
    octet_length(value) >= 36
    and substr(value, 1, 4) = '\x52584501'
    and substr(value, 5, 4) between '\x00000001' and '\x7fffffff'
  );
comment on domain app_private.ciphertext is
  'Sealed outside the database: magic and format, key version, nonce, ciphertext, tag. Nothing else fits into such a column.';

create table app_private.data_keys (
  id uuid primary key default uuidv7(),
  organization_id uuid references app_public.organizations on delete restrict,
  version int not null,
  wrapped bytea not null,
  master_key_id text not null,
  status text not null default 'active',
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  constraint data_keys_identity unique (organization_id, id),
  constraint data_keys_version_is_unique unique nulls not distinct (organization_id, version),
  constraint data_keys_version_counts_from_one check (version >= 1),
  -- A key in the clear has exactly 32 bytes.
  constraint data_keys_wrapped_is_no_bare_secret check (octet_length(wrapped) > 32),
  constraint data_keys_master_key_id_is_not_blank check (master_key_id ~ '\S'),
  constraint data_keys_status_is_known check (status in ('active', 'retiring', 'retired'))
);
create unique index data_keys_one_is_active on app_private.data_keys (organization_id) nulls not distinct where status = 'active';
create index data_keys_master_key_idx on app_private.data_keys (master_key_id);
comment on table app_private.data_keys is
  'The keys that envelopes are sealed with, wrapped by the master key; without a clinic: the platform''s. active seals, '
  'retiring is still written by processes that have not noticed and read by all, retired is in no row any more and is '
  'kept for backups. Deleting a clinic''s keys makes what it had unreadable everywhere.';

create table app_private.key_rotations (
  id uuid primary key default uuidv7(),
  started_at timestamptz not null default now(),
  finished_at timestamptz,
  constraint key_rotations_end_after_start check (started_at <= finished_at)
);
create unique index key_rotations_one_is_open on app_private.key_rotations ((finished_at is null)) where finished_at is null;
comment on table app_private.key_rotations is
  'Rotations of all data keys. Whatever was active before started_at gets a successor; an open one is gone on with.';

insert into app_private.state_transitions (entity, from_state, to_state, actor) values
  ('data_keys', '', 'active', 'system'),
  ('data_keys', 'active', 'retiring', 'system'),
  ('data_keys', 'retiring', 'retired', 'system')
on conflict do nothing;

--! split: 121-providers.sql
-- Which vendors there are, for what, and which of them the platform offers. FND-22.

-- squawk-ignore ban-drop-table
drop table if exists app_public.organization_service_providers;
-- squawk-ignore ban-drop-table
drop table if exists app_public.organization_integrations;
-- squawk-ignore ban-drop-table
drop table if exists app_public.platform_service_providers;
-- squawk-ignore ban-drop-table
drop table if exists app_public.service_providers;
-- squawk-ignore ban-drop-table
drop table if exists app_public.service_capabilities;

insert into app_hidden.error_codes (code, sqlstate, http_status, meaning) values
  ('CAPABILITY_NOT_BUILT', 'RX424', 409, 'The capability is declared and nothing implements it yet; details.capability names it.')
on conflict do nothing;

create table app_public.service_capabilities (
  key text primary key,
  description text not null,
  is_built boolean not null,
  constraint service_capabilities_key_is_a_slug check (key ~ '^[a-z]+(_[a-z]+)*$')
);
comment on table app_public.service_capabilities is
  'What a clinic can choose a vendor for. What is not built is declared only: resolving it is refused.';
insert into app_public.service_capabilities (key, description, is_built) values
  ('email', 'Mails to patients and staff', true),
  ('sms', 'Text messages', true),
  ('whatsapp', 'WhatsApp messages by approved templates', true),
  ('push', 'Notices in the browser', true),
  ('video', 'Video appointments', true),
  ('exercise_video', 'Exercise videos', true),
  ('storage', 'Files', true),
  ('payment', 'What the clinic pays the platform', true),
  ('invoicing', 'Invoices to the clinic', true),
  ('patient_payment', 'What patients pay the clinic', false),
  ('clinic_payout', 'What the platform passes on to the clinic', false);

create table app_public.service_providers (
  key text primary key,
  name text not null,
  credential_fields jsonb not null,
  settings_fields jsonb not null,
  constraint service_providers_key_is_a_slug check (key ~ '^[a-z][a-z0-9]*(_[a-z0-9]+)*$'),
  constraint service_providers_name_is_one_line check (name !~ '[[:cntrl:]]'),
  constraint service_providers_credential_fields_are_declared check (
    jsonb_typeof(credential_fields) = 'array'
    and not jsonb_path_exists(credential_fields, '$[*] ? (!(
      @.name like_regex "^[a-z][A-Za-z0-9]*$" && (@.kind == "secret" || @.kind == "text")
      && @.label.type() == "string" && @.labelRo.type() == "string" && @.required.type() == "boolean"))')),
  constraint service_providers_settings_fields_are_declared check (
    jsonb_typeof(settings_fields) = 'array'
    and not jsonb_path_exists(settings_fields, '$[*] ? (!(
      @.name like_regex "^[a-z][A-Za-z0-9]*$"
      && (@.kind == "text" || @.kind == "url" || @.kind == "email" || @.kind == "phone" || @.kind == "integer" || @.kind == "boolean")
      && @.label.type() == "string" && @.labelRo.type() == "string" && @.required.type() == "boolean"))'))
);
comment on table app_public.service_providers is
  'The vendors. A frontend builds the form of an integration from the fields: [{"name", "kind", "label", "labelRo", "required"}].';
comment on column app_public.service_providers.credential_fields is
  'What is sealed: kind secret or text. Never readable again; the last four characters of each are shown.';
comment on column app_public.service_providers.settings_fields is
  'What is no secret: kind text, url, email, phone, integer or boolean.';

-- A vendor is its adapter, a row here, and a row below for each capability it serves.
insert into app_public.service_providers (key, name, credential_fields, settings_fields) values
  ('twilio', 'Twilio',
   '[{"name": "accountSid", "kind": "text", "label": "Account SID", "labelRo": "Account SID", "required": true},
     {"name": "authToken", "kind": "secret", "label": "Auth token", "labelRo": "Auth token", "required": true}]',
   '[{"name": "smsSender", "kind": "text", "label": "SMS sender (number or name)", "labelRo": "Expeditor SMS (număr sau nume)", "required": false},
     {"name": "whatsappSender", "kind": "phone", "label": "WhatsApp number", "labelRo": "Număr WhatsApp", "required": false},
     {"name": "messagingServiceSid", "kind": "text", "label": "Messaging service SID", "labelRo": "SID serviciu de mesaje", "required": false}]'),
  ('ses', 'Amazon SES',
   '[{"name": "accessKeyId", "kind": "text", "label": "Access key ID", "labelRo": "ID cheie de acces", "required": true},
     {"name": "secretAccessKey", "kind": "secret", "label": "Secret access key", "labelRo": "Cheie secretă de acces", "required": true}]',
   '[{"name": "region", "kind": "text", "label": "Region", "labelRo": "Regiune", "required": true},
     {"name": "sender", "kind": "email", "label": "Verified sender", "labelRo": "Expeditor verificat", "required": true},
     {"name": "configurationSet", "kind": "text", "label": "Configuration set", "labelRo": "Set de configurare", "required": false}]'),
  ('smtp', 'SMTP',
   '[{"name": "username", "kind": "text", "label": "User name", "labelRo": "Utilizator", "required": true},
     {"name": "password", "kind": "secret", "label": "Password", "labelRo": "Parolă", "required": true}]',
   '[{"name": "host", "kind": "text", "label": "Server", "labelRo": "Server", "required": true},
     {"name": "port", "kind": "integer", "label": "Port", "labelRo": "Port", "required": true},
     {"name": "sender", "kind": "email", "label": "Sender", "labelRo": "Expeditor", "required": true}]'),
  ('s3', 'Amazon S3 or compatible',
   '[{"name": "accessKeyId", "kind": "text", "label": "Access key ID", "labelRo": "ID cheie de acces", "required": true},
     {"name": "secretAccessKey", "kind": "secret", "label": "Secret access key", "labelRo": "Cheie secretă de acces", "required": true}]',
   '[{"name": "bucket", "kind": "text", "label": "Bucket", "labelRo": "Bucket", "required": true},
     {"name": "region", "kind": "text", "label": "Region", "labelRo": "Regiune", "required": true},
     {"name": "endpoint", "kind": "url", "label": "Endpoint, if not Amazon", "labelRo": "Adresa serviciului, dacă nu este Amazon", "required": false}]'),
  ('web_push', 'Web Push',
   '[{"name": "vapidPrivateKey", "kind": "secret", "label": "VAPID private key", "labelRo": "Cheie VAPID privată", "required": true}]',
   '[{"name": "vapidPublicKey", "kind": "text", "label": "VAPID public key", "labelRo": "Cheie VAPID publică", "required": true}]'),
  ('daily', 'Daily.co',
   '[{"name": "apiKey", "kind": "secret", "label": "API key", "labelRo": "Cheie API", "required": true}]',
   '[{"name": "domain", "kind": "text", "label": "Domain", "labelRo": "Domeniu", "required": true}]'),
  ('bunny', 'Bunny Stream',
   '[{"name": "apiKey", "kind": "secret", "label": "Library API key", "labelRo": "Cheie API a bibliotecii", "required": true},
     {"name": "tokenKey", "kind": "secret", "label": "Token authentication key", "labelRo": "Cheie de autentificare", "required": true}]',
   '[{"name": "libraryId", "kind": "text", "label": "Library ID", "labelRo": "ID bibliotecă", "required": true},
     {"name": "pullZone", "kind": "text", "label": "Pull zone", "labelRo": "Zonă de distribuție", "required": true}]'),
  ('stripe', 'Stripe',
   '[{"name": "secretKey", "kind": "secret", "label": "Secret key", "labelRo": "Cheie secretă", "required": true},
     {"name": "webhookSecret", "kind": "secret", "label": "Webhook signing secret", "labelRo": "Secret de semnare webhook", "required": true}]',
   '[]'),
  ('fgo', 'FGO',
   '[{"name": "privateKey", "kind": "secret", "label": "Private key", "labelRo": "Cheie privată", "required": true}]',
   '[{"name": "companyCode", "kind": "text", "label": "Tax code of the company", "labelRo": "Cod unic de înregistrare", "required": true},
     {"name": "invoiceSeries", "kind": "text", "label": "Invoice series", "labelRo": "Serie facturi", "required": true}]'),
  ('manual', 'By hand', '[]', '[]');

create table app_public.platform_service_providers (
  capability text not null references app_public.service_capabilities on delete restrict,
  provider text not null references app_public.service_providers on delete restrict,
  is_default boolean not null default false,
  is_offered boolean not null default true,
  has_platform_account boolean not null default false,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  primary key (capability, provider),
  constraint platform_service_providers_default_has_an_account check (has_platform_account or not is_default)
);
create unique index platform_service_providers_one_is_default on app_public.platform_service_providers (capability) where is_default;
create index platform_service_providers_provider_idx on app_public.platform_service_providers (provider);
comment on table app_public.platform_service_providers is
  'Which vendor can serve which capability, which serves clinics that chose none, and which a clinic may choose.';
comment on column app_public.platform_service_providers.has_platform_account is
  'Whether the platform has an account there (or none is needed): without one, a clinic brings its own integration.';
insert into app_public.platform_service_providers (capability, provider, is_default, is_offered, has_platform_account) values
  ('email', 'smtp', true, true, true),
  ('email', 'ses', false, true, false),
  ('sms', 'twilio', true, true, true),
  ('whatsapp', 'twilio', true, true, true),
  ('push', 'web_push', true, false, true),
  ('video', 'daily', true, true, true),
  ('exercise_video', 'bunny', true, false, true),
  ('storage', 's3', true, false, true),
  ('payment', 'stripe', false, true, false),
  ('payment', 'manual', true, true, true),
  ('invoicing', 'fgo', false, true, false),
  ('invoicing', 'manual', true, true, true);

--! split: 122-integrations.sql
-- A clinic's own accounts at vendors, and which of them serves what. FND-22, FND-23.

create table app_public.organization_integrations (
  id uuid primary key default uuidv7(),
  organization_id uuid not null references app_public.organizations on delete restrict,
  provider text not null references app_public.service_providers on delete restrict,
  label text not null,
  settings jsonb not null default '{}',
  credentials app_private.ciphertext not null,
  credentials_version int not null default 1,
  last_four jsonb not null,
  status text not null default 'active',
  disabled_reason text,
  disabled_at timestamptz,
  consecutive_auth_failures int not null default 0,
  last_tested_at timestamptz,
  last_test_passed boolean,
  last_test_reason text,
  last_used_at timestamptz,
  created_by uuid references app_public.principals on delete restrict,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  constraint organization_integrations_identity unique (organization_id, id),
  constraint organization_integrations_provider_identity unique (organization_id, id, provider),
  constraint organization_integrations_label_is_one_line check (label ~ '[[:alnum:]]' and label !~ '[[:cntrl:]]' and length(label) <= 100),
  constraint organization_integrations_settings_is_an_object check (jsonb_typeof(settings) = 'object'),
  -- Four characters of each key: a whole one does not fit.
  constraint organization_integrations_last_four_are_four check (
    jsonb_typeof(last_four) = 'object'
    and not jsonb_path_exists(last_four, '$.* ? (!(@ like_regex "^.{4}$"))')),
  constraint organization_integrations_status_is_known check (status in ('active', 'disabled')),
  constraint organization_integrations_disabled_says_why check (
    (status = 'disabled') = (disabled_reason is not null) and (status = 'disabled') = (disabled_at is not null)),
  constraint organization_integrations_disabled_reason_is_known check (disabled_reason in ('credentials_refused', 'by_staff')),
  constraint organization_integrations_failures_are_counted check (consecutive_auth_failures >= 0),
  constraint organization_integrations_test_has_an_outcome check ((last_tested_at is null) = (last_test_passed is null)),
  constraint organization_integrations_failed_test_says_why check (coalesce(not last_test_passed, false) = (last_test_reason is not null)),
  constraint organization_integrations_test_reason_is_a_word check (last_test_reason ~ '^[a-z]+(_[a-z]+)*$')
);
create unique index organization_integrations_label_is_unique on app_public.organization_integrations (organization_id, lower(label));
create index organization_integrations_provider_idx on app_public.organization_integrations (provider);
create index organization_integrations_created_by_idx on app_public.organization_integrations (created_by);
comment on table app_public.organization_integrations is
  'A clinic''s own account at a vendor. Its keys are sealed before they reach the database and never shown again.';
comment on column app_public.organization_integrations.credentials is
  E'@behavior -*\nAn envelope: a JSON object by the provider''s credential fields.';
comment on column app_public.organization_integrations.credentials_version is
  'Counts how often the keys were entered, so that the outcome of a test belongs to the keys that were tested.';
comment on column app_public.organization_integrations.last_four is
  'The last four characters of each key that is long enough to show some, by field.';
comment on column app_public.organization_integrations.consecutive_auth_failures is
  'How often in a row the vendor has refused the keys; at five the integration is disabled.';
comment on column app_public.organization_integrations.disabled_reason is
  'credentials_refused: the vendor refused the keys five times in a row; by_staff: somebody switched it off.';

create table app_public.organization_service_providers (
  organization_id uuid not null references app_public.organizations on delete restrict,
  capability text not null,
  provider text not null,
  integration_id uuid,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  primary key (organization_id, capability),
  foreign key (capability, provider) references app_public.platform_service_providers on delete restrict,
  -- The integration is this clinic's, and of this provider.
  constraint organization_service_providers_integration_fits
    foreign key (organization_id, integration_id, provider)
    references app_public.organization_integrations (organization_id, id, provider) on delete restrict
);
create index organization_service_providers_offer_idx on app_public.organization_service_providers (capability, provider);
create index organization_service_providers_integration_idx
  on app_public.organization_service_providers (organization_id, integration_id, provider);
comment on table app_public.organization_service_providers is
  'What a clinic chose for a capability; where it chose nothing, the platform''s default serves.';
comment on column app_public.organization_service_providers.integration_id is
  'The clinic''s own account; without one, the platform''s.';

insert into app_public.permissions (name, description) values
  ('integrations.manage', 'Choose vendors and enter the keys of the clinic''s own accounts')
on conflict do nothing;
insert into app_public.system_role_permissions (role_key, permission) values
  ('owner', 'integrations.manage'),
  ('admin', 'integrations.manage')
on conflict do nothing;
-- Clinics that are there already: their roles are theirs, so only the system roles gain it.
set role app_engine;
insert into app_public.role_permissions (organization_id, role_id, permission)
select organization_id, id, 'integrations.manage'
from app_public.roles
where system_role_key in ('owner', 'admin')
on conflict do nothing;
reset role;

insert into app_private.state_transitions (entity, from_state, to_state, actor, permission, event) values
  ('organization_integrations', '', 'active', 'staff', 'integrations.manage', 'integration.added'),
  ('organization_integrations', 'active', 'disabled', 'staff', 'integrations.manage', 'integration.disabled'),
  ('organization_integrations', 'active', 'disabled', 'system', null, 'integration.disabled'),
  ('organization_integrations', 'disabled', 'active', 'staff', 'integrations.manage', 'integration.enabled')
on conflict do nothing;

-- The catalog has no policy for the migrator; the engine has one, and the grant for as long as this takes.
grant insert on app_private.event_types to app_engine;
set role app_engine;
insert into app_private.event_types (name, version, description, subject_type, payload_schema) values
  ('integration.added', 1, 'A clinic entered an account of its own at a vendor.', 'organization_integration',
   '{"type": "object", "additionalProperties": false, "required": [], "properties": {}}'),
  ('integration.changed', 1, 'Name, settings or keys of an integration were changed.', 'organization_integration',
   '{"type": "object", "additionalProperties": false, "required": ["credentialsChanged"],
     "properties": {"credentialsChanged": {"type": "boolean"}}}'),
  ('integration.disabled', 1, 'An integration is not used any more: the vendor refuses its keys, or somebody switched it off.',
   'organization_integration',
   '{"type": "object", "additionalProperties": false, "required": ["reason"],
     "properties": {"reason": {"type": "string", "enum": ["credentials_refused", "by_staff"]}}}'),
  ('integration.enabled', 1, 'An integration is used again.', 'organization_integration',
   '{"type": "object", "additionalProperties": false, "required": [], "properties": {}}'),
  ('integration.removed', 1, 'A clinic took an account out; its keys are gone.', 'organization_integration',
   '{"type": "object", "additionalProperties": false, "required": [], "properties": {}}')
on conflict do nothing;
reset role;
revoke insert on app_private.event_types from app_engine;

--! split: 130-file_surfaces.sql
-- What may be uploaded where: a new kind of file is a row here. FND-13, FND-12.

-- squawk-ignore ban-drop-table
drop table if exists app_public.files;
-- squawk-ignore ban-drop-table
drop table if exists app_private.file_surface_types;
-- squawk-ignore ban-drop-table
drop table if exists app_private.file_surfaces;
-- squawk-ignore ban-drop-table
drop table if exists app_private.file_types;

create table app_private.file_types (
  content_type text primary key,
  extensions text[] not null,
  constraint file_types_content_type_is_lower_case check (content_type ~ '^[a-z]+/[a-z0-9.+-]+$'),
  constraint file_types_extensions_are_named check (cardinality(extensions) > 0)
);
comment on table app_private.file_types is
  'Types whose bytes can be checked (server/files/examine), with the endings a name may have: what a name ends with '
  'is what a computer opens the download as.';
insert into app_private.file_types (content_type, extensions) values
  ('application/pdf', '{pdf}'),
  ('image/png', '{png}'),
  ('image/jpeg', '{jpg,jpeg}'),
  ('image/webp', '{webp}');

create table app_private.file_surfaces (
  key text primary key,
  prefix text not null,
  description text not null,
  owner_kind text not null,
  audience text not null,
  max_bytes bigint not null,
  max_files int not null,
  manage_permission text not null references app_public.permissions on delete restrict,
  uploaded_by_owner boolean not null,
  class text not null references app_private.data_classes on delete restrict,
  retention text not null references app_private.retentions on delete restrict,
  constraint file_surfaces_identity unique (key, owner_kind, audience),
  constraint file_surfaces_prefix_is_unique unique (prefix),
  constraint file_surfaces_key_is_a_slug check (key ~ '^[a-z]+(_[a-z]+)*$'),
  -- uploads/ holds what nobody has looked at yet.
  constraint file_surfaces_prefix_is_a_folder check (prefix ~ '^[a-z]+(-[a-z]+)*$' and prefix <> 'uploads'),
  constraint file_surfaces_owner_kind_is_known check (owner_kind in ('organization', 'service', 'specialist', 'appointment')),
  constraint file_surfaces_audience_is_known check (audience in ('owner_readers', 'staff')),
  -- The bytes are looked at in memory, all of them.
  constraint file_surfaces_max_bytes_fits_into_memory check (max_bytes between 1 and 26214400),
  constraint file_surfaces_max_files_is_sensible check (max_files between 1 and 1000),
  -- A clinic and a service are nobody in person.
  constraint file_surfaces_owner_is_a_person check (not uploaded_by_owner or owner_kind in ('specialist', 'appointment'))
);
create index file_surfaces_manage_permission_idx on app_private.file_surfaces (manage_permission);
create index file_surfaces_class_idx on app_private.file_surfaces (class);
create index file_surfaces_retention_idx on app_private.file_surfaces (retention);
comment on table app_private.file_surfaces is
  'Where files hang, one row a surface: the kind of row that owns them, who of its readers sees them, how large, how many '
  '(1: the newest replaces), who uploads (staff by permission, and the person the owner row is about), class and retention.';

create table app_private.file_surface_types (
  surface text not null references app_private.file_surfaces on delete cascade,
  content_type text not null references app_private.file_types on delete restrict,
  primary key (surface, content_type)
);
create index file_surface_types_content_type_idx on app_private.file_surface_types (content_type);
comment on table app_private.file_surface_types is 'The types a surface takes.';

insert into app_private.file_surfaces
  (key, prefix, description, owner_kind, audience, max_bytes, max_files, manage_permission, uploaded_by_owner, class, retention)
values
  ('organization_logo', 'logo', 'The clinic''s logo.',
   'organization', 'owner_readers', 1048576, 1, 'organization.manage', false, 'public', 'clinic'),
  ('service_attachments', 'services', 'What helps to choose or prepare: leaflets, pictures.',
   'service', 'owner_readers', 10485760, 20, 'services.manage', false, 'public', 'clinic'),
  ('specialist_signatures', 'signatures', 'The signature that goes onto documents.',
   'specialist', 'staff', 524288, 1, 'specialists.manage', true, 'pii_basic', 'clinic'),
  ('appointment_files', 'appointments', 'Findings, letters and pictures that belong to an appointment.',
   'appointment', 'owner_readers', 26214400, 100, 'appointments.conduct', true, 'phi', 'medical_record');

insert into app_private.file_surface_types (surface, content_type) values
  ('organization_logo', 'image/png'),
  ('organization_logo', 'image/jpeg'),
  ('organization_logo', 'image/webp'),
  ('service_attachments', 'application/pdf'),
  ('service_attachments', 'image/png'),
  ('service_attachments', 'image/jpeg'),
  ('service_attachments', 'image/webp'),
  ('specialist_signatures', 'image/png'),
  ('appointment_files', 'application/pdf'),
  ('appointment_files', 'image/png'),
  ('appointment_files', 'image/jpeg'),
  ('appointment_files', 'image/webp');

--! split: 131-files.sql
-- Files: the rows. The bytes are in the object store. FND-13.

create table app_public.files (
  id uuid primary key default uuidv7(),
  organization_id uuid not null references app_public.organizations on delete restrict,
  surface text not null,
  audience text not null,
  service_id uuid,
  specialist_id uuid,
  appointment_id uuid,
  owner_organization_id uuid generated always as (
    case when num_nonnulls(service_id, specialist_id, appointment_id) = 0 then organization_id end) stored,
  owner_kind text not null generated always as (
    case
      when service_id is not null then 'service'
      when specialist_id is not null then 'specialist'
      when appointment_id is not null then 'appointment'
      else 'organization'
    end) stored,
  filename text not null,
  content_type text not null,
  size_bytes bigint not null,
  sha256 text not null,
  -- Nobody is ever given a URL to write to the first; the second holds what nobody has looked at yet.
  object_key text not null,
  uploaded_key text not null generated always as (organization_id::text || '/uploads/' || id::text) stored,
  status text not null default 'pending',
  rejection text,
  uploaded_by uuid not null references app_public.principals on delete restrict,
  expires_at timestamptz,
  confirmed_at timestamptz,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  deleted_at timestamptz,
  objects_removed_at timestamptz,
  constraint files_identity unique (organization_id, id),
  constraint files_surface_takes_this_owner foreign key (surface, owner_kind, audience)
    references app_private.file_surfaces (key, owner_kind, audience) on delete restrict,
  foreign key (surface, content_type) references app_private.file_surface_types (surface, content_type) on delete restrict,
  foreign key (organization_id, service_id) references app_public.services (organization_id, id) on delete restrict,
  foreign key (organization_id, specialist_id) references app_public.specialists (organization_id, id) on delete restrict,
  foreign key (organization_id, appointment_id) references app_public.appointments (organization_id, id) on delete restrict,
  constraint files_owner_organization_id_fkey foreign key (owner_organization_id)
    references app_public.organizations on delete restrict,
  constraint files_has_one_owner check (num_nonnulls(service_id, specialist_id, appointment_id) <= 1),
  constraint files_audience_is_known check (audience in ('owner_readers', 'staff')),
  constraint files_owner_kind_is_known check (owner_kind in ('organization', 'service', 'specialist', 'appointment')),
  constraint files_filename_is_a_name check (filename ~ '[[:alnum:]]' and length(filename) <= 200),
  constraint files_filename_is_one_line check (filename !~ '[[:cntrl:]/\\]'),
  constraint files_size_bytes_is_positive check (size_bytes > 0),
  constraint files_sha256_is_a_digest check (sha256 ~ '^[0-9a-f]{64}$'),
  constraint files_object_key_is_made_of_ids check (
    object_key = organization_id::text || '/' || split_part(object_key, '/', 2) || '/' || id::text),
  constraint files_status_is_known check (status in ('pending', 'confirmed', 'rejected', 'deleted')),
  constraint files_expires_while_pending check ((status = 'pending') = (expires_at is not null)),
  constraint files_rejection_says_why check ((status = 'rejected') = (rejection is not null)),
  constraint files_rejection_is_known check (rejection in ('expired', 'type_mismatch', 'second_type', 'malformed', 'size_mismatch', 'digest_mismatch')),
  constraint files_confirmed_at_follows_the_status check ((confirmed_at is not null) = (status in ('confirmed', 'deleted'))),
  constraint files_deleted_at_follows_the_status check ((status = 'deleted') = (deleted_at is not null)),
  constraint files_objects_outlive_their_use check (objects_removed_at is null or status in ('rejected', 'deleted'))
);
create index files_service_idx on app_public.files (organization_id, service_id, id);
create index files_specialist_idx on app_public.files (organization_id, specialist_id, id);
create index files_appointment_idx on app_public.files (organization_id, appointment_id, id);
create index files_owner_organization_idx on app_public.files (owner_organization_id, id);
create index files_surface_idx on app_public.files (organization_id, surface, status, id);
create index files_surface_type_idx on app_public.files (surface, content_type);
create index files_surface_owner_idx on app_public.files (surface, owner_kind, audience);
create index files_uploaded_by_idx on app_public.files (uploaded_by, status);
create index files_pending_idx on app_public.files (expires_at) where status = 'pending';
create index files_to_remove_idx on app_public.files (updated_at) where status in ('rejected', 'deleted') and objects_removed_at is null;
comment on table app_public.files is
  E'@behavior -query:resource:connection -query:resource:list\n'
  'A file and what it belongs to: a service, a specialist, an appointment, or the clinic itself where none of these is named. '
  'Readable exactly where its owner is, once its bytes were checked.';
-- Whatever a clinic has, or somebody sent, is no list to ask for: files are found by what they belong to.
comment on constraint files_organization_id_fkey on app_public.files is
  E'@behavior -manyRelation:resource:connection -manyRelation:resource:list';
comment on constraint files_uploaded_by_fkey on app_public.files is
  E'@behavior -manyRelation:resource:connection -manyRelation:resource:list';
comment on constraint files_owner_organization_id_fkey on app_public.files is
  E'@foreignFieldName files\n@fieldName ownerOrganization';
comment on column app_public.files.owner_organization_id is 'The clinic, where the file belongs to nothing smaller.';
comment on column app_public.files.surface is 'What kind of file it is: organization_logo, service_attachments, …';
comment on column app_public.files.sha256 is 'Of the bytes, in lower-case hex; declared by the uploader, checked at confirmation.';
comment on column app_public.files.object_key is
  E'@behavior -*\nWhere the checked bytes are: clinic, folder of the surface, file.';
comment on column app_public.files.uploaded_key is
  E'@behavior -*\nWhere the uploaded bytes are until they were checked.';
comment on column app_public.files.status is
  'pending: the bytes are awaited; confirmed: they were checked; rejected: rejection says why; deleted.';
comment on column app_public.files.rejection is
  'expired, type_mismatch, second_type (the bytes are a file of another type too), malformed, size_mismatch, digest_mismatch.';
comment on column app_public.files.expires_at is 'Until when a pending file may be uploaded and confirmed.';
comment on column app_public.files.uploaded_by is 'The principal who uploaded it.';

delete from app_private.state_transitions where entity = 'files';
insert into app_private.state_transitions (entity, from_state, to_state, actor) values
  -- Who may is a matter of the surface, so the verbs decide it.
  ('files', '', 'pending', 'system'),
  ('files', 'pending', 'confirmed', 'system'),
  ('files', 'pending', 'rejected', 'system'),
  ('files', 'confirmed', 'deleted', 'system'),
  ('files', 'deleted', 'confirmed', 'system');

--! split: 140-messages.sql
-- Messages over every channel: what may be told, over which channels, in which words, to whom, and what became of it.
-- FND-15, APT-08, APT-09.

-- squawk-ignore ban-drop-table
drop table if exists app_public.messages cascade;
-- squawk-ignore ban-drop-table
drop table if exists app_private.message_reports;
-- squawk-ignore ban-drop-table
drop table if exists app_private.opt_outs;
-- squawk-ignore ban-drop-table
drop table if exists app_public.push_subscriptions cascade;
-- squawk-ignore ban-drop-table
drop table if exists app_public.quiet_hours cascade;
-- squawk-ignore ban-drop-table
drop table if exists app_public.notification_preferences cascade;
-- squawk-ignore ban-drop-table
drop table if exists app_public.whatsapp_templates cascade;
-- squawk-ignore ban-drop-table
drop table if exists app_public.clinic_message_templates cascade;
-- squawk-ignore ban-drop-table
drop table if exists app_private.message_channels cascade;
-- squawk-ignore ban-drop-table
drop table if exists app_private.message_types cascade;
-- squawk-ignore ban-drop-table
drop table if exists app_public.message_topics cascade;
-- squawk-ignore ban-drop-table
drop table if exists app_private.channels cascade;
drop function if exists app_private.notify(uuid, text, text, text, text, jsonb, uuid, uuid);
drop function if exists app_private.claim_message(uuid);
drop function if exists app_private.record_message_accepted(uuid, text);
drop type if exists app_private.message_recipient cascade;

-- What may be told ------------------------------------------------------------------------------

create table app_private.channels (
  name text primary key,
  reaches text not null,
  quiet_from time,
  quiet_until time,
  per_person_and_day int,
  constraint channels_name_is_a_slug check (name ~ '^[a-z]+(_[a-z]+)*$'),
  constraint channels_reaches_is_known check (reaches in ('email', 'phone', 'account')),
  constraint channels_quiet_hours_have_both_ends check ((quiet_from is null) = (quiet_until is null)),
  constraint channels_per_person_and_day_is_positive check (per_person_and_day > 0)
);
comment on table app_private.channels is
  'Ways to tell somebody something: what each needs to know of a person, and the quiet hours and the cap of whoever '
  'set none. Quiet hours are local times; the cap counts 24 hours.';
insert into app_private.channels (name, reaches, quiet_from, quiet_until, per_person_and_day) values
  ('email', 'email', null, null, null),
  ('sms', 'phone', '21:00', '08:00', 10),
  ('whatsapp', 'phone', '21:00', '08:00', null),
  ('push', 'account', '21:00', '08:00', null),
  ('in_app', 'account', null, null, null);

create table app_public.message_topics (
  key text primary key,
  kind text not null,
  name text not null,
  name_ro text not null,
  constraint message_topics_key_is_a_slug check (key ~ '^[a-z]+(_[a-z]+)*$'),
  constraint message_topics_name_is_one_line check (name !~ '[[:cntrl:]]'),
  constraint message_topics_name_ro_is_one_line check (name_ro !~ '[[:cntrl:]]'),
  constraint message_topics_kind_is_known check (kind in ('transactional', 'marketing'))
);
comment on table app_public.message_topics is
  'What messages are about, as people switch them on and off. transactional: about one''s own appointment or account, '
  'needs no consent; marketing: needs one.';
insert into app_public.message_topics (key, kind, name, name_ro) values
  ('appointments', 'transactional', 'Appointments and booking requests', 'Programări și cereri de programare'),
  ('clinic', 'transactional', 'Work at the clinic', 'Activitatea clinicii'),
  ('news', 'marketing', 'News and offers', 'Noutăți și oferte');

create table app_private.message_types (
  key text primary key,
  topic text not null references app_public.message_topics on delete restrict,
  variables text[] not null,
  sample jsonb not null,
  calendar_status text,
  urgent_within interval,
  expires_with text,
  lasts interval not null default '2 days',
  constraint message_types_key_is_a_slug check (key ~ '^[a-z]+(_[a-z]+)*$'),
  constraint message_types_sample_is_an_object check (jsonb_typeof(sample) = 'object'),
  constraint message_types_calendar_status_is_known check (calendar_status in ('TENTATIVE', 'CONFIRMED', 'CANCELLED')),
  constraint message_types_expires_with_is_a_variable check (expires_with is null or expires_with = any (variables)),
  constraint message_types_lasts_is_positive check (lasts > interval '0')
);
create index message_types_topic_idx on app_private.message_types (topic);
comment on table app_private.message_types is 'Everything that can be told. Its words are in message_templates.';
comment on column app_private.message_types.variables is
  'What notify() must be given, no more and no less. The renderer adds when, respondByWhen, recipientName, '
  'inPerson, video, phone, clinicName, clinicPhone, clinicEmail and clinicAddress.';
comment on column app_private.message_types.sample is 'Variables for a preview.';
comment on column app_private.message_types.calendar_status is
  'The mail carries a calendar file with this status; null: none.';
comment on column app_private.message_types.urgent_within is
  'When startsAt is nearer than this, the message does not wait for the end of quiet hours.';
comment on column app_private.message_types.expires_with is 'The variable with the time after which it helps nobody.';
comment on column app_private.message_types.lasts is 'How long it may wait to be told, at most.';

create table app_private.message_channels (
  template_key text not null references app_private.message_types on delete cascade,
  channel text not null references app_private.channels on delete restrict,
  route text not null,
  rank int not null,
  is_default boolean not null,
  primary key (template_key, channel),
  constraint message_channels_rank_is_taken_once unique (template_key, route, rank),
  constraint message_channels_route_is_known check (route in ('letter', 'alert', 'inbox')),
  constraint message_channels_rank_counts_from_one check (rank >= 1)
);
create index message_channels_channel_idx on app_private.message_channels (channel);
comment on table app_private.message_channels is
  'Over which channels something may be told. Channels of one route stand in for each other, lowest rank first: '
  'a person is told once per route. is_default: whether those who said nothing are told over this channel.';

-- In which words --------------------------------------------------------------------------------

alter table app_private.message_templates no force row level security;
do $$
begin
  if to_regclass('app_private.messages') is not null then
    alter table app_private.messages no force row level security;
    alter table app_private.messages drop constraint if exists messages_template_key_locale_template_version_fkey;
  end if;
  if exists (select from pg_attribute where attrelid = 'app_private.message_templates'::regclass and attname = 'subject') then
    alter table app_private.message_templates rename column subject to title;
    alter table app_private.message_templates rename column key to template_key;
    alter table app_private.message_templates drop constraint message_templates_subject_is_one_line;
    alter table app_private.message_templates drop constraint message_templates_key_is_a_slug;
  end if;
end;
$$;
alter table app_private.message_templates add column if not exists channel text not null default 'email';
alter table app_private.message_templates alter column channel drop default;
-- squawk-ignore ban-drop-not-null
alter table app_private.message_templates alter column title drop not null;
-- squawk-ignore ban-drop-column
alter table app_private.message_templates drop column if exists variables;
-- squawk-ignore ban-drop-column
alter table app_private.message_templates drop column if exists calendar_status;
alter table app_private.message_templates drop constraint if exists message_templates_pkey;
-- A few dozen rows that only migrations write: locks and scans concern nobody.
alter table app_private.message_templates
  -- squawk-ignore adding-serial-primary-key-field, constraint-missing-not-valid
  add constraint message_templates_pkey primary key (template_key, channel, locale, version),
  drop constraint if exists message_templates_title_is_one_line,
  -- squawk-ignore constraint-missing-not-valid
  add constraint message_templates_title_is_one_line check (title !~ '[[:cntrl:]]' and length(btrim(title)) between 1 and 200),
  drop constraint if exists message_templates_title_is_where_it_shows,
  -- squawk-ignore constraint-missing-not-valid
  add constraint message_templates_title_is_where_it_shows check ((title is null) = (channel in ('sms', 'whatsapp'))),
  drop constraint if exists message_templates_short_texts_are_short,
  -- squawk-ignore constraint-missing-not-valid
  add constraint message_templates_short_texts_are_short check (
    length(body) <= case when channel in ('sms', 'whatsapp') then 480 when channel = 'push' then 240 else 20000 end);
comment on table app_private.message_templates is
  'The platform''s words for a message on a channel, in mustache, plain text; the HTML of a mail is made from the '
  'text. The highest version is used. A clinic''s own words are in clinic_message_templates.';
comment on column app_private.message_templates.title is 'Subject of a mail, title of a notice; none in a short text.';

create table app_public.clinic_message_templates (
  id uuid primary key default uuidv7(),
  organization_id uuid not null references app_public.organizations on delete restrict,
  template_key text not null references app_private.message_types on delete restrict,
  channel text not null references app_private.channels on delete restrict,
  locale text not null,
  version int not null,
  title text,
  body text,
  created_by uuid references app_public.principals on delete restrict,
  created_at timestamptz not null default now(),
  constraint clinic_message_templates_identity unique (organization_id, id),
  constraint clinic_message_templates_version_counts_up unique (organization_id, template_key, channel, locale, version),
  constraint clinic_message_templates_version_counts_from_one check (version >= 1),
  constraint clinic_message_templates_locale_is_supported check (locale in ('ro', 'en')),
  constraint clinic_message_templates_title_is_one_line check (title !~ '[[:cntrl:]]' and length(btrim(title)) between 1 and 200),
  constraint clinic_message_templates_title_is_where_it_shows check (
    (title is null) = (body is null or channel in ('sms', 'whatsapp'))),
  constraint clinic_message_templates_short_texts_are_short check (
    length(btrim(body)) >= 1
    and length(body) <= case when channel in ('sms', 'whatsapp') then 480 when channel = 'push' then 240 else 20000 end)
);
create index clinic_message_templates_type_idx on app_public.clinic_message_templates (template_key);
create index clinic_message_templates_channel_idx on app_public.clinic_message_templates (channel);
create index clinic_message_templates_created_by_idx on app_public.clinic_message_templates (created_by);
comment on table app_public.clinic_message_templates is
  'A clinic''s own words instead of the platform''s. Never changed: an edit is a new version, and one without a body '
  'goes back to the platform''s words.';

create table app_public.whatsapp_templates (
  organization_id uuid not null references app_public.organizations on delete cascade,
  template_key text not null references app_private.message_types on delete restrict,
  locale text not null,
  content_sid text not null,
  variables text[] not null,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  primary key (organization_id, template_key, locale),
  constraint whatsapp_templates_locale_is_supported check (locale in ('ro', 'en')),
  constraint whatsapp_templates_content_sid_is_an_id check (content_sid ~ '^HX[0-9a-f]{32}$'),
  constraint whatsapp_templates_variables_are_few check (cardinality(variables) <= 20)
);
create index whatsapp_templates_type_idx on app_public.whatsapp_templates (template_key);
comment on table app_public.whatsapp_templates is
  'The text that WhatsApp approved for a clinic''s sender: without one, nothing is sent there and the next channel is used.';
comment on column app_public.whatsapp_templates.variables is 'What stands for {{1}}, {{2}} and so on, by name.';

-- To whom ---------------------------------------------------------------------------------------

create type app_private.message_recipient as (
  patient_profile_id uuid,
  human_id uuid,
  name text,
  email text,
  phone text,
  locale text,
  data jsonb
);
comment on type app_private.message_recipient is
  'Somebody to tell: a patient profile, a human, or a bare contact with name, email and phone. What is given beside '
  'a profile or human is used instead of what is known of them; data is added to what everybody is told.';

create table app_public.notification_preferences (
  id uuid primary key default uuidv7(),
  human_id uuid references app_public.humans on delete cascade,
  patient_profile_id uuid references app_public.patient_profiles on delete cascade,
  topic text not null references app_public.message_topics on delete cascade,
  channel text not null references app_private.channels on delete restrict,
  is_enabled boolean not null,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  constraint notification_preferences_are_one_persons check (num_nonnulls(human_id, patient_profile_id) = 1),
  constraint notification_preferences_are_set_once unique nulls not distinct (human_id, patient_profile_id, topic, channel)
);
create index notification_preferences_profile_idx on app_public.notification_preferences (patient_profile_id, topic, channel);
create index notification_preferences_topic_idx on app_public.notification_preferences (topic);
create index notification_preferences_channel_idx on app_public.notification_preferences (channel);
comment on table app_public.notification_preferences is
  'What a person wants to be told over which channel; without a row the message''s own default holds. Nobody but the '
  'person, or who cares for them, changes it.';

create table app_public.quiet_hours (
  id uuid primary key default uuidv7(),
  human_id uuid references app_public.humans on delete cascade,
  patient_profile_id uuid references app_public.patient_profiles on delete cascade,
  quiet_from time not null,
  quiet_until time not null,
  timezone text not null references app_public.time_zones on delete restrict,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  constraint quiet_hours_are_one_persons check (num_nonnulls(human_id, patient_profile_id) = 1),
  constraint quiet_hours_are_set_once unique nulls not distinct (human_id, patient_profile_id)
);
create index quiet_hours_profile_idx on app_public.quiet_hours (patient_profile_id);
create index quiet_hours_timezone_idx on app_public.quiet_hours (timezone);
comment on table app_public.quiet_hours is
  'When a person wants no SMS, WhatsApp or push, on the clock of a zone; from = until: never. Messages wait for the end.';

create table app_public.push_subscriptions (
  id uuid primary key default uuidv7(),
  human_id uuid not null references app_public.humans on delete cascade,
  endpoint text not null,
  p256dh text not null,
  auth text not null,
  created_at timestamptz not null default now(),
  constraint push_subscriptions_endpoint_is_unique unique (endpoint),
  constraint push_subscriptions_endpoint_is_a_push_service check (
    endpoint ~ '^https://([a-z0-9-]+\.)+[a-z][a-z0-9-]+/[!-~]+$' and length(endpoint) <= 1000),
  constraint push_subscriptions_p256dh_is_base64url check (p256dh ~ '^[A-Za-z0-9_-]{87}=?$'),
  constraint push_subscriptions_auth_is_base64url check (auth ~ '^[A-Za-z0-9_-]{22}(==)?$')
);
create index push_subscriptions_human_idx on app_public.push_subscriptions (human_id, created_at);
comment on table app_public.push_subscriptions is
  'Browsers in which a person wants to be told. Dropped when the push service says that one is over.';

do $$
begin
  if not exists (select from pg_attribute where attrelid = 'app_private.suppressed_addresses'::regclass and attname = 'channel') then
    alter table app_private.suppressed_addresses add column channel text not null default 'email';
    alter table app_private.suppressed_addresses alter column channel drop default;
    alter table app_private.suppressed_addresses drop constraint suppressed_addresses_pkey;
    alter table app_private.suppressed_addresses add primary key (channel, address);
    alter table app_private.suppressed_addresses drop constraint suppressed_addresses_reason_is_known;
    alter table app_private.suppressed_addresses
      add constraint suppressed_addresses_reason_is_known check (reason in ('bounce', 'complaint', 'request'));
  end if;
end;
$$;
alter table app_private.suppressed_addresses drop constraint if exists suppressed_addresses_channel_exists;
alter table app_private.suppressed_addresses
  -- squawk-ignore constraint-missing-not-valid, adding-foreign-key-constraint
  add constraint suppressed_addresses_channel_exists foreign key (channel) references app_private.channels on delete restrict;
comment on table app_private.suppressed_addresses is
  'Addresses that nobody writes to any more over a channel. Across clinics: an address that does not exist exists '
  'for none of them, and the reputation of the sender is shared.';

create table app_private.opt_outs (
  organization_id uuid not null references app_public.organizations on delete cascade,
  channel text not null references app_private.channels on delete restrict,
  address text not null,
  since timestamptz not null default now(),
  primary key (organization_id, channel, address),
  constraint opt_outs_address_is_lower_case check (address = lower(address))
);
create index opt_outs_channel_idx on app_private.opt_outs (channel);
comment on table app_private.opt_outs is 'Addresses that asked one clinic not to write to them over a channel: a STOP.';

-- What became of it -----------------------------------------------------------------------------

create table app_public.messages (
  id uuid primary key default uuidv7(),
  organization_id uuid not null references app_public.organizations on delete restrict,
  template_key text not null references app_private.message_types on delete restrict,
  channel text not null references app_private.channels on delete restrict,
  route text not null,
  rank int not null,
  locale text not null,
  template_version int not null,
  clinic_template_id uuid,
  patient_profile_id uuid,
  recipient_human_id uuid references app_public.humans on delete restrict,
  account_id uuid references app_public.humans on delete restrict,
  recipient_name text not null,
  recipient_email text,
  recipient_phone text,
  recipient text generated always as
    (coalesce(patient_profile_id::text, recipient_human_id::text, lower(recipient_email), recipient_phone, '')) stored,
  address text,
  data jsonb not null,
  event_id uuid,
  calendar_uid uuid,
  calendar_sequence int,
  is_urgent boolean not null default false,
  not_before timestamptz,
  expires_at timestamptz not null,
  status text not null default 'queued',
  reason text,
  attempts int not null default 0,
  attempted_at timestamptz,
  vendor text,
  vendor_id text,
  sent_at timestamptz,
  delivered_at timestamptz,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  constraint messages_identity unique (organization_id, id),
  foreign key (organization_id, clinic_template_id)
    references app_public.clinic_message_templates (organization_id, id) on delete restrict,
  foreign key (organization_id, patient_profile_id)
    references app_public.patients (organization_id, patient_profile_id) on delete restrict,
  foreign key (organization_id, event_id) references app_private.events (organization_id, id) on delete restrict,
  foreign key (template_key, channel, locale, template_version)
    references app_private.message_templates (template_key, channel, locale, version) on delete restrict,
  constraint messages_locale_is_supported check (locale in ('ro', 'en')),
  constraint messages_are_for_one_person check (num_nonnulls(patient_profile_id, recipient_human_id) <= 1),
  constraint messages_recipient_name_is_one_line check (recipient_name !~ '[[:cntrl:]]' and length(recipient_name) <= 250),
  constraint messages_recipient_email_is_valid check (recipient_email ~ '^[A-Za-z0-9.!#$%&''*+/=?^_`{|}~-]+@[A-Za-z0-9]([A-Za-z0-9-]*[A-Za-z0-9])?(\.[A-Za-z0-9]([A-Za-z0-9-]*[A-Za-z0-9])?)+$' and length(recipient_email) <= 254),
  constraint messages_recipient_phone_is_a_phone_number check (recipient_phone ~ '^\+[1-9][0-9]{6,14}$'),
  constraint messages_data_is_an_object check (jsonb_typeof(data) = 'object'),
  constraint messages_calendar_has_uid_and_sequence check ((calendar_uid is null) = (calendar_sequence is null)),
  constraint messages_status_is_known check (
    status in ('queued', 'sent', 'delivered', 'read', 'failed', 'bounced', 'suppressed', 'skipped')),
  constraint messages_what_did_not_arrive_says_why check (
    (status in ('failed', 'bounced', 'suppressed', 'skipped')) = (reason is not null)),
  constraint messages_what_left_has_a_time check (status not in ('sent', 'delivered', 'read') or sent_at is not null),
  constraint messages_reason_is_short check (length(reason) <= 500)
);
-- One telling of one event to one person: a consumer may be run again.
create unique index messages_event_is_told_once
  on app_public.messages (organization_id, event_id, template_key, channel, recipient, account_id) nulls not distinct
  where event_id is not null;
create index messages_created_idx on app_public.messages (organization_id, created_at);
create index messages_status_idx on app_public.messages (organization_id, status, created_at);
create index messages_patient_idx on app_public.messages (organization_id, patient_profile_id, created_at);
create index messages_profile_idx on app_public.messages (patient_profile_id, created_at);
create index messages_recipient_human_idx on app_public.messages (recipient_human_id, created_at);
create index messages_account_idx on app_public.messages (account_id);
create index messages_calendar_idx on app_public.messages (organization_id, calendar_uid, recipient_email);
create index messages_event_idx on app_public.messages (organization_id, event_id);
create index messages_clinic_template_idx on app_public.messages (organization_id, clinic_template_id);
create index messages_template_idx on app_public.messages (template_key, channel, locale, template_version);
create index messages_channel_idx on app_public.messages (channel);
create index messages_vendor_idx on app_public.messages (vendor_id);
-- The cap of a day counts what one address got, whoever sent it.
create index messages_address_idx on app_public.messages (address, channel, attempted_at) where attempted_at is not null;
comment on table app_public.messages is
  'Every message to a person, one per channel: queued in the transaction of its cause, written when it leaves, followed '
  'until the vendor says what became of it. What could not be told stands here with its reason.';
-- Relations over columns that nobody may read would be doors that are locked for everybody.
comment on constraint messages_organization_id_clinic_template_id_fkey on app_public.messages is
  E'@behavior -*\nWhich of the clinic''s own words it was queued with.';
comment on constraint messages_recipient_human_id_fkey on app_public.messages is E'@behavior -*\nThe human who is told.';
comment on constraint messages_account_id_fkey on app_public.messages is E'@behavior -*\nWhose browser or inbox it is for.';
comment on column app_public.messages.patient_profile_id is 'The patient who is told; null for others.';
comment on column app_public.messages.recipient_human_id is 'The human who is told as themselves: a colleague, an owner.';
comment on column app_public.messages.account_id is
  'Whose browser or inbox it is for: the patient''s, or that of who cares for a patient without an account.';
comment on column app_public.messages.address is 'The address or number it goes to; null for push and in_app.';
comment on column app_public.messages.calendar_sequence is
  'SEQUENCE of the calendar file: counts up per calendar_uid and recipient, so calendars replace the older entry.';
comment on column app_public.messages.not_before is 'When quiet hours end that it waits for.';
comment on column app_public.messages.reason is 'Why it did not arrive.';

create table app_private.message_reports (
  vendor text not null,
  vendor_id text not null,
  status text not null,
  occurred_at timestamptz not null,
  reason text,
  address_is_dead boolean not null default false,
  received_at timestamptz not null default now(),
  primary key (vendor, vendor_id, status),
  constraint message_reports_status_is_known check (
    status in ('sent', 'delivered', 'read', 'failed', 'bounced', 'complained')),
  constraint message_reports_reason_is_short check (length(reason) <= 500)
);
create index message_reports_message_idx on app_private.message_reports (vendor_id, occurred_at);
comment on table app_private.message_reports is
  'What vendors report about messages, kept as it came: a report may overtake our own record of what was sent.';

insert into app_private.state_transitions (entity, from_state, to_state, actor) values
  ('messages', '', 'queued', 'system'),
  ('messages', '', 'skipped', 'system'),
  ('messages', '', 'suppressed', 'system'),
  ('messages', 'queued', 'sent', 'system'),
  ('messages', 'queued', 'delivered', 'system'),
  ('messages', 'queued', 'failed', 'system'),
  ('messages', 'queued', 'suppressed', 'system'),
  ('messages', 'queued', 'skipped', 'system'),
  ('messages', 'sent', 'delivered', 'system'),
  ('messages', 'sent', 'read', 'system'),
  ('messages', 'sent', 'failed', 'system'),
  ('messages', 'sent', 'bounced', 'system'),
  ('messages', 'delivered', 'read', 'system'),
  ('messages', 'delivered', 'bounced', 'system')
on conflict do nothing;

-- Who may ---------------------------------------------------------------------------------------

insert into app_public.permissions (name, description) values
  ('messages.view', 'See which messages the clinic''s patients were sent'),
  ('message_templates.manage', 'Edit the words of the clinic''s messages')
on conflict (name) do nothing;
insert into app_public.system_role_permissions (role_key, permission) values
  ('owner', 'messages.view'), ('admin', 'messages.view'), ('front_desk', 'messages.view'),
  ('owner', 'message_templates.manage'), ('admin', 'message_templates.manage')
on conflict do nothing;

set role app_engine;
insert into app_public.role_permissions (organization_id, role_id, permission)
select roles.organization_id, roles.id, system_role_permissions.permission
from app_public.roles
join app_public.system_role_permissions on system_role_permissions.role_key = roles.system_role_key
where system_role_permissions.permission in ('messages.view', 'message_templates.manage')
on conflict do nothing;
reset role;

--! split: 141-message_texts.sql
-- What is told today: its variables, its channels and its short texts. FND-15.
-- A short text stands on a locked screen: the clinic and the time, never what the treatment is.

insert into app_private.message_types (key, topic, variables, sample, calendar_status, urgent_within, expires_with) values
  ('organization_activated', 'clinic', '{clinicSlug}', '{"clinicSlug": "atlas-recuperare"}', null, null, null),
  ('booking_request_received', 'appointments', '{serviceName,specialistName,startsAt,endsAt,timezone,modality,respondBy}',
   '{"serviceName": "Ședință de kinetoterapie", "specialistName": "Dr. Ana Ionescu", "startsAt": "2027-03-08T07:00:00Z", "endsAt": "2027-03-08T08:00:00Z", "timezone": "Europe/Bucharest", "modality": "in_person", "respondBy": "2027-03-02T10:00:00Z"}',
   'TENTATIVE', null, 'startsAt'),
  ('booking_request_to_review', 'clinic', '{serviceName,specialistName,startsAt,endsAt,timezone,modality,respondBy,guestName}',
   '{"serviceName": "Ședință de kinetoterapie", "specialistName": "Dr. Ana Ionescu", "startsAt": "2027-03-08T07:00:00Z", "endsAt": "2027-03-08T08:00:00Z", "timezone": "Europe/Bucharest", "modality": "in_person", "respondBy": "2027-03-02T10:00:00Z", "guestName": "Maria Ionescu"}',
   null, null, 'respondBy'),
  ('booking_request_confirmed', 'appointments', '{serviceName,specialistName,startsAt,endsAt,timezone,modality}',
   '{"serviceName": "Ședință de kinetoterapie", "specialistName": "Dr. Ana Ionescu", "startsAt": "2027-03-08T07:00:00Z", "endsAt": "2027-03-08T08:00:00Z", "timezone": "Europe/Bucharest", "modality": "in_person"}',
   'CONFIRMED', '12 hours', 'startsAt'),
  ('booking_request_rejected', 'appointments', '{serviceName,specialistName,startsAt,endsAt,timezone,modality,reason}',
   '{"serviceName": "Ședință de kinetoterapie", "specialistName": "Dr. Ana Ionescu", "startsAt": "2027-03-08T07:00:00Z", "endsAt": "2027-03-08T08:00:00Z", "timezone": "Europe/Bucharest", "modality": "in_person", "reason": "Cabinetul este închis în acea zi."}',
   'CANCELLED', '12 hours', null),
  ('booking_request_expired', 'appointments', '{serviceName,specialistName,startsAt,endsAt,timezone,modality}',
   '{"serviceName": "Ședință de kinetoterapie", "specialistName": "Dr. Ana Ionescu", "startsAt": "2027-03-08T07:00:00Z", "endsAt": "2027-03-08T08:00:00Z", "timezone": "Europe/Bucharest", "modality": "in_person"}',
   'CANCELLED', '12 hours', null),
  ('appointment_booked', 'appointments', '{serviceName,specialistName,startsAt,endsAt,timezone,modality}',
   '{"serviceName": "Ședință de kinetoterapie", "specialistName": "Dr. Ana Ionescu", "startsAt": "2027-03-08T07:00:00Z", "endsAt": "2027-03-08T08:00:00Z", "timezone": "Europe/Bucharest", "modality": "in_person"}',
   'CONFIRMED', '12 hours', 'startsAt'),
  ('appointment_cancelled', 'appointments', '{serviceName,specialistName,startsAt,endsAt,timezone,modality,reason}',
   '{"serviceName": "Ședință de kinetoterapie", "specialistName": "Dr. Ana Ionescu", "startsAt": "2027-03-08T07:00:00Z", "endsAt": "2027-03-08T08:00:00Z", "timezone": "Europe/Bucharest", "modality": "in_person", "reason": "Specialistul este indisponibil."}',
   'CANCELLED', '12 hours', null)
on conflict (key) do update
  set topic = excluded.topic, variables = excluded.variables, sample = excluded.sample,
      calendar_status = excluded.calendar_status, urgent_within = excluded.urgent_within, expires_with = excluded.expires_with;

-- The mail comes with the calendar file. Beside it one alert: a notice of the app, which costs nothing; else WhatsApp
-- for who asked for it (its rules want an opt-in) at a clinic with an approved text; else an SMS.
insert into app_private.message_channels (template_key, channel, route, rank, is_default) values
  ('organization_activated', 'email', 'letter', 1, true),
  ('organization_activated', 'in_app', 'inbox', 1, true),
  ('booking_request_to_review', 'email', 'letter', 1, true),
  ('booking_request_received', 'email', 'letter', 1, true),
  ('booking_request_received', 'whatsapp', 'alert', 1, false),
  ('booking_request_received', 'sms', 'alert', 2, false),
  ('booking_request_confirmed', 'email', 'letter', 1, true),
  ('booking_request_confirmed', 'whatsapp', 'alert', 1, false),
  ('booking_request_confirmed', 'sms', 'alert', 2, true),
  ('booking_request_rejected', 'email', 'letter', 1, true),
  ('booking_request_rejected', 'whatsapp', 'alert', 1, false),
  ('booking_request_rejected', 'sms', 'alert', 2, true),
  ('booking_request_expired', 'email', 'letter', 1, true),
  ('booking_request_expired', 'whatsapp', 'alert', 1, false),
  ('booking_request_expired', 'sms', 'alert', 2, true),
  ('appointment_booked', 'email', 'letter', 1, true),
  ('appointment_booked', 'push', 'alert', 1, true),
  ('appointment_booked', 'whatsapp', 'alert', 2, false),
  ('appointment_booked', 'sms', 'alert', 3, true),
  ('appointment_booked', 'in_app', 'inbox', 1, true),
  ('appointment_cancelled', 'email', 'letter', 1, true),
  ('appointment_cancelled', 'push', 'alert', 1, true),
  ('appointment_cancelled', 'whatsapp', 'alert', 2, false),
  ('appointment_cancelled', 'sms', 'alert', 3, true),
  ('appointment_cancelled', 'in_app', 'inbox', 1, true)
on conflict (template_key, channel) do update
  set route = excluded.route, rank = excluded.rank, is_default = excluded.is_default;

insert into app_private.message_templates (template_key, channel, locale, version, title, body) values
  ('booking_request_received', 'sms', 'ro', 1, null,
   '{{clinicName}}: am primit cererea dumneavoastră pentru {{when}}. Vă răspundem cel târziu {{respondByWhen}}.{{#clinicPhone}} Întrebări: {{clinicPhone}}.{{/clinicPhone}}'),
  ('booking_request_received', 'sms', 'en', 1, null,
   '{{clinicName}}: we have received your request for {{when}} and will answer by {{respondByWhen}}.{{#clinicPhone}} Questions: {{clinicPhone}}.{{/clinicPhone}}'),
  ('booking_request_received', 'whatsapp', 'ro', 1, null,
   '{{clinicName}}: am primit cererea dumneavoastră pentru {{when}}. Vă răspundem cel târziu {{respondByWhen}}.{{#clinicPhone}} Întrebări: {{clinicPhone}}.{{/clinicPhone}}'),
  ('booking_request_received', 'whatsapp', 'en', 1, null,
   '{{clinicName}}: we have received your request for {{when}} and will answer by {{respondByWhen}}.{{#clinicPhone}} Questions: {{clinicPhone}}.{{/clinicPhone}}'),
  ('booking_request_confirmed', 'sms', 'ro', 1, null,
   '{{clinicName}}: programarea dumneavoastră este confirmată, {{when}}.{{#inPerson}}{{#clinicAddress}} Vă așteptăm la {{clinicAddress}}.{{/clinicAddress}}{{/inPerson}}{{#clinicPhone}} Întrebări: {{clinicPhone}}.{{/clinicPhone}}'),
  ('booking_request_confirmed', 'sms', 'en', 1, null,
   '{{clinicName}}: your appointment is confirmed, {{when}}.{{#inPerson}}{{#clinicAddress}} We are at {{clinicAddress}}.{{/clinicAddress}}{{/inPerson}}{{#clinicPhone}} Questions: {{clinicPhone}}.{{/clinicPhone}}'),
  ('booking_request_confirmed', 'whatsapp', 'ro', 1, null,
   '{{clinicName}}: programarea dumneavoastră este confirmată, {{when}}.{{#inPerson}}{{#clinicAddress}} Vă așteptăm la {{clinicAddress}}.{{/clinicAddress}}{{/inPerson}}{{#clinicPhone}} Întrebări: {{clinicPhone}}.{{/clinicPhone}}'),
  ('booking_request_confirmed', 'whatsapp', 'en', 1, null,
   '{{clinicName}}: your appointment is confirmed, {{when}}.{{#inPerson}}{{#clinicAddress}} We are at {{clinicAddress}}.{{/clinicAddress}}{{/inPerson}}{{#clinicPhone}} Questions: {{clinicPhone}}.{{/clinicPhone}}'),
  ('booking_request_rejected', 'sms', 'ro', 1, null,
   '{{clinicName}}: ne pare rău, nu putem confirma ora {{when}}. Vă rugăm să alegeți o altă oră.{{#clinicPhone}} Întrebări: {{clinicPhone}}.{{/clinicPhone}}'),
  ('booking_request_rejected', 'sms', 'en', 1, null,
   '{{clinicName}}: we are sorry, we cannot confirm {{when}}. Please choose another time.{{#clinicPhone}} Questions: {{clinicPhone}}.{{/clinicPhone}}'),
  ('booking_request_rejected', 'whatsapp', 'ro', 1, null,
   '{{clinicName}}: ne pare rău, nu putem confirma ora {{when}}. Vă rugăm să alegeți o altă oră.{{#clinicPhone}} Întrebări: {{clinicPhone}}.{{/clinicPhone}}'),
  ('booking_request_rejected', 'whatsapp', 'en', 1, null,
   '{{clinicName}}: we are sorry, we cannot confirm {{when}}. Please choose another time.{{#clinicPhone}} Questions: {{clinicPhone}}.{{/clinicPhone}}'),
  ('booking_request_expired', 'sms', 'ro', 1, null,
   '{{clinicName}}: ne pare rău, nu am reușit să vă răspundem la timp, iar cererea pentru {{when}} a expirat. Vă rugăm să alegeți o altă oră.{{#clinicPhone}} Întrebări: {{clinicPhone}}.{{/clinicPhone}}'),
  ('booking_request_expired', 'sms', 'en', 1, null,
   '{{clinicName}}: we are sorry, we did not answer in time and your request for {{when}} has expired. Please choose another time.{{#clinicPhone}} Questions: {{clinicPhone}}.{{/clinicPhone}}'),
  ('booking_request_expired', 'whatsapp', 'ro', 1, null,
   '{{clinicName}}: ne pare rău, nu am reușit să vă răspundem la timp, iar cererea pentru {{when}} a expirat. Vă rugăm să alegeți o altă oră.{{#clinicPhone}} Întrebări: {{clinicPhone}}.{{/clinicPhone}}'),
  ('booking_request_expired', 'whatsapp', 'en', 1, null,
   '{{clinicName}}: we are sorry, we did not answer in time and your request for {{when}} has expired. Please choose another time.{{#clinicPhone}} Questions: {{clinicPhone}}.{{/clinicPhone}}'),
  ('appointment_booked', 'sms', 'ro', 1, null,
   '{{clinicName}}: aveți o programare {{when}}.{{#inPerson}}{{#clinicAddress}} Vă așteptăm la {{clinicAddress}}.{{/clinicAddress}}{{/inPerson}}{{#clinicPhone}} Întrebări: {{clinicPhone}}.{{/clinicPhone}}'),
  ('appointment_booked', 'sms', 'en', 1, null,
   '{{clinicName}}: you have an appointment on {{when}}.{{#inPerson}}{{#clinicAddress}} We are at {{clinicAddress}}.{{/clinicAddress}}{{/inPerson}}{{#clinicPhone}} Questions: {{clinicPhone}}.{{/clinicPhone}}'),
  ('appointment_booked', 'whatsapp', 'ro', 1, null,
   '{{clinicName}}: aveți o programare {{when}}.{{#inPerson}}{{#clinicAddress}} Vă așteptăm la {{clinicAddress}}.{{/clinicAddress}}{{/inPerson}}{{#clinicPhone}} Întrebări: {{clinicPhone}}.{{/clinicPhone}}'),
  ('appointment_booked', 'whatsapp', 'en', 1, null,
   '{{clinicName}}: you have an appointment on {{when}}.{{#inPerson}}{{#clinicAddress}} We are at {{clinicAddress}}.{{/clinicAddress}}{{/inPerson}}{{#clinicPhone}} Questions: {{clinicPhone}}.{{/clinicPhone}}'),
  ('appointment_cancelled', 'sms', 'ro', 1, null,
   '{{clinicName}}: programarea de {{when}} a fost anulată.{{#clinicPhone}} Întrebări: {{clinicPhone}}.{{/clinicPhone}}'),
  ('appointment_cancelled', 'sms', 'en', 1, null,
   '{{clinicName}}: your appointment on {{when}} has been cancelled.{{#clinicPhone}} Questions: {{clinicPhone}}.{{/clinicPhone}}'),
  ('appointment_cancelled', 'whatsapp', 'ro', 1, null,
   '{{clinicName}}: programarea de {{when}} a fost anulată.{{#clinicPhone}} Întrebări: {{clinicPhone}}.{{/clinicPhone}}'),
  ('appointment_cancelled', 'whatsapp', 'en', 1, null,
   '{{clinicName}}: your appointment on {{when}} has been cancelled.{{#clinicPhone}} Questions: {{clinicPhone}}.{{/clinicPhone}}'),
  ('appointment_booked', 'push', 'ro', 1, '{{clinicName}}',
   'Aveți o programare {{when}}.'),
  ('appointment_booked', 'push', 'en', 1, '{{clinicName}}',
   'You have an appointment on {{when}}.'),
  ('appointment_cancelled', 'push', 'ro', 1, '{{clinicName}}',
   'Programarea de {{when}} a fost anulată.'),
  ('appointment_cancelled', 'push', 'en', 1, '{{clinicName}}',
   'Your appointment on {{when}} has been cancelled.'),
  ('organization_activated', 'in_app', 'ro', 1, '{{clinicName}} este publică',
   'Pacienții găsesc clinica la adresa „{{clinicSlug}}” și pot cere programări. Adăugați specialiștii, serviciile și calendarele, apoi invitați-vă colegii.'),
  ('organization_activated', 'in_app', 'en', 1, '{{clinicName}} is public',
   'Patients find the clinic under "{{clinicSlug}}" and can ask for appointments. Add your specialists, services and calendars, then invite your colleagues.'),
  ('appointment_booked', 'in_app', 'ro', 1, 'Programare: {{when}}',
   $text${{serviceName}}
{{specialistName}}
{{when}}
{{#inPerson}}{{clinicAddress}}{{/inPerson}}{{#video}}Consultație video{{/video}}{{#phone}}Consultație telefonică{{/phone}}$text$),
  ('appointment_booked', 'in_app', 'en', 1, 'Appointment: {{when}}',
   $text${{serviceName}}
{{specialistName}}
{{when}}
{{#inPerson}}{{clinicAddress}}{{/inPerson}}{{#video}}Video consultation{{/video}}{{#phone}}Phone consultation{{/phone}}$text$),
  ('appointment_cancelled', 'in_app', 'ro', 1, 'Programare anulată: {{when}}',
   $text${{serviceName}}
{{specialistName}}
{{when}}
{{#reason}}
{{reason}}
{{/reason}}$text$),
  ('appointment_cancelled', 'in_app', 'en', 1, 'Appointment cancelled: {{when}}',
   $text${{serviceName}}
{{specialistName}}
{{when}}
{{#reason}}
{{reason}}
{{/reason}}$text$)
on conflict (template_key, channel, locale, version) do update set title = excluded.title, body = excluded.body;

alter table app_private.message_templates drop constraint if exists message_templates_are_of_a_type;
alter table app_private.message_templates
  -- squawk-ignore constraint-missing-not-valid, adding-foreign-key-constraint
  add constraint message_templates_are_of_a_type foreign key (template_key, channel)
    references app_private.message_channels (template_key, channel) on delete restrict;
alter table app_private.message_templates force row level security;

--! split: 142-messages_so_far.sql
-- The mails that were sent before messages had channels. FND-15.

do $$
begin
  if to_regclass('app_private.messages') is not null then
    insert into app_public.messages
      (id, organization_id, template_key, channel, route, rank, locale, template_version, recipient_name, recipient_email,
       address, data, event_id, calendar_uid, calendar_sequence, expires_at, status, reason, attempts, vendor_id, sent_at,
       created_at, updated_at)
    select id, organization_id, template_key, channel, 'letter', 1, locale, template_version, recipient_name, recipient_email,
      recipient_email, data, event_id, calendar_uid, calendar_sequence, created_at + interval '2 days', status, failed_reason,
      attempts, vendor_id, sent_at, created_at, updated_at
    from app_private.messages;
  end if;
end;
$$;
-- squawk-ignore ban-drop-table
drop table if exists app_private.messages;
delete from app_private.classified_tables where table_name = 'app_private.messages';

--! split: 160-inbox.sql
-- What the clinic tells a person inside the app, with its read state. FND-15.

-- squawk-ignore ban-drop-table
drop table if exists app_public.inbox_items;

create table app_public.inbox_items (
  id uuid primary key default uuidv7(),
  organization_id uuid not null references app_public.organizations on delete cascade,
  human_id uuid not null references app_public.humans on delete cascade,
  message_id uuid not null,
  title text not null,
  body text not null,
  created_at timestamptz not null default now(),
  read_at timestamptz,
  constraint inbox_items_identity unique (organization_id, id),
  constraint inbox_items_message_arrives_once unique (organization_id, message_id),
  constraint inbox_items_title_is_not_blank check (title ~ '[[:alnum:]]' and length(title) <= 200),
  constraint inbox_items_title_is_one_line check (title !~ '[[:cntrl:]]'),
  constraint inbox_items_body_is_not_blank check (body ~ '[[:alnum:]]' and length(body) <= 10000),
  constraint inbox_items_read_after_created_at check (read_at >= created_at)
);
-- Both begin with the person: an inbox is read across clinics, by nobody else.
create index inbox_items_human_id_created_at_idx on app_public.inbox_items (human_id, created_at);
create index inbox_items_human_id_read_at_idx on app_public.inbox_items (human_id, read_at);
comment on table app_public.inbox_items is 'A person''s messages inside the app, seen by that person alone.';
comment on column app_public.inbox_items.message_id is
  E'@behavior -*\nThe message it was delivered as; the same message arrives once.';
comment on constraint inbox_items_message_arrives_once on app_public.inbox_items is
  E'@behavior -*\nA message that is delivered again is the same item.';
comment on column app_public.inbox_items.read_at is 'When the person read it; null while unread.';

--! split: 161-webhooks.sql
-- What vendors tell us: kept as it came, so that it can be applied again. FND-25.

-- squawk-ignore ban-drop-table
drop table if exists app_private.webhook_receipts;

create table app_private.webhook_receipts (
  id uuid primary key default uuidv7(),
  provider text not null,
  integration_id uuid,
  event_id text not null,
  type text not null,
  occurred_at timestamptz,
  received_at timestamptz not null default now(),
  headers jsonb not null,
  raw_body bytea,
  body_hash bytea not null,
  status text not null default 'received',
  outcome text,
  attempts int not null default 0,
  last_error text,
  processed_at timestamptz,
  conflict_count int not null default 0,
  conflicted_at timestamptz,
  constraint webhook_receipts_event_is_taken_once unique nulls not distinct (provider, integration_id, event_id),
  constraint webhook_receipts_provider_is_a_slug check (provider ~ '^[a-z0-9]+(_[a-z0-9]+)*$' and length(provider) <= 50),
  constraint webhook_receipts_event_id_is_short check (length(event_id) between 1 and 255),
  constraint webhook_receipts_type_is_short check (length(type) between 1 and 255),
  constraint webhook_receipts_headers_are_an_object check (jsonb_typeof(headers) = 'object'),
  constraint webhook_receipts_raw_body_is_bounded check (octet_length(raw_body) <= 256000),
  constraint webhook_receipts_body_hash_is_sha256 check (octet_length(body_hash) = 32),
  constraint webhook_receipts_status_is_known check (status in ('received', 'processed', 'failed')),
  constraint webhook_receipts_processed_have_outcome_and_time
    check ((status = 'processed') = (processed_at is not null) and (status = 'processed') = (outcome is not null)),
  constraint webhook_receipts_failed_have_an_error check (status <> 'failed' or last_error is not null)
);
create index webhook_receipts_unprocessed_idx on app_private.webhook_receipts (received_at) where status <> 'processed';
create index webhook_receipts_received_at_idx on app_private.webhook_receipts (received_at);
comment on table app_private.webhook_receipts is
  'Verified deliveries of vendors, one row per event. The body may hold personal data and is purged when it has served.';
comment on column app_private.webhook_receipts.integration_id is
  'The clinic''s integration whose address was called; null for the platform''s own account.';
comment on column app_private.webhook_receipts.headers is 'Those on the allow-list of the door.';
comment on column app_private.webhook_receipts.raw_body is 'The bytes that were signed; null once purged.';
comment on column app_private.webhook_receipts.outcome is 'What applying it came to, in the words of the provider''s handler.';
comment on column app_private.webhook_receipts.conflict_count is
  'How often the same event id came with another body; those bodies are refused and not kept.';

delete from app_private.state_transitions where entity = 'webhook_receipts';
insert into app_private.state_transitions (entity, from_state, to_state, actor, permission, not_before, event) values
  ('webhook_receipts', '', 'received', 'system', null, null, null),
  ('webhook_receipts', 'received', 'processed', 'system', null, null, null),
  ('webhook_receipts', 'received', 'failed', 'system', null, null, null),
  ('webhook_receipts', 'failed', 'received', 'system', null, null, null),
  ('webhook_receipts', 'processed', 'received', 'system', null, null, null);

-- Whatever a vendor's event changes is attributed to one account, at the door and in the worker alike. FND-02.
alter table app_public.principals no force row level security;
do $$
declare
  v_id uuid;
begin
  if not exists (select from app_public.service_accounts where name = 'webhooks') then
    insert into app_public.principals (kind) values ('service_account') returning id into v_id;
    insert into app_public.service_accounts (principal_id, name) values (v_id, 'webhooks');
  end if;
end;
$$;
alter table app_public.principals force row level security;

--! split: 162-identity-events.sql
-- What the identity provider tells of people and clinics after they signed in. FND-25, FND-03.

-- squawk-ignore ban-drop-not-null
alter table app_private.identities alter column principal_id drop not null;
alter table app_private.identities add column if not exists provider_name text;
alter table app_private.identities add column if not exists provider_locale text;
alter table app_private.identities add column if not exists provider_changed_at timestamptz;
alter table app_private.identities add column if not exists banned_at timestamptz;
alter table app_private.identities add column if not exists ended_at timestamptz;
alter table app_private.identities drop constraint if exists identities_without_a_human_have_ended;
alter table app_private.identities
  -- squawk-ignore constraint-missing-not-valid
  add constraint identities_without_a_human_have_ended check (principal_id is not null or ended_at is not null);
comment on column app_private.identities.principal_id is
  'The human; null where the sign-in was deleted before it ever came here, so that a late token opens nothing.';
comment on column app_private.identities.provider_name is
  'The name the provider gave last: ours follows when that changes, and stays what the person made of it otherwise.';
comment on column app_private.identities.provider_locale is 'The language the provider gave last.';
comment on column app_private.identities.provider_changed_at is
  'The provider''s own time of the newest change that was applied; older ones come too late.';
comment on column app_private.identities.banned_at is 'Since when the provider lets this sign-in in no more; it may come back.';
comment on column app_private.identities.ended_at is 'When the provider deleted this sign-in; it never comes back.';

-- squawk-ignore ban-drop-table
drop table if exists app_private.provider_organizations;

create table app_private.provider_organizations (
  id uuid primary key default uuidv7(),
  organization_id uuid not null references app_public.organizations on delete cascade,
  issuer text not null,
  provider_org_id text not null,
  mapped_at timestamptz not null default now(),
  constraint provider_organizations_identity unique (organization_id, id),
  constraint provider_organizations_clinic_is_mapped_once unique (organization_id),
  constraint provider_organizations_stands_for_one_clinic unique (issuer, provider_org_id),
  constraint provider_organizations_provider_org_id_is_short check (length(provider_org_id) between 1 and 255),
  constraint provider_organizations_issuer_is_short check (length(issuer) between 1 and 255)
);
comment on table app_private.provider_organizations is
  'Clinics that are an organization at the identity provider too: who leaves it there leaves the clinic here.';

--! split: 170-remembered_mutations.sql
-- What a mutation answered to an idempotency key, for a day. FND-26.

-- squawk-ignore ban-drop-table
drop table if exists app_private.remembered_mutations;

create table app_private.remembered_mutations (
  request_digest bytea primary key,
  operation text not null,
  arguments_digest bytea not null,
  response bytea,
  created_at timestamptz not null,
  constraint remembered_mutations_request_digest_is_sha256 check (length(request_digest) = 32),
  constraint remembered_mutations_arguments_digest_is_sha256 check (length(arguments_digest) = 32),
  -- As pgp_sym_encrypt() begins; JSON as it is does not.
  constraint remembered_mutations_response_is_encrypted check (octet_length(response) >= 36 and get_byte(response, 0) = 195)
);
create index remembered_mutations_created_at_idx on app_private.remembered_mutations (created_at);
comment on table app_private.remembered_mutations is
  'First answers to idempotency keys. Who sent which key is a digest, and the answer is encrypted under the key itself: '
  'only whoever repeats the request can read it.';
comment on column app_private.remembered_mutations.response is
  'The result as JSON, encrypted; null only inside the transaction that is still making it.';

--! split: 171-spent_allowances.sql
-- What callers have spent of their rate limits, as far as more than one server process must know. FND-27.

-- squawk-ignore ban-drop-table
drop table if exists app_private.spent_allowances;

-- Unlogged: a crash of the database forgives everybody, and no request waits for a disk because of it.
create unlogged table app_private.spent_allowances (
  key_digest bytea primary key,
  spent_until timestamptz not null,
  constraint spent_allowances_key_digest_is_short check (length(key_digest) = 16)
);
create index spent_allowances_spent_until_idx on app_private.spent_allowances (spent_until);
comment on table app_private.spent_allowances is
  'Rate limits that several servers share: until when a caller''s allowance is spent. Callers are digests.';

--! split: 180-operations.sql
-- What operators see and do: jobs that used up their attempts, and what was decided about them. FND-28.

-- squawk-ignore ban-drop-table
drop table if exists app_private.dead_letter_decisions;
drop type if exists app_public.dead_letter cascade;

create type app_public.dead_letter as (
  job_id bigint,
  task text,
  key text,
  payload jsonb,
  attempts int,
  last_error text,
  queued_at timestamptz,
  failed_at timestamptz
);
comment on type app_public.dead_letter is
  'A job that used up its attempts. Its payload carries ids only; lastError was written without personal data.';

create table app_private.dead_letter_decisions (
  id uuid primary key default uuidv7(),
  job_id bigint not null,
  task text not null,
  key text,
  payload jsonb not null,
  last_error text,
  decision text not null,
  reason text,
  decided_by uuid not null references app_public.principals on delete restrict,
  decided_at timestamptz not null,
  constraint dead_letter_decisions_decision_is_known check (decision in ('replayed', 'discarded')),
  constraint dead_letter_decisions_discarding_says_why check (decision = 'replayed' or length(btrim(reason)) between 3 and 500)
);
create index dead_letter_decisions_decided_by_idx on app_private.dead_letter_decisions (decided_by);
comment on table app_private.dead_letter_decisions is 'Who tried a dead job again or threw it away, and why.';

--! split: 900-sources.sql
-- Written by npm run db:stage from db/functions and db/policies: change those, not this file.

-- source: functions/core/now.sql
-- The one clock of the domain: the start of the transaction. Tests replace it to stand in another time.
-- Without settings of its own, so that the planner puts its body in place: a call that is none.

create or replace function app_hidden.now() returns timestamptz
language sql stable parallel safe
return pg_catalog.now();

comment on function app_hidden.now() is 'The present, as every rule of the domain reads it.';

grant execute on function app_hidden.now() to app_anonymous, app_member, app_link, app_worker, app_engine;
-- end of source: functions/core/now.sql

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
  join app_public.organizations on organizations.id = memberships.organization_id and organizations.deleted_at is null
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

-- source: functions/core/under_idempotency_key.sql
-- Everything that is kept of an idempotency key is derived from it, one way: who holds the key can ask for the same
-- again and read the answer, and who holds the table cannot. FND-26.
-- requires: functions/core/current_principal_id.sql

create or replace function app_private.under_idempotency_key(purpose text, operation text, content text default '')
returns bytea
language sql stable
set search_path = ''
return extensions.hmac(
  concat_ws(
    e'\n',
    under_idempotency_key.purpose,
    under_idempotency_key.operation,
    -- Somebody else's key is another key. A visitor is who they say they are, and else where they come from; whoever
    -- has one IPv6 address has the 2^64 of its network.
    coalesce(
      'principal:' || app_hidden.current_principal_id(),
      'visitor:' || nullif(current_setting('app.visitor_id', true), ''),
      'address:' || (
        select case family(caller.address) when 6 then network(set_masklen(caller.address, 64)) else caller.address end
        from (select nullif(current_setting('app.ip', true), '')::inet) as caller (address)),
      'unknown'),
    under_idempotency_key.content),
  nullif(current_setting('app.idempotency_key', true), ''),
  'sha256');

comment on function app_private.under_idempotency_key(text, text, text) is
  'A digest of caller, operation and content under the request''s idempotency key; null when the request has none.';

grant execute on function app_private.under_idempotency_key(text, text, text) to app_engine;
-- end of source: functions/core/under_idempotency_key.sql

-- source: functions/core/remember.sql
-- The last line of every verb that begins with remembered(): keeps the answer for whoever repeats the request. Answers
-- hold tokens that are shown once, so they are encrypted under the caller's own key. FND-26.
-- requires: functions/core/under_idempotency_key.sql

create or replace function app_private.remember(operation text, response jsonb) returns void
language plpgsql volatile
set search_path = ''
as $$
begin
  if nullif(current_setting('app.idempotency_key', true), '') is null then
    return;
  end if;
  update app_private.remembered_mutations as known
  set response = extensions.pgp_sym_encrypt(
    remember.response::text,
    encode(app_private.under_idempotency_key('response', remember.operation), 'hex'),
    -- The passphrase is a digest: stretching it would cost time and add nothing.
    'cipher-algo=aes256, s2k-mode=1')
  where known.request_digest = app_private.under_idempotency_key('request', remember.operation);
  if not found then
    raise exception 'remember: % did not begin with remembered()', remember.operation;
  end if;
end;
$$;

comment on function app_private.remember(text, jsonb) is
  'Keeps the result under the idempotency key that remembered() has claimed; does nothing when the request has no key.';

grant execute on function app_private.remember(text, jsonb) to app_engine;
-- end of source: functions/core/remember.sql

-- source: functions/core/remembered.sql
-- The first line of every verb that creates money, bookings or messages: what it answered to this idempotency key
-- before. Null means: go on, nobody did this yet, and end with remember(). FND-26.
-- The key is claimed by an insert in the verb's own transaction. A second request with the key waits for the first, and
-- then reads its answer; when the first is rolled back its claim goes with it, and the second goes on.
-- requires: functions/core/now.sql
-- requires: functions/core/refuse.sql
-- requires: functions/core/under_idempotency_key.sql

create or replace function app_private.remembered(operation text, arguments jsonb) returns jsonb
language plpgsql volatile
set search_path = ''
as $$
declare
  v_request bytea;
  v_arguments bytea;
  v_known app_private.remembered_mutations;
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

  select known.* into strict v_known
  from app_private.remembered_mutations as known
  where known.request_digest = v_request;
  if v_known.arguments_digest <> v_arguments then
    perform app_hidden.refuse(
      'IDEMPOTENCY_MISMATCH', 'idempotency_key_reused', jsonb_build_object('header', 'Idempotency-Key'),
      'This key was sent with other values before. Take a new key for a new request.');
  elsif v_known.response is null then
    raise exception 'remembered: % claimed a key and never called remember()', remembered.operation;
  end if;
  return extensions.pgp_sym_decrypt(
    v_known.response, encode(app_private.under_idempotency_key('response', remembered.operation), 'hex'))::jsonb;
end;
$$;

comment on function app_private.remembered(text, jsonb) is
  'The first answer to this caller''s idempotency key for this operation; null when there is no key, or none such within '
  'a day, and then the key is claimed. IDEMPOTENCY_MISMATCH when the arguments are others than the first time.';

grant execute on function app_private.remembered(text, jsonb) to app_engine;
-- end of source: functions/core/remembered.sql

-- source: functions/scheduling/require_calendar.sql
-- A booking is in a calendar that still exists when it is written. The lock makes remove_calendar wait for it, so that
-- every booking is either counted there or refused here; a service that goes takes its calendars along. FND-10, SCH-02.
-- requires: functions/core/refuse.sql

set role app_engine;

create or replace function app_private.require_calendar(organization_id uuid, calendar_id uuid) returns void
language plpgsql volatile
set search_path = ''
as $$
begin
  perform from app_public.calendars
  where calendars.organization_id = require_calendar.organization_id
    and calendars.id = require_calendar.calendar_id
    and calendars.deleted_at is null
  for share;
  if not found then
    perform app_hidden.refuse(
      'GONE', 'calendar_gone', '{}', 'This can no longer be booked. Choose something else.');
  end if;
end;
$$;

comment on function app_private.require_calendar(uuid, uuid) is
  'Locks a calendar that is not removed; GONE calendar_gone otherwise.';

reset role;
-- end of source: functions/scheduling/require_calendar.sql

-- source: functions/appointments/book_appointment.sql
-- A held time becomes an appointment: for a patient by the patient, a caregiver, or front desk. APT-01, APT-02.
-- requires: functions/core/refuse.sql
-- requires: functions/core/current_actor_id.sql
-- requires: functions/core/remembered.sql
-- requires: functions/core/remember.sql
-- requires: functions/core/authorize_move.sql
-- requires: functions/scheduling/take_hold.sql
-- requires: functions/catalog/require_specialist.sql
-- requires: functions/scheduling/require_calendar.sql
-- requires: functions/scheduling/convert_claim.sql
-- requires: functions/scheduling/count_assignment.sql

set role app_engine;

create or replace function app_public.book_appointment(hold_token text, patient_profile_id uuid)
returns app_public.appointments
language plpgsql volatile strict security definer
set search_path = ''
as $$
declare
  v_remembered jsonb := app_private.remembered('book_appointment', jsonb_build_array(hold_token, patient_profile_id));
  v_claim app_private.time_claims;
  v_appointment app_public.appointments;
begin
  if v_remembered is not null then
    return jsonb_populate_record(v_appointment, v_remembered);
  end if;

  v_claim := app_private.take_hold(hold_token);
  perform app_private.require_specialist(v_claim.organization_id, v_claim.specialist_id);
  perform app_private.require_calendar(v_claim.organization_id, v_claim.calendar_id);
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
  perform app_private.remember('book_appointment', to_jsonb(v_appointment));
  return v_appointment;
end;
$$;

comment on function app_public.book_appointment(text, uuid) is
  'Books a held time for a patient of that clinic. For the patient, a caregiver, or staff with appointments.manage.';
grant execute on function app_public.book_appointment(text, uuid) to app_member;

reset role;
-- end of source: functions/appointments/book_appointment.sql

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
     join app_public.specialties on specialties.id = specialist_specialties.specialty_id and specialties.deleted_at is null
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
  join app_public.organizations on organizations.id = memberships.organization_id and organizations.deleted_at is null
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

-- source: functions/audit/entry_bytes.sql
-- What is hashed of an entry: ids, names of tables and columns, and the digest of everything that may be personal.
-- FND-09.
-- The wire format of a row (PostgreSQL's documented binary values: a count, then type, length and bytes of each) leaves
-- no doubt where a value ends, knows null, and depends on no setting. 1.2 µs a row; JSON takes 4.6.

create or replace function audit.entry_bytes(
  previous bytea, seal_id uuid, "position" int, id uuid, organization_id uuid, occurred_at timestamptz,
  actor_id uuid, impersonator_id uuid, session_role text, request_id text,
  action text, table_name text, row_key text, person_id uuid, changed text[], digest bytea
) returns bytea
language sql stable parallel safe
return pg_catalog.record_send(row(
  previous, seal_id, "position", id, organization_id, occurred_at, actor_id, impersonator_id, session_role, request_id,
  action, table_name, row_key, person_id, changed, digest));

comment on function audit.entry_bytes(
  bytea, uuid, int, uuid, uuid, timestamptz, uuid, uuid, text, text, text, text, text, uuid, text[], bytea) is
  'The bytes whose SHA-256 is the hash of an entry; previous is the hash of the entry before it in the seal, null for the first.';

revoke all on function audit.entry_bytes(
  bytea, uuid, int, uuid, uuid, timestamptz, uuid, uuid, text, text, text, text, text, uuid, text[], bytea) from public;
grant execute on function audit.entry_bytes(
  bytea, uuid, int, uuid, uuid, timestamptz, uuid, uuid, text, text, text, text, text, uuid, text[], bytea) to app_engine;
-- end of source: functions/audit/entry_bytes.sql

-- source: functions/audit/entry_digest.sql
-- What an entry says beyond ids, as a digest that says nothing without the entry's own key. FND-08, FND-09.

create or replace function audit.entry_digest(old jsonb, new jsonb, ip text, user_agent text, key bytea) returns bytea
language sql stable parallel safe
return extensions.hmac(pg_catalog.record_send(row(old, new, ip, user_agent)), key, 'sha256');

comment on function audit.entry_digest(jsonb, jsonb, text, text, bytea) is
  'HMAC-SHA256 over the wire format of the row. With the key gone, nobody can try values against it.';

revoke all on function audit.entry_digest(jsonb, jsonb, text, text, bytea) from public;
grant execute on function audit.entry_digest(jsonb, jsonb, text, text, bytea) to app_engine;
-- end of source: functions/audit/entry_digest.sql

-- source: functions/audit/open_month.sql
-- Partitions of a month, for entries and seals. FND-08.
-- The task makes them ahead. Should it have slept for months, the first write of a new month makes its own: no write
-- is lost at the turn of a month, and no default partition collects what later has to be moved.
-- Only the owner of a partitioned table may attach to it, so these two are the owner's, the one exception to 0002:
-- they take a time and no text, and row level security leaves the owner no row of the log.

create or replace function audit.open_month(month timestamptz) returns void
language plpgsql volatile security definer
set search_path = ''
as $$
declare
  v_first timestamptz := date_trunc('month', open_month.month, 'UTC');
  v_next timestamptz := date_trunc('month', date_trunc('month', open_month.month, 'UTC') + interval '40 days', 'UTC');
  v_parent text;
  v_partition text;
begin
  -- Two at once would make the same table; the second finds it.
  perform pg_advisory_xact_lock(hashtextextended('audit: open_month', 0));
  foreach v_parent in array array['entries', 'seals'] loop
    v_partition := format('%s_%s', v_parent, to_char(v_first at time zone 'UTC', 'YYYY_MM'));
    continue when to_regclass('audit.' || v_partition) is not null;
    -- Made beside and then attached: that locks out nobody who writes.
    execute format('create table audit.%I (like audit.%I including all)', v_partition, v_parent);
    execute format('alter table audit.%I enable row level security', v_partition);
    execute format('alter table audit.%I force row level security', v_partition);
    execute format(
      'create trigger _200_refuse_change before update or delete or truncate on audit.%I
         for each statement execute function audit.tg_refuse_change()', v_partition);
    execute format('alter table audit.%I attach partition audit.%I for values from (%L) to (%L)',
      v_parent, v_partition, v_first, v_next);
  end loop;
end;
$$;

comment on function audit.open_month(timestamptz) is 'Makes the partitions of the month of this instant, in UTC, unless they are there.';

revoke all on function audit.open_month(timestamptz) from public;
grant execute on function audit.open_month(timestamptz) to app_engine;

create or replace function audit.require_month(at timestamptz) returns void
language plpgsql volatile
set search_path = ''
as $$
begin
  if to_regclass('audit.seals_' || to_char(require_month.at at time zone 'UTC', 'YYYY_MM')) is null then
    perform audit.open_month(require_month.at);
  end if;
end;
$$;

comment on function audit.require_month(timestamptz) is 'What a write asks for before its first entry: cheap when the month is open.';

revoke all on function audit.require_month(timestamptz) from public;
grant execute on function audit.require_month(timestamptz) to app_engine;
-- end of source: functions/audit/open_month.sql

-- source: functions/audit/append.sql
-- Writes an entry, hashed onto the one before it in this transaction and chain. FND-08, FND-09.
-- No lock and no look at other transactions: what is open stands in transaction-local settings, one per chain, which go
-- back with a savepoint exactly as the entries do. The commit seals what is open (tg_entries__seal).
-- Every audited write pays for this function. plpgsql prepares each of its expressions anew in every transaction, so
-- there are few; and an assignment costs a fraction of a `perform`.
-- requires: functions/core/now.sql
-- requires: functions/core/current_actor_id.sql
-- requires: functions/audit/entry_bytes.sql
-- requires: functions/audit/entry_digest.sql
-- requires: functions/audit/open_month.sql

create or replace function audit.append(
  organization_id uuid,
  action text,
  table_name text,
  row_key text,
  person_id uuid,
  changed text[],
  old jsonb,
  new jsonb
) returns uuid
language plpgsql volatile
set search_path = ''
as $$
declare
  v_id uuid := uuidv7();
  v_at timestamptz := app_hidden.now();
  v_actor_id uuid := nullif(pg_catalog.current_setting('app.principal_id', true), '');
  v_impersonator_id uuid := nullif(pg_catalog.current_setting('app.impersonator_id', true), '');
  v_request_id text := nullif(pg_catalog.current_setting('app.request_id', true), '');
  v_ip text := nullif(pg_catalog.current_setting('app.ip', true), '');
  v_user_agent text := nullif(pg_catalog.current_setting('app.user_agent', true), '');
  v_key bytea := extensions.gen_random_bytes(32);
  v_digest bytea := audit.entry_digest(append.old, append.new, v_ip, v_user_agent, v_key);
  -- The seals that are open in this chain, [id, entries, hash of the last, time] each: one, in all but odd cases.
  v_slot text := 'audit.open_' || replace(coalesce(append.organization_id, '00000000-0000-0000-0000-000000000000')::text, '-', '');
  v_open jsonb := nullif(pg_catalog.current_setting(v_slot, true), '');
  v_last jsonb := v_open -> -1;
  v_seal_id uuid := v_id;
  v_position int := 1;
  v_bytes bytea;
  v_hash bytea;
  v_set text;
begin
  if v_actor_id is null then
    v_actor_id := app_private.current_actor_id();
  end if;

  -- All of a seal is of one time, and so of one month, also where a test moves the clock between two statements.
  if (v_last ->> 3)::timestamptz = v_at then
    v_seal_id := v_last ->> 0;
    v_position := (v_last -> 1)::int + 1;
    v_open := v_open - -1;
  else
    v_last := null;
    perform audit.require_month(v_at);
    if v_open is null then
      v_set := pg_catalog.set_config(
        'audit.open', concat_ws(' ', nullif(pg_catalog.current_setting('audit.open', true), ''), v_slot), true);
    end if;
  end if;
  v_bytes := audit.entry_bytes(
    (v_last ->> 2)::bytea, v_seal_id, v_position, v_id, append.organization_id, v_at, v_actor_id, v_impersonator_id,
    session_user, v_request_id, append.action, append.table_name, append.row_key, append.person_id, append.changed, v_digest);
  v_hash := sha256(v_bytes);
  -- Before the insert: with constraints immediate, the insert seals at once.
  v_set := pg_catalog.set_config(v_slot, (coalesce(v_open, '[]') || jsonb_build_array(
    jsonb_build_array(v_seal_id, v_position, v_hash, v_at)))::text, true);

  insert into audit.entries
    (id, organization_id, occurred_at, seal_id, "position", actor_id, impersonator_id, session_role, request_id, action,
     table_name, row_key, person_id, changed, old, new, ip, user_agent, key, digest, bytes, hash)
  values
    (v_id, append.organization_id, v_at, v_seal_id, v_position, v_actor_id, v_impersonator_id, session_user, v_request_id,
     append.action, append.table_name, append.row_key, append.person_id, append.changed, append.old, append.new, v_ip,
     v_user_agent, v_key, v_digest, v_bytes, v_hash);
  return v_id;
end;
$$;

comment on function audit.append(uuid, text, text, text, uuid, text[], jsonb, jsonb) is
  'Writes an entry of the present caller into the chain of the clinic, or of the platform for null; sealed at commit.';

revoke all on function audit.append(uuid, text, text, text, uuid, text[], jsonb, jsonb) from public;
grant execute on function audit.append(uuid, text, text, text, uuid, text[], jsonb, jsonb) to app_engine;
-- end of source: functions/audit/append.sql

-- source: functions/audit/tg_audit.sql
-- The one mechanism: every row of an audited table leaves an entry of what was done to it. FND-08.
-- classify() attaches it and passes what the registry knows, so that a write looks nothing up:
--   0 the column that names the clinic, '' for what is the platform's   1 the key columns that name nobody
--   2 the column that names the person, '' for none                     3 columns whose values are never shown
--   4 key columns that name somebody: always among the values, so that it is known which row it was
-- Times as UTC, whatever the session shows.
-- requires: functions/audit/append.sql

set role app_engine;

create or replace function audit.tg_audit() returns trigger
language plpgsql security definer
set search_path = ''
set timezone = 'UTC'
as $$
declare
  v_table constant text := tg_table_schema || '.' || tg_table_name;
  v_key constant text[] := tg_argv[1];
  v_masked constant text[] := tg_argv[3];
  v_naming constant text[] := tg_argv[4];
  v_old jsonb;
  v_new jsonb;
  v_row jsonb;
  v_row_key text;
  v_changed text[];
  v_before jsonb;
  v_after jsonb;
  v_id uuid;
begin
  if tg_op = 'TRUNCATE' then
    v_id := audit.append(null, 'truncate', v_table, null, null, null, null, null);
    return null;
  end if;
  if tg_op <> 'INSERT' then
    v_old := to_jsonb(old);
  end if;
  if tg_op <> 'DELETE' then
    v_new := to_jsonb(new);
  end if;
  v_row := coalesce(v_new, v_old);

  if tg_op = 'UPDATE' then
    select array_agg(now.key),
           coalesce(jsonb_object_agg(now.key, v_old -> now.key) filter (where now.key <> all (v_masked)), '{}'),
           coalesce(jsonb_object_agg(now.key, now.value) filter (where now.key <> all (v_masked)), '{}')
    into v_changed, v_before, v_after
    from jsonb_each(v_new) as now
    where now.value <> v_old -> now.key and now.key <> 'updated_at';
    if v_changed is null then
      return null;
    end if;
  else
    select array_agg(held.key) into v_changed from jsonb_each(v_row) as held where held.value <> 'null';
    v_before := v_old - v_masked;
    v_after := v_new - v_masked;
  end if;

  v_row_key := v_row ->> v_key[1];
  for v_place in 2 .. cardinality(v_key) loop
    v_row_key := v_row_key || '/' || (v_row ->> v_key[v_place]);
  end loop;
  for v_place in 1 .. cardinality(v_naming) loop
    v_before := v_before || jsonb_build_object(v_naming[v_place], v_old -> v_naming[v_place]);
    v_after := v_after || jsonb_build_object(v_naming[v_place], v_new -> v_naming[v_place]);
  end loop;

  v_id := audit.append((v_row ->> tg_argv[0])::uuid, lower(tg_op), v_table, v_row_key, (v_row ->> tg_argv[2])::uuid,
                       v_changed, v_before, v_after);
  return null;
end;
$$;

comment on function audit.tg_audit() is
  'Writes an entry per row: changed columns with old and new values, masked ones by name only. An update that '
  'changes nothing but updated_at leaves none. Trigger _500_audit.';

revoke all on function audit.tg_audit() from public;
grant execute on function audit.tg_audit() to app_owner;
reset role;
-- end of source: functions/audit/tg_audit.sql

-- source: functions/audit/follow.sql
-- Attaches the audit to a table, or takes it off, as the registry says. FND-08.
-- The only dynamic SQL of the audit that names tables: it runs in migrations, as the migrator.
-- requires: functions/audit/tg_audit.sql

create or replace function audit.follow(table_name text) returns void
language plpgsql volatile
set search_path = ''
as $$
declare
  v_table constant regclass := follow.table_name::regclass;
  v_person text;
  v_unaudited text;
  v_clinic text;
  v_masked text[];
  v_key text[];
  v_naming text[];
begin
  select classified_tables.person_column, classified_tables.unaudited into strict v_person, v_unaudited
  from app_private.classified_tables where classified_tables.table_name = follow.table_name;

  if v_unaudited is not null then
    execute format('drop trigger if exists _500_audit on %s', v_table);
    execute format('drop trigger if exists _500_audit_truncate on %s', v_table);
    return;
  end if;

  select case when follow.table_name = 'app_public.organizations' then 'id' else max(attname) end into v_clinic
  from pg_catalog.pg_attribute where attrelid = v_table and attname = 'organization_id';
  select coalesce(array_agg(column_name order by column_name), '{}') into v_masked
  from app_private.classified_columns join app_private.data_classes on data_classes.name = classified_columns.class
  where classified_columns.table_name = follow.table_name and data_classes.is_masked;
  select coalesce(array_agg(part.name order by part.place) filter (where not part.names_somebody), '{}'),
         coalesce(array_agg(part.name order by part.place) filter (where part.names_somebody and not part.is_masked), '{}')
  into v_key, v_naming
  from (
    select pg_attribute.attname::text as name, key.place,
           coalesce(data_classes.is_masked, false) as is_masked,
           -- An id stands for somebody and names nobody.
           coalesce(data_classes.is_personal or data_classes.is_masked, false)
             and pg_attribute.atttypid <> 'uuid'::regtype as names_somebody
    from pg_catalog.pg_index
    cross join unnest(pg_index.indkey) with ordinality as key (attnum, place)
    join pg_catalog.pg_attribute on attrelid = indrelid and pg_attribute.attnum = key.attnum
    left join app_private.classified_columns
      on classified_columns.table_name = follow.table_name and classified_columns.column_name = pg_attribute.attname
    left join app_private.data_classes on data_classes.name = classified_columns.class
    where pg_index.indrelid = v_table and pg_index.indisprimary
  ) as part;

  execute format(
    'create or replace trigger _500_audit after insert or update or delete on %s
       for each row execute function audit.tg_audit(%L, %L, %L, %L, %L)',
    v_table, coalesce(v_clinic, ''), v_key, coalesce(v_person, ''), v_masked, v_naming);
  execute format(
    'create or replace trigger _500_audit_truncate after truncate on %s
       for each statement execute function audit.tg_audit()',
    v_table);
end;
$$;

comment on function audit.follow(text) is
  'Gives the table the triggers _500_audit and _500_audit_truncate, or takes them off when it is classified as unaudited.';

revoke all on function audit.follow(text) from public;
-- end of source: functions/audit/follow.sql

-- source: functions/core/classify.sql
-- A table says what it holds: in its policy file, beside its policies. FND-12, FND-08.
-- Run by migrations only, so it replaces what was said before and refuses a column that does not exist.
-- requires: functions/audit/follow.sql
-- requires: policies/core/data_classes.sql
-- requires: policies/core/retentions.sql
-- requires: policies/core/classified_tables.sql
-- requires: policies/core/classified_columns.sql

create or replace function app_private.classify(
  table_name text,
  retention text,
  classes jsonb,
  person_column text default null,
  unaudited text default null,
  protected jsonb default '{}',
  kept jsonb default '{}'
) returns void
language plpgsql volatile
set search_path = ''
as $$
declare
  v_unknown text;
begin
  select named.column_name into v_unknown
  from (
    select jsonb_array_elements_text(given.columns) as column_name
    from jsonb_each(classify.classes) as given (class, columns)
    union all
    select jsonb_array_elements_text(given.columns)
    from jsonb_each(classify.protected || classify.kept) as given (key, columns)
    union all
    select classify.person_column where classify.person_column is not null
  ) as named
  where not exists (
    select from pg_catalog.pg_attribute
    where attrelid = classify.table_name::regclass and attname = named.column_name and attnum > 0 and not attisdropped
  );
  if v_unknown is not null then
    raise exception 'classify: % has no column %', classify.table_name, v_unknown;
  end if;

  delete from app_private.classified_columns where classified_columns.table_name = classify.table_name;
  insert into app_private.classified_tables (table_name, retention, person_column, unaudited)
  values (classify.table_name, classify.retention, classify.person_column, classify.unaudited)
  on conflict on constraint classified_tables_pkey do update
    set retention = excluded.retention, person_column = excluded.person_column, unaudited = excluded.unaudited;
  insert into app_private.classified_columns (table_name, column_name, class, retention, protection)
  select classify.table_name, named.column_name, given.class, coalesce(kept.retention, classify.retention), guarded.protection
  from jsonb_each(classify.classes) as given (class, columns)
  cross join lateral jsonb_array_elements_text(given.columns) as named (column_name)
  left join jsonb_each(classify.protected) as guarded (protection, columns) on guarded.columns ? named.column_name
  left join jsonb_each(classify.kept) as kept (retention, columns) on kept.columns ? named.column_name;
  perform audit.follow(classify.table_name);
end;
$$;

comment on function app_private.classify(text, text, jsonb, text, text, jsonb, jsonb) is
  'Registers a table: retention, columns by class ({"pii_basic": ["email"]}), the column that names the person it is '
  'about, the reason if no audit follows it, how columns of an encrypted class are protected ({"digest": ["token_hash"]} '
  'or "ciphertext"), and which columns are kept for another time than their row ({"operations": ["address"]}). '
  'Every column of the table must be named. Attaches the audit to the table, or takes it off.';

-- The registry holds itself; its own policy files run before this function exists.
select app_private.classify('app_private.data_classes', 'reference',
  '{"public": ["name", "description", "is_personal", "is_masked", "is_encrypted"]}',
  unaudited => 'Reference data that only migrations change.');
select app_private.classify('app_private.retentions', 'reference',
  '{"public": ["key", "description", "keep_for", "citation", "confirmed_by"]}',
  unaudited => 'Reference data that only migrations change.');
select app_private.classify('app_private.classified_tables', 'reference',
  '{"public": ["table_name", "retention", "person_column", "unaudited"]}',
  unaudited => 'Reference data that only migrations change.');
select app_private.classify('app_private.classified_columns', 'reference',
  '{"public": ["table_name", "column_name", "class", "retention", "protection"]}',
  unaudited => 'Reference data that only migrations change.');
-- end of source: functions/core/classify.sql

-- source: policies/core/soft_deletes.sql
-- What can be deleted and brought back, and who may: read by the engine, written by migrations. FND-10.
-- requires: functions/core/classify.sql

alter table app_private.soft_deletes enable row level security;
alter table app_private.soft_deletes force row level security;

grant select on app_private.soft_deletes to app_engine;

drop policy if exists soft_deletes_select_engine on app_private.soft_deletes;
create policy soft_deletes_select_engine on app_private.soft_deletes
  for select to app_engine
  using (true);

drop policy if exists soft_deletes_all_migrator on app_private.soft_deletes;
create policy soft_deletes_all_migrator on app_private.soft_deletes
  to app_owner using (true) with check (true);

select app_private.classify('app_private.soft_deletes', 'reference',
  '{"public": ["table_name", "permission", "label", "follows"]}',
  unaudited => 'Reference data that only migrations change.');
-- end of source: policies/core/soft_deletes.sql

-- source: functions/core/rows_that_follow.sql
-- What goes with a row, and comes back with it: the rows of following tables that point to it and were deleted at the
-- same instant, or not at all. Nothing that a caller says becomes SQL: names come from the registry and the catalog.
-- FND-10.
-- requires: policies/core/soft_deletes.sql

set role app_engine;

create or replace function app_private.rows_that_follow(table_name text, row_id uuid, deleted_at timestamptz)
returns table (follower text, follower_id uuid)
language plpgsql stable
set search_path = ''
as $$
declare
  v_follower text;
begin
  for v_follower in
    select soft_deletes.table_name from app_private.soft_deletes where soft_deletes.follows = rows_that_follow.table_name
  loop
    return query execute format(
      'select %L, follower.id from %s as follower join %s as leader on %s
       where leader.id = $1 and follower.deleted_at is not distinct from $2
       order by follower.id',
      v_follower, v_follower::regclass, rows_that_follow.table_name::regclass,
      app_private.follows_where(v_follower, rows_that_follow.table_name))
    using row_id, rows_that_follow.deleted_at;
  end loop;
end;
$$;

comment on function app_private.rows_that_follow(text, uuid, timestamptz) is
  'Rows that go and come back with this one, as they are now: deleted at that instant, or live when it is null.';

create or replace function app_private.follows_where(follower text, leader text) returns text
language sql stable
set search_path = ''
begin atomic
  select string_agg(format('follower.%I = leader.%I', own.attname, theirs.attname), ' and ' order by pair.place)
  from (
    select conrelid, confrelid, conkey, confkey
    from pg_catalog.pg_constraint
    where contype = 'f' and conrelid = follower::regclass and confrelid = leader::regclass
    order by conname limit 1
  ) as foreign_key
  cross join lateral unnest(conkey, confkey) with ordinality as pair (own, theirs, place)
  join pg_catalog.pg_attribute as own on own.attrelid = conrelid and own.attnum = pair.own
  join pg_catalog.pg_attribute as theirs on theirs.attrelid = confrelid and theirs.attnum = pair.theirs;
end;

comment on function app_private.follows_where(text, text) is 'How rows of a table point to rows of the one that they follow.';

reset role;
-- end of source: functions/core/rows_that_follow.sql

-- source: functions/core/deleted_rows.sql
-- What was deleted, for those who may bring it back. What belongs to something that is deleted itself is not listed: it
-- comes back with it, or afterwards. FND-10.
-- requires: functions/core/rows_that_follow.sql
-- requires: functions/identity/organization_ids_where.sql
-- requires: functions/identity/is_superadmin.sql

set role app_engine;

-- Names and labels come from the registry, which migrations alone write.
create or replace function app_private.deleted_rows_query(table_name text, condition text) returns text
language sql stable
set search_path = ''
begin atomic
  select format(
    'select %L::text, r.id, (to_jsonb(r) ->> ''organization_id'')::uuid, (%s)::text, r.deleted_at from %s as r
     where r.deleted_at is not null and %s',
    split_part(soft_deletes.table_name, '.', 2), soft_deletes.label, soft_deletes.table_name::regclass, condition)
  from app_private.soft_deletes
  where soft_deletes.table_name = deleted_rows_query.table_name;
end;

comment on function app_private.deleted_rows_query(text, text) is 'The query of a table''s deleted rows r that meet a condition.';

create or replace function app_public.deleted_rows(organization_id uuid default null) returns setof app_public.deleted_row
language plpgsql stable security definer
set search_path = ''
as $$
declare
  v_queries text;
begin
  select string_agg(
    app_private.deleted_rows_query(
      soft_deletes.table_name,
      case when soft_deletes.permission is null then 'true'
           else format('r.organization_id = any (%L::uuid[]) and ($1 is null or r.organization_id = $1)', may_restore.ids) end
      || case when soft_deletes.follows is null then ''
           else format(' and not exists (select from %s as leader cross join lateral (select r.*) as follower
                                         where %s and leader.deleted_at is not null)',
                       soft_deletes.follows::regclass, app_private.follows_where(soft_deletes.table_name, soft_deletes.follows)) end),
    ' union all ')
  into v_queries
  from app_private.soft_deletes
  cross join lateral (select app_hidden.organization_ids_where(soft_deletes.permission)) as may_restore (ids)
  where case when soft_deletes.permission is null then app_hidden.is_superadmin() and deleted_rows.organization_id is null
             else may_restore.ids <> '{}' end;
  if v_queries is not null then
    return query execute v_queries || ' order by 5 desc, 2' using deleted_rows.organization_id;
  end if;
end;
$$;

comment on function app_public.deleted_rows(uuid) is
  'What was deleted at the caller''s clinics, or at one, newest first: only what the caller may bring back.';
grant execute on function app_public.deleted_rows(uuid) to app_member;

reset role;
-- end of source: functions/core/deleted_rows.sql

-- source: functions/core/require_right_to_delete.sql
-- Whoever may delete a row may bring it back. FND-10, FND-04.
-- requires: functions/core/refuse.sql
-- requires: functions/identity/is_superadmin.sql
-- requires: functions/identity/require_permission.sql

set role app_engine;

create or replace function app_private.require_right_to_delete(permission text, organization_id uuid) returns void
language plpgsql stable
set search_path = ''
as $$
begin
  if permission is not null then
    perform app_private.require_permission(organization_id, permission);
  elsif not app_hidden.is_superadmin() then
    perform app_hidden.refuse('FORBIDDEN', 'superadmin_only', '{}', 'Only the platform does this.');
  end if;
end;
$$;

comment on function app_private.require_right_to_delete(text, uuid) is
  'Refuses as require_permission() does; without a permission, everybody but superadmins.';

reset role;
-- end of source: functions/core/require_right_to_delete.sql

-- source: functions/core/restore_deleted_row.sql
-- What was deleted comes back, with what went along. A unique name that somebody took meanwhile stands in the way, as
-- for any new row: the constraint refuses. FND-10.
-- requires: functions/core/refuse.sql
-- requires: functions/core/rows_that_follow.sql
-- requires: functions/core/require_right_to_delete.sql
-- requires: functions/core/deleted_rows.sql

set role app_engine;

create or replace function app_public.restore_deleted_row(entity text, row_id uuid) returns app_public.deleted_row
language plpgsql volatile strict security definer
set search_path = ''
as $$
declare
  v_rule record;
  v_row app_public.deleted_row;
  v_leader_lives boolean;
begin
  -- What the caller says is looked up and never becomes SQL.
  select soft_deletes.table_name, soft_deletes.permission, soft_deletes.follows into v_rule
  from app_private.soft_deletes
  where soft_deletes.table_name = 'app_public.' || restore_deleted_row.entity;
  if not found then
    perform app_hidden.refuse(
      'VALIDATION', 'entity_unknown', '{"field": "entity"}', 'Name an entity as deletedRows does: services, calendars, …');
  end if;

  execute app_private.deleted_rows_query(v_rule.table_name, 'r.id = $1') into v_row using row_id;
  perform app_private.require_right_to_delete(v_rule.permission, v_row.organization_id);

  if v_rule.follows is not null then
    -- Locked first, as whoever deletes it does: it neither goes nor comes back meanwhile.
    execute format(
      'select leader.deleted_at is null from %1$s as leader
       where leader.id = (select leader.id from %2$s as follower join %1$s as leader on %3$s where follower.id = $1)
       for share',
      v_rule.follows::regclass, v_rule.table_name::regclass, app_private.follows_where(v_rule.table_name, v_rule.follows))
    into v_leader_lives using row_id;
    if not v_leader_lives then
      perform app_hidden.refuse(
        'CONFLICT', 'belongs_to_something_deleted', jsonb_build_object('entity', split_part(v_rule.follows, '.', 2)),
        'Restore what it belongs to first.');
    end if;
  end if;

  if not app_private.mark_restored(v_rule.table_name, row_id) then
    perform app_hidden.refuse('NOT_FOUND', 'not_found', '{}', 'There is no such thing, or it is not yours to see.');
  end if;
  return v_row;
end;
$$;

comment on function app_public.restore_deleted_row(text, uuid) is
  'Brings back what deletedRows lists, with what was deleted along with it. Needs the permission that deletes. NOT_FOUND '
  'when it is not deleted; CONFLICT when something else took its unique name meanwhile, or what it belongs to is deleted.';
grant execute on function app_public.restore_deleted_row(text, uuid) to app_member;

create or replace function app_private.mark_restored(table_name text, row_id uuid) returns boolean
language plpgsql volatile
set search_path = ''
as $$
declare
  v_follower record;
  v_deleted_at timestamptz;
begin
  execute format(
    'update %s as r set deleted_at = null where r.id = $1 and r.deleted_at is not null returning old.deleted_at',
    mark_restored.table_name::regclass)
  into v_deleted_at using row_id;
  if v_deleted_at is null then
    return false;
  end if;
  for v_follower in select * from app_private.rows_that_follow(mark_restored.table_name, row_id, v_deleted_at) loop
    perform app_private.mark_restored(v_follower.follower, v_follower.follower_id);
  end loop;
  return true;
end;
$$;

comment on function app_private.mark_restored(text, uuid) is
  'Clears deleted_at of a deleted row and of what went with it; false when there is none. The caller has checked who may.';

reset role;
-- end of source: functions/core/restore_deleted_row.sql

-- source: functions/identity/admit_patient.sql
-- A profile becomes a patient of a clinic, or comes back as one. FND-07.
-- requires: functions/events/publish.sql
-- requires: functions/core/restore_deleted_row.sql

set role app_engine;

create or replace function app_private.admit_patient(organization_id uuid, patient_profile_id uuid) returns app_public.patients
language plpgsql volatile
set search_path = ''
as $$
declare
  v_patient app_public.patients;
  v_is_news boolean;
begin
  insert into app_public.patients (organization_id, patient_profile_id)
  values (admit_patient.organization_id, admit_patient.patient_profile_id)
  on conflict on constraint patients_profile_is_patient_once do nothing
  returning * into v_patient;
  v_is_news := found;
  if not v_is_news then
    select patients.* into strict v_patient
    from app_public.patients
    where patients.organization_id = admit_patient.organization_id
      and patients.patient_profile_id = admit_patient.patient_profile_id;
    -- Whoever comes back finds the appointments that went along.
    v_is_news := app_private.mark_restored('app_public.patients', v_patient.id);
    v_patient.deleted_at := null;
  end if;
  if v_is_news then
    perform app_private.publish(
      'patient.onboarded', v_patient.organization_id, v_patient.id,
      jsonb_build_object('patientId', v_patient.id, 'patientProfileId', v_patient.patient_profile_id));
  end if;
  return v_patient;
end;
$$;

comment on function app_private.admit_patient(uuid, uuid) is
  'The patient row of this profile at this clinic, made if there is none; publishes patient.onboarded when it is.';

reset role;
-- end of source: functions/identity/admit_patient.sql

-- source: functions/identity/require_patient.sql
-- A booking is for somebody who is a patient of the clinic when it is written. The lock makes remove_patient wait for
-- it. FND-07, FND-10.
-- requires: functions/core/refuse.sql

set role app_engine;

create or replace function app_private.require_patient(organization_id uuid, patient_profile_id uuid) returns void
language plpgsql volatile
set search_path = ''
as $$
begin
  perform from app_public.patients
  where patients.organization_id = require_patient.organization_id
    and patients.patient_profile_id = require_patient.patient_profile_id
    and patients.deleted_at is null
  for share;
  if not found then
    perform app_hidden.refuse('NOT_FOUND', 'patient_not_found', '{}', 'There is no such patient at your clinic.');
  end if;
end;
$$;

comment on function app_private.require_patient(uuid, uuid) is 'Locks a patient who is not removed; NOT_FOUND patient_not_found otherwise.';

reset role;
-- end of source: functions/identity/require_patient.sql

-- source: functions/appointments/patient_for_request.sql
-- The patient a booking request is for: the one that staff named, the one that matches, or a new one. APT-09, FND-07.
-- requires: functions/core/refuse.sql
-- requires: functions/identity/admit_patient.sql
-- requires: functions/identity/require_patient.sql
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
    perform app_private.require_patient(request.organization_id, patient_profile_id);
    return patient_profile_id;
  end if;

  if not as_new_patient then
    -- Two requests of one new person confirmed at once make one patient.
    perform pg_advisory_xact_lock(hashtextextended('patient:' || request.organization_id || ':' || lower(request.email), 0));
    select array_agg(matching.patient_profile_id), array_agg(matching.patient_profile_id) filter (where matching.same_name)
    into v_candidates, v_namesakes
    from app_private.patients_matching(request) as matching;

    v_profile_id := case when cardinality(v_candidates) = 1 then v_candidates[1]
                         when cardinality(v_namesakes) = 1 then v_namesakes[1] end;
    if v_profile_id is not null then
      perform app_private.require_patient(request.organization_id, v_profile_id);
      return v_profile_id;
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
-- requires: functions/core/remembered.sql
-- requires: functions/core/remember.sql
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
  v_remembered jsonb := app_private.remembered('confirm_booking_request', jsonb_build_array(
    booking_request_id, patient_profile_id, as_new_patient));
  v_request app_public.booking_requests;
  v_profile_id uuid;
  v_appointment app_public.appointments;
begin
  if v_remembered is not null then
    return jsonb_populate_record(v_appointment, v_remembered);
  end if;

  v_request := app_private.locked_booking_request(booking_request_id, 'confirmed');
  v_profile_id := app_private.patient_for_request(v_request, patient_profile_id, coalesce(as_new_patient, false));
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
  perform app_private.remember('confirm_booking_request', to_jsonb(v_appointment));
  return v_appointment;
end;
$$;

comment on function app_public.confirm_booking_request(uuid, uuid, boolean) is
  'Turns a booking request into an appointment. The patient is matched by email within the clinic unless one is named '
  'or asNewPatient is set. Needs appointments.manage; STATE when it was answered already, GONE past its deadline, CONFLICT several_patients_match.';
grant execute on function app_public.confirm_booking_request(uuid, uuid, boolean) to app_member;

reset role;
-- end of source: functions/appointments/confirm_booking_request.sql

-- source: functions/core/soft_delete.sql
-- Deletion that can be taken back: every verb that removes something ends here. FND-10.
-- requires: functions/core/refuse.sql
-- requires: functions/core/now.sql
-- requires: functions/core/rows_that_follow.sql
-- requires: functions/core/require_right_to_delete.sql

set role app_engine;

create or replace function app_private.soft_delete(table_name text, row_id uuid) returns void
language plpgsql volatile
set search_path = ''
as $$
declare
  v_permission text;
  v_row jsonb;
begin
  select soft_deletes.permission into strict v_permission
  from app_private.soft_deletes
  where soft_deletes.table_name = soft_delete.table_name;

  execute format('select to_jsonb(r) from %s as r where r.id = $1 and r.deleted_at is null', soft_delete.table_name::regclass)
  into v_row using row_id;
  perform app_private.require_right_to_delete(v_permission, (v_row ->> 'organization_id')::uuid);
  if not app_private.mark_deleted(soft_delete.table_name, row_id, app_hidden.now()) then
    perform app_hidden.refuse('NOT_FOUND', 'not_found', '{}', 'There is no such thing, or it is not yours to see.');
  end if;
end;
$$;

comment on function app_private.soft_delete(text, uuid) is
  'Deletes a row of a registered table, with what follows it. FORBIDDEN for a colleague without the permission; NOT_FOUND '
  'for strangers, for what is deleted already, and for the slower of two.';

create or replace function app_private.mark_deleted(table_name text, row_id uuid, at timestamptz) returns boolean
language plpgsql volatile
set search_path = ''
as $$
declare
  v_follower record;
  v_count bigint;
begin
  execute format('update %s set deleted_at = $2 where id = $1 and deleted_at is null', mark_deleted.table_name::regclass)
  using row_id, at;
  get diagnostics v_count = row_count;
  if v_count = 0 then
    return false;
  end if;
  for v_follower in select * from app_private.rows_that_follow(mark_deleted.table_name, row_id, null) loop
    perform app_private.mark_deleted(v_follower.follower, v_follower.follower_id, at);
  end loop;
  return true;
end;
$$;

comment on function app_private.mark_deleted(text, uuid, timestamptz) is
  'Sets deleted_at of a live row and of what follows it; false when there is none. The caller has checked who may.';

reset role;
-- end of source: functions/core/soft_delete.sql

-- source: functions/appointments/remove_appointment.sql
-- What was entered by mistake is taken out of the list, once it is over: while it holds its time it is cancelled, not
-- removed. FND-10, APT-01.
-- requires: functions/core/refuse.sql
-- requires: functions/core/legal_moves.sql
-- requires: functions/core/soft_delete.sql

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
  if app_private.legal_moves('appointments', v_appointment.status) <> '[]' then
    perform app_hidden.refuse(
      'STATE', 'appointment_not_over',
      jsonb_build_object('status', v_appointment.status, 'legal', app_private.legal_moves('appointments', v_appointment.status)),
      'Cancel the appointment first.');
  end if;
  return v_appointment;
end;
$$;

comment on function app_public.remove_appointment(uuid) is
  'Takes an appointment that is over out of the lists; restoreDeletedRow brings it back. Needs appointments.manage; STATE '
  'appointment_not_over while it can still move.';
grant execute on function app_public.remove_appointment(uuid) to app_member;

reset role;
-- end of source: functions/appointments/remove_appointment.sql

-- source: functions/appointments/request_booking.sql
-- A visitor without an account asks for the time they hold. The request keeps the time until the clinic answers;
-- hold, request and appointment are the same claim, so the time is never let go in between. APT-05, APT-09.
-- requires: functions/core/refuse.sql
-- requires: functions/core/now.sql
-- requires: functions/core/remembered.sql
-- requires: functions/core/remember.sql
-- requires: functions/identity/e164.sql
-- requires: functions/scheduling/take_hold.sql
-- requires: functions/catalog/require_specialist.sql
-- requires: functions/scheduling/require_calendar.sql
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
  v_remembered jsonb := app_private.remembered('request_booking', jsonb_build_array(
    hold_token, given_name, family_name, email, phone, message, locale));
  v_claim app_private.time_claims;
  v_token text := encode(extensions.gen_random_bytes(16), 'hex');
  v_request app_public.booking_requests;
  v_receipt app_public.booking_receipt;
begin
  if v_remembered is not null then
    return jsonb_populate_record(v_receipt, v_remembered);
  end if;

  v_claim := app_private.take_hold(hold_token);
  perform app_private.require_specialist(v_claim.organization_id, v_claim.specialist_id);
  perform app_private.require_calendar(v_claim.organization_id, v_claim.calendar_id);
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
  perform app_private.remember('request_booking', to_jsonb(v_receipt));
  return v_receipt;
end;
$$;

comment on function app_public.request_booking(text, text, text, text, text, text, text) is
  'Turns a hold into a booking request. The receipt''s token is shown once. NOT_FOUND or GONE for the hold, '
  'VALIDATION with the field for the contact.';
grant execute on function app_public.request_booking(text, text, text, text, text, text, text) to app_anonymous, app_member;

reset role;
-- end of source: functions/appointments/request_booking.sql

-- source: policies/audit/entries.sql
-- A clinic's log is read by whoever has audit.view there, the platform's by superadmins; values are asked for one entry
-- at a time (audit_entries_values). Written by audit.append(), changed by erasure only. FND-08.
-- requires: functions/core/classify.sql
-- requires: functions/identity/organization_ids_where.sql
-- requires: functions/identity/is_superadmin.sql

alter table audit.entries enable row level security;
alter table audit.entries force row level security;

grant select (id, organization_id, scope_id, occurred_at, actor_id, impersonator_id, session_role, request_id, action,
              table_name, row_key, person_id, changed)
   on audit.entries to app_member;

drop policy if exists entries_select_auditor on audit.entries;
create policy entries_select_auditor on audit.entries
  for select to app_member
  using (scope_id = any ((select app_hidden.organization_ids_where('audit.view'))::uuid[]));

drop policy if exists entries_select_superadmin on audit.entries;
create policy entries_select_superadmin on audit.entries
  for select to app_member
  using (scope_id = '00000000-0000-0000-0000-000000000000' and (select app_hidden.is_superadmin()));

grant select, insert, update (old, new, ip, user_agent, key) on audit.entries to app_engine;
drop policy if exists entries_all_engine on audit.entries;
create policy entries_all_engine on audit.entries
  for all to app_engine
  using (true)
  with check (true);

select app_private.classify('audit.entries', 'ledger', '{
  "operational": ["id", "organization_id", "scope_id", "occurred_at", "seal_id", "position", "actor_id", "impersonator_id",
                  "session_role", "request_id", "action", "table_name", "row_key", "changed", "key", "digest", "bytes",
                  "hash"],
  "phi": ["old", "new"],
  "pii_basic": ["person_id", "ip", "user_agent"]}',
  person_column => 'person_id', unaudited => 'The audit log itself.');
-- end of source: policies/audit/entries.sql

-- source: functions/identity/current_account_id.sql
-- The caller as policies about one's own rows ask for it: a closed account owns nothing any more, inside a request
-- that is under way too. FND-03.
-- requires: functions/core/current_principal_id.sql

set role app_engine;

create or replace function app_hidden.current_account_id() returns uuid
language sql stable parallel safe security definer
set search_path = ''
begin atomic
  select principals.id
  from app_public.principals
  where principals.id = app_hidden.current_principal_id() and principals.disabled_at is null;
end;

comment on function app_hidden.current_account_id() is
  'The signed-in principal while the account is open; null once it is closed, and for a visitor.';
grant execute on function app_hidden.current_account_id() to app_member, app_anonymous;

reset role;
-- end of source: functions/identity/current_account_id.sql

-- source: policies/identity/humans.sql
-- One sees oneself and one's colleagues; a patient's account is the patient's own. FND-02.
-- requires: functions/identity/current_account_id.sql
-- requires: functions/identity/current_colleague_ids.sql
-- requires: functions/core/tg_stamp.sql
-- requires: functions/core/classify.sql

alter table app_public.humans enable row level security;
alter table app_public.humans force row level security;

grant select (principal_id, email, email_verified_at, display_name, locale, created_at, updated_at) on app_public.humans to app_member;

grant update (display_name, locale) on app_public.humans to app_member;

drop policy if exists humans_select_self on app_public.humans;
create policy humans_select_self on app_public.humans
  for select to app_member
  using (principal_id = (select app_hidden.current_account_id()));

drop policy if exists humans_select_colleague on app_public.humans;
create policy humans_select_colleague on app_public.humans
  for select to app_member
  using (principal_id = any ((select app_hidden.current_colleague_ids())::uuid[]));

drop policy if exists humans_update_self on app_public.humans;
create policy humans_update_self on app_public.humans
  for update to app_member
  using (principal_id = (select app_hidden.current_account_id()))
  with check (principal_id = (select app_hidden.current_account_id()));

grant select, insert, update on app_public.humans to app_engine;
drop policy if exists humans_all_engine on app_public.humans;
create policy humans_all_engine on app_public.humans
  for all to app_engine
  using (true)
  with check (true);

create or replace trigger _100_stamp before insert or update on app_public.humans
  for each row execute function app_private.tg_stamp();

select app_private.classify('app_public.humans', 'account',
  '{"operational": ["provider_org_id", "email_verified_at", "locale", "created_at", "updated_at"],
    "pii_basic": ["principal_id", "email", "display_name"]}',
  person_column => 'principal_id');
-- end of source: policies/identity/humans.sql

-- source: functions/audit/audit_entries.sql
-- The audit log as the API shows it: to a clinic its own, to superadmins the platform's. FND-08.
-- The rows are under the policies of audit.entries. What may be personal is asked for by `values`, entry by entry.
-- requires: policies/audit/entries.sql
-- requires: policies/identity/humans.sql

create or replace view app_public.audit_entries with (security_invoker = true) as
select entries.id, entries.organization_id, entries.occurred_at, entries.actor_id, entries.impersonator_id,
       entries.session_role, entries.request_id, entries.action, entries.table_name, entries.row_key, entries.person_id,
       entries.changed
from audit.entries;

-- The key as the index has it, by time: a page reads a month, not the log.
comment on view app_public.audit_entries is
  E'@primaryKey occurred_at,id\n'
  '@foreignKey (actor_id) references app_public.humans (principal_id)|@fieldName actor|@foreignFieldName auditEntries\n'
  '@behavior -query:resource:single -type:node -resource:aggregates\n'
  'What was done at the clinic, by whom, to which row, and who read what. For members with audit.view; superadmins see the platform''s.';
comment on column app_public.audit_entries.id is E'@behavior -attribute:filterBy -attribute:orderBy\n';
comment on column app_public.audit_entries.organization_id is E'@behavior -attribute:orderBy\nNull: what belongs to no clinic.';
comment on column app_public.audit_entries.actor_id is E'@behavior -attribute:orderBy\nWho did it; null for a visitor.';
comment on column app_public.audit_entries.impersonator_id is
  E'@behavior -attribute:filterBy -attribute:orderBy\nWho acted in the name of the actor, if somebody did.';
comment on column app_public.audit_entries.session_role is
  E'@behavior -attribute:filterBy -attribute:orderBy\napp_authenticator for the API, app_worker for what goes by the clock.';
comment on column app_public.audit_entries.request_id is E'@behavior -attribute:filterBy -attribute:orderBy\nAs in X-Request-Id.';
comment on column app_public.audit_entries.action is E'@behavior -attribute:orderBy\ninsert, update, delete, truncate, read or erase.';
comment on column app_public.audit_entries.table_name is E'@behavior -attribute:orderBy\nWith its schema: app_public.services.';
comment on column app_public.audit_entries.row_key is
  E'@behavior -attribute:orderBy\nThe id of the row; keys of several columns are joined by "/".';
comment on column app_public.audit_entries.person_id is
  E'@behavior -attribute:orderBy\nThe person the row is about: a patient profile, or a human.';
comment on column app_public.audit_entries.changed is
  E'@behavior -attribute:filterBy -attribute:orderBy\nColumns that changed; of a new or deleted row those with a value. '
  'Secrets are named here and shown nowhere.';
grant select on app_public.audit_entries to app_member;
-- end of source: functions/audit/audit_entries.sql

-- source: functions/audit/audit_entries_values.sql
-- Old and new values of one entry, for whoever may read the log it is in. FND-08.
-- The platform's log holds what people of all clinics changed about themselves. Superadmins run the platform and see
-- nothing of a patient: of a table with personal data they learn that a row changed, when and by whom.
-- requires: functions/audit/audit_entries.sql
-- requires: functions/identity/has_permission.sql
-- requires: functions/identity/is_superadmin.sql

set role app_engine;

create or replace function app_public.audit_entries_values(entry app_public.audit_entries) returns app_public.audit_values
language sql stable security definer
set search_path = ''
begin atomic
  select row(entries.old, entries.new, entries.ip, entries.user_agent)::app_public.audit_values
  from audit.entries
  where entries.scope_id = coalesce((entry).organization_id, '00000000-0000-0000-0000-000000000000')
    and entries.occurred_at = (entry).occurred_at
    and entries.id = (entry).id
    and entries.key is not null
    and case
      when entries.organization_id is not null then app_hidden.has_permission(entries.organization_id, 'audit.view')
      else app_hidden.is_superadmin() and not exists (
        select from app_private.classified_columns
        join app_private.data_classes on data_classes.name = classified_columns.class
        where classified_columns.table_name = entries.table_name and data_classes.is_personal)
    end;
end;

comment on function app_public.audit_entries_values(app_public.audit_entries) is
  'Values before and after, and from where it was done. Null when they were erased, or are personal and the reader runs the platform.';
grant execute on function app_public.audit_entries_values(app_public.audit_entries) to app_member;

reset role;
-- end of source: functions/audit/audit_entries_values.sql

-- source: functions/audit/chains.sql
-- Which chains there are to verify: also those of which only an anchor, or only the clinic, is left. FND-09.

set role app_engine;

create or replace function audit.chains() returns setof uuid
language sql stable security definer
set search_path = ''
begin atomic
  select nullif(chain.scope_id, '00000000-0000-0000-0000-000000000000')
  from (
    select heads.scope_id from audit.heads
    union select anchored_heads.scope_id from audit.anchored_heads
    union select organizations.id from app_public.organizations
    union select '00000000-0000-0000-0000-000000000000'
  ) as chain
  order by chain.scope_id;
end;

comment on function audit.chains() is 'The clinics whose chains audit.verify() takes; null is the platform.';

revoke all on function audit.chains() from public;
grant execute on function audit.chains() to app_worker;
reset role;
-- end of source: functions/audit/chains.sql

-- source: functions/audit/confirm_anchor.sql
-- Object storage has the document. FND-09.

set role app_engine;

create or replace function audit.confirm_anchor(number bigint) returns void
language sql volatile strict security definer
set search_path = ''
as $$
  update audit.anchors set stored_at = clock_timestamp()
  where anchors.number = confirm_anchor.number and anchors.stored_at is null
$$;

comment on function audit.confirm_anchor(bigint) is 'Marks an anchor as stored outside.';

revoke all on function audit.confirm_anchor(bigint) from public;
grant execute on function audit.confirm_anchor(bigint) to app_worker;
reset role;
-- end of source: functions/audit/confirm_anchor.sql

-- source: functions/audit/erase_values.sql
-- Erasure reaches the log: values, addresses and the key of the digest are taken out, and the chain still verifies.
-- FND-08, FND-09, and what GDPR art. 17 will call.
-- Each erased entry gets an entry of its own in the same chain, which names it and the reason. Verification asks for
-- it: values that are gone without one were taken by somebody else.
-- requires: functions/core/refuse.sql
-- requires: functions/audit/append.sql

set role app_engine;

create or replace function audit.erase_values(
  reason text,
  person_id uuid default null,
  table_name text default null,
  row_key text default null
) returns int
language plpgsql volatile
set search_path = ''
as $$
declare
  v_entries audit.entries[];
  v_entry audit.entries;
  v_id uuid;
begin
  if nullif(btrim(erase_values.reason), '') is null then
    perform app_hidden.refuse('VALIDATION', 'reason_missing', '{"field": "reason"}', 'Say why the values are erased.');
  end if;
  if erase_values.person_id is null and (erase_values.table_name is null or erase_values.row_key is null) then
    perform app_hidden.refuse('VALIDATION', 'nothing_named', '{}', 'Name a person, or a table and a row.');
  end if;

  -- All at first: the first entry of a month makes its partition, which nobody may be reading then. Chains are in order.
  v_entries := array(
    select entries
    from audit.entries
    where (erase_values.person_id is null or entries.person_id = erase_values.person_id)
      and (erase_values.row_key is null or (entries.table_name = erase_values.table_name and entries.row_key = erase_values.row_key))
      and entries.key is not null
      and entries.action <> 'erase'
    order by entries.scope_id, entries.occurred_at, entries.id
  );
  foreach v_entry in array v_entries loop
    update audit.entries set old = null, new = null, ip = null, user_agent = null, key = null
    where entries.scope_id = v_entry.scope_id and entries.occurred_at = v_entry.occurred_at and entries.id = v_entry.id;
    v_id := audit.append(
      v_entry.organization_id, 'erase', 'audit.entries', v_entry.id::text, null, null, null,
      jsonb_build_object('reason', erase_values.reason));
  end loop;
  return cardinality(v_entries);
end;
$$;

comment on function audit.erase_values(text, uuid, text, text) is
  'Takes the values out of every entry about this person, or this row, and records the reason for each; returns how many.';

revoke all on function audit.erase_values(text, uuid, text, text) from public;
reset role;
-- end of source: functions/audit/erase_values.sql

-- source: functions/audit/seal_bytes.sql
-- What is hashed of a seal: the seal before it, its place, and the hash of its last entry. FND-09.

create or replace function audit.seal_bytes(
  previous bytea, scope_id uuid, sequence bigint, id uuid, occurred_at timestamptz, sealed_at timestamptz,
  entries int, entries_hash bytea
) returns bytea
language sql stable parallel safe
return pg_catalog.record_send(row(
  previous, scope_id, sequence, id, occurred_at, sealed_at, entries, entries_hash));

comment on function audit.seal_bytes(bytea, uuid, bigint, uuid, timestamptz, timestamptz, int, bytea) is
  'The bytes whose SHA-256 is the hash of a seal; previous is the hash of the seal before it, 32 zero bytes for the first.';

revoke all on function audit.seal_bytes(bytea, uuid, bigint, uuid, timestamptz, timestamptz, int, bytea) from public;
grant execute on function audit.seal_bytes(bytea, uuid, bigint, uuid, timestamptz, timestamptz, int, bytea) to app_engine;
-- end of source: functions/audit/seal_bytes.sql

-- source: functions/audit/first_fault.sql
-- Reads a part of a chain again and names the first thing that is not as it was sealed. FND-09.
-- One statement: each row is held to its own bytes, hash and digest where it is read, then to its neighbours. `return
-- query` may use parallel workers, where `select into` may not.
-- `offset 0` keeps a row's own checks where it is read, and a fault from being worked out twice.
-- The bytes of a row begin with a count (4 bytes) and the hash before it (type and length, 8, then the hash or nothing).
-- requires: functions/audit/entry_bytes.sql
-- requires: functions/audit/entry_digest.sql
-- requires: functions/audit/seal_bytes.sql

set role app_engine;

create or replace function audit.first_fault(
  scope_id uuid, first bigint, last bigint, earliest timestamptz, latest timestamptz
) returns table (finding text, sequence bigint, "position" int, entry_id uuid)
language plpgsql stable security definer
set search_path = ''
set work_mem = '64MB'
set jit = off
set parallel_setup_cost = 0
set parallel_tuple_cost = 0
set min_parallel_table_scan_size = '1MB'
as $$
#variable_conflict use_column
begin
  return query
  with sealed as (
    select s.sequence, s.occurred_at, s.id, s.entries, s.entries_hash, s.hash, substr(s.bytes, 13, 32) as previous,
      case
        when sha256(s.bytes) <> s.hash then 'changed'
        when s.bytes <> own.bytes then
          -- All but the sequence: eight bytes after the chain.
          case when overlay(s.bytes placing '' from 77 for 8) = overlay(own.bytes placing '' from 77 for 8)
            then 'reordered' else 'changed' end
      end as fault
    from audit.seals as s
    cross join lateral (
      select audit.seal_bytes(substr(s.bytes, 13, 32), s.scope_id, s.sequence, s.id, s.occurred_at, s.sealed_at,
                              s.entries, s.entries_hash) as bytes
    ) as own
    where s.scope_id = first_fault.scope_id and s.sequence between first_fault.first - 1 and first_fault.last
    offset 0
  ),
  chain as (
    select s.*,
      lag(s.sequence, 1, case when first_fault.first = 1 then 0 else first_fault.first - 2 end) over before as previous_sequence,
      lag(s.hash, 1, decode(repeat('00', 32), 'hex')) over before as previous_hash
    from sealed as s
    window before as (order by s.sequence, s.occurred_at)
  ),
  written as (
    select e.seal_id, e.position, e.id, e.hash, own.previous,
      case
        when sha256(e.bytes) <> e.hash then 'changed'
        when e.bytes <> own.bytes then
          -- All but seal and position: 36 bytes after the hash before.
          case when overlay(e.bytes placing '' from own.place for 36) = overlay(own.bytes placing '' from own.place for 36)
            then 'reordered' else 'changed' end
        when e.key is null then case when num_nonnulls(e.old, e.new, e.ip, e.user_agent) > 0 then 'values differ' else 'erased' end
        when audit.entry_digest(e.old, e.new, e.ip, e.user_agent, e.key) <> e.digest then 'values differ'
      end as fault
    from audit.entries as e
    cross join lateral (
      select case when get_byte(e.bytes, 8) = 0 then substr(e.bytes, 13, 32) end as previous -- a length, or -1 for null
    ) as before
    cross join lateral (
      select before.previous,
             audit.entry_bytes(before.previous, e.seal_id, e.position, e.id, e.organization_id, e.occurred_at, e.actor_id,
               e.impersonator_id, e.session_role, e.request_id, e.action, e.table_name, e.row_key, e.person_id, e.changed,
               e.digest) as bytes,
             case when before.previous is null then 13 else 45 end as place
    ) as own
    where e.scope_id = first_fault.scope_id and e.occurred_at between first_fault.earliest and first_fault.latest
    offset 0
  ),
  placed as (
    -- One window over all: a partition for each seal would cost more than the look at its neighbour.
    select w.*, lag(w.seal_id) over written_order is distinct from w.seal_id as is_first,
           lead(w.seal_id) over written_order is distinct from w.seal_id as is_last,
           lag(w.position) over written_order as previous_position, lag(w.hash) over written_order as previous_hash,
           lag(w.id) over written_order as previous_id
    from written as w
    window written_order as (order by w.seal_id, w.position, w.id)
  ),
  found as (
    select s.sequence, s.previous_sequence, e.position, e.id, e.previous_id,
      case
        when s.id is null then
          case when e.seal_id not in (
            select other.id from audit.seals as other
            where other.scope_id = first_fault.scope_id and other.occurred_at between first_fault.earliest and first_fault.latest
          ) then 'unsealed' end
        when s.sequence < first_fault.first then null
        when s.sequence > s.previous_sequence + 1 then 'missing|seal'
        when s.sequence = s.previous_sequence then 'added|seal'
        when s.fault is not null then s.fault || '|seal'
        when s.previous <> s.previous_hash then 'changed|seal before' -- this one remembers another
        when e.id is null then 'missing|after'
        when e.position > case when e.is_first then 0 else e.previous_position end + 1 then 'missing|before'
        when (not e.is_first and e.position = e.previous_position) or e.position > s.entries then 'added'
        when e.fault <> 'erased' then e.fault
        when coalesce(e.fault = 'erased', false) and e.id::text not in (
          select erasure.row_key
          from audit.entries as erasure
          join audit.seals as of_erasure on of_erasure.scope_id = erasure.scope_id and of_erasure.id = erasure.seal_id
          where erasure.scope_id = first_fault.scope_id and erasure.action = 'erase' and erasure.row_key is not null
        ) then 'values missing'
        when e.previous is distinct from case when not e.is_first then e.previous_hash end then 'changed|before'
        when e.is_last and e.position < s.entries then 'missing|after'
        when e.is_last and e.hash <> s.entries_hash then 'changed'
      end as fault
    from chain as s
    full join placed as e on e.seal_id = s.id
    offset 0
  )
  select split_part(f.fault, '|', 1),
    case f.fault when 'missing|seal' then f.previous_sequence + 1 when 'changed|seal before' then f.sequence - 1 else f.sequence end,
    case when f.fault like '%|seal%' then null when f.fault like '%|before' then f.position - 1
         when f.fault like '%|after' then coalesce(f.position, 0) + 1 else f.position end,
    case when f.fault = 'changed|before' then f.previous_id when f.fault not like '%|%' then f.id end
  from found as f
  where f.fault is not null
  order by f.sequence nulls last, f.position
  limit 1;
end;
$$;

comment on function audit.first_fault(uuid, bigint, bigint, timestamptz, timestamptz) is
  'The first thing in these sequences of a chain that is not as it was sealed, or no row. Times enclose the seals.';

revoke all on function audit.first_fault(uuid, bigint, bigint, timestamptz, timestamptz) from public;
reset role;
-- end of source: functions/audit/first_fault.sql

-- source: functions/audit/locked_head.sql
-- The end of a chain, locked until commit; made when the clinic writes its first entry. FND-09.

create or replace function audit.locked_head(scope_id uuid) returns audit.heads
language plpgsql volatile
set search_path = ''
as $$
declare
  v_head audit.heads;
begin
  loop
    select heads.* into v_head from audit.heads where heads.scope_id = locked_head.scope_id for update;
    exit when found;
    insert into audit.heads (scope_id, sequence, hash, sealed_at)
    values (locked_head.scope_id, 0, decode(repeat('00', 32), 'hex'), clock_timestamp())
    on conflict on constraint heads_pkey do nothing;
  end loop;
  return v_head;
end;
$$;

comment on function audit.locked_head(uuid) is 'Locks the head of a chain.';

revoke all on function audit.locked_head(uuid) from public;
grant execute on function audit.locked_head(uuid) to app_engine;
-- end of source: functions/audit/locked_head.sql

-- source: functions/audit/my_chart_readings.sql
-- Patients see who looked at their record, and caregivers who looked at that of their charges. FND-08.
-- requires: functions/identity/current_human_patient_profile_ids.sql

set role app_engine;

create or replace function app_public.my_chart_readings(patient_profile_id uuid default null)
returns setof app_public.chart_reading
language sql stable security definer
set search_path = ''
begin atomic
  select row(entries.occurred_at, entries.organization_id, organizations.name, entries.person_id, entries.actor_id,
             humans.display_name, entries.new ->> 'what')::app_public.chart_reading
  from audit.entries
  left join app_public.organizations on organizations.id = entries.organization_id
  left join app_public.humans on humans.principal_id = entries.actor_id
  where entries.person_id = any ((select app_hidden.current_human_patient_profile_ids())::uuid[])
    and (my_chart_readings.patient_profile_id is null or entries.person_id = my_chart_readings.patient_profile_id)
    and entries.action = 'read'
  order by entries.occurred_at desc, entries.id desc
  limit 1000;
end;

comment on function app_public.my_chart_readings(uuid) is
  'Who looked at the caller''s record, or at that of somebody they care for, where and when: the newest 1,000, newest first.';
grant execute on function app_public.my_chart_readings(uuid) to app_member;

reset role;
-- end of source: functions/audit/my_chart_readings.sql

-- source: functions/audit/open_months.sql
-- The months to come have their partitions before anybody needs them. FND-08.
-- requires: functions/core/now.sql
-- requires: functions/audit/open_month.sql

set role app_engine;

create or replace function audit.open_months(ahead int default 3) returns void
language plpgsql volatile security definer
set search_path = ''
as $$
begin
  for v_month in 0 .. open_months.ahead loop
    perform audit.require_month(app_hidden.now() + make_interval(months => v_month));
  end loop;
end;
$$;

comment on function audit.open_months(int) is 'Makes the partitions of this month and of those ahead.';

revoke all on function audit.open_months(int) from public;
grant execute on function audit.open_months(int) to app_worker;
reset role;
-- end of source: functions/audit/open_months.sql

-- source: functions/audit/record_read.sql
-- A reading that the person or the clinic may ask about: a chart that was opened, a sensitive export. FND-08.
-- Called in the transaction that reads, by the verb that reads: no row is handed out without its entry.
-- requires: functions/audit/append.sql

set role app_engine;

create or replace function audit.record_read(
  organization_id uuid,
  table_name text,
  row_key text,
  what text,
  person_id uuid default null,
  details jsonb default '{}'
) returns uuid
language plpgsql volatile
set search_path = ''
as $$
begin
  return audit.append(
    record_read.organization_id, 'read', record_read.table_name, record_read.row_key, record_read.person_id, null, null,
    jsonb_build_object('what', record_read.what) || record_read.details);
end;
$$;

comment on function audit.record_read(uuid, text, text, text, uuid, jsonb) is
  'Writes that the caller read this row (null: many), what as ("chart", or the export''s name), and whom it is about. '
  'details: filters and numbers of rows.';

revoke all on function audit.record_read(uuid, text, text, text, uuid, jsonb) from public;
reset role;
-- end of source: functions/audit/record_read.sql

-- source: functions/audit/open_patient_chart.sql
-- Staff open a patient's chart: the reading is recorded, and the patient sees who looked. FND-08.
-- requires: functions/core/refuse.sql
-- requires: functions/identity/require_permission.sql
-- requires: functions/identity/has_permission.sql
-- requires: functions/audit/record_read.sql

set role app_engine;

create or replace function app_public.open_patient_chart(patient_id uuid) returns app_public.patient_chart
language plpgsql volatile strict security definer
set search_path = ''
as $$
declare
  v_patient app_public.patients;
  v_chart app_public.patient_chart;
begin
  select patients.* into v_patient
  from app_public.patients where patients.id = open_patient_chart.patient_id and patients.deleted_at is null;
  if not found then
    perform app_hidden.refuse('NOT_FOUND', 'not_found', '{}', 'There is no such thing, or it is not yours to see.');
  end if;
  perform app_private.require_permission(v_patient.organization_id, 'patients.view');

  perform audit.record_read(
    v_patient.organization_id, 'app_public.patients', v_patient.id::text, 'chart', v_patient.patient_profile_id);

  select v_patient.id, v_patient.organization_id, profile.id, v_patient.created_at,
    profile.given_name, profile.family_name, profile.email, profile.phone, profile.birth_date, profile.locale,
    array(
      select row(humans.principal_id, humans.display_name, humans.email, caregivers.relationship, caregivers.created_at,
                 caregivers.ends_on)::app_public.chart_caregiver
      from app_public.caregivers
      join app_public.humans on humans.principal_id = caregivers.human_id
      where caregivers.patient_profile_id = profile.id and caregivers.revoked_at is null
      order by caregivers.created_at, caregivers.id
    ),
    array(
      select row(appointments.id, appointments.status, appointments.starts_at, appointments.ends_at, appointments.modality,
                 services.name, concat_ws(' ', specialists.title, specialists.given_name, specialists.family_name),
                 appointments.cancellation_reason)::app_public.chart_appointment
      from app_public.appointments
      join app_public.services
        on services.organization_id = appointments.organization_id and services.id = appointments.service_id
      join app_public.specialists
        on specialists.organization_id = appointments.organization_id and specialists.id = appointments.specialist_id
      where appointments.organization_id = v_patient.organization_id
        and appointments.patient_profile_id = profile.id
        and appointments.deleted_at is null
        -- Whoever may see patients and no appointments sees none here either.
        and app_hidden.has_permission(v_patient.organization_id, 'appointments.view')
      order by appointments.starts_at desc, appointments.id
      limit 200
    )
  into v_chart
  from app_public.patient_profiles as profile
  where profile.id = v_patient.patient_profile_id;
  return v_chart;
end;
$$;

comment on function app_public.open_patient_chart(uuid) is
  'Opens the chart of a patient of the clinic and records who did; the patient sees it in myChartReadings. For staff with '
  'patients.view; others get FORBIDDEN or NOT_FOUND.';
grant execute on function app_public.open_patient_chart(uuid) to app_member;

reset role;
-- end of source: functions/audit/open_patient_chart.sql

-- source: functions/audit/prepare_anchor.sql
-- Writes down where every chain ends, as a document for the world outside the database. FND-09.
-- Each document names the hash of the one before, so they are a chain as well. The row is committed before the object
-- is stored: a run that is killed in between leaves it to the next one, with the same bytes.
-- requires: functions/core/now.sql

set role app_engine;

create or replace function audit.prepare_anchor() returns table (number bigint, object_key text, bytes bytea)
language plpgsql volatile security definer
set search_path = ''
as $$
#variable_conflict use_column
declare
  v_before audit.anchors;
  v_number bigint;
  v_bytes bytea;
begin
  perform pg_advisory_xact_lock(hashtextextended('audit: anchor', 0));
  select anchors.* into v_before from audit.anchors order by anchors.number desc limit 1;
  v_number := coalesce(v_before.number, 0) + 1;

  select convert_to(jsonb_build_object(
        'number', v_number,
        'previous', encode(v_before.hash, 'hex'),
        'at', to_char(app_hidden.now() at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'),
        'heads', jsonb_agg(jsonb_build_object(
          'organization', nullif(moved.scope_id, '00000000-0000-0000-0000-000000000000'), 'sequence', moved.sequence, 'hash', encode(moved.hash, 'hex'))
          order by moved.scope_id))::text, 'UTF8')
    into v_bytes
    from audit.heads as moved
    where moved.sequence > 0 and not exists (
      select from audit.anchored_heads as anchored
      where anchored.scope_id = moved.scope_id and anchored.sequence = moved.sequence)
    having count(*) > 0;

  if v_bytes is not null then
    insert into audit.anchors (number, object_key, bytes, hash, previous_hash, created_at)
    values (v_number, 'audit/anchors/' || lpad(v_number::text, 12, '0') || '.json', v_bytes, sha256(v_bytes), v_before.hash,
            app_hidden.now());
    insert into audit.anchored_heads (anchor_number, scope_id, sequence, hash)
    select v_number, coalesce(head.organization, '00000000-0000-0000-0000-000000000000'), head.sequence,
           decode(head.hash, 'hex')
    from jsonb_to_recordset(convert_from(v_bytes, 'UTF8')::jsonb -> 'heads') as head (organization uuid, sequence bigint, hash text);
  end if;

  return query
  select anchors.number, anchors.object_key, anchors.bytes from audit.anchors where anchors.stored_at is null order by anchors.number;
end;
$$;

comment on function audit.prepare_anchor() is
  'Makes an anchor of all chains that moved since the last, if any did, and answers with those that are not in object storage yet.';

revoke all on function audit.prepare_anchor() from public;
grant execute on function audit.prepare_anchor() to app_worker;
reset role;
-- end of source: functions/audit/prepare_anchor.sql

-- source: functions/audit/stored_anchors.sql
-- The anchors that object storage confirmed, to be held beside what it has. FND-09.

set role app_engine;

create or replace function audit.stored_anchors() returns table (number int, hash bytea)
language sql stable security definer
set search_path = ''
begin atomic
  select anchors.number::int, anchors.hash from audit.anchors where anchors.stored_at is not null order by anchors.number;
end;

comment on function audit.stored_anchors() is 'Number and hash of every anchor that is in object storage.';

revoke all on function audit.stored_anchors() from public;
grant execute on function audit.stored_anchors() to app_worker;
reset role;
-- end of source: functions/audit/stored_anchors.sql

-- source: functions/audit/tg_entries__only_erase.sql
-- The one change an entry knows: everything that may be personal is taken out, with the key, at once. FND-08.
-- requires: functions/core/refuse.sql

create or replace function audit.tg_entries__only_erase() returns trigger
language plpgsql volatile
set search_path = ''
as $$
declare
  v_erased audit.entries := old;
begin
  v_erased.old := null;
  v_erased.new := null;
  v_erased.ip := null;
  v_erased.user_agent := null;
  v_erased.key := null;
  -- What is generated is filled in after this trigger.
  v_erased.scope_id := new.scope_id;
  if new is distinct from v_erased then
    perform app_hidden.refuse('IMMUTABLE', 'audit_is_append_only', '{}', 'Audit entries are never changed or removed.');
  end if;
  return new;
end;
$$;

comment on function audit.tg_entries__only_erase() is
  'Lets an update through that leaves nothing personal and changes nothing else. Trigger _200_only_erase.';

create or replace trigger _200_only_erase before update on audit.entries
  for each row execute function audit.tg_entries__only_erase();
-- end of source: functions/audit/tg_entries__only_erase.sql

-- source: functions/audit/tg_entries__seal.sql
-- Seals what a transaction wrote, at its commit: a link onto the chain of every clinic it touched. FND-09.
-- Deferred, so the chain's end is locked for nothing but this; the first entry of each seal fires it, and the first
-- firing seals all. Chains are locked in the order of their names, so two transactions never wait for each other.
-- After `set constraints all immediate` it runs at once, and what follows opens a new seal.
-- requires: functions/audit/seal_bytes.sql

set role app_engine;

create or replace function audit.tg_entries__seal() returns trigger
language plpgsql security definer
set search_path = ''
as $$
declare
  v_slots text[] := string_to_array(nullif(pg_catalog.current_setting('audit.open', true), ''), ' ');
  v_slot text;
  v_open jsonb;
  v_head audit.heads;
  v_sealed_at timestamptz;
  v_bytes bytea;
  v_set text;
begin
  if v_slots is null then
    return null; -- the trigger of an earlier entry sealed them all
  end if;
  v_set := pg_catalog.set_config('audit.open', '', true);
  if cardinality(v_slots) > 1 then
    v_slots := array(select slot from unnest(v_slots) as slot order by slot);
  end if;

  foreach v_slot in array v_slots loop
    v_head := audit.locked_head(substr(v_slot, length('audit.open_') + 1)::uuid);
    v_open := pg_catalog.current_setting(v_slot);
    while v_open <> '[]' loop
      v_sealed_at := clock_timestamp();
      v_bytes := audit.seal_bytes(v_head.hash, v_head.scope_id, v_head.sequence + 1, (v_open -> 0 ->> 0)::uuid,
        (v_open -> 0 ->> 3)::timestamptz, v_sealed_at, (v_open -> 0 -> 1)::int, (v_open -> 0 ->> 2)::bytea);
      insert into audit.seals
        (id, scope_id, sequence, occurred_at, sealed_at, entries, entries_hash, bytes, hash)
      values
        ((v_open -> 0 ->> 0)::uuid, v_head.scope_id, v_head.sequence + 1, (v_open -> 0 ->> 3)::timestamptz,
         v_sealed_at, (v_open -> 0 -> 1)::int, (v_open -> 0 ->> 2)::bytea, v_bytes, sha256(v_bytes));
      update audit.heads set sequence = heads.sequence + 1, hash = sha256(v_bytes), sealed_at = v_sealed_at
      where heads.scope_id = v_head.scope_id
      returning * into v_head;
      v_open := v_open - 0;
    end loop;
    v_set := pg_catalog.set_config(v_slot, '', true);
  end loop;
  return null;
end;
$$;

comment on function audit.tg_entries__seal() is 'Seals the open entries of the transaction. Trigger _900_seal, deferred.';

revoke all on function audit.tg_entries__seal() from public;
grant execute on function audit.tg_entries__seal() to app_owner;
reset role;

-- Not "or replace": a constraint trigger cannot be replaced.
drop trigger if exists _900_seal on audit.entries;
create constraint trigger _900_seal after insert on audit.entries
  deferrable initially deferred
  for each row when (new."position" = 1) execute function audit.tg_entries__seal();
-- end of source: functions/audit/tg_entries__seal.sql

-- source: functions/audit/tg_refuse_change.sql
-- What was written down is not rewritten, by nobody. FND-08.
-- Per statement, so that the answer is the same for whoever sees no row. One change exists: the engine takes out what
-- erasure takes out, which tg_entries__only_erase holds to.
-- requires: functions/core/refuse.sql

create or replace function audit.tg_refuse_change() returns trigger
language plpgsql volatile
set search_path = ''
as $$
begin
  if tg_op = 'UPDATE' and current_user = 'app_engine' and tg_table_name in ('entries', 'anchors') then
    return null;
  end if;
  perform app_hidden.refuse('IMMUTABLE', 'audit_is_append_only', '{}', 'Audit entries are never changed or removed.');
  return null;
end;
$$;

comment on function audit.tg_refuse_change() is 'Refuses update, delete and truncate of the log. Trigger _200_refuse_change.';

create or replace trigger _200_refuse_change before update or delete or truncate on audit.entries
  for each statement execute function audit.tg_refuse_change();
create or replace trigger _200_refuse_change before update or delete or truncate on audit.seals
  for each statement execute function audit.tg_refuse_change();
create or replace trigger _200_refuse_change before update or delete or truncate on audit.anchors
  for each statement execute function audit.tg_refuse_change();
create or replace trigger _200_refuse_change before update or delete or truncate on audit.anchored_heads
  for each statement execute function audit.tg_refuse_change();
create or replace trigger _200_refuse_change before delete or truncate on audit.heads
  for each statement execute function audit.tg_refuse_change();
-- end of source: functions/audit/tg_refuse_change.sql

-- source: functions/audit/unlike_anchor.sql
-- What of an anchor that was read from object storage does not fit the chains of today. FND-09.

set role app_engine;

create or replace function audit.unlike_anchor(heads jsonb)
returns table (organization uuid, sequence bigint, finding text)
language sql stable strict security definer
set search_path = ''
begin atomic
  select anchored.organization, anchored.sequence,
         case when seals.hash is null then 'tail cut' else 'anchor differs' end
  from jsonb_to_recordset(unlike_anchor.heads) as anchored (organization uuid, sequence bigint, hash text)
  left join audit.seals
    on seals.scope_id = coalesce(anchored.organization, '00000000-0000-0000-0000-000000000000')
   and seals.sequence = anchored.sequence
  where seals.hash is distinct from decode(anchored.hash, 'hex');
end;

comment on function audit.unlike_anchor(jsonb) is
  'Heads of an anchor, [{organization, sequence, hash}], that the chains do not have, or have with another hash.';

revoke all on function audit.unlike_anchor(jsonb) from public;
grant execute on function audit.unlike_anchor(jsonb) to app_worker;
reset role;
-- end of source: functions/audit/unlike_anchor.sql

-- source: functions/audit/verify_sequences.sql
-- Verifies a chain, or a part of it, and what the anchors and the head remember of it. FND-09.
-- The answer is one row: finding is null for a chain that is whole, or says what is wrong first, by sequence:
--   changed          not what was sealed             missing         a seal or an entry is gone
--   reordered        intact, in another place        added           a second one in the same place
--   values differ    not what the digest was made of values missing  gone, and no record of an erasure
--   unsealed         an entry that no commit sealed  head differs    the chain does not end where its head says
--   tail cut         an anchor knows of more         anchor differs  an anchor remembers another hash
-- requires: functions/audit/first_fault.sql

set role app_engine;

create or replace function audit.verify_sequences(organization uuid, first bigint default 1, last bigint default null)
returns table (seals bigint, entries bigint, finding text, sequence bigint, "position" int, entry_id uuid)
language plpgsql stable security definer
set search_path = ''
as $$
#variable_conflict use_column
declare
  v_scope_id constant uuid := coalesce(verify_sequences.organization, '00000000-0000-0000-0000-000000000000');
  v_first constant bigint := greatest(verify_sequences.first, 1);
  v_last constant bigint := coalesce(verify_sequences.last, 9223372036854775807);
  v_earliest timestamptz;
  v_latest timestamptz;
  v_end bigint;
begin
  select min(s.occurred_at), max(s.occurred_at), count(*), coalesce(sum(s.entries), 0)
  into v_earliest, v_latest, seals, entries
  from audit.seals as s
  where s.scope_id = v_scope_id and s.sequence between v_first and v_last;

  -- With the end of the chain, whatever stands after it belongs to the range, too.
  select max(s.sequence) into v_end from audit.seals as s where s.scope_id = v_scope_id;
  if v_last >= coalesce(v_end, 0) then
    v_latest := 'infinity';
  end if;
  if v_first = 1 then
    v_earliest := '-infinity';
  end if;

  select fault.* into finding, sequence, "position", entry_id
  from audit.first_fault(v_scope_id, v_first, v_last, v_earliest, v_latest) as fault;

  if finding is null then
    select case when anchored.sequence > coalesce(v_end, 0) then 'tail cut' else 'anchor differs' end, anchored.sequence
    into finding, sequence
    from audit.anchored_heads as anchored
    where anchored.scope_id = v_scope_id and anchored.sequence between v_first and v_last
      and not exists (
        select from audit.seals as s
        where s.scope_id = v_scope_id and s.sequence = anchored.sequence and s.hash = anchored.hash)
    order by anchored.sequence
    limit 1;
  end if;

  if finding is null then
    select 'head differs', coalesce(v_end, 0) into finding, sequence
    from (select v_scope_id as scope_id) as chain
    left join audit.heads on heads.scope_id = chain.scope_id
    left join audit.seals as s on s.scope_id = chain.scope_id and s.sequence = v_end
    where (coalesce(heads.sequence, 0), coalesce(heads.hash, decode(repeat('00', 32), 'hex')))
      is distinct from (coalesce(s.sequence, 0), coalesce(s.hash, decode(repeat('00', 32), 'hex')));
  end if;
  return next;
end;
$$;

comment on function audit.verify_sequences(uuid, bigint, bigint) is
  'Verifies the seals of these sequences of a clinic''s chain (null: the platform''s) against the one before them, the '
  'anchors and the head. finding is null when all is whole.';

revoke all on function audit.verify_sequences(uuid, bigint, bigint) from public;
grant execute on function audit.verify_sequences(uuid, bigint, bigint) to app_worker;
reset role;
-- end of source: functions/audit/verify_sequences.sql

-- source: functions/audit/verify.sql
-- Whether the audit log of a clinic is what was written, in a span of time. FND-09.
-- requires: functions/audit/verify_sequences.sql

set role app_engine;

create or replace function audit.verify(
  organization uuid, "from" timestamptz default '-infinity', "to" timestamptz default 'infinity'
) returns table (seals bigint, entries bigint, finding text, sequence bigint, "position" int, entry_id uuid)
language plpgsql stable security definer
set search_path = ''
as $$
#variable_conflict use_column
declare
  v_from constant timestamptz := coalesce(verify."from", '-infinity');
  v_to constant timestamptz := coalesce(verify."to", 'infinity');
  v_first bigint;
  v_last bigint;
begin
  -- Transactions commit in another order than they start, so a span of time is the sequences from its first to its last.
  select min(s.sequence), max(s.sequence) into v_first, v_last
  from audit.seals as s
  where s.scope_id = coalesce(verify.organization, '00000000-0000-0000-0000-000000000000')
    and s.occurred_at >= v_from and s.occurred_at < v_to;

  return query
  select * from audit.verify_sequences(
    verify.organization,
    case when v_from = '-infinity' then 1 else coalesce(v_first, 9223372036854775807) end,
    case when v_to < 'infinity' then coalesce(v_last, 0) end);
end;
$$;

comment on function audit.verify(uuid, timestamptz, timestamptz) is
  'Verifies the chain of a clinic (null: the platform''s) from one time to another, without times the whole. One row: '
  'seals and entries read; finding, null when all is whole, else what is wrong first, with its sequence, position and entry.';

revoke all on function audit.verify(uuid, timestamptz, timestamptz) from public;
grant execute on function audit.verify(uuid, timestamptz, timestamptz) to app_worker;
reset role;
-- end of source: functions/audit/verify.sql

-- source: functions/scheduling/bookings_to_come.sql
-- What people count on: appointments and open requests whose time is not over. Whatever they rely on is not removed
-- under them. SPC-06, FND-10.
-- requires: functions/core/now.sql

set role app_engine;

create or replace function app_private.bookings_to_come(organization_id uuid) returns setof app_private.time_claims
language sql stable
set search_path = ''
begin atomic
  select time_claims.*
  from app_private.time_claims
  where time_claims.organization_id = bookings_to_come.organization_id
    and time_claims.kind in ('appointment', 'request')
    and time_claims.released_at is null
    and upper(time_claims.during) > app_hidden.now();
end;

comment on function app_private.bookings_to_come(uuid) is 'Claims of appointments and open requests of a clinic that are not over.';

reset role;
-- end of source: functions/scheduling/bookings_to_come.sql

-- source: functions/scheduling/require_nothing_to_come.sql
-- What bookings rely on stays until they are over, cancelled or moved. FND-10.
-- requires: functions/core/refuse.sql

set role app_engine;

create or replace function app_private.require_nothing_to_come(bookings bigint) returns void
language plpgsql stable
set search_path = ''
as $$
begin
  if bookings > 0 then
    perform app_hidden.refuse(
      'CONFLICT', 'has_future_appointments', jsonb_build_object('count', bookings),
      format('%s appointments or requests are still to come. Cancel or move them first.', bookings));
  end if;
end;
$$;

comment on function app_private.require_nothing_to_come(bigint) is 'CONFLICT has_future_appointments with their count, unless it is zero.';

reset role;
-- end of source: functions/scheduling/require_nothing_to_come.sql

-- source: functions/catalog/remove_service.sql
-- A service goes with its calendars, once nobody is booked for it any more. FND-10, CAT-01.
-- requires: functions/core/soft_delete.sql
-- requires: functions/scheduling/bookings_to_come.sql
-- requires: functions/scheduling/require_nothing_to_come.sql

set role app_engine;

create or replace function app_public.remove_service(service_id uuid) returns app_public.services
language plpgsql volatile strict security definer
set search_path = ''
as $$
declare
  v_service app_public.services;
begin
  perform app_private.soft_delete('app_public.services', service_id);
  select services.* into strict v_service from app_public.services where services.id = remove_service.service_id;
  perform app_private.require_nothing_to_come((
    select count(*) from app_private.bookings_to_come(v_service.organization_id) as booking
    join app_public.calendars on calendars.organization_id = booking.organization_id and calendars.id = booking.calendar_id
    where calendars.service_id = v_service.id));
  return v_service;
end;
$$;

comment on function app_public.remove_service(uuid) is
  'Removes a service with its calendars; restoreDeletedRow brings them back. Needs services.manage; CONFLICT '
  'has_future_appointments with their count.';
grant execute on function app_public.remove_service(uuid) to app_member;

reset role;
-- end of source: functions/catalog/remove_service.sql

-- source: functions/catalog/remove_specialist.sql
-- A specialist goes. Whoever still has appointments with them is counted in the refusal, or moves to a colleague. SPC-06.
-- requires: functions/core/refuse.sql
-- requires: functions/core/soft_delete.sql
-- requires: functions/scheduling/bookings_to_come.sql
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

  perform app_private.soft_delete('app_public.specialists', v_specialist.id);
  update app_public.specialists set scheduling_active = false
  where specialists.id = v_specialist.id
  returning * into v_specialist;

  select count(*) into v_count
  from app_private.bookings_to_come(v_specialist.organization_id) as booking
  where booking.specialist_id = v_specialist.id;

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
  'Removes a specialist; restoreDeletedRow brings them back, inactive. With appointments to come: CONFLICT has_future_appointments with their count, or they go to reassignTo.';
grant execute on function app_public.remove_specialist(uuid, uuid) to app_member;

reset role;
-- end of source: functions/catalog/remove_specialist.sql

-- source: functions/catalog/remove_specialty.sql
-- A clinic's own specialty goes once nobody practises it any more. FND-10, SPC-01.
-- requires: functions/core/refuse.sql
-- requires: functions/core/soft_delete.sql

set role app_engine;

create or replace function app_public.remove_specialty(specialty_id uuid) returns app_public.specialties
language plpgsql volatile strict security definer
set search_path = ''
as $$
declare
  v_specialty app_public.specialties;
  v_count bigint;
begin
  perform app_private.soft_delete('app_public.specialties', specialty_id);
  select specialties.* into strict v_specialty from app_public.specialties where specialties.id = remove_specialty.specialty_id;
  select count(*) into v_count
  from app_public.specialist_specialties
  join app_public.specialists
    on specialists.organization_id = specialist_specialties.organization_id
   and specialists.id = specialist_specialties.specialist_id
   and specialists.deleted_at is null
  where specialist_specialties.organization_id = v_specialty.organization_id
    and specialist_specialties.specialty_id = v_specialty.id;
  if v_count > 0 then
    perform app_hidden.refuse(
      'CONFLICT', 'is_practised', jsonb_build_object('count', v_count),
      format('%s specialists practise it. Take it from them first.', v_count));
  end if;
  return v_specialty;
end;
$$;

comment on function app_public.remove_specialty(uuid) is
  'Removes a clinic''s own specialty; restoreDeletedRow brings it back. Needs specialties.manage; CONFLICT is_practised '
  'with the count of specialists who do; NOT_FOUND for the platform''s.';
grant execute on function app_public.remove_specialty(uuid) to app_member;

reset role;
-- end of source: functions/catalog/remove_specialty.sql

-- source: functions/core/allow_soft_delete.sql
-- A table joins soft deletion: in its policy file, beside its policies. What was deleted is then listed by
-- deleted_rows() and comes back by restore_deleted_row(); a verb of the table's own deletes. FND-10.
-- requires: policies/core/soft_deletes.sql

create or replace function app_private.allow_soft_delete(
  table_name text,
  permission text,
  label text,
  follows text default null
) returns void
language sql volatile
set search_path = ''
begin atomic
  insert into app_private.soft_deletes (table_name, permission, label, follows)
  values (allow_soft_delete.table_name, allow_soft_delete.permission, allow_soft_delete.label, allow_soft_delete.follows)
  on conflict on constraint soft_deletes_pkey do update
    set permission = excluded.permission, label = excluded.label, follows = excluded.follows;
end;

comment on function app_private.allow_soft_delete(text, text, text, text) is
  'Registers a table with deleted_at: the permission to delete and restore (null: superadmins only), SQL over the row r '
  'by which people recognise it, and the table whose rows it goes and comes back with.';
-- end of source: functions/core/allow_soft_delete.sql

-- source: functions/core/columns_of_class.sql
-- Where something of a class stands: what exports, erasure and analytics begin with. FND-12.

create or replace function app_private.columns_of_class(class text)
returns setof app_private.classified_columns
language sql stable strict
set search_path = ''
begin atomic
  select classified_columns.*
  from app_private.classified_columns
  where classified_columns.class = columns_of_class.class
  order by classified_columns.table_name, classified_columns.column_name;
end;

comment on function app_private.columns_of_class(text) is 'Every column of a class, with its retention and its protection.';
grant execute on function app_private.columns_of_class(text) to app_engine;
-- end of source: functions/core/columns_of_class.sql

-- source: functions/core/forget_remembered_mutations.sql
-- Idempotency keys live a day. FND-26.
-- requires: functions/core/now.sql

set role app_engine;

create or replace function app_private.forget_remembered_mutations() returns int
language plpgsql volatile security definer
set search_path = ''
as $$
declare
  v_forgotten int;
begin
  delete from app_private.remembered_mutations
  where request_digest = any (array(
    select old.request_digest
    from app_private.remembered_mutations as old
    where old.created_at <= app_hidden.now() - interval '24 hours'
    order by old.created_at
    limit 10000
    for update skip locked));
  get diagnostics v_forgotten = row_count;
  return v_forgotten;
end;
$$;

comment on function app_private.forget_remembered_mutations() is
  'Forgets answers older than a day, up to 10,000 at a time, and says how many.';

grant execute on function app_private.forget_remembered_mutations() to app_worker;

reset role;
-- end of source: functions/core/forget_remembered_mutations.sql

-- source: functions/core/forget_spent_allowances.sql
-- An allowance that is full again need not be known. FND-27.

set role app_engine;

create or replace function app_private.forget_spent_allowances() returns void
language sql volatile security definer
set search_path = ''
as $$
  delete from app_private.spent_allowances
  where key_digest = any (array(
    select past.key_digest from app_private.spent_allowances as past
    where past.spent_until < statement_timestamp()
    for update skip locked))
$$;

comment on function app_private.forget_spent_allowances() is 'Forgets callers whose allowance is full again.';

grant execute on function app_private.forget_spent_allowances() to app_worker;

reset role;
-- end of source: functions/core/forget_spent_allowances.sql

-- source: functions/core/personal_columns.sql
-- Everything that is about somebody, and the column that says about whom: the ground of an access request and of
-- erasure. A table without a person column is reached through the rows that it belongs to. FND-12.

create or replace function app_private.personal_columns()
returns table (table_name text, column_name text, class text, retention text, person_column text)
language sql stable
set search_path = ''
begin atomic
  select classified_columns.table_name, classified_columns.column_name, classified_columns.class,
         classified_columns.retention, classified_tables.person_column
  from app_private.classified_columns
  join app_private.classified_tables on classified_tables.table_name = classified_columns.table_name
  join app_private.data_classes on data_classes.name = classified_columns.class
  where data_classes.is_personal
  order by classified_columns.table_name, classified_columns.column_name;
end;

comment on function app_private.personal_columns() is
  'Columns of personal classes, each with the column of its table that names the person; null where the rows it belongs to do.';
grant execute on function app_private.personal_columns() to app_engine;
-- end of source: functions/core/personal_columns.sql

-- source: functions/core/remove_organization.sql
-- A clinic leaves the platform: nobody works there, is a patient there or books there any more. FND-10, FND-01.
-- requires: functions/core/soft_delete.sql
-- requires: functions/scheduling/bookings_to_come.sql
-- requires: functions/scheduling/require_nothing_to_come.sql

set role app_engine;

create or replace function app_public.remove_organization(organization_id uuid) returns app_public.organizations
language plpgsql volatile strict security definer
set search_path = ''
as $$
declare
  v_organization app_public.organizations;
begin
  perform app_private.soft_delete('app_public.organizations', organization_id);
  perform app_private.require_nothing_to_come((
    select count(*) from app_private.bookings_to_come(remove_organization.organization_id)));
  select organizations.* into strict v_organization
  from app_public.organizations
  where organizations.id = remove_organization.organization_id;
  return v_organization;
end;
$$;

comment on function app_public.remove_organization(uuid) is
  'Closes a clinic; restoreDeletedRow opens it again. Superadmin only; CONFLICT has_future_appointments with their count.';
grant execute on function app_public.remove_organization(uuid) to app_member;

reset role;
-- end of source: functions/core/remove_organization.sql

-- source: functions/core/share_spending.sql
-- Servers count requests in memory and tell each other, once a second, who has spent much. FND-27.
-- One statement for all callers of that second; sorted, so that two servers never wait for each other in a circle.

set role app_engine;

create or replace function app_hidden.share_spending(keys bytea[], spent_ms int[])
returns table (key bytea, ahead_ms int)
language sql volatile security definer
set search_path = ''
as $$
  insert into app_private.spent_allowances as known (key_digest, spent_until)
  select spending.key, statement_timestamp() + spending.ms * interval '1 millisecond'
  from unnest(keys, spent_ms) as spending (key, ms)
  order by spending.key
  on conflict on constraint spent_allowances_pkey do update
    -- Nobody is locked out for longer than an hour, whatever the servers add up.
    set spent_until = least(
      greatest(known.spent_until, statement_timestamp()) + (excluded.spent_until - statement_timestamp()),
      statement_timestamp() + interval '1 hour')
  returning known.key_digest, (extract(epoch from known.spent_until - statement_timestamp()) * 1000)::int
$$;

comment on function app_hidden.share_spending(bytea[], int[]) is
  'Adds what this server''s callers have spent, in milliseconds of their allowance, and answers with how far ahead of '
  'time each now is on all servers together.';

grant execute on function app_hidden.share_spending(bytea[], int[]) to app_authenticator;

reset role;
-- end of source: functions/core/share_spending.sql

-- source: functions/events/claim_webhook.sql
-- What is to be applied, locked until the caller commits, and to whom its changes are attributed. FND-25, FND-02.
-- The door and a worker may come at the same moment: the second waits, and then finds it processed.

set role app_engine;

create or replace function app_hidden.claim_webhook(receipt_id uuid)
returns table (
  id uuid,
  provider text,
  integration_id uuid,
  event_id text,
  type text,
  occurred_at timestamptz,
  received_at timestamptz,
  headers jsonb,
  raw_body bytea
)
language plpgsql volatile strict security definer rows 1
set search_path = ''
as $$
begin
  perform set_config('app.principal_id', service_accounts.principal_id::text, true)
  from app_public.service_accounts
  where service_accounts.name = 'webhooks';

  return query
  select
    webhook_receipts.id, webhook_receipts.provider, webhook_receipts.integration_id, webhook_receipts.event_id,
    webhook_receipts.type, webhook_receipts.occurred_at, webhook_receipts.received_at, webhook_receipts.headers,
    webhook_receipts.raw_body
  from app_private.webhook_receipts
  where webhook_receipts.id = claim_webhook.receipt_id and webhook_receipts.status = 'received'
  for update;
end;
$$;

comment on function app_hidden.claim_webhook(uuid) is
  'The delivery while it is still to be applied, locked for this transaction, whose writes are the account webhooks''; '
  'no row when it was processed or given up.';
revoke all on function app_hidden.claim_webhook(uuid) from public;
grant execute on function app_hidden.claim_webhook(uuid) to app_authenticator, app_worker;

reset role;
-- end of source: functions/events/claim_webhook.sql

-- source: policies/events/graphile_worker.sql
-- Who may queue jobs and who may run them. FND-14.
-- The queue's tables come with row security and without a policy, made for a worker that owns them. Ours
-- owns nothing: the engine queues jobs, frees those of a dead worker and decides about dead ones, app_worker
-- runs them.

grant usage on schema graphile_worker to app_engine, app_worker;
grant usage on type graphile_worker.job_spec to app_engine, app_worker;

grant select, insert, update, delete on graphile_worker._private_jobs to app_engine;
grant select, insert, update on graphile_worker._private_job_queues to app_engine;
grant select, insert on graphile_worker._private_tasks to app_engine;
grant execute on function
  graphile_worker.add_job(text, json, text, timestamptz, integer, text, integer, text[], text),
  graphile_worker.add_jobs(graphile_worker.job_spec[], boolean),
  graphile_worker.force_unlock_workers(text[]),
  graphile_worker.reschedule_jobs(bigint[], timestamptz, integer, integer, integer),
  graphile_worker.complete_jobs(bigint[])
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

-- source: functions/events/purge_webhooks.sql
-- Bodies are personal data and are not kept for longer than they serve: 30 days after they were applied, 90 in any
-- case. What is left proves that the event came, and goes after 90 days too. FND-25, FND-12.
-- requires: functions/core/now.sql

set role app_engine;

create or replace function app_private.purge_webhooks() returns int
language plpgsql volatile security definer
set search_path = ''
as $$
declare
  v_keep_for interval := (
    select retentions.keep_for from app_private.retentions where retentions.key = 'operations');
  v_purged int;
begin
  delete from app_private.webhook_receipts where received_at < app_hidden.now() - v_keep_for;

  update app_private.webhook_receipts set raw_body = null
  where received_at < app_hidden.now() - interval '30 days'
    and processed_at < app_hidden.now() - interval '30 days'
    and raw_body is not null;
  get diagnostics v_purged = row_count;
  return v_purged;
end;
$$;

comment on function app_private.purge_webhooks() is
  'Deletes bodies of deliveries that were applied 30 days ago, and every trace of what came before the retention of '
  'operations; answers how many bodies.';
revoke all on function app_private.purge_webhooks() from public;
grant execute on function app_private.purge_webhooks() to app_worker;

reset role;
-- end of source: functions/events/purge_webhooks.sql

-- source: functions/events/reap_silent_workers.sql
-- Frees the jobs of workers that died. FND-14.
-- The queue itself would keep them locked for four hours. A worker without a heartbeat row died before
-- its first beat; the time it took its jobs is then its last sign of life.
-- A job that is queued again under its key while it runs loses the key and all its attempts to the new one; if it
-- does not end well, nobody would ever remove it. It is told from a dead job by having lost a key it must have had
-- (deliver_events), or by having used up several attempts without a single error.
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
  delete from graphile_worker._private_jobs as jobs
  using graphile_worker._private_tasks as tasks
  where tasks.id = jobs.task_id
    and jobs.key is null
    and jobs.locked_at is null
    and jobs.attempts >= jobs.max_attempts
    and (tasks.identifier = 'deliver_events' or jobs.last_error is null and jobs.max_attempts > 1);
  delete from app_private.worker_heartbeats where seen_at < clock_timestamp() - interval '1 day';
  return coalesce(v_dead, '{}');
end;
$$;

comment on function app_private.reap_silent_workers(interval) is
  'Unlocks the jobs of workers that gave no sign of life for the interval, and removes what was replaced while it ran; '
  'returns the ids of those workers.';

revoke all on function app_private.reap_silent_workers(interval) from public;
grant execute on function app_private.reap_silent_workers(interval) to app_worker;
reset role;
-- end of source: functions/events/reap_silent_workers.sql

-- source: functions/events/receive_webhook.sql
-- Keeps a verified delivery and queues its processing, both or neither. FND-25.
-- The vendor's id of the event is the key: whoever sends it again, twenty times at once, finds it taken. The same id
-- with another body is not the same event: the first stays, the other is counted and refused.
-- requires: functions/core/now.sql
-- requires: policies/events/graphile_worker.sql

set role app_engine;

create or replace function app_hidden.receive_webhook(
  provider text,
  integration_id uuid,
  event_id text,
  type text,
  occurred_at timestamptz,
  headers jsonb,
  raw_body bytea,
  out receipt_id uuid,
  out verdict text
)
language plpgsql volatile security definer
set search_path = ''
as $$
begin
  insert into app_private.webhook_receipts
    (provider, integration_id, event_id, type, occurred_at, received_at, headers, raw_body, body_hash)
  values
    (receive_webhook.provider, receive_webhook.integration_id, receive_webhook.event_id, receive_webhook.type,
     receive_webhook.occurred_at, app_hidden.now(), receive_webhook.headers, receive_webhook.raw_body,
     sha256(receive_webhook.raw_body))
  on conflict on constraint webhook_receipts_event_is_taken_once do nothing
  returning id into receipt_id;

  if receipt_id is not null then
    -- Twelve attempts take about sixteen hours.
    perform graphile_worker.add_job(
      'process_webhook', json_build_object('receiptId', receipt_id), job_key => 'webhook:' || receipt_id, max_attempts => 12);
    verdict := 'received';
    return;
  end if;

  select webhook_receipts.id, case when webhook_receipts.body_hash = sha256(receive_webhook.raw_body) then 'duplicate' else 'conflict' end
  into strict receipt_id, verdict
  from app_private.webhook_receipts
  where webhook_receipts.provider = receive_webhook.provider
    and webhook_receipts.integration_id is not distinct from receive_webhook.integration_id
    and webhook_receipts.event_id = receive_webhook.event_id;
  if verdict = 'conflict' then
    update app_private.webhook_receipts
    set conflict_count = conflict_count + 1, conflicted_at = app_hidden.now()
    where webhook_receipts.id = receipt_id;
  end if;
end;
$$;

comment on function app_hidden.receive_webhook(text, uuid, text, text, timestamptz, jsonb, bytea) is
  'Takes a delivery whose signature was checked: received with its job, duplicate (nothing happens), or conflict: the '
  'event id is known with another body, which is counted and not kept.';
revoke all on function app_hidden.receive_webhook(text, uuid, text, text, timestamptz, jsonb, bytea) from public;
grant execute on function app_hidden.receive_webhook(text, uuid, text, text, timestamptz, jsonb, bytea) to app_authenticator;

reset role;
-- end of source: functions/events/receive_webhook.sql

-- source: functions/events/record_webhook_failed.sql
-- Applying the delivery failed; that work was rolled back, this remembers why. FND-25.

set role app_engine;

create or replace function app_hidden.record_webhook_failed(receipt_id uuid, error text, is_last boolean) returns void
language plpgsql volatile strict security definer
set search_path = ''
as $$
begin
  update app_private.webhook_receipts
  set attempts = attempts + 1, last_error = left(record_webhook_failed.error, 500)
  where webhook_receipts.id = record_webhook_failed.receipt_id and webhook_receipts.status = 'received';
  if found and is_last then
    update app_private.webhook_receipts set status = 'failed'
    where webhook_receipts.id = record_webhook_failed.receipt_id;
  end if;
end;
$$;

comment on function app_hidden.record_webhook_failed(uuid, text, boolean) is
  'Counts an attempt and keeps its error, which names no person; after the last one the delivery waits for an operator.';
revoke all on function app_hidden.record_webhook_failed(uuid, text, boolean) from public;
grant execute on function app_hidden.record_webhook_failed(uuid, text, boolean) to app_authenticator, app_worker;

reset role;
-- end of source: functions/events/record_webhook_failed.sql

-- source: functions/events/record_webhook_processed.sql
-- The delivery was applied, in the transaction that applied it. FND-25.
-- requires: functions/core/now.sql

set role app_engine;

create or replace function app_hidden.record_webhook_processed(receipt_id uuid, outcome text) returns void
language sql volatile strict security definer
set search_path = ''
as $$
  update app_private.webhook_receipts
  set status = 'processed', outcome = record_webhook_processed.outcome, processed_at = app_hidden.now(),
      attempts = attempts + 1, last_error = null
  where webhook_receipts.id = record_webhook_processed.receipt_id and webhook_receipts.status = 'received'
$$;

comment on function app_hidden.record_webhook_processed(uuid, text) is 'Marks a delivery as applied, and says what that came to.';
revoke all on function app_hidden.record_webhook_processed(uuid, text) from public;
grant execute on function app_hidden.record_webhook_processed(uuid, text) to app_authenticator, app_worker;

reset role;
-- end of source: functions/events/record_webhook_processed.sql

-- source: functions/events/replay_webhook.sql
-- An operator lets a delivery be applied again: after a fault was mended, or to see that nothing changes. FND-25.
-- requires: functions/core/refuse.sql
-- requires: functions/identity/is_superadmin.sql
-- requires: policies/events/graphile_worker.sql

set role app_engine;

create or replace function app_public.replay_webhook(provider text, event_id text) returns int
language plpgsql volatile strict security definer
set search_path = ''
as $$
declare
  v_receipt app_private.webhook_receipts;
  v_found boolean := false;
  v_replayed int := 0;
begin
  if not app_hidden.is_superadmin() then
    perform app_hidden.refuse('FORBIDDEN', 'superadmin_only', '{}', 'Only the platform replays deliveries.');
  end if;

  -- Accounts of one vendor number their own events: where two agree, both are replayed.
  for v_receipt in
    select webhook_receipts.*
    from app_private.webhook_receipts
    where webhook_receipts.provider = replay_webhook.provider and webhook_receipts.event_id = replay_webhook.event_id
    order by webhook_receipts.id
    for update
  loop
    v_found := true;
    continue when v_receipt.raw_body is null;
    update app_private.webhook_receipts
    set status = 'received', outcome = null, processed_at = null, attempts = 0, last_error = null
    where webhook_receipts.id = v_receipt.id and webhook_receipts.status <> 'received';
    -- A job that has used up its attempts starts anew under the same key.
    perform graphile_worker.add_job(
      'process_webhook', json_build_object('receiptId', v_receipt.id), job_key => 'webhook:' || v_receipt.id, max_attempts => 12);
    v_replayed := v_replayed + 1;
  end loop;

  if not v_found then
    perform app_hidden.refuse('NOT_FOUND', 'webhook_not_found', '{}', 'No such event came, or its trace has been deleted.');
  elsif v_replayed = 0 then
    perform app_hidden.refuse('GONE', 'webhook_body_purged', '{}', 'What it said has been deleted. Let the vendor send it again.');
  end if;
  return v_replayed;
end;
$$;

comment on function app_public.replay_webhook(text, text) is
  'Applies a vendor''s event once more, by the vendor''s own id of it; answers how many deliveries that is. Superadmin only. '
  'GONE webhook_body_purged when its body was deleted.';
revoke all on function app_public.replay_webhook(text, text) from public;
grant execute on function app_public.replay_webhook(text, text) to app_member;

reset role;
-- end of source: functions/events/replay_webhook.sql

-- source: functions/identity/current_patient_organization_ids.sql
-- Where the caller, or someone they care for, is a patient. A deleted patient is none, and a deleted clinic nobody's. FND-07, SPC-05.
-- requires: functions/core/current_organization_id.sql
-- requires: functions/identity/current_human_patient_profile_ids.sql

set role app_engine;

create or replace function app_hidden.current_patient_organization_ids() returns uuid[]
language sql stable parallel safe security definer
set search_path = ''
begin atomic
  select coalesce(array_agg(distinct patients.organization_id), '{}')
  from app_public.patients
  join app_public.organizations on organizations.id = patients.organization_id and organizations.deleted_at is null
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

-- source: functions/files/require_upload_right.sql
-- Who may put a file to a row: staff by the surface's permission and, where the surface says so, the person the row is
-- about. A row that is not theirs to see and one that does not exist answer alike. FND-13, FND-04.
-- requires: functions/core/refuse.sql
-- requires: functions/identity/has_permission.sql
-- requires: functions/identity/require_permission.sql
-- requires: functions/identity/current_human_patient_profile_ids.sql
-- requires: functions/identity/current_patient_organization_ids.sql
-- requires: functions/identity/current_specialist_ids.sql

set role app_engine;

create or replace function app_private.require_upload_right(surface app_private.file_surfaces, owner_id uuid) returns uuid
language plpgsql stable
set search_path = ''
as $$
declare
  v_organization_id uuid;
  v_is_person boolean := false;
begin
  case surface.owner_kind
    when 'organization' then
      select organizations.id into v_organization_id
      from app_public.organizations
      where organizations.id = owner_id and organizations.deleted_at is null;
    when 'service' then
      select services.organization_id into v_organization_id
      from app_public.services
      where services.id = owner_id and services.deleted_at is null;
    when 'specialist' then
      select specialists.organization_id, specialists.id = any (app_hidden.current_specialist_ids())
      into v_organization_id, v_is_person
      from app_public.specialists
      where specialists.id = owner_id and specialists.deleted_at is null;
    when 'appointment' then
      select appointments.organization_id,
             appointments.patient_profile_id = any (app_hidden.current_human_patient_profile_ids())
             and appointments.organization_id = any (app_hidden.current_patient_organization_ids())
      into v_organization_id, v_is_person
      from app_public.appointments
      where appointments.id = owner_id and appointments.deleted_at is null;
  end case;

  if v_organization_id is null then
    perform app_hidden.refuse('NOT_FOUND', 'not_found', '{}', 'There is no such thing, or it is not yours to see.');
  end if;
  if not (surface.uploaded_by_owner and v_is_person) then
    perform app_private.require_permission(v_organization_id, surface.manage_permission);
  end if;
  return v_organization_id;
end;
$$;

comment on function app_private.require_upload_right(app_private.file_surfaces, uuid) is
  'The clinic of the owner row, when the caller may upload to it; else FORBIDDEN for a colleague, NOT_FOUND for anyone else.';

reset role;
-- end of source: functions/files/require_upload_right.sql

-- source: functions/files/own_upload.sql
-- The uploader's business only, and only while they may still upload there. What was decided before is said again.
-- FND-13.
-- requires: functions/core/refuse.sql
-- requires: functions/core/now.sql
-- requires: functions/core/current_principal_id.sql
-- requires: functions/files/require_upload_right.sql

set role app_engine;

create or replace function app_private.own_upload(file_id uuid) returns app_public.files
language plpgsql volatile
set search_path = ''
as $$
declare
  v_file app_public.files;
  v_surface app_private.file_surfaces;
begin
  select files.* into v_file
  from app_public.files
  where files.id = file_id and files.uploaded_by = app_hidden.current_principal_id() and files.status <> 'deleted'
  for update;
  if not found then
    perform app_hidden.refuse('NOT_FOUND', 'file_not_found', '{}', 'There is no such file, or it is not yours to confirm.');
  end if;
  select file_surfaces.* into strict v_surface from app_private.file_surfaces where file_surfaces.key = v_file.surface;
  perform app_private.require_upload_right(v_surface, coalesce(
    v_file.service_id, v_file.specialist_id, v_file.appointment_id, v_file.organization_id));

  if v_file.rejection = 'expired' or (v_file.status = 'pending' and v_file.expires_at <= app_hidden.now()) then
    perform app_hidden.refuse('GONE', 'upload_expired', '{}', 'The upload took longer than a day. Request another.');
  end if;
  if v_file.status = 'rejected' then
    perform app_hidden.refuse(
      'VALIDATION', 'file_rejected', jsonb_build_object('rejection', v_file.rejection),
      'The bytes are not what was announced. Request another upload.');
  end if;
  return v_file;
end;
$$;

comment on function app_private.own_upload(uuid) is
  'Locks the caller''s upload, pending or confirmed; NOT_FOUND, GONE upload_expired, or VALIDATION file_rejected with the reason.';

reset role;
-- end of source: functions/files/own_upload.sql

-- source: functions/files/attach_upload.sql
-- The server has looked at every byte: the file counts. Only the login role of the API may say so, in the uploader's
-- name; whoever speaks GraphQL cannot reach this. Twice is once. FND-13.
-- requires: functions/core/now.sql
-- requires: functions/files/own_upload.sql

set role app_engine;

create or replace function app_hidden.attach_upload(file_id uuid) returns void
language plpgsql volatile strict security definer
set search_path = ''
as $$
declare
  v_file app_public.files := app_private.own_upload(file_id);
begin
  if v_file.status = 'confirmed' then
    return;
  end if;

  -- One at a time for the same owner, or two newest would stay.
  perform pg_advisory_xact_lock(hashtextextended('files of ' || v_file.surface || coalesce(
    v_file.service_id, v_file.specialist_id, v_file.appointment_id, v_file.organization_id), 0));
  update app_public.files set status = 'deleted', deleted_at = app_hidden.now()
  from app_private.file_surfaces
  where file_surfaces.key = v_file.surface and file_surfaces.max_files = 1
    and files.organization_id = v_file.organization_id
    and files.surface = v_file.surface
    and files.status = 'confirmed'
    and files.service_id is not distinct from v_file.service_id
    and files.specialist_id is not distinct from v_file.specialist_id
    and files.appointment_id is not distinct from v_file.appointment_id;

  update app_public.files set status = 'confirmed', confirmed_at = app_hidden.now(), expires_at = null
  where files.id = v_file.id;
end;
$$;

comment on function app_hidden.attach_upload(uuid) is
  'Confirms the caller''s upload after its bytes were checked; where the newest replaces, the former file is deleted.';
grant execute on function app_hidden.attach_upload(uuid) to app_authenticator;

reset role;
-- end of source: functions/files/attach_upload.sql

-- source: functions/files/delete_file.sql
-- Takes a file away from everybody's eyes at once; its bytes follow after thirty days, in which restore_file brings it
-- back. FND-13, FND-10.
-- requires: functions/core/refuse.sql
-- requires: functions/core/now.sql
-- requires: functions/identity/require_permission.sql

set role app_engine;

create or replace function app_public.delete_file(file_id uuid) returns app_public.files
language plpgsql volatile strict security definer
set search_path = ''
as $$
declare
  v_file app_public.files;
  v_permission text;
begin
  select files.* into v_file
  from app_public.files
  where files.id = file_id and files.status = 'confirmed'
  for update;
  if not found then
    perform app_hidden.refuse('NOT_FOUND', 'not_found', '{}', 'There is no such thing, or it is not yours to see.');
  end if;
  select file_surfaces.manage_permission into strict v_permission
  from app_private.file_surfaces where file_surfaces.key = v_file.surface;
  perform app_private.require_permission(v_file.organization_id, v_permission);

  update app_public.files set status = 'deleted', deleted_at = app_hidden.now()
  where files.id = v_file.id
  returning * into v_file;
  return v_file;
end;
$$;

comment on function app_public.delete_file(uuid) is 'Removes a file. Needs the permission by which staff upload such files.';
grant execute on function app_public.delete_file(uuid) to app_member;

reset role;
-- end of source: functions/files/delete_file.sql

-- source: functions/files/enqueue_object_sweeps.sql
-- Looks once a day for objects that nobody needs. FND-13.
-- requires: policies/events/graphile_worker.sql

set role app_engine;

create or replace function app_private.enqueue_object_sweeps() returns int
language plpgsql volatile security definer
set search_path = ''
as $$
declare
  v_jobs graphile_worker.job_spec[];
begin
  select array_agg(row(
    'sweep_objects', json_build_object('organizationId', organizations.id),
    null, null, null, 'sweep_objects:' || organizations.id, null, null
  )::graphile_worker.job_spec) into v_jobs
  from app_public.organizations;
  if v_jobs is not null then
    perform graphile_worker.add_jobs(v_jobs);
  end if;
  return coalesce(cardinality(v_jobs), 0);
end;
$$;

comment on function app_private.enqueue_object_sweeps() is 'One sweep a clinic, so that a long one holds up no other; returns how many.';
grant execute on function app_private.enqueue_object_sweeps() to app_worker;

reset role;
-- end of source: functions/files/enqueue_object_sweeps.sql

-- source: functions/files/expire_uploads.sql
-- Uploads that were announced and not confirmed within their day end. FND-13.
-- requires: functions/core/now.sql

set role app_engine;

create or replace function app_private.expire_uploads() returns int
language plpgsql volatile security definer
set search_path = ''
as $$
declare
  v_count int;
begin
  with due as (
    select files.id
    from app_public.files
    where files.status = 'pending' and files.expires_at <= app_hidden.now()
    order by files.expires_at
    limit 500
    for update skip locked
  )
  update app_public.files set status = 'rejected', rejection = 'expired', expires_at = null
  from due
  where files.id = due.id;
  get diagnostics v_count = row_count;
  return v_count;
end;
$$;

comment on function app_private.expire_uploads() is 'Rejects up to 500 uploads that nobody confirmed in time; returns how many.';
grant execute on function app_private.expire_uploads() to app_worker;

reset role;
-- end of source: functions/files/expire_uploads.sql

-- source: functions/files/object_prefixes.sql
-- The folders of a clinic that the sweep may look into. FND-13.

set role app_engine;

create or replace function app_private.object_prefixes(organization_id uuid) returns setof text
language sql stable strict security definer
set search_path = ''
begin atomic
  select concat_ws('/', object_prefixes.organization_id, folder.name, '')
  from (select 'uploads' union all select file_surfaces.prefix from app_private.file_surfaces) as folder (name)
  order by folder.name;
end;

comment on function app_private.object_prefixes(uuid) is
  'Where a clinic''s files are in the object store. What else lies there is not the files'' business.';
grant execute on function app_private.object_prefixes(uuid) to app_worker;

reset role;
-- end of source: functions/files/object_prefixes.sql

-- source: functions/files/objects_to_remove.sql
-- Whose bytes can go: rejected uploads, and deleted files after thirty days. FND-13.
-- requires: functions/core/now.sql

set role app_engine;

create or replace function app_private.objects_to_remove()
returns table (file_id uuid, organization_id uuid, keys text[])
language sql stable security definer
set search_path = ''
begin atomic
  select files.id, files.organization_id,
         array[files.uploaded_key, files.object_key]
  from app_public.files
  where files.status in ('rejected', 'deleted') and files.objects_removed_at is null
    -- An upload URL is good for minutes: what comes in after the rejection is gone with the rest.
    and files.updated_at < app_hidden.now() - case files.status when 'rejected' then interval '1 hour' else interval '30 days' end
  order by files.updated_at
  limit 200;
end;

comment on function app_private.objects_to_remove() is 'The next 200 files whose objects are to be removed, with the keys.';
grant execute on function app_private.objects_to_remove() to app_worker;

reset role;
-- end of source: functions/files/objects_to_remove.sql

-- source: functions/files/record_objects_removed.sql
-- Removing what is gone is no harm, so the sweep may be cut off anywhere before this. FND-13.
-- requires: functions/core/now.sql

set role app_engine;

create or replace function app_private.record_objects_removed(file_id uuid) returns void
language sql volatile strict security definer
set search_path = ''
begin atomic
  update app_public.files set objects_removed_at = app_hidden.now()
  where files.id = file_id and files.status in ('rejected', 'deleted') and files.objects_removed_at is null;
end;

comment on function app_private.record_objects_removed(uuid) is 'The objects of this rejected or deleted file are gone.';
grant execute on function app_private.record_objects_removed(uuid) to app_worker;

reset role;
-- end of source: functions/files/record_objects_removed.sql

-- source: functions/files/reject_upload.sql
-- The server has looked at the bytes and they are not what was announced. FND-13.
-- requires: functions/files/own_upload.sql

set role app_engine;

create or replace function app_hidden.reject_upload(file_id uuid, rejection text) returns void
language plpgsql volatile strict security definer
set search_path = ''
as $$
declare
  v_file app_public.files := app_private.own_upload(file_id);
begin
  -- Confirmed meanwhile, by a check that saw other bytes under the key: what was checked then stays.
  update app_public.files set status = 'rejected', rejection = reject_upload.rejection, expires_at = null
  where files.id = v_file.id and files.status = 'pending';
end;
$$;

comment on function app_hidden.reject_upload(uuid, text) is
  'Rejects the caller''s pending upload, saying why; its object is removed later.';
grant execute on function app_hidden.reject_upload(uuid, text) to app_authenticator;

reset role;
-- end of source: functions/files/reject_upload.sql

-- source: functions/files/require_file_facts.sql
-- What can be said no to before a byte was sent. The ending of the name must fit the type: the name is what a computer
-- opens the download by, whatever is inside. FND-13.
-- requires: functions/core/refuse.sql

set role app_engine;

create or replace function app_private.require_file_facts(
  surface app_private.file_surfaces, filename text, content_type text, size_bytes bigint, sha256 text
) returns void
language plpgsql stable
set search_path = ''
as $$
declare
  v_extensions text[];
begin
  select file_types.extensions into v_extensions
  from app_private.file_surface_types
  join app_private.file_types on file_types.content_type = file_surface_types.content_type
  where file_surface_types.surface = (require_file_facts.surface).key
    and file_surface_types.content_type = require_file_facts.content_type;
  if not found then
    perform app_hidden.refuse(
      'VALIDATION', 'content_type_not_taken',
      jsonb_build_object('field', 'contentType', 'taken', (
        select jsonb_agg(file_surface_types.content_type order by file_surface_types.content_type)
        from app_private.file_surface_types
        where file_surface_types.surface = (require_file_facts.surface).key)),
      'A file of this type is not taken here.');
  end if;

  -- The second range is what turns text around or hides in it: invoice‮fdp.exe reads invoiceexe.pdf.
  if not coalesce(filename ~ '[[:alnum:]]' and length(filename) <= 200
                  and filename !~ '[[:cntrl:]/\\]' and filename !~ '[\u200B-\u200F\u2028-\u202E\u2060-\u206F\uFEFF]', false) then
    perform app_hidden.refuse(
      'VALIDATION', 'filename_not_usable', '{"field": "filename"}',
      'A file''s name is one line of up to 200 characters without slashes.');
  end if;
  if lower(substring(filename from '\.([A-Za-z0-9]+)$')) = any (v_extensions) is not true then
    perform app_hidden.refuse(
      'VALIDATION', 'filename_of_another_type', jsonb_build_object('field', 'filename', 'endings', v_extensions),
      'The ending of the name does not fit the type of the file.');
  end if;

  if not coalesce(size_bytes between 1 and surface.max_bytes, false) then
    perform app_hidden.refuse(
      'VALIDATION', 'file_too_large', jsonb_build_object('field', 'sizeBytes', 'least', 1, 'most', surface.max_bytes),
      'The file is empty or too large.');
  end if;
  if not coalesce(sha256 ~ '^[0-9a-f]{64}$', false) then
    perform app_hidden.refuse(
      'VALIDATION', 'digest_not_readable', '{"field": "sha256"}', 'Give the SHA-256 of the bytes as 64 lower-case hex digits.');
  end if;
end;
$$;

comment on function app_private.require_file_facts(app_private.file_surfaces, text, text, bigint, text) is
  'Passes when the surface takes such a file; else VALIDATION content_type_not_taken, filename_not_usable, '
  'filename_of_another_type, file_too_large or digest_not_readable.';

reset role;
-- end of source: functions/files/require_file_facts.sql

-- source: functions/files/require_upload_allowance.sql
-- How many uploads somebody may have open, and how many files a row may hold. The lock makes two at once count each
-- other. FND-13, FND-27.
-- requires: functions/core/refuse.sql
-- requires: functions/core/now.sql
-- requires: functions/core/current_principal_id.sql

set role app_engine;

create or replace function app_private.require_upload_allowance(
  surface app_private.file_surfaces, organization_id uuid, owner_id uuid
) returns void
language plpgsql volatile
set search_path = ''
as $$
declare
  v_open_most constant int := 50;
  v_principal_id uuid := app_hidden.current_principal_id();
begin
  perform pg_advisory_xact_lock(hashtextextended('uploads of ' || v_principal_id, 0));
  if (select count(*) from app_public.files
      where files.uploaded_by = v_principal_id and files.status = 'pending') >= v_open_most then
    perform app_hidden.refuse(
      'CONFLICT', 'too_many_open_uploads', jsonb_build_object('most', v_open_most),
      'Finish some of the uploads that were begun; those that are not end within a day.');
  end if;

  perform pg_advisory_xact_lock(hashtextextended('files of ' || surface.key || owner_id, 0));
  -- Where the newest replaces, there is always room for it.
  if surface.max_files > 1 and (
    select count(*) from app_public.files
    where files.organization_id = require_upload_allowance.organization_id
      and files.surface = (require_upload_allowance.surface).key
      and case (require_upload_allowance.surface).owner_kind
            when 'organization' then true
            when 'service' then files.service_id = owner_id
            when 'specialist' then files.specialist_id = owner_id
            else files.appointment_id = owner_id
          end
      and files.status in ('pending', 'confirmed')
  ) >= surface.max_files then
    perform app_hidden.refuse(
      'CONFLICT', 'too_many_files', jsonb_build_object('most', surface.max_files), 'Remove a file first.');
  end if;
end;
$$;

comment on function app_private.require_upload_allowance(app_private.file_surfaces, uuid, uuid) is
  'Passes while the caller has few uploads open and the owner row few files; else CONFLICT too_many_open_uploads or too_many_files.';

reset role;
-- end of source: functions/files/require_upload_allowance.sql

-- source: functions/files/request_upload.sql
-- The first step of an upload: what will come, and where it belongs. The bytes go from the browser to the object store
-- by the URL in File.upload, and count after confirmUpload. FND-13.
-- requires: functions/core/refuse.sql
-- requires: functions/core/now.sql
-- requires: functions/files/require_upload_right.sql
-- requires: functions/files/require_upload_allowance.sql
-- requires: functions/files/require_file_facts.sql

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
begin
  select file_surfaces.* into v_surface
  from app_private.file_surfaces
  where file_surfaces.key = request_upload.surface;
  if not found then
    perform app_hidden.refuse('VALIDATION', 'surface_unknown', '{"field": "surface"}', 'There is no such kind of file.');
  end if;
  v_organization_id := app_private.require_upload_right(v_surface, owner_id);
  perform app_private.require_file_facts(v_surface, filename, content_type, size_bytes, sha256);
  perform app_private.require_upload_allowance(v_surface, v_organization_id, owner_id);

  insert into app_public.files
    (id, organization_id, surface, audience, service_id, specialist_id, appointment_id,
     filename, content_type, size_bytes, sha256, object_key, uploaded_by, expires_at)
  values
    (v_id, v_organization_id, v_surface.key, v_surface.audience,
     case v_surface.owner_kind when 'service' then owner_id end,
     case v_surface.owner_kind when 'specialist' then owner_id end,
     case v_surface.owner_kind when 'appointment' then owner_id end,
     normalize(btrim(filename)), content_type, size_bytes, sha256, concat_ws('/', v_organization_id, v_surface.prefix, v_id),
     app_hidden.current_principal_id(), app_hidden.now() + interval '1 day')
  returning * into v_file;
  return v_file;
end;
$$;

comment on function app_public.request_upload(text, uuid, text, text, bigint, text) is
  'Announces a file: surface names the kind (organization_logo, service_attachments, specialist_signatures, '
  'appointment_files), ownerId the row it belongs to. Send the bytes with File.upload, then confirmUpload.';
grant execute on function app_public.request_upload(text, uuid, text, text, bigint, text) to app_member;

reset role;
-- end of source: functions/files/request_upload.sql

-- source: functions/files/restore_file.sql
-- A deleted file comes back while its bytes are still there, by whoever may delete it. A day is left to the worker that
-- removes them, so that nothing comes back empty. FND-10, FND-13.
-- requires: functions/core/refuse.sql
-- requires: functions/core/now.sql
-- requires: functions/identity/require_permission.sql

set role app_engine;

create or replace function app_public.restore_file(file_id uuid) returns app_public.files
language plpgsql volatile strict security definer
set search_path = ''
as $$
declare
  v_file app_public.files;
  v_surface app_private.file_surfaces;
begin
  select files.* into v_file
  from app_public.files
  where files.id = file_id and files.deleted_at > app_hidden.now() - interval '29 days' and files.objects_removed_at is null
  for update;
  if not found then
    perform app_hidden.refuse('NOT_FOUND', 'not_found', '{}', 'There is no such thing, or it is not yours to see.');
  end if;
  select file_surfaces.* into strict v_surface from app_private.file_surfaces where file_surfaces.key = v_file.surface;
  perform app_private.require_permission(v_file.organization_id, v_surface.manage_permission);

  if exists (select from app_public.services where services.id = v_file.service_id and services.deleted_at is not null)
    or exists (select from app_public.specialists where specialists.id = v_file.specialist_id and specialists.deleted_at is not null)
    or exists (select from app_public.appointments where appointments.id = v_file.appointment_id and appointments.deleted_at is not null)
  then
    perform app_hidden.refuse(
      'CONFLICT', 'belongs_to_something_deleted', jsonb_build_object('entity', v_file.owner_kind), 'Restore what it belongs to first.');
  end if;

  -- The lock of uploads to the same owner: two at once count each other.
  perform pg_advisory_xact_lock(hashtextextended('files of ' || v_file.surface || coalesce(
    v_file.service_id, v_file.specialist_id, v_file.appointment_id, v_file.organization_id), 0));
  if (
    select count(*) from app_public.files
    where files.organization_id = v_file.organization_id
      and files.surface = v_file.surface
      and files.status in ('pending', 'confirmed')
      and files.service_id is not distinct from v_file.service_id
      and files.specialist_id is not distinct from v_file.specialist_id
      and files.appointment_id is not distinct from v_file.appointment_id
  ) >= v_surface.max_files then
    perform app_hidden.refuse(
      'CONFLICT', 'too_many_files', jsonb_build_object('most', v_surface.max_files), 'Remove a file first.');
  end if;

  update app_public.files set status = 'confirmed', deleted_at = null
  where files.id = v_file.id
  returning * into v_file;
  return v_file;
end;
$$;

comment on function app_public.restore_file(uuid) is
  'Brings a deleted file back, up to 29 days later. Needs the permission by which staff upload such files; CONFLICT '
  'too_many_files where others took its place, belongs_to_something_deleted while its owner is deleted itself.';
grant execute on function app_public.restore_file(uuid) to app_member;

create or replace function app_public.deleted_files(organization_id uuid default null) returns setof app_public.deleted_row
language sql stable security definer
set search_path = ''
begin atomic
  select 'files', files.id, files.organization_id, files.filename, files.deleted_at
  from app_private.file_surfaces
  join app_public.files
    on files.surface = file_surfaces.key
   and files.organization_id = any (app_hidden.organization_ids_where(file_surfaces.manage_permission))
  where files.deleted_at > app_hidden.now() - interval '29 days'
    and files.objects_removed_at is null
    and (deleted_files.organization_id is null or files.organization_id = deleted_files.organization_id)
  order by files.deleted_at desc, files.id;
end;

comment on function app_public.deleted_files(uuid) is
  'Files that were deleted and that the caller may bring back with restoreFile, newest first.';
grant execute on function app_public.deleted_files(uuid) to app_member;

reset role;
-- end of source: functions/files/restore_file.sql

-- source: functions/files/stray_objects.sql
-- Which objects nobody needs: no row, a row whose bytes were to go, an upload that was checked and copied. FND-13.

set role app_engine;

create or replace function app_private.stray_objects(organization_id uuid, keys text[]) returns setof text
language sql stable strict security definer
set search_path = ''
begin atomic
  select listed.key
  from unnest(stray_objects.keys) as listed (key)
  where not exists (
    select
    from app_public.files
    where files.organization_id = stray_objects.organization_id
      and files.id::text = split_part(listed.key, '/', 3)
      and case
            -- While it is pending, the check may have copied the bytes already and be about to say so.
            when files.status = 'pending' then
              listed.key in (files.uploaded_key, files.object_key)
            when files.status = 'confirmed' or (files.status = 'deleted' and files.objects_removed_at is null) then
              listed.key = files.object_key
            else false
          end
  );
end;

comment on function app_private.stray_objects(uuid, text[]) is 'Those of the listed keys of a clinic that belong to no file.';
grant execute on function app_private.stray_objects(uuid, text[]) to app_worker;

reset role;
-- end of source: functions/files/stray_objects.sql

-- source: functions/files/upload_to_check.sql
-- What the check of an upload has to know. FND-13.
-- requires: functions/files/own_upload.sql

set role app_engine;

create or replace function app_hidden.upload_to_check(file_id uuid)
returns table (status text, organization_id uuid, uploaded_key text, object_key text, content_type text, size_bytes int, sha256 text)
language plpgsql volatile strict security definer
set search_path = ''
as $$
declare
  v_file app_public.files := app_private.own_upload(file_id);
begin
  return query select
    v_file.status, v_file.organization_id,
    v_file.uploaded_key, v_file.object_key,
    v_file.content_type, v_file.size_bytes::int, v_file.sha256;
end;
$$;

comment on function app_hidden.upload_to_check(uuid) is
  'Where the bytes of the caller''s upload are, where they go once checked, and what they must be.';
grant execute on function app_hidden.upload_to_check(uuid) to app_member;

reset role;
-- end of source: functions/files/upload_to_check.sql

-- source: functions/identity/add_caregiver.sql
-- A parent, guardian or relative acts for a patient: on evidence, and for a minor until the age the law sets. Whoever
-- has an account decides for themselves. FND-07.
-- requires: functions/core/refuse.sql
-- requires: functions/core/now.sql
-- requires: functions/core/current_actor_id.sql
-- requires: functions/identity/current_account_id.sql
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
  if (v_profile.human_id = app_hidden.current_account_id()) is not true then
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
    join app_public.organizations on organizations.id = memberships.organization_id and organizations.deleted_at is null
    where memberships.organization_id = belongs_to.organization_id
      and memberships.human_id = belongs_to.principal_id
      and memberships.ended_at is null
  ) or exists (
    select from app_public.patients
    join app_public.organizations on organizations.id = patients.organization_id and organizations.deleted_at is null
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
-- requires: functions/identity/current_account_id.sql

set role app_engine;

create or replace function app_public.claim_patient_profiles() returns setof app_public.patient_profiles
language plpgsql volatile security definer
set search_path = ''
as $$
begin
  if not exists (
    select from app_public.humans
    where humans.principal_id = app_hidden.current_account_id() and humans.email_verified_at is not null
  ) then
    perform app_hidden.refuse('FORBIDDEN', 'email_not_verified', '{}', 'Verify your email address, then try again.');
  end if;
  return query
    update app_public.patient_profiles set human_id = humans.principal_id
    from app_public.humans
    where humans.principal_id = app_hidden.current_account_id()
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

-- source: functions/identity/end_identity.sql
-- The provider deleted a sign-in. Its sessions are over; the account is closed when no other sign-in leads to it.
-- FND-03, FND-25.
-- Told before the first sign-in, it leaves a mark, so that a token of the last minute makes no human.
-- requires: functions/core/now.sql

set role app_engine;

create or replace function app_hidden.end_identity(issuer text, subject text) returns text
language plpgsql volatile strict security definer
set search_path = ''
as $$
declare
  v_identity app_private.identities;
begin
  select identities.* into v_identity
  from app_private.identities
  where identities.issuer = end_identity.issuer and identities.subject = end_identity.subject;
  -- Two sign-ins of one account that end at once queue here, so that the second closes it.
  perform from app_public.principals where principals.id = v_identity.principal_id for no key update;

  insert into app_private.identities (issuer, subject, ended_at)
  values (end_identity.issuer, end_identity.subject, app_hidden.now())
  on conflict on constraint identities_pkey do update set ended_at = excluded.ended_at
    where identities.ended_at is null
  returning * into v_identity;
  if not found then
    return 'unchanged';
  end if;

  update app_public.principals set disabled_at = app_hidden.now()
  where principals.id = v_identity.principal_id
    and principals.disabled_at is null
    and not exists (
      select from app_private.identities
      where identities.principal_id = v_identity.principal_id and identities.ended_at is null);
  return 'applied';
end;
$$;

comment on function app_hidden.end_identity(text, text) is
  'Ends a sign-in for good, and closes the account that has no other. Whoever signs up anew with the same address finds '
  'the account closed until an operator opens it.';
revoke all on function app_hidden.end_identity(text, text) from public;
grant execute on function app_hidden.end_identity(text, text) to app_authenticator, app_worker;

reset role;
-- end of source: functions/identity/end_identity.sql

-- source: functions/identity/end_provider_membership.sql
-- Somebody left an organization at the provider that stands for a clinic here. FND-25, FND-04.
-- The last owner stays: a clinic nobody can run any more helps nobody, and the platform sees the outcome.
-- requires: functions/core/now.sql
-- requires: functions/identity/require_another_owner.sql

set role app_engine;

create or replace function app_hidden.end_provider_membership(
  issuer text,
  provider_org_id text,
  subject text,
  happened_at timestamptz
) returns text
language plpgsql volatile strict security definer
set search_path = ''
as $$
declare
  v_membership app_public.memberships;
begin
  select memberships.* into v_membership
  from app_private.provider_organizations
  join app_private.identities
    on identities.issuer = provider_organizations.issuer and identities.subject = end_provider_membership.subject
  join app_public.memberships
    on memberships.organization_id = provider_organizations.organization_id
   and memberships.human_id = identities.principal_id
  where provider_organizations.issuer = end_provider_membership.issuer
    and provider_organizations.provider_org_id = end_provider_membership.provider_org_id
  for update of memberships;
  if not found then
    return 'ignored';
  end if;
  if v_membership.ended_at is not null then
    return 'unchanged';
  end if;
  -- Came back to the clinic after leaving there: what is told now is older than that.
  if v_membership.updated_at > happened_at then
    return 'stale';
  end if;

  if exists (
    select
    from app_public.membership_roles
    join app_public.roles on roles.organization_id = membership_roles.organization_id and roles.id = membership_roles.role_id
    where membership_roles.organization_id = v_membership.organization_id
      and membership_roles.membership_id = v_membership.id
      and roles.system_role_key = 'owner'
  ) then
    begin
      perform app_private.require_another_owner(v_membership.organization_id, v_membership.id);
    exception when sqlstate 'RX412' then
      return 'last_owner';
    end;
  end if;

  update app_public.memberships set ended_at = app_hidden.now()
  where memberships.organization_id = v_membership.organization_id and memberships.id = v_membership.id;
  return 'applied';
end;
$$;

comment on function app_hidden.end_provider_membership(text, text, text, timestamptz) is
  'Ends the membership of whoever left the provider''s organization: ignored when it stands for no clinic or the person is '
  'no member, stale when they came back since, last_owner when nobody else owns the clinic.';
revoke all on function app_hidden.end_provider_membership(text, text, text, timestamptz) from public;
grant execute on function app_hidden.end_provider_membership(text, text, text, timestamptz) to app_authenticator, app_worker;

reset role;
-- end of source: functions/identity/end_provider_membership.sql

-- source: functions/identity/end_session.sql
-- A session is over before its token is: signed out, revoked, ended. FND-03, FND-25.
-- It may be told before the session was ever seen here, and more than once.
-- requires: functions/core/now.sql

set role app_engine;

create or replace function app_hidden.end_session(session_id text) returns text
language plpgsql volatile strict security definer
set search_path = ''
as $$
begin
  insert into app_private.revoked_sessions (session_id, revoked_at)
  values (end_session.session_id, app_hidden.now())
  on conflict on constraint revoked_sessions_pkey do nothing;
  return case when found then 'applied' else 'unchanged' end;
end;
$$;

comment on function app_hidden.end_session(text) is 'Ends a session at once; its token opens nothing any more.';
revoke all on function app_hidden.end_session(text) from public;
grant execute on function app_hidden.end_session(text) to app_authenticator, app_worker;

reset role;
-- end of source: functions/identity/end_session.sql

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
  -- The provider lets people call themselves anything; ours is one line of text, and no reason to turn them away.
  v_name text := btrim(regexp_replace(first_sign_in.display_name, '[[:cntrl:]]+', ' ', 'g'));
  v_principal_id uuid;
begin
  if coalesce(v_email, '') = '' then
    perform app_hidden.refuse('UNAUTHENTICATED', 'email_missing', '{}', 'The sign-in must carry an email address.');
  end if;
  perform pg_advisory_xact_lock(hashtextextended('sign_in:' || v_email, 0));

  select identities.principal_id into v_principal_id
  from app_private.identities
  where identities.issuer = first_sign_in.issuer and identities.subject = first_sign_in.subject
    and identities.principal_id is not null;
  if found then
    return v_principal_id;
  end if;

  if email_verified is not true then
    perform app_hidden.refuse('UNAUTHENTICATED', 'email_not_verified', '{}', 'Verify your email address, then sign in again.');
  end if;

  v_principal_id := app_private.human_by_email(
    v_email, case when v_name ~ '[[:alnum:]]' then left(v_name, 200) else v_email end, locale);
  update app_public.humans set email_verified_at = coalesce(email_verified_at, app_hidden.now())
  where principal_id = v_principal_id;
  insert into app_private.identities (issuer, subject, principal_id, provider_name, provider_locale)
  values (first_sign_in.issuer, first_sign_in.subject, v_principal_id, left(v_name, 200), left(lower(first_sign_in.locale), 2))
  on conflict on constraint identities_pkey do nothing;
  if not found then
    -- The provider deleted the sign-in while it came in for the first time.
    perform app_hidden.refuse('UNAUTHENTICATED', 'account_disabled', '{}', 'This account is closed. Ask the clinic.');
  end if;
  return v_principal_id;
end;
$$;

comment on function app_private.first_sign_in(text, text, text, boolean, text, text) is
  'Links or creates the human of a sign-in that was never seen before.';

reset role;
-- end of source: functions/identity/first_sign_in.sql

-- source: functions/identity/map_provider_organization.sql
-- Says which clinic an organization of the identity provider is. FND-25.
-- requires: functions/core/refuse.sql
-- requires: functions/core/now.sql
-- requires: functions/identity/is_superadmin.sql

set role app_engine;

create or replace function app_public.map_provider_organization(organization_id uuid, issuer text, provider_org_id text)
returns app_public.organizations
language plpgsql volatile strict security definer
set search_path = ''
as $$
declare
  v_organization app_public.organizations;
begin
  if not app_hidden.is_superadmin() then
    perform app_hidden.refuse('FORBIDDEN', 'superadmin_only', '{}', 'Only the platform maps clinics.');
  end if;
  select organizations.* into v_organization
  from app_public.organizations
  where organizations.id = map_provider_organization.organization_id and organizations.deleted_at is null;
  if not found then
    perform app_hidden.refuse('NOT_FOUND', 'organization_not_found', '{}', 'There is no such clinic.');
  end if;

  insert into app_private.provider_organizations (organization_id, issuer, provider_org_id, mapped_at)
  values (v_organization.id, map_provider_organization.issuer, map_provider_organization.provider_org_id, app_hidden.now())
  on conflict on constraint provider_organizations_clinic_is_mapped_once do update
    set issuer = excluded.issuer, provider_org_id = excluded.provider_org_id, mapped_at = excluded.mapped_at;
  return v_organization;
end;
$$;

comment on function app_public.map_provider_organization(uuid, text, text) is
  'Maps an organization of the identity provider to a clinic: who leaves it there leaves the clinic. Superadmin only; '
  'CONFLICT when it stands for another clinic.';
revoke all on function app_public.map_provider_organization(uuid, text, text) from public;
grant execute on function app_public.map_provider_organization(uuid, text, text) to app_member;

reset role;
-- end of source: functions/identity/map_provider_organization.sql

-- source: functions/identity/me.sql
-- Who am I: the first thing a frontend asks. FND-03.
-- A whole row of humans asks for every column, and members may not read them all.
-- requires: functions/identity/current_account_id.sql

set role app_engine;

create or replace function app_public.me() returns app_public.humans
language sql stable security definer
set search_path = ''
begin atomic
  select humans from app_public.humans where humans.principal_id = app_hidden.current_account_id();
end;

comment on function app_public.me() is 'The signed-in human; null for a visitor.';
grant execute on function app_public.me() to app_member;

reset role;
-- end of source: functions/identity/me.sql

-- source: policies/identity/membership_roles.sql
-- Who holds which role: seen by colleagues, written by `grant_role` and `revoke_role`. FND-04.
-- requires: functions/identity/current_staff_organization_ids.sql
-- requires: functions/core/classify.sql

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

select app_private.classify('app_public.membership_roles', 'clinic',
  '{"operational": ["organization_id", "membership_id", "role_id", "granted_by", "created_at"]}');
-- end of source: policies/identity/membership_roles.sql

-- source: policies/identity/memberships.sql
-- Who works where: seen by colleagues and by oneself, written by `add_member` and `end_membership`. FND-04.
-- requires: functions/identity/current_staff_organization_ids.sql
-- requires: functions/core/tg_stamp.sql
-- requires: functions/core/classify.sql

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

select app_private.classify('app_public.memberships', 'clinic',
  '{"operational": ["id", "organization_id", "created_at", "updated_at", "ended_at"],
    "pii_basic": ["human_id"]}',
  person_column => 'human_id');
-- end of source: policies/identity/memberships.sql

-- source: policies/identity/role_permissions.sql
-- What a clinic's roles allow, seen by its members, written by `define_role`. FND-04.
-- requires: functions/identity/current_staff_organization_ids.sql
-- requires: functions/core/classify.sql

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

select app_private.classify('app_public.role_permissions', 'clinic',
  '{"operational": ["organization_id", "role_id", "permission"]}');
-- end of source: policies/identity/role_permissions.sql

-- source: functions/identity/remove_patient.sql
-- A person is no patient of the clinic any more; the record goes with its appointments, and comes back with them, by
-- hand or when the person is admitted again. FND-10, FND-07.
-- requires: functions/core/soft_delete.sql
-- requires: functions/scheduling/bookings_to_come.sql
-- requires: functions/scheduling/require_nothing_to_come.sql

set role app_engine;

create or replace function app_public.remove_patient(patient_id uuid) returns app_public.patients
language plpgsql volatile strict security definer
set search_path = ''
as $$
declare
  v_patient app_public.patients;
begin
  -- Bookings lock their patient for share: those under way are waited for, later ones refused.
  perform app_private.soft_delete('app_public.patients', patient_id);
  select patients.* into strict v_patient from app_public.patients where patients.id = remove_patient.patient_id;
  perform app_private.require_nothing_to_come((
    select count(*) from app_private.bookings_to_come(v_patient.organization_id) as booking
    join app_public.appointments on appointments.organization_id = booking.organization_id and appointments.claim_id = booking.id
    where appointments.patient_profile_id = v_patient.patient_profile_id));
  return v_patient;
end;
$$;

comment on function app_public.remove_patient(uuid) is
  'Removes a patient of the clinic with the appointments there; restoreDeletedRow brings them back. Needs patients.manage; '
  'CONFLICT has_future_appointments with their count.';
grant execute on function app_public.remove_patient(uuid) to app_member;

reset role;
-- end of source: functions/identity/remove_patient.sql

-- source: functions/identity/revoke_caregiver.sql
-- The link ends: by the caregiver, by the person, or by the clinic. FND-07.
-- requires: functions/core/refuse.sql
-- requires: functions/core/now.sql
-- requires: functions/identity/current_account_id.sql
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
    and (caregivers.human_id = app_hidden.current_account_id()
         or exists (
           select from app_public.patient_profiles
           where patient_profiles.id = caregivers.patient_profile_id
             and patient_profiles.human_id = app_hidden.current_account_id())
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

-- source: functions/identity/sessions_over.sql
-- Which of the sessions that are open somewhere (sockets) no longer stand: the questions of sign_in, asked of all of
-- them in one query. FND-03.
-- requires: functions/identity/belongs_to.sql

set role app_engine;

create or replace function app_hidden.sessions_over(
  issuers text[],
  subjects text[],
  session_ids text[],
  organization_ids uuid[]
) returns table (place int, reason text)
language sql stable strict security definer
set search_path = ''
as $$
  select judged.place::int, judged.reason
  from (
    select
      open.place,
      case
        when exists (select from app_private.revoked_sessions where revoked_sessions.session_id = open.session_id)
          then 'session_revoked'
        when principals.id is null or principals.disabled_at is not null
             or identities.ended_at is not null or identities.banned_at is not null
          then 'account_disabled'
        when open.organization_id is not null and not app_private.belongs_to(principals.id, open.organization_id)
          then 'not_of_this_clinic'
      end as reason
    from unnest(issuers, subjects, session_ids, organization_ids) with ordinality
      as open (issuer, subject, session_id, organization_id, place)
    left join app_private.identities on identities.issuer = open.issuer and identities.subject = open.subject
    left join app_public.principals on principals.id = identities.principal_id
  ) as judged
  where judged.reason is not null
$$;

comment on function app_hidden.sessions_over(text[], text[], text[], uuid[]) is
  'Of sessions given as columns (the clinic may be null), the places, from 1, of those that are over, and why.';
revoke all on function app_hidden.sessions_over(text[], text[], text[], uuid[]) from public;
grant execute on function app_hidden.sessions_over(text[], text[], text[], uuid[]) to app_authenticator;

reset role;
-- end of source: functions/identity/sessions_over.sql

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
  v_is_over boolean;
begin
  if exists (select from app_private.revoked_sessions where revoked_sessions.session_id = sign_in.session_id) then
    perform app_hidden.refuse('UNAUTHENTICATED', 'session_revoked', '{}', 'Sign in again.');
  end if;

  select identities.principal_id, coalesce(identities.ended_at, identities.banned_at) is not null
  into v_principal_id, v_is_over
  from app_private.identities
  where identities.issuer = sign_in.issuer and identities.subject = sign_in.subject;

  if not found then
    v_principal_id := app_private.first_sign_in(issuer, subject, email, email_verified, display_name, locale);
  end if;

  if v_is_over or exists (select from app_public.principals where id = v_principal_id and disabled_at is not null) then
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

-- source: policies/identity/identities.sql
-- Which sign-in is which human: `sign_in` reads and makes it, the provider's events change it. FND-03, FND-25.
-- requires: functions/core/classify.sql

alter table app_private.identities enable row level security;
alter table app_private.identities force row level security;

grant select, insert, update on app_private.identities to app_engine;
drop policy if exists identities_all_engine on app_private.identities;
create policy identities_all_engine on app_private.identities
  for all to app_engine
  using (true)
  with check (true);

select app_private.classify('app_private.identities', 'account',
  '{"pii_basic": ["subject", "principal_id", "provider_name", "provider_locale"],
    "operational": ["issuer", "linked_at", "provider_changed_at", "banned_at", "ended_at"]}',
  person_column => 'principal_id');
-- end of source: policies/identity/identities.sql

-- source: policies/identity/principals.sql
-- One sees oneself and one's colleagues. FND-02.
-- requires: functions/identity/current_account_id.sql
-- requires: functions/identity/current_colleague_ids.sql
-- requires: functions/identity/is_superadmin.sql
-- requires: functions/core/classify.sql

alter table app_public.principals enable row level security;
alter table app_public.principals force row level security;

grant select (id, kind, disabled_at, created_at) on app_public.principals to app_member;

drop policy if exists principals_select_self on app_public.principals;
create policy principals_select_self on app_public.principals
  for select to app_member
  using (id = (select app_hidden.current_account_id()));

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

select app_private.classify('app_public.principals', 'account',
  '{"operational": ["kind", "platform_role", "disabled_at", "created_at"], "pii_basic": ["id"]}',
  person_column => 'id');
-- end of source: policies/identity/principals.sql

-- source: policies/identity/revoked_sessions.sql
-- Sessions ended before their token: read at every request. FND-03.
-- requires: functions/core/classify.sql

alter table app_private.revoked_sessions enable row level security;
alter table app_private.revoked_sessions force row level security;

grant select, insert on app_private.revoked_sessions to app_engine;
drop policy if exists revoked_sessions_all_engine on app_private.revoked_sessions;
create policy revoked_sessions_all_engine on app_private.revoked_sessions
  for all to app_engine
  using (true)
  with check (true);

-- A session's id opens nothing, since tokens are signed; but it follows a person around.
select app_private.classify('app_private.revoked_sessions', 'operations',
  '{"pii_basic": ["session_id"], "operational": ["revoked_at"]}',
  unaudited => 'Written once for each session that ends early: the row is the record.');
-- end of source: policies/identity/revoked_sessions.sql

-- source: functions/identity/tg_sessions__announce.sql
-- Tells the servers that a session or an account is over, by its id, so that open sockets close at once. FND-03.
-- Seldom enough for NOTIFY, which makes commits queue; the servers also ask every few seconds.
-- requires: policies/identity/revoked_sessions.sql
-- requires: policies/identity/principals.sql
-- requires: policies/identity/identities.sql

create or replace function app_private.tg_sessions__announce() returns trigger
language plpgsql volatile
set search_path = ''
as $$
begin
  perform pg_notify('sessions', json_build_object(
    'sessionId', to_jsonb(new) ->> 'session_id',
    'principalId', coalesce(to_jsonb(new) ->> 'principal_id', to_jsonb(new) ->> 'id'))::text);
  return null;
end;
$$;

comment on function app_private.tg_sessions__announce() is 'Notifies the channel sessions with ids only.';
revoke all on function app_private.tg_sessions__announce() from public;

create or replace trigger _900_announce after insert on app_private.revoked_sessions
  for each row execute function app_private.tg_sessions__announce();

create or replace trigger _900_announce after update of disabled_at on app_public.principals
  for each row when (new.disabled_at is not null) execute function app_private.tg_sessions__announce();

create or replace trigger _900_announce after update of ended_at, banned_at on app_private.identities
  for each row when (new.ended_at is not null or new.banned_at is not null)
  execute function app_private.tg_sessions__announce();
-- end of source: functions/identity/tg_sessions__announce.sql

-- source: functions/identity/update_identity.sql
-- The provider tells how a person is called and reached now. FND-25, FND-03.
-- Nobody is made: a human begins with a first sign-in, and only on a verified address (first_sign_in). Changes come in
-- any order, so the provider's own time decides. An address that another human has is not taken from them.
-- requires: functions/core/now.sql

set role app_engine;

create or replace function app_hidden.update_identity(
  issuer text,
  subject text,
  changed_at timestamptz,
  email text,
  email_verified boolean,
  display_name text,
  locale text,
  is_banned boolean
) returns text
language plpgsql volatile security definer
set search_path = ''
as $$
declare
  v_identity app_private.identities;
  v_email text := lower(btrim(update_identity.email));
  v_name text := left(btrim(regexp_replace(update_identity.display_name, '[[:cntrl:]]+', ' ', 'g')), 200);
  v_locale text := left(lower(update_identity.locale), 2);
  v_is_taken boolean := false;
begin
  select identities.* into v_identity
  from app_private.identities
  where identities.issuer = update_identity.issuer and identities.subject = update_identity.subject
  for update;
  if not found or v_identity.ended_at is not null then
    return 'ignored';
  end if;
  if update_identity.changed_at <= v_identity.provider_changed_at then
    return 'stale';
  end if;

  update app_private.identities
  set provider_changed_at = update_identity.changed_at,
      provider_name = coalesce(nullif(v_name, ''), provider_name),
      provider_locale = coalesce(v_locale, provider_locale),
      banned_at = case when is_banned then coalesce(banned_at, app_hidden.now()) end
  where identities.issuer = update_identity.issuer and identities.subject = update_identity.subject;

  -- What the provider did not change stays as the person set it here.
  update app_public.humans
  set display_name = case when v_name <> v_identity.provider_name and v_name ~ '[[:alnum:]]' then v_name else humans.display_name end,
      locale = case when v_locale <> v_identity.provider_locale and v_locale in ('ro', 'en') then v_locale else humans.locale end
  where humans.principal_id = v_identity.principal_id
    and (v_name <> v_identity.provider_name or v_locale <> v_identity.provider_locale);

  if email_verified and v_email <> '' then
    -- Whoever names or signs in the same address at this moment is waited for.
    perform pg_advisory_xact_lock(hashtextextended('human:' || v_email, 0));
    v_is_taken := exists (
      select
      from app_public.humans as other
      join app_public.humans as own on own.principal_id = v_identity.principal_id
      where other.email = v_email
        and other.provider_org_id is not distinct from own.provider_org_id
        and other.principal_id <> own.principal_id);
    update app_public.humans set email = v_email, email_verified_at = app_hidden.now()
    where humans.principal_id = v_identity.principal_id
      and not v_is_taken
      and (humans.email <> v_email or humans.email_verified_at is null);
  end if;
  return case when v_is_taken then 'email_conflict' else 'applied' end;
end;
$$;

comment on function app_hidden.update_identity(text, text, timestamptz, text, boolean, text, text, boolean) is
  'Brings a human in line with the provider: a verified address unless another human has it (email_conflict), name and '
  'language where the provider changed them, banned or not. ignored when the sign-in is unknown here, stale when a newer '
  'change was applied.';
revoke all on function app_hidden.update_identity(text, text, timestamptz, text, boolean, text, text, boolean) from public;
grant execute on function app_hidden.update_identity(text, text, timestamptz, text, boolean, text, text, boolean)
  to app_authenticator, app_worker;

reset role;
-- end of source: functions/identity/update_identity.sql

-- source: functions/notify/add_clinic_template.sql
-- The next version of a clinic's words. FND-15.
-- requires: functions/core/now.sql
-- requires: functions/core/current_principal_id.sql

set role app_engine;
create or replace function app_private.add_clinic_template(
  organization_id uuid,
  template_key text,
  channel text,
  locale text,
  title text,
  body text
) returns app_public.clinic_message_templates
language plpgsql volatile
set search_path = ''
as $$
#variable_conflict use_column
declare
  v_template app_public.clinic_message_templates;
begin
  -- Two people who edit at once get two versions, not one error.
  perform pg_advisory_xact_lock(hashtextextended(
    concat_ws(':', 'clinic template', add_clinic_template.organization_id, add_clinic_template.template_key,
              add_clinic_template.channel, add_clinic_template.locale), 0));
  insert into app_public.clinic_message_templates
    (organization_id, template_key, channel, locale, version, title, body, created_by, created_at)
  select add_clinic_template.organization_id, add_clinic_template.template_key, add_clinic_template.channel,
    add_clinic_template.locale, 1 + coalesce(max(version), 0), add_clinic_template.title, add_clinic_template.body,
    app_hidden.current_principal_id(), app_hidden.now()
  from app_public.clinic_message_templates
  where organization_id = add_clinic_template.organization_id
    and template_key = add_clinic_template.template_key
    and channel = add_clinic_template.channel
    and locale = add_clinic_template.locale
  returning clinic_message_templates.* into v_template;
  return v_template;
end;
$$;

comment on function app_private.add_clinic_template(uuid, text, text, text, text, text) is
  'Adds a version of a clinic''s words; without a body the platform''s hold again.';

revoke all on function app_private.add_clinic_template(uuid, text, text, text, text, text) from public;
reset role;
-- end of source: functions/notify/add_clinic_template.sql

-- source: functions/notify/delivery_of.sql
-- The job that sends a message. FND-15.
-- Twelve attempts take about sixteen hours; a message about a time helps nobody after that.
-- requires: policies/events/graphile_worker.sql

create or replace function app_private.delivery_of(message_id uuid, not_before timestamptz)
returns graphile_worker.job_spec
language sql stable
set search_path = ''
as $$
  select row(
    'deliver_message',
    json_build_object('messageId', delivery_of.message_id),
    null, delivery_of.not_before, 12, 'message:' || delivery_of.message_id, null, null
  )::graphile_worker.job_spec
$$;

comment on function app_private.delivery_of(uuid, timestamptz) is
  'Job for the task deliver_message: the message''s id and nothing about the person; from not_before on.';

revoke all on function app_private.delivery_of(uuid, timestamptz) from public;
grant execute on function app_private.delivery_of(uuid, timestamptz) to app_engine;
-- end of source: functions/notify/delivery_of.sql

-- source: functions/notify/may_contact.sql
-- The one place that decides whether a person may be written to at all. FND-15, FND-16.
-- About one's own appointment or account no consent is needed. Marketing needs one for the channel, and as long as
-- there is no ledger of consents nobody has given any.

set role app_engine;
create or replace function app_private.may_contact(
  organization_id uuid,
  patient_profile_id uuid,
  human_id uuid,
  channel text,
  kind text
) returns boolean
language sql stable parallel safe
set search_path = ''
return may_contact.kind = 'transactional';

comment on function app_private.may_contact(uuid, uuid, uuid, text, text) is
  'Whether the clinic may tell this person something of this kind over this channel. Marketing: not without a consent.';

revoke all on function app_private.may_contact(uuid, uuid, uuid, text, text) from public;
reset role;
-- end of source: functions/notify/may_contact.sql

-- source: functions/notify/quiet_until.sql
-- When it is quiet for a person, on the clock of their zone. FND-15.
-- The clock is the wall's: a night with a change of the hour ends when the wall shows the end.

set role app_engine;
create or replace function app_private.quiet_until(
  at timestamptz,
  quiet_from time,
  quiet_until time,
  timezone text
) returns timestamptz
language sql stable strict parallel safe
set search_path = ''
return (
  with local (date, time) as (
    select (quiet_until.at at time zone quiet_until.timezone)::date, (quiet_until.at at time zone quiet_until.timezone)::time
  )
  select case
    when quiet_until.quiet_from <= quiet_until.quiet_until then
      case when local.time >= quiet_until.quiet_from and local.time < quiet_until.quiet_until
        then (local.date + quiet_until.quiet_until) at time zone quiet_until.timezone end
    when local.time >= quiet_until.quiet_from
      then (local.date + 1 + quiet_until.quiet_until) at time zone quiet_until.timezone
    when local.time < quiet_until.quiet_until
      then (local.date + quiet_until.quiet_until) at time zone quiet_until.timezone
  end
  from local
);

comment on function app_private.quiet_until(timestamptz, time, time, text) is
  'The end of the quiet hours that this instant lies in; null when it lies in none. From = until: there are none.';

revoke all on function app_private.quiet_until(timestamptz, time, time, text) from public;
reset role;
-- end of source: functions/notify/quiet_until.sql

-- source: functions/notify/ways_to_reach.sql
-- Over which channels somebody may be told something now, and what stands in the way. FND-15.
-- The one place for every rule but the cap: asked when a message is queued, when another channel has to stand in, and
-- again when it leaves. Consent comes before suppression, and both before quiet hours.
-- requires: functions/core/now.sql
-- requires: functions/notify/may_contact.sql
-- requires: functions/notify/quiet_until.sql

set role app_engine;
create or replace function app_private.ways_to_reach(
  organization_id uuid,
  template_key text,
  recipients app_private.message_recipient[]
) returns table (
  place bigint,
  patient_profile_id uuid,
  human_id uuid,
  account_id uuid,
  name text,
  email text,
  phone text,
  locale text,
  data jsonb,
  channel text,
  route text,
  rank int,
  address text,
  is_reachable boolean,
  is_wanted boolean,
  obstacle text,
  not_before timestamptz
)
language sql stable security definer
set search_path = ''
as $$
  with clock as materialized (
    select app_hidden.now() as now
  ),
  people as (
    select recipient.place, recipient.patient_profile_id, recipient.human_id, recipient.data,
      coalesce(patient_profiles.human_id, humans.principal_id) as own_account_id,
      coalesce(recipient.name, patient_profiles.given_name || ' ' || patient_profiles.family_name, humans.display_name) as name,
      coalesce(recipient.email, patient_profiles.email, humans.email) as email,
      coalesce(recipient.phone, patient_profiles.phone) as phone,
      coalesce(recipient.locale, patient_profiles.locale, humans.locale, organizations.locale) as locale,
      organizations.timezone
    from unnest(ways_to_reach.recipients) with ordinality
      as recipient (patient_profile_id, human_id, name, email, phone, locale, data, place)
    join app_public.organizations on organizations.id = ways_to_reach.organization_id
    left join app_public.patient_profiles on patient_profiles.id = recipient.patient_profile_id
    left join app_public.humans on humans.principal_id = recipient.human_id
  ),
  -- A patient without an account is told in the accounts of those who care for them.
  accounts as (
    select holder.place, holder.account_id
    from (
      select people.place, people.own_account_id as account_id from people where people.own_account_id is not null
      union all
      select people.place, caregivers.human_id
      from people
      join app_public.caregivers on caregivers.patient_profile_id = people.patient_profile_id
      where people.own_account_id is null
        and caregivers.revoked_at is null
        and (caregivers.ends_on is null or caregivers.ends_on > ((select clock.now from clock) at time zone 'Europe/Bucharest')::date)
    ) as holder
    join app_public.principals on principals.id = holder.account_id and principals.disabled_at is null
  ),
  ways as (
    select people.*, accounts.account_id, message_types.topic, message_channels.channel, message_channels.route,
      message_channels.rank, message_channels.is_default, channels.quiet_from, channels.quiet_until,
      case channels.reaches when 'email' then people.email when 'phone' then people.phone end as address,
      coalesce(accounts.account_id, people.own_account_id) as reader_id
    from people
    join app_private.message_types on message_types.key = ways_to_reach.template_key
    join app_private.message_channels on message_channels.template_key = message_types.key
    join app_private.channels on channels.name = message_channels.channel
    left join accounts on accounts.place = people.place and channels.reaches = 'account'
  )
  select ways.place, ways.patient_profile_id, ways.human_id, ways.account_id, ways.name, ways.email, ways.phone,
    ways.locale, ways.data, ways.channel, ways.route, ways.rank, ways.address,
    ways.address is not null
      or ways.account_id is not null
         and (ways.channel <> 'push'
              or exists (select from app_public.push_subscriptions where push_subscriptions.human_id = ways.account_id)),
    coalesce(of_patient.is_enabled, of_human.is_enabled, ways.is_default),
    case
      when not app_private.may_contact(
        ways_to_reach.organization_id, ways.patient_profile_id, ways.reader_id, ways.channel, message_topics.kind)
        then 'consent_missing'
      when suppressed_addresses.address is not null then suppressed_addresses.reason
      when opt_outs.address is not null then 'opted_out'
      when ways.channel = 'whatsapp' and whatsapp_templates.content_sid is null then 'whatsapp_template_missing'
    end,
    -- Quiet hours are a matter of channels that have some, whoever set their own.
    case when ways.quiet_from is not null then
      app_private.quiet_until(
        (select clock.now from clock),
        coalesce(quiet_of_patient.quiet_from, quiet_of_human.quiet_from, ways.quiet_from),
        coalesce(quiet_of_patient.quiet_until, quiet_of_human.quiet_until, ways.quiet_until),
        coalesce(quiet_of_patient.timezone, quiet_of_human.timezone, ways.timezone))
    end
  from ways
  join app_public.message_topics on message_topics.key = ways.topic
  left join app_public.notification_preferences as of_patient
    on of_patient.patient_profile_id = ways.patient_profile_id
    and of_patient.topic = ways.topic and of_patient.channel = ways.channel
  left join app_public.notification_preferences as of_human
    on of_human.human_id = ways.reader_id and of_human.topic = ways.topic and of_human.channel = ways.channel
  left join app_public.quiet_hours as quiet_of_patient on quiet_of_patient.patient_profile_id = ways.patient_profile_id
  left join app_public.quiet_hours as quiet_of_human on quiet_of_human.human_id = ways.reader_id
  left join app_private.suppressed_addresses
    on suppressed_addresses.channel = ways.channel and suppressed_addresses.address = lower(ways.address)
  left join app_private.opt_outs
    on opt_outs.organization_id = ways_to_reach.organization_id
    and opt_outs.channel = ways.channel and opt_outs.address = lower(ways.address)
  left join app_public.whatsapp_templates
    on whatsapp_templates.organization_id = ways_to_reach.organization_id
    and whatsapp_templates.template_key = ways_to_reach.template_key and whatsapp_templates.locale = ways.locale
$$;

comment on function app_private.ways_to_reach(uuid, text, app_private.message_recipient[]) is
  'Every channel of a message for each of these people: whether they can be reached over it and want to be, what '
  'forbids it, and until when it is quiet for them. place is the position in the array.';

revoke all on function app_private.ways_to_reach(uuid, text, app_private.message_recipient[]) from public;
reset role;
-- end of source: functions/notify/ways_to_reach.sql

-- source: functions/notify/queue_messages.sql
-- Chooses the channels and queues the messages: one insert and one add_jobs, for one person or two thousand. FND-15.
-- Within a route the first channel that may be used is; what stood in the way of an earlier one is kept as a row of its
-- own, and so is a person whom no channel reaches.
-- requires: functions/core/now.sql
-- requires: functions/notify/ways_to_reach.sql
-- requires: functions/notify/delivery_of.sql
-- requires: policies/events/graphile_worker.sql

set role app_engine;
create or replace function app_private.queue_messages(
  organization_id uuid,
  template_key text,
  recipients app_private.message_recipient[],
  event_id uuid,
  calendar_uid uuid,
  expires_at timestamptz default null,
  route text default null,
  after_rank int default 0
) returns uuid[]
language plpgsql volatile security definer
set search_path = ''
as $$
declare
  v_now timestamptz := app_hidden.now(); -- read once: it is asked for per row below
  v_ids uuid[];
  v_jobs graphile_worker.job_spec[];
begin
  with times as materialized (
    select recipient.place,
      coalesce(queue_messages.expires_at,
        least(v_now + message_types.lasts, (recipient.data ->> message_types.expires_with)::timestamptz)) as expires_at,
      coalesce(
        (recipient.data ->> 'startsAt')::timestamptz >= v_now
        and (recipient.data ->> 'startsAt')::timestamptz < v_now + message_types.urgent_within, false) as is_urgent
    from unnest(queue_messages.recipients) with ordinality
      as recipient (patient_profile_id, human_id, name, email, phone, locale, data, place)
    join app_private.message_types on message_types.key = queue_messages.template_key
  ),
  timed as materialized (
    select ways.*, times.expires_at, times.is_urgent,
      case when ways.obstacle is null and not times.is_urgent and ways.not_before >= times.expires_at
        then 'expires_in_quiet_hours' else ways.obstacle end as problem
    from app_private.ways_to_reach(
      queue_messages.organization_id, queue_messages.template_key, queue_messages.recipients) as ways
    join times on times.place = ways.place
    where (queue_messages.route is null or ways.route = queue_messages.route) and ways.rank > queue_messages.after_rank
  ),
  -- Windows rather than joins: the planner expects a handful of people, and would loop over two thousand twice.
  ranked as (
    select timed.*, timed.is_reachable and timed.is_wanted as is_candidate,
      min(timed.rank) filter (where timed.is_reachable and timed.is_wanted and timed.problem is null)
        over (partition by timed.place, timed.route) as first_open
    from timed
  ),
  judged as (
    select ranked.*,
      ranked.is_candidate
        and case when ranked.problem is null then ranked.rank = ranked.first_open
              else ranked.first_open is null or ranked.rank <= ranked.first_open end as is_chosen
    from ranked
  ),
  told as materialized (
    select weighed.*,
      case
        when weighed.is_chosen then weighed.problem
        when weighed.is_anyhow_reachable then 'switched_off'
        else 'unreachable'
      end as why
    from (
      select judged.*,
        bool_or(judged.is_chosen) over person as is_told,
        bool_or(judged.is_reachable) over person as is_anyhow_reachable,
        row_number() over (partition by judged.place order by judged.route = 'letter' desc, judged.rank) as nth
      from judged
      window person as (partition by judged.place)
    ) as weighed
    where weighed.is_chosen or (queue_messages.route is null and not weighed.is_told and weighed.nth = 1)
  ),
  words as materialized (
    select said.channel, said.locale, found.version, found.clinic_template_id
    from (select distinct told.channel, told.locale from told) as said
    cross join lateral app_private.words_of(
      queue_messages.organization_id, queue_messages.template_key, said.channel, said.locale) as found
  ),
  inserted as (
    insert into app_public.messages
      (organization_id, template_key, channel, route, rank, locale, template_version, clinic_template_id,
       patient_profile_id, recipient_human_id, account_id, recipient_name, recipient_email, recipient_phone, address, data,
       event_id, calendar_uid, calendar_sequence, is_urgent, not_before, expires_at, status, reason, created_at)
    select queue_messages.organization_id, queue_messages.template_key, told.channel, told.route, told.rank, told.locale,
      words.version, words.clinic_template_id, told.patient_profile_id, told.human_id, told.account_id, told.name,
      told.email, told.phone, told.address, told.data, queue_messages.event_id,
      case when told.channel = 'email' then queue_messages.calendar_uid end,
      case when told.channel = 'email' and queue_messages.calendar_uid is not null then (
        select count(*)
        from app_public.messages as earlier
        where earlier.organization_id = queue_messages.organization_id
          and earlier.calendar_uid = queue_messages.calendar_uid
          and earlier.recipient_email = told.email)
      end,
      told.is_urgent,
      case when not told.is_urgent then told.not_before end,
      told.expires_at,
      case
        when told.why is null then 'queued'
        when told.why in ('bounce', 'complaint', 'request', 'opted_out') then 'suppressed'
        else 'skipped'
      end,
      told.why,
      v_now
    from told
    join words on words.channel = told.channel and words.locale = told.locale
    on conflict do nothing
    returning id, status, messages.not_before
  )
  select coalesce(array_agg(inserted.id order by inserted.id), '{}'),
    array_agg(app_private.delivery_of(inserted.id, inserted.not_before) order by inserted.id)
      filter (where inserted.status = 'queued')
  into v_ids, v_jobs
  from inserted;

  if v_jobs is not null then
    perform graphile_worker.add_jobs(v_jobs);
  end if;
  return v_ids;
end;
$$;

comment on function app_private.queue_messages(uuid, text, app_private.message_recipient[], uuid, uuid, timestamptz, text, int) is
  'Queues what the rules allow and records what they do not; with a route and a rank only what comes after that rank. '
  'Answers the ids of the new messages.';

revoke all on function app_private.queue_messages(uuid, text, app_private.message_recipient[], uuid, uuid, timestamptz, text, int) from public;
reset role;
-- end of source: functions/notify/queue_messages.sql

-- source: functions/notify/recipient_of.sql
-- Whom a message is for, as notify() was told. FND-15.

set role app_engine;
create or replace function app_private.recipient_of(message app_public.messages) returns app_private.message_recipient
language sql immutable
set search_path = ''
return row(
  message.patient_profile_id, message.recipient_human_id, message.recipient_name, message.recipient_email,
  message.recipient_phone, message.locale, message.data)::app_private.message_recipient;

comment on function app_private.recipient_of(app_public.messages) is 'The recipient of a message, to ask the rules about again.';

revoke all on function app_private.recipient_of(app_public.messages) from public;
reset role;
-- end of source: functions/notify/recipient_of.sql

-- source: functions/notify/end_message.sql
-- A message does not arrive: says why, and lets the next channel of its route stand in. FND-15.
-- requires: functions/core/now.sql
-- requires: functions/notify/queue_messages.sql
-- requires: functions/notify/recipient_of.sql

set role app_engine;
create or replace function app_private.end_message(message_id uuid, status text, reason text) returns void
language plpgsql volatile strict security definer
set search_path = ''
as $$
declare
  v_message app_public.messages;
begin
  update app_public.messages
  set status = end_message.status, reason = left(end_message.reason, 500)
  where messages.id = end_message.message_id
  returning messages.* into v_message;

  -- Too late for anybody, or somebody else of the same household is being told over this route.
  if v_message.expires_at <= app_hidden.now() or exists (
    select from app_public.messages as other
    where other.organization_id = v_message.organization_id
      and other.event_id = v_message.event_id
      and other.template_key = v_message.template_key
      and other.route = v_message.route
      and other.recipient = v_message.recipient
      and other.status in ('queued', 'sent', 'delivered', 'read')
  ) then
    return;
  end if;
  perform app_private.queue_messages(
    v_message.organization_id, v_message.template_key, array[app_private.recipient_of(v_message)], v_message.event_id,
    v_message.calendar_uid, v_message.expires_at, v_message.route, v_message.rank);
end;
$$;

comment on function app_private.end_message(uuid, text, text) is
  'Ends a message as failed, bounced, suppressed or skipped, and queues it over the next channel of its route.';

revoke all on function app_private.end_message(uuid, text, text) from public;
reset role;
-- end of source: functions/notify/end_message.sql

-- source: functions/notify/suppress_address.sql
-- Nobody writes to this address over this channel any more. FND-15.
-- An address that is dead, or whose owner complained, is so for every clinic; a STOP is said to one of them.
-- requires: functions/core/now.sql

set role app_engine;
create or replace function app_private.suppress_address(
  organization_id uuid,
  channel text,
  address text,
  reason text
) returns void
language plpgsql volatile strict security definer
set search_path = ''
as $$
begin
  if suppress_address.reason = 'request' then
    insert into app_private.opt_outs (organization_id, channel, address, since)
    values (suppress_address.organization_id, suppress_address.channel, lower(suppress_address.address), app_hidden.now())
    on conflict do nothing;
  else
    insert into app_private.suppressed_addresses (channel, address, reason, since)
    values (suppress_address.channel, lower(suppress_address.address), suppress_address.reason, app_hidden.now())
    on conflict do nothing;
  end if;
end;
$$;

comment on function app_private.suppress_address(uuid, text, text, text) is
  'reason: bounce or complaint, for every clinic; request, for this clinic alone.';

revoke all on function app_private.suppress_address(uuid, text, text, text) from public;
grant execute on function app_private.suppress_address(uuid, text, text, text) to app_worker;
reset role;
-- end of source: functions/notify/suppress_address.sql

-- source: functions/notify/apply_message_reports.sql
-- Moves a message along what its vendor reported. FND-15.
-- Reports come late, twice and in any order. state_transitions says what may follow what, so an older report finds no
-- move and changes nothing; failed and bounced are the end, and what was read was not lost.
-- requires: functions/notify/suppress_address.sql
-- requires: functions/notify/end_message.sql

set role app_engine;
create or replace function app_private.apply_message_reports(vendor_id text) returns void
language plpgsql volatile strict security definer
set search_path = ''
as $$
declare
  v_message app_public.messages;
  v_report app_private.message_reports;
begin
  select messages.* into v_message
  from app_public.messages
  where messages.vendor_id = apply_message_reports.vendor_id
  for update;
  if not found then
    return;
  end if;

  for v_report in
    select message_reports.*
    from app_private.message_reports
    where message_reports.vendor_id = apply_message_reports.vendor_id
      and message_reports.vendor = coalesce(v_message.vendor, message_reports.vendor)
    order by message_reports.occurred_at, message_reports.received_at
  loop
    if v_message.address is not null and (v_report.address_is_dead or v_report.status = 'complained') then
      perform app_private.suppress_address(
        v_message.organization_id, v_message.channel, v_message.address,
        case
          when v_report.status = 'complained' then 'complaint'
          when v_report.reason = 'opted_out' then 'request'
          else 'bounce'
        end);
    end if;
    select messages.* into strict v_message from app_public.messages where messages.id = v_message.id;
    continue when not exists (
      select from app_private.state_transitions
      where state_transitions.entity = 'messages'
        and state_transitions.from_state = v_message.status
        and state_transitions.to_state = v_report.status);
    if v_report.status in ('failed', 'bounced') then
      perform app_private.end_message(v_message.id, v_report.status, coalesce(v_report.reason, v_report.status));
    else
      update app_public.messages
      set status = v_report.status, delivered_at = coalesce(messages.delivered_at, v_report.occurred_at)
      where messages.id = v_message.id;
    end if;
  end loop;
end;
$$;

comment on function app_private.apply_message_reports(text) is
  'Applies everything a vendor reported about its message, in the order in which it happened; again changes nothing.';

revoke all on function app_private.apply_message_reports(text) from public;
reset role;
-- end of source: functions/notify/apply_message_reports.sql

-- source: functions/notify/claim_message.sql
-- What a message needs to leave, read when it leaves; decides whether it may. FND-15.
-- The rules are asked again: since it was queued the person may have switched the channel off, the address may have
-- bounced, or night may have come. A message in quiet hours waits for their end, it is not lost.
-- requires: functions/core/now.sql
-- requires: functions/notify/ways_to_reach.sql
-- requires: functions/notify/end_message.sql
-- requires: functions/notify/delivery_of.sql

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
  clinic_address text
)
language plpgsql volatile strict security definer rows 1
set search_path = ''
as $$
#variable_conflict use_column
declare
  v_message app_public.messages;
  v_way record;
  v_cap int;
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

  select ways.* into v_way
  from app_private.ways_to_reach(
    v_message.organization_id, v_message.template_key, array[app_private.recipient_of(v_message)]) as ways
  where ways.channel = v_message.channel and ways.account_id is not distinct from v_message.account_id;
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
    -- Two workers count one after the other, or both would take the last place.
    perform pg_advisory_xact_lock(hashtextextended('cap:' || v_message.channel || ':' || v_message.address, 0));
    if v_cap <= (
      select count(*)
      from app_public.messages as other
      where other.address = v_message.address
        and other.channel = v_message.channel
        and other.attempted_at > app_hidden.now() - interval '24 hours'
        and other.id <> v_message.id
    ) then
      perform app_private.end_message(v_message.id, 'skipped', 'daily_cap');
      return;
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
    nullif(concat_ws(', ', organizations.street, organizations.city), '')
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

comment on function app_private.claim_message(uuid) is
  'The queued message with its words and sender. Only wait_until: it waits for the end of quiet hours and is queued '
  'again. No row: it was sent, or it may not be sent and says why.';

revoke all on function app_private.claim_message(uuid) from public;
grant execute on function app_private.claim_message(uuid) to app_worker;
reset role;
-- end of source: functions/notify/claim_message.sql

-- source: functions/notify/notify_many.sql
-- Tells many people the same thing in the transaction of its cause. FND-15.
-- Telling the same person about the same event twice tells once, so a consumer may be retried.
-- requires: functions/core/refuse.sql
-- requires: functions/notify/queue_messages.sql

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
        recipient.patient_profile_id::text, recipient.human_id::text, lower(recipient.email), recipient.phone, ''));

  return app_private.queue_messages(
    notify_many.organization_id, v_type.key, v_recipients, notify_many.event_id, notify_many.calendar_uid);
end;
$$;

comment on function app_private.notify_many(uuid, text, app_private.message_recipient[], jsonb, uuid, uuid) is
  'Queues a message to each of these people over the channels that suit them; answers the ids of the new messages. '
  'An unknown message, person or language, a missing or an unknown variable is refused, and then nobody is told.';

revoke all on function app_private.notify_many(uuid, text, app_private.message_recipient[], jsonb, uuid, uuid) from public;
reset role;
-- end of source: functions/notify/notify_many.sql

-- source: functions/notify/notify.sql
-- Tells one person something in the transaction of its cause. FND-15.
-- requires: functions/notify/notify_many.sql

set role app_engine;
create or replace function app_private.notify(
  organization_id uuid,
  template_key text,
  data jsonb,
  patient_profile_id uuid default null,
  human_id uuid default null,
  name text default null,
  email text default null,
  phone text default null,
  locale text default null,
  event_id uuid default null,
  calendar_uid uuid default null
) returns uuid[]
language sql volatile security definer
set search_path = ''
as $$
  select app_private.notify_many(
    notify.organization_id,
    notify.template_key,
    array[row(notify.patient_profile_id, notify.human_id, notify.name, notify.email, notify.phone, notify.locale, null)::app_private.message_recipient],
    notify.data,
    notify.event_id,
    notify.calendar_uid)
$$;

comment on function app_private.notify(uuid, text, jsonb, uuid, uuid, text, text, text, text, uuid, uuid) is
  'Queues a message to a patient profile, to a human, or to a bare contact with a name and an address; answers the '
  'ids of its messages, one per channel. Told before about this event: none.';

revoke all on function app_private.notify(uuid, text, jsonb, uuid, uuid, text, text, text, text, uuid, uuid) from public;
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
      v_event.organization_id, 'organization_activated', jsonb_build_object('clinicSlug', v_clinic.slug),
      human_id => humans.principal_id, event_id => v_event.id)
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
      v_facts || case v_event.name
        when 'booking_request.received' then jsonb_build_object('respondBy', v_request.respond_by)
        when 'booking_request.rejected' then jsonb_build_object('reason', v_request.rejection_reason)
        else '{}'
      end,
      name => v_request.given_name || ' ' || v_request.family_name,
      email => v_request.email,
      phone => v_request.phone,
      locale => v_request.locale,
      event_id => v_event.id,
      calendar_uid => v_request.id);

    if v_event.name = 'booking_request.received' and v_clinic.contact_email is not null then
      perform app_private.notify(
        v_event.organization_id,
        'booking_request_to_review',
        app_private.appointment_facts(
          v_event.organization_id, v_request.calendar_id, v_request.service_id, v_request.specialist_id,
          v_request.starts_at, v_request.ends_at, null, v_clinic.locale)
        || jsonb_build_object(
          'respondBy', v_request.respond_by,
          'guestName', v_request.given_name || ' ' || v_request.family_name),
        name => v_clinic.name,
        email => v_clinic.contact_email,
        locale => v_clinic.locale,
        event_id => v_event.id);
    end if;

  elsif v_event.subject_type = 'appointment' then
    select appointments.* into strict v_appointment
    from app_public.appointments
    where appointments.organization_id = v_event.organization_id
      and appointments.id = v_event.subject_id;

    -- The guest was told with the answer to the request.
    if v_event.name = 'appointment.booked' and v_appointment.booking_request_id is not null then
      return;
    end if;

    perform app_private.notify(
      v_event.organization_id,
      replace(v_event.name, '.', '_'),
      app_private.appointment_facts(
        v_event.organization_id, v_appointment.calendar_id, v_appointment.service_id, v_appointment.specialist_id,
        v_appointment.starts_at, v_appointment.ends_at, v_appointment.modality, v_appointment.locale)
      || case v_event.name
        when 'appointment.cancelled' then jsonb_build_object('reason', v_appointment.cancellation_reason)
        else '{}'
      end,
      patient_profile_id => v_appointment.patient_profile_id,
      name => v_appointment.contact_name,
      email => v_appointment.contact_email,
      locale => v_appointment.locale,
      event_id => v_event.id,
      calendar_uid => coalesce(v_appointment.booking_request_id, v_appointment.id));
  end if;
end;
$$;

comment on function app_private.consume_notifications(uuid) is
  'Queues the messages that an event calls for: to the guest, to the patient, to the clinic.';

revoke all on function app_private.consume_notifications(uuid) from public;
grant execute on function app_private.consume_notifications(uuid) to app_worker;
reset role;
-- end of source: functions/notify/consume_notifications.sql

-- source: functions/notify/drop_push_subscription.sql
-- The push service says that a subscription is over. FND-15.

set role app_engine;
create or replace function app_private.drop_push_subscription(subscription_id uuid) returns void
language sql volatile strict security definer
set search_path = ''
as $$
  delete from app_public.push_subscriptions where push_subscriptions.id = drop_push_subscription.subscription_id
$$;

comment on function app_private.drop_push_subscription(uuid) is 'Forgets a subscription that is over.';

revoke all on function app_private.drop_push_subscription(uuid) from public;
grant execute on function app_private.drop_push_subscription(uuid) to app_worker;
reset role;
-- end of source: functions/notify/drop_push_subscription.sql

-- source: functions/notify/printable_variables.sql
-- The names that a text may use. FND-15.
-- Times are given as instants and printed as people write them, so their raw forms are not for texts; and what stands on
-- a locked screen may name the clinic and the time, never what is treated or by whom.

set role app_engine;
create or replace function app_private.printable_variables(variables text[], channel text) returns text[]
language sql immutable strict parallel safe
set search_path = ''
return (
  select array_agg(names.name order by names.name)
  from (
    select given.name from unnest(printable_variables.variables) as given (name)
    where given.name <> all (array['startsAt', 'endsAt', 'timezone', 'modality', 'respondBy'])
    union
    select unnest(array['recipientName', 'clinicName', 'clinicPhone', 'clinicEmail', 'clinicAddress'])
    union
    select derived.name
    from (values ('when', 'startsAt'), ('respondByWhen', 'respondBy'), ('inPerson', 'modality'), ('video', 'modality'),
                 ('phone', 'modality')) as derived (name, source)
    where derived.source = any (printable_variables.variables)
  ) as names
  where printable_variables.channel not in ('sms', 'whatsapp', 'push')
    or names.name <> all (array['serviceName', 'specialistName', 'reason'])
);

comment on function app_private.printable_variables(text[], text) is
  'What a text on this channel may name: the message''s own variables that are words, and what the renderer adds.';

revoke all on function app_private.printable_variables(text[], text) from public;
reset role;
-- end of source: functions/notify/printable_variables.sql

-- source: functions/notify/text_problem.sql
-- Reads a text as the renderer will. FND-15.
-- A text is words, names ({{when}}) and sections that are closed in order ({{#reason}}…{{/reason}}, {{^reason}}…).
-- Nothing else of mustache, and no braces that could become it: no partials, no other delimiters, no unescaped or nested names, no comments.

set role app_engine;
create or replace function app_private.text_problem(text text, names text[]) returns jsonb
language plpgsql immutable
set search_path = ''
as $$
declare
  v_tag text[];
  v_open text[] := '{}';
  v_rest text := text_problem.text;
begin
  for v_tag in
    select regexp_matches(text_problem.text, '\{\{([#^/]?)\s*([A-Za-z]+)\s*\}\}', 'g')
  loop
    if v_tag[2] <> all (names) then
      return jsonb_build_object('problem', 'variable_unknown', 'variable', v_tag[2], 'legal', to_jsonb(names));
    elsif v_tag[1] in ('#', '^') then
      v_open := array_append(v_open, v_tag[2]);
    elsif v_tag[1] = '/' then
      if v_open = '{}' or v_open[cardinality(v_open)] <> v_tag[2] then
        return jsonb_build_object('problem', 'section_not_open', 'variable', v_tag[2]);
      end if;
      v_open := trim_array(v_open, 1);
    end if;
  end loop;
  if v_open <> '{}' then
    return jsonb_build_object('problem', 'section_not_closed', 'variable', v_open[cardinality(v_open)]);
  end if;
  v_rest := regexp_replace(v_rest, '\{\{([#^/]?)\s*([A-Za-z]+)\s*\}\}', '', 'g');
  if v_rest ~ '[{}]' then
    return jsonb_build_object('problem', 'tag_malformed');
  end if;
  return null;
end;
$$;

comment on function app_private.text_problem(text, text[]) is
  'What keeps a text from being rendered: an unknown name, a section that is not closed, a tag that is none; null when nothing does.';

revoke all on function app_private.text_problem(text, text[]) from public;
reset role;
-- end of source: functions/notify/text_problem.sql

-- source: functions/notify/require_text.sql
-- A text fits its message and its channel, or it is refused. FND-15.
-- requires: functions/core/refuse.sql
-- requires: functions/notify/printable_variables.sql
-- requires: functions/notify/text_problem.sql

set role app_engine;
create or replace function app_private.require_text(
  template_key text,
  channel text,
  locale text,
  title text,
  body text
) returns void
language plpgsql stable
set search_path = ''
as $$
declare
  v_names text[];
  v_problem jsonb;
  v_longest int := case when require_text.channel in ('sms', 'whatsapp') then 480 when require_text.channel = 'push' then 240 else 20000 end;
begin
  select app_private.printable_variables(message_types.variables, require_text.channel) into v_names
  from app_private.message_types
  join app_private.message_channels
    on message_channels.template_key = message_types.key and message_channels.channel = require_text.channel
  where message_types.key = require_text.template_key and require_text.locale in ('ro', 'en');
  if not found then
    perform app_hidden.refuse(
      'VALIDATION', 'message_template_unknown',
      jsonb_build_object('template', require_text.template_key, 'channel', require_text.channel, 'locale', require_text.locale),
      'messageTexts lists the messages of the clinic with their channels and languages.');
  end if;

  if (require_text.title is null) <> (require_text.channel in ('sms', 'whatsapp')) then
    perform app_hidden.refuse(
      'VALIDATION', 'message_title_mismatch', '{"field": "title"}',
      case when require_text.title is null then 'This channel shows a title: give one.' else 'This channel shows no title.' end);
  end if;
  if require_text.title ~ '[[:cntrl:]]' or length(btrim(require_text.title)) not between 1 and 200 then
    perform app_hidden.refuse('VALIDATION', 'message_title_malformed', '{"field": "title", "most": 200}', 'One line of 1 to 200 characters.');
  end if;
  if length(btrim(require_text.body)) = 0 or length(require_text.body) > v_longest then
    perform app_hidden.refuse(
      'VALIDATION', 'message_body_length', jsonb_build_object('field', 'body', 'least', 1, 'most', v_longest),
      format('Between 1 and %s characters.', v_longest));
  end if;

  v_problem := coalesce(
    app_private.text_problem(require_text.title, v_names) || '{"field": "title"}',
    app_private.text_problem(require_text.body, v_names) || '{"field": "body"}');
  if v_problem is not null then
    perform app_hidden.refuse(
      'VALIDATION', 'message_text_malformed', v_problem,
      'A text may hold names from details.legal, as {{when}}, and closed sections, as {{#when}}…{{/when}}.');
  end if;
end;
$$;

comment on function app_private.require_text(text, text, text, text, text) is
  'Refuses a text for an unknown message, channel or language, of a wrong length, or that names what the message does not have.';

revoke all on function app_private.require_text(text, text, text, text, text) from public;
reset role;
-- end of source: functions/notify/require_text.sql

-- source: functions/notify/edit_message_template.sql
-- A clinic says something in its own words. FND-15.
-- An edit is a new version; what is queued keeps the words it was queued with.
-- requires: functions/core/refuse.sql
-- requires: functions/identity/require_permission.sql
-- requires: functions/notify/require_text.sql
-- requires: functions/notify/add_clinic_template.sql

set role app_engine;
create or replace function app_public.edit_message_template(
  organization_id uuid,
  template_key text,
  channel text,
  locale text,
  body text,
  title text default null
) returns app_public.clinic_message_templates
language plpgsql volatile security definer
set search_path = ''
as $$
begin
  perform app_private.require_permission(edit_message_template.organization_id, 'message_templates.manage');
  perform app_private.require_text(
    edit_message_template.template_key, edit_message_template.channel, edit_message_template.locale,
    edit_message_template.title, coalesce(edit_message_template.body, ''));
  return app_private.add_clinic_template(
    edit_message_template.organization_id, edit_message_template.template_key, edit_message_template.channel,
    edit_message_template.locale, edit_message_template.title, edit_message_template.body);
end;
$$;

comment on function app_public.edit_message_template(uuid, text, text, text, text, text) is
  'Replaces the words of a message on a channel in a language, for this clinic, from the next message on. Needs '
  'message_templates.manage. VALIDATION names the unknown variable or the section that is not closed.';
revoke all on function app_public.edit_message_template(uuid, text, text, text, text, text) from public;
grant execute on function app_public.edit_message_template(uuid, text, text, text, text, text) to app_member;

reset role;
-- end of source: functions/notify/edit_message_template.sql

-- source: functions/notify/inbox_items_since.sql
-- What arrived while a server did not hear: by the time in the id, which is when the row was made. FND-15.

set role app_engine;

create or replace function app_hidden.inbox_items_since(human_ids uuid[], since timestamptz)
returns table (id uuid, human_id uuid, organization_id uuid)
language sql stable strict security definer
set search_path = ''
as $$
  select inbox_items.id, inbox_items.human_id, inbox_items.organization_id
  from app_public.inbox_items
  where inbox_items.human_id = any (human_ids)
    and uuid_extract_timestamp(inbox_items.id) >= since
  order by inbox_items.id
  limit 1000
$$;

comment on function app_hidden.inbox_items_since(uuid[], timestamptz) is
  'Ids of what arrived for these people since then, oldest first, as the channel inbox announces them.';
revoke all on function app_hidden.inbox_items_since(uuid[], timestamptz) from public;
grant execute on function app_hidden.inbox_items_since(uuid[], timestamptz) to app_authenticator;

reset role;
-- end of source: functions/notify/inbox_items_since.sql

-- source: functions/notify/inbox_unread_count.sql
-- The number on the bell. FND-15.
-- The caller's own rights are enough: the policy shows exactly the rows to count.

create or replace function app_public.inbox_unread_count() returns int
language sql stable
set search_path = ''
begin atomic
  select count(*)::int from app_public.inbox_items where inbox_items.read_at is null;
end;

comment on function app_public.inbox_unread_count() is
  'How many messages the caller has not read, at the clinic the request names or at all of them.';
revoke all on function app_public.inbox_unread_count() from public;
grant execute on function app_public.inbox_unread_count() to app_member;
-- end of source: functions/notify/inbox_unread_count.sql

-- source: functions/notify/mark_inbox_items_read.sql
-- The person has read these messages. FND-15.
-- requires: functions/core/refuse.sql
-- requires: functions/core/now.sql
-- requires: functions/identity/current_account_id.sql

set role app_engine;

create or replace function app_public.mark_inbox_items_read(inbox_item_ids uuid[]) returns int
language plpgsql volatile strict security definer
set search_path = ''
as $$
declare
  v_mine int;
begin
  if cardinality(inbox_item_ids) not between 1 and 100 then
    perform app_hidden.refuse(
      'VALIDATION', 'too_many_at_once', '{"field": "inboxItemIds", "least": 1, "most": 100}', 'Name 1 to 100 messages.');
  end if;

  select count(*) into v_mine
  from app_public.inbox_items
  where inbox_items.human_id = app_hidden.current_account_id() and inbox_items.id = any (inbox_item_ids);
  if v_mine < (select count(distinct id) from unnest(inbox_item_ids) as id)
     or array_position(inbox_item_ids, null) is not null then
    perform app_hidden.refuse(
      'NOT_FOUND', 'inbox_item_not_found', '{"field": "inboxItemIds"}', 'One of these messages is not in your inbox.');
  end if;

  update app_public.inbox_items set read_at = app_hidden.now()
  where inbox_items.human_id = app_hidden.current_account_id()
    and inbox_items.id = any (inbox_item_ids)
    and inbox_items.read_at is null;

  return (
    select count(*)
    from app_public.inbox_items
    where inbox_items.human_id = app_hidden.current_account_id() and inbox_items.read_at is null);
end;
$$;

comment on function app_public.mark_inbox_items_read(uuid[]) is
  'Marks messages of one''s own inbox as read, 100 at most, all of them or none; a message that was read stays as it '
  'was. Answers how many are unread now, at all clinics. NOT_FOUND when one of them is not the caller''s.';
revoke all on function app_public.mark_inbox_items_read(uuid[]) from public;
grant execute on function app_public.mark_inbox_items_read(uuid[]) to app_member;

reset role;
-- end of source: functions/notify/mark_inbox_items_read.sql

-- source: functions/notify/mark_inbox_read.sql
-- The person has read everything. FND-15.
-- requires: functions/core/now.sql
-- requires: functions/core/current_organization_id.sql
-- requires: functions/identity/current_account_id.sql

set role app_engine;

create or replace function app_public.mark_inbox_read() returns int
language sql volatile security definer
set search_path = ''
as $$
  with read as (
    update app_public.inbox_items set read_at = app_hidden.now()
    where inbox_items.human_id = app_hidden.current_account_id()
      and inbox_items.read_at is null
      and (app_hidden.current_organization_id() is null
           or inbox_items.organization_id = app_hidden.current_organization_id())
    returning inbox_items.id
  )
  select count(*)::int from read
$$;

comment on function app_public.mark_inbox_read() is
  'Marks the whole inbox as read, or that of the clinic the request names. Answers how many were unread.';
revoke all on function app_public.mark_inbox_read() from public;
grant execute on function app_public.mark_inbox_read() to app_member;

reset role;
-- end of source: functions/notify/mark_inbox_read.sql

-- source: functions/notify/words_of.sql
-- In which words something is told now: the clinic's own if it has some, else the platform's. FND-15.

set role app_engine;
create or replace function app_private.words_of(organization_id uuid, template_key text, channel text, locale text)
returns table (version int, clinic_template_id uuid, title text, body text)
language sql stable security definer rows 1
set search_path = ''
as $$
  select message_templates.version, own.id,
    case when own.id is null then message_templates.title else own.title end,
    coalesce(own.body, message_templates.body)
  from app_private.message_templates
  left join lateral (
    select latest.*
    from (
      select clinic_message_templates.*
      from app_public.clinic_message_templates
      where clinic_message_templates.organization_id = words_of.organization_id
        and clinic_message_templates.template_key = words_of.template_key
        and clinic_message_templates.channel = words_of.channel
        and clinic_message_templates.locale = words_of.locale
      order by clinic_message_templates.version desc
      limit 1
    ) as latest
    where latest.body is not null -- without a body it went back to the platform's words
  ) as own on true
  where message_templates.template_key = words_of.template_key
    and message_templates.channel = words_of.channel
    and message_templates.locale = words_of.locale
  order by message_templates.version desc
  limit 1
$$;

comment on function app_private.words_of(uuid, text, text, text) is
  'The newest words for a message on a channel in a language, and which version they are.';

revoke all on function app_private.words_of(uuid, text, text, text) from public;
reset role;
-- end of source: functions/notify/words_of.sql

-- source: functions/notify/message_texts.sql
-- What a clinic's messages say now, to choose from and to edit. FND-15.
-- requires: functions/identity/require_permission.sql
-- requires: functions/notify/printable_variables.sql
-- requires: functions/notify/words_of.sql

set role app_engine;
create or replace function app_public.message_texts(organization_id uuid)
returns table (
  template_key text,
  topic text,
  channel text,
  locale text,
  is_own boolean,
  title text,
  body text,
  variables text[]
)
language plpgsql stable strict security definer rows 60
set search_path = ''
as $$
begin
  perform app_private.require_permission(message_texts.organization_id, 'message_templates.manage');
  return query
  select message_types.key, message_types.topic, message_channels.channel, locales.locale,
    words.clinic_template_id is not null, words.title, words.body,
    app_private.printable_variables(message_types.variables, message_channels.channel)
  from app_private.message_types
  join app_private.message_channels on message_channels.template_key = message_types.key
  cross join (values ('ro'), ('en')) as locales (locale)
  cross join lateral app_private.words_of(
    message_texts.organization_id, message_types.key, message_channels.channel, locales.locale) as words
  order by message_types.key, message_channels.channel, locales.locale;
end;
$$;

comment on function app_public.message_texts(uuid) is
  E'@longestPage 500\nThe words of every message of the clinic, its own where it has some, and the names each may use. '
  'Needs message_templates.manage.';
revoke all on function app_public.message_texts(uuid) from public;
grant execute on function app_public.message_texts(uuid) to app_member;

reset role;
-- end of source: functions/notify/message_texts.sql

-- source: functions/notify/push_subscriptions_of.sql
-- The browsers in which an account is told, with the keys to write to them. FND-15.

set role app_engine;
create or replace function app_private.push_subscriptions_of(account_id uuid)
returns table (id uuid, endpoint text, p256dh text, auth text)
language sql stable strict security definer
set search_path = ''
as $$
  select push_subscriptions.id, push_subscriptions.endpoint, push_subscriptions.p256dh, push_subscriptions.auth
  from app_public.push_subscriptions
  where push_subscriptions.human_id = push_subscriptions_of.account_id
  order by push_subscriptions.created_at, push_subscriptions.id
$$;

comment on function app_private.push_subscriptions_of(uuid) is 'Every live subscription of a human, for the worker.';

revoke all on function app_private.push_subscriptions_of(uuid) from public;
grant execute on function app_private.push_subscriptions_of(uuid) to app_worker;
reset role;
-- end of source: functions/notify/push_subscriptions_of.sql

-- source: functions/notify/put_in_inbox.sql
-- Delivers a message inside the app. FND-15.
-- A task may be run again after it did its work, so the same message arrives once.

set role app_engine;

create or replace function app_private.put_in_inbox(
  organization_id uuid,
  human_id uuid,
  message_id uuid,
  title text,
  body text,
  created_at timestamptz
) returns uuid
language plpgsql volatile strict security definer
set search_path = ''
as $$
declare
  v_id uuid;
begin
  insert into app_public.inbox_items (organization_id, human_id, message_id, title, body, created_at)
  values (put_in_inbox.organization_id, put_in_inbox.human_id, put_in_inbox.message_id, put_in_inbox.title,
          put_in_inbox.body, put_in_inbox.created_at)
  on conflict on constraint inbox_items_message_arrives_once do nothing
  returning id into v_id;

  if v_id is null then
    select inbox_items.id into strict v_id
    from app_public.inbox_items
    where inbox_items.organization_id = put_in_inbox.organization_id
      and inbox_items.message_id = put_in_inbox.message_id;
  end if;
  return v_id;
end;
$$;

comment on function app_private.put_in_inbox(uuid, uuid, uuid, text, text, timestamptz) is
  'Puts a message into a person''s inbox; the same message again is the item that is there.';

revoke all on function app_private.put_in_inbox(uuid, uuid, uuid, text, text, timestamptz) from public;
grant execute on function app_private.put_in_inbox(uuid, uuid, uuid, text, text, timestamptz) to app_worker;
reset role;
-- end of source: functions/notify/put_in_inbox.sql

-- source: functions/notify/record_message_accepted.sql
-- The vendor took the message. FND-15.
-- What it reported meanwhile, before its answer reached us, is applied now.
-- requires: functions/core/now.sql
-- requires: functions/notify/apply_message_reports.sql

set role app_engine;
create or replace function app_private.record_message_accepted(message_id uuid, vendor text, vendor_id text) returns void
language plpgsql volatile security definer
set search_path = ''
as $$
begin
  -- One after the other with a report about it, or each would miss what the other writes.
  perform pg_advisory_xact_lock(hashtextextended('vendor id:' || record_message_accepted.vendor_id, 0));
  -- The inbox is ours: what was put there has arrived.
  update app_public.messages
  set status = case when messages.channel = 'in_app' then 'delivered' else 'sent' end,
      sent_at = app_hidden.now(),
      delivered_at = case when messages.channel = 'in_app' then app_hidden.now() end,
      vendor = record_message_accepted.vendor,
      vendor_id = record_message_accepted.vendor_id
  where messages.id = record_message_accepted.message_id and messages.status = 'queued';

  perform app_private.apply_message_reports(record_message_accepted.vendor_id);
end;
$$;

comment on function app_private.record_message_accepted(uuid, text, text) is
  'Marks a message as sent, with the vendor''s id for it; one in the app as delivered.';

revoke all on function app_private.record_message_accepted(uuid, text, text) from public;
grant execute on function app_private.record_message_accepted(uuid, text, text) to app_worker;
reset role;
-- end of source: functions/notify/record_message_accepted.sql

-- source: functions/notify/record_message_refused.sql
-- The vendor will never take the message. FND-15.
-- requires: functions/core/now.sql
-- requires: functions/notify/suppress_address.sql
-- requires: functions/notify/end_message.sql

set role app_engine;
create or replace function app_private.record_message_refused(
  message_id uuid,
  reason text,
  address_is_dead boolean
) returns void
language plpgsql volatile strict security definer
set search_path = ''
as $$
declare
  v_message app_public.messages;
begin
  select messages.* into v_message
  from app_public.messages
  where messages.id = record_message_refused.message_id and messages.status = 'queued'
  for update;
  if not found then
    return;
  end if;
  if record_message_refused.address_is_dead and v_message.address is not null then
    perform app_private.suppress_address(v_message.organization_id, v_message.channel, v_message.address,
      case when record_message_refused.reason = 'opted_out' then 'request' else 'bounce' end);
  end if;
  perform app_private.end_message(v_message.id, 'failed', record_message_refused.reason);
end;
$$;

comment on function app_private.record_message_refused(uuid, text, boolean) is
  'Marks a message as failed for good; an address that does not exist is not written to again (with the reason opted_out: not by this clinic). Another channel of '
  'its route stands in.';

revoke all on function app_private.record_message_refused(uuid, text, boolean) from public;
grant execute on function app_private.record_message_refused(uuid, text, boolean) to app_worker;
reset role;
-- end of source: functions/notify/record_message_refused.sql

-- source: functions/notify/record_message_status.sql
-- A vendor reports what became of a message. FND-15, FND-25.
-- requires: functions/core/refuse.sql
-- requires: functions/core/now.sql
-- requires: functions/notify/apply_message_reports.sql

set role app_engine;
create or replace function app_private.record_message_status(
  vendor text,
  vendor_id text,
  status text,
  occurred_at timestamptz,
  reason text default null,
  address_is_dead boolean default false
) returns void
language plpgsql volatile security definer
set search_path = ''
as $$
begin
  if record_message_status.status is null
    or record_message_status.status not in ('sent', 'delivered', 'read', 'failed', 'bounced', 'complained') then
    perform app_hidden.refuse('VALIDATION', 'message_status_unknown', jsonb_build_object('status', record_message_status.status));
  end if;

  perform pg_advisory_xact_lock(hashtextextended('vendor id:' || record_message_status.vendor_id, 0));
  insert into app_private.message_reports (vendor, vendor_id, status, occurred_at, reason, address_is_dead, received_at)
  values (record_message_status.vendor, record_message_status.vendor_id, record_message_status.status,
          record_message_status.occurred_at, left(record_message_status.reason, 500),
          coalesce(record_message_status.address_is_dead, false), app_hidden.now())
  on conflict do nothing;

  perform app_private.apply_message_reports(record_message_status.vendor_id);
end;
$$;

comment on function app_private.record_message_status(text, text, text, timestamptz, text, boolean) is
  'Takes what a vendor says of a message: sent, delivered, read, failed, bounced or complained. Reports may come twice, '
  'in any order, and before our own record of the sending. A dead address and a complaint end writing to it.';

revoke all on function app_private.record_message_status(text, text, text, timestamptz, text, boolean) from public;
grant execute on function app_private.record_message_status(text, text, text, timestamptz, text, boolean) to app_worker;
reset role;
-- end of source: functions/notify/record_message_status.sql

-- source: functions/notify/record_text_opt_out.sql
-- Somebody texted STOP or START. FND-15, FND-25.
-- Said to a clinic's own account, it is said to that clinic. The platform's number is shared: there it is said to every
-- clinic that wrote to this number over the channel, since nobody can tell which of them was meant.
-- requires: functions/notify/suppress_address.sql

set role app_engine;
create or replace function app_private.record_text_opt_out(
  integration_id uuid,
  channel text,
  address text,
  wants_texts boolean
) returns void
language plpgsql volatile security definer
set search_path = ''
as $$
declare
  v_clinics uuid[];
begin
  if record_text_opt_out.integration_id is not null then
    select array_agg(organization_integrations.organization_id) into v_clinics
    from app_public.organization_integrations
    where organization_integrations.id = record_text_opt_out.integration_id;
  else
    select array_agg(distinct messages.organization_id) into v_clinics
    from app_public.messages
    where messages.address = record_text_opt_out.address
      and messages.channel = record_text_opt_out.channel
      and messages.attempted_at is not null;
  end if;

  if record_text_opt_out.wants_texts then
    delete from app_private.opt_outs
    where opt_outs.organization_id = any (v_clinics)
      and opt_outs.channel = record_text_opt_out.channel
      and opt_outs.address = lower(record_text_opt_out.address);
  else
    perform app_private.suppress_address(clinic, record_text_opt_out.channel, record_text_opt_out.address, 'request')
    from unnest(v_clinics) as clinic;
  end if;
end;
$$;

comment on function app_private.record_text_opt_out(uuid, text, text, boolean) is
  'Ends or begins again the texts of a clinic to a number. Without an integration: of every clinic that wrote there.';

revoke all on function app_private.record_text_opt_out(uuid, text, text, boolean) from public;
grant execute on function app_private.record_text_opt_out(uuid, text, text, boolean) to app_worker;
reset role;
-- end of source: functions/notify/record_text_opt_out.sql

-- source: functions/notify/require_own_person.sql
-- Whose settings a person is about to change: their own, or those of somebody they care for. FND-15, FND-07.
-- requires: functions/core/refuse.sql
-- requires: functions/identity/current_account_id.sql
-- requires: functions/identity/current_human_patient_profile_ids.sql

set role app_engine;
create or replace function app_private.require_own_person(patient_profile_id uuid) returns uuid
language plpgsql stable
set search_path = ''
as $$
begin
  if app_hidden.current_account_id() is null then
    perform app_hidden.refuse('UNAUTHENTICATED', 'not_signed_in', '{}', 'Sign in first.');
  end if;
  if patient_profile_id is null then
    return app_hidden.current_account_id();
  end if;
  if patient_profile_id <> all (app_hidden.current_human_patient_profile_ids()) then
    perform app_hidden.refuse('NOT_FOUND', 'not_found', '{}', 'There is no such thing, or it is not yours to see.');
  end if;
  return null;
end;
$$;

comment on function app_private.require_own_person(uuid) is
  'The caller''s human for null; null for a profile the caller may act for; a refusal for any other.';

revoke all on function app_private.require_own_person(uuid) from public;
reset role;
-- end of source: functions/notify/require_own_person.sql

-- source: functions/notify/restore_message_template.sql
-- A clinic goes back to the platform's words. FND-15.
-- requires: functions/core/refuse.sql
-- requires: functions/identity/require_permission.sql
-- requires: functions/notify/add_clinic_template.sql
-- requires: functions/notify/words_of.sql

set role app_engine;
create or replace function app_public.restore_message_template(
  organization_id uuid,
  template_key text,
  channel text,
  locale text
) returns app_public.clinic_message_templates
language plpgsql volatile strict security definer
set search_path = ''
as $$
begin
  perform app_private.require_permission(restore_message_template.organization_id, 'message_templates.manage');
  if not exists (
    select from app_private.words_of(
      restore_message_template.organization_id, restore_message_template.template_key,
      restore_message_template.channel, restore_message_template.locale) as words
    where words.clinic_template_id is not null
  ) then
    perform app_hidden.refuse('NOT_FOUND', 'message_template_not_own', '{}', 'The clinic has no words of its own there.');
  end if;
  return app_private.add_clinic_template(
    restore_message_template.organization_id, restore_message_template.template_key,
    restore_message_template.channel, restore_message_template.locale, null, null);
end;
$$;

comment on function app_public.restore_message_template(uuid, text, text, text) is
  'Takes back the clinic''s own words: the platform''s hold again, from the next message on. Needs message_templates.manage.';
revoke all on function app_public.restore_message_template(uuid, text, text, text) from public;
grant execute on function app_public.restore_message_template(uuid, text, text, text) to app_member;

reset role;
-- end of source: functions/notify/restore_message_template.sql

-- source: functions/notify/set_notification_preference.sql
-- A person says what they want to be told over which channel; nobody says it for them, a caregiver aside. FND-15.
-- requires: functions/core/refuse.sql
-- requires: functions/notify/require_own_person.sql

set role app_engine;
create or replace function app_public.set_notification_preference(
  topic text,
  channel text,
  is_enabled boolean,
  patient_profile_id uuid default null
) returns app_public.notification_preferences
language plpgsql volatile security definer
set search_path = ''
as $$
#variable_conflict use_column
declare
  v_human_id uuid := app_private.require_own_person(set_notification_preference.patient_profile_id);
  v_preference app_public.notification_preferences;
begin
  if not exists (select from app_public.message_topics where message_topics.key = set_notification_preference.topic) then
    perform app_hidden.refuse('VALIDATION', 'message_topic_unknown', '{"field": "topic"}', 'messageTopics lists the topics.');
  end if;
  if not exists (select from app_private.channels where channels.name = set_notification_preference.channel) then
    perform app_hidden.refuse(
      'VALIDATION', 'message_channel_unknown',
      jsonb_build_object('field', 'channel', 'legal', (select jsonb_agg(channels.name order by channels.name) from app_private.channels)));
  end if;
  if set_notification_preference.is_enabled is null then
    perform app_hidden.refuse('VALIDATION', 'notification_preference_says_nothing', '{"field": "isEnabled"}', 'Say true or false.');
  end if;

  insert into app_public.notification_preferences (human_id, patient_profile_id, topic, channel, is_enabled)
  values (v_human_id, set_notification_preference.patient_profile_id, set_notification_preference.topic,
          set_notification_preference.channel, set_notification_preference.is_enabled)
  on conflict on constraint notification_preferences_are_set_once do update set is_enabled = excluded.is_enabled
  returning notification_preferences.* into v_preference;
  return v_preference;
end;
$$;

comment on function app_public.set_notification_preference(text, text, boolean, uuid) is
  'Switches a topic on or off over a channel, for oneself or for a person one acts for. What is said for a patient '
  'goes before what is said for the account.';
revoke all on function app_public.set_notification_preference(text, text, boolean, uuid) from public;
grant execute on function app_public.set_notification_preference(text, text, boolean, uuid) to app_member;

reset role;
-- end of source: functions/notify/set_notification_preference.sql

-- source: functions/notify/set_quiet_hours.sql
-- A person says when it is to be quiet. FND-15.
-- requires: functions/core/refuse.sql
-- requires: functions/notify/require_own_person.sql

set role app_engine;
create or replace function app_public.set_quiet_hours(
  quiet_from time,
  quiet_until time,
  timezone text,
  patient_profile_id uuid default null
) returns app_public.quiet_hours
language plpgsql volatile security definer
set search_path = ''
as $$
#variable_conflict use_column
declare
  v_human_id uuid := app_private.require_own_person(set_quiet_hours.patient_profile_id);
  v_hours app_public.quiet_hours;
begin
  if set_quiet_hours.quiet_from is null or set_quiet_hours.quiet_until is null then
    perform app_hidden.refuse(
      'VALIDATION', 'quiet_hours_have_both_ends', '{"field": "quietFrom"}', 'Give both times; the same twice means never quiet.');
  end if;
  if not exists (select from app_public.time_zones where time_zones.name = set_quiet_hours.timezone) then
    perform app_hidden.refuse('VALIDATION', 'timezone_unknown', '{"field": "timezone"}', 'timeZones lists the zones.');
  end if;

  insert into app_public.quiet_hours (human_id, patient_profile_id, quiet_from, quiet_until, timezone)
  values (v_human_id, set_quiet_hours.patient_profile_id, set_quiet_hours.quiet_from, set_quiet_hours.quiet_until,
          set_quiet_hours.timezone)
  on conflict on constraint quiet_hours_are_set_once do update
    set quiet_from = excluded.quiet_from, quiet_until = excluded.quiet_until, timezone = excluded.timezone
  returning quiet_hours.* into v_hours;
  return v_hours;
end;
$$;

comment on function app_public.set_quiet_hours(time, time, text, uuid) is
  'Sets when no SMS, WhatsApp or push arrives, for oneself or for a person one acts for. The same time twice: never '
  'quiet. Messages that are not urgent wait for the end.';
revoke all on function app_public.set_quiet_hours(time, time, text, uuid) from public;
grant execute on function app_public.set_quiet_hours(time, time, text, uuid) to app_member;

reset role;
-- end of source: functions/notify/set_quiet_hours.sql

-- source: functions/notify/set_whatsapp_template.sql
-- A clinic names the text that WhatsApp approved for its sender. FND-15.
-- requires: functions/core/refuse.sql
-- requires: functions/identity/require_permission.sql
-- requires: functions/notify/printable_variables.sql

set role app_engine;
create or replace function app_public.set_whatsapp_template(
  organization_id uuid,
  template_key text,
  locale text,
  content_sid text,
  variables text[]
) returns app_public.whatsapp_templates
language plpgsql volatile strict security definer
set search_path = ''
as $$
#variable_conflict use_column
declare
  v_names text[];
  v_unknown text;
  v_template app_public.whatsapp_templates;
begin
  perform app_private.require_permission(set_whatsapp_template.organization_id, 'message_templates.manage');
  select app_private.printable_variables(message_types.variables, 'whatsapp') into v_names
  from app_private.message_types
  join app_private.message_channels
    on message_channels.template_key = message_types.key and message_channels.channel = 'whatsapp'
  where message_types.key = set_whatsapp_template.template_key;
  if not found then
    perform app_hidden.refuse('VALIDATION', 'message_template_unknown', jsonb_build_object(
      'template', set_whatsapp_template.template_key, 'channel', 'whatsapp'));
  end if;
  select coalesce(given.name, '') into v_unknown
  from unnest(set_whatsapp_template.variables) as given (name)
  where given.name is null or given.name <> all (v_names)
  limit 1;
  if v_unknown is not null then
    perform app_hidden.refuse(
      'VALIDATION', 'message_variables_mismatch',
      jsonb_build_object('field', 'variables', 'variable', v_unknown, 'legal', to_jsonb(v_names)));
  end if;

  insert into app_public.whatsapp_templates (organization_id, template_key, locale, content_sid, variables)
  values (set_whatsapp_template.organization_id, set_whatsapp_template.template_key, set_whatsapp_template.locale,
          set_whatsapp_template.content_sid, set_whatsapp_template.variables)
  on conflict on constraint whatsapp_templates_pkey do update
    set content_sid = excluded.content_sid, variables = excluded.variables
  returning whatsapp_templates.* into v_template;
  return v_template;
end;
$$;

comment on function app_public.set_whatsapp_template(uuid, text, text, text, text[]) is
  'Names the approved WhatsApp text of a message in a language, and what stands for its {{1}}, {{2}} and so on. Needs '
  'message_templates.manage.';
revoke all on function app_public.set_whatsapp_template(uuid, text, text, text, text[]) from public;
grant execute on function app_public.set_whatsapp_template(uuid, text, text, text, text[]) to app_member;

reset role;
-- end of source: functions/notify/set_whatsapp_template.sql

-- source: functions/notify/subscribe_to_push.sql
-- A person wants to be told in this browser. FND-15.
-- The endpoint is where the worker will post to, so it must look like a push service on the internet: no address of
-- a machine, no port, no plain HTTP.
-- requires: functions/core/refuse.sql
-- requires: functions/notify/require_own_person.sql

set role app_engine;
create or replace function app_public.subscribe_to_push(endpoint text, p256dh text, auth text)
returns app_public.push_subscriptions
language plpgsql volatile security definer
set search_path = ''
as $$
#variable_conflict use_column
declare
  v_human_id uuid := app_private.require_own_person(null);
  v_subscription app_public.push_subscriptions;
begin
  insert into app_public.push_subscriptions as known (human_id, endpoint, p256dh, auth)
  values (v_human_id, subscribe_to_push.endpoint, subscribe_to_push.p256dh, subscribe_to_push.auth)
  on conflict on constraint push_subscriptions_endpoint_is_unique do update
    set human_id = excluded.human_id, p256dh = excluded.p256dh, auth = excluded.auth
    -- Whoever signs in next at a shared browser knows its keys; an endpoint alone takes nothing from anybody.
    where known.human_id = excluded.human_id or (known.p256dh, known.auth) = (excluded.p256dh, excluded.auth)
  returning known.* into v_subscription;
  if v_subscription.id is null then
    perform app_hidden.refuse(
      'CONFLICT', 'push_endpoint_taken', '{"field": "endpoint"}', 'Unsubscribe in this browser, then subscribe again.');
  end if;

  -- Twenty browsers are enough for anybody; the oldest make room.
  delete from app_public.push_subscriptions
  where push_subscriptions.human_id = v_human_id
    and push_subscriptions.id not in (
      select newest.id from app_public.push_subscriptions as newest
      where newest.human_id = v_human_id
      order by newest.id = v_subscription.id desc, newest.created_at desc, newest.id desc
      limit 20);
  return v_subscription;
end;
$$;

comment on function app_public.subscribe_to_push(text, text, text) is
  'Registers what PushManager.subscribe() gave in this browser: endpoint (https), p256dh and auth, base64url. Again '
  'is the same subscription.';
revoke all on function app_public.subscribe_to_push(text, text, text) from public;
grant execute on function app_public.subscribe_to_push(text, text, text) to app_member;

reset role;
-- end of source: functions/notify/subscribe_to_push.sql

-- source: functions/notify/text_to_preview.sql
-- What the renderer needs to show a message as its reader will see it. FND-15.
-- requires: functions/core/refuse.sql
-- requires: functions/identity/require_permission.sql
-- requires: functions/notify/require_text.sql
-- requires: functions/notify/words_of.sql

set role app_engine;
create or replace function app_hidden.text_to_preview(
  organization_id uuid,
  template_key text,
  channel text,
  locale text,
  title text,
  body text,
  data jsonb
) returns table (
  words_title text,
  words_body text,
  words_data jsonb,
  clinic_name text,
  clinic_email text,
  clinic_phone text,
  clinic_address text
)
language plpgsql stable security definer rows 1
set search_path = ''
as $$
#variable_conflict use_column
declare
  v_title text := text_to_preview.title;
  v_body text := text_to_preview.body;
  v_type app_private.message_types;
  v_unknown text;
begin
  perform app_private.require_permission(text_to_preview.organization_id, 'message_templates.manage');
  if jsonb_typeof(text_to_preview.data) <> 'object' then
    perform app_hidden.refuse('VALIDATION', 'message_data_malformed', '{"field": "data"}', 'An object with the variables to replace.');
  end if;
  if text_to_preview.body is null then
    select words.title, words.body into v_title, v_body
    from app_private.words_of(
      text_to_preview.organization_id, text_to_preview.template_key, text_to_preview.channel, text_to_preview.locale) as words;
  end if;
  perform app_private.require_text(
    text_to_preview.template_key, text_to_preview.channel, text_to_preview.locale, v_title, coalesce(v_body, ''));

  select message_types.* into v_type from app_private.message_types where message_types.key = text_to_preview.template_key;
  select given.name into v_unknown
  from jsonb_object_keys(coalesce(text_to_preview.data, '{}')) as given (name)
  where given.name <> all (v_type.variables)
  order by given.name
  limit 1;
  if v_unknown is not null then
    perform app_hidden.refuse('VALIDATION', 'message_variables_mismatch', jsonb_build_object(
      'template', v_type.key, 'variable', v_unknown));
  end if;

  return query
  select v_title, v_body, v_type.sample || coalesce(text_to_preview.data, '{}'),
    organizations.name, organizations.contact_email, organizations.contact_phone,
    nullif(concat_ws(', ', organizations.street, organizations.city), '')
  from app_public.organizations
  where organizations.id = text_to_preview.organization_id;
end;
$$;

comment on function app_hidden.text_to_preview(uuid, text, text, text, text, text, jsonb) is
  'The clinic''s words for a message, or the draft that is given, with sample data. Needs message_templates.manage.';
revoke all on function app_hidden.text_to_preview(uuid, text, text, text, text, text, jsonb) from public;
grant execute on function app_hidden.text_to_preview(uuid, text, text, text, text, text, jsonb) to app_member;

reset role;
-- end of source: functions/notify/text_to_preview.sql

-- source: functions/notify/tg_clinic_message_templates__refuse_change.sql
-- What a message was written with is not rewritten. FND-15.
-- requires: functions/core/refuse.sql

set role app_engine;
create or replace function app_private.tg_clinic_message_templates__refuse_change() returns trigger
language plpgsql volatile
set search_path = ''
as $$
begin
  perform app_hidden.refuse('IMMUTABLE', 'message_template_is_immutable', '{}', 'Edit it: that makes a new version.');
  return null;
end;
$$;

comment on function app_private.tg_clinic_message_templates__refuse_change() is 'Refuses update, delete and truncate of a version.';

revoke all on function app_private.tg_clinic_message_templates__refuse_change() from public;
grant execute on function app_private.tg_clinic_message_templates__refuse_change() to app_owner;
reset role;

create or replace trigger _200_refuse_change
  before update or delete or truncate on app_public.clinic_message_templates
  for each statement execute function app_private.tg_clinic_message_templates__refuse_change();
-- end of source: functions/notify/tg_clinic_message_templates__refuse_change.sql

-- source: policies/notify/inbox_items.sql
-- One reads one's own messages, at the clinic the request names or at all of them. Nobody else does: not the clinic,
-- whose copy is the message, and not a caregiver, who is written to on their own. FND-15.
-- requires: functions/identity/current_account_id.sql
-- requires: functions/core/current_organization_id.sql
-- requires: functions/core/classify.sql

alter table app_public.inbox_items enable row level security;
alter table app_public.inbox_items force row level security;

grant select (id, organization_id, human_id, title, body, created_at, read_at) on app_public.inbox_items to app_member;

drop policy if exists inbox_items_select_self on app_public.inbox_items;
create policy inbox_items_select_self on app_public.inbox_items
  for select to app_member
  using (
    human_id = (select app_hidden.current_account_id())
    and organization_id = coalesce((select app_hidden.current_organization_id()), organization_id));

grant select, insert, update on app_public.inbox_items to app_engine;
drop policy if exists inbox_items_all_engine on app_public.inbox_items;
create policy inbox_items_all_engine on app_public.inbox_items
  for all to app_engine
  using (true)
  with check (true);

select app_private.classify('app_public.inbox_items', 'account',
  '{"phi": ["title", "body"],
    "pii_basic": ["human_id"],
    "operational": ["id", "organization_id", "message_id", "created_at", "read_at"]}',
  person_column => 'human_id',
  unaudited => 'A copy of a message that is kept on its own; only its reader changes it, by reading.');
-- end of source: policies/notify/inbox_items.sql

-- source: functions/notify/tg_inbox_items__announce.sql
-- Tells the servers that something arrived for somebody, by ids: whoever listens reads the row with their own rights.
-- FND-15.
-- requires: policies/notify/inbox_items.sql

create or replace function app_private.tg_inbox_items__announce() returns trigger
language plpgsql volatile
set search_path = ''
as $$
begin
  perform pg_notify('inbox', json_build_object(
    'id', new.id, 'humanId', new.human_id, 'organizationId', new.organization_id)::text);
  return null;
end;
$$;

comment on function app_private.tg_inbox_items__announce() is 'Notifies the channel inbox with ids only.';
revoke all on function app_private.tg_inbox_items__announce() from public;

create or replace trigger _900_announce after insert on app_public.inbox_items
  for each row execute function app_private.tg_inbox_items__announce();
-- end of source: functions/notify/tg_inbox_items__announce.sql

-- source: functions/notify/unsubscribe_from_push.sql
-- A person no longer wants to be told in this browser. FND-15.
-- requires: functions/notify/require_own_person.sql

set role app_engine;
create or replace function app_public.unsubscribe_from_push(endpoint text) returns boolean
language sql volatile strict security definer
set search_path = ''
as $$
  with ended as (
    delete from app_public.push_subscriptions
    where push_subscriptions.endpoint = unsubscribe_from_push.endpoint
      and push_subscriptions.human_id = app_private.require_own_person(null)
    returning push_subscriptions.id
  )
  select exists (select from ended)
$$;

comment on function app_public.unsubscribe_from_push(text) is
  'Ends the caller''s subscription with this endpoint; false when there was none.';
revoke all on function app_public.unsubscribe_from_push(text) from public;
grant execute on function app_public.unsubscribe_from_push(text) to app_member;

reset role;
-- end of source: functions/notify/unsubscribe_from_push.sql

-- source: functions/operations/dead_letters.sql
-- The jobs that nobody will try again by themselves. FND-28.
-- requires: functions/core/refuse.sql
-- requires: functions/identity/is_superadmin.sql
-- requires: policies/events/graphile_worker.sql

set role app_engine;

create or replace function app_public.dead_letters() returns setof app_public.dead_letter
language plpgsql stable security definer
set search_path = ''
as $$
begin
  if not app_hidden.is_superadmin() then
    perform app_hidden.refuse('FORBIDDEN', 'superadmin_only', '{}', 'Only the platform looks after jobs.');
  end if;
  return query
  select jobs.id, tasks.identifier, jobs.key, jobs.payload::jsonb, jobs.attempts::int, jobs.last_error,
         jobs.created_at, jobs.updated_at
  from graphile_worker._private_jobs as jobs
  join graphile_worker._private_tasks as tasks on tasks.id = jobs.task_id
  where jobs.attempts >= jobs.max_attempts and jobs.locked_at is null
  order by jobs.updated_at desc, jobs.id desc;
end;
$$;

comment on function app_public.dead_letters() is
  'Jobs that used up their attempts, newest failure first. Superadmin only (FORBIDDEN superadmin_only).';
grant execute on function app_public.dead_letters() to app_member;

reset role;
-- end of source: functions/operations/dead_letters.sql

-- source: functions/operations/locked_dead_letter.sql
-- A dead job, locked while something is decided about it: two operators at once decide once. FND-28.
-- requires: functions/core/refuse.sql
-- requires: functions/identity/is_superadmin.sql
-- requires: policies/events/graphile_worker.sql

create or replace function app_private.locked_dead_letter(job_id bigint) returns app_public.dead_letter
language plpgsql volatile
set search_path = ''
as $$
declare
  v_letter app_public.dead_letter;
begin
  if not app_hidden.is_superadmin() then
    perform app_hidden.refuse('FORBIDDEN', 'superadmin_only', '{}', 'Only the platform looks after jobs.');
  end if;
  select jobs.id, tasks.identifier, jobs.key, jobs.payload::jsonb, jobs.attempts::int, jobs.last_error,
         jobs.created_at, jobs.updated_at
  into v_letter
  from graphile_worker._private_jobs as jobs
  join graphile_worker._private_tasks as tasks on tasks.id = jobs.task_id
  where jobs.id = locked_dead_letter.job_id
    and jobs.attempts >= jobs.max_attempts
    and jobs.locked_at is null
  for update of jobs;
  if not found then
    perform app_hidden.refuse(
      'NOT_FOUND', 'dead_letter_not_found', '{}', 'There is no dead job with this id: somebody may have been faster.');
  end if;
  return v_letter;
end;
$$;

comment on function app_private.locked_dead_letter(bigint) is
  'The dead job, locked until the transaction ends. FORBIDDEN superadmin_only, NOT_FOUND dead_letter_not_found.';
grant execute on function app_private.locked_dead_letter(bigint) to app_engine;
-- end of source: functions/operations/locked_dead_letter.sql

-- source: functions/operations/discard_dead_letter.sql
-- A dead job is thrown away, with the reason; what it was stays on record. FND-28.
-- requires: functions/core/current_principal_id.sql
-- requires: functions/operations/locked_dead_letter.sql

set role app_engine;

create or replace function app_public.discard_dead_letter(job_id bigint, reason text) returns app_public.dead_letter
language plpgsql volatile security definer
set search_path = ''
as $$
declare
  v_letter app_public.dead_letter := app_private.locked_dead_letter(job_id);
begin
  insert into app_private.dead_letter_decisions
    (job_id, task, key, payload, last_error, decision, reason, decided_by, decided_at)
  values (v_letter.job_id, v_letter.task, v_letter.key, v_letter.payload, v_letter.last_error, 'discarded',
          btrim(coalesce(discard_dead_letter.reason, '')), app_hidden.current_principal_id(), app_hidden.now());
  perform graphile_worker.complete_jobs(array[v_letter.job_id]);
  return v_letter;
end;
$$;

comment on function app_public.discard_dead_letter(bigint, text) is
  'Throws a dead job away; the reason is kept. Superadmin only; NOT_FOUND when it is not dead any more.';
grant execute on function app_public.discard_dead_letter(bigint, text) to app_member;

reset role;
-- end of source: functions/operations/discard_dead_letter.sql

-- source: functions/operations/queue_figures.sql
-- How the queue and the outbox stand, for metrics and for the doctor: counts and ages, nothing about anybody. FND-28.
-- requires: policies/events/graphile_worker.sql

set role app_engine;

create or replace function app_private.queue_figures()
returns table (
  figure text,
  task text,
  value double precision
)
language sql stable security definer
set search_path = ''
as $$
  with jobs as (
    select tasks.identifier as task, jobs.run_at, jobs.locked_at, jobs.attempts >= jobs.max_attempts as is_dead
    from graphile_worker._private_jobs as jobs
    join graphile_worker._private_tasks as tasks on tasks.id = jobs.task_id
  )
  select 'jobs_waiting', jobs.task, count(*) filter (where not jobs.is_dead and jobs.locked_at is null and jobs.run_at <= now())
  from jobs group by jobs.task
  union all
  select 'jobs_planned', jobs.task, count(*) filter (where not jobs.is_dead and jobs.locked_at is null and jobs.run_at > now())
  from jobs group by jobs.task
  union all
  select 'jobs_running', jobs.task, count(*) filter (where jobs.locked_at is not null) from jobs group by jobs.task
  union all
  select 'jobs_dead', jobs.task, count(*) filter (where jobs.is_dead and jobs.locked_at is null) from jobs group by jobs.task
  union all
  select 'oldest_waiting_seconds', null,
         coalesce(extract(epoch from now() - min(jobs.run_at)), 0)
  from jobs where not jobs.is_dead and jobs.locked_at is null and jobs.run_at <= now()
  union all
  select 'deliveries_pending', null, count(*)
  from app_private.event_consumers
  join app_private.event_deliveries on event_deliveries.consumer = event_consumers.name
  where event_deliveries.delivered_at is null
  union all
  select 'workers_alive', null, count(*)
  from app_private.worker_heartbeats where worker_heartbeats.seen_at > clock_timestamp() - interval '30 seconds'
$$;

comment on function app_private.queue_figures() is
  'jobs_waiting, jobs_planned, jobs_running, jobs_dead by task; oldest_waiting_seconds, deliveries_pending, workers_alive.';
grant execute on function app_private.queue_figures() to app_worker;

reset role;
-- end of source: functions/operations/queue_figures.sql

-- source: functions/operations/replay_dead_letter.sql
-- A dead job gets all its attempts again. What it did to the outside stands in the effects ledger, so it is
-- not done twice. FND-28.
-- requires: functions/core/current_principal_id.sql
-- requires: functions/operations/locked_dead_letter.sql

set role app_engine;

create or replace function app_public.replay_dead_letter(job_id bigint) returns app_public.dead_letter
language plpgsql volatile strict security definer
set search_path = ''
as $$
declare
  v_letter app_public.dead_letter := app_private.locked_dead_letter(job_id);
begin
  perform graphile_worker.reschedule_jobs(array[v_letter.job_id], run_at => clock_timestamp(), attempts => 0);
  insert into app_private.dead_letter_decisions (job_id, task, key, payload, last_error, decision, decided_by, decided_at)
  values (v_letter.job_id, v_letter.task, v_letter.key, v_letter.payload, v_letter.last_error, 'replayed',
          app_hidden.current_principal_id(), app_hidden.now());
  return v_letter;
end;
$$;

comment on function app_public.replay_dead_letter(bigint) is
  'Tries a dead job again, now, with all its attempts. Superadmin only; NOT_FOUND when it is not dead any more.';
grant execute on function app_public.replay_dead_letter(bigint) to app_member;

reset role;
-- end of source: functions/operations/replay_dead_letter.sql

-- source: functions/providers/require_capability.sql
-- A capability that can be served. What is declared and not built is said to be so. FND-22.
-- requires: functions/core/refuse.sql

set role app_engine;

create or replace function app_private.require_capability(capability text) returns void
language plpgsql stable
set search_path = ''
as $$
declare
  v_is_built boolean;
begin
  select service_capabilities.is_built into v_is_built
  from app_public.service_capabilities
  where service_capabilities.key = require_capability.capability;
  if v_is_built is null then
    perform app_hidden.refuse('VALIDATION', 'capability_unknown', '{"field": "capability"}',
      'See serviceCapabilities for what there is.');
  elsif not v_is_built then
    perform app_hidden.refuse('CAPABILITY_NOT_BUILT', 'capability_not_built', jsonb_build_object('capability', capability),
      'This is declared for later; nothing implements it yet.');
  end if;
end;
$$;

comment on function app_private.require_capability(text) is 'Refuses a capability that is unknown, or declared and not built.';

reset role;
-- end of source: functions/providers/require_capability.sql

-- source: functions/providers/choose_provider.sql
-- A clinic chooses who serves a capability, among what the platform offers. FND-22.
-- requires: functions/core/refuse.sql
-- requires: functions/identity/require_permission.sql
-- requires: functions/providers/require_capability.sql

set role app_engine;

create or replace function app_public.choose_provider(
  organization_id uuid, capability text, provider text, integration_id uuid default null
) returns app_public.organization_service_providers
language plpgsql volatile security definer
set search_path = ''
as $$
declare
  v_offer app_public.platform_service_providers;
  v_choice app_public.organization_service_providers;
begin
  perform app_private.require_permission(organization_id, 'integrations.manage');
  perform app_private.require_capability(capability);

  -- The lock keeps the offer as it is until the choice is written.
  select offer.* into v_offer
  from app_public.platform_service_providers as offer
  where offer.capability = choose_provider.capability and offer.provider = choose_provider.provider
    and (offer.is_offered or offer.is_default)
  for share;
  if not found then
    perform app_hidden.refuse(
      'VALIDATION', 'provider_not_offered', '{"field": "provider"}',
      'Choose one that the platform offers for this capability: see platformServiceProviders.');
  end if;
  if integration_id is null and not v_offer.has_platform_account then
    perform app_hidden.refuse(
      'VALIDATION', 'integration_required', '{"field": "integrationId"}',
      'The platform has no account there: enter your own with saveIntegration and name it here.');
  end if;
  if integration_id is not null then
    perform from app_public.organization_integrations as integration
    where integration.organization_id = choose_provider.organization_id
      and integration.id = choose_provider.integration_id
      and integration.provider = choose_provider.provider
    for share;
    if not found then
      perform app_hidden.refuse('NOT_FOUND', 'not_found', '{"field": "integrationId"}',
        'There is no such integration of this provider, or it is not yours to see.');
    end if;
  end if;

  insert into app_public.organization_service_providers (organization_id, capability, provider, integration_id)
  values (choose_provider.organization_id, choose_provider.capability, choose_provider.provider, choose_provider.integration_id)
  on conflict on constraint organization_service_providers_pkey do update
    set provider = excluded.provider, integration_id = excluded.integration_id
  returning * into v_choice;
  return v_choice;
end;
$$;

comment on function app_public.choose_provider(uuid, text, text, uuid) is
  'Chooses who serves a capability for the clinic, with its own integration or with the platform''s account. Needs integrations.manage.';
grant execute on function app_public.choose_provider(uuid, text, text, uuid) to app_member;

reset role;
-- end of source: functions/providers/choose_provider.sql

-- source: functions/providers/locked_integration.sql
-- An integration that the caller manages, locked; another clinic's is not there. FND-23.
-- requires: functions/core/refuse.sql
-- requires: functions/identity/require_permission.sql

set role app_engine;

create or replace function app_private.locked_integration(integration_id uuid) returns app_public.organization_integrations
language plpgsql volatile
set search_path = ''
as $$
declare
  v_integration app_public.organization_integrations;
begin
  select organization_integrations.* into v_integration
  from app_public.organization_integrations
  where organization_integrations.id = locked_integration.integration_id
  for update;
  if not found then
    perform app_hidden.refuse('NOT_FOUND', 'not_found', '{}', 'There is no such thing, or it is not yours to see.');
  end if;
  perform app_private.require_permission(v_integration.organization_id, 'integrations.manage');
  return v_integration;
end;
$$;

comment on function app_private.locked_integration(uuid) is
  'Locks an integration for a change; refuses with NOT_FOUND, or FORBIDDEN for a colleague without integrations.manage.';

reset role;
-- end of source: functions/providers/locked_integration.sql

-- source: functions/providers/disable_integration.sql
-- Switched off by hand: nothing goes through this account any more. FND-23.
-- requires: functions/core/now.sql
-- requires: functions/events/publish.sql
-- requires: functions/providers/locked_integration.sql

set role app_engine;

create or replace function app_public.disable_integration(integration_id uuid) returns app_public.organization_integrations
language plpgsql volatile strict security definer
set search_path = ''
as $$
declare
  v_integration app_public.organization_integrations := app_private.locked_integration(integration_id);
begin
  update app_public.organization_integrations
  set status = 'disabled', disabled_reason = 'by_staff', disabled_at = app_hidden.now()
  where organization_integrations.id = v_integration.id
  returning * into v_integration;
  perform app_private.publish('integration.disabled', v_integration.organization_id, v_integration.id,
    '{"reason": "by_staff"}');
  return v_integration;
end;
$$;

comment on function app_public.disable_integration(uuid) is
  'Switches an integration off. What it served is refused until it is enabled or another provider is chosen. Needs integrations.manage.';
grant execute on function app_public.disable_integration(uuid) to app_member;

reset role;
-- end of source: functions/providers/disable_integration.sql

-- source: functions/providers/enable_integration.sql
-- Switched on again, once the vendor has taken the keys. FND-23.
-- requires: functions/core/refuse.sql
-- requires: functions/events/publish.sql
-- requires: functions/providers/locked_integration.sql

set role app_engine;

create or replace function app_public.enable_integration(integration_id uuid) returns app_public.organization_integrations
language plpgsql volatile strict security definer
set search_path = ''
as $$
declare
  v_integration app_public.organization_integrations := app_private.locked_integration(integration_id);
begin
  if v_integration.status = 'disabled'
     and not coalesce(v_integration.last_test_passed and v_integration.last_tested_at >= v_integration.disabled_at, false) then
    perform app_hidden.refuse(
      'STATE', 'test_must_pass_first', jsonb_build_object('from', v_integration.status, 'to', 'active'),
      'Test the integration (testIntegration); when the test passes, it can be enabled.');
  end if;
  update app_public.organization_integrations
  set status = 'active', disabled_reason = null, disabled_at = null, consecutive_auth_failures = 0
  where organization_integrations.id = v_integration.id
  returning * into v_integration;
  perform app_private.publish('integration.enabled', v_integration.organization_id, v_integration.id);
  return v_integration;
end;
$$;

comment on function app_public.enable_integration(uuid) is
  'Switches an integration on again. A test must have passed since it was disabled. Needs integrations.manage.';
grant execute on function app_public.enable_integration(uuid) to app_member;

reset role;
-- end of source: functions/providers/enable_integration.sql

-- source: functions/providers/integration_account.sql
-- What a vendor is called with, for the processes that open envelopes; people never read it. FND-23.

set role app_engine;

create or replace function app_hidden.integration_account(integration_id uuid)
returns table (
  organization_id uuid, provider text, settings jsonb, credentials bytea, credentials_version int
)
language sql stable strict security definer
set search_path = ''
begin atomic
  select organization_integrations.organization_id, organization_integrations.provider,
         organization_integrations.settings, organization_integrations.credentials::bytea,
         organization_integrations.credentials_version
  from app_public.organization_integrations
  where organization_integrations.id = integration_account.integration_id;
end;

comment on function app_hidden.integration_account(uuid) is 'The account behind an integration, its keys sealed; no row when there is none.';
grant execute on function app_hidden.integration_account(uuid) to app_authenticator, app_worker;

reset role;
-- end of source: functions/providers/integration_account.sql

-- source: functions/providers/require_provider.sql
-- A vendor that a clinic may have an account at: known, and offered for something. FND-22, FND-23.
-- requires: functions/core/refuse.sql

set role app_engine;

create or replace function app_private.require_provider(provider text) returns app_public.service_providers
language plpgsql stable
set search_path = ''
as $$
declare
  v_provider app_public.service_providers;
begin
  select service_providers.* into v_provider
  from app_public.service_providers
  where service_providers.key = require_provider.provider
    and service_providers.credential_fields <> '[]'
    and exists (
      select from app_public.platform_service_providers as offer
      where offer.provider = service_providers.key and offer.is_offered);
  if not found then
    perform app_hidden.refuse(
      'VALIDATION', 'provider_not_offered', '{"field": "provider"}',
      'Choose one of the providers that the platform offers: see serviceProviders and platformServiceProviders.');
  end if;
  return v_provider;
end;
$$;

comment on function app_private.require_provider(text) is
  'The provider, or a refusal when it is unknown, not offered or has no accounts.';

reset role;
-- end of source: functions/providers/require_provider.sql

-- source: functions/providers/integration_form.sql
-- Asked before anything is encrypted: may the caller save this integration, and which keys belong into it? FND-23.
-- requires: functions/core/refuse.sql
-- requires: functions/identity/require_permission.sql
-- requires: functions/providers/require_provider.sql

set role app_engine;

create or replace function app_hidden.integration_form(organization_id uuid, provider text, integration_id uuid default null)
returns jsonb
language plpgsql stable security definer
set search_path = ''
as $$
begin
  perform app_private.require_permission(organization_id, 'integrations.manage');
  if integration_id is not null and not exists (
    select from app_public.organization_integrations
    where organization_integrations.organization_id = integration_form.organization_id
      and organization_integrations.id = integration_form.integration_id
      and organization_integrations.provider = integration_form.provider
  ) then
    perform app_hidden.refuse('NOT_FOUND', 'not_found', '{}', 'There is no such thing, or it is not yours to see.');
  end if;
  return (app_private.require_provider(provider)).credential_fields;
end;
$$;

comment on function app_hidden.integration_form(uuid, text, uuid) is
  'The credential fields of the provider, for a caller who may save this integration; refusals otherwise.';
grant execute on function app_hidden.integration_form(uuid, text, uuid) to app_member;

reset role;
-- end of source: functions/providers/integration_form.sql

-- source: functions/providers/record_integration_result.sql
-- Whether the vendor took a clinic's keys. Five refusals in a row switch the integration off: a vendor that is asked
-- with bad keys for hours locks accounts, and the clinic should hear of it. FND-23.
-- requires: functions/core/now.sql
-- requires: functions/events/publish.sql

set role app_engine;

create or replace function app_hidden.record_integration_result(integration_id uuid, ok boolean) returns void
language plpgsql volatile strict security definer
set search_path = ''
as $$
declare
  v_integration app_public.organization_integrations;
begin
  if ok then
    -- Most uses find nothing to write: the row is not written for each message.
    update app_public.organization_integrations
    set last_used_at = app_hidden.now(), consecutive_auth_failures = 0
    where organization_integrations.id = record_integration_result.integration_id
      and (organization_integrations.consecutive_auth_failures > 0
           or organization_integrations.last_used_at is null
           or organization_integrations.last_used_at < app_hidden.now() - interval '5 minutes');
    return;
  end if;

  update app_public.organization_integrations
  set consecutive_auth_failures = organization_integrations.consecutive_auth_failures + 1,
      last_used_at = app_hidden.now()
  where organization_integrations.id = record_integration_result.integration_id
    and organization_integrations.status = 'active'
  returning * into v_integration;
  if v_integration.consecutive_auth_failures >= 5 then
    update app_public.organization_integrations
    set status = 'disabled', disabled_reason = 'credentials_refused', disabled_at = app_hidden.now()
    where organization_integrations.id = v_integration.id;
    perform app_private.publish('integration.disabled', v_integration.organization_id, v_integration.id,
      '{"reason": "credentials_refused"}');
  end if;
end;
$$;

comment on function app_hidden.record_integration_result(uuid, boolean) is
  'Counts what the vendor said of the keys: ok starts the count anew, five refusals in a row disable the integration.';
grant execute on function app_hidden.record_integration_result(uuid, boolean) to app_authenticator, app_worker;

reset role;
-- end of source: functions/providers/record_integration_result.sql

-- source: functions/providers/record_integration_test.sql
-- How a test went. It counts only for the keys that were tested: whoever changed them meanwhile tests again. FND-23.
-- requires: functions/core/now.sql

set role app_engine;

create or replace function app_hidden.record_integration_test(
  integration_id uuid, credentials_version int, passed boolean, reason text default null
) returns boolean
language plpgsql volatile security definer
set search_path = ''
as $$
begin
  update app_public.organization_integrations
  set last_tested_at = app_hidden.now(),
      last_test_passed = record_integration_test.passed,
      last_test_reason = case when record_integration_test.passed then null else record_integration_test.reason end,
      consecutive_auth_failures = case when record_integration_test.passed then 0
                                  else organization_integrations.consecutive_auth_failures end
  where organization_integrations.id = record_integration_test.integration_id
    and organization_integrations.credentials_version = record_integration_test.credentials_version;
  return found;
end;
$$;

comment on function app_hidden.record_integration_test(uuid, int, boolean, text) is
  'Records the outcome of a test; false when the keys were changed or removed while it ran.';
grant execute on function app_hidden.record_integration_test(uuid, int, boolean, text) to app_authenticator;

reset role;
-- end of source: functions/providers/record_integration_test.sql

-- source: functions/providers/remove_integration.sql
-- Takes an account out, with its keys. What a capability still uses stays: choose something else for it first. FND-23.
-- requires: functions/core/refuse.sql
-- requires: functions/events/publish.sql
-- requires: functions/providers/locked_integration.sql

set role app_engine;

create or replace function app_public.remove_integration(integration_id uuid) returns uuid
language plpgsql volatile strict security definer
set search_path = ''
as $$
declare
  v_integration app_public.organization_integrations := app_private.locked_integration(integration_id);
  v_capabilities jsonb;
begin
  select jsonb_agg(chosen.capability order by chosen.capability) into v_capabilities
  from app_public.organization_service_providers as chosen
  where chosen.organization_id = v_integration.organization_id and chosen.integration_id = v_integration.id;
  if v_capabilities is not null then
    perform app_hidden.refuse(
      'CONFLICT', 'integration_in_use', jsonb_build_object('capabilities', v_capabilities),
      'Choose another provider for these capabilities first.');
  end if;
  delete from app_public.organization_integrations where organization_integrations.id = v_integration.id;
  perform app_private.publish('integration.removed', v_integration.organization_id, v_integration.id);
  return v_integration.id;
end;
$$;

comment on function app_public.remove_integration(uuid) is
  'Deletes an integration and its keys. CONFLICT while a capability uses it. Needs integrations.manage.';
grant execute on function app_public.remove_integration(uuid) to app_member;

reset role;
-- end of source: functions/providers/remove_integration.sql

-- source: functions/providers/require_integration.sql
-- Asked before a test: is this an integration that the caller manages? FND-23.
-- requires: functions/core/refuse.sql
-- requires: functions/identity/require_permission.sql

set role app_engine;

create or replace function app_hidden.require_integration(integration_id uuid) returns void
language plpgsql stable security definer
set search_path = ''
as $$
declare
  v_organization_id uuid;
begin
  select organization_integrations.organization_id into v_organization_id
  from app_public.organization_integrations
  where organization_integrations.id = require_integration.integration_id;
  if not found then
    perform app_hidden.refuse('NOT_FOUND', 'not_found', '{}', 'There is no such thing, or it is not yours to see.');
  end if;
  perform app_private.require_permission(v_organization_id, 'integrations.manage');
end;
$$;

comment on function app_hidden.require_integration(uuid) is
  'Passes when the caller manages this integration; NOT_FOUND for another clinic''s, FORBIDDEN for a colleague.';
grant execute on function app_hidden.require_integration(uuid) to app_member;

reset role;
-- end of source: functions/providers/require_integration.sql

-- source: functions/providers/resolve_provider.sql
-- Who serves a capability for a clinic, and with which account: the one place that knows. FND-22.
-- A clinic's own account that is switched off is not replaced by the platform's behind its back.
-- requires: functions/core/refuse.sql
-- requires: functions/providers/require_capability.sql

set role app_engine;

create or replace function app_hidden.resolve_provider(organization_id uuid, capability text)
returns table (provider text, settings jsonb, credentials bytea, integration_id uuid)
language plpgsql stable security definer
set search_path = ''
as $$
declare
  v_provider text;
  v_integration_id uuid;
  v_status text;
  v_settings jsonb;
  v_credentials bytea;
begin
  perform app_private.require_capability(capability);

  select choice.provider, choice.integration_id, integration.status, integration.settings, integration.credentials::bytea
  into v_provider, v_integration_id, v_status, v_settings, v_credentials
  from app_public.organization_service_providers as choice
  left join app_public.organization_integrations as integration
    on integration.organization_id = choice.organization_id and integration.id = choice.integration_id
  where choice.organization_id = resolve_provider.organization_id and choice.capability = resolve_provider.capability;

  if v_status = 'disabled' then
    perform app_hidden.refuse(
      'STATE', 'integration_disabled',
      jsonb_build_object('capability', capability, 'provider', v_provider, 'integrationId', v_integration_id),
      'The clinic''s own account is switched off: test and enable it, or choose another provider.');
  end if;
  if v_provider is null then
    select offer.provider into v_provider
    from app_public.platform_service_providers as offer
    where offer.capability = resolve_provider.capability and offer.is_default;
  end if;
  if v_provider is null then
    perform app_hidden.refuse('STATE', 'provider_missing', jsonb_build_object('capability', capability),
      'The platform has no default for this capability.');
  end if;
  return query select v_provider, coalesce(v_settings, '{}'), v_credentials, v_integration_id;
end;
$$;

comment on function app_hidden.resolve_provider(uuid, text) is
  'The provider of a capability for a clinic, with the settings and sealed keys of its own account; without keys, the '
  'platform''s account. Refuses what is not built and what is switched off.';
grant execute on function app_hidden.resolve_provider(uuid, text) to app_authenticator, app_worker;

reset role;
-- end of source: functions/providers/resolve_provider.sql

-- source: functions/providers/settings_problem.sql
-- Says which setting does not fit what the provider declares. FND-23.

create or replace function app_private.settings_problem(fields jsonb, settings jsonb) returns text
language sql stable parallel safe
set search_path = ''
begin atomic
  with declared as (
    select field ->> 'name' as name, field ->> 'kind' as kind, (field ->> 'required')::boolean as required
    from jsonb_array_elements(fields) as field
  )
  select problem.name
  from (
    select given.name
    from jsonb_object_keys(settings) as given (name)
    where given.name not in (select declared.name from declared)
    union all
    select declared.name
    from declared
    cross join lateral (select settings -> declared.name as value, settings ->> declared.name as text) as given
    where case
        when given.value is null or jsonb_typeof(given.value) = 'null' then declared.required
        when declared.kind = 'integer' then
          jsonb_typeof(given.value) <> 'number' or given.text !~ '^[0-9]{1,9}$'
        when declared.kind = 'boolean' then jsonb_typeof(given.value) <> 'boolean'
        when jsonb_typeof(given.value) <> 'string' or length(given.text) not between 1 and 300
          or given.text ~ '[[:cntrl:]]' then true
        when declared.kind = 'url' then given.text !~ '^https?://[^\s/?#@]+(/[^\s?#]*)?$'
        when declared.kind = 'email' then given.text !~ '^[^\s@]+@[^\s@]+\.[^\s@]+$'
        when declared.kind = 'phone' then given.text !~ '^\+[1-9][0-9]{6,14}$'
        else given.text !~ '\S'
      end
  ) as problem
  order by problem.name
  limit 1;
end;

comment on function app_private.settings_problem(jsonb, jsonb) is
  'The first setting that is unknown, missing or of another kind; null when all fit.';
grant execute on function app_private.settings_problem(jsonb, jsonb) to app_engine;
-- end of source: functions/providers/settings_problem.sql

-- source: functions/providers/save_integration.sql
-- Adds or changes a clinic's account at a vendor. The keys arrive sealed; without any, the present ones stay. FND-23.
-- Behind the mutation saveIntegration, which seals them before this is called: that is why it is not exposed itself.
-- requires: functions/core/refuse.sql
-- requires: functions/core/now.sql
-- requires: functions/core/current_actor_id.sql
-- requires: functions/events/publish.sql
-- requires: functions/identity/require_permission.sql
-- requires: functions/providers/locked_integration.sql
-- requires: functions/providers/require_provider.sql
-- requires: functions/providers/settings_problem.sql

set role app_engine;

create or replace function app_hidden.save_integration(
  id uuid,
  organization_id uuid,
  provider text,
  label text,
  settings jsonb,
  credentials bytea default null,
  last_four jsonb default null,
  is_new boolean default true
) returns uuid
language plpgsql volatile security definer
set search_path = ''
as $$
declare
  v_provider app_public.service_providers;
  v_problem text;
begin
  if is_new then
    perform app_private.require_permission(organization_id, 'integrations.manage');
  elsif (app_private.locked_integration(id)).organization_id is distinct from organization_id then
    perform app_hidden.refuse('NOT_FOUND', 'not_found', '{}', 'There is no such thing, or it is not yours to see.');
  end if;
  v_provider := app_private.require_provider(provider);
  v_problem := app_private.settings_problem(v_provider.settings_fields, settings);
  if v_problem is not null then
    perform app_hidden.refuse(
      'VALIDATION', 'setting_invalid', jsonb_build_object('field', 'settings.' || left(v_problem, 50)),
      'See the settingsFields of this provider for what belongs there.');
  end if;

  if is_new then
    insert into app_public.organization_integrations
      (id, organization_id, provider, label, settings, credentials, last_four, created_by)
    values
      (save_integration.id, save_integration.organization_id, v_provider.key, btrim(save_integration.label),
       save_integration.settings, save_integration.credentials, save_integration.last_four, app_private.current_actor_id());
    perform app_private.publish('integration.added', organization_id, id);
  else
    update app_public.organization_integrations as integration
    set label = btrim(save_integration.label),
        settings = save_integration.settings,
        credentials = coalesce(save_integration.credentials, integration.credentials),
        last_four = case when save_integration.credentials is null then integration.last_four else save_integration.last_four end,
        credentials_version = integration.credentials_version + (save_integration.credentials is not null)::int,
        -- What was found out about other keys or settings says nothing about these.
        consecutive_auth_failures = 0,
        last_tested_at = null, last_test_passed = null, last_test_reason = null
    where integration.id = save_integration.id and integration.provider = v_provider.key;
    if not found then
      perform app_hidden.refuse('NOT_FOUND', 'not_found', '{}', 'There is no such thing, or it is not yours to see.');
    end if;
    perform app_private.publish('integration.changed', organization_id, id,
      jsonb_build_object('credentialsChanged', credentials is not null));
  end if;
  return id;
end;
$$;

comment on function app_hidden.save_integration(uuid, uuid, text, text, jsonb, bytea, jsonb, boolean) is
  'Stores an integration whose keys were sealed for this id. Needs integrations.manage.';
grant execute on function app_hidden.save_integration(uuid, uuid, text, text, jsonb, bytea, jsonb, boolean) to app_member;

reset role;
-- end of source: functions/providers/save_integration.sql

-- source: functions/providers/set_platform_provider.sql
-- The platform says which vendors it offers, and which serves whoever chose none. FND-22.
-- requires: functions/core/refuse.sql
-- requires: functions/identity/is_superadmin.sql
-- requires: functions/providers/require_capability.sql

set role app_engine;

create or replace function app_public.set_platform_provider(
  capability text, provider text, is_offered boolean, is_default boolean, has_platform_account boolean
) returns app_public.platform_service_providers
language plpgsql volatile strict security definer
set search_path = ''
as $$
declare
  v_provider app_public.platform_service_providers;
begin
  if not app_hidden.is_superadmin() then
    perform app_hidden.refuse('FORBIDDEN', 'superadmin_only', '{}', 'Only the platform sets what it offers.');
  end if;
  perform app_private.require_capability(capability);
  perform pg_advisory_xact_lock(hashtextextended('platform_service_providers:' || capability, 0));

  select offer.* into v_provider
  from app_public.platform_service_providers as offer
  where offer.capability = set_platform_provider.capability and offer.provider = set_platform_provider.provider
  for update;
  if not found then
    perform app_hidden.refuse('NOT_FOUND', 'not_found', '{}', 'No adapter of this provider serves this capability.');
  end if;
  if v_provider.is_default and not is_default then
    perform app_hidden.refuse('CONFLICT', 'default_needs_a_successor', jsonb_build_object('capability', capability),
      'Make another provider the default instead.');
  end if;
  if is_default and not has_platform_account then
    perform app_hidden.refuse('VALIDATION', 'default_needs_an_account', '{"field": "hasPlatformAccount"}',
      'Clinics that choose nothing use the platform''s account, so the default must have one.');
  end if;
  if not has_platform_account and exists (
    select from app_public.organization_service_providers as choice
    where choice.capability = set_platform_provider.capability and choice.provider = set_platform_provider.provider
      and choice.integration_id is null
  ) then
    perform app_hidden.refuse('CONFLICT', 'platform_account_in_use', jsonb_build_object('capability', capability),
      'Clinics use the platform''s account there: they must choose something else first.');
  end if;

  if is_default then
    update app_public.platform_service_providers as offer set is_default = false
    where offer.capability = set_platform_provider.capability and offer.is_default
      and offer.provider <> set_platform_provider.provider;
  end if;
  update app_public.platform_service_providers as offer
  set is_offered = set_platform_provider.is_offered,
      is_default = set_platform_provider.is_default,
      has_platform_account = set_platform_provider.has_platform_account
  where offer.capability = set_platform_provider.capability and offer.provider = set_platform_provider.provider
  returning * into v_provider;
  return v_provider;
end;
$$;

comment on function app_public.set_platform_provider(text, text, boolean, boolean, boolean) is
  'Sets whether clinics may choose a provider, whether it serves those that chose none, and whether the platform has an account there. Superadmin only.';
grant execute on function app_public.set_platform_provider(text, text, boolean, boolean, boolean) to app_member;

reset role;
-- end of source: functions/providers/set_platform_provider.sql

-- source: functions/providers/use_platform_provider.sql
-- Back to what the platform provides. FND-22.
-- requires: functions/identity/require_permission.sql
-- requires: functions/providers/require_capability.sql

set role app_engine;

create or replace function app_public.use_platform_provider(organization_id uuid, capability text) returns boolean
language plpgsql volatile strict security definer
set search_path = ''
as $$
begin
  perform app_private.require_permission(organization_id, 'integrations.manage');
  perform app_private.require_capability(capability);
  delete from app_public.organization_service_providers as choice
  where choice.organization_id = use_platform_provider.organization_id
    and choice.capability = use_platform_provider.capability;
  return found;
end;
$$;

comment on function app_public.use_platform_provider(uuid, text) is
  'Takes the clinic''s choice back: the platform''s default serves. True when there was one. Needs integrations.manage.';
grant execute on function app_public.use_platform_provider(uuid, text) to app_member;

reset role;
-- end of source: functions/providers/use_platform_provider.sql

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
  E'@longestPage 400\n@cost 40\n'
  'Days in [from, to), in the calendar''s zone, on which at least one time can be booked; at most 62 days at a time.';

grant execute on function app_public.available_days(uuid, date, date, uuid) to app_anonymous, app_member;

reset role;
-- end of source: functions/scheduling/available_days.sql

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
  E'@longestPage 2000\n@cost 20\n'
  'Bookable times of a calendar that start in [from, to), earliest first; at most 62 days at a time. '
  'specialistId narrows to one specialist, where the visitor picks the specialist.';

grant execute on function app_public.available_slots(uuid, timestamptz, timestamptz, uuid) to app_anonymous, app_member;

reset role;
-- end of source: functions/scheduling/available_slots.sql

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
  E'@cost 20\n'
  'For staff: "free", or the first rule that keeps this specialist from being booked at that start: calendar_inactive, '
  'service_inactive, specialist_inactive, not_in_calendar, not_providing_service, in_the_past, inside_notice, '
  'beyond_horizon, outside_hours, closed, off_the_grid or taken.';

grant execute on function app_public.explain_availability(uuid, uuid, timestamptz) to app_member;

reset role;
-- end of source: functions/scheduling/explain_availability.sql

-- source: functions/scheduling/hold_slot.sql
-- A visitor keeps a time while filling the form. SCH-06, APT-05.
-- requires: functions/core/now.sql
-- requires: functions/core/current_principal_id.sql
-- requires: functions/core/remembered.sql
-- requires: functions/core/remember.sql
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
  v_remembered jsonb := app_private.remembered('hold_slot', jsonb_build_array(calendar_id, starts_at, specialist_id));
  v_hold app_public.slot_hold;
  v_calendar app_public.calendars;
  v_organization app_public.organizations;
  v_draft app_private.time_claims;
  v_claim app_private.time_claims;
  v_address inet := nullif(current_setting('app.ip', true), '')::inet;
  v_token text;
begin
  if v_remembered is not null then
    return jsonb_populate_record(v_hold, v_remembered);
  end if;

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

  v_hold := (v_token, v_claim.calendar_id, v_claim.specialist_id,
             lower(v_claim.during), upper(v_claim.during), v_claim.expires_at)::app_public.slot_hold;
  perform app_private.remember('hold_slot', to_jsonb(v_hold));
  return v_hold;
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
  E'@cost 20\n'
  'The next n (at most 50) bookable times of a calendar, up to its horizon.';

grant execute on function app_public.next_available(uuid, int, uuid) to app_anonymous, app_member;

reset role;
-- end of source: functions/scheduling/next_available.sql

-- source: functions/scheduling/remove_calendar.sql
-- A calendar goes once nobody is booked in it any more. FND-10, SCH-02.
-- requires: functions/core/soft_delete.sql
-- requires: functions/scheduling/bookings_to_come.sql
-- requires: functions/scheduling/require_nothing_to_come.sql

set role app_engine;

create or replace function app_public.remove_calendar(calendar_id uuid) returns app_public.calendars
language plpgsql volatile strict security definer
set search_path = ''
as $$
declare
  v_calendar app_public.calendars;
begin
  -- Bookings lock their calendar for share (require_calendar): those under way are waited for, later ones refused.
  perform app_private.soft_delete('app_public.calendars', calendar_id);
  select calendars.* into strict v_calendar from app_public.calendars where calendars.id = remove_calendar.calendar_id;
  perform app_private.require_nothing_to_come((
    select count(*) from app_private.bookings_to_come(v_calendar.organization_id) as booking
    where booking.calendar_id = v_calendar.id));
  return v_calendar;
end;
$$;

comment on function app_public.remove_calendar(uuid) is
  'Removes a calendar; restoreDeletedRow brings it back. Needs calendars.manage; CONFLICT has_future_appointments with their count.';
grant execute on function app_public.remove_calendar(uuid) to app_member;

reset role;
-- end of source: functions/scheduling/remove_calendar.sql

-- source: functions/secrets/data_key.sql
-- Hands out a data key as it is kept: wrapped. Only KMS can make it of use. FND-11.

set role app_engine;

create or replace function app_hidden.data_key(organization_id uuid, version int default null)
returns table (key_version int, wrapped_key bytea)
language sql stable security definer
set search_path = ''
begin atomic
  select data_keys.version, data_keys.wrapped
  from app_private.data_keys
  where (data_keys.organization_id = data_key.organization_id
         or data_keys.organization_id is null and data_key.organization_id is null)
    and case when data_key.version is null then data_keys.status = 'active' else data_keys.version = data_key.version end;
end;

comment on function app_hidden.data_key(uuid, int) is
  'The wrapped data key of a clinic (null: the platform''s) in this version, or the one that seals now; no row when there is none.';
grant execute on function app_hidden.data_key(uuid, int) to app_authenticator, app_worker;

reset role;
-- end of source: functions/secrets/data_key.sql

-- source: functions/secrets/add_first_data_key.sql
-- The first secret of a clinic makes its data key. Two processes may both bring one: the first is kept, and both
-- are answered with that. FND-11.
-- requires: functions/secrets/data_key.sql

set role app_engine;

create or replace function app_hidden.add_first_data_key(organization_id uuid, wrapped bytea, master_key_id text)
returns table (key_version int, wrapped_key bytea)
language plpgsql volatile security definer
set search_path = ''
as $$
begin
  insert into app_private.data_keys (organization_id, version, wrapped, master_key_id)
  values (add_first_data_key.organization_id, 1, add_first_data_key.wrapped, add_first_data_key.master_key_id)
  on conflict do nothing;

  -- A statement of its own: it sees what somebody else has committed while we waited.
  return query select active.* from app_hidden.data_key(add_first_data_key.organization_id) as active;
end;
$$;

comment on function app_hidden.add_first_data_key(uuid, bytea, text) is
  'Keeps the first data key of a clinic (null: the platform) and answers with the one that was kept, ours or another''s.';
grant execute on function app_hidden.add_first_data_key(uuid, bytea, text) to app_authenticator, app_worker;

reset role;
-- end of source: functions/secrets/add_first_data_key.sql

-- source: functions/secrets/add_next_data_key.sql
-- From here on a clinic seals with a new key; the one before stays readable and is retired when nothing uses it. FND-11.

set role app_engine;

create or replace function app_private.add_next_data_key(
  organization_id uuid, version int, wrapped bytea, master_key_id text
) returns boolean
language plpgsql volatile security definer
set search_path = ''
as $$
begin
  update app_private.data_keys set status = 'retiring'
  where (data_keys.organization_id = add_next_data_key.organization_id
         or data_keys.organization_id is null and add_next_data_key.organization_id is null)
    and data_keys.status = 'active'
    and data_keys.version = add_next_data_key.version - 1;
  if not found then
    return false;
  end if;
  insert into app_private.data_keys (organization_id, version, wrapped, master_key_id)
  values (add_next_data_key.organization_id, add_next_data_key.version, add_next_data_key.wrapped,
          add_next_data_key.master_key_id);
  return true;
end;
$$;

comment on function app_private.add_next_data_key(uuid, int, bytea, text) is
  'Makes this the key that seals, after the version before it; false when that one does not seal any more.';
grant execute on function app_private.add_next_data_key(uuid, int, bytea, text) to app_worker;

reset role;
-- end of source: functions/secrets/add_next_data_key.sql

-- source: functions/secrets/ciphertext_places.sql
-- Where there are envelopes: asked of the classification, so that a rotation finds a column the day it is classified.
-- FND-11, FND-12.

set role app_engine;

create or replace function app_private.ciphertext_places()
returns table (table_name text, column_name text, key_column text, key_type text, has_organization boolean)
language sql stable security definer
set search_path = ''
begin atomic
  select classified_columns.table_name, classified_columns.column_name, key.attname::text,
         pg_catalog.format_type(key.atttypid, key.atttypmod),
         exists (
           select from pg_catalog.pg_attribute
           where pg_attribute.attrelid = encrypted.attrelid and pg_attribute.attname = 'organization_id'
             and not pg_attribute.attisdropped)
  from app_private.classified_columns
  join app_private.data_classes on data_classes.name = classified_columns.class and data_classes.is_encrypted
  join pg_catalog.pg_attribute as encrypted
    on encrypted.attrelid = classified_columns.table_name::regclass
   and encrypted.attname = classified_columns.column_name
   and encrypted.atttypid = 'app_private.ciphertext'::regtype
  join pg_catalog.pg_index on pg_index.indrelid = encrypted.attrelid and pg_index.indisprimary and pg_index.indnkeyatts = 1
  join pg_catalog.pg_attribute as key on key.attrelid = encrypted.attrelid and key.attnum = pg_index.indkey[0]
  order by 1, 2;
end;

comment on function app_private.ciphertext_places() is
  'Every encrypted column with the primary key that its envelopes are bound to.';
grant execute on function app_private.ciphertext_places() to app_worker;

reset role;
-- end of source: functions/secrets/ciphertext_places.sql

-- source: functions/secrets/data_keys_to_rewrap.sql
-- Data keys that another master key wrapped, also the retired ones: backups need them. FND-11.

set role app_engine;

create or replace function app_private.data_keys_to_rewrap(master_key_id text, after uuid, batch int)
returns table (id uuid, organization_id uuid, version int, wrapped bytea)
language sql stable security definer
set search_path = ''
begin atomic
  select data_keys.id, data_keys.organization_id, data_keys.version, data_keys.wrapped
  from app_private.data_keys
  where data_keys.master_key_id <> data_keys_to_rewrap.master_key_id
    and (data_keys.id > data_keys_to_rewrap.after or data_keys_to_rewrap.after is null)
  order by data_keys.id
  limit data_keys_to_rewrap.batch;
end;

comment on function app_private.data_keys_to_rewrap(text, uuid, int) is 'The next data keys that this master key does not wrap.';
grant execute on function app_private.data_keys_to_rewrap(text, uuid, int) to app_worker;

reset role;
-- end of source: functions/secrets/data_keys_to_rewrap.sql

-- source: functions/secrets/key_version.sql
-- Which data key opens an envelope: it stands in the header, so readers need not try. FND-11.

create or replace function app_private.key_version(envelope app_private.ciphertext) returns int
language sql immutable strict parallel safe
set search_path = ''
return (get_byte(envelope, 4) << 24) + (get_byte(envelope, 5) << 16) + (get_byte(envelope, 6) << 8) + get_byte(envelope, 7);

comment on function app_private.key_version(app_private.ciphertext) is 'The version of the data key that sealed this envelope.';
grant execute on function app_private.key_version(app_private.ciphertext) to app_engine;
-- end of source: functions/secrets/key_version.sql

-- source: functions/secrets/envelopes_to_reseal.sql
-- The next envelopes of a column that an older key sealed. FND-11.
-- requires: functions/secrets/ciphertext_places.sql
-- requires: functions/secrets/key_version.sql

set role app_engine;

create or replace function app_private.envelopes_to_reseal(table_name text, column_name text, after text, batch int)
returns table (row_id text, organization_id uuid, envelope bytea)
language plpgsql stable security definer
set search_path = ''
as $$
declare
  v_place record;
begin
  -- The names are taken from the classification, never from the caller.
  select place.* into strict v_place
  from app_private.ciphertext_places() as place
  where place.table_name = envelopes_to_reseal.table_name and place.column_name = envelopes_to_reseal.column_name;

  return query execute format(
    $q$select sealed.%1$I::text, sealed_for.organization_id, sealed.%2$I::bytea
       from %3$s as sealed
       cross join lateral (select %4$s as organization_id) as sealed_for
       join app_private.data_keys
         on data_keys.status = 'active'
        and coalesce(data_keys.organization_id, '00000000-0000-0000-0000-000000000000')
          = coalesce(sealed_for.organization_id, '00000000-0000-0000-0000-000000000000')
        and app_private.key_version(sealed.%2$I) < data_keys.version
       where sealed.%2$I is not null and ($1 is null or sealed.%1$I > $1::%5$s)
       order by sealed.%1$I
       limit $2$q$,
    v_place.key_column, v_place.column_name, v_place.table_name,
    case when v_place.has_organization then 'sealed.organization_id' else 'null::uuid' end, v_place.key_type)
  using envelopes_to_reseal.after, envelopes_to_reseal.batch;
end;
$$;

comment on function app_private.envelopes_to_reseal(text, text, text, int) is
  'Rows after this key whose envelope is not sealed with the present data key of their clinic, in the order of their keys.';
grant execute on function app_private.envelopes_to_reseal(text, text, text, int) to app_worker;

reset role;
-- end of source: functions/secrets/envelopes_to_reseal.sql

-- source: functions/secrets/finish_key_rotation.sql
-- The end of a rotation: nothing is left that it began. FND-11.

set role app_engine;

create or replace function app_private.finish_key_rotation(rotation_id uuid) returns boolean
language plpgsql volatile strict security definer
set search_path = ''
as $$
begin
  update app_private.key_rotations set finished_at = clock_timestamp()
  where key_rotations.id = finish_key_rotation.rotation_id
    and key_rotations.finished_at is null
    and not exists (select from app_private.data_keys where data_keys.status = 'retiring')
    and not exists (
      select from app_private.data_keys
      where data_keys.status = 'active' and data_keys.created_at < key_rotations.started_at);
  return found;
end;
$$;

comment on function app_private.finish_key_rotation(uuid) is
  'Closes a rotation; false while a data key still waits for its successor or for its retirement.';
grant execute on function app_private.finish_key_rotation(uuid) to app_worker;

reset role;
-- end of source: functions/secrets/finish_key_rotation.sql

-- source: functions/secrets/open_key_rotation.sql
-- A rotation is begun once and gone on with until it is done, whoever is killed on the way. FND-11.

set role app_engine;

create or replace function app_private.open_key_rotation(begin_one boolean default true) returns uuid
language plpgsql volatile security definer
set search_path = ''
as $$
declare
  v_id uuid;
begin
  if begin_one then
    -- now() is when this transaction began: a data key that is made at this moment may get a successor too many.
    insert into app_private.key_rotations default values on conflict do nothing;
  end if;
  select key_rotations.id into v_id from app_private.key_rotations where key_rotations.finished_at is null;
  return v_id;
end;
$$;

comment on function app_private.open_key_rotation(boolean) is
  'The rotation that is under way, begun now if there is none and begin_one says so; null otherwise.';
grant execute on function app_private.open_key_rotation(boolean) to app_worker;

reset role;
-- end of source: functions/secrets/open_key_rotation.sql

-- source: functions/secrets/owners_to_rekey.sql
-- Whose data key is older than the rotation. FND-11.

set role app_engine;

create or replace function app_private.owners_to_rekey(rotation_id uuid, batch int)
returns table (organization_id uuid, next_version int)
language sql stable security definer
set search_path = ''
begin atomic
  select data_keys.organization_id, data_keys.version + 1
  from app_private.data_keys
  join app_private.key_rotations
    on key_rotations.id = owners_to_rekey.rotation_id and data_keys.created_at < key_rotations.started_at
  where data_keys.status = 'active'
  order by data_keys.id
  limit owners_to_rekey.batch;
end;

comment on function app_private.owners_to_rekey(uuid, int) is
  'The next clinics (null: the platform) that still seal with a data key from before the rotation.';
grant execute on function app_private.owners_to_rekey(uuid, int) to app_worker;

reset role;
-- end of source: functions/secrets/owners_to_rekey.sql

-- source: functions/secrets/replace_envelopes.sql
-- Puts new envelopes in the place of those that were read; what somebody changed meanwhile stays as they wrote it.
-- FND-11.
-- requires: functions/secrets/ciphertext_places.sql

set role app_engine;

create or replace function app_private.replace_envelopes(
  table_name text, column_name text, row_ids text[], was bytea[], envelopes bytea[]
) returns int
language plpgsql volatile security definer
set search_path = ''
as $$
declare
  v_place record;
  v_replaced int;
begin
  select place.* into strict v_place
  from app_private.ciphertext_places() as place
  where place.table_name = replace_envelopes.table_name and place.column_name = replace_envelopes.column_name;

  execute format(
    $q$update %1$s as sealed
       set %2$I = replaced.envelope::app_private.ciphertext
       from unnest($1, $2, $3) as replaced (row_id, was, envelope)
       where sealed.%3$I = replaced.row_id::%4$s and sealed.%2$I::bytea = replaced.was$q$,
    v_place.table_name, v_place.column_name, v_place.key_column, v_place.key_type)
  using replace_envelopes.row_ids, replace_envelopes.was, replace_envelopes.envelopes;
  get diagnostics v_replaced = row_count;
  return v_replaced;
end;
$$;

comment on function app_private.replace_envelopes(text, text, text[], bytea[], bytea[]) is
  'Stores each new envelope where the old one still is; answers how many.';
grant execute on function app_private.replace_envelopes(text, text, text[], bytea[], bytea[]) to app_worker;

reset role;
-- end of source: functions/secrets/replace_envelopes.sql

-- source: functions/secrets/retire_data_keys.sql
-- Retires the keys that no envelope uses. Writers take their key's lock before they store, we take it before we look:
-- whatever they stored is seen, and who comes later is refused. FND-11.
-- A process that has not noticed yet seals with the old key for a while, hence the grace.
-- requires: functions/secrets/ciphertext_places.sql
-- requires: functions/secrets/key_version.sql

set role app_engine;

create or replace function app_private.retire_data_keys(grace interval) returns table (retired int, waiting int)
language plpgsql volatile strict security definer
set search_path = ''
as $$
declare
  v_ids uuid[];
  v_place record;
begin
  select coalesce(array_agg(locked.id), '{}') into v_ids
  from (
    select data_keys.id from app_private.data_keys
    where data_keys.status = 'retiring' and data_keys.updated_at <= clock_timestamp() - retire_data_keys.grace
    order by data_keys.id
    for update
  ) as locked;

  for v_place in select * from app_private.ciphertext_places() loop
    exit when v_ids = '{}';
    execute format(
      $q$select coalesce(array_agg(data_keys.id), '{}')
         from app_private.data_keys
         where data_keys.id = any ($1)
           and (coalesce(data_keys.organization_id, '00000000-0000-0000-0000-000000000000'), data_keys.version) not in (
             select coalesce(%1$s, '00000000-0000-0000-0000-000000000000'), app_private.key_version(sealed.%2$I)
             from %3$s as sealed
             where sealed.%2$I is not null)$q$,
      case when v_place.has_organization then 'sealed.organization_id' else 'null::uuid' end,
      v_place.column_name, v_place.table_name)
    into v_ids using v_ids;
  end loop;

  update app_private.data_keys set status = 'retired' where data_keys.id = any (v_ids);
  return query
    select cardinality(v_ids), count(*)::int from app_private.data_keys where data_keys.status = 'retiring';
end;
$$;

comment on function app_private.retire_data_keys(interval) is
  'Retires data keys that were replaced at least this long ago and are in no row; answers how many, and how many still wait.';
grant execute on function app_private.retire_data_keys(interval) to app_worker;

reset role;
-- end of source: functions/secrets/retire_data_keys.sql

-- source: functions/secrets/rewrap_data_key.sql
-- The same data key in another wrapping: no envelope notices. FND-11.

set role app_engine;

create or replace function app_private.rewrap_data_key(id uuid, was bytea, wrapped bytea, master_key_id text) returns boolean
language plpgsql volatile strict security definer
set search_path = ''
as $$
begin
  update app_private.data_keys
  set wrapped = rewrap_data_key.wrapped, master_key_id = rewrap_data_key.master_key_id
  where data_keys.id = rewrap_data_key.id and data_keys.wrapped = rewrap_data_key.was;
  return found;
end;
$$;

comment on function app_private.rewrap_data_key(uuid, bytea, bytea, text) is
  'Replaces the wrapping if it is still the one that was read; false when somebody else was faster.';
grant execute on function app_private.rewrap_data_key(uuid, bytea, bytea, text) to app_worker;

reset role;
-- end of source: functions/secrets/rewrap_data_key.sql

-- source: functions/secrets/tg_ciphertext__key_in_use.sql
-- No envelope is stored under a key that is unknown or retired. The lock on the key is shared among writers and waits
-- for nobody but the retirement of this very key, so a key is never retired under an envelope. FND-11.
-- Arguments: the encrypted columns of the table. A table without organization_id uses the platform's keys.
-- requires: functions/core/refuse.sql
-- requires: functions/secrets/key_version.sql

set role app_engine;

create or replace function app_private.tg_ciphertext__key_in_use() returns trigger
language plpgsql volatile security definer
set search_path = ''
as $$
declare
  v_row jsonb := to_jsonb(new);
  v_organization_id uuid := (v_row ->> 'organization_id')::uuid;
  v_column text;
  v_version int;
begin
  foreach v_column in array tg_argv loop
    -- bytea reads as \x… in JSON.
    v_version := app_private.key_version((v_row ->> v_column)::bytea::app_private.ciphertext);
    continue when v_version is null;
    perform from app_private.data_keys
    where (data_keys.organization_id = v_organization_id or data_keys.organization_id is null and v_organization_id is null)
      and data_keys.version = v_version
      and data_keys.status in ('active', 'retiring')
    for share;
    if not found then
      perform app_hidden.refuse(
        'CONFLICT', 'data_key_not_in_use', jsonb_build_object('version', v_version),
        'The data key was changed at this moment. Try again.');
    end if;
  end loop;
  return new;
end;
$$;

comment on function app_private.tg_ciphertext__key_in_use() is
  'Refuses an envelope under a data key that is unknown or retired. Trigger _300_key_in_use, with the encrypted columns.';

reset role;
-- end of source: functions/secrets/tg_ciphertext__key_in_use.sql

-- source: policies/appointments/appointment_moves.sql
-- The history of an appointment: staff with appointments.view. Append-only: nobody holds update or delete. APT-01.
-- requires: functions/identity/organization_ids_where.sql
-- requires: functions/core/classify.sql

alter table app_public.appointment_moves enable row level security;
alter table app_public.appointment_moves force row level security;

grant select on app_public.appointment_moves to app_member;

drop policy if exists appointment_moves_select_staff on app_public.appointment_moves;
create policy appointment_moves_select_staff on app_public.appointment_moves
  for select to app_member
  using (
    organization_id = any ((select app_hidden.organization_ids_where('appointments.view'))::uuid[])
    -- One look-up a row, and the appointment's own policies hide what was deleted.
    and exists (select from app_public.appointments where appointments.id = appointment_moves.appointment_id)
  );

grant select, insert on app_public.appointment_moves to app_engine;
drop policy if exists appointment_moves_all_engine on app_public.appointment_moves;
create policy appointment_moves_all_engine on app_public.appointment_moves
  for all to app_engine
  using (true)
  with check (true);

select app_private.classify('app_public.appointment_moves', 'medical_record',
  '{"operational": ["id", "organization_id", "appointment_id", "moved_by", "moved_at"],
    "phi": ["from_status", "to_status", "reason"]}',
  unaudited => 'Is itself a ledger; each move is also in the audit, as the change of its appointment.');
-- end of source: policies/appointments/appointment_moves.sql

-- source: policies/identity/patients.sql
-- A clinic's patients: staff with patients.view, and the person. FND-07.
-- requires: functions/identity/organization_ids_where.sql
-- requires: functions/identity/current_human_patient_profile_ids.sql
-- requires: functions/core/tg_stamp.sql
-- requires: functions/core/classify.sql
-- requires: functions/core/allow_soft_delete.sql

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

select app_private.classify('app_public.patients', 'medical_record',
  '{"operational": ["id", "organization_id", "created_at", "updated_at", "deleted_at"],
    "phi": ["patient_profile_id"]}',
  person_column => 'patient_profile_id');
select app_private.allow_soft_delete('app_public.patients', 'patients.manage',
  '(select concat_ws('' '', given_name, family_name) from app_public.patient_profiles where id = r.patient_profile_id)');
-- end of source: policies/identity/patients.sql

-- source: policies/appointments/appointments.sql
-- Staff with appointments.view at the clinic; the patient and those who care for the patient. Written by verbs only.
-- APT-01, APT-02.
-- requires: functions/identity/organization_ids_where.sql
-- requires: functions/identity/current_human_patient_profile_ids.sql
-- requires: functions/identity/current_patient_organization_ids.sql
-- requires: functions/core/tg_stamp.sql
-- requires: functions/core/tg_guard_state.sql
-- requires: functions/core/classify.sql
-- requires: functions/core/allow_soft_delete.sql
-- requires: policies/identity/patients.sql

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

select app_private.classify('app_public.appointments', 'medical_record',
  '{"operational": ["id", "organization_id", "booking_request_id", "claim_id", "locale", "created_by",
                    "created_at", "updated_at", "deleted_at"],
    "pii_basic": ["contact_email", "contact_name"],
    "phi": ["patient_profile_id", "calendar_id", "service_id", "specialist_id", "status", "starts_at",
            "ends_at", "modality", "price_amount", "currency", "cancellation_reason"]}',
  person_column => 'patient_profile_id');
select app_private.allow_soft_delete('app_public.appointments', 'appointments.manage',
  'r.contact_name || '', '' || to_char(r.starts_at at time zone
     (select timezone from app_public.organizations where id = r.organization_id), ''YYYY-MM-DD HH24:MI'')',
  follows => 'app_public.patients');
-- end of source: policies/appointments/appointments.sql

-- source: policies/appointments/booking_requests.sql
-- Staff with appointments.view; the guest only through the token of the request. APT-09.
-- requires: functions/identity/organization_ids_where.sql
-- requires: functions/core/tg_stamp.sql
-- requires: functions/core/tg_guard_state.sql
-- requires: functions/core/classify.sql

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

select app_private.classify('app_public.booking_requests', 'clinic',
  '{"operational": ["id", "organization_id", "claim_id", "locale", "respond_by", "decided_at", "decided_by",
                    "created_at", "updated_at"],
    "pii_basic": ["given_name", "family_name", "email", "phone"],
    "phi": ["calendar_id", "service_id", "specialist_id", "status", "message", "starts_at", "ends_at",
            "price_amount", "currency", "rejection_reason"],
    "auth_secret": ["token_hash"]}',
  protected => '{"digest": ["token_hash"]}');
-- end of source: policies/appointments/booking_requests.sql

-- source: policies/audit/anchored_heads.sql
-- What verification compares a chain with. FND-09.
-- requires: functions/core/classify.sql

alter table audit.anchored_heads enable row level security;
alter table audit.anchored_heads force row level security;

grant select, insert on audit.anchored_heads to app_engine;
drop policy if exists anchored_heads_all_engine on audit.anchored_heads;
create policy anchored_heads_all_engine on audit.anchored_heads
  for all to app_engine
  using (true)
  with check (true);

select app_private.classify('audit.anchored_heads', 'ledger',
  '{"operational": ["anchor_number", "scope_id", "sequence", "hash"]}',
  unaudited => 'The audit log itself.');
-- end of source: policies/audit/anchored_heads.sql

-- source: policies/audit/anchors.sql
-- Prepared and confirmed by the task that brings them to object storage. FND-09.
-- requires: functions/core/classify.sql

alter table audit.anchors enable row level security;
alter table audit.anchors force row level security;

grant select, insert, update (stored_at) on audit.anchors to app_engine;
drop policy if exists anchors_all_engine on audit.anchors;
create policy anchors_all_engine on audit.anchors
  for all to app_engine
  using (true)
  with check (true);

select app_private.classify('audit.anchors', 'ledger',
  '{"operational": ["number", "object_key", "surface", "bytes", "hash", "previous_hash", "created_at", "stored_at"]}',
  unaudited => 'The audit log itself.');
-- end of source: policies/audit/anchors.sql

-- source: policies/audit/heads.sql
-- Moved at every commit that leaves an entry. FND-09.
-- requires: functions/core/classify.sql

alter table audit.heads enable row level security;
alter table audit.heads force row level security;

grant select, insert, update on audit.heads to app_engine;
drop policy if exists heads_all_engine on audit.heads;
create policy heads_all_engine on audit.heads
  for all to app_engine
  using (true)
  with check (true);

select app_private.classify('audit.heads', 'ledger',
  '{"operational": ["scope_id", "sequence", "hash", "sealed_at"]}',
  unaudited => 'The audit log itself.');
-- end of source: policies/audit/heads.sql

-- source: policies/audit/seals.sql
-- Written at commit, read by verification. FND-09.
-- requires: functions/core/classify.sql

alter table audit.seals enable row level security;
alter table audit.seals force row level security;

grant select, insert on audit.seals to app_engine;
drop policy if exists seals_all_engine on audit.seals;
create policy seals_all_engine on audit.seals
  for all to app_engine
  using (true)
  with check (true);

select app_private.classify('audit.seals', 'ledger',
  '{"operational": ["id", "scope_id", "sequence", "occurred_at", "sealed_at", "entries", "entries_hash", "bytes", "hash"]}',
  unaudited => 'The audit log itself.');
-- end of source: policies/audit/seals.sql

-- source: policies/catalog/service_specialists.sql
-- Who can provide what: staff and patients of the clinic. CAT-02, SPC-05.
-- requires: functions/identity/current_staff_organization_ids.sql
-- requires: functions/identity/current_patient_organization_ids.sql
-- requires: functions/identity/organization_ids_where.sql
-- requires: functions/core/classify.sql

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

select app_private.classify('app_public.service_specialists', 'clinic',
  '{"public": ["organization_id", "service_id", "specialist_id"], "operational": ["created_at"]}');
-- end of source: policies/catalog/service_specialists.sql

-- source: policies/catalog/services.sql
-- Staff see all, patients of the clinic the active ones, guests only through `clinic_by_slug`. CAT-01, SPC-05.
-- requires: functions/identity/current_staff_organization_ids.sql
-- requires: functions/identity/current_patient_organization_ids.sql
-- requires: functions/identity/organization_ids_where.sql
-- requires: functions/core/tg_stamp.sql
-- requires: functions/core/classify.sql
-- requires: functions/core/allow_soft_delete.sql

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

grant update (deleted_at) on app_public.services to app_engine;
drop policy if exists services_update_engine on app_public.services;
create policy services_update_engine on app_public.services
  for update to app_engine
  using (true)
  with check (true);

create or replace trigger _100_stamp before insert or update on app_public.services
  for each row execute function app_private.tg_stamp();

select app_private.classify('app_public.services', 'clinic',
  '{"public": ["id", "organization_id", "name", "description", "translations", "duration_minutes",
               "price_amount", "currency", "modality"],
    "operational": ["is_active", "created_at", "updated_at", "deleted_at"]}');
select app_private.allow_soft_delete('app_public.services', 'services.manage', 'r.name');
-- end of source: policies/catalog/services.sql

-- source: policies/catalog/specialist_specialties.sql
-- Part of the listing: staff and patients of the clinic. SPC-03, SPC-05.
-- requires: functions/identity/current_staff_organization_ids.sql
-- requires: functions/identity/current_patient_organization_ids.sql
-- requires: functions/identity/organization_ids_where.sql
-- requires: functions/catalog/tg_specialist_specialties__scope.sql
-- requires: functions/core/classify.sql

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

select app_private.classify('app_public.specialist_specialties', 'clinic',
  '{"public": ["organization_id", "specialist_id", "specialty_id", "specialty_scope_id"],
    "operational": ["created_at"]}');
-- end of source: policies/catalog/specialist_specialties.sql

-- source: policies/catalog/specialists.sql
-- Staff see their clinic's specialists, patients those of their clinics, guests none. The listing columns are
-- all that is granted: account, contact and the rest come from `specialist_details`, to staff only. SPC-05, SPC-06.
-- requires: functions/identity/current_staff_organization_ids.sql
-- requires: functions/identity/current_patient_organization_ids.sql
-- requires: functions/identity/organization_ids_where.sql
-- requires: functions/core/tg_stamp.sql
-- requires: functions/core/classify.sql
-- requires: functions/core/allow_soft_delete.sql

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

select app_private.classify('app_public.specialists', 'clinic',
  '{"operational": ["id", "organization_id", "scheduling_timezone", "scheduling_active", "created_at",
                    "updated_at", "deleted_at"],
    "pii_basic": ["human_id", "title", "given_name", "family_name", "registration_number", "contact_email",
                  "contact_phone"]}',
  person_column => 'human_id');
select app_private.allow_soft_delete('app_public.specialists', 'specialists.manage',
  'concat_ws('' '', r.title, r.given_name, r.family_name)');
-- end of source: policies/catalog/specialists.sql

-- source: policies/catalog/specialties.sql
-- The platform's specialties are everyone's to read; a clinic adds its own with specialties.manage. SPC-01.
-- requires: functions/identity/current_staff_organization_ids.sql
-- requires: functions/identity/current_patient_organization_ids.sql
-- requires: functions/identity/organization_ids_where.sql
-- requires: functions/core/tg_stamp.sql
-- requires: functions/core/classify.sql
-- requires: functions/core/allow_soft_delete.sql

alter table app_public.specialties enable row level security;
alter table app_public.specialties force row level security;

grant select (id, organization_id, slug, name, translations, created_at, updated_at) on app_public.specialties to app_member;

grant insert (organization_id, slug, name, translations),
      update (slug, name, translations)
   on app_public.specialties to app_member;
revoke delete on app_public.specialties from app_member;

drop policy if exists specialties_select_everyone on app_public.specialties;
create policy specialties_select_everyone on app_public.specialties
  for select to app_member
  using (organization_id is null and deleted_at is null);

drop policy if exists specialties_select_staff on app_public.specialties;
create policy specialties_select_staff on app_public.specialties
  for select to app_member
  using (organization_id = any ((select app_hidden.current_staff_organization_ids())::uuid[]) and deleted_at is null);

drop policy if exists specialties_select_patient on app_public.specialties;
create policy specialties_select_patient on app_public.specialties
  for select to app_member
  using (organization_id = any ((select app_hidden.current_patient_organization_ids())::uuid[]) and deleted_at is null);

drop policy if exists specialties_insert_manager on app_public.specialties;
create policy specialties_insert_manager on app_public.specialties
  for insert to app_member
  with check (organization_id = any ((select app_hidden.organization_ids_where('specialties.manage'))::uuid[]));

drop policy if exists specialties_update_manager on app_public.specialties;
create policy specialties_update_manager on app_public.specialties
  for update to app_member
  using (organization_id = any ((select app_hidden.organization_ids_where('specialties.manage'))::uuid[]) and deleted_at is null)
  with check (organization_id = any ((select app_hidden.organization_ids_where('specialties.manage'))::uuid[]));

drop policy if exists specialties_delete_manager on app_public.specialties;

grant select on app_public.specialties to app_engine;
drop policy if exists specialties_select_engine on app_public.specialties;
create policy specialties_select_engine on app_public.specialties
  for select to app_engine
  using (true);

grant update (deleted_at) on app_public.specialties to app_engine;
drop policy if exists specialties_update_engine on app_public.specialties;
create policy specialties_update_engine on app_public.specialties
  for update to app_engine
  using (true)
  with check (true);

drop policy if exists specialties_all_migrator on app_public.specialties;
create policy specialties_all_migrator on app_public.specialties
  for all to app_owner
  using (organization_id is null)
  with check (organization_id is null);

create or replace trigger _100_stamp before insert or update on app_public.specialties
  for each row execute function app_private.tg_stamp();

select app_private.classify('app_public.specialties', 'clinic',
  '{"public": ["id", "organization_id", "scope_id", "slug", "name", "translations"],
    "operational": ["created_at", "updated_at", "deleted_at"]}');
select app_private.allow_soft_delete('app_public.specialties', 'specialties.manage', 'r.name');
-- end of source: policies/catalog/specialties.sql

-- source: policies/core/error_codes.sql
-- Everyone may read what an error code means; only migrations write it. FND-29.
-- requires: functions/core/classify.sql

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

select app_private.classify('app_hidden.error_codes', 'reference',
  '{"public": ["code", "sqlstate", "http_status", "meaning"]}',
  unaudited => 'Reference data that only migrations change.');
-- end of source: policies/core/error_codes.sql

-- source: policies/core/object_surfaces.sql
-- What processes keep in the object store; written by migrations. FND-12.
-- requires: functions/core/classify.sql

alter table app_private.object_surfaces enable row level security;
alter table app_private.object_surfaces force row level security;

grant select on app_private.object_surfaces to app_engine;

drop policy if exists object_surfaces_select_engine on app_private.object_surfaces;
create policy object_surfaces_select_engine on app_private.object_surfaces
  for select to app_engine
  using (true);

drop policy if exists object_surfaces_all_migrator on app_private.object_surfaces;
create policy object_surfaces_all_migrator on app_private.object_surfaces
  to app_owner using (true) with check (true);

select app_private.classify('app_private.object_surfaces', 'reference',
  '{"public": ["key", "prefix", "description", "class", "retention"]}',
  unaudited => 'Reference data that only migrations change.');
-- end of source: policies/core/object_surfaces.sql

-- source: policies/core/organizations.sql
-- Clinics as their members, their patients and the platform see them. Visitors only meet active ones, through
-- `clinic_by_slug`. FND-01.
-- requires: functions/identity/current_staff_organization_ids.sql
-- requires: functions/identity/current_patient_organization_ids.sql
-- requires: functions/identity/organization_ids_where.sql
-- requires: functions/identity/is_superadmin.sql
-- requires: functions/core/tg_stamp.sql
-- requires: functions/core/classify.sql
-- requires: functions/core/allow_soft_delete.sql

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

-- How to reach a clinic stands on its booking page.
select app_private.classify('app_public.organizations', 'clinic',
  '{"public": ["id", "slug", "name", "locale", "timezone", "currency", "country", "calling_code",
               "contact_email", "contact_phone", "street", "city"],
    "operational": ["tenancy_mode", "activated_at", "booking_response_hours", "hold_minutes",
                    "holds_per_visitor", "holds_per_address", "created_at", "updated_at", "deleted_at"]}');
select app_private.allow_soft_delete('app_public.organizations', null, 'r.name');
-- end of source: policies/core/organizations.sql

-- source: policies/core/remembered_mutations.sql
-- Verbs remember and repeat through functions; nobody else sees what was answered. FND-26.
-- requires: functions/core/classify.sql

alter table app_private.remembered_mutations enable row level security;
alter table app_private.remembered_mutations force row level security;

grant select, insert, update, delete on app_private.remembered_mutations to app_engine;

drop policy if exists remembered_mutations_all_engine on app_private.remembered_mutations;
create policy remembered_mutations_all_engine on app_private.remembered_mutations
  for all to app_engine
  using (true) with check (true);

select app_private.classify('app_private.remembered_mutations', 'operations',
  '{"auth_secret": ["request_digest", "arguments_digest", "response"], "operational": ["operation", "created_at"]}',
  protected => '{"digest": ["request_digest", "arguments_digest"], "ciphertext": ["response"]}',
  unaudited => 'Kept for a day, unreadable without the caller''s key; the mutation itself is audited.');
-- end of source: policies/core/remembered_mutations.sql

-- source: policies/core/spent_allowances.sql
-- Servers share spending through one function. FND-27.
-- requires: functions/core/classify.sql

alter table app_private.spent_allowances enable row level security;
alter table app_private.spent_allowances force row level security;

grant select, insert, update, delete on app_private.spent_allowances to app_engine;

drop policy if exists spent_allowances_all_engine on app_private.spent_allowances;
create policy spent_allowances_all_engine on app_private.spent_allowances
  for all to app_engine
  using (true) with check (true);

select app_private.classify('app_private.spent_allowances', 'operations',
  '{"operational": ["key_digest", "spent_until"]}',
  unaudited => 'Counters that are gone within the hour.');
-- end of source: policies/core/spent_allowances.sql

-- source: policies/core/state_transitions.sql
-- Read by the guard and by verbs, written by migrations only. APT-01.
-- requires: functions/core/classify.sql

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

select app_private.classify('app_private.state_transitions', 'reference',
  '{"public": ["entity", "from_state", "to_state", "actor", "permission", "not_before", "event"]}',
  unaudited => 'Reference data that only migrations change.');
-- end of source: policies/core/state_transitions.sql

-- source: policies/core/time_zones.sql
-- The zones one may choose from are public; migrations keep them. FND-01.
-- requires: functions/core/classify.sql

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

select app_private.classify('app_public.time_zones', 'reference',
  '{"public": ["name"]}',
  unaudited => 'Reference data that only migrations change.');
-- end of source: policies/core/time_zones.sql

-- source: policies/events/effects.sql
-- The worker claims and finishes effects through functions. FND-14, FND-15.
-- requires: functions/core/classify.sql

alter table app_private.effects enable row level security;
alter table app_private.effects force row level security;

grant select, insert, update on app_private.effects to app_engine;

drop policy if exists effects_all_engine on app_private.effects;
create policy effects_all_engine on app_private.effects
  for all to app_engine
  using (true) with check (true);

select app_private.classify('app_private.effects', 'ledger',
  '{"operational": ["key", "attempts", "claimed_at", "claimed_by", "done_at", "result"]}',
  unaudited => 'Is itself a ledger, of what was done outside and by which worker.');
-- end of source: policies/events/effects.sql

-- source: policies/events/event_consumers.sql
-- Read by the engine; changed by migrations only. FND-14.
-- requires: functions/core/classify.sql

alter table app_private.event_consumers enable row level security;
alter table app_private.event_consumers force row level security;

grant select on app_private.event_consumers to app_engine;

drop policy if exists event_consumers_all_engine on app_private.event_consumers;
create policy event_consumers_all_engine on app_private.event_consumers
  for all to app_engine
  using (true) with check (true);

select app_private.classify('app_private.event_consumers', 'reference',
  '{"public": ["name", "description"]}',
  unaudited => 'Reference data that only migrations change.');
-- end of source: policies/events/event_consumers.sql

-- source: policies/events/event_deliveries.sql
-- Queued by the trigger of events, worked off through functions. FND-14.
-- requires: functions/core/classify.sql

alter table app_private.event_deliveries enable row level security;
alter table app_private.event_deliveries force row level security;

grant select, insert, update on app_private.event_deliveries to app_engine;

drop policy if exists event_deliveries_all_engine on app_private.event_deliveries;
create policy event_deliveries_all_engine on app_private.event_deliveries
  for all to app_engine
  using (true) with check (true);

select app_private.classify('app_private.event_deliveries', 'ledger',
  '{"operational": ["event_id", "consumer", "subject_id", "position", "delivered_at", "attempts"], "pii_basic": ["last_error"]}',
  unaudited => 'How far the worker is with each event; nobody else writes it.');
-- end of source: policies/events/event_deliveries.sql

-- source: policies/events/event_subscriptions.sql
-- Read when an event is published; changed by migrations only. FND-14.
-- requires: functions/core/classify.sql

alter table app_private.event_subscriptions enable row level security;
alter table app_private.event_subscriptions force row level security;

grant select on app_private.event_subscriptions to app_engine;

drop policy if exists event_subscriptions_all_engine on app_private.event_subscriptions;
create policy event_subscriptions_all_engine on app_private.event_subscriptions
  for all to app_engine
  using (true) with check (true);

select app_private.classify('app_private.event_subscriptions', 'reference',
  '{"public": ["consumer", "event_name"]}',
  unaudited => 'Reference data that only migrations change.');
-- end of source: policies/events/event_subscriptions.sql

-- source: policies/events/event_types.sql
-- Read by publish(); changed by migrations only. FND-14.
-- requires: functions/core/classify.sql

alter table app_private.event_types enable row level security;
alter table app_private.event_types force row level security;

grant select on app_private.event_types to app_engine;

drop policy if exists event_types_all_engine on app_private.event_types;
create policy event_types_all_engine on app_private.event_types
  for all to app_engine
  using (true) with check (true);

select app_private.classify('app_private.event_types', 'reference',
  '{"public": ["name", "version", "description", "subject_type", "payload_schema"]}',
  unaudited => 'Reference data that only migrations change.');
-- end of source: policies/events/event_types.sql

-- source: policies/events/events.sql
-- Written by publish(), read by consumers; never changed. FND-14.
-- requires: functions/core/classify.sql

alter table app_private.events enable row level security;
alter table app_private.events force row level security;

grant select, insert on app_private.events to app_engine;

drop policy if exists events_all_engine on app_private.events;
create policy events_all_engine on app_private.events
  for all to app_engine
  using (true) with check (true);

select app_private.classify('app_private.events', 'ledger',
  '{"operational": ["id", "organization_id", "name", "version", "subject_type", "subject_id", "actor_id",
                    "request_id", "cause_id", "occurred_at", "position"],
    "phi": ["payload"]}',
  unaudited => 'Is itself a ledger that nobody can change, of what the audited rows went through.');
-- end of source: policies/events/events.sql

-- source: policies/events/webhook_receipts.sql
-- Taken, applied and purged through functions; nobody reads what a vendor sent. FND-25.
-- requires: functions/core/tg_guard_state.sql
-- requires: functions/core/classify.sql

alter table app_private.webhook_receipts enable row level security;
alter table app_private.webhook_receipts force row level security;

grant select, insert, update, delete on app_private.webhook_receipts to app_engine;

drop policy if exists webhook_receipts_all_engine on app_private.webhook_receipts;
create policy webhook_receipts_all_engine on app_private.webhook_receipts
  for all to app_engine
  using (true) with check (true);

create or replace trigger _200_guard_state before insert or update of status on app_private.webhook_receipts
  for each row execute function app_private.tg_guard_state();

select app_private.classify('app_private.webhook_receipts', 'operations',
  '{"pii_basic": ["raw_body", "headers", "last_error"],
    "operational": ["id", "provider", "integration_id", "event_id", "type", "occurred_at", "received_at",
                    "body_hash", "status", "outcome", "attempts", "processed_at", "conflict_count",
                    "conflicted_at"]}',
  unaudited => 'It is a trace itself; what a delivery changes is followed where it changes it.');
-- end of source: policies/events/webhook_receipts.sql

-- source: policies/events/worker_heartbeats.sql
-- Workers beat, and are reaped, through functions. FND-14.
-- requires: functions/core/classify.sql

alter table app_private.worker_heartbeats enable row level security;
alter table app_private.worker_heartbeats force row level security;

grant select, insert, update, delete on app_private.worker_heartbeats to app_engine;

drop policy if exists worker_heartbeats_all_engine on app_private.worker_heartbeats;
create policy worker_heartbeats_all_engine on app_private.worker_heartbeats
  for all to app_engine
  using (true) with check (true);

select app_private.classify('app_private.worker_heartbeats', 'operations',
  '{"operational": ["worker_id", "host", "pid", "started_at", "seen_at"]}',
  unaudited => 'A sign of life every few seconds, of processes and not of people.');
-- end of source: policies/events/worker_heartbeats.sql

-- source: policies/files/file_surface_types.sql
-- Which types a surface takes; changed by migrations only. FND-13.
-- requires: functions/core/classify.sql

alter table app_private.file_surface_types enable row level security;
alter table app_private.file_surface_types force row level security;

grant select on app_private.file_surface_types to app_engine;

drop policy if exists file_surface_types_select_engine on app_private.file_surface_types;
create policy file_surface_types_select_engine on app_private.file_surface_types
  for select to app_engine
  using (true);

drop policy if exists file_surface_types_all_migrator on app_private.file_surface_types;
create policy file_surface_types_all_migrator on app_private.file_surface_types
  to app_owner using (true) with check (true);

select app_private.classify('app_private.file_surface_types', 'reference',
  '{"public": ["surface", "content_type"]}',
  unaudited => 'Reference data that only migrations change.');
-- end of source: policies/files/file_surface_types.sql

-- source: policies/files/file_surfaces.sql
-- What may be uploaded where; changed by migrations only. FND-13, FND-12.
-- requires: functions/core/classify.sql

alter table app_private.file_surfaces enable row level security;
alter table app_private.file_surfaces force row level security;

grant select on app_private.file_surfaces to app_engine;

drop policy if exists file_surfaces_select_engine on app_private.file_surfaces;
create policy file_surfaces_select_engine on app_private.file_surfaces
  for select to app_engine
  using (true);

drop policy if exists file_surfaces_all_migrator on app_private.file_surfaces;
create policy file_surfaces_all_migrator on app_private.file_surfaces
  to app_owner using (true) with check (true);

select app_private.classify('app_private.file_surfaces', 'reference',
  '{"public": ["key", "prefix", "description", "owner_kind", "audience", "max_bytes", "max_files", "manage_permission",
               "uploaded_by_owner", "class", "retention"]}',
  unaudited => 'Reference data that only migrations change.');
-- end of source: policies/files/file_surfaces.sql

-- source: policies/files/file_types.sql
-- Types whose bytes can be checked; changed by migrations only. FND-13.
-- requires: functions/core/classify.sql

alter table app_private.file_types enable row level security;
alter table app_private.file_types force row level security;

grant select on app_private.file_types to app_engine;

drop policy if exists file_types_select_engine on app_private.file_types;
create policy file_types_select_engine on app_private.file_types
  for select to app_engine
  using (true);

drop policy if exists file_types_all_migrator on app_private.file_types;
create policy file_types_all_migrator on app_private.file_types
  to app_owner using (true) with check (true);

select app_private.classify('app_private.file_types', 'reference',
  '{"public": ["content_type", "extensions"]}',
  unaudited => 'Reference data that only migrations change.');
-- end of source: policies/files/file_types.sql

-- source: policies/files/files.sql
-- A checked file is readable exactly where its owner row is: each policy asks the owner's own. Until then its uploader
-- sees the row, so that it can be uploaded and confirmed. Written by verbs only. FND-13.
-- Clinics, services, specialists and a patient's own appointments are few, so they are read once per query. A clinic's
-- appointments are many: one look-up by their key a row.
-- requires: functions/core/classify.sql
-- requires: functions/core/tg_stamp.sql
-- requires: functions/core/tg_guard_state.sql
-- requires: functions/core/current_principal_id.sql
-- requires: functions/identity/current_staff_organization_ids.sql
-- requires: functions/identity/current_patient_organization_ids.sql
-- requires: functions/identity/current_human_patient_profile_ids.sql
-- requires: functions/identity/organization_ids_where.sql

alter table app_public.files enable row level security;
alter table app_public.files force row level security;

grant select (id, organization_id, surface, service_id, specialist_id, appointment_id, owner_organization_id, filename,
              content_type, size_bytes, sha256, object_key, uploaded_key, status, rejection, uploaded_by, expires_at,
              confirmed_at, created_at, updated_at)
   on app_public.files to app_member;

drop policy if exists files_select_uploader on app_public.files;
create policy files_select_uploader on app_public.files
  for select to app_member
  using (
    uploaded_by = (select app_hidden.current_principal_id())
    and status in ('pending', 'rejected') and deleted_at is null
    and (organization_id = any ((select app_hidden.current_staff_organization_ids())::uuid[])
         or organization_id = any ((select app_hidden.current_patient_organization_ids())::uuid[]))
  );

drop policy if exists files_select_of_organization on app_public.files;
create policy files_select_of_organization on app_public.files
  for select to app_member
  using (
    status = 'confirmed' and deleted_at is null
    and owner_organization_id in (select organizations.id from app_public.organizations)
  );

drop policy if exists files_select_of_service on app_public.files;
create policy files_select_of_service on app_public.files
  for select to app_member
  using (status = 'confirmed' and deleted_at is null and service_id in (select services.id from app_public.services));

drop policy if exists files_select_of_specialist on app_public.files;
create policy files_select_of_specialist on app_public.files
  for select to app_member
  using (status = 'confirmed' and deleted_at is null and specialist_id in (select specialists.id from app_public.specialists));

drop policy if exists files_select_of_patient on app_public.files;
create policy files_select_of_patient on app_public.files
  for select to app_member
  using (
    status = 'confirmed' and deleted_at is null
    and appointment_id in (
      select appointments.id from app_public.appointments
      where appointments.patient_profile_id = any ((select app_hidden.current_human_patient_profile_ids())::uuid[])
    )
  );

drop policy if exists files_select_of_appointment on app_public.files;
create policy files_select_of_appointment on app_public.files
  for select to app_member
  using (
    status = 'confirmed' and deleted_at is null and appointment_id is not null
    and organization_id = any ((select app_hidden.organization_ids_where('appointments.view'))::uuid[])
    and exists (
      select from app_public.appointments
      where appointments.organization_id = files.organization_id and appointments.id = files.appointment_id
    )
  );

drop policy if exists files_select_audience on app_public.files;
create policy files_select_audience on app_public.files
  as restrictive for select to app_member
  using (
    audience = 'owner_readers'
    or organization_id = any ((select app_hidden.current_staff_organization_ids())::uuid[])
  );

grant select, insert, update on app_public.files to app_engine;
drop policy if exists files_all_engine on app_public.files;
create policy files_all_engine on app_public.files
  for all to app_engine
  using (true)
  with check (true);

create or replace trigger _200_guard_state before insert or update of status on app_public.files
  for each row execute function app_private.tg_guard_state();

create or replace trigger _100_stamp before insert or update on app_public.files
  for each row execute function app_private.tg_stamp();

select app_private.classify('app_public.files', 'medical_record',
  '{"phi": ["filename", "sha256"],
    "operational": ["id", "organization_id", "surface", "audience", "service_id", "specialist_id", "appointment_id",
                    "owner_organization_id", "owner_kind", "content_type", "size_bytes", "object_key", "uploaded_key", "status", "rejection", "uploaded_by", "expires_at",
                    "confirmed_at", "created_at", "updated_at", "deleted_at", "objects_removed_at"]}');
-- end of source: policies/files/files.sql

-- source: policies/identity/caregivers.sql
-- Who acts for whom: the caregiver, the person, and staff of a clinic of the person. FND-07.
-- requires: functions/identity/current_account_id.sql
-- requires: functions/identity/current_human_patient_profile_ids.sql
-- requires: functions/identity/organization_ids_where.sql
-- requires: functions/core/tg_stamp.sql
-- requires: functions/core/classify.sql

alter table app_public.caregivers enable row level security;
alter table app_public.caregivers force row level security;

grant select on app_public.caregivers to app_member;

drop policy if exists caregivers_select_self on app_public.caregivers;
create policy caregivers_select_self on app_public.caregivers
  for select to app_member
  using (human_id = (select app_hidden.current_account_id()));

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

select app_private.classify('app_public.caregivers', 'medical_record',
  '{"operational": ["id", "added_by", "ends_on", "revoked_at", "created_at", "updated_at"],
    "pii_basic": ["patient_profile_id", "human_id", "relationship", "evidence"]}',
  person_column => 'patient_profile_id');
-- end of source: policies/identity/caregivers.sql

-- source: policies/identity/legal_ages.sql
-- Ages the law sets; migrations write them, functions read them. FND-07.
-- requires: functions/core/classify.sql

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

select app_private.classify('app_private.legal_ages', 'reference',
  '{"public": ["rule", "years", "citation", "confirmed_by"]}',
  unaudited => 'Reference data that only migrations change.');
-- end of source: policies/identity/legal_ages.sql

-- source: policies/identity/patient_profiles.sql
-- The person and those who care for them; staff of the clinics where the person is a patient. The test for
-- staff is one index look-up a row, never a list of every patient. FND-07.
-- requires: functions/identity/current_human_patient_profile_ids.sql
-- requires: functions/identity/organization_ids_where.sql
-- requires: functions/core/tg_stamp.sql
-- requires: functions/core/classify.sql

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

select app_private.classify('app_public.patient_profiles', 'medical_record',
  '{"operational": ["locale", "created_at", "updated_at"],
    "pii_basic": ["id", "human_id", "given_name", "family_name", "email", "phone", "birth_date"]}',
  person_column => 'id');
-- end of source: policies/identity/patient_profiles.sql

-- source: policies/identity/permissions.sql
-- What can be allowed is no secret to whoever edits roles. FND-04.
-- requires: functions/core/classify.sql

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

select app_private.classify('app_public.permissions', 'reference',
  '{"public": ["name", "description"]}',
  unaudited => 'Reference data that only migrations change.');
-- end of source: policies/identity/permissions.sql

-- source: policies/identity/provider_organizations.sql
-- Which clinic an organization of the identity provider is: written by the platform, read when somebody leaves. FND-25.
-- requires: functions/core/classify.sql

alter table app_private.provider_organizations enable row level security;
alter table app_private.provider_organizations force row level security;

grant select, insert, update on app_private.provider_organizations to app_engine;

drop policy if exists provider_organizations_all_engine on app_private.provider_organizations;
create policy provider_organizations_all_engine on app_private.provider_organizations
  for all to app_engine
  using (true) with check (true);

select app_private.classify('app_private.provider_organizations', 'clinic',
  '{"operational": ["id", "organization_id", "issuer", "provider_org_id", "mapped_at"]}');
-- end of source: policies/identity/provider_organizations.sql

-- source: policies/identity/roles.sql
-- A clinic's roles, seen by its members and written by `define_role`, which keeps anyone from granting above themselves. FND-04.
-- requires: functions/identity/current_staff_organization_ids.sql
-- requires: functions/core/tg_stamp.sql
-- requires: functions/core/classify.sql

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

select app_private.classify('app_public.roles', 'clinic',
  '{"operational": ["id", "organization_id", "key", "name", "system_role_key", "created_at", "updated_at"]}');
-- end of source: policies/identity/roles.sql

-- source: policies/identity/service_accounts.sql
-- The platform's processes; clinics need not know them. FND-02.
-- requires: functions/identity/is_superadmin.sql
-- requires: functions/core/classify.sql

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

select app_private.classify('app_public.service_accounts', 'reference',
  '{"operational": ["principal_id", "name", "created_at"]}',
  unaudited => 'Reference data that only migrations change.');
-- end of source: policies/identity/service_accounts.sql

-- source: policies/identity/system_role_permissions.sql
-- What they allow. FND-04.
-- requires: functions/core/classify.sql

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

select app_private.classify('app_public.system_role_permissions', 'reference',
  '{"public": ["role_key", "permission"]}',
  unaudited => 'Reference data that only migrations change.');
-- end of source: policies/identity/system_role_permissions.sql

-- source: policies/identity/system_roles.sql
-- The roles every clinic starts with. FND-04.
-- requires: functions/core/classify.sql

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

select app_private.classify('app_public.system_roles', 'reference',
  '{"public": ["key", "name", "name_ro"]}',
  unaudited => 'Reference data that only migrations change.');
-- end of source: policies/identity/system_roles.sql

-- source: policies/notify/channels.sql
-- Read by the rules that choose a channel; changed by migrations only. FND-15.
-- requires: functions/core/classify.sql

alter table app_private.channels enable row level security;
alter table app_private.channels force row level security;

grant select on app_private.channels to app_engine;
drop policy if exists channels_select_engine on app_private.channels;
create policy channels_select_engine on app_private.channels
  for select to app_engine
  using (true);

drop policy if exists channels_all_migrator on app_private.channels;
create policy channels_all_migrator on app_private.channels
  to app_owner using (true) with check (true);

select app_private.classify('app_private.channels', 'reference',
  '{"public": ["name", "reaches", "quiet_from", "quiet_until", "per_person_and_day"]}',
  unaudited => 'Reference data that only migrations change.');
-- end of source: policies/notify/channels.sql

-- source: policies/notify/clinic_message_templates.sql
-- A clinic's own words and every earlier version, for whoever may edit them. FND-15.
-- requires: functions/identity/organization_ids_where.sql
-- requires: functions/core/classify.sql

alter table app_public.clinic_message_templates enable row level security;
alter table app_public.clinic_message_templates force row level security;

grant select on app_public.clinic_message_templates to app_member;
drop policy if exists clinic_message_templates_select_staff on app_public.clinic_message_templates;
create policy clinic_message_templates_select_staff on app_public.clinic_message_templates
  for select to app_member
  using (organization_id = any ((select app_hidden.organization_ids_where('message_templates.manage'))::uuid[]));

grant select, insert on app_public.clinic_message_templates to app_engine;
drop policy if exists clinic_message_templates_all_engine on app_public.clinic_message_templates;
create policy clinic_message_templates_all_engine on app_public.clinic_message_templates
  for all to app_engine
  using (true)
  with check (true);

select app_private.classify('app_public.clinic_message_templates', 'clinic',
  '{"operational": ["id", "organization_id", "template_key", "channel", "locale", "version", "title", "body", "created_by",
                    "created_at"]}');
-- end of source: policies/notify/clinic_message_templates.sql

-- source: policies/notify/message_channels.sql
-- Read when something is told; changed by migrations only. FND-15.
-- requires: functions/core/classify.sql

alter table app_private.message_channels enable row level security;
alter table app_private.message_channels force row level security;

grant select on app_private.message_channels to app_engine;
drop policy if exists message_channels_select_engine on app_private.message_channels;
create policy message_channels_select_engine on app_private.message_channels
  for select to app_engine
  using (true);

drop policy if exists message_channels_all_migrator on app_private.message_channels;
create policy message_channels_all_migrator on app_private.message_channels
  to app_owner using (true) with check (true);

select app_private.classify('app_private.message_channels', 'reference',
  '{"public": ["template_key", "channel", "route", "rank", "is_default"]}',
  unaudited => 'Reference data that only migrations change.');
-- end of source: policies/notify/message_channels.sql

-- source: policies/notify/message_reports.sql
-- Kept as it came, applied by functions. FND-15, FND-25.
-- requires: functions/core/classify.sql

alter table app_private.message_reports enable row level security;
alter table app_private.message_reports force row level security;

grant select, insert on app_private.message_reports to app_engine;
drop policy if exists message_reports_all_engine on app_private.message_reports;
create policy message_reports_all_engine on app_private.message_reports
  for all to app_engine
  using (true)
  with check (true);

select app_private.classify('app_private.message_reports', 'operations',
  '{"pii_basic": ["reason"],
    "operational": ["vendor", "vendor_id", "status", "occurred_at", "address_is_dead", "received_at"]}',
  unaudited => 'Each row is the record of one report.');
-- end of source: policies/notify/message_reports.sql

-- source: policies/notify/message_templates.sql
-- Read when something is told and when it leaves; changed by migrations only. FND-15.
-- requires: functions/core/classify.sql

alter table app_private.message_templates enable row level security;
alter table app_private.message_templates force row level security;

grant select on app_private.message_templates to app_engine;
drop policy if exists message_templates_all_engine on app_private.message_templates;
drop policy if exists message_templates_select_engine on app_private.message_templates;
create policy message_templates_select_engine on app_private.message_templates
  for select to app_engine
  using (true);

drop policy if exists message_templates_all_migrator on app_private.message_templates;
create policy message_templates_all_migrator on app_private.message_templates
  to app_owner using (true) with check (true);

select app_private.classify('app_private.message_templates', 'reference',
  '{"public": ["template_key", "channel", "locale", "version", "title", "body"]}',
  unaudited => 'Reference data that only migrations change.');
-- end of source: policies/notify/message_templates.sql

-- source: policies/notify/message_topics.sql
-- What one can switch on and off is no secret to whoever signs in. FND-15.
-- requires: functions/core/classify.sql

alter table app_public.message_topics enable row level security;
alter table app_public.message_topics force row level security;

grant select on app_public.message_topics to app_member, app_engine;
drop policy if exists message_topics_select_everyone on app_public.message_topics;
create policy message_topics_select_everyone on app_public.message_topics
  for select to app_member, app_engine
  using (true);

drop policy if exists message_topics_all_migrator on app_public.message_topics;
create policy message_topics_all_migrator on app_public.message_topics
  to app_owner using (true) with check (true);

select app_private.classify('app_public.message_topics', 'reference',
  '{"public": ["key", "kind", "name", "name_ro"]}',
  unaudited => 'Reference data that only migrations change.');
-- end of source: policies/notify/message_topics.sql

-- source: policies/notify/message_types.sql
-- Read when something is told; changed by migrations only. FND-15.
-- requires: functions/core/classify.sql

alter table app_private.message_types enable row level security;
alter table app_private.message_types force row level security;

grant select on app_private.message_types to app_engine;
drop policy if exists message_types_select_engine on app_private.message_types;
create policy message_types_select_engine on app_private.message_types
  for select to app_engine
  using (true);

drop policy if exists message_types_all_migrator on app_private.message_types;
create policy message_types_all_migrator on app_private.message_types
  to app_owner using (true) with check (true);

select app_private.classify('app_private.message_types', 'reference',
  '{"public": ["key", "topic", "variables", "sample", "calendar_status", "urgent_within", "expires_with", "lasts"]}',
  unaudited => 'Reference data that only migrations change.');
-- end of source: policies/notify/message_types.sql

-- source: policies/notify/messages.sql
-- Queued by notify(), worked off through functions. What was sent to whom is seen by staff with messages.view and by the
-- patient; what it said and how it was carried by neither. FND-15.
-- requires: functions/identity/organization_ids_where.sql
-- requires: functions/identity/current_human_patient_profile_ids.sql
-- requires: functions/identity/current_patient_organization_ids.sql
-- requires: functions/core/tg_stamp.sql
-- requires: functions/core/tg_guard_state.sql
-- requires: functions/core/classify.sql

alter table app_public.messages enable row level security;
alter table app_public.messages force row level security;

grant select (id, organization_id, template_key, channel, locale, patient_profile_id, recipient_name, address, status, reason,
              not_before, expires_at, sent_at, delivered_at, created_at, updated_at)
  on app_public.messages to app_member;

drop policy if exists messages_select_staff on app_public.messages;
create policy messages_select_staff on app_public.messages
  for select to app_member
  using (organization_id = any ((select app_hidden.organization_ids_where('messages.view'))::uuid[]));

drop policy if exists messages_select_person on app_public.messages;
create policy messages_select_person on app_public.messages
  for select to app_member
  using (
    patient_profile_id = any ((select app_hidden.current_human_patient_profile_ids())::uuid[])
    and organization_id = any ((select app_hidden.current_patient_organization_ids())::uuid[]));

grant select, insert, update on app_public.messages to app_engine;
drop policy if exists messages_all_engine on app_public.messages;
create policy messages_all_engine on app_public.messages
  for all to app_engine
  using (true)
  with check (true);

create or replace trigger _100_stamp before insert or update on app_public.messages
  for each row execute function app_private.tg_stamp();

create or replace trigger _200_guard_state before insert or update of status on app_public.messages
  for each row execute function app_private.tg_guard_state();

select app_private.classify('app_public.messages', 'operations',
  '{"operational": ["id", "organization_id", "template_key", "channel", "route", "rank", "locale", "template_version",
                    "clinic_template_id", "event_id", "calendar_uid", "calendar_sequence", "is_urgent", "not_before",
                    "expires_at", "status", "attempts", "attempted_at", "vendor", "vendor_id", "sent_at", "delivered_at",
                    "created_at", "updated_at"],
    "pii_basic": ["patient_profile_id", "recipient_human_id", "account_id", "recipient_name", "recipient_email",
                  "recipient_phone", "recipient", "address", "reason"],
    "phi": ["data"]}',
  person_column => 'patient_profile_id',
  unaudited => 'What leaves, and what became of it: each row is the record of one message.');
-- end of source: policies/notify/messages.sql

-- source: policies/notify/notification_preferences.sql
-- One's own, and those of whom one cares for. The clinic neither sees nor changes them. FND-15, FND-07.
-- requires: functions/identity/current_account_id.sql
-- requires: functions/identity/current_human_patient_profile_ids.sql
-- requires: functions/core/tg_stamp.sql
-- requires: functions/core/classify.sql

alter table app_public.notification_preferences enable row level security;
alter table app_public.notification_preferences force row level security;

grant select on app_public.notification_preferences to app_member;
drop policy if exists notification_preferences_select_person on app_public.notification_preferences;
create policy notification_preferences_select_person on app_public.notification_preferences
  for select to app_member
  using (
    human_id = (select app_hidden.current_account_id())
    or patient_profile_id = any ((select app_hidden.current_human_patient_profile_ids())::uuid[]));

grant select, insert, update on app_public.notification_preferences to app_engine;
drop policy if exists notification_preferences_all_engine on app_public.notification_preferences;
create policy notification_preferences_all_engine on app_public.notification_preferences
  for all to app_engine
  using (true)
  with check (true);

create or replace trigger _100_stamp before insert or update on app_public.notification_preferences
  for each row execute function app_private.tg_stamp();

select app_private.classify('app_public.notification_preferences', 'account',
  '{"pii_basic": ["human_id", "patient_profile_id"],
    "operational": ["id", "topic", "channel", "is_enabled", "created_at", "updated_at"]}',
  person_column => 'human_id');
-- end of source: policies/notify/notification_preferences.sql

-- source: policies/notify/opt_outs.sql
-- Read when something is told, added to by a STOP, taken from by a START. FND-15.
-- requires: functions/core/classify.sql

alter table app_private.opt_outs enable row level security;
alter table app_private.opt_outs force row level security;

grant select, insert, delete on app_private.opt_outs to app_engine;
drop policy if exists opt_outs_all_engine on app_private.opt_outs;
create policy opt_outs_all_engine on app_private.opt_outs
  for all to app_engine
  using (true)
  with check (true);

select app_private.classify('app_private.opt_outs', 'clinic',
  '{"pii_basic": ["address"], "operational": ["organization_id", "channel", "since"]}',
  unaudited => 'Each row is the record of one wish.');
-- end of source: policies/notify/opt_outs.sql

-- source: policies/notify/push_subscriptions.sql
-- A person sees in how many browsers they are told, and nobody reads the keys but the worker. FND-15.
-- requires: functions/identity/current_account_id.sql
-- requires: functions/core/classify.sql

alter table app_public.push_subscriptions enable row level security;
alter table app_public.push_subscriptions force row level security;

grant select (id, human_id, created_at) on app_public.push_subscriptions to app_member;
drop policy if exists push_subscriptions_select_self on app_public.push_subscriptions;
create policy push_subscriptions_select_self on app_public.push_subscriptions
  for select to app_member
  using (human_id = (select app_hidden.current_account_id()));

grant select, insert, update, delete on app_public.push_subscriptions to app_engine;
drop policy if exists push_subscriptions_all_engine on app_public.push_subscriptions;
create policy push_subscriptions_all_engine on app_public.push_subscriptions
  for all to app_engine
  using (true)
  with check (true);

-- The keys say how to reach a browser. Alone they open nothing: a push service takes only what the platform's own key
-- signs. Nobody but the engine may read them all the same.
select app_private.classify('app_public.push_subscriptions', 'account',
  '{"pii_basic": ["human_id", "endpoint", "p256dh", "auth"], "operational": ["id", "created_at"]}',
  person_column => 'human_id',
  unaudited => 'Browsers come and go by themselves; what was sent to one is a message.');
-- end of source: policies/notify/push_subscriptions.sql

-- source: policies/notify/quiet_hours.sql
-- One's own, and those of whom one cares for. The clinic neither sees nor changes them. FND-15, FND-07.
-- requires: functions/identity/current_account_id.sql
-- requires: functions/identity/current_human_patient_profile_ids.sql
-- requires: functions/core/tg_stamp.sql
-- requires: functions/core/classify.sql

alter table app_public.quiet_hours enable row level security;
alter table app_public.quiet_hours force row level security;

grant select on app_public.quiet_hours to app_member;
drop policy if exists quiet_hours_select_person on app_public.quiet_hours;
create policy quiet_hours_select_person on app_public.quiet_hours
  for select to app_member
  using (
    human_id = (select app_hidden.current_account_id())
    or patient_profile_id = any ((select app_hidden.current_human_patient_profile_ids())::uuid[]));

grant select, insert, update on app_public.quiet_hours to app_engine;
drop policy if exists quiet_hours_all_engine on app_public.quiet_hours;
create policy quiet_hours_all_engine on app_public.quiet_hours
  for all to app_engine
  using (true)
  with check (true);

create or replace trigger _100_stamp before insert or update on app_public.quiet_hours
  for each row execute function app_private.tg_stamp();

select app_private.classify('app_public.quiet_hours', 'account',
  '{"pii_basic": ["human_id", "patient_profile_id"],
    "operational": ["id", "quiet_from", "quiet_until", "timezone", "created_at", "updated_at"]}',
  person_column => 'human_id');
-- end of source: policies/notify/quiet_hours.sql

-- source: policies/notify/suppressed_addresses.sql
-- Read when something is told, added to by bounces and complaints. FND-15.
-- requires: functions/core/classify.sql

alter table app_private.suppressed_addresses enable row level security;
alter table app_private.suppressed_addresses force row level security;

grant select, insert on app_private.suppressed_addresses to app_engine;
drop policy if exists suppressed_addresses_all_engine on app_private.suppressed_addresses;
create policy suppressed_addresses_all_engine on app_private.suppressed_addresses
  for all to app_engine
  using (true)
  with check (true);

select app_private.classify('app_private.suppressed_addresses', 'clinic',
  '{"pii_basic": ["address"], "operational": ["channel", "reason", "since"]}',
  unaudited => 'Each row is the record of one report.');
-- end of source: policies/notify/suppressed_addresses.sql

-- source: policies/notify/whatsapp_templates.sql
-- The approved texts of a clinic, for whoever may edit its messages. FND-15.
-- requires: functions/identity/organization_ids_where.sql
-- requires: functions/core/tg_stamp.sql
-- requires: functions/core/classify.sql

alter table app_public.whatsapp_templates enable row level security;
alter table app_public.whatsapp_templates force row level security;

grant select, delete on app_public.whatsapp_templates to app_member;
drop policy if exists whatsapp_templates_select_staff on app_public.whatsapp_templates;
create policy whatsapp_templates_select_staff on app_public.whatsapp_templates
  for select to app_member
  using (organization_id = any ((select app_hidden.organization_ids_where('message_templates.manage'))::uuid[]));
drop policy if exists whatsapp_templates_delete_staff on app_public.whatsapp_templates;
create policy whatsapp_templates_delete_staff on app_public.whatsapp_templates
  for delete to app_member
  using (organization_id = any ((select app_hidden.organization_ids_where('message_templates.manage'))::uuid[]));

grant select, insert, update on app_public.whatsapp_templates to app_engine;
drop policy if exists whatsapp_templates_all_engine on app_public.whatsapp_templates;
create policy whatsapp_templates_all_engine on app_public.whatsapp_templates
  for all to app_engine
  using (true)
  with check (true);

create or replace trigger _100_stamp before insert or update on app_public.whatsapp_templates
  for each row execute function app_private.tg_stamp();

select app_private.classify('app_public.whatsapp_templates', 'clinic',
  '{"operational": ["organization_id", "template_key", "locale", "content_sid", "variables", "created_at", "updated_at"]}');
-- end of source: policies/notify/whatsapp_templates.sql

-- source: policies/operations/dead_letter_decisions.sql
-- Written by the verbs about dead letters. FND-28.

alter table app_private.dead_letter_decisions enable row level security;
alter table app_private.dead_letter_decisions force row level security;

grant select, insert on app_private.dead_letter_decisions to app_engine;

drop policy if exists dead_letter_decisions_all_engine on app_private.dead_letter_decisions;
create policy dead_letter_decisions_all_engine on app_private.dead_letter_decisions
  for all to app_engine
  using (true) with check (true);

select app_private.classify('app_private.dead_letter_decisions', 'ledger',
  '{"operational": ["id", "job_id", "task", "key", "payload", "last_error", "decision", "reason", "decided_by", "decided_at"]}');
-- end of source: policies/operations/dead_letter_decisions.sql

-- source: policies/providers/organization_integrations.sql
-- Seen by whoever may manage them, without the keys; written through verbs. FND-23.
-- requires: functions/core/classify.sql
-- requires: functions/core/tg_stamp.sql
-- requires: functions/core/tg_guard_state.sql
-- requires: functions/secrets/tg_ciphertext__key_in_use.sql
-- requires: functions/identity/organization_ids_where.sql

alter table app_public.organization_integrations enable row level security;
alter table app_public.organization_integrations force row level security;

grant select (id, organization_id, provider, label, settings, credentials_version, last_four, status, disabled_reason,
              disabled_at, consecutive_auth_failures, last_tested_at, last_test_passed, last_test_reason, last_used_at,
              created_by, created_at, updated_at)
   on app_public.organization_integrations to app_member;

drop policy if exists organization_integrations_select_manager on app_public.organization_integrations;
create policy organization_integrations_select_manager on app_public.organization_integrations
  for select to app_member
  using (organization_id = any ((select app_hidden.organization_ids_where('integrations.manage'))::uuid[]));

grant select, insert, update, delete on app_public.organization_integrations to app_engine;
drop policy if exists organization_integrations_all_engine on app_public.organization_integrations;
create policy organization_integrations_all_engine on app_public.organization_integrations
  for all to app_engine
  using (true) with check (true);

create or replace trigger _100_stamp before insert or update on app_public.organization_integrations
  for each row execute function app_private.tg_stamp();
create or replace trigger _200_guard_state before insert or update of status on app_public.organization_integrations
  for each row execute function app_private.tg_guard_state();
create or replace trigger _300_key_in_use before insert or update of credentials on app_public.organization_integrations
  for each row execute function app_private.tg_ciphertext__key_in_use('credentials');

select app_private.classify('app_public.organization_integrations', 'clinic',
  '{"operational": ["id", "organization_id", "provider", "label", "settings", "credentials_version", "last_four", "status",
                    "disabled_reason", "disabled_at", "consecutive_auth_failures", "last_tested_at", "last_test_passed",
                    "last_test_reason", "last_used_at", "created_by", "created_at", "updated_at"],
    "auth_secret": ["credentials"]}',
  protected => '{"ciphertext": ["credentials"]}');
-- end of source: policies/providers/organization_integrations.sql

-- source: policies/providers/organization_service_providers.sql
-- What a clinic chose, seen by whoever may choose; written through verbs. FND-22.
-- requires: functions/core/classify.sql
-- requires: functions/core/tg_stamp.sql
-- requires: functions/identity/organization_ids_where.sql

alter table app_public.organization_service_providers enable row level security;
alter table app_public.organization_service_providers force row level security;

grant select on app_public.organization_service_providers to app_member;

drop policy if exists organization_service_providers_select_manager on app_public.organization_service_providers;
create policy organization_service_providers_select_manager on app_public.organization_service_providers
  for select to app_member
  using (organization_id = any ((select app_hidden.organization_ids_where('integrations.manage'))::uuid[]));

grant select, insert, update, delete on app_public.organization_service_providers to app_engine;
drop policy if exists organization_service_providers_all_engine on app_public.organization_service_providers;
create policy organization_service_providers_all_engine on app_public.organization_service_providers
  for all to app_engine
  using (true) with check (true);

create or replace trigger _100_stamp before insert or update on app_public.organization_service_providers
  for each row execute function app_private.tg_stamp();

select app_private.classify('app_public.organization_service_providers', 'clinic',
  '{"operational": ["organization_id", "capability", "provider", "integration_id", "created_at", "updated_at"]}');
-- end of source: policies/providers/organization_service_providers.sql

-- source: policies/providers/platform_service_providers.sql
-- What the platform offers: signed-in people read it, migrations add to it, superadmins set it through a verb. FND-22.
-- requires: functions/core/classify.sql
-- requires: functions/core/tg_stamp.sql

alter table app_public.platform_service_providers enable row level security;
alter table app_public.platform_service_providers force row level security;

grant select on app_public.platform_service_providers to app_member;

drop policy if exists platform_service_providers_select_everyone on app_public.platform_service_providers;
create policy platform_service_providers_select_everyone on app_public.platform_service_providers
  for select to app_member
  using (true);

grant select, update on app_public.platform_service_providers to app_engine;
drop policy if exists platform_service_providers_all_engine on app_public.platform_service_providers;
create policy platform_service_providers_all_engine on app_public.platform_service_providers
  for all to app_engine
  using (true) with check (true);

drop policy if exists platform_service_providers_all_migrator on app_public.platform_service_providers;
create policy platform_service_providers_all_migrator on app_public.platform_service_providers
  to app_owner using (true) with check (true);

create or replace trigger _100_stamp before insert or update on app_public.platform_service_providers
  for each row execute function app_private.tg_stamp();

select app_private.classify('app_public.platform_service_providers', 'reference',
  '{"public": ["capability", "provider", "is_default", "is_offered", "has_platform_account", "created_at", "updated_at"]}');
-- end of source: policies/providers/platform_service_providers.sql

-- source: policies/providers/service_capabilities.sql
-- What vendors are chosen for; migrations keep it. FND-22.
-- requires: functions/core/classify.sql

alter table app_public.service_capabilities enable row level security;
alter table app_public.service_capabilities force row level security;

grant select on app_public.service_capabilities to app_member, app_engine;

drop policy if exists service_capabilities_select_everyone on app_public.service_capabilities;
create policy service_capabilities_select_everyone on app_public.service_capabilities
  for select to app_member, app_engine
  using (true);

drop policy if exists service_capabilities_all_migrator on app_public.service_capabilities;
create policy service_capabilities_all_migrator on app_public.service_capabilities
  to app_owner using (true) with check (true);

select app_private.classify('app_public.service_capabilities', 'reference',
  '{"public": ["key", "description", "is_built"]}',
  unaudited => 'Reference data that only migrations change.');
-- end of source: policies/providers/service_capabilities.sql

-- source: policies/providers/service_providers.sql
-- The vendors and the forms of their integrations; migrations keep them. FND-22.
-- requires: functions/core/classify.sql

alter table app_public.service_providers enable row level security;
alter table app_public.service_providers force row level security;

grant select on app_public.service_providers to app_member, app_engine;

drop policy if exists service_providers_select_everyone on app_public.service_providers;
create policy service_providers_select_everyone on app_public.service_providers
  for select to app_member, app_engine
  using (true);

drop policy if exists service_providers_all_migrator on app_public.service_providers;
create policy service_providers_all_migrator on app_public.service_providers
  to app_owner using (true) with check (true);

select app_private.classify('app_public.service_providers', 'reference',
  '{"public": ["key", "name", "credential_fields", "settings_fields"]}',
  unaudited => 'Reference data that only migrations change.');
-- end of source: policies/providers/service_providers.sql

-- source: policies/scheduling/calendar_hours.sql
-- Staff see a calendar's own hours, calendars.manage edits them. SCH-02, SCH-03.
-- requires: functions/identity/current_staff_organization_ids.sql
-- requires: functions/identity/organization_ids_where.sql
-- requires: functions/core/tg_stamp.sql
-- requires: functions/core/classify.sql

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

select app_private.classify('app_public.calendar_hours', 'clinic',
  '{"operational": ["id", "organization_id", "calendar_id", "specialist_id", "weekday", "starts", "ends",
                    "created_at", "updated_at"]}');
-- end of source: policies/scheduling/calendar_hours.sql

-- source: policies/scheduling/calendar_specialists.sql
-- Who can be booked in a calendar: staff and patients of the clinic see it, calendars.manage edits it. SCH-03, SPC-05.
-- requires: functions/identity/current_staff_organization_ids.sql
-- requires: functions/identity/current_patient_organization_ids.sql
-- requires: functions/identity/organization_ids_where.sql
-- requires: functions/core/tg_stamp.sql
-- requires: functions/scheduling/tg_calendar_specialists__take_turns.sql
-- requires: functions/core/classify.sql

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

select app_private.classify('app_public.calendar_specialists', 'clinic',
  '{"operational": ["organization_id", "calendar_id", "specialist_id", "priority", "duration_minutes",
                    "created_at", "updated_at"]}');
-- end of source: policies/scheduling/calendar_specialists.sql

-- source: policies/scheduling/calendars.sql
-- Who sees and edits calendars. Staff by membership, patients of the clinic those that are open to them; guests only
-- through `available_slots`. SCH-02, SPC-05.
-- requires: functions/identity/current_staff_organization_ids.sql
-- requires: functions/identity/current_patient_organization_ids.sql
-- requires: functions/identity/organization_ids_where.sql
-- requires: functions/core/tg_stamp.sql
-- requires: functions/core/classify.sql
-- requires: functions/core/allow_soft_delete.sql
-- requires: policies/catalog/services.sql

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

grant update (deleted_at) on app_public.calendars to app_engine;
drop policy if exists calendars_update_engine on app_public.calendars;
create policy calendars_update_engine on app_public.calendars
  for update to app_engine
  using (true)
  with check (true);

create or replace trigger _100_stamp before insert or update on app_public.calendars
  for each row execute function app_private.tg_stamp();

select app_private.classify('app_public.calendars', 'clinic',
  '{"public": ["id", "organization_id", "service_id", "name", "translations", "timezone", "modality",
               "duration_minutes", "price_amount"],
    "operational": ["assignment_strategy", "allows_any_specialist", "step_minutes", "buffer_before_minutes",
                    "buffer_after_minutes", "notice_minutes", "horizon_days", "is_public", "is_active",
                    "created_at", "updated_at", "deleted_at"]}');
select app_private.allow_soft_delete('app_public.calendars', 'calendars.manage', 'r.name', follows => 'app_public.services');
-- end of source: policies/scheduling/calendars.sql

-- source: policies/scheduling/specialist_assignment_tracking.sql
-- The round robin's counters are the engine's alone: nobody may lend their turn a hand. SCH-04.
-- requires: functions/core/classify.sql

alter table app_private.specialist_assignment_tracking enable row level security;
alter table app_private.specialist_assignment_tracking force row level security;

grant select, insert, update on app_private.specialist_assignment_tracking to app_engine;
drop policy if exists specialist_assignment_tracking_all_engine on app_private.specialist_assignment_tracking;
create policy specialist_assignment_tracking_all_engine on app_private.specialist_assignment_tracking
  for all to app_engine
  using (true)
  with check (true);

select app_private.classify('app_private.specialist_assignment_tracking', 'clinic',
  '{"operational": ["organization_id", "calendar_id", "specialist_id", "assigned_count", "last_assigned_at"]}',
  unaudited => 'Counters of the round robin: they follow from bookings, which are audited.');
-- end of source: policies/scheduling/specialist_assignment_tracking.sql

-- source: policies/scheduling/specialist_schedule_overrides.sql
-- Staff see everybody's vacations and other hours; schedules.manage edits them, a specialist edits their own.
-- Visitors meet them only as free times. SCH-01.
-- requires: functions/identity/current_staff_organization_ids.sql
-- requires: functions/identity/organization_ids_where.sql
-- requires: functions/identity/current_specialist_ids.sql
-- requires: functions/core/tg_stamp.sql
-- requires: functions/core/classify.sql

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

-- A note may say why somebody is away: "concediu medical" is about health.
select app_private.classify('app_public.specialist_schedule_overrides', 'clinic',
  '{"operational": ["id", "organization_id", "specialist_id", "kind", "starts_on", "ends_on", "starts",
                    "ends", "created_at", "updated_at"],
    "phi": ["note"]}');
-- end of source: policies/scheduling/specialist_schedule_overrides.sql

-- source: policies/scheduling/specialist_weekly_hours.sql
-- Staff see everybody's usual hours; schedules.manage edits them, a specialist edits their own. Visitors meet them
-- only as free times. SCH-01.
-- requires: functions/identity/current_staff_organization_ids.sql
-- requires: functions/identity/organization_ids_where.sql
-- requires: functions/identity/current_specialist_ids.sql
-- requires: functions/core/tg_stamp.sql
-- requires: functions/core/classify.sql

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

select app_private.classify('app_public.specialist_weekly_hours', 'clinic',
  '{"operational": ["id", "organization_id", "specialist_id", "weekday", "starts", "ends", "created_at",
                    "updated_at"]}');
-- end of source: policies/scheduling/specialist_weekly_hours.sql

-- source: policies/scheduling/time_claims.sql
-- Nobody sees claims: who is booked when, and under which token, is the engine's alone. SCH-06.
-- requires: functions/core/classify.sql

alter table app_private.time_claims enable row level security;
alter table app_private.time_claims force row level security;

grant select, insert, update on app_private.time_claims to app_engine;
drop policy if exists time_claims_all_engine on app_private.time_claims;
create policy time_claims_all_engine on app_private.time_claims
  for all to app_engine
  using (true)
  with check (true);

-- Who holds a time is nobody's business once it is booked or let go; the claim stays with its appointment.
select app_private.classify('app_private.time_claims', 'medical_record',
  '{"operational": ["id", "organization_id", "specialist_id", "calendar_id", "kind", "during", "blocked",
                    "expires_at", "released_at", "counted_at", "created_by", "created_at"],
    "pii_basic": ["visitor_id", "address"],
    "auth_secret": ["token_hash"]}',
  protected => '{"digest": ["token_hash"]}', kept => '{"operations": ["visitor_id", "address", "token_hash"]}',
  unaudited => 'Every look at a time writes here; what became of it is an audited request or appointment.');
-- end of source: policies/scheduling/time_claims.sql

-- source: policies/secrets/data_keys.sql
-- Wrapped keys, handed out and rotated through functions. FND-11.
-- requires: functions/core/classify.sql
-- requires: functions/core/tg_stamp.sql
-- requires: functions/core/tg_guard_state.sql

alter table app_private.data_keys enable row level security;
alter table app_private.data_keys force row level security;

grant select, insert, update on app_private.data_keys to app_engine;

drop policy if exists data_keys_all_engine on app_private.data_keys;
create policy data_keys_all_engine on app_private.data_keys
  for all to app_engine
  using (true) with check (true);

create or replace trigger _100_stamp before insert or update on app_private.data_keys
  for each row execute function app_private.tg_stamp();
create or replace trigger _200_guard_state before insert or update of status on app_private.data_keys
  for each row execute function app_private.tg_guard_state();

-- A wrapped key opens nothing without KMS, and is the key to everything with it: masked like a secret.
select app_private.classify('app_private.data_keys', 'clinic',
  '{"operational": ["id", "organization_id", "version", "master_key_id", "status", "created_at", "updated_at"],
    "auth_secret": ["wrapped"]}',
  protected => '{"ciphertext": ["wrapped"]}');
-- end of source: policies/secrets/data_keys.sql

-- source: policies/secrets/key_rotations.sql
-- Begun, gone on with and finished by the worker. FND-11.
-- requires: functions/core/classify.sql

alter table app_private.key_rotations enable row level security;
alter table app_private.key_rotations force row level security;

grant select, insert, update on app_private.key_rotations to app_engine;

drop policy if exists key_rotations_all_engine on app_private.key_rotations;
create policy key_rotations_all_engine on app_private.key_rotations
  for all to app_engine
  using (true) with check (true);

select app_private.classify('app_private.key_rotations', 'ledger',
  '{"operational": ["id", "started_at", "finished_at"]}');
-- end of source: policies/secrets/key_rotations.sql
