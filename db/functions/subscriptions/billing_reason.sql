-- Who may change what a clinic subscribes to: the clinic with billing.manage, and the platform, which says why. BIL-01, BIL-08.

create or replace function app_private.billing_reason(organization_id uuid, reason text) returns text
language plpgsql stable
set search_path = ''
as $$
begin
  if not app_hidden.is_superadmin() or app_hidden.has_permission(organization_id, 'billing.manage') then
    perform app_private.require_permission(organization_id, 'billing.manage');
    if nullif(btrim(reason, e' \t\r\n'), '') is null then
      return null;
    end if;
  elsif not exists (
    select from app_public.organizations where organizations.id = billing_reason.organization_id and organizations.deleted_at is null
  ) then
    perform app_hidden.refuse('NOT_FOUND', 'not_found');
  end if;
  return app_private.require_reason(reason);
end;
$$;

comment on function app_private.billing_reason is
  'The reason, trimmed, of a caller who may change the subscription of the clinic; null where the clinic gives none. FORBIDDEN, NOT_FOUND, VALIDATION reason_missing.';
grant execute on function app_private.billing_reason to app_engine;

create or replace function app_private.subscription_to_change(organization_id uuid) returns app_public.organization_subscriptions
language plpgsql volatile
set search_path = ''
as $$
declare
  v_subscription app_public.organization_subscriptions;
begin
  v_subscription := app_private.lock_organization_subscription(subscription_to_change.organization_id);
  -- What time has made due is done first, so that nothing is written into a month that is over.
  if v_subscription.id is not null then
    v_subscription := app_private.settle(v_subscription);
  end if;
  if coalesce(v_subscription.status, 'canceled') = 'canceled' then
    perform app_hidden.refuse('NOT_FOUND', 'clinic_not_subscribed');
  end if;
  return v_subscription;
end;
$$;

comment on function app_private.subscription_to_change is
  'The live subscription of a clinic, locked and settled; NOT_FOUND clinic_not_subscribed.';
grant execute on function app_private.subscription_to_change to app_engine;
