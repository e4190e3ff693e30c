-- Who may take part in the video call of an appointment: its patient, those who care for the patient, its specialist, and
-- staff who may conduct sessions. Asked for a token, and for everything that is done in the call. APT-07.

create or replace function app_private.seat_in_call(appointment_id uuid, out appointment app_public.appointments, out role text)
language plpgsql stable
set search_path = ''
as $$
begin
  select appointments.* into appointment
  from app_public.appointments
  where appointments.id = seat_in_call.appointment_id
    and appointments.deleted_at is null
    and (appointments.organization_id = any (app_hidden.organization_ids_where('appointments.view'))
         or (appointments.patient_profile_id = any (app_hidden.current_human_patient_profile_ids())
             and appointments.organization_id = any (app_hidden.current_patient_organization_ids())));
  if not found then
    perform app_hidden.refuse('NOT_FOUND', 'appointment_not_found');
  end if;

  -- Whoever is both patient and colleague enters their own appointment as the patient.
  role := case
    when (appointment).patient_profile_id = any (app_hidden.current_human_patient_profile_ids())
        and (appointment).organization_id = any (app_hidden.current_patient_organization_ids()) then
      case when exists (
        select from app_public.patient_profiles
        where patient_profiles.id = (appointment).patient_profile_id
          and patient_profiles.human_id = app_hidden.current_account_id()) then 'patient' else 'caregiver' end
    when (appointment).specialist_id = any (app_hidden.current_specialist_ids()) then 'specialist'
  end;
  if role is null then
    perform app_private.require_permission((appointment).organization_id, 'appointments.conduct');
    role := 'staff';
  end if;
  if (appointment).modality <> 'video' then
    perform app_hidden.refuse('STATE', 'appointment_not_by_video', jsonb_build_object('modality', (appointment).modality));
  end if;
end;
$$;

comment on function app_private.seat_in_call is
  'The appointment, and as what the caller takes part in its call; NOT_FOUND, FORBIDDEN, or STATE where it is not by video.';
grant execute on function app_private.seat_in_call to app_engine;

-- The room, while it is open: too early, over, or not ready are told apart, since only the last is worth asking again.
create or replace function app_private.require_room(appointment app_public.appointments) returns app_public.video_rooms
language plpgsql stable
set search_path = ''
as $$
declare
  v_room app_public.video_rooms;
  v_opens_at constant timestamptz := (app_private.video_window(appointment)).opens_at;
begin
  if app_hidden.now() < v_opens_at then
    perform app_hidden.refuse('STATE', 'call_not_open', jsonb_build_object('opensAt', v_opens_at, 'timezone', (
      select organizations.timezone from app_public.organizations where organizations.id = (appointment).organization_id)));
  end if;
  if not app_private.takes_place_by_video(appointment) then
    perform app_hidden.refuse('STATE', 'call_over', jsonb_build_object('status', (appointment).status));
  end if;
  select video_rooms.* into v_room from app_public.video_rooms
  where video_rooms.organization_id = (appointment).organization_id
    and video_rooms.appointment_id = (appointment).id
    and video_rooms.status = 'ready';
  if not found then
    perform app_hidden.refuse('STATE', 'call_not_ready');
  end if;
  return v_room;
end;
$$;

comment on function app_private.require_room is 'The room that is open now; STATE call_not_open, call_over or call_not_ready.';
grant execute on function app_private.require_room to app_engine;

-- The consent to a purpose, by the patient of an appointment: held until the transaction ends.
create or replace function app_private.require_consent_of(appointment app_public.appointments, purpose text) returns void
language plpgsql volatile
set search_path = ''
as $$
begin
  perform app_private.require_consent((appointment).organization_id, patients.id, purpose)
  from app_public.patients
  where patients.organization_id = (appointment).organization_id
    and patients.patient_profile_id = (appointment).patient_profile_id;
end;
$$;

comment on function app_private.require_consent_of is 'require_consent() for the patient of this appointment.';
grant execute on function app_private.require_consent_of to app_engine;
