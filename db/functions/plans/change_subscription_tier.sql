-- A patient goes over to another tier: what it includes is theirs at once. CAT-06.

set role app_engine;

create or replace function app_public.change_subscription_tier(
  subscription_id uuid,
  tier_id uuid
) returns app_public.patient_subscriptions
language plpgsql volatile security definer
set search_path = ''
as $$
declare
  v_subscription app_public.patient_subscriptions;
begin
  v_subscription := app_private.subscription_to_serve(subscription_id);
  perform app_private.require_not_suspended(v_subscription.organization_id);
  if v_subscription.status not in ('pending', 'trialing', 'active') then
    perform app_hidden.refuse('STATE', 'subscription_is_not_running', jsonb_build_object('status', v_subscription.status));
  elsif v_subscription.tier_id = change_subscription_tier.tier_id then
    return v_subscription;
  end if;
  update app_public.patient_subscriptions set
    tier_id = patient_tiers.id,
    -- What runs is billed to its end; what has not begun is billed as the tier says.
    billing_period = case when v_subscription.status = 'pending' then patient_tiers.billing_period
                       else patient_subscriptions.billing_period end
  from app_public.patient_tiers
  where patient_tiers.organization_id = v_subscription.organization_id
    and patient_tiers.id = change_subscription_tier.tier_id
    and patient_tiers.is_active
    and patient_subscriptions.id = v_subscription.id
  returning patient_subscriptions.* into v_subscription;
  if not found then
    perform app_hidden.refuse('NOT_FOUND', 'patient_tier_not_found');
  end if;
  if v_subscription.status <> 'pending' then
    perform app_private.provide_tier(v_subscription, app_hidden.now(), changes_tier => true);
  end if;
  return v_subscription;
end;
$$;

comment on function app_public.change_subscription_tier is
  'Puts a subscription on another tier; within a period in full or by the days that are left, as the inclusion says. Needs '
  'patient_plans.manage; STATE subscription_is_not_running; NOT_FOUND patient_tier_not_found.';
grant execute on function app_public.change_subscription_tier to app_member;

reset role;
