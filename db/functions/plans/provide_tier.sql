-- What a tier includes becomes the patient's: plans that it does not bring any more end, the others are there with its terms.
-- A second time changes nothing. Plans that were bought are not looked at. CAT-06.

create or replace function app_private.provide_tier(
  subscription app_public.patient_subscriptions,
  at timestamptz,
  changes_tier boolean default false
) returns void
language plpgsql volatile
set search_path = ''
as $$
declare
  v_plan app_public.patient_service_plans;
  v_provided record;
  v_inclusion app_public.patient_tier_inclusions;
  v_kind text;
begin
  for v_plan in
    select plans.* from app_private.open_plans_of(subscription) as plans
    where not exists (
      select from app_public.patient_tier_inclusions
      where patient_tier_inclusions.organization_id = plans.organization_id
        and patient_tier_inclusions.tier_id = subscription.tier_id
        and patient_tier_inclusions.service_plan_id = plans.service_plan_id)
  loop
    perform app_private.end_plan(v_plan, at);
  end loop;

  for v_inclusion in
    select patient_tier_inclusions.*
    from app_public.patient_tier_inclusions
    where patient_tier_inclusions.organization_id = subscription.organization_id
      and patient_tier_inclusions.tier_id = subscription.tier_id
    order by patient_tier_inclusions.service_plan_id
  loop
    insert into app_public.patient_service_plans as known
      (organization_id, patient_profile_id, service_plan_id, source_tier_subscription_id, telerehab_access, library_access,
       grant_period, grant_quantity, carry_over_unused, prorate_on_upgrade, starts_at, created_by)
    select
      subscription.organization_id, subscription.patient_profile_id, service_plans.id, subscription.id,
      service_plans.telerehab_access, service_plans.library_access,
      v_inclusion.grant_period, v_inclusion.grant_quantity, v_inclusion.carry_over_unused, v_inclusion.prorate_on_upgrade,
      at, subscription.created_by
    from app_public.service_plans
    where service_plans.organization_id = subscription.organization_id and service_plans.id = v_inclusion.service_plan_id
    on conflict on constraint patient_service_plans_come_once_of_a_subscription do update set
      telerehab_access = excluded.telerehab_access, library_access = excluded.library_access,
      grant_period = excluded.grant_period, grant_quantity = excluded.grant_quantity,
      carry_over_unused = excluded.carry_over_unused, prorate_on_upgrade = excluded.prorate_on_upgrade,
      ended_at = null, end_reason = null
    returning known as plan, old.id is not null and old.ended_at is not null as comes_back into v_provided;
    v_plan := v_provided.plan;

    for v_kind in
      select kinds.kind
      from (
        select 'sessions' as kind
        union
        select service_plan_counters.kind from app_public.service_plan_counters
        where service_plan_counters.organization_id = v_plan.organization_id
          and service_plan_counters.service_plan_id = v_plan.service_plan_id
        union
        select patient_entitlements.kind from app_public.patient_entitlements
        where patient_entitlements.organization_id = v_plan.organization_id
          and patient_entitlements.patient_service_plan_id = v_plan.id
      ) as kinds
      order by kinds.kind
    loop
      -- A plan that comes back within its period is taken up where it was left.
      perform app_private.provide(subscription, v_plan, v_kind, at, within_period => changes_tier or v_provided.comes_back);
    end loop;
  end loop;
end;
$$;

comment on function app_private.provide_tier is
  'Makes the plans of a subscription those of its tier; changes_tier: within a period that runs, prorated or in full.';
grant execute on function app_private.provide_tier to app_engine;
