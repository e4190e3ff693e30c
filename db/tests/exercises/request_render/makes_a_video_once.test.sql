-- Test: request_render - a prescription in a language has one video, made once, again for new material and after a failure; the worker
-- says what became of it, and one video is left. EXL-01, EXL-03, EXL-05.
begin;
select plan(53);
select tests.person('root', superadmin => true);
select tests.remember('squat', tests.published_exercise('squat'));
create function tests.ask(recipe jsonb default '{"sets": 3, "reps": 10, "restSeconds": 30}', language text default 'ro') returns app_public.exercise_renders
  language sql volatile as $$ select app_private.request_render(tests.id('squat'), recipe, language) $$;
create function tests.jobs(of text default 'video') returns bigint language sql stable as $$
  select count(*) from graphile_worker._private_jobs where key = 'render_exercise:' || tests.id(of) $$;
create function tests.video(name text default 'video') returns app_public.exercise_renders language sql stable security definer as $$
  select v from app_public.exercise_renders v where v.id = tests.id(video.name) $$;

select tests.remember('video', (tests.ask()).id);
select is((tests.video()).status, 'queued', 'a new prescription waits for the worker');
select is((tests.video()).recipe, '{"sets": 3, "reps": 10, "seconds": null, "restSeconds": 30, "tempo": null, "side": null}', 'written in full');
select is((tests.video()).recipe_hash, encode(sha256('{"reps":10,"restSeconds":30,"seconds":null,"sets":3,"side":null,"tempo":null}'), 'hex'), 'known by the hash of its canonical text');
select is(tests.jobs(), 1::bigint, 'with its job');
select is((tests.ask('{"restSeconds": 30.0, "tempo": null, "reps": 10, "sets": 3}')).id, tests.id('video'), 'the same otherwise written is the same');
select isnt((tests.ask(language => 'en')).id, tests.id('video'), 'another language is another video');
select isnt((tests.ask('{"sets": 3, "reps": 11, "restSeconds": 30}')).id, tests.id('video'), 'and so is another prescription');
select is((select count(*) from app_public.exercise_renders where exercise_id = tests.id('squat')), 4::bigint, 'of each there is one');
select * from tests.breaks($$insert into app_public.exercise_renders (exercise_id, recipe_hash, language, recipe, asset_version) select exercise_id, recipe_hash, language, recipe, 1 from app_public.exercise_renders where id = tests.id('video')$$, 'exercise_renders_pkey', 'by its id');

-- The worker.
select tests.act_as('the worker');
select results_eq($$select slug, kind, recipe ->> 'reps', language, asset_version, object_key from app_private.claim_render(tests.id('video'))$$,
  $$values ('squat', 'reps_based', '10', 'ro', 1, 'exercise-renders/squat/' || tests.id('video') || '-1.mp4')$$, 'the worker is told what to make');
select is((tests.video()).status, 'rendering', 'it is being made');
select isnt_empty($$select 1 from app_private.claim_render(tests.id('video'))$$, 'one that died begins again');
select lives_ok($$select app_private.record_render_progress(tests.id('video'), 1, 40)$$, 'it says how far it is');
select is((tests.video()).progress, 40, 'which is kept');
select lives_ok($$select app_private.record_render_progress(tests.id('video'), 2, 90)$$, 'of other material');
select is((tests.video()).progress, 40, 'nothing is');
select is(app_private.record_render_failed(tests.id('video'), 1, 'ffmpeg ended with 1'), true, 'it fails');
select results_eq($$select (tests.video()).status, (tests.video()).problem$$, $$values ('failed', 'ffmpeg ended with 1')$$, 'and says why');
select is(app_private.record_render_failed(tests.id('video'), 1, 'again'), false, 'once');
select tests.act_as('the database');
select is((tests.ask()).status, 'queued', 'asked for again, it waits again');
select is((tests.video()).problem, null, 'without a problem');
select tests.act_as('the worker');
select isnt_empty($$select 1 from app_private.claim_render(tests.id('video'))$$, 'it is made again');
select results_eq($$select * from app_private.record_render(tests.id('video'), 1, 'local', 'first', 'key', 42)$$, $$values (true, null::text)$$, 'and is there');
select results_eq($$select * from app_private.record_render(tests.id('video'), 1, 'local', 'second', 'key', 42)$$, $$values (false, 'second')$$, 'one made beside it is not needed');
select results_eq($$select * from app_private.record_render(tests.id('video'), 1, 'local', 'first', 'key', 42)$$, $$values (false, null::text)$$, 'and told twice it is the same');
select is_empty($$select 1 from app_private.claim_render(tests.id('video'))$$, 'what is there is not made');
select is_empty($$select 1 from app_private.claim_render(uuidv7())$$, 'nor what nobody asked for');
select tests.act_as('the database');
select is((tests.ask()).status, 'ready', 'who asks finds it');
select results_eq($$select (tests.video()).video_id, (tests.video()).duration_s, (tests.video()).progress$$, $$values ('first', 42, 100)$$, 'as it was recorded');

-- New material.
select tests.act_as('root');
select is((app_public.bump_exercise_asset_version(tests.id('squat'))).asset_version, 2, 'the material is new');
select tests.act_as('the database');
select results_eq($$select language, status, asset_version from app_public.exercise_renders where exercise_id = tests.id('squat') and recipe_hash = app_private.recipe_hash(app_private.catalog_recipe()) order by 1$$,
  $$values ('en', 'queued', 2), ('ro', 'queued', 2)$$, 'the videos of the catalog are made again at once');
select results_eq($$select (tests.video()).status, (tests.video()).asset_version$$, $$values ('ready', 1)$$, 'the others when they are asked for');
select is((tests.ask()).status, 'queued', 'as now');
select results_eq($$select (tests.video()).video_id, (tests.video()).asset_version$$, $$values ('first', 2)$$, 'the one from before plays meanwhile');
select tests.act_as('the worker');
select isnt_empty($$select 1 from app_private.claim_render(tests.id('video'))$$, 'it is made');
select results_eq($$select * from app_private.record_render(tests.id('video'), 1, 'local', 'late', 'key', 42)$$, $$values (false, 'late')$$, 'one of the old material comes too late');
select results_eq($$select * from app_private.record_render(tests.id('video'), 2, 'local', 'newest', 'key', 43)$$, $$values (true, 'first')$$, 'the new one takes the place of the one before');
select is(app_private.record_exercise_collection(tests.id('squat'), 'c1'), 'c1', 'a collection is kept');
select is(app_private.record_exercise_collection(tests.id('squat'), 'c2'), 'c1', 'the first one');
select tests.act_as('the database');
select results_eq($$select name, count(*) from app_private.events where subject_type = 'exercise' and subject_id = tests.id('squat') group by 1 order by 1$$,
  $$values ('exercise.asset_changed', 1::bigint), ('exercise.render_failed', 1), ('exercise.rendered', 2)$$, 'what became of them is told');

-- What is refused.
select * from tests.refuses($$select app_private.request_render(uuidv7(), '{"sets": 3, "reps": 10, "restSeconds": 30}', 'ro')$$, 'NOT_FOUND', 'not_found', 'of no exercise');
select * from tests.refuses($$select tests.ask(language => 'fr')$$, 'VALIDATION', 'language_unknown', 'in no language of ours');
select * from tests.refuses($$select tests.ask(language => null)$$, 'VALIDATION', 'language_unknown', 'or in none');
select * from tests.refuses($$select tests.ask('{}')$$, 'VALIDATION', 'recipe_malformed', 'for nothing');
select tests.act_as('root');
select throws_ok($$select app_private.record_render(tests.id('video'), 2, 'local', 'mine', 'key', 42)$$, '42501', null, 'nobody but the worker says that a video is there');
select throws_ok($$select app_private.request_render(tests.id('squat'), '{"sets": 3, "reps": 10, "restSeconds": 30}', 'ro')$$, '42501', null, 'and nobody asks past the verbs');
select is((app_public.render_exercise(tests.id('squat'), 'ro', '{"sets": 3, "reps": 10, "restSeconds": 30}')).id, tests.id('video'), 'a superadmin asks by one');
select is((app_public.render_exercise(tests.id('squat'), 'en')).recipe ->> 'reps', '3', 'without a prescription for the video of the catalog');
select * from finish();
rollback;
