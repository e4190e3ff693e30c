-- A booking is for somebody who is a patient of the clinic when it is written. The lock makes remove_patient wait for
-- it. FND-07, FND-10.

create or replace function app_private.require_patient(organization_id uuid, patient_profile_id uuid) returns void
language plpgsql volatile
set search_path = ''
as $$
begin
  perform from app_public.patients
  where patients.organization_id = require_patient.organization_id
    and patients.patient_profile_id = require_patient.patient_profile_id
    and patients.deleted_at is null
  for share;
  if not found then
    perform app_hidden.refuse('NOT_FOUND', 'patient_not_found');
  end if;
end;
$$;

comment on function app_private.require_patient is 'Locks a patient who is not removed; NOT_FOUND patient_not_found otherwise.';
grant execute on function app_private.require_patient to app_engine;
