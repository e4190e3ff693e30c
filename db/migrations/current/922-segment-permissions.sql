-- Owners and administrators of clinics that are there already make segments, and their specialists see them. SEG-01.

set local role app_engine;
insert into app_public.role_permissions (organization_id, role_id, permission)
select roles.organization_id, roles.id, permissions.name
from app_public.roles
cross join app_public.permissions
where roles.system_role_key in ('owner', 'admin') and permissions.name in ('segments.view', 'segments.manage')
  or roles.system_role_key = 'specialist' and permissions.name = 'segments.view'
on conflict do nothing;
reset role;

