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
