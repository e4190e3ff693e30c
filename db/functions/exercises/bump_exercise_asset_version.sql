-- The material that the videos of an exercise are made of is new. Those of the catalog are made again at once, the others when they
-- are next asked for; each plays as it was until then. EXL-03, EXL-06.

set role app_engine;

create or replace function app_public.bump_exercise_asset_version(exercise_id uuid) returns app_public.exercises
language plpgsql volatile strict security definer
set search_path = ''
as $$
declare
  v_exercise app_public.exercises := app_private.exercise_to_write(exercise_id);
  v_language text;
  v_import app_public.exercise_renders;
begin
  update app_public.exercises set asset_version = exercises.asset_version + 1
  where exercises.id = v_exercise.id
  returning * into v_exercise;
  if v_exercise.kind = 'reps_based' then
    foreach v_language in array '{ro,en}'::text[] loop
      perform app_private.show_in_catalog(
        v_exercise, app_private.request_render(v_exercise.id, app_private.catalog_recipe(), v_language));
    end loop;
  end if;
  for v_import in
    select known.* from app_public.exercise_renders as known
    where known.exercise_id = v_exercise.id and known.recipe_hash = '_imported'
    order by known.id
  loop
    perform app_private.queue_render(v_exercise, '_imported', v_import.language, null, v_import.source_key, makes_again => true);
  end loop;
  perform app_private.publish('exercise.asset_changed', null, v_exercise.id,
    jsonb_build_object('slug', v_exercise.slug, 'assetVersion', v_exercise.asset_version));
  select exercises.* into strict v_exercise from app_public.exercises where exercises.id = v_exercise.id;
  return v_exercise;
end;
$$;

comment on function app_public.bump_exercise_asset_version is
  'Says that the material of an exercise is new: its videos of the catalog are made again, or imported again. Superadmin only.';
grant execute on function app_public.bump_exercise_asset_version to app_member;

reset role;
