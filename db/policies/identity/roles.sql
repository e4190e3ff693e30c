-- A clinic's roles, seen by its members and written by `define_role`, which keeps anyone from granting above themselves. FND-04.

select app_private.classify('app_public.roles', home => 'clinic', retention => 'clinic', classes =>
  '{"operational": ["id", "organization_id", "key", "name", "system_role_key", "created_at", "updated_at"]}');
select app_private.protect('app_public.roles', engine => 'select, insert, update', facts => '{name name}');

grant select on app_public.roles to app_member;

create policy roles_select_staff on app_public.roles for select to app_member
  using (organization_id = any ((select app_hidden.rights('staff'))::uuid[]));
