-- Queued by the trigger of events, worked off through functions. FND-14.

alter table app_private.event_deliveries enable row level security;
alter table app_private.event_deliveries force row level security;

grant select, insert, update, delete on app_private.event_deliveries to app_engine;

drop policy if exists event_deliveries_all_engine on app_private.event_deliveries;
create policy event_deliveries_all_engine on app_private.event_deliveries
  for all to app_engine
  using (true) with check (true);

select app_private.classify('app_private.event_deliveries', 'operations',
  '{"operational": ["event_id", "consumer", "subject_id", "position", "delivered_at", "attempts"], "pii_basic": ["last_error"]}',
  unaudited => 'How far the worker is with each event; nobody else writes it.');
-- What was not delivered yet has no age: it stays, and later events about its subject wait for it.
select app_private.retain('app_private.event_deliveries', 'operations', 'delete', kept_from => 'delivered_at');
