-- Test: exercise_video - a patient plays what one of their own sessions still asks for, at the clinic that the request names; and the catalog where it is open to them themselves. EXL-04, CAT-08, FND-04.
begin;
select plan(24);
select tests.freeze_time('2027-03-01 10:00+02');
select tests.person('root', superadmin => true);
select tests.remember(slug, tests.published_exercise(slug)) from unnest('{squat,lunge,bridge}'::text[]) slug;
select tests.remember('video of ' || slug, catalog_render_id) from app_public.exercises where slug in ('squat', 'lunge', 'bridge');
select tests.clinic('boreal');
select tests.patient('ana');
select tests.clinic('atlas');
select tests.staff('flavia', 'front_desk');
select tests.patient('ana'), tests.patient('bogdan'), tests.patient('ela', account => false);
-- The second session asks for a lunge as well; the plan of somebody else for a bridge in the first.
create function pg_temp.asks(version text, session int, slug text) returns void language sql as $$
  insert into app_public.treatment_plan_exercises (organization_id, version_id, session_position, position, exercise_id, prescription)
  select organization_id, version_id, session_position, 2, tests.id(slug), prescription from app_public.treatment_plan_exercises
  where version_id = tests.id(version) and session_position = session
$$;
create function pg_temp.frozen(version text) returns void language sql as $$
  update app_public.treatment_plan_versions v set status = 'submitted', submitted_at = app_hidden.now(), sessions_snapshot = app_private.treatment_snapshot(v),
    content_hash = sha256(convert_to(app_private.treatment_snapshot(v)::text, 'UTF8')) where v.id = tests.id(version)
$$;
select tests.treatment_plan('knee', 2, 0, 'draft'), pg_temp.asks('knee', 2, 'lunge'), pg_temp.frozen('knee');
select tests.treatment_plan('hip', 2, 0, 'draft'), pg_temp.asks('hip', 1, 'bridge'), pg_temp.frozen('hip');
select tests.assigned('ana', 'knee'), tests.assigned('bogdan', 'hip');
create function pg_temp.plays(slug text) returns text language sql stable as $$
  select played.video_id from app_hidden.exercise_video(tests.id('video of ' || slug)) as played $$;

select tests.act_as('ana', 'atlas');
select is(pg_temp.plays('squat'), 'video of squat', 'what her first session asks for');
select is(pg_temp.plays('lunge'), 'video of lunge', 'and her second');
select * from tests.refuses($$select pg_temp.plays('bridge')$$, 'NOT_FOUND', 'exercise_video_not_found', 'what another plan asks for she does not play');
select tests.act_as('ana', 'boreal');
select * from tests.refuses($$select pg_temp.plays('squat')$$, 'NOT_FOUND', 'exercise_video_not_found', 'nor at another clinic of hers');
select tests.act_as('bogdan');
select is(pg_temp.plays('bridge'), 'video of bridge', 'whose plan it is does');
select * from tests.refuses($$select pg_temp.plays('lunge')$$, 'NOT_FOUND', 'exercise_video_not_found', 'and nothing of hers');
select tests.act_as('the database');
update app_public.patient_sessions set status = 'missed' where id = tests.id('ana''s knee 2');
select tests.act_as('ana', 'atlas');
select * from tests.refuses($$select pg_temp.plays('lunge')$$, 'NOT_FOUND', 'exercise_video_not_found', 'a session that is over asks for nothing any more');
select is(pg_temp.plays('squat'), 'video of squat', 'the other one does');

-- What is not made yet.
select tests.act_as('the database');
select tests.remember('video of nothing yet', (app_private.request_render(tests.id('squat'), '{"sets": 3, "reps": 10, "restSeconds": 30}', 'ro')).id);
select tests.act_as('flavia');
select * from tests.refuses($$select pg_temp.plays('nothing yet')$$, 'NOT_FOUND', 'exercise_video_not_found', 'nobody plays what is not there yet');
select is(pg_temp.plays('bridge'), 'video of bridge', 'staff play what is');

-- The catalog is open to one of them.
select app_public.grant_access(tests.id('bogdan at atlas'), 'library_access', 'Because', '2027-04-01 00:00+03'), app_public.grant_access(tests.id('ana at atlas'), 'library_access', 'Because', '2027-03-15 00:00+02');
select tests.act_as('ana', 'atlas');
select is(pg_temp.plays('bridge'), 'video of bridge', 'the catalog is open to her');
select tests.act_as('ana', 'boreal');
select * from tests.refuses($$select pg_temp.plays('bridge')$$, 'NOT_FOUND', 'exercise_video_not_found', 'at the clinic that opens it');
select tests.freeze_time('2027-03-15 00:00+02');
select tests.act_as('ana', 'atlas');
select * from tests.refuses($$select pg_temp.plays('bridge')$$, 'NOT_FOUND', 'exercise_video_not_found', 'while it does, whatever is open to others');
select tests.act_as('bogdan');
select is(pg_temp.plays('lunge'), 'video of lunge', 'as it is to him');

-- Who left the clinic.
select tests.act_as('the database');
select tests.caregiver('bogdan', 'ela');
update app_public.patients set deleted_at = app_hidden.now() where id = tests.id('bogdan at atlas');
update app_public.organizations set library_access_is_free = false where id = tests.id('atlas');
select tests.act_as('bogdan');
select * from tests.refuses($$select pg_temp.plays('lunge')$$, 'NOT_FOUND', 'exercise_video_not_found', 'who left has nothing open there, also where a child of his stays');
select tests.act_as('the database');
update app_public.organizations set library_access_is_free = true where id = tests.id('atlas');
select tests.act_as('bogdan');
select is(pg_temp.plays('lunge'), 'video of lunge', 'but what is open to the child');
select * from finish();
rollback;
