-- Whoever writes about the consents of a patient does so alone, and before anybody who relies on them goes on: the gate
-- takes this row for share. FND-17.

create or replace function app_private.lock_consents(organization_id uuid, patient_id uuid) returns app_public.patients
language plpgsql volatile
set search_path = ''
as $$
declare
  v_patient app_public.patients;
begin
  select patients.* into v_patient
  from app_public.patients
  where patients.organization_id = lock_consents.organization_id
    and patients.id = lock_consents.patient_id
    and patients.deleted_at is null
  for no key update;
  if not found then
    perform app_hidden.refuse('NOT_FOUND', 'patient_not_found');
  end if;
  return v_patient;
end;
$$;

comment on function app_private.lock_consents is 'The patient, locked for whoever writes about their consents; NOT_FOUND patient_not_found.';
grant execute on function app_private.lock_consents to app_engine;
