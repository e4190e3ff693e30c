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
