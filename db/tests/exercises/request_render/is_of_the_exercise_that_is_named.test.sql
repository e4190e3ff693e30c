-- Test: request_render - a video is of the exercise that it is asked for: what is prescribed is not what the catalog shows, and what is held is imported. EXL-01, EXL-03, EXL-06.
begin;
select plan(21);
select tests.person('root', superadmin => true);
create function pg_temp.in_catalog(slug text) returns uuid language sql security definer as $$ select e.catalog_render_id from app_public.exercises e where e.slug = in_catalog.slug $$;
create function pg_temp.progress(name text) returns int language sql security definer as $$ select v.progress from app_public.exercise_renders v where v.id = tests.id(name) $$;
select tests.act_as('root');
select tests.remember('lunge', (app_public.create_exercise('lunge', 'reps_based', 2, '{"ro": {"name": "Fandare", "description": "Un pas."}}')).id),
  tests.remember('squat', (app_public.create_exercise('squat', 'reps_based', 2, '{"ro": {"name": "Genuflexiune", "description": "Pe loc."}}')).id),
  tests.remember('plank', (app_public.create_exercise('plank', 'duration_based', 2, '{"ro": {"name": "Planșa", "description": "Pe coate."}}')).id),
  tests.remember('bridge', (app_public.create_exercise('bridge', 'duration_based', 2, '{"ro": {"name": "Podul", "description": "Pe spate."}}')).id);

-- Composed.
select tests.remember('prescribed', (app_public.render_exercise(tests.id('squat'), 'ro', '{"sets": 3, "reps": 10, "restSeconds": 30}')).id);
select is(pg_temp.in_catalog('squat'), null, 'a video of a prescription is none for the catalog');
select isnt((app_public.render_exercise(tests.id('lunge'), 'ro', '{"sets": 3, "reps": 10, "restSeconds": 30}')).id, tests.id('prescribed'), 'the same prescription of another exercise is another video');
select is((app_public.render_exercise(tests.id('squat'), 'ro', '{"sets": 3, "reps": 10, "restSeconds": 30}')).id, tests.id('prescribed'), 'of the same one it is the same');
select tests.remember('shown', (app_public.render_exercise(tests.id('squat'), 'ro')).id);
select is(pg_temp.in_catalog('squat'), tests.id('shown'), 'without a prescription it is the catalog''s');
select is(pg_temp.in_catalog('lunge'), null, 'and no other exercise''s');

-- One that is there lacks nothing of the catalog's.
select tests.act_as('the worker');
select app_private.claim_render(tests.id('prescribed')), app_private.record_render(tests.id('prescribed'), 1, 'local', 'prescribed', 'key', 30);
select tests.act_as('root');
select ok(app_public.exercises_missing(e) @> '{catalog_render}', 'a video of a prescription is not the one that the catalog lacks') from app_public.exercises e where e.slug = 'squat';
select tests.act_as('the worker');
select app_private.claim_render(tests.id('shown')), app_private.record_render(tests.id('shown'), 1, 'local', 'shown', 'key', 9);
select app_private.record_render_progress(tests.id('shown'), 1, 40);
select is(pg_temp.progress('shown'), 100, 'what is told late of one that is there changes nothing');
select tests.act_as('root');
select ok(not app_public.exercises_missing(e) @> '{catalog_render}', 'with its own it lacks none') from app_public.exercises e where e.slug = 'squat';

-- Held for a time: imported.
select is((app_public.bump_exercise_asset_version(tests.id('plank'))).asset_version, 2, 'new material of one that was never imported');
select is((select count(*) from app_public.exercise_renders where exercise_id = tests.id('plank')), 0::bigint, 'has no video made');
select tests.remember('plank ro', (app_public.import_exercise_video(tests.id('plank'), 'ro', 'exercises/plank/ro.mp4')).id), tests.remember('bridge ro', (app_public.import_exercise_video(tests.id('bridge'), 'ro', 'exercises/bridge/ro.mp4')).id);
select is((app_public.render_exercise(tests.id('plank'), 'ro')).id, tests.id('plank ro'), 'who asks for a video of it is given the imported one');
select is((app_public.render_exercise(tests.id('bridge'), 'en')).id, tests.id('bridge ro'), 'of each its own, in the other language if need be');
select results_eq($$select pg_temp.in_catalog('plank'), pg_temp.in_catalog('bridge')$$, $$values (tests.id('plank ro'), tests.id('bridge ro'))$$, 'as the catalog shows it');
select is((app_public.bump_exercise_asset_version(tests.id('bridge'))).asset_version, 2, 'new material of one');
select results_eq($$select id, asset_version from app_public.exercise_renders where recipe_hash = '_imported' order by id = tests.id('plank ro') desc$$, $$values (tests.id('plank ro'), 2), (tests.id('bridge ro'), 2)$$, 'is imported for it alone');
select is((select count(*) from app_public.exercise_renders where recipe is null), 2::bigint, 'and each has one');

-- Who archives it although patients have it says so.
select tests.clinic('atlas');
select tests.patient('ana'), tests.patient('bogdan');
select tests.act_as('the database');
select tests.treatment_plan('knee', 1, 0), tests.treatment_version('knee 2', 'knee', 0, 1), tests.assigned('bogdan', 'knee 2');
select is(app_private.active_plans_with_exercise(tests.id('squat')), 0, 'who has another version of a plan does not have what only the first asks for');
select tests.assigned('ana', 'knee');
select is(app_private.active_plans_with_exercise(tests.id('squat')), 1, 'who has the first does');
update app_public.exercises set status = 'published' where slug = 'squat';
select tests.act_as('root');
select * from tests.refuses($$select app_public.archive_exercise(tests.id('squat'))$$, 'CONFLICT', 'exercise_in_use', 'it is said before');
select is((app_public.archive_exercise(tests.id('squat'), although_in_use => true)).status, 'archived', 'and done all the same by whoever says so');
select * from finish();
rollback;
