-- Allowed in exercises, with the reason: the engine's rights, exceptions from the lint; and what keys say.

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
  ('app_public.exercise_terms', 'kind, id', 'What the parent of a category refers to.'),
  ('app_public.exercise_renders', 'exercise_id, id', 'What exercises refers to.');
