-- Test: groups of patients for analysts - against figures worked out by hand, nothing of fewer than ten, nobody's id. TEL-09.
begin;
select plan(10);
select tests.freeze_time('2027-03-01 10:00+02');
select tests.person('root', superadmin => true);
select tests.remember('squat', tests.published_exercise('test-squat')), tests.remember('lunge', tests.published_exercise('test-lunge'));
select tests.clinic('atlas');
select tests.treatment_plan('common plan', 1, 0, by_platform => true);
select tests.patient('patient ' || n, account => false), tests.assigned('patient ' || n, 'common plan') from generate_series(1, 10) n;
select tests.recording('patient ' || n || '''s common plan 1', name => 'recording ' || n, ended => true) from generate_series(1, 10) n;
-- 10 repetitions each; of the first 20, of the last 1: 101 in all, 10.1 each.
update app_public.pose_session_metrics set reps = 20, range_degrees = 90.5 where exercise_session_id = tests.id('recording 1');
update app_public.pose_session_metrics set reps = 1 where exercise_session_id = tests.id('recording 10');
-- Nine patients, one of them twice.
insert into app_public.pose_session_metrics
  (organization_id, exercise_session_id, place, algorithm_version, exercise_id, reps, sets, confidence, frames_with_person, frames_without_person, frames_dropped, gaps)
select tests.id('atlas'), tests.id('recording ' || n), p, 1, tests.id('lunge'), 5, 1, 0.5, 1, 0, 0, 0
from generate_series(1, 9) n cross join generate_series(2, 3) p where n = 1 or p = 2;
-- Nine done, one missed; pain falls by two for each of the nine.
update app_public.patient_sessions set status = 'started', started_at = app_hidden.now() where id in (select tests.id('patient ' || n || '''s common plan 1') from generate_series(1, 9) n);
update app_public.patient_sessions set status = 'completed', completed_at = app_hidden.now(), pain_before = 5, pain_after = 3 where status = 'started';
update app_public.patient_sessions set status = 'missed' where status = 'due';

select tests.act_as('an analyst');
select is((select count(*)::int from analytics.exercise_cohorts) + (select count(*)::int from analytics.adherence_cohorts), 0, 'before the first night there are no groups, and reading them is no error');
select tests.act_as('the worker');
select app_private.refresh_cohorts();
select tests.act_as('an analyst');
select results_eq('select exercise, month, algorithm_version, patients, recordings, average_reps, average_range_degrees, average_confidence from analytics.exercise_cohorts',
  $$values ('test-squat', '2027-03-01'::date, 1, 10, 10, 10.1, 81.5, 0.90)$$, 'by exercise, and nothing of nine patients');
select results_eq('select treatment_plan, month, patients, sessions_due, sessions_completed, average_pain_change from analytics.adherence_cohorts',
  $$values ('common-plan', '2027-03-01'::date, 10, 10, 9, -2.00)$$, 'by plan');
select throws_ok('select from app_public.exercise_sessions', '42501', null, 'nothing of anybody in particular');
select throws_ok('select app_private.refresh_cohorts()', '42501', null, 'which an analyst does not make anew');
select tests.act_as('the database');
select is((select array_agg(attname::text order by attnum) from pg_attribute where attrelid = 'analytics.exercise_cohorts'::regclass and attnum > 0),
  '{exercise,month,algorithm_version,patients,recordings,average_reps,average_range_degrees,average_confidence}', 'no column names anybody');
select is((select array_agg(attname::text order by attnum) from pg_attribute where attrelid = 'analytics.adherence_cohorts'::regclass and attnum > 0),
  '{treatment_plan,month,patients,sessions_due,sessions_completed,average_pain_change}', 'nor does one of the plans');
update app_public.patient_sessions set due_on = due_on - 40 where patient_profile_id = tests.id('patient 1');
delete from app_public.pose_session_metrics where exercise_session_id = tests.id('recording 1');
select tests.act_as('the worker');
select app_private.refresh_cohorts();
select tests.act_as('an analyst');
select is((select count(*) from analytics.exercise_cohorts), 0::bigint, 'a group that shrinks is not shown any more');
select is((select count(*) from analytics.adherence_cohorts), 0::bigint, 'of either kind');
select tests.act_as('a visitor');
select throws_ok('select from analytics.exercise_cohorts', '42501', null, 'they are for analysts alone');
select * from finish();
rollback;
