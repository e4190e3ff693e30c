-- The consumer "webhooks": an event goes to every subscription that wants it, in one statement. WHK-02, FND-14.

set role app_engine;

create or replace function app_private.consume_webhooks(event_id uuid) returns void
language plpgsql volatile strict security definer
set search_path = ''
as $$
declare
  v_event app_private.events;
  v_sequence bigint;
  v_body text;
begin
  select events.* into strict v_event from app_private.events where events.id = consume_webhooks.event_id;
  v_sequence := app_private.next_webhook_sequence(v_event.organization_id);
  v_body := app_private.webhook_body(v_event.name, v_event.occurred_at, v_sequence, v_event.organization_id,
    v_event.payload || jsonb_build_object('subjectType', v_event.subject_type, 'subjectId', v_event.subject_id));
  insert into app_public.webhook_events
    (organization_id, subscription_id, event_id, event_name, sequence, body, next_attempt_at, created_at)
  select v_event.organization_id, subscriptions.id, v_event.id, v_event.name, v_sequence, v_body, app_hidden.now(), app_hidden.now()
  from app_public.webhook_subscriptions as subscriptions
  where subscriptions.organization_id = v_event.organization_id
    and subscriptions.status = 'active'
    and v_event.name = any (subscriptions.event_names)
  on conflict on constraint webhook_events_once_for_a_subscription do nothing;
  if found then
    perform app_private.wake_webhooks();
  end if;
end;
$$;

comment on function app_private.consume_webhooks is 'Queues an event for the subscriptions of its clinic that want it.';
grant execute on function app_private.consume_webhooks to app_worker;
reset role;
