-- The consumer failed; its own work was rolled back, this remembers why. FND-14.

set role app_engine;
create or replace function app_private.record_event_failed(event_id uuid, consumer text, error text) returns void
language sql volatile strict security definer
set search_path = ''
as $$
  update app_private.event_deliveries
  set attempts = attempts + 1, last_error = left(record_event_failed.error, 500)
  where event_deliveries.event_id = record_event_failed.event_id
    and event_deliveries.consumer = record_event_failed.consumer
    and delivered_at is null
$$;

comment on function app_private.record_event_failed is
  'Counts a failed delivery and keeps the error; the delivery stays pending.';

grant execute on function app_private.record_event_failed to app_worker;
reset role;
