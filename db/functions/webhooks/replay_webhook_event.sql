-- One delivery once more, with its id and its bytes. WHK-02.

set role app_engine;

create or replace function app_public.replay_webhook_event(webhook_event_id uuid) returns app_public.webhook_events
language plpgsql volatile strict security definer
set search_path = ''
as $$
declare
  v_event app_public.webhook_events;
begin
  select events.* into v_event
  from app_public.webhook_events as events where events.id = replay_webhook_event.webhook_event_id;
  if not found then
    perform app_hidden.refuse('NOT_FOUND', 'not_found');
  end if;
  perform app_private.pace_webhooks(app_private.require_active_webhooks(v_event.subscription_id), 1);
  update app_public.webhook_events
  set status = 'pending', step = 0, next_attempt_at = app_hidden.now(), claim = null
  where webhook_events.id = v_event.id and webhook_events.status <> 'pending';
  update app_public.webhook_events
  set next_attempt_at = app_hidden.now()
  where webhook_events.id = v_event.id and webhook_events.claim is null
  returning * into v_event;
  perform app_private.wake_webhooks();
  return v_event;
end;
$$;

comment on function app_public.replay_webhook_event is
  'Sends a delivery once more, with the same id, also one that was delivered; one that waits for a retry goes now. '
  'RATE_LIMITED too_many_by_hand for too many at once. Needs webhooks.manage.';
grant execute on function app_public.replay_webhook_event to app_member;

reset role;
