-- The first time that a clinic has every fact that it asks for is told, and no other. Asking for more later takes nothing back. FND-32.

create or replace function app_private.note_complete_profile(organization_id uuid, patient_id uuid) returns timestamptz
language plpgsql volatile
set search_path = ''
as $$
declare
  v_patient app_public.patients;
begin
  update app_public.patients set profile_completed_at = app_hidden.now()
  where patients.organization_id = note_complete_profile.organization_id
    and patients.id = note_complete_profile.patient_id
    and patients.profile_completed_at is null
    and patients.deleted_at is null
    and app_public.patients_missing_fields(patients) = '{}'
  returning * into v_patient;
  if found then
    perform app_private.publish(
      'patient.profile_completed', v_patient.organization_id, v_patient.id,
      jsonb_build_object('patientId', v_patient.id, 'patientProfileId', v_patient.patient_profile_id));
  end if;
  return v_patient.profile_completed_at;
end;
$$;

comment on function app_private.note_complete_profile is
  'Publishes patient.profile_completed once: when nothing is missing and it was not said before. Answers when, null for not now.';
grant execute on function app_private.note_complete_profile to app_engine;
