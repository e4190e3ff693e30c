-- Test: consume_telemetry - an event writes what this recording came to by this version, exercise by exercise, once, in whatever month; and nothing of one that was erased. TEL-04, TEL-05, TEL-11.
begin;
select plan(21);
select tests.freeze_time('2031-05-12 10:00+03');
select tests.person('root', superadmin => true);
select tests.remember('squat', tests.published_exercise('squat')), tests.remember('lunge', tests.published_exercise('lunge'));
select tests.clinic('atlas'), tests.patient('ana'), tests.patient('bogdan');
select tests.treatment_plan('knee', 1, 0, 'draft');
insert into app_public.treatment_plan_exercises (organization_id, version_id, session_position, position, exercise_id, prescription)
select organization_id, version_id, 1, 2, tests.id('lunge'), prescription from app_public.treatment_plan_exercises where version_id = tests.id('knee');
update app_public.treatment_plan_versions v set status = 'submitted', submitted_at = app_hidden.now(), sessions_snapshot = app_private.treatment_snapshot(v),
  content_hash = sha256(convert_to(app_private.treatment_snapshot(v)::text, 'UTF8')) where v.id = tests.id('knee');
select tests.assigned('bogdan', 'knee'), tests.assigned('ana', 'knee');
update app_public.patient_sessions set status = 'started', started_at = app_hidden.now();
-- Which place has how many repetitions, two seconds each; and how many of 20 seconds of its video were watched.
create function pg_temp.result(version int, reps jsonb, watched jsonb default '{}') returns jsonb language sql as $$
  select jsonb_build_object('algorithmVersion', version,
    'exercises', (select coalesce(jsonb_agg(jsonb_build_object('place', e.place::int, 'range', 80.5, 'measured', '{"joint": "knee", "side": "left"}'::jsonb, 'signal', 'knee', 'confidence', 0.9, 'view', 'front',
      'frames', '{"withPerson": 600, "withoutPerson": 0, "dropped": 0}'::jsonb, 'gaps', 0,
      'reps', (select coalesce(jsonb_agg(jsonb_build_object('startMs', n * 2000, 'turnMs', n * 2000 + 1000, 'endMs', n * 2000 + 2000, 'range', 80.5) order by n), '[]') from generate_series(1, e.reps::int) n))), '[]') from jsonb_each_text(reps) e (place, reps)),
    'media', (select coalesce(jsonb_agg(jsonb_build_object('place', m.place::int, 'watched', m.seconds::numeric, 'durationMs', 20000, 'rates', '[]'::jsonb, 'stalls', '[]'::jsonb)), '[]') from jsonb_each_text(watched) m (place, seconds)))
$$;
create function pg_temp.told(recording text, result jsonb) returns uuid language plpgsql as $$
begin
  perform tests.act_as('the telemetry');
  perform app_telemetry.publish_aggregated(tests.id(recording), result);
  perform tests.act_as('the database');
  return tests.remember(recording || ' ' || (result ->> 'algorithmVersion'), (
    select id from app_private.events where name = 'session.aggregated' and subject_id = tests.id(recording) and payload -> 'algorithmVersion' = result -> 'algorithmVersion'));
end $$;
create function pg_temp.consumed(event text) returns void language plpgsql as $$
begin
  perform tests.act_as('the worker');
  perform app_private.consume_telemetry(tests.id(event));
  perform tests.act_as('the database');
end $$;
create function pg_temp.log(patient text default 'ana') returns text language sql as $$
  select string_agg(concat_ws(' ', l.place, coalesce(l.actual_reps::text, '-'), coalesce(l.actual_source, '-'), coalesce(l.video_watch_percentage::text, '-')), ', ' order by l.place)
  from app_public.patient_exercise_logs l where l.patient_session_id = tests.id(patient || '''s knee 1') $$;
create function pg_temp.written() returns text language sql as $$
  select string_agg(n.name || ' ' || a.algorithm_version || case when a.result is null then '' else ' waits' end, ', ' order by n.name, a.algorithm_version)
  from app_private.session_aggregates a join tests.names n on n.id = a.exercise_session_id $$;

select tests.recording('bogdan''s knee 1', name => 'his'), tests.recording('ana''s knee 1', name => 'hers');
select pg_temp.told('his', pg_temp.result(1, '{"1": 50}', '{"1": 20}')), pg_temp.told('hers', pg_temp.result(1, '{"2": 8}', '{"2": 10}')), pg_temp.told('hers', pg_temp.result(2, '{"1": 4, "2": 6}', '{"1": 5, "2": 10}'));
select lives_ok($$select pg_temp.consumed('hers 1')$$, 'also in a month that nobody prepared');
select is(pg_temp.written(), 'hers 1, hers 2 waits, his 1 waits', 'of this recording, by this version');
select is(pg_temp.log(), '2 8 pose 50', 'of the exercise that was recorded; of the other nothing is said');
select is(pg_temp.log('bogdan'), null, 'nor of anybody else''s session');
select tests.freeze_time('2031-05-12 11:00+03');
select pg_temp.consumed('hers 1');
select is((select written_at from app_private.session_aggregates where exercise_session_id = tests.id('hers') and algorithm_version = 1), timestamptz '2031-05-12 10:00+03', 'a second time nothing is written');
select pg_temp.consumed('his 1');
select is(pg_temp.log(), '2 8 pose 50', 'what is written of another recording changes nothing of hers');
select is(pg_temp.log('bogdan'), '1 50 pose 100', 'but of his');
select pg_temp.consumed('hers 2');
select is(pg_temp.log(), '1 4 pose 25, 2 6 pose 50', 'each exercise has its own repetitions, and its own video');
select pg_temp.told('hers', pg_temp.result(3, '{"1": 0}', '{"1": 5}')), pg_temp.consumed('hers 3');
select is(pg_temp.log(), '1 - - 25, 2 6 pose 50', 'counted anew as nothing, it is not said that anything was done');
select is(pg_temp.written(), 'hers 1, hers 2, hers 3, his 1', 'all is written');

-- Erased meanwhile.
select tests.recording('ana''s knee 1', name => 'erased'), pg_temp.told('erased', pg_temp.result(1, '{"1": 9}'));
delete from app_private.session_aggregates where exercise_session_id = tests.id('erased');
delete from app_public.exercise_sessions where id = tests.id('erased');
select lives_ok($$select pg_temp.consumed('erased 1')$$, 'of a recording that was erased meanwhile nothing is written');
select is(pg_temp.log(), '1 - - 25, 2 6 pose 50', 'and what is known stays');

-- Months: what is missing is made.
select tests.act_as('the database');
create function pg_temp.months(year text) returns text language sql as $$
  select string_agg(relname::text, ' ' order by relname) from pg_class where relnamespace = 'app_private'::regnamespace and relkind = 'r' and relname ~ ('^(pose_rep_metrics|media_buffering_events)_' || year) $$;
select is(pg_temp.months('2031'), 'media_buffering_events_2031_05 pose_rep_metrics_2031_05', 'the month has its partitions');
select app_private.open_metrics_month('2031-05-31 23:59:59+00');
select is(pg_temp.months('2031'), 'media_buffering_events_2031_05 pose_rep_metrics_2031_05', 'once');
drop table app_private.media_buffering_events_2031_05;
select lives_ok($$select app_private.open_metrics_month('2031-05-01 00:00+00')$$, 'where one is missing');
select is(pg_temp.months('2031'), 'media_buffering_events_2031_05 pose_rep_metrics_2031_05', 'it is made');
select tests.freeze_time('2034-11-15 10:00+00'), tests.act_as('the worker');
select lives_ok('select app_private.open_metrics_months(2)', 'the worker makes them ahead');
select tests.act_as('the database');
select is(pg_temp.months('203[45]'), 'media_buffering_events_2034_11 media_buffering_events_2034_12 media_buffering_events_2035_01 pose_rep_metrics_2034_11 pose_rep_metrics_2034_12 pose_rep_metrics_2035_01', 'this month''s and those of two months more');

-- Sets: a pause that is longer than five seconds, and than half of the rest that is prescribed.
create function pg_temp.sets(pause int, rest int) returns int language sql as $$
  select app_private.sets_of(jsonb_build_array('{"startMs": 0, "endMs": 1000}'::jsonb, jsonb_build_object('startMs', 1000 + pause, 'endMs', 9000 + pause)), jsonb_build_object('restSeconds', rest)) $$;
select results_eq('select pg_temp.sets(5000, 0), pg_temp.sets(5001, 0)', 'values (1, 2)', 'five seconds are no pause between sets');
select results_eq('select pg_temp.sets(15000, 30), pg_temp.sets(15001, 30)', 'values (1, 2)', 'nor is half of the rest');
select is(app_private.sets_of('[]', '{"restSeconds": 30}'), 0, 'of no repetition there is no set');
select * from finish();
rollback;
