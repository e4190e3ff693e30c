-- A plan ends: what is left lapses, and the history stays. Of a tier's plan it is kept how much the period had come to, for a
-- tier that brings it back before the period is over. CAT-06, CAT-08.

create or replace function app_private.end_plan(plan app_public.patient_service_plans, at timestamptz, reason text default null)
returns app_public.patient_service_plans
language plpgsql volatile
set search_path = ''
as $$
declare
  v_plan app_public.patient_service_plans;
  v_entitlement app_public.patient_entitlements;
  v_left int;
begin
  update app_public.patient_service_plans set ended_at = at, end_reason = end_plan.reason
  where patient_service_plans.organization_id = plan.organization_id and patient_service_plans.id = plan.id
  returning * into v_plan;

  for v_entitlement in
    select patient_entitlements.*
    from app_public.patient_entitlements
    where patient_entitlements.organization_id = plan.organization_id and patient_entitlements.patient_service_plan_id = plan.id
    order by patient_entitlements.kind
  loop
    v_left := app_public.patient_entitlements_balance(v_entitlement);
    if v_left > 0 then
      perform app_private.write_entry(v_entitlement, 'expire', -v_left, at);
    end if;
    update app_public.patient_entitlements set
      accrued_before = patient_entitlements.accrued_before + case when patient_entitlements.granted is null then 0
        else app_private.accrued(
          patient_entitlements.per_period, patient_subscriptions.anchor_on, patient_entitlements.from_month,
          patient_entitlements.to_month, (at at time zone organizations.timezone)::date) end,
      per_period = 0,
      granted = patient_entitlements.granted - v_left
    from app_public.patient_subscriptions
    join app_public.organizations on organizations.id = patient_subscriptions.organization_id
    where patient_subscriptions.organization_id = plan.organization_id
      and patient_subscriptions.id = plan.source_tier_subscription_id
      and patient_entitlements.organization_id = v_entitlement.organization_id
      and patient_entitlements.id = v_entitlement.id;
  end loop;
  return v_plan;
end;
$$;

comment on function app_private.end_plan is 'Ends a plan of a patient who is locked by settle_patient_plans(); what is left lapses.';
grant execute on function app_private.end_plan to app_engine;
