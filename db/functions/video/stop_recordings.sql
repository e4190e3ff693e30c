-- Whatever of a room is being recorded is to end: by a participant, by a withdrawal, by the end of the call. The room is
-- locked first, as by whoever begins. APT-07, CNS-08.

create or replace function app_private.stop_recordings(organization_id uuid, video_room_id uuid, because text) returns boolean
language plpgsql volatile
set search_path = ''
as $$
declare
  v_room app_public.video_rooms;
begin
  select video_rooms.* into v_room from app_public.video_rooms
  where video_rooms.organization_id = stop_recordings.organization_id and video_rooms.id = stop_recordings.video_room_id
  for update;
  update app_public.video_recordings set status = 'stopping', ended_because = because, ended_at = app_hidden.now()
  where video_recordings.organization_id = stop_recordings.organization_id
    and video_recordings.video_room_id = stop_recordings.video_room_id
    and video_recordings.status in ('starting', 'running');
  if not found then
    return false;
  end if;
  perform app_private.tend_video_room(v_room);
  return true;
end;
$$;

comment on function app_private.stop_recordings is 'Ends what is recorded in a room and queues the work; whether anything was.';
grant execute on function app_private.stop_recordings to app_engine;
