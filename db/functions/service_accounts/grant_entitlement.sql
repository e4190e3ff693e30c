-- The platform grants a clinic something beside its tier. What is not built is refused, and nothing is left. FND-20, TEN-01.

set role app_engine;

create or replace function app_public.grant_entitlement(organization_id uuid, entitlement text, reason text)
returns app_public.organization_entitlements
language plpgsql volatile strict security definer
set search_path = ''
as $$
declare
  v_reason text;
  v_is_built boolean;
  v_granted app_public.organization_entitlements;
begin
  if not app_hidden.is_superadmin() then
    perform app_hidden.refuse('FORBIDDEN', 'superadmin_only');
  end if;
  v_reason := app_private.require_reason(reason);
  perform from app_public.organizations
  where organizations.id = grant_entitlement.organization_id and organizations.deleted_at is null
  for no key update;
  if not found then
    perform app_hidden.refuse('NOT_FOUND', 'organization_not_found');
  end if;
  select platform_entitlements.is_built into v_is_built
  from app_public.platform_entitlements
  where platform_entitlements.key = grant_entitlement.entitlement;
  if not found then
    perform app_hidden.refuse('VALIDATION', 'entitlement_unknown', '{"field": "entitlement"}');
  elsif not v_is_built then
    perform app_hidden.refuse('CAPABILITY_NOT_BUILT', 'entitlement_not_built', jsonb_build_object('entitlement', entitlement));
  end if;

  select granted.* into v_granted
  from app_public.organization_entitlements as granted
  where granted.organization_id = grant_entitlement.organization_id
    and granted.entitlement = grant_entitlement.entitlement
    and granted.revoked_at is null;
  if not found then
    insert into app_public.organization_entitlements (organization_id, entitlement, reason, granted_by, granted_at)
    values (grant_entitlement.organization_id, grant_entitlement.entitlement, v_reason, app_private.current_actor_id(), app_hidden.now())
    returning * into v_granted;
  end if;
  return v_granted;
end;
$$;

comment on function app_public.grant_entitlement is
  E'@arg entitlement One of platformEntitlements.\nGrants a clinic an entitlement; one that it has already is answered as it is. Superadmin only, with a reason. '
  'CAPABILITY_NOT_BUILT entitlement_not_built while nothing implements it.';
grant execute on function app_public.grant_entitlement to app_member;

reset role;
