--! Previous: sha1:7090305d12b486fa4a4f7593345efb4b77f9aed6
--! Hash: sha1:6f95059ef9058dacb123e22484cf4e4227a1912b
--! Message: exercises, treatment plans and sessions that are recorded

--! split: 050-what-several-rules-read.sql
-- What rules read of a patient elsewhere, so that several that read the same read it once. SEG-03, docs/decisions/0149.

alter type app_private.rule_part drop attribute if exists reads;
drop type if exists app_private.rule_read;
create type app_private.rule_read as (asked text, rows_sql text, read_sql text);
comment on type app_private.rule_read is
  'What a rule reads elsewhere: as its SQL asks for it, and as it is asked of all rows at once; without rows as a value of the patient.';
alter type app_private.rule_part add attribute reads app_private.rule_read[];

--! split: 051-revisions.sql
-- What several people edit says which revision it is, so that whoever saves says which they read. SEG-01, AUT-01, DOC-01.

alter table app_public.segments add column if not exists revision int not null default 1;
comment on column app_public.segments.revision is 'Counts what was saved of its name, description and rule, from 1.';
alter table app_public.automation_rules add column if not exists revision int not null default 1;
comment on column app_public.automation_rules.revision is 'Counts what was saved of its name, conditions, actions and limits, from 1.';
alter table app_public.pdf_templates add column if not exists revision int not null default 1;
comment on column app_public.pdf_templates.revision is
  'Counts the saves of the draft, from 1. In a patch the one that was read: where somebody has saved since, CONFLICT changed_meanwhile.';
alter table app_public.pdf_template_components add column if not exists revision int not null default 1;
comment on column app_public.pdf_template_components.revision is
  'Counts the saves, from 1. In a patch the one that was read: where somebody has saved since, CONFLICT changed_meanwhile.';

drop function if exists app_public.edit_segment(uuid, text, text, jsonb);
drop function if exists app_public.edit_automation(uuid, text, jsonb, jsonb, int, int);

--! split: 052-permissions-in-romanian.sql
-- What a permission allows, in Romanian: administrators choose permissions on pages. FND-04.

alter table app_public.permissions add column if not exists description_ro text;
comment on column app_public.permissions.description_ro is E'@nullable\nWhat it allows, in Romanian.';

--! split: 400-exercises.sql
-- The library of exercises: what they are called and ordered by, how they are done, whom they may harm, and their videos.
-- EXL-01, EXL-02, EXL-03, EXL-06.
drop function if exists app_public.patient_sessions_to_do(app_public.patient_sessions);
drop type if exists app_public.exercise_to_do;
drop function if exists app_public.exercise_catalog(uuid, text[]);
drop function if exists app_private.shown_exercise(app_public.exercises, text, text);
drop type if exists app_public.shown_exercise;
drop type if exists app_public.shown_exercise_term;
drop type if exists app_public.shown_instruction;
drop type if exists app_public.shown_contraindication;
alter table if exists app_public.exercises drop constraint if exists exercises_catalog_render_fkey;
-- squawk-ignore ban-drop-table
drop table if exists app_public.exercise_renders cascade;
-- squawk-ignore ban-drop-table
drop table if exists app_public.exercise_tags cascade;
-- squawk-ignore ban-drop-table
drop table if exists app_public.exercise_contraindications cascade;
-- squawk-ignore ban-drop-table
drop table if exists app_public.exercise_instructions cascade;
-- squawk-ignore ban-drop-table
drop table if exists app_public.exercises cascade;
-- squawk-ignore ban-drop-table
drop table if exists app_public.exercise_terms cascade;

-- The library is the platform's: its states are moved by superadmins, who have no permission of a clinic.
alter table app_private.state_transitions drop constraint if exists state_transitions_actor_is_known;
alter table app_private.state_transitions add constraint state_transitions_actor_is_known
  check (actor in ('staff', 'patient', 'guest', 'system', 'superadmin')) not valid;
-- squawk-ignore constraint-missing-not-valid
alter table app_private.state_transitions validate constraint state_transitions_actor_is_known;

create table app_public.exercise_terms (
  id uuid primary key,
  kind text not null,
  slug text not null,
  parent_id uuid,
  place int not null,
  names jsonb not null,
  constraint exercise_terms_have_fixed_ids check (not (uuid_extract_version(id) is distinct from 8)),
  constraint exercise_terms_of_a_kind unique (kind, id),
  constraint exercise_terms_slug_is_unique unique (slug),
  constraint exercise_terms_parent_is_of_the_kind foreign key (kind, parent_id)
    references app_public.exercise_terms (kind, id) on delete restrict,
  constraint exercise_terms_kind_is_known check (kind in ('category', 'body_region', 'equipment', 'tag')),
  constraint exercise_terms_only_categories_have_parents check (parent_id is null or kind = 'category'),
  constraint exercise_terms_is_no_parent_of_itself check (parent_id <> id),
  constraint exercise_terms_slug_is_a_slug check (slug ~ '^[a-z0-9]+(-[a-z0-9]+)*$' and length(slug) <= 63),
  constraint exercise_terms_names_is_an_object check (jsonb_typeof(names) = 'object')
);
create index exercise_terms_parent_idx on app_public.exercise_terms (kind, parent_id);
comment on table app_public.exercise_terms is
  'What exercises are ordered by: categories, which have parents, regions of the body, equipment, and tags.';
comment on constraint exercise_terms_kind_is_known on app_public.exercise_terms is
  E'category: What it is for; categories stand below one another.\n'
  'body_region: Which part of the body it works on.\n'
  'equipment: What one needs for it.\n'
  'tag: Anything else.';
comment on column app_public.exercise_terms.slug is 'The word by which programs know it.';
comment on column app_public.exercise_terms.parent_id is 'The category that it stands below.';
comment on column app_public.exercise_terms.place is 'Where it stands among its neighbours.';
comment on column app_public.exercise_terms.names is 'By language: {"ro": "…", "en": "…"}.';

create table app_public.exercises (
  id uuid primary key,
  slug text not null,
  kind text not null,
  status text not null default 'draft',
  asset_version int not null default 1,
  difficulty int not null,
  translations jsonb not null,
  tracking jsonb,
  catalog_render_id uuid,
  bunny_collection_id text,
  video_provider text,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  constraint exercises_have_fixed_ids check (not (uuid_extract_version(id) is distinct from 8)),
  constraint exercises_slug_is_unique unique (slug),
  constraint exercises_slug_is_a_slug check (slug ~ '^[a-z0-9]+(-[a-z0-9]+)*$' and length(slug) <= 63),
  constraint exercises_kind_is_known check (kind in ('reps_based', 'duration_based')),
  constraint exercises_status_is_known check (status in ('draft', 'published', 'archived')),
  constraint exercises_asset_version_counts_from_1 check (asset_version >= 1),
  constraint exercises_difficulty_is_1_to_5 check (difficulty between 1 and 5),
  constraint exercises_translations_is_an_object check (jsonb_typeof(translations) = 'object'),
  constraint exercises_tracking_is_an_object check (jsonb_typeof(tracking) = 'object'),
  constraint exercises_published_ones_have_a_catalog_render check (status <> 'published' or catalog_render_id is not null),
  constraint exercises_video_provider_is_a_key check (video_provider ~ '^[a-z]+(_[a-z]+)*$' and length(video_provider) <= 63)
);
create index exercises_status_idx on app_public.exercises (status, slug);
create index exercises_catalog_render_idx on app_public.exercises (id, catalog_render_id);
comment on table app_public.exercises is
  'The exercises of the platform, the same for all clinics. Whoever is signed in reads those that are published.';
comment on constraint exercises_kind_is_known on app_public.exercises is
  E'reps_based: Counted in repetitions; its videos are composed for what is prescribed.\n'
  'duration_based: Held or done for a time; its video is imported once for each language.';
comment on constraint exercises_status_is_known on app_public.exercises is
  E'draft: Being written; superadmins alone see it.\n'
  'published: In the catalog, and to be prescribed.\n'
  'archived: Not offered any more; plans that have it keep what they were given.';
comment on column app_public.exercises.slug is 'The word by which programs know it; never changes.';
comment on column app_public.exercises.asset_version is 'The number of its source material: a new one lets its videos be made again.';
comment on column app_public.exercises.difficulty is 'From 1, easy, to 5.';
comment on column app_public.exercises.translations is 'By language: {"ro": {"name": "…", "description": "…"}, "en": …}.';
comment on column app_public.exercises.tracking is
  'What the camera follows: {"joints": ["knee", "hip"], "view": "front" or "side", "primary": "knee", "minRange": degrees}. '
  'Null where it cannot be followed.';
comment on column app_public.exercises.catalog_render_id is
  'The video that the catalog shows; in another language, the one of the same recipe.';
comment on column app_public.exercises.bunny_collection_id is 'Under which collection the vendor keeps its videos; made once.';
comment on column app_public.exercises.video_provider is 'At which provider of exercise_video its videos are; null where the platform decides.';

create table app_public.exercise_instructions (
  exercise_id uuid not null references app_public.exercises on delete restrict,
  position int not null,
  kind text not null,
  text jsonb not null,
  constraint exercise_instructions_pkey primary key (exercise_id, position),
  constraint exercise_instructions_have_fixed_ids check (not (uuid_extract_version(exercise_id) is distinct from 8)),
  constraint exercise_instructions_position_counts_from_1 check (position >= 1),
  constraint exercise_instructions_kind_is_known check (kind in ('setup', 'step', 'breathing', 'caution', 'end')),
  constraint exercise_instructions_text_is_an_object check (jsonb_typeof(text) = 'object')
);
comment on table app_public.exercise_instructions is 'How an exercise is done, in order.';
comment on constraint exercise_instructions_kind_is_known on app_public.exercise_instructions is
  E'setup: How to begin.\n'
  'step: What to do.\n'
  'breathing: How to breathe.\n'
  'caution: What to take care of.\n'
  'end: How to end.';
comment on column app_public.exercise_instructions.position is 'Its place among the instructions, counted from 1.';
comment on column app_public.exercise_instructions.text is 'By language: {"ro": "…", "en": "…"}.';

create table app_public.exercise_contraindications (
  id uuid primary key,
  exercise_id uuid not null references app_public.exercises on delete restrict,
  severity text not null,
  text jsonb not null,
  reviewed_at timestamptz,
  reviewed_by uuid,
  constraint exercise_contraindications_have_fixed_ids check (not (uuid_extract_version(id) is distinct from 8)),
  constraint exercise_contraindications_severity_is_known check (severity in ('caution', 'relative', 'absolute')),
  constraint exercise_contraindications_text_is_an_object check (jsonb_typeof(text) = 'object'),
  constraint exercise_contraindications_are_reviewed_by_somebody check ((reviewed_at is null) = (reviewed_by is null))
);
create index exercise_contraindications_exercise_idx on app_public.exercise_contraindications (exercise_id);
comment on table app_public.exercise_contraindications is
  'For whom an exercise is not. Its id is made of what it says: what is worded otherwise is another one, reviewed and acknowledged anew.';
comment on constraint exercise_contraindications_severity_is_known on app_public.exercise_contraindications is
  E'caution: To be done with care.\n'
  'relative: Only if a specialist says so.\n'
  'absolute: Not to be done; the patient says that it is not so before a session begins.';
comment on column app_public.exercise_contraindications.severity is 'How serious it is.';
comment on column app_public.exercise_contraindications.text is 'By language: {"ro": "…", "en": "…"}.';
comment on column app_public.exercise_contraindications.reviewed_at is 'When it was reviewed; null until it is.';
comment on column app_public.exercise_contraindications.reviewed_by is 'The account that reviewed it.';

create table app_public.exercise_tags (
  exercise_id uuid not null references app_public.exercises on delete restrict,
  term_id uuid not null references app_public.exercise_terms on delete restrict,
  constraint exercise_tags_pkey primary key (exercise_id, term_id),
  constraint exercise_tags_have_fixed_ids check (not (uuid_extract_version(exercise_id) is distinct from 8))
);
create index exercise_tags_term_idx on app_public.exercise_tags (term_id);
comment on table app_public.exercise_tags is 'Which categories, regions, equipment and tags an exercise has.';

create table app_public.exercise_renders (
  id uuid primary key,
  exercise_id uuid not null references app_public.exercises on delete restrict,
  recipe_hash text not null,
  language text not null,
  recipe jsonb,
  source_key text,
  asset_version int not null,
  status text not null default 'queued',
  progress int not null default 0,
  problem text,
  provider text,
  video_id text,
  surface text not null default 'exercise_renders' references app_private.object_surfaces on delete restrict,
  object_key text,
  duration_s int,
  requested_at timestamptz not null default now(),
  rendered_at timestamptz,
  constraint exercise_renders_have_fixed_ids check (not (uuid_extract_version(id) is distinct from 8)),
  constraint exercise_renders_of_an_exercise unique (exercise_id, id),
  constraint exercise_renders_are_made_once unique (exercise_id, recipe_hash, language),
  constraint exercise_renders_recipe_hash_is_a_hash check (recipe_hash ~ '^([0-9a-f]{64}|_imported)$'),
  constraint exercise_renders_are_composed_or_imported
    check ((recipe_hash = '_imported') = (recipe is null) and (recipe is null) = (source_key is not null)),
  constraint exercise_renders_recipe_is_an_object check (jsonb_typeof(recipe) = 'object'),
  constraint exercise_renders_language_is_supported check (language in ('ro', 'en')),
  constraint exercise_renders_status_is_known check (status in ('queued', 'rendering', 'ready', 'failed')),
  constraint exercise_renders_progress_is_a_percentage check (progress between 0 and 100),
  constraint exercise_renders_say_why_they_failed check ((status = 'failed') = (problem is not null)),
  constraint exercise_renders_ready_ones_have_a_video
    check (status <> 'ready' or (provider is not null and video_id is not null and duration_s is not null)),
  constraint exercise_renders_provider_is_a_key check (provider ~ '^[a-z]+(_[a-z]+)*$' and length(provider) <= 63),
  constraint exercise_renders_duration_is_positive check (duration_s > 0)
);
create index exercise_renders_surface_idx on app_public.exercise_renders (surface);
comment on table app_public.exercise_renders is
  'The videos of exercises: one for what is prescribed in a language, made once and kept.';
comment on constraint exercise_renders_status_is_known on app_public.exercise_renders is
  E'queued: Waits for the worker.\n'
  'rendering: Being made.\n'
  'ready: Can be played.\n'
  'failed: Could not be made; problem says why. It is tried again.';
comment on constraint exercise_renders_language_is_supported on app_public.exercise_renders is E'ro: Romanian.\nen: English.';
comment on column app_public.exercise_renders.recipe_hash is 'SHA-256 of the recipe; _imported for a video that came as a whole.';
comment on column app_public.exercise_renders.language is 'The language that is spoken and shown in it.';
comment on column app_public.exercise_renders.recipe is
  'What is prescribed: {"sets", "reps", "seconds", "restSeconds", "tempo": {"up", "hold", "down"}, "side"}. Null for an imported one.';
comment on column app_public.exercise_renders.source_key is 'Where in the object store the video lies that is imported.';
comment on column app_public.exercise_renders.asset_version is 'Of which material it is, or is being made.';
comment on column app_public.exercise_renders.progress is 'How far the worker is, in percent.';
comment on column app_public.exercise_renders.problem is 'Why it could not be made.';
comment on column app_public.exercise_renders.provider is 'At which provider of exercise_video the video is; local is the object store of the deployment.';
comment on column app_public.exercise_renders.video_id is 'Under which id the vendor has it. While it is made again, the one from before.';
comment on column app_public.exercise_renders.surface is 'Which part of the object store it lies in.';
comment on column app_public.exercise_renders.object_key is 'Where it lies in the object store, if it is there.';
comment on column app_public.exercise_renders.duration_s is 'How long it is, in seconds.';
comment on column app_public.exercise_renders.requested_at is 'When it was last asked to be made.';
comment on column app_public.exercise_renders.rendered_at is 'When it could first be played, as it is.';

alter table app_public.exercises add constraint exercises_catalog_render_fkey
  foreign key (id, catalog_render_id) references app_public.exercise_renders (exercise_id, id) on delete restrict not valid;
-- squawk-ignore constraint-missing-not-valid
alter table app_public.exercises validate constraint exercises_catalog_render_fkey;

create type app_public.shown_exercise_term as (kind text, slug text, name text);
comment on type app_public.shown_exercise_term is 'A category, region, piece of equipment or tag of an exercise, in the language of the reader.';
comment on column app_public.shown_exercise_term.kind is '@words exercise_terms.kind';
comment on column app_public.shown_exercise_term.slug is 'The word by which programs know it.';

create type app_public.shown_instruction as (kind text, text text);
comment on type app_public.shown_instruction is 'A step of how an exercise is done, in the language of the reader.';
comment on column app_public.shown_instruction.kind is '@words exercise_instructions.kind';
comment on column app_public.shown_instruction.text is 'What it says.';

create type app_public.shown_contraindication as (id uuid, severity text, text text);
comment on type app_public.shown_contraindication is 'For whom an exercise is not, in the language of the reader.';
comment on column app_public.shown_contraindication.id is 'By which it is acknowledged; what is worded otherwise has another one.';
comment on column app_public.shown_contraindication.severity is E'@words exercise_contraindications.severity\nHow serious it is.';
comment on column app_public.shown_contraindication.text is 'What it says.';

create type app_public.shown_exercise as (
  exercise_id uuid,
  slug text,
  kind text,
  difficulty int,
  language text,
  name text,
  description text,
  terms app_public.shown_exercise_term[],
  instructions app_public.shown_instruction[],
  contraindications app_public.shown_contraindication[],
  render_id uuid,
  video_provider text,
  video_id text,
  video_object_key text,
  video_language text,
  video_duration_s int
);
comment on type app_public.shown_exercise is 'An exercise of the library as a patient is shown it, in their language.';
comment on column app_public.shown_exercise.kind is '@words exercises.kind';
comment on column app_public.shown_exercise.slug is 'The word by which programs know it.';
comment on column app_public.shown_exercise.difficulty is 'From 1, easy, to 5.';
comment on column app_public.shown_exercise.language is E'@words exercise_renders.language\nThe language of the texts.';
comment on column app_public.shown_exercise.terms is 'What it is ordered by.';
comment on column app_public.shown_exercise.instructions is 'How it is done, in order.';
comment on column app_public.shown_exercise.contraindications is 'For whom it is not: absolute ones first. To be shown wherever the exercise is.';
comment on column app_public.shown_exercise.render_id is E'@nullable\nIts video; null where there is none yet.';
comment on column app_public.shown_exercise.video_provider is E'@nullable\nAt which provider of exercise_video the video is.';
comment on column app_public.shown_exercise.video_id is E'@nullable\nUnder which id the provider has it.';
comment on column app_public.shown_exercise.video_object_key is E'@nullable\nWhere it lies in the object store, if it is there.';
comment on column app_public.shown_exercise.video_language is
  E'@nullable\n@words exercise_renders.language\nThe language of the video: the other one, where there is none in this.';
comment on column app_public.shown_exercise.video_duration_s is E'@nullable\nHow long the video is, in seconds.';
comment on constraint exercises_catalog_render_fkey on app_public.exercises is '@foreignFieldName catalogOf';

--! split: 440-treatment-plans.sql
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

--! split: 441-enrolments.sql
-- Treatment plans that patients were assigned, their sessions, and what was done in them. EXE-01, EXE-02, EXE-04.

create table app_public.patient_treatment_plans (
  id uuid primary key default uuidv7(),
  organization_id uuid not null references app_public.organizations on delete restrict,
  patient_profile_id uuid not null,
  plan_scope_id uuid not null,
  treatment_plan_id uuid not null,
  version_id uuid not null,
  patient_service_plan_id uuid,
  form_template_id uuid,
  starts_on date not null,
  ends_on date not null,
  weekdays int[] not null default '{1,2,3,4,5,6,7}',
  allows_extra_sessions boolean not null default false,
  status text not null default 'active',
  status_reason text,
  paused_on date,
  tended_on date not null,
  low_adherence_since timestamptz,
  assigned_by uuid references app_public.principals on delete restrict,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  constraint patient_treatment_plans_identity unique (organization_id, id),
  constraint patient_treatment_plans_are_of_a_patient unique (organization_id, id, patient_profile_id),
  constraint patient_treatment_plans_patient_fkey foreign key (organization_id, patient_profile_id)
    references app_public.patients (organization_id, patient_profile_id) on delete restrict,
  constraint patient_treatment_plans_version_fkey foreign key (plan_scope_id, treatment_plan_id, version_id)
    references app_public.treatment_plan_versions (scope_id, treatment_plan_id, id) on delete restrict,
  constraint patient_treatment_plans_service_plan_fkey foreign key (organization_id, patient_service_plan_id)
    references app_public.patient_service_plans (organization_id, id) on delete restrict,
  constraint patient_treatment_plans_form_template_fkey foreign key (organization_id, form_template_id)
    references app_public.form_templates (organization_id, id) on delete restrict,
  constraint patient_treatment_plans_plan_is_the_clinics_or_the_platforms
    check (plan_scope_id in (organization_id, '00000000-0000-0000-0000-000000000000')),
  constraint patient_treatment_plans_status_is_known check (status in ('active', 'paused', 'completed', 'cancelled', 'expired')),
  constraint patient_treatment_plans_end_after_they_start check (ends_on >= starts_on),
  constraint patient_treatment_plans_weekdays_are_iso check (weekdays <@ '{1,2,3,4,5,6,7}' and cardinality(weekdays) between 1 and 7),
  constraint patient_treatment_plans_paused_ones_say_since_when check ((status = 'paused') = (paused_on is not null)),
  constraint patient_treatment_plans_reason_is_at_most_500_characters_long check (length(status_reason) <= 500)
);
create unique index patient_treatment_plans_are_assigned_once on app_public.patient_treatment_plans
  (organization_id, patient_profile_id, treatment_plan_id) where status in ('active', 'paused');
create index patient_treatment_plans_patient_idx on app_public.patient_treatment_plans (organization_id, patient_profile_id, created_at, id);
create index patient_treatment_plans_created_idx on app_public.patient_treatment_plans (organization_id, created_at, id);
create index patient_treatment_plans_profile_idx on app_public.patient_treatment_plans (patient_profile_id);
create index patient_treatment_plans_version_idx on app_public.patient_treatment_plans (plan_scope_id, treatment_plan_id, version_id);
create index patient_treatment_plans_service_plan_idx on app_public.patient_treatment_plans (organization_id, patient_service_plan_id);
create index patient_treatment_plans_form_template_idx on app_public.patient_treatment_plans (organization_id, form_template_id);
create index patient_treatment_plans_assigned_by_idx on app_public.patient_treatment_plans (assigned_by);
create index patient_treatment_plans_tended_idx on app_public.patient_treatment_plans (tended_on, organization_id, id) where status = 'active';
comment on table app_public.patient_treatment_plans is
  'A treatment plan that a patient was assigned. It stays with the version of that day until somebody moves it to another.';
comment on column app_public.patient_treatment_plans.plan_scope_id is E'@behavior -*\nWhose the plan is: the clinic, or zero for the platform.';
comment on column app_public.patient_treatment_plans.patient_service_plan_id is
  E'@nullable\nThe service plan of the patient that it was counted to; null: nothing was counted.';
comment on column app_public.patient_treatment_plans.form_template_id is E'@nullable\nThe form that is asked after each session at home.';
comment on column app_public.patient_treatment_plans.starts_on is 'From which day, by the clock of the clinic.';
comment on column app_public.patient_treatment_plans.ends_on is 'The last day, by the clock of the clinic.';
comment on column app_public.patient_treatment_plans.weekdays is 'On which days sessions can be due: 1 is Monday, 7 is Sunday.';
comment on column app_public.patient_treatment_plans.allows_extra_sessions is 'Whether the patient may do sessions that are not due.';
comment on column app_public.patient_treatment_plans.status_reason is E'@nullable\nWhy it was paused, taken up or cancelled.';
comment on column app_public.patient_treatment_plans.paused_on is E'@nullable\nSince which day it is paused.';
comment on column app_public.patient_treatment_plans.tended_on is E'@behavior -*\nThe day of the clinic up to which the clock has looked after it.';
comment on column app_public.patient_treatment_plans.low_adherence_since is
  E'@nullable\nSince when fewer of the sessions that were due were done than the clinic asks for; null: enough.';
comment on column app_public.patient_treatment_plans.assigned_by is 'Who assigned it, by the id of their account.';
comment on constraint patient_treatment_plans_status_is_known on app_public.patient_treatment_plans is
  E'active: Goes on.\npaused: Nothing is due until it is taken up.\ncompleted: No session is left to do.\n'
  'cancelled: Somebody of the clinic ended it.\nexpired: Its last day has passed with sessions left.';
comment on constraint patient_treatment_plans_patient_fkey on app_public.patient_treatment_plans is
  E'@fieldName patient\n@foreignFieldName treatmentPlans\nThe patient.';

create table app_public.treatment_plan_moves (
  id uuid primary key default uuidv7(),
  organization_id uuid not null,
  patient_treatment_plan_id uuid not null,
  plan_scope_id uuid not null,
  from_version_id uuid not null,
  to_version_id uuid not null,
  reason text not null,
  moved_by uuid references app_public.principals on delete restrict,
  moved_at timestamptz not null,
  constraint treatment_plan_moves_identity unique (organization_id, id),
  constraint treatment_plan_moves_plan_fkey foreign key (organization_id, patient_treatment_plan_id)
    references app_public.patient_treatment_plans (organization_id, id) on delete restrict,
  constraint treatment_plan_moves_from_version_fkey foreign key (plan_scope_id, from_version_id)
    references app_public.treatment_plan_versions (scope_id, id) on delete restrict,
  constraint treatment_plan_moves_to_version_fkey foreign key (plan_scope_id, to_version_id)
    references app_public.treatment_plan_versions (scope_id, id) on delete restrict,
  constraint treatment_plan_moves_plan_is_the_clinics_or_the_platforms
    check (plan_scope_id in (organization_id, '00000000-0000-0000-0000-000000000000')),
  constraint treatment_plan_moves_lead_elsewhere check (from_version_id <> to_version_id),
  constraint treatment_plan_moves_reason_is_not_blank check (length(btrim(reason)) >= 3),
  constraint treatment_plan_moves_reason_is_at_most_500_characters_long check (length(reason) <= 500)
);
create index treatment_plan_moves_plan_idx on app_public.treatment_plan_moves (organization_id, patient_treatment_plan_id, moved_at);
create index treatment_plan_moves_from_idx on app_public.treatment_plan_moves (plan_scope_id, from_version_id);
create index treatment_plan_moves_to_idx on app_public.treatment_plan_moves (plan_scope_id, to_version_id);
create index treatment_plan_moves_moved_by_idx on app_public.treatment_plan_moves (moved_by);
comment on table app_public.treatment_plan_moves is 'When a patient''s treatment plan went from one version to another, by whom and why.';
comment on column app_public.treatment_plan_moves.plan_scope_id is E'@behavior -*\nWhose the plan is: the clinic, or zero for the platform.';
comment on column app_public.treatment_plan_moves.reason is 'Why it was moved.';
comment on column app_public.treatment_plan_moves.moved_by is 'Who moved it, by the id of their account.';
comment on column app_public.treatment_plan_moves.moved_at is 'When it was moved.';

create table app_public.patient_sessions (
  id uuid primary key default uuidv7(),
  organization_id uuid not null,
  patient_treatment_plan_id uuid not null,
  patient_profile_id uuid not null,
  plan_scope_id uuid not null,
  version_id uuid not null,
  position int not null,
  is_extra boolean not null default false,
  due_on date not null,
  place text not null,
  appointment_id uuid,
  status text not null default 'due',
  started_at timestamptz,
  acknowledged_ids uuid[] not null default '{}',
  completed_at timestamptz,
  completed_by uuid references app_public.principals on delete restrict,
  completion_reason text,
  pain_before int,
  pain_after int,
  form_id uuid,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  constraint patient_sessions_identity unique (organization_id, id),
  constraint patient_sessions_plan_fkey foreign key (organization_id, patient_treatment_plan_id, patient_profile_id)
    references app_public.patient_treatment_plans (organization_id, id, patient_profile_id) on update cascade on delete restrict,
  constraint patient_sessions_patient_fkey foreign key (organization_id, patient_profile_id)
    references app_public.patients (organization_id, patient_profile_id) on delete restrict,
  constraint patient_sessions_version_fkey foreign key (plan_scope_id, version_id)
    references app_public.treatment_plan_versions (scope_id, id) on delete restrict,
  constraint patient_sessions_plan_is_the_clinics_or_the_platforms
    check (plan_scope_id in (organization_id, '00000000-0000-0000-0000-000000000000')),
  constraint patient_sessions_appointment_fkey foreign key (organization_id, appointment_id)
    references app_public.appointments (organization_id, id) on delete restrict,
  constraint patient_sessions_form_fkey foreign key (organization_id, form_id)
    references app_public.forms (organization_id, id) on delete restrict,
  constraint patient_sessions_place_is_known check (place in ('home', 'clinic')),
  constraint patient_sessions_status_is_known check (status in ('due', 'started', 'completed', 'missed', 'cancelled')),
  constraint patient_sessions_position_counts_from_one check (position >= 1),
  constraint patient_sessions_appointments_are_of_those_in_the_clinic check (appointment_id is null or place = 'clinic'),
  constraint patient_sessions_extra_ones_are_at_home check (not is_extra or place = 'home'),
  constraint patient_sessions_completed_ones_say_when check ((status = 'completed') = (completed_at is not null)),
  constraint patient_sessions_end_after_they_started check (completed_at >= started_at),
  constraint patient_sessions_pain_before_is_a_rating check (pain_before between 0 and 10),
  constraint patient_sessions_pain_after_is_a_rating check (pain_after between 0 and 10),
  constraint patient_sessions_reason_is_at_most_500_characters_long check (length(completion_reason) <= 500)
);
create unique index patient_sessions_are_due_once on app_public.patient_sessions
  (organization_id, patient_treatment_plan_id, position) where not is_extra and status <> 'cancelled';
create unique index patient_sessions_appointment_is_of_one on app_public.patient_sessions (organization_id, appointment_id)
  where appointment_id is not null;
create index patient_sessions_plan_idx on app_public.patient_sessions
  (organization_id, patient_treatment_plan_id, patient_profile_id, due_on, id);
create index patient_sessions_due_idx on app_public.patient_sessions (organization_id, due_on, id);
create index patient_sessions_profile_idx on app_public.patient_sessions (patient_profile_id, organization_id);
create index patient_sessions_patient_idx on app_public.patient_sessions (organization_id, patient_profile_id, due_on, id);
create index patient_sessions_version_idx on app_public.patient_sessions (plan_scope_id, version_id);
create index patient_sessions_form_idx on app_public.patient_sessions (organization_id, form_id);
create index patient_sessions_completed_by_idx on app_public.patient_sessions (completed_by);
comment on table app_public.patient_sessions is 'A session of a patient''s treatment plan: when it is due, and what became of it.';
comment on column app_public.patient_sessions.plan_scope_id is E'@behavior -*\nWhose the plan is: the clinic, or zero for the platform.';
comment on column app_public.patient_sessions.version_id is 'The version that says what is done in it.';
comment on column app_public.patient_sessions.position is 'Which session of the version it is, counted from one.';
comment on column app_public.patient_sessions.is_extra is 'Whether the patient did it beyond what was due; it counts neither for nor against them.';
comment on column app_public.patient_sessions.due_on is 'The day on which it is due, by the clock of the clinic.';
comment on column app_public.patient_sessions.place is 'Where it takes place.';
comment on column app_public.patient_sessions.appointment_id is E'@nullable\nThe appointment in which it takes place; null: none is linked.';
comment on column app_public.patient_sessions.started_at is E'@nullable\nWhen the patient began it.';
comment on column app_public.patient_sessions.acknowledged_ids is
  'The contraindications that the patient said to have read before it began.';
comment on column app_public.patient_sessions.completed_at is E'@nullable\nWhen it was done.';
comment on column app_public.patient_sessions.completed_by is
  E'@nullable\nWho said that it was done, by the id of their account; null where its appointment did.';
comment on column app_public.patient_sessions.completion_reason is E'@nullable\nWhy somebody of the clinic completed it without an appointment.';
comment on column app_public.patient_sessions.pain_before is E'@nullable\nPain before it, as the patient put it: 0 none, 10 the worst.';
comment on column app_public.patient_sessions.pain_after is E'@nullable\nPain after it, as the patient put it: 0 none, 10 the worst.';
comment on column app_public.patient_sessions.form_id is E'@nullable\nThe form that was asked after it.';
comment on constraint patient_sessions_status_is_known on app_public.patient_sessions is
  E'due: To be done on its day.\nstarted: Begun.\ncompleted: Done.\nmissed: Its day has passed, or nobody came to it.\n'
  'cancelled: No longer asked for.';
comment on constraint patient_sessions_place_is_known on app_public.patient_sessions is
  E'home: Where the patient is, by the patient alone.\nclinic: In the clinic, with somebody of the clinic.';
comment on constraint patient_sessions_patient_fkey on app_public.patient_sessions is
  E'@fieldName patient\n@foreignFieldName sessions\nThe patient.';
comment on constraint patient_sessions_plan_fkey on app_public.patient_sessions is
  E'@fieldName patientTreatmentPlan\n@foreignFieldName sessions\nThe plan that it belongs to.';

create table app_public.patient_exercise_logs (
  id uuid primary key default uuidv7(),
  organization_id uuid not null,
  patient_session_id uuid not null,
  place int not null,
  exercise_id uuid not null references app_public.exercises on delete restrict,
  prescribed jsonb not null,
  client_id uuid,
  entered_sets int,
  entered_reps int,
  entered_seconds int,
  actual_sets int,
  actual_reps int,
  actual_seconds int,
  actual_source text,
  note text,
  video_watch_percentage int,
  pose_summary jsonb,
  performed_at timestamptz,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  constraint patient_exercise_logs_identity unique (organization_id, id),
  constraint patient_exercise_logs_place_is_used_once unique (organization_id, patient_session_id, place),
  constraint patient_exercise_logs_client_id_is_used_once unique (organization_id, client_id),
  constraint patient_exercise_logs_session_fkey foreign key (organization_id, patient_session_id)
    references app_public.patient_sessions (organization_id, id) on delete restrict,
  constraint patient_exercise_logs_place_counts_from_one check (place >= 1),
  constraint patient_exercise_logs_actual_source_is_known check (actual_source in ('patient', 'pose')),
  constraint patient_exercise_logs_what_was_done_has_a_source check (
    (actual_source is null) = (num_nonnulls(actual_sets, actual_reps, actual_seconds) = 0)),
  constraint patient_exercise_logs_entered_sets_is_sensible check (entered_sets between 0 and 100),
  constraint patient_exercise_logs_entered_reps_is_sensible check (entered_reps between 0 and 10000),
  constraint patient_exercise_logs_entered_seconds_is_sensible check (entered_seconds between 0 and 86400),
  constraint patient_exercise_logs_actual_sets_is_sensible check (actual_sets between 0 and 100),
  constraint patient_exercise_logs_actual_reps_is_sensible check (actual_reps between 0 and 10000),
  constraint patient_exercise_logs_actual_seconds_is_sensible check (actual_seconds between 0 and 86400),
  constraint patient_exercise_logs_video_watch_percentage_is_a_percentage check (video_watch_percentage between 0 and 100),
  constraint patient_exercise_logs_prescribed_is_an_object check (jsonb_typeof(prescribed) = 'object'),
  constraint patient_exercise_logs_pose_summary_is_an_object check (jsonb_typeof(pose_summary) = 'object'),
  constraint patient_exercise_logs_note_is_at_most_1000_characters_long check (length(note) <= 1000)
);
create index patient_exercise_logs_exercise_idx on app_public.patient_exercise_logs (exercise_id);
comment on table app_public.patient_exercise_logs is 'What was done of an exercise of a session, beside what was prescribed.';
comment on column app_public.patient_exercise_logs.place is 'The place of the exercise in the session, counted from one.';
comment on column app_public.patient_exercise_logs.prescribed is 'What was prescribed, copied from the version.';
comment on column app_public.patient_exercise_logs.client_id is
  E'@nullable\nThe id that the patient''s device gave the entry; a repeated one writes nothing.';
comment on column app_public.patient_exercise_logs.entered_sets is E'@nullable\nSets that the patient says to have done.';
comment on column app_public.patient_exercise_logs.entered_reps is E'@nullable\nRepetitions that the patient says to have done, of all sets.';
comment on column app_public.patient_exercise_logs.entered_seconds is E'@nullable\nSeconds that the patient says to have done, of all sets.';
comment on column app_public.patient_exercise_logs.actual_sets is E'@nullable\nSets that were done, by its source.';
comment on column app_public.patient_exercise_logs.actual_reps is E'@nullable\nRepetitions that were done, of all sets, by its source.';
comment on column app_public.patient_exercise_logs.actual_seconds is E'@nullable\nSeconds that were done, of all sets, by its source.';
comment on column app_public.patient_exercise_logs.actual_source is E'@nullable\nWho says what was done.';
comment on column app_public.patient_exercise_logs.note is E'@nullable\nWhat the patient wrote about it.';
comment on column app_public.patient_exercise_logs.video_watch_percentage is E'@nullable\nHow much of the video was watched, in hundredths.';
comment on column app_public.patient_exercise_logs.pose_summary is E'@nullable\nWhat the camera made of it: information, no judgement.';
comment on column app_public.patient_exercise_logs.performed_at is E'@nullable\nWhen it was done.';
comment on constraint patient_exercise_logs_actual_source_is_known on app_public.patient_exercise_logs is
  E'patient: The patient said so.\npose: The camera counted.';
comment on constraint patient_exercise_logs_session_fkey on app_public.patient_exercise_logs is
  E'@fieldName patientSession\n@foreignFieldName exerciseLogs\nThe session.';

comment on constraint patient_treatment_plans_version_fkey on app_public.patient_treatment_plans is
  E'@fieldName version\n@foreignFieldName patientTreatmentPlans\nThe version that the patient has.';
comment on constraint patient_treatment_plans_service_plan_fkey on app_public.patient_treatment_plans is
  E'@fieldName patientServicePlan\n@foreignFieldName treatmentPlans\nThe service plan that it was counted to.';
comment on constraint patient_treatment_plans_form_template_fkey on app_public.patient_treatment_plans is
  E'@fieldName formTemplate\n@foreignFieldName patientTreatmentPlans\nThe form that is asked after each session.';
comment on constraint treatment_plan_moves_plan_fkey on app_public.treatment_plan_moves is
  E'@fieldName patientTreatmentPlan\n@foreignFieldName moves\nThe plan of the patient.';
comment on constraint treatment_plan_moves_from_version_fkey on app_public.treatment_plan_moves is
  E'@fieldName fromVersion\n@foreignFieldName movesFrom\nThe version before.';
comment on constraint treatment_plan_moves_to_version_fkey on app_public.treatment_plan_moves is
  E'@fieldName toVersion\n@foreignFieldName movesTo\nThe version after.';
comment on constraint patient_sessions_version_fkey on app_public.patient_sessions is
  E'@fieldName version\n@foreignFieldName patientSessions\nThe version that says what is done in it.';
comment on constraint patient_sessions_appointment_fkey on app_public.patient_sessions is
  E'@fieldName appointment\n@foreignFieldName treatmentSessions\nThe appointment in which it takes place.';
comment on constraint patient_sessions_form_fkey on app_public.patient_sessions is
  E'@fieldName form\n@foreignFieldName treatmentSessions\nThe form that was asked after it.';
comment on constraint patient_exercise_logs_exercise_id_fkey on app_public.patient_exercise_logs is
  E'@fieldName exercise\n@foreignFieldName exerciseLogs\nThe exercise.';

-- not in db/reference: they stand there as well; policies name them before those rows come.
insert into app_public.permissions (name, description) values
  ('treatment_plans.view', 'See treatment plans, and how patients get on with them'),
  ('treatment_plans.manage', 'Write treatment plans and submit them'),
  ('treatment_plans.approve', 'Approve treatment plans that others wrote'),
  ('treatment_plans.assign', 'Assign treatment plans to patients, and look after them')
on conflict do nothing;

--! split: 470-exercise-sessions.sql
-- What is recorded of sessions at home, and the functions by which telemetry tells of it. EXE-05, TEL-05, TEL-06, TEL-07.
create schema if not exists app_telemetry;
grant usage, create on schema app_telemetry to app_engine;
grant usage on schema app_telemetry to app_telemetry;
grant usage, create on schema analytics to app_engine;
comment on schema app_telemetry is 'What telemetry may ask and tell, as app_telemetry, which may do nothing else.';

-- squawk-ignore ban-drop-table
drop table if exists app_public.exercise_sessions cascade;
drop type if exists app_public.exercise_to_do;

alter table app_public.patient_sessions drop constraint if exists patient_sessions_are_of_a_patient;
alter table app_public.patient_sessions
  -- squawk-ignore disallowed-unique-constraint, constraint-missing-not-valid
  add constraint patient_sessions_are_of_a_patient unique (organization_id, id, patient_profile_id);

create table app_public.exercise_sessions (
  id uuid primary key default uuidv7(),
  organization_id uuid not null references app_public.organizations on delete restrict,
  patient_session_id uuid not null,
  patient_profile_id uuid not null,
  viewer_id uuid not null references app_public.humans on delete restrict,
  scopes text[] not null,
  tracked jsonb not null default '[]',
  started_at timestamptz not null,
  expires_at timestamptz not null,
  ended_at timestamptz,
  gaps jsonb not null default '[]',
  claimed_by uuid,
  claimed_at timestamptz,
  replay_state text not null default 'none',
  surface text not null default 'session_replays' references app_private.object_surfaces on delete restrict,
  replay_object_key text,
  replay_sha256 text,
  replay_bytes bigint,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  constraint exercise_sessions_identity unique (organization_id, id),
  constraint exercise_sessions_session_fkey foreign key (organization_id, patient_session_id, patient_profile_id)
    references app_public.patient_sessions (organization_id, id, patient_profile_id) on update cascade on delete restrict,
  constraint exercise_sessions_patient_fkey foreign key (organization_id, patient_profile_id)
    references app_public.patients (organization_id, patient_profile_id) on delete restrict,
  constraint exercise_sessions_scopes_are_known check (scopes <@ '{media,pose}'),
  constraint exercise_sessions_expire_after_they_start check (expires_at > started_at),
  constraint exercise_sessions_end_after_they_start check (ended_at >= started_at),
  constraint exercise_sessions_tracked_is_a_list check (jsonb_typeof(tracked) = 'array'),
  constraint exercise_sessions_gaps_is_a_list check (jsonb_typeof(gaps) = 'array'),
  constraint exercise_sessions_claimed_ones_say_when check ((claimed_by is null) = (claimed_at is null)),
  constraint exercise_sessions_replay_state_is_known check (replay_state in ('none', 'kept', 'archived', 'removed')),
  constraint exercise_sessions_kept_replays_lie_somewhere check (
    (replay_state in ('kept', 'archived')) = (num_nonnulls(replay_object_key, replay_sha256, replay_bytes) = 3)
    and num_nonnulls(replay_object_key, replay_sha256, replay_bytes) in (0, 3)),
  constraint exercise_sessions_replay_bytes_are_some check (replay_bytes > 0),
  constraint exercise_sessions_replay_sha256_is_a_sha256 check (replay_sha256 ~ '^[0-9a-f]{64}$'),
  constraint exercise_sessions_replay_object_key_is_the_clinics check (
    replay_object_key = organization_id::text || '/telemetry/' || id::text || '.replay')
);
create index exercise_sessions_session_idx on app_public.exercise_sessions
  (organization_id, patient_session_id, patient_profile_id, started_at);
create index exercise_sessions_patient_idx on app_public.exercise_sessions (organization_id, patient_profile_id, started_at, id);
create index exercise_sessions_started_idx on app_public.exercise_sessions (organization_id, started_at, id);
create index exercise_sessions_profile_idx on app_public.exercise_sessions (patient_profile_id, organization_id);
create index exercise_sessions_viewer_idx on app_public.exercise_sessions (viewer_id);
create index exercise_sessions_surface_idx on app_public.exercise_sessions (surface);
create index exercise_sessions_open_idx on app_public.exercise_sessions (expires_at) where ended_at is null;
comment on column app_public.exercise_sessions.surface is 'Which part of the object store its replay lies in.';
comment on table app_public.exercise_sessions is
  'A recording of a session at home: what a patient agreed to have recorded as it began, and what is left of it.';
comment on column app_public.exercise_sessions.viewer_id is
  'Whose use of the player is counted, by the id of their account: the patient, or who began it for a patient without one.';
comment on column app_public.exercise_sessions.scopes is 'What may be recorded: pose, media, both or neither, as consents stood when it began.';
comment on column app_public.exercise_sessions.tracked is
  'What telemetry looks at of its exercises: [{"place", "joints", "seconds": the length of the video}], as it began.';
comment on column app_public.exercise_sessions.started_at is 'When it began.';
comment on column app_public.exercise_sessions.expires_at is 'Until when anything of it is taken.';
comment on column app_public.exercise_sessions.ended_at is E'@nullable\nWhen it was over, and its results were known; null until then.';
comment on column app_public.exercise_sessions.gaps is 'Batches that never came: [[from, to], …], by their numbers.';
comment on column app_public.exercise_sessions.replay_state is 'Whether its movement can be played again.';
comment on column app_public.exercise_sessions.replay_bytes is E'@nullable\nHow large what can be played again is, in bytes.';
comment on constraint exercise_sessions_replay_state_is_known on app_public.exercise_sessions is
  E'none: No movement was recorded.\nkept: It can be played again.\narchived: It was put away: it takes hours to be brought back.\n'
  'removed: It was kept for its time, or erased.';
comment on constraint exercise_sessions_session_fkey on app_public.exercise_sessions is
  E'@fieldName patientSession\n@foreignFieldName exerciseSessions\nThe session of the treatment plan.';
comment on constraint exercise_sessions_patient_fkey on app_public.exercise_sessions is
  E'@fieldName patient\n@foreignFieldName exerciseSessions\nThe patient.';

comment on constraint exercise_sessions_viewer_id_fkey on app_public.exercise_sessions is '@behavior -*';

create type app_public.exercise_to_do as (
  place int,
  prescription jsonb,
  tracking jsonb,
  exercise app_public.shown_exercise
);
comment on type app_public.exercise_to_do is 'An exercise of a session as its page needs it: what was prescribed, what the camera follows, and how it is shown.';
comment on column app_public.exercise_to_do.place is 'Its place in the session, counted from one.';
comment on column app_public.exercise_to_do.prescription is
  'What was prescribed: {"sets", "reps", "seconds", "restSeconds", "tempo": {"up", "hold", "down"}, "side"}.';
comment on column app_public.exercise_to_do.tracking is
  E'@nullable\nWhat the camera follows: {"joints": ["knee", "hip"], "view": "front" or "side", "primary": "knee", "minRange": degrees}; null where it cannot be followed.';
comment on column app_public.exercise_to_do.exercise is 'The exercise in the language of the patient, with the video of what was prescribed.';

-- not in db/reference: it stands there as well; the table names it by default.
insert into app_private.object_surfaces (key, prefix, description, class, retention) values
  ('session_replays', 'telemetry/', 'Movement of sessions at home, in the folder of each clinic, to be played again.', 'phi', 'medical_record')
on conflict do nothing;

-- not in db/reference: they stand there as well; policies name them before those rows come.
insert into app_public.permissions (name, description) values
  ('exercise_sessions.view', 'See what was recorded of patients'' sessions at home, and play it again')
on conflict do nothing;

--! split: 471-session-metrics.sql
-- What recordings of sessions come to, by exercise and by the version of the algorithm that said so. TEL-04, TEL-05, TEL-11.
-- squawk-ignore ban-drop-table
drop table if exists app_private.session_aggregates cascade;
-- squawk-ignore ban-drop-table
drop table if exists app_public.pose_rep_metrics cascade;
-- squawk-ignore ban-drop-table
drop table if exists app_public.pose_session_metrics cascade;
-- squawk-ignore ban-drop-table
drop table if exists app_public.media_buffering_events cascade;
-- squawk-ignore ban-drop-table
drop table if exists app_public.media_session_metrics cascade;
drop type if exists app_public.exercise_trend_point cascade;

create table app_private.session_aggregates (
  organization_id uuid not null,
  exercise_session_id uuid not null,
  algorithm_version int not null,
  result jsonb,
  told_at timestamptz not null,
  written_at timestamptz,
  constraint session_aggregates_pkey primary key (organization_id, exercise_session_id, algorithm_version),
  constraint session_aggregates_recording_fkey foreign key (organization_id, exercise_session_id)
    references app_public.exercise_sessions (organization_id, id) on delete restrict,
  constraint session_aggregates_version_counts_from_one check (algorithm_version >= 1),
  constraint session_aggregates_result_is_an_object check (jsonb_typeof(result) = 'object'),
  constraint session_aggregates_result_goes_once_it_is_written check ((result is null) = (written_at is not null))
);
comment on table app_private.session_aggregates is
  'What telemetry said a recording comes to, once for each version of the algorithm; its result until it is written as metrics.';

create table app_public.pose_session_metrics (
  id uuid primary key default uuidv7(),
  organization_id uuid not null,
  exercise_session_id uuid not null,
  place int not null,
  algorithm_version int not null,
  exercise_id uuid not null references app_public.exercises on delete restrict,
  reps int not null,
  sets int not null,
  range_degrees numeric(5, 1),
  joint text,
  side text,
  signal text,
  confidence numeric(4, 3) not null,
  view text,
  frames_with_person int not null,
  frames_without_person int not null,
  frames_dropped int not null,
  gaps int not null,
  created_at timestamptz not null default now(),
  constraint pose_session_metrics_identity unique (organization_id, id),
  constraint pose_session_metrics_are_written_once unique (organization_id, exercise_session_id, place, algorithm_version),
  constraint pose_session_metrics_recording_fkey foreign key (organization_id, exercise_session_id)
    references app_public.exercise_sessions (organization_id, id) on delete restrict,
  constraint pose_session_metrics_place_counts_from_one check (place >= 1),
  constraint pose_session_metrics_version_counts_from_one check (algorithm_version >= 1),
  constraint pose_session_metrics_counts_are_not_negative check (
    least(reps, sets, frames_with_person, frames_without_person, frames_dropped, gaps) >= 0),
  constraint pose_session_metrics_side_is_known check (side in ('left', 'right')),
  constraint pose_session_metrics_confidence_is_a_share check (confidence between 0 and 1),
  constraint pose_session_metrics_range_is_an_angle check (range_degrees between 0 and 360)
);
create index pose_session_metrics_exercise_idx on app_public.pose_session_metrics (exercise_id, organization_id);
comment on table app_public.pose_session_metrics is
  'What the camera made of an exercise of a recording: information, no judgement. A later version of the algorithm adds a row.';
comment on column app_public.pose_session_metrics.place is 'The place of the exercise in the session, counted from one.';
comment on column app_public.pose_session_metrics.algorithm_version is 'The version of the algorithm that said so.';
comment on column app_public.pose_session_metrics.reps is 'Repetitions that were counted; 0 where nothing like the exercise was seen.';
comment on column app_public.pose_session_metrics.sets is 'Sets that they fall into: longer pauses divide them.';
comment on column app_public.pose_session_metrics.range_degrees is E'@nullable\nThe range of motion, in degrees; null where none was measured.';
comment on column app_public.pose_session_metrics.joint is E'@nullable\nThe joint that was measured.';
comment on column app_public.pose_session_metrics.side is E'@nullable\nThe side that was measured.';
comment on column app_public.pose_session_metrics.signal is E'@nullable\nWhat the repetitions were counted by.';
comment on column app_public.pose_session_metrics.confidence is 'How sure the count is, from 0 to 1.';
comment on column app_public.pose_session_metrics.view is E'@nullable\nFrom where the camera saw the person.';
comment on column app_public.pose_session_metrics.frames_with_person is 'Pictures in which somebody was seen.';
comment on column app_public.pose_session_metrics.frames_without_person is 'Pictures in which nobody was seen.';
comment on column app_public.pose_session_metrics.frames_dropped is 'Pictures that the page had to leave out.';
comment on column app_public.pose_session_metrics.gaps is 'Batches of it that never came.';
comment on constraint pose_session_metrics_side_is_known on app_public.pose_session_metrics is E'left: The left one.\nright: The right one.';
comment on constraint pose_session_metrics_recording_fkey on app_public.pose_session_metrics is
  E'@fieldName exerciseSession\n@foreignFieldName poseMetrics\nThe recording.';
comment on constraint pose_session_metrics_exercise_id_fkey on app_public.pose_session_metrics is
  E'@fieldName exercise\n@foreignFieldName poseMetrics\nThe exercise.';

create table app_public.pose_rep_metrics (
  organization_id uuid not null,
  exercise_session_id uuid not null,
  session_started_at timestamptz not null,
  place int not null,
  algorithm_version int not null,
  number int not null,
  started_at timestamptz not null,
  turned_at timestamptz not null,
  ended_at timestamptz not null,
  range_degrees numeric(5, 1),
  constraint pose_rep_metrics_pkey primary key
    (organization_id, exercise_session_id, place, algorithm_version, number, session_started_at),
  constraint pose_rep_metrics_recording_fkey foreign key (organization_id, exercise_session_id)
    references app_public.exercise_sessions (organization_id, id) on delete restrict,
  constraint pose_rep_metrics_number_counts_from_one check (number >= 1),
  constraint pose_rep_metrics_place_counts_from_one check (place >= 1),
  constraint pose_rep_metrics_range_is_an_angle check (range_degrees between 0 and 360)
) partition by range (session_started_at);
comment on table app_public.pose_rep_metrics is 'Each repetition that was counted in a recording; a partition for each month.';
comment on column app_public.pose_rep_metrics.session_started_at is 'When the recording began.';
comment on column app_public.pose_rep_metrics.place is 'The place of the exercise in the session, counted from one.';
comment on column app_public.pose_rep_metrics.algorithm_version is 'The version of the algorithm that said so.';
comment on column app_public.pose_rep_metrics.number is 'Which repetition of the exercise it is, counted from one.';
comment on column app_public.pose_rep_metrics.started_at is 'When it began, by the clock of the browser.';
comment on column app_public.pose_rep_metrics.turned_at is 'When it turned, by the clock of the browser.';
comment on column app_public.pose_rep_metrics.ended_at is 'When it ended, by the clock of the browser.';
comment on column app_public.pose_rep_metrics.range_degrees is E'@nullable\nIts range, in degrees.';
comment on constraint pose_rep_metrics_recording_fkey on app_public.pose_rep_metrics is
  E'@fieldName exerciseSession\n@foreignFieldName repetitions\nThe recording.';

create table app_public.media_session_metrics (
  id uuid primary key default uuidv7(),
  organization_id uuid not null,
  exercise_session_id uuid not null,
  place int not null,
  algorithm_version int not null,
  watched_ms bigint not null,
  duration_ms bigint,
  watched_percentage int,
  stalls int not null,
  stalled_ms bigint not null,
  rates jsonb not null,
  created_at timestamptz not null default now(),
  constraint media_session_metrics_identity unique (organization_id, id),
  constraint media_session_metrics_are_written_once unique (organization_id, exercise_session_id, place, algorithm_version),
  constraint media_session_metrics_recording_fkey foreign key (organization_id, exercise_session_id)
    references app_public.exercise_sessions (organization_id, id) on delete restrict,
  constraint media_session_metrics_place_counts_from_one check (place >= 1),
  constraint media_session_metrics_version_counts_from_one check (algorithm_version >= 1),
  constraint media_session_metrics_amounts_are_not_negative check (least(watched_ms, duration_ms, stalls, stalled_ms) >= 0),
  constraint media_session_metrics_watched_is_a_percentage check (watched_percentage between 0 and 100),
  constraint media_session_metrics_rates_is_a_list check (jsonb_typeof(rates) = 'array')
);
comment on table app_public.media_session_metrics is 'How the video of an exercise was watched in a recording.';
comment on column app_public.media_session_metrics.place is 'The place of the exercise in the session, counted from one.';
comment on column app_public.media_session_metrics.algorithm_version is 'The version of the algorithm that said so.';
comment on column app_public.media_session_metrics.watched_ms is 'How much of the video was seen, once each, in milliseconds.';
comment on column app_public.media_session_metrics.duration_ms is E'@nullable\nHow long the video is, in milliseconds.';
comment on column app_public.media_session_metrics.watched_percentage is E'@nullable\nHow much of it was watched, in hundredths; null where its length is not known.';
comment on column app_public.media_session_metrics.stalls is 'How often it stood still for the network.';
comment on column app_public.media_session_metrics.stalled_ms is 'How long it stood still, in milliseconds.';
comment on column app_public.media_session_metrics.rates is 'At which speed: [{"rate", "seconds"}].';
comment on constraint media_session_metrics_recording_fkey on app_public.media_session_metrics is
  E'@fieldName exerciseSession\n@foreignFieldName mediaMetrics\nThe recording.';

create table app_public.media_buffering_events (
  organization_id uuid not null,
  exercise_session_id uuid not null,
  session_started_at timestamptz not null,
  place int not null,
  algorithm_version int not null,
  number int not null,
  stalled_at timestamptz not null,
  length_ms bigint not null,
  constraint media_buffering_events_pkey primary key
    (organization_id, exercise_session_id, place, algorithm_version, number, session_started_at),
  constraint media_buffering_events_recording_fkey foreign key (organization_id, exercise_session_id)
    references app_public.exercise_sessions (organization_id, id) on delete restrict,
  constraint media_buffering_events_number_counts_from_one check (number >= 1),
  constraint media_buffering_events_place_counts_from_one check (place >= 1),
  constraint media_buffering_events_length_is_not_negative check (length_ms >= 0)
) partition by range (session_started_at);
comment on table app_public.media_buffering_events is 'Each time that a video stood still for the network; a partition for each month.';
comment on column app_public.media_buffering_events.session_started_at is 'When the recording began.';
comment on column app_public.media_buffering_events.place is 'The place of the exercise in the session, counted from one.';
comment on column app_public.media_buffering_events.algorithm_version is 'The version of the algorithm that said so.';
comment on column app_public.media_buffering_events.number is 'Which of the exercise it is, counted from one.';
comment on column app_public.media_buffering_events.stalled_at is 'When it stood still, by the clock of the browser.';
comment on column app_public.media_buffering_events.length_ms is 'For how long, in milliseconds.';
comment on constraint media_buffering_events_recording_fkey on app_public.media_buffering_events is
  E'@fieldName exerciseSession\n@foreignFieldName stalls\nThe recording.';

create type app_public.exercise_trend_point as (
  exercise_session_id uuid,
  started_at timestamptz,
  place int,
  reps int,
  sets int,
  range_degrees numeric(5, 1),
  confidence numeric(4, 3),
  algorithm_version int,
  prescribed_reps int,
  pain_before int,
  pain_after int
);
comment on type app_public.exercise_trend_point is 'What one recording came to for an exercise: a point of its curves.';
comment on column app_public.exercise_trend_point.exercise_session_id is 'The recording.';
comment on column app_public.exercise_trend_point.started_at is 'When it began.';
comment on column app_public.exercise_trend_point.place is 'The place of the exercise in the session, counted from one.';
comment on column app_public.exercise_trend_point.reps is 'Repetitions that were counted.';
comment on column app_public.exercise_trend_point.sets is 'Sets that they fall into.';
comment on column app_public.exercise_trend_point.range_degrees is E'@nullable\nThe range of motion, in degrees.';
comment on column app_public.exercise_trend_point.confidence is 'How sure the count is, from 0 to 1.';
comment on column app_public.exercise_trend_point.algorithm_version is 'The version of the algorithm that said so.';
comment on column app_public.exercise_trend_point.prescribed_reps is E'@nullable\nRepetitions of all sets that were prescribed; null where it is done for a time.';
comment on column app_public.exercise_trend_point.pain_before is E'@nullable\nPain before the session, as the patient put it.';
comment on column app_public.exercise_trend_point.pain_after is E'@nullable\nPain after the session, as the patient put it.';

--! split: 900-sources.sql
-- Written by npm run db:stage from db/functions, db/policies and db/reference: change those, not this file.

-- source: functions/analytics/telerehab_cohorts.sql
-- What analysts read of sessions at home: groups of patients of all clinics, by exercise or plan and month, without anybody's id. A group of fewer
-- than ten patients has no row, so nobody is found by subtraction of what is known otherwise. Kept, since analysts read past row security
-- what they may read at all; made anew each night beside what is read meanwhile. TEL-09.

create or replace function analytics.smallest_cohort() returns int
language sql immutable parallel safe
return 10;

comment on function analytics.smallest_cohort is 'How many patients a group must have to be shown.';
grant execute on function analytics.smallest_cohort to app_engine, app_analyst;

set role app_engine;

drop materialized view if exists analytics.exercise_cohorts;
create materialized view analytics.exercise_cohorts as
  select exercises.slug as exercise, (date_trunc('month', recordings.started_at, 'UTC') at time zone 'UTC')::date as month,
    metrics.algorithm_version,
    count(distinct recordings.patient_profile_id)::int as patients,
    count(*)::int as recordings,
    round(avg(metrics.reps), 1) as average_reps,
    round(avg(metrics.range_degrees), 1) as average_range_degrees,
    round(avg(metrics.confidence), 2) as average_confidence
  from app_public.pose_session_metrics as metrics
  join app_public.exercise_sessions as recordings
    on recordings.organization_id = metrics.organization_id and recordings.id = metrics.exercise_session_id
  join app_public.exercises on exercises.id = metrics.exercise_id
  group by 1, 2, 3
  having count(distinct recordings.patient_profile_id) >= analytics.smallest_cohort()
  with no data;
-- Nobody reads it yet.
-- squawk-ignore require-concurrent-index-creation
create unique index exercise_cohorts_are_one_row_each on analytics.exercise_cohorts (exercise, month, algorithm_version);
comment on materialized view analytics.exercise_cohorts is
  'What recordings came to, by exercise, month and version of the algorithm, over all clinics: groups of ten patients and more.';
comment on column analytics.exercise_cohorts.exercise is 'The exercise, by its slug.';
comment on column analytics.exercise_cohorts.month is 'The first day of the month, in UTC, in which the recordings began.';
grant select on analytics.exercise_cohorts to app_analyst;

drop materialized view if exists analytics.adherence_cohorts;
create materialized view analytics.adherence_cohorts as
  select plans.slug as treatment_plan, date_trunc('month', sessions.due_on)::date as month,
    count(distinct sessions.patient_profile_id)::int as patients,
    count(*)::int as sessions_due,
    (count(*) filter (where sessions.status = 'completed'))::int as sessions_completed,
    round(avg(sessions.pain_after - sessions.pain_before), 2) as average_pain_change
  from app_public.patient_sessions as sessions
  join app_public.patient_treatment_plans as enrolments
    on enrolments.organization_id = sessions.organization_id and enrolments.id = sessions.patient_treatment_plan_id
  join app_public.treatment_plans as plans on plans.id = enrolments.treatment_plan_id and plans.organization_id is null
  where not sessions.is_extra and sessions.status in ('completed', 'missed')
  group by 1, 2
  having count(distinct sessions.patient_profile_id) >= analytics.smallest_cohort()
  with no data;
-- Nobody reads it yet.
-- squawk-ignore require-concurrent-index-creation
create unique index adherence_cohorts_are_one_row_each on analytics.adherence_cohorts (treatment_plan, month);
comment on materialized view analytics.adherence_cohorts is
  'How sessions of the platform''s treatment plans were done, by plan and month, over all clinics: groups of ten patients and more.';
comment on column analytics.adherence_cohorts.treatment_plan is 'The plan of the platform, by its slug.';
comment on column analytics.adherence_cohorts.month is 'The first day of the month in which the sessions were due.';
grant select on analytics.adherence_cohorts to app_analyst;

create or replace function app_private.refresh_cohorts() returns void
language plpgsql volatile security definer
set search_path = ''
as $$
declare
  v_view record;
begin
  -- Beside what is read: nobody waits. The first time there is nothing to read yet.
  for v_view in
    select pg_class.oid::regclass as name, pg_class.relispopulated as is_filled
    from pg_catalog.pg_class
    where pg_class.oid in ('analytics.exercise_cohorts'::regclass, 'analytics.adherence_cohorts'::regclass)
    order by pg_class.relname
  loop
    execute format('refresh materialized view %s %s', case when v_view.is_filled then 'concurrently' end, v_view.name);
  end loop;
end;
$$;

comment on function app_private.refresh_cohorts is 'Makes the groups that analysts read anew.';
grant execute on function app_private.refresh_cohorts to app_worker;

reset role;
-- end of source: functions/analytics/telerehab_cohorts.sql

-- source: functions/analytics/what_i_see.sql
-- What whoever asks sees of each table, in words: row security hides rows without one, and 0 is taken for empty. FND-36.

create or replace function analytics.what_i_see() returns table (table_name text, sees text)
language sql stable
set search_path = ''
begin atomic
  select
    n.nspname || '.' || c.relname,
    case
      when not has_schema_privilege(n.oid, 'usage') or not has_any_column_privilege(c.oid, 'select') then 'nothing: permission is denied'
      when me.rolsuper or me.rolbypassrls or not c.relrowsecurity then 'every row'
      when exists (
        select from pg_catalog.pg_policy p
        where p.polrelid = c.oid and p.polcmd in ('r', '*')
          and exists (select from unnest(p.polroles) as named where named = 0 or pg_has_role(named, 'usage'))
      ) then 'the rows that its policies show ' || current_user
      else 'no row: row security holds, and no policy is for ' || current_user
    end
  from pg_catalog.pg_class c
  join pg_catalog.pg_namespace n on n.oid = c.relnamespace
  cross join (select * from pg_catalog.pg_roles where rolname = current_user) me
  where n.nspname in ('app_public', 'app_hidden', 'app_private', 'app_telemetry', 'audit', 'analytics')
    and c.relkind in ('r', 'p') and not c.relispartition
  order by 1;
end;

comment on function analytics.what_i_see is 'For each table, what the role that asks sees of it: every row, those of its policies, none, or a refusal.';
grant execute on function analytics.what_i_see to app_analyst;
-- end of source: functions/analytics/what_i_see.sql

-- source: functions/treatment/locked_enrolment.sql
-- Whose treatment plan and whose session it is, and the locks: the patient for share, then the plan, then its session, in this order
-- everywhere. EXE-01, EXE-02, FND-04.

create or replace function app_private.locked_enrolment(patient_treatment_plan_id uuid) returns app_public.patient_treatment_plans
language plpgsql volatile
set search_path = ''
as $$
declare
  v_enrolment app_public.patient_treatment_plans;
begin
  select enrolments.* into v_enrolment
  from app_public.patient_treatment_plans as enrolments
  where enrolments.id = locked_enrolment.patient_treatment_plan_id;
  perform app_private.require_permission(v_enrolment.organization_id, 'treatment_plans.assign');
  perform app_private.require_patient(v_enrolment.organization_id, v_enrolment.patient_profile_id);
  return app_private.lock_enrolment(v_enrolment.organization_id, v_enrolment.id);
end;
$$;

comment on function app_private.locked_enrolment is
  'A treatment plan of a patient that the caller may look after, locked with the patient; NOT_FOUND, FORBIDDEN permission_missing.';
grant execute on function app_private.locked_enrolment to app_engine;

create or replace function app_private.lock_enrolment(organization_id uuid, patient_treatment_plan_id uuid)
returns app_public.patient_treatment_plans
language plpgsql volatile
set search_path = ''
as $$
declare
  v_enrolment app_public.patient_treatment_plans;
begin
  select enrolments.* into strict v_enrolment
  from app_public.patient_treatment_plans as enrolments
  where enrolments.organization_id = lock_enrolment.organization_id and enrolments.id = lock_enrolment.patient_treatment_plan_id
  for no key update;
  return v_enrolment;
end;
$$;

comment on function app_private.lock_enrolment is 'A treatment plan of a patient as it is now, locked.';
grant execute on function app_private.lock_enrolment to app_engine;

-- For the patient and those who care for them; for staff, what verbs of theirs then ask.
create or replace function app_private.locked_session(patient_session_id uuid) returns app_public.patient_sessions
language plpgsql volatile
set search_path = ''
as $$
declare
  v_session app_public.patient_sessions;
begin
  select sessions.* into v_session
  from app_public.patient_sessions as sessions
  where sessions.id = locked_session.patient_session_id
    and (sessions.organization_id = any (app_hidden.organization_ids_where('treatment_plans.view'))
         or (sessions.patient_profile_id = any (app_hidden.current_human_patient_profile_ids())
             and sessions.organization_id = any (app_hidden.current_patient_organization_ids())));
  if not found then
    perform app_hidden.refuse('NOT_FOUND', 'session_not_found');
  end if;
  perform app_private.require_patient(v_session.organization_id, v_session.patient_profile_id);
  return app_private.lock_session(v_session);
end;
$$;

comment on function app_private.locked_session is
  'A session that the caller sees, locked with its patient and its plan; NOT_FOUND session_not_found.';
grant execute on function app_private.locked_session to app_engine;

create or replace function app_private.lock_session(seen app_public.patient_sessions) returns app_public.patient_sessions
language plpgsql volatile
set search_path = ''
as $$
declare
  v_session app_public.patient_sessions;
begin
  perform app_private.lock_enrolment(seen.organization_id, seen.patient_treatment_plan_id);
  select sessions.* into strict v_session
  from app_public.patient_sessions as sessions
  where sessions.organization_id = seen.organization_id and sessions.id = seen.id
  for no key update;
  return v_session;
end;
$$;

comment on function app_private.lock_session is 'The same session as it is now, locked with its plan.';
grant execute on function app_private.lock_session to app_engine;

-- What is done at home is done, and told, by the patient or who cares for them.
create or replace function app_private.require_own_session(session app_public.patient_sessions) returns void
language plpgsql stable
set search_path = ''
as $$
begin
  if (session).patient_profile_id <> all (app_hidden.current_human_patient_profile_ids()) then
    perform app_hidden.refuse('FORBIDDEN', 'only_the_patient');
  elsif (session).place <> 'home' then
    perform app_hidden.refuse('STATE', 'session_is_in_the_clinic');
  end if;
end;
$$;

comment on function app_private.require_own_session is
  'Passes for a session at home of the caller; FORBIDDEN only_the_patient, STATE session_is_in_the_clinic.';
grant execute on function app_private.require_own_session to app_engine;
-- end of source: functions/treatment/locked_enrolment.sql

-- source: functions/exercises/require_recipe.sql
-- What is prescribed of an exercise, and what its video is composed for: one object for both, and the one place that says what it may
-- be. Written in full, so that the same prescription has one text and one hash, however it was given. EXL-01, EXL-03, TPL-01.

create or replace function app_private.is_whole(value jsonb, lowest int, highest int) returns boolean
language sql immutable parallel safe
set search_path = ''
return coalesce(case when jsonb_typeof(is_whole.value) = 'number'
  then (is_whole.value #>> '{}')::numeric % 1 = 0 and (is_whole.value #>> '{}')::numeric between is_whole.lowest and is_whole.highest end, false);

comment on function app_private.is_whole is 'Whether a value is a whole number between two.';
grant execute on function app_private.is_whole to app_engine;

create or replace function app_private.recipe_problem(recipe jsonb) returns text
language sql immutable
set search_path = ''
begin atomic
  select case
    when jsonb_typeof(recipe) is distinct from 'object'
      or recipe - '{sets,reps,seconds,restSeconds,tempo,side}'::text[] <> '{}' then ''
    when not app_private.is_whole(recipe -> 'sets', 1, 20) then '.sets'
    when num_nonnulls(recipe ->> 'reps', recipe ->> 'seconds') <> 1 then '.reps'
    when recipe ->> 'reps' is not null and not app_private.is_whole(recipe -> 'reps', 1, 100) then '.reps'
    when recipe ->> 'seconds' is not null and not app_private.is_whole(recipe -> 'seconds', 1, 3600) then '.seconds'
    when not app_private.is_whole(recipe -> 'restSeconds', 0, 600) then '.restSeconds'
    when recipe ->> 'tempo' is not null and not (
      jsonb_typeof(recipe -> 'tempo') = 'object'
      and (recipe -> 'tempo') - '{up,hold,down}'::text[] = '{}'
      and app_private.is_whole(recipe -> 'tempo' -> 'up', 1, 30)
      and app_private.is_whole(recipe -> 'tempo' -> 'hold', 0, 60)
      and app_private.is_whole(recipe -> 'tempo' -> 'down', 1, 30)) then '.tempo'
    when recipe ->> 'side' is not null
      and recipe -> 'side' not in ('"left"', '"right"', '"both"', '"alternate"') then '.side'
  end;
end;

comment on function app_private.recipe_problem is
  'Which part of a prescription does not fit, as .sets, or nothing but its whole; null when it fits.';
grant execute on function app_private.recipe_problem to app_engine;

-- Whole numbers are written as such, since JSON can also say 3.0.
create or replace function app_private.full_recipe(recipe jsonb) returns jsonb
language sql immutable
set search_path = ''
begin atomic
  select jsonb_build_object(
    'sets', (recipe ->> 'sets')::numeric::int, 'reps', (recipe ->> 'reps')::numeric::int,
    'seconds', (recipe ->> 'seconds')::numeric::int, 'restSeconds', (recipe ->> 'restSeconds')::numeric::int,
    'tempo', case when recipe ->> 'tempo' is not null then jsonb_build_object(
      'up', (recipe -> 'tempo' ->> 'up')::numeric::int, 'hold', (recipe -> 'tempo' ->> 'hold')::numeric::int,
      'down', (recipe -> 'tempo' ->> 'down')::numeric::int) end,
    'side', recipe ->> 'side');
end;

comment on function app_private.full_recipe is 'A prescription that fits, with each of its six parts: null where nothing is said.';
grant execute on function app_private.full_recipe to app_engine;

create or replace function app_private.require_recipe(recipe jsonb) returns jsonb
language plpgsql immutable
set search_path = ''
as $$
declare
  v_problem constant text := app_private.recipe_problem(recipe);
begin
  if v_problem is not null then
    perform app_hidden.refuse('VALIDATION', 'recipe_malformed', jsonb_build_object('field', 'recipe', 'path', 'recipe' || v_problem));
  end if;
  return app_private.full_recipe(recipe);
end;
$$;

comment on function app_private.require_recipe is
  'A prescription with each of its six parts, null where nothing is said: {"sets", "reps" or "seconds", "restSeconds", "tempo", "side"}; '
  'VALIDATION recipe_malformed with the path otherwise.';
grant execute on function app_private.require_recipe to app_engine;

create or replace function app_private.recipe_hash(recipe jsonb) returns text
language sql immutable strict
set search_path = ''
return app_private.hex_digest(app_private.canonical_json(recipe));

comment on function app_private.recipe_hash is 'By what the video of a prescription is known: the SHA-256 of its canonical text.';
grant execute on function app_private.recipe_hash to app_engine;

create or replace function app_private.catalog_recipe() returns jsonb
language sql immutable parallel safe
set search_path = ''
return '{"sets": 1, "reps": 3, "seconds": null, "restSeconds": 0, "tempo": null, "side": null}'::jsonb;

comment on function app_private.catalog_recipe is 'What the video of the catalog shows of an exercise that is counted: three repetitions.';
grant execute on function app_private.catalog_recipe to app_engine;
-- end of source: functions/exercises/require_recipe.sql

-- source: functions/exercises/request_render.sql
-- The one way to a video of an exercise: looked up by what it shows before anything is made, so that a prescription which many have is
-- composed once. The row and its job are written together, and the row is unique, so of two who ask at once the second finds it.
-- A video of older material is made again under its row, and plays until the new one is there. EXL-03.

create or replace function app_private.request_render(exercise_id uuid, recipe jsonb, language text) returns app_public.exercise_renders
language plpgsql volatile
set search_path = ''
as $$
declare
  v_exercise app_public.exercises;
  v_recipe constant jsonb := app_private.require_recipe(recipe);
  v_render app_public.exercise_renders;
begin
  -- The material cannot become another one meanwhile: bump_exercise_asset_version() waits.
  select exercises.* into v_exercise
  from app_public.exercises
  where exercises.id = request_render.exercise_id
  for share;
  if not found then
    perform app_hidden.refuse('NOT_FOUND', 'not_found');
  elsif request_render.language is null or request_render.language not in ('ro', 'en') then
    perform app_hidden.refuse('VALIDATION', 'language_unknown', '{"field": "language"}');
  end if;
  if v_exercise.kind = 'duration_based' then
    select known.* into v_render
    from app_public.exercise_renders as known
    where known.exercise_id = v_exercise.id and known.recipe_hash = '_imported'
    order by known.language = request_render.language desc, known.language desc
    limit 1;
    if not found then
      perform app_hidden.refuse('STATE', 'video_not_imported', jsonb_build_object('slug', v_exercise.slug));
    end if;
    return v_render;
  end if;
  return app_private.queue_render(
    v_exercise, app_private.recipe_hash(v_recipe), request_render.language, v_recipe, null, makes_again => false);
end;
$$;

comment on function app_private.request_render is
  'The video of a prescription in a language: the one that is there, or a row that waits for the worker. Of an exercise that is '
  'imported, the imported one, in the other language if need be; STATE video_not_imported without one.';
grant execute on function app_private.request_render to app_engine;

create or replace function app_private.queue_render(
  exercise app_public.exercises, recipe_hash text, language text, recipe jsonb, source_key text, makes_again boolean
) returns app_public.exercise_renders
language plpgsql volatile
set search_path = ''
as $$
declare
  v_render app_public.exercise_renders;
begin
  insert into app_public.exercise_renders (exercise_id, recipe_hash, language, recipe, source_key, asset_version, requested_at)
  values (exercise.id, queue_render.recipe_hash, queue_render.language, queue_render.recipe, queue_render.source_key,
          exercise.asset_version, app_hidden.now())
  on conflict on constraint exercise_renders_are_made_once do nothing
  returning * into v_render;
  if not found then
    select known.* into strict v_render
    from app_public.exercise_renders as known
    where known.exercise_id = exercise.id and known.recipe_hash = queue_render.recipe_hash and known.language = queue_render.language
    for no key update;
    if v_render.asset_version = exercise.asset_version and v_render.status <> 'failed' and not makes_again then
      return v_render;
    end if;
    update app_public.exercise_renders as known
    set asset_version = exercise.asset_version, source_key = queue_render.source_key, requested_at = app_hidden.now(), progress = 0
    where known.id = v_render.id
    returning * into v_render;
    if v_render.status <> 'queued' then
      update app_public.exercise_renders as known set status = 'queued', problem = null where known.id = v_render.id returning * into v_render;
    end if;
  end if;
  -- A queue for each language: however many wait, two jobs of a worker are busy with them, and mails go out meanwhile.
  perform graphile_worker.add_job(
    'render_exercise', json_build_object('renderId', v_render.id), queue_name => 'render_exercise:' || v_render.language, max_attempts => 10,
    job_key => 'render_exercise:' || v_render.id);
  return v_render;
end;
$$;

comment on function app_private.queue_render is
  'The row of a video, queued unless it is there or on its way; makes_again queues it whatever it is.';
grant execute on function app_private.queue_render to app_engine;
-- end of source: functions/exercises/request_render.sql

-- source: functions/treatment/schedule_sessions.sql
-- When sessions are due: so many days after the one before, and not before the next weekday that the patient has for it. Days are counted
-- by the calendar of the clinic, so a change to or from summer time moves none. EXE-01.

create or replace function app_private.due_dates(starts_on date, weekdays int[], after_days int[]) returns date[]
language plpgsql immutable
set search_path = ''
as $$
declare
  v_day date := starts_on;
  v_after int;
  v_days date[] := '{}';
begin
  foreach v_after in array after_days loop
    v_day := v_day + v_after;
    while extract(isodow from v_day)::int <> all (weekdays) loop
      v_day := v_day + 1;
    end loop;
    v_days := v_days || v_day;
  end loop;
  return v_days;
end;
$$;

comment on function app_private.due_dates is
  'The days on which sessions are due, each so many days after the one before, on one of these weekdays (1 is Monday).';
grant execute on function app_private.due_dates to app_engine;

create or replace function app_private.today_at(organization_id uuid) returns date
language sql stable
set search_path = ''
return (
  select (app_hidden.now() at time zone organizations.timezone)::date
  from app_public.organizations where organizations.id = today_at.organization_id);

comment on function app_private.today_at is 'The day that it is by the clock of a clinic.';
grant execute on function app_private.today_at to app_engine;

-- The sessions of a version from one on, the first of them on the first day that there is from a day on.
create or replace function app_private.schedule_sessions(
  enrolment app_public.patient_treatment_plans, from_position int, first_on date
) returns void
language plpgsql volatile
set search_path = ''
as $$
declare
  v_snapshot jsonb := (
    select versions.sessions_snapshot from app_public.treatment_plan_versions as versions
    where versions.scope_id = enrolment.plan_scope_id and versions.id = enrolment.version_id);
  v_due date[] := app_private.due_dates(first_on, enrolment.weekdays, array(
    select case when listed.number = from_position and from_position > 1 then 0 else (listed.value ->> 'afterDays')::int end
    from jsonb_array_elements(v_snapshot) with ordinality as listed (value, number)
    where listed.number >= from_position
    order by listed.number));
begin
  insert into app_public.patient_sessions
    (organization_id, patient_treatment_plan_id, patient_profile_id, plan_scope_id, version_id, position, due_on, place)
  select enrolment.organization_id, enrolment.id, enrolment.patient_profile_id, enrolment.plan_scope_id, enrolment.version_id,
         listed.number, v_due[listed.number - from_position + 1], listed.value ->> 'place'
  from jsonb_array_elements(v_snapshot) with ordinality as listed (value, number)
  where listed.number >= from_position;
end;
$$;

comment on function app_private.schedule_sessions is
  'Makes the sessions of a patient''s plan from this one on, the first of them from this day on. The caller has locked the plan.';
grant execute on function app_private.schedule_sessions to app_engine;

-- What a patient is prescribed is shown to them with its own counts and pauses: whoever assigns it has the videos made. What is imported
-- has none of its own.
create or replace function app_private.request_videos(enrolment app_public.patient_treatment_plans) returns void
language plpgsql volatile
set search_path = ''
as $$
declare
  v_language constant text := (
    select case patient_profiles.locale when 'en' then 'en' else 'ro' end
    from app_public.patient_profiles where patient_profiles.id = enrolment.patient_profile_id);
begin
  perform app_private.request_render(asked.exercise_id, asked.prescription, v_language)
  from (
    select prescribed.exercise_id, prescribed.prescription
    from app_public.treatment_plan_exercises as prescribed
    join app_public.exercises on exercises.id = prescribed.exercise_id and exercises.kind = 'reps_based'
    where prescribed.scope_id = enrolment.plan_scope_id and prescribed.version_id = enrolment.version_id
    group by 1, 2
    -- In one order everywhere, since each takes locks.
    order by 1, 2) as asked;
end;
$$;

comment on function app_private.request_videos is
  'Has the videos made of what the version of a patient''s plan prescribes, in the language of the patient; those that are there stay.';
grant execute on function app_private.request_videos to app_engine;
-- end of source: functions/treatment/schedule_sessions.sql

-- source: functions/treatment/assign_treatment_plan.sql
-- A patient is assigned a treatment plan: an approved version, which stays theirs. Of two who use the last assignment of a service plan one
-- wins, since the plans are locked from settle_patient_plans() on. EXE-01, EXE-03, TPL-02.

set role app_engine;

create or replace function app_public.assign_treatment_plan(
  patient_id uuid,
  version_id uuid,
  starts_on date,
  weekdays int[] default '{1,2,3,4,5,6,7}',
  ends_on date default null,
  form_template_id uuid default null,
  allows_extra_sessions boolean default false,
  patient_service_plan_id uuid default null
) returns app_public.patient_treatment_plans
language plpgsql volatile security definer
set search_path = ''
as $$
declare
  v_remembered jsonb := app_private.remembered('assign_treatment_plan', jsonb_build_array(
    patient_id, version_id, starts_on, weekdays, ends_on, form_template_id, allows_extra_sessions, patient_service_plan_id));
  v_patient app_public.patients;
  v_version app_public.treatment_plan_versions;
  v_enrolment app_public.patient_treatment_plans;
  v_last date;
begin
  if v_remembered is not null then
    perform app_private.require_permission((v_remembered ->> 'organization_id')::uuid, 'treatment_plans.assign');
    return jsonb_populate_record(v_enrolment, v_remembered);
  end if;
  select patients.* into v_patient
  from app_public.patients where patients.id = assign_treatment_plan.patient_id;
  perform app_private.require_permission(v_patient.organization_id, 'treatment_plans.assign');
  perform app_private.require_patient(v_patient.organization_id, v_patient.patient_profile_id);
  v_version := app_private.version_to_assign(v_patient, assign_treatment_plan.version_id);

  v_enrolment.id := uuidv7();
  v_enrolment.patient_service_plan_id := app_private.count_treatment_assignment(
    v_patient, v_enrolment.id, assign_treatment_plan.patient_service_plan_id);
  if exists (
    select from app_public.patient_treatment_plans as standing
    where standing.organization_id = v_patient.organization_id and standing.patient_profile_id = v_patient.patient_profile_id
      and standing.treatment_plan_id = v_version.treatment_plan_id and standing.status in ('active', 'paused')
  ) then
    perform app_hidden.refuse('CONFLICT', 'treatment_plan_already_assigned');
  end if;

  v_last := app_private.last_due_on(v_version, v_patient.organization_id, starts_on, weekdays);
  if v_last > assign_treatment_plan.ends_on then
    perform app_hidden.refuse('VALIDATION', 'ends_before_the_last_session', jsonb_build_object('field', 'endsOn', 'lastDueOn', v_last));
  end if;
  if assign_treatment_plan.form_template_id is not null and not exists (
    select from app_public.form_templates
    where form_templates.organization_id = v_patient.organization_id and form_templates.id = assign_treatment_plan.form_template_id
      and form_templates.published
  ) then
    perform app_hidden.refuse('NOT_FOUND', 'form_template_not_found');
  end if;

  insert into app_public.patient_treatment_plans
    (id, organization_id, patient_profile_id, plan_scope_id, treatment_plan_id, version_id, patient_service_plan_id, form_template_id,
     starts_on, ends_on, weekdays, allows_extra_sessions, tended_on, assigned_by)
  values
    (v_enrolment.id, v_patient.organization_id, v_patient.patient_profile_id, v_version.scope_id, v_version.treatment_plan_id, v_version.id,
     v_enrolment.patient_service_plan_id, assign_treatment_plan.form_template_id, assign_treatment_plan.starts_on,
     coalesce(assign_treatment_plan.ends_on, v_last),
     array(select distinct day from unnest(assign_treatment_plan.weekdays) as day order by day), assign_treatment_plan.allows_extra_sessions,
     app_private.today_at(v_patient.organization_id), app_private.current_actor_id())
  returning * into v_enrolment;
  perform app_private.schedule_sessions(v_enrolment, 1, v_enrolment.starts_on);
  perform app_private.request_videos(v_enrolment);
  perform app_private.remember('assign_treatment_plan', to_jsonb(v_enrolment));
  return v_enrolment;
end;
$$;

comment on function app_public.assign_treatment_plan is
  E'@arg versionId An approved version of a treatment plan.\n'
  '@arg startsOn From which day, by the clock of the clinic.\n'
  '@arg weekdays On which days sessions can be due: 1 is Monday, 7 is Sunday.\n'
  '@arg endsOn The last day; without one, the day on which the last session is due.\n'
  '@arg formTemplateId A form that is asked after each session at home.\n'
  '@arg allowsExtraSessions Whether the patient may do sessions that are not due.\n'
  '@arg patientServicePlanId The service plan of the patient that it is counted to; without one, the one that lapses first.\n'
  'Assigns a treatment plan to a patient; its sessions get their days. Needs treatment_plans.assign. NOT_FOUND; STATE version_not_approved; '
  'ENTITLEMENT_EXHAUSTED nothing_left, not_in_a_plan; CONFLICT treatment_plan_already_assigned; VALIDATION.';
grant execute on function app_public.assign_treatment_plan to app_member;

reset role;

-- What is retired meanwhile waits for whoever assigns it, or is seen by them.
create or replace function app_private.version_to_assign(patient app_public.patients, version_id uuid)
returns app_public.treatment_plan_versions
language plpgsql volatile
set search_path = ''
as $$
declare
  v_version app_public.treatment_plan_versions;
begin
  select versions.* into v_version
  from app_public.treatment_plan_versions as versions
  join app_public.treatment_plans as plans on plans.scope_id = versions.scope_id and plans.id = versions.treatment_plan_id
  where versions.id = version_to_assign.version_id
    and versions.scope_id in (patient.organization_id, '00000000-0000-0000-0000-000000000000')
    and coalesce(plans.patient_profile_id = patient.patient_profile_id, true)
  for share of versions;
  if not found then
    perform app_hidden.refuse('NOT_FOUND', 'treatment_plan_not_found');
  elsif v_version.status <> 'approved' then
    perform app_hidden.refuse('STATE', 'version_not_approved', jsonb_build_object('status', v_version.status));
  end if;
  return v_version;
end;
$$;

comment on function app_private.version_to_assign is
  'An approved version of a plan of the clinic, of this patient, or of the platform, locked; NOT_FOUND treatment_plan_not_found, STATE version_not_approved.';
grant execute on function app_private.version_to_assign to app_engine;

-- Where a service plan of the patient counts assignments one is used. Where none does, sessions from home have to be open to the patient
-- all the same: by a plan that does not count, by hand, or since the clinic makes them free (CAT-08).
create or replace function app_private.count_treatment_assignment(
  patient app_public.patients, enrolment_id uuid, patient_service_plan_id uuid
) returns uuid
language plpgsql volatile
set search_path = ''
as $$
declare
  v_entitlement app_public.patient_entitlements;
begin
  perform app_private.settle_patient_plans(patient.organization_id, patient.patient_profile_id);
  v_entitlement := app_private.usable_entitlement(
    patient.organization_id, patient.patient_profile_id, 'treatment_plan_assignments',
    patient_service_plan_id => count_treatment_assignment.patient_service_plan_id);
  if v_entitlement.id is null and count_treatment_assignment.patient_service_plan_id is null
    and app_hidden.has_access(patient.organization_id, patient.id, 'telerehab_access') then
    return null;
  end if;
  perform app_private.debit_entitlement(
    patient.organization_id, patient.patient_profile_id, 'treatment_plan_assignments', 'patient_treatment_plan', enrolment_id,
    patient_service_plan_id => count_treatment_assignment.patient_service_plan_id);
  return v_entitlement.patient_service_plan_id;
end;
$$;

comment on function app_private.count_treatment_assignment is
  'Uses one assignment of a service plan of the patient, and says of which; null where none counts them and sessions from home are open. '
  'ENTITLEMENT_EXHAUSTED otherwise.';
grant execute on function app_private.count_treatment_assignment to app_engine;

create or replace function app_private.last_due_on(
  version app_public.treatment_plan_versions, organization_id uuid, starts_on date, weekdays int[]
) returns date
language plpgsql stable
set search_path = ''
as $$
declare
  v_due date[];
begin
  if not coalesce(cardinality(weekdays) > 0 and weekdays <@ '{1,2,3,4,5,6,7}', false) then
    perform app_hidden.refuse('VALIDATION', 'weekdays_not_valid', '{"field": "weekdays"}');
  elsif not coalesce(last_due_on.starts_on >= app_private.today_at(last_due_on.organization_id), false) then
    perform app_hidden.refuse('VALIDATION', 'already_past', '{"field": "startsOn"}');
  end if;
  v_due := app_private.due_dates(last_due_on.starts_on, last_due_on.weekdays, array(
    select (listed.value ->> 'afterDays')::int
    from jsonb_array_elements(version.sessions_snapshot) with ordinality as listed (value, number)
    order by listed.number));
  return v_due[cardinality(v_due)];
end;
$$;

comment on function app_private.last_due_on is
  'When the last session is due; VALIDATION weekdays_not_valid, or already_past for a start before today.';
grant execute on function app_private.last_due_on to app_engine;
-- end of source: functions/treatment/assign_treatment_plan.sql

-- source: functions/treatment/migrate_treatment_plan.sql
-- A patient's plan goes to another version of the same treatment plan, because somebody says so and why. What was done or missed stays as
-- it was; the sessions that are left are the new version's, from the next one on. EXE-01.

set role app_engine;

create or replace function app_public.migrate_treatment_plan(patient_treatment_plan_id uuid, version_id uuid, reason text)
returns app_public.patient_treatment_plans
language plpgsql volatile strict security definer
set search_path = ''
as $$
declare
  v_enrolment app_public.patient_treatment_plans := app_private.locked_enrolment(migrate_treatment_plan.patient_treatment_plan_id);
  v_reason text := app_private.require_reason(migrate_treatment_plan.reason);
  v_version app_public.treatment_plan_versions;
  v_next int;
  v_first_on date;
  v_appointments uuid[];
begin
  select version.* into v_version
  from app_public.patients
  cross join lateral app_private.version_to_assign(patients, migrate_treatment_plan.version_id) as version
  where patients.organization_id = v_enrolment.organization_id and patients.patient_profile_id = v_enrolment.patient_profile_id;
  if v_version.treatment_plan_id <> v_enrolment.treatment_plan_id then
    perform app_hidden.refuse('NOT_FOUND', 'treatment_plan_not_found');
  elsif v_enrolment.status <> 'active' then
    perform app_hidden.refuse('STATE', 'treatment_plan_not_active', jsonb_build_object('status', v_enrolment.status));
  elsif v_version.id = v_enrolment.version_id then
    return v_enrolment;
  elsif exists (
    select from app_public.patient_sessions as sessions
    where sessions.organization_id = v_enrolment.organization_id and sessions.patient_treatment_plan_id = v_enrolment.id
      and sessions.status = 'started'
  ) then
    perform app_hidden.refuse('STATE', 'session_under_way');
  end if;

  select coalesce(max(sessions.position) filter (where sessions.status in ('completed', 'missed') and not sessions.is_extra), 0) + 1,
         greatest(min(sessions.due_on) filter (where sessions.status = 'due'), app_private.today_at(v_enrolment.organization_id)),
         array_agg(sessions.appointment_id order by sessions.position) filter (where sessions.status = 'due' and sessions.appointment_id is not null)
  into v_next, v_first_on, v_appointments
  from app_public.patient_sessions as sessions
  where sessions.organization_id = v_enrolment.organization_id and sessions.patient_treatment_plan_id = v_enrolment.id;
  perform app_private.cancel_open_sessions(v_enrolment);
  insert into app_public.treatment_plan_moves
    (organization_id, patient_treatment_plan_id, plan_scope_id, from_version_id, to_version_id, reason, moved_by, moved_at)
  values (v_enrolment.organization_id, v_enrolment.id, v_enrolment.plan_scope_id, v_enrolment.version_id, v_version.id, v_reason,
          app_private.current_actor_id(), app_hidden.now());
  v_enrolment.version_id := v_version.id;
  perform app_private.schedule_sessions(v_enrolment, v_next, v_first_on);
  perform app_private.link_sessions(v_enrolment, v_appointments);
  perform app_private.request_videos(v_enrolment);
  update app_public.patient_treatment_plans as enrolments
  set version_id = v_version.id, ends_on = greatest(enrolments.ends_on, app_private.last_session_on(v_enrolment))
  where enrolments.id = v_enrolment.id;
  return app_private.settle_enrolment(v_enrolment);
end;
$$;

comment on function app_public.migrate_treatment_plan is
  E'@arg versionId An approved version of the same treatment plan.\n'
  'Moves a patient''s treatment plan to another version, from the next session on; it is kept who did and why. Needs treatment_plans.assign. '
  'NOT_FOUND; STATE version_not_approved, treatment_plan_not_active, session_under_way.';
grant execute on function app_public.migrate_treatment_plan to app_member;

reset role;

create or replace function app_private.cancel_open_sessions(enrolment app_public.patient_treatment_plans) returns void
language sql volatile
set search_path = ''
begin atomic
  update app_public.patient_sessions as sessions set status = 'cancelled', appointment_id = null
  where sessions.organization_id = (enrolment).organization_id and sessions.patient_treatment_plan_id = (enrolment).id
    and sessions.status in ('due', 'started');
end;

comment on function app_private.cancel_open_sessions is 'No session of a patient''s plan is asked for any more; appointments stand.';
grant execute on function app_private.cancel_open_sessions to app_engine;

-- What was booked for sessions that are no longer asked for is for those that take their place.
create or replace function app_private.link_sessions(enrolment app_public.patient_treatment_plans, appointment_ids uuid[]) returns void
language sql volatile
set search_path = ''
begin atomic
  with open as (
    select sessions.id, row_number() over (order by sessions.position) as place
    from app_public.patient_sessions as sessions
    where sessions.organization_id = (enrolment).organization_id and sessions.patient_treatment_plan_id = (enrolment).id
      and sessions.place = 'clinic' and sessions.status = 'due' and sessions.appointment_id is null
  )
  update app_public.patient_sessions as sessions set appointment_id = appointment_ids[open.place]
  from open
  where sessions.id = open.id and open.place <= cardinality(appointment_ids);
end;

comment on function app_private.link_sessions is
  'Links appointments of the patient, in their order, to the next sessions in the clinic that have none. The caller has locked the plan.';
grant execute on function app_private.link_sessions to app_engine;

create or replace function app_private.last_session_on(enrolment app_public.patient_treatment_plans) returns date
language sql stable
set search_path = ''
return (
  select max(sessions.due_on) from app_public.patient_sessions as sessions
  where sessions.organization_id = (enrolment).organization_id and sessions.patient_treatment_plan_id = (enrolment).id
    and sessions.status <> 'cancelled' and not sessions.is_extra);

comment on function app_private.last_session_on is 'When the last session of a patient''s plan is due.';
grant execute on function app_private.last_session_on to app_engine;

-- With its last session a plan is complete: whoever closes a session asks.
create or replace function app_private.settle_enrolment(enrolment app_public.patient_treatment_plans)
returns app_public.patient_treatment_plans
language plpgsql volatile
set search_path = ''
as $$
declare
  v_enrolment app_public.patient_treatment_plans;
begin
  update app_public.patient_treatment_plans as enrolments set status = 'completed'
  where enrolments.organization_id = enrolment.organization_id and enrolments.id = enrolment.id and enrolments.status = 'active'
    and not exists (
      select from app_public.patient_sessions as sessions
      where sessions.organization_id = enrolments.organization_id and sessions.patient_treatment_plan_id = enrolments.id
        and sessions.status in ('due', 'started') and not sessions.is_extra);
  select enrolments.* into strict v_enrolment
  from app_public.patient_treatment_plans as enrolments
  where enrolments.organization_id = enrolment.organization_id and enrolments.id = enrolment.id;
  return v_enrolment;
end;
$$;

comment on function app_private.settle_enrolment is 'Completes a patient''s plan that goes on with no session left to do; it as it is now.';
grant execute on function app_private.settle_enrolment to app_engine;
-- end of source: functions/treatment/migrate_treatment_plan.sql

-- source: functions/treatment/tg_appointments__settle_treatment_session.sql
-- What becomes of an appointment becomes of the session that takes place in it: it is done with it; called off, it is open again; where the
-- session of a service plan is kept, as was promised at booking, it is used up here as well. An appointment that is reinstated opens what it
-- had used up. EXE-04, APT-03.

set role app_engine;

create or replace function app_private.tg_appointments__settle_treatment_session() returns trigger
language plpgsql security definer
set search_path = ''
as $$
declare
  v_session app_public.patient_sessions;
  v_kept boolean := new.excuse_reason is null and case new.status
    when 'noshow' then new.no_show_session = 'kept'
    when 'cancelled' then coalesce(new.is_late_cancellation, false) and new.late_cancel_session = 'kept'
    else false end;
begin
  select sessions.* into v_session
  from app_public.patient_sessions as sessions
  where sessions.organization_id = new.organization_id and sessions.appointment_id = new.id;
  if not found then
    return null;
  end if;
  v_session := app_private.lock_session(v_session);
  if v_session.patient_profile_id <> new.patient_profile_id
    or v_session.status not in ('due', 'missed')
    or new.status = 'booked' and v_session.status <> 'missed' then
    return null;
  end if;
  if new.status in ('done', 'booked') or v_kept then
    update app_public.patient_sessions as sessions set
      status = case new.status when 'done' then 'completed' when 'booked' then 'due' else 'missed' end,
      completed_at = case new.status when 'done' then app_hidden.now() end
    where sessions.id = v_session.id;
  else
    update app_public.patient_sessions as sessions set appointment_id = null
    where sessions.id = v_session.id;
  end if;
  perform app_private.settle_enrolment(enrolments)
  from app_public.patient_treatment_plans as enrolments
  where enrolments.organization_id = v_session.organization_id and enrolments.id = v_session.patient_treatment_plan_id;
  return null;
end;
$$;

comment on function app_private.tg_appointments__settle_treatment_session is
  'Settles the session of a treatment plan that takes place in an appointment. Trigger _400_settle_treatment_session.';

reset role;

create or replace trigger _400_settle_treatment_session after update of status on app_public.appointments
  for each row
  when (old.status <> new.status and new.status in ('done', 'cancelled', 'noshow', 'booked'))
  execute function app_private.tg_appointments__settle_treatment_session();

-- An appointment on the wrong chart was no session of its patient. A plan that has ended meanwhile stays as it is.
create or replace function app_private.free_treatment_session(appointment app_public.appointments) returns void
language plpgsql volatile
set search_path = ''
as $$
declare
  v_session app_public.patient_sessions;
begin
  select sessions.* into v_session
  from app_public.patient_sessions as sessions
  where sessions.organization_id = appointment.organization_id and sessions.appointment_id = appointment.id;
  if not found then
    return;
  end if;
  v_session := app_private.lock_session(v_session);
  -- Another transaction may have freed it, or linked it elsewhere, before the lock was had.
  if v_session.appointment_id is distinct from appointment.id then
    return;
  end if;
  update app_public.patient_sessions as sessions set appointment_id = null where sessions.id = v_session.id;
  update app_public.patient_sessions as sessions set status = 'due', completed_at = null
  from app_public.patient_treatment_plans as enrolments
  where sessions.id = v_session.id and sessions.status <> 'due'
    and enrolments.organization_id = sessions.organization_id and enrolments.id = sessions.patient_treatment_plan_id
    and enrolments.status in ('active', 'paused');
end;
$$;

comment on function app_private.free_treatment_session is
  'Opens the session of a treatment plan that was to take place, or took place, in an appointment: what comes of that is no matter of it any more.';
grant execute on function app_private.free_treatment_session to app_engine;
-- end of source: functions/treatment/tg_appointments__settle_treatment_session.sql

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
  v_changed app_public.appointments;
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
  -- A session of the wrong one goes back to their plan; the right one uses one of theirs, or it is paid for.
  v_changed := v_appointment;
  v_changed.patient_service_plan_id := null;
  if v_appointment.plan_session_number is not null then
    v_changed := app_private.session_for(v_appointment, false);
    v_changed.patient_profile_id := v_person.id;
    v_changed.patient_service_plan_id := app_private.choose_plan(v_changed, null);
    if v_changed.patient_service_plan_id is not null then
      v_changed := app_private.use_session(v_changed);
    end if;
  end if;
  update app_public.appointments set
    patient_profile_id = v_person.id,
    patient_service_plan_id = v_changed.patient_service_plan_id,
    plan_session_number = v_changed.plan_session_number,
    price_amount = v_changed.price_amount,
    currency = v_changed.currency,
    contact_email = case when appointments.booking_request_id is null then v_person.email else appointments.contact_email end,
    contact_name = case when appointments.booking_request_id is null then v_person.given_name || ' ' || v_person.family_name
                     else appointments.contact_name end,
    locale = case when appointments.booking_request_id is null then v_person.locale else appointments.locale end
  where appointments.id = v_appointment.id
  returning * into v_appointment;
  insert into app_public.appointment_transfers
    (organization_id, appointment_id, patient_profile_id, from_profile_id, reason, moved_by)
  values (v_appointment.organization_id, v_appointment.id, v_person.id, v_from_id, v_reason, app_private.current_actor_id());

  perform app_private.free_treatment_session(v_appointment);
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

-- source: functions/rules/rule_part.sql
-- A rule, or a part of one, as SQL. SEG-02, SEG-03. What is missing makes a comparison null, which the condition of a query does
-- not take; below "not" null is made false first, so that it is the plain complement. Of several parts the cheap ones stand
-- first: PostgreSQL asks them in this order within "or", and compile_rule() makes stages of those of the outermost "all".

create or replace function app_private.rule_part(
  organization_id uuid, node jsonb, event_name text, collection text, parameters jsonb
) returns app_private.rule_part
language plpgsql stable
set search_path = ''
as $$
declare
  v_result app_private.rule_part;
  v_part app_private.rule_part;
  v_parts app_private.rule_part[] := '{}';
  v_inner jsonb;
begin
  if node ? 'field' then
    return app_private.rule_part_of_field(
      rule_part.organization_id, node, rule_part.event_name, rule_part.collection, parameters);
  elsif node ? 'count' then
    return app_private.rule_part_of_count(rule_part.organization_id, node, rule_part.event_name, parameters);
  elsif node ? 'segment' then
    return row(
      'exists (select from app_public.segment_members as m where m.organization_id = $1 and m.segment_id = ($3 ->> '
        || jsonb_array_length(parameters) || ')::uuid and m.patient_id = p.id and m.left_at is null)',
      null, '{}'::text[], 1, parameters || jsonb_build_array(node -> 'segment'), array['segment:' || app_hidden.ascii_lower(node ->> 'segment')], '{}')::app_private.rule_part;
  elsif node ? 'not' then
    v_result := app_private.rule_part(rule_part.organization_id, node -> 'not', rule_part.event_name, rule_part.collection, parameters);
    v_result.condition_sql := '(' || v_result.condition_sql || ' is not true)';
    v_result.value_sql := null;
    return v_result;
  end if;

  for v_inner in select value from jsonb_array_elements(coalesce(node -> 'all', node -> 'any')) loop
    v_part := app_private.rule_part(rule_part.organization_id, v_inner, rule_part.event_name, rule_part.collection, parameters);
    parameters := v_part.parameters;
    v_parts := v_parts || v_part;
  end loop;
  select
    coalesce('(' || string_agg(part.condition_sql, case when node ? 'all' then ' and ' else ' or ' end order by part.cost, part.ordinality) || ')',
             case when node ? 'all' then 'true' else 'false' end),
    coalesce(max(part.cost), 0)
  into v_result.condition_sql, v_result.cost
  from unnest(v_parts) with ordinality as part;
  v_result.turns_sql := array(select turn from unnest(v_parts) as part cross join lateral unnest(part.turns_sql) as turn);
  v_result.depends := array(select distinct code from unnest(v_parts) as part cross join lateral unnest(part.depends) as code order by code);
  v_result.reads := array(select read from unnest(v_parts) as part cross join lateral unnest(part.reads) as read);
  v_result.parameters := parameters;
  return v_result;
end;
$$;

comment on function app_private.rule_part is 'A part of a rule as SQL, with the parameters so far.';
grant execute on function app_private.rule_part to app_engine;

-- How many rows of a collection a patient has. "At least one" and "none" stop at the first.
create or replace function app_private.rule_part_of_count(organization_id uuid, node jsonb, event_name text, parameters jsonb)
returns app_private.rule_part
language plpgsql stable
set search_path = ''
as $$
declare
  v_collection app_private.rule_collections;
  v_where app_private.rule_part;
  v_within app_private.rule_operand;
  v_operand app_private.rule_operand;
  v_operator app_private.rule_operators;
  v_rows text;
  v_counted text;
  v_is_met text;
  v_read app_private.rule_read;
  v_result app_private.rule_part;
  v_value constant numeric := case jsonb_typeof(node -> 'value') when 'number' then (node -> 'value')::numeric end;
begin
  select collections.* into strict v_collection
  from app_private.rule_collections as collections where collections.code = node #>> '{count,of}';
  select operators.* into strict v_operator
  from app_private.rule_operators as operators where operators.type = 'number' and operators.code = node ->> 'operator';

  v_where := app_private.rule_part(
    rule_part_of_count.organization_id, coalesce(node #> '{count,where}', '{"all": []}'), rule_part_of_count.event_name, v_collection.code, parameters);
  v_within := app_private.rule_within(node #> '{count,within}', v_collection.time_sql, v_where.parameters);
  v_rows := ' from ' || v_collection.table_name || ' as r where r.organization_id = $1 and ' || v_collection.person_sql;
  v_is_met := v_within.a || ' and ' || v_where.condition_sql;
  v_counted := v_rows || ' and ' || v_is_met;
  v_operand := app_private.rule_operand('number', v_operator.operand, node -> 'value', v_within.parameters);

  v_result.value_sql := '(select count(*)' || v_counted || ')';
  v_read.rows_sql := v_rows;
  v_read.read_sql := 'count(*) filter (where ' || v_is_met || ')';
  if node ->> 'operator' = 'at_least' and v_value = 1 or node ->> 'operator' = 'greater' and v_value = 0 then
    v_read.asked := '(exists (select' || v_counted || '))';
    v_read.read_sql := v_read.read_sql || ' > 0';
    v_result.condition_sql := v_read.asked;
  elsif node ->> 'operator' in ('is', 'at_most') and v_value = 0 or node ->> 'operator' = 'less' and v_value = 1 then
    v_read.asked := '(not exists (select' || v_counted || '))';
    v_read.read_sql := v_read.read_sql || ' = 0';
    v_result.condition_sql := v_read.asked;
  else
    v_read.asked := v_result.value_sql;
    v_result.condition_sql :=
      '(' || replace(replace(replace(v_operator.condition_sql, '{v}', v_result.value_sql), '{a}', v_operand.a), '{b}', v_operand.b) || ')';
  end if;
  v_result.reads := array[v_read];
  v_result.turns_sql := '{}';
  if v_within.b is not null or cardinality(v_where.turns_sql) > 0 then
    v_read.read_sql := 'min(least(' || array_to_string(array_remove(v_within.b || v_where.turns_sql, null), ', ') || '))';
    v_read.asked := '(select ' || v_read.read_sql || v_rows || ')';
    v_result.turns_sql := array[v_read.asked];
    v_result.reads := v_result.reads || v_read;
  end if;
  v_result.cost := 3;
  v_result.parameters := v_operand.parameters;
  v_result.depends := array(
    select distinct code from unnest(v_where.depends || v_collection.source || case when node #> '{count,within}' is not null then array['clinic'] else '{}' end) as code order by code);
  return v_result;
end;
$$;

comment on function app_private.rule_part_of_count is 'A count of a collection as SQL.';
grant execute on function app_private.rule_part_of_count to app_engine;

-- The time in which rows are counted: in a the condition, in b when a row comes in or goes out by itself.
create or replace function app_private.rule_within(within jsonb, time_sql text, parameters jsonb) returns app_private.rule_operand
language plpgsql immutable
set search_path = ''
as $$
declare
  v_place constant int := jsonb_array_length(parameters);
  v_days constant text := '($3 ->> ' || v_place || ')::int';
  v_from constant text := case
    when within ? 'from' then '($3 #>> ''{' || v_place || ',from}'')::date'
    when within ? 'days' then '{today} - ' || v_days
    else '{today}'
  end;
  -- The first day that is no longer in it.
  v_end constant text := case
    when within ? 'from' then '($3 #>> ''{' || v_place || ',to}'')::date + 1'
    when within ? 'days' then '{today} + 1'
    else '{today} + ' || v_days || ' + 1'
  end;
  v_day constant text := '((' || time_sql || ') at time zone {zone})::date';
  v_turning constant text[] := case
    when within ? 'days' then array[v_day, v_day || ' + ' || v_days || ' + 1']
    when within ? 'next_days' then array[v_day || ' - ' || v_days, v_day || ' + 1']
  end;
begin
  if within is null then
    return row('true', null, parameters)::app_private.rule_operand;
  end if;
  return row(
    -- Instants are compared, so that an index over them serves.
    app_private.rule_sql(time_sql || ' >= ((' || v_from || ')::timestamp at time zone {zone}) and '
      || time_sql || ' < ((' || v_end || ')::timestamp at time zone {zone})'),
    app_private.rule_sql(app_private.rule_turn(v_turning)),
    parameters || jsonb_build_array(case when within ? 'from' then within else coalesce(within -> 'days', within -> 'next_days') end)
  )::app_private.rule_operand;
end;
$$;

comment on function app_private.rule_within is 'A window of time as SQL.';
grant execute on function app_private.rule_within to app_engine;
-- end of source: functions/rules/rule_part.sql

-- source: functions/rules/rule_part_of_field.sql
-- A comparison as SQL. SEG-02. The text is made of the catalog's words alone: what the author wrote, and what their clinic calls
-- its fields, stands in the parameters, and the text says at which place.

create or replace function app_private.rule_part_of_field(
  organization_id uuid, node jsonb, event_name text, collection text, parameters jsonb
) returns app_private.rule_part
language plpgsql stable
set search_path = ''
as $$
declare
  v_term app_private.rule_term;
  v_operator app_private.rule_operators;
  v_part app_private.rule_part;
  v_key record;
  v_value text;
  v_operand app_private.rule_operand;
  v_days text;
begin
  select terms.* into v_term
  from app_private.rule_terms(rule_part_of_field.organization_id, rule_part_of_field.event_name, node ->> 'field') as terms
  where terms.collection is not distinct from rule_part_of_field.collection;
  select operators.* into v_operator
  from app_private.rule_operators as operators
  where operators.type = v_term.type and operators.code = node ->> 'operator';
  if v_term.code is null or v_operator.code is null then
    raise exception 'a rule that was not checked: %', node;
  end if;

  v_value := v_term.value_sql;
  for v_key in select listed.value, listed.ordinality - 1 as place from jsonb_array_elements(v_term.keys) with ordinality as listed loop
    v_value := replace(v_value, '{k' || v_key.place || '}', '($3 ->> ' || jsonb_array_length(parameters) || ')');
    v_term.turns_sql := replace(v_term.turns_sql, '{k' || v_key.place || '}', '($3 ->> ' || jsonb_array_length(parameters) || ')');
    parameters := parameters || jsonb_build_array(v_key.value);
  end loop;

  v_operand := app_private.rule_operand(v_term.type, v_operator.operand, node -> 'value', parameters);
  v_days := replace(replace(v_operator.turning_days, '{v}', '(' || v_value || ')'), '{a}', v_operand.a);
  v_part.value_sql := app_private.rule_sql(v_value);
  v_part.condition_sql := '(' || app_private.rule_sql(
    replace(replace(replace(v_operator.condition_sql, '{v}', '(' || v_value || ')'), '{a}', v_operand.a), '{b}', v_operand.b)) || ')';
  v_part.turns_sql := array_remove(array[
    app_private.rule_sql(v_term.turns_sql),
    app_private.rule_sql(app_private.rule_turn(string_to_array(v_days, '; ')))], null);
  v_part.reads := case when v_term.cost > 0 and rule_part_of_field.collection is null
    then array[row(v_part.value_sql, null, v_part.value_sql)::app_private.rule_read] else '{}' end;
  v_part.cost := v_term.cost;
  v_part.parameters := v_operand.parameters;
  v_part.depends := v_term.depends || case when v_days is not null then array['clinic'] else '{}' end;
  return v_part;
end;
$$;

comment on function app_private.rule_part_of_field is 'A comparison of a field as SQL.';
grant execute on function app_private.rule_part_of_field to app_engine;

-- The words that the catalog leaves open. What is asked once of the clinic stands in a query of its own, so that it runs once.
create or replace function app_private.rule_sql(text) returns text
language sql immutable strict
set search_path = ''
return replace(replace(replace($1,
  '{today}', '(select app_private.rule_today($1))'), '{zone}', '(select app_private.rule_zone($1))'), '{now}', 'app_hidden.now()');

comment on function app_private.rule_sql is 'SQL of the catalog with the clinic''s day and zone, and the present.';
grant execute on function app_private.rule_sql to app_engine;

-- What stands on the other side of a comparison, and the parameters with it. Texts are folded here, once.
create or replace function app_private.rule_operand(type text, operand text, value jsonb, parameters jsonb) returns app_private.rule_operand
language plpgsql immutable
set search_path = ''
as $$
declare
  v_place constant int := jsonb_array_length(parameters);
  v_cast constant text := case when operand = 'days' then '::int' else case type when 'number' then '::numeric' when 'date' then '::date' when 'boolean' then '::boolean' else '' end end;
  v_result app_private.rule_operand;
begin
  v_result.a := '';
  v_result.b := '';
  if operand = 'none' then
    v_result.parameters := parameters;
    return v_result;
  end if;
  if type = 'text' then
    value := case operand
      when 'list' then (select jsonb_agg(app_hidden.search_text(listed.value)) from jsonb_array_elements_text(value) as listed)
      else to_jsonb(app_hidden.search_text(value #>> '{}'))
    end;
  end if;
  case operand
    when 'range' then
      v_result.a := '($3 #>> ''{' || v_place || ',0}'')' || v_cast;
      v_result.b := '($3 #>> ''{' || v_place || ',1}'')' || v_cast;
    when 'list' then
      v_result.a := 'array(select jsonb_array_elements_text($3 -> ' || v_place || '))';
    else
      v_result.a := '($3 ->> ' || v_place || ')' || v_cast;
  end case;
  v_result.parameters := parameters || jsonb_build_array(value);
  return v_result;
end;
$$;

comment on function app_private.rule_operand is 'What a field is compared with, as SQL over the parameters.';
grant execute on function app_private.rule_operand to app_engine;
-- end of source: functions/rules/rule_part_of_field.sql

-- source: functions/automation/automation_choices.sql
-- What the configs of actions can name, by the code that stands in a schema as x-choices or x-inserts: what the checks of the actions
-- pass, so that what is offered can be saved. AUT-01, AUT-02.

create or replace function app_private.automation_choices(organization_id uuid, list text)
returns table (value text, label_ro text, label_en text)
language sql stable
set search_path = ''
as $$
  select form_templates.id::text, form_templates.name, form_templates.name
  from app_public.form_templates
  where list = 'form_templates' and form_templates.organization_id = automation_choices.organization_id and form_templates.published
  union all
  select purposes.code, purposes.name_ro, purposes.name
  from app_public.consent_purposes as purposes
  where list = 'consent_purposes' and purposes.scope = 'organization'
    and purposes.scope_id in (automation_choices.organization_id, '00000000-0000-0000-0000-000000000000')
    and (app_private.current_consent_version(automation_choices.organization_id, purposes.code)).id is not null
  union all
  select calendars.id::text, calendars.name, calendars.name
  from app_public.calendars
  where list = 'calendars' and calendars.organization_id = automation_choices.organization_id
    and calendars.is_active and calendars.deleted_at is null
  union all
  select segments.id::text, segments.name, segments.name
  from app_public.segments
  where list = 'segment_lists' and segments.organization_id = automation_choices.organization_id
    and segments.kind = 'list' and segments.deleted_at is null
  union all
  select choice ->> 'value', choice ->> 'ro', choice ->> 'en'
  from jsonb_array_elements(app_private.rule_choices(automation_choices.organization_id, list)) as choice
  where list in ('services', 'specialists')
  union all
  select permissions.name, permissions.description_ro, permissions.description
  from app_public.permissions
  where list = 'permissions'
  union all
  select known.code, known.label_ro, known.label_en
  from app_private.automation_actions as known
  where list = 'actions' and known.code <> 'schedule_action'
  union all
  select reasons.value, reasons.label_ro, reasons.label_en
  from app_private.automation_reasons() as reasons
  where list = 'reasons'
  union all
  select named.variable, coalesce(words.ro, named.variable), coalesce(words.en, named.variable)
  from app_private.message_types
  cross join lateral unnest(app_private.printable_variables(message_types.variables, substr(list, 11))) as named (variable)
  left join (values
    ('recipientName', 'numele celui care primește', 'name of who receives it'),
    ('patientName', 'numele pacientului', 'name of the patient'),
    ('clinicName', 'numele clinicii', 'name of the clinic'),
    ('clinicPhone', 'telefonul clinicii', 'phone of the clinic'),
    ('clinicEmail', 'e-mailul clinicii', 'mail of the clinic'),
    ('clinicAddress', 'adresa clinicii', 'address of the clinic'),
    ('serviceName', 'serviciul programat', 'service of the appointment'),
    ('specialistName', 'specialistul programării', 'specialist of the appointment'),
    ('when', 'data și ora programării', 'date and hour of the appointment'),
    ('askedUrl', 'adresa la care găsește ce i se cere', 'address of what is asked of them'),
    ('bookingUrl', 'adresa paginii programării', 'address of the booking''s page')
  ) as words (variable, ro, en) on words.variable = named.variable
  where list like 'variables\_%' and message_types.key = 'automation_' || substr(list, 11)
    -- They hold or do not, and print nothing by themselves.
    and named.variable not in ('inPerson', 'video', 'phone')
$$;

comment on function app_private.automation_choices is 'What a config can name, by the code of the list.';
grant execute on function app_private.automation_choices to app_engine;
-- end of source: functions/automation/automation_choices.sql

-- source: functions/automation/create_automation.sql
-- A clinic makes an automation. AUT-01.

set role app_engine;

create or replace function app_public.create_automation(
  organization_id uuid,
  name text,
  event_name text,
  actions jsonb,
  conditions jsonb default '{"all": []}',
  is_enabled boolean default true,
  most_per_day int default 10,
  most_ever int default null
) returns app_public.automation_rules
language plpgsql volatile security definer
set search_path = ''
as $$
begin
  perform app_private.require_permission(create_automation.organization_id, 'automations.manage');
  return app_private.add_automation(
    create_automation.organization_id, create_automation.name, create_automation.event_name, create_automation.actions,
    create_automation.conditions, coalesce(create_automation.is_enabled, true), create_automation.most_per_day,
    create_automation.most_ever);
end;
$$;

comment on function app_public.create_automation is
  E'@arg eventName What it begins with, one of automationBuilder.\n'
  '@arg actions A list of {action, config, after?, expires?}, done in this order; after: {minutes, hours, days, at}.\n'
  '@arg conditions A rule about the patient and the event; {"all": []} always holds.\n'
  '@arg isEnabled Whether it begins with new events at once.\n'
  '@arg mostPerDay How often it runs for one patient on one day, from 1 to 100.\n'
  '@arg mostEver How often it runs for one patient at all; null: as often as it happens.\n'
  'Makes an automation, the last in the order of the clinic. Needs automations.manage. VALIDATION automation_not_valid with the '
  'paths of all that is wrong; CONFLICT too_many_automations.';
grant execute on function app_public.create_automation to app_member;

reset role;

create or replace function app_private.add_automation(
  organization_id uuid,
  name text,
  event_name text,
  actions jsonb,
  conditions jsonb,
  is_enabled boolean,
  most_per_day int,
  most_ever int
) returns app_public.automation_rules
language plpgsql volatile
set search_path = ''
as $$
declare
  v_rule app_public.automation_rules;
  v_last int;
begin
  -- In the order of whoever edits one: automations, then the segments that they name.
  perform app_private.lock_automations(add_automation.organization_id);
  perform app_private.lock_named_segments(add_automation.organization_id, add_automation.conditions, add_automation.actions);
  perform app_private.require_automation(
    add_automation.organization_id, add_automation.event_name, add_automation.conditions, add_automation.actions);
  perform app_private.require_most(add_automation.most_per_day, add_automation.most_ever);
  select coalesce(max(automation_rules.position), 0) into v_last
  from app_public.automation_rules
  where automation_rules.organization_id = add_automation.organization_id;
  if v_last >= 100 then
    perform app_hidden.refuse('CONFLICT', 'too_many_automations', '{"most": 100}');
  end if;
  insert into app_public.automation_rules (organization_id, name, event_name, is_enabled, position)
  values (add_automation.organization_id, add_automation.name, add_automation.event_name, add_automation.is_enabled, v_last + 1)
  returning * into v_rule;
  perform app_private.add_automation_version(
    v_rule, add_automation.conditions, add_automation.actions, add_automation.most_per_day, add_automation.most_ever);
  return v_rule;
end;
$$;

comment on function app_private.add_automation is 'Makes an automation with its first version, the last in the order of the clinic.';
grant execute on function app_private.add_automation to app_engine;

create or replace function app_private.add_automation_version(
  rule app_public.automation_rules,
  conditions jsonb,
  actions jsonb,
  most_per_day int,
  most_ever int
) returns void
language sql volatile
set search_path = ''
begin atomic
  insert into app_public.automation_rule_versions
    (organization_id, automation_rule_id, version, conditions, actions, most_per_day, most_ever, created_by)
  values ((rule).organization_id, (rule).id, (rule).version, add_automation_version.conditions, add_automation_version.actions,
          add_automation_version.most_per_day, add_automation_version.most_ever, app_private.current_actor_id());
end;

comment on function app_private.add_automation_version is 'Writes what a rule does from now on.';
grant execute on function app_private.add_automation_version to app_engine;

create or replace function app_private.require_most(most_per_day int, most_ever int) returns void
language plpgsql stable
set search_path = ''
as $$
declare
  v_field text;
begin
  select substr(problem.path, 3) into v_field
  from app_private.config_problems(
    app_private.most_schema(),
    jsonb_strip_nulls(jsonb_build_object('mostPerDay', most_per_day, 'mostEver', most_ever))) as problem
  order by problem.path desc
  limit 1;
  if found then
    perform app_hidden.refuse('VALIDATION', 'most_out_of_bounds', jsonb_build_object(
      'field', v_field, 'most', app_private.most_schema() #> array['properties', v_field, 'maximum']));
  end if;
end;
$$;

comment on function app_private.require_most is 'VALIDATION most_out_of_bounds, naming the field.';
grant execute on function app_private.require_most to app_engine;

-- Whoever changes the order of a clinic's automations, or adds to it, does so alone.
create or replace function app_private.lock_automations(organization_id uuid) returns void
language sql volatile
set search_path = ''
begin atomic
  select pg_advisory_xact_lock(hashtextextended('automations:' || lock_automations.organization_id, 0));
end;

comment on function app_private.lock_automations is 'Locks the order of a clinic''s automations until the transaction ends.';
grant execute on function app_private.lock_automations to app_engine;
-- end of source: functions/automation/create_automation.sql

-- source: functions/automation/edit_automation.sql
-- Editing makes a version: what has begun ends by its own. AUT-01.

set role app_engine;

create or replace function app_public.edit_automation(
  automation_rule_id uuid,
  name text,
  actions jsonb,
  conditions jsonb default '{"all": []}',
  most_per_day int default 10,
  most_ever int default null,
  expected_revision int default null
) returns app_public.automation_rules
language plpgsql volatile security definer
set search_path = ''
as $$
declare
  v_rule app_public.automation_rules := app_private.own_automation(edit_automation.automation_rule_id);
  v_same boolean;
begin
  perform app_private.lock_named_segments(v_rule.organization_id, edit_automation.conditions, edit_automation.actions);
  perform app_private.require_automation(
    v_rule.organization_id, v_rule.event_name, edit_automation.conditions, edit_automation.actions);
  perform app_private.require_most(edit_automation.most_per_day, edit_automation.most_ever);
  select (versions.conditions, versions.actions, versions.most_per_day, versions.most_ever) is not distinct from
         (edit_automation.conditions, edit_automation.actions, edit_automation.most_per_day, edit_automation.most_ever)
  into strict v_same
  from app_public.automation_rule_versions as versions
  where versions.organization_id = v_rule.organization_id and versions.automation_rule_id = v_rule.id
    and versions.version = v_rule.version;
  update app_public.automation_rules set
    name = edit_automation.name,
    version = automation_rules.version + case when v_same then 0 else 1 end,
    revision = coalesce(edit_automation.expected_revision, automation_rules.revision)
  where automation_rules.id = v_rule.id
  returning * into v_rule;
  if not v_same then
    perform app_private.add_automation_version(
      v_rule, edit_automation.conditions, edit_automation.actions, edit_automation.most_per_day, edit_automation.most_ever);
  end if;
  return v_rule;
end;
$$;

comment on function app_public.edit_automation is
  E'@arg automationRuleId The automation, by its id.\n'
  '@arg actions A list of {action, config, after?, expires?}, done in this order; after: {minutes, hours, days, at}.\n'
  '@arg conditions A rule about the patient and the event; {"all": []} always holds.\n'
  '@arg mostPerDay How often it runs for one patient on one day, from 1 to 100.\n'
  '@arg mostEver How often it runs for one patient at all; null: as often as it happens.\n'
  'Changes what an automation does from the next event on; what has begun ends as it began. Unchanged, it makes no version. '
  'Needs automations.manage. NOT_FOUND; CONFLICT changed_meanwhile; VALIDATION automation_not_valid with the paths of all that is wrong.';
grant execute on function app_public.edit_automation to app_member;

reset role;

-- Under the lock of the clinic's automations, so that two who edit make two versions.
create or replace function app_private.own_automation(automation_rule_id uuid) returns app_public.automation_rules
language plpgsql volatile
set search_path = ''
as $$
declare
  v_rule app_public.automation_rules;
begin
  select automation_rules.* into v_rule
  from app_public.automation_rules
  where automation_rules.id = own_automation.automation_rule_id;
  -- What is not there is nobody's clinic: NOT_FOUND as for a stranger.
  perform app_private.require_permission(v_rule.organization_id, 'automations.manage');
  perform app_private.lock_automations(v_rule.organization_id);
  select automation_rules.* into v_rule
  from app_public.automation_rules
  where automation_rules.id = v_rule.id and automation_rules.removed_at is null;
  if not found then
    perform app_hidden.refuse('NOT_FOUND', 'not_found');
  end if;
  return v_rule;
end;
$$;

comment on function app_private.own_automation is
  'An automation that the caller may edit, with those of the clinic locked; NOT_FOUND for strangers, FORBIDDEN for a colleague without automations.manage.';
grant execute on function app_private.own_automation to app_engine;
-- end of source: functions/automation/edit_automation.sql

-- source: functions/consents/hold_account_consent.sql
-- The gate for what an account consents to at the platform, as hold_consents() for patients: the answers that stand are locked for share, so a
-- withdrawal stamps them after us. FND-17, TEL-06.

create or replace function app_private.hold_account_consent(human_id uuid, purpose text) returns boolean
language plpgsql volatile
set search_path = ''
as $$
begin
  perform from app_public.consents
  join app_public.consent_purpose_versions as given
    on given.scope_id = consents.version_scope_id and given.id = consents.purpose_version_id
  -- "offset 0" keeps the planner from asking once for each column that is read.
  cross join lateral (
    select app_private.current_consent_version(null, consents.purpose_code) as version offset 0
  ) as asked
  where consents.human_id = hold_account_consent.human_id
    and consents.purpose_code = hold_account_consent.purpose
    and consents.decision = 'granted'
    and consents.withdrawn_at is null
    and app_private.consent_stands(consents, given, asked.version)
  order by consents.id
  for share of consents;
  return found;
end;
$$;

comment on function app_private.hold_account_consent is
  'Whether an account''s consent to this purpose of the platform stands; locks it until the transaction ends.';
grant execute on function app_private.hold_account_consent to app_engine;
-- end of source: functions/consents/hold_account_consent.sql

-- source: functions/core/tg_revision.sql
-- Who saves what several people edit names the revision that they read: the last of two does not win unseen. SEG-01, AUT-01, DOC-01.
-- The column holds the revision that stands, and in an update the one that was read. An update that names none is of none in
-- particular. What stays as it was is no new revision. docs/decisions/0153.

create or replace function app_private.tg_revision() returns trigger
language plpgsql
set search_path = ''
as $$
begin
  if new.revision is distinct from old.revision then
    perform app_hidden.refuse('CONFLICT', 'changed_meanwhile');
  end if;
  if to_jsonb(new) - 'updated_at' <> to_jsonb(old) - 'updated_at' then
    new.revision := old.revision + 1;
  end if;
  return new;
end;
$$;

comment on function app_private.tg_revision is
  'CONFLICT changed_meanwhile where another revision was read than stands; counts the next. Trigger _200_revision.';
-- end of source: functions/core/tg_revision.sql

-- source: functions/documents/publish_pdf_template.sql
-- Publishing freezes what the draft of a template says, with the present version of each component that it names: documents are
-- made of it from then on, and those under way stay on theirs. What is published again unchanged is no new version. DOC-01.

set role app_engine;

create or replace function app_public.publish_pdf_template(template_id uuid) returns app_public.pdf_templates
language plpgsql volatile strict security definer
set search_path = ''
as $$
declare
  v_template app_public.pdf_templates;
begin
  select pdf_templates.* into v_template
  from app_public.pdf_templates
  where pdf_templates.id = publish_pdf_template.template_id;
  -- What is not there is nobody's clinic: NOT_FOUND as for a stranger.
  perform app_private.require_permission(v_template.organization_id, 'document_templates.manage');
  return app_private.publish_pdf(v_template.id);
end;
$$;

comment on function app_public.publish_pdf_template is
  'Publishes a template of documents as it is drafted, with the present versions of its letterhead, footer and signature. Needs '
  'document_templates.manage. Unchanged, it makes no new version.';
grant execute on function app_public.publish_pdf_template to app_member;

reset role;

create or replace function app_private.publish_pdf(template_id uuid) returns app_public.pdf_templates
language plpgsql volatile
set search_path = ''
as $$
declare
  v_template app_public.pdf_templates;
  v_version_id uuid;
begin
  -- Numbers are given under the lock of the template.
  select pdf_templates.* into strict v_template
  from app_public.pdf_templates
  where pdf_templates.id = publish_pdf.template_id
  for update;
  if not app_private.is_pdf_published_alike(v_template) then
    insert into app_public.pdf_template_versions
      (organization_id, template_id, number, kind, title, locale, editor_state, layout_config, published_by, published_at)
    values (v_template.organization_id, v_template.id, v_template.version + 1, v_template.kind, v_template.title, v_template.locale,
            v_template.editor_state, v_template.layout_config, app_private.current_actor_id(), app_hidden.now())
    returning id into v_version_id;
    insert into app_public.pdf_template_version_components (organization_id, version_id, component_id, component_version_id)
    select v_template.organization_id, v_version_id, named.component_id, named.component_version_id
    from app_private.components_named(v_template.organization_id, v_template.editor_state) as named;
    v_template.version := v_template.version + 1;
  end if;
  update app_public.pdf_templates set version = v_template.version, published = true
  where pdf_templates.id = v_template.id
  returning * into v_template;
  return v_template;
end;
$$;

comment on function app_private.publish_pdf is
  'Publishes a template of documents, whoever asks: the verb publish_pdf_template(), and the making of a clinic.';
grant execute on function app_private.publish_pdf to app_engine;

create or replace function app_private.components_named(organization_id uuid, editor_state jsonb)
returns table (component_id uuid, component_version_id uuid, editor_state jsonb)
language sql stable
set search_path = ''
begin atomic
  select version.component_id, version.id, version.editor_state
  from app_public.pdf_template_components as component
  join app_public.pdf_template_component_versions as version
    on version.organization_id = component.organization_id and version.component_id = component.id and version.number = component.version
  where component.organization_id = components_named.organization_id
    and component.id::text in (
      select named #>> '{}' from jsonb_path_query(components_named.editor_state, 'strict $.** ? (@.type() == "object" && exists(@.component)).component') as named);
end;

comment on function app_private.components_named is 'The components that a template names, with the present version of each.';
grant execute on function app_private.components_named to app_engine;

create or replace function app_private.is_pdf_published_alike(template app_public.pdf_templates) returns boolean
language sql stable
set search_path = ''
begin atomic
  select exists (
    select
    from app_public.pdf_template_versions as latest
    where latest.organization_id = (template).organization_id and latest.template_id = (template).id
      and latest.number = (template).version
      and (latest.title, latest.locale, latest.editor_state, latest.layout_config)
        = ((template).title, (template).locale, (template).editor_state, (template).layout_config)
      and array(
        select pinned.component_version_id
        from app_public.pdf_template_version_components as pinned
        where pinned.organization_id = latest.organization_id and pinned.version_id = latest.id
        order by pinned.component_version_id)
        = array(
        select named.component_version_id
        from app_private.components_named((template).organization_id, (template).editor_state) as named
        order by named.component_version_id));
end;

comment on function app_private.is_pdf_published_alike is 'Whether the last version of a template of documents says what its draft says, components included.';
grant execute on function app_private.is_pdf_published_alike to app_engine;
-- end of source: functions/documents/publish_pdf_template.sql

-- source: functions/exercises/active_plans_with_exercise.sql
-- How many plans of patients go on with an exercise: what archiving it asks. EXL-06.

create or replace function app_private.active_plans_with_exercise(exercise_id uuid) returns int
language sql stable strict
set search_path = ''
begin atomic
  select count(*)::int
  from app_public.patient_treatment_plans as assigned
  where assigned.status in ('active', 'paused') and exists (
    select from app_public.treatment_plan_exercises as listed
    where listed.scope_id = assigned.plan_scope_id and listed.version_id = assigned.version_id
      and listed.exercise_id = active_plans_with_exercise.exercise_id);
end;

comment on function app_private.active_plans_with_exercise is 'How many plans of patients that go on have an exercise.';
grant execute on function app_private.active_plans_with_exercise to app_engine;
-- end of source: functions/exercises/active_plans_with_exercise.sql

-- source: functions/exercises/exercise_to_write.sql
-- The exercise that a superadmin changes: who may, and the lock. Nobody else writes the library, whatever they may at a clinic. EXL-01, EXL-06.

create or replace function app_private.exercise_to_write(exercise_id uuid) returns app_public.exercises
language plpgsql volatile
set search_path = ''
as $$
declare
  v_exercise app_public.exercises;
begin
  if not app_hidden.is_superadmin() then
    perform app_hidden.refuse('FORBIDDEN', 'superadmin_only');
  end if;
  select exercises.* into v_exercise
  from app_public.exercises
  where exercises.id = exercise_to_write.exercise_id
  for no key update;
  if not found then
    perform app_hidden.refuse('NOT_FOUND', 'not_found');
  end if;
  return v_exercise;
end;
$$;

comment on function app_private.exercise_to_write is
  'An exercise, locked for a superadmin to change; FORBIDDEN superadmin_only or NOT_FOUND otherwise.';
grant execute on function app_private.exercise_to_write to app_engine;
-- end of source: functions/exercises/exercise_to_write.sql

-- source: functions/exercises/archive_exercise.sql
-- An exercise is not offered any more. Plans that have it go on with it, so whoever archives it is told that there are such. EXL-06.

set role app_engine;

create or replace function app_public.archive_exercise(exercise_id uuid, although_in_use boolean default false) returns app_public.exercises
language plpgsql volatile strict security definer
set search_path = ''
as $$
declare
  v_exercise app_public.exercises := app_private.exercise_to_write(exercise_id);
  v_plans constant int := app_private.active_plans_with_exercise(v_exercise.id);
begin
  if v_plans > 0 and not although_in_use then
    perform app_hidden.refuse('CONFLICT', 'exercise_in_use', jsonb_build_object('count', v_plans));
  end if;
  update app_public.exercises set status = 'archived' where exercises.id = v_exercise.id returning * into v_exercise;
  perform app_private.publish('exercise.archived', null, v_exercise.id,
    jsonb_build_object('slug', v_exercise.slug, 'inActivePlans', v_plans));
  return v_exercise;
end;
$$;

comment on function app_public.archive_exercise is
  E'@arg althoughInUse Whether it is archived although patients have it in plans that go on.\n'
  'Takes an exercise out of the catalog; plans that have it keep it. Superadmin only. CONFLICT exercise_in_use with the count of active plans.';
grant execute on function app_public.archive_exercise to app_member;

reset role;
-- end of source: functions/exercises/archive_exercise.sql

-- source: functions/exercises/render_exercise.sql
-- A superadmin asks for a video; without a prescription for the one of the catalog. EXL-03, EXL-06, FND-31.

set role app_engine;

create or replace function app_public.render_exercise(exercise_id uuid, language text, recipe jsonb default null)
returns app_public.exercise_renders
language plpgsql volatile security definer
set search_path = ''
as $$
declare
  v_exercise constant app_public.exercises := app_private.exercise_to_write(exercise_id);
  v_render constant app_public.exercise_renders :=
    app_private.request_render(v_exercise.id, coalesce(recipe, app_private.catalog_recipe()), language);
begin
  if recipe is null then
    perform app_private.show_in_catalog(v_exercise, v_render);
  end if;
  return v_render;
end;
$$;

comment on function app_public.render_exercise is
  E'@words language exercise_renders.language\n'
  '@arg language In which language it is spoken and shown.\n'
  '@arg recipe What is prescribed: {"sets", "reps" or "seconds", "restSeconds", "tempo", "side"}; null for the video of the catalog.\n'
  'The video of an exercise: the one that is there, or one that is made now. Superadmin only. VALIDATION recipe_malformed; STATE '
  'video_not_imported for an exercise whose video is imported and is not.';
grant execute on function app_public.render_exercise to app_member;

reset role;

create or replace function app_private.show_in_catalog(exercise app_public.exercises, render app_public.exercise_renders) returns void
language sql volatile
set search_path = ''
begin atomic
  update app_public.exercises set catalog_render_id = render.id
  where exercises.id = exercise.id and exercises.catalog_render_id is null;
end;

comment on function app_private.show_in_catalog is 'Makes a video the one of the catalog, where there is none.';
grant execute on function app_private.show_in_catalog to app_engine;
-- end of source: functions/exercises/render_exercise.sql

-- source: functions/exercises/bump_exercise_asset_version.sql
-- The material that the videos of an exercise are made of is new. Those of the catalog are made again at once, the others when they
-- are next asked for; each plays as it was until then. EXL-03, EXL-06.

set role app_engine;

create or replace function app_public.bump_exercise_asset_version(exercise_id uuid) returns app_public.exercises
language plpgsql volatile strict security definer
set search_path = ''
as $$
declare
  v_exercise app_public.exercises := app_private.exercise_to_write(exercise_id);
  v_language text;
  v_import app_public.exercise_renders;
begin
  update app_public.exercises set asset_version = exercises.asset_version + 1
  where exercises.id = v_exercise.id
  returning * into v_exercise;
  if v_exercise.kind = 'reps_based' then
    foreach v_language in array '{ro,en}'::text[] loop
      perform app_private.show_in_catalog(
        v_exercise, app_private.request_render(v_exercise.id, app_private.catalog_recipe(), v_language));
    end loop;
  end if;
  for v_import in
    select known.* from app_public.exercise_renders as known
    where known.exercise_id = v_exercise.id and known.recipe_hash = '_imported'
    order by known.id
  loop
    perform app_private.queue_render(v_exercise, '_imported', v_import.language, null, v_import.source_key, makes_again => true);
  end loop;
  perform app_private.publish('exercise.asset_changed', null, v_exercise.id,
    jsonb_build_object('slug', v_exercise.slug, 'assetVersion', v_exercise.asset_version));
  select exercises.* into strict v_exercise from app_public.exercises where exercises.id = v_exercise.id;
  return v_exercise;
end;
$$;

comment on function app_public.bump_exercise_asset_version is
  'Says that the material of an exercise is new: its videos of the catalog are made again, or imported again. Superadmin only.';
grant execute on function app_public.bump_exercise_asset_version to app_member;

reset role;
-- end of source: functions/exercises/bump_exercise_asset_version.sql

-- source: functions/exercises/claim_render.sql
-- What the worker asks before it makes a video, and says while it does. EXL-03, EXL-05.

set role app_engine;

create or replace function app_private.claim_render(render_id uuid)
returns table (
  exercise_id uuid, slug text, kind text, names jsonb, video_provider text, collection_id text,
  recipe jsonb, recipe_hash text, language text, source_key text, object_key text, asset_version int
)
language plpgsql volatile strict security definer
set search_path = ''
as $$
declare
  v_render app_public.exercise_renders;
begin
  select known.* into v_render from app_public.exercise_renders as known where known.id = claim_render.render_id for no key update;
  if not found or v_render.status = 'ready' then
    return;
  end if;
  -- One that died left it as it was.
  if v_render.status <> 'rendering' then
    update app_public.exercise_renders as known set status = 'rendering', problem = null, progress = 0
    where known.id = v_render.id
    returning known.* into v_render;
  end if;
  return query
    select exercises.id, exercises.slug, exercises.kind, exercises.translations, exercises.video_provider, exercises.bunny_collection_id,
           v_render.recipe, v_render.recipe_hash, v_render.language, v_render.source_key,
           object_surfaces.prefix || exercises.slug || '/' || v_render.id || '-' || v_render.asset_version || '.mp4', v_render.asset_version
    from app_public.exercises
    join app_private.object_surfaces on object_surfaces.key = v_render.surface
    where exercises.id = v_render.exercise_id;
end;
$$;

comment on function app_private.claim_render is
  'What a video is made of and where it goes, which is from then on being made; no row for one that is there.';
grant execute on function app_private.claim_render to app_worker;

create or replace function app_private.record_render_progress(render_id uuid, asset_version int, progress int) returns void
language sql volatile strict security definer
set search_path = ''
begin atomic
  update app_public.exercise_renders as known set progress = least(greatest(record_render_progress.progress, 0), 99)
  where known.id = record_render_progress.render_id
    and known.asset_version = record_render_progress.asset_version
    and known.status = 'rendering';
end;

comment on function app_private.record_render_progress is 'Says how far the making of a video is, in percent.';
grant execute on function app_private.record_render_progress to app_worker;

create or replace function app_private.record_exercise_collection(exercise_id uuid, collection_id text) returns text
language plpgsql volatile strict security definer
set search_path = ''
as $$
begin
  update app_public.exercises set bunny_collection_id = record_exercise_collection.collection_id
  where exercises.id = record_exercise_collection.exercise_id and exercises.bunny_collection_id is null;
  return (select exercises.bunny_collection_id from app_public.exercises where exercises.id = record_exercise_collection.exercise_id);
end;
$$;

comment on function app_private.record_exercise_collection is
  'Keeps under which collection the vendor has the videos of an exercise, and says which it is: of two that were made, the first.';
grant execute on function app_private.record_exercise_collection to app_worker;

reset role;
-- end of source: functions/exercises/claim_render.sql

-- source: functions/exercises/require_tracking.sql
-- What the camera follows of an exercise: joints by the names that the aggregation of movements knows, the one that is measured among
-- them, from where it is looked at, and from how many degrees on a movement counts. EXL-01.

create or replace function app_private.require_tracking(tracking jsonb) returns jsonb
language plpgsql immutable
set search_path = ''
as $$
begin
  if tracking is null or jsonb_typeof(tracking) = 'null' then
    return null;
  end if;
  if jsonb_typeof(tracking) <> 'object'
    or tracking - '{joints,view,primary,minRange}'::text[] <> '{}'
    or jsonb_typeof(tracking -> 'joints') is distinct from 'array'
    or not (tracking -> 'joints') <@ '["neck", "shoulder", "elbow", "wrist", "hip", "knee", "ankle"]'
    or not coalesce((tracking -> 'joints') @> (tracking -> 'primary'), false)
    or jsonb_typeof(tracking -> 'primary') <> 'string'
    or coalesce(tracking ->> 'view', '') not in ('front', 'side')
    or not app_private.is_whole(tracking -> 'minRange', 1, 180)
  then
    perform app_hidden.refuse('VALIDATION', 'exercise_tracking_malformed', '{"field": "tracking"}');
  end if;
  return tracking;
end;
$$;

comment on function app_private.require_tracking is
  'What the camera follows, or null; VALIDATION exercise_tracking_malformed for what it could not follow.';
grant execute on function app_private.require_tracking to app_engine;
-- end of source: functions/exercises/require_tracking.sql

-- source: functions/exercises/require_texts.sql
-- Texts by language, as the library keeps them: at least one of Romanian and English, nothing else, none blank or too long. Whether
-- both are there is asked when an exercise is published. EXL-02.

create or replace function app_private.require_texts(field text, texts jsonb, most int) returns jsonb
language plpgsql immutable
set search_path = ''
as $$
declare
  v_texts jsonb;
begin
  if jsonb_typeof(texts) = 'object' then
    select jsonb_object_agg(given.language, btrim(given.text, E' \t\r\n')) into v_texts
    from jsonb_each_text(texts) as given (language, text)
    where given.language in ('ro', 'en')
      and jsonb_typeof(texts -> given.language) = 'string'
      and given.text ~ '[[:alnum:]]'
      and length(given.text) <= most;
  end if;
  if v_texts is null or (select count(*) from jsonb_object_keys(v_texts)) <> (select count(*) from jsonb_object_keys(texts)) then
    perform app_hidden.refuse('VALIDATION', 'exercise_texts_malformed', jsonb_build_object('field', field, 'most', most));
  end if;
  return v_texts;
end;
$$;

comment on function app_private.require_texts is
  'Texts by language, trimmed; VALIDATION exercise_texts_malformed for what is not {"ro": "…", "en": "…"} or a part of it.';
grant execute on function app_private.require_texts to app_engine;

create or replace function app_private.require_translations(translations jsonb) returns jsonb
language plpgsql immutable
set search_path = ''
as $$
declare
  v_names jsonb;
  v_descriptions jsonb;
begin
  if jsonb_typeof(translations) is distinct from 'object' or exists (
    select from jsonb_each(translations) as given (language, texts)
    where jsonb_typeof(given.texts) <> 'object' or given.texts - '{name,description}'::text[] <> '{}'
  ) then
    perform app_hidden.refuse('VALIDATION', 'exercise_texts_malformed', jsonb_build_object('field', 'translations', 'most', 2000));
  end if;
  select jsonb_object_agg(given.language, given.texts -> 'name'), jsonb_object_agg(given.language, given.texts -> 'description')
    into v_names, v_descriptions
  from jsonb_each(translations) as given (language, texts);
  v_names := app_private.require_texts('translations.name', v_names, 120);
  v_descriptions := app_private.require_texts('translations.description', v_descriptions, 2000);
  return (
    select jsonb_object_agg(named.language, jsonb_build_object('name', named.text, 'description', v_descriptions ->> named.language))
    from jsonb_each_text(v_names) as named (language, text));
end;
$$;

comment on function app_private.require_translations is
  'Name and description by language, trimmed; VALIDATION exercise_texts_malformed for anything else.';
grant execute on function app_private.require_translations to app_engine;

create or replace function app_private.in_both_languages(texts jsonb) returns boolean
language sql immutable parallel safe
set search_path = ''
return coalesce(texts ?& '{ro,en}', false);

comment on function app_private.in_both_languages is 'Whether a text is there in Romanian and in English.';
grant execute on function app_private.in_both_languages to app_engine;
-- end of source: functions/exercises/require_texts.sql

-- source: functions/exercises/tag_exercise.sql
-- The words that an exercise is ordered by, all of them at once. EXL-02.

create or replace function app_private.tag_exercise(exercise_id uuid, terms text[]) returns void
language plpgsql volatile
set search_path = ''
as $$
declare
  v_terms constant text[] := coalesce(tag_exercise.terms, '{}');
  v_unknown text;
begin
  select given.slug into v_unknown
  from unnest(v_terms) as given (slug)
  where not exists (select from app_public.exercise_terms where exercise_terms.slug = given.slug)
  limit 1;
  if found then
    perform app_hidden.refuse('VALIDATION', 'exercise_term_unknown', jsonb_build_object('field', 'terms', 'term', left(v_unknown, 63)));
  end if;
  delete from app_public.exercise_tags
  using app_public.exercise_terms
  where exercise_tags.exercise_id = tag_exercise.exercise_id
    and exercise_terms.id = exercise_tags.term_id
    and exercise_terms.slug <> all (v_terms);
  insert into app_public.exercise_tags (exercise_id, term_id)
  select tag_exercise.exercise_id, exercise_terms.id
  from app_public.exercise_terms
  where exercise_terms.slug = any (v_terms)
  on conflict on constraint exercise_tags_pkey do nothing;
end;
$$;

comment on function app_private.tag_exercise is 'Sets the terms of an exercise, by their slugs; VALIDATION exercise_term_unknown.';
grant execute on function app_private.tag_exercise to app_engine;
-- end of source: functions/exercises/tag_exercise.sql

-- source: functions/exercises/create_exercise.sql
-- A superadmin begins an exercise: a draft that nobody else sees. EXL-06.

set role app_engine;

create or replace function app_public.create_exercise(
  slug text,
  kind text,
  difficulty int,
  translations jsonb,
  tracking jsonb default null,
  terms text[] default '{}',
  video_provider text default null
) returns app_public.exercises
language plpgsql volatile security definer
set search_path = ''
as $$
declare
  v_exercise app_public.exercises;
begin
  if not app_hidden.is_superadmin() then
    perform app_hidden.refuse('FORBIDDEN', 'superadmin_only');
  end if;
  insert into app_public.exercises (slug, kind, difficulty, translations, tracking, video_provider)
  values (create_exercise.slug, create_exercise.kind, create_exercise.difficulty,
          app_private.require_translations(create_exercise.translations), app_private.require_tracking(create_exercise.tracking),
          create_exercise.video_provider)
  on conflict on constraint exercises_slug_is_unique do nothing
  returning * into v_exercise;
  if not found then
    perform app_hidden.refuse('CONFLICT', 'exercise_slug_taken', jsonb_build_object('slug', create_exercise.slug));
  end if;
  perform app_private.tag_exercise(v_exercise.id, create_exercise.terms);
  return v_exercise;
end;
$$;

comment on function app_public.create_exercise is
  E'@words kind exercises.kind\n'
  '@arg slug The word by which programs know the exercise; never changes.\n'
  'Begins an exercise of the platform, as a draft. Superadmin only. VALIDATION exercise_texts_malformed, exercise_tracking_malformed, '
  'exercise_term_unknown; CONFLICT exercise_slug_taken.';
grant execute on function app_public.create_exercise to app_member;

reset role;
-- end of source: functions/exercises/create_exercise.sql

-- source: functions/exercises/exercises_missing.sql
-- What an exercise lacks to be published: the one list that the page shows and that publishing asks. EXL-06.

set role app_engine;

create or replace function app_public.exercises_missing(exercise app_public.exercises) returns text[]
language sql stable security definer
set search_path = ''
as $$
  with contraindications as (
    select count(*) as said, count(*) filter (where app_private.in_both_languages(known.text)) as translated, count(known.reviewed_at) as reviewed
    from app_public.exercise_contraindications as known
    where known.exercise_id = (exercise).id
  ),
  instructions as (
    select count(*) as said, count(*) filter (where app_private.in_both_languages(known.text)) as translated
    from app_public.exercise_instructions as known
    where known.exercise_id = (exercise).id
  )
  select array_remove(array[
    case when not app_private.in_both_languages((exercise).translations) then 'name_in_both_languages' end,
    case when instructions.said = 0 then 'instructions' end,
    case when instructions.said > instructions.translated then 'instructions_in_both_languages' end,
    case when contraindications.said = 0 then 'contraindications' end,
    case when contraindications.said > contraindications.translated then 'contraindications_in_both_languages' end,
    case when contraindications.said > contraindications.reviewed then 'review_of_contraindications' end,
    case when not exists (
      select from app_public.exercise_renders as video
      where video.exercise_id = (exercise).id and video.id = (exercise).catalog_render_id and video.video_id is not null
    ) then 'catalog_render' end
  ], null)
  from contraindications, instructions
$$;

comment on function app_public.exercises_missing is
  'What it lacks to be published: name_in_both_languages, instructions, instructions_in_both_languages, contraindications, '
  'contraindications_in_both_languages, review_of_contraindications, catalog_render.';
grant execute on function app_public.exercises_missing to app_member, app_engine;

reset role;

-- Somebody may read it while it is written: a change takes nothing away that publishing asked for. What is added to the
-- contraindications is shown before it is reviewed, since a warning more is safe.
create or replace function app_private.require_still_complete(exercise app_public.exercises) returns void
language plpgsql volatile
set search_path = ''
as $$
declare
  v_missing constant text[] := array_remove(app_public.exercises_missing(exercise), 'review_of_contraindications');
begin
  if exercise.status = 'published' and v_missing <> '{}' then
    perform app_hidden.refuse('STATE', 'exercise_incomplete', jsonb_build_object('missing', v_missing));
  end if;
end;
$$;

comment on function app_private.require_still_complete is
  'STATE exercise_incomplete for a published exercise that would lack something.';
grant execute on function app_private.require_still_complete to app_engine;
-- end of source: functions/exercises/exercises_missing.sql

-- source: functions/exercises/edit_exercise.sql
-- What an exercise is, as a whole: what is not given is taken away. What is published stays complete. EXL-06.

set role app_engine;

create or replace function app_public.edit_exercise(
  exercise_id uuid,
  difficulty int,
  translations jsonb,
  tracking jsonb default null,
  terms text[] default '{}',
  video_provider text default null
) returns app_public.exercises
language plpgsql volatile security definer
set search_path = ''
as $$
declare
  v_exercise app_public.exercises := app_private.exercise_to_write(exercise_id);
begin
  update app_public.exercises set
    difficulty = edit_exercise.difficulty,
    translations = app_private.require_translations(edit_exercise.translations),
    tracking = app_private.require_tracking(edit_exercise.tracking),
    video_provider = edit_exercise.video_provider
  where exercises.id = v_exercise.id
  returning * into v_exercise;
  perform app_private.tag_exercise(v_exercise.id, edit_exercise.terms);
  perform app_private.require_still_complete(v_exercise);
  return v_exercise;
end;
$$;

comment on function app_public.edit_exercise is
  'Sets what an exercise is, as a whole: tracking and terms that are not given are taken away. Superadmin only. STATE '
  'exercise_incomplete where it is published and would lack something.';
grant execute on function app_public.edit_exercise to app_member;

reset role;
-- end of source: functions/exercises/edit_exercise.sql

-- source: functions/exercises/shown_exercise.sql
-- What is shown of an exercise, in one language: never without its contraindications. The catalog shows it so, and so does whatever
-- shows an exercise to a patient. EXL-02, EXL-04.

create or replace function app_private.text_in(texts jsonb, language text) returns text
language sql immutable parallel safe
set search_path = ''
return coalesce(texts ->> language, texts ->> 'ro', texts ->> 'en');

comment on function app_private.text_in is 'A text in a language, or in the other one: a warning that is not translated yet is read all the same.';
grant execute on function app_private.text_in to app_engine;

create or replace function app_private.shown_exercise(exercise app_public.exercises, recipe_hash text, language text)
returns app_public.shown_exercise
language sql stable
set search_path = ''
begin atomic
  select row(
    exercise.id, exercise.slug, exercise.kind, exercise.difficulty, shown_exercise.language,
    exercise.translations -> shown_exercise.language ->> 'name',
    exercise.translations -> shown_exercise.language ->> 'description',
    (select coalesce(array_agg(
        row(term.kind, term.slug, term.names ->> shown_exercise.language)::app_public.shown_exercise_term order by term.kind, term.place, term.slug), '{}')
     from app_public.exercise_tags as tag
     join app_public.exercise_terms as term on term.id = tag.term_id
     where tag.exercise_id = exercise.id),
    (select coalesce(array_agg(
        row(line.kind, line.text ->> shown_exercise.language)::app_public.shown_instruction order by line.position), '{}')
     from app_public.exercise_instructions as line
     where line.exercise_id = exercise.id),
    (select coalesce(array_agg(
        row(warning.id, warning.severity, app_private.text_in(warning.text, shown_exercise.language))::app_public.shown_contraindication
        order by array_position('{absolute,relative,caution}', warning.severity), warning.id), '{}')
     from app_public.exercise_contraindications as warning
     where warning.exercise_id = exercise.id),
    video.id, video.provider, video.video_id, video.object_key, video.language, video.duration_s
  )::app_public.shown_exercise
  from (select) as always
  left join lateral (
    select known.*
    from app_public.exercise_renders as known
    where known.exercise_id = exercise.id and known.recipe_hash = shown_exercise.recipe_hash and known.video_id is not null
    order by known.language = shown_exercise.language desc, known.language desc
    limit 1
  ) as video on true;
end;

comment on function app_private.shown_exercise is
  'An exercise as a patient is shown it, with the video of this recipe in the language, or in the other one.';
grant execute on function app_private.shown_exercise to app_engine;
-- end of source: functions/exercises/shown_exercise.sql

-- source: functions/exercises/exercise_catalog.sql
-- The library as a patient sees it: what is published, in the language of their profile, while the clinic, a plan or the clinic by hand
-- opens it to them. Asked at every statement, so it is closed as soon as that ends. EXL-04, CAT-08.

set role app_engine;

create or replace function app_public.exercise_catalog(patient_id uuid default null, terms text[] default '{}')
returns setof app_public.shown_exercise
language plpgsql stable security definer
set search_path = ''
as $$
declare
  v_language text;
  v_is_open boolean;
begin
  -- Whoever names nobody is the one of theirs to whom it is open, themselves first.
  select patient_profiles.locale, access.is_open into v_language, v_is_open
  from app_public.patients
  join app_public.patient_profiles on patient_profiles.id = patients.patient_profile_id
  cross join lateral app_hidden.has_access(patients.organization_id, patients.id, 'library_access') as access (is_open)
  where patients.patient_profile_id = any ((select app_hidden.current_human_patient_profile_ids())::uuid[])
    and patients.organization_id = any ((select app_hidden.current_patient_organization_ids())::uuid[])
    and patients.deleted_at is null
    and (exercise_catalog.patient_id is null or patients.id = exercise_catalog.patient_id)
  order by access.is_open desc, patient_profiles.human_id is not distinct from app_hidden.current_account_id() desc, patients.id
  limit 1;
  if not found then
    perform app_hidden.refuse('NOT_FOUND', 'not_found');
  elsif not v_is_open then
    perform app_hidden.refuse('FORBIDDEN', 'library_closed');
  end if;
  return query
    select shown.*
    from app_public.exercises
    left join app_public.exercise_renders as preview on preview.exercise_id = exercises.id and preview.id = exercises.catalog_render_id
    cross join lateral app_private.shown_exercise(exercises, preview.recipe_hash, v_language) as shown
    where exercises.status = 'published'
      and app_private.exercise_has_terms(exercises.id, exercise_catalog.terms)
    order by shown.name, exercises.id;
end;
$$;

comment on function app_public.exercise_catalog is
  E'@arg patientId For whom of the caller''s it is; where nobody is named, for the one to whom it is open.\n'
  '@arg terms Only exercises with all of these, by the slugs of ExerciseTerm; a category holds those below it.\n'
  'The published exercises with their videos, in the language of the patient, each with its contraindications. FORBIDDEN library_closed '
  'while nothing opens the library to them.';
grant execute on function app_public.exercise_catalog to app_member;

reset role;

create or replace function app_private.exercise_has_terms(exercise_id uuid, terms text[]) returns boolean
language sql stable
set search_path = ''
begin atomic
  select not exists (
    select from unnest(exercise_has_terms.terms) as asked (slug)
    where not exists (
      with recursive below as (
        select exercise_terms.id, exercise_terms.kind from app_public.exercise_terms where exercise_terms.slug = asked.slug
        union
        select child.id, child.kind from below join app_public.exercise_terms as child on child.kind = below.kind and child.parent_id = below.id
      )
      select from below
      join app_public.exercise_tags on exercise_tags.term_id = below.id and exercise_tags.exercise_id = exercise_has_terms.exercise_id));
end;

comment on function app_private.exercise_has_terms is 'Whether an exercise has each of these terms, or one below it.';
grant execute on function app_private.exercise_has_terms to app_engine;
-- end of source: functions/exercises/exercise_catalog.sql

-- source: functions/exercises/exercise_video.sql
-- Where a video of an exercise is, for whoever may see it: superadmins and staff any, patients those of exercises that they are to do,
-- and what is published while the library is open to them. A video that is made again plays as it was until then. EXL-04, CAT-08.

set role app_engine;

create or replace function app_hidden.exercise_video(render_id uuid, out provider text, out video_id text)
language plpgsql stable strict security definer
set search_path = ''
as $$
declare
  v_people constant uuid[] := app_hidden.current_human_patient_profile_ids();
  v_clinics constant uuid[] := app_hidden.current_patient_organization_ids();
begin
  select video.provider, video.video_id into provider, video_id
  from app_public.exercise_renders as video
  join app_public.exercises on exercises.id = video.exercise_id
  where video.id = exercise_video.render_id
    and video.video_id is not null
    and (
      app_hidden.is_superadmin()
      or cardinality(app_hidden.current_staff_organization_ids()) > 0
      or exists (
        select from app_public.patient_sessions as sessions
        join app_public.treatment_plan_exercises as prescribed
          on prescribed.scope_id = sessions.plan_scope_id and prescribed.version_id = sessions.version_id
          and prescribed.session_position = sessions.position
        where sessions.patient_profile_id = any (v_people) and sessions.organization_id = any (v_clinics)
          and sessions.status in ('due', 'started')
          and prescribed.exercise_id = video.exercise_id)
      or exercises.status = 'published' and exists (
        select from app_public.patients
        where patients.patient_profile_id = any (v_people) and patients.organization_id = any (v_clinics)
          and patients.deleted_at is null
          and app_hidden.has_access(patients.organization_id, patients.id, 'library_access')));
  if not found then
    perform app_hidden.refuse('NOT_FOUND', 'exercise_video_not_found');
  end if;
end;
$$;

comment on function app_hidden.exercise_video is
  'Provider and id of a video of an exercise that the caller may see; NOT_FOUND exercise_video_not_found otherwise.';
grant execute on function app_hidden.exercise_video to app_member;

reset role;
-- end of source: functions/exercises/exercise_video.sql

-- source: functions/exercises/import_exercise_video.sql
-- The video of an exercise that is done for a time comes as a whole, one for each language; the worker brings it to the provider and
-- says how far it is. Imported again, it takes the place of the one before as soon as it can be played. EXL-03, EXL-06.

set role app_engine;

create or replace function app_public.import_exercise_video(exercise_id uuid, language text, source_key text)
returns app_public.exercise_renders
language plpgsql volatile strict security definer
set search_path = ''
as $$
declare
  v_exercise constant app_public.exercises := app_private.exercise_to_write(exercise_id);
  v_folder constant text := (
    select object_surfaces.prefix || v_exercise.slug || '/' from app_private.object_surfaces where object_surfaces.key = 'exercise_sources');
  v_render app_public.exercise_renders;
begin
  if v_exercise.kind <> 'duration_based' then
    perform app_hidden.refuse('STATE', 'video_is_composed', jsonb_build_object('slug', v_exercise.slug));
  elsif not starts_with(import_exercise_video.source_key, v_folder)
    or substr(import_exercise_video.source_key, length(v_folder) + 1) !~ '^[a-z0-9_-]+(/[a-z0-9_-]+)*\.(mp4|mov|webm)$'
  then
    perform app_hidden.refuse('VALIDATION', 'video_source_elsewhere', jsonb_build_object('field', 'sourceKey', 'folder', v_folder));
  end if;
  v_render := app_private.queue_render(v_exercise, '_imported', language, null, import_exercise_video.source_key, makes_again => true);
  perform app_private.show_in_catalog(v_exercise, v_render);
  return v_render;
end;
$$;

comment on function app_public.import_exercise_video is
  E'@words language exercise_renders.language\n'
  '@arg language In which language it is spoken and shown.\n'
  '@arg sourceKey Where the video lies in the object store of the platform: exercises/<slug>/….mp4, mov or webm.\n'
  'Imports the video of an exercise that is done for a time; status and progress of what is answered say how far it is. Superadmin only. STATE '
  'video_is_composed for an exercise that is counted; VALIDATION video_source_elsewhere.';
grant execute on function app_public.import_exercise_video to app_member;

reset role;
-- end of source: functions/exercises/import_exercise_video.sql

-- source: functions/exercises/publish_exercise.sql
-- An exercise comes into the catalog, once it has all that a patient is to be shown with it. EXL-06.

set role app_engine;

create or replace function app_public.publish_exercise(exercise_id uuid) returns app_public.exercises
language plpgsql volatile strict security definer
set search_path = ''
as $$
declare
  v_exercise app_public.exercises := app_private.exercise_to_write(exercise_id);
  v_missing constant text[] := app_public.exercises_missing(v_exercise);
begin
  if v_missing <> '{}' then
    perform app_hidden.refuse('STATE', 'exercise_incomplete', jsonb_build_object('missing', v_missing));
  end if;
  update app_public.exercises set status = 'published' where exercises.id = v_exercise.id returning * into v_exercise;
  perform app_private.publish('exercise.published', null, v_exercise.id,
    jsonb_build_object('slug', v_exercise.slug, 'assetVersion', v_exercise.asset_version));
  return v_exercise;
end;
$$;

comment on function app_public.publish_exercise is
  'Brings an exercise into the catalog. Superadmin only. STATE exercise_incomplete without instructions and contraindications in both '
  'languages, a review of the latter, and a video for the catalog; missing says which.';
grant execute on function app_public.publish_exercise to app_member;

reset role;
-- end of source: functions/exercises/publish_exercise.sql

-- source: functions/exercises/record_render.sql
-- A video can be played. Told twice, or of material that is not the newest any more, it changes nothing; either way the answer says
-- which video at the vendor nobody needs, so that one is left. EXL-03, EXL-05.

set role app_engine;

create or replace function app_private.record_render(
  render_id uuid, asset_version int, provider text, video_id text, object_key text, duration_s int, out is_new boolean, out unneeded_video_id text
) returns record
language plpgsql volatile security definer
set search_path = ''
as $$
declare
  v_before app_public.exercise_renders;
begin
  select known.* into v_before from app_public.exercise_renders as known where known.id = record_render.render_id for no key update;
  is_new := found and v_before.status = 'rendering' and v_before.asset_version = record_render.asset_version;
  if not is_new then
    unneeded_video_id := nullif(record_render.video_id, v_before.video_id);
    return;
  end if;
  update app_public.exercise_renders as known set
    status = 'ready', progress = 100, provider = record_render.provider, video_id = record_render.video_id,
    object_key = record_render.object_key, duration_s = record_render.duration_s, rendered_at = app_hidden.now()
  where known.id = v_before.id;
  unneeded_video_id := nullif(v_before.video_id, record_render.video_id);
  perform app_private.publish_render('exercise.rendered', v_before);
end;
$$;

comment on function app_private.record_render is
  'Says that a video can be played, and where. Whether that was news, and which video at the vendor is not needed: the one before, or '
  'this one where another came first.';
grant execute on function app_private.record_render to app_worker;

create or replace function app_private.record_render_failed(render_id uuid, asset_version int, problem text) returns boolean
language plpgsql volatile strict security definer
set search_path = ''
as $$
declare
  v_render app_public.exercise_renders;
begin
  update app_public.exercise_renders as known set
    status = 'failed', problem = coalesce(nullif(left(record_render_failed.problem, 500), ''), 'unknown')
  where known.id = record_render_failed.render_id
    and known.status = 'rendering'
    and known.asset_version = record_render_failed.asset_version
  returning known.* into v_render;
  if not found then
    return false;
  end if;
  perform app_private.publish_render('exercise.render_failed', v_render);
  return true;
end;
$$;

comment on function app_private.record_render_failed is
  'Keeps why a video could not be made; the job tries again. Whether it was being made.';
grant execute on function app_private.record_render_failed to app_worker;

reset role;

create or replace function app_private.publish_render(name text, render app_public.exercise_renders) returns void
language sql volatile
set search_path = ''
begin atomic
  select app_private.publish(publish_render.name, null, exercises.id, jsonb_build_object(
    'slug', exercises.slug, 'renderId', render.id, 'language', render.language, 'assetVersion', render.asset_version))
  from app_public.exercises
  where exercises.id = render.exercise_id;
end;

comment on function app_private.publish_render is 'Tells what became of a video.';
grant execute on function app_private.publish_render to app_engine;
-- end of source: functions/exercises/record_render.sql

-- source: functions/exercises/reopen_exercise.sql
-- A published or archived exercise becomes a draft again: how a contraindication is taken back or worded otherwise. EXL-06.

set role app_engine;

create or replace function app_public.reopen_exercise(exercise_id uuid) returns app_public.exercises
language plpgsql volatile strict security definer
set search_path = ''
as $$
declare
  v_exercise app_public.exercises := app_private.exercise_to_write(exercise_id);
begin
  update app_public.exercises set status = 'draft' where exercises.id = v_exercise.id returning * into v_exercise;
  return v_exercise;
end;
$$;

comment on function app_public.reopen_exercise is
  'Takes a published or archived exercise back to be worked on; nobody else sees it until it is published again. Superadmin only.';
grant execute on function app_public.reopen_exercise to app_member;

reset role;
-- end of source: functions/exercises/reopen_exercise.sql

-- source: functions/exercises/review_contraindications.sql
-- Somebody read what is said of whom an exercise may harm, and stands by it. EXL-06.

set role app_engine;

create or replace function app_public.review_contraindications(exercise_id uuid) returns app_public.exercises
language plpgsql volatile strict security definer
set search_path = ''
as $$
declare
  v_exercise constant app_public.exercises := app_private.exercise_to_write(exercise_id);
begin
  update app_public.exercise_contraindications
  set reviewed_at = app_hidden.now(), reviewed_by = app_private.current_actor_id()
  where exercise_contraindications.exercise_id = v_exercise.id and exercise_contraindications.reviewed_at is null;
  return v_exercise;
end;
$$;

comment on function app_public.review_contraindications is
  'Says that the contraindications of an exercise are right as they stand; those that were reviewed before keep their review. Superadmin only.';
grant execute on function app_public.review_contraindications to app_member;

reset role;
-- end of source: functions/exercises/review_contraindications.sql

-- source: functions/exercises/set_exercise_instructions.sql
-- How an exercise is done, all of it, in order. Rows that say the same as before are not touched, so that the audit shows what
-- changed. EXL-02, EXL-06.

set role app_engine;

create or replace function app_public.set_exercise_instructions(exercise_id uuid, instructions jsonb) returns app_public.exercises
language plpgsql volatile strict security definer
set search_path = ''
as $$
declare
  v_exercise constant app_public.exercises := app_private.exercise_to_write(exercise_id);
  v_lines constant jsonb := app_private.require_lines('instructions', instructions, 'kind', '{setup,step,breathing,caution,end}');
begin
  delete from app_public.exercise_instructions as known
  where known.exercise_id = v_exercise.id and known.position > jsonb_array_length(v_lines);
  insert into app_public.exercise_instructions as known (exercise_id, position, kind, text)
  select v_exercise.id, given.place, given.line ->> 'kind', given.line -> 'text'
  from jsonb_array_elements(v_lines) with ordinality as given (line, place)
  on conflict on constraint exercise_instructions_pkey do update set kind = excluded.kind, text = excluded.text
  where (known.kind, known.text) is distinct from (excluded.kind, excluded.text);
  perform app_private.require_still_complete(v_exercise);
  return v_exercise;
end;
$$;

comment on function app_public.set_exercise_instructions is
  E'@arg instructions All of them, in order: [{"kind": "setup", "text": {"ro": "…", "en": "…"}}]; kind is setup, step, breathing, caution '
  'or end.\nSets how an exercise is done. Superadmin only. VALIDATION exercise_lines_malformed, exercise_texts_malformed; STATE '
  'exercise_incomplete where it is published and would lack something.';
grant execute on function app_public.set_exercise_instructions to app_member;

reset role;

create or replace function app_private.require_lines(field text, lines jsonb, word text, words text[]) returns jsonb
language plpgsql immutable
set search_path = ''
as $$
begin
  if jsonb_typeof(lines) <> 'array' or jsonb_array_length(lines) > 60 or exists (
    select from jsonb_array_elements(lines) as given (line)
    where jsonb_typeof(given.line) <> 'object'
      or given.line - array[word, 'text'] <> '{}'
      or given.line ->> word is null
      or given.line ->> word <> all (words)
  ) then
    perform app_hidden.refuse('VALIDATION', 'exercise_lines_malformed', jsonb_build_object('field', field, 'word', word, 'words', words));
  end if;
  return (
    select coalesce(jsonb_agg(jsonb_set(given.line, '{text}',
      app_private.require_texts(format('%s.%s.text', field, given.place - 1), given.line -> 'text', 1000)) order by given.place), '[]')
    from jsonb_array_elements(lines) with ordinality as given (line, place));
end;
$$;

comment on function app_private.require_lines is
  'Lines of texts, each with a word out of a list; VALIDATION exercise_lines_malformed or exercise_texts_malformed otherwise.';
grant execute on function app_private.require_lines to app_engine;
-- end of source: functions/exercises/set_exercise_instructions.sql

-- source: functions/exercises/set_exercise_contraindications.sql
-- For whom an exercise is not, all of it. What says the same as before stays as it was reviewed; what is worded otherwise is another
-- one, since its id is made of its words. While the exercise is published none goes: it is reopened first. EXL-02, EXL-06.

set role app_engine;

create or replace function app_public.set_exercise_contraindications(exercise_id uuid, contraindications jsonb) returns app_public.exercises
language plpgsql volatile strict security definer
set search_path = ''
as $$
declare
  v_exercise constant app_public.exercises := app_private.exercise_to_write(exercise_id);
  v_lines constant jsonb := app_private.require_lines('contraindications', contraindications, 'severity', '{caution,relative,absolute}');
begin
  delete from app_public.exercise_contraindications as known
  where known.exercise_id = v_exercise.id
    and not exists (
      select from jsonb_array_elements(v_lines) as given (line)
      where given.line ->> 'severity' = known.severity and given.line -> 'text' = known.text);
  if found and v_exercise.status = 'published' then
    perform app_hidden.refuse('STATE', 'contraindication_is_published');
  end if;
  insert into app_public.exercise_contraindications (exercise_id, severity, text)
  select v_exercise.id, given.line ->> 'severity', given.line -> 'text'
  from jsonb_array_elements(v_lines) as given (line)
  on conflict on constraint exercise_contraindications_pkey do nothing;
  perform app_private.require_still_complete(v_exercise);
  return v_exercise;
end;
$$;

comment on function app_public.set_exercise_contraindications is
  E'@arg contraindications All of them: [{"severity": "absolute", "text": {"ro": "…", "en": "…"}}]; severity is caution, relative or '
  'absolute.\nSets for whom an exercise is not; what is new is to be reviewed. Superadmin only. STATE contraindication_is_published where '
  'one of a published exercise would go or change: reopenExercise first.';
grant execute on function app_public.set_exercise_contraindications to app_member;

reset role;
-- end of source: functions/exercises/set_exercise_contraindications.sql

-- source: functions/identity/runs_platform.sql
-- Whether the caller runs the platform: so that a page knows whether it is for them before they try anything. FND-04.

create or replace function app_public.runs_platform() returns boolean
language sql stable
set search_path = ''
return app_hidden.is_superadmin();

comment on function app_public.runs_platform is 'Whether the caller is a superadmin of the platform.';
grant execute on function app_public.runs_platform to app_member;
-- end of source: functions/identity/runs_platform.sql

-- source: functions/patients/move_on_merge.sql
-- What the duplicate has at a clinic goes to the patient who is kept: a step of merge_patients(), which holds the locks.
-- Every table has said by on_merge() what becomes of its rows. Names of tables and columns come from there and from the
-- catalog, so nothing that a caller says becomes SQL. FND-34.

create or replace function app_private.move_on_merge(
  kept app_public.patients,
  duplicate app_public.patients,
  is_the_clinics_own boolean
) returns jsonb
language plpgsql volatile
set search_path = ''
as $$
declare
  v_to_move text[];
  v_step record;
  v_rows jsonb;
  v_moved jsonb := '{}';
begin
  -- Most patients have rows in few of the tables: a statement is written for these alone.
  execute (
    select format('select array(%s)', string_agg(
      format('select %L where exists (select from %s as theirs where theirs.%I = $1 and %s)',
        rules.table_name || '.' || rules.column_name, rules.table_name::regclass, rules.column_name,
        case tables.home when 'clinic' then 'theirs.organization_id = $2' else '$3' end),
      ' union all '))
    from app_private.merge_rules as rules
    join app_private.classified_tables as tables on tables.table_name = rules.table_name
    where rules.rule in ('moves', 'follows'))
  into strict v_to_move using duplicate.patient_profile_id, duplicate.organization_id, is_the_clinics_own;

  for v_step in
    select min(rules.table_name) as table_name, min(rules.column_name) as column_name, rules.merge_function, min(tables.home) as home
    from app_private.merge_rules as rules
    join app_private.classified_tables as tables on tables.table_name = rules.table_name
    where rules.rule = 'calls' or rules.table_name || '.' || rules.column_name = any (v_to_move)
    -- A function is called once, whatever the number of tables that name it.
    group by coalesce(rules.merge_function, rules.table_name || '.' || rules.column_name), rules.merge_function
    -- What follows has gone with the row that it belongs to; what belongs to none is left.
    order by bool_or(rules.rule = 'follows'), 1, 2
  loop
    if v_step.merge_function is not null then
      execute format('select app_private.%I($1, $2, $3)', v_step.merge_function)
      into strict v_rows using kept, duplicate, is_the_clinics_own;
      v_moved := v_moved || v_rows;
    else
      execute app_private.move_on_merge_query(v_step.table_name, v_step.column_name, v_step.home)
      into strict v_rows using kept.patient_profile_id, duplicate.patient_profile_id, kept.organization_id;
      v_moved := v_moved || jsonb_build_object(v_step.table_name || '.' || v_step.column_name, v_rows);
    end if;
  end loop;
  return (select coalesce(jsonb_object_agg(moved.key, moved.value), '{}') from jsonb_each(v_moved) as moved where moved.value <> '[]');
end;
$$;

comment on function app_private.move_on_merge is
  'Moves what the duplicate has, and says what moved: by schema.table.column, an array of rows, each with its primary key and '
  'the columns that changed, as they were.';
grant execute on function app_private.move_on_merge to app_engine;

-- A row that could not go, since its place is taken, keeps what follows it.
create or replace function app_private.without_leader(table_name text, column_name text) returns text
language sql stable
set search_path = ''
as $$
  select coalesce(string_agg(leader.condition, '' order by leader.condition), '')
  from (
    select format(' and not exists (select from %s as leader where %s)', pg_constraint.confrelid::regclass,
             string_agg(format('leader.%I = mine.%I', theirs.attname, own.attname), ' and ' order by own.attnum)) as condition
    from pg_catalog.pg_constraint
    cross join lateral unnest(pg_constraint.conkey, pg_constraint.confkey) as pair (own, theirs)
    join pg_catalog.pg_attribute as own on own.attrelid = pg_constraint.conrelid and own.attnum = pair.own
    join pg_catalog.pg_attribute as theirs on theirs.attrelid = pg_constraint.confrelid and theirs.attnum = pair.theirs
    where pg_constraint.conrelid = without_leader.table_name::regclass and pg_constraint.confupdtype = 'c'
    group by pg_constraint.oid, pg_constraint.confrelid
    having bool_or(own.attname = without_leader.column_name)
  ) as leader
$$;

comment on function app_private.without_leader is
  'The condition that a row of a table belongs to none which still has the patient of this column, for move_on_merge_query().';
grant execute on function app_private.without_leader to app_engine;

-- $1 is the profile that is kept, $2 that of the duplicate, $3 the clinic.
create or replace function app_private.move_on_merge_query(table_name text, column_name text, home text) returns text
language sql stable
set search_path = ''
as $$
  select format(
    'with taken as materialized (%s),
     moved as (
       update %s as mine set %I = $1
       where mine.%I = $2 and %s and not exists (select from taken where (%s) = (%s))%s
       returning %s, old.%I
     )
     select coalesce(jsonb_agg(to_jsonb(moved)), ''[]'') from moved',
    app_private.places_taken_query(move_on_merge_query.table_name, move_on_merge_query.column_name, move_on_merge_query.home),
    move_on_merge_query.table_name::regclass, move_on_merge_query.column_name,
    move_on_merge_query.column_name,
    case move_on_merge_query.home when 'clinic' then 'mine.organization_id = $3' else 'true' end,
    primary_key.of_taken, primary_key.of_mine, app_private.without_leader(move_on_merge_query.table_name, move_on_merge_query.column_name),
    primary_key.of_mine, move_on_merge_query.column_name)
  from (
    select string_agg(format('taken.%I', named), ', ') as of_taken, string_agg(format('mine.%I', named), ', ') as of_mine
    from unnest(app_private.key_columns(move_on_merge_query.table_name::regclass)) as key (named)
  ) as primary_key
$$;

comment on function app_private.move_on_merge_query is 'The statement that moves the rows of a table, and answers with them.';
grant execute on function app_private.move_on_merge_query to app_engine;
-- end of source: functions/patients/move_on_merge.sql

-- source: functions/patients/merge_rule_problem.sql
-- What is wrong with a rule of merging: asked when it is declared, and again by the lint of what stands. FND-34.

create or replace function app_private.merge_rule_problem(table_name text, column_name text, rule text) returns text
language sql stable
set search_path = ''
as $$
  with keys as (
    select pg_constraint.confrelid, pg_constraint.confupdtype, theirs.attname as refers_to
    from pg_catalog.pg_constraint
    cross join lateral unnest(pg_constraint.conkey, pg_constraint.confkey) as pair (own, theirs)
    join pg_catalog.pg_attribute as own on own.attrelid = pg_constraint.conrelid and own.attnum = pair.own
    join pg_catalog.pg_attribute as theirs on theirs.attrelid = pg_constraint.confrelid and theirs.attnum = pair.theirs
    where pg_constraint.conrelid = merge_rule_problem.table_name::regclass and own.attname = merge_rule_problem.column_name
  )
  select case
    when classified_tables.table_name is null then 'is of a table that is not classified'
    when pg_attribute.attnum is null then 'does not exist'
    when merge_rule_problem.rule not in ('moves', 'follows') then null
    when not exists (
      select from keys
      where (keys.confrelid, keys.refers_to) in
        (('app_public.patients'::regclass, 'patient_profile_id'), ('app_public.patient_profiles'::regclass, 'id'))
    ) then 'refers by no key to a patient''s profile'
    when classified_tables.home not in ('clinic', 'person') then 'is of a table that is at home with no clinic and no person'
    when classified_tables.home = 'clinic' and not exists (
      select from pg_catalog.pg_attribute as clinic
      where clinic.attrelid = pg_attribute.attrelid and clinic.attname = 'organization_id'
    ) then 'is of a clinic''s table without an organization_id'
    when app_private.key_columns(asked.table_name::regclass) is null then 'is of a table without a primary key'
    when pg_attribute.attname = any (app_private.key_columns(asked.table_name::regclass)) then 'is a part of the primary key'
    when merge_rule_problem.rule = 'follows' and not exists (
      select from keys
      join app_private.merge_rules as leader
        on leader.table_name::regclass = keys.confrelid and leader.column_name = keys.refers_to and leader.rule in ('moves', 'follows')
      where keys.confupdtype = 'c'
    ) then 'has no key with on update cascade to a patient that moves'
  end
  from (select merge_rule_problem.table_name) as asked
  left join app_private.classified_tables on classified_tables.table_name = asked.table_name
  left join pg_catalog.pg_attribute
    on pg_attribute.attrelid = asked.table_name::regclass and pg_attribute.attname = merge_rule_problem.column_name
$$;

comment on function app_private.merge_rule_problem is
  'Why a rule of merging cannot be, in words that follow the name of the column; null when it can.';
-- end of source: functions/patients/merge_rule_problem.sql

-- source: functions/segments/refresh_members.sql
-- Who is in these segments by their rules, of these patients or of all, in one statement: the row of a patient is read once for all
-- of them. Each rule is a condition of which PostgreSQL asks the cheap parts first; an instant at which several turn is found once.
-- A list is a rule as well: whoever is in it stays while they are a patient. The text is made anew each time, so it is planned for
-- as many as there are. SEG-03.
-- What a change of somebody's rows or the passing of time does is an event; what an administrator did, by a new rule, is not: nobody
-- is written to because somebody edits a segment. docs/decisions/0140.

create or replace function app_private.refresh_members(organization_id uuid, segment_ids uuid[], patient_ids uuid[]) returns int
language plpgsql volatile
set search_path = ''
set work_mem = '32MB'
as $$
declare
  v_patients constant text := case when patient_ids is null then '$2::uuid[] is null' else 'patients.id = any ($2)' end;
  v_these constant text := case when patient_ids is null then '' else ' and stays.patient_id = any ($2)' end;
  v_ids uuid[] := '{}';
  v_told uuid[] := '{}';
  v_holds text[] := '{}';
  v_turns text[] := '{}';
  v_turning uuid[] := '{}';
  v_places int[] := '{}';
  v_parameters jsonb := '[]';
  v_reads app_private.rule_read[] := '{}';
  v_asked text;
  v_read record;
  v_columns text := '';
  v_joins text := '';
  v_segment app_public.segments;
  v_part app_private.rule_part;
  v_turn text;
  v_moved int;
  v_stays_told app_public.segment_members[];
begin
  for v_segment in
    select segments.*
    from app_public.segments
    where segments.organization_id = refresh_members.organization_id and segments.id = any (segment_ids) and segments.deleted_at is null
  loop
    v_part := app_private.rule_part(
      refresh_members.organization_id, coalesce(v_segment.rule, jsonb_build_object('segment', v_segment.id)), null, null, v_parameters);
    v_parameters := v_part.parameters;
    v_reads := v_reads || v_part.reads;
    v_ids := v_ids || v_segment.id;
    v_holds := v_holds || format('case when %s then %s end', v_part.condition_sql, cardinality(v_ids));
    if v_segment.filled_version = v_segment.version then
      v_told := v_told || v_segment.id;
    end if;
    if cardinality(v_part.turns_sql) > 0 then
      v_turn := 'least(' || (select string_agg(distinct turn, ', ' order by turn) from unnest(v_part.turns_sql) as turn) || ')';
      if v_turn <> all (v_turns) then
        v_turns := v_turns || v_turn;
      end if;
      v_turning := v_turning || v_segment.id;
      v_places := v_places || array_position(v_turns, v_turn);
    end if;
  end loop;

  -- What several rules read is read once: a value as a column of the patient, and all that is counted of a collection in one look.
  v_asked := array_to_string(v_holds, ', ') || ']::int[], null) as places, array[' || array_to_string(v_turns, ', ') || ']::timestamptz[] as turns';
  for v_read in
    select shared.rows_sql, array_agg(shared.asked order by shared.asked) as asked, array_agg(shared.read_sql order by shared.asked) as reads,
      'of_' || row_number() over (order by shared.rows_sql) as name
    from (select distinct on (read.asked) read.*, count(*) over (partition by read.asked) as times from unnest(v_reads) as read) as shared
    where shared.rows_sql is not null or shared.times > 1
    group by shared.rows_sql
    having shared.rows_sql is null or count(*) > 1
  loop
    for place in 1..cardinality(v_read.asked) loop
      v_asked := replace(v_asked, v_read.asked[place],
        case when v_read.rows_sql is null then 'p' else v_read.name end || '.read_' || place);
      v_read.reads[place] := v_read.reads[place] || ' as read_' || place;
    end loop;
    if v_read.rows_sql is null then
      v_columns := ', ' || array_to_string(v_read.reads, ', ');
    else
      v_joins := v_joins || ' cross join lateral (select ' || array_to_string(v_read.reads, ', ') || v_read.rows_sql || ') as ' || v_read.name;
    end if;
  end loop;

  -- The day and the clock of the clinic are asked once: each rule that asked for itself would be planned for itself.
  execute 'with looked as materialized (
      select p.id, p.patient_profile_id, array_remove(array[' || replace(replace(v_asked
        || ' from (select app_private.rule_today($1) as today, app_private.rule_zone($1) as zone offset 0) as clinic
          cross join lateral (select p.*' || v_columns || ' from ' || app_private.rule_patients(v_patients) || ' as p offset 0) as p' || v_joins,
        '(select app_private.rule_today($1))', 'clinic.today'), '(select app_private.rule_zone($1))', 'clinic.zone') || '
      where $3 is not null and $4 is null
    ), wanted as materialized (
      select ($5)[place] as segment_id, looked.id as patient_id, looked.patient_profile_id
      from looked cross join unnest(looked.places) as place
    ), present as (
      select stays.id, stays.segment_id, stays.patient_id
      from app_public.segment_members as stays
      where stays.organization_id = $1 and stays.segment_id = any ($5) and stays.left_at is null' || v_these || '
    ), differing as materialized (
      select present.id as gone_id, wanted.segment_id, wanted.patient_id, wanted.patient_profile_id
      from wanted
      full join present on present.segment_id = wanted.segment_id and present.patient_id = wanted.patient_id
      where wanted.segment_id is null or present.id is null
    ), gone as (
      update app_public.segment_members as stays set left_at = greatest($9, stays.entered_at)
      where stays.organization_id = $1 and stays.left_at is null
        and stays.id in (select differing.gone_id from differing where differing.gone_id is not null)
      returning stays.*
    ), come as (
      insert into app_public.segment_members (organization_id, segment_id, patient_id, patient_profile_id, entered_at)
      select $1, differing.segment_id, differing.patient_id, differing.patient_profile_id, $9
      from differing
      where differing.gone_id is null
      on conflict do nothing
      returning segment_members.*
    ), moved as (
      select gone.* from gone
      union all
      select come.* from come
    ), turning as materialized (
      select asking.segment_id, looked.id as patient_id, looked.turns[asking.place] as at
      from looked cross join unnest($7, $8) as asking (segment_id, place)
      where looked.turns[asking.place] is not null
    ), noted as (
      select stays.segment_id, stays.patient_id, stays.at
      from app_private.segment_rechecks as stays
      where stays.organization_id = $1 and stays.segment_id = any ($5)' || v_these || '
    ), due_otherwise as materialized (
      -- Most are due when they were: only what differs is written.
      select coalesce(turning.segment_id, noted.segment_id) as segment_id, coalesce(turning.patient_id, noted.patient_id) as patient_id,
        turning.at
      from turning
      full join noted on noted.segment_id = turning.segment_id and noted.patient_id = turning.patient_id
      where turning.at is distinct from noted.at
    ), forgotten as (
      delete from app_private.segment_rechecks as kept
      using due_otherwise
      where kept.organization_id = $1 and kept.segment_id = due_otherwise.segment_id and kept.patient_id = due_otherwise.patient_id
        and due_otherwise.at is null
    ), kept as (
      insert into app_private.segment_rechecks (organization_id, segment_id, patient_id, at)
      select $1, due_otherwise.segment_id, due_otherwise.patient_id, due_otherwise.at
      from due_otherwise
      where due_otherwise.at is not null
      on conflict on constraint segment_rechecks_pkey do update set at = excluded.at
    )
    select count(*), array_agg(moved::app_public.segment_members) filter (where moved.segment_id = any ($6)) from moved'
  into v_moved, v_stays_told
  using refresh_members.organization_id, patient_ids, v_parameters, null::uuid, v_ids, v_told, v_turning, v_places, app_hidden.now();

  perform app_private.publish_stays(v_stays_told);
  if patient_ids is null then
    update app_public.segments set filled_version = segments.version
    where segments.organization_id = refresh_members.organization_id and segments.id = any (v_ids)
      and segments.filled_version is distinct from segments.version;
  end if;
  return v_moved;
end;
$$;

comment on function app_private.refresh_members is
  'Has these patients, or all, in these segments or not, as the rules say now; how many entered or left. No segment may name another of them.';
grant execute on function app_private.refresh_members to app_engine;
-- end of source: functions/segments/refresh_members.sql

-- source: functions/segments/edit_segment.sql
-- A segment is called otherwise, or has another rule, which is its next version. SEG-01.

set role app_engine;

create or replace function app_public.edit_segment(
  segment_id uuid,
  name text default null,
  description text default null,
  rule jsonb default null,
  expected_revision int default null
) returns app_public.segments
language plpgsql volatile security definer
set search_path = ''
as $$
declare
  v_segment app_public.segments := app_private.own_segment(segment_id, 'segments.manage');
  v_is_other boolean;
begin
  perform app_private.lock_segments(v_segment.organization_id);
  select segments.* into v_segment
  from app_public.segments
  where segments.id = edit_segment.segment_id and segments.deleted_at is null;
  if not found then
    perform app_hidden.refuse('NOT_FOUND', 'segment_not_found');
  end if;
  v_is_other := coalesce(rule <> v_segment.rule, rule is not null);
  if v_is_other then
    if v_segment.kind = 'list' then
      perform app_hidden.refuse('VALIDATION', 'segment_is_a_list', '{"field": "rule"}');
    end if;
    perform app_private.require_rule(v_segment.organization_id, rule);
    perform app_private.require_no_circle(v_segment, rule);
  end if;
  update app_public.segments
  set name = coalesce(edit_segment.name, segments.name),
      description = coalesce(edit_segment.description, segments.description),
      rule = case when v_is_other then edit_segment.rule else segments.rule end,
      version = segments.version + v_is_other::int,
      revision = coalesce(edit_segment.expected_revision, segments.revision)
  where segments.id = v_segment.id
  returning * into v_segment;
  if v_is_other then
    insert into app_public.segment_versions (organization_id, segment_id, number, rule, written_by)
    values (v_segment.organization_id, v_segment.id, v_segment.version, v_segment.rule, app_private.current_actor_id());
    perform app_private.follow_rule(v_segment);
  end if;
  return v_segment;
end;
$$;

comment on function app_public.edit_segment is
  E'@arg rule Another rule, as ruleBuilder describes; it is the next version, and members follow within seconds. None: it stays.\n'
  'Edits a segment; what is not given stays. Needs segments.manage; CONFLICT changed_meanwhile; VALIDATION rule_not_valid with the path of all that is wrong, '
  'segment_is_a_list, segment_names_itself.';
grant execute on function app_public.edit_segment to app_member;

reset role;

/* The segments that a rule reads, and what those read, may not come back to the one that it is of. */
create or replace function app_private.require_no_circle(segment app_public.segments, rule jsonb) returns void
language plpgsql stable
set search_path = ''
as $$
declare
  v_named text[];
begin
  with recursive named as (
    select code
    from unnest((app_private.compile_rule((segment).organization_id, rule)).depends) as code
    where starts_with(code, 'segment:')
    union
    select dependency.code
    from named
    join app_private.segment_dependencies as dependency
      on dependency.organization_id = (segment).organization_id and dependency.segment_id = substr(named.code, 9)::uuid
    where starts_with(dependency.code, 'segment:')
  )
  select array_agg(code) into v_named from named;
  if 'segment:' || (segment).id = any (v_named) then
    perform app_hidden.refuse('VALIDATION', 'segment_names_itself', '{"field": "rule"}');
  end if;
end;
$$;

comment on function app_private.require_no_circle is 'VALIDATION segment_names_itself where a rule leads back to its own segment.';
grant execute on function app_private.require_no_circle to app_engine;
-- end of source: functions/segments/edit_segment.sql

-- source: functions/segments/refresh_segments.sql
-- The worker looks at whom changes have marked: one clinic in one transaction, and one worker at a time there. SEG-03, SEG-04.
-- Marks are taken before the rules are asked, and each statement sees what was committed before it: so whoever writes in between
-- has left a mark that is still there afterwards. Whoever enters or leaves marks the segments that name this one. A segment is
-- looked at after all that it names, so that nobody enters and leaves for a moment because half of a change was seen.

set role app_engine;

create or replace function app_private.refresh_segments(organization_id uuid) returns boolean
language plpgsql volatile strict security definer
set search_path = ''
as $$
declare
  -- Whoever writes a rule meanwhile waits, so a transaction ends when so many patients were looked at; everybody counts as many.
  v_at_once constant int := 20000;
  v_looked int := 0;
  v_level record;
  v_whole uuid[];
  v_alike record;
begin
  perform app_private.lock_segments(refresh_segments.organization_id);
  for v_level in
    select array_agg(ordered.id order by ordered.id) as ids
    from app_private.segments_in_order(refresh_segments.organization_id) as ordered
    group by ordered.depth
    order by ordered.depth
  loop
    loop
      v_whole := array(
        select distinct marks.segment_id
        from app_private.segment_marks as marks
        where marks.organization_id = refresh_segments.organization_id and marks.segment_id = any (v_level.ids)
          and marks.patient_id is null
        order by marks.segment_id
        limit 20);
      -- Those that are marked for the same patients, because of the same event, are looked at together.
      for v_alike in
        with taken as (
          delete from app_private.segment_marks as marks
          where marks.organization_id = refresh_segments.organization_id
            and marks.segment_id = any (case when cardinality(v_whole) > 0 then v_whole else v_level.ids end)
          returning marks.segment_id, case when marks.segment_id <> all (v_whole) then marks.patient_id end as patient_id,
            case when marks.segment_id <> all (v_whole) then marks.cause_id::text end as cause_id
        ), pairs as (
          select taken.segment_id, taken.patient_id, max(taken.cause_id) as cause_id
          from taken
          group by taken.segment_id, taken.patient_id
        ), marked as (
          select pairs.segment_id, pairs.cause_id, array_agg(pairs.patient_id order by pairs.patient_id) as patient_ids
          from pairs
          group by pairs.segment_id, pairs.cause_id
        )
        select marked.cause_id, nullif(marked.patient_ids, '{null}') as patient_ids,
          array_agg(marked.segment_id order by marked.segment_id) as segment_ids
        from marked
        group by marked.cause_id, marked.patient_ids
      loop
        perform set_config('app.cause_event_id', coalesce(v_alike.cause_id, ''), true);
        perform app_private.refresh_members(refresh_segments.organization_id, v_alike.segment_ids, v_alike.patient_ids);
        v_looked := v_looked + coalesce(cardinality(v_alike.patient_ids), v_at_once);
      end loop;
      perform set_config('app.cause_event_id', '', true);
      if v_looked >= v_at_once then
        return exists (select from app_private.segment_marks as marks where marks.organization_id = refresh_segments.organization_id);
      end if;
      exit when cardinality(v_whole) = 0;
    end loop;
  end loop;
  return false;
end;
$$;

comment on function app_private.refresh_segments is
  'Looks at those marked in a clinic, some twenty thousand at once; whether somebody is left to be looked at.';
grant execute on function app_private.refresh_segments to app_worker;

reset role;

/* The segments of a clinic, each deeper than those that it names; no rule leads back to itself, so that ends. */
create or replace function app_private.segments_in_order(organization_id uuid) returns table (id uuid, depth int)
language sql stable
set search_path = ''
as $$
  with recursive named as (
    select segments.id, 0 as depth
    from app_public.segments
    where segments.organization_id = segments_in_order.organization_id and segments.deleted_at is null
    union
    select dependency.segment_id, named.depth + 1
    from named
    join app_private.segment_dependencies as dependency
      on dependency.organization_id = segments_in_order.organization_id and dependency.code = 'segment:' || named.id
  )
  select named.id, max(named.depth) from named group by named.id order by 2, 1
$$;

comment on function app_private.segments_in_order is 'The segments of a clinic with how deep they stand: each deeper than those that its rule names.';
grant execute on function app_private.segments_in_order to app_engine;
-- end of source: functions/segments/refresh_segments.sql

-- source: functions/segments/tg_mark_segments.sql
-- A change of what rules read marks whom it is about, for the segments that read it, in the transaction of the change. SEG-03.
-- One query a statement asks whether a segment of the clinic reads it, at half the price of marking nobody: where none does, that finds
-- nothing in a small index. The same function stands on every table of rule_sources, told by its arguments how to find the patient;
-- it knows its rows as "changed", written or deleted.

set role app_engine;

create or replace function app_private.tg_mark_segments() returns trigger
language plpgsql volatile security definer
set search_path = ''
as $$
declare
  v_source constant text := tg_argv[0];
  v_found_by constant text := tg_argv[1];
  v_detail constant text := tg_argv[2];
  v_clinics uuid[];
begin
  if v_found_by = 'profile' then
    if not exists (
      select
      from changed
      join app_public.patients on patients.patient_profile_id = changed.id
      join app_private.segment_dependencies as dependency
        on dependency.organization_id = patients.organization_id and dependency.code = v_source
    ) then
      return null;
    end if;
  elsif v_found_by in ('patient', 'patient_id', 'patient_profile_id') then
    if not exists (
      select
      from changed
      join app_private.segment_dependencies as dependency
        on dependency.organization_id = changed.organization_id
        and dependency.code = v_source || case when v_detail is null then '' else coalesce(':' || (to_jsonb(changed) ->> v_detail), '') end
    ) then
      return null;
    end if;
  end if;

  if v_found_by = 'patient' then
    with marked as (
      insert into app_private.segment_marks (organization_id, segment_id, patient_id)
      select dependency.organization_id, dependency.segment_id, changed.id
      from changed
      join app_private.segment_dependencies as dependency
        on dependency.organization_id = changed.organization_id and dependency.code = v_source
      returning segment_marks.organization_id
    )
    select array_agg(distinct marked.organization_id) into v_clinics from marked;
  elsif v_found_by = 'patient_id' then
    with marked as (
      insert into app_private.segment_marks (organization_id, segment_id, patient_id)
      select distinct dependency.organization_id, dependency.segment_id, changed.patient_id
      from changed
      join app_private.segment_dependencies as dependency
        on dependency.organization_id = changed.organization_id
        and dependency.code = v_source || case when v_detail is null then '' else coalesce(':' || (to_jsonb(changed) ->> v_detail), '') end
      returning segment_marks.organization_id
    )
    select array_agg(distinct marked.organization_id) into v_clinics from marked;
  elsif v_found_by = 'patient_profile_id' then
    with marked as (
      insert into app_private.segment_marks (organization_id, segment_id, patient_id)
      select distinct dependency.organization_id, dependency.segment_id, patients.id
      from changed
      join app_private.segment_dependencies as dependency
        on dependency.organization_id = changed.organization_id
        and dependency.code = v_source || case when v_detail is null then '' else coalesce(':' || (to_jsonb(changed) ->> v_detail), '') end
      join app_public.patients
        on patients.organization_id = changed.organization_id and patients.patient_profile_id = changed.patient_profile_id
      returning segment_marks.organization_id
    )
    select array_agg(distinct marked.organization_id) into v_clinics from marked;
  elsif v_found_by = 'profile' then
    with marked as (
      insert into app_private.segment_marks (organization_id, segment_id, patient_id)
      select dependency.organization_id, dependency.segment_id, patients.id
      from changed
      join app_public.patients on patients.patient_profile_id = changed.id
      join app_private.segment_dependencies as dependency
        on dependency.organization_id = patients.organization_id and dependency.code = v_source
      returning segment_marks.organization_id
    )
    select array_agg(distinct marked.organization_id) into v_clinics from marked;
  elsif v_found_by = 'clinic' then
    with marked as (
      insert into app_private.segment_marks (organization_id, segment_id)
      select dependency.organization_id, dependency.segment_id
      from changed
      join app_private.segment_dependencies as dependency
        on dependency.organization_id = changed.id and dependency.code = v_source
      returning segment_marks.organization_id
    )
    select array_agg(distinct marked.organization_id) into v_clinics from marked;
  else
    -- Everyone of the clinic that the row names, or of every clinic where it names none.
    with marked as (
      insert into app_private.segment_marks (organization_id, segment_id)
      select distinct dependency.organization_id, dependency.segment_id
      from changed
      join app_private.segment_dependencies as dependency
        on dependency.code = v_source || case when v_detail is null then '' else coalesce(':' || (to_jsonb(changed) ->> v_detail), '') end
        and (changed.organization_id is null or dependency.organization_id = changed.organization_id)
      returning segment_marks.organization_id
    )
    select array_agg(distinct marked.organization_id) into v_clinics from marked;
  end if;

  if v_clinics is not null then
    perform app_private.queue_segments(v_clinics);
  end if;
  return null;
end;
$$;

comment on function app_private.tg_mark_segments is
  'Marks the patients of changed rows for the segments that read them; its arguments are those of a row of rule_sources. Triggers '
  '_900_segments_<source>_….';

reset role;

-- One trigger for each command of each source: transition tables are of one command. A test holds them beside rule_sources.
create or replace trigger _900_segments_profile_insert after insert on app_public.patient_profiles
  referencing new table as changed for each statement execute function app_private.tg_mark_segments('profile', 'profile');
create or replace trigger _900_segments_profile_update after update on app_public.patient_profiles
  referencing new table as changed for each statement execute function app_private.tg_mark_segments('profile', 'profile');
create or replace trigger _900_segments_profile_delete after delete on app_public.patient_profiles
  referencing old table as changed for each statement execute function app_private.tg_mark_segments('profile', 'profile');
create or replace trigger _900_segments_patient_insert after insert on app_public.patients
  referencing new table as changed for each statement execute function app_private.tg_mark_segments('patient', 'patient');
create or replace trigger _900_segments_patient_update after update on app_public.patients
  referencing new table as changed for each statement execute function app_private.tg_mark_segments('patient', 'patient');
create or replace trigger _900_segments_patient_delete after delete on app_public.patients
  referencing old table as changed for each statement execute function app_private.tg_mark_segments('patient', 'patient');
create or replace trigger _900_segments_clinic_insert after insert on app_public.organizations
  referencing new table as changed for each statement execute function app_private.tg_mark_segments('clinic', 'clinic');
create or replace trigger _900_segments_clinic_update after update on app_public.organizations
  referencing new table as changed for each statement execute function app_private.tg_mark_segments('clinic', 'clinic');
create or replace trigger _900_segments_clinic_delete after delete on app_public.organizations
  referencing old table as changed for each statement execute function app_private.tg_mark_segments('clinic', 'clinic');
create or replace trigger _900_segments_custom_insert after insert on app_public.custom_field_values
  referencing new table as changed for each statement execute function app_private.tg_mark_segments('custom', 'patient_profile_id', 'custom_field_id');
create or replace trigger _900_segments_custom_update after update on app_public.custom_field_values
  referencing new table as changed for each statement execute function app_private.tg_mark_segments('custom', 'patient_profile_id', 'custom_field_id');
create or replace trigger _900_segments_custom_delete after delete on app_public.custom_field_values
  referencing old table as changed for each statement execute function app_private.tg_mark_segments('custom', 'patient_profile_id', 'custom_field_id');
create or replace trigger _900_segments_form_insert after insert on app_public.forms
  referencing new table as changed for each statement execute function app_private.tg_mark_segments('form', 'patient_id', 'template_id');
create or replace trigger _900_segments_form_update after update on app_public.forms
  referencing new table as changed for each statement execute function app_private.tg_mark_segments('form', 'patient_id', 'template_id');
create or replace trigger _900_segments_form_delete after delete on app_public.forms
  referencing old table as changed for each statement execute function app_private.tg_mark_segments('form', 'patient_id', 'template_id');
create or replace trigger _900_segments_forms_insert after insert on app_public.forms
  referencing new table as changed for each statement execute function app_private.tg_mark_segments('forms', 'patient_id');
create or replace trigger _900_segments_forms_update after update on app_public.forms
  referencing new table as changed for each statement execute function app_private.tg_mark_segments('forms', 'patient_id');
create or replace trigger _900_segments_forms_delete after delete on app_public.forms
  referencing old table as changed for each statement execute function app_private.tg_mark_segments('forms', 'patient_id');
create or replace trigger _900_segments_appointments_insert after insert on app_public.appointments
  referencing new table as changed for each statement execute function app_private.tg_mark_segments('appointments', 'patient_profile_id');
create or replace trigger _900_segments_appointments_update after update on app_public.appointments
  referencing new table as changed for each statement execute function app_private.tg_mark_segments('appointments', 'patient_profile_id');
create or replace trigger _900_segments_appointments_delete after delete on app_public.appointments
  referencing old table as changed for each statement execute function app_private.tg_mark_segments('appointments', 'patient_profile_id');
create or replace trigger _900_segments_consents_insert after insert on app_public.consents
  referencing new table as changed for each statement execute function app_private.tg_mark_segments('consents', 'patient_profile_id', 'purpose_code');
create or replace trigger _900_segments_consents_update after update on app_public.consents
  referencing new table as changed for each statement execute function app_private.tg_mark_segments('consents', 'patient_profile_id', 'purpose_code');
create or replace trigger _900_segments_consents_delete after delete on app_public.consents
  referencing old table as changed for each statement execute function app_private.tg_mark_segments('consents', 'patient_profile_id', 'purpose_code');
create or replace trigger _900_segments_consents_insert after insert on app_public.consent_purpose_versions
  referencing new table as changed for each statement execute function app_private.tg_mark_segments('consents', 'everyone', 'purpose_code');
create or replace trigger _900_segments_consents_update after update on app_public.consent_purpose_versions
  referencing new table as changed for each statement execute function app_private.tg_mark_segments('consents', 'everyone', 'purpose_code');
create or replace trigger _900_segments_consents_delete after delete on app_public.consent_purpose_versions
  referencing old table as changed for each statement execute function app_private.tg_mark_segments('consents', 'everyone', 'purpose_code');
create or replace trigger _900_segments_plans_insert after insert on app_public.patient_service_plans
  referencing new table as changed for each statement execute function app_private.tg_mark_segments('plans', 'patient_profile_id');
create or replace trigger _900_segments_plans_update after update on app_public.patient_service_plans
  referencing new table as changed for each statement execute function app_private.tg_mark_segments('plans', 'patient_profile_id');
create or replace trigger _900_segments_plans_delete after delete on app_public.patient_service_plans
  referencing old table as changed for each statement execute function app_private.tg_mark_segments('plans', 'patient_profile_id');
create or replace trigger _900_segments_plans_insert after insert on app_public.patient_subscriptions
  referencing new table as changed for each statement execute function app_private.tg_mark_segments('plans', 'patient_profile_id');
create or replace trigger _900_segments_plans_update after update on app_public.patient_subscriptions
  referencing new table as changed for each statement execute function app_private.tg_mark_segments('plans', 'patient_profile_id');
create or replace trigger _900_segments_plans_delete after delete on app_public.patient_subscriptions
  referencing old table as changed for each statement execute function app_private.tg_mark_segments('plans', 'patient_profile_id');
create or replace trigger _900_segments_subscription_insert after insert on app_public.patient_subscriptions
  referencing new table as changed for each statement execute function app_private.tg_mark_segments('subscription', 'patient_profile_id');
create or replace trigger _900_segments_subscription_update after update on app_public.patient_subscriptions
  referencing new table as changed for each statement execute function app_private.tg_mark_segments('subscription', 'patient_profile_id');
create or replace trigger _900_segments_subscription_delete after delete on app_public.patient_subscriptions
  referencing old table as changed for each statement execute function app_private.tg_mark_segments('subscription', 'patient_profile_id');
create or replace trigger _900_segments_segment_insert after insert on app_public.segment_members
  referencing new table as changed for each statement execute function app_private.tg_mark_segments('segment', 'patient_id', 'segment_id');
create or replace trigger _900_segments_segment_update after update on app_public.segment_members
  referencing new table as changed for each statement execute function app_private.tg_mark_segments('segment', 'patient_id', 'segment_id');
create or replace trigger _900_segments_segment_delete after delete on app_public.segment_members
  referencing old table as changed for each statement execute function app_private.tg_mark_segments('segment', 'patient_id', 'segment_id');
-- end of source: functions/segments/tg_mark_segments.sql

-- source: functions/telemetry/claim_to_finalize.sql
-- Recordings that were over a day ago and that no telemetry has finalized: nothing of them was sent, or the machine that had it is gone. Telemetry
-- that still has it on its disk would have finalized it by then. Whoever claims one and dies leaves it to the next after a quarter of an
-- hour. TEL-02, TEL-05.

set role app_engine;

create or replace function app_telemetry.claim_to_finalize(worker uuid, most int) returns setof uuid
language sql volatile security definer rows 20
set search_path = ''
begin atomic
  update app_public.exercise_sessions as recordings
  set claimed_by = claim_to_finalize.worker, claimed_at = app_hidden.now()
  where recordings.id in (
    select open.id
    from app_public.exercise_sessions as open
    where open.ended_at is null
      and open.expires_at < app_hidden.now() - interval '1 day'
      and coalesce(open.claimed_at < app_hidden.now() - interval '15 minutes', true)
    order by open.expires_at
    limit least(claim_to_finalize.most, 100)
    for no key update skip locked)
  returning recordings.id;
end;

comment on function app_telemetry.claim_to_finalize is 'So many recordings that are long over and were never finalized, for this process to finalize.';
grant execute on function app_telemetry.claim_to_finalize to app_telemetry;

reset role;
-- end of source: functions/telemetry/claim_to_finalize.sql

-- source: functions/treatment/patient_sessions_exercises.sql
-- What a session asks for, as it was prescribed: read from the version that it is pinned to, and from nowhere else. EXE-01.

create or replace function app_public.patient_sessions_exercises(session app_public.patient_sessions) returns jsonb
language sql stable
set search_path = ''
return coalesce((
  select versions.sessions_snapshot -> ((session).position - 1) -> 'exercises'
  from app_public.treatment_plan_versions as versions
  where versions.id = (session).version_id), '[]');

comment on function app_public.patient_sessions_exercises is
  'Its exercises in order: exerciseId, slug, assetVersion, names, prescription, and contraindications with their severity.';
grant execute on function app_public.patient_sessions_exercises to app_member, app_engine;

create or replace function app_public.patient_sessions_title(session app_public.patient_sessions) returns jsonb
language sql stable
set search_path = ''
return coalesce((
  select versions.sessions_snapshot -> ((session).position - 1) -> 'title'
  from app_public.treatment_plan_versions as versions
  where versions.id = (session).version_id), '{}');

comment on function app_public.patient_sessions_title is 'What patients read above it, by language: ro and en.';
grant execute on function app_public.patient_sessions_title to app_member, app_engine;

-- What the library warns of today and the version does not: a warning that is found later reaches whoever is already doing the exercise.
set role app_engine;

create or replace function app_public.patient_sessions_later_contraindications(session app_public.patient_sessions) returns jsonb
language sql stable security definer
set search_path = ''
begin atomic
  select coalesce(
    jsonb_agg(jsonb_build_object('exerciseId', harms.exercise_id, 'id', harms.id, 'severity', harms.severity, 'text', harms.text)
      order by array_position('{absolute,relative,caution}'::text[], harms.severity), harms.id), '[]')
  from app_public.exercise_contraindications as harms
  where harms.exercise_id in (
      select (exercise.value ->> 'exerciseId')::uuid
      from jsonb_array_elements(app_public.patient_sessions_exercises(session)) as exercise)
    and not exists (
      select
      from jsonb_array_elements(app_public.patient_sessions_exercises(session)) as exercise
      cross join lateral jsonb_array_elements(exercise.value -> 'contraindications') as known
      where (known.value ->> 'id')::uuid = harms.id);
end;

comment on function app_public.patient_sessions_later_contraindications is
  'Contraindications of its exercises that the library has today and the version does not: exerciseId, id, severity and text. Those that '
  'are absolute are acknowledged before it starts, as those of the version.';
grant execute on function app_public.patient_sessions_later_contraindications to app_member;

reset role;
-- end of source: functions/treatment/patient_sessions_exercises.sql

-- source: functions/telemetry/log_what_was_recorded.sql
-- What recordings of a session say goes into its log, beside what the patient entered, which stays. Of each recording the newest version counts, and of
-- several what they counted together. Where the camera counted nothing, what the patient says is what was done: somebody who stood
-- out of its sight did not do nothing. TEL-11, EXE-02.

create or replace function app_private.log_what_was_recorded(session app_public.patient_sessions) returns void
language plpgsql volatile
set search_path = ''
as $$
begin
  insert into app_public.patient_exercise_logs as logs
    (organization_id, patient_session_id, place, exercise_id, prescribed, actual_sets, actual_reps, actual_source, video_watch_percentage, pose_summary)
  select (session).organization_id, (session).id, asked.place, (asked.value ->> 'exerciseId')::uuid, asked.value -> 'prescription',
         case when pose.reps > 0 then least(pose.sets, 100) end, case when pose.reps > 0 then least(pose.reps, 10000) end,
         case when pose.reps > 0 then 'pose' end, media.watched, pose.summary
  from jsonb_array_elements(app_public.patient_sessions_exercises(session)) with ordinality as asked (value, place)
  cross join lateral (
    select nullif(sum(newest.reps), 0)::int as reps, nullif(sum(newest.sets) filter (where newest.reps > 0), 0)::int as sets,
      (array_agg(jsonb_build_object(
        'reps', newest.reps, 'sets', newest.sets, 'range', newest.range_degrees, 'joint', newest.joint, 'side', newest.side,
        'confidence', newest.confidence, 'view', newest.view, 'algorithmVersion', newest.algorithm_version)
        order by newest.reps desc, newest.confidence desc, newest.id))[1] as summary
    from (
      select distinct on (metrics.exercise_session_id) metrics.*
      from app_public.exercise_sessions as recordings
      join app_public.pose_session_metrics as metrics
        on metrics.organization_id = recordings.organization_id and metrics.exercise_session_id = recordings.id
      where recordings.organization_id = (session).organization_id and recordings.patient_session_id = (session).id
        and metrics.place = asked.place
      order by metrics.exercise_session_id, metrics.algorithm_version desc
    ) as newest
  ) as pose
  cross join lateral (
    select max(newest.watched_percentage) as watched
    from (
      select distinct on (metrics.exercise_session_id) metrics.*
      from app_public.exercise_sessions as recordings
      join app_public.media_session_metrics as metrics
        on metrics.organization_id = recordings.organization_id and metrics.exercise_session_id = recordings.id
      where recordings.organization_id = (session).organization_id and recordings.patient_session_id = (session).id
        and metrics.place = asked.place
      order by metrics.exercise_session_id, metrics.algorithm_version desc
    ) as newest
  ) as media
  where num_nonnulls(pose.summary, media.watched) > 0
  on conflict on constraint patient_exercise_logs_place_is_used_once do update set
    actual_sets = case when excluded.actual_source = 'pose' then excluded.actual_sets else logs.entered_sets end,
    actual_reps = case when excluded.actual_source = 'pose' then excluded.actual_reps else logs.entered_reps end,
    actual_seconds = logs.entered_seconds,
    actual_source = case
      when excluded.actual_source = 'pose' then 'pose'
      when num_nonnulls(logs.entered_sets, logs.entered_reps, logs.entered_seconds) > 0 then 'patient' end,
    video_watch_percentage = coalesce(excluded.video_watch_percentage, logs.video_watch_percentage),
    pose_summary = coalesce(excluded.pose_summary, logs.pose_summary);
end;
$$;

comment on function app_private.log_what_was_recorded is
  'Brings the log of a session to what its recordings say: repetitions and sets where the camera counted some, and how much of the video was watched.';
grant execute on function app_private.log_what_was_recorded to app_engine;
-- end of source: functions/telemetry/log_what_was_recorded.sql

-- source: functions/telemetry/open_metrics_month.sql
-- Partitions of a month for what recordings come to in detail. The task makes them ahead; should it have slept, the first write of a month makes its
-- own. Only the owner of a partitioned table may attach to it, so this is the owner's, as audit.open_month() is: it takes a time and no
-- text, and row security leaves the owner no row. TEL-05.

create or replace function app_private.open_metrics_month(month timestamptz) returns void
language plpgsql volatile security definer
set search_path = ''
as $$
declare
  v_first timestamptz := date_trunc('month', open_metrics_month.month, 'UTC');
  v_next timestamptz := date_trunc('month', date_trunc('month', open_metrics_month.month, 'UTC') + interval '40 days', 'UTC');
  v_parent text;
  v_partition text;
begin
  if to_regclass('app_private.media_buffering_events_' || to_char(v_first at time zone 'UTC', 'YYYY_MM')) is not null then
    return;
  end if;
  -- Two at once would make the same table; the second finds it.
  perform pg_advisory_xact_lock(hashtextextended('telemetry: open_metrics_month', 0));
  foreach v_parent in array array['pose_rep_metrics', 'media_buffering_events'] loop
    v_partition := format('%s_%s', v_parent, to_char(v_first at time zone 'UTC', 'YYYY_MM'));
    continue when to_regclass('app_private.' || v_partition) is not null;
    -- Made beside and then attached: that locks out nobody who writes.
    execute format('create table app_private.%I (like app_public.%I including all)', v_partition, v_parent);
    execute format('alter table app_private.%I enable row level security', v_partition);
    execute format('alter table app_private.%I force row level security', v_partition);
    execute format('alter table app_public.%I attach partition app_private.%I for values from (%L) to (%L)',
      v_parent, v_partition, v_first, v_next);
  end loop;
end;
$$;

comment on function app_private.open_metrics_month is
  'Makes the partitions of the month of this instant, in UTC, for repetitions and stalls, unless they are there.';
grant execute on function app_private.open_metrics_month to app_engine;

set role app_engine;

create or replace function app_private.open_metrics_months(ahead int default 3) returns void
language plpgsql volatile security definer
set search_path = ''
as $$
begin
  for v_month in 0 .. open_metrics_months.ahead loop
    perform app_private.open_metrics_month(app_hidden.now() + make_interval(months => v_month));
  end loop;
end;
$$;

comment on function app_private.open_metrics_months is 'Makes the partitions of this month and of those ahead, for repetitions and stalls.';
grant execute on function app_private.open_metrics_months to app_worker;
reset role;
-- end of source: functions/telemetry/open_metrics_month.sql

-- source: functions/telemetry/write_pose_metrics.sql
-- What the camera made of the exercises of a recording, as rows: a step of consume_telemetry(). What is of no exercise of the session is left out. TEL-04, TEL-05.

-- Instants are those of the browser's clock, in milliseconds since 1970.
create or replace function app_private.instant_of(milliseconds jsonb) returns timestamptz
language sql immutable strict parallel safe
set search_path = ''
return to_timestamp(((milliseconds #>> '{}')::numeric / 1000)::double precision);

comment on function app_private.instant_of is 'The instant of a number of milliseconds since 1970, out of JSON.';
grant execute on function app_private.instant_of to app_engine;

-- A pause that is longer than half of the rest that is prescribed, and than five seconds, divides sets.
create or replace function app_private.sets_of(reps jsonb, prescription jsonb) returns int
language sql immutable
set search_path = ''
begin atomic
  select coalesce(count(*) filter (
    where pauses.before is null
      or pauses.before > greatest(5000, coalesce((sets_of.prescription ->> 'restSeconds')::numeric, 0) * 500)), 0)::int
  from (
    select (rep.value ->> 'startMs')::numeric - lag((rep.value ->> 'endMs')::numeric) over (order by (rep.value ->> 'startMs')::numeric) as before
    from jsonb_array_elements(sets_of.reps) as rep
  ) as pauses;
end;

comment on function app_private.sets_of is 'Into how many sets repetitions fall, by the pauses between them and the rest that is prescribed.';
grant execute on function app_private.sets_of to app_engine;

create or replace function app_private.write_pose_metrics(
  recording app_public.exercise_sessions, session app_public.patient_sessions, version int, result jsonb
) returns void
language plpgsql volatile
set search_path = ''
as $$
begin
  insert into app_public.pose_session_metrics
    (organization_id, exercise_session_id, place, algorithm_version, exercise_id, reps, sets, range_degrees, joint, side, signal, confidence,
     view, frames_with_person, frames_without_person, frames_dropped, gaps)
  select (recording).organization_id, (recording).id, asked.place, write_pose_metrics.version, (asked.value ->> 'exerciseId')::uuid,
         jsonb_array_length(told.value -> 'reps'), app_private.sets_of(told.value -> 'reps', asked.value -> 'prescription'),
         (told.value ->> 'range')::numeric, told.value -> 'measured' ->> 'joint', told.value -> 'measured' ->> 'side', told.value ->> 'signal',
         (told.value ->> 'confidence')::numeric, told.value ->> 'view', (told.value -> 'frames' ->> 'withPerson')::int,
         (told.value -> 'frames' ->> 'withoutPerson')::int, (told.value -> 'frames' ->> 'dropped')::int, (told.value ->> 'gaps')::int
  from jsonb_array_elements(app_public.patient_sessions_exercises(session)) with ordinality as asked (value, place)
  join jsonb_array_elements(write_pose_metrics.result -> 'exercises') as told on (told.value ->> 'place')::int = asked.place
  on conflict on constraint pose_session_metrics_are_written_once do nothing;

  insert into app_public.pose_rep_metrics
    (organization_id, exercise_session_id, session_started_at, place, algorithm_version, number, started_at, turned_at, ended_at, range_degrees)
  select (recording).organization_id, (recording).id, (recording).started_at, asked.place, write_pose_metrics.version, rep.number,
         app_private.instant_of(rep.value -> 'startMs'), app_private.instant_of(rep.value -> 'turnMs'),
         app_private.instant_of(rep.value -> 'endMs'), (rep.value ->> 'range')::numeric
  from jsonb_array_elements(app_public.patient_sessions_exercises(session)) with ordinality as asked (value, place)
  join jsonb_array_elements(write_pose_metrics.result -> 'exercises') as told on (told.value ->> 'place')::int = asked.place
  cross join lateral jsonb_array_elements(told.value -> 'reps') with ordinality as rep (value, number)
  on conflict on constraint pose_rep_metrics_pkey do nothing;
end;
$$;

comment on function app_private.write_pose_metrics is 'Writes what the camera made of each exercise, and each repetition, once for each version.';
grant execute on function app_private.write_pose_metrics to app_engine;
-- end of source: functions/telemetry/write_pose_metrics.sql

-- source: functions/telemetry/write_media_metrics.sql
-- How the videos of a recording were watched, as rows: a step of consume_telemetry(). What is of no exercise of the session is left out. TEL-05, TEL-11.

create or replace function app_private.write_media_metrics(
  recording app_public.exercise_sessions, session app_public.patient_sessions, version int, result jsonb
) returns void
language plpgsql volatile
set search_path = ''
as $$
begin
  insert into app_public.media_session_metrics
    (organization_id, exercise_session_id, place, algorithm_version, watched_ms, duration_ms, watched_percentage, stalls, stalled_ms, rates)
  select (recording).organization_id, (recording).id, asked.place, write_media_metrics.version,
         round((told.value ->> 'watched')::numeric * 1000)::bigint, round((told.value ->> 'durationMs')::numeric)::bigint,
         least(100, round((told.value ->> 'watched')::numeric * 100000 / nullif((told.value ->> 'durationMs')::numeric, 0)))::int,
         jsonb_array_length(told.value -> 'stalls'),
         (select coalesce(sum(round((stall.value ->> 'lengthMs')::numeric)), 0)::bigint from jsonb_array_elements(told.value -> 'stalls') as stall),
         told.value -> 'rates'
  from jsonb_array_elements(app_public.patient_sessions_exercises(session)) with ordinality as asked (value, place)
  join jsonb_array_elements(write_media_metrics.result -> 'media') as told on (told.value ->> 'place')::int = asked.place
  on conflict on constraint media_session_metrics_are_written_once do nothing;

  insert into app_public.media_buffering_events
    (organization_id, exercise_session_id, session_started_at, place, algorithm_version, number, stalled_at, length_ms)
  select (recording).organization_id, (recording).id, (recording).started_at, asked.place, write_media_metrics.version, stall.number,
         app_private.instant_of(stall.value -> 'atMs'), round((stall.value ->> 'lengthMs')::numeric)::bigint
  from jsonb_array_elements(app_public.patient_sessions_exercises(session)) with ordinality as asked (value, place)
  join jsonb_array_elements(write_media_metrics.result -> 'media') as told on (told.value ->> 'place')::int = asked.place
  cross join lateral jsonb_array_elements(told.value -> 'stalls') with ordinality as stall (value, number)
  on conflict on constraint media_buffering_events_pkey do nothing;
end;
$$;

comment on function app_private.write_media_metrics is 'Writes how each video was watched, and each time that it stood still, once for each version.';
grant execute on function app_private.write_media_metrics to app_engine;
-- end of source: functions/telemetry/write_media_metrics.sql

-- source: functions/telemetry/consume_telemetry.sql
-- The consumer "telemetry": what a recording comes to is written as metrics, and beside what the patient says in the log of the session. A repeated or
-- late event changes nothing; another version of the algorithm adds rows, and the log says what the newest says. TEL-04, TEL-05, TEL-11.

set role app_engine;

create or replace function app_private.consume_telemetry(event_id uuid) returns void
language plpgsql volatile strict security definer
set search_path = ''
as $$
declare
  v_event app_private.events;
  v_recording app_public.exercise_sessions;
  v_session app_public.patient_sessions;
  v_version int;
  v_result jsonb;
begin
  select events.* into strict v_event from app_private.events where events.id = consume_telemetry.event_id;
  v_version := (v_event.payload ->> 'algorithmVersion')::int;
  select recordings.* into v_recording
  from app_public.exercise_sessions as recordings
  where recordings.organization_id = v_event.organization_id and recordings.id = v_event.subject_id;
  -- It was erased meanwhile.
  if not found then
    return;
  end if;
  select sessions.* into strict v_session
  from app_public.patient_sessions as sessions
  where sessions.organization_id = v_recording.organization_id and sessions.id = v_recording.patient_session_id;
  -- The patient may be writing into the log at this moment.
  v_session := app_private.lock_session(v_session);
  select aggregates.result into v_result
  from app_private.session_aggregates as aggregates
  where aggregates.organization_id = v_recording.organization_id and aggregates.exercise_session_id = v_recording.id
    and aggregates.algorithm_version = v_version and aggregates.written_at is null;
  if not found then
    return;
  end if;

  perform app_private.open_metrics_month(v_recording.started_at);
  perform app_private.write_pose_metrics(v_recording, v_session, v_version, v_result);
  perform app_private.write_media_metrics(v_recording, v_session, v_version, v_result);
  perform app_private.log_what_was_recorded(v_session);
  update app_private.session_aggregates as aggregates set result = null, written_at = app_hidden.now()
  where aggregates.organization_id = v_recording.organization_id and aggregates.exercise_session_id = v_recording.id
    and aggregates.algorithm_version = v_version;
end;
$$;

comment on function app_private.consume_telemetry is
  'Writes what a recording comes to as metrics, once for each version of the algorithm, and into the log of its session.';
grant execute on function app_private.consume_telemetry to app_worker;
reset role;
-- end of source: functions/telemetry/consume_telemetry.sql

-- source: functions/telemetry/exercise_trend.sql
-- How a patient gets on with an exercise, recording by recording: what was counted beside what was prescribed, and the pain. What the newest version of
-- the algorithm says of each: a point of a curve is never of two versions. TEL-07, TEL-04.

create or replace function app_public.exercise_trend(patient_id uuid, exercise_id uuid) returns setof app_public.exercise_trend_point
language sql stable rows 100
set search_path = ''
begin atomic
  select row(points.id, points.started_at, points.place, points.reps, points.sets, points.range_degrees, points.confidence,
    points.algorithm_version, (points.prescription ->> 'reps')::int * (points.prescription ->> 'sets')::int,
    points.pain_before, points.pain_after)::app_public.exercise_trend_point
  from (
    select distinct on (recordings.started_at, recordings.id, metrics.place)
      recordings.id, recordings.started_at, metrics.place, metrics.reps, metrics.sets, metrics.range_degrees, metrics.confidence,
      metrics.algorithm_version, app_public.patient_sessions_exercises(sessions) -> (metrics.place - 1) -> 'prescription' as prescription,
      sessions.pain_before, sessions.pain_after
    from app_public.patients
    join app_public.exercise_sessions as recordings
      on recordings.organization_id = patients.organization_id and recordings.patient_profile_id = patients.patient_profile_id
    join app_public.patient_sessions as sessions
      on sessions.organization_id = recordings.organization_id and sessions.id = recordings.patient_session_id
    join app_public.pose_session_metrics as metrics
      on metrics.organization_id = recordings.organization_id and metrics.exercise_session_id = recordings.id
    where patients.id = exercise_trend.patient_id and metrics.exercise_id = exercise_trend.exercise_id
    order by recordings.started_at desc, recordings.id, metrics.place, metrics.algorithm_version desc
    limit 500
  ) as points
  order by points.started_at, points.id, points.place;
end;

comment on function app_public.exercise_trend is
  E'@arg exerciseId The exercise.\n'
  'How a patient gets on with an exercise, the oldest recording first: the newest 500. Nothing for whoever sees none of their recordings.';
grant execute on function app_public.exercise_trend to app_member;
-- end of source: functions/telemetry/exercise_trend.sql

-- source: functions/telemetry/finalized.sql
-- A recording is done: its result was published before, and where its movement lies is known. Told again, nothing changes. TEL-02, TEL-05, TEL-07.

set role app_engine;

create or replace function app_telemetry.finalized(sid uuid, object_key text, sha256 text, bytes bigint) returns void
language sql volatile security definer
set search_path = ''
begin atomic
  update app_public.exercise_sessions as recordings set
    ended_at = app_hidden.now(),
    replay_state = case when finalized.object_key is null then 'none' else 'kept' end,
    replay_object_key = finalized.object_key,
    replay_sha256 = case when finalized.object_key is not null then finalized.sha256 end,
    replay_bytes = case when finalized.object_key is not null then finalized.bytes end
  where recordings.id = finalized.sid and recordings.ended_at is null;
end;

comment on function app_telemetry.finalized is 'Ends a recording, and says where its movement can be played from; null: from nowhere.';
grant execute on function app_telemetry.finalized to app_telemetry;

reset role;
-- end of source: functions/telemetry/finalized.sql

-- source: functions/telemetry/open_replay.sql
-- The movement of a recording is played by a link of minutes, which the API signs once this has passed: whoever may see the recording, now, and on record
-- before the link is made. TEL-07, FND-08.

set role app_engine;

create or replace function app_hidden.open_replay(exercise_session_id uuid)
returns table (organization_id uuid, object_key text)
language plpgsql volatile security definer
set search_path = ''
as $$
declare
  v_recording app_public.exercise_sessions;
begin
  select recordings.* into v_recording
  from app_public.exercise_sessions as recordings
  where recordings.id = open_replay.exercise_session_id
    and (recordings.organization_id = any (app_hidden.organization_ids_where('exercise_sessions.view'))
         or (recordings.patient_profile_id = any (app_hidden.current_human_patient_profile_ids())
             and recordings.organization_id = any (app_hidden.current_patient_organization_ids())));
  if not found then
    perform app_hidden.refuse('NOT_FOUND', 'exercise_session_not_found');
  elsif v_recording.ended_at is null then
    perform app_hidden.refuse('STATE', 'replay_not_ready');
  elsif v_recording.replay_state = 'archived' then
    perform app_hidden.refuse('STATE', 'replay_archived');
  elsif v_recording.replay_state = 'removed' then
    perform app_hidden.refuse('GONE', 'replay_removed');
  elsif v_recording.replay_state = 'none' then
    perform app_hidden.refuse('NOT_FOUND', 'nothing_to_replay');
  end if;
  perform audit.record_read(
    v_recording.organization_id, 'app_public.exercise_sessions', v_recording.id::text, 'replay', v_recording.patient_profile_id);
  return query select v_recording.organization_id, v_recording.replay_object_key;
end;
$$;

comment on function app_hidden.open_replay is
  'Where the movement of a recording lies, for the person and for staff with exercise_sessions.view; who asked is on record. NOT_FOUND '
  'exercise_session_not_found, nothing_to_replay; STATE replay_not_ready, replay_archived; GONE replay_removed.';
grant execute on function app_hidden.open_replay to app_member;

reset role;
-- end of source: functions/telemetry/open_replay.sql

-- source: functions/telemetry/patient_sessions_to_do.sql
-- What the page of a session shows and the camera follows, exercise by exercise: for whoever sees the session. What the library has
-- archived meanwhile is still done by those it was prescribed to. EXE-01, EXE-05.

create or replace function app_private.recipe_to_show(exercise app_public.exercises, prescription jsonb) returns text
language sql stable
set search_path = ''
begin atomic
  select known.recipe_hash
  from app_public.exercise_renders as known
  where known.exercise_id = (exercise).id
    and known.video_id is not null
    and (known.recipe_hash in ('_imported', app_private.recipe_hash(recipe_to_show.prescription)) or known.id = (exercise).catalog_render_id)
  order by known.id is distinct from (exercise).catalog_render_id desc, known.recipe_hash
  limit 1;
end;

comment on function app_private.recipe_to_show is
  'Which video of an exercise is shown for a prescription: its own or the imported one, else the catalog''s; null without any.';
grant execute on function app_private.recipe_to_show to app_engine;

set role app_engine;

create or replace function app_public.patient_sessions_to_do(session app_public.patient_sessions) returns app_public.exercise_to_do[]
language sql stable security definer
set search_path = ''
begin atomic
  select coalesce(array_agg(
    row(asked.place::int, asked.value -> 'prescription', exercises.tracking,
      app_private.shown_exercise(
        exercises, app_private.recipe_to_show(exercises, asked.value -> 'prescription'), profiles.locale))::app_public.exercise_to_do
    order by asked.place), '{}')
  from app_public.patient_sessions as sessions
  join app_public.patient_profiles as profiles on profiles.id = sessions.patient_profile_id
  cross join lateral jsonb_array_elements(app_public.patient_sessions_exercises(sessions)) with ordinality as asked (value, place)
  join app_public.exercises on exercises.id = (asked.value ->> 'exerciseId')::uuid
  where sessions.id = (session).id
    and (sessions.organization_id = any (app_hidden.organization_ids_where('treatment_plans.view'))
         or (sessions.patient_profile_id = any (app_hidden.current_human_patient_profile_ids())
             and sessions.organization_id = any (app_hidden.current_patient_organization_ids())));
end;

comment on function app_public.patient_sessions_to_do is
  'Its exercises in order, as its page needs them: what was prescribed, what the camera follows, and how each is shown.';
grant execute on function app_public.patient_sessions_to_do to app_member;

reset role;
-- end of source: functions/telemetry/patient_sessions_to_do.sql

-- source: functions/telemetry/publish_aggregated.sql
-- What a recording comes to: kept until the worker has written it as metrics, and told by an event, in one transaction. Once for each version of the
-- algorithm: told again, also late, nothing changes, and a new version adds to what the old one said. TEL-04, TEL-05.

set role app_engine;

create or replace function app_telemetry.publish_aggregated(sid uuid, result jsonb) returns void
language plpgsql volatile security definer
set search_path = ''
as $$
declare
  v_recording app_public.exercise_sessions;
begin
  if jsonb_typeof(result -> 'exercises') is distinct from 'array' or jsonb_typeof(result -> 'media') is distinct from 'array'
    or not coalesce(result ->> 'algorithmVersion' ~ '^[1-9][0-9]{0,5}$', false) then
    perform app_hidden.refuse('VALIDATION', 'session_result_not_valid', '{"field": "result"}');
  end if;
  insert into app_private.session_aggregates (organization_id, exercise_session_id, algorithm_version, result, told_at)
  select recordings.organization_id, recordings.id, (result ->> 'algorithmVersion')::int, publish_aggregated.result, app_hidden.now()
  from app_public.exercise_sessions as recordings
  where recordings.id = publish_aggregated.sid
  on conflict on constraint session_aggregates_pkey do nothing;
  -- Of a recording that was erased, and of what was told before, nothing is told.
  if not found then
    return;
  end if;
  select recordings.* into strict v_recording
  from app_public.exercise_sessions as recordings where recordings.id = publish_aggregated.sid;
  perform app_private.publish(
    'session.aggregated', v_recording.organization_id, v_recording.id, jsonb_build_object(
      'exerciseSessionId', v_recording.id, 'patientSessionId', v_recording.patient_session_id,
      'patientProfileId', v_recording.patient_profile_id, 'algorithmVersion', (result ->> 'algorithmVersion')::int));
end;
$$;

comment on function app_telemetry.publish_aggregated is
  'Takes what a recording comes to, once for each version of the algorithm, and publishes session.aggregated. VALIDATION session_result_not_valid.';
grant execute on function app_telemetry.publish_aggregated to app_telemetry;

reset role;
-- end of source: functions/telemetry/publish_aggregated.sql

-- source: functions/telemetry/record_gap.sql
-- Batches of a recording that never came, as telemetry finds them at its end. Told again, nothing changes. TEL-02, TEL-05.

set role app_engine;

create or replace function app_telemetry.record_gap(sid uuid, "from" int, "to" int) returns void
language sql volatile security definer
set search_path = ''
begin atomic
  update app_public.exercise_sessions as recordings
  set gaps = recordings.gaps || jsonb_build_array(jsonb_build_array(record_gap."from", record_gap."to"))
  where recordings.id = record_gap.sid
    and record_gap."from" between 0 and record_gap."to"
    and jsonb_array_length(recordings.gaps) < 10000
    and not recordings.gaps @> jsonb_build_array(jsonb_build_array(record_gap."from", record_gap."to"));
end;

comment on function app_telemetry.record_gap is 'Notes that these batches of a recording never came, once.';
grant execute on function app_telemetry.record_gap to app_telemetry;

reset role;
-- end of source: functions/telemetry/record_gap.sql

-- source: functions/telemetry/withdrawals_since.sql
-- Since when what a recording rests on is not consented to any more: the first withdrawal since it began. Consenting once more counts for the
-- next recording. TEL-06. It is asked for every second, of all that run, so it looks up nothing but the answers of one person.

create or replace function app_private.withdrawals_since(recording app_public.exercise_sessions) returns jsonb
language sql stable
set search_path = ''
begin atomic
  select coalesce(jsonb_object_agg(ended.scope, ended.at), '{}')
  from (
    select asked.scope, min(asked.at) as at
    from (
      select 'pose' as scope, coalesce(consents.withdrawn_at, consents.holds_until) as at
      from app_public.consents
      where consents.organization_id = (recording).organization_id
        and consents.patient_profile_id = (recording).patient_profile_id
        and consents.purpose_code = 'biometric_capture'
        and consents.decision = 'granted'
      union all
      select 'media', consents.withdrawn_at
      from app_public.consents
      where consents.human_id = (recording).viewer_id
        and consents.purpose_code = 'analytics'
        and consents.decision = 'granted'
    ) as asked
    where asked.at between (recording).started_at and app_hidden.now()
    group by asked.scope
  ) as ended;
end;

comment on function app_private.withdrawals_since is
  'By scope, when the consent that a recording rests on was first withdrawn, or ran out, since it began: {"pose": instant, "media": instant}.';
grant execute on function app_private.withdrawals_since to app_engine;
-- end of source: functions/telemetry/withdrawals_since.sql

-- source: functions/telemetry/session_state.sql
-- What telemetry may know of a recording: whose it is, what may be sent of it, and since when not any more. Asked of all that run every second,
-- so it reads one row and the answers of one person. TEL-05, TEL-06.

set role app_engine;

create or replace function app_telemetry.session_state(sid uuid)
returns table (organization_id uuid, scopes text[], withdrawn_at jsonb, ended_at timestamptz, exercises jsonb)
language sql stable security definer rows 1
set search_path = ''
begin atomic
  select recordings.organization_id, recordings.scopes, app_private.withdrawals_since(recordings), recordings.ended_at, recordings.tracked
  from app_public.exercise_sessions as recordings
  where recordings.id = session_state.sid;
end;

comment on function app_telemetry.session_state is
  'How a recording stands now: its clinic, its scopes, when each was withdrawn, when it ended, and what its exercises look at. No row: unknown.';
grant execute on function app_telemetry.session_state to app_telemetry;

reset role;
-- end of source: functions/telemetry/session_state.sql

-- source: functions/telemetry/shown_recording.sql
-- Recordings of sessions as HTTP tells them: to the person and those who care for them, and to staff of the clinic, whose reading is on record. Of
-- each exercise what the newest version of the algorithm says. FND-31, TEL-07, FND-08.

create or replace function app_private.shown_recording(recording app_public.exercise_sessions) returns jsonb
language sql stable
set search_path = ''
begin atomic
  select jsonb_build_object(
    'id', (recording).id, 'organization_id', (recording).organization_id, 'patient_profile_id', (recording).patient_profile_id,
    'patient_session_id', (recording).patient_session_id, 'scopes', (recording).scopes, 'started_at', (recording).started_at,
    'ended_at', (recording).ended_at, 'replay_state', (recording).replay_state,
    'pain_before', sessions.pain_before, 'pain_after', sessions.pain_after,
    'exercises', (
      select coalesce(jsonb_agg(jsonb_build_object(
        'place', asked.place, 'slug', asked.value ->> 'slug', 'reps', pose.reps, 'sets', pose.sets, 'range_degrees', pose.range_degrees,
        'joint', pose.joint, 'side', pose.side, 'confidence', pose.confidence, 'watched_percentage', media.watched_percentage,
        'algorithm_version', coalesce(pose.algorithm_version, media.algorithm_version)) order by asked.place), '[]')
      from jsonb_array_elements(app_public.patient_sessions_exercises(sessions)) with ordinality as asked (value, place)
      left join lateral (
        select metrics.* from app_public.pose_session_metrics as metrics
        where metrics.organization_id = (recording).organization_id and metrics.exercise_session_id = (recording).id
          and metrics.place = asked.place
        order by metrics.algorithm_version desc
        limit 1
      ) as pose on true
      left join lateral (
        select metrics.* from app_public.media_session_metrics as metrics
        where metrics.organization_id = (recording).organization_id and metrics.exercise_session_id = (recording).id
          and metrics.place = asked.place
        order by metrics.algorithm_version desc
        limit 1
      ) as media on true))
  from app_public.patient_sessions as sessions
  where sessions.organization_id = (recording).organization_id and sessions.id = (recording).patient_session_id;
end;

comment on function app_private.shown_recording is 'A recording with what each exercise of it came to, by the newest version of the algorithm.';
grant execute on function app_private.shown_recording to app_engine;

set role app_engine;

create or replace function app_hidden.my_exercise_sessions() returns jsonb
language sql stable security definer
set search_path = ''
begin atomic
  select coalesce(jsonb_agg(app_private.shown_recording(mine) order by mine.started_at desc, mine.id desc), '[]')
  from (
    select recordings.*
    from app_public.exercise_sessions as recordings
    where recordings.patient_profile_id = any (app_hidden.current_human_patient_profile_ids())
      and recordings.organization_id = any (app_hidden.current_patient_organization_ids())
    order by recordings.started_at desc, recordings.id desc
    limit 100
  ) as mine;
end;

comment on function app_hidden.my_exercise_sessions is 'What was recorded of the caller, and of whom they care for: the newest 100, newest first.';
grant execute on function app_hidden.my_exercise_sessions to app_member;

create or replace function app_hidden.patient_exercise_sessions(patient_id uuid) returns jsonb
language plpgsql volatile security definer
set search_path = ''
as $$
declare
  v_patient app_public.patients;
begin
  select patients.* into v_patient
  from app_public.patients where patients.id = patient_exercise_sessions.patient_id and patients.deleted_at is null;
  perform app_private.require_permission(v_patient.organization_id, 'exercise_sessions.view');
  perform audit.record_read(
    v_patient.organization_id, 'app_public.exercise_sessions', null, 'exercise_sessions', v_patient.patient_profile_id);
  return (
    select coalesce(jsonb_agg(app_private.shown_recording(theirs) order by theirs.started_at desc, theirs.id desc), '[]')
    from (
      select recordings.*
      from app_public.exercise_sessions as recordings
      where recordings.organization_id = v_patient.organization_id and recordings.patient_profile_id = v_patient.patient_profile_id
      order by recordings.started_at desc, recordings.id desc
      limit 100
    ) as theirs);
end;
$$;

comment on function app_hidden.patient_exercise_sessions is
  'What was recorded of a patient of the clinic: the newest 100, newest first; the reading is on record. Needs exercise_sessions.view; NOT_FOUND.';
grant execute on function app_hidden.patient_exercise_sessions to app_member;

reset role;
-- end of source: functions/telemetry/shown_recording.sql

-- source: functions/treatment/begin_session.sql
-- A session at home begins: on its day or later, with every absolute contraindication of what it asks for acknowledged, those included that
-- the library has come to know since it was prescribed. The verb that the patient calls has asked for access before, and gives the token of
-- the recording afterwards. EXE-05, EXE-02.

create or replace function app_private.begin_session(patient_session_id uuid, acknowledged_ids uuid[]) returns app_public.patient_sessions
language plpgsql volatile
set search_path = ''
as $$
declare
  v_session app_public.patient_sessions := app_private.locked_session(begin_session.patient_session_id);
  v_status text;
  v_asked uuid[];
begin
  perform app_private.require_own_session(v_session);
  if v_session.status = 'started' then
    return v_session;
  end if;
  select enrolments.status into strict v_status
  from app_public.patient_treatment_plans as enrolments
  where enrolments.organization_id = v_session.organization_id and enrolments.id = v_session.patient_treatment_plan_id;
  if v_status <> 'active' then
    perform app_hidden.refuse('STATE', 'treatment_plan_not_active', jsonb_build_object('status', v_status));
  end if;
  perform app_private.authorize_move(
    'patient_sessions', v_session.status, 'started', v_session.organization_id, v_session.patient_profile_id);
  if v_session.due_on > app_private.today_at(v_session.organization_id) then
    perform app_hidden.refuse('STATE', 'session_not_due', jsonb_build_object('dueOn', v_session.due_on));
  end if;

  v_asked := array(
    select (harm.value ->> 'id')::uuid
    from jsonb_array_elements(app_public.patient_sessions_exercises(v_session)) as exercise
    cross join lateral jsonb_array_elements(exercise.value -> 'contraindications') as harm
    where harm.value ->> 'severity' = 'absolute'
    union
    select (later.value ->> 'id')::uuid
    from jsonb_array_elements(app_public.patient_sessions_later_contraindications(v_session)) as later
    where later.value ->> 'severity' = 'absolute'
    order by 1);
  if not v_asked <@ coalesce(begin_session.acknowledged_ids, '{}') then
    perform app_hidden.refuse('STATE', 'contraindications_not_acknowledged', jsonb_build_object(
      'contraindicationIds', array(select asked from unnest(v_asked) as asked where asked <> all (coalesce(acknowledged_ids, '{}')))));
  end if;
  update app_public.patient_sessions as sessions
  set status = 'started', started_at = app_hidden.now(), acknowledged_ids = v_asked
  where sessions.id = v_session.id
  returning * into v_session;
  return v_session;
end;
$$;

comment on function app_private.begin_session is
  'Starts a session at home of the caller; a repeated start answers the same. STATE treatment_plan_not_active, session_not_due, illegal_move, '
  'contraindications_not_acknowledged with those that are missing.';
grant execute on function app_private.begin_session to app_engine;

-- Beyond what is due, where the plan allows it: a session of the version once more. Asked for again before it is done, it is the same one.
create or replace function app_private.add_extra_session(patient_treatment_plan_id uuid, session_position int)
returns app_public.patient_sessions
language plpgsql volatile
set search_path = ''
as $$
declare
  v_enrolment app_public.patient_treatment_plans;
  v_session app_public.patient_sessions;
begin
  select enrolments.* into v_enrolment
  from app_public.patient_treatment_plans as enrolments
  where enrolments.id = add_extra_session.patient_treatment_plan_id
    and enrolments.patient_profile_id = any (app_hidden.current_human_patient_profile_ids())
    and enrolments.organization_id = any (app_hidden.current_patient_organization_ids());
  if not found then
    perform app_hidden.refuse('NOT_FOUND', 'not_found');
  end if;
  perform app_private.require_patient(v_enrolment.organization_id, v_enrolment.patient_profile_id);
  v_enrolment := app_private.lock_enrolment(v_enrolment.organization_id, v_enrolment.id);
  if v_enrolment.status <> 'active' then
    perform app_hidden.refuse('STATE', 'treatment_plan_not_active', jsonb_build_object('status', v_enrolment.status));
  elsif not v_enrolment.allows_extra_sessions then
    perform app_hidden.refuse('STATE', 'no_extra_sessions');
  end if;
  select sessions.* into v_session
  from app_public.patient_sessions as sessions
  where sessions.organization_id = v_enrolment.organization_id and sessions.patient_treatment_plan_id = v_enrolment.id
    and sessions.version_id = v_enrolment.version_id and sessions.position = add_extra_session.session_position
    and sessions.is_extra and sessions.due_on = app_private.today_at(v_enrolment.organization_id) and sessions.status in ('due', 'started')
  limit 1;
  if found then
    return v_session;
  end if;
  insert into app_public.patient_sessions
    (organization_id, patient_treatment_plan_id, patient_profile_id, plan_scope_id, version_id, position, is_extra, due_on, place)
  select v_enrolment.organization_id, v_enrolment.id, v_enrolment.patient_profile_id, v_enrolment.plan_scope_id, v_enrolment.version_id,
         add_extra_session.session_position, true, app_private.today_at(v_enrolment.organization_id), 'home'
  from app_public.treatment_plan_versions as versions
  where versions.scope_id = v_enrolment.plan_scope_id and versions.id = v_enrolment.version_id
    and versions.sessions_snapshot -> (add_extra_session.session_position - 1) ->> 'place' = 'home'
    and add_extra_session.session_position >= 1
  returning * into v_session;
  if v_session.id is null then
    perform app_hidden.refuse('NOT_FOUND', 'session_not_found');
  end if;
  return v_session;
end;
$$;

comment on function app_private.add_extra_session is
  'One more session at home of a plan of the caller that allows it, due today. NOT_FOUND; STATE treatment_plan_not_active, no_extra_sessions.';
grant execute on function app_private.add_extra_session to app_engine;
-- end of source: functions/treatment/begin_session.sql

-- source: functions/telemetry/start_exercise_session.sql
-- A session at home begins: what may be done is asked, what may be recorded follows from the consents of this moment, and the API makes the
-- token for telemetry of the answer. Without consent to biometric capture the exercises are done all the same, and nobody looks on. A
-- repeated start answers the same recording while that runs. EXE-05, TEL-01, TEL-06, CAT-08.

set role app_engine;

create or replace function app_hidden.start_exercise_session(
  patient_session_id uuid,
  patient_treatment_plan_id uuid,
  session_position int,
  acknowledged_ids uuid[]
) returns table (id uuid, organization_id uuid, patient_profile_id uuid, scopes text[], expires_at timestamptz)
language plpgsql volatile security definer
set search_path = ''
as $$
declare
  v_session app_public.patient_sessions;
  v_recording app_public.exercise_sessions;
  v_viewer_id uuid;
  v_granted text[];
begin
  if (start_exercise_session.patient_session_id is null)
    <> (num_nonnulls(start_exercise_session.patient_treatment_plan_id, start_exercise_session.session_position) = 2)
    or num_nonnulls(start_exercise_session.patient_treatment_plan_id, start_exercise_session.session_position) = 1 then
    perform app_hidden.refuse('VALIDATION', 'session_or_plan', '{"field": "patientSessionId"}');
  end if;
  if start_exercise_session.patient_session_id is null then
    v_session := app_private.add_extra_session(
      start_exercise_session.patient_treatment_plan_id, start_exercise_session.session_position);
  end if;
  v_session := app_private.begin_session(
    coalesce(start_exercise_session.patient_session_id, v_session.id), start_exercise_session.acknowledged_ids);
  perform app_private.require_telerehab(v_session);

  select coalesce(patient_profiles.human_id, app_hidden.current_account_id()) into strict v_viewer_id
  from app_public.patient_profiles where patient_profiles.id = v_session.patient_profile_id;
  v_granted := array_remove(array[
    case when app_private.hold_account_consent(v_viewer_id, 'analytics') then 'media' end,
    case when app_private.hold_consent(v_session.organization_id, v_session.patient_profile_id, 'biometric_capture') then 'pose' end
  ], null);

  -- What was consented to meanwhile counts for the recording that runs as well.
  update app_public.exercise_sessions as running
  set scopes = array(select unnest(running.scopes || v_granted) as scope group by scope order by scope)
  where running.id = (
    select latest.id from app_public.exercise_sessions as latest
    where latest.organization_id = v_session.organization_id and latest.patient_session_id = v_session.id
      and latest.ended_at is null and latest.expires_at > app_hidden.now()
    order by latest.started_at desc, latest.id desc
    limit 1)
  returning running.* into v_recording;
  if v_recording.id is null then
    insert into app_public.exercise_sessions
      (organization_id, patient_session_id, patient_profile_id, viewer_id, scopes, tracked, started_at, expires_at)
    select v_session.organization_id, v_session.id, v_session.patient_profile_id, v_viewer_id, v_granted,
      coalesce(jsonb_agg(jsonb_build_object(
        'place', asked.place, 'joints', coalesce(asked.tracking -> 'joints', '[]'), 'seconds', (asked.exercise).video_duration_s)
        order by asked.place), '[]'),
      app_hidden.now(), app_hidden.now() + interval '75 minutes'
    from unnest(app_public.patient_sessions_to_do(v_session)) as asked
    returning * into v_recording;
  end if;
  return query
    select v_recording.id, v_recording.organization_id, v_recording.patient_profile_id,
      array(select granted from unnest(v_granted) as granted
            where not app_private.withdrawals_since(v_recording) ? granted),
      v_recording.expires_at;
end;
$$;

comment on function app_hidden.start_exercise_session is
  'Starts a session at home of the caller, or one more of a plan that allows it, and says what the token for telemetry is made of. What '
  'begin_session() and add_extra_session() refuse; VALIDATION session_or_plan; FORBIDDEN telerehab_closed.';
grant execute on function app_hidden.start_exercise_session to app_member;

reset role;

-- Sessions from home are open by a plan, by hand, or since the clinic makes them free; and by the service plan that the treatment plan was
-- counted to, as long as that is open.
create or replace function app_private.require_telerehab(session app_public.patient_sessions) returns void
language plpgsql stable
set search_path = ''
as $$
begin
  perform from app_public.patient_treatment_plans as enrolments
  join app_public.patients
    on patients.organization_id = enrolments.organization_id and patients.patient_profile_id = enrolments.patient_profile_id
  left join app_public.patient_service_plans as counted
    on counted.organization_id = enrolments.organization_id and counted.id = enrolments.patient_service_plan_id
  where enrolments.organization_id = (session).organization_id and enrolments.id = (session).patient_treatment_plan_id
    and (app_hidden.has_access(patients.organization_id, patients.id, 'telerehab_access')
         or app_public.patient_service_plans_is_open(counted));
  if not found then
    perform app_hidden.refuse('FORBIDDEN', 'telerehab_closed');
  end if;
end;
$$;

comment on function app_private.require_telerehab is
  'Passes while sessions from home are open to the patient of a session; FORBIDDEN telerehab_closed.';
grant execute on function app_private.require_telerehab to app_engine;
-- end of source: functions/telemetry/start_exercise_session.sql

-- source: functions/treatment/adherence.sql
-- How much of what was due was done: in hundredths, null where nothing was due yet. A session counts once its day has passed, or it is done,
-- or nobody came to it; one beyond the plan counts neither way, and nothing is due in a pause. EXE-03.

create or replace function app_public.patient_treatment_plans_adherence_percentage(enrolment app_public.patient_treatment_plans) returns int
language sql stable
set search_path = ''
begin atomic
  select round(100.0 * count(*) filter (where sessions.status = 'completed') / nullif(count(*), 0))::int
  from app_public.patient_sessions as sessions
  join app_public.organizations on organizations.id = sessions.organization_id
  where sessions.organization_id = (enrolment).organization_id and sessions.patient_treatment_plan_id = (enrolment).id
    and not sessions.is_extra
    and (sessions.status in ('completed', 'missed')
      or sessions.status <> 'cancelled'
        and sessions.due_on < least((app_hidden.now() at time zone organizations.timezone)::date, (enrolment).paused_on));
end;

comment on function app_public.patient_treatment_plans_adherence_percentage is
  E'@nullable\nHow many hundredths of the sessions that were due were done; null while nothing was due.';
grant execute on function app_public.patient_treatment_plans_adherence_percentage to app_member, app_engine;

create or replace function app_public.patients_adherence_percentage(patient app_public.patients) returns int
language sql stable
set search_path = ''
begin atomic
  select round(100.0 * count(*) filter (where sessions.status = 'completed') / nullif(count(*), 0))::int
  from app_public.patient_treatment_plans as enrolments
  join app_public.organizations on organizations.id = enrolments.organization_id
  join app_public.patient_sessions as sessions
    on sessions.organization_id = enrolments.organization_id and sessions.patient_treatment_plan_id = enrolments.id
  where enrolments.organization_id = (patient).organization_id and enrolments.patient_profile_id = (patient).patient_profile_id
    and enrolments.status in ('active', 'paused')
    and not sessions.is_extra
    and (sessions.status in ('completed', 'missed')
      or sessions.status <> 'cancelled'
        and sessions.due_on < least((app_hidden.now() at time zone organizations.timezone)::date, enrolments.paused_on));
end;

comment on function app_public.patients_adherence_percentage is
  E'@nullable\nThe same of all treatment plans of the patient that are under way; null where nothing of them was due.';
grant execute on function app_public.patients_adherence_percentage to app_member, app_engine;

-- What remains in the clinic: granted, less what was used. Read of the sessions each time, so it is right as soon as one of them moves. EXE-04.
create or replace function app_public.patient_treatment_plans_clinic_sessions_granted(enrolment app_public.patient_treatment_plans) returns int
language sql stable
set search_path = ''
begin atomic
  select count(*)::int from app_public.patient_sessions as sessions
  where sessions.organization_id = (enrolment).organization_id and sessions.patient_treatment_plan_id = (enrolment).id
    and sessions.place = 'clinic' and sessions.status <> 'cancelled';
end;

comment on function app_public.patient_treatment_plans_clinic_sessions_granted is 'How many sessions in the clinic it has.';
grant execute on function app_public.patient_treatment_plans_clinic_sessions_granted to app_member, app_engine;

create or replace function app_public.patient_treatment_plans_clinic_sessions_used(enrolment app_public.patient_treatment_plans) returns int
language sql stable
set search_path = ''
begin atomic
  select count(*)::int from app_public.patient_sessions as sessions
  where sessions.organization_id = (enrolment).organization_id and sessions.patient_treatment_plan_id = (enrolment).id
    and sessions.place = 'clinic' and sessions.status in ('completed', 'missed');
end;

comment on function app_public.patient_treatment_plans_clinic_sessions_used is
  'How many of its sessions in the clinic were done, or lost by a visit that nobody came to or called off too late.';
grant execute on function app_public.patient_treatment_plans_clinic_sessions_used to app_member, app_engine;

create or replace function app_public.patient_treatment_plans_clinic_sessions_remaining(enrolment app_public.patient_treatment_plans) returns int
language sql stable
set search_path = ''
return app_public.patient_treatment_plans_clinic_sessions_granted(enrolment)
  - app_public.patient_treatment_plans_clinic_sessions_used(enrolment);

comment on function app_public.patient_treatment_plans_clinic_sessions_remaining is 'How many sessions in the clinic are left.';
grant execute on function app_public.patient_treatment_plans_clinic_sessions_remaining to app_member, app_engine;
-- end of source: functions/treatment/adherence.sql

-- source: functions/treatment/plan_to_write.sql
-- Whose a treatment plan is, and who may do something to it: the platform's superadmins, a clinic's staff by permission. TPL-01, FND-04.

create or replace function app_private.require_right_to_plan(organization_id uuid, permission text) returns void
language plpgsql stable
set search_path = ''
as $$
begin
  if require_right_to_plan.organization_id is not null then
    perform app_private.require_permission(require_right_to_plan.organization_id, require_right_to_plan.permission);
  elsif not app_hidden.is_superadmin() then
    if app_hidden.organization_ids_where('treatment_plans.view') = '{}' then
      perform app_hidden.refuse('NOT_FOUND', 'not_found');
    end if;
    perform app_hidden.refuse('FORBIDDEN', 'superadmin_only');
  end if;
end;
$$;

comment on function app_private.require_right_to_plan is
  'Passes with the permission at the clinic, of the platform for superadmins; FORBIDDEN permission_missing or superadmin_only, NOT_FOUND.';
grant execute on function app_private.require_right_to_plan to app_engine;

create or replace function app_private.plan_to_write(treatment_plan_id uuid, permission text) returns app_public.treatment_plans
language plpgsql volatile
set search_path = ''
as $$
declare
  v_plan app_public.treatment_plans;
begin
  select treatment_plans.* into v_plan
  from app_public.treatment_plans
  where treatment_plans.id = plan_to_write.treatment_plan_id;
  if not found then
    perform app_hidden.refuse('NOT_FOUND', 'not_found');
  end if;
  perform app_private.require_right_to_plan(v_plan.organization_id, plan_to_write.permission);
  select treatment_plans.* into strict v_plan
  from app_public.treatment_plans
  where treatment_plans.id = plan_to_write.treatment_plan_id
  for no key update;
  return v_plan;
end;
$$;

comment on function app_private.plan_to_write is
  'A treatment plan, locked: its versions are numbered and moved under this lock. NOT_FOUND, FORBIDDEN permission_missing, superadmin_only.';
grant execute on function app_private.plan_to_write to app_engine;

create or replace function app_private.version_to_move(version_id uuid, permission text) returns app_public.treatment_plan_versions
language plpgsql volatile
set search_path = ''
as $$
declare
  v_version app_public.treatment_plan_versions;
begin
  select treatment_plan_versions.* into v_version
  from app_public.treatment_plan_versions
  where treatment_plan_versions.id = version_to_move.version_id;
  if not found then
    perform app_hidden.refuse('NOT_FOUND', 'not_found');
  end if;
  perform app_private.plan_to_write(v_version.treatment_plan_id, version_to_move.permission);
  select treatment_plan_versions.* into strict v_version
  from app_public.treatment_plan_versions
  where treatment_plan_versions.id = version_to_move.version_id
  for update;
  return v_version;
end;
$$;

comment on function app_private.version_to_move is
  'A version of a treatment plan, locked with its plan; NOT_FOUND, FORBIDDEN permission_missing, superadmin_only.';
grant execute on function app_private.version_to_move to app_engine;
-- end of source: functions/treatment/plan_to_write.sql

-- source: functions/treatment/approve_treatment_plan.sql
-- Somebody who wrote nothing of a version approves it, or sends it back; what was approved is retired, and is not assigned any more. TPL-02.

set role app_engine;

create or replace function app_public.approve_treatment_plan(version_id uuid) returns app_public.treatment_plan_versions
language plpgsql volatile strict security definer
set search_path = ''
as $$
declare
  v_version app_public.treatment_plan_versions := app_private.version_to_move(approve_treatment_plan.version_id, 'treatment_plans.approve');
begin
  if v_version.status = 'approved' then
    return v_version;
  elsif exists (
    select from app_private.treatment_plan_authors as authors
    where authors.scope_id = v_version.scope_id and authors.version_id = v_version.id
      and authors.author_id = app_private.current_actor_id()
  ) then
    perform app_hidden.refuse('FORBIDDEN', 'own_version');
  end if;
  update app_public.treatment_plan_versions as versions
  set status = 'approved', approved_by = app_private.current_actor_id(), approved_at = app_hidden.now()
  where versions.id = v_version.id
  returning * into v_version;
  return v_version;
end;
$$;

comment on function app_public.approve_treatment_plan is
  'Approves a submitted version of a treatment plan, so that it can be assigned. Needs treatment_plans.approve, the platform''s a superadmin. '
  'FORBIDDEN own_version for whoever wrote of it; STATE illegal_move. A second time answers the same.';
grant execute on function app_public.approve_treatment_plan to app_member;

create or replace function app_public.retire_treatment_plan(version_id uuid, reason text) returns app_public.treatment_plan_versions
language plpgsql volatile strict security definer
set search_path = ''
as $$
declare
  v_version app_public.treatment_plan_versions := app_private.version_to_move(retire_treatment_plan.version_id, 'treatment_plans.approve');
begin
  update app_public.treatment_plan_versions as versions
  set status = 'retired', retired_by = app_private.current_actor_id(), retired_at = app_hidden.now(),
      retire_reason = app_private.require_reason(retire_treatment_plan.reason)
  where versions.id = v_version.id
  returning * into v_version;
  return v_version;
end;
$$;

comment on function app_public.retire_treatment_plan is
  'Sends a submitted version back, or keeps an approved one from being assigned; whoever has it goes on with it. Needs '
  'treatment_plans.approve, the platform''s a superadmin, and a reason. STATE illegal_move.';
grant execute on function app_public.retire_treatment_plan to app_member;

reset role;
-- end of source: functions/treatment/approve_treatment_plan.sql

-- source: functions/treatment/complete_clinic_session.sql
-- A session in the clinic is done without its appointment saying so: staff complete it and say why. Its appointment links it otherwise, and
-- whatever becomes of that is settled by a trigger. Of two at once the second finds it done. EXE-04.

set role app_engine;

create or replace function app_public.complete_clinic_session(patient_session_id uuid, reason text) returns app_public.patient_sessions
language plpgsql volatile strict security definer
set search_path = ''
as $$
declare
  v_session app_public.patient_sessions := app_private.clinic_session(complete_clinic_session.patient_session_id);
  v_reason text := app_private.require_reason(complete_clinic_session.reason);
begin
  if v_session.status = 'completed' then
    return v_session;
  end if;
  perform app_private.authorize_move('patient_sessions', v_session.status, 'completed', v_session.organization_id);
  update app_public.patient_sessions as sessions set
    status = 'completed', completed_at = app_hidden.now(), completed_by = app_private.current_actor_id(), completion_reason = v_reason
  where sessions.id = v_session.id
  returning * into v_session;
  perform app_private.settle_enrolment(enrolments)
  from app_public.patient_treatment_plans as enrolments
  where enrolments.organization_id = v_session.organization_id and enrolments.id = v_session.patient_treatment_plan_id;
  return v_session;
end;
$$;

comment on function app_public.complete_clinic_session is
  'Completes a session in the clinic without an appointment. Needs treatment_plans.assign and a reason. NOT_FOUND; STATE session_is_at_home, '
  'illegal_move. A second time answers the same.';
grant execute on function app_public.complete_clinic_session to app_member;

create or replace function app_public.link_session(patient_session_id uuid, appointment_id uuid default null)
returns app_public.patient_sessions
language plpgsql volatile security definer
set search_path = ''
as $$
declare
  v_appointment app_public.appointments;
  v_session app_public.patient_sessions;
begin
  -- The appointment before the session, as whoever finishes or cancels one.
  if link_session.appointment_id is not null then
    v_appointment := app_private.locked_appointment(link_session.appointment_id);
  end if;
  v_session := app_private.clinic_session(link_session.patient_session_id);
  if v_session.appointment_id is not distinct from v_appointment.id then
    return v_session;
  elsif v_session.status <> 'due' then
    perform app_hidden.refuse('STATE', 'session_not_open', jsonb_build_object('status', v_session.status));
  elsif v_appointment.id is not null and (v_appointment.organization_id, v_appointment.patient_profile_id)
    is distinct from (v_session.organization_id, v_session.patient_profile_id) then
    perform app_hidden.refuse('NOT_FOUND', 'appointment_not_found');
  elsif v_appointment.status in ('done', 'cancelled', 'noshow') then
    perform app_hidden.refuse('STATE', 'appointment_has_ended', jsonb_build_object('status', v_appointment.status));
  elsif exists (
    select from app_public.patient_sessions as sessions
    where sessions.organization_id = v_appointment.organization_id and sessions.appointment_id = v_appointment.id
  ) then
    perform app_hidden.refuse('CONFLICT', 'appointment_is_linked');
  end if;
  update app_public.patient_sessions as sessions set appointment_id = v_appointment.id
  where sessions.id = v_session.id
  returning * into v_session;
  return v_session;
end;
$$;

comment on function app_public.link_session is
  E'@arg appointmentId An appointment of the same patient that is not over; without one the link is taken away.\n'
  'Says in which appointment a session in the clinic takes place: it is done as that is. Needs treatment_plans.assign. NOT_FOUND; STATE '
  'session_is_at_home, session_not_open, appointment_has_ended; CONFLICT appointment_is_linked.';
grant execute on function app_public.link_session to app_member;

reset role;

create or replace function app_private.clinic_session(patient_session_id uuid) returns app_public.patient_sessions
language plpgsql volatile
set search_path = ''
as $$
declare
  v_session app_public.patient_sessions := app_private.locked_session(clinic_session.patient_session_id);
begin
  perform app_private.require_permission(v_session.organization_id, 'treatment_plans.assign');
  if v_session.place <> 'clinic' then
    perform app_hidden.refuse('STATE', 'session_is_at_home');
  end if;
  return v_session;
end;
$$;

comment on function app_private.clinic_session is
  'A session in the clinic that the caller may look after, locked; NOT_FOUND, FORBIDDEN permission_missing, STATE session_is_at_home.';
grant execute on function app_private.clinic_session to app_engine;
-- end of source: functions/treatment/complete_clinic_session.sql

-- source: functions/treatment/complete_session.sql
-- A session at home is done: by the patient, also from a device that was without a network meanwhile. A repeated call changes nothing.
-- EXE-02.

set role app_engine;

create or replace function app_public.complete_session(
  patient_session_id uuid,
  pain_before int default null,
  pain_after int default null,
  performed_at timestamptz default null
) returns app_public.patient_sessions
language plpgsql volatile security definer
set search_path = ''
as $$
declare
  v_session app_public.patient_sessions := app_private.locked_session(complete_session.patient_session_id);
  v_at timestamptz := coalesce(complete_session.performed_at, app_hidden.now());
begin
  perform app_private.require_own_session(v_session);
  if v_session.status = 'completed' then
    return v_session;
  end if;
  if v_session.started_at is null then
    perform app_hidden.refuse('STATE', 'session_not_started');
  end if;
  perform app_private.authorize_move(
    'patient_sessions', v_session.status, 'completed', v_session.organization_id, v_session.patient_profile_id);
  perform app_private.require_performed_in(v_session, v_at);
  if least(pain_before, pain_after) < 0 or greatest(pain_before, pain_after) > 10 then
    perform app_hidden.refuse('VALIDATION', 'pain_out_of_range', jsonb_build_object(
      'field', case when complete_session.pain_before between 0 and 10 then 'painAfter' else 'painBefore' end));
  end if;

  update app_public.patient_sessions as sessions set
    status = 'completed', completed_at = v_at, completed_by = app_private.current_actor_id(),
    pain_before = complete_session.pain_before, pain_after = complete_session.pain_after,
    form_id = app_private.form_after_session(sessions)
  where sessions.id = v_session.id
  returning * into v_session;
  perform app_private.settle_enrolment(enrolments)
  from app_public.patient_treatment_plans as enrolments
  where enrolments.organization_id = v_session.organization_id and enrolments.id = v_session.patient_treatment_plan_id;
  return v_session;
end;
$$;

comment on function app_public.complete_session is
  E'@arg painBefore Pain before it: 0 none, 10 the worst.\n@arg painAfter Pain after it: 0 none, 10 the worst.\n'
  '@arg performedAt When it was done, where a device sends it later; within a day of its start.\n'
  'Completes a session at home that was started. For the patient and who cares for them. A form is asked where the plan has one. FORBIDDEN '
  'only_the_patient; STATE session_not_started, session_is_in_the_clinic, illegal_move; VALIDATION in_the_future, not_within_the_session, '
  'pain_out_of_range. A second time answers the same.';
grant execute on function app_public.complete_session to app_member;

reset role;

-- From a device that was without a network: never in the future, and within a day of the start.
create or replace function app_private.require_performed_in(session app_public.patient_sessions, performed_at timestamptz) returns void
language plpgsql stable
set search_path = ''
as $$
begin
  if require_performed_in.performed_at > app_hidden.now() then
    perform app_hidden.refuse('VALIDATION', 'in_the_future', '{"field": "performedAt"}');
  elsif require_performed_in.performed_at not between (session).started_at and (session).started_at + interval '1 day' then
    perform app_hidden.refuse('VALIDATION', 'not_within_the_session', '{"field": "performedAt"}');
  end if;
end;
$$;

comment on function app_private.require_performed_in is
  'Passes for an instant of a session that was started; VALIDATION in_the_future, not_within_the_session.';
grant execute on function app_private.require_performed_in to app_engine;

create or replace function app_private.form_after_session(session app_public.patient_sessions) returns uuid
language sql volatile
set search_path = ''
begin atomic
  select (app_private.make_form(
    enrolments.organization_id, enrolments.patient_profile_id, enrolments.form_template_id, profiles.locale)).id
  from app_public.patient_treatment_plans as enrolments
  join app_public.form_templates as templates
    on templates.organization_id = enrolments.organization_id and templates.id = enrolments.form_template_id and templates.published
  join app_public.patient_profiles as profiles on profiles.id = enrolments.patient_profile_id
  where enrolments.organization_id = (session).organization_id and enrolments.id = (session).patient_treatment_plan_id;
end;

comment on function app_private.form_after_session is
  'Makes the form that a plan asks after a session; null where it asks none, or its template is not published any more.';
grant execute on function app_private.form_after_session to app_engine;
-- end of source: functions/treatment/complete_session.sql

-- source: functions/treatment/treatment_content_problem.sql
-- What is wrong with what somebody wrote into a treatment plan: the first place that does not fit. What exercises
-- there are is asked where it is written. TPL-01.

create or replace function app_private.is_title(value jsonb) returns boolean
language sql immutable
set search_path = ''
begin atomic
  select coalesce(
    jsonb_typeof(is_title.value) = 'object' and is_title.value ? 'ro' and is_title.value - '{ro,en}'::text[] = '{}'
    and (
      select bool_and(jsonb_typeof(said.value) = 'string' and said.value #>> '{}' ~ '[^[:space:]]' and said.value #>> '{}' !~ '[[:cntrl:]]'
        and length(said.value #>> '{}') <= 120)
      from jsonb_each(case when jsonb_typeof(is_title.value) = 'object' then is_title.value else '{}' end) as said), false);
end;

comment on function app_private.is_title is 'Whether a value is a line in Romanian, and perhaps in English: {"ro": "…", "en": "…"}.';
grant execute on function app_private.is_title to app_engine;

create or replace function app_private.treatment_content_problem(sessions jsonb) returns text
language plpgsql immutable
set search_path = ''
as $$
declare
  v_session record;
  v_exercise record;
  v_path text;
  v_problem text;
begin
  if jsonb_typeof(sessions) is distinct from 'array' or jsonb_array_length(sessions) not between 1 and 100 then
    return 'sessions';
  end if;
  for v_session in select value as it, number - 1 as place from jsonb_array_elements(sessions) with ordinality as listed (value, number) loop
    v_path := 'sessions.' || v_session.place;
    if jsonb_typeof(v_session.it) <> 'object' or v_session.it - '{title,place,afterDays,exercises}'::text[] <> '{}' then
      return v_path;
    elsif not app_private.is_title(v_session.it -> 'title') then
      return v_path || '.title';
    elsif coalesce(v_session.it -> 'place', 'null') not in ('"home"', '"clinic"') then
      return v_path || '.place';
    elsif not app_private.is_whole(v_session.it -> 'afterDays', 0, 366) then
      return v_path || '.afterDays';
    elsif jsonb_typeof(v_session.it -> 'exercises') is distinct from 'array'
      or jsonb_array_length(v_session.it -> 'exercises') not between (case v_session.it ->> 'place' when 'home' then 1 else 0 end) and 50 then
      return v_path || '.exercises';
    end if;
    for v_exercise in
      select value as it, number - 1 as place from jsonb_array_elements(v_session.it -> 'exercises') with ordinality as listed (value, number)
    loop
      if jsonb_typeof(v_exercise.it) <> 'object' or v_exercise.it - '{exerciseId,prescription}'::text[] <> '{}'
        or pg_input_is_valid(v_exercise.it ->> 'exerciseId', 'uuid') is not true then
        return v_path || '.exercises.' || v_exercise.place || '.exerciseId';
      end if;
      v_problem := app_private.recipe_problem(v_exercise.it -> 'prescription');
      if v_problem is not null then
        return v_path || '.exercises.' || v_exercise.place || '.prescription' || v_problem;
      end if;
    end loop;
  end loop;
  return null;
end;
$$;

comment on function app_private.treatment_content_problem is
  'Where the sessions of a treatment plan do not fit, as sessions.0.exercises.2.prescription.sets; null when they do.';
grant execute on function app_private.treatment_content_problem to app_engine;
-- end of source: functions/treatment/treatment_content_problem.sql

-- source: functions/treatment/write_treatment_sessions.sql
-- What a draft of a treatment plan says is written as a whole, and who wrote it is noted: nobody approves what they wrote. TPL-01, TPL-02.

create or replace function app_private.write_treatment_sessions(version app_public.treatment_plan_versions, sessions jsonb) returns void
language plpgsql volatile
set search_path = ''
as $$
declare
  v_problem text := app_private.treatment_content_problem(sessions);
begin
  if v_problem is not null then
    perform app_hidden.refuse('VALIDATION', 'sessions_not_valid', jsonb_build_object('field', 'sessions', 'path', v_problem));
  end if;
  delete from app_public.treatment_plan_sessions as written
  where written.scope_id = version.scope_id and written.version_id = version.id;
  insert into app_public.treatment_plan_sessions (organization_id, version_id, position, titles, place, after_days)
  select version.organization_id, version.id, listed.number, listed.value -> 'title', listed.value ->> 'place',
         (listed.value ->> 'afterDays')::int
  from jsonb_array_elements(sessions) with ordinality as listed (value, number);
  perform app_private.require_exercises(sessions);
  insert into app_public.treatment_plan_exercises (organization_id, version_id, session_position, position, exercise_id, prescription)
  select version.organization_id, version.id, listed.number, exercise.number, (exercise.value ->> 'exerciseId')::uuid,
         app_private.full_recipe(exercise.value -> 'prescription')
  from jsonb_array_elements(sessions) with ordinality as listed (value, number)
  cross join lateral jsonb_array_elements(listed.value -> 'exercises') with ordinality as exercise (value, number);
  insert into app_private.treatment_plan_authors (scope_id, version_id, author_id)
  values (version.scope_id, version.id, app_private.current_actor_id())
  on conflict do nothing;
end;
$$;

comment on function app_private.write_treatment_sessions is
  'Writes the sessions of a draft anew; VALIDATION sessions_not_valid with the path, exercise_not_published. The caller has locked the plan.';
grant execute on function app_private.write_treatment_sessions to app_engine;

-- Repetitions are prescribed of what is counted, seconds of what is held.
create or replace function app_private.require_exercises(sessions jsonb) returns void
language plpgsql stable
set search_path = ''
as $$
declare
  v_wrong uuid;
begin
  select (exercise.value ->> 'exerciseId')::uuid into v_wrong
  from jsonb_array_elements(sessions) with ordinality as listed (value, number)
  cross join lateral jsonb_array_elements(listed.value -> 'exercises') with ordinality as exercise (value, number)
  left join app_public.exercises on exercises.id = (exercise.value ->> 'exerciseId')::uuid
  where (exercises.status = 'published') is not true
    or (exercises.kind = 'reps_based') <> (exercise.value -> 'prescription' ->> 'reps' is not null)
  order by listed.number, exercise.number
  limit 1;
  if v_wrong is not null then
    perform app_hidden.refuse('VALIDATION', 'exercise_not_published', jsonb_build_object('field', 'sessions', 'exerciseId', v_wrong));
  end if;
end;
$$;

comment on function app_private.require_exercises is
  'Passes when every exercise is published and prescribed as its kind wants it; VALIDATION exercise_not_published with the first that is not.';
grant execute on function app_private.require_exercises to app_engine;
-- end of source: functions/treatment/write_treatment_sessions.sql

-- source: functions/treatment/draft_treatment_plan.sql
-- A treatment plan is begun, with its first version as a draft: for every clinic by superadmins, for patients of a clinic or for one of
-- them by its staff. TPL-01.

set role app_engine;

create or replace function app_public.draft_treatment_plan(
  name text,
  sessions jsonb,
  organization_id uuid default null,
  patient_id uuid default null,
  slug text default null,
  description text default null
) returns app_public.treatment_plans
language plpgsql volatile security definer
set search_path = ''
as $$
declare
  v_patient app_public.patients;
  v_plan app_public.treatment_plans;
  v_version app_public.treatment_plan_versions;
begin
  perform app_private.require_right_to_plan(draft_treatment_plan.organization_id, 'treatment_plans.manage');
  if draft_treatment_plan.organization_id is null then
    if draft_treatment_plan.slug is null or draft_treatment_plan.patient_id is not null then
      perform app_hidden.refuse('VALIDATION', 'global_plan_needs_a_slug', '{"field": "slug"}');
    elsif exists (select from app_public.treatment_plans where treatment_plans.slug = draft_treatment_plan.slug) then
      perform app_hidden.refuse('CONFLICT', 'slug_is_used', '{"field": "slug"}');
    end if;
  elsif draft_treatment_plan.patient_id is not null then
    select patients.* into v_patient
    from app_public.patients
    where patients.organization_id = draft_treatment_plan.organization_id and patients.id = draft_treatment_plan.patient_id;
    perform app_private.require_patient(v_patient.organization_id, v_patient.patient_profile_id);
  end if;

  insert into app_public.treatment_plans (organization_id, scope, slug, patient_profile_id, name, description, created_by)
  values (
    draft_treatment_plan.organization_id,
    case when draft_treatment_plan.organization_id is null then 'global' when v_patient.id is null then 'organization' else 'custom' end,
    case when draft_treatment_plan.organization_id is null then draft_treatment_plan.slug end,
    v_patient.patient_profile_id, draft_treatment_plan.name, draft_treatment_plan.description, app_private.current_actor_id())
  returning * into v_plan;
  insert into app_public.treatment_plan_versions (organization_id, treatment_plan_id, number)
  values (v_plan.organization_id, v_plan.id, 1)
  returning * into v_version;
  perform app_private.write_treatment_sessions(v_version, draft_treatment_plan.sessions);
  return v_plan;
end;
$$;

comment on function app_public.draft_treatment_plan is
  E'@arg organizationId The clinic; without one it is the platform''s, for every clinic.\n'
  '@arg patientId The patient whom it is written for; without one it is for any patient of the clinic.\n'
  '@arg slug How programs know a plan of the platform; only for such a plan.\n'
  '@arg sessions What it asks for: [{"title": {"ro", "en"}, "place": "home" or "clinic", "afterDays", "exercises": [{"exerciseId", '
  '"prescription": {"sets", "reps" or "seconds", "restSeconds", "tempo", "side"}}]}].\n'
  'Begins a treatment plan. Needs treatment_plans.manage; the platform''s need a superadmin. VALIDATION sessions_not_valid with the path, '
  'exercise_not_published, global_plan_needs_a_slug; CONFLICT slug_is_used.';
grant execute on function app_public.draft_treatment_plan to app_member;

reset role;
-- end of source: functions/treatment/draft_treatment_plan.sql

-- source: functions/treatment/edit_treatment_plan.sql
-- What a plan asks for is written anew: into its draft, or into a new version beside those that patients have. TPL-01, TPL-02.

set role app_engine;

create or replace function app_public.edit_treatment_plan(
  treatment_plan_id uuid,
  name text,
  sessions jsonb,
  description text default null
) returns app_public.treatment_plan_versions
language plpgsql volatile security definer
set search_path = ''
as $$
declare
  v_plan app_public.treatment_plans := app_private.plan_to_write(edit_treatment_plan.treatment_plan_id, 'treatment_plans.manage');
  v_version app_public.treatment_plan_versions;
begin
  select versions.* into strict v_version
  from app_public.treatment_plan_versions as versions
  where versions.scope_id = v_plan.scope_id and versions.treatment_plan_id = v_plan.id
  order by versions.number desc
  limit 1;
  if v_version.status = 'submitted' then
    perform app_hidden.refuse('STATE', 'version_waits_for_approval', jsonb_build_object('versionId', v_version.id));
  elsif v_version.status <> 'draft' then
    insert into app_public.treatment_plan_versions (organization_id, treatment_plan_id, number)
    values (v_plan.organization_id, v_plan.id, v_version.number + 1)
    returning * into v_version;
  end if;
  update app_public.treatment_plans set name = edit_treatment_plan.name, description = edit_treatment_plan.description
  where treatment_plans.id = v_plan.id;
  perform app_private.write_treatment_sessions(v_version, edit_treatment_plan.sessions);
  return v_version;
end;
$$;

comment on function app_public.edit_treatment_plan is
  E'@arg sessions As draftTreatmentPlan takes them.\n'
  'Writes the draft of a treatment plan anew, or begins its next version; what patients were assigned stays as it is. Needs '
  'treatment_plans.manage, the platform''s a superadmin. STATE version_waits_for_approval; VALIDATION sessions_not_valid, exercise_not_published.';
grant execute on function app_public.edit_treatment_plan to app_member;

reset role;
-- end of source: functions/treatment/edit_treatment_plan.sql

-- source: functions/treatment/log_exercise.sql
-- What the patient did of an exercise, beside what was prescribed. A device that was without a network sends its entries again until they
-- are answered: the id that it gave each makes that harmless, and an older entry never takes the place of a newer one. What the camera counted
-- stands beside what the patient says, and neither overwrites the other. EXE-02, TEL-11.

set role app_engine;

create or replace function app_public.log_exercise(
  patient_session_id uuid,
  place int,
  client_id uuid,
  performed_at timestamptz,
  sets int default null,
  reps int default null,
  seconds int default null,
  note text default null
) returns app_public.patient_exercise_logs
language plpgsql volatile security definer
set search_path = ''
as $$
declare
  v_session app_public.patient_sessions := app_private.locked_session(log_exercise.patient_session_id);
  v_exercise jsonb;
  v_log app_public.patient_exercise_logs;
begin
  perform app_private.require_own_session(v_session);
  select logs.* into v_log
  from app_public.patient_exercise_logs as logs
  where logs.organization_id = v_session.organization_id and logs.client_id = log_exercise.client_id;
  if v_log.patient_session_id = v_session.id and v_log.place = log_exercise.place then
    return v_log;
  elsif found then
    perform app_hidden.refuse('CONFLICT', 'client_id_is_used', '{"field": "clientId"}');
  end if;
  if v_session.started_at is null or v_session.status = 'cancelled' then
    perform app_hidden.refuse('STATE', 'session_not_started');
  end if;
  perform app_private.require_performed_in(v_session, log_exercise.performed_at);
  v_exercise := app_public.patient_sessions_exercises(v_session) -> (log_exercise.place - 1);
  if v_exercise is null or log_exercise.place < 1 then
    perform app_hidden.refuse('NOT_FOUND', 'exercise_not_in_the_session');
  elsif num_nonnulls(sets, reps, seconds) = 0
    or not coalesce(sets between 0 and 100, true) or not coalesce(reps between 0 and 10000, true)
    or not coalesce(seconds between 0 and 86400, true) then
    perform app_hidden.refuse('VALIDATION', 'amount_out_of_range', '{"field": "sets"}');
  end if;

  insert into app_public.patient_exercise_logs as logs
    (organization_id, patient_session_id, place, exercise_id, prescribed, client_id, entered_sets, entered_reps, entered_seconds,
     actual_sets, actual_reps, actual_seconds, actual_source, note, performed_at)
  values
    (v_session.organization_id, v_session.id, log_exercise.place, (v_exercise ->> 'exerciseId')::uuid, v_exercise -> 'prescription',
     log_exercise.client_id, log_exercise.sets, log_exercise.reps, log_exercise.seconds,
     log_exercise.sets, log_exercise.reps, log_exercise.seconds, 'patient', log_exercise.note, log_exercise.performed_at)
  on conflict on constraint patient_exercise_logs_place_is_used_once do update set
    client_id = excluded.client_id,
    entered_sets = excluded.entered_sets, entered_reps = excluded.entered_reps, entered_seconds = excluded.entered_seconds,
    actual_sets = case when logs.actual_source = 'pose' then logs.actual_sets else excluded.actual_sets end,
    actual_reps = case when logs.actual_source = 'pose' then logs.actual_reps else excluded.actual_reps end,
    actual_seconds = case when logs.actual_source = 'pose' then logs.actual_seconds else excluded.actual_seconds end,
    actual_source = coalesce(logs.actual_source, 'patient'),
    note = excluded.note, performed_at = excluded.performed_at
  where logs.client_id is null or excluded.performed_at >= logs.performed_at
  returning * into v_log;
  if v_log.id is null then
    select logs.* into strict v_log
    from app_public.patient_exercise_logs as logs
    where logs.organization_id = v_session.organization_id and logs.patient_session_id = v_session.id and logs.place = log_exercise.place;
  end if;
  return v_log;
end;
$$;

comment on function app_public.log_exercise is
  E'@arg place The place of the exercise in the session, counted from one.\n'
  '@arg clientId An id that the device gives the entry: sent again, it changes nothing.\n'
  '@arg performedAt When it was done; within a day of the start of the session.\n'
  '@arg sets Sets that were done.\n@arg reps Repetitions that were done, of all sets.\n@arg seconds Seconds that were done, of all sets.\n'
  '@arg note What the patient writes about it.\n'
  'Keeps what a patient did of an exercise. For the patient and who cares for them, in a session that was started. FORBIDDEN only_the_patient; '
  'NOT_FOUND exercise_not_in_the_session; STATE session_not_started; VALIDATION in_the_future, not_within_the_session, amount_out_of_range; '
  'CONFLICT client_id_is_used.';
grant execute on function app_public.log_exercise to app_member;

reset role;
-- end of source: functions/treatment/log_exercise.sql

-- source: functions/treatment/tend_treatment_plans.sql
-- What a new day at the clinic does to treatment plans: sessions at home whose day has passed were missed, a plan whose last day has passed has
-- expired, and whoever falls behind is told of by an event, once until they have caught up. Each plan is looked at once a day of its clinic, in
-- whatever order the days come: after a standstill it is the present day that counts. EXE-03.

set role app_engine;

create or replace function app_private.tend_treatment_plans(up_to int default 200) returns int
language plpgsql volatile security definer
set search_path = ''
as $$
declare
  v_enrolment app_public.patient_treatment_plans;
  v_tended int := 0;
begin
  for v_enrolment in
    select enrolments.*
    from app_public.patient_treatment_plans as enrolments
    join app_public.organizations on organizations.id = enrolments.organization_id
    where enrolments.status = 'active'
      and enrolments.tended_on < (app_hidden.now() at time zone organizations.timezone)::date
    order by enrolments.tended_on, enrolments.organization_id, enrolments.id
    limit up_to
    for no key update of enrolments skip locked
  loop
    perform app_private.tend_treatment_plan(v_enrolment, app_private.today_at(v_enrolment.organization_id));
    v_tended := v_tended + 1;
  end loop;
  return v_tended;
end;
$$;

comment on function app_private.tend_treatment_plans is
  'Does what a new day at their clinic makes due for up to so many treatment plans of patients; returns how many.';
grant execute on function app_private.tend_treatment_plans to app_worker;

reset role;

create or replace function app_private.tend_treatment_plan(enrolment app_public.patient_treatment_plans, today date) returns void
language plpgsql volatile
set search_path = ''
as $$
declare
  v_adherence int;
  v_below int;
  v_is_low boolean;
begin
  perform app_private.miss_sessions(enrolment, today);
  if enrolment.ends_on < today and not exists (
    select from app_public.patient_sessions as sessions
    where sessions.organization_id = enrolment.organization_id and sessions.patient_treatment_plan_id = enrolment.id
      and (sessions.status = 'started' or sessions.status = 'due' and sessions.appointment_id is not null)
  ) then
    update app_public.patient_treatment_plans as enrolments set status = 'expired', tended_on = today
    where enrolments.organization_id = enrolment.organization_id and enrolments.id = enrolment.id;
    return;
  end if;

  -- Of fewer than three sessions nobody says that somebody falls behind.
  v_adherence := app_public.patient_treatment_plans_adherence_percentage(enrolment);
  select organizations.low_adherence_below into strict v_below
  from app_public.organizations where organizations.id = enrolment.organization_id;
  v_is_low := coalesce(v_adherence < v_below, false) and (
    select count(*) >= 3 from app_public.patient_sessions as sessions
    where sessions.organization_id = enrolment.organization_id and sessions.patient_treatment_plan_id = enrolment.id
      and not sessions.is_extra and (sessions.status in ('completed', 'missed') or sessions.status = 'due' and sessions.due_on < today));
  if v_is_low and enrolment.low_adherence_since is null then
    perform app_private.publish(
      'treatment_plan.low_adherence', enrolment.organization_id, enrolment.id, app_private.treatment_plan_payload(enrolment));
  end if;
  update app_public.patient_treatment_plans as enrolments set
    tended_on = today,
    low_adherence_since = case when v_is_low then coalesce(enrolments.low_adherence_since, app_hidden.now()) end
  where enrolments.organization_id = enrolment.organization_id and enrolments.id = enrolment.id;
end;
$$;

comment on function app_private.tend_treatment_plan is 'What a new day does to one plan, which the caller has locked.';
grant execute on function app_private.tend_treatment_plan to app_engine;

-- In the clinic nothing is missed by time alone. What was started has a day, as what is sent late has.
create or replace function app_private.miss_sessions(enrolment app_public.patient_treatment_plans, today date) returns void
language sql volatile
set search_path = ''
begin atomic
  update app_public.patient_sessions as sessions set status = 'missed'
  where sessions.organization_id = (enrolment).organization_id and sessions.patient_treatment_plan_id = (enrolment).id
    and sessions.place = 'home' and sessions.due_on < today
    and (sessions.status = 'due' or sessions.status = 'started' and sessions.started_at < app_hidden.now() - interval '1 day');
end;

comment on function app_private.miss_sessions is 'Marks the sessions at home whose day has passed, and those that were begun a day ago and never ended.';
grant execute on function app_private.miss_sessions to app_engine;

create or replace function app_private.treatment_plan_payload(enrolment app_public.patient_treatment_plans) returns jsonb
language sql immutable
set search_path = ''
return jsonb_build_object(
  'patientTreatmentPlanId', (enrolment).id, 'treatmentPlanId', (enrolment).treatment_plan_id, 'versionId', (enrolment).version_id,
  'patientProfileId', (enrolment).patient_profile_id);

comment on function app_private.treatment_plan_payload is 'What every event about a patient''s treatment plan says.';
grant execute on function app_private.treatment_plan_payload to app_engine;
-- end of source: functions/treatment/tend_treatment_plans.sql

-- source: functions/treatment/set_treatment_status.sql
-- Staff pause a patient's plan, take it up again, or end it. While it is paused nothing is due; what is left moves on by then. EXE-01.

set role app_engine;

create or replace function app_public.set_treatment_status(patient_treatment_plan_id uuid, status text, reason text)
returns app_public.patient_treatment_plans
language plpgsql volatile strict security definer
set search_path = ''
as $$
declare
  v_enrolment app_public.patient_treatment_plans := app_private.locked_enrolment(set_treatment_status.patient_treatment_plan_id);
  v_reason text := app_private.require_reason(set_treatment_status.reason);
  v_today date := app_private.today_at(v_enrolment.organization_id);
begin
  if v_enrolment.status = set_treatment_status.status then
    return v_enrolment;
  end if;
  -- The transitions of the worker and of patients are not theirs.
  if set_treatment_status.status in ('completed', 'expired') then
    perform app_hidden.refuse('FORBIDDEN', 'move_not_allowed', jsonb_build_object(
      'entity', 'patient_treatment_plans', 'from', v_enrolment.status, 'to', set_treatment_status.status));
  end if;
  perform app_private.authorize_move(
    'patient_treatment_plans', v_enrolment.status, set_treatment_status.status, v_enrolment.organization_id);

  if set_treatment_status.status = 'cancelled' then
    perform app_private.give_assignment_back(v_enrolment);
    perform app_private.cancel_open_sessions(v_enrolment);
  elsif set_treatment_status.status = 'active' then
    perform app_private.put_off_sessions(v_enrolment, v_today);
  else
    perform app_private.miss_sessions(v_enrolment, v_today);
  end if;
  update app_public.patient_treatment_plans as enrolments set
    status = set_treatment_status.status,
    status_reason = v_reason,
    paused_on = case when set_treatment_status.status = 'paused' then v_today end,
    ends_on = case when set_treatment_status.status = 'active'
      then greatest(enrolments.ends_on + (v_today - enrolments.paused_on), app_private.last_session_on(enrolments)) else enrolments.ends_on end,
    tended_on = case when set_treatment_status.status = 'active' then v_today else enrolments.tended_on end
  where enrolments.id = v_enrolment.id
  returning * into v_enrolment;
  return v_enrolment;
end;
$$;

comment on function app_public.set_treatment_status is
  E'@words status patient_treatment_plans.status\n@arg status paused, active or cancelled.\n'
  'Pauses a patient''s treatment plan, takes it up again, or ends it. Needs treatment_plans.assign and a reason. FORBIDDEN move_not_allowed; STATE '
  'illegal_move. A plan that is cancelled before anything of it was done gives its assignment back.';
grant execute on function app_public.set_treatment_status to app_member;

reset role;

create or replace function app_private.give_assignment_back(enrolment app_public.patient_treatment_plans) returns void
language plpgsql volatile
set search_path = ''
as $$
begin
  if not exists (
    select from app_public.patient_sessions as sessions
    where sessions.organization_id = (enrolment).organization_id and sessions.patient_treatment_plan_id = (enrolment).id
      and (sessions.started_at is not null or sessions.status in ('completed', 'missed'))
  ) then
    perform app_private.restore_entitlement(
      (enrolment).organization_id, 'treatment_plan_assignments', 'patient_treatment_plan', (enrolment).id);
  end if;
end;
$$;

comment on function app_private.give_assignment_back is 'Gives the assignment of a patient''s plan back, as long as nothing of it was done or missed.';
grant execute on function app_private.give_assignment_back to app_engine;

-- The days between them stay as they were, but for weekdays.
create or replace function app_private.put_off_sessions(enrolment app_public.patient_treatment_plans, until date) returns void
language plpgsql volatile
set search_path = ''
as $$
declare
  v_positions int[];
  v_before date[];
  v_due date[];
begin
  select array_agg(sessions.position order by sessions.position), array_agg(sessions.due_on order by sessions.position)
  into v_positions, v_before
  from app_public.patient_sessions as sessions
  where sessions.organization_id = enrolment.organization_id and sessions.patient_treatment_plan_id = enrolment.id
    and sessions.status = 'due' and not sessions.is_extra and sessions.appointment_id is null;
  if v_before[1] is null or v_before[1] >= until then
    return;
  end if;
  v_due := app_private.due_dates(until, enrolment.weekdays, array(
    select case when place = 1 then 0 else v_before[place] - v_before[place - 1] end
    from generate_subscripts(v_before, 1) as place order by place));
  update app_public.patient_sessions as sessions set due_on = v_due[moved.place]
  from unnest(v_positions) with ordinality as moved (position, place)
  where sessions.organization_id = enrolment.organization_id and sessions.patient_treatment_plan_id = enrolment.id
    and sessions.status = 'due' and not sessions.is_extra and sessions.position = moved.position;
end;
$$;

comment on function app_private.put_off_sessions is
  'The sessions that are left are due from this day on, unless the first is later anyway; those with an appointment stay with it.';
grant execute on function app_private.put_off_sessions to app_engine;
-- end of source: functions/treatment/set_treatment_status.sql

-- source: functions/treatment/treatment_snapshot.sql
-- All that a version asks for, as it is frozen: what exercises are called, which material shows them, and whom they may harm stand in it,
-- so that nothing which changes in the library afterwards changes what a patient was prescribed. TPL-01, EXE-01.

create or replace function app_private.treatment_snapshot(version app_public.treatment_plan_versions) returns jsonb
language sql stable
set search_path = ''
begin atomic
  select jsonb_agg(jsonb_build_object(
      'position', sessions.position, 'title', sessions.titles, 'place', sessions.place, 'afterDays', sessions.after_days,
      'exercises', coalesce((
        select jsonb_agg(jsonb_build_object(
            'exerciseId', exercises.id, 'slug', exercises.slug, 'assetVersion', exercises.asset_version,
            'names', (select jsonb_object_agg(said.key, said.value -> 'name') from jsonb_each(exercises.translations) as said),
            'prescription', prescribed.prescription,
            'contraindications', coalesce((
              select jsonb_agg(jsonb_build_object('id', harms.id, 'severity', harms.severity, 'text', harms.text)
                order by array_position('{absolute,relative,caution}'::text[], harms.severity), harms.id)
              from app_public.exercise_contraindications as harms
              where harms.exercise_id = exercises.id), '[]'))
          order by prescribed.position)
        from app_public.treatment_plan_exercises as prescribed
        join app_public.exercises on exercises.id = prescribed.exercise_id
        where prescribed.scope_id = sessions.scope_id and prescribed.version_id = sessions.version_id
          and prescribed.session_position = sessions.position), '[]'))
    order by sessions.position)
  from app_public.treatment_plan_sessions as sessions
  where sessions.scope_id = (version).scope_id and sessions.version_id = (version).id;
end;

comment on function app_private.treatment_snapshot is 'What a draft says now, with what the library says of its exercises.';
grant execute on function app_private.treatment_snapshot to app_engine;
-- end of source: functions/treatment/treatment_snapshot.sql

-- source: functions/treatment/submit_treatment_plan.sql
-- A draft is final: everything that it says is frozen with a hash, and it waits for somebody else, where the clinic asks for that. The
-- platform always does, since what it offers is every clinic's. TPL-02.

set role app_engine;

create or replace function app_public.submit_treatment_plan(treatment_plan_id uuid) returns app_public.treatment_plan_versions
language plpgsql volatile strict security definer
set search_path = ''
as $$
declare
  v_plan app_public.treatment_plans := app_private.plan_to_write(submit_treatment_plan.treatment_plan_id, 'treatment_plans.manage');
  v_version app_public.treatment_plan_versions;
  v_waits boolean;
  v_archived uuid;
begin
  select versions.* into v_version
  from app_public.treatment_plan_versions as versions
  where versions.scope_id = v_plan.scope_id and versions.treatment_plan_id = v_plan.id and versions.status = 'draft';
  if not found then
    perform app_hidden.refuse('STATE', 'no_draft_to_submit');
  end if;
  select exercises.id into v_archived
  from app_public.treatment_plan_exercises as prescribed
  join app_public.exercises on exercises.id = prescribed.exercise_id
  where prescribed.scope_id = v_version.scope_id and prescribed.version_id = v_version.id and exercises.status <> 'published'
  order by prescribed.session_position, prescribed.position
  limit 1;
  if v_archived is not null then
    perform app_hidden.refuse('VALIDATION', 'exercise_not_published', jsonb_build_object('field', 'sessions', 'exerciseId', v_archived));
  end if;

  v_waits := coalesce((
    select organizations.treatment_plans_need_approval from app_public.organizations where organizations.id = v_plan.organization_id), true);
  v_version.sessions_snapshot := app_private.treatment_snapshot(v_version);
  update app_public.treatment_plan_versions as versions set
    status = case when v_waits then 'submitted' else 'approved' end,
    sessions_snapshot = v_version.sessions_snapshot,
    content_hash = sha256(convert_to(v_version.sessions_snapshot::text, 'UTF8')),
    submitted_by = app_private.current_actor_id(), submitted_at = app_hidden.now(),
    approved_at = case when not v_waits then app_hidden.now() end
  where versions.id = v_version.id
  returning * into v_version;
  insert into app_private.treatment_plan_authors (scope_id, version_id, author_id)
  values (v_version.scope_id, v_version.id, app_private.current_actor_id())
  on conflict do nothing;
  return v_version;
end;
$$;

comment on function app_public.submit_treatment_plan is
  'Submits the draft of a treatment plan; from then on it never changes. Where the clinic asks for no approval it can be assigned at once. '
  'Needs treatment_plans.manage, the platform''s a superadmin. STATE no_draft_to_submit; VALIDATION exercise_not_published.';
grant execute on function app_public.submit_treatment_plan to app_member;

reset role;
-- end of source: functions/treatment/submit_treatment_plan.sql

-- source: functions/treatment/tg_only_of_drafts.sql
-- Sessions and exercises of a version are written while it is a draft. TPL-01.

set role app_engine;

create or replace function app_private.tg_only_of_drafts() returns trigger
language plpgsql volatile security definer
set search_path = ''
as $$
declare
  v_row jsonb := to_jsonb(case when tg_op = 'DELETE' then old else new end);
begin
  if tg_op = 'UPDATE' or not exists (
    select from app_public.treatment_plan_versions as versions
    where versions.scope_id = coalesce((v_row ->> 'organization_id')::uuid, '00000000-0000-0000-0000-000000000000')
      and versions.id = (v_row ->> 'version_id')::uuid and versions.status = 'draft'
  ) then
    perform app_hidden.refuse('IMMUTABLE', 'never_changed', jsonb_build_object('entity', tg_table_name));
  end if;
  return case when tg_op = 'DELETE' then old else new end;
end;
$$;

comment on function app_private.tg_only_of_drafts is 'IMMUTABLE never_changed unless the version is a draft. Trigger _300_keep.';

reset role;
-- end of source: functions/treatment/tg_only_of_drafts.sql

-- source: functions/treatment/tg_patient_treatment_plans__publish.sql
-- Every move of a patient's treatment plan that others are told of is an event, and so is a session that was done. EXE-03, FND-14.
-- _200_guard_state has refused what is no move.

set role app_engine;

create or replace function app_private.tg_patient_treatment_plans__publish() returns trigger
language plpgsql security definer
set search_path = ''
as $$
declare
  v_event text;
begin
  select distinct transition.event into strict v_event
  from app_private.state_transitions as transition
  where transition.entity = 'patient_treatment_plans' and transition.to_state = new.status
    and transition.from_state = case when tg_op = 'UPDATE' then old.status else '' end;
  if v_event is not null then
    perform app_private.publish(v_event, new.organization_id, new.id, app_private.treatment_plan_payload(new));
  end if;
  return null;
end;
$$;

comment on function app_private.tg_patient_treatment_plans__publish is 'Publishes the event of a move. Triggers _900_publish, _900_publish_new.';

create or replace function app_private.tg_patient_sessions__publish() returns trigger
language plpgsql security definer
set search_path = ''
as $$
begin
  perform app_private.publish(
    'treatment_plan.session_completed', enrolments.organization_id, enrolments.id,
    app_private.treatment_plan_payload(enrolments) || jsonb_build_object('sessionId', new.id, 'versionId', new.version_id))
  from app_public.patient_treatment_plans as enrolments
  where enrolments.organization_id = new.organization_id and enrolments.id = new.patient_treatment_plan_id;
  return null;
end;
$$;

comment on function app_private.tg_patient_sessions__publish is 'Publishes treatment_plan.session_completed. Trigger _900_publish.';

reset role;

create or replace trigger _900_publish_new after insert on app_public.patient_treatment_plans
  for each row execute function app_private.tg_patient_treatment_plans__publish();

create or replace trigger _900_publish after update of status on app_public.patient_treatment_plans
  for each row when (old.status <> new.status) execute function app_private.tg_patient_treatment_plans__publish();

create or replace trigger _900_publish after update of status on app_public.patient_sessions
  for each row when (old.status <> new.status and new.status = 'completed')
  execute function app_private.tg_patient_sessions__publish();
-- end of source: functions/treatment/tg_patient_treatment_plans__publish.sql

-- source: functions/treatment/tg_treatment_plan_versions__keep.sql
-- What was submitted never changes: only where it stands moves on, with who and why. Nobody deletes a version, the owner and the engine
-- included. TPL-01, TPL-02.

create or replace function app_private.tg_treatment_plan_versions__keep() returns trigger
language plpgsql volatile
set search_path = ''
as $$
declare
  -- A column that is generated is not there yet.
  v_moving constant text[] := '{status,approved_by,approved_at,retired_by,retired_at,retire_reason,updated_at,scope_id}';
begin
  if tg_op = 'DELETE' or old.status <> 'draft' and to_jsonb(new) - v_moving is distinct from to_jsonb(old) - v_moving
    or (new.id, new.organization_id, new.treatment_plan_id, new.number)
      is distinct from (old.id, old.organization_id, old.treatment_plan_id, old.number)
    or old.approved_at is not null and (new.approved_by, new.approved_at) is distinct from (old.approved_by, old.approved_at) then
    perform app_hidden.refuse('IMMUTABLE', 'never_changed', '{"entity": "treatment_plan_versions"}');
  end if;
  return new;
end;
$$;

comment on function app_private.tg_treatment_plan_versions__keep is
  'IMMUTABLE never_changed for a change of what was submitted, and for any deletion. Trigger _300_keep.';
-- end of source: functions/treatment/tg_treatment_plan_versions__keep.sql

-- source: policies/automation/automation_rules.sql
-- Staff with automations.view; written by verbs. AUT-01.

select app_private.classify('app_public.automation_rules', home => 'clinic', retention => 'clinic', classes =>
  '{"public": ["id", "organization_id", "name", "event_name"],
    "operational": ["is_enabled", "position", "version", "revision", "created_at", "updated_at", "removed_at"]}');
select app_private.protect('app_public.automation_rules', engine => 'select, insert, update', facts => '{name name}');

grant select on app_public.automation_rules to app_member;

create policy automation_rules_select_staff on app_public.automation_rules for select to app_member
  using (organization_id = any ((select app_hidden.rights('automations.view'))::uuid[]));

create or replace trigger _200_revision before update of name, version, revision on app_public.automation_rules
  for each row execute function app_private.tg_revision();
-- end of source: policies/automation/automation_rules.sql

-- source: policies/documents/pdf_template_components.sql
-- Staff read the clinic's letterheads, footers and signatures of documents, document_templates.manage edits them. DOC-01.

select app_private.classify('app_public.pdf_template_components', home => 'clinic', retention => 'clinic', classes =>
  '{"public": ["id", "organization_id", "key", "kind", "title", "editor_state"],
    "operational": ["version", "revision", "created_at", "updated_at"]}');
select app_private.protect('app_public.pdf_template_components', engine => 'select, insert, update', facts => '{name title}');

grant select on app_public.pdf_template_components to app_member;
grant insert (organization_id, key, kind, title, editor_state),
      update (title, editor_state, revision)
   on app_public.pdf_template_components to app_member;

create policy pdf_template_components_select_staff on app_public.pdf_template_components for select to app_member
  using (organization_id = any ((select app_hidden.rights('staff'))::uuid[]));

create policy pdf_template_components_insert_manager on app_public.pdf_template_components for insert to app_member
  with check (organization_id = any ((select app_hidden.rights('document_templates.manage'))::uuid[]));

create policy pdf_template_components_update_manager on app_public.pdf_template_components for update to app_member
  using (organization_id = any ((select app_hidden.rights('document_templates.manage'))::uuid[]))
  with check (organization_id = any ((select app_hidden.rights('document_templates.manage'))::uuid[]));

create or replace trigger _200_revision before update of title, editor_state, revision on app_public.pdf_template_components
  for each row execute function app_private.tg_revision();
create or replace trigger _300_check before insert or update of key, kind, editor_state on app_public.pdf_template_components
  for each row execute function app_private.tg_pdf_templates__check();

create or replace trigger _700_version after insert on app_public.pdf_template_components
  for each row execute function app_private.tg_pdf_template_components__version();
create or replace trigger _700_version_again after update of editor_state on app_public.pdf_template_components
  for each row when (old.version <> new.version) execute function app_private.tg_pdf_template_components__version();
-- end of source: policies/documents/pdf_template_components.sql

-- source: policies/documents/pdf_templates.sql
-- Staff read the clinic's templates of documents, document_templates.manage edits them. DOC-01.

select app_private.classify('app_public.pdf_templates', home => 'clinic', retention => 'clinic', classes =>
  '{"public": ["id", "organization_id", "key", "kind", "title", "locale", "editor_state", "layout_config"],
    "operational": ["version", "revision", "published", "created_at", "updated_at"]}');
select app_private.protect('app_public.pdf_templates', engine => 'select, insert, update', facts => '{name title}');

grant select on app_public.pdf_templates to app_member;
grant insert (organization_id, key, kind, title, locale, editor_state, layout_config),
      update (title, locale, editor_state, layout_config, published, revision)
   on app_public.pdf_templates to app_member;

create policy pdf_templates_select_staff on app_public.pdf_templates for select to app_member
  using (organization_id = any ((select app_hidden.rights('staff'))::uuid[]));

create policy pdf_templates_insert_manager on app_public.pdf_templates for insert to app_member
  with check (organization_id = any ((select app_hidden.rights('document_templates.manage'))::uuid[]));

create policy pdf_templates_update_manager on app_public.pdf_templates for update to app_member
  using (organization_id = any ((select app_hidden.rights('document_templates.manage'))::uuid[]))
  with check (organization_id = any ((select app_hidden.rights('document_templates.manage'))::uuid[]));

create or replace trigger _200_revision before update of title, locale, editor_state, layout_config, revision on app_public.pdf_templates
  for each row execute function app_private.tg_revision();
create or replace trigger _300_check before insert or update of key, kind, editor_state, layout_config on app_public.pdf_templates
  for each row execute function app_private.tg_pdf_templates__check();
-- end of source: policies/documents/pdf_templates.sql

-- source: policies/exercises/exercise_contraindications.sql
-- Read by whoever reads the exercise; written by set_exercise_contraindications() and review_contraindications(). EXL-02.

select app_private.classify('app_public.exercise_contraindications', home => 'platform', retention => 'reference', classes =>
  '{"public": ["id", "exercise_id", "severity", "text", "reviewed_at"], "operational": ["reviewed_by"]}');
select app_private.protect('app_public.exercise_contraindications', engine => 'select, insert, update, delete');

grant select (id, exercise_id, severity, text, reviewed_at) on app_public.exercise_contraindications to app_member;

create policy exercise_contraindications_select_reader on app_public.exercise_contraindications for select to app_member
  using (exercise_id in (select exercises.id from app_public.exercises));

create or replace trigger _150_fixed_id before insert on app_public.exercise_contraindications
  for each row execute function app_private.tg_fixed_id('exercise_id', 'severity', 'text');
-- end of source: policies/exercises/exercise_contraindications.sql

-- source: policies/exercises/exercise_instructions.sql
-- Read by whoever reads the exercise, written by set_exercise_instructions(). EXL-02.

select app_private.classify('app_public.exercise_instructions', home => 'platform', retention => 'reference', classes =>
  '{"public": ["exercise_id", "position", "kind", "text"]}');
select app_private.protect('app_public.exercise_instructions', engine => 'select, insert, update, delete');

grant select on app_public.exercise_instructions to app_member;

create policy exercise_instructions_select_reader on app_public.exercise_instructions for select to app_member
  using (exercise_id in (select exercises.id from app_public.exercises));
-- end of source: policies/exercises/exercise_instructions.sql

-- source: policies/exercises/exercise_renders.sql
-- Patients are shown videos by the catalog and by plans, where those are open to them; staff of clinics prescribe by them, and
-- superadmins see how they are made. Written by request_render() and by what the worker says. EXL-01, EXL-03.

select app_private.classify('app_public.exercise_renders', home => 'platform', retention => 'reference', classes =>
  '{"public": ["id", "exercise_id", "recipe_hash", "language", "recipe", "asset_version", "status", "provider", "video_id",
               "duration_s"],
    "operational": ["source_key", "surface", "object_key", "progress", "problem", "requested_at", "rendered_at"]}');
select app_private.protect('app_public.exercise_renders', engine => 'select, insert, update', guard => true);

grant select on app_public.exercise_renders to app_member;

create policy exercise_renders_select_superadmin on app_public.exercise_renders for select to app_member
  using ((select app_hidden.is_superadmin()));

create policy exercise_renders_select_staff on app_public.exercise_renders for select to app_member
  using ((select cardinality(app_hidden.rights('staff')) > 0));

create or replace trigger _150_fixed_id before insert on app_public.exercise_renders
  for each row execute function app_private.tg_fixed_id('exercise_id', 'recipe_hash', 'language');
-- end of source: policies/exercises/exercise_renders.sql

-- source: policies/exercises/exercise_tags.sql
-- Read by whoever reads the exercise, written by create_exercise() and edit_exercise(). EXL-02.

select app_private.classify('app_public.exercise_tags', home => 'platform', retention => 'reference', classes =>
  '{"public": ["exercise_id", "term_id"]}');
select app_private.protect('app_public.exercise_tags', engine => 'select, insert, delete');

grant select on app_public.exercise_tags to app_member;

create policy exercise_tags_select_reader on app_public.exercise_tags for select to app_member
  using (exercise_id in (select exercises.id from app_public.exercises));
-- end of source: policies/exercises/exercise_tags.sql

-- source: policies/exercises/exercise_terms.sql
-- The words that exercises are ordered by: everyone's to read who is signed in, written by migrations only. EXL-02.

select app_private.classify('app_public.exercise_terms', home => 'platform', retention => 'reference', classes =>
  '{"public": ["id", "kind", "slug", "parent_id", "place", "names"]}',
  unaudited => 'Reference data that only migrations change.');
select app_private.protect('app_public.exercise_terms', engine => 'select');

grant select on app_public.exercise_terms to app_member;

create policy exercise_terms_select_everyone on app_public.exercise_terms for select to app_member
  using (true);

create or replace trigger _150_fixed_id before insert on app_public.exercise_terms
  for each row execute function app_private.tg_fixed_id('kind', 'slug');
-- end of source: policies/exercises/exercise_terms.sql

-- source: policies/exercises/exercises.sql
-- The platform's library, at no clinic: whoever is signed in reads what is published; superadmins read all of it and write it
-- by verbs. EXL-01, EXL-06.

select app_private.classify('app_public.exercises', home => 'platform', retention => 'reference', classes =>
  '{"public": ["id", "slug", "kind", "status", "asset_version", "difficulty", "translations", "tracking", "catalog_render_id",
               "video_provider"],
    "operational": ["bunny_collection_id", "created_at", "updated_at"]}');
select app_private.protect('app_public.exercises', engine => 'select, insert, update', guard => true);

grant select on app_public.exercises to app_member;

create policy exercises_select_everyone on app_public.exercises for select to app_member
  using (status = 'published');

create policy exercises_select_superadmin on app_public.exercises for select to app_member
  using ((select app_hidden.is_superadmin()));

create or replace trigger _150_fixed_id before insert on app_public.exercises
  for each row execute function app_private.tg_fixed_id('slug');
-- end of source: policies/exercises/exercises.sql

-- source: policies/identity/permissions.sql
-- What can be allowed is no secret to whoever edits roles. FND-04.

select app_private.classify('app_public.permissions', home => 'platform', retention => 'reference', classes =>
  '{"public": ["name", "description", "description_ro"]}',
  unaudited => 'Reference data that only migrations change.');
select app_private.protect('app_public.permissions');

grant select on app_public.permissions to app_member, app_engine;

create policy permissions_select_everyone on app_public.permissions for select to app_member, app_engine
  using (true);
-- end of source: policies/identity/permissions.sql

-- source: policies/organizations/organizations.sql
-- Clinics as their members, their patients and the platform see them. Visitors only meet active ones, through
-- `clinic_by_slug`. FND-01.

-- How to reach a clinic stands on its booking page.
select app_private.classify('app_public.organizations', home => 'clinic', retention => 'clinic', classes =>
  '{"public": ["id", "slug", "name", "locale", "timezone", "currency", "country", "calling_code",
               "contact_email", "contact_phone", "street", "city", "embedding_origins"],
    "operational": ["tenancy_mode", "activated_at", "booking_response_hours", "response_lead_hours",
                    "start_lead_minutes", "hold_minutes", "low_rating_below",
                    "holds_per_visitor", "holds_per_address", "library_access_is_free", "telerehab_access_is_free", "required_profile_fields", "reminder_minutes",
                    "reminders_from", "reminders_until", "no_show_after_minutes", "waitlist_offer_minutes", "invites_guests",
                    "treatment_plans_need_approval", "low_adherence_below",
                    "created_at", "updated_at", "deleted_at"]}');
select app_private.allow_soft_delete('app_public.organizations', null, 'r.name');
select app_private.protect('app_public.organizations',
  engine => 'select, insert, update',
  facts => '{name name, name street, name city, email contact_email, phone contact_phone}');

grant select on app_public.organizations to app_member;
grant update (name, locale, timezone, contact_email, contact_phone, street, city, booking_response_hours,
              response_lead_hours, start_lead_minutes, hold_minutes, low_rating_below, holds_per_visitor, holds_per_address,
              library_access_is_free, telerehab_access_is_free, required_profile_fields, reminder_minutes, reminders_from,
              reminders_until, no_show_after_minutes, embedding_origins, waitlist_offer_minutes, invites_guests,
              treatment_plans_need_approval, low_adherence_below)
   on app_public.organizations to app_member;

create policy organizations_select_staff on app_public.organizations for select to app_member
  using (id = any ((select app_hidden.rights('staff'))::uuid[]) and deleted_at is null);

create policy organizations_select_patient on app_public.organizations for select to app_member
  using (id = any ((select app_hidden.rights('patient'))::uuid[]) and activated_at is not null and deleted_at is null);

create policy organizations_select_superadmin on app_public.organizations for select to app_member
  using ((select app_hidden.is_superadmin()) and deleted_at is null);

create policy organizations_update_manager on app_public.organizations for update to app_member
  using (id = any ((select app_hidden.rights('organization.manage'))::uuid[]) and deleted_at is null)
  with check (id = any ((select app_hidden.rights('organization.manage'))::uuid[]));

create or replace trigger _900_forget_rights after insert or update or delete on app_public.organizations
  for each statement execute function app_private.tg_forget_rights();
-- end of source: policies/organizations/organizations.sql

-- source: policies/segments/segments.sql
-- Staff with segments.view; written by verbs. SEG-01.

select app_private.classify('app_public.segments', home => 'clinic', retention => 'clinic', classes =>
  '{"operational": ["id", "organization_id", "kind", "version", "revision", "filled_version", "found_wrong", "created_by", "created_at", "updated_at", "deleted_at"],
    "phi": ["name", "description", "rule"]}');
select app_private.allow_soft_delete('app_public.segments', 'segments.manage', 'r.name');
select app_private.protect('app_public.segments', engine => 'select, insert, update', facts => '{name name}');

grant select on app_public.segments to app_member;

create policy segments_select_staff on app_public.segments for select to app_member
  using (organization_id = any ((select app_hidden.rights('segments.view'))::uuid[]) and deleted_at is null);

create or replace trigger _200_revision before update of name, description, rule, revision on app_public.segments
  for each row execute function app_private.tg_revision();
-- end of source: policies/segments/segments.sql

-- source: policies/telemetry/exercise_sessions.sql
-- What was recorded of patients' sessions at home: staff with exercise_sessions.view, and the person. Written by the start of a session and
-- by what telemetry tells. Where the movement lies, and by whom it is finalized, is nobody's to read: it is played by a link. EXE-05, TEL-07.
-- What a merge of patients does with them stands with the treatment plans, which they follow and whose file runs after this one.

select app_private.classify('app_public.exercise_sessions', home => 'clinic', retention => 'medical_record', classes =>
  '{"operational": ["id", "organization_id", "viewer_id", "expires_at", "claimed_by", "claimed_at", "surface", "replay_object_key",
                    "replay_sha256", "replay_bytes", "created_at", "updated_at"],
    "phi": ["patient_session_id", "patient_profile_id", "scopes", "tracked", "started_at", "ended_at", "gaps", "replay_state"]}',
  person_column => 'patient_profile_id');
select app_private.protect('app_public.exercise_sessions', engine => 'select, insert, update');

grant select (id, organization_id, patient_session_id, patient_profile_id, scopes, started_at, expires_at, ended_at, gaps, replay_state,
              replay_bytes, created_at, updated_at)
  on app_public.exercise_sessions to app_member;

create policy exercise_sessions_select_staff on app_public.exercise_sessions for select to app_member
  using (organization_id = any ((select app_hidden.rights('exercise_sessions.view'))::uuid[]));

create policy exercise_sessions_select_person on app_public.exercise_sessions for select to app_member
  using (
    patient_profile_id = any ((select app_hidden.rights('people'))::uuid[])
    and organization_id = any ((select app_hidden.rights('patient'))::uuid[])
  );
-- end of source: policies/telemetry/exercise_sessions.sql

-- source: policies/telemetry/media_buffering_events.sql
-- Each time that a video stood still: staff with exercise_sessions.view, and the person. Written by the worker once for each version of the
-- algorithm, and changed by nobody. TEL-05, TEL-07.

select app_private.classify('app_public.media_buffering_events', home => 'clinic', retention => 'medical_record', classes =>
  '{"operational": ["organization_id", "algorithm_version"],
    "phi": ["exercise_session_id", "session_started_at", "place", "number", "stalled_at", "length_ms"]}',
  unaudited => 'Worked out by the worker from one recording, never changed: the recording itself is audited.');
select app_private.protect('app_public.media_buffering_events', engine => 'select, insert');

grant select on app_public.media_buffering_events to app_member;

create policy media_buffering_events_select_staff on app_public.media_buffering_events for select to app_member
  using (organization_id = any ((select app_hidden.rights('exercise_sessions.view'))::uuid[]));

create policy media_buffering_events_select_person on app_public.media_buffering_events for select to app_member
  using (
    exercise_session_id in (
      select mine.id from app_public.exercise_sessions as mine
      where mine.patient_profile_id = any ((select app_hidden.rights('people'))::uuid[]))
    and organization_id = any ((select app_hidden.rights('patient'))::uuid[])
  );
-- end of source: policies/telemetry/media_buffering_events.sql

-- source: policies/telemetry/media_session_metrics.sql
-- How videos of exercises were watched: staff with exercise_sessions.view, and the person. Written by the worker once for each version of the
-- algorithm, and changed by nobody. TEL-05, TEL-07.

select app_private.classify('app_public.media_session_metrics', home => 'clinic', retention => 'medical_record', classes =>
  '{"operational": ["id", "organization_id", "algorithm_version", "created_at"],
    "phi": ["exercise_session_id", "place", "watched_ms", "duration_ms", "watched_percentage", "stalls", "stalled_ms", "rates"]}',
  unaudited => 'Worked out by the worker from one recording, never changed: the recording itself is audited.');
select app_private.protect('app_public.media_session_metrics', engine => 'select, insert');

grant select on app_public.media_session_metrics to app_member;

create policy media_session_metrics_select_staff on app_public.media_session_metrics for select to app_member
  using (organization_id = any ((select app_hidden.rights('exercise_sessions.view'))::uuid[]));

create policy media_session_metrics_select_person on app_public.media_session_metrics for select to app_member
  using (
    exercise_session_id in (
      select mine.id from app_public.exercise_sessions as mine
      where mine.patient_profile_id = any ((select app_hidden.rights('people'))::uuid[]))
    and organization_id = any ((select app_hidden.rights('patient'))::uuid[])
  );
-- end of source: policies/telemetry/media_session_metrics.sql

-- source: policies/telemetry/pose_rep_metrics.sql
-- Each repetition that was counted: staff with exercise_sessions.view, and the person. Written by the worker once for each version of the
-- algorithm, and changed by nobody. TEL-05, TEL-07.

select app_private.classify('app_public.pose_rep_metrics', home => 'clinic', retention => 'medical_record', classes =>
  '{"operational": ["organization_id", "algorithm_version"],
    "phi": ["exercise_session_id", "session_started_at", "place", "number", "started_at", "turned_at", "ended_at", "range_degrees"]}',
  unaudited => 'Worked out by the worker from one recording, never changed: the recording itself is audited.');
select app_private.protect('app_public.pose_rep_metrics', engine => 'select, insert');

grant select on app_public.pose_rep_metrics to app_member;

create policy pose_rep_metrics_select_staff on app_public.pose_rep_metrics for select to app_member
  using (organization_id = any ((select app_hidden.rights('exercise_sessions.view'))::uuid[]));

create policy pose_rep_metrics_select_person on app_public.pose_rep_metrics for select to app_member
  using (
    exercise_session_id in (
      select mine.id from app_public.exercise_sessions as mine
      where mine.patient_profile_id = any ((select app_hidden.rights('people'))::uuid[]))
    and organization_id = any ((select app_hidden.rights('patient'))::uuid[])
  );
-- end of source: policies/telemetry/pose_rep_metrics.sql

-- source: policies/telemetry/pose_session_metrics.sql
-- What the camera made of exercises: staff with exercise_sessions.view, and the person. Written by the worker once for each version of the
-- algorithm, and changed by nobody. TEL-05, TEL-07.

select app_private.classify('app_public.pose_session_metrics', home => 'clinic', retention => 'medical_record', classes =>
  '{"operational": ["id", "organization_id", "algorithm_version", "created_at"],
    "phi": ["exercise_session_id", "place", "exercise_id", "reps", "sets", "range_degrees", "joint", "side", "signal", "confidence", "view", "frames_with_person", "frames_without_person", "frames_dropped", "gaps"]}',
  unaudited => 'Worked out by the worker from one recording, never changed: the recording itself is audited.');
select app_private.protect('app_public.pose_session_metrics', engine => 'select, insert');

grant select on app_public.pose_session_metrics to app_member;

create policy pose_session_metrics_select_staff on app_public.pose_session_metrics for select to app_member
  using (organization_id = any ((select app_hidden.rights('exercise_sessions.view'))::uuid[]));

create policy pose_session_metrics_select_person on app_public.pose_session_metrics for select to app_member
  using (
    exercise_session_id in (
      select mine.id from app_public.exercise_sessions as mine
      where mine.patient_profile_id = any ((select app_hidden.rights('people'))::uuid[]))
    and organization_id = any ((select app_hidden.rights('patient'))::uuid[])
  );
-- end of source: policies/telemetry/pose_session_metrics.sql

-- source: policies/telemetry/session_aggregates.sql
-- What telemetry said of recordings: the functions of telemetry write it, the worker takes it. Nobody else reads it. TEL-05.

select app_private.classify('app_private.session_aggregates', home => 'clinic', retention => 'medical_record', classes =>
  '{"operational": ["organization_id", "exercise_session_id", "algorithm_version", "told_at", "written_at"],
    "phi": ["result"]}',
  unaudited => 'On its way from telemetry to the metrics; its result goes as they are written.');
select app_private.protect('app_private.session_aggregates', engine => 'select, insert, update');
-- end of source: policies/telemetry/session_aggregates.sql

-- source: policies/treatment/patient_exercise_logs.sql
-- What was done in sessions: staff with treatment_plans.view, and the person. Written by verbs. EXE-02.

select app_private.classify('app_public.patient_exercise_logs', home => 'clinic', retention => 'medical_record', classes =>
  '{"operational": ["id", "organization_id", "client_id", "created_at", "updated_at"],
    "phi": ["patient_session_id", "place", "exercise_id", "prescribed", "entered_sets", "entered_reps", "entered_seconds", "actual_sets",
            "actual_reps", "actual_seconds", "actual_source", "note", "video_watch_percentage", "pose_summary", "performed_at"]}');
select app_private.protect('app_public.patient_exercise_logs', engine => 'select, insert, update');

grant select on app_public.patient_exercise_logs to app_member;

create policy patient_exercise_logs_select_staff on app_public.patient_exercise_logs for select to app_member
  using (organization_id = any ((select app_hidden.rights('treatment_plans.view'))::uuid[]));

create policy patient_exercise_logs_select_person on app_public.patient_exercise_logs for select to app_member
  using (
    patient_session_id in (
      select mine.id from app_public.patient_sessions as mine
      where mine.patient_profile_id = any ((select app_hidden.rights('people'))::uuid[]))
    and organization_id = any ((select app_hidden.rights('patient'))::uuid[])
  );
-- end of source: policies/treatment/patient_exercise_logs.sql

-- source: policies/treatment/patient_sessions.sql
-- The sessions of patients: staff with treatment_plans.view, and the person. Written by verbs, by appointments and by time. EXE-02, EXE-04.
-- What a merge of patients does with them stands with the plans that they follow, whose file runs after this one.

select app_private.classify('app_public.patient_sessions', home => 'clinic', retention => 'medical_record', classes =>
  '{"operational": ["id", "organization_id", "plan_scope_id", "created_at", "updated_at"],
    "phi": ["patient_treatment_plan_id", "patient_profile_id", "version_id", "position", "is_extra", "due_on", "place", "appointment_id",
            "status", "started_at", "acknowledged_ids", "completed_at", "completed_by", "completion_reason", "pain_before", "pain_after",
            "form_id"]}',
  person_column => 'patient_profile_id');
select app_private.protect('app_public.patient_sessions', engine => 'select, insert, update', guard => true);

-- Whole rows, since what is to be done in it is asked of a row.
grant select on app_public.patient_sessions to app_member;

create policy patient_sessions_select_staff on app_public.patient_sessions for select to app_member
  using (organization_id = any ((select app_hidden.rights('treatment_plans.view'))::uuid[]));

create policy patient_sessions_select_person on app_public.patient_sessions for select to app_member
  using (
    patient_profile_id = any ((select app_hidden.rights('people'))::uuid[])
    and organization_id = any ((select app_hidden.rights('patient'))::uuid[])
  );

-- What rules read of it: a changed row marks its patient for the segments that do. SEG-03.
create or replace trigger _900_segments_treatment_insert after insert on app_public.patient_sessions
  referencing new table as changed for each statement execute function app_private.tg_mark_segments('treatment', 'patient_profile_id');
create or replace trigger _900_segments_treatment_update after update on app_public.patient_sessions
  referencing new table as changed for each statement execute function app_private.tg_mark_segments('treatment', 'patient_profile_id');
create or replace trigger _900_segments_treatment_delete after delete on app_public.patient_sessions
  referencing old table as changed for each statement execute function app_private.tg_mark_segments('treatment', 'patient_profile_id');
create or replace trigger _900_segments_treatment_left after update on app_public.patient_sessions
  for each row when (old.patient_profile_id is distinct from new.patient_profile_id)
  execute function app_private.tg_mark_former_patient('treatment', 'patient_profile_id');
-- end of source: policies/treatment/patient_sessions.sql

-- source: policies/treatment/patient_treatment_plans.sql
-- What patients were assigned: staff with treatment_plans.view, and the person. Written by verbs and by time. EXE-01.

select app_private.classify('app_public.patient_treatment_plans', home => 'clinic', retention => 'medical_record', classes =>
  '{"operational": ["id", "organization_id", "plan_scope_id", "tended_on", "assigned_by", "created_at", "updated_at"],
    "phi": ["patient_profile_id", "treatment_plan_id", "version_id", "patient_service_plan_id", "form_template_id", "starts_on", "ends_on",
            "weekdays", "allows_extra_sessions", "status", "status_reason", "paused_on", "low_adherence_since"]}',
  person_column => 'patient_profile_id');
select app_private.on_merge('app_public.patient_treatment_plans', 'patient_profile_id', 'moves');
select app_private.on_merge('app_public.patient_sessions', 'patient_profile_id', 'follows');
select app_private.on_merge('app_public.exercise_sessions', 'patient_profile_id', 'follows');
select app_private.protect('app_public.patient_treatment_plans', engine => 'select, insert, update', guard => true);

-- Whole rows, since adherence and what remains are asked of a row.
grant select on app_public.patient_treatment_plans to app_member;

create policy patient_treatment_plans_select_staff on app_public.patient_treatment_plans for select to app_member
  using (organization_id = any ((select app_hidden.rights('treatment_plans.view'))::uuid[]));

create policy patient_treatment_plans_select_person on app_public.patient_treatment_plans for select to app_member
  using (
    patient_profile_id = any ((select app_hidden.rights('people'))::uuid[])
    and organization_id = any ((select app_hidden.rights('patient'))::uuid[])
  );

-- What rules read of it: a changed row marks its patient for the segments that do. SEG-03.
create or replace trigger _900_segments_treatment_insert after insert on app_public.patient_treatment_plans
  referencing new table as changed for each statement execute function app_private.tg_mark_segments('treatment', 'patient_profile_id');
create or replace trigger _900_segments_treatment_update after update on app_public.patient_treatment_plans
  referencing new table as changed for each statement execute function app_private.tg_mark_segments('treatment', 'patient_profile_id');
create or replace trigger _900_segments_treatment_delete after delete on app_public.patient_treatment_plans
  referencing old table as changed for each statement execute function app_private.tg_mark_segments('treatment', 'patient_profile_id');
create or replace trigger _900_segments_treatment_left after update on app_public.patient_treatment_plans
  for each row when (old.patient_profile_id is distinct from new.patient_profile_id)
  execute function app_private.tg_mark_former_patient('treatment', 'patient_profile_id');
-- end of source: policies/treatment/patient_treatment_plans.sql

-- source: policies/treatment/treatment_plan_authors.sql
-- Read by approve_treatment_plan() alone. TPL-02.

select app_private.classify('app_private.treatment_plan_authors', home => 'clinic', retention => 'medical_record', classes =>
  '{"operational": ["scope_id", "version_id", "author_id"]}');
select app_private.protect('app_private.treatment_plan_authors', engine => 'select, insert');
-- end of source: policies/treatment/treatment_plan_authors.sql

-- source: policies/treatment/treatment_plan_exercises.sql
-- The exercises of a version, for staff: patients read the snapshot. Written with the draft. TPL-01.

select app_private.classify('app_public.treatment_plan_exercises', home => 'clinic', retention => 'medical_record', classes =>
  '{"operational": ["id", "organization_id", "scope_id", "version_id"],
    "phi": ["session_position", "position", "exercise_id", "prescription"]}');
select app_private.protect('app_public.treatment_plan_exercises', engine => 'select, insert, delete');

grant select on app_public.treatment_plan_exercises to app_member;

create policy treatment_plan_exercises_select_staff on app_public.treatment_plan_exercises for select to app_member
  using (organization_id = any ((select app_hidden.rights('treatment_plans.view'))::uuid[]));

create policy treatment_plan_exercises_select_staff_of_any on app_public.treatment_plan_exercises for select to app_member
  using (
    organization_id is null
    and version_id in (
      select version.id from app_public.treatment_plan_versions as version where version.organization_id is null)
  );

create or replace trigger _300_keep before insert or update or delete on app_public.treatment_plan_exercises
  for each row execute function app_private.tg_only_of_drafts();

create or replace trigger _300_keeps_every_row before truncate on app_public.treatment_plan_exercises
  for each statement execute function app_private.tg_frozen();
-- end of source: policies/treatment/treatment_plan_exercises.sql

-- source: policies/treatment/treatment_plan_moves.sql
-- Which version a patient's plan left for which, for whoever reads the plan. Never changed. EXE-01.

select app_private.classify('app_public.treatment_plan_moves', home => 'clinic', retention => 'medical_record', classes =>
  '{"operational": ["id", "organization_id", "plan_scope_id", "moved_by"],
    "phi": ["patient_treatment_plan_id", "from_version_id", "to_version_id", "reason", "moved_at"]}',
  unaudited => 'Is itself a log, which nobody can change.');
select app_private.protect('app_public.treatment_plan_moves', engine => 'select, insert');

grant select on app_public.treatment_plan_moves to app_member;

create policy treatment_plan_moves_select_staff on app_public.treatment_plan_moves for select to app_member
  using (organization_id = any ((select app_hidden.rights('treatment_plans.view'))::uuid[]));

create policy treatment_plan_moves_select_person on app_public.treatment_plan_moves for select to app_member
  using (
    patient_treatment_plan_id in (
      select mine.id from app_public.patient_treatment_plans as mine
      where mine.patient_profile_id = any ((select app_hidden.rights('people'))::uuid[]))
    and organization_id = any ((select app_hidden.rights('patient'))::uuid[])
  );

create or replace trigger _200_frozen before update or delete or truncate on app_public.treatment_plan_moves
  for each statement execute function app_private.tg_frozen();
-- end of source: policies/treatment/treatment_plan_moves.sql

-- source: policies/treatment/treatment_plan_sessions.sql
-- The sessions of a version, for staff: patients read the snapshot. Written with the draft. TPL-01.

select app_private.classify('app_public.treatment_plan_sessions', home => 'clinic', retention => 'medical_record', classes =>
  '{"operational": ["id", "organization_id", "scope_id", "version_id"],
    "phi": ["position", "titles", "place", "after_days"]}');
select app_private.protect('app_public.treatment_plan_sessions', engine => 'select, insert, delete');

grant select on app_public.treatment_plan_sessions to app_member;

create policy treatment_plan_sessions_select_staff on app_public.treatment_plan_sessions for select to app_member
  using (organization_id = any ((select app_hidden.rights('treatment_plans.view'))::uuid[]));

create policy treatment_plan_sessions_select_staff_of_any on app_public.treatment_plan_sessions for select to app_member
  using (
    organization_id is null
    and version_id in (
      select version.id from app_public.treatment_plan_versions as version where version.organization_id is null)
  );

create or replace trigger _300_keep before insert or update or delete on app_public.treatment_plan_sessions
  for each row execute function app_private.tg_only_of_drafts();

create or replace trigger _300_keeps_every_row before truncate on app_public.treatment_plan_sessions
  for each statement execute function app_private.tg_frozen();
-- end of source: policies/treatment/treatment_plan_sessions.sql

-- source: policies/treatment/treatment_plan_versions.sql
-- Read as the plan is: patients read the versions that they were assigned, superadmins alone the platform's drafts. Written by verbs; what
-- was submitted is never changed. TPL-01, TPL-02.

select app_private.classify('app_public.treatment_plan_versions', home => 'clinic', retention => 'medical_record', classes =>
  '{"operational": ["id", "organization_id", "scope_id", "treatment_plan_id", "number", "status", "content_hash", "submitted_by",
                    "submitted_at", "approved_by", "approved_at", "retired_by", "retired_at", "created_at", "updated_at"],
    "phi": ["sessions_snapshot", "retire_reason"]}');
select app_private.protect('app_public.treatment_plan_versions', engine => 'select, insert, update', guard => true);

grant select (id, organization_id, scope_id, treatment_plan_id, number, status, sessions_snapshot, submitted_by, submitted_at, approved_by,
              approved_at, retired_by, retired_at, retire_reason, created_at, updated_at)
   on app_public.treatment_plan_versions to app_member;

create policy treatment_plan_versions_select_staff on app_public.treatment_plan_versions for select to app_member
  using (organization_id = any ((select app_hidden.rights('treatment_plans.view'))::uuid[]));

create policy treatment_plan_versions_select_staff_of_any on app_public.treatment_plan_versions for select to app_member
  using (
    organization_id is null and status <> 'draft'
    and (select cardinality(app_hidden.rights('treatment_plans.view')) > 0)
  );

create policy treatment_plan_versions_select_superadmin on app_public.treatment_plan_versions for select to app_member
  using (organization_id is null and (select app_hidden.is_superadmin()));

create policy treatment_plan_versions_select_assigned on app_public.treatment_plan_versions for select to app_member
  using (
    id in (
      select mine.version_id from app_public.patient_sessions as mine
      where mine.patient_profile_id = any ((select app_hidden.rights('people'))::uuid[]))
  );

create or replace trigger _150_fixed_id before insert on app_public.treatment_plan_versions
  for each row when (new.organization_id is null) execute function app_private.tg_fixed_id('treatment_plan_id', 'number');

create or replace trigger _300_keep before update or delete on app_public.treatment_plan_versions
  for each row execute function app_private.tg_treatment_plan_versions__keep();

create or replace trigger _300_keeps_every_version before truncate on app_public.treatment_plan_versions
  for each statement execute function app_private.tg_frozen();
-- end of source: policies/treatment/treatment_plan_versions.sql

-- source: policies/treatment/treatment_plans.sql
-- The platform's plans for staff of every clinic; a clinic's own for its staff with treatment_plans.view; one that is written for a patient
-- for that patient as well, as any that they were assigned. Written by verbs only. TPL-01.

select app_private.classify('app_public.treatment_plans', home => 'clinic', retention => 'medical_record', classes =>
  '{"operational": ["id", "organization_id", "scope_id", "slug", "created_by", "created_at", "updated_at"],
    "phi": ["scope", "patient_profile_id", "name", "description"]}',
  person_column => 'patient_profile_id');
select app_private.on_merge('app_public.treatment_plans', 'patient_profile_id', 'moves');
select app_private.protect('app_public.treatment_plans', engine => 'select, insert, update', facts => '{name name}');

grant select on app_public.treatment_plans to app_member;

create policy treatment_plans_select_staff on app_public.treatment_plans for select to app_member
  using (organization_id = any ((select app_hidden.rights('treatment_plans.view'))::uuid[]));

create policy treatment_plans_select_staff_of_any on app_public.treatment_plans for select to app_member
  using (organization_id is null and (select cardinality(app_hidden.rights('treatment_plans.view')) > 0));

create policy treatment_plans_select_superadmin on app_public.treatment_plans for select to app_member
  using (organization_id is null and (select app_hidden.is_superadmin()));

create policy treatment_plans_select_person on app_public.treatment_plans for select to app_member
  using (
    patient_profile_id = any ((select app_hidden.rights('people'))::uuid[])
    and organization_id = any ((select app_hidden.rights('patient'))::uuid[])
  );

create policy treatment_plans_select_assigned on app_public.treatment_plans for select to app_member
  using (
    id in (
      select mine.treatment_plan_id from app_public.patient_treatment_plans as mine
      where mine.patient_profile_id = any ((select app_hidden.rights('people'))::uuid[]))
  );

create or replace trigger _150_fixed_id before insert on app_public.treatment_plans
  for each row when (new.organization_id is null) execute function app_private.tg_fixed_id('slug');
-- end of source: policies/treatment/treatment_plans.sql

-- source: reference/automation/automation_consumer.sql
-- The events that the consumer "automations" may be told of: those that an automation can begin with. AUT-01, FND-14.

select app_private.own_rows('app_private.event_subscriptions', scope => '{"consumer": "automations"}', rows => '
  event_name
  ------------------------------
  appointment.booked
  appointment.cancelled
  appointment.confirmed
  appointment.done
  appointment.noshow
  appointment.reinstated
  appointment.reminder_due
  appointment.rescheduled
  appointment.started
  appointment.upcoming
  consent.granted
  consent.refused
  consent.withdrawn
  form.cancelled
  form.completed
  form.created
  form.reopened
  form.signed
  patient.booking_block_lifted
  patient.booking_blocked
  patient.onboarded
  patient.profile_completed
  patient_subscription.active
  patient_subscription.canceled
  patient_subscription.expired
  patient_subscription.past_due
  patient_subscription.tier_changed
  patient_subscription.trialing
  review.low_rating
  segment.entered
  segment.left
  session.aggregated
  treatment_plan.assigned
  treatment_plan.completed
  treatment_plan.expired
  treatment_plan.low_adherence
  treatment_plan.session_completed
');
-- end of source: reference/automation/automation_consumer.sql

-- source: reference/automation/automation_events.sql
-- What an automation can begin with: events about a patient. AUT-01.
-- undone_by is also what tg_events__cancel_automations listens to.

select app_private.own_rows('app_private.automation_events', rows => '
  event_name                          | label_ro                                       | label_en                                | has                   | undone_by
  ------------------------------------+------------------------------------------------+-----------------------------------------+-----------------------+----------------------------------------------------------------------
  appointment.booked                  | Programare făcută                              | Appointment booked                      | {patient,appointment} | {appointment.cancelled}
  appointment.cancelled               | Programare anulată                             | Appointment cancelled                   | {patient,appointment} | {appointment.reinstated}
  appointment.confirmed               | Programare confirmată de pacient               | Appointment confirmed by the patient    | {patient,appointment} | {appointment.cancelled}
  appointment.done                    | Programare încheiată                           | Appointment finished                    | {patient,appointment} | {}
  appointment.noshow                  | Pacientul nu s-a prezentat                     | The patient did not come                | {patient,appointment} | {}
  appointment.reinstated              | Anularea programării a fost retrasă            | Cancellation taken back                 | {patient,appointment} | {appointment.cancelled}
  appointment.rescheduled             | Programare mutată                              | Appointment moved                       | {patient,appointment} | {appointment.cancelled}
  appointment.reminder_due            | Se apropie programarea                         | A reminder is due                       | {patient,appointment} | {appointment.cancelled,appointment.rescheduled}
  appointment.started                 | Programare începută                            | Appointment started                     | {patient,appointment} | {}
  appointment.upcoming                | Programarea este aproape                       | Appointment is near                     | {patient,appointment} | {appointment.cancelled,appointment.rescheduled}
  consent.granted                     | Consimțământ acordat                           | Consent granted                         | {patient}             | {consent.withdrawn}
  consent.refused                     | Consimțământ refuzat                           | Consent refused                         | {patient}             | {}
  consent.withdrawn                   | Consimțământ retras                            | Consent withdrawn                       | {patient}             | {}
  form.cancelled                      | Formular anulat                                | Form cancelled                          | {patient}             | {}
  form.completed                      | Formular completat                             | Form completed                          | {patient}             | {form.cancelled,form.reopened}
  form.created                        | Formular trimis pacientului                    | Form asked of the patient               | {patient}             | {form.cancelled}
  form.reopened                       | Formular redeschis                             | Form reopened                           | {patient}             | {form.cancelled}
  form.signed                         | Formular semnat                                | Form signed                             | {patient}             | {}
  patient.booking_block_lifted        | Programarea online este din nou permisă        | Patient may book again                  | {patient}             | {}
  patient.booking_blocked             | Programarea online a fost blocată              | Patient kept from booking               | {patient}             | {patient.booking_block_lifted}
  patient.onboarded                   | Pacient nou                                    | New patient                             | {patient}             | {}
  patient.profile_completed           | Profil completat                               | Profile completed                       | {patient}             | {}
  patient_subscription.active         | Abonament activ                                | Subscription active                     | {patient}             | {patient_subscription.canceled,patient_subscription.expired}
  patient_subscription.canceled       | Abonament anulat                               | Subscription cancelled                  | {patient}             | {}
  patient_subscription.expired        | Abonament expirat                              | Subscription expired                    | {patient}             | {}
  patient_subscription.past_due       | Abonament cu plata întârziată                  | Subscription past due                   | {patient}             | {patient_subscription.active,patient_subscription.canceled}
  patient_subscription.tier_changed   | Abonament schimbat                             | Subscription changed                    | {patient}             | {patient_subscription.canceled}
  patient_subscription.trialing       | Perioadă de probă începută                     | Trial started                           | {patient}             | {patient_subscription.canceled,patient_subscription.expired}
  review.low_rating                   | Recenzie cu puține stele                       | Review with few stars                   | {patient,appointment} | {}
  segment.entered                     | Pacientul a intrat într-un segment             | Patient entered a segment               | {patient}             | {}
  segment.left                        | Pacientul a ieșit dintr-un segment             | Patient left a segment                  | {patient}             | {}
  session.aggregated                  | Ședință înregistrată, rezultate disponibile    | Session recorded, results are known     | {patient}             | {}
  treatment_plan.assigned             | Plan de tratament atribuit                     | Treatment plan assigned                 | {patient}             | {}
  treatment_plan.completed            | Plan de tratament încheiat                     | Treatment plan completed                | {patient}             | {}
  treatment_plan.expired              | Plan de tratament expirat                      | Treatment plan expired                  | {patient}             | {}
  treatment_plan.low_adherence        | Pacientul rămâne în urmă cu planul             | Patient falls behind with the plan      | {patient}             | {}
  treatment_plan.session_completed    | Ședință din plan efectuată                     | Session of the plan done                | {patient}             | {}
');
-- end of source: reference/automation/automation_events.sql

-- source: reference/events/event_consumers.sql
-- Who hears of events: each is a file of tasks/consumers. FND-14.
-- One that is on_demand hears only what a clinic is interested in (event_interests).

select app_private.own_rows('app_private.event_consumers', rows => '
  name             | on_demand | description
  -----------------+-----------+---------------------------------------------------------------------------------
  automations      | true      | Begins the automations that a clinic has for an event.
  notifications    | false     | Writes to guests, patients and the clinic about requests and appointments.
  predefined_forms | false     | Gives a new clinic the templates of forms and documents that the product brings.
  telemetry        | false     | Writes what recordings of sessions come to as metrics, and into the logs of the sessions.
  video            | false     | Makes rooms for video appointments, takes them away, ends recordings.
  webhooks         | true      | Has clinics'' own software told of events.
');
-- end of source: reference/events/event_consumers.sql

-- source: reference/exercises/exercise_events.sql
-- What is published about the library. A version is never changed: a new one is added. FND-14, EXL-03, EXL-06.

select app_private.own_rows('app_private.event_types', scope => '{"subject_type": "exercise"}', rows => '
name: exercise.archived
version: 1
description: An exercise is not offered any more. inActivePlans says how many plans went on with it.
payload_schema:
{"type": "object", "additionalProperties": false,
 "required": ["slug", "inActivePlans"],
 "properties": {
   "slug": {"type": "string"},
   "inActivePlans": {"type": "integer"}}}
==========
name: exercise.asset_changed
version: 1
description: The material of an exercise is new, and its catalog video is made again.
payload_schema:
{"type": "object", "additionalProperties": false,
 "required": ["slug", "assetVersion"],
 "properties": {
   "slug": {"type": "string"},
   "assetVersion": {"type": "integer"}}}
==========
name: exercise.published
version: 1
description: An exercise is in the library from now on.
payload_schema:
{"type": "object", "additionalProperties": false,
 "required": ["slug", "assetVersion"],
 "properties": {
   "slug": {"type": "string"},
   "assetVersion": {"type": "integer"}}}
==========
name: exercise.render_failed
version: 1
description: A video of an exercise could not be made.
payload_schema:
{"type": "object", "additionalProperties": false,
 "required": ["slug", "renderId", "language", "assetVersion"],
 "properties": {
   "slug": {"type": "string"},
   "renderId": {"type": "string", "format": "uuid"},
   "language": {"enum": ["ro", "en"], "type": "string"},
   "assetVersion": {"type": "integer"}}}
==========
name: exercise.rendered
version: 1
description: A video of an exercise can be played.
payload_schema:
{"type": "object", "additionalProperties": false,
 "required": ["slug", "renderId", "language", "assetVersion"],
 "properties": {
   "slug": {"type": "string"},
   "renderId": {"type": "string", "format": "uuid"},
   "language": {"enum": ["ro", "en"], "type": "string"},
   "assetVersion": {"type": "integer"}}}
');
-- end of source: reference/exercises/exercise_events.sql

-- source: reference/exercises/exercise_render_transitions.sql
-- From where to where a video of an exercise moves. Whoever asks for one that is there already queues nothing. EXL-03.
-- An empty from_state is creation. docs/state-machines/exercise_renders.md is drawn from these rows.

select app_private.own_rows('app_private.state_transitions', scope => '{"entity": "exercise_renders"}', rows => '
  from_state | to_state  | actor  | event                  | quiet_because
  -----------+-----------+--------+------------------------+-----------------------------------------------------
             | queued    | system |                        |
  queued     | rendering | system |                        |
  rendering  | ready     | system | exercise.rendered      | Whoever plays it finds it there.
  rendering  | failed    | system | exercise.render_failed | Superadmins see it at the exercise, and it is tried again.
  failed     | rendering | system |                        |
  failed     | queued    | system |                        |
  rendering  | queued    | system |                        |
  ready      | queued    | system |                        |
');
-- end of source: reference/exercises/exercise_render_transitions.sql

-- source: reference/exercises/exercise_terms.sql
-- The words that exercises are ordered by. EXL-02. The id of a row is the one that tg_fixed_id() makes of its kind and slug.

select app_private.own_rows('app_public.exercise_terms', rows => '
  id                                   | kind        | slug                | parent_id                            | place | names
  -------------------------------------+-------------+---------------------+--------------------------------------+-------+-------------------------------------------------------------------
  bec71507-bd57-87f8-8592-5388e247032f | category    | strength            |                                      | 1     | {"ro": "Forță", "en": "Strength"}
  754e31d5-56bb-8caf-8203-ad7b3a73689e | category    | lower-body-strength | bec71507-bd57-87f8-8592-5388e247032f | 1     | {"ro": "Forța membrelor inferioare", "en": "Strength of the legs"}
  289d0aa8-c4d4-8735-88f4-ae42f46bb09f | category    | upper-body-strength | bec71507-bd57-87f8-8592-5388e247032f | 2     | {"ro": "Forța membrelor superioare", "en": "Strength of the arms"}
  67ef479f-e937-8be8-8545-f8ed211c8e08 | category    | core-strength       | bec71507-bd57-87f8-8592-5388e247032f | 3     | {"ro": "Forța trunchiului", "en": "Strength of the trunk"}
  1a1d3d68-33ba-812a-880c-cb71d04a7a71 | category    | mobility            |                                      | 2     | {"ro": "Mobilitate", "en": "Mobility"}
  9e7ebea7-eebb-891d-8430-6124cbbc5cbf | category    | joint-mobility      | 1a1d3d68-33ba-812a-880c-cb71d04a7a71 | 1     | {"ro": "Mobilitatea articulațiilor", "en": "Mobility of joints"}
  efd4f985-d1f6-88ba-8fc3-6113a842249c | category    | stretching          | 1a1d3d68-33ba-812a-880c-cb71d04a7a71 | 2     | {"ro": "Întinderi", "en": "Stretching"}
  9af2c227-4c49-8e28-8fdb-6df95ec8bba7 | category    | balance             |                                      | 3     | {"ro": "Echilibru", "en": "Balance"}
  3f2d3577-e86d-86f6-8c29-e7a1dc60d398 | category    | static-balance      | 9af2c227-4c49-8e28-8fdb-6df95ec8bba7 | 1     | {"ro": "Echilibru static", "en": "Standing balance"}
  8fcfddfb-dfe8-8244-8dc5-2862b06d5e92 | category    | dynamic-balance     | 9af2c227-4c49-8e28-8fdb-6df95ec8bba7 | 2     | {"ro": "Echilibru în mișcare", "en": "Balance in motion"}
  af597de2-a98a-8df8-8d29-70f9295b7b21 | category    | endurance           |                                      | 4     | {"ro": "Rezistență", "en": "Endurance"}
  036fc872-1fb8-83d0-84a5-b3229519b306 | category    | breathing           |                                      | 5     | {"ro": "Respirație", "en": "Breathing"}
  bb5c4197-7718-85dc-8b64-ab26a886a938 | category    | relaxation          |                                      | 6     | {"ro": "Relaxare", "en": "Relaxation"}
  c4e2ec55-e7f6-8c1f-8c31-f29d2523f2ba | body_region | neck                |                                      | 1     | {"ro": "Gât", "en": "Neck"}
  58e18419-38d5-81bf-8da1-81c74d3da5e0 | body_region | shoulder            |                                      | 2     | {"ro": "Umăr", "en": "Shoulder"}
  2de9210a-1be8-810c-829f-0386db066a41 | body_region | elbow               |                                      | 3     | {"ro": "Cot", "en": "Elbow"}
  76e9892c-cb68-804b-86ae-829a14e43a90 | body_region | wrist-and-hand      |                                      | 4     | {"ro": "Încheietura mâinii și mâna", "en": "Wrist and hand"}
  e7dc17b2-15ff-8f73-8e42-62da1be2688a | body_region | upper-back          |                                      | 5     | {"ro": "Spate, partea de sus", "en": "Upper back"}
  f0fdc652-8cb4-83f8-8e71-cdc3a14e2470 | body_region | lower-back          |                                      | 6     | {"ro": "Spate, partea de jos", "en": "Lower back"}
  e2d30223-7597-8f34-8455-f2689284cbd0 | body_region | trunk               |                                      | 7     | {"ro": "Trunchi", "en": "Trunk"}
  929d53f8-a385-8ca7-8968-13bbf0fd434f | body_region | hip                 |                                      | 8     | {"ro": "Șold", "en": "Hip"}
  89e8a828-a1eb-80f8-8412-643c66014e5f | body_region | knee                |                                      | 9     | {"ro": "Genunchi", "en": "Knee"}
  cbc1158e-9347-8ba7-8faa-5cb219abcb50 | body_region | ankle-and-foot      |                                      | 10    | {"ro": "Gleznă și laba piciorului", "en": "Ankle and foot"}
  8dab9569-4e68-829e-8202-39f2e290a654 | equipment   | mat                 |                                      | 1     | {"ro": "Saltea", "en": "Mat"}
  6d50c4db-140d-8f32-8ae7-0c90cfdfff70 | equipment   | chair               |                                      | 2     | {"ro": "Scaun", "en": "Chair"}
  1eec2dc6-3201-812b-8d84-7171c5996b39 | equipment   | wall                |                                      | 3     | {"ro": "Perete", "en": "Wall"}
  7059c577-dbfe-8ca2-833d-0be56bb23243 | equipment   | resistance-band     |                                      | 4     | {"ro": "Bandă elastică", "en": "Resistance band"}
  cb629665-82a0-8562-8713-b8074ad6d61c | equipment   | dumbbells           |                                      | 5     | {"ro": "Gantere", "en": "Dumbbells"}
  683fa9e9-e232-8c28-8d9d-ebe5d655e75c | equipment   | step                |                                      | 6     | {"ro": "Treaptă", "en": "Step"}
  cc4602f9-0a53-8160-8027-43da3c5f7c4d | equipment   | ball                |                                      | 7     | {"ro": "Minge", "en": "Ball"}
  16f5e8b5-b67a-87f8-8232-78d7ec6d3452 | equipment   | towel               |                                      | 8     | {"ro": "Prosop", "en": "Towel"}
  e171c313-fea9-8259-8c38-ff3861f426db | equipment   | stick               |                                      | 9     | {"ro": "Baston", "en": "Stick"}
  64d18f1c-64d6-81e6-8c3e-a655d495f7c7 | tag         | standing            |                                      | 1     | {"ro": "În picioare", "en": "Standing"}
  9b553b52-6a33-8102-850b-3e4d7326f532 | tag         | sitting             |                                      | 2     | {"ro": "Așezat", "en": "Sitting"}
  39bed05a-111d-80e7-8a30-251ac3c13136 | tag         | lying               |                                      | 3     | {"ro": "Culcat", "en": "Lying"}
  d5f5241f-79ea-8ac8-812f-0d623b89ea0c | tag         | one-sided           |                                      | 4     | {"ro": "Pe o parte", "en": "One-sided"}
  c4dca3b7-cf3a-8de7-8df6-0ccddb90b459 | tag         | older-people        |                                      | 5     | {"ro": "Pentru vârstnici", "en": "For older people"}
  ad7ece9e-d6e2-8dc4-820a-136c62eeb744 | tag         | after-surgery       |                                      | 6     | {"ro": "După operație", "en": "After surgery"}
  469a5354-40ad-8a51-82b2-5478e1d29ccc | tag         | at-the-desk         |                                      | 7     | {"ro": "La birou", "en": "At the desk"}
');
-- end of source: reference/exercises/exercise_terms.sql

-- source: reference/exercises/exercise_transitions.sql
-- From where to where an exercise of the platform's library moves. What it needs to be published, and what speaks against
-- archiving it, the verbs ask. EXL-06.
-- An empty from_state is creation. docs/state-machines/exercises.md is drawn from these rows.

select app_private.own_rows('app_private.state_transitions', scope => '{"entity": "exercises"}', rows => '
  from_state | to_state  | actor      | event              | quiet_because
  -----------+-----------+------------+--------------------+---------------------------------------------------------
             | draft     | superadmin |                    |
  draft      | published | superadmin | exercise.published | Clinics find it in the library when they look for it.
  published  | draft     | superadmin |                    |
  draft      | archived  | superadmin | exercise.archived  | Plans that have it keep it, and no new one takes it.
  published  | archived  | superadmin | exercise.archived  | Plans that have it keep it, and no new one takes it.
  archived   | draft     | superadmin |                    |
');
-- end of source: reference/exercises/exercise_transitions.sql

-- source: reference/files/object_surfaces.sql
-- What processes keep in the object store, besides people's files. FND-12.

select app_private.own_rows('app_private.object_surfaces', rows => '
  key              | prefix            | class       | retention      | description
  -----------------+-------------------+-------------+----------------+--------------------------------------------------------------
  audit_anchors    | audit/anchors/    | operational | ledger         | Heads of the audit''s chains: numbers and hashes, nothing of anybody.
  exercise_renders | exercise-renders/ | public      | reference      | Videos of exercises, where the deployment plays them itself.
  exercise_sources | exercises/        | public      | reference      | What videos of exercises are made of: a folder for each exercise.
  session_replays  | telemetry/        | phi         | medical_record | Movement of sessions at home, in the folder of each clinic, to be played again.
');
-- end of source: reference/files/object_surfaces.sql

-- source: reference/identity/permissions.sql
-- Everything that can be allowed. FND-04. What the system roles have of it stands in system_roles.sql.

select app_private.own_rows('app_public.permissions', rows => '
  name                      | description                                                                    | description_ro
  --------------------------+--------------------------------------------------------------------------------+---------------------------------------------------------------------------------------
  appointments.conduct      | Start and finish appointments, record no-shows                                 | Începe și încheie programări, consemnează neprezentări
  appointments.manage       | Book, confirm, cancel; answer booking requests                                 | Programează, confirmă, anulează; răspunde la cererile de programare
  appointments.view         | See the clinic''s appointments and booking requests                            | Vede programările clinicii și cererile de programare
  audit.view                | Read the clinic''s audit log                                                   | Citește jurnalul de audit al clinicii
  automations.manage        | Edit the clinic''s automations, switch them on and off                         | Editează automatizările clinicii, le pornește și le oprește
  automations.view          | See the clinic''s automations and what they did                                | Vede automatizările clinicii și ce au făcut
  calendars.manage          | Edit bookable calendars                                                        | Editează calendarele în care se fac programări
  consent_texts.manage      | Publish the clinic''s consent texts and privacy notices                        | Publică textele de consimțământ și informările de confidențialitate ale clinicii
  consents.override         | Go on without a consent in an emergency, with a reason                         | Continuă fără consimțământ într-o urgență, cu un motiv
  consents.record           | Record what patients accept, refuse and withdraw, on evidence                  | Consemnează ce acceptă, refuză și retrag pacienții, pe baza unei dovezi
  document_templates.manage | Edit and publish templates of documents, letterheads and footers               | Editează și publică șabloane de documente, anteturi și subsoluri
  documents.manage          | Write and issue the documents of every specialist                              | Scrie și emite documentele oricărui specialist
  documents.view            | See documents of appointments                                                  | Vede documentele programărilor
  exercise_sessions.view    | See what was recorded of patients'' sessions at home, and play it again        | Vede ce s-a înregistrat din ședințele de acasă ale pacienților și le redă
  form_templates.manage     | Edit and publish templates of forms and the clinic''s own fields               | Editează și publică șabloane de formulare și câmpurile clinicii
  forms.fill                | Make forms for patients, fill them in, complete and reopen them                | Face formulare pentru pacienți, le completează, le încheie și le redeschide
  forms.view                | See the patients'' forms and what was answered                                 | Vede formularele pacienților și ce s-a răspuns
  integrations.manage       | Choose vendors and enter the keys of the clinic''s own accounts                | Alege furnizorii și introduce cheile conturilor clinicii
  members.manage            | Add and remove members, give and take roles                                    | Adaugă și scoate membri, dă și ia roluri
  message_templates.manage  | Edit the words of the clinic''s messages                                       | Editează textele mesajelor clinicii
  messages.view             | See which messages the clinic''s patients were sent                            | Vede ce mesaje au primit pacienții clinicii
  organization.manage       | Change the clinic''s details and booking settings                              | Schimbă datele clinicii și setările de programare
  owners.manage             | Name and remove owners of the clinic                                           | Numește și scoate proprietari ai clinicii
  patient_plans.manage      | Sell plans to patients, open access, change subscriptions, adjust what is left | Vinde planuri pacienților, deschide accesul, schimbă abonamente, corectează ce a rămas
  patient_plans.view        | See the plans and subscriptions of the clinic''s patients                      | Vede planurile și abonamentele pacienților clinicii
  patient_tiers.manage      | Edit tiers and what they include                                               | Editează nivelurile de abonament și ce includ
  patients.block            | Keep patients from booking by themselves, and decide about it                  | Oprește pacienți de la a se programa singuri și hotărăște despre aceasta
  patients.manage           | Add and edit patients and their caregivers                                     | Adaugă și editează pacienți și aparținătorii lor
  patients.merge            | Merge two patients who are one person, and undo it                             | Unește doi pacienți care sunt aceeași persoană și desface unirea
  patients.view             | See the clinic''s patients                                                     | Vede pacienții clinicii
  reviews.alerted           | Be told at once of reviews with few stars                                      | Află imediat de recenziile cu puține stele
  reviews.view              | Read patients'' reviews and the specialists'' ratings                          | Citește recenziile pacienților și notele specialiștilor
  roles.manage              | Define the clinic''s own roles                                                 | Definește rolurile clinicii
  schedules.manage          | Edit every specialist''s hours                                                 | Editează programul oricărui specialist
  schedules.manage_own      | Edit one''s own hours as a specialist                                          | Își editează propriul program de specialist
  segments.manage           | Make segments of patients, edit and remove them                                | Face segmente de pacienți, le editează și le elimină
  segments.view             | See segments, and who is in them                                               | Vede segmentele și cine este în ele
  service_plans.manage      | Edit service plans and products                                                | Editează planurile de servicii și produsele
  services.manage           | Edit services and who provides them                                            | Editează serviciile și cine le oferă
  specialists.manage        | Add, edit and remove specialists                                               | Adaugă, editează și scoate specialiști
  specialists.view_org      | See specialists'' accounts and contacts                                        | Vede conturile și datele de contact ale specialiștilor
  specialties.manage        | Edit the clinic''s own specialties                                             | Editează specialitățile clinicii
  suppressions.lift         | Let the clinic write again to an address that was reported as dead             | Lasă clinica să scrie din nou la o adresă raportată ca nefuncțională
  treatment_plans.approve   | Approve treatment plans that others wrote                                      | Aprobă planuri de tratament scrise de alții
  treatment_plans.assign    | Assign treatment plans to patients, and look after them                        | Atribuie pacienților planuri de tratament și are grijă de ele
  treatment_plans.manage    | Write treatment plans and submit them                                          | Scrie planuri de tratament și le trimite spre aprobare
  treatment_plans.view      | See treatment plans, and how patients get on with them                         | Vede planurile de tratament și cum le urmează pacienții
  webhooks.manage           | Have the clinic''s own software told of events, and replay them                | Anunță programele clinicii despre evenimente și le trimite din nou
  webhooks.view             | See what the clinic''s own software was told                                   | Vede ce au fost anunțate programele clinicii
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
  -------------------------
  appointments.conduct
  appointments.manage
  appointments.view
  audit.view
  automations.manage
  automations.view
  calendars.manage
  consent_texts.manage
  consents.override
  consents.record
  document_templates.manage
  documents.manage
  documents.view
  exercise_sessions.view
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
  patients.block
  patients.manage
  patients.merge
  patients.view
  reviews.alerted
  reviews.view
  roles.manage
  schedules.manage
  schedules.manage_own
  segments.manage
  segments.view
  service_plans.manage
  services.manage
  specialists.manage
  specialists.view_org
  specialties.manage
  suppressions.lift
  treatment_plans.approve
  treatment_plans.assign
  treatment_plans.manage
  treatment_plans.view
  webhooks.manage
  webhooks.view
');

select app_private.own_rows('app_public.system_role_permissions', scope => '{"role_key": "admin"}', rows => '
  permission
  -------------------------
  appointments.conduct
  appointments.manage
  appointments.view
  audit.view
  automations.manage
  automations.view
  calendars.manage
  consent_texts.manage
  consents.override
  consents.record
  document_templates.manage
  documents.manage
  documents.view
  exercise_sessions.view
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
  patients.block
  patients.manage
  patients.merge
  patients.view
  reviews.alerted
  reviews.view
  roles.manage
  schedules.manage
  schedules.manage_own
  segments.manage
  segments.view
  service_plans.manage
  services.manage
  specialists.manage
  specialists.view_org
  specialties.manage
  suppressions.lift
  treatment_plans.approve
  treatment_plans.assign
  treatment_plans.manage
  treatment_plans.view
  webhooks.manage
  webhooks.view
');

select app_private.own_rows('app_public.system_role_permissions', scope => '{"role_key": "specialist"}', rows => '
  permission
  --------------------
  appointments.conduct
  appointments.view
  consents.override
  consents.record
  documents.view
  exercise_sessions.view
  forms.fill
  forms.view
  patient_plans.view
  patients.view
  schedules.manage_own
  segments.view
  specialists.view_org
  treatment_plans.assign
  treatment_plans.manage
  treatment_plans.view
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
  patients.block
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

-- source: reference/notify/message_patient_asked.sql
-- The message patient_asked: what it needs, by which ways it goes, and its words on each. FND-15, AUT-02.
-- Where nothing is linked to, such as a child's form, it is filled in at the clinic, by its staff or on a kiosk.
-- Sent messages point at the words they were written with, so a text is changed by a record of the next version.

select app_private.own_rows('app_private.message_types', scope => '{"key": "patient_asked"}', rows => '
topic: forms
lasts: 14 days
variables: {what,asked}
sample: {"what": "Chestionar despre durere", "asked": "form:0195f3c0-0000-7000-8000-000000000000"}
');

select app_private.own_rows('app_private.message_channels', scope => '{"template_key": "patient_asked"}', rows => '
  channel | route  | rank | is_default
  --------+--------+------+-----------
  email   | letter | 1    | true
  in_app  | inbox  | 1    | true
  push    | alert  | 1    | true
');

select app_private.own_rows('app_private.message_templates', scope => '{"template_key": "patient_asked"}', rows => '
channel: email
locale: ro
version: 1
title: {{clinicName}} vă roagă să completați ceva
body:
Bună ziua, {{recipientName}},

{{clinicName}} vă roagă să completați înainte de următoarea vizită:

{{what}}

{{#askedUrl}}
Îl găsiți aici: {{askedUrl}}
{{/askedUrl}}
{{^askedUrl}}
Îl găsiți în contul dumneavoastră.
{{/askedUrl}}
{{#clinicPhone}}

Aveți o întrebare? Sunați la {{clinicPhone}}.
{{/clinicPhone}}

{{clinicName}}

==========
channel: email
locale: ro
version: 2
title: {{clinicName}} vă roagă să completați ceva
body:
Bună ziua, {{recipientName}},

{{clinicName}} vă roagă să completați înainte de următoarea vizită:

{{what}}

{{#askedUrl}}
Îl găsiți aici: {{askedUrl}}
{{/askedUrl}}
{{^askedUrl}}
Îl completați la clinică: spuneți la recepție când veniți.
{{/askedUrl}}
{{#clinicPhone}}

Aveți o întrebare? Sunați la {{clinicPhone}}.
{{/clinicPhone}}

{{clinicName}}

==========
channel: email
locale: en
version: 1
title: {{clinicName}} asks you to fill something in
body:
Hello {{recipientName}},

{{clinicName}} asks you to fill this in before your next visit:

{{what}}

{{#askedUrl}}
You find it here: {{askedUrl}}
{{/askedUrl}}
{{^askedUrl}}
You find it in your account.
{{/askedUrl}}
{{#clinicPhone}}

Questions? Call {{clinicPhone}}.
{{/clinicPhone}}

{{clinicName}}

==========
channel: email
locale: en
version: 2
title: {{clinicName}} asks you to fill something in
body:
Hello {{recipientName}},

{{clinicName}} asks you to fill this in before your next visit:

{{what}}

{{#askedUrl}}
You find it here: {{askedUrl}}
{{/askedUrl}}
{{^askedUrl}}
You fill it in at the clinic: tell the reception when you come.
{{/askedUrl}}
{{#clinicPhone}}

Questions? Call {{clinicPhone}}.
{{/clinicPhone}}

{{clinicName}}

==========
channel: in_app
locale: ro
version: 1
title: De completat: {{what}}
body: {{clinicName}} vă roagă să completați: {{what}}
==========
channel: in_app
locale: en
version: 1
title: To fill in: {{what}}
body: {{clinicName}} asks you to fill in: {{what}}
==========
channel: push
locale: ro
version: 1
title: {{clinicName}}
body: Aveți ceva de completat.
==========
channel: push
locale: en
version: 1
title: {{clinicName}}
body: You have something to fill in.
');
-- end of source: reference/notify/message_patient_asked.sql

-- source: reference/rules/rule_fields_of_patients.sql
-- The fields of a patient that every clinic has. SEG-02, SEG-05. p is the patient with the person, $1 the clinic; {today} and
-- {zone} are the clinic's, {now} the present. A new source, such as adherence, is a record here and its row in rule_sources:
-- the compiler needs no change. The subscription is the one that is live.

select app_private.own_rows('app_private.rule_fields', scope => '{"collection": null}', rows => '
code: profile.age
position: 1
type: number
label_en: Age
label_ro: Vârsta
source: profile
permission: patients.view
cost: 0
value_sql: case when p.birth_date <= {today} then extract(year from age({today}::timestamp, p.birth_date::timestamp)) end
turns_sql: case when p.birth_date > {today} then p.birth_date else greatest((p.birth_date + make_interval(years => extract(year from age({today}::timestamp, p.birth_date::timestamp))::int + 1))::date, {today} + 1) end::timestamp at time zone {zone}
==========
code: profile.birth_date
position: 2
type: date
label_en: Date of birth
label_ro: Data nașterii
source: profile
permission: patients.view
cost: 0
value_sql: p.birth_date
==========
code: profile.days_to_birthday
position: 3
type: number
label_en: Days until the birthday
label_ro: Zile până la ziua de naștere
source: profile
permission: patients.view
cost: 0
value_sql: case when p.birth_date <= {today} then (p.birth_date + make_interval(years => extract(year from {today})::int - extract(year from p.birth_date)::int + case when (p.birth_date + make_interval(years => extract(year from {today})::int - extract(year from p.birth_date)::int))::date < {today} then 1 else 0 end))::date - {today} end
turns_sql: case when p.birth_date is not null then ({today} + 1)::timestamp at time zone {zone} end
==========
code: profile.given_name
position: 4
type: text
label_en: Given name
label_ro: Prenume
source: profile
permission: patients.view
cost: 0
value_sql: p.given_name
==========
code: profile.family_name
position: 5
type: text
label_en: Family name
label_ro: Nume de familie
source: profile
permission: patients.view
cost: 0
value_sql: p.family_name
==========
code: profile.email
position: 6
type: text
label_en: E-mail address
label_ro: Adresă de e-mail
source: profile
permission: patients.view
cost: 0
value_sql: p.email
==========
code: profile.has_phone
position: 7
type: boolean
label_en: Has a phone number
label_ro: Are număr de telefon
source: profile
permission: patients.view
cost: 0
value_sql: p.phone is not null
==========
code: profile.locale
position: 8
type: choice
label_en: Language
label_ro: Limba
source: profile
permission: patients.view
cost: 0
value_sql: p.locale
choices: [{"value": "ro", "ro": "română", "en": "Romanian"}, {"value": "en", "ro": "engleză", "en": "English"}]
==========
code: patient.created_at
position: 9
type: instant
label_en: Patient since
label_ro: Pacient din
source: patient
permission: patients.view
cost: 0
value_sql: p.created_at
==========
code: patient.profile_completed_at
position: 10
type: instant
label_en: Profile complete since
label_ro: Profil complet din
source: patient
permission: patients.view
cost: 0
value_sql: p.profile_completed_at
==========
code: patient.has_account
position: 11
type: boolean
label_en: Has an account
label_ro: Are cont
source: profile
permission: patients.view
cost: 0
value_sql: p.human_id is not null
==========
code: patient.has_open_plan
position: 12
type: boolean
label_en: Has an open plan
label_ro: Are un plan deschis
source: plans
permission: patient_plans.view
cost: 1
value_sql: exists (select from app_public.patient_service_plans as s where s.organization_id = $1 and s.patient_profile_id = p.patient_profile_id and app_public.patient_service_plans_is_open(s))
turns_sql: (select min(least(case when v.starts_at > {now} then v.starts_at end, case when v.valid_until > {now} then v.valid_until end, (select min(turn.at) from app_public.patient_subscriptions as s cross join lateral (values (s.ends_at), (s.trial_ends_at)) as turn (at) where s.organization_id = $1 and s.id = v.source_tier_subscription_id and turn.at > {now}))) from app_public.patient_service_plans as v where v.organization_id = $1 and v.patient_profile_id = p.patient_profile_id and v.ended_at is null)
==========
code: subscription.tier
position: 13
type: choice
label_en: Subscription
label_ro: Abonament
source: subscription
permission: patient_plans.view
cost: 1
value_sql: (select s.tier_id::text from app_public.patient_subscriptions as s where s.organization_id = $1 and s.patient_profile_id = p.patient_profile_id and s.status in (''pending'', ''trialing'', ''active'', ''past_due''))
choices_of: patient_tiers
==========
code: subscription.status
position: 14
type: choice
label_en: State of the subscription
label_ro: Starea abonamentului
source: subscription
permission: patient_plans.view
cost: 1
value_sql: (select s.status from app_public.patient_subscriptions as s where s.organization_id = $1 and s.patient_profile_id = p.patient_profile_id and s.status in (''pending'', ''trialing'', ''active'', ''past_due''))
choices: [{"value": "pending", "ro": "în așteptare", "en": "pending"}, {"value": "trialing", "ro": "de probă", "en": "on trial"}, {"value": "active", "ro": "activ", "en": "active"}, {"value": "past_due", "ro": "plată restantă", "en": "payment awaited"}]
==========
code: subscription.billing_period
position: 15
type: choice
label_en: Billing period of the subscription
label_ro: Perioada de facturare a abonamentului
source: subscription
permission: patient_plans.view
cost: 1
value_sql: (select s.billing_period from app_public.patient_subscriptions as s where s.organization_id = $1 and s.patient_profile_id = p.patient_profile_id and s.status in (''pending'', ''trialing'', ''active'', ''past_due''))
choices: [{"value": "month", "ro": "lunar", "en": "monthly"}, {"value": "quarter", "ro": "trimestrial", "en": "quarterly"}, {"value": "year", "ro": "anual", "en": "yearly"}]
==========
code: subscription.since
position: 16
type: date
label_en: Subscribed since
label_ro: Abonat din
source: subscription
permission: patient_plans.view
cost: 1
value_sql: (select s.anchor_on from app_public.patient_subscriptions as s where s.organization_id = $1 and s.patient_profile_id = p.patient_profile_id and s.status in (''pending'', ''trialing'', ''active'', ''past_due''))
==========
code: subscription.ends_at
position: 17
type: instant
label_en: Subscription ends on
label_ro: Abonamentul se încheie în
source: subscription
permission: patient_plans.view
cost: 1
value_sql: (select s.ends_at from app_public.patient_subscriptions as s where s.organization_id = $1 and s.patient_profile_id = p.patient_profile_id and s.status in (''pending'', ''trialing'', ''active'', ''past_due''))
==========
code: treatment.adherence
position: 38
type: number
label_en: Adherence to treatment plans, in percent
label_ro: Aderența la planurile de tratament, în procente
source: treatment
permission: treatment_plans.view
cost: 1
value_sql: (select round(100.0 * count(*) filter (where s.status = ''completed'') / nullif(count(*), 0)) from app_public.patient_treatment_plans as t join app_public.patient_sessions as s on s.organization_id = t.organization_id and s.patient_treatment_plan_id = t.id where t.organization_id = $1 and t.patient_profile_id = p.patient_profile_id and t.status in (''active'', ''paused'') and not s.is_extra and (s.status in (''completed'', ''missed'') or s.status <> ''cancelled'' and s.due_on < least({today}, t.paused_on)))
turns_sql: (select (min(greatest(s.due_on, {today})) + 1)::timestamp at time zone {zone} from app_public.patient_treatment_plans as t join app_public.patient_sessions as s on s.organization_id = t.organization_id and s.patient_treatment_plan_id = t.id where t.organization_id = $1 and t.patient_profile_id = p.patient_profile_id and t.status = ''active'' and not s.is_extra and s.status in (''due'', ''started'') and s.due_on >= {today})
');
-- end of source: reference/rules/rule_fields_of_patients.sql

-- source: reference/rules/rule_sources.sql
-- Which rows a rule reads, and whom a changed row is about: what marks patients to be looked at again stands on these. SEG-03.
-- A score of a form is written with its completion, so form stands for both.

select app_private.own_rows('app_private.rule_sources', rows => '
  code         | table_name                           | found_by           | detail_column
  -------------+--------------------------------------+--------------------+----------------
  profile      | app_public.patient_profiles          | profile            |
  patient      | app_public.patients                  | patient            |
  clinic       | app_public.organizations             | clinic             |
  custom       | app_public.custom_field_values       | patient_profile_id | custom_field_id
  form         | app_public.forms                     | patient_id         | template_id
  forms        | app_public.forms                     | patient_id         |
  appointments | app_public.appointments              | patient_profile_id |
  consents     | app_public.consents                  | patient_profile_id | purpose_code
  consents     | app_public.consent_purpose_versions  | everyone           | purpose_code
  plans        | app_public.patient_service_plans     | patient_profile_id |
  plans        | app_public.patient_subscriptions     | patient_profile_id |
  subscription | app_public.patient_subscriptions     | patient_profile_id |
  segment      | app_public.segment_members           | patient_id         | segment_id
  treatment    | app_public.patient_treatment_plans   | patient_profile_id |
  treatment    | app_public.patient_sessions          | patient_profile_id |
');
-- end of source: reference/rules/rule_sources.sql

-- source: reference/telemetry/exercise_session_events.sql
-- What is published about recordings of sessions. A version is never changed: a new one is added. FND-14, TEL-05.

select app_private.own_rows('app_private.event_types', scope => '{"subject_type": "exercise_session"}', rows => '
name: session.aggregated
version: 1
description: What a recording of a session at home comes to is known, by one version of the algorithm.
payload_schema:
{"type": "object", "additionalProperties": false,
 "required": ["exerciseSessionId", "patientSessionId", "patientProfileId", "algorithmVersion"],
 "properties": {
   "algorithmVersion": {"type": "integer"},
   "patientSessionId": {"type": "string", "format": "uuid"},
   "patientProfileId": {"type": "string", "format": "uuid"},
   "exerciseSessionId": {"type": "string", "format": "uuid"}}}
');
-- end of source: reference/telemetry/exercise_session_events.sql

-- source: reference/telemetry/telemetry_consumer.sql
-- What the consumer "telemetry" hears of: recordings that come to something. TEL-05, FND-14.

select app_private.own_rows('app_private.event_subscriptions', scope => '{"consumer": "telemetry"}', rows => '
  event_name         | messages_function
  -------------------+------------------
  session.aggregated |
');
-- end of source: reference/telemetry/telemetry_consumer.sql

-- source: reference/treatment/patient_session_transitions.sql
-- From where to where a session of a patient moves. At home the patient starts and completes it; in the clinic its appointment does, or
-- staff with a reason. What is missed was begun and sent late, or its appointment was reinstated, where it goes on. What an appointment settled is
-- open again where that turns out to be another patient's. EXE-02, EXE-04.
-- An empty from_state is creation. docs/state-machines/patient_sessions.md is drawn from these rows.

select app_private.own_rows('app_private.state_transitions', scope => '{"entity": "patient_sessions"}', rows => '
  from_state | to_state  | actor   | permission             | event                            | quiet_because
  -----------+-----------+---------+------------------------+----------------------------------+-----------------------------------------------------
             | due       | staff   | treatment_plans.assign |                                  |
             | due       | patient |                        |                                  |
  due        | started   | patient |                        |                                  |
  due        | completed | staff   | treatment_plans.assign | treatment_plan.session_completed | Patient and specialist were together.
  due        | completed | system  |                        | treatment_plan.session_completed | Patient and specialist were together.
  due        | missed    | system  |                        |                                  |
  due        | cancelled | staff   | treatment_plans.assign |                                  |
  started    | completed | patient |                        | treatment_plan.session_completed | The patient has just done it.
  started    | missed    | system  |                        |                                  |
  started    | cancelled | staff   | treatment_plans.assign |                                  |
  missed     | completed | patient |                        | treatment_plan.session_completed | The patient did it, and the device sent it late.
  missed     | completed | staff   | treatment_plans.assign | treatment_plan.session_completed | Patient and specialist were together.
  missed     | due       | system  |                        |                                  |
  completed  | due       | system  |                        |                                  |
');
-- end of source: reference/treatment/patient_session_transitions.sql

-- source: reference/treatment/patient_treatment_plan_transitions.sql
-- From where to where a patient's treatment plan moves: by staff, by the last session that is done, and by time. EXE-01, EXE-03.
-- An empty from_state is creation. docs/state-machines/patient_treatment_plans.md is drawn from these rows.

select app_private.own_rows('app_private.state_transitions', scope => '{"entity": "patient_treatment_plans"}', rows => '
  from_state | to_state  | actor   | permission             | event                    | quiet_because
  -----------+-----------+---------+------------------------+--------------------------+---------------------------------------------------------------------------
             | active    | staff   | treatment_plans.assign | treatment_plan.assigned  | The specialist tells the patient; a clinic writes by an automation of its own.
  active     | paused    | staff   | treatment_plans.assign |                          |
  paused     | active    | staff   | treatment_plans.assign |                          |
  active     | cancelled | staff   | treatment_plans.assign |                          |
  paused     | cancelled | staff   | treatment_plans.assign |                          |
  active     | completed | patient |                        | treatment_plan.completed | Who did the last session knows; a clinic writes by an automation of its own.
  active     | completed | staff   | treatment_plans.assign | treatment_plan.completed | Who did the last session knows; a clinic writes by an automation of its own.
  active     | completed | system  |                        | treatment_plan.completed | Who did the last session knows; a clinic writes by an automation of its own.
  active     | expired   | system  |                        | treatment_plan.expired   | What to say to somebody who did not go on is for the clinic to decide.
');
-- end of source: reference/treatment/patient_treatment_plan_transitions.sql

-- source: reference/treatment/treatment_plan_events.sql
-- What is published about treatment plans of patients. A version is never changed: a new one is added. FND-14, EXE-03.

select app_private.own_rows('app_private.event_types', scope => '{"subject_type": "patient_treatment_plan"}', rows => '
name: treatment_plan.assigned
version: 1
description: A patient was assigned a treatment plan.
payload_schema:
{"type": "object", "additionalProperties": false,
 "required": ["patientTreatmentPlanId", "treatmentPlanId", "versionId", "patientProfileId"],
 "properties": {
   "versionId": {"type": "string", "format": "uuid"},
   "treatmentPlanId": {"type": "string", "format": "uuid"},
   "patientProfileId": {"type": "string", "format": "uuid"},
   "patientTreatmentPlanId": {"type": "string", "format": "uuid"}}}
==========
name: treatment_plan.completed
version: 1
description: No session of a patient''s treatment plan is left to do.
payload_schema:
{"type": "object", "additionalProperties": false,
 "required": ["patientTreatmentPlanId", "treatmentPlanId", "versionId", "patientProfileId"],
 "properties": {
   "versionId": {"type": "string", "format": "uuid"},
   "treatmentPlanId": {"type": "string", "format": "uuid"},
   "patientProfileId": {"type": "string", "format": "uuid"},
   "patientTreatmentPlanId": {"type": "string", "format": "uuid"}}}
==========
name: treatment_plan.expired
version: 1
description: The last day of a patient''s treatment plan has passed with sessions left.
payload_schema:
{"type": "object", "additionalProperties": false,
 "required": ["patientTreatmentPlanId", "treatmentPlanId", "versionId", "patientProfileId"],
 "properties": {
   "versionId": {"type": "string", "format": "uuid"},
   "treatmentPlanId": {"type": "string", "format": "uuid"},
   "patientProfileId": {"type": "string", "format": "uuid"},
   "patientTreatmentPlanId": {"type": "string", "format": "uuid"}}}
==========
name: treatment_plan.low_adherence
version: 1
description: A patient has done fewer of the sessions that were due than the clinic asks for.
payload_schema:
{"type": "object", "additionalProperties": false,
 "required": ["patientTreatmentPlanId", "treatmentPlanId", "versionId", "patientProfileId"],
 "properties": {
   "versionId": {"type": "string", "format": "uuid"},
   "treatmentPlanId": {"type": "string", "format": "uuid"},
   "patientProfileId": {"type": "string", "format": "uuid"},
   "patientTreatmentPlanId": {"type": "string", "format": "uuid"}}}
==========
name: treatment_plan.session_completed
version: 1
description: A session of a patient''s treatment plan was done.
payload_schema:
{"type": "object", "additionalProperties": false,
 "required": ["patientTreatmentPlanId", "treatmentPlanId", "versionId", "patientProfileId", "sessionId"],
 "properties": {
   "versionId": {"type": "string", "format": "uuid"},
   "sessionId": {"type": "string", "format": "uuid"},
   "treatmentPlanId": {"type": "string", "format": "uuid"},
   "patientProfileId": {"type": "string", "format": "uuid"},
   "patientTreatmentPlanId": {"type": "string", "format": "uuid"}}}
');
-- end of source: reference/treatment/treatment_plan_events.sql

-- source: reference/treatment/treatment_plan_version_transitions.sql
-- From where to where a version of a treatment plan moves. Staff write and approve a clinic's, superadmins the platform's; without
-- approval a draft is approved as it is submitted. Nothing follows retired. TPL-02.
-- An empty from_state is creation. docs/state-machines/treatment_plan_versions.md is drawn from these rows.

select app_private.own_rows('app_private.state_transitions', scope => '{"entity": "treatment_plan_versions"}', rows => '
  from_state | to_state  | actor      | permission
  -----------+-----------+------------+------------------------
             | draft     | staff      | treatment_plans.manage
             | draft     | superadmin |
  draft      | submitted | staff      | treatment_plans.manage
  draft      | submitted | superadmin |
  draft      | approved  | staff      | treatment_plans.manage
  submitted  | approved  | staff      | treatment_plans.approve
  submitted  | approved  | superadmin |
  submitted  | retired   | staff      | treatment_plans.approve
  submitted  | retired   | superadmin |
  approved   | retired   | staff      | treatment_plans.approve
  approved   | retired   | superadmin |
');
-- end of source: reference/treatment/treatment_plan_version_transitions.sql

-- source: reference/webhooks/webhook_events_catalog.sql
-- Which events may leave, to software of the clinic: of what is about patients, ids and times. WHK-01, FND-14.

select app_private.own_rows('app_private.event_subscriptions', scope => '{"consumer": "webhooks"}', rows => '
  event_name                       | messages_function
  ---------------------------------+------------------
  appointment.booked               |
  appointment.cancelled            |
  appointment.changed              |
  appointment.confirmed            |
  appointment.done                 |
  appointment.noshow               |
  appointment.patient_changed      |
  appointment.reinstated           |
  appointment.rescheduled          |
  appointment.started              |
  booking_request.changed          |
  booking_request.confirmed        |
  booking_request.expired          |
  booking_request.moved            |
  booking_request.received         |
  booking_request.rejected         |
  booking_request.withdrawn        |
  consent.granted                  |
  consent.refused                  |
  consent.withdrawn                |
  form.cancelled                   |
  form.completed                   |
  form.created                     |
  form.reopened                    |
  form.signed                      |
  patient.booking_blocked          |
  patient.booking_block_lifted     |
  patient.merge_undone             |
  patient.merged                   |
  patient.onboarded                |
  patient.profile_completed        |
  patient_subscription.active      |
  patient_subscription.canceled    |
  patient_subscription.expired     |
  patient_subscription.past_due    |
  patient_subscription.tier_changed |
  privacy_notice.published         |
  segment.entered                  |
  segment.left                     |
  session.aggregated               |
  treatment_plan.assigned          |
  treatment_plan.completed         |
  treatment_plan.expired           |
  treatment_plan.low_adherence     |
  treatment_plan.session_completed |
  waitlist_entry.offered           |
');
-- end of source: reference/webhooks/webhook_events_catalog.sql

select app_private.write_owned_rows();

--! split: 960-treatment-permissions.sql
-- Clinics that are there already: their system roles get what new clinics' roles have of treatment plans. FND-04, TPL-01.
set local role app_engine;
insert into app_public.role_permissions (organization_id, role_id, permission)
select roles.organization_id, roles.id, system_role_permissions.permission
from app_public.roles
join app_public.system_role_permissions on system_role_permissions.role_key = roles.system_role_key
where system_role_permissions.permission in ('treatment_plans.view', 'treatment_plans.manage', 'treatment_plans.approve', 'treatment_plans.assign')
on conflict do nothing;
reset role;

--! split: 961-exercise-session-permissions.sql
-- Clinics that are there already: their system roles get what new clinics' roles have of recorded sessions. FND-04, TEL-07.
set local role app_engine;
insert into app_public.role_permissions (organization_id, role_id, permission)
select roles.organization_id, roles.id, system_role_permissions.permission
from app_public.roles
join app_public.system_role_permissions on system_role_permissions.role_key = roles.system_role_key
where system_role_permissions.permission = 'exercise_sessions.view'
on conflict do nothing;
reset role;
