-- Seen by whoever may invite, written by `invite_member`. FND-04.

alter table app_public.invitation_roles enable row level security;
alter table app_public.invitation_roles force row level security;

grant select on app_public.invitation_roles to app_member;

drop policy if exists invitation_roles_select_staff on app_public.invitation_roles;
create policy invitation_roles_select_staff on app_public.invitation_roles
  for select to app_member
  using (organization_id = any ((select app_hidden.organization_ids_where('members.manage'))::uuid[]));

grant select, insert on app_public.invitation_roles to app_engine;
drop policy if exists invitation_roles_all_engine on app_public.invitation_roles;
create policy invitation_roles_all_engine on app_public.invitation_roles
  for all to app_engine
  using (true)
  with check (true);

select app_private.classify('app_public.invitation_roles', 'clinic',
  '{"operational": ["organization_id", "invitation_id", "role_id", "created_at"]}');
