-- What analysts read of sessions at home: groups of patients of all clinics, by exercise or plan and month, without anybody's id. A group of fewer
-- than ten patients has no row, so nobody is found by subtraction of what is known otherwise. Kept, since analysts read past row security
-- what they may read at all; made anew each night beside what is read meanwhile. TEL-09.

create or replace function analytics.smallest_cohort() returns int
language sql immutable parallel safe
return 10;

comment on function analytics.smallest_cohort is 'How many patients a group must have to be shown.';
grant execute on function analytics.smallest_cohort to app_engine, app_analyst;

set role app_engine;

drop materialized view if exists analytics.exercise_cohorts;
create materialized view analytics.exercise_cohorts as
  select exercises.slug as exercise, (date_trunc('month', recordings.started_at, 'UTC') at time zone 'UTC')::date as month,
    metrics.algorithm_version,
    count(distinct recordings.patient_profile_id)::int as patients,
    count(*)::int as recordings,
    round(avg(metrics.reps), 1) as average_reps,
    round(avg(metrics.range_degrees), 1) as average_range_degrees,
    round(avg(metrics.confidence), 2) as average_confidence
  from app_public.pose_session_metrics as metrics
  join app_public.exercise_sessions as recordings
    on recordings.organization_id = metrics.organization_id and recordings.id = metrics.exercise_session_id
  join app_public.exercises on exercises.id = metrics.exercise_id
  group by 1, 2, 3
  having count(distinct recordings.patient_profile_id) >= analytics.smallest_cohort();
-- Nobody reads it yet.
-- squawk-ignore require-concurrent-index-creation
create unique index exercise_cohorts_are_one_row_each on analytics.exercise_cohorts (exercise, month, algorithm_version);
comment on materialized view analytics.exercise_cohorts is
  'What recordings came to, by exercise, month and version of the algorithm, over all clinics: groups of ten patients and more.';
comment on column analytics.exercise_cohorts.exercise is 'The exercise, by its slug.';
comment on column analytics.exercise_cohorts.month is 'The first day of the month, in UTC, in which the recordings began.';
grant select on analytics.exercise_cohorts to app_analyst;

drop materialized view if exists analytics.adherence_cohorts;
create materialized view analytics.adherence_cohorts as
  select plans.slug as treatment_plan, date_trunc('month', sessions.due_on)::date as month,
    count(distinct sessions.patient_profile_id)::int as patients,
    count(*)::int as sessions_due,
    (count(*) filter (where sessions.status = 'completed'))::int as sessions_completed,
    round(avg(sessions.pain_after - sessions.pain_before), 2) as average_pain_change
  from app_public.patient_sessions as sessions
  join app_public.patient_treatment_plans as enrolments
    on enrolments.organization_id = sessions.organization_id and enrolments.id = sessions.patient_treatment_plan_id
  join app_public.treatment_plans as plans on plans.id = enrolments.treatment_plan_id and plans.organization_id is null
  where not sessions.is_extra and sessions.status in ('completed', 'missed')
  group by 1, 2
  having count(distinct sessions.patient_profile_id) >= analytics.smallest_cohort();
-- Nobody reads it yet.
-- squawk-ignore require-concurrent-index-creation
create unique index adherence_cohorts_are_one_row_each on analytics.adherence_cohorts (treatment_plan, month);
comment on materialized view analytics.adherence_cohorts is
  'How sessions of the platform''s treatment plans were done, by plan and month, over all clinics: groups of ten patients and more.';
comment on column analytics.adherence_cohorts.treatment_plan is 'The plan of the platform, by its slug.';
comment on column analytics.adherence_cohorts.month is 'The first day of the month in which the sessions were due.';
grant select on analytics.adherence_cohorts to app_analyst;

create or replace function app_private.refresh_cohorts() returns void
language plpgsql volatile security definer
set search_path = ''
as $$
declare
  v_view record;
begin
  -- Beside what is read: nobody waits. A backup may have brought them empty.
  for v_view in
    select pg_class.oid::regclass as name, pg_class.relispopulated as is_filled
    from pg_catalog.pg_class
    where pg_class.oid in ('analytics.exercise_cohorts'::regclass, 'analytics.adherence_cohorts'::regclass)
    order by pg_class.relname
  loop
    execute format('refresh materialized view %s %s', case when v_view.is_filled then 'concurrently' end, v_view.name);
  end loop;
end;
$$;

comment on function app_private.refresh_cohorts is 'Makes the groups that analysts read anew.';
grant execute on function app_private.refresh_cohorts to app_worker;

reset role;
