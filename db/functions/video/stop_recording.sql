-- Anybody in the call may end what is recorded, without saying why; the worker tells the vendor until it has heard. APT-07.

set role app_engine;

create or replace function app_public.stop_recording(appointment_id uuid) returns app_public.video_recordings
language plpgsql volatile strict security definer
set search_path = ''
as $$
declare
  v_seat record;
  v_room app_public.video_rooms;
  v_recording app_public.video_recordings;
begin
  v_seat := app_private.seat_in_call(stop_recording.appointment_id);
  select video_rooms.* into v_room
  from app_public.video_rooms
  where video_rooms.organization_id = (v_seat.appointment).organization_id
    and video_rooms.appointment_id = (v_seat.appointment).id;
  if not app_private.stop_recordings(v_room.organization_id, v_room.id, 'participant') then
    perform app_hidden.refuse('STATE', 'nothing_is_recorded');
  end if;
  select video_recordings.* into v_recording
  from app_public.video_recordings
  where video_recordings.organization_id = v_room.organization_id
    and video_recordings.video_room_id = v_room.id
    and video_recordings.status = 'stopping';
  return v_recording;
end;
$$;

comment on function app_public.stop_recording is
  'Ends the recording of a video call: for its patient and those who care for them, its specialist, and staff with '
  'appointments.conduct. STATE nothing_is_recorded where none runs.';
grant execute on function app_public.stop_recording to app_member;

reset role;
