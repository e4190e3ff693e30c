-- Test: patient_sessions_to_do - what a session asks for, each exercise with the video of its own prescription, or of the catalog until that is there; to whoever sees the session. EXE-01, EXE-05, EXL-04.
begin;
select plan(15);
select tests.freeze_time('2027-03-01 10:00+02');
select tests.person('root', superadmin => true);
select tests.remember('squat', tests.published_exercise('squat')), tests.remember('lunge', tests.published_exercise('lunge')), tests.remember('plank', tests.published_exercise('plank', 'duration_based'));
update app_public.exercises set tracking = '{"joints": ["knee"], "view": "side", "primary": "knee", "minRange": 30}' where slug = 'squat';
select tests.clinic('boreal');
select tests.staff('beata', 'admin'), tests.patient('ana');
select tests.clinic('atlas');
select tests.staff('stefan', 'specialist'), tests.staff('flavia', 'front_desk');
select tests.patient('ana'), tests.patient('bogdan');
select tests.treatment_plan('knee', 1, 0, 'draft');
insert into app_public.treatment_plan_exercises (organization_id, version_id, session_position, position, exercise_id, prescription)
select organization_id, version_id, 1, 2, tests.id('plank'), '{"sets": 2, "reps": null, "seconds": 30, "restSeconds": 10, "tempo": null, "side": null}' from app_public.treatment_plan_exercises where version_id = tests.id('knee');
update app_public.treatment_plan_versions v set status = 'submitted', submitted_at = app_hidden.now(), sessions_snapshot = app_private.treatment_snapshot(v),
  content_hash = sha256(convert_to(app_private.treatment_snapshot(v)::text, 'UTF8')) where v.id = tests.id('knee');
select tests.assigned('ana', 'knee');
-- Every session is handed in: what is shown of it is for the function to say.
create function pg_temp.to_do() returns text language plpgsql as $$
declare
  v_session app_public.patient_sessions := jsonb_populate_record(null::app_public.patient_sessions, jsonb_build_object('id', tests.id('ana''s knee 1')));
begin
  return (select string_agg(concat_ws(' ', d.place, (d.exercise).slug, d.prescription ->> 'reps', d.prescription ->> 'seconds', '-', (d.exercise).video_id), ', ' order by d.place)
    from unnest(app_public.patient_sessions_to_do(v_session)) d);
end $$;
create function pg_temp.made(exercise text, reps int, video text) returns void language plpgsql security definer as $$
declare
  v_render app_public.exercise_renders := app_private.request_render(
    tests.id(exercise), jsonb_build_object('sets', 3, 'reps', reps, 'seconds', null, 'restSeconds', 30, 'tempo', null, 'side', 'both'), 'ro');
begin
  perform app_private.claim_render(v_render.id);
  perform app_private.record_render(v_render.id, 1, 'local', made.video, 'key', 90);
end $$;

-- Which video.
select tests.act_as('ana', 'atlas');
select is(pg_temp.to_do(), '1 squat 10 - video of squat, 2 plank 30 - video of plank', 'what was prescribed, in order, as the catalog shows it');
select results_eq($$select d.tracking ->> 'primary', cardinality((d.exercise).contraindications), (d.exercise).language
  from app_public.patient_sessions s, unnest(app_public.patient_sessions_to_do(s)) d where d.place = 1$$, $$values ('knee', 1, 'ro')$$, 'with what the camera follows, whom it may harm, and in her language');
select tests.act_as('the database');
select pg_temp.made('lunge', 10, 'of lunge'), pg_temp.made('squat', 5, 'five squats');
select tests.act_as('ana', 'atlas');
select is(pg_temp.to_do(), '1 squat 10 - video of squat, 2 plank 30 - video of plank', 'neither the video of another exercise nor of another prescription is hers');
select tests.act_as('the database');
select lives_ok($$select app_private.request_render(tests.id('squat'), '{"sets": 3, "reps": 10, "restSeconds": 30, "side": "both"}', 'ro')$$, 'her own is asked for');
select tests.act_as('ana', 'atlas');
select is(pg_temp.to_do(), '1 squat 10 - video of squat, 2 plank 30 - video of plank', 'until it is there the catalog''s is shown');
select tests.act_as('the database');
select pg_temp.made('squat', 10, 'ten squats');
select tests.act_as('ana', 'atlas');
select is(pg_temp.to_do(), '1 squat 10 - ten squats, 2 plank 30 - video of plank', 'then her own');
select tests.act_as('the database');
update app_public.exercises set status = 'archived' where slug = 'squat';
select tests.act_as('ana', 'atlas');
select is(pg_temp.to_do(), '1 squat 10 - ten squats, 2 plank 30 - video of plank', 'what the library archives meanwhile she goes on with');

-- For whom.
select tests.act_as('ana', 'boreal');
select is(pg_temp.to_do(), null, 'at another clinic of hers nothing of it is shown');
select tests.act_as('bogdan');
select is(pg_temp.to_do(), null, 'nor to another patient');
select tests.act_as('beata');
select is(pg_temp.to_do(), null, 'nor to staff of another clinic');
select tests.act_as('flavia');
select is(pg_temp.to_do(), null, 'nor to front desk');
select tests.act_as('stefan');
select is(pg_temp.to_do(), '1 squat 10 - ten squats, 2 plank 30 - video of plank', 'whoever looks after her plan sees it');
select is(app_public.patient_sessions_to_do(null), '{}', 'of no session nothing');
select tests.act_as('the database');
update app_public.patient_profiles set locale = 'en' where id = tests.id('ana');
select tests.act_as('ana', 'atlas');
select results_eq($$select distinct (d.exercise).language, (d.exercise).name from app_public.patient_sessions s, unnest(app_public.patient_sessions_to_do(s)) d order by 2$$, $$values ('en', 'Exercise plank'), ('en', 'Exercise squat')$$, 'in the language that she reads');
select tests.act_as('the database');
update app_public.patients set deleted_at = app_hidden.now() where id = tests.id('ana at atlas');
select tests.act_as('ana', 'atlas');
select is(pg_temp.to_do(), null, 'who left the clinic is shown nothing');
select * from finish();
rollback;
