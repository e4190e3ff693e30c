-- Once more, with the ids and the bytes that they had. WHK-02.

set role app_engine;

create or replace function app_public.replay_webhook_events(
  subscription_id uuid, since timestamptz, until timestamptz, delivered_too boolean default false
) returns int
language plpgsql volatile strict security definer
set search_path = ''
as $$
declare
  v_subscription app_public.webhook_subscriptions := app_private.require_active_webhooks(subscription_id);
  v_ids uuid[] := array(
    select events.id
    from app_public.webhook_events as events
    where events.organization_id = v_subscription.organization_id
      and events.subscription_id = v_subscription.id
      and events.created_at >= replay_webhook_events.since
      and events.created_at < replay_webhook_events.until
      and (events.status in ('failed', 'cancelled') or events.status = 'delivered' and delivered_too)
    order by events.created_at, events.id
    limit 10001);
begin
  if cardinality(v_ids) > 10000 then
    perform app_hidden.refuse('VALIDATION', 'too_many_to_replay', jsonb_build_object('field', 'until', 'most', 10000));
  end if;
  perform app_private.pace_webhooks(v_subscription, cardinality(v_ids));
  update app_public.webhook_events
  set status = 'pending', step = 0, next_attempt_at = app_hidden.now(), claim = null
  where webhook_events.id = any (v_ids);
  if v_ids <> '{}' then
    perform app_private.wake_webhooks();
  end if;
  return cardinality(v_ids);
end;
$$;

comment on function app_public.replay_webhook_events is
  E'@resultFieldName replayedCount\n'
  '@arg since From when on, by createdAt.\n'
  '@arg until Until when, by createdAt, this instant not included.\n'
  '@arg deliveredToo Also what was delivered; else only what failed or was cancelled.\n'
  'Sends once more what a subscription was to be told in a span of time, with the same ids; at most 10,000 in a call '
  'and in a minute (RATE_LIMITED too_many_by_hand). '
  'Needs webhooks.manage.';
grant execute on function app_public.replay_webhook_events to app_member;

reset role;
