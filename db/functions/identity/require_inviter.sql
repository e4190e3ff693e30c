-- Nobody comes in by the word of somebody who may no longer give it: a member by what they are allowed, the platform while
-- nobody is at the clinic. FND-04.

create or replace function app_private.require_inviter(invitation app_public.invitations) returns void
language plpgsql stable
set search_path = ''
as $$
begin
  if exists (
    select from app_public.principals
    where principals.id = (invitation).invited_by and principals.platform_role = 'superadmin' and principals.disabled_at is null
  ) and not exists (select from app_public.memberships where memberships.organization_id = (invitation).organization_id) then
    return;
  end if;
  if exists (
    select needed.permission
    from (
      select case (invitation).kind when 'member' then 'members.manage' else 'patients.manage' end as permission
      union
      select role_permissions.permission
      from app_public.invitation_roles
      join app_public.role_permissions
        on role_permissions.organization_id = invitation_roles.organization_id
       and role_permissions.role_id = invitation_roles.role_id
      where invitation_roles.organization_id = (invitation).organization_id
        and invitation_roles.invitation_id = (invitation).id
    ) as needed
    except
    select role_permissions.permission
    from app_public.memberships
    join app_public.principals on principals.id = memberships.human_id and principals.disabled_at is null
    join app_public.membership_roles
      on membership_roles.organization_id = memberships.organization_id
     and membership_roles.membership_id = memberships.id
    join app_public.role_permissions
      on role_permissions.organization_id = membership_roles.organization_id
     and role_permissions.role_id = membership_roles.role_id
    where memberships.organization_id = (invitation).organization_id
      and memberships.human_id = (invitation).invited_by
      and memberships.ended_at is null
  ) then
    perform app_hidden.refuse('GONE', 'inviter_may_no_longer');
  end if;
end;
$$;

comment on function app_private.require_inviter is
  'GONE inviter_may_no_longer when whoever invited could not do so today.';
grant execute on function app_private.require_inviter to app_engine;
