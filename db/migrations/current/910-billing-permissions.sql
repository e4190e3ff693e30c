-- Clinics that are there already: their system roles get what new clinics' roles have of billing. FND-04, BIL-08.
set local role app_engine;
insert into app_public.role_permissions (organization_id, role_id, permission)
select roles.organization_id, roles.id, system_role_permissions.permission
from app_public.roles
join app_public.system_role_permissions on system_role_permissions.role_key = roles.system_role_key
where system_role_permissions.permission in ('billing.view', 'billing.manage')
on conflict do nothing;
reset role;
