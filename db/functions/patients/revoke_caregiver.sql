-- The link ends: by the caregiver, by the person, or by the clinic. FND-07.

set role app_engine;

create or replace function app_public.revoke_caregiver(caregiver_id uuid) returns app_public.caregivers
language plpgsql volatile strict security definer
set search_path = ''
as $$
declare
  v_caregiver app_public.caregivers;
begin
  update app_public.caregivers set revoked_at = app_hidden.now()
  where caregivers.id = caregiver_id
    and caregivers.revoked_at is null
    and (caregivers.human_id = app_hidden.current_account_id()
         or exists (
           select from app_public.patient_profiles
           where patient_profiles.id = caregivers.patient_profile_id
             and patient_profiles.human_id = app_hidden.current_account_id())
         or exists (
           select from app_public.patients
           where patients.patient_profile_id = caregivers.patient_profile_id
             and patients.deleted_at is null
             and app_hidden.has_permission(patients.organization_id, 'patients.manage')))
  returning * into v_caregiver;
  if not found then
    perform app_hidden.refuse('NOT_FOUND', 'caregiver_not_found');
  end if;
  return v_caregiver;
end;
$$;

comment on function app_public.revoke_caregiver is
  'Ends a caregiver link at once: by the caregiver, the person cared for, or staff with patients.manage.';
grant execute on function app_public.revoke_caregiver to app_member;

reset role;
