-- What the worker asks before it makes a video, and says while it does. EXL-03, EXL-05.

set role app_engine;

create or replace function app_private.claim_render(render_id uuid)
returns table (
  exercise_id uuid, slug text, kind text, names jsonb, video_provider text, collection_id text,
  recipe jsonb, recipe_hash text, language text, source_key text, object_key text, asset_version int
)
language plpgsql volatile strict security definer
set search_path = ''
as $$
declare
  v_render app_public.exercise_renders;
begin
  select known.* into v_render from app_public.exercise_renders as known where known.id = claim_render.render_id for no key update;
  if v_render.status = 'ready' then
    return;
  end if;
  -- One that died left it as it was.
  if v_render.status <> 'rendering' then
    update app_public.exercise_renders as known set status = 'rendering', problem = null, progress = 0
    where known.id = v_render.id
    returning known.* into v_render;
  end if;
  return query
    select exercises.id, exercises.slug, exercises.kind, exercises.translations, exercises.video_provider, exercises.bunny_collection_id,
           v_render.recipe, v_render.recipe_hash, v_render.language, v_render.source_key,
           object_surfaces.prefix || exercises.slug || '/' || v_render.id || '-' || v_render.asset_version || '.mp4', v_render.asset_version
    from app_public.exercises
    join app_private.object_surfaces on object_surfaces.key = v_render.surface
    where exercises.id = v_render.exercise_id;
end;
$$;

comment on function app_private.claim_render is
  'What a video is made of and where it goes, which is from then on being made; no row for one that is there.';
grant execute on function app_private.claim_render to app_worker;

create or replace function app_private.record_render_progress(render_id uuid, asset_version int, progress int) returns void
language sql volatile strict security definer
set search_path = ''
begin atomic
  update app_public.exercise_renders as known set progress = least(greatest(record_render_progress.progress, 0), 99)
  where known.id = record_render_progress.render_id
    and known.asset_version = record_render_progress.asset_version
    and known.status = 'rendering';
end;

comment on function app_private.record_render_progress is 'Says how far the making of a video is, in percent.';
grant execute on function app_private.record_render_progress to app_worker;

create or replace function app_private.record_exercise_collection(exercise_id uuid, collection_id text) returns text
language plpgsql volatile strict security definer
set search_path = ''
as $$
begin
  update app_public.exercises set bunny_collection_id = record_exercise_collection.collection_id
  where exercises.id = record_exercise_collection.exercise_id and exercises.bunny_collection_id is null;
  return (select exercises.bunny_collection_id from app_public.exercises where exercises.id = record_exercise_collection.exercise_id);
end;
$$;

comment on function app_private.record_exercise_collection is
  'Keeps under which collection the vendor has the videos of an exercise, and says which it is: of two that were made, the first.';
grant execute on function app_private.record_exercise_collection to app_worker;

reset role;
