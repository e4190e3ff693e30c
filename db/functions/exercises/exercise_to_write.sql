-- The exercise that a superadmin changes: who may, and the lock. Nobody else writes the library, whatever they may at a clinic. EXL-01, EXL-06.

create or replace function app_private.exercise_to_write(exercise_id uuid) returns app_public.exercises
language plpgsql volatile
set search_path = ''
as $$
declare
  v_exercise app_public.exercises;
begin
  if not app_hidden.is_superadmin() then
    perform app_hidden.refuse('FORBIDDEN', 'superadmin_only');
  end if;
  select exercises.* into v_exercise
  from app_public.exercises
  where exercises.id = exercise_to_write.exercise_id
  for no key update;
  if not found then
    perform app_hidden.refuse('NOT_FOUND', 'not_found');
  end if;
  return v_exercise;
end;
$$;

comment on function app_private.exercise_to_write is
  'An exercise, locked for a superadmin to change; FORBIDDEN superadmin_only or NOT_FOUND otherwise.';
grant execute on function app_private.exercise_to_write to app_engine;
