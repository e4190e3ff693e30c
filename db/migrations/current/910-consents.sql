-- Roles of clinics that are there already get the permissions about consents that new clinics get. FND-16.
set role app_engine;
insert into app_public.role_permissions (organization_id, role_id, permission)
select roles.organization_id, roles.id, system_role_permissions.permission
from app_public.roles
join app_public.system_role_permissions on system_role_permissions.role_key = roles.system_role_key
where system_role_permissions.permission in ('consent_texts.manage', 'consents.override', 'consents.record')
on conflict do nothing;
reset role;
