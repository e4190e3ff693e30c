-- Clinics that are open already: their roles get what new ones have for plans. FND-04, CAT-05.

set local role app_engine;
insert into app_public.role_permissions (organization_id, role_id, permission)
select roles.organization_id, roles.id, system_role_permissions.permission
from app_public.roles
join app_public.system_role_permissions on system_role_permissions.role_key = roles.system_role_key
where system_role_permissions.permission in
  ('patient_plans.manage', 'patient_plans.view', 'patient_tiers.manage', 'service_plans.manage')
on conflict do nothing;
reset role;
