-- A profile becomes a patient of a clinic, or comes back as one. FND-07.
-- requires: functions/events/publish.sql

set role app_engine;

create or replace function app_private.admit_patient(organization_id uuid, patient_profile_id uuid) returns app_public.patients
language plpgsql volatile
set search_path = ''
as $$
declare
  v_patient app_public.patients;
begin
  insert into app_public.patients (organization_id, patient_profile_id)
  values (admit_patient.organization_id, admit_patient.patient_profile_id)
  on conflict on constraint patients_profile_is_patient_once do update set deleted_at = null
    where patients.deleted_at is not null
  returning * into v_patient;
  if found then
    perform app_private.publish(
      'patient.onboarded', v_patient.organization_id, v_patient.id,
      jsonb_build_object('patientId', v_patient.id, 'patientProfileId', v_patient.patient_profile_id));
    return v_patient;
  end if;

  select patients.* into strict v_patient
  from app_public.patients
  where patients.organization_id = admit_patient.organization_id
    and patients.patient_profile_id = admit_patient.patient_profile_id;
  return v_patient;
end;
$$;

comment on function app_private.admit_patient(uuid, uuid) is
  'The patient row of this profile at this clinic, made if there is none; publishes patient.onboarded when it is.';

reset role;
