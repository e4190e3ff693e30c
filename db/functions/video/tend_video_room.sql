-- Queues the work on a room. One job a room waits at most, and two of one room never run at once. APT-07.

create or replace function app_private.tend_video_room(room app_public.video_rooms, after interval default '0') returns void
language sql volatile
set search_path = ''
as $$
  select graphile_worker.add_job(
    'tend_video_room', json_build_object('videoRoomId', (room).id),
    queue_name => 'video_room:' || (room).id,
    run_at => clock_timestamp() + after,
    max_attempts => 5,
    job_key => 'video_room:' || (room).id)
$$;

comment on function app_private.tend_video_room is
  'Job for the task tend_video_room: the room''s id and nothing about the people in it.';
grant execute on function app_private.tend_video_room to app_engine;
