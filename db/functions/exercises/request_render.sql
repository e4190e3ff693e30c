-- The one way to a video of an exercise: looked up by what it shows before anything is made, so that a prescription which many have is
-- composed once. The row and its job are written together, and the row is unique, so of two who ask at once the second finds it.
-- A video of older material is made again under its row, and plays until the new one is there. EXL-03.

create or replace function app_private.request_render(exercise_id uuid, recipe jsonb, language text) returns app_public.exercise_renders
language plpgsql volatile
set search_path = ''
as $$
declare
  v_exercise app_public.exercises;
  v_recipe constant jsonb := app_private.require_recipe(recipe);
  v_render app_public.exercise_renders;
begin
  -- The material cannot become another one meanwhile: bump_exercise_asset_version() waits.
  select exercises.* into v_exercise
  from app_public.exercises
  where exercises.id = request_render.exercise_id
  for share;
  if not found then
    perform app_hidden.refuse('NOT_FOUND', 'not_found');
  elsif request_render.language is null or request_render.language not in ('ro', 'en') then
    perform app_hidden.refuse('VALIDATION', 'language_unknown', '{"field": "language"}');
  end if;
  if v_exercise.kind = 'duration_based' then
    select known.* into v_render
    from app_public.exercise_renders as known
    where known.exercise_id = v_exercise.id and known.recipe_hash = '_imported'
    order by known.language = request_render.language desc, known.language desc
    limit 1;
    if not found then
      perform app_hidden.refuse('STATE', 'video_not_imported', jsonb_build_object('slug', v_exercise.slug));
    end if;
    return v_render;
  end if;
  return app_private.queue_render(
    v_exercise, app_private.recipe_hash(v_recipe), request_render.language, v_recipe, null, makes_again => false);
end;
$$;

comment on function app_private.request_render is
  'The video of a prescription in a language: the one that is there, or a row that waits for the worker. Of an exercise that is '
  'imported, the imported one, in the other language if need be; STATE video_not_imported without one.';
grant execute on function app_private.request_render to app_engine;

create or replace function app_private.queue_render(
  exercise app_public.exercises, recipe_hash text, language text, recipe jsonb, source_key text, makes_again boolean
) returns app_public.exercise_renders
language plpgsql volatile
set search_path = ''
as $$
declare
  v_render app_public.exercise_renders;
begin
  insert into app_public.exercise_renders (exercise_id, recipe_hash, language, recipe, source_key, asset_version, requested_at)
  values (exercise.id, queue_render.recipe_hash, queue_render.language, queue_render.recipe, queue_render.source_key,
          exercise.asset_version, app_hidden.now())
  on conflict on constraint exercise_renders_are_made_once do nothing
  returning * into v_render;
  if not found then
    select known.* into strict v_render
    from app_public.exercise_renders as known
    where known.exercise_id = exercise.id and known.recipe_hash = queue_render.recipe_hash and known.language = queue_render.language
    for no key update;
    if v_render.asset_version = exercise.asset_version and v_render.status <> 'failed' and not makes_again then
      return v_render;
    end if;
    update app_public.exercise_renders as known
    set asset_version = exercise.asset_version, source_key = queue_render.source_key, requested_at = app_hidden.now(), progress = 0
    where known.id = v_render.id
    returning * into v_render;
    if v_render.status <> 'queued' then
      update app_public.exercise_renders as known set status = 'queued', problem = null where known.id = v_render.id returning * into v_render;
    end if;
  end if;
  -- A queue for each language: however many wait, two jobs of a worker are busy with them, and mails go out meanwhile.
  perform graphile_worker.add_job(
    'render_exercise', json_build_object('renderId', v_render.id), queue_name => 'render_exercise:' || v_render.language, max_attempts => 10,
    job_key => 'render_exercise:' || v_render.id);
  return v_render;
end;
$$;

comment on function app_private.queue_render is
  'The row of a video, queued unless it is there or on its way; makes_again queues it whatever it is.';
grant execute on function app_private.queue_render to app_engine;
