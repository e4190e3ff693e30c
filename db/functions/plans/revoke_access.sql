-- What was opened by hand is closed, at the next statement. CAT-08.

set role app_engine;

create or replace function app_public.revoke_access(access_grant_id uuid) returns app_public.access_grants
language plpgsql volatile security definer
set search_path = ''
as $$
declare
  v_grant app_public.access_grants;
begin
  select access_grants.* into v_grant from app_public.access_grants where access_grants.id = revoke_access.access_grant_id;
  perform app_private.require_permission(v_grant.organization_id, 'patient_plans.manage');
  update app_public.access_grants set
    revoked_at = coalesce(access_grants.revoked_at, app_hidden.now()),
    revoked_by = case when access_grants.revoked_at is null then app_private.current_actor_id() else access_grants.revoked_by end
  where access_grants.id = v_grant.id
  returning * into strict v_grant;
  return v_grant;
end;
$$;

comment on function app_public.revoke_access is
  'Closes what was opened by hand. Needs patient_plans.manage; a second time answers the same.';
grant execute on function app_public.revoke_access to app_member;

reset role;
