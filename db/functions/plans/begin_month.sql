-- A month of a subscription begins. What of a period was not used lapses or goes over, under the terms that it had; with a new
-- billing period the tier's terms are read anew; then new periods are opened, and given unless a payment is awaited. CAT-06.

create or replace function app_private.begin_month(subscription app_public.patient_subscriptions, at timestamptz)
returns app_public.patient_subscriptions
language plpgsql volatile
set search_path = ''
as $$
declare
  v_renews constant boolean :=
    subscription.month + 1 >= subscription.period_month + app_private.months_of(subscription.billing_period);
  v_subscription app_public.patient_subscriptions;
  v_entitlement app_public.patient_entitlements;
begin
  update app_public.patient_subscriptions set
    month = subscription.month + 1,
    period_month = case when v_renews then subscription.month + 1 else subscription.period_month end,
    billing_period = case when v_renews then patient_tiers.billing_period else subscription.billing_period end
  from app_public.patient_tiers
  where patient_tiers.organization_id = patient_subscriptions.organization_id
    and patient_tiers.id = patient_subscriptions.tier_id
    and patient_subscriptions.organization_id = subscription.organization_id
    and patient_subscriptions.id = subscription.id
  returning patient_subscriptions.* into v_subscription;

  for v_entitlement in
    select entitlements.* from app_private.entitlements_of(v_subscription) as entitlements
    where entitlements.to_month <= v_subscription.month
  loop
    perform app_private.close_entitlement_period(v_entitlement, at);
  end loop;
  if v_renews then
    perform app_private.provide_tier(v_subscription, at);
  end if;
  for v_entitlement in
    select entitlements.* from app_private.entitlements_of(v_subscription) as entitlements
    where entitlements.to_month <= v_subscription.month
  loop
    perform app_private.open_period(v_subscription, v_entitlement, at);
  end loop;
  return v_subscription;
end;
$$;

comment on function app_private.begin_month is 'Counts a month on, and renews what ends with the one before.';
grant execute on function app_private.begin_month to app_engine;

create or replace function app_private.close_entitlement_period(entitlement app_public.patient_entitlements, at timestamptz) returns void
language plpgsql volatile
set search_path = ''
as $$
declare
  v_left constant int := app_public.patient_entitlements_balance(entitlement);
  v_key constant text := concat_ws(':', 'period', entitlement.id, entitlement.to_month);
begin
  if v_left > 0 then
    perform app_private.write_entry(entitlement, 'expire', -v_left, at, v_key);
    if (select patient_service_plans.carry_over_unused
        from app_public.patient_service_plans
        where patient_service_plans.organization_id = entitlement.organization_id
          and patient_service_plans.id = entitlement.patient_service_plan_id)
    then
      perform app_private.write_entry(entitlement, 'carry', v_left, at, v_key, period_starts_at => at);
    end if;
  end if;
end;
$$;

comment on function app_private.close_entitlement_period is 'Lets what was not used lapse, and carries it over where the plan says so.';
grant execute on function app_private.close_entitlement_period to app_engine;

create or replace function app_private.open_period(
  subscription app_public.patient_subscriptions,
  entitlement app_public.patient_entitlements,
  at timestamptz
) returns void
language plpgsql volatile
set search_path = ''
as $$
declare
  v_entitlement app_public.patient_entitlements;
begin
  update app_public.patient_entitlements set
    from_month = subscription.month,
    to_month = subscription.month + app_private.months_of(plans.grant_period),
    period_starts_at = app_private.month_starts_at(subscription.organization_id, subscription.anchor_on, subscription.month),
    period_ends_at = app_private.month_starts_at(
      subscription.organization_id, subscription.anchor_on, subscription.month + app_private.months_of(plans.grant_period)),
    per_period = app_private.plan_quantity(plans, patient_entitlements.kind),
    accrued_before = 0,
    granted = null
  from app_public.patient_service_plans as plans
  where plans.organization_id = patient_entitlements.organization_id
    and plans.id = patient_entitlements.patient_service_plan_id
    and patient_entitlements.organization_id = entitlement.organization_id
    and patient_entitlements.id = entitlement.id
  returning patient_entitlements.* into v_entitlement;
  if subscription.status in ('trialing', 'active') then
    perform app_private.give(v_entitlement, at);
  end if;
end;
$$;

comment on function app_private.open_period is 'Begins a period with this month, under the terms of today.';
grant execute on function app_private.open_period to app_engine;
