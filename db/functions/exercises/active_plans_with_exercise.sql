-- How many plans of patients go on with an exercise, as their version has it: what archiving it asks. EXL-06.

create or replace function app_private.active_plans_with_exercise(exercise_id uuid) returns int
language sql stable strict
set search_path = ''
begin atomic
  select count(*)::int
  from app_public.patient_treatment_plans as enrolments
  where enrolments.status in ('active', 'paused')
    and exists (
      select from app_public.treatment_plan_exercises as prescribed
      where prescribed.scope_id = enrolments.plan_scope_id and prescribed.version_id = enrolments.version_id
        and prescribed.exercise_id = active_plans_with_exercise.exercise_id);
end;

comment on function app_private.active_plans_with_exercise is 'How many plans of patients that go on have an exercise.';
grant execute on function app_private.active_plans_with_exercise to app_engine;
