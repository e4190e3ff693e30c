-- The platform takes an entitlement back. FND-20, TEN-01.

set role app_engine;

create or replace function app_public.revoke_entitlement(entitlement_id uuid, reason text) returns app_public.organization_entitlements
language plpgsql volatile strict security definer
set search_path = ''
as $$
declare
  v_reason text;
  v_granted app_public.organization_entitlements;
begin
  if not app_hidden.is_superadmin() then
    perform app_hidden.refuse('FORBIDDEN', 'superadmin_only');
  end if;
  v_reason := app_private.require_reason(reason);
  update app_public.organization_entitlements
  set revoked_at = app_hidden.now(), revoked_by = app_private.current_actor_id(), revoke_reason = v_reason
  where organization_entitlements.id = revoke_entitlement.entitlement_id
    and organization_entitlements.revoked_at is null
  returning * into v_granted;
  if not found then
    perform app_hidden.refuse('NOT_FOUND', 'not_found');
  end if;
  return v_granted;
end;
$$;

comment on function app_public.revoke_entitlement is
  E'@arg entitlementId What was granted, by its id.\nTakes back what was granted; NOT_FOUND when the clinic has it no more. Superadmin only, with a reason.';
grant execute on function app_public.revoke_entitlement to app_member;

reset role;
