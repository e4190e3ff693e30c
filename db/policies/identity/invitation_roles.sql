-- Seen by whoever may invite, written by `invite_member`. FND-04.

select app_private.classify('app_public.invitation_roles', home => 'clinic', retention => 'clinic', classes =>
  '{"operational": ["organization_id", "invitation_id", "role_id", "created_at"]}');
select app_private.protect('app_public.invitation_roles', engine => 'select, insert');

grant select on app_public.invitation_roles to app_member;

create policy invitation_roles_select_staff on app_public.invitation_roles for select to app_member
  using (organization_id = any ((select app_hidden.rights('members.manage'))::uuid[]));
