-- The consumer "notifications": tells people about an event. FND-15.
-- Who is told what is the business of the event's own area: its subscription names the function.

set role app_engine;
create or replace function app_private.consume_notifications(event_id uuid) returns void
language plpgsql volatile strict security definer
set search_path = ''
as $$
declare
  v_event app_private.events;
  v_function text;
begin
  select events.* into strict v_event
  from app_private.events
  where events.id = consume_notifications.event_id;

  select event_subscriptions.messages_function into v_function
  from app_private.event_subscriptions
  where event_subscriptions.consumer = 'notifications'
    and event_subscriptions.event_name = v_event.name;

  -- Nobody has to be told any more when the subscription ended after the event.
  if v_function is not null then
    execute format('select app_private.%I($1)', v_function) using v_event;
  end if;
end;
$$;

comment on function app_private.consume_notifications is
  'Queues the messages that an event calls for, by the function that its subscription names.';

grant execute on function app_private.consume_notifications to app_worker;
reset role;
