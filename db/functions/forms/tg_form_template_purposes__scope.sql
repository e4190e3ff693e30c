-- Whose words a version of a purpose is goes into the key that holds it to the clinic or the platform. As the caller: what they may
-- not see answers as what does not exist. FRM-02, FND-06.

create or replace function app_private.tg_form_template_purposes__scope() returns trigger
language plpgsql
set search_path = ''
as $$
begin
  select consent_purpose_versions.scope_id into new.purpose_scope_id
  from app_public.consent_purpose_versions
  where consent_purpose_versions.id = new.purpose_version_id
    and consent_purpose_versions.scope_id in (new.organization_id, '00000000-0000-0000-0000-000000000000');
  if not found then
    perform app_hidden.refuse('VALIDATION', 'consent_version_unknown', jsonb_build_object(
      'field', 'purposeVersionIds', 'versionId', new.purpose_version_id));
  end if;
  return new;
end;
$$;

comment on function app_private.tg_form_template_purposes__scope is
  'Fills whose the version of a purpose is; VALIDATION consent_version_unknown. Trigger _150_scope.';
