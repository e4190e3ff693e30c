-- Whose words a version of a purpose is goes into the key that holds it to the clinic or the platform. FRM-02, FND-06.

set role app_engine;

create or replace function app_private.tg_form_template_purposes__scope() returns trigger
language plpgsql security definer
set search_path = ''
as $$
begin
  perform app_private.require_declared_purposes(new.organization_id, array[new.purpose_version_id]);
  select consent_purpose_versions.scope_id into strict new.purpose_scope_id
  from app_public.consent_purpose_versions
  where consent_purpose_versions.id = new.purpose_version_id;
  return new;
end;
$$;

comment on function app_private.tg_form_template_purposes__scope is
  'Fills whose the version of a purpose is; VALIDATION consent_version_unknown where the clinic may not ask for it. Trigger _150_scope.';

reset role;
