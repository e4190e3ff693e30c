--! Previous: sha1:310205d04a8bf80c2544e033a8320fcf5c97ec58
--! Hash: sha1:c1f29a3981e32662c68139b394c063f7d55638c3
--! Message: custom fields, form templates and forms

--! split: 150-custom_fields.sql
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

--! split: 155-form_templates.sql
-- Templates of forms, their published versions, and which services and calendars ask for them. FRM-02, FRM-08.
-- squawk-ignore ban-drop-table
drop table if exists app_public.service_forms;
-- squawk-ignore ban-drop-table
drop table if exists app_public.calendar_forms;
-- squawk-ignore ban-drop-table
drop table if exists app_public.form_template_version_purposes;
-- squawk-ignore ban-drop-table
drop table if exists app_public.form_template_versions;
-- squawk-ignore ban-drop-table
drop table if exists app_public.form_template_purposes;
-- squawk-ignore ban-drop-table
drop table if exists app_public.form_templates;

create table app_public.form_templates (
  id uuid primary key default uuidv7(),
  organization_id uuid not null references app_public.organizations on delete restrict,
  key text not null,
  name text not null,
  kind text not null default 'other',
  content jsonb not null,
  signature_mode text not null default 'none',
  link_inner_mode text not null default 'drawn',
  link_expires_minutes int not null default 1440,
  validity_months int,
  licence text,
  version int not null default 0,
  published boolean not null default false,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  constraint form_templates_identity unique (organization_id, id),
  constraint form_templates_key_is_unique unique (organization_id, key),
  constraint form_templates_key_is_a_key check (key ~ '^[a-z][a-z0-9_]{0,62}$'),
  constraint form_templates_name_is_not_blank check (name ~ '[[:alnum:]]'),
  constraint form_templates_name_is_at_most_200_characters_long check (length(name) <= 200),
  constraint form_templates_name_is_one_line check (name !~ '[[:cntrl:]]'),
  constraint form_templates_kind_is_known check (kind in ('consent', 'disclosure', 'feedback', 'intake', 'other', 'outcome')),
  constraint form_templates_content_is_an_object check (jsonb_typeof(content) = 'object'),
  constraint form_templates_signature_mode_is_known check (signature_mode in ('none', 'click_typed', 'drawn_kiosk', 'remote_link')),
  constraint form_templates_link_inner_mode_is_known check (link_inner_mode in ('typed', 'drawn')),
  constraint form_templates_link_expires_minutes_is_sensible check (link_expires_minutes between 10 and 43200),
  constraint form_templates_validity_months_is_sensible check (validity_months between 1 and 120),
  constraint form_templates_licence_is_short check (length(licence) <= 1000),
  constraint form_templates_version_is_not_negative check (version >= 0),
  constraint form_templates_published_has_a_version check (not published or version > 0)
);
create index form_templates_name_idx on app_public.form_templates (organization_id, name, id);
comment on table app_public.form_templates is 'A form that the clinic asks people to fill in: the draft of its next version.';
comment on constraint form_templates_kind_is_known on app_public.form_templates is
  E'consent: What people agree to.\n'
  'disclosure: What people are told before a treatment.\n'
  'feedback: What people say about a session.\n'
  'intake: What is asked of a new patient.\n'
  'other: Anything else.\n'
  'outcome: A measure with a score that is followed over time.';
comment on constraint form_templates_signature_mode_is_known on app_public.form_templates is
  E'none: Not signed: complete is the end.\n'
  'click_typed: Signed in the portal with a typed name.\n'
  'drawn_kiosk: Drawn on a tablet at the clinic.\n'
  'remote_link: Signed on the own telephone, by a link.';
comment on constraint form_templates_link_inner_mode_is_known on app_public.form_templates is
  E'typed: The name is typed.\n'
  'drawn: The signature is drawn.';
comment on column app_public.form_templates.key is 'The word by which programs know the template; never changes.';
comment on column app_public.form_templates.content is
  'What is asked, in the language of templates (docs/form-content.schema.json): title, items, scores.';
comment on column app_public.form_templates.signature_mode is 'How it is signed.';
comment on column app_public.form_templates.link_inner_mode is 'How it is signed by a link.';
comment on column app_public.form_templates.link_expires_minutes is 'For how long a signature link may be used.';
comment on column app_public.form_templates.validity_months is
  'For how long an answer counts: until then nobody is asked again. Null: it is asked for every appointment.';
comment on column app_public.form_templates.licence is 'By which licence the clinic uses a questionnaire of somebody else.';
comment on column app_public.form_templates.version is 'The number of the last published version; 0 before the first.';
comment on column app_public.form_templates.published is 'Whether forms are made of it: published, and not withdrawn from use since.';

create table app_public.form_template_purposes (
  organization_id uuid not null,
  template_id uuid not null,
  purpose_scope_id uuid not null,
  purpose_version_id uuid not null,
  created_at timestamptz not null default now(),
  constraint form_template_purposes_pkey primary key (organization_id, template_id, purpose_version_id),
  constraint form_template_purposes_organization_id_template_id_fkey foreign key (organization_id, template_id)
    references app_public.form_templates (organization_id, id) on delete cascade,
  constraint form_template_purposes_are_the_platforms_or_the_clinics check (
    purpose_scope_id = '00000000-0000-0000-0000-000000000000' or purpose_scope_id = organization_id)
);
comment on table app_public.form_template_purposes is 'What whoever signs a form of the next version of a template is to consent to.';
comment on column app_public.form_template_purposes.purpose_scope_id is E'@behavior -*\nThe clinic whose words they are, or zero for the platform.';
comment on column app_public.form_template_purposes.purpose_version_id is 'The version of the purpose.';

create table app_public.form_template_versions (
  id uuid primary key default uuidv7(),
  organization_id uuid not null,
  template_id uuid not null,
  number int not null,
  content jsonb not null,
  content_hash bytea not null,
  field_types jsonb not null,
  signature_mode text not null,
  link_inner_mode text not null,
  link_expires_minutes int not null,
  validity_months int,
  published_by uuid references app_public.principals on delete restrict,
  published_at timestamptz not null default now(),
  constraint form_template_versions_identity unique (organization_id, id),
  constraint form_template_versions_of_a_template unique (organization_id, template_id, id),
  constraint form_template_versions_number_is_used_once unique (organization_id, template_id, number),
  constraint form_template_versions_organization_id_template_id_fkey foreign key (organization_id, template_id)
    references app_public.form_templates (organization_id, id) on delete restrict,
  constraint form_template_versions_signature_mode_is_known check (signature_mode in ('none', 'click_typed', 'drawn_kiosk', 'remote_link')),
  constraint form_template_versions_link_inner_mode_is_known check (link_inner_mode in ('typed', 'drawn')),
  constraint form_template_versions_number_counts_from_1 check (number >= 1),
  constraint form_template_versions_content_hash_is_of_the_content check (content_hash = sha256(convert_to(content::text, 'UTF8')))
);
create index form_template_versions_published_by_idx on app_public.form_template_versions (published_by);
comment on table app_public.form_template_versions is 'What a template asked from a publication on; never changed.';
comment on column app_public.form_template_versions.number is 'Which version it is, counted from 1.';
comment on column app_public.form_template_versions.content is 'What is asked, in the language of templates.';
comment on column app_public.form_template_versions.content_hash is 'SHA-256 of content as PostgreSQL writes it, in UTF-8.';
comment on column app_public.form_template_versions.published_at is 'When it was published.';
comment on column app_public.form_template_versions.field_types is 'The type of each field, by its key: a key keeps its type in every version.';
comment on column app_public.form_template_versions.signature_mode is E'@words form_templates.signature_mode\nHow it is signed.';
comment on column app_public.form_template_versions.link_inner_mode is E'@words form_templates.link_inner_mode\nHow it is signed by a link.';
comment on column app_public.form_template_versions.link_expires_minutes is 'For how long a signature link may be used.';
comment on column app_public.form_template_versions.validity_months is 'For how long an answer counts; null: for one appointment.';

create table app_public.form_template_version_purposes (
  organization_id uuid not null,
  version_id uuid not null,
  purpose_scope_id uuid not null,
  purpose_version_id uuid not null,
  constraint form_template_version_purposes_pkey primary key (organization_id, version_id, purpose_version_id),
  constraint form_template_version_purposes_organization_id_version_id_fkey foreign key (organization_id, version_id)
    references app_public.form_template_versions (organization_id, id) on delete restrict,
  constraint form_template_version_purposes_are_the_platforms_or_the_clinics check (
    purpose_scope_id = '00000000-0000-0000-0000-000000000000' or purpose_scope_id = organization_id)
);
comment on table app_public.form_template_version_purposes is 'What whoever signs a form of this version consents to; never changed.';
comment on column app_public.form_template_version_purposes.purpose_scope_id is E'@behavior -*\nThe clinic whose words they are, or zero for the platform.';
comment on column app_public.form_template_version_purposes.purpose_version_id is 'The version of the purpose.';

create table app_public.service_forms (
  organization_id uuid not null,
  service_id uuid not null,
  template_id uuid not null,
  created_at timestamptz not null default now(),
  constraint service_forms_pkey primary key (organization_id, service_id, template_id),
  constraint service_forms_organization_id_service_id_fkey foreign key (organization_id, service_id)
    references app_public.services (organization_id, id) on delete cascade,
  constraint service_forms_organization_id_template_id_fkey foreign key (organization_id, template_id)
    references app_public.form_templates (organization_id, id) on delete cascade
);
create index service_forms_template_idx on app_public.service_forms (organization_id, template_id);
comment on table app_public.service_forms is 'A form that every appointment of a service asks for.';

create table app_public.calendar_forms (
  organization_id uuid not null,
  calendar_id uuid not null,
  template_id uuid not null,
  created_at timestamptz not null default now(),
  constraint calendar_forms_pkey primary key (organization_id, calendar_id, template_id),
  constraint calendar_forms_organization_id_calendar_id_fkey foreign key (organization_id, calendar_id)
    references app_public.calendars (organization_id, id) on delete cascade,
  constraint calendar_forms_organization_id_template_id_fkey foreign key (organization_id, template_id)
    references app_public.form_templates (organization_id, id) on delete cascade
);
create index calendar_forms_template_idx on app_public.calendar_forms (organization_id, template_id);
comment on table app_public.calendar_forms is 'A form that every appointment of a calendar asks for.';

--! split: 160-forms.sql
-- Forms that people fill in, the appointments that ask for them, and what came of them. FRM-04, FRM-05, FRM-08, FRM-09.
-- squawk-ignore ban-drop-table
drop table if exists app_public.form_write_backs;
-- squawk-ignore ban-drop-table
drop table if exists app_public.form_scores;
-- squawk-ignore ban-drop-table
drop table if exists app_public.form_moves;
-- squawk-ignore ban-drop-table
drop table if exists app_public.appointment_forms;
alter table app_public.files drop constraint if exists files_organization_id_form_id_fkey;
-- squawk-ignore ban-drop-table
drop table if exists app_public.forms;

alter table app_public.patients drop constraint if exists patients_and_their_person;
-- squawk-ignore disallowed-unique-constraint,constraint-missing-not-valid
alter table app_public.patients add constraint patients_and_their_person unique (organization_id, id, patient_profile_id);

create table app_public.forms (
  id uuid primary key default uuidv7(),
  organization_id uuid not null,
  patient_id uuid not null,
  patient_profile_id uuid not null,
  template_id uuid not null,
  version_id uuid not null,
  appointment_id uuid,
  amends_form_id uuid,
  snapshot jsonb not null,
  locale text not null default 'ro',
  status text not null default 'pending',
  answers jsonb not null default '{}',
  prefill jsonb not null default '{}',
  completions int not null default 0,
  completed_at timestamptz,
  signed_at timestamptz,
  valid_until timestamptz,
  reopen_reason text,
  created_by uuid references app_public.principals on delete restrict,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  deleted_at timestamptz,
  constraint forms_identity unique (organization_id, id),
  constraint forms_are_about_a_patient foreign key (organization_id, patient_id, patient_profile_id)
    references app_public.patients (organization_id, id, patient_profile_id) on delete restrict,
  constraint forms_organization_id_template_id_version_id_fkey foreign key (organization_id, template_id, version_id)
    references app_public.form_template_versions (organization_id, template_id, id) on delete restrict,
  constraint forms_organization_id_appointment_id_fkey foreign key (organization_id, appointment_id)
    references app_public.appointments (organization_id, id) on delete restrict,
  constraint forms_organization_id_amends_form_id_fkey foreign key (organization_id, amends_form_id)
    references app_public.forms (organization_id, id) on delete restrict,
  constraint forms_locale_is_supported check (locale in ('ro', 'en')),
  constraint forms_status_is_known check (status in ('pending', 'in_progress', 'completed', 'signed')),
  constraint forms_answers_are_an_object check (jsonb_typeof(answers) = 'object'),
  constraint forms_answers_are_bounded check (octet_length(answers::text) <= 220000),
  constraint forms_prefill_is_an_object check (jsonb_typeof(prefill) = 'object'),
  constraint forms_completed_at_follows_the_status check ((completed_at is not null) = (status in ('completed', 'signed'))),
  constraint forms_signed_at_follows_the_status check ((signed_at is not null) = (status = 'signed')),
  constraint forms_reopen_reason_is_short check (length(reopen_reason) <= 500),
  constraint forms_amend_another_form check (amends_form_id <> id)
);
create index forms_of_person_idx on app_public.forms (organization_id, patient_id, patient_profile_id);
create index forms_patient_idx on app_public.forms (organization_id, patient_id, created_at, id);
create index forms_person_idx on app_public.forms (patient_profile_id, organization_id);
create index forms_version_idx on app_public.forms (organization_id, template_id, version_id);
create index forms_appointment_idx on app_public.forms (organization_id, appointment_id) where appointment_id is not null;
create index forms_amended_idx on app_public.forms (organization_id, amends_form_id) where amends_form_id is not null;
create index forms_created_by_idx on app_public.forms (created_by);
create index forms_created_idx on app_public.forms (organization_id, created_at, id);
create index forms_deleted_idx on app_public.forms (organization_id) where deleted_at is not null;
comment on table app_public.forms is 'A form of a patient: what was asked, as the template stood then, and what was answered.';
comment on constraint forms_status_is_known on app_public.forms is
  E'pending: Nobody has answered yet.\n'
  'in_progress: Some of it is answered.\n'
  'completed: Everything that is asked is answered.\n'
  'signed: Signed; nothing of it changes any more.';
comment on column app_public.forms.template_id is 'The template that it was made of.';
comment on column app_public.forms.version_id is 'The version of the template that it was made of.';
comment on column app_public.forms.appointment_id is 'The appointment that it was made for; appointmentForms says which ones it serves.';
comment on column app_public.forms.amends_form_id is 'The signed form that this one corrects.';
comment on column app_public.forms.snapshot is 'What is asked, as the version of the template says; it never changes.';
comment on column app_public.forms.answers is 'What was answered, by the key of each field. Text, never markup.';
comment on column app_public.forms.prefill is
  'Where answers came from that were there at the beginning: by key, the value, its source (profile, custom_field) and the field there.';
comment on column app_public.forms.completions is 'How often it was completed; more than once where it was opened again.';
comment on column app_public.forms.completed_at is 'When everything was answered.';
comment on column app_public.forms.signed_at is 'When it was signed.';
comment on column app_public.forms.reopen_reason is 'Why it was last opened again after it was complete.';
comment on column app_public.forms.valid_until is 'Until when the answers count for further appointments; null: for its own only.';

create table app_public.appointment_forms (
  organization_id uuid not null,
  appointment_id uuid not null,
  template_id uuid not null,
  form_id uuid not null,
  created_at timestamptz not null default now(),
  constraint appointment_forms_pkey primary key (organization_id, appointment_id, template_id),
  constraint appointment_forms_organization_id_appointment_id_fkey foreign key (organization_id, appointment_id)
    references app_public.appointments (organization_id, id) on delete restrict,
  constraint appointment_forms_organization_id_form_id_fkey foreign key (organization_id, form_id)
    references app_public.forms (organization_id, id) on delete restrict,
  constraint appointment_forms_organization_id_template_id_fkey foreign key (organization_id, template_id)
    references app_public.form_templates (organization_id, id) on delete restrict
);
create index appointment_forms_form_idx on app_public.appointment_forms (organization_id, form_id);
create index appointment_forms_template_idx on app_public.appointment_forms (organization_id, template_id);
comment on table app_public.appointment_forms is 'A form that an appointment asks for, and the patient''s form that serves.';

create table app_public.form_moves (
  id uuid primary key default uuidv7(),
  organization_id uuid not null,
  form_id uuid not null,
  from_status text,
  to_status text not null,
  moved_by uuid references app_public.principals on delete restrict,
  moved_at timestamptz not null default now(),
  reason text,
  constraint form_moves_identity unique (organization_id, id),
  constraint form_moves_organization_id_form_id_fkey foreign key (organization_id, form_id)
    references app_public.forms (organization_id, id) on delete restrict,
  constraint form_moves_from_status_is_known check (from_status in ('pending', 'in_progress', 'completed', 'signed')),
  constraint form_moves_to_status_is_known check (to_status in ('pending', 'in_progress', 'completed', 'signed')),
  constraint form_moves_reason_is_short check (length(reason) <= 500)
);
create index form_moves_form_idx on app_public.form_moves (organization_id, form_id, moved_at);
create index form_moves_moved_by_idx on app_public.form_moves (moved_by);
comment on table app_public.form_moves is 'Every move of a form: from, to, who, when, and why it was opened again.';
comment on column app_public.form_moves.from_status is E'@words forms.status\nWhat it was before; null where it was made.';
comment on column app_public.form_moves.to_status is E'@words forms.status\nWhat it is since.';
comment on column app_public.form_moves.reason is 'Why a complete form was opened again.';

create table app_public.form_scores (
  organization_id uuid not null,
  form_id uuid not null,
  completion int not null,
  key text not null,
  value numeric,
  answered int not null,
  fields int not null,
  method text not null,
  direction text not null,
  version int not null,
  scored_at timestamptz not null default now(),
  constraint form_scores_pkey primary key (organization_id, form_id, completion, key),
  constraint form_scores_organization_id_form_id_fkey foreign key (organization_id, form_id)
    references app_public.forms (organization_id, id) on delete restrict,
  constraint form_scores_method_is_known check (method in ('sum', 'mean', 'max')),
  constraint form_scores_direction_is_known check (direction in ('lower_is_better', 'higher_is_better')),
  constraint form_scores_answered_is_a_part check (answered between 0 and fields)
);
comment on table app_public.form_scores is 'What the answers of a completed form came to; never computed anew.';
comment on constraint form_scores_method_is_known on app_public.form_scores is
  E'sum: All of them together.\n'
  'mean: Their mean.\n'
  'max: The highest of them.';
comment on constraint form_scores_direction_is_known on app_public.form_scores is
  E'lower_is_better: Less is better, such as pain.\n'
  'higher_is_better: More is better, such as function.';
comment on column app_public.form_scores.method is 'How the answers were put together.';
comment on column app_public.form_scores.direction is 'Which way is better.';
comment on column app_public.form_scores.completion is 'Which completion of the form it was, counted from 1; the last one counts.';
comment on column app_public.form_scores.value is 'The score; null where too few fields were answered.';
comment on column app_public.form_scores.answered is 'How many of its fields were answered.';
comment on column app_public.form_scores.fields is 'How many fields it is made of.';
comment on column app_public.form_scores.version is 'The version of the rule that it was computed by.';
comment on column app_public.form_scores.scored_at is 'When it was computed.';

drop function if exists app_public.score_trend(uuid, uuid, text);
drop type if exists app_public.score_point;
create type app_public.score_point as (
  form_id uuid, completed_at timestamptz, value numeric, answered int, fields int, direction text, version int, change numeric
);
comment on type app_public.score_point is
  'A score of one form, in the course of a patient.';
comment on column app_public.score_point.form_id is 'The form that was scored.';
comment on column app_public.score_point.completed_at is 'When everything was answered.';
comment on column app_public.score_point.value is E'@nullable\nThe score; null where too few fields were answered.';
comment on column app_public.score_point.answered is 'How many of its fields were answered.';
comment on column app_public.score_point.fields is 'How many fields it is made of.';
comment on column app_public.score_point.direction is E'@words form_scores.direction\nWhich way is better.';
comment on column app_public.score_point.version is 'The version of the rule that it was computed by.';
comment on column app_public.score_point.change is E'@nullable\nThe change since the first score; null where there is none.';

create table app_public.form_write_backs (
  id uuid primary key default uuidv7(),
  organization_id uuid not null,
  form_id uuid not null,
  key text not null,
  target text not null,
  field text not null,
  outcome text not null,
  value_before jsonb,
  value_at_creation jsonb,
  value jsonb not null,
  written_at timestamptz not null default now(),
  resolved_by uuid references app_public.principals on delete restrict,
  resolved_at timestamptz,
  resolution text,
  constraint form_write_backs_identity unique (organization_id, id),
  constraint form_write_backs_are_made_once unique (organization_id, form_id, key),
  constraint form_write_backs_organization_id_form_id_fkey foreign key (organization_id, form_id)
    references app_public.forms (organization_id, id) on delete restrict,
  constraint form_write_backs_target_is_known check (target in ('profile', 'custom_field')),
  constraint form_write_backs_outcome_is_known check (outcome in ('written', 'newer_value', 'not_permitted', 'not_taken')),
  constraint form_write_backs_resolution_is_known check (resolution in ('form', 'kept')),
  constraint form_write_backs_resolution_has_a_time check ((resolved_at is null) = (resolution is null)),
  constraint form_write_backs_only_conflicts_are_resolved check (resolution is null or outcome <> 'written')
);
create index form_write_backs_resolved_by_idx on app_public.form_write_backs (resolved_by);
create index form_write_backs_written_idx on app_public.form_write_backs (organization_id, written_at, id);
comment on table app_public.form_write_backs is 'An answer that differed from the patient''s profile or a field of the clinic: written there, or kept as a conflict.';
comment on constraint form_write_backs_target_is_known on app_public.form_write_backs is
  E'profile: The patient''s profile.\n'
  'custom_field: A field of the clinic.';
comment on constraint form_write_backs_outcome_is_known on app_public.form_write_backs is
  E'written: The answer stands there now.\n'
  'newer_value: It was changed there after the form was made, so it was left.\n'
  'not_permitted: Whoever completed the form may not write there.\n'
  'not_taken: The answer is not taken there.';
comment on constraint form_write_backs_resolution_is_known on app_public.form_write_backs is
  E'form: Staff took the answer of the form.\n'
  'kept: Staff kept what stood there.';
comment on column app_public.form_write_backs.target is 'Where the answer belongs.';
comment on column app_public.form_write_backs.outcome is 'What came of it.';
comment on column app_public.form_write_backs.field is 'The field there: a column of the profile, or the key of a field of the clinic.';
comment on column app_public.form_write_backs.value_before is 'What stood there when the form was completed.';
comment on column app_public.form_write_backs.value_at_creation is 'What stood there when the form was made.';
comment on column app_public.form_write_backs.value is 'What the form says.';
comment on column app_public.form_write_backs.written_at is 'When the form was completed.';
comment on column app_public.form_write_backs.resolved_by is 'Who decided about the conflict.';
comment on column app_public.form_write_backs.resolved_at is 'When the conflict was decided.';
comment on column app_public.form_write_backs.resolution is 'What was decided; null while it is open, and where there was none.';

alter table app_public.custom_field_values drop constraint if exists custom_field_values_organization_id_source_form_id_fkey;
alter table app_public.custom_field_values
  -- squawk-ignore adding-foreign-key-constraint,constraint-missing-not-valid
  add constraint custom_field_values_organization_id_source_form_id_fkey foreign key (organization_id, source_form_id)
    references app_public.forms (organization_id, id) on delete restrict;
-- squawk-ignore require-concurrent-index-creation
create index custom_field_values_source_form_idx on app_public.custom_field_values (organization_id, source_form_id) where source_form_id is not null;

alter table app_public.files add column if not exists form_id uuid;
comment on column app_public.files.form_id is 'The form that the file is an answer of.';
alter table app_public.files
  -- squawk-ignore adding-foreign-key-constraint,constraint-missing-not-valid
  add constraint files_organization_id_form_id_fkey foreign key (organization_id, form_id)
    references app_public.forms (organization_id, id) on delete restrict;
-- squawk-ignore require-concurrent-index-deletion
drop index if exists app_public.files_form_idx;
-- squawk-ignore require-concurrent-index-creation
create index files_form_idx on app_public.files (organization_id, form_id, id);

--! split: 165-forms_and_consents.sql
-- What forms and consents say of each other. CNS-02, FRM-02.
alter table app_public.form_template_purposes drop constraint if exists form_template_purposes_are_of_a_version;
alter table app_public.form_template_purposes
  -- squawk-ignore adding-foreign-key-constraint,constraint-missing-not-valid
  add constraint form_template_purposes_are_of_a_version foreign key (purpose_scope_id, purpose_version_id)
    references app_public.consent_purpose_versions (scope_id, id) on delete restrict;
-- squawk-ignore require-concurrent-index-creation
create index form_template_purposes_version_idx on app_public.form_template_purposes (purpose_scope_id, purpose_version_id);
alter table app_public.form_template_version_purposes drop constraint if exists form_template_version_purposes_are_of_a_version;
alter table app_public.form_template_version_purposes
  -- squawk-ignore adding-foreign-key-constraint,constraint-missing-not-valid
  add constraint form_template_version_purposes_are_of_a_version foreign key (purpose_scope_id, purpose_version_id)
    references app_public.consent_purpose_versions (scope_id, id) on delete restrict;
-- squawk-ignore require-concurrent-index-creation
create index form_template_version_purposes_purpose_idx on app_public.form_template_version_purposes (purpose_scope_id, purpose_version_id);
alter table app_public.consents drop constraint if exists consents_organization_id_source_form_id_fkey;
alter table app_public.consents
  -- squawk-ignore adding-foreign-key-constraint,constraint-missing-not-valid
  add constraint consents_organization_id_source_form_id_fkey foreign key (organization_id, source_form_id)
    references app_public.forms (organization_id, id) on delete restrict;
alter table app_public.consents drop constraint if exists consents_forms_belong_to_a_clinic;
alter table app_public.consents
  -- squawk-ignore constraint-missing-not-valid
  add constraint consents_forms_belong_to_a_clinic check (source_form_id is null or organization_id is not null);

--! split: 900-sources.sql
-- Written by npm run db:stage from db/functions, db/policies and db/reference: change those, not this file.

-- source: functions/forms/answer_problem.sql
-- What is wrong with one answer that is not empty, by the type of its field: the first thing only. FRM-04. Texts are counted in characters.

create or replace function app_private.answer_problem(item jsonb, type text, value jsonb, out reason text, out details jsonb)
language plpgsql immutable
set search_path = ''
as $$
declare
  v_kind constant text := jsonb_typeof(value);
  v_text text;
  v_number numeric;
  v_count int;
begin
  case type
    when 'text', 'long_text', 'email', 'phone' then
      if v_kind <> 'string' then
        reason := 'not_a_text';
        return;
      end if;
      v_text := value #>> '{}';
      v_count := length(v_text);
      if v_count > coalesce((item ->> 'max_length')::int, 10000) then
        reason := 'too_long';
        details := jsonb_build_object('bound', coalesce((item ->> 'max_length')::int, 10000));
      elsif v_count < (item ->> 'min_length')::int then
        reason := 'too_short';
        details := jsonb_build_object('bound', (item ->> 'min_length')::int);
      elsif type <> 'long_text' and v_text ~ '[\u0001-\u001F\u007F]' then
        reason := 'not_one_line';
      elsif type = 'email' and not (v_count <= 254
          and v_text ~ '^[A-Za-z0-9.!#$%&''*+/=?^_`{|}~-]+@[A-Za-z0-9]([A-Za-z0-9-]*[A-Za-z0-9])?(\.[A-Za-z0-9]([A-Za-z0-9-]*[A-Za-z0-9])?)+$') then
        reason := 'not_an_email';
      elsif type = 'phone' and not (v_text ~ '^\+?[0-9 ().-]{6,30}$' and length(regexp_replace(v_text, '[^0-9]', '', 'g')) between 6 and 15) then
        reason := 'not_a_phone';
      end if;
    when 'integer', 'number', 'scale' then
      if v_kind <> 'number' then
        reason := 'not_a_number';
        return;
      end if;
      v_number := value::numeric;
      if v_number > coalesce((item ->> 'max')::numeric, 1000000000000000) then
        reason := 'too_large';
        details := jsonb_build_object('bound', coalesce((item ->> 'max')::numeric, 1000000000000000));
      elsif v_number < coalesce((item ->> 'min')::numeric, -1000000000000000) then
        reason := 'too_small';
        details := jsonb_build_object('bound', coalesce((item ->> 'min')::numeric, -1000000000000000));
      elsif type <> 'number' and v_number % 1 <> 0 then
        reason := 'not_an_integer';
      end if;
    when 'boolean' then
      if v_kind <> 'boolean' then
        reason := 'not_a_boolean';
      end if;
    when 'date' then
      v_text := value #>> '{}';
      if v_kind <> 'string' or v_text !~ '^[0-9]{4}-[0-9]{2}-[0-9]{2}$' or not pg_input_is_valid(v_text, 'date') then
        reason := 'not_a_date';
      elsif v_text collate "C" > item ->> 'max' then
        reason := 'too_late';
        details := jsonb_build_object('bound', item -> 'max');
      elsif v_text collate "C" < item ->> 'min' then
        reason := 'too_early';
        details := jsonb_build_object('bound', item -> 'min');
      end if;
    when 'choice' then
      if v_kind <> 'string' then
        reason := 'not_a_text';
      elsif not jsonb_path_exists(item, '$.options[*] ? (@.value == $chosen)', jsonb_build_object('chosen', value)) then
        reason := 'not_offered';
      end if;
    when 'choices', 'file' then
      select found.reason, found.details into reason, details from app_private.list_problem(item, type, value) as found;
    else
      reason := 'type_unknown';
  end case;
end;
$$;

comment on function app_private.answer_problem is 'The first thing that is wrong with an answer, and its bound; null where nothing is.';
grant execute on function app_private.answer_problem to app_engine;

-- Several choices, or several files by their ids.
create or replace function app_private.list_problem(item jsonb, type text, value jsonb, out reason text, out details jsonb)
language plpgsql immutable
set search_path = ''
as $$
declare
  v_count int;
  v_different int;
  v_texts int;
  v_fitting int;
  v_most constant int := case type when 'file' then coalesce((item ->> 'max_files')::int, 1) else (item ->> 'max_chosen')::int end;
begin
  if jsonb_typeof(value) <> 'array' then
    reason := 'not_a_list';
    return;
  end if;
  select count(*), count(distinct listed.value), count(*) filter (where jsonb_typeof(listed.value) = 'string'),
         count(*) filter (where case type
           when 'file' then listed.value #>> '{}' ~ '^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$'
           else jsonb_path_exists(item, '$.options[*] ? (@.value == $chosen)', jsonb_build_object('chosen', listed.value))
         end)
  into v_count, v_different, v_texts, v_fitting
  from jsonb_array_elements(value) as listed;
  if v_texts < v_count then
    reason := 'not_a_text';
  elsif v_count > v_most then
    reason := 'too_many';
    details := jsonb_build_object('bound', v_most);
  elsif v_count < (item ->> 'min_chosen')::int then
    reason := 'too_few';
    details := jsonb_build_object('bound', (item ->> 'min_chosen')::int);
  elsif v_different < v_count then
    reason := 'chosen_twice';
  elsif v_fitting < v_count then
    reason := case type when 'file' then 'not_a_file' else 'not_offered' end;
  end if;
end;
$$;

comment on function app_private.list_problem is 'The first thing that is wrong with a list of choices or files; null where nothing is.';
grant execute on function app_private.list_problem to app_engine;
-- end of source: functions/forms/answer_problem.sql

-- source: functions/forms/form_field_types.sql
-- The items of a template, those in groups after their group. FRM-02. Groups hold groups once, so three levels are all.

create or replace function app_private.form_items(content jsonb) returns setof jsonb
language sql immutable
set search_path = ''
as $$
  with recursive items (item, depth) as (
    select listed.value, 1 from jsonb_array_elements(form_items.content -> 'items') as listed
    union all
    select inner_items.value, items.depth + 1
    from items
    cross join lateral jsonb_array_elements(items.item -> 'items') as inner_items
    where items.item ->> 'type' = 'group' and items.depth < 3
  )
  select items.item from items
$$;

comment on function app_private.form_items is 'Every item of a template, whatever group it stands in.';
grant execute on function app_private.form_items to app_engine;

-- A key keeps its type in every version, or answers of two versions could not be compared.
create or replace function app_private.form_field_types(content jsonb) returns jsonb
language sql immutable
set search_path = ''
as $$
  select coalesce(jsonb_object_agg(item ->> 'key', case when item ? 'repeat' then 'repeated_group' else item ->> 'type' end), '{}')
  from app_private.form_items(form_field_types.content) as item
$$;

comment on function app_private.form_field_types is
  'The type of each item by its key; repeated_group for a group that repeats.';
grant execute on function app_private.form_field_types to app_engine;
-- end of source: functions/forms/form_field_types.sql

-- source: functions/forms/make_form.sql
-- A form as it is made, by staff or with an appointment: the version that is published now, and what is known already, each
-- answer with where it came from. FRM-04, FRM-05.

create or replace function app_private.make_form(
  organization_id uuid,
  patient_profile_id uuid,
  template_id uuid,
  locale text,
  appointment_id uuid default null,
  amends_form_id uuid default null
) returns app_public.forms
language plpgsql volatile
set search_path = ''
as $$
declare
  v_version app_public.form_template_versions;
  v_prefill jsonb;
  v_form app_public.forms;
begin
  select versions.* into v_version
  from app_public.form_templates
  join app_public.form_template_versions as versions
    on versions.organization_id = form_templates.organization_id and versions.template_id = form_templates.id
    and versions.number = form_templates.version
  where form_templates.organization_id = make_form.organization_id and form_templates.id = make_form.template_id
    and form_templates.published;
  if not found then
    perform app_hidden.refuse('NOT_FOUND', 'form_template_not_found');
  end if;

  v_prefill := app_private.form_prefill(make_form.organization_id, make_form.patient_profile_id, v_version.content);
  insert into app_public.forms
    (organization_id, patient_id, patient_profile_id, template_id, version_id, appointment_id, amends_form_id, snapshot, locale,
     prefill, answers, created_by)
  select patients.organization_id, patients.id, patients.patient_profile_id, v_version.template_id, v_version.id,
         make_form.appointment_id, make_form.amends_form_id, v_version.content, make_form.locale, v_prefill,
         (select coalesce(jsonb_object_agg(known.key, known.value -> 'value'), '{}') from jsonb_each(v_prefill) as known),
         app_private.current_actor_id()
  from app_public.patients
  where patients.organization_id = make_form.organization_id and patients.patient_profile_id = make_form.patient_profile_id
  returning * into v_form;
  return v_form;
end;
$$;

comment on function app_private.make_form is
  'Makes a form of the published version of a template for a patient; NOT_FOUND form_template_not_found where none is published.';
grant execute on function app_private.make_form to app_engine;

-- What the profile and the clinic's own fields know, where it would be taken as an answer.
create or replace function app_private.form_prefill(organization_id uuid, patient_profile_id uuid, content jsonb) returns jsonb
language sql stable
set search_path = ''
begin atomic
  select coalesce(
    jsonb_object_agg(linked.item ->> 'key', jsonb_build_object('value', linked.value, 'source', linked.source, 'field', linked.field)),
    '{}')
  from (
    select listed.item, 'profile' as source, listed.item ->> 'profile_field' as field,
           to_jsonb(patient_profiles) -> (listed.item ->> 'profile_field') as value
    from app_private.form_items(form_prefill.content) as listed (item)
    join app_public.patient_profiles on patient_profiles.id = form_prefill.patient_profile_id
    where listed.item ? 'profile_field'
    union all
    select listed.item, 'custom_field', listed.item ->> 'custom_field', custom_field_values.value
    from app_private.form_items(form_prefill.content) as listed (item)
    join app_public.custom_fields
      on custom_fields.organization_id = form_prefill.organization_id and custom_fields.entity_type = 'patient'
      and custom_fields.system_key = listed.item ->> 'custom_field'
    join app_public.custom_field_values
      on custom_field_values.organization_id = custom_fields.organization_id
      and custom_field_values.custom_field_id = custom_fields.id
      and custom_field_values.patient_profile_id = form_prefill.patient_profile_id
    where listed.item ? 'custom_field'
  ) as linked
  where jsonb_typeof(linked.value) <> 'null'
    and (app_private.answer_problem(linked.item, linked.item ->> 'type', linked.value)).reason is null;
end;

comment on function app_private.form_prefill is
  'By key of a field: the value that is known already, its source (profile or custom_field), and the field there.';
grant execute on function app_private.form_prefill to app_engine;
-- end of source: functions/forms/make_form.sql

-- source: functions/forms/ask_forms.sql
-- Every form that the service or the calendar of an appointment asks for, once: a form of the patient that still counts or that
-- belonged to an appointment which fell through serves again, else one is made. FRM-08. What was asked before stays asked.

create or replace function app_private.ask_forms(appointment app_public.appointments) returns void
language plpgsql volatile
set search_path = ''
as $$
declare
  v_template_id uuid;
  v_form_id uuid;
begin
  for v_template_id in
    select form_templates.id
    from (
      select service_forms.template_id from app_public.service_forms
      where service_forms.organization_id = (appointment).organization_id and service_forms.service_id = (appointment).service_id
      union
      select calendar_forms.template_id from app_public.calendar_forms
      where calendar_forms.organization_id = (appointment).organization_id and calendar_forms.calendar_id = (appointment).calendar_id
    ) as asked
    join app_public.form_templates
      on form_templates.organization_id = (appointment).organization_id and form_templates.id = asked.template_id
    where form_templates.published
      and not exists (
        select from app_public.appointment_forms as linked
        join app_public.forms on forms.organization_id = linked.organization_id and forms.id = linked.form_id
        where linked.organization_id = (appointment).organization_id and linked.appointment_id = (appointment).id
          and linked.template_id = form_templates.id
          -- Moved to a day on which an earlier form counts no more, it asks anew.
          and (forms.appointment_id = (appointment).id or forms.valid_until is null or forms.valid_until > (appointment).starts_at))
    order by form_templates.id
  loop
    v_form_id := coalesce(
      app_private.form_to_reuse(appointment, v_template_id),
      (app_private.make_form(
        (appointment).organization_id, (appointment).patient_profile_id, v_template_id, (appointment).locale, (appointment).id)).id);
    insert into app_public.appointment_forms (organization_id, appointment_id, template_id, form_id)
    values ((appointment).organization_id, (appointment).id, v_template_id, v_form_id)
    on conflict on constraint appointment_forms_pkey do update set form_id = excluded.form_id;
  end loop;
end;
$$;

comment on function app_private.ask_forms is
  'Links an appointment to the forms that its service and calendar ask for, and makes those that are not there.';
grant execute on function app_private.ask_forms to app_engine;

-- Whether what a template asks consent for now was asked by a signed form as well, and stands.
create or replace function app_private.consents_stand(form app_public.forms, template app_public.form_templates) returns boolean
language plpgsql stable
set search_path = ''
as $$
begin
  if exists (
    select
    from app_public.form_template_versions as latest
    join app_public.form_template_version_purposes as declared
      on declared.organization_id = latest.organization_id and declared.version_id = latest.id
    where latest.organization_id = (template).organization_id and latest.template_id = (template).id
      and latest.number = (template).version
      and not exists (
        select from app_public.form_template_version_purposes as signed
        where signed.organization_id = (form).organization_id and signed.version_id = (form).version_id
          and signed.purpose_version_id = declared.purpose_version_id)
  ) then
    return false;
  end if;
  return not exists (
    select
    from app_private.missing_consents((form).organization_id, (form).patient_id, array(
      select versions.purpose_code
      from app_public.form_template_version_purposes as signed
      join app_public.consent_purpose_versions as versions on versions.id = signed.purpose_version_id
      where signed.organization_id = (form).organization_id and signed.version_id = (form).version_id)));
end;
$$;

comment on function app_private.consents_stand is 'Whether every consent that a template asks for now was given by this form, and stands.';
grant execute on function app_private.consents_stand to app_engine;

-- The newest form of the patient that serves: final and valid on that day, or left over from appointments that fell through. Not
-- one that lacks a consent which the template asks for now: that is asked again.
create or replace function app_private.form_to_reuse(appointment app_public.appointments, template_id uuid) returns uuid
language sql stable
set search_path = ''
as $$
  select forms.id
  from app_public.patients
  join app_public.forms on forms.organization_id = patients.organization_id and forms.patient_id = patients.id
  join app_public.form_templates
    on form_templates.organization_id = forms.organization_id and form_templates.id = forms.template_id
  join app_public.form_template_versions as versions
    on versions.organization_id = forms.organization_id and versions.id = forms.version_id
  where patients.organization_id = (appointment).organization_id
    and patients.patient_profile_id = (appointment).patient_profile_id
    and forms.template_id = form_to_reuse.template_id
    and forms.deleted_at is null
    and (
      forms.valid_until > (appointment).starts_at
        and (forms.status = 'signed' or forms.status = 'completed' and versions.signature_mode = 'none')
      or exists (
        select from app_public.appointment_forms as linked
        where linked.organization_id = forms.organization_id and linked.form_id = forms.id)
        and not exists (
          select
          from app_public.appointment_forms as linked
          join app_public.appointments as served
            on served.organization_id = linked.organization_id and served.id = linked.appointment_id
          where linked.organization_id = forms.organization_id and linked.form_id = forms.id
            and served.status not in ('cancelled', 'noshow') and served.deleted_at is null)
    )
    and (forms.status <> 'signed' or app_private.consents_stand(forms, form_templates))
  order by forms.valid_until > (appointment).starts_at desc nulls last, forms.created_at desc, forms.id desc
  limit 1
$$;

comment on function app_private.form_to_reuse is 'A form of the patient that serves an appointment as well; null where one has to be made.';
grant execute on function app_private.form_to_reuse to app_engine;

-- An appointment that went to another patient asks that patient; a form that nobody had touched goes, what was answered stays with
-- whom it was answered about.
create or replace function app_private.ask_forms_anew(appointment app_public.appointments) returns void
language plpgsql volatile
set search_path = ''
as $$
begin
  delete from app_public.appointment_forms as linked
  where linked.organization_id = (appointment).organization_id and linked.appointment_id = (appointment).id;
  update app_public.forms set deleted_at = app_hidden.now()
  where forms.organization_id = (appointment).organization_id and forms.appointment_id = (appointment).id
    and forms.patient_profile_id <> (appointment).patient_profile_id
    and forms.status = 'pending' and forms.deleted_at is null;
  perform app_private.ask_forms(appointment);
end;
$$;

comment on function app_private.ask_forms_anew is 'Takes the forms of an appointment away, and asks its new patient.';
grant execute on function app_private.ask_forms_anew to app_engine;
-- end of source: functions/forms/ask_forms.sql

-- source: functions/appointments/move_appointment_to_patient.sql
-- An appointment that stands on the wrong chart goes to the right patient of the same clinic; back again the same way.
-- The answer to a booking request follows, since the request is the appointment's. What the guest gave as contact stays;
-- a contact that was the patient's own changes with the patient. Locks: the clinic's people, then the right patient, then
-- the appointment, as whoever removes or merges patients; the wrong one is locked last, by the record of the transfer.
-- FND-34, APT-01.

set role app_engine;

create or replace function app_public.move_appointment_to_patient(appointment_id uuid, patient_profile_id uuid, reason text)
returns app_public.appointments
language plpgsql volatile security definer
set search_path = ''
as $$
declare
  v_reason text;
  v_appointment app_public.appointments;
  v_person app_public.patient_profiles;
  v_from_id uuid;
begin
  select appointments.* into v_appointment
  from app_public.appointments
  where appointments.id = appointment_id
    and appointments.deleted_at is null
    and appointments.organization_id = any (app_hidden.organization_ids_where('appointments.view'));
  if not found then
    perform app_hidden.refuse('NOT_FOUND', 'appointment_not_found');
  end if;
  perform app_private.require_permission(v_appointment.organization_id, 'appointments.manage');
  perform app_private.require_permission(v_appointment.organization_id, 'patients.manage');
  v_reason := app_private.require_reason(reason);

  perform app_private.lock_people(v_appointment.organization_id);
  perform app_private.require_patient(v_appointment.organization_id, move_appointment_to_patient.patient_profile_id);
  select appointments.* into v_appointment
  from app_public.appointments
  where appointments.id = appointment_id and appointments.deleted_at is null
  for update;
  if not found then
    perform app_hidden.refuse('NOT_FOUND', 'appointment_not_found');
  elsif v_appointment.patient_profile_id = move_appointment_to_patient.patient_profile_id then
    perform app_hidden.refuse('CONFLICT', 'already_this_patient', '{"field": "patientProfileId"}');
  end if;

  v_from_id := v_appointment.patient_profile_id;
  select patient_profiles.* into strict v_person
  from app_public.patient_profiles where patient_profiles.id = move_appointment_to_patient.patient_profile_id;
  update app_public.appointments set
    patient_profile_id = v_person.id,
    contact_email = case when appointments.booking_request_id is null then v_person.email else appointments.contact_email end,
    contact_name = case when appointments.booking_request_id is null then v_person.given_name || ' ' || v_person.family_name
                     else appointments.contact_name end,
    locale = case when appointments.booking_request_id is null then v_person.locale else appointments.locale end
  where appointments.id = v_appointment.id
  returning * into v_appointment;
  insert into app_public.appointment_transfers
    (organization_id, appointment_id, patient_profile_id, from_profile_id, reason, moved_by)
  values (v_appointment.organization_id, v_appointment.id, v_person.id, v_from_id, v_reason, app_private.current_actor_id());

  perform app_private.ask_forms_anew(v_appointment);

  -- What has not left for the other person does not leave any more; what a worker has in hand is on its way.
  update app_public.messages set status = 'skipped', reason = 'moved_to_another_patient'
  from app_private.events
  where messages.organization_id = v_appointment.organization_id
    and messages.patient_profile_id = v_from_id
    and messages.status = 'queued'
    and messages.attempts = 0
    and events.organization_id = messages.organization_id
    and events.id = messages.event_id
    and events.subject_id = v_appointment.id;
  perform app_private.publish(
    'appointment.patient_changed', v_appointment.organization_id, v_appointment.id,
    jsonb_build_object(
      'appointmentId', v_appointment.id, 'patientProfileId', v_person.id, 'fromPatientProfileId', v_from_id));
  return v_appointment;
end;
$$;

comment on function app_public.move_appointment_to_patient is
  'Moves an appointment from the wrong chart to the right patient of the clinic. Needs appointments.manage, '
  'patients.manage and a reason; moving it back undoes it. CONFLICT already_this_patient.';
grant execute on function app_public.move_appointment_to_patient to app_member;

reset role;
-- end of source: functions/appointments/move_appointment_to_patient.sql

-- source: functions/forms/form_condition.sql
-- Whether an item is shown. A field that was not answered, or is hidden itself, is known to none of the comparisons, so all
-- of them are false but not_answered. FRM-04. Of a value that is no number and no text no order is known.

create or replace function app_private.form_condition(condition jsonb, inner_values jsonb, outer_values jsonb) returns boolean
language plpgsql immutable
set search_path = ''
as $$
declare
  v_part jsonb;
  v_op text;
  v_field text;
  v_answer jsonb;
  v_value jsonb;
  v_order int;
begin
  if condition ? 'all' then
    for v_part in select value from jsonb_array_elements(condition -> 'all') loop
      if not app_private.form_condition(v_part, inner_values, outer_values) then
        return false;
      end if;
    end loop;
    return true;
  elsif condition ? 'any' then
    for v_part in select value from jsonb_array_elements(condition -> 'any') loop
      if app_private.form_condition(v_part, inner_values, outer_values) then
        return true;
      end if;
    end loop;
    return false;
  elsif condition ? 'not' then
    return not app_private.form_condition(condition -> 'not', inner_values, outer_values);
  end if;

  v_op := condition ->> 'op';
  v_field := condition ->> 'field';
  v_value := condition -> 'value';
  v_answer := coalesce(inner_values -> v_field, outer_values -> v_field);
  if v_op = 'answered' then
    return v_answer is not null;
  elsif v_op = 'not_answered' then
    return v_answer is null;
  elsif v_answer is null or v_value is null then
    return false;
  end if;

  case v_op
    when 'equals' then
      return v_answer = v_value;
    when 'not_equals' then
      return v_answer <> v_value;
    when 'in' then
      return jsonb_typeof(v_value) = 'array'
        and exists (select from jsonb_array_elements(v_value) as listed where listed.value = v_answer);
    when 'contains' then
      return case jsonb_typeof(v_answer)
        when 'array' then exists (select from jsonb_array_elements(v_answer) as listed where listed.value = v_value)
        when 'string' then position(v_value #>> '{}' in v_answer #>> '{}') > 0
        else false
      end;
    else
      if jsonb_typeof(v_answer) = 'number' and jsonb_typeof(v_value) = 'number' then
        v_order := sign(v_answer::numeric - v_value::numeric);
      elsif jsonb_typeof(v_answer) = 'string' and jsonb_typeof(v_value) = 'string' then
        v_order := case
          when v_answer #>> '{}' collate "C" < v_value #>> '{}' then -1
          when v_answer #>> '{}' collate "C" > v_value #>> '{}' then 1
          else 0
        end;
      else
        return false;
      end if;
      return case v_op
        when 'greater' then v_order > 0
        when 'less' then v_order < 0
        when 'at_least' then v_order >= 0
        when 'at_most' then v_order <= 0
      end;
  end case;
end;
$$;

comment on function app_private.form_condition is
  'Whether a condition of a template holds for answers: those of the same level, and those outside of it.';
grant execute on function app_private.form_condition to app_engine;
-- end of source: functions/forms/form_condition.sql

-- source: functions/forms/form_problems.sql
-- The one validation of answers, against what was asked: of a save, a completion and a signature, through whatever door.
-- What is hidden counts as not answered. FRM-04. Plain loops: a form of a hundred fields is checked in a few milliseconds.

-- The answers that count, of fields that are shown and not empty, and what is wrong.
create or replace function app_private.read_answers(
  snapshot jsonb, answers jsonb, complete boolean, out kept jsonb, out problems jsonb
)
language plpgsql immutable
set search_path = ''
as $$
begin
  kept := '{}';
  problems := '[]';
  if jsonb_typeof(answers) is distinct from 'object' then
    problems := '[{"path": "", "reason": "not_an_object", "details": {}}]';
  elsif octet_length(answers::text) > 200000 then
    problems := '[{"path": "", "reason": "too_large_in_all", "details": {"bound": 200000}}]';
  else
    select level.kept, level.problems into kept, problems
    from app_private.read_level(snapshot -> 'items', answers, '{}', '', complete, '[]') as level;
  end if;
end;
$$;

comment on function app_private.read_answers is 'The answers that count, and what is wrong: see form_problems().';
grant execute on function app_private.read_answers to app_engine;

-- One level: the form itself, or one entry of a group that repeats. What is not asked there is said and left out first,
-- so that conditions never look at it.
create or replace function app_private.read_level(
  items jsonb, answers jsonb, outer_values jsonb, prefix text, complete boolean, inout problems jsonb, out kept jsonb
)
language plpgsql immutable
set search_path = ''
as $$
declare
  v_unknown text[];
begin
  select array_agg(given.key order by given.key) into v_unknown
  from jsonb_object_keys(answers) as given (key)
  where given.key <> all (app_private.level_keys(items));
  kept := answers;
  if v_unknown is not null then
    kept := answers - v_unknown;
    select problems || coalesce(jsonb_agg(jsonb_build_object('path', prefix || left(unknown.key, 100), 'reason', 'unknown_key', 'details', '{}'::jsonb)), '[]')
    into problems
    from unnest(v_unknown[1:100]) as unknown (key);
  end if;
  select read.kept, read.problems into kept, problems
  from app_private.read_items(items, kept, outer_values, prefix, complete, problems) as read;
end;
$$;

comment on function app_private.read_level is 'Reads the answers of one level: see form_problems().';
grant execute on function app_private.read_level to app_engine;

-- Keys whose answers stand at this level: those of groups that do not repeat belong to it.
create or replace function app_private.level_keys(items jsonb) returns text[]
language plpgsql immutable
set search_path = ''
as $$
declare
  v_item jsonb;
  v_keys text[] := '{}';
begin
  for v_item in select value from jsonb_array_elements(items) loop
    if v_item ->> 'type' <> 'group' then
      if v_item ->> 'type' <> 'statement' then
        v_keys := v_keys || (v_item ->> 'key');
      end if;
    elsif v_item ? 'repeat' then
      v_keys := v_keys || (v_item ->> 'key');
    else
      v_keys := v_keys || app_private.level_keys(v_item -> 'items');
    end if;
  end loop;
  return v_keys;
end;
$$;

comment on function app_private.level_keys is 'The keys under which answers to these items stand, those of groups that repeat among them.';
grant execute on function app_private.level_keys to app_engine;

create or replace function app_private.form_problems(snapshot jsonb, answers jsonb, complete boolean)
returns table (path text, reason text, details jsonb)
language sql immutable
set search_path = ''
begin atomic
  select problem.value ->> 'path', problem.value ->> 'reason', problem.value -> 'details'
  from jsonb_array_elements(
    (app_private.read_answers(form_problems.snapshot, form_problems.answers, form_problems.complete)).problems) as problem;
end;

comment on function app_private.form_problems is
  'What is wrong with answers: the path (medicines[1].name), the reason (required, too_long, not_offered, unknown_key, …) and '
  'its bound; nothing where all is well. complete: whether what is required must be there.';
grant execute on function app_private.form_problems to app_engine;
-- end of source: functions/forms/form_problems.sql

-- source: functions/forms/read_items.sql
-- Goes over the items of a level in their order, and leaves of the answers what is shown and not empty. A step of
-- form_problems(). FRM-04.

create or replace function app_private.read_items(
  items jsonb, answers jsonb, outer_values jsonb, prefix text, complete boolean, inout problems jsonb, out kept jsonb
)
language plpgsql immutable
set search_path = ''
as $$
declare
  v_item jsonb;
  v_key text;
  v_type text;
  v_value jsonb;
  v_reason text;
  v_details jsonb;
begin
  kept := answers;
  for v_item in select value from jsonb_array_elements(items) loop
    v_key := v_item ->> 'key';
    v_type := v_item ->> 'type';
    if v_item ? 'visible_if' and not app_private.form_condition(v_item -> 'visible_if', kept, outer_values) then
      kept := kept - app_private.level_keys(jsonb_build_array(v_item));
      continue;
    end if;

    if v_type = 'statement' then
      continue;
    elsif v_type = 'group' then
      if v_item ? 'repeat' then
        select read.kept, read.problems into kept, problems
        from app_private.read_entries(v_item, kept, outer_values, prefix, complete, problems) as read;
      else
        select read.kept, read.problems into kept, problems
        from app_private.read_items(v_item -> 'items', kept, outer_values, prefix, complete, problems) as read;
      end if;
      continue;
    end if;

    v_value := kept -> v_key;
    if v_value is null or v_value in ('null', '[]', '""')
       or (jsonb_typeof(v_value) = 'string' and btrim(v_value #>> '{}', e' \t\r\n') = '') then
      if v_value is not null then
        kept := kept - v_key;
      end if;
      if complete and coalesce((v_item ->> 'required')::boolean, false) then
        problems := problems || jsonb_build_object('path', prefix || v_key, 'reason', 'required', 'details', '{}'::jsonb);
      end if;
      continue;
    end if;

    select found.reason, found.details into v_reason, v_details from app_private.answer_problem(v_item, v_type, v_value) as found;
    if v_reason is not null then
      problems := problems || jsonb_build_object('path', prefix || v_key, 'reason', v_reason, 'details', coalesce(v_details, '{}'));
    end if;
  end loop;
end;
$$;

comment on function app_private.read_items is 'Reads the answers to items of one level: see form_problems().';
grant execute on function app_private.read_items to app_engine;

-- The entries of a group that repeats: each is a level of its own, which sees what was answered outside before.
create or replace function app_private.read_entries(
  item jsonb, answers jsonb, outer_values jsonb, prefix text, complete boolean, inout problems jsonb, out kept jsonb
)
language plpgsql immutable
set search_path = ''
as $$
declare
  v_key constant text := item ->> 'key';
  v_path constant text := prefix || v_key;
  v_given constant jsonb := answers -> v_key;
  v_least constant int := coalesce((item #>> '{repeat,min}')::int, 0);
  v_most constant int := coalesce((item #>> '{repeat,max}')::int, 100);
  v_outer jsonb;
  v_entry record;
  v_read jsonb;
  v_entries jsonb[] := '{}';
  v_count int := 0;
begin
  kept := answers;
  if v_given is not null and jsonb_typeof(v_given) not in ('array', 'null') then
    problems := problems || jsonb_build_object('path', v_path, 'reason', 'not_a_list', 'details', '{}'::jsonb);
    return;
  end if;
  if jsonb_typeof(v_given) = 'array' then
    v_count := jsonb_array_length(v_given);
  end if;
  if v_count > v_most then
    problems := problems || jsonb_build_object('path', v_path, 'reason', 'too_many', 'details', jsonb_build_object('bound', v_most));
    return;
  end if;
  if complete and v_count < v_least then
    problems := problems || jsonb_build_object('path', v_path, 'reason', 'too_few', 'details', jsonb_build_object('bound', v_least));
  end if;
  if v_count = 0 then
    kept := kept - v_key;
    return;
  end if;

  v_outer := outer_values || (answers - v_key);
  for v_entry in select value, ordinality - 1 as place from jsonb_array_elements(v_given) with ordinality loop
    if jsonb_typeof(v_entry.value) <> 'object' then
      problems := problems || jsonb_build_object(
        'path', format('%s[%s]', v_path, v_entry.place), 'reason', 'not_an_object', 'details', '{}'::jsonb);
      v_entries := v_entries || v_entry.value;
    else
      select level.kept, level.problems into v_read, problems
      from app_private.read_level(
        item -> 'items', v_entry.value, v_outer, format('%s[%s].', v_path, v_entry.place), complete, problems) as level;
      v_entries := v_entries || v_read;
    end if;
  end loop;
  kept := kept || jsonb_build_object(v_key, to_jsonb(v_entries));
end;
$$;

comment on function app_private.read_entries is 'Reads the entries of a group that repeats: see form_problems().';
grant execute on function app_private.read_entries to app_engine;
-- end of source: functions/forms/read_items.sql

-- source: functions/forms/refuse_problems.sql
-- Everything that is wrong is said at once, each with its place, so that a page can show it where it stands. FRM-04, FND-29.

create or replace function app_private.refuse_problems(reason text, problems jsonb) returns void
language plpgsql stable
set search_path = ''
as $$
begin
  if jsonb_array_length(problems) > 0
     and reason in ('answers_not_valid', 'content_not_valid', 'definition_not_valid', 'value_not_valid') then
    perform app_hidden.refuse('VALIDATION', reason, jsonb_build_object(
      'count', jsonb_array_length(problems),
      'fields', jsonb_path_query_array(problems, '$[0 to 99]')));
  end if;
end;
$$;

comment on function app_private.refuse_problems is
  'Passes where nothing is wrong; else VALIDATION with fields: [{path, reason, details}], the first hundred.';
grant execute on function app_private.refuse_problems to app_engine;
-- end of source: functions/forms/refuse_problems.sql

-- source: functions/forms/own_form.sql
-- Every verb on a form begins here: whose it is, the lock, and whether the move is the caller's. FRM-04, FND-04.

create or replace function app_private.own_form(form_id uuid, to_status text) returns app_public.forms
language plpgsql volatile
set search_path = ''
as $$
declare
  v_form app_public.forms;
begin
  select forms.* into v_form
  from app_public.forms
  where forms.id = form_id
    and forms.deleted_at is null
    and (forms.organization_id = any (app_hidden.organization_ids_where('forms.view'))
         or (forms.patient_profile_id = any (app_hidden.current_human_patient_profile_ids())
             and forms.organization_id = any (app_hidden.current_patient_organization_ids())))
  for update;
  if not found then
    perform app_hidden.refuse('NOT_FOUND', 'form_not_found');
  end if;
  perform app_private.require_open_form(v_form, to_status);
  perform app_private.authorize_move(
    'forms', case when v_form.status = to_status then 'pending' else v_form.status end, to_status,
    v_form.organization_id, v_form.patient_profile_id);
  return v_form;
end;
$$;

comment on function app_private.own_form is
  'Locks a form that the caller may move to this status; NOT_FOUND form_not_found, IMMUTABLE, FORBIDDEN, or STATE.';
grant execute on function app_private.own_form to app_engine;

-- What is signed stays; what is complete is opened again before it changes.
create or replace function app_private.require_open_form(form app_public.forms, to_status text) returns void
language plpgsql stable
set search_path = ''
as $$
begin
  if (form).status = 'signed' then
    perform app_hidden.refuse('IMMUTABLE', 'form_is_signed', jsonb_build_object('formId', (form).id));
  elsif (form).status = 'completed' and to_status = 'completed' then
    perform app_hidden.refuse('IMMUTABLE', 'form_is_completed', jsonb_build_object('formId', (form).id));
  end if;
end;
$$;

comment on function app_private.require_open_form is 'IMMUTABLE form_is_signed, or form_is_completed for what would complete it again.';
grant execute on function app_private.require_open_form to app_engine;
-- end of source: functions/forms/own_form.sql

-- source: functions/forms/answer_form.sql
-- A part of the answers is saved: what is there is looked at, what is missing may come later. The caller holds the form's lock
-- and has asked who may. FRM-04.

create or replace function app_private.answer_form(form app_public.forms, answers jsonb) returns app_public.forms
language plpgsql volatile
set search_path = ''
as $$
declare
  v_form app_public.forms := form;
begin
  perform app_private.require_open_form(v_form, 'completed');
  v_form.answers := app_private.merged_answers(v_form, answer_form.answers);
  perform app_private.refuse_problems('answers_not_valid', (
    select coalesce(jsonb_agg(to_jsonb(problem)), '[]')
    from (
      select * from app_private.form_problems(v_form.snapshot, v_form.answers, false)
      union all
      select * from app_private.file_problems(v_form, v_form.answers)
    ) as problem));
  if v_form.status = 'pending' then
    update app_public.forms set answers = v_form.answers, status = 'in_progress'
    where forms.id = v_form.id
    returning * into v_form;
  else
    -- A status that is written is a move, the same one included.
    update app_public.forms set answers = v_form.answers
    where forms.id = v_form.id
    returning * into v_form;
  end if;
  return v_form;
end;
$$;

comment on function app_private.answer_form is
  'Saves answers beside those that are there; null takes one away. VALIDATION answers_not_valid with the path of each.';
grant execute on function app_private.answer_form to app_engine;

create or replace function app_private.merged_answers(form app_public.forms, answers jsonb) returns jsonb
language plpgsql stable
set search_path = ''
as $$
begin
  if answers is null then
    return (form).answers;
  elsif jsonb_typeof(answers) <> 'object' then
    perform app_private.refuse_problems('answers_not_valid', '[{"path": "", "reason": "not_an_object", "details": {}}]');
  elsif octet_length(answers::text) > 200000 then
    perform app_private.refuse_problems(
      'answers_not_valid', '[{"path": "", "reason": "too_large_in_all", "details": {"bound": 200000}}]');
  end if;
  return jsonb_strip_nulls((form).answers || answers);
end;
$$;

comment on function app_private.merged_answers is 'The answers of a form with those that are given, without those that were taken away.';
grant execute on function app_private.merged_answers to app_engine;

-- A file that is an answer is one of this form, and its bytes were checked. FRM-06.
create or replace function app_private.file_problems(form app_public.forms, answers jsonb)
returns table (path text, reason text, details jsonb)
language sql stable
set search_path = ''
as $$
  with recursive items as materialized (
    select item, item ->> 'key' as key from app_private.form_items((form).snapshot) as item
    where item ->> 'type' = 'file' or item ? 'repeat'
  ), levels (prefix, answers, depth) as (
    select '', file_problems.answers, 1
    union all
    select format('%s%s[%s].', levels.prefix, items.key, entry.ordinality - 1), entry.value, levels.depth + 1
    from levels
    join items on items.item ? 'repeat'
    cross join lateral jsonb_array_elements(
      case when jsonb_typeof(levels.answers -> items.key) = 'array' then levels.answers -> items.key else '[]' end
    ) with ordinality as entry
    where jsonb_typeof(entry.value) = 'object' and levels.depth < 4
  )
  select levels.prefix || items.key, 'not_a_file', '{}'::jsonb
  from levels
  join items on items.item ->> 'type' = 'file' and jsonb_typeof(levels.answers -> items.key) = 'array'
  where exists (
    select from jsonb_array_elements_text(levels.answers -> items.key) as given (file_id)
    where not exists (
      select from app_public.files
      where files.organization_id = (form).organization_id and files.form_id = (form).id
        and files.id::text = given.file_id and files.status = 'confirmed' and files.deleted_at is null))
$$;

comment on function app_private.file_problems is 'Fields that are answered with what is no checked file of this form.';
grant execute on function app_private.file_problems to app_engine;
-- end of source: functions/forms/answer_form.sql

-- source: functions/forms/set_custom_field_value.sql
-- Staff note what a field of the clinic says of one patient, service or specialist; null takes it away. FRM-01.

set role app_engine;

create or replace function app_public.set_custom_field_value(custom_field_id uuid, entity_id uuid, value jsonb default null)
returns app_public.custom_field_values
language plpgsql volatile security definer
set search_path = ''
as $$
declare
  v_field app_public.custom_fields;
  v_value app_public.custom_field_values;
begin
  select custom_fields.* into v_field
  from app_public.custom_fields
  where custom_fields.id = set_custom_field_value.custom_field_id
    and custom_fields.organization_id = any (app_hidden.current_staff_organization_ids());
  if not found then
    perform app_hidden.refuse('NOT_FOUND', 'not_found');
  end if;
  perform app_private.require_permission(
    v_field.organization_id,
    case v_field.entity_type when 'patient' then 'patients.manage' when 'service' then 'services.manage' else 'specialists.manage' end);
  if coalesce(set_custom_field_value.value, 'null') = 'null' then
    delete from app_public.custom_field_values
    where custom_field_values.organization_id = v_field.organization_id and custom_field_values.custom_field_id = v_field.id
      and coalesce(custom_field_values.service_id, custom_field_values.specialist_id, (
        select patients.id from app_public.patients
        where patients.organization_id = v_field.organization_id
          and patients.patient_profile_id = custom_field_values.patient_profile_id)) = set_custom_field_value.entity_id
    returning * into v_value;
    if not found then
      perform app_hidden.refuse('NOT_FOUND', 'not_found');
    end if;
    return v_value;
  end if;
  return app_private.write_custom_field_value(v_field, set_custom_field_value.entity_id, set_custom_field_value.value);
end;
$$;

comment on function app_public.set_custom_field_value is
  E'@arg entityId The patient, service or specialist, by the id of Patient, Service or Specialist.\n'
  'Notes what a field of the clinic says; null takes it away, and the answer is what stood there. Needs patients.manage, services.manage or specialists.manage, '
  'by what the field is about. VALIDATION value_not_valid.';
grant execute on function app_public.set_custom_field_value to app_member;

reset role;

create or replace function app_private.write_custom_field_value(
  field app_public.custom_fields, entity_id uuid, value jsonb, source_form_id uuid default null
) returns app_public.custom_field_values
language plpgsql volatile
set search_path = ''
as $$
declare
  v_value app_public.custom_field_values;
  v_person_id uuid;
  v_exists boolean;
begin
  select patients.patient_profile_id into v_person_id
  from app_public.patients
  where patients.organization_id = (field).organization_id and patients.id = write_custom_field_value.entity_id
    and patients.deleted_at is null and (field).entity_type = 'patient';
  v_exists := case (field).entity_type
    when 'patient' then v_person_id is not null
    when 'service' then exists (
      select from app_public.services
      where services.organization_id = (field).organization_id and services.id = write_custom_field_value.entity_id and services.deleted_at is null)
    else exists (
      select from app_public.specialists
      where specialists.organization_id = (field).organization_id and specialists.id = write_custom_field_value.entity_id
        and specialists.deleted_at is null)
  end;
  if not v_exists then
    perform app_hidden.refuse('NOT_FOUND', 'not_found');
  end if;

  merge into app_public.custom_field_values as mine
  using (select (field).organization_id as organization_id, (field).id as field_id,
           v_person_id as patient_profile_id,
           case (field).entity_type when 'service' then write_custom_field_value.entity_id end as service_id,
           case (field).entity_type when 'specialist' then write_custom_field_value.entity_id end as specialist_id) as given
  on mine.organization_id = given.organization_id and mine.custom_field_id = given.field_id
    and coalesce(mine.patient_profile_id, mine.service_id, mine.specialist_id)
      = coalesce(given.patient_profile_id, given.service_id, given.specialist_id)
  when matched then update set
    value = write_custom_field_value.value, source_form_id = write_custom_field_value.source_form_id,
    updated_by = app_private.current_actor_id()
  when not matched then insert
    (organization_id, custom_field_id, entity_type, patient_profile_id, service_id, specialist_id, value, version, source_form_id, updated_by)
    values (given.organization_id, given.field_id, (field).entity_type, given.patient_profile_id, given.service_id, given.specialist_id,
            write_custom_field_value.value, 1, write_custom_field_value.source_form_id, app_private.current_actor_id())
  returning mine.* into v_value;
  return v_value;
end;
$$;

comment on function app_private.write_custom_field_value is
  'Writes the value of a field of the clinic for a row that is there; NOT_FOUND, or VALIDATION value_not_valid.';
grant execute on function app_private.write_custom_field_value to app_engine;
-- end of source: functions/forms/set_custom_field_value.sql

-- source: functions/forms/write_back.sql
-- What a form says of the patient goes to where it was read from: once, where whoever completes it may write there, and not over
-- what was changed there meanwhile. What does not go is kept as a conflict, for staff to decide. FRM-05.

create or replace function app_private.write_back(form app_public.forms) returns void
language plpgsql volatile
set search_path = ''
as $$
declare
  v_item jsonb;
  v_key text;
  v_target text;
  v_field text;
  v_value jsonb;
  v_before jsonb;
  v_base jsonb;
  v_outcome text;
begin
  for v_item in
    select item from app_private.form_items((form).snapshot) as item
    where (item ? 'profile_field' or item ? 'custom_field') and (form).answers ? (item ->> 'key')
      and not exists (
        select from app_public.form_write_backs
        where form_write_backs.organization_id = (form).organization_id and form_write_backs.form_id = (form).id
          and form_write_backs.key = item ->> 'key')
  loop
    v_key := v_item ->> 'key';
    v_target := case when v_item ? 'profile_field' then 'profile' else 'custom_field' end;
    v_field := coalesce(v_item ->> 'profile_field', v_item ->> 'custom_field');
    v_value := app_private.as_written((form).organization_id, v_target, v_field, (form).answers -> v_key);
    v_before := app_private.value_to_write_back((form).organization_id, (form).patient_profile_id, v_target, v_field);
    v_base := (form).prefill -> v_key -> 'value';
    -- Nothing new, or what was filled in at the beginning and nobody touched: what is newer stays.
    continue when v_value is not distinct from v_before or v_value is not distinct from v_base;

    v_outcome := case
      when v_before is distinct from v_base then 'newer_value'
      else app_private.try_to_write_back((form).organization_id, (form).patient_id, v_target, v_field, v_value, (form).id)
    end;
    insert into app_public.form_write_backs
      (organization_id, form_id, key, target, field, outcome, value_before, value_at_creation, value, written_at)
    values
      ((form).organization_id, (form).id, v_key, v_target, v_field, v_outcome, v_before, v_base, v_value, app_hidden.now());
  end loop;
end;
$$;

comment on function app_private.write_back is
  'Writes answers back to the profile and to fields of the clinic, each once, and keeps as a conflict what may not be written.';
grant execute on function app_private.write_back to app_engine;

-- An answer as it would stand there, so that 0722 123 456 is no change of +40722123456.
create or replace function app_private.as_written(organization_id uuid, target text, field text, value jsonb) returns jsonb
language sql stable
set search_path = ''
begin atomic
  select case
    when target = 'profile' and field = 'phone' then coalesce((
      select to_jsonb(reading.number)
      from app_public.organizations
      cross join lateral app_hidden.read_phone(value #>> '{}', organizations.country) as reading
      where organizations.id = as_written.organization_id and reading.problem is null), value)
    when jsonb_typeof(value) = 'string' then to_jsonb(btrim(value #>> '{}', e' \t\r\n'))
    else value
  end;
end;

comment on function app_private.as_written is 'An answer in the way in which it would be stored.';
grant execute on function app_private.as_written to app_engine;

-- Locked, so that what is compared is what is written over.
create or replace function app_private.value_to_write_back(organization_id uuid, patient_profile_id uuid, target text, field text)
returns jsonb
language plpgsql volatile
set search_path = ''
as $$
declare
  v_value jsonb;
begin
  if target = 'profile' then
    select to_jsonb(patient_profiles) -> field into strict v_value
    from app_public.patient_profiles
    where patient_profiles.id = value_to_write_back.patient_profile_id
    for update;
  else
    select custom_field_values.value into v_value
    from app_public.custom_fields
    join app_public.custom_field_values
      on custom_field_values.organization_id = custom_fields.organization_id
      and custom_field_values.custom_field_id = custom_fields.id
      and custom_field_values.patient_profile_id = value_to_write_back.patient_profile_id
    where custom_fields.organization_id = value_to_write_back.organization_id
      and custom_fields.entity_type = 'patient' and custom_fields.system_key = value_to_write_back.field
    for update of custom_field_values;
  end if;
  return nullif(v_value, 'null');
end;
$$;

comment on function app_private.value_to_write_back is 'What stands in the profile, or in a field of the clinic, locked; null where nothing does.';
grant execute on function app_private.value_to_write_back to app_engine;

-- A profile is written by its person, by whoever cares for them, and by the clinic while the person has no account; an address
-- only if it is proved, as tg_patient_profiles__email_proof() asks. A field of the clinic is what the clinic's form asks for.
create or replace function app_private.try_to_write_back(
  organization_id uuid, patient_id uuid, target text, field text, value jsonb, form_id uuid
) returns text
language plpgsql volatile
set search_path = ''
as $$
declare
  v_person app_public.patient_profiles;
  v_field app_public.custom_fields;
begin
  if target = 'custom_field' then
    select custom_fields.* into v_field
    from app_public.custom_fields
    where custom_fields.organization_id = try_to_write_back.organization_id
      and custom_fields.entity_type = 'patient' and custom_fields.system_key = try_to_write_back.field;
    begin
      perform app_private.write_custom_field_value(v_field, try_to_write_back.patient_id, try_to_write_back.value, try_to_write_back.form_id);
    exception when sqlstate 'RX400' or sqlstate 'RX404' or sqlstate 'RX409' then
      return 'not_taken';
    end;
    return 'written';
  end if;

  select patient_profiles.* into strict v_person
  from app_public.patients
  join app_public.patient_profiles on patient_profiles.id = patients.patient_profile_id
  where patients.organization_id = try_to_write_back.organization_id and patients.id = try_to_write_back.patient_id;
  if not (
    v_person.human_id is null and app_hidden.has_permission(try_to_write_back.organization_id, 'patients.manage')
    or v_person.id = any (app_hidden.current_human_patient_profile_ids()) and (try_to_write_back.field <> 'email' or exists (
      select from app_public.humans
      where humans.principal_id = coalesce(v_person.human_id, app_hidden.current_account_id())
        and app_hidden.ascii_lower(humans.email) = app_hidden.ascii_lower(try_to_write_back.value #>> '{}') and humans.email_verified_at is not null))
  ) then
    return 'not_permitted';
  end if;
  begin
    update app_public.patient_profiles set (given_name, family_name, email, phone, birth_date) = (
      select changed.given_name, changed.family_name, changed.email, changed.phone, changed.birth_date
      from jsonb_populate_record(v_person, jsonb_build_object(try_to_write_back.field, try_to_write_back.value)) as changed)
    where patient_profiles.id = v_person.id;
  exception when sqlstate 'RX400' or sqlstate 'RX403' or sqlstate 'RX409' or integrity_constraint_violation then
    return 'not_taken';
  end;
  return 'written';
end;
$$;

comment on function app_private.try_to_write_back is 'Writes one answer back, and says what came of it: written, not_permitted or not_taken.';
grant execute on function app_private.try_to_write_back to app_engine;
-- end of source: functions/forms/write_back.sql

-- source: functions/forms/complete.sql
-- Everything that is asked is answered: looked at in full, what is hidden dropped, scores computed, profile fields written
-- back. The caller holds the form's lock and has asked who may. FRM-04, FRM-05, FRM-09.

create or replace function app_private.complete(form app_public.forms, answers jsonb default null) returns app_public.forms
language plpgsql volatile
set search_path = ''
as $$
declare
  v_form app_public.forms := form;
  v_problems jsonb;
  v_months int;
begin
  perform app_private.require_open_form(v_form, 'completed');
  select read.kept, read.problems into v_form.answers, v_problems
  from app_private.read_answers(v_form.snapshot, app_private.merged_answers(v_form, complete.answers), true) as read;
  perform app_private.refuse_problems('answers_not_valid', v_problems || (
    select coalesce(jsonb_agg(to_jsonb(problem)), '[]') from app_private.file_problems(v_form, v_form.answers) as problem));

  select versions.validity_months into strict v_months
  from app_public.form_template_versions as versions
  where versions.organization_id = v_form.organization_id and versions.id = v_form.version_id;
  update app_public.forms set
    answers = v_form.answers, status = 'completed', completions = forms.completions + 1,
    completed_at = app_hidden.now(), valid_until = app_hidden.now() + make_interval(months => v_months)
  where forms.id = v_form.id
  returning * into v_form;

  insert into app_public.form_scores
    (organization_id, form_id, completion, key, value, answered, fields, method, direction, version, scored_at)
  select v_form.organization_id, v_form.id, v_form.completions, scores.key, scores.value, scores.answered, scores.fields,
         scores.method, scores.direction, scores.version, app_hidden.now()
  from app_private.scores_of(v_form.snapshot, v_form.answers) as scores;
  perform app_private.write_back(v_form);
  return v_form;
end;
$$;

comment on function app_private.complete is
  'Completes a form, with the last answers where there are any; VALIDATION answers_not_valid with the path of each.';
grant execute on function app_private.complete to app_engine;

-- What answers come to, by the rules of the template. Fewer answers than a rule asks for come to nothing: null, never zero.
create or replace function app_private.scores_of(snapshot jsonb, answers jsonb)
returns table (key text, value numeric, answered int, fields int, method text, direction text, version int)
language sql immutable
set search_path = ''
begin atomic
  select score.rule ->> 'key',
         case when count(point.value) >= coalesce((score.rule ->> 'min_answered')::int, 1) then
           case score.rule ->> 'method'
             when 'sum' then sum(point.value) when 'mean' then round(avg(point.value), 6) when 'max' then max(point.value)
           end
         end,
         count(point.value)::int, count(*)::int, score.rule ->> 'method', score.rule ->> 'direction', (score.rule ->> 'version')::int
  from jsonb_array_elements(coalesce(snapshot -> 'scores', '[]')) with ordinality as score (rule, place)
  cross join lateral jsonb_array_elements_text(score.rule -> 'fields') as named (key)
  left join app_private.form_items(snapshot) as listed (item) on listed.item ->> 'key' = named.key
  cross join lateral (
    select case jsonb_typeof(answers -> named.key)
      when 'number' then (answers -> named.key)::numeric
      when 'string' then (
        select (option.value -> 'score')::numeric
        from jsonb_array_elements(listed.item -> 'options') as option
        where option.value -> 'value' = answers -> named.key)
    end as value
  ) as point
  group by score.place, score.rule
  order by score.place;
end;

comment on function app_private.scores_of is
  'Scores of answers: value (null where too few are answered), how many of how many fields were answered, and the rule''s version.';
grant execute on function app_private.scores_of to app_engine;
-- end of source: functions/forms/complete.sql

-- source: functions/forms/complete_form.sql
-- The patient, a caregiver or staff say that everything is answered. FRM-04.

set role app_engine;

create or replace function app_public.complete_form(form_id uuid, answers jsonb default null) returns app_public.forms
language sql volatile security definer
set search_path = ''
return app_private.complete(app_private.own_form(form_id, 'completed'), answers);

comment on function app_public.complete_form is
  E'@arg answers The last answers, by the key of each field; null where all were saved before.\n'
  'Completes a form, with the last answers where there are any. What is hidden is dropped, scores are computed, and profile '
  'fields are written back once, never over what is newer there. VALIDATION answers_not_valid says what is wrong or missing '
  'where; IMMUTABLE once it is complete.';
grant execute on function app_public.complete_form to app_member;

reset role;
-- end of source: functions/forms/complete_form.sql

-- source: functions/forms/content_problems.sql
-- What a template may say: the language of forms, version 1 (docs/form-content.schema.json), with its bounds. Everything that a
-- draft holds passes here, so whoever fills a form in, or shows it, can rely on it. FRM-02. There are no patterns in it, and
-- nothing that runs: what a form costs is bounded by its size.

create or replace function app_private.content_problems(content jsonb)
returns table (path text, reason text, details jsonb)
language plpgsql immutable
set search_path = ''
as $$
declare
  v_problems jsonb := '[]';
  v_fields jsonb := '{}';
  v_count int := 0;
  v_score record;
  v_scores text[] := '{}';
begin
  if octet_length(content::text) > 200000 then
    v_problems := app_private.with_problem(v_problems, '', 'too_large_in_all', 200000);
  elsif jsonb_typeof(content) is distinct from 'object' then
    v_problems := app_private.with_problem(v_problems, '', 'not_an_object');
  else
    v_problems := app_private.with_unknown(v_problems, content, '', '{format,title,intro,intent,items,scores}');
    if content -> 'format' is distinct from '1' then
      v_problems := app_private.with_problem(v_problems, 'format', 'format_unknown', 1);
    end if;
    v_problems := app_private.with_text(v_problems, content, '', 'title', true);
    v_problems := app_private.with_text(v_problems, content, '', 'intro');
    v_problems := app_private.with_text(v_problems, content, '', 'intent');
    select walked.problems, walked.fields, walked.count into v_problems, v_fields, v_count
    from app_private.walk_items(content, '', '{}'::text[], 0, v_problems, v_fields, v_count) as walked;

    if content ? 'scores' then
      if jsonb_typeof(content -> 'scores') <> 'array' or jsonb_array_length(content -> 'scores') > 20 then
        v_problems := app_private.with_problem(v_problems, 'scores', 'not_a_list', 20);
      else
        for v_score in select value, ordinality - 1 as place from jsonb_array_elements(content -> 'scores') with ordinality loop
          v_problems := app_private.with_score(v_problems, v_score.value, format('scores[%s]', v_score.place), v_fields);
          if v_score.value ->> 'key' = any (v_scores) then
            v_problems := app_private.with_problem(v_problems, format('scores[%s].key', v_score.place), 'key_twice');
          end if;
          v_scores := v_scores || (v_score.value ->> 'key');
        end loop;
      end if;
    end if;
  end if;

  return query
    select problem.value ->> 'path', problem.value ->> 'reason', problem.value -> 'details'
    from jsonb_array_elements(v_problems) as problem
    limit 100;
end;
$$;

comment on function app_private.content_problems is
  'What is wrong with the content of a template: path, reason, and the bound; nothing where all is well.';
grant execute on function app_private.content_problems to app_engine;

-- Problems are collected in one list, each with its place, and with the bound that was passed.
create or replace function app_private.with_problem(problems jsonb, path text, reason text, bound int default null) returns jsonb
language sql immutable
set search_path = ''
return with_problem.problems || jsonb_build_object(
  'path', left(with_problem.path, 200), 'reason', with_problem.reason,
  'details', case when with_problem.bound is null then '{}' else jsonb_build_object('bound', with_problem.bound) end);

comment on function app_private.with_problem is 'The problems and one more.';
grant execute on function app_private.with_problem to app_engine;

create or replace function app_private.with_unknown(problems jsonb, object jsonb, path text, known text[]) returns jsonb
language sql immutable
set search_path = ''
begin atomic
  select with_unknown.problems || coalesce(
    jsonb_agg(jsonb_build_object(
      'path', left(concat_ws('.', nullif(with_unknown.path, ''), named.key), 200), 'reason', 'property_unknown', 'details', '{}'::jsonb)),
    '[]')
  from (
    select key from jsonb_object_keys(with_unknown.object) as key where key <> all (with_unknown.known) order by key limit 20
  ) as named;
end;

comment on function app_private.with_unknown is 'The problems, and each property that is not known there.';
grant execute on function app_private.with_unknown to app_engine;

-- A text in Romanian, in English or in both.
create or replace function app_private.with_text(problems jsonb, object jsonb, path text, property text, required boolean default false)
returns jsonb
language plpgsql immutable
set search_path = ''
as $$
declare
  v_text constant jsonb := object -> property;
  v_path constant text := concat_ws('.', nullif(path, ''), property);
begin
  if v_text is null then
    return case when required then app_private.with_problem(problems, v_path, 'required') else problems end;
  elsif jsonb_typeof(v_text) <> 'object' or v_text = '{}' or v_text - '{ro,en}'::text[] <> '{}'
        or exists (select from jsonb_each(v_text) as said where jsonb_typeof(said.value) <> 'string') then
    return app_private.with_problem(problems, v_path, 'not_a_text_by_language');
  elsif exists (select from jsonb_each_text(v_text) as said where length(said.value) > 10000) then
    return app_private.with_problem(problems, v_path, 'too_long', 10000);
  elsif exists (select from jsonb_each_text(v_text) as said where btrim(said.value, e' \t\r\n') = '') then
    return app_private.with_problem(problems, v_path, 'blank');
  end if;
  return problems;
end;
$$;

comment on function app_private.with_text is 'The problems, and what is wrong with a text by language.';
grant execute on function app_private.with_text to app_engine;
-- end of source: functions/forms/content_problems.sql

-- source: functions/forms/walk_items.sql
-- Goes over the items of a template in their order, groups included, and remembers what was declared so far: a condition may
-- look at nothing else. A step of content_problems(). FRM-02.
-- levels: the groups that repeat around the items, from the outside; a field is seen from its own level and from inside of it.

create or replace function app_private.walk_items(
  object jsonb, path text, levels text[], depth int, inout problems jsonb, inout fields jsonb, inout count int
)
language plpgsql immutable
set search_path = ''
as $$
declare
  v_items constant jsonb := object -> 'items';
  v_path constant text := concat_ws('.', nullif(path, ''), 'items');
  v_entry record;
  v_item jsonb;
  v_at text;
  v_key text;
  v_type text;
begin
  if jsonb_typeof(v_items) is distinct from 'array' or jsonb_array_length(v_items) = 0 then
    problems := app_private.with_problem(problems, v_path, 'not_a_list');
    return;
  end if;

  for v_entry in select value, ordinality - 1 as place from jsonb_array_elements(v_items) with ordinality loop
    v_item := v_entry.value;
    v_at := format('%s[%s]', v_path, v_entry.place);
    count := count + 1;
    if count > 500 then
      if count = 501 then
        problems := app_private.with_problem(problems, 'items', 'too_many', 500);
      end if;
      return;
    end if;
    if jsonb_typeof(v_item) <> 'object' then
      problems := app_private.with_problem(problems, v_at, 'not_an_object');
      continue;
    end if;
    v_key := v_item ->> 'key';
    v_type := v_item ->> 'type';
    if v_key is null or jsonb_typeof(v_item -> 'key') <> 'string' or v_key !~ '^[a-z][a-z0-9_]{0,62}$' then
      problems := app_private.with_problem(problems, v_at || '.key', 'key_not_usable');
      continue;
    elsif fields ? v_key then
      problems := app_private.with_problem(problems, v_at || '.key', 'key_twice');
      continue;
    end if;
    if v_item ? 'visible_if' then
      problems := app_private.with_condition(problems, v_item -> 'visible_if', v_at || '.visible_if', 1, fields, levels);
    end if;
    problems := app_private.with_item(problems, v_item, v_at, cardinality(levels) > 0);

    if v_type = 'group' then
      fields := fields || jsonb_build_object(v_key, jsonb_build_object('type', 'group'));
      if depth >= 2 then
        problems := app_private.with_problem(problems, v_at, 'too_deep', 2);
      else
        select walked.problems, walked.fields, walked.count into problems, fields, count
        from app_private.walk_items(
          v_item, v_at, case when v_item ? 'repeat' then levels || v_key else levels end, depth + 1, problems, fields, count) as walked;
      end if;
    else
      if v_item ? 'profile_field' and exists (
        select from jsonb_each(fields) as declared where declared.value -> 'profile_field' = v_item -> 'profile_field'
      ) then
        problems := app_private.with_problem(problems, v_at || '.profile_field', 'key_twice');
      end if;
      fields := fields || jsonb_build_object(v_key, jsonb_build_object(
        'type', v_type, 'profile_field', v_item -> 'profile_field', 'levels', to_jsonb(levels),
        'scored', v_type in ('integer', 'number', 'scale')
          or (v_type = 'choice' and not jsonb_path_exists(v_item, '$.options[*] ? (!exists(@.score))'))));
    end if;
  end loop;
end;
$$;

comment on function app_private.walk_items is 'The problems of items, with what they declare and how many there are: see content_problems().';
grant execute on function app_private.walk_items to app_engine;

-- {"all": […]}, {"any": […]}, {"not": …} or {"field": "key", "op": …, "value": …}, five deep at most.
create or replace function app_private.with_condition(
  problems jsonb, condition jsonb, path text, depth int, fields jsonb, levels text[]
) returns jsonb
language plpgsql immutable
set search_path = ''
as $$
declare
  v_part record;
  v_op constant text := condition ->> 'op';
  v_field constant jsonb := fields -> (condition ->> 'field');
  v_kind constant text := jsonb_typeof(condition -> 'value');
  v_word text;
begin
  if depth > 5 then
    return app_private.with_problem(problems, path, 'too_deep', 5);
  elsif jsonb_typeof(condition) <> 'object' then
    return app_private.with_problem(problems, path, 'not_a_condition');
  end if;

  select key into v_word from jsonb_object_keys(condition) as key where key in ('all', 'any', 'not') limit 1;
  if v_word is not null then
    if (select count(*) from jsonb_object_keys(condition)) <> 1 then
      return app_private.with_problem(problems, path, 'not_a_condition');
    elsif v_word = 'not' then
      return app_private.with_condition(problems, condition -> 'not', path || '.not', depth + 1, fields, levels);
    elsif jsonb_typeof(condition -> v_word) <> 'array' or jsonb_array_length(condition -> v_word) not between 1 and 50 then
      return app_private.with_problem(problems, path || '.' || v_word, 'not_a_list', 50);
    end if;
    for v_part in select value, ordinality - 1 as place from jsonb_array_elements(condition -> v_word) with ordinality loop
      problems := app_private.with_condition(
        problems, v_part.value, format('%s.%s[%s]', path, v_word, v_part.place), depth + 1, fields, levels);
    end loop;
    return problems;
  end if;

  if condition - '{field,op,value}'::text[] <> '{}' or v_op is null or condition ->> 'field' is null then
    return app_private.with_problem(problems, path, 'not_a_condition');
  elsif v_field is null or v_field ->> 'type' in ('group', 'statement') or v_field -> 'levels' is null
        -- It stands in the level of whoever asks, or around it.
        or not array(select jsonb_array_elements_text(v_field -> 'levels')) <@ levels then
    return app_private.with_problem(problems, path || '.field', 'field_not_declared_before');
  end if;
  return case
    when v_op in ('answered', 'not_answered') then
      case when condition ? 'value' then app_private.with_problem(problems, path || '.value', 'value_not_usable') else problems end
    when v_op in ('equals', 'not_equals') then
      case when v_kind in ('string', 'number', 'boolean') and length(condition ->> 'value') <= 1000
        then problems else app_private.with_problem(problems, path || '.value', 'value_not_usable') end
    when v_op = 'in' then
      case when v_kind = 'array' and jsonb_array_length(condition -> 'value') between 1 and 200
             and not jsonb_path_exists(condition, 'strict $.value[*] ? (@.type() == "object" || @.type() == "array" || @.type() == "null")')
        then problems else app_private.with_problem(problems, path || '.value', 'value_not_usable', 200) end
    when v_op = 'contains' then
      case when v_kind = 'string' then problems else app_private.with_problem(problems, path || '.value', 'value_not_usable') end
    when v_op in ('greater', 'less', 'at_least', 'at_most') then
      case when v_kind = case v_field ->> 'type' when 'date' then 'string' else 'number' end
             and (v_kind <> 'string' or pg_input_is_valid(condition ->> 'value', 'date'))
             and v_field ->> 'type' in ('date', 'integer', 'number', 'scale')
        then problems else app_private.with_problem(problems, path || '.value', 'value_not_usable') end
    else app_private.with_problem(problems, path || '.op', 'operator_unknown')
  end;
end;
$$;

comment on function app_private.with_condition is 'The problems, and what is wrong with a condition: see content_problems().';
grant execute on function app_private.with_condition to app_engine;
-- end of source: functions/forms/walk_items.sql

-- source: functions/forms/with_item.sql
-- What an item of a template may say, by its type. A step of content_problems(). FRM-02.

create or replace function app_private.with_item(problems jsonb, item jsonb, path text, repeats boolean) returns jsonb
language plpgsql immutable
set search_path = ''
as $$
declare
  v_type constant text := item ->> 'type';
  v_own text[];
  v_linked constant boolean := v_type in ('text', 'long_text', 'email', 'phone', 'integer', 'number', 'scale', 'boolean', 'date', 'choice', 'choices');
  v_bad text;
begin
  v_own := case v_type
    when 'text' then '{min_length,max_length}'
    when 'long_text' then '{min_length,max_length}'
    when 'email' then '{}'
    when 'phone' then '{}'
    when 'integer' then '{min,max}'
    when 'number' then '{min,max}'
    when 'scale' then '{min,max,min_label,max_label}'
    when 'boolean' then '{}'
    when 'date' then '{min,max}'
    when 'choice' then '{options}'
    when 'choices' then '{options,min_chosen,max_chosen}'
    when 'file' then '{max_files}'
    when 'statement' then '{text}'
    when 'group' then '{items,repeat}'
  end::text[];
  if v_own is null then
    return app_private.with_problem(problems, path || '.type', 'type_unknown');
  end if;

  problems := app_private.with_unknown(problems, item, path,
    v_own || '{key,type,label,help,visible_if}'::text[]
    || case when v_type in ('statement', 'group') then '{}' else '{required}' end::text[]
    || case when v_linked then '{profile_field,custom_field}' else '{}' end::text[]);
  problems := app_private.with_text(problems, item, path, 'label', v_type <> 'statement');
  problems := app_private.with_text(problems, item, path, 'help');
  problems := app_private.with_text(problems, item, path, 'text', v_type = 'statement');
  problems := app_private.with_text(problems, item, path, 'min_label');
  problems := app_private.with_text(problems, item, path, 'max_label');
  if item ? 'required' and jsonb_typeof(item -> 'required') <> 'boolean' then
    problems := app_private.with_problem(problems, path || '.required', 'not_a_boolean');
  end if;

  v_bad := case
    when v_type in ('text', 'long_text') then app_private.bounds_problem(item, 'min_length', 'max_length', 0, 10000)
    when v_type = 'choices' then app_private.bounds_problem(item, 'min_chosen', 'max_chosen', 0, 200)
    when v_type = 'file' then app_private.bounds_problem(item, null, 'max_files', 1, 20)
    when v_type in ('integer', 'scale') then app_private.bounds_problem(item, 'min', 'max', -1000000000, 1000000000)
    when v_type = 'number' then app_private.bounds_problem(item, 'min', 'max', -1000000000, 1000000000, whole => false)
    when v_type = 'date' then (
      select case when bool_or(jsonb_typeof(bound.value) <> 'string' or bound.value #>> '{}' !~ '^[0-9]{4}-[0-9]{2}-[0-9]{2}$'
                               or not pg_input_is_valid(bound.value #>> '{}', 'date')) then 'min'
                  when item ->> 'min' collate "C" > item ->> 'max' then 'max' end
      from jsonb_each(item) as bound where bound.key in ('min', 'max'))
    when v_type = 'group' and item ? 'repeat' then
      case when jsonb_typeof(item -> 'repeat') <> 'object' or (item -> 'repeat') - '{min,max}'::text[] <> '{}' then 'repeat'
           when app_private.bounds_problem(item -> 'repeat', 'min', 'max', 0, 100) is not null then 'repeat' end
  end;
  if v_type = 'scale' and not (item ? 'min' and item ? 'max') then
    v_bad := coalesce(v_bad, case when item ? 'min' then 'max' else 'min' end);
  end if;
  if v_bad is not null then
    problems := app_private.with_problem(problems, path || '.' || v_bad, 'bound_not_usable');
  end if;
  if v_type in ('choice', 'choices') then
    problems := app_private.with_options(problems, item -> 'options', path || '.options');
  end if;

  if item ? 'profile_field' and (repeats or item ? 'custom_field' or jsonb_typeof(item -> 'profile_field') <> 'string'
      or v_type is distinct from case item ->> 'profile_field'
           when 'given_name' then 'text' when 'family_name' then 'text' when 'email' then 'email'
           when 'phone' then 'phone' when 'birth_date' then 'date' end) then
    problems := app_private.with_problem(problems, path || '.profile_field', 'field_not_usable');
  end if;
  if item ? 'custom_field' and (repeats or jsonb_typeof(item -> 'custom_field') <> 'string'
      or item ->> 'custom_field' !~ '^[a-z][a-z0-9_]{0,62}$') then
    problems := app_private.with_problem(problems, path || '.custom_field', 'field_not_usable');
  end if;
  return problems;
end;
$$;

comment on function app_private.with_item is 'The problems, and what is wrong with one item: see content_problems().';
grant execute on function app_private.with_item to app_engine;

-- The name of a bound that is no number within what is sensible, or that is beyond the other one.
create or replace function app_private.bounds_problem(
  item jsonb, lower_name text, upper_name text, lowest numeric, highest numeric, whole boolean default true
) returns text
language plpgsql immutable
set search_path = ''
as $$
declare
  v_name text;
  v_numbers numeric[] := array[null, null];
  v_place int := 0;
begin
  foreach v_name in array array[lower_name, upper_name] loop
    v_place := v_place + 1;
    if v_name is not null and item ? v_name then
      if jsonb_typeof(item -> v_name) <> 'number' then
        return v_name;
      end if;
      v_numbers[v_place] := (item -> v_name)::numeric;
      if v_numbers[v_place] not between lowest and highest or (whole and v_numbers[v_place] % 1 <> 0) then
        return v_name;
      end if;
    end if;
  end loop;
  return case when v_numbers[1] > v_numbers[2] then upper_name end;
end;
$$;

comment on function app_private.bounds_problem is 'Which of two bounds of an item is not usable; null where both are.';
grant execute on function app_private.bounds_problem to app_engine;

create or replace function app_private.with_options(problems jsonb, options jsonb, path text) returns jsonb
language plpgsql immutable
set search_path = ''
as $$
declare
  v_option record;
  v_at text;
  v_values jsonb := '{}';
begin
  if jsonb_typeof(options) is distinct from 'array' or jsonb_array_length(options) = 0 then
    return app_private.with_problem(problems, path, 'not_a_list');
  elsif jsonb_array_length(options) > 200 then
    return app_private.with_problem(problems, path, 'too_many', 200);
  end if;
  for v_option in select value, ordinality - 1 as place from jsonb_array_elements(options) with ordinality loop
    v_at := format('%s[%s]', path, v_option.place);
    if jsonb_typeof(v_option.value) <> 'object' then
      problems := app_private.with_problem(problems, v_at, 'not_an_object');
      continue;
    end if;
    problems := app_private.with_unknown(problems, v_option.value, v_at, '{value,label,score}');
    problems := app_private.with_text(problems, v_option.value, v_at, 'label', true);
    if jsonb_typeof(v_option.value -> 'value') is distinct from 'string' or length(v_option.value ->> 'value') not between 1 and 100 then
      problems := app_private.with_problem(problems, v_at || '.value', 'value_not_usable', 100);
    elsif v_values ? (v_option.value ->> 'value') then
      problems := app_private.with_problem(problems, v_at || '.value', 'key_twice');
    else
      v_values := v_values || jsonb_build_object(v_option.value ->> 'value', true);
    end if;
    if v_option.value ? 'score' and app_private.bounds_problem(v_option.value, 'score', null, -1000000, 1000000, whole => false) is not null then
      problems := app_private.with_problem(problems, v_at || '.score', 'bound_not_usable');
    end if;
  end loop;
  return problems;
end;
$$;

comment on function app_private.with_options is 'The problems, and what is wrong with the options of a choice: see content_problems().';
grant execute on function app_private.with_options to app_engine;
-- end of source: functions/forms/with_item.sql

-- source: functions/forms/with_score.sql
-- What a rule of scoring may say: which fields, how many of them at least, and which way is better. A step of
-- content_problems(). FRM-09.

create or replace function app_private.with_score(problems jsonb, score jsonb, path text, fields jsonb) returns jsonb
language plpgsql immutable
set search_path = ''
as $$
declare
  v_field record;
  v_bad text;
begin
  if jsonb_typeof(score) <> 'object' then
    return app_private.with_problem(problems, path, 'not_an_object');
  end if;
  problems := app_private.with_unknown(problems, score, path, '{key,label,method,fields,min_answered,direction,version,range}');
  problems := app_private.with_text(problems, score, path, 'label', true);
  if coalesce(jsonb_typeof(score -> 'key') <> 'string' or score ->> 'key' !~ '^[a-z][a-z0-9_]{0,62}$', true) then
    problems := app_private.with_problem(problems, path || '.key', 'key_not_usable');
  end if;
  if coalesce(score ->> 'method' not in ('sum', 'mean', 'max'), true) then
    problems := app_private.with_problem(problems, path || '.method', 'method_unknown');
  end if;
  if coalesce(score ->> 'direction' not in ('lower_is_better', 'higher_is_better'), true) then
    problems := app_private.with_problem(problems, path || '.direction', 'direction_unknown');
  end if;

  if jsonb_typeof(score -> 'fields') is distinct from 'array' or jsonb_array_length(score -> 'fields') not between 1 and 200 then
    return app_private.with_problem(problems, path || '.fields', 'not_a_list', 200);
  end if;
  for v_field in select value, ordinality - 1 as place from jsonb_array_elements(score -> 'fields') with ordinality loop
    -- A field of an entry that repeats has no single answer.
    if jsonb_typeof(v_field.value) <> 'string' or (fields #> array[v_field.value #>> '{}', 'scored'])::boolean is not true
       or fields #> array[v_field.value #>> '{}', 'levels'] <> '[]' then
      problems := app_private.with_problem(problems, format('%s.fields[%s]', path, v_field.place), 'field_not_usable');
    end if;
  end loop;
  if (select count(distinct value) from jsonb_array_elements(score -> 'fields')) < jsonb_array_length(score -> 'fields') then
    problems := app_private.with_problem(problems, path || '.fields', 'key_twice');
  end if;
  v_bad := coalesce(
    case when not score ? 'version' then 'version' end,
    app_private.bounds_problem(score, 'version', null, 1, 1000000),
    app_private.bounds_problem(score, 'min_answered', null, 1, jsonb_array_length(score -> 'fields')),
    case when score ? 'range' and not coalesce(
      jsonb_typeof(score -> 'range') = 'array' and jsonb_array_length(score -> 'range') = 2
      and jsonb_typeof(score #> '{range,0}') = 'number' and jsonb_typeof(score #> '{range,1}') = 'number'
      and (score #> '{range,0}')::numeric < (score #> '{range,1}')::numeric, false) then 'range' end);
  return case when v_bad is null then problems else app_private.with_problem(problems, path || '.' || v_bad, 'bound_not_usable') end;
end;
$$;

comment on function app_private.with_score is 'The problems, and what is wrong with a rule of scoring: see content_problems().';
grant execute on function app_private.with_score to app_engine;
-- end of source: functions/forms/with_score.sql

-- source: functions/forms/create_form.sql
-- Staff give a patient a form, by itself or as the correction of a signed one. FRM-04.

set role app_engine;

create or replace function app_public.create_form(
  patient_id uuid,
  template_id uuid,
  appointment_id uuid default null,
  amends_form_id uuid default null,
  locale text default null
) returns app_public.forms
language plpgsql volatile security definer
set search_path = ''
as $$
declare
  v_patient app_public.patients;
  v_profile_locale text;
  v_amended app_public.forms;
  v_form app_public.forms;
begin
  select patients.* into v_patient
  from app_public.patients
  where patients.id = create_form.patient_id and patients.deleted_at is null
    and patients.organization_id = any (app_hidden.current_staff_organization_ids());
  if not found then
    perform app_hidden.refuse('NOT_FOUND', 'patient_not_found');
  end if;
  perform app_private.require_permission(v_patient.organization_id, 'forms.fill');
  perform app_private.require_patient(v_patient.organization_id, v_patient.patient_profile_id);

  if create_form.appointment_id is not null and not exists (
    select from app_public.appointments
    where appointments.id = create_form.appointment_id and appointments.organization_id = v_patient.organization_id
      and appointments.patient_profile_id = v_patient.patient_profile_id and appointments.deleted_at is null
  ) then
    perform app_hidden.refuse('NOT_FOUND', 'appointment_not_found');
  end if;
  if create_form.amends_form_id is not null then
    select forms.* into v_amended
    from app_public.forms
    where forms.id = create_form.amends_form_id and forms.organization_id = v_patient.organization_id
      and forms.patient_id = v_patient.id and forms.template_id = create_form.template_id and forms.deleted_at is null;
    if not found then
      perform app_hidden.refuse('NOT_FOUND', 'form_not_found');
    elsif v_amended.status <> 'signed' then
      perform app_hidden.refuse('STATE', 'only_signed_forms_are_amended', jsonb_build_object('formId', v_amended.id, 'status', v_amended.status));
    end if;
  end if;

  select patient_profiles.locale into strict v_profile_locale
  from app_public.patient_profiles where patient_profiles.id = v_patient.patient_profile_id;
  v_form := app_private.make_form(
    v_patient.organization_id, v_patient.patient_profile_id, create_form.template_id, coalesce(create_form.locale, v_profile_locale),
    create_form.appointment_id, create_form.amends_form_id);
  if v_form.appointment_id is not null then
    insert into app_public.appointment_forms (organization_id, appointment_id, template_id, form_id)
    values (v_form.organization_id, v_form.appointment_id, v_form.template_id, v_form.id)
    on conflict on constraint appointment_forms_pkey do update set form_id = excluded.form_id;
  end if;
  return v_form;
end;
$$;

comment on function app_public.create_form is
  E'@arg appointmentId The appointment that it is for; none without.\n'
  '@arg amendsFormId The signed form of the same template that it corrects.\n'
  'Gives a patient a form of the published version of a template, with what is known already filled in. Needs forms.fill.';
grant execute on function app_public.create_form to app_member;

reset role;
-- end of source: functions/forms/create_form.sql

-- source: functions/forms/file_owner_form.sql
-- Files of a form: what its fields of the type file are answered with. FRM-06, FND-13.

create or replace function app_private.file_owner_form(id uuid) returns app_private.owner_of_file
language sql stable
set search_path = ''
begin atomic
  select forms.organization_id,
         forms.patient_profile_id = any (app_hidden.current_human_patient_profile_ids())
           and forms.organization_id = any (app_hidden.current_patient_organization_ids()),
         forms.deleted_at is not null
  from app_public.forms
  where forms.id = file_owner_form.id;
end;

comment on function app_private.file_owner_form is
  'A form as the owner of files; the own of its patient and of those who care for the patient.';
grant execute on function app_private.file_owner_form to app_engine;
-- end of source: functions/forms/file_owner_form.sql

-- source: functions/forms/form_event_payload.sql
-- What every event about a form says: whose, of which template, for which appointment. Nothing of what was answered. FRM-07.

create or replace function app_private.form_event_payload(form app_public.forms) returns jsonb
language sql stable
set search_path = ''
return jsonb_strip_nulls(jsonb_build_object(
  'formId', (form).id, 'patientId', (form).patient_id, 'patientProfileId', (form).patient_profile_id,
  'templateId', (form).template_id, 'versionId', (form).version_id, 'appointmentId', (form).appointment_id));

comment on function app_private.form_event_payload is 'The payload of form.created, form.completed, form.reopened and form.signed.';
grant execute on function app_private.form_event_payload to app_engine;
-- end of source: functions/forms/form_event_payload.sql

-- source: functions/forms/form_template_draft.sql
-- The draft of a template is for staff; whoever has a form of it sees what was published. FRM-02.

set role app_engine;

create or replace function app_public.form_template_draft(template_id uuid) returns jsonb
language plpgsql stable strict security definer
set search_path = ''
as $$
declare
  v_content jsonb;
begin
  select form_templates.content into v_content
  from app_public.form_templates
  where form_templates.id = form_template_draft.template_id
    and form_templates.organization_id = any (app_hidden.current_staff_organization_ids());
  if not found then
    perform app_hidden.refuse('NOT_FOUND', 'not_found');
  end if;
  return v_content;
end;
$$;

comment on function app_public.form_template_draft is
  'What the next version of a template is to ask, in the language of templates (docs/form-content.schema.json). For staff of the '
  'clinic; NOT_FOUND for anybody else.';
grant execute on function app_public.form_template_draft to app_member;

reset role;
-- end of source: functions/forms/form_template_draft.sql

-- source: functions/forms/forms_answers_schema.sql
-- What the answers of a form look like, as JSON Schema, for frontends that make an editor of it. FRM-04. It says the shape; whether
-- something is shown, and so whether it must be there, depends on other answers: form_problems() decides.

create or replace function app_hidden.answers_schema(items jsonb) returns jsonb
language plpgsql immutable
set search_path = ''
as $$
declare
  v_item jsonb;
  v_inner jsonb;
  v_properties jsonb := '{}';
  v_required jsonb := '[]';
begin
  for v_item in select value from jsonb_array_elements(items) loop
    if v_item ->> 'type' = 'group' and not v_item ? 'repeat' then
      v_inner := app_hidden.answers_schema(v_item -> 'items');
      v_properties := v_properties || (v_inner -> 'properties');
      v_required := v_required || case when v_item ? 'visible_if' then '[]' else v_inner -> 'required' end;
    elsif v_item ->> 'type' <> 'statement' then
      v_properties := v_properties || jsonb_build_object(v_item ->> 'key', app_hidden.answer_schema(v_item));
      if (v_item ->> 'required')::boolean and not v_item ? 'visible_if' then
        v_required := v_required || (v_item -> 'key');
      end if;
    end if;
  end loop;
  return jsonb_build_object(
    'type', 'object', 'properties', v_properties, 'required', v_required, 'additionalProperties', false);
end;
$$;

comment on function app_hidden.answers_schema is 'The answers to items of one level as JSON Schema.';
grant execute on function app_hidden.answers_schema to app_member;

create or replace function app_hidden.answer_schema(item jsonb) returns jsonb
language sql immutable
set search_path = ''
begin atomic
  select jsonb_strip_nulls(jsonb_build_object('title', coalesce(item #> '{label,ro}', item #> '{label,en}')) || case
    when item ->> 'type' in ('text', 'long_text') then jsonb_build_object(
      'type', 'string', 'minLength', item -> 'min_length', 'maxLength', coalesce(item -> 'max_length', '10000'))
    when item ->> 'type' = 'email' then '{"type": "string", "format": "email", "maxLength": 254}'
    when item ->> 'type' = 'phone' then '{"type": "string", "maxLength": 31}'
    when item ->> 'type' in ('integer', 'scale') then jsonb_build_object(
      'type', 'integer', 'minimum', item -> 'min', 'maximum', item -> 'max')
    when item ->> 'type' = 'number' then jsonb_build_object('type', 'number', 'minimum', item -> 'min', 'maximum', item -> 'max')
    when item ->> 'type' = 'boolean' then '{"type": "boolean"}'
    when item ->> 'type' = 'date' then '{"type": "string", "format": "date"}'
    when item ->> 'type' = 'choice' then jsonb_build_object('enum', jsonb_path_query_array(item, '$.options[*].value'))
    when item ->> 'type' = 'choices' then jsonb_build_object(
      'type', 'array', 'uniqueItems', true, 'minItems', item -> 'min_chosen', 'maxItems', item -> 'max_chosen',
      'items', jsonb_build_object('enum', jsonb_path_query_array(item, '$.options[*].value')))
    when item ->> 'type' = 'file' then jsonb_build_object(
      'type', 'array', 'uniqueItems', true, 'maxItems', coalesce(item -> 'max_files', '1'),
      'items', '{"type": "string", "format": "uuid"}'::jsonb)
    else jsonb_build_object(
      'type', 'array', 'minItems', item #> '{repeat,min}', 'maxItems', coalesce(item #> '{repeat,max}', '100'),
      'items', app_hidden.answers_schema(item -> 'items'))
  end);
end;

comment on function app_hidden.answer_schema is 'The answer to one field, or the entries of a group that repeats, as JSON Schema.';
grant execute on function app_hidden.answer_schema to app_member;

create or replace function app_public.forms_answers_schema(form app_public.forms) returns jsonb
language sql stable
set search_path = ''
return jsonb_build_object('$schema', 'https://json-schema.org/draft/2020-12/schema') || app_hidden.answers_schema(form.snapshot -> 'items');

comment on function app_public.forms_answers_schema is
  'The shape of the answers as JSON Schema. What a condition shows is in no list of what is required: the database decides.';
grant execute on function app_public.forms_answers_schema to app_member;
-- end of source: functions/forms/forms_answers_schema.sql

-- source: functions/forms/on_merge_forms.sql
-- Forms of the duplicate go to the patient who is kept, signed ones as well: who a chart is about is not what was signed.
-- FND-34, FRM-04.

create or replace function app_private.on_merge_forms(
  kept app_public.patients,
  duplicate app_public.patients,
  is_the_clinics_own boolean
) returns jsonb
language sql volatile
set search_path = ''
begin atomic
  with moved as (
    update app_public.forms set patient_id = kept.id, patient_profile_id = kept.patient_profile_id
    where forms.organization_id = kept.organization_id and forms.patient_id = duplicate.id
    returning forms.id, old.patient_id, old.patient_profile_id
  )
  select jsonb_build_object('app_public.forms.patient_profile_id', coalesce(jsonb_agg(to_jsonb(moved)), '[]')) from moved;
end;

comment on function app_private.on_merge_forms is 'Moves the forms of the duplicate to the patient who is kept.';
grant execute on function app_private.on_merge_forms to app_engine;
-- end of source: functions/forms/on_merge_forms.sql

-- source: functions/forms/publish_custom_field.sql
-- A field may be used from its first publication on; what is published again unchanged is no new version. FRM-01.

set role app_engine;

create or replace function app_public.publish_custom_field(custom_field_id uuid) returns app_public.custom_fields
language plpgsql volatile strict security definer
set search_path = ''
as $$
declare
  v_field app_public.custom_fields;
begin
  -- Numbers are given under the lock of the field.
  select custom_fields.* into v_field
  from app_public.custom_fields
  where custom_fields.id = publish_custom_field.custom_field_id
    and custom_fields.organization_id = any (app_hidden.current_staff_organization_ids())
  for update;
  if not found then
    perform app_hidden.refuse('NOT_FOUND', 'not_found');
  end if;
  perform app_private.require_permission(v_field.organization_id, 'form_templates.manage');

  if not exists (
    select from app_public.custom_field_versions as latest
    where latest.organization_id = v_field.organization_id and latest.custom_field_id = v_field.id
      and latest.number = v_field.version and latest.definition = v_field.definition
  ) then
    insert into app_public.custom_field_versions (organization_id, custom_field_id, number, definition, published_by, published_at)
    values (v_field.organization_id, v_field.id, v_field.version + 1, v_field.definition, app_private.current_actor_id(), app_hidden.now());
    v_field.version := v_field.version + 1;
  end if;
  update app_public.custom_fields set version = v_field.version, published = true
  where custom_fields.id = v_field.id
  returning * into v_field;
  return v_field;
end;
$$;

comment on function app_public.publish_custom_field is
  'Publishes a field of the clinic as it is drafted: values are checked by it from then on. Needs form_templates.manage. '
  'Unchanged, it makes no new version.';
grant execute on function app_public.publish_custom_field to app_member;

reset role;
-- end of source: functions/forms/publish_custom_field.sql

-- source: functions/forms/publish_form_template.sql
-- Publishing freezes what a draft says: forms are made of it from then on, and those under way stay on theirs. What is
-- published again unchanged is no new version. FRM-02.

set role app_engine;

create or replace function app_public.publish_form_template(template_id uuid) returns app_public.form_templates
language plpgsql volatile strict security definer
set search_path = ''
as $$
declare
  v_template app_public.form_templates;
begin
  select form_templates.* into v_template
  from app_public.form_templates
  where form_templates.id = publish_form_template.template_id
    and form_templates.organization_id = any (app_hidden.current_staff_organization_ids());
  if not found then
    perform app_hidden.refuse('NOT_FOUND', 'not_found');
  end if;
  perform app_private.require_permission(v_template.organization_id, 'form_templates.manage');
  return app_private.publish_template(v_template.id);
end;
$$;

comment on function app_public.publish_form_template is
  'Publishes a template as it is drafted. Needs form_templates.manage. Unchanged, it makes no new version. CONFLICT '
  'field_type_changed where a key had another type before; purpose_unknown where a purpose is not the clinic''s to ask for.';
grant execute on function app_public.publish_form_template to app_member;

reset role;

create or replace function app_private.publish_template(template_id uuid) returns app_public.form_templates
language plpgsql volatile
set search_path = ''
as $$
declare
  v_template app_public.form_templates;
  v_purposes uuid[];
  v_types jsonb;
  v_changed record;
  v_version_id uuid;
begin
  -- Numbers are given under the lock of the template.
  select form_templates.* into strict v_template
  from app_public.form_templates
  where form_templates.id = publish_template.template_id
  for update;
  select coalesce(array_agg(form_template_purposes.purpose_version_id order by form_template_purposes.purpose_version_id), '{}') into v_purposes
  from app_public.form_template_purposes
  where form_template_purposes.organization_id = v_template.organization_id and form_template_purposes.template_id = v_template.id;
  perform app_private.require_declared_purposes(v_template.organization_id, v_purposes);
  if v_purposes <> '{}' and v_template.signature_mode = 'none' then
    perform app_hidden.refuse('VALIDATION', 'purposes_are_signed', '{"field": "signatureMode"}');
  end if;

  v_types := app_private.form_field_types(v_template.content);
  select now_is.key, before.value #>> '{}' as was, now_is.value #>> '{}' as becomes into v_changed
  from app_public.form_template_versions as versions
  cross join lateral jsonb_each(versions.field_types) as before
  join jsonb_each(v_types) as now_is on now_is.key = before.key and now_is.value <> before.value
  where versions.organization_id = v_template.organization_id and versions.template_id = v_template.id
  order by now_is.key
  limit 1;
  if v_changed.key is not null then
    perform app_hidden.refuse('CONFLICT', 'field_type_changed', jsonb_build_object(
      'key', v_changed.key, 'from', v_changed.was, 'to', v_changed.becomes));
  end if;
  perform app_private.require_custom_fields(v_template.organization_id, v_template.content);

  if not app_private.is_published_alike(v_template, v_purposes) then
    insert into app_public.form_template_versions
      (organization_id, template_id, number, content, content_hash, field_types, signature_mode, link_inner_mode,
       link_expires_minutes, validity_months, published_by, published_at)
    values
      (v_template.organization_id, v_template.id, v_template.version + 1, v_template.content,
       sha256(convert_to(v_template.content::text, 'UTF8')), v_types, v_template.signature_mode, v_template.link_inner_mode,
       v_template.link_expires_minutes, v_template.validity_months, app_private.current_actor_id(), app_hidden.now())
    returning id into v_version_id;
    insert into app_public.form_template_version_purposes (organization_id, version_id, purpose_scope_id, purpose_version_id)
    select drafted.organization_id, v_version_id, drafted.purpose_scope_id, drafted.purpose_version_id
    from app_public.form_template_purposes as drafted
    where drafted.organization_id = v_template.organization_id and drafted.template_id = v_template.id;
    v_template.version := v_template.version + 1;
  end if;
  update app_public.form_templates set version = v_template.version, published = true
  where form_templates.id = v_template.id
  returning * into v_template;
  return v_template;
end;
$$;

comment on function app_private.publish_template is
  'Publishes a template, whoever asks: the verb publish_form_template(), and the making of a clinic.';
grant execute on function app_private.publish_template to app_engine;

create or replace function app_private.is_published_alike(template app_public.form_templates, purpose_version_ids uuid[]) returns boolean
language sql stable
set search_path = ''
begin atomic
  select exists (
    select
    from app_public.form_template_versions as latest
    where latest.organization_id = (template).organization_id and latest.template_id = (template).id
      and latest.number = (template).version
      and (latest.content, latest.signature_mode, latest.link_inner_mode, latest.link_expires_minutes, latest.validity_months)
        is not distinct from
        ((template).content, (template).signature_mode, (template).link_inner_mode, (template).link_expires_minutes, (template).validity_months)
      and is_published_alike.purpose_version_ids = array(
        select declared.purpose_version_id
        from app_public.form_template_version_purposes as declared
        where declared.organization_id = latest.organization_id and declared.version_id = latest.id
        order by declared.purpose_version_id));
end;

comment on function app_private.is_published_alike is 'Whether the last version of a template says what its draft says.';
grant execute on function app_private.is_published_alike to app_engine;

-- A field of the clinic that a template reads and writes is one of its patients, published, and asked in the same way.
create or replace function app_private.require_custom_fields(organization_id uuid, content jsonb) returns void
language plpgsql stable
set search_path = ''
as $$
declare
  v_item jsonb;
begin
  for v_item in select item from app_private.form_items(content) as item where item ? 'custom_field' loop
    if not exists (
      select from app_public.custom_fields
      where custom_fields.organization_id = require_custom_fields.organization_id
        and custom_fields.entity_type = 'patient' and custom_fields.system_key = v_item ->> 'custom_field'
        and custom_fields.published and custom_fields.definition ->> 'type' = v_item ->> 'type'
    ) then
      perform app_hidden.refuse('CONFLICT', 'custom_field_unknown', jsonb_build_object(
        'key', v_item ->> 'key', 'customField', v_item ->> 'custom_field', 'type', v_item ->> 'type'));
    end if;
  end loop;
end;
$$;

comment on function app_private.require_custom_fields is
  'Passes when every field of the clinic that a template names is published for patients and has the same type; else CONFLICT custom_field_unknown.';
grant execute on function app_private.require_custom_fields to app_engine;
-- end of source: functions/forms/publish_form_template.sql

-- source: functions/forms/reopen_form.sql
-- A complete form is opened again, with a reason that its history keeps. What is signed is not: a correction amends it. FRM-04.

set role app_engine;

create or replace function app_public.reopen_form(form_id uuid, reason text) returns app_public.forms
language plpgsql volatile security definer
set search_path = ''
as $$
declare
  v_form app_public.forms := app_private.own_form(form_id, 'in_progress');
begin
  if v_form.status <> 'completed' then
    perform app_hidden.refuse('STATE', 'illegal_move', jsonb_build_object(
      'entity', 'forms', 'from', v_form.status, 'to', 'in_progress', 'legal', app_private.legal_moves('forms', v_form.status)));
  end if;
  update app_public.forms set
    status = 'in_progress', completed_at = null, valid_until = null, reopen_reason = app_private.require_reason(reason)
  where forms.id = v_form.id
  returning * into v_form;
  return v_form;
end;
$$;

comment on function app_public.reopen_form is
  E'@arg reason Why, kept in the history of the form.\n'
  'Opens a complete form again. For the patient, a caregiver, or staff with forms.fill. IMMUTABLE once it is signed.';
grant execute on function app_public.reopen_form to app_member;

reset role;
-- end of source: functions/forms/reopen_form.sql

-- source: functions/forms/resolve_write_back.sql
-- Staff decide what a form could not write by itself: the answer is taken over, or what stands there stays. FRM-05.

set role app_engine;

create or replace function app_public.resolve_write_back(write_back_id uuid, take_form boolean) returns app_public.form_write_backs
language plpgsql volatile strict security definer
set search_path = ''
as $$
declare
  v_write_back app_public.form_write_backs;
  v_form app_public.forms;
  v_outcome text;
begin
  select form_write_backs.* into v_write_back
  from app_public.form_write_backs
  join app_public.forms on forms.organization_id = form_write_backs.organization_id and forms.id = form_write_backs.form_id
  where form_write_backs.id = write_back_id and forms.deleted_at is null
    and form_write_backs.organization_id = any (app_hidden.organization_ids_where('forms.view'))
  for update of form_write_backs;
  if not found then
    perform app_hidden.refuse('NOT_FOUND', 'not_found');
  end if;
  perform app_private.require_permission(v_write_back.organization_id, 'patients.manage');
  if v_write_back.outcome = 'written' or v_write_back.resolution is not null then
    perform app_hidden.refuse('STATE', 'write_back_is_decided');
  end if;

  if take_form then
    select forms.* into strict v_form from app_public.forms where forms.id = v_write_back.form_id;
    v_outcome := app_private.try_to_write_back(
      v_form.organization_id, v_form.patient_id, v_write_back.target, v_write_back.field, v_write_back.value, v_form.id);
    if v_outcome = 'not_permitted' then
      perform app_hidden.refuse('FORBIDDEN', 'profile_is_the_persons');
    elsif v_outcome = 'not_taken' then
      perform app_hidden.refuse('VALIDATION', 'answer_not_taken_there', jsonb_build_object('field', v_write_back.field));
    end if;
  end if;
  update app_public.form_write_backs set
    resolution = case when take_form then 'form' else 'kept' end,
    resolved_by = app_private.current_actor_id(), resolved_at = app_hidden.now()
  where form_write_backs.id = v_write_back.id
  returning * into v_write_back;
  return v_write_back;
end;
$$;

comment on function app_public.resolve_write_back is
  E'@arg writeBackId The conflict, by the id of FormWriteBack.\n'
  '@arg takeForm Whether the answer of the form is taken over; false keeps what stands there.\n'
  'Decides a conflict between a form and the patient''s profile or a field of the clinic. Needs patients.manage; FORBIDDEN '
  'profile_is_the_persons where the person has an account and keeps the profile.';
grant execute on function app_public.resolve_write_back to app_member;

reset role;
-- end of source: functions/forms/resolve_write_back.sql

-- source: functions/forms/save_form_answers.sql
-- The patient, a caregiver or staff save what is answered so far. FRM-04.

set role app_engine;

create or replace function app_public.save_form_answers(form_id uuid, answers jsonb) returns app_public.forms
language sql volatile strict security definer
set search_path = ''
return app_private.answer_form(app_private.own_form(form_id, 'in_progress'), answers);

comment on function app_public.save_form_answers is
  E'@arg answers By the key of each field; null takes an answer away.\n'
  'Saves answers beside those that are there, by the key of each field; null takes one away. For the patient, a caregiver, or '
  'staff with forms.fill. VALIDATION answers_not_valid says what is wrong where; IMMUTABLE once it is complete.';
grant execute on function app_public.save_form_answers to app_member;

reset role;
-- end of source: functions/forms/save_form_answers.sql

-- source: functions/forms/score_trend.sql
-- How a score of a patient went over time: the last completion of each form counts. Whoever may read the forms may read it.
-- Shown as information: it recommends nothing. FRM-09.

create or replace function app_public.score_trend(patient_id uuid, template_id uuid, key text)
returns setof app_public.score_point
language sql stable strict
set search_path = ''
begin atomic
  select points.form_id, points.completed_at, points.value, points.answered, points.fields, points.direction, points.version,
         points.value - first_value(points.value) over (
           order by points.value is null, points.completed_at, points.form_id)
  from (
    select distinct on (forms.id)
           forms.id as form_id, forms.completed_at, form_scores.value, form_scores.answered, form_scores.fields,
           form_scores.direction, form_scores.version
    from app_public.forms
    join app_public.form_scores
      on form_scores.organization_id = forms.organization_id and form_scores.form_id = forms.id
      and form_scores.completion = forms.completions
    where forms.patient_id = score_trend.patient_id and forms.template_id = score_trend.template_id
      and form_scores.key = score_trend.key and forms.completed_at is not null
    order by forms.id
  ) as points
  order by points.completed_at, points.form_id;
end;

comment on function app_public.score_trend is
  E'@arg templateId The template whose forms are scored.\n@arg key The score, by its key in the template.\n'
  'The scores of a patient, the oldest first, each with its change since the first. A value is null where too few fields were '
  'answered.';
grant execute on function app_public.score_trend to app_member;
-- end of source: functions/forms/score_trend.sql

-- source: functions/forms/tg_appointments__ask_forms.sql
-- Forms come with the appointment, by whichever verb it is made or moved. FRM-08.

set role app_engine;

create or replace function app_private.tg_appointments__ask_forms() returns trigger
language plpgsql security definer
set search_path = ''
as $$
begin
  perform app_private.ask_forms(new);
  return null;
end;
$$;

comment on function app_private.tg_appointments__ask_forms is
  'Makes the forms that an appointment asks for. Triggers _910_ask_forms and _910_ask_forms_of_change.';

reset role;

create or replace trigger _910_ask_forms after insert on app_public.appointments
  for each row execute function app_private.tg_appointments__ask_forms();
create or replace trigger _910_ask_forms_of_change after update of starts_at, service_id, calendar_id on app_public.appointments
  for each row
  when ((old.starts_at, old.service_id, old.calendar_id) is distinct from (new.starts_at, new.service_id, new.calendar_id))
  execute function app_private.tg_appointments__ask_forms();
-- end of source: functions/forms/tg_appointments__ask_forms.sql

-- source: functions/forms/tg_custom_fields__check.sql
-- A field is what an item of a form is, and is looked at alike. Its key, and what it belongs to, stay; so does its type once it
-- is published, since values of it are there. FRM-01.

set role app_engine;

create or replace function app_private.tg_custom_fields__check() returns trigger
language plpgsql security definer
set search_path = ''
as $$
begin
  if tg_op = 'UPDATE' and (new.system_key, new.entity_type) is distinct from (old.system_key, old.entity_type) then
    perform app_hidden.refuse('IMMUTABLE', 'key_stays', '{"field": "systemKey"}');
  end if;
  if tg_op = 'UPDATE' and old.version > 0 and new.definition ->> 'type' is distinct from old.definition ->> 'type' then
    perform app_hidden.refuse('CONFLICT', 'field_type_changed', jsonb_build_object(
      'key', new.system_key, 'from', old.definition ->> 'type', 'to', new.definition ->> 'type'));
  end if;
  perform app_private.refuse_problems(
    'definition_not_valid', (
      select coalesce(jsonb_agg(to_jsonb(problem)), '[]')
      from (
        select regexp_replace(found.path, '^items\[0\]\.?', '') as path, found.reason, found.details
        from app_private.content_problems(app_private.content_of_field(new.system_key, new.definition)) as found
        union all
        select 'type', 'type_unknown', '{}'
        where new.definition ->> 'type' in ('file', 'group', 'statement')
        union all
        select word.key, 'property_unknown', '{}'
        from jsonb_object_keys(new.definition) as word (key)
        where word.key in ('key', 'visible_if', 'profile_field', 'custom_field', 'required')
      ) as problem));
  return new;
end;
$$;

comment on function app_private.tg_custom_fields__check is
  'VALIDATION definition_not_valid with each place; IMMUTABLE key_stays; CONFLICT field_type_changed. Trigger _300_check.';

reset role;

-- A form of this one field: what forms are checked by checks values as well.
create or replace function app_private.content_of_field(system_key text, definition jsonb) returns jsonb
language sql immutable
set search_path = ''
return jsonb_build_object(
  'format', 1, 'title', '{"en": "A field of the clinic"}'::jsonb,
  'items', jsonb_build_array(content_of_field.definition || jsonb_build_object('key', content_of_field.system_key)));

comment on function app_private.content_of_field is 'A template that asks a field of the clinic and nothing else.';
grant execute on function app_private.content_of_field to app_engine;
-- end of source: functions/forms/tg_custom_fields__check.sql

-- source: functions/forms/tg_custom_field_values__check.sql
-- Every value is of the type of its field, whoever writes it: checked by the version that is published. FRM-01.

set role app_engine;

create or replace function app_private.tg_custom_field_values__check() returns trigger
language plpgsql security definer
set search_path = ''
as $$
declare
  v_field app_public.custom_fields;
  v_definition jsonb;
begin
  select custom_fields.* into v_field
  from app_public.custom_fields
  where custom_fields.organization_id = new.organization_id and custom_fields.id = new.custom_field_id;
  if not found or not v_field.published then
    perform app_hidden.refuse('CONFLICT', 'field_not_published', jsonb_build_object('key', v_field.system_key));
  end if;
  select custom_field_versions.definition into strict v_definition
  from app_public.custom_field_versions
  where custom_field_versions.organization_id = new.organization_id
    and custom_field_versions.custom_field_id = new.custom_field_id and custom_field_versions.number = v_field.version;
  perform app_private.refuse_problems('value_not_valid', (
    select coalesce(jsonb_agg(to_jsonb(problem)), '[]')
    from app_private.form_problems(
      app_private.content_of_field(v_field.system_key, v_definition || '{"required": true}'),
      jsonb_build_object(v_field.system_key, new.value), true) as problem));
  new.version := v_field.version;
  return new;
end;
$$;

comment on function app_private.tg_custom_field_values__check is
  'VALIDATION value_not_valid; CONFLICT field_not_published. Trigger _300_check.';

reset role;

create or replace trigger _300_check before insert or update of value, custom_field_id on app_public.custom_field_values
  for each row execute function app_private.tg_custom_field_values__check();
-- end of source: functions/forms/tg_custom_field_values__check.sql

-- source: functions/forms/tg_files__open_form.sql
-- Files of a form come and go while it is open: afterwards they are what was answered, and signed with it. FRM-04, FRM-06.
-- The lock makes an upload and a completion wait for each other.

set role app_engine;

create or replace function app_private.tg_files__open_form() returns trigger
language plpgsql security definer
set search_path = ''
as $$
declare
  v_status text;
begin
  select forms.status into strict v_status from app_public.forms where forms.id = new.form_id for share;
  if v_status in ('completed', 'signed') then
    perform app_hidden.refuse(
      'IMMUTABLE', case v_status when 'signed' then 'form_is_signed' else 'form_is_completed' end,
      jsonb_build_object('formId', new.form_id));
  end if;
  return null;
end;
$$;

comment on function app_private.tg_files__open_form is
  'IMMUTABLE form_is_completed or form_is_signed for files that come to a closed form or leave it. Triggers _300_open_form.';

reset role;

create or replace trigger _300_open_form after insert on app_public.files
  for each row when (new.form_id is not null)
  execute function app_private.tg_files__open_form();
create or replace trigger _300_open_form_still after update of status on app_public.files
  for each row when (new.form_id is not null and old.status <> new.status and new.status in ('confirmed', 'deleted'))
  execute function app_private.tg_files__open_form();
-- end of source: functions/forms/tg_files__open_form.sql

-- source: functions/forms/tg_form_template_purposes__scope.sql
-- Whose words a version of a purpose is goes into the key that holds it to the clinic or the platform. As the caller: what they may
-- not see answers as what does not exist. FRM-02, FND-06.

create or replace function app_private.tg_form_template_purposes__scope() returns trigger
language plpgsql
set search_path = ''
as $$
begin
  select consent_purpose_versions.scope_id into new.purpose_scope_id
  from app_public.consent_purpose_versions
  where consent_purpose_versions.id = new.purpose_version_id
    and consent_purpose_versions.scope_id in (new.organization_id, '00000000-0000-0000-0000-000000000000');
  if not found then
    perform app_hidden.refuse('VALIDATION', 'consent_version_unknown', jsonb_build_object(
      'field', 'purposeVersionIds', 'versionId', new.purpose_version_id));
  end if;
  return new;
end;
$$;

comment on function app_private.tg_form_template_purposes__scope is
  'Fills whose the version of a purpose is; VALIDATION consent_version_unknown. Trigger _150_scope.';
-- end of source: functions/forms/tg_form_template_purposes__scope.sql

-- source: functions/forms/tg_form_templates__check.sql
-- A draft is sound whenever it is saved, and the key by which programs know a template stays. FRM-02.

set role app_engine;

create or replace function app_private.tg_form_templates__check() returns trigger
language plpgsql security definer
set search_path = ''
as $$
begin
  if tg_op = 'UPDATE' and new.key <> old.key then
    perform app_hidden.refuse('IMMUTABLE', 'key_stays', '{"field": "key"}');
  end if;
  perform app_private.refuse_problems(
    'content_not_valid', (select coalesce(jsonb_agg(to_jsonb(problem)), '[]') from app_private.content_problems(new.content) as problem));
  return new;
end;
$$;

comment on function app_private.tg_form_templates__check is
  'VALIDATION content_not_valid with each place; IMMUTABLE key_stays. Trigger _300_check.';

reset role;
-- end of source: functions/forms/tg_form_templates__check.sql

-- source: functions/forms/tg_forms__keep.sql
-- What was asked never changes, answers only while the form is open, and of what is signed nothing at all. Only a merge of
-- patients moves a signed form to the chart that is kept, and removing a patient takes it along. Forms are not deleted.
-- FRM-04, FND-34.

create or replace function app_private.tg_forms__keep() returns trigger
language plpgsql volatile
set search_path = ''
as $$
begin
  if tg_op = 'DELETE' then
    perform app_hidden.refuse('IMMUTABLE', 'never_changed', '{"entity": "forms"}');
  end if;

  if old.status = 'signed' then
    if to_jsonb(new) - '{patient_id,patient_profile_id,deleted_at,updated_at}'::text[]
       is distinct from to_jsonb(old) - '{patient_id,patient_profile_id,deleted_at,updated_at}'::text[] then
      perform app_hidden.refuse('IMMUTABLE', 'form_is_signed', jsonb_build_object('formId', old.id));
    end if;
    return new;
  end if;

  if (new.id, new.organization_id, new.template_id, new.version_id, new.appointment_id, new.amends_form_id, new.created_by)
     is distinct from
     (old.id, old.organization_id, old.template_id, old.version_id, old.appointment_id, old.amends_form_id, old.created_by)
     or new.snapshot <> old.snapshot or new.prefill <> old.prefill then
    perform app_hidden.refuse('IMMUTABLE', 'never_changed', '{"entity": "forms"}');
  end if;
  if old.status = 'completed' and new.answers <> old.answers then
    perform app_hidden.refuse('IMMUTABLE', 'form_is_completed', jsonb_build_object('formId', old.id));
  end if;
  return new;
end;
$$;

comment on function app_private.tg_forms__keep is
  'Refuses IMMUTABLE: another snapshot, answers after completion, anything of a signed form, and deletion. Trigger _300_keeps_what_was_asked.';
-- end of source: functions/forms/tg_forms__keep.sql

-- source: functions/forms/tg_forms__record_move.sql
-- Every move of a form has an actor, a time and an event, whoever makes it. What is published of a signature is said by
-- whoever signs, who knows how. FRM-04, FRM-07.

set role app_engine;

create or replace function app_private.tg_forms__record_move() returns trigger
language plpgsql security definer
set search_path = ''
as $$
declare
  v_from text := case when tg_op = 'UPDATE' then old.status else '' end;
  v_event text;
begin
  if v_from = new.status then
    return null;
  end if;
  insert into app_public.form_moves (organization_id, form_id, from_status, to_status, moved_by, moved_at, reason)
  values (new.organization_id, new.id, nullif(v_from, ''), new.status, app_private.current_actor_id(), app_hidden.now(),
          case when v_from = 'completed' and new.status = 'in_progress' then new.reopen_reason end);

  select min(transition.event) into v_event
  from app_private.state_transitions as transition
  where transition.entity = 'forms' and transition.from_state = v_from and transition.to_state = new.status;
  if v_event is not null and new.status <> 'signed' then
    perform app_private.publish(v_event, new.organization_id, new.id, app_private.form_event_payload(new));
  end if;
  return null;
end;
$$;

comment on function app_private.tg_forms__record_move is
  'Writes form_moves and publishes form.created, form.completed and form.reopened. Trigger _900_record_move.';

reset role;
-- end of source: functions/forms/tg_forms__record_move.sql

-- source: functions/forms/tg_frozen.sql
-- What was published or computed is not rewritten, by nobody: the owner of the table and the engine included. FRM-02, FRM-04.
-- Per statement: it refuses before a row is looked for, so the answer is the same for whoever sees no row. An update by
-- on conflict, a cascade and truncate come by here as well.

create or replace function app_private.tg_frozen() returns trigger
language plpgsql volatile
set search_path = ''
as $$
begin
  perform app_hidden.refuse('IMMUTABLE', 'never_changed', jsonb_build_object('entity', tg_table_name));
  return null;
end;
$$;

comment on function app_private.tg_frozen is 'Refuses every update, delete and truncate. Trigger _200_frozen.';
-- end of source: functions/forms/tg_frozen.sql

-- source: policies/forms/appointment_forms.sql
-- Which forms an appointment asks for: the patient, and staff with forms.view. Written by ask_forms(). FRM-08.

select app_private.classify('app_public.appointment_forms', home => 'clinic', retention => 'medical_record', classes =>
  '{"operational": ["organization_id", "created_at"], "phi": ["appointment_id", "template_id", "form_id"]}');
select app_private.protect('app_public.appointment_forms', engine => 'select, insert, update, delete');

grant select on app_public.appointment_forms to app_member;

create policy appointment_forms_select_staff on app_public.appointment_forms for select to app_member
  using (
    organization_id = any ((select app_hidden.rights('forms.view'))::uuid[])
    -- One look-up a row, and the form's own policies hide what was deleted.
    and exists (select from app_public.forms where forms.id = appointment_forms.form_id)
  );

create policy appointment_forms_select_patient on app_public.appointment_forms for select to app_member
  using (
    form_id in (
      select forms.id from app_public.forms
      where forms.patient_profile_id = any ((select app_hidden.rights('people'))::uuid[]))
  );
-- end of source: policies/forms/appointment_forms.sql

-- source: policies/forms/calendar_forms.sql
-- Which forms every appointment of a calendar asks for: staff see it, calendars.manage edits it. FRM-08.

select app_private.classify('app_public.calendar_forms', home => 'clinic', retention => 'clinic', classes =>
  '{"public": ["organization_id", "calendar_id", "template_id"], "operational": ["created_at"]}');
select app_private.protect('app_public.calendar_forms', engine => 'select');

grant select on app_public.calendar_forms to app_member;
grant insert (organization_id, calendar_id, template_id), delete on app_public.calendar_forms to app_member;

create policy calendar_forms_select_staff on app_public.calendar_forms for select to app_member
  using (organization_id = any ((select app_hidden.rights('staff'))::uuid[]));

create policy calendar_forms_insert_manager on app_public.calendar_forms for insert to app_member
  with check (organization_id = any ((select app_hidden.rights('calendars.manage'))::uuid[]));

create policy calendar_forms_delete_manager on app_public.calendar_forms for delete to app_member
  using (organization_id = any ((select app_hidden.rights('calendars.manage'))::uuid[]));

create or replace trigger _010_clinic before insert on app_public.calendar_forms
  for each row execute function app_private.tg_clinic_of('app_public.calendars', 'calendar_id');
-- end of source: policies/forms/calendar_forms.sql

-- source: policies/forms/custom_field_values.sql
-- What the clinic noted of a patient is for whoever sees its patients, of a service or specialist for its staff.
-- Written by set_custom_field_value() and by forms. FRM-01.

select app_private.classify('app_public.custom_field_values', home => 'clinic', retention => 'medical_record', classes =>
  '{"operational": ["id", "organization_id", "custom_field_id", "entity_type", "service_id", "specialist_id", "version",
                    "source_form_id", "updated_by", "created_at", "updated_at"],
    "phi": ["patient_profile_id", "value"]}',
  person_column => 'patient_profile_id');
select app_private.on_merge('app_public.custom_field_values', 'patient_profile_id', 'moves');
select app_private.protect('app_public.custom_field_values', engine => 'select, insert, update, delete');

grant select on app_public.custom_field_values to app_member;

create policy custom_field_values_select_of_patient on app_public.custom_field_values for select to app_member
  using (
    entity_type = 'patient'
    and organization_id = any ((select app_hidden.rights('patients.view'))::uuid[])
    -- One look-up a row: what is noted of a removed patient is hidden with them.
    and exists (
      select from app_public.patients
      where patients.organization_id = custom_field_values.organization_id
        and patients.patient_profile_id = custom_field_values.patient_profile_id)
  );

create policy custom_field_values_select_of_catalog on app_public.custom_field_values for select to app_member
  using (entity_type in ('service', 'specialist') and organization_id = any ((select app_hidden.rights('staff'))::uuid[]));
-- end of source: policies/forms/custom_field_values.sql

-- source: policies/forms/custom_field_versions.sql
-- What was published, for staff; written by publish_custom_field() and never changed. FRM-01.

select app_private.classify('app_public.custom_field_versions', home => 'clinic', retention => 'clinic', classes =>
  '{"public": ["id", "organization_id", "custom_field_id", "number", "definition"],
    "operational": ["published_by", "published_at"]}');
select app_private.protect('app_public.custom_field_versions', engine => 'select, insert');

grant select on app_public.custom_field_versions to app_member;

create policy custom_field_versions_select_staff on app_public.custom_field_versions for select to app_member
  using (organization_id = any ((select app_hidden.rights('staff'))::uuid[]));

create or replace trigger _200_frozen before update or delete or truncate on app_public.custom_field_versions
  for each statement execute function app_private.tg_frozen();
-- end of source: policies/forms/custom_field_versions.sql

-- source: policies/forms/custom_fields.sql
-- Staff read them, whoever edits templates defines them. The key and what it belongs to never change. FRM-01.

select app_private.classify('app_public.custom_fields', home => 'clinic', retention => 'clinic', classes =>
  '{"public": ["id", "organization_id", "entity_type", "system_key", "definition"],
    "operational": ["version", "published", "created_at", "updated_at"]}');
select app_private.protect('app_public.custom_fields', engine => 'select, insert, update');

grant select on app_public.custom_fields to app_member;
grant insert (organization_id, entity_type, system_key, definition), update (definition, published) on app_public.custom_fields to app_member;

create policy custom_fields_select_staff on app_public.custom_fields for select to app_member
  using (organization_id = any ((select app_hidden.rights('staff'))::uuid[]));

create policy custom_fields_insert_manager on app_public.custom_fields for insert to app_member
  with check (organization_id = any ((select app_hidden.rights('form_templates.manage'))::uuid[]));

create policy custom_fields_update_manager on app_public.custom_fields for update to app_member
  using (organization_id = any ((select app_hidden.rights('form_templates.manage'))::uuid[]))
  with check (organization_id = any ((select app_hidden.rights('form_templates.manage'))::uuid[]));

create or replace trigger _300_check before insert or update of system_key, entity_type, definition on app_public.custom_fields
  for each row execute function app_private.tg_custom_fields__check();
-- end of source: policies/forms/custom_fields.sql

-- source: policies/forms/form_moves.sql
-- The history of a form: staff with forms.view. Append-only: nobody holds update or delete. FRM-04.

select app_private.classify('app_public.form_moves', home => 'clinic', retention => 'medical_record', classes =>
  '{"operational": ["id", "organization_id", "form_id", "moved_by", "moved_at"],
    "phi": ["from_status", "to_status", "reason"]}',
  unaudited => 'Is itself a ledger; each move is also in the audit, as the change of its form.');
select app_private.protect('app_public.form_moves', engine => 'select, insert');

grant select on app_public.form_moves to app_member;

create policy form_moves_select_staff on app_public.form_moves for select to app_member
  using (
    organization_id = any ((select app_hidden.rights('forms.view'))::uuid[])
    -- One look-up a row, and the form's own policies hide what was deleted.
    and exists (select from app_public.forms where forms.id = form_moves.form_id)
  );
-- end of source: policies/forms/form_moves.sql

-- source: policies/forms/form_scores.sql
-- Scores of completed forms: the patient, and staff with forms.view. Written once, by complete(). FRM-09.

select app_private.classify('app_public.form_scores', home => 'clinic', retention => 'medical_record', classes =>
  '{"operational": ["organization_id", "completion", "key", "method", "direction", "version", "fields", "scored_at"],
    "phi": ["form_id", "value", "answered"]}');
select app_private.protect('app_public.form_scores', engine => 'select, insert');

grant select on app_public.form_scores to app_member;

create policy form_scores_select_staff on app_public.form_scores for select to app_member
  using (
    organization_id = any ((select app_hidden.rights('forms.view'))::uuid[])
    -- One look-up a row, and the form's own policies hide what was deleted.
    and exists (select from app_public.forms where forms.id = form_scores.form_id)
  );

create policy form_scores_select_patient on app_public.form_scores for select to app_member
  using (
    form_id in (
      select forms.id from app_public.forms
      where forms.patient_profile_id = any ((select app_hidden.rights('people'))::uuid[]))
  );

create or replace trigger _200_frozen before update or delete or truncate on app_public.form_scores
  for each statement execute function app_private.tg_frozen();
-- end of source: policies/forms/form_scores.sql

-- source: policies/forms/form_template_purposes.sql
-- What the next version of a template asks consent for: staff see it, form_templates.manage edits it. FRM-02.

select app_private.classify('app_public.form_template_purposes', home => 'clinic', retention => 'clinic', classes =>
  '{"public": ["organization_id", "template_id", "purpose_scope_id", "purpose_version_id"], "operational": ["created_at"]}');
select app_private.protect('app_public.form_template_purposes', engine => 'select, insert');

grant select on app_public.form_template_purposes to app_member;
grant insert (organization_id, template_id, purpose_version_id), delete on app_public.form_template_purposes to app_member;

create policy form_template_purposes_select_staff on app_public.form_template_purposes for select to app_member
  using (organization_id = any ((select app_hidden.rights('staff'))::uuid[]));

create policy form_template_purposes_insert_manager on app_public.form_template_purposes for insert to app_member
  with check (organization_id = any ((select app_hidden.rights('form_templates.manage'))::uuid[]));

create policy form_template_purposes_delete_manager on app_public.form_template_purposes for delete to app_member
  using (organization_id = any ((select app_hidden.rights('form_templates.manage'))::uuid[]));

create or replace trigger _010_clinic before insert on app_public.form_template_purposes
  for each row execute function app_private.tg_clinic_of('app_public.form_templates', 'template_id');

create or replace trigger _150_scope before insert on app_public.form_template_purposes
  for each row execute function app_private.tg_form_template_purposes__scope();
-- end of source: policies/forms/form_template_purposes.sql

-- source: policies/forms/form_template_version_purposes.sql
-- What a published version asks consent for, for staff; written by publish_form_template() and never changed. FRM-02.

select app_private.classify('app_public.form_template_version_purposes', home => 'clinic', retention => 'medical_record', classes =>
  '{"public": ["organization_id", "version_id", "purpose_scope_id", "purpose_version_id"]}');
select app_private.protect('app_public.form_template_version_purposes', engine => 'select, insert');

grant select on app_public.form_template_version_purposes to app_member;

create policy form_template_version_purposes_select_staff on app_public.form_template_version_purposes for select to app_member
  using (organization_id = any ((select app_hidden.rights('staff'))::uuid[]));

create or replace trigger _200_frozen before update or delete or truncate on app_public.form_template_version_purposes
  for each statement execute function app_private.tg_frozen();
-- end of source: policies/forms/form_template_version_purposes.sql

-- source: policies/forms/form_template_versions.sql
-- What was published, for staff, and for patients whom it was asked; written by publish_form_template() and never changed. FRM-02.

select app_private.classify('app_public.form_template_versions', home => 'clinic', retention => 'medical_record', classes =>
  '{"public": ["id", "organization_id", "template_id", "number", "content", "content_hash", "field_types", "signature_mode",
               "link_inner_mode", "link_expires_minutes", "validity_months"],
    "operational": ["published_by", "published_at"]}');
select app_private.protect('app_public.form_template_versions', engine => 'select, insert');

grant select (id, organization_id, template_id, number, content, field_types, signature_mode, link_inner_mode,
              link_expires_minutes, validity_months, published_by, published_at)
   on app_public.form_template_versions to app_member;

create policy form_template_versions_select_staff on app_public.form_template_versions for select to app_member
  using (organization_id = any ((select app_hidden.rights('staff'))::uuid[]));

create policy form_template_versions_select_patient on app_public.form_template_versions for select to app_member
  using (
    organization_id = any ((select app_hidden.rights('patient'))::uuid[])
    and id in (
      select forms.version_id from app_public.forms
      where forms.patient_profile_id = any ((select app_hidden.rights('people'))::uuid[]))
  );

create or replace trigger _200_frozen before update or delete or truncate on app_public.form_template_versions
  for each statement execute function app_private.tg_frozen();
-- end of source: policies/forms/form_template_versions.sql

-- source: policies/forms/form_templates.sql
-- Staff read the clinic's templates, form_templates.manage edits them; patients those that they have a form of, without the draft,
-- which form_template_draft() shows to staff. FRM-02.

select app_private.classify('app_public.form_templates', home => 'clinic', retention => 'clinic', classes =>
  '{"public": ["id", "organization_id", "key", "name", "kind", "content", "signature_mode",
               "link_inner_mode", "link_expires_minutes", "validity_months", "licence"],
    "operational": ["version", "published", "created_at", "updated_at"]}');
select app_private.protect('app_public.form_templates', engine => 'select, insert, update', facts => '{name name}');

grant select (id, organization_id, key, name, kind, signature_mode, link_inner_mode, link_expires_minutes, validity_months,
              licence, version, published, created_at, updated_at)
   on app_public.form_templates to app_member;
grant insert (organization_id, key, name, kind, content, signature_mode, link_inner_mode,
              link_expires_minutes, validity_months, licence),
      update (name, kind, content, signature_mode, link_inner_mode, link_expires_minutes,
              validity_months, licence, published)
   on app_public.form_templates to app_member;

create policy form_templates_select_staff on app_public.form_templates for select to app_member
  using (organization_id = any ((select app_hidden.rights('staff'))::uuid[]));

create policy form_templates_select_patient on app_public.form_templates for select to app_member
  using (
    organization_id = any ((select app_hidden.rights('patient'))::uuid[])
    and id in (
      select forms.template_id from app_public.forms
      where forms.patient_profile_id = any ((select app_hidden.rights('people'))::uuid[]))
  );

create policy form_templates_insert_manager on app_public.form_templates for insert to app_member
  with check (organization_id = any ((select app_hidden.rights('form_templates.manage'))::uuid[]));

create policy form_templates_update_manager on app_public.form_templates for update to app_member
  using (organization_id = any ((select app_hidden.rights('form_templates.manage'))::uuid[]))
  with check (organization_id = any ((select app_hidden.rights('form_templates.manage'))::uuid[]));

create or replace trigger _300_check before insert or update of key, content on app_public.form_templates
  for each row execute function app_private.tg_form_templates__check();
-- end of source: policies/forms/form_templates.sql

-- source: policies/forms/form_write_backs.sql
-- What forms changed of a patient, and conflicts that staff decide: staff with forms.view. Written by complete(), decided by
-- resolve_write_back(). FRM-05.

select app_private.classify('app_public.form_write_backs', home => 'clinic', retention => 'medical_record', classes =>
  '{"operational": ["id", "organization_id", "form_id", "key", "target", "field", "outcome", "written_at", "resolved_by", "resolved_at",
                    "resolution"],
    "phi": ["value_before", "value_at_creation", "value"]}');
select app_private.protect('app_public.form_write_backs', engine => 'select, insert, update');

grant select on app_public.form_write_backs to app_member;

create policy form_write_backs_select_staff on app_public.form_write_backs for select to app_member
  using (
    organization_id = any ((select app_hidden.rights('forms.view'))::uuid[])
    -- One look-up a row, and the form's own policies hide what was deleted.
    and exists (select from app_public.forms where forms.id = form_write_backs.form_id)
  );
-- end of source: policies/forms/form_write_backs.sql

-- source: policies/forms/forms.sql
-- The patient, those who care for the patient, and staff with forms.view. Written by verbs only; what is signed is written
-- by nobody. FRM-04.

select app_private.classify('app_public.forms', home => 'clinic', retention => 'medical_record', classes =>
  '{"operational": ["id", "organization_id", "patient_id", "locale", "completions", "created_by", "created_at", "updated_at",
                    "deleted_at"],
    "phi": ["patient_profile_id", "template_id", "version_id", "appointment_id", "amends_form_id", "snapshot", "status",
            "answers", "prefill", "completed_at", "signed_at", "valid_until", "reopen_reason"]}',
  person_column => 'patient_profile_id');
select app_private.on_merge('app_public.forms', 'patient_id', 'on_merge_forms');
select app_private.on_merge('app_public.forms', 'patient_profile_id', 'on_merge_forms');
select app_private.allow_soft_delete('app_public.forms', 'patients.manage',
  '(select form_templates.name from app_public.form_templates where form_templates.id = r.template_id)',
  follows => 'app_public.patients');
select app_private.protect('app_public.forms', engine => 'select, insert, update', guard => true);

grant select on app_public.forms to app_member;

create policy forms_select_staff on app_public.forms for select to app_member
  using (organization_id = any ((select app_hidden.rights('forms.view'))::uuid[]) and deleted_at is null);

create policy forms_select_patient on app_public.forms for select to app_member
  using (
    patient_profile_id = any ((select app_hidden.rights('people'))::uuid[])
    and organization_id = any ((select app_hidden.rights('patient'))::uuid[])
    and deleted_at is null
  );

create or replace trigger _300_keeps_what_was_asked before update or delete on app_public.forms
  for each row execute function app_private.tg_forms__keep();

create or replace trigger _300_keeps_every_form before truncate on app_public.forms
  for each statement execute function app_private.tg_frozen();

create or replace trigger _900_record_move after insert or update of status on app_public.forms
  for each row execute function app_private.tg_forms__record_move();
-- end of source: policies/forms/forms.sql

-- source: policies/forms/service_forms.sql
-- Which forms every appointment of a service asks for: staff see it, services.manage edits it. FRM-08.

select app_private.classify('app_public.service_forms', home => 'clinic', retention => 'clinic', classes =>
  '{"public": ["organization_id", "service_id", "template_id"], "operational": ["created_at"]}');
select app_private.protect('app_public.service_forms', engine => 'select');

grant select on app_public.service_forms to app_member;
grant insert (organization_id, service_id, template_id), delete on app_public.service_forms to app_member;

create policy service_forms_select_staff on app_public.service_forms for select to app_member
  using (organization_id = any ((select app_hidden.rights('staff'))::uuid[]));

create policy service_forms_insert_manager on app_public.service_forms for insert to app_member
  with check (organization_id = any ((select app_hidden.rights('services.manage'))::uuid[]));

create policy service_forms_delete_manager on app_public.service_forms for delete to app_member
  using (organization_id = any ((select app_hidden.rights('services.manage'))::uuid[]));

create or replace trigger _010_clinic before insert on app_public.service_forms
  for each row execute function app_private.tg_clinic_of('app_public.services', 'service_id');
-- end of source: policies/forms/service_forms.sql

-- source: reference/files/file_owner_kinds.sql
-- What files may belong to, and the function of app_private that tells of such an owner. FND-13.

select app_private.own_rows('app_private.file_owner_kinds', rows => '
  key          | column_name           | patient_column     | owner_function
  -------------+-----------------------+--------------------+------------------------
  appointment  | appointment_id        | patient_profile_id | file_owner_appointment
  form         | form_id               | patient_profile_id | file_owner_form
  organization | owner_organization_id |                    | file_owner_organization
  service      | service_id            |                    | file_owner_service
  specialist   | specialist_id         |                    | file_owner_specialist
');
-- end of source: reference/files/file_owner_kinds.sql

-- source: reference/files/file_surfaces.sql
-- Where files may be attached: to what, by whom, how many, how large, what they hold and for how long; and which types
-- each takes. FND-13.

select app_private.own_rows('app_private.file_surfaces', rows => '
key: appointment_files
description: Findings, letters and pictures that belong to an appointment.
owner_kind: appointment
audience: owner_readers
uploaded_by_owner: true
manage_permission: appointments.conduct
prefix: appointments
max_bytes: 26214400
max_files: 100
class: phi
retention: medical_record
==========
key: forms
description: What a form''s fields for files are answered with.
owner_kind: form
audience: owner_readers
uploaded_by_owner: true
manage_permission: forms.fill
prefix: forms
max_bytes: 26214400
max_files: 50
class: phi
retention: medical_record
==========
key: organization_logo
description: The clinic''s logo.
owner_kind: organization
audience: owner_readers
uploaded_by_owner: false
manage_permission: organization.manage
prefix: logo
max_bytes: 1048576
max_files: 1
class: public
retention: clinic
==========
key: service_attachments
description: What helps to choose or prepare: leaflets, pictures.
owner_kind: service
audience: owner_readers
uploaded_by_owner: false
manage_permission: services.manage
prefix: services
max_bytes: 10485760
max_files: 20
class: public
retention: clinic
==========
key: specialist_signatures
description: The signature that goes onto documents.
owner_kind: specialist
audience: staff
uploaded_by_owner: true
manage_permission: specialists.manage
prefix: signatures
max_bytes: 524288
max_files: 1
class: pii_basic
retention: clinic
');

select app_private.own_rows('app_private.file_surface_types', rows => '
  surface               | content_type
  ----------------------+----------------
  appointment_files     | application/pdf
  appointment_files     | image/jpeg
  appointment_files     | image/png
  appointment_files     | image/webp
  forms                 | application/pdf
  forms                 | image/jpeg
  forms                 | image/png
  forms                 | image/webp
  organization_logo     | image/jpeg
  organization_logo     | image/png
  organization_logo     | image/webp
  service_attachments   | application/pdf
  service_attachments   | image/jpeg
  service_attachments   | image/png
  service_attachments   | image/webp
  specialist_signatures | image/png
');
-- end of source: reference/files/file_surfaces.sql

-- source: reference/forms/form_events.sql
-- What is published about forms. A version is never changed: a new one is added. FRM-07, FND-14.

select app_private.own_rows('app_private.event_types', scope => '{"subject_type": "form"}', rows => '
name: form.completed
version: 1
description: Everything that a form asks was answered.
payload_schema:
{"type": "object", "additionalProperties": false,
 "required": ["formId", "patientId", "patientProfileId", "templateId", "versionId"],
 "properties": {
   "formId": {"type": "string", "format": "uuid"},
   "patientId": {"type": "string", "format": "uuid"},
   "versionId": {"type": "string", "format": "uuid"},
   "templateId": {"type": "string", "format": "uuid"},
   "appointmentId": {"type": "string", "format": "uuid"},
   "patientProfileId": {"type": "string", "format": "uuid"}}}
==========
name: form.created
version: 1
description: A patient has a form to fill in.
payload_schema:
{"type": "object", "additionalProperties": false,
 "required": ["formId", "patientId", "patientProfileId", "templateId", "versionId"],
 "properties": {
   "formId": {"type": "string", "format": "uuid"},
   "patientId": {"type": "string", "format": "uuid"},
   "versionId": {"type": "string", "format": "uuid"},
   "templateId": {"type": "string", "format": "uuid"},
   "appointmentId": {"type": "string", "format": "uuid"},
   "patientProfileId": {"type": "string", "format": "uuid"}}}
==========
name: form.reopened
version: 1
description: A complete form was opened again.
payload_schema:
{"type": "object", "additionalProperties": false,
 "required": ["formId", "patientId", "patientProfileId", "templateId", "versionId"],
 "properties": {
   "formId": {"type": "string", "format": "uuid"},
   "patientId": {"type": "string", "format": "uuid"},
   "versionId": {"type": "string", "format": "uuid"},
   "templateId": {"type": "string", "format": "uuid"},
   "appointmentId": {"type": "string", "format": "uuid"},
   "patientProfileId": {"type": "string", "format": "uuid"}}}
==========
name: form.signed
version: 1
description: A form was signed.
payload_schema:
{"type": "object", "additionalProperties": false,
 "required": ["formId", "patientId", "patientProfileId", "templateId", "versionId"],
 "properties": {
   "formId": {"type": "string", "format": "uuid"},
   "patientId": {"type": "string", "format": "uuid"},
   "versionId": {"type": "string", "format": "uuid"},
   "templateId": {"type": "string", "format": "uuid"},
   "appointmentId": {"type": "string", "format": "uuid"},
   "patientProfileId": {"type": "string", "format": "uuid"},
   "signatureMode": {"enum": ["click_typed", "drawn_kiosk", "remote_link"], "type": "string"}}}
');
-- end of source: reference/forms/form_events.sql

-- source: reference/forms/form_transitions.sql
-- Who may move a form from where to where, and what is published. Nothing follows signed: a correction is a new form that
-- amends it. FRM-04.
-- An empty from_state is creation. docs/state-machines/forms.md is drawn from these rows.

select app_private.own_rows('app_private.state_transitions', scope => '{"entity": "forms"}', rows => '
  from_state  | to_state    | actor   | permission | event          | quiet_because
  ------------+-------------+---------+------------+----------------+-------------------------------------------------------------
              | pending     | staff   | forms.fill | form.created   | It stands with the patient''s other forms, and a signature link says so itself.
              | pending     | system  |            | form.created   | It comes with an appointment, whose message is enough.
  pending     | in_progress | patient |            |                |
  pending     | in_progress | staff   | forms.fill |                |
  pending     | in_progress | system  |            |                |
  pending     | completed   | patient |            | form.completed | Whoever completed it was there.
  pending     | completed   | staff   | forms.fill | form.completed | Whoever completed it was there.
  pending     | completed   | system  |            | form.completed | Whoever completed it was there.
  in_progress | completed   | patient |            | form.completed | Whoever completed it was there.
  in_progress | completed   | staff   | forms.fill | form.completed | Whoever completed it was there.
  in_progress | completed   | system  |            | form.completed | Whoever completed it was there.
  completed   | in_progress | patient |            | form.reopened  | Whoever opens it again goes on with it.
  completed   | in_progress | staff   | forms.fill | form.reopened  | Whoever opens it again goes on with it.
  completed   | signed      | patient |            | form.signed    | Whoever signed was there.
  completed   | signed      | staff   | forms.fill | form.signed    | Whoever signed was there.
  completed   | signed      | system  |            | form.signed    | Whoever signed was there.
');
-- end of source: reference/forms/form_transitions.sql

-- source: reference/identity/permissions.sql
-- Everything that can be allowed. FND-04. What the system roles have of it stands in system_roles.sql.

select app_private.own_rows('app_public.permissions', rows => '
  name                     | description
  -------------------------+-------------------------------------------------------------
  appointments.conduct     | Start and finish appointments, record no-shows
  appointments.manage      | Book, confirm, cancel; answer booking requests
  appointments.view        | See the clinic''s appointments and booking requests
  audit.view               | Read the clinic''s audit log
  calendars.manage         | Edit bookable calendars
  consent_texts.manage     | Publish the clinic''s consent texts and privacy notices
  consents.override        | Go on without a consent in an emergency, with a reason
  consents.record          | Record what patients accept, refuse and withdraw, on evidence
  form_templates.manage    | Edit and publish templates of forms and the clinic''s own fields
  forms.fill               | Make forms for patients, fill them in, complete and reopen them
  forms.view               | See the patients'' forms and what was answered
  integrations.manage      | Choose vendors and enter the keys of the clinic''s own accounts
  members.manage           | Add and remove members, give and take roles
  message_templates.manage | Edit the words of the clinic''s messages
  messages.view            | See which messages the clinic''s patients were sent
  organization.manage      | Change the clinic''s details and booking settings
  owners.manage            | Name and remove owners of the clinic
  patient_plans.manage     | Sell plans to patients, open access, change subscriptions, adjust what is left
  patient_plans.view       | See the plans and subscriptions of the clinic''s patients
  patient_tiers.manage     | Edit tiers and what they include
  patients.manage          | Add and edit patients and their caregivers
  patients.merge           | Merge two patients who are one person, and undo it
  patients.view            | See the clinic''s patients
  roles.manage             | Define the clinic''s own roles
  schedules.manage         | Edit every specialist''s hours
  schedules.manage_own     | Edit one''s own hours as a specialist
  service_plans.manage     | Edit service plans and products
  services.manage          | Edit services and who provides them
  specialists.manage       | Add, edit and remove specialists
  specialists.view_org     | See specialists'' accounts and contacts
  specialties.manage       | Edit the clinic''s own specialties
  suppressions.lift        | Let the clinic write again to an address that was reported as dead
');
-- end of source: reference/identity/permissions.sql

-- source: reference/identity/system_roles.sql
-- The roles that every clinic has, and what each allows in a clinic that is new. FND-04.
-- A clinic that is there already keeps what its roles have: give it more in a file of db/migrations/current that is
-- numbered above 900, under set role app_engine; take away before, in one that is numbered below.

select app_private.own_rows('app_public.system_roles', rows => '
  key        | name          | name_ro
  -----------+---------------+--------------
  owner      | Owner         | Proprietar
  admin      | Administrator | Administrator
  specialist | Specialist    | Specialist
  front_desk | Front desk    | Recepție
  billing    | Billing       | Facturare
');

select app_private.own_rows('app_public.system_role_permissions', scope => '{"role_key": "owner"}', rows => '
  permission
  ------------------------
  appointments.conduct
  appointments.manage
  appointments.view
  audit.view
  calendars.manage
  consent_texts.manage
  consents.override
  consents.record
  form_templates.manage
  forms.fill
  forms.view
  integrations.manage
  members.manage
  message_templates.manage
  messages.view
  organization.manage
  owners.manage
  patient_plans.manage
  patient_plans.view
  patient_tiers.manage
  patients.manage
  patients.merge
  patients.view
  roles.manage
  schedules.manage
  schedules.manage_own
  service_plans.manage
  services.manage
  specialists.manage
  specialists.view_org
  specialties.manage
  suppressions.lift
');

select app_private.own_rows('app_public.system_role_permissions', scope => '{"role_key": "admin"}', rows => '
  permission
  ------------------------
  appointments.conduct
  appointments.manage
  appointments.view
  audit.view
  calendars.manage
  consent_texts.manage
  consents.override
  consents.record
  form_templates.manage
  forms.fill
  forms.view
  integrations.manage
  members.manage
  message_templates.manage
  messages.view
  organization.manage
  patient_plans.manage
  patient_plans.view
  patient_tiers.manage
  patients.manage
  patients.merge
  patients.view
  roles.manage
  schedules.manage
  schedules.manage_own
  service_plans.manage
  services.manage
  specialists.manage
  specialists.view_org
  specialties.manage
  suppressions.lift
');

select app_private.own_rows('app_public.system_role_permissions', scope => '{"role_key": "specialist"}', rows => '
  permission
  --------------------
  appointments.conduct
  appointments.view
  consents.override
  consents.record
  patient_plans.view
  forms.fill
  forms.view
  patients.view
  schedules.manage_own
  specialists.view_org
');

select app_private.own_rows('app_public.system_role_permissions', scope => '{"role_key": "front_desk"}', rows => '
  permission
  --------------------
  appointments.conduct
  appointments.manage
  appointments.view
  consents.record
  forms.fill
  forms.view
  messages.view
  patient_plans.manage
  patient_plans.view
  patients.manage
  patients.view
  schedules.manage
  specialists.view_org
');

select app_private.own_rows('app_public.system_role_permissions', scope => '{"role_key": "billing"}', rows => '
  permission
  --------------------
  patient_plans.manage
  patient_plans.view
  specialists.view_org
');
-- end of source: reference/identity/system_roles.sql
reset role;

select app_private.write_owned_rows();

--! split: 915-forms_permissions.sql
-- Clinics that are there already: their system roles get what new clinics' roles have. FND-04, FRM-04.
set local role app_engine;
insert into app_public.role_permissions (organization_id, role_id, permission)
select roles.organization_id, roles.id, system_role_permissions.permission
from app_public.roles
join app_public.system_role_permissions on system_role_permissions.role_key = roles.key
where system_role_permissions.permission in ('form_templates.manage', 'forms.fill', 'forms.view')
on conflict do nothing;
reset role;
