-- The last owner cannot leave. Two owners leaving at once queue on the clinic's row, so one stays. FND-04.

create or replace function app_private.require_another_owner(organization_id uuid, leaving_membership_id uuid) returns void
language plpgsql volatile
set search_path = ''
as $$
begin
  perform from app_public.organizations where organizations.id = require_another_owner.organization_id for no key update;
  if exists (
    select
    from app_public.membership_roles
    join app_public.roles on roles.organization_id = membership_roles.organization_id and roles.id = membership_roles.role_id
    join app_public.memberships
      on memberships.organization_id = membership_roles.organization_id and memberships.id = membership_roles.membership_id
    join app_public.principals on principals.id = memberships.human_id and principals.disabled_at is null
    where membership_roles.organization_id = require_another_owner.organization_id
      and roles.system_role_key = 'owner'
      and memberships.ended_at is null
      and memberships.id <> leaving_membership_id
  ) then
    return;
  end if;
  perform app_hidden.refuse('STATE', 'last_owner');
end;
$$;

comment on function app_private.require_another_owner is
  'Refuses with STATE last_owner when no other active owner would remain. Locks the clinic''s row.';
grant execute on function app_private.require_another_owner to app_engine;
