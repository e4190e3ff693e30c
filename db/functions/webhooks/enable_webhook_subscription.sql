-- Switched on again, whoever switched it off; its failures are forgotten. WHK-02.

set role app_engine;

create or replace function app_public.enable_webhook_subscription(subscription_id uuid) returns app_public.webhook_subscriptions
language plpgsql volatile strict security definer
set search_path = ''
as $$
declare
  v_subscription app_public.webhook_subscriptions := app_private.locked_webhook_subscription(subscription_id);
begin
  update app_public.webhook_subscriptions
  set status = 'active', disabled_reason = null, disabled_at = null
  where webhook_subscriptions.id = v_subscription.id
  returning * into v_subscription;
  update app_private.webhook_endpoints
  set failing_since = null, unbroken_since = null, failed_at = null, slowed_until = null, slow_steps = 0
  where webhook_endpoints.subscription_id = v_subscription.id;
  perform app_private.publish('webhook_subscription.enabled', v_subscription.organization_id, v_subscription.id);
  return v_subscription;
end;
$$;

comment on function app_public.enable_webhook_subscription is
  'Switches a subscription on again. What happened meanwhile is not sent; what was cancelled can be replayed. Needs webhooks.manage.';
grant execute on function app_public.enable_webhook_subscription to app_member;

reset role;
