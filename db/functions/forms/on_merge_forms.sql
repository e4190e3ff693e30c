-- Forms of the duplicate go to the patient who is kept, signed ones as well: who a chart is about is not what was signed.
-- FND-34, FRM-04.

create or replace function app_private.on_merge_forms(
  kept app_public.patients,
  duplicate app_public.patients,
  is_the_clinics_own boolean
) returns jsonb
language sql volatile
set search_path = ''
begin atomic
  with moved as (
    update app_public.forms set patient_id = kept.id, patient_profile_id = kept.patient_profile_id
    where forms.organization_id = kept.organization_id and forms.patient_id = duplicate.id
    returning forms.id, old.patient_id, old.patient_profile_id
  )
  select jsonb_build_object('app_public.forms.patient_profile_id', coalesce(jsonb_agg(to_jsonb(moved)), '[]')) from moved;
end;

comment on function app_private.on_merge_forms is 'Moves the forms of the duplicate to the patient who is kept.';
grant execute on function app_private.on_merge_forms to app_engine;
