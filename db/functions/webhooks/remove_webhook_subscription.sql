-- Taken out, with its secrets and its log. WHK-01.

set role app_engine;

create or replace function app_public.remove_webhook_subscription(subscription_id uuid) returns uuid
language plpgsql volatile strict security definer
set search_path = ''
as $$
declare
  v_subscription app_public.webhook_subscriptions := app_private.locked_webhook_subscription(subscription_id);
begin
  delete from app_public.webhook_subscriptions where webhook_subscriptions.id = v_subscription.id;
  return v_subscription.id;
end;
$$;

comment on function app_public.remove_webhook_subscription is
  E'@resultFieldName subscriptionId\n'
  'Deletes a subscription, its secrets and the log of what it was told. Needs webhooks.manage.';
grant execute on function app_public.remove_webhook_subscription to app_member;

reset role;
