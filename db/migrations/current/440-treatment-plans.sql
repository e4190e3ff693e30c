-- Treatment plans with their versions, and who wrote each. TPL-01, TPL-02.

alter table app_public.organizations add column if not exists treatment_plans_need_approval boolean not null default true;
comment on column app_public.organizations.treatment_plans_need_approval is
  'Whether somebody who did not write a version of a treatment plan has to approve it before it is assigned.';
alter table app_public.organizations add column if not exists low_adherence_below int not null default 50;
comment on column app_public.organizations.low_adherence_below is
  'Below how many hundredths of the sessions that were due an event says that a patient falls behind; 0: never.';
alter table app_public.organizations drop constraint if exists organizations_low_adherence_below_is_a_percentage;
-- squawk-ignore constraint-missing-not-valid
alter table app_public.organizations add constraint organizations_low_adherence_below_is_a_percentage
  check (low_adherence_below between 0 and 100);

-- squawk-ignore ban-drop-table
drop table if exists app_public.patient_exercise_logs cascade;
-- squawk-ignore ban-drop-table
drop table if exists app_public.patient_sessions cascade;
-- squawk-ignore ban-drop-table
drop table if exists app_public.treatment_plan_moves cascade;
-- squawk-ignore ban-drop-table
drop table if exists app_public.patient_treatment_plans cascade;
-- squawk-ignore ban-drop-table
drop table if exists app_private.treatment_plan_authors cascade;
-- squawk-ignore ban-drop-table
drop table if exists app_public.treatment_plan_exercises cascade;
-- squawk-ignore ban-drop-table
drop table if exists app_public.treatment_plan_sessions cascade;
-- squawk-ignore ban-drop-table
drop table if exists app_public.treatment_plan_versions cascade;
-- squawk-ignore ban-drop-table
drop table if exists app_public.treatment_plans cascade;

create table app_public.treatment_plans (
  id uuid primary key default uuidv7(),
  organization_id uuid references app_public.organizations on delete restrict,
  scope_id uuid not null generated always as (coalesce(organization_id, '00000000-0000-0000-0000-000000000000')) stored,
  scope text not null,
  slug text,
  patient_profile_id uuid,
  name text not null,
  description text,
  created_by uuid references app_public.principals on delete restrict,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  constraint treatment_plans_identity unique (scope_id, id),
  constraint treatment_plans_patient_fkey foreign key (organization_id, patient_profile_id)
    references app_public.patients (organization_id, patient_profile_id) on delete restrict,
  constraint treatment_plans_scope_is_known check (scope in ('global', 'organization', 'custom')),
  constraint treatment_plans_of_the_platform_are_global check ((scope = 'global') = (organization_id is null)),
  constraint treatment_plans_of_a_patient_are_custom check ((scope = 'custom') = (patient_profile_id is not null)),
  constraint treatment_plans_of_the_platform_have_a_slug check ((organization_id is null) = (slug is not null)),
  constraint treatment_plans_of_the_platform_have_fixed_ids
    check (organization_id is not null or uuid_extract_version(id) is not distinct from 8),
  constraint treatment_plans_slug_is_a_slug check (slug ~ '^[a-z0-9]+(-[a-z0-9]+)*$'),
  constraint treatment_plans_slug_is_at_most_60_characters_long check (length(slug) <= 60),
  constraint treatment_plans_slug_is_used_once unique (slug),
  constraint treatment_plans_name_is_not_blank check (name ~ '[^[:space:]]'),
  constraint treatment_plans_name_is_one_line check (name !~ '[[:cntrl:]]'),
  constraint treatment_plans_name_is_at_most_120_characters_long check (length(name) <= 120),
  constraint treatment_plans_description_is_at_most_2000_characters_long check (length(description) <= 2000)
);
create index treatment_plans_organization_idx on app_public.treatment_plans (organization_id, created_at, id);
create index treatment_plans_patient_idx on app_public.treatment_plans (organization_id, patient_profile_id);
create index treatment_plans_profile_idx on app_public.treatment_plans (patient_profile_id);
create index treatment_plans_created_by_idx on app_public.treatment_plans (created_by);
comment on table app_public.treatment_plans is
  'A plan of exercises: of the platform for every clinic, of a clinic for its patients, or of a clinic for one patient. What it asks of '
  'patients stands in its versions.';
comment on column app_public.treatment_plans.organization_id is E'@nullable\nThe clinic; null: the platform.';
comment on column app_public.treatment_plans.scope_id is E'@behavior -*\nThe clinic, or zero for the platform.';
comment on column app_public.treatment_plans.scope is 'For whom it is.';
comment on column app_public.treatment_plans.slug is E'@nullable\nHow programs know a plan of the platform.';
comment on column app_public.treatment_plans.patient_profile_id is E'@nullable\nThe patient whom it was written for; null: any.';
comment on column app_public.treatment_plans.name is 'What staff call it.';
comment on column app_public.treatment_plans.description is E'@nullable\nWhat it is for.';
comment on column app_public.treatment_plans.created_by is 'Who began it, by the id of their account.';
comment on constraint treatment_plans_scope_is_known on app_public.treatment_plans is
  E'global: Of the platform, for every clinic.\norganization: Of a clinic, for any of its patients.\ncustom: Of a clinic, for one patient.';

create table app_public.treatment_plan_versions (
  id uuid primary key default uuidv7(),
  organization_id uuid references app_public.organizations on delete restrict,
  scope_id uuid not null generated always as (coalesce(organization_id, '00000000-0000-0000-0000-000000000000')) stored,
  treatment_plan_id uuid not null,
  number int not null,
  status text not null default 'draft',
  sessions_snapshot jsonb,
  content_hash bytea,
  submitted_by uuid references app_public.principals on delete restrict,
  submitted_at timestamptz,
  approved_by uuid references app_public.principals on delete restrict,
  approved_at timestamptz,
  retired_by uuid references app_public.principals on delete restrict,
  retired_at timestamptz,
  retire_reason text,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  constraint treatment_plan_versions_identity unique (scope_id, id),
  constraint treatment_plan_versions_are_of_their_plan unique (scope_id, treatment_plan_id, id),
  constraint treatment_plan_versions_are_numbered unique (scope_id, treatment_plan_id, number),
  constraint treatment_plan_versions_plan_fkey foreign key (scope_id, treatment_plan_id)
    references app_public.treatment_plans (scope_id, id) on delete restrict,
  constraint treatment_plan_versions_of_the_platform_have_fixed_ids
    check (organization_id is not null or uuid_extract_version(id) is not distinct from 8),
  constraint treatment_plan_versions_status_is_known check (status in ('draft', 'submitted', 'approved', 'retired')),
  constraint treatment_plan_versions_number_counts_from_one check (number >= 1),
  constraint treatment_plan_versions_are_frozen_as_they_are_submitted check (
    (submitted_at is null) = (sessions_snapshot is null) and (submitted_at is null) = (content_hash is null)
    and (submitted_at is null) = (status = 'draft')),
  constraint treatment_plan_versions_content_hash_is_a_sha256 check (length(content_hash) = 32),
  constraint treatment_plan_versions_sessions_snapshot_is_a_list check (jsonb_typeof(sessions_snapshot) = 'array'),
  constraint treatment_plan_versions_sessions_snapshot_is_at_most_1_mebibyte check (pg_column_size(sessions_snapshot) <= 1048576),
  constraint treatment_plan_versions_retired_ones_say_why check ((status = 'retired') = (retire_reason is not null)),
  constraint treatment_plan_versions_retire_reason_is_not_blank check (length(btrim(retire_reason)) >= 3),
  constraint treatment_plan_versions_reason_is_at_most_500_characters_long check (length(retire_reason) <= 500)
);
create unique index treatment_plan_versions_one_is_on_the_way on app_public.treatment_plan_versions (scope_id, treatment_plan_id)
  where status in ('draft', 'submitted');
create index treatment_plan_versions_organization_idx on app_public.treatment_plan_versions (organization_id);
create index treatment_plan_versions_submitted_by_idx on app_public.treatment_plan_versions (submitted_by);
create index treatment_plan_versions_approved_by_idx on app_public.treatment_plan_versions (approved_by);
create index treatment_plan_versions_retired_by_idx on app_public.treatment_plan_versions (retired_by);
comment on table app_public.treatment_plan_versions is
  'What a treatment plan asks for, at one time. From its submission on nothing of it changes but where it stands.';
comment on column app_public.treatment_plan_versions.organization_id is E'@nullable\nThe clinic; null: the platform.';
comment on column app_public.treatment_plan_versions.scope_id is E'@behavior -*\nThe clinic, or zero for the platform.';
comment on column app_public.treatment_plan_versions.number is 'The version that it is, counted from one.';
comment on column app_public.treatment_plan_versions.status is 'Where it stands.';
comment on column app_public.treatment_plan_versions.sessions_snapshot is
  E'@nullable\nAll that it asks for, as it was submitted: sessions with their exercises, what each prescribes, and its contraindications. '
  'Null while it is a draft.';
comment on column app_public.treatment_plan_versions.content_hash is E'@nullable\nSHA-256 of the snapshot, so that a copy can be compared.';
comment on column app_public.treatment_plan_versions.submitted_by is E'@nullable\nWho submitted it, by the id of their account.';
comment on column app_public.treatment_plan_versions.submitted_at is E'@nullable\nWhen it was submitted.';
comment on column app_public.treatment_plan_versions.approved_by is
  E'@nullable\nWho approved it, by the id of their account; null of an approved one where the clinic asks for no approval.';
comment on column app_public.treatment_plan_versions.approved_at is E'@nullable\nSince when it can be assigned.';
comment on column app_public.treatment_plan_versions.retired_by is E'@nullable\nWho retired it or sent it back, by the id of their account.';
comment on column app_public.treatment_plan_versions.retired_at is E'@nullable\nSince when it cannot be assigned any more.';
comment on column app_public.treatment_plan_versions.retire_reason is E'@nullable\nWhy it was retired or sent back.';
comment on constraint treatment_plan_versions_status_is_known on app_public.treatment_plan_versions is
  E'draft: Still being written.\nsubmitted: Final, and waits for somebody else to approve it.\napproved: Can be assigned.\n'
  'retired: Sent back, or not to be assigned any more. Whoever has it goes on with it.';

create table app_public.treatment_plan_sessions (
  id uuid primary key default uuidv7(),
  organization_id uuid references app_public.organizations on delete restrict,
  scope_id uuid not null generated always as (coalesce(organization_id, '00000000-0000-0000-0000-000000000000')) stored,
  version_id uuid not null,
  position int not null,
  titles jsonb not null,
  place text not null,
  after_days int not null,
  constraint treatment_plan_sessions_identity unique (scope_id, id),
  constraint treatment_plan_sessions_position_is_used_once unique (scope_id, version_id, position),
  constraint treatment_plan_sessions_version_fkey foreign key (scope_id, version_id)
    references app_public.treatment_plan_versions (scope_id, id) on delete restrict,
  constraint treatment_plan_sessions_position_counts_from_one check (position between 1 and 366),
  constraint treatment_plan_sessions_place_is_known check (place in ('home', 'clinic')),
  constraint treatment_plan_sessions_after_days_is_sensible check (after_days between 0 and 366),
  constraint treatment_plan_sessions_titles_is_an_object check (jsonb_typeof(titles) = 'object')
);
create index treatment_plan_sessions_organization_idx on app_public.treatment_plan_sessions (organization_id);
comment on table app_public.treatment_plan_sessions is 'A session of a version of a treatment plan.';
comment on column app_public.treatment_plan_sessions.organization_id is E'@nullable\nThe clinic; null: the platform.';
comment on column app_public.treatment_plan_sessions.scope_id is E'@behavior -*\nThe clinic, or zero for the platform.';
comment on column app_public.treatment_plan_sessions.position is 'Which of the sessions it is, counted from one.';
comment on column app_public.treatment_plan_sessions.titles is 'What patients read above it, by language: ro and en.';
comment on column app_public.treatment_plan_sessions.place is 'Where it takes place.';
comment on column app_public.treatment_plan_sessions.after_days is
  'How many days after the session before it is due; of the first, after the day on which the plan starts.';
comment on constraint treatment_plan_sessions_place_is_known on app_public.treatment_plan_sessions is
  E'home: Where the patient is, by the patient alone.\nclinic: In the clinic, with somebody of the clinic.';

create table app_public.treatment_plan_exercises (
  id uuid primary key default uuidv7(),
  organization_id uuid references app_public.organizations on delete restrict,
  scope_id uuid not null generated always as (coalesce(organization_id, '00000000-0000-0000-0000-000000000000')) stored,
  version_id uuid not null,
  session_position int not null,
  position int not null,
  exercise_id uuid not null references app_public.exercises on delete restrict,
  prescription jsonb not null,
  constraint treatment_plan_exercises_identity unique (scope_id, id),
  constraint treatment_plan_exercises_position_is_used_once unique (scope_id, version_id, session_position, position),
  constraint treatment_plan_exercises_session_fkey foreign key (scope_id, version_id, session_position)
    references app_public.treatment_plan_sessions (scope_id, version_id, position) on delete cascade,
  constraint treatment_plan_exercises_position_counts_from_one check (position between 1 and 50),
  constraint treatment_plan_exercises_prescription_is_an_object check (jsonb_typeof(prescription) = 'object')
);
create index treatment_plan_exercises_organization_idx on app_public.treatment_plan_exercises (organization_id);
create index treatment_plan_exercises_exercise_idx on app_public.treatment_plan_exercises (exercise_id);
comment on table app_public.treatment_plan_exercises is 'An exercise of a session of a treatment plan, with what is prescribed of it.';
comment on column app_public.treatment_plan_exercises.organization_id is E'@nullable\nThe clinic; null: the platform.';
comment on column app_public.treatment_plan_exercises.scope_id is E'@behavior -*\nThe clinic, or zero for the platform.';
comment on column app_public.treatment_plan_exercises.session_position is 'The position of its session.';
comment on column app_public.treatment_plan_exercises.position is 'Its place in the session, counted from one.';
comment on column app_public.treatment_plan_exercises.prescription is
  'What is prescribed: sets, reps or seconds, restSeconds, tempo (up, hold, down), side.';

comment on constraint treatment_plans_patient_fkey on app_public.treatment_plans is
  E'@fieldName patient\n@foreignFieldName ownTreatmentPlans\nThe patient whom it was written for.';
comment on constraint treatment_plan_versions_plan_fkey on app_public.treatment_plan_versions is
  E'@fieldName treatmentPlan\n@foreignFieldName versions\nThe plan.';
comment on constraint treatment_plan_sessions_version_fkey on app_public.treatment_plan_sessions is
  E'@fieldName version\n@foreignFieldName sessions\nThe version.';
comment on constraint treatment_plan_exercises_session_fkey on app_public.treatment_plan_exercises is
  E'@fieldName session\n@foreignFieldName exercises\nThe session.';
comment on constraint treatment_plan_exercises_exercise_id_fkey on app_public.treatment_plan_exercises is
  E'@fieldName exercise\n@foreignFieldName treatmentPlanExercises\nThe exercise.';

create table app_private.treatment_plan_authors (
  scope_id uuid not null,
  version_id uuid not null,
  author_id uuid not null references app_public.principals on delete restrict,
  constraint treatment_plan_authors_pkey primary key (scope_id, version_id, author_id),
  constraint treatment_plan_authors_version_fkey foreign key (scope_id, version_id)
    references app_public.treatment_plan_versions (scope_id, id) on delete restrict
);
create index treatment_plan_authors_author_idx on app_private.treatment_plan_authors (author_id);
comment on table app_private.treatment_plan_authors is 'Who wrote a version of a treatment plan: none of them approves it.';
comment on column app_private.treatment_plan_authors.scope_id is 'The clinic, or zero for the platform.';
