-- A clinic goes over to another tier, up or down, from today on. What the days before cost and what those after cost is the bill's to say. BIL-01,
-- BIL-08.

set role app_engine;

create or replace function app_public.change_organization_tier(
  organization_id uuid,
  tier_id uuid,
  reason text default null
) returns app_public.organization_subscriptions
language plpgsql volatile security definer
set search_path = ''
as $$
declare
  v_reason text := app_private.billing_reason(organization_id, reason);
  v_subscription app_public.organization_subscriptions := app_private.subscription_to_change(organization_id);
  v_version app_public.platform_tier_versions;
  v_from uuid := v_subscription.tier_version_id;
begin
  if v_subscription.status not in ('pending', 'trialing', 'active') then
    perform app_hidden.refuse('STATE', 'tier_cannot_change', jsonb_build_object('status', v_subscription.status));
  end if;
  v_version := app_private.offered_tier_version(
    change_organization_tier.tier_id, v_subscription.currency, v_subscription.tenancy_mode,
    app_hidden.has_permission(organization_id, 'billing.manage'));
  if v_version.id = v_from then
    return v_subscription;
  end if;

  update app_public.organization_subscriptions set tier_version_id = v_version.id, status_reason = v_reason
  where organization_subscriptions.organization_id = v_subscription.organization_id
    and organization_subscriptions.id = v_subscription.id
  returning * into v_subscription;
  if v_subscription.status <> 'pending' then
    perform app_private.write_subscription_tier(v_subscription, v_reason);
  end if;
  perform app_private.publish(
    'subscription.tier_changed', v_subscription.organization_id, v_subscription.id,
    jsonb_build_object('subscriptionId', v_subscription.id, 'fromTierVersionId', v_from, 'tierVersionId', v_version.id));
  return v_subscription;
end;
$$;

comment on function app_public.change_organization_tier is
  E'@arg tierId One of platformTiers that is offered.\n@arg reason Why; a superadmin has to say.\n'
  'Puts the subscription of a clinic on the latest version of a tier, from today on. Needs billing.manage, or a superadmin with a reason. '
  'NOT_FOUND clinic_not_subscribed, platform_tier_not_found; STATE tier_cannot_change while something due is unpaid; VALIDATION tier_has_no_price.';
grant execute on function app_public.change_organization_tier to app_member;

reset role;
