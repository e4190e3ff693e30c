-- Plans, tiers and subscriptions in one line each. What is made belongs to the clinic that was made last.

create or replace function tests.plan(
  name text, sessions int default 10, validity_days int default null, library boolean default false, telerehab boolean default false,
  assignments int default null
) returns uuid
language plpgsql volatile security definer
as $$
declare
  v_clinic uuid := tests.clinic_id();
  v_id uuid;
begin
  insert into app_public.service_plans
    (organization_id, name, plan_type, sessions_total, validity_days, library_access, telerehab_access, price_amount, currency)
  values (v_clinic, plan.name,
          case when plan.sessions is null then 'time_based' when plan.validity_days is null then 'session_based' else 'hybrid' end,
          plan.sessions, case when plan.sessions is null then coalesce(plan.validity_days, 30) else plan.validity_days end,
          plan.library, plan.telerehab, 45000, 'RON')
  returning id into v_id;
  insert into app_public.service_plan_counters (organization_id, service_plan_id, kind, total)
  select v_clinic, v_id, 'treatment_plan_assignments', plan.assignments where plan.assignments is not null;
  return tests.remember(plan.name, v_id);
end;
$$;

comment on function tests.plan(text, int, int, boolean, boolean, int) is
  'A plan of the clinic; sessions => null sells time. tests.id(name) is the plan.';

create or replace function tests.tier(name text, billing_period text default 'month') returns uuid
language sql volatile security definer
as $$
  with made as (
    insert into app_public.patient_tiers (organization_id, name, billing_period, price_amount, currency)
    values (tests.clinic_id(), tier.name, tier.billing_period, 9900, 'RON')
    returning id)
  select tests.remember(tier.name, made.id) from made;
$$;

create or replace function tests.includes(
  tier text, plan text, period text default 'month', quantity int default 1, carry_over boolean default false,
  prorate boolean default true
) returns void
language sql volatile security definer
as $$
  insert into app_public.patient_tier_inclusions
    (organization_id, tier_id, service_plan_id, grant_period, grant_quantity, carry_over_unused, prorate_on_upgrade)
  values (tests.clinic_id(), tests.id(includes.tier), tests.id(includes.plan), includes.period, includes.quantity,
          includes.carry_over, includes.prorate);
$$;

-- With the functions of the domain, so that there is what a verb would have made.
create or replace function tests.subscribed(
  patient text, tier text, status text default 'active', trial_ends_at timestamptz default null, ends_at timestamptz default null
) returns uuid
language plpgsql volatile security definer
as $$
declare
  v_subscription app_public.patient_subscriptions;
begin
  insert into app_public.patient_subscriptions (organization_id, patient_profile_id, tier_id, status, billing_period, trial_ends_at, ends_at)
  select t.organization_id, tests.id(subscribed.patient), t.id, 'pending', t.billing_period, subscribed.trial_ends_at, subscribed.ends_at
  from app_public.patient_tiers t where t.id = tests.id(subscribed.tier)
  returning * into v_subscription;
  if subscribed.status <> 'pending' then
    v_subscription := app_private.set_subscription_status(v_subscription, subscribed.status, app_hidden.now());
  end if;
  return tests.remember(subscribed.patient || '''s ' || subscribed.tier, v_subscription.id);
end;
$$;

create or replace function tests.has_plan(patient text, plan text, clinic text default null) returns uuid
language plpgsql volatile security definer
as $$
declare
  v_plan app_public.patient_service_plans;
  v_entitlement app_public.patient_entitlements;
begin
  insert into app_public.patient_service_plans
    (organization_id, patient_profile_id, service_plan_id, telerehab_access, library_access, price_amount, currency, starts_at, valid_until)
  select p.organization_id, tests.id(has_plan.patient), p.id, p.telerehab_access, p.library_access, p.price_amount, p.currency,
         app_hidden.now(), app_hidden.now() + make_interval(days => p.validity_days)
  from app_public.service_plans p where p.id = tests.id(has_plan.plan)
  returning * into v_plan;
  for v_entitlement in
    insert into app_public.patient_entitlements (organization_id, patient_service_plan_id, kind, per_period)
    select v_plan.organization_id, v_plan.id, k.key, app_private.plan_quantity(v_plan, k.key)
    from app_public.entitlement_kinds k where app_private.plan_quantity(v_plan, k.key) > 0
    returning *
  loop
    perform app_private.write_entry(v_entitlement, 'grant', v_entitlement.per_period, app_hidden.now(), 'purchase:' || v_entitlement.id);
  end loop;
  return tests.remember(has_plan.patient || '''s ' || has_plan.plan, v_plan.id);
end;
$$;

-- What a patient has left of a kind, by one plan or by all; asked of the ledger as it stands.
create or replace function tests.left_of(patient text, plan text, kind text default 'sessions') returns int
language sql volatile security definer
as $$
  select sum(app_public.patient_entitlements_balance(e))::int
  from app_public.patient_service_plans p
  join app_public.patient_entitlements e on e.patient_service_plan_id = p.id
  where p.patient_profile_id = tests.id(left_of.patient) and p.service_plan_id = tests.id(left_of.plan) and e.kind = left_of.kind;
$$;

create or replace function tests.settle_plans(patient text) returns void
language plpgsql volatile security definer
as $$
begin
  perform app_private.settle_due_plans(tests.clinic_id(), tests.id(settle_plans.patient));
end;
$$;

-- The ledger of a plan in words: "grant 4 = 4".
create or replace function tests.ledger(patient text, plan text, kind text default 'sessions') returns text[]
language sql volatile security definer
as $$
  select coalesce(array_agg(l.entry || ' ' || abs(l.quantity) || ' = ' || l.balance order by l.number), '{}')
  from app_public.patient_service_plans p
  join app_public.patient_entitlements e on e.patient_service_plan_id = p.id
  join app_public.entitlement_entries l on l.patient_entitlement_id = e.id
  where p.patient_profile_id = tests.id(ledger.patient) and p.service_plan_id = tests.id(ledger.plan) and e.kind = ledger.kind;
$$;
