-- Which clinic an organization of the identity provider is: written by the platform, read when somebody leaves. FND-25.

select app_private.classify('app_private.provider_organizations', home => 'clinic', retention => 'clinic', classes =>
  '{"operational": ["id", "organization_id", "issuer", "provider_org_id", "mapped_at"]}');
select app_private.protect('app_private.provider_organizations', engine => 'select, insert, update');
