-- What is asked of a subscription that is disabled is refused. WHK-02.

create or replace function app_private.require_active_webhooks(subscription_id uuid) returns app_public.webhook_subscriptions
language plpgsql volatile
set search_path = ''
as $$
declare
  v_subscription app_public.webhook_subscriptions := app_private.locked_webhook_subscription(subscription_id);
begin
  if v_subscription.status <> 'active' then
    perform app_hidden.refuse('STATE', 'webhooks_disabled', jsonb_build_object('from', v_subscription.status));
  end if;
  return v_subscription;
end;
$$;

comment on function app_private.require_active_webhooks is 'Locks a subscription that is to be told something; STATE while it is disabled.';
grant execute on function app_private.require_active_webhooks to app_engine;
