-- Templates of documents with what they are made of, documents of appointments, documents of signed forms, and what they are
-- rendered from. DOC-01, DOC-03..05, FRM-02.
alter table app_public.files drop constraint if exists files_organization_id_appointment_document_id_fkey;
alter table app_public.form_templates drop constraint if exists form_templates_organization_id_pdf_template_id_fkey;
alter table app_public.form_template_versions drop constraint if exists form_template_versions_pdf_version_fkey;
-- squawk-ignore ban-drop-table
drop table if exists app_private.rendered_documents cascade;
-- squawk-ignore ban-drop-table
drop table if exists app_private.document_inputs cascade;
-- squawk-ignore ban-drop-table
drop table if exists app_public.form_documents cascade;
-- squawk-ignore ban-drop-table
drop table if exists app_public.appointment_document_files cascade;
-- squawk-ignore ban-drop-table
drop table if exists app_public.appointment_documents cascade;
-- squawk-ignore ban-drop-table
drop table if exists app_public.pdf_template_version_components cascade;
-- squawk-ignore ban-drop-table
drop table if exists app_public.pdf_template_component_versions cascade;
-- squawk-ignore ban-drop-table
drop table if exists app_public.pdf_template_components cascade;
-- squawk-ignore ban-drop-table
drop table if exists app_public.pdf_template_versions cascade;
-- squawk-ignore ban-drop-table
drop table if exists app_public.pdf_templates cascade;
-- squawk-ignore ban-drop-table
drop table if exists app_private.predefined_pdf_templates cascade;
-- squawk-ignore ban-drop-table
drop table if exists app_private.document_fields cascade;
-- squawk-ignore ban-drop-table
drop table if exists app_private.document_block_types cascade;

create table app_private.document_block_types (
  type text primary key,
  place int not null,
  kinds text[] not null,
  label_ro text not null,
  label_en text not null,
  schema jsonb not null,
  constraint document_block_types_place_is_used_once unique (place),
  constraint document_block_types_type_is_a_slug check (type ~ '^[a-z]+(_[a-z]+)*$'),
  constraint document_block_types_schema_is_an_object check (jsonb_typeof(schema) = 'object')
);
comment on table app_private.document_block_types is
  'What a document is built of: each block with the JSON Schema of its properties, and the kinds that may hold it.';

create table app_private.document_fields (
  code text primary key,
  collection text references app_private.document_fields on delete restrict,
  kinds text[] not null,
  type text not null,
  label_ro text not null,
  label_en text not null,
  sample jsonb,
  constraint document_fields_code_is_dotted check (code ~ '^[a-z]+(\.[a-z]+(_[a-z]+)*)?$'),
  constraint document_fields_type_is_known check (type in ('text', 'long_text', 'number', 'date', 'instant', 'money', 'collection')),
  constraint document_fields_rows_have_samples check ((type = 'collection') = (sample is null)),
  constraint document_fields_collection_is_a_prefix check (collection is null or starts_with(code, collection || '.'))
);
create index document_fields_collection_idx on app_private.document_fields (collection);
comment on table app_private.document_fields is
  'What the text of a document can be bound to: each field with its type, the kinds that know it, and what a preview shows.';

create table app_private.predefined_pdf_templates (
  key text primary key,
  kind text not null,
  locale text not null,
  title text not null,
  editor_state jsonb not null,
  constraint predefined_pdf_templates_kind_is_known check (kind in ('report', 'prescription', 'form', 'letterhead', 'footer', 'signature')),
  constraint predefined_pdf_templates_locale_is_supported check (locale in ('ro', 'en')),
  constraint predefined_pdf_templates_editor_state_is_an_object check (jsonb_typeof(editor_state) = 'object')
);
comment on table app_private.predefined_pdf_templates is
  'The templates and components of documents that the product gives every clinic.';

create table app_public.pdf_template_components (
  id uuid primary key default uuidv7(),
  organization_id uuid not null references app_public.organizations on delete restrict,
  key text not null,
  kind text not null,
  title text not null,
  editor_state jsonb not null,
  version int not null default 0,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  constraint pdf_template_components_identity unique (organization_id, id),
  constraint pdf_template_components_key_is_unique unique (organization_id, key),
  constraint pdf_template_components_key_is_a_key check (key ~ '^[a-z][a-z0-9_]{0,62}$'),
  constraint pdf_template_components_kind_is_known check (kind in ('letterhead', 'footer', 'signature')),
  constraint pdf_template_components_title_is_not_blank check (title ~ '[[:alnum:]]'),
  constraint pdf_template_components_title_is_one_line check (title !~ '[[:cntrl:]]'),
  constraint pdf_template_components_title_is_at_most_200_characters_long check (length(title) <= 200),
  constraint pdf_template_components_editor_state_is_an_object check (jsonb_typeof(editor_state) = 'object'),
  constraint pdf_template_components_version_is_not_negative check (version >= 0)
);
comment on table app_public.pdf_template_components is
  'A part that documents share: letterhead, footer, or what stands under a signature. Each save of what it says is a version.';
comment on constraint pdf_template_components_kind_is_known on app_public.pdf_template_components is
  E'letterhead: At the head of every page.\n'
  'footer: At the foot of every page.\n'
  'signature: Under a signature.';
comment on column app_public.pdf_template_components.key is 'The word by which programs know the component; never changes.';
comment on column app_public.pdf_template_components.editor_state is 'What it says, in blocks: see documentBuilder.';
comment on column app_public.pdf_template_components.version is 'The number of its last version.';

create table app_public.pdf_template_component_versions (
  id uuid primary key default uuidv7(),
  organization_id uuid not null,
  component_id uuid not null,
  number int not null,
  editor_state jsonb not null,
  saved_by uuid references app_public.principals on delete restrict,
  saved_at timestamptz not null default now(),
  constraint pdf_template_component_versions_identity unique (organization_id, id),
  constraint pdf_template_component_versions_of_a_component unique (organization_id, component_id, id),
  constraint pdf_template_component_versions_number_is_used_once unique (organization_id, component_id, number),
  constraint pdf_template_component_versions_component_fkey foreign key (organization_id, component_id)
    references app_public.pdf_template_components (organization_id, id) on delete restrict,
  constraint pdf_template_component_versions_number_counts_from_1 check (number >= 1),
  constraint pdf_template_component_versions_editor_state_is_an_object check (jsonb_typeof(editor_state) = 'object')
);
create index pdf_template_component_versions_saved_by_idx on app_public.pdf_template_component_versions (saved_by);
comment on table app_public.pdf_template_component_versions is 'What a component said from a save on; never changed.';
comment on column app_public.pdf_template_component_versions.number is 'Which version it is, counted from 1.';
comment on column app_public.pdf_template_component_versions.editor_state is 'What it says, in blocks.';
comment on column app_public.pdf_template_component_versions.saved_at is 'When it was saved.';

create table app_public.pdf_templates (
  id uuid primary key default uuidv7(),
  organization_id uuid not null references app_public.organizations on delete restrict,
  key text not null,
  kind text not null,
  title text not null,
  locale text not null default 'ro',
  editor_state jsonb not null,
  layout_config jsonb not null default '{}',
  version int not null default 0,
  published boolean not null default false,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  constraint pdf_templates_identity unique (organization_id, id),
  constraint pdf_templates_key_is_unique unique (organization_id, key),
  constraint pdf_templates_key_is_a_key check (key ~ '^[a-z][a-z0-9_]{0,62}$'),
  constraint pdf_templates_kind_is_known check (kind in ('report', 'prescription', 'form')),
  constraint pdf_templates_title_is_not_blank check (title ~ '[[:alnum:]]'),
  constraint pdf_templates_title_is_one_line check (title !~ '[[:cntrl:]]'),
  constraint pdf_templates_title_is_at_most_200_characters_long check (length(title) <= 200),
  constraint pdf_templates_locale_is_supported check (locale in ('ro', 'en')),
  constraint pdf_templates_editor_state_is_an_object check (jsonb_typeof(editor_state) = 'object'),
  constraint pdf_templates_layout_config_is_an_object check (jsonb_typeof(layout_config) = 'object'),
  constraint pdf_templates_version_is_not_negative check (version >= 0),
  constraint pdf_templates_published_has_a_version check (not published or version > 0)
);
create index pdf_templates_title_idx on app_public.pdf_templates (organization_id, title, id);
comment on table app_public.pdf_templates is 'How a document of the clinic looks: the draft of its next version.';
comment on constraint pdf_templates_kind_is_known on app_public.pdf_templates is
  E'report: What was found and done at an appointment.\n'
  'prescription: What is recommended or prescribed after it.\n'
  'form: A signed form, with its answers and the proof of the signature.';
comment on column app_public.pdf_templates.key is 'The word by which programs know the template; never changes.';
comment on column app_public.pdf_templates.editor_state is
  'Its blocks, and the inputs that whoever makes a document fills in: see documentBuilder.';
comment on column app_public.pdf_templates.layout_config is 'Paper, margins, size and colour: see documentBuilder.';
comment on column app_public.pdf_templates.locale is 'The language that it is written in; dates and numbers are written so.';
comment on column app_public.pdf_templates.version is 'The number of the last published version; 0 before the first.';
comment on column app_public.pdf_templates.published is 'Whether documents are made of it: published, and not withdrawn from use since.';

create table app_public.pdf_template_versions (
  id uuid primary key default uuidv7(),
  organization_id uuid not null,
  template_id uuid not null,
  number int not null,
  kind text not null,
  title text not null,
  locale text not null,
  editor_state jsonb not null,
  layout_config jsonb not null,
  published_by uuid references app_public.principals on delete restrict,
  published_at timestamptz not null default now(),
  constraint pdf_template_versions_identity unique (organization_id, id),
  constraint pdf_template_versions_of_a_template unique (organization_id, template_id, id, kind),
  constraint pdf_template_versions_number_is_used_once unique (organization_id, template_id, number),
  constraint pdf_template_versions_organization_id_template_id_fkey foreign key (organization_id, template_id)
    references app_public.pdf_templates (organization_id, id) on delete restrict,
  constraint pdf_template_versions_number_counts_from_1 check (number >= 1),
  constraint pdf_template_versions_kind_is_known check (kind in ('report', 'prescription', 'form')),
  constraint pdf_template_versions_locale_is_supported check (locale in ('ro', 'en')),
  constraint pdf_template_versions_title_is_not_blank check (title ~ '[[:alnum:]]'),
  constraint pdf_template_versions_title_is_one_line check (title !~ '[[:cntrl:]]'),
  constraint pdf_template_versions_title_is_at_most_200_characters_long check (length(title) <= 200),
  constraint pdf_template_versions_editor_state_is_an_object check (jsonb_typeof(editor_state) = 'object'),
  constraint pdf_template_versions_layout_config_is_an_object check (jsonb_typeof(layout_config) = 'object')
);
create index pdf_template_versions_published_by_idx on app_public.pdf_template_versions (published_by);
comment on table app_public.pdf_template_versions is 'What a template of documents was from a publication on; never changed.';
comment on constraint pdf_template_versions_kind_is_known on app_public.pdf_template_versions is
  E'report: What was found and done at an appointment.\n'
  'prescription: What is recommended or prescribed after it.\n'
  'form: A signed form, with its answers and the proof of the signature.';
comment on column app_public.pdf_template_versions.number is 'Which version it is, counted from 1.';
comment on column app_public.pdf_template_versions.editor_state is 'Its blocks and inputs, as they were published.';
comment on column app_public.pdf_template_versions.layout_config is 'Paper, margins, size and colour, as they were published.';
comment on column app_public.pdf_template_versions.published_at is 'When it was published.';

create table app_public.pdf_template_version_components (
  organization_id uuid not null,
  version_id uuid not null,
  component_id uuid not null,
  component_version_id uuid not null,
  primary key (organization_id, version_id, component_id),
  constraint pdf_template_version_components_version_fkey foreign key (organization_id, version_id)
    references app_public.pdf_template_versions (organization_id, id) on delete restrict,
  constraint pdf_template_version_components_component_fkey foreign key (organization_id, component_id, component_version_id)
    references app_public.pdf_template_component_versions (organization_id, component_id, id) on delete restrict
);
create index pdf_template_version_components_component_idx
  on app_public.pdf_template_version_components (organization_id, component_id, component_version_id);
comment on table app_public.pdf_template_version_components is
  'Which version of each component a published template has; what is saved of the component later changes nothing of it.';

alter table app_public.form_templates add column if not exists pdf_template_id uuid;
alter table app_public.form_templates
  -- squawk-ignore adding-foreign-key-constraint, constraint-missing-not-valid
  add constraint form_templates_organization_id_pdf_template_id_fkey foreign key (organization_id, pdf_template_id)
    references app_public.pdf_templates (organization_id, id) on delete restrict;
-- squawk-ignore require-concurrent-index-creation
create index if not exists form_templates_pdf_template_idx on app_public.form_templates (organization_id, pdf_template_id);
comment on column app_public.form_templates.pdf_template_id is
  'The template of documents by which a signed form becomes one at once; null: only on request, by the default of the clinic.';
alter table app_public.form_template_versions add column if not exists pdf_version_id uuid;
alter table app_public.form_template_versions
  -- squawk-ignore adding-foreign-key-constraint, constraint-missing-not-valid
  add constraint form_template_versions_pdf_version_fkey foreign key (organization_id, pdf_version_id)
    references app_public.pdf_template_versions (organization_id, id) on delete restrict;
-- squawk-ignore require-concurrent-index-creation
create index if not exists form_template_versions_pdf_version_idx on app_public.form_template_versions (organization_id, pdf_version_id);
comment on column app_public.form_template_versions.pdf_version_id is
  'The version of the template of documents that it was published with, by which a signed form becomes a document.';

-- It is asked about the version of the template of documents as well.
drop function if exists app_private.is_published_alike(app_public.form_templates, uuid[]);

