-- Clinics that are there already: their system roles get what new clinics' roles have of recorded sessions. FND-04, TEL-07.
set local role app_engine;
insert into app_public.role_permissions (organization_id, role_id, permission)
select roles.organization_id, roles.id, system_role_permissions.permission
from app_public.roles
join app_public.system_role_permissions on system_role_permissions.role_key = roles.system_role_key
where system_role_permissions.permission = 'exercise_sessions.view'
on conflict do nothing;
reset role;
