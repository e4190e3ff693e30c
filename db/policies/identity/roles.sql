-- A clinic's roles, seen by its members and written by `define_role`, which keeps anyone from granting above themselves. FND-04.

alter table app_public.roles enable row level security;
alter table app_public.roles force row level security;

grant select on app_public.roles to app_member;

drop policy if exists roles_select_staff on app_public.roles;
create policy roles_select_staff on app_public.roles
  for select to app_member
  using (organization_id = any ((select app_hidden.current_staff_organization_ids())::uuid[]));

grant select, insert, update on app_public.roles to app_engine;
drop policy if exists roles_all_engine on app_public.roles;
create policy roles_all_engine on app_public.roles
  for all to app_engine
  using (true)
  with check (true);

create or replace trigger _050_read_facts before insert or update of name on app_public.roles
  for each row execute function app_private.tg_read_facts('name name');

create or replace trigger _100_stamp before insert or update on app_public.roles
  for each row execute function app_private.tg_stamp();

select app_private.classify('app_public.roles', 'clinic',
  '{"operational": ["id", "organization_id", "key", "name", "system_role_key", "created_at", "updated_at"]}');
