-- Test: what a recording comes to - metrics once for each version of the algorithm, and the log, where nothing that the patient says is overwritten. TEL-04, TEL-05, TEL-11, EXE-02.
begin;
select plan(26);
select tests.freeze_time('2027-03-01 10:00+02');
select tests.person('root', superadmin => true);
select tests.remember('squat', tests.published_exercise('test-squat'));
select tests.clinic('atlas');
select tests.staff('adrian', 'admin');
select tests.patient('ana');
select tests.treatment_plan('knee', 2, 0), tests.assigned('ana', 'knee');
update app_public.patient_sessions set status = 'started', started_at = app_hidden.now() where id = tests.id('ana''s knee 1');
select tests.recording('ana''s knee 1', name => 'first');
create function pg_temp.result(version int, reps int, watched numeric, place int default 1) returns jsonb language sql as $$
  select jsonb_build_object('algorithmVersion', version, 'exercises', jsonb_build_array(jsonb_build_object(
      'place', place, 'range', 80.54, 'measured', '{"joint": "knee", "side": "left"}'::jsonb, 'signal', 'knee', 'confidence', 0.9123, 'view', 'front',
      'frames', '{"withPerson": 600, "withoutPerson": 3, "dropped": 2}'::jsonb, 'gaps', 1,
      -- Five a set, two seconds each; twenty seconds between sets.
      'reps', (select coalesce(jsonb_agg(jsonb_build_object('startMs', at, 'turnMs', at + 1000, 'endMs', at + 2000, 'range', 80.5) order by at), '[]')
               from (select 1803888000000 + (n - 1) * 2000 + ((n - 1) / 5) * 20000 from generate_series(1, reps) n) each_one (at)))),
    'media', jsonb_build_array(jsonb_build_object('place', place, 'watched', watched, 'durationMs', 20000, 'rates', '[{"rate": 1, "seconds": 15}]'::jsonb,
      'stalls', '[{"atMs": 1803888001000, "lengthMs": 250.4}]'::jsonb)))
$$;
create function pg_temp.told(recording text, result jsonb) returns uuid language plpgsql as $$
begin
  perform tests.act_as('the telemetry');
  perform app_telemetry.publish_aggregated(tests.id(recording), result);
  perform tests.act_as('the database');
  return (select id from app_private.events where name = 'session.aggregated' order by id desc limit 1);
end $$;
create function pg_temp.consumed(recording text, result jsonb) returns void language plpgsql as $$
declare
  v_event uuid := pg_temp.told(recording, result);
begin
  perform tests.act_as('the worker');
  perform app_private.consume_telemetry(v_event);
  perform app_private.consume_telemetry(v_event);
  perform tests.act_as('the database');
end $$;
create function pg_temp.log() returns table (entered int, sets int, reps int, source text, watched int, version text) language sql as $$
  select entered_reps, actual_sets, actual_reps, actual_source, video_watch_percentage, pose_summary ->> 'algorithmVersion' from app_public.patient_exercise_logs
$$;

-- Published once.
select tests.act_as('the engine');
select * from tests.refuses($$select app_telemetry.publish_aggregated(tests.id('first'), '{"algorithmVersion": 1, "exercises": {}, "media": []}')$$, 'VALIDATION', 'session_result_not_valid', 'a list of exercises');
select * from tests.refuses($$select app_telemetry.publish_aggregated(tests.id('first'), '{"algorithmVersion": "new", "exercises": [], "media": []}')$$, 'VALIDATION', 'session_result_not_valid', 'a version that counts');
select * from tests.refuses($$select app_telemetry.publish_aggregated(tests.id('first'), '{"algorithmVersion": 1, "exercises": []}')$$, 'VALIDATION', 'session_result_not_valid', 'and how videos were watched');
select tests.act_as('the telemetry');
select app_telemetry.publish_aggregated(uuidv7(), pg_temp.result(1, 10, 15));
select tests.act_as('the database');
select is((select count(*) from app_private.events where name = 'session.aggregated'), 0::bigint, 'of a recording that is not there nothing is told');
select pg_temp.told('first', pg_temp.result(1, 10, 15)) = pg_temp.told('first', pg_temp.result(1, 99, 1)) as same_event;
select is((select count(*) from app_private.events where name = 'session.aggregated'), 1::bigint, 'a version is told of once');
select is((select payload from app_private.events where name = 'session.aggregated'), jsonb_build_object('exerciseSessionId', tests.id('first'),
  'patientSessionId', tests.id('ana''s knee 1'), 'patientProfileId', tests.id('ana'), 'algorithmVersion', 1), 'by ids alone');

-- Written once, beside what the patient says.
select tests.act_as('ana');
select app_public.log_exercise(tests.id('ana''s knee 1'), 1, uuidv7(), app_hidden.now(), 3, 30);
select tests.act_as('the database');
select pg_temp.consumed('first', pg_temp.result(1, 1, 1));
select results_eq($$select reps, sets, range_degrees, joint, side, signal, confidence, view, frames_with_person, frames_without_person, frames_dropped, gaps, exercise_id from app_public.pose_session_metrics$$,
  $$values (10, 2, 80.5, 'knee', 'left', 'knee', 0.912, 'front', 600, 3, 2, 1, tests.id('squat'))$$, 'what the camera made of it');
select results_eq($$select count(*), min(started_at), max(ended_at), max(number) from app_public.pose_rep_metrics$$,
  $$values (10::bigint, timestamptz '2027-03-01 10:00+02', timestamptz '2027-03-01 10:00:40+02', 10)$$, 'each repetition, by the clock of the browser');
select results_eq($$select watched_ms, duration_ms, watched_percentage, stalls, stalled_ms from app_public.media_session_metrics$$, $$values (15000::bigint, 20000::bigint, 75, 1, 250::bigint)$$, 'how it was watched');
select results_eq($$select stalled_at, length_ms from app_public.media_buffering_events$$, $$values (timestamptz '2027-03-01 10:00:01+02', 250::bigint)$$, 'and when it stood still');
select results_eq($$select * from pg_temp.log()$$, $$values (30, 2, 10, 'pose', 75, '1')$$, 'the log has both, and whose it is');
select is((select prescribed ->> 'reps' from app_public.patient_exercise_logs), '10', 'beside what was prescribed');
select is((select result from app_private.session_aggregates), null, 'what was told is not kept twice');
select tests.act_as('ana');
select app_public.log_exercise(tests.id('ana''s knee 1'), 1, uuidv7(), app_hidden.now(), 4, 40);
select tests.act_as('the database');
select results_eq($$select * from pg_temp.log()$$, $$values (40, 2, 10, 'pose', 75, '1')$$, 'what she says later takes nothing away');

-- Done anew by another version.
select pg_temp.consumed('first', pg_temp.result(2, 12, 16));
select results_eq($$select algorithm_version, reps from app_public.pose_session_metrics order by 1$$, $$values (1, 10), (2, 12)$$, 'a new version adds to the old one');
select results_eq($$select * from pg_temp.log()$$, $$values (40, 3, 12, 'pose', 80, '2')$$, 'and counts in the log');
select pg_temp.told('first', pg_temp.result(3, 1, 1));

-- Another recording of the same session.
select tests.recording('ana''s knee 1', name => 'second');
select pg_temp.consumed('second', pg_temp.result(2, 5, 5));
select results_eq($$select * from pg_temp.log()$$, $$values (40, 4, 17, 'pose', 80, '2')$$, 'several recordings count together');
select pg_temp.consumed('second', pg_temp.result(4, 3, 5, place => 7));
select is((select count(*) from app_public.pose_session_metrics where algorithm_version = 4), 0::bigint, 'what is of no exercise of the session is left out');

-- The camera saw nobody.
select tests.freeze_time('2027-03-03 10:00+02');
update app_public.patient_sessions set status = 'started', started_at = app_hidden.now() where id = tests.id('ana''s knee 2');
delete from app_public.patient_exercise_logs;
select tests.recording('ana''s knee 2', name => 'dark');
select pg_temp.consumed('dark', pg_temp.result(1, 0, 20));
select results_eq($$select * from pg_temp.log()$$, $$values (null::int, null::int, null::int, null::text, 100, '1')$$, 'nothing was counted, and nothing is said to be done');
select tests.act_as('ana');
select app_public.log_exercise(tests.id('ana''s knee 2'), 1, uuidv7(), app_hidden.now(), 3, 30);
select tests.act_as('the database');
select results_eq($$select * from pg_temp.log()$$, $$values (30, 3, 30, 'patient', 100, '1')$$, 'what she says counts');
select pg_temp.consumed('dark', pg_temp.result(2, 0, 20));
select results_eq($$select * from pg_temp.log()$$, $$values (30, 3, 30, 'patient', 100, '2')$$, 'also after it was looked at anew');

-- Who reads it.
select tests.act_as('ana');
select is((select count(*) from app_public.pose_session_metrics), 5::bigint, 'she sees what was counted');
select tests.act_as('adrian');
select is((select count(*) from app_public.pose_rep_metrics), 27::bigint, 'and so does her clinic');
select * from finish();
rollback;
