-- How many plans of patients go on with an exercise: what archiving it asks. EXL-06.

create or replace function app_private.active_plans_with_exercise(exercise_id uuid) returns int
language sql stable strict
set search_path = ''
begin atomic
  select count(*)::int
  from app_public.patient_treatment_plans as assigned
  where assigned.status in ('active', 'paused') and exists (
    select from app_public.treatment_plan_exercises as listed
    where listed.scope_id = assigned.plan_scope_id and listed.version_id = assigned.version_id
      and listed.exercise_id = active_plans_with_exercise.exercise_id);
end;

comment on function app_private.active_plans_with_exercise is 'How many plans of patients that go on have an exercise.';
grant execute on function app_private.active_plans_with_exercise to app_engine;
