-- The one place that knows whether an appointment has a room: compares what there is with what there should be, and queues
-- the difference. Called for every event that may change either and every minute, so whatever was missed is made up. APT-07.
-- The consent is held first, then the room is locked, as whoever records does. The appointment is read after that: of what
-- happens to it later, its event tells.

set role app_engine;

create or replace function app_private.settle_video_room(organization_id uuid, appointment_id uuid) returns void
language plpgsql volatile security definer
set search_path = ''
as $$
declare
  v_appointment app_public.appointments;
  v_room app_public.video_rooms;
  v_consents boolean;
  v_window record;
  v_status text;
begin
  select appointments.* into v_appointment from app_public.appointments
  where appointments.organization_id = settle_video_room.organization_id and appointments.id = settle_video_room.appointment_id;
  v_consents := app_private.takes_place_by_video(v_appointment)
    and app_private.hold_consent(organization_id, v_appointment.patient_profile_id, 'telemedicine');

  select video_rooms.* into v_room from app_public.video_rooms
  where video_rooms.organization_id = settle_video_room.organization_id
    and video_rooms.appointment_id = settle_video_room.appointment_id
  for update;
  select appointments.* into v_appointment from app_public.appointments
  where appointments.organization_id = settle_video_room.organization_id and appointments.id = settle_video_room.appointment_id;

  v_window := app_private.video_window(v_appointment);

  v_status := case
    when v_room.status = 'closing' then 'closing'
    when not app_private.takes_place_by_video(v_appointment) or not v_consents
        or v_room.expires_at <> v_window.expires_at then
      case
        when v_room.status in ('wanted', 'delayed', 'ready') then 'closing'
        when app_private.takes_place_by_video(v_appointment) and not v_consents then 'awaits_consent'
        when app_private.takes_place_by_video(v_appointment) then 'wanted'
        when v_room.id is not null then 'closed'
      end
    when v_room.status in ('wanted', 'delayed', 'ready') then v_room.status
    else 'wanted'
  end;
  if v_status is not distinct from v_room.status then
    return;
  end if;

  if v_room.id is null then
    -- Whoever settles at the same moment and comes first has made it: then there is nothing left to do.
    insert into app_public.video_rooms as room (organization_id, appointment_id, status, room_name, opens_at, expires_at)
    values (
      settle_video_room.organization_id, settle_video_room.appointment_id, v_status,
      app_private.new_room_name(), v_window.opens_at, v_window.expires_at)
    on conflict on constraint video_rooms_one_for_an_appointment do nothing
    returning room.* into v_room;
    if not found then
      return;
    end if;
  elsif v_status in ('awaits_consent', 'wanted') then
    update app_public.video_rooms set status = v_status, room_name = app_private.new_room_name(),
      opens_at = v_window.opens_at, expires_at = v_window.expires_at, url = null, integration_id = null, problem = null, tries = 0
    where video_rooms.id = v_room.id
    returning * into v_room;
  else
    update app_public.video_rooms set status = v_status, problem = null, tries = 0
    where video_rooms.id = v_room.id
    returning * into v_room;
  end if;

  if v_status = 'closing' then
    perform app_private.stop_recordings(v_room.organization_id, v_room.id, 'call_over');
  end if;
  if v_status in ('wanted', 'closing') then
    perform app_private.tend_video_room(v_room);
  end if;
end;
$$;

comment on function app_private.settle_video_room is
  'Sees to it that an appointment has a room when it should have one, and none otherwise.';
grant execute on function app_private.settle_video_room to app_worker;

reset role;

-- Nobody guesses it, and no room before had it.
create or replace function app_private.new_room_name() returns text
language sql volatile
set search_path = ''
return 'rx-' || encode(extensions.gen_random_bytes(16), 'hex');

comment on function app_private.new_room_name is 'A name for a room: 128 random bits.';
grant execute on function app_private.new_room_name to app_engine;
