-- The membership a verb is about, locked, for callers of the same clinic. FND-04.

create or replace function app_private.locked_membership(membership_id uuid) returns app_public.memberships
language plpgsql volatile
set search_path = ''
as $$
declare
  v_membership app_public.memberships;
begin
  select memberships.* into v_membership
  from app_public.memberships
  where memberships.id = membership_id
    and memberships.ended_at is null
    and memberships.organization_id = any (app_hidden.current_staff_organization_ids())
  for update;
  if not found then
    perform app_hidden.refuse('NOT_FOUND', 'membership_not_found');
  end if;
  return v_membership;
end;
$$;

comment on function app_private.locked_membership is 'An active membership at one of the caller''s clinics, locked; NOT_FOUND otherwise.';
grant execute on function app_private.locked_membership to app_engine;
