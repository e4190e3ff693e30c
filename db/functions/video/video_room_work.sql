-- What the worker has to do about a room, and what it says when it is done or was in vain. APT-07.

set role app_engine;

create or replace function app_private.video_room_work(video_room_id uuid)
returns table (organization_id uuid, appointment_id uuid, room_name text, status text, integration_id uuid, opens_at timestamptz, expires_at timestamptz,
               is_over boolean, stops_recording boolean)
language sql stable strict security definer
set search_path = ''
begin atomic
  select video_rooms.organization_id, video_rooms.appointment_id, video_rooms.room_name, video_rooms.status, video_rooms.integration_id, video_rooms.opens_at,
    video_rooms.expires_at, video_rooms.expires_at <= app_hidden.now(),
    exists (
      select from app_public.video_recordings
      where video_recordings.organization_id = video_rooms.organization_id
        and video_recordings.video_room_id = video_rooms.id
        and video_recordings.status = 'stopping')
  from app_public.video_rooms
  where video_rooms.id = video_room_work.video_room_id;
end;

comment on function app_private.video_room_work is 'A room as the worker needs to know it.';
grant execute on function app_private.video_room_work to app_worker;

create or replace function app_private.record_video_room_made(video_room_id uuid, room_name text, url text, integration_id uuid)
returns void
language sql volatile security definer
set search_path = ''
as $$
  -- Of a room that is to go meanwhile, nothing: its name is known, and so it goes.
  update app_public.video_rooms set status = 'ready', url = record_video_room_made.url,
    integration_id = record_video_room_made.integration_id, problem = null, tries = 0
  where video_rooms.id = record_video_room_made.video_room_id
    and video_rooms.room_name = record_video_room_made.room_name
    and video_rooms.status in ('wanted', 'delayed')
$$;

comment on function app_private.record_video_room_made is 'The vendor has the room.';
grant execute on function app_private.record_video_room_made to app_worker;

create or replace function app_private.record_video_room_gone(video_room_id uuid, room_name text) returns void
language sql volatile security definer
set search_path = ''
as $$
  update app_public.video_rooms set status = 'closed', problem = null, tries = 0
  where video_rooms.id = record_video_room_gone.video_room_id
    and video_rooms.room_name = record_video_room_gone.room_name
    and video_rooms.status = 'closing'
$$;

comment on function app_private.record_video_room_gone is 'The vendor has the room no more.';
grant execute on function app_private.record_video_room_gone to app_worker;

create or replace function app_private.record_video_trouble(video_room_id uuid, problem text, retry_after int) returns void
language plpgsql volatile security definer
set search_path = ''
as $$
declare
  v_room app_public.video_rooms;
begin
  update app_public.video_rooms set problem = record_video_trouble.problem, tries = video_rooms.tries + 1
  where video_rooms.id = record_video_trouble.video_room_id
    and video_rooms.status in ('wanted', 'delayed', 'ready', 'closing')
  returning * into v_room;
  if not found then
    return;
  end if;
  update app_public.video_rooms set status = 'delayed' where video_rooms.id = v_room.id and video_rooms.status = 'wanted';
  -- Two seconds, four, eight, at most a minute: somebody waits before the door. Longer only where the vendor asks for it.
  perform app_private.tend_video_room(v_room, make_interval(
    secs => greatest(least(2 ^ least(v_room.tries, 6), 60), least(coalesce(retry_after, 0), 300))));
end;
$$;

comment on function app_private.record_video_trouble is
  'The vendor did not do it: the room says why, and the work is queued again.';
grant execute on function app_private.record_video_trouble to app_worker;

create or replace function app_private.record_recording_stopped(video_room_id uuid) returns void
language sql volatile strict security definer
set search_path = ''
as $$
  update app_public.video_recordings set status = 'stopped'
  where video_recordings.video_room_id = record_recording_stopped.video_room_id
    and video_recordings.organization_id = (
      select video_rooms.organization_id from app_public.video_rooms where video_rooms.id = record_recording_stopped.video_room_id)
    and video_recordings.status = 'stopping'
$$;

comment on function app_private.record_recording_stopped is 'The vendor records nothing in this room any more.';
grant execute on function app_private.record_recording_stopped to app_worker;

reset role;
