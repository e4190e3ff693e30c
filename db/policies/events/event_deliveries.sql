-- Queued by the trigger of events, worked off through functions. FND-14.

select app_private.classify('app_private.event_deliveries', home => 'clinic', retention => 'operations', classes =>
  '{"operational": ["event_id", "scope_id", "consumer", "subject_id", "position", "delivered_at", "attempts"],
    "pii_basic": ["last_error"]}',
  unaudited => 'How far the worker is with each event; nobody else writes it.');
select app_private.protect('app_private.event_deliveries', engine => 'select, insert, update, delete');
-- What was not delivered yet has no age: it stays, and later events about its subject wait for it.
select app_private.retain('app_private.event_deliveries', 'operations', 'delete', kept_from => 'delivered_at');
