-- How much of one kind a tier gives in a period that runs, after a change: what earlier tiers had given for the days until
-- today, and the share of the days that are left of what is given now; or, where the terms say in full, what is given now. Neither
-- going to and fro between tiers nor changing every day brings more than the days add up to. CAT-06.

create or replace function app_private.provide(
  subscription app_public.patient_subscriptions,
  plan app_public.patient_service_plans,
  kind text,
  at timestamptz,
  within_period boolean
) returns void
language plpgsql volatile
set search_path = ''
as $$
declare
  v_quantity constant int := app_private.plan_quantity(plan, provide.kind);
  v_months constant int := app_private.months_of(plan.grant_period);
  v_today constant date := (
    select (at at time zone organizations.timezone)::date from app_public.organizations where organizations.id = plan.organization_id);
  v_accrued int := 0;
  v_entitlement app_public.patient_entitlements;
begin
  select patient_entitlements.* into v_entitlement
  from app_public.patient_entitlements
  where patient_entitlements.organization_id = plan.organization_id
    and patient_entitlements.patient_service_plan_id = plan.id
    and patient_entitlements.kind = provide.kind;
  if not found then
    if v_quantity = 0 then
      return;
    end if;
  elsif not within_period then
    -- It is renewed with its own period.
    return;
  elsif v_entitlement.to_month > subscription.month then
    v_accrued := v_entitlement.accrued_before + app_private.accrued(
      v_entitlement.per_period, subscription.anchor_on, v_entitlement.from_month, v_entitlement.to_month, v_today);
  else
    v_entitlement.granted := null;
  end if;
  if v_entitlement.id is null or v_entitlement.to_month <= subscription.month
    or v_entitlement.to_month - v_entitlement.from_month <> v_months
  then
    v_entitlement.from_month := subscription.month;
    v_entitlement.to_month := subscription.month + v_months;
  end if;

  insert into app_public.patient_entitlements as known
    (organization_id, patient_service_plan_id, kind, per_period, accrued_before, granted, from_month, to_month,
     period_starts_at, period_ends_at)
  values
    (plan.organization_id, plan.id, provide.kind, v_quantity,
     case when within_period and plan.prorate_on_upgrade
       then v_accrued - app_private.accrued(
         v_quantity, subscription.anchor_on, v_entitlement.from_month, v_entitlement.to_month, v_today)
       else 0 end,
     v_entitlement.granted, v_entitlement.from_month, v_entitlement.to_month,
     app_private.month_starts_at(subscription.organization_id, subscription.anchor_on, v_entitlement.from_month),
     app_private.month_starts_at(subscription.organization_id, subscription.anchor_on, v_entitlement.to_month))
  on conflict on constraint patient_entitlements_kind_stands_once_in_a_plan do update set
    per_period = excluded.per_period, accrued_before = excluded.accrued_before, granted = excluded.granted,
    from_month = excluded.from_month, to_month = excluded.to_month,
    period_starts_at = excluded.period_starts_at, period_ends_at = excluded.period_ends_at
  returning known.* into v_entitlement;
  if subscription.status in ('trialing', 'active') then
    perform app_private.give(v_entitlement, at);
  end if;
end;
$$;

comment on function app_private.provide is
  'Sets what a plan of a tier gives of one kind, and gives or takes back the difference. What runs is left alone unless within_period.';
grant execute on function app_private.provide to app_engine;

create or replace function app_private.plan_quantity(plan app_public.patient_service_plans, kind text) returns int
language sql stable
set search_path = ''
return coalesce((plan).grant_quantity, 1) * coalesce(
  case plan_quantity.kind
    when 'sessions' then (
      select service_plans.sessions_total
      from app_public.service_plans
      where service_plans.organization_id = (plan).organization_id and service_plans.id = (plan).service_plan_id)
    else (
      select service_plan_counters.total
      from app_public.service_plan_counters
      where service_plan_counters.organization_id = (plan).organization_id
        and service_plan_counters.service_plan_id = (plan).service_plan_id
        and service_plan_counters.kind = plan_quantity.kind)
  end, 0);

comment on function app_private.plan_quantity is 'How many of a kind a plan gives at a time, by what the clinic says today.';
grant execute on function app_private.plan_quantity to app_engine;
