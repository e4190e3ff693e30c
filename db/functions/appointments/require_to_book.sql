-- Who may book for a patient of a clinic: staff, the patient, a caregiver. The lock makes remove_patient wait for the
-- booking. Asked before booking, and again before a remembered booking is told. APT-01, FND-07, FND-26.

create or replace function app_private.require_to_book(organization_id uuid, patient_profile_id uuid) returns void
language plpgsql volatile
set search_path = ''
as $$
begin
  perform from app_public.patients
  where patients.organization_id = require_to_book.organization_id
    and patients.patient_profile_id = require_to_book.patient_profile_id
    and patients.deleted_at is null
    and (patients.organization_id = any (app_hidden.organization_ids_where('patients.view'))
         or (patients.patient_profile_id = any (app_hidden.current_human_patient_profile_ids())
             and patients.organization_id = any (app_hidden.current_patient_organization_ids())))
  for share;
  if not found then
    perform app_hidden.refuse('NOT_FOUND', 'patient_not_found');
  end if;
  perform app_private.authorize_move(
    'appointments', '', 'booked', require_to_book.organization_id, require_to_book.patient_profile_id);
end;
$$;

comment on function app_private.require_to_book is
  'Locks a patient whom the caller may book for at this clinic; NOT_FOUND patient_not_found, or FORBIDDEN.';
grant execute on function app_private.require_to_book to app_engine;
