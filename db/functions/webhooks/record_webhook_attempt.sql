-- What came of an attempt. Whoever lost the claim meanwhile says nothing: another attempt decides. WHK-02.
-- A success of a sound endpoint touches the delivery alone. Locks: clinic and subscription where it may be disabled, then the
-- endpoint, then the delivery.

set role app_engine;

create or replace function app_private.record_webhook_attempt(
  webhook_event_id uuid,
  claim uuid,
  response_status int,
  problem text,
  response_body text,
  duration_ms int,
  retry_after int
) returns text
language plpgsql volatile security definer
set search_path = ''
as $$
declare
  v_event app_public.webhook_events;
  v_subscription app_public.webhook_subscriptions;
  v_endpoint app_private.webhook_endpoints;
  v_touched uuid[] := '{}';
  v_end text;
begin
  select events.* into v_event from app_public.webhook_events as events
  where events.id = record_webhook_attempt.webhook_event_id and events.claim = record_webhook_attempt.claim;
  if not found then
    return null;
  end if;
  select endpoints.* into v_endpoint
  from app_private.webhook_endpoints as endpoints where endpoints.subscription_id = v_event.subscription_id;
  v_end := app_private.webhook_end(v_endpoint, record_webhook_attempt.response_status, record_webhook_attempt.problem, app_hidden.now());
  if v_end is not null then
    perform app_private.lock_webhooks(v_event.organization_id);
    select subscriptions.* into v_subscription
    from app_public.webhook_subscriptions as subscriptions where subscriptions.id = v_event.subscription_id
    for update;
  end if;
  if record_webhook_attempt.problem is not null or v_endpoint.failing_since is not null or v_endpoint.slow_steps > 0 then
    v_touched := array[v_event.subscription_id];
    perform from app_private.webhook_endpoints as endpoints
    where endpoints.subscription_id = v_event.subscription_id
    for update;
  end if;
  perform from app_public.webhook_events as events
  where events.id = record_webhook_attempt.webhook_event_id and events.claim = record_webhook_attempt.claim
  for update;
  if not found then
    return null;
  end if;

  perform app_private.write_webhook_attempts(
    jsonb_build_array(jsonb_build_object(
      'id', v_event.id, 'claim', record_webhook_attempt.claim, 'status', record_webhook_attempt.response_status,
      'problem', record_webhook_attempt.problem, 'answer', record_webhook_attempt.response_body,
      'duration', record_webhook_attempt.duration_ms, 'retryAfter', record_webhook_attempt.retry_after)),
    array[v_event.id], v_touched);
  if v_subscription.status = 'active' then
    perform app_private.stop_webhooks(v_subscription, v_end);
  end if;
  return (select events.status from app_public.webhook_events as events where events.id = v_event.id);
end;
$$;

comment on function app_private.record_webhook_attempt is
  E'@nullable\n'
  'Records an attempt by its claim, decides about the next one, and disables what is gone or fails for five days. Null: the claim is another''s.';
grant execute on function app_private.record_webhook_attempt to app_worker;

reset role;
