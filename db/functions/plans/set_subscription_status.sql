-- A subscription moves, and what it gives follows: begun, the tier's plans are provided; awaiting payment, they are closed and
-- nothing is taken; paid, the same plans are open again, with what they had; over, they end. CAT-06, FND-21.

create or replace function app_private.set_subscription_status(
  subscription app_public.patient_subscriptions,
  to_status text,
  at timestamptz,
  reason text default null
) returns app_public.patient_subscriptions
language plpgsql volatile
set search_path = ''
as $$
declare
  v_subscription app_public.patient_subscriptions;
  v_plan app_public.patient_service_plans;
  v_entitlement app_public.patient_entitlements;
begin
  update app_public.patient_subscriptions set
    status = to_status,
    status_reason = set_subscription_status.reason,
    ended_at = case when to_status in ('canceled', 'expired') then at end,
    anchor_on = case when to_status in ('trialing', 'active')
                  then coalesce(patient_subscriptions.anchor_on, (at at time zone organizations.timezone)::date)
                  else patient_subscriptions.anchor_on end
  from app_public.organizations
  where organizations.id = patient_subscriptions.organization_id
    and patient_subscriptions.organization_id = subscription.organization_id
    and patient_subscriptions.id = subscription.id
  returning patient_subscriptions.* into v_subscription;

  if subscription.status = 'pending' and to_status in ('trialing', 'active') then
    perform app_private.provide_tier(v_subscription, at);
  elsif subscription.status = 'past_due' and to_status in ('active', 'trialing') then
    -- A period that began meanwhile was not given yet.
    for v_entitlement in
      select entitlements.* from app_private.entitlements_of(v_subscription) as entitlements where entitlements.granted is null
    loop
      perform app_private.give(v_entitlement, at);
    end loop;
  elsif to_status in ('canceled', 'expired') then
    for v_plan in select plans.* from app_private.open_plans_of(v_subscription) as plans loop
      perform app_private.end_plan(v_plan, at);
    end loop;
  end if;
  return v_subscription;
end;
$$;

comment on function app_private.set_subscription_status is
  'Moves a subscription whose patient is locked by settle_patient_plans(), and provides or ends what it brings.';
grant execute on function app_private.set_subscription_status to app_engine;

create or replace function app_private.open_plans_of(subscription app_public.patient_subscriptions)
returns setof app_public.patient_service_plans
language sql stable
set search_path = ''
begin atomic
  select patient_service_plans.*
  from app_public.patient_service_plans
  where patient_service_plans.organization_id = (subscription).organization_id
    and patient_service_plans.source_tier_subscription_id = (subscription).id
    and patient_service_plans.ended_at is null
  order by patient_service_plans.id;
end;

comment on function app_private.open_plans_of is 'The plans that a subscription brings and that have not ended, by their ids.';
grant execute on function app_private.open_plans_of to app_engine;

create or replace function app_private.entitlements_of(subscription app_public.patient_subscriptions)
returns setof app_public.patient_entitlements
language sql stable
set search_path = ''
begin atomic
  select patient_entitlements.*
  from app_private.open_plans_of(subscription) as plans
  join app_public.patient_entitlements
    on patient_entitlements.organization_id = plans.organization_id and patient_entitlements.patient_service_plan_id = plans.id
  order by plans.id, patient_entitlements.kind;
end;

comment on function app_private.entitlements_of is 'What the open plans of a subscription count.';
grant execute on function app_private.entitlements_of to app_engine;
