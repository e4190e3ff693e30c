-- Test: exercise_video - superadmins and staff see any video; patients those of exercises that they are to do, and of the catalog while
-- it is open to them. How many plans have an exercise, and who runs the platform. EXL-04, EXL-05, EXL-06, CAT-08, FND-04.
begin;
select plan(24);
select tests.freeze_time('2027-03-01 10:00+02');
select tests.clinic('atlas');
select tests.staff('flavia', 'front_desk');
select tests.patient('ana'), tests.patient('dan'), tests.person('vera'), tests.person('root', superadmin => true);
select tests.remember('squat', tests.published_exercise('squat')), tests.remember('draft', tests.exercise('draft'));
select tests.remember('video', catalog_render_id) from app_public.exercises where slug = 'squat';
select tests.remember('video of the draft', catalog_render_id) from app_public.exercises where slug = 'draft';
select tests.treatment_plan('knee'), tests.assigned('ana', 'knee');
create function tests.plays(video text) returns text language sql stable as $$
  select played.provider || ' ' || played.video_id from app_hidden.exercise_video(tests.id(video)) as played $$;

select tests.act_as('root');
select is(tests.plays('video'), 'local video of squat', 'a superadmin sees any');
select is(tests.plays('video of the draft'), 'local video of draft', 'of drafts too');
select ok(app_public.runs_platform(), 'and runs the platform');
select tests.act_as('flavia');
select is(tests.plays('video'), 'local video of squat', 'staff see what they prescribe');
select ok(not app_public.runs_platform(), 'and run no platform');
select tests.act_as('ana');
select is(tests.plays('video'), 'local video of squat', 'a patient sees the exercise of a session that is due');
select * from tests.refuses($$select tests.plays('video of the draft')$$, 'NOT_FOUND', 'exercise_video_not_found', 'but no draft');
select tests.act_as('dan');
select * from tests.refuses($$select tests.plays('video')$$, 'NOT_FOUND', 'exercise_video_not_found', 'nobody to whom nothing opens it');
select tests.act_as('the database');
update app_public.organizations set library_access_is_free = true where id = tests.id('atlas');
select tests.act_as('dan');
select is(tests.plays('video'), 'local video of squat', 'the open catalog does');
select * from tests.refuses($$select tests.plays('video of the draft')$$, 'NOT_FOUND', 'exercise_video_not_found', 'for what is published');
select tests.act_as('vera');
select * from tests.refuses($$select tests.plays('video')$$, 'NOT_FOUND', 'exercise_video_not_found', 'nobody without a clinic');
select * from tests.refuses($$select app_hidden.exercise_video(uuidv7())$$, 'NOT_FOUND', 'exercise_video_not_found', 'none that is not there');

-- In how many plans an exercise is.
select tests.act_as('the database');
select is(app_private.active_plans_with_exercise(tests.id('squat')), 1, 'one plan that goes on has it');
select is(app_private.active_plans_with_exercise(tests.id('draft')), 0, 'none has the other');
select tests.act_as('root');
select * from tests.refuses($$select app_public.archive_exercise(tests.id('squat'))$$, 'CONFLICT', 'exercise_in_use', 'which is said before it is archived');
select tests.act_as('the database');
update app_public.patient_treatment_plans set status = 'cancelled' where id = tests.id('ana''s knee');
update app_public.patient_sessions set status = 'cancelled' where patient_treatment_plan_id = tests.id('ana''s knee');
select is(app_private.active_plans_with_exercise(tests.id('squat')), 0, 'a plan that ended has it no more');
update app_public.organizations set library_access_is_free = false where id = tests.id('atlas');
select tests.act_as('ana');
select * from tests.refuses($$select tests.plays('video')$$, 'NOT_FOUND', 'exercise_video_not_found', 'nor does its patient see the video');
select * from finish();
rollback;
