-- A colleague joins, or comes back. They are matched by email when they first sign in. FND-04.
-- requires: functions/identity/require_permission.sql
-- requires: functions/identity/require_grantable.sql
-- requires: functions/identity/permissions_of.sql
-- requires: functions/identity/human_by_email.sql
-- requires: functions/core/current_actor_id.sql

set role app_engine;

create or replace function app_public.add_member(
  organization_id uuid,
  email text,
  display_name text,
  role_ids uuid[]
) returns app_public.memberships
language plpgsql volatile security definer
set search_path = ''
as $$
declare
  v_role_id uuid;
  v_membership app_public.memberships;
begin
  perform app_private.require_permission(organization_id, 'members.manage');
  if coalesce(cardinality(role_ids), 0) = 0 then
    perform app_hidden.refuse('VALIDATION', 'role_missing', '{"field": "roleIds"}', 'Choose at least one role.');
  end if;

  insert into app_public.memberships (organization_id, human_id)
  values (add_member.organization_id,
          app_private.human_by_email(add_member.email, add_member.display_name, 'ro'))
  on conflict on constraint memberships_human_is_member_once do update set ended_at = null
    where memberships.ended_at is not null
  returning * into v_membership;
  if not found then
    perform app_hidden.refuse('CONFLICT', 'already_a_member', '{"field": "email"}', 'This person is a member already.');
  end if;

  delete from app_public.membership_roles
  where membership_roles.organization_id = v_membership.organization_id
    and membership_roles.membership_id = v_membership.id;
  foreach v_role_id in array role_ids loop
    perform app_private.give_role(v_membership.organization_id, v_membership.id, v_role_id);
  end loop;
  return v_membership;
end;
$$;

comment on function app_public.add_member(uuid, text, text, uuid[]) is
  'Adds a colleague with these roles. Needs members.manage; FORBIDDEN above_yourself for a role that allows more than you may.';
grant execute on function app_public.add_member(uuid, text, text, uuid[]) to app_member;

reset role;
