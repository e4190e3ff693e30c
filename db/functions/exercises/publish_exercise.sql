-- An exercise comes into the catalog, once it has all that a patient is to be shown with it. EXL-06.

set role app_engine;

create or replace function app_public.publish_exercise(exercise_id uuid) returns app_public.exercises
language plpgsql volatile strict security definer
set search_path = ''
as $$
declare
  v_exercise app_public.exercises := app_private.exercise_to_write(exercise_id);
  v_missing constant text[] := app_public.exercises_missing(v_exercise);
begin
  if v_missing <> '{}' then
    perform app_hidden.refuse('STATE', 'exercise_incomplete', jsonb_build_object('missing', v_missing));
  end if;
  update app_public.exercises set status = 'published' where exercises.id = v_exercise.id returning * into v_exercise;
  perform app_private.publish('exercise.published', null, v_exercise.id,
    jsonb_build_object('slug', v_exercise.slug, 'assetVersion', v_exercise.asset_version));
  return v_exercise;
end;
$$;

comment on function app_public.publish_exercise is
  'Brings an exercise into the catalog. Superadmin only. STATE exercise_incomplete without instructions and contraindications in both '
  'languages, a review of the latter, and a video for the catalog; missing says which.';
grant execute on function app_public.publish_exercise to app_member;

reset role;
