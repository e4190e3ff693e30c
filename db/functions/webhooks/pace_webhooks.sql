-- How much may be sent to one subscription by hand, by tests and replays: thirty calls at once and then one every two seconds,
-- or ten thousand deliveries in a minute. What was asked for moves one instant on. The caller has locked the subscription. WHK-02,
-- FND-27.

create or replace function app_private.pace_webhooks(subscription app_public.webhook_subscriptions, deliveries int) returns void
language plpgsql volatile
set search_path = ''
as $$
declare
  c_at_once constant interval := '1 minute';
  v_now timestamptz := app_hidden.now();
  v_until timestamptz;
begin
  select greatest(endpoints.paced_until, v_now) + greatest(interval '2 seconds', interval '6 milliseconds' * pace_webhooks.deliveries)
  into v_until
  from app_private.webhook_endpoints as endpoints where endpoints.subscription_id = subscription.id;
  if v_until > v_now + c_at_once then
    perform app_hidden.refuse('RATE_LIMITED', 'too_many_by_hand', jsonb_build_object(
      'retryAfterSeconds', ceil(extract(epoch from v_until - v_now - c_at_once))));
  end if;
  update app_private.webhook_endpoints
  set paced_until = v_until
  where webhook_endpoints.subscription_id = subscription.id;
end;
$$;

comment on function app_private.pace_webhooks is
  'Counts so many deliveries as asked for by hand; RATE_LIMITED too_many_by_hand where there were too many in the last minute.';
grant execute on function app_private.pace_webhooks to app_engine;
