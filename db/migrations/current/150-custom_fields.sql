-- What a clinic asks beyond the product's own columns: fields it defines itself, their versions, and their values. FRM-01.
-- squawk-ignore ban-drop-table
drop table if exists app_public.custom_field_values;
-- squawk-ignore ban-drop-table
drop table if exists app_public.custom_field_versions;
-- squawk-ignore ban-drop-table
drop table if exists app_public.custom_fields;

create table app_public.custom_fields (
  id uuid primary key default uuidv7(),
  organization_id uuid not null references app_public.organizations on delete restrict,
  entity_type text not null,
  system_key text not null,
  definition jsonb not null,
  version int not null default 0,
  published boolean not null default false,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  constraint custom_fields_identity unique (organization_id, id),
  constraint custom_fields_of_an_entity unique (organization_id, id, entity_type),
  constraint custom_fields_system_key_is_unique unique (organization_id, entity_type, system_key),
  constraint custom_fields_entity_type_is_known check (entity_type in ('patient', 'service', 'specialist')),
  constraint custom_fields_system_key_is_a_key check (system_key ~ '^[a-z][a-z0-9_]{0,62}$'),
  constraint custom_fields_definition_is_an_object check (jsonb_typeof(definition) = 'object'),
  constraint custom_fields_version_is_not_negative check (version >= 0),
  constraint custom_fields_published_has_a_version check (not published or version > 0)
);
create index custom_fields_created_idx on app_public.custom_fields (organization_id, created_at, id);
comment on table app_public.custom_fields is 'A field that a clinic defines for its patients, services or specialists: the draft of its next version.';
comment on constraint custom_fields_entity_type_is_known on app_public.custom_fields is
  E'patient: A patient of the clinic.\n'
  'service: A service that the clinic offers.\n'
  'specialist: A specialist of the clinic.';
comment on column app_public.custom_fields.entity_type is 'What the field is about.';
comment on column app_public.custom_fields.system_key is 'The key by which forms and programs name the field; never changes.';
comment on column app_public.custom_fields.definition is
  'What is asked, as an item of a form without its key: {"type": "integer", "label": {"ro": "…"}, "min": 0}.';
comment on column app_public.custom_fields.version is 'The number of the last published version; 0 before the first.';
comment on column app_public.custom_fields.published is 'Whether values may be written: published, and not withdrawn from use since.';

create table app_public.custom_field_versions (
  id uuid primary key default uuidv7(),
  organization_id uuid not null,
  custom_field_id uuid not null,
  number int not null,
  definition jsonb not null,
  published_by uuid references app_public.principals on delete restrict,
  published_at timestamptz not null default now(),
  constraint custom_field_versions_identity unique (organization_id, id),
  constraint custom_field_versions_number_is_used_once unique (organization_id, custom_field_id, number),
  constraint custom_field_versions_organization_id_custom_field_id_fkey foreign key (organization_id, custom_field_id)
    references app_public.custom_fields (organization_id, id) on delete restrict,
  constraint custom_field_versions_number_counts_from_1 check (number >= 1),
  constraint custom_field_versions_definition_is_an_object check (jsonb_typeof(definition) = 'object')
);
create index custom_field_versions_published_by_idx on app_public.custom_field_versions (published_by);
comment on table app_public.custom_field_versions is 'What a field asked from a publication on; never changed.';
comment on column app_public.custom_field_versions.number is 'Which version it is, counted from 1.';
comment on column app_public.custom_field_versions.published_at is 'When it was published.';
comment on column app_public.custom_field_versions.definition is 'What is asked, as an item of a form without its key.';

create table app_public.custom_field_values (
  id uuid primary key default uuidv7(),
  organization_id uuid not null,
  custom_field_id uuid not null,
  entity_type text not null,
  patient_profile_id uuid,
  service_id uuid,
  specialist_id uuid,
  value jsonb not null,
  version int not null,
  source_form_id uuid,
  updated_by uuid references app_public.principals on delete restrict,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  constraint custom_field_values_identity unique (organization_id, id),
  constraint custom_field_values_custom_field_fkey foreign key (organization_id, custom_field_id, entity_type)
    references app_public.custom_fields (organization_id, id, entity_type) on delete restrict,
  constraint custom_field_values_are_about_a_patient foreign key (organization_id, patient_profile_id)
    references app_public.patients (organization_id, patient_profile_id) on delete restrict,
  constraint custom_field_values_of_a_patient_are_one unique (organization_id, custom_field_id, patient_profile_id),
  constraint custom_field_values_of_a_service_are_one unique (organization_id, custom_field_id, service_id),
  constraint custom_field_values_of_a_specialist_are_one unique (organization_id, custom_field_id, specialist_id),
  constraint custom_field_values_organization_id_service_id_fkey foreign key (organization_id, service_id)
    references app_public.services (organization_id, id) on delete cascade,
  constraint custom_field_values_organization_id_specialist_id_fkey foreign key (organization_id, specialist_id)
    references app_public.specialists (organization_id, id) on delete cascade,
  constraint custom_field_values_entity_type_is_known check (entity_type in ('patient', 'service', 'specialist')),
  constraint custom_field_values_are_of_one_row check (
    (entity_type = 'patient') = (patient_profile_id is not null)
    and (entity_type = 'service') = (service_id is not null)
    and (entity_type = 'specialist') = (specialist_id is not null)),
  constraint custom_field_values_value_is_not_null check (jsonb_typeof(value) <> 'null'),
  constraint custom_field_values_value_is_short check (octet_length(value::text) <= 50000)
);
create index custom_field_values_field_idx on app_public.custom_field_values (organization_id, custom_field_id, entity_type);
create index custom_field_values_patient_idx on app_public.custom_field_values (organization_id, patient_profile_id);
create index custom_field_values_service_idx on app_public.custom_field_values (organization_id, service_id) where service_id is not null;
create index custom_field_values_specialist_idx on app_public.custom_field_values (organization_id, specialist_id) where specialist_id is not null;
create index custom_field_values_updated_by_idx on app_public.custom_field_values (updated_by);
comment on table app_public.custom_field_values is 'What a field of the clinic says of one patient, service or specialist.';
comment on constraint custom_field_values_entity_type_is_known on app_public.custom_field_values is
  E'patient: A patient of the clinic.\n'
  'service: A service that the clinic offers.\n'
  'specialist: A specialist of the clinic.';
comment on column app_public.custom_field_values.entity_type is 'What the field is about.';
comment on column app_public.custom_field_values.version is 'The version of the field by which the value was checked.';
comment on column app_public.custom_field_values.source_form_id is 'The form whose completion wrote the value; null where somebody of the clinic did.';
comment on column app_public.custom_field_values.updated_by is 'Who wrote the value last.';
