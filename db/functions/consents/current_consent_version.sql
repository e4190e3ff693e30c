-- The words of a purpose that count now: the clinic's newest in force, else the platform's newest. FND-16.

create or replace function app_private.current_consent_version(organization_id uuid, purpose text)
returns app_public.consent_purpose_versions
language sql stable parallel safe
set search_path = ''
begin atomic
  select versions
  from app_public.consent_purpose_versions as versions
  where versions.scope_id in (current_consent_version.organization_id, '00000000-0000-0000-0000-000000000000')
    and versions.purpose_code = current_consent_version.purpose
    and versions.in_force_from <= app_hidden.now()
  order by versions.organization_id nulls last, versions.number desc
  limit 1;
end;

comment on function app_private.current_consent_version is
  'The version of a purpose that counts at this clinic (null: at the platform); null where nobody has published any.';
grant execute on function app_private.current_consent_version to app_engine;
