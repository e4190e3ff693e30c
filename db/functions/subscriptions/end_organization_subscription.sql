-- A subscription ends: its last period is billed, and nothing is due by the clock any more. What was billed stays owed. BIL-01.

create or replace function app_private.end_organization_subscription(
  subscription app_public.organization_subscriptions, reason text, ended_at timestamptz default app_hidden.now()
) returns app_public.organization_subscriptions
language plpgsql volatile
set search_path = ''
as $$
declare
  v_period app_public.billing_periods := app_private.last_period(subscription);
  v_subscription app_public.organization_subscriptions;
begin
  update app_public.organization_subscriptions set
    status = 'canceled', status_reason = reason, ended_at = end_organization_subscription.ended_at, settle_at = null,
    past_due_at = null, suspended_at = null
  where organization_subscriptions.organization_id = subscription.organization_id and organization_subscriptions.id = subscription.id
  returning * into v_subscription;
  -- Of what has ended also a month is billed that has not; one that was billed stays billed once.
  if v_period.id is not null then
    perform app_private.close_billing_period(v_period);
  end if;
  return v_subscription;
end;
$$;

comment on function app_private.end_organization_subscription is 'Ends a locked subscription, and bills its last period.';
grant execute on function app_private.end_organization_subscription to app_engine;
