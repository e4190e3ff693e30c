-- A clinic asks somebody to join its staff. The person accepts with an account that proved the address; until then the
-- clinic is told nothing, not even whether there is such an account. FND-04, FND-02.

set role app_engine;

create or replace function app_public.invite_member(
  organization_id uuid,
  email text,
  name text,
  role_ids uuid[],
  locale text default null
) returns app_public.invitations
language plpgsql volatile security definer
set search_path = ''
as $$
declare
  v_remembered jsonb;
  v_role_id uuid;
  v_invitation app_public.invitations;
begin
  perform app_private.require_permission(organization_id, 'members.manage');
  v_remembered := app_private.remembered('invite_member', jsonb_build_array(organization_id, email, name, role_ids, locale));
  if v_remembered is not null then
    return jsonb_populate_record(v_invitation, v_remembered);
  end if;

  if coalesce(cardinality(role_ids), 0) = 0 then
    perform app_hidden.refuse('VALIDATION', 'role_missing', '{"field": "roleIds"}');
  end if;
  foreach v_role_id in array role_ids loop
    if not exists (
      select from app_public.roles
      where roles.organization_id = invite_member.organization_id and roles.id = v_role_id
    ) then
      perform app_hidden.refuse('VALIDATION', 'role_not_found', '{"field": "roleIds"}');
    end if;
    perform app_private.require_grantable(organization_id, app_private.permissions_of(organization_id, v_role_id));
  end loop;

  -- Colleagues are known to the clinic; nobody else is looked at.
  if exists (
    select
    from app_public.memberships
    join app_public.humans on humans.principal_id = memberships.human_id
    where memberships.organization_id = invite_member.organization_id
      and memberships.ended_at is null
      and humans.closed_at is null
      and humans.email = app_hidden.address_key(invite_member.email)
  ) then
    perform app_hidden.refuse('CONFLICT', 'already_a_member', '{"field": "email"}');
  end if;

  v_invitation := app_private.open_invitation(organization_id, 'member', email, name);
  insert into app_public.invitation_roles (organization_id, invitation_id, role_id)
  select invite_member.organization_id, v_invitation.id, role.id
  from (select distinct unnest(role_ids)) as role (id);
  v_invitation := app_private.send_invitation(v_invitation, locale);
  perform app_private.remember('invite_member', to_jsonb(v_invitation));
  return v_invitation;
end;
$$;

comment on function app_public.invite_member is
  'Invites a colleague with these roles, by mail. Needs members.manage; FORBIDDEN above_yourself for a role that allows '
  'more than you may, CONFLICT already_a_member or already_invited, STATE invitation_declined, RATE_LIMITED invited_often.';
grant execute on function app_public.invite_member to app_member;

reset role;
