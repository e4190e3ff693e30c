-- An appointment that stands on the wrong chart goes to the right patient of the same clinic; back again the same way.
-- The answer to a booking request follows, since the request is the appointment's. What the guest gave as contact stays;
-- a contact that was the patient's own changes with the patient. Locks: the clinic's people, then the right patient, then
-- the appointment, as whoever removes or merges patients; the wrong one is locked last, by the record of the transfer.
-- FND-34, APT-01.

set role app_engine;

create or replace function app_public.move_appointment_to_patient(appointment_id uuid, patient_profile_id uuid, reason text)
returns app_public.appointments
language plpgsql volatile security definer
set search_path = ''
as $$
declare
  v_reason text;
  v_appointment app_public.appointments;
  v_person app_public.patient_profiles;
  v_from_id uuid;
  v_changed app_public.appointments;
begin
  select appointments.* into v_appointment
  from app_public.appointments
  where appointments.id = appointment_id
    and appointments.deleted_at is null
    and appointments.organization_id = any (app_hidden.organization_ids_where('appointments.view'));
  if not found then
    perform app_hidden.refuse('NOT_FOUND', 'appointment_not_found');
  end if;
  perform app_private.require_permission(v_appointment.organization_id, 'appointments.manage');
  perform app_private.require_permission(v_appointment.organization_id, 'patients.manage');
  v_reason := app_private.require_reason(reason);

  perform app_private.lock_people(v_appointment.organization_id);
  perform app_private.require_patient(v_appointment.organization_id, move_appointment_to_patient.patient_profile_id);
  select appointments.* into v_appointment
  from app_public.appointments
  where appointments.id = appointment_id and appointments.deleted_at is null
  for update;
  if not found then
    perform app_hidden.refuse('NOT_FOUND', 'appointment_not_found');
  elsif v_appointment.patient_profile_id = move_appointment_to_patient.patient_profile_id then
    perform app_hidden.refuse('CONFLICT', 'already_this_patient', '{"field": "patientProfileId"}');
  end if;

  v_from_id := v_appointment.patient_profile_id;
  select patient_profiles.* into strict v_person
  from app_public.patient_profiles where patient_profiles.id = move_appointment_to_patient.patient_profile_id;
  -- A session of the wrong one goes back to their plan; the right one uses one of theirs, or it is paid for.
  v_changed := v_appointment;
  v_changed.patient_service_plan_id := null;
  if v_appointment.plan_session_number is not null then
    v_changed := app_private.session_for(v_appointment, false);
    v_changed.patient_profile_id := v_person.id;
    v_changed.patient_service_plan_id := app_private.choose_plan(v_changed, null);
    if v_changed.patient_service_plan_id is not null then
      v_changed := app_private.use_session(v_changed);
    end if;
  end if;
  update app_public.appointments set
    patient_profile_id = v_person.id,
    patient_service_plan_id = v_changed.patient_service_plan_id,
    plan_session_number = v_changed.plan_session_number,
    price_amount = v_changed.price_amount,
    currency = v_changed.currency,
    contact_email = case when appointments.booking_request_id is null then v_person.email else appointments.contact_email end,
    contact_name = case when appointments.booking_request_id is null then v_person.given_name || ' ' || v_person.family_name
                     else appointments.contact_name end,
    locale = case when appointments.booking_request_id is null then v_person.locale else appointments.locale end
  where appointments.id = v_appointment.id
  returning * into v_appointment;
  insert into app_public.appointment_transfers
    (organization_id, appointment_id, patient_profile_id, from_profile_id, reason, moved_by)
  values (v_appointment.organization_id, v_appointment.id, v_person.id, v_from_id, v_reason, app_private.current_actor_id());

  perform app_private.free_treatment_session(v_appointment);
  perform app_private.ask_forms_anew(v_appointment);

  -- What has not left for the other person does not leave any more; what a worker has in hand is on its way.
  update app_public.messages set status = 'skipped', reason = 'moved_to_another_patient'
  from app_private.events
  where messages.organization_id = v_appointment.organization_id
    and messages.patient_profile_id = v_from_id
    and messages.status = 'queued'
    and messages.attempts = 0
    and events.organization_id = messages.organization_id
    and events.id = messages.event_id
    and events.subject_id = v_appointment.id;
  perform app_private.publish(
    'appointment.patient_changed', v_appointment.organization_id, v_appointment.id,
    jsonb_build_object(
      'appointmentId', v_appointment.id, 'patientProfileId', v_person.id, 'fromPatientProfileId', v_from_id));
  return v_appointment;
end;
$$;

comment on function app_public.move_appointment_to_patient is
  'Moves an appointment from the wrong chart to the right patient of the clinic. Needs appointments.manage, '
  'patients.manage and a reason; moving it back undoes it. CONFLICT already_this_patient.';
grant execute on function app_public.move_appointment_to_patient to app_member;

reset role;
