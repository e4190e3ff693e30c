-- Whose room may have to be made, moved or taken away: appointments that are near and have none, and every room that is not
-- closed. What events told already costs a look; what they did not, because a worker was away, is made up. APT-07.

set role app_engine;

create or replace function app_private.due_video_rooms() returns table (organization_id uuid, appointment_id uuid)
language sql stable security definer
set search_path = ''
begin atomic
  select appointments.organization_id, appointments.id
  from app_public.appointments
  where appointments.modality = 'video'
    and appointments.status in ('booked', 'upcoming', 'confirmed', 'inprogress')
    -- No session may be started more than a day before.
    and appointments.starts_at between app_hidden.now() - interval '2 days' and app_hidden.now() + interval '1 day'
    and app_private.takes_place_by_video(appointments)
    and not exists (
      select from app_public.video_rooms
      where video_rooms.organization_id = appointments.organization_id
        and video_rooms.appointment_id = appointments.id
        and video_rooms.status <> 'closed')
  union all
  select video_rooms.organization_id, video_rooms.appointment_id
  from app_public.video_rooms
  where video_rooms.status <> 'closed';
end;

comment on function app_private.due_video_rooms is 'The appointments whose rooms are to be looked at.';
grant execute on function app_private.due_video_rooms to app_worker;

-- What the queue lost, or gave up: a room on which nobody works, and a recording of which nobody knows whether it began.
create or replace function app_private.pick_up_video_rooms() returns void
language plpgsql volatile security definer
set search_path = ''
as $$
declare
  v_room app_public.video_rooms;
begin
  for v_room in
    select video_rooms.* from app_public.video_rooms
    where video_rooms.status in ('wanted', 'delayed', 'ready', 'closing')
      and video_rooms.updated_at < app_hidden.now() - interval '2 minutes'
      and (video_rooms.status <> 'ready' or exists (
        select from app_public.video_recordings
        where video_recordings.organization_id = video_rooms.organization_id
          and video_recordings.video_room_id = video_rooms.id
          and video_recordings.status in ('starting', 'stopping')
          and video_recordings.updated_at < app_hidden.now() - interval '2 minutes'))
    order by video_rooms.id
    for update skip locked
  loop
    update app_public.video_recordings set status = 'stopping', ended_because = 'not_answered', ended_at = app_hidden.now()
    where video_recordings.organization_id = v_room.organization_id
      and video_recordings.video_room_id = v_room.id
      and video_recordings.status = 'starting'
      and video_recordings.updated_at < app_hidden.now() - interval '2 minutes';
    perform app_private.tend_video_room(v_room);
  end loop;
end;
$$;

comment on function app_private.pick_up_video_rooms is 'Queues the work on rooms that has been waiting for longer than it should.';
grant execute on function app_private.pick_up_video_rooms to app_worker;

-- For the reaper: whose accounts may hold rooms that nobody took away.
create or replace function app_private.clinics_with_video() returns setof uuid
language sql stable security definer
set search_path = ''
begin atomic
  select distinct video_rooms.organization_id from app_public.video_rooms
  where video_rooms.expires_at > app_hidden.now() - interval '7 days';
end;

comment on function app_private.clinics_with_video is 'The clinics that had a room within the last week.';
grant execute on function app_private.clinics_with_video to app_worker;

reset role;
