-- Allowed in segments, with the reason: the engine's rights, exceptions from the lint; and what keys say.

insert into tests.allowed_definer_functions (reason, function)
select 'A job of the worker, which has no grant on any table.', unnest(array[
  'app_private.check_segment(uuid)',
  'app_private.due_segments()',
  'app_private.rebuild_segment(uuid,uuid)',
  'app_private.refresh_segments(uuid)',
  'app_private.segment_figures()',
  'app_private.segments_to_check()'
]);

insert into tests.allowed_definer_functions (reason, function)
select 'A verb or a listing: it checks the callers permission, then works on tables or columns the caller has no grant on.', unnest(array[
  'app_public.add_to_segment(uuid,uuid)',
  'app_public.create_segment(uuid,text,jsonb,text)',
  'app_public.edit_segment(uuid,text,text,jsonb,integer)',
  'app_public.explain_segment(uuid,uuid)',
  'app_public.remove_from_segment(uuid,uuid)',
  'app_public.remove_segment(uuid)'
]);

insert into tests.allowed_definer_functions (reason, function) values
  ('Marks of segments are written by whoever changes what rules read, who has no grant on them.', 'app_private.tg_mark_segments()'),
  ('Marks of segments are written by whoever gives a row to another patient, who has no grant on them.', 'app_private.tg_mark_former_patient()'),
  ('Marks of segments are written by whoever merges patients, who has no grant on them.', 'app_private.tg_patient_merges__mark_segments()');

insert into tests.lint_exceptions (rule, object, reason) values
  ('across_clinics', 'app_private.due_segments()', 'A sweep of the worker over whatever is due on its server.'),
  ('across_clinics', 'app_private.segments_to_check()', 'A sweep of the worker over all segments on its server.'),
  ('across_clinics', 'app_private.segment_figures()', 'Figures of the server, about nobody.'),
  ('references', 'app_private.segment_marks.patient_id', 'Written with every change of what rules read: a key would be looked up each time. Whoever is no patient is in no segment.'),
  ('references', 'app_private.segment_marks.cause_id', 'Gone with the mark, which nobody reads but the look; an event that is not there is no cause.'),
  ('references', 'app_private.segment_rechecks.patient_id', 'As many as there are patients and segments; whoever is no patient any more goes when their time comes.'),
  ('growth', 'app_public.segments', 'As many as a clinic makes.'),
  ('growth', 'app_public.segment_versions', 'One for each time that somebody writes a rule.'),
  ('growth', 'app_private.segment_dependencies', 'A few for each segment.'),
  ('growth', 'app_private.segment_marks', 'Each is gone when the worker has looked.'),
  ('growth', 'app_private.segment_rechecks', 'One for each patient and segment at most.'),
  ('growth', 'app_public.segment_members', 'The history of who was in: it grows by those who enter. How long it is kept with the file is for counsel to confirm.');

insert into tests.declared_keys (table_name, columns, says) values
  ('app_public.segment_members', 'organization_id, segment_id, patient_id', 'A patient is in a segment once at a time.'),
  ('app_private.segment_dependencies', 'organization_id, code, segment_id', 'A source is named once.'),
  ('app_private.segment_rechecks', 'organization_id, segment_id, patient_id', 'The earliest instant counts.');

select tests.freezes('update, delete, truncate',
  'app_public.segment_versions');
