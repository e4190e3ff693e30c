-- A video can be played. Told twice, or of material that is not the newest any more, it changes nothing; either way the answer says
-- which video at the vendor nobody needs, so that one is left. EXL-03, EXL-05.

set role app_engine;

create or replace function app_private.record_render(
  render_id uuid, asset_version int, provider text, video_id text, object_key text, duration_s int, out is_new boolean, out unneeded_video_id text
) returns record
language plpgsql volatile security definer
set search_path = ''
as $$
declare
  v_before app_public.exercise_renders;
begin
  select known.* into v_before from app_public.exercise_renders as known where known.id = record_render.render_id for no key update;
  is_new := found and v_before.status = 'rendering' and v_before.asset_version = record_render.asset_version;
  if not is_new then
    unneeded_video_id := nullif(record_render.video_id, v_before.video_id);
    return;
  end if;
  update app_public.exercise_renders as known set
    status = 'ready', progress = 100, provider = record_render.provider, video_id = record_render.video_id,
    object_key = record_render.object_key, duration_s = record_render.duration_s, rendered_at = app_hidden.now()
  where known.id = v_before.id;
  unneeded_video_id := nullif(v_before.video_id, record_render.video_id);
  perform app_private.publish_render('exercise.rendered', v_before);
end;
$$;

comment on function app_private.record_render is
  'Says that a video can be played, and where. Whether that was news, and which video at the vendor is not needed: the one before, or '
  'this one where another came first.';
grant execute on function app_private.record_render to app_worker;

create or replace function app_private.record_render_failed(render_id uuid, asset_version int, problem text) returns boolean
language plpgsql volatile strict security definer
set search_path = ''
as $$
declare
  v_render app_public.exercise_renders;
begin
  update app_public.exercise_renders as known set
    status = 'failed', problem = coalesce(nullif(left(record_render_failed.problem, 500), ''), 'unknown')
  where known.id = record_render_failed.render_id
    and known.status = 'rendering'
    and known.asset_version = record_render_failed.asset_version
  returning known.* into v_render;
  if not found then
    return false;
  end if;
  perform app_private.publish_render('exercise.render_failed', v_render);
  return true;
end;
$$;

comment on function app_private.record_render_failed is
  'Keeps why a video could not be made; the job tries again. Whether it was being made.';
grant execute on function app_private.record_render_failed to app_worker;

reset role;

create or replace function app_private.publish_render(name text, render app_public.exercise_renders) returns void
language sql volatile
set search_path = ''
begin atomic
  select app_private.publish(publish_render.name, null, exercises.id, jsonb_build_object(
    'slug', exercises.slug, 'renderId', render.id, 'language', render.language, 'assetVersion', render.asset_version))
  from app_public.exercises
  where exercises.id = render.exercise_id;
end;

comment on function app_private.publish_render is 'Tells what became of a video.';
grant execute on function app_private.publish_render to app_engine;
