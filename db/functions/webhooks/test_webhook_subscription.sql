-- A delivery that says nothing, to try the receiver with. WHK-02.

set role app_engine;

create or replace function app_public.test_webhook_subscription(subscription_id uuid) returns app_public.webhook_events
language plpgsql volatile strict security definer
set search_path = ''
as $$
declare
  v_subscription app_public.webhook_subscriptions := app_private.require_active_webhooks(subscription_id);
  v_sequence bigint;
  v_event app_public.webhook_events;
begin
  perform app_private.pace_webhooks(v_subscription, 1);
  v_sequence := app_private.next_webhook_sequence(v_subscription.organization_id);
  insert into app_public.webhook_events
    (organization_id, subscription_id, event_name, sequence, body, next_attempt_at, created_at)
  values (v_subscription.organization_id, v_subscription.id, 'webhook.test', v_sequence,
    app_private.webhook_body('webhook.test', app_hidden.now(), v_sequence, v_subscription.organization_id, '{}'),
    app_hidden.now(), app_hidden.now())
  returning * into v_event;
  perform app_private.wake_webhooks();
  return v_event;
end;
$$;

comment on function app_public.test_webhook_subscription is
  'Sends an event webhook.test, signed and retried like any other; the log says what came of it. '
  'RATE_LIMITED too_many_by_hand for too many at once. Needs webhooks.manage.';
grant execute on function app_public.test_webhook_subscription to app_member;

reset role;
