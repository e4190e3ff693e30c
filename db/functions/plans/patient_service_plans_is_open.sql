-- Whether a plan gives anything now. Asked of the clock and of the subscription each time, so nothing has to be written for a
-- plan to close. CAT-06, CAT-08.

create or replace function app_public.patient_service_plans_is_open(plan app_public.patient_service_plans) returns boolean
language sql stable
set search_path = ''
return (plan).ended_at is null
  and (plan).starts_at <= app_hidden.now()
  and coalesce((plan).valid_until > app_hidden.now(), true)
  and ((plan).source_tier_subscription_id is null or exists (
    select from app_public.patient_subscriptions as source
    where source.organization_id = (plan).organization_id
      and source.id = (plan).source_tier_subscription_id
      and source.status in ('trialing', 'active')
      and coalesce(source.ends_at > app_hidden.now(), true)
      and (source.status <> 'trialing' or source.trial_ends_at > app_hidden.now())));

comment on function app_public.patient_service_plans_is_open is 'Whether it can be used now.';
grant execute on function app_public.patient_service_plans_is_open to app_member, app_engine;
