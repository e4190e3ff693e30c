-- A form that is final does what was asked: signed, or completed where it wants no signature. AUT-02.

set role app_engine;

create or replace function app_private.tg_forms__fulfil_requirements() returns trigger
language plpgsql security definer
set search_path = ''
as $$
begin
  update app_public.patient_requirements set fulfilled_at = app_hidden.now()
  where patient_requirements.organization_id = new.organization_id
    and patient_requirements.patient_profile_id = new.patient_profile_id
    and patient_requirements.template_id = new.template_id
    and patient_requirements.fulfilled_at is null and patient_requirements.lifted_at is null
    and (new.status = 'signed' or exists (
      select from app_public.form_template_versions as versions
      where versions.organization_id = new.organization_id and versions.id = new.version_id and versions.signature_mode = 'none'));
  return null;
end;
$$;

comment on function app_private.tg_forms__fulfil_requirements is
  'Ends what a patient was asked for by a form that is final now. Trigger _900_fulfil_requirements.';

reset role;

create or replace trigger _900_fulfil_requirements after update of status on app_public.forms
  for each row when (new.status in ('completed', 'signed') and new.status <> old.status)
  execute function app_private.tg_forms__fulfil_requirements();
