-- Switched off by hand. WHK-02.

set role app_engine;

create or replace function app_public.disable_webhook_subscription(subscription_id uuid) returns app_public.webhook_subscriptions
language plpgsql volatile strict security definer
set search_path = ''
as $$
declare
  v_subscription app_public.webhook_subscriptions := app_private.locked_webhook_subscription(subscription_id);
begin
  perform app_private.stop_webhooks(v_subscription, 'by_staff');
  select subscriptions.* into v_subscription
  from app_public.webhook_subscriptions as subscriptions where subscriptions.id = v_subscription.id;
  return v_subscription;
end;
$$;

comment on function app_public.disable_webhook_subscription is
  'Switches a subscription off. What it was not told yet is cancelled, and can be replayed later. Needs webhooks.manage.';
grant execute on function app_public.disable_webhook_subscription to app_member;

reset role;
