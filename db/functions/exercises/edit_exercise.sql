-- What an exercise is, as a whole: what is not given is taken away. What is published stays complete. EXL-06.

set role app_engine;

create or replace function app_public.edit_exercise(
  exercise_id uuid,
  difficulty int,
  translations jsonb,
  tracking jsonb default null,
  terms text[] default '{}',
  video_provider text default null
) returns app_public.exercises
language plpgsql volatile security definer
set search_path = ''
as $$
declare
  v_exercise app_public.exercises := app_private.exercise_to_write(exercise_id);
begin
  update app_public.exercises set
    difficulty = edit_exercise.difficulty,
    translations = app_private.require_translations(edit_exercise.translations),
    tracking = app_private.require_tracking(edit_exercise.tracking),
    video_provider = edit_exercise.video_provider
  where exercises.id = v_exercise.id
  returning * into v_exercise;
  perform app_private.tag_exercise(v_exercise.id, edit_exercise.terms);
  perform app_private.require_still_complete(v_exercise);
  return v_exercise;
end;
$$;

comment on function app_public.edit_exercise is
  'Sets what an exercise is, as a whole: tracking and terms that are not given are taken away. Superadmin only. STATE '
  'exercise_incomplete where it is published and would lack something.';
grant execute on function app_public.edit_exercise to app_member;

reset role;
