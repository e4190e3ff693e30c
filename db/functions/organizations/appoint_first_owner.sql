-- The first owner of a clinic, who has nobody there to invite them. Whoever never signed in is named, and their first
-- sign-in makes them the owner; somebody with an account is asked, as everybody is who joins a clinic. The superadmin who
-- names their own address has said yes. FND-01, FND-04.

create or replace function app_private.appoint_first_owner(organization app_public.organizations, email text, name text)
returns void
language plpgsql volatile
set search_path = ''
as $$
declare
  v_owner_role_id uuid;
  v_invitation app_public.invitations;
  v_membership_id uuid;
begin
  select roles.id into strict v_owner_role_id
  from app_public.roles
  where roles.organization_id = organization.id and roles.system_role_key = 'owner';

  if exists (
    select from app_public.humans
    where humans.email = app_hidden.address_key(appoint_first_owner.email)
      and humans.provider_org_id is null
      and humans.email_verified_at is not null
      and humans.closed_at is null
      and humans.principal_id <> app_private.current_actor_id()
  ) then
    v_invitation := app_private.open_invitation(organization.id, 'member', email, name);
    insert into app_public.invitation_roles (organization_id, invitation_id, role_id)
    values (organization.id, v_invitation.id, v_owner_role_id);
    perform app_private.send_invitation(v_invitation, organization.locale);
    return;
  end if;

  insert into app_public.memberships (organization_id, human_id)
  values (organization.id, app_private.human_by_email(email, name, organization.locale))
  returning id into v_membership_id;
  insert into app_public.membership_roles (organization_id, membership_id, role_id, granted_by)
  values (organization.id, v_membership_id, v_owner_role_id, app_private.current_actor_id());
end;
$$;

comment on function app_private.appoint_first_owner is
  'Makes whoever has no account yet, or the caller, the owner of a clinic without members; invites anybody else.';
grant execute on function app_private.appoint_first_owner to app_engine;
