-- Recording begins here, before the vendor is asked: the consent is held while the row is written, so a withdrawal that
-- comes after finds a recording to stop, whether or not the vendor has begun by then. APT-07, CNS-08.

set role app_engine;

create or replace function app_hidden.begin_recording(appointment_id uuid)
returns table (id uuid, organization_id uuid, room_name text, integration_id uuid)
language plpgsql volatile strict security definer
set search_path = ''
as $$
declare
  v_seat record;
  v_room app_public.video_rooms;
begin
  v_seat := app_private.seat_in_call(begin_recording.appointment_id);
  if v_seat.role not in ('specialist', 'staff') then
    perform app_hidden.refuse('FORBIDDEN', 'recording_is_for_staff');
  end if;
  v_room := app_private.require_room(v_seat.appointment);
  perform app_private.require_consent_of(v_seat.appointment, 'video_recording');
  return query
    insert into app_public.video_recordings (organization_id, video_room_id, started_by)
    values (v_room.organization_id, v_room.id, app_hidden.current_account_id())
    on conflict do nothing
    returning video_recordings.id, video_recordings.organization_id, v_room.room_name, v_room.integration_id;
  if not found then
    perform app_hidden.refuse('CONFLICT', 'recording_runs');
  end if;
end;
$$;

comment on function app_hidden.begin_recording is
  'Writes down that a call is about to be recorded: for its specialist and staff, with the patient''s consent.';
grant execute on function app_hidden.begin_recording to app_member;

-- What the vendor said. An answer that never came means that nobody knows: then it is told to stop.
create or replace function app_hidden.record_recording(recording_id uuid, outcome text) returns text
language plpgsql volatile strict security definer
set search_path = ''
as $$
declare
  v_recording app_public.video_recordings;
begin
  perform from app_public.video_rooms
  join app_public.video_recordings
    on video_recordings.organization_id = video_rooms.organization_id and video_recordings.video_room_id = video_rooms.id
  where video_recordings.id = recording_id
  for update of video_rooms;
  select video_recordings.* into strict v_recording from app_public.video_recordings where video_recordings.id = recording_id;
  if v_recording.status <> 'starting' then
    return v_recording.status;
  elsif outcome = 'unknown' then
    perform app_private.stop_recordings(v_recording.organization_id, v_recording.video_room_id, 'not_answered');
    return 'stopping';
  end if;
  update app_public.video_recordings set status = outcome,
    ended_because = case outcome when 'failed' then 'vendor' end,
    ended_at = case outcome when 'failed' then app_hidden.now() end
  where video_recordings.id = recording_id;
  return outcome;
end;
$$;

comment on function app_hidden.record_recording is
  'What became of a recording that was begun: running, failed, or unknown; answers how it stands now.';
grant execute on function app_hidden.record_recording to app_authenticator;

reset role;
