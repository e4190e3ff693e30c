-- Who holds which role: seen by colleagues, written by `grant_role` and `revoke_role`. FND-04.

select app_private.classify('app_public.membership_roles', home => 'clinic', retention => 'clinic', classes =>
  '{"operational": ["organization_id", "membership_id", "role_id", "granted_by", "created_at"]}');
select app_private.protect('app_public.membership_roles', engine => 'select, insert, delete');

grant select on app_public.membership_roles to app_member;

create policy membership_roles_select_staff on app_public.membership_roles for select to app_member
  using (organization_id = any ((select app_hidden.rights('staff'))::uuid[]));

create or replace trigger _900_forget_rights after insert or update or delete on app_public.membership_roles
  for each statement execute function app_private.tg_forget_rights();
