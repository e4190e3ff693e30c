-- The consumer was told; in the transaction in which it did its work. FND-14.

set role app_engine;
create or replace function app_private.record_event_delivered(event_id uuid, consumer text) returns void
language sql volatile strict security definer
set search_path = ''
as $$
  update app_private.event_deliveries
  set delivered_at = app_hidden.now(), attempts = attempts + 1, last_error = null
  where event_deliveries.event_id = record_event_delivered.event_id
    and event_deliveries.consumer = record_event_delivered.consumer
    and delivered_at is null
$$;

comment on function app_private.record_event_delivered is 'Marks an event as told to a consumer.';

grant execute on function app_private.record_event_delivered to app_worker;
reset role;
