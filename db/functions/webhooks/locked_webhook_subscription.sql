-- A subscription that the caller manages, locked; another clinic's is not there. WHK-01.

create or replace function app_private.locked_webhook_subscription(subscription_id uuid) returns app_public.webhook_subscriptions
language plpgsql volatile
set search_path = ''
as $$
declare
  v_subscription app_public.webhook_subscriptions;
begin
  select subscriptions.* into v_subscription
  from app_public.webhook_subscriptions as subscriptions
  where subscriptions.id = locked_webhook_subscription.subscription_id;
  if not found then
    perform app_hidden.refuse('NOT_FOUND', 'not_found');
  end if;
  perform app_private.require_permission(v_subscription.organization_id, 'webhooks.manage');
  perform app_private.lock_webhooks(v_subscription.organization_id);
  select subscriptions.* into v_subscription
  from app_public.webhook_subscriptions as subscriptions
  where subscriptions.id = locked_webhook_subscription.subscription_id
  for update;
  if not found then
    perform app_hidden.refuse('NOT_FOUND', 'not_found');
  end if;
  return v_subscription;
end;
$$;

comment on function app_private.locked_webhook_subscription is
  'Locks a subscription for a change; refuses with NOT_FOUND, or FORBIDDEN for a colleague without webhooks.manage.';
grant execute on function app_private.locked_webhook_subscription to app_engine;
