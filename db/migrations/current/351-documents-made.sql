-- The documents themselves: of appointments, of signed forms, what they are rendered from, and what came of it. DOC-02..05.

alter table app_public.appointments drop constraint if exists appointments_of_person;
alter table app_public.appointments
  -- squawk-ignore disallowed-unique-constraint, constraint-missing-not-valid
  add constraint appointments_of_person unique (organization_id, id, patient_profile_id);
alter table app_public.specialist_signatures drop constraint if exists specialist_signatures_of_specialist;
alter table app_public.specialist_signatures
  -- squawk-ignore disallowed-unique-constraint, constraint-missing-not-valid
  add constraint specialist_signatures_of_specialist unique (organization_id, specialist_id, id);

create table app_public.appointment_documents (
  id uuid primary key default uuidv7(),
  organization_id uuid not null references app_public.organizations on delete restrict,
  appointment_id uuid not null,
  patient_profile_id uuid not null,
  specialist_id uuid not null,
  kind text not null,
  template_id uuid not null,
  version_id uuid not null,
  title text not null,
  locale text not null,
  content jsonb not null default '{}',
  status text not null default 'draft',
  number_year int,
  number int,
  issued_at timestamptz,
  issued_by uuid references app_public.principals on delete restrict,
  signature_id uuid,
  replaces_id uuid,
  reason text,
  created_by uuid references app_public.principals on delete restrict,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  constraint appointment_documents_identity unique (organization_id, id),
  constraint appointment_documents_of_an_appointment unique (organization_id, appointment_id, id),
  constraint appointment_documents_number_is_used_once unique (organization_id, number_year, number),
  constraint appointment_documents_replaced_once unique (organization_id, replaces_id),
  constraint appointment_documents_are_about_a_patient foreign key (organization_id, appointment_id, patient_profile_id)
    references app_public.appointments (organization_id, id, patient_profile_id) on delete restrict on update cascade,
  constraint appointment_documents_organization_id_patient_profile_id_fkey foreign key (organization_id, patient_profile_id)
    references app_public.patients (organization_id, patient_profile_id) on delete restrict,
  constraint appointment_documents_organization_id_specialist_id_fkey foreign key (organization_id, specialist_id)
    references app_public.specialists (organization_id, id) on delete restrict,
  constraint appointment_documents_version_fkey foreign key (organization_id, template_id, version_id, kind)
    references app_public.pdf_template_versions (organization_id, template_id, id, kind) on delete restrict,
  constraint appointment_documents_are_signed_by_their_specialist foreign key (organization_id, specialist_id, signature_id)
    references app_public.specialist_signatures (organization_id, specialist_id, id) on delete restrict,
  constraint appointment_documents_replace_one_of_the_appointment foreign key (organization_id, appointment_id, replaces_id)
    references app_public.appointment_documents (organization_id, appointment_id, id) on delete restrict,
  constraint appointment_documents_title_is_not_blank check (title ~ '[[:alnum:]]'),
  constraint appointment_documents_title_is_one_line check (title !~ '[[:cntrl:]]'),
  constraint appointment_documents_title_is_at_most_200_characters_long check (length(title) <= 200),
  constraint appointment_documents_kind_is_known check (kind in ('report', 'prescription')),
  constraint appointment_documents_locale_is_supported check (locale in ('ro', 'en')),
  constraint appointment_documents_status_is_known check (status in ('draft', 'issued', 'replaced', 'cancelled')),
  constraint appointment_documents_content_is_an_object check (jsonb_typeof(content) = 'object'),
  constraint appointment_documents_content_is_bounded check (octet_length(content::text) <= 262144),
  constraint appointment_documents_issued_has_a_number check (
    (issued_at is null) = (number is null) and (issued_at is null) = (number_year is null)),
  constraint appointment_documents_issued_at_follows_the_status check (
    (status <> 'draft' or issued_at is null) and (status not in ('issued', 'replaced') or issued_at is not null)),
  constraint appointment_documents_signed_when_issued check (signature_id is null or issued_at is not null),
  constraint appointment_documents_replace_another check (replaces_id <> id),
  constraint appointment_documents_number_counts_from_1 check (number >= 1),
  constraint appointment_documents_reason_is_short check (length(reason) <= 500)
);
create index appointment_documents_appointment_idx on app_public.appointment_documents (organization_id, appointment_id, patient_profile_id);
create index appointment_documents_person_idx on app_public.appointment_documents (patient_profile_id, organization_id);
create index appointment_documents_patient_idx on app_public.appointment_documents (organization_id, patient_profile_id);
create index appointment_documents_specialist_idx on app_public.appointment_documents (organization_id, specialist_id, signature_id);
create index appointment_documents_version_idx on app_public.appointment_documents (organization_id, template_id, version_id, kind);
create index appointment_documents_replaces_idx on app_public.appointment_documents (organization_id, appointment_id, replaces_id);
create index appointment_documents_issued_by_idx on app_public.appointment_documents (issued_by);
create index appointment_documents_created_by_idx on app_public.appointment_documents (created_by);
create index appointment_documents_created_idx on app_public.appointment_documents (organization_id, created_at, id);
comment on table app_public.appointment_documents is
  'A report or a prescription of an appointment. Once issued it never changes: another one takes its place.';
comment on constraint appointment_documents_kind_is_known on app_public.appointment_documents is
  E'report: What was found and done at the appointment.\n'
  'prescription: What is recommended or prescribed after it.';
comment on constraint appointment_documents_status_is_known on app_public.appointment_documents is
  E'draft: It is being written; the patient does not see it.\n'
  'issued: It is given out and never changes.\n'
  'replaced: Another document took its place.\n'
  'cancelled: Dropped as a draft, or declared void after it was issued.';
comment on column app_public.appointment_documents.specialist_id is 'Whose document it is: the specialist of the appointment when it was drafted.';
comment on column app_public.appointment_documents.version_id is 'The version of the template that it was drafted with; it stays.';
comment on column app_public.appointment_documents.content is 'What was written into the inputs of the template, by the key of each.';
comment on column app_public.appointment_documents.number is 'Its number among the documents that the clinic issued in numberYear.';
comment on column app_public.appointment_documents.number_year is 'The year of its number, on the clock of the clinic.';
comment on column app_public.appointment_documents.issued_at is 'When it was issued.';
comment on column app_public.appointment_documents.issued_by is 'Who issued it.';
comment on column app_public.appointment_documents.signature_id is
  'The signature of its specialist that it carries; null where somebody else issued it, or the specialist has none.';
comment on column app_public.appointment_documents.replaces_id is 'The document whose place it takes when it is issued.';
comment on column app_public.appointment_documents.reason is 'Why it was cancelled, or why it replaces another one.';

create table app_public.appointment_document_files (
  organization_id uuid not null,
  document_id uuid not null,
  file_id uuid not null,
  created_at timestamptz not null default now(),
  primary key (organization_id, document_id, file_id),
  constraint appointment_document_files_document_fkey foreign key (organization_id, document_id)
    references app_public.appointment_documents (organization_id, id) on delete restrict,
  constraint appointment_document_files_file_fkey foreign key (organization_id, file_id)
    references app_public.files (organization_id, id) on delete restrict
);
create index appointment_document_files_file_idx on app_public.appointment_document_files (organization_id, file_id);
comment on table app_public.appointment_document_files is 'Files of the appointment that go with a document: pictures, results, letters.';

create table app_public.form_documents (
  id uuid primary key default uuidv7(),
  organization_id uuid not null references app_public.organizations on delete restrict,
  form_id uuid not null,
  version_id uuid not null,
  title text not null,
  requested_by uuid references app_public.principals on delete restrict,
  created_at timestamptz not null default now(),
  constraint form_documents_identity unique (organization_id, id),
  constraint form_documents_form_has_one unique (organization_id, form_id),
  constraint form_documents_organization_id_form_id_fkey foreign key (organization_id, form_id)
    references app_public.form_signatures (organization_id, form_id) on delete restrict,
  constraint form_documents_organization_id_version_id_fkey foreign key (organization_id, version_id)
    references app_public.pdf_template_versions (organization_id, id) on delete restrict,
  constraint form_documents_title_is_not_blank check (title ~ '[[:alnum:]]'),
  constraint form_documents_title_is_one_line check (title !~ '[[:cntrl:]]'),
  constraint form_documents_title_is_at_most_200_characters_long check (length(title) <= 200)
);
create index form_documents_version_idx on app_public.form_documents (organization_id, version_id);
create index form_documents_requested_by_idx on app_public.form_documents (requested_by);
create index form_documents_created_idx on app_public.form_documents (organization_id, created_at, id);
comment on table app_public.form_documents is
  'The document of a signed form: its answers, the signature, and the proof with its hash. Never changed.';
comment on column app_public.form_documents.version_id is 'The version of the template by which it is made.';
comment on column app_public.form_documents.requested_by is 'Who asked for it; null where it came with the signature.';

create table app_private.document_inputs (
  organization_id uuid not null references app_public.organizations on delete restrict,
  document_id uuid not null,
  appointment_document_id uuid,
  form_document_id uuid,
  input jsonb not null,
  input_sha256 text not null,
  frozen_at timestamptz not null default now(),
  failure text,
  failed_at timestamptz,
  primary key (organization_id, document_id),
  constraint document_inputs_appointment_document_fkey foreign key (organization_id, appointment_document_id)
    references app_public.appointment_documents (organization_id, id) on delete restrict,
  constraint document_inputs_form_document_fkey foreign key (organization_id, form_document_id)
    references app_public.form_documents (organization_id, id) on delete restrict,
  constraint document_inputs_are_of_one_document check (
    num_nonnulls(appointment_document_id, form_document_id) = 1
    and document_id = coalesce(appointment_document_id, form_document_id)),
  constraint document_inputs_hash_is_a_digest check (input_sha256 ~ '^[0-9a-f]{64}$'),
  constraint document_inputs_input_is_an_object check (jsonb_typeof(input) = 'object'),
  constraint document_inputs_failure_is_short check (length(failure) <= 500),
  constraint document_inputs_failure_has_a_time check ((failure is null) = (failed_at is null))
);
create index document_inputs_document_idx on app_private.document_inputs (document_id);
create index document_inputs_appointment_document_idx on app_private.document_inputs (organization_id, appointment_document_id);
create index document_inputs_form_document_idx on app_private.document_inputs (organization_id, form_document_id);
comment on table app_private.document_inputs is
  'Everything that decides the bytes of a document, frozen as it was issued, with its hash; and why rendering failed last, if it did.';

alter table app_public.files add column if not exists appointment_document_id uuid;
alter table app_public.files
  -- squawk-ignore adding-foreign-key-constraint, constraint-missing-not-valid
  add constraint files_organization_id_appointment_document_id_fkey foreign key (organization_id, appointment_document_id)
    references app_public.appointment_documents (organization_id, id) on delete restrict;
-- squawk-ignore require-concurrent-index-creation
create index if not exists files_appointment_document_idx on app_public.files (organization_id, appointment_document_id, id);
comment on column app_public.files.appointment_document_id is 'The document that the file is, as it was rendered.';
alter table app_private.file_surfaces add column if not exists uploaded boolean not null default true;
comment on column app_private.file_surfaces.uploaded is 'Whether people upload such files; others are made by the worker.';

create table app_private.rendered_documents (
  organization_id uuid not null,
  input_sha256 text not null,
  file_id uuid not null,
  pages int not null,
  rendered_at timestamptz not null default now(),
  primary key (organization_id, input_sha256),
  constraint rendered_documents_organization_id_file_id_fkey foreign key (organization_id, file_id)
    references app_public.files (organization_id, id) on delete restrict,
  constraint rendered_documents_pages_are_some check (pages >= 1),
  constraint rendered_documents_hash_is_a_digest check (input_sha256 ~ '^[0-9a-f]{64}$')
);
create index rendered_documents_file_idx on app_private.rendered_documents (organization_id, file_id);
comment on table app_private.rendered_documents is
  'The bytes that were made of an input, as a file: what has the same input is not rendered again.';
comment on constraint appointment_documents_replace_one_of_the_appointment on app_public.appointment_documents is
  E'@fieldName replaces\n@behavior -backward:*\nThe document whose place it takes when it is issued.';
comment on constraint appointment_documents_are_signed_by_their_specialist on app_public.appointment_documents is
  E'@fieldName signature\n@behavior -backward:*\nThe signature of its specialist that it carries.';
comment on constraint appointment_documents_version_fkey on app_public.appointment_documents is
  E'@fieldName version\n@behavior -backward:*\nThe version of the template that it was drafted with.';

