-- The next event that a consumer must be told about a subject. FND-14.
-- Locks the delivery until the caller commits. A second drain waits for it instead of skipping it:
-- whatever comes back is the oldest that is still pending, so order holds and nothing is told twice at once.

set role app_engine;
create or replace function app_private.claim_event_delivery(consumer text, subject_id uuid)
returns setof app_private.events
language sql volatile strict security definer rows 1
set search_path = ''
as $$
  select events.*
  from app_private.event_deliveries
  join app_private.events on events.id = event_deliveries.event_id
  where event_deliveries.consumer = claim_event_delivery.consumer
    and event_deliveries.delivered_at is null
    and event_deliveries.subject_id = claim_event_delivery.subject_id
  order by event_deliveries.position
  limit 1
  for update of event_deliveries
$$;

comment on function app_private.claim_event_delivery is
  'The oldest event about the subject that the consumer was not told yet, locked for this transaction; no row: none.';

grant execute on function app_private.claim_event_delivery to app_worker;
reset role;
