-- Says which clinic an organization of the identity provider is. FND-25.

set role app_engine;

create or replace function app_public.map_provider_organization(organization_id uuid, issuer text, provider_org_id text)
returns app_public.organizations
language plpgsql volatile strict security definer
set search_path = ''
as $$
declare
  v_organization app_public.organizations;
begin
  if not app_hidden.is_superadmin() then
    perform app_hidden.refuse('FORBIDDEN', 'superadmin_only');
  end if;
  select organizations.* into v_organization
  from app_public.organizations
  where organizations.id = map_provider_organization.organization_id and organizations.deleted_at is null;
  if not found then
    perform app_hidden.refuse('NOT_FOUND', 'organization_not_found');
  end if;

  insert into app_private.provider_organizations (organization_id, issuer, provider_org_id, mapped_at)
  values (v_organization.id, map_provider_organization.issuer, map_provider_organization.provider_org_id, app_hidden.now())
  on conflict on constraint provider_organizations_clinic_is_mapped_once do update
    set issuer = excluded.issuer, provider_org_id = excluded.provider_org_id, mapped_at = excluded.mapped_at;
  return v_organization;
end;
$$;

comment on function app_public.map_provider_organization is
  'Maps an organization of the identity provider to a clinic: who leaves it there leaves the clinic. Superadmin only; '
  'CONFLICT when it stands for another clinic.';
grant execute on function app_public.map_provider_organization to app_member;

reset role;
