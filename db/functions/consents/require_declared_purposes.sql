-- What a form may declare that its signature consents to: versions of the clinic or of the platform, given to a clinic.
-- CNS-01, FRM-02.

create or replace function app_private.require_declared_purposes(organization_id uuid, purpose_version_ids uuid[]) returns void
language plpgsql stable
set search_path = ''
as $$
declare
  v_unknown uuid;
begin
  select declared.id into v_unknown
  from unnest(purpose_version_ids) as declared (id)
  where not exists (
    select from app_public.consent_purpose_versions as versions
    join app_public.consent_purposes
      on consent_purposes.scope_id = versions.purpose_scope_id and consent_purposes.code = versions.purpose_code
    where versions.id = declared.id
      and versions.scope_id in (require_declared_purposes.organization_id, '00000000-0000-0000-0000-000000000000')
      and consent_purposes.scope = 'organization')
  limit 1;
  if found then
    perform app_hidden.refuse(
      'VALIDATION', 'consent_version_unknown', jsonb_build_object('field', 'purposeVersionIds', 'versionId', v_unknown));
  end if;
end;
$$;

comment on function app_private.require_declared_purposes is
  'VALIDATION consent_version_unknown for a version that is not there, another clinic''s, or one that is given to the platform.';
grant execute on function app_private.require_declared_purposes to app_engine;
