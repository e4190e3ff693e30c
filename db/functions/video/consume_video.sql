-- The consumer "video": an appointment moved, or a consent that rooms and recordings rely on. APT-07, CNS-08, FND-14.
-- A withdrawal ends what is recorded in the first place, and then the call, where it was about that.

set role app_engine;

create or replace function app_private.consume_video(event_id uuid) returns void
language plpgsql volatile strict security definer
set search_path = ''
as $$
declare
  v_event app_private.events;
  v_profile_id uuid;
  v_room record;
begin
  select events.* into strict v_event from app_private.events where events.id = consume_video.event_id;
  if v_event.subject_type = 'appointment' then
    perform app_private.settle_video_room(v_event.organization_id, v_event.subject_id);
    return;
  end if;

  select patients.patient_profile_id into v_profile_id
  from app_public.patients
  where patients.organization_id = v_event.organization_id and patients.id = (v_event.payload ->> 'patientId')::uuid;
  for v_room in
    select video_rooms.id, video_rooms.appointment_id
    from app_public.appointments
    join app_public.video_rooms
      on video_rooms.organization_id = appointments.organization_id and video_rooms.appointment_id = appointments.id
    where appointments.organization_id = v_event.organization_id
      and appointments.patient_profile_id = v_profile_id
      and video_rooms.status <> 'closed'
    order by video_rooms.id
  loop
    if not app_private.hold_consent(v_event.organization_id, v_profile_id, 'video_recording') then
      perform app_private.stop_recordings(v_event.organization_id, v_room.id, 'consent_withdrawn');
    end if;
    perform app_private.settle_video_room(v_event.organization_id, v_room.appointment_id);
  end loop;
end;
$$;

comment on function app_private.consume_video is 'Makes and takes away rooms, and ends recordings, as an event calls for it.';
grant execute on function app_private.consume_video to app_worker;
reset role;
