--! Previous: sha1:4b5cbd5eb3228fe107c20bb756366c88b0576078
--! Hash: sha1:4199d98a072ff4c10d4d9dfba0ca0ba9f4c7414c
--! Message: who is on which chart is decided by one at a time

--! split: 900-sources.sql
-- Written by npm run db:stage from db/functions, db/policies and db/reference: change those, not this file.

-- source: functions/identity/lock_people.sql
-- Who decides whether somebody is a patient of the clinic already does so alone: two who ask at once about one person
-- would both find nobody. So does whoever takes appointments from one chart to another, or away with a chart: the wrong
-- patient is known only by the appointment, and locks in any order would meet. Taken before any row of patients. FND-34.

create or replace function app_private.lock_people(organization_id uuid) returns void
language sql volatile
set search_path = ''
as $$
  select pg_advisory_xact_lock(hashtextextended('people:' || lock_people.organization_id, 0));
$$;

comment on function app_private.lock_people is
  'Until the transaction ends nobody else matches, makes, merges or removes patients of this clinic, or moves an appointment from chart to chart.';
grant execute on function app_private.lock_people to app_engine;
-- end of source: functions/identity/lock_people.sql

-- source: functions/appointments/move_appointment_to_patient.sql
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
begin
  select appointments.* into v_appointment
  from app_public.appointments
  where appointments.id = appointment_id
    and appointments.deleted_at is null
    and appointments.organization_id = any (app_hidden.organization_ids_where('appointments.view'));
  if not found then
    perform app_hidden.refuse('NOT_FOUND', 'appointment_not_found', '{}', 'There is no such appointment, or it is not yours to see.');
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
    perform app_hidden.refuse('NOT_FOUND', 'appointment_not_found', '{}', 'There is no such appointment, or it is not yours to see.');
  elsif v_appointment.patient_profile_id = move_appointment_to_patient.patient_profile_id then
    perform app_hidden.refuse('CONFLICT', 'already_this_patient', '{"field": "patientProfileId"}', 'The appointment is this patient''s.');
  end if;

  v_from_id := v_appointment.patient_profile_id;
  select patient_profiles.* into strict v_person
  from app_public.patient_profiles where patient_profiles.id = move_appointment_to_patient.patient_profile_id;
  update app_public.appointments set
    patient_profile_id = v_person.id,
    contact_email = case when appointments.booking_request_id is null then v_person.email else appointments.contact_email end,
    contact_name = case when appointments.booking_request_id is null then v_person.given_name || ' ' || v_person.family_name
                     else appointments.contact_name end,
    locale = case when appointments.booking_request_id is null then v_person.locale else appointments.locale end
  where appointments.id = v_appointment.id
  returning * into v_appointment;
  insert into app_public.appointment_transfers
    (organization_id, appointment_id, patient_profile_id, from_profile_id, reason, moved_by)
  values (v_appointment.organization_id, v_appointment.id, v_person.id, v_from_id, v_reason, app_private.current_actor_id());

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
-- end of source: functions/appointments/move_appointment_to_patient.sql

-- source: functions/patients/remove_patient.sql
-- A person is no patient of the clinic any more; the record goes with its appointments, and comes back with them, by
-- hand or when the person is admitted again. FND-10, FND-07.

set role app_engine;

create or replace function app_public.remove_patient(patient_id uuid) returns app_public.patients
language plpgsql volatile strict security definer
set search_path = ''
as $$
declare
  v_patient app_public.patients;
begin
  select patients.* into v_patient from app_public.patients where patients.id = remove_patient.patient_id and patients.deleted_at is null;
  perform app_private.require_right_to_delete('patients.manage', v_patient.organization_id);
  -- Nobody merges meanwhile or moves appointments from chart to chart: one that has just moved away would go along.
  perform app_private.lock_people(v_patient.organization_id);
  -- Bookings lock their patient for share: those under way are waited for, later ones refused.
  perform app_private.soft_delete('app_public.patients', patient_id);
  select patients.* into strict v_patient from app_public.patients where patients.id = remove_patient.patient_id;
  perform app_private.require_nothing_to_come((
    select count(*) from app_private.bookings_to_come(v_patient.organization_id) as booking
    join app_public.appointments on appointments.organization_id = booking.organization_id and appointments.claim_id = booking.id
    where appointments.patient_profile_id = v_patient.patient_profile_id));
  return v_patient;
end;
$$;

comment on function app_public.remove_patient is
  'Removes a patient of the clinic with the appointments there; restoreDeletedRow brings them back. Needs patients.manage; '
  'CONFLICT has_future_appointments with their count.';
grant execute on function app_public.remove_patient to app_member;

reset role;
-- end of source: functions/patients/remove_patient.sql
