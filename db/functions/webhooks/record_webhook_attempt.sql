-- What came of an attempt. Whoever lost the claim meanwhile says nothing: another attempt decides. WHK-02.
-- A success of a sound endpoint touches the delivery alone. Locks: clinic and subscription where it may be disabled, then the
-- endpoint, then the delivery.
-- Disabled is what has had nothing but failures for five days, of which the last day without a pause (docs/decisions/0151):
-- one late failure after a long silence says nothing, its retries do.

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
  c_silence constant interval := '36 hours'; -- longer than the longest pause between two attempts
  v_now timestamptz := app_hidden.now();
  v_event app_public.webhook_events;
  v_subscription app_public.webhook_subscriptions;
  v_endpoint app_private.webhook_endpoints;
  v_is_delivered boolean := problem is null;
  v_is_slow boolean := coalesce(response_status in (429, 502, 504), false);
  v_disables text;
  v_pause interval;
  v_status text;
begin
  select events.* into v_event from app_public.webhook_events as events
  where events.id = record_webhook_attempt.webhook_event_id and events.claim = record_webhook_attempt.claim;
  if not found then
    return null;
  end if;
  select endpoints.* into v_endpoint
  from app_private.webhook_endpoints as endpoints where endpoints.subscription_id = v_event.subscription_id;
  v_disables := case
    when v_is_delivered then null
    when response_status = 410 then 'gone'
    when v_endpoint.failing_since <= v_now - interval '5 days'
      and v_endpoint.unbroken_since <= v_now - interval '1 day'
      and v_endpoint.failed_at >= v_now - c_silence then 'failing'
  end;
  if v_disables is not null then
    perform app_private.lock_webhooks(v_event.organization_id);
    select subscriptions.* into v_subscription
    from app_public.webhook_subscriptions as subscriptions where subscriptions.id = v_event.subscription_id
    for update;
  end if;
  if not v_is_delivered or v_endpoint.failing_since is not null or v_endpoint.slow_steps > 0 then
    perform from app_private.webhook_endpoints as endpoints
    where endpoints.subscription_id = v_event.subscription_id
    for update;
    update app_private.webhook_endpoints as endpoints
    set failing_since = case when v_is_delivered then null else coalesce(endpoints.failing_since, v_now) end,
        unbroken_since = case
          when v_is_delivered then null
          when endpoints.failed_at >= v_now - c_silence then endpoints.unbroken_since
          else v_now end,
        failed_at = case when v_is_delivered then null else v_now end,
        slow_steps = case when v_is_slow then least(endpoints.slow_steps + 1, 7) when v_is_delivered then 0 else endpoints.slow_steps end,
        slowed_until = case when v_is_slow then v_now + greatest(
          least(interval '5 seconds' * 2 ^ least(endpoints.slow_steps, 7), interval '10 minutes'),
          make_interval(secs => coalesce(record_webhook_attempt.retry_after, 0)))
          else endpoints.slowed_until end
    where endpoints.subscription_id = v_event.subscription_id;
  end if;

  select events.* into v_event from app_public.webhook_events as events
  where events.id = record_webhook_attempt.webhook_event_id and events.claim = record_webhook_attempt.claim
  for update;
  if not found then
    return null;
  end if;
  v_pause := app_private.webhook_pause(v_event.step + 1);
  v_status := case
    when v_is_delivered then 'delivered'
    when v_event.status <> 'pending' then v_event.status -- it was cancelled as it was sent
    when v_disables = 'gone' or v_pause is null then 'failed'
    else 'pending' end;
  update app_public.webhook_events as events
  set claim = null,
      attempts = events.attempts + 1,
      step = case when v_is_delivered then 0 else events.step + 1 end,
      next_attempt_at = case when v_status = 'pending' then
        v_now + greatest(v_pause, make_interval(secs => coalesce(record_webhook_attempt.retry_after, 0)))
        else events.next_attempt_at end,
      response_status = record_webhook_attempt.response_status,
      problem = record_webhook_attempt.problem,
      response_body = record_webhook_attempt.response_body,
      duration_ms = record_webhook_attempt.duration_ms,
      attempt_log = app_private.webhook_attempt_log(
        events, record_webhook_attempt.response_status, record_webhook_attempt.problem, record_webhook_attempt.duration_ms)
  where events.id = v_event.id;
  if v_status <> v_event.status then
    update app_public.webhook_events set status = v_status, next_attempt_at = null where webhook_events.id = v_event.id;
  end if;
  if v_subscription.status = 'active' then
    perform app_private.stop_webhooks(v_subscription, v_disables);
    select events.status into v_status from app_public.webhook_events as events where events.id = v_event.id;
  end if;
  return v_status;
end;
$$;

comment on function app_private.record_webhook_attempt is
  E'@nullable\n'
  'Records an attempt by its claim, decides about the next one, and disables what is gone or fails for five days. Null: the claim is another''s.';
grant execute on function app_private.record_webhook_attempt to app_worker;

reset role;
