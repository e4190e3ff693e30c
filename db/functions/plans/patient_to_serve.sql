-- Whose plans a verb of staff is about: who may, and the locks. CAT-04, FND-04.

create or replace function app_private.patient_to_serve(patient_id uuid) returns app_public.patients
language plpgsql volatile
set search_path = ''
as $$
declare
  v_patient app_public.patients;
begin
  select patients.* into v_patient
  from app_public.patients
  where patients.id = patient_to_serve.patient_id and patients.deleted_at is null;
  perform app_private.require_permission(v_patient.organization_id, 'patient_plans.manage');
  perform app_private.require_patient(v_patient.organization_id, v_patient.patient_profile_id);
  perform app_private.settle_patient_plans(v_patient.organization_id, v_patient.patient_profile_id);
  return v_patient;
end;
$$;

comment on function app_private.patient_to_serve is
  'A patient whose plans the caller may change, locked and settled; FORBIDDEN permission_missing or NOT_FOUND otherwise.';
grant execute on function app_private.patient_to_serve to app_engine;
