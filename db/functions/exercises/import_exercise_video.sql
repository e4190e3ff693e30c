-- The video of an exercise that is done for a time comes as a whole, one for each language; the worker brings it to the provider and
-- says how far it is. Imported again, it takes the place of the one before as soon as it can be played. EXL-03, EXL-06.

set role app_engine;

create or replace function app_public.import_exercise_video(exercise_id uuid, language text, source_key text)
returns app_public.exercise_renders
language plpgsql volatile strict security definer
set search_path = ''
as $$
declare
  v_exercise constant app_public.exercises := app_private.exercise_to_write(exercise_id);
  v_folder constant text := (
    select object_surfaces.prefix || v_exercise.slug || '/' from app_private.object_surfaces where object_surfaces.key = 'exercise_sources');
  v_render app_public.exercise_renders;
begin
  if v_exercise.kind <> 'duration_based' then
    perform app_hidden.refuse('STATE', 'video_is_composed', jsonb_build_object('slug', v_exercise.slug));
  elsif not starts_with(import_exercise_video.source_key, v_folder)
    or substr(import_exercise_video.source_key, length(v_folder) + 1) !~ '^[a-z0-9_-]+(/[a-z0-9_-]+)*\.(mp4|mov|webm)$'
  then
    perform app_hidden.refuse('VALIDATION', 'video_source_elsewhere', jsonb_build_object('field', 'sourceKey', 'folder', v_folder));
  end if;
  v_render := app_private.queue_render(v_exercise, '_imported', language, null, import_exercise_video.source_key, makes_again => true);
  perform app_private.show_in_catalog(v_exercise, v_render);
  return v_render;
end;
$$;

comment on function app_public.import_exercise_video is
  E'@words language exercise_renders.language\n'
  '@arg language In which language it is spoken and shown.\n'
  '@arg sourceKey Where the video lies in the object store of the platform: exercises/<slug>/….mp4, mov or webm.\n'
  'Imports the video of an exercise that is done for a time; status and progress of what is answered say how far it is. Superadmin only. STATE '
  'video_is_composed for an exercise that is counted; VALIDATION video_source_elsewhere.';
grant execute on function app_public.import_exercise_video to app_member;

reset role;
