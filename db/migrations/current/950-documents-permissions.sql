-- Clinics that are there already: their system roles get what new clinics' roles have, and they get the templates of documents. FND-04, DOC-01.
set local role app_engine;
insert into app_public.role_permissions (organization_id, role_id, permission)
select roles.organization_id, roles.id, system_role_permissions.permission
from app_public.roles
join app_public.system_role_permissions on system_role_permissions.role_key = roles.system_role_key
where system_role_permissions.permission in ('document_templates.manage', 'documents.manage', 'documents.view')
on conflict do nothing;
select app_private.give_predefined_documents(organizations.id) from app_public.organizations order by organizations.id;
reset role;
