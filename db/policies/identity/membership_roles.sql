-- Who holds which role: seen by colleagues, written by `grant_role` and `revoke_role`. FND-04.

alter table app_public.membership_roles enable row level security;
alter table app_public.membership_roles force row level security;

grant select on app_public.membership_roles to app_member;

drop policy if exists membership_roles_select_staff on app_public.membership_roles;
create policy membership_roles_select_staff on app_public.membership_roles
  for select to app_member
  using (organization_id = any ((select app_hidden.current_staff_organization_ids())::uuid[]));

grant select, insert, delete on app_public.membership_roles to app_engine;
drop policy if exists membership_roles_all_engine on app_public.membership_roles;
create policy membership_roles_all_engine on app_public.membership_roles
  for all to app_engine
  using (true)
  with check (true);

select app_private.classify('app_public.membership_roles', 'clinic',
  '{"operational": ["organization_id", "membership_id", "role_id", "granted_by", "created_at"]}');
