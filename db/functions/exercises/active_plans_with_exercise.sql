-- How many plans of patients go on with an exercise: what archiving it asks. There are no such plans yet, so none has it. EXL-06.

create or replace function app_private.active_plans_with_exercise(exercise_id uuid) returns int
language sql stable strict
set search_path = ''
return 0;

comment on function app_private.active_plans_with_exercise is 'How many plans of patients that go on have an exercise.';
grant execute on function app_private.active_plans_with_exercise to app_engine;
