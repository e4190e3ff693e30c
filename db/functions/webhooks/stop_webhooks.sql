-- Nothing goes to this address any more, also what waits already; it stays in the log and can be replayed. The caller has
-- locked the clinic and the subscription. WHK-02.

create or replace function app_private.stop_webhooks(subscription app_public.webhook_subscriptions, reason text) returns void
language plpgsql volatile
set search_path = ''
as $$
begin
  update app_public.webhook_subscriptions
  set status = 'disabled', disabled_reason = stop_webhooks.reason, disabled_at = app_hidden.now()
  where webhook_subscriptions.id = subscription.id;
  update app_public.webhook_events
  set status = 'cancelled', next_attempt_at = null
  where webhook_events.subscription_id = subscription.id and webhook_events.status = 'pending';
  perform app_private.publish('webhook_subscription.disabled', subscription.organization_id, subscription.id,
    jsonb_build_object('reason', stop_webhooks.reason));
end;
$$;

comment on function app_private.stop_webhooks is 'Disables a subscription and cancels what it was not told yet.';
grant execute on function app_private.stop_webhooks to app_engine;
