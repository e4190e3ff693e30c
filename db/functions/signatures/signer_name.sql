-- Who signs, by name: the patient, or the caregiver who signs for them. CNS-07.

create or replace function app_private.signer_name(form app_public.forms, signer app_private.signer) returns text
language sql stable
set search_path = ''
begin atomic
  select case when signer.caregiver_id is null
    then (
      select concat_ws(' ', patient_profiles.given_name, patient_profiles.family_name)
      from app_public.patient_profiles where patient_profiles.id = form.patient_profile_id)
    else (
      select humans.display_name
      from app_public.caregivers
      join app_public.humans on humans.principal_id = caregivers.human_id
      where caregivers.id = signer.caregiver_id)
  end;
end;

comment on function app_private.signer_name is 'The name of the patient, or of the caregiver who signs on their behalf.';
grant execute on function app_private.signer_name to app_engine;
