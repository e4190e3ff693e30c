-- Test: the library - what is written is well formed: texts, lines, what the camera follows, prescriptions. EXL-01, EXL-02, EXL-03.
begin;
select plan(121);
select tests.person('root', superadmin => true);
select tests.remember('squat', tests.exercise('squat'));
create function tests.refused(call text) returns setof text language sql volatile as $$
  select tests.refuses(call, 'VALIDATION',
    case when call ~ 'request_render' then 'recipe_malformed' when call ~ 'joints|tracking' then 'exercise_tracking_malformed'
         when call ~ 'lines' then 'exercise_lines_malformed' else 'exercise_texts_malformed' end, left(call, 150)) $$;

-- Prescriptions.
select tests.refused(format($$select app_private.request_render(tests.id('squat'), '%s', 'ro')$$, recipe)) from unnest(array[
  '[]', '"ten times"', '{"sets": 3, "restSeconds": 0}', '{"sets": 3, "reps": 10, "seconds": 10, "restSeconds": 0}', '{"reps": 10, "restSeconds": 0}',
  '{"sets": 3, "reps": 10}', '{"sets": 0, "reps": 10, "restSeconds": 0}', '{"sets": 21, "reps": 10, "restSeconds": 0}',
  '{"sets": 3, "reps": 0, "restSeconds": 0}', '{"sets": 3, "reps": 101, "restSeconds": 0}', '{"sets": 3, "reps": 1.5, "restSeconds": 0}',
  '{"sets": 3, "reps": "10", "restSeconds": 0}', '{"sets": 3, "reps": 10, "restSeconds": 601}', '{"sets": 3, "seconds": 3601, "restSeconds": 0}',
  '{"sets": 3, "reps": 10, "restSeconds": 0, "side": "up"}', '{"sets": 3, "reps": 10, "restSeconds": 0, "weight": 5}',
  '{"sets": 3, "reps": 10, "restSeconds": 0, "tempo": {"up": 1, "hold": 0}}', '{"sets": 3, "reps": 10, "restSeconds": 0, "tempo": {"up": 0, "hold": 0, "down": 1}}',
  '{"sets": 3, "reps": 10, "restSeconds": 0, "tempo": {"up": 1, "hold": 61, "down": 1}}', '{"sets": 3, "reps": 10, "restSeconds": 0, "tempo": {"up": 1, "hold": 0, "down": 31}}',
  '{"sets": 3, "reps": 10, "restSeconds": 0, "tempo": {"up": 1, "hold": 0, "down": 1, "rest": 1}}', '{"sets": 3, "reps": 10, "restSeconds": 0, "tempo": 2}']) as recipe;
select is((app_private.request_render(tests.id('squat'), '{"sets": 20, "seconds": 3600, "restSeconds": 600, "tempo": {"down": 30, "hold": 60, "up": 30}, "side": "alternate"}', 'ro')).recipe,
  '{"sets": 20, "reps": null, "seconds": 3600, "restSeconds": 600, "tempo": {"up": 30, "hold": 60, "down": 30}, "side": "alternate"}', 'the most of each');

-- What the camera follows.
select tests.act_as('root');
select tests.refused(format($$select app_public.edit_exercise(tests.id('squat'), 1, '{"ro": {"name": "A", "description": "B"}}', tracking => '%s')$$, tracking)) from unnest(array[
  '[]', '"knee"', '{"joints": ["knee"], "view": "side", "primary": "knee"}', '{"joints": ["knee"], "view": "up", "primary": "knee", "minRange": 40}',
  '{"joints": ["left_knee"], "view": "side", "primary": "left_knee", "minRange": 40}', '{"joints": ["knee"], "view": "side", "primary": "hip", "minRange": 40}',
  '{"joints": ["knee"], "view": "side", "primary": "knee", "minRange": 0}', '{"joints": ["knee"], "view": "side", "primary": "knee", "minRange": 181}',
  '{"joints": ["knee"], "view": "side", "primary": ["knee"], "minRange": 40}', '{"joints": [], "view": "side", "primary": "knee", "minRange": 40}',
  '{"joints": "knee", "view": "side", "primary": "knee", "minRange": 40}', '{"joints": ["knee"], "view": "side", "primary": "knee", "minRange": 40, "side": "left"}',
  '{"joints": ["knee"], "view": "side", "minRange": 40}']) as tracking;
select is((app_public.edit_exercise(tests.id('squat'), 1, '{"ro": {"name": "A", "description": "B"}}', '{"joints": ["knee", "hip"], "view": "front", "primary": "hip", "minRange": 180}')).tracking ->> 'primary', 'hip', 'one of its joints is measured');
select is((app_public.edit_exercise(tests.id('squat'), 1, '{"ro": {"name": "A", "description": "B"}}', 'null')).tracking, null, 'or none is followed');

-- Names, instructions and contraindications.
select is(length((app_public.edit_exercise(tests.id('squat'), 1, jsonb_build_object('ro', jsonb_build_object('name', repeat('a', 120), 'description', repeat('b', 2000))))).translations -> 'ro' ->> 'name'), 120, 'a name of 120 characters');
select tests.refused(format($$select app_public.edit_exercise(tests.id('squat'), 1, '%s')$$, translations)) from unnest(array[
  '{}', '[]', '{"fr": {"name": "A", "description": "B"}}', '{"ro": {"name": "A"}}', '{"ro": {"name": " ", "description": "B"}}', '{"ro": {"name": 1, "description": "B"}}',
  '{"ro": "A"}', '{"ro": {"name": "A", "description": "B", "hint": "C"}}', '{"ro": {"name": "' || repeat('a', 121) || '", "description": "B"}}',
  '{"ro": {"name": "A", "description": "' || repeat('a', 2001) || '"}}', '{"ro": {"name": "A", "description": "B"}, "en": {"name": "A"}}']) as translations;
select tests.refused(call) from unnest(array[
  $$select app_public.set_exercise_instructions(tests.id('squat'), '[{"kind": "step", "text": {}}]')$$,
  $$select app_public.set_exercise_contraindications(tests.id('squat'), '[{"severity": "caution", "text": "A"}]')$$,
  $$select app_public.set_exercise_instructions(tests.id('squat'), '[{"kind": "step"}]')$$,
  $$select app_public.set_exercise_instructions(tests.id('squat'), '{}') /* lines */$$,
  $$select app_public.set_exercise_instructions(tests.id('squat'), '[1]') /* lines */$$,
  $$select app_public.set_exercise_instructions(tests.id('squat'), '[{"text": {"ro": "A"}}]') /* lines */$$,
  $$select app_public.set_exercise_instructions(tests.id('squat'), '[{"kind": "jump", "text": {"ro": "A"}}]') /* lines */$$,
  $$select app_public.set_exercise_instructions(tests.id('squat'), '[{"kind": "step", "text": {"ro": "A"}, "more": 1}]') /* lines */$$,
  $$select app_public.set_exercise_contraindications(tests.id('squat'), '[{"severity": "fatal", "text": {"ro": "A"}}]') /* lines */$$,
  $$select app_public.set_exercise_instructions(tests.id('squat'), (select jsonb_agg('{"kind": "step", "text": {"ro": "A"}}'::jsonb) from generate_series(1, 61))) /* lines */$$]) as call;
select lives_ok($$select app_public.set_exercise_instructions(tests.id('squat'), (select jsonb_agg('{"kind": "step", "text": {"ro": "A"}}'::jsonb) from generate_series(1, 60)))$$, 'sixty lines');
select lives_ok($$select app_public.set_exercise_contraindications(tests.id('squat'), '[{"severity": "caution", "text": {"ro": "A"}}, {"severity": "caution", "text": {"ro": " A "}}]')$$, 'the same warning twice');
select is((select count(*) from app_public.exercise_contraindications where exercise_id = tests.id('squat')), 1::bigint, 'is one');
select * from tests.breaks($$select app_public.edit_exercise(tests.id('squat'), 6, '{"ro": {"name": "A", "description": "B"}}')$$, 'exercises_difficulty_is_1_to_5', 'the difficulty ends at 5');
select * from finish();
rollback;
