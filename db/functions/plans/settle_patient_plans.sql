-- Brings what a patient has at a clinic up to now: months of the subscription, its end, the end of its trial, the end of what
-- was bought. Each step counts as of the time it was due and in the order of these times, so after an outage of days the ledger says what it
-- would say without one. Who changes or uses anything of a patient's plans calls it first. CAT-06, FND-21.
-- Locks, always in this order: the patient, for share, so that a merge waits; the live subscription; the plans, by their ids.

create or replace function app_private.settle_patient_plans(organization_id uuid, patient_profile_id uuid) returns void
language plpgsql volatile
set search_path = ''
as $$
declare
  v_subscription app_public.patient_subscriptions;
  v_plan app_public.patient_service_plans;
begin
  perform from app_public.patients
  where patients.organization_id = settle_patient_plans.organization_id
    and patients.patient_profile_id = settle_patient_plans.patient_profile_id
  for share;
  select patient_subscriptions.* into v_subscription
  from app_public.patient_subscriptions
  where patient_subscriptions.organization_id = settle_patient_plans.organization_id
    and patient_subscriptions.patient_profile_id = settle_patient_plans.patient_profile_id
    and patient_subscriptions.status in ('pending', 'trialing', 'active', 'past_due')
  for no key update;
  perform from app_public.patient_service_plans
  where patient_service_plans.organization_id = settle_patient_plans.organization_id
    and patient_service_plans.patient_profile_id = settle_patient_plans.patient_profile_id
  order by patient_service_plans.id
  for no key update;

  while v_subscription.settle_at <= app_hidden.now() loop
    v_subscription := app_private.settle_next(v_subscription);
  end loop;

  for v_plan in
    select patient_service_plans.*
    from app_public.patient_service_plans
    where patient_service_plans.organization_id = settle_patient_plans.organization_id
      and patient_service_plans.patient_profile_id = settle_patient_plans.patient_profile_id
      and patient_service_plans.ended_at is null
      and patient_service_plans.valid_until <= app_hidden.now()
    order by patient_service_plans.id
  loop
    perform app_private.end_plan(v_plan, v_plan.valid_until);
  end loop;
end;
$$;

comment on function app_private.settle_patient_plans is
  'Locks the subscription and the plans of a patient, and does what time has made due. A second time does nothing.';
grant execute on function app_private.settle_patient_plans to app_engine;

create or replace function app_private.settle_next(subscription app_public.patient_subscriptions)
returns app_public.patient_subscriptions
language plpgsql volatile
set search_path = ''
as $$
begin
  return case
    when subscription.ends_at <= subscription.settle_at
      then app_private.set_subscription_status(subscription, 'expired', subscription.settle_at)
    -- Nobody said that it was paid: nothing is given until somebody does.
    when subscription.status = 'trialing' and subscription.trial_ends_at <= subscription.settle_at
      then app_private.set_subscription_status(subscription, 'past_due', subscription.settle_at)
    else app_private.begin_month(subscription, subscription.settle_at)
  end;
end;
$$;

comment on function app_private.settle_next is 'The next step that time makes due: the end, the end of the trial, or a month.';
grant execute on function app_private.settle_next to app_engine;
