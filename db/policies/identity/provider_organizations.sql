-- Which clinic an organization of the identity provider is: written by the platform, read when somebody leaves. FND-25.

alter table app_private.provider_organizations enable row level security;
alter table app_private.provider_organizations force row level security;

grant select, insert, update on app_private.provider_organizations to app_engine;

drop policy if exists provider_organizations_all_engine on app_private.provider_organizations;
create policy provider_organizations_all_engine on app_private.provider_organizations
  for all to app_engine
  using (true) with check (true);

select app_private.classify('app_private.provider_organizations', 'clinic',
  '{"operational": ["id", "organization_id", "issuer", "provider_org_id", "mapped_at"]}');
