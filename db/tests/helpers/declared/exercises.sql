-- Allowed in exercises, with the reason: the engine's rights, exceptions from the lint; and what keys say.

insert into tests.allowed_definer_functions (reason, function)
select 'A verb of superadmins, who have no grant on the library: it asks exercise_to_write(), or is_superadmin() itself.', unnest(array[
  'app_public.archive_exercise(uuid,boolean)',
  'app_public.bump_exercise_asset_version(uuid)',
  'app_public.create_exercise(text,text,integer,jsonb,jsonb,text[],text)',
  'app_public.edit_exercise(uuid,integer,jsonb,jsonb,text[],text)',
  'app_public.import_exercise_video(uuid,text,text)',
  'app_public.publish_exercise(uuid)',
  'app_public.render_exercise(uuid,text,jsonb)',
  'app_public.reopen_exercise(uuid)',
  'app_public.review_contraindications(uuid)',
  'app_public.set_exercise_contraindications(uuid,jsonb)',
  'app_public.set_exercise_instructions(uuid,jsonb)'
]);

insert into tests.allowed_definer_functions (reason, function)
select 'A job of the worker, which has no grant on any table.', unnest(array[
  'app_private.claim_render(uuid)',
  'app_private.record_exercise_collection(uuid,text)',
  'app_private.record_render(uuid,integer,text,text,text,integer)',
  'app_private.record_render_failed(uuid,integer,text)',
  'app_private.record_render_progress(uuid,integer,integer)'
]);

insert into tests.allowed_definer_functions (function, reason) values
  ('app_hidden.exercise_video(uuid)',
   'Says where a video is to patients, who have no policy on them: it asks whether they are to do the exercise, or the library is open.'),
  ('app_public.exercise_catalog(uuid,text[])',
   'Shows videos to patients, who have no policy on them: it asks whether the library is open to one of the caller''s.'),
  ('app_public.exercises_missing(app_public.exercises)',
   'Says what a row that the caller reads lacks, also of videos, which not everybody reads; words of a fixed list, and nothing else.');

insert into tests.lint_exceptions (rule, reason, object)
select 'retentions', 'The platform''s library: superadmins write it by verbs, and it is the same on every server.', unnest(array[
  'app_public.exercises',
  'app_public.exercise_instructions',
  'app_public.exercise_contraindications',
  'app_public.exercise_tags',
  'app_public.exercise_renders'
]);

insert into tests.lint_exceptions (rule, reason, object)
select 'owned_rows', 'Superadmins write the library by verbs; db/reference brings the words that it is ordered by.', unnest(array[
  'app_public.exercises',
  'app_public.exercise_instructions',
  'app_public.exercise_contraindications',
  'app_public.exercise_tags',
  'app_public.exercise_renders'
]);

insert into tests.lint_exceptions (rule, object, reason) values
  ('secret_columns', 'app_public.exercise_renders.recipe_hash', 'The sum of a recipe that stands beside it: it opens nothing.');

insert into tests.declared_keys (table_name, columns, says) values
  ('app_public.exercises', 'slug', 'The slug of an exercise names it.'),
  ('app_public.exercise_terms', 'slug', 'The slug of a term names it, whatever its kind.'),
  ('app_public.exercise_renders', 'exercise_id, recipe_hash, language', 'What is prescribed has one video in a language.'),
  ('app_public.exercise_terms', 'kind, id', 'What the parent of a category refers to.'),
  ('app_public.exercise_renders', 'exercise_id, id', 'What exercises refers to.');
