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
