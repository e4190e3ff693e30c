-- What a clinic's roles allow, seen by its members, written by `define_role`. FND-04.

select app_private.classify('app_public.role_permissions', home => 'clinic', retention => 'clinic', classes =>
  '{"operational": ["organization_id", "role_id", "permission"]}');
select app_private.protect('app_public.role_permissions', engine => 'select, insert, delete');

grant select on app_public.role_permissions to app_member;

create policy role_permissions_select_staff on app_public.role_permissions for select to app_member
  using (organization_id = any ((select app_hidden.rights('staff'))::uuid[]));

create or replace trigger _900_forget_rights after insert or update or delete on app_public.role_permissions
  for each statement execute function app_private.tg_forget_rights();
