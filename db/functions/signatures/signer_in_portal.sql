-- Who signs as themselves in the portal: the patient of the form, or a caregiver of theirs. Staff are nobody here. CNS-04.

create or replace function app_private.signer_in_portal(form_id uuid) returns app_private.signer
language plpgsql stable
set search_path = ''
as $$
declare
  v_me constant uuid := app_hidden.current_account_id();
  v_person_id uuid;
  v_is_own boolean;
  v_signer app_private.signer;
begin
  select forms.patient_profile_id, patient_profiles.human_id = v_me into v_person_id, v_is_own
  from app_public.forms
  join app_public.patient_profiles on patient_profiles.id = forms.patient_profile_id
  where forms.id = signer_in_portal.form_id and forms.deleted_at is null
    and forms.patient_profile_id = any (app_hidden.current_human_patient_profile_ids())
    and forms.organization_id = any (app_hidden.current_patient_organization_ids());
  if not found then
    perform app_hidden.refuse('NOT_FOUND', 'form_not_found');
  end if;
  if v_is_own is not true then
    select caregivers.id into strict v_signer.caregiver_id
    from app_public.caregivers
    where caregivers.patient_profile_id = v_person_id and caregivers.human_id = v_me and caregivers.revoked_at is null
    order by caregivers.created_at desc
    limit 1;
  end if;
  v_signer.mode := 'click_typed';
  v_signer.signature := 'typed';
  v_signer.human_id := v_me;
  v_signer.identified_by := 'account';
  return v_signer;
end;
$$;

comment on function app_private.signer_in_portal is 'The caller as signer of a form; NOT_FOUND for whoever is neither its patient nor cares for them.';
grant execute on function app_private.signer_in_portal to app_engine;
