-- A superadmin asks for a video; without a prescription for the one of the catalog. EXL-03, EXL-06, FND-31.

set role app_engine;

create or replace function app_public.render_exercise(exercise_id uuid, language text, recipe jsonb default null)
returns app_public.exercise_renders
language plpgsql volatile security definer
set search_path = ''
as $$
declare
  v_exercise constant app_public.exercises := app_private.exercise_to_write(exercise_id);
  v_render constant app_public.exercise_renders :=
    app_private.request_render(v_exercise.id, coalesce(recipe, app_private.catalog_recipe()), language);
begin
  if recipe is null then
    perform app_private.show_in_catalog(v_exercise, v_render);
  end if;
  return v_render;
end;
$$;

comment on function app_public.render_exercise is
  E'@words language exercise_renders.language\n'
  '@arg language In which language it is spoken and shown.\n'
  '@arg recipe What is prescribed: {"sets", "reps" or "seconds", "restSeconds", "tempo", "side"}; null for the video of the catalog.\n'
  'The video of an exercise: the one that is there, or one that is made now. Superadmin only. VALIDATION recipe_malformed; STATE '
  'video_not_imported for an exercise whose video is imported and is not.';
grant execute on function app_public.render_exercise to app_member;

reset role;

create or replace function app_private.show_in_catalog(exercise app_public.exercises, render app_public.exercise_renders) returns void
language sql volatile
set search_path = ''
begin atomic
  update app_public.exercises set catalog_render_id = render.id
  where exercises.id = exercise.id and exercises.catalog_render_id is null;
end;

comment on function app_private.show_in_catalog is 'Makes a video the one of the catalog, where there is none.';
grant execute on function app_private.show_in_catalog to app_engine;
