-- A profile becomes a patient of a clinic, or comes back as one. FND-07, FND-32.

create or replace function app_private.admit_patient(organization_id uuid, patient_profile_id uuid) returns app_public.patients
language plpgsql volatile
set search_path = ''
as $$
declare
  v_patient app_public.patients;
  v_is_news boolean;
begin
  insert into app_public.patients (organization_id, patient_profile_id)
  values (admit_patient.organization_id, admit_patient.patient_profile_id)
  on conflict on constraint patients_profile_is_patient_once do nothing
  returning * into v_patient;
  v_is_news := found;
  if not v_is_news then
    select patients.* into strict v_patient
    from app_public.patients
    where patients.organization_id = admit_patient.organization_id
      and patients.patient_profile_id = admit_patient.patient_profile_id;
    -- Whoever comes back finds the appointments that went along.
    v_is_news := app_private.mark_restored('app_public.patients', v_patient.id);
    v_patient.deleted_at := null;
  end if;
  if v_is_news then
    perform app_private.publish(
      'patient.onboarded', v_patient.organization_id, v_patient.id,
      jsonb_build_object('patientId', v_patient.id, 'patientProfileId', v_patient.patient_profile_id));
    v_patient.profile_completed_at := coalesce(
      app_private.note_complete_profile(v_patient.organization_id, v_patient.id), v_patient.profile_completed_at);
  end if;
  return v_patient;
end;
$$;

comment on function app_private.admit_patient is
  'The patient row of this profile at this clinic, made if there is none; publishes patient.onboarded when it is, and '
  'patient.profile_completed when nothing is missing.';
grant execute on function app_private.admit_patient to app_engine;
