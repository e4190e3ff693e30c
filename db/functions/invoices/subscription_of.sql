-- The subscription of a period as it is billed for it: how often its plan is billed is the period's to say. BIL-02.

create or replace function app_private.subscription_of(period app_public.billing_periods) returns app_public.organization_subscriptions
language plpgsql stable
set search_path = ''
as $$
declare
  v_subscription app_public.organization_subscriptions;
begin
  select organization_subscriptions.* into strict v_subscription
  from app_public.organization_subscriptions
  where organization_subscriptions.organization_id = period.organization_id
    and organization_subscriptions.id = period.subscription_id;
  v_subscription.cadence := app_private.cadence_of(v_subscription, period);
  return v_subscription;
end;
$$;

comment on function app_private.subscription_of is 'The subscription of a period, with the cadence of the period.';
grant execute on function app_private.subscription_of to app_engine;

create or replace function app_private.cadence_of(
  subscription app_public.organization_subscriptions, period app_public.billing_periods
) returns text
language sql immutable
set search_path = ''
return coalesce(period.cadence, subscription.cadence);

comment on function app_private.cadence_of is 'How often the plan is billed for a period: monthly or annual.';
grant execute on function app_private.cadence_of to app_engine;
