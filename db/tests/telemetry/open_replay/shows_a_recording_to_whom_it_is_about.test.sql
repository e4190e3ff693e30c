-- Test: open_replay, my_exercise_sessions, patient_exercise_sessions, exercise_trend - recordings are shown to the person and, on record, to staff of the clinic; each with what it came to itself. TEL-07, FND-04, FND-08.
begin;
select plan(37);
select tests.freeze_time('2027-03-01 10:00+02');
select tests.person('root', superadmin => true);
select tests.remember('squat', tests.published_exercise('squat')), tests.remember('lunge', tests.published_exercise('lunge'));
select tests.clinic('boreal');
select tests.staff('beata', 'admin'), tests.patient('ana'), tests.treatment_plan('theirs', 1, 0), tests.assigned('ana', 'theirs');
select tests.clinic('atlas');
select tests.staff('stefan', 'specialist'), tests.staff('flavia', 'front_desk');
select tests.patient('ana'), tests.patient('bogdan'), tests.patient('left');
select tests.treatment_plan('knee', 2, 0), tests.assigned('bogdan', 'knee'), tests.assigned('ana', 'knee'), tests.assigned('left', 'knee');
select tests.recording(session || ' 1', name => session, ended => true) from unnest('{ana''s theirs,bogdan''s knee,ana''s knee,left''s knee}'::text[]) session;
select tests.freeze_time('2027-03-02 10:00+02');
select tests.recording('ana''s knee 2', name => 'ana''s second');
update app_public.patient_sessions set status = 'started', started_at = app_hidden.now() where id = tests.id('ana''s knee 1');
update app_public.patient_sessions set status = 'completed', completed_at = app_hidden.now(), pain_before = 6, pain_after = 2 where id = tests.id('ana''s knee 1');
select tests.remember('ana''s account', (select principal_id from tests.personas where name = 'ana'));
create function pg_temp.names(shown jsonb) returns text language sql as $$
  select string_agg(n.name, ', ' order by r.place) from jsonb_array_elements(shown) with ordinality r (it, place) join tests.names n on n.id = (r.it ->> 'id')::uuid $$;
create function pg_temp.reads(about text) returns bigint language sql security definer as $$
  select count(*) from audit.entries where table_name = 'app_public.exercise_sessions' and action = 'read' and person_id = tests.id(about) $$;

-- The list of the person.
select tests.act_as('ana', 'atlas');
select is(pg_temp.names(app_hidden.my_exercise_sessions()), 'ana''s second, ana''s knee', 'hers at this clinic, the newest first');
select tests.act_as('ana', 'boreal');
select is(pg_temp.names(app_hidden.my_exercise_sessions()), 'ana''s theirs', 'and at the other');
select tests.act_as('bogdan');
select is(pg_temp.names(app_hidden.my_exercise_sessions()), 'bogdan''s knee', 'to each their own');
select tests.act_as('ana', 'atlas');
select results_eq($$select r ->> 'pain_before', r ->> 'replay_state', jsonb_array_length(r -> 'exercises'), r -> 'exercises' -> 0 ->> 'reps', r -> 'exercises' -> 0 ->> 'watched_percentage' from jsonb_array_elements(app_hidden.my_exercise_sessions()) r$$,
  $$values (null, 'none', 1, null, null), ('6', 'kept', 1, '10', '75')$$, 'what each came to; of the one that goes on nothing is known yet');

-- The list of staff.
select tests.act_as('stefan');
select is(pg_temp.names(app_hidden.patient_exercise_sessions(tests.id('ana at atlas'))), 'ana''s second, ana''s knee', 'staff see those of a patient of the clinic');
select results_eq($$select pg_temp.reads('ana'), pg_temp.reads('bogdan')$$, $$values (1::bigint, 0::bigint)$$, 'which is on record, of whom they are');
select tests.act_as('flavia');
select * from tests.refuses($$select app_hidden.patient_exercise_sessions(tests.id('ana at atlas'))$$, 'FORBIDDEN', 'permission_missing', 'front desk sees none');
select tests.act_as('beata');
select * from tests.refuses($$select app_hidden.patient_exercise_sessions(tests.id('ana at atlas'))$$, 'NOT_FOUND', 'not_found', 'nor does another clinic');
select is(pg_temp.names(app_hidden.patient_exercise_sessions(tests.id('ana at boreal'))), 'ana''s theirs', 'which sees its own');
select tests.act_as('the database');
update app_public.patients set deleted_at = app_hidden.now() where id = tests.id('left at atlas');
select tests.act_as('stefan');
select * from tests.refuses($$select app_hidden.patient_exercise_sessions(tests.id('left at atlas'))$$, 'NOT_FOUND', 'not_found', 'of who left the clinic nothing is shown');
select is(pg_temp.reads('ana'), 2::bigint, 'each reading is on record, refused ones are none');

-- Played.
select tests.act_as('stefan');
select is((select object_key from app_hidden.open_replay(tests.id('ana''s knee'))), tests.id('atlas') || '/telemetry/' || tests.id('ana''s knee') || '.replay', 'staff play the one that is named');
select is(pg_temp.reads('ana'), 3::bigint, 'on record');
select tests.act_as('the database');
select is((select string_agg(r.row_key, ' ') from audit.entries r where r.action = 'read' and r.table_name = 'app_public.exercise_sessions'), tests.id('ana''s knee')::text, 'with which it was');
select tests.act_as('flavia');
select * from tests.refuses($$select app_hidden.open_replay(tests.id('ana''s knee'))$$, 'NOT_FOUND', 'exercise_session_not_found', 'front desk plays none');
select tests.act_as('beata');
select * from tests.refuses($$select app_hidden.open_replay(tests.id('ana''s knee'))$$, 'NOT_FOUND', 'exercise_session_not_found', 'nor does another clinic');
select tests.act_as('bogdan');
select * from tests.refuses($$select app_hidden.open_replay(tests.id('ana''s knee'))$$, 'NOT_FOUND', 'exercise_session_not_found', 'nor another patient');
select tests.act_as('ana', 'boreal');
select * from tests.refuses($$select app_hidden.open_replay(tests.id('ana''s knee'))$$, 'NOT_FOUND', 'exercise_session_not_found', 'nor she where it is not of the clinic that she names');
select tests.act_as('ana', 'atlas');
select is((select object_key from app_hidden.open_replay(tests.id('ana''s knee'))), tests.id('atlas') || '/telemetry/' || tests.id('ana''s knee') || '.replay', 'as she does where it is');
select * from tests.refuses($$select app_hidden.open_replay(tests.id('ana''s second'))$$, 'STATE', 'replay_not_ready', 'not while it goes on');
select tests.act_as('the database');
update app_public.exercise_sessions set ended_at = app_hidden.now() where id = tests.id('ana''s second');
select tests.act_as('ana', 'atlas');
select * from tests.refuses($$select app_hidden.open_replay(tests.id('ana''s second'))$$, 'NOT_FOUND', 'nothing_to_replay', 'nor where nothing was recorded of it');

-- How she gets on with an exercise: of this patient, this exercise, the newest version, beside what was prescribed.
select tests.act_as('the database');
select tests.measured(r, 2) from app_public.exercise_sessions r where r.id = tests.id('ana''s knee');
insert into app_public.pose_session_metrics (organization_id, exercise_session_id, place, algorithm_version, exercise_id, reps, sets, confidence, frames_with_person, frames_without_person, frames_dropped, gaps)
select organization_id, id, 2, 9, tests.id('lunge'), 99, 1, 0.9, 1, 0, 0, 0 from app_public.exercise_sessions where id = tests.id('ana''s knee');
insert into app_public.media_session_metrics (organization_id, exercise_session_id, place, algorithm_version, watched_ms, duration_ms, watched_percentage, stalls, stalled_ms, rates)
select organization_id, id, 2, 9, 200, 20000, 1, 0, 0, '[]' from app_public.exercise_sessions where id = tests.id('ana''s knee');
create function pg_temp.trend(patient text, exercise text default 'squat') returns text language sql as $$
  select string_agg(concat_ws(' ', t.reps, 'of', t.prescribed_reps, 'by', t.algorithm_version, 'pain', t.pain_before), ', ' order by t.started_at) from app_public.exercise_trend(tests.id(patient), tests.id(exercise)) t $$;
select tests.act_as('stefan');
select is(pg_temp.trend('ana at atlas'), '10 of 30 by 2 pain 6', 'what was counted beside what was prescribed, and the pain');
select is(pg_temp.trend('ana at atlas', 'lunge'), '99 of by 9 pain 6', 'of another exercise its own');
select is(pg_temp.trend('bogdan at atlas'), '10 of 30 by 1 pain', 'of another patient theirs');
select tests.act_as('beata');
select is(pg_temp.trend('ana at atlas'), null, 'nothing to another clinic');
select tests.act_as(tests.id('ana''s account')); -- who names no clinic
select is(pg_temp.trend('ana at atlas'), '10 of 30 by 2 pain 6', 'she sees hers');
select is(pg_temp.trend('ana at boreal'), '10 of 30 by 1 pain', 'of each clinic its own');
select is((select string_agg(concat_ws(' ', e ->> 'reps', e ->> 'watched_percentage'), ', ') from jsonb_array_elements(app_hidden.my_exercise_sessions()) r, jsonb_array_elements(r -> 'exercises') e where r ->> 'id' = tests.id('ana''s knee')::text), '10 75', 'and of each exercise what was counted and watched of it');
select * from finish();
rollback;
