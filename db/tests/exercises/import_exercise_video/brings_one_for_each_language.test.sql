-- Test: import_exercise_video - one video for each language of an exercise that is done for a time, with how far it is; only out of its
-- folder. EXL-01, EXL-03, EXL-06.
begin;
select plan(26);
select tests.person('root', superadmin => true);
select tests.remember('squat', tests.exercise('squat'));
select tests.act_as('root');
select tests.remember('plank', (app_public.create_exercise('plank', 'duration_based', 3, '{"ro": {"name": "Planșa", "description": "Pe coate."}}')).id);
select * from tests.refuses($$select app_public.render_exercise(tests.id('plank'), 'ro')$$, 'STATE', 'video_not_imported', 'nothing is there before');
select tests.remember('ro', (app_public.import_exercise_video(tests.id('plank'), 'ro', 'exercises/plank/imports/ro.mp4')).id);
select results_eq($$select recipe_hash, language, recipe, source_key, status, progress from app_public.exercise_renders where exercise_id = tests.id('plank')$$,
  $$values ('_imported', 'ro', null::jsonb, 'exercises/plank/imports/ro.mp4', 'queued', 0)$$, 'an import waits for the worker');
select is((select catalog_render_id from app_public.exercises where slug = 'plank'), tests.id('ro'), 'it is the one of the catalog');
select tests.remember('en', (app_public.import_exercise_video(tests.id('plank'), 'en', 'exercises/plank/imports/en.mp4')).id);
select isnt(tests.id('en'), tests.id('ro'), 'another language is another one');
select is((select catalog_render_id from app_public.exercises where slug = 'plank'), tests.id('ro'), 'and the catalog keeps the first');
select is((app_public.render_exercise(tests.id('plank'), 'en', '{"sets": 2, "seconds": 30, "restSeconds": 10}')).id, tests.id('en'), 'whatever is prescribed, it is this video');

select tests.act_as('the worker');
select results_eq($$select recipe, source_key from app_private.claim_render(tests.id('ro'))$$, $$values (null::jsonb, 'exercises/plank/imports/ro.mp4')$$, 'the worker is told where it lies');
select lives_ok($$select app_private.record_render_progress(tests.id('ro'), 1, 65)$$, 'it says how far it is');
select tests.act_as('root');
select results_eq($$select status, progress from app_public.exercise_renders where id = tests.id('ro')$$, $$values ('rendering', 65)$$, 'and a superadmin reads it');
select tests.act_as('the worker');
select is((app_private.record_render(tests.id('ro'), 1, 'bunny', 'b1', null, 60)).is_new, true, 'it is there');
select tests.act_as('root');
select is((app_public.import_exercise_video(tests.id('plank'), 'ro', 'exercises/plank/imports/ro2.mp4')).status, 'queued', 'it is imported again');
select results_eq($$select source_key, video_id from app_public.exercise_renders where id = tests.id('ro')$$, $$values ('exercises/plank/imports/ro2.mp4', 'b1')$$, 'the one from before plays meanwhile');
select is((app_public.import_exercise_video(tests.id('plank'), 'ro', 'exercises/plank/imports/ro3.mp4')).status, 'queued', 'and again while it waits');
select is((app_public.bump_exercise_asset_version(tests.id('plank'))).asset_version, 2, 'new material');
select results_eq($$select language, status, asset_version from app_public.exercise_renders where exercise_id = tests.id('plank') order by 1$$, $$values ('en', 'queued', 2), ('ro', 'queued', 2)$$, 'is imported again');

select * from tests.refuses($$select app_public.import_exercise_video(tests.id('squat'), 'ro', 'exercises/squat/ro.mp4')$$, 'STATE', 'video_is_composed', 'one that is counted is composed');
select * from tests.refuses($$select app_public.import_exercise_video(tests.id('plank'), 'ro', 'exercises/squat/ro.mp4')$$, 'VALIDATION', 'video_source_elsewhere', 'not from the folder of another exercise');
select * from tests.refuses($$select app_public.import_exercise_video(tests.id('plank'), 'ro', 'exercises/plank/../squat/ro.mp4')$$, 'VALIDATION', 'video_source_elsewhere', 'by whatever way');
select * from tests.refuses($$select app_public.import_exercise_video(tests.id('plank'), 'ro', 'exercises/plank/ro.exe')$$, 'VALIDATION', 'video_source_elsewhere', 'nor anything that is no video');
select * from tests.breaks($$select app_public.import_exercise_video(tests.id('plank'), 'fr', 'exercises/plank/fr.mp4')$$, 'exercise_renders_language_is_supported', 'nor in another language');
select * from finish();
rollback;
