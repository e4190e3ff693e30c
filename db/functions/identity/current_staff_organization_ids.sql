-- Where the caller works. Policies compare with it once per query. FND-04, FND-05.

set role app_engine;

create or replace function app_hidden.current_staff_organization_ids() returns uuid[]
language sql stable parallel safe security definer
set search_path = ''
begin atomic
  select coalesce(array_agg(memberships.organization_id), '{}')
  from app_public.memberships
  join app_public.principals on principals.id = memberships.human_id and principals.disabled_at is null
  join app_public.organizations on organizations.id = memberships.organization_id and organizations.deleted_at is null
  where memberships.human_id = (select app_hidden.current_principal_id())
    and memberships.ended_at is null
    and ((select app_hidden.current_organization_id()) is null
         or memberships.organization_id = (select app_hidden.current_organization_id()));
end;

comment on function app_hidden.current_staff_organization_ids is
  'Clinics where the caller is a member, narrowed to the one the request names.';
grant execute on function app_hidden.current_staff_organization_ids to app_member, app_anonymous;

reset role;
