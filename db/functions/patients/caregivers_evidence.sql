-- The evidence of a caregiver link, for those whom it concerns: the person, the caregiver, the clinic that saw it. FND-07.

set role app_engine;

create or replace function app_public.caregivers_evidence(caregiver app_public.caregivers) returns text
language sql stable security definer
set search_path = ''
begin atomic
  select caregiver_evidence.evidence
  from app_private.caregiver_evidence
  join app_public.caregivers on caregivers.id = caregiver_evidence.caregiver_id
  where caregiver_evidence.caregiver_id = (caregiver).id
    and (caregivers.human_id = app_hidden.current_account_id()
         or caregivers.patient_profile_id = any (app_hidden.current_human_patient_profile_ids())
         or caregiver_evidence.organization_id = any (app_hidden.organization_ids_where('patients.view')));
end;

comment on function app_public.caregivers_evidence is
  E'@nullable\nWhat was shown for the link; null at a clinic that did not see it.';
grant execute on function app_public.caregivers_evidence to app_member;

reset role;
