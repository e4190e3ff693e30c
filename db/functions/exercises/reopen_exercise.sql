-- A published or archived exercise becomes a draft again: how a contraindication is taken back or worded otherwise. EXL-06.

set role app_engine;

create or replace function app_public.reopen_exercise(exercise_id uuid) returns app_public.exercises
language plpgsql volatile strict security definer
set search_path = ''
as $$
declare
  v_exercise app_public.exercises := app_private.exercise_to_write(exercise_id);
begin
  update app_public.exercises set status = 'draft' where exercises.id = v_exercise.id returning * into v_exercise;
  return v_exercise;
end;
$$;

comment on function app_public.reopen_exercise is
  'Takes a published or archived exercise back to be worked on; nobody else sees it until it is published again. Superadmin only.';
grant execute on function app_public.reopen_exercise to app_member;

reset role;
